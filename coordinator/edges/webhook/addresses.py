"""Where a webhook may go: to public addresses, and to others only where the operator of this host said so.

The URL stands in the mission file, and what a name means is decided by somebody's name server. So each request looks
the name up, checks every address, and connects to one that was checked: between the two nothing can change. The
certificate is still checked against the name.
"""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import anyio

from coordinator.errors import Undelivered

_Ip = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network
_NAT64: Final = IPv6Network("64:ff9b::/96")  # behind it stands an IPv4 address
LOOKUP_S: Final = 5.0
MOST: Final = 4  # addresses of a name that are tried


class Place(NamedTuple):
    """A URL taken apart. ``target`` is its path and query."""

    host: str
    port: int
    target: str


def place(url: str) -> Place:
    """Return a webhook's URL taken apart.

    Raises:
        ValueError: it is no plain HTTPS URL; the text says why.
    """
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise ValueError("only https is spoken")
    if not parts.hostname or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("it names no host")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError("a user, a password or a fragment does not belong into it")
    query = f"?{parts.query}" if parts.query else ""
    return Place(parts.hostname, parts.port or 443, (parts.path or "/") + query)


def networks(texts: Iterable[str]) -> tuple[_Network, ...]:
    """Return networks written like ``10.1.0.0/16``.

    Raises:
        ValueError: one is none.
    """
    return tuple(ip_network(text) for text in texts)


def allowed(address: str, private: Iterable[_Network]) -> bool:
    """Say whether a request may go to an address: a public one, or one of the networks that the operator named."""
    ip = ip_address(address.partition("%")[0])
    return any(ip in network for network in private) or all(map(_public, (ip, *_within(ip))))


def _public(ip: _Ip) -> bool:
    odd = ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved or ip.is_unspecified
    return ip.is_global and not odd


def _within(ip: _Ip) -> Iterable[_Ip]:
    """Yield the IPv4 addresses that an IPv6 address carries: a tunnel leads there."""
    if isinstance(ip, IPv6Address):
        yield from (found for found in (ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())) if found)
        if ip in _NAT64:
            yield IPv4Address(int(ip) & 0xFFFFFFFF)


async def looked_up(where: Place, private: Iterable[_Network]) -> list[str]:
    """Return the addresses to connect to, the preferred one first, at most `MOST`.

    Raises:
        Undelivered: the name is not known, or leads where no webhook may go.
    """
    try:
        with anyio.fail_after(LOOKUP_S):
            found = await anyio.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    except TimeoutError:
        raise Undelivered(f'"{where.host}" cannot be looked up: no answer in time') from None
    except (OSError, UnicodeError) as error:
        raise Undelivered(f'"{where.host}" cannot be looked up: {error}') from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    refused = [address for address in addresses if not allowed(address, private)]
    if refused or not addresses:
        why = f'"{where.host}" leads to {refused[0] if refused else "nothing"}, which is no public address'
        raise Undelivered(f"{why}; the operator may name its network in channels.toml, [webhook] private")
    return addresses[:MOST]
