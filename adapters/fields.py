"""Labelled values on their way into a message: each is taken once, by the field that it fills; what is left is a loss.

Texts and tables read the same labels (`adapters.vocabulary`); what they make of them stands in `adapters.plans`.
Nothing is guessed: a value that a field cannot hold is refused where the message needs it, and left over where not.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple, cast

from adapters import places, times, vocabulary, words
from adapters.base import Context, Loss, Rejected
from schemas.envelope import Status, Warning
from schemas.geo import Position
from schemas.reports import Section
from schemas.time import TimeValue, TimeWindow

WITHHELD: Final = "(withheld)"
"""What a loss says instead of the name of a casualty, source or detainee (design §1)."""

_COUNTED: Final = re.compile(r"(?P<n>\d{1,4})\s*(?:x\s*)?(?P<what>[^\d].*)")


class Cell(NamedTuple):
    """A labelled value: the field it is for, where it stands, its label as written, and its text."""

    key: str
    path: str
    text: str


class Fields:
    """The labelled values of one message."""

    def __init__(self, cells: Iterable[Cell], context: Context, language: str = "") -> None:
        self._cells = [c for c in cells if c.text.strip()]
        self.context = context
        self.language = language
        self.warnings: list[Warning] = []
        self.sections: list[Section] = []
        self.free = ""  # lines that have no label, where a template keeps them
        self._withheld: list[Loss] = []

    def __contains__(self, key: str) -> bool:
        return any(c.key == key for c in self._cells)

    def peek(self, key: str) -> Cell | None:
        """Return the first value for a field, without taking it."""
        for cell in self._cells:  # asked many times a message
            if cell.key == key:
                return cell
        return None

    def cells(self, key: str) -> list[Cell]:
        """Return all values for a field, without taking them."""
        return [c for c in self._cells if c.key == key]

    def drop(self, cell: Cell) -> None:
        """Take one value."""
        self._cells.remove(cell)

    def put(self, cell: Cell) -> None:
        """Give a value to a field: one that a template uses under another name, or what is left of another."""
        if cell.text.strip():
            self._cells.append(cell)

    def text(self, key: str) -> str:
        """Take the first value for a field, as it stands."""
        cell = self.peek(key)
        if cell is None:
            return ""
        self.drop(cell)
        return cell.text.strip()

    def every(self, key: str) -> list[Cell]:
        """Take all values for a field."""
        found = [c for c in self._cells if c.key == key]
        self._cells = [c for c in self._cells if c.key != key]
        return found

    def required(self, key: str, mend: str) -> Cell:
        """Take a value that a message cannot do without.

        Raises:
            Rejected: there is none.
        """
        cell = self.peek(key)
        if cell is None:
            raise Rejected(key.replace("_", " "), "it is missing", mend)
        self.drop(cell)
        return cell

    def meaning(self, key: str, table: str) -> str:
        """Take a value whose word a table knows; another word stays."""
        cell = self.peek(key)
        found = vocabulary.meaning(table, cell.text, self.language) if cell else ""
        if cell and found:
            self.drop(cell)
        return found

    def count(self, key: str, most: int = 1_000_000) -> int | None:
        """Take a whole number, with or without a word after it; ranges and other texts stay."""
        cell = self.peek(key)
        if cell is None:
            return None
        match = _COUNTED.fullmatch(words.plain(cell.text).strip())
        value = words.count(match["n"] if match and match["what"].isalpha() else cell.text)
        if value is None or value > most:
            self.warn("not-a-number", cell.path, f'"{cell.text[:80]}" is no whole number up to {most}')
            return None
        self.drop(cell)
        return value

    def number(self, key: str) -> float | None:
        """Take a number from 0, with a decimal point or comma."""
        cell = self.peek(key)
        value = words.number(cell.text.strip().removesuffix("m")) if cell else None
        if cell and (value is None or value < 0):
            self.warn("not-a-number", cell.path, f'"{cell.text[:80]}" is no number')
            return None
        if cell:
            self.drop(cell)
        return value

    def instant(self, key: str) -> TimeValue | None:
        """Take a time.

        Raises:
            Rejected: it names no instant.
        """
        cell = self.peek(key)
        if cell is None:
            return None
        self.drop(cell)
        return self.at(cell)

    def at(self, cell: Cell) -> TimeValue:
        """Return the time that a value says.

        Raises:
            Rejected: it names no instant.
        """
        value = times.instant(cell.text, cell.path, self.context)
        self.warnings += times.warnings(value, cell.path)
        return value

    def window(self) -> TimeWindow | None:
        """Take when something happens: a span, or a start and an end.

        Raises:
            Rejected: one of them is missing, names no instant, or the end lies before the start.
        """
        if (cell := self.peek("window")) is not None:
            self.drop(cell)
            return self.looked_at(times.span(cell.text, cell.path, self.context), cell.path)
        start, end = self.peek("from"), self.peek("to")
        if start is None and end is None:
            return None
        if start is None or end is None:
            there, missing = (start, "end") if start else (end, "start")
            path = there.path if there else ""
            raise Rejected(path, f"it has no {missing} beside it", 'give both; an open end is written "UFN"')
        self.drop(start)
        self.drop(end)
        if times.read(start.text.strip(), self.context.received_at, self.context.zone).utc is None:
            times.window(start.text, end.text, start.path, self.context)  # refused, unless the end completes it
        return self.looked_at(times.window(start.text, end.text, end.path, self.context), start.path, end.path)

    def looked_at(self, window: TimeWindow, path: str, end_path: str = "") -> TimeWindow:
        """Return a window, after noting what about its reading should be looked at."""
        self.warnings += (*times.warnings(window.start, path), *times.warnings(window.end, end_path or path))
        return window

    def position(self, key: str = "position") -> Position | None:
        """Take a position.

        Raises:
            Rejected: it is none.
        """
        cell = self.peek(key)
        if cell is None:
            return None
        self.drop(cell)
        at = places.place(cell.text, cell.path, self.context)
        self.warnings += places.warnings(at, cell.path)
        return at

    def warn(self, code: str, path: str, text: str) -> None:
        """Note something that should be looked at."""
        self.warnings.append(Warning(code=code, path=path, text=text))

    def withhold(self, key: str, why: str) -> None:
        """Drop every value for a field that may never be carried; the loss does not repeat it."""
        self._withheld += (Loss(path=c.path, value=WITHHELD, why=why) for c in self.every(key))

    def left(self) -> tuple[Loss, ...]:
        """Return what nobody took."""
        return (*self._withheld, *(Loss(path=c.path, value=c.text) for c in self._cells))


class Identity(NamedTuple):
    """What a message is called, which issue of it this is, and what became of it."""

    id: str
    revision: int
    status: Status


def identity(fields: Fields) -> Identity:
    """Take id, revision and status. An id may carry its revision (``XCO-BR-11 v2``); an own field for it wins."""
    cell = fields.peek("id")
    name, revision = words.revision_of(fields.text("id")) if cell else ("", 1)
    if cell and len(name) > 200:
        raise Rejected(cell.path, "it is longer than 200 characters", "shorten the reference")
    stated = fields.peek("revision")
    if stated is not None:
        number = words.count(re.sub(r"(?i)^(v|rev\.?|version)\s*", "", words.plain(stated.text).strip()))
        if number is None or not 1 <= number <= 1_000_000:
            raise Rejected(stated.path, f'"{stated.text[:40]}" is no revision', "number revisions from 1")
        fields.drop(stated)
        revision = number
    status = vocabulary.meaning("status", cell.text, fields.language) if (cell := fields.peek("status")) else ""
    if status in ("new", "update", "cancel"):
        fields.text("status")
        return Identity(name, revision, cast(Status, status))
    return Identity(name, revision, "new")
