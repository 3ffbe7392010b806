"""What participants report: situations, incidents, observations, casualties to move, stocks, positions, plain text.

Source: reference formats.md §3.3 and domain.md §1.5. Numbers only, never names of casualties, sources or detainees.
"""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from schemas.base import Message, Value
from schemas.envelope import Contact, UnitRef
from schemas.geo import AltitudeLimit, Area, Position
from schemas.time import TimeValue, TimeWindow
from schemas.units import Count, Degrees, Length, Metres, MetresPerSecond, Percent


class Casualties(Value):
    """Counts by what happened and by triage colour; never names."""

    killed: Count | None = None
    injured: Count | None = None
    missing: Count | None = None
    detained: Count | None = None
    displaced: Count | None = None
    red: Count | None = None
    yellow: Count | None = None
    green: Count | None = None
    black: Count | None = None


class Confidence(Value):
    """How far a report can be trusted: source A-F, content 1-6 (Admiralty code)."""

    reliability: Literal["", "A", "B", "C", "D", "E", "F"] = ""
    credibility: Annotated[int, Meta(ge=0, le=6)] = 0
    verified: bool | None = None


class Appraisal(Value):
    """How soon, how bad and how sure, in the words of CAP 1.2 §3.2.2; "" was not said, "Unknown" was."""

    urgency: Literal["", "Immediate", "Expected", "Future", "Past", "Unknown"] = ""
    severity: Literal["", "Extreme", "Severe", "Moderate", "Minor", "Unknown"] = ""
    certainty: Literal["", "Observed", "Likely", "Possible", "Unlikely", "Unknown"] = ""


class Section(Value):
    """One section of a report under the key of a known heading, or its own title."""

    key: str = ""
    title: str = ""
    text: str = ""


class StrengthLine(Value):
    """A line of a strength return."""

    category: str
    authorised: Count | None = None
    effective: Count | None = None
    absent: Count | None = None
    note: str = ""


class PatrolLine(Value):
    """A patrol in a report: what was done, when it left and came back; what it found stands in the sections."""

    id: str = ""
    places: tuple[str, ...] = ()
    window: TimeWindow | None = None  # from leaving to coming back
    strength: Count | None = None
    vehicles: str = ""
    distance_km: float | None = None
    note: str = ""


class BearerLine(Value):
    """How a bearer stands, as a COMSTAT says it; ``name`` as the mission calls it."""

    name: str
    state: Literal["up", "degraded", "down"] = "up"
    note: str = ""


class SituationReport(Message):
    """A SITREP, INTSUM, assessment or patrol report over a period."""

    KIND: ClassVar[str] = "sitrep"

    period: TimeWindow
    report_type: Literal["daily", "weekly", "monthly", "flash", "intsum", "intrep", "assessment", "patrol"] = "daily"
    report_no: str = ""
    area: Area | None = None
    location: Position | None = None
    sections: tuple[Section, ...] = ()
    strength: tuple[StrengthLine, ...] = ()
    incidents: tuple[str, ...] = ()
    nothing_to_report: bool = False
    next_contact: TimeValue | None = None  # until then nobody need wonder at silence
    silence: TimeWindow | None = None  # planned: no contact is expected in it
    bearers: tuple[BearerLine, ...] = ()
    place_name: str = ""  # where the unit is, as a name of the gazetteer
    patrols: tuple[PatrolLine, ...] = ()


class Actor(Value):
    """Somebody in an incident, by role; parties are described, never named as hostile by the bus."""

    role: Literal["actor", "victim", "observer", "party"] = "actor"
    description: str = ""
    unit: UnitRef | None = None
    size: str = ""


class Violation(Value):
    """What a cease-fire violation report adds; attribution stays undetermined until two sources and a verifier."""

    agreement: str = ""
    article: str = ""
    attribution: str = "undetermined"
    protest_lodged: bool | None = None
    sources: tuple[str, ...] = ()  # kinds of sources of the attribution, never names
    verifier: str = ""  # function that verified it: an attribution needs two sources and a verifier


class IncidentReport(Message):
    """Something that happened: flash, incident, cease-fire violation, METHANE."""

    KIND: ClassVar[str] = "incident"

    category: str
    occurred: TimeValue | None = None
    subcategory: str = ""
    stage: Literal["flash", "initial", "follow-up", "final"] = "initial"
    observed: TimeValue | None = None
    reported: TimeValue | None = None
    position: Position | None = None
    area: Area | None = None
    place_name: str = ""
    actors: tuple[Actor, ...] = ()
    activity: str = ""
    casualties: Casualties | None = None
    damage: str = ""
    hazards: str = ""
    access: str = ""
    action_taken: str = ""
    action_requested: str = ""
    assessment: str = ""
    violation: Violation | None = None
    safety_radius_m: Length | None = None  # how far around it is dangerous
    danger: Literal["", "present", "lifted"] = ""
    confidence: Confidence | None = None
    appraisal: Appraisal | None = None
    ended: TimeValue | None = None
    seen_from: Position | None = None  # where the observer stood
    method: Literal["", "seen", "heard", "reported"] = ""
    direction_deg: Degrees | None = None  # from the observer to what was seen or heard
    range_m: Length | None = None
    weapons: str = ""  # class and calibre, as reported
    rounds: Count | None = None
    intention: str = ""  # what the reporting unit means to do
    media_interest: str = ""


