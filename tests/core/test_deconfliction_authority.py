"""K09, K10 by example, one axis at a time: who may order what of whom, when and where.

Source: reference deconfliction.md §2.3.
"""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine
from coordinator.core.deconfliction.periods import common, union, without
from coordinator.core.deconfliction.relations import when_may_task
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.verdicts.authority import authority
from coordinator.core.deconfliction.verdicts.base import Scene
from coordinator.core.measures import CommandRow, Ground, MandateRow, Period
from schemas.directives import Directive, OrderChange
from schemas.geo import Circle, Named, Polygon, Position, Route
from schemas.time import TimeWindow
from tests.support.tasks import CLAUSE, MISSION, NOW, findings, from_to, instant, kinds, north, order, unit
from tests.support.v1 import during, ref, said, z

# -- K10: authority ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "to", "found"),
    [
        ("sn-hq", "xar-batt", False),
        ("fhq-u3", "xar-batt", False),
        ("xar-batt", "xar-batt/A Coy", False),
        ("sc-hq", "xar-batt", True),
        ("xbl-batt", "xar-batt", True),
        ("xar-batt", "sn-hq", True),
        ("joc", "xgb-fpu", True),  # nobody knows that unit
        ("joc", "xar-batt", True),  # a duty desk commands nobody but those below it
        ("joc", "xga-fpu", False),
        ("ocha-cmc", "xar-batt", True),
        ("fhq-u3", "ocha-cmc", True),
    ],
)
def test_who_may_order_whom(by: str, to: str, found: bool) -> None:
    got = findings(order("A", by=by, to=to))
    assert [(f.finding_kind, f.certainty, f.severity) for f in got] == [("authority", "definite", "HIGH")] * found


def test_an_issuer_that_the_mission_does_not_know_has_no_authority() -> None:
    engine = Engine(MISSION)
    engine.collect([(order("A", by="unheard-of"), NOW)])
    [side] = engine._picture.sides["unheard-of", "A"]
    [verdict] = authority(side, Scene(engine._ledger, Setting(MISSION), engine._picture.sides))
    assert (verdict.certainty, verdict.severity) == ("definite", "HIGH")


def test_a_missing_authority_says_who_has_it_and_what_can_be_done() -> None:
    [f] = findings(order("A", by="sc-hq"))
    e = f.evidence
    assert (e.authority, e.chains, e.units) == ("sn-hq", ("sn-hq OPCON xar-batt",), ("xar-batt",))
    assert (e.overlap, f.arbiter) == (during("140900", "141300"), "fhq-u3")
    assert {(o.option, o.party, o.who) for o in f.options} == {
        ("re-issue", "A", "sn-hq"), ("permission", "A", "fhq-u3"), ("refer", "A", "xar-batt"),
    }  # fmt: skip
    assert set(f.told) == {"sc-hq", "xar-batt", "sn-hq", "fhq-u3"}


def test_one_finding_an_order_whatever_it_tasks() -> None:
    [f] = findings(order("A", by="sc-hq", performers=(unit("xar-batt"), unit("xfa-batt"), unit("xbl-batt"))))
    assert f.evidence.units == ("xar-batt", "xfa-batt")


def test_the_certain_lack_is_shown_before_the_possible_one_and_the_earlier_before_the_later() -> None:
    row = CommandRow(unit="xar-batt", superior="sc-hq", relation="TACON", periods=from_to("140800", "141200"))
    both = order("A", by="sc-hq", performers=(unit("xar-batt"), unit("xfa-batt")))
    [f] = findings(both, mission=replace(MISSION, command=(row,)))
    assert (f.certainty, f.evidence.overlap) == ("definite", during("140900", "141300"))
    [f] = findings(order("A", by="sc-hq", windows=(during("151000", "151100"), during("141000", "141100"))))
    assert f.evidence.overlap == during("141000", "141100")


