"""Lint of zones, areas of responsibility, and the words of caveats: can each ever fire, and is it what it says?"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from coordinator.core.measures import Boundary, Ground, Zone
from coordinator.core.mission import Mission
from coordinator.errors import ConfigFinding
from coordinator.lint_measures import grounds, periods, short
from schemas.directives import Caveat

_REVISION: Final = re.compile(r".+:[1-9][0-9]*")
_PROBLEMS: Final = {
    "crossing-ring": "is a ring that crosses itself",
    "wide-ring": "is wider than half the earth",
    "wide-path": "is wider than half the earth",
    "no-extent": "is a shape without extent",
}
"""Why points that are all known are no ground."""


def _zones(mission: Mission) -> Iterator[ConfigFinding]:
    yield from _twice("zones", [z.name for z in mission.zones])
    for i, zone in enumerate(mission.zones):
        path = f"zones[{i}]"
        yield from short(zone.name, f"{path}.name")
        yield from short(zone.basis, f"{path}.basis") if zone.basis else ()
        yield from _laid_out(mission, zone.ground, f"{path}.ground")
        yield from periods(zone.periods, f"{path}.periods")
        yield from _classes(mission, zone.classes, f"{path}.classes")
        yield from _zone(mission, zone, path)


def _zone(mission: Mission, zone: Zone, path: str) -> Iterator[ConfigFinding]:
    if zone.ground is None and not zone.agreement:
        yield ConfigFinding(path=path, what="can never fire: it has no ground", hint="give a ground or an agreement")
    if zone.agreement and (zone.ground is not None or zone.periods):
        what = "follows an agreement, so ground and periods are those of the agreement"
        yield ConfigFinding(path=path, what=what, hint="leave them out, or leave the agreement out")
    if zone.floor_m is not None and zone.ceiling_m is not None and zone.ceiling_m < zone.floor_m:
        yield ConfigFinding(path=path, what="can never fire: its ceiling lies below its floor")
    if zone.standoff_m < 0:
        yield ConfigFinding(path=f"{path}.standoff_m", what="is negative")
    yield from _somebody(mission, zone.authority, f"{path}.authority", "nobody could exempt or permit")
    for order in zone.exempt:
        if not _REVISION.fullmatch(order):
            yield ConfigFinding(
                path=f"{path}.exempt", what=f'"{order}" names no revision', hint='write it as "ID:REVISION"'
            )


def _boundaries(mission: Mission) -> Iterator[ConfigFinding]:
    yield from _twice("boundaries", [b.name for b in mission.boundaries])
    for i, area in enumerate(mission.boundaries):
        path = f"boundaries[{i}]"
        yield from short(area.name, f"{path}.name")
        yield from _laid_out(mission, area.ground, f"{path}.ground")
        yield from periods(area.periods, f"{path}.periods")
        yield from _classes(mission, area.classes, f"{path}.classes")
        yield from _classes(mission, tuple(area.severities), f"{path}.severities", needed=False)
        yield from _somebody(mission, area.owner, f"{path}.owner", "nobody could be asked")
        yield from _visitors(mission, area, path)


def _visitors(mission: Mission, area: Boundary, path: str) -> Iterator[ConfigFinding]:
    """Yield words that open an area to nobody, and areas that everybody is at home in."""
    known = {c for a in mission.activities for c in a.classes}
    for word in area.open_to:
        if word not in known and not mission.members(word):
            yield ConfigFinding(path=f"{path}.open_to", what=f'"{word}" means nobody and no class of activity')
    welcome = frozenset[str]().union(*(mission.members(w) for w in area.open_to))
    above = mission.superiors(area.owner)
    at_home = {p for p in mission.by_id if p in (area.owner, *above) or area.owner in mission.superiors(p)}
    if not mission.by_id.keys() - welcome - at_home:
        what = f'can never fire: everybody is above or below "{area.owner}", or need not coordinate'
        yield ConfigFinding(path=path, what=what, hint="leave it out, or correct its owner")


def _laid_out(mission: Mission, ground: Ground | None, path: str) -> Iterator[ConfigFinding]:
    found = list(grounds(mission, ground, path))
    yield from found
    if ground is not None and not found:
        from coordinator.core.deconfliction import areas, setting  # geometry takes its time to import
        from coordinator.core.deconfliction.grounds import shape_of

        try:
            shape_of(ground, setting.Setting(mission))
        except areas.Problem as problem:
            yield ConfigFinding(path=path, what=_PROBLEMS[problem.what], hint="correct its corners")


def _classes(mission: Mission, of: Sequence[str], path: str, *, needed: bool = True) -> Iterator[ConfigFinding]:
    known = {c for a in mission.activities for c in a.classes}
    for name in (c for c in of if c != "*" and c not in known):
        what = f'can never fire for "{name}": no activity is of that class'
        yield ConfigFinding(path=path, what=what, hint="add the class to an [[activities]] table")
    if needed and not of:
        yield ConfigFinding(path=path, what="can never fire: it means no activity", hint='write ["*"] for all')


def _somebody(mission: Mission, name: str, path: str, else_: str) -> Iterator[ConfigFinding]:
    if name not in mission.by_id:
        what = f'no participant "{name}"' if name else "is missing"
        yield ConfigFinding(path=path, what=f"{what}: {else_}", hint=f"known: {', '.join(sorted(mission.by_id))}")


def _twice(path: str, names: Sequence[str]) -> Iterator[ConfigFinding]:
    for i, name in enumerate(names):
        if name.casefold() in (n.casefold() for n in names[:i]):
            what = f'"{name}" is there twice'
            yield ConfigFinding(path=f"{path}[{i}].name", what=what, hint="findings tell them apart by name")


def _caveats(mission: Mission) -> Iterator[ConfigFinding]:
    """Yield words by which no caveat could ever bind a vehicle, and what would show caveats to everybody."""
    for i, row in enumerate(mission.vehicles):
        names = {n.casefold() for v in mission.vehicles for n in (v.type, *v.aliases)}
        for word in (c for c in row.classes if c.casefold() in names):
            what = f'"{word}" is a type as well: a caveat on that type would mean all of the class'
            yield ConfigFinding(path=f"vehicles[{i}].classes", what=what, hint="use another word for the class")
        if not all(row.classes):
            yield ConfigFinding(path=f"vehicles[{i}].classes", what="an empty class can never be meant")
    for i, release in enumerate(mission.release):
        if release.kind == Caveat.KIND and release.to == "all":
            what = "would show every nation's restrictions to everybody"
            yield ConfigFinding(path=f"release[{i}]", what=what, hint="leave it out: a caveat stays in its chain")


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (_zones, _boundaries, _caveats)
