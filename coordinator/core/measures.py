"""Control measures and means, as a mission decides them: zones, boundaries, command, mandate, assets, frequencies.

Lengths are metres, durations seconds, frequencies MHz, angles degrees WGS 84. ``"*"`` in a list means everything.
Source: reference deconfliction.md §2.3, §1.2 (FSCM: a measure has an establishing HQ and effective times).
"""

from typing import Final, Literal

import msgspec

from coordinator.core.table import Instant, Table
from schemas.directives import Action
from schemas.findings import Severity
from schemas.units import ParticipantId


class Ground(Table):
    """A piece of the earth: exactly one of a place of the gazetteer with a radius, a ring, or a line with a width.

    Corners are ``"lat,lon"`` or names of places; a ring need not repeat its first corner.
    """

    place: str = ""
    radius_m: float = 0.0
    ring: tuple[str, ...] = ()
    line: tuple[str, ...] = ()
    width_m: float = 0.0


class Period(Table):
    """From a start (inclusive) to an end (exclusive); a side that is left out is open."""

    start: Instant | None = None
    end: Instant | None = None


class Zone(Table):
    """A place or a line where some activities are prohibited (K06) or need a permission (K07).

    Instead of ``ground`` and ``periods`` it may follow the ``agreement``\\ s of a kind: their area while they hold.
    """

    name: str
    kind: Literal["prohibited", "restricted"]
    ground: Ground | None = None
    agreement: Literal["", "ceasefire", "silence"] = ""
    classes: tuple[str, ...] = ("*",)  # of activities
    periods: tuple[Period, ...] = ()  # none is always
    standoff_m: float = 0.0
    touch: bool = True  # whether a shared border counts
    floor_m: float | None = None  # heights that it spans; None is the whole column on that side
    ceiling_m: float | None = None
    reference: Literal["AGL", "MSL", "HAE"] = "AGL"
    authority: str = ""  # participant that may exempt or permit
    basis: str = ""  # legal basis, clause
    exempt: tuple[str, ...] = ()  # orders by id and revision, "FHQ-FRAGO-03-101:1"
    severity: Severity | None = None


class Boundary(Table):
    """An area of responsibility; who else works inside coordinates it with the owner (K05)."""

    name: str
    owner: ParticipantId
    ground: Ground
    periods: tuple[Period, ...] = ()
    open_to: tuple[str, ...] = ()  # participants, nations or groups that need no coordination
    classes: tuple[str, ...] = ("*",)  # activities that must be coordinated
    severities: dict[str, Severity] = msgspec.field(default_factory=dict)  # by class: {armed = "HIGH"}


TASKING: Final = frozenset(("OPCOM", "OPCON", "TACOM", "TACON"))
"""Relations that let a superior task a unit (AAP-06)."""


class CommandRow(Table):
    """A command relation beside the standing one of `Participant.superior`, which is OPCON without an end (K10).

    OPCOM, OPCON, TACOM and TACON let a superior task a unit; ADCON, LOGCON and COORD do not (AAP-06).
    """

    unit: ParticipantId
    superior: ParticipantId
    relation: Literal["OPCOM", "OPCON", "TACOM", "TACON", "ADCON", "LOGCON", "COORD"]
    actions: tuple[Action, ...] = ()  # none is every action
    periods: tuple[Period, ...] = ()
    instead: bool = False  # while it holds, the standing superior has lost that authority


class MandateRow(Table):
    """A clause of the mandate: what the mission may do, where, until when (K09). Without rows nothing is checked."""

    clause: str
    actions: tuple[str, ...] = ("*",)
    ground: Ground | None = None  # none is everywhere
    periods: tuple[Period, ...] = ()
    reference: bool = False  # the order must cite its authority (`on_order_of`)


UNPLACED: Final = frozenset(("comms", "airspace", "use-of-force"))
"""Actions whose area is not where the unit has to be (K02)."""


class Contradiction(Table):
    """Two actions that one unit cannot do at one time (K02)."""

    a: Action
    b: Action
    severity: Severity | None = None
    elsewhere: bool = False  # only if they are at different places


class Asset(Table):
    """Means that several want: ``capacity`` is how many, or how much, can be given out at a time (K03)."""

    name: str
    aliases: tuple[str, ...] = ()
    type: str = ""  # another one of the same type can stand in
    capacity: float = 1.0
    turnaround_s: float = 0.0
    owner: str = ""  # participant that decides
    severity: Severity | None = None


