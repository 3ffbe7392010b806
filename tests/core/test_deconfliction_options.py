"""Ways out: exact, checked, alike for both parties, and told without churn.

Source: reference deconfliction.md §2.3 (standing rules on offers), §3.6, §5 (9); design §7 laws 2, 4, 9.
"""

import random
import re
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from shapely import Point

from coordinator import config
from coordinator.core.deconfliction import Engine, check
from coordinator.core.deconfliction.changes import changed, later
from coordinator.core.deconfliction.explain_options import option_sentence
from coordinator.core.deconfliction.geometry import shape
from coordinator.core.deconfliction.meeting import Needs, meeting
from coordinator.core.deconfliction.options import WORDS
from coordinator.core.deconfliction.proposals import instead
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.slots import Block, Interval, Slots, meeting_blocks
from coordinator.core.deconfliction.windows import FAR, Span, possible
from coordinator.core.measures import Allotment, Asset, Band
from coordinator.core.mission import Activity, MatrixRow, Mission, NamedRoute, Place, Rules, Section
from coordinator.texts import say
from schemas import registry
from schemas.base import Message
from schemas.directives import AssetDemand, Vehicles
from schemas.envelope import Envelope
from schemas.findings import Finding, Option
from schemas.geo import AltitudeBand, AltitudeLimit, Circle, Named, Position, Route, RoutePoint
from schemas.notices import HazardNotice, MovementNotice, RouteState
from schemas.time import TimeWindow
from tests.core.test_deconfliction_routes import convoy
from tests.support.v1 import HOUR, MESSAGES, MINUTE, MISSION, during, logged, said, z
from tests.support.worlds import LATE, fold, honest_worlds, renamed

NOW: Final = z("140000")
SN, HNS, SC, WATER = "SN-FRAGO-03-017", "HNS-0314-07", "SC-FRAGO-03-022", "XBL-MOV-0314-3"


def told(messages: list[Envelope], mission: Mission = MISSION, now: int = NOW) -> list[Finding]:
    return check(messages, mission, now, ways_out=99)


def patrol(identity: str, start: str, end: str, by: str = "xbl-batt", **fields: Any) -> Envelope:
    given_ = {"area": Named(name="KESSA"), "windows": (during(start, end),)} | fields
    kind = given_.pop("movement_kind", "patrol")
    return said(MovementNotice(movement_kind=kind, **given_), identity, by, "130000")


def computed(f: Finding) -> dict[tuple[str, str], Option]:
    return {(o.option, o.party): o for o in f.options if o.verified}


def up_to(step: int) -> list[Envelope]:
    return [e for s, e in MESSAGES.items() if s <= step]


# -- the nearest free point equals brute force ------------------------------------------------------------------------

bounds = st.tuples(st.integers(-40, 40), st.integers(1, 30)).map(lambda b: Interval(b[0], b[0] + b[1]))


@given(st.lists(bounds, max_size=8), st.integers(1, 7), st.integers(-5, 5))
def test_the_nearest_free_point_is_the_first_one_outside_every_interval(
    intervals: list[Interval], step: int, first: int
) -> None:
    free = Slots(step)
    for i in intervals:
        free.forbid(Block(i))
    grid = [s for s in range(-100, 101) if s % step == 0 and not any(i.low < s < i.high for i in intervals)]
    assert free.later(first, 100) == next((s for s in grid if s >= first), None)
    assert free.earlier(first, -100) == next((s for s in reversed(grid) if s <= first), None)


def spans(rng: random.Random) -> Span:
    se, sl, ee, el = sorted(rng.randrange(0, 48) for _ in range(4))
    exact = rng.random() < 0.5
    open_ = FAR if rng.random() < 0.05 else el + 1
    return Span(se, se, open_, open_) if exact else Span(se, sl, max(ee, se + 1), open_)


def part(rng: random.Random, spot: int) -> Part:
    lon = -27.0 + 0.001 * spot

    band = rng.choice((None, None, (0.0, 100.0), (200.0, 300.0)))
    height = band and AltitudeBand(*(AltitudeLimit(reference="MSL", value_m=v) for v in band))
    return Part(shape(Point(lon, 2.0), 40.0), spans(rng), height or None, False, True, None, "")


