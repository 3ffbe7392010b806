"""Ways out of zones: the shortest move is the shortest, and what is offered was checked.

Source: reference deconfliction.md §2.3 K05-K08 (options), standing rule 1.
"""

import math
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from shapely import LineString, Point, Polygon

from coordinator.core.deconfliction import Engine
from coordinator.core.deconfliction.displacement import shortest
from coordinator.core.deconfliction.geometry import Shape, metric, separation, shape
from coordinator.core.deconfliction.sun import nights
from coordinator.core.measures import Boundary, Period, Zone
from coordinator.core.mission import Mission
from schemas.envelope import Envelope
from schemas.findings import Finding, Option
from schemas.geo import Circle, Line, Position
from schemas.geo import Polygon as Area
from tests.core.test_deconfliction_caveats import INSIDE as IN_ZONE
from tests.core.test_deconfliction_caveats import THERE, caveat
from tests.core.test_deconfliction_caveats import order as carriers
from tests.support.places import INSIDE, M_LAT, area, moment, order, patrol, spot, square, within, zone
from tests.support.v1 import during, logged, z

MX, MY = metric(10.01)


def at(east: float, north: float, size: float, reach: float) -> Shape:
    """A square of so many metres with its corner there, in metres from 20E 10N."""
    w, s = 20.0 + east / MX, 10.0 + north / MY
    e, n = w + size / MX, s + size / MY
    return shape(Polygon([(w, s), (e, s), (e, n), (w, n)]), reach)


def moved(of: Shape, east: float, north: float) -> Shape:
    from shapely.affinity import translate

    return shape(translate(of.geometry, east / MX, north / MY), of.reach_m)


def near(parties: list[Shape], ground: Shape, standoff: float) -> bool:
    return any(separation(p, ground, standoff) is not None for p in parties)


ELL: Final = Polygon([(20, 10), (20.02, 10), (20.02, 10.02), (20.015, 10.02), (20.015, 10.005), (20.005, 10.005),
                      (20.005, 10.02), (20, 10.02)])  # fmt: skip
"""A zone like a U: out of it upwards is nearer than sideways."""
grounds = st.sampled_from(
    [shape(ELL), shape(Point(20.01, 10.01), 800), shape(LineString([(20, 10), (20.01, 10.02), (20.02, 10)]), 60)]
)
parties = st.builds(
    at, st.floats(0, 2000), st.floats(0, 2000), st.sampled_from((1.0, 150.0)), st.sampled_from((0.0, 40.0))
)


@given(grounds, st.lists(parties, min_size=1, max_size=2), st.sampled_from((0.0, 100.0)))
def test_the_move_is_far_enough_and_no_shorter_one_is(ground: Shape, party: list[Shape], standoff: float) -> None:
    """Brute force: in 72 directions, a metre less is not enough."""
    move = shortest(party, ground, standoff)
    if not near(party, ground, standoff):
        assert move.distance_m < 0.1
        return
    safe = shortest(party, ground, standoff + 0.5)  # half a metre for what a flat earth leaves out
    assert not near([moved(p, safe.east_m, safe.north_m) for p in party], ground, standoff)
    less = move.distance_m * 0.999 - 1.0
    for degrees in range(0, 360, 5) if less > 0 else ():
        turn = math.radians(degrees)
        assert near([moved(p, less * math.sin(turn), less * math.cos(turn)) for p in party], ground, standoff)


def offered(mission: Mission, *messages: Envelope, now: int = z("130100")) -> list[Option]:
    """Return the checked ways out of the only finding."""
    engine = Engine(mission)
    found: list[Finding] = []
    for i, message in enumerate(messages):
        found += [e.body for e in engine.handle(logged(message, i + 1, now)) if isinstance(e.body, Finding)]
    [finding] = {f.id: f for f in found}.values()
    return [o for o in finding.options if o.verified]


def test_a_patrol_is_offered_the_shortest_way_out_of_a_zone() -> None:
    [out] = [o for o in offered(within(zone(standoff_m=100)), patrol(area=spot(-300.0))) if o.option == "move-out"]
    assert out.distance_m == pytest.approx(300 + 100, abs=3)  # 300 m inside with its near edge, and its own 2 m
    assert out.bearing_deg == pytest.approx(180, abs=0.2)


