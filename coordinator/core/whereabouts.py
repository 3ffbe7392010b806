"""Which named areas something is in: places of the gazetteer and boundaries, by name or by position.

Only areas that somebody asks for are looked at, and a boundary only if something has a position.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from coordinator.core.correlate import distance_m
from coordinator.core.measures import Boundary
from coordinator.core.mission import Mission
from schemas.geo import Pair

if TYPE_CHECKING:
    from coordinator.core.deconfliction.geometry import Shape


class Whereabouts:
    """The areas that the routing tree and the roster of a mission name."""

    def __init__(self, mission: Mission) -> None:
        self._mission = mission
        tree = (area for row in mission.routing for area in row.areas)
        self._asked = tuple(dict.fromkeys((*tree, *(w.area for w in mission.roster if w.area))))
        self._found: dict[tuple[str, Pair | None], frozenset[str]] = {}
        self._shapes: dict[str, list[Shape]] = {}  # of boundaries

    def areas(self, place: str, at: Pair | None) -> frozenset[str]:
        """Return the areas, as they are written there, that a place or a position (longitude, latitude) is in."""
        if not self._asked:
            return frozenset()
        key = (place, at)
        if key not in self._found:
            if len(self._found) >= 4096:
                self._found.clear()
            self._found[key] = frozenset(a for a in self._asked if self._is_in(a, place, at))
        return self._found[key]

    def _is_in(self, area: str, place: str, at: Pair | None) -> bool:
        named, known = self._mission.place(place), self._mission.place(area)
        at = at or ((named.lon, named.lat) if named else None)
        if area.casefold() == place.casefold() or (known is not None and known is named):
            return True
        if at is None:
            return False
        radius = known and (known.radius_m or self._mission.rules.use_radius_m)
        if known and radius and distance_m((known.lon, known.lat), at) <= radius:
            return True
        return self._within(area, at)

    def _within(self, name: str, at: Pair) -> bool:
        if not any(_is(b, name) for b in self._mission.boundaries):
            return False
        from shapely import Point  # geometry takes its time to import, and few missions route by boundaries

        from coordinator.core.deconfliction.geometry import shape
        from coordinator.core.deconfliction.within import Held, held

        return held(shape(Point(at)), self._laid(name)) is not Held.NOT

    def _laid(self, name: str) -> "list[Shape]":
        if name not in self._shapes:
            from coordinator.core.deconfliction.setting import Setting
            from coordinator.core.deconfliction.within import laid

            world = Setting(self._mission)
            grounds = (b.ground for b in self._mission.boundaries if _is(b, name))
            self._shapes[name] = [shape for ground in grounds if (shape := laid(ground, world)) is not None]
        return self._shapes[name]


def _is(boundary: Boundary, name: str) -> bool:
    return boundary.name.casefold() == name.casefold()


def known_areas(mission: Mission) -> frozenset[str]:
    """Return the names of all places and boundaries, without their case."""
    return frozenset(n.casefold() for n in _names(mission))


def _names(mission: Mission) -> Iterable[str]:
    for place in mission.places:
        yield from (place.name, *place.aliases)
    yield from (b.name for b in mission.boundaries)
