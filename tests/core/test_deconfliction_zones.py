"""K06, K07 by example: who is where it may not be without being asked, and near misses on one axis at a time.

Source: reference deconfliction.md §2.3 K06-K07, §2.1 (contact, heights, definite and possible).
"""

from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine
from coordinator.core.deconfliction.areas import Problem
from coordinator.core.deconfliction.crossings import crossings
from coordinator.core.deconfliction.grounds import shape_of
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.measures import Ground, Period
from schemas.directives import Directive, OrderChange
from schemas.geo import AltitudeBand, AltitudeLimit, Circle, Polygon, Position
from schemas.notices import Cancellation, HazardNotice, MovementNotice, ProtectedSite
from tests.support.places import (
    AT,
    FOLLOWS,
    INSIDE,
    WINDOW,
    ceasefire,
    check_all,
    found,
    kinds,
    moment,
    on_the_way,
    only,
    order,
    patrol,
    permission,
    restricted,
    spot,
    square,
    within,
    zone,
)
from tests.support.v1 import MISSION, during, logged, ref, said

# -- grounds ----------------------------------------------------------------------------------------------------------


def test_a_ground_is_a_ring_a_line_or_a_place() -> None:
    setting = Setting(MISSION)
    assert shape_of(square(), setting).geometry.area == pytest.approx(0.0004)
    line = shape_of(Ground(line=("10,20", "KESSA"), width_m=40), setting)
    assert (line.geometry.geom_type, line.reach_m) == ("LineString", 20)
    assert shape_of(Ground(place="KESSA"), setting).reach_m == 150
    assert shape_of(Ground(place="KESSA", radius_m=10), setting).reach_m == 10


@pytest.mark.parametrize(
    "ground",
    [
        Ground(place="nowhere"), Ground(), Ground(ring=("1,1", "2,2")), Ground(ring=("0,0", "1,1", "0,1", "1,0")),
        Ground(line=("0,0", "0,190")),
    ],
)  # fmt: skip
def test_what_is_no_ground_is_a_problem_with_a_name(ground: Ground) -> None:
    with pytest.raises(Problem):
        shape_of(ground, Setting(MISSION))


# -- K06 --------------------------------------------------------------------------------------------------------------


def test_a_patrol_in_a_prohibited_zone_is_critical_and_names_whose_it_is() -> None:
    f = only(within(zone(basis="CFA article 3")), patrol())
    assert (f.finding_kind, f.severity, f.certainty) == ("prohibited-zone", "CRITICAL", "definite")
    assert (f.evidence.rule, f.evidence.authority, f.evidence.basis) == ("Z", "fhq-u3", "CFA article 3")
    assert f.evidence.overlap == during(*WINDOW)
    assert f.arbiter == "fhq-u3"
    assert set(f.told) == {"xar-batt", "fhq-u3"}


@pytest.mark.parametrize(("metres", "hit"), [(499.0, True), (501.0, False)])
def test_the_standoff_is_kept_or_broken_by_a_metre(metres: float, hit: bool) -> None:
    got = found(within(zone(standoff_m=500)), patrol(area=spot(metres)))
    assert bool(got) is hit
    if got:
        assert got[0].evidence.required_m == 500
        assert got[0].evidence.distance_m == pytest.approx(metres, abs=0.5)


def test_a_shared_border_counts_unless_the_zone_says_otherwise() -> None:
    ring = ((20.0, 9.98), (20.02, 9.98), (20.02, 10.0), (20.0, 10.0), (20.0, 9.98))
    south = patrol(area=Polygon(rings=(ring,)))
    assert kinds(within(zone()), south) == ["prohibited-zone"]
    assert kinds(within(zone(touch=False)), south) == []


@pytest.mark.parametrize(
    ("window", "hit"), [(("140800", "141000"), False), (("140800", "141001"), True), (("141100", "141200"), False)]
)
def test_a_zone_holds_in_its_periods_which_are_half_open(window: tuple[str, str], hit: bool) -> None:
    held = zone(periods=(Period(start=moment("141000"), end=moment("141100")),))
    assert bool(found(within(held), patrol(window=window))) is hit


