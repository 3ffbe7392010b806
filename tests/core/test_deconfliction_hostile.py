"""Whatever a message says, the engine goes on: no exception, bounded time, and the laws hold for what it then knows.

What was found by hand stands by itself; mutants of whole messages look for the rest. Source: design §7 laws 2, 3, 5, 9;
reference deconfliction.md §2.3 K18 (undecidable is a finding, never silence).
"""

import math
import random
import time
from typing import Any

import pytest

from coordinator.core.deconfliction import Engine, explain, windows
from coordinator.core.deconfliction.bands import upside_down
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import CALENDAR, FAR, MOST_WINDOWS, Span, merged
from coordinator.core.deconfliction.words import dtg
from coordinator.core.step import Effect, Logged, render
from coordinator.services.fold import MAX_EFFECT
from coordinator.texts import say
from schemas import registry
from schemas.base import Message
from schemas.directives import AssetDemand, Caveat, Directive, Vehicles
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.geo import (
    AltitudeBand,
    AltitudeLimit,
    Area,
    Circle,
    Ellipse,
    Leg,
    MultiPolygon,
    Named,
    Polygon,
    Position,
    Route,
    RoutePoint,
)  # fmt: skip
from schemas.notices import MovementNotice, RouteState
from schemas.operations import Tick
from schemas.time import TimeValue, TimeWindow
from tests.support.brute import everything
from tests.support.full import FULL
from tests.support.mutants import mutants
from tests.support.operations import differences
from tests.support.v1 import MINUTE, during, logged, z

NOW = z("140500")
BOUND_S = 2.0
"""Seconds of processor time for one message; measured 0.1 s on the worst mutants."""
BLOCK = during("140900", "141300")
AT = Position(lat=2.0, lon=-27.0)


def order(identity: str = "evil", by: str = "sn-hq", revision: int = 1, **fields: Any) -> Envelope:
    """Return an order that closes the bridge, with some fields as somebody hostile fills them."""
    said: dict[str, Any] = {
        "action": "block", "exclusive": True, "performers": (UnitRef(participant="xar-batt"),),
        "windows": (BLOCK,), "area": Named(name="KESSA"),
    } | fields  # fmt: skip
    return sent(Directive(directive_kind="frago", **said), identity, by, revision)


def sent(body: Message, identity: str, by: str, revision: int = 1, created: int | None = NOW) -> Envelope:
    """Return a message that went through the wire."""
    packed = registry.pack(body, id=identity, originator=by, revision=revision, created=TimeValue(utc=created))
    return registry.envelope(registry.encode(packed))


PASSING = sent(MovementNotice(movement_kind="patrol", area=Named(name="KESSA"), windows=(BLOCK,)), "patrol", "xbl-batt")


def take(engine: Engine, envelope: Envelope, seq: int, now: int = NOW) -> list[Effect]:
    """Hand a message over, in bounded time; every effect can be written and every sentence is proven."""
    begun = time.process_time()
    effects = list(engine.handle(logged(envelope, seq, now)))
    spent = time.process_time() - begun
    assert spent < BOUND_S, f"{spent:.1f} s for {registry.encode(envelope)[:2000]!r}"
    for effect in effects:
        assert len(render(effect, "deconfliction", now)[1]) < MAX_EFFECT
        if isinstance(effect.body, Finding):
            text = explain.sentence(effect.body, say)
            assert explain.recompute(effect.body, text, say), text
    return effects


def tick(engine: Engine, any_: Envelope, now: int = NOW) -> None:
    """Let the engine act on what has fallen due."""
    engine.handle(Logged(10**6, "tick.deconfliction", "tick", now, any_, Tick(service="deconfliction", due=now)))


def after(*envelopes: Envelope) -> Engine:
    """Return an engine that has taken messages, and was started again from its snapshot."""
    engine = Engine(FULL)
    for seq, envelope in enumerate(envelopes):
        take(engine, envelope, seq + 1)
    tick(engine, envelopes[0])
    again = Engine()
    again.restore(engine.snapshot())
    assert again.findings() == engine.findings()
    assert again.snapshot() == engine.snapshot()
    return engine


