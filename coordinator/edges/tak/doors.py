"""The ports that TAK clients come in by: TLS with certificates of their own, or plain, a port for each participant."""

import ssl
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import anyio
from anyio.abc import Listener, SocketStream
from anyio.streams.tls import TLSStream

from coordinator import log
from coordinator.edges import endpoints
from coordinator.edges.quiet import OTHERS, Quiet, host
from coordinator.edges.store import refuse
from coordinator.edges.tak.link import Link
from coordinator.edges.tak.net import Net
from coordinator.edges.tak.sockets import common_name, listening, signed_directly
from coordinator.edges.tak.sockets import peer as peer_of
from coordinator.ports import Clock

HANDSHAKE_S: Final = 5.0
MOST_HANDSHAKES: Final = 256  # at once, of those who have not yet said who they are
MOST_OF_ONE: Final = 16  # of them from one address: whoever opens more holds up nobody else

_WHERE: Final = f"{endpoints.FILE} [tak]"

_log = log.get("tak")


class Door:
    """One listening port. ``participants`` are those who may come in by it."""

    def __init__(
        self, listener: Listener[SocketStream], participants: frozenset[str], tls: ssl.SSLContext | None
    ) -> None:
        self.participants = participants
        self._listener = listener
        self._tls = tls
        self._handshakes: Counter[str] = Counter()  # by address

    @property
    def address(self) -> str:
        """Where it listens, as a person writes it."""
        where = listening(self._listener)
        return f"tls://{where}" if self._tls else f"tcp://{where} ({', '.join(self.participants)})"

    async def close(self) -> None:
        """Stop listening."""
        await self._listener.aclose()

    async def serve(self, nets: Mapping[str, Net], clock: Clock) -> None:
        """Let clients in until cancelled."""
        quiet = Quiet(clock)

        async def come(stream: SocketStream) -> None:
            async with stream:
                await self._come(stream, nets, clock, quiet)

        async with self._listener:
            await self._listener.serve(come)

    async def _come(self, stream: SocketStream, nets: Mapping[str, Net], clock: Clock, quiet: Quiet) -> None:
        peer = peer_of(stream)
        try:
            shown = await self._shown(stream, host(peer)) if self._tls else None
        except (OSError, ssl.SSLError, TimeoutError, anyio.BrokenResourceError, anyio.EndOfStream) as error:
            _refused(quiet, peer, f"{type(error).__name__}: {error}"[:200])
            return
        participant, why = self._who(shown)
        if why:
            _refused(quiet, peer, why)
            return
        link = Link(shown or stream, nets[participant], f"{participant} {peer}", clock, known=shown is not None)
        nets[participant].join(link)
        _log.info("tak link opened", peer=peer, participant=participant, tls=shown is not None)
        await link.run()

    def _who(self, shown: TLSStream | None) -> tuple[str, str]:
        """Return which participant a client is, and why it is not let in, if it is not."""
        if shown is None or self._tls is None:
            return next(iter(self.participants)), ""
        name = common_name(shown)
        if name not in self.participants:
            return name, f'the certificate is for "{name[:64]}", who has no tak channel'
        if not signed_directly(shown, self._tls):
            return name, f'a certificate for "{name}" that the authority itself did not sign'
        return name, ""

    async def _shown(self, stream: SocketStream, address: str) -> TLSStream:
        """Return the encrypted stream of a client whose certificate was signed by the authority."""
        if self._handshakes[address] >= MOST_OF_ONE or self._handshakes.total() >= MOST_HANDSHAKES:
            raise TimeoutError("too many have not yet shown a certificate")
        self._handshakes[address] += 1
        try:
            with anyio.fail_after(HANDSHAKE_S):
                return await TLSStream.wrap(stream, server_side=True, ssl_context=self._tls, standard_compatible=False)
        finally:
            self._handshakes[address] -= 1
            if not self._handshakes[address]:
                del self._handshakes[address]


def _refused(quiet: Quiet, peer: str, why: str) -> None:
    """Log that somebody was not let in: once a minute for each address and reason, with how often since."""
    who, many = quiet.count(f"{host(peer)} {why}")
    if many:
        _log.warning("tak link refused", peer=peer if who != OTHERS else who, why=why, count=many)


async def opened(at: endpoints.Tak, store: Path, participants: frozenset[str]) -> tuple[Door, ...]:
    """Return the ports that are asked for, listening.

    Raises:
        ConfigError: one cannot be listened on, a certificate cannot be used, or a port is for somebody unknown.
    """
    if unknown := sorted(at.plain.keys() - participants):
        hint = "give it a channel of kind tak in the mission file, or take the port out"
        raise refuse(Path(f"{_WHERE} plain"), f'"{unknown[0]}" has no tak channel', hint)
    doors: list[Door] = []
    try:
        if at.listen:
            tls = _context(at, store)
            doors += [Door(one, participants, tls) for one in await _listening(at.listen, "listen")]
        for participant, text in at.plain.items():
            doors += [Door(one, frozenset({participant}), None) for one in await _listening(text, "plain")]
    except BaseException:
        with anyio.CancelScope(shield=True):
            for door in doors:
                await door.close()
        raise
    return tuple(doors)


async def _listening(text: str, key: str) -> list[Listener[SocketStream]]:
    where = f"{_WHERE} {key}"
    place = endpoints.address(text, where)
    try:
        found = await anyio.create_tcp_listener(local_host=place.host, local_port=place.port)
    except OSError as error:
        hint = "choose another port, or end what listens there"
        raise refuse(Path(where), f'"{text}" cannot be listened on: {error.strerror}', hint) from None
    return list(found.listeners)


def _context(at: endpoints.Tak, store: Path) -> ssl.SSLContext:
    """Return TLS from 1.2 on that asks every client for a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    context.options |= ssl.OP_NO_RENEGOTIATION
    for key in ("certificate", "key", "authority"):
        if not getattr(at, key):
            raise refuse(Path(f"{_WHERE} {key}"), "is missing", "TLS needs certificate, key and authority")
    try:
        context.load_cert_chain(store / at.certificate, store / at.key)
        context.load_verify_locations(store / at.authority)
    except (OSError, ssl.SSLError) as error:
        what = f"cannot be used: {error.strerror or error}"
        raise refuse(
            Path(_WHERE), what, "certificate, key and authority are PEM files that the coordinator may read"
        ) from None
    return context
