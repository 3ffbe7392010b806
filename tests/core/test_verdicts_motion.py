"""K15 to the microsecond: what a finding says, and on which side of each limit it begins.

Source: reference deconfliction.md §2.3 K15; examples of it are in `test_deconfliction_means`.
"""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from coordinator.core.deconfliction.building import finding_id
from coordinator.core.deconfliction.verdicts.travel import LONGEST
from coordinator.core.mission import Mission, Speed
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding, Option
from schemas.geo import Leg, Route, RoutePoint
from schemas.notices import MovementNotice
from schemas.time import TimeValue, TimeWindow
from tests.support.means import MISSION, findings, north, order
from tests.support.v1 import HOUR, KMH, MINUTE, during, said, z

SECOND: Final = 1_000_000
FAST: Final = 60 * KMH
SLOW: Final = 15 * KMH
REST: Final = 600 * SECOND
FIRST: Final = during("140900", "141000")
OVER: Final = z("141000")

# -- K15: between two tasks -------------------------------------------------------------------------------------------


def way(*metres: float, method: Any = "vehicle", timed: int | None = None, **fields: Any) -> Route:
    """A way through points so far north of the bridge, of which one may say when."""
    when = during("140930", "140931")
    points = tuple(RoutePoint(position=north(m).centre, window=when if i == timed else None)
                   for i, m in enumerate(metres))  # fmt: skip
    return Route(points=points, method=method, **fields)


def task(identity: str, when: TimeWindow = FIRST, *metres: float, method: Any = "vehicle", **fields: Any) -> Envelope:
    """An order to A Company to be, or to move, so far north of the bridge."""
    given = {"windows": (when,), "performers": (UnitRef(participant="xar-batt", name="A Coy"),)}
    route = {"route": way(*metres, method=method)} if metres else {}
    return order(identity, fields.pop("by", "sn-hq"), **(given | route | fields))


def going(*rows: tuple[str, float, float]) -> Mission:
    """The mission with other speeds: method, slowest, fastest."""
    return replace(MISSION, speeds=tuple(Speed(method=m, min_mps=low, max_mps=high) for m, low, high in rows))


def after(gap: int) -> TimeWindow:
    """A window that begins so long after the first task is over."""
    return TimeWindow.exact(OVER + gap, OVER + gap + HOUR)


def between(gap: int, metres: float = 20_000, mission: Mission = MISSION, **fields: Any) -> list[Finding]:
    """What is found between a task at the bridge and one that begins so much later, so far away."""
    return findings(task("A", FIRST, 0, **fields), task("B", after(gap), metres, **fields), mission=mission)


def micros(seconds: float | None) -> int:
    assert seconds is not None
    return round(seconds * SECOND)


def test_what_even_the_fastest_and_what_only_the_slowest_cannot_differ_by_a_microsecond() -> None:
    [f] = between(REST)
    fastest = micros(f.evidence.required_gap_s)
    assert fastest == REST + micros((f.evidence.distance_m or 0) / FAST)
    [f] = between(fastest - 1)
    assert (f.certainty, f.severity, f.evidence.because) == ("definite", "MEDIUM", ())
    assert (f.evidence.gap_s, f.evidence.speed_mps) == ((fastest - 1) / SECOND, FAST)
    [f] = between(fastest)
    assert (f.certainty, f.severity, f.evidence.because) == ("possible", "LOW", ("speed",))
    assert (f.evidence.gap_s, f.evidence.speed_mps) == (fastest / SECOND, SLOW)
    assert f.evidence.travel_s == round((f.evidence.distance_m or 0) / SLOW, 1)
    slowest = micros(f.evidence.required_gap_s)
    assert slowest == REST + micros((f.evidence.distance_m or 0) / SLOW)
    assert [f.certainty for f in between(slowest - 1)] == ["possible"]
    assert between(slowest) == []


@pytest.mark.parametrize(("gap", "found"), [(6 * HOUR, 1), (6 * HOUR + 1, 0), (0, 1), (-1, 0)])
def test_tasks_are_compared_from_when_they_meet_up_to_exactly_six_hours_apart(gap: int, found: int) -> None:
    """400 km at 60 km/h: longer than that."""
    assert len(between(gap, 400_000)) == found


def test_a_finding_says_whom_it_concerns_and_who_can_settle_it() -> None:
    [f] = findings(task("A", FIRST, 20_000, by="sn-hq"), task("B", after(REST), 0, by="sc-hq"))
    assert f.id == finding_id("infeasible", [("sn-hq", "A"), ("sc-hq", "B")], "between")
    assert [(p.id, p.what, p.window) for p in f.parties] == [("B", "order", after(REST)), ("A", "order", FIRST)]
    assert (f.evidence.rule, f.evidence.field, f.evidence.place) == ("between", "", "KESSA")
    assert set(f.options) == {
        Option(option="re-issue", party="A"), Option(option="re-issue", party="B"),
        Option(option="refer", party="", who="fhq-u3"),
    }  # fmt: skip


