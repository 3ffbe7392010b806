"""What services write for each other: contact, timers, configuration, seals."""

from typing import ClassVar, Literal

import msgspec

from schemas.base import Message, Value
from schemas.envelope import UnitRef
from schemas.geo import Pair
from schemas.label import Label
from schemas.units import Length, Micros


class Presence(Message):
    """Contact with a participant was lost or regained, or how far it has read its deliveries."""

    KIND: ClassVar[str] = "presence"

    participant: str
    state: Literal["lost", "regained", "read"]
    at: Micros
    read_up_to: int = 0  # INBOX sequence that the participant has acknowledged
    last_seen: Micros | None = None
    position: Pair | None = None  # with "lost": the last accepted position of any of its units, and of when
    position_at: Micros | None = None
    position_label: Label | None = None  # whom it may be released to


class Whereabouts(Message):
    """Where a unit was seen, against a place that somebody is to hold or relies on. One a change, never a feed.

    Concluded from accepted positions and read by services only. ``left``: it was seen there before; ``away``: never.
    """

    KIND: ClassVar[str] = "whereabouts"

    participant: str
    unit: UnitRef  # as its positions name it
    place: str  # of the gazetteer
    state: Literal["at", "left", "away"]
    seen: Micros
    position: int  # sequence in TRACKS of the position that says so
    distance_m: Length = 0.0  # from the middle of the place
    limit_m: Length = 0.0  # within which a unit still is there
    doubtful: bool = False  # the position's own error reaches across that limit


class Tick(Message):
    """A timer fell due. It is acted on when it is read back from the log."""

    KIND: ClassVar[str] = "tick"

    service: str
    due: Micros


class Inquiry(Message):
    """A blind question was asked of deconfliction: for the log, for whoever it met, and when it was one too many.

    ``parties`` are ids of messages of the participant in the subject, never of anybody else.
    """

    KIND: ClassVar[str] = "inquiry"

    asker: str
    role: Literal["asked", "met", "throttled"]
    at: Micros
    messages: int = 0  # that were asked about
    parties: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()  # with "asked": who owns what the question met; only in the log
    asked: int = 0  # with "throttled": questions of the last hour
    question_sha256: str = ""


class Oversize(Value):
    """What an edge sends instead of an input that is too large: its hash, its head and what it was called."""

    sha256: str
    size: int
    head: bytes
    format: str = ""
    limit: int = 0


class Config(Message):
    """The mission and code that are in force from here on. ``mission`` is the mission file as JSON."""

    KIND: ClassVar[str] = "config"

    mission_hash: str
    code: str
    mission: msgspec.Raw
    at: Micros = 0


class Seal(Message):
    """The head of a stream's hash chain at a sequence, signed (Ed25519, by the key named)."""

    KIND: ClassVar[str] = "seal"

    stream: str
    first: int
    last: int
    count: int
    head: str
    previous: str
    at: Micros
    key: str = ""
    signature: str = ""
