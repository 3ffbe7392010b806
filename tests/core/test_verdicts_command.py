"""K02, K09, K11, K12, K13 and K18 at their edges: which reason is shown, with which numbers, and how bad.

Source: reference deconfliction.md §2.3.
"""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from coordinator.core.deconfliction import check
from coordinator.core.measures import Band, Contradiction, Ground, MandateRow
from coordinator.core.mission import Activity, MatrixRow, Mission
from schemas.directives import AssetDemand
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.geo import Circle, Named, Position
from schemas.time import TimeWindow
from tests.support import means
from tests.support.tasks import BOX, FORD, MISSION, findings, from_to, order, unit
from tests.support.v1 import during, z

OUT: Final = Contradiction(a="hold", b="patrol", severity="CRITICAL")
ELSEWHERE: Final = replace(OUT, elsewhere=True)


def window(*times: str) -> TimeWindow:
    """Return a window of four times, HHMM of the 14th."""
    se, sl, ee, el = (z(f"14{t}") for t in times)
    return TimeWindow(start_earliest=se, start_latest=sl, end_earliest=ee, end_latest=el)


def the(kind: str, found: list[Finding]) -> Finding:
    [one] = [f for f in found if f.finding_kind == kind]
    return one


# -- K02 --------------------------------------------------------------------------------------------------------------


def ruled_out(*rows: Contradiction, **fields: Any) -> Finding:
    mission = replace(MISSION, contradictions=rows)
    return the("contradictory-orders", findings(order("A"), order("B", "patrol", **fields), mission=mission))


def test_actions_that_are_ruled_out_are_shown_first_with_how_far_apart_they_are() -> None:
    found = ruled_out(OUT, area=FORD)
    assert (found.severity, found.evidence.rule, found.evidence.folded) == ("CRITICAL", "exclusive", ("remain",))
    assert found.evidence.distance_m == pytest.approx(6005.7 - 300, abs=0.1)
    assert ruled_out(OUT).evidence.distance_m is None


def test_a_row_about_other_actions_does_not_hide_the_next() -> None:
    other = Contradiction(a="block", b="move", severity="CRITICAL")
    assert ruled_out(other, OUT).evidence.rule == "exclusive"


def test_actions_that_are_ruled_out_elsewhere_only_are_allowed_at_one_place() -> None:
    assert ruled_out(ELSEWHERE, area=FORD).evidence.rule == "exclusive"
    mission = replace(MISSION, contradictions=(ELSEWHERE,))
    assert findings(order("A"), order("B", "patrol"), mission=mission) == []


def test_what_each_party_was_to_do_and_when_is_shown() -> None:
    found = the("contradictory-orders", findings(order("A"), order("B", "patrol", area=FORD, windows=(LATE,))))
    assert {p.id: p.window for p in found.parties} == {"A": during("140900", "141300"), "B": LATE}
    assert found.evidence.overlap == during("141200", "141300")


LATE: Final = during("141200", "141500")


def test_a_unit_that_may_have_the_time_to_move_is_told_how_much() -> None:
    loose = window("0900", "1300", "1330", "1500")
    found = the("contradictory-orders", findings(order("A"), order("B", "patrol", area=FORD, windows=(loose,))))
    assert (found.certainty, found.evidence.gap_s) == ("possible", 0.0)
    early = window("0600", "0600", "0800", "1000")
    found = the("contradictory-orders", findings(order("A"), order("B", "patrol", area=FORD, windows=(early,))))
    assert found.evidence.gap_s == 3600.0


# -- K09 --------------------------------------------------------------------------------------------------------------


def outside(*clauses: MandateRow, **fields: Any) -> list[Finding]:
    return [f for f in findings(order("A", **fields), mission=replace(MISSION, mandate=clauses))
            if f.finding_kind == "mandate"]  # fmt: skip


GROUND: Final = MandateRow(clause="OP 7", actions=("hold",), ground=Ground(ring=BOX))


@pytest.mark.parametrize(("actions", "rule"), [(("*",), ""), (("hold",), ""), (("move",), "actions"), ((), "actions")])
def test_a_clause_for_every_action_covers_every_action(actions: Any, rule: str) -> None:
    found = outside(MandateRow(clause="OP 7", actions=actions))
    assert [f.evidence.rule for f in found] == ([rule] if rule else [])


