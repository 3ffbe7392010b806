"""Connections as uvicorn keeps them, with what it lacks: an end to silence, and a share for each peer.

uvicorn closes a connection that is idle between two requests. It waits for ever for the first request, for the rest
of a request line, and for a peer that does not read its answer. A body and an answer have deadlines of their own, in
the handlers.
"""

import asyncio
import logging
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from socket import socket
from typing import Any

import anyio
import msgspec
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from coordinator import log
from coordinator.edges.http.desk import Limits
from coordinator.edges.http.problems import Problem

_log = log.get("http")

_CLOSE = b"Connection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
_NO_HTTP = msgspec.json.encode(
    Problem(status=400, where="the request", why="it is not written as HTTP/1.1 is", hint="use a client such as curl")
)
_CROWD = msgspec.json.encode(
    Problem(status=503, where="the connection", why="too many are open", hint="close some, or come again in 5 s")
)
_BAD = b"HTTP/1.1 400 Bad Request\r\n" + _CLOSE % (len(_NO_HTTP), _NO_HTTP)
_FULL = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n" + _CLOSE % (len(_CROWD), _CROWD)
_MARGIN_S = 2.0  # for answers to requests that were ended
_LOOKS = 3  # at a silent connection, before it is closed


class Patient(H11Protocol):
    """One connection."""

    def __init__(self, config: Config, state: ServerState, limits: Limits, peers: Counter[str]) -> None:
        super().__init__(config, state, {})
        self._limits = limits
        self._peers = peers
        self._silent = 0  # times that nothing had moved when we looked
        self._unread = 0  # bytes that the peer had not taken
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Take a connection, or refuse it if there are too many, or too many of this peer."""
        super().connection_made(transport)
        self._peers[self._peer] += 1
        many, mine = len(self.connections), self._peers[self._peer]
        if many > self._limits.connections or mine > self._limits.peer_connections:
            transport.write(_FULL)
            transport.close()
        self._look_again()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        super().connection_lost(exc)
        self._peers[self._peer] -= 1
        if not self._peers[self._peer]:
            del self._peers[self._peer]
        if self._timer is not None:
            self._timer.cancel()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, and let a handler that still works on it know that nobody waits for its answer.

        uvicorn lets both answer; the second answer fails, and would be logged as a mistake of ours. It also fails on
        its own answer, and prints what came, where the request was a HEAD.
        """
        begun = self._served and self.cycle.response_started
        if self._served:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if not begun:
            self.transport.write(_BAD)
        self.transport.close()

    @property
    def _served(self) -> bool:
        return bool(self.cycle) and not self.cycle.response_complete

    @property
    def _peer(self) -> str:
        return self.client[0] if self.client else ""

    def _look_again(self) -> None:
        self._timer = self.loop.call_later(self._limits.silent_s / _LOOKS, self._look)

    def _look(self) -> None:
        left = self.transport.get_write_buffer_size()
        taken = self._unread - left
        moved = self._served or taken > self._limits.body_rate * self._limits.silent_s / _LOOKS
        self._silent, self._unread = 0 if moved else self._silent + 1, left
        if self._silent >= _LOOKS:
            self.transport.abort()
        else:
            self._look_again()


class Listening(Server):
    """uvicorn's server without its signal handlers, on sockets of ours, with our connections."""

    def __init__(self, config: Config, limits: Limits) -> None:
        super().__init__(config)
        self._limits = limits
        self._peers: Counter[str] = Counter()
        self._stopping = anyio.Event()

    def stop(self) -> None:
        """Stop listening and let open requests end; `serve` returns when they have."""
        self.should_exit = True
        self._stopping.set()

    def capture_signals(self) -> AbstractContextManager[None]:  # type: ignore[override]  # as narrow as it is used
        """Leave signals alone: whoever runs us owns them."""
        return nullcontext()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen. asyncio because uvicorn's protocols are its; uvicorn's own startup has no limit for a handshake."""
        loop = asyncio.get_running_loop()
        limit: dict[str, Any] = {"ssl_handshake_timeout": self._limits.silent_s} if self.config.ssl else {}
        self.servers = [
            await loop.create_server(self._connection, sock=one, ssl=self.config.ssl, **limit) for one in sockets or ()
        ]
        self.started = True

    async def main_loop(self) -> None:
        """Wait to be stopped; the header Date is made once a second."""
        while not await self.on_tick(0):
            with anyio.move_on_after(1.0):
                await self._stopping.wait()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Let open requests end; who takes longer than he may is cut off (uvicorn waits for a silent peer for ever)."""
        for server in self.servers:
            server.close()
        state = self.server_state
        for connection in list(state.connections):
            if not connection.transport.is_closing():
                connection.shutdown()
        with anyio.move_on_after(self._limits.grace_s + _MARGIN_S):
            while state.connections or state.tasks:  # noqa: ASYNC110 - uvicorn's sets tell nobody that they are empty
                await anyio.sleep(0.01)
        for task in list(state.tasks):
            task.cancel()
        for connection in list(state.connections):
            connection.transport.abort()

    def _connection(self) -> Patient:
        return Patient(self.config, self.server_state, self._limits, self._peers)


class Forward(logging.Handler):
    """Puts what uvicorn says into our log: what a peer did wrong is a detail, what it did wrong itself is an error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        if record.levelno >= logging.ERROR:
            _log.error("server failed", said=record.getMessage().strip(), exc_info=record.exc_info)
        else:
            _log.debug("server said", said=record.getMessage().strip())