@pytest.mark.parametrize(
    ("low", "high", "reference", "certainty"),
    [(0, 99, "AGL", None), (0, 100, "AGL", "definite"), (0, 99, "MSL", "possible"), (301, 400, "AGL", None)],
)
def test_heights_separate_only_in_one_datum(low: float, high: float, reference: Any, certainty: str | None) -> None:
    lower, upper = (AltitudeLimit(reference=reference, value_m=v) for v in (low, high))
    got = found(within(zone(floor_m=100, ceiling_m=300)), patrol(altitude=AltitudeBand(lower=lower, upper=upper)))
    assert [f.certainty for f in got] == ([certainty] if certainty else [])
    assert all(f.severity == "CRITICAL" for f in got)  # K06 stays when possible


def test_only_the_activities_that_a_zone_names_are_prohibited() -> None:
    assert kinds(within(zone(classes=("armed",))), patrol()) == ["prohibited-zone"]
    assert kinds(within(zone(classes=("closure",))), patrol()) == []


def test_a_protected_site_is_never_itself_a_breach() -> None:
    site = said(ProtectedSite(name="hospital", site_kind="medical", position=Position(lat=10.01, lon=20.01)), "H",
                "ocha-cmc", "130000")  # fmt: skip
    assert kinds(within(zone()), site) == []


def test_an_exemption_names_the_order_and_its_revision_and_dies_with_the_next() -> None:
    mission = within(zone(exempt=("P:1",)))
    again = said(MovementNotice(movement_kind="patrol", area=INSIDE, windows=(during(*WINDOW),)), "P", "xar-batt",
                 "130100", revision=2)  # fmt: skip
    assert kinds(mission, patrol()) == []
    assert kinds(mission, patrol(), again) == ["prohibited-zone"]
    assert kinds(within(zone(exempt=("P:2",))), patrol()) == ["prohibited-zone"]


def test_an_amendment_of_an_exempted_order_is_not_exempt() -> None:
    change = OrderChange(order=ref("D"), windows=(during("141200", "141300"),))
    amendment = said(Directive(directive_kind="frago", amends=(change,)), "F", "fhq-u3", "130100")
    assert kinds(within(zone(exempt=("D:1",))), order()) == []
    assert kinds(within(zone(exempt=("D:1",))), order(), amendment) == ["prohibited-zone"]
    assert kinds(within(zone(exempt=("D:1", "F:1"))), order(), amendment) == []


def test_a_hazard_is_judged_by_its_effect_and_a_route_by_its_passage() -> None:
    mission = within(zone(standoff_m=100))
    fire = HazardNotice(hazard_kind="range", area=spot(700, 1.0), error_m=650, windows=(during(*WINDOW),))
    assert kinds(mission, said(fire, "R", "xar-batt", "130000")) == ["prohibited-zone"]
    assert kinds(mission, said(replace(fire, error_m=550), "R", "xar-batt", "130000")) == []
    through = only(mission, on_the_way((9.95, 20.01), (10.05, 20.01)))
    assert (through.finding_kind, through.certainty) == ("prohibited-zone", "definite")  # whenever it passes, it does
    assert kinds(mission, on_the_way((9.95, 20.05), (10.05, 20.05))) == []


def test_a_zone_that_does_not_hold_all_the_time_is_passed_possibly_and_only_then() -> None:
    held = zone(periods=(Period(start=moment("141000"), end=moment("141010")),))
    window = ("141000", "141100")  # 11 km at 15 to 60 km/h, starting at some time in that hour
    assert only(within(held), on_the_way((9.95, 20.01), (10.05, 20.01), window=window)).certainty == "possible"
    late = ("141020", "141120")
    assert kinds(within(held), on_the_way((9.95, 20.01), (10.05, 20.01), window=late)) == []


def test_a_zone_is_met_across_the_seam() -> None:
    mission = within(zone(ground=Ground(ring=("10,179.99", "10,180", "10.02,180", "10.02,179.99"))))
    assert kinds(mission, patrol(area=Circle(centre=Position(lat=10.01, lon=-179.9999), radius_m=50))) == [
        "prohibited-zone"
    ]
    assert kinds(mission, patrol(area=Circle(centre=Position(lat=10.01, lon=-179.99), radius_m=50))) == []


