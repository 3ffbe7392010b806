"""Law 6 for caveats: who may not know of one gets no byte of it, and what it gets would be the same without it.

Findings, cards, counts, severities, routing and timers are compared byte by byte, with and without. Source: design
§7; reference deconfliction.md §5 (6); domain.md §5.3 ("N2 and the caveat are unreadable on XAR's, OCHA's and the JOC's
nodes").
"""

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core import routing
from coordinator.core.mission import Activity, MatrixRow, Mission, Participant, Place, Presence, VehicleType
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action
from schemas.alerts import Alert
from schemas.directives import Caveat, Directive, OrderChange, Vehicles
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.geo import Named
from schemas.label import Label
from schemas.notices import Cancellation, MovementNotice
from tests.support.examples import times
from tests.support.relay import Relay
from tests.support.v1 import HOUR, MINUTE, during, ref, said, z

MISSION: Final = Mission(
    name="unmital",
    participants=(
        Participant(id="fc", name="FC", role="hq"),
        Participant(id="fhq-u3", name="FHQ-U3", role="hq", superior="fc"),
        Participant(id="joc", name="JOC", role="desk", superior="fhq-u3", operator=True),
        Participant(id="sn-hq", name="SN-HQ", role="hq", superior="fhq-u3"),
        Participant(id="sc-hq", name="SC-HQ", role="hq", superior="fhq-u3"),
        Participant(id="xar-batt", nation="XAR", superior="sn-hq", watched=True),
        Participant(id="xbl-batt", nation="XBL", superior="sc-hq", watched=True),
        Participant(id="xbl-nse", nation="XBL", role="guest"),
        Participant(id="ocha-cmc", role="guest"),
    ),
    places=(Place(name="OP 4-7", lat=2.25, lon=-27.15), Place(name="CAMP", lat=2.2, lon=-27.2)),
    activities=(
        Activity(classes=("armed",), kind="directive"),
        Activity(classes=("humanitarian",), kind="movement", movement=("humanitarian",)),
    ),
    matrix=(MatrixRow(name="armed/humanitarian", a="armed", b="humanitarian", severity="MEDIUM", distance_m=500),),
    vehicles=(VehicleType(type="carrier", classes=("armoured",), load_class=20),),
    presence=Presence(notice_after_s=600),
)
INSIDERS: Final = ("fc", "fhq-u3", "xbl-batt", "xbl-nse")
OUTSIDERS: Final = ("joc", "sn-hq", "sc-hq", "xar-batt", "ocha-cmc")
LABEL: Final = Label(releasable_to=("fc", "fhq-u3", "XBL"))
SECRET: Final = (b"zq", b"CAV-", b"caveat", b"declared restriction", b"permission")


def caveat(at: str = "150345", revision: int = 1, **fields: Any) -> Envelope:
    label = fields.pop("label", LABEL)
    given_ = {"vehicles": ("armoured",), "text": "zqtextq", "condition": "zqconditionq"}
    return said(Caveat(**(given_ | fields)), "CAV-XBL-03", "xbl-nse", at, revision, label=label)


def order(by: str = "fhq-u3", at: str = "150300", identity: str = "FRAGO-110") -> Envelope:
    body = Directive(
        directive_kind="frago", action="move", area=Named(name="OP 4-7"), windows=(during("150700", "151200"),),
        performers=(UnitRef(participant="xbl-batt"),), vehicles=(Vehicles(type="carrier"),),
    )  # fmt: skip
    return said(body, identity, by, at, to=("sc-hq", "xbl-batt"))


def convoy(at: str = "141500") -> Envelope:
    body = MovementNotice(
        movement_kind="humanitarian", area=Named(name="OP 4-7"), windows=(during("150800", "151200"),)
    )
    return said(body, "HNS-02", "ocha-cmc", at)


def amended(at: str = "150525") -> Envelope:
    change = OrderChange(order=ref("FRAGO-110"), vehicles=(), area=Named(name="CAMP"))
    return said(Directive(directive_kind="frago", amends=(change,)), "FRAGO-111", "fhq-u3", at, to=("xbl-batt",))


def wilco(at: str = "150529") -> Envelope:
    return said(Acknowledgement(of=ref("FRAGO-111"), step="wilco"), f"ack-{at}", "xbl-batt", at)