def test_where_nobody_else_stands_above_there_is_nobody_to_transfer_authority() -> None:
    [f] = findings(order("A", by="fhq-u3", to="ocha-cmc"))
    assert {(o.option, o.who) for o in f.options} == {("refer", "ocha-cmc")}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, None),
        ({"relation": "OPCOM"}, None),
        ({"relation": "TACOM"}, None),
        ({"relation": "ADCON"}, "definite"),
        ({"relation": "COORD"}, "definite"),
        ({"actions": ("hold",)}, None),
        ({"actions": ("patrol",)}, "definite"),
        ({"unit": "xfa-batt"}, "definite"),
        ({"superior": "xbl-batt"}, None),  # its superior is sc-hq
        ({"superior": "xga-fpu"}, "definite"),
        ({"periods": from_to("140900", "141300")}, None),
        ({"periods": from_to("140800", "141259")}, "possible"),
        ({"periods": from_to("140901", "141300")}, "possible"),
        ({"periods": from_to("141300", "141400")}, "definite"),
        ({"periods": from_to("140900", "141000") + from_to("141000", "141300")}, None),
        ({"periods": from_to("140900", "141000") + from_to("141100", "141300")}, "possible"),
    ],
)
def test_a_command_relation_gives_authority_for_what_and_as_long_as_it_says(row: Any, expected: str | None) -> None:
    given = {"unit": "xar-batt", "superior": "sc-hq", "relation": "TACON"} | row
    found = findings(order("A", by="sc-hq"), mission=replace(MISSION, command=(CommandRow(**given),)))
    assert [f.certainty for f in found] == ([expected] if expected else [])


def test_an_authority_that_ends_shows_from_when_it_is_missing() -> None:
    row = CommandRow(unit="xar-batt", superior="sc-hq", relation="TACON", periods=from_to("140800", "141200"))
    [f] = findings(order("A", by="sc-hq"), mission=replace(MISSION, command=(row,)))
    assert (f.severity, f.evidence.overlap, f.evidence.because) == ("MEDIUM", during("141200", "141300"), ("relation",))
    assert "sc-hq TACON xar-batt from 140800ZMAR27 until 141200ZMAR27" in f.evidence.chains


def test_who_stands_instead_takes_the_authority_away() -> None:
    row = CommandRow(unit="xar-batt", superior="sc-hq", relation="OPCON", instead=True)
    half = replace(row, periods=from_to("141100", "141400"))
    patrols = replace(row, actions=("patrol",))
    for command, by, expected in (
        (row, "sn-hq", ["definite"]), (row, "sc-hq", []), (row, "fhq-u3", []), (half, "sn-hq", ["possible"]),
        (half, "fhq-u3", []), (patrols, "sn-hq", []), (replace(row, instead=False), "sn-hq", []),
    ):  # fmt: skip
        mission = replace(MISSION, command=(command,))
        assert [f.certainty for f in findings(order("A", by=by), mission=mission)] == expected


def test_a_relation_is_written_with_its_actions_and_its_open_sides() -> None:
    row = CommandRow(unit="xar-batt", superior="sc-hq", relation="TACON", actions=("search", "aid"), instead=True)
    since = replace(row, actions=(), periods=(Period(start=instant("141100")),))
    [f] = findings(order("A", by="xbl-batt"), mission=replace(MISSION, command=(row, since)))
    assert set(f.evidence.chains) == {
        "sn-hq OPCON xar-batt until 141100ZMAR27", "sc-hq TACON xar-batt for search, aid",
        "sc-hq TACON xar-batt from 141100ZMAR27",
    }  # fmt: skip


def test_an_order_without_a_time_needs_an_authority_that_does_not_end() -> None:
    timeless = order("A", by="sc-hq", area=None, windows=())
    row = CommandRow(unit="xar-batt", superior="sc-hq", relation="TACON")
    for command, expected in (
        ((), ["definite"]), ((row,), []), ((replace(row, periods=from_to("140900", "141300")),), ["possible"]),
    ):  # fmt: skip
        assert [f.certainty for f in findings(timeless, mission=replace(MISSION, command=command))] == expected


def test_who_amends_an_order_with_authority_stands_behind_it() -> None:
    by_force = Directive(directive_kind="frago", amends=(OrderChange(order=ref("A"), performers=(unit("xfa-batt"),)),))
    assert kinds(order("A", by="sc-hq", to="xbl-batt")) == []
    given = order("A", by="sc-hq", to="xbl-batt"), said(by_force, "F", "fhq-u3", "130100")
    assert kinds(*given) == []
    own = given[0], said(by_force, "F", "sc-hq", "130100")
    assert kinds(*own) == ["authority"]


def test_a_pure_amendment_tasks_nobody_by_itself() -> None:
    amendment = Directive(directive_kind="frago", amends=(OrderChange(order=ref("A"), task="now"),),
                          performers=(unit("xbl-batt"),))  # fmt: skip
    assert kinds(order("A"), said(amendment, "F", "sn-hq", "130100")) == []