def shift_cases(count: int, seed: int) -> int:
    """Compare minimal shifts with trying every step, one after the other; return how many needed one."""
    rng, needed = random.Random(seed), 0
    for _ in range(count):
        gap = rng.choice((0, 0, 3))
        moved = [part(rng, rng.randrange(2)) for _ in range(rng.randint(1, 3))]
        others = [part(rng, rng.randrange(3)) for _ in range(rng.randint(1, 6))]
        needs = Needs(rng.choice((0.0, 60.0)), gap / 1e6, 50.0)
        free = Slots(1)
        for p in moved:
            for q in others:
                free.forbid(meeting_blocks(p, q, needs))
        near = [(p, q) for p in moved for q in others if apart(p, q) is False and close(p, q, needs.distance_m)]
        hits = [
            s
            for s in range(-60, 61)
            if any(possible(Span(*(b if abs(b) >= FAR else b + s for b in p.span)), q.span, gap) for p, q in near)
        ]
        grid = [s for s in range(-60, 61) if s not in set(hits)]
        assert free.later(0, 60) == next((s for s in grid if s >= 0), None)
        assert free.earlier(0, -60) == next((s for s in reversed(grid) if s <= 0), None)
        needed += 0 in hits
    return needed


def apart(p: Part, q: Part) -> bool:
    return bool(p.altitude and q.altitude and p.altitude != q.altitude)


def close(p: Part, q: Part, metres: float) -> bool:
    lons = [x.shape.geometry.x for x in (p, q)]
    return round(abs(lons[0] - lons[1]) * 1000) * 111.25 <= 80.0 + metres


def test_the_minimal_shift_equals_trying_every_step() -> None:
    assert shift_cases(1_000, seed=5) > 300


@pytest.mark.slow
def test_the_minimal_shift_equals_trying_every_step_in_a_hundred_thousand_cases() -> None:
    assert shift_cases(100_000, seed=6) > 30_000


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_the_minimal_shift_of_a_convoy_is_that_of_its_cells_of_50_m(seed: int) -> None:
    rng = random.Random(seed)
    own, others = convoy(rng), [convoy(rng) for _ in range(3)]
    needs, step = Needs(rng.choice((0.0, 200.0)), rng.choice((0.0, 300.0))), 5 * MINUTE
    moved, readings = own.reading(), [c.reading() for c in others]
    free = Slots(step)
    for r in readings:
        for p in moved.parts:
            for q in r.parts:
                free.forbid(meeting_blocks(p, q, needs))
    setting = Setting(MISSION)
    for sign, found in ((1, free.later(0, 3 * HOUR)), (-1, free.earlier(0, -3 * HOUR))):
        tried = (sign * k * step for k in range(37))
        clear = (
            s for s in tried if not any(meeting(Reading(later(own.notice(), s), setting), r, needs) for r in readings)
        )
        assert found == next(clear, None)


# -- the first vignette -----------------------------------------------------------------------------------------------


def test_the_water_run_can_go_an_hour_later_and_the_closure_five_hours() -> None:
    found = {f.parties[0].id + f.parties[-1].id: f for f in told(up_to(11), now=z("140530"))}
    f = next(f for f in found.values() if {p.id for p in f.parties} == {SN, WATER})
    assert {(o.option, o.party, o.shift_s) for o in f.options if o.verified} == {
        ("shift", WATER, 3_600.0), ("shift", SN, 18_000.0),
    }  # fmt: skip
    said_ = [option_sentence(o, f, say) for o in f.options]
    assert f"{WATER} 60 min later removes it, and creates nothing new among 7 orders known." in said_
    assert f"{SN} 5 h later removes it, and creates nothing new among 7 orders known." in said_
    assert "fhq-u3 can decide." in said_


def test_ways_out_come_with_the_finding_and_change_nothing_about_it() -> None:
    engine = Engine(MISSION)
    effects = [e for step, m in MESSAGES.items() for e in engine.handle(logged(m, step))]
    bodies = [e.body for e in effects if isinstance(e.body, Finding)]
    live = [f for f in bodies if f.state == "open"]
    assert all(computed(f) or f.finding_kind == "route-capacity" for f in live)
    assert all(not f.options for f in bodies if f.state in ("closed", "resolved-if-acknowledged"))
    assert all(not computed(f) for f in engine.findings())


