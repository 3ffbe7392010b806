"""What is said back: acknowledgements of orders, officers' actions on cards, the bus's receipts and refusals."""

from typing import ClassVar, Final, Literal

from schemas.base import Message, Value
from schemas.envelope import Reference, UnitRef, Warning
from schemas.time import TimeValue, TimeWindow
from schemas.units import Micros

CODES: Final = ("NATIONAL-RESTRICTION", "NO-CAPACITY", "UNSAFE", "NOT-UNDERSTOOD", "OTHER")
"""Why a unit cannot comply. The list is closed; whatever else is said counts as OTHER, and a note may tell more."""


class ReadBack(Value):
    """The key fields of an order in the words of the unit that will act, to be compared with the order."""

    text: str = ""
    window: TimeWindow | None = None
    place: str = ""
    task: str = ""


class Acknowledgement(Message):
    """One of the four steps for an order: delivered, received, understood, and wilco or cannot-comply.

    It names the order, or the amendment of it: one acknowledges the effective order (design §4).
    """

    KIND: ClassVar[str] = "acknowledgement"

    of: Reference
    step: Literal["delivered", "received", "understood", "wilco", "cannot-comply"]
    by: UnitRef | None = None
    read_back: ReadBack | None = None
    code: str = ""  # with cannot-comply: one of `CODES`
    note: str = ""
    at: TimeValue | None = None


class Action(Message):
    """What an officer does with a card. ``seen_rev`` is the revision that was on the screen.

    ``findings`` lists the findings that the card showed, so that each is acknowledged by name. A waiver names the
    revisions of every party (``revisions``, "SN-FRAGO-03-017:1"), the ``authority`` on which it rests, a reason
    (``note``) and an end (``until``); it needs no card. A handover names whom the card is offered ``to``, who takes it
    by acknowledging, or declines.
    """

    KIND: ClassVar[str] = "action"

    alert: str
    verb: Literal[
        "acknowledge", "take", "escalate", "resolve", "shelve", "note", "waive", "handover", "decline", "reopen",
    ]  # fmt: skip
    seen_rev: int
    findings: tuple[str, ...] = ()
    officer: str = ""
    note: str = ""
    until: Micros | None = None
    revisions: tuple[str, ...] = ()
    authority: str = ""
    to: str = ""


class Answer(Value):
    """What became of one input: the messages that were read out of it, by id, or that they were known already."""

    input: str  # the input's id in RAW
    ids: tuple[str, ...] = ()
    positions: int = 0
    losses: int = 0
    warnings: tuple[Warning, ...] = ()


class Receipt(Message):
    """The bus has received and kept these inputs. "Received" is all it says, never "approved"."""

    KIND: ClassVar[str] = "receipt"

    answers: tuple[Answer, ...]
    batch: str = ""  # the sender's name for inputs that share one receipt


RefusalCode = Literal["", "claimed-author", "unknown-author", "may-not-type"]
"""Why an input was refused, where that is more than a slip: it bears the name of another participant, or of nobody who
takes part; or its sender says openly that it types in for somebody, and may not."""


class Refusal(Message):
    """The bus could not accept an input: where in it, why, and how to mend it. The bytes stay in RAW."""

    KIND: ClassVar[str] = "refusal"

    input: str  # the input's id in RAW
    path: str
    why: str
    hint: str = ""
    raw_seq: int = 0
    format: str = ""
    bearer_id: str = ""
    size: int = 0
    sha256: str = ""
    code: RefusalCode = ""
    claims: str = ""  # with "claimed-author" and "may-not-type": the participant whose name the input bears
