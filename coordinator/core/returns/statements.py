"""What reports say about one thing, so that two of them can be compared: a table, one row a topic.

Strict on purpose, since a false alarm is worse than none: only what a report states outright is a statement, only the
same named thing (or the same sort of thing at one place and time) is the same, and two that are far apart in time may
both have been true.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from coordinator.core.correlate import distance_m
from coordinator.core.mission import Mission
from schemas.alerts import CapSeverity
from schemas.base import Message
from schemas.geo import Area, Circle, Named, Pair, Position
from schemas.notices import HazardNotice, ProtectedSite, RouteState
from schemas.reports import IncidentReport, SituationReport, StrengthLine
from schemas.time import TimeWindow

COUNTED: Final = ("killed", "injured", "missing")
"""Counts of people hurt that are compared, each by itself."""
STATES: Final = {"hot": "danger", "cold": "lifted", "check-fire": "lifted", "lifted": "lifted"}
"""What the state of a hazard says about danger now; a planned one says nothing."""
DEGREE_M: Final = 110_000.0  # a degree of latitude is nowhere shorter: what is further apart need not be measured
_Between = tuple[int | None, int | None]


class Statement(NamedTuple):
    """One thing that a report says. ``word`` names the text that says it, ``value`` is what is compared.

    ``thing`` is the name of what it is about; "" is something of a ``sort`` at a place and time.
    """

    topic: str
    word: str
    value: str | int
    thing: str = ""
    sort: str = ""
    where: Pair | None = None
    place: str = ""
    moment: int | None = None  # when it happened
    between: _Between = (None, None)  # from when until when it holds


class Topic(NamedTuple):
    """What is compared: in which messages, how it is said that they do not agree, how bad that is."""

    kinds: tuple[str, ...]
    fields: tuple[str, ...]  # that a statement is drawn from
    severity: CapSeverity
    read: Callable[[Message, Mission, str], Iterator[Statement]]
    within_s: Callable[[Mission], float]


def statements(body: Message, mission: Mission, by: str) -> Iterator[Statement]:
    """Yield everything that a report of a participant says and that is compared."""
    for topic in TOPICS.values():
        if body.KIND in topic.kinds:
            yield from topic.read(body, mission, by)


def same(a: Statement, b: Statement, mission: Mission) -> bool:
    """Say whether two statements are about one thing."""
    if (a.topic, a.thing, a.sort) != (b.topic, b.thing, b.sort) or not _meet(a.between, b.between):
        return False
    if a.thing:
        return True
    if a.moment is None or b.moment is None:
        return a.moment is b.moment and _near(a.where, b.where, mission.reports.distance_m)
    together = abs(a.moment - b.moment) <= int(mission.reports.within_s * 1_000_000)
    return together and _near(a.where, b.where, mission.reports.distance_m)


def _near(a: Pair | None, b: Pair | None, limit_m: float) -> bool:
    if a is None or b is None or abs(a[1] - b[1]) * DEGREE_M > limit_m:
        return False
    return distance_m(a, b) <= limit_m


def _meet(a: _Between, b: _Between) -> bool:
    """Say whether two windows have an instant in common; a side that is not said is open."""
    return not any(
        start is not None and end is not None and start >= end for start, end in ((a[0], b[1]), (b[0], a[1]))
    )


# -- what reports say -------------------------------------------------------------------------------------------------


def _route(body: Message, mission: Mission, by: str) -> Iterator[Statement]:
    if isinstance(body, RouteState) and body.trafficable != "unknown":
        usable = "closed" if body.trafficable == "closed" else "open"
        yield _of_section(body, "route", f"says-{body.trafficable}", usable)


def _class(body: Message, mission: Mission, by: str) -> Iterator[Statement]:
    if isinstance(body, RouteState) and body.load_class is not None:
        yield _of_section(body, "class", "says-class", body.load_class)


def _of_section(body: RouteState, topic: str, word: str, value: str | int) -> Statement:
    name = body.section
    return Statement(topic, word, value, thing=name.casefold(), place=name, between=_between(body.windows))


def _between(windows: tuple[TimeWindow, ...]) -> _Between:
    starts, ends = [w.start_earliest for w in windows], [w.end_latest for w in windows]
    start = None if None in starts else min((s for s in starts if s is not None), default=None)
    return start, None if None in ends else max((e for e in ends if e is not None), default=None)


def _danger(body: Message, mission: Mission, by: str) -> Iterator[Statement]:
    match body:
        case HazardNotice(state=state) if state in STATES:
            where, place = _spot(body.area, mission)
            word, sort, moment = STATES[state], str(body.hazard_kind), None
        case IncidentReport(danger=danger) if danger:
            where, place = _at(body, mission)
            word = "danger" if danger == "present" else "lifted"
            sort, moment = body.category.casefold(), body.occurred.utc if body.occurred else None
        case _:
            return
    if where is not None:
        yield Statement("hazard", f"says-{word}", word, sort=sort, where=where, place=place, moment=moment)


def _casualties(body: Message, mission: Mission, by: str) -> Iterator[Statement]:
    if not isinstance(body, IncidentReport) or body.casualties is None or body.occurred is None:
        return
    where, place = _at(body, mission)
    for name in COUNTED:
        number: int | None = getattr(body.casualties, name)
        if number is not None and where is not None and body.occurred.utc is not None:
            sort = f"{body.category.casefold()} {name}"
            yield Statement("casualties", f"says-{name}", number, sort=sort, where=where, place=place,
                            moment=body.occurred.utc)  # fmt: skip


def _site(body: Message, mission: Mission, by: str) -> Iterator[Statement]:
    if isinstance(body, ProtectedSite):
        word = "removed" if body.removed else "used"
        yield Statement("site", f"says-{word}", word, thing=body.name.casefold(), place=body.name)


def _strength(body: Message, mission: Mission, by: str) -> Iterator[Statement]:
    """Yield a unit's own total, and what a headquarters says of each of those below it, line by line."""
    if not isinstance(body, SituationReport) or not body.strength:
        return
    below = {line.category: mission.participant_of(line.category) for line in body.strength}
    named = [line for line in body.strength if by in mission.superiors(below[line.category])]
    for line in named:
        if line.effective is not None:
            yield Statement("strength", "says-strength", line.effective, thing=below[line.category])
    total = None if named else total_of(body.strength)
    if total is not None:
        yield Statement("strength", "says-strength", total, thing=by)


