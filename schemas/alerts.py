"""What people look at: one card per problem, and the notices of presence. Four axes that are never mixed.

Source: reference console.md §6; CAP 1.2 for urgency, severity and certainty; design §5.
"""

from typing import ClassVar, Literal

from schemas.base import Message, Value
from schemas.findings import FindingState, Severity
from schemas.geo import Pair
from schemas.subjects import Precedence
from schemas.units import Micros

CapSeverity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
CapUrgency = Literal["Immediate", "Expected", "Future", "Past", "Unknown"]
CapCertainty = Literal["Observed", "Likely", "Possible", "Unlikely", "Unknown"]
AlertKind = Literal[
    "conflict", "contact-lost", "late-acknowledgement", "not-accepted", "integrity", "overdue", "medical", "security",
    "cannot-comply", "request", "liaison", "unwatched", "imbalance", "disagreement", "flood",
]  # fmt: skip
Work = Literal["raised", "acknowledged", "in-progress", "resolved", "cancelled", "superseded"]

CAP_SEVERITY: dict[Severity, CapSeverity] = {
    "CRITICAL": "Extreme",
    "HIGH": "Severe",
    "MEDIUM": "Moderate",
    "LOW": "Minor",
}
PRECEDENCE: dict[CapSeverity, Precedence] = {
    "Extreme": "flash",
    "Severe": "immediate",
    "Moderate": "priority",
    "Minor": "routine",
    "Unknown": "priority",
}


class Member(Value):
    """A finding on a card, as far as the reader may see it."""

    finding: str
    finding_kind: str
    severity: Severity
    state: FindingState
    sentence: str = ""


class Rest(Value):
    """The findings of a card that are not listed: exact counts, by state and by severity."""

    count: int
    states: dict[str, int] = {}
    severities: dict[str, int] = {}


class Told(Value):
    """One participant that was told, and what it did: the acknowledgement axis."""

    participant: str
    since: Micros
    due: Micros | None = None  # acknowledgement deadline; None where none is owed, or while the clock stands still
    acknowledged_at: Micros | None = None
    acknowledged_rev: int | None = None  # 0: acknowledged before this card took over from another
    late: bool = False
    unreachable: bool = False


class Shelved(Value):
    """Put aside until a time, by somebody, for a reason."""

    until: Micros
    by: str
    why: str


class Alert(Message):
    """A card. ``rev`` counts its changes; ``material_rev`` is the last change that an officer must have seen."""

    KIND: ClassVar[str] = "alert"

    id: str
    alert_kind: AlertKind
    rev: int
    material_rev: int
    severity: CapSeverity
    urgency: CapUrgency
    certainty: CapCertainty
    work: Work = "raised"
    escalation: int = 0
    shelved: Shelved | None = None
    inhibited_by: str = ""
    fingerprint: str = ""
    members: tuple[Member, ...] = ()  # all findings, or of very many those that matter most
    rest: Rest | None = None  # the others; None if all are listed
    joined: tuple[str, ...] = ()  # with ``rest``: findings that came to the card since its last revision
    left: tuple[str, ...] = ()  # with ``rest``: findings that left it
    parties: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    owner: str = ""  # who has it
    arbiter: str = ""
    place: str = ""
    at: Pair | None = None
    event_from: Micros | None = None
    event_to: Micros | None = None
    raised_at: Micros = 0
    changed_at: Micros = 0
    merged_into: str = ""
    merged_from: tuple[str, ...] = ()
    split_from: str = ""  # the card that this one broke away from, and that goes on
    about: str = ""  # the participant that an alert of presence or lateness is about
    undelivered: int = 0  # for contact-lost: cards of that participant not acknowledged
    undelivered_severity: str = ""  # the worst of those, in the words of findings: "HIGH"
    card: str = ""  # for late-acknowledgement and not-accepted: the card that it is about
    answers: str = ""  # for not-accepted: the id of the officer's action
    text_key: str = ""
    next_key: str = ""  # the text of the next step, where it does not follow from the state of the work
    args: dict[str, str | int] = {}  # the values of these texts: names that end in "_at" are instants in microseconds
    refers: tuple[str, ...] = ()  # for cards without findings: the messages that it follows from, by id
    headline: str = ""  # rendered for the reader by release
    next_step: str = ""
    why: str = ""  # what changed, in the words of `coordinator.core.revisions.CHANGES`
    only: tuple[str, ...] | None = None  # nobody else may know that it exists
