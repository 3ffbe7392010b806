"""Values of reports beyond a number or a time: counts of casualties, bearings, distances, gradings, two-part times.

Each takes its cell only if it can read all of it; otherwise the cell stays, is a loss, and a warning says so.
Source: reference formats.md §10.3; STANAG 2511 (grading A1-F6) as described there.
"""

import re
from typing import Final

from adapters import times, vocabulary, words
from adapters.base import Rejected
from adapters.fields import Cell, Fields
from adapters.plans import yes_or_no
from schemas.reports import Casualties, Confidence
from schemas.time import TimeValue

_PARTS: Final = re.compile(r"[,;/+\n،\uff1b\uff0c、]|\band\b|\bet\b|\be\b|\by\b|\bи\b")
_NUMBER_FIRST: Final = re.compile(r"(?P<n>\d{1,6}|[^\W\d]{1,12})\s*(?:x\s+|[人名]\s*)?(?P<what>[^\d].*)")
_WORD_FIRST: Final = re.compile(r"(?P<what>[pt][1-4]|[^\d]+?)\s*[:=-]?\s*(?P<n>\d{1,6})\s*[人名]?")
_DIRECTION: Final = re.compile(
    r"(?P<n>\d{1,4}(?:[.,]\d+)?)\s*(?P<unit>\u00b0|deg(?:rees)?|degres?|grados|graus|градус\w{0,3}|درجة|度|"
    r"mils?|milliemes?|milesimas?|milesimos?|тыс\w{0,3}|密位)?(?:\s*(?:t|true|mag|magnetic))?"
)
_DISTANCE: Final = re.compile(r"(?P<n>\d{1,6}(?:[.,]\d+)?)\s*(?P<unit>km|m|metres?|meters?|км|м|كم|م|公里|米)\.?")
_THOUSAND: Final = frozenset({"km", "км", "كم", "公里"})
_LONGEST: Final = 100  # characters; what is longer is no count and no number
_GRADE: Final = re.compile(r"(?P<r>[a-f])\s*[-/]?\s*(?P<c>[1-6])")
_CLOCK: Final = re.compile(r"(?P<h>\d{2})\s*[:h.]?\s*(?P<m>\d{2})\s*(?:hrs?|hours|heures|horas|h)?\s*(?P<z>[a-z]\*?)?")
_DAY_US: Final = 86_400_000_000


def casualties(fields: Fields, key: str = "casualties") -> Casualties | None:
    """Take counts such as "2 killed, 3 injured" or "P1 2, P3 1"; "none" counts as no dead and no injured."""
    cell = fields.peek(key)
    if cell is None:
        return None
    if vocabulary.meaning("nothing", cell.text, fields.language) or words.fold(cell.text) == "0":
        fields.drop(cell)
        return Casualties(killed=0, injured=0)
    counts = counted(cell.text, "casualties", fields.language)
    if counts is None:
        fields.warn("not-counted", cell.path, f'"{cell.text[:80]}" cannot be counted')
        return None
    fields.drop(cell)
    return Casualties(**counts)


def counted(text: str, table: str, language: str) -> dict[str, int] | None:
    """Return how many of what a text lists, by the words of a table; None if it says anything else."""
    total: dict[str, int] = {}
    parts = [p.strip(" .") for p in _PARTS.split(words.bare(words.plain(text))) if p.strip(" .")]
    for part in parts:
        found = _counted(part, table, language)
        if found is None:
            return None
        number, what = found
        total[what] = total.get(what, 0) + number
    return total or None


def _counted(part: str, table: str, language: str) -> tuple[int, str] | None:
    if len(part) > _LONGEST:
        return None
    for pattern in (_NUMBER_FIRST, _WORD_FIRST):
        if (match := pattern.fullmatch(part)) is None:
            continue
        what = vocabulary.meaning(table, match["what"].strip(" :=-"), language)
        number = match["n"] if match["n"].isdecimal() else vocabulary.meaning("numbers", match["n"], language)
        if what and number:
            return int(number), what
    return None


