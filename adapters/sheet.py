"""Tables as CSV: the state of routes, and movement plans; one message a row.

1. The delimiter and the header row are those under which most headers are known words (`adapters.vocabulary`).
2. A column ``section`` makes rows the state of a route; otherwise they are movements.
3. Cells that look like formulas are refused; writing neutralises them with an apostrophe, which reading takes off.

Source: RFC 4180; reference formats.md §10.4; OWASP on CSV injection.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from adapters import fields, plans, vocabulary, words
from adapters.base import Context, Encoded, Loss, Rejected, Translation, bounded, content_id, source
from adapters.fields import Cell, Fields
from adapters.sheet_writer import write
from schemas.base import Message
from schemas.envelope import Envelope, Source
from schemas.registry import pack

MAX_ROWS: Final = 5_000
MAX_COLUMNS: Final = 100
HEADER_WITHIN: Final = 30

_DELIMITERS: Final = (";", ",", "\t", "|")
_FORMULA: Final = re.compile(r"\s*(?:[=@]|[+-]\s?[A-Za-z(\"'])")
_NEUTRALISED: Final = re.compile(r"'(?=\s*[=+@-])")
_EMPTY: Final = frozenset({"", "-", "n/a", "#n/a", "nil", "s/o"})
_TOTALS: Final = frozenset({"total", "totals", "totaux", "totales", "sum", "somme", "suma", "subtotal", "sous-total"})
_WHERE: Final = frozenset({"route", "place", "position", "section"})


class Sheet:
    """The adapter."""

    name = "sheet"
    title = "Tables (CSV)"
    spec = "RFC 4180 with ; , tab or |; header words in en, fr, es: route state, movement plan"
    suffixes = (".csv", ".tsv")
    reads = frozenset({"route-state", "movement"})
    writes = reads

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return how sure it is: a header row with known words, under some delimiter."""
        try:
            table = _table(words.decoded(head).text)
        except Rejected:
            return 0.2 if suffix in self.suffixes else 0.0
        return 0.9 if suffix in self.suffixes or len(table.keys) > 3 else 0.6

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate each row below the header; the first that is wrong refuses them all."""
        text = words.decoded(bounded(data))
        table = _table(text.text)
        messages: list[Envelope] = []
        losses = list(table.above)
        origin = source(data, "sheet", context, encoding=text.encoding)
        for row in table.rows:
            cells, loose = _cells(row, table)
            if not cells:
                losses += loose
                continue
            message = _message(row, cells, loose, table, origin, context)
            messages.append(message)
            losses += message.unmapped
        if not messages:
            raise Rejected(f"row {table.at}", "there is no row below the header", "add a row for each message")
        warnings = (*text.warnings, *(w for m in messages for w in m.warnings))
        return Translation(
            messages=tuple(messages), losses=tuple(losses), warnings=warnings, dialect=f"csv {table.delimiter!r}"
        )

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write one table of the first message's kind; what was read whole and not edited leaves byte for byte."""
        return write(messages, originals, self.decode)


SHEET: Final = Sheet()


class _Row(NamedTuple):
    number: int  # of the row, from 1
    cells: list[str]


class _Table(NamedTuple):
    delimiter: str
    at: int  # number of the header row
    headers: list[str]
    keys: list[str]  # field of each column, "" where no table knows its header
    language: str
    rows: list[_Row]
    above: list[Loss]


def _table(text: str) -> _Table:
    """Find delimiter and header.

    Raises:
        Rejected: no row is a header.
    """
    best: tuple[int, str, _Row] | None = None
    for delimiter in _DELIMITERS:
        for row in _rows(text, delimiter, HEADER_WITHIN):
            known = {key for cell in row.cells if (key := vocabulary.meaning("labels", cell))}
            if len(known) >= 2 and known & _WHERE and (best is None or len(known) > best[0]):
                best = (len(known), delimiter, row)
    if best is None:
        hint = "name the columns in the first row: id;section;load class;state or id;route;place;from;to"
        raise Rejected("row 1", f"no header is known within the first {HEADER_WITHIN} rows", hint)
    _, delimiter, header = best
    language = _language(header.cells)
    keys = _keys(header.cells, language)
    rows = _rows(text, delimiter, MAX_ROWS + header.number + 1)
    if len(rows) > MAX_ROWS + header.number:
        raise Rejected(f"row {MAX_ROWS}", f"it has more than {MAX_ROWS} rows", "split the table")
    above = [loss for row in rows if row.number < header.number for loss in _loose(row, "above the header")]
    below = [row for row in rows if row.number > header.number]
    return _Table(delimiter, header.number, header.cells, keys, language, below, above)


