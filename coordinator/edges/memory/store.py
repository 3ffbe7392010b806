"""Streams in memory, and reading them."""

import re
from collections import OrderedDict
from collections.abc import Sequence

import anyio
from anyio.lowlevel import checkpoint

from coordinator import ports
from coordinator.edges.limits import header_block
from coordinator.errors import Full
from coordinator.ports import Clock, Delivery, Stored, StreamState
from coordinator.topology import Stream

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
        if (known := self._ids.get(identity)) and not self.declared.newest_only:  # a state may be written again
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

    @property
    def grown(self) -> anyio.Event:
        """What is set when the stream grows next."""
        return self._grown

    async def wait(self, until: int | None = None, grown: anyio.Event | None = None) -> None:
        """Return when the stream has grown (since ``grown`` was asked for), or at a time."""
        grown = grown or self._grown
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
