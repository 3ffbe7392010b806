"""Phrases: what a finding says before it is said in a language, and the pieces that all sentences share.

A phrase is a key of the catalogue and its values. Names, date-time groups and numbers with their units are the same in
every language; words are phrases of their own. Core does not know the catalogue: it is given ``say``. Whatever a value
says comes from the finding alone. Source: design §7 law 9.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Final, NamedTuple, Union, get_args

from coordinator.core.deconfliction.words import dtg
from schemas.directives import Action
from schemas.findings import Party
from schemas.notices import HazardNotice, MovementNotice
from schemas.time import TimeWindow

Say = Callable[..., str]
"""``say(key, lang, **args)``: a text of the catalogue in a language."""
Value = Union[str, int, "Phrase"]

NAME: Final = 6
"""Words of a name that are said at most; the finding holds all of it. So is a sentence short whatever the names."""
ID: Final = 2
PLACE: Final = 8
LIMITS: Final = (ID, 3, 4, 5, NAME, PLACE)
MOST: Final = 5
"""Names of a list that are said."""
_OTHERS: Final = 2  # words of "and others"

ACTIONS: Final[tuple[str, ...]] = get_args(Action)
WHATS: Final = frozenset((
    "order", "protected site",
    *(f"order to {a}" for a in ACTIONS if a != "other"),
    *(f"{m} movement" for m in get_args(MovementNotice.__annotations__["movement_kind"])),
    *(f"{h} hazard" for h in get_args(HazardNotice.__annotations__["hazard_kind"])),
))  # fmt: skip
"""What a party can be, as `reading` calls it: each has a text. An incident is called by its own category."""
_EXCLUSIVE: Final = "exclusive "
_INCIDENT: Final = " incident"


class Phrase(NamedTuple):
    """A text of the catalogue by its key, and the values that stand in it."""

    key: str
    args: Mapping[str, Value] = {}


def render(phrase: Phrase, say: Say, lang: str) -> str:
    """Return a phrase in a language."""
    args = {k: render(v, say, lang) if isinstance(v, Phrase) else v for k, v in phrase.args.items()}
    return say(phrase.key, lang, **args)


def said(key: str, **args: Value | None) -> list[Phrase]:
    """Return a sentence; nothing if the finding does not have a value that it needs."""
    known = {k: v for k, v in args.items() if v is not None}
    return [Phrase(key, known)] if len(known) == len(args) else []


def given(write: Callable[[float], str], value: float | None) -> str | None:
    """Return a number as it is written, or None where there is none."""
    return None if value is None else write(value)


# -- names ------------------------------------------------------------------------------------------------------------


def name(text: str, most: int = NAME) -> str | None:
    """Return a name of at most so many words, or None where there is none."""
    return cut(text, most) or None


def cut(text: str, most: int) -> str:
    """Return at most the first words of a text."""
    words = text.split()
    return text if len(words) <= most else " ".join(words[:most]) + "…"


def listed(names: Sequence[str], words: int = 12) -> Value | None:
    """Return names, at most five and so many words of them; None where there are none."""
    short = [n for n in (name(n, min(NAME, words)) for n in names) if n]
    fit = [i for i in range(1, min(MOST, len(short)) + 1) if _length(short[:i], len(short) > i) <= words]
    shown = short[: max(fit, default=1)]
    if len(shown) == len(short):
        return joined(shown)
    return Phrase("list-others", {"names": joined(shown, "list-and") or ""})


def _length(names: Sequence[str], more: bool) -> int:
    """Return the words of a list: each name, and "and" before the last one or "and others" behind it."""
    return sum(len(n.split()) for n in names) + (_OTHERS if more else len(names) > 1)


def joined(parts: Iterable[Value], last: str = "list-both") -> Value | None:
    """Return parts one after the other, the last of them with its own word before it."""
    found = list(parts)
    if len(found) < 2:
        return found[0] if found else None
    begun = reduce(lambda a, b: Phrase("list-and", {"first": a, "next": b}), found[:-1])
    return Phrase(last, {"first": begun, "next": found[-1]})


# -- orders -----------------------------------------------------------------------------------------------------------


def order(party: Party) -> Value:
    """Return a party by its id and what it is."""
    known = name(party.id, ID) or Phrase("order-unnamed")
    meant = what(party.what)
    return Phrase("order-named", {"id": known, "what": meant}) if meant else known


def nth(parties: Sequence[Party], i: int) -> Value | None:
    """Return one of the parties, or None where there are fewer."""
    return order(parties[i]) if i < len(parties) else None


def ids(parties: Sequence[Party], most: int = MOST) -> Value | None:
    """Return the ids of the parties alone."""
    found = [name(p.id, ID) or Phrase("order-unnamed") for p in parties]
    if len(found) <= most:
        return joined(found)
    return Phrase("list-others", {"names": joined(found[:most], "list-and") or ""})


def what(text: str) -> Value | None:
    """Return what a party is; a word that is not among ours as it stands, None where there is none."""
    if text.startswith(_EXCLUSIVE) and (rest := text.removeprefix(_EXCLUSIVE)) in WHATS:
        return Phrase("what-exclusive", {"what": what(rest) or rest})
    if text in WHATS:
        return Phrase(f"what-{text.replace(' ', '-')}")
    if text.endswith(_INCIDENT):
        return Phrase("what-incident", {"category": cut(text.removesuffix(_INCIDENT), ID)})
    return name(text, 3)


def action(word: str) -> Phrase | None:
    """Return what an order asks for, or None for what the bus has no word for."""
    return Phrase(f"action-{word}") if word in ACTIONS else None


# -- where and when ---------------------------------------------------------------------------------------------------


def when(window: TimeWindow | None) -> Phrase:
    """Return a period by its outer bounds, with a blank before it, or nothing."""
    if window is None:
        return Phrase("when-nothing")
    return between(given_dtg(window.start_earliest), given_dtg(window.end_latest))


def given_dtg(micros: int | None) -> str | None:
    """Return an instant, or None where there is none."""
    return None if micros is None else dtg(micros)


def between(start: str | None, end: str | None) -> Phrase:
    """Return a period between two date-time groups, with a blank before it."""
    bounds: dict[str, Value] = {k: v for k, v in (("start", start), ("end", end)) if v is not None}
    keys = {(): "always", ("start",): "from", ("end",): "until", ("start", "end"): "between"}
    return Phrase(f"when-{keys[tuple(bounds)]}", bounds)


def where(place: str) -> Phrase:
    """Return a place; "there" if it has no name."""
    known = name(place, PLACE)
    return Phrase("where-at", {"place": known}) if known else Phrase("where-there")


def scene(place: str, window: TimeWindow | None) -> Phrase:
    """Return where and when, each with a blank before it, or nothing."""
    known = name(place, PLACE)
    if known is None:
        return Phrase("scene-nowhere", {"when": when(window)})
    return Phrase("scene-where", {"place": known, "when": when(window)})
