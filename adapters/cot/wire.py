"""The wire form of protocol buffers: varints, fields and frames, read and written from a table. Bounded throughout.

A length is refused before anything is allocated for it. A field that is said twice is refused too, for two readers
could take different ones. Unknown fields are skipped and named. Source: protocol buffers encoding specification;
TAK protocol version 1; reference formats.md §4.2.
"""

import struct
from typing import Final, Literal, NamedTuple

from adapters.base import Rejected

MAGIC: Final = 0xBF
MAX_FRAME: Final = 262_144  # accepted; TAK servers take 65,536
MAX_WRITTEN: Final = 65_536
MESH_VERSION: Final = 1

_MAX_FIELDS: Final = 500  # of one message
_MAX_VARINT: Final = 10  # bytes of 64 bits
_FIXED: Final = {1: 8, 5: 4}  # wire type -> bytes

Kind = Literal["text", "uint", "double", "message"]


class Field(NamedTuple):
    """One field of a message: its name, what it holds, and the message it is, if it is one."""

    name: str
    kind: Kind
    message: str = ""


def _texts(*names: str) -> dict[int, Field]:
    return {n: Field(name, "text") for n, name in enumerate(names, 1)}


MESSAGES: Final[dict[str, dict[int, Field]]] = {
    "TakMessage": {
        1: Field("takControl", "message", "TakControl"),
        2: Field("cotEvent", "message", "CotEvent"),
        3: Field("submissionTime", "uint"),
        4: Field("creationTime", "uint"),
    },
    "TakControl": {
        1: Field("minProtoVersion", "uint"),
        2: Field("maxProtoVersion", "uint"),
        3: Field("contactUid", "text"),
    },
    "CotEvent": {
        **_texts("type", "access", "qos", "opex", "uid"),
        **{n: Field(name, "uint") for n, name in enumerate(("sendTime", "startTime", "staleTime"), 6)},
        9: Field("how", "text"),
        **{n: Field(name, "double") for n, name in enumerate(("lat", "lon", "hae", "ce", "le"), 10)},
        15: Field("detail", "message", "Detail"),
        16: Field("caveat", "text"),
        17: Field("releaseableTo", "text"),
    },
    "Detail": {
        1: Field("xmlDetail", "text"),
        2: Field("contact", "message", "Contact"),
        3: Field("group", "message", "Group"),
        4: Field("precisionLocation", "message", "PrecisionLocation"),
        5: Field("status", "message", "Status"),
        6: Field("takv", "message", "Takv"),
        7: Field("track", "message", "Track"),
    },
    "Contact": _texts("endpoint", "callsign"),
    "Group": _texts("name", "role"),
    "PrecisionLocation": _texts("geopointsrc", "altsrc"),
    "Status": {1: Field("battery", "uint")},
    "Takv": _texts("device", "platform", "os", "version"),
    "Track": {1: Field("speed", "double"), 2: Field("course", "double")},
}
_NUMBERS: Final = {
    message: {field.name: (n, field) for n, field in fields.items()} for message, fields in MESSAGES.items()
}

Values = dict[str, "str | int | float | Values"]


class _CutOff(Rejected):
    """Raised where bytes end too early: more of them may mend it."""


class Message(NamedTuple):
    """A message as it was read: what its fields hold, and the fields that no table knows, by number, as bytes."""

    values: Values
    unknown: dict[str, bytes]


# -- read -------------------------------------------------------------------------------------------------------------


def decode(data: bytes, message: str, path: str = "", unknown: dict[str, bytes] | None = None) -> Message:
    """Read a message by its table.

    Raises:
        Rejected: it is cut off, a field is of another type, said twice, or no UTF-8.
    """
    values: Values = {}
    strange: dict[str, bytes] = {} if unknown is None else unknown
    base, at, count = path or message, 0, 0
    while at < len(data):
        count += 1
        if count > _MAX_FIELDS:
            raise Rejected(base, f"it has more than {_MAX_FIELDS} fields", "send it as XML")
        tag, at = varint(data, at, base)
        start = at
        at = _end(data, at, tag & 7, base)
        if at > len(data):
            raise _CutOff(base, f"it is cut off {at - len(data)} bytes before its end", "send it again whole")
        field = MESSAGES[message].get(tag >> 3)
        if field is None:
            name = f"{base}/field[{tag >> 3}]"
            strange[name] = strange.get(name, b"") + data[start:at]
        elif field.name in values:
            raise Rejected(f"{base}/{field.name}", "it is said twice", "send it once")
        else:
            values[field.name] = _value(data, start, at, tag & 7, field, f"{base}/{field.name}", strange)
    return Message(values, strange)