def direction(fields: Fields, key: str = "direction") -> float | None:
    """Take a bearing in degrees, or in mils of 6400 to the circle; without a unit it is degrees up to 360."""
    cell = fields.peek(key)
    match = _DIRECTION.fullmatch(_short(cell)) if cell else None
    if cell is None or match is None:
        return _kept(fields, cell, "bearing")
    value = words.number(match["n"]) or 0.0
    mils = (match["unit"] or "").startswith(("mil", "тыс", "密"))
    degrees = round(value * 360 / 6400, 2) if mils else value
    if degrees > 360:
        return _kept(fields, cell, "bearing")
    fields.drop(cell)
    return degrees


def distance(fields: Fields, key: str) -> float | None:
    """Take a distance in metres or kilometres, as metres; it needs its unit."""
    cell = fields.peek(key)
    match = _DISTANCE.fullmatch(_short(cell)) if cell else None
    if cell is None or match is None:
        return _kept(fields, cell, "distance with its unit")
    fields.drop(cell)
    return (words.number(match["n"]) or 0.0) * (1000 if match["unit"] in _THOUSAND else 1)


def _short(cell: Cell) -> str:
    """Return a value as it is compared; one that is too long to be a number is none."""
    return words.bare(words.plain(cell.text)).strip() if len(cell.text) <= _LONGEST else ""


def _kept(fields: Fields, cell: Cell | None, what: str) -> float | None:
    if cell is not None:
        fields.warn("not-a-number", cell.path, f'"{cell.text[:80]}" is no {what}')
    return None


def confidence(fields: Fields) -> Confidence | None:
    """Take the grading of a report (B2) and whether it is verified."""
    cell = fields.peek("grading")
    match = _GRADE.fullmatch(words.fold(words.plain(cell.text))) if cell else None
    if cell and match:
        fields.drop(cell)
    verified = yes_or_no(fields, "verified")
    if match is None and verified is None:
        return None
    letter, digit = (match["r"].upper(), int(match["c"])) if match else ("", 0)
    return Confidence(reliability=letter, credibility=digit, verified=verified)  # type: ignore[arg-type]  # A-F


def when(fields: Fields, key: str = "time") -> TimeValue | None:
    """Take an instant: a date-time group, or a clock time beside a date of its own (``Date:`` and ``Time:``).

    A clock time alone is that of the day, up to receipt, that is nearest to it; this is warned of.

    Raises:
        Rejected: it names no instant.
    """
    cell = fields.peek(key)
    clock = _CLOCK.fullmatch(_short(cell)) if cell else None
    if cell is None or clock is None:
        return fields.instant(key)
    fields.drop(cell)
    zone = (clock["z"] or "").upper() or fields.context.zone
    day = _day(fields)
    value = _at(f"{clock['h']}{clock['m']}", zone, day, fields)
    if value.utc is None:
        why = "has no zone letter" if zone.rstrip("*") not in times.ZONES else "is no time of that day"
        raise Rejected(cell.path, f'"{cell.text[:40]}" {why}', times.MEND)
    quality = "zone_inferred" if not clock["z"] else value.quality if day else "month_inferred"
    value = TimeValue(
        utc=value.utc, raw=" ".join(filter(None, (day, cell.text.strip()))), precision="minute", quality=quality
    )
    fields.warnings += times.warnings(value, cell.path)
    return value


def _day(fields: Fields) -> str:
    """Take the date that stands for itself, as it is written."""
    cell = fields.peek("date")
    if cell is None or times.day(cell.text) is None:
        return ""
    fields.drop(cell)
    return cell.text.strip()


def _at(clock: str, zone: str, day: str, fields: Fields) -> TimeValue:
    received = fields.context.received_at
    found = times.day(day) if day else None
    if found is not None:
        return times.read(f"{found[2]:02d}{clock}{zone}{times.NAMES[found[1]]}{found[0]}", received)
    if not received:
        return TimeValue(quality="unknown")
    for back in (0, 1):
        year, month, date = times.day_of(received - back * _DAY_US)
        value = times.read(f"{date:02d}{clock}{zone}{times.NAMES[month]}{year}", received)
        if value.utc is None or value.utc <= received + 3_600_000_000:
            return value
    return TimeValue(quality="unknown")
