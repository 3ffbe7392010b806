"""The only place where a subject is spelled.

Every subject of the bus is built by a function of this module or matched by a pattern from it; no other module holds a
string that parses as one (a test scans for it). Tokens are lower-case ``[a-z0-9-]+``; ids are opaque; nothing sensitive
is ever spelled in a subject, because a subject is visible in listings, counts and errors.

Source: design §2 (fixed).
"""

import hashlib
import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

Precedence = Literal["flash", "immediate", "priority", "routine"]
PRECEDENCES: Final[tuple[Precedence, ...]] = ("flash", "immediate", "priority", "routine")

_TOKEN: Final = re.compile(r"[a-z0-9-]{1,64}\Z")


class SubjectError(ValueError):
    """Raised when a text cannot stand as one token of a subject."""

    def __init__(self, value: str) -> None:
        super().__init__(f'"{value}" cannot be a subject token: use a-z, 0-9 and "-", at most 64 characters')
        self.value = value


@lru_cache(maxsize=1024)  # the same few in every message
def token(value: str) -> str:
    """Return ``value`` unchanged if it may stand in a subject.

    Raises:
        SubjectError: it holds anything but ``[a-z0-9-]`` or is empty or longer than 64 characters.
    """
    if not _TOKEN.match(value):
        raise SubjectError(value)
    return value


def opaque(identity: str) -> str:
    """Return the token that stands for an id in a subject: 128 bits of its SHA-256, so it says nothing about it."""
    return hashlib.sha256(identity.encode()).hexdigest()[:32]


class Subject(NamedTuple):
    """A subject taken apart: the family, the participant (or "") and the remaining tokens."""

    family: str
    participant: str
    rest: tuple[str, ...]


@lru_cache(maxsize=1024)
def parse(subject: str) -> Subject:
    """Take a subject apart; families without a participant give ``participant=""``."""
    head, *rest = subject.split(".")
    match head:
        case "record":
            return Subject(head, rest[-1], tuple(rest[:-1]))
        case "from" | "to" | "board" | "ask" | "position" | "refusal" | "presence" | "inquiry":
            return Subject(head, rest[0], tuple(rest[1:]))
        case _:
            return Subject(head, "", tuple(rest))


# -- what participants write ------------------------------------------------------------------------------------------


def raw(participant: str, format_: str) -> str:
    """Bytes as received, in a format of ``adapters``; ``oversize`` for the hash and head of what was too large."""
    return f"from.{token(participant)}.raw.{token(format_)}"


OVERSIZE: Final = "oversize"
UNDECLARED: Final = "unknown"


def native(participant: str, kind: str) -> str:
    """A message that is already in the common schema."""
    return f"from.{token(participant)}.msg.{token(kind)}"


def track(participant: str, unit: str) -> str:
    """A live position feed: lossy, latest wins."""
    return f"from.{token(participant)}.track.{opaque(unit)}"


def ask(participant: str, service: str, verb: str) -> str:
    """A request that a service answers with labels applied."""
    return f"ask.{token(participant)}.{token(service)}.{token(verb)}"


# -- what services write ----------------------------------------------------------------------------------------------


def record(kind: str, participant: str) -> str:
    """An accepted, validated, labelled message."""
    return f"record.{token(kind)}.{token(participant)}"


def refusal(participant: str) -> str:
    """What was refused, and why."""
    return f"refusal.{token(participant)}"


def finding(kind: str, finding_id: str) -> str:
    """A conflict and each change of its state."""
    return f"finding.{token(kind)}.{token(finding_id)}"


def alert(alert_id: str) -> str:
    """A card and each change of its state."""
    return f"alert.{token(alert_id)}"


def tick(service: str) -> str:
    """A timer of a service that fell due."""
    return f"tick.{token(service)}"


CONFIG: Final = "config.mission"


def presence(participant: str) -> str:
    """Contact lost and regained, and how far deliveries were read."""
    return f"presence.{token(participant)}"


def inquiry(participant: str) -> str:
    """A blind question that a participant asked, or that met what it owns."""
    return f"inquiry.{token(participant)}"