def test_nobody_below_the_authority_of_a_zone_is_offered_to_settle_it() -> None:
    f = only(within(zone()), patrol())
    assert {o.who for o in f.options if o.who} == {"fhq-u3"}
    assert not any(o.option == "permission" for o in f.options)


# -- K07 --------------------------------------------------------------------------------------------------------------


def test_a_restricted_zone_asks_for_a_permission_of_its_authority() -> None:
    mission = within(restricted())
    f = only(mission, patrol())
    assert (f.finding_kind, f.severity) == ("restricted-zone", "HIGH")
    assert [(o.option, o.who) for o in f.options if o.option == "permission"] == [("permission", "fhq-u3")]
    assert kinds(mission, patrol(), permission()) == []
    assert kinds(mission, patrol(), permission(by="sn-hq")) == ["restricted-zone"]
    assert kinds(mission, patrol(), permission(order="Q")) == ["restricted-zone"]
    assert kinds(mission, patrol(), permission(revision=2)) == ["restricted-zone"]


def test_a_permission_holds_for_its_place_and_time_and_activity_and_until_it_is_withdrawn() -> None:
    mission = within(restricted())
    wide, narrow = replace(INSIDE, radius_m=20), replace(INSIDE, radius_m=5)
    assert kinds(mission, patrol(), permission(area=wide, windows=(during(*WINDOW),))) == []
    assert kinds(mission, patrol(), permission(area=narrow)) == ["restricted-zone"]
    assert kinds(mission, patrol(), permission(windows=(during("141000", "141059"),))) == ["restricted-zone"]
    assert kinds(mission, patrol(), permission(permitted=("humanitarian",))) == ["restricted-zone"]
    assert kinds(mission, patrol(), permission(permitted=("armed",))) == []
    gone = said(Cancellation(), "A-fhq-u3", "fhq-u3", "130100", revision=2, kind="agreement", status="cancel")
    assert kinds(mission, patrol(), permission(), gone) == ["restricted-zone"]


def test_a_prohibited_zone_takes_no_permission_that_does_not_name_the_revision() -> None:
    assert kinds(within(zone()), patrol(), permission()) == ["prohibited-zone"]
    assert kinds(within(zone()), patrol(), permission(revision=1)) == []
    assert kinds(within(zone()), patrol(), permission(by="sn-hq", revision=1)) == ["prohibited-zone"]


def test_possible_lowers_a_restricted_zone_by_one() -> None:
    band = AltitudeBand(upper=AltitudeLimit(reference="MSL", value_m=10))
    assert only(within(restricted(floor_m=100)), patrol(altitude=band)).severity == "MEDIUM"


LINE: Final = Ground(line=("10,20", "10,20.02", "10.02,20.04"))


@pytest.mark.parametrize(
    ("way", "crosses"),
    [
        (((9.99, 20.01), (10.01, 20.01)), True),
        (((9.99, 20.01), (10.0, 20.01), (9.99, 20.015)), False),  # touches and turns back
        (((9.99, 20.005), (10.0, 20.005), (10.0, 20.01), (9.99, 20.01)), False),  # runs along it and leaves again
        (((9.99, 20.005), (10.0, 20.005), (10.0, 20.01), (10.01, 20.01)), True),
        (((9.99, 20.02), (10.01, 20.02)), True),  # through a corner
        (((9.99, 19.99), (10.01, 19.99)), False),  # beyond its end
        (((9.99, 20.01), (10.0, 20.01)), False),  # up to it
    ],
)
def test_a_line_is_crossed_only_from_one_side_to_the_other(way: tuple[tuple[float, float], ...], crosses: bool) -> None:
    got = found(within(restricted(ground=LINE)), on_the_way(*way))
    assert [f.finding_kind for f in got] == (["restricted-zone"] if crosses else [])
    for f in got:
        assert f.certainty == "definite"
        assert f.evidence.at is not None
        assert f.evidence.at[1] == pytest.approx(10.0, abs=1e-6)


