"""A restart of alerting, at any point of any history, changes nothing: no alert lost, doubled or silently late.

The histories hold whatever alerting reads: findings, everything that a source of occasions reads, presence, officers'
actions, the time. What is written is compared by id and byte.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.alerting import Alerting
from coordinator.core.mission import Cards, Mission
from coordinator.core.occasions import SOURCES
from coordinator.core.step import Effect, Logged, render
from schemas import registry, subjects
from schemas.acknowledgements import Action
from schemas.alerts import Alert
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.operations import Config, Presence, Tick
from tests.core.test_alerting_laws import findings, names
from tests.support import anything
from tests.support.anything import START, WHO
from tests.support.desk import HOUR, MINUTE, MISSION, Desk

FEW: Mission = replace(
    MISSION,
    participants=tuple(replace(p, operator=p.role == "desk") for p in MISSION.participants),
    cards=Cards(flood_cards=3, flap_changes=2, flap_window_s=7200.0),
)
"""A mission in which little is a flood, and little flaps."""


def kinds() -> list[str]:
    """Every kind of record, and of the services' messages, that a source reads; nothing that alerting reads itself."""
    read = [pattern for source in SOURCES for pattern in source.READS]
    own = {Action.KIND, Finding.KIND, Presence.KIND, Alert.KIND, Config.KIND, Tick.KIND}
    said = {k for k in registry.PARTICIPANT_KINDS for p in read if subjects.matches(p, subjects.record(k, "x"))}
    others = {p.partition(".")[0] for p in read} & registry.KINDS.keys()
    return sorted((said | others) - own)


class Said(NamedTuple):
    """One thing that happens after some minutes."""

    minutes: int
    what: Any


class Did(NamedTuple):
    """What an officer does with one of the cards that there are."""

    by: str
    which: int
    back: int
    verb: str
    minutes: int


acts = st.builds(
    Did, st.sampled_from(WHO), st.integers(0, 99), st.integers(0, 1),
    st.sampled_from(["acknowledge", "acknowledge", "take", "escalate", "resolve", "shelve", "handover", "reopen"]),
    st.integers(1, 200),
)  # fmt: skip
contacts = st.tuples(st.sampled_from(WHO), st.sampled_from(["lost", "regained", "read"]))
others = st.one_of([anything.envelopes(kind) for kind in kinds()])
things = st.integers(0, 5).flatmap(lambda n: (findings(names), findings(names), acts, contacts, others, others)[n])
days = st.lists(st.builds(Said, st.sampled_from([0, 0, 1, 5, 20, 100]), things), min_size=4, max_size=24)
places = st.sets(st.integers(0, 24), max_size=4)
few = settings(max_examples=6)  # histories are long, and each run has others; the slow law has many


class Log(Desk):
    """A desk that keeps what was logged, and what each message had as effects."""

    def __init__(self) -> None:
        super().__init__(FEW)
        self.messages: list[Logged] = []
        self.written: list[list[tuple[str, bytes]]] = []
        self.now = START

    def logged(self, *args: Any, **more: Any) -> Logged:
        """Return a message as it stands in the log next, and keep it."""
        self.messages.append(super().logged(*args, **more))
        return self.messages[-1]

    def _publish(self, effects: Sequence[Effect], now: int) -> None:
        super()._publish(effects, now)
        self.written.append([render(e, "alerting", now) for e in effects])

    def say(self, said: Said) -> None:
        """Let something happen."""
        at = self.now + said.minutes * MINUTE
        match said.what:
            case Finding() as finding:
                self.finding(at, replace(finding, first_at=min(at, finding.first_at)))
            case Envelope() as envelope:
                self.until(at)
                self.record(envelope)
            case Did() as did:
                self.deed(at, did)
            case participant, state:
                self.presence(at, participant, state)

    def record(self, envelope: Envelope) -> None:
        """Let a message be logged."""
        body = registry.body(envelope)
        family = {"refusal": subjects.refusal}.get(envelope.kind)
        subject = family(envelope.originator) if family else subjects.record(envelope.kind, envelope.originator)
        message = super().logged(body, subject, envelope.originator)
        self.messages.append(message._replace(envelope=envelope))
        self._take(self.messages[-1])

    def deed(self, at: int, did: Did) -> None:
        """Let an officer do something with a card, if there is one."""
        self.until(at)
        if self.published:
            card = self.board[self.published[did.which % len(self.published)].id]
            body = Action(
                alert=card.id, verb=did.verb, seen_rev=max(1, card.rev - did.back), note="as said", officer="g3",  # type: ignore[arg-type]  # one of the verbs
                until=self.now + did.minutes * MINUTE if did.verb == "shelve" else None,
                to="sn-hq" if did.verb == "handover" else "",
            )  # fmt: skip
            identity = f"act-{self.seq}"
            self._take(self.logged(body, subjects.record(Action.KIND, did.by), did.by, identity))


