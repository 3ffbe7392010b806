"""Where and when two readings meet: the exact test behind K01, part by part, and which evidence to show.

Boxes and times of all parts are compared at once. What is left is searched best first, each leg of a way cut in two
until its pieces are cells of 50 m: a meeting that vanishes on the way is none, and the place and time to show are those
of a cell. Among several meetings the one to show is chosen by what it says, never by whose it is: certain before
possible, then the nearest (by the metre), then what was stated before what was computed, then the earliest. Source:
reference deconfliction.md §2.1, §2.3 K01, §3.5.
"""

import heapq
from collections.abc import Iterator
from itertools import count
from typing import Final, NamedTuple

from coordinator.core.deconfliction.bands import UNLIKE, under, upside_down
from coordinator.core.deconfliction.candidates import candidates
from coordinator.core.deconfliction.geometry import Separation, firmly_near, midpoint, separation, surely_near
from coordinator.core.deconfliction.passages import passage
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.windows import Span, between, definite, micros, overlap, possible
from schemas.findings import Certainty
from schemas.geo import AltitudeBand

MAX_TESTS: Final = 10_000
"""Pairs of pieces compared for two readings; beyond them a meeting that was not ruled out is possible."""


class Needs(NamedTuple):
    """What a rule asks for: metres, seconds and metres of height between two activities."""

    distance_m: float = 0.0
    gap_s: float = 0.0
    vertical_m: float = 0.0
    touch: bool = True
    heights: bool = True  # whether heights can separate


class Meeting(NamedTuple):
    """Two parts that are too near each other. ``a`` and ``b`` are in the order of the two readings."""

    certainty: Certainty
    separation: Separation
    a: Part
    b: Part
    gap: int  # microseconds between the two, 0 if they can overlap
    vertical_m: float | None
    because: tuple[str, ...]

    @property
    def overlap(self) -> Span | None:
        """When both may be there."""
        return overlap(self.a.span, self.b.span)


class Heights(NamedTuple):
    """What two altitude bands prove."""

    apart: bool
    proven: bool
    gap_m: float | None


def meeting(a: Reading, b: Reading, needs: Needs) -> Meeting | None:
    """Return the meeting to show for two readings, or None if they keep what is asked for."""
    near = candidates(a, b, needs.distance_m, micros(needs.gap_s))
    if not near.pairs:
        return None
    search = _Search(a, b, needs)
    for i, j in near.pairs:
        search.add(a.parts[i], b.parts[j], (i, j))
    found = search.best(MAX_TESTS)
    if found is None:
        return None if near.complete else _unproven(a.parts[0], b.parts[0], needs)
    return found


class _Open(NamedTuple):
    """Two pieces that may meet, by what is the least that a meeting within them can say, or the meeting of two cells.

    Among equals a meeting that is known comes first, and then what the pieces are decides, not whose they are.
    """

    rank: tuple[object, ...]
    tie: tuple[object, ...]
    turn: int
    p: Part
    q: Part
    at: tuple[int, int]  # the parts that they are pieces of
    sure: bool  # somewhere within them it is certain
    found: "Meeting | None" = None


class _Search:
    """Best first over pairs of pieces. What is cut is never less than its pieces: so the first cell is the best."""

    def __init__(self, a: Reading, b: Reading, needs: Needs) -> None:
        self._a, self._b, self._needs, self._gap = a, b, needs, micros(needs.gap_s)
        self._heap: list[_Open] = []
        self._turns = count()

    def add(self, p: Part, q: Part, at: tuple[int, int], sure: bool = False, apart_m: float = 0.0) -> None:
        """Take note of two pieces that may meet."""
        if possible(p.span, q.span, self._gap):
            rank = _least(p, q, self._gap, sure, apart_m)
            tie = 1, *sorted(((p.shape.box, p.span), (q.shape.box, q.span)))
            heapq.heappush(self._heap, _Open(rank, tie, next(self._turns), p, q, at, sure))

    def best(self, tests: int) -> Meeting | None:
        """Return the meeting of the lowest rank, whole passages restored, or None if there is none."""
        for _ in range(tests):
            if not self._heap:
                return None
            here = heapq.heappop(self._heap)
            if here.found:
                return self._whole(here.found, here.at)
            self._open(here)
        return self._enough()

    def _open(self, here: _Open) -> None:
        m = _meet(here.p, here.q, self._needs, self._gap)
        if m is None:
            return
        sure = here.sure or m.certainty == "definite"
        smaller = list(pieces(here.p, here.q))
        for p, q in smaller:
            self.add(p, q, here.at, sure, m.separation.distance_m)
        if not smaller:
            m = m._replace(certainty="definite", because=()) if sure else m
            rank = m.certainty != "definite", *_least(m.a, m.b, self._gap, sure, m.separation.distance_m)[1:]
            heapq.heappush(self._heap, _Open(rank, (0, *_detail(m)), next(self._turns), m.a, m.b, here.at, sure, m))

    def _enough(self) -> Meeting:
        """Return the best so far, when no more is compared: what was not ruled out is possible."""
        done = [here for here in self._heap if here.found]
        if not done:
            return _unproven(self._heap[0].p, self._heap[0].q, self._needs)
        first = min(done)
        assert first.found  # noqa: S101 - chosen by that
        return self._whole(first.found, first.at)

    def _whole(self, m: Meeting, at: tuple[int, int]) -> Meeting:
        """Return a meeting of a mover with what stays, from the first cell that meets it to the last."""
        if m.a.moving == m.b.moving:
            return m
        if m.a.moving:
            when = passage(self._a, at[0], lambda p: _near(p, m.b, self._needs, self._gap) is not None)
            return m._replace(a=m.a._replace(span=when or m.a.span))
        when = passage(self._b, at[1], lambda p: _near(m.a, p, self._needs, self._gap) is not None)
        return m._replace(b=m.b._replace(span=when or m.b.span))


