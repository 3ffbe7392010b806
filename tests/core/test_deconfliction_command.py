"""K02, K11, K17 by example, one axis at a time; and laws over all kinds about who orders what.

Source: reference deconfliction.md §2.3.
"""

from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine, check, units
from coordinator.core.deconfliction.picture import Picture
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.verdicts.base import Verdict
from coordinator.core.deconfliction.verdicts.folding import folded
from coordinator.core.measures import CommandRow, Contradiction, Precedence
from coordinator.core.mission import Activity, MatrixRow, Mission, Speed
from schemas.directives import Agreement, Dependency, Directive, OrderChange
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Evidence, Finding
from schemas.geo import Circle, Named, Position, Route, RoutePoint
from schemas.time import TimeWindow
from tests.support.laws import blind, recomputed
from tests.support.tasks import CLAUSE, FORD, MISSION, NOW, findings, from_to, kinds, north, order, unit
from tests.support.v1 import DAY, MARCH, during, logged, ref, said, z
from tests.support.worlds import renamed

K02: Final = ["contradictory-orders"]

# -- K02: one unit, two places ----------------------------------------------------------------------------------------


def test_a_unit_that_has_to_stay_cannot_be_elsewhere() -> None:
    [f] = findings(order("A"), order("B", "patrol", area=FORD))
    assert (f.finding_kind, f.severity, f.certainty) == ("contradictory-orders", "HIGH", "definite")
    e = f.evidence
    assert (e.rule, e.actions, e.units) == ("remain", ("hold", "patrol"), ("xar-batt",))
    assert e.distance_m == pytest.approx(6005.7 - 300, abs=0.1)
    assert e.overlap == during("140900", "141300")
    assert (e.relation, e.chains) == ("equals", ("sn-hq OPCON xar-batt",))
    assert {(o.option, o.party, o.who) for o in f.options} == {
        ("withdraw", "A", ""), ("withdraw", "B", ""), ("split", "A", ""), ("split", "B", ""), ("refer", "", "sn-hq"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, K02),
        ({"windows": (during("141300", "141400"),)}, []),  # one after the other: K15 looks at those
        ({"windows": (during("141259", "141400"),)}, K02),
        ({"windows": (during("150900", "151300"),)}, []),
        ({"area": Named(name="KESSA")}, []),
        ({"area": Circle(centre=Position(lat=2.0027, lon=-27.0), radius_m=150)}, []),  # 298.6 m off: the circles meet
        ({"area": Circle(centre=Position(lat=2.0028, lon=-27.0), radius_m=150)}, K02),  # 309.6 m off: they do not
        ({"to": "xbl-batt", "by": "sc-hq"}, []),
        ({"to": "xfa-batt"}, []),
        ({"action": "airspace"}, []),  # its area is not where the unit is
        ({"partial": True}, []),
    ],
)
def test_two_places_one_axis_at_a_time(fields: dict[str, Any], expected: list[str]) -> None:
    given = {"action": "patrol", "area": FORD} | fields
    assert kinds(order("A"), order("B", **given)) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("xar-batt/A Coy", "xar-batt/A Coy", K02),
        ("xar-batt/A Coy", "xar-batt/a  coy", K02),
        ("xar-batt/A Coy", "xar-batt/A Coy XAR-BATT", K02),
        ("xar-batt/A Coy", "xar-batt/B Coy", []),  # two companies are two units
        ("xar-batt/A Coy", "xar-batt", K02),
        ("xar-batt/A Coy", "xar-batt/XAR-BATT", K02),  # the participant's own name is the whole
        ("xar-batt/A Coy", "sn-hq", K02),  # what the sector is told, its battalions are told
        ("sn-hq", "xar-batt", K02),
        ("sn-hq/Reserve", "xar-batt", []),
        ("xbl-batt", "xar-batt", []),
        ("xar-batt/A Coy", "xfa-batt/A Coy", []),  # each has its own
    ],
)
def test_a_unit_is_itself_its_parts_and_what_it_is_part_of(first: str, second: str, expected: list[str]) -> None:
    orders = order("A", by="fhq-u3", to=first), order("B", "patrol", by="fhq-u3", to=second, area=FORD)
    assert kinds(*orders) == expected
    assert kinds(*orders[::-1]) == expected


