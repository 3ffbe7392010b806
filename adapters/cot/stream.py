"""What arrives on a TAK connection, cut into events: XML or protobuf frames, in pieces of any size.

1. What comes out depends on the bytes alone, never on how they were cut into pieces.
2. An event ends with its first ``</event>``. One that is cut off ends where the next begins: neither neighbour is lost.
3. Memory is bounded: an event, or a run of bytes that are none, of more than `MAX_EVENT` is refused and left behind.
4. A frame counts only if what is in it is built as a TakMessage is; otherwise the next that does is looked for. Zero
   bytes between frames are skipped and counted.

The events are whole, not yet read: what they say is for `decode` to accept or refuse. Text that holds ``</event>`` or
``<event`` itself, in a comment or CDATA, is not told apart. Source: reference formats.md §4.2, test vectors in §13.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from adapters import xml
from adapters.base import Rejected
from adapters.cot import wire
from adapters.cot.wire import MAGIC, MAX_FRAME, whole

MAX_EVENT: Final = MAX_FRAME

_BLANKS: Final = b" \t\r\n"
_BOM: Final = b"\xef\xbb\xbf"
_MARKS: Final = (b"<?xml", b"<event")
_START: Final = re.compile(rb"<\?xml\s|<event[\s/>]")
_ANY_START: Final = re.compile(rb"<\?xml\s|<event[\s/>]|\xbf")
_EVENT: Final = re.compile(rb"<event[\s/>]")
_DECLARED: Final = re.compile(rb"<\?xml\s[^<>]{0,200}\?>\s{0,200}")
_END: Final = re.compile(rb"</event\s{0,8}>")
_OVERLAP: Final = 16  # bytes at the end of what was searched that a mark may begin in
_LENGTH_BYTES: Final = 5


class Found(NamedTuple):
    """A whole event in its own bytes: an XML document, or a protobuf frame with its head."""

    data: bytes


class Refused(NamedTuple):
    """Bytes that are no event: why, and how to mend it."""

    data: bytes
    error: Rejected


Cut = tuple[int, Found | Refused]


class Splitter:
    """Cuts the bytes of one connection into events. ``stray`` counts zero bytes that were skipped between frames."""

    def __init__(self) -> None:
        self.stray = 0
        self._held = bytearray()
        self._seen = 0  # of what is held, this much has been searched for the mark that is waited for
        self._binary = False  # the last event was a frame: after rubbish, frames are looked for
        self._ended = False

    @property
    def held(self) -> int:
        """How many bytes wait for more."""
        return len(self._held)

    def feed(self, data: bytes) -> list[Found | Refused]:
        """Take the next bytes; return what is complete now, in order."""
        self._held += data
        return list(self._cut())

    def close(self) -> list[Found | Refused]:
        """Return what is left when the connection ends: what was taken for the beginning of more is looked at again."""
        self._ended, self._seen = True, 0
        return list(self._cut())

    def _cut(self) -> Iterator[Found | Refused]:
        while self._skip_blanks() and self._held:
            found = self._frame() if self._held[0] == MAGIC else self._text()
            if found is None:
                return
            size, what = found
            del self._held[:size]
            self._seen = 0
            yield what

    def _skip_blanks(self) -> bool:
        """Leave behind what may stand between events; return False if more bytes are needed to say."""
        held, at = self._held, 0
        while at < len(held) and (held[at] in _BLANKS or held[at] == 0 or held[at : at + 3] == _BOM):
            self.stray += held[at] == 0
            at += 3 if held[at] == _BOM[0] else 1
        if at:
            del held[:at]
            self._seen = 0
        return self._ended or not (0 < len(held) < len(_BOM) and _BOM.startswith(held))

    # -- XML ----------------------------------------------------------------------------------------------------------

    def _text(self) -> Cut | None:
        held = self._held
        if not _START.match(held):
            part = any(len(held) <= len(mark) and mark.startswith(held) for mark in _MARKS)
            return None if part and not self._ended else self._rubbish()
        first = _EVENT.search(held, 0, MAX_EVENT)
        end = _END.search(held, max(self._seen, first.end()), MAX_EVENT) if first else None
        if first and end:
            return self._event(first.start(), end.end())
        if len(held) < MAX_EVENT and not self._ended:
            self._seen = max(0, len(held) - _OVERLAP)
            return None
        size = _last_start(held, MAX_EVENT) or min(len(held), MAX_EVENT - _OVERLAP)
        if self._ended and len(held) < MAX_EVENT:
            return size, _refused(held[:size], "it is cut off: the connection ended", "send it again whole")
        return size, _refused(held[:size], f"it has more than {MAX_EVENT} bytes", "split it, or send it as a file")

    def _event(self, first: int, end: int) -> Cut:
        """Return what ends at ``end``; if it was cut off, what stands before the last beginning within it."""
        self._binary = False
        data = bytes(self._held[:end])
        alone = _START.search(data, first + 1) is None and (not first or _DECLARED.fullmatch(data, 0, first))
        last = 0 if alone or _well_formed(data) else _last_start(data, end)
        if not last:
            return end, Found(data)
        return last, _refused(data[:last], "it is cut off: another event begins in it", "send it again whole")

    # -- protobuf -----------------------------------------------------------------------------------------------------

    def _frame(self) -> Cut | None:
        size = _frame_size(self._held, 0)
        if size is None and not self._ended:
            return None
        if not size:
            return self._rubbish()
        self._binary = True
        return size, Found(bytes(self._held[:size]))

    def _rubbish(self) -> Cut | None:
        """Return what stands before the next event, once it is clear where that begins."""
        held = self._held
        marks = _ANY_START if self._binary or held[0] == MAGIC else _START
        for match in marks.finditer(held, max(1, self._seen), MAX_EVENT):
            size = _frame_size(held, match.start()) if match[0] == b"\xbf" else 1
            if size:
                return match.start(), _no_event(held[: match.start()])
            if size is None and not self._ended:
                self._seen = match.start()
                return None
        if len(held) < MAX_EVENT and not self._ended:
            self._seen = max(1, len(held) - _OVERLAP)
            return None
        size = len(held) if self._ended and len(held) < MAX_EVENT else MAX_EVENT - _OVERLAP
        return size, _no_event(held[:size])


def _frame_size(held: bytearray, at: int) -> int | None:
    """Return how long the frame is that begins at ``at``: 0 if none does, None if more bytes are needed to say."""
    head = bytes(held[at + 1 : at + 1 + _LENGTH_BYTES])
    if all(byte > 0x7F for byte in head):
        return None if len(head) < _LENGTH_BYTES else 0
    length, after = wire.varint(head, 0, "frame")
    start = at + 1 + after
    if not 0 < length <= MAX_FRAME:
        return 0
    built = whole(held, start, start + length)
    return start + length - at if built else built if built is None else 0


def _last_start(data: bytes | bytearray, end: int) -> int:
    """Return where the last event begins before ``end``, its declaration included."""
    last = max((match.start() for match in _START.finditer(data, 0, end)), default=0)
    declared = data.rfind(b"<?xml", 0, last)
    return declared if declared >= 0 and _DECLARED.fullmatch(data, declared, last) else last


def _well_formed(data: bytes) -> bool:
    try:
        xml.parse(data)
    except Rejected:
        return False
    return True


def _no_event(data: bytes | bytearray) -> Refused:
    return _refused(data, "these bytes are no event", "send events back to back, in XML or in protobuf")


def _refused(data: bytes | bytearray, why: str, hint: str) -> Refused:
    return Refused(bytes(data), Rejected("event", why, hint))
