"""Vignette V2, "Light over Falcon": an aircraft, an illumination practice, a helicopter. Source: domain.md §5.2."""

import random
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

import adapters
from adapters.base import Context
from coordinator import demo
from coordinator.core.deconfliction import Engine, check
from coordinator.core.deconfliction.explain import recompute, sentence
from coordinator.demo.vignette import Vignette, load, moment
from coordinator.texts import say
from coordinator.topology import LOG, RAW
from schemas import registry
from schemas.envelope import Envelope
from schemas.geo import AltitudeBand, AltitudeLimit, Circle, Position
from schemas.notices import HazardNotice, MovementNotice
from schemas.reports import MedevacRequest
from tests.support.playing import kept, outcome, scored_in_memory, unmet
from tests.support.v1 import during, logged, said, z

SHUFFLED = (1, 2, 4, 5, 6, 7, 8, 9, 91, 11, 14)
FROZEN = moment("142016ZMAR27")


async def test_v2_scores_exactly_in_memory():
    """Three findings on two cards, one refusal; silence for everything else, nothing left open."""
    assert unmet(await scored_in_memory(load("v2"))) == []


@pytest.mark.nats
async def test_v2_scores_exactly_on_a_server():
    """The same on a real nats-server, as `make demo` plays it."""
    assert unmet(await demo.score(load("v2"))) == []


@pytest.mark.parametrize("swapped", [{"xes": "xfa"}, {"xdr": "xfa", "farbatt": "xdr avn"}], ids=["UAS", "helicopter"])
async def test_v2_is_the_same_with_two_nations_swapped(swapped):
    """Impartial (law 4): two nations exchange their names everywhere, and nothing changes but names."""
    assert unmet(await scored_in_memory(load("v2", swapped))) == []


@pytest.mark.parametrize("orders", [4, pytest.param(50, marks=pytest.mark.slow)])
async def test_the_order_of_arrival_does_not_matter(orders: int):
    """Law 3: without the orders that solve anything, in any random order, the same five findings and cards."""
    vignette = load("v2")
    wanted = await outcome(vignette, SHUFFLED, FROZEN)
    assert sorted(row[3] for row in wanted[0]) == ["CRITICAL", "HIGH", "HIGH", "MEDIUM", "MEDIUM"]
    for seed in range(orders):
        order = list(SHUFFLED)
        random.Random(seed).shuffle(order)
        assert await outcome(vignette, order, FROZEN) == wanted, f"seed {seed}: {order}"


async def test_the_exercise_inject_is_nowhere_but_where_it_came_in():
    """Step 10: the bytes are kept in RAW, the refusal does not repeat them, and no record is made."""
    path, found = await kept(load("v2"), 10, b"EX-CASEVAC-99", FROZEN)
    assert path == "reality"
    assert found == {RAW: ["from.excon.raw.native"], LOG: []}


# -- why it is silent where it is: the same message, changed in the one thing that keeps it apart, does clash --------


def read(vignette: Vignette, number: int) -> list[Envelope]:
    """Return the messages of a step, as intake would log them."""
    step = vignette.step(number)
    context = Context(participant=step.behalf or step.sender, received_at=step.time)
    each = (adapters.adapter(step.format).decode(vignette.files[file], context) for file in step.sends)
    return [message for translation in each for message in translation.messages]


def found(vignette: Vignette, *steps: int, **bodies: Any) -> list[tuple[str, str, str]]:
    """Return kind, severity and rule of what is open behind some steps; ``bodies`` change a message by its file."""
    engine = Engine(vignette.mission)
    for number in steps:
        step = vignette.step(number)
        fields = bodies.get(step.file.partition("-")[2].partition(".")[0], {})
        for i, message in enumerate(read(vignette, number)):
            engine.handle(logged(with_body(message, **fields), 100 * number + i, step.time))
    known = [f for f in engine.findings() if f.state != "closed"]
    return sorted((f.finding_kind, f.severity, f.evidence.rule) for f in known)


def with_body(envelope: Envelope, **fields: Any) -> Envelope:
    body = replace(registry.body(envelope), **fields)
    return replace(envelope, body=msgspec.Raw(registry.encode(body)))


def band(low_ft: float, high_ft: float) -> AltitudeBand:
    low, high = (AltitudeLimit(reference="AGL", value_m=v * 0.3048) for v in (low_ft, high_ft))
    return AltitudeBand(lower=low, upper=high)


