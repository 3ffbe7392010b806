"""Where and when two readings meet: the exact test behind K01, part by part, and which evidence to show.

Boxes and times of all parts are compared at once; geometry is only computed for those that are left. Among several
meetings the one to show is chosen by what it says, never by whose it is: certain before possible, then the nearest,
then the earliest. Source: reference deconfliction.md §2.1, §2.3 K01.
"""

from typing import Any, NamedTuple

import numpy as np

from coordinator.core.deconfliction.geometry import Separation, metric, separation, surely_near
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.windows import Span, between, definite, micros, overlap, possible
from schemas.findings import Certainty
from schemas.geo import AltitudeBand, AltitudeLimit

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Needs(NamedTuple):
    """What a rule asks for: metres, seconds and metres of height between two activities."""

    distance_m: float = 0.0
    gap_s: float = 0.0
    vertical_m: float = 0.0
    touch: bool = True


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
    gap = micros(needs.gap_s)
    found = [m for i, j in _candidates(a, b, needs, gap) if (m := _meet(a.parts[i], b.parts[j], needs, gap))]
    return min(found, key=_rank, default=None)


def _rank(m: Meeting) -> tuple[object, ...]:
    when = m.overlap or tuple(sorted((m.a.span, m.b.span)))
    return m.certainty, m.separation.distance_m, m.gap, m.overlap is None, when, m.separation.at, m.because


def _candidates(a: Reading, b: Reading, needs: Needs, gap: int) -> list[tuple[int, int]]:
    """Return the pairs of parts whose boxes and times may meet: a superset."""
    if not a.parts or not b.parts:
        return []
    ta, tb = a.times, b.times
    late = (ta[:, None, 0] < tb[None, :, 1] + gap) & (tb[None, :, 0] < ta[:, None, 1] + gap)
    west, south, east, north = _grown(a, needs.distance_m)
    bb = b.boxes
    hit = late & (south[:, None] <= bb[None, :, 3]) & (bb[None, :, 1] <= north[:, None])
    sides = np.zeros_like(hit)
    for turn in (-360.0, 0.0, 360.0):
        sides |= (west[:, None] <= bb[None, :, 2] + turn) & (bb[None, :, 0] + turn <= east[:, None])
    polar = np.abs(bb[None, :, [1, 3]]).max(axis=2) >= 90.0
    return [(int(i), int(j)) for i, j in np.argwhere(hit & (sides | polar))]


def _grown(a: Reading, metres: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the boxes of a reading, each widened by a distance; never too little."""
    boxes = a.boxes
    dlat = metres / 110_500.0
    lat = min(89.99, float(np.abs(boxes[:, [1, 3]]).max()) + dlat)
    dlon = metres / (metric(round(lat, 2) if lat < 89 else 89.99)[0] * 0.98) if lat < 89 else 360.0
    dlon = dlon if metres else 0.0
    return boxes[:, 0] - dlon, boxes[:, 1] - dlat, boxes[:, 2] + dlon, boxes[:, 3] + dlat


def _meet(p: Part, q: Part, needs: Needs, gap: int) -> Meeting | None:
    if not possible(p.span, q.span, gap):
        return None
    height = heights(p.altitude, q.altitude, needs.vertical_m)
    if height.apart:
        return None
    apart = separation(p.shape, q.shape, needs.distance_m, touch=needs.touch)
    if apart is None:
        return None
    because = tuple(_doubts(p, q, needs, gap, height))
    return Meeting("possible" if because else "definite", apart, p, q, between(p.span, q.span), height.gap_m, because)


def _doubts(p: Part, q: Part, needs: Needs, gap: int, height: Heights) -> list[str]:
    """Return what keeps a meeting from being certain."""
    found = []
    if not definite(p.span, q.span, gap):
        found.append("times")
    if not height.proven:
        found.append("heights")
    if not (p.timed and q.timed) or (not found and (p.moving or q.moving) and not _wherever(p, q, needs.distance_m)):
        found.append("progress")
    return found


def _wherever(p: Part, q: Part, limit_m: float) -> bool:
    mover, other = (p, q) if p.moving else (q, p)
    return surely_near(mover.shape, other.shape, limit_m, both_move=other.moving)


def heights(a: AltitudeBand | None, b: AltitudeBand | None, buffer_m: float) -> Heights:
    """Compare two bands: closed intervals, a missing one is the whole column; unlike datums separate nothing."""
    if a is None or b is None:
        return Heights(False, True, None)
    below, above = _under(a.upper, b.lower), _under(b.upper, a.lower)
    gaps = [g for g in (below, above) if isinstance(g, float)]
    gap = max(gaps, default=None)
    if gap is not None and gap > 0 and gap >= buffer_m:
        return Heights(True, True, gap)
    return Heights(False, "unlike" not in (below, above), None if gap is None else max(0.0, gap))


def _under(top: AltitudeLimit | None, bottom: AltitudeLimit | None) -> float | str | None:
    """Return by how much a top lies under a bottom; None if there is no such limit, ``unlike`` if nobody can tell."""
    if top is None or bottom is None or top.reference == "UNL" or bottom.reference == "SFC":
        return None
    if top.reference == "SFC":
        top = AltitudeLimit(reference="AGL", value_m=0.0)
    if top.value_m is None or bottom.value_m is None or top.reference != bottom.reference:
        return "unlike"
    return float(bottom.value_m - top.value_m)
