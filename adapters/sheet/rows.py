"""From the rows of a table to messages: each row one, or one for all the lines of a return; nothing left unlisted.

1. A row of totals, the header again and a band across the table are no messages, and are listed as such.
2. A cell that looks like a formula refuses the table; an apostrophe before one is taken off.
3. What stands above a return ("As of: ...", "Unit: ...") belongs to each of its messages.

Source: reference formats.md §10.4; OWASP on CSV injection.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from adapters import fields, plans, words
from adapters.base import Context, Loss, Rejected, content_id
from adapters.fields import Cell
from adapters.sheet import columns, days, entities, reality
from adapters.sheet.cells import MAX_ROWS, Row, Span, in_files, is_empty, loose
from adapters.sheet.header import Table, movement_kind
from adapters.sheet.values import Habits, Values, habits
from schemas.base import Message
from schemas.envelope import Envelope, Source, Warning
from schemas.registry import pack
from schemas.reports import LogisticsStatus

_FORMULA: Final = re.compile(r"\s*(?:[=@]|[+-]\s?[A-Za-z(\"'])")
_NEUTRALISED: Final = re.compile(r"'(?=\s*[=+@-])")
_ERROR: Final = re.compile(r"#[A-Z0-9/]{2,10}[!?]?")
_TOTALS: Final = frozenset(
    {"total", "totals", "grand total", "totaux", "totales", "total general", "sum", "somme", "suma", "subtotal",
     "sous-total", "sub-total", "sub total"}
)  # fmt: skip
_OF_ALL: Final = frozenset({"unit", "as_of", "period", "time", "window", "from", "to", "report_no"})


class _Line(NamedTuple):
    """One row with its labelled cells, and what of it stands outside of the table."""

    row: Row
    cells: list[Cell]
    loose: list[Loss]


def messages(table: Table, origin: Source, context: Context) -> tuple[list[Envelope], list[Loss]]:
    """Return the messages of a table, and the leaves of it that belong to none.

    Raises:
        Rejected: a row is wrong: it says which.
    """
    if len(table.below) > MAX_ROWS:
        hint = in_files(0, len(table.below))
        raise Rejected(table.grid.at(MAX_ROWS), f"it has more than {MAX_ROWS} rows", hint)
    is_return = table.profile.name in entities.RETURNS
    shared, zones, losses = _above(table) if is_return else ([], {}, _loose_above(table))
    lines: list[_Line] = []
    beside: list[tuple[int, Sequence[Loss]]] = []  # by row, so that losses stand in the order of the table
    for row in _filled(table):
        if why := _no_message(row, table):
            beside.append((row.number, loose(table.grid, row, why)))
        elif (line := _line(row, table)).cells:
            lines.append(line)
        else:
            beside.append((row.number, line.loose))
    build = _Builder(table, zones, origin, context)
    groups = _groups(lines) if is_return else [[line] for line in lines]
    found = [build.message(group, shared) for group in groups]
    beside += ((group[0].row.number, m.unmapped) for group, m in zip(groups, found, strict=True))
    losses += _empty_columns(table)
    return found, [*losses, *(loss for _, each in sorted(beside, key=lambda b: b[0]) for loss in each)]


def _empty_columns(table: Table) -> list[Loss]:
    """Return the heads that no field knows and under which nothing stands: a head with values is in their paths."""
    filled = {i for row in table.below for i, cell in enumerate(row.cells) if not is_empty(cell)}
    at, why = table.grid.at(table.last), "it heads an empty column"
    heads = enumerate(zip(table.headers, table.keys, strict=True))
    return [
        Loss(path=f"{at}, column {i + 1}", value=h, why=why) for i, (h, k) in heads if h and not k and i not in filled
    ]


def _loose_above(table: Table) -> list[Loss]:
    return [loss for row in table.above for loss in loose(table.grid, row, "above the header")]


def _above(table: Table) -> tuple[list[Cell], dict[str, str], list[Loss]]:
    """Return what stands above a return and belongs to all of it, the zones stated there, and everything else."""
    shared: list[Cell] = []
    zones: dict[str, str] = {}
    losses: list[Loss] = []
    for row in table.above:
        taken: set[int] = set()
        for i, cell in enumerate(row.cells):
            head, colon, tail = cell.partition(":")
            value, at = (tail, i) if colon and tail.strip() else (_next(row.cells, i), i + 1)
            key = columns.meaning(table.profile, head.strip(), table.language)
            if i not in taken and key in _OF_ALL and value.strip() and key not in {c.key for c in shared}:
                shared.append(Cell(key, f"{table.grid.at(row.number)}, column {at + 1}", value.strip()))
                taken |= {i, at}
                zones[key] = days.zone_of(head)
        kept = Row(row.number, ["" if i in taken else cell for i, cell in enumerate(row.cells)])
        losses += loose(table.grid, kept, "above the header")
    return shared, zones, losses


def _next(cells: Sequence[str], i: int) -> str:
    return cells[i + 1] if i + 1 < len(cells) else ""


def _filled(table: Table) -> Iterator[Row]:
    """Yield the rows below the header; a cell merged downwards stands in each row of its range."""
    rows = {row.number: row for row in table.below}
    filled = 0
    for span in table.grid.merged:
        top = rows.get(span.top)
        text = top.cells[span.left - 1] if top and span.left <= len(top.cells) else ""
        for number in range(span.top + 1, min(span.bottom, span.top + MAX_ROWS) + 1) if text else ():
            filled += 1
            if filled > 10 * MAX_ROWS:
                raise Rejected(table.grid.at(number), "too much of it is merged", "undo the merging of cells")
            if (row := rows.get(number)) is not None:
                cells = [*row.cells, *[""] * (span.left - len(row.cells))]
                cells[span.left - 1] = cells[span.left - 1] or text
                rows[number] = Row(number, cells)
    yield from rows.values()


def _no_message(row: Row, table: Table) -> str:
    """Return why a row is no message, "" if it is one."""
    first = next((c for c in row.cells if c), "")
    if words.fold(first) in _TOTALS:
        return "a row of totals"
    if [" ".join(c.split()) for c in row.cells] == table.headers[: len(row.cells)] and len(row.cells) > 1:
        return "the header again"
    across = (s for s in table.grid.merged if s.top == row.number and s.right > s.left)
    if sum(bool(c) for c in row.cells) == 1 and any(_covers(s, row) for s in across):
        return "a band across the table"
    return ""


def _covers(span: Span, row: Row) -> bool:
    return span.left <= len(row.cells) and bool(row.cells[span.left - 1])


def _line(row: Row, table: Table) -> _Line:
    """Return the labelled cells of a row.

    Raises:
        Rejected: one of them looks like a formula.
    """
    cells: list[Cell] = []
    loose_: list[Loss] = []
    for i, text in enumerate(row.cells):
        header = table.headers[i] if i < len(table.headers) else ""
        at = table.grid.at(row.number)
        path = f"{at}: {header}" if header else f"{at}, column {i + 1}"
        if is_empty(text):
            continue
        if _FORMULA.match(text):
            raise Rejected(path, f'"{text[:40]}" looks like a formula', "paste values, not formulas")
        value = _NEUTRALISED.sub("", text, count=1) if text.startswith("'") else text
        if header and not _ERROR.fullmatch(text):
            cells.append(Cell(table.keys[i], path, value))
        else:
            why = "an error of the spreadsheet program" if header else "it has no header"
            loose_.append(Loss(path=path, value=value, why=why))
    return _Line(row, cells, loose_)


def _groups(lines: Sequence[_Line]) -> list[list[_Line]]:
    """Return the lines of each return: those that state the same id, unit and time, in the order of the first."""
    found: dict[tuple[str, ...], list[_Line]] = {}
    for line in lines:
        texts = {c.key: c.text for c in reversed(line.cells)}
        found.setdefault(tuple(texts.get(key, "") for key in _SAME), []).append(line)
    return list(found.values())


_SAME: Final = ("id", "revision", "status", "unit", "as_of", "period", "time", "report_no", "from", "to", "window",
         "reality")  # fmt: skip


def _row_of(path: str) -> str:
    return path.rpartition(", column ")[0] or path


class _Builder:
    """Makes the messages of one table."""

    def __init__(self, table: Table, zones: Mapping[str, str], origin: Source, context: Context) -> None:
        self.table, self.origin, self.context = table, origin, context
        self.habits: Habits = habits(table, zones)
        self.moves = movement_kind(table) if table.profile.name == "movement" else ""
        self.losses: dict[str, list[Loss]] = {}  # by row: leaves beside the cells
        self.warnings: dict[str, list[Warning]] = {}
        for loss in table.grid.losses:
            self.losses.setdefault(_row_of(loss.path), []).append(loss)
        for warning in table.grid.warnings:
            self.warnings.setdefault(_row_of(warning.path), []).append(warning)

    def message(self, lines: Sequence[_Line], shared: Sequence[Cell]) -> Envelope:
        """Return the message of a row, or of the rows of one return.

        Raises:
            Rejected: a row is wrong.
        """
        at = self.table.grid.at(lines[0].row.number)
        try:
            return self._pack(lines, shared, at)
        except Rejected as error:
            path = error.path if error.path.startswith((at, self.table.grid.name or "row ")) else f"{at}: {error.path}"
            raise Rejected(path, error.why, error.hint) from None

    def _pack(self, lines: Sequence[_Line], shared: Sequence[Cell], at: str) -> Envelope:
        table = self.table
        rows = [self._values(line.cells, shared if i == 0 else ()) for i, line in enumerate(lines)]
        for row, line in zip(rows[1:], lines[1:], strict=True):
            for key in _SAME:  # said by the first as well, or they were no lines of one return
                row.every(key) if any(c.key == key for c in line.cells) else []
        first = rows[0]
        named = fields.identity(first)
        real = reality.of_row(first)
        body = self._body(rows, named.status)
        locator = at if len(lines) == 1 else f"{at}-{lines[-1].row.number}"
        content = "\0".join(cell for line in lines for cell in line.row.cells)
        kind = table.profile.kind
        carrier = "xlsx " if table.grid.name else ""
        return pack(
            body,
            kind=kind,
            id=named.id or content_id(content.encode(), locator, self.context.bearer_id),
            revision=named.revision,
            status=named.status,
            originator=self.context.participant,
            reality=real,
            received_at=self.context.received_at or None,
            unit=body.unit if isinstance(body, LogisticsStatus) else plans.unit(first),
            lang=table.language,
            field_labels=entities.withheld(body),
            source=msgspec.structs.replace(self.origin, locator=locator, dialect=f"{carrier}{table.profile.name}"),
            unmapped=(
                *(loss for row in rows for loss in row.left()),
                *(x for line in lines for x in self._beside(line)),
            ),
            warnings=(
                *(w for line in lines for w in self.warnings.get(self._at(line), ())),
                *(w for row in rows for w in row.warnings),
            ),
        )

    def _at(self, line: _Line) -> str:
        return self.table.grid.at(line.row.number)

    def _beside(self, line: _Line) -> list[Loss]:
        return [*line.loose, *self.losses.get(self._at(line), ())]

    def _values(self, cells: Sequence[Cell], shared: Sequence[Cell]) -> Values:
        own = {c.key for c in cells}
        every = [*cells, *(c for c in shared if c.key not in own)]
        values = Values(every, self.context, self.table.language, self.habits)
        values.withhold("withheld", "names of casualties, sources and detainees are never carried")
        return values

    def _body(self, rows: Sequence[Values], status: str) -> Message:
        if status == "cancel":
            return plans.cancellation(rows[0])
        read: Callable[[Sequence[Values]], Message] | None = entities.RETURNS.get(self.table.profile.name)
        if read is not None:
            return read(rows)
        return entities.SINGLE[self.table.profile.name](rows[0], self.moves)
