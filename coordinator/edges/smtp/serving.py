"""The bearer: a mail server for what comes in, a relay for what goes out."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import ip_address
from logging import ERROR, getLogger
from pathlib import Path

import anyio
from anyio.abc import TaskStatus

from coordinator.edges import endpoints
from coordinator.edges.carrying import carry_on
from coordinator.edges.smtp import letters
from coordinator.edges.smtp.answers import Answers
from coordinator.edges.smtp.mail_in import MailIn
from coordinator.edges.smtp.mail_out import Relay
from coordinator.edges.smtp.senders import Senders
from coordinator.edges.smtp.sessions import Limits, Sessions
from coordinator.edges.store import refuse
from coordinator.ports import Clock, Departure, Gate


async def serve(
    gates: Sequence[Gate],
    at: endpoints.Smtp,
    store: Path,
    clock: Clock,
    *,
    task_status: TaskStatus[tuple[str, ...]] = anyio.TASK_STATUS_IGNORED,
    limits: Limits | None = None,
) -> None:
    """Take mail for the gates and send what they dispatch, until cancelled.

    Raises:
        ConfigError: an address, a certificate, a password or the store cannot be used.
    """
    getLogger("mail.log").setLevel(ERROR)  # aiosmtpd's: at other levels it writes down addresses and mails
    senders = Senders(gates, at, store)
    relay = Relay(at, store, clock)
    answers = Answers(store, relay, clock)
    sessions = Sessions(
        MailIn(senders, answers, at.sender, clock),
        senders,
        _tls(at, store),
        letters.domain(at.sender),
        limits or Limits(),
    )
    async with _listening(sessions, at, store) as places, anyio.create_task_group() as tasks:
        tasks.start_soon(answers.send)
        for gate in gates:
            tasks.start_soon(carry_on, gate, partial(_carry, relay, gate.channel.address), clock)
        task_status.started(places)


async def _carry(relay: Relay, to: str, departure: Departure) -> None:
    await relay.deliver(departure, to)


@asynccontextmanager
async def _listening(sessions: Sessions, at: endpoints.Smtp, store: Path) -> AsyncIterator[tuple[str, ...]]:
    """Listen while the context is open; gives where, with the real port."""
    where = store / endpoints.FILE
    place = endpoints.address(at.listen, str(where))
    if not place.local and sessions.tls is None and not at.trusted:
        raise refuse(
            where, f"on {at.listen} nobody could log in", "give smtp.certificate and smtp.key, or smtp.trusted"
        )
    try:
        server = await asyncio.get_running_loop().create_server(sessions.one, place.host, place.port)
    except OSError as error:
        raise refuse(
            where, f"smtp.listen {at.listen} cannot be used: {error.strerror}", "choose another port"
        ) from error
    try:
        yield tuple(_spelled(*socket.getsockname()[:2]) for socket in server.sockets)
    finally:
        server.close()
        with anyio.CancelScope(shield=True):
            await sessions.end()


def _spelled(host: str, port: int) -> str:
    return f"smtp://[{host}]:{port}" if ip_address(host).version == 6 else f"smtp://{host}:{port}"


def _tls(at: endpoints.Smtp, store: Path) -> ssl.SSLContext | None:
    if bool(at.certificate) != bool(at.key):
        raise refuse(store / endpoints.FILE, "smtp.certificate and smtp.key go together", "give both, or none")
    if not at.certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(store / at.certificate, store / at.key)
    except (OSError, ssl.SSLError) as error:
        raise refuse(store / at.certificate, f"cannot be used: {error}", "give certificate and key in PEM") from error
    return context