def test_a_contradiction_in_the_whole_is_shown_for_the_part() -> None:
    [f] = findings(order("A"), order("B", "patrol", to="xar-batt/A Coy", area=FORD))
    assert f.evidence.units == ("A Coy",)


def test_a_unit_with_an_id_of_its_own_is_the_whole_if_its_name_says_so() -> None:
    setting = Setting(MISSION)
    whole = units.unit_of(UnitRef(id="UIC-7", name="XAR-BATT", callsign="HERON"), setting)
    part = units.unit_of(UnitRef(id="UIC-7", name="A Coy", callsign="HERON", participant="xar-batt"), setting)
    assert whole is not None
    assert part is not None
    assert (whole.participant, whole.names) == ("xar-batt", frozenset())
    assert part.names == {"uic-7", "a coy", "heron"}


def test_another_name_of_the_whole_is_the_whole() -> None:
    known = replace(MISSION.by_id["xar-batt"], aliases=("ARVBATT",))
    mission = replace(MISSION, participants=tuple(known if p.id == known.id else p for p in MISSION.participants))
    orders = order("A", to="xar-batt/A Coy"), order("B", "patrol", area=FORD, performers=(UnitRef(name="arvbatt"),))
    assert kinds(*orders, mission=mission) == K02
    assert kinds(*orders) == []  # unheard of: K18 says so


def test_uncertain_times_are_possible_and_one_step_lower() -> None:
    loose = TimeWindow(start_earliest=z("141200"), start_latest=z("141400"), end_earliest=z("141500"),
                       end_latest=z("141600"))  # fmt: skip
    [f] = findings(order("A"), order("B", "patrol", area=FORD, windows=(loose,)))
    assert (f.certainty, f.severity, f.evidence.because) == ("possible", "MEDIUM", ("times",))
    assert f.evidence.gap_s == 3600.0  # 1300Z to 1400Z, if it starts as late as it may


def test_a_way_that_no_choice_of_times_leaves_room_for_is_certain() -> None:
    """To the ford it is 5.7 km: 95 min at 1 m/s. 60 minutes are the most that lie between; at 16.7 m/s 6 min do."""
    loose = TimeWindow(start_earliest=z("141200"), start_latest=z("141400"), end_earliest=z("141500"),
                       end_latest=z("141600"))  # fmt: skip
    there = order(
        "B", "patrol", area=None, windows=(loose,), route=Route(method="foot", points=(RoutePoint(name="FORD"),))
    )
    for speed, expected in ((1.0, ("travel", "definite")), (10.0, ("remain", "possible"))):
        mission = replace(MISSION, speeds=(Speed(method="foot", min_mps=0.5, max_mps=speed),))
        [f] = findings(order("A"), there, mission=mission)
        assert (f.evidence.rule, f.certainty) == expected
        assert f.evidence.speed_mps == speed
        assert f.evidence.distance_m is not None
        assert f.evidence.travel_s == pytest.approx(f.evidence.distance_m / speed, abs=0.06)


@pytest.mark.parametrize(("method", "expected"), [("foot", K02), ("boat", []), ("", [])])
def test_two_places_without_staying_need_a_speed(method: Any, expected: list[str]) -> None:
    """A patrol here and one there: without a speed for how they move nobody can say what lies between them."""
    way = Route(method=method, points=(RoutePoint(name="FORD"),))
    both = order("A", "patrol"), order("B", "escort", area=None, route=way)
    assert kinds(*both) == expected
    if expected:
        assert findings(*both)[0].evidence.rule == "travel"


def test_the_fastest_of_the_methods_counts_and_all_must_be_known() -> None:
    def way(method: Any) -> Route:
        return Route(method=method, points=(RoutePoint(name="FORD"),))

    here = Route(method="foot", points=(RoutePoint(name="KESSA"),))
    on_foot = order("A", "patrol", area=None, route=here)
    [f] = findings(on_foot, order("B", "escort", area=None, route=way("vehicle")))
    assert f.evidence.speed_mps == pytest.approx(60 / 3.6)
    assert kinds(on_foot, order("B", "escort", area=None, route=way("boat"))) == []


def test_of_several_windows_the_earliest_overlap_is_shown() -> None:
    days = during("151000", "151100"), during("141000", "141100"), during("161000", "161100")
    all_day = TimeWindow.exact(z("140000"), z("180000"))
    [f] = findings(order("A", windows=days), order("B", "patrol", area=FORD, windows=(all_day,)))
    assert f.evidence.overlap == during("141000", "141100")


