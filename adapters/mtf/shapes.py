"""Where, and how high: the shapes of airspace measures and their levels.

A point that cannot be read is left out with a warning; the shape keeps its other points. What has no area as
given (a line between two points that is too short, a circle without a readable centre) has none, which is said.
Lengths become metres: 1 NM is 1,852 m, a foot 0.3048 m; heights are hundreds of feet. A flight level is metres of
pressure altitude. Source: reference formats.md §2.3, §2.4, §5.3.
"""

import math
import re
from collections.abc import Callable
from typing import Final

from adapters import words
from adapters.mtf.bulletin import Bulletin
from adapters.mtf.grammar import Field, Set
from schemas.geo import AltitudeBand, AltitudeLimit, ArcBand, Area, Circle, Corridor, Line, Named, Polygon, Position

FOOT_M: Final = 0.3048
_UNITS: Final = {"nm": 1852.0, "km": 1000.0, "m": 1.0, "ft": FOOT_M, "yd": 0.9144, "mi": 1609.344, "sm": 1609.344}
_LENGTH: Final = re.compile(r"(\d{1,7}(?:[.,]\d{1,6})?)\s*(nm|km|m|ft|yd|mi|sm)")
_BEARING: Final = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?)\s*(?:deg)?\s*([tmg])?")
_MAX_POINTS: Final = 1_000
_ORBIT_STEPS: Final = 12  # to a half circle

LEVELS: Final = ("RAFL", "RARA", "FLFL", "BRRA", "BRFL")
_LEVEL: Final = re.compile(r"(?P<fl>fl)?\s*(?P<n>\d{1,5})\s*(?P<ft>ft)?\s*(?P<ref>agl|amsl|msl|asl)?")
_GROUND: Final = frozenset({"gl", "gnd", "sfc", "ground", "surface"})
_UNLIMITED: Final = frozenset({"unl", "unltd", "unlimited"})


def area(bulletin: Bulletin, name: str = "") -> Area | None:
    """Take the first shape that there is; ``name`` is what the area is called."""
    given = [each for each in bulletin.sets if each.name in _SHAPES]
    if not given:
        return None
    first = given[0]
    for each in given[1:]:
        bulletin.warn("second-shape", each.path, f"only the first shape ({first.path}) was read")
    before = bulletin.open_fields(first)
    found = _SHAPES[first.name](bulletin, first, name)
    if found is None:
        bulletin.warn("no-area", first.path, "its area could not be read; it has none here")
        bulletin.give_back(before, "its area could not be read")
    return found


def metres(bulletin: Bulletin, field: Field | None) -> float | None:
    """Take a length with its unit; one without is not guessed at."""
    if field is None:
        return None
    match = _LENGTH.fullmatch(words.fold(field.value))
    if match is None:
        bulletin.warn("no-length", field.path, f'"{field.value[:40]}" is no length with a unit, such as 4NM')
        return None
    bulletin.drop(field)
    return round(float(match[1].replace(",", ".")) * _UNITS[match[2]], 3)


def _bearing(bulletin: Bulletin, field: Field | None) -> float | None:
    """Take a true bearing in degrees; a magnetic one is not converted."""
    match = _BEARING.fullmatch(words.fold(field.value)) if field else None
    value = float(match[1].replace(",", ".")) if match else 400.0
    if field is None or match is None or value > 360 or match[2] in ("m", "g"):
        if field is not None:
            bulletin.warn("no-bearing", field.path, f'"{field.value[:40]}" is no true bearing, such as 170T')
        return None
    bulletin.drop(field)
    return value


def _points(bulletin: Bulletin, each: Set) -> list[Position]:
    fields = bulletin.rest(each, "points")
    if len(fields) > _MAX_POINTS:
        bulletin.warn("too-many-points", each.path, f"it has {len(fields)} points; {_MAX_POINTS} were read")
    found = [bulletin.position(f) for f in fields[:_MAX_POINTS]]
    return [p for p in found if p is not None]


def _pairs(points: list[Position]) -> tuple[tuple[float, float], ...]:
    return tuple((p.lon, p.lat) for p in points)


