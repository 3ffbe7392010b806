"""The window publisher: many publishes in flight over one reply subject, each with its own deadline.

Order: commands are written in order, and after a reconnect everything not acknowledged is written again in order.
The server has stored a prefix of what was written; it knows that by its ids, and takes up where it stopped.
"""

from collections.abc import Callable, Sequence

import anyio
from anyio.lowlevel import checkpoint
from nats.aio.msg import Msg

from coordinator.edges.clock import monotonic
from coordinator.edges.limits import check, header_block
from coordinator.edges.nats import wire
from coordinator.edges.nats.link import Link
from coordinator.errors import BusError, Disconnected, Forbidden, NotFound
from coordinator.ports import Outgoing, Stored

_WINDOW = 1000  # messages in flight
_WINDOW_BYTES = 8 * 1024 * 1024
_PATIENCE_S = 5.0  # without an answer for so long, a publish is repeated
_NOBODY_S = 1.0  # for so long a subject that no stream takes may be a server that is still starting


class _Call:
    """One call of `Publisher.publish`."""

    __slots__ = ("done", "error", "left", "stored")

    def __init__(self, count: int) -> None:
        self.stored: list[Stored | None] = [None] * count
        self.left = count
        self.error: BusError | None = None
        self.done = anyio.Event()


class _Flight:
    """One publish that is not acknowledged yet."""

    __slots__ = ("call", "command", "first", "index", "subject", "written")

    def __init__(self, call: _Call, index: int, subject: str, command: bytes) -> None:
        self.call, self.index, self.subject, self.command = call, index, subject, command
        self.first = self.written = monotonic()


class Publisher:
    """Publishes for every caller of one connection."""

    def __init__(self, link: Link, ids: wire.Ids) -> None:
        self._link = link
        self._ids = ids
        self._flights: dict[str, _Flight] = {}
        self._bytes = 0
        self._count = 0
        self._turn = anyio.Lock()
        self._room = anyio.Event()
        self._reply = link.name()
        self._reply_length = len(self._reply) + 1
        link.listen(f"{self._reply}.*", self._take)
        link.on_up.append(self._repeat)

    async def publish(self, messages: Sequence[Outgoing], deadline_s: float) -> list[Stored]:
        """See `ports.Bus.publish`."""
        await checkpoint()
        blocks = [header_block(m.headers | self._ids.headers(m.subject, m.id)) for m in messages]
        for m, block in zip(messages, blocks, strict=True):  # refuse all before sending any
            check(m.subject, block, m.data, self._link.max_payload)
        call = _Call(len(messages))
        stops = self._expect_denials(call, {m.subject for m in messages})
        try:
            with anyio.move_on_after(deadline_s):
                await self._send(call, messages, blocks)
                if call.left:
                    await call.done.wait()
            return self._result(call, deadline_s)
        finally:
            for stop in stops:
                stop()
            if call.left:
                self._forget(call)

    def _expect_denials(self, call: _Call, subjects: set[str]) -> list[Callable[[], None]]:
        def watch(subject: str) -> Callable[[], None]:
            return self._link.denials.expect(
                "publish", subject, lambda: self._fail(call, Forbidden("publish", subject))
            )

        return [watch(subject) for subject in subjects]

    async def _send(self, call: _Call, messages: Sequence[Outgoing], blocks: Sequence[bytes]) -> None:
        async with self._turn:
            for index, (m, block) in enumerate(zip(messages, blocks, strict=True)):
                while len(self._flights) >= _WINDOW or self._bytes >= _WINDOW_BYTES:
                    self._room = anyio.Event()
                    await self._room.wait()
                if call.error:
                    return
                self._count += 1
                name = str(self._count)
                command = wire.publication(m.subject, f"{self._reply}.{name}", block, m.data)
                self._flights[name] = _Flight(call, index, m.subject, command)
                self._bytes += len(command)
                if self._link.up:
                    self._link.write(command)
            self._link.push()

    def _result(self, call: _Call, deadline_s: float) -> list[Stored]:
        if call.error:
            raise call.error
        if call.left:
            if not self._link.up:
                raise Disconnected(f"{call.left} messages not acknowledged within {deadline_s:g} s: no connection")
            raise BusError(f"{call.left} messages not acknowledged within {deadline_s:g} s")
        return [stored for stored in call.stored if stored is not None]

    # -- what happens in the read loop

    def _take(self, message: Msg) -> None:
        self._link.seen = monotonic()
        name = message.subject[self._reply_length :]
        flight = self._flights.get(name)
        if flight is None:  # acknowledged twice because it was sent twice, or given up
            return
        if not message.data:
            self._nobody(flight)
            return
        ack = wire.decode_ack(message.data)
        if ack.error is not None:
            self._refused(flight, ack.error)
            return
        self._land(name, flight)
        call = flight.call
        call.stored[flight.index] = Stored(ack.stream, ack.seq, ack.duplicate)
        call.left -= 1
        if not call.left:
            call.done.set()

    def _land(self, name: str, flight: _Flight) -> None:
        del self._flights[name]
        self._bytes -= len(flight.command)
        self._room.set()

    def _refused(self, flight: _Flight, failure: wire.Failure) -> None:
        if wire.passing(failure):
            flight.written -= _PATIENCE_S  # `patrol` writes it again at its next round
        else:
            self._fail(flight.call, wire.problem(failure, f'publish "{flight.subject}"'))

    def _nobody(self, flight: _Flight) -> None:
        if monotonic() - flight.first > _NOBODY_S:
            self._fail(flight.call, NotFound(f'no stream keeps "{flight.subject}"'))
        else:
            flight.written -= _PATIENCE_S

    def _fail(self, call: _Call, error: BusError) -> None:
        call.error = call.error or error
        self._forget(call)
        call.done.set()

    def _forget(self, call: _Call) -> None:
        for name in [n for n, flight in self._flights.items() if flight.call is call]:
            self._land(name, self._flights[name])

    def _repeat(self) -> None:
        now = monotonic()
        for flight in self._flights.values():
            flight.first = flight.written = now  # a server that comes back needs a moment until its streams answer
            self._link.write(flight.command)

    async def patrol(self) -> None:
        """Write again what was not answered for too long, for ever."""
        while True:
            await anyio.sleep(0.25)
            now = monotonic()
            for flight in list(self._flights.values()):
                if now - flight.written > _PATIENCE_S and self._link.up:
                    flight.written = now
                    self._link.write(flight.command)
