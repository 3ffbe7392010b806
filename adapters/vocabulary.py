"""The words of reports, per language: titles, labels and values. They are data (``tables/*.toml``), not code.

A word is looked up in the language of the report first, then in the others: officers mix them.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from adapters.words import fold

LANGUAGES: Final = ("en", "fr", "es")

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


def title(line: str) -> tuple[str, str]:
    """Return the template that a first line names, and its language; a longer line may only begin with a title."""
    folded = fold(line)
    for exact in (True, False):
        for language in LANGUAGES:
            for word, template in sorted(_words("titles", language).items(), key=lambda item: -len(item[0])):
                if folded == word or (not exact and len(word) > 8 and folded.startswith(word + " ")):
                    return template, language
    return "", ""


def word(table: str, meaning_: str, language: str) -> str:
    """Return the first word of a language for a meaning, as the writers use it."""
    listed = tables(language if language in LANGUAGES else "en").get(table, {}).get(meaning_)
    return listed[0] if listed else meaning_


def titles() -> str:
    """Return the English titles, for hints."""
    return ", ".join(words[0].upper() for words in tables("en")["titles"].values())
