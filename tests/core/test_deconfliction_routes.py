"""Moving routes: legs with a time of their own, columns, and cells of 50 m, against a brute-force oracle.

Source: reference deconfliction.md §2.1 (Movement), §3.5.
"""

import math
import random
import time
from typing import Any, Final, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from shapely import LineString

from coordinator.core.deconfliction import check, geometry
from coordinator.core.deconfliction.legs import CELL_M, LEG_M
from coordinator.core.deconfliction.meeting import Meeting, Needs, meeting
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.sections import uses
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import FAR, MICROS, Span, possible
from coordinator.core.mission import Section
from schemas.directives import Vehicles
from schemas.geo import Circle, Pair, Position, Route, RoutePoint
from schemas.notices import MovementNotice
from schemas.time import TimeWindow
from tests.support.v1 import KMH, MINUTE, MISSION, during, said, z

SETTING: Final = Setting(MISSION)
START: Final = z("141000")
ANY: Final = Needs()
ROAD: Final = 0.045  # degrees: 5 km


# -- the oracle: every 50 m of one against every 50 m of the other, in its own arithmetic ------------------------------


class Convoy(NamedTuple):
    """A column that leaves some time between two instants, at some speed between two."""

    corners: tuple[Pair, ...]
    first: int
    last: int
    column_m: float
    slow: float
    fast: float

    def notice(self) -> MovementNotice:
        start = TimeWindow(start_earliest=self.first, start_latest=self.last)
        points = [RoutePoint(position=Position(lat=lat, lon=lon)) for lon, lat in self.corners]
        points[0] = replace(points[0], window=start, role="start")
        route = Route(points=tuple(points), column_length_m=self.column_m, speed_min_mps=self.slow,
                      speed_max_mps=self.fast)  # fmt: skip
        return MovementNotice(movement_kind="convoy", route=route, method="vehicle")

    def reading(self) -> Reading:
        return Reading(self.notice(), SETTING)

    def cells(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """Return the ends of every cell in degrees, and when its head arrives first and its tail leaves last."""
        ends: list[tuple[float, float, float, float]] = []
        times: list[tuple[int, int]] = []
        way = 0.0
        for a, b in zip(self.corners, self.corners[1:], strict=False):
            length = metres(a, b)
            legs = math.ceil(length / LEG_M)
            count = legs * math.ceil(length / legs / CELL_M)
            for k in range(count):
                p, q = (tuple(a[i] + (b[i] - a[i]) * f / count for i in (0, 1)) for f in (k, k + 1))
                ends.append((*p, *q))
                near, far = way + length * k / count, way + length * (k + 1) / count
                times.append((self.first + round(near / self.fast * 1e6),
                              self.last + round((far + self.column_m) / self.slow * 1e6)))  # fmt: skip
            way += length
        return np.array(ends), np.array(times)


def metres(a: Pair, b: Pair) -> float:
    return sum(geometry.length_m(p, q) for p, q in zip(steps(a, b), steps(a, b)[1:], strict=False))


def steps(a: Pair, b: Pair) -> list[Pair]:
    count = max(1, math.ceil(geometry.length_m(a, b) / LEG_M))
    return [(a[0] + (b[0] - a[0]) * k / count, a[1] + (b[1] - a[1]) * k / count) for k in range(count + 1)]


def apart(p: np.ndarray[Any, Any], q: np.ndarray[Any, Any]) -> Any:
    """Return the distances between segments, all of one with all of the other: 0 where they cross."""
    mx, my = geometry.metric(float(p[:, 1].mean()))
    p, q = p * np.array([mx, my, mx, my]), q * np.array([mx, my, mx, my])
    a, b, c, d = p[:, None, :2], p[:, None, 2:], q[None, :, :2], q[None, :, 2:]
    found = np.minimum.reduce([reach(a, c, d), reach(b, c, d), reach(c, a, b), reach(d, a, b)])
    crossing = (turn(a, b, c) * turn(a, b, d) < 0) & (turn(c, d, a) * turn(c, d, b) < 0)
    return np.where(crossing, 0.0, found)


def reach(x: Any, a: Any, b: Any) -> Any:
    along = ((x - a) * (b - a)).sum(-1) / ((b - a) ** 2).sum(-1)
    foot = a + np.clip(along, 0.0, 1.0)[..., None] * (b - a)
    return np.hypot(*np.moveaxis(x - foot, -1, 0))


def turn(a: Any, b: Any, c: Any) -> Any:
    u, v = b - a, c - a
    return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]


