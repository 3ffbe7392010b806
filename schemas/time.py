"""Instants and windows, with what was written and how far it can be trusted.

Instants are integer microseconds UTC. A window has four bounds because orders are rarely exact; its occupied set is
half-open, ``[start, end)``. Source: reference deconfliction.md §2.1; formats.md §2.2.
"""

from typing import Literal

from schemas.base import Value
from schemas.units import Identity, Micros, Seconds

Precision = Literal["second", "minute", "hour", "day", "month"]
TimeQuality = Literal[
    "exact", "zone_inferred", "year_inferred", "month_inferred", "placeholder", "relative", "open", "unknown"
]
"""``open``: "until further notice" was written, and names no instant on purpose."""


class RelativeTime(Value):
    """An offset from the start or end of another task or event."""

    event: Identity
    offset_s: Seconds = 0.0
    anchor: Literal["start", "end"] = "start"


class TimeValue(Value):
    """One instant as it was written; ``utc`` is None where the text names none, and then nothing may invent it."""

    utc: Micros | None = None
    raw: str = ""
    precision: Precision = "second"
    quality: TimeQuality = "exact"
    relative: RelativeTime | None = None


class TimeWindow(Value):
    """When something starts and ends, each between an earliest and a latest instant; None is unbounded.

    An exact window has ``start_earliest == start_latest`` and ``end_earliest == end_latest``. ``start`` and ``end``
    keep what the sender wrote. ``trigger`` names the event that an on-order task waits for.
    """

    start_earliest: Micros | None = None
    start_latest: Micros | None = None
    end_earliest: Micros | None = None
    end_latest: Micros | None = None
    start: TimeValue | None = None
    end: TimeValue | None = None
    trigger: str = ""

    @classmethod
    def exact(cls, start: int, end: int) -> "TimeWindow":
        """Return the window that starts and ends at exactly these instants."""
        return cls(start_earliest=start, start_latest=start, end_earliest=end, end_latest=end)

    @classmethod
    def between(cls, start: TimeValue | None, end: TimeValue | None) -> "TimeWindow":
        """Return the window between two written instants; one without ``utc`` leaves its side unbounded."""
        first = start.utc if start else None
        last = end.utc if end else None
        return cls(start_earliest=first, start_latest=first, end_earliest=last, end_latest=last, start=start, end=end)