def test_the_place_that_is_named_is_where_the_next_task_begins() -> None:
    for second, place in ((way(0, 9_000), "KESSA"), (way(9_000, 0), "")):
        [f] = findings(task("A", FIRST, 30_000), task("B", after(REST), route=second))
        assert f.evidence.place == place


def test_it_is_the_worse_the_later_it_was_ordered() -> None:
    """25 minutes before the second task, by rule an hour is enough."""
    late = (replace(e, created=TimeValue(utc=z("140955"))) for e in (task("A", FIRST, 0), task("B", after(REST), 9000)))
    [f] = findings(*late)
    assert (f.severity, f.evidence.lead_s) == ("HIGH", 900)


def test_without_a_place_only_the_rest_is_missing() -> None:
    for first, second in ((task("A"), task("B", after(REST - 1))), (task("A"), task("B", after(REST - 1), 9000))):
        [f] = findings(first, second)
        e = f.evidence
        assert (f.certainty, e.gap_s, e.required_gap_s) == ("definite", (REST - 1) / SECOND, 600)
        assert (e.distance_m, e.travel_s, e.speed_mps, e.place) == (None, None, None, "")
    assert findings(task("A"), task("B", after(REST))) == []


def test_a_method_without_a_speed_is_said_as_such() -> None:
    [f] = between(HOUR, method="boat")
    e = f.evidence
    assert (f.finding_kind, f.certainty, f.severity) == ("undecidable", "unknown", "MEDIUM")
    assert (e.rule, e.field, e.speed_mps) == ("no-speed", "route.method", 3 * KMH)
    assert e.travel_s == round((e.distance_m or 0) / (3 * KMH), 1)
    assert f.id == finding_id("undecidable", [("sn-hq", "A"), ("sn-hq", "B")], "between")


@pytest.mark.parametrize(
    ("rows", "methods", "gap", "speed"),
    [
        ((("foot", 1, 2), ("vehicle", 4, 16)), ("foot", "vehicle"), REST, 16),  # whoever can ride rides
        ((("foot", 1, 2), ("vehicle", 4, 16)), ("vehicle", "foot"), REST, 16),
        ((("vehicle", 4, 16), ("foot", 1, 2)), ("foot", "vehicle"), REST, 16),
        ((("foot", 1, 16), ("vehicle", 4, 16)), ("foot", "vehicle"), HOUR, 4),  # of equals the one that is never slow
        ((("boat", 0, 0), ("foot", 1, 2)), ("boat", "boat"), REST, 2),  # a speed of nothing is none
        ((("foot", 0.5, 0.9),), ("foot", "foot"), REST, 0.9),
        ((("foot", 2, 16), ("vehicle", 0, 3)), ("boat", "boat"), HOUR, 2),  # any of them: the slowest that is known
    ],
)
def test_the_way_is_taken_by_the_faster_of_the_methods(rows: Any, methods: Any, gap: int, speed: float) -> None:
    mission = going(*rows)
    first, second = methods
    [f] = findings(task("A", FIRST, 0, method=first), task("B", after(gap), 20_000, method=second), mission=mission)
    assert f.evidence.speed_mps == speed


@pytest.mark.parametrize(
    ("first", "second", "metres"),
    [
        ({"route": way(0, 20_000)}, {"route": way(25_000, 40_000)}, 5_000),
        ({"route": way(20_000, 0)}, {"route": way(25_000, 40_000)}, 25_000),
        ({"route": way(0, 20_000)}, {"route": way(40_000, 25_000)}, 20_000),
        ({"route": way(0, 20_000, width_m=1000)}, {"route": way(25_000, 40_000, width_m=600)}, 4_200),
        ({"route": way(0, 5_000, 20_000, timed=1)}, {"route": way(0)}, 20_000),  # it passes there, it does not end
        ({"route": way(0)}, {"route": way(20_000, 5_000, 0, timed=1)}, 20_000),
        ({"route": way(0, 20_000), "area": north(3_000)}, {"route": way(0)}, 2_900),  # done at the end, or in the area
        ({"route": way(0)}, {"route": way(20_000, 40_000), "area": north(3_000)}, 2_900),
        ({"area": north(0)}, {"area": north(5_000)}, 4_800),
    ],
)  # fmt: skip
def test_the_way_is_the_shortest_from_where_one_task_ends_to_where_the_next_begins(
    first: dict[str, Any], second: dict[str, Any], metres: float
) -> None:
    [f] = findings(task("A", **first), task("B", after(REST + SECOND), **second))
    assert f.evidence.distance_m == pytest.approx(metres, rel=0.001)


