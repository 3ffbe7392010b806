"""Who may send mail to the bus: a participant that logs in, or one whose mail the host's own mail server hands over."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Final

from coordinator.edges import endpoints
from coordinator.edges.smtp.headers import line
from coordinator.edges.store import refuse
from coordinator.edges.tokens import Tokens
from coordinator.ports import Gate

NULL: Final = "<>"  # the sender of a bounce, as aiosmtpd gives it


class Senders:
    """The gates that mail may come in by, and what opens them."""

    def __init__(self, gates: Sequence[Gate], at: endpoints.Smtp, store: Path) -> None:
        """Read the tokens, and who is trusted.

        Raises:
            ConfigError: somebody who is trusted has no IP address, two channels have one mail address, or the store
                cannot be written.
        """
        self._gates = gates
        self._tokens = Tokens(store, dict.fromkeys(g.participant for g in gates))
        self._trusted = [_network(text, store / endpoints.FILE) for text in at.trusted]
        addressed = [g for g in gates if g.channel.address]
        self._by_address = {g.channel.address.casefold(): g for g in addressed}
        if len(self._by_address) < len(addressed):
            twice = next(g for g in addressed if self._by_address[g.channel.address.casefold()] is not g)
            what = f'two channels have the address "{twice.channel.address}"'
            raise refuse(Path("mission.toml"), what, "give each participant's channel an address of its own")

    def trusts(self, peer: str) -> bool:
        """Return whether a peer is the host's own mail server, whose MAIL FROM is believed."""
        address = ip(peer)
        return address is not None and any(address in network for network in self._trusted)

    def login(self, user: str, password: str) -> str:
        """Return the participant that logs in with its id or its mail address and its token, or ""."""
        owner = self._tokens.owner(password)
        named = self._by_address.get(user.casefold())
        return owner if owner and owner in (user, named.participant if named else "") else ""

    def gate(self, participant: str, address: str) -> Gate | None:
        """Return the gate for a mail: the one with this address; of a participant that logged in, else its first."""
        own = [g for g in self._gates if g.participant == participant]
        found = self._by_address.get(address.casefold())
        if participant and found not in own:
            return own[0] if own else None
        return found

    def why_not(self, peer: str, address: str) -> str:
        """Return the SMTP reply for somebody who may not send, in plain words."""
        if self.trusts(peer):
            return f"550 5.7.1 {line(address, 100)} is the mail address of no participant's channel here"
        return "530 5.7.0 log in first: the user is your participant id or mail address, the password your token"


def ip(text: str) -> IPv4Address | IPv6Address | None:
    """Return a peer's address; one of IPv4 that came in by IPv6 is one of IPv4."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(text: str, where: Path) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise refuse(
            where, f'smtp.trusted "{text}" is no address: {error}', 'write "10.1.2.3" or "10.1.2.0/24"'
        ) from None
