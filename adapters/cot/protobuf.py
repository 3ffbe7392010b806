"""TAK protocol version 1: frames, and a TakMessage as the leaves of the event that it is, both ways.

A stream frame is BF, the length as a varint, the message; a mesh datagram is BF, the version as a varint, BF, the
message. No message begins with BF, so the byte after the varint tells them apart. Stray zero bytes between frames,
which one server sends, are skipped and counted. An element stands in a typed field only if all of it fits there;
anything else is XML in ``xmlDetail``, and where both speak of one element the XML counts.

Numbers that are absent are 0, as proto3 says. Source: TAK protocol version 1; reference formats.md §4.2.
"""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

from adapters import times, xml
from adapters.base import Rejected
from adapters.cot import wire
from adapters.cot.fields import Leaves
from adapters.cot.texts import stamp
from adapters.cot.tree import Node
from adapters.cot.wire import MAGIC, MAX_FRAME, MESH_VERSION, Values

STREAM: Final = "protobuf-stream"
MESH: Final = "protobuf-mesh"

_MAX_STRAY: Final = 4_096  # zero bytes in one input
_LENGTH_BYTES: Final = 5  # of a length that anybody means
_HEADS: Final = b"\x0a\x12\x18\x20"  # how a TakMessage begins: its four fields

_TEXTS: Final = {  # field -> attribute of the event
    "type": "type", "access": "access", "qos": "qos", "opex": "opex", "uid": "uid", "how": "how", "caveat": "caveat",
    "releaseableTo": "releasableTo",
}  # fmt: skip
_TIMES: Final = {"sendTime": "time", "startTime": "start", "staleTime": "stale"}
_POINT: Final = ("lat", "lon", "hae", "ce", "le")
_ELEMENTS: Final = {  # typed field -> element of the detail
    "contact": "contact", "group": "__group", "precisionLocation": "precisionlocation", "status": "status",
    "takv": "takv", "track": "track",
}  # fmt: skip
_TYPED: Final = {element: name for name, element in _ELEMENTS.items()}
_FULL: Final = frozenset({"status", "track"})  # whose numbers would be read as 0 if they were left out
_NOBODY: Final = " "  # an empty list of readers: an empty text would be no list at all


class Frame(NamedTuple):
    """One message of a stream or a datagram."""

    message: bytes
    dialect: str
    stray: int = 0  # zero bytes of the input that were skipped up to here


def looks_like(head: bytes) -> bool:
    """Say whether bytes begin as a frame does."""
    head = head.lstrip(b"\0")
    if len(head) < 3 or head[0] != MAGIC:
        return False
    try:
        _, at, mesh = _length(head, 1)
    except Rejected:
        return False
    first = at + 1 if mesh else at
    return first < len(head) and head[first] in _HEADS


def frames(data: bytes) -> Iterator[Frame]:
    """Yield the messages of an input.

    Raises:
        Rejected: something is no frame, is too long, or is cut off; or there are too many stray bytes.
    """
    at = stray = 0
    while at < len(data):
        if data[at] == 0:
            at, stray = at + 1, stray + 1
            if stray > _MAX_STRAY:
                raise Rejected(f"byte {at}", f"more than {_MAX_STRAY} stray zero bytes", "send frames back to back")
            continue
        if data[at] != MAGIC:
            raise Rejected(f"byte {at}", "no frame begins here", "a frame begins with BF and its length")
        length, start, mesh = _length(data, at + 1)
        if mesh:
            yield Frame(data[start + 1 :], MESH, stray)
            return
        if length > len(data) - start:
            why = f"the frame is cut off: {length} bytes were promised, {len(data) - start} are there"
            raise Rejected(f"byte {at}", why, "send it again whole")
        yield Frame(data[start : start + length], STREAM, stray)
        at = start + length


def _length(data: bytes, at: int) -> tuple[int, int, bool]:
    """Return the number of a frame, where it ends, and whether it is the version of a mesh datagram.

    Raises:
        Rejected: it is too large, or cut off, or another version.
    """
    value, end = wire.varint(data[: at + _LENGTH_BYTES], at, f"byte {at}")
    if end < len(data) and data[end] == MAGIC:
        if value != MESH_VERSION:
            raise Rejected(f"byte {at}", f"version {value} of the TAK protocol is not known", "send version 1")
        return 0, end, True
    if value > MAX_FRAME:
        raise Rejected(f"byte {at}", f"a frame of {value} bytes is more than {MAX_FRAME}", "split it, or send a file")
    return value, end, False


# -- read -------------------------------------------------------------------------------------------------------------


def leaves_of(message: bytes) -> Leaves:
    """Return a TakMessage as the leaves of its event, and what is beside the event under ``takMessage``.

    Raises:
        Rejected: it cannot be read, or holds no event although it is no control message.
    """
    read = wire.decode(message, "TakMessage", "takMessage")
    found: Leaves = {}
    event = read.values.get("cotEvent")
    if isinstance(event, dict):
        found |= _event(event)
    elif "takControl" not in read.values:
        raise Rejected("takMessage", "it holds no event", "send a cotEvent")
    for name in ("submissionTime", "creationTime"):
        if name in read.values:
            found[f"takMessage/@{name}"] = str(read.values[name])
    control = read.values.get("takControl")
    if isinstance(control, dict):
        found |= {f"takMessage/takControl/@{name}": str(value) for name, value in control.items()} or {
            "takMessage/takControl": ""
        }
    found |= {path: content.hex() for path, content in read.unknown.items()}
    return found


