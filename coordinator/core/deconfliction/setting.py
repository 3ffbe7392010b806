"""What a mission says about deconfliction, prepared once: matrix rows by class, sections, places and ways."""

import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from shapely import Point

from coordinator.core.deconfliction.geometry import Shape, length_m, shape
from coordinator.core.deconfliction.windows import micros
from coordinator.core.measures import Asset, Ground
from coordinator.core.mission import Activity, MatrixRow, Mission, Place, Section
from coordinator.core.orders import readback  # whole: it reads words of deconfliction
from schemas.base import Message
from schemas.directives import Directive, Vehicles
from schemas.findings import SEVERITIES, Certainty, FindingKind, Severity
from schemas.geo import Pair
from schemas.notices import HazardNotice, MovementNotice, ProtectedSite
from schemas.reports import IncidentReport
from schemas.units import ParticipantId

if TYPE_CHECKING:
    from coordinator.core.deconfliction.layers import Layers

HAZARD, PLAN = "*hazard", "*plan"
"""Classes that no mission names: a hazard notice, and what it reaches if it crosses it (`Hazards`)."""
CROSSABLE: Final = frozenset({HAZARD, PLAN})
CROSSES: Final = "hazard/plan"
_ROLES: Final[dict[str, str]] = {
    HazardNotice.KIND: HAZARD, Directive.KIND: PLAN, MovementNotice.KIND: PLAN, ProtectedSite.KIND: PLAN,
}  # fmt: skip
_CLASSES: Final = 4096  # answers that are kept
_DEGREE_M: Final = 110_000.0  # a degree of latitude is nowhere less


class Rule(NamedTuple):
    """A matrix row, its rank in the mission, and the classes that the two parties play in it."""

    rank: int
    row: MatrixRow
    a: str
    b: str


class Spot(NamedTuple):
    """A section with the place on the earth that it is."""

    section: Section
    place: Place
    shape: Shape


