"""The HTTP server of a host: where it listens, with which certificate, how it starts and stops.

Without a certificate it listens on the loopback only. It stops gracefully: open requests have a moment to end, polls
end at once.
"""

import logging
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import anyio
from anyio.abc import TaskStatus
from uvicorn import Config

from coordinator.edges import endpoints
from coordinator.edges.http.connections import Forward, Listening
from coordinator.edges.http.desk import ORDINARY, Desk, Limits
from coordinator.edges.http.door import Door
from coordinator.edges.http.routes import application
from coordinator.edges.store import refuse
from coordinator.ports import Clock, Gate

_HEADERS: Final = [
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
_ONLY_TLS: Final = ("Strict-Transport-Security", "max-age=31536000")
_KEEP_ALIVE_S: Final = 15
_HEAD_BYTES: Final = 16_384  # request line and headers


async def serve(
    gates: Sequence[Gate],
    at: endpoints.Http,
    store: Path,
    clock: Clock,
    *,
    limits: Limits = ORDINARY,
    task_status: TaskStatus[tuple[str, ...]] = anyio.TASK_STATUS_IGNORED,
) -> None:
    """Serve the participants' requests until cancelled; `started` is told the address, ``("https://host:port",)``.

    Raises:
        ConfigError: it cannot listen there, or not without TLS; the certificate or the store cannot be used.
    """
    desks = _desks(gates, store, clock, limits)
    door = Door(store, desks, clock, limits)
    context = _tls(at, store)
    with _socket(at, store, encrypted=context is not None) as listener:
        stopped = anyio.Event()
        server = Listening(_config(door, context), limits)
        with _logged():
            async with anyio.create_task_group() as tasks:
                for desk in desks.values():
                    tasks.start_soon(desk.run)
                tasks.start_soon(_until_stopped, server, listener, stopped)
                task_status.started((_url(listener, context),))
                try:
                    await anyio.sleep_forever()
                finally:
                    server.stop()
                    tasks.start_soon(_let_go, door, list(desks.values()), limits.grace_s, stopped)


async def _until_stopped(server: Listening, listener: socket.socket, stopped: anyio.Event) -> None:
    with anyio.CancelScope(shield=True):  # it ends by `should_exit`: cancelled, it would leave its connections open
        await server.serve(sockets=[listener])
        stopped.set()


async def _let_go(door: Door, desks: Sequence[Desk], grace_s: float, stopped: anyio.Event) -> None:
    with anyio.CancelScope(shield=True):
        for desk in desks:
            desk.stop()
        with anyio.move_on_after(grace_s):
            await stopped.wait()
        door.close()


def _desks(gates: Sequence[Gate], store: Path, clock: Clock, limits: Limits) -> dict[str, Desk]:
    desks = {gate.participant: Desk(gate, clock, limits) for gate in gates}
    if len(desks) < len(gates):
        raise refuse(store, "a participant has two channels of the kind http", "leave one in the mission file")
    return desks


def _config(door: Door, context: ssl.SSLContext | None) -> Config:
    return Config(
        application(door),
        interface="asgi3",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # a peer is who it is, not who it says it is
        server_header=False,
        headers=[*_HEADERS, _ONLY_TLS] if context else _HEADERS,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        timeout_keep_alive=_KEEP_ALIVE_S,
        ssl_context_factory=(lambda *_: context) if context else None,
    )


@contextmanager
def _logged() -> Iterator[None]:
    """Put uvicorn's words into our log while it runs."""
    logger, handler = logging.getLogger("uvicorn.error"), Forward()
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.level, logger.propagate = before


@contextmanager
def _socket(at: endpoints.Http, store: Path, *, encrypted: bool) -> Iterator[socket.socket]:
    file = store / endpoints.FILE
    address = endpoints.address(at.listen, f"{file}: http.listen")
    if not encrypted and not address.local:
        raise refuse(
            file,
            f'http.listen: "{at.listen}" can be reached by others, and tokens would be readable on the way',
            "give http.certificate and http.key, or listen on 127.0.0.1",
        )
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        listener = socket.create_server((address.host, address.port), family=family, backlog=128)
    except OSError as error:
        why = f'http.listen: cannot listen on "{at.listen}": {error.strerror}'
        raise refuse(file, why, "choose another address or port") from None
    # Connections inherit it; asyncio sets it only where a socket was made for TCP by number, and answers wait 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with listener:
        yield listener


def _tls(at: endpoints.Http, store: Path) -> ssl.SSLContext | None:
    file = store / endpoints.FILE
    if bool(at.certificate) != bool(at.key):
        raise refuse(file, "http: a certificate without a key, or a key without a certificate", "give both or none")
    if not at.certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(store / at.certificate, store / at.key, password="")  # asks nobody at a terminal
    except (OSError, ValueError) as error:
        why = f"http: certificate and key cannot be used: {error.strerror if isinstance(error, OSError) else error}"
        raise refuse(file, why, "they are PEM files, the key without a password, readable for this user") from None
    return context


def _url(listener: socket.socket, context: ssl.SSLContext | None) -> str:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if context else 'http'}://{shown}:{port}"
