"""K05 by example: who enters another's area without being asked; and what holds for zones and areas alike.

Source: reference deconfliction.md §2.3 K05-K07, §2.1.
"""

from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.core.deconfliction import explain
from coordinator.core.measures import Period
from coordinator.core.mission import Activity
from coordinator.texts import say
from schemas.directives import Agreement, Directive
from schemas.envelope import Envelope, UnitRef
from schemas.geo import Circle, Line, Named, Polygon, Position, Route, RoutePoint
from schemas.notices import MovementNotice
from tests.support.places import (
    AT,
    FOLLOWS,
    INSIDE,
    M_LAT,
    NOW,
    WINDOW,
    area,
    check_all,
    kinds,
    moment,
    on_the_way,
    only,
    order,
    patrol,
    permission,
    spot,
    square,
    within,
    zone,
)
from tests.support.v1 import KMH, during, ref, said, z

# -- K05 --------------------------------------------------------------------------------------------------------------


def test_entry_into_anothers_area_is_found_and_told_to_its_owner() -> None:
    f = only(within(area()), patrol())
    assert (f.finding_kind, f.severity, f.evidence.authority) == ("uncoordinated-entry", "MEDIUM", "sc-hq")
    assert set(f.told) == {"xar-batt", "sc-hq", "fhq-u3"}
    assert f.arbiter == "fhq-u3"
    assert [(o.option, o.who, o.party) for o in f.options if o.option == "coordinate"] == [("coordinate", "sc-hq", "P")]


@pytest.mark.parametrize(
    ("owner", "by", "entry"),
    [
        ("xar-batt", "xar-batt", False), ("sn-hq", "xar-batt", False), ("fhq-u3", "xar-batt", False),
        ("xar-batt", "sn-hq", False), ("sc-hq", "xar-batt", True), ("xbl-batt", "xar-batt", True),
        ("sn-hq", "ocha-cmc", True),
    ],
)  # fmt: skip
def test_ones_own_area_is_that_of_oneself_and_of_those_above_and_below(owner: str, by: str, entry: bool) -> None:
    assert kinds(within(area(owner)), patrol(by=by)) == (["uncoordinated-entry"] if entry else [])


def test_the_area_of_who_performs_an_order_is_its_own() -> None:
    for_them = order(performers=(UnitRef(participant="xbl-batt"),))
    assert "uncoordinated-entry" not in kinds(within(area("xbl-batt")), for_them)
    assert kinds(within(area("xbl-batt")), order()) == ["uncoordinated-entry"]


def test_to_touch_a_boundary_is_no_entry() -> None:
    ring = ((20.0, 9.98), (20.02, 9.98), (20.02, 10.0), (20.0, 10.0), (20.0, 9.98))
    assert kinds(within(area()), patrol(area=Polygon(rings=(ring,)))) == []
    inside = ((20.0, 9.98), (20.02, 9.98), (20.02, 10.0001), (20.0, 10.0001), (20.0, 9.98))
    assert kinds(within(area()), patrol(area=Polygon(rings=(inside,)))) == ["uncoordinated-entry"]
    assert kinds(within(area()), on_the_way((10.0, 19.99), (10.0, 20.03))) == []  # along it
    assert kinds(within(area()), on_the_way((10.001, 19.99), (10.001, 20.03))) == ["uncoordinated-entry"]


def test_what_reaches_over_without_occupying_is_no_entry() -> None:
    south = Polygon(rings=(((20.0, 9.98), (20.02, 9.98), (20.02, 9.999), (20.0, 9.999), (20.0, 9.98)),))
    assert kinds(within(area()), order(area=south, buffer_m=500)) == []
    assert kinds(within(zone(ground=square())), order(area=south, buffer_m=500)) == ["prohibited-zone"]


def test_open_to_and_classes_and_periods_limit_what_must_be_coordinated() -> None:
    assert kinds(within(area(open_to=("xar-batt",))), patrol()) == []
    assert kinds(within(area(open_to=("XAR",))), patrol()) == []
    assert kinds(within(area(open_to=("XBL",))), patrol()) == ["uncoordinated-entry"]
    assert kinds(within(area(classes=("armed",))), patrol()) == ["uncoordinated-entry"]
    assert kinds(within(area(classes=("closure",))), patrol()) == []
    past = area(periods=(Period(end=moment("140900")),))
    assert kinds(within(past), patrol()) == []


def test_armed_entry_is_high_where_the_area_says_so() -> None:
    mission = within(area(severities={"armed": "HIGH", "use": "LOW"}))
    assert only(mission, patrol()).severity == "HIGH"
    gentle = replace(mission, activities=(Activity(classes=("quiet",), kind="movement"),))
    assert only(gentle, patrol()).severity == "MEDIUM"


def test_the_way_in_and_out_and_its_length_are_said() -> None:
    f = only(within(area()), on_the_way((9.99, 20.01), (10.05, 20.01)))
    assert f.evidence.entry is not None
    assert f.evidence.exit is not None
    assert f.evidence.entry == pytest.approx((20.01, 10.0), abs=1e-5)
    assert f.evidence.exit == pytest.approx((20.01, 10.02), abs=1e-5)
    assert f.evidence.inside_m == pytest.approx(0.02 * M_LAT, abs=1.0)
    assert "10.0200N 20.0100E" in explain.sentence(f, say)


