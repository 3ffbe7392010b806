"""What the log says that an after-action report needs: gathered message by message, in the order of the log.

Nothing is judged here. Who acts on an order, and who may see what, is decided as release decided it.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, Generic, NamedTuple, TypeVar

import msgspec

from coordinator.core import audience
from coordinator.core.afteraction.links import Links
from coordinator.core.deconfliction import ledger
from coordinator.core.deconfliction.ledger import Item
from coordinator.core.mission import Mission
from coordinator.core.recall import Records
from coordinator.core.step import Logged
from schemas import subjects
from schemas.acknowledgements import Acknowledgement, Action, Receipt
from schemas.alerts import Alert
from schemas.base import Message
from schemas.deliveries import Delivery, Handover
from schemas.directives import Directive
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.liaison import LiaisonRequest, LiaisonResponse
from schemas.notices import HazardNotice
from schemas.operations import Config, Presence, Tick, Whereabouts
from schemas.reports import IncidentReport, MedevacRequest

HOUR: Final = 3_600_000_000
Body = TypeVar("Body")
Key = tuple[str, str]
"""Originator and id."""


class Seen(NamedTuple, Generic[Body]):
    """A message as it stands in the log. ``began`` is when what caused it was known, ``cause`` where that stands."""

    seq: int
    at: int
    body: Body
    cause: int = 0
    began: int = 0


class Order(NamedTuple):
    """One revision of an order, who acts on it, and when it was overtaken by a later message."""

    seq: int
    at: int
    envelope: Envelope
    body: Directive
    acting: frozenset[str]


class Facts:
    """The facts of a log up to the message that was taken last."""

    def __init__(self) -> None:
        self.mission = Mission(name="")
        self.links, self.records = Links(), Records()
        self.findings: dict[str, list[Seen[Finding]]] = {}
        self.cards: dict[str, list[Seen[Alert]]] = {}
        self.orders: list[Order] = []
        self.answers: list[tuple[str, Seen[Acknowledgement]]] = []
        self.notes: list[tuple[str, Seen[Action]]] = []  # what officers wrote on cards
        self.dangers: dict[Key, list[Seen[IncidentReport | HazardNotice]]] = {}
        self.items: list[tuple[int, Item]] = []  # requests, and what was said of them
        self.arrived: dict[tuple[str, str, str], Seen[str]] = {}  # kind, id and participant: first reported there
        self.failed: list[tuple[int, str, Handover]] = []  # deliveries that a channel will never make
        self.limits: dict[Key, frozenset[str]] = {}  # messages whose label says who may see them, and who that is
        self.hours: defaultdict[str, set[int]] = defaultdict(set)  # in which a participant wrote something
        self.first_at = self.last_at = self.count = self.last_seq = 0
        self._began: dict[int, int] = {}
        self._performing: dict[str, frozenset[str]] = {}  # by the id of an order

    def take(self, message: Logged, cause: int = 0) -> None:
        """Take the next message of the log; ``cause`` is the sequence of the message that it follows from."""
        at, body = message.at, message.body
        self.first_at, self.last_at = self.first_at or at, max(self.last_at, at)
        self.count, self.last_seq = self.count + 1, message.seq
        self._began[message.seq] = _began(body, at)
        match body:
            case Finding():
                self.findings.setdefault(body.id, []).append(self._seen(message, body, cause))
            case Alert():
                self.cards.setdefault(body.id, []).append(self._seen(message, body, cause))
            case Presence():
                self.links.take(body, at)
            case Config():
                self.mission = msgspec.json.decode(body.mission, type=Mission)
            case Delivery():
                self._arrive(message.seq, body)
            case _ if subjects.parse(message.subject).family == "record" and not isinstance(body, Receipt):
                self._record(message)

    def _seen(self, message: Logged, body: Body, cause: int) -> Seen[Body]:
        return Seen(message.seq, message.at, body, cause, self._began.get(cause, message.at))

    def _record(self, message: Logged) -> None:
        envelope, body = message.envelope, message.body
        self.hours[envelope.originator].add(message.at // HOUR)
        self._decide(envelope, body)
        match body:
            case Directive() if envelope.status != "cancel" and not body.draft:
                acting = self._acting(envelope, body)
                self.orders.append(Order(message.seq, message.at, envelope, body, acting - {envelope.originator}))
            case Acknowledgement():
                self.answers.append((envelope.originator, Seen(message.seq, message.at, body)))
            case Action(verb="note") if body.note:
                self.notes.append((envelope.originator, Seen(message.seq, message.at, body)))
            case IncidentReport() | HazardNotice():
                key = envelope.originator, envelope.id
                self.dangers.setdefault(key, []).append(Seen(message.seq, message.at, body))
        if isinstance(body, LiaisonRequest | LiaisonResponse | MedevacRequest | Directive):
            self.items.append((message.seq, ledger.item(envelope, body, message.at)))

    def _acting(self, envelope: Envelope, body: Directive) -> frozenset[str]:
        """Return who performs an order, or the orders that it amends: they owe a WILCO, and nobody else."""
        found = {self._whose(unit) for unit in body.performers}
        for change in body.amends:
            found |= {self._whose(unit) for unit in change.performers or ()}
            found |= self._performing.get(change.order.id, frozenset()) if change.performers is None else set()
        self._performing[envelope.id] = acting = frozenset(found - {""})
        return acting

    def _whose(self, unit: UnitRef) -> str:
        names = (unit.id, unit.name, unit.callsign)
        return unit.participant or next((p for n in names if n and (p := self.mission.participant_of(n))), "")

    def _decide(self, envelope: Envelope, body: Message) -> None:
        """Remember who may see a message, as release does."""
        decision = audience.decide(envelope, body, self.mission, self.records)
        if envelope.label.releasable_to is not None or envelope.label.categories or envelope.label.classification:
            self.limits[envelope.originator, envelope.id] = decision.readers
        self.records.keep(audience.kept(envelope, body, decision, self.records))

    def limit(self, *keys: Key) -> tuple[str, ...] | None:
        """Return who may know of all of some messages, where the label of one says so; None is everybody."""
        limits = [found for key in keys if (found := self.limits.get(key)) is not None]
        return tuple(sorted(frozenset.intersection(*limits))) if limits else None

    def limit_of(self, identity: str) -> tuple[str, ...] | None:
        """Return who may know of the messages of an id, whoever wrote them, where the label of one says so."""
        return self.limit(*((k.originator, k.id) for k in self.records.find(identity)))

    def only(self, finding: Finding) -> tuple[str, ...] | None:
        """Return who may know that there is a finding, where it or the label of a party says so; None is everybody."""
        limits = [r for p in finding.parties if (r := self.limits.get((p.issuer, p.id))) is not None]
        if not limits:
            return finding.only
        allowed = frozenset.intersection(*limits) | {*finding.told}
        return tuple(sorted(allowed if finding.only is None else allowed & {*finding.only}))

    def only_card(self, alert: Alert) -> tuple[str, ...] | None:
        """Return who may know that there is a card."""
        known = (self.findings[m.finding][-1].body for m in alert.members if m.finding in self.findings)
        if alert.only is None and any(self.only(f) is not None for f in known):
            return tuple(t.participant for t in alert.told)
        return alert.only

    def only_order(self, order: Order) -> tuple[str, ...] | None:
        """Return who may know that there is an order, where its label says so."""
        found = self.limits.get((order.envelope.originator, order.envelope.id))
        return None if found is None else tuple(sorted(found))

    def _arrive(self, seq: int, report: Delivery) -> None:
        for step in () if report.test else report.steps:
            if step.state == "failed":
                self.failed.append((seq, report.participant, step))
            if step.state in ("delivered", "seen"):
                self.arrived.setdefault((step.kind, step.id, report.participant), Seen(seq, step.at, step.state))

    def overtaken(self) -> Iterator[tuple[Order, int]]:
        """Yield each order with when it was overtaken by a later message, or with the end of the log."""
        later: dict[str, list[tuple[int, str, int]]] = {}
        for order in self.orders:
            later.setdefault(order.envelope.id, []).append((order.seq, order.envelope.originator, order.at))
            for reference in audience.changed(order.body):
                later.setdefault(reference.id, []).append((order.seq, reference.originator, order.at))
        for order in self.orders:
            name = order.envelope
            ends = (at for s, by, at in later[name.id] if s > order.seq and by in ("", name.originator))
            yield order, min(ends, default=self.last_at)


def _began(body: Message, at: int) -> int:
    """Return when what a message says was known: when a unit was seen, when a timer fell due, or when it was logged."""
    match body:
        case Whereabouts():
            return min(body.seen, at)
        case Tick():
            return min(body.due, at)
    return at
