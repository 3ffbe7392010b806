"""CSV as it is really sent: four delimiters, quotes doubled or missing, any encoding that `adapters.words` knows.

The delimiter is the one under which a header makes most columns known. Source: RFC 4180; reference formats.md §10.4.
"""

import csv
import io
from typing import Final

from adapters.base import Rejected
from adapters.sheet.cells import MAX_COLUMNS, MAX_ROWS, Grid, Row, in_files
from adapters.sheet.columns import Own
from adapters.sheet.header import WITHIN, Table, find

_DELIMITERS: Final = (";", ",", "\t", "|")


def table(text: str, own: Own | None = None) -> tuple[Table, str]:
    """Return the table in a text, and its delimiter. ``own`` are heads that only this sender uses.

    Raises:
        Rejected: no row is a header, or it is too large.
    """
    best: Table | None = None
    delimiter = ""
    for each in (sign for sign in _DELIMITERS if sign in text):  # a single column is no table
        found = find(Grid("", _rows(text, each, WITHIN)), own or {})
        if found is not None and (best is None or found.score > best.score):
            best, delimiter = found, each
    if best is None:
        hint = "name the columns in the first row: id;section;load class;state or id;route;place;from;to"
        raise Rejected("row 1", f"no header is known within the first {WITHIN} rows", hint)
    rows = _rows(text, delimiter, MAX_ROWS + best.last + 1)
    if len(rows) > MAX_ROWS + best.last:
        hint = in_files(len(text.encode()), text.count("\n"))
        raise Rejected(f"row {MAX_ROWS}", f"it has more than {MAX_ROWS} rows", hint)
    return best._replace(grid=Grid("", rows)), delimiter


def _rows(text: str, delimiter: str, most: int) -> list[Row]:
    """Return the rows that say something, with their numbers; an unclosed quote runs to the end, as in RFC 4180."""
    found: list[Row] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if len(cells) > MAX_COLUMNS:
                raise Rejected(f"row {number}", f"it has more than {MAX_COLUMNS} columns", "send fewer columns")
            if any(cell.strip() for cell in cells):
                found.append(Row(number, [cell.strip() for cell in cells]))
            if number >= most:
                break
    except csv.Error as error:
        raise Rejected(f"row {len(found) + 1}", f"it is no CSV: {error}", "export the table again as CSV") from None
    return found