def test_times_of_entry_and_exit_are_those_of_the_passage_not_of_the_whole_way() -> None:
    start = RoutePoint(position=Position(lat=9.9, lon=20.01), window=during("141000", "141001"))
    end = RoutePoint(position=Position(lat=10.12, lon=20.01), window=during("141059", "141100"))
    f = only(within(area()), patrol(area=None, route=Route(method="vehicle", points=(start, end))))
    overlap = f.evidence.overlap
    assert overlap is not None
    assert overlap.start_earliest is not None
    assert overlap.end_latest is not None
    fastest = 0.1 * M_LAT / (60 * KMH) * 1e6  # 11 km at 60 km/h; before the boundary and behind it
    assert overlap.start_earliest == pytest.approx(z("141000") + fastest, abs=5e6)
    assert overlap.end_latest == pytest.approx(z("141100") - fastest, abs=5e6)


@pytest.mark.parametrize(
    ("by", "parties", "settled"),
    [
        ("sc-hq", (), True), ("fhq-u3", (), True), ("ocha-cmc", ("sc-hq", "xar-batt"), True),
        ("ocha-cmc", ("sc-hq",), False), ("xar-batt", ("sc-hq", "xar-batt"), False), ("xbl-batt", (), False),
    ],
)  # fmt: skip
def test_an_agreement_must_be_the_owners_word(by: str, parties: tuple[str, ...], settled: bool) -> None:
    got = kinds(within(area()), patrol(), permission(by=by, parties=parties))
    assert got == ([] if settled else ["uncoordinated-entry"])


def test_a_coordination_record_covers_no_more_than_it_says() -> None:
    mission = within(area())
    assert kinds(mission, patrol(), permission("sc-hq", windows=(during("141000", "141030"),))) == [
        "uncoordinated-entry"
    ]
    assert kinds(mission, patrol(), permission("sc-hq", area=spot(5000))) == ["uncoordinated-entry"]


def test_an_order_of_the_owner_that_accepts_the_reference_is_coordination_for_its_time_and_place() -> None:
    mission = within(area())

    def theirs(**fields: Any) -> Envelope:
        given = {"performers": (UnitRef(participant="xbl-batt"),), "coordinated_with": (ref("P"),)}
        return order("S", by="sc-hq", **(given | fields))

    asked = patrol(coordinated_with=(ref("S"),))
    assert kinds(mission, asked, theirs()) == []
    assert kinds(mission, asked, theirs(coordinated_with=())) == ["uncoordinated-entry"]
    assert kinds(mission, patrol(), theirs()) == ["uncoordinated-entry"]
    assert "uncoordinated-entry" in kinds(mission, asked, theirs(windows=(during("141030", "141200"),)))
    assert "uncoordinated-entry" in kinds(mission, asked, theirs(area=Circle(centre=AT, radius_m=5)))


# -- all of them ------------------------------------------------------------------------------------------------------


def test_an_unreadable_place_is_undecidable_and_as_bad_as_what_it_may_hide() -> None:
    f = only(within(zone()), patrol(area=Named(name="nowhere")))
    assert (f.finding_kind, f.severity) == ("undecidable", "CRITICAL")


def test_an_order_that_claims_no_place_is_no_breach_and_no_question() -> None:
    rules = said(Directive(directive_kind="rules", task="helmets"), "R-1", "sn-hq", "130000")
    assert kinds(within(zone(), area()), rules) == []


def test_exercises_and_what_they_agree_do_not_meet_the_real() -> None:
    drill = said(Agreement(agreement_kind="ceasefire", area=INSIDE), "CFA", "ocha-cmc", "130000", reality="exercise")
    assert kinds(FOLLOWS, patrol(), drill) == []


def test_a_shift_out_of_a_zone_is_resolved_once_acknowledged_and_then_closed() -> None:
    away = said(
        MovementNotice(movement_kind="patrol", area=spot(5000), windows=(during(*WINDOW),)), "P", "xar-batt", "130100",
        revision=2,
    )  # fmt: skip
    got = check_all(within(zone()), [patrol(), away], NOW)
    assert [(f.finding_kind, f.state) for f in got] == [("prohibited-zone", "closed")]


def test_nations_that_change_places_change_nothing_but_names() -> None:
    north, centre = area("sn-hq", name="A", ground=square(0.02)), area("sc-hq", name="B", ground=square(0.02, 10.1))
    mission = within(north, centre)
    here = Circle(centre=Position(lat=10.01, lon=20.01), radius_m=10)
    there = Circle(centre=Position(lat=10.11, lon=20.01), radius_m=10)
    one = only(mission, patrol(by="xbl-batt", area=here))
    two = only(mission, patrol(by="xar-batt", area=there))
    assert (one.severity, one.certainty, one.arbiter) == (two.severity, two.certainty, two.arbiter)


def test_a_line_without_width_in_a_message_is_held_against_zones_too() -> None:
    along = Line(points=((20.01, 9.99), (20.01, 10.03)))
    assert kinds(within(zone()), patrol(area=along)) == ["prohibited-zone"]
