"""From the routes of messages to ways with timed points: named ones are looked up, and turned as the message says.

A timed point says when the mover occupies it: from the head's arrival to the tail's clearing. Where it does not say
when the tail clears, the length of the column and the slowest speed do. Source: reference deconfliction.md §2.1
(Movement), §3.5.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from shapely import Point

from coordinator.core.deconfliction.areas import Problem, point_named, spot_of
from coordinator.core.deconfliction.geometry import length_m
from coordinator.core.deconfliction.legs import Speeds, Stop, Stretch, cleared, legs, reaches
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import FAR, Span, fault, span
from coordinator.core.mission import VehicleType
from schemas.directives import Vehicles
from schemas.geo import Pair, Route, RoutePoint

MAX_M: Final = 2_000_000.0  # a longer way is not checked, and said so
MAX_ON_WAY: Final = 200  # a message that gives more points of its own describes its own way
MAX_STATED: Final = 100_000  # edges that all stated legs of one way may speak of
MOST_VEHICLES: Final = 1_000_000  # of one type: more make no longer column
STAYS: Final = frozenset(("halt", "end"))  # points where nobody knows when the tail leaves, unless it is said

_COMPASS: Final[dict[str, Pair]] = {
    word: step
    for step, words in (
        ((0.0, 1.0), ("n", "north", "northbound")),
        ((0.0, -1.0), ("s", "south", "southbound")),
        ((1.0, 0.0), ("e", "east", "eastbound")),
        ((-1.0, 0.0), ("w", "west", "westbound")),
    )
    for word in words
}
_REVERSE: Final = frozenset(("reverse", "reversed", "return"))


class Mover(NamedTuple):
    """How something moves that a route does not say: its method, and the length of its column in metres."""

    method: str = ""
    column_m: float = 0.0


def column_m(route: Route, vehicles: Sequence[Vehicles], setting: Setting) -> float:
    """Return the length of a column: as stated, or from how many vehicles there are and the mission's spacing."""
    if route.column_length_m is not None:
        return route.column_length_m
    table = {n.casefold(): v.spacing_m for v in setting.mission.vehicles for n in (v.type, *v.aliases)}
    usual = VehicleType(type="").spacing_m
    return sum(min(v.count or 0, MOST_VEHICLES) * table.get(v.type.casefold(), usual) for v in vehicles)


def stretches(route: Route, setting: Setting, mover: Mover, field: str) -> list[Stretch]:
    """Return the legs and timed points of a route.

    Raises:
        Problem: a point or the whole way cannot be found, or a window is unusable.
    """
    stops, reach, own = _laid(route, setting, field)
    speeds = _speeds(route, setting, route.method or mover.method)
    stops = [_cleared(s, mover.column_m, speeds) for s in stops]
    stated = _stated(route, field) if own else {}
    known = _course_known(route)
    found = [
        Stretch(Point(s.at), (*s.at, *s.at), s.span, None, s.name, s.altitude, None, s.blur_m)
        for s in stops
        if s.span or len(stops) == 1
    ]
    found += legs(stops, reach, stated, speeds, known)
    return found


class Passed(NamedTuple):
    """A corner of a way and how many metres of it lie before."""

    metres: float
    stop: Stop

    @property
    def at(self) -> Pair:
        """Where it is, as longitude and latitude."""
        lon, lat = self.stop.at
        return (lon + 180.0) % 360.0 - 180.0, lat


class Course(NamedTuple):
    """The corners of a way, and the windows that the message itself gives to stretches of it, by corners."""

    stops: tuple[Passed, ...]
    stated: dict[tuple[int, int], Span]


def along(route: Route, setting: Setting, field: str) -> Course:
    """Return the corners of a route in order, with their windows as they were said.

    Raises:
        Problem: a point or the whole way cannot be found, or a window is unusable.
    """
    stops, reach, own = _laid(route, setting, field)
    passed = tuple(Passed(m, s) for m, s in zip(reach, stops, strict=True))
    stated = _stated(route, field) if own else {}
    return Course(passed, {(leg.start, leg.end): stated[leg.start] for leg in route.legs} if stated else {})


def corners(route: Route, setting: Setting) -> list[Pair]:
    """Return the corners of a route in the order of travel, degrees east and north.

    Raises:
        Problem: a point or the whole way cannot be found, or a window is unusable.
    """
    return [s.at for s in _way(route, setting, "route")[0]]


def _cleared(stop: Stop, column: float, speeds: Speeds | None) -> Stop:
    if stop.span is None or (stop.stays and stop.span.el >= FAR):
        return stop
    return stop._replace(span=cleared(stop.span, column, speeds))


def _laid(route: Route, setting: Setting, field: str) -> tuple[list[Stop], list[float], bool]:
    """Return what `_way` returns, its edges taking the short way, with how far along each corner is, in metres.

    A way that is too long to be checked is a problem.
    """
    stops, own = _way(route, setting, field)
    stops = _unwrapped(stops)
    edges = [length_m(a.at, b.at) for a, b in pairwise(stops)]
    if sum(edges) > MAX_M:
        raise Problem(field, "too-long", route.name)
    return stops, reaches(stops, edges), own


