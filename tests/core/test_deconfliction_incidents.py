"""Incidents that are dangers: they occupy what lies within their safety radius until they are lifted."""

from msgspec.structs import replace

from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.geo import Circle, Polygon, Position, Route, RoutePoint
from schemas.notices import HazardNotice
from schemas.reports import IncidentReport
from schemas.time import TimeValue
from tests.support.sightings import convoy, told
from tests.support.v1 import during, said, z

IMPACT = Position(lat=2.268, lon=-27.169)


def violation(revision: int = 1, at: str = "150605", **fields: object) -> Envelope:
    given = {"occurred": TimeValue(utc=z("150605")), "position": IMPACT, "safety_radius_m": 2000.0, "danger": "present"}
    return said(IncidentReport(category="mortar", **(given | fields)), "CFV", "unmo", at, revision)


def clash(*messages: Envelope) -> Finding | None:
    return told(*messages).get("incompatible-activities")


def test_a_danger_reaches_as_far_as_its_safety_radius() -> None:
    """The road passes 1.56 km from the impact: within two kilometres, beyond one and a half."""
    found = clash(convoy(), violation())
    assert found is not None
    assert (found.severity, found.evidence.rule, {p.id for p in found.parties}) == (
        "HIGH", "danger/humanitarian", {"HNS", "CFV"},
    )  # fmt: skip
    assert clash(convoy(), violation(safety_radius_m=1500.0)) is None
    assert clash(convoy(), violation(safety_radius_m=1500.0, position=replace(IMPACT, ce_m=100.0))) is not None


def test_an_area_with_a_safety_radius_reaches_beyond_it() -> None:
    ring = ((-27.171, 2.267), (-27.167, 2.267), (-27.167, 2.269), (-27.171, 2.269), (-27.171, 2.267))
    area = Polygon(rings=(ring,))
    assert clash(convoy(), violation(position=None, area=area)) is not None
    assert clash(convoy(), violation(position=None, area=area, safety_radius_m=1000.0)) is None


def test_an_incident_without_danger_occupies_nothing() -> None:
    assert clash(convoy(), violation(danger="")) is None


def test_a_danger_lasts_until_it_is_lifted_or_the_report_is_withdrawn() -> None:
    lifted = violation(2, "150740", danger="lifted")
    assert told(convoy(), violation(), lifted) == {}
    over = convoy(windows=(during("150500", "150600"),))
    assert clash(over, violation()) is None  # it had not happened yet


def test_a_danger_that_says_not_where_cannot_be_ruled_out() -> None:
    assert "undecidable" in told(convoy(), violation(position=None))


def test_a_hazard_reaches_as_far_as_its_safety_radius_and_error_together() -> None:
    area = Circle(centre=IMPACT, radius_m=1.0)

    def notice(**fields: object) -> Envelope:
        body = HazardNotice(hazard_kind="demolition", area=area, windows=(during("150900", "151000"),), **fields)
        return said(body, "HAZ", "unmo", "150605")

    assert clash(convoy(), notice(safety_radius_m=2000.0)) is not None
    assert clash(convoy(), notice(safety_radius_m=1500.0, error_m=100.0)) is not None
    assert clash(convoy(), notice(safety_radius_m=1500.0)) is None
    assert clash(convoy(), notice()) is None


def test_points_of_a_route_may_carry_their_own_times() -> None:
    timed = Route(name="IRIS", method="vehicle", points=(RoutePoint(name="OP 4-7", window=during("150800", "150810")),))
    assert clash(convoy(route=timed, windows=()), violation()) is not None