def gone(at: str = "150500") -> Envelope:
    return said(Cancellation(), "CAV-XBL-03", "xbl-nse", at, 9, kind="caveat", status="cancel", label=LABEL)


def run(*messages: Envelope, mission: Mission = MISSION, until: str = "150650") -> Relay:
    relay = Relay(mission)
    for message in messages:
        relay.said(message)
    relay.until(z(until))
    return relay


def of_kind(relay: Relay, reader: str, kind: type) -> list[Any]:
    return [i.body for i in relay.office.sent.get(reader, ()) if isinstance(i.body, kind)]


def caveats(relay: Relay, reader: str) -> list[Finding]:
    return [f for f in of_kind(relay, reader, Finding) if f.finding_kind == "caveat"]


# -- who gets what ----------------------------------------------------------------------------------------------------


def test_those_whom_the_label_admits_get_the_finding_whole_and_a_card_of_its_own() -> None:
    relay = run(convoy(), order(), caveat())
    for reader in ("fc", "fhq-u3", "xbl-batt"):
        shown = caveats(relay, reader)[-1]
        assert shown.severity == "HIGH"
        assert shown.evidence.cites == ("CAV-XBL-03:1",)
        assert "declared restriction" in shown.sentence
        cards = {m.finding_kind: a.id for a in of_kind(relay, reader, Alert) for m in a.members}
        assert cards["caveat"] != cards.get("incompatible-activities")
    assert b"zq" not in b"".join(registry.encode(f) for f in caveats(relay, "fhq-u3"))


def test_nobody_else_gets_a_byte_of_it_not_even_the_operator_and_the_desk() -> None:
    relay = run(convoy(), order(), caveat(), amended(), wilco(), gone("150600"))
    ids = {f.id for f in relay.findings if f.finding_kind == "caveat"}
    ids |= {a.id for a in relay.alerts for m in a.members if m.finding in ids}
    assert len(ids) == 2
    for reader in OUTSIDERS:
        got = relay.office.got(reader)
        assert got or reader in ("sn-hq", "xar-batt")  # whom nothing of all this concerns
        assert not [w for w in (*SECRET, *(i.encode() for i in ids)) if w in got], reader


def test_the_public_card_counts_and_grades_what_its_reader_may_know() -> None:
    relay = run(convoy(), order(), caveat())
    card = of_kind(relay, "ocha-cmc", Alert)[-1]
    assert [m.finding_kind for m in card.members] == ["incompatible-activities"]
    assert card.severity == "Moderate"
    assert card.only is None
    [hidden] = [a for a in _board(relay, "fc", Alert) if a.only is not None and a.alert_kind == "conflict"]
    assert (hidden.severity, len(hidden.members)) == ("Severe", 1)


def test_who_has_nothing_else_on_the_card_gets_no_card() -> None:
    relay = run(order("fhq-u3"), caveat(), until="150500")
    assert of_kind(relay, "sc-hq", Alert) == []
    assert of_kind(relay, "joc", Alert) == []
    assert of_kind(relay, "fhq-u3", Alert)


def test_an_issuer_outside_the_label_does_not_learn_of_it() -> None:
    relay = run(order("sc-hq"), caveat())
    assert caveats(relay, "sc-hq") == []
    assert caveats(relay, "fhq-u3")
    assert b"CAV" not in relay.office.got("sc-hq")


def test_a_late_acknowledgement_is_called_to_nobody_who_may_not_know_of_it() -> None:
    relay = run(order(), caveat(), until="150655")
    late = [a for a in relay.alerts if a.alert_kind == "late-acknowledgement" and a.only is not None]
    assert late
    assert {t.participant for a in late for t in a.told} <= set(INSIDERS)
    for a in late:
        assert all(a.id.encode() not in relay.office.got(reader) for reader in OUTSIDERS)


def test_if_nobody_else_may_know_of_it_nobody_is_called() -> None:
    relay = run(order(), caveat(label=Label(releasable_to=("XBL",))), until="150655")
    hidden = [a for a in relay.alerts if a.only is not None]
    assert {t.participant for a in hidden for t in a.told} == {"xbl-batt"}
    assert {a.alert_kind for a in hidden} == {"conflict"}


def test_whoever_is_not_admitted_is_not_told_though_it_issued_the_order() -> None:
    relay = run(order("sc-hq"), caveat())
    finding = next(f for f in relay.findings if f.finding_kind == "caveat")
    assert routing.told(replace(finding, told=())) == {"fhq-u3", "xbl-batt"}
    assert [r.participant for r in routing.explain(finding)] == ["fc", "fhq-u3", "xbl-batt"]


