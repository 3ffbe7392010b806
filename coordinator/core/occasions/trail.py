"""What each participant said last: what a notice of lost contact tells about it, and silence that it had planned.

A source that says no occasion of its own: `coordinator.core.losses` asks it. Of everything it keeps who may read it, so
that a notice says nothing to anybody that the message itself would not.

Source: domain.md §4.1 (R-22: lost while in contact, last asked for air support; planned silence never alarms).
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from coordinator.core import audience
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.orders.viewing import unlabelled
from coordinator.core.recall import Records
from coordinator.core.redact import overlaps
from coordinator.core.step import Logged
from schemas import subjects
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.geo import Pair, Position
from schemas.label import Label
from schemas.liaison import LiaisonRequest
from schemas.operations import Presence
from schemas.reports import (
    IncidentReport,
    LogisticsStatus,
    MedevacRequest,
    Observation,
    PositionReport,
    SituationReport,
)
from schemas.time import TimeWindow

KINDS: Final = (
    SituationReport.KIND, IncidentReport.KIND, MedevacRequest.KIND, LogisticsStatus.KIND, Observation.KIND,
    LiaisonRequest.KIND, Directive.KIND, Acknowledgement.KIND,
)  # fmt: skip
REPORTS: Final = (SituationReport, IncidentReport, MedevacRequest, LogisticsStatus, Observation)
PLACES: Final = {
    SituationReport.KIND: ("location",), IncidentReport.KIND: ("position",), MedevacRequest.KIND: ("pickup",),
    Observation.KIND: ("position",),
}  # fmt: skip
ORDERS: Final = 64  # orders of one participant that are remembered, the newest
SILENCES: Final = 8  # planned silences, likewise
WORDS: Final = 60  # characters of what somebody asked for
BEFORE: Final = 8  # of one sort: the newest, and older ones for those who may not read a newer one


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a participant said. ``at`` is when it was logged."""

    at: int
    id: str
    kind: str
    readers: frozenset[str]
    what: str = ""  # what was asked for, in the sender's words


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a participant was, by its own word."""

    at: int
    where: Pair
    readers: frozenset[str]


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """From when until when a participant said that it would be silent, and when it said so."""

    id: str
    said_at: int
    start: int
    end: int
    readers: frozenset[str]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order that a participant has to carry out and has not acknowledged."""

    id: str
    issuer: str
    readers: frozenset[str]


