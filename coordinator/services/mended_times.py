"""Times that a refusal quotes, written so that they can be read: every reading that the sender may have meant. Pure."""

import calendar
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from adapters import times

GROUPS: Final = frozenset(
    {"", "text", "mtf", "sheet"}
)  # formats whose times are date-time groups; others have ISO 8601
_MINUS: Final = frozenset({"cap", "edxl"})  # write UTC as -00:00
_MOST_ZONES: Final = 3
_GROUP: Final = re.compile(
    r"(?P<day>\d{2})\s?(?P<clock>\d{4})(?P<zone>[A-IK-Z]\*?)?\s?(?:(?P<month>[A-Z]{3})\s?(?P<year>\d{4}|\d{2})?)?",
    re.IGNORECASE,
)
_LOCAL: Final = re.compile(r"(\d{2}\s?\d{4}\s?)[Jj](.{0,12})")  # "local", and nobody says whose
_CLOCK: Final = re.compile(
    r"(?P<hour>[01]\d|2[0-3])[:.hH]?(?P<minute>[0-5]\d)\s*(?:hrs?|h|hours)?\s*(?P<zone>[A-IK-Z])?"
)
_ISO: Final = re.compile(
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[T\s]+(?P<H>\d{1,2})[:.h](?P<M>\d{2})"
    r"(?:[:.](?P<S>\d{2})(?:[.,]\d*)?)?"
    r"\s*(?P<off>Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?(?:Z|[+-]00:00)?", re.IGNORECASE)  # fmt: skip
_EUROPEAN: Final = re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})[T\s,]+(?P<rest>\d.*)")

Option = tuple[str, str]
"""The name of a step, and what is written then."""


def letters(text: str, zone: str) -> tuple[str, ...]:
    """Return the zones that may be meant: the mission's, UTC, and those that the input uses elsewhere."""
    used = (m[1] for m in re.finditer(r"\b\d{6}([A-IK-Z])(?:[A-Z]{3}|\b)", text[:100_000]))
    return tuple(dict.fromkeys(letter for letter in (zone, "Z", *used) if letter in times.ZONES))[:_MOST_ZONES]


def options(said: str, why: str, format_: str, received_at: int, zones: Sequence[str]) -> Iterator[Option]:
    """Yield every way to write a time that was refused."""
    flat = said.strip()
    if "before it starts" in why:
        yield from _day_later(flat)
    elif "does not exist" in why:
        yield from _that_exists(flat)
    elif "several months" in why:
        yield from _with_month(flat, received_at)
    elif match := _LOCAL.fullmatch(flat):
        yield from ((f"zone {z}", f"{match[1]}{z}{match[2]}") for z in zones)
    elif match := _GROUP.fullmatch(flat):
        yield from _of_group(flat, match, format_, received_at, zones)
    elif match := _CLOCK.fullmatch(flat):
        yield from _of_day(match, received_at, zones)
    elif match := _ISO.fullmatch(_sorted(flat)):
        yield from _of_iso(match, format_, zones)


def _sorted(text: str) -> str:
    """Return a date with points (day first, as in 14.03.2027) with the year first."""
    match = _EUROPEAN.fullmatch(text)
    return f"{match['y']}-{match['m']}-{match['d']} {match['rest']}" if match else text


def heading(name: str, zones: Sequence[str]) -> Iterator[Option]:
    """Yield the header of a column with each zone that its times may be in."""
    yield from ((f"zone {z}", f"{name} ({z})") for z in zones)


def _of_group(
    flat: str, match: re.Match[str], format_: str, received_at: int, zones: Sequence[str]
) -> Iterator[Option]:
    if format_ in GROUPS:
        if not match["zone"]:
            behind = match.end("clock")
            yield from ((f"zone {z}", f"{flat[:behind]}{z}{flat[behind:]}") for z in zones)
        return
    for zone in [""] if match["zone"] else zones:
        value = times.read(flat, received_at, zone)
        if value.utc is not None:
            yield f"zone {zone}" if zone else "ISO 8601", _iso(value.utc, format_)


def _of_day(match: re.Match[str], received_at: int, zones: Sequence[str]) -> Iterator[Option]:
    """Take the day of receipt for a time of day."""
    year, month, day = times.day_of(received_at)
    for zone in (match["zone"],) if match["zone"] else zones:
        yield (
            f"day of receipt, zone {zone}",
            (f"{day:02d}{match['hour']}{match['minute']}{zone}{times.NAMES[month]}{year % 100:02d}"),
        )