def test_a_draft_is_shown_to_its_author_only() -> None:
    [f] = findings(order("A", by="sc-hq", draft=True))
    assert (f.severity, f.told) == ("INFO", ("sc-hq",))


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=4),
       st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=4))  # fmt: skip
def test_intervals_are_sets_of_instants(a: list[tuple[int, int]], b: list[tuple[int, int]]) -> None:
    def members(of: Any) -> set[int]:
        return {t for t in range(21) for start, end in of if start <= t < end}

    x, y = union(a), union(b)
    assert members(x) == members(a)
    assert members(common(x, y)) == members(a) & members(b)
    assert members(without(x, y)) == members(a) - members(b)
    assert all(first[1] < second[0] for first, second in pairwise(x))


def test_intervals_that_touch_are_one() -> None:
    assert union(((4, 6), (0, 2), (2, 4), (7, 7))) == ((0, 6),)
    assert without(((0, 9),), ((2, 4), (4, 6))) == ((0, 2), (6, 9))


def test_a_circle_of_command_rows_ends() -> None:
    rows = (CommandRow(unit="sn-hq", superior="sc-hq", relation="OPCON"),
            CommandRow(unit="sc-hq", superior="sn-hq", relation="OPCON"))  # fmt: skip
    setting = Setting(replace(MISSION, command=rows))
    assert when_may_task("sc-hq", "xar-batt", "hold", setting)
    assert not when_may_task("xbl-batt", "xar-batt", "hold", setting)
    assert kinds(order("A", by="xbl-batt"), mission=setting.mission) == ["authority"]


# -- K09: the mandate -------------------------------------------------------------------------------------------------


def breaches(*rows: MandateRow, **fields: Any) -> list[tuple[str, str, str]]:
    found = findings(order("A", **fields), mission=replace(MISSION, mandate=rows))
    return [(f.evidence.rule, f.certainty, f.severity) for f in found if f.finding_kind == "mandate"]


def test_without_a_recorded_mandate_nothing_is_checked() -> None:
    assert breaches(action="use-of-force", area=Circle(centre=Position(lat=50.0, lon=8.0), radius_m=10)) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"action": "patrol"}, []),
        ({"action": "search"}, [("actions", "definite", "CRITICAL")]),
        ({"action": "other"}, [("actions", "possible", "HIGH")]),  # a word that the bus has none for
        ({"area": Named(name="OP 4-7")}, [("place", "definite", "CRITICAL")]),
        ({"area": Circle(centre=Position(lat=2.0988, lon=-27.0), radius_m=130)}, []),  # 132.7 m to the border
        ({"area": Circle(centre=Position(lat=2.0988, lon=-27.0), radius_m=135)}, [("place", "possible", "HIGH")]),
        ({"area": Polygon(rings=(((-27.0, 2.0), (-27.0, 2.1), (-26.9, 2.0), (-27.0, 2.0)),))}, []),  # on the border
        ({"area": Polygon(rings=(((-27.0, 2.0), (-27.0, 2.11), (-26.9, 2.0), (-27.0, 2.0)),))},
         [("place", "definite", "CRITICAL")]),
        ({"area": None, "route": Route(name="IRIS")}, [("place", "definite", "CRITICAL")]),
        ({"area": None}, []),
    ],
)  # fmt: skip
def test_the_mandate_one_axis_at_a_time(fields: dict[str, Any], expected: Any) -> None:
    assert breaches(CLAUSE, **fields) == expected


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ((), []),
        (from_to("140900", "141300"), []),
        (from_to("140000", "141259"), [("period", "definite", "CRITICAL")]),
        (from_to("130000", "140000"), [("period", "definite", "CRITICAL")]),
        (from_to("140900", "141100") + from_to("141100", "141300"), []),
    ],
)
def test_a_mandate_expires(periods: tuple[Period, ...], expected: Any) -> None:
    assert breaches(replace(CLAUSE, periods=periods)) == expected


def test_a_mandate_that_may_expire_before_the_task_ends() -> None:
    loose = TimeWindow(start_earliest=z("140900"), start_latest=z("141000"), end_earliest=z("141200"),
                       end_latest=z("141400"))  # fmt: skip
    until = replace(CLAUSE, periods=from_to("140000", "141300"))
    assert breaches(until, windows=(loose,)) == [("period", "possible", "HIGH")]
    assert breaches(replace(until, periods=from_to("140000", "141100")), windows=(loose,)) == [
        ("period", "definite", "CRITICAL")
    ]


