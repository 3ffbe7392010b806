"""How findings live: acknowledged, waived, resolved, closed, expired; and orders in whatever order they arrive."""

from typing import Any

import msgspec
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine, check
from coordinator.core.mission import Mission, Participant
from coordinator.core.step import Logged
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement, Action
from schemas.directives import Agreement, Directive, OrderChange
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.geo import Named
from schemas.notices import Cancellation
from schemas.operations import Config, Tick
from schemas.time import TimeValue
from tests.support.v1 import DAY, HOUR, MESSAGES, MINUTE, MISSION, during, logged, ref, said, wilco, z

CLOSURE, CONVOY = MESSAGES[7], MESSAGES[1]
WITH_DESK = replace(
    MISSION, participants=(*MISSION.participants, Participant(id="sn-desk", role="desk", superior="sn-hq"))
)


def clash(*more: Envelope, at: str = "140600", mission: Any = MISSION) -> Finding:
    """Return the finding between the closure and the convoy as it stands with more messages."""
    found = [
        f
        for f in _engine(at, mission, more).findings()
        if f.finding_kind == "incompatible-activities"
    ]  # fmt: skip
    assert len(found) == 1
    return found[0]


def _engine(at: str, mission: Any, more: tuple[Envelope, ...]) -> Engine:
    engine = Engine(mission)
    for i, e in enumerate((CLOSURE, CONVOY, *more)):
        engine.handle(logged(e, i, z(at)))
    return engine


def act(verb: Any, by: str, at: str = "140500", **fields: Any) -> Envelope:
    named = fields.pop("revisions", tuple(f"{p.id}:{p.revision}" for p in clash().parties))
    body = Action(alert="card", verb=verb, seen_rev=1, findings=(clash().id,), revisions=named, **fields)
    return said(body, f"act-{verb}-{by}-{at}", by, at)


def frago(by: str = "sn-hq", at: str = "140500", identity: str = "F", **change: Any) -> Envelope:
    change = change or {"permitted": (ref("HNS-0314-07"),)}
    body = Directive(directive_kind="frago", amends=(OrderChange(order=ref("SN-FRAGO-03-017"), **change),))
    return said(body, identity, by, at)


def test_it_is_acknowledged_when_every_issuer_and_performer_has() -> None:
    officers = ["sn-hq", "xar-batt", "ocha-cmc"]
    assert clash(*(act("acknowledge", by) for by in officers[:2])).state == "open"
    assert clash(*(act("acknowledge", by) for by in officers)).state == "acknowledged"


def test_a_duty_desk_acknowledges_for_its_headquarters() -> None:
    actions = [act("acknowledge", by) for by in ("sn-desk", "xar-batt", "ocha-cmc")]
    assert clash(*actions, mission=WITH_DESK).state == "acknowledged"
    assert clash(*actions).state == "open"


def test_a_new_version_asks_for_a_new_acknowledgement() -> None:
    actions = [act("acknowledge", by) for by in ("sn-hq", "xar-batt", "ocha-cmc")]
    assert clash(*actions, frago(at="140510", windows=(during("140930", "141300"),))).state == "open"


def test_a_waiver_needs_the_arbiter_a_reason_and_an_end() -> None:
    until = z("140900")
    assert clash(act("waive", "fhq-u3", until=until, note="convoy escorted by the closing unit")).state == "waived"
    assert clash(act("waive", "fhq-u3", until=until)).state == "open"
    assert clash(act("waive", "fhq-u3", note="no end")).state == "open"
    assert clash(act("waive", "sn-hq", until=until, note="own order")).state == "open"
    other = act("waive", "fhq-u3", until=until, note="for others", revisions=("SN-FRAGO-03-017:1", "HNS-0314-07:2"))
    assert clash(other).state == "open"
    waiver = act("waive", "fhq-u3", until=until, note="for these revisions")
    assert clash(waiver, frago(at="140510", windows=(during("140930", "141300"),))).state == "open"


def test_a_waiver_ends_by_itself() -> None:
    engine = _engine("140600", MISSION, (act("waive", "fhq-u3", until=z("140700"), note="until seven"),))
    assert engine.next_wake() == z("140700")
    tick = logged(CLOSURE, 9, z("140700"))._replace(
        subject="tick.x", body=Tick(service="deconfliction", due=z("140700"))
    )
    [effect] = engine.handle(tick)
    assert isinstance(effect.body, Finding)
    assert effect.body.state == "open"


