"""The areas of messages as figures, and how the figures of a case lie to each other and to what the mission has.

Only convex polygons: the figures of the cases are made so (`cases`), and what is not is no figure but a fault.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

from coordinator.core.measures import Ground
from coordinator.core.mission import Mission
from schemas import geo, registry
from schemas.envelope import Envelope
from schemas.notices import HazardNotice, ProtectedSite
from tests.support.oracle.earth import Figure, Relation, between, differ, held, unrolled
from tests.support.oracle.tables import insert

BAND_M: Final = 0.001
"""Nearer to a limit than this, the two oracles may differ: their distances agree to a millimetre, not better."""


CHORD: Final = 0.001
"""By how much of its radius, and of a metre, a circle may be drawn too small where it has to become a polygon."""


class Laid(NamedTuple):
    """An act's figure in a case, or what is wrong with its area; the name that it goes by."""

    k: int
    figure: Figure | None
    name: str
    fault: str


class Thing(NamedTuple):
    """Something of the mission that lies somewhere: a section, a zone, an area of responsibility."""

    sort: str
    name: str
    figure: Figure
    limits: tuple[float, ...] = (0.0,)  # metres at which a rule changes its mind
    holds: bool = False  # whether a rule asks how much of an act lies in it


def laid(k: int, envelope: Envelope, mission: Mission) -> Laid | None:
    """Return where an act is, if it says so."""
    body = registry.body(envelope)
    area = getattr(body, "area", None)
    reach = getattr(body, "buffer_m", None) or 0.0
    if isinstance(body, HazardNotice):
        reach = body.error_m or 0.0
    if isinstance(body, ProtectedSite):
        area = body.footprint or (body.position and geo.Circle(centre=body.position, radius_m=0.0))
    if area is None or not hasattr(body, "windows") or body.KIND in ("agreement", "caveat", "route-state"):
        return None
    return _laid(k, area, reach, mission)


def _laid(k: int, area: Any, reach: float, mission: Mission) -> Laid:
    match area:
        case geo.Circle():
            radius = area.radius_m or mission.rules.use_radius_m
            return Laid(k, Figure(((area.centre.lon, area.centre.lat),), False, radius + reach), area.name, "")
        case geo.Polygon():
            ring = unrolled(area.rings[0][:-1])
            fault = "" if _simple(ring) else "crossing-ring"
            return Laid(k, None if fault else Figure(ring, True, reach), area.name, fault)
        case geo.Corridor() | geo.Line():
            width = area.width_m / 2 if isinstance(area, geo.Corridor) else 0.0
            return Laid(k, Figure(unrolled(area.points), False, width + reach), area.name, "")
    place = next((p for p in mission.places if area.name.casefold() in map(str.casefold, (p.name, *p.aliases))), None)
    if place is None:
        return Laid(k, None, "", "unknown-place")
    radius = area.radius_m or place.radius_m or mission.rules.use_radius_m
    return Laid(k, Figure(((place.lon, place.lat),), False, radius + reach), place.name, "")


def _simple(ring: tuple[geo.Pair, ...]) -> bool:
    """Say whether a ring turns one way all along, as convex ones do."""
    turns = []
    for i, b in enumerate(ring):
        a, c = ring[i - 1], ring[(i + 1) % len(ring)]
        turns.append((b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]))
    return all(t > 0 for t in turns) or all(t < 0 for t in turns)


def ground(of: Ground, mission: Mission) -> Figure:
    """Return a piece of ground of the mission file."""
    if of.place:
        place = next(p for p in mission.places if p.name == of.place)
        return Figure(((place.lon, place.lat),), False, of.radius_m)
    corners = tuple(_corner(c) for c in of.ring or of.line)
    return Figure(unrolled(corners), bool(of.ring), of.width_m / 2)


def _corner(text: str) -> geo.Pair:
    lat, lon = map(float, text.split(","))
    return lon, lat


