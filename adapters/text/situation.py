"""Situation reports and patrol reports: a period, and sections that keep what was written below their headings.

Source: reference formats.md §10.1 (UNMO SITREP, patrol report); domain.md §1.5.
"""

import re
from typing import Final

from adapters import times, vocabulary, words
from adapters.base import Rejected
from adapters.fields import Cell, Fields
from adapters.reports import site
from adapters.text.values import when
from schemas.reports import PatrolLine, Section, SituationReport
from schemas.time import TimeWindow

_NUMBER: Final = re.compile(
    r"(?:no\.?|nr\.?|n\u00b0|#|\u2116|\u7b2c)?\s*(?P<number>\d{1,6}(?:[/-]\d{1,6})?)\u53f7?(?!\w)", re.IGNORECASE
)
_SAY_NOTHING: Final = frozenset({"general", "operations", "security", "incidents", "patrols"})
"""Sections in which "nothing to report" speaks of the whole report."""


def situation(fields: Fields, report_type: str = "daily") -> SituationReport:
    """Take a SITREP or a summary.

    Raises:
        Rejected: it says no period, or something that cannot be read.
    """
    stated = fields.meaning("report_type", "report_type")
    window = _period(fields)
    at, name = site(fields, "place")
    nothing = _nothing(fields)
    return SituationReport(
        period=window,
        report_type=stated or report_type,  # type: ignore[arg-type]  # a meaning of the table
        report_no=number(fields),
        location=at or fields.position(),
        place_name=name,
        sections=tuple(fields.sections),
        incidents=tuple(p.strip() for p in re.split("[,;]", fields.text("incident_refs")) if p.strip()),
        nothing_to_report=nothing or _all_nothing(fields.sections, fields.language),
        next_contact=fields.instant("next_contact"),
        patrols=tuple(_patrol(cell, fields) for cell in fields.every("patrol")),
    )


def patrol(fields: Fields) -> SituationReport:
    """Take what a patrol did and found.

    Raises:
        Rejected: it does not say from when to when, or something that cannot be read.
    """
    window = fields.window()
    if window is None:
        raise Rejected("from", "it says no time", 'write "From: 140700ZMAR27" and "To: 141130ZMAR27"')
    route = fields.text("route")
    places_ = tuple(cell.text.strip() for cell in fields.every("place"))
    done = PatrolLine(
        id=fields.text("patrol_no"),
        places=places_,
        window=window,
        strength=fields.count("strength"),
        vehicles=fields.text("vehicles"),
        distance_km=fields.number("distance_km"),
        note=route,
    )
    return SituationReport(
        period=window,
        report_type="patrol",
        report_no=number(fields),
        location=fields.position(),
        sections=tuple(fields.sections),
        nothing_to_report=_nothing(fields) or _all_nothing(fields.sections, fields.language),
        next_contact=fields.instant("next_contact"),
        patrols=(done,),
    )


def number(fields: Fields) -> str:
    """Take the number of a report: by its label, or behind its title (``SITREP 073``)."""
    if "report_no" in fields:
        return fields.text("report_no")
    cell = fields.peek("title")
    match = _NUMBER.match(cell.text.strip()[:80]) if cell else None
    if cell is None or match is None:
        return ""
    fields.drop(cell)
    fields.put(Cell(cell.key, cell.path, cell.text.strip()[match.end() :].strip(" /-")))
    return match["number"]


def _period(fields: Fields) -> TimeWindow:
    """Take the period: stated as such, as two times after "From" and "To", or the one time of a flash report."""
    sender, addressee = fields.peek("sender"), fields.peek("addressee")
    if "window" not in fields and sender and addressee and times.groups(sender.text) and times.groups(addressee.text):
        fields.drop(sender)
        fields.drop(addressee)
        window = times.window(sender.text, addressee.text, sender.path, fields.context)
        return fields.looked_at(window, sender.path, addressee.path)
    window_ = fields.window()
    if window_ is not None:
        return window_
    at = when(fields)
    if at is None:
        raise Rejected(
            "period", "it does not say from when to when", 'write "Period: 140400ZMAR27-150400ZMAR27" below the title'
        )
    return TimeWindow.between(at, at)


def _nothing(fields: Fields) -> bool:
    """Take a line or remark that says that there is nothing to report."""
    for cell in (*fields.cells("nothing"), *fields.cells("remarks")):
        if vocabulary.meaning("nothing", cell.text, fields.language):
            fields.drop(cell)
            return True
    return False


def _all_nothing(sections: list[Section], language: str) -> bool:
    said = [s.text for s in sections if s.key in _SAY_NOTHING and s.text]
    return bool(said) and all(vocabulary.meaning("nothing", text, language) for text in said)


def _patrol(cell: Cell, fields: Fields) -> PatrolLine:
    """Read a line of the table of patrols: ``N1; KESSA, FORD; 140700Z-141130Z; 24 km; note``, the id first."""
    name, *parts = [p.strip() for p in re.split("[;|\uff1b]", cell.text)]
    where: tuple[str, ...] = ()
    window: TimeWindow | None = None
    kilometres: float | None = None
    notes = []
    for part in filter(None, parts):
        if window is None and times.groups(part):
            window = fields.looked_at(times.span(part, cell.path, fields.context), cell.path)
        elif kilometres is None and (match := re.fullmatch(r"([\d.,]{1,8})\s*km", words.plain(part), re.IGNORECASE)):
            kilometres = words.number(match[1])
        elif not where:
            where = tuple(p.strip() for p in re.split(r"[,\u060c\u3001]|\s-\s", part) if p.strip())
        else:
            notes.append(part)
    return PatrolLine(id=name, places=where, window=window, distance_km=kilometres, note="; ".join(notes))
