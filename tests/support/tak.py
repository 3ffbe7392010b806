"""TAK clients for tests of the bearer: plain ones on real sockets, and the bearer running for them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
from anyio.abc import ByteStream, SocketAttribute

from adapters import xml
from adapters.cot.stream import Splitter
from coordinator.edges import endpoints
from coordinator.edges.clock import SystemClock
from coordinator.edges.tak import serve
from coordinator.edges.tak.words import Event
from coordinator.ports import Clock
from tests.support.gates import FakeGate


def event(uid: str, n: int = 0, kind: str = "a-f-G-U-C", detail: str = "") -> bytes:
    return (
        f'<event version="2.0" uid="{uid}" type="{kind}" how="m-g" time="2027-01-15T08:00:{n % 60:02}.{n // 60:03}Z" '
        'start="2027-01-15T08:00:00.000Z" stale="2027-01-15T08:05:00.000Z">'
        '<point lat="10.5" lon="20.25" hae="5.0" ce="9.0" le="9.0"/>'
        f'<detail><contact callsign="{uid}"/>{detail}</detail></event>'
    ).encode()


def broken(uid: str) -> bytes:
    return event(uid).replace(b"<point", b"<<point")


class Client:
    """A TAK client that keeps what it hears, as events."""

    def __init__(self, stream: ByteStream) -> None:
        self.stream = stream
        self._splitter = Splitter()
        self._heard: list[bytes] = []

    async def send(self, *events: bytes) -> None:
        await self.stream.send(b"".join(events))

    async def next(self) -> bytes:
        """Return the next event."""
        with anyio.fail_after(5):
            while not self._heard:
                self._heard += [cut.data for cut in self._splitter.feed(await self.stream.receive())]
        return self._heard.pop(0)

    async def until(self, kind: str) -> Event:
        """Return the next event whose type begins like this; what comes before is passed over."""
        while not (found := Event(await self.next())).kind.startswith(kind):
            continue
        return found

    async def answers(self) -> None:
        """Return when everything that was sent before has been read: a ping sent now has been answered."""
        await self.send(event("me-ping", kind="t-x-c-t"))
        await self.until("t-x-c-t-r")

    async def goodbye(self) -> None:
        """Return when the other side has ended the connection."""
        with anyio.fail_after(5):
            try:
                while True:
                    await self.stream.receive()
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return


class Served:
    """A bearer that runs: where it listens, and clients of it."""

    def __init__(self, where: tuple[str, ...], clients: list[Client]) -> None:
        self.ports = [int(one.split()[0].rpartition(":")[2]) for one in where]
        self._clients = clients

    async def client(self, port: int = 0, **buffer: int) -> Client:
        """Connect to a plain port; the first by default."""
        stream = await anyio.connect_tcp("127.0.0.1", port or self.ports[0])
        if buffer:
            raw = stream.extra(SocketAttribute.raw_socket)  # noqa: S610 - anyio's `extra`, not a database's
            raw.setsockopt(1, 8, buffer["buffer"])  # SOL_SOCKET, SO_RCVBUF
        self._clients.append(Client(stream))
        return self._clients[-1]


@asynccontextmanager
async def served(
    *gates: FakeGate, clock: Clock | None = None, store: Path = Path(), **at: Any
) -> AsyncIterator[Served]:
    """Serve these gates: by default the first one on a plain port of the system's choice."""
    place = endpoints.Tak(**at) if at else endpoints.Tak(plain={gate.participant: "127.0.0.1:0" for gate in gates})
    clients: list[Client] = []
    async with anyio.create_task_group() as group:
        where = await group.start(partial(serve, list(gates), place, store, clock or SystemClock()))
        try:
            yield Served(where, clients)
        finally:
            group.cancel_scope.cancel()
            with anyio.CancelScope(shield=True):
                for client in clients:
                    await client.stream.aclose()


def xar(**profile: Any) -> FakeGate:
    return FakeGate("xar", "tak", **profile)


def said(data: bytes) -> str:
    """Return the text of a chat."""
    return xml.leaves(xml.parse(data))["event/detail/remarks"]


async def eventually(condition: Callable[[], object]) -> None:
    with anyio.fail_after(5):
        while not condition():
            await anyio.lowlevel.checkpoint()