def test_what_is_elsewhere_only_before_it_surely_has_begun_is_possible() -> None:
    """It surely is under way from 1000Z to 1001Z, and then it passes the bridge; before, it may be on its way there."""
    loose = TimeWindow(start_earliest=z("140900"), start_latest=z("141000"), end_earliest=z("141001"),
                       end_latest=z("141100"))  # fmt: skip
    route = Route(name="PLUM", method="vehicle", points=(RoutePoint(name="KESSA", window=during("141000", "141001")),))
    passing = order("B", "escort", area=None, route=route, windows=(loose,))
    [f] = findings(order("A"), passing)
    assert (f.evidence.rule, f.certainty) == ("remain", "possible")
    mission = replace(MISSION, contradictions=(Contradiction(a="hold", b="escort"),))
    [f] = findings(order("A"), passing, mission=mission)
    assert (f.evidence.rule, f.certainty) == ("exclusive", "definite")


def test_a_way_through_the_held_place_contradicts_only_where_it_is_elsewhere_at_that_time() -> None:
    route = Route(name="PLUM", method="vehicle", points=(RoutePoint(name="KESSA", window=during("141000", "141002")),))
    passing = order("B", "escort", area=None, route=route, windows=(during("140900", "141300"),))
    [f] = findings(order("A"), passing)
    assert f.evidence.rule == "remain"
    at_the_bridge = order("A", windows=(during("141000", "141002"),))
    assert kinds(at_the_bridge, passing) == []  # at that time it passes right there


def test_one_route_ordered_twice_is_no_contradiction() -> None:
    """A unit on a way is somewhere on it: two orders for the same way at the same time want nothing different."""
    route = Route(name="PLUM", method="vehicle", points=(RoutePoint(name="KESSA", window=during("141000", "141030")),))
    both = [order(n, "escort", area=None, route=route, windows=(during("140900", "141300"),)) for n in "AB"]
    assert kinds(*both) == []
    untimed = [order(n, "escort", area=None, route=Route(name="PLUM", method="vehicle")) for n in "AB"]
    assert kinds(*untimed) == []


def test_hold_against_move_without_a_place() -> None:
    assert kinds(order("A", area=None), order("B", "move", area=None)) == K02
    assert kinds(order("A"), order("B", "move", area=None)) == K02
    assert kinds(order("A"), order("B", "move")) == []  # to where it is anyway
    assert kinds(order("A", "search", area=None), order("B", "move", area=None)) == []


# -- K02: actions that the mission rules out together -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "area", "expected"),
    [
        ({}, "KESSA", ("HIGH", "exclusive")),
        ({"severity": "CRITICAL"}, "KESSA", ("CRITICAL", "exclusive")),
        ({"elsewhere": True}, "KESSA", None),
        ({"elsewhere": True, "severity": "CRITICAL"}, "FORD", ("CRITICAL", "exclusive")),
        ({"a": "use-of-force", "b": "aid"}, "KESSA", None),
    ],
)
def test_contradicting_actions_are_mission_data(row: dict[str, Any], area: str, expected: Any) -> None:
    mission = replace(MISSION, contradictions=(Contradiction(**({"a": "search", "b": "aid"} | row)),))
    for x, y in (("search", "aid"), ("aid", "search")):
        found = findings(order("A", x), order("B", y, area=Named(name=area)), mission=mission)
        assert [(f.severity, f.evidence.rule) for f in found] == ([expected] if expected else [])


def test_an_order_without_a_time_may_be_at_any_time() -> None:
    mission = replace(MISSION, contradictions=(Contradiction(a="use-of-force", b="hold", severity="CRITICAL"),))
    cease = order("A", area=None, windows=())
    fire = order("B", "use-of-force", area=None)
    [f] = findings(cease, fire, mission=mission)
    assert (f.certainty, f.severity) == ("possible", "HIGH")


def test_the_mission_may_choose_the_severity() -> None:
    mission = replace(MISSION, severities={"contradictory-orders": "MEDIUM"})
    assert [f.severity for f in findings(order("A"), order("B", "patrol", area=FORD), mission=mission)] == ["MEDIUM"]


