"""Logistics reports: one line an item, as a table with a header or as labelled parts.

``Diesel | III | l | 5000`` below ``Item | Class | Unit | On hand``, or ``Item: Diesel; class III; on hand: 5000``.
Source: reference formats.md §3.3 (LogisticsStatus), §10.1.
"""

import re
from typing import Any, Final

from adapters import vocabulary, words
from adapters.base import Rejected
from adapters.fields import Fields
from adapters.plans import unit
from schemas.reports import LogisticsStatus, StockLine

COLUMNS: Final = {
    "item": "item", "supply_class": "supply_class", "measure": "unit", "authorised": "authorised", "on_hand": "on_hand",
    "serviceable": "serviceable", "required": "required", "days_of_supply": "days_of_supply",
}  # fmt: skip
_TEXTS: Final = frozenset({"item", "supply_class", "measure"})
_EMPTY: Final = frozenset({"", "-", "n/a", "nil"})
ROW: Final = re.compile(r"[^|\t]*[|\t][^|\t]*[|\t].*")


def stocks(fields: Fields) -> LogisticsStatus:
    """Take the state of stocks at a time.

    Raises:
        Rejected: it does not say when, has no line, or a line that cannot be read.
    """
    at = fields.instant("as_of") or fields.instant("time")
    if at is None:
        raise Rejected("as of", "it is missing", 'write "As of: 140600ZMAR27"')
    lines = [_parts(cell.text, cell.path, fields) for cell in fields.every("item")] + _table(fields)
    if not lines:
        raise Rejected("item", "it has no line", 'write "Item: Diesel; unit: l; on hand: 5000" for each')
    return LogisticsStatus(as_of=at, unit=unit(fields), lines=tuple(lines), remarks=fields.text("remarks"))


def _parts(text: str, path: str, fields: Fields) -> StockLine:
    """Read ``Diesel; class III; on hand: 5000``."""
    name, *parts = [p.strip() for p in re.split("[;\uff1b\u061b]", " ".join(text.split()))]
    values = {"item": name}
    for part in filter(None, parts):
        label, colon, value = part.replace("\uff1a", ":").partition(":")
        key = vocabulary.meaning("stock", label, fields.language) if colon else ""
        if not key or key in values:
            raise Rejected(path, f'"{part[:60]}" is no column of a stock', "write parts as in: on hand: 5000")
        values[key] = value.strip()
    return _line(values, path)


def _table(fields: Fields) -> list[StockLine]:
    """Read the rows below a header, out of the lines that have no label; other lines stay."""
    keys: list[str] = []
    found, rest = [], []
    for line in fields.free.splitlines():
        cells = [c.strip() for c in re.split(r"[|\t]", line.strip().strip("|"))]
        known = [vocabulary.meaning("stock", c, fields.language) for c in cells]
        if not ROW.fullmatch(line):
            rest.append(line)
        elif "item" in known and all(known):
            keys = known
        elif not keys:
            raise Rejected("table", f'"{line[:60]}" stands under no header', "write a header: Item | Unit | On hand")
        elif not set(line) <= set("|-+: \t"):
            if len(cells) > len(keys):
                raise Rejected("table", f'"{line[:60]}" has more cells than the header', "give each column a header")
            found.append(_line(dict(zip(keys, cells, strict=False)), "table"))
    fields.free = "\n".join(rest)
    return found


def _line(values: dict[str, str], path: str) -> StockLine:
    read: dict[str, Any] = {}
    for key, text in values.items():
        if text.strip().lower() in _EMPTY:
            continue
        value = text.strip() if key in _TEXTS else words.number(text.replace(" ", ""))
        if value is None:
            raise Rejected(path, f'"{text[:40]}" is no number', "write digits only; the unit has its own column")
        read[COLUMNS[key]] = value
    if not read.get("item"):
        raise Rejected(path, "a line names no item", "name what is counted")
    return StockLine(**read)