def test_an_amendment_resolves_when_the_performer_says_wilco() -> None:
    assert clash(frago()).state == "resolved-if-acknowledged"
    assert clash(frago()).waits_for == ("xar-batt",)
    assert clash(frago(), wilco("F", "xar-batt", "140501")).state == "closed"
    assert clash(frago(), wilco("SN-FRAGO-03-017", "xar-batt", "140501")).state == "closed"
    assert clash(frago(), wilco("SN-FRAGO-03-017", "xar-batt", "140412")).state == "resolved-if-acknowledged"
    assert clash(frago(), wilco("F", "xbl-batt", "140501")).state == "resolved-if-acknowledged"


def superseding(at: str = "140500", **fields: Any) -> Envelope:
    """An order in place of the closure, far from everybody, for whatever units it names."""
    given = {"area": Named(name="FORD"), "windows": (during("141400", "141500"),)}
    body = Directive(directive_kind="frago", action="hold", supersedes=(ref("SN-FRAGO-03-017"),), **(given | fields))
    return said(body, "S", "sn-hq", at)


def test_an_amendment_that_tasks_other_units_waits_for_them_too() -> None:
    """V2, A1: the order that moves the aircraft up also speaks to those who shoot below it."""
    change = OrderChange(order=ref("SN-FRAGO-03-017"), permitted=(ref("HNS-0314-07"),))
    body = Directive(
        directive_kind="frago", amends=(change,), performers=(UnitRef(name="A Coy"), UnitRef(name="XBL-BATT"))
    )
    both = said(body, "F", "fhq-u3", "140500")
    assert clash(both).waits_for == ("xar-batt", "xbl-batt")
    assert clash(both, wilco("F", "xar-batt", "140501")).waits_for == ("xbl-batt",)
    assert clash(both, wilco("F", "xar-batt", "140501"), wilco("F", "xbl-batt", "140503")).state == "closed"


def test_an_amendment_waits_for_those_whom_it_asks_for_support() -> None:
    change = OrderChange(order=ref("SN-FRAGO-03-017"), permitted=(ref("HNS-0314-07"),))
    body = Directive(directive_kind="frago", amends=(change,), supporting=(UnitRef(name="XCO-ENG"),))
    assert clash(said(body, "F", "sn-hq", "140500")).waits_for == ("xar-batt", "xco-eng")


def test_a_superseding_order_waits_for_the_units_of_both_orders() -> None:
    """V3, N1: relief in place by another battalion; whoever is relieved and whoever relieves."""
    order = superseding(performers=(UnitRef(name="XBL-BATT"),))
    assert clash(order).waits_for == ("xar-batt", "xbl-batt")
    assert clash(order, wilco("S", "xar-batt", "140501"), wilco("S", "xbl-batt", "140503")).state == "closed"


def test_an_amendment_that_names_nobody_waits_for_the_performers_only() -> None:
    assert clash(superseding()).waits_for == ("xar-batt",)


def test_what_is_closed_stays_closed_when_its_order_is_amended_again() -> None:
    """Whoever has taken the change that removed it is not asked again for every later one that leaves it so."""
    done = [frago(), wilco("F", "xar-batt", "140501")]
    later = frago(at="140520", identity="G", task="the same, in other words")
    assert clash(*done, later).state == "closed"
    assert clash(*done, later).why == "amended by F:1"
    back = frago(at="140530", identity="H", permitted=())
    assert clash(*done, later, back).state == "open"


def test_a_wilco_to_a_later_version_without_it_counts_as_well() -> None:
    later = frago(at="140520", identity="G", task="the same, in other words")
    assert clash(frago(), later).state == "resolved-if-acknowledged"
    assert clash(frago(), later, wilco("G", "xar-batt", "140521")).state == "closed"


def test_an_amendment_that_names_units_needs_no_place_of_its_own() -> None:
    """It occupies nothing, so there is nothing undecidable about it; what it supersedes is another matter."""
    change = OrderChange(order=ref("SN-FRAGO-03-017"), task="as before")
    unit = (UnitRef(name="A Coy"),)
    amending = Directive(directive_kind="frago", action="block", exclusive=True, amends=(change,), performers=unit)
    assert "undecidable" not in kinds(said(amending, "F", "sn-hq", "140500"))
    standing = Directive(directive_kind="frago", action="block", exclusive=True, performers=unit)
    assert "undecidable" in kinds(said(standing, "F", "sn-hq", "140500"))
    assert "undecidable" in kinds(superseding(area=None, exclusive=True, performers=unit))


