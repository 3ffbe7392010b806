"""Something beside contradicting orders that somebody has to look at: it becomes a card like any other.

A *source* knows one sort of occasion: it reads the log, and says what there is now and when something falls due. It
knows nothing of officers, clocks or texts: the book gives each occasion its card, its clocks and its owner.

Source: reference console.md §6; design §5.
"""

from collections.abc import Iterable
from typing import ClassVar, Literal, Protocol

import msgspec

from coordinator.core.mission import Mission
from coordinator.core.step import Logged
from schemas.alerts import AlertKind, CapCertainty, CapSeverity, CapUrgency, Line
from schemas.geo import Pair

Scope = Literal["any", "each"]


class Occasion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What there is to look at, as it is now; a source says the whole of it again whenever any of it changes.

    ``id`` follows from content, so that the same occasion is one card. ``told`` owe an acknowledgement, one of them
    (``scope`` any) or every one (each); ``informed`` owe nothing. Whoever was told once stays told while it lasts. All
    of it, ``args`` too, must be fit for everybody who is told: where that is not so, make two occasions.

    ``args`` are the values of the text ``text_key``: an int whose name ends in ``_at`` is an instant in microseconds,
    a value whose name begins with ``who`` is a participant, with ``whom`` several with blanks between them. ``lines``
    stand below it, each for everybody or for those whom it names. ``only`` are those who may know at all that it
    exists.
    """

    id: str
    kind: AlertKind
    severity: CapSeverity
    text_key: str
    next_key: str = ""  # text of the next step; "" follows from the state of the work
    args: dict[str, str | int] = {}
    urgency: CapUrgency | None = None  # None follows from the times of the event
    certainty: CapCertainty = "Observed"
    about: str = ""  # a participant
    parties: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    scope: Scope = "any"
    arbiter: str = ""
    owner: str = ""  # who has it until somebody takes it; "" is the arbiter, else the first who is told
    place: str = ""
    at: Pair | None = None
    event_from: int | None = None
    event_to: int | None = None
    card: str = ""  # another card that it is about
    undelivered: int = 0
    undelivered_severity: str = ""
    answers: str = ""
    lines: tuple[Line, ...] = ()
    inhibited_by: str = ""  # the card that covers it: nobody owes an answer to it
    children: tuple[str, ...] = ()  # cards that it covers
    refers: tuple[str, ...] = ()  # messages that it follows from: "SN-FRAGO-03-017"
    only: tuple[str, ...] | None = None
    over: bool = False  # it asks for nothing any more

    def __post_init__(self) -> None:
        """Put values in the order of their names, which a snapshot gives them: a card's id follows from its bytes."""
        msgspec.structs.force_setattr(self, "args", dict(sorted(self.args.items())))
        lines = tuple(msgspec.structs.replace(line, args=dict(sorted(line.args.items()))) for line in self.lines)
        msgspec.structs.force_setattr(self, "lines", lines)

    @property
    def holder(self) -> str:
        """Who has it while nobody has taken it."""
        return self.owner or self.arbiter or next(iter(self.told), "")


class Source(Protocol):
    """A pure fold over the log that says occasions (see `coordinator.core.step.Core` for the promises)."""

    NAME: ClassVar[str]
    READS: ClassVar[tuple[str, ...]]
    """Subjects of the log that it needs."""
    TEXTS: ClassVar[dict[str, tuple[str, ...]]]
    """The texts that it asks for, with the names of the values that it gives each."""

    def adopt(self, mission: Mission) -> None:
        """Take another mission."""
        ...

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Take one message of the log; return every occasion that it changed."""
        ...

    def wake(self, now: int) -> Iterable[Occasion]:
        """Return every occasion that changes because of the time."""
        ...

    def next_wake(self) -> int | None:
        """Return when `wake` should be called next, or None. After `wake(now)` it is later than ``now``."""
        ...

    def snapshot(self) -> bytes:
        """Return the whole state, without the mission, as JSON."""
        ...

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        ...
