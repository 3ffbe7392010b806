"""K05 to K07 at their edges: whose agreement counts, what is meant, how bad and how told; K04 on one lane.

Source: reference deconfliction.md §2.3 K04 to K07.
"""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from coordinator.core.deconfliction import check
from coordinator.core.mission import Mission
from schemas.directives import Agreement
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.geo import Circle, Position
from schemas.notices import HazardNotice
from tests.support.places import (
    AT,
    FOLLOWS,
    INSIDE,
    NOW,
    WINDOW,
    area,
    ceasefire,
    only,
    order,
    patrol,
    permission,
    restricted,
    square,
    within,
    zone,
)
from tests.support.v1 import during, ref, said

FAR_AWAY: Final = Circle(centre=Position(lat=10.5, lon=20.5), radius_m=10)


def of(kind: str, mission: Mission, *envelopes: Envelope) -> list[Finding]:
    return [f for f in check(envelopes, mission, NOW) if f.finding_kind == kind]


# -- K05: whose agreement ---------------------------------------------------------------------------------------------


def agreed(by: str, *parties: str) -> Envelope:
    body = Agreement(agreement_kind="coordination", orders=(ref("P"),), parties=parties,
                     windows=(during(*WINDOW),))  # fmt: skip
    return said(body, f"AG-{by}", by, "130030")


@pytest.mark.parametrize(
    ("by", "parties", "counts"),
    [
        ("sc-hq", (), True),  # the owner
        ("fhq-u3", (), True),  # above the owner
        ("xbl-batt", (), False),  # below it
        ("xar-batt", ("sc-hq", "xar-batt"), False),  # who enters writes nobody else's word
        ("ocha-cmc", (), False),
        ("ocha-cmc", ("sc-hq", "xar-batt"), True),  # a third party that lists both
        ("ocha-cmc", ("sc-hq",), False),
        ("ocha-cmc", ("xar-batt",), False),
        ("ocha-cmc", ("sn-hq", "xar-batt"), False),
    ],
)
def test_an_entry_is_agreed_by_the_owner_by_whoever_is_above_it_or_by_a_third_that_lists_both(
    by: str, parties: tuple[str, ...], counts: bool
) -> None:
    found = of("uncoordinated-entry", within(area("sc-hq")), patrol(), agreed(by, *parties))
    assert bool(found) is not counts


def test_an_entry_is_where_something_is_and_not_where_its_effect_reaches() -> None:
    beside = Circle(centre=Position(lat=9.999, lon=20.01), radius_m=10)  # 100 m south of the square
    mission = within(area("sc-hq"))
    hazard = HazardNotice(hazard_kind="demolition", area=beside, safety_radius_m=500.0, windows=(during(*WINDOW),))
    assert of("uncoordinated-entry", mission, said(hazard, "H", "xar-batt", "130000")) == []
    into = replace(hazard, area=Circle(centre=Position(lat=10.0001, lon=20.01), radius_m=10))
    assert len(of("uncoordinated-entry", mission, said(into, "H", "xar-batt", "130000"))) == 1
    touching = Circle(centre=Position(lat=9.999, lon=20.01), radius_m=105)
    assert of("uncoordinated-entry", mission, patrol(area=touching)) == []


def test_an_entry_is_told_to_the_owner_and_when() -> None:
    [found] = of("uncoordinated-entry", within(area("sc-hq")), patrol())
    assert "sc-hq" in found.told
    assert found.parties[0].window == during(*WINDOW)
    assert (found.evidence.place, found.evidence.authority) == ("", "sc-hq")


# -- K06 and K07 ------------------------------------------------------------------------------------------------------


def test_a_zone_says_when_where_and_who_is_told() -> None:
    found = only(within(zone()), patrol())
    assert found.parties[0].window == during(*WINDOW)
    assert (found.evidence.place, found.arbiter) == ("", "fhq-u3")
    assert "fhq-u3" in found.told
    nobody = only(within(zone(authority="")), patrol())
    assert "" not in nobody.told
    assert nobody.options == ()


def test_two_zones_are_two_findings() -> None:
    found = check([patrol()], within(zone(), zone(name="Y")), NOW)
    assert sorted(f.evidence.rule for f in found) == ["Y", "Z"]
    assert len({f.id for f in found}) == 2


@pytest.mark.parametrize("kind", ["prohibited", "restricted"])
def test_what_may_be_in_a_prohibited_zone_is_as_bad_as_what_is(kind: Any) -> None:
    mission = within(zone(kind, severity="HIGH", classes=("*",)))
    blurred = Circle(centre=Position(lat=10.0, lon=20.0 - 0.001, ce_m=300.0), radius_m=1)
    sure, maybe = only(mission, patrol(area=INSIDE)), only(mission, patrol(area=blurred))
    assert (sure.severity, sure.certainty) == ("HIGH", "definite")
    assert (maybe.severity, maybe.certainty) == ("HIGH" if kind == "prohibited" else "MEDIUM", "possible")


def test_a_zone_that_follows_an_agreement_does_not_mean_what_was_over_before_it() -> None:
    assert of("restricted-zone", FOLLOWS, order(), ceasefire())
    withdrawn = replace(order(), status="cancel")
    found = check([order(), withdrawn, ceasefire(at="131000")], FOLLOWS, NOW)
    assert [f for f in found if f.state == "open"] == []
    drill = replace(ceasefire(), reality="exercise")
    assert of("restricted-zone", FOLLOWS, order(), drill) == []


def test_a_zone_is_not_about_what_a_mission_without_one_says() -> None:
    assert check([patrol()], within(), NOW) == []
    assert of("restricted-zone", within(restricted(ground=square(north=12.0))), patrol()) == []


def test_a_permission_of_the_authority_lifts_a_restricted_zone_and_only_by_revision_a_prohibited_one() -> None:
    allows = {"windows": (during(*WINDOW),)}
    assert of("restricted-zone", within(restricted()), patrol(), permission(**allows)) == []
    assert of("prohibited-zone", within(zone()), patrol(), permission(**allows))
    assert of("prohibited-zone", within(zone()), patrol(), permission(revision=2, **allows))
    assert of("prohibited-zone", within(zone()), patrol(), permission(revision=1, **allows)) == []


def test_the_place_of_a_zone_is_that_of_the_gazetteer() -> None:
    there = replace(within(zone()).places[0], name="POST", lat=AT.lat + 0.01, lon=AT.lon + 0.01, radius_m=400.0)
    mission = replace(within(zone(), area("sc-hq")), places=(there,))
    found = {f.finding_kind: f for f in check([patrol()], mission, NOW)}
    assert {f.evidence.place for f in found.values()} == {"POST"}
    assert set(found) == {"prohibited-zone", "uncoordinated-entry"}
    assert check([patrol(area=FAR_AWAY)], mission, NOW) == []
