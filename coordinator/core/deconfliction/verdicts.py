"""The verdicts: one pure function per kind, symmetric in the parties, blind to the issuer, without clock or I/O.

A verdict is definite, possible, unknown, or there is none. `PAIR` judges two parties, `PASSING` one's use of a section,
`CROSSING` two uses of one; what judges one order alone is called in `judging`. A kind is added by writing its function
and a line in one of the tables. Source: reference deconfliction.md §2.2, §2.3.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from coordinator.core.deconfliction.areas import Problem
from coordinator.core.deconfliction.links import LESSER, Fault
from coordinator.core.deconfliction.meeting import Meeting, Needs, meeting
from coordinator.core.deconfliction.reading import Reading, load_class
from coordinator.core.deconfliction.sections import Rating, Use, in_force
from coordinator.core.deconfliction.setting import Rule, Setting, Spot
from coordinator.core.deconfliction.sides import Accord
from coordinator.core.deconfliction.windows import (
    MICROS,
    Span,
    between,
    definite,
    micros,
    overlap,
    possible,
    relation,
    window,
)  # fmt: skip
from schemas.findings import SEVERITIES, Certainty, Evidence, FindingKind, Severity


class Verdict(NamedTuple):
    """What a kind concludes. ``what`` and ``spans`` are per party, ``key`` tells findings of one kind apart."""

    kind: FindingKind
    certainty: Certainty
    severity: Severity
    evidence: Evidence
    what: tuple[str, ...] = ()
    spans: tuple[Span | None, ...] = ()
    key: str = ""


class Passing(NamedTuple):
    """One party's use of a section, and what the section carries then."""

    spot: Spot
    use: Use
    rating: Rating


# -- K01 --------------------------------------------------------------------------------------------------------------


def incompatible(a: Reading, b: Reading, accord: Accord, setting: Setting) -> Verdict | None:
    """K01: two activities that a row of the matrix keeps apart meet in place, height and time."""
    hits: list[tuple[Rule, Meeting]] = []
    for rule in setting.rows(a.classes, b.classes):
        row = rule.row
        if _lifted(rule, a, b, accord):
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
        "incompatible-activities", met.certainty, severity, _met(rule, met, others, setting),
        (a.fields.what, b.fields.what), (met.a.span, met.b.span),
    )  # fmt: skip


def _lifted(rule: Rule, a: Reading, b: Reading, accord: Accord) -> bool:
    """Say whether something lifts a row for this pair (design §4: the suppressors)."""
    row = rule.row
    if accord.amends or accord.agreed or (accord.one_unit and not row.within):
        return True
    if (a.classes | b.classes) & frozenset(row.unless):
        return True
    lists = {rule.a: accord.a_permits, rule.b: accord.b_permits}
    if row.permit == "either" or rule.a == rule.b:
        return row.permit != "none" and (accord.a_permits or accord.b_permits)
    return row.permit != "none" and lists.get(row.a if row.permit == "a" else row.b, False)


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
    )


# -- K04 --------------------------------------------------------------------------------------------------------------


def over_capacity(of: Reading, passing: Passing, setting: Setting) -> Verdict | None:
    """K04: vehicles heavier than the section carries now, or a section that is closed."""
    spot, use, rating = passing
    heaviest, _ = load_class(of.fields.vehicles, setting)
    if not in_force(rating, use):
        return None
    heavy = heaviest is not None and rating.load_class is not None and heaviest > rating.load_class
    if not heavy and not rating.closed:
        return None
    certainty: Certainty = "definite" if use.certain else "possible"
    evidence = Evidence(
        rule="closed" if rating.closed else "load-class",
        place=spot.section.name,
        at=(spot.place.lon, spot.place.lat),
        overlap=window(use.span),
        load_class=None if rating.closed else rating.load_class,
        required_class=None if rating.closed else heaviest,
        cites=rating.name,
        because=() if use.certain else ("progress",),
    )
    severity = setting.severity(setting.rules.capacity_severity, certainty, of.classes)
    return Verdict("route-capacity", certainty, severity, evidence, (of.fields.what,), (use.span,), spot.section.name)