def oracle(a: Convoy, b: Convoy, distance_m: float, gap: int) -> bool:
    (p, s), (q, t) = a.cells(), b.cells()
    when = (s[:, None, 0] < t[None, :, 1] + gap) & (t[None, :, 0] < s[:, None, 1] + gap)
    rows, columns = when.any(axis=1), when.any(axis=0)
    if not rows.any():
        return False
    return bool((when[rows][:, columns] & (apart(p[rows], q[columns]) <= distance_m + 0.001)).any())


def drives_past(a: Convoy, b: Convoy, distance_m: float, rng: random.Random) -> bool:
    """Say whether some two drives that the notices allow bring the heads together: what may never be missed."""
    mx, my = geometry.metric(2.0)
    tracks = []
    for c in (a, b):
        depart, speed = rng.randint(c.first, c.last), rng.uniform(c.slow, c.fast)
        marks = np.cumsum([0.0] + [metres(p, q) for p, q in zip(c.corners, c.corners[1:], strict=False)])
        times = np.arange(START, START + 120 * MINUTE, 5 * MICROS)
        way = (times - depart) / MICROS * speed
        on = (way >= 0) & (way <= marks[-1])
        xy = [
            np.interp(way, marks, [k * m for k in axis])
            for axis, m in zip(zip(*c.corners, strict=True), (mx, my), strict=True)
        ]
        tracks.append((on, xy))
    (on, (x, y)), (there, (u, v)) = tracks
    return bool((on & there & (np.hypot(x - u, y - v) <= distance_m)).any())


def convoy(rng: random.Random, size: int = 3) -> Convoy:
    """A way along the roads of a grid, one corner after another."""
    here = [rng.randrange(size), rng.randrange(size)]
    corners = [tuple(here)]
    for _ in range(rng.randint(1, 4)):
        axis = rng.randrange(2)
        here[axis] = min(size, max(0, here[axis] + rng.choice((-1, 1))))
        if tuple(here) != corners[-1]:
            corners.append(tuple(here))
    if len(corners) == 1:
        corners.append((corners[0][0] + 1, corners[0][1]))
    slow = rng.uniform(5, 12)
    first = START + rng.randrange(40) * MINUTE
    return Convoy(
        tuple((round(-27 + x * ROAD, 6), round(2 + y * ROAD, 6)) for x, y in corners),
        first, first + rng.randrange(15) * MINUTE, rng.uniform(300, 3000), slow, slow + rng.uniform(0, 4),
    )  # fmt: skip


class Score(NamedTuple):
    pairs: int
    met: int
    missed: int
    false: int
    coarse: int  # what legs of a kilometre alone would have flagged


def compared(pairs: int, seed: int) -> Score:
    rng = random.Random(seed)
    met = missed = false = coarse = 0
    for _ in range(pairs):
        a, b = convoy(rng), convoy(rng)
        distance, gap = rng.choice((0.0, 0.0, 200.0)), rng.choice((0, 0, 10)) * MINUTE
        truth = oracle(a, b, distance, gap)
        one, two = a.reading(), b.reading()
        found = meeting(one, two, Needs(distance, gap / MICROS)) is not None
        met, missed, false = met + truth, missed + (truth and not found), false + (found and not truth)
        coarse += any(
            possible(p.span, q.span, gap) and geometry.separation(p.shape, q.shape, distance)
            for p in one.parts for q in two.parts if p.leg and q.leg
        )  # fmt: skip
        if gap == 0 and not found:
            assert not any(drives_past(a, b, distance, rng) for _ in range(2))
    return Score(pairs, met, missed, false, coarse)


def test_nothing_that_the_50_m_oracle_finds_is_missed_and_hardly_anything_else_is_found() -> None:
    score = compared(120, seed=3)
    assert score.missed == 0
    assert score.met > 25
    assert score.false <= 0.02 * score.met
    assert score.coarse > score.met  # legs of a kilometre alone say more than is true


@pytest.mark.slow
def test_ten_thousand_convoys_and_none_missed() -> None:
    score = compared(10_000, seed=4)
    assert score.met > 1_000
    assert score.missed == 0
    assert score.false <= 0.02 * score.met


# -- legs and their cells ---------------------------------------------------------------------------------------------


def cells(part: Part) -> list[Part]:
    halves = part.halves()
    return [c for h in halves for c in cells(h)] if halves else [part]


