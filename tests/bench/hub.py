"""A nats-server of its own for a benchmark, and plain connections of the client library for baselines."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import nats
from nats.aio.client import Client as Plain

from coordinator import app, config, topology
from coordinator.core.mission import Mission
from coordinator.edges.nats import apply, connect
from coordinator.edges.server import run_server
from coordinator.ports import Bus
from coordinator.services.base import Setting
from coordinator.topology import COORD, Topology


class Hub(NamedTuple):
    """A running server that holds what a mission's topology declares."""

    url: str
    declared: Topology
    setting: Setting
    open: Callable[[str], AbstractAsyncContextManager[Bus]]
    plain: Callable[[str], AbstractAsyncContextManager[Plain]]


@asynccontextmanager
async def hub(mission: Mission | None = None, *, sync_always: bool = True) -> AsyncIterator[Hub]:
    """Run a server while the context is open."""
    of = mission or config.parse(config.starter(), "starter.toml")
    declared = topology.build(p.id for p in of.participants)
    with tempfile.TemporaryDirectory(prefix="coordinator-bench-") as folder:
        async with run_server(Path(folder), declared, sync_always=sync_always) as server:

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
            yield Hub(server.url, declared, app.setting_of(of, "live", app.new_seed()), opened, plain)
