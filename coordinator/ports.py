"""What services see of the outside: a bus, a clock, and the values that cross them.

Two implementations of `Bus` exist: ``edges/nats`` and ``edges/memory``; ``tests/contracts`` holds what both promise.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Final, NamedTuple, Protocol

import msgspec

from coordinator.core.mission import Channel
from schemas.subjects import Precedence

# Headers that this project writes. Everything else that a message needs is in its body.
ID: Final = "Nats-Msg-Id"
LOGGED_AT: Final = "Logged-At"  # microseconds UTC from the clock of whoever wrote the message
HASH: Final = "Content-Hash"  # sha256 of subject, id, Logged-At and data: `core.chain.content_hash`
WRITTEN_BY: Final = "Service"  # the service that wrote it
CAUSE_SEQ: Final = "Cause-Seq"  # LOG sequence whose handling produced this message
LOG_SEQ: Final = "Log-Seq"  # LOG sequence that a delivery shows
CHANNEL: Final = "Channel"  # how an input reached us: nats, file, or the name of a channel of the mission
BEARER_ID: Final = "Bearer-Id"  # the bearer's own name for it: file name, Message-ID
BATCH: Final = "Batch"  # the sender's name for inputs that want one receipt
ON_BEHALF_OF: Final = "On-Behalf-Of"
SPOKEN_BY: Final = "Spoken-By"  # then: the function of whoever said it, percent-encoded UTF-8
TTL: Final = "Nats-TTL"  # whole seconds that a message on a BOARD stays; without it, until it is replaced
END: Final = "Reply-End"  # set on the last message of an answer; its value is "ok" or `errors.spelled`


class Outgoing(NamedTuple):
    """A message to publish; ``id`` makes publishing it twice the same as publishing it once."""

    subject: str
    data: bytes
    id: str
    headers: dict[str, str]


class Stored(NamedTuple):
    """The stream's word that a message is kept; ``duplicate`` if it already was."""

    stream: str
    seq: int
    duplicate: bool


class Delivery(NamedTuple):
    """A message as it stands in a stream. ``time`` is the stream's own clock, microseconds UTC."""

    stream: str
    seq: int
    subject: str
    data: bytes
    headers: dict[str, str]
    time: int
    token: str = ""  # what the bus needs to acknowledge it


class StreamState(NamedTuple):
    """How much a stream holds; ``first`` and ``last`` are sequences (last is 0 for a stream never written to)."""

    messages: int
    bytes: int
    first: int
    last: int


class Reader(Protocol):
    """A cursor over a stream, in sequence, without acknowledgements. Follows the stream until it is closed."""

    async def batch(self) -> list[Delivery]:
        """Wait until something is there and return it, in sequence, at most a few hundred; safe to cancel."""
        ...

    async def pending(self) -> int:
        """Return how many matching messages `batch` has not handed out yet, here and in the stream."""
        ...


