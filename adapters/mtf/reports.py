"""Reports in slant text: our profiles of formats.md §5.5, one reader a profile.

Structured sets become fields; a heading of GENTEXT becomes a section. Nothing is read out of prose but the numbered
lines of a MEDEVAC request. Source: reference formats.md §5.5, §10.3.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, cast

import msgspec

from adapters import fields, words
from adapters import reports as labelled
from adapters.base import Rejected
from adapters.mtf import windows
from adapters.mtf.bulletin import Bulletin, is_timed, title_of
from adapters.mtf.grammar import Field, Set
from adapters.mtf.header import Header, contact, links
from schemas.acknowledgements import Acknowledgement
from schemas.envelope import Reference
from schemas.geo import Position
from schemas.reports import (
    LogisticsStatus,
    MedevacRequest,
    PatrolLine,
    Section,
    SituationReport,
    StockLine,
    TextMessage,
)
from schemas.time import TimeValue, TimeWindow

_LINE: Final = re.compile(r"\s{0,20}(?:LINE\s?|L)?([1-9])\s{0,5}[-:.)\u2013]\s{0,5}(\S.*)", re.IGNORECASE)
_NUMBERS: Final = ("authorised", "on_hand", "serviceable", "required", "days_of_supply")


def situation(bulletin: Bulletin, above: Header) -> SituationReport:
    """Take a SITREP, INTREP or INTSUM: its period, a section a heading, the patrols of a table.

    Raises:
        Rejected: it has no period.
    """
    period = windows.period(bulletin)
    if period is None:
        hint = "write PERIOD/060600ZJUN2026/070600ZJUN2026//"
        raise Rejected("PERIOD", "it is missing: the report does not say what time it covers", hint)
    ntr = bulletin.first("NTR") is not None
    at, name = _position(bulletin)
    patrols = tuple(_patrols(bulletin))
    return SituationReport(
        period=period,
        report_type=above.variant,  # type: ignore[arg-type]  # a variant of the catalogue, checked by its lint
        sections=tuple(_sections(bulletin)),
        location=at,
        place_name=name,
        patrols=patrols,
        nothing_to_report=ntr,
    )


def _position(bulletin: Bulletin) -> tuple[Position | None, str]:
    each = bulletin.first("POSITION")
    field = bulletin.peek(each, "position")
    return (bulletin.position(field) if field else None), bulletin.take(each, "name")


def _sections(bulletin: Bulletin) -> Iterator[Section]:
    """Yield a section a heading, and one for each set that says when and where something was."""
    for each in bulletin.sets:
        if each.name == "GENTEXT" and bulletin.open_fields(each):
            title, text = bulletin.take(each, "heading"), bulletin.take(each, "text")
            yield Section(key=bulletin.catalogue.meaning("headings", title), title=title, text=text)
        elif bulletin.row(each).fields == () and (lines := _items(bulletin, each)):
            title = each.name.lstrip("0123456789")
            yield Section(key=bulletin.catalogue.meaning("headings", title), title=title, text="\n".join(lines))


def _items(bulletin: Bulletin, each: Set) -> list[str]:
    """Take the items of a set that is in no list, if one of them has a date-time group and a position."""
    free = {f.path for f in bulletin.open_fields(each)}
    rows = [[f for f in cells if f is not None and f.path in free] for cells in (each.rows or (each.fields,))]
    if not any(is_timed(row) and any(bulletin.looks_placed(f) for f in row) for row in rows):
        return []
    titled = bool(each.titles)
    bulletin.drop(*bulletin.open_fields(each))
    return ["; ".join(f"{title_of(f)} {f.text}" if titled else f.text for f in row) for row in rows if row]


def _patrols(bulletin: Bulletin) -> Iterator[PatrolLine]:
    """Take a table of patrols: number, start, end, place."""
    for each in bulletin.sets:
        if bulletin.catalogue.meaning("headings", each.name.lstrip("0123456789")) != "patrols" or not each.titles:
            continue
        for row in each.rows:
            cells = {bulletin.catalogue.meaning("columns", title_of(f)) or title_of(f): f for f in row if f is not None}
            start, end = (bulletin.instant(cells.pop(n, None)) for n in ("start", "end"))
            places = tuple(bulletin.taken(cells.pop(n)) for n in ("name", "position") if n in cells)
            called = next((n for n in ("PTL", "NO", "PATROL", "ID") if n in cells), "")
            number = bulletin.taken(cells.pop(called, None))
            said = ((key, title_of(f), bulletin.taken(f)) for key, f in cells.items())
            note = "; ".join(text if key == "text" else f"{title} {text}" for key, title, text in said)
            if number or places or start or end or note:
                window = TimeWindow.between(start, end) if start or end else None
                yield PatrolLine(id=number, places=places, window=window, note=note)


def logistics(bulletin: Bulletin, above: Header) -> LogisticsStatus:
    """Take a LOGSITREP: the lines of its tables, by the titles of their columns.

    Raises:
        Rejected: it does not say as of when.
    """
    as_of = _as_of(bulletin)
    if as_of is None and (period := windows.period(bulletin)) is not None:
        as_of = period.end or period.start
    as_of = as_of or above.created
    if as_of is None:
        raise Rejected("TIMEFRAM", "it does not say as of when", "write TIMEFRAM/ASOF:060600ZJUN2026//")
    lines = tuple(line for each in bulletin.sets for row in each.rows if (line := _stock(bulletin, row)))
    text = [bulletin.take(each, "text") for each in bulletin.all("RMKS")]
    return LogisticsStatus(as_of=as_of, unit=above.unit, lines=lines, remarks="\n".join(filter(None, text)))


def _as_of(bulletin: Bulletin) -> TimeValue | None:
    return bulletin.instant(bulletin.described(bulletin.first("TIMEFRAM"), "ASOF"))


def _stock(bulletin: Bulletin, row: tuple[Field | None, ...]) -> StockLine | None:
    """Take a row of a table with an item; a number that is none, and a total of other rows, stay behind as losses."""
    cells = {bulletin.catalogue.meaning("columns", title_of(f)): f for f in row if f is not None}
    item = cells.get("item")
    if item is None or words.fold(item.value) in ("total", "totals"):
        return None
    numbers: dict[str, float] = {}
    for name in _NUMBERS:
        field = cells.get(name)
        value = words.number(field.value) if field else None
        if field is not None and value is not None and value >= 0:
            bulletin.drop(field)
            numbers[name] = value
        elif field is not None:
            bulletin.warn("not-a-number", field.path, f'"{field.value[:40]}" is no number')
    labels = {n: bulletin.taken(cells.get(n)) for n in ("item", "supply_class", "unit")}
    return StockLine(**labels, **numbers)  # type: ignore[arg-type]  # texts and numbers by their names


def medevac(bulletin: Bulletin, above: Header) -> MedevacRequest:
    """Take the nine lines: from sets of their own, or from numbered lines of a free text.

    Raises:
        Rejected: as for `adapters.reports.nine_line`.
    """
    cells: list[fields.Cell] = []
    for each in bulletin.sets:
        key = bulletin.catalogue.meaning("lines", each.name)
        if key and bulletin.open_fields(each):
            listed = bulletin.open_fields(each)
            bulletin.drop(*listed)
            cells.append(fields.Cell(key, listed[0].path, ", ".join(words.printable(f.text) for f in listed)))
        elif each.name == "GENTEXT":
            cells += _numbered(bulletin, each)
    values = fields.Fields(cells, bulletin.context, "en")
    body = labelled.nine_line(values)
    bulletin.warnings += values.warnings
    bulletin.losses += values.left()
    kind: Any = above.variant
    return msgspec.structs.replace(body, mission_kind=kind, contact=contact(bulletin))


def _numbered(bulletin: Bulletin, each: Set) -> list[fields.Cell]:
    """Return the numbered lines of a free text, if it has them; what stands between them is lost."""
    field = bulletin.peek(each, "text")
    lines = field.value.splitlines() if field else []
    found = [match for line in lines if (match := _LINE.match(words.printable(line)))]
    if field is None or len({match[1] for match in found}) < 3:
        return []
    for line in lines:
        if line.strip() and not _LINE.match(words.printable(line)):
            bulletin.lose_text(field, line, "it has no number")
    bulletin.drop(field)
    return [fields.Cell(f"line {match[1]}", f"{field.path} line {match[1]}", match[2]) for match in found]


def acknowledgement(bulletin: Bulletin, above: Header) -> Acknowledgement:
    """Take which order is meant, and which of the four steps is said.

    Raises:
        Rejected: it names no order, or no step.
    """
    of = next(iter(links(bulletin, "of")), None) or next(iter(above.references), None)
    if of is None:
        raise Rejected("REF", "it does not say what is acknowledged", "write REF/A/FRAGO/FORCE HQ/051200ZJUN2026/014//")
    each = bulletin.first("AKNLDG")
    step = ""
    for name in ("instructions", "answer"):
        field = bulletin.peek(each, name)
        meaning = bulletin.catalogue.meaning("steps", field.value) if field else ""
        if meaning:
            bulletin.drop(field)
            step = step or meaning
    if not step:
        raise Rejected(
            "AKNLDG", "it does not say which step", "write AKNLDG/YES/WILCO//, RECEIVED, UNDERSTOOD or CANTCO"
        )
    act = bulletin.first("ACTION")
    return Acknowledgement(
        of=Reference(id=of.id, revision=of.revision),
        step=cast(Any, step),
        code=bulletin.take(act, "code"),
        note=" ".join(bulletin.take(each, "text") for each in bulletin.all("RMKS")).strip(),
        at=_as_of(bulletin) or above.created,
    )


def text(bulletin: Bulletin, above: Header) -> TextMessage:
    """Take words between people: every free text, in order.

    Raises:
        Rejected: there is none.
    """
    parts = []
    for each in bulletin.sets:
        if each.free and bulletin.open_fields(each):
            heading, said = bulletin.take(each, "heading"), bulletin.take(each, "text")
            parts.append(f"{heading}\n{said}" if heading else said)
    if not parts:
        raise Rejected(f"MSGID/{above.name}", "it has no free text", "write GENTEXT/SUBJECT/your text//")
    at = _as_of(bulletin) or above.created
    return TextMessage(text="\n\n".join(parts), at=at, sender=above.unit, contact=contact(bulletin))
