"""Taking the leaves of an event, each once: what a reader takes is mapped, what it leaves is unmapped.

Numbers that mean "unknown" (9999999, 999999, a speed of -1) are read as absent (reference formats.md §2.3).
"""

import re
from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

from adapters import times
from adapters.base import Rejected
from adapters.cot.tables import UNKNOWN
from schemas.base import Message
from schemas.envelope import Addressee, LangText, UnitRef, Warning
from schemas.geo import Position
from schemas.time import TimeValue

Leaves = dict[str, str]

MAX_ID: Final = 200  # characters of what names a thing
LINK: Final = "event/detail/link"
DEST: Final = "event/detail/marti/dest"
FIRST_DEST: Final = (f"{DEST}/@callsign", f"{DEST}/@group")
_MAX_HEIGHT_M: Final = 1e9
_SECOND: Final = (f"{LINK}[2]/@relation", f"{LINK}[2]/@uid", f"{LINK}[2]/@point")
_MAX_DEST: Final = 200
_PARTICIPANT: Final = re.compile("[a-z0-9-]{1,64}")


class Read(NamedTuple):
    """What an event says: the body, who sent it, a summary, texts, and further fields of the envelope."""

    body: Message
    unit: UnitRef | None = None
    summary: str = ""
    texts: tuple[LangText, ...] = ()
    more: dict[str, Any] = {}  # noqa: RUF012 - never changed: readers that say more give a dictionary of their own


class Event(NamedTuple):
    """An event while it is read; readers take their leaves from it."""

    leaves: Leaves
    uid: str
    kind: str
    at: TimeValue
    warnings: list[Warning]


def words(leaves: Leaves, path: str) -> str:
    """Take a text; one that is there and empty says nothing, and stays."""
    return leaves.pop(path) if leaves.get(path) else ""


def position(leaves: Leaves) -> Position:
    """Take the point of an event.

    Raises:
        Rejected: it has none, or it lies nowhere on earth.
    """
    lat, lon = words(leaves, "event/point/@lat"), words(leaves, "event/point/@lon")
    return Position(
        lat=_degrees(lat, "event/point/@lat", 90.0), lon=_degrees(lon, "event/point/@lon", 180.0),
        ce_m=number(leaves, "event/point/@ce", 0, _MAX_HEIGHT_M), form="decimal", raw=f"{lat},{lon}",
    )  # fmt: skip


def place(leaves: Leaves) -> Position | None:
    """Take the point of an event that may speak of no place: then it stands at 0, 0 or is missing."""
    if "event/point/@lat" not in leaves and "event/point/@lon" not in leaves:
        return None
    at = position(leaves)
    if at.lat or at.lon:
        return at
    if at.ce_m is not None:
        leaves["event/point/@ce"] = repr(at.ce_m)
    return None


def keep(leaves: Leaves, at: Position | None, anchor: Position | None = None) -> None:
    """Put a point back that no field says, unless it is the anchor of a drawing that says it."""
    if at is None or (anchor is not None and (at.lat, at.lon) == (anchor.lat, anchor.lon) and at.ce_m is None):
        return
    if anchor is None or (at.lat, at.lon) != (anchor.lat, anchor.lon):
        leaves["event/point/@lat"], _, leaves["event/point/@lon"] = at.raw.partition(",")
    if at.ce_m is not None:
        leaves["event/point/@ce"] = repr(at.ce_m)


def latitude(text: str, path: str) -> float:
    """Return a latitude in degrees.

    Raises:
        Rejected: it is none.
    """
    return _degrees(text, path, 90.0)


def longitude(text: str, path: str) -> float:
    """Return a longitude in degrees.

    Raises:
        Rejected: it is none.
    """
    return _degrees(text, path, 180.0)


def _degrees(text: str, path: str, limit: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise Rejected(
            path, f'"{text[:40]}" is no number' if text else "it is missing", "write decimal degrees"
        ) from None
    if not -limit <= value <= limit:
        raise Rejected(path, f"{text[:40]} is outside -{limit:g}..{limit:g}", "check that lat and lon are not swapped")
    return value


def number(leaves: Leaves, path: str, low: float, high: float, unknown: str = "9999999") -> float | None:
    """Take a number that lies within bounds, or means "unknown"; any other stays where it is."""
    text = leaves.get(path)
    if text is None:
        return None
    if text in UNKNOWN:
        del leaves[path]
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    if low <= value <= high:
        del leaves[path]
        return value
    if value == float(unknown):
        del leaves[path]
    return None


def height(leaves: Leaves, path: str = "event/point/@hae") -> float | None:
    """Take a height above the ellipsoid in metres."""
    return number(leaves, path, -12_000, _MAX_HEIGHT_M)


def drop_unknown(leaves: Leaves, *paths: str) -> None:
    """Take numbers for which there is no field, if they mean "unknown"."""
    for path in paths:
        if leaves.get(path) in UNKNOWN:
            del leaves[path]


def instant(leaves: Leaves, path: str) -> TimeValue | None:
    """Take a time that names an instant; any other stays where it is."""
    text = leaves.get(path)
    if text is None or (value := times.iso(text)).utc is None:
        return None
    del leaves[path]
    return value


def links(leaves: Leaves) -> Iterator[str]:
    """Yield the path of each link of an event, in order."""
    seen: set[str] = set()
    for path in list(leaves):
        if path.startswith(LINK):
            base = path.partition("/@")[0]
            if base not in seen and (base == LINK or base[len(LINK)] == "["):
                seen.add(base)
                yield base


def producer(leaves: Leaves) -> UnitRef | None:
    """Take who produced an event: the first link whose relation is ``p-p``; the other links stay."""
    if _produces(leaves, LINK):
        return related(leaves, LINK)
    if not (_SECOND[0] in leaves or _SECOND[1] in leaves or _SECOND[2] in leaves):
        return None
    for base in links(leaves):
        if _produces(leaves, base):
            return related(leaves, base)
    return None


def _produces(leaves: Leaves, base: str) -> bool:
    """Say whether a link names a producer; one to a chat names what a receipt is for, whatever it calls itself."""
    if leaves.get(f"{base}/@relation") != "p-p" or f"{base}/@point" in leaves:
        return False
    return not leaves.get(base + "/@type", "").startswith("b-t-f")


def addressees(leaves: Leaves) -> tuple[Addressee, ...]:
    """Take whom an event is for, where a callsign or group is spelled as participants are; other names stay."""
    found: list[Addressee] = []
    base, n = DEST, 1
    while n <= _MAX_DEST and any(f"{base}/@{name}" in leaves for name in ("callsign", "group", "uid", "mission")):
        for name in ("callsign", "group"):
            if _PARTICIPANT.fullmatch(leaves.get(f"{base}/@{name}", "")):
                role: Literal["action", "info"] = "info" if leaves.pop(base + "/@role", "") == "info" else "action"
                found.append(Addressee(to=leaves.pop(f"{base}/@{name}"), role=role))
        n += 1
        base = f"{DEST}[{n}]"
    return tuple(found)


def related(leaves: Leaves, base: str) -> UnitRef | None:
    """Take the unit that a link names, and its relation with it."""
    if not leaves.get(base + "/@uid"):
        return None
    leaves.pop(base + "/@relation", None)
    callsign = words(leaves, base + "/@parent_callsign") or words(leaves, base + "/@callsign")
    return UnitRef(id=leaves.pop(base + "/@uid"), callsign=callsign, scheme="cot_uid")
