"""Texts that people read, from Fluent catalogues: a language is a folder in ``texts/``, its files are read as one.

English is complete; a text that another language lacks is given in English. Values go in as text, counts as numbers.
Numbers, date-time groups, grids and call signs keep their ASCII digits, and in a right-to-left language each is
isolated, so that it keeps its own direction.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Junk

ENGLISH: Final = "en"
RIGHT_TO_LEFT: Final = frozenset({"ar"})
SUFFIX: Final = ".ftl"


class NoText(KeyError):
    """Raised when the English catalogue has no such text, or the text needs a value that was not given: our bug."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f'text "{key}" {why}')
        self.key = key


class Unreadable(ValueError):
    """Raised where a file of a catalogue has a line that is no text."""


class Catalogue:
    """The texts of every language that a folder has.

    All files are read at once: whoever renders does no I/O. A language is parsed when it is first spoken: a command
    that answers in one of them does not wait for the others.
    """

    def __init__(self, folder: Traversable) -> None:
        """Read ``<folder>/<language>/*.ftl``."""
        names = sorted(f.name for f in folder.iterdir() if f.is_dir() and any(_files(f)))
        self._sources = {lang: _sources(folder.joinpath(lang)) for lang in names}
        self._bundles: dict[str, FluentBundle] = {}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are texts in."""
        return tuple(self._sources)

    def say(self, key: str, lang: str = ENGLISH, **args: str | int) -> str:
        """Return a text in a language; ``lang`` may have a region (``fr-CA``).

        Raises:
            NoText: there is no such text, or a value that it needs is missing.
            Unreadable: a file of the language has a line that is no text, or a text stands in two files.
        """
        tongue = lang.partition("-")[0].casefold()
        known = tongue in self._sources and self._spoken(tongue).has_message(key)
        bundle = self._spoken(tongue if known else ENGLISH)
        if not bundle.has_message(key) or (pattern := bundle.get_message(key).value) is None:
            raise NoText(key, "is not in the catalogue")
        text, errors = bundle.format_pattern(pattern, args)
        if errors:
            raise NoText(key, f"cannot be written: {errors[0]}")
        return str(text)

    def written(self, lang: str, beginning: str) -> list[tuple[str, str]]:
        """Return the keys that begin so, each with its text as it stands in the file: for texts of one line."""
        line = re.compile(rf"^({re.escape(beginning)}[a-z0-9-]+) = (.+)$", re.MULTILINE)
        return [found for source in self._sources[lang].values() for found in line.findall(source)]

    def _spoken(self, lang: str) -> FluentBundle:
        """Return the texts of a language, parsed the first time."""
        if (known := self._bundles.get(lang)) is not None:
            return known
        return self._bundles.setdefault(lang, _bundle(lang, self._sources[lang]))


def _files(folder: Traversable) -> list[Traversable]:
    return sorted((f for f in folder.iterdir() if f.name.endswith(SUFFIX)), key=lambda f: f.name)


def _sources(folder: Traversable) -> dict[str, str]:
    return {f.name: f.read_text(encoding="utf-8") for f in _files(folder)}


def _bundle(lang: str, sources: Mapping[str, str]) -> FluentBundle:
    bundle = FluentBundle([lang], use_isolating=lang in RIGHT_TO_LEFT)
    for name, text in sources.items():
        read = FluentResource(text)
        keys = [entry.id.name for entry in read.body if hasattr(entry, "id")]
        if wrong := [str(e.content) for e in read.body if isinstance(e, Junk)]:
            raise Unreadable(f"{lang}/{name}: {wrong[0].splitlines()[0]}")
        if twice := [k for k in keys if keys.count(k) > 1 or bundle.has_message(k)]:
            raise Unreadable(f'{lang}/{name}: "{twice[0]}" is there twice')
        bundle.add_resource(read)
    return bundle


@cache
def own() -> Catalogue:
    """Return the texts that come with the programme."""
    return Catalogue(resources.files("coordinator").joinpath("texts"))


def languages() -> tuple[str, ...]:
    """Return the languages that there are texts in."""
    return own().languages


say = own().say  # read once, when the program starts
