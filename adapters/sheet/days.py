"""Dates and times as tables hold them: serial numbers, 14/03/2027, 24-Mar, WE 24-Mar, 0730 hrs.

1. Everything becomes ISO 8601 or a date-time group, which `adapters.times` reads; nothing gets a zone here but the one
   that the column's header states.
2. Day and month are told apart by the whole column: if no value decides, none is read.
3. Serial numbers count days from 1899-12-31 with a 29 February 1900 that never was, or from 1904-01-01.

Source: reference formats.md §2.2, §10.4; ECMA-376-1 §18.17.4.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from adapters.times import MONTHS, ZONES
from adapters.words import bare, plain

Order = Literal["", "dmy", "mdy", "ambiguous", "mixed"]

_DATES: Final = range(18_264, 109_577)  # serials from 1950 to 2200: what else a column holds is no date
_SHIFT: Final = 1_462  # days between the two epochs

_NUMBER: Final = re.compile(r"\d{1,6}(?:[.,]\d{1,17})?")
_TIME: Final = (
    r"(?P<hour>\d{1,2})\s?[:h.]?\s?(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,6})?)?\s*"
    r"(?P<zone>hrs?|h|utc|gmt|[a-z])?"
)
_CLOCK: Final = re.compile(_TIME)
_SLASHED: Final = re.compile(rf"(?P<a>\d{{1,2}})[/.-](?P<b>\d{{1,2}})[/.-](?P<year>\d{{4}}|\d{{2}})(?:[ t,]+{_TIME})?")
_NAMED: Final = re.compile(
    r"(?P<ending>w/?e|week ending|semaine|sem|semana)?\s*(?P<day>\d{1,2})[-/. ]{1,2}(?P<month>[a-z]{3,10})\.?"
    rf"(?:[-/., ]{{1,2}}(?P<year>\d{{4}}|\d{{2}}))?(?:[ t,]+{_TIME})?"
)
_ISO_DAY: Final = re.compile(rf"(?P<day>\d{{4}}-\d{{2}}-\d{{2}})(?:[t ]+{_TIME}|[t ]+0?0:00:00)?")


class Written(NamedTuple):
    """A date or time as `adapters.times` reads it, and what was wrong with it, if it cannot be read.

    ``day`` says that only a day was given, ``week`` that a week ends on it, ``clock`` that only a time of day was.
    """

    text: str
    day: bool = False
    week: bool = False
    clock: bool = False
    wrong: str = ""


def order(texts: Iterable[str]) -> Order:
    """Return in which order a column writes day and month, from all its values together."""
    found: set[Order] = set()
    for text in texts:
        if match := _SLASHED.fullmatch(_flat(text)):
            a, b = int(match["a"]), int(match["b"])
            found.add("dmy" if a > 12 else "mdy" if b > 12 else "ambiguous")
    if {"dmy", "mdy"} <= found:
        return "mixed"
    return next((o for o in ("dmy", "mdy", "ambiguous") if o in found), "")


def written(text: str, column: Order, epoch: int = 1900, zone: str = "") -> Written:
    """Return a date or time of a column in a form that `adapters.times` reads; other texts stay as they are."""
    flat = _flat(text)
    if _NUMBER.fullmatch(flat) and not (flat.isdigit() and len(flat) in (4, 6)):  # 0730, 140730: no serials
        flat = _flat(from_serial(flat, epoch) or flat)
    if (match := _ISO_DAY.fullmatch(flat)) and not flat.startswith("0000"):  # a placeholder is for `adapters.times`
        return _dated(match["day"], match, zone)
    if match := _SLASHED.fullmatch(flat):
        return _slashed(match, column, zone)
    if (match := _NAMED.fullmatch(flat)) and match["month"] in MONTHS:
        return _named(match, zone)
    if (match := _CLOCK.fullmatch(flat)) and len(flat.rstrip("abcdefghijklmnopqrstuvwxyz ")) > 2:
        clock = _clock(match, zone)
        return Written(clock or text, clock=bool(clock), wrong="" if clock else "it is no time of day")
    return Written(text)


def _flat(text: str) -> str:
    return " ".join(bare(plain(text)).split()) if len(text) <= 60 else ""


def _slashed(match: re.Match[str], column: Order, zone: str) -> Written:
    a, b = int(match["a"]), int(match["b"])
    if column in ("ambiguous", "mixed"):
        why = "may be day/month or month/day" if column == "ambiguous" else "stands in a column that mixes both orders"
        return Written(match[0], wrong=f'"{match[0]}" {why}')
    day, month = (b, a) if column == "mdy" else (a, b)
    return _dated(f"{_year(match['year'])}-{month:02d}-{day:02d}", match, zone)


def _named(match: re.Match[str], zone: str) -> Written:
    day, month = int(match["day"]), MONTHS[match["month"]]
    week = bool(match["ending"])
    if match["year"]:
        return _dated(f"{_year(match['year'])}-{month:02d}-{day:02d}", match, zone)._replace(week=week)
    name = next(n for n, m in MONTHS.items() if m == month).upper()
    hours = "0000" if match["hour"] is None else f"{int(match['hour']):02d}{match['minute']}"
    letter = _letter(match, zone)
    return Written(f"{day:02d}{hours}{letter}{name}", day=match["hour"] is None, week=week)  # the year is inferred


def _dated(day: str, match: re.Match[str], zone: str) -> Written:
    try:
        date.fromisoformat(day)
    except ValueError:
        return Written(match[0], wrong=f'"{match[0]}" is no day')
    if match["hour"] is None:
        return Written(f"{day}T00:00:00{offset(zone)}", day=True)
    clock = _clock(match, zone)
    return Written(f"{day}T{clock}") if clock else Written(match[0], wrong=f'"{match[0]}" has no such time of day')


def _clock(match: re.Match[str], zone: str) -> str:
    """Return a time of day as ``HH:MM:SS`` with its offset, "" if there is no such time."""
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        return ""
    return f"{hour:02d}:{minute:02d}:{second:02d}{offset(_letter(match, zone))}"


def _letter(match: re.Match[str], zone: str) -> str:
    """Return the zone of a time: its own letter, or the column's. "h" and "hrs" mean hours, not zone H."""
    said = (match["zone"] or "").upper()
    if said in ("UTC", "GMT"):
        return "Z"
    return zone if said in ("", "H", "HR", "HRS") else said


