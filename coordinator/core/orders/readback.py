"""A read-back beside the order: the time to the minute in UTC, the place within the order's own precision, the task.

Each field that was read back is the same, different, or unclear: words that no table knows are for people to judge, and
are never called wrong. Source: design §5; reference domain.md R-04.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple

import msgspec

from coordinator.core.deconfliction.words import dtg
from coordinator.core.mission import Mission
from coordinator.core.orders import spots  # whole: deconfliction reads this, and spots reads deconfliction
from coordinator.core.orders.tasks import told
from schemas.acknowledgements import ReadBack
from schemas.base import Message
from schemas.directives import Directive
from schemas.geo import Position, Route
from schemas.time import TimeWindow

Field = Literal["time", "place", "task"]
Verdict = Literal["same", "different", "unclear"]
Locate = Callable[[str], Position | None]
"""Reads a grid or coordinates out of a text; None where it is none."""

MINUTE: Final = 60_000_000
DAY: Final = 1440
MAX_GROUPS: Final = 20  # in one text; nobody reads back more times than that
MAX_TEXT: Final = 2_000  # characters of a read-back that are looked at
SHOWN: Final = 200  # characters of a field that are told again
_GROUP: Final = re.compile(r"(?<![\w.,:/-])(\d{2})?(\d{2}):?(\d{2})\s?([A-IK-Z])(?:[A-Z]{3}(?:\d{2})?)?(?![A-Za-z\d])")
_HOURS: Final = {
    **{c: i + 1 for i, c in enumerate("ABCDEFGHIKLM")},
    **{c: -i - 1 for i, c in enumerate("NOPQRSTUVWXY")},
}
_HOURS["Z"] = 0


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """One field of a read-back: what was ordered, what was read back, and whether that is the same."""

    field: Field
    verdict: Verdict
    ordered: str
    read_back: str


class Frame(NamedTuple):
    """What it takes to compare places: the mission's gazetteer, and a reader of grids; without one they are unclear."""

    mission: Mission
    locate: Locate | None


def compare(said: ReadBack, order: Message, frame: Frame) -> tuple[Compared, ...]:
    """Return each field that was read back and that the order has, beside the order."""
    said = ReadBack(text=said.text[:MAX_TEXT], window=said.window, place=said.place[:SHOWN], task=said.task[:MAX_TEXT])
    fields = (_time(said, order), _place(said, order, frame), _task(said, order))
    return tuple(f for f in fields if f is not None)


# -- time -------------------------------------------------------------------------------------------------------------


def _windows(order: Message) -> list[TimeWindow]:
    route: Route | None = getattr(order, "route", None)
    timed = [p.window for p in route.points if p.window] if route else []
    found: tuple[TimeWindow, ...] = getattr(order, "windows", ())
    return [*found, *timed]


