"""K09: an order beyond what the mission's mandate covers. Source: reference deconfliction.md §2.3 K09.

The mandate is the clauses that the mission file records; without any, nothing is checked. An order keeps within it if
clauses for its action cover its place and its time, and it cites its authority where each of them asks for that.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from coordinator.core.deconfliction.geometry import middle
from coordinator.core.deconfliction.periods import Intervals, common, intervals, union, without
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.verdicts.base import Scene, Verdict
from coordinator.core.deconfliction.verdicts.tasks import action
from coordinator.core.deconfliction.windows import Span, window
from coordinator.core.deconfliction.within import Held, held, laid
from coordinator.core.measures import MandateRow
from schemas.directives import Directive
from schemas.findings import Certainty, Evidence, Option
from schemas.geo import Pair

_RANK: Final = {"actions": 0, "place": 1, "period": 2, "reference": 3}
"""Which breach is shown first, of those that are equally certain."""


class Breach(NamedTuple):
    """One way in which an order leaves the mandate: the clauses that do not cover it, where and when."""

    rule: str
    certainty: Certainty
    clauses: tuple[str, ...]
    because: tuple[str, ...] = ()
    part: Part | None = None
    at: Pair | None = None
    span: Span | None = None


def mandate(of: Side, scene: Scene) -> Iterator[Verdict]:
    """K09: an action, a place or a time that no clause covers, or the authority is not cited that clauses ask for."""
    setting, read = scene.setting, of.reading
    if read is None or not read.bound or not (found := [*_breaches(read, setting)]):
        return
    worst = min(found, key=lambda b: (b.certainty, _RANK[b.rule], b.span or (), b.at or ()))
    where = worst.part.name if worst.part else ""
    evidence = Evidence(
        rule=worst.rule, basis="; ".join(worst.clauses), actions=(action(read),), at=worst.at,
        place=where or (setting.place_at(worst.at) if worst.at else ""),
        overlap=window(worst.span) if worst.span else None, because=worst.because,
        folded=tuple(sorted({b.rule for b in found} - {worst.rule})),
    )  # fmt: skip
    severity = setting.severity(setting.default("mandate", "CRITICAL"), worst.certainty, frozenset())
    above = setting.mission.superiors(of.issuer)[:1]
    adviser = Option(option="refer", party=of.key[1], who=setting.arbiter((of.issuer, *above)))
    yield Verdict(
        "mandate", worst.certainty, severity, evidence, (read.fields.what,), (worst.span or read.extent,),
        between=above, notice_s=setting.notice_s(),
        offers=(adviser, Option(option="re-issue", party=of.key[1], who=of.issuer)),
    )  # fmt: skip


def _breaches(of: Reading, setting: Setting) -> Iterator[Breach]:
    """Yield every way in which an order leaves the mandate."""
    rows = [r for r in setting.mission.mandate if "*" in r.actions or action(of) in r.actions]
    if not rows:
        unread = action(of) == "other"  # a word that the bus has none for may yet be covered
        names = tuple(r.clause for r in setting.mission.mandate)
        yield Breach("actions", "possible" if unread else "definite", names, ("action",) if unread else ())
        return
    yield from _late(of, rows)
    yield from _outside(of, rows, setting)
    if all(r.reference for r in rows) and isinstance(of.body, Directive) and not of.body.on_order_of.strip():
        yield Breach("reference", "definite", _names(rows))


def _late(of: Reading, rows: list[MandateRow]) -> Iterator[Breach]:
    """Yield the windows that no clause for the action covers to the end: certain if no choice of times is covered."""
    covered = union(p for r in rows for p in intervals(r.periods))
    for span in of.spans:
        whole: Intervals = ((span.se, span.el),)
        left = without(whole, covered)
        if not left:
            continue
        never = not common(whole, covered) or (span.certain and bool(without(((span.sl, span.ee),), covered)))
        start, end = left[0]
        sure: Certainty = "definite" if never else "possible"
        yield Breach("period", sure, _names(rows), () if never else ("times",), span=Span(start, start, end, end))


def _outside(of: Reading, rows: list[MandateRow], setting: Setting) -> Iterator[Breach]:
    """Yield the parts of an order that lie, or reach, outside the ground of the clauses that hold then."""
    for part in of.parts:
        live = [r for r in rows if common(((part.span.se, part.span.el),), intervals(r.periods))]
        grounds = [laid(r.ground, setting) if r.ground else None for r in live]
        known = [g for g in grounds if g is not None]
        if not live or len(known) < len(grounds):  # none in force is the other breach; no ground is everywhere
            continue
        within = held(part.shape, known)
        if within != Held.WHOLLY:
            sure: Certainty = "definite" if within == Held.NOT else "possible"
            doubt = () if within == Held.NOT else ("reach",)
            yield Breach("place", sure, _names(live), doubt, part, middle(part.shape.geometry), part.span)


def _names(rows: Iterable[MandateRow]) -> tuple[str, ...]:
    return tuple(sorted({r.clause for r in rows}))
