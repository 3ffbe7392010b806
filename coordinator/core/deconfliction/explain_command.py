"""K02, K09, K10, K11, K17: what orders want of a unit, and who may order it.

They say what the orders and the command relations are; whose order stands is for people to decide.
"""

import re
from typing import Final

from coordinator.core.deconfliction.phrases import (
    Phrase,
    action,
    between,
    given,
    joined,
    listed,
    name,
    nth,
    said,
    scene,
    when,
    where,
)  # fmt: skip
from coordinator.core.deconfliction.words import metres, minutes, speed
from schemas.findings import Evidence, Finding

RULES: Final = {
    "contradictory-orders": ("exclusive", "remain", "travel"),
    "command-fork": ("command-fork",),
    "authority": ("authority",),
    "mandate": ("actions", "place", "period", "reference"),
    "duplicate-task": ("duplicate-task",),
}
DOUBTS: Final = frozenset(("relation", "action", "reach"))
_RELATIONS: Final = 3  # command relations that are said; the finding holds them all
_CLAUSES: Final = 3
_CLAUSE_WORDS: Final = 20
_CHAIN: Final = re.compile(r"(\S+) (\S+) (\S+)(?: for (.+?))?((?: (?:from|until) \S+)*)")
_PERIOD: Final = re.compile(r"(?: from (\S+))?(?: until (\S+))?")


def _contradictory(f: Finding, e: Evidence) -> list[Phrase]:
    kind = "said-contradictory-orders"
    found = [*said(kind, first=nth(f.parties, 0), second=nth(f.parties, 1)), *units(e)]
    found += said(f"{kind}-when", when=when(e.overlap)) if e.overlap else []
    if e.rule == "exclusive" and len(e.actions) > 1:
        found += said(f"{kind}-exclusive", one=action(e.actions[0]), other=action(e.actions[1]))
    if e.rule == "remain":
        found += said(f"{kind}-remain")
    found += said(f"{kind}-apart", distance=given(metres, e.distance_m))
    if e.rule == "travel":
        found += said(f"{kind}-travel", travel=given(minutes, e.travel_s), speed=given(speed, e.speed_mps))
        found += said(f"{kind}-spare", gap=given(minutes, e.gap_s))
    return found + (_relations(e) if len({p.issuer for p in f.parties}) > 1 else [])


def _forked(f: Finding, e: Evidence) -> list[Phrase]:
    a, b = nth(f.parties, 0), nth(f.parties, 1)
    issuers = [name(p.issuer) for p in f.parties[:2]] + [None, None]
    return [
        *said("said-command-fork", first=a, second=b, when=when(e.overlap)),
        *units(e),
        *said("said-command-fork-issuers", one=issuers[0], other=issuers[1]),
        *_relations(e),
    ]


def _unauthorised(f: Finding, e: Evidence) -> list[Phrase]:
    issuer, order = name(f.parties[0].issuer), nth(f.parties, 0)
    return [*said("said-authority", issuer=issuer, order=order, when=when(e.overlap)), *units(e), *_relations(e)]


def units(e: Evidence) -> list[Phrase]:
    """Return the units that it is about, as the messages name them."""
    return said("said-units", count=len(e.units), units=listed(e.units, 20))


def _relations(e: Evidence) -> list[Phrase]:
    """Return the command relations, a sentence each."""
    return [p for chain in e.chains[:_RELATIONS] for p in said("said-relation", relation=relation(chain))]


def relation(chain: str) -> Phrase | None:
    """Return a command relation, of a form like "sc-hq TACON xbl-batt for move from 140800ZMAR27 until 141200ZMAR27".

    Of its periods the first two are said. None for what has no such form.
    """
    read = _CHAIN.fullmatch(chain)
    if read is None:
        return None
    superior, name_, unit, limit, times = read.groups()
    actions = [a for word in (limit or "").split(", ")[:5] if (a := action(word))]
    allowed = Phrase("relation-for", {"actions": joined(actions) or ""}) if actions else Phrase("relation-all")
    periods = [between(m[1], m[2]) for m in _PERIOD.finditer(times) if m[0]]
    first, second = [*periods, Phrase("when-nothing"), Phrase("when-nothing")][:2]
    args = {"superior": superior, "name": name_, "unit": unit, "for": allowed, "when": first, "also": second}
    return Phrase("relation", args)


def _mandate(f: Finding, e: Evidence) -> list[Phrase]:
    basis = [c for c in e.basis.split("; ") if c and len(c.split()) <= _CLAUSE_WORDS]
    return [
        *said("said-mandate", sure=f.certainty, order=nth(f.parties, 0), scene=scene(e.place, e.overlap)),
        *said(f"said-mandate-{e.rule}"),
        *(p for clause in basis[:_CLAUSES] for p in said("said-mandate-clause", clause=clause)),
    ]


def _duplicated(f: Finding, e: Evidence) -> list[Phrase]:
    kind = "said-duplicate-task"
    found = said(kind, first=nth(f.parties, 0), second=nth(f.parties, 1))
    if e.overlap:
        found += said(f"{kind}-both", sure=f.certainty, where=where(e.place), when=when(e.overlap))
    apart, required = given(metres, e.distance_m), given(metres, e.required_m)
    return [*found, *said(f"{kind}-unaware"), *said(f"{kind}-apart", distance=apart, required=required)]


PHRASES: Final = {
    "contradictory-orders": _contradictory,
    "command-fork": _forked,
    "authority": _unauthorised,
    "mandate": _mandate,
    "duplicate-task": _duplicated,
}
