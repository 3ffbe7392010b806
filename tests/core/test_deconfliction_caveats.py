"""K08 by example: what a nation declared that its units may not do, held against what orders ask for.

Source: reference deconfliction.md §2.3 K08; domain.md §5.3 N2, R-11, R-14; the almanac values are public.
"""

from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine, check, explain, sun
from coordinator.core.mission import Mission, Participant, VehicleType
from coordinator.texts import say
from schemas import registry
from schemas.directives import Agreement, Caveat, Directive, OrderChange, Vehicles
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.geo import Circle, Named, Position, Route, RoutePoint
from schemas.label import Label
from schemas.notices import Cancellation, MovementNotice
from schemas.time import TimeWindow
from tests.support.laws import recomputed
from tests.support.v1 import HOUR, MISSION, during, logged, ref, said, z

NOW: Final = z("150345")
ZONE: Final = Circle(centre=Position(lat=2.31, lon=-27.12), radius_m=3000)
INSIDE: Final = Circle(centre=Position(lat=2.3, lon=-27.12), radius_m=50)
DAY: Final = during("151200", "151300")  # 10:12 to 11:12 local mean time at 27 degrees west
NIGHT: Final = during("152300", "160100")

THERE: Final = replace(
    MISSION,
    matrix=(),
    sections=(),
    participants=(
        *(replace(p, superior="fc") if p.id == "fhq-u3" else p for p in MISSION.participants),
        Participant(id="fc", name="FC", role="hq"),
        Participant(id="xbl-nse", nation="XBL", role="guest"),
    ),
    vehicles=(*MISSION.vehicles, VehicleType(type="carrier", classes=("armoured",), load_class=20)),
)
"""The force of V1 with a force commander, and the national support element of one nation."""

LABEL: Final = Label(releasable_to=("fc", "fhq-u3", "XBL"))
READERS: Final = ("fc", "fhq-u3", "xbl-batt", "xbl-nse")


def caveat(identity: str = "CAV-XBL-03", by: str = "xbl-nse", **fields: Any) -> Envelope:
    """No armoured vehicles in the zone; its words are secret."""
    rest = {f: fields.pop(f) for f in ("revision", "at", "label", "reality", "to") if f in fields}
    given_ = {"vehicles": ("armoured",), "area": ZONE, "text": "zqtextq", "condition": "zqconditionq"}
    at = rest.pop("at", "150330")
    return said(Caveat(**(given_ | fields)), identity, by, at, **({"label": LABEL} | rest))


def order(identity: str = "FHQ-110", by: str = "fhq-u3", to: str = "xbl-batt", **fields: Any) -> Envelope:
    """Carriers into the zone."""
    rest = {f: fields.pop(f) for f in ("revision", "at") if f in fields}
    given_ = {"directive_kind": "frago", "action": "move", "area": INSIDE, "windows": (DAY,),
              "performers": (UnitRef(participant=to),), "vehicles": (Vehicles(type="carrier"),)}  # fmt: skip
    return said(Directive(**(given_ | fields)), identity, by, rest.pop("at", "150300"), **rest)


def found(*envelopes: Envelope, mission: Mission = THERE, now: int = NOW) -> list[Finding]:
    return [f for f in check(envelopes, mission, now) if f.finding_kind == "caveat"]


def certainty(*envelopes: Envelope) -> str | None:
    """Return how certain the only finding is, or None; every sentence can be recomputed."""
    got = found(*envelopes)
    assert len(got) <= 1
    for f in got:
        recomputed(f)
    return got[0].certainty if got else None


def test_an_order_for_what_a_nation_excluded_is_found_and_says_only_whose_and_which() -> None:
    [f] = found(order(), caveat())
    assert (f.severity, f.certainty, f.evidence.authority, f.evidence.rule) == (
        "HIGH", "definite", "xbl-nse", "CAV-XBL-03:1"
    )  # fmt: skip
    assert (f.evidence.actions, f.evidence.cites) == (("move",), ("CAV-XBL-03:1",))
    assert f.evidence.overlap == DAY
    assert explain.sentence(f, say).startswith(
        "A declared restriction of xbl-nse, CAV-XBL-03:1, is not compatible with FHQ-110 (order to move)."
    )
    assert [(o.option, o.who) for o in f.options if o.option == "permission"] == [("permission", "xbl-nse")]


