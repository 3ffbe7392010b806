"""What a table is before anybody knows what it means: rows of texts with their numbers."""

from typing import Final, NamedTuple

from adapters.base import MAX_BYTES, Loss
from schemas.envelope import Warning

MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 32_767  # characters, as in spreadsheet programs
EMPTY: Final = frozenset({"", "-", "n/a", "#n/a", "nil", "s/o"})


def in_files(size: int, rows: int) -> str:
    """Return how to split a table of so many bytes and rows: how many rows go into each file."""
    each = min(MAX_ROWS, max(1, rows * MAX_BYTES * 9 // 10 // max(size, 1)))
    each = each // 100 * 100 or each
    files = max(2, -(-rows // each))
    return f"split it by rows into {files} files of {each} rows, each below the same header"


class Row(NamedTuple):
    """One row that says something; ``number`` counts from 1, as the sender's program shows it."""

    number: int
    cells: list[str]


class Span(NamedTuple):
    """A merged range: rows and columns from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Grid(NamedTuple):
    """One worksheet, or a whole CSV file (whose ``name`` is empty).

    ``epoch`` is the year that its serial dates count from; ``losses`` are leaves beside the cells (formulas).
    """

    name: str
    rows: list[Row]
    epoch: int = 1900
    merged: tuple[Span, ...] = ()
    losses: tuple[Loss, ...] = ()
    warnings: tuple[Warning, ...] = ()

    def at(self, number: int) -> str:
        """Return where a row stands, as paths and locators say it."""
        return f"{self.name}!row {number}" if self.name else f"row {number}"


def loose(grid: Grid, row: Row, why: str) -> list[Loss]:
    """Return every cell of a row that says something, as a loss."""
    cells = enumerate(row.cells, 1)
    return [Loss(path=f"{grid.at(row.number)}, column {i}", value=c, why=why) for i, c in cells if not is_empty(c)]


def is_empty(text: str) -> bool:
    """Say whether a cell says nothing."""
    return text.strip().lower() in EMPTY