def _of_iso(match: re.Match[str], format_: str, zones: Sequence[str]) -> Iterator[Option]:
    day, clock = f"{match['y']}-{int(match['m']):02d}-{int(match['d']):02d}", f"{int(match['H']):02d}:{match['M']}"
    digits = f"{day}T{clock}:{match['S'] or '00'}"
    said = (match["off"] or "").upper()
    for zone in [""] if said else zones:
        value = times.iso(digits + (_offset(said) if said else ""), zone)
        if value.utc is None:
            return
        name = f"zone {zone}" if zone else "ISO 8601"
        if format_ in GROUPS:
            yield name, _group(value.utc)
        else:
            yield name, _iso(value.utc, format_) if said else digits + _written(zone, format_)


def _offset(said: str) -> str:
    if said in ("Z", "UTC", "GMT"):
        return "+00:00"
    number = said[1:].replace(":", "")
    hours, minutes = (number[:-2], number[-2:]) if len(number) > 2 else (number, "00")
    return f"{said[0]}{int(hours):02d}:{minutes}"


def _written(zone: str, format_: str) -> str:
    """Return a zone letter as an offset."""
    hours = times.ZONES[zone]
    if not hours:
        return "-00:00" if format_ in _MINUS else "Z"
    return f"{hours:+03d}:00"


def _iso(utc: int, format_: str) -> str:
    stamp = times.stamped(utc)
    return stamp if format_ in _MINUS else stamp.removesuffix("-00:00") + "Z"


def _group(utc: int) -> str:
    year, month, day = times.day_of(utc)
    minute = utc // 60_000_000 % 1440
    return f"{day:02d}{minute // 60:02d}{minute % 60:02d}Z{times.NAMES[month]}{year % 100:02d}"


def _date(match: re.Match[str]) -> tuple[int, int, int] | None:
    """Return year, month and day of a group that says all three, whether that day exists or not."""
    month = times.MONTHS.get((match["month"] or "").lower(), 0)
    if not month or not match["year"]:
        return None
    year = int(match["year"])
    return year if year > 99 else 2000 + year, month, int(match["day"])


def _dated(match: re.Match[str], day: date, clock: str = "") -> str:
    zone = match["zone"] or ""
    year = f"{day.year:04d}" if len(match["year"] or "") > 2 else f"{day.year % 100:02d}"
    return f"{day.day:02d}{clock or match['clock']}{zone}{times.NAMES[day.month]}{year}"


def _that_exists(flat: str) -> Iterator[Option]:
    """Yield the days beside one that its month does not have; of an hour behind 24 the next day."""
    match = _GROUP.fullmatch(flat)
    said = _date(match) if match else None
    if match is None or said is None:
        return
    year, month, day = said
    last = calendar.monthrange(year, month)[1]
    if last < day <= 31:
        end = date(year, month, last)
        yield "last day of the month", _dated(match, end)
        yield "first day of the next month", _dated(match, end + timedelta(days=1))
    elif match["clock"][:2] == "24" and 0 < day <= last:
        yield "the day after", _dated(match, date(year, month, day) + timedelta(days=1), "00" + match["clock"][2:])


def _with_month(flat: str, received_at: int) -> Iterator[Option]:
    match = _GROUP.fullmatch(flat)
    if match is None or match["year"]:
        return
    year, month, _ = times.day_of(received_at)
    here = date(year, month, 1)
    after, before = here + timedelta(days=32), here - timedelta(days=1)
    for name, first in (("month of receipt", here), ("next month", after), ("month before", before)):
        if int(match["day"]) <= calendar.monthrange(first.year, first.month)[1]:
            yield name, _dated(match, first.replace(day=int(match["day"])))


def _day_later(flat: str) -> Iterator[Option]:
    """Take the next day for an end that lies before its start: over midnight people forget it."""
    match = _GROUP.fullmatch(flat)
    said = _date(match) if match else None
    if match and said and said[2] <= calendar.monthrange(*said[:2])[1]:
        yield "one day later", _dated(match, date(*said) + timedelta(days=1))
    elif iso := re.match(r"\d{4}-\d{2}-\d{2}(?=[T ])", flat):
        try:
            later = date.fromisoformat(iso[0]) + timedelta(days=1)
        except (ValueError, OverflowError):
            return
        yield "one day later", later.isoformat() + flat[10:]