class Consumer(Protocol):
    """A share of a durable consumer. What is not acknowledged in time is delivered again, here or elsewhere."""

    async def batch(self) -> list[Delivery]:
        """Wait until something is there and return it, at most a few hundred; safe to cancel."""
        ...

    async def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Say that these are dealt with."""
        ...

    async def nak(self, deliveries: Sequence[Delivery], delay_s: float = 0.0) -> None:
        """Ask for these again after a delay."""
        ...

    async def pending(self) -> int:
        """Return how many messages are not acknowledged yet, delivered or not, over all shares."""
        ...


class Reply(NamedTuple):
    """One part of an answer."""

    data: bytes
    headers: dict[str, str]


Answer = Callable[[str, bytes, dict[str, str]], AsyncIterator[bytes]]
"""``(subject, data, headers) -> parts``: answers one request with zero or more parts."""

OnMessage = Callable[[str, bytes, dict[str, str]], Awaitable[None]]


class Bus(Protocol):
    """A connection under one identity. Every method may raise `coordinator.errors.BusError`."""

    async def publish(self, messages: Sequence[Outgoing], *, deadline_s: float = 30.0) -> list[Stored]:
        """Publish in order and return when every one is stored, in the same order.

        A publish that fails for a passing reason is retried with the same id until the deadline.

        Raises:
            Forbidden: the server says this identity may not publish there (at once, not by a timeout).
            Full: the stream refuses more.
            BusError: the deadline passed; what was not acknowledged may or may not be stored.
        """
        ...

    async def emit(self, subject: str, data: bytes, headers: dict[str, str] | None = None) -> None:
        """Publish without storage or acknowledgement (live tracks, replay sandboxes)."""
        ...

    def read(self, stream: str, subjects: Sequence[str], *, after: int = 0) -> AbstractAsyncContextManager[Reader]:
        """Read a stream from the sequence behind ``after``, filtered, and follow it."""
        ...

    def consume(self, stream: str, durable: str) -> AbstractAsyncContextManager[Consumer]:
        """Take a share of a durable consumer that the topology declares."""
        ...

    async def get(self, stream: str, seq: int) -> Delivery | None:
        """Return one message, or None if the stream does not hold it."""
        ...

    async def last(self, stream: str, subject: str) -> Delivery | None:
        """Return the newest message whose subject matches, or None."""
        ...

    async def state(self, stream: str) -> StreamState:
        """Return what a stream holds.

        Raises:
            NotFound: there is no such stream for this identity.
        """
        ...

    async def progress(self, stream: str, durable: str) -> int:
        """Return the sequence up to which everything for a durable consumer is acknowledged.

        Raises:
            NotFound: there is no such stream or consumer for this identity.
        """
        ...

    async def save(self, name: str, data: bytes) -> None:
        """Keep a snapshot in COORD's object store, replacing the one of that name."""
        ...

    async def load(self, name: str) -> bytes | None:
        """Return a kept snapshot, or None."""
        ...

    def ask(
        self, subject: str, data: bytes, headers: dict[str, str] | None = None, *, timeout_s: float = 5.0
    ) -> AsyncIterator[Reply]:
        """Send a request and yield the parts of its answer; ``timeout_s`` is the longest silence between two parts.

        Raises:
            NoAnswer: nobody serves that subject, or the silence was too long.
            Forbidden: this identity may not ask that.
            BusError: the answer ended with an error.
        """
        ...

    def serve(self, subject: str, queue: str, answer: Answer) -> AbstractAsyncContextManager[None]:
        """Answer requests as one of a queue group while the context is open."""
        ...

    def subscribe(self, subject: str, on_message: OnMessage) -> AbstractAsyncContextManager[None]:
        """Hand each message of a live subject to a coroutine while the context is open."""
        ...

    async def contacts(self) -> dict[str, int]:
        """Return, per participant, how many connections its account has now (only for COORD's observer).

        Its gates do not count: they run on the coordinator's host, and say nothing of the participant's own link.
        """
        ...

    async def colleagues(self) -> tuple[str, ...]:
        """Return the names of all connections of COORD, this one among them, the oldest first (only for COORD)."""
        ...

    @property
    def last_round_trip(self) -> float:
        """Monotonic seconds since the data path last proved itself (a PubAck, a pull answer); liveness is this."""
        ...


class Clock(Protocol):
    """Where time comes from. Microseconds UTC."""

    def now(self) -> int:
        """Return the time."""
        ...

    async def sleep_until(self, when: int) -> None:
        """Return when the time is at or behind ``when``; safe to cancel."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after so long, also if the clock is set meanwhile; safe to cancel."""
        ...


class Departure(NamedTuple):
    """Something for a participant, written as its channel wants it. A second try has the same id and name."""

    id: str  # of the delivery: the same for ever
    name: str  # a file name: place in the INBOX, precedence, kind and id, and the suffix of the format
    subject: str  # one line for a reader: precedence, what it is, what it is about
    data: bytes
    format: str
    precedence: Precedence


class Answered(NamedTuple):
    """What became of an input. ``accepted`` None: it is kept, and the answer will come later on the same channel."""

    accepted: bool | None
    text: str  # for a person, in the sender's language: where, why and how to mend it
    data: bytes  # the same for a program: a JSON object


Carry = Callable[[Departure], Awaitable[None]]
"""Hands something over to the bearer and returns when the bearer has it; raises `errors.Undelivered`."""


class Gate(Protocol):
    """What a bearer sees of the bus: one participant's channel. A bearer knows bytes and addresses, nothing else."""

    @property
    def participant(self) -> str:
        """Whose channel it is."""
        ...

    @property
    def channel(self) -> Channel:
        """Its profile in the mission, with the format and the language that hold for it."""
        ...

    async def take(self, data: bytes, name: str, format: str = "") -> Answered:
        """Put an input on the bus and return its answer; the same bytes under the same name are the same input.

        ``name`` is the bearer's own name for it (a file name, a Message-ID with the part's name): it gives the id, and
        its suffix helps to recognise the format. Empty and oversized inputs are answered with a refusal.

        Raises:
            BusError: it is not kept; the bearer must keep it and offer it again.
        """
        ...

    async def dispatch(self, carry: Carry) -> None:
        """Carry out what is delivered to the participant, for ever: the most urgent first, one after the other.

        At least once: what a cancelled or failed ``carry`` did not confirm is carried again. While a bearer fails with
        `Undelivered.retry`, what is more urgent overtakes. Only one dispatch of a channel runs at a time.

        Raises:
            BusError: the connection failed for good.
        """
        ...


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference between what the topology declares and what the server has."""

    what: str  # "stream COORD/LOG", "consumer COORD/RAW/intake"
    action: str  # "create", "update", "refuse"
    detail: str  # "max_age 0 -> 2592000000000000"
