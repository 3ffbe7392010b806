"""When the sun is down at a place: its elevation, from the low-accuracy formulae for the sun (0.01° from 1950 to 2050).

The sun is down while its centre stands below -0.833°: 34' of refraction and 16' of half its width, as almanacs count.
Nearer to that than a margin, nobody can say. Source: J. Meeus, Astronomical Algorithms, 2nd edition, chapters 12, 13,
25; the constants of refraction and width as in the almanacs.
"""

from typing import Any, Final

import numpy as np

from coordinator.core.deconfliction.windows import MICROS, Span

Floats = np.ndarray[Any, np.dtype[np.float64]]

DOWN_DEG: Final = -0.833
MARGIN_DEG: Final = 0.3
"""How far the true elevation may be from the computed one: refraction varies, horizons are not level."""
_J2000: Final = 946_728_000_000_000
"""2000-01-01T12:00Z in microseconds UTC; the minute between it and dynamical time moves the sun by less than 0.001°."""
_DAY: Final = 86_400 * MICROS
_STEP: Final = 300 * MICROS
LONGEST: Final = 366 * _DAY
"""Whatever lasts longer sees every night there is."""


def elevation(at: Floats, lat: float, lon: float) -> Floats:
    """Return the elevation of the sun's centre in degrees, without refraction, at instants in microseconds UTC."""
    days = (at - _J2000) / _DAY
    ra, dec = position(days)
    sidereal = np.radians(280.46061837 + 360.98564736629 * days + lon)
    here, hour = np.radians(lat), sidereal - ra
    up: Floats = np.degrees(np.arcsin(np.sin(here) * np.sin(dec) + np.cos(here) * np.cos(dec) * np.cos(hour)))
    return up


def position(days: Floats) -> tuple[Floats, Floats]:
    """Return right ascension and declination of the sun in radians, days after J2000.0 (Meeus, chapter 25)."""
    t = days / 36_525.0
    mean = 280.46646 + t * (36_000.76983 + t * 0.0003032)
    m = np.radians(357.52911 + t * (35_999.05029 - t * 0.0001537))
    centre = (
        (1.914602 - t * (0.004817 + t * 0.000014)) * np.sin(m)
        + (0.019993 - t * 0.000101) * np.sin(2 * m)
        + 0.000289 * np.sin(3 * m)
    )
    node = np.radians(125.04 - 1934.136 * t)
    longitude = np.radians(mean + centre - 0.00569 - 0.00478 * np.sin(node))
    tilt = np.radians(23.439291 - t * (0.0130042 + t * 0.00000016) + 0.00256 * np.cos(node))
    return np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude)), np.arcsin(np.sin(tilt) * np.sin(longitude))


def nights(start: int, end: int, lat: float, lon: float, spread_deg: float = 0.0) -> list[Span]:
    """Return the nights at a place between two instants: from when to when the sun may be, and surely is, down.

    ``spread_deg`` is how far around the place they have to hold. A night that nobody can be sure of has a latest start
    behind its earliest end.
    """
    margin = MARGIN_DEG + spread_deg
    sure = _below(start, end, lat, lon, DOWN_DEG - margin)
    found = []
    for first, last in _below(start, end, lat, lon, DOWN_DEG + margin):
        within = [(s, e) for s, e in sure if first <= s and e <= last]
        found.append(Span(first, within[0][0], within[-1][1], last) if within else Span(first, last, first, last))
    return found


def _below(start: int, end: int, lat: float, lon: float, limit: float) -> list[tuple[int, int]]:
    """Return the stretches between two instants in which the sun is below a limit, to a tenth of a second."""
    count = max(2, -(-(end - start) // _STEP) + 1)
    at = np.linspace(start, end, count)
    below = elevation(at, lat, lon) < limit
    turns = np.flatnonzero(below[1:] != below[:-1])
    edges = [round(float(e)) for e in _bisected(at[turns], at[turns + 1], lat, lon, limit)]
    edges = ([start] if below[0] else []) + edges + ([end] if below[-1] else [])
    return list(zip(edges[::2], edges[1::2], strict=True))


def _bisected(low: Floats, high: Floats, lat: float, lon: float, limit: float) -> Floats:
    """Return where the elevation passes a limit, between instants on both sides of it."""
    first = elevation(low, lat, lon) < limit
    for _ in range(12):
        middle = (low + high) / 2
        same = (elevation(middle, lat, lon) < limit) == first
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return high
