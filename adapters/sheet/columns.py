"""Which words head which columns, and what tables they make: data in ``columns.toml``, with `adapters.vocabulary`.

A header is looked up in the words of its kind of table first, then among the labels that texts use as well. An HXL tag
is a word like any other; its attributes stand in alphabetical order.
Source: reference formats.md §10.4, §10.5; HXL 1.1 (hashtags and attributes).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

from adapters import vocabulary
from adapters.base import Head
from adapters.words import bare, fold

LANGUAGES: Final = ("en", "fr", "es")
_ORDERS: Final = {name: tuple(sorted(LANGUAGES, key=name.__ne__)) for name in LANGUAGES}
LONGEST: Final = 80  # characters of a header; longer cells are prose
_TAG: Final = re.compile(r"#[a-z][a-z0-9_]*(?:\s*\+\s*[a-z][a-z0-9_]*){0,12}")
_SHARED: Final = frozenset({"id", "revision", "status", "unit", "callsign", "position", "lat", "lon"})
_PLACED: Final = frozenset({"position", "lat", "place", "admin1", "admin2", "admin3"})


Own = Mapping[str, Head]
"""Heads that one sender uses and nobody else knows, as `owned` makes them."""


class Profile(NamedTuple):
    """One kind of table: of each group in ``needs`` one column must be there; ``labels`` are those it shares."""

    name: str  # in columns.toml
    kind: str
    needs: tuple[frozenset[str], ...]
    labels: frozenset[str]


PROFILES: Final = (
    Profile(
        "route-state",
        "route-state",
        (
            frozenset({"section"}),
            frozenset({"state", "load_class", "width", "lanes", "speed_limit", "one_at_a_time", "status"}),
        ),
        _SHARED | {"section", "load_class", "width", "lanes", "state", "speed_limit", "one_at_a_time", "from", "to",
                   "window", "remarks"},
    ),
    Profile(
        "movement",
        "movement",
        (
            frozenset({"route", "place", "position", "lat", "departure_place", "arrival_place"}),
            frozenset({"from", "to", "window", "departure_time", "arrival_time", "status"}),
        ),
        _SHARED | {"movement_kind", "route", "place", "from", "to", "window", "method", "vehicles", "vehicle_type",
                   "count", "load_class", "strength", "armed", "escort", "organisation", "drivers", "cargo", "contact",
                   "phone", "email", "purpose", "relies_on", "remarks"},
    ),
    Profile(
        "protected-site",
        "protected-site",
        (frozenset({"name"}), _PLACED, frozenset({"site_kind", "organisation", "buffer"})),
        _SHARED | {"place", "organisation", "contact", "phone", "email", "from", "to", "remarks"},
    ),
    Profile(
        "incident",
        "incident",
        (frozenset({"category"}), frozenset({"time", "date", "occurred"}), _PLACED),
        _SHARED | {"place", "time", "assessment"},
    ),
    Profile(
        "logistics",
        "logistics",
        (frozenset({"item"}), frozenset({"on_hand", "required", "authorised", "days_of_supply"})),
        _SHARED | {"remarks", "time"},
    ),
    Profile(
        "strength",
        "sitrep",
        (frozenset({"category"}), frozenset({"effective", "authorised"})),
        _SHARED | {"remarks", "window", "from", "to", "time"},
    ),
)  # fmt: skip
_BY_NAME: Final = {p.name: p for p in PROFILES}
KINDS: Final = frozenset(p.kind for p in PROFILES)


@cache
def _tables() -> dict[str, dict[str, dict[str, list[str]]]]:
    return tomllib.loads((files("adapters") / "sheet" / "columns.toml").read_text(encoding="utf-8"))


@cache
def _own(profile: str, language: str) -> dict[str, str]:
    """Return the words of a kind of table and what they head."""
    listed = _tables()[profile]
    return {fold(_word(w)): key for key, by in listed.items() for w in by.get(language, ())}


@cache
def _names(profile: str) -> dict[str, str]:
    """Return the names of the fields themselves, which every language knows."""
    return {fold(key): key for key in _tables()[profile]}


@cache
def _anywhere() -> dict[str, frozenset[str]]:
    """Return every word that heads a column in some language, with the names of the kinds of table where it does."""
    found: dict[str, set[str]] = {}
    for profile in PROFILES:
        own = (word for language in LANGUAGES for word in _own(profile.name, language))
        for word in (*own, *_names(profile.name)):
            found.setdefault(word, set()).add(profile.name)
    for word, meanings in vocabulary.meanings("labels").items():
        found.setdefault(word, set()).update(p.name for p in PROFILES if not meanings.isdisjoint(p.labels))
    for word, meanings in vocabulary.meanings("header").items():
        found.setdefault(word, set()).update(p.name for p in PROFILES if "reality" in meanings)
    return {word: frozenset(names) for word, names in found.items()}


def profiles_of(header: str) -> frozenset[str]:
    """Return the names of the kinds of table in which `meaning` knows a header, in whatever language."""
    return _profiles_of(header) if header and len(header) <= LONGEST else _NOWHERE


@lru_cache(maxsize=8192)
def _profiles_of(header: str) -> frozenset[str]:
    known = _anywhere()
    return _NOWHERE.union(*(known.get(fold(word), _NOWHERE) for word in _variants(header)))


_NOWHERE: Final = frozenset[str]()


def _word(text: str) -> str:
    return tagged(text) if text.startswith("#") else text


def meaning(profile: Profile, header: str, language: str = "") -> str:
    """Return what a header is the head of in a kind of table, "" if it is unknown there."""
    return _meaning(profile.name, header, language, False) if header and len(header) <= LONGEST else ""


def knows(profile: Profile, header: str, language: str) -> bool:
    """Say whether a header is known in a kind of table in just that language."""
    return bool(header) and len(header) <= LONGEST and bool(_meaning(profile.name, header, language, True))


@lru_cache(maxsize=8192)
def _meaning(name_: str, header: str, language: str, only: bool) -> str:
    profile = _BY_NAME[name_]
    for word in _variants(header):
        folded = fold(word)
        for name in (language,) if only else _ORDERS.get(language, LANGUAGES):
            if key := _own(profile.name, name).get(folded, ""):
                return key
        label = vocabulary.meaning("labels", word, language, only=only)
        if label in profile.labels:
            return label
        if vocabulary.meaning("header", word, language, only=only) == "reality":
            return "reality"
        if not only and (key := _names(profile.name).get(folded, "")):
            return key
    return ""


def _variants(header: str) -> Iterator[str]:
    """Yield a header, and without what stands in brackets behind it; of a tag also with fewer attributes."""
    flat = " ".join(header.split())
    if flat.startswith("#") and is_tag(flat):
        tag, *attributes = tagged(flat).split("+")
        yield "+".join((tag, *attributes))
        yield from (f"{tag}+{attribute}" for attribute in attributes)
        yield tag
        return
    yield flat
    head, bracket, _ = flat.partition("(")
    if bracket and head.strip():
        yield head.strip()


def mapped(profile: Profile, header: str, own: Own) -> str:
    """Return the field that a sender's own head stands for, "" if it is none of its own or none of this kind."""
    head = own.get(fold(header)) if own and len(header) <= LONGEST else None
    return head.field if head is not None and head.field in known(profile) else ""


