"""Places, shapes, routes and heights. WGS 84 degrees, RFC 7946 edges (straight in longitude and latitude), metres.

A shape keeps the form in which it was given; what it is approximated by is computed where it is needed, never stored
in its place. Source: reference formats.md §2.3, §2.4, §3.1; deconfliction.md §2.1.
"""

from typing import Annotated, Literal

from msgspec import Meta

from schemas.base import Value
from schemas.time import TimeWindow
from schemas.units import Degrees, Latitude, Length, Longitude, Metres, MetresPerSecond

PlaceQuality = Literal["exact", "zone_inferred", "axis_suspect", "unknown"]
Pair = tuple[Longitude, Latitude]
Ring = Annotated[tuple[Pair, ...], Meta(min_length=4, max_length=20_000)]
Path = Annotated[tuple[Pair, ...], Meta(min_length=1, max_length=20_000)]


class Position(Value):
    """A point; ``ce_m`` is its circular error (a 6-digit grid is a 100 m cell), ``raw`` what was written."""

    lat: Latitude
    lon: Longitude
    ce_m: Length | None = None
    datum: str = "WGS84"
    form: str = ""  # decimal, mgrs, latm, lats, place: how `raw` was written
    raw: str = ""
    quality: PlaceQuality = "exact"


class AltitudeLimit(Value):
    """One height as it was said. ``value_m`` is None for the surface and for unlimited."""

    reference: Literal["HAE", "MSL", "AGL", "FL", "SFC", "UNL"]
    value_m: Metres | None = None
    raw: str = ""


class AltitudeBand(Value):
    """From a lower to an upper limit, closed; a missing band means the whole column."""

    lower: AltitudeLimit | None = None
    upper: AltitudeLimit | None = None


class Polygon(Value, tag_field="type", tag="polygon"):
    """Rings of (longitude, latitude), closed; the first is the outer one, the others are holes."""

    rings: Annotated[tuple[Ring, ...], Meta(min_length=1, max_length=200)]
    name: str = ""


class MultiPolygon(Value, tag_field="type", tag="multipolygon"):
    """Several polygons."""

    polygons: Annotated[tuple[tuple[Ring, ...], ...], Meta(min_length=1, max_length=200)]
    name: str = ""


class Circle(Value, tag_field="type", tag="circle"):
    """All points within a radius of a centre; radius 0 is the point itself."""

    centre: Position
    radius_m: Length
    name: str = ""


class Ellipse(Value, tag_field="type", tag="ellipse"):
    """Semi-axes in metres; ``angle_deg`` is the major axis clockwise from north."""

    centre: Position
    major_m: Length
    minor_m: Length
    angle_deg: Degrees = 0.0
    name: str = ""


class Corridor(Value, tag_field="type", tag="corridor"):
    """A path with its full width."""

    points: Path
    width_m: Length
    name: str = ""


class ArcBand(Value, tag_field="type", tag="arcband"):
    """The part of a ring between two radii and two bearings."""

    centre: Position
    r_min_m: Length
    r_max_m: Length
    start_deg: Degrees
    end_deg: Degrees
    name: str = ""


class Line(Value, tag_field="type", tag="line"):
    """A path without width: a boundary, a phase line."""

    points: Path
    name: str = ""


class Named(Value, tag_field="type", tag="named"):
    """A place of the mission's gazetteer; ``radius_m`` widens it."""

    name: str
    radius_m: Length | None = None


Area = Polygon | MultiPolygon | Circle | Ellipse | Corridor | ArcBand | Line | Named


class RoutePoint(Value):
    """A point of a route. Without ``position`` its ``name`` is looked up in the gazetteer.

    ``window`` is when the mover occupies the point: from the head's arrival to the tail's clearing it.
    """

    position: Position | None = None
    name: str = ""
    role: Literal["start", "checkpoint", "halt", "release", "waypoint", "end"] = "waypoint"
    window: TimeWindow | None = None
    altitude: AltitudeBand | None = None


class Leg(Value):
    """The stretch between two points (indices into ``points``) when its timing was stated and not computed."""

    start: int
    end: int
    window: TimeWindow


class Route(Value):
    """A way through places. A route that is only named is looked up; points with windows then time it."""

    name: str = ""
    points: Annotated[tuple[RoutePoint, ...], Meta(max_length=20_000)] = ()
    legs: tuple[Leg, ...] = ()
    width_m: Length | None = None
    method: Literal["", "foot", "vehicle", "air", "boat"] = ""
    direction: str = ""
    column_length_m: Length | None = None
    speed_min_mps: MetresPerSecond | None = None
    speed_max_mps: MetresPerSecond | None = None
