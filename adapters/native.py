"""The bus's own format: one envelope a line, in JSON (NDJSON); also what ``translate --to native`` writes.

1. What a line leaves out is filled in: the originator, an id, and instants and positions that were given as text only
   (``{"start": {"raw": "140900ZMAR27"}}`` or just ``"start": "140900ZMAR27"``).
2. Bodies are checked against their kind and kept as they came, so that fields of a newer release survive; fields of the
   envelope that are not known here are listed in ``unmapped``.
3. A line ``{"original": {"sha256": ..., "data": <base64>}}`` carries the bytes that messages were read from, once.

Source: design §2, §3; RFC 8259; NDJSON 1.0.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from adapters.base import MAX_BYTES, Context, Encoded, Loss, Rejected, Translation, content_id, sha256, source
from adapters.native_fill import fill, unknown
from schemas import registry
from schemas.envelope import Envelope, Source, Unmapped, Warning
from schemas.notices import Cancellation

MAX_FILE: Final = 64_000_000  # a file may hold many messages; each of them is bounded by MAX_BYTES
MAX_LINES: Final = 100_000

_MAX_ORIGINAL: Final = MAX_BYTES * 4 // 3 + 1_000  # base64
_TO_FILL: Final = (b'"raw"', b'"start":{', b'"end":{')  # texts to be read, and bounds that follow from instants
_MEND: Final = "send one JSON object a line, in UTF-8"


class Native:
    """The adapter."""

    name = "native"
    title = "The bus's own format"
    spec = "NDJSON of schemas.envelope.Envelope; coordinator schema KIND prints the bodies"
    suffixes = (".ndjson", ".jsonl", ".json")
    reads = registry.PARTICIPANT_KINDS
    writes = frozenset(registry.KINDS)

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return 1 where an object with a kind and a body, or an original, begins."""
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not start.startswith((b"{", b"[")):
            return 0.0
        if (b'"kind"' in start and b'"body"' in start) or b'"original"' in start:
            return 1.0
        return 0.4 if suffix in (".ndjson", ".jsonl") else 0.1

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate each line; the first that is wrong refuses them all."""
        messages = []
        warnings: list[Warning] = []
        losses: list[Loss] = []
        origin = source(data, "native", context)
        for line in _lines(data):
            if "original" in line.value and "kind" not in line.value:
                _original(line)
                continue
            message = _message(line, origin, context)
            messages.append(message)
            losses += (u for u in message.unmapped if u.path.startswith(f"{line.name}: "))
            warnings += message.warnings
        if not messages:
            raise Rejected("input", "it holds no message", _MEND)
        return Translation(messages=tuple(messages), losses=tuple(losses), warnings=tuple(warnings), dialect="ndjson")

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write originals that some message was read from, each once, then the messages."""
        wanted = dict.fromkeys(m.source.sha256 for m in messages if m.source is not None)
        lines = [
            msgspec.json.encode({"original": {"sha256": known, "data": base64.b64encode(originals[known]).decode()}})
            for known in wanted
            if known in originals and not _is_native(originals[known])
        ]
        lines += (registry.encode(m) for m in messages)
        return Encoded(data=b"".join(line + b"\n" for line in lines))


NATIVE: Final = Native()


def originals(data: bytes) -> dict[str, bytes]:
    """Return the original bytes that a native file carries, by their sha256.

    Raises:
        Rejected: it is no native file, or some bytes are not what their hash says.
    """
    if b"original" not in data and b"\\u" not in data:  # as nearly always; no other escape can spell a letter
        return {}
    return dict(_original(line) for line in _lines(data) if "original" in line.value and "kind" not in line.value)


def _is_native(data: bytes) -> bool:
    return NATIVE.sniff(data[:4096]) == 1.0


class _Line(NamedTuple):
    name: str
    text: bytes
    value: dict[str, Any]


def _lines(data: bytes) -> Iterator[_Line]:
    """Yield the objects of an input: one a line, or one that takes all of it, or those of one array."""
    if len(data) > MAX_FILE:
        raise Rejected("input", f"{len(data)} bytes is more than {MAX_FILE}", "split it")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        raise Rejected("input", "it is empty", _MEND)
    if len(data) <= MAX_BYTES and (whole := _whole(data)) is not None:
        yield from whole
        return
    count = 0
    for n, text in enumerate(data.split(b"\n"), 1):
        if text.strip():
            count += 1
            yield _line(f"line {n}", text)
        if count > MAX_LINES:
            raise Rejected(f"line {n}", f"it has more than {MAX_LINES} messages", "split it")


