"""After action: values from the log, each with where it comes from; own ones, and the others only together.

Source: domain.md R-45, §5 ("Measured", "After-action numbers"), §7.1 (6); issue 5 item 10.
"""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.core.afteraction.facts import Facts
from coordinator.core.afteraction.figures import LEAST, TENTH, Figure, Sample, aggregate, figure
from coordinator.core.afteraction.links import Links
from coordinator.core.afteraction.parts import joined, parts
from coordinator.core.afteraction.report import Report, report
from coordinator.core.mission import Mission, Participant, Release
from coordinator.core.step import Logged
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement, Action
from schemas.alerts import Alert, Told
from schemas.base import Message
from schemas.deliveries import Delivery, Handover
from schemas.directives import Directive, OrderChange
from schemas.envelope import Addressee, LangText, Reference, UnitRef
from schemas.findings import Evidence, Party
from schemas.label import Label
from schemas.liaison import LiaisonRequest, LiaisonResponse
from schemas.notices import HazardNotice
from schemas.operations import Config, Presence, Tick, Whereabouts
from schemas.reports import IncidentReport
from tests.support.desk import MINUTE, make_finding, z

NATIONS = ("xar", "xbl", "xco", "xdr", "xes")
MISSION = Mission(
    name="unmital",
    participants=(
        Participant(id="fhq", role="hq", operator=True),
        *(Participant(id=n, nation=n.upper(), superior="fhq", units=(f"{n} unit",)) for n in NATIONS),
    ),
    release=(Release(kind="directive", to="all"), Release(kind="incident", to="all")),
)


class Book:
    """A log that facts are gathered from."""

    def __init__(self, mission: Mission = MISSION) -> None:
        self.facts, self.seq, self.now = Facts(), 0, z("140400")
        self.log(Config(mission_hash="", code="", mission=msgspec.Raw(msgspec.json.encode(mission))), subjects.CONFIG)

    def log(self, body: Message, subject: str, by: str = "coord", cause: int = 0, **fields: Any) -> int:
        """Let a message be logged; return its sequence."""
        self.seq += 1
        identity = fields.pop("identity", f"{body.KIND}-{self.seq}")
        envelope = registry.pack(body, id=identity, originator=by, **fields)
        self.facts.take(Logged(self.seq, subject, f"m-{self.seq}", self.now, envelope, body), cause)
        return self.seq

    def record(self, at: str, body: Message, by: str, identity: str = "", **fields: Any) -> int:
        """Let a participant say something at a time."""
        self.now = z(at)
        to = tuple(Addressee(to=p) for p in fields.pop("to", ()))
        named: dict[str, Any] = {"identity": identity} if identity else {}
        return self.log(body, subjects.record(body.KIND, by), by, addressees=to, **named, **fields)

    def order(self, at: str, identity: str, *units: str, by: str = "fhq", **fields: Any) -> int:
        """Let an order be given to units."""
        more = {name: fields.pop(name) for name in ("amends", "supersedes") if name in fields}
        body = Directive(directive_kind="frago", performers=tuple(UnitRef(participant=u) for u in units), **more)
        return self.record(at, body, by, identity, **{"ack_required": True, "precedence": "priority"} | fields)

    def answer(self, at: str, by: str, of: str, step: Any = "wilco", revision: int = 0) -> int:
        """Let a unit answer an order."""
        return self.record(at, Acknowledgement(of=Reference(id=of, revision=revision), step=step), by)

    def finding(self, at: str, identity: str, cause: int = 0, **changes: Any) -> int:
        """Let a finding be logged."""
        self.now = z(at)
        found = make_finding(identity, **{"at": self.now, "told": ("xar", "xbl")} | changes)
        return self.log(found, subjects.finding(found.finding_kind, identity), cause=cause)

    def presence(self, at: str, who: str, state: Any, since: str = "") -> int:
        """Let contact be lost or regained."""
        self.now = z(at)
        body = Presence(participant=who, state=state, at=z(since) if since else self.now)
        return self.log(body, subjects.presence(who))

    def as_(self, reader: str, since: int = 0, until: int = 0) -> Report:
        """Return the report for a reader."""
        return report(self.facts, reader, since, until)