HAZARD = ("incompatible-activities", "HIGH", "hazard/air")
SAME_AIR = ("incompatible-activities", "MEDIUM", "air/air")


def test_1_000_feet_above_the_hazard_are_enough_and_a_foot_less_is_not():
    vignette = load("v2")
    assert found(vignette, 1, 2, 3, 31, 32) == []
    assert found(vignette, 1, 2, 3, 31, 32, airspace={"altitude": band(6499, 8000)}) == [HAZARD]


def test_the_humanitarian_aircraft_clashes_only_if_it_comes_down():
    vignette = load("v2")
    assert found(vignette, 2, 5) == []
    assert found(vignette, 2, 5, flightplan={"altitude": band(5500, 12500)}) == [HAZARD]


def test_the_quadcopter_clashes_only_if_it_comes_near():
    """Twelve kilometres from the helicopter it disturbs nobody, at the pick-up it does."""
    vignette = load("v2")
    pickup = Circle(centre=Position(lat=2.14, lon=-26.88), radius_m=500)
    assert found(vignette, 2, 6, 13, 9, 91) == []
    assert found(vignette, 2, 6, 13, 9, 91, flightplan={"area": pickup}) == [SAME_AIR]


def test_the_evening_after_is_another_evening():
    """Step 20: at 2100Z the helicopter is down and the aircraft high; the same hour of the next day is nobody's."""
    vignette = load("v2")
    assert found(vignette, 1, 3, 31, 32, 9, 91, 20) == []
    assert found(vignette, 1, 3, 31, 32, 9, 91, 20, airspace={"altitude": band(1500, 3000)}) == [HAZARD, SAME_AIR]


def test_a_cancellation_counts_even_if_it_comes_before_what_it_cancels():
    """Step 4: the flight through the range is gone, however late its plan arrives by another way."""
    vignette = load("v2")
    plan = MovementNotice(
        movement_kind="flight", method="air", altitude=band(500, 1500), windows=(during("142000", "142020"),),
        area=Circle(centre=Position(lat=2.09, lon=-26.9), radius_m=1000),
    )  # fmt: skip
    late = said(plan, "XDR-FPL-0314-9", "xdr-avn", "141200")
    [gone], [hazard] = read(vignette, 4), read(vignette, 2)
    assert [f.evidence.rule for f in check([hazard, late], vignette.mission, z("141830"))] == ["hazard/air"]
    assert check([gone, hazard, late], vignette.mission, z("141830")) == []


# -- what must hold ---------------------------------------------------------------------------------------------------


def test_a_hazard_notice_has_no_field_for_a_target_or_an_effect():
    """It warns of a place and a time; whoever would aim with it finds nothing to aim with."""
    names = {f.name for f in msgspec.structs.fields(HazardNotice)}
    assert not [n for n in names if any(word in n for word in ("target", "effect", "weapon", "ammunition", "aim"))]


def test_a_casualty_has_no_name():
    names = {f.name for f in msgspec.structs.fields(MedevacRequest)}
    assert {n for n in names if "name" in n} == {"pickup_name"}


def test_the_recommendation_orders_nothing():
    """A2 says what the mission's rules recommend and who decides; the bus neither orders nor approves."""
    vignette = load("v2")
    engine = Engine(vignette.mission)
    for number in (2, 9):
        for i, message in enumerate(read(vignette, number)):
            engine.handle(logged(message, 100 * number + i, vignette.step(number).time))
    [a2] = engine.findings()
    text = sentence(a2, say)
    assert "recommend CHECK FIRE; decision: range officer" in text
    assert "fhq-u3 can decide." in text
    assert not [w for w in ("must", "shall", "cease", "cleared", "approved", "safe", "gives way") if w in text]
    assert recompute(a2, text, say)


def test_asked_planned_ordered_and_in_the_air_are_four_words():
    """To the patrol it makes all the difference; "ordered" is not "airborne"."""
    vignette = load("v2")
    bodies = [(n, registry.body(e)) for n in (8, 9, 16, 17, 19) for e in read(vignette, n)]
    assert {n: b.state for n, b in bodies if isinstance(b, MedevacRequest)} == {
        8: "asked",
        9: "planned",
        16: "ordered",
        17: "in-motion",
        19: "done",
    }