def test_neither_its_text_nor_its_condition_nor_its_fields_stand_in_the_finding() -> None:
    for f in found(order(), caveat(night=True, windows=(DAY,)), order("O2", windows=(NIGHT,))) + found(
        order(), caveat()
    ):
        data = registry.encode(replace(f, sentence=explain.sentence(f, say)))
        assert b"zq" not in data
        assert b"armoured" not in data


def test_only_those_whom_its_label_admits_may_know_and_those_it_concerns_are_told() -> None:
    [f] = found(order(), caveat())
    assert f.only == READERS
    assert f.told == ("fc", "fhq-u3", "xbl-batt")  # V3 N2: and no other contingent, no desk
    assert f.arbiter == "fhq-u3"
    [f] = found(order(by="sc-hq"), caveat())
    assert "sc-hq" not in (*f.told, f.arbiter, *(f.only or ()))
    assert f.arbiter == "fhq-u3"


def test_without_a_label_it_is_for_the_nations_own_chain_and_no_desk() -> None:
    [f] = found(order(), caveat(by="xbl-batt", label=Label()))
    assert f.only == ("fc", "fhq-u3", "sc-hq", "xbl-batt")


def test_a_label_that_admits_nobody_leaves_the_finding_to_the_originator() -> None:
    [f] = found(order(), caveat(label=Label(releasable_to=())))
    assert (f.only, f.told, f.arbiter) == (("xbl-nse",), (), "")


# -- one axis at a time -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"to": "xar-batt"}, None),  # another nation's unit
        ({"vehicles": (Vehicles(type="truck"),)}, None),
        ({"vehicles": (Vehicles(type="CARRIER"), Vehicles(type="truck"))}, "definite"),
        ({"vehicles": (Vehicles(type="never heard of"),)}, "possible"),
        ({"vehicles": ()}, None),  # it asks for no vehicles
        ({"area": Circle(centre=Position(lat=2.2, lon=-27.12), radius_m=50)}, None),
        ({"area": None}, "possible"),
        ({"windows": (NIGHT,)}, "definite"),  # it says nothing of times
    ],
)
def test_vehicles_places_and_units_decide(asked: dict[str, Any], expected: str | None) -> None:
    assert certainty(order(**asked), caveat()) == expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ({"actions": ("move",)}, "definite"),
        ({"actions": ("use-of-force", "search")}, None),
        ({"methods": ("vehicle",)}, "definite"),
        ({"methods": ("air",)}, None),
        ({"windows": (during("151230", "151600"),)}, "definite"),
        ({"windows": (during("151300", "151600"),)}, None),
        ({"windows": (TimeWindow(start_earliest=z("151200"), start_latest=z("151500"), end_earliest=z("151600"),
                                 end_latest=z("151600")),)}, "possible"),
        ({"area": None}, "definite"),
        ({"area": Named(name="nowhere")}, "possible"),
        ({"vehicles": (), "area": None}, "possible"),  # it names nothing: it may forbid anything
        ({"transport_of_others": True}, None),
    ],
)  # fmt: skip
def test_what_is_declared_must_all_hold(declared: dict[str, Any], expected: str | None) -> None:
    assert certainty(order(), caveat(**declared)) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [("escort", "definite"), ("medevac", "definite"), ("air-mission", "possible"), ("patrol", None)],
)
def test_carrying_others_is_what_some_orders_surely_or_perhaps_ask(action: Any, expected: str | None) -> None:
    assert certainty(order(action=action), caveat(vehicles=(), transport_of_others=True)) == expected


@pytest.mark.parametrize(
    ("performer", "bound", "expected"),
    [
        (UnitRef(participant="xbl-batt"), UnitRef(name="XBL-BATT"), "definite"),
        (UnitRef(name="1 Coy XBL-BATT", participant="xbl-batt"), UnitRef(name="1 Coy", participant="xbl-batt"),
         "definite"),
        (UnitRef(name="2 Coy", participant="xbl-batt"), UnitRef(name="1 Coy", participant="xbl-batt"), None),
        (UnitRef(participant="xbl-batt"), UnitRef(name="1 Coy", participant="xbl-batt"), "possible"),
        (UnitRef(name="2 Coy", participant="xbl-batt"), UnitRef(participant="xbl-batt"), "definite"),
        (UnitRef(participant="xbl-batt"), UnitRef(participant="xar-batt"), None),  # not theirs to restrict
    ],
)  # fmt: skip
def test_it_binds_the_units_that_it_names(performer: UnitRef, bound: UnitRef, expected: str | None) -> None:
    assert certainty(order(performers=(performer,)), caveat(units=(bound,))) == expected