def whereabouts(participant: str) -> str:
    """Where a unit of a participant was seen; for services, so `parse` says that it is of no participant."""
    return f"whereabouts.{token(participant)}"


def position(participant: str) -> str:
    """An accepted position."""
    return f"position.{token(participant)}"


def delivery(participant: str, precedence: Precedence, kind: str) -> str:
    """What release wrote for a participant, into its INBOX."""
    return f"to.{token(participant)}.{precedence}.{token(kind)}"


def board(participant: str, kind: str, identity: str) -> str:
    """The state of one thing as a participant may see it now; ``identity`` is any text, it becomes opaque."""
    return f"board.{token(participant)}.{token(kind)}.{opaque(identity)}"


def seal(stream: str) -> str:
    """A signed head of a stream's hash chain."""
    return f"seal.{token(stream.lower())}"


def replay(run: str, subject: str) -> str:
    """A replayed message in the sandbox of its run."""
    return f"replay.{token(run)}.{subject}"


# -- patterns ---------------------------------------------------------------------------------------------------------

ALL_RAW: Final = ("from.*.raw.*", "from.*.msg.*")
ALL_LOG: Final = (
    "record.*.*", "refusal.*", "finding.*.*", "alert.*", "tick.*", CONFIG, "presence.*", "inquiry.*", "whereabouts.*",
)  # fmt: skip
ALL_POSITIONS: Final = ("position.*",)
ALL_SEALS: Final = ("seal.*",)
ALL_RECORDS: Final = "record.*.*"
ALL_REFUSALS: Final = "refusal.*"
ALL_FINDINGS: Final = "finding.*.*"
ALL_ALERTS: Final = "alert.*"
ALL_PRESENCE: Final = "presence.*"
ALL_INQUIRIES: Final = "inquiry.*"
ALL_WHEREABOUTS: Final = "whereabouts.*"
ALL_TRACKS: Final = "from.*.track.*"
ALL_INBOXES: Final = "to.>"
ALL_BOARDS: Final = "board.>"
EVERYTHING: Final = (">",)


def records(kind: str) -> str:
    """Every participant's records of one kind."""
    return f"record.{token(kind)}.*"


def written_by(participant: str) -> tuple[str, ...]:
    """Everything a participant may publish."""
    p = token(participant)
    return (f"from.{p}.>", f"ask.{p}.>")


def sent_by(participant: str) -> str:
    """Everything a participant may write to the bus."""
    return f"from.{token(participant)}.>"


def raw_of(participant: str) -> str:
    """Every input in some format that a participant sent."""
    return f"from.{token(participant)}.raw.*"


def asked_by(participant: str) -> str:
    """Everything a participant may ask."""
    return f"ask.{token(participant)}.>"


def inbox_of(participant: str) -> str:
    """Everything that may stand in a participant's INBOX."""
    return f"to.{token(participant)}.>"


def deliveries_of(participant: str, kind: str) -> str:
    """Everything of one kind that may stand in a participant's INBOX, however urgent."""
    return f"to.{token(participant)}.*.{token(kind)}"


def urgent_of(participant: str) -> tuple[str, ...]:
    """What may stand in a participant's INBOX and cannot wait behind anything else."""
    return tuple(f"to.{token(participant)}.{precedence}.*" for precedence in PRECEDENCES[:2])


def board_of(participant: str, kind: str = "") -> str:
    """Everything that may stand on a participant's BOARD, or all of one kind."""
    return f"board.{token(participant)}.{token(kind)}.*" if kind else f"board.{token(participant)}.>"


def questions(service: str) -> str:
    """Every participant's requests to a service."""
    return f"ask.*.{token(service)}.*"


def matches(pattern: str, subject: str) -> bool:
    """Say whether a subject matches a pattern with the wildcards ``*`` (one token) and ``>`` (the rest)."""
    want, have = pattern.split("."), subject.split(".")
    for i, part in enumerate(want):
        if part == ">":
            return len(have) > i
        if i >= len(have) or part not in ("*", have[i]):
            return False
    return len(want) == len(have)
