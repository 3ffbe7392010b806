"""How times and places are written where a format has no way of its own: date-time groups in UTC, decimal degrees.

Reading what these give (`adapters.times`, `adapters.places`) gives the same instant and the same place.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from pygeodesy.utm import toUtm8

from adapters import places
from schemas.geo import Position
from schemas.time import TimeValue, TimeWindow

_MONTHS: Final = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def dtg(value: TimeValue | None) -> str:
    """Return a time as a date-time group in UTC, to the minute or second; what names no instant as it was said."""
    if value is None:
        return ""
    if value.utc is None:
        return value.raw
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value.utc)
    return f"{at:%d%H%M}{f'{at.second:02d}' if at.second else ''}Z{_MONTHS[at.month - 1]}{at:%Y}"


def span(window: TimeWindow | None) -> str:
    """Return a window as two date-time groups, "" where it has no start or no end."""
    return f"{dtg(window.start)}-{dtg(window.end)}" if window and window.start and window.end else ""


def position(at: Position | None) -> str:
    """Return a position as it was written, or in decimal degrees where that would not be read alike."""
    if at is None:
        return ""
    if at.quality == "exact" and at.raw and _same(at, at.raw):
        return at.raw
    return next((text for d in range(1, 8) if _same(at, text := _degrees(at, d))), _degrees(at, 8))


def _degrees(at: Position, decimals: int) -> str:
    return f"{at.lat:.{decimals}f}, {at.lon:.{decimals}f}"


def _same(at: Position, text: str) -> bool:
    """Say whether a text is read as the same place with the same error."""
    try:
        back = places.read(text)
    except places.Unreadable:
        return False
    return (back.lat, back.lon, back.ce_m) == (at.lat, at.lon, at.ce_m)


def grid(lat: float, lon: float) -> str:
    """Return a place in MGRS to the metre, ``26N NH 00000 21060``; "" beyond the grid of UTM, at the poles."""
    return str(toUtm8(lat, lon).toMgrs()) if -80.0 <= lat < 84.0 else ""
