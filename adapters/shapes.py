"""Points, lines and polygons as map formats write them, and the areas of messages as such.

1. A vertex is (longitude, latitude) here, whatever the order of the format; nothing is ever swapped.
2. Rings are closed and wound as RFC 7946 asks: the outer one counter-clockwise, holes clockwise.
3. What no map format has (circle, ellipse, part of a ring) is drawn with 64 corners, never smaller than it is; its own
   numbers travel beside it.

Source: RFC 7946 §3.1; OGC KML 2.2 §10; reference formats.md §2.3, §7.2, §7.3.
"""

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from pyproj import Geod

from adapters.base import Rejected
from schemas.envelope import Warning
from schemas.geo import ArcBand, Area, Circle, Corridor, Ellipse, Line, MultiPolygon, Pair, Polygon, Position

MAX_VERTICES: Final = 20_000  # of one line or ring, as in schemas.geo

_CORNERS: Final = 64
_AROUND: Final = 1 / math.cos(math.pi / _CORNERS)  # corners lie outside, so that a drawing is never smaller
_FARTHEST_M: Final = 10_000_000.0  # a quarter of the earth: no outline is drawn beyond it
_HIGHEST_M: Final = 1e8

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,9}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,2})?")

Form = Literal["point", "line", "polygon"]


class Vertex(NamedTuple):
    """A place in degrees, its height in metres (above what, the format says) and when something was there."""

    lon: float
    lat: float
    height_m: float | None = None
    at: str = ""
    raw: str = ""


Vertices = tuple[Vertex, ...]


class Shape(NamedTuple):
    """One geometry: a point and a line have one sequence of vertices, a polygon its rings."""

    form: Form
    rings: tuple[Vertices, ...]
    path: str = ""

    @property
    def vertices(self) -> Vertices:
        """All of them, one ring after the other."""
        return tuple(v for ring in self.rings for v in ring)

    @property
    def written(self) -> str:
        """All of them as text, for a list of losses: longitude, latitude and height, rings apart."""
        rings = (" ".join(_shown(v) for v in ring) for ring in self.rings)
        return "; ".join(rings)

    @property
    def pairs(self) -> tuple[tuple[Pair, ...], ...]:
        """Its rings without heights."""
        return tuple(tuple((v.lon, v.lat) for v in ring) for ring in self.rings)


def _shown(at: Vertex) -> str:
    return ",".join(f"{n:.10g}" for n in (at.lon, at.lat, at.height_m) if n is not None)


def vertex(lon: float, lat: float, path: str, height_m: float | None = None, at: str = "", raw: str = "") -> Vertex:
    """Return a vertex whose numbers are possible.

    Raises:
        Rejected: a number is outside of its range; where the two would be possible the other way round, it says so.
    """
    if not -90.0 <= lat <= 90.0:
        swapped = -90.0 <= lon <= 90.0 and -180.0 <= lat <= 180.0
        hint = "the two seem to be swapped: check which of them comes first" if swapped else "check the numbers"
        raise Rejected(path, f"latitude {lat:.10g} is outside -90..90", hint)
    if not -180.0 <= lon <= 180.0:
        raise Rejected(path, f"longitude {lon:.10g} is outside -180..180", "cut what crosses the 180th meridian there")
    if height_m is not None and not -_HIGHEST_M <= height_m <= _HIGHEST_M:
        raise Rejected(path, f"{height_m:.10g} is no height", "write metres, or leave it out")
    return Vertex(lon, lat, height_m, at, raw)


def number(text: str, path: str) -> float:
    """Return a number written as XML writes it.

    Raises:
        Rejected: it is none.
    """
    if not _NUMBER.fullmatch(text.strip()):
        raise Rejected(path, f'"{text[:60]}" is no number', "write degrees and metres with a decimal point")
    return float(text)


def line(vertices: Sequence[Vertex], path: str, warnings: list[Warning]) -> Shape:
    """Return a line, or a point if it has one vertex only.

    Raises:
        Rejected: it has none, or too many.
    """
    _counted(vertices, path, 1, "a line has at least two points")
    if any(abs(a.lon - b.lon) > 180 for a, b in pairwise(vertices)):
        text = "an edge spans more than half the earth; RFC 7946 cuts a line at the 180th meridian"
        warnings.append(Warning(code="antimeridian", path=path, text=text))
    return Shape("line" if len(vertices) > 1 else "point", (tuple(vertices),), path)