def _time(said: ReadBack, order: Message) -> Compared | None:
    windows = _windows(order)
    groups = [m for _, m in zip(range(MAX_GROUPS), _GROUP.finditer(said.text), strict=False)]
    if not windows or not (said.window or groups):
        return None
    ordered = ", ".join(dict.fromkeys(_written(w) for w in windows))
    if said.window:
        return _compared("time", _window(said.window, windows), ordered, _as_read(said.window))
    known = {b // MINUTE for w in windows for b in _bounds(w) if b is not None}
    verdict: Verdict = "same" if all(_is_one(g, known) for g in groups) else "different"
    if not known:
        verdict = "unclear"
    return _compared("time", verdict, ordered, ", ".join(map(_group, groups)))


def _bounds(window: TimeWindow) -> tuple[int | None, ...]:
    return window.start_earliest, window.start_latest, window.end_earliest, window.end_latest


def _window(read: TimeWindow, windows: list[TimeWindow]) -> Verdict:
    """Hold a window against those of the order: one of them must have every side that was read back."""
    sides = [(read.start_earliest, 0, read.start), (read.end_latest, 2, read.end)]
    given = [(utc, at) for utc, at, _ in sides if utc is not None]
    if not given or all(b is None for w in windows for b in _bounds(w)):
        return "unclear"
    fits = any(all(_has(w, at, utc) for utc, at in given) for w in windows)
    unread = any(utc is None and value and value.raw and value.quality != "open" for utc, _, value in sides)
    return "different" if not fits else "unclear" if unread else "same"


def _has(window: TimeWindow, at: int, utc: int) -> bool:
    return any(b is not None and b // MINUTE == utc // MINUTE for b in _bounds(window)[at : at + 2])


def _is_one(group: re.Match[str], known: set[int]) -> bool:
    """Say whether a group in a text (``0900C``, ``140900ZMAR27``) is one of the order's minutes, by its zone."""
    minute = int(group[2]) * 60 + int(group[3]) - 60 * _HOURS[group[4]]
    if group[1] is None:
        return any(k % DAY == minute % DAY for k in known)
    days = {(k - minute) // DAY for k in known if (k - minute) % DAY == 0}
    return any(dtg(d * DAY * MINUTE)[:2] == group[1] for d in days)


def _group(group: re.Match[str]) -> str:
    minute = (int(group[2]) * 60 + int(group[3]) - 60 * _HOURS[group[4]]) % DAY
    return group[0] if group[4] == "Z" else f"{group[0]} (= {minute // 60:02d}{minute % 60:02d}Z)"


def _written(window: TimeWindow) -> str:
    start, end = window.start_earliest, window.end_latest
    return f"{dtg(start) if start is not None else ''}-{dtg(end) if end is not None else ''}"


def _as_read(window: TimeWindow) -> str:
    """Return a window as it was read back, with UTC beside another zone."""
    raw = "-".join(v.raw if v else "" for v in (window.start, window.end)).strip("-")
    utc = _written(window).strip("-")
    return raw if raw == utc else utc if not raw else f"{raw} (= {utc})" if utc else raw


# -- place ------------------------------------------------------------------------------------------------------------


def _place(said: ReadBack, order: Message, frame: Frame) -> Compared | None:
    ordered = tuple(spots.spots(order, frame.mission))
    named = spots.names(order)
    read = said.place.strip()
    if not (ordered or named) or not read:
        return None
    shown = ", ".join(named) or ", ".join(s.text for s in ordered[:3])
    return _compared("place", _where(read, ordered, named, frame), shown, read)


def _where(read: str, ordered: "tuple[spots.Spot, ...]", named: tuple[str, ...], frame: Frame) -> Verdict:
    same = {spots.name_of(n, frame.mission) for n in named}
    if spots.name_of(read, frame.mission) in same or any(_holds(read, n) for n in named):
        return "same"
    at = frame.locate(read) if frame.locate else None
    known = frame.mission.place(read)
    if at is None and known:
        at = Position(lat=known.lat, lon=known.lon, ce_m=0.0)
    if at is not None:
        return "unclear" if not ordered else "same" if any(s.holds(at) for s in ordered) else "different"
    if frame.locate is None and any(c.isdigit() for c in read):
        return "unclear"
    return "different" if named else "unclear"


def _holds(text: str, name: str) -> bool:
    """Say whether a text has the name of a place in it as words of their own."""
    return bool(re.search(rf"(?<!\w){re.escape(name.strip())}(?!\w)", text, re.IGNORECASE)) if name.strip() else False


# -- task -------------------------------------------------------------------------------------------------------------


def _task(said: ReadBack, order: Message) -> Compared | None:
    read = said.task or said.text
    if not isinstance(order, Directive) or not read:
        return None
    shown = ": ".join(dict.fromkeys(filter(None, (order.action, order.task))))
    verdict = told(read, order, tuple(spots.names(order)))
    return None if verdict == "unclear" and not said.task else _compared("task", verdict, shown, read)


def _compared(field: Field, verdict: Verdict, ordered: str, read_back: str) -> Compared:
    return Compared(field=field, verdict=verdict, ordered=_short(ordered), read_back=_short(read_back))


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def differences(compared: tuple[Compared, ...]) -> Iterator[Compared]:
    """Yield the fields that were read back wrong."""
    return (c for c in compared if c.verdict == "different")
