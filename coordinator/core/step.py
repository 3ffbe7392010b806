"""The shape of every decision: messages and time in, effects out; no clock, no I/O, no logging.

A core is a fold over the log. The same messages in the same order give the same effects, live or replayed: whatever it
depends on is in the messages (also the mission: `schemas.operations.Config`), and ``now`` never runs backwards.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from schemas import registry
from schemas.base import Message
from schemas.envelope import Envelope


class Logged(NamedTuple):
    """A message as it stands in the log."""

    seq: int
    subject: str
    id: str
    at: int  # microseconds UTC: the Logged-At of the message, made monotone
    envelope: Envelope
    body: Message
    data: bytes = b""  # as it stands there: whoever forwards a message forwards these


class Effect(NamedTuple):
    """A message that a core wants published because of a cause.

    ``entity`` is the thing it is about (a finding's id, a card's, a recipient and an order); with the cause and the
    body it makes the id, so that the same conclusion drawn twice is one message.
    """

    subject: str
    body: Message
    entity: str
    cause: str  # id of the message that was handled
    cause_seq: int
    fields: dict[str, Any] = {}  # noqa: RUF012 - further fields of the envelope; never mutated
    log_seq: int = 0  # for deliveries: the LOG sequence that is shown
    data: bytes | None = None  # for deliveries that forward an envelope as it is: its bytes
    ttl_s: int = 0  # how long it stays on a board; 0 until it is replaced


class Core(Protocol):
    """A decision that lives as long as the log."""

    def handle(self, message: Logged) -> Sequence[Effect]:
        """Take one message of the log; ``message.at`` is the time."""
        ...

    def wake(self, now: int, cause: Logged) -> Sequence[Effect]:
        """Act on everything that was due at ``now``; ``cause`` is the tick that was read back."""
        ...

    def next_wake(self) -> int | None:
        """Return when `wake` should be called next, or None. After `wake(now)` it is later than ``now``."""
        ...

    def snapshot(self) -> bytes:
        """Return the whole state as bytes."""
        ...

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        ...


def effect_id(service: str, cause: str, entity: str, body: bytes) -> str:
    """Return the id of an effect: from content, never from a clock or a position in a list."""
    digest = hashlib.sha256(b"\0".join((service.encode(), cause.encode(), entity.encode(), body)))
    return f"{service}-{digest.hexdigest()[:32]}"


def render(effect: Effect, service: str, now: int) -> tuple[str, bytes]:
    """Return an effect's id and bytes: an envelope by ``service``, unless it forwards one as it is."""
    if effect.data is not None:
        return effect_id(service, effect.cause, effect.entity, effect.data), effect.data
    content = registry.encode(effect.body)
    identity = effect_id(service, effect.cause, effect.entity, content)
    fields: dict[str, Any] = {"id": identity, "originator": "coord", "cause": effect.cause, "received_at": now}
    fields |= effect.fields
    return identity, registry.encode(registry.pack(effect.body, content=content, **fields))
