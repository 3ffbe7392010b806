"""Where the bearers of a host listen and what they relay through: ``channels.toml`` in the store.

The mission says which channels a participant has; this file says where they are on this host. Secrets stand in files of
their own: ``creds/<participant>.token`` is the password of a participant on HTTP and SMTP.

::

    [files]
    folder = "channels/files"           # a folder for each participant; relative to the store

    [http]
    listen = "127.0.0.1:8222"
    certificate = "tls/server.pem"      # both or none; without them only the loopback may be listened on
    key = "tls/server.key"

    [smtp]
    listen = "127.0.0.1:2525"           # mail in
    relay = "127.0.0.1:25"              # mail out, by way of the host's own mail server
    sender = "coordinator@mission.example"
    trusted = ["127.0.0.1"]             # peers whose MAIL FROM is believed: the host's own mail server

    [tak]
    listen = "0.0.0.0:8089"             # TLS, each client with a certificate whose common name is the participant's id
    certificate = "tls/server.pem"
    key = "tls/server.key"
    authority = "tls/clients.pem"       # who signs the clients' certificates
    plain = { xar = "127.0.0.1:8087" }  # without TLS, a port for each participant: only where the network is trusted

    [short]
    folder = "channels/short"           # spool folders as SMS and satellite gateways read and write them

    [webhook]
    private = ["10.1.0.0/16"]           # networks that are not public and that a webhook may lead to all the same
    authority = "tls/hooks.pem"         # who signs the servers' certificates, besides those that this host trusts

    [webhook.secrets]                   # files that hold what requests are signed with, by participant or its channel
    xar = "creds/xar.webhook"
    "xar/second" = "creds/xar-second.webhook"
"""

import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

import msgspec

from coordinator.core.table import Table
from coordinator.edges.store import refuse

FILE = "channels.toml"


class Files(Table):
    """Drop folders."""

    folder: str = "channels/files"


class Http(Table):
    """An HTTP server."""

    listen: str = "127.0.0.1:8222"
    certificate: str = ""
    key: str = ""


class Smtp(Table):
    """An SMTP server for mail in, and the relay for mail out."""

    listen: str = "127.0.0.1:2525"
    certificate: str = ""
    key: str = ""
    relay: str = "127.0.0.1:25"
    relay_user: str = ""
    relay_password: str = ""  # a file that holds it
    relay_tls: bool = False
    sender: str = "coordinator@localhost"
    trusted: tuple[str, ...] = ()


class Tak(Table):
    """TAK streams: one TLS port for all, or a plain port for each participant."""

    listen: str = ""
    certificate: str = ""
    key: str = ""
    authority: str = ""
    plain: dict[str, str] = msgspec.field(default_factory=dict)


class Short(Table):
    """Spool folders of 270-byte messages."""

    folder: str = "channels/short"


class Webhook(Table):
    """Requests of ours to servers of participants."""

    private: tuple[str, ...] = ()
    authority: str = ""
    secrets: dict[str, str] = msgspec.field(default_factory=dict)


class Endpoints(Table):
    """Every bearer's place on this host."""

    files: Files = Files()
    http: Http = Http()
    smtp: Smtp = Smtp()
    tak: Tak = Tak()
    short: Short = Short()
    webhook: Webhook = Webhook()


class Address(NamedTuple):
    """A host and a port to listen on or to connect to."""

    host: str
    port: int

    @property
    def local(self) -> bool:
        """Whether only this host can reach it."""
        return self.host == "localhost" or ip_address(self.host).is_loopback


def load(store: Path) -> Endpoints:
    """Return what the store's ``channels.toml`` says; the defaults if there is none.

    Raises:
        ConfigError: it cannot be read, or says something unknown.
    """
    path = store / FILE
    if not path.exists():
        return Endpoints()
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Endpoints)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise refuse(path, f"cannot be used: {error}", "its tables are explained in deploy/README.md") from None


def address(text: str, where: str) -> Address:
    """Return an address written ``host:port``; IPv6 in brackets.

    Raises:
        ConfigError: it is not written like that.
    """
    host, _, port = text.rpartition(":")
    try:
        found = Address(host.strip("[]"), int(port))
        if found.host != "localhost":
            ip_address(found.host)
    except ValueError:
        raise refuse(Path(where), f'"{text}" is no address', 'write it as "127.0.0.1:8222"') from None
    if not 0 <= found.port <= 65_535:
        raise refuse(Path(where), f'"{text}" has no such port', "ports go from 0 to 65535")
    return found
