"""Keeps a link alive: connects it, probes it when it is silent, rebuilds a client that is dead.

The client library reconnects by itself, but it closes for good on any error of the server except two (an expired or
revoked JWT, for one), an exception in its read loop leaves a client that says it is connected and hears nothing, and a
peer that went away without a word is noticed by its own pings after half a minute.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import anyio
from anyio.lowlevel import checkpoint

from coordinator import log, topology
from coordinator.edges.clock import monotonic
from coordinator.edges.nats.link import Link
from coordinator.edges.nats.login import Login
from coordinator.edges.nats.quick import QuickClient
from coordinator.edges.tasks import beside
from coordinator.errors import Disconnected, Forbidden

_LOOK_S = 1.0
_SILENCE_S = 5.0  # without any answer for so long, the connection is probed
_PROBE_S = 10.0  # a probe without an answer for so long means that it is dead
_FAREWELL_S = 0.5  # for what was written last to be taken by the server
_CLOSE_S = 3.0
_REFUSED = "authorization violation"

_log = log.get("nats")


class Supervisor:
    """Looks after one link."""

    def __init__(self, login: Login) -> None:
        self.link = Link(login)
        self._login = login
        self._log = _log.bind(url=login.url, identity=login.identity)
        self._nc = QuickClient()
        self._closed = anyio.Event()
        self._refused = False

    async def build(self) -> None:
        """Connect a new client and move the link to it.

        Raises:
            Forbidden: the server does not know these credentials.
        """
        nc, scope = QuickClient(), anyio.CancelScope()
        self._nc, self._closed, self._refused = nc, anyio.Event(), False
        try:
            with scope:
                await self._connect(nc, scope)
        except BaseException:
            await _close(nc)
            raise
        if self._refused:
            await _close(nc)
            raise Forbidden("connect", self._login.identity)
        self.link.move(nc)

    async def _connect(self, nc: QuickClient, scope: anyio.CancelScope) -> None:
        async def on_error(error: Exception) -> None:  # must not raise: the read loop would end
            self._heard(str(error) or repr(error))
            if self._refused:
                scope.cancel()

        async def on_down() -> None:
            if nc is self._nc and self.link.up:
                self._log.warning("connection lost")
                self.link.went_down()

        async def on_again() -> None:
            if nc is self._nc:
                self._log.info("connection regained")
                self._refused = False
                self.link.came_up()

        async def on_closed() -> None:
            if nc is self._nc:
                self._closed.set()

        await nc.connect(
            self._login.url.split(","),
            error_cb=on_error,
            disconnected_cb=on_down,
            reconnected_cb=on_again,
            closed_cb=on_closed,
            name=self._login.name or f"{self._login.realm} {self._login.identity}",
            inbox_prefix=topology.reply_prefix(self._login.identity),
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.2,  # type: ignore[arg-type]
            ping_interval=10,
            max_outstanding_pings=2,
            pending_size=1
            << 30,  # above it the library would wait inside its read loop; `Link.wait_room` holds far less
            flush_timeout=10,
            **self._login.options(),
        )

    def _heard(self, error: str) -> None:
        if self.link.denials.report(error):
            return
        if _REFUSED in error.lower() and not self.link.up:
            if not self._refused:
                self._log.error("login refused")
            self._refused = True
        else:
            self._log.debug("connection reported an error", error=error)

    async def watch(self) -> None:
        """Keep the connection alive, for ever."""
        while True:
            with anyio.move_on_after(_LOOK_S):
                await self._closed.wait()
            reading = self._nc._reading_task
            if self._nc.is_closed or (self.link.up and reading is not None and reading.done()):
                await self._rebuild()
            elif self.link.up and monotonic() - self.link.seen > _SILENCE_S:
                await self._probe()

    async def _rebuild(self) -> None:
        self._log.warning("client rebuilt", error=str(self._nc.last_error))
        self.link.went_down()
        await _close(self._nc)
        pause_s = 0.2
        while True:
            with suppress(Forbidden):
                await self.build()
                return
            await anyio.sleep(pause_s)
            pause_s = min(pause_s * 2, 10.0)

    async def _probe(self) -> None:
        with anyio.move_on_after(_PROBE_S) as patience:
            await self.link.round_trip()
        if patience.cancelled_caught and self.link.up:
            self._log.warning("connection silent")
            _abort(self._nc)  # the read loop sees it, and the library reconnects

    async def close(self) -> None:
        """Close for good, when the server has taken what was written last, or does not take it."""
        with anyio.move_on_after(_FAREWELL_S, shield=True) as patience:
            if self.link.up:
                await self.link.round_trip()
        nc, self._nc = self._nc, QuickClient()  # nobody listens to its callbacks any more
        if patience.cancelled_caught or not self.link.up:
            _abort(nc)
        self.link.went_down()
        await _close(nc)


def _abort(nc: QuickClient) -> None:
    """Drop the socket without waiting for its buffers, for which a stalled peer would make us wait for ever."""
    writer = getattr(nc._transport, "_io_writer", None)
    if writer is not None:
        writer.transport.abort()


async def _close(nc: QuickClient) -> None:
    with anyio.move_on_after(_CLOSE_S, shield=True), suppress(Exception):
        try:
            await nc.close()
        except anyio.get_cancelled_exc_class():  # the library's own, if it was reconnecting: it would end who called
            await checkpoint()  # ours comes again here
    _abort(nc)  # a client whose connecting was interrupted says it is closed and keeps its socket


@asynccontextmanager
async def open_link(login: Login, *, patience_s: float = 10.0) -> AsyncIterator[Link]:
    """Open a connection; from then on it heals itself until the context closes.

    Raises:
        Forbidden: the server does not know these credentials.
        Disconnected: no server answered within ``patience_s``.
    """
    supervisor = Supervisor(login)
    with anyio.move_on_after(patience_s):
        await supervisor.build()
    if not supervisor.link.up:
        raise Disconnected(f"no server answered at {login.url} within {patience_s:g} s")
    try:
        async with beside(supervisor.watch):
            yield supervisor.link
    finally:
        await supervisor.close()
