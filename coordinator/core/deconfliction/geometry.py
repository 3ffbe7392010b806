"""Shapes on the earth: edges straight in longitude and latitude (RFC 7946 §3.1.1), metres only for tolerances.

A shape is a geometry in degrees and by how many metres its effect reaches beyond it, so a circle is a point that
reaches. Distances come from a local metric at the latitude of the two nearest points (error below 0.002 % at 20 km);
only within its error of a limit does the geodesic decide. Source: reference deconfliction.md §2.1 (Place, Distance).
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from shapely import Point, Polygon
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from coordinator.core.deconfliction.touching import TOUCH_DEG, shallow, side_by_side
from schemas.geo import Pair

Box = tuple[float, float, float, float]

LATITUDE_M: Final = 110_500.0
"""Metres per degree of latitude, never more than the true value."""
WHOLE_EARTH_M: Final = 40_000_000.0
"""No two places are further apart, also by the local metric; no effect reaches further."""
_A: Final = 6_378_137.0  # WGS 84
_E2: Final = 0.006_694_379_990_141
_LON_M: Final = 111_300.0  # the same of longitude at the equator
_BAND: Final = 0.001  # of the distance: how far the local metric may be wrong, generously
_BAND_M: Final = 1.0
_FAR_M: Final = 20_000.0  # beyond it the local metric is not good enough to be shown
_NEAR_POLE: Final = 89.9
_AROUND_DEG: Final = 540.0  # east or west of a place: further than that is nothing that was not reached before
_TOUCH_M: Final = 0.001
_MANY: Final = 4_000  # corners of two shapes; of more no common area is worked out
_SEGMENTS: Final = 72  # of a circle that has to become a polygon


class Shape(NamedTuple):
    """A geometry in degrees, how far beyond it the effect reaches, and a box in degrees around both."""

    geometry: BaseGeometry
    reach_m: float
    box: Box


class Separation(NamedTuple):
    """How far two effects are apart (0 if they meet), and where."""

    distance_m: float
    at: Pair


def shape(geometry: BaseGeometry, reach_m: float = 0.0, bounds: Box | None = None) -> Shape:
    """Return a shape with its box, which also holds what only touches it; what reaches around the earth ends there.

    Whoever knows the ``bounds`` of the geometry gives them: it takes longer to ask for them.
    """
    reach_m = min(reach_m, WHOLE_EARTH_M)
    return Shape(geometry, reach_m, widen(bounds or geometry.bounds, reach_m + _TOUCH_M))


def bounds_of(a: Pair, b: Pair) -> Box:
    """Return the bounds of an edge, or of a point that is both."""
    west, east = (a[0], b[0]) if a[0] <= b[0] else (b[0], a[0])
    south, north = (a[1], b[1]) if a[1] <= b[1] else (b[1], a[1])
    return west, south, east, north


def widen(box: Box, metres: float) -> Box:
    """Return a box that holds everything within so many metres of a box; never too small."""
    west, south, east, north = box
    if metres <= 0:
        return box
    dlat = metres / LATITUDE_M
    lat = max(abs(south), abs(north)) + dlat
    dlon = 360.0 if lat >= _NEAR_POLE else metres / (_LON_M * math.cos(math.radians(lat)))
    return west - dlon, south - dlat, east + dlon, north + dlat


@lru_cache(maxsize=4096)
def metric(lat: float) -> tuple[float, float]:
    """Return metres per degree of longitude and of latitude at a latitude, on the ellipsoid."""
    s = math.sin(math.radians(lat))
    w = 1.0 - _E2 * s * s
    n = _A / math.sqrt(w)
    m = _A * (1.0 - _E2) / (w * math.sqrt(w))
    return math.radians(1.0) * n * math.cos(math.radians(lat)), math.radians(1.0) * m


def length_m(a: Pair, b: Pair) -> float:
    """Return the length in metres of one edge of at most a few kilometres."""
    mx, my = metric(round((a[1] + b[1]) / 2, 3))
    return math.hypot((b[0] - a[0]) * mx, (b[1] - a[1]) * my)


def separation(a: Shape, b: Shape, limit_m: float, *, touch: bool = True) -> Separation | None:
    """Return how far apart two effects are if that is within a limit, else None.

    ``touch`` says whether a shared border counts; if it does not, interiors must meet or the distance be below the
    limit. The result does not depend on the order of the two.
    """
    first, second = (a, b) if _before(a, b) else (b, a)
    found = [s for h in _seam(first, second, limit_m) if (s := _apart(first, h, limit_m, touch)) is not None]
    return min(found, default=None)


def apart_m(a: Shape, b: Shape) -> float:
    """Return how many metres lie between two effects, however far they are apart; 0 if they meet.

    Nearest points by the local metric, between them the ellipsoid: too long by less than 0.1 % within 100 km.
    """
    if separation(a, b, 0.0) is not None:
        return 0.0
    first, second = (a.geometry, b.geometry) if _before(a, b) else (b.geometry, a.geometry)
    (w, _, e, _), (w2, _, e2, _) = first.bounds, second.bounds
    turns = (0.0,) if max(e, e2) - min(w, w2) <= 180.0 else (-360.0, 0.0, 360.0)  # nothing is nearer the other way
    between, p, q = min(_nearest(first, translate(second, turn) if turn else second) for turn in turns)
    exact = geodesic_m(p, q) if between > _FAR_M else between
    return round(max(0.0, exact - a.reach_m - b.reach_m), 3)


def _before(a: Shape, b: Shape) -> bool:
    """Say which of two shapes comes first, by what they are."""
    one, other = (a.box, a.reach_m), (b.box, b.reach_m)
    return one < other if one != other else a.geometry.wkb <= b.geometry.wkb


def _seam(a: Shape, b: Shape, limit_m: float) -> Iterator[Shape]:
    """Yield the second shape as it lies to the first, also across ±180°."""
    for turn in _near_turns(a.box, b.box, limit_m):
        yield b._replace(geometry=translate(b.geometry, turn)) if turn else b
    if _polar(a) & _polar(b):
        yield a._replace(reach_m=b.reach_m)


def _near_turns(a: Box, b: Box, limit_m: float) -> list[float]:
    """Return by how many degrees the second box is turned around the earth where it comes near the first."""
    west, south, east, north = widen(a, limit_m)
    w, s, e, n = b
    if s > north or south > n:
        return []
    return [turn for turn in (-360.0, 0.0, 360.0) if w + turn <= east and west <= e + turn]


def _polar(of: Shape) -> set[int]:
    if of.box[1] > -90 and of.box[3] < 90:  # as nearly always
        return set()
    _, south, _, north = of.geometry.bounds
    return {s for s, hit in ((-1, south <= -90), (1, north >= 90)) if hit}


def _apart(a: Shape, b: Shape, limit_m: float, touch: bool) -> Separation | None:
    need = a.reach_m + b.reach_m + limit_m
    if a.geometry.intersects(b.geometry):
        strict = need == 0 and not touch
        if not strict and _corners(a.geometry) + _corners(b.geometry) > _MANY:
            return Separation(0.0, _pair(_shared(a.geometry, b.geometry)))
        common = a.geometry.intersection(b.geometry)
        if strict and shallow(a.geometry, b.geometry, common):
            return None
        return Separation(0.0, _pair(shapely.centroid(common)))
    if need == 0:
        line = shapely.shortest_line(a.geometry, b.geometry)
        met = line.length <= TOUCH_DEG and (touch or side_by_side(a.geometry, b.geometry))
        return Separation(0.0, _pair(shapely.centroid(line))) if met else None
    between, p, q = _nearest(a.geometry, b.geometry)
    if abs(between - need) <= need * _BAND + _BAND_M:
        between = geodesic_m(p, q)
    if between > need or (between == need and not touch):
        return None
    apart = max(0.0, between - a.reach_m - b.reach_m)
    return Separation(round(apart, 3), _pair(Point((p[0] + q[0]) / 2, (p[1] + q[1]) / 2)))


def _corners(g: BaseGeometry) -> int:
    return int(shapely.get_num_coordinates(g))


def _shared(g: BaseGeometry, h: BaseGeometry) -> Point:
    """Return some point of two geometries that meet; to cut very many corners with each other takes seconds."""
    shapely.prepare(g)
    return Point(shapely.shortest_line(g, h).coords[0])


def _nearest(g: BaseGeometry, h: BaseGeometry) -> tuple[float, Pair, Pair]:
    """Return the distance in metres and the two nearest points, by the metric of their own latitude."""
    lat = (g.bounds[1] + g.bounds[3] + h.bounds[1] + h.bounds[3]) / 4
    line = _shortest(g, h, lat)
    again = (line[0][1] + line[1][1]) / 2
    if abs(again - lat) > 1e-3:
        lat = again
        line = _shortest(g, h, lat)
    mx, my = metric(lat)
    p, q = line
    return math.hypot((q[0] - p[0]) * mx, (q[1] - p[1]) * my), p, q


def _shortest(g: BaseGeometry, h: BaseGeometry, lat: float) -> tuple[Pair, Pair]:
    if isinstance(g, Point) and isinstance(h, Point):
        return (g.x, g.y), (h.x, h.y)
    mx, my = metric(lat)
    line = shapely.shortest_line(flat(g, lat), flat(h, lat))
    (px, py), (qx, qy) = line.coords
    return (px / mx, py / my), (qx / mx, qy / my)


def flat(g: BaseGeometry, lat: float) -> BaseGeometry:
    """Return a geometry in metres of the local metric."""
    if isinstance(g, Point):
        mx, my = metric(lat)
        return Point(g.x * mx, g.y * my)
    scale = np.array(metric(lat))
    moved: BaseGeometry = shapely.transform(g, lambda c: c * scale)
    return moved


def geodesic_m(p: Pair, q: Pair) -> float:
    """Return the exact distance on the ellipsoid."""
    return float(_geod().inv(p[0], p[1], q[0], q[1])[2])


@lru_cache(maxsize=1)
def _geod() -> Any:
    from pyproj import Geod  # takes 0.2 s to import, and most runs never come near a limit

    return Geod(ellps="WGS84")


def _pair(point: Point) -> Pair:
    lon = (point.x + 180.0) % 360.0 - 180.0
    return round(lon, 6), max(-90.0, min(90.0, round(point.y, 6)))  # an ellipse over a pole reaches beyond it


def middle(of: BaseGeometry) -> Pair:
    """Return the centre of a geometry as longitude and latitude."""
    return _pair(shapely.centroid(of))


def surely_near(mover: Shape, other: Shape, limit_m: float, *, both_move: bool) -> bool:
    """Say whether every place on a leg is within the limit of the other shape: of all of it, if that moves too."""
    need = mover.reach_m + other.reach_m + limit_m
    for turn in _near_turns(mover.box, other.box, limit_m):
        h = translate(other.geometry, turn) if turn else other.geometry
        lat = (mover.geometry.bounds[1] + mover.geometry.bounds[3]) / 2
        if both_move or isinstance(h, Point):
            if _farthest(mover.geometry, h) <= need:
                return True
        elif need == 0:
            if h.covers(mover.geometry):
                return True
        elif flat(h, lat).buffer(need).covers(flat(mover.geometry, lat)):  # a chord polygon: inside the true one
            return True
    return False


def firmly_near(a: Shape, b: Shape, limit_m: float, *, touch: bool = True) -> bool:
    """Say whether two effects are within a limit that may be negative: then so deep inside an area of the other."""
    need = a.reach_m + b.reach_m + limit_m
    if need >= 0:
        return separation(a, b, limit_m, touch=touch) is not None
    lat = (a.geometry.bounds[1] + a.geometry.bounds[3]) / 2
    for turned in _seam(a, b, 0.0):
        g, h = flat(a.geometry, lat), flat(turned.geometry, lat)
        if g.buffer(need).intersects(h) or h.buffer(need).intersects(g):
            return True
    return False


def midpoint(a: Shape, b: Shape) -> Pair:
    """Return a place between two shapes, whatever their order."""
    (w, s, e, n), (w2, s2, e2, n2) = a.geometry.bounds, b.geometry.bounds
    return _pair(Point((w + e + w2 + e2) / 4, (s + n + s2 + n2) / 4))


def _farthest(g: BaseGeometry, h: BaseGeometry) -> float:
    """Return the largest distance between two straight pieces: it is between ends."""
    return max(length_m((p[0], p[1]), (q[0], q[1])) for p in g.coords for q in h.coords)


def piece(a: Pair, b: Pair, start: float, end: float) -> tuple[Pair, Pair]:
    """Return where the part of an edge between two fractions of it begins and ends; its own ends exactly."""
    return _along(a, b, start), _along(a, b, end)


def _along(a: Pair, b: Pair, f: float) -> Pair:
    return b if f == 1.0 else (a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f)


def outline(centre: Pair, offsets: list[tuple[float, float]]) -> BaseGeometry:
    """Return the polygon around a centre whose corners are given in metres east and north.

    Where that crosses itself, as around a pole or without any width, it is what all of it lies in.
    """
    mx, my = metric(centre[1])
    east = [max(-_AROUND_DEG, min(_AROUND_DEG, e / mx)) for e, _ in offsets]
    made = Polygon([(centre[0] + e, centre[1] + n / my) for e, (_, n) in zip(east, offsets, strict=True)])
    return made if made.is_valid else made.convex_hull


def ellipse(centre: Pair, major_m: float, minor_m: float, angle_deg: float) -> BaseGeometry:
    """Return a polygon that holds an ellipse whose major axis points to a bearing."""
    major_m, minor_m = min(major_m, WHOLE_EARTH_M), min(minor_m, WHOLE_EARTH_M)
    out = 1.0 / math.cos(math.pi / _SEGMENTS)
    turn = math.radians(angle_deg)
    corners = []
    for i in range(_SEGMENTS):
        t = 2 * math.pi * i / _SEGMENTS
        along, across = major_m * out * math.cos(t), minor_m * out * math.sin(t)
        corners.append((along * math.sin(turn) + across * math.cos(turn),
                        along * math.cos(turn) - across * math.sin(turn)))  # fmt: skip
    return outline(centre, corners)


def arc_band(centre: Pair, inner_m: float, outer_m: float, start_deg: float, end_deg: float) -> BaseGeometry:
    """Return a polygon that holds the part of a ring between two bearings, clockwise."""
    inner_m, outer_m = min(inner_m, WHOLE_EARTH_M - 1.0), min(outer_m, WHOLE_EARTH_M)
    sweep = (end_deg - start_deg) % 360.0 or 360.0
    steps = max(2, math.ceil(_SEGMENTS * sweep / 360.0))
    out = outer_m / math.cos(math.radians(sweep / steps / 2))
    bearings = [math.radians(start_deg + sweep * i / steps) for i in range(steps + 1)]
    far = [(out * math.sin(b), out * math.cos(b)) for b in bearings]
    near = [(inner_m * math.sin(b), inner_m * math.cos(b)) for b in reversed(bearings)]
    return outline(centre, far + (near if sweep < 360.0 else []))  # a whole ring loses its hole: a superset
