"""Which named areas something is in: places of the gazetteer and boundaries, by name or by position.

Only areas that somebody asks for are looked at, and a boundary only if something has a position.
"""

from collections.abc import Iterable

from coordinator.core.correlate import distance_m
from coordinator.core.mission import Mission
from schemas.geo import Pair


class Whereabouts:
    """The areas that the routing tree and the roster of a mission name."""

    def __init__(self, mission: Mission) -> None:
        self._mission = mission
        tree = (area for row in mission.routing for area in row.areas)
        self._asked = tuple(dict.fromkeys((*tree, *(w.area for w in mission.roster if w.area))))
        self._found: dict[tuple[str, Pair | None], frozenset[str]] = {}

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
        grounds = [b.ground for b in self._mission.boundaries if b.name.casefold() == name.casefold()]
        if not grounds:
            return False
        from shapely import Point  # geometry takes its time to import, and few missions route by boundaries

        from coordinator.core.deconfliction import geometry, setting, within

        world = setting.Setting(self._mission)
        shapes = [s for g in grounds if (s := within.laid(g, world)) is not None]
        return within.held(geometry.shape(Point(at)), shapes) is not within.Held.NOT


def known_areas(mission: Mission) -> frozenset[str]:
    """Return the names of all places and boundaries, without their case."""
    return frozenset(n.casefold() for n in _names(mission))


def _names(mission: Mission) -> Iterable[str]:
    for place in mission.places:
        yield from (place.name, *place.aliases)
    yield from (b.name for b in mission.boundaries)
