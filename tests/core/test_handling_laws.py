"""Laws of what officers do: whatever they do in whatever order, the axes of a card stay apart and somebody has it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.handling.refusing import CHECKS, differ, longest
from coordinator.core.measures import Handling
from coordinator.core.mission import Acknowledge
from schemas.alerts import Alert, Deed
from tests.support.desk import HOUR, MINUTE, make_finding, z
from tests.support.happenings import PEOPLE, SHOTS, Room, only_happenings

WHO: Final = [p.id for p in PEOPLE.participants]
MISSION: Final = replace(
    PEOPLE,
    acknowledge=Acknowledge(flash_valid_s=600.0, immediate_valid_s=3600.0),
    handling=Handling(two_person=True, shelve_routine_s=7200.0),
)
OVER: Final = ("resolved", "superseded")
SEVERITIES: Final = ("CRITICAL", "HIGH", "MEDIUM", "LOW")


@pytest.fixture(autouse=True, scope="module")
def happenings() -> Iterator[None]:
    with only_happenings():
        yield


Step = Callable[[Room], object]


def _happen(severity: Any, over: bool, parties: tuple[str, ...]) -> Step:
    return lambda room: room.happen(room.now, replace(SHOTS, severity=severity, over=over, parties=parties))


def _find(name: str, severity: str, state: str) -> Step:
    return lambda room: room.finding(room.now, make_finding(name, severity=severity, state=state))


def _contact(who: str, state: str) -> Step:
    return lambda room: room.presence(room.now, who, state)


def _wait(minutes: int) -> Step:
    return lambda room: room.until(room.now + minutes * MINUTE)


def _act(who: str, which: int, back: int, verb: str, more: dict[str, Any]) -> Step:
    def act(room: Room) -> object:
        names = sorted(room.board)
        if not names:
            return None
        card = room.board[names[which % len(names)]]
        until = {"until": room.now + more["minutes"] * MINUTE} if more["minutes"] else {}
        said = {"note": more["note"], "to": more["to"], "officer": more["officer"]}
        return room.act(room.now, who, card, verb, seen=max(1, card.rev - back), **until, **said)

    return act


mores = st.fixed_dictionaries(
    {
        "minutes": st.sampled_from([0, 3, 30, 55, 300]),
        "note": st.sampled_from(["", "because", "because"]),
        "to": st.sampled_from(WHO),
        "officer": st.sampled_from(["", "watch officer", "legal officer"]),
    }
)
acts = st.builds(
    _act, st.sampled_from(WHO), st.integers(0, 9), st.sampled_from([0, 0, 0, 1]), st.sampled_from(sorted(CHECKS)), mores
)
steps = st.one_of(
    acts,
    acts,
    acts,
    st.builds(
        _happen,
        st.sampled_from(["Extreme", "Severe", "Moderate"]),
        st.sampled_from([False, False, True]),
        st.sampled_from([("xar-batt",), ("xar-batt", "xbl-batt")]),
    ),
    st.builds(_find, st.sampled_from("ab"), st.sampled_from(SEVERITIES), st.sampled_from(["open", "open", "closed"])),
    st.builds(_contact, st.sampled_from(WHO), st.sampled_from(["lost", "regained"])),
    st.integers(1, 90).map(_wait),
)
days = st.lists(steps, max_size=25)


def lived(day: Sequence[Step], restart_at: Sequence[int] = ()) -> Room:
    """A room after a day that began with shots, killed and started again before some steps."""
    room = Room(MISSION)
    room.happen("140405")
    for i, step in enumerate(day):
        if i in restart_at:
            room.restart()
        step(room)
    room.until(room.now + 5 * HOUR)
    return room


def revisions(room: Room) -> dict[str, list[Alert]]:
    """Every revision of every card."""
    found: dict[str, list[Alert]] = {}
    for alert in room.published:
        found.setdefault(alert.id, []).append(alert)
    return found


@given(days)
def test_an_open_card_has_an_owner_and_a_shelf_is_bounded_and_never_extreme(day: list[Step]) -> None:
    for alert in lived(day).published:
        if alert.work not in OVER:
            assert alert.owner
        if alert.shelved:
            assert alert.work not in OVER
            assert alert.severity != "Extreme"
            assert alert.shelved.until - alert.changed_at <= max(
                longest(s, MISSION.handling) for s in ("Severe", "Moderate", "Minor")
            )
            assert alert.shelved.why.strip()
            assert all(t.due is None for t in alert.told)


@given(days)
def test_escalation_never_falls_and_only_work_that_was_closed_by_hand_or_facts_is_over(day: list[Step]) -> None:
    for history in revisions(lived(day)).values():
        for before, after in pairwise(history):
            assert after.rev == before.rev + 1
            assert after.escalation >= before.escalation or before.work in OVER
            if before.work not in OVER and after.work == "resolved" and after.id == "shots" and after.closing:
                assert after.closing[-1].why.strip()
                assert after.closing[-1].officer.strip()
                assert after.severity != "Extreme" or differ(*after.closing)


@given(days)
def test_what_is_in_progress_was_acknowledged_by_somebody_who_has_it(day: list[Step]) -> None:
    for alert in lived(day).published:
        if alert.work == "in-progress":
            assert alert.owner
            assert any(t.acknowledged_at is not None for t in alert.told)


@given(days)
def test_a_card_that_somebody_works_on_changes_hands_only_by_an_act(day: list[Step]) -> None:
    """Neither time nor a change of facts gives it to somebody else; only what is open again begins anew."""
    for history in revisions(lived(day)).values():
        for before, after in pairwise(history):
            by_act = {"acknowledged", "taken", "handed-over", "shelved", "handover-offered", "closing", "resolved"}
            if before.owner != after.owner and before.work == "in-progress":
                assert {*after.why.split()} & (by_act | {"merged"})


@given(days, st.sets(st.integers(0, 24), max_size=4))
def test_a_restart_changes_nothing(day: list[Step], restart_at: set[int]) -> None:
    straight, killed = lived(day), lived(day, sorted(restart_at))
    assert straight.ids == killed.ids
    assert straight.core.snapshot() == killed.core.snapshot()


@given(days)
def test_no_answer_goes_to_anybody_but_who_acted(day: list[Step]) -> None:
    for alert in lived(day).published:
        if alert.alert_kind == "not-accepted":
            assert len(alert.told) == 1
            assert alert.told[0].due is None


deeds = st.builds(Deed, by=st.sampled_from("ab"), officer=st.sampled_from(["", "x", "X ", "y"]),
                  typed_by=st.sampled_from(["", "a", "c"]), spoken_by=st.sampled_from(["", "x", "z"]))  # fmt: skip


@given(deeds, deeds)
def test_two_persons_are_two_whoever_was_first_and_nobody_is_two(a: Deed, b: Deed) -> None:
    assert differ(a, b) == differ(b, a)
    assert not differ(a, a)
    if (a.typed_by or a.by) == (b.typed_by or b.by) and not (a.officer.strip() and b.officer.strip()):
        assert not differ(a, b)


def test_an_end_of_every_sort_falls_on_the_day_that_the_laws_live() -> None:
    """The laws above would say nothing if nothing were ever shelved, lapsed or closed."""
    room = Room(MISSION)
    room.happen("140405")
    room.do("140406", "sn-hq", "take")
    room.do("140407", "sn-hq", "handover", to="fhq-u3")
    room.do("140408", "sn-hq", "shelve", until=z("140438"), note="because")
    room.until("140600")
    room.do("140601", "sn-hq", "resolve", note="because", officer="watch officer")
    said = {word for a in room.published for word in a.why.split()}
    assert {"taken", "handover-offered", "handover-lapsed", "shelved", "shelf-ends-soon", "shelf-ended"} <= said
    assert {"closing", "resolved"} <= said
