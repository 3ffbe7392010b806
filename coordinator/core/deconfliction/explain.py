"""A finding as phrases, from the finding alone; in a language, and the check that every number can be recomputed.

A sentence is one phrase of the catalogue (`coordinator/texts`), at most 25 words; times are DTGs in Z, numbers carry
units. They say what is known and who can decide, never who must give way, and they approve nothing. A kind is told by a
function in a table; what its rules are called stands beside it. Source: design §7 law 9; reference deconfliction.md §5
(4).
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from coordinator.core.deconfliction import explain_command, explain_means, explain_places, explain_tracks
from coordinator.core.deconfliction.phrases import (
    ID,
    LIMITS,
    PLACE,
    Phrase,
    Say,
    Value,
    cut,
    given,
    given_dtg,
    ids,
    joined,
    listed,
    name,
    nth,
    render,
    said,
    when,
    where,
)  # fmt: skip
from coordinator.core.deconfliction.states import PAST
from coordinator.core.deconfliction.words import dtg, metres, minutes, number
from schemas.findings import Evidence, Finding

MAX_WORDS: Final = 25
_ADVICE: Final = 20  # words

LINKS: Final = ("stale", "missing", "authority", "fork", "cycle")
PROBLEMS: Final = (
    "missing", "reversed", "empty", "unreadable", "unknown-place", "unknown-route", "unknown-unit", "unknown-section",
    "unknown-asset", "off-route", "no-such-point", "open-ring", "wide-ring", "wide-path", "crossing-ring", "too-long",
    "upside-down", "no-extent", "no-load-class", "no-amount", "no-speed", "ambiguous", "two-contents", "over-capacity",
)  # fmt: skip
RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "incompatible-activities": (),  # the name of a row of the matrix
    "route-capacity": ("closed", "load-class", "direction", "headway"),
    "stale-order": (*LINKS, "acknowledged"),
    "not-acknowledged": ("notice", "read-back"),
    "undecidable": PROBLEMS,
    **explain_command.RULES,
    **explain_tracks.RULES,
    **explain_places.RULES,
    **explain_means.RULES,
}
"""By kind, the words that its rule can be; of a kind without any, and of frequencies, the mission gives the names."""
NAMED: Final = frozenset(kind for kind, rules in RULES.items() if not rules) | {"frequency"}

DOUBTS: Final = (
    frozenset(("times", "progress", "heights", "positions", "effort"))
    | explain_command.DOUBTS
    | explain_tracks.DOUBTS
    | explain_means.DOUBTS
)
"""What can make a finding only possible: each has a text."""
CAVEAT_DOUBTS: Final = explain_places.DOUBTS
_CHANGED: Final = re.compile(r"(amended|revised|withdrawn|re-rated) by (.+)")
_WHY: Final = {"over": Phrase("why-over"), PAST: Phrase("why-past")}
_SOLVED: Final = "resolved-if-acknowledged"


def sentence(finding: Finding, say: Say, lang: str = "en") -> str:
    """Return a finding in a language; nothing if it is not known how to tell it."""
    return " ".join(sentences(finding, say, lang))


def sentences(finding: Finding, say: Say, lang: str = "en") -> list[str]:
    """Return the sentences of a finding in a language."""
    return [render(phrase, say, lang) for phrase in phrases(finding)]


def phrases(finding: Finding) -> list[Phrase]:
    """Return what a finding says, a phrase a sentence; nothing for a rule of another release."""
    f, e = finding, finding.evidence
    if f.finding_kind not in NAMED and e.rule not in RULES[f.finding_kind]:
        return []
    told = _KINDS[f.finding_kind](f, e)
    return [*told, *_doubts(f), *_state(f), *_arbiter(f)] if told else []


def recompute(finding: Finding, text: str, say: Say, lang: str = "en") -> bool:
    """Say whether a text is what the finding says, each sentence short and each number from the finding."""
    told = sentences(finding, say, lang)
    numbers = set(_numbers(_plain(finding, text)))
    return text == " ".join(told) and numbers <= _known(finding) and all(len(s.split()) <= MAX_WORDS for s in told)


# -- the kinds --------------------------------------------------------------------------------------------------------


def _incompatible(f: Finding, e: Evidence) -> list[Phrase]:
    kind, rule = "said-incompatible-activities", name(e.rule)
    found = said(kind, first=nth(f.parties, 0), second=nth(f.parties, 1))
    if e.overlap:
        found += said(f"{kind}-both", sure=f.certainty, where=where(e.place), when=when(e.overlap), rule=rule)
    elif e.gap_s is not None:
        found += said(f"{kind}-gap", gap=minutes(e.gap_s), rule=rule, required=given(minutes, e.required_gap_s))
    if e.distance_m is not None and e.required_m:
        far = {"distance": metres(e.distance_m)} if e.distance_m else {}
        asked = {"sure": f.certainty, "rule": rule, "required": metres(e.required_m)}
        found += said(f"{kind}-distance" if far else f"{kind}-meet", **asked, **far)
    if e.vertical_m is not None and e.required_vertical_m:
        vertical = {"vertical": metres(e.vertical_m)} if e.vertical_m else {}
        key = f"{kind}-heights" if vertical else f"{kind}-level"
        found += said(key, rule=rule, required=metres(e.required_vertical_m), **vertical)
    found += said(f"{kind}-precedence", rule=_brief(e.precedence))
    return [*found, *said(f"{kind}-advice", advice=_brief(e.advice))]


def _brief(text: str) -> str | None:
    """Return a text of the mission's that fits into a sentence, or None."""
    return text if 0 < len(text.split()) <= _ADVICE else None