def _whole(data: bytes) -> list[_Line] | None:
    """Read an object that is laid out over several lines, or an array; None where lines must be read one by one."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if isinstance(value, dict):
        return [_Line("line 1", data, value)]
    if isinstance(value, list) and value:
        return [_Line(f"item {n}", msgspec.json.encode(v), _object(v, f"item {n}")) for n, v in enumerate(value, 1)]
    return None


def _line(name: str, text: bytes) -> _Line:
    if len(text) > _MAX_ORIGINAL:
        raise Rejected(name, f"{len(text)} bytes is more than {MAX_BYTES}", "split the message")
    try:
        value = msgspec.json.decode(text)
    except UnicodeDecodeError as error:
        raise Rejected(
            f"{name}, column {error.start + 1}", "it is not UTF-8", "save it as UTF-8 and send it again"
        ) from None
    except msgspec.DecodeError as error:
        raise Rejected(name, f"it is no JSON: {error}", _MEND) from None
    except RecursionError:
        raise Rejected(name, "it is nested too deep", _MEND) from None
    return _Line(name, text, _object(value, name))


def _object(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Rejected(name, f"it is a JSON {type(value).__name__}, not an object", _MEND)
    return value


def _original(line: _Line) -> tuple[str, bytes]:
    held = line.value["original"]
    if not isinstance(held, dict) or not isinstance(held.get("data"), str) or not isinstance(held.get("sha256"), str):
        raise Rejected(f"{line.name}: original", "it has no sha256 and data", "write both, data in base64")
    try:
        data = base64.b64decode(held["data"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Rejected(f"{line.name}: original.data", f"it is no base64: {error}", "export it again") from None
    if sha256(data) != held["sha256"]:
        raise Rejected(f"{line.name}: original.sha256", "the bytes are not what their hash says", "export it again")
    return held["sha256"], data


def _message(line: _Line, origin: Source, context: Context) -> Envelope:
    if len(line.text) > MAX_BYTES:
        raise Rejected(line.name, f"{len(line.text)} bytes is more than {MAX_BYTES}", "split the message")
    value = line.value
    body = _checked_kind(line, context)
    if (written := _as_written(line, context)) is not None:
        return msgspec.structs.replace(
            written,
            received_at=context.received_at or written.received_at,
            source=written.source or msgspec.structs.replace(origin, locator=line.name),
        )
    strange = unknown(value, Envelope)
    value.setdefault("originator", context.participant)
    value.setdefault("reality", context.reality)
    if not value.get("id"):
        value["id"] = content_id(line.text, line.name, context.bearer_id)
    warnings: list[Warning] = []
    fill(value, Envelope, f"{line.name}: ", context, warnings)
    if (kind := _body_type(value)) is not None:
        fill(body, kind, f"{line.name}: body.", context, warnings)
    message = _struct(line, body)
    return msgspec.structs.replace(
        message,
        received_at=context.received_at or message.received_at,
        source=message.source or msgspec.structs.replace(origin, locator=line.name),
        unmapped=(*message.unmapped, *(Unmapped(path=f"{line.name}: {p}", value=_text(v)) for p, v in strange)),
        warnings=(*message.warnings, *warnings),
    )


def _as_written(line: _Line, context: Context) -> Envelope | None:
    """Return the message of a line that is just what the bus would write, so that nothing is to be filled in; or None.

    It only saves time: what is wrong with a line, or what it leaves out, is found on the longer way.
    """
    text = line.text
    if context.reality != "real" or any(mark in text for mark in _TO_FILL):
        return None
    try:
        message = registry.envelope(text)
        registry.body(message)
    except (
        ValueError,
        OverflowError,
        RecursionError,
        TypeError,
    ):  # UnknownKind and what msgspec raises are ValueErrors
        return None
    return message if registry.encode(message) == text else None


def _checked_kind(line: _Line, context: Context) -> dict[str, Any]:
    """Return the body, if the kind is one that participants send, or that the mission carries unread."""
    kind, body = line.value.get("kind"), line.value.get("body")
    known = ", ".join(sorted(registry.PARTICIPANT_KINDS))
    if not isinstance(kind, str) or not kind:
        raise Rejected(f"{line.name}: kind", "it is missing", f"known kinds: {known}")
    if kind not in registry.PARTICIPANT_KINDS and kind not in context.kinds:
        why = "only the bus writes it" if kind in registry.KINDS else "nobody registered it"
        raise Rejected(f"{line.name}: kind", f'"{kind[:80]}": {why}', f"known kinds: {known}")
    if body is None and line.value.get("status") == "cancel":
        body = line.value["body"] = {}
    if not isinstance(body, dict):
        raise Rejected(
            f"{line.name}: body", "it is missing" if body is None else "it is no object", f"see: schema {kind}"
        )
    return body


def _body_type(value: dict[str, Any]) -> type[msgspec.Struct] | None:
    return Cancellation if value.get("status") == "cancel" else registry.KINDS.get(value["kind"])


def _struct(line: _Line, body: dict[str, Any]) -> Envelope:
    """Check envelope and body; a body of a newer version is carried unread."""
    try:
        message = registry.envelope(msgspec.json.encode(line.value | {"body": _as_sent(line, body)}))
    except msgspec.ValidationError as error:
        raise _rejected(line, error, "") from None
    except (ValueError, OverflowError, RecursionError, TypeError) as error:
        raise Rejected(line.name, f"it cannot be carried: {error}", "use numbers of at most 64 bits") from None
    try:
        registry.body(message)
    except msgspec.ValidationError as error:
        raise _rejected(line, error, "body") from None
    except registry.UnknownKind as error:
        text = f"{error.kind} version {error.version} is newer than this release; it is carried unread"
        newer = Warning(code="newer-version", path=f"{line.name}: version", text=text)
        return msgspec.structs.replace(message, warnings=(*message.warnings, newer))
    return message


def _as_sent(line: _Line, body: dict[str, Any]) -> dict[str, Any] | msgspec.Raw:
    """Return the body with the very digits that were sent, if nothing was filled in and it stands in one line."""
    sent = msgspec.json.decode(line.text, type=dict[str, msgspec.Raw]).get("body")
    if sent is None or b"\n" in bytes(sent) or msgspec.json.decode(sent) != body:
        return body
    return sent


def _rejected(line: _Line, error: msgspec.ValidationError, inside: str) -> Rejected:
    why, _, at = str(error).partition(" - at `$")
    path = (inside + at.rstrip("`")).lstrip(".")
    kind = line.value["kind"]
    return Rejected(f"{line.name}: {path or 'message'}", why[:1].lower() + why[1:], f"see: coordinator schema {kind}")


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
