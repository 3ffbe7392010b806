"""One worksheet as a grid, read in one pass: values, formulas, merged cells, what is hidden.

Source: ECMA-376-1 §18.3 (worksheets), §18.4.8 (strings), §18.17.4 (dates).
"""

import re
from typing import Final, NamedTuple

from adapters.base import MAX_LEAVES, Loss, Rejected
from adapters.sheet import days
from adapters.sheet.archive import Archive
from adapters.sheet.cells import MAX_CELL, MAX_COLUMNS, Grid, Row, Span
from schemas.envelope import Warning

MAX_TEXT: Final = 4_000_000  # characters of all cells together: a shared string may stand in many
_MAX_MERGED: Final = 2_000

_MAIN: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main}",
    "http://purl.oclc.org/ooxml/spreadsheetml/main}",  # strict
)
LOCAL: Final = {
    uri + name: name
    for uri in _MAIN
    for name in (
        "workbookPr", "sheet", "externalReference", "si", "t", "rPh", "numFmt", "cellXfs", "xf", "row", "c", "v", "f",
        "mergeCell", "col",
    )
}  # fmt: skip
"""The elements that are read, by their names with either namespace."""

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RESAVE: Final = "open the workbook, save it again as .xlsx and send that"


class Sheet(NamedTuple):
    """What the workbook says of a worksheet."""

    name: str
    part: str
    hidden: bool


class Shared:
    """What all worksheets share: the epoch, strings, which cell styles are dates, and how much may still be read."""

    def __init__(self) -> None:
        self.epoch = 1900
        self.strings: list[str] = []
        self.dates: list[bool] = []
        self.cells = MAX_LEAVES
        self.characters = MAX_TEXT

    def count(self, text: str, path: str) -> None:
        """Count one cell more.

        Raises:
            Rejected: there are too many, or too much stands in them.
        """
        self.cells -= 1
        self.characters -= len(text)
        if self.cells < 0 or self.characters < 0:
            hint = "split it by rows: those above in one file, the others in more like it, each below the same header"
            raise Rejected(path, f"it has more than {MAX_LEAVES} cells or {MAX_TEXT} characters", hint)


def text_of(value: str, path: str) -> str:
    """Return the text of a cell or string, with the characters that XML cannot hold.

    Raises:
        Rejected: it is too long.
    """
    if len(value) > MAX_CELL:
        raise Rejected(path, f"it is longer than {MAX_CELL} characters", "shorten it, or send it as a file")
    return _ESCAPED.sub(_unescaped, value) if "_x" in value else value


def _unescaped(match: re.Match[str]) -> str:
    """Return the character of ``_x000D_``; what is none, or no text can bear, stays as it was written."""
    character = chr(int(match[1], 16))
    return character if character.isprintable() or character in "\t\n\r" else match[0]


