"""The shortest way out of a zone: by how much, and where to, something has to be moved as it is.

What may not be is the Minkowski sum of the zone and of the mirrored party, grown by what is to be kept between; the
nearest point outside it is the answer. Exact for polygons, circles and lines in the local metric of the zone, to a
centimetre and 0.01 % of the standoff. Source: reference deconfliction.md §2.3 K06 ("shortest displacement").
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import shapely
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from coordinator.core.deconfliction.geometry import Shape, flat

_QUADRANT: Final = 64  # chords in a quarter of a circle
_CLEAR_M: Final = 0.01  # beyond the border, so that not even that is shared
MAX_PIECES: Final = 4_000
"""Pairs of convex pieces that are added up; with more, hulls are moved: far enough, perhaps farther than need be."""


class Move(NamedTuple):
    """A displacement in metres."""

    east_m: float
    north_m: float

    @property
    def distance_m(self) -> float:
        """How far it is."""
        return math.hypot(self.east_m, self.north_m)


def shortest(party: Sequence[Shape], zone: Shape, standoff_m: float) -> Move:
    """Return the shortest move after which no part of a party is nearer to a zone than a standoff."""
    lat = zone.geometry.centroid.y
    turned = [_turned(p, zone) for p in party]
    blocked = shapely.union_all([_grown(p, zone, standoff_m, lat) for p in turned])
    if not blocked.intersects(Point(0.0, 0.0)):
        return Move(0.0, 0.0)
    out = nearest_points(Point(0.0, 0.0), blocked.boundary)[1]
    return Move(out.x, out.y)


def _turned(of: Shape, zone: Shape) -> Shape:
    """Return a shape as it lies to the zone, also across ±180°."""
    turns = (-360.0, 0.0, 360.0)
    near = min(turns, key=lambda t: abs(of.geometry.centroid.x + t - zone.geometry.centroid.x))
    return of._replace(geometry=translate(of.geometry, near)) if near else of


def _grown(party: Shape, zone: Shape, standoff_m: float, lat: float) -> BaseGeometry:
    """Return every displacement of a party that leaves it too near."""
    keep = party.reach_m + zone.reach_m + standoff_m + _CLEAR_M
    added = _added(_pieces(flat(zone.geometry, lat)), _pieces(flat(party.geometry, lat)))
    return added.buffer(keep / math.cos(math.pi / (4 * _QUADRANT)), quad_segs=_QUADRANT)


def _added(zone: Sequence[BaseGeometry], party: Sequence[BaseGeometry]) -> BaseGeometry:
    if len(zone) * len(party) > MAX_PIECES:
        zone, party = ([shapely.union_all(list(of)).convex_hull] for of in (zone, party))
    sums = [_sum(z, p) for z in zone for p in party]
    return shapely.union_all(sums)


def _sum(zone: BaseGeometry, party: BaseGeometry) -> BaseGeometry:
    """Return what lies between two convex pieces, one taken from the other, corner by corner."""
    corners = [(zx - px, zy - py) for zx, zy in _corners(zone) for px, py in _corners(party)]
    return MultiPoint(corners).convex_hull


def _corners(of: BaseGeometry) -> list[tuple[float, float]]:
    ring = of.exterior if isinstance(of, Polygon) else of
    return [(float(x), float(y)) for x, y, *_ in ring.coords]


def _pieces(of: BaseGeometry) -> list[BaseGeometry]:
    """Return convex pieces that make up a geometry."""
    if isinstance(of, LineString):
        return [LineString(edge) for edge in pairwise(of.coords)]
    if isinstance(of, Point):
        return [of]
    if of.equals(of.convex_hull):
        return [of]
    cut = shapely.constrained_delaunay_triangles(of)
    return list(cut.geoms)