def test_nobody_restricts_another_nations_units() -> None:
    assert certainty(order(), caveat(by="xar-batt")) is None
    assert certainty(order(to="xar-batt", by="sn-hq"), caveat(by="xar-batt")) == "definite"


def test_a_plan_of_its_own_is_held_against_it_too() -> None:
    body = MovementNotice(movement_kind="patrol", area=INSIDE, windows=(DAY,), vehicles=(Vehicles(type="carrier"),))
    assert certainty(said(body, "M", "xbl-batt", "150300"), caveat()) == "definite"
    assert certainty(said(body, "M", "xbl-batt", "150300"), caveat(actions=("patrol",))) == "definite"
    assert certainty(said(body, "M", "xbl-batt", "150300"), caveat(actions=("escort",))) is None


def test_possible_is_one_step_less_severe() -> None:
    [f] = found(order(vehicles=(Vehicles(type="never heard of"),)), caveat())
    assert (f.severity, f.evidence.because) == ("MEDIUM", ("vehicles",))


# -- night ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("151200", "151300", None), ("152300", "160100", "definite"), ("151500", "152100", "definite"),
        ("151500", "151600", None), ("151500", "152100", "definite"),
    ],
)  # fmt: skip
def test_a_caveat_for_the_night_is_about_orders_at_night(start: str, end: str, expected: str | None) -> None:
    assert certainty(order(windows=(during(start, end),)), caveat(night=True)) == expected