def kinds(*more: Envelope) -> list[str]:
    return [f.finding_kind for f in _engine("140600", MISSION, more).findings()]


# -- lead time (deconfliction.md §2.2: less than the notice raises by one) ------------------------------------------


def raised(notice_s: float | None, known: str, base: Any = "HIGH") -> Finding:
    """Return the clash at 1000Z under a row with a notice of its own, when the closure was issued at ``known``."""
    row = replace(MISSION.matrix[0], severity=base, notice_s=notice_s)
    mission = replace(MISSION, matrix=(row,))
    issued = replace(CLOSURE, created=TimeValue(utc=z(known)))
    [found] = [f for f in check([issued, CONVOY], mission, z(known)) if f.finding_kind == "incompatible-activities"]
    return found


def test_a_short_lead_time_raises_the_severity_by_one() -> None:
    """The convoy comes to the bridge at 1000Z: with an hour of notice, 0901Z is too late and 0900Z is not."""
    assert (raised(3600, "140900").severity, raised(3600, "140900").evidence.lead_s) == ("HIGH", None)
    late = raised(3600, "140901")
    assert (late.severity, late.evidence.lead_s) == ("CRITICAL", 59 * 60.0)
    assert raised(3600, "140901", "MEDIUM").severity == "HIGH"
    assert raised(3600, "140901", "LOW").severity == "MEDIUM"


def test_nothing_is_worse_than_critical() -> None:
    assert raised(3600, "140901", "CRITICAL").severity == "CRITICAL"


def test_a_row_without_a_notice_of_its_own_takes_the_missions() -> None:
    assert MISSION.rules.notice_s == 3600
    assert raised(None, "140901").severity == "CRITICAL"


def test_where_minutes_are_usual_no_lead_time_is_too_short() -> None:
    """Aviation: a row with notice 0 never raises anything."""
    assert (raised(0, "140959").severity, raised(0, "140959").evidence.lead_s) == ("HIGH", None)


def test_a_verdict_without_a_notice_never_rises() -> None:
    """K12, K16 and K18 judge lateness themselves, or have no start."""
    old = said(registry.body(CLOSURE), "O", "sn-hq", "140855")
    [silent] = [f for f in check([old], MISSION, z("140856")) if f.finding_kind == "not-acknowledged"]
    assert (silent.severity, silent.evidence.lead_s) == (MISSION.rules.not_acknowledged_severity, None)


def test_the_lead_time_counts_from_the_newest_version_of_a_party() -> None:
    """An amendment at 0930Z leaves half an hour, however long the order has been known."""
    late = frago(at="140930", windows=(during("140930", "141300"),))
    found = clash(late, at="140930")
    assert (found.severity, found.evidence.lead_s) == ("CRITICAL", 30 * 60.0)
    assert clash(at="140930").severity == "HIGH"


def test_cannot_comply_takes_a_wilco_back() -> None:
    refusal = said(Acknowledgement(of=ref("F"), step="cannot-comply", code="UNSAFE"), "no", "xar-batt", "140505")
    assert clash(frago(), wilco("F", "xar-batt", "140501"), refusal).state == "resolved-if-acknowledged"


def test_an_amendment_may_arrive_before_its_base() -> None:
    engine = Engine(MISSION)
    for i, e in enumerate((frago(), CONVOY, CLOSURE)):
        engine.handle(logged(e, i, z("140600")))
    [f] = engine.findings()
    assert f.state == "resolved-if-acknowledged"


def test_amendments_count_by_authority_before_time() -> None:
    high = frago(by="fhq-u3", at="140500", identity="HIGH", permitted=(ref("HNS-0314-07"),))
    low = frago(by="sn-hq", at="140520", identity="LOW", permitted=())
    assert clash(high, low).state == "resolved-if-acknowledged"
    assert clash(replace(high, originator="sn-hq"), low).state == "open"
    assert clash(replace(high, originator="sc-hq"), low).state == "open"


def test_an_amendment_that_is_withdrawn_changes_nothing_any_more() -> None:
    gone = said(Cancellation(), "F", "sn-hq", "140530", kind="directive", status="cancel")
    assert clash(frago(), gone).state == "open"