@given(st.integers(0, 10_000))
def test_no_part_of_a_leg_is_occupied_when_the_leg_is_not(seed: int) -> None:
    reading = convoy(random.Random(seed)).reading()
    for part in reading.parts:
        small = cells(part)
        assert all(part.span.se <= c.span.se and c.span.el <= part.span.el for c in small)
        assert all(part.span.sl <= c.span.sl and c.span.ee <= part.span.ee for c in small)
        ends = [xy for c in small for xy in c.shape.geometry.coords]
        if part.leg:
            assert all(geometry.length_m(*c.shape.geometry.coords) <= CELL_M + 0.01 for c in small)
            assert (ends[0], ends[-1]) == (part.shape.geometry.coords[0], part.shape.geometry.coords[-1])


def test_the_tail_clears_when_the_column_has_passed() -> None:
    """A column of 3 km at 15 to 60 km/h that arrives at 1000Z: gone 3 to 12 min later, or when the message says."""
    for end, column, expected in (
        (None, 3000.0, 12), (1, 3000.0, 12), (10, 3000.0, 10), (30, 3000.0, 30), (30, None, 30), (None, None, None),
    ):  # fmt: skip
        window = TimeWindow(start_earliest=START, start_latest=START)
        if end is not None:
            window = TimeWindow.exact(START, START + end * MINUTE)
        route = Route(name="PLUM", points=(RoutePoint(name="KESSA", window=window),), column_length_m=column)
        reading = Reading(MovementNotice(movement_kind="convoy", route=route, method="vehicle"), SETTING)
        el = reading.parts[0].span.el
        assert (el >= FAR) if expected is None else (el == START + expected * MINUTE), (end, column)


def test_vehicles_make_a_column_with_the_spacing_of_the_mission() -> None:
    window = TimeWindow(start_earliest=START, start_latest=START)
    route = Route(name="PLUM", points=(RoutePoint(name="KESSA", window=window),), method="vehicle")
    for vehicles, metres_long in (((14, "truck"),), 700.0), (((14, "truck"), (6, "unheard-of")), 1000.0), ((), None):
        listed = tuple(Vehicles(type=t, count=n) for n, t in vehicles)
        notice = MovementNotice(movement_kind="convoy", route=route, vehicles=listed)
        el = Reading(notice, SETTING).parts[0].span.el
        expected = FAR if metres_long is None else START + round(metres_long / (15 * KMH) * MICROS)
        assert el == expected


def test_a_halt_without_an_end_lasts_until_nobody_knows_when() -> None:
    window = TimeWindow(start_earliest=START, start_latest=START)
    point = RoutePoint(name="KESSA", window=window, role="halt")
    route = Route(name="PLUM", points=(point,), column_length_m=500.0)
    reading = Reading(MovementNotice(movement_kind="convoy", route=route, method="vehicle"), SETTING)
    assert reading.parts[0].span.el >= FAR


# -- what is reported -------------------------------------------------------------------------------------------------


def east(metres_: float, lat: float = 2.0) -> float:
    return -27.0 + metres_ / geometry.metric(lat)[0]


def drive(start_m: float, end_m: float, north_m: float = 0.0, start: int = START, **fields: Any) -> Reading:
    """A vehicle at 10 m/s from one place to another along a parallel; it leaves exactly at its start."""
    window = TimeWindow(start_earliest=start, start_latest=start)
    lat = 2.0 + north_m / geometry.metric(2.0)[1]
    ends = [RoutePoint(position=Position(lat=lat, lon=east(m))) for m in (start_m, end_m)]
    ends[0] = replace(ends[0], window=window)
    given = {"column_length_m": 100.0, "speed_min_mps": 10.0, "speed_max_mps": 10.0} | fields
    return Reading(MovementNotice(movement_kind="convoy", route=Route(points=tuple(ends), **given)), SETTING)


def met(a: Reading, b: Reading, needs: Needs = ANY) -> Meeting:
    found = meeting(a, b, needs)
    assert found is not None
    return found


def test_two_that_meet_head_on_meet_where_and_when_they_do_within_a_cell() -> None:
    m = met(drive(0, 10_000), drive(10_000, 0))
    assert abs((m.separation.at[0] - east(5_000)) * geometry.metric(2.0)[0]) <= 75
    assert m.overlap is not None
    assert m.overlap.se == pytest.approx(START + 500 * MICROS, abs=10 * MICROS)
    assert m.overlap.el - m.overlap.se <= 30 * MICROS