def spoken(profile: Profile, headers: Iterable[str], own: Own) -> str:
    """Return the language that a sender's own heads say most often that a table is in, "" if they do not say."""
    said = [own[fold(header)].lang for header in headers if own and mapped(profile, header, own)]
    named = [lang for lang in said if lang]
    return max(named, key=named.count, default="")


def owned(heads: Iterable[Head]) -> Own:
    """Return a sender's own heads by the words that are looked up."""
    return {fold(head.head): head for head in heads}


@cache
def known(profile: Profile) -> frozenset[str]:
    """Return every field that a column of a kind of table can hold."""
    return frozenset((*_tables()[profile.name], *profile.labels, "reality"))


def every_field() -> frozenset[str]:
    """Return every field that a column of some table can hold."""
    return frozenset[str]().union(*map(known, PROFILES))


def is_tag(cell: str) -> bool:
    """Say whether a cell is an HXL hashtag with its attributes."""
    return cell.startswith("#") and len(cell) <= LONGEST and _TAG.fullmatch(bare(cell).strip()) is not None


def tagged(cell: str) -> str:
    """Return a hashtag in lower case with its attributes in order, as it stands in ``columns.toml``."""
    tag, *attributes = bare(cell).replace(" ", "").strip().split("+")
    return "+".join((tag, *sorted(attributes)))


def heading(profile: Profile, key: str, language: str) -> str:
    """Return the first word of a language for a column, as the writer uses it."""
    language = language if language in LANGUAGES else "en"
    if key == "reality":
        return vocabulary.word("header", key, language)
    if key in profile.labels:
        return vocabulary.word("labels", key, language)
    own = [w for w in _tables()[profile.name].get(key, {}).get(language, ()) if not w.startswith("#")]
    return own[0] if own else key


def fields(profile: Profile) -> tuple[str, ...]:
    """Return the fields of a kind of table that have words of their own."""
    return tuple(_tables()[profile.name])


@cache
def _values(table: str) -> dict[str, str]:
    return {fold(w): key for key, by in _tables()[table].items() for ws in by.values() for w in (*ws, key)}


def value(table: str, word: str) -> str:
    """Return what a word of a cell means in a table of values ("sites", "stages" …), "" if it is unknown."""
    return _values(table).get(fold(word), "") if len(word) <= LONGEST else ""
