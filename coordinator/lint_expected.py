"""Lint of what a mission expects: returns with a due time that exists and somebody to collect them, bearers."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, get_args

from coordinator.core.expected import Return
from coordinator.core.mission import Mission
from coordinator.core.returns import ledger, periods
from coordinator.errors import ConfigFinding
from schemas.reports import SituationReport

_TYPES: Final = get_args(SituationReport.__annotations__["report_type"])
_SHORTEST_S: Final = 600.0


def _returns(mission: Mission) -> Iterator[ConfigFinding]:
    names = [row.name for row in mission.returns]
    for i, row in enumerate(mission.returns):
        path = f"returns[{i}]"
        if names.index(row.name) != i:
            what = f'there are two returns "{row.name}"'
            yield ConfigFinding(path=f"{path}.name", what=what, hint="give each its own name")
        yield from _due(row, path)
        yield from _who(row, mission, path)
        if row.report_type and (row.kind != SituationReport.KIND or row.report_type not in _TYPES):
            what = f'no {row.kind} is of type "{row.report_type}"'
            yield ConfigFinding(path=f"{path}.report_type", what=what, hint=f"of a sitrep: {', '.join(_TYPES)}")


def _due(row: Return, path: str) -> Iterator[ConfigFinding]:
    if row.due.endswith("J"):
        what = f'"{row.due}": J is whatever the clock on the wall says'
        yield ConfigFinding(path=f"{path}.due", what=what, hint='write the letter of the zone, e.g. "1800B"')
    elif not periods.CLOCK.fullmatch(row.due):
        what = f'"{row.due}" is no clock time with a zone letter'
        yield ConfigFinding(path=f"{path}.due", what=what, hint='four digits and a letter, e.g. "1800B"')
    if not periods.ON.fullmatch(row.on):
        what = f'"{row.on}" is no day of the week or month'
        yield ConfigFinding(path=f"{path}.on", what=what, hint='"MON" to "SUN", "1" to "28", "last", or leave it out')
    if row.every_s and row.on:
        yield ConfigFinding(path=f"{path}.every_s", what="says how often, and so does on", hint="leave one of them out")
    if row.every_s and (row.every_s < _SHORTEST_S or not _fits(row.every_s)):
        what = "does not divide a day, or is shorter than ten minutes"
        yield ConfigFinding(path=f"{path}.every_s", what=what, hint='e.g. "6h", "12h" or "2d"')
    if not 0 <= row.grace_s < periods.length(row) / periods.SECOND:
        what = "is less than nothing, or as long as the period itself"
        yield ConfigFinding(path=f"{path}.grace_s", what=what, hint='e.g. "30m"')


def _fits(every_s: float) -> bool:
    day = periods.DAY / periods.SECOND
    return day % every_s == 0 if every_s < day else every_s % day == 0


def _who(row: Return, mission: Mission, path: str) -> Iterator[ConfigFinding]:
    if not row.of:
        yield ConfigFinding(path=f"{path}.of", what="nobody owes it", hint="name participants, nations or groups")
    for name in (n for n in row.of if not mission.members(n)):
        yield ConfigFinding(path=f"{path}.of", what=f'no participant, nation or group "{name}"')
    if row.to and row.to not in mission.by_id:
        known = ", ".join(sorted(mission.by_id))
        yield ConfigFinding(path=f"{path}.to", what=f'no participant "{row.to}"; known: {known}')
    for who in (p for p in ledger.owing(row, mission) if not ledger.collector(row, p, mission)):
        what = f'nobody collects the one of "{who}", which has no superior'
        yield ConfigFinding(path=f"{path}.to", what=what, hint="say who does")


def _bearers(mission: Mission) -> Iterator[ConfigFinding]:
    names = [row.name for row in mission.bearers]
    for i, row in enumerate(mission.bearers):
        path = f"bearers[{i}]"
        if names.index(row.name) != i:
            what = f'there are two bearers "{row.name}"'
            yield ConfigFinding(path=f"{path}.name", what=what, hint="give each its own name")
        if row.owner and row.owner not in mission.by_id:
            yield ConfigFinding(path=f"{path}.owner", what=f'no participant "{row.owner}"')
        behind = frozenset[str]().union(*(mission.members(name) for name in row.behind))
        for name in (n for n in row.behind if not mission.members(n)):
            yield ConfigFinding(path=f"{path}.behind", what=f'no participant, nation or group "{name}"')
        if sum(mission.by_id[p].watched for p in behind) < 2:
            what = "fewer than two watched participants are behind it, so it covers nobody"
            yield ConfigFinding(path=f"{path}.behind", what=what, hint="set watched = true, or leave the bearer out")
        if row.within_s < 0 or row.hold_s < 0:
            yield ConfigFinding(path=path, what="a period is less than nothing")


def _presence(mission: Mission) -> Iterator[ConfigFinding]:
    for name in ("flash_after_s", "flash_within_s"):
        if getattr(mission.presence, name) < 0:
            yield ConfigFinding(path=".".join(("presence", name)), what="is less than nothing")
    for name in ("within_s", "distance_m", "strength_s", "keep_s"):
        if getattr(mission.reports, name) < 0:
            yield ConfigFinding(path=f"reports.{name}", what="is less than nothing")


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (_returns, _bearers, _presence)