def test_who_left_a_kilometre_earlier_is_not_met() -> None:
    """On legs of a kilometre they would meet: a meeting that vanishes at 50 m is no finding."""
    first, second = drive(0, 10_000), drive(0, 10_000, start=START + 40 * MICROS)
    assert meeting(first, second, Needs()) is None
    assert meeting(first, drive(0, 10_000, start=START + 14 * MICROS), Needs()) is not None
    assert any(possible(p.span, q.span, 0) and geometry.separation(p.shape, q.shape, 0.0)
               for p in first.parts for q in second.parts if p.leg and q.leg)  # fmt: skip


def test_a_mover_through_a_place_is_there_from_its_first_cell_to_its_last() -> None:
    place = Reading(
        MovementNotice(movement_kind="patrol", windows=(during("140900", "141300"),),
                       area=Circle(centre=Position(lat=2.0, lon=east(5_000)), radius_m=1_500)),
        SETTING,
    )  # fmt: skip
    m = met(drive(0, 10_000), place)
    assert m.certainty == "definite"
    assert m.overlap is not None
    assert m.overlap.se == pytest.approx(START + 350 * MICROS, abs=6 * MICROS)
    assert m.overlap.el == pytest.approx(START + (650 + 10) * MICROS, abs=6 * MICROS)


def test_a_section_is_used_from_the_first_cell_on_it_to_the_last_and_each_time_it_is_passed() -> None:
    mission = replace(MISSION, sections=(Section(name="KESSA", place="KESSA", radius_m=100),))
    there_and_back = [RoutePoint(position=Position(lat=2.0, lon=east(m))) for m in (-5_000, 5_000, -5_000)]
    there_and_back[0] = replace(there_and_back[0], window=TimeWindow(start_earliest=START, start_latest=START))
    route = Route(points=tuple(there_and_back), column_length_m=100.0, speed_min_mps=10.0, speed_max_mps=10.0)
    reading = Reading(MovementNotice(movement_kind="convoy", route=route, method="vehicle"), Setting(mission))
    [once, again] = uses(reading, Setting(mission).spots["kessa"])
    for use, middle in ((once, 500), (again, 1500)):
        assert use.span.se == pytest.approx(START + (middle - 10) * MICROS, abs=6 * MICROS)
        assert use.span.el == pytest.approx(START + (middle + 20) * MICROS, abs=6 * MICROS)
        assert use.certain


# -- positions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metres_east", "error", "expected"),
    [
        (290, None, "definite"),
        (290, 100, "possible"),  # within 300 m only if the grid cell is taken at its centre
        (199, 100, "definite"),  # within 300 m wherever in the cell it is
        (399, 100, "possible"),  # only if it lies at the near side
        (401, 100, None),
    ],
)
def test_what_depends_on_a_circular_error_is_possible(
    metres_east: float, error: float | None, expected: str | None
) -> None:
    def patrol(lon: float, ce_m: float | None) -> Reading:
        area = Circle(centre=Position(lat=2.0, lon=lon, ce_m=ce_m), radius_m=150)
        return Reading(
            MovementNotice(movement_kind="patrol", area=area, windows=(during("140900", "141300"),)), SETTING
        )

    found = meeting(patrol(east(0), None), patrol(east(metres_east), error), Needs())
    assert (found and found.certainty) == expected
    assert not found or found.because == (("positions",) if expected == "possible" else ())


def test_the_error_of_a_route_point_widens_its_legs() -> None:
    place = Reading(
        MovementNotice(movement_kind="patrol", windows=(during("140900", "141300"),),
                       area=Circle(centre=Position(lat=2.0, lon=east(5_000)), radius_m=150)),
        SETTING,
    )  # fmt: skip
    lat = 2.0 + 200 / geometry.metric(2.0)[1]
    for error, expected in ((None, None), (100.0, "possible")):
        points = [RoutePoint(position=Position(lat=lat, lon=east(m), ce_m=error)) for m in (0, 10_000)]
        route = Route(points=tuple(points), speed_min_mps=10.0, speed_max_mps=10.0)
        notice = MovementNotice(movement_kind="convoy", route=route, windows=(during("141000", "141100"),))
        found = meeting(Reading(notice, SETTING), place, Needs())
        assert (found and found.certainty) == expected


# -- shapes that touch ------------------------------------------------------------------------------------------------


