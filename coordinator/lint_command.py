"""Lint of who may order what: command relations, the mandate, contradictions, severities. Can each row ever fire?"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, get_args

from coordinator.core.measures import TASKING, UNPLACED, CommandRow
from coordinator.core.mission import Mission
from coordinator.errors import ConfigFinding
from coordinator.lint_measures import grounds, periods, short
from schemas.directives import Action

ELSEWHERE: Final[dict[str, str]] = {
    "incompatible-activities": "the `severity` of each row of [[matrix]]",
    "route-capacity": "`capacity_severity` in [rules]",
    "stale-order": "`stale_severity` in [rules]",
    "not-acknowledged": "`not_acknowledged_severity` in [rules]",
    "undecidable": "the severities of what could not be ruled out",
}
"""Kinds whose severity is not in the table of severities, and where it is."""


def _names(mission: Mission) -> Iterator[ConfigFinding]:
    """Yield names that mean several participants: an order to one of them would be read as one to another."""
    known: dict[str, str] = {}
    for i, p in enumerate(mission.participants):
        for name in (p.id, p.name, *p.aliases, *p.units):
            other = known.setdefault(name.casefold(), p.id) if name else p.id
            if other != p.id:
                what = f'"{name}" means "{other}" as well'
                yield ConfigFinding(
                    path=f"participants[{i}]", what=what, hint='name units fully, as in "A Coy XAR-BATT"'
                )


def _relations(mission: Mission) -> Iterator[ConfigFinding]:
    for i, row in enumerate(mission.command):
        path = f"command[{i}]"
        for field, name in (("unit", row.unit), ("superior", row.superior)):
            if name not in mission.by_id:
                known = ", ".join(sorted(mission.by_id))
                yield ConfigFinding(path=f"{path}.{field}", what=f'no participant "{name}"; known: {known}')
        yield from periods(row.periods, f"{path}.periods")
        if why := _idle(row, mission):
            yield ConfigFinding(path=path, what=f"can never matter: {why}")


def _idle(row: CommandRow, mission: Mission) -> str:
    """Say why a relation changes nothing; "" if it does."""
    if row.unit == row.superior:
        return "a unit is its own superior already"
    if row.unit in mission.superiors(row.superior):
        return f'"{row.unit}" already directs "{row.superior}"'
    if row.relation not in TASKING and not row.instead:
        return f"{row.relation} lets nobody task a unit, it only stands here for people"
    if row.superior in mission.superiors(row.unit) and not (row.actions or row.instead):
        return f'"{row.superior}" directs "{row.unit}" already'
    return ""


def _mandate(mission: Mission) -> Iterator[ConfigFinding]:
    words = {"*", *get_args(Action)}
    for i, row in enumerate(mission.mandate):
        path = f"mandate[{i}]"
        yield from short(row.clause, f"{path}.clause")
        yield from grounds(mission, row.ground, f"{path}.ground")
        yield from periods(row.periods, f"{path}.periods")
        for action in (a for a in row.actions if a not in words):
            yield ConfigFinding(path=f"{path}.actions", what=f'no action "{action}"; known: {", ".join(sorted(words))}')
        if not row.actions:
            yield ConfigFinding(
                path=f"{path}.actions", what="covers no action", hint="leave it out for all, or name some"
            )


def _contradictions(mission: Mission) -> Iterator[ConfigFinding]:
    seen: set[tuple[str, ...]] = set()
    for i, row in enumerate(mission.contradictions):
        pair = tuple(sorted((row.a, row.b)))
        if pair in seen:
            yield ConfigFinding(path=f"contradictions[{i}]", what=f'"{row.a}" and "{row.b}" are there twice')
        seen.add(pair)
        unplaced = sorted({row.a, row.b} & UNPLACED)
        if row.elsewhere and unplaced:
            what = f'can never fire: "{unplaced[0]}" binds a unit to no place, so it is never elsewhere'
            yield ConfigFinding(path=f"contradictions[{i}]", what=what, hint="leave out elsewhere")


def _precedence(mission: Mission) -> Iterator[ConfigFinding]:
    given = {c for a in mission.activities for c in a.classes}
    pairs = {(row.over, row.under) for row in mission.precedence}
    for i, row in enumerate(mission.precedence):
        path = f"precedence[{i}]"
        yield from short(row.rule, f"{path}.rule")
        for name in sorted({row.over, row.under} - given):
            what = f'can never fire: no activity is of class "{name}"'
            yield ConfigFinding(path=path, what=what, hint="add the class to an [[activities]] table")
        if (row.under, row.over) in pairs:
            yield ConfigFinding(path=path, what=f'"{row.over}" and "{row.under}" would each go before the other')


def _severities(mission: Mission) -> Iterator[ConfigFinding]:
    for kind in mission.severities:
        if kind in ELSEWHERE:
            what = f'the severity of "{kind}" is not taken from here'
            yield ConfigFinding(path="severities", what=what, hint=f"it is {ELSEWHERE[kind]}")


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (
    _names,
    _relations,
    _mandate,
    _contradictions,
    _precedence,
    _severities,
)
