"""When: periods, and the windows of airspace measures with what repeats in them.

1. A word may stand for a time (UFN), or before one (AFTER, NLT): then the window has an open or a loose side.
2. What repeats becomes one window each, at most `MAX_WINDOWS`; all that is beyond is one window over the rest, so
   that no time is taken as free. Days are days in UTC.
3. A stop before its start refuses the message; a time that names no instant is kept with a warning.

Source: reference formats.md §2.2, §5.2, §5.3, §13.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from adapters import words
from adapters.base import Rejected
from adapters.mtf.bulletin import Bulletin
from adapters.mtf.grammar import Field, Set
from schemas.time import TimeValue, TimeWindow

MAX_WINDOWS: Final = 100  # of what repeats
MOST_OF_ONE: Final = 1_000  # of one measure
MOST_OF_ALL: Final = 20_000  # of one order

OPEN: Final = frozenset({"ufn", "indef", "unk", "tbd", "asap"})
ON_CALL: Final = "oncall"
NOT_BEFORE: Final = frozenset({"after", "net", "asapaft"})
NOT_AFTER: Final = frozenset({"before", "nlt", "asapnlt"})
AT: Final = "asof"
_DATED: Final = NOT_BEFORE | NOT_AFTER | {AT}

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_MICRO: Final = timedelta(microseconds=1)
_MOST_DAYS: Final = 4_000  # looked at for one recurrence
_MOST_MONTHS: Final = 150
_DURATION: Final = re.compile(r"(\d{1,4})\s*(day|week|month|year|d|w|mo|yr)s?")
_DAYS: Final = {"day": 1, "d": 1, "week": 7, "w": 7, "month": 31, "mo": 31, "year": 366, "yr": 366}
_NAMES: Final = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "thur": 3, "fri": 4, "sat": 5, "sun": 6}


class Side(NamedTuple):
    """One end of a window."""

    earliest: int | None = None
    latest: int | None = None
    said: TimeValue | None = None
    trigger: str = ""


def period(bulletin: Bulletin) -> TimeWindow | None:
    """Take the window that a whole message is about: PERIOD, or TIMEFRAM by its descriptors.

    Raises:
        Rejected: it ends before it starts.
    """
    if (stated := bulletin.first("PERIOD")) is not None:
        return between(bulletin, bulletin.rest(stated, "start"))
    frame = bulletin.first("TIMEFRAM")
    start, stop = bulletin.described(frame, "FROM"), bulletin.described(frame, "TO")
    if frame is None or (start is None and stop is None):
        return None
    return between(bulletin, [f for f in (start, stop) if f is not None], without_start=start is None)


def between(bulletin: Bulletin, fields: list[Field], *, without_start: bool = False) -> TimeWindow | None:
    """Take a start and a stop, each a time, a word, or a word with its time behind it.

    Raises:
        Rejected: it ends before it starts.
    """
    if not fields:
        return None
    waiting = iter(fields)
    start = Side() if without_start else _side(bulletin, waiting)
    stop = _side(bulletin, waiting)
    if start.earliest is not None and stop.latest is not None and stop.latest < start.earliest:
        ends, begins = (side.said.raw if side.said else "" for side in (stop, start))
        raise Rejected(fields[-1].path, f'it ends ("{ends}") before it starts ("{begins}")', "check both times")
    return TimeWindow(
        start_earliest=start.earliest,
        start_latest=start.latest,
        end_earliest=stop.earliest,
        end_latest=stop.latest,
        start=start.said,
        end=stop.said,
        trigger=start.trigger or stop.trigger,
    )


def _side(bulletin: Bulletin, fields: Iterator[Field]) -> Side:
    field = next(fields, None)
    if field is None:
        return Side()
    bulletin.drop(field)
    word, _, rest = field.value.strip().partition(" ")
    if words.fold(word) in _DATED:
        dated = rest or _next_value(bulletin, fields)
        return _dated(words.fold(word), bulletin.time(dated, field.path), f"{word} {dated}".strip())
    if words.fold(field.value) == ON_CALL:
        return Side(trigger="ONCALL")
    if words.fold(field.value) in OPEN:
        return Side(said=TimeValue(raw=field.value.strip(), quality="open"))
    value = bulletin.time(field.value, field.path)
    return Side(value.utc, value.utc, value)


def _next_value(bulletin: Bulletin, fields: Iterator[Field]) -> str:
    field = next(fields, None)
    bulletin.drop(field)
    return field.value.strip() if field else ""


def _dated(word: str, value: TimeValue, raw: str) -> Side:
    said = TimeValue(utc=value.utc, raw=raw, precision=value.precision, quality=value.quality)
    if word in NOT_BEFORE:
        return Side(earliest=value.utc, said=said)
    if word in NOT_AFTER:
        return Side(latest=value.utc, said=said)
    return Side(value.utc, value.utc, said)


def measured(bulletin: Bulletin) -> tuple[TimeWindow, ...]:
    """Take every APERIOD: DISCRETE once, INTERVAL as often as it repeats.

    Raises:
        Rejected: one ends before it starts, or there are too many.
    """
    found: list[TimeWindow] = []
    for each in bulletin.all("APERIOD"):
        if len(found) > MOST_OF_ONE:
            raise Rejected(each.path, f"it has more than {MOST_OF_ONE} windows", "give it a PERIOD, or split it")
        mode = bulletin.peek(each, "mode")
        word = words.fold(mode.value) if mode else ""
        repeats = word.startswith("int")
        if repeats or word.startswith("disc"):
            bulletin.drop(mode)
        fields = bulletin.rest(each, "start")
        rule = _rule(bulletin, each) if repeats else ""
        rules = frozenset(_rule_fields(bulletin, each) if repeats else ())
        window = between(bulletin, [f for f in fields if f not in rules][:4])
        if window is None:
            continue
        if repeats and rule:
            found += _repeated(bulletin, each, window, rule)
        else:
            found.append(window)
    return tuple(found)


def _rule_fields(bulletin: Bulletin, each: Set) -> list[Field]:
    """Return the frequency and the duration: the fields behind the two times."""
    return [f for f in bulletin.rest(each, "frequency") if _is_rule(f.value)]


def _is_rule(text: str) -> bool:
    flat = words.fold(text)
    return _DURATION.fullmatch(flat) is not None or _matcher(flat) is not None or flat in OPEN


def _rule(bulletin: Bulletin, each: Set) -> str:
    found = _rule_fields(bulletin, each)
    return words.fold(found[0].value) if found and _matcher(words.fold(found[0].value)) else ""


def _matcher(rule: str) -> "Matcher | None":
    """Return how to tell whether something takes place on a day, or None if the words are no rule."""
    if rule in _RULES:
        return _RULES[rule]
    days = frozenset(_NAMES.get(word, -1) for word in rule.replace(",", " ").split())
    return Matcher(days=days) if days and -1 not in days else None


class Matcher(NamedTuple):
    """On which days something repeats."""

    days: frozenset[int] = frozenset(range(7))  # of the week, Monday is 0
    every: int = 1  # days
    monthly: str = ""  # "date" or "weekday"
    yearly: bool = False

    def days_from(self, first: datetime) -> Iterator[datetime]:
        """Yield the days on which it takes place, from ``first`` on, up to the last year that times are read in."""
        if self.yearly or self.monthly:
            yield from (day for n in range(_MOST_MONTHS) if (day := self._in_month(first, n)) is not None)
            return
        for n in range(0, _MOST_DAYS, self.every):
            day = first + n * _DAY
            if self.every > 1 or day.weekday() in self.days:
                yield day

    def _in_month(self, first: datetime, n: int) -> datetime | None:
        """Return the day in the n-th month (or year) from the first, None if that has no such day."""
        months = first.month - 1 + (12 * n if self.yearly else n)
        start = first.replace(year=first.year + months // 12, month=months % 12 + 1, day=1)
        offset = first.day - 1
        if self.monthly == "weekday":
            offset = (first.weekday() - start.weekday()) % 7 + (first.day - 1) // 7 * 7
        day = start + offset * _DAY
        return day if day.month == start.month else None


_RULES: Final = {
    "daily": Matcher(),
    "weekdays": Matcher(days=frozenset(range(5))),
    "weekends": Matcher(days=frozenset((5, 6))),
    "weekly": Matcher(every=7),
    "biweekly": Matcher(every=14),
    "monthly by date": Matcher(monthly="date"),
    "monthly by weekday": Matcher(monthly="weekday"),
    "yearly": Matcher(yearly=True),
}


def _repeated(bulletin: Bulletin, each: Set, once: TimeWindow, rule: str) -> Iterator[TimeWindow]:
    """Yield the windows of what repeats, and one over all the rest if there are too many."""
    matcher = _matcher(rule)
    fields = _rule_fields(bulletin, each)
    bulletin.drop(*fields)
    if once.start_earliest is None or once.end_latest is None or matcher is None:
        bulletin.warn("recurrence", each.path, "it repeats, but its first window is open; it was read as one window")
        yield once
        return
    first = _EPOCH + timedelta(microseconds=once.start_earliest)
    length = once.end_latest - once.start_earliest
    last, why = _last(bulletin, fields[1:], first)
    start = once.start_earliest
    listed = 0
    for day in matcher.days_from(first):
        if last is not None and day >= last:
            return
        start = once.start_earliest + (day - first) // _MICRO
        if listed == MAX_WINDOWS - 1:
            break
        listed += 1
        yield _named(once, start, start + length, first=day == first)
    why = why or f"it repeats more than {MAX_WINDOWS} times"
    bulletin.warn("recurrence-bounded", each.path, f"{why}; after {listed} windows the rest was read as one window")
    until = None if last is None else once.start_earliest + (last - first) // _MICRO + length
    yield TimeWindow(start_earliest=start, start_latest=start, end_earliest=until, end_latest=until)


def _named(once: TimeWindow, start: int, end: int, *, first: bool) -> TimeWindow:
    """Return one of the windows; the first keeps what was written."""
    exact = TimeWindow.exact(start, end)
    if not first:
        return exact
    return TimeWindow(
        start_earliest=start, start_latest=start, end_earliest=end, end_latest=end, start=once.start, end=once.end
    )


def _last(bulletin: Bulletin, fields: list[Field], first: datetime) -> tuple[datetime | None, str]:
    """Return when the repeating is over (exclusive), and why that is not known: a duration, or None."""
    flat = words.fold(fields[0].value) if fields else ""
    match = _DURATION.fullmatch(flat)
    if match is None:
        return (
            None,
            f'it repeats without an end ("{flat.upper()}")' if flat else "it repeats, and does not say how long",
        )
    number, unit = int(match[1]), match[2]
    if unit in ("month", "mo", "year", "yr"):
        months = first.month - 1 + number * (12 if unit in ("year", "yr") else 1)
        year = first.year + months // 12
        if year > 2199:
            return None, "it repeats for more than a century"
        return first.replace(year=year, month=months % 12 + 1, day=min(first.day, 28)) + max(
            0, first.day - 28
        ) * _DAY, ""
    return first + number * _DAYS[unit] * _DAY, ""