def test_the_place_outside_is_named_by_the_order_or_by_the_gazetteer() -> None:
    camp = Circle(centre=Position(lat=9.0, lon=-27.0), radius_m=10, name="camp")
    assert [f.evidence.place for f in outside(GROUND, area=camp)] == ["camp"]
    assert [f.evidence.place for f in outside(GROUND, area=replace(camp, name=""))] == [""]


def test_a_window_that_is_covered_does_not_hide_one_that_is_not() -> None:
    clause = MandateRow(clause="OP 7", actions=("hold",), periods=from_to("140800", "141400"))
    both = (during("140900", "141300"), during("150900", "151300"))
    [found] = outside(clause, windows=both)
    assert (found.evidence.rule, found.evidence.overlap) == ("period", during("150900", "151300"))
    assert found.options[0].who == "fhq-u3"  # the lowest above who ordered, and nobody higher


def test_of_breaches_that_weigh_the_same_the_earliest_is_shown() -> None:
    clause = MandateRow(clause="OP 7", actions=("hold",), periods=from_to("140800", "140830"))
    later_first = (during("150900", "151300"), during("140900", "141300"))
    [found] = outside(clause, windows=later_first)
    assert found.evidence.overlap == during("140900", "141300")


# -- K12, K16, K18 ----------------------------------------------------------------------------------------------------


def test_an_order_that_nobody_answered_is_shown_with_its_time() -> None:
    missing = the("not-acknowledged", everything(order("A")))
    assert missing.parties[0].window == during("140900", "141300")


def everything(*envelopes: Envelope, mission: Mission = MISSION) -> list[Finding]:
    return check(envelopes, mission, z("140830"))


ROWS: Final = tuple(
    MatrixRow(name=f"{a}/{a}", a=a, b=a, severity=s)  # type: ignore[arg-type]  # words of the table
    for a, s in (("low", "LOW"), ("high", "HIGH"))
)
ACTS: Final = (
    Activity(kind="directive", action=("hold",), classes=("low",)),
    Activity(kind="directive", action=("patrol",), classes=("low", "high")),
)


@pytest.mark.parametrize(("action", "severity"), [("hold", "LOW"), ("patrol", "HIGH"), ("block", "LOW")])
def test_what_cannot_be_decided_is_as_bad_as_the_worst_that_it_could_break(action: str, severity: str) -> None:
    mission = replace(MISSION, matrix=ROWS, activities=ACTS, severities={"contradictory-orders": "LOW"})
    nowhere = order("A", action, area=Named(name="nowhere"))
    found = the("undecidable", everything(nowhere, mission=mission))
    assert (found.severity, found.parties[0].what) == (severity, f"order to {action}")


def test_an_unknown_asset_is_as_bad_as_one_too_few() -> None:
    kite = order("A", assets=(AssetDemand(name="kite"),))
    for severity in ("LOW", "CRITICAL"):
        mission = replace(MISSION, severities={"asset-overbooked": severity})
        found = the("undecidable", everything(kite, mission=mission))
        assert (found.severity, found.evidence.field) == (severity, "assets[0].name")


# -- K13 --------------------------------------------------------------------------------------------------------------


def radio(identity: str, *mhz: float, by: str = "sn-hq", **fields: Any) -> Envelope:
    given: dict[str, Any] = {"area": Circle(centre=Position(lat=2.0, lon=-27.0), radius_m=10)}
    return means.order(identity, by, frequencies_mhz=mhz, **(given | fields))


def on_air(*envelopes: Envelope, mission: Mission = means.MISSION) -> list[Finding]:
    return [f for f in means.findings(*envelopes, mission=mission) if f.finding_kind == "frequency"]


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [(30.0, 30.01, True), (88.0, 87.99, True), (29.999, 30.0, False), (88.0, 88.001, False), (40.0, 40.025, False),
     (40.0, 40.024, True)],
)  # fmt: skip
def test_a_band_holds_its_edges(one: float, other: float, clash: bool) -> None:
    assert bool(on_air(radio("A", one), radio("B", other, by="sc-hq"))) is clash


