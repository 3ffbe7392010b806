"""A notice to several parties: the same bytes for all, in one step; who has it and who has not is compared.

Source: domain.md R-19, §5.3 (messages 1, 18); issue 5 ("both parties to a symmetric notice get the same bytes").
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.core.measures import Symmetric
from coordinator.core.measures import Symmetry as Alike
from coordinator.core.mission import Mission, Participant, Release
from coordinator.core.occasions.symmetry import Symmetry
from coordinator.core.step import Logged
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement
from schemas.alerts import Alert
from schemas.base import Message
from schemas.deliveries import Delivery, Handover
from schemas.directives import Agreement
from schemas.envelope import Addressee, Reference
from schemas.label import Label
from schemas.notices import MovementNotice
from schemas.operations import Presence
from schemas.reports import IncidentReport
from tests.support.desk import MINUTE, Desk
from tests.support.released import Office

PARTIES = ("party-one", "party-two")
MISSION = Mission(
    name="unmital",
    participants=(
        Participant(id="fhq-u3", role="hq"),
        Participant(id="jmc-sec", role="guest", superior="fhq-u3"),
        Participant(id="unmo-ts4", superior="fhq-u3"),
        Participant(id="party-one", role="guest", groups=("parties",)),
        Participant(id="party-two", role="guest", groups=("parties",), watched=True),
        Participant(id="xar-batt", superior="fhq-u3"),
    ),
    release=(Release(kind="agreement", to="addressees"), Release(kind="incident", to="all")),
    symmetry=Alike(notices=(Symmetric(kind="incident", parties=("parties",)),)),
)
CEASEFIRE = Agreement(agreement_kind="ceasefire", parties=PARTIES, hotline="JMC secretariat")
START = "131200"


def packed(body: Message, by: str = "jmc-sec", identity: str = "CFA-0315", **fields: Any) -> Any:
    to = fields.pop("to", PARTIES)
    fields.setdefault("addressees", tuple(Addressee(to=p) for p in to))
    return registry.pack(body, id=identity, originator=by, **fields)


class Table(Desk):
    """A desk at which anything is logged."""

    def log(self, body: Message, by: str = "jmc-sec", identity: str = "CFA-0315", **fields: Any) -> list[Alert]:
        """Let a record be logged."""
        self.seq += 1
        envelope = packed(body, by, identity, **fields)
        subject = subjects.record(envelope.kind, by)
        return self._take(Logged(self.seq, subject, f"m-{self.seq}", self.now, envelope, body))

    def read(self, who: str, up_to: int) -> list[Alert]:
        """Let a participant's own connection have read what a message of the log caused."""
        return self._take(self.logged(Delivery(participant=who, read_to=up_to), subjects.presence(who)))

    def later(self, minutes: float) -> list[Alert]:
        """Let time pass."""
        return self.until(self.now + int(minutes * MINUTE))


def table() -> Table:
    made = Table(MISSION)
    made.until(START)
    return made


# -- the law: the same bytes ------------------------------------------------------------------------------------------


def bytes_of(office: Office, who: str) -> list[bytes]:
    return [item.data for item in office.inbox.get(who, []) if item.envelope.kind in ("agreement", "incident")]


@given(
    st.sets(st.sampled_from(["party-one", "party-two", "xar-batt", "fhq-u3"]), max_size=4),
    st.sets(st.sampled_from(["party-one", "party-two", "xar-batt", "fhq-u3"]), max_size=4),
    st.sampled_from(["hotline", "parties", "summary", "texts"]),
)
def test_whatever_its_labels_say_parties_that_get_a_notice_get_the_same_bytes(
    seen: set[str], field: set[str], name: str
) -> None:
    office = Office(MISSION)
    labels = {"label": Label(releasable_to=tuple(sorted(seen))), "field_labels": {
        name: Label(releasable_to=tuple(sorted(field)))}}  # fmt: skip
    office.record(CEASEFIRE, "CFA-0315", "jmc-sec", START, to=PARTIES, **labels)
    got = [bytes_of(office, party) for party in PARTIES if bytes_of(office, party)]
    assert len({tuple(g) for g in got}) <= 1
    assert [bool(bytes_of(office, p)) for p in PARTIES] == [p in seen for p in PARTIES]


def test_what_one_party_may_not_see_is_left_out_for_the_other_and_stays_for_everybody_else() -> None:
    office = Office(MISSION)
    closed = {"field_labels": {"hotline": Label(releasable_to=("party-one", "xar-batt"))}}
    office.record(CEASEFIRE, "CFA-0315", "jmc-sec", START, to=(*PARTIES, "xar-batt"), **closed)
    assert bytes_of(office, "party-one") == bytes_of(office, "party-two") != []
    assert b"secretariat" not in bytes_of(office, "party-one")[0]
    assert b"secretariat" in bytes_of(office, "xar-batt")[0]


