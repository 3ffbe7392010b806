"""Outlines: what a circle, an ellipse, a corridor or a sector is in a format that knows polygons only; rings of text.

An outline never lies inside of what it stands for, so that nothing dangerous is left outside of it.
Source: reference formats.md §2.3; RFC 7946 §3.1.9 (rings are cut at the 180th meridian).
"""

from itertools import pairwise
from math import atan2, cos, degrees, hypot, pi, radians, sin
from typing import Final

import msgspec
from pyproj import Geod, Transformer
from shapely import LineString

from adapters.base import Rejected
from adapters.places import latitude, longitude
from schemas.geo import ArcBand, Area, Circle, Corridor, Ellipse, Line, MultiPolygon, Pair, Polygon
from schemas.units import Latitude, Longitude

MAX_CORNERS: Final = 20_000  # of one ring, as in schemas.geo.Ring
Points = tuple[Pair, ...]

_corners: Final = msgspec.json.Decoder(list[tuple[Latitude, Longitude]])  # a third of the time of float()
_GEOD: Final = Geod(ellps="WGS84")
_CORNERS: Final = 48
_POINT_M: Final = 1.0  # radius of the outline of a point
_OUTSIDE: Final = 1 / cos(pi / _CORNERS)  # a polygon of so many corners is drawn around a circle, not into it


def number(text: str, path: str) -> float:
    """Read a decimal number.

    Raises:
        Rejected: it is none, or not finite.
    """
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value - value != 0 or len(text) > 40 or not text.isascii() or "_" in text:
        raise Rejected(path, f'"{text[:40]}" is no number', "write decimal degrees, latitude first: 2.0000,-27.0000")
    return value


def pair(token: str, path: str) -> Pair:
    """Read ``lat,lon`` as (longitude, latitude).

    Raises:
        Rejected: it is no such pair, or outside of the world.
    """
    parts = token.split(",")
    if len(parts) != 2:
        hint = "write each corner as latitude,longitude and a blank between two corners"
        raise Rejected(path, f'"{token[:40]}" is no pair of latitude and longitude', hint)
    lat, lon = number(parts[0], path), number(parts[1], path)
    swapped = "check that latitude and longitude are not swapped: latitude comes first"
    if not latitude(lat):
        raise Rejected(path, f"latitude {parts[0][:40]} is outside -90..90", swapped)
    if not longitude(lon):
        raise Rejected(path, f"longitude {parts[1][:40]} is outside -180..180", swapped)
    return lon, lat


def pairs(text: str, path: str) -> Points:
    """Read pairs of ``lat,lon`` with blanks between them; a comma behind a pair is left out.

    Raises:
        Rejected: one of them is no such pair, or outside of the world.
    """
    tokens = text.split()
    bare = [t.removesuffix(",") for t in tokens] if ", " in text else tokens
    if "[" not in text and "]" not in text:
        try:
            return tuple([(lon, lat) for lat, lon in _corners.decode(f"[[{'],['.join(bare)}]]")])
        except msgspec.DecodeError:
            pass  # read again below: slower, and says what is wrong
    return tuple([pair(t.removesuffix(","), path) for t in tokens])


def ring(points: Points, path: str) -> Points:
    """Return a ring that ends where it began.

    Raises:
        Rejected: it has fewer than three corners, or more than a message can hold.
    """
    closed = points if points[0] == points[-1] and len(points) > 1 else (*points, points[0])
    if len(set(closed[:4])) < 3 and len(set(closed)) < 3:
        raise Rejected(
            path, f"it has {len(set(closed))} corners", "a polygon has at least three; for a point, a circle"
        )
    if len(closed) > MAX_CORNERS:
        raise Rejected(path, f"it has more than {MAX_CORNERS} corners", "simplify it")
    return closed


def crosses_dateline(points: Points) -> bool:
    """Say whether a ring steps over the 180th meridian, by the shorter way between two corners."""
    lons = [lon for lon, _ in points]
    return max(lons) - min(lons) > 180 and any(abs(a - b) > 180 for a, b in pairwise(lons))


