"""One finding per pair and cause: what a greater verdict implies is folded into it. Source: design §4."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from coordinator.core.deconfliction.verdicts.base import Verdict
from schemas.findings import FindingKind

IMPLIED: Final[dict[FindingKind, frozenset[FindingKind]]] = {
    "incompatible-activities": frozenset(("route-capacity", "duplicate-task")),
    "contradictory-orders": frozenset(("command-fork",)),
}
"""For a kind, what of the same two orders it implies: a headway clash inside a place clash, a fork that contradicts."""


def folded(found: Sequence[Verdict]) -> list[Verdict]:
    """Return the verdicts on two orders without those that another one implies; the greater one lists their rules."""
    kinds = {v.kind for v in found}
    implied = {kind for greater in kinds for kind in IMPLIED.get(greater, ())}
    return [_with(v, found) for v in found if v.kind not in implied]


def _with(verdict: Verdict, found: Sequence[Verdict]) -> Verdict:
    lesser = {v.evidence.rule for v in found if v.kind in IMPLIED.get(verdict.kind, ())}
    if not lesser:
        return verdict
    rules = tuple(sorted({*verdict.evidence.folded, *lesser}))
    return verdict._replace(evidence=replace(verdict.evidence, folded=rules))
