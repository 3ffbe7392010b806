"""A nats-server of its own for a benchmark, and plain connections of the client library for baselines."""

import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import anyio
import nats
from nats.aio.client import Client as Plain

from coordinator import app, topology
from coordinator.core.mission import Mission
from coordinator.edges.clock import SystemClock
from coordinator.edges.nats import apply, connect
from coordinator.edges.server import run_server
from coordinator.ports import Bus
from coordinator.services.base import Runner, Setting
from coordinator.services.catalogue import chosen
from coordinator.topology import COORD, Topology
from tests.bench import traffic

MESSAGES: Final = 100_000  # in a full store


class Hub(NamedTuple):
    """A running server that holds what a mission's topology declares."""

    url: str
    declared: Topology
    setting: Setting
    open: Callable[[str], AbstractAsyncContextManager[Bus]]
    plain: Callable[[str], AbstractAsyncContextManager[Plain]]


@contextmanager
def a_folder() -> Iterator[Path]:
    """Make a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="coordinator-bench-") as folder:
        yield Path(folder)


@asynccontextmanager
async def hub(store: Path, *, sync_always: bool = True, mission: Mission | None = None) -> AsyncIterator[Hub]:
    """Run a server with a mission, or the sample mission, on a folder while the context is open."""
    mission = mission or traffic.mission()
    declared = topology.build(p.id for p in mission.participants)
    async with run_server(store, declared, sync_always=sync_always) as server:

        def creds(identity: str) -> Path:
            return server.credentials(topology.SERVICES if identity == COORD else identity)

        def opened(identity: str) -> AbstractAsyncContextManager[Bus]:
            return connect(server.url, creds(identity), identity)

        @asynccontextmanager
        async def plain(identity: str) -> AsyncIterator[Plain]:
            prefix = topology.reply_prefix(identity)
            client = await nats.connect(server.url, nkeys_seed=str(creds(identity)), inbox_prefix=prefix)
            try:
                yield client
            finally:
                await client.close()

        async with connect(server.url, creds(COORD), COORD) as bus:
            await apply(bus, declared)
        yield Hub(server.url, declared, app.setting_of(mission, "live", app.new_seed()), opened, plain)


@asynccontextmanager
async def all_services(at: Hub) -> AsyncIterator[list[Runner]]:
    """Run every service while the context is open."""
    opening = partial(at.open, COORD)
    async with app.running(opening, SystemClock(), at.setting, chosen()) as runners:
        yield runners


async def idle(runners: Sequence[Runner]) -> None:
    """Wait until no service has anything left to do."""
    quiet = 0
    while quiet < 2:  # twice, because one service's last effect may be another's input
        quiet = quiet + 1 if await app.settled(runners) else 0
        await anyio.sleep(0.02)


@cache
def full_store() -> Path:
    """Return the folder of a server that was stopped cleanly with a full log; it goes when this process ends."""
    folder = tempfile.mkdtemp(prefix="coordinator-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    anyio.run(_fill, Path(folder))
    return Path(folder)


async def _fill(store: Path) -> None:
    """Fill a log, let every service work through it, and stop them cleanly."""
    clock = SystemClock()
    async with hub(store, sync_always=False) as at, at.open(COORD) as bus:
        await app.announce(bus, clock, at.setting.mission, at.setting.code)
        messages = iter(traffic.log(MESSAGES, clock.now()))
        while batch := list(islice(messages, 1000)):
            await bus.publish(batch)
        async with all_services(at) as runners:
            await idle(runners)
