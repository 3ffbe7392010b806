"""K03, K14 and K17 at their edges: amounts, sets and moments; drafts and coverage; cells that must hold what is near.

Source: reference deconfliction.md §2.3 K03, K14, K17.
"""

import math
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction import check, geometry
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.verdicts.assets import MOST, MOST_SETS
from coordinator.core.deconfliction.verdicts.duplicates import cells
from coordinator.core.measures import Asset
from schemas.directives import AssetDemand, Dependency
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.geo import Circle, Named, Position
from schemas.time import RelativeTime, TimeValue, TimeWindow
from tests.support.means import MISSION, findings, order, want
from tests.support.v1 import MISSION as V1
from tests.support.v1 import during, z

SETTING: Final = Setting(MISSION)
STEP_M: Final = MISSION.rules.duplicate_m + 1.0


def kinds(*envelopes: Envelope) -> list[str]:
    return [f.finding_kind for f in findings(*envelopes)]


# -- K03: amounts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "counts"),
    [
        (0.0, False),
        (-1.0, False),
        (4e-7, False),
        (6e-7, True),
        (1e-6, True),
        (MOST, True),
        (MOST * 1.001, False),
    ],
)
def test_an_amount_is_more_than_nothing_and_no_more_than_can_be(amount: float, counts: bool) -> None:
    full = want("B", name="fuel", amount=0.3)
    found = findings(want("A", name="fuel", amount=amount), full)
    assert [f.finding_kind for f in found] == (["asset-overbooked"] if counts else ["undecidable"])
    if not counts:
        assert (found[0].evidence.field, found[0].evidence.rule) == ("assets[0].amount", "no-amount")


def test_every_demand_that_cannot_be_counted_is_named_by_its_place() -> None:
    demands = (AssetDemand(name="fuel", amount=0.1), AssetDemand(name="fuel", amount=0), AssetDemand(name="kite"))
    found = findings(order("A", assets=demands))
    assert sorted((f.evidence.field, f.evidence.rule) for f in found) == [
        ("assets[1].amount", "no-amount"), ("assets[2].name", "unknown-asset"),
    ]  # fmt: skip


# -- K03: which windows are shown -------------------------------------------------------------------------------------


def window(*times: str) -> TimeWindow:
    """Return a window of four times, HHMM of the 14th."""
    se, sl, ee, el = (z(f"14{t}") for t in times)
    return TimeWindow(start_earliest=se, start_latest=sl, end_earliest=ee, end_latest=el)


def overbooked(*envelopes: Envelope, **fields: Any) -> Finding:
    [found] = [f for f in findings(*envelopes, **fields) if f.finding_kind == "asset-overbooked"]
    return found


def test_of_several_moments_a_certain_one_is_shown_before_an_earlier_possible_one() -> None:
    loose = want("A", windows=(window("0900", "0959", "0930", "1000"), window("1100", "1100", "1200", "1200")))
    found = overbooked(loose, want("B", start="140900", end="141300"))
    assert found.certainty == "definite"
    assert found.evidence.overlap == during("141100", "141200")


def test_of_moments_that_are_as_certain_the_earliest_is_shown() -> None:
    twice = want("A", windows=(window("1100", "1100", "1200", "1200"), window("0900", "0900", "1000", "1000")))
    found = overbooked(twice, want("B", start="140900", end="141300"))
    assert found.evidence.overlap == during("140900", "141000")


def test_of_two_windows_at_a_moment_the_certain_one_counts() -> None:
    both = want("A", windows=(window("0900", "1030", "1000", "1100"), window("0930", "0930", "1000", "1000")))
    found = overbooked(both, want("B", start="140930", end="140945"))
    assert (found.certainty, found.evidence.overlap) == ("definite", during("140930", "140945"))


@pytest.mark.parametrize(("start", "clash"), [("141329", True), ("141330", False)])
def test_the_turnaround_ends_when_it_ends(start: str, clash: bool) -> None:
    found = findings(want("A"), want("B", start=start, end="141500"))  # the crane rests for half an hour after 1300
    assert bool(found) is clash
    if clash:
        assert (found[0].evidence.rule, found[0].evidence.gap_s) == ("turnaround", 29 * 60.0)
        assert (found[0].certainty, found[0].evidence.required_gap_s) == ("definite", 1800.0)


def test_what_is_over_at_an_instant_is_not_wanted_at_it() -> None:
    loose = want("B", name="litters", amount=3.0, windows=(window("1300", "1300", "1400", "1400"),))
    assert kinds(want("A", name="litters", amount=3.0), loose) == []


