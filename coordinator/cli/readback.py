"""A read-back as an officer types it: ``--time 0900Z-1300Z --place KESSA --task "close the bridge"``. Pure."""

import re
from collections.abc import Iterable
from typing import Final

from adapters import times
from coordinator.errors import UsageError
from schemas.acknowledgements import ReadBack
from schemas.directives import Directive, OrderChange
from schemas.envelope import Envelope
from schemas.time import TimeValue, TimeWindow

LONGEST: Final = 500  # characters of one option
DAY: Final = 86_400_000_000
_CLOCK: Final = re.compile(r"(\d{2}):?(\d{2})([A-IK-Za-ik-z]?)\Z")
_BETWEEN: Final = re.compile(r"\s*(?:-(?=\d{4,6}:?\d*[A-Za-z]?)|/|\s-\s|\bto\b)\s*")
MEND: Final = "write 0900Z-1300Z, or 140900ZMAR27-141300ZMAR27; a letter is the time zone, without one it is UTC"


def read_back(time: str, place: str, task: str, order: Directive, changes: Iterable[OrderChange]) -> ReadBack | None:
    """Return what was understood, or None if nothing was said of it.

    A clock time without a day (``0900Z``) is on the day of the order, as ``changes`` leave it.

    Raises:
        UsageError: a time cannot be read, or a text is too long.
    """
    for name, value in (("--time", time), ("--place", place), ("--task", task)):
        if len(value) > LONGEST:
            raise UsageError(f"{name} has {len(value)} characters, more than {LONGEST}")
    if not (time or place or task):
        return None
    given = [c.windows for c in changes if c.windows]
    windows = given[-1] if given else order.windows
    return ReadBack(window=_window(time, windows) if time else None, place=place.strip(), task=task.strip())


def changes_of(order: Envelope, bodies: Iterable[object]) -> list[OrderChange]:
    """Return what the orders of a board change in one of them, in their order."""
    return [c for b in bodies if isinstance(b, Directive) for c in b.amends if c.order.id == order.id]


def _window(text: str, ordered: tuple[TimeWindow, ...]) -> TimeWindow:
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    if not 1 <= len(parts) <= 2:
        raise UsageError(f'"{text}" is no time and no window of time; {MEND}')
    near = ordered[0] if ordered else TimeWindow()
    start = _instant(parts[0], near.start_earliest)
    end = _instant(parts[1], near.end_latest if near.end_latest is not None else start.utc) if len(parts) == 2 else None
    return TimeWindow.between(start, end)


def _instant(text: str, near: int | None) -> TimeValue:
    clock = _CLOCK.match(text)
    if clock and near is None:
        raise UsageError(f'"{text}" needs its day, for the order names no time; {MEND}')
    found = _on_day(clock, near) if clock and near is not None else times.read(text, near or 0, "Z")
    if found.utc is None:
        raise UsageError(f'"{text}" is no time; {MEND}')
    return TimeValue(utc=found.utc, raw=text, precision="minute", quality=found.quality)


def _on_day(clock: re.Match[str], near: int) -> TimeValue:
    """Return the clock time at the day that brings it nearest to an instant."""
    group = f"{clock[1]}{clock[2]}{clock[3] or 'Z'}"
    read = (times.read(f"{_day(near + d * DAY)}{group}", near, "Z") for d in (-1, 0, 1))
    known = [v for v in read if v.utc is not None]
    return min(known, key=lambda v: abs((v.utc or 0) - near), default=TimeValue(raw=clock[0], quality="unknown"))


def _day(utc: int) -> str:
    return f"{times.day_of(utc)[2]:02d}"
