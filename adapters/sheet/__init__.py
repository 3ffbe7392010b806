"""Tables as CSV and as workbooks (.xlsx), both ways; each row a message, or a line of a return.

1. The header is the row under which most columns are known, by their words or by HXL tags (`header`, `columns.toml`).
2. What a table is about follows from its columns (`columns.PROFILES`); no name of a sheet or file decides it.
3. Nothing is evaluated and nothing followed: formulas, macros, links, archives that are none are refused (`archive`).
4. Writing neutralises what looks like a formula with an apostrophe, which reading takes off.

Source: RFC 4180; ECMA-376; HXL 1.1; reference formats.md §10.4, §10.5; OWASP on CSV injection.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from adapters import words
from adapters.base import MAX_BYTES, Context, Encoded, Loss, Rejected, Translation, bounded, source
from adapters.sheet import columns, delimited, header, reality, rows
from adapters.sheet.cells import Grid, in_files, loose
from adapters.sheet.columns import KINDS
from adapters.sheet.writer import write
from schemas.envelope import Envelope, Warning

ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: Final = (  # how files begin that are sent under a table's name: what they are, and what to send instead
    (_OLE, "an old or encrypted workbook (OLE)", "save it without a password as .xlsx, or as CSV"),
    (b"\x89PNG", "a picture (PNG)", "send the table itself as .xlsx or CSV, not a picture of it"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "send the table itself as .xlsx or CSV, not a picture of it"),
    (b"GIF8", "a picture (GIF)", "send the table itself as .xlsx or CSV, not a picture of it"),
    (b"%PDF", "a PDF", "send the table itself as .xlsx or CSV, not a print of it"),
    (b"\x1f\x8b", "packed (gzip)", "unpack it, and send the file in it"),
    (b"Rar!", "packed (RAR)", "unpack it, and send the file in it"),
    (b"7z\xbc\xaf", "packed (7z)", "unpack it, and send the file in it"),
    (b"PK\x05\x06", "an empty archive", "send the workbook again, whole"),
)
_PARTS: Final = (b"[Content_Types].xml", b"xl/", b"_rels/.rels")


class Sheet:
    """The adapter. ``dialect`` says what it writes, "csv" or "xlsx"; left empty, each message leaves as it came."""

    name = "sheet"
    title = "Tables (CSV, XLSX)"
    spec = (
        "RFC 4180 with ; , tab or |, and ECMA-376 workbooks; heads in en, fr, es or HXL 1.1: route state, movement, "
        "patrol plan, protected sites, incidents, logistics, strength"
    )
    suffixes = (".csv", ".tsv", ".xlsx", ".xlsm", ".xls")
    reads = KINDS
    writes = reads

    def __init__(self, dialect: Literal["", "csv", "xlsx"] = "") -> None:
        self._dialect = dialect

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return how sure it is: a workbook's parts, or a header row with known words under some delimiter."""
        named = suffix in self.suffixes
        if head.startswith(ZIP):
            inside = any(part in head for part in _PARTS) and b"word/" not in head and b"ppt/" not in head
            return 0.95 if named else 0.9 if inside else 0.1
        if head.startswith(tuple(mark for mark, _, _ in _OTHERS)):
            return 0.9 if named else 0.2 if head.startswith(_OLE) else 0.0
        try:
            table, _ = delimited.table(words.decoded(head).text)
        except Rejected:
            return 0.2 if named else 0.0
        return 0.97 if named else 0.92 if table.score > 3 else 0.6

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate each row below each header; the first that is wrong refuses them all."""
        if len(data) > MAX_BYTES and not data.startswith(ZIP):
            why = f"{len(data)} bytes is more than {MAX_BYTES}"
            raise Rejected("input", why, in_files(len(data), data.count(b"\n")))
        data = bounded(data)
        for mark, what, hint in _OTHERS:
            if data.startswith(mark):
                raise Rejected("input", f"it is {what}, and no table", hint)
        return _workbook(data, context) if data.startswith(ZIP) else _csv(data, context)

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write tables: a workbook with one sheet a kind if the first message came from a workbook, CSV otherwise.

        What was read whole and not edited leaves byte for byte.
        """
        return write(messages, originals, self.decode, self._dialect)


SHEET: Final = Sheet()


def _csv(data: bytes, context: Context) -> Translation:
    text = words.decoded(data)
    table, delimiter = delimited.table(text.text, columns.owned(context.columns))
    context = _marked(context, [cell for row in table.above for cell in row.cells])
    origin = source(data, "sheet", context, encoding=text.encoding)
    messages, losses = rows.messages(table, origin, context)
    if not messages:
        raise Rejected(f"row {table.last}", "there is no row below the header", "add a row for each message")
    return _translation(messages, losses, text.warnings, f"csv {delimiter!r}")


def _workbook(data: bytes, context: Context) -> Translation:
    from adapters.sheet import workbook  # openpyxl takes a fifth of a second to import: only where a workbook comes

    grids, losses = workbook.grids(data)
    origin = source(data, "sheet", context)
    messages: list[Envelope] = []
    warnings: list[Warning] = []
    own = columns.owned(context.columns)
    tables = [(grid, None if grid.name.startswith("_") else header.find(grid, own)) for grid in grids]
    titles = (r.cells for grid, table in tables for r in (table.above if table else grid.rows[: header.WITHIN]))
    context = _marked(context, [*(grid.name for grid in grids), *(cell for cells in titles for cell in cells)])
    for grid, table in tables:
        warnings += grid.warnings
        if table is None:
            losses += (*grid.losses, *_unknown(grid))
            continue
        found, lost = rows.messages(table, origin, context)
        messages += found
        losses += dict.fromkeys((*lost, *grid.losses))  # those of a message are among its own
    if not messages:
        known = [table for _, table in tables if table]
        raise _nothing(known[0] if known else None, grids)
    return _translation(messages, losses, warnings, "xlsx")


def _marked(context: Context, titles: Sequence[str]) -> Context:
    return msgspec.structs.replace(context, reality=reality.marked(titles, context))


def _unknown(grid: Grid) -> list[Loss]:
    return [loss for row in grid.rows for loss in loose(grid, row, "no header is known on this sheet")]


def _nothing(table: header.Table | None, grids: Sequence[Grid]) -> Rejected:
    if table is not None:
        at = table.grid.at(table.last)
        return Rejected(at, "there is no row below the header", "add a row for each message")
    listed = ", ".join(f'"{grid.name}"' for grid in grids[:5]) or "none"
    hint = "name the columns in the first row: id, section, load class, state or id, route, place, from, to"
    return Rejected("workbook", f"no header is known on any sheet ({listed})", hint)


def _translation(
    messages: Sequence[Envelope], losses: Sequence[Loss], warnings: Sequence[Warning], dialect: str
) -> Translation:
    every = dict.fromkeys((*warnings, *(w for m in messages for w in m.warnings)))
    return Translation(messages=tuple(messages), losses=tuple(losses), warnings=tuple(every), dialect=dialect)
