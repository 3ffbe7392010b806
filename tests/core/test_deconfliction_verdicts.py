"""K01 by example: conflicts and near misses, one axis at a time.

Source: reference deconfliction.md §1.1 (monitoring#697, dss#633: also what must not be found), §2.1, §2.3.
"""

from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.core.deconfliction import check, geometry, windows
from coordinator.core.measures import Precedence
from coordinator.core.mission import Activity, MatrixRow
from schemas.directives import Dependency, Directive
from schemas.envelope import Envelope, UnitRef
from schemas.geo import (
    AltitudeBand,
    AltitudeLimit,
    Circle,
    Corridor,
    Named,
    Polygon,
    Position,
    Route,
    RoutePoint,
)  # fmt: skip
from schemas.notices import MovementNotice
from schemas.time import TimeValue, TimeWindow
from tests.support.bridge import CLASH, CLOSED, ROW, closure, findings, kinds, use
from tests.support.v1 import KMH, MESSAGES, MINUTE, MISSION, during, ref, said, z


def test_a_published_rule_on_what_goes_first_is_shown_as_a_reason_and_decides_nothing() -> None:
    rule = Precedence(over="humanitarian", under="closure", rule="aid goes before search (SOP 4)")
    sent, now = [MESSAGES[1], MESSAGES[7]], z("140530")
    plain, ranked = (check(sent, m, now) for m in (MISSION, replace(MISSION, precedence=(rule,))))
    assert [f.evidence.precedence for f in ranked] == ["aid goes before search (SOP 4)"]
    assert [replace(f, evidence=replace(f.evidence, precedence="")) for f in ranked] == plain


def test_the_base_case_is_a_conflict_so_that_near_misses_mean_something() -> None:
    [f] = findings(closure(), use())
    assert (f.finding_kind, f.severity, f.certainty) == ("incompatible-activities", "HIGH", "definite")
    assert f.evidence.relation in ("during", "contains")


# -- one axis at a time -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "clash"),
    [
        ("140800", "140900", False),  # meets: half-open
        ("140800", "140901", True),
        ("141300", "141400", False),
        ("141259", "141400", True),
        ("151000", "151045", False),  # another day
    ],
)
def test_windows_are_half_open(start: str, end: str, clash: bool) -> None:
    assert bool(kinds(closure(), use(windows=(during(start, end),)))) is clash


def test_the_thirty_first_is_followed_by_the_first() -> None:
    last, first = z("310000"), z("310000") + 24 * 60 * MINUTE
    evening = TimeWindow.exact(last + 23 * 60 * MINUTE, first)
    assert kinds(closure(windows=(evening,)), use(windows=(TimeWindow.exact(first, first + MINUTE),))) == []
    assert kinds(closure(windows=(evening,)), use(windows=(TimeWindow.exact(first - MINUTE, first + MINUTE),))) == CLASH


@pytest.mark.parametrize(("metres_north", "clash"), [(299.0, True), (301.0, False)])
def test_two_circles_of_150_m_meet_within_300_m(metres_north: float, clash: bool) -> None:
    lat = 2.0 + metres_north / geometry.metric(2.0)[1]
    there = Circle(centre=Position(lat=lat, lon=-27.0), radius_m=150)
    assert bool(kinds(closure(), use(area=there))) is clash


@pytest.mark.parametrize(
    ("low", "high", "reference", "expected"),
    [
        (0, 100, "MSL", []),
        (0, 200, "MSL", CLASH),  # closed intervals: they touch
        (0, 100, "AGL", CLASH),  # unlike datums separate nothing
        (301, 400, "MSL", []),
    ],
)
def test_heights_separate_only_in_one_datum(low: float, high: float, reference: Any, expected: list[str]) -> None:
    here = AltitudeBand(
        lower=AltitudeLimit(reference="MSL", value_m=200), upper=AltitudeLimit(reference="MSL", value_m=300)
    )
    there = AltitudeBand(
        lower=AltitudeLimit(reference=reference, value_m=low), upper=AltitudeLimit(reference=reference, value_m=high)
    )
    got = findings(closure(altitude=here), use(altitude=there))
    assert [f.finding_kind for f in got] == expected
    assert [f.certainty for f in got] == (["possible"] if reference == "AGL" else ["definite"] * len(expected))


