"""How what was decided leaves: state to a reader's BOARD, news to its INBOX, or to the holdback while it is away.

The BOARD is state and follows every change at once. The INBOX is for what must be looked at: a record once a revision,
a finding or card when it is raised, becomes worse, gains a member that the reader may know, or ends.
"""

from collections.abc import Collection
from typing import Any, Final

import msgspec

from coordinator.core.holdback import Held, Holdback, Told
from coordinator.core.step import Effect, Logged
from schemas import registry, subjects
from schemas.base import Message
from schemas.label import Label
from schemas.operations import Inquiry
from schemas.subjects import Precedence

FORWARDED: Final = Message()
"""The body of an effect that forwards bytes; the effect carries nothing else of the message."""


class Outbox:
    """Builds the effects for readers and keeps what each was told."""

    def __init__(self, holdback: Holdback, told: dict[str, Told]) -> None:
        self.holdback, self.told = holdback, told

    # -- records ------------------------------------------------------------------------------------------------------

    def post_record(self, cause: Logged, reader: str, kind: str, place: str, data: bytes) -> Effect:
        """Put a record on a reader's board."""
        subject = subjects.board(reader, kind, place)
        return Effect(subject, FORWARDED, subject, cause.id, cause.seq, log_seq=cause.seq, data=data)

    def send_record(
        self, cause: Logged, reader: str, slot: str, kind: str, precedence: Precedence, data: bytes
    ) -> list[Effect]:
        """Deliver a record, or keep it back."""
        return self._send(
            cause, reader, Held(precedence=precedence, kind=kind, slot=slot, seq=cause.seq, data=data.decode())
        )

    # -- findings and cards -------------------------------------------------------------------------------------------

    def post(self, cause: Logged, reader: str, precedence: Precedence, identity: str, body: Message) -> Effect:
        """Put a finding or card, as rendered for its reader, on its board."""
        subject = subjects.board(reader, body.KIND, identity)
        fields = _fields(reader, precedence)
        return Effect(subject, body, subject, cause.id, cause.seq, fields, log_seq=cause.seq)

    def tell(
        self, cause: Logged, reader: str, precedence: Precedence, identity: str, body: Message, state: Told
    ) -> list[Effect]:
        """Deliver a finding or card if it is news to its reader; while the reader is away, keep its current state."""
        slot = f"{body.KIND} {identity}"
        before = self.told.get(f"{reader} {slot}")
        if state.grouped or (before and before.grouped and not state.is_news(before)):  # its group's card is delivered
            self.holdback.drop(reader, slot)
            self.told[f"{reader} {slot}"] = msgspec.structs.replace(state.after(before), grouped=True)
            return []
        held = Held(
            precedence=precedence, kind=body.KIND, slot=slot, seq=cause.seq,
            body=registry.encode(body).decode(), told=state,
        )  # fmt: skip
        if not self.holdback.away(reader):
            return self._send(cause, reader, held) if state.is_news(before) else []
        if state.live or state.again or (before is not None and before.live):
            return self._send(cause, reader, held)
        self.holdback.drop(reader, slot)
        return []

    def note(self, cause: Logged, reader: str, body: Inquiry) -> list[Effect]:
        """Tell a reader that a question met what it owns, or that somebody asks too much; what it asked it knows."""
        if body.role == "asked":
            return []
        precedence: Precedence = "priority" if body.role == "throttled" else "routine"
        slot = f"{body.KIND} {cause.seq}"
        shown = registry.encode(body).decode()
        return self._send(
            cause, reader, Held(precedence=precedence, kind=body.KIND, slot=slot, seq=cause.seq, body=shown)
        )

    def merged(self, reader: str, slot: str) -> None:
        """Forget what a reader was told of a card that became part of another one, and what waits of it."""
        self.told.pop(f"{reader} {slot}", None)
        self.holdback.drop(reader, slot)

    def forget(self, slots: Collection[str]) -> None:
        """Forget what readers were told of things that are over long since."""
        for key in [k for k in self.told if k.partition(" ")[2] in slots]:
            del self.told[key]

    # -- sending ------------------------------------------------------------------------------------------------------

    def regained(self, cause: Logged, reader: str) -> list[Effect]:
        """Deliver what waited for a reader, in its order; publishing keeps it."""
        waited = self.holdback.regained(reader)
        return [self._deliver(cause, reader, held) for held in waited]

    def _send(self, cause: Logged, reader: str, held: Held) -> list[Effect]:
        due = self.holdback.keep(reader, held) if self.holdback.away(reader) else [held]
        return [self._deliver(cause, reader, one) for one in due]

    def _deliver(self, cause: Logged, reader: str, held: Held) -> Effect:
        if held.told is not None:
            key = f"{reader} {held.slot}"
            self.told[key] = held.told.after(self.told.get(key))
        subject = subjects.delivery(reader, held.precedence, held.kind)
        entity = f"{subject} {held.slot}"
        if held.data:
            data = held.data.encode()
            return Effect(subject, FORWARDED, entity, cause.id, cause.seq, log_seq=held.seq, data=data)
        body = msgspec.json.decode(held.body, type=registry.KINDS[held.kind])
        fields = _fields(reader, held.precedence)
        return Effect(subject, body, entity, cause.id, cause.seq, fields, log_seq=held.seq)


def _fields(reader: str, precedence: Precedence) -> dict[str, Any]:
    """Return the envelope's fields of what was rendered for one reader; its cause may be what it may not know."""
    return {"precedence": precedence, "label": Label(releasable_to=(reader,)), "cause": ""}