class Observation(Message):
    """What somebody saw: SALUTE, SPOTREP, a marker, a movement's progress (``about`` names it)."""

    KIND: ClassVar[str] = "observation"

    observed: TimeValue | None = None
    size: str = ""
    activity: str = ""
    position: Position | None = None
    place_name: str = ""
    unit: str = ""
    equipment: str = ""
    assessment: str = ""
    about: str = ""
    symbol: str = ""
    altitude_m: Metres | None = None
    confidence: Confidence | None = None
    area: Area | None = None  # where it is, if it is no point: a shape on a map
    altitude: AltitudeLimit | None = None  # a height that is not above the ellipsoid


class Precedences(Value):
    """Line 3 of a 9-line: how many patients of each precedence."""

    urgent: Count = 0
    urgent_surgical: Count = 0
    priority: Count = 0
    routine: Count = 0
    convenience: Count = 0


class Patients(Value):
    """Line 5 of a 9-line: how they can be carried."""

    litter: Count = 0
    ambulatory: Count = 0
    escort: Count = 0


class PatientDetail(Value):
    """One patient by (A)T-MIST: age, time, mechanism, injuries, signs, treatment; never a name."""

    label: str = ""  # "1", "A": as the request numbers them
    age: str = ""
    injured_at: TimeValue | None = None
    mechanism: str = ""
    injuries: str = ""
    signs: str = ""
    treatment: str = ""


class MedevacRequest(Message):
    """A 9-line MEDEVAC or UN CASEVAC request. Patients are numbers; the clock runs from ``injured_at``."""

    KIND: ClassVar[str] = "medevac"

    pickup: Position | None = None
    pickup_name: str = ""
    mission_kind: Literal["casevac", "medevac"] = "casevac"
    callsign: str = ""
    frequency: str = ""
    precedences: Precedences = Precedences()
    equipment: tuple[str, ...] = ()
    patients: Patients = Patients()
    security: str = ""
    marking: str = ""
    nationality: str = ""
    terrain: str = ""
    cbrn: str = ""
    injured_at: TimeValue | None = None
    requested_at: TimeValue | None = None
    destination: str = ""
    state: Literal["asked", "planned", "ordered", "in-motion", "done", "refused"] = "asked"
    casualties: Count | None = None  # how many, where the request says so
    hazards: str = ""
    landing_site: str = ""
    contact: Contact | None = None
    details: tuple[PatientDetail, ...] = ()
    notes: tuple[Section, ...] = ()  # further words of the form, each under the key that it has there


class StockLine(Value):
    """A line of a logistics return; counts in ``unit``."""

    item: str
    supply_class: str = ""
    unit: str = ""
    authorised: float | None = None
    on_hand: float | None = None
    serviceable: float | None = None
    required: float | None = None
    days_of_supply: float | None = None


class LogisticsStatus(Message):
    """A LOGSITREP: what is there and how long it lasts."""

    KIND: ClassVar[str] = "logistics"

    as_of: TimeValue
    unit: UnitRef | None = None
    lines: tuple[StockLine, ...] = ()
    remarks: str = ""


class PositionReport(Message):
    """Where one thing was at one time: a CoT event, a C2SIM position, an AIS report. Latest wins."""

    KIND: ClassVar[str] = "position"

    subject: UnitRef
    position: Position
    at: TimeValue
    stale_at: TimeValue | None = None
    hae_m: Metres | None = None
    le_m: Length | None = None
    course_deg: Degrees | None = None
    speed_mps: MetresPerSecond | None = None
    affiliation: Literal["", "pending", "unknown", "friend", "neutral", "suspect", "hostile", "other"] = ""
    symbol: str = ""  # the format's own type code, e.g. a CoT type
    how: str = ""
    battery_pct: Percent | None = None
    remarks: str = ""
    altitude: AltitudeLimit | None = None  # a height that is not above the ellipsoid


class TextMessage(Message):
    """Words between people: a chat line, a note. The bus reads no orders out of it."""

    KIND: ClassVar[str] = "message"

    text: str
    room: str = ""
    at: TimeValue | None = None
    sender: UnitRef | None = None
    position: Position | None = None
    contact: Contact | None = None
