"""What positions lead to is in the log once, however often its service dies, and however many of them run."""

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordinator.core.measures import Coverage
from coordinator.core.mission import Mission, Participant, Place
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.ports import Outgoing
from coordinator.services import base
from coordinator.services.base import stamped
from coordinator.services.tracks import SERVICE
from coordinator.topology import COORD, LOG
from schemas import registry, subjects
from schemas.envelope import UnitRef
from schemas.geo import Position
from schemas.operations import Whereabouts
from schemas.reports import PositionReport
from schemas.time import TimeValue
from tests.contracts.test_service import FORGOTTEN, Crash, Dying, broker, running, settle
from tests.support.folds import MINUTE

MISSION = Mission(
    name="test", participants=(Participant(id="xar"), Participant(id="xbl")),
    places=(Place(name="OP 4-7", lat=2.25, lon=-27.15),), coverage=(Coverage(place="OP 4-7"),),
)  # fmt: skip
T0 = 1_800_000_000_000_000
NORTH = (0.0, 0.0, 0.01, 0.02, 0.0, 0.0, 0.03)
"""Degrees north of the post, ten minutes apart: there, there, gone, gone, back, back, gone."""
WORDS = [("at", 1), ("left", 3), ("at", 5), ("left", 7)]


def track(number: int) -> Outgoing:
    at = T0 + number * 10 * MINUTE
    where = Position(lat=2.25 + NORTH[number], lon=-27.15)
    body = PositionReport(subject=UnitRef(id="carrier 1"), position=where, at=TimeValue(utc=at))
    envelope = registry.pack(body, id=f"p{number}", originator="xbl")
    headers = {"Logged-At": str(at), "Service": "intake"}
    return stamped(subjects.position("xbl"), registry.encode(envelope), f"xbl/p{number}:1", headers)


async def report(world: MemoryBroker, numbers: Sequence[int]) -> None:
    async with world.connect(COORD) as bus:
        await bus.publish([track(n) for n in numbers])


async def words(world: MemoryBroker) -> list[tuple[str, int]]:
    found = []
    async with world.connect(COORD) as bus, bus.read(LOG, (subjects.ALL_WHEREABOUTS,)) as reader:
        while await reader.pending():
            for delivery in await reader.batch():
                body = registry.body(registry.envelope(delivery.data))
                assert isinstance(body, Whereabouts)
                found.append((body.state, body.position))
    return found


async def test_positions_become_a_word_a_change() -> None:
    world = broker(ManualClock(T0))
    async with running(world, SERVICE, mission=MISSION) as runner:
        for number in range(len(NORTH)):
            await report(world, [number])
            await settle(world, runner)
    assert await words(world) == WORDS


async def test_two_instances_side_by_side_write_each_word_once() -> None:
    world = broker(ManualClock(T0))
    async with running(world, SERVICE, mission=MISSION) as one, running(world, SERVICE, mission=MISSION) as two:
        for number in range(len(NORTH)):
            await report(world, [number])
        for runner in (one, two):
            await settle(world, runner)
    assert await words(world) == WORDS


@settings(max_examples=25, deadline=None)
@given(left=st.integers(0, 4), more=st.integers(0, 4), snapshots=st.booleans(), seen=st.integers(0, len(NORTH)))
async def test_a_crash_between_any_two_words_loses_and_doubles_nothing(left, more, snapshots, seen) -> None:
    """Die after any number of words, twice, so long ago that only the log itself remembers what was written."""
    world = broker(ManualClock(T0))
    await report(world, range(seen))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "SNAPSHOT_EVERY", 1 if snapshots else 10_000)
        for budget in (left, more):
            try:
                wrap = partial(Dying, left=budget)
                async with running(world, SERVICE, mission=MISSION, wrap=wrap) as runner:
                    await settle(world, runner)
            except BaseExceptionGroup as group:
                assert group.split(Crash)[1] is None  # anything else is a failure of its own
            await world.clock.advance(world.clock.now() + FORGOTTEN)
        await report(world, range(seen, len(NORTH)))
        async with running(world, SERVICE, mission=MISSION) as runner:
            await settle(world, runner)
    assert await words(world) == WORDS
