"""Text that came from outside, made safe to show: nothing in it can steer a screen or turn the writing direction."""

import unicodedata
from typing import Final

_TURNING: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e")


def clean(text: str) -> str:
    """Return a text on one line, without what cannot be seen."""
    return "".join(c for c in " ".join(text.split()) if c not in _TURNING and unicodedata.category(c) not in _HIDDEN)


def lines(text: str) -> str:
    """Return a text of several lines, each of them clean."""
    return "\n".join(clean(line) for line in text.splitlines())


_HIDDEN: Final = frozenset({"Cc", "Cs", "Co"})


def short(text: str, width: int) -> str:
    """Return a text on one line of at most so many characters, with an ellipsis where it was longer."""
    line = clean(text)
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
