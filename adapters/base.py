"""What every format promises: pure bytes <-> messages, every leaf accounted for, bounded, total.

1. `Adapter.decode` returns a `Translation` or raises `Rejected`; nothing else, for any bytes (law 7).
2. Each leaf of the source is mapped to a field or listed as a `Loss` with its path and value (law 8).
3. Times, places and heights keep what was written and how sure the reading is; nothing is guessed silently.
4. Ids are the originator's; without one, `content_id`: never a clock, never a counter.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, Protocol

import msgspec

from schemas.envelope import Envelope, Source, Unmapped, Warning

MAX_BYTES: Final = 1_000_000  # one operational message (formats.md §2.1); what is larger is refused with hash and head
MAX_LEAVES: Final = 50_000
MAX_DEPTH: Final = 64


Loss = Unmapped
"""A leaf that no field took: where, what, and why; without a why the common schema has no field for it.

It is the `Unmapped` of an envelope: a leaf that belongs to one message travels with that message as well.
"""


class Translation(msgspec.Struct, frozen=True, kw_only=True):
    """What was read out of one input: one envelope a message, and every leaf that no field took.

    ``losses`` lists all of them: those that travel in an envelope's ``unmapped``, and those that belong to no message.
    """

    messages: tuple[Envelope, ...]
    losses: tuple[Loss, ...] = ()
    warnings: tuple[Warning, ...] = ()
    dialect: str = ""


class Encoded(msgspec.Struct, frozen=True, kw_only=True):
    """Messages in a format, and what that format cannot carry."""

    data: bytes
    losses: tuple[Loss, ...] = ()


class Rejected(Exception):
    """Raised when an input cannot be translated: where in it, why, and how to mend it, in the sender's words."""

    def __init__(self, path: str, why: str, hint: str = "") -> None:
        super().__init__(f"{path}: {why}" + (f"; {hint}" if hint else ""))
        self.path = path
        self.why = why
        self.hint = hint


Box = tuple[float, float, float, float]
"""West, south, east and north, degrees WGS 84."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """A column of one sender's tables: the field that its head means, in the language of the table."""

    head: str
    field: str  # as `adapters.sheet` names it
    lang: str = ""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What an adapter may know besides the bytes. It never reads a clock: ``received_at`` is when the bus got them."""

    participant: str = "unknown"
    received_at: int = 0  # microseconds UTC
    channel: str = "nats"
    bearer_id: str = ""
    input_id: str = ""
    raw_seq: int = 0
    kinds: tuple[str, ...] = ()  # kinds of a newer release that the mission carries without reading them
    zone: str = ""  # the mission's zone letter for local times, "" if none is agreed
    mgrs_square: str = ""  # the mission's zone and 100 km square for grids without one, e.g. "26NNH"
    lang: str = ""
    reality: Literal["real", "exercise", "test"] = "real"
    box: Box | None = None  # around all places of the mission, with a margin
    columns: tuple[Head, ...] = ()  # what heads of this sender's tables mean that nobody else knows


class Adapter(Protocol):
    """One format. Its attributes are its documentation; ``coordinator formats`` prints them."""

    name: str  # lower-case token: stands in subjects
    title: str
    spec: str  # document, edition and section
    suffixes: tuple[str, ...]
    reads: frozenset[str]  # kinds
    writes: frozenset[str]

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return how sure it is, 0..1, from the first 4 KiB (and a file suffix) that the bytes are of this format."""
        ...

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate one input.

        Raises:
            Rejected: the input is not this format, or is hostile, or says something impossible.
        """
        ...

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write messages in this format. ``originals`` maps a source sha256 to its bytes: a message that is still
        what was read leaves byte for byte.

        Raises:
            Rejected: no message of these kinds can be written in this format.
        """
        ...


def sha256(data: bytes) -> str:
    """Return the hex SHA-256 by which bytes are known."""
    return hashlib.sha256(data).hexdigest()


def content_id(data: bytes, locator: str, bearer_id: str) -> str:
    """Return an id for an input whose originator gave none: equal bytes on the same bearer are the same input."""
    seed = b"\0".join((hashlib.sha256(data).digest(), locator.encode(), bearer_id.encode()))
    return "h-" + hashlib.sha256(seed).hexdigest()[:32]


def source(
    data: bytes,
    format_: str,
    context: Context,
    *,
    locator: str = "",
    dialect: str = "",
    encoding: str = "",
    clock_offset_s: float | None = None,
) -> Source:
    """Return the `Source` of a message that was read from ``data``."""
    return Source(
        format=format_,
        dialect=dialect,
        channel=context.channel,
        bearer_id=context.bearer_id,
        message_id=context.input_id,
        sha256=sha256(data),
        raw_seq=context.raw_seq,
        encoding=encoding,
        locator=locator,
        clock_offset_s=clock_offset_s,
    )


_PACKED: Final = frozenset({".xlsx", ".kmz"})  # names of files that are archives


def suffix_of(adapter: Adapter, data: bytes) -> str:
    """Return the suffix of a file with these bytes of a format: a workbook is no CSV, a packed map no KML."""
    packed = data.startswith(b"PK\x03\x04")
    return next((s for s in adapter.suffixes if (s in _PACKED) == packed), adapter.suffixes[0])


def as_received(
    messages: Sequence[Envelope],
    originals: Mapping[str, bytes],
    decode: Callable[[bytes, Context], Translation],
) -> bytes | None:
    """Return the bytes that these messages were read from, if reading them again gives just these messages.

    A message that anybody edited, or whose reading hung on what only the mission knows, is built from its fields.
    """
    known = {m.source.sha256 for m in messages if m.source is not None}
    if len(known) != 1 or any(m.source is None for m in messages):
        return None
    data = originals.get(next(iter(known)))
    if data is None:
        return None
    first = messages[0]
    bearer_id = first.source.bearer_id if first.source else ""
    context = Context(
        participant=first.originator,
        received_at=first.received_at or 0,
        bearer_id=bearer_id,
        lang=first.lang,
        reality="real" if any(m.reality == "real" for m in messages) else first.reality,  # a document may be of both
    )
    try:
        again = decode(data, context).messages
    except Rejected:
        return None
    return data if [_said(m) for m in again] == [_said(m) for m in messages] else None


def _said(message: Envelope) -> tuple[object, ...]:
    """Return what a message says, without what the bus wrote on it."""
    body = msgspec.json.decode(message.body)
    return (
        message.key,
        message.kind,
        message.status,
        message.reality,
        message.ack_required,
        message.summary,
        message.texts,
        body,
    )


def bounded(data: bytes) -> bytes:
    """Return ``data`` if it is neither empty nor too large.

    Raises:
        Rejected: it is.
    """
    if not data.strip():
        raise Rejected("input", "it is empty", "send the message again with its text or file attached")
    if len(data) > MAX_BYTES:
        raise Rejected(
            "input", f"{len(data)} bytes is more than {MAX_BYTES}", "split it, or send a reference to the file instead"
        )
    return data