def test_a_vertical_buffer_is_kept_or_broken_by_a_metre() -> None:
    mission = replace(MISSION, matrix=(replace(ROW, vertical_m=305.0),))
    low = AltitudeBand(upper=AltitudeLimit(reference="MSL", value_m=100))
    for bottom, expected in ((404.0, CLASH), (405.0, [])):
        high = AltitudeBand(lower=AltitudeLimit(reference="MSL", value_m=bottom))
        assert kinds(closure(altitude=low), use(altitude=high), mission=mission) == expected


def test_a_shared_border_counts_only_where_the_row_says_so() -> None:
    west = Polygon(rings=(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)),))
    east = Polygon(rings=(((1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 0.0)),))
    assert kinds(closure(area=west), use(area=east)) == CLASH
    sectors = replace(MISSION, matrix=(replace(ROW, touch=False),))
    assert kinds(closure(area=west), use(area=east), mission=sectors) == []


def test_shapes_meet_across_the_seam() -> None:
    here = Circle(centre=Position(lat=10.0, lon=179.999), radius_m=200)
    there = Circle(centre=Position(lat=10.0, lon=-179.999), radius_m=200)
    away = Circle(centre=Position(lat=10.0, lon=-179.99), radius_m=200)
    assert kinds(closure(area=here), use(area=there)) == CLASH
    assert kinds(closure(area=here), use(area=away)) == []


def test_a_route_crosses_the_seam_the_short_way() -> None:
    ends = [RoutePoint(position=Position(lat=10.0, lon=lon)) for lon in (179.95, -179.95)]
    over = use(area=None, route=Route(points=tuple(ends), method="vehicle"))
    assert kinds(closure(area=Circle(centre=Position(lat=10.0, lon=180.0), radius_m=200)), over) == CLASH
    assert kinds(closure(area=Circle(centre=Position(lat=10.0, lon=0.0), radius_m=200)), over) == []


def test_identical_twins_conflict() -> None:
    """OSRD#12405: two equal orders are still two."""
    twins = replace(MISSION, matrix=(MatrixRow(name="closure/closure", a="closure", b="closure", severity="HIGH"),))
    assert kinds(closure("A"), closure("B", by="sc-hq"), mission=twins) == CLASH
    assert kinds(closure("A"), closure("A"), mission=twins) == []


@pytest.mark.parametrize(
    ("window", "certainty"),
    [
        (TimeWindow(start_earliest=z("140930"), start_latest=z("141000"), end_earliest=z("141100"),
                    end_latest=z("141200")), "definite"),
        (TimeWindow(start_earliest=z("140700"), start_latest=z("141000"), end_earliest=z("140800"),
                    end_latest=z("141200")), "possible"),
        (TimeWindow(start_earliest=z("140930"), trigger="on order"), "possible"),
        (TimeWindow(trigger="on order"), "possible"),
    ],
)  # fmt: skip
def test_uncertain_times_give_possible_and_lower_the_severity(window: TimeWindow, certainty: str) -> None:
    [f] = findings(closure(), use(windows=(window,)))
    assert (f.certainty, f.severity) == (certainty, "HIGH" if certainty == "definite" else "MEDIUM")


def test_possible_is_not_lowered_for_a_protected_party() -> None:
    loose = TimeWindow(start_earliest=z("140700"), end_latest=z("141200"))
    convoy = said(
        MovementNotice(movement_kind="humanitarian", area=Named(name="KESSA"), windows=(loose,)),
        "H",
        "ocha-cmc",
        "130000",
    )
    [f] = findings(closure(), convoy)
    assert (f.certainty, f.severity) == ("possible", "HIGH")


# -- shapes and tolerances --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lat", [0.0, 35.0, 60.0, 80.0])
@pytest.mark.parametrize("metres", [40.0, 5_000.0, 20_000.0])
def test_distances_agree_with_the_geodesic(lat: float, metres: float) -> None:
    mx, my = geometry.metric(lat)
    p, q = (10.0, lat), (10.0 + 0.6 * metres / mx, lat + 0.8 * metres / my)
    exact = geometry.geodesic_m(p, q)
    shapes = [geometry.shape(geometry.Point(*c)) for c in (p, q)]
    assert geometry.separation(shapes[0], shapes[1], exact - 0.01) is None
    found = geometry.separation(shapes[0], shapes[1], exact + 0.01)
    assert found is not None
    assert found.distance_m == pytest.approx(exact, abs=0.01)


