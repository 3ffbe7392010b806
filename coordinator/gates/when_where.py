"""Times and places as people write them: date-time groups, MGRS beside latitude and longitude, heights above what."""

from adapters.written import grid
from coordinator.core.deconfliction.words import coordinates, dtg
from coordinator.gates.visible import clean
from schemas.geo import AltitudeBand, AltitudeLimit, Position
from schemas.time import TimeWindow


def period(start: int | None, end: int | None) -> str:
    """Return from when to when, microseconds UTC; a side that is open is three dots."""
    if start is None and end is None:
        return ""
    return f"{dtg(start) if start is not None else '...'} - {dtg(end) if end is not None else '...'} UTC"


def window(given: TimeWindow) -> str:
    """Return a window by its outer bounds; without an instant, as it was written."""
    bounds = period(given.start_earliest, given.end_latest)
    raw = [clean(v.raw) for v in (given.start, given.end) if v is not None and v.raw]
    return bounds or " - ".join(raw)


def position(at: Position) -> str:
    """Return a position with its error and as it was written."""
    error = f" +-{at.ce_m:g} m" if at.ce_m else ""
    said = f" ({clean(at.raw)})" if at.raw else ""
    return where("", (at.lon, at.lat)) + error + said


def height(at: AltitudeLimit) -> str:
    """Return one limit as it was written, else in metres with what it is above."""
    return clean(at.raw or (f"{at.value_m:g} m {at.reference}" if at.value_m is not None else at.reference))


def where(place: str, at: tuple[float, float] | None) -> str:
    """Return a place by name, in MGRS and by latitude and longitude."""
    points = (grid(at[1], at[0]), coordinates(at)) if at else ()
    return clean("; ".join(x for x in (place, *points) if x))


def band(at: AltitudeBand) -> str:
    """Return from which height to which."""
    return " - ".join(height(side) if side else "..." for side in (at.lower, at.upper))