def _capacity(f: Finding, e: Evidence) -> list[Phrase]:
    kind, place = "said-route-capacity", name(e.place, PLACE)
    if e.rule in ("closed", "load-class"):
        required, carried = given(str, e.required_class), given(str, e.load_class)
        found = said(kind, order=nth(f.parties, 0), place=place, when=when(e.overlap))
        if e.rule == "closed":
            return [*found, *said(f"{kind}-closed", place=place)]
        return [*found, *said(f"{kind}-load-class", required=required, place=place, carried=carried)]
    found = said(f"{kind}-both", first=nth(f.parties, 0), second=nth(f.parties, 1), place=place)
    found += said(f"{kind}-when", when=when(e.overlap)) if e.overlap else []
    if e.rule == "direction":
        return [*found, *said(f"{kind}-direction")]
    gap, required = given(minutes, e.gap_s), given(minutes, e.required_gap_s)
    return [*found, *said(f"{kind}-headway", gap=gap, required=required)]


def _stale(f: Finding, e: Evidence) -> list[Phrase]:
    order, kind = nth(f.parties, 0), f"said-stale-order-{e.rule}"
    if e.rule == "acknowledged":
        return [*said(kind, names=listed(e.missing, 7), order=order), *_start(e)]
    if e.rule in ("fork", "cycle"):
        return said(kind, orders=ids(f.parties))
    return said(kind, order=order, cited=name(e.cites[0], ID) if e.cites else None)


def _unanswered(f: Finding, e: Evidence) -> list[Phrase]:
    names = listed(e.missing)
    if e.rule == "read-back":
        return [*said("said-misread", names=names, order=nth(f.parties, 0)), *said("said-misread-open")]
    return [*said("said-not-acknowledged", count=len(e.missing), names=names, order=nth(f.parties, 0)), *_start(e)]


def _start(e: Evidence) -> list[Phrase]:
    """Return when it starts and when an answer is due."""
    start = e.overlap.start_earliest if e.overlap else None
    return said("said-start", start=given_dtg(start), notice=given(minutes, e.required_gap_s))


def _undecidable(f: Finding, e: Evidence) -> list[Phrase]:
    short = len(e.because) == 1 and 0 < len(e.because[0].split()) <= ID
    word = Phrase("word-quoted", {"word": e.because[0]}) if short else Phrase("word-nothing")
    order = nth(f.parties, 0) if len(f.parties) == 1 else ids(f.parties)
    args = {"order": order, "field": name(e.field, 4)} | ({} if e.rule == "over-capacity" else {"word": word})
    return [*said(f"said-undecidable-{e.rule}", **args), *said("said-undecidable-open")]


_KINDS: Final[Mapping[str, Callable[[Finding, Evidence], list[Phrase]]]] = {
    "incompatible-activities": _incompatible,
    "route-capacity": _capacity,
    "stale-order": _stale,
    "not-acknowledged": _unanswered,
    "undecidable": _undecidable,
    **explain_command.PHRASES,
    **explain_tracks.PHRASES,
    **explain_places.PHRASES,
    **explain_means.PHRASES,
}


# -- what is in doubt, how it stands ----------------------------------------------------------------------------------


def _doubts(f: Finding) -> list[Phrase]:
    """Return what makes a finding only possible, a sentence each."""
    because = f.evidence.because if f.certainty == "possible" else ()
    return [p for word in because for p in said("said-possible", doubt=doubt(f.finding_kind, word))]


def doubt(kind: str, word: str) -> Phrase | None:
    """Return a doubt; some words mean another thing of a caveat than of anything else."""
    if kind == "caveat" and word in CAVEAT_DOUBTS:
        return Phrase(f"doubt-caveat-{word}")
    return Phrase(f"doubt-{word}") if word in DOUBTS else None


def _state(f: Finding) -> list[Phrase]:
    if f.state == "open":
        return said("said-state-open-past") if f.why == PAST else []
    if f.state == _SOLVED:
        return said(f"said-state-{f.state}", names=listed(f.waits_for))
    return said(f"said-state-{f.state}-why", why=why(f.why)) or said(f"said-state-{f.state}")


def why(text: str) -> Value | None:
    """Return what changed a state: "amended by FHQ-FRAGO-03-101:1; withdrawn by B:2". None for any other words."""
    parts = [_changed(part) for part in text.split("; ")[:2]]
    known = [p for p in parts if p]
    return joined(known, "why-list") if len(known) == len(parts) else None


def _changed(text: str) -> Phrase | None:
    read = _CHANGED.fullmatch(text)
    names = listed(read[2].split(", "), 8) if read else None
    return Phrase(f"why-{read[1]}", {"names": names}) if read and names else _WHY.get(text)


def _arbiter(f: Finding) -> list[Phrase]:
    return said("said-arbiter", arbiter=name(f.arbiter)) if f.state == "open" else []


# -- numbers ----------------------------------------------------------------------------------------------------------


def _plain(f: Finding, text: str) -> str:
    """Return a text without names, which may hold digits that are no numbers."""
    for known in sorted(_names(f), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(known)}(?!\w)", " ", text)
    return text


def _names(f: Finding) -> set[str]:
    """Return every name that a finding holds, whole and as far as it is said."""
    e = f.evidence
    whole = [p.id for p in f.parties] + [p.what.removesuffix(" incident") for p in f.parties]
    whole += [
        e.place,
        e.rule,
        e.advice,
        e.precedence,
        e.field,
        f.arbiter,
        *e.cites,
        *e.missing,
        *f.waits_for,
        *e.because,
    ]
    whole += [*e.units, *e.basis.split("; "), e.authority, e.asset, *(p.issuer for p in f.parties)]
    whole += [w.rstrip(",;") for w in f.why.split()] + [w for chain in e.chains for w in chain.split()]
    return {n for w in whole for n in (w, *(cut(w, most) for most in LIMITS)) if n}


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
