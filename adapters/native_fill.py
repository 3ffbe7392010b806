"""What native authors may leave to the bus: reading instants, windows and positions that were given as text.

It walks a JSON object along the types of the Struct that it will become, so it knows a window from a position without
looking at names. Nothing that was given is ever replaced.
"""

import types
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import msgspec

from adapters import places, times
from adapters.base import Context, Rejected
from adapters.words import fold
from schemas.envelope import Warning
from schemas.geo import Position
from schemas.time import TimeValue, TimeWindow

Json = dict[str, Any]
_BOUNDS: Final = {"start": ("start_earliest", "start_latest"), "end": ("end_earliest", "end_latest")}


def fill(value: Json, kind: type[msgspec.Struct], path: str, context: Context, warnings: list[Warning]) -> None:
    """Fill in, in place, what was left out of an object that is to become ``kind``.

    Raises:
        Rejected: a text that was given instead of numbers cannot be read.
    """
    for field, wanted in _fields(kind).items():
        if field in value:
            value[field] = _filled(value[field], wanted, path + field, context, warnings)
    if kind is TimeWindow:
        _bounds(value, path.rstrip("."))


def unknown(value: Json, kind: type[msgspec.Struct], path: str = "") -> Iterator[tuple[str, Any]]:
    """Return what ``kind`` has no field for, with its path; bodies are not looked into."""
    known, fields = _names(kind), _fields(kind)
    return iter([found for key, v in value.items() for found in _unknown(key, v, known, fields, path)])


def _unknown(
    key: str, value: Any, known: frozenset[str | None], fields: dict[str, tuple[type[msgspec.Struct], ...]], path: str
) -> Iterator[tuple[str, Any]]:
    if key not in known:
        yield path + key, value
        return
    for i, item in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(item, dict) and (struct := _one(item, fields.get(key, ()))) is not None:
            where = f"{path}{key}[{i}]" if isinstance(value, list) else path + key
            yield from unknown(item, struct, where + ".")


@cache
def _names(kind: type[msgspec.Struct]) -> frozenset[str | None]:
    """Return the names that an object of a Struct may use; its tag is one, None if it has none."""
    return frozenset(f.encode_name for f in msgspec.structs.fields(kind)) | {kind.__struct_config__.tag_field}


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, tuple[type[msgspec.Struct], ...]]:
    """Return the fields of a Struct that hold Structs, with the Structs that they may hold."""
    hints = typing.get_type_hints(kind)
    found = {
        name: tuple(_structs(hint)) for name, hint in hints.items() if typing.get_origin(hint) is not typing.ClassVar
    }
    return {name: structs for name, structs in found.items() if structs}


def _structs(hint: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
    elif typing.get_origin(hint) in (typing.Union, types.UnionType, tuple, typing.Annotated):
        for part in typing.get_args(hint):
            yield from _structs(part)


def _one(value: Json, wanted: tuple[type[msgspec.Struct], ...]) -> type[msgspec.Struct] | None:
    """Return which of the Structs an object is meant to be: the only one, or the one with its tag."""
    if len(wanted) == 1:
        return wanted[0]
    return next((w for w in wanted if w.__struct_config__.tag == value.get(w.__struct_config__.tag_field or "")), None)


def _filled(
    value: Any, wanted: tuple[type[msgspec.Struct], ...], path: str, context: Context, warnings: list[Warning]
) -> Any:
    if isinstance(value, list):
        return [_filled(v, wanted, f"{path}[{i}]", context, warnings) for i, v in enumerate(value)]
    if isinstance(value, str) and wanted[0] in _FROM_TEXT:
        value = {"raw": value}
    if isinstance(value, dict) and (kind := _one(value, wanted)) is not None:
        if (read := _FROM_TEXT.get(kind)) is not None and isinstance(value.get("raw"), str):
            read(value, path, context, warnings)
        fill(value, kind, path + ".", context, warnings)
    return value


def _time(value: Json, path: str, context: Context, warnings: list[Warning]) -> None:
    if {"utc", "relative", "quality"} & value.keys() or fold(value["raw"]) in times.OPEN:
        return
    read = times.instant(value["raw"], path, context)
    warnings += times.warnings(read, path)
    value |= {"utc": read.utc, "precision": read.precision, "quality": read.quality}


def _place(value: Json, path: str, context: Context, warnings: list[Warning]) -> None:
    if {"lat", "lon"} & value.keys():
        return
    read = places.place(value["raw"], path, context)
    warnings += places.warnings(read, path)
    value |= {k: v for k, v in msgspec.to_builtins(read).items() if k not in value}


_FROM_TEXT: Final = {TimeValue: _time, Position: _place}


def _bounds(value: Json, path: str) -> None:
    """Give a window the bounds that its written start and end name, where it has none."""
    for side, bounds in _BOUNDS.items():
        written = value.get(side)
        if isinstance(written, dict) and isinstance(written.get("utc"), int) and not set(bounds) & value.keys():
            value |= dict.fromkeys(bounds, written["utc"])
    first, last = value.get("start_latest"), value.get("end_earliest")
    if isinstance(first, int) and isinstance(last, int) and last < first:
        raise Rejected(path, "it ends before it starts", "check both times")
