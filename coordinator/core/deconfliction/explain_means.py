"""K03, K13, K14, K15: assets, frequencies, tasks that hang on others, and time that is too short.

Source: design §7 law 9; reference deconfliction.md §2.3 (evidence that must be shown).
"""

from typing import Final

from coordinator.core.deconfliction.phrases import (
    ID,
    PLACE,
    Phrase,
    given,
    ids,
    listed,
    name,
    nth,
    said,
    when,
    where,
)  # fmt: skip
from coordinator.core.deconfliction.words import amount, megahertz, metres, minutes, speed
from schemas.findings import Evidence, Finding

KEPT: Final = ("TABOO", "PROTECTED", "GUARDED")
RULES: Final = {
    "asset-overbooked": ("capacity", "turnaround", "crowd", "uncounted"),
    "frequency": KEPT,  # or the name of a band
    "broken-dependency": ("after-start", "after-end", "before-start", "relief-of", "time", "place", "draft"),
    "infeasible": ("between", "route"),
}
DOUBTS: Final = frozenset(("place", "speed", "extent"))
_ASSET: Final = 5  # words


def numbers(f: Finding) -> set[str]:
    """Return the numbers that only these findings hold, as they are written."""
    e = f.evidence
    single = (e.capacity, e.separation_mhz, e.required_mhz)
    found = {amount(v) for v in (*e.demands, *e.frequencies_mhz, *(s for s in single if s is not None))}
    return found | {_total(e), str(len(f.parties))}


def _total(e: Evidence) -> str:
    return amount(sum(e.demands))


def _overbooked(f: Finding, e: Evidence) -> list[Phrase]:
    kind, asset, alone = "said-asset-overbooked", name(e.asset, _ASSET), len(f.parties) == 1
    orders = nth(f.parties, 0) if alone else ids(f.parties)
    found = said(kind, count=len(f.parties), orders=orders, asset=asset, when=when(e.overlap))
    if e.rule == "uncounted":
        return [*found, *said(f"{kind}-uncounted"), *said(f"{kind}-perhaps")]
    if e.rule == "crowd":
        found += said(f"{kind}-crowd", count=len(f.parties))
    if e.rule == "turnaround":
        gap, required = given(minutes, e.gap_s), given(minutes, e.required_gap_s)
        found += said(f"{kind}-turnaround", gap=gap, required=required)
    found += said(f"{kind}-total", total=_total(e), capacity=given(amount, e.capacity)) if e.demands else []
    return [*found, *said(f"{kind}-owner", authority=name(e.authority), asset=asset)]


def _frequency(f: Finding, e: Evidence) -> list[Phrase]:
    kind = "said-frequency"
    one, other = [*(megahertz(v) for v in e.frequencies_mhz[:2]), None, None][:2]
    apart, required = given(megahertz, e.separation_mhz), given(megahertz, e.required_mhz)
    if len(f.parties) == 1:
        found = said(f"{kind}-kept", order=nth(f.parties, 0), one=one)
        found += said(f"{kind}-{e.rule.lower()}", other=other, holder=name(e.basis)) if e.rule in KEPT else []
        return [*found, *(said(f"{kind}-near", apart=apart, required=required) if e.separation_mhz else [])]
    band, asked = name(e.rule), given(metres, e.required_m)
    found = said(kind, first=nth(f.parties, 0), one=one, second=nth(f.parties, 1), other=other)
    found += said(f"{kind}-apart", apart=apart, rule=band, required=required)
    found += said(f"{kind}-when", when=when(e.overlap)) if e.overlap else []
    if e.distance_m is None:
        return [*found, *said(f"{kind}-anywhere", rule=band, required=asked)]
    return [
        *found,
        *said(f"{kind}-distance", sure=f.certainty, distance=metres(e.distance_m), rule=band, required=asked),
    ]


def _broken(f: Finding, e: Evidence) -> list[Phrase]:
    kind = "said-broken-dependency"
    if e.rule == "draft":
        cited = name(e.cites[0], ID) if e.cites else None
        return said(f"{kind}-draft", order=nth(f.parties, 0), cited=cited)
    own, task = (nth(f.parties, i) for i in ((0, 1) if e.relation == "needs" else (1, 0)))
    found = said(f"{kind}-{e.rule}", own=own, task=task)
    if e.rule == "place":
        found += said(f"{kind}-where", sure=f.certainty)
        return [*found, *(said(f"{kind}-as-at", where=where(e.place)) if e.place else [])]
    found += said(f"{kind}-when", sure=f.certainty, when=when(e.overlap)) if e.overlap else []
    return [*found, *(said(f"{kind}-by", gap=minutes(e.gap_s)) if e.gap_s else [])]


def _infeasible(f: Finding, e: Evidence) -> list[Phrase]:
    kind, gap = "said-infeasible", given(minutes, e.gap_s)
    far, travel, pace = given(metres, e.distance_m), given(minutes, e.travel_s), given(speed, e.speed_mps)
    way = said(f"{kind}-way", distance=far, travel=travel, speed=pace)
    if e.rule == "route":
        to = said(f"{kind}-route-to", where=where(e.place)) if name(e.place, PLACE) else []
        return [*said(f"{kind}-route", order=nth(f.parties, 0), gap=gap), *to, *way]
    units = listed(e.units)
    return [
        *said(f"{kind}-between", count=len(e.units), units=units, gap=gap, orders=ids(f.parties)),
        *said(f"{kind}-needed", required=given(minutes, e.required_gap_s)),
        *way,
    ]


PHRASES: Final = {
    "asset-overbooked": _overbooked,
    "frequency": _frequency,
    "broken-dependency": _broken,
    "infeasible": _infeasible,
}
