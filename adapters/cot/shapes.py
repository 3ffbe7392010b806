"""Drawings and routes of TAK clients, and the areas and routes they are here, both ways.

Latitude stands first. A link with a ``point`` is a corner, one without is a relation. A corner that cannot be read
makes the whole drawing refused: an area with a corner missing would be another area. Heights of corners stay unmapped.
Source: reference formats.md §4.1 (shape), §4.6.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from adapters.base import Rejected
from adapters.cot.fields import LINK, Leaves, instant, latitude, links, longitude, words
from adapters.cot.tables import CLOSED, METHOD_WORDS, METHODS, SHAPES, UNKNOWN
from adapters.cot.texts import stamp
from schemas.geo import (
    AltitudeBand,
    AltitudeLimit,
    Area,
    Circle,
    Corridor,
    Ellipse,
    Line,
    Pair,
    Polygon,
    Position,
    Route,
    RoutePoint,
)
from schemas.time import TimeWindow

_SHAPE: Final = "event/detail/shape/"
_MAX_CORNERS: Final = 19_999  # of a path in the common schema, which closes a ring with one more
_FILL: Final = ("event/detail/fillColor/@value", "event/detail/fillColor/@argb")


class _Corner(NamedTuple):
    lat: float
    lon: float
    height: str


def area(leaves: Leaves, kind: str, centre: Position | None) -> Area | None:
    """Take the area that an event draws: an ellipse or circle around its point, a polygon, or a line.

    Raises:
        Rejected: a corner is no position, or there are too many.
    """
    if centre is not None and (found := _ellipse(leaves, centre)) is not None:
        return found
    vertices, points = list(_vertices(leaves)), _points(leaves)
    count = len(vertices) if len(vertices) > 1 else len(points)
    if count < 2:
        return None
    if count > _MAX_CORNERS:
        raise Rejected("event/detail", f"a shape of {count} corners", f"at most {_MAX_CORNERS} are accepted")
    closed = len(vertices) > 1 and leaves.get(_SHAPE + "polyline/@closed", "").lower() == "true"
    if closed:
        del leaves[_SHAPE + "polyline/@closed"]
    corners = [_vertex(leaves, b) for b in vertices] if len(vertices) > 1 else [_linked(leaves, b) for b in points]
    path = tuple((c.lon, c.lat) for c in corners)
    ring = path if path[0] == path[-1] else (*path, path[0])
    if len(ring) > 3 and (closed or ring is path or kind in CLOSED or any(p in leaves for p in _FILL)):
        return Polygon(rings=(ring,))
    return Line(points=path)


def around(at: Position | None) -> Area | None:
    """Return a point as an area: the circle of no radius."""
    return None if at is None else Circle(centre=at, radius_m=0.0)


def has_route(leaves: Leaves) -> bool:
    """Say whether links of an event are the points of a route."""
    return any(leaves.get(base + "/@type", "").startswith("b-m-p") for base in links(leaves))


def route(leaves: Leaves, *, named: bool = True) -> Route:
    """Take a route: its links in order, how one moves on it, and its direction; its name is the event's own.

    Raises:
        Rejected: a point is no position, or there are too many.
    """
    points = tuple(_route_point(leaves, base) for base in links(leaves) if _is_route_point(leaves, base))
    if len(points) > _MAX_CORNERS:
        raise Rejected("event/detail", f"a route of {len(points)} points", f"at most {_MAX_CORNERS} are accepted")
    method = METHODS.get(leaves.get("event/detail/link_attr/@method", "").lower(), "")
    if method:
        del leaves["event/detail/link_attr/@method"]
    return Route(
        name=words(leaves, "event/detail/contact/@callsign") if named else "",
        points=points,
        method=method,  # type: ignore[arg-type]  # a value of the table
        direction=words(leaves, "event/detail/link_attr/@direction"),
    )


def _ellipse(leaves: Leaves, centre: Position) -> Area | None:
    """Take the largest of the ellipses around the point; the rings within it stay."""
    found: list[tuple[float, float, float, str]] = []
    base, n = _SHAPE + "ellipse", 1
    while base + "/@major" in leaves:
        major, minor, angle = (_metres(leaves.get(f"{base}/@{name}", "0")) for name in ("major", "minor", "angle"))
        if major is not None and minor is not None and angle is not None and major >= 0 and minor >= 0:
            found.append((major, minor, angle, base))
        n += 1
        base = f"{_SHAPE}ellipse[{n}]"
    if not found:
        return None
    major, minor, angle, base = max(found, key=lambda each: each[:2])
    for name in ("major", "minor", "angle"):
        leaves.pop(f"{base}/@{name}", None)
    if major == minor:
        if angle % 360:
            leaves[base + "/@angle"] = repr(angle)
        return Circle(centre=centre, radius_m=major)
    return Ellipse(centre=centre, major_m=major, minor_m=minor, angle_deg=angle % 360)


def _metres(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < 1e8 else None


def _vertices(leaves: Leaves) -> Iterator[str]:
    base, n = _SHAPE + "polyline/vertex", 1
    while base + "/@lat" in leaves or base + "/@lon" in leaves:
        yield base
        n += 1
        base = f"{_SHAPE}polyline/vertex[{n}]"


def _vertex(leaves: Leaves, base: str) -> _Corner:
    lat = latitude(leaves.pop(base + "/@lat", ""), base + "/@lat")
    lon = longitude(leaves.pop(base + "/@lon", ""), base + "/@lon")
    if leaves.get(base + "/@hae") in UNKNOWN:
        del leaves[base + "/@hae"]
    return _Corner(lat, lon, "")


def _points(leaves: Leaves) -> list[str]:
    return [base for base in links(leaves) if base + "/@point" in leaves]


def _linked(leaves: Leaves, base: str) -> _Corner:
    """Take a corner written ``lat,lon[,hae]``, with or without blanks; a known height stays, under the point."""
    path = base + "/@point"
    parts = [part.strip() for part in leaves.pop(path).split(",")]
    if len(parts) not in (2, 3):
        raise Rejected(path, "it is no point", 'write point="latitude,longitude,height"')
    corner = _Corner(latitude(parts[0], path), longitude(parts[1], path), "".join(parts[2:]))
    if corner.height and corner.height not in UNKNOWN:
        leaves[path + "/hae"] = corner.height
    return corner


def _is_route_point(leaves: Leaves, base: str) -> bool:
    if base + "/@point" in leaves:
        return True
    return leaves.get(base + "/@type", "").startswith("b-m-p") and base + "/@callsign" in leaves


def _route_point(leaves: Leaves, base: str) -> RoutePoint:
    at, altitude = None, None
    if base + "/@point" in leaves:
        corner = _linked(leaves, base)
        at = Position(lat=corner.lat, lon=corner.lon, form="decimal")
        altitude = _height(leaves, base, corner)
    named = leaves.get(base + "/@type", "")
    role = _ROLES.get(leaves.get(base + "/@role", ""))
    if role:
        del leaves[base + "/@role"]
    if named == (_WAYPOINT if leaves.get(base + "/@callsign") else _SHAPE_POINT):
        del leaves[base + "/@type"]
    window = TimeWindow.between(instant(leaves, base + "/@eta"), instant(leaves, base + "/@etd"))
    return RoutePoint(
        position=at, name=words(leaves, base + "/@callsign"), altitude=altitude,
        role=role or "waypoint",  # type: ignore[arg-type]  # a value of the table
        window=None if window == TimeWindow() else window,
    )  # fmt: skip


def _height(leaves: Leaves, base: str, corner: _Corner) -> AltitudeBand | None:
    value = _metres(corner.height) if corner.height and corner.height not in UNKNOWN else None
    if value is None:
        return None
    del leaves[base + "/@point/hae"]
    limit = AltitudeLimit(reference="HAE", value_m=value)
    return AltitudeBand(lower=limit, upper=limit)


_WAYPOINT: Final = "b-m-p-w"  # with a name
_SHAPE_POINT: Final = "b-m-p-c"
_ROLES: Final = {role: role for role in ("start", "checkpoint", "halt", "release", "end")}


# -- written ----------------------------------------------------------------------------------------------------------


def type_of(what: Area | None) -> str:
    """Return the type of drawing that an area is ("" if it is none)."""
    return SHAPES.get(type(what).__name__, "")


def centre_of(what: Area | Route | None) -> Position | None:
    """Return the point at which a drawing is anchored: its centre, or its first corner."""
    match what:
        case Circle() | Ellipse():
            return what.centre
        case Polygon():
            return _at(what.rings[0][0])
        case Corridor() | Line():
            return _at(what.points[0])
        case Route():
            return next((p.position for p in what.points if p.position), None)
        case _:
            return None


def drawn(what: Area | None, first: int) -> Leaves:
    """Return the leaves that draw an area; its corners are links from number ``first`` on."""
    match what:
        case Circle():
            return _ellipse_of(what.radius_m, what.radius_m, 0.0) if what.radius_m else {}
        case Ellipse():
            return _ellipse_of(what.major_m, what.minor_m, what.angle_deg)
        case Polygon():
            return _corners(what.rings[0], first)
        case Corridor() | Line():
            return _corners(what.points, first)
        case _:
            return {}


def way(what: Route, first: int) -> Leaves:
    """Return the leaves of a route; its points are links from number ``first`` on."""
    found: dict[str, str] = {}
    for n, point in enumerate(what.points, first):
        base = link(n)
        limit = point.altitude.upper if point.altitude and point.altitude.upper == point.altitude.lower else None
        height = [repr(limit.value_m)] if limit and limit.reference == "HAE" and limit.value_m is not None else []
        found[base + "/@type"] = _WAYPOINT if point.name else _SHAPE_POINT
        if point.position is not None:
            at = [repr(point.position.lat), repr(point.position.lon)]
            found[base + "/@point"] = ",".join(at + height)
        if point.name:
            found[base + "/@callsign"] = point.name
        if point.role != "waypoint":
            found[base + "/@role"] = point.role
        found |= {f"{base}/@{name}": text for name, text in _times(point.window)}
    if what.method:
        found["event/detail/link_attr/@method"] = METHOD_WORDS[what.method]
    if what.direction:
        found["event/detail/link_attr/@direction"] = what.direction
    return found


def link(n: int) -> str:
    """Return the path of the n-th link."""
    return LINK if n == 1 else f"{LINK}[{n}]"


def _times(window: TimeWindow | None) -> Iterator[tuple[str, str]]:
    if window is not None and window.start_earliest is not None:
        yield "eta", stamp(window.start_earliest)
    if window is not None and window.end_latest is not None:
        yield "etd", stamp(window.end_latest)


def _ellipse_of(major: float, minor: float, angle: float) -> Leaves:
    values: dict[str, Any] = {"major": major, "minor": minor, "angle": angle}
    return {f"{_SHAPE}ellipse/@{name}": repr(value) for name, value in values.items()}


def _corners(points: tuple[Pair, ...], first: int) -> Leaves:
    return {f"{link(n)}/@point": f"{lat!r},{lon!r}" for n, (lon, lat) in enumerate(points, first)}


def _at(pair: Pair) -> Position:
    return Position(lat=pair[1], lon=pair[0])