@pytest.mark.parametrize(("count", "rule"), [(MOST_SETS, "capacity"), (MOST_SETS + 1, "crowd")])
def test_so_many_sets_are_told_one_by_one_and_more_as_a_crowd(count: int, rule: str) -> None:
    """Each of so many wants more than there is, so each is a set of its own."""
    mission = replace(MISSION, assets=(Asset(name="litters", capacity=0.5),))
    found = findings(*(want(f"O{i}", name="litters") for i in range(count)), mission=mission)
    assert {f.evidence.rule for f in found} == {rule}
    assert len(found) == (count if rule == "capacity" else 1)


def test_a_crowd_and_a_set_of_the_same_orders_are_two_findings() -> None:
    """All of them together are too many by one, or each of them is too much by itself."""
    wanting = [want(f"O{i:02}", name="litters") for i in range(MOST_SETS + 1)]
    few, none = (replace(MISSION, assets=(Asset(name="litters", capacity=c),)) for c in (MOST_SETS + 0.5, 0.5))
    [together], [crowd] = (findings(*wanting, mission=m) for m in (few, none))
    assert [p.id for p in together.parties] == [p.id for p in crowd.parties]
    assert (together.evidence.rule, crowd.evidence.rule) == ("capacity", "crowd")
    assert together.id != crowd.id


def test_an_asset_without_an_owner_is_referred_to_nobody_in_particular() -> None:
    found = overbooked(want("A", name="litters", amount=2), want("B", name="litters", amount=2))
    assert (found.evidence.authority, found.evidence.demands) == ("", (2.0, 2.0))
    assert "" not in found.told
    owned = overbooked(want("A"), want("B"))
    assert owned.evidence.authority == "xco-eng"
    assert "xco-eng" in owned.told
    assert ("refer", "xco-eng") in {(o.option, o.who) for o in owned.options}


# -- K14 --------------------------------------------------------------------------------------------------------------


def hangs(*needs: tuple[str, str, float], identity: str = "H", **fields: Any) -> Envelope:
    made = tuple(Dependency(task=t, relation=r, offset_s=o) for t, r, o in needs)  # type: ignore[arg-type]  # words
    return order(identity, dependencies=made, **fields)


def broken(*envelopes: Envelope) -> list[Finding]:
    return [f for f in findings(*envelopes) if f.finding_kind == "broken-dependency"]


def test_a_dependency_on_another_task_does_not_hide_the_next() -> None:
    before = order("ELSE", start="140700", end="140800")
    [found] = broken(order("T"), hangs(("ELSE", "after-end", 0), ("T", "after-end", 0)), before)
    assert {p.id for p in found.parties} == {"T", "H"}


def test_the_worst_breach_is_shown_the_others_are_named_and_certain_goes_first() -> None:
    loose = window("0830", "0930", "1330", "1430")
    needs = hangs(("T", "after-end", 0), ("T", "after-start", 0), windows=(loose,))
    [found] = broken(order("T"), needs)
    assert (found.evidence.rule, found.certainty, found.evidence.folded) == ("after-end", "definite", ("after-start",))
    both = hangs(("T", "relief-of", 0), ("T", "after-end", 0), start="141200", end="141400")
    [found] = broken(order("T"), both)
    assert (found.evidence.rule, found.evidence.folded) == ("after-end", ())


def test_of_breaches_both_ways_that_are_alike_one_is_chosen_whoever_came_first() -> None:
    one = hangs(("B", "after-end", 0), identity="A")
    other = hangs(("A", "after-end", 0), identity="B")
    [first], [second] = broken(one, other), broken(other, one)
    assert first == second
    assert (first.evidence.rule, first.evidence.relation) == ("after-end", "needed-by")


@pytest.mark.parametrize(("start", "certain"), [("141259", True), ("141300", None)])
def test_what_must_come_after_an_end_may_come_at_it(start: str, certain: bool | None) -> None:
    found = broken(order("T"), hangs(("T", "after-end", 0), start=start, end="141500"))
    assert bool(found) is bool(certain)


def test_what_may_be_late_enough_is_broken_only_possibly() -> None:
    loose = window("1230", "1300", "1500", "1500")
    [found] = broken(order("T"), hangs(("T", "after-end", 0), windows=(loose,)))
    assert (found.certainty, found.evidence.because) == ("possible", ("times",))


def test_a_cover_without_a_place_may_cover() -> None:
    here = Circle(centre=Position(lat=2.0, lon=-27.0), radius_m=50)
    [found] = broken(order("T"), hangs(("T", "covered-by", 0), area=here))
    assert (found.certainty, found.evidence.rule, found.evidence.because) == ("possible", "place", ("place",))
    assert broken(order("T", area=here), hangs(("T", "covered-by", 0), area=here)) == []


@pytest.mark.parametrize(("anchor", "tied"), [("end", True), ("start", False)])
def test_a_start_that_is_stated_as_the_end_of_the_other_is_kept_by_it(anchor: Any, tied: bool) -> None:
    after = TimeValue(relative=RelativeTime(event="T", offset_s=0.0, anchor=anchor))
    bounds = during("141200", "141500")
    said = replace(bounds, start=after)
    found = broken(order("T"), hangs(("T", "after-end", 0), windows=(said,)))
    assert bool(found) is not tied


