"""TAK protobuf put together and taken apart by hand, in another way than the adapter does it.

A message is a list of (number, wire type, content); content is bytes, a number, or such a list.
"""

import struct
from collections.abc import Iterator
from typing import Any

Field = tuple[int, int, Any]

TEXTS = {1: "type", 2: "access", 3: "qos", 4: "opex", 5: "uid", 9: "how", 16: "caveat", 17: "releasableTo"}
TIMES = {6: "time", 7: "start", 8: "stale"}
POINT = {10: "lat", 11: "lon", 12: "hae", 13: "ce", 14: "le"}
TYPED = {
    2: ("contact", ("endpoint", "callsign")),
    3: ("__group", ("name", "role")),
    4: ("precisionlocation", ("geopointsrc", "altsrc")),
    5: ("status", ("battery",)),
    6: ("takv", ("device", "platform", "os", "version")),
    7: ("track", ("speed", "course")),
}
NESTED = {(): (1, 2), (2,): (15,), (2, 15): (2, 3, 4, 5, 6, 7)}


def varint(value: int) -> bytes:
    found = b""
    while value > 127:
        found += bytes([value % 128 + 128])
        value //= 128
    return found + bytes([value])


def packed(fields: list[Field]) -> bytes:
    """Return a message as bytes."""
    found = b""
    for number, wire, content in fields:
        found += varint(number * 8 + wire)
        if wire == 0:
            found += varint(content)
        elif wire == 1:
            found += struct.pack("<d", content)
        else:
            inner = packed(content) if isinstance(content, list) else content
            found += varint(len(inner)) + inner
    return found


def stream(*messages: list[Field]) -> bytes:
    """Return messages in stream frames."""
    return b"".join(b"\xbf" + varint(len(m)) + m for m in map(packed, messages))


def mesh(message: list[Field]) -> bytes:
    """Return a message as a datagram."""
    return b"\xbf\x01\xbf" + packed(message)


def position(uid: str = "A-1", kind: str = "a-f-G-U-C", detail: list[Field] | None = None, **more: Any) -> list[Field]:
    """Return a TakMessage with a position."""
    event = [
        (1, 2, kind.encode()), (5, 2, uid.encode()),
        *((n, 0, ms) for n, ms in ((6, 1_805_007_570_000), (7, 1_805_007_570_000), (8, 1_805_007_870_000))),
        (9, 2, b"m-g"), (10, 1, more.get("lat", 2.0)), (11, 1, -27.0),
        *((n, 1, 9_999_999.0) for n in (12, 13, 14)),
    ]  # fmt: skip
    if detail is not None:
        event.append((15, 2, detail))
    return [(2, 2, [*event, *more.get("fields", [])])]


def unpacked(data: bytes, where: tuple[int, ...] = ()) -> list[Field]:
    """Take a message apart."""
    fields: list[Field] = []
    at = 0
    while at < len(data):
        tag, at = _number(data, at)
        number, wire = divmod(tag, 8)
        content: Any
        if wire == 0:
            content, at = _number(data, at)
        elif wire == 1:
            content, at = struct.unpack_from("<d", data, at)[0], at + 8
        else:
            length, at = _number(data, at)
            content, at = data[at : at + length], at + length
            if number in NESTED.get(where, ()):
                content = unpacked(content, (*where, number))
        fields.append((number, wire, content))
    return fields


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= data[at] % 128 << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return value, at


def frames(data: bytes) -> list[tuple[bool, bytes]]:
    """Return the messages of an input, and whether each was a datagram."""
    data = data.lstrip(b"\0")
    if data[:3] == b"\xbf\x01\xbf":
        return [(True, data[3:])]
    found = []
    while data:
        length, at = _number(data, 1)
        found.append((False, data[at : at + length]))
        data = data[at + length :].lstrip(b"\0")
    return found


def leaves(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Yield each leaf of an input: where it stands, its value, and the input with another value in its place."""
    parts = frames(data)
    for n, (datagram, message) in enumerate(parts, 1):
        fields = unpacked(message)
        prefix = f"event {n}: " if len(parts) > 1 else ""
        for path, value, changed in _leaves(fields, ()):
            others = [stream(unpacked(m)) for _, m in parts]
            others[n - 1] = mesh(changed) if datagram else stream(changed)
            yield prefix + path, value, b"".join(others)


def _leaves(fields: list[Field], where: tuple[int, ...]) -> Iterator[tuple[str, str, list[Field]]]:
    for i, (number, wire, content) in enumerate(fields):
        if isinstance(content, list) and content:
            for path, value, inner in _leaves(content, (*where, number)):
                yield path, value, [*fields[:i], (number, wire, inner), *fields[i + 1 :]]
        else:
            other: Any = b"zz9" if isinstance(content, bytes) else content if content == [] else content + 1
            there = [] if content == [] else [(number, wire, other)]  # of an empty message there is nothing to change
            changed = [*fields[:i], *there, *fields[i + 1 :]]
            yield _at(where, number), _shown(where, number, content), changed


def _at(where: tuple[int, ...], number: int) -> str:
    if where == (2,) and number in TEXTS | TIMES:
        return f"event/@{(TEXTS | TIMES)[number]}"
    if where == (2,) and number in POINT:
        return f"event/point/@{POINT[number]}"
    if where == (2, 15) and number == 1:
        return "event/detail"
    if where[:2] == (2, 15) and len(where) == 3:
        element, names = TYPED[where[2]]
        return f"event/detail/{element}/@{names[number - 1]}" if number <= len(names) else "takMessage"
    return "takMessage"


def _shown(where: tuple[int, ...], number: int, content: Any) -> str:
    return (
        ""
        if isinstance(content, list) or (where, number) == ((2, 15), 1)
        else (content.decode() if isinstance(content, bytes) else str(content))
    )
