"""From the ground of a mission's measures to shapes: a ring, a line with a width, a place with a radius.

Edges are straight in longitude and latitude, as everywhere (RFC 7946 §3.1.1); a ring need not repeat its first corner.
Source: reference deconfliction.md §2.1 (Place), §2.3 (K05-K07, K09).
"""

from shapely import Point
from shapely.geometry.base import BaseGeometry

from coordinator.core.deconfliction.areas import Problem, path_of, point_named, polygon_of
from coordinator.core.deconfliction.geometry import Shape, shape
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.measures import Ground
from schemas.geo import Pair


def shape_of(ground: Ground, setting: Setting, field: str = "ground") -> Shape:
    """Return the shape of a ground: degrees, reaching its radius or half its width in metres beyond the geometry.

    A place without a radius has that of the gazetteer, or of ``rules.use_radius_m``.

    Raises:
        Problem: a place is unknown, a ring crosses itself or spans more than half the earth, or nothing is given.
    """
    if ground.ring:
        return shape(_ring(ground, setting, field), ground.radius_m)
    if ground.line:
        return shape(_line(ground, setting, field), ground.width_m / 2)
    return _around(ground, setting, field)


def _ring(ground: Ground, setting: Setting, field: str) -> BaseGeometry:
    corners = _points(ground.ring, setting, field)
    if len(set(corners)) < 3:
        raise Problem(field, "no-extent")
    closed = corners if corners[0] == corners[-1] else (*corners, corners[0])
    return polygon_of((closed,), field)


def _line(ground: Ground, setting: Setting, field: str) -> BaseGeometry:
    return path_of(_points(ground.line, setting, field), field)


def _around(ground: Ground, setting: Setting, field: str) -> Shape:
    if not ground.place:
        raise Problem(field, "missing")
    centre = Point(point_named(ground.place, setting, field))
    place = setting.mission.place(ground.place)
    own = setting.use_m(place) if place else setting.rules.use_radius_m
    return shape(centre, ground.radius_m or own)


def _points(words: tuple[str, ...], setting: Setting, field: str) -> tuple[Pair, ...]:
    return tuple(point_named(word, setting, field) for word in words)
