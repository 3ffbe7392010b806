"""Places moved as they are, by a distance and a bearing: what an order would be somewhere else.

Source: reference deconfliction.md §2.3 K06 (move out, smaller effect radius).
"""

import math
from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec.structs import replace

from coordinator.core.deconfliction.geometry import metric
from coordinator.core.deconfliction.setting import Setting
from schemas import geo
from schemas.geo import Pair


def moved(area: geo.Area, distance_m: float, bearing_deg: float, setting: Setting) -> geo.Area | None:
    """Return an area elsewhere; one that is only named becomes a circle. None where the name is of a way."""
    make = _MOVES.get(type(area))
    if make is None:
        return _from_name(area, distance_m, bearing_deg, setting) if isinstance(area, geo.Named) else None
    made: geo.Area = make(area, distance_m, bearing_deg)
    return made


def _from_name(area: geo.Named, distance_m: float, bearing_deg: float, setting: Setting) -> geo.Area | None:
    place = setting.mission.place(area.name)
    if place is None:
        return None
    lon, lat = _points([(place.lon, place.lat)], distance_m, bearing_deg)[0]
    return geo.Circle(centre=geo.Position(lat=lat, lon=lon), radius_m=area.radius_m or setting.use_m(place))


def _points(points: Iterable[Pair], distance_m: float, bearing_deg: float) -> tuple[Pair, ...]:
    """Return points moved by the same angles, those that are right for the middle of them."""
    given = tuple(points)
    mx, my = metric(round(sum(p[1] for p in given) / len(given), 6))
    turn = math.radians(bearing_deg)
    east, north = distance_m * math.sin(turn) / mx, distance_m * math.cos(turn) / my
    return tuple(((x + east + 180.0) % 360.0 - 180.0, max(-90.0, min(90.0, y + north))) for x, y in given)


def _centred(area: Any, distance_m: float, bearing_deg: float) -> Any:
    lon, lat = _points([(area.centre.lon, area.centre.lat)], distance_m, bearing_deg)[0]
    return replace(area, centre=replace(area.centre, lat=lat, lon=lon))


def _path(area: Any, distance_m: float, bearing_deg: float) -> Any:
    return replace(area, points=_points(area.points, distance_m, bearing_deg))


def _rings(rings: Any, distance_m: float, bearing_deg: float) -> Any:
    """Return the rings of one polygon, all by the angles that are right for the outer one."""
    sizes = [len(ring) for ring in rings]
    flat = _points([p for ring in rings for p in ring], distance_m, bearing_deg)
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    return tuple(flat[s : s + n] for s, n in zip(starts, sizes, strict=True))


def _polygon(area: Any, distance_m: float, bearing_deg: float) -> Any:
    return replace(area, rings=_rings(area.rings, distance_m, bearing_deg))


def _polygons(area: Any, distance_m: float, bearing_deg: float) -> Any:
    return replace(area, polygons=tuple(_rings(rings, distance_m, bearing_deg) for rings in area.polygons))


_MOVES: Final[dict[type, Callable[[Any, float, float], Any]]] = {
    geo.Circle: _centred, geo.Ellipse: _centred, geo.ArcBand: _centred, geo.Corridor: _path, geo.Line: _path,
    geo.Polygon: _polygon, geo.MultiPolygon: _polygons,
}  # fmt: skip
