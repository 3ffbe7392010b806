"""How bad a finding is, for every kind: the mission's own default, one less where it is only possible, one more late.

Source: reference deconfliction.md §2.2. The cases are those of the second oracle and of what is only read.
"""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Final

import pytest
from msgspec.structs import replace

from coordinator.core.deconfliction.ledger import Ledger, item
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.verdicts.base import higher, lower
from coordinator.core.mission import Mission
from schemas import registry
from schemas.findings import SEVERITIES, Finding, FindingKind, Severity
from tests.support.brute import everything
from tests.support.full import FULL
from tests.support.oracle import Case
from tests.support.oracle.cases import cases

CASES: Final = 900  # looked at, of each theme, until there are enough
ENOUGH: Final = 9
DAYS: Final = 86_400.0
CALM: Final = replace(FULL, rules=replace(FULL.rules, notice_s=0.0))
PRESSED: Final = replace(FULL, rules=replace(FULL.rules, notice_s=3_000 * DAYS))

FROM: Final[dict[FindingKind, tuple[str, ...]]] = {
    "incompatible-activities": ("place", "time"), "contradictory-orders": ("command",), "asset-overbooked": ("assets",),
    "route-capacity": ("section",), "uncoordinated-entry": ("ground", "border"), "prohibited-zone": ("ground",),
    "restricted-zone": ("ground",), "caveat": ("caveat",), "mandate": ("mandate",), "authority": ("command",),
    "command-fork": ("command",), "frequency": ("radio",), "broken-dependency": ("needs",),
    "infeasible": ("travel", "ways"), "duplicate-task": ("command",), "task-deviation": ("sightings",),
}  # fmt: skip
"""Where findings of a kind are found."""
DEFAULTS: Final[dict[FindingKind, Severity]] = {
    "contradictory-orders": "HIGH", "asset-overbooked": "HIGH", "caveat": "HIGH", "mandate": "CRITICAL",
    "authority": "HIGH", "command-fork": "MEDIUM", "broken-dependency": "HIGH", "infeasible": "MEDIUM",
    "duplicate-task": "INFO", "task-deviation": "MEDIUM",
}  # fmt: skip
"""Kinds whose severity is a default of §2.3 that the mission can change, where nothing nearer says another one."""
KEPT: Final[frozenset[FindingKind]] = frozenset(
    ("mandate", "authority", "command-fork", "duplicate-task", "infeasible")
)
"""Kinds for which a row, an asset or a class never says another severity."""
NEVER_RISES: Final[frozenset[FindingKind]] = frozenset(("duplicate-task", "task-deviation"))


@cache
def known(kind: FindingKind) -> tuple[Case, ...]:
    """Return the cases about a kind, each with a finding of it."""
    made = (case for theme in FROM[kind] for case in cases(77, CASES, theme))
    return tuple(islice((c for c in made if any(f.finding_kind == kind for f in found(c, CALM))), ENOUGH))


def found(case: Case, mission: Mission) -> list[Finding]:
    """Return the findings of a case before anything of it is over."""
    ledger = Ledger()
    for e in case.messages:
        ledger.add(item(e, registry.body(e), case.now))
    before = min((i.issued for i in ledger.items()), default=case.now)
    return list(everything(ledger, Setting(mission), min(before, case.now)).values())


def both(kind: FindingKind, one: Mission, other: Mission) -> Iterator[tuple[Finding, Finding]]:
    """Yield the findings of a kind in two missions that differ in severities only."""
    assert known(kind)
    for case in known(kind):
        a, b = ({f.id: f for f in found(case, m) if f.finding_kind == kind} for m in (one, other))
        assert a.keys() == b.keys()
        yield from ((a[i], b[i]) for i in sorted(a))


@pytest.mark.parametrize("kind", sorted(KEPT))
def test_the_default_of_a_kind_holds_and_possible_is_one_less(kind: FindingKind) -> None:
    seen = {(f.certainty, f.severity) for f, _ in both(kind, CALM, CALM) if f.state == "open"}
    assert ("definite", DEFAULTS[kind]) in seen
    assert seen <= {("definite", DEFAULTS[kind]), ("possible", lower(DEFAULTS[kind]))}


@pytest.mark.parametrize("kind", sorted(DEFAULTS))
def test_the_mission_says_how_bad_a_kind_is(kind: FindingKind) -> None:
    plain = replace(CALM, severities={})
    changed = replace(CALM, severities={kind: "LOW"})
    pairs = [(a, b) for a, b in both(kind, plain, changed) if a.severity != b.severity]
    assert pairs
    assert {b.severity for _, b in pairs} <= {"LOW", "INFO"}
    if kind in KEPT:
        assert all(
            b.severity == ("LOW" if b.certainty == "definite" else "INFO") for _, b in both(kind, plain, changed)
        )
    elsewhere: FindingKind = "not-acknowledged"
    assert all(a == b for a, b in both(kind, plain, replace(CALM, severities={elsewhere: "LOW"})))


@pytest.mark.parametrize("kind", sorted(set(FROM) - NEVER_RISES))
def test_too_little_time_raises_a_severity_by_one_and_says_how_much_time_there_was(kind: FindingKind) -> None:
    risen = 0
    for calm, pressed in both(kind, CALM, PRESSED):
        if pressed.evidence.lead_s is None:
            assert pressed.severity == calm.severity
            continue
        risen += 1
        assert calm.evidence.lead_s is None
        if calm.severity == "INFO" == pressed.severity:  # a draft, or over
            continue
        assert pressed.severity == higher(calm.severity)
        assert replace(pressed, severity=calm.severity, evidence=replace(pressed.evidence, lead_s=None)) == calm
    assert risen


@pytest.mark.parametrize("kind", sorted(NEVER_RISES))
def test_what_is_only_worth_knowing_never_rises(kind: FindingKind) -> None:
    assert all(a == b for a, b in both(kind, CALM, PRESSED))


def test_severities_end_at_both_ends() -> None:
    assert [lower(s) for s in SEVERITIES] == ["HIGH", "MEDIUM", "LOW", "INFO", "INFO"]
    assert [higher(s) for s in SEVERITIES] == ["CRITICAL", "CRITICAL", "HIGH", "MEDIUM", "LOW"]