def line(found: Report, measure: str) -> Any:
    return next((one for one in found.lines if one.measure == measure), None)


def minutes(figures: Figure | None) -> list[float]:
    return [v.value / MINUTE for v in figures.values] if figures else []


# -- the numbers ------------------------------------------------------------------------------------------------------


def test_an_order_is_answered_and_the_time_without_a_link_is_named_apart() -> None:
    book = Book()
    book.presence("140540", "xbl", "lost")
    issued = book.order("140640", "F-101", "xar", "xbl")
    book.answer("140655", "xar", "F-101")
    book.presence("140811", "xbl", "regained")
    last = book.answer("140816", "xbl", "F-101")
    decided = line(book.as_("fhq"), "decide").total
    assert [(v.value // MINUTE, v.link_down // MINUTE, v.seqs) for v in decided.values] == [
        (15, 0, (issued, last - 2)), (96, 91, (issued, last)),
    ]  # fmt: skip
    assert minutes(line(book.as_("fhq"), "all-wilco").total) == [96]
    assert decided.worst.seqs == (issued, last)


def test_an_answer_behind_its_deadline_is_late_by_what_the_missing_link_does_not_explain() -> None:
    book = Book()
    book.order("150300", "F-110", "xbl")
    book.answer("150427", "xbl", "F-110", "received")
    book.answer("150428", "xbl", "F-110", "cannot-comply")
    assert minutes(line(book.as_("xbl"), "late-by").own) == [27]
    assert minutes(line(book.as_("xbl"), "answer").own) == [87]
    assert line(book.as_("xbl"), "all-wilco") is None
    gone = Book()
    gone.presence("150300", "xbl", "lost")
    gone.order("150301", "F-110", "xbl")
    gone.presence("150420", "xbl", "regained")
    gone.answer("150427", "xbl", "F-110")
    assert line(gone.as_("xbl"), "late-by") is None


def test_an_order_that_nobody_answers_is_open_and_one_that_was_overtaken_is_not() -> None:
    book = Book()
    book.order("140400", "F-1", "xar")
    book.order("140401", "F-2", "xar", supersedes=(Reference(id="F-1"),))
    book.answer("140430", "xar", "F-9")
    assert [(line(book.as_("xar"), m).own.count, line(book.as_("xar"), m).own.open) for m in ("answer", "decide")] == [
        (0, 1), (0, 1),
    ]  # fmt: skip


def test_who_performs_an_amended_order_owes_the_wilco_to_the_amendment() -> None:
    book = Book()
    book.order("140405", "S-17", "xar")
    book.order("140640", "F-101", amends=(OrderChange(order=Reference(id="S-17"), exclusive=False),))
    book.answer("140655", "xar", "S-17")
    book.answer("140700", "xbl", "F-101")
    assert minutes(line(book.as_("xar"), "decide").own) == [15]
    assert minutes(line(book.as_("fhq"), "all-wilco").own) == [15]


def test_a_finding_takes_from_its_cause_to_its_end() -> None:
    book = Book()
    cause = book.order("140510", "S-22", "xbl")
    opened = book.finding("140510", "c1", cause)
    book.presence("140540", "xbl", "lost")
    book.presence("140811", "xbl", "regained")
    closed = book.finding("140816", "c1", state="closed")
    found = book.as_("fhq")
    assert minutes(line(found, "detect").total) == [0]
    [value] = line(found, "resolve").total.values
    assert (value.value // MINUTE, value.link_down // MINUTE, value.seqs) == (186, 151, (opened, closed))
    assert value.what == "c1-a x c1-b"


def test_a_sighting_counts_from_when_it_was_seen_and_a_timer_from_when_it_was_due() -> None:
    book = Book()
    book.now = z("140410")
    seen = Whereabouts(participant="xbl", unit=UnitRef(), place="OP", state="left", seen=z("140408"), position=1)
    cause = book.log(seen, subjects.whereabouts("xbl"))
    book.finding("140410", "k19", cause)
    tick = book.log(Tick(service="deconfliction", due=z("140409")), subjects.tick("deconfliction"))
    book.finding("140411", "k16", tick)
    assert minutes(line(book.as_("fhq"), "detect").total) == [2, 2]


def told(who: str, **fields: Any) -> Told:
    return Told(participant=who, since=z("140400"), **fields)


def test_a_card_is_acknowledged_delivered_and_counted_for_whom_it_asked() -> None:
    book = Book()
    book.presence("140350", "xar", "lost", "140350")

    def card(at: str, work: Any, *rows: Told) -> None:
        book.now = z(at)
        body = Alert(id="a", alert_kind="conflict", rev=1, material_rev=1, severity="Severe", urgency="Future",
                     certainty="Likely", work=work, told=rows)  # fmt: skip
        book.log(body, subjects.alert("a"))

    card("140400", "raised", told("xar", unreachable=True), told("xbl", due=z("140415")), told("xco"))
    book.presence("140410", "xar", "regained")
    card("140410", "raised", told("xar", due=z("140425")), told("xbl", due=z("140415")), told("xco"))
    card("140412", "raised", told("xar", due=z("140425")), told("xbl", acknowledged_at=z("140412")), told("xco"))
    card("140426", "raised", told("xar", due=z("140425"), late=True), told("xbl", acknowledged_at=z("140412")))
    card("140500", "resolved", told("xar"), told("xbl", acknowledged_at=z("140412")))
    assert minutes(line(book.as_("xbl"), "acknowledge").own) == [12]
    assert line(book.as_("xbl"), "acknowledge").own.late == 0
    never = line(book.as_("xar"), "acknowledge").own
    assert (never.count, never.open, never.late) == (0, 1, 1)
    assert minutes(line(book.as_("xar"), "deliver").own) == [10]
    assert line(book.as_("xco"), "acknowledge") is None
    assert [minutes(line(book.as_(p), "card").own) for p in ("xar", "xbl")] == [[60], [60]]
    load = book.as_("fhq").load
    assert load is not None
    assert (load.per_hour, load.budget) == (0.5, 6.0)  # two participants, two hours, a card each


def session(book: Book, *answers: tuple[str, str, str]) -> None:
    """Open a session at 0435 and let these say something: time, who, word."""
    meeting = LiaisonRequest(request_kind="meeting", subject="relief")
    book.record("150435", meeting, "fhq", "LN-1", to=("xar", "xbl"))
    texts = (LangText(text="stay until relieved", lang="en"),)
    for at, by, word in answers:
        more: Any = {"proposal": "P1", "version": 1} if word != "accept" else {}
        more |= {"texts": texts} if word == "propose" else {}
        body = LiaisonResponse(request=Reference(id="LN-1", originator="fhq"), decision=word, **more)  # type: ignore[arg-type]
        book.record(at, body, by, f"{by}-{at}")


def test_a_session_takes_until_all_have_agreed_to_one_text() -> None:
    book = Book()
    session(book, ("150441", "fhq", "propose"), ("150500", "xar", "agree"), ("150520", "xbl", "agree"))
    [value] = line(book.as_("xbl"), "agree").own.values
    assert (value.value // MINUTE, value.what, value.seqs) == (45, "LN-1", (2, 5))
    assert line(book.as_("xco"), "agree") is None


def test_without_a_written_proposal_a_session_takes_until_whoever_opened_it_says_so() -> None:
    book = Book()
    session(book, ("150510", "xar", "accept"), ("150520", "fhq", "accept"))
    assert minutes(line(book.as_("fhq"), "agree").own) == [45]


def test_a_session_without_agreement_is_open() -> None:
    book = Book()
    session(book, ("150441", "fhq", "propose"), ("150500", "xar", "agree"))
    assert (line(book.as_("fhq"), "agree").own.count, line(book.as_("fhq"), "agree").own.open) == (0, 1)


def test_a_card_that_is_raised_again_is_open_twice() -> None:
    book = Book()
    for at, work in (("140400", "raised"), ("140410", "resolved"), ("140500", "raised"), ("140505", "resolved")):
        book.now = z(at)
        body = Alert(id="a", alert_kind="security", rev=1, material_rev=1, severity="Severe", urgency="Immediate",
                     certainty="Observed", work=work, told=(told("xar"),))  # type: ignore[arg-type]  # fmt: skip
        book.log(body, subjects.alert("a"))
    assert minutes(line(book.as_("xar"), "card").own) == [10, 5]


def test_a_delivery_that_a_channel_could_not_make_is_counted() -> None:
    book = Book()
    book.order("140400", "F-1", "xar")
    steps = (Handover(kind="directive", id="F-1", seq=1, state="failed", at=z("140401"), why="no such mailbox"),)
    book.log(Delivery(participant="xar", channel="mail", bearer="smtp", steps=steps), subjects.presence("xar"))
    late = (Handover(kind="directive", id="F-1", seq=1, state="delivered", at=z("140430")),)
    seq = book.log(Delivery(participant="xar", steps=late, read_up_to=1), subjects.presence("xar"))
    book.now = z("140440")
    book.log(Tick(service="x", due=book.now), subjects.tick("x"))
    assert line(book.as_("xar"), "failed").own.count == 1
    [value] = line(book.as_("xar"), "deliver").own.values
    assert (value.value // MINUTE, value.seqs[-1]) == (30, seq)
    assert b"mailbox" not in registry.encode(book.as_("xar"))


def test_a_danger_lasts_until_it_is_lifted() -> None:
    book = Book()
    book.record("150605", IncidentReport(category="mortar", danger="present"), "xes", "CFV-1")
    book.record("150740", IncidentReport(category="mortar", danger="lifted"), "xes", "CFV-1", revision=2)
    area = {"type": "named", "name": "X"}
    hot = msgspec.convert({"hazard_kind": "range", "area": area, "state": "hot"}, HazardNotice)
    book.record("150800", hot, "xes", "HAZ-1")
    assert minutes(line(book.as_("xar"), "danger").own) == [95]
    assert line(book.as_("xar"), "danger").own.open == 0  # a hazard goes to the chain: xar does not know of it
    assert line(book.as_("fhq"), "danger").total.open == 1


def test_only_what_began_in_the_period_counts() -> None:
    book = Book()
    for hour in ("04", "05", "06"):
        book.order(f"14{hour}00", f"F-{hour}", "xar")
        book.answer(f"14{hour}10", "xar", f"F-{hour}")
    assert line(book.as_("xar", z("140430"), z("140530")), "decide").own.count == 1
    assert line(book.as_("xar"), "decide").own.count == 3


def test_what_was_found_more_than_once_is_named_by_place_pair_and_rule_in_the_order_of_the_log() -> None:
    book = Book()
    for number, at in enumerate(("140400", "140410", "140420")):
        book.finding(at, f"c{number}", evidence=Evidence(place="KESSA", rule="closure/use"))
    found = book.as_("fhq").repeats
    assert [(r.by, r.what, r.count) for r in found] == [
        ("place", ("KESSA",), 3), ("pair", ("sc-hq", "sn-hq"), 3),
        ("rule", ("incompatible-activities", "closure/use"), 3),
    ]  # fmt: skip


# -- own and others ---------------------------------------------------------------------------------------------------


def answered(book: Book, *who: str) -> None:
    for number, nation in enumerate(who):
        book.order("140400", f"F-{nation}-{number}", nation)
        book.answer("1404" + f"{10 + number}", nation, f"F-{nation}-{number}")


def test_of_fewer_than_three_others_nothing_is_shown() -> None:
    book = Book()
    answered(book, "xar", "xbl", "xbl", "xbl", "xco")
    shown = line(book.as_("xar"), "decide")
    assert (shown.own.count, shown.others, shown.withheld) == (1, None, True)
    answered(book, "xdr")
    shown = line(book.as_("xar"), "decide")
    assert (shown.others.count, shown.withheld) == (5, False)


def test_nobody_can_tell_few_others_from_none() -> None:
    few, none = Book(), Book()
    answered(few, "xar", "xbl")
    answered(none, "xar")
    none.order("140400", "F-x", "fhq", by="xar")
    shown = [msgspec.structs.replace(line(book.as_("xar"), "decide"), own=None) for book in (few, none)]
    assert shown[0] == shown[1]
    assert line(few.as_("xco"), "decide") is None


def test_of_others_there_are_no_names_no_sequences_and_no_worst_value() -> None:
    book = Book()
    answered(book, "xar", "xbl", "xco", "xdr", "xes")
    others = line(book.as_("xar"), "decide").others
    assert (others.values, others.worst, others.p90) == ((), None, None)
    assert (others.median.what, others.median.seqs) == ("", ())
    data = registry.encode(book.as_("xar")).decode()
    assert not [n for n in NATIONS if n != "xar" and n in data]


def test_what_only_some_may_know_of_is_in_no_figure_of_others() -> None:
    book = Book()
    for number in range(3):
        who = (NATIONS[number + 1],)
        book.finding("140400", f"k{number}", told=who, only=("fhq", *who), parties=(Party(id="F", issuer="fhq"),))
    assert line(book.as_("xar"), "detect") is None
    assert line(book.as_("fhq"), "detect").total.count == 3
    assert line(book.as_("xbl"), "detect").own.count == 1


def test_a_desk_does_not_see_what_only_the_headquarters_that_it_serves_may_know_of() -> None:
    desk = Participant(id="joc", role="desk", superior="fhq")
    book = Book(msgspec.structs.replace(MISSION, participants=(*MISSION.participants, desk)))
    book.finding("140400", "k1", told=("fhq", "xbl"), only=("fhq", "xbl"))
    book.finding("140400", "k2", told=("fhq", "xbl"))
    assert [v.what for v in line(book.as_("joc"), "detect").own.values] == ["k2"]
    assert b"k1" not in registry.encode(book.as_("joc"))


def test_nobody_learns_of_the_link_of_another_from_what_they_share() -> None:
    book = Book()
    book.finding("140400", "c1", told=("xar", "xbl"))
    book.presence("140410", "xbl", "lost")
    book.presence("140430", "xbl", "regained")
    book.finding("140500", "c1", told=("xar", "xbl"), state="closed")
    down = {p: line(book.as_(p), "resolve").own.values[0].link_down // MINUTE for p in ("xar", "xbl")}
    assert down == {"xar": 0, "xbl": 20}
    assert line(book.as_("fhq"), "resolve").total.values[0].link_down == 20 * MINUTE


def test_what_a_label_keeps_to_some_is_in_no_figure_of_others() -> None:
    book = Book()
    for nation in NATIONS[1:]:
        label = Label(releasable_to=("fhq", nation))
        book.order("140400", f"F-{nation}", nation, label=label)
        book.answer("140410", nation, f"F-{nation}")
        told_ = ("fhq", nation)
        book.finding("140411", f"c-{nation}", told=told_, parties=(Party(id=f"F-{nation}", issuer="fhq"),))
    alone = book.as_("xar")
    assert [line(alone, m) for m in ("answer", "decide", "all-wilco", "detect", "resolve")] == [None] * 5
    assert line(book.as_("fhq"), "decide").total.count == 4


def test_what_a_participant_writes_on_a_card_stands_in_its_report_and_in_that_of_an_operator() -> None:
    book = Book()
    for name, only in (("a", None), ("b", ("xar", "xbl"))):
        card = Alert(id=name, alert_kind="conflict", rev=1, material_rev=1, severity="Severe", urgency="Future",
                     certainty="Likely", told=(told("xar"), told("xbl")), only=only)  # fmt: skip
        book.log(card, subjects.alert(name))
        book.record("140410", Action(alert=name, verb="note", seen_rev=1, note="the bridge was flooded"), "xar")
    assert [(r.card, r.by) for r in book.as_("xar").replies] == [("a", "xar"), ("b", "xar")]
    assert [r.card for r in book.as_("fhq").replies] == ["a"]
    assert book.as_("xbl").replies == ()


def test_an_operator_sees_totals_and_no_list_of_participants() -> None:
    book = Book()
    answered(book, *NATIONS)
    found = book.as_("fhq")
    assert found.scope == "total"
    assert line(found, "decide").total.count == 5
    reported = line(found, "reported")
    assert reported.total.count == 6


samples = st.lists(
    st.builds(
        Sample,
        measure=st.just("decide"),
        what=st.text("abc", max_size=3),
        by=st.frozensets(st.sampled_from(NATIONS), min_size=1, max_size=3),
        start=st.integers(0, 5),
        value=st.none() | st.integers(0, 1000),
        seqs=st.tuples(st.integers(1, 50)),
        link_down=st.integers(0, 10),
        late=st.booleans(),
    ),
    max_size=25,
)


@given(samples, st.sampled_from(NATIONS))
def test_own_and_others_together_are_the_total_or_the_others_are_withheld(found: list[Sample], reader: str) -> None:
    mine = frozenset({reader})
    own = [s for s in found if s.by & mine]
    rest = [s for s in found if not s.by & mine]
    others, total = aggregate(rest, mine), figure(found)
    whose = {p for s in rest for p in s.by}
    enough = len(whose) >= LEAST and sum(s.value is not None for s in rest) >= LEAST
    assert (others is not None) is enough
    if others and total:
        mine_ = figure(own) or Figure(count=0)
        for name in ("count", "late", "open"):
            assert getattr(mine_, name) + getattr(others, name) == getattr(total, name)
        assert (others.p90 is None) is (others.count < TENTH)


@given(samples)
def test_every_number_is_one_of_the_values_and_leads_to_its_messages(found: list[Sample]) -> None:
    shown = figure(found)
    values = sorted(s.value for s in found if s.value is not None)
    assert bool(shown) is bool(found)
    if shown and values:
        assert shown.median and shown.p90 and shown.worst
        assert shown.worst.value == values[-1]
        assert sum(v <= shown.median.value for v in values) * 2 >= len(values)
        assert sum(v <= shown.p90.value for v in values) * 10 >= len(values) * 9
        assert {shown.median, shown.p90, shown.worst} <= {*shown.values}
        low = figure(found, low=True)
        assert low
        assert low.worst
        assert low.worst.value == values[0]


@given(st.permutations(NATIONS))
def test_any_nations_with_other_names_have_the_same_report_with_other_names(order: list[str]) -> None:
    """Law 4: nobody's place in a report follows from its name."""
    other = dict(zip(NATIONS, order, strict=True))

    def played(name: Any) -> Book:
        book = Book()
        for number, nation in enumerate(NATIONS):
            book.order("140400", f"F-{number}", name(nation))
            book.answer(f"1404{10 + number}", name(nation), f"F-{number}")
            book.finding("140500", f"c{number}", told=(name(nation), "fhq"))
        return book

    plain, renamed = played(str), played(other.__getitem__)
    assert plain.as_("fhq") == renamed.as_("fhq")
    for nation in NATIONS:
        assert registry.encode(plain.as_(nation)).replace(nation.encode(), b"?") == registry.encode(
            renamed.as_(other[nation])
        ).replace(other[nation].encode(), b"?")


def test_a_report_of_very_much_is_handed_out_in_rows_that_fit_into_messages() -> None:
    book = Book()
    for number in range(700):
        book.order("140400", f"F-{number}", "xar")
        book.answer("140410", "xar", f"F-{number}")
        book.finding("140411", f"c{number}", told=("xar",), evidence=Evidence(place="KESSA"))
    whole = book.as_("fhq")
    rows = [registry.encode(row) for row in parts(whole)]
    assert max(map(len, rows)) < 200_000 < len(registry.encode(whole))
    assert joined(rows) == whole
    assert whole.repeats[0].count == 700
    assert joined([registry.encode(row) for row in parts(book.as_("xbl"))]) == book.as_("xbl")


# -- links ------------------------------------------------------------------------------------------------------------


def test_time_without_a_link_is_counted_once_for_several_who_had_none() -> None:
    links = Links()
    for who, lost, back in (("a", 10, 30), ("b", 20, 40), ("a", 60, 70)):
        links.take(Presence(participant=who, state="lost", at=lost), lost + 1)
        links.take(Presence(participant=who, state="regained", at=back), back)
    assert links.down(("a", "b"), 0, 100) == 40
    assert links.down(("a",), 15, 65) == 20
    assert links.down((), 0, 100) == 0
    assert [links.back("a", at) for at in (5, 15, 30, 65)] == [5, 30, 30, 70]


@pytest.mark.parametrize(("asked", "down"), [(50, 40), (5, 0)])
def test_a_loss_that_has_not_ended_lasts_until_the_end_of_what_is_asked(asked: int, down: int) -> None:
    links = Links()
    links.take(Presence(participant="a", state="lost", at=10), 12)
    assert links.down(("a",), 0, asked) == down
    assert links.back("a", 20) is None