def test_new_windows_without_a_new_route_void_the_old_timing() -> None:
    escort = MESSAGES[9]
    change = OrderChange(order=ref("SC-FRAGO-03-022"), windows=(during("141330", "141400"),))
    later = said(Directive(directive_kind="frago", amends=(change,)), "L", "sc-hq", "140520")
    found = check([CLOSURE, escort, later], MISSION, z("140600"))
    assert [f.state for f in found if f.finding_kind == "incompatible-activities"] == ["resolved-if-acknowledged"]


def test_an_agreement_by_both_sides_closes_it() -> None:
    both = (ref("SN-FRAGO-03-017"), ref("HNS-0314-07"))
    body = Agreement(agreement_kind="coordination", parties=("sn-hq", "ocha-cmc"), orders=both)
    lifted = replace(MISSION, matrix=(replace(MISSION.matrix[0], permit="either"),))
    one_sided = said(body, "G", "sn-hq", "140500")
    assert clash(one_sided, mission=lifted).state == "open"
    engine = _engine("140600", lifted, (one_sided, said(body, "G", "ocha-cmc", "140505")))
    assert engine.findings() == []
    engine = _engine("140600", lifted, (said(body, "G", "joc", "140505"),))
    assert engine.findings() == []


def test_it_expires_when_all_is_over_and_kept_long_enough() -> None:
    engine = _engine("140600", MISSION, (MESSAGES[8],))
    over = engine.next_wake()
    assert over is not None
    [effect] = engine.wake(over, logged(CLOSURE, 8, over))
    assert isinstance(effect.body, Finding)
    assert (effect.body.state, effect.body.severity, effect.body.why) == ("open", "INFO", "was in conflict")
    end = engine.next_wake()
    assert end is not None
    assert z("141045") + DAY < end < z("141130") + DAY  # the last truck is off the route half an hour after the bridge
    [effect] = engine.wake(end, logged(CLOSURE, 9, end))
    assert isinstance(effect.body, Finding)
    assert (effect.body.state, effect.body.why) == ("closed", "over")
    assert engine.findings() == []
    assert engine.next_wake() is None


def test_a_conflict_that_becomes_known_too_late_is_told_as_one_that_was() -> None:
    """After a partition: the late order is compared with what is over already, and nobody is alarmed."""
    engine = Engine(MISSION)
    engine.handle(logged(CONVOY, 1, z("120900")))
    told = [e.body for e in engine.handle(logged(CLOSURE, 2, z("141500"))) if isinstance(e.body, Finding)]
    assert {f.finding_kind for f in told} == {"incompatible-activities", "not-acknowledged"}
    assert {(f.severity, f.why, f.state) for f in told} == {("INFO", "was in conflict", "open")}
    early = Engine(MISSION)
    for seq, message in enumerate((CLOSURE, CONVOY), 1):
        early.handle(logged(message, seq))
    tick = logged(CLOSURE, 9, z("141500"))
    early.wake(z("141500"), tick)
    assert early.findings() == engine.findings()  # law 3: late or in time, the same at one time


def test_an_issuer_that_nobody_knows_is_compared_all_the_same() -> None:
    stranger = replace(CLOSURE, originator="nobody-knows")
    found = check([stranger, CONVOY], MISSION, z("140500"))
    assert {f.finding_kind for f in found} == {"incompatible-activities", "authority"}


def test_who_leaves_the_mission_is_compared_no_more_and_who_returns_is() -> None:
    def config(seq: int, mission: Mission) -> Logged:
        body = Config(mission_hash="", code="", mission=msgspec.Raw(registry.encode(mission)))
        return logged(CLOSURE, seq, z("140600"))._replace(subject=subjects.CONFIG, body=body)

    without = replace(MISSION, participants=tuple(p for p in MISSION.participants if p.id != "ocha-cmc"))
    engine = Engine(MISSION)
    for seq, message in enumerate((CLOSURE, CONVOY), 1):
        engine.handle(logged(message, seq))
    assert [f.finding_kind for f in engine.findings()] == ["incompatible-activities"]
    engine.handle(config(3, without))
    assert engine.findings() == []
    again = Engine()
    again.restore(engine.snapshot())
    assert again.findings() == []
    again.handle(config(4, MISSION))
    assert [f.finding_kind for f in again.findings()] == ["incompatible-activities"]