def test_a_message_that_only_makes_an_option_stale_publishes_nothing() -> None:
    engine = Engine(MISSION)
    for i, e in enumerate((MESSAGES[7], patrol("P", "141000", "141020"))):
        effects = engine.handle(logged(e, i))
    [effect] = effects
    assert isinstance(effect.body, Finding)
    assert computed(effect.body)["shift", "P"].shift_s == -80 * 60
    in_the_way = said(replace_window(registry.body(MESSAGES[7]), "140700", "140900"), "SN-2", "sn-hq", "140500")
    assert not engine.handle(logged(in_the_way, 9))
    now = computed(replace(effect.body, options=engine.options(effect.body.id)))
    assert now["shift", "P"].shift_s == 3 * 3600


def replace_window(body: Message, start: str, end: str) -> Any:
    return replace(body, windows=(during(start, end),))


def test_only_the_worst_findings_of_one_message_get_computed_ways_out() -> None:
    mission = replace(MISSION, rules=replace(MISSION.rules, options_per_message=2))
    engine = Engine(mission)
    runs = [patrol(f"P{i}", f"1410{i}0", f"1410{i}5", movement_kind="logistics") for i in range(3)]
    for i, e in enumerate([*runs, patrol("Q", "141100", "141105")]):
        engine.handle(logged(e, i))
    effects = engine.handle(logged(MESSAGES[7], 9))
    bodies = [e.body for e in effects if isinstance(e.body, Finding)]
    assert len(bodies) == 4
    helped = [f for f in bodies if computed(f)]
    assert len(helped) == 2
    assert {f.severity for f in helped} == {"HIGH", "MEDIUM"}


def test_a_snapshot_and_another_order_of_arrival_give_the_same_ways_out() -> None:
    engine, again = Engine(MISSION), Engine()
    for i, e in enumerate(up_to(11)):
        engine.handle(logged(e, i))
    again.restore(engine.snapshot())
    turned = Engine(MISSION)
    turned.collect((e, z("140530")) for e in reversed(up_to(11)))
    ids = [f.id for f in engine.findings()]
    assert len(ids) == 5
    before = engine.snapshot()
    for i in ids:
        assert engine.options(i) == again.options(i) == turned.options(i)
    assert engine.snapshot() == before
    assert engine.options("0" * 32) == ()


# -- law 4, and nothing new -------------------------------------------------------------------------------------------

SWAP: Final = {
    "xar-batt": "xbl-batt", "xbl-batt": "xar-batt", "sn-hq": "sc-hq", "sc-hq": "sn-hq", "XAR": "XBL", "XBL": "XAR",
}  # fmt: skip


def unordered(findings: list[Finding]) -> list[Any]:
    return sorted((f.finding_kind, sorted(p.id for p in f.parties), sorted(map(repr, f.options))) for f in findings)


@settings(max_examples=15)
@given(honest_worlds)
def test_law_4_nations_that_change_places_get_each_others_ways_out(world: list[Envelope]) -> None:
    here = [renamed(f, SWAP) for f in told(world, now=LATE)]
    there = told([renamed(e, SWAP) for e in world], renamed(MISSION, SWAP), LATE)
    assert unordered(here) == unordered(there)


def test_law_4_in_the_vignette_and_by_order_id_never_by_issuer() -> None:
    here = [renamed(f, SWAP) for f in told(up_to(11), now=z("140530"))]
    there = told([renamed(e, SWAP) for e in up_to(11)], renamed(MISSION, SWAP), z("140530"))
    assert unordered(here) == unordered(there)
    for f in told(up_to(11), now=z("140530")):
        talks = [o.party for o in f.options if o.option == "liaison"]
        assert talks == sorted(talks)


@settings(max_examples=15)
@given(honest_worlds)
def test_a_change_that_is_offered_removes_the_finding_and_creates_none(world: list[Envelope]) -> None:
    engine = fold(world)
    for f in engine.findings():
        for option in engine.options(f.id):
            if option.verified:
                assert harmless(engine, f, option), option


def harmless(engine: Engine, f: Finding, option: Option) -> bool:
    """Say whether a change removes a finding and creates none, and whether trying it leaves no trace."""
    keys = [(p.issuer, p.id) for p in f.parties if p.id == option.party]  # two may use one id
    return any(tried(engine, f, option, key) for key in keys)


