"""Buses for tests: ``async with open_nats(("xar", "ylu"), tmp_path) as bus: coord = await bus("coord")``.

Each opens a bus of its own and gives a factory; what the factory opened is closed with the context.
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol

import anyio
from anyio.abc import TaskStatus

from coordinator import topology
from coordinator.edges.clock import SystemClock
from coordinator.edges.memory import MemoryBroker
from coordinator.edges.nats import apply, connect
from coordinator.edges.server import Server, run_server
from coordinator.edges.tasks import beside
from coordinator.ports import Bus, Clock
from coordinator.topology import COORD, SERVICES, Realm


class Buses(Protocol):
    """Opens a connection of an identity."""

    async def __call__(self, identity: str, /, name: str = "") -> Bus: ...


def _declared(participants: Iterable[str], realm: Realm, max_bytes: Mapping[str, int] | None) -> topology.Topology:
    """Return a topology in which everybody is also sent to by mail."""
    ids = tuple(participants)
    return topology.build(ids, realm, max_bytes=max_bytes, channels=dict.fromkeys(ids, ("smtp",)))


@asynccontextmanager
async def open_memory(
    participants: Iterable[str],
    *,
    clock: Clock | None = None,
    realm: Realm = "live",
    max_bytes: Mapping[str, int] | None = None,
    broker: MemoryBroker | None = None,
) -> AsyncIterator[Buses]:
    """Open a bus in memory; pass a ``broker`` to come back to one that was there before."""
    declared = _declared(participants, realm, max_bytes)
    used = broker or MemoryBroker(declared, clock or SystemClock())
    async with AsyncExitStack() as stack:

        async def bus(identity: str, name: str = "") -> Bus:
            return await stack.enter_async_context(used.connect(identity, name=name))

        yield bus


@asynccontextmanager
async def open_nats(
    participants: Iterable[str],
    store: Path,
    *,
    realm: Realm = "live",
    max_bytes: Mapping[str, int] | None = None,
    sync_always: bool = True,
) -> AsyncIterator[Buses]:
    """Open a bus on a nats-server of its own, which keeps what it holds in ``store``."""
    declared = _declared(participants, realm, max_bytes)
    async with (
        run_server(store, declared, sync_always=sync_always) as server,
        connect(server.url, server.credentials(SERVICES), COORD, realm) as coord,
    ):
        await apply(coord, declared)
        async with connected(server, realm) as bus:
            yield bus


@asynccontextmanager
async def connected(server: Server, realm: Realm = "live") -> AsyncIterator[Buses]:
    """Give a factory of connections to a server; each lives in a task of its own, so it can be opened anywhere."""
    done = anyio.Event()

    async def hold(identity: str, name: str, *, task_status: TaskStatus[Bus]) -> None:
        user = SERVICES if identity == COORD else identity
        async with connect(server.url, server.credentials(user), identity, realm, name=name) as bus:
            task_status.started(bus)
            await done.wait()

    async with beside() as tasks:

        async def bus(identity: str, name: str = "") -> Bus:
            opened: Bus = await tasks.start(hold, identity, name)
            return opened

        yield bus
        done.set()
