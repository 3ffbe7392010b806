"""Laws of alerting: order does not matter, twice is once, a restart forgets nothing, whoever answered is left alone."""

import string
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core import correlate
from coordinator.core.mission import Cards, Participant
from schemas.alerts import Alert
from schemas.findings import SEVERITIES, Evidence, Finding, Party
from schemas.time import TimeWindow
from tests.support.desk import HOUR, MINUTE, MISSION, Desk, z

WHO = [p.id for p in MISSION.participants]
START = z("140400")
STATES = ["open", "acknowledged", "waived", "resolved-if-acknowledged", "closed"]

windows = st.builds(lambda at, hours: TimeWindow.exact(START + at * HOUR, START + (at + hours) * HOUR),
                    st.integers(0, 12), st.integers(1, 3))  # fmt: skip
evidence = st.builds(
    Evidence,
    at=st.none() | st.tuples(st.sampled_from([-27.0, -26.99, -26.975, -26.9]), st.just(2.0)),
    overlap=st.none() | windows,
)
parties = st.builds(Party, id=st.sampled_from(["", "o1", "o2", "o3", "o4", "o5"]), issuer=st.sampled_from(WHO))


def findings(identity: st.SearchStrategy[str]) -> st.SearchStrategy[Finding]:
    """Findings that may be near one another in every way."""
    return st.builds(
        Finding,
        id=identity,
        finding_kind=st.just("incompatible-activities"),
        severity=st.sampled_from(SEVERITIES),
        certainty=st.sampled_from(["definite", "possible", "unknown"]),
        state=st.sampled_from(STATES),
        parties=st.lists(parties, min_size=1, max_size=2).map(tuple),
        evidence=evidence,
        arbiter=st.sampled_from(["", "fhq-u3", "sn-hq"]),
        told=st.lists(st.sampled_from(WHO), max_size=3, unique=True).map(tuple),
        first_at=st.integers(0, 3).map(lambda h: START + h * HOUR),
        at=st.integers(3, 9).map(lambda h: START + h * HOUR),
    )


names = st.sampled_from(string.ascii_lowercase[:8])
distinct = st.lists(findings(names), max_size=8, unique_by=lambda f: f.id)
# Every finding in several states, each at a time of its own.
histories = st.lists(findings(names), max_size=14, unique_by=lambda f: (f.id, f.at))


def cards(desk: Desk) -> dict[str, Any]:
    """What stands on the board once everything is in: everything of open cards but clocks."""
    return {
        a.id: (a.members, [t.participant for t in a.told], a.severity, a.certainty, a.arbiter, a.parties, a.place, a.at,
               a.event_from, a.event_to, a.urgency, a.fingerprint)
        for a in desk.of_kind("conflict")
    }  # fmt: skip


def played(messages: Sequence[Finding]) -> Desk:
    """A desk that all of these were logged at."""
    desk = Desk()
    desk.now = START + 10 * HOUR
    for finding in messages:
        desk.take(finding)
    return desk


@given(histories, st.randoms(use_true_random=False))
def test_any_order_of_the_same_findings_gives_the_same_cards(messages: list[Finding], random: Any) -> None:
    shuffled = list(messages)
    random.shuffle(shuffled)
    assert cards(played(messages)) == cards(played(shuffled))


@given(histories)
def test_duplicates_change_nothing(messages: list[Finding]) -> None:
    once, twice = played(messages), played([m for m in messages for _ in "ab"])
    assert once.published == twice.published
    assert [twice.take(m) for m in messages] == [[] for _ in messages]


@given(distinct)
def test_a_card_is_a_connected_component(messages: list[Finding]) -> None:
    unsettled = {f.id: correlate.spot(f) for f in messages if f.state != "closed" and f.severity != "INFO"}
    label = {f: f for f in unsettled}
    for _ in unsettled:
        for a, b in combinations(unsettled, 2):
            if correlate.linked(unsettled[a], unsettled[b], Cards()):
                label[a] = label[b] = min(label[a], label[b])
    expected = {tuple(sorted(f for f in label if label[f] == one)) for one in label.values()}
    found = [
        tuple(m.finding for m in a.members if m.finding in unsettled) for a in played(messages).of_kind("conflict")
    ]
    active = {f.id for f in messages if f.state not in ("closed", "waived")}
    assert sorted(found) == sorted(c for c in expected if active.intersection(c))


@given(findings(st.just("a")), findings(st.just("b")))
def test_nearness_is_symmetric(a: Finding, b: Finding) -> None:
    here, there = correlate.spot(a), correlate.spot(b)
    assert correlate.linked(here, there, Cards()) == correlate.linked(there, here, Cards())


# -- whole days -------------------------------------------------------------------------------------------------------

Step = Callable[[Desk], object]


def _finding(finding: Finding) -> Step:
    return lambda desk: desk.finding(desk.now, replace(finding, first_at=min(desk.now, finding.first_at)))