def _polygon(bulletin: Bulletin, each: Set, name: str) -> Area | None:
    ring = _pairs(_points(bulletin, each))
    if len(set(ring)) < 3:
        return None
    return Polygon(rings=(ring if ring[0] == ring[-1] else (*ring, ring[0]),), name=name)


def _circle(bulletin: Bulletin, each: Set, name: str) -> Area | None:
    field = bulletin.peek(each, "centre")
    centre = bulletin.position(field) if field else None
    radius = metres(bulletin, bulletin.peek(each, "radius"))
    return None if centre is None or radius is None else Circle(centre=centre, radius_m=radius, name=name)


def _corridor(bulletin: Bulletin, each: Set, name: str) -> Area | None:
    width = metres(bulletin, bulletin.peek(each, "width"))
    path = _pairs(_points(bulletin, each))
    if len(path) < 2:
        return None
    return Line(points=path, name=name) if width is None else Corridor(points=path, width_m=width, name=name)


def _track(bulletin: Bulletin, each: Set, name: str) -> Area | None:
    """A track with a width is a corridor; the first field may be a point already."""
    first = bulletin.peek(each, "width")
    if first is not None and bulletin.looks_placed(first) is None:
        return _corridor(bulletin, each, name)
    start = bulletin.position(first) if first else None
    path = _pairs(([start] if start else []) + _points(bulletin, each))
    return Line(points=path, name=name) if len(path) > 1 else None


def _line(bulletin: Bulletin, each: Set, name: str) -> Area | None:
    path = _pairs(_points(bulletin, each))
    return Line(points=path, name=name) if len(path) > 1 else None


def _point(bulletin: Bulletin, each: Set, name: str) -> Area | None:
    field = bulletin.peek(each, "point")
    at = bulletin.position(field) if field else None
    return Circle(centre=at, radius_m=0.0, name=name) if at else None


def _arc(bulletin: Bulletin, each: Set, name: str) -> Area | None:
    """Part of a ring, clockwise from the first bearing to the second; without an inner radius it is a sector."""
    field = bulletin.peek(each, "origin")
    centre = bulletin.position(field) if field else None
    start, end = (_bearing(bulletin, bulletin.peek(each, n)) for n in ("from", "to"))
    outer_field, inner_field = bulletin.peek(each, "outer"), bulletin.peek(each, "inner")
    inner = metres(bulletin, inner_field)
    outer = metres(bulletin, outer_field) if outer_field else None
    if outer_field is None:
        inner, outer = 0.0, inner
    if centre is None or start is None or end is None or outer is None or (inner is None and inner_field):
        return None
    near, far = sorted((inner or 0.0, outer))
    return ArcBand(centre=centre, r_min_m=near, r_max_m=far, start_deg=start, end_deg=end, name=name)


def _polyarc(bulletin: Bulletin, each: Set, name: str) -> Area | None:
    """Centre, bearing, radius, bearing, then points: the arc and the points, as one polygon."""
    field = bulletin.peek(each, "centre")
    centre = bulletin.position(field) if field else None
    start, end = (_bearing(bulletin, bulletin.peek(each, n)) for n in ("from", "to"))
    radius = metres(bulletin, bulletin.peek(each, "radius"))
    corners = _pairs(_points(bulletin, each))
    if centre is None or start is None or end is None or radius is None:
        return None
    turn = (end - start) % 360
    arc = [_away(centre, start + turn * n / (2 * _ORBIT_STEPS), radius) for n in range(2 * _ORBIT_STEPS + 1)]
    bulletin.warn("approximated", each.path, "its arc was read as a polygon")
    ring = (*arc, *corners)
    return Polygon(rings=((*ring, ring[0]),), name=name) if len(set(ring)) > 2 else None


def _orbit(bulletin: Bulletin, each: Set, name: str) -> Area | None:
    """Two points and a width: the corridor between them, moved to the side that is flown (L, R, or C for centred)."""
    ends = [bulletin.position(f) for n in ("first", "second") if (f := bulletin.peek(each, n)) is not None]
    width = metres(bulletin, bulletin.peek(each, "width"))
    side = words.fold(bulletin.take(each, "side")) or "c"
    read = [p for p in ends if p is not None]
    if width is None or len(read) != 2:
        return None
    first, second = read
    if side not in ("c", "l", "r"):
        bulletin.warn("orbit-side", each.path, f'side "{side[:20]}" is none of L, C, R; both sides were taken')
        width, side = 2 * width, "c"
    if side != "c":
        course = _course(first, second) + (90 if side == "r" else -90)
        path = tuple(_away(p, course, width / 2) for p in (first, second))
    else:
        path = _pairs([first, second])
    return Corridor(points=path, width_m=width, name=name)