def cut(points: Points) -> tuple[Points, ...]:
    """Return the parts of a closed ring that crosses the 180th meridian, none of which does."""
    turned = [points[0]]
    for lon, lat in points[1:]:
        last = turned[-1][0]
        turned.append((lon + 360 * round((last - lon) / 360), lat))
    low = min(lon for lon, _ in turned)
    edge = 180.0 if low >= -180 else -180.0
    west, east = _side(turned, edge, -1), _side(turned, edge, 1)
    parts = (
        tuple([(lon - 360 if edge > 0 and side > 0 else lon + 360 if edge < 0 and side < 0 else lon, lat)
               for lon, lat in part])
        for side, part in ((-1, west), (1, east))
    )  # fmt: skip
    return tuple(p for p in parts if len(set(p)) > 2 and all(longitude(lon) for lon, _ in p))


def _side(points: list[Pair], edge: float, side: int) -> list[Pair]:
    """Return the part of a ring on one side of a meridian, closed."""
    kept: list[Pair] = []
    for (x, y), (x2, y2) in pairwise(points):
        if (x - edge) * side >= 0:
            kept.append((x, y))
        if (x - edge) * (x2 - edge) < 0:
            kept.append((edge, y + (y2 - y) * (edge - x) / (x2 - x)))
    return [*kept, kept[0]] if kept else []


def around(circle: Circle) -> Points:
    """Return a ring around a circle; around a point it is a metre away."""
    radius = max(circle.radius_m, _POINT_M) * _OUTSIDE
    return _closed([_step(circle.centre.lon, circle.centre.lat, 360 * i / _CORNERS, radius) for i in range(_CORNERS)])


def rings(area: Area) -> tuple[tuple[Points, ...], ...]:
    """Return an area as polygons (outer ring first, then holes); a place that is only named has none."""
    match area:
        case Polygon():
            return (area.rings,)
        case MultiPolygon():
            return area.polygons
        case Circle():
            return ((around(area),),)
        case Ellipse():
            return ((_ellipse(area),),)
        case Corridor():
            return _strip(area.points, area.width_m / 2)
        case Line():
            return _strip(area.points, _POINT_M)
        case ArcBand():
            return (_sector(area),)
    return ()


def _step(lon: float, lat: float, bearing: float, metres: float) -> Pair:
    x, y, _ = _GEOD.fwd(lon, lat, bearing, metres)
    return round(float(x), 8), round(float(y), 8)


def _closed(points: list[Pair]) -> Points:
    return (*points, points[0])


def _ellipse(area: Ellipse) -> Points:
    found = []
    for i in range(_CORNERS):
        t = radians(360 * i / _CORNERS)
        along, across = area.major_m * cos(t), area.minor_m * sin(t)
        far = max(hypot(along, across), _POINT_M) * _OUTSIDE
        turn = degrees(atan2(across, along))
        found.append(_step(area.centre.lon, area.centre.lat, area.angle_deg + turn, far))
    return _closed(found)


def _sector(area: ArcBand) -> tuple[Points, ...]:
    """Return a sector, or the ring between two circles."""
    lon, lat = area.centre.lon, area.centre.lat
    sweep = (area.end_deg - area.start_deg) % 360 or 360.0
    outer = max(area.r_max_m, _POINT_M) * _OUTSIDE
    if sweep == 360.0:
        whole = around(Circle(centre=area.centre, radius_m=area.r_max_m))
        inner = [_step(lon, lat, -360 * i / _CORNERS, area.r_min_m) for i in range(_CORNERS)]
        return (whole, _closed(inner)) if area.r_min_m else (whole,)
    bearings = [area.start_deg + sweep * i / _CORNERS for i in range(_CORNERS + 1)]
    near = [_step(lon, lat, b, area.r_min_m / _OUTSIDE) for b in reversed(bearings)] if area.r_min_m else [(lon, lat)]
    return (_closed([_step(lon, lat, b, outer) for b in bearings] + near),)


def _strip(points: Points, half_m: float) -> tuple[tuple[Points, ...], ...]:
    """Return what lies within a distance of a path, computed on a plane that touches the earth at its first point."""
    lon, lat = points[0]
    plane = f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84"
    there = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    flat = [there.transform(x, y) for x, y in points]
    shape = LineString(flat if len(flat) > 1 else flat * 2).buffer(max(half_m, _POINT_M) * _OUTSIDE)
    outlines = [shape.exterior, *shape.interiors]
    back = [[there.transform(x, y, direction="INVERSE") for x, y in o.coords] for o in outlines]
    return (tuple(tuple((round(x, 8), round(y, 8)) for x, y in o) for o in back),)
