"""How far each card and order is on its way to each participant, by channel: a fold over what bearers reported.

A step of a newer revision takes the place of an older one's; of one revision a step only leads on. Whoever acted on a
card, or acknowledged an order, has seen it. None of this changes a card: somebody who was notified has not answered.

Source: reference console.md §6, axis 4.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import msgspec

from coordinator.core.step import Logged
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action
from schemas.alerts import Alert
from schemas.deliveries import Delivery, Handover, Progress
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.subjects import Precedence
from schemas.units import Micros

CARD: Final = Alert.KIND
ORDER: Final = Directive.KIND
FOLLOWED: Final = frozenset({CARD, ORDER})
OWN: Final = ""  # the name of a participant's own connection among its channels
THINGS: Final = 20_000  # cards and orders that are remembered, those that changed last
FAILURES: Final = 1_000  # failures for good of anything that are remembered
_ORDER: Final[tuple[Progress, ...]] = ("queued", "failed", "sent", "delivered", "seen")


class Slot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far one thing is by one channel."""

    state: Progress
    at: Micros
    revision: int = 1
    seq: int = 0
    why: str = ""
    repeated: bool = False


class Failure(NamedTuple):
    """Something that a channel will never take. Times are microseconds UTC."""

    participant: str
    channel: str
    bearer: str
    kind: str
    id: str
    precedence: Precedence
    at: int
    why: str


class State(msgspec.Struct, kw_only=True):
    """Everything remembered. ``things``: by kind and id, by participant, by channel; what changed last comes last."""

    things: dict[str, dict[str, dict[str, Slot]]] = {}
    read: dict[str, int] = {}
    failures: list[Failure] = []


class Book:
    """The fold. It takes messages of the log and answers how far things are."""

    def __init__(self, state: State | None = None) -> None:
        self.state = state or State()

    def take(self, message: Logged) -> None:
        """Take one message of the log; anything but reports, actions and acknowledgements is passed over."""
        source = message.envelope.source
        came_by = source.channel if source else ""
        match message.body:
            case Delivery() as report if not report.test:
                self._report(report)
            case Action(alert=card) as action if card:
                self._seen(CARD, card, message, came_by, action.seen_rev)
            case Acknowledgement(of=order):
                self._seen(ORDER, order.id, message, came_by, order.revision)

    def of(self, kind: str, identity: str) -> dict[str, dict[str, Slot]]:
        """Return how far a thing is, by participant and channel."""
        return self.state.things.get(f"{kind} {identity}", {})

    def read_up_to(self, participant: str) -> int:
        """Return the INBOX sequence up to which a participant's own connection has read, as far as it is logged."""
        return self.state.read.get(participant, 0)

    def failures(self, since: int) -> Iterator[Failure]:
        """Yield what failed for good since a time, oldest first."""
        return (failure for failure in self.state.failures if failure.at >= since)

    def _report(self, report: Delivery) -> None:
        if report.channel == OWN:
            before = self.state.read.get(report.participant, 0)
            self.state.read[report.participant] = max(before, report.read_up_to)
        for step in report.steps:
            if step.kind in FOLLOWED:
                self._put(f"{step.kind} {step.id}", report.participant, report.channel, slot_of(step))
            if step.state == "failed":
                about = (report.participant, report.channel, report.bearer)
                self._fail(Failure(*about, step.kind, step.id, step.precedence, step.at, step.why))

    def _fail(self, failure: Failure) -> None:
        if failure not in self.state.failures:
            self.state.failures.append(failure)
            del self.state.failures[:-FAILURES]

    def _seen(self, kind: str, identity: str, message: Logged, came_by: str, revision: int) -> None:
        who, key = message.envelope.originator, f"{kind} {identity}"
        known = self.state.things.get(key, {}).get(who, {})
        channel = came_by if came_by in known else OWN
        before = known.get(channel)
        seq = before.seq if before else 0
        newest = revision or (before.revision if before else 1)
        if before is None or newest >= before.revision:
            self._put(key, who, channel, Slot(state="seen", at=message.at, revision=newest, seq=seq))

    def _put(self, key: str, participant: str, channel: str, slot: Slot) -> None:
        thing = self.state.things.pop(key, {})
        self.state.things[key] = thing
        slots = thing.setdefault(participant, {})
        slots[channel] = later(slots.get(channel), slot)
        while len(self.state.things) > THINGS:
            del self.state.things[next(iter(self.state.things))]


def slot_of(step: Handover) -> Slot:
    """Return a step as a state."""
    return Slot(
        state=step.state, at=step.at, revision=step.revision, seq=step.seq, why=step.why, repeated=step.repeated
    )


def later(before: Slot | None, slot: Slot) -> Slot:
    """Return which of two states of one thing by one channel holds; ``slot`` was reported later."""
    if before is None or before.revision < slot.revision:
        return slot
    if before.revision > slot.revision or _ORDER.index(slot.state) < _ORDER.index(before.state):
        return before
    return msgspec.structs.replace(slot, repeated=slot.repeated or before.repeated)


def best(slots: Iterable[Slot]) -> Slot | None:
    """Return the state that is furthest, of all channels; of several, the earliest. Of no channel, None."""
    return min(slots, key=lambda slot: (-_ORDER.index(slot.state), slot.at), default=None)


def about(envelope: Envelope) -> tuple[str, int]:
    """Return the id by which people ask for a delivery, and its revision: of a finding or card its own."""
    body = registry.body(envelope) if envelope.kind in (CARD, Finding.KIND) and envelope.status != "cancel" else None
    match body:
        case Alert(id=identity, rev=rev):
            return identity, rev
        case Finding(id=identity):
            return identity, envelope.revision
    return envelope.id, envelope.revision
