"""How far what was delivered is, by participant and channel, and the sign of life on a board.

Delivery is an axis of its own (reference console.md §6, axis 4): that somebody was notified changes no card.
"""

from typing import ClassVar, Literal

from schemas.base import Message, Value
from schemas.subjects import Precedence
from schemas.units import Micros

Progress = Literal["queued", "sent", "delivered", "seen", "failed"]
"""Waits in the INBOX; handed to a carrier that cannot say more; at the participant's host; its people acted on it; or
never by this channel, in this form. A channel that fails for now leaves it queued, with the reason."""


class Handover(Value):
    """One thing on its way to one participant by one channel, as the bearer said. Services write no ``seen``."""

    kind: str
    id: str  # of a card its own, of anything else its originator's
    seq: int  # in the INBOX; 0 for a test
    state: Progress
    at: Micros
    revision: int = 1
    precedence: Precedence = "routine"
    why: str = ""  # in the bearer's words: for operators and the participant itself
    repeated: bool = False  # sent again by the next channel, because nobody had acknowledged


class Delivery(Message):
    """What became of deliveries to a participant by one of its ways: several steps, in the order in which they came."""

    KIND: ClassVar[str] = "delivery"

    participant: str
    channel: str = ""  # a name of the mission file; "" is its own connection
    bearer: str = ""  # the channel's kind
    steps: tuple[Handover, ...] = ()
    read_up_to: int = 0  # of its own connection: INBOX sequence up to which the steps go
    read_to: int = 0  # then: LOG sequence of what caused the delivery that was read last
    test: bool = False  # of a test message, which is in no INBOX
    by: str = ""  # with ``test``: the participant that tried the channel


class Heartbeat(Message):
    """Release is alive and this board is up to date: without a newer one, silence is not "nothing new".

    One stands on each board, replaced every ``every_s`` seconds, on the way that everything else there comes.
    """

    KIND: ClassVar[str] = "heartbeat"

    at: Micros
    every_s: float
