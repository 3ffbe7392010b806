"""Lint of what is expected of units' positions: places that are covered, and incidents that are dangers."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from coordinator.core.mission import Mission
from coordinator.errors import ConfigFinding


def _coverage(mission: Mission) -> Iterator[ConfigFinding]:
    for i, row in enumerate(mission.coverage):
        if mission.place(row.place) is None:
            known = ", ".join(sorted(p.name for p in mission.places)) or "none"
            what = f'no place "{row.place}"; known: {known}'
            yield ConfigFinding(path=f"coverage[{i}].place", what=what, hint="add it to [[places]]")
        for name in row.dependants:
            if name not in mission.by_id:
                what = f'no participant "{name}"; known: {", ".join(sorted(mission.by_id))}'
                yield ConfigFinding(path=f"coverage[{i}].dependants", what=what)
        if row.radius_m <= 0:
            what = "no unit can be within it"
            yield ConfigFinding(path=f"coverage[{i}].radius_m", what=what, hint="leave it out, or write metres")


def _incidents(mission: Mission) -> Iterator[ConfigFinding]:
    for i, row in enumerate(mission.activities):
        if row.incident and row.kind != "incident":
            what = f"a {row.kind} has no category of incident, so the test means nothing"
            yield ConfigFinding(path=f"activities[{i}].incident", what=what, hint='write kind = "incident"')


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (_coverage, _incidents)