def test_what_amends_replaces_or_is_agreed_with_is_no_contradiction() -> None:
    there = {"area": FORD}
    assert kinds(order("A"), order("B", "patrol", supersedes=(ref("A"),), **there)) == []
    assert kinds(order("A"), order("B", "patrol", amends=(OrderChange(order=ref("A"), task="go on"),), **there)) == []
    assert kinds(order("A", coordinated_with=(ref("B"),)), order("B", "patrol", **there)) == K02  # one side only
    assert (
        kinds(order("A", coordinated_with=(ref("B"),)), order("B", "patrol", coordinated_with=(ref("A"),), **there))
        == []
    )
    agreed = said(Agreement(agreement_kind="coordination", orders=(ref("A"), ref("B"))), "G", "fhq-u3", "130100")
    assert kinds(order("A"), order("B", "patrol", **there), agreed) == []
    assert kinds(order("A"), replace(order("B", "patrol", **there), reality="exercise")) == []


def test_a_withdrawn_or_changed_order_closes_it() -> None:
    amendment = Directive(directive_kind="frago", amends=(OrderChange(order=ref("A"), area=FORD),))
    moved = said(amendment, "F", "fhq-u3", "130100")
    [f] = findings(order("A"), order("B", "patrol", area=FORD), moved)
    assert (f.state, f.waits_for) == ("resolved-if-acknowledged", ("xar-batt",))


# -- K11: two chains of command ---------------------------------------------------------------------------------------

PATROL: Final = ("patrol", "sn-hq"), ("patrol", "sc-hq")


def fork(mission: Mission = MISSION, **fields: Any) -> list[Finding]:
    """The same patrol ordered by both sectors; the finding on their relation."""
    orders = order("A", "patrol"), order("B", "patrol", by="sc-hq", **fields)
    return [f for f in findings(*orders, mission=mission) if f.finding_kind == "command-fork"]


def test_two_chains_task_one_unit() -> None:
    [f] = fork()
    assert (f.severity, f.certainty, f.arbiter) == ("MEDIUM", "definite", "fhq-u3")
    assert f.evidence.chains == ("fhq-u3 OPCON sc-hq", "fhq-u3 OPCON sn-hq", "sn-hq OPCON xar-batt")
    assert f.evidence.units == ("xar-batt",)
    assert {(o.option, o.who) for o in f.options} == {("refer", "fhq-u3"), ("liaison", "sn-hq"), ("liaison", "sc-hq")}


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 1),
        ({"windows": (during("141300", "141400"),)}, 0),
        ({"windows": (during("141259", "141400"),)}, 1),
        ({"to": "xar-batt/A Coy"}, 1),
        ({"to": "xfa-batt"}, 0),
        ({"partial": True}, 0),
        ({"coordinated_with": (ref("A"),)}, 1),  # one side only
        ({"action": "search"}, 1),
    ],
)
def test_a_fork_one_axis_at_a_time(fields: dict[str, Any], count: int) -> None:
    given = {"action": "patrol"} | fields
    orders = order("A", "patrol"), order("B", by="sc-hq", **given)
    assert kinds(*orders).count("command-fork") == count


def test_one_chain_is_no_fork() -> None:
    for by in ("sn-hq", "fhq-u3", "xar-batt"):
        assert kinds(order("A", "patrol"), order("B", "patrol", by=by)) == []


def test_a_contradiction_holds_the_fork_within_it() -> None:
    found = findings(order("A"), order("B", "patrol", by="sc-hq", area=FORD))
    assert sorted(f.finding_kind for f in found) == ["authority", "contradictory-orders"]
    [k02] = [f for f in found if f.finding_kind == "contradictory-orders"]
    assert "command-fork" in k02.evidence.folded


@pytest.mark.parametrize(
    ("row", "count"),
    [
        ({"actions": ("search",)}, 0),
        ({"actions": ("search", "patrol")}, 1),  # it gives both what the other one orders
        ({"actions": ()}, 1),
        ({"actions": ("escort",)}, 1),
        ({"actions": ("search",), "relation": "COORD"}, 1),
        ({"actions": ("search",), "periods": from_to("140900", "141300")}, 0),
        ({"actions": ("search",), "periods": from_to("140900", "141259")}, 1),
        ({"actions": ("search",), "unit": "xfa-batt"}, 1),
    ],
)
def test_a_declared_split_of_command_is_no_fork(row: dict[str, Any], count: int) -> None:
    given = {"unit": "xar-batt", "superior": "sc-hq", "relation": "TACON"} | row
    mission = replace(MISSION, command=(CommandRow(**given),))
    orders = order("A", "patrol"), order("B", "search", by="sc-hq")
    assert kinds(*orders, mission=mission).count("command-fork") == count