@pytest.mark.parametrize("metres", [1.0, 500.0, 50_000.0, 500_000.0])
@pytest.mark.parametrize("lat", [0.0, 50.0, 70.0, 89.0])
def test_a_widened_box_is_never_too_small(lat: float, metres: float) -> None:
    west, south, east, north = geometry.widen((0.0, lat, 0.0, lat), metres)
    assert geometry.geodesic_m((0.0, lat), (0.0, min(90.0, north))) >= metres or north >= 90
    assert geometry.geodesic_m((0.0, lat), (east, lat)) >= metres or east - west >= 360
    assert south < lat


def test_an_ellipse_and_an_arc_lie_inside_their_polygons() -> None:
    ellipse = geometry.ellipse((0.0, 0.0), 1000.0, 200.0, 90.0)
    mx, my = geometry.metric(0.0)
    assert ellipse.covers(geometry.Point(999.0 / mx, 0.0))
    assert not ellipse.intersects(geometry.Point(0.0, 250.0 / my))
    arc = geometry.arc_band((0.0, 0.0), 500.0, 1000.0, 350.0, 10.0)
    assert arc.covers(geometry.Point(0.0, 999.0 / my))
    assert not arc.intersects(geometry.Point(0.0, -900.0 / my))
    assert not arc.intersects(geometry.Point(0.0, 450.0 / my))


def test_a_corridor_reaches_half_its_width() -> None:
    mx, _ = geometry.metric(2.0)
    for metres, expected in ((249.0, CLASH), (251.0, [])):
        lon = -27.0 + metres / mx
        lane = Corridor(points=((lon, 1.99), (lon, 2.01)), width_m=200)
        assert kinds(closure(), use(area=lane)) == expected


# -- routes -----------------------------------------------------------------------------------------------------------


def convoy(start: str, end: str, **fields: Any) -> Envelope:
    route = Route(name="PLUM", method="vehicle", points=(RoutePoint(name="KESSA", window=during(start, end)),))
    return use("V", area=None, route=replace(route, **fields), windows=(during(start, end),))


def test_legs_behind_a_timed_point_follow_with_the_speed_range() -> None:
    """2.39 km behind the bridge: 2 min 23 s at 60 km/h, 9 min 34 s at 15 km/h."""
    corner = Circle(centre=Position(lat=1.98, lon=-27.008), radius_m=10)
    for start, end, expected in (
        ("141200", "141203", []),
        ("141204", "141207", CLASH),
        ("141210", "141300", CLASH),
        ("141220", "141300", []),
    ):
        block = closure(area=corner, windows=(during(start, end),))
        assert kinds(block, convoy("141202", "141206")) == expected, start


def test_a_place_on_the_way_is_only_possibly_met_while_the_mover_is_somewhere_on_a_leg() -> None:
    block = closure(area=Circle(centre=Position(lat=1.99, lon=-27.004), radius_m=10))
    [f] = findings(block, convoy("141000", "141045"))
    assert (f.certainty, f.evidence.because) == ("possible", ("progress",))


def test_stated_speeds_come_before_those_of_the_mission() -> None:
    corner = Circle(centre=Position(lat=1.98, lon=-27.008), radius_m=10)
    block = closure(area=corner, windows=(during("141209", "141300"),))
    assert kinds(block, convoy("141200", "141201")) == CLASH
    assert kinds(block, convoy("141200", "141201", speed_min_mps=50 * KMH, speed_max_mps=60 * KMH)) == []


def test_a_route_without_any_timing_takes_the_windows_of_its_message() -> None:
    untimed = use(area=None, route=Route(name="PLUM"))
    [f] = findings(closure(), untimed)
    assert f.certainty == "possible"
    assert kinds(closure(windows=(during("141045", "141300"),)), untimed) == []


