"""Times as they are written: ISO 8601, date-time groups, and words such as "until further notice".

What is written is kept; what is inferred says so in ``quality``; what cannot be read has no ``utc``.
Source: reference formats.md §2.2 and its test vectors (§13); the zone letters are those of the nautical time zones.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from adapters import vocabulary
from adapters.base import Context, Rejected
from adapters.words import bare, fold, plain, remembered
from schemas.envelope import Warning
from schemas.time import Precision, RelativeTime, TimeQuality, TimeValue, TimeWindow

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MIDNIGHT: Final = _EPOCH.replace(tzinfo=None)  # of the epoch: writing it takes half the time without a zone
_DAY_US: Final = 86_400_000_000
_BEFORE_US: Final = 25 * _DAY_US  # a missing month or year is the one nearest to receipt, within these
_AFTER_US: Final = 15 * _DAY_US
_YEARS: Final = range(1950, 2200)  # outside of it a year is a placeholder or a misprint

ZONES: Final = {letter: hours for hours, letter in enumerate("ABCDEFGHI", 1)}
ZONES.update({letter: hours for hours, letter in enumerate("KLM", 10)})
ZONES.update({letter: -hours for hours, letter in enumerate("NOPQRSTUVWXY", 1)})
ZONES["Z"] = 0  # J is "local": no offset is known

MONTHS: Final = {
    bare(name): int(month)
    for language in vocabulary.LANGUAGES
    for month, names in vocabulary.tables(language)["months"].items()
    for name in names
}
"""Every name of a month in every language, without accents, with its number."""

_SHORT: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
NAMES: Final = dict(enumerate(_SHORT, 1))
"""The month names of a date-time group, as they are written out."""

OPEN: Final = frozenset(
    fold(words) for language in vocabulary.LANGUAGES for words in vocabulary.tables(language)["open_end"]["open"]
)

_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_DTG: Final = re.compile(
    r"(?P<day>\d{2})\s*(?P<hour>\d{2})\s*[:h]?\s*(?P<minute>\d{2})\s*(?P<second>\d{2})?\s*"
    rf"(?:(?P<zone>[a-z])(?P<half>\*)?)?\s*(?:(?P<month>{_MONTH})\.?\s*(?P<year>\d{{4}}|\d{{2}})?)?\s*(?:\u0433\.?|\u0433\u043e\u0434\u0430|年)?"
)  # on bare text
_DATE: Final = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?\s*(?:de\s|of\s|-)?\s*(?P<month>{_MONTH})\.?\s*(?:de\s|,|-)?\s*"
    r"(?P<year>\d{4}|\d{2})(?!\d)\s*(?:\u0433\.?|\u0433\u043e\u0434\u0430)?"
)
_HAN: Final = re.compile(r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2}月)\s*(?P<day>\d{1,2})\s*日")
_CLOCK: Final = re.compile(
    r"[\s,]*(?:(?:at|a las|a|as|в|الساعة)\s)?\s*(?P<hour>\d{2})\s*(?:[:h.]|时|時)?\s*(?P<minute>\d{2})\s*(?:分|hrs?|h)?"
    r"\s*(?P<zone>[a-z]\*?)?"
)
_NUMERIC: Final = re.compile(r"(?P<day>\d{1,2})(?P<sep>[./])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4})(?:\s*\u0433\.?)?")
_LONGEST: Final = 100  # no time is written with more characters
_UTC: Final = re.compile(r"\b(?:utc|gmt)\b")
_GROUP: Final = re.compile(
    rf"(?<![0-9a-z])\d{{2}}\s?\d{{4}}(?:\d{{2}})?\s?[a-z]\*?"
    rf"(?:\s?(?:{_MONTH})\.?(?:\s?(?:\d{{4}}|\d{{2}}))?(?!\d))?(?![0-9a-z])"
)
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}|$)")
_PLACEHOLDER: Final = re.compile(r"0000-00-00(?:[T ](\d{2}):(\d{2}):(\d{2})\S*)?\Z")
MEND: Final = "write it as a date-time group with its zone letter, e.g. 140700ZMAR27"


def micros(at: datetime) -> int:
    """Return an aware instant as microseconds UTC."""
    gone = at - _EPOCH
    return (gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds


def stamped(utc: int) -> str:
    """Return an instant as CAP and EDXL write it: no fraction, and UTC as ``-00:00``, never as ``Z``."""
    return (_MIDNIGHT + timedelta(0, utc // 1_000_000)).isoformat() + "-00:00"


def iso(raw: str, zone: str = "") -> TimeValue:
    """Read an ISO 8601 time; without an offset it is in ``zone``, if there is one."""
    try:
        at = datetime.fromisoformat(raw)
    except ValueError:
        return _odd(raw, zone)
    if at.tzinfo is None:
        if zone not in ZONES:
            return TimeValue(raw=raw, quality="unknown")
        return TimeValue(utc=micros(at.replace(tzinfo=UTC)) - _offset(zone), raw=raw, quality="zone_inferred")
    if at.year not in _YEARS:
        return TimeValue(raw=raw, quality="placeholder")
    return TimeValue(utc=micros(at), raw=raw)


def _odd(raw: str, zone: str) -> TimeValue:
    """Read what `datetime` does not: hour 24, a placeholder of zeros, a decimal comma with blanks around it."""
    flat = plain(raw).strip()
    if zeros := _PLACEHOLDER.match(flat):
        hours, minutes, seconds = (int(g or 0) for g in zeros.groups())
        offset = hours * 3600 + minutes * 60 + seconds
        relative = RelativeTime(event="H-HOUR", offset_s=offset) if offset else None
        return TimeValue(raw=raw, quality="placeholder", relative=relative)
    if flat[10:13] in ("T24", " 24") and flat[13:16] == ":00":
        midnight = iso(f"{flat[:11]}00{flat[13:]}", zone)
        if midnight.utc is not None and midnight.utc % 60_000_000 == 0:
            return TimeValue(utc=midnight.utc + _DAY_US, raw=raw, quality=midnight.quality)
    if flat != raw:
        again = iso(flat, zone)
        return TimeValue(utc=again.utc, raw=raw, quality=again.quality, relative=again.relative)
    return TimeValue(raw=raw, quality="unknown")


def _offset(zone: str, half: bool = False) -> int:
    return (ZONES[zone] * 60 + (30 if half else 0)) * 60_000_000


@remembered(2048)
def read(raw: str, received_at: int = 0, zone: str = "") -> TimeValue:
    """Read a time in any of the written forms. ``zone`` is the letter that the mission agreed on for local times."""
    flat = plain(raw).strip()
    if len(flat) > _LONGEST:
        return TimeValue(raw=raw, quality="unknown")
    if _ISO.match(flat) or flat.startswith("0000-00-00"):
        value = iso(flat, zone)
        return TimeValue(
            utc=value.utc, raw=raw, quality=value.quality, relative=value.relative,
            precision="day" if len(flat) == 10 else "second",
        )  # fmt: skip
    if fold(flat) in OPEN:
        return TimeValue(raw=raw, quality="open")
    match = _DTG.fullmatch(_as_group(flat))
    return _dtg(match, raw, received_at, zone) if match else TimeValue(raw=raw, quality="unknown")


def _as_group(flat: str) -> str:
    """Return a time as a date-time group, where it is a date with a clock time behind it."""
    text = _UTC.sub("z", bare(flat)).strip()
    date_ = _DATE.match(text) or _HAN.match(text)
    clock = _CLOCK.fullmatch(text, date_.end()) if date_ else None
    if date_ is None or clock is None:
        return text
    month = NAMES[MONTHS[date_["month"]]].lower()
    return f"{int(date_['day']):02d}{clock['hour']}{clock['minute']}{clock['zone'] or ''}{month}{date_['year']}"


def day(raw: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a date that is written alone, or None.

    Of two numbers up to 12 with slashes nobody can say which is the month: such a date is not read.
    """
    text = bare(plain(raw[: _LONGEST + 1])).strip(" .")
    if len(text) > _LONGEST:
        return None
    if match := re.fullmatch(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", text) or _NUMERIC.fullmatch(text):
        if text[match.end("day") : match.end("day") + 1] == "/" and int(match["day"]) <= 12:
            return None
        parts = int(match["year"]), int(match["month"]), int(match["day"])
    elif match := _DATE.fullmatch(text) or _HAN.fullmatch(text):
        parts = _year(match["year"]), MONTHS[match["month"]], int(match["day"])
    else:
        return None
    return parts if _instant(*parts, 0) is not None else None


def day_of(utc: int) -> tuple[int, int, int]:
    """Return year, month and day of an instant, in UTC."""
    at = _EPOCH + timedelta(microseconds=utc)
    return at.year, at.month, at.day


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) > 2 else year + (2000 if year < 70 else 1900)


