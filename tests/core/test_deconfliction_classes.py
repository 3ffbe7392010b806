"""Which classes of activity a message falls into by how it moves, and with what."""

from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.mission import Activity, Mission, VehicleType
from schemas.directives import Directive, Vehicles
from schemas.geo import Named, Route
from schemas.notices import HazardNotice, MovementNotice

TABLE = (VehicleType(type="armoured-carrier", aliases=("VAB",), classes=("armoured",)), VehicleType(type="truck"))


def falls(body: Any, **tests: Any) -> bool:
    """Say whether a message falls into a class with these tests."""
    kind = body.KIND
    mission = Mission(name="test", vehicles=TABLE, activities=(Activity(classes=("it",), kind=kind, **tests),))
    return "it" in Reading(body, Setting(mission)).classes


MOVE = MovementNotice(movement_kind="convoy")
ORDER = Directive(directive_kind="frago", action="move")


@pytest.mark.parametrize(
    "body",
    [
        replace(MOVE, method="vehicle"),
        replace(MOVE, route=Route(name="IRIS", method="vehicle")),
        replace(ORDER, route=Route(name="IRIS", method="vehicle")),
        replace(ORDER, vehicles=(Vehicles(type="truck"),)),
    ],
)
def test_the_method_is_what_the_message_the_route_or_the_vehicles_say(body: Any) -> None:
    assert falls(body, method=("vehicle",))
    assert falls(body, method=("boat", "vehicle"))
    assert not falls(body, method=("foot",))


def test_nobody_guesses_how_something_moves() -> None:
    assert not falls(MOVE, method=("foot", "vehicle", "air", "boat"))
    assert falls(MOVE)


@pytest.mark.parametrize("word", ["armoured-carrier", "VAB", "vab", "Armoured"])
def test_a_vehicle_is_meant_by_its_type_another_name_of_it_or_its_class(word: str) -> None:
    columns = (Vehicles(type="truck", count=3), Vehicles(type="Armoured-Carrier", count=1))
    assert falls(replace(MOVE, vehicles=columns), vehicle=(word,))
    assert not falls(replace(MOVE, vehicles=columns[:1]), vehicle=(word,))
    assert not falls(MOVE, vehicle=(word,))


def test_every_test_that_is_given_must_hold() -> None:
    body = replace(MOVE, method="vehicle", vehicles=(Vehicles(type="truck"),))
    assert falls(body, movement=("convoy",), method=("vehicle",), vehicle=("truck",))
    assert not falls(body, movement=("patrol",), method=("vehicle",), vehicle=("truck",))
    assert not falls(body, movement=("convoy",), method=("vehicle",), vehicle=("armoured",))


def test_what_does_not_move_has_no_method() -> None:
    hazard = HazardNotice(hazard_kind="range", area=Named(name="KESSA"))
    assert falls(hazard, hazard=("range",))
    assert not falls(hazard, method=("vehicle",))