@pytest.mark.parametrize("slowness", [1.0, 1e300])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (TimeWindow(start_earliest=z("140900"), start_latest=z("140900"), end_latest=OVER), after(MINUTE)),
        (FIRST, TimeWindow(start_earliest=OVER + MINUTE, end_earliest=OVER + HOUR, end_latest=OVER + HOUR)),
    ],
)
def test_time_without_a_limit_is_always_enough(first: TimeWindow, second: TimeWindow, slowness: float) -> None:
    """Whoever may end or begin at any time is only possibly late, at any speed."""
    mission = going(("vehicle", SLOW / slowness, FAST / slowness))
    [f] = findings(task("A", first, 0), task("B", second, 20_000), mission=mission)
    assert (f.certainty, f.evidence.because, f.evidence.gap_s) == ("possible", ("times",), 60)


def test_a_speed_of_almost_nothing_is_longer_than_all_time() -> None:
    [f] = between(HOUR, mission=going(("vehicle", 1e-308, 1e-307)))
    assert (f.certainty, f.evidence.required_gap_s) == ("definite", (LONGEST + REST) / SECOND)


@pytest.mark.parametrize("wrong", ["A", "B"])
def test_a_task_whose_times_cannot_be_read_is_not_compared(wrong: str) -> None:
    windows = {"A": FIRST, "B": after(REST)}
    windows[wrong] = TimeWindow.exact(OVER, OVER - HOUR)
    found = findings(*(task(k, w, m) for (k, w), m in zip(windows.items(), (0, 20_000), strict=True)))
    assert [(f.finding_kind, f.evidence.field) for f in found] == [("undecidable", "windows[0]")]


# -- K15: one way -----------------------------------------------------------------------------------------------------

Stop = tuple[float, TimeWindow | None]


def ordered(*stops: Stop, legs: tuple[Leg, ...] = (), method: Any = "vehicle") -> Route:
    points = tuple(RoutePoint(position=north(m).centre, name=f"P{i}", window=w) for i, (m, w) in enumerate(stops))
    return Route(points=points, legs=legs, method=method)


def way_found(*stops: Stop, mission: Mission = MISSION, **fields: Any) -> list[Finding]:
    """What is found of one order to move along timed points."""
    return findings(order("W", windows=(during("140800", "141800"),), route=ordered(*stops, **fields)), mission=mission)


HERE: Final = during("140900", "140901")
SOON: Final = during("140910", "140911")
NEEDED: Final = micros(way_found((0, HERE), (20_000, SOON))[0].evidence.required_gap_s)
"""Microseconds for the 20 km at 60 km/h."""


def test_a_way_that_is_too_fast_says_where_it_comes_too_late() -> None:
    [f] = way_found((0, HERE), (20_000, SOON))
    e = f.evidence
    assert (f.finding_kind, f.certainty, f.severity) == ("infeasible", "definite", "MEDIUM")
    assert f.id == finding_id("infeasible", [("sn-hq", "W")], "route")
    assert (e.rule, e.place, e.speed_mps, e.gap_s) == ("route", "P1", FAST, 600)
    assert (e.required_gap_s, e.travel_s) == (NEEDED / SECOND, NEEDED / SECOND)
    assert abs(NEEDED - 20_000 / FAST * SECOND) < SECOND
    assert f.options == (Option(option="refer", party="", who="sn-hq"),)


def test_the_mission_says_how_bad_a_way_is_that_is_too_fast_and_a_short_lead_raises_it() -> None:
    mission = replace(MISSION, severities={"infeasible": "LOW"})
    assert [f.severity for f in way_found((0, HERE), (20_000, SOON), mission=mission)] == ["LOW"]
    late = order("W", windows=(during("140800", "141800"),), route=ordered((0, HERE), (20_000, SOON)), at="140845")
    [f] = findings(late, mission=mission)
    assert (f.severity, f.evidence.lead_s) == ("MEDIUM", 900)


NINE: Final = z("140900")
LAST: Final = z("141700")
OPEN: Final = TimeWindow(end_latest=LAST)


def starts(at: int, latest: int | None = None) -> TimeWindow:
    """A head that arrives then, or until the latest; a tail that may clear at any time."""
    return TimeWindow(start_earliest=at, start_latest=latest or at, end_latest=LAST)


def ends(at: int, latest: int | None = None) -> TimeWindow:
    """A tail that clears then, or until the latest; a head that came at any time before."""
    return TimeWindow(start_latest=z("140800"), end_earliest=at, end_latest=latest or at)