def _dtg(match: re.Match[str], raw: str, received_at: int, zone: str) -> TimeValue:
    unknown = TimeValue(raw=raw, quality="unknown")
    letter = (match["zone"] or zone).upper()
    month = MONTHS[match["month"]] if match["month"] else 0
    if letter not in ZONES:
        return unknown
    offset = _offset(letter, bool(match["half"]))
    seconds = _seconds(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    if seconds is None:
        return unknown
    quality: TimeQuality = "exact"
    utc: int | None
    if match["year"]:
        utc = _instant(_year(match["year"]), month, int(match["day"]), seconds)
        utc = None if utc is None else utc - offset
    else:
        quality = "year_inferred" if month else "month_inferred"
        candidates = _candidates(received_at, month, int(match["day"]), seconds)
        utc = _nearest([c - offset for c in candidates], received_at)
    if utc is None:
        return unknown
    if not match["zone"] or match["half"]:
        quality = "zone_inferred"
    precision: Precision = "second" if match["second"] else "minute"
    return TimeValue(utc=utc, raw=raw, precision=precision, quality=quality)


def _seconds(hour: int, minute: int, second: int) -> int | None:
    """Return the second of the day; 2400 is the end of the day."""
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    return hour * 3600 + minute * 60 + second


def _instant(year: int, month: int, day: int, seconds: int) -> int | None:
    """Return the instant, or None where the month has no such day: it is never moved to the next."""
    if year not in _YEARS:
        return None
    try:
        days = date(year, month, day) - _EPOCH.date()
    except ValueError:
        return None
    return days.days * _DAY_US + seconds * 1_000_000


def _candidates(received_at: int, month: int, day: int, seconds: int) -> Iterator[int]:
    now = _EPOCH + timedelta(microseconds=received_at)
    near = {(now + timedelta(days=d)) for d in (-31, 0, 31)}
    for year in {t.year for t in near}:
        for m in (month,) if month else sorted({t.month for t in near}):
            if (utc := _instant(year, m, day, seconds)) is not None:
                yield utc


def _nearest(candidates: list[int], received_at: int) -> int | None:
    near = [c for c in candidates if -_BEFORE_US <= c - received_at <= _AFTER_US]
    return min(near, key=lambda c: (abs(c - received_at), c), default=None) if received_at else None


def groups(text: str) -> list[str]:
    """Return the date-time groups with a zone letter that stand in prose, in order."""
    return [m[0].strip().upper() for m in _GROUP.finditer(bare(text))]


def apart(text: str) -> tuple[str, str]:
    """Return what stands before the first date-time group, and all from there on ("" if there is none)."""
    match = _GROUP.search(bare(text))
    if match is None:
        return text, ""
    same = text if len(bare(text)) == len(text) else bare(text)
    return same[: match.start()], same[match.start() :]


def instant(raw: str, path: str, context: Context) -> TimeValue:
    """Read a time that a message cannot do without.

    Raises:
        Rejected: it names no instant.
    """
    value = read(raw.strip(), context.received_at, context.zone)
    if value.utc is None:
        raise Rejected(path, *why_not(raw, context))
    return value


def why_not(raw: str, context: Context) -> tuple[str, str]:
    """Return why a time names no instant, and how to mend it."""
    flat = bare(raw).strip()
    match = _DTG.fullmatch(_as_group(plain(raw).strip())) if len(raw) <= _LONGEST else None
    if not match:
        reason = "is a placeholder" if flat.startswith("0000") else "is no time that can be read"
        return f'"{raw[:80]}" {reason}', MEND
    if match["zone"] == "j":
        return f'"{raw}" is in local time (J) and does not say which', MEND
    if not match["zone"] and context.zone not in ZONES:
        return (
            f'"{raw}" has no zone letter',
            f"write {match['day']}{match['hour']}{match['minute']}Z if it is UTC; {MEND}",
        )
    if match["year"] or not context.received_at:
        return f'"{raw}" does not exist', MEND
    return f'"{raw}" could be in several months or years', "write the month and the year, e.g. 140700ZMAR27"


def warnings(value: TimeValue | None, path: str) -> tuple[Warning, ...]:
    """Return what should be looked at about the reading of a time."""
    if value is None or value.quality in ("exact", "relative", "open"):
        return ()
    code = value.quality.replace("_", "-")
    return (
        Warning(code=code, path=path, text=f'"{value.raw}" was read with its {_INFERRED.get(code, "value")} inferred'),
    )


_INFERRED: Final = {"zone-inferred": "zone", "year-inferred": "year", "month-inferred": "month and year"}


def span(raw: str, path: str, context: Context) -> TimeWindow:
    """Read a window written as two groups with a dash, a slash or a word between them (``141000Z-141045Z``).

    Raises:
        Rejected: it is no window, or ends before it starts.
    """
    parts = [p for p in _BETWEEN.split(plain(raw).strip()) if p.strip()] if len(raw) <= 2 * _LONGEST else []
    if len(parts) != 2:
        raise Rejected(path, f'"{raw[:80]}" is no window of time', "write its start and end: 141000Z-141045Z")
    return window(parts[0], parts[1], path, context)


_BETWEEN: Final = re.compile(
    r"^(?:from|between|de|du|desde|entre|del|das|\u0441|от|من)\s+|^[从自由]\s*|"
    r"\s*(?<=[\w*])(?:\s-\s|-(?=\d{6}|\s*ufn)|\s*/\s*|\s*[至到]\s*|"
    r"\s(?:to|until|till|a|au|hasta|al|y|et|and|jusqu'a|jusqu'à|até|ate|às|as|e|до|по|إلى|الى|حتى)\s)\s*",
    re.IGNORECASE,
)


def window(start: str, end: str, path: str, context: Context) -> TimeWindow:
    """Read a window from the texts of its start and its end; an open end ("UFN") stays open.

    Raises:
        Rejected: one of them names no instant, or the end lies before the start.
    """
    first = instant(_like(start, end), path, context)
    first = TimeValue(utc=first.utc, raw=start.strip(), precision=first.precision, quality=first.quality)
    if fold(end) in OPEN:
        return TimeWindow.between(first, TimeValue(raw=end.strip(), quality="open"))
    last = instant(end, path, context)
    if first.utc is not None and last.utc is not None and last.utc < first.utc:
        raise Rejected(path, f'it ends ("{end.strip()}") before it starts ("{start.strip()}")', "check both times")
    return TimeWindow.between(first, last)


def _like(start: str, end: str) -> str:
    """Complete the first group of ``140900-141300ZMAR27`` with what stands at the end of the second."""
    first, last = plain(start).strip(), _DTG.fullmatch(bare(end).strip())
    if not last or not first.isdigit() or len(first) != 6:
        return start
    return first + plain(end).strip()[last.start("zone") if last["zone"] else 6 :]