def _way(route: Route, setting: Setting, field: str) -> tuple[list[Stop], bool]:
    """Return the corners of a route, and whether they are the message's own points, one by one."""
    given = [_stop(p, setting, f"{field}.points[{i}]") for i, p in enumerate(route.points)]
    known = setting.mission.route(route.name) if route.name else None
    if known is None:
        if not given or (route.name and len(given) < 2 and not _is_place(route.name, setting)):
            raise Problem(f"{field}.name", "unknown-route", route.name)
        return given, True
    way = [Stop(point_named(p, setting, f"{field}.name"), p) for p in known.points]
    merged = _merge(_turned(way, route.direction), given, setting.rules.use_radius_m)
    if merged is not None:
        return merged, False
    if len(given) < 2:
        raise Problem(f"{field}.points", "off-route", route.points[0].name)
    return given, True


def _unwrapped(stops: list[Stop]) -> list[Stop]:
    """Return stops whose edges take the short way, beyond ±180° if they must."""
    found: list[Stop] = []
    for stop in stops:
        lon, lat = stop.at
        turns = round((lon - found[-1].at[0]) / 360.0) if found else 0
        found.append(stop._replace(at=(lon - 360.0 * turns, lat)) if turns else stop)
    return found


def _is_place(name: str, setting: Setting) -> bool:
    return setting.mission.place(name) is not None


def _stop(point: RoutePoint, setting: Setting, field: str) -> Stop:
    place = setting.mission.place(point.name) if point.name else None
    if point.position is not None:
        at = spot_of(point.position, f"{field}.position")
    else:
        at = point_named(point.name, setting, f"{field}.name")
    when = None
    if point.window is not None:
        wrong = fault(point.window)
        if wrong and wrong != "missing":
            raise Problem(f"{field}.window", wrong)
        when = None if wrong else span(point.window)
    blur = (point.position.ce_m or 0.0) if point.position is not None else 0.0
    return Stop(at, place.name if place else point.name, when, point.altitude, blur, point.role in STAYS)


def _turned(way: list[Stop], direction: str) -> list[Stop]:
    """Return a way of the gazetteer in the direction that the message names."""
    word = direction.strip().casefold()
    step = _COMPASS.get(word)
    first, last = way[0].at, way[-1].at
    against = step and (last[0] - first[0]) * step[0] + (last[1] - first[1]) * step[1] < 0
    return way[::-1] if word in _REVERSE or against else way


def _course_known(route: Route) -> bool:
    word = route.direction.strip().casefold()
    return not word or word in _COMPASS or word in _REVERSE


def _merge(way: list[Stop], given: list[Stop], tolerance_m: float) -> list[Stop] | None:
    """Return the way with the message's points on it, or None if one of them lies elsewhere."""
    if len(given) > MAX_ON_WAY:
        return None
    merged = list(way)
    for stop in given:
        best = min(range(len(merged)), key=lambda i: length_m(merged[i].at, stop.at))
        if length_m(merged[best].at, stop.at) <= 1.0:
            merged[best] = stop._replace(at=merged[best].at)
        elif (found := _foot(merged, stop.at)) and found[0] <= tolerance_m:
            merged.insert(found[1] + 1, stop._replace(at=found[2]))
        else:
            return None
    return merged


def _foot(way: list[Stop], at: Pair) -> tuple[float, int, Pair] | None:
    """Return the nearest point of a way: how far, on which edge, where."""
    found = []
    for i, (a, b) in enumerate(pairwise(way)):
        east, north = b.at[0] - a.at[0], b.at[1] - a.at[1]
        along = (at[0] - a.at[0]) * east + (at[1] - a.at[1]) * north
        f = min(1.0, max(0.0, along / square)) if (square := math.hypot(east, north) ** 2) else 0.0
        foot = (a.at[0] + east * f, a.at[1] + north * f)
        found.append((length_m(foot, at), i, foot))
    return min(found, default=None)


def _speeds(route: Route, setting: Setting, method: str) -> Speeds | None:
    table = next((s for s in setting.mission.speeds if s.method == method), None)
    slow = route.speed_min_mps if route.speed_min_mps is not None else table.min_mps if table else None
    fast = route.speed_max_mps if route.speed_max_mps is not None else table.max_mps if table else None
    if slow is None or fast is None or fast <= 0:
        return None
    return min(slow, fast), fast


def _stated(route: Route, field: str) -> dict[int, Span]:
    """Return the windows that the message itself gives to edges."""
    found: dict[int, Span] = {}
    if sum(max(0, leg.end - leg.start) for leg in route.legs) > MAX_STATED:
        raise Problem(f"{field}.legs", "too-long")
    for i, leg in enumerate(route.legs):
        wrong = fault(leg.window)
        if wrong or not 0 <= leg.start < leg.end < len(route.points):
            raise Problem(f"{field}.legs[{i}]", wrong or "no-such-point")
        found |= dict.fromkeys(range(leg.start, leg.end), span(leg.window))
    return found