def polygon(rings: Sequence[Sequence[Vertex]], path: str, warnings: list[Warning]) -> Shape:
    """Return a polygon with its rings closed and wound; an open ring is closed with a warning.

    Raises:
        Rejected: a ring has fewer than three corners, or there are too many.
    """
    if not 0 < len(rings) <= 200:
        raise Rejected(path, f"a polygon of {len(rings)} rings", "write 1 to 200 rings: the outer one, then holes")
    found = []
    for ring in rings:
        _counted(ring, path, 3, "a ring has at least three corners")
        vertices = tuple(ring)
        if vertices[0][:2] != vertices[-1][:2]:
            warnings.append(Warning(code="ring-open", path=path, text="the ring is not closed; closed it"))
            vertices = (*vertices, vertices[0])
        _counted(vertices, path, 4, "a ring has at least three corners")
        found.append(vertices)
    return wound(Shape("polygon", tuple(found), path))


def _counted(vertices: Sequence[Vertex], path: str, least: int, hint: str) -> None:
    if not least <= len(vertices) <= MAX_VERTICES:
        raise Rejected(path, f"it has {len(vertices)} points", f"{hint} and at most {MAX_VERTICES}")


def wound(shape: Shape) -> Shape:
    """Return a polygon with its outer ring counter-clockwise and its holes clockwise."""
    rings = (r if (_twice_area(r) >= 0) == (i == 0) else r[::-1] for i, r in enumerate(shape.rings))
    return shape._replace(rings=tuple(rings))


def _twice_area(ring: Vertices) -> float:
    lon, lat = ring[0].lon, ring[0].lat  # relative to a corner: small differences keep their digits
    return math.fsum((a.lon - lon) * (b.lat - lat) - (b.lon - lon) * (a.lat - lat) for a, b in pairwise(ring))


def of_position(at: Position, height_m: float | None = None) -> Shape:
    """Return the point of a position."""
    return Shape("point", ((Vertex(at.lon, at.lat, height_m),),))


def of_pairs(form: Form, rings: Iterable[Iterable[Pair]]) -> Shape:
    """Return a shape without heights; a polygon is wound."""
    shape = Shape(form, tuple(tuple(Vertex(*p) for p in ring) for ring in rings))
    return wound(shape) if form == "polygon" else shape


def drawn(area: Area) -> tuple[Shape, ...]:
    """Return what an area looks like on a map: nothing for a place that is only named."""
    match area:
        case Polygon():
            return (of_pairs("polygon", area.rings),)
        case MultiPolygon():
            return tuple(of_pairs("polygon", rings) for rings in area.polygons)
        case Line() | Corridor():
            return (of_pairs("line" if len(area.points) > 1 else "point", (area.points,)),)
        case Circle():
            if not area.radius_m:
                return (of_position(area.centre),)
            return (_outline(area.centre, tuple((d, area.radius_m * _AROUND) for d in _turn(0.0, 360.0))),)
        case Ellipse():
            return (_outline(area.centre, _ellipse(area)),)
        case ArcBand():
            return (_band(area),)
        case _:
            return ()


def _turn(start: float, span: float) -> list[float]:
    """Return bearings in degrees, counter-clockwise from the end of a span to its start."""
    return [start + span * (1 - i / _CORNERS) for i in range(_CORNERS + 1)]


def _ellipse(area: Ellipse) -> tuple[tuple[float, float], ...]:
    """Return bearing and distance of each corner around an ellipse."""
    steps = []
    for turned in _turn(0.0, 360.0):
        across = area.minor_m * math.sin(math.radians(turned)) * _AROUND
        along = area.major_m * math.cos(math.radians(turned)) * _AROUND
        steps.append((area.angle_deg + math.degrees(math.atan2(across, along)), math.hypot(across, along)))
    return tuple(steps)


def _band(area: ArcBand) -> Shape:
    span = (area.end_deg - area.start_deg) % 360.0 or 360.0
    turn = _turn(area.start_deg, span)
    outer = tuple((d, area.r_max_m * _AROUND) for d in turn)
    inner = tuple((d, area.r_min_m) for d in reversed(turn))
    if span < 360.0:
        return _outline(area.centre, (*outer, *inner, outer[0]))
    outside, inside = _outline(area.centre, outer), _outline(area.centre, inner)
    return Shape("polygon", (*outside.rings, *(inside.rings if area.r_min_m else ())))


_EARTH: Final = Geod(ellps="WGS84")


@lru_cache(maxsize=256)
def _outline(centre: Position, steps: tuple[tuple[float, float], ...]) -> Shape:
    """Return the ring of points at these bearings and distances, to a centimetre."""
    n = len(steps)
    far = [min(distance, _FARTHEST_M) for _, distance in steps]
    lons, lats, _ = _EARTH.fwd([centre.lon] * n, [centre.lat] * n, [bearing for bearing, _ in steps], far)
    ring = [Vertex(round(lon, 7), round(lat, 7)) for lon, lat in zip(lons, lats, strict=True)]
    return Shape("polygon", ((*ring[:-1], ring[0]),))
