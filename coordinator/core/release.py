"""Release: a fold over the log that writes for each participant what it may see, and nothing else.

* a record goes to whom its label, or the mission's default, admits (`audience`), without the fields that the reader is
  not cleared for (`redact`);
* a finding and a card are rendered for each reader (`tearline`, `faces`): the effect where the cause is not for it;
* every input's answer stands on its sender's board (`receipts`);
* news goes to the INBOX by precedence, and waits while its reader is away and no channel reaches it (`outbox`,
  `holdback`).

What was decided about a record is remembered (`recall`); a new mission decides about what comes after it. An order that
lifts a danger travels at the danger's precedence. Source: design §2, §5, §7 (law 6).
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from coordinator.core import audience, redact, symmetry
from coordinator.core.deconfliction.phrases import Say
from coordinator.core.holdback import Held, Holdback, Told
from coordinator.core.mission import Mission
from coordinator.core.outbox import Outbox
from coordinator.core.recall import Kept, Records
from coordinator.core.receipts import Receipts
from coordinator.core.receipts import State as ReceiptsState
from coordinator.core.showing import Showing
from coordinator.core.showing import State as ShownState
from coordinator.core.step import Effect, Logged
from coordinator.core.tearline import Tearline
from schemas import registry, subjects
from schemas.acknowledgements import Action, Receipt, Refusal
from schemas.alerts import Alert
from schemas.directives import Directive
from schemas.findings import Finding
from schemas.operations import Config, Inquiry, Presence
from schemas.subjects import PRECEDENCES, Precedence

DEFAULT_PRECEDENCE: Final[dict[str, Precedence]] = {"directive": "priority", "medevac": "immediate"}
BOARD_ONLY: Final = frozenset({Action.KIND})
"""Kinds that change what a card shows: nobody needs to be told of them apart."""


class State(msgspec.Struct, kw_only=True):
    """Everything that release remembers."""

    mission: Mission = Mission(name="")
    records: list[Kept] = []
    shown: ShownState = msgspec.field(default_factory=ShownState)
    told: dict[str, Told] = {}
    waiting: dict[str, dict[str, Held]] = {}
    receipts: ReceiptsState = msgspec.field(default_factory=ReceiptsState)


class Release:
    """The fold. ``say(key, lang, **args)`` gives the texts; ``answer_of`` serves questions about receipts."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._take(State())

    def handle(self, message: Logged) -> Sequence[Effect]:
        """Take one message of the log and return what readers get to see of it."""
        parsed = subjects.parse(message.subject)
        match parsed.family, message.body:
            case "record", Receipt() as body:
                return self._receipts.receipt(message, parsed.participant, body)
            case "record", _:
                return self._record(message)
            case "refusal", Refusal() as body:
                return self._receipts.refusal(message, parsed.participant, body)
            case "finding", Finding() as body:
                return self._showing.finding(message, body)
            case "alert", Alert() as body:
                return self._showing.alert(message, body)
            case "inquiry", Inquiry() as body:
                return self._outbox.note(message, parsed.participant, body)
            case "presence", Presence() as body:
                return self._presence(message, body)
            case "config", Config() as body:
                mission = msgspec.json.decode(body.mission, type=Mission)
                self._take(msgspec.structs.replace(self._gathered(), mission=mission))
        return ()

    def answer_of(self, participant: str, input_id: str) -> object:
        """Return the `Answer` or `Refusal` that an input of a participant was given, or None."""
        return self._receipts.answer_of(participant, input_id)

    # -- records ------------------------------------------------------------------------------------------------------

    def _record(self, message: Logged) -> list[Effect]:
        envelope = message.envelope
        among = self._showing.actors(message.body, envelope.originator) if isinstance(message.body, Action) else None
        decision = audience.decide(envelope, message.body, self._state.mission, self._records, among)
        if alike := symmetry.parties(envelope, message.body, self._state.mission):
            decision = symmetry.level(decision, alike).decision
        shown = _copies(message.data or registry.encode(envelope), decision)
        seen = decision._replace(readers=frozenset(shown))
        kept = audience.kept(envelope, message.body, seen, self._records)
        self._records.keep(kept)
        self._let_go(message, frozenset(shown))
        current = (r for r in sorted(shown) if not self._records.replaced(r, kept))
        return [effect for r in current for effect in self._show(message, kept, r, shown[r])]

    def _show(self, message: Logged, kept: Kept, reader: str, data: bytes) -> list[Effect]:
        place = self._records.place(reader, kept)
        posted = self._outbox.post_record(message, reader, kept.kind, place, data)
        if reader == kept.originator or kept.kind in BOARD_ONLY:
            return [posted]
        precedence = self._precedence(message, reader)
        return [posted, *self._outbox.send_record(message, reader, _slot(kept), kept.kind, precedence, data)]

    def _precedence(self, message: Logged, reader: str) -> Precedence:
        """Return how urgent a record is for a reader: as urgent as any danger that it lifts and the reader knows."""
        envelope = message.envelope
        own = envelope.precedence or DEFAULT_PRECEDENCE.get(envelope.kind, "routine")
        lifted = {r.id for r in audience.changed(message.body)}
        if envelope.status == "cancel":
            lifted.add(envelope.id)
        return min((own, *self._showing.dangers(reader, lifted)), key=PRECEDENCES.index)

    def _let_go(self, message: Logged, readers: frozenset[str]) -> None:
        """Drop what waits of orders that an order with the authority to do so replaced."""
        body, issuer = message.body, message.envelope.originator
        for reference in (*body.supersedes, *body.cancels) if isinstance(body, Directive) else ():
            for old in self._records.find(reference.id, 0, reference.originator):
                if issuer in (old.originator, *self._state.mission.superiors(old.originator)):
                    for reader in readers:
                        self._holdback.drop(reader, _slot(old))

    # -- contact ------------------------------------------------------------------------------------------------------

    def _presence(self, message: Logged, presence: Presence) -> list[Effect]:
        known = self._state.mission.by_id.get(presence.participant)
        if presence.state == "lost" and not (known and known.channels):  # a channel puts in order what waits for it
            self._holdback.lost(presence.participant)
        if presence.state == "regained":
            return self._outbox.regained(message, presence.participant)
        return []

    # -- time and state -----------------------------------------------------------------------------------------------

    def next_wake(self) -> int | None:
        """Return the full hour at which something may be forgotten."""
        return min((d for d in (self._receipts.next_wake(), self._showing.next_wake()) if d is not None), default=None)

    def wake(self, now: int, cause: Logged) -> Sequence[Effect]:
        """Forget what is over long enough; nobody is told."""
        self._receipts.forget(now)
        self._showing.forget(now)
        return ()

    def snapshot(self) -> bytes:
        """Return the whole state as bytes."""
        return msgspec.json.encode(self._gathered(), order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        try:
            self._take(msgspec.json.decode(data, type=State))
        except msgspec.MsgspecError as error:
            raise ValueError(f"no snapshot of release: {error}") from error

    def _gathered(self) -> State:
        return msgspec.structs.replace(
            self._state,
            records=list(self._records),
            waiting=self._holdback.waiting,
            receipts=self._receipts.state,
        )

    def _take(self, state: State) -> None:
        self._state = state
        self._records = Records(state.records)
        self._receipts = Receipts(state.receipts)
        self._holdback = Holdback(state.waiting)
        self._outbox = Outbox(self._holdback, state.told)
        self._showing = Showing(state.shown, Tearline(self._say, state.mission, self._records), self._outbox)


def _copies(data: bytes, decision: audience.Decision) -> dict[str, bytes]:
    """Return a message as each of its readers may see it; whoever may see too little of it is no reader."""
    made: dict[tuple[bool, ...], bytes | None] = {}
    for reader in sorted(decision.readers):
        cleared = tuple(reader in c.to for c in decision.closed)
        if cleared not in made:
            fields = list(zip(decision.closed, cleared, strict=True))
            labelled = {c.label: sees for c, sees in fields if c.label}
            made[cleared] = redact.redact(data, labelled, [c.path for c, sees in fields if not c.label and not sees])
    each = {r: made[tuple(r in c.to for c in decision.closed)] for r in decision.readers}
    return {r: copy for r, copy in each.items() if copy is not None}


def _slot(kept: Kept) -> str:
    return f"{kept.kind} {kept.originator} {kept.id}"