class Known(msgspec.Struct, kw_only=True):
    """Everything that is remembered of one participant."""

    seen: bool = False  # it was connected once
    reports: list[Said] = []  # this and the next three: the newest first, as `newest` keeps them
    emergencies: list[Said] = []
    requests: list[Said] = []
    places: list[Place] = []
    silences: list[Silence] = []
    orders: list[Order] = []


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody said of a bearer."""

    at: int
    by: str
    down: bool


class State(msgspec.Struct, kw_only=True):
    """Everything that is remembered."""

    format: Literal["trail 2"] = "trail 2"
    known: dict[str, Known] = {}
    bearers: dict[str, dict[str, Declared]] = {}  # bearer -> who said it -> what it said last


class Trail:
    """What each participant said last (see `Source`)."""

    NAME: ClassVar[str] = "trail"
    READS: ClassVar[tuple[str, ...]] = (*(subjects.records(kind) for kind in KINDS), subjects.ALL_PRESENCE)
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = {
        "contact-lost-emergency": ("about", "count", "severity"), "contact-lost-next": ("who",),
        "bearer-down": ("bearer", "down_at"), "bearer-child": ("who", "lost_at", "count"), "bearer-next": ("bearer",),
        "lost-after-incident": ("id",), "lost-after-medevac": ("id",), "lost-after-flash": ("id",),
        "lost-last-report": ("id",), "lost-no-report": (), "lost-last-position": ("place",), "lost-no-position": (),
        "lost-last-request": ("id", "asked", "said_at"), "lost-orders": ("count",), "lost-silence": ("end_at",),
        "lost-again": ("count",), "line-valid": ("text", "valid"), "valid-as-of": ("at",),
    }  # fmt: skip

    def __init__(self) -> None:
        self.state = State()
        self.versions: dict[str, int] = {}  # how often what is known of each has changed since this was made
        self._mission = Mission(name="")

    def adopt(self, mission: Mission) -> None:
        """Take another mission."""
        self._mission = mission

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Remember what a message says."""
        body, envelope = message.body, message.envelope
        if isinstance(body, Presence):
            self._seen(body)
        elif envelope.kind in KINDS:
            if envelope.status == "cancel":
                self._withdraw(envelope.originator, envelope.id)
            else:
                self._said(message, body)
        return ()

    def wake(self, now: int) -> Iterable[Occasion]:
        """Do nothing."""
        return ()

    def next_wake(self) -> int | None:
        """Return None: it has no timer."""
        return None

    def snapshot(self) -> bytes:
        """Return the whole state."""
        return msgspec.json.encode(self.state, order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot."""
        self.state = msgspec.json.decode(data, type=State)

    def of(self, participant: str) -> Known:
        """Return what is known of a participant."""
        return self.state.known.get(participant) or Known()

    # -- what messages say --------------------------------------------------------------------------------------------

    def _of(self, participant: str) -> Known:
        """Return what is known of a participant, to be changed."""
        self.versions[participant] = self.versions.get(participant, 0) + 1
        return self.state.known.setdefault(participant, Known())

    def _said(self, message: Logged, body: Message) -> None:
        envelope = message.envelope
        decision = audience.decide(envelope, body, self._mission, Records())
        said = Said(at=message.at, id=envelope.id, kind=envelope.kind, readers=decision.readers)
        if isinstance(body, Directive):
            self._ordered(said, envelope.originator, decision.acting)
            return
        if isinstance(body, Acknowledgement):
            self._answered(envelope.originator, body)
            return
        known = self._of(envelope.originator)
        if isinstance(body, REPORTS):
            known.reports = newest(said, known.reports)
        if envelope.precedence == "flash" or isinstance(body, IncidentReport | MedevacRequest):
            known.emergencies = newest(said, known.emergencies)
        for field, what in _asked(body):
            known.requests = newest(replace(said, what=what, readers=readers(decision, field)), known.requests)
        for field, place in _where(body):
            here = Place(at=message.at, where=(place.lon, place.lat), readers=readers(decision, field))
            known.places = newest(here, known.places)
        if isinstance(body, SituationReport):
            self._planned(known, envelope.id, body, message.at, readers(decision, "next_contact", "silence"))
            named = {trunk.name for trunk in self._mission.bearers} if unlabelled(envelope) else frozenset[str]()
            for line in (line for line in body.bearers if line.name in named):
                heard = Declared(at=message.at, by=envelope.originator, down=line.state == "down")
                self.state.bearers.setdefault(line.name, {})[envelope.originator] = heard

    def _planned(self, known: Known, identity: str, body: SituationReport, now: int, readers: frozenset[str]) -> None:
        planned = list(_silences(body, now))
        known.silences = [s for s in known.silences if s.id != identity]
        known.silences += [
            Silence(id=identity, said_at=now, start=start, end=end, readers=readers)
            for start, end in planned
            if end > now
        ]
        del known.silences[:-SILENCES]

    def _withdraw(self, participant: str, identity: str) -> None:
        known = self._of(participant)
        known.silences = [s for s in known.silences if s.id != identity]
        for name, other in self.state.known.items():
            left = [o for o in other.orders if (o.id, o.issuer) != (identity, participant)]
            if len(left) < len(other.orders):
                self._of(name).orders = left

    def _ordered(self, said: Said, issuer: str, acting: frozenset[str]) -> None:
        for participant in sorted(acting - {issuer}):
            known = self._of(participant)
            known.orders = [o for o in known.orders if o.id != said.id]
            known.orders.append(Order(id=said.id, issuer=issuer, readers=said.readers))
            del known.orders[:-ORDERS]

    def _answered(self, participant: str, body: Acknowledgement) -> None:
        if body.step != "delivered":
            known = self._of(participant)
            known.orders = [o for o in known.orders if o.id != body.of.id]

    def _seen(self, presence: Presence) -> None:
        """Remember what an observer of contact found; a report says where the sender was, if newer."""
        known = self.state.known.setdefault(presence.participant, Known())
        known.seen = True
        if presence.position is None or presence.position_at is None:
            return
        known = self._of(presence.participant)
        readers = _of_position(presence, self._mission)
        known.places = newest(Place(at=presence.position_at, where=presence.position, readers=readers), known.places)


_Read = TypeVar("_Read", Said, Place)


def newest(new: _Read, before: Iterable[_Read]) -> list[_Read]:
    """Return the newest of some things first, and of older ones those that somebody reads who reads no newer one.

    So what somebody may not read takes the place of nothing that he may.
    """
    kept: list[_Read] = []
    all_: list[_Read] = [new]
    all_.extend(before)
    covered = frozenset[str]()
    for one in sorted(all_, key=lambda o: -o.at):  # stable: of two at one time, the one that came last
        if not one.readers <= covered:
            kept.append(one)
            covered |= one.readers
    return kept[:BEFORE]


def readers(decision: audience.Decision, *fields: str) -> frozenset[str]:
    """Return who may read all of some fields of a message."""
    closed = (c.to for c in decision.closed if any(overlaps(c.path, (field,)) for field in fields))
    return decision.readers.intersection(*closed)


def _asked(body: Message) -> Iterator[tuple[str, str]]:
    """Yield the field in which a message asks for something, and what, in the sender's words."""
    match body:
        case LiaisonRequest(subject=asked) if not audience.is_session(body) and asked.strip():
            yield "subject", " ".join(asked.split())[:WORDS]
        case IncidentReport(action_requested=asked) if asked.strip():
            yield "action_requested", " ".join(asked.split())[:WORDS]
        case MedevacRequest(mission_kind=kind):
            yield "mission_kind", kind.upper()


def _where(body: Message) -> Iterator[tuple[str, Position]]:
    """Yield the field in which a message says where its sender is, and where."""
    for field in PLACES.get(body.KIND, ()):
        if (place := getattr(body, field)) is not None:
            yield field, place


def _of_position(presence: Presence, mission: Mission) -> frozenset[str]:
    """Return who may read a position that an observer of contact found."""
    label = presence.position_label or Label()
    envelope = Envelope(
        id="-", kind=PositionReport.KIND, originator=presence.participant, body=msgspec.Raw(b"{}"), label=label
    )
    return audience.decide(envelope, presence, mission, Records()).readers


def _silences(body: SituationReport, now: int) -> Iterable[tuple[int, int]]:
    """Yield from when until when a report plans silence: to its next contact, and the window that it names."""
    if body.next_contact and body.next_contact.utc is not None:
        yield now, body.next_contact.utc
    window: TimeWindow | None = body.silence
    if window and window.end_latest is not None:
        yield (now if window.start_earliest is None else window.start_earliest), window.end_latest
