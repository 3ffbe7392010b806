"""Who may task whom, for what and when: the standing chain of the mission and the command relations beside it.

A superior's own superiors may task what it may task. A relation counts for the actions and the periods that it names;
one that stands ``instead`` takes that authority from the standing superior while it lasts. Source: reference
deconfliction.md §2.3 K10, K11; domain.md §1.2 (OPCON and TACON are limited by function, place and time).
"""

from typing import Final, NamedTuple

from coordinator.core.deconfliction.periods import EVER, Interval, Intervals, common, intervals, union, without
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import FAR, Span
from coordinator.core.deconfliction.words import dtg
from coordinator.core.measures import TASKING, CommandRow

STANDING: Final = "OPCON"
"""What `Participant.superior` is."""


class Relation(NamedTuple):
    """One edge of the chain of command: who stands over whom, as what, when, and for which actions (none: for all)."""

    superior: str
    unit: str
    name: str
    when: Intervals
    actions: tuple[str, ...] = ()

    def __str__(self) -> str:
        limits = [f"for {', '.join(self.actions)}"] if self.actions else []
        limits += [_period(start, end) for start, end in self.when if (start, end) != (-FAR, FAR)]
        return " ".join((self.superior, self.name, self.unit, *limits))


def _period(start: int, end: int) -> str:
    first, last = f"from {dtg(start)}" if start > -FAR else "", f"until {dtg(end)}" if end < FAR else ""
    return " ".join(w for w in (first, last) if w)


def relations(unit: str, setting: Setting, action: str = "") -> tuple[Relation, ...]:
    """Return the relations by which a participant may be tasked, for one action or (``""``) for any: standing first."""
    rows = [r for r in setting.mission.command if r.unit == unit and _about(r, action)]
    held = (r for r in rows if r.relation in TASKING)
    found = [Relation(r.superior, unit, r.relation, intervals(r.periods), r.actions) for r in held]
    known = setting.mission.by_id.get(unit)
    if known and known.superior:
        lost = union(p for r in rows if r.instead and (action or not r.actions) for p in intervals(r.periods))
        found = [Relation(known.superior, unit, STANDING, without(EVER, lost)), *found]
    return tuple(r for r in found if r.when)


def _about(row: CommandRow, action: str) -> bool:
    return not action or not row.actions or action in row.actions


def when_may_task(issuer: str, unit: str, action: str, setting: Setting) -> Intervals:
    """Return when an issuer may task a participant for an action; itself always."""
    asked = when_may_task, issuer, unit, action
    if asked not in setting.memo:
        setting.memo[asked] = _authority(issuer, unit, action, setting, frozenset((unit,)))
    found: Intervals = setting.memo[asked]
    return found


def _authority(issuer: str, unit: str, action: str, setting: Setting, passed: frozenset[str]) -> Intervals:
    if issuer == unit:
        return EVER
    found: list[Interval] = []
    for edge in relations(unit, setting, action):
        if edge.superior not in passed:
            above = _authority(issuer, edge.superior, action, setting, passed | {edge.superior})
            found += common(edge.when, above)
    return union(found)


def splits(row: CommandRow, issuer: str, action: str, of: Span, setting: Setting) -> bool:
    """Say whether a relation limited to some actions gives an issuer one of them for the whole of a task."""
    if row.relation not in TASKING or action not in row.actions:
        return False
    held = common(intervals(row.periods), when_may_task(issuer, row.superior, action, setting))
    return not without(((of.se, of.el),), held)


def chain_of(top: str, unit: str, setting: Setting) -> frozenset[Relation]:
    """Return every relation on a way from a participant up to one above it; none if there is no such way."""
    found: set[Relation] = set()
    _climb(top, unit, setting, (), found)
    return frozenset(found)


def _climb(top: str, unit: str, setting: Setting, way: tuple[Relation, ...], found: set[Relation]) -> None:
    if unit == top:
        found.update(way)
        return
    for edge in relations(unit, setting):
        if edge.superior not in {r.unit for r in way} | {unit}:
            _climb(top, edge.superior, setting, (*way, edge), found)
