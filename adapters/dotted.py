"""Fields of a message under flat names, as maps and spreadsheets can hold them: ``contact.phone``, ``vehicles.0.type``.

Items of a list are numbered from 0; a time is its ISO 8601 text; a window has a ``start`` and an ``end``. Names and
types are those of the Structs in `schemas`, so a new field needs nothing here.
Source: reference formats.md §3.3 (fields), §7.3 (our own names).
"""

import math
import types
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from adapters.base import Rejected
from schemas.time import TimeValue, TimeWindow

Scalar = str | int | float | bool

MAX_ITEMS: Final = 20_000  # of one list
MAX_NAME: Final = 200
UNKNOWN: Final = "the message has no such field"

_HOW: Final = frozenset({"raw", "form", "quality", "precision"})  # how a value was written, not what it is
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Leaf(NamedTuple):
    """A value of the source, and where it stands there."""

    path: str
    value: Scalar | None


Fields = dict[str, Leaf]


def flat(value: msgspec.Struct, prefix: str = "") -> dict[str, Scalar]:
    """Return the fields of a Struct that are said, by their dotted names; the tag of a union is its ``type``."""
    found: dict[str, Scalar] = {}
    if tag := value.__struct_config__.tag:
        found[f"{prefix}type"] = str(tag)
    for field in msgspec.structs.fields(value):
        inner = getattr(value, field.name)
        if field.name not in _HOW and (field.required or inner != field.default):
            found.update(named(inner, prefix + field.name))
    return found


def named(value: Any, name: str) -> Iterator[tuple[str, Scalar]]:
    """Yield what a field holds, under the field's name."""
    match value:
        case TimeValue():
            yield name, written(value)
        case TimeWindow():
            for side, bound in (("start", value.start_latest), ("end", value.end_earliest)):
                said = getattr(value, side) or TimeValue(utc=bound)
                if text := written(said):
                    yield f"{name}.{side}", text
        case msgspec.Struct():
            yield from flat(value, name + ".").items()
        case tuple():
            for i, item in enumerate(value):
                yield from named(item, f"{name}.{i}")
        case str() | int() | float():
            yield name, value


def written(value: TimeValue) -> str:
    """Return a time as ISO 8601 in UTC, or as its sender wrote it where that names no instant."""
    if value.utc is None:
        return value.raw
    at = _EPOCH + timedelta(microseconds=value.utc)
    step = "seconds" if value.utc % 1_000_000 == 0 else "microseconds"
    return at.isoformat(timespec=step).replace("+00:00", "Z")


class Tree:
    """Dotted values on their way into a Struct."""

    def __init__(self, kind: type[msgspec.Struct], instant: Callable[[Leaf], TimeValue]) -> None:
        self._kind = kind
        self._instant = instant
        self._root: dict[str, Any] = {}

    def put(self, name: str, leaf: Leaf) -> str:
        """Put a value at its name; return "", or why there is no place for it or it does not fit."""
        if len(name) > MAX_NAME:
            return UNKNOWN
        steps = tuple(name.split("."))
        wanted = _wanted(self._kind, steps)
        if wanted is None:
            return UNKNOWN
        if isinstance(leaf.value, str) and not leaf.value.strip():
            return "it is empty"
        value = self._converted(leaf, wanted)
        if value is None:
            return "it is no value of that field"
        return "" if self.store(steps, value) else "the field has a value already"

    def store(self, steps: tuple[str, ...], value: Any) -> bool:
        """Put a value that fits; return whether the place was free."""
        node = self._root
        for step in steps[:-1]:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                return False
        return node.setdefault(steps[-1], value) is value

    def get(self, *steps: str) -> Any:
        """Return what stands at a place, or None."""
        node: Any = self._root
        for step in steps:
            node = node.get(step) if isinstance(node, dict) else None
        return node

    def struct(self, path: str) -> Any:
        """Return the Struct.

        Raises:
            Rejected: a field that it needs is missing, or several do not go together.
        """
        value = _finished(self._root, self._kind, path)
        try:
            return msgspec.json.decode(msgspec.json.encode(value), type=self._kind)
        except msgspec.ValidationError as error:
            why, _, at = str(error).partition(" - at `$")
            where = f"{path}: {at.strip('`.')}" if at else path
            name = getattr(self._kind, "KIND", "") or "message"
            raise Rejected(where, why[:1].lower() + why[1:], f"see: coordinator schema {name}") from None

    def _converted(self, leaf: Leaf, wanted: tuple[Any, ...]) -> Any:
        if TimeValue in wanted:
            return self._instant(leaf)
        for kind in wanted:
            try:
                value = msgspec.convert(str(leaf.value) if _is_text(kind) else leaf.value, kind, strict=False)
            except msgspec.ValidationError:
                continue
            if not isinstance(value, float) or math.isfinite(value):
                return value
        return None


