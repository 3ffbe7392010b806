"""What a mission decides, as data: who takes part, who commands whom, where things are, what does not go together.

The mission file (TOML) is read and linted by `coordinator.config`; as JSON it travels in the log (`Config`), so a fold
needs nothing but the log. Numbers that a mission may choose differently are never in code: they are here, and default
to nothing where silence would be a guess.

Lengths are metres, speeds metres per second, durations seconds (``"15m"`` in the file), angles degrees WGS 84.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Literal, dataclass_transform

import msgspec

from schemas.findings import Severity
from schemas.units import Latitude, Longitude, ParticipantId


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """A part of the mission file; a word that is not known is a mistake of its author."""


class Participant(Table):
    """A contingent, an HQ, a duty desk or a guest. ``superior`` is the HQ that directs it (OPCON)."""

    id: ParticipantId
    name: str = ""
    nation: str = ""
    role: Literal["contingent", "hq", "desk", "guest"] = "contingent"
    superior: str = ""
    language: str = "en"
    format: str = "native"
    groups: tuple[str, ...] = ()
    units: tuple[str, ...] = ()  # names and call signs under which its units appear in messages
    watched: bool = False  # has a standing link: losing it is worth a notice
    types_for: tuple[str, ...] = ()  # participants it may type in for; "*" is everyone
    operator: bool = False  # may read the whole log through the log service


class Place(Table):
    """A named point of the gazetteer."""

    name: str
    lat: Latitude
    lon: Longitude
    radius_m: float = 0.0
    aliases: tuple[str, ...] = ()


class NamedRoute(Table):
    """A named way: names of places, or ``"lat,lon"``."""

    name: str
    points: tuple[str, ...]
    aliases: tuple[str, ...] = ()


class Section(Table):
    """A bridge, ford or narrow stretch whose capacity counts; ``place`` is a name of the gazetteer."""

    name: str
    place: str
    load_class: int | None = None  # until somebody reports one
    lanes: int | None = None
    headway_s: float | None = None
    radius_m: float = 50.0


class Activity(Table):
    """Which classes of activity a message falls into; every test that is given must hold.

    ``kind`` directive or movement or hazard or protected-site; ``action`` a directive's action; ``movement`` a
    movement's kind; ``hazard`` and ``site`` the kind of a hazard or a protected site; ``exclusive`` and ``armed`` the
    fields of that name.
    """

    classes: tuple[str, ...]
    kind: Literal["directive", "movement", "hazard", "protected-site"]
    action: tuple[str, ...] = ()
    movement: tuple[str, ...] = ()
    hazard: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    exclusive: bool | None = None
    armed: bool | None = None


class MatrixRow(Table):
    """A pair of activity classes that do not go together closer than this in place and time (K01)."""

    name: str  # "closure/use"
    a: str
    b: str
    severity: Severity
    distance_m: float = 0.0
    gap_s: float = 0.0
    vertical_m: float = 0.0
    touch: bool = True  # whether a shared border counts
    permit: Literal["either", "a", "b", "none"] = "either"  # whose list of permitted orders lifts it
    unless: tuple[str, ...] = ()  # permitted categories: classes of either party that lift it
    within: bool = False  # also between two activities of one performer in one chain of command


class VehicleType(Table):
    """What a mission assumes of a type of vehicle when the message does not say."""

    type: str
    aliases: tuple[str, ...] = ()  # as contingents write it in their languages
    load_class: int | None = None
    spacing_m: float = 50.0


class Speed(Table):
    """How fast a method of movement goes when the message does not say: between min and max, metres per second."""

    method: str
    min_mps: float
    max_mps: float


class Rules(Table):
    """Tolerances and periods of the checks."""

    use_radius_m: float = 150.0  # what a place without a size occupies
    capacity_severity: Severity = "CRITICAL"
    stale_severity: Severity = "HIGH"
    not_acknowledged_severity: Severity = "HIGH"
    notice_s: float = 3600.0  # before its start, an order must be acknowledged
    keep_s: float = 86400.0  # how long after its end something is still compared


class Acknowledge(Table):
    """Deadlines for acknowledging a card, by precedence, in seconds; 0 asks for none."""

    flash_s: float = 120.0
    immediate_s: float = 900.0
    priority_s: float = 3600.0
    routine_s: float = 0.0


class Presence(Table):
    """When lost contact becomes a notice."""

    notice_after_s: float = 600.0
    probe_every_s: float = 15.0
    grace_s: float = 30.0  # shorter than this is a reconnect, not a loss
    read_every_s: float = 60.0  # how often, at most, progress in reading is logged


class Cards(Table):
    """When findings are one problem, and how soon is soon."""

    distance_m: float = 2000.0
    gap_s: float = 7200.0
    immediate_s: float = 900.0  # CAP urgency: shorter lead times than this are Immediate
    expected_s: float = 3600.0  # and shorter than this Expected (CAP 1.2: "within next hour")


class Release(Table):
    """Who gets a kind when its label does not say: ``all``, ``chain`` or ``addressees``.

    ``chain`` is the originator, the addressees, the performing units' participants and everyone above those.
    """

    kind: str
    to: Literal["all", "chain", "addressees"]


class Classification(Table):
    """Who holds a classification of a policy: participants, nations, groups or ``all``.

    One that no row names is unknown, and an unknown one goes no further than the chain.
    """

    name: str
    policy: str = ""  # "" is every policy
    to: tuple[str, ...] = ()


class Withheld(Table):
    """A field that by default only some see: ``chain`` as in `Release`, ``originator`` nobody else."""

    field: str  # "directive.strength"
    to: Literal["chain", "originator"] = "chain"


class Mission(Table):
    """Everything a mission decides."""

    name: str
    title: str = ""
    zone: str = ""  # zone letter for local times; "" refuses times without one
    mgrs_square: str = ""
    kinds: tuple[str, ...] = ()  # kinds of a newer release: stored and forwarded, not read
    participants: tuple[Participant, ...] = ()
    places: tuple[Place, ...] = ()
    routes: tuple[NamedRoute, ...] = ()
    sections: tuple[Section, ...] = ()
    activities: tuple[Activity, ...] = ()
    matrix: tuple[MatrixRow, ...] = ()
    protected: tuple[str, ...] = ()  # classes whose POSSIBLE conflicts are not lowered
    vehicles: tuple[VehicleType, ...] = ()
    speeds: tuple[Speed, ...] = ()
    rules: Rules = Rules()
    acknowledge: Acknowledge = Acknowledge()
    presence: Presence = Presence()
    cards: Cards = Cards()
    release: tuple[Release, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    classifications: tuple[Classification, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Participant]:
        """Participants by id."""
        return {p.id: p for p in self.participants}

    @cached_property
    def _units(self) -> dict[str, str]:
        named = {u.casefold(): p.id for p in self.participants for u in (p.name, *p.units) if u}
        return named | {p.id: p.id for p in self.participants}

    @cached_property
    def _places(self) -> dict[str, Place]:
        return {n.casefold(): p for p in self.places for n in (p.name, *p.aliases)}

    @cached_property
    def _routes(self) -> dict[str, NamedRoute]:
        return {n.casefold(): r for r in self.routes for n in (r.name, *r.aliases)}

    def participant_of(self, unit: str) -> str:
        """Return the participant that a unit's name, call sign or id belongs to, or ""."""
        return self._units.get(unit.casefold(), "")

    def place(self, name: str) -> Place | None:
        """Return the place of that name, whatever its case."""
        return self._places.get(name.casefold())

    def route(self, name: str) -> NamedRoute | None:
        """Return the route of that name, whatever its case."""
        return self._routes.get(name.casefold())

    def superiors(self, participant: str) -> tuple[str, ...]:
        """Return who directs a participant, nearest first, without itself."""
        found: list[str] = []
        here = self.by_id.get(participant)
        while here and here.superior and here.superior not in found:
            found.append(here.superior)
            here = self.by_id.get(here.superior)
        return tuple(found)

    def arbiter(self, participants: tuple[str, ...]) -> str:
        """Return the lowest common superior of several participants (one of them, if it directs all others), or ""."""
        chains = [(p, *self.superiors(p)) for p in participants if p in self.by_id]
        if not chains:
            return ""
        shared = set(chains[0]).intersection(*chains[1:])
        return next((s for s in chains[0] if s in shared), "")

    def desks(self, participants: Iterable[str]) -> frozenset[str]:
        """Return the duty desks of these participants: they read and acknowledge for the HQ above them."""
        served = frozenset(participants)
        return frozenset(p.id for p in self.participants if p.role == "desk" and p.superior in served)

    def stands_for(self, participant: str) -> str:
        """Return the HQ that a duty desk acts for; anybody else acts for itself."""
        known = self.by_id.get(participant)
        return known.superior if known and known.role == "desk" and known.superior else participant

    def members(self, name: str) -> frozenset[str]:
        """Return the participants that a label's word means: an id, a nation, a group, or ``all``."""
        if name == "all":
            return frozenset(self.by_id)
        return frozenset(p.id for p in self.participants if name in (p.id, p.nation, *p.groups))
