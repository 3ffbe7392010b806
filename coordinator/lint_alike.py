"""Lint of who is told of a misused name, of notices that parties read alike, and of what a duty officer can look at."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from coordinator.core.mission import Mission
from coordinator.errors import ConfigFinding
from schemas import registry


def _security(mission: Mission) -> Iterator[ConfigFinding]:
    for word in mission.security.tell:
        yield from _known(mission, word, "security.tell")


def _symmetry(mission: Mission) -> Iterator[ConfigFinding]:
    if mission.symmetry.within_s <= 0:
        yield ConfigFinding(path="symmetry.within_s", what="is no time at all", hint='write within_s = "5m"')
    for i, row in enumerate(mission.symmetry.notices):
        path = f"symmetry.notices[{i}]"
        if row.kind not in registry.PARTICIPANT_KINDS | set(mission.kinds):
            known = ", ".join(sorted(registry.PARTICIPANT_KINDS))
            yield ConfigFinding(path=f"{path}.kind", what=f'no kind "{row.kind}"', hint=f"known: {known}")
        for word in row.parties:
            yield from _known(mission, word, f"{path}.parties")
        if len({p for word in row.parties for p in mission.members(word)}) < 2:
            what = "names fewer than two participants: there is nobody to be told alike"
            yield ConfigFinding(path=f"{path}.parties", what=what)


def _budget(mission: Mission) -> Iterator[ConfigFinding]:
    budget = mission.budget
    for name in ("cards_per_hour", "crisis_per_hour"):
        if getattr(budget, name) < 0:
            yield ConfigFinding(path=f"budget.{name}", what="is less than nothing")
    if budget.crisis_per_hour < budget.cards_per_hour:
        what = f"is less than the {budget.cards_per_hour:g} of an ordinary hour"
        yield ConfigFinding(path="budget.crisis_per_hour", what=what)


def _known(mission: Mission, word: str, path: str) -> Iterator[ConfigFinding]:
    if not mission.members(word):
        what = f'"{word}" is no participant, nation or group of this mission'
        yield ConfigFinding(path=path, what=what, hint="check the spelling, or give somebody that group")


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (_security, _symmetry, _budget)