def test_a_split_for_one_of_two_units_leaves_the_fork_for_the_other() -> None:
    row = CommandRow(unit="xar-batt", superior="sc-hq", relation="TACON", actions=("search",))
    both = (unit("xar-batt"), unit("xfa-batt"))
    orders = order("A", "patrol", performers=both), order("B", "search", by="sc-hq", performers=both)
    for command, count in (((row,), 1), ((row, replace(row, unit="xfa-batt")), 0)):
        assert kinds(*orders, mission=replace(MISSION, command=command)).count("command-fork") == count


def test_a_published_priority_is_no_fork() -> None:
    activities = tuple(Activity(classes=(a,), kind="directive", action=(a,)) for a in ("medevac", "patrol"))
    rule = Precedence(over="medevac", under="patrol", rule="casualties first")
    orders = order("A", "patrol"), order("B", "medevac", by="sc-hq")
    for precedence, count in (((rule,), 0), ((replace(rule, under="search"),), 1), ((), 1)):
        mission = replace(MISSION, activities=activities, precedence=precedence)
        assert kinds(*orders, mission=mission).count("command-fork") == count


# -- K17: duplicates --------------------------------------------------------------------------------------------------


def twice(**fields: Any) -> list[str]:
    """The same search by two contingents."""
    given = {"action": "search", "by": "sc-hq", "to": "xbl-batt"} | fields
    return kinds(order("A", "search"), order("B", **given))


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, True),
        ({"action": "aid"}, False),
        ({"to": "xar-batt", "by": "sn-hq"}, False),  # the same contingent
        ({"to": "fhq-u3", "by": "fhq-u3"}, False),  # no contingent, and above the other
        ({"to": "ocha-cmc", "by": "ocha-cmc"}, False),  # no contingent
        ({"performers": (unit("xbl-batt"), unit("sc-hq"))}, True),
        ({"performers": (unit("xbl-batt"), unit("xar-batt")), "by": "fhq-u3"}, False),  # one of them has it already
        ({"by": "fhq-u3"}, True),
        ({"area": FORD}, False),
        ({"area": north(99.0)}, True),
        ({"area": north(101.0)}, False),
        ({"area": north(60.0, 200.0)}, False),  # 60 m off and 50 m larger
        ({"area": north(40.0, 200.0)}, True),
        ({"windows": (during("141300", "141500"),)}, False),
        ({"windows": (during("141200", "141500"),)}, True),
        ({"coordinated_with": (ref("A"),)}, False),  # it knows
        ({"permitted": (ref("A"),)}, False),
        ({"dependencies": (Dependency(task="A", relation="relief-of"),)}, False),
        ({"supersedes": (ref("A"),)}, False),
        ({"draft": True}, True),
    ],
)
def test_a_duplicate_one_axis_at_a_time(fields: dict[str, Any], found: bool) -> None:
    assert twice(**fields) == ["duplicate-task"] * found


def test_a_duplicate_is_for_information() -> None:
    [f] = findings(order("A", "search"), order("B", "search", by="sc-hq", to="xbl-batt"))
    assert (f.severity, f.certainty, f.evidence.place, f.evidence.distance_m) == ("INFO", "definite", "KESSA", 0.0)
    assert {(o.option, o.party) for o in f.options} == {("merge", "A"), ("merge", "B")}


def test_a_unit_that_the_mission_does_not_know_is_no_contingent() -> None:
    assert "duplicate-task" not in twice(to="xzz-batt")


def test_of_several_times_the_certain_one_is_shown_and_then_the_earliest() -> None:
    loose = TimeWindow(start_earliest=z("140900"), start_latest=z("142000"), end_earliest=z("141900"),
                       end_latest=z("142200"))  # fmt: skip
    days = tuple(TimeWindow.exact(z(f"1{d}0900"), z(f"1{d}1300")) for d in (7, 5, 6))
    other = {"action": "search", "by": "sc-hq", "to": "xbl-batt"}
    [f] = findings(order("A", "search", windows=days), order("B", **other, windows=days))
    assert f.evidence.overlap == during("150900", "151300")
    [f] = findings(order("A", "search", windows=(loose, *days)), order("B", **other, windows=(loose, *days)))
    assert (f.certainty, f.evidence.overlap) == ("definite", during("150900", "151300"))