def test_a_report_of_a_violation_reads_alike_because_the_mission_says_so() -> None:
    office = Office(MISSION)
    closed = {"field_labels": {"activity": Label(releasable_to=("party-two", "fhq-u3"))}}
    office.record(IncidentReport(category="mortar", activity="3 impacts"), "CFV-1", "unmo-ts4", START, **closed)
    assert bytes_of(office, "party-one") == bytes_of(office, "party-two") != []


def test_a_message_that_names_no_parties_is_shown_to_each_as_its_labels_say() -> None:
    office = Office(MISSION)
    coordination = Agreement(agreement_kind="coordination", parties=PARTIES, hotline="JMC secretariat")
    closed = {"field_labels": {"hotline": Label(releasable_to=("party-one",))}}
    office.record(coordination, "C-1", "jmc-sec", START, to=PARTIES, **closed)
    assert bytes_of(office, "party-one") != bytes_of(office, "party-two")


# -- receipts ---------------------------------------------------------------------------------------------------------


def cards(alerts: list[Alert]) -> list[tuple[str, str, str]]:
    return [(a.text_key, str(a.args.get("whom", "")), a.work) for a in alerts if a.alert_kind == "imbalance"]


def test_parties_that_read_it_within_five_minutes_are_no_occasion() -> None:
    at = table()
    assert at.log(CEASEFIRE) == []
    seq = at.seq
    assert at.read("party-one", seq) == []
    assert at.later(4.9) == []
    assert at.read("party-two", seq) == []
    assert at.later(600) == []


def test_one_that_has_no_receipt_five_minutes_after_the_other_is_said_to_the_issuer_and_its_superior() -> None:
    at = table()
    at.log(CEASEFIRE)
    at.read("party-one", at.seq)
    assert cards(at.later(4.9)) == []
    [card] = at.later(0.2)
    assert cards([card]) == [("imbalance-late", "party-two", "raised")]
    assert sorted(t.participant for t in card.told) == ["fhq-u3", "jmc-sec"]
    assert card.owner == "jmc-sec"


def test_it_ends_when_the_other_has_it_too() -> None:
    at = table()
    at.log(CEASEFIRE)
    seq = at.seq
    at.read("party-two", seq)
    at.later(6)
    assert [a.work for a in at.read("party-one", seq)] == ["resolved"]


def test_an_acknowledgement_is_a_receipt() -> None:
    at = table()
    at.log(CEASEFIRE)
    answer = Acknowledgement(of=Reference(id="CFA-0315"), step="received")
    at.log(answer, "party-one", "A-1")
    assert cards(at.later(6)) == [("imbalance-late", "party-two", "raised")]


def test_what_a_channel_delivered_is_a_receipt() -> None:
    at = table()
    at.log(CEASEFIRE)
    step = Handover(kind="agreement", id="CFA-0315", seq=1, state="delivered", at=at.now)
    body = Delivery(participant="party-one", channel="mail", bearer="smtp", steps=(step,))
    at._take(at.logged(body, subjects.presence("party-one")))
    assert cards(at.later(6)) == [("imbalance-late", "party-two", "raised")]


def test_whoever_was_away_has_it_only_when_it_has_read_what_waited() -> None:
    at = table()
    at.contact("party-two", "lost", at.now)
    at.log(CEASEFIRE)
    seq = at.seq
    at.read("party-one", seq)
    assert at.read("party-two", seq + 1) == []  # of before: the notice waits for it
    assert cards(at.later(6)) == [("imbalance-late", "party-two", "raised")]
    at._take(at.logged(Presence(participant="party-two", state="regained", at=at.now), subjects.presence("party-two")))
    assert [a.work for a in at.read("party-two", at.seq) if a.alert_kind == "imbalance"] == ["resolved"]


def test_nobody_is_called_while_no_party_has_it() -> None:
    at = table()
    at.log(CEASEFIRE)
    assert at.later(600) == []


def test_a_new_revision_counts_anew() -> None:
    at = table()
    at.log(CEASEFIRE)
    at.read("party-one", at.seq)
    at.later(6)
    [ended] = at.log(CEASEFIRE, revision=2)
    assert ended.work == "resolved"
    seq = at.seq
    at.read("party-one", seq)
    at.read("party-two", seq)
    assert at.later(60) == []