def test_an_end_that_is_stated_is_an_end_and_no_start() -> None:
    before = TimeValue(relative=RelativeTime(event="T", offset_s=0.0, anchor="end"))
    said = replace(during("141200", "141500"), end=before)
    assert broken(order("T"), hangs(("T", "after-end", 0), windows=(said,)))


def test_what_has_no_bound_is_moved_by_no_offset() -> None:
    openly = TimeWindow(start_earliest=z("140900"), start_latest=z("140900"))
    [found] = broken(
        order("T", windows=(openly,)), hangs(("T", "after-end", -86_400 * 9), start="141400", end="141500")
    )
    assert found.certainty == "possible"
    assert found.evidence.overlap is not None
    assert found.evidence.overlap.end_latest is None


def test_an_order_in_force_that_depends_on_a_draft_of_its_own_issuer() -> None:
    draft, needs = order("D", draft=True), hangs(("D", "after-end", 0), start="141400", end="141500")
    [found] = [f for f in broken(draft, needs) if f.evidence.rule == "draft"]
    assert (found.severity, found.certainty, found.evidence.cites) == ("HIGH", "definite", ("D:1",))
    assert ("refer", "sn-hq") in {(o.option, o.who) for o in found.options}
    two = broken(draft, order("D2", draft=True), hangs(("D", "after-end", 0), ("D2", "after-end", 0), start="141400"))
    assert sorted(f.evidence.cites for f in two if f.evidence.rule == "draft") == [("D2:1",), ("D:1",)]
    assert not [f for f in broken(order("D", draft=True, by="sc-hq"), needs) if f.evidence.rule == "draft"]
    assert not [f for f in broken(draft, hangs(("D", "after-end", 0), draft=True)) if f.evidence.rule == "draft"]
    assert not [f for f in broken(hangs(("GONE", "after-end", 0))) if f.evidence.rule == "draft"]


# -- K17: cells -------------------------------------------------------------------------------------------------------


def cell(what: str, west: float, south: float) -> int:
    return cells(what, west, south, SETTING)[4]


spots = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@example((0.0, 1.0), 181.0, 1.0)  # a hair west of the meridian
@example((180.0, -33.0), 90.0, 1.0)
@given(spots, st.floats(0, 360), st.floats(0, 1))
def test_what_begins_no_further_away_than_places_may_differ_is_in_the_cells(
    at: tuple[float, float], bearing: float, share: float
) -> None:
    mx, my = geometry.metric(at[1])
    away = MISSION.rules.duplicate_m * share
    south = at[1] + away * math.cos(math.radians(bearing)) / my
    if abs(south) > 90 or mx < 1.0:
        return
    mx = min(mx, geometry.metric(south)[0])
    west = at[0] + away * math.sin(math.radians(bearing)) / mx if mx > 1.0 else at[0]
    for turn in (0.0, 360.0, -360.0):
        assert cell("move", west + turn, south) in cells("move", *at, SETTING)
    assert cell("hold", west, south) not in cells("move", *at, SETTING)


@given(st.floats(-179, 179), st.floats(-85, 85), st.sampled_from((0, 1)), st.sampled_from((-1, 1)))
def test_what_begins_far_away_is_in_none_of_the_cells(lon: float, lat: float, axis: int, way: int) -> None:
    mx, my = geometry.metric(lat)
    far = 3.2 * STEP_M * way
    west, south = (lon + far / mx, lat) if axis == 0 else (lon, lat + far / my)
    assert cell("move", west, south) not in cells("move", lon, lat, SETTING)


@pytest.mark.parametrize(("lat", "number"), [(0.0, 9), (45.0, 9), (-60.0, 9), (89.5, 3), (-89.5, 3)])
def test_there_are_nine_cells_and_three_rings_at_a_pole(lat: float, number: int) -> None:
    assert len(set(cells("move", 12.0, lat, SETTING))) == number


def units(name: str) -> dict[str, Any]:
    return {"performers": (UnitRef(participant=name),), "action": "patrol", "area": Named(name="KESSA")}


def test_the_same_task_at_the_same_place_is_found_and_says_when() -> None:
    mission = replace(V1, matrix=())
    both = order("A", **units("xar-batt")), order("B", "sc-hq", start="141200", end="141500", **units("xbl-batt"))
    [found] = [f for f in check(both, mission, z("140000")) if f.finding_kind == "duplicate-task"]
    assert (found.severity, found.certainty) == ("INFO", "definite")
    assert found.evidence.overlap == during("141200", "141300")
    windows = {p.id: p.window for p in found.parties}
    assert windows == {"A": during("140900", "141300"), "B": during("141200", "141500")}
    assert {o.option for o in found.options} >= {"merge"}
