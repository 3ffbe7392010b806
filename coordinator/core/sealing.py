"""When a stream's hash chain is sealed: at every N messages, or T seconds after the first one that is not sealed.

Takes messages as they stand in the streams, of every kind and version; it reads nothing out of them but their hash.
A tick of this service asks for no seal by itself, or an idle bus would seal its own ticks for ever.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec

from coordinator.core.chain import GENESIS, Chain, content_hash, sealed_text
from coordinator.core.step import Effect, Logged
from schemas import subjects
from schemas.operations import Seal

EVERY: Final = 1_000  # messages
WITHIN: Final = 60_000_000  # microseconds
NAME: Final = "log"


class _Lane(msgspec.Struct, kw_only=True):
    """One stream: its chain, and what its last seal covered."""

    chain: Chain
    sealed: int = 0
    count: int = 0
    head: str = GENESIS.hex()
    due: int | None = None


class Sealer:
    """Chains streams and says when to seal them. ``sign`` returns the signature of some bytes, ``key`` names it."""

    def __init__(self, streams: Sequence[str], sign: Callable[[bytes], str], key: str) -> None:
        self._sign, self._key = sign, key
        self.lanes = {s: _Lane(chain=Chain(stream=s)) for s in streams}

    def add(
        self, stream: str, seq: int, subject: str, headers: Mapping[str, str], data: bytes, now: int
    ) -> list[Effect]:
        """Take the next message of a stream; return the seal that it completes, if it does."""
        lane = self.lanes[stream]
        lane.chain.add(seq, subject, headers, data)
        if subject != subjects.tick(NAME) and lane.due is None:
            lane.due = now + WITHIN
        return [self._seal(lane, now)] if lane.chain.count - lane.count >= EVERY else []

    def wake(self, now: int, cause: Logged) -> Sequence[Effect]:
        """Seal what has waited long enough."""
        return [self._seal(lane, now) for lane in self.lanes.values() if lane.due is not None and lane.due <= now]

    def next_wake(self) -> int | None:
        """Return when the oldest unsealed message has waited long enough."""
        return min((lane.due for lane in self.lanes.values() if lane.due is not None), default=None)

    def _seal(self, lane: _Lane, now: int) -> Effect:
        head = lane.chain.head.hex()
        text = sealed_text(lane.chain.stream, lane.chain.last, lane.chain.count, head, lane.head, now)
        seal = Seal(
            stream=lane.chain.stream,
            first=lane.sealed + 1,
            last=lane.chain.last,
            count=lane.chain.count,
            head=head,
            previous=lane.head,
            at=now,
            key=self._key,
            signature=self._sign(text),
        )
        lane.sealed, lane.count, lane.head, lane.due = seal.last, seal.count, head, None
        return Effect(subjects.seal(seal.stream), seal, seal.stream, f"{seal.stream}:{seal.last}", seal.last)

    def snapshot(self) -> bytes:
        """Return the whole state as bytes."""
        return msgspec.msgpack.encode(self.lanes)

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot."""
        self.lanes |= msgspec.msgpack.decode(data, type=dict[str, _Lane])


class Mismatch(msgspec.Struct, frozen=True, kw_only=True):
    """Where a stream is not what its seals say."""

    stream: str
    first: int
    last: int
    what: str


class Verifier:
    """Walks one stream beside its seals; finds the first message or stretch that differs."""

    def __init__(
        self, stream: str, seals: Sequence[Seal], check: Callable[[Seal, bytes], bool], *, own_hashes: bool = True
    ) -> None:
        """``own_hashes`` False where anybody writes: what a participant says of its message proves nothing."""
        self._chain = Chain(stream=stream)
        self._check = check
        self._own_hashes = own_hashes
        self._seals = sorted(seals, key=lambda seal: seal.last)
        self._next = 0
        self.mismatches: list[Mismatch] = self._signatures()

    def _signatures(self) -> list[Mismatch]:
        return [
            Mismatch(
                stream=s.stream, first=s.first, last=s.last, what="the seal's signature is not of the key it names"
            )
            for s in self._seals
            if not self._check(s, sealed_text(s.stream, s.last, s.count, s.head, s.previous, s.at))
        ]

    def add(self, seq: int, subject: str, headers: Mapping[str, str], data: bytes) -> None:
        """Take the next message; messages must come in sequence."""
        stated = headers.get("Content-Hash", "")
        identity, at = headers.get("Nats-Msg-Id", ""), headers.get("Logged-At", "")
        if self._own_hashes and stated and stated != content_hash(subject, identity, at, data):
            self._wrong(seq, seq, "the message is not what its own hash says: it was edited or damaged")
        if seq > self._chain.last + 1:
            self._wrong(self._chain.last + 1, seq - 1, "the stream does not hold these messages")
        self._chain.add(seq, subject, headers, data)
        self._compare()

    def _compare(self) -> None:
        while self._next < len(self._seals) and self._seals[self._next].last <= self._chain.last:
            seal = self._seals[self._next]
            self._next += 1
            if seal.last == self._chain.last and seal.head != self._chain.head.hex():
                self._wrong(seal.first, seal.last, "these messages are not the ones that were sealed")
                self._chain.head = bytes.fromhex(seal.head)  # so that only the first wrong stretch is named

    def finish(self) -> list[Mismatch]:
        """Return everything that differs, once the stream has been walked."""
        if self._next < len(self._seals):
            seal = self._seals[-1]
            self._wrong(self._chain.last + 1, seal.last, "sealed messages are missing at the end of the stream")
        return self.mismatches

    @property
    def covered(self) -> int:
        """The sequence up to which seals vouch for the stream."""
        return self._seals[-1].last if self._seals else 0

    @property
    def last(self) -> int:
        """The last sequence walked."""
        return self._chain.last

    def _wrong(self, first: int, last: int, what: str) -> None:
        self.mismatches.append(Mismatch(stream=self._chain.stream, first=first, last=last, what=what))
