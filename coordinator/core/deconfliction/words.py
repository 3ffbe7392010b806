"""How times, lengths and parties are written in the sentences of findings."""

from datetime import UTC, datetime

from schemas.findings import Evidence, Party
from schemas.geo import Pair
from schemas.time import TimeWindow


def dtg(micros: int) -> str:
    """Return an instant as a date-time group in Z; seconds only where there are some."""
    at = datetime.fromtimestamp(micros // 1_000_000, UTC)
    seconds = f":{at:%S}" if at.second else ""
    return f"{at:%d%H%M}{seconds}Z{at:%b%y}".upper()


def period(window: TimeWindow) -> str:
    """Return a window in words, by its outer bounds."""
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
    return f"{value:.1f}".removesuffix(".0")


def metres(value: float) -> str:
    """Return a length with its unit."""
    return f"{number(value)} m"


def minutes(seconds: float) -> str:
    """Return a duration with its unit."""
    return f"{number(seconds / 60)} min" if seconds % 60 == 0 or seconds >= 600 else f"{number(seconds)} s"


def who(party: Party) -> str:
    """Return a party by its id and what it is."""
    name = party.id or "an order that may not be named"
    return f"{name} ({party.what})" if party.what else name


def listed(names: tuple[str, ...]) -> str:
    """Return names, at most five of them."""
    return ", ".join(names[:5]) + (" and others" if len(names) > 5 else "")


def start(e: Evidence) -> list[str]:
    """Return when it starts and when an answer is due."""
    if e.overlap is None or e.overlap.start_earliest is None or e.required_gap_s is None:
        return []
    return [f"It starts {dtg(e.overlap.start_earliest)}, an answer is due {minutes(e.required_gap_s)} before."]
