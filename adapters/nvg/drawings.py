"""The shapes of NVG: longitude before latitude, distances in metres; what has its own numbers keeps them.

Source: NVG 1.5 and 2.0 (NATO TIDE); reference formats.md §7.1 (arcs and the turn of an ellipse from general knowledge).
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from adapters.base import Rejected
from adapters.dotted import Fields, Leaf
from adapters.shapes import Shape, Vertex, drawn, line, number, polygon, vertex
from adapters.trees import Branch
from schemas.envelope import Warning
from schemas.geo import ArcBand, Circle, Ellipse, Position

_FARTHEST_M: Final = 1e7
_MEND: Final = "write it as longitude,latitude with a blank between points: -27.0,2.0 -27.1,2.1"


class Drawing(NamedTuple):
    """An item while its shape is read; its fields take the numbers that a shape alone does not tell."""

    branch: Branch
    fields: Fields
    warnings: list[Warning]

    def metres(self, name: str) -> float:
        """Take a distance.

        Raises:
            Rejected: it is missing, no number, or none that can be on earth.
        """
        path = f"{self.branch.path}/@{name}"
        value = number(self._needed(name), path)
        if not 0 <= value <= _FARTHEST_M:
            raise Rejected(path, f"{value:g} is no distance in metres", "write metres from 0 to 10000000")
        return value

    def bearing(self, name: str, otherwise: float) -> float:
        """Take an angle in degrees, as one from 0 to 360."""
        text = self.branch.attribute(name)
        if not text:
            return otherwise
        value = number(text, f"{self.branch.path}/@{name}")
        return value if 0 <= value <= 360 else value % 360

    def spot(self, x: str, y: str) -> Vertex:
        """Take a point from two attributes."""
        east, north = self._needed(x), self._needed(y)
        path = self.branch.path
        lon, lat = number(east, f"{path}/@{x}"), number(north, f"{path}/@{y}")
        return vertex(lon, lat, path, raw=f"{north},{east}")

    def points(self, branch: Branch | None = None) -> list[Vertex]:
        """Take the points of this item, or of a part of it."""
        at = branch or self.branch
        path = f"{at.path}/@points"
        found = []
        for pair in at.attribute("points").split():
            east, _, north = pair.partition(",")
            if not east or not north:
                raise Rejected(path, f'"{pair[:40]}" is no point', _MEND)
            found.append(vertex(number(east, path), number(north, path), path))
        if not found:
            raise Rejected(path, "it has no points", _MEND)
        return found

    def own(self, attribute: str, **values: object) -> None:
        """Say in the fields what kind of area it is, and its numbers."""
        entity = self.fields.get("bus:entity")
        slot = "footprint" if entity is not None and entity.value == "protected-site" else "area"
        for name, value in values.items():
            at = Leaf(f"{self.branch.path}/@{attribute}", value if isinstance(value, str | float) else str(value))
            self.fields.setdefault(f"{slot}.{name.replace('__', '.')}", at)

    def _needed(self, name: str) -> str:
        if not (text := self.branch.attribute(name)):
            path = f"{self.branch.path}/@{name}"
            raise Rejected(
                path, "it is missing", f"a {self.branch.name} needs it: {', '.join(NEEDS[self.branch.name])}"
            )
        return text


Shapes = tuple[Shape, ...]


def _point(of: Drawing) -> Shapes:
    return (Shape("point", ((of.spot("x", "y"),),), of.branch.path),)


def _points(of: Drawing) -> Shapes:
    return tuple(Shape("point", ((spot,),), of.branch.path) for spot in of.points())


def _line(of: Drawing) -> Shapes:
    return (line(of.points(), of.branch.path, of.warnings),)


def _polygon(of: Drawing) -> Shapes:
    holes = [
        ring for exclude in of.branch if exclude.name == "exclude" for ring in exclude if ring.name == "linear-ring"
    ]
    rings = [of.points(), *(of.points(ring) for ring in holes)]
    closed = [ring if ring[0][:2] == ring[-1][:2] else [*ring, ring[0]] for ring in rings]  # NVG does not close them
    return (polygon(closed, of.branch.path, of.warnings),)


def _corridor(of: Drawing) -> Shapes:
    width = of.metres("width")
    of.own("width", type="corridor", width_m=width)
    return (line(of.points(), of.branch.path, of.warnings),)


def _circle(of: Drawing) -> Shapes:
    at, radius = of.spot("cx", "cy"), of.metres("r")
    path = of.branch.path
    if not radius:
        return (Shape("point", ((at,),), path),)
    of.fields.setdefault("radius_m", Leaf(f"{path}/@r", radius))
    of.fields.setdefault("centre", Leaf(f"{path}/@cx", f"{at.lon!r},{at.lat!r}"))
    return drawn(Circle(centre=_position(at), radius_m=radius))


def _ellipse(of: Drawing) -> Shapes:
    """Read an ellipse: ``rx`` is its half to the east, ``ry`` to the north, before it is turned clockwise."""
    at, east, north = of.spot("cx", "cy"), of.metres("rx"), of.metres("ry")
    turned = of.bearing("rotation", 0.0)
    if turned:
        text = "it was read as turned clockwise; the standard could not be checked"
        of.warnings.append(Warning(code="unconfirmed", path=f"{of.branch.path}/@rotation", text=text))
    angle = turned if north >= east else (turned + 90) % 360
    major, minor = max(east, north), min(east, north)
    of.own("rx", type="ellipse", centre__lat=at.lat, centre__lon=at.lon, major_m=major, minor_m=minor, angle_deg=angle)
    return drawn(Ellipse(centre=_position(at), major_m=major, minor_m=minor, angle_deg=angle))


def _arcband(of: Drawing) -> Shapes:
    at, near, far = of.spot("cx", "cy"), of.metres("minr"), of.metres("maxr")
    start, end = of.bearing("startangle", 0.0), of.bearing("endangle", 360.0)
    if near > far:
        raise Rejected(f"{of.branch.path}/@minr", f"{near:g} is more than maxr, {far:g}", "check which one is inside")
    of.own("minr", type="arcband", centre__lat=at.lat, centre__lon=at.lon, r_min_m=near, r_max_m=far,
           start_deg=start, end_deg=end)  # fmt: skip
    centre = _position(at)
    return drawn(ArcBand(centre=centre, r_min_m=near, r_max_m=far, start_deg=start, end_deg=end))


def _position(at: Vertex) -> Position:
    return Position(lat=at.lat, lon=at.lon)


DRAWINGS: Final[dict[str, Callable[[Drawing], Shapes]]] = {
    "point": _point,
    "text": _point,
    "multipoint": _points,
    "polyline": _line,
    "arrow": _line,
    "polygon": _polygon,
    "corridor": _corridor,
    "circle": _circle,
    "ellipse": _ellipse,
    "arcband": _arcband,
}
NEEDS: Final = {
    "point": ("x", "y"), "text": ("x", "y"), "corridor": ("points", "width"), "circle": ("cx", "cy", "r"),
    "ellipse": ("cx", "cy", "rx", "ry"), "arcband": ("cx", "cy", "minr", "maxr"),
}  # fmt: skip