def _value(
    data: bytes, start: int, end: int, wire: int, field: Field, path: str, unknown: dict[str, bytes]
) -> "str | int | float | Values":
    if wire != _WIRE[field.kind]:
        raise Rejected(path, f"it is no {field.kind}", "check the definition that it was encoded with")
    if field.kind == "uint":
        return varint(data, start, path)[0]
    if field.kind == "double":
        found: float = struct.unpack_from("<d", data, start)[0]
        return found
    content = data[varint(data, start, path)[1] : end]
    if field.kind == "message":
        return decode(content, field.message, path, unknown).values
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise Rejected(path, f"byte {error.start} of it is no UTF-8", "encode text as UTF-8") from None


def _end(data: bytes | bytearray, at: int, wire: int, path: str) -> int:
    """Return where a field ends that begins at ``at``."""
    if wire == 0:
        return varint(data, at, path)[1]
    if wire == 2:
        length, at = varint(data, at, path)
    elif wire in _FIXED:
        length = _FIXED[wire]
    else:
        raise Rejected(path, f"a field of wire type {wire}", "check that it is a TAK message")
    return at + length


def varint(data: bytes | bytearray, at: int, path: str) -> tuple[int, int]:
    """Return the number that begins at ``at``, and where it ends.

    Raises:
        Rejected: it is cut off, or has more than 64 bits.
    """
    value = 0
    for n in range(_MAX_VARINT):
        if at + n >= len(data):
            raise _CutOff(path, "it is cut off in a number", "send it again whole")
        byte = data[at + n]
        value |= (byte & 0x7F) << 7 * n
        if byte < 0x80:
            break
    else:
        value = 1 << 64
    if value >> 64:
        raise Rejected(path, "a number has more than 64 bits", "check that it is a TAK message")
    return value, at + n + 1


def whole(data: bytes | bytearray, at: int, end: int, message: str = "TakMessage") -> bool | None:
    """Say whether a message from ``at`` to ``end`` is built as its table says; None: what is there so far is.

    What it says is not looked at. Unknown fields are let pass where they can be of a later version.
    """
    for _ in range(_MAX_FIELDS):
        if at == end:
            return True
        try:
            tag, at = varint(data, at, "")
            start = at
            at = _end(data, at, tag & 7, "")
        except _CutOff:
            return None if end > len(data) else False
        except Rejected:
            return False
        field = MESSAGES[message].get(tag >> 3)
        if at > end or (field is None and not 0 < tag >> 3 <= _LATER) or (field and _WIRE[field.kind] != tag & 7):
            return False
        if field is not None and field.kind == "message":
            inner = whole(data, varint(data, start, "")[1], at, field.message)
            if not inner:
                return inner
        if at > len(data):
            return None
    return False


_LATER: Final = 31  # numbers that fields of a later version may have
_WIRE: Final[dict[Kind, int]] = {"text": 2, "uint": 0, "double": 1, "message": 2}


# -- written ----------------------------------------------------------------------------------------------------------


def encode(values: Values, message: str) -> bytes:
    """Write a message by its table; a field that holds its default is left out, as proto3 does.

    Raises:
        KeyError: a name is not in the table.
    """
    parts = []
    for name, value in sorted(values.items(), key=lambda item: _NUMBERS[message][item[0]][0]):
        n, field = _NUMBERS[message][name]
        if isinstance(value, dict):
            content = encode(value, field.message)
            parts.append(number(n << 3 | 2) + number(len(content)) + content)
        elif isinstance(value, str):
            content = value.encode("utf-8", "replace")
            parts.append(number(n << 3 | 2) + number(len(content)) + content if content else b"")
        elif field.kind == "double":
            packed = struct.pack("<d", float(value))
            parts.append(number(n << 3 | 1) + packed if any(packed) else b"")
        elif value:
            parts.append(number(n << 3) + number(int(value)))
    return b"".join(parts)


def number(value: int) -> bytes:
    """Return a number from 0 as a varint."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
