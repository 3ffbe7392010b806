"""A bus in memory with some services on it, at a moment that passes only when a test says so."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import NamedTuple

from coordinator import app, topology
from coordinator.client import Client, Item, Outcome
from coordinator.core.mission import Mission
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.services.base import Runner
from coordinator.services.catalogue import chosen
from coordinator.topology import COORD
from tests.support.settling import drained

NOW = 1_805_007_600_000_000  # 2027-03-14T07:00:00Z


class Small(NamedTuple):
    """A running bus: clients of it, and its clock."""

    broker: MemoryBroker
    runners: Sequence[Runner]
    clock: ManualClock

    def client(self, participant: str) -> AbstractAsyncContextManager[Client]:
        """Return a participant's client."""
        return _client(self, participant)

    async def send(self, participant: str, *items: Item, on_behalf_of: str = "") -> list[Outcome]:
        """Send inputs and return what became of them, when everything is settled."""
        async with self.client(participant) as client:
            outcomes = [o async for o in client.send(items, on_behalf_of=on_behalf_of)]
        await drained(self.runners)
        return outcomes


@asynccontextmanager
async def _client(small: Small, participant: str) -> AsyncIterator[Client]:
    async with small.broker.connect(participant) as bus:
        yield Client(bus, participant, small.clock)


Running = Callable[..., AbstractAsyncContextManager[Small]]


@asynccontextmanager
async def running(
    mission: Mission,
    names: tuple[str, ...] = ("log", "release", "intake"),
    *,
    broker: MemoryBroker | None = None,
    code: str = "",
) -> AsyncIterator[Small]:
    """Run services in memory; a broker that is given goes on with what it holds."""
    world = broker or MemoryBroker(topology.build(p.id for p in mission.participants), ManualClock(NOW))
    clock = world.clock
    setting = app.setting_of(mission, "live", app.new_seed())
    setting = setting._replace(code=code) if code else setting
    async with app.running(partial(world.connect, COORD), clock, setting, chosen(names)) as runners:
        yield Small(world, runners, clock)