def test_an_authority_that_the_clause_asks_for_is_cited() -> None:
    asks = replace(CLAUSE, reference=True)
    assert breaches(asks) == [("reference", "definite", "CRITICAL")]
    assert breaches(asks, on_order_of="SRSG decision 12") == []
    assert breaches(asks, CLAUSE) == []  # another clause covers it without


def test_clauses_cover_together_what_none_covers_alone() -> None:
    west = replace(CLAUSE, clause="W", ground=Ground(ring=("1.9,-27.1", "2.1,-27.1", "2.1,-27.0", "1.9,-27.0")))
    east = replace(CLAUSE, clause="E", ground=Ground(ring=("1.9,-27.0", "2.1,-27.0", "2.1,-26.9", "1.9,-26.9")))
    across = Circle(centre=Position(lat=2.0, lon=-27.0), radius_m=500)
    assert breaches(west, area=across) == [("place", "possible", "HIGH")]
    assert breaches(west, east, area=across) == []
    assert breaches(west, replace(east, actions=("search",)), area=across) == [("place", "possible", "HIGH")]
    assert breaches(west, replace(east, ground=None), area=across) == []


def test_a_place_with_a_radius_is_a_ground() -> None:
    around = replace(CLAUSE, ground=Ground(place="KESSA", radius_m=6000.0))
    mx = 111_251.0  # metres per degree of longitude at 2°
    for metres, expected in ((5990.0, []), (6010.0, [("place", "definite", "CRITICAL")])):
        there = Polygon(rings=(((-27.0, 2.0), (-27.0 + metres / mx, 2.0), (-27.0, 2.001), (-27.0, 2.0)),))
        assert breaches(around, area=there) == expected


def test_the_mandate_across_the_seam() -> None:
    seam = replace(CLAUSE, ground=Ground(ring=("1.0,179.0", "2.0,179.0", "2.0,180.0", "1.0,180.0")))
    other = replace(CLAUSE, ground=Ground(ring=("1.0,-180.0", "2.0,-180.0", "2.0,-179.0", "1.0,-179.0")))
    here = Circle(centre=Position(lat=1.5, lon=-179.999), radius_m=500)
    assert breaches(seam, other, area=here) == []
    assert breaches(other, area=here) == [("place", "possible", "HIGH")]


def test_of_several_breaches_the_certain_one_is_shown_and_the_others_are_listed() -> None:
    late = replace(CLAUSE, periods=from_to("140000", "141259"))
    mission = replace(MISSION, mandate=(late,))
    [f] = findings(order("A", area=north(11_000.0)), mission=mission)  # 11 km north, 58 m inside the border
    assert (f.evidence.rule, f.certainty, f.evidence.folded) == ("period", "definite", ("place",))
    assert f.evidence.overlap == during("141259", "141300")
    asks = replace(MISSION, mandate=(replace(CLAUSE, reference=True),))
    [f] = findings(order("A", area=Named(name="OP 4-7")), mission=asks)
    assert (f.evidence.rule, f.evidence.folded, f.evidence.place) == ("place", ("reference",), "OP 4-7")


def test_a_doubt_is_named_only_where_there_is_one_and_a_place_wherever_the_mission_has_one() -> None:
    mission = replace(MISSION, mandate=(CLAUSE,))
    [f] = findings(order("A", area=Circle(centre=Position(lat=2.25, lon=-27.15), radius_m=10)), mission=mission)
    assert (f.evidence.because, f.evidence.place) == ((), "OP 4-7")
    [f] = findings(order("A", area=north(11_000.0)), mission=mission)
    assert (f.evidence.because, f.evidence.place) == (("reach",), "")


def test_a_breach_names_the_clause_and_whom_to_ask() -> None:
    [f] = findings(order("A", "search"), mission=replace(MISSION, mandate=(CLAUSE,)))
    assert (f.evidence.basis, f.evidence.actions, f.arbiter) == ("OP 7", ("search",), "fhq-u3")
    assert {(o.option, o.party, o.who) for o in f.options} == {("refer", "A", "fhq-u3"), ("re-issue", "A", "sn-hq")}
