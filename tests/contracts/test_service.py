"""What `services.base.run` promises for every service: laws 1 and 2 of the design, at every moment of a crash."""

from collections.abc import Callable, Sequence
from contextlib import asynccontextmanager

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.core.mission import Mission, Participant
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.ports import Outgoing, Stored
from coordinator.services import base
from coordinator.services.base import Runner, Service, run, stamped
from coordinator.topology import COORD, build
from schemas import registry, subjects
from schemas.reports import TextMessage
from tests.support.folds import MINUTE, counter, setting

MISSION = Mission(name="test", participants=(Participant(id="xar"), Participant(id="xbl")))
T0 = 1_800_000_000_000_000
FORGOTTEN = 80 * 60 * MINUTE  # the log has forgotten its ids by then: only striking out what stands there helps


class Crash(Exception):
    """The process died."""


class Dying:
    """A bus that stores only some of what is published, and then its process is dead."""

    def __init__(self, bus, left: int) -> None:
        self._bus, self.left = bus, left

    def __getattr__(self, name: str):
        return getattr(self._bus, name)

    async def publish(self, messages: Sequence[Outgoing], *, deadline_s: float = 30.0) -> list[Stored]:
        if len(messages) > self.left:
            await self._bus.publish(messages[: self.left])
            raise Crash
        self.left -= len(messages)
        return await self._bus.publish(messages)


def broker(clock: ManualClock) -> MemoryBroker:
    return MemoryBroker(build(p.id for p in MISSION.participants), clock)


def record(number: int, at: int) -> Outgoing:
    envelope = registry.pack(TextMessage(text=f"text {number}"), id=f"m{number}", originator="xar")
    headers = {"Logged-At": str(at), "Service": "intake"}
    return stamped(subjects.record("message", "xar"), registry.encode(envelope), f"xar/m{number}:1", headers)


async def write(world: MemoryBroker, numbers: Sequence[int], at: int) -> None:
    async with world.connect(COORD) as bus:
        await bus.publish([record(n, at) for n in numbers])


@asynccontextmanager
async def running(
    world: MemoryBroker, service: Service, *, wrap: Callable = lambda bus: bus, code: str = "test",
    mission: Mission = MISSION,
):  # fmt: skip
    async with world.connect(COORD) as bus, anyio.create_task_group() as group:
        runner: Runner = await group.start(run, service, wrap(bus), world.clock, setting(mission, code))
        yield runner
        group.cancel_scope.cancel()


async def settle(world: MemoryBroker, runner: Runner) -> None:
    with anyio.fail_after(5):
        while not await runner.settled():
            await anyio.lowlevel.checkpoint()


async def pass_time(world: MemoryBroker, runner: Runner, minutes: int) -> None:
    await world.clock.advance(world.clock.now() + minutes * MINUTE)
    await settle(world, runner)


async def alerts(world: MemoryBroker) -> list[tuple[str, str]]:
    async with world.connect(COORD) as bus, bus.read("LOG", (subjects.ALL_ALERTS,)) as reader:
        found = []
        while await reader.pending():
            found += [(d.subject, d.headers["Nats-Msg-Id"]) for d in await reader.batch()]
        return found


async def undisturbed(numbers: int) -> list[tuple[str, str]]:
    world = broker(ManualClock(T0))
    async with running(world, counter()) as runner:
        await write(world, range(numbers), T0)
        await settle(world, runner)
        await pass_time(world, runner, 2)
    return await alerts(world)


async def test_effects_are_written_once_and_a_timer_is_acted_on_when_it_is_read_back():
    """Live: every message has its two effects, and the timer's effect follows its tick in the log."""
    found = [subject for subject, _ in await undisturbed(3)]
    assert found == [
        "alert.n0-1", "alert.n1-1", "alert.n0-2", "alert.n1-2", "alert.n0-3", "alert.n1-3", f"alert.late-{T0 + MINUTE}",
    ]  # fmt: skip