class Band(Table):
    """Frequencies that disturb each other closer than this in frequency and place (K13)."""

    name: str
    lower_mhz: float
    upper_mhz: float
    separation_mhz: float
    distance_m: float
    severity: Severity | None = None


class Guarded(Table):
    """A frequency that nobody else may use: distress, medical, air (K13)."""

    name: str
    frequency_mhz: float
    kind: Literal["TABOO", "GUARDED", "PROTECTED"]
    separation_mhz: float = 0.0
    holders: tuple[str, ...] = ()  # participants that may


class Allotment(Table):
    """The channels that a participant may use; "next free channel" looks here (K13)."""

    participant: ParticipantId
    channels_mhz: tuple[float, ...]


class Coverage(Table):
    """A place that others rely on being observed or held; they are told of the effect if that is in doubt (K19)."""

    place: str
    dependants: tuple[ParticipantId, ...] = ()
    radius_m: float = 500.0


class Precedence(Table):
    """A published rule that one class of activity goes before another: a reason that is shown, no decision."""

    over: str
    under: str
    rule: str


class Security(Table):
    """Who is told that a name was used by somebody else, besides whose name it is."""

    tell: tuple[str, ...] = ()  # participants, nations or groups; none is the duty desks


class Symmetric(Table):
    """Notices of a kind that go to several parties in the same words: reports of a violation, flights."""

    kind: str
    parties: tuple[str, ...]  # participants, nations or groups


class Symmetry(Table):
    """What parties are told alike. An agreement names its parties itself, and so may any message (`Addressee.role`)."""

    within_s: float = 300.0  # so far apart two parties may have it before its issuer is told
    notices: tuple[Symmetric, ...] = ()


class Hazards(Table):
    """Whom a hazard notice reaches (``[hazards]``): everybody whose plan crosses it, or whom the matrix names alone.

    ``severity`` is that of a hazard that meets a plan where no row of the matrix speaks of the two. A plan is an order,
    a movement or a protected site. Source: domain.md R-16, §2 (F11).
    """

    reach: Literal["plans", "matrix"] = "plans"
    severity: Severity = "LOW"


class Casevac(Table):
    """The clock of a CASEVAC (``[casevac]``): 10-1-2 from the injury, and how soon a launch is decided and flown.

    0 asks for no decision, or for no launch. Source: domain.md §1.6, R-07, R-21.
    """

    first_aid_s: float = 600.0
    resuscitation_s: float = 3600.0
    surgery_s: float = 7200.0
    approves: str = ""  # participant that decides on launches; "" is whoever is above all who were asked
    approval_s: float = 600.0  # from the request to that decision
    launch_s: float = 300.0  # behind the planned or ordered time something is in motion
    tell: tuple[str, ...] = ()  # participants that must act on every request besides its addressees


class Requests(Table):
    """How long a call for help may stay a promise (``[requests]``), by its precedence; 0 is as long as it likes.

    A promise that names its time, and a request that says by when it is needed, have those times instead. Until when
    somebody must have taken it says the request (`reply_by`), else ``[acknowledge]``.
    """

    flash_s: float = 300.0
    immediate_s: float = 1800.0
    priority_s: float = 7200.0
    routine_s: float = 0.0


class Budget(Table):
    """What a duty officer can be asked to look at; an after-action report counts against it."""

    cards_per_hour: float = 6.0
    crisis_per_hour: float = 12.0


class Validity(Table):
    """How long an acknowledgement holds, by precedence; then it is asked for again (``[acknowledge]``). 0: for ever."""

    flash_valid_s: float = 0.0
    immediate_valid_s: float = 0.0
    priority_valid_s: float = 0.0
    routine_valid_s: float = 0.0


class Handling(Table):
    """What an officer may do with a card (``[handling]``): how long it may be put aside; 0 is not at all.

    A card of flash precedence is never put aside. ``warn_s`` before its end, that end is announced.
    """

    shelve_immediate_s: float = 3600.0
    shelve_priority_s: float = 14_400.0
    shelve_routine_s: float = 43_200.0
    warn_s: float = 300.0
    offer_s: float = 900.0  # how long a card that was offered to somebody waits for its acknowledgement
    two_person: bool = False  # whether two different people have to close an extreme occasion
