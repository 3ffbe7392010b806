"""What a TAK connection needs of its socket: who is at the other end, whether it is still there, what it confirmed."""

import fcntl
import socket
import ssl
import struct
import termios
from typing import Final, TypeVar

import anyio
from anyio import TypedAttributeProvider
from anyio.abc import ByteStream, SocketAttribute
from anyio.streams.tls import TLSAttribute, TLSStream

_CARRIES: Final = (1, 8)  # states of a connection: established, and closed by the peer for its own direction only
_T = TypeVar("_T")
_KEEPALIVE: Final = {
    socket.TCP_KEEPIDLE: 30, socket.TCP_KEEPINTVL: 10, socket.TCP_KEEPCNT: 3, socket.TCP_USER_TIMEOUT: 60_000,
}  # fmt: skip


def probe(stream: ByteStream) -> None:
    """Let the kernel ask the peer's whether it is still there, and send each event at once."""
    raw = _of(stream, SocketAttribute.raw_socket)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for option, value in _KEEPALIVE.items():
        raw.setsockopt(socket.IPPROTO_TCP, option, value)


def unconfirmed(stream: ByteStream) -> int:
    """Return how many bytes the peer's host has not confirmed yet.

    Raises:
        BrokenResourceError: the connection is no more, so that nobody will.
    """
    raw = _of(stream, SocketAttribute.raw_socket)
    if raw.fileno() < 0:
        raise anyio.BrokenResourceError
    count: int = struct.unpack("i", fcntl.ioctl(raw.fileno(), termios.TIOCOUTQ, bytes(4)))[0]
    if raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] not in _CARRIES:
        raise anyio.BrokenResourceError
    return count


def listening(listener: TypedAttributeProvider) -> str:
    """Return where a port listens."""
    return _written(_of(listener, SocketAttribute.local_address))


def peer(stream: ByteStream) -> str:
    """Return the address at the other end."""
    try:
        return _written(_of(stream, SocketAttribute.remote_address))
    except (OSError, anyio.TypedAttributeLookupError):  # it is gone already
        return "somebody"


def common_name(stream: TLSStream) -> str:
    """Return the name in the certificate that a client showed; "" if there is none, or more than one."""
    shown = _of(stream, TLSAttribute.peer_certificate) or {}
    names = [pair[1] for part in shown.get("subject", ()) for pair in part if pair[0] == "commonName"]
    return str(names[0]) if len(names) == 1 else ""


def signed_directly(stream: TLSStream, authority: ssl.SSLContext) -> bool:
    """Return whether a certificate of the authority's own file signed the client's.

    Else a participant whose certificate may sign others, as many tools make them, could make itself another's.
    """
    shown = _of(stream, TLSAttribute.peer_certificate) or {}
    return any(one.get("subject") == shown.get("issuer", ()) for one in authority.get_ca_certs())


def _of(provider: TypedAttributeProvider, attribute: _T) -> _T:
    return provider.extra(attribute)  # noqa: S610 - anyio's `extra`, not a database's


def _written(address: str | tuple[str, int]) -> str:
    if isinstance(address, str):
        return address
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
