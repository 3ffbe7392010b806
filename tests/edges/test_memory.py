"""The bus in memory in virtual time, and the clock that it runs on."""

import anyio
from anyio.lowlevel import checkpoint

from coordinator import topology
from coordinator.edges.clock import ManualClock, SystemClock
from coordinator.edges.memory import MemoryBroker
from coordinator.ports import TTL, Outgoing
from coordinator.topology import BOARD, COORD, INTAKE, LOG, RAW
from schemas import subjects
from tests.support.buses import open_memory

SECOND = 1_000_000
HOUR = 3600 * SECOND


def record(number: int) -> Outgoing:
    return Outgoing(subjects.record("sitrep", "xar"), b"{}", f"{number}", {})


def sitrep(number: int) -> Outgoing:
    return Outgoing(subjects.native("xar", "sitrep"), b"{}", f"{number}", {})


async def test_an_id_is_forgotten_behind_its_window() -> None:
    clock = ManualClock()
    async with open_memory(["xar"], clock=clock) as bus:
        coord = await bus(COORD)
        await coord.publish([record(1)])
        await clock.advance(72 * HOUR)
        assert (await coord.publish([record(1)]))[0].duplicate
        await clock.advance(72 * HOUR + 1)
        assert not (await coord.publish([record(1)]))[0].duplicate


async def test_what_nobody_acknowledged_comes_again_later_and_later() -> None:
    clock = ManualClock()
    async with open_memory(["xar"], clock=clock) as bus:
        coord, xar = await bus(COORD), await bus("xar")
        await xar.publish([sitrep(1)])
        deliveries: list[int] = []

        async def work() -> None:
            async with coord.consume(RAW, INTAKE) as share:
                while True:
                    await share.batch()
                    deliveries.append(clock.now())

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(work)
            for _ in range(10):
                await checkpoint()
            await clock.advance(600 * SECOND)
            tasks.cancel_scope.cancel()
        assert deliveries == [0, 10 * SECOND, 40 * SECOND, 100 * SECOND, 400 * SECOND]


async def test_a_message_with_a_life_ends_with_it() -> None:
    clock = ManualClock()
    async with open_memory(["xar"], clock=clock) as bus:
        coord, xar = await bus(COORD), await bus("xar")
        await coord.publish([Outgoing(subjects.board("xar", "receipt", "i"), b"", "1", {TTL: "60"})])
        assert (await xar.state(BOARD)).messages == 1
        await clock.advance(60 * SECOND)
        assert (await xar.state(BOARD)).messages == 0


async def test_a_broker_outlives_its_connections() -> None:
    broker = MemoryBroker(topology.build(["xar"]), SystemClock())
    async with broker.connect(COORD) as coord:
        await coord.publish([record(1)])
    async with broker.connect(COORD) as coord:
        assert (await coord.state(LOG)).messages == 1
        assert (await coord.publish([record(1)]))[0].duplicate


async def test_sleepers_wake_in_order_each_at_its_time() -> None:
    clock, woken = ManualClock(), list[tuple[str, int]]()

    async def sleeper(name: str, *times: int) -> None:
        for when in times:
            await clock.sleep_until(when)
            woken.append((name, clock.now()))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(sleeper, "late", 30)
        tasks.start_soon(sleeper, "often", 10, 20, 40)
        tasks.start_soon(sleeper, "never", 99)
        for _ in range(5):
            await checkpoint()
        assert clock.next_sleeper() == 10
        await clock.advance(50)
        assert woken == [("often", 10), ("often", 20), ("late", 30), ("often", 40)]
        assert (clock.now(), clock.next_sleeper()) == (50, 99)
        await clock.advance(1)
        assert clock.now() == 50
        tasks.cancel_scope.cancel()
    assert clock.next_sleeper() is None


async def test_the_machines_clock_sleeps_until_a_time() -> None:
    clock = SystemClock()
    when = clock.now() + 20_000
    with anyio.fail_after(5):
        await clock.sleep_until(when)
        await clock.sleep_until(0)
    assert clock.now() >= when