def test_the_closest_two_of_many_frequencies_are_shown() -> None:
    [found] = on_air(radio("A", 40.0, 41.0, 42.0, 50.0), radio("B", 40.02, 41.01, 42.02, 49.0, by="sc-hq"))
    assert sorted(found.evidence.frequencies_mhz) == [41.0, 41.01]
    assert found.evidence.separation_mhz == pytest.approx(0.01)
    [found] = on_air(radio("A", 41.0, 40.0), radio("B", 41.01, 40.01, by="sc-hq"))
    assert sorted(found.evidence.frequencies_mhz) == [40.0, 40.01]  # of pairs that are as close, the lowest
    [found] = on_air(radio("A", 40.0, 40.5, 60.5), radio("B", 60.51, by="sc-hq"))
    assert sorted(found.evidence.frequencies_mhz) == [60.5, 60.51]


def test_who_disturbs_whom_says_where_when_and_how_each_is_named() -> None:
    camp = Circle(centre=Position(lat=2.1, lon=-27.0), radius_m=10, name="camp")
    both = radio("A", 40.0, area=camp), radio("B", 40.0, by="sc-hq", area=camp, start="141200", end="141500")
    [found] = on_air(*both)
    assert (found.evidence.place, found.evidence.overlap) == ("camp", during("141200", "141300"))
    assert {p.id: p.window for p in found.parties} == {"A": during("140900", "141300"), "B": during("141200", "141500")}
    [found] = on_air(both[0], radio("B", 40.0, by="sc-hq", area=replace(camp, name="post")))
    assert found.evidence.place == ""


def test_without_a_place_the_surest_time_is_shown_and_the_place_is_the_doubt() -> None:
    loose, sure = window("0900", "1200", "1000", "1300"), window("1100", "1100", "1130", "1130")
    [found] = on_air(radio("A", 40.0, area=None, windows=(loose, sure)), radio("B", 40.0, by="sc-hq", area=None))
    assert (found.certainty, found.evidence.because) == ("possible", ("place",))
    assert found.evidence.overlap == during("141100", "141130")
    [found] = on_air(radio("A", 40.0, area=None, windows=(loose,)), radio("B", 40.0, by="sc-hq", area=None))
    assert found.evidence.because == ("place", "times")
    touching = radio("B", 40.0, by="sc-hq", area=None, start="141300", end="141400")
    assert on_air(radio("A", 40.0, area=None), touching) == []


@pytest.mark.parametrize("severity", ["LOW", "CRITICAL"])
def test_the_mission_says_how_bad_a_kept_frequency_is_and_late_is_worse(severity: Any) -> None:
    mission = replace(means.MISSION, severities={"frequency": severity})
    [found] = on_air(radio("A", 121.5), mission=mission)
    assert (found.severity, found.evidence.rule) == (severity, "TABOO")
    assert found.evidence.overlap == during("140900", "141300")
    late = replace(mission, rules=replace(mission.rules, notice_s=30 * 86_400.0))
    [found] = on_air(radio("A", 121.5), mission=late)
    assert found.evidence.lead_s is not None
    assert found.severity == {"LOW": "MEDIUM", "CRITICAL": "CRITICAL"}[severity]


def test_of_several_windows_no_one_is_when_a_kept_frequency_is_used() -> None:
    [found] = on_air(radio("A", 121.5, windows=(during("140900", "141000"), during("141100", "141200"))))
    assert found.evidence.overlap is None


@pytest.mark.parametrize(
    ("by", "to", "clash"), [("ocha-cmc", "", False), ("sn-hq", "", True), ("sn-hq", "ocha-cmc", False)]
)
def test_the_holders_of_a_protected_frequency_may_use_it(by: str, to: str, clash: bool) -> None:
    fields = {"performers": (unit(to),)} if to else {}
    assert bool(on_air(radio("A", 46.6, by=by, **fields))) is clash


def test_a_band_has_a_severity_of_its_own() -> None:
    mission = replace(means.MISSION, bands=(Band(name="VHF", lower_mhz=30, upper_mhz=88, separation_mhz=0.025,
                                                 distance_m=5000, severity="CRITICAL"),))  # fmt: skip
    [found] = on_air(radio("A", 40.0), radio("B", 40.0, by="sc-hq"), mission=mission)
    assert found.severity == "CRITICAL"