def _least(p: Part, q: Part, gap: int, sure: bool, apart_m: float) -> tuple[object, ...]:
    """Return a rank that no meeting within two pieces is below."""
    certain = sure or (p.timed and q.timed and definite(p.span, q.span, gap))
    apart = overlap(p.span, q.span) is None
    first = min(p.span.se, q.span.se) if apart else max(p.span.se, q.span.se)
    return not certain, round(apart_m), between(p.span, q.span), apart, p.moving + q.moving, first


def _detail(m: Meeting) -> tuple[object, ...]:
    when = m.overlap or (*min(m.a.span, m.b.span), *max(m.a.span, m.b.span))
    return when, m.separation, m.because


def pieces(p: Part, q: Part) -> Iterator[tuple[Part, Part]]:
    """Yield the pairs that two pieces are cut into, the longer one first; nothing for two cells."""
    size, other = _cells(p), _cells(q)
    yield from ((x, y) for x in _cut(p, size >= other) for y in _cut(q, other >= size)) if max(size, other) > 1 else ()


def _cut(p: Part, wanted: bool) -> tuple[Part, ...]:
    return (wanted and p.halves()) or (p,)


def _cells(p: Part) -> int:
    return p.leg.last - p.leg.first if p.leg else 1


def _unproven(p: Part, q: Part, needs: Needs) -> Meeting:
    """Return a meeting that could not be ruled out because there is too much to compare."""
    at = midpoint(p.shape, q.shape)
    return Meeting("possible", Separation(0.0, at), p, q, between(p.span, q.span), None, ("effort",))


def _meet(p: Part, q: Part, needs: Needs, gap: int) -> Meeting | None:
    near = _near(p, q, needs, gap)
    if near is None:
        return None
    apart, height = near
    because = tuple(_doubts(p, q, needs, gap, height))
    return Meeting("possible" if because else "definite", apart, p, q, between(p.span, q.span), height.gap_m, because)


def _near(p: Part, q: Part, needs: Needs, gap: int) -> tuple[Separation, Heights] | None:
    """Return how far two pieces are apart in place and height, or None if they keep what is asked for."""
    if not possible(p.span, q.span, gap):
        return None
    height = heights(p.altitude, q.altitude, needs.vertical_m) if needs.heights else Heights(False, True, None)
    if height.apart:
        return None
    apart = separation(p.shape, q.shape, needs.distance_m, touch=needs.touch)
    return None if apart is None else (apart, height)


def _doubts(p: Part, q: Part, needs: Needs, gap: int, height: Heights) -> list[str]:
    """Return what keeps a meeting from being certain."""
    found = []
    if not definite(p.span, q.span, gap):
        found.append("times")
    if not height.proven:
        found.append("heights")
    blur = p.blur_m + q.blur_m  # reached over on either side, and it may be as much the other way
    firm_m = needs.distance_m - 2 * blur
    if blur and not firmly_near(p.shape, q.shape, firm_m, touch=needs.touch):
        found.append("positions")
    if not (p.timed and q.timed) or (not found and (p.moving or q.moving) and not _wherever(p, q, firm_m)):
        found.append("progress")
    return found


def _wherever(p: Part, q: Part, limit_m: float) -> bool:
    mover, other = (p, q) if p.moving else (q, p)
    return surely_near(mover.shape, other.shape, limit_m, both_move=other.moving)


def heights(a: AltitudeBand | None, b: AltitudeBand | None, buffer_m: float) -> Heights:
    """Compare two bands: closed intervals, a missing one is the whole column; unlike datums separate nothing.

    A band that is upside down says nothing (and K18 says so): it is the whole column as well.
    """
    if a is None or b is None or upside_down(a) or upside_down(b):
        return Heights(False, True, None)
    below, above = under(a.upper, b.lower), under(b.upper, a.lower)
    gaps = [g for g in (below, above) if isinstance(g, float)]
    gap = max(gaps, default=None)
    if gap is not None and gap > 0 and _millimetres(gap) >= _millimetres(buffer_m):
        return Heights(True, True, gap)
    return Heights(False, UNLIKE not in (below, above), None if gap is None else max(0.0, gap))


def _millimetres(metres: float) -> int:
    """Return a height in whole millimetres: 1,000 ft between 5,500 and 6,500 ft is not a hair less (§5, point 5)."""
    return round(metres * 1000)
