"""Writing tables: one header, one row a message, what looks like a formula neutralised; as CSV or as a workbook.

A CSV file holds the first kind only; a workbook has a sheet for each kind, and sheets "_warnings" and "_raw" for what
was read with doubts or not at all. Equal messages give equal bytes.
Source: RFC 4180; reference formats.md §10.4 (output).
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received
from adapters.compare import not_carried
from adapters.sheet import columns, pages
from adapters.sheet.cells import MAX_CELL
from adapters.sheet.excel import workbook
from adapters.words import printable
from schemas.envelope import Envelope

Page = list[list[str]]

_DANGEROUS: Final = re.compile(r"\s*[=+@-]")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d[\d.,() /+-]*")


def write(
    messages: Sequence[Envelope],
    originals: Mapping[str, bytes],
    decode: Callable[[bytes, Context], Translation],
    dialect: str = "",
) -> Encoded:
    """Return the tables of all messages that a table can hold, as CSV or as a workbook.

    Raises:
        Rejected: a table can hold none of them.
    """
    carrier = dialect or ("xlsx" if messages and in_workbook(messages[0]) else "csv")
    whole = as_received(messages, originals, decode) if messages else None
    if whole is not None and whole.startswith(b"PK") == (carrier == "xlsx"):
        return Encoded(data=whole)
    held = [m for m in messages if pages.holds(m)]
    if not held:
        listed = ", ".join(sorted(columns.KINDS))
        raise Rejected("messages", "no table can hold any of them", f"kinds that have one: {listed}")
    return (_workbook if carrier == "xlsx" else _csv)(messages, held, decode)


def in_workbook(message: Envelope) -> bool:
    """Say whether a message came from a workbook, and leaves in one."""
    return message.source is not None and message.source.format == "sheet" and message.source.dialect[:4] == "xlsx"


def _csv(
    messages: Sequence[Envelope], held: Sequence[Envelope], decode: Callable[[bytes, Context], Translation]
) -> Encoded:
    kind = held[0].kind
    first = [m for m in held if m.kind == kind]
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(_page(first))
    data = out.getvalue().encode()
    others = (Loss(path=m.key, value=m.kind, why=f"this table holds {kind}") for m in messages if m.kind != kind)
    return Encoded(data=data, losses=(*not_carried(first, data, decode), *others))


def _workbook(
    messages: Sequence[Envelope], held: Sequence[Envelope], decode: Callable[[bytes, Context], Translation]
) -> Encoded:
    kinds = list(dict.fromkeys(m.kind for m in held))
    ordered = [m for kind in kinds for m in held if m.kind == kind]
    sheets = {kind: _page([m for m in held if m.kind == kind]) for kind in kinds}
    beside = {"_warnings": _warnings(messages), "_raw": _raw(messages)}
    sheets |= {name: page for name, page in beside.items() if len(page) > 1}
    data = workbook(sheets)
    others = (Loss(path=m.key, value=m.kind, why="no table holds it") for m in messages if not pages.holds(m))
    return Encoded(data=data, losses=(*not_carried(ordered, data, decode), *others))


def _page(held: Sequence[Envelope]) -> Page:
    """Return the table of messages of one kind, its header first."""
    language, profile = held[0].lang, pages.PROFILES[held[0].kind]
    rows = [row for m in held for row in pages.rows(m, language)]
    heads = _columns(rows)
    page = [[columns.heading(profile, key, language) for key, _ in heads]]
    return page + [[_cell(row, key, n) for key, n in heads] for row in rows]


def _columns(rows: Sequence[pages.Row]) -> list[tuple[str, int]]:
    """Return the columns that some row fills; a field that repeats in a row has as many."""
    most: dict[str, int] = {}
    for row in rows:
        keys = [key for key, _ in row]
        for key in keys:
            filled = sum(k == key and bool(text) for k, text in row)
            most[key] = max(most.get(key, 0), filled, key in pages.ALWAYS)
    return [(key, n) for key, times in most.items() for n in range(times)]


def _cell(row: pages.Row, key: str, n: int) -> str:
    texts = [text for k, text in row if k == key and text]
    return neutral(texts[n]) if n < len(texts) else ""


def neutral(text: str) -> str:
    """Return a text as it may stand in a cell: on one line, and never a formula."""
    flat = " ".join(printable(text).split())[:MAX_CELL]
    return "'" + flat if _DANGEROUS.match(flat) and not _PLAIN_NUMBER.fullmatch(flat) else flat


def _warnings(messages: Sequence[Envelope]) -> Page:
    return [["message", "code", "where", "what"], *(list(map(neutral, row)) for row in _warned(messages))]


def _warned(messages: Sequence[Envelope]) -> Iterator[tuple[str, str, str, str]]:
    yield from ((m.key, w.code, w.path, w.text) for m in messages for w in m.warnings)


def _raw(messages: Sequence[Envelope]) -> Page:
    unmapped = ((m.key, x.path, x.value, x.why) for m in messages for x in m.unmapped)
    return [["message", "where", "value", "why"], *(list(map(neutral, row)) for row in unmapped)]
