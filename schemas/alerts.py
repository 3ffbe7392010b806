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
    "cannot-comply", "request", "liaison", "unwatched", "imbalance", "disagreement", "flood", "bearer-down",
    "undelivered",
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
    step: int = 0  # steps of its ladder that were taken since it was asked
    second_at: Micros | None = None  # since when it is to go out by another bearer as well, unless acknowledged
    voice_at: Micros | None = None  # since when it is to be called by voice
    typed_by: str = ""  # the participant that typed the acknowledgement in for it
    lapsed_at: Micros | None = None  # its acknowledgement held no longer than until then


class Shelved(Value):
    """Put aside until a time, by somebody, for a reason. It does not ring, and counts on."""

    until: Micros
    by: str
    why: str
    officer: str = ""  # the function of whoever did it
    ends_soon: bool = False  # its end was announced


class Deed(Value):
    """What an officer did with a card: for which participant, in which function, why, when.

    ``typed_by`` is the participant that typed it in for ``by``, and ``spoken_by`` the function of whoever said it.
    """

    by: str
    officer: str = ""
    why: str = ""
    at: Micros = 0
    typed_by: str = ""
    spoken_by: str = ""


class Handover(Value):
    """A card that was offered to somebody: it stays with whoever has it until the other acknowledges."""

    to: str
    until: Micros  # then the offer has lapsed
    offer: Deed
    state: Literal["offered", "accepted", "declined", "lapsed", "withdrawn"] = "offered"
    answer: Deed | None = None


class Line(Value):
    """A sentence below a headline: a text and its values, as in `Alert`; release renders it for the reader.

    ``valid_at`` is when what it says was so; ``card`` is a card that this one covers (its ``inhibited_by``). Only those
    in ``only`` read it; None is everybody who reads the card.
    """

    text_key: str
    args: dict[str, str | int] = {}
    valid_at: Micros | None = None
    card: str = ""
    only: tuple[str, ...] | None = None
    text: str = ""


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
    escalated: Deed | None = None  # the last time that an officer called for whoever is above
    shelved: Shelved | None = None
    handover: Handover | None = None  # the last one
    called: tuple[str, ...] = ()  # told because an officer or a row of the routing tree called for them
    closing: tuple[Deed, ...] = ()  # who closed it by hand; where a mission wants two, the first alone closes nothing
    inhibited_by: str = ""
    grouped: dict[str, str] = {}  # participants that got it in a group of new cards only, with the card of that group
    flapping: Micros | None = None  # since when what it is about comes and goes
    fingerprint: str = ""  # of its kind, parties, place and documents
    count: int = 1  # how often it was raised, or came again
    first_seen: Micros = 0
    last_seen: Micros = 0
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
    lines: tuple[Line, ...] = ()  # what an officer should know besides
    children: tuple[str, ...] = ()  # cards that this one covers: not rung, counted here
    refers: tuple[str, ...] = ()  # for cards without findings: the messages that it follows from, by id
    headline: str = ""  # rendered for the reader by release
    next_step: str = ""
    why: str = ""  # what changed, in the words of `coordinator.core.revisions.CHANGES`
    only: tuple[str, ...] | None = None  # nobody else may know that it exists