def test_lost_contact_does_not_count_what_its_reader_may_not_know_of() -> None:
    with_it, without_it = Relay(MISSION), Relay(MISSION)
    for relay, messages in ((with_it, (order(), caveat())), (without_it, (order(),))):
        for message in messages:
            relay.said(message)
        relay.presence("xbl-batt", "lost", z("150350"))
        relay.until(z("150500"))
    notices = [a for a in with_it.alerts if a.alert_kind == "contact-lost"]
    assert notices
    assert all(with_it.office.got(reader) == without_it.office.got(reader) for reader in OUTSIDERS)


@pytest.mark.parametrize("by", ["fhq-u3", "fc"])
def test_an_action_on_its_card_that_is_not_accepted_is_answered_to_its_author_alone(by: str) -> None:
    relay = run(order(), caveat(label=Label(releasable_to=("fhq-u3", "XBL"))), until="150400")
    [card] = [a for a in _board(relay, "fhq-u3", Alert) if a.only is not None and a.alert_kind == "conflict"]
    before = {reader: relay.office.got(reader) for reader in OUTSIDERS}
    stale = Action(alert=card.id, verb="acknowledge", seen_rev=0)
    relay.said(said(stale, "a-1", by, "150401"))
    answers = [a for a in of_kind(relay, by, Alert) if a.alert_kind == "not-accepted"]
    assert answers[-1].text_key == ("not-accepted-stale" if by == "fhq-u3" else "not-accepted-unknown")
    assert {reader: relay.office.got(reader) for reader in OUTSIDERS} == before


def test_a_tighter_label_takes_it_from_who_may_not_know_of_it_any_more() -> None:
    tighter = caveat("150400", 2, label=Label(releasable_to=("fhq-u3", "XBL")))
    relay = run(order(), caveat(), tighter, amended(), wilco())
    shown = dict.fromkeys(f.state for f in caveats(relay, "fc"))
    assert [*shown] == ["open", "closed"]  # it ends for them there and then
    assert max(f.at for f in caveats(relay, "fc")) == z("150400")
    assert [f.state for f in caveats(relay, "fhq-u3")][-1] == "closed"
    assert all(b"CAV-XBL-03:2" not in i.data for i in relay.office.sent["fc"])
    assert not [c for c in _board(relay, "fc", Alert) if c.work not in ("resolved", "superseded")]


def _board(relay: Relay, reader: str, kind: type) -> list[Any]:
    return [i.body for i in relay.office.board.get(reader, {}).values() if isinstance(i.body, kind)]


def test_a_wider_label_shows_it_to_whom_it_admits() -> None:
    wider = caveat("150400", 2, label=Label(releasable_to=("fhq-u3", "XBL", "sc-hq")))
    relay = run(order(), caveat(), wider)
    assert b"CAV-XBL-03:2" in relay.office.got("sc-hq")
    assert b"CAV-XBL-03:1" not in relay.office.got("sc-hq")


def test_a_field_that_a_reader_may_not_see_closes_the_cause_and_not_the_finding() -> None:
    message = replace(caveat(), field_labels={"vehicles": Label(releasable_to=("XBL",))})
    relay = run(order(), message)
    [torn] = [f for f in _board(relay, "fhq-u3", Finding) if f.finding_kind == "infeasible"]
    assert (torn.finding_kind, torn.evidence.cites, torn.evidence.actions) == ("infeasible", (), ())
    assert b"armoured" not in relay.office.got("fhq-u3")


def test_its_words_go_to_its_chain_and_to_whom_it_was_sent_only() -> None:
    relay = run(replace(caveat(), addressees=()))
    assert b"zqtextq" not in relay.office.got("fhq-u3")
    assert b"CAV-XBL-03" in relay.office.got("fhq-u3")
    assert b"zqtextq" in relay.office.got("xbl-nse")


def test_without_a_label_no_desk_reads_it_for_its_headquarters() -> None:
    relay = run(order(), replace(caveat(), originator="xbl-batt", label=Label()))
    assert b"CAV" in relay.office.got("sc-hq")
    assert b"CAV" in relay.office.got("fhq-u3")
    assert b"CAV" not in relay.office.got("joc")


