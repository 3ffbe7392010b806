"""Whether a table is real: a mark of exercise or test, in a title, a sheet's name or a column, is never ignored.

Source: reference formats.md §3.2 (reality); design law 10.
"""

from collections.abc import Iterable
from typing import Final

from adapters import vocabulary
from adapters.base import Context
from adapters.fields import Fields
from adapters.words import fold
from schemas.envelope import Reality

_LONGEST: Final = 200  # characters of a title; longer cells are prose


def marked(texts: Iterable[str], context: Context) -> Reality:
    """Return what titles and names of sheets say; "EXERCISE BLUE LATCH" is enough, a test must be said alone."""
    for text in (t for t in texts if t.strip() and len(t) <= _LONGEST):
        first, *_ = fold(text).split() or [""]
        said = vocabulary.meaning("reality", text.rstrip(" !")) or vocabulary.meaning("reality", first.strip(":"))
        if said == "exercise" or (said == "test" and vocabulary.meaning("reality", text.rstrip(" !")) == "test"):
            return "exercise" if said == "exercise" else "test"
    return context.reality


def of_row(values: Fields) -> Reality:
    """Take what a row says in a column of its own; a word that nobody knows is taken for the name of an exercise."""
    cell = values.peek("reality")
    if cell is None:
        return values.context.reality
    values.drop(cell)
    said = vocabulary.meaning("reality", cell.text, values.language)
    if said in ("real", "test"):
        return values.context.reality if said == "real" else "test"
    if said != "exercise":
        values.warn("exercise", cell.path, f'"{cell.text[:80]}" was read as the name of an exercise')
    return "exercise"
