"""K04: a section of a route is used by more, or by heavier vehicles, than it carries. Source: deconfliction.md §2.3."""

from typing import Final

from coordinator.core.deconfliction.areas import Problem
from coordinator.core.deconfliction.reading import Reading, load_class
from coordinator.core.deconfliction.sections import in_force
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.verdicts.base import Passing, Verdict
from coordinator.core.deconfliction.windows import (
    MICROS,
    between,
    definite,
    micros,
    overlap,
    possible,
    relation,
    window,
)  # fmt: skip
from schemas.findings import Certainty, Evidence

PROBLEMS: Final = frozenset(("no-load-class", "unknown-section"))
"""Problems that keep this kind from being decided, and no other."""


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
    return Verdict(
        "route-capacity", certainty, severity, evidence, (of.fields.what,), (use.span,), spot.section.name,
        notice_s=setting.notice_s(),
    )  # fmt: skip


def crowded(a: Passing, b: Passing, setting: Setting) -> Verdict | None:
    """K04: opposite directions on a single lane, or less than the headway, where both directions are known."""
    headway = spacing(a, b)
    if headway is None or not possible(a.use.span, b.use.span, headway):
        return None
    single = a.rating.lanes == 1 and _against(a, b)
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
    return Verdict(
        "route-capacity", certainty, severity, evidence, (), (a.use.span, b.use.span), a.spot.section.name,
        notice_s=setting.notice_s(),
    )  # fmt: skip


def spacing(a: Passing, b: Passing) -> int | None:
    """Return the microseconds that two uses of a section must lie apart; None if they need not, or nobody can tell."""
    if a.use.course is None or b.use.course is None:
        return None
    headway = micros(a.rating.headway_s or 0.0)
    return headway if headway or (a.rating.lanes == 1 and _against(a, b)) else None


def _against(a: Passing, b: Passing) -> bool:
    """Say whether two uses of a section go in opposite directions."""
    (ax, ay), (bx, by) = a.use.course or (0.0, 0.0), b.use.course or (0.0, 0.0)
    return ax * bx + ay * by < 0


def unrated(of: Reading, passing: Passing, setting: Setting) -> Problem | None:
    """Return what keeps K04 from being decided: a load class that neither message nor mission gives."""
    heaviest, unknown = load_class(of.fields.vehicles, setting)
    limit = passing.rating.load_class
    if limit is None or not in_force(passing.rating, passing.use) or (heaviest is not None and heaviest > limit):
        return None
    if unknown or not of.fields.vehicles:
        return Problem(f"vehicles ({passing.spot.section.name})", "no-load-class", unknown)
    return None