def _contact(participant: str, state: str) -> Step:
    return lambda desk: desk.presence(desk.now, participant, state)


def _wait(minutes: int) -> Step:
    return lambda desk: desk.until(desk.now + minutes * MINUTE)


def _act(who: str, which: int, back: int, verb: str) -> Step:
    def act(desk: Desk) -> object:
        if not desk.published:
            return None
        alert = desk.published[which % len(desk.published)]
        newest = desk.board[alert.id]
        return desk.act(desk.now, who, newest, verb, seen=max(1, newest.rev - back))

    return act


steps = st.one_of(
    findings(names).map(_finding),
    st.builds(_contact, st.sampled_from(WHO), st.sampled_from(["lost", "regained"])),
    st.integers(1, 90).map(_wait),
    st.builds(_act, st.sampled_from(WHO), st.integers(0, 99), st.integers(0, 2),
              st.sampled_from(["acknowledge", "acknowledge", "escalate", "shelve"])),
)  # fmt: skip
days = st.lists(steps, max_size=30)


def lived(day: Sequence[Step], restart_at: Sequence[int] = ()) -> Desk:
    """A desk after a day, killed and started again before some steps."""
    desk = Desk()
    desk.now = START
    for i, step in enumerate(day):
        if i in restart_at:
            desk.restart()
        step(desk)
    desk.until(desk.now + 5 * HOUR)
    return desk


@given(days)
def test_live_equals_replay(day: list[Step]) -> None:
    first, second = lived(day), lived(day)
    assert (first.published, first.ids) == (second.published, second.ids)
    assert first.core.snapshot() == second.core.snapshot()


@given(days, st.sets(st.integers(0, 29), max_size=5))
def test_a_restart_from_a_snapshot_gives_the_same_effects(day: list[Step], restart_at: set[int]) -> None:
    straight, killed = lived(day), lived(day, sorted(restart_at))
    assert straight.ids == killed.ids
    assert straight.core.snapshot() == killed.core.snapshot()


@given(days)
def test_whoever_acknowledged_is_never_called_about(day: list[Step]) -> None:
    newest: dict[str, Alert] = {}
    for alert in lived(day).published:
        before = newest.get(alert.id)
        newest[alert.id] = alert
        if (
            alert.alert_kind == "late-acknowledgement"
            and alert.work == "raised"
            and alert.why in ("raised", "reopened")
        ):
            assert before is None or before.work == "resolved"
            (told,) = (t for t in newest[alert.card].told if t.participant == alert.about)
            assert told.late
            assert told.acknowledged_at is None
            assert newest[alert.card].work == "raised"


@given(days)
def test_every_revision_counts_one_up_and_nothing_is_published_twice(day: list[Step]) -> None:
    desk = lived(day)
    assert len(set(desk.ids)) == len(desk.ids)
    revs: dict[str, int] = {}
    for alert in desk.published:
        assert alert.rev == revs.get(alert.id, 0) + 1
        assert 1 <= alert.material_rev <= alert.rev
        revs[alert.id] = alert.rev


@given(days)
def test_an_open_call_or_notice_has_its_reason(day: list[Step]) -> None:
    desk = lived(day)
    for call in desk.of_kind("late-acknowledgement"):
        (told,) = (t for t in desk.board[call.card].told if t.participant == call.about)
        assert desk.board[call.card].work == "raised"
        assert told.late
        assert told.acknowledged_at is None
    unreachable = {t.participant for a in desk.of_kind("conflict") for t in a.told if t.unreachable}
    assert unreachable <= {a.about for a in desk.of_kind("contact-lost")}


@given(histories, st.permutations(WHO))
def test_no_name_of_a_nation_counts(messages: list[Finding], others: list[str]) -> None:
    named = dict(zip(WHO, others, strict=True))
    rename = msgspec.json.Decoder(Finding)

    def renamed(finding: Finding) -> Finding:
        swap = {**msgspec.to_builtins(finding)}
        swap["told"] = [named[p] for p in finding.told]
        swap["arbiter"] = named.get(finding.arbiter, "")
        swap["parties"] = [{**msgspec.to_builtins(p), "issuer": named[p.issuer]} for p in finding.parties]
        return rename.decode(msgspec.json.encode(swap))

    people = tuple(
        Participant(id=named[p.id], role=p.role, superior=named.get(p.superior, "")) for p in MISSION.participants
    )
    ours, theirs = played(messages), Desk(replace(MISSION, participants=people))
    theirs.now = START + 10 * HOUR
    for finding in messages:
        theirs.take(renamed(finding))
    summary = {a.id: (a.members, a.severity, {named[t.participant] for t in a.told}) for a in ours.of_kind("conflict")}
    assert summary == {
        a.id: (a.members, a.severity, {t.participant for t in a.told}) for a in theirs.of_kind("conflict")
    }
