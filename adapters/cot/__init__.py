"""Cursor on Target 2.0 as TAK clients send it: events in XML, or TAK protobuf version 1 in stream and mesh frames.

Things (``a-*``) become positions; chats messages; ``_medevac_`` a MEDEVAC request; emergencies, alarms and detections
incidents; routes movements; taskings directives; replies acknowledgements; "delete" and "cancel" cancellations; markers
and drawings observations. Each leaf is taken once: by a field, or into ``unmapped``, from where writing puts it back.
Pings and negotiation are never published: their leaves are losses, and `link` answers them.

Source: CoT event base schema 2.0 (MITRE); TAK protocol version 1; reference formats.md §2.7, §4.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from adapters.base import Context, Encoded, Loss, Rejected, Translation, bounded, source
from adapters.cot import event, protobuf
from adapters.cot.fields import Leaves
from adapters.cot.writer import WRITES, XML, write
from adapters.documents import Reader
from schemas.envelope import Envelope, Source, Warning

__all__ = ["COT", "Cot"]


class _Part(NamedTuple):
    """One event of an input: its bytes, its leaves, and the dialect it is in."""

    data: bytes
    leaves: Leaves
    dialect: str = ""


class Cot:
    """The adapter."""

    name = "cot"
    title = "Cursor on Target"
    spec = "CoT event base schema 2.0 (MITRE) as ATAK and WinTAK write it; TAK protocol version 1 (protobuf)"
    suffixes = (".cot", ".xml")
    reads = WRITES
    writes = WRITES

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return 1 for the start of an event, however it is wrapped; a little for any XML, so that it is told why."""
        if protobuf.looks_like(head):
            return 1.0
        start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if not start.startswith(b"<"):
            return 0.0
        if b"<event" in start and b"uid=" in start and b"type=" in start:
            return 1.0
        return 0.3 if suffix == ".cot" else 0.1

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate one event, or several that follow each other."""
        if data[:1] in (b"\xbf", b"\0") and data.lstrip(b"\0")[:1] == b"\xbf":
            return _binary(bounded(data), context)
        if data.count(b"</event") > 1:
            return _translated(data, _split(bounded(data)), context, True)
        message, lost = _event(_xml(data), context, source(data, "cot", context))
        if message is None:
            return Translation(messages=(), losses=lost, dialect=XML)
        return Translation(messages=(message,), losses=lost, warnings=message.warnings, dialect=XML)

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes], dialect: str = "") -> Encoded:
        """Write events back to back; what was read and not edited leaves byte for byte.

        ``dialect`` is ``xml``, ``protobuf-stream`` or ``protobuf-mesh`` (one message a datagram); by default the one
        that the messages were read in, else XML.
        """
        return write(messages, originals, self.decode, dialect)


COT: Final = Cot()
EVENTS: Final = Reader()


def _xml(part: bytes) -> _Part:
    found = EVENTS.read(part)
    if found.root != "event":
        raise Rejected(found.root[:200], "it is no CoT event", "send an <event>, or name the format that it is in")
    return _Part(part, found.leaves)


def _split(data: bytes) -> Iterator[bytes]:
    at = 0
    last = len(data.rstrip())
    while at < last:
        close = data.find(b"</event", at)
        end = data.find(b">", close) + 1 if close >= 0 else 0
        yield data[at:end] if end else data[at:]
        at = end or last


def _translated(data: bytes, parts: Iterable[_Part | bytes], context: Context, several: bool) -> Translation:
    origin = source(data, "cot", context)
    messages: list[Envelope] = []
    losses: list[Loss] = []
    warnings: list[Warning] = []
    dialect = XML
    for n, given in enumerate(parts, 1):
        locator = f"event {n}" if several else ""
        before = f"{locator}: " if several else ""
        try:
            part = _xml(given) if isinstance(given, bytes) else given
            dialect = part.dialect or dialect
            found, lost = _event(part, context, origin, locator)
        except Rejected as error:
            raise Rejected(before + error.path, error.why, error.hint) from None
        losses += (Loss(path=before + u.path, value=u.value, why=u.why) for u in lost)
        if found is not None:
            messages.append(found)
            warnings += found.warnings
    return Translation(messages=tuple(messages), losses=tuple(losses), warnings=tuple(warnings), dialect=dialect)


def _event(
    part: _Part, context: Context, origin: Source, locator: str = ""
) -> tuple[Envelope | None, tuple[Loss, ...]]:
    """Return the message of an event, or none if it steers the link, and what no field took."""
    leaves, dialect = part.leaves, part.dialect
    if leaves.get("event/@type", "")[:2] == "t-" and event.is_control(leaves["event/@type"]):
        return None, event.unpublished(leaves)
    if dialect and not any(path.startswith("event/") for path in leaves):
        return None, event.unpublished(leaves)
    if locator or dialect:
        origin = msgspec.structs.replace(origin, locator=locator, dialect=dialect)
    message = event.message(leaves, part.data, context, origin)
    return message, message.unmapped


def _binary(data: bytes, context: Context) -> Translation:
    frames = list(protobuf.frames(data))
    parts = (_Part(frame.message, protobuf.leaves_of(frame.message), frame.dialect) for frame in frames)
    found = _translated(data, parts, context, len(frames) > 1)
    if not frames or not frames[-1].stray:
        return found
    text = f"{frames[-1].stray} zero bytes before and between the frames were skipped"
    stray = Warning(code="stray-bytes", path="input", text=text)
    return msgspec.structs.replace(found, warnings=(*found.warnings, stray))