def _rows(text: str, delimiter: str, most: int) -> list[_Row]:
    """Return the rows that say something, with their numbers; an unclosed quote runs to the end, as in RFC 4180."""
    found: list[_Row] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if len(cells) > MAX_COLUMNS:
                raise Rejected(f"row {number}", f"it has more than {MAX_COLUMNS} columns", "send fewer columns")
            if any(cell.strip() for cell in cells):
                found.append(_Row(number, [cell.strip() for cell in cells]))
            if number >= most:
                break
    except csv.Error as error:
        raise Rejected(f"row {len(found) + 1}", f"it is no CSV: {error}", "export the table again as CSV") from None
    return found


def _language(headers: list[str]) -> str:
    """Return the language that knows most of the headers."""

    def known(language: str) -> int:
        return sum(bool(vocabulary.meaning("labels", cell, language, only=True)) for cell in headers)

    return max(vocabulary.LANGUAGES, key=known)


def _keys(headers: list[str], language: str) -> list[str]:
    """Return the field of each column; only places may be repeated."""
    keys: list[str] = []
    for header in headers:
        key = vocabulary.meaning("labels", header, language)
        keys.append(key if key == "place" or key not in keys else "")
    return keys


def _loose(row: _Row, why: str) -> list[Loss]:
    cells = enumerate(row.cells, 1)
    return [Loss(path=f"row {row.number}, column {i}", value=c, why=why) for i, c in cells if c.lower() not in _EMPTY]


def _cells(row: _Row, table: _Table) -> tuple[list[Cell], list[Loss]]:
    """Return the labelled cells of a row, and what stands outside of the table; totals are no messages."""
    first = next((c for c in row.cells if c), "")
    if words.fold(first) in _TOTALS:
        return [], _loose(row, "a row of totals")
    if row.cells == table.headers:
        return [], _loose(row, "the header again")
    cells: list[Cell] = []
    loose: list[Loss] = []
    for i, text in enumerate(row.cells):
        header = table.headers[i] if i < len(table.headers) else ""
        path = f"row {row.number}: {header}" if header else f"row {row.number}, column {i + 1}"
        if text.lower() in _EMPTY:
            continue
        if _FORMULA.match(text):
            raise Rejected(path, f'"{text[:40]}" looks like a formula', "paste values, not formulas")
        value = _NEUTRALISED.sub("", text, count=1) if text.startswith("'") else text
        if header:
            cells.append(Cell(table.keys[i], path, value))
        else:
            loose.append(Loss(path=path, value=value, why="it has no header"))
    return cells, loose


def _message(
    row: _Row, cells: list[Cell], loose: list[Loss], table: _Table, origin: Source, context: Context
) -> Envelope:
    values = Fields(cells, context, table.language)
    kind = "route-state" if "section" in table.keys else "movement"
    try:
        named = fields.identity(values)
        body: Message
        if named.status == "cancel":
            body = plans.cancellation(values)
        else:
            body = plans.route_state(values) if kind == "route-state" else plans.movement(values, "convoy")
    except Rejected as error:
        path = error.path if error.path.startswith("row ") else f"row {row.number}: {error.path}"
        raise Rejected(path, error.why, error.hint) from None
    locator = f"row {row.number}"
    return pack(
        body,
        kind=kind,
        id=named.id or content_id("\0".join(row.cells).encode(), locator, context.bearer_id),
        revision=named.revision,
        status=named.status,
        originator=context.participant,
        reality=context.reality,
        received_at=context.received_at or None,
        unit=plans.unit(values),
        lang=table.language,
        field_labels=plans.withheld(body),
        source=msgspec.structs.replace(origin, locator=locator, dialect=kind),
        unmapped=(*values.left(), *loose),
        warnings=tuple(values.warnings),
    )
