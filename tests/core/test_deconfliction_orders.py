"""K04, K12, K16, K18 by example: what a bridge carries, orders that point at each other, what cannot be decided.

Source: reference deconfliction.md §2.3.
"""

from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.core.mission import Activity
from schemas.directives import Dependency, Directive, OrderChange, Vehicles
from schemas.envelope import Envelope, UnitRef
from schemas.geo import (
    Line,
    Named,
    Polygon,
    Route,
)  # fmt: skip
from schemas.notices import Cancellation, HazardNotice, MovementNotice, RouteState
from schemas.time import TimeValue, TimeWindow
from tests.support.bridge import CLASH, closure, findings, kinds, use
from tests.support.v1 import MISSION, during, ref, said

# -- K04 --------------------------------------------------------------------------------------------------------------


def rated(**fields: Any) -> Envelope:
    return said(RouteState(section="KESSA", **fields), "BR", "xco-eng", "121430")


def heavy(load: int | None, kind: str = "bridging vehicle") -> Envelope:
    return convoy_with(Vehicles(type=kind, load_class=load))


def convoy_with(*vehicles: Vehicles) -> Envelope:
    body = MovementNotice(
        movement_kind="admin", route=Route(name="PLUM"), windows=(during("141000", "141045"),), vehicles=vehicles,
        method="vehicle",
    )  # fmt: skip
    return said(body, "V", "xbl-batt", "130000")


@pytest.mark.parametrize(("load", "expected"), [(30, []), (31, ["route-capacity"]), (None, ["undecidable"])])
def test_a_load_class_is_within_or_above_or_not_known(load: int | None, expected: list[str]) -> None:
    assert kinds(rated(load_class=30), heavy(load)) == expected


def test_the_table_of_the_mission_gives_a_missing_load_class() -> None:
    assert kinds(rated(load_class=30), heavy(None, "truck")) == []
    assert kinds(rated(load_class=10), heavy(None, "truck")) == ["route-capacity"]


def test_the_newest_report_of_a_section_counts_and_a_closed_one_is_said() -> None:
    older = said(RouteState(section="puente KESSA", load_class=60), "OTHER", "xga-fpu", "111430")
    assert kinds(rated(load_class=30), older, heavy(40)) == ["route-capacity"]
    [f] = findings(rated(load_class=60, trafficable="closed"), heavy(40))
    assert f.evidence.rule == "closed"


def test_nobody_rated_it_so_there_is_nothing_to_exceed() -> None:
    assert kinds(heavy(100)) == []


def test_opposite_directions_on_one_lane() -> None:
    against = said(
        MovementNotice(movement_kind="admin", route=Route(name="PLUM", direction="northbound"),
                       windows=(during("141000", "141045"),), vehicles=(Vehicles(type="truck"),)),
        "N", "xga-fpu", "130000",
    )  # fmt: skip
    assert kinds(rated(lanes=1), heavy(20), against) == ["route-capacity"]
    assert kinds(rated(lanes=2), heavy(20), against) == []


# -- K12, K16, K18 ----------------------------------------------------------------------------------------------------


def order(identity: str, by: str = "sn-hq", at: str = "130000", **fields: Any) -> Envelope:
    return said(Directive(directive_kind="frago", **fields), identity, by, at)


def rules(*envelopes: Envelope) -> list[tuple[str, str]]:
    return [(f.evidence.rule, f.severity) for f in findings(*envelopes) if f.finding_kind == "stale-order"]


def test_references_to_what_is_gone_or_unknown() -> None:
    gone = said(Cancellation(), "A", "sn-hq", "130010", kind="directive", status="cancel")
    needs = order("B", at="130020", dependencies=(Dependency(task="A"),))
    assert rules(order("A"), needs) == []
    assert rules(order("A"), gone, needs) == [("stale", "HIGH")]
    assert rules(needs) == [("missing", "MEDIUM")]
    amends = order("B", at="130020", amends=(OrderChange(order=ref("A", 1), exclusive=False),))
    again = said(Directive(directive_kind="frago", task="again"), "A", "sn-hq", "130015", revision=2)
    assert rules(order("A"), again, amends) == [("stale", "HIGH")]


