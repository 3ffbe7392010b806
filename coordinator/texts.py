"""Texts that people read, from one Fluent catalogue a language in ``texts/``.

English is complete; a text that another language lacks is given in English. Values go in as text, counts as numbers.
Numbers, date-time groups, grids and call signs keep their ASCII digits, and in a right-to-left language each is
isolated, so that it keeps its own direction.
"""

from functools import cache
from importlib import resources
from typing import Final

from fluent.runtime import FluentBundle, FluentResource

ENGLISH: Final = "en"
RIGHT_TO_LEFT: Final = frozenset({"ar"})


class NoText(KeyError):
    """Raised when the English catalogue has no such text, or the text needs a value that was not given: our bug."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f'text "{key}" {why}')
        self.key = key


def languages() -> tuple[str, ...]:
    """Return the languages that there is a catalogue for."""
    names = (f.name for f in resources.files("coordinator").joinpath("texts").iterdir())
    return tuple(sorted(n.removesuffix(".ftl") for n in names if n.endswith(".ftl")))


def say(key: str, lang: str = ENGLISH, **args: str | int) -> str:
    """Return a text in a language; ``lang`` may have a region (``fr-CA``).

    Raises:
        NoText: there is no such text, or a value that it needs is missing.
    """
    tongue = lang.partition("-")[0].casefold()
    known = tongue in _catalogues() and _catalogues()[tongue].has_message(key)
    bundle = _catalogues()[tongue if known else ENGLISH]
    if not bundle.has_message(key) or (pattern := bundle.get_message(key).value) is None:
        raise NoText(key, "is not in the catalogue")
    text, errors = bundle.format_pattern(pattern, args)
    if errors:
        raise NoText(key, f"cannot be written: {errors[0]}")
    return str(text)


@cache
def _catalogues() -> dict[str, FluentBundle]:
    return {lang: _bundle(lang) for lang in languages()}


def _bundle(lang: str) -> FluentBundle:
    bundle = FluentBundle([lang], use_isolating=lang in RIGHT_TO_LEFT)
    source = resources.files("coordinator").joinpath("texts", f"{lang}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(source))
    return bundle


_catalogues()  # read once, when the program starts: a core that renders does no I/O
