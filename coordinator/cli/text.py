"""Text for people: safe to print, aligned, with times as duty rooms write them. Pure.

What came in a message may hold escape sequences or turn the writing direction around: everything from outside passes
through `clean` before it reaches a terminal.
"""

import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_TURNING: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e")


def clean(text: str) -> str:
    """Return a text on one line that can do nothing to a terminal."""
    return "".join(map(_visible, " ".join(text.split())))


def _visible(char: str) -> str:
    if char in _TURNING or unicodedata.category(char) in ("Cc", "Cs", "Co"):  # isolates are ours, and harmless
        return f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}"
    return char


def short(text: str, width: int) -> str:
    """Return a text cleaned and cut to a width, with an ellipsis if something is missing."""
    line = clean(text)
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"


def moment(micros: int) -> datetime:
    """Return an instant as a datetime in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def dtg(micros: int | None, *, seconds: bool = False) -> str:
    """Return an instant as a date-time group (``140412ZMAR27``), or "-" for none."""
    if micros is None:
        return "-"
    at = moment(micros)
    clock = f"{at:%d%H%M%S}" if seconds else f"{at:%d%H%M}"
    return f"{clock}Z{_MONTHS[at.month - 1]}{at.year % 100:02d}"


def span(micros: int) -> str:
    """Return a length of time in at most two units: ``45 s``, ``12 min``, ``2 h 5 min``, ``3 d 4 h``."""
    seconds = abs(micros) // 1_000_000
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} min"
    for unit, name, part, part_name in ((1440, "d", 60, "h"), (60, "h", 1, "min")):
        if minutes >= 2 * unit:
            whole, rest = divmod(minutes, unit)
            return f"{whole} {name} {rest // part} {part_name}" if rest // part else f"{whole} {name}"
    return f"{minutes} min"


def relative(micros: int, now: int) -> str:
    """Return an instant as seen from now: ``in 12 min``, ``4 min ago``."""
    return f"in {span(micros - now)}" if micros >= now else f"{span(now - micros)} ago"


def count(number: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def size(count_: int) -> str:
    """Return a number of bytes for people, in decimal units."""
    value = float(count_)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows in aligned columns; the last column may be as long as it is."""
    lines = [tuple(header), *(tuple(row) for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def fields(pairs: Iterable[tuple[str, str]], *, indent: int = 2, width: int = 100) -> str:
    """Return named values below each other, values wrapped; those without a value are left out.

    A value without a name is a sentence of its own.
    """
    said = [(name, value) for name, value in pairs if value]
    column = max((len(name) for name, _ in said), default=0)
    return "\n".join(_field(name.ljust(column) + "  " if name else "", value, indent, width) for name, value in said)


def _field(name: str, value: str, indent: int, width: int) -> str:
    first = " " * indent + name
    return textwrap.fill(
        value,
        width,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
