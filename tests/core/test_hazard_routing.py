"""A hazard finds everybody whose plan crosses it, whatever the matrix names. domain.md R-16, F11."""

from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.core.measures import Hazards
from coordinator.core.mission import Activity, MatrixRow
from schemas import registry
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.geo import AltitudeBand, AltitudeLimit, Circle, Named, Position
from schemas.notices import HazardNotice, MovementNotice, ProtectedSite
from tests.support.sightings import MISSION, fold, hold
from tests.support.v1 import during, said

HERE = Position(lat=2.25, lon=-27.15)
BARE = replace(MISSION, matrix=(), activities=(), protected=(), coverage=())
WHEN = (during("150900", "151000"),)


def around(metres: float, north_m: float = 0.0) -> Circle:
    return Circle(centre=replace(HERE, lat=HERE.lat + north_m / 110_574), radius_m=metres)


def feet(low: float, high: float) -> AltitudeBand:
    lower, upper = (AltitudeLimit(reference="AGL", value_m=v * 0.3048) for v in (low, high))
    return AltitudeBand(lower=lower, upper=upper)


def hazard(**fields: Any) -> Envelope:
    given: dict[str, Any] = {"hazard_kind": "uxo", "area": around(300), "windows": WHEN}
    return said(HazardNotice(**(given | fields)), "HAZ-1", "xar", "150605")


def patrol(**fields: Any) -> Envelope:
    given: dict[str, Any] = {"area": around(100), "windows": WHEN, "method": "foot"}
    return said(MovementNotice(movement_kind="patrol", **(given | fields)), "PTL-1", "xbl", "150500")


def order(**fields: Any) -> Envelope:
    return said(hold(**({"area": around(100), "windows": WHEN} | fields)), "O-1", "fhq", "150500")


def site() -> Envelope:
    return said(
        ProtectedSite(site_kind="hospital", name="CLINIC", position=HERE, buffer_m=50.0), "SITE-1", "ocha", "150500"
    )


def crossing(*messages: Envelope, mission: Any = BARE) -> Finding | None:
    """Return what says that the hazard reaches the plan, if it does."""
    found = [f for f in fold(messages, mission).findings() if f.evidence.rule == "hazard/plan" and f.state != "closed"]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize("plan", [patrol(), order(), site()], ids=["movement", "order", "site"])
def test_a_hazard_reaches_every_plan_that_it_crosses_in_a_mission_that_names_nothing(plan: Envelope):
    found = crossing(hazard(), plan)
    assert found is not None
    assert {p.id for p in found.parties} == {"HAZ-1", plan.id}
    assert {"xar", plan.originator} <= set(found.told)
    assert found.severity in ("LOW", "MEDIUM")  # which is told, and a card


APART = {
    "another place": {"area": around(100, north_m=1000)},
    "another time": {"windows": (during("151000", "151100"),)},
    "another height": {"altitude": feet(6000, 7000)},
    "over already": {"state": "completed"},
}


@pytest.mark.parametrize("fields", APART.values(), ids=APART)
def test_it_reaches_no_plan_that_does_not_cross_it(fields: dict[str, Any]):
    assert crossing(hazard(altitude=feet(0, 5500)), patrol(**fields)) is None


@pytest.mark.parametrize(
    ("fields", "reaches"),
    [
        ({}, False),
        ({"safety_radius_m": 700.0}, True),
        ({"error_m": 700.0}, True),  # whoever measured badly warns further
        ({"safety_radius_m": 400.0, "error_m": 250.0}, True),
        ({"area": Circle(centre=replace(HERE, ce_m=700.0), radius_m=300)}, True),
    ],
)
def test_the_error_of_a_position_counts(fields: dict[str, Any], reaches: bool):
    """Two who compare grids by eye miss what a hundred metres hide."""
    found = crossing(hazard(**fields), patrol(area=around(100, north_m=1000)))
    assert (found is not None) is reaches


def test_the_error_of_a_plan_counts_as_well():
    near = Circle(centre=replace(around(100, north_m=1000).centre, ce_m=700.0), radius_m=100)
    assert crossing(hazard(), patrol(area=near))


def test_a_hazard_that_is_cold_or_lifted_reaches_nobody_and_one_that_is_hot_without_an_end_does():
    assert crossing(hazard(state="cold"), patrol()) is None
    assert crossing(hazard(state="lifted"), patrol()) is None
    assert crossing(hazard(state="hot", windows=()), patrol())


def test_where_the_mission_says_how_two_stand_to_each_other_that_counts_and_nothing_beside():
    known = (Activity(classes=("danger",), kind="hazard"), Activity(classes=("foot",), kind="movement"))
    row = MatrixRow(name="danger/foot", a="danger", b="foot", severity="HIGH")
    named = replace(BARE, activities=known, matrix=(row,))
    assert crossing(hazard(), patrol(), mission=named) is None
    [found] = [f for f in fold((hazard(), patrol()), named).findings() if f.state != "closed"]
    assert (found.evidence.rule, found.evidence.folded) == ("danger/foot", ())


def test_a_mission_may_keep_to_its_matrix_or_be_told_louder():
    assert crossing(hazard(), patrol(), mission=replace(BARE, hazards=Hazards(reach="matrix"))) is None
    loud = crossing(hazard(), patrol(), mission=replace(BARE, hazards=Hazards(severity="HIGH")))
    assert loud is not None
    assert loud.severity == "HIGH"


def test_two_hazards_and_two_plans_are_nobodys_matter():
    other = said(registry.body(hazard()), "HAZ-2", "sc", "150605")
    assert crossing(hazard(), other) is None
    assert crossing(patrol(), order()) is None


def test_a_plan_without_a_place_raises_no_new_doubt_and_a_hazard_without_one_does():
    nowhere = Named(name="OP 9-9")
    kinds = {f.finding_kind for f in fold((hazard(), patrol(area=nowhere)), BARE).findings()}
    assert "undecidable" not in kinds
    lost = fold((hazard(area=nowhere), patrol()), BARE).findings()
    assert [f.finding_kind for f in lost] == ["undecidable"]


def test_it_ends_when_the_hazard_is_lifted():
    engine = fold((hazard(), patrol(), replace(said(
        HazardNotice(hazard_kind="uxo", area=around(300), windows=WHEN, state="lifted"), "HAZ-1", "xar", "150620"),
        revision=2, status="update")), BARE)  # fmt: skip
    assert {f.state for f in engine.findings() if f.evidence.rule == "hazard/plan"} == {"closed"}
