"""K03: shared means are promised to more orders at a time than there are of them. Source: deconfliction.md §2.3 K03.

Amounts are counted in millionths, so that sums are exact. An order has a thing from its start to its end and for the
turnaround after it. What is reported are minimal overloaded sets: leave any one order out and the rest fits. Where one
moment has more than `MOST_SETS` of them, all who want it then are one finding, which says so.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from coordinator.core.deconfliction.areas import Problem
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.verdicts.base import Verdict
from coordinator.core.deconfliction.windows import MICROS, Span, between, micros, window
from coordinator.core.measures import Asset
from schemas.directives import AssetDemand, Directive
from schemas.findings import Certainty, Evidence, Option, Severity
from schemas.notices import MovementNotice

MOST_SETS: Final = 12
"""Minimal sets of one moment that are reported one by one."""
MOST: Final = 1e12
"""More of a thing is no amount that anybody means."""
PROBLEMS: Final = frozenset(("unknown-asset", "no-amount"))
"""Problems that keep this kind from being decided, and no other."""


class Holder(NamedTuple):
    """One version of an order that wants some of an asset: how much, in millionths, and when."""

    side: Side
    amount: int
    spans: tuple[Span, ...]


class Overload(NamedTuple):
    """Orders that together want too much, by key; ``crowd`` if they are all who want it then, not a minimal set."""

    members: tuple[Holder, ...]
    crowd: bool


class _Moment(NamedTuple):
    """Which window of each member is meant, and whether all of them surely coincide."""

    doubtful: bool
    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        return max(s.se for s in self.spans)


def wanted(of: Reading, setting: Setting) -> dict[str, int]:
    """Return how much of each asset an order wants, in millionths; what cannot be counted is left to `unclear`."""
    found: dict[str, int] = {}
    for demand in _demands(of):
        asset = setting.asset(demand.name)
        if asset and _countable(demand) and of.fields.active:
            found[asset.name] = found.get(asset.name, 0) + _count(demand.amount)
    return found


def unclear(of: Reading, setting: Setting) -> Iterator[Problem]:
    """Yield K18: demands for what the mission does not know, or in an amount that is none."""
    for i, demand in enumerate(_demands(of)):
        if setting.asset(demand.name) is None:
            yield Problem(f"assets[{i}].name", "unknown-asset", demand.name)
        elif not _countable(demand):
            yield Problem(f"assets[{i}].amount", "no-amount", demand.name)


def _demands(of: Reading) -> tuple[AssetDemand, ...]:
    return of.body.assets if isinstance(of.body, Directive | MovementNotice) else ()


def _countable(demand: AssetDemand) -> bool:
    return 0 < demand.amount <= MOST and _count(demand.amount) > 0


def _count(amount: float) -> int:
    return round(amount * 1_000_000)


def overloads(
    of: Holder, others: Sequence[Holder], asset: Asset, lifted: Callable[[Side, Side], bool]
) -> set[Overload]:
    """Return every overload that an order is part of, among those who want the asset at a time with it."""
    capacity, found = _count(asset.capacity), set()
    for clique in _cliques(of, others, micros(asset.turnaround_s)):
        sets = _minimal(clique, capacity)
        if len(sets) > MOST_SETS:
            if not _all_lifted(clique, lifted):
                found.add(Overload(clique, crowd=True))
        else:
            found |= {Overload(s, crowd=False) for s in sets if of in s and not _all_lifted(s, lifted)}
    return found


def _cliques(of: Holder, others: Sequence[Holder], gap: int) -> list[tuple[Holder, ...]]:
    """Return the largest sets of orders that may want it at one time, those with this order in them."""
    everyone = sorted((of, *others), key=lambda h: h.side.key)
    starts = {s.se for h in everyone for s in h.spans}
    at = {frozenset(i for i, h in enumerate(everyone) if _has(h, t, gap)) for t in starts if _has(of, t, gap)}
    largest = [c for c in at if not any(c < other for other in at)]
    return [tuple(everyone[i] for i in sorted(c)) for c in largest]


def _has(holder: Holder, at: int, gap: int) -> bool:
    return any(s.se <= at < s.el + gap for s in holder.spans)


def _minimal(clique: Sequence[Holder], capacity: int) -> list[tuple[Holder, ...]]:
    """Return the minimal overloaded sets, but not more than one above `MOST_SETS`.

    Taken largest first, a set is minimal exactly when its last member makes it too much; and as long as everything that
    is left would make it too much, some set lies ahead, so no step is in vain.
    """
    by_size = sorted(clique, key=lambda h: (-h.amount, h.side.key))
    left = [sum(h.amount for h in by_size[i:]) for i in range(len(by_size) + 1)]
    found: list[tuple[Holder, ...]] = []
    todo: list[tuple[int, int, tuple[Holder, ...]]] = [(0, 0, ())]
    while todo and len(found) <= MOST_SETS:
        i, total, taken = todo.pop()
        if total + left[i] <= capacity:
            continue
        todo.append((i + 1, total, taken))
        if total + by_size[i].amount > capacity:
            found.append(tuple(sorted((*taken, by_size[i]), key=lambda h: h.side.key)))
        else:
            todo.append((i + 1, total + by_size[i].amount, (*taken, by_size[i])))
    return found


def _all_lifted(members: Sequence[Holder], lifted: Callable[[Side, Side], bool]) -> bool:
    """Say whether nothing is left to report: a single order is never lifted, several are if each two of them are."""
    pairs = ((a.side, b.side) for i, a in enumerate(members) for b in members[i + 1 :])
    return len(members) > 1 and all(lifted(a, b) for a, b in pairs)


def overbooked(overload: Overload, asset: Asset, setting: Setting) -> Verdict:
    """K03: more is wanted at a time than there is. Definite if that holds for every choice of times."""
    members, gap = overload.members, micros(asset.turnaround_s)
    moment = _moment(overload, _count(asset.capacity), gap)
    when = _overlap(moment.spans)
    apart = max(between(a, b) for a in moment.spans for b in moment.spans)
    certainty: Certainty = "possible" if moment.doubtful else "definite"
    evidence = Evidence(
        rule="crowd" if overload.crowd else "capacity" if when else "turnaround",
        overlap=window(when) if when else None,
        gap_s=None if when else apart / MICROS,
        required_gap_s=None if when else asset.turnaround_s,
        asset=asset.name,
        capacity=asset.capacity,
        demands=tuple(h.amount / 1_000_000 for h in members),
        authority=asset.owner,
        because=("times",) if moment.doubtful else (),
    )
    classes = frozenset[str]().union(*(h.side.reading.classes for h in members if h.side.reading))
    severity = setting.severity(_base(asset, setting), certainty, classes)
    return _verdict(certainty, evidence, moment.spans, asset, setting, severity)


def uncounted(of: Holder, asset: Asset, setting: Setting) -> Verdict:
    """K03 of one order: so many want the asset while it does that not every combination is compared."""
    span = min(of.spans)
    evidence = Evidence(
        rule="uncounted", overlap=window(span), asset=asset.name, capacity=asset.capacity,
        demands=(of.amount / 1_000_000,), authority=asset.owner, because=("uncounted",),
    )  # fmt: skip
    return _verdict("unknown", evidence, (span,), asset, setting, _base(asset, setting))


def _base(asset: Asset, setting: Setting) -> Severity:
    return asset.severity or setting.default("asset-overbooked", "HIGH")


def _verdict(
    certainty: Certainty, evidence: Evidence, spans: tuple[Span, ...], asset: Asset, setting: Setting,
    severity: Severity,
) -> Verdict:  # fmt: skip
    offers = (Option(option="refer", party="", who=asset.owner),) if asset.owner else ()
    key = f"{asset.name}/{evidence.rule}" if evidence.rule in ("crowd", "uncounted") else asset.name
    return Verdict(
        "asset-overbooked", certainty, severity, evidence, (), spans, key,
        told=(asset.owner,) if asset.owner else (), notice_s=setting.notice_s(), offers=offers,
    )  # fmt: skip


def _moment(overload: Overload, capacity: int, gap: int) -> _Moment:
    """Return the moment to show: a certain one before a possible one, then the earliest."""
    members = overload.members
    starts = sorted({s.se for h in members for s in h.spans})
    found = [_at(overload, t, capacity, gap) for t in starts if all(_has(h, t, gap) for h in members)]
    return min(found, key=lambda m: (m.doubtful, m.start, sorted(m.spans)))


def _at(overload: Overload, at: int, capacity: int, gap: int) -> _Moment:
    """Return which windows of the members coincide at an instant: certain ones, where an order has several then."""
    spans = tuple(min((s for s in h.spans if s.se <= at < s.el + gap), key=lambda s: (not s.certain, s))
                  for h in overload.members)  # fmt: skip
    amounts = [h.amount for h in overload.members]
    return _Moment(not _surely(list(zip(spans, amounts, strict=True)), capacity, gap), spans)


def _surely(claims: Iterable[tuple[Span, int]], capacity: int, gap: int) -> bool:
    """Say whether at some instant more is surely wanted than there is."""
    sure = [(s.sl, s.ee + gap, amount) for s, amount in claims if s.certain]
    return any(sum(n for start, end, n in sure if start <= t < end) > capacity for t, _, _ in sure)


def _overlap(spans: Sequence[Span]) -> Span | None:
    """Return when all may have it, or None if only the turnaround makes them meet."""
    se, el = max(s.se for s in spans), min(s.el for s in spans)
    if se >= el:
        return None
    return Span(se, min(max(s.sl for s in spans), el), max(min(s.ee for s in spans), se), el)
