"""Which report of whom came for which period, and whose are missing: the memory behind overdue returns.

A report belongs to the period in which its own period ends, or in which it came if that is sooner. One that comes
within half a period after a due time for which there is none yet is that one, unless its own period begins later.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec

from coordinator.core.expected import Return
from coordinator.core.mission import Mission
from coordinator.core.returns import periods
from schemas.base import Message
from schemas.reports import LogisticsStatus, SituationReport

KEPT: Final = 8  # periods of one participant that are remembered
OLDEST: Final = 400 * periods.DAY  # a report of a period that ended before that counts as one of then


class Came(msgspec.Struct, kw_only=True):
    """The report of one participant for one period: when the first came, and which is the newest."""

    due: int
    at: int
    id: str
    revision: int = 1
    late: bool = False
    readers: frozenset[str] = frozenset()  # of the newest


class Account(msgspec.Struct, kw_only=True):
    """What is known of one return."""

    said: Return  # as the mission said it
    first: int  # the first due time since it is expected
    next: int  # the due time that is looked at next, once its grace is over
    came: dict[str, list[Came]] = {}  # by participant, the oldest first
    missed: dict[str, int] = {}  # periods in a row without a report
    missing: dict[str, int] = {}  # periods without a report, altogether


class Span(NamedTuple):
    """What a report says of itself: when its own period begins and ends, where it says so."""

    start: int | None = None
    end: int | None = None


def span(body: Message) -> Span:
    """Return the period that a report is about."""
    match body:
        case SituationReport(period=period):
            return Span(period.start_earliest, period.end_latest or period.end_earliest)
        case LogisticsStatus(as_of=as_of):
            return Span(None, as_of.utc)
    return Span()


def fits(row: Return, body: Message) -> bool:
    """Say whether a message is a report of this sort; one that plans silence and says nothing else is none."""
    if isinstance(body, SituationReport) and body.silence is not None and not _tells(body):
        return False
    return row.kind == body.KIND and row.report_type in ("", getattr(body, "report_type", ""))


def _tells(body: SituationReport) -> bool:
    return bool(body.sections or body.strength or body.incidents or body.patrols or body.nothing_to_report)


def owing(row: Return, mission: Mission) -> tuple[str, ...]:
    """Return who owes a report, sorted."""
    return tuple(sorted(frozenset[str]().union(*(mission.members(name) for name in row.of))))


def collector(row: Return, participant: str, mission: Mission) -> str:
    """Return who collects the report of a participant, or "" if nobody is above it."""
    return row.to or next(iter(mission.superiors(participant)), "")


def find(account: Account, participant: str, due: int) -> Came | None:
    """Return what came of a participant for a due time."""
    return next((c for c in account.came.get(participant, ()) if c.due == due), None)


def newest_first(account: Account, participant: str) -> list[Came]:
    """Return what came of a participant, as far as it is remembered, what came last first."""
    return sorted(account.came.get(participant, ()), key=lambda c: -c.at)


def due_for(account: Account, participant: str, of: Span, arrived: int) -> int:
    """Return the due time that a report is for."""
    row = account.said
    when = arrived if of.end is None else min(max(of.end, arrived - OLDEST), arrived)
    due = periods.following(row, when - 1)
    passed = periods.latest(row, arrived)
    soon = arrived - passed < periods.length(row) // 2
    if due > passed and soon and find(account, participant, passed) is None and (of.start is None or of.start < passed):
        return passed
    return due


def note(account: Account, participant: str, came: Came) -> None:
    """Take a report: the first decides when it came, the newest which one it is."""
    known = find(account, participant, came.due)
    if known is not None:
        known.id, known.revision, known.readers = came.id, came.revision, came.readers
        return
    listed = account.came.setdefault(participant, [])
    listed.append(came)
    listed.sort(key=lambda c: c.due)
    del listed[:-KEPT]


def withdraw(account: Account, participant: str, identity: str) -> int | None:
    """Forget a report that was withdrawn; return the due time that it was for."""
    listed = account.came.get(participant, [])
    gone = next((c for c in listed if c.id == identity), None)
    if gone is None:
        return None
    listed.remove(gone)
    return gone.due


def absent(account: Account, due: int, mission: Mission) -> Iterator[tuple[str, str]]:
    """Yield who has not reported for a due time, each with whoever collects its report."""
    for participant in owing(account.said, mission):
        to = collector(account.said, participant, mission)
        if to and find(account, participant, due) is None:
            yield to, participant