def test_a_named_route_can_be_driven_the_other_way() -> None:
    corner = Circle(centre=Position(lat=1.98, lon=-27.008), radius_m=10)
    early = closure(area=corner, windows=(during("141150", "141159"),))
    assert kinds(early, convoy("141202", "141206")) == []
    assert kinds(early, convoy("141202", "141206", direction="northbound")) == CLASH


# -- suppressors ------------------------------------------------------------------------------------------------------


def test_the_permitted_list_lifts_a_closure_but_no_separation() -> None:
    assert kinds(closure(permitted=(ref("U"),)), use()) == []
    assert (
        kinds(closure(permitted=(ref("other"),)), use(), use("other", by="xga-fpu", area=Named(name="FORD"))) == CLASH
    )
    escort = Directive(directive_kind="frago", action="escort", area=Named(name="KESSA"), permitted=(ref("U"),),
                       windows=(during(*CLOSED),))  # fmt: skip
    body = MovementNotice(movement_kind="humanitarian", area=Named(name="KESSA"), windows=(during("141000", "141045"),))
    aid = said(body, "U", "ocha-cmc", "130000")
    assert kinds(said(escort, "E", "sc-hq", "130000"), aid) == CLASH


def test_coordination_needs_both_sides() -> None:
    assert kinds(closure(coordinated_with=(ref("U"),)), use()) == CLASH
    assert kinds(closure(coordinated_with=(ref("U"),)), use(coordinated_with=(ref("C"),))) == []


def test_one_unit_in_one_chain_is_compared_only_where_a_row_says_so() -> None:
    mine = closure(performers=(UnitRef(participant="xar-batt"),))
    own = use(by="xar-batt")
    assert kinds(mine, own) == []
    assert kinds(mine, own, mission=replace(MISSION, matrix=(replace(ROW, within=True),))) == CLASH


def test_a_permitted_category_lifts_a_row() -> None:
    observers = Activity(classes=("observer",), kind="movement", movement=("patrol",), armed=False)
    mission = replace(
        MISSION, activities=(*MISSION.activities, observers), matrix=(replace(ROW, unless=("observer",)),)
    )
    assert kinds(closure(), use(armed=False), mission=mission) == []
    assert kinds(closure(), use(armed=True), mission=mission) == CLASH


def test_exercise_never_meets_live() -> None:
    assert kinds(closure(), replace(use(), reality="exercise")) == []


def test_relief_in_place_is_declared() -> None:
    relief = (Dependency(task="C", relation="relief-of"),)
    incoming = said(
        Directive(directive_kind="frago", action="patrol", area=Named(name="KESSA"), dependencies=relief,
                  windows=(during("141000", "141100"),)), "R", "sn-hq", "130000",
    )  # fmt: skip
    assert kinds(closure(), incoming) == []


# -- time itself ------------------------------------------------------------------------------------------------------


def test_poss_and_def_follow_their_definitions() -> None:
    exact, loose = windows.Span(0, 0, 10, 10), windows.Span(5, 15, 20, 30)
    assert windows.possible(exact, loose, 0)
    assert not windows.definite(exact, loose, 0)
    assert windows.definite(exact, loose, 6)
    assert not windows.possible(exact, windows.Span(10, 10, 20, 20), 0)
    assert windows.possible(exact, windows.Span(10, 10, 20, 20), 1)


def test_relations_and_their_inverses() -> None:
    spans = [windows.Span(a, a, b, b) for a in range(4) for b in range(a + 1, 5)]
    seen = set()
    for a in spans:
        for b in spans:
            seen.add(windows.relation(a, b))
            assert windows.relation(b, a) == windows.inverse(windows.relation(a, b))
    assert len(seen) == 13


@pytest.mark.parametrize(
    ("quality", "expected"), [("open", CLASH), ("exact", ["undecidable"]), ("unknown", ["undecidable"])]
)
def test_until_further_notice_is_an_end_that_is_open_and_not_one_that_nobody_could_read(
    quality: Any, expected: list[str]
) -> None:
    start = z("141200")
    window = TimeWindow(start_earliest=start, start_latest=start, end=TimeValue(raw="UFN", quality=quality))
    assert kinds(closure(), use(windows=(window,))) == expected
