"""When a return is due: a clock time with its zone letter, every day, week, month or every so many hours.

A zone letter is a fixed offset, so there is no summer time, no hour that comes twice and none that is left out. The
period of a due time goes from the one before it, without that instant, to it. Instants are microseconds UTC.
"""

import re
from calendar import monthrange
from datetime import UTC, datetime
from typing import Final

from coordinator.core.expected import Return

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
OFFSETS: Final = dict(zip("YXWVUTSRQPONZABCDEFGHIKLM", range(-12, 13), strict=True))
"""Hours ahead of UTC by zone letter; J is whatever the clock on the wall says, so it says nothing."""
WEEKDAYS: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
CLOCK: Final = re.compile(r"([01]\d|2[0-3])([0-5]\d)([A-IK-Z])")
ON: Final = re.compile(r"|".join((*WEEKDAYS, r"[1-9]", r"1\d", r"2[0-8]", "last", "")))
_FIRST: Final = 3  # 1 January 1970 was a Thursday


def latest(row: Return, at: int) -> int:
    """Return the last time at or before an instant at which a return was due."""
    if _is_monthly(row):
        return _latest_of_months(row, at)
    step, anchor = length(row), _anchor(row)
    return anchor + (at - anchor) // step * step


def following(row: Return, at: int) -> int:
    """Return the first time after an instant at which a return is due."""
    if not _is_monthly(row):
        return latest(row, at) + length(row)
    return next(d for d in (latest(row, at + days * DAY) for days in range(1, 64)) if d > at)


def before(row: Return, due: int) -> int:
    """Return the time before a due time at which it was due: where its period begins."""
    return latest(row, due - 1)


def length(row: Return) -> int:
    """Return how long a period is; a month counts as 28 days."""
    if row.every_s:
        return int(row.every_s * SECOND)
    return DAY * (28 if _is_monthly(row) else 7 if row.on else 1)


def _is_monthly(row: Return) -> bool:
    return bool(row.on) and row.on not in WEEKDAYS and not row.every_s


def _clock(row: Return) -> tuple[int, int]:
    """Return the time of day by the clock of the zone, and how far that is ahead of UTC."""
    hours, minutes, zone = _parts(row.due)
    return hours * HOUR + minutes * MINUTE, OFFSETS[zone] * HOUR


def _parts(due: str) -> tuple[int, int, str]:
    read = CLOCK.fullmatch(due)
    return (int(read[1]), int(read[2]), read[3]) if read else (0, 0, "Z")  # a linted mission has nothing else


def _anchor(row: Return) -> int:
    clock, ahead = _clock(row)
    days = (WEEKDAYS.index(row.on) - _FIRST) % 7 if row.on in WEEKDAYS else 0
    return days * DAY + clock - ahead


def _latest_of_months(row: Return, at: int) -> int:
    clock, ahead = _clock(row)
    here = datetime.fromtimestamp((at + ahead) // SECOND, UTC)
    this = _on_day(row, here.year, here.month) + clock - ahead
    if this <= at:
        return this
    year, month = (here.year, here.month - 1) if here.month > 1 else (here.year - 1, 12)
    return _on_day(row, year, month) + clock - ahead


def _on_day(row: Return, year: int, month: int) -> int:
    day = monthrange(year, month)[1] if row.on == "last" else int(row.on)
    return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * SECOND