def test_a_fault_without_an_end_is_never_over() -> None:
    forked = [said(Directive(directive_kind="frago", supersedes=(ref("SN-FRAGO-03-017"),)), i, "sn-hq", "140500")
              for i in ("F", "G")]  # fmt: skip
    [fork] = [f for f in check([CLOSURE, *forked], MISSION, z("201500")) if f.evidence.rule == "fork"]
    assert (fork.severity, fork.why) == ("HIGH", "")


def test_a_performers_own_cancellation_needs_no_answer() -> None:
    gone = said(Cancellation(), "HNS-0314-07", "ocha-cmc", "140530", revision=2, kind="movement", status="cancel")
    assert clash(gone).state == "closed"


def test_an_acknowledged_older_version_is_stale_near_the_start() -> None:
    """K12(g), and not K16 as well: one cause, one finding."""
    late = frago(at="140720", windows=(during("140930", "141300"),))
    messages = [CLOSURE, MESSAGES[8], late]
    assert check(messages, MISSION, z("140829")) == []
    [f] = check(messages, MISSION, z("140830"))
    assert (f.finding_kind, f.evidence.rule, f.evidence.missing) == ("stale-order", "acknowledged", ("xar-batt",))
    assert check([*messages, wilco("F", "xar-batt", "140835")], MISSION, z("140840")) == []


def test_an_issuer_that_performs_its_own_order_owes_no_answer() -> None:
    body = registry.body(CLOSURE)
    own = said(body, "OWN", "xar-batt", "140405")
    assert check([own], MISSION, z("140859")) == []


def test_drafts_are_shown_to_their_owner_only() -> None:
    body = registry.body(CLOSURE)
    assert isinstance(body, Directive)
    draft = said(replace(body, draft=True), "D", "sn-hq", "140405")
    [f] = check([draft, CONVOY], MISSION, z("140600"))
    assert (f.severity, f.told) == ("INFO", ("sn-hq",))


def test_a_new_mission_judges_everything_anew() -> None:
    engine = _engine("140600", MISSION, ())
    lifted = replace(MISSION, matrix=())
    config = Config(mission_hash="x", code="1", mission=msgspec.Raw(registry.encode(lifted)))
    before = len(engine.findings())
    [effect] = engine.handle(logged(CLOSURE, 9, z("140601"))._replace(subject="config.mission", body=config))
    assert isinstance(effect.body, Finding)
    assert (before, effect.body.state, engine.findings()) == (1, "closed", [])


def test_before_a_mission_is_known_messages_are_only_collected() -> None:
    engine = Engine()
    for i, e in enumerate(MESSAGES.values()):
        assert engine.handle(logged(e, i, z("140600"))) == []
    config = Config(mission_hash="x", code="1", mission=msgspec.Raw(registry.encode(MISSION)))
    engine.handle(logged(CLOSURE, 99, z("140820"))._replace(subject="config.mission", body=config))
    assert engine.findings() == check(MESSAGES.values(), MISSION, z("140820")) + [
        f for f in engine.findings() if f.state == "closed"
    ]


def test_five_hundred_copies_are_one() -> None:
    engine = _engine("140600", MISSION, ())
    assert [engine.handle(logged(CONVOY, 10 + i, z("140600") + i)) for i in range(500)] == [[]] * 500


def test_messages_of_other_kinds_and_ticks_of_others_are_nothing() -> None:
    engine = _engine("140600", MISSION, ())
    tick = Tick(service="alerting", due=1)
    assert engine.handle(logged(CLOSURE, 9, z("140601"))._replace(subject="tick.y", body=tick)) == ()
    assert engine.handle(logged(CLOSURE, 9, z("140602"))._replace(subject="finding.x.y")) == ()


def test_an_open_end_is_not_forgotten() -> None:
    body = registry.body(CLOSURE)
    assert isinstance(body, Directive)
    window = replace(during("120000", "120100"), end_earliest=None, end_latest=None)
    standing = said(replace(body, windows=(window,), area=Named(name="KESSA")), "S", "sn-hq", "110000")
    [f] = [f for f in check([standing, CONVOY], MISSION, z("140000") + HOUR + MINUTE) if f.certainty == "possible"]
    assert f.finding_kind == "incompatible-activities"
