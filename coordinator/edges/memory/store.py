"""Streams and durable consumers in memory."""

import re
from collections import OrderedDict
from collections.abc import Sequence

import anyio
from anyio.lowlevel import checkpoint

from coordinator import ports
from coordinator.edges.limits import header_block
from coordinator.errors import Full
from coordinator.ports import Clock, Delivery, Stored, StreamState
from coordinator.topology import Consumer, Stream

_BATCH = 256


class Held:
    """What one stream holds."""

    def __init__(self, declared: Stream, clock: Clock) -> None:
        self.declared = declared
        self.last_seq = 0
        self.bytes = 0
        self._clock = clock
        self._messages: dict[int, Delivery] = {}
        self._ids: OrderedDict[tuple[str, str], tuple[int, int]] = OrderedDict()  # sender, id -> sequence, time
        self._newest: dict[str, int] = {}
        self._expiry: dict[int, int] = {}
        self._grown = anyio.Event()

    def append(self, subject: str, data: bytes, headers: dict[str, str], sender: str) -> Stored:
        """Keep a message, unless this sender's id is still remembered.

        Raises:
            Full: the stream's limit would be passed.
        """
        now = self._clock.now()
        self._forget(now)
        identity = (sender, headers.get(ports.ID, ""))
        if known := self._ids.get(identity):
            return Stored(self.declared.name, known[0], duplicate=True)
        if self.declared.max_bytes >= 0 and self.bytes + _size(subject, data, headers) > self.declared.max_bytes:
            raise Full(f'stream "{self.declared.qualified}" is full: its limit is {self.declared.max_bytes} bytes')
        self.last_seq += 1
        if self.declared.newest_only and (old := self._newest.pop(subject, 0)):
            self._drop(old)
        self._keep(Delivery(self.declared.qualified, self.last_seq, subject, data, dict(headers), now), identity)
        return Stored(self.declared.name, self.last_seq, duplicate=False)

    def _keep(self, message: Delivery, identity: tuple[str, str]) -> None:
        self._messages[message.seq] = message
        self._newest[message.subject] = message.seq
        self.bytes += _size(message.subject, message.data, message.headers)
        self._ids[identity] = (message.seq, message.time)
        if self.declared.expiring and (life := message.headers.get(ports.TTL)):
            self._expiry[message.seq] = message.time + int(life) * 1_000_000
        self._grown.set()
        self._grown = anyio.Event()

    def _drop(self, seq: int) -> None:
        if message := self._messages.pop(seq, None):
            self.bytes -= _size(message.subject, message.data, message.headers)
        self._expiry.pop(seq, None)

    def _forget(self, now: int) -> None:
        oldest_kept = now - self.declared.duplicate_window_s * 1_000_000
        while self._ids and next(iter(self._ids.values()))[1] < oldest_kept:
            self._ids.popitem(last=False)
        for seq in [s for s, end in self._expiry.items() if end <= now]:
            self._drop(seq)

    def get(self, seq: int) -> Delivery | None:
        """Return one message."""
        self._forget(self._clock.now())
        return self._messages.get(seq)

    def last(self, pattern: str) -> Delivery | None:
        """Return the newest message of a subject or pattern."""
        self._forget(self._clock.now())
        if "*" not in pattern and ">" not in pattern:
            return self._messages.get(self._newest.get(pattern, 0))
        wanted = Filter((pattern,))
        seqs = sorted((seq for subject, seq in self._newest.items() if wanted.takes(subject)), reverse=True)
        return next((self._messages[seq] for seq in seqs if seq in self._messages), None)

    def state(self) -> StreamState:
        """Return how much there is."""
        self._forget(self._clock.now())
        first = next(iter(self._messages), self.last_seq + 1 if self.last_seq else 0)
        return StreamState(len(self._messages), self.bytes, first, self.last_seq)

    def after(self, seq: int, wanted: "Filter", limit: int) -> tuple[list[Delivery], int]:
        """Return matching messages behind a sequence, and how far was looked."""
        self._forget(self._clock.now())
        found: list[Delivery] = []
        while seq < self.last_seq and len(found) < limit:
            seq += 1
            message = self._messages.get(seq)
            if message is not None and wanted.takes(message.subject):
                found.append(message)
        return found, seq

    async def wait(self, until: int | None = None) -> None:
        """Return when the stream has grown, or at a time."""
        grown = self._grown
        if until is None:
            await grown.wait()
            return
        async with anyio.create_task_group() as tasks:

            async def wake() -> None:
                await self._clock.sleep_until(until)
                tasks.cancel_scope.cancel()

            tasks.start_soon(wake)
            await grown.wait()
            tasks.cancel_scope.cancel()


