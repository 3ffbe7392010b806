"""K05 to K08 in plain English: where somebody enters, comes too near or crosses, and whose word is missing.

Of a caveat they say whose it is, its reference and what the order asks for; never what it says.
"""

from collections.abc import Callable
from typing import Final

from coordinator.core.deconfliction.words import coordinates, metres, period, who
from schemas.findings import Evidence, Finding

_LONGEST_BASIS: Final = 18  # words that fit into a sentence; the finding holds it in any case


def _when(e: Evidence) -> str:
    return f" {period(e.overlap)}" if e.overlap else ""


def _entry(f: Finding, e: Evidence) -> list[str]:
    said = [f"{who(f.parties[0])} is in {e.rule}, the area of {e.authority}{_when(e)}."]
    if e.entry and e.exit:
        said.append(f"It comes in at {coordinates(e.entry)} and goes out at {coordinates(e.exit)}.")
    if e.inside_m is not None:
        said.append(f"Its way inside is {metres(e.inside_m)} long.")
    return [*said, f"No coordination with {e.authority} is recorded for it."]


def _prohibited(f: Finding, e: Evidence) -> list[str]:
    said = [f"{who(f.parties[0])} is in {e.rule}, where it is prohibited{_when(e)}.", *_apart(e), *_basis(e)]
    return [*said, f"Nobody below {e.authority} can exempt it."] if e.authority else said


def _restricted(f: Finding, e: Evidence) -> list[str]:
    said = [f"{who(f.parties[0])} is in or crosses {e.rule}, where it is restricted{_when(e)}.", *_apart(e)]
    return [*said, *([f"No permission of {e.authority} is recorded."] if e.authority else []), *_basis(e)]


def _apart(e: Evidence) -> list[str]:
    if e.distance_m is None or not e.required_m:
        return []
    return [f"It comes within {metres(e.distance_m)}, {metres(e.required_m)} are to be kept."]


def _basis(e: Evidence) -> list[str]:
    return [f"Basis: {e.basis}."] if e.basis and len(e.basis.split()) <= _LONGEST_BASIS else []


def _caveat(f: Finding, e: Evidence) -> list[str]:
    verb = "is" if f.certainty == "definite" else "may be"
    said = [f"{e.basis.capitalize()} of {e.authority}, {e.rule}, {verb} not compatible with {who(f.parties[0])}."]
    asked = f"The order asks to {e.actions[0]}" if e.actions and e.actions[0] != "other" else "It is about its task"
    return [*said, f"{asked}{_when(e)}."]


DOUBTS: Final[dict[str, str]] = {
    "units": "it binds a part of the unit",
    "vehicles": "the vehicles are not known well enough",
    "transport": "it may carry others",
    "scope": "the declaration names no task",
    "place": "the place is not known",
    "night": "it is not certain that the sun is down then",
    "positions": "the positions are not exact",
}
"""What made these findings only possible."""

SENTENCES: Final[dict[str, Callable[[Finding, Evidence], list[str]]]] = {
    "uncoordinated-entry": _entry,
    "prohibited-zone": _prohibited,
    "restricted-zone": _restricted,
    "caveat": _caveat,
}