def tried(engine: Engine, f: Finding, option: Option, key: tuple[str, str]) -> bool:
    picture = engine._picture
    side = picture.sides[key][-1]
    body = changed(side.version.body, option, picture.setting, instead(f, side))  # type: ignore[arg-type]
    if body is None:
        return False
    rulings = {c: picture.rulings.get(c) for c in picture.everything()}
    before, after = picture.trial(key, body, engine.now)
    assert {c: picture.rulings.get(c) for c in picture.everything()} == rulings
    return f.id not in after and after.keys() <= before.keys()


def test_a_way_out_that_its_owner_takes_works() -> None:
    engine = Engine(MISSION)
    for i, e in enumerate(up_to(11)):
        engine.handle(logged(e, i))
    before = {f.id: f for f in engine.findings() if f.state == "open"}
    f = next(f for f in before.values() if {p.id for p in f.parties} == {SN, WATER})
    option = computed(replace(f, options=engine.options(f.id)))["shift", WATER]
    body = changed(registry.body(MESSAGES[11]), option, Setting(MISSION))  # type: ignore[arg-type]
    assert body is not None
    engine.handle(logged(said(body, WATER, "xbl-batt", "140540", revision=2), 99))
    after = {g.id for g in engine.findings() if g.state == "open"}
    assert after == before.keys() - {f.id}


# -- who can be moved, and by how much --------------------------------------------------------------------------------


def shifts(messages: list[Envelope], mission: Mission = MISSION, now: int = NOW) -> dict[str, float | None]:
    [f] = [f for f in told(messages, mission, now) if f.finding_kind in ("incompatible-activities", "route-capacity")]
    return {o.party: o.shift_s for o in f.options if o.option in ("shift", "headway")}


def test_both_parties_are_offered_the_smaller_change_whoever_they_are() -> None:
    closure = MESSAGES[7]
    assert shifts([closure, patrol("P", "141240", "141310")]) == {"P": 1200.0, SN: -1200.0}
    assert shifts([closure, MESSAGES[1]]).keys() == {SN, HNS}


def test_no_time_within_the_limit_is_said() -> None:
    closure = said(replace_window(registry.body(MESSAGES[7]), "130900", "161300"), "C", "sn-hq", "130000")
    [f] = [f for f in told([closure, patrol("P", "141240", "141310")]) if len(f.parties) == 2]
    option = next(o for o in f.options if o.option == "shift" and o.party == "P")
    assert (option.verified, option.shift_s) == (False, None)
    assert option_sentence(option, f, say) == (
        "No other time within the mission's limit was found for P among 2 orders known."
    )
    wider = replace(MISSION, rules=replace(MISSION.rules, shift_s=3 * 86_400.0))
    assert shifts([closure, patrol("P", "141240", "141310")], wider)["P"] == 48 * 3600 + 20 * 60


def test_what_has_begun_is_not_moved_and_nothing_to_where_it_would_be_known_too_late() -> None:
    closure, run = MESSAGES[7], patrol("P", "140930", "141000")
    assert shifts([closure, run], now=z("140740"))["P"] == 3.5 * 3600  # earlier it would start within the hour
    assert shifts([closure, run], now=z("140720"))["P"] == -3600.0
    assert "P" not in shifts([closure, run], now=z("140930"))


HAZARDS: Final = Activity(classes=("use",), kind="hazard")


@pytest.mark.parametrize(("state", "moved"), [("planned", True), ("hot", False)])
def test_a_hazard_that_is_hot_is_not_moved(state: Any, moved: bool) -> None:
    row = MatrixRow(name="use/use", a="use", b="use", severity="HIGH")
    mission = replace(MISSION, matrix=(row,), activities=(*MISSION.activities, HAZARDS))
    notice = HazardNotice(hazard_kind="range", area=Named(name="KESSA"), state=state,
                          windows=(during("141000", "141100"),))  # fmt: skip
    moved_by = shifts([said(notice, "H", "xga-fpu", "130000"), patrol("P", "141030", "141040")], mission)
    assert ("H" in moved_by) is moved
    assert "P" in moved_by