def total_of(lines: tuple[StrengthLine, ...]) -> int | None:
    """Return how many are effective altogether, or None if a line does not say; a line may be the sum of the others."""
    counts = [line.effective for line in lines]
    known = [c for c in counts if c is not None]
    if len(known) < len(counts) or not known:
        return None
    total = sum(known)
    return total // 2 if len(known) > 1 and max(known) * 2 == total else total


def _at(body: IncidentReport, mission: Mission) -> tuple[Pair | None, str]:
    """Return where an incident was, and its place in words."""
    known = mission.place(body.place_name) if body.place_name else None
    where = (body.position.lon, body.position.lat) if body.position else (known.lon, known.lat) if known else None
    return where, body.place_name or _spelled(where)


def _spot(area: Area, mission: Mission) -> tuple[Pair | None, str]:
    """Return the point that an area is around; None if it is around none."""
    match area:
        case Circle(centre=Position(lon=lon, lat=lat), name=name):
            return (lon, lat), name or _spelled((lon, lat))
        case Named(name=name) if place := mission.place(name):
            return (place.lon, place.lat), name
    return None, ""


def _spelled(where: Pair | None) -> str:
    if where is None:
        return ""
    lon, lat = where
    return f"{abs(lat):.4f}{'N' if lat >= 0 else 'S'} {abs(lon):.4f}{'E' if lon >= 0 else 'W'}"


def _soon(mission: Mission) -> float:
    return mission.reports.within_s


_EVENT: Final = ("category", "occurred", "position", "place_name", "danger")
TOPICS: Final = {
    "route": Topic((RouteState.KIND,), ("section", "trafficable", "windows"), "Moderate", _route, _soon),
    "class": Topic((RouteState.KIND,), ("section", "load_class", "windows"), "Moderate", _class, _soon),
    "hazard": Topic(
        (HazardNotice.KIND, IncidentReport.KIND), (*_EVENT, "area", "state", "hazard_kind"), "Moderate", _danger, _soon
    ),
    "casualties": Topic((IncidentReport.KIND,), (*_EVENT, "casualties"), "Moderate", _casualties, _soon),
    "site": Topic((ProtectedSite.KIND,), ("name", "removed"), "Moderate", _site, _soon),
    "strength": Topic((SituationReport.KIND,), ("strength",), "Minor", _strength, lambda m: m.reports.strength_s),
}
"""What is compared. A place that is named is compared by name, an incident by its category, place and time."""
