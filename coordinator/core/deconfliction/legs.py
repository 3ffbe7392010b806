"""Legs of at most a kilometre, and when each is occupied: from the nearest timed points and the range of speeds.

A leg behind a timed point is entered no earlier than the fastest mover gets there and left no later than the slowest; a
leg between two timed points is bounded by both, so that a halt in between cannot break the bounds. Conservative by
construction. A leg can be cut in two, down to cells of at most 50 m, each with a window by the same rule: the window of
a part never exceeds that of the whole. Source: reference deconfliction.md §2.1 (Movement), §3.5.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from shapely import LineString, Point, linestrings

from coordinator.core.deconfliction.geometry import Box, bounds_of, length_m, piece
from coordinator.core.deconfliction.windows import FAR, Span, bounded, micros
from schemas.geo import AltitudeBand, Pair

LEG_M: Final = 1000.0
CELL_M: Final = 50.0

Speeds = tuple[float, float]
"""Slowest and fastest, metres per second."""


class Stop(NamedTuple):
    """A corner of the way, and when the mover is there if that was said.

    ``blur_m`` is how far from there it may be; ``stays`` says that it does not just pass.
    """

    at: Pair
    name: str = ""
    span: Span | None = None
    altitude: AltitudeBand | None = None
    blur_m: float = 0.0
    stays: bool = False


class Timing(NamedTuple):
    """What times an edge: what the message states for it, or the timed points before and behind, by metres of way."""

    stated: Span | None
    prev: Span | None
    prev_at: float
    next: Span | None
    next_at: float
    speeds: Speeds | None

    def between(self, start: float, end: float) -> Span | None:
        """Return when the way between two of its metres is occupied, or None where nothing times it."""
        p, n = self.prev, self.next
        if self.stated:
            return self.stated
        if p and n:
            return self._bounded(p, n, start, end)
        if self.speeds is None or not (p or n):
            return None
        slow, fast = self.speeds
        if p:
            near, far = start - self.prev_at, end - self.prev_at
            return Span(_later(p.se, near, fast), _later(p.sl, near, slow),
                        _later(p.ee, far, fast), _later(p.el, far, slow))  # fmt: skip
        assert n  # noqa: S101 - one of them is there
        near, far = self.next_at - end, self.next_at - start
        return Span(_sooner(n.se, far, slow), _sooner(n.sl, far, fast), _sooner(n.ee, near, slow),
                    _sooner(n.el, near, fast))  # fmt: skip

    def _bounded(self, p: Span, n: Span, start: float, end: float) -> Span:
        """Bound by both points; where even the fastest is too slow between them, nothing but they is certain."""
        if self.speeds is None or _later(p.se, self.next_at - self.prev_at, self.speeds[1]) + 2 >= n.el:
            return Span(p.se, FAR, -FAR, n.el)
        fast = self.speeds[1]
        return Span(_later(p.se, start - self.prev_at, fast), _sooner(n.sl, self.next_at - start, fast),
                    _later(p.ee, end - self.prev_at, fast), _sooner(n.el, self.next_at - end, fast))  # fmt: skip


class Leg(NamedTuple):
    """Some cells of an edge from ``a`` to ``b``, which lies between two metres of the way."""

    a: Pair
    b: Pair
    start_m: float
    end_m: float
    cells: int  # of the whole edge
    first: int
    last: int  # exclusive
    timing: Timing

    @property
    def ends(self) -> tuple[Pair, Pair]:
        """Where it begins and ends."""
        return piece(self.a, self.b, self.first / self.cells, self.last / self.cells)

    @property
    def line(self) -> LineString:
        """Where it is."""
        return LineString(self.ends)

    @property
    def span(self) -> Span | None:
        """When it is occupied, or None where nothing times it."""
        length = self.end_m - self.start_m
        start, end = (self.start_m + length * c / self.cells for c in (self.first, self.last))
        return self.timing.between(start, end)

    def halves(self) -> "tuple[Leg, ...]":
        """Return its two halves; nothing for a single cell."""
        if self.last - self.first < 2:
            return ()
        middle = (self.first + self.last) // 2
        return self._replace(last=middle), self._replace(first=middle)


class Stretch(NamedTuple):
    """A leg or a timed point. Without ``span`` only the message's own windows say when."""

    geometry: LineString | Point
    bounds: Box
    span: Span | None
    course: Pair | None  # degrees east and north, for legs whose direction is known
    name: str = ""
    altitude: AltitudeBand | None = None
    leg: Leg | None = None
    blur_m: float = 0.0