def test_headway_on_a_bridge_is_found_by_the_same_construction() -> None:
    mission = replace(MISSION, sections=(Section(name="KESSA", place="KESSA", lanes=2, headway_s=600.0),))

    def column(identity: str, by: str, at: str) -> Envelope:
        point = RoutePoint(name="KESSA", window=TimeWindow.exact(z(at), z(at) + 5 * MINUTE))
        return patrol(identity, at, at, by, movement_kind="admin", area=None, windows=(),
                      route=Route(name="PLUM", points=(point,)), vehicles=(Vehicles(type="truck"),))  # fmt: skip

    one, two = column("A", "xbl-batt", "141000"), column("B", "xar-batt", "141012")
    assert shifts([one, two], mission) == {"A": -180.0, "B": 180.0}
    [f] = told([one, two], mission)
    assert {o.option for o in f.options if o.verified} == {"headway"}


# -- other dimensions -------------------------------------------------------------------------------------------------


def band(low: float, high: float) -> AltitudeBand:
    return AltitudeBand(*(AltitudeLimit(reference="MSL", value_m=v) for v in (low, high)))


AIR: Final = replace(
    MISSION, matrix=(MatrixRow(name="use/use", a="use", b="use", severity="HIGH", vertical_m=300.0),)
)  # fmt: skip


def test_another_height_keeps_the_thickness_and_avoids_everybody_who_is_there_then() -> None:
    flights = [patrol("A", "141000", "141100", altitude=band(500, 600)),
               patrol("B", "141030", "141130", "xar-batt", altitude=band(700, 900)),
               patrol("C", "141030", "141130", "xga-fpu", altitude=band(1_300, 1_400)),
               patrol("D", "150000", "150100", "xga-fpu", altitude=band(0, 200))]  # fmt: skip
    [f] = told(flights, AIR)
    heights = {o.party: o.altitude for o in f.options if o.option == "altitude"}
    assert heights == {"A": band(300, 400), "B": band(0, 200)}
    assert option_sentence(computed(f)["altitude", "A"], f, say).startswith("A at 300 m MSL to 400 m MSL removes it")


def test_a_free_channel_of_its_own_allotment_is_offered() -> None:
    mission = replace(
        MISSION,
        matrix=(),
        bands=(Band(name="VHF", lower_mhz=30.0, upper_mhz=88.0, separation_mhz=0.05, distance_m=30_000.0),),
        allotments=(Allotment(participant="xbl-batt", channels_mhz=(40.0, 41.025, 47.0)),
                    Allotment(participant="xar-batt", channels_mhz=(40.0, 60.0))),
    )  # fmt: skip
    users = [patrol("A", "141000", "141100", frequencies_mhz=(40.0,)),
             patrol("B", "141000", "141100", "xar-batt", frequencies_mhz=(40.025,)),
             patrol("C", "141000", "141100", "xga-fpu", frequencies_mhz=(41.0,))]  # fmt: skip
    [f] = told(users, mission)
    assert f.finding_kind == "frequency"
    assert {o.party: o.frequency_mhz for o in f.options if o.option == "channel"} == {"A": 47.0, "B": 60.0}


def test_another_asset_of_the_same_type_is_offered() -> None:
    cranes = tuple(Asset(name=n, type="crane") for n in ("CR-1", "CR-2", "CR-3"))
    mission = replace(MISSION, matrix=(), assets=(*cranes, Asset(name="FERRY", type="boat")))
    wanted = (("A", "xbl-batt", "CR-1"), ("B", "xar-batt", "CR-1"), ("C", "xga-fpu", "CR-2"))
    jobs = [patrol(n, "141000", "141100", by, assets=(AssetDemand(name=a),)) for n, by, a in wanted]
    [f] = told(jobs, mission)
    assert f.finding_kind == "asset-overbooked"
    assert {(o.party, o.asset) for o in f.options if o.option == "asset"} == {("A", "CR-3"), ("B", "CR-3")}
    assert {o.party for o in f.options if o.option == "shift" and o.verified} == {"A", "B"}