# -- labels -----------------------------------------------------------------------------------------------------------


def test_a_label_that_leaves_a_party_out_is_said_at_once_to_nobody_outside_it() -> None:
    at = table()
    [card] = at.log(CEASEFIRE, label=Label(releasable_to=("party-one", "jmc-sec")))
    assert (card.text_key, card.args["missing"], card.args["all"]) == ("imbalance-excluded", "1", "2")
    assert [t.participant for t in card.told] == ["jmc-sec"]
    assert card.only == ("jmc-sec", "party-one")


def test_words_that_would_differ_are_said_at_once_and_it_ends_with_a_better_label() -> None:
    at = table()
    [card] = at.log(CEASEFIRE, field_labels={"hotline": Label(releasable_to=("party-one",))})
    assert card.text_key == "imbalance-words"
    assert [a.work for a in at.log(CEASEFIRE, revision=2)] == ["resolved"]


def test_a_field_that_is_closed_to_all_parties_alike_is_no_difference() -> None:
    at = table()
    assert at.log(CEASEFIRE, field_labels={"hotline": Label(releasable_to=("fhq-u3",))}) == []


def test_a_flight_may_name_parties_among_its_addressees() -> None:
    at = table()
    named = tuple(Addressee(to=p, role="party") for p in PARTIES)
    at.log(MovementNotice(movement_kind="flight"), "unmo-ts4", "F-1", addressees=named)
    at.read("party-two", at.seq)
    assert cards(at.later(6)) == [("imbalance-late", "party-one", "raised")]


def test_after_a_restart_it_goes_on_where_it_was() -> None:
    at = table()
    first = Symmetry()
    first.adopt(MISSION)
    envelope = packed(CEASEFIRE)
    list(first.take(Logged(1, subjects.record("agreement", "jmc-sec"), "m", at.now, envelope, CEASEFIRE)))
    list(first.take(at.logged(Delivery(participant="party-one", read_to=1), subjects.presence("party-one"))))
    second = Symmetry()
    second.adopt(MISSION)
    second.restore(first.snapshot())
    due = second.next_wake()
    assert due == first.next_wake() == at.now + 5 * MINUTE
    assert list(second.wake(due)) == list(first.wake(due)) != []
    assert second.next_wake() is None
    with pytest.raises(ValueError, match="no snapshot of symmetry"):
        second.restore(b"[]")


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["notice", "revised", "closed", "withdrawn", "read", "answer", "lost", "regained", "later"]),
        st.sampled_from(PARTIES),
        st.integers(1, 8),
    ),
    max_size=25,
)


def happened(at: Desk, event: str, who: str, number: int) -> Logged | None:
    """Return what an event writes into the log."""
    match event:
        case "notice" | "revised" | "closed" | "withdrawn":
            closed = {"hotline": Label(releasable_to=(who,))} if event == "closed" else {}
            fields: dict[str, Any] = {
                "revision": number,
                "field_labels": closed,
                "status": "cancel" if event == "withdrawn" else "new",
            }
            envelope = packed(CEASEFIRE, identity=f"CFA-{number % 2}", **fields)
        case "answer":
            envelope = packed(Acknowledgement(of=Reference(id=f"CFA-{number % 2}"), step="received"), who, "A")
        case "read":
            return at.logged(Delivery(participant=who, read_to=at.seq), subjects.presence(who))
        case "lost" | "regained":
            return at.logged(Presence(participant=who, state=event, at=at.now), subjects.presence(who))
        case _:
            at.now += number * MINUTE
            return None
    at.seq += 1
    subject = subjects.record(envelope.kind, envelope.originator)
    return Logged(at.seq, subject, f"m-{at.seq}", at.now, envelope, registry.body(envelope))


@given(EVENTS, st.integers(0, 25))
def test_a_snapshot_at_any_moment_changes_nothing_and_after_waking_nothing_is_due(events: Any, moment: int) -> None:
    at, whole, other = Desk(MISSION), Symmetry(), Symmetry()
    for source in (whole, other):
        source.adopt(MISSION)
    for number, event in enumerate(events):
        if number == moment:
            restored = Symmetry()
            restored.adopt(MISSION)
            restored.restore(other.snapshot())
            other = restored
        message = happened(at, *event)
        said = [list(s.take(message)) if message else list(s.wake(at.now)) for s in (whole, other)]
        assert said[0] == said[1]
        due = whole.next_wake()
        assert due == other.next_wake()
        assert message is not None or due is None or due > at.now
    assert whole.snapshot() == other.snapshot()
