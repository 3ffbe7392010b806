"""What is left of a task when another one is to cover it all the time and everywhere (K14).

Time is judged by windows, place by parts that may be there at a time: a part that lies outside everything is surely
uncovered, one that only sticks out possibly. Source: reference deconfliction.md §2.3 K14 (``during``), §2.1.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from coordinator.core.deconfliction.geometry import Shape, flat, metric, middle, widen
from coordinator.core.deconfliction.periods import Interval, Intervals, common, union, without
from coordinator.core.deconfliction.reading import Part
from coordinator.core.deconfliction.windows import Span
from schemas.geo import Pair

SLACK_M: Final = 1.0
"""Closer than this, a border is the same border."""


class Gap(NamedTuple):
    """The first time at which a task may be, or surely is, not covered."""

    doubtful: bool
    part: Interval


class Hole(NamedTuple):
    """A place at which a task may be, or surely is, not covered."""

    doubtful: bool
    at: Pair
    name: str


def uncovered_time(own: Sequence[Span], cover: Sequence[Span], lead: int) -> Gap | None:
    """Return what is left of windows when others cover them from ``lead`` microseconds before; None if nothing is."""
    wanted = [s._replace(se=s.se - lead, sl=s.sl - lead) for s in own]
    sure = union((s.sl, s.ee) for s in cover)
    may = union((s.se, s.el) for s in cover)
    left = [p for s in wanted for p in _surely_left(s, may)]
    if left:
        return Gap(False, min(left))
    rest = without(union((s.se, s.el) for s in wanted), sure)
    return Gap(True, rest[0]) if rest else None


def _surely_left(s: Span, may: Intervals) -> Iterator[Interval]:
    """Yield the times at which a window surely is and cover surely is not, whatever times are chosen."""
    yield from without(union([(s.sl, s.ee)]), may)
    gaps = without(union([(s.se, s.el)]), may)
    if gaps and not common(((s.se, s.sl + 1),), may):
        yield gaps[0]
    if gaps and not common(((s.ee - 1, s.el),), may):
        yield gaps[-1]


def uncovered_place(own: Sequence[Part], cover: Sequence[Part]) -> Hole | None:
    """Return a place of a task that others do not cover; None if they do. A certain one goes first."""
    around = _Around(cover)
    holes = [h for p in own if (h := _hole(p, around))]
    return min(holes, key=lambda h: (h.doubtful, h.at, h.name), default=None)


class _Around:
    """Parts that cover, to be asked for those near another part."""

    def __init__(self, cover: Sequence[Part]) -> None:
        self._cover = cover
        self._boxes = np.array([widen(q.shape.box, SLACK_M) for q in cover])
        self._times = np.array([(q.span.se, q.span.el) for q in cover], dtype=np.int64)

    def near(self, part: Part) -> Iterator[tuple[Part, float]]:
        """Yield the parts that may be there at the time of one (all, if none is then: that is said of the time).

        Each with by how much it must be turned, across ±180°.
        """
        at_the_time = (part.span.se < self._times[:, 1]) & (self._times[:, 0] < part.span.el)
        chosen = at_the_time if at_the_time.any() else ~at_the_time
        w, s, e, n = part.shape.box
        chosen &= (self._boxes[:, 1] <= n) & (s <= self._boxes[:, 3])
        for turn in (-360.0, 0.0, 360.0):
            here = chosen & (self._boxes[:, 0] + turn <= e) & (w <= self._boxes[:, 2] + turn)
            yield from ((self._cover[int(i)], turn) for i in np.flatnonzero(here))


def _hole(part: Part, around: _Around) -> Hole | None:
    lat = middle(part.shape.geometry)[1]
    inner = _effect(part.shape, lat, 0.0)
    outer = shapely.union_all([_effect(q.shape, lat, SLACK_M, turn) for q, turn in around.near(part)])
    if outer.covers(inner):
        return None
    rest = inner.difference(outer).representative_point()
    mx, my = metric(lat)
    at = middle(shapely.Point(rest.x / mx, rest.y / my))
    return Hole(bool(outer.intersects(inner)), at, part.name)


def _effect(of: Shape, lat: float, slack_m: float, turn: float = 0.0) -> BaseGeometry:
    geometry = flat(translate(of.geometry, turn) if turn else of.geometry, lat)
    reach = of.reach_m + slack_m
    return geometry.buffer(reach) if reach else geometry