def test_two_orders_replace_one_and_others_replace_each_other() -> None:
    two = [order(n, supersedes=(ref("A"),)) for n in ("B", "C")]
    assert rules(order("A"), *two) == [("fork", "HIGH")]
    circle = [order("B", supersedes=(ref("A"),)), order("A", supersedes=(ref("B"),))]
    assert rules(*circle) == [("cycle", "MEDIUM")]


def test_authority_is_needed_to_change_an_order() -> None:
    for by, expected in (("sc-hq", [("authority", "HIGH")]), ("sn-hq", []), ("fhq-u3", [])):
        assert rules(order("A"), order("B", by=by, supersedes=(ref("A"),))) == expected
    assert kinds(closure(), use(), order("B", by="sc-hq", cancels=(ref("C"),))).count("incompatible-activities") == 1
    assert kinds(closure(), use(), order("B", by="fhq-u3", cancels=(ref("C"),))) == []


def test_an_order_is_not_kept_alive_by_naming_the_superior_order_that_ends_it() -> None:
    ends = order("B", by="fhq-u3", at="130010", supersedes=(ref("C"),))
    assert CLASH[0] not in kinds(closure(), use(), ends)
    assert CLASH[0] in kinds(closure(supersedes=(ref("D"),)), use(), order("D", at="130010", supersedes=(ref("C"),)))
    assert CLASH[0] not in kinds(closure(supersedes=(ref("B"),)), use(), ends)


def test_withdrawing_what_superseded_an_order_revives_nothing() -> None:
    new = order("B", at="130010", supersedes=(ref("C"),))
    gone = said(Cancellation(), "B", "sn-hq", "130020", kind="directive", status="cancel")
    assert kinds(closure(), use(), new, gone) == []


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"area": Named(name="nowhere")}, "unknown-place"),
        ({"area": None, "route": Route(name="NONE")}, "unknown-route"),
        ({"area": Polygon(rings=(((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)),))}, "crossing-ring"),
        ({"area": Line(points=((-170.0, 0.0), (170.0, 0.0)))}, "wide-path"),
        ({"area": None}, "missing"),
        ({"windows": ()}, "missing"),
        ({"windows": (during("141300", "140900"),)}, "reversed"),
        ({"windows": (during("140900", "140900"),)}, "empty"),
        ({"windows": (TimeWindow(start=TimeValue(raw="142500Z")),)}, "unreadable"),
        ({"performers": (UnitRef(name="nobody"),)}, "unknown-unit"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_is_said(fields: dict[str, Any], rule: str) -> None:
    [f] = findings(closure(**fields))
    assert (f.finding_kind, f.certainty, f.evidence.rule) == ("undecidable", "unknown", rule)
    assert f.severity == "HIGH"


def test_two_contents_under_one_revision_and_two_owners_of_one_id() -> None:
    assert kinds(closure(), closure(exclusive=True, task="another")) == ["undecidable"]
    both = [closure("A"), closure("A", by="sc-hq", area=Named(name="FORD"))]
    assert kinds(*both, order("B", by="fhq-u3", permitted=(ref("A"),))) == ["undecidable"]


def test_a_hazard_that_is_lifted_and_an_empty_order_are_no_conflict() -> None:
    hazards = Activity(classes=("use",), kind="hazard")
    mission = replace(MISSION, activities=(*MISSION.activities, hazards))
    for state, expected in (("hot", CLASH), ("cold", []), ("lifted", [])):
        notice = HazardNotice(hazard_kind="range", area=Named(name="KESSA"), state=state)  # type: ignore[arg-type]
        assert kinds(closure(), said(notice, "H", "xga-fpu", "130000"), mission=mission) == expected
    assert kinds(order("EMPTY"), use()) == []