class Filter:
    """Subject patterns, compiled; none means everything."""

    def __init__(self, patterns: Sequence[str]) -> None:
        forms = ("[.]".join(map(_form, p.split("."))) for p in patterns or (">",))
        self._expression = re.compile("|".join(f"(?:{form})" for form in forms))

    def takes(self, subject: str) -> bool:
        """Say whether a subject matches."""
        return self._expression.fullmatch(subject) is not None


def _form(part: str) -> str:
    return {"*": "[^.]+", ">": ".+"}.get(part) or re.escape(part)


def _size(subject: str, data: bytes, headers: dict[str, str]) -> int:
    return 22 + len(subject) + len(data) + len(header_block(headers))


class MemoryReader:
    """A cursor over a stream; implements `ports.Reader`."""

    def __init__(self, held: Held, patterns: Sequence[str], after: int) -> None:
        self._held = held
        self._wanted = Filter(patterns)
        self._seq = after

    async def batch(self) -> list[Delivery]:
        """Wait until something is there and return it."""
        await checkpoint()
        while True:
            found, self._seq = self._held.after(self._seq, self._wanted, _BATCH)
            if found:
                return found
            await self._held.wait()

    async def pending(self) -> int:
        """Return how many matching messages are ahead."""
        await checkpoint()
        return len(self._held.after(self._seq, self._wanted, self._held.last_seq)[0])


class Desk:
    """A durable consumer: what of its stream is delivered, due again, and dealt with."""

    def __init__(self, declared: Consumer, held: Held, clock: Clock) -> None:
        self._declared = declared
        self._held = held
        self._clock = clock
        self._seq = 0
        self._due: dict[int, int] = {}  # sequence -> when it is delivered again
        self._times: dict[int, int] = {}  # sequence -> how often it was delivered
        self._changed = anyio.Event()

    @property
    def floor(self) -> int:
        """The sequence up to which everything is dealt with."""
        return min(self._due, default=self._seq + 1) - 1

    def take(self, limit: int) -> list[Delivery]:
        """Return what is due now, redeliveries first."""
        now = self._clock.now()
        due = sorted(seq for seq, when in self._due.items() if when <= now)[:limit]
        again = [m for seq in due if (m := self._present(seq))]
        room = min(limit - len(again), self._declared.max_ack_pending - len(self._due))
        fresh, self._seq = self._held.after(self._seq, _EVERYTHING, max(room, 0))
        found = [m._replace(token=f"{m.seq}") for m in (*again, *fresh)]
        for message in found:
            self._deliver(message.seq, now)
        return found

    def _present(self, seq: int) -> Delivery | None:
        message = self._held.get(seq)
        if message is None:  # replaced or expired meanwhile
            self.done(seq)
        return message

    def _deliver(self, seq: int, now: int) -> None:
        times = self._times[seq] = self._times.get(seq, 0) + 1
        waits = self._declared.backoff_s or (self._declared.ack_wait_s,)
        self._due[seq] = now + waits[min(times, len(waits)) - 1] * 1_000_000

    def done(self, seq: int) -> None:
        """Never deliver this again."""
        self._due.pop(seq, None)
        self._times.pop(seq, None)
        self._wake()

    def again(self, seq: int, delay_s: float) -> None:
        """Deliver this again after a delay."""
        if seq in self._due:
            self._due[seq] = self._clock.now() + int(delay_s * 1_000_000)
            self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    async def wait(self) -> None:
        """Return when something may be due."""
        changed = self._changed
        async with anyio.create_task_group() as tasks:

            async def look() -> None:
                await self._held.wait(min(self._due.values(), default=None))
                tasks.cancel_scope.cancel()

            tasks.start_soon(look)
            await changed.wait()
            tasks.cancel_scope.cancel()

    def pending(self) -> int:
        """Return how many messages are not dealt with."""
        return len(self._due) + len(self._held.after(self._seq, _EVERYTHING, self._held.last_seq)[0])


_EVERYTHING = Filter(())


class MemoryConsumer:
    """A share of a durable consumer; implements `ports.Consumer`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def batch(self) -> list[Delivery]:
        """Wait until something is due and return it."""
        await checkpoint()
        while not (found := self._desk.take(_BATCH)):
            await self._desk.wait()
        return found

    async def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Say that these are dealt with."""
        await checkpoint()
        for delivery in deliveries:
            self._desk.done(delivery.seq)

    async def nak(self, deliveries: Sequence[Delivery], delay_s: float = 0.0) -> None:
        """Ask for these again after a delay."""
        await checkpoint()
        for delivery in deliveries:
            self._desk.again(delivery.seq, delay_s)

    async def pending(self) -> int:
        """Return how many messages are not acknowledged."""
        await checkpoint()
        return self._desk.pending()
