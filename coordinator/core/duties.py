"""Who is told and when, as a mission decides it: rows of the roster, ladders, and the routing tree.

Functions and desks stand here, never names of persons. Source: reference console.md §6; domain.md §6.5.
"""

from typing import Literal

import msgspec

from coordinator.core.table import Instant, Table
from schemas.alerts import AlertKind, CapSeverity
from schemas.findings import FindingKind
from schemas.subjects import Precedence
from schemas.units import ParticipantId

Do = Literal["second-bearer", "superior", "voice"]
"""What a step does: send it once more by another way, tell whoever is above, ask for a call by voice."""


class Watch(Table):
    """A row of the roster: which desk has a role, where and when. Shifts that overlap are both on watch.

    ``daily`` are the first and the last minute of a shift with a zone letter, ``["1800A", "0615A"]``: every day from
    18:00 (inclusive) to 06:15 (exclusive) UTC+1. ``start`` and ``end`` limit it to some days; without any of them the
    desk is always on watch.
    """

    role: str  # lower-case token: "duty-officer"
    participant: ParticipantId
    area: str = ""  # a place or a boundary; "" is everywhere that no other row of the role names
    daily: tuple[str, ...] = ()
    start: Instant | None = None
    end: Instant | None = None
    languages: tuple[str, ...] = ()  # that are spoken there; none given is not known


class Step(Table):
    """A step of a ladder: what is done about a participant that has not acknowledged.

    ``after_s`` counts from when it was asked, without the time that it could not be reached; None is its deadline.
    ``to`` are participants or roles that are told instead of whoever decides, or is above.
    """

    do: Do
    after_s: float | None = None
    to: tuple[str, ...] = ()


class Ladder(Table):
    """What happens, and when, while a participant does not acknowledge. It replaces that of its precedence."""

    name: str
    precedence: Precedence | Literal[""] = ""  # whose ladder it is; "" is only for rows of [[routing]] that name it
    deadline_s: float = 0.0  # 0 is that of the precedence, in [acknowledge]
    steps: tuple[Step, ...] = ()


class Row(Table):
    """A row of the routing tree: every test that is given must hold; the first row that matches is the last.

    ``to`` are told besides those that a finding or an occasion names itself: a row can add, never leave out.
    """

    name: str = ""
    kinds: tuple[AlertKind, ...] = ()
    findings: tuple[FindingKind, ...] = ()  # kinds of findings on the card: one of these
    areas: tuple[str, ...] = ()  # places or boundaries
    severities: tuple[CapSeverity, ...] = ()
    parties: tuple[str, ...] = ()  # participants, nations or groups that take part
    languages: tuple[str, ...] = ()  # of those that take part
    to: tuple[str, ...] = ()  # participants, or roles of the roster
    ladder: str = ""  # "" is that of the precedence
    goes_on: bool = msgspec.field(default=False, name="continue")  # the rows below are asked as well