def kinds(engine: Engine, *parties: str) -> set[tuple[str, str]]:
    """Return kind and certainty of the findings among exactly these parties."""
    wanted = set(parties)
    return {(f.finding_kind, f.certainty) for f in engine.findings() if {p.id for p in f.parties} == wanted}


def unclear(engine: Engine, identity: str = "evil") -> set[tuple[str, str]]:
    """Return field and problem of what could not be decided about an order."""
    found = (f for f in engine.findings() if f.finding_kind == "undecidable")
    return {(f.evidence.field, f.evidence.rule) for f in found if f.parties[0].id == identity}


# -- times ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [CALENDAR[0] - 1, CALENDAR[1] + 1, 10**18, -(10**18), FAR, 1 << 63, 10**30, -(10**30)])
def test_a_time_that_no_calendar_has_is_said_to_be_unreadable_and_stops_nothing(at: int) -> None:
    for window in (
        TimeWindow(start_earliest=at, start_latest=at),
        TimeWindow(start_earliest=z("140900"), end_latest=at),
        TimeWindow.exact(at, at + 60_000_000),
    ):
        assert unclear(after(PASSING, order(windows=(window,)))) >= {("windows[0]", "unreadable")}


@pytest.mark.parametrize("created", [CALENDAR[0] - 1, CALENDAR[1] + 1, 1 << 64, 10**30, -(10**30)])
def test_an_order_from_a_clock_without_a_date_counts_from_when_it_was_logged(created: int) -> None:
    engine = after(PASSING, sent(registry.body(order()), "evil", "sn-hq", created=created))
    assert ("incompatible-activities", "definite") in kinds(engine, "evil", "patrol")
    assert {f.first_at for f in engine.findings() if f.finding_kind == "incompatible-activities"} == {NOW}


def test_times_are_written_whatever_they_are() -> None:
    assert dtg(10**30) == dtg(CALENDAR[1])
    assert dtg(-(10**30)) == dtg(CALENDAR[0])


def test_of_a_thousand_windows_none_is_left_out() -> None:
    windows = tuple(TimeWindow.exact(z("140900") + i * 10**7, z("140900") + i * 10**7 + 10**6) for i in range(1000))
    last = TimeWindow.exact(z("140900") + 999 * 10**7, z("140900") + 999 * 10**7 + 10**6)
    patrol = MovementNotice(movement_kind="patrol", area=Named(name="KESSA"), windows=(last,))
    engine = after(sent(patrol, "late", "xbl-batt"), order(windows=windows))
    assert ("incompatible-activities", "possible") in kinds(engine, "evil", "late")


def test_windows_are_merged_from_the_latest_and_never_narrowed() -> None:
    spans = [Span(i, i, i + 1, i + 1) for i in range(0, 1000, 2)]
    found = merged(spans[::-1])
    assert len(found) == MOST_WINDOWS
    assert found[:-1] == tuple(spans[: MOST_WINDOWS - 1])
    assert found[-1] == Span(spans[MOST_WINDOWS - 1].se, 999, spans[MOST_WINDOWS - 1].se, 999)
    assert not found[-1].certain


def test_a_caveat_whose_window_cannot_be_read_may_hold_at_any_time() -> None:
    backwards = TimeWindow.exact(z("141300"), z("140900"))
    caveat = Caveat(units=(UnitRef(participant="xar-batt"),), actions=("block",), windows=(backwards,))
    engine = after(sent(caveat, "cav", "xar-batt"), order())
    assert ("caveat", "possible") in kinds(engine, "evil")