def test_within_a_minute_of_sunset_nobody_can_say() -> None:
    [(down, up)] = sun._below(z("151200"), z("161200"), 2.3, -27.12, sun.DOWN_DEG)
    assert down < up
    until = TimeWindow.exact(z("151500"), down)
    [f] = found(order(windows=(until,)), caveat(night=True))
    assert (f.certainty, f.evidence.because) == ("possible", ("night",))
    assert certainty(order(windows=(TimeWindow.exact(z("151500"), down - HOUR // 6),)), caveat(night=True)) is None
    later = TimeWindow.exact(z("151500"), down + HOUR // 6)
    assert certainty(order(windows=(later,)), caveat(night=True)) == "definite"


def test_an_order_that_may_end_before_dark_is_possible() -> None:
    open_end = TimeWindow(start_earliest=z("151200"), start_latest=z("151200"), end_earliest=z("151400"))
    assert certainty(order(windows=(open_end,)), caveat(night=True)) == "possible"


def test_the_night_is_that_of_the_leg_where_the_mover_is() -> None:
    ends = [
        RoutePoint(position=Position(lat=2.3, lon=-27.13), window=during("151200", "151210")),
        RoutePoint(position=Position(lat=2.3, lon=-27.11), window=during("152200", "152230")),
    ]
    by_road = order(area=None, route=Route(method="vehicle", points=tuple(ends), speed_min_mps=0.01),
                    windows=(during("151200", "152230"),))  # fmt: skip
    assert certainty(by_road, caveat(night=True)) == "definite"
    assert certainty(by_road, caveat(night=True, windows=(during("151200", "151700"),))) is None


def at(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1e6)  # type: ignore[arg-type,misc]


def test_the_sun_stands_where_the_literature_puts_it() -> None:
    """Meeus, example 25.a: 1992 October 13 at 0h TD, right ascension 198.38083, declination -7.78507 degrees."""
    ra, dec = sun.position(np.array([(at(1992, 10, 13) - sun._J2000) / sun._DAY]))
    assert np.degrees(ra[0]) % 360 == pytest.approx(198.38083, abs=1e-5)
    assert np.degrees(dec[0]) == pytest.approx(-7.78507, abs=1e-5)


@pytest.mark.parametrize(
    ("lat", "lon", "sunrise", "sunset"),
    [
        (51.5074, -0.1278, (2015, 12, 1, 7, 43), (2015, 12, 1, 15, 55)),  # London
        (51.5074, -0.1278, (2024, 6, 21, 3, 43), (2024, 6, 21, 20, 21)),
        (40.7128, -74.0060, (2024, 6, 20, 9, 25), (2024, 6, 21, 0, 31)),  # New York
        (-33.8688, 151.2093, (2023, 12, 31, 18, 48), (2024, 1, 1, 9, 9)),  # Sydney
    ],
)
def test_sunrise_and_sunset_are_those_of_the_almanac_to_the_minute(
    lat: float, lon: float, sunrise: tuple[int, ...], sunset: tuple[int, ...]
) -> None:
    middle = (at(*sunrise) + at(*sunset)) // 2
    (_, up), (down, _) = sun._below(middle - 18 * HOUR, middle + 18 * HOUR, lat, lon, sun.DOWN_DEG)
    assert abs(up - at(*sunrise)) <= 90_000_000
    assert abs(down - at(*sunset)) <= 90_000_000


def test_polar_day_has_no_night_and_polar_night_no_end() -> None:
    june, december = at(2024, 6, 20), at(2024, 12, 20)
    assert sun.nights(june, june + 48 * HOUR, 69.65, 18.96) == []
    [night] = sun.nights(december, december + 48 * HOUR, 69.65, 18.96)
    assert (night.se, night.sl, night.ee, night.el) == (december, december, december + 48 * HOUR, december + 48 * HOUR)


@given(st.integers(0, 364), st.floats(-60, 60), st.floats(-180, 180))
def test_every_night_has_a_sure_core_within_what_is_possible(day: int, lat: float, lon: float) -> None:
    start = at(2027, 1, 1) + day * 24 * HOUR
    for night in sun.nights(start, start + 48 * HOUR, lat, lon):
        assert night.se <= night.sl
        assert night.ee <= night.el
        assert night.se < night.el


# -- life -------------------------------------------------------------------------------------------------------------


def states(*envelopes: Envelope) -> list[str]:
    """Return the states of K08 after messages arrived one by one, in this order and the reverse."""
    outcomes = []
    for messages in (envelopes, envelopes[::-1]):
        engine = Engine(THERE)
        for i, message in enumerate(messages):
            engine.handle(logged(message, i + 1, NOW + i))
        outcomes.append([f.state for f in engine.findings() if f.finding_kind == "caveat"])
    assert outcomes[0] == outcomes[1]
    return outcomes[0]


def test_it_is_found_whichever_came_first_and_gone_when_withdrawn_or_revised() -> None:
    gone = said(Cancellation(), "CAV-XBL-03", "xbl-nse", "150340", revision=2, kind="caveat", status="cancel")
    assert states(order(), caveat()) == ["open"]
    assert states(order(), caveat(), gone) == []
    assert states(order(), caveat(), caveat(revision=2, at="150340", actions=("search",))) == []


def test_an_amendment_resolves_it_once_acknowledged() -> None:
    change = OrderChange(order=ref("FHQ-110"), vehicles=())
    frago = said(Directive(directive_kind="frago", amends=(change,)), "FHQ-111", "fhq-u3", "150342")
    assert states(order(), caveat(), frago) == ["resolved-if-acknowledged"]


def test_a_restriction_declared_after_the_order_was_changed_was_never_in_conflict_with_the_old_one() -> None:
    change = OrderChange(order=ref("FHQ-110"), vehicles=())
    frago = said(Directive(directive_kind="frago", amends=(change,)), "FHQ-111", "fhq-u3", "150320")
    assert states(order(), frago, caveat()) == []


def approval(by: str = "xbl-nse", **fields: Any) -> Envelope:
    return said(Agreement(agreement_kind="coordination", orders=(ref("FHQ-110"),), **fields), f"A-{by}", by, "150340")


def test_the_nation_itself_can_agree_and_nobody_for_it() -> None:
    assert states(order(), caveat(), approval()) == []
    assert states(order(), caveat(), approval("xar-batt")) == ["open"]
    assert states(order(), caveat(), approval("fhq-u3")) == ["open"]
    assert states(order(), caveat(), approval(windows=(during("151200", "151230"),))) == ["open"]


def test_an_exercise_caveat_binds_nobody_in_earnest() -> None:
    assert certainty(order(), caveat(reality="exercise")) is None


def test_a_dry_run_leaves_no_trace() -> None:
    engine = Engine(THERE)
    engine.handle(logged(caveat(), 1))
    before = engine.snapshot()
    assert "caveat" in [f.finding_kind for f in engine.check([order()])]
    assert (engine.snapshot(), engine.findings()) == (before, [])


def test_a_snapshot_keeps_caveats() -> None:
    engine, again = Engine(THERE), Engine()
    for i, message in enumerate((order(), caveat())):
        engine.handle(logged(message, i + 1))
    again.restore(engine.snapshot())
    assert again.findings() == engine.findings()


def test_nations_that_change_places_change_nothing_but_names() -> None:
    here = found(order(), caveat(label=Label()))
    there = found(order(to="xar-batt"), caveat(by="xar-batt", label=Label()))
    assert [(f.severity, f.certainty, f.arbiter) for f in here] == [("HIGH", "definite", "")]
    assert [(f.severity, f.certainty) for f in there] == [("HIGH", "definite")]
