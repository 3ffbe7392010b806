"""Where an order is, as points and shapes with the precision at which it says so."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from shapely import Point
from shapely import Polygon as Surface
from shapely.geometry.base import BaseGeometry

from coordinator.core.deconfliction.geometry import length_m
from coordinator.core.deconfliction.words import coordinates
from coordinator.core.mission import Mission
from schemas.base import Message
from schemas.geo import (
    ArcBand,
    Area,
    Circle,
    Corridor,
    Ellipse,
    Line,
    MultiPolygon,
    Named,
    Pair,
    Polygon,
    Position,
    Route,
)

UNSTATED_M: Final = 10.0  # the precision of a position that does not say it: four decimals of a degree


class Spot(NamedTuple):
    """A point and how far from it is still the same, in metres; or a shape, in which everything is."""

    at: Pair
    within_m: float
    surface: BaseGeometry | None = None

    @property
    def text(self) -> str:
        """The point as people write it."""
        return coordinates(self.at)

    def holds(self, position: Position) -> bool:
        """Say whether a position is this spot, given both precisions."""
        read = (position.lon, position.lat)
        if self.surface is not None and self.surface.covers(Point(read)):
            return True
        error = UNSTATED_M if position.ce_m is None else position.ce_m
        return length_m(self.at, read) <= self.within_m + error


def names(order: Message) -> tuple[str, ...]:
    """Return the names of places and ways that an order gives."""
    area: Area | None = getattr(order, "area", None)
    route: Route | None = getattr(order, "route", None)
    found = [area.name] if area else []
    if route:
        found += [route.name, *(p.name for p in route.points)]
    return tuple(dict.fromkeys(n for n in found if n))


def name_of(name: str, mission: Mission) -> str:
    """Return the name under which the gazetteer has a place or a way, or the name itself; in lower case."""
    known = mission.place(name) or mission.route(name)
    return (known.name if known else " ".join(name.split())).casefold()


def spots(order: Message, mission: Mission) -> Iterator[Spot]:
    """Yield where an order is."""
    area: Area | None = getattr(order, "area", None)
    route: Route | None = getattr(order, "route", None)
    if area is not None:
        yield from _area(area, mission)
    for point in route.points if route else ():
        if point.position:
            yield _spot(point.position)
        elif point.name:
            yield from _named(point.name, 0.0, mission)


def _area(area: Area, mission: Mission) -> Iterator[Spot]:
    match area:
        case Named():
            yield from _named(area.name, area.radius_m or 0.0, mission)
        case Circle() | Ellipse() | ArcBand():
            yield _spot(area.centre)
        case Corridor():
            yield from (Spot(p, area.width_m / 2 + UNSTATED_M) for p in area.points)
        case Line():
            yield from (Spot(p, UNSTATED_M) for p in area.points)
        case Polygon():
            yield _surface(area.rings)
        case MultiPolygon():
            yield from (_surface(rings) for rings in area.polygons if rings)


def _spot(position: Position) -> Spot:
    return Spot((position.lon, position.lat), UNSTATED_M if position.ce_m is None else position.ce_m)


def _named(name: str, radius_m: float, mission: Mission) -> Iterator[Spot]:
    if known := mission.place(name):
        yield Spot((known.lon, known.lat), max(radius_m, known.radius_m, UNSTATED_M))


def _surface(rings: tuple[tuple[Pair, ...], ...]) -> Spot:
    made = Surface(rings[0], rings[1:])
    return Spot(rings[0][0], UNSTATED_M, made if made.is_valid else made.buffer(0))
