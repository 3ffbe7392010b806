"""A server and services in this process: ``async with house(folder, MISSION) as home, home.services() as runners``."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from coordinator import app, topology
from coordinator.client import Client
from coordinator.core.mission import Mission
from coordinator.edges.clock import SystemClock
from coordinator.edges.nats import apply, connect
from coordinator.edges.server import Server, run_server
from coordinator.ports import Bus
from coordinator.services.base import Runner, Service
from coordinator.services.catalogue import chosen
from coordinator.topology import COORD, SERVICES
from tests.support.buses import connected
from tests.support.chaos import until


class House:
    """A running bus."""

    def __init__(self, server: Server, mission: Mission, bus: Callable[[str], object], seed: bytes) -> None:
        self.server, self.mission, self._bus = server, mission, bus
        self.setting = app.setting_of(mission, "live", seed)

    async def client(self, participant: str) -> Client:
        """Connect as a participant."""
        return Client(await self.bus(participant), participant, SystemClock())

    async def bus(self, identity: str = COORD) -> Bus:
        """Connect under an identity."""
        opened: Bus = await self._bus(identity)  # type: ignore[misc]
        return opened

    @asynccontextmanager
    async def services(self, services: Sequence[Service] = ()) -> AsyncIterator[list[Runner]]:
        """Run services, all of them if none is named, while the context is open."""
        opening = partial(connect, self.server.url, self.server.credentials(SERVICES), COORD)
        async with app.running(opening, SystemClock(), self.setting, services or chosen()) as runners:
            yield runners


@asynccontextmanager
async def house(folder: Path, mission: Mission) -> AsyncIterator[House]:
    """Open a server on a folder with everything that the mission declares; services are started by the test."""
    declared = topology.build(p.id for p in mission.participants)
    # Nothing here loses power, so nothing waits for the disk; what is stored outlives the processes all the same.
    async with run_server(folder, declared, sync_always=False) as server, connected(server) as bus:
        await apply(await bus(COORD), declared)  # type: ignore[arg-type]
        seed = folder / app.SEAL_FILE
        if not seed.exists():
            seed.write_bytes(app.new_seed())
        yield House(server, mission, bus, seed.read_bytes())


async def settle(runners: Sequence[Runner], within_s: float = 20) -> None:
    """Wait until no service has anything left to do."""
    await until("the services have settled", lambda: app.settled(runners), within_s)
