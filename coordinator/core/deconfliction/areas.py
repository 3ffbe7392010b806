"""From the areas of messages to shapes; what cannot be one is a problem with a name, never a guess.

Source: RFC 7946 §3.1.6 (rings), reference deconfliction.md §2.1 (Place) and §2.3 K18.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final, NamedTuple

from shapely import LineString, MultiPolygon, Point, Polygon, polygons
from shapely.geometry.base import BaseGeometry

from coordinator.core.deconfliction import geometry
from coordinator.core.deconfliction.geometry import Shape, shape
from coordinator.core.deconfliction.setting import Setting
from schemas import geo
from schemas.geo import Pair


class Problem(Exception):
    """Raised where an input cannot be decided on: the field, what is wrong, and the word that was written."""

    def __init__(self, field: str, what: str, word: str = "") -> None:
        super().__init__(f"{field}: {what}")
        self.field = field
        self.what = what
        self.word = word


class Region(NamedTuple):
    """A shape and the name it goes by; ``blur_m``: how far it may lie from there, which it reaches over."""

    shape: Shape
    name: str
    blur_m: float = 0.0


def region(area: geo.Area, setting: Setting, field: str, reach_m: float = 0.0) -> Region:
    """Return the shape of an area, reaching so many metres and the circular error of its centre beyond it.

    Raises:
        Problem: a place is unknown, or a ring is open, crosses itself or spans more than half the earth.
    """
    base, own, name = _MAKERS[type(area)](area, setting, field)
    centre: geo.Position | None = getattr(area, "centre", None)
    blur = centre.ce_m or 0.0 if centre is not None else 0.0
    return Region(shape(base, own + reach_m + blur), name, blur)


def spot_of(position: geo.Position, field: str) -> Pair:
    """Return a position as longitude and latitude.

    Raises:
        Problem: its sender marked it as not known.
    """
    if position.quality == "unknown":
        raise Problem(field, "unreadable", position.raw)
    return position.lon, position.lat


def point_named(name: str, setting: Setting, field: str) -> Pair:
    """Return a place of the gazetteer, or a ``"lat,lon"``.

    Raises:
        Problem: the mission knows no such place.
    """
    place = setting.mission.place(name)
    if place:
        return place.lon, place.lat
    try:
        lat, lon = map(float, name.split(","))
    except ValueError:
        raise Problem(field, "unknown-place", name) from None
    if not (abs(lat) <= 90.0 and abs(lon) <= 180.0):  # also what is no number at all
        raise Problem(field, "unknown-place", name)
    return lon, lat


Made = tuple[BaseGeometry, float, str]


def _polygon(area: geo.Polygon, _: Setting, field: str) -> Made:
    return polygon_of(area.rings, field), 0.0, area.name


def _multipolygon(area: geo.MultiPolygon, _: Setting, field: str) -> Made:
    whole = MultiPolygon([polygon_of(rings, field) for rings in area.polygons])
    if not whole.is_valid:
        raise Problem(field, "crossing-ring", area.name)
    return whole, 0.0, area.name


def polygon_of(rings: tuple[tuple[Pair, ...], ...], field: str) -> Polygon:
    """Return closed rings of (longitude, latitude) as a polygon: the outer one, then holes.

    Raises:
        Problem: a ring is open, crosses itself, has no extent or spans more than half the earth.
    """
    if not rings:
        raise Problem(field, "no-extent")
    for ring in rings:
        if ring[0] != ring[-1]:
            raise Problem(field, "open-ring")
        lons = [p[0] for p in ring]
        if max(lons) - min(lons) > 180.0:
            raise Problem(field, "wide-ring")
    made = polygons(rings[0]) if len(rings) == 1 else Polygon(rings[0], rings[1:])  # the former is faster
    if not made.is_valid or made.area == 0:
        raise Problem(field, "crossing-ring")
    return made


def _circle(area: geo.Circle, setting: Setting, field: str) -> Made:
    return Point(spot_of(area.centre, field)), area.radius_m or setting.rules.use_radius_m, area.name


def _ellipse(area: geo.Ellipse, _: Setting, field: str) -> Made:
    centre = spot_of(area.centre, field)
    if not area.major_m or not area.minor_m:
        raise Problem(field, "no-extent", area.name)
    return geometry.ellipse(centre, area.major_m, area.minor_m, area.angle_deg), 0.0, area.name


def _arc_band(area: geo.ArcBand, _: Setting, field: str) -> Made:
    centre = spot_of(area.centre, field)
    if area.r_max_m <= area.r_min_m:
        raise Problem(field, "no-extent", area.name)
    made = geometry.arc_band(centre, area.r_min_m, area.r_max_m, area.start_deg, area.end_deg)
    return made, 0.0, area.name


def _corridor(area: geo.Corridor, _: Setting, field: str) -> Made:
    return path_of(area.points, field), area.width_m / 2, area.name


def _line(area: geo.Line, _: Setting, field: str) -> Made:
    return path_of(area.points, field), 0.0, area.name


def path_of(points: tuple[Pair, ...], field: str) -> BaseGeometry:
    """Return points as a line, or as the point that all of them are.

    Raises:
        Problem: an edge spans more than half the earth.
    """
    for a, b in pairwise(points):
        if abs(a[0] - b[0]) > 180.0:
            raise Problem(field, "wide-path")
    return LineString(points) if len(set(points)) > 1 else Point(points[0])


def _named(area: geo.Named, setting: Setting, field: str) -> Made:
    place = setting.mission.place(area.name)
    if place:
        return Point(place.lon, place.lat), area.radius_m or setting.use_m(place), place.name
    way = setting.mission.route(area.name)
    if way:
        points = tuple(point_named(p, setting, field) for p in way.points)
        return path_of(points, field), area.radius_m or 0.0, way.name
    spot = setting.spot_named(area.name)
    if spot:
        return spot.shape.geometry, area.radius_m or spot.shape.reach_m, spot.section.name
    raise Problem(field, "unknown-place", area.name)


_MAKERS: Final[dict[type, Callable[[Any, Setting, str], Made]]] = {
    geo.Polygon: _polygon,
    geo.MultiPolygon: _multipolygon,
    geo.Circle: _circle,
    geo.Ellipse: _ellipse,
    geo.ArcBand: _arc_band,
    geo.Corridor: _corridor,
    geo.Line: _line,
    geo.Named: _named,
}
