"""Lint of ``[requests]``: how long a call for help may stay a promise, before somebody is asked about it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Final

from coordinator.core.mission import Mission
from coordinator.errors import ConfigFinding
from schemas.subjects import PRECEDENCES

LONGEST_S: Final = 7 * 86_400.0


def _requests(mission: Mission) -> Iterator[ConfigFinding]:
    given = {precedence: float(getattr(mission.requests, f"{precedence}_s")) for precedence in PRECEDENCES}
    for precedence, seconds in given.items():
        if not 0 <= seconds <= LONGEST_S:
            what = "is no time between a moment and a week"
            yield ConfigFinding(path=f"requests.{precedence}_s", what=what, hint='write it as "5m"; 0 is no limit')
    for faster, slower in pairwise(p for p in PRECEDENCES if given[p]):
        if given[slower] < given[faster]:
            what = f"a {slower} promise is asked about sooner than a {faster} one"
            yield ConfigFinding(path=f"requests.{slower}_s", what=what, hint=f"make it at least {faster}_s")


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (_requests,)