def test_what_the_bus_has_no_word_for_is_the_same_only_in_the_senders_words() -> None:
    for code, found in (("", False), ("dig", True), ("weld", False)):
        other = order("B", "other", by="sc-hq", to="xbl-batt", action_code=code)
        assert kinds(order("A", "other", action_code="dig" if code else ""), other) == ["duplicate-task"] * found


def test_a_route_ordered_twice_is_a_duplicate_and_another_is_not() -> None:
    plum = {"area": None, "route": Route(name="PLUM", method="vehicle")}
    here = order("A", "escort", **plum)
    assert kinds(here, order("B", "escort", by="sc-hq", to="xbl-batt", **plum)) == ["duplicate-task"]
    lime = plum | {"route": Route(name="LIME", method="vehicle")}
    assert kinds(here, order("B", "escort", by="sc-hq", to="xbl-batt", **lime)) == []


def test_a_clash_of_activities_holds_the_duplicate_within_it() -> None:
    closed = Activity(classes=("closure",), kind="directive", exclusive=True)
    row = MatrixRow(name="closure/closure", a="closure", b="closure", severity="HIGH")
    mission = replace(MISSION, activities=(closed,), matrix=(row,))
    both = order("A", "block", exclusive=True), order("B", "block", by="sc-hq", to="xbl-batt", exclusive=True)
    [f] = check(both, mission, NOW)
    assert (f.finding_kind, f.evidence.folded) == ("incompatible-activities", ("duplicate-task",))


def test_folding_loses_nothing_that_is_not_implied() -> None:
    def verdict(kind: Any, rule: str) -> Verdict:
        return Verdict(kind, "definite", "HIGH", Evidence(rule=rule))

    clash, fork_, place = (verdict(k, k) for k in ("contradictory-orders", "command-fork", "incompatible-activities"))
    headway, twin = verdict("route-capacity", "headway"), verdict("duplicate-task", "duplicate-task")
    for alone in ([], [fork_], [headway, twin], [fork_, headway]):
        assert folded(alone) == alone
    both = folded([place, headway, clash, fork_, twin])
    assert [(v.kind, v.evidence.folded) for v in both] == [
        ("incompatible-activities", ("duplicate-task", "headway")), ("contradictory-orders", ("command-fork",)),
    ]  # fmt: skip


# -- laws over these kinds --------------------------------------------------------------------------------------------

SWAP: Final = {"xar-batt": "xbl-batt", "xbl-batt": "xar-batt", "sn-hq": "sc-hq", "sc-hq": "sn-hq", "XAR": "XBL",
               "XBL": "XAR"}  # fmt: skip
FULL: Final = replace(
    MISSION,
    command=(
        CommandRow(unit="xar-batt", superior="sc-hq", relation="TACON", actions=("patrol",),
                   periods=from_to("140900", "141100")),
        CommandRow(unit="xbl-batt", superior="sn-hq", relation="OPCON", periods=from_to("141000", "141200"),
                   instead=True),
    ),
    mandate=(replace(CLAUSE, actions=("hold", "patrol", "move")), replace(CLAUSE, clause="OP 9", actions=("search",))),
    contradictions=(Contradiction(a="hold", b="search", severity="CRITICAL"),
                    Contradiction(a="search", b="patrol", elsewhere=True)),
)  # fmt: skip