class Setting:
    """A mission as the verdicts read it. ``left`` are those who took part in an earlier one and no longer do.

    ``locate`` reads a grid or coordinates that somebody has read back; without it, nobody can tell.
    """

    def __init__(
        self, mission: Mission, left: frozenset[str] = frozenset(), locate: "readback.Locate | None" = None
    ) -> None:
        self.mission = mission
        self.left = left
        self._locate = locate
        self.rules = mission.rules
        self.travel_within = micros(mission.rules.travel_within_s)
        self._classes: dict[tuple[object, ...], frozenset[str]] = {}  # of messages that say the same of it
        self.memo: dict[object, Any] = {}  # what only hangs on the mission, worked out once
        self.grounds: dict[Ground, Shape | None] = {}  # as `within.laid` has laid them out; None: it cannot be

    @cached_property
    def frame(self) -> "readback.Frame":
        """What read-backs are compared in."""
        return readback.Frame(self.mission, self._locate)

    @cached_property
    def named_classes(self) -> frozenset[str]:
        """Classes that stand in some matrix row; what has none of them is never compared."""
        return frozenset(c for row in self.mission.matrix for c in (row.a, row.b))

    @cached_property
    def crossed(self) -> MatrixRow | None:
        """The row for a hazard and a plan of which no row of the mission speaks, or None."""
        known = self.mission.hazards
        if known.reach == "matrix":
            return None
        return MatrixRow(name=CROSSES, a=HAZARD, b=PLAN, severity=known.severity, permit="none")

    @cached_property
    def matrix(self) -> tuple[MatrixRow, ...]:
        """All rows, also the one that no mission has to write."""
        return (*self.mission.matrix, self.crossed) if self.crossed else self.mission.matrix

    @cached_property
    def placed(self) -> bool:
        """Whether the mission has measures on the ground that every order is held against."""
        return bool(self.mission.zones or self.mission.boundaries)

    @cached_property
    def layers(self) -> "Layers":
        """Zones and areas of responsibility on the earth, laid out once (§3.7)."""
        from coordinator.core.deconfliction.layers import Layers  # it reads settings itself

        return Layers(self)

    @cached_property
    def widest_m(self) -> float:
        """The largest distance that any row asks for."""
        return max((row.distance_m for row in self.mission.matrix), default=0.0)

    @cached_property
    def longest_gap_s(self) -> float:
        """The longest gap that any row asks for."""
        return max((row.gap_s for row in self.mission.matrix), default=0.0)

    @cached_property
    def spots(self) -> dict[str, Spot]:
        """Sections by name, those whose place the mission knows."""
        found = {}
        for section in self.mission.sections:
            place = self.mission.place(section.place)
            if place:
                found[section.name.casefold()] = spot(section, place)
        return found

    @cached_property
    def mission_code(self) -> str:
        """A short hash of the mission, to tell two apart."""
        return hashlib.sha256(repr(self.mission).encode()).hexdigest()[:16]

    @cached_property
    def _assets(self) -> dict[str, Asset]:
        return {n.casefold(): a for a in self.mission.assets for n in (a.name, *a.aliases)}

    def asset(self, name: str) -> Asset | None:
        """Return the asset of that name, whatever its case."""
        return self._assets.get(name.casefold())

    def spot_named(self, name: str) -> Spot | None:
        """Return the section of that name, or at the place of that name."""
        found = self.spots.get(name.casefold())
        if found is None and (place := self.mission.place(name)):
            found = next((s for s in self.spots.values() if s.place.name == place.name), None)
        return found

    def classes(self, body: Message, method: str = "", vehicles: tuple[Vehicles, ...] = ()) -> frozenset[str]:
        """Return the classes of activity that a message falls into, given how it moves and with what."""
        asked = body.KIND, _says(body), method, tuple([v.type for v in vehicles])
        found: frozenset[str] | None = self._classes.get(asked)
        if found is None:
            known = self._words(vehicles) if vehicles else frozenset[str]()
            rows = (r for r in self._activities.get(body.KIND, ()) if _falls(r, body) and _moves(r, method, known))
            found = frozenset(c for row in rows for c in row.classes) | self._role(body)
            if len(self._classes) >= _CLASSES:
                self._classes.clear()
            self._classes[asked] = found
        return found

    def _role(self, body: Message) -> frozenset[str]:
        return frozenset({_ROLES[body.KIND]}) if self.crossed and body.KIND in _ROLES else frozenset()

    @cached_property
    def _activities(self) -> dict[str, list[Activity]]:
        """The rows of the activity table by the kind of message that they speak of."""
        found: dict[str, list[Activity]] = {}
        for row in self.mission.activities:
            found.setdefault(row.kind, []).append(row)
        return found

    def _words(self, vehicles: tuple[Vehicles, ...]) -> frozenset[str]:
        return frozenset(w for v in vehicles for w in (v.type.casefold(), *self.vehicle_words(v.type)))

    def vehicle_words(self, type_: str) -> frozenset[str]:
        """Return the words for a type of vehicle, its names and classes in lower case; none if it is not known."""
        for v in self.mission.vehicles:
            names = {n.casefold() for n in (v.type, *v.aliases)}
            if type_.casefold() in names:
                return frozenset(names | {c.casefold() for c in v.classes})
        return frozenset()

    def rows(self, a: frozenset[str], b: frozenset[str]) -> list[Rule]:
        """Return the matrix rows for two sets of classes, worst first, each as the first party plays it.

        That a hazard reaches a plan counts only where the mission says nothing of the two.
        """
        found = [rule for rank, row in enumerate(self.mission.matrix) if (rule := _rule(rank, row, a, b))]
        if not found and self.crossed and (crossing := _rule(len(self.mission.matrix), self.crossed, a, b)):
            found = [crossing]
        return sorted(found, key=lambda r: (SEVERITIES.index(r.row.severity), r.rank))

    def severity(self, base: Severity, certainty: Certainty, classes: frozenset[str]) -> Severity:
        """Return the severity of a finding: POSSIBLE lowers by one, unless a class is protected (§2.2)."""
        if certainty != "possible" or classes & frozenset(self.mission.protected):
            return base
        return SEVERITIES[min(SEVERITIES.index(base) + 1, len(SEVERITIES) - 1)]

    def default(self, kind: FindingKind, base: Severity) -> Severity:
        """Return the severity of a kind: the mission's, or the default of deconfliction.md §2.3."""
        return self.mission.severities.get(kind, base)

    def notice_s(self, own: float | None = None) -> float:
        """Return the lead time below which a severity rises by one (§2.2)."""
        return self.rules.notice_s if own is None else own

    def goes_first(self, a: frozenset[str], b: frozenset[str]) -> str:
        """Return the published rule on which of two activities goes first, or ""; it is a reason, no decision."""
        rows = self.mission.precedence
        return next((r.rule for r in rows if (r.over in a and r.under in b) or (r.over in b and r.under in a)), "")

    def place_at(self, at: Pair) -> str:
        """Return the name of the place of the gazetteer that a point lies in, or ""."""
        beside = (p for p in self.mission.places if abs(p.lat - at[1]) * _DEGREE_M <= self.use_m(p))
        near = [(d, p.name) for p in beside if (d := _distance(p, at)) <= self.use_m(p)]
        return min(near)[1] if near else ""

    def use_m(self, place: Place) -> float:
        """Return the radius in metres that the use of a place occupies."""
        return place.radius_m or self.rules.use_radius_m

    def arbiter(self, issuers: tuple[ParticipantId, ...]) -> str:
        """Return who can decide between issuers: their lowest common superior.

        A guest has no superior; then it is the lowest one above the others that is no party itself.
        """
        found = self.mission.arbiter(issuers)
        if found:
            return found
        led = tuple(i for i in issuers if self.mission.superiors(i))
        among = self.mission.arbiter(led)
        above = (among, *self.mission.superiors(among))
        return next((s for s in above if s and s not in issuers), "")

    def chain(self, a: str, b: str) -> bool:
        """Say whether two issuers are one, or one stands above the other."""
        return a == b or a in self.mission.superiors(b) or b in self.mission.superiors(a)

    def authority(self, issuer: str, over: str) -> int | None:
        """Return how far an issuer stands above the issuer of an order (0: it is the same), or None if it does not."""
        chain = (over, *self.mission.superiors(over))
        return chain.index(issuer) if issuer in chain else None

    def speaks_for(self, officer: str, participant: str) -> bool:
        """Say whether an action of one participant counts as another's: its own, or its duty desk's."""
        if officer == participant:
            return True
        who = self.mission.by_id.get(officer)
        return who is not None and who.role == "desk" and who.superior == participant


