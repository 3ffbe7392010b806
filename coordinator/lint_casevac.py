"""Lint of the clock of a CASEVAC: who decides on a launch takes part, and the marks stand in their order."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from coordinator.core.mission import Mission
from coordinator.errors import ConfigFinding


def _names(mission: Mission) -> Iterator[ConfigFinding]:
    casevac, known = mission.casevac, ", ".join(sorted(mission.by_id))
    named = [("casevac.approves", casevac.approves)] if casevac.approves else []
    named += [(f"casevac.tell[{i}]", name) for i, name in enumerate(casevac.tell)]
    for path, name in named:
        if name not in mission.by_id:
            what = f'no participant "{name}"; known: {known}'
            yield ConfigFinding(path=path, what=what, hint="correct the id or add it")


def _marks(mission: Mission) -> Iterator[ConfigFinding]:
    casevac = mission.casevac
    for name, value in msgspec.structs.asdict(casevac).items():
        if isinstance(value, int | float) and value < 0:
            yield ConfigFinding(path=f"casevac.{name}", what="is less than nothing")
    if not 0 < casevac.first_aid_s <= casevac.resuscitation_s <= casevac.surgery_s:
        what = "the marks do not follow each other"
        hint = "write first_aid_s, resuscitation_s and surgery_s so that each is at least as long as the one before"
        yield ConfigFinding(path="casevac", what=what, hint=hint)


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (_names, _marks)