def crowded(a: Passing, b: Passing, setting: Setting) -> Verdict | None:
    """K04: opposite directions on a single lane, or less than the headway, where both directions are known."""
    if a.use.course is None or b.use.course is None:
        return None
    (ax, ay), (bx, by) = a.use.course, b.use.course
    against = ax * bx + ay * by < 0
    single = a.rating.lanes == 1 and against
    headway = micros(a.rating.headway_s or 0.0)
    if not (single or headway) or not possible(a.use.span, b.use.span, headway):
        return None
    sure = definite(a.use.span, b.use.span, headway) and a.use.certain and b.use.certain
    certainty: Certainty = "definite" if sure else "possible"
    when = overlap(a.use.span, b.use.span)
    evidence = Evidence(
        rule="direction" if single else "headway",
        place=a.spot.section.name,
        at=(a.spot.place.lon, a.spot.place.lat),
        overlap=window(when) if when else None,
        relation=relation(a.use.span, b.use.span),
        gap_s=between(a.use.span, b.use.span) / MICROS,
        required_gap_s=headway / MICROS,
        cites=a.rating.name,
        because=() if sure else ("times",),
    )
    severity = setting.severity(setting.rules.capacity_severity, certainty, frozenset())
    return Verdict("route-capacity", certainty, severity, evidence, (), (a.use.span, b.use.span), a.spot.section.name)


# -- K12, K16, K18 ----------------------------------------------------------------------------------------------------


def stale(fault: Fault, setting: Setting) -> Verdict:
    """K12: an order that cites, supersedes or was acknowledged wrongly."""
    severity = _lower(setting.rules.stale_severity) if fault.rule in LESSER else setting.rules.stale_severity
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


def undecidable(problem: Problem, of: Reading | None, setting: Setting) -> Verdict:
    """K18: an input that prevents a test; as severe as the worst that could not be ruled out (§2.3)."""
    classes = of.classes if of else frozenset()
    open_rows: list[Severity] = [row.severity for row in setting.mission.matrix if {row.a, row.b} & classes]
    if problem.what in _CAPACITY:
        open_rows = [setting.rules.capacity_severity]
    severity: Severity = min(open_rows, key=SEVERITIES.index) if open_rows else "MEDIUM"
    evidence = Evidence(rule=problem.what, field=problem.field, because=(problem.word,) if problem.word else ())
    what = (of.fields.what,) if of else ()
    return Verdict("undecidable", "unknown", severity, evidence, what, key=f"{problem.field}/{problem.what}")


def unrated(of: Reading, passing: Passing, setting: Setting) -> Problem | None:
    """Return what keeps K04 from being decided: a load class that neither message nor mission gives."""
    heaviest, unknown = load_class(of.fields.vehicles, setting)
    limit = passing.rating.load_class
    if limit is None or not in_force(passing.rating, passing.use) or (heaviest is not None and heaviest > limit):
        return None
    if unknown or not of.fields.vehicles:
        return Problem(f"vehicles ({passing.spot.section.name})", "no-load-class", unknown)
    return None


_CAPACITY: Final = frozenset(("no-load-class", "unknown-section"))


def _lower(severity: Severity) -> Severity:
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


PairVerdict = Callable[[Reading, Reading, Accord, Setting], Verdict | None]
PassingVerdict = Callable[[Reading, Passing, Setting], Verdict | None]

PAIR: Final[tuple[PairVerdict, ...]] = (incompatible,)
CROSSING: Final[tuple[Callable[[Passing, Passing, Setting], Verdict | None], ...]] = (crowded,)
PASSING: Final[tuple[PassingVerdict, ...]] = (over_capacity,)
