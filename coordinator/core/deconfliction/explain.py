"""A finding in plain English, from the finding alone, and the check that every number in it can be recomputed.

Sentences have at most 25 words, times are DTGs in Z, numbers carry units. They say what is known and who can decide,
never who must give way, and they approve nothing. Source: design §7 law 9; reference deconfliction.md §5 (4).
"""

import re
from collections.abc import Callable
from typing import Final

from coordinator.core.deconfliction import explain_command, explain_means, explain_places, explain_tracks
from coordinator.core.deconfliction.words import dtg, listed, metres, minutes, number, period, start, who
from schemas.findings import Evidence, Finding

MAX_WORDS: Final = 25

DOUBTS: Final[dict[str, str]] = (
    {
        "times": "the times are not exact",
        "progress": "the position along the way is not exact",
        "heights": "altitude separation is not proven, the heights use different references",
        "unit": "it may be only a part of the unit",
        "position": "the position of the unit is not exact",
        "positions": "a position is given only to within its circular error",
        "effort": "there is too much to compare piece by piece",
    }
    | explain_command.DOUBTS
    | explain_places.DOUBTS
    | explain_means.DOUBTS
)
PROBLEMS: Final[dict[str, str]] = {
    "missing": "is missing",
    "reversed": "ends before it starts",
    "empty": "has no duration",
    "unreadable": "cannot be read",
    "unknown-place": "names a place that the mission does not know",
    "unknown-route": "names a route that the mission does not know",
    "off-route": "lies off the named route",
    "no-such-point": "names a point that the route does not have",
    "open-ring": "is a ring that is not closed",
    "wide-ring": "is a ring wider than half the earth",
    "wide-path": "is a line wider than half the earth",
    "crossing-ring": "is a ring that crosses itself",
    "too-long": "is longer than what is checked",
    "upside-down": "has its lower limit above its upper one",
    "no-extent": "is a shape without extent",
    "no-load-class": "gives no load class, and the mission's table has none",
    "ambiguous": "can mean several orders",
    "over-capacity": "is less than the orders that are known, so that this one was compared with none",
    "two-contents": "arrived with two different contents",
    "unknown-unit": "names a unit that the mission does not know",
    "unknown-section": "names a section that the mission does not know",
} | explain_means.PROBLEMS
LINKS: Final[dict[str, str]] = {
    "stale": "{who} cites {cited}, which is no longer in force.",
    "missing": "{who} cites {cited}, which is not known.",
    "authority": "{who} changes {cited} without authority over its issuer.",
    "fork": "{all} each replace the same order.",
    "cycle": "{all} replace each other in a circle.",
}


def sentence(finding: Finding) -> str:
    """Return a finding in words."""
    said = _KINDS.get(finding.finding_kind, _other)(finding, finding.evidence)
    said += [_doubt(finding.evidence)] if finding.evidence.because and finding.certainty == "possible" else []
    said += [_state(finding)] if finding.state != "open" else []
    said += [f"{finding.arbiter} can decide."] if finding.arbiter and finding.state == "open" else []
    return " ".join(said)


def recompute(finding: Finding, text: str) -> bool:
    """Say whether a text is what the finding says, each sentence short and each number from the finding."""
    numbers = set(_numbers(_plain(finding, text)))
    return text == sentence(finding) and numbers <= _known(finding) and all(
        len(s.split()) <= MAX_WORDS for s in re.split(r"(?<=\.) ", text)
    )  # fmt: skip


def _incompatible(f: Finding, e: Evidence) -> list[str]:
    a, b = f.parties[0], f.parties[1]
    where = f" at {e.place}" if e.place else ""
    said = [f"{who(a)} and {who(b)} do not go together."]
    if e.overlap:
        said.append(f"Both are there{where} {period(e.overlap)}, against the rule {e.rule}.")
    if e.overlap is None and e.gap_s is not None and e.required_gap_s is not None:
        said.append(f"{minutes(e.gap_s)} lie between them, {e.rule} asks for {minutes(e.required_gap_s)}.")
    if e.distance_m is not None and e.required_m:
        said.append(f"They come within {metres(e.distance_m)}, {e.rule} asks for {metres(e.required_m)}.")
    if e.vertical_m is not None and e.required_vertical_m:
        said.append(
            f"Between their heights are {metres(e.vertical_m)}, {e.rule} asks for {metres(e.required_vertical_m)}."
        )
    said += [f"The mission's rules: {e.advice}."] if e.advice else []
    return said


