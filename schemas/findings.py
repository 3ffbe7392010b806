"""A conflict between messages, with the evidence that anyone needs to compute it again.

Names and states are fixed (design §4); predicates stand in `coordinator.core.deconfliction`.
"""

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from schemas.base import Message, Value
from schemas.geo import AltitudeBand, Pair
from schemas.time import TimeWindow
from schemas.units import Degrees, Length, Micros

FindingKind = Literal[
    "incompatible-activities", "contradictory-orders", "asset-overbooked", "route-capacity", "uncoordinated-entry",
    "prohibited-zone", "restricted-zone", "caveat", "mandate", "authority", "command-fork", "stale-order",
    "frequency", "broken-dependency", "infeasible", "not-acknowledged", "duplicate-task", "undecidable",
    "task-deviation",
]  # fmt: skip
Severity = Literal["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO"]
SEVERITIES: tuple[Severity, ...] = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO")  # worst first
Certainty = Literal["definite", "possible", "unknown"]
FindingState = Literal["open", "acknowledged", "waived", "resolved-if-acknowledged", "closed"]


class Party(Value):
    """One of the messages in conflict. What a reader may not see of it, release leaves out."""

    id: str  # "" where the reader may not know it
    revision: int = 1
    kind: str = ""
    issuer: str = ""
    units: tuple[str, ...] = ()  # participants that perform it
    what: str = ""  # a short neutral phrase: "closure", "humanitarian movement"
    window: TimeWindow | None = None


class Evidence(Value):
    """Every number that the sentence uses. Distances in metres, gaps in seconds, windows in microseconds UTC."""

    rule: str = ""  # matrix row, section, clause
    place: str = ""
    at: Pair | None = None
    overlap: TimeWindow | None = None
    relation: str = ""  # Allen's relation of the windows, as seen from the first party
    distance_m: Length | None = None
    required_m: Length | None = None
    gap_s: float | None = None
    required_gap_s: float | None = None
    vertical_m: float | None = None
    required_vertical_m: float | None = None
    load_class: int | None = None  # what the section carries
    required_class: int | None = None  # what the vehicles need
    field: str = ""  # for undecidable: the field that could not be read
    missing: tuple[str, ...] = ()  # for not-acknowledged: participants that have not
    cites: tuple[str, ...] = ()  # ids (with revision) that the finding rests on besides the parties
    because: tuple[str, ...] = ()  # what made it only possible
    folded: tuple[str, ...] = ()  # rules that this finding implies
    lead_s: float | None = None  # between knowing of it and its start, if that was short and raised the severity
    authority: str = ""  # participant whose zone, area or asset it is, or whose permission is missing
    basis: str = ""  # clause or legal basis
    asset: str = ""
    capacity: float | None = None  # how much of the asset there is
    demands: tuple[float, ...] = ()  # how much each party wants, in the order of the parties
    frequencies_mhz: tuple[float, ...] = ()  # in the order of the parties
    separation_mhz: float | None = None
    required_mhz: float | None = None
    actions: tuple[str, ...] = ()  # what each party orders, in the order of the parties
    units: tuple[str, ...] = ()  # the unit that both want, or that is tasked, as the messages name it
    chains: tuple[str, ...] = ()  # command relations: "sc-hq OPCON xbl-batt"
    travel_s: float | None = None  # needed to get from one task to the other
    speed_mps: float | None = None  # that was assumed for it
    inside_m: float | None = None  # length of the way inside an area
    entry: Pair | None = None
    exit: Pair | None = None
    observed: Micros | None = None  # when a unit was seen there
    precedence: str = ""  # published rule on what goes first: a reason to be shown, no decision
    advice: str = ""  # what the mission's rule recommends, and who decides: the bus orders nothing


class Option(Value):
    """A way out. Options are a set: their order says nothing.

    With ``verified`` it is a computed change of ``party`` that was checked to create nothing new; the others name who
    can settle it. Exactly the fields that the word needs are given.
    """

    option: Literal[
        "shift", "headway", "altitude", "channel", "route", "move-out", "reduce", "asset",
        "liaison", "permission", "coordinate", "refer", "split", "cover", "withdraw", "re-issue", "acknowledge",
        "merge", "fix-field",
    ]  # fmt: skip
    party: str  # id of the message that would change; "" where none does
    verified: bool = False
    shift_s: float | None = None  # later if positive: `shift` and `headway`
    altitude: AltitudeBand | None = None
    frequency_mhz: float | None = None
    route: str = ""  # of the mission's gazetteer
    asset: str = ""
    distance_m: Length | None = None  # how far to move out, or how much smaller
    bearing_deg: Degrees | None = None  # where to move out
    who: str = ""  # participant to talk to or to decide
    known: int | None = None  # how many orders it was checked against
    text_key: str = ""
    note: str = ""


class Finding(Message):
    """A conflict and its state. ``id`` = hash of kind and sorted parties, so one that moves is an update."""

    KIND: ClassVar[str] = "finding"

    id: str
    finding_kind: FindingKind
    severity: Severity
    certainty: Certainty
    state: FindingState
    parties: Annotated[tuple[Party, ...], Meta(min_length=1)]
    evidence: Evidence = Evidence()
    options: tuple[Option, ...] = ()
    arbiter: str = ""  # lowest common superior: a role that can decide; the bus never says who gives way
    told: tuple[str, ...] = ()  # participants whom the finding concerns
    waits_for: tuple[str, ...] = ()  # participants whose wilco would close it
    first_at: Micros = 0
    at: Micros = 0
    sentence: str = ""  # rendered for the reader by release
    why: str = ""  # what changed the state: "amended by FHQ-FRAGO-03-101:1"
    only: tuple[str, ...] | None = None  # nobody else may know that it exists (caveats)
