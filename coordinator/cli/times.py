"""Times as people type them: ISO 8601, date-time groups, relative to now; and how long something lasts.

``2027-03-14T04:00:00Z``, ``140400ZMAR27``, ``140400Z`` (of the month nearest to now), ``-2h``, ``-1d12h``, ``+30m``,
``now``. A time without a zone is UTC: the bus knows no other.
"""

import re
from typing import Final

from adapters import times
from coordinator.errors import UsageError

SECOND: Final = 1_000_000
_UNITS: Final = {"d": 86_400 * SECOND, "h": 3_600 * SECOND, "m": 60 * SECOND, "s": SECOND}
_RELATIVE: Final = re.compile(r"([+-])((?:\d+(?:\.\d+)?[dhms])+)\Z")
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)([dhms])")


def parse(text: str, now: int) -> int:
    """Return a time as microseconds UTC.

    Raises:
        UsageError: it is none of the accepted forms, or names no instant.
    """
    said = text.strip().lower()
    if said == "now":
        return now
    if match := _RELATIVE.match(said):
        span = sum(round(float(number) * _UNITS[unit]) for number, unit in _PART.findall(match[2]))
        return now - span if match[1] == "-" else now + span
    value = times.read(text.strip(), now, "Z")
    if value.utc is None:
        raise UsageError(f'"{text}" is no time; write 2027-03-14T04:00:00Z, 140400ZMAR27, or -2h for two hours ago')
    return value.utc


def optional(text: str, now: int) -> int:
    """Return a time as `parse`, or 0 for an empty text.

    Raises:
        UsageError: as `parse`.
    """
    return parse(text, now) if text else 0