def _named(bulletin: Bulletin, each: Set, name: str) -> Area | None:
    called = bulletin.take(each, "name") or name
    return Named(name=called, radius_m=metres(bulletin, bulletin.peek(each, "radius"))) if called else None


_SHAPES: Final[dict[str, Callable[[Bulletin, Set, str], Area | None]]] = {
    "POLYGON": _polygon, "CIRCLE": _circle, "CORRIDOR": _corridor, "GEOLINE": _line, "TRACK": _track,
    "APOINT": _point, "RADARC": _arc, "POLYARC": _polyarc, "AORBIT": _orbit, "NAMED": _named,
}  # fmt: skip


def _course(first: Position, second: Position) -> float:
    """Return the bearing between two near points in degrees."""
    east = (second.lon - first.lon) * math.cos(math.radians(first.lat))
    return math.degrees(math.atan2(east, second.lat - first.lat))


def _away(of: Position, bearing: float, distance_m: float) -> tuple[float, float]:
    """Return longitude and latitude of what lies at a bearing and a distance, on the sphere."""
    arc, angle, lat = distance_m / 6_371_008.8, math.radians(bearing), math.radians(of.lat)
    north = math.asin(math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(angle))
    east = math.atan2(math.sin(angle) * math.sin(arc) * math.cos(lat), math.cos(arc) - math.sin(lat) * math.sin(north))
    lon = (of.lon + math.degrees(east) + 540) % 360 - 180
    return round(lon, 8), round(math.degrees(north), 8)


def band(bulletin: Bulletin) -> AltitudeBand | None:
    """Take the levels between which a measure is in force; what cannot be read leaves its side open."""
    each = bulletin.first("EFFLEVEL")
    field = next(iter(bulletin.rest(each, "band")), None) if each else None
    return None if field is None else levels(bulletin, field)


def levels(bulletin: Bulletin, field: Field) -> AltitudeBand | None:
    """Take a band of two levels with a hyphen between them; an empty side was not said."""
    parts = [p.strip() for p in words.plain(field.value).split("-")]
    known = not field.descriptor or field.descriptor in LEVELS
    limits = [level(p, field.descriptor, n) for n, p in enumerate(parts)]
    unread = [p for p, limit in zip(parts, limits, strict=True) if p and limit is None]
    if len(parts) != 2 or not known or unread or limits == [None, None]:
        bulletin.warn("no-height", field.path, f'"{field.text[:60]}" is no band such as RARA:005AGL-030AMSL')
        if len(parts) != 2 or not known or limits == [None, None]:
            return None
        bulletin.lose(field, "one of its levels cannot be read")
    bulletin.drop(field)
    return AltitudeBand(lower=limits[0], upper=limits[1])


def level(text: str, prefix: str = "", side: int = 0) -> AltitudeLimit | None:
    """Return one level. Its prefix says whether a bare number is a flight level; a bare altitude has no reference."""
    flat = words.fold(text)
    if flat in _GROUND:
        return AltitudeLimit(reference="SFC", raw=text)
    if flat in _UNLIMITED:
        return AltitudeLimit(reference="UNL", raw=text)
    if flat in ("msl", "amsl"):
        return AltitudeLimit(reference="MSL", value_m=0.0, raw=text)
    match = _LEVEL.fullmatch(flat)
    if match is None:
        return None
    is_level = match["fl"] or (prefix[2 * side : 2 * side + 2] == "FL" and not match["ref"])
    if not is_level and not match["ref"]:
        return None
    value = round(int(match["n"]) * (1 if match["ft"] else 100) * FOOT_M, 4)
    if is_level:
        return AltitudeLimit(reference="FL", value_m=value, raw=text)
    return AltitudeLimit(reference="AGL" if match["ref"] == "agl" else "MSL", value_m=value, raw=text)