# -- places -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("huge", [4e7, 1e15, 1e300, 1.7e308])
def test_what_reaches_around_the_earth_meets_everything_on_it(huge: float) -> None:
    for area in (
        Circle(centre=Position(lat=-2.0, lon=153.0), radius_m=huge),
        Ellipse(centre=AT, major_m=huge, minor_m=huge),
        Named(name="KESSA", radius_m=huge),
    ):
        assert ("incompatible-activities", "definite") in kinds(after(PASSING, order(area=area)), "evil", "patrol")
    assert ("incompatible-activities", "definite") in kinds(after(PASSING, order(buffer_m=huge)), "evil", "patrol")


@pytest.mark.parametrize("word", ["nan,nan", "inf,inf", "1e400,0", "95,500", "-91,-27"])
def test_coordinates_that_are_none_are_no_place(word: str) -> None:
    way = Route(points=(RoutePoint(name=word, window=BLOCK), RoutePoint(name="KESSA")), method="vehicle")
    engine = after(PASSING, order(area=None, route=way))
    assert unclear(engine) == {("route.points[0].name", "unknown-place")}


@pytest.mark.parametrize("area", [MultiPolygon(polygons=((),)), Polygon(rings=(((0.0, 0.0),) * 4,))])
def test_an_area_without_extent_is_said_to_be_none(area: Area) -> None:
    assert {field for field, _ in unclear(after(PASSING, order(area=area)))} == {"area"}


def test_heights_that_are_upside_down_separate_nothing_and_are_said_to_be_wrong() -> None:
    band = AltitudeBand(
        lower=AltitudeLimit(reference="MSL", value_m=900.0), upper=AltitudeLimit(reference="MSL", value_m=100.0)
    )
    other = AltitudeBand(
        lower=AltitudeLimit(reference="MSL", value_m=200.0), upper=AltitudeLimit(reference="MSL", value_m=300.0)
    )
    patrol = MovementNotice(movement_kind="patrol", area=Named(name="KESSA"), windows=(BLOCK,), altitude=other)
    engine = after(sent(patrol, "patrol", "xbl-batt"), order(altitude=band))
    assert upside_down(band) and not upside_down(other)
    assert ("incompatible-activities", "definite") in kinds(engine, "evil", "patrol")
    assert ("altitude", "upside-down") in unclear(engine)


def ring(corners: int, radius: float) -> tuple[tuple[float, float], ...]:
    """Return a ring around the bridge with so many corners."""
    turns = [2 * math.pi * i / corners for i in range(corners)]
    found = tuple((-27.0 + radius * math.cos(t), 2.0 + radius * math.sin(t)) for t in turns)
    return (*found, found[0])


def test_rings_of_twenty_thousand_corners_are_judged_at_once() -> None:
    engine = after(
        PASSING,
        order(area=Polygon(rings=(ring(19_999, 0.02),))),
        order("other", area=Polygon(rings=(ring(19_999, 0.03),))),
    )
    assert ("incompatible-activities", "definite") in kinds(engine, "evil", "patrol")


def test_a_way_of_2000_km_is_judged_at_once() -> None:
    way = Route(
        points=(RoutePoint(position=AT, window=BLOCK), RoutePoint(position=Position(lat=2.0, lon=-9.5))),
        method="vehicle",
    )
    again = sent(MovementNotice(movement_kind="humanitarian", route=way, windows=(BLOCK,)), "aid", "ocha-cmc")
    engine = after(again, order(area=None, route=way, exclusive=False, action="escort"))
    assert ("incompatible-activities", "definite") in kinds(engine, "evil", "aid")


def test_legs_that_speak_of_everything_again_and_again_are_too_much() -> None:
    points = tuple(RoutePoint(position=Position(lat=2.0 + i * 1e-6, lon=-27.0)) for i in range(2000))
    way = Route(points=points, legs=(Leg(start=0, end=1999, window=BLOCK),) * 500, method="vehicle")
    assert unclear(after(PASSING, order(area=None, route=way))) == {("route.legs", "too-long")}


# -- numbers ----------------------------------------------------------------------------------------------------------