def _rule(rank: int, row: MatrixRow, a: frozenset[str], b: frozenset[str]) -> Rule | None:
    """Return a row as two parties play it, or None if it does not speak of them."""
    straight, crossed = row.a in a and row.b in b, row.b in a and row.a in b
    if straight and crossed:
        both = row.a if row.a == row.b else f"{row.a}/{row.b}"
        return Rule(rank, row, both, both)
    if straight:
        return Rule(rank, row, row.a, row.b)
    return Rule(rank, row, row.b, row.a) if crossed else None


def spot(section: Section, place: Place) -> Spot:
    """Return a section at its place."""
    return Spot(section, place, shape(Point(place.lon, place.lat), section.radius_m))


def _distance(place: Place, at: Pair) -> float:
    return length_m((place.lon, place.lat), at)


def _falls(row: Activity, body: Message) -> bool:
    """Say whether every test that a row of the activity table for its kind gives holds for a message."""
    (words, flag), (word, said) = _ASKS[row.kind](row), _says(body)
    return (not words or word in words) and (flag is None or flag == said)


def _moves(row: Activity, method: str, vehicles: frozenset[str]) -> bool:
    """Say whether somebody moves in a way, and with a vehicle, that a row of the activity table asks for."""
    wanted = {word.casefold() for word in row.vehicle}
    return (not row.method or method in row.method) and (not wanted or not wanted.isdisjoint(vehicles))


_ASKS: Final[dict[str, Callable[[Activity], tuple[tuple[str, ...], bool | None]]]] = {
    "directive": lambda row: (row.action, row.exclusive),
    "movement": lambda row: (row.movement, row.armed),
    "hazard": lambda row: (row.hazard, None),
    "protected-site": lambda row: (row.site, None),
    "incident": lambda row: (row.incident, None),
}
"""The words and the flag that a row of the activity table asks for."""


def _says(body: Message) -> tuple[str, bool | None]:
    """Return the word and the flag of a message that rows of the activity table ask for."""
    match body:
        case Directive():
            return body.action, body.exclusive
        case MovementNotice():
            return body.movement_kind, body.armed
        case HazardNotice():
            return body.hazard_kind, None
        case ProtectedSite():
            return body.site_kind, None
        case IncidentReport():
            return body.category, None
    return "", None
