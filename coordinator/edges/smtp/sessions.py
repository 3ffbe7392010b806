"""SMTP connections: aiosmtpd's protocol with bounds on connections, time, lines and bytes.

This is the one place with bare asyncio, because aiosmtpd is an asyncio protocol; its own controller would run a second
event loop in a thread. Every connection is a task of aiosmtpd's; `Sessions.end` stops them all and waits for them.
"""

import asyncio
import ssl
from collections import Counter
from typing import Any, Final

from aiosmtpd.smtp import SMTP

from coordinator.edges.smtp.senders import Senders, ip

MAX_MAIL: Final = 5_000_000  # bytes, as SIZE announces
_MAX_LINES: Final = 200_000
_PATIENCE: Final = 4  # times the limit is read and dropped, so that the refusal arrives; then the connection ends
_MAX_SESSIONS: Final = 100
_MAX_STRANGERS: Final = 60  # the others are left for those who have said who they are, and for who is trusted
_MAX_OF_ONE_PEER: Final = 20
_CALLS: Final = {"*": 2_000, "AUTH": 5, "STARTTLS": 2, "VRFY": 20, "HELP": 20}
_ABORT_S: Final = 5.0

_CLOSED: Final = b"421 4.4.2 closed: this took too long\r\n"
_CROWDED: Final = b"421 4.3.2 too many connections; come back in some minutes\r\n"


class Limits:
    """How long things may take, in seconds. Tests have other ones."""

    stranger_s = 60.0  # until a peer has said who it is
    silence_s = 300.0  # RFC 5321 §4.5.3.2
    connection_s = 3_600.0


class Sessions:
    """All connections of a server."""

    def __init__(
        self, handler: Any, senders: Senders, tls: ssl.SSLContext | None, hostname: str, limits: Limits
    ) -> None:
        self.handler = handler
        self.senders = senders
        self.tls = tls
        self.hostname = hostname
        self.limits = limits
        self.open: set[Session] = set()
        self.tasks: set[asyncio.Task[None]] = set()
        self.peers: Counter[str] = Counter()

    def one(self) -> "Session":
        """Return the protocol of a new connection."""
        return Session(self)

    def crowded(self, peer: str) -> bool:
        """Return whether another connection of a peer is too much."""
        if self.senders.trusts(peer):
            return len(self.open) >= _MAX_SESSIONS
        strangers = sum(not session.known for session in self.open)
        return self.peers[peer] >= _MAX_OF_ONE_PEER or strangers >= _MAX_STRANGERS or len(self.open) >= _MAX_SESSIONS

    async def end(self) -> None:
        """Close every connection at once and wait until nothing of them runs."""
        for session in tuple(self.open):
            session.abort()
        tasks = tuple(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Session(SMTP):
    """One connection."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(
            sessions.handler,
            data_size_limit=MAX_MAIL,
            hostname=sessions.hostname,
            ident="ESMTP",
            tls_context=sessions.tls,
            timeout=sessions.limits.silence_s,
            authenticator=sessions.handler.authenticate,
            command_call_limit=dict(_CALLS),
            loop=asyncio.get_running_loop(),
        )
        self._all = sessions
        self.peer = ""
        self.content = b""  # of the mail that is being taken
        self.known = False  # whether it said who it is
        self._timers: list[asyncio.TimerHandle] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the connection, and start its clocks; after STARTTLS this is called again."""
        if self in self._all.open:
            super().connection_made(transport)
            return
        self.peer = str(transport.get_extra_info("peername", ("",))[0])
        if self._all.crowded(self.peer):
            _hang_up(transport, _CROWDED)
            return
        self._all.open.add(self)
        self._all.peers[self.peer] += 1
        self.known = self._all.senders.trusts(self.peer)
        address = ip(self.peer)
        self._auth_require_tls = address is None or not address.is_loopback
        limits = self._all.limits
        self._timers = [
            self.loop.call_later(limits.stranger_s, self._who),
            self.loop.call_later(limits.connection_s, self._timeout_cb),
        ]
        super().connection_made(transport)
        if self._handler_coroutine is not None:
            self._all.tasks.add(self._handler_coroutine)
            self._handler_coroutine.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._all.tasks.discard(task)
        if not task.cancelled():
            task.exception()  # the peer went away: nobody has to hear of it

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the connection."""
        for timer in self._timers:
            timer.cancel()
        if self in self._all.open:
            self._all.open.discard(self)
            self._all.peers.subtract([self.peer])
            self._all.peers += Counter()  # drops what is zero
            super().connection_lost(error)

    def _who(self) -> None:
        if not self.known:
            self._timeout_cb()

    def _timeout_cb(self) -> None:
        """Close a connection that takes too long; a peer that does not even read is cut off."""
        if self.transport is not None and not self.transport.is_closing():
            _hang_up(self.transport, _CLOSED)
            self._timers.append(self.loop.call_later(_ABORT_S, self.abort))

    def abort(self) -> None:
        """Cut the connection off."""
        for transport in (self.transport, self._original_transport):
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()

    async def smtp_DATA(self, arg: str) -> None:
        """Read a mail and hand it over; instead of aiosmtpd's, which keeps an object for each line."""
        if await self.check_helo_needed():
            return
        if arg or self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("501 5.5.4 DATA stands alone" if arg else "503 5.5.1 RCPT comes first")
            return
        await self.push("354 the mail now, and a dot alone at its end")
        self.content, refusal = await self._content()
        status = refusal or await self._call_handler_hook("DATA")
        self.content = b""
        self.envelope = self._create_envelope()
        await self.push(status)

    async def _content(self) -> tuple[bytes, str]:
        """Return what is sent up to the dot, without transparency dots, or the reply to what is too much."""
        data = bytearray()
        read = lines = 0
        starts = True  # whether a line begins here: only there a dot means something
        heard = self.loop.time()
        while True:
            row, ends = await self._row()
            if starts and row == b".\r\n":
                break
            read += len(row)
            lines += ends
            if read > _PATIENCE * MAX_MAIL:
                self._timeout_cb()
            if read <= MAX_MAIL and lines <= _MAX_LINES:
                data += row[1:] if starts and row.startswith(b".") else row
            starts = ends
            if self.loop.time() - heard > 1.0:
                heard = self.loop.time()
                self._reset_timeout()
        if read > MAX_MAIL:
            return b"", f"552 5.3.4 a mail has at most {MAX_MAIL} bytes; send the attachments in several mails"
        if lines > _MAX_LINES:
            return b"", f"552 5.3.4 a mail has at most {_MAX_LINES} lines"
        self._reset_timeout()
        return bytes(data), ""

    async def _row(self) -> tuple[bytes, bool]:
        """Return a line, or a piece of one that is long, and whether a line ends with it."""
        try:
            return await self._reader.readuntil(b"\r\n"), True
        except asyncio.LimitOverrunError as error:
            return await self._reader.readexactly(error.consumed), False


def _hang_up(transport: asyncio.BaseTransport, why: bytes) -> None:
    if isinstance(transport, asyncio.WriteTransport):
        transport.write(why)
    transport.close()
