"""K15: a unit cannot be there in time, or would have to be faster than it is. Source: deconfliction.md §2.3 K15.

Two tasks of one unit that follow each other need the way between them and the rest that the mission asks for. The way
is straight, from where the first ends to where the second begins: the least that it can be. What even the fastest
cannot do is definite; what only the slowest cannot, or only for some choice of times, is possible. Tasks further apart
than `rules.travel_within_s` are not compared. A third task between two is no excuse for either, so each two are
compared; where all neighbours fit, the others do.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from shapely import Point

from coordinator.core.deconfliction.areas import Problem
from coordinator.core.deconfliction.geometry import Shape, apart_m, middle, shape
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.routes import Passed, along
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Accord, Side
from coordinator.core.deconfliction.units import lesser
from coordinator.core.deconfliction.verdicts.base import Scene, Verdict
from coordinator.core.deconfliction.verdicts.tasks import each, referred, wanted_twice
from coordinator.core.deconfliction.windows import CALENDAR, FAR, MICROS, Span, micros
from schemas.findings import Certainty, Evidence, FindingKind

SLACK: Final = MICROS
"""What a way may take longer than its windows allow, microseconds: lengths are measured on a model of the earth."""
LONGEST: Final = CALENDAR[1] - CALENDAR[0]
"""No way takes longer, microseconds. A time without a limit is several times that, so that it is always enough."""


class Following(NamedTuple):
    """Two tasks of which one is over, whatever times are chosen, before the other begins."""

    first: Reading
    second: Reading
    least: int  # the shortest time between them, microseconds
    most: int  # the longest


class Pace(NamedTuple):
    """Metres per second, slowest and fastest; ``stated`` if the orders say by which method the unit moves."""

    slow: float
    fast: float
    stated: bool


class Shortfall(NamedTuple):
    """Less time than needed: both in microseconds, and the speed in metres per second that was assumed."""

    certainty: Certainty
    gap: int
    needed: int
    speed: float | None
    because: tuple[str, ...] = ()


def rushed(a: Side, b: Side, accord: Accord, setting: Setting) -> Verdict | None:
    """K15: one unit has less time between two tasks than way and rest take; K18 if nobody knows how it moves."""
    units = wanted_twice(a, b, accord._replace(agreed=False), setting)
    if not units or a.reading is None or b.reading is None:
        return None
    found = _following(a.reading, b.reading, setting)
    if found is None:
        return None
    apart = _way_m(found.first, found.second)
    pace = _pace(found.first, found.second, setting)
    short = _shortfall(found, apart, pace, micros(setting.rules.rest_s))
    if short is None:
        return None
    starts = _ends(found.second, last=False)
    evidence = Evidence(
        rule="between" if short.certainty != "unknown" else "no-speed",
        field="" if short.certainty != "unknown" else "route.method",
        place=setting.place_at(middle(starts[0].geometry)) if starts else "",
        distance_m=apart or None,
        gap_s=short.gap / MICROS,
        required_gap_s=short.needed / MICROS,
        travel_s=round(_taken(apart, short.speed) / MICROS, 1) if short.speed else None,
        speed_mps=short.speed,
        units=tuple(sorted({lesser(pair, setting).said for pair in units})),
        because=short.because,
    )
    kind: FindingKind = "infeasible" if short.certainty != "unknown" else "undecidable"
    severity = setting.severity(setting.default("infeasible", "MEDIUM"), short.certainty, frozenset())
    return Verdict(
        kind, short.certainty, severity, evidence, (a.reading.fields.what, b.reading.fields.what),
        (_whole(a.reading), _whole(b.reading)), "between", notice_s=setting.notice_s(),
        offers=(*each("re-issue", a, b), *referred(setting, a.issuer, b.issuer)),
    )  # fmt: skip


def _following(a: Reading, b: Reading, setting: Setting) -> Following | None:
    """Return two tasks in the order of their times, or None if they may overlap or lie too far apart."""
    if not a.spans or not b.spans:
        return None
    first, second = sorted((a, b), key=_whole)
    before, after = _whole(first), _whole(second)
    least = after.se - before.el
    if not 0 <= least <= micros(setting.rules.travel_within_s) or FAR in (abs(after.se), abs(before.el)):
        return None
    return Following(first, second, least, after.sl - before.ee)


def _whole(of: Reading) -> Span:
    """Return from the first start to the last end."""
    s = of.spans
    return Span(min(x.se for x in s), min(x.sl for x in s), max(x.ee for x in s), max(x.el for x in s))


def _way_m(first: Reading, second: Reading) -> float:
    """Return the metres between where a task ends and where another begins; 0 if either says no place."""
    ways = [apart_m(p, q) for p in _ends(first, last=True) for q in _ends(second, last=False)]
    return min(ways, default=0.0)


def _ends(of: Reading, *, last: bool) -> list[Shape]:
    """Return where a task may begin, or end: an end of its way, and its area."""
    moving = [p for p in of.parts if p.moving]
    still = {p.shape.box: p.shape for p in of.parts if not p.moving and (not moving or of.fields.area is not None)}
    if not moving:
        return list(still.values())
    end = -1 if last else 0
    leg = moving[end].shape
    return [shape(Point(leg.geometry.coords[end]), leg.reach_m), *still.values()]


def _pace(first: Reading, second: Reading, setting: Setting) -> Pace | None:
    """Return how fast a unit gets from one task to the other: by the faster of the methods that the orders state.

    Where they state none that the mission has a speed for, by any that it has; None if it has no speeds at all.
    """
    rows = [s for s in setting.mission.speeds if s.max_mps > 0]
    stated = [s for s in rows if s.method in (first.method, second.method)]
    if stated:
        best = max(stated, key=lambda s: (s.max_mps, s.min_mps))
        return Pace(best.min_mps or best.max_mps, best.max_mps, stated=True)
    if not rows:
        return None
    return Pace(min(s.min_mps or s.max_mps for s in rows), max(s.max_mps for s in rows), stated=False)


def _shortfall(found: Following, apart: float, pace: Pace | None, rest: int) -> Shortfall | None:
    """Return by how much the time between two tasks is too short, or None if it is enough."""
    fast = pace.fast if pace and apart else None
    soonest = rest + _taken(apart, fast)
    if soonest > found.most:
        return Shortfall("definite", found.most, soonest, fast)
    if soonest > found.least:
        return Shortfall("possible", found.least, soonest, fast, ("times",))
    slow = pace.slow if pace and apart else None
    latest = rest + _taken(apart, slow)
    if pace is None or latest <= found.least:
        return None
    if not pace.stated:
        return Shortfall("unknown", found.least, latest, slow)
    return Shortfall("possible", found.least, latest, slow, ("speed",))


def _taken(metres: float, speed: float | None) -> int:
    return min(LONGEST, micros(metres / speed)) if speed else 0


# -- one way ----------------------------------------------------------------------------------------------------------


class TooFast(NamedTuple):
    """A stretch of a way that its windows leave too little time for: microseconds, metres."""

    gap: int
    needed: int
    metres: float
    to: Passed

    @property
    def short(self) -> int:
        """By how much."""
        return self.needed - self.gap


def too_fast(of: Side, scene: Scene) -> Iterator[Verdict]:
    """K15: the windows of a single way leave less time than the fastest of its method takes."""
    reading = of.reading
    route = reading.fields.route if reading and reading.fields.active else None
    if reading is None or route is None:
        return
    method = route.method or reading.method
    fast = max((s.max_mps for s in scene.setting.mission.speeds if s.method == method), default=0.0)
    if not fast or (not route.legs and sum(p.window is not None for p in route.points) < 2):
        return
    try:
        way = along(route, scene.setting, "route")
    except Problem:  # said by K18
        return
    found = [*_arrivals(way.stops, fast), *_legs(way.stops, way.stated, fast)]
    if not found:
        return
    worst = max(found, key=lambda f: (f.short, f.to.metres))
    evidence = Evidence(
        rule="route", place=worst.to.stop.name, at=worst.to.at, distance_m=round(worst.metres, 1),
        gap_s=worst.gap / MICROS, required_gap_s=worst.needed / MICROS, travel_s=worst.needed / MICROS, speed_mps=fast,
    )  # fmt: skip
    yield Verdict(
        "infeasible", "definite", scene.setting.default("infeasible", "MEDIUM"), evidence, (reading.fields.what,),
        (reading.extent,), "route", notice_s=scene.setting.notice_s(), offers=referred(scene.setting, of.issuer),
    )  # fmt: skip


def _arrivals(stops: tuple[Passed, ...], fast: float) -> Iterator[TooFast]:
    """Yield the timed points that cannot be reached in time from earlier ones: by the head, or by the tail."""
    timed = [(p, p.stop.span) for p in stops if p.stop.span is not None]
    for first, last in ((0, 1), (2, 3)):  # the head arrives within the first two bounds, the tail clears in the others
        here, since = stops[0], -FAR  # from where, and when earliest
        for to, span in timed:
            metres = to.metres - here.metres
            needed = _taken(metres, fast)
            if since + needed > span[last] + SLACK:
                yield TooFast(max(0, span[last] - since), needed, metres, to)
            elif since + needed >= span[first]:
                continue
            here, since = to, span[first]


def _legs(stops: tuple[Passed, ...], stated: dict[tuple[int, int], Span], fast: float) -> Iterator[TooFast]:
    """Yield the stretches whose own window is too short."""
    for (start, end), span in sorted(stated.items()):
        metres = stops[end].metres - stops[start].metres
        needed, gap = _taken(metres, fast), span.el - span.se
        if needed > gap + SLACK:
            yield TooFast(gap, needed, metres, stops[end])