def cleared(span: Span, column_m: float, speeds: Speeds | None) -> Span:
    """Return when a point is occupied by the whole column, from the head's arrival to the tail's clearing.

    What the message says of the tail counts, unless it says nothing or less than the fastest column needs.
    """
    if speeds is None or column_m <= 0:
        return span
    slow, fast = speeds
    el, ee = span.el, span.ee
    if span.sl < FAR and (el >= FAR or el < _later(span.sl, column_m, fast)):
        el = _later(span.sl, column_m, slow)
    if span.se > -FAR:
        ee = max(ee, _later(span.se, column_m, fast))
    return span._replace(ee=min(ee, el), el=el)


def legs(
    stops: Sequence[Stop], reach: Sequence[float], stated: dict[int, Span], speeds: Speeds | None, course_known: bool
) -> Iterator[Stretch]:
    """Yield the legs between stops, each with the nearest stated times before and behind it.

    ``reach`` is how far along each stop is (`reaches`).
    """
    found: list[tuple[Leg, Pair | None, AltitudeBand | None, float]] = []
    before, behind = _timed(stops)
    for i, (a, b) in enumerate(pairwise(stops)):
        length = reach[i + 1] - reach[i]
        if length == 0:
            continue
        prev, after = before[i], behind[i + 1]
        timing = Timing(
            stated.get(i),
            None if prev is None else stops[prev].span, 0.0 if prev is None else reach[prev],
            None if after is None else stops[after].span, 0.0 if after is None else reach[after],
            speeds,
        )  # fmt: skip
        count = math.ceil(length / LEG_M)
        each = math.ceil(length / count / CELL_M)
        course = (b.at[0] - a.at[0], b.at[1] - a.at[1]) if course_known else None
        for k in range(count):
            leg = Leg(a.at, b.at, reach[i], reach[i + 1], count * each, k * each, (k + 1) * each, timing)
            found.append((leg, course, _band(a, b), max(a.blur_m, b.blur_m)))
    ends = [leg.ends for leg, *_ in found]
    lines = linestrings(ends).tolist() if found else []
    for line, of, (leg, course, band, blur) in zip(lines, ends, found, strict=True):
        yield Stretch(line, bounds_of(*of), leg.span, course, "", band, leg, blur)


def _timed(stops: Sequence[Stop]) -> tuple[list[int | None], list[int | None]]:
    """Return for each stop the nearest timed one before and behind it, itself included."""
    before: list[int | None] = []
    behind: list[int | None] = []
    for i, stop in enumerate(stops):
        before.append(i if stop.span else before[-1] if before else None)
    for i in range(len(stops) - 1, -1, -1):
        behind.append(i if stops[i].span else behind[-1] if behind else None)
    return before, behind[::-1]


def reaches(stops: Sequence[Stop], edges: Sequence[float]) -> list[float]:
    """Return how far along the way each stop is, in metres; a long edge is measured piece by piece.

    ``edges`` is the length of each edge in one piece.
    """
    found = [0.0]
    for (a, b), length in zip(pairwise(stops), edges, strict=True):
        if length <= LEG_M:
            found.append(found[-1] + length)
            continue
        count = math.ceil(length / LEG_M)
        corners = [(a.at[0] + (b.at[0] - a.at[0]) * k / count, a.at[1] + (b.at[1] - a.at[1]) * k / count)
                   for k in range(count + 1)]  # fmt: skip
        found.append(found[-1] + sum(length_m(p, q) for p, q in pairwise(corners)))
    return found


def _later(at: int, metres: float, speed: float) -> int:
    return at if abs(at) >= FAR or not metres else bounded(at + micros(metres / speed)) if speed else FAR


def _sooner(at: int, metres: float, speed: float) -> int:
    return at if abs(at) >= FAR or not metres else bounded(at - micros(metres / speed)) if speed else -FAR


def _band(a: Stop, b: Stop) -> AltitudeBand | None:
    """Return the band of a leg: that of its ends, where both say the same."""
    return a.altitude if a.altitude == b.altitude else None
