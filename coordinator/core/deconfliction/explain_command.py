"""K02, K09, K10, K11, K17 in plain English: what orders want of a unit, and who may order it.

They say what the orders and the command relations are; whose order stands is for people to decide.
"""

from collections.abc import Callable
from typing import Final

from coordinator.core.deconfliction.words import listed, metres, minutes, number, period, who
from schemas.findings import Evidence, Finding

_RELATIONS: Final = 3  # command relations that are said; the finding holds them all
_CLAUSES: Final = 3
_BREACHES: Final[dict[str, str]] = {
    "actions": "No clause of it covers the action",
    "place": "The place is not within the ground that it covers",
    "period": "It does not cover all of that time",
    "reference": "It asks for an authority, and none is cited",
}


def _when(e: Evidence) -> str:
    return f" {period(e.overlap)}" if e.overlap else ""


def _contradictory(f: Finding, e: Evidence) -> list[str]:
    said = [f"{who(f.parties[0])} and {who(f.parties[1])} task one unit at one time.", *_unit(e),
            f"Both may be under way{_when(e)}."]  # fmt: skip
    if e.rule == "exclusive":
        said.append(f"By the mission's rules one unit cannot {_verb(e, 0)} and {_verb(e, 1)} at one time.")
    if e.rule == "remain":
        said.append("One order keeps the unit at its place, the other wants it elsewhere.")
    if e.distance_m is not None:
        said.append(f"The two places are {metres(e.distance_m)} apart.")
    if e.rule == "travel" and e.travel_s is not None and e.speed_mps is not None:
        spare = f", at most {minutes(e.gap_s)} lie between the tasks" if e.gap_s is not None else ""
        said.append(f"The way takes {minutes(e.travel_s)} at {number(e.speed_mps)} m/s{spare}.")
    return said + (_relations(e) if f.parties[0].issuer != f.parties[1].issuer else [])


def _verb(e: Evidence, i: int) -> str:
    return e.actions[i] if i < len(e.actions) else "do this"


def _forked(f: Finding, e: Evidence) -> list[str]:
    a, b = f.parties[0], f.parties[1]
    return [f"{who(a)} and {who(b)} task one unit{_when(e)}.", *_unit(e),
            f"Of their issuers {a.issuer} and {b.issuer} neither directs the other.", *_relations(e)]  # fmt: skip


def _unauthorised(f: Finding, e: Evidence) -> list[str]:
    issuer = f.parties[0].issuer
    return [f"The mission records no authority of {issuer} for {who(f.parties[0])}{_when(e)}.", *_unit(e),
            *_relations(e)]  # fmt: skip


def _unit(e: Evidence) -> list[str]:
    return [f"Unit: {listed(e.units)}."] if e.units else []


def _relations(e: Evidence) -> list[str]:
    """Return the command relations, a sentence each."""
    return [f"Recorded: {chain}." for chain in e.chains[:_RELATIONS]]


def _mandate(f: Finding, e: Evidence) -> list[str]:
    where = f" at {e.place}" if e.place else ""
    clauses = [f"Clause: {clause}." for clause in e.basis.split("; ")[:_CLAUSES]]
    return [f"{who(f.parties[0])}{where}{_when(e)} goes beyond the mandate.", f"{_BREACHES[e.rule]}.", *clauses]


def _duplicated(f: Finding, e: Evidence) -> list[str]:
    where = f" at {e.place}" if e.place else ""
    said = [f"{who(f.parties[0])} and {who(f.parties[1])} order the same{where}{_when(e)}.",
            "Different contingents perform them, and neither order names the other."]  # fmt: skip
    if e.distance_m is not None and e.required_m is not None:
        said.append(f"The places differ by {metres(e.distance_m)}, within {metres(e.required_m)} they count as one.")
    return said


DOUBTS: Final[dict[str, str]] = {
    "relation": "the command relation does not last for all of the task",
    "action": "the bus has no word for the action",
    "reach": "the place is within, what is around it reaches beyond",
}
"""What made these findings only possible."""

SENTENCES: Final[dict[str, Callable[[Finding, Evidence], list[str]]]] = {
    "contradictory-orders": _contradictory,
    "command-fork": _forked,
    "authority": _unauthorised,
    "mandate": _mandate,
    "duplicate-task": _duplicated,
}