def _capacity(f: Finding, e: Evidence) -> list[str]:
    when = f" {period(e.overlap)}" if e.overlap else ""
    user = who(f.parties[0])
    if e.rule == "closed":
        return [f"{user} uses {e.place}{when}.", f"{e.place} is reported closed."]
    if e.rule == "load-class":
        return [f"{user} uses {e.place}{when}.",
                f"Its vehicles are load class {e.required_class}, {e.place} carries class {e.load_class}."]  # fmt: skip
    both = f"{user} and {who(f.parties[1])} use {e.place}{when}."
    if e.rule == "direction":
        return [both, "Their directions are opposite on a single lane."]
    apart = e.gap_s or 0.0
    return [both, f"{minutes(apart)} lie between them, the headway is {minutes(e.required_gap_s or 0.0)}."]


def _stale(f: Finding, e: Evidence) -> list[str]:
    if e.rule == "acknowledged":
        return [f"{listed(e.missing)} acknowledged an earlier version of {who(f.parties[0])}, not the one in force.",
                *start(e)]  # fmt: skip
    names = " and ".join(p.id for p in f.parties)
    return [LINKS[e.rule].format(who=who(f.parties[0]), cited=e.cites[0] if e.cites else "an order", all=names)]


def _unanswered(f: Finding, e: Evidence) -> list[str]:
    return [f"{listed(e.missing)} did not answer {who(f.parties[0])}.", *start(e)]


def _undecidable(f: Finding, e: Evidence) -> list[str]:
    word = f' "{e.because[0]}"' if e.because else ""
    return [f"{who(f.parties[0])} could not be checked: {e.field}{word} {PROBLEMS.get(e.rule, e.rule)}.",
            "A conflict cannot be ruled out."]  # fmt: skip


def _other(f: Finding, e: Evidence) -> list[str]:
    return [f"{' and '.join(who(p) for p in f.parties)}: {f.finding_kind}."]


_KINDS: Final[dict[str, Callable[[Finding, Evidence], list[str]]]] = (
    {
        "incompatible-activities": _incompatible,
        "route-capacity": _capacity,
        "stale-order": _stale,
        "not-acknowledged": _unanswered,
        "undecidable": _undecidable,
    }
    | explain_command.SENTENCES
    | explain_tracks.SENTENCES
    | explain_places.SENTENCES
    | explain_means.SENTENCES
)


def _doubt(e: Evidence) -> str:
    return f"Possible: {' and '.join(DOUBTS.get(b, b) for b in e.because)}."


def _state(f: Finding) -> str:
    if f.state == "resolved-if-acknowledged":
        return f"Resolved once acknowledged by {listed(f.waits_for)}."
    why = f": {f.why}" if f.why else ""
    return f"{f.state.capitalize()}{why}."


def _plain(f: Finding, text: str) -> str:
    """Return a text without names, which may hold digits that are no numbers."""
    e = f.evidence
    names = [p.id for p in f.parties] + [p.what for p in f.parties]
    names += [e.place, e.rule, e.advice, e.field, f.why, f.arbiter, *e.cites, *e.missing, *f.waits_for, *e.because]
    names += [*e.units, *e.chains, *e.basis.split("; "), e.authority, e.asset, *(p.issuer for p in f.parties)]
    for name in sorted({n for n in names if n}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return text


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?::\d+)?Z[A-Z]{3}\d+|\d+(?:\.\d+)?", text)


def _known(f: Finding) -> set[str]:
    """Return every number that the finding holds, as it would be written."""
    e = f.evidence
    lengths = (e.distance_m, e.required_m, e.vertical_m, e.required_vertical_m, e.inside_m)
    found = {number(v) for v in lengths if v is not None}
    found |= explain_means.numbers(f)
    found |= {f"{abs(v):.4f}" for at in (e.entry, e.exit) if at for v in at}
    found |= {dtg(e.observed)} if e.observed is not None else set()
    found |= {minutes(v).split()[0] for v in (e.gap_s, e.required_gap_s, e.travel_s) if v is not None}
    found |= {number(e.speed_mps)} if e.speed_mps is not None else set()
    found |= {str(v) for v in (e.load_class, e.required_class) if v is not None}
    windows = [w for w in (e.overlap, *(p.window for p in f.parties)) if w]
    found |= {dtg(v) for w in windows for v in (w.start_earliest, w.end_latest) if v is not None}
    return found