# -- the same without it ----------------------------------------------------------------------------------------------

DETAILS: Final = (
    {}, {"night": True}, {"actions": ("move",)}, {"windows": (during("150900", "151000"),)},
    {"area": Named(name="CAMP")},
)  # fmt: skip
LABELS: Final = (LABEL, Label(releasable_to=("fhq-u3", "XBL")), Label(releasable_to=()))


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[int, str, Any]]:
    """What happens in the afternoon of V3, minute by minute; some of it is the caveat's business."""
    minutes = sorted(draw(st.lists(st.integers(181, 420), min_size=3, max_size=10, unique=True)))
    story = []
    for revision, minute in enumerate(minutes):
        at = f"15{minute // 60:02d}{minute % 60:02d}"
        kind = draw(st.sampled_from(("caveat", "caveat", "gone", "order", "amended", "wilco", "act", "lost", "back")))
        detail = draw(st.tuples(st.sampled_from(DETAILS), st.sampled_from(LABELS)))
        story.append((revision + 1, kind, (at, detail)))
    return story


ALWAYS: Final = (convoy(), order(at="150300"))
PUBLIC: Final = frozenset(("order", "amended", "wilco", "lost", "back"))


def told(story: list[tuple[int, str, Any]], *, secret: bool) -> Relay:
    relay = Relay(MISSION)
    for message in ALWAYS:
        relay.said(message)
    for number, kind, (at, (fields, label)) in story:
        if kind in PUBLIC or secret:
            step(relay, number, kind, at, fields, label)
    relay.until(z("151000") + 4 * HOUR)
    return relay


def step(relay: Relay, number: int, kind: str, at: str, fields: Any, label: Label) -> None:
    match kind:
        case "caveat":
            relay.said(caveat(at, number, label=label, **fields))
        case "gone":
            relay.said(gone(at))
        case "order":
            relay.said(order("sc-hq", at, f"SC-{number}"))
        case "amended":
            relay.said(replace(amended(at), id=f"FRAGO-{number}"))
        case "wilco":
            relay.said(wilco(at))
        case "act":
            acted(relay, at)
        case _:
            relay.presence("xbl-batt", "lost" if kind == "lost" else "regained", z(at))


def acted(relay: Relay, at: str) -> None:
    """Those who may know of the caveat acknowledge its card."""
    relay.until(z(at))
    cards = [a for a in relay.alerts if a.only is not None and a.alert_kind == "conflict"]
    for who in ("fc", "fhq-u3", "xbl-batt") if cards else ():
        action = Action(alert=cards[-1].id, verb="acknowledge", seen_rev=cards[-1].rev,
                        findings=tuple(m.finding for m in cards[-1].members))  # fmt: skip
        relay.said(said(action, f"act-{who}-{at}", who, at))


def unheard(story: list[tuple[int, str, Any]]) -> None:
    with_it, without_it = told(story, secret=True), told(story, secret=False)
    for reader in OUTSIDERS:
        assert with_it.office.got(reader) == without_it.office.got(reader), reader


@times(1 / 3)
@given(stories())
def test_who_may_not_know_of_it_gets_the_same_bytes_without_it(story: list[tuple[int, str, Any]]) -> None:
    unheard(story)


@pytest.mark.slow
@settings(max_examples=500)
@given(stories())
def test_many_stories_are_the_same_for_who_may_not_know(story: list[tuple[int, str, Any]]) -> None:
    unheard(story)


def test_stories_are_about_something() -> None:
    story = [(1, "caveat", ("150345", ({}, LABEL))), (2, "act", ("150400", ({}, LABEL))),
             (3, "lost", ("150410", ({}, LABEL)))]  # fmt: skip
    relay = told(story, secret=True)
    assert any(f.finding_kind == "caveat" and f.state == "acknowledged" for f in relay.findings)
    assert any(a.only is not None for a in relay.alerts)
    assert any(a.alert_kind == "contact-lost" for a in relay.alerts)


@pytest.mark.parametrize("minutes", [0, 10])
def test_a_timer_that_rings_for_a_hidden_card_rings_for_nobody_else(minutes: int) -> None:
    relay = run(order(), caveat(), until="150345")
    before = {reader: relay.office.got(reader) for reader in OUTSIDERS}
    relay.until(z("150345") + minutes * MINUTE)
    assert {reader: relay.office.got(reader) for reader in OUTSIDERS} == before