def test_numbers_that_nobody_means_stop_nothing() -> None:
    way = Route(name="LIME", points=(RoutePoint(name="KESSA", window=BLOCK),), method="vehicle")
    for number in (0.0, 1e-300, 1e300, 1.7e308, -1.7e308):
        length = abs(number)
        after(
            PASSING,
            order("f", frequencies_mhz=(number, 31.0)),
            order("c", area=None, route=Route(points=way.points, name="LIME", column_length_m=length)),
            order(
                "s", area=None, route=Route(points=way.points, name="LIME", speed_min_mps=length, speed_max_mps=length)
            ),
            sent(RouteState(section="KESSA", lanes=1, headway_s=number), "rate", "xco-eng"),
        )
        demanding = after(PASSING, order(assets=(AssetDemand(name="crane", amount=number),)))
        assert ("assets[0].amount", "no-amount") in unclear(demanding)
    after(PASSING, order(area=None, route=way, vehicles=(Vehicles(type="truck", count=10**400),)))


def test_a_headway_below_nothing_hides_no_convoy_on_a_single_lane() -> None:
    def convoy(identity: str, by: str, direction: str) -> Envelope:
        way = Route(
            name="LIME", points=(RoutePoint(name="KESSA", window=BLOCK),), method="vehicle", direction=direction
        )
        return sent(MovementNotice(movement_kind="logistics", route=way, windows=(BLOCK,)), identity, by)

    state = sent(RouteState(section="KESSA", lanes=1, headway_s=-1e9), "rate", "xco-eng")
    engine = after(state, convoy("north", "xar-batt", "north"), convoy("south", "xbl-batt", "south"))
    assert ("route-capacity", "definite") in kinds(engine, "north", "south")


def test_a_revision_that_nothing_could_follow_is_still_judged() -> None:
    engine = after(PASSING, order(revision=10**30))
    assert ("incompatible-activities", "definite") in kinds(engine, "evil", "patrol")


def test_what_cannot_be_read_in_one_order_gives_no_flood_of_findings() -> None:
    nobody = tuple(UnitRef(name=f"unit {i}") for i in range(900))
    engine = after(order(performers=nobody))
    assert 10 < len(unclear(engine)) <= 50


# -- mutants ----------------------------------------------------------------------------------------------------------


def survive(seed: int, count: int) -> int:
    """Hand mutants to an engine and hold it against itself in other ways; return how many findings there were."""
    sent_ = list(mutants(seed, count))
    start = z("140000")
    engine = Engine(FULL)
    for i, envelope in enumerate(sent_):
        take(engine, envelope, i + 1, start + i * MINUTE)
        if i % 5 == 0:
            before = engine.snapshot()
            engine.check([sent_[(i * 7) % count]])
            assert engine.snapshot() == before, f"seed {seed}: a dry run of {(i * 7) % count} left something behind"
    now = start + count * MINUTE
    tick(engine, sent_[0], now)
    again = Engine()
    again.restore(engine.snapshot())
    assert again.snapshot() == engine.snapshot(), f"seed {seed}"
    assert again.findings() == engine.findings(), f"seed {seed}"
    shuffled = [(e, start + i * MINUTE) for i, e in enumerate(sent_)]
    random.Random(seed).shuffle(shuffled)
    other = Engine(FULL)
    other.collect(shuffled)
    tick(other, sent_[0], now)
    assert other.findings() == engine.findings(), f"seed {seed}"
    found = {f.id: f for f in engine.findings()}
    brute = everything(engine._ledger, Setting(FULL), now)
    assert not (wrong := differences("kept", found, brute)), "\n".join((f"seed {seed}", *wrong))
    return len(found)


@pytest.mark.parametrize("seed", range(6))
def test_mutants_stop_nothing_and_the_laws_hold_among_them(seed: int) -> None:
    assert survive(seed, 30) > 0


def test_an_engine_that_takes_every_number_for_a_time_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "dated", lambda _: True)
    monkeypatch.setattr(windows, "bounded", lambda at: at)
    with pytest.raises(OverflowError):
        for seed in range(6):
            survive(seed, 30)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_very_many_mutants_stop_nothing(seed: int) -> None:
    assert survive(seed, 60) > 0