@given(left=st.integers(0, 8), more=st.integers(0, 8), snapshots=st.booleans())
async def test_a_crash_between_any_two_effects_loses_and_doubles_nothing(left, more, snapshots):
    """Die after any number of effects, twice, with or without snapshots: the log ends as if nothing had happened."""
    world = broker(ManualClock(T0))
    await write(world, range(3), T0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "SNAPSHOT_EVERY", 1 if snapshots else 10_000)
        for budget in (left, more):
            try:
                async with running(world, counter(), wrap=lambda bus, n=budget: Dying(bus, n)) as runner:
                    await settle(world, runner)
                    await pass_time(world, runner, 2)
            except BaseExceptionGroup as group:
                assert group.split(Crash)[1] is None  # anything else is a failure of its own
            await world.clock.advance(world.clock.now() + FORGOTTEN)
        async with running(world, counter()) as runner:
            await settle(world, runner)
            await pass_time(world, runner, 2)
    assert sorted(await alerts(world)) == sorted(await undisturbed(3))


async def test_two_instances_side_by_side_write_each_effect_once():
    """Both owe the same ids, so the second write is a duplicate."""
    world = broker(ManualClock(T0))
    async with running(world, counter()) as one, running(world, counter()) as two:
        await write(world, range(5), T0)
        for runner in (one, two):
            await settle(world, runner)
        await world.clock.advance(T0 + 2 * MINUTE)
        for runner in (one, two):
            await settle(world, runner)
    assert sorted(await alerts(world)) == sorted(await undisturbed(5))


async def test_what_a_core_concludes_live_equals_what_it_concludes_from_the_log():
    """Law 2: fold the log again with a fresh core; the effects are the ones that stand in it."""
    world = broker(ManualClock(T0))
    async with running(world, counter()) as runner:
        for number in range(4):
            await write(world, [number], world.clock.now())
            await settle(world, runner)
            await pass_time(world, runner, 1)
    again = counter().build(setting(MISSION))
    recomputed = []
    async with world.connect(COORD) as bus, bus.read("LOG", (subjects.records("message"), "tick.counter")) as reader:
        now = 0
        while await reader.pending():
            for delivery in await reader.batch():
                now = max(now, base.logged_at(delivery))
                message = base.opened(delivery, now)
                effects = again.wake(now, message) if delivery.subject == "tick.counter" else again.handle(message)
                recomputed += [(e.subject, base.outgoing(e, "counter", now).id) for e in effects]
    assert recomputed == await alerts(world)


async def test_a_clean_stop_keeps_a_snapshot_and_a_restart_goes_on_from_it():
    """The next start reads only what came after; with other code it reads everything."""
    world = broker(ManualClock(T0))
    async with running(world, counter()) as runner:
        await write(world, range(3), T0)
        await settle(world, runner)
    async with running(world, counter()) as runner:
        assert (await runner.status()).handled == 0
        assert runner.core.state.total == 3
    async with running(world, counter(), code="other") as runner:
        assert (await runner.status()).handled > 0


async def test_a_damaged_snapshot_is_ignored():
    """A snapshot that cannot be read, or was changed, costs time and nothing else."""
    world = broker(ManualClock(T0))
    async with running(world, counter()) as runner:
        await write(world, range(3), T0)
        await settle(world, runner)
    kept = world.snapshots["counter"]
    for damaged in (b"rubbish", kept[:-1] + bytes([kept[-1] ^ 1])):
        world.snapshots["counter"] = damaged
        async with running(world, counter()) as runner:
            assert runner.core.state.total == 3
            assert (await runner.status()).handled > 0


async def test_time_never_runs_backwards_for_a_core():
    """An input that was stamped earlier than the one before is handled at the later of the two times."""
    world = broker(ManualClock(T0))
    async with running(world, counter()) as runner:
        await write(world, [1], T0 + MINUTE)
        await write(world, [2], T0)
        await settle(world, runner)
        assert runner.core.state.due == [T0 + 2 * MINUTE, T0 + 2 * MINUTE]


async def test_a_service_says_how_it_is_doing():
    """`ask.<p>.<service>.status` is answered by every service; an unknown verb is refused with those it knows."""
    world = broker(ManualClock(T0))
    async with running(world, counter()), world.connect("xar") as xar:
        [part] = [p.data async for p in xar.ask("ask.xar.counter.status", b"") if p.data]
        assert b'"service":"counter"' in part
        with pytest.raises(Exception, match="it answers: status"):
            [p async for p in xar.ask("ask.xar.counter.nonsense", b"")]
