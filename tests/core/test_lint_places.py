"""Mission files whose zones, areas and restrictions cannot be meant: every mistake is named, what is meant is not."""

from typing import Any

import pytest
from msgspec.structs import replace

from coordinator import lint_places
from coordinator.core.measures import Boundary, Ground, Period, Zone
from coordinator.core.mission import Mission, Release, VehicleType
from tests.support.places import PLAIN, moment, square


def zone(**fields: Any) -> Zone:
    return Zone(**({"name": "Z", "kind": "restricted", "ground": square(), "authority": "fhq-u3"} | fields))


def area(**fields: Any) -> Boundary:
    return Boundary(**({"name": "B", "owner": "sc-hq", "ground": square()} | fields))


def said(mission: Mission) -> list[str]:
    return [f"{f.path}: {f.what}" for check in lint_places.CHECKS for f in check(mission)]


def test_what_is_meant_is_not_complained_about() -> None:
    zones = (zone(), zone(name="Y", ground=None, agreement="ceasefire", classes=("armed",), exempt=("A-1:2",)))
    areas = (area(severities={"armed": "HIGH"}, open_to=("humanitarian",)), area(name="C"))
    assert said(replace(PLAIN, zones=zones, boundaries=areas)) == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"ground": None}, "zones[0]: can never fire: it has no ground"),
        ({"agreement": "silence"}, "zones[0]: follows an agreement"),
        ({"ground": None, "agreement": "silence", "periods": (Period(),)}, "zones[0]: follows an agreement"),
        ({"classes": ("nothing",)}, 'zones[0].classes: can never fire for "nothing"'),
        ({"classes": ()}, "zones[0].classes: can never fire: it means no activity"),
        ({"floor_m": 10.0, "ceiling_m": 9.0}, "zones[0]: can never fire: its ceiling lies below its floor"),
        ({"standoff_m": -1.0}, "zones[0].standoff_m: is negative"),
        ({"authority": ""}, "zones[0].authority: is missing: nobody could exempt or permit"),
        ({"authority": "nobody"}, 'zones[0].authority: no participant "nobody"'),
        ({"exempt": ("FRAGO-1",)}, 'zones[0].exempt: "FRAGO-1" names no revision'),
        ({"ground": Ground(place="nowhere")}, 'zones[0].ground: no place "nowhere"'),
        ({"ground": Ground(ring=("0,0", "1,1", "0,1", "1,0"))}, "zones[0].ground: is a ring that crosses itself"),
        ({"ground": Ground(ring=("0,-170", "1,0", "0,170"))}, "zones[0].ground: is wider than half the earth"),
        ({"ground": Ground(line=("0,-170", "0,170"))}, "zones[0].ground: is wider than half the earth"),
        ({"ground": Ground(ring=("0,0", "0.0,0.0", "1,1"))}, "zones[0].ground: is a shape without extent"),
        ({"ground": Ground(ring=("0,0", "1,1"))}, "zones[0].ground.ring: needs 3 different points"),
        ({"periods": (Period(start=moment("141000"), end=moment("141000")),)}, "zones[0].periods[0]: never is"),
        ({"basis": "a; b"}, "zones[0].basis:"),
    ],
)
def test_a_zone_that_cannot_fire_or_be_lifted_is_named(wrong: dict[str, Any], says: str) -> None:
    assert any(line.startswith(says) for line in said(replace(PLAIN, zones=(zone(**wrong),))))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"owner": "nobody"}, 'boundaries[0].owner: no participant "nobody"'),
        ({"open_to": ("strangers",)}, 'boundaries[0].open_to: "strangers" means nobody'),
        ({"open_to": ("all",)}, "boundaries[0]: can never fire: everybody is above or below"),
        ({"severities": {"nothing": "HIGH"}}, 'boundaries[0].severities: can never fire for "nothing"'),
    ],
)
def test_an_area_that_nobody_can_enter_uncoordinated_is_named(wrong: dict[str, Any], says: str) -> None:
    assert any(line.startswith(says) for line in said(replace(PLAIN, boundaries=(area(**wrong),))))


def test_names_tell_findings_apart() -> None:
    assert said(replace(PLAIN, zones=(zone(), zone(name="z")))) == ['zones[1].name: "z" is there twice']


def test_words_of_caveats_are_classes_or_types_and_caveats_are_not_for_all() -> None:
    vehicles = (VehicleType(type="truck", classes=("carrier", "")), VehicleType(type="Carrier"))
    lines = said(replace(PLAIN, vehicles=vehicles, release=(Release(kind="caveat", to="all"),)))
    assert [line.split(":")[0] for line in lines] == ["vehicles[0].classes", "vehicles[0].classes", "release[0]"]
