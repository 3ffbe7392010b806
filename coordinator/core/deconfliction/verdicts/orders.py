"""K12, K16, K18: orders that point at each other wrongly, were not answered, or cannot be read.

Source: reference deconfliction.md §2.3.
"""

from collections.abc import Sequence
from typing import Final

from coordinator.core.deconfliction.areas import Problem
from coordinator.core.deconfliction.links import LESSER, Fault
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.verdicts.assets import PROBLEMS as ASSET_PROBLEMS
from coordinator.core.deconfliction.verdicts.base import Verdict, lower
from coordinator.core.deconfliction.verdicts.capacity import PROBLEMS as CAPACITY_PROBLEMS
from coordinator.core.deconfliction.windows import window
from schemas.findings import SEVERITIES, Evidence, Severity

PLACES: Final = ("area", "route", "position", "footprint")
"""Fields without which nobody knows where something is."""
TASKS: Final = (*PLACES, "windows", "performers")
"""Fields without which nobody knows whether a unit can do what else it is ordered."""


def stale(fault: Fault, setting: Setting) -> Verdict:
    """K12: an order that cites, supersedes or was acknowledged wrongly."""
    severity = lower(setting.rules.stale_severity) if fault.rule in LESSER else setting.rules.stale_severity
    evidence = Evidence(rule=fault.rule, field=fault.field, cites=fault.cites)
    return Verdict("stale-order", "definite", severity, evidence, key=fault.key)


def outdated(waiting: Sequence[str], cites: tuple[str, ...], of: Reading, setting: Setting) -> Verdict | None:
    """K12(g): near the start, units have acknowledged an earlier version and not the one in force."""
    if not waiting:
        return None
    evidence = Evidence(
        rule="acknowledged", missing=tuple(waiting), cites=cites, overlap=window(of.extent),
        required_gap_s=setting.rules.notice_s,
    )  # fmt: skip
    return Verdict("stale-order", "definite", setting.rules.stale_severity, evidence, (of.fields.what,), (of.extent,),
                   "acknowledged")  # fmt: skip


def unanswered(waiting: Sequence[str], of: Reading, setting: Setting) -> Verdict | None:
    """K16: near its start, units that perform an order have said neither wilco nor cannot-comply."""
    if not waiting:
        return None
    evidence = Evidence(
        rule="notice", missing=tuple(waiting), overlap=window(of.extent), required_gap_s=setting.rules.notice_s
    )
    severity = setting.rules.not_acknowledged_severity
    return Verdict("not-acknowledged", "definite", severity, evidence, (of.fields.what,), (of.extent,))


def misread(unit: str, only: tuple[str, ...], of: Reading, setting: Setting) -> Verdict:
    """K16: a unit read an order back as something else; ``only`` are those who may know what it answered."""
    evidence = Evidence(rule="read-back", missing=(unit,), overlap=window(of.extent))
    severity = setting.rules.not_acknowledged_severity
    return Verdict("not-acknowledged", "definite", severity, evidence, (of.fields.what,), (of.extent,),
                   f"read-back/{unit}", only=only)  # fmt: skip


def undecidable(problem: Problem, of: Reading | None, setting: Setting) -> Verdict:
    """K18: an input that prevents a test; as severe as the worst that could not be ruled out (§2.3)."""
    classes = of.classes if of else frozenset()
    open_rows: list[Severity] = [row.severity for row in setting.mission.matrix if {row.a, row.b} & classes]
    if problem.what in CAPACITY_PROBLEMS:
        open_rows = [setting.rules.capacity_severity]
    if problem.what in ASSET_PROBLEMS:
        open_rows = [setting.default("asset-overbooked", "HIGH")]
    if problem.field.startswith(PLACES):
        open_rows += setting.layers.at_stake(classes)
    if of and of.tasking and problem.field.startswith(TASKS) and problem.what not in CAPACITY_PROBLEMS:
        open_rows += [setting.default("contradictory-orders", "HIGH")]
    severity: Severity = min(open_rows, key=SEVERITIES.index) if open_rows else "MEDIUM"
    evidence = Evidence(rule=problem.what, field=problem.field, because=(problem.word,) if problem.word else ())
    what = (of.fields.what,) if of else ()
    return Verdict("undecidable", "unknown", severity, evidence, what, key=f"{problem.field}/{problem.what}")
