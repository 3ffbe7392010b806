"""K19 in words: where a unit was seen instead of at its task, and, for those who rely on the place, only the effect."""

from collections.abc import Callable
from typing import Final

from coordinator.core.deconfliction.words import dtg, listed, metres, period, who
from schemas.findings import Evidence, Finding

COVERAGE: Final = "coverage-not-assured"


def _deviation(f: Finding, e: Evidence) -> list[str]:
    if e.rule == COVERAGE:
        return _coverage(f, e)
    when = f" {period(e.overlap)}" if e.overlap else ""
    verb = "was seen leaving" if e.rule == "left" else "was seen away from"
    said = [f"{who(f.parties[0])} has {listed(e.units)} at {e.place}{when}."]
    if e.observed is not None:
        said.append(f"{listed(e.units)} {verb} {e.place} {dtg(e.observed)}.")
    if e.distance_m is not None and e.required_m is not None:
        said.append(f"It was {metres(e.distance_m)} from there, where {metres(e.required_m)} still count as there.")
    return said


def _coverage(f: Finding, e: Evidence) -> list[str]:
    when = f" {period(e.overlap)}" if e.overlap else ""
    relying = " and ".join(who(p) for p in f.parties[:2]) + (" and others" if len(f.parties) > 2 else "")
    return [f"{e.place} is not assured to be covered{when}.", f"It concerns {relying}."]


SENTENCES: Final[dict[str, Callable[[Finding, Evidence], list[str]]]] = {"task-deviation": _deviation}
