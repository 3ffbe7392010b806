"""K14: a task hangs on another one that does not bear it: too late, too early, or not there all the time.

A dependency on a task that is unknown, superseded or cancelled is K12, which cites it. Source: reference
deconfliction.md §2.3 K14, §2.1 (Time: a start or end that is not exact makes a breach possible).
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from coordinator.core.deconfliction.cover import uncovered_place, uncovered_time
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Accord, Side
from coordinator.core.deconfliction.verdicts.base import Scene, Verdict
from coordinator.core.deconfliction.verdicts.tasks import each, referred
from coordinator.core.deconfliction.windows import FAR, MICROS, Span, micros, window
from schemas.directives import Dependency, Directive
from schemas.envelope import Reference
from schemas.findings import Certainty, Evidence
from schemas.geo import Pair
from schemas.time import TimeWindow

MOST_OFFSET_S: Final = 1e9
"""Thirty years: no offset is larger, whatever a message says."""
Range = tuple[int, int]
"""The earliest and the latest that an instant can be."""


class Breach(NamedTuple):
    """One way in which a dependency is broken. ``part`` is when, ``by`` the microseconds that are missing for sure."""

    doubtful: bool
    rule: str
    because: tuple[str, ...] = ()
    part: Span | None = None
    by: int | None = None
    at: Pair | None = None
    place: str = ""


def broken(a: Side, b: Side, accord: Accord, setting: Setting) -> Verdict | None:
    """K14: one of two orders depends on the other, which does not bear it; ``relation`` is needs or needed-by."""
    if a.reading is None or b.reading is None or accord.amends:
        return None
    found = [("needs", breach) for breach in _breaches(a, b, setting)]
    found += [("needed-by", breach) for breach in _breaches(b, a, setting)]
    if not found:
        return None
    way, worst = min(found, key=lambda f: (f[1].doubtful, f[1].rule, f[1].part or (), f[1].at or (), f[0]))
    certainty: Certainty = "possible" if worst.doubtful else "definite"
    evidence = Evidence(
        rule=worst.rule,
        place=worst.place,
        at=worst.at,
        overlap=window(worst.part) if worst.part else None,
        relation=way,
        gap_s=worst.by / MICROS if worst.by is not None else None,
        because=worst.because,
        folded=tuple(sorted({b.rule for _, b in found} - {worst.rule})),
    )
    base = setting.default("broken-dependency", "HIGH")
    severity = setting.severity(base, certainty, a.reading.classes | b.reading.classes)
    return Verdict(
        "broken-dependency", certainty, severity, evidence, (a.reading.fields.what, b.reading.fields.what),
        notice_s=setting.notice_s(), offers=(*each("re-issue", a, b), *referred(setting, a.issuer, b.issuer)),
    )  # fmt: skip


def unissued(of: Side, scene: Scene) -> Iterator[Verdict]:
    """K14: an order in force depends on a draft of its own issuer. (Another's draft is not known to it: K12.)"""
    body = of.version.body
    for needed in sorted({d.task for d in body.dependencies}) if isinstance(body, Directive) and not of.draft else ():
        key = scene.ledger.one(Reference(id=needed))
        sides = scene.everyone.get(key, ()) if key else ()
        if sides and key and key[0] == of.issuer and sides[-1].draft and sides[-1].reading is not None:
            evidence = Evidence(rule="draft", cites=(sides[-1].version.item.name,))
            severity = scene.setting.default("broken-dependency", "HIGH")
            yield Verdict("broken-dependency", "definite", severity, evidence, key=f"draft/{needed}",
                          notice_s=scene.setting.notice_s(), offers=referred(scene.setting, of.issuer))  # fmt: skip


def _breaches(of: Side, task: Side, setting: Setting) -> Iterator[Breach]:
    """Yield how one order's dependencies on another are broken."""
    body, own, other = of.version.body, of.reading, task.reading
    if not isinstance(body, Directive) or own is None or other is None or not own.spans or not other.spans:
        return
    for need in body.dependencies:
        if need.task != task.key[1]:
            continue
        if need.relation == "covered-by":
            yield from _cover(own, other, need, setting)
        elif breach := _order(own, other, need, (of.key[1], task.key[1])):
            yield breach


def _order(own: Reading, other: Reading, need: Dependency, ids: tuple[str, str]) -> Breach | None:
    """Return how a start or end that must come after another one does not."""
    _, later, earlier = RELATIONS[need.relation]
    who = (own, other)
    if _tied(who[later[0]], ids[earlier[0]], later[1], earlier[1], need.offset_s):
        return None
    first, last = _range(who[later[0]].spans, later[1])
    low, high = (_moved(t, need) for t in _range(who[earlier[0]].spans, earlier[1]))
    if first >= high:
        return None
    doubtful = last >= low
    part = Span(first, min(last, high), max(low, first), high)
    return Breach(doubtful, need.relation, ("times",) if doubtful else (), part, None if doubtful else low - last)


RELATIONS: Final[dict[str, tuple[str, tuple[int, str], tuple[int, str]]]] = {
    "after-start": ("starts after the start", (0, "start"), (1, "start")),
    "after-end": ("starts after the end", (0, "start"), (1, "end")),
    "before-start": ("ends before the start", (1, "start"), (0, "end")),
    "relief-of": ("starts before the end", (1, "end"), (0, "start")),
}
"""What each relation says, and which instant must not come before which: of the dependant (0) or of the task (1)."""


def _range(spans: Sequence[Span], edge: str) -> Range:
    """Return the earliest and the latest that a task starts first, or ends last."""
    if edge == "start":
        return min(s.se for s in spans), min(s.sl for s in spans)
    return max(s.ee for s in spans), max(s.el for s in spans)


def _offset(need: Dependency) -> int:
    return micros(max(-MOST_OFFSET_S, min(MOST_OFFSET_S, need.offset_s)))


def _moved(at: int, need: Dependency) -> int:
    """Return an instant moved by the offset of a dependency; what is unbounded stays so."""
    return at if abs(at) >= FAR else at + _offset(need)


def _tied(of: Reading, to: str, edge: str, anchor: str, offset_s: float) -> bool:
    """Say whether every window of an order states that instant itself, as enough after the other one's."""
    return bool(of.fields.windows) and all(_says(w, to, edge, anchor, offset_s) for w in of.fields.windows)


def _says(said: TimeWindow, to: str, edge: str, anchor: str, offset_s: float) -> bool:
    value = said.start if edge == "start" else said.end
    relative = value.relative if value else None
    return bool(
        relative
        and relative.event == to
        and relative.anchor in (anchor, "end")
        and relative.offset_s >= offset_s
    )  # fmt: skip


def _cover(own: Reading, other: Reading, need: Dependency, setting: Setting) -> Iterator[Breach]:
    """Yield when and where an order is not covered by the task that is to cover it."""
    gap = uncovered_time(own.spans, other.spans, _offset(need))
    if gap:
        start, end = gap.part
        yield Breach(gap.doubtful, "time", ("times",) if gap.doubtful else (), Span(start, start, end, end),
                     None if gap.doubtful else end - start)  # fmt: skip
    if not own.occupied:
        return
    if not other.occupied:
        yield Breach(True, "place", ("place",))
        return
    hole = uncovered_place(own.occupied, other.occupied)
    if hole:
        yield Breach(hole.doubtful, "place", ("extent",) if hole.doubtful else (), at=hole.at,
                     place=hole.name or setting.place_at(hole.at))  # fmt: skip
