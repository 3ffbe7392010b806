"""Periods of the mission file as intervals of microseconds, half-open, and what is left of one when others are taken.

Source: reference deconfliction.md §2.1 (Time: half-open, `null` is unbounded).
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from coordinator.core.deconfliction.windows import FAR
from coordinator.core.measures import Period

Interval = tuple[int, int]
"""From the first (inclusive) to the second (exclusive), microseconds UTC; ``±FAR`` is unbounded."""
Intervals = tuple[Interval, ...]
"""Sorted, none touching the next."""

EVER: Final[Intervals] = ((-FAR, FAR),)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def intervals(periods: Iterable[Period]) -> Intervals:
    """Return the periods of a measure; none at all is always."""
    given = tuple(periods)
    return union((_micros(p.start, -FAR), _micros(p.end, FAR)) for p in given) if given else EVER


def _micros(at: datetime | None, open_: int) -> int:
    return open_ if at is None else (at - _EPOCH) // timedelta(microseconds=1)


def union(parts: Iterable[Interval]) -> Intervals:
    """Return intervals joined where they meet; empty ones are left out."""
    found: list[Interval] = []
    for start, end in sorted(p for p in parts if p[0] < p[1]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return tuple(found)


def common(a: Intervals, b: Intervals) -> Intervals:
    """Return what two have in common."""
    return union((max(p[0], q[0]), min(p[1], q[1])) for p in a for q in b)


def without(a: Intervals, b: Intervals) -> Intervals:
    """Return what is left of the first when the second is taken away."""
    gaps = union(b)
    edges = [-FAR, *(e for gap in gaps for e in gap), FAR]
    free = tuple(zip(edges[::2], edges[1::2], strict=True))
    return common(a, union(free))