def _is_text(kind: Any) -> bool:
    return kind is str or (typing.get_origin(kind) is typing.Annotated and typing.get_args(kind)[0] is str)


@lru_cache(maxsize=4096)
def _wanted(kind: Any, steps: tuple[str, ...]) -> tuple[Any, ...] | None:
    """Return the types that may stand at a name, None if nothing may."""
    here: list[Any] = [kind]
    for step in steps:
        here = [inner for outer in here for inner in _inside(outer, step)]
    found = tuple(t for t in dict.fromkeys(here) if t is TimeValue or not _is_struct(t))
    return found or None


def _inside(kind: Any, step: str) -> Iterator[Any]:
    """Yield the types under one step of a name."""
    if _is_struct(kind):
        if kind is TimeWindow:
            yield from (TimeValue,) if step in ("start", "end") else ()
        elif kind is not TimeValue:
            hints = _hints(kind)
            yield from _parts(hints[step]) if step in hints and step not in _HOW else ()
            if step == "type" and kind.__struct_config__.tag:
                yield typing.Literal[kind.__struct_config__.tag]
    elif typing.get_origin(kind) is tuple and step.isascii() and step.isdigit() and int(step[:9]) < MAX_ITEMS:
        yield from _parts(typing.get_args(kind)[0])


@lru_cache(maxsize=256)
def _hints(kind: Any) -> dict[str, Any]:
    known = {f.name for f in msgspec.structs.fields(kind)}
    return {name: hint for name, hint in typing.get_type_hints(kind, include_extras=True).items() if name in known}


def _parts(hint: Any) -> Iterator[Any]:
    """Yield the types of a union, without None; a length is no business of a type here."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        for part in typing.get_args(hint):
            yield from _parts(part)
    elif origin is typing.Annotated and (_is_list(inner := typing.get_args(hint)[0]) or typing.get_args(inner)):
        yield from _parts(inner)
    elif hint is not type(None) and (typing.get_origin(hint) is not dict):
        yield hint


def _is_list(kind: Any) -> bool:
    return typing.get_origin(kind) is tuple


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _finished(value: Any, kind: Any, path: str) -> Any:
    """Return a tree with its lists as lists and its windows as windows."""
    if not isinstance(value, dict) or not value:
        return value
    if kind is TimeWindow:
        return _window(value, path)
    kinds = {step: list(_inside(kind, step)) for step in value} if not isinstance(kind, list) else {}
    if isinstance(kind, list):
        lists = [k for k in kind if _is_list(k)]
        if lists and all(step.isdigit() for step in value):
            inner = list(_parts(typing.get_args(lists[0])[0]))
            return [_finished(value[step], inner, path) for step in sorted(value, key=int)]
        if TimeWindow in kind:
            return _window(value, path)
        kinds = {step: [t for k in kind for t in _inside(k, step)] for step in value}
    return {step: _finished(inner, kinds[step], path) for step, inner in value.items()}


def _window(value: dict[str, Any], path: str) -> TimeWindow:
    start, end = value.get("start"), value.get("end")
    if start is not None and end is not None and start.utc is not None and end.utc is not None and end.utc < start.utc:
        raise Rejected(path, f'it ends ("{end.raw}") before it starts ("{start.raw}")', "check both times")
    return TimeWindow.between(start, end)
