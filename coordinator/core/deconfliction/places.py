"""Whether one unit could do two tasks at once, and whether two tasks are at the same place.

At an instant a task wants the unit anywhere on its parts of that instant, so it can be in both places only if some of
them meet. Source: reference deconfliction.md §2.3 K02 (positions), K17, §2.1 (Movement: legs are conservative).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely import GeometryCollection, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from coordinator.core.deconfliction.candidates import candidates
from coordinator.core.deconfliction.geometry import Box, Shape, apart_m, metric, middle, separation, shape, widen
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.windows import Span, definite, overlap
from schemas.findings import Certainty
from schemas.geo import Pair

Geometries = np.ndarray[Any, np.dtype[Any]]


class Apart(NamedTuple):
    """An instant at which two tasks want a unit at different places, and how many metres lie between them."""

    certainty: Certainty
    distance_m: float


def apart(contact: "Contact", when: tuple[Span, Span]) -> Apart | None:
    """Return the first instant of two windows at which the places of both tasks are apart, or None.

    It is certain if both tasks surely are under way then. Instants are those at which a part begins or ends: between
    two of them nothing changes.
    """
    both = overlap(*when)
    if both is None:
        return None
    if not contact.complete:  # thousands of places that touch: only whether they all are apart is looked at
        return Apart("possible", contact.all_apart_m) if contact.all_apart_m else None
    sure = (max(w.sl for w in when), min(w.ee for w in when)) if definite(*when, 0) else (0, 0)
    instants = sorted({t for t in (both.se, sure[0]) if both.se <= t < both.el} | set(contact.edges(both)))
    for certain in (True, False):
        chosen = [t for t in instants if (sure[0] <= t < sure[1]) is certain]
        distance = next((d for t in chosen if (d := contact.apart_m(t))), None)
        if distance:
            return Apart("definite" if certain else "possible", distance)
    return None


class Contact:
    """Which parts of two tasks meet, found out as far as it is asked for, once for all their windows."""

    def __init__(self, a: Reading, b: Reading) -> None:
        touching = candidates(a, b, 0.0, None)
        self.complete = touching.complete
        self._sides = a, b
        self._pairs = np.array(touching.pairs, dtype=np.int64).reshape(-1, 2)
        self._meets: dict[int, bool] = {}
        self._apart: dict[int, float] = {}
        self._edges: list[int] = np.unique(np.concatenate((a.times.ravel(), b.times.ravel()))).tolist()

    def edges(self, within: Span) -> list[int]:
        """Return the instants of a time at which a part begins or ends, in order."""
        return self._edges[bisect_left(self._edges, within.se) : bisect_left(self._edges, within.el)]

    @cached_property
    def all_apart_m(self) -> float:
        """The metres between all places of one task and all of the other."""
        a, b = self._sides
        return _between(_shapes(a.parts), _shapes(b.parts))

    @cached_property
    def always_apart_m(self) -> float:
        """The metres between two tasks that each have one unchanging place; 0 if they meet, move or have none."""
        return 0.0 if any(p.moving for r in self._sides for p in r.parts) else self.all_apart_m

    def apart_m(self, instant: int) -> float:
        """Return the metres between the places of an instant; 0 if they meet, or one task is at no place then."""
        if instant not in self._apart:
            self._apart[instant] = self._apart_m(instant)
        return self._apart[instant]

    def _apart_m(self, instant: int) -> float:
        a, b = self._sides
        here, there = ((r.times[:, 0] <= instant) & (instant < r.times[:, 1]) for r in (a, b))
        if not here.any() or not there.any():
            return 0.0
        live = np.flatnonzero(here[self._pairs[:, 0]] & there[self._pairs[:, 1]]).tolist()
        if any(self._meets.get(k, False) for k in live) or any(self._meet(k) for k in live if k not in self._meets):
            return 0.0
        return _between(_shapes(compress(a.parts, here)), _shapes(compress(b.parts, there)))

    def _meet(self, number: int) -> bool:
        (a, b), (i, j) = self._sides, self._pairs[number]
        found = separation(a.parts[i].shape, b.parts[j].shape, 0.0) is not None
        self._meets[number] = found
        return found


def _shapes(parts: Iterable[Part]) -> tuple[Shape, ...]:
    """Return parts as one shape for each reach."""
    parts = list(parts)
    if len(parts) == 1:
        return (parts[0].shape,)
    by_reach: defaultdict[float, list[BaseGeometry]] = defaultdict(list)
    for p in parts:
        by_reach[p.shape.reach_m].append(p.shape.geometry)
    return tuple(shape(shapely.union_all(by_reach[reach]), reach) for reach in sorted(by_reach))


def _between(here: Iterable[Shape], there: Iterable[Shape]) -> float:
    """Return the metres between the nearest of two places; 0 if they meet, or one of them is none."""
    return min((apart_m(p, q) for p in here for q in there), default=0.0)


class Alike(NamedTuple):
    """By how many metres two places differ, and where they are."""

    distance_m: float
    at: Pair


def alike(a: Reading, b: Reading, limit_m: float) -> Alike | None:
    """Return by how much the outlines of two tasks differ, at most, if that is within a limit; symmetric."""
    if not a.parts or not b.parts:
        return None
    (here, own), (there, other) = (_outline(r) for r in (a, b))
    found = (_differ(here, turned, limit_m) for turned in _turns(there))
    metres = min((d for d in found if d is not None), default=None)
    if metres is None or metres + abs(own - other) > limit_m:
        return None
    centre = min(middle(GeometryCollection(list(lines))) for lines in (here, there))
    return Alike(round(metres + abs(own - other), 3), centre)


def _outline(of: Reading) -> tuple[Geometries, float]:
    """Return the lines and points that a task's place is drawn with, in degrees, and how far it reaches beyond."""
    drawn = {p.shape.geometry.wkb: p.shape.geometry for p in of.parts}
    lines = [g.boundary if isinstance(g, Polygon | MultiPolygon) else g for g in drawn.values()]
    return np.array(lines, dtype=object), max(p.shape.reach_m for p in of.parts)


def _turns(of: Geometries) -> Iterator[Geometries]:
    for turn in (-360.0, 0.0, 360.0):
        by = np.array((turn, 0.0))
        yield shapely.transform(of, by.__add__)


def _differ(a: Geometries, b: Geometries, limit_m: float) -> float | None:
    """Return the Hausdorff distance of two outlines in metres, at their corners; None if their boxes differ by more."""
    one, (w, s, e, n) = _box(a), _box(b)
    west, south, east, north = widen(one, limit_m)
    if not (west <= w and south <= s and e <= east and n <= north):
        return None
    scale = np.array(metric((one[1] + one[3] + s + n) / 4))
    x, y = (shapely.transform(g, lambda c: c * scale) for g in (a, b))
    return max(_farthest(x, y), _farthest(y, x))


def _box(of: Geometries) -> Box:
    west, south, east, north = map(float, shapely.total_bounds(of))
    return west, south, east, north


def _farthest(of: Geometries, to: Geometries) -> float:
    """Return the metres from the corner that is farthest from another outline to that outline."""
    corners = shapely.points(shapely.get_coordinates(of))
    _, found = shapely.STRtree(to).query_nearest(corners, return_distance=True, all_matches=False)
    return float(found.max())