def _event(event: Values) -> Leaves:
    found = {f"event/@{name}": str(event[field]) for field, name in _TEXTS.items() if event.get(field)}
    for field, name in _TIMES.items():
        ms = event.get(field)
        if isinstance(ms, int) and ms:
            found[f"event/@{name}"] = _time(ms, f"event/@{name}")
    found |= {f"event/point/@{name}": repr(event.get(name, 0.0)) for name in _POINT}
    detail = event.get("detail")
    return found | _detail(detail) if isinstance(detail, dict) else found


def _time(ms: int, path: str) -> str:
    if ms > 253_402_300_799_000:
        raise Rejected(path, f"{ms} ms lies after the year 9999", "write milliseconds since 1970-01-01")
    return stamp(ms * 1000)


def _detail(detail: Values) -> Leaves:
    text = detail.get("xmlDetail", "")
    inner: Leaves = {}
    if isinstance(text, str) and text.strip():
        try:
            root = xml.parse(f"<detail>{text}</detail>".encode())
        except Rejected as error:
            raise Rejected(f"event/detail/xmlDetail, {error.path}", error.why, error.hint) from None
        inner = {f"event/{path}": value for path, value in xml.leaves(root).items()}
    typed: Leaves = {}
    for field, element in _ELEMENTS.items():
        values = detail.get(field)
        if isinstance(values, dict):
            base = f"event/detail/{element}"
            if any(path == base or path.startswith((base + "/", base + "[")) for path in inner):
                typed |= {f"takMessage/{element}/@{name}": str(value) for name, value in values.items()}
            else:
                typed |= _typed(field, base, values)
    return typed | inner


def _typed(field: str, base: str, values: Values) -> Leaves:
    names = [f.name for f in wire.MESSAGES[field[0].upper() + field[1:]].values()] if field in _FULL else list(values)
    texts = {name: _shown(values.get(name, 0)) for name in names}
    return {f"{base}/@{name}": text for name, text in texts.items()} or {base: ""}


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, float) else str(value)


# -- written ----------------------------------------------------------------------------------------------------------


def framed(message: bytes, dialect: str) -> bytes:
    """Return a message in its frame."""
    head = wire.number(MESH_VERSION) + bytes([MAGIC]) if dialect == MESH else wire.number(len(message))
    return bytes([MAGIC]) + head + message


def message_of(event: Node) -> tuple[bytes, dict[str, str]]:
    """Return an event as a TakMessage, and the leaves that it has no place for."""
    values: Values = {}
    lost: dict[str, str] = {}
    attributes = dict(event.attributes)
    attributes.pop("version", "")
    for field, name in _TEXTS.items():
        if name in attributes:
            values[field] = attributes.pop(name)
    if values.get("releaseableTo") == "":
        values["releaseableTo"] = _NOBODY
    for field, name in _TIMES.items():
        utc = times.iso(attributes.get(name, "")).utc
        if utc is not None and utc >= 0:
            values[field] = utc // 1000
            del attributes[name]
    lost |= {f"event/@{name}": value for name, value in attributes.items()}
    for name, value in (event.children.get("point", [Node()])[0]).attributes.items():
        number = _double(value)
        if name in _POINT and number is not None:
            values[name] = number
        else:
            lost[f"event/point/@{name}"] = value
    details = event.children.get("detail", [])
    if details:
        values["detail"] = _detail_of(details[0])
    strange = {tag: nodes for tag, nodes in event.children.items() if tag not in ("point", "detail")}
    lost |= {f"event/{tag}": node.text(tag) for tag, nodes in strange.items() for node in nodes}
    return wire.encode({"cotEvent": values}, "TakMessage"), lost


def _detail_of(detail: Node) -> Values:
    found: Values = {}
    rest: list[str] = []
    for tag, nodes in detail.children.items():
        for node in nodes:
            values = _fields(tag, node) if len(nodes) == 1 else None
            if values is None:
                rest.append(node.text(tag))
            else:
                found[_TYPED[tag]] = values
    text = xml.escaped(detail.own) + "".join(rest)
    return found | {"xmlDetail": text} if text else found


def _fields(tag: str, node: Node) -> Values | None:
    """Return an element as a typed field, or None: it does not fit with all that it has."""
    name = _TYPED.get(tag)
    if name is None or node.children or node.own or not node.attributes:
        return None
    known = {f.name: f.kind for f in wire.MESSAGES[name[0].upper() + name[1:]].values()}
    if not node.attributes.keys() <= known.keys() or (name in _FULL and node.attributes.keys() != known.keys()):
        return None
    found: Values = {}
    for attribute, text in node.attributes.items():
        value = _typed_value(known[attribute], text)
        if value is None or (value == "" and known[attribute] == "text"):
            return None
        found[attribute] = value
    return found


def _typed_value(kind: str, text: str) -> str | int | float | None:
    if kind == "uint":
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and text == str(int(text)) else None
    return _double(text) if kind == "double" else text


def _double(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
