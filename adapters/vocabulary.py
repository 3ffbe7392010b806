"""The words of reports, per language: titles, labels and values. They are data (``tables/*.toml``), not code.

A word is looked up in the language of the report first, then in the others: officers mix them.
"""

import tomllib
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


def meaning(table: str, word: str, language: str = "", *, only: bool = False) -> str:
    """Return what a word means in a table ("" if nothing), in the given language before the others, or only there."""
    folded = fold(word)
    for name in (language,) if only else sorted(LANGUAGES, key=lambda each: each != language):
        if (found := _words(table, name).get(folded)) is not None:
            return found
    return ""


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
    whole, beginnings = fold(flat), _beginnings(flat)
    for language, word, template in _titles():
        if word == whole:
            return Titled(template, language)
    for language, word, template in _titles():
        size = beginnings.get(word, 0)
        rest = flat[size:].strip(" .:;*#-/") if size else ""
        if rest and (len(word) > _LONG or not rest[0].isalpha() or (len(word) > _SHORT and flat[:size].isupper())):
            return Titled(template, language, rest)
    return Titled()


_LONG: Final = 8  # a shorter title must stand in capitals, or before a number: "note" begins many sentences
_SHORT: Final = 4
_TITLE: Final = 80  # no title is longer
_LINE: Final = 500  # a longer line is prose


def _beginnings(line: str) -> dict[str, int]:
    """Return what a line begins with, up to each end of a word, as it is looked up, and where that ends."""
    ends = (n for n in range(min(len(line), _TITLE), 0, -1) if n == len(line) or not line[n].isalpha())
    return {fold(line[:n]): n for n in ends}


@cache
def _titles() -> tuple[tuple[str, str, str], ...]:
    """Return every title with its language and template, the longest first."""
    listed = ((language, w, t) for language in LANGUAGES for w, t in _words("titles", language).items())
    return tuple(sorted(listed, key=lambda each: (-len(each[1]), LANGUAGES.index(each[0]))))


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
