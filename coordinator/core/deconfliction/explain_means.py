"""Findings on means in words: assets, frequencies, tasks that hang on others, and time that is too short.

Source: design §7 law 9; reference deconfliction.md §2.3 (K03, K13, K14, K15: evidence that must be shown).
"""

from typing import Final

from coordinator.core.deconfliction.words import listed, metres, minutes, number, period, who
from schemas.findings import Evidence, Finding

DOUBTS: Final[dict[str, str]] = {
    "place": "one of them says no place that could be read",
    "speed": "the speed of the unit is not exact",
    "extent": "only a part of its place lies outside",
}
PROBLEMS: Final[dict[str, str]] = {
    "unknown-asset": "names an asset that the mission does not know",
    "no-amount": "asks for an amount that is none",
    "no-speed": "gives no method of movement with a known speed",
}
NEEDS: Final[dict[str, str]] = {
    "after-start": "{own} is to start after {other} starts.",
    "after-end": "{own} is to start after {other} ends.",
    "before-start": "{own} is to end before {other} starts.",
    "relief-of": "{own} relieves {other}, so it is to start before that ends.",
    "time": "{own} is to be covered by {other}.",
    "place": "{own} is to be covered by {other}.",
}


def amount(value: float) -> str:
    """Return an amount or a frequency with no more decimals than it has, at most six."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def numbers(f: Finding) -> set[str]:
    """Return the numbers that only these findings hold, as they are written."""
    e = f.evidence
    single = (e.capacity, e.separation_mhz, e.required_mhz)
    found = {amount(v) for v in (*e.demands, *e.frequencies_mhz, *(s for s in single if s is not None))}
    return found | {_total(e), str(len(f.parties))}


def _total(e: Evidence) -> str:
    return amount(sum(e.demands))


def _overbooked(f: Finding, e: Evidence) -> list[str]:
    when = f" {period(e.overlap)}" if e.overlap else ""
    if e.rule == "uncounted":
        return [f"{who(f.parties[0])} wants {e.asset}{when}.",
                "So many others want it near that time that not every combination was compared.",
                "Too much may be promised."]  # fmt: skip
    ids = listed(tuple(p.id or "an order that may not be named" for p in f.parties))
    said = [f"{ids} {'want' if len(f.parties) > 1 else 'wants'} {e.asset}{when}."]
    if e.rule == "crowd":
        said.append(f"So many combinations are too much that all {len(f.parties)} who want it then are named together.")
    if e.gap_s is not None and e.required_gap_s is not None:
        said.append(f"{minutes(e.gap_s)} lie between them, its turnaround takes {minutes(e.required_gap_s)}.")
    said.append(f"{_total(e)} is wanted, {amount(e.capacity or 0.0)} can be given out at a time.")
    return [*said, f"{e.authority} decides on {e.asset}."] if e.authority else said


def _frequency(f: Finding, e: Evidence) -> list[str]:
    first, second = (f"{amount(v)} MHz" for v in e.frequencies_mhz[:2])
    apart, needed = f"{amount(e.separation_mhz or 0.0)} MHz", f"{amount(e.required_mhz or 0.0)} MHz"
    if len(f.parties) == 1:
        said = [f"{who(f.parties[0])} uses {first}.", f"{second} is kept for {e.basis} ({e.rule})."]
        return [*said, f"They lie {apart} apart, {needed} are asked for."] if e.separation_mhz else said
    said = [f"{who(f.parties[0])} uses {first}, {who(f.parties[1])} uses {second}.",
            f"They lie {apart} apart, {e.rule} asks for {needed}."]  # fmt: skip
    said += [f"Both are on the air {period(e.overlap)}."] if e.overlap else []
    if e.distance_m is None:
        return [*said, f"{e.rule} asks for {metres(e.required_m or 0.0)} between them."]
    return [*said, f"They come within {metres(e.distance_m)}, {e.rule} asks for {metres(e.required_m or 0.0)}."]


def _broken(f: Finding, e: Evidence) -> list[str]:
    if e.rule == "draft":
        return [f"{who(f.parties[0])} hangs on {e.cites[0]}, which is not issued."]
    own, other = f.parties[:2] if e.relation == "needs" else f.parties[1::-1]
    said = [NEEDS[e.rule].format(own=who(own), other=who(other))]
    may = "may not" if f.certainty == "possible" else "does not"
    if e.rule == "place":
        where = f", as at {e.place}" if e.place else ""
        return [*said, f"The cover {may} reach all of its place{where}."]
    said += [f"That {may} hold {period(e.overlap)}."] if e.overlap else []
    return [*said, f"{minutes(e.gap_s)} are missing."] if e.gap_s else said


def _infeasible(f: Finding, e: Evidence) -> list[str]:
    gap, needed = minutes(e.gap_s or 0.0), minutes(e.required_gap_s or 0.0)
    way = f"{metres(e.distance_m or 0.0)} of way take {minutes(e.travel_s or 0.0)} at {number(e.speed_mps or 0.0)} m/s."
    if e.rule == "route":
        where = f" up to {e.place}" if e.place else ""
        return [f"{who(f.parties[0])} has {gap} for a part of its way{where}.", way]
    tasks = f"{f.parties[0].id} and {f.parties[1].id}"
    said = [
        f"{listed(e.units)} has {gap} between {tasks}.",
        f"{needed} are needed, with the rest that the mission asks for.",
    ]
    return [*said, way] if e.travel_s is not None else said


SENTENCES: Final = {
    "asset-overbooked": _overbooked,
    "frequency": _frequency,
    "broken-dependency": _broken,
    "infeasible": _infeasible,
}