places = st.sampled_from((Named(name="KESSA"), Named(name="KESSA"), FORD, Named(name="OP 4-7"), None))
hours = st.integers(0, 5).map(lambda h: MARCH + 13 * DAY + (8 + h) * DAY // 24)
windows = st.one_of(
    st.tuples(hours, hours).map(lambda w: TimeWindow.exact(min(w), max(w) + DAY // 24)),
    st.lists(hours, min_size=4, max_size=4, unique=True).map(sorted).map(lambda w: TimeWindow(
        start_earliest=w[0], start_latest=w[1], end_earliest=w[2], end_latest=w[3])),
)  # fmt: skip
tasked = st.sampled_from(("xar-batt", "xar-batt/A Coy", "xar-batt/B Coy", "xbl-batt", "sn-hq", "xbl-batt/A Coy")).map(
    unit
)
bodies = st.builds(
    Directive, directive_kind=st.just("frago"), action=st.sampled_from(("hold", "patrol", "search", "move", "other")),
    performers=st.lists(tasked, min_size=1, max_size=2).map(tuple), area=places,
    windows=st.lists(windows, max_size=2).map(tuple), partial=st.integers(0, 7).map(lambda i: i == 0),
    route=st.one_of(st.none(), st.none(), st.just(Route(name="PLUM", method="vehicle"))),
    supersedes=st.one_of(st.just(()), st.just(()), st.just((ref("o1"),))),
    coordinated_with=st.one_of(st.just(()), st.sampled_from(((ref("o1"),), (ref("o2"),)))),
)  # fmt: skip
issuers = st.sampled_from(("sn-hq", "sc-hq", "fhq-u3", "xar-batt"))
worlds = st.lists(st.tuples(bodies, issuers), min_size=1, max_size=5).map(
    lambda drawn: [said(body, f"o{i}", by, "130000") for i, (body, by) in enumerate(drawn)]
)


@given(worlds)
def test_candidates_by_unit_and_place_are_enough(world: list[Envelope]) -> None:
    engine = Engine(FULL)
    for i, envelope in enumerate(world):
        engine.handle(logged(envelope, i, NOW))
    brute = Picture(engine._ledger, Setting(FULL))
    brute.update(engine._ledger.acts)
    brute.judge(brute.everything(), NOW)
    expected = {r.finding.id: r.finding for case in brute.rulings.values() for r in case}
    assert {f.id: f for f in engine.findings()} == expected


@given(worlds)
def test_nations_that_change_places_change_nothing_but_names(world: list[Envelope]) -> None:
    here = [renamed(f, SWAP) for f in check(world, FULL, NOW)]
    there = check([renamed(e, SWAP) for e in world], renamed(FULL, SWAP), NOW)
    assert sorted(map(blind, here)) == sorted(map(blind, there))


@given(worlds, st.data())
def test_any_order_gives_the_same_and_every_sentence_can_be_recomputed(world: list[Envelope], data: Any) -> None:
    found = check(world, FULL, NOW)
    assert check(data.draw(st.permutations(world)), FULL, NOW) == found
    for f in found:
        recomputed(f)


def test_tags_are_symmetric_and_find_whatever_is_one_unit() -> None:
    setting = Setting(MISSION)
    names = (
        "sn-hq",
        "sc-hq",
        "fhq-u3",
        "xar-batt",
        "xar-batt/A Coy",
        "xar-batt/B Coy",
        "xbl-batt",
        "sn-hq/Reserve",
        "joc",
    )
    known = [u for n in names if (u := units.unit_of(unit(n), setting))]
    for a in known:
        for b in known:
            meets = bool(set(units.tags((a,), setting)) & set(units.wanted((b,), setting)))
            assert meets == bool(set(units.tags((b,), setting)) & set(units.wanted((a,), setting)))
            assert units.same(a, b, setting) == units.same(b, a, setting)
            assert meets or not units.same(a, b, setting)


# -- what cannot be decided -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"area": Named(name="nowhere")}, "unknown-place"),
        ({"windows": ()}, "missing"),
        ({"windows": (during("141300", "140900"),)}, "reversed"),
        ({"area": None, "windows": (during("141300", "140900"),)}, "reversed"),
        ({"performers": (UnitRef(name="nobody"),)}, "unknown-unit"),
    ],
)
def test_an_order_to_a_unit_that_cannot_be_read_is_undecidable(fields: dict[str, Any], rule: str) -> None:
    """No row of the matrix speaks of it; that the unit has contradicting orders cannot be ruled out all the same."""
    [f] = [f for f in check([order("A", **fields)], MISSION, NOW) if f.finding_kind == "undecidable"]
    assert (f.severity, f.evidence.rule) == ("HIGH", rule)


def test_an_order_that_names_neither_place_nor_unit_makes_no_claim() -> None:
    assert check([order("A", area=None)], MISSION, NOW) == []
    assert check([order("A", area=None, windows=(), performers=())], MISSION, NOW) == []
