"""The words of reports, per language: titles, labels and values. They are data (``tables/*.toml``), not code.

A word is looked up in the language of the report first, then in the others: officers mix them.
"""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from adapters.words import fold

LANGUAGES: Final = ("en", "fr", "es", "pt", "ru", "ar", "zh")

Table = dict[str, dict[str, list[str]]]


@cache
def tables(language: str) -> Table:
    """Return the tables of a language as they stand in its file."""
    return tomllib.loads((files("adapters") / "tables" / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def _words(table: str, language: str) -> dict[str, str]:
    """Return every word of a table with what it means; what the bus itself writes is always known."""
    listed = tables(language).get(table, {})
    return {fold(word): meaning for meaning, words in listed.items() for word in (*words, meaning)}


@cache
def _of_all(table: str, language: str) -> dict[str, str]:
    """Return every word of a table in any language; where two languages disagree, the given one, then the first."""
    found: dict[str, str] = {}
    for name in (language, *LANGUAGES) if language else LANGUAGES:
        found = _words(table, name) | found
    return found


@cache
def _speakers(table: str) -> dict[str, frozenset[str]]:
    """Return the languages that know each word of a table."""
    every = {word for language in LANGUAGES for word in _words(table, language)}
    return {word: frozenset(name for name in LANGUAGES if word in _words(table, name)) for word in every}


def meanings(table: str) -> dict[str, frozenset[str]]:
    """Return all that each word of a table means, in whatever language."""
    found: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for word, meaning_ in _words(table, language).items():
            found.setdefault(word, set()).add(meaning_)
    return {word: frozenset(each) for word, each in found.items()}


def meaning(table: str, word: str, language: str = "", *, only: bool = False) -> str:
    """Return what a word means in a table ("" if nothing), in the given language before the others, or only there."""
    if language not in LANGUAGES:
        language = ""
    if only:
        return _words(table, language).get(fold(word), "") if language else ""
    return _of_all(table, language).get(fold(word), "")


def among(tables_: Sequence[str], word: str, language: str) -> str:
    """Return what a word means in the first of several tables that knows it: in the given language, then in any."""
    folded = fold(word)
    language = language if language in LANGUAGES else ""
    for table in tables_ if language else ():
        if found := _words(table, language).get(folded):
            return found
    return next((found for table in tables_ if (found := _of_all(table, language).get(folded))), "")


def speakers(tables_: Sequence[str], word: str) -> frozenset[str]:
    """Return the languages in which one of several tables knows a word."""
    folded = fold(word)
    return frozenset[str]().union(*(_speakers(table).get(folded, ()) for table in tables_))


class Titled(NamedTuple):
    """The template that a line names, the language of its title, and what else the line says."""

    template: str = ""
    language: str = ""
    rest: str = ""


def titled(line: str) -> Titled:
    """Return what a first line names. It may only begin with a title: "SITREP 073", "PATROL PLAN of A Coy"."""
    if len(line) > _LINE:
        return Titled()
    flat = " ".join(line.replace("_", " ").split())
    whole, known = fold(flat), _titles()
    if (title_ := known.get(whole)) is not None:
        return Titled(title_.template, title_.language)
    if not whole.startswith(_all_titles()):  # most lines: folded, they begin as each of their beginnings does
        return Titled()
    beginnings = _beginnings(flat)
    for title_ in sorted(known[word] for word in beginnings.keys() & known.keys()):
        word, size = title_.word, beginnings[title_.word]
        rest = flat[size:].strip(" .:;*#-/")
        if rest and (len(word) > _LONG or not rest[0].isalpha() or (len(word) > _SHORT and flat[:size].isupper())):
            return Titled(title_.template, title_.language, rest)
    return Titled()


_LONG: Final = 8  # a shorter title must stand in capitals, or before a number: "note" begins many sentences
_SHORT: Final = 4
_TITLE: Final = 80  # no title is longer
_LINE: Final = 500  # a longer line is prose


def _beginnings(line: str) -> dict[str, int]:
    """Return what a line begins with, up to each end of a word, as it is looked up, and where that ends."""
    ends = (n for n in range(min(len(line), _TITLE), 0, -1) if n == len(line) or not line[n].isalpha())
    return {fold(line[:n]): n for n in ends}


class _Title(NamedTuple):
    """A title; they are compared in the order of ``rank``, the longest first."""

    rank: int
    word: str
    language: str
    template: str


@cache
def _titles() -> dict[str, _Title]:
    """Return every title by its words; what two languages share belongs to the first."""
    listed = ((language, w, t) for language in LANGUAGES for w, t in _words("titles", language).items())
    ordered = sorted(listed, key=lambda each: (-len(each[1]), LANGUAGES.index(each[0])))
    found: dict[str, _Title] = {}
    for rank, (language, word_, template) in enumerate(ordered):
        found.setdefault(word_, _Title(rank, word_, language, template))
    return found


@cache
def _all_titles() -> tuple[str, ...]:
    return tuple(_titles())


def title(line: str) -> tuple[str, str]:
    """Return the template that a first line names, and its language."""
    found = titled(line)
    return found.template, found.language


def word(table: str, meaning_: str, language: str) -> str:
    """Return the first word of a language for a meaning, as the writers use it."""
    listed = tables(language if language in LANGUAGES else "en").get(table, {}).get(meaning_)
    return listed[0] if listed else meaning_


def titles() -> str:
    """Return the English titles, for hints."""
    return ", ".join(words[0].upper() for words in tables("en")["titles"].values())