def test_shapes_that_touch_do_so_wherever_on_earth_they_lie() -> None:
    """A slanted line through a corner: coordinates are rounded, and a tenth of a millimetre decides nothing."""
    for by in range(0, 200, 7):
        west, east_ = round(-27.0081 + by, 6), round(-27.0027 + by, 6)
        line = geometry.shape(LineString([(west, 2.0), (round(-26.9973 + by, 6), 2.0054)]))
        box = geometry.shape(geometry.Polygon([(west, 2.0027), (east_, 2.0027), (east_, 2.0081), (west, 2.0081)]))
        assert geometry.separation(line, box, 0.0)
        assert geometry.separation(line, box, 0.0, touch=False) is None


def test_a_line_across_a_field_and_lines_along_each_other_share_more_than_a_border() -> None:
    field = geometry.shape(geometry.Polygon([(0, 0), (1, 0), (1, 1), (0, 1)]))
    across = geometry.shape(LineString([(-1, 0.5), (2, 0.5)]))
    along = geometry.shape(LineString([(0, 0), (1, 0)]))
    one, two = (geometry.shape(LineString([(0, 0), (e, e / 3)])) for e in (0.3, 0.9))
    assert geometry.separation(across, field, 0.0, touch=False)
    assert geometry.separation(along, field, 0.0, touch=False) is None
    assert geometry.separation(one, two, 0.0, touch=False)


# -- work is bounded --------------------------------------------------------------------------------------------------


def long_way(corners: list[Pair], untimed: bool = True, start: int = START) -> Reading:
    points = [RoutePoint(position=Position(lat=lat, lon=lon)) for lon, lat in corners]
    if not untimed:
        points[0] = replace(points[0], window=TimeWindow(start_earliest=start, start_latest=start + 60 * MINUTE))
    route = Route(points=tuple(points), column_length_m=1000.0, speed_min_mps=5.0, speed_max_mps=15.0)
    windows = (TimeWindow.exact(start, start + 10_000 * MINUTE),)
    return Reading(MovementNotice(movement_kind="convoy", route=route, windows=windows), SETTING)


def test_two_ways_of_two_thousand_kilometres_cost_no_more_than_a_second() -> None:
    there, back = [(-27.0, 0.0), (-10.0, 0.0)], [(-10.0, 0.0), (-27.0, 0.0)]
    dense = [(-27.0 + 0.00001 * i, 0.0005 * (i % 2)) for i in range(2_000)]
    beside = [(lon, lat + 0.00245) for lon, lat in dense]
    for one, other, distance in (
        (long_way(there), long_way(back), 0.0),
        (long_way(there, untimed=False), long_way(back, untimed=False), 500.0),
        (long_way(dense), long_way(dense[::-1]), 0.0),
        (long_way(dense), long_way(beside), 220.0),
    ):
        assert len(one.parts) > 1_500
        before = time.process_time()
        found = meeting(one, other, Needs(distance))
        assert time.process_time() - before < 5.0  # seconds of this machine; all pairs would take minutes
        assert found is not None


def test_what_is_too_much_to_compare_is_possible_and_never_nothing() -> None:
    """Each of eleven thousand pieces within a hair of the limit of each of as many others."""
    dense = [(-27.0 + 0.000001 * i, 0.0005 * (i % 2)) for i in range(11_000)]
    one, two = long_way(dense), long_way([(lon, lat + 0.01) for lon, lat in dense])
    m = met(one, two, Needs(1_050.0))
    assert (m.certainty, m.because) == ("possible", ("effort",))
    notice = MovementNotice(movement_kind="convoy", method="vehicle", route=Route(points=tuple(
        RoutePoint(position=Position(lat=lat, lon=lon)) for lon, lat in dense
    )), windows=(during("141000", "141100"), during("151000", "151100")))  # fmt: skip
    [f] = check([said(notice, "LONG", "xbl-batt", "130000")], MISSION, z("140000"))
    assert (f.finding_kind, f.evidence.rule) == ("undecidable", "too-long")


def test_when_nothing_times_a_leg_only_the_window_of_the_message_does() -> None:
    reading = long_way([(-27.0, 0.0), (-26.9, 0.0)])
    assert {p.span for p in reading.parts} == {Span(START, START, *[START + 10_000 * MINUTE] * 2)}
    assert {c.span for p in reading.parts for c in cells(p)} == {p.span for p in reading.parts}