@pytest.mark.parametrize(
    "where",
    [
        Area(rings=(((20.001, 10.001), (20.003, 10.001), (20.003, 10.002), (20.001, 10.001)),)),
        Line(points=((20.001, 10.001), (20.003, 10.001))),
        INSIDE,
    ],
)
def test_whatever_has_a_place_can_be_moved(where: Any) -> None:
    assert [o.option for o in offered(within(zone()), patrol(area=where)) if o.option == "move-out"] == ["move-out"]


def test_a_way_out_that_leads_into_another_zone_is_not_offered() -> None:
    south = zone(name="Y", ground=square(0.02, north=9.98))
    assert [o for o in offered(within(zone(), south), patrol(area=spot(-30.0))) if o.option == "move-out"] == []


def test_an_order_with_a_smaller_effect_keeps_off() -> None:
    options = offered(within(zone()), order(area=spot(100, 1.0), buffer_m=300))
    [less] = [o for o in options if o.option == "reduce"]
    assert less.distance_m == pytest.approx(201, abs=1)


def test_a_zone_for_a_time_is_left_by_another_time() -> None:
    held = zone(periods=(Period(start=moment("141000"), end=moment("141030")),))
    shifts = [o.shift_s for o in offered(within(held), patrol()) if o.option == "shift"]
    assert shifts == [1800.0]  # from 1000Z to 1030Z
    assert [o for o in offered(within(zone()), patrol()) if o.option == "shift"] == []


def test_who_enters_anothers_area_is_offered_its_own_side() -> None:
    bound: Boundary = area()
    [out] = [o for o in offered(within(bound), patrol(area=spot(-30.0))) if o.option == "move-out"]
    assert out.distance_m == pytest.approx(30, abs=3)


def test_a_restriction_at_night_is_met_by_day() -> None:
    night = carriers(windows=(during("151700", "152100"),))
    engine = Engine(replace(THERE, rules=replace(THERE.rules, shift_s=43_200.0)))
    found = [e.body for m in (night, caveat(night=True)) for e in engine.handle(logged(m, 1, z("150345")))]
    [f] = [f for f in found if isinstance(f, Finding) and f.finding_kind == "caveat"]
    [shift] = [o for o in f.options if o.option == "shift" and o.verified]
    assert shift.shift_s is not None
    [dusk] = nights(z("151500"), z("152200"), 2.3, -27.12, 0.0005)
    assert 0 <= dusk.se - (z("152100") + shift.shift_s * 1e6) <= 60e6  # back before dusk, by the whole minute


def test_a_way_out_never_tells_of_a_restriction() -> None:
    """A move that would break a caveat is offered to those who may not know of the caveat, as if there was none."""
    timed = Zone(name="Z", kind="prohibited", ground=square(0.06, 2.28, -27.15), authority="fhq-u3",
                 periods=(Period(start=moment("151200"), end=moment("151230")),))  # fmt: skip
    mission = replace(THERE, zones=(timed,))
    nightly = caveat(windows=(during("151230", "151800"),))

    def zone_options(*messages: Envelope) -> tuple[Option, ...]:
        engine = Engine(mission)
        effects = [e.body for i, m in enumerate(messages) for e in engine.handle(logged(m, i + 1, z("150345")))]
        return [f for f in effects if isinstance(f, Finding) and f.finding_kind == "prohibited-zone"][-1].options

    without_it, with_it = zone_options(carriers(area=IN_ZONE)), zone_options(nightly, carriers(area=IN_ZONE))
    assert any(o.verified for o in without_it)
    assert with_it == without_it


def test_across_the_seam_the_way_out_is_as_short() -> None:
    ground = shape(Polygon([(179.99, 10), (180, 10), (180, 10.02), (179.99, 10.02)]))
    move = shortest([shape(Point(-180.0, 10.01), 10)], ground, 0.0)
    assert move.distance_m == pytest.approx(10, abs=0.1)


def test_a_position_is_a_circle_of_its_own() -> None:
    far = Circle(centre=Position(lat=10.01, lon=20.01), radius_m=10)
    [out] = [o for o in offered(within(zone()), patrol(area=far)) if o.option == "move-out"]
    assert out.distance_m == pytest.approx(0.01 * metric(10.01)[0] + 10, abs=2)
    assert M_LAT > MX
