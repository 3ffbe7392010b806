"""A mail bearer with a relay behind it, and mails to send to it.

::

    async with post(tmp_path, gate) as here:
        await here.mail(lambda smtp: smtp.send_message(letter()))
        [answer] = await here.relay.until(1)
"""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import anyio
from aiosmtpd.smtp import SMTP, Envelope

from coordinator.edges import tokens
from coordinator.edges.clock import ManualClock
from coordinator.edges.endpoints import Smtp
from coordinator.edges.smtp.serving import serve
from coordinator.edges.smtp.sessions import Limits
from coordinator.edges.tasks import beside
from tests.support.gates import FakeGate

BUS = "bus@mission.example"
XAR = "ops@xar.example"
NOW = 1_805_000_000_000_000
SITREP = "UNMO SITREP\nA. 140400Z MAR 27\nB. NOTHING TO REPORT\n"

T = TypeVar("T")


def letter(text: str = SITREP, **headers: str) -> EmailMessage:
    """Return a mail of xar to the bus; underscores in header names stand for hyphens."""
    written = EmailMessage()
    usual = {"From": XAR, "To": BUS, "Subject": "SITREP 14", "Message_ID": "<1@xar.example>"}
    for name, value in {**usual, **headers}.items():
        written[name.replace("_", "-")] = value
    written.set_content(text)
    return written


def offer(smtp: smtplib.SMTP, mail: EmailMessage | bytes, sender: str = XAR, to: str = BUS) -> tuple[int, str]:
    """Offer a mail, step by step, and return what the server said last."""
    smtp.ehlo_or_helo_if_needed()
    steps: tuple[Callable[[], tuple[int, bytes]], ...] = (
        lambda: smtp.mail(sender),
        lambda: smtp.rcpt(to),
        lambda: smtp.data(bytes(mail)),
    )
    for step in steps:
        code, text = step()
        if code >= 400:
            smtp.rset()
            break
    return code, text.decode()


def codes(smtp: smtplib.SMTP, *mails: EmailMessage | bytes) -> list[int]:
    """Offer mails on one connection and return the codes that they are answered with."""
    return [offer(smtp, mail)[0] for mail in mails]


class Relay:
    """The host's mail server: it keeps what it takes, and answers the next mails as told.

    ``replies`` is what MAIL, RCPT and DATA answer next, by command; when it is empty they are taken.
    """

    def __init__(self) -> None:
        self.port = 0
        self.envelopes: list[Envelope] = []
        self.replies: dict[str, list[str]] = {"MAIL": [], "RCPT": [], "DATA": []}
        self.asked = 0
        self._changed = anyio.Event()

    @property
    def mails(self) -> list[EmailMessage]:
        """What it took."""
        return [read(bytes(envelope.original_content or b"")) for envelope in self.envelopes]

    async def until(self, count: int) -> list[EmailMessage]:
        """Wait until it took so many mails, and return them."""
        return await self.when(lambda: len(self.envelopes) >= count)

    async def when(self, condition: Callable[[], bool]) -> list[EmailMessage]:
        """Wait until something holds; it is looked at whenever a mail was offered."""
        with anyio.fail_after(5):
            while not condition():
                await self._changed.wait()
        return self.mails

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        """Begin a mail."""
        reply = self._reply("MAIL")
        if reply.startswith("2"):
            envelope.mail_from = address
        return reply

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        """Say whom it is for."""
        reply = self._reply("RCPT")
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        """Take it."""
        reply = self._reply("DATA")
        if reply.startswith("2"):
            self.envelopes.append(envelope)
        return reply

    def _reply(self, command: str) -> str:
        self.asked += 1
        self._changed.set()
        self._changed = anyio.Event()
        return self.replies[command].pop(0) if self.replies[command] else "250 OK"


def read(data: bytes) -> EmailMessage:
    """Return a mail as its reader sees it."""
    found = message_from_bytes(data, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


@asynccontextmanager
async def relaying(port: int = 0) -> AsyncIterator[Relay]:
    """Run a relay."""
    relay, loop = Relay(), asyncio.get_running_loop()
    protocols: list[SMTP] = []

    def one() -> SMTP:
        protocols.append(SMTP(relay, hostname="relay", loop=loop))
        return protocols[-1]

    server = await loop.create_server(one, "127.0.0.1", port)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        for protocol in protocols:
            if isinstance(protocol.transport, asyncio.WriteTransport):
                protocol.transport.abort()
        await asyncio.sleep(0)


class Post:
    """A running bearer."""

    def __init__(self, port: int, relay: Relay, gate: FakeGate, clock: ManualClock, store: Path) -> None:
        self.port, self.relay, self.gate, self.clock, self.store = port, relay, gate, clock, store
        self.token = tokens.token(store, gate.participant)

    async def mail(self, talk: Callable[[smtplib.SMTP], T], *, login: bool = True) -> T:
        """Talk to the server with the standard library's client, in a thread."""

        def talking() -> T:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=5) as smtp:
                if login:
                    smtp.login(self.gate.participant, self.token)
                return talk(smtp)

        return await anyio.to_thread.run_sync(talking)

    async def raw(self, *commands: str) -> list[str]:
        """Send lines as they are, all at once, and return the lines that come back until the server closes."""
        async with await anyio.connect_tcp("127.0.0.1", self.port) as stream:
            await stream.send("".join(c + "\r\n" for c in commands).encode("latin-1"))
            return await rest(stream)


async def rest(stream: anyio.abc.ByteStream) -> list[str]:
    """Return the lines that a peer still sends."""
    heard = b""
    with anyio.fail_after(5):
        try:
            while True:
                heard += await stream.receive()
        except (anyio.EndOfStream, anyio.BrokenResourceError):
            return heard.decode().splitlines()


@asynccontextmanager
async def post(store: Path, *gates: FakeGate, limits: Limits | None = None, **at: Any) -> AsyncIterator[Post]:
    """Run a bearer for gates (one of xar, if none are given) and a relay behind it."""
    clock = ManualClock(NOW)
    used = gates or (FakeGate("xar", "smtp", address=XAR),)
    with anyio.fail_after(20):
        async with relaying() as relay, beside() as tasks:
            places = Smtp(**{"listen": "127.0.0.1:0", "relay": f"127.0.0.1:{relay.port}", "sender": BUS, **at})
            [where] = await tasks.start(partial(serve, used, places, store, clock, limits=limits))
            yield Post(int(where.rpartition(":")[2]), relay, used[0], clock, store)