class Reader:
    """One worksheet on its way into a grid."""

    def __init__(self, sheet: Sheet, shared: Shared) -> None:
        self.sheet, self.shared = sheet, shared
        self.rows: list[Row] = []
        self.merged: list[Span] = []
        self.losses: list[Loss] = []
        self.warnings: list[Warning] = []
        self.number = self.column = 0
        self.cell: dict[str, str] = {}
        self.parts: dict[str, list[str]] = {}
        self.taking: list[str] | None = None
        self.phonetic = False

    def read(self, archive: Archive) -> Grid:
        """Return the grid.

        Raises:
            Rejected: the sheet is damaged, too large or hostile.
        """
        if self.sheet.hidden:
            self._warn("hidden-sheet", self.sheet.name, "it is hidden; it was read as well")
        archive.parse(self.sheet.part, self._start, self._end, self._text)
        kept = [row for row in self.rows if any(cell.strip() for cell in row.cells)]
        return Grid(
            self.sheet.name, kept, self.shared.epoch, tuple(self.merged), tuple(self.losses), tuple(self.warnings)
        )

    def _warn(self, code: str, path: str, text: str) -> None:
        self.warnings.append(Warning(code=code, path=path, text=text))

    @property
    def _at(self) -> str:
        return f"{self.sheet.name}!row {self.number}"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match LOCAL.get(name):
            case "row":
                self._row(attributes)
            case "c":
                self._cell(attributes)
            case "v" | "f" | "t" as part if not self.phonetic:
                self.taking = self.parts.setdefault(part, [])
            case "rPh":
                self.phonetic = True
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case "col" if attributes.get("hidden") in ("1", "true"):
                columns = f"columns {attributes.get('min', '')[:6]} to {attributes.get('max', '')[:6]}"
                self._warn("hidden-column", f"{self.sheet.name}!{columns}", "hidden; they were read as well")

    def _end(self, name: str) -> None:
        match LOCAL.get(name):
            case "v" | "f" | "t":
                self.taking = None
            case "rPh":
                self.phonetic = False
            case "c":
                self._take()

    def _text(self, value: str) -> None:
        if self.taking is not None:
            self.taking.append(value)

    def _row(self, attributes: dict[str, str]) -> None:
        stated = attributes.get("r", "")
        number = int(stated) if stated.isascii() and stated.isdigit() and len(stated) < 8 else self.number + 1
        if number <= self.number:
            raise Rejected(f"{self.sheet.name}!row {number}", "its rows are not in order", _RESAVE)
        self.number, self.column = number, 0
        self.rows.append(Row(number, []))
        if attributes.get("hidden") in ("1", "true"):
            self._warn("hidden-row", self._at, "it is hidden; it was read as well")

    def _cell(self, attributes: dict[str, str]) -> None:
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        self.column = _column(match[1]) if match else self.column + 1
        self.cell, self.parts = attributes, {}

    def _take(self) -> None:
        """Put a cell that ended into its row; an empty one only counts where something stands to its right."""
        value = "".join(self.parts.get("v", ())) or "".join(self.parts.get("t", ()))
        path = f"{self._at}, column {self.column}"
        if "f" in self.parts:
            self._formula(path, "".join(self.parts["f"]), "v" in self.parts)
        if not value:
            return
        text = self._value(value, path)
        self.shared.count(text, path)
        if self.column > MAX_COLUMNS:
            raise Rejected(path, f"it has more than {MAX_COLUMNS} columns", "send fewer columns")
        if not self.rows or self.column <= len(cells := self.rows[-1].cells):
            raise Rejected(path, "its cells are not in order", _RESAVE)
        cells += [""] * (self.column - 1 - len(cells))
        cells.append(text)

    def _formula(self, path: str, formula: str, stored: bool) -> None:
        """Note a formula: it is never evaluated; what the sender's program stored is read in its place."""
        if not stored:
            hint = "save it in a spreadsheet program, which stores the values, or paste values"
            raise Rejected(path, "it has a formula without a stored value", hint)
        self._warn("formula", path, "its stored value was read; formulas are not evaluated")
        shown = f"={formula}"[:2_000] if formula else "= (shared formula)"
        self.losses.append(Loss(path=f"{path}: formula", value=shown, why="formulas are not evaluated"))

    def _value(self, value: str, path: str) -> str:
        match self.cell.get("t", "n"):
            case "s":
                if not (value.isascii() and value.isdigit() and int(value[:9]) < len(self.shared.strings)):
                    raise Rejected(path, f'it names string "{value[:20]}", which does not exist', _RESAVE)
                return self.shared.strings[int(value[:9])]
            case "b":
                return "true" if value.strip() == "1" else "false"
            case "n":
                return self._number(value.strip())
            case _:  # inlineStr, str, d (ISO 8601), e (an error such as #REF!)
                return text_of(value, path)

    def _number(self, value: str) -> str:
        style = self.cell.get("s", "0")
        at = int(style) if style.isascii() and style.isdigit() and len(style) < 7 else 0
        if at < len(self.shared.dates) and self.shared.dates[at]:
            return days.from_serial(value, self.shared.epoch) or value
        return days.shortest(value)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        one, two = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
        if one and two and len(self.merged) < _MAX_MERGED:
            self.merged.append(Span(int(one[2]), _column(one[1]), int(two[2]), _column(two[1])))


def _column(letters: str) -> int:
    """Return the number of a column, A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