def offset(zone: str) -> str:
    """Return a zone letter as ISO 8601 writes it, "" for none."""
    if zone not in ZONES:
        return ""
    hours = ZONES[zone]
    return "Z" if hours == 0 else f"{'+' if hours > 0 else '-'}{abs(hours):02d}:00"


def _year(text: str) -> int:
    year = int(text)
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def from_serial(value: str, epoch: int) -> str:
    """Return a serial number as ISO 8601, a time of day for less than one day, "" where it is no date."""
    if not _NUMBER.fullmatch(value):
        return ""
    number = float(value.replace(",", "."))
    seconds = round(number * 86_400)
    if seconds < 86_400:
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    days, rest = divmod(seconds, 86_400)
    days += _SHIFT if epoch == 1904 else 0
    if days not in _DATES:
        return ""
    day = (date(1899, 12, 30) + timedelta(days=days)).isoformat()
    return f"{day}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}" if rest else day


def shortest(value: str) -> str:
    """Return a number of a workbook as people write it: no exponent, no trailing ".0", 15 digits at most."""
    try:
        number = float(value)
    except ValueError:
        return value
    if number == int(number) if abs(number) < 1e15 else False:
        return str(int(number))
    return f"{number:.15g}" if 1e-4 <= abs(number) < 1e15 else value


def zone_of(header: str) -> str:
    """Return the zone letter that a header states in brackets: "(UTC)", "(Z)", "(UTC+2)", "(zone B)"; "" for none.

    A letter alone is only taken for a zone if it is Z: "(A)" may be actual, "(E)" estimated, "(h)" hours.
    """
    _, bracket, inner = header.partition("(")
    said = " ".join(bare(inner.rstrip(" )")).split()).upper() if bracket and len(inner) < 30 else ""
    if said in ("Z", "UTC", "GMT", "ZULU"):
        return "Z"
    word, _, letter = said.partition(" ")
    if word in ("ZONE", "FUSEAU", "HUSO") and letter in ZONES:
        return letter
    match = _STATED.fullmatch(said)
    hours = int(match[1] + match[2]) if match else 99
    return next((letter for letter, h in ZONES.items() if h == hours), "")


_STATED: Final = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d{1,2})(?::?00)?")
