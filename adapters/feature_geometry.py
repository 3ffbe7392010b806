"""Where the geometry of a feature goes in a message: a position, a route, an area; heights with what they are above.

Source: reference formats.md §2.3, §2.4, §7.2-7.4; RFC 7946 §3.1.
"""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import msgspec

from adapters.base import Loss
from adapters.dotted import Fields, Leaf, Tree
from adapters.features import HEIGHT, SLOTS, Reference, text
from adapters.shapes import Shape, Vertex, drawn
from schemas.geo import Area, Pair
from schemas.time import TimeValue

OF_CIRCLE: Final = ("radius_m", "centre")

_NO_PLACE: Final = "the message has no place for these heights"


class Round(NamedTuple):
    """A circle that properties tell; without a centre, around the point of the feature."""

    radius_m: float
    centre: Pair | None


class Placing:
    """The geometry of one message on its way into its body."""

    def __init__(
        self, kind: str, reference: Reference, shapes: tuple[Shape, ...], body: Tree,
        instant: Callable[[Leaf], TimeValue],
    ) -> None:  # fmt: skip
        self._kind = kind
        self._reference = reference
        self._shapes = shapes
        self._body = body
        self._instant = instant
        self.losses: list[Loss] = []

    def circle(self, fields: Fields) -> Round | None:
        """Return radius and centre, if both can be read and the kind has a place for them."""
        radius, centre = fields.get("radius_m"), fields.get("centre")
        metres = _number(radius.value) if radius is not None else None
        if metres is None or metres < 0:
            return None
        if centre is None:
            spot = [s for s in self._shapes if s.form == "point" and SLOTS[self._kind].point == "area"]
            return Round(metres, None) if spot else None
        numbers = [_number(part) for part in text(centre.value).split(",")]
        if len(numbers) != 2 or not any(s.form == "polygon" for s in self._shapes):
            return None
        lon, lat = numbers
        if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90:
            return None
        return Round(metres, (lon, lat))

    def place(self, unplaced: set[int], circle: Round | None) -> None:
        slots = SLOTS[self._kind]
        polygons = [s for s in self._shapes if s.form == "polygon"]
        for shape in self._shapes:
            if shape.form == "polygon":
                continue
            slot = getattr(slots, shape.form)
            if slot == "route" and self._body.get("area", "type") in ("line", "corridor"):
                slot = "area"
            if not slot:
                why = f"a {self._kind} has no place for a {shape.form}"
                self._lose(Loss(path=shape.path, value=shape.written, why=why))
            elif slot == "position":
                self._spot(shape)
            elif slot == "route":
                self._route(shape, unplaced)
            elif shape.form == "point":
                self._point_area(slot, shape, circle.radius_m if circle else 0.0)
            else:
                self._heights_lost(shape)
                self._body.store((slot, "type"), "line")
                self._body.store((slot, "points"), shape.pairs[0])
        if polygons and not slots.polygon:
            why = f"a {self._kind} has no place for a polygon"
            self._lose(*(Loss(path=s.path, value=s.written, why=why) for s in polygons))
        elif polygons:
            self._polygons(slots.polygon, polygons, circle)

    def _spot(self, shape: Shape) -> None:
        spot = shape.rings[0][0]
        for name, value in _position(spot).items():
            self._body.store(("position", name), value)
        height, above = spot.height_m, self._reference
        if height is None or (not above and not height):
            return
        if not above or self._kind not in HEIGHT:
            self._heights_lost(shape)
        elif above == "HAE":
            if not self._body.store((HEIGHT[self._kind],), height):
                self._heights_lost(shape)
        elif not self._body.store(("altitude",), {"reference": above, "value_m": height}):
            self._heights_lost(shape)

    def _point_area(self, slot: str, shape: Shape, radius_m: float) -> None:
        self._heights_lost(shape)
        self._body.store((slot, "type"), "circle")
        self._body.store((slot, "centre"), _position(shape.rings[0][0]))
        self._body.store((slot, "radius_m"), radius_m)

    def _route(self, shape: Shape, unplaced: set[int]) -> None:
        n = 0
        above = self._reference
        for vertex in shape.rings[0]:
            while n in unplaced:
                self._body.store(("route", "points", str(n), "role"), self._role(n))
                n += 1
            at = ("route", "points", str(n))
            for name, value in _position(vertex).items():
                self._body.store((*at, "position", name), value)
            if vertex.height_m is not None and above:
                limit = {"reference": above, "value_m": vertex.height_m}
                self._body.store((*at, "altitude"), {"lower": limit, "upper": limit})
            if vertex.at:
                when = self._instant(Leaf(shape.path, vertex.at))
                self._body.store((*at, "window"), {"start": when, "end": when})
            n += 1
        if not above:
            self._heights_lost(shape)

    def _role(self, n: int) -> str:
        return self._body.get("route", "points", str(n), "role") or "waypoint"

    def _polygons(self, slot: str, polygons: list[Shape], circle: Round | None) -> None:
        for shape in polygons:
            self._heights_lost(shape)
        if circle is not None and circle.centre is not None:
            lon, lat = circle.centre
            self._body.store((slot, "type"), "circle")
            self._body.store((slot, "centre"), {"lon": lon, "lat": lat})
            self._body.store((slot, "radius_m"), circle.radius_m)
        if self._body.get(slot, "type") in ("circle", "ellipse", "arcband"):
            self._compare(slot, polygons)
        elif len(polygons) > 1 or self._body.get(slot, "type") == "multipolygon":
            self._body.store((slot, "type"), "multipolygon")
            self._body.store((slot, "polygons"), tuple(s.pairs for s in polygons))
        else:
            self._body.store((slot, "type"), "polygon")
            self._body.store((slot, "rings"), polygons[0].pairs)

    def _compare(self, slot: str, polygons: list[Shape]) -> None:
        """List a drawing that is not what its own numbers draw: somebody moved it, and they did not follow."""
        try:
            area = msgspec.convert(self._body.get(slot), Area)
        except msgspec.ValidationError:
            return  # what is missing or wrong in it is said when the body is read
        if [s.pairs for s in drawn(area)] != [s.pairs for s in polygons]:
            why = f"it differs from the {self._body.get(slot, 'type')} that the properties describe, which was read"
            self._lose(*(Loss(path=s.path, value=s.written, why=why) for s in polygons))

    def _heights_lost(self, shape: Shape) -> None:
        heights = [v.height_m for v in shape.vertices if v.height_m is not None]
        if any(heights):
            why = _NO_PLACE if self._reference else "clamped to the ground: the height does not count"
            self._lose(Loss(path=shape.path, value=" ".join(f"{h:.10g}" for h in heights), why=why))

    def _lose(self, *losses: Loss) -> None:
        self.losses += losses


def _position(at: Vertex) -> dict[str, Any]:
    return {"lat": at.lat, "lon": at.lon, "form": "decimal"} | ({"raw": at.raw} if at.raw else {})


def _number(value: object) -> float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None