class Field:
    """What lies around in a mission, and at which distances a rule changes its mind about two acts."""

    def __init__(self, mission: Mission) -> None:
        self.mission = mission
        places = {p.name: p for p in mission.places}
        self.things = [
            Thing("section", c.name, Figure(((places[c.place].lon, places[c.place].lat),), False, c.radius_m))
            for c in mission.sections
        ]
        self.things += [
            Thing("clause", c.clause, ground(c.ground, mission), (), True) for c in mission.mandate if c.ground
        ]
        self.things += [
            Thing("zone", z.name, ground(z.ground, mission), (z.standoff_m,)) for z in mission.zones if z.ground
        ]
        self.things += [Thing("boundary", b.name, ground(b.ground, mission)) for b in mission.boundaries]
        self.limits = {0.0, 1.0} | {r.distance_m for r in mission.matrix} | {b.distance_m for b in mission.bands}

    def lay(self, db: sqlite3.Connection, s: int, envelopes: list[Envelope]) -> bool:
        """Write down how everything in a case lies to each other; say whether all of it is clear of the band."""
        acts = [a for k, e in enumerate(envelopes) if e.status != "cancel" and (a := laid(k, e, self.mission))]
        insert(db, "part", ((s, a.k, 0, a.name, a.fault, a.figure and a.figure.reach) for a in acts))
        rows = [*self._pairs(s, acts), *self._things(s, acts), *self._said(s, acts, envelopes)]
        insert(db, "lies", (row for row, _ in rows))
        return all(clear for _, clear in rows)

    def _pairs(self, s: int, acts: list[Laid]) -> Iterator[tuple[tuple[Any, ...], bool]]:
        for i, a in enumerate(acts):
            for b in acts[i + 1 :]:
                if a.figure and b.figure:
                    lies = between(a.figure, b.figure)
                    clear = _clear(lies.metres, self.limits, a.figure, b.figure)
                    yield (s, a.k, 0, "act", "", b.k, *lies, None, differ(a.figure, b.figure)), clear

    def _things(self, s: int, acts: list[Laid]) -> Iterator[tuple[tuple[Any, ...], bool]]:
        for a in acts:
            for t in self.things if a.figure else ():
                if not t.holds and _far(a.figure, t.figure):
                    continue
                lies = _known(a.figure, t.figure)
                within, clear = _within(a.figure, t.figure) if t.holds else (None, True)
                clear &= _clear(lies.metres, t.limits, a.figure, t.figure)
                yield (s, a.k, 0, t.sort, t.name, 0, *lies, within, None), clear

    def _said(self, s: int, acts: list[Laid], envelopes: list[Envelope]) -> Iterator[tuple[tuple[Any, ...], bool]]:
        """Yield how acts lie to the areas of agreements and caveats."""
        for q, e in enumerate(envelopes):
            sort = {"agreement": "truce", "caveat": "caveat"}.get(e.kind if e.status != "cancel" else "")
            area = registry.body(e).area if sort else None  # type: ignore[attr-defined]
            there = _laid(q, area, 0.0, self.mission).figure if area else None
            for a in acts if sort and there else ():
                lies = between(a.figure, there) if a.figure and there else Relation(0.0, False)
                clear = a.figure is None or _clear(lies.metres, (0.0,), a.figure, there)  # type: ignore[arg-type]
                yield (s, a.k, 0, sort, "", q, *(lies if a.figure else (None, None)), None, None), clear


def _far(a: Figure, b: Figure) -> bool:
    """Say whether two figures lie in other parts of the earth: no rule asks for more than some kilometres."""
    (x, y), (v, w) = a.corners[0], b.corners[0]
    return abs(y - w) > 2.0 or 2.0 < abs(x - v) < 358.0


@lru_cache(maxsize=10_000)
def _known(a: Figure, b: Figure) -> Relation:
    return between(a, b)


def _clear(metres: float, limits: Iterable[float], a: Figure, b: Figure) -> bool:
    """Say whether a distance is clear of all limits; figures without reach meet exactly or not at all."""
    exact = metres == 0 and not a.reach + b.reach
    return exact or all(abs(metres - x) > BAND_M for x in limits)


def _within(a: Figure, of: Figure) -> tuple[int, bool]:
    """Return how much of a figure a ground holds, and whether that is clear: circles become polygons in between."""
    more, less = (a._replace(reach=max(0.0, a.reach * (1 + x) + x)) for x in (CHORD, -CHORD))
    return held(a, of), held(more, of) == held(less, of)