@pytest.mark.parametrize("when", [starts, ends])
@pytest.mark.parametrize(
    ("stops", "shown"),
    [
        (((0, 0), (20, NEEDED - SECOND)), None),  # a second is what lengths may be wrong by
        (((0, 0), (20, NEEDED - SECOND - 1)), ("P1", 20, NEEDED - SECOND - 1)),
        (((0, 0, 30 * MINUTE), (20, NEEDED)), None),  # what sets out at the earliest is in time
        (((0, 0), (20, 5 * MINUTE, NEEDED)), None),  # what arrives at the latest is in time
        (((0, 0), (20, 5 * MINUTE, 10 * MINUTE)), ("P1", 20, 10 * MINUTE)),
        (((0, 0), (20, -5 * MINUTE)), ("P1", 20, 0)),  # there before it set out
        (((0, 0), (20, 10 * MINUTE, 40 * MINUTE), (40, 35 * MINUTE)), ("P2", 40, 35 * MINUTE)),  # the first binds
        (((0, 0), (20, 30 * MINUTE), (40, 45 * MINUTE)), ("P2", 20, 15 * MINUTE)),  # the second binds
        (((0, 0), (20, NEEDED, HOUR), (40, 35 * MINUTE)), ("P2", 40, 35 * MINUTE)),  # both: the whole way is shown
        (((0, 0), (20, 10 * MINUTE), (40, 10 * MINUTE + NEEDED)), ("P1", 20, 10 * MINUTE)),  # from where it was late
        (((0,), (20, 0), (40, 10 * MINUTE)), ("P2", 20, 10 * MINUTE)),  # a point without a time binds nothing
        (((0, 0), (20,), (40, 35 * MINUTE)), ("P2", 40, 35 * MINUTE)),
        (((0, 0), (20,)), None),
    ],
)
def test_a_way_is_too_fast_from_the_point_that_binds(
    when: Any, stops: Any, shown: tuple[str, float, int] | None
) -> None:
    """Kilometres, earliest and latest after nine, as the head arrives or as the tail clears; what is shown of it."""
    found = way_found(*((km * 1000, when(*(NINE + t for t in times)) if times else OPEN) for km, *times in stops))
    if shown is None:
        assert found == []
        return
    [f] = found
    place, km, gap = shown
    assert (f.evidence.place, f.evidence.gap_s) == (place, gap / SECOND)
    assert f.evidence.distance_m == pytest.approx(km * 1000, rel=0.001)


def leg_found(lasting: int) -> list[Finding]:
    """What is found of the leg from 20 to 40 km, on a way that says nothing else of its times."""
    window = TimeWindow(start_earliest=NINE, start_latest=NINE + 1, end_latest=NINE + lasting)
    return way_found((0, None), (20_000, None), (40_000, None), legs=(Leg(start=1, end=2, window=window),))


def test_a_leg_can_take_from_its_earliest_start_to_its_latest_end() -> None:
    [f] = leg_found(MINUTE)
    needed = micros(f.evidence.required_gap_s)
    assert f.evidence.place == "P2"
    assert f.evidence.distance_m == pytest.approx(20_000, rel=0.001)
    assert leg_found(needed - SECOND) == []
    [f] = leg_found(needed - SECOND - 1)
    assert micros(f.evidence.gap_s) == needed - SECOND - 1


@pytest.mark.parametrize("window", [TimeWindow(start_earliest=NINE), TimeWindow(end_latest=LAST)])
def test_a_way_without_a_limit_can_be_as_slow_as_it_likes(window: TimeWindow) -> None:
    mission = going(("vehicle", 1e-308, 1e-307))
    leg = (Leg(start=0, end=1, window=window),)
    for stops in (((0, HERE), (20_000, TimeWindow(start_earliest=NINE))), ((0, OPEN), (20_000, SOON))):
        assert way_found(*stops, mission=mission) == []
    assert way_found((0, None), (20_000, None), legs=leg, mission=mission) == []
    [f] = way_found((0, HERE), (20_000, SOON), mission=mission)
    assert f.evidence.required_gap_s == LONGEST / SECOND


@pytest.mark.parametrize("stops", [((0, HERE), (20_000, SOON)), ((0, SOON), (20_000, HERE))])
def test_without_a_speed_of_the_method_no_way_is_too_fast(stops: Any) -> None:
    assert len(way_found(*stops)) == 1
    assert way_found(*stops, method="boat") == []
    assert way_found(*stops, mission=going()) == []


@pytest.mark.parametrize(("state", "found"), [("planned", 1), ("completed", 0)])
def test_a_movement_that_is_over_was_not_too_fast(state: Any, found: int) -> None:
    notice = MovementNotice(movement_kind="patrol", state=state, windows=(during("140800", "141800"),),
                            route=ordered((0, HERE), (20_000, SOON)))  # fmt: skip
    assert len(findings(said(notice, "M", "xar-batt", "130000"))) == found
