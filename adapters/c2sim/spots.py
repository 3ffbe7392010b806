"""Places of C2SIM: WGS 84 degrees, heights in metres above ground or above mean sea level.

Source: SISO-STD-019-2020 (GeodeticCoordinate); reference formats.md §2.3, §2.4, §8.1.
"""

import re
from typing import Final, Literal

from adapters import places
from adapters.base import Rejected
from adapters.c2sim.tree import Branch
from schemas.geo import AltitudeBand, AltitudeLimit, Position

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{0,40})?(?:[eE][+-]?[0-9]{1,3})?")


def number(leaf: Branch | None, low: float, high: float) -> float | None:
    """Take a number that lies within bounds; any other stays where it is."""
    if leaf is None or not _NUMBER.fullmatch(leaf.text) or not low <= float(leaf.text) <= high:
        return None
    return float(leaf.take())


def spot(location: Branch) -> Position | None:
    """Take the coordinates of a location; None where it has none, as one that is relative to another.

    Raises:
        Rejected: a coordinate is missing, no number, or beyond its range.
    """
    north, east = location.find("Latitude"), location.find("Longitude")
    if north is None and east is None:
        return None
    for leaf, name in ((north, "Latitude"), (east, "Longitude")):
        if leaf is None or not leaf.text:
            raise Rejected(leaf.path if leaf else location.path, f"its {name} is missing", "write decimal degrees")
        if not _NUMBER.fullmatch(leaf.text):
            raise Rejected(leaf.path, f'"{leaf.text[:40]}" is no number', "write decimal degrees, e.g. 2.0000")
        if not (places.latitude if leaf is north else places.longitude)(float(leaf.text)):
            limit = 90 if leaf is north else 180
            why = f"{leaf.text[:40]} is outside -{limit}..{limit}"
            raise Rejected(leaf.path, why, "check that latitude and longitude are not swapped")
    assert north is not None and east is not None  # noqa: S101 - the loop above has seen both
    lat, lon = north.take(), east.take()
    return Position(lat=float(lat), lon=float(lon), form="decimal", raw=f"{lat},{lon}")


def height(location: Branch) -> AltitudeLimit | None:
    """Take a height as it was said; of two, the one above mean sea level, and the other stays."""
    for name, reference in _HEIGHTS:
        leaf = location.find(name)
        raw = leaf.text if leaf else ""
        if (value := number(leaf, -12_000, 1e7)) is not None:
            return AltitudeLimit(reference=reference, value_m=value, raw=raw)
    return None


_HEIGHTS: Final[tuple[tuple[str, Literal["MSL", "AGL"]], ...]] = (("AltitudeMSL", "MSL"), ("AltitudeAGL", "AGL"))


def band(location: Branch) -> AltitudeBand | None:
    """Take the height of a location, as the band that begins and ends there."""
    limit = height(location)
    return AltitudeBand(lower=limit, upper=limit) if limit else None