def lived(day: Sequence[Said], restart_at: Sequence[int] = ()) -> Log:
    """A desk after a day and a quiet night, killed and started again from its snapshot before some steps."""
    log = Log()
    for i, said in enumerate(day):
        if i in restart_at:
            log.restart()
        log.say(said)
    log.until(log.now + 8 * HOUR)
    return log


def replayed(log: Log) -> list[list[tuple[str, bytes]]]:
    """What alerting writes that reads all of it from the beginning."""
    core = Alerting(FEW)
    return [[render(e, "alerting", m.at) for e in core.handle(m)] for m in log.messages]


@few
@given(days, places)
def test_restored_from_a_snapshot_it_writes_the_same_alerts(day: list[Said], at: set[int]) -> None:
    straight, killed = lived(day), lived(day, sorted(at))
    assert straight.written == killed.written
    assert straight.core.snapshot() == killed.core.snapshot()


@few
@given(days)
def test_read_again_from_the_beginning_it_writes_the_same_alerts(day: list[Said]) -> None:
    log = lived(day)
    assert replayed(log) == log.written


@few
@given(days, places)
def test_of_two_side_by_side_the_second_one_writes_nothing_new(day: list[Said], at: set[int]) -> None:
    """Each reads what the other wrote: the same ticks too, which only one of them is the first to write."""
    log = lived(day)
    other, seen = Alerting(FEW), set[str]()
    for number, message in enumerate(log.messages):
        if number in at:  # it was stopped for a while, and goes on from its snapshot
            state, other = other.snapshot(), Alerting()
            other.restore(state)
        for identity, _ in [render(e, "alerting", message.at) for e in other.handle(message)]:
            assert identity not in seen
            seen.add(identity)
    assert seen == {*log.ids}
    assert len(log.ids) == len(seen)


@few
@given(days)
def test_a_tick_that_is_read_twice_rings_once(day: list[Said]) -> None:
    log = lived(day)
    core = Alerting(FEW)
    for message in log.messages:
        core.handle(message)
        if isinstance(message.body, Tick):
            assert core.handle(message) == ()


@few
@given(days)
def test_nobody_is_late_without_its_being_said(day: list[Said]) -> None:
    log = lived(day)
    for card in log.board.values():
        if card.work not in ("resolved", "superseded", "cancelled"):
            assert [t.participant for t in card.told if t.due is not None and t.due <= log.now and not t.late] == []
    due = log.core.next_wake()
    assert due is None or due > log.now


@few
@given(days)
def test_a_clock_stands_still_only_for_a_reason_that_is_said(day: list[Said]) -> None:
    """Its participant is unreachable, the card is put aside, or a group of new cards is asked about instead."""
    book = lived(day).core._book
    groups = {flood.name: flood for flood in book.state.floods.values()}
    for identity, card in book.state.cards.items():
        for participant, clock in card.clocks.items() if card.open else ():
            if clock.left is None or participant in book.unreachable or card.alert.shelved:
                continue
            flood, asked = groups[clock.group], book.state.cards[clock.group]
            assert identity in flood.members
            assert card.alert.grouped[participant] == flood.name
            assert asked.open
            assert asked.clocks[participant].asked or asked.alert.severity == "Minor"
            assert card.alert.severity != "Extreme"


@few
@given(days)
def test_revisions_count_up_one_by_one_and_nothing_is_written_twice(day: list[Said]) -> None:
    log, revs = lived(day), dict[str, int]()
    assert len({*log.ids}) == len(log.ids)
    for alert in log.published:
        assert alert.rev == revs.get(alert.id, 0) + 1
        revs[alert.id] = alert.rev


@pytest.mark.slow
@settings(max_examples=400)
@given(days, places)
def test_restored_from_a_snapshot_it_writes_the_same_alerts_in_full(day: list[Said], at: set[int]) -> None:
    straight, killed = lived(day), lived(day, sorted(at))
    assert straight.written == killed.written


def test_the_histories_hold_whatever_the_sources_read() -> None:
    assert {"medevac", "sitrep", "directive", "acknowledgement", "liaison-request", "refusal"} <= set(kinds())