def test_an_effect_footprint_crosses_a_line_that_runs_through_it() -> None:
    mission = within(restricted(ground=LINE))
    assert kinds(mission, patrol(area=spot(-2.0, 10.0))) == ["restricted-zone"]
    assert kinds(mission, patrol(area=spot(2.0, 10.0))) == []
    ring = ((20.001, 9.99), (20.01, 9.99), (20.01, 10.0), (20.001, 10.0), (20.001, 9.99))
    assert kinds(mission, patrol(area=Polygon(rings=(ring,)))) == []  # it only lies along it


grid = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda p: (float(p[0]), float(p[1])))
paths = st.lists(grid, min_size=2, max_size=7).filter(lambda p: all(a != b for a, b in pairwise(p)))
TOO_FAR: Final = 100.0


@given(paths, st.floats(0.1, 5.9))
def test_crossings_of_a_straight_line_are_changes_of_side(path: list[tuple[float, float]], at: float) -> None:
    """An independent count: along the way, how often the sign of x - at changes, zeros left out."""
    signs = [s for s in ((x > at) - (x < at) for x, _ in path) if s]
    expected = sum(a != b for a, b in pairwise(signs))
    assert len(list(crossings(path, [(at, -TOO_FAR), (at, TOO_FAR)]))) == expected


@given(paths, st.integers(0, 6))
def test_crossings_do_not_depend_on_the_direction_of_either(path: list[tuple[float, float]], at: int) -> None:
    line = [(float(at), -TOO_FAR), (float(at), 3.0), (float(at) + 0.5, TOO_FAR)]
    count = len(list(crossings(path, line)))
    assert len(list(crossings(path[::-1], line))) == len(list(crossings(path, line[::-1]))) == count


# -- zones that follow an agreement -----------------------------------------------------------------------------------


def test_a_zone_follows_the_agreement_while_it_holds() -> None:
    assert kinds(FOLLOWS, patrol()) == []
    f = only(FOLLOWS, patrol(), ceasefire())
    assert f.evidence.cites == ("CFA:1",)
    assert kinds(FOLLOWS, patrol(window=("141100", "141200")), ceasefire()) == []
    assert kinds(FOLLOWS, patrol(area=spot(100)), ceasefire()) == []
    assert kinds(FOLLOWS, patrol(), ceasefire(agreement_kind="silence")) == []


@pytest.mark.parametrize("words", [("xar-batt",), ("XAR",), ("armed",), ("all",)])
def test_whom_the_agreement_permits_it_does_not_mean(words: tuple[str, ...]) -> None:
    assert kinds(FOLLOWS, patrol(), ceasefire(permitted=words)) == []
    assert kinds(FOLLOWS, patrol(by="xbl-batt"), ceasefire(permitted=("xar-batt",))) == ["restricted-zone"]


def test_a_changed_agreement_is_judged_again_at_once_in_any_order() -> None:
    moved = ceasefire(2, "130010", area=Circle(centre=AT, radius_m=5))
    gone = said(Cancellation(), "CFA", "ocha-cmc", "130020", revision=3, kind="agreement", status="cancel")
    for messages, expected in (
        ([patrol(), ceasefire()], ["restricted-zone"]),
        ([ceasefire(), patrol()], ["restricted-zone"]),
        ([patrol(), ceasefire(), moved], []),
        ([moved, patrol(), ceasefire()], []),
        ([patrol(), ceasefire(), gone], []),
    ):
        engine = Engine(FOLLOWS)
        for i, message in enumerate(messages):
            engine.handle(logged(message, i + 1))
        assert [f.finding_kind for f in engine.findings() if f.state != "closed"] == expected
        assert engine.findings() == [
            f for f in check_all(FOLLOWS, messages, engine.now) if f.state != "closed" or f in engine.findings()
        ]


def test_a_dry_run_of_an_agreement_leaves_no_trace() -> None:
    engine = Engine(FOLLOWS)
    engine.handle(logged(patrol(), 1))
    before = engine.snapshot()
    assert [f.finding_kind for f in engine.check([ceasefire()])] == ["restricted-zone"]
    assert engine.snapshot() == before
    assert engine.findings() == []
