"""Who owes which report, and whether it came, as one reader may know it.

A reader is told of what it collects, of what is owed below it, and of what it owes itself; and that a report came only
if it may read that report.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from coordinator.core.mission import Mission
from coordinator.core.returns import ledger, periods
from coordinator.core.returns.ledger import Account

State = Literal["awaited", "received", "late", "due", "missing"]
"""Awaited: not due yet. Due: within its grace. Missing: after that."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One report that one participant owes for one period. Instants are microseconds UTC."""

    name: str  # of the return, as the mission calls it
    kind: str
    participant: str
    to: str
    start: int  # of the period
    due: int
    next_due: int
    state: State
    came_at: int | None = None
    report: str = ""  # its id
    in_a_row: int = 0  # periods without a report up to now
    altogether: int = 0


def standings(
    accounts: Mapping[str, Account], mission: Mission, reader: str, now: int, at: int | None = None
) -> Iterator[Standing]:
    """Yield what a reader may know, by return and participant: of the period with ``at`` in it, or the last two.

    The last two are the one that was due last and the one that runs; what was due before it was expected is not owed.
    """
    for _, account in sorted(accounts.items()):
        row = account.said
        last = periods.latest(row, now)
        dues = (last, periods.following(row, last)) if at is None else (periods.following(row, at - 1),)
        for due in (d for d in dues if d >= account.first):
            for who in ledger.owing(row, mission):
                to = ledger.collector(row, who, mission)
                if concerns(mission, reader, who, to):
                    yield from _standing(account, who, to, due, reader, now)


def concerns(mission: Mission, reader: str, who: str, to: str) -> bool:
    """Say whether a reader owes, collects or directs."""
    own = {reader, mission.stands_for(reader)}
    known = mission.by_id.get(reader)
    above = {who, to, *mission.superiors(who), *mission.superiors(to)}
    return bool(own & above) or bool(known and known.operator)


def _standing(account: Account, who: str, to: str, due: int, reader: str, now: int) -> Iterator[Standing]:
    row, came = account.said, ledger.find(account, who, due)
    if came is not None and reader not in came.readers:
        return
    grace = int(row.grace_s * periods.SECOND)
    if came is not None:
        state: State = "late" if came.late else "received"
    else:
        state = "awaited" if now < due else "due" if now < due + grace else "missing"
    yield Standing(
        name=row.name, kind=row.kind, participant=who, to=to, start=periods.before(row, due), due=due,
        next_due=periods.following(row, due), state=state, came_at=came.at if came else None,
        report=came.id if came else "", in_a_row=account.missed.get(who, 0), altogether=account.missing.get(who, 0),
    )  # fmt: skip