def test_an_alternative_route_of_the_mission_is_offered_if_it_is_clear() -> None:
    round_about = ("1.95,-27.02", "FORD", "2.03,-26.99", "2.07,-26.985")
    routes = tuple(
        NamedRoute(name=r.name, points=r.points, alternatives=("BRIDGE", "ROUND")) if r.name == "LIME" else r
        for r in MISSION.routes
    )
    mission = replace(MISSION, routes=(
        *routes, NamedRoute(name="BRIDGE", points=("1.95,-27.02", "KESSA", "2.07,-26.985")),
        NamedRoute(name="ROUND", points=round_about[::-1]),
    ))  # fmt: skip
    [f] = [f for f in told([MESSAGES[7], MESSAGES[1]], mission) if f.finding_kind == "incompatible-activities"]
    [option] = [o for o in f.options if o.option == "route"]
    assert (option.party, option.route, option.verified) == (HNS, "ROUND", True)
    body = changed(registry.body(MESSAGES[1]), option, Setting(mission))  # type: ignore[arg-type]
    assert isinstance(body, MovementNotice)
    assert body.route is not None
    assert body.route.direction == "reverse"  # the mission lists it the other way round


def test_an_alternative_that_is_no_other_route_is_a_mistake_of_the_mission_file() -> None:
    for other, mistakes in (("PLUM", 0), ("NONE", 1), ("LIME", 1)):
        first = replace(MISSION.routes[0], alternatives=(other,))
        found = config.lint(replace(MISSION, routes=(first, *MISSION.routes[1:])))
        assert len([f for f in found if "alternatives" in f.path]) == mistakes


def test_a_load_that_no_time_makes_lighter_has_only_people_to_talk_to() -> None:
    heavy = patrol("V", "141000", "141045", vehicles=(Vehicles(type="truck", load_class=40),))
    rated = said(RouteState(section="KESSA", load_class=30), "R", "xco-eng", "121430")
    [f] = told([rated, heavy])
    assert not computed(f)
    assert {o.option for o in f.options} == {"shift", "liaison"}


# -- sentences --------------------------------------------------------------------------------------------------------


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def sayable(option: Option) -> set[str]:
    seconds = abs(option.shift_s or 0.0)
    heights = [e.value_m for e in (option.altitude.lower, option.altitude.upper) if e] if option.altitude else []
    values = [seconds, seconds / 60, seconds // 3600, seconds % 3600 / 60, option.known, option.frequency_mhz,
              option.distance_m, *heights]  # fmt: skip
    given = [abs(v) for v in values if v is not None]
    return {f"{v:g}" for v in given} | {f"{v:.1f}" for v in given} | {f"{v:.1f}".removesuffix(".0") for v in given}


@settings(max_examples=20)
@given(honest_worlds)
def test_law_9_a_way_out_is_said_in_short_sentences_with_its_own_numbers(world: list[Envelope]) -> None:
    for f in told(world, now=LATE):
        for option in f.options:
            text = option_sentence(option, f, say)
            plain = text
            names = {option.party, option.who, option.asset, option.route} - {""}
            names |= {n for p in f.parties for n in (p.id, p.issuer)}
            for name in sorted(names, key=len, reverse=True):
                plain = plain.replace(name, " ")
            assert numbers(plain) <= sayable(option), text
            assert all(len(s.split()) <= 25 for s in re.split(r"(?<=\.) ", text)), text
            for word in ("approved", "cleared", "give way", "must", "safe", "free"):
                assert word not in text


def test_every_word_for_a_way_out_has_a_sentence() -> None:
    [f] = told([MESSAGES[7], patrol("P", "141000", "141020")])

    for word in WORDS:
        text = option_sentence(Option(option=word, party="P", who="joc"), f, say)  # type: ignore[arg-type]
        assert text.endswith(".")
        assert "{" not in text


def test_a_place_without_a_size_and_the_rules_of_time_are_mission_data() -> None:
    rules = Rules()
    assert (rules.shift_s, rules.shift_step_s, rules.options_per_message) == (86_400.0, 60.0, 16)
    halves = replace(MISSION, rules=replace(MISSION.rules, shift_step_s=1.0),
                     places=(*MISSION.places, Place(name="X", lat=2.0, lon=-27.0)))  # fmt: skip
    point = Circle(centre=Position(lat=2.0, lon=-27.0), radius_m=10)
    window = TimeWindow.exact(z("141240"), z("141259") + 30_000_000)
    run = patrol("P", "141240", "141259", area=point, windows=(window,))
    assert shifts([MESSAGES[7], run], halves)["P"] == 1200.0
    assert shifts([MESSAGES[7], run], halves)[SN] == -1200.0
