"""The parameters of an info block: names and values for what CAP has no element for.

The bus writes its own fields as parameters, so that a message that went out as an alert comes back whole.
Source: OASIS CAP 1.2 §3.2.2 (parameter); reference formats.md §6.1.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from adapters.branches import Branch
from adapters.cap import tables
from schemas.base import Message
from schemas.notices import HazardNotice
from schemas.reports import IncidentReport

KINDS: Final = ("hazard", "incident")  # that the bus names in a parameter
_LEAST: Final[dict[type[Message], dict[str, Any]]] = {  # what a message cannot do without, to try one field at a time
    HazardNotice: {"hazard_kind": "other", "area": {"type": "named", "name": "a"}},
    IncidentReport: {"category": "other"},
}

_KNOWN: Final = frozenset(
    {tables.KIND_PARAMETER, tables.ENDING_PARAMETER, *tables.HAZARD_PARAMETERS, *tables.INCIDENT_PARAMETERS}
)

Listed = Sequence[tuple[str, str, str]]
"""The path, the name and the value of each parameter of a block that the bus knows, and that has a value."""


def value_of(listed: Listed, name: str) -> str:
    """Return the first value of a name; "" if there is none."""
    for _, said, value in listed:
        if said == name:
            return value
    return ""


def listed(block: Branch) -> Listed:
    """Return the parameters of a block that the bus knows, in order."""
    get = block.leaves.get
    return [
        (path, name, value)
        for path in block.names.get("parameter", ())
        if (name := get(path + "/valueName", "").strip()) in _KNOWN and (value := get(path + "/value", "").strip())
    ]


def take(block: Branch, listed: Listed, name: str) -> None:
    """Take the first parameter of a name."""
    found = next((path for path, said, _ in listed if said == name), "")
    if found:
        del block.leaves[found + "/valueName"], block.leaves[found + "/value"]


def fields(block: Branch, given: Listed, to: type[Message], names: tuple[str, ...]) -> dict[str, Any]:
    """Take the parameters that are fields of a message, each if the field can hold it."""
    if not given:
        return {}
    if value_of(given, tables.KIND_PARAMETER) in KINDS:
        take(block, given, tables.KIND_PARAMETER)
    found: dict[str, Any] = {}
    for path, name, value in given:
        if name not in names or name in found or not _fits(to, name, value):
            continue
        del block.leaves[path + "/valueName"], block.leaves[path + "/value"]
        found[name] = value
    if not found:
        return {}
    nested: dict[str, Any] = {}
    for name, value in found.items():
        _nest(nested, name, value)
    whole = msgspec.convert(_LEAST[to] | nested, to, strict=False)
    return {name: getattr(whole, name) for name in nested}


def _nest(into: dict[str, Any], name: str, value: str) -> None:
    head, dot, tail = name.partition(".")
    if dot:
        into.setdefault(head, {})[tail] = value
    else:
        into[head] = value


def _fits(to: type[Message], name: str, value: str) -> bool:
    nested: dict[str, Any] = {}
    _nest(nested, name, value)
    try:
        whole = msgspec.convert(_LEAST[to] | nested, to, strict=False)
    except msgspec.ValidationError:
        return False
    return all(math.isfinite(v) for v in _floats(getattr(whole, name.partition(".")[0])))


def _floats(value: object) -> Iterator[float]:
    if isinstance(value, float):
        yield value
