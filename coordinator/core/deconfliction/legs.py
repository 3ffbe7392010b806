"""Legs of at most a kilometre, and when each is occupied: from the nearest timed points and the range of speeds.

A leg behind a timed point is entered no earlier than the fastest mover gets there and left no later than the slowest; a
leg between two timed points is bounded by both, so that a halt in between cannot break the bounds. Conservative by
construction. Source: reference deconfliction.md §2.1 (Movement), §3.5.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from shapely import LineString, Point

from coordinator.core.deconfliction.geometry import length_m, piece
from coordinator.core.deconfliction.windows import FAR, MICROS, Span
from schemas.geo import AltitudeBand, Pair

LEG_M: Final = 1000.0


class Stop(NamedTuple):
    """A corner of the way, and when the mover is there if that was said."""

    at: Pair
    name: str = ""
    span: Span | None = None
    altitude: AltitudeBand | None = None


class Stretch(NamedTuple):
    """A leg or a timed point. Without ``span`` only the message's own windows say when."""

    geometry: LineString | Point
    span: Span | None
    course: Pair | None  # degrees east and north, for legs whose direction is known
    name: str = ""
    altitude: AltitudeBand | None = None


class _Timed(NamedTuple):
    """The timed points before and behind a leg, and how far away its near and far end are."""

    prev: Span | None
    prev_near: float
    prev_far: float
    next: Span | None
    next_near: float
    next_far: float


def legs(
    stops: Sequence[Stop], stated: dict[int, Span], speeds: tuple[float, float] | None, course_known: bool
) -> Iterator[Stretch]:
    """Yield the legs between stops, each with the nearest stated times before and behind it."""
    reach = _reaches(stops)
    for i, (a, b) in enumerate(pairwise(stops)):
        prev = max((j for j in range(i + 1) if stops[j].span), default=None)
        behind = min((j for j in range(i + 1, len(stops)) if stops[j].span), default=None)
        length = reach[i + 1] - reach[i]
        if length == 0:
            continue
        count = math.ceil(length / LEG_M)
        course = (b.at[0] - a.at[0], b.at[1] - a.at[1]) if course_known else None
        for k in range(count):
            start, end = reach[i] + length * k / count, reach[i] + length * (k + 1) / count
            timed = _Timed(
                stops[prev].span if prev is not None else None,
                start - reach[prev] if prev is not None else 0.0,
                end - reach[prev] if prev is not None else 0.0,
                stops[behind].span if behind is not None else None,
                reach[behind] - end if behind is not None else 0.0,
                reach[behind] - start if behind is not None else 0.0,
            )
            when = stated.get(i) or _when(timed, speeds)
            yield Stretch(piece(a.at, b.at, k / count, (k + 1) / count), when, course, "", _band(a, b))


def _reaches(stops: Sequence[Stop]) -> list[float]:
    """Return how far along the way each stop is, in metres."""
    found = [0.0]
    for a, b in pairwise(stops):
        count = max(1, math.ceil(length_m(a.at, b.at) / LEG_M))
        corners = [(a.at[0] + (b.at[0] - a.at[0]) * k / count, a.at[1] + (b.at[1] - a.at[1]) * k / count)
                   for k in range(count + 1)]  # fmt: skip
        found.append(found[-1] + sum(length_m(p, q) for p, q in pairwise(corners)))
    return found


def _when(timed: _Timed, speeds: tuple[float, float] | None) -> Span | None:
    """Return when the leg is occupied, or None where nothing times it."""
    p, n = timed.prev, timed.next
    if speeds is None:
        return Span(p.se, FAR, -FAR, n.el) if p and n else None
    slow, fast = speeds
    if p and n:
        both = Span(
            _later(p.se, timed.prev_near, fast), _sooner(n.sl, timed.next_far, fast),
            _later(p.ee, timed.prev_far, fast), _sooner(n.el, timed.next_near, fast),
        )  # fmt: skip
        return both if both.se < both.el else Span(p.se, FAR, -FAR, n.el)
    if p:
        return Span(
            _later(p.se, timed.prev_near, fast), _later(p.sl, timed.prev_near, slow),
            _later(p.ee, timed.prev_far, fast), _later(p.el, timed.prev_far, slow),
        )  # fmt: skip
    if n:
        return Span(
            _sooner(n.se, timed.next_far, slow), _sooner(n.sl, timed.next_far, fast),
            _sooner(n.ee, timed.next_near, slow), _sooner(n.el, timed.next_near, fast),
        )  # fmt: skip
    return None


def _later(at: int, metres: float, speed: float) -> int:
    return at if abs(at) >= FAR or not metres else at + round(metres / speed * MICROS) if speed else FAR


def _sooner(at: int, metres: float, speed: float) -> int:
    return at if abs(at) >= FAR or not metres else at - round(metres / speed * MICROS) if speed else -FAR


def _band(a: Stop, b: Stop) -> AltitudeBand | None:
    """Return the band of a leg: that of its ends, where both say the same."""
    return a.altitude if a.altitude == b.altitude else None
