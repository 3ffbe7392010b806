"""How times, lengths and numbers are written in the sentences of findings: alike in every language."""

from datetime import UTC, datetime

from coordinator.core.deconfliction.windows import CALENDAR, MICROS
from schemas.geo import Pair
from schemas.time import TimeWindow


def dtg(micros: int) -> str:
    """Return an instant as a date-time group in Z; seconds only where there are some.

    An instant without a date is written as the nearest one that has: sums of windows can pass the year 9999.
    """
    at = datetime.fromtimestamp(max(CALENDAR[0], min(CALENDAR[1], micros)) // MICROS, UTC)
    seconds = f":{at:%S}" if at.second else ""
    return f"{at:%d%H%M}{seconds}Z{at:%b%y}".upper()


def period(window: TimeWindow) -> str:
    """Return a window in words, by its outer bounds; for the steps of a check, which are in English."""
    start, end = window.start_earliest, window.end_latest
    if start is None or end is None:
        return f"from {dtg(start)}" if start is not None else f"until {dtg(end)}" if end is not None else "at all times"
    return f"from {dtg(start)} to {dtg(end)}"


def coordinates(at: Pair) -> str:
    """Return a point as latitude and longitude with their halves of the earth, to ten metres."""
    lon, lat = at
    return f"{abs(lat):.4f}{'N' if lat >= 0 else 'S'} {abs(lon):.4f}{'E' if lon >= 0 else 'W'}"


def number(value: float) -> str:
    """Return a number with at most one decimal."""
    said = f"{value:.1f}".removesuffix(".0")
    return "0" if said == "-0" else said


def metres(value: float) -> str:
    """Return a length with its unit."""
    return f"{number(value)} m"


def minutes(seconds: float) -> str:
    """Return a duration with its unit."""
    return f"{number(seconds / 60)} min" if seconds % 60 == 0 or seconds >= 600 else f"{number(seconds)} s"


def speed(mps: float) -> str:
    """Return a speed with its unit."""
    return f"{number(mps)} m/s"


def amount(value: float) -> str:
    """Return an amount or a frequency with no more decimals than it has, at most six."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def megahertz(value: float) -> str:
    """Return a frequency with its unit."""
    return f"{amount(value)} MHz"
