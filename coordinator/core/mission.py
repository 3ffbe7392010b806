"""What a mission decides, as data: who takes part, who commands whom, where things are, what does not go together.

The mission file (TOML) is read and linted by `coordinator.config`; as JSON it travels in the log (`Config`), so a fold
needs nothing but the log. Numbers that a mission may choose differently are never in code: they are here, and default
to nothing where silence would be a guess.

Lengths are metres, speeds metres per second, durations seconds (``"15m"`` in the file), angles degrees WGS 84.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Literal

import msgspec

from coordinator.core import extent
from coordinator.core.duties import Ladder, Row, Watch
from coordinator.core.expected import Agreement, Return, Trunk
from coordinator.core.measures import (
    Allotment,
    Asset,
    Band,
    Boundary,
    Budget,
    Casevac,
    CommandRow,
    Contradiction,
    Coverage,
    Guarded,
    Handling,
    Hazards,
    MandateRow,
    Precedence,
    Requests,
    Security,
    Symmetry,
    Validity,
    Zone,
)
from coordinator.core.table import Table
from schemas.findings import FindingKind, Severity
from schemas.subjects import Precedence as Urgency
from schemas.units import Latitude, Longitude, ParticipantId

Bearer = Literal["files", "http", "smtp", "tak", "short", "webhook"]


class Channel(Table):
    """A way in and out for a participant besides its own connection to the bus. Where it is reached is the host's.

    ``files`` is a drop folder, ``http`` requests of its own, ``smtp`` mail, ``tak`` a TAK client's stream, ``short``
    messages of at most 270 bytes by SMS or satellite burst, ``webhook`` our requests to a server of its own, one way.
    """

    name: str  # lower-case token: stands in the name of the cursor behind what went out
    kind: Bearer
    address: str = ""  # the mail address, the number of the phone or terminal, or the URL; the others need none
    format: str = ""  # what goes out is written in; "" is the participant's
    language: str = ""  # "" is the participant's
    carries: tuple[str, ...] = ()  # kinds that go out; none given is every kind
    precedence: Urgency = "routine"  # what is less urgent does not go out here
    max_bytes: int = 0  # of one thing that goes out; 0 is what the bearer takes


class Column(Table):
    """A column of a participant's own tables, where the head is none that everybody knows."""

    head: str  # as it stands above the column, upper and lower case alike; two rows of heads with a blank between
    field: str  # a field of a table: "place", "from", "load_class"
    language: str = ""  # in which its tables are written; "" is whichever knows most of the other heads


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
    aliases: tuple[str, ...] = ()  # other names and call signs of it as a whole
    units: tuple[str, ...] = ()  # names and call signs under which its units appear in messages
    watched: bool = False  # has a standing link: losing it is worth a notice
    types_for: tuple[str, ...] = ()  # participants it may type in for; "*" is everyone
    operator: bool = False  # may read the whole log through the log service
    channels: tuple[Channel, ...] = ()
    columns: tuple[Column, ...] = ()


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
    alternatives: tuple[str, ...] = ()  # names of other routes that lead there as well


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

    ``kind`` says which messages; ``action`` a directive's action; ``movement`` a movement's kind; ``hazard`` and
    ``site`` the kind of a hazard or a protected site; ``incident`` the category of an incident; ``method`` foot,
    vehicle, air or boat; ``vehicle`` a type of the vehicle table, or a class of it; ``exclusive`` and ``armed`` the
    fields of that name.
    """

    classes: tuple[str, ...]
    kind: Literal["directive", "movement", "hazard", "protected-site", "incident"]
    action: tuple[str, ...] = ()
    movement: tuple[str, ...] = ()
    hazard: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    incident: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    vehicle: tuple[str, ...] = ()
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
    notice_s: float | None = None  # shorter lead times raise the severity by one; None is `rules.notice_s`
    advice: str = ""  # what the mission's rules recommend, and who decides: "recommend CHECK FIRE; decision: ..."


class VehicleType(Table):
    """What a mission assumes of a type of vehicle when the message does not say."""

    type: str
    aliases: tuple[str, ...] = ()  # as contingents write it in their languages
    load_class: int | None = None
    spacing_m: float = 50.0
    classes: tuple[str, ...] = ()  # "armoured", "tracked": words that caveats and activities use


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
    travel_within_s: float = 21600.0  # K15: tasks of one unit further apart in time are not compared
    rest_s: float = 0.0  # K15: rest that a unit needs between two tasks
    deviation_m: float = 500.0  # K19: how far from its place a unit still is there
    deviation_lead_s: float = 14400.0  # K19: how long before the start leaving the place counts
    coverage_grace_s: float = 1200.0  # K19: how long a place stays covered after a unit has left
    duplicate_m: float = 100.0  # K17: the same place
    checks_per_hour: int = 20  # blind checks that one participant may ask for
    coarse_m: float = 1000.0  # blind answers name places no finer than this
    coarse_s: float = 1800.0  # and times no finer than this
    clock_tolerance_s: float = 300.0  # a sender's clock further ahead than this is said to be wrong
    options_per_message: int = 16  # findings of one input for which ways out are worked out
    shift_s: float = 86_400.0  # how much sooner or later an order is looked at as a way out
    shift_step_s: float = 60.0  # in steps of this: a minute, as date-time groups have it
    capacity_orders: int = 1_000_000  # active orders beyond which the answer is "unknown"
    shadow_every: int = 100  # of so many messages, one is compared with brute force; 0 is none
    shadow_orders: int = 128  # with how many other orders it is compared then, from near and from anywhere


class Acknowledge(Validity):
    """Deadlines for acknowledging a card, by precedence, in seconds; 0 asks for none."""

    flash_s: float = 120.0
    immediate_s: float = 900.0
    priority_s: float = 3600.0
    routine_s: float = 0.0


class Presence(Table):
    """When lost contact becomes a notice."""

    notice_after_s: float = 600.0
    flash_after_s: float = 300.0  # the same, if it had reported an emergency
    flash_within_s: float = 3600.0  # so long before the loss
    probe_every_s: float = 15.0
    grace_s: float = 30.0  # shorter than this is a reconnect, not a loss
    read_every_s: float = 60.0  # how often, at most, progress in reading is logged


class Cards(Table):
    """When findings are one problem, how soon is soon, and how much is too much.

    Somebody that gets more than ``flood_cards`` new cards within ``flood_window_s`` gets further ones as a group, until
    no more than half as many come; 0 is never. What begins and ends more than ``flap_changes`` times within
    ``flap_window_s`` flaps until it was quiet for ``flap_quiet_s``.
    """

    distance_m: float = 2000.0
    gap_s: float = 7200.0
    immediate_s: float = 900.0  # CAP urgency: shorter lead times than this are Immediate
    expected_s: float = 3600.0  # and shorter than this Expected (CAP 1.2: "within next hour")
    flood_cards: int = 10
    flood_window_s: float = 600.0
    flap_changes: int = 4  # 0 is any number
    flap_window_s: float = 1800.0
    flap_quiet_s: float = 600.0
    flap_every_s: float = 600.0  # how often, at most, a card that flaps changes for it


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
    handling: Handling = Handling()
    presence: Presence = Presence()
    cards: Cards = Cards()
    release: tuple[Release, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    classifications: tuple[Classification, ...] = ()
    zones: tuple[Zone, ...] = ()
    boundaries: tuple[Boundary, ...] = ()
    command: tuple[CommandRow, ...] = ()
    mandate: tuple[MandateRow, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    assets: tuple[Asset, ...] = ()
    bands: tuple[Band, ...] = ()
    guarded: tuple[Guarded, ...] = ()
    allotments: tuple[Allotment, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    precedence: tuple[Precedence, ...] = ()
    bearers: tuple[Trunk, ...] = ()
    returns: tuple[Return, ...] = ()
    reports: Agreement = Agreement()
    security: Security = Security()
    symmetry: Symmetry = Symmetry()
    casevac: Casevac = Casevac()
    hazards: Hazards = Hazards()
    requests: Requests = Requests()
    budget: Budget = Budget()
    routing: tuple[Row, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    roster: tuple[Watch, ...] = ()
    severities: dict[FindingKind, Severity] = msgspec.field(default_factory=dict)  # not deconfliction.md §2.3's

    @cached_property
    def box(self) -> extent.Box | None:
        """Where it is: west, south, east, north; None if that is nowhere or nearly everywhere."""
        return extent.box(self)

    @cached_property
    def by_id(self) -> dict[str, Participant]:
        """Participants by id."""
        return {p.id: p for p in self.participants}

    @cached_property
    def _units(self) -> dict[str, str]:
        named = {u.casefold(): p.id for p in self.participants for u in (p.name, *p.aliases, *p.units) if u}
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

    @cached_property
    def _above(self) -> dict[str, tuple[str, ...]]:
        return {p.id: self._chain(p.id) for p in self.participants}

    def superiors(self, participant: str) -> tuple[str, ...]:
        """Return who directs a participant, nearest first, without itself."""
        return self._above.get(participant, ())

    def _chain(self, participant: str) -> tuple[str, ...]:
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
