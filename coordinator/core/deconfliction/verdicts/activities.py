"""K01: activities that do not go together meet in place, height and time. Source: deconfliction.md §2.3 K01."""

from msgspec.structs import replace

from coordinator.core.deconfliction.meeting import Meeting, Needs, meeting
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Rule, Setting
from coordinator.core.deconfliction.sides import Accord
from coordinator.core.deconfliction.verdicts.base import Verdict
from coordinator.core.deconfliction.windows import MICROS, relation, window
from schemas.findings import SEVERITIES, Evidence


def incompatible(a: Reading, b: Reading, accord: Accord, setting: Setting) -> Verdict | None:
    """K01: two activities that a row of the matrix keeps apart meet in place, height and time."""
    hits: list[tuple[Rule, Meeting]] = []
    for rule in setting.rows(a.classes, b.classes):
        row = rule.row
        if lifted(rule, a, b, accord):
            continue
        met = meeting(a, b, Needs(row.distance_m, row.gap_s, row.vertical_m, row.touch))
        if met:
            hits.append((rule, met))
    if not hits:
        return None
    graded = [(setting.severity(r.row.severity, m.certainty, a.classes | b.classes), r, m) for r, m in hits]
    severity, rule, met = min(graded, key=lambda g: (SEVERITIES.index(g[0]), g[2].certainty, g[1].rank))
    others = tuple(sorted({r.row.name for r, _ in hits if r.row.name != rule.row.name}))
    return Verdict(
        "incompatible-activities", met.certainty, severity,
        replace(_met(rule, met, others, setting), precedence=setting.goes_first(a.classes, b.classes)),
        (a.fields.what, b.fields.what), (met.a.span, met.b.span), notice_s=setting.notice_s(rule.row.notice_s),
    )  # fmt: skip


def lifted(rule: Rule, a: Reading, b: Reading, accord: Accord) -> bool:
    """Say whether something lifts a row for this pair (design §4: the suppressors)."""
    row = rule.row
    if accord.amends or accord.agreed or (accord.one_unit and not row.within):
        return True
    if (a.classes | b.classes) & frozenset(row.unless):
        return True
    if row.permit == "none":
        return False
    if row.permit == "either" or rule.a == rule.b:
        return accord.a_permits or accord.b_permits
    whose = row.a if row.permit == "a" else row.b
    return accord.a_permits if whose == rule.a else accord.b_permits


def _met(rule: Rule, met: Meeting, folded: tuple[str, ...], setting: Setting) -> Evidence:
    row, when = rule.row, met.overlap
    return Evidence(
        rule=row.name,
        place=met.a.name if met.a.name == met.b.name and met.a.name else setting.place_at(met.separation.at),
        at=met.separation.at,
        overlap=window(when) if when else None,
        relation=relation(met.a.span, met.b.span),
        distance_m=met.separation.distance_m,
        required_m=row.distance_m,
        gap_s=met.gap / MICROS,
        required_gap_s=row.gap_s,
        vertical_m=met.vertical_m,
        required_vertical_m=row.vertical_m if met.vertical_m is not None else None,
        because=met.because,
        folded=folded,
        advice=row.advice,
    )
