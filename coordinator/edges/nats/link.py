"""A connection that heals itself, without an await on its data path.

The client library connects, authenticates, parses and reconnects. Everything else is done here, because its own
coroutines swallow cancellation (`_flush_pending`), wedge the read loop when cancelled (`flush`) and stay dead once
closed:

* writing appends a finished command to the library's buffer and kicks its flusher;
* a subscription's messages go from the read loop straight into a function, which must be quick;
* what was buffered when the connection broke is thrown away: publishers, pullers and subscriptions send again what
  they still mean, in order;
* `supervisor` probes a silent connection and rebuilds a client that closed for good or lost its read loop.

Some private names of the library are used (`_pending`, `_flush_queue`, `_pongs`, `_subs`); `tests/edges/test_nats.py`
fails if a new version moves them.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import anyio
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from coordinator import log
from coordinator.edges.clock import monotonic
from coordinator.edges.nats.denials import Denials
from coordinator.edges.nats.login import Login
from coordinator.edges.nats.quick import QuickClient

Take = Callable[[Msg], None]

_BUFFER = 1024 * 1024  # bytes that may wait for the socket before writers pause

_log = log.get("nats")


class Listening:
    """A subscription, over all connections."""

    __slots__ = ("queue", "sid", "subject", "take")

    def __init__(self, subject: str, queue: str, take: Take) -> None:
        self.subject, self.queue, self.take, self.sid = subject, queue, take, 0


class _Sink:
    """Stands where a subscription's queue would be: hands a message over inside the read loop."""

    __slots__ = ("_take",)

    def __init__(self, take: Take) -> None:
        self._take = take

    def put_nowait(self, message: Msg) -> None:
        try:
            self._take(message)
        except Exception:  # whatever leaves here ends the read loop
            _log.exception("message handler failed", subject=message.subject)


class Link:
    """The connection; `supervisor.open_link` opens one."""

    def __init__(self, login: Login) -> None:
        self.login = login
        self.denials = Denials()
        self.up = False
        self.seen = monotonic()
        self.on_up: list[Callable[[], None]] = []
        self._nc = QuickClient()
        self._listening: dict[Listening, None] = {}
        self._waiting: set[anyio.Event] = set()
        self._names = 0
        self._prefix = ""

    @property
    def max_payload(self) -> int:
        """How many bytes the server takes in one message, headers included."""
        return self._nc.max_payload

    # -- writing and listening: nothing here waits

    def write(self, command: bytes) -> None:
        """Send a finished protocol command, now or when the connection is back."""
        nc = self._nc
        nc._pending.append(command)
        nc._pending_data_size += len(command)
        if (queue := nc._flush_queue) is not None and queue.empty():
            queue.put_nowait(asyncio.get_running_loop().create_future())

    def push(self) -> None:
        """Give what was written to the socket now, so that the server has it while we go on."""
        nc = self._nc
        if self.up and nc._pending and nc._transport is not None:
            pending, nc._pending, nc._pending_data_size = nc._pending, [], 0
            nc._transport.writelines(pending)

    def listen(self, subject: str, take: Take, queue: str = "") -> Listening:
        """Hand every message of a subject to a function, from now on and over reconnects."""
        listening = Listening(subject, queue, take)
        self._listening[listening] = None
        self._subscribe(listening)
        return listening

    def hush(self, listening: Listening) -> None:
        """Let the server send no more; what is already on its way is still heard."""
        self._listening.pop(listening, None)
        self.write(b"UNSUB %d\r\n" % listening.sid)

    def deafen(self, listening: Listening) -> None:
        """Stop listening."""
        self.hush(listening)
        self._nc._subs.pop(listening.sid, None)

    def _subscribe(self, listening: Listening) -> None:
        nc = self._nc
        nc._sid += 1
        listening.sid = nc._sid
        subscription = Subscription(nc, nc._sid, listening.subject, queue=listening.queue, pending_bytes_limit=0)
        subscription._pending_queue = _Sink(listening.take)  # type: ignore[assignment]
        nc._subs[nc._sid] = subscription
        self.write(f"SUB {listening.subject} {listening.queue} {nc._sid}\r\n".encode())

    def name(self) -> str:
        """Return a reply subject of our own that nobody used before."""
        self._names += 1
        return f"{self._prefix}.{self._names}"

    # -- waiting: always on events of our own, so cancellation is never swallowed

    async def wait_up(self) -> None:
        """Return when there is a connection."""
        while not self.up:
            await self._wait(anyio.Event())

    async def wait_room(self) -> None:
        """Return when the bytes that wait for the socket are few."""
        while self._nc.pending_data_size > _BUFFER:
            if (queue := self._nc._flush_queue) is not None and not queue.full():
                queue.put_nowait(flushed := asyncio.get_running_loop().create_future())
                await self._wait(_when_done(flushed))

    async def round_trip(self) -> None:
        """Return when the server has dealt with everything written so far."""
        while True:
            await self.wait_up()
            pong = self._ping()
            await self._wait(_when_done(pong))
            if pong.done():
                self.seen = monotonic()
                return

    def _ping(self) -> "asyncio.Future[bool]":
        """Ping behind everything written so far; the answer resolves the future, which must never be cancelled."""
        nc = self._nc
        pong: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if (transport := nc._transport) is not None:
            # The library's own pings go straight to the socket too: only so do answers meet the right futures.
            pending, nc._pending, nc._pending_data_size = nc._pending, [], 0
            nc._pongs.append(pong)
            transport.writelines([*pending, b"PING\r\n"])
        return pong

    async def _wait(self, event: anyio.Event) -> None:
        self._waiting.add(event)  # a change of the connection ends every wait
        try:
            await event.wait()
        finally:
            self._waiting.discard(event)

    def _stir(self) -> None:
        for event in self._waiting:
            event.set()

    # -- what the supervisor tells

    def move(self, nc: QuickClient) -> None:
        """Go on with a new client, with every subscription."""
        self._nc = nc
        self._prefix = self._prefix or nc.new_inbox()
        for listening in self._listening:
            self._subscribe(listening)
        self.came_up()

    def came_up(self) -> None:
        """There is a connection again."""
        self.seen = monotonic()
        self.up = True
        for again in list(self.on_up):
            again()
        self._stir()

    def went_down(self) -> None:
        """There is no connection any more; what it did not send is sent again by whoever still means it."""
        self.up = False
        self._nc._pending.clear()
        self._nc._pending_data_size = 0
        self._stir()


def _when_done(future: "asyncio.Future[Any]") -> anyio.Event:
    event = anyio.Event()
    future.add_done_callback(lambda _: event.set())
    return event
