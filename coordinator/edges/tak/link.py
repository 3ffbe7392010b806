"""One TAK connection: what it says is cut, answered or handed on.

1. A bad event costs nothing but itself. Pings are answered at once, protobuf is offered and spoken if it is asked for.
2. A link without a byte is pinged. One that knows pings is closed after `SILENT_US`; one that never showed that it
   does, a display that only listens, after `LISTENER_US`. The kernel's own probes tell in a minute that a host is gone.
3. A link that takes nothing of what is written for `WRITE_US`, or lets too much wait, is closed. So no peer can hold up
   more than itself.
"""

import ssl
from collections.abc import Sequence
from functools import partial
from typing import Final, Protocol

import anyio
from anyio.abc import ByteStream, TaskGroup

from adapters.base import Rejected
from adapters.cot import link as steering
from adapters.cot.protobuf import STREAM
from adapters.cot.stream import Found, Splitter
from coordinator import log
from coordinator.edges.tak.inputs import Input, Room
from coordinator.edges.tak.outbox import Outbox, Ticket
from coordinator.edges.tak.refusals import Refusals
from coordinator.edges.tak.sockets import probe
from coordinator.edges.tak.words import US, Event
from coordinator.ports import Answered, Clock

PING_US: Final = 30_000_000
SILENT_US: Final = 90_000_000
LISTENER_US: Final = 900_000_000
WRITE_US: Final = 20_000_000
LOOK_US: Final = 5_000_000  # how often a link is looked at
_READ: Final = 65_536
_OFFER_US: Final = int(steering.OFFER_VALID_S * 1_000_000)
_BREAKS: Final = (anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.BusyResourceError, OSError, ssl.SSLError)

_log = log.get("tak")


class Net(Protocol):
    """What a link knows of its participant."""

    def pass_on(self, event: Event, source: "Link") -> None:
        """Hand an event to the participant's other links."""
        ...

    def put(self, uid: str, given: Input) -> None:
        """Put an input on the bus, behind those of the same uid."""
        ...

    def known(self) -> None:
        """Note that a link has shown who it is."""
        ...

    def left(self, link: "Link") -> None:
        """Note that a link takes nothing more."""
        ...


class Link:
    """One connection of a participant. ``known``: it has shown that it is a TAK client, and is given departures."""

    def __init__(self, stream: ByteStream, net: Net, peer: str, clock: Clock, known: bool) -> None:
        self.heard_at = clock.now()
        self.known = known
        self._stream = stream
        self._net = net
        self._peer = peer
        self._clock = clock
        self._splitter = Splitter()
        self._room = Room()
        self._out = Outbox(stream, clock)
        self._refusals = Refusals(self.post, clock)
        self._binary = False  # what it is told
        self._opened_at = self.heard_at
        self._knows_pings = self._pinged = False
        self._listening = False  # else it is we who keep it waiting
        self._closed = ""  # why, once it is
        self._group: TaskGroup | None = None

    async def run(self) -> None:
        """Read and write until one side ends it; whatever the peer does ends nothing but this link.

        The caller closes the stream.
        """
        try:
            async with anyio.create_task_group() as group:
                self._group = group
                group.start_soon(self._write)
                group.start_soon(self._watch)
                await self._read()
        finally:
            self.close("the bearer was stopped")
            left = self._splitter.held
            _log.info("tak link closed", peer=self._peer, why=self._closed, unfinished_bytes=left)

    def close(self, why: str) -> None:
        """End the link: what waits on it did not go out."""
        if self._closed:
            return
        self._closed = why
        self._net.left(self)
        self._out.end()
        if self._group is not None:
            self._group.cancel_scope.cancel()

    # -- what it says -------------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        try:
            probe(self._stream)
            self.post(steering.offer(US, self._opened_at))
            while not self._closed:
                self._listening = True
                data = await self._stream.receive(_READ)
                self._listening = self._pinged = False
                for cut in self._splitter.feed(data):
                    await self._said(cut.data, isinstance(cut, Found))
                self.heard_at = self._clock.now()
        except anyio.EndOfStream:
            for cut in self._splitter.close():
                await self._said(cut.data, isinstance(cut, Found))
            self.close("the client ended it")
        except _BREAKS as error:
            self.close(f"it broke: {type(error).__name__}")

    async def _said(self, data: bytes, whole: bool) -> None:
        """Deal with one event. One that cannot be read goes to the bus as well, which says why it is refused."""
        event = self._looked_at(data) if whole else None
        if event is not None and not self.known:
            self.known = True
            self._net.known()
        if event is not None and event.steers:
            self._steer(event)
            return
        if event is not None and event.kind and event.uid:
            self._net.pass_on(event, self)
        await self._room.enter(len(data))
        self._net.put(event.uid if event else "", Input(data, self._room, partial(self._answered, event)))

    def _looked_at(self, data: bytes) -> Event | None:
        try:
            return Event(data)
        except Rejected as error:
            _log.info("tak event not readable", peer=self._peer, why=str(error))
            return None

    def _steer(self, event: Event) -> None:
        kind, now = steering.control(event.data), self._clock.now()
        self._knows_pings |= kind in ("ping", "pong")
        if kind == "ping":
            self.put(steering.pong(US, now, STREAM if self._binary else "xml"))
        elif kind == "version" and (asked := steering.negotiation(event.data)).step == "request":
            accepted = self._binary or (asked.version == steering.VERSION and now - self._opened_at <= _OFFER_US)
            self.post(steering.response(US, now, accepted))
            self._binary = accepted

    def _answered(self, event: Event | None, answer: Answered) -> None:
        if self._group is not None and not self._closed:
            self._refusals.answered(event, answer, self._group)

    # -- what it is told ----------------------------------------------------------------------------------------------

    def post(self, data: bytes) -> None:
        """Queue an event of ours in the form that the link speaks."""
        self.tell((Event(data),))

    def tell(self, events: Sequence[Event], ticket: Ticket | None = None) -> None:
        """Queue events in the form that the link speaks; the ticket learns whether they went out."""
        self.put(b"".join(map(self._spoken, events)), ticket)

    def _spoken(self, event: Event) -> bytes:
        if event.binary == self._binary:
            return event.data
        try:
            data, lost = event.other
        except Rejected as error:
            _log.warning("tak event not passed on in the other form", peer=self._peer, uid=event.uid, why=str(error))
            return b""
        if lost:
            _log.info("tak event lost leaves", peer=self._peer, uid=event.uid, leaves=list(lost[:20]))
        return data

    def put(self, data: bytes, ticket: Ticket | None = None) -> None:
        """Queue bytes that are in the form that the link speaks; one that lets too much wait is closed."""
        if self._out.full:
            self.close("it reads too slowly: too much waits for it")
        self._out.put(data, ticket)

    async def _write(self) -> None:
        try:
            await self._out.write()
        except _BREAKS as error:
            self.close(f"it broke: {type(error).__name__}")

    async def _watch(self) -> None:
        while True:
            await self._clock.sleep(LOOK_US / 1_000_000)
            now = self._clock.now()
            silent = now - self.heard_at if self._listening else 0
            if self._out.stuck_since and now - self._out.stuck_since >= WRITE_US:
                self.close("it reads too slowly: nothing of a write was taken in time")
            elif silent >= (SILENT_US if self._knows_pings else LISTENER_US):
                self.close("it was silent too long")
            elif silent >= PING_US and not self._pinged:
                self._pinged = True
                self.post(steering.ping(US, now))
