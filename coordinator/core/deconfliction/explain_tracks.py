"""K19: where a unit was seen instead of at its task, and, for those who rely on the place, only the effect."""

from typing import Final

from coordinator.core.deconfliction.phrases import (
    PLACE,
    Phrase,
    given,
    given_dtg,
    ids,
    joined,
    listed,
    name,
    nth,
    order,
    said,
    when,
)  # fmt: skip
from coordinator.core.deconfliction.words import metres
from schemas.findings import Evidence, Finding

COVERAGE: Final = "coverage-not-assured"
RULES: Final = {"task-deviation": ("left", "outside", COVERAGE)}
DOUBTS: Final = frozenset(("unit", "position"))
_UNITS: Final = 4  # words of the units' names
_NAMED: Final = 2  # parties of which it is said what they are


def _deviation(f: Finding, e: Evidence) -> list[Phrase]:
    if e.rule == COVERAGE:
        return _coverage(f, e)
    kind, units, place = "said-task-deviation", listed(e.units, _UNITS), name(e.place, PLACE)
    return [
        *said(kind, order=nth(f.parties, 0), units=units, place=place, when=when(e.overlap)),
        *said(f"{kind}-{e.rule}", units=units, place=place, seen=given_dtg(e.observed)),
        *said(f"{kind}-distance", distance=given(metres, e.distance_m), required=given(metres, e.required_m)),
    ]


def _coverage(f: Finding, e: Evidence) -> list[Phrase]:
    kind = "said-task-deviation"
    relying = joined([order(p) for p in f.parties]) if len(f.parties) <= _NAMED else ids(f.parties)
    return [
        *said(f"{kind}-{COVERAGE}", place=name(e.place, PLACE), when=when(e.overlap)),
        *said(f"{kind}-concerns", orders=relying),
    ]


PHRASES: Final = {"task-deviation": _deviation}
