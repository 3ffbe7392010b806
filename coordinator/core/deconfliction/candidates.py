"""Which parts of two readings may meet: boxes and times of all parts compared at once; a superset, never too few.

A handful of parts are compared one by one, which is done before columns have begun; more are compared all with all; for
many a tree of boxes is asked, in portions, so that two long ways cost no more memory than two short ones. Source:
reference deconfliction.md §3.5, §3.7.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import shapely

from coordinator.core.deconfliction.geometry import Box, metric
from coordinator.core.deconfliction.reading import Reading

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

HANDFUL: Final = 40  # pairs that are compared one by one
ALL_WITH_ALL: Final = 250_000  # pairs up to which no tree is built
PORTION: Final = 32
MAX_PAIRS: Final = 20_000
_POLE: Final = 90.0
_TURNS: Final = (-360.0, 0.0, 360.0)


class Candidates(NamedTuple):
    """Pairs of indices into the parts of two readings; ``complete`` says whether there may be more."""

    pairs: list[tuple[int, int]]
    complete: bool = True


def candidates(a: Reading, b: Reading, distance_m: float, gap: int | None) -> Candidates:
    """Return the pairs of parts whose boxes come within a distance, and whose times within ``gap`` microseconds.

    Without a gap times do not count.
    """
    if not a.parts or not b.parts:
        return Candidates([])
    if len(a.parts) * len(b.parts) <= HANDFUL:
        return Candidates([*_one_by_one(a, b, distance_m, gap)])
    grown = a.boxes + np.array(_reach(a.boxes, distance_m)) if distance_m else a.boxes
    if len(a.parts) * len(b.parts) <= ALL_WITH_ALL:
        rows = np.argwhere(_touching(grown, b.boxes) & _meeting(a.times, b.times, gap))
        return _cut(rows)
    found, count = [], 0
    for rows in _by_tree(grown, b.boxes):
        kept = rows if gap is None else rows[_meeting_rows(a.times[rows[:, 0]], b.times[rows[:, 1]], gap)]
        found.append(kept)
        count += len(kept)
        if count > MAX_PAIRS:
            break
    return _cut(np.concatenate(found)) if found else Candidates([])


def _one_by_one(a: Reading, b: Reading, distance_m: float, gap: int | None) -> Iterator[tuple[int, int]]:
    boxes = [p.shape.box for p in a.parts]
    if distance_m:
        dw, ds, de, dn = _reach(a.boxes, distance_m)
        boxes = [(w + dw, s + ds, e + de, n + dn) for w, s, e, n in boxes]
    for i, (p, box) in enumerate(zip(a.parts, boxes, strict=True)):
        for j, q in enumerate(b.parts):
            at_once = gap is None or (p.span.se < q.span.el + gap and q.span.se < p.span.el + gap)
            if at_once and _touch(box, q.shape.box):
                yield i, j


def _touch(a: Box, b: Box) -> bool:
    """Say whether two boxes touch, also across ±180°; what `_touching` says of many."""
    if not (a[1] <= b[3] and b[1] <= a[3]):
        return False
    if max(abs(b[1]), abs(b[3])) >= _POLE:
        return True
    return any(a[0] <= b[2] + turn and b[0] + turn <= a[2] for turn in _TURNS)


def _cut(rows: Any) -> Candidates:
    pairs = [(int(i), int(j)) for i, j in rows[:MAX_PAIRS]]
    return Candidates(pairs, len(rows) <= MAX_PAIRS)


def _touching(a: Floats, b: Floats) -> Any:
    hit = (a[:, None, 1] <= b[None, :, 3]) & (b[None, :, 1] <= a[:, None, 3])
    sides = np.zeros_like(hit)
    for turn in _TURNS:
        sides |= (a[:, None, 0] <= b[None, :, 2] + turn) & (b[None, :, 0] + turn <= a[:, None, 2])
    polar = np.abs(b[None, :, [1, 3]]).max(axis=2) >= _POLE
    return hit & (sides | polar)


def _meeting(a: Ints, b: Ints, gap: int | None) -> Any:
    if gap is None:
        return True
    return (a[:, None, 0] < b[None, :, 1] + gap) & (b[None, :, 0] < a[:, None, 1] + gap)


def _meeting_rows(a: Ints, b: Ints, gap: int) -> Any:
    return (a[:, 0] < b[:, 1] + gap) & (b[:, 0] < a[:, 1] + gap)


def _by_tree(a: Floats, b: Floats) -> Iterator[Ints]:
    """Yield pairs whose boxes touch, a portion of the first at a time."""
    polar = np.abs(b[:, [1, 3]]).max(axis=1) >= _POLE
    west, east = np.where(polar, -1000.0, b[:, 0]), np.where(polar, 1000.0, b[:, 2])
    tree = shapely.STRtree(shapely.box(west, b[:, 1], east, b[:, 3]))
    for start in range(0, len(a), PORTION):
        part = a[start : start + PORTION]
        hits = [
            tree.query(shapely.box(part[:, 0] + turn, part[:, 1], part[:, 2] + turn, part[:, 3])) for turn in _TURNS
        ]
        met = [found for found in hits if found.size]
        if met:
            flat = np.unique(np.concatenate([i * len(b) + j for i, j in met]))
            yield np.stack((flat // len(b) + start, flat % len(b)), axis=1)


def _reach(boxes: Floats, metres: float) -> Box:
    """Return by how many degrees the sides of boxes move to hold everything within a distance; never too little."""
    dlat = metres / 110_500.0
    lat = min(89.99, float(np.abs(boxes[:, [1, 3]]).max()) + dlat)
    dlon = metres / (metric(round(lat, 2) if lat < 89 else 89.99)[0] * 0.98) if lat < 89 else 360.0
    return -dlon, -dlat, dlon, dlat
