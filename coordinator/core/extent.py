"""Where a mission is: a box around all that its file puts somewhere, so that what lies far outside can be noticed."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from schemas.geo import Pair

if TYPE_CHECKING:
    from coordinator.core.mission import Mission

_MARGIN_DEG: Final = 1.0  # about 110 km: flights and supplies come from beyond the last place
Box = tuple[float, float, float, float]


def box(mission: "Mission") -> Box | None:
    """Return west, south, east and north of a mission with a margin, degrees WGS 84.

    It is None where nothing has a position, or where the mission reaches over the 180th meridian or half the earth.
    """
    points = [*_points(mission)]
    if not points:
        return None
    lons, lats = zip(*points, strict=True)
    if max(lons) - min(lons) > 180:
        return None
    west, south, east, north = min(lons), min(lats), max(lons), max(lats)
    return west - _MARGIN_DEG, south - _MARGIN_DEG, east + _MARGIN_DEG, north + _MARGIN_DEG


def _points(mission: "Mission") -> Iterator[Pair]:
    """Yield the places, and the points of ways, zones and areas of responsibility that are written as degrees."""
    yield from ((place.lon, place.lat) for place in mission.places)
    grounds = [zone.ground for zone in mission.zones if zone.ground] + [area.ground for area in mission.boundaries]
    words = (*(w for way in mission.routes for w in way.points), *(w for g in grounds for w in (*g.ring, *g.line)))
    for word in words:
        if (point := _degrees(word)) is not None:
            yield point


def _degrees(word: str) -> Pair | None:
    """Return the point of a ``"lat,lon"``; a name is none."""
    lat, comma, lon = word.partition(",")
    try:
        return (float(lon), float(lat)) if comma else None
    except ValueError:
        return None
