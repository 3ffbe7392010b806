"""Lint of who is told: does the routing tree let nothing fall through, is every name there, can each row ever fire?

Source: reference console.md §6 ("Routing tree": a check proves that no alert falls through); domain.md §6.5.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, get_args

from coordinator.core import ladders, roster
from coordinator.core.duties import Ladder, Row, Watch
from coordinator.core.mission import Mission
from coordinator.core.whereabouts import known_areas
from coordinator.errors import ConfigFinding
from schemas.alerts import AlertKind, CapSeverity

LANGUAGES: Final = ("ar", "en", "es", "fr", "ru", "zh")
KINDS: Final = tuple(k for k in get_args(AlertKind) if k != "not-accepted")  # an answer is for who asked, no row adds
SEVERITIES: Final[tuple[CapSeverity, ...]] = get_args(CapSeverity)
SPECIAL: Final = ("findings", "areas", "parties", "languages")  # tests that some card of any kind does not pass
_TOKEN: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


# -- the routing tree -------------------------------------------------------------------------------------------------


def _rows(mission: Mission) -> Iterator[ConfigFinding]:
    for i, row in enumerate(mission.routing):
        path = f"routing[{i}]" + (f' "{row.name}"' if row.name else "")
        yield from _somebody(mission, row.to, f"{path}.to", besides=True)
        yield from _areas(mission, row.areas, f"{path}.areas")
        yield from _languages(row.languages, f"{path}.languages")
        for word in row.parties:
            if not mission.members(word):
                what = f'"{word}" is no participant, nation or group'
                yield ConfigFinding(path=f"{path}.parties", what=what, hint="correct it or leave it out")
        if row.ladder and row.ladder not in {x.name for x in mission.ladders}:
            known = ", ".join(x.name for x in mission.ladders) or "none"
            yield ConfigFinding(path=f"{path}.ladder", what=f'no ladder "{row.ladder}"; known: {known}')
        if before := _hidden(row, mission.routing[:i]):
            what = f"can never fire: {_called(mission, before)} takes all that it matches"
            yield ConfigFinding(path=path, what=what, hint="put it further up, or write continue = true there")


def _called(mission: Mission, row: Row) -> str:
    return f'"{row.name}"' if row.name else f"routing[{mission.routing.index(row)}]"


def _hidden(row: Row, earlier: Sequence[Row]) -> Row | None:
    """Return the row above that leaves nothing for this one."""
    fields = ("kinds", "severities", *SPECIAL)
    return next((e for e in earlier if not e.goes_on and all(_covers(e, row, f) for f in fields)), None)


def _covers(earlier: Row, row: Row, field: str) -> bool:
    above, below = set(getattr(earlier, field)), set(getattr(row, field))
    return not above or (bool(below) and below <= above)


def _falls_through(mission: Mission) -> Iterator[ConfigFinding]:
    """Yield the kinds and severities of cards that no row is sure to match, whatever else is true of them."""
    if not mission.routing:
        return
    sure = [row for row in mission.routing if not any(getattr(row, field) for field in SPECIAL)]
    missing = {kind: [s for s in SEVERITIES if not any(_takes(row, kind, s) for row in sure)] for kind in KINDS}
    for severities in dict.fromkeys(tuple(m) for m in missing.values() if m):
        kinds = [kind for kind, left in missing.items() if tuple(left) == severities]
        what = f"{_all(kinds, KINDS, 'kind')} of {_all(severities, SEVERITIES, 'severity')} may match no row"
        hint = "end with a [[routing]] row without tests; to = [] tells nobody besides those concerned"
        yield ConfigFinding(path="routing", what=what, hint=hint)


def _takes(row: Row, kind: str, severity: str) -> bool:
    return (not row.kinds or kind in row.kinds) and (not row.severities or severity in row.severities)


def _all(some: Sequence[str], of: Sequence[str], word: str) -> str:
    return f"every {word}" if len(some) == len(of) else ", ".join(some)


# -- ladders ----------------------------------------------------------------------------------------------------------


def _ladders(mission: Mission) -> Iterator[ConfigFinding]:
    yield from _once("ladders", "name", [x.name for x in mission.ladders])
    yield from _once("ladders", "precedence", [x.precedence for x in mission.ladders if x.precedence])
    named = {row.ladder for row in mission.routing}
    for i, ladder in enumerate(mission.ladders):
        path = f'ladders[{i}] "{ladder.name}"'
        yield from _token(ladder.name, f"{path}.name")
        if not ladder.precedence and ladder.name not in named:
            what = "can never be used: it has no precedence, and no row of [[routing]] names it"
            yield ConfigFinding(path=path, what=what, hint="give it a precedence, or name it in a row")
        yield from _steps(mission, ladder, path)


def _steps(mission: Mission, ladder: Ladder, path: str) -> Iterator[ConfigFinding]:
    if ladder.deadline_s < 0:
        yield ConfigFinding(path=f"{path}.deadline_s", what="is less than nothing")
    for i, step in enumerate(ladder.steps):
        yield from _somebody(mission, step.to, f"{path}.steps[{i}].to", besides=False)
        if step.after_s is not None and step.after_s <= 0:
            what = "is not later than the asking itself"
            yield ConfigFinding(path=f"{path}.steps[{i}].after_s", what=what, hint="leave it out for the deadline")
        if step.to and step.do == "second-bearer":
            what = "goes to whoever was asked, and to nobody else"
            yield ConfigFinding(path=f"{path}.steps[{i}].to", what=what, hint='use do = "superior" to tell others')
    if not any(step.do == "superior" for step in ladder.steps):
        what = "tells nobody that a card is not acknowledged"
        yield ConfigFinding(path=f"{path}.steps", what=what, hint='add a step with do = "superior"')
    owed = ladder.deadline_s or (ladder.precedence and ladders.DEADLINES[ladder.precedence](mission.acknowledge))
    if ladder.precedence and not owed:
        what = f"can never fire: at {ladder.precedence} precedence no acknowledgement is owed"
        yield ConfigFinding(
            path=path, what=what, hint="give it deadline_s, or give the precedence one in [acknowledge]"
        )


# -- the roster -------------------------------------------------------------------------------------------------------


def _roster(mission: Mission) -> Iterator[ConfigFinding]:
    for i, row in enumerate(mission.roster):
        path = f'roster[{i}] "{row.role}"'
        yield from _token(row.role, f"{path}.role")
        if row.role in mission.by_id:
            what = "is a participant as well, and nobody could tell which is meant"
            yield ConfigFinding(path=f"{path}.role", what=what, hint="give the role another name")
        if row.participant not in mission.by_id:
            known = ", ".join(sorted(mission.by_id)) or "none"
            yield ConfigFinding(path=f"{path}.participant", what=f'no participant "{row.participant}"; known: {known}')
        yield from _areas(mission, (row.area,) if row.area else (), f"{path}.area")
        yield from _languages(row.languages, f"{path}.languages")
        yield from _times(row, path)


def _times(row: Watch, path: str) -> Iterator[ConfigFinding]:
    if row.start and row.end and row.end <= row.start:
        yield ConfigFinding(path=path, what="never is: it does not end after it starts")
    if row.daily and len(row.daily) != 2:
        hint = 'write when it begins and when it ends: daily = ["0600A", "1815A"]'
        yield ConfigFinding(path=f"{path}.daily", what="needs two times", hint=hint)
    for text in row.daily:
        if roster.minute(text) is None:
            what = f'"{text}" is no time with a zone letter'
            yield ConfigFinding(path=f"{path}.daily", what=what, hint='write it as "0600A"; J, local time, is none')


# -- what they have in common -----------------------------------------------------------------------------------------


def _somebody(mission: Mission, names: Sequence[str], path: str, *, besides: bool) -> Iterator[ConfigFinding]:
    known = mission.by_id.keys() | roster.roles(mission)
    above = {p.superior for p in mission.participants}
    for name in names:
        member = mission.by_id.get(name)
        if name not in known:
            what = f'"{name}" is no participant and no role of the roster'
            yield ConfigFinding(path=path, what=what, hint=f"known: {', '.join(sorted(known))}")
        elif besides and member and not (member.operator or member.role in ("desk", "hq") or name in above):
            what = f'"{name}" is told of what it takes part in, and of nothing else: it directs nobody'
            yield ConfigFinding(path=path, what=what, hint="leave it out, or name its headquarters or a desk")


def _areas(mission: Mission, names: Sequence[str], path: str) -> Iterator[ConfigFinding]:
    known = known_areas(mission)
    for name in names:
        if name.casefold() not in known:
            hint = "add it to [[places]] or [[boundaries]]"
            yield ConfigFinding(path=path, what=f'no place or boundary "{name}"', hint=hint)


def _languages(names: Sequence[str], path: str) -> Iterator[ConfigFinding]:
    for name in names:
        if name not in LANGUAGES:
            yield ConfigFinding(path=path, what=f'"{name}" is not one of {" ".join(LANGUAGES)}')


def _token(name: str, path: str) -> Iterator[ConfigFinding]:
    if not _TOKEN.fullmatch(name):
        what = f'"{name}" is no name of small letters, digits and hyphens'
        yield ConfigFinding(
            path=path, what=what, hint='write a function, as "duty-officer"; never the name of a person'
        )


def _once(table: str, field: str, names: Sequence[str]) -> Iterator[ConfigFinding]:
    for i, name in enumerate(names):
        if name in names[:i]:
            yield ConfigFinding(path=f"{table}[{i}].{field}", what=f'"{name}" is there twice', hint="keep one of them")


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (_rows, _falls_through, _ladders, _roster)
