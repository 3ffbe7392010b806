"""K10: an order by somebody who may not task the unit, for this, at this time. Source: deconfliction.md §2.3 K10.

Whoever amends an order with authority over its issuer stands behind it as well. An issuer that is no participant of the
mission has no authority over anybody.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from coordinator.core.deconfliction.periods import EVER, Intervals, common, union, without
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.relations import Relation, chain_of, relations, when_may_task
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.units import Unit
from coordinator.core.deconfliction.verdicts.base import Scene, Verdict
from coordinator.core.deconfliction.verdicts.tasks import action
from coordinator.core.deconfliction.windows import Span, window
from schemas.findings import Certainty, Evidence, Option


class Lack(NamedTuple):
    """A unit that its issuer may not task during part of a task, or all of it."""

    certainty: Certainty
    start: int
    end: int
    span: Span
    unit: Unit


def authority(of: Side, scene: Scene) -> Iterator[Verdict]:
    """K10: the issuer may not task a unit during the task (definite), or not during all of it (possible)."""
    setting, read = scene.setting, of.reading
    if read is None or not (lacks := [*_lacks(of, read, setting)]):
        return
    first = min(lacks)
    may = tuple(sorted({m for lack in lacks if (m := _who_may(lack, action(read), setting))}))
    units = {lack.unit.participant for lack in lacks}
    evidence = Evidence(
        rule="authority", units=tuple(sorted({lack.unit.said for lack in lacks})), authority=setting.arbiter(may),
        chains=tuple(sorted({str(r) for u in units for r in _known(of.issuer, u, setting)})), actions=(action(read),),
        overlap=window(Span(first.start, first.start, first.end, first.end)),
        because=() if first.certainty == "definite" else ("relation",),
    )  # fmt: skip
    yield Verdict(
        "authority", first.certainty,
        setting.severity(setting.default("authority", "HIGH"), first.certainty, frozenset()), evidence,
        (read.fields.what,), (first.span,), notice_s=setting.notice_s(), between=may, told=may,
        offers=(*_offers(of, may, setting), *(Option(option="refer", party=of.key[1], who=u) for u in sorted(units))),
    )  # fmt: skip


def _lacks(of: Side, read: Reading, setting: Setting) -> Iterator[Lack]:
    """Yield the parts of the task's windows during which nobody behind the order may task a unit."""
    behind = sorted({of.issuer, *(i.key[0] for i in of.version.sources)})
    for unit, span in product(read.units, read.spans):
        allowed = [when_may_task(issuer, unit.participant, action(read), setting) for issuer in behind]
        if EVER in allowed:
            continue
        whole: Intervals = union(((span.se, span.el),))
        left = whole
        for periods in allowed:
            left = without(left, periods)
        for start, end in left:
            yield Lack("definite" if left == whole else "possible", start, end, span, unit)


def _who_may(lack: Lack, what: str, setting: Setting) -> str:
    """Return who stands directly above a unit for a task that somebody else gave it; "" if nobody does."""
    above = relations(lack.unit.participant, setting, what)
    return next((r.superior for r in above if common(r.when, ((lack.start, lack.end),))), "")


def _known(issuer: str, unit: str, setting: Setting) -> Iterator[Relation]:
    """Yield what the mission says of a unit: the relations directly above it, and any way up to the issuer."""
    yield from relations(unit, setting)
    yield from chain_of(issuer, unit, setting)


def _offers(of: Side, may: tuple[str, ...], setting: Setting) -> Iterator[Option]:
    """Yield the ways out besides the unit's own commander: through the right HQ, or by a transfer of authority."""
    yield from (Option(option="re-issue", party=of.key[1], who=who) for who in may)
    above = setting.arbiter(tuple(sorted({*may, of.issuer})))
    if above and above != of.issuer:
        yield Option(option="permission", party=of.key[1], who=above)
