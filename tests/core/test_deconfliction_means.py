"""K13, K14, K15 by example, one axis at a time; K03 is in `test_deconfliction_assets`.

Source: reference deconfliction.md §2.3.
"""

from itertools import permutations
from typing import Any, Final

import pytest
from msgspec.structs import replace

from coordinator import config, lint_means
from coordinator.core.deconfliction import Engine, check, explain, geometry
from coordinator.core.measures import Allotment, Asset, Band, Guarded
from coordinator.core.mission import Mission, Speed
from coordinator.texts import say
from schemas.directives import Dependency, Directive, OrderChange
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.geo import AltitudeBand, AltitudeLimit, Leg, Position, Route, RoutePoint
from schemas.notices import Cancellation
from schemas.time import RelativeTime, TimeValue, TimeWindow
from tests.support.means import MISSION, NOW, SWAP, VHF, findings, loose, north, order, rules, sets, unordered, want
from tests.support.v1 import KMH, during, logged, ref, said, wilco, z
from tests.support.worlds import renamed

# -- K13 --------------------------------------------------------------------------------------------------------------


def net(identity: str, by: str = "sn-hq", *mhz: float, **fields: Any) -> Envelope:
    """An order at the bridge on some frequencies."""
    return order(identity, by, **({"area": north(0), "frequencies_mhz": mhz or (41.0,)} | fields))


def test_two_users_of_one_channel_near_each_other() -> None:
    [f] = findings(net("A", "sn-hq", 41.0), net("B", "sc-hq", 41.01, area=north(3000)))
    e = f.evidence
    assert (f.finding_kind, f.severity, f.certainty) == ("frequency", "MEDIUM", "definite")
    assert (e.rule, e.frequencies_mhz, e.separation_mhz, e.required_mhz) == ("VHF", (41.01, 41.0), 0.01, 0.025)
    assert e.distance_m == pytest.approx(2800, abs=0.5)
    assert (e.required_m, e.overlap) == (5000, during("140900", "141300"))


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, True),
        ({"frequencies_mhz": (41.024999,)}, True),
        ({"frequencies_mhz": (41.025,)}, False),  # exactly the separation
        ({"frequencies_mhz": (40.975,)}, False),
        ({"frequencies_mhz": (40.975001,)}, True),
        ({"frequencies_mhz": (35.0, 41.02, 70.0)}, True),
        ({"frequencies_mhz": ()}, False),
        ({"area": north(5199)}, True),
        ({"area": north(5201)}, False),
        ({"start": "141259", "end": "141400"}, True),
        ({"start": "141300", "end": "141400"}, False),
        ({"altitude": AltitudeBand(lower=AltitudeLimit(reference="MSL", value_m=3000))}, True),  # radio goes up
    ],
)
def test_frequency_place_and_time_all_count(other: dict[str, Any], found: bool) -> None:
    low = AltitudeBand(upper=AltitudeLimit(reference="MSL", value_m=100))
    assert bool(findings(net("A", altitude=low), net("B", "sc-hq", **other))) is found


def test_both_must_lie_in_the_band_and_its_limits_belong_to_it() -> None:
    assert findings(net("A", "sn-hq", 88.0), net("B", "sc-hq", 88.01)) == []
    assert len(findings(net("A", "sn-hq", 88.0), net("B", "sc-hq", 87.99))) == 1
    assert findings(net("A", "sn-hq", 20.0), net("B", "sc-hq", 20.0)) == []


def test_of_bands_that_overlap_the_stricter_counts() -> None:
    wide = Band(name="WIDE", lower_mhz=40, upper_mhz=42, separation_mhz=0.5, distance_m=1000, severity="HIGH")
    mission = replace(MISSION, bands=(VHF, wide))
    assert rules(net("A"), net("B", "sc-hq", 41.2), mission=mission) == [("WIDE", "definite", "HIGH")]
    assert rules(net("A"), net("B", "sc-hq", 41.01, area=north(3000)), mission=mission) == [
        ("VHF", "definite", "MEDIUM")
    ]
    [f] = findings(net("A"), net("B", "sc-hq", 41.01), mission=mission)
    assert (f.evidence.rule, f.evidence.folded) == ("WIDE", ("VHF",))


def test_who_says_no_place_may_be_anywhere() -> None:
    [f] = findings(net("A"), net("B", "sc-hq", area=None))
    assert (f.certainty, f.severity, f.evidence.because) == ("possible", "LOW", ("place",))
    assert (f.evidence.distance_m, f.evidence.required_m) == (None, 5000)
    open_ = TimeWindow(trigger="on order")
    assert [f.evidence.because for f in findings(net("A"), net("B", "sc-hq", area=None, windows=(open_,)))] == [
        ("place", "times")
    ]
    assert findings(net("A"), net("B", "sc-hq", area=None, start="141300", end="141400")) == []


def test_one_net_on_purpose_is_no_clash() -> None:
    alpha, beta = {"performers": (UnitRef(participant="xar-batt"),)}, {"performers": (UnitRef(participant="xbl-batt"),)}
    cited = {"coordinated_with": (ref("A"),)}
    assert sets(net("A", **alpha), net("B", **alpha, **cited)) == set()
    assert sets(net("A", **alpha), net("B", **alpha)) == {"AB"}
    assert sets(net("A", **alpha), net("B", **beta, **cited)) == {"AB"}
    assert sets(net("A", **alpha), net("B", "sc-hq", **alpha, **cited)) == {"AB"}
    assert sets(net("A", coordinated_with=(ref("B"),)), net("B", "sc-hq", **cited)) == set()
    assert sets(net("A"), replace(net("B"), reality="exercise")) == set()


@pytest.mark.parametrize(
    ("by", "mhz", "expected"),
    [
        ("sn-hq", 46.6, [("PROTECTED", "definite", "HIGH")]),
        ("sn-hq", 46.64, [("PROTECTED", "definite", "HIGH")]),
        ("sn-hq", 46.65, []),
        ("ocha-cmc", 46.6, []),
        ("xbl-batt", 46.6, []),
        ("sn-hq", 121.5, [("TABOO", "definite", "HIGH")]),
        ("sn-hq", 121.500001, []),
        ("sn-hq", 60.0, [("GUARDED", "definite", "MEDIUM")]),
    ],
)
def test_kept_frequencies_are_for_their_holders(by: str, mhz: float, expected: list[tuple[str, str, str]]) -> None:
    assert rules(net("A", by, mhz)) == expected


def test_who_performs_counts_not_who_orders() -> None:
    for unit, expected in (("xbl-batt", 0), ("xar-batt", 1)):
        assert len(findings(net("A", "sc-hq", 46.6, performers=(UnitRef(participant=unit),)))) == expected
    both = (UnitRef(participant="xbl-batt"), UnitRef(participant="xar-batt"))
    assert len(findings(net("A", "sc-hq", 46.6, performers=both))) == 1


# -- K14 --------------------------------------------------------------------------------------------------------------


def hangs(relation: Any, offset_s: float = 0.0, identity: str = "D", by: str = "sc-hq", **fields: Any) -> Envelope:
    """An order that hangs on T, 1000Z to 1100Z unless told otherwise."""
    given = {"start": "141000", "end": "141100", "area": north(0)}
    return order(
        identity, by, dependencies=(Dependency(task="T", relation=relation, offset_s=offset_s),), **(given | fields)
    )


TASK: Final = order("T", area=north(0))


@pytest.mark.parametrize(
    ("relation", "start", "end", "offset", "broken"),
    [
        ("after-end", "141300", "141400", 0, False),
        ("after-end", "141259", "141400", 0, True),
        ("after-end", "141300", "141400", 60, True),
        ("after-end", "141301", "141400", 60, False),
        ("after-start", "140900", "141000", 0, False),
        ("after-start", "140859", "141000", 0, True),
        ("after-start", "140859", "141000", -60, False),
        ("before-start", "140800", "140900", 0, False),
        ("before-start", "140800", "140901", 0, True),
        ("before-start", "140800", "140900", 60, True),
        ("relief-of", "141300", "141400", 0, False),
        ("relief-of", "141301", "141400", 0, True),
        ("relief-of", "141300", "141400", 600, True),
        ("covered-by", "140900", "141300", 0, False),
        ("covered-by", "140859", "141300", 0, True),
        ("covered-by", "140900", "141301", 0, True),
        ("covered-by", "140900", "141300", 60, True),
    ],
)
def test_each_relation_holds_or_breaks_by_a_minute(
    relation: str, start: str, end: str, offset: float, broken: bool
) -> None:
    found = findings(TASK, hangs(relation, offset, start=start, end=end))
    assert [(f.finding_kind, f.certainty, f.severity) for f in found] == [
        ("broken-dependency", "definite", "HIGH")
    ] * broken


def test_the_evidence_is_what_is_missing() -> None:
    [f] = findings(TASK, hangs("covered-by", start="141200", end="141400"))
    assert (f.evidence.rule, f.evidence.overlap, f.evidence.gap_s) == ("time", during("141300", "141400"), 3600)
    [f] = findings(TASK, hangs("after-end", start="141230", end="141400"))
    assert (f.evidence.overlap, f.evidence.gap_s) == (during("141230", "141300"), 1800)
    assert f.evidence.relation == "needs"  # the first party, SC-HQ's, is the one that hangs on the other
    [f] = findings(TASK, hangs("after-end", by="xar-batt", start="141230", end="141400"))
    assert f.evidence.relation == "needed-by"


@pytest.mark.parametrize(
    ("relation", "window", "certainty"),
    [
        ("after-end", loose("141200", "141330", "141400", "141500"), "possible"),
        ("after-end", loose("141100", "141259", "141400", "141500"), "definite"),
        ("after-end", TimeWindow(trigger="on order"), "possible"),
        ("covered-by", loose("140800", "140930", "141000", "141100"), "possible"),
        ("covered-by", loose("140700", "140859", "141000", "141100"), "definite"),
        ("covered-by", loose("141000", "141030", "141230", "141330"), "possible"),
        ("covered-by", loose("141000", "141030", "141301", "141330"), "definite"),
        ("covered-by", TimeWindow(trigger="on order"), "possible"),
    ],
)
def test_times_that_are_not_exact_break_a_dependency_possibly(
    relation: str, window: TimeWindow, certainty: str
) -> None:
    [f] = findings(TASK, hangs(relation, windows=(window,)))
    assert (f.certainty, f.severity) == (certainty, {"definite": "HIGH", "possible": "MEDIUM"}[certainty])


def test_a_start_that_is_stated_from_the_other_task_keeps_the_relation_by_itself() -> None:
    def after(offset: float, anchor: Any = "end", event: str = "T") -> TimeWindow:
        said_ = TimeValue(relative=RelativeTime(event=event, offset_s=offset, anchor=anchor))
        return TimeWindow(start=said_, trigger="on order")

    assert findings(TASK, hangs("after-end", 600, windows=(after(600),))) == []
    assert findings(TASK, hangs("after-start", 600, windows=(after(600, "start"),))) == []
    for window in (after(599), after(600, "start"), after(600, event="U")):
        assert rules(TASK, hangs("after-end", 600, windows=(window,))) == [("after-end", "possible", "MEDIUM")]


@pytest.mark.parametrize(
    ("metres", "radius", "certainty"),
    [
        (0, 100, ""),
        (50, 200, ""),
        (50, 100, "possible"),
        (199, 100, "possible"),
        (202, 100, "definite"),
        (9000, 200, "definite"),
    ],
)
def test_cover_must_reach_all_of_the_place(metres: float, radius: float, certainty: str) -> None:
    task = order("T", area=replace(north(metres), radius_m=radius))
    found = findings(task, hangs("covered-by"))
    assert [(f.evidence.rule, f.certainty) for f in found] == ([("place", certainty)] if certainty else [])
    assert all(f.evidence.at is not None for f in found)


def test_cover_without_a_place_is_not_proven() -> None:
    assert rules(order("T"), hangs("covered-by")) == [("place", "possible", "MEDIUM")]
    assert findings(TASK, hangs("covered-by", area=None)) == []


def test_an_escort_on_the_same_way_covers_and_one_on_another_does_not() -> None:
    def way(name: str) -> Route:
        return Route(name=name, method="vehicle", points=(RoutePoint(name="KESSA", window=during("141000", "141010")),))

    def escorted(name: str) -> list[Finding]:
        escort = order("T", area=None, route=way(name), start="141000", end="141100")
        return findings(escort, hangs("covered-by", area=None, route=way("LIME")))

    assert escorted("LIME") == []
    assert [(f.evidence.rule, f.certainty) for f in escorted("PLUM")] == [("place", "definite")]


def test_several_windows_can_cover_together() -> None:
    halves = order("T", area=north(0), windows=(during("140900", "141030"), during("141030", "141300")))
    assert findings(halves, hangs("covered-by")) == []
    gap = order("T", area=north(0), windows=(during("140900", "141030"), during("141035", "141300")))
    [f] = findings(gap, hangs("covered-by"))
    assert f.evidence.overlap == during("141030", "141035")


def test_what_is_gone_or_unknown_is_said_once() -> None:
    gone = said(Cancellation(), "T", "sn-hq", "130100", kind="directive", status="cancel")
    for world in ([hangs("after-end")], [TASK, gone, hangs("after-end", start="141300", end="141400")]):
        kinds = [f.finding_kind for f in check(world, MISSION, NOW)]
        assert kinds.count("stale-order") == 1
        assert "broken-dependency" not in kinds


def test_a_dependency_on_a_draft_is_broken_and_another_s_draft_is_not_known() -> None:
    draft = order("T", area=north(0), draft=True)
    own = check([draft, hangs("after-end", by="sn-hq", start="141300", end="141400")], MISSION, NOW)
    assert [(f.finding_kind, f.evidence.rule, f.severity) for f in own if f.finding_kind != "not-acknowledged"] == [
        ("broken-dependency", "draft", "HIGH")
    ]
    alone, hidden = ([f for f in check(world, MISSION, NOW) if "sc-hq" in f.told] for world in (
        [hangs("after-end", start="141300", end="141400")], [draft, hangs("after-end", start="141300", end="141400")],
    ))  # fmt: skip
    assert [explain.sentence(f, say) for f in alone] == [explain.sentence(f, say) for f in hidden]
    assert [f.id for f in alone] == [f.id for f in hidden]


def test_the_task_that_moves_owes_the_answer() -> None:
    task = order("T", area=north(0), performers=(UnitRef(participant="xar-batt"),))
    change = OrderChange(order=ref("T"), windows=(during("140800", "141000"),))
    frago = said(Directive(directive_kind="frago", amends=(change,)), "F", "sn-hq", "130100")
    [f] = findings(task, hangs("after-end"), frago)
    assert (f.state, f.waits_for) == ("resolved-if-acknowledged", ("xar-batt",))
    assert findings(task, hangs("after-end"), frago, wilco("F", "xar-batt", "130101")) == []


def test_dependencies_can_be_amended_and_are_followed() -> None:
    change = OrderChange(order=ref("D"), dependencies=(Dependency(task="T"),))
    frago = said(Directive(directive_kind="frago", amends=(change,)), "F", "sc-hq", "130100")
    late = Directive(directive_kind="frago", windows=(during("140900", "141001"),))
    first = order("T", start="140900", end="141000")
    world = [order("D", "sc-hq", "141000", "141100"), frago, first, said(late, "T", "sn-hq", "130200", revision=2)]
    for arrived in permutations(world):
        engine = Engine(MISSION)
        for i, e in enumerate(arrived):
            engine.handle(logged(e, i, NOW))
        found = [f for f in engine.findings() if f.finding_kind == "broken-dependency"]
        assert [(f.state, f.evidence.rule) for f in found] == [("open", "after-end")]


# -- K15 --------------------------------------------------------------------------------------------------------------

FAST: Final = 60 * KMH
SLOW: Final = 15 * KMH


def task(identity: str, start: str, end: str, metres: float = 0.0, to: UnitRef | None = None, method: Any = "vehicle",
         **fields: Any) -> Envelope:  # fmt: skip
    """An order to A Company so far north of the bridge, that moves by vehicle."""
    at = Position(lat=2.0 + metres / geometry.metric(2.0)[1], lon=-27.0)
    where = {"route": Route(points=(RoutePoint(position=at),), method=method)}
    unit = to or UnitRef(participant="xar-batt", name="A Coy")
    return order(identity, fields.pop("by", "sn-hq"), start, end, performers=(unit,), **(where | fields))


def test_a_unit_cannot_be_twenty_kilometres_away_at_once() -> None:
    [f] = findings(task("A", "140900", "141000"), task("B", "141020", "141100", 20_000))
    e = f.evidence
    assert (f.finding_kind, f.severity, f.certainty) == ("infeasible", "MEDIUM", "definite")
    assert e.distance_m == pytest.approx(20_000, abs=2)
    assert e.travel_s == pytest.approx(1200, abs=1)
    assert (e.gap_s, e.required_gap_s) == (1200, pytest.approx(1800, abs=1))  # and ten minutes of rest
    assert (e.speed_mps, e.units) == (FAST, ("A Coy",))


@pytest.mark.parametrize(
    ("start", "certainty"),
    [("141029", "definite"), ("141031", "possible"), ("141129", "possible"), ("141131", "")],
)  # fmt: skip
def test_the_fastest_decides_what_is_certain_and_the_slowest_what_is_possible(start: str, certainty: str) -> None:
    """20 km: 20 min at 60 km/h, 80 min at 15 km/h; ten more of rest."""
    found = findings(task("A", "140900", "141000"), task("B", start, "141200", 20_000))
    assert [f.certainty for f in found] == ([certainty] if certainty else [])


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, True),
        ({"start": "141000", "metres": 0.0}, True),  # the rest alone
        ({"start": "141010", "metres": 0.0}, False),
        ({"start": "140930"}, False),  # at one time: K02
        ({"start": "141010", "metres": 150_000.0, "end": "141900"}, True),
        ({"start": "141601", "metres": 900_000.0, "end": "141900"}, False),  # further apart than is compared
        ({"to": UnitRef(participant="xar-batt", name="B Coy")}, False),
        ({"to": UnitRef(participant="xbl-batt")}, False),
        ({"to": UnitRef(participant="xar-batt")}, True),  # the battalion has its company with it
        ({"partial": True}, False),
        ({"supersedes": (ref("A"),)}, False),
    ],
)
def test_only_tasks_of_one_unit_that_follow_each_other_are_compared(other: dict[str, Any], found: bool) -> None:
    fields = {"start": "141020", "end": "141200", "metres": 20_000.0} | other
    start, end, metres = fields.pop("start"), fields.pop("end"), fields.pop("metres")
    second = task("B", start, end, metres, **fields)
    got = [f for f in findings(task("A", "140900", "141000"), second) if f.finding_kind == "infeasible"]
    assert bool(got) is found


def test_a_way_counts_from_its_end_to_the_next_beginning() -> None:
    def way(*metres: float) -> Route:
        points = tuple(RoutePoint(position=north(m).centre) for m in metres)
        return Route(points=points, method="vehicle")

    there, back = (
        task("A", "140900", "141000", route=way(0, 20_000)),
        task("A", "140900", "141000", route=way(20_000, 0)),
    )
    then = task("B", "141011", "141100", 20_000)
    assert findings(there, then) == []
    assert len(findings(back, then)) == 1


def test_times_that_are_not_exact_make_it_possible() -> None:
    late = task("B", "141020", "141200", 20_000, windows=(loose("141020", "141100", "141130", "141200"),))
    [f] = findings(task("A", "140900", "141000"), late)
    assert (f.certainty, f.evidence.because) == ("possible", ("times",))


def test_a_method_without_a_speed_is_undecidable_only_where_travel_could_matter() -> None:
    """No row for boats: the slowest of the mission is on foot, 3 km/h, 20 km in 6 h 40 min; the fastest 20 min."""

    def by_boat(start: str, end: str, metres: float) -> list[tuple[str, str, str]]:
        return rules(task("A", "140900", "141000", method="boat"), task("B", start, end, metres, method="boat"))

    assert by_boat("141020", "141100", 20_000) == [("between", "definite", "MEDIUM")]
    assert by_boat("141100", "141200", 20_000) == [("no-speed", "unknown", "MEDIUM")]
    assert by_boat("141100", "141200", 1_000) == []
    assert by_boat("141010", "141200", 0) == []


def test_without_speeds_only_rest_is_checked() -> None:
    mission = replace(MISSION, speeds=())
    first, far = task("A", "140900", "141000"), task("B", "141010", "141100", 90_000)
    assert [f for f in findings(first, far, mission=mission) if f.evidence.rule != "missing"] == []


def timed(*stops: tuple[float, str, str], legs: tuple[Leg, ...] = (), method: Any = "vehicle") -> Envelope:
    points = tuple(
        RoutePoint(position=north(m).centre, name=f"P{i}", window=during(s, e) if s else None)
        for i, (m, s, e) in enumerate(stops)
    )
    return order("W", start="140900", end="141800", route=Route(points=points, legs=legs, method=method))


@pytest.mark.parametrize(
    ("stops", "found"),
    [
        (((0, "140900", "140905"), (20_000, "140926", "140930")), False),  # the head at 0900, and there at 0926
        (((0, "140900", "140905"), (20_000, "140919", "140930")), True),
        (((0, "140900", "140911"), (20_000, "140930", "140930")), False),
        (((0, "140900", "140912"), (20_000, "140930", "140931")), True),  # its tail leaves at 0912 and is there at 0931
        (((0, "140900", "140901"), (10_000, "", ""), (40_000, "140939", "140950")), True),
        (((0, "140900", "140901"), (10_000, "", ""), (40_000, "140941", "140950")), False),
    ],
)  # fmt: skip
def test_windows_of_a_way_leave_the_fastest_enough_time_or_not(stops: Any, found: bool) -> None:
    got = [f for f in findings(timed(*stops)) if f.finding_kind == "infeasible"]
    assert bool(got) is found
    assert all((f.certainty, f.evidence.rule, f.evidence.speed_mps) == ("definite", "route", FAST) for f in got)


def test_a_leg_with_a_window_of_its_own_can_be_too_short() -> None:
    for end, expected in (("140915", 1), ("140925", 0)):
        leg = (Leg(start=0, end=1, window=during("140900", end)),)
        assert len(findings(timed((0, "", ""), (20_000, "", ""), legs=leg))) == expected


def test_the_speed_is_that_of_the_method() -> None:
    stops = ((0.0, "140900", "140905"), (20_000.0, "141100", "141105"))
    assert findings(timed(*stops)) == []
    assert rules(timed(*stops, method="foot")) == [("route", "definite", "MEDIUM")]
    mission = replace(MISSION, speeds=(Speed(method="foot", min_mps=1, max_mps=30),))
    assert findings(timed(*stops, method="foot"), mission=mission) == []


# -- all of them ------------------------------------------------------------------------------------------------------

PAIRS: Final = (
    (want("A", "sn-hq"), want("B", "sc-hq")),
    (net("A", "sn-hq"), net("B", "sc-hq", 41.01)),
    (TASK, hangs("after-end")),
    (TASK, hangs("covered-by", start="141200", end="141400")),
    (task("A", "140900", "141000"), task("B", "141020", "141100", 20_000, by="sc-hq")),
)


@pytest.mark.parametrize("pair", PAIRS, ids=("asset", "frequency", "after", "cover", "travel"))
def test_nations_that_change_places_change_nothing_but_names(pair: tuple[Envelope, ...]) -> None:
    here = [renamed(f, SWAP) for f in findings(*pair)]
    there = findings(*(renamed(e, SWAP) for e in pair), mission=renamed(MISSION, SWAP))
    assert len(here) == 1
    assert [unordered(f) for f in here] == [unordered(f) for f in there]


@pytest.mark.parametrize("pair", PAIRS, ids=("asset", "frequency", "after", "cover", "travel"))
def test_a_mission_can_say_how_bad_it_is(pair: tuple[Envelope, ...]) -> None:
    [f] = findings(*pair)
    [g] = findings(*pair, mission=replace(MISSION, severities={f.finding_kind: "CRITICAL"}))
    assert g.severity == "CRITICAL"


@pytest.mark.parametrize("pair", PAIRS, ids=("asset", "frequency", "after", "cover", "travel"))
def test_a_short_lead_raises_it_by_one(pair: tuple[Envelope, ...]) -> None:
    [f] = findings(*pair)
    [g] = findings(*(replace(e, created=TimeValue(utc=z("140845"))) for e in pair), now=z("140850"))
    assert (f.evidence.lead_s, g.evidence.lead_s is not None) == (None, g.severity != f.severity)


# -- lint -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"assets": (Asset(name="a"), Asset(name="b", aliases=("A",)))}, '"a" is there twice'),
        ({"assets": (Asset(name="a", capacity=0),)}, "assets[0].capacity: there is none of it"),
        ({"assets": (Asset(name="a", turnaround_s=-1),)}, "assets[0].turnaround_s: is less than nothing"),
        ({"assets": (Asset(name="a", owner="nobody"),)}, 'assets[0].owner: no participant "nobody"'),
        ({"bands": (VHF, VHF)}, '"VHF" is there twice'),
        ({"bands": (replace(VHF, upper_mhz=20.0),)}, "bands[0]: can never fire: it ends below where it begins"),
        ({"bands": (replace(VHF, separation_mhz=0.0),)}, "bands[0].separation_mhz: can never fire"),
        ({"bands": (replace(VHF, distance_m=-1.0),)}, "bands[0].distance_m: can never fire"),
        ({"guarded": (Guarded(name="g", frequency_mhz=0, kind="TABOO"),)}, "guarded[0]: can never fire"),
        (
            {"guarded": (Guarded(name="g", frequency_mhz=50, kind="TABOO", holders=("xyz",)),)},
            'guarded[0].holders: no participant, nation or group "xyz"',
        ),
        ({"allotments": (Allotment(participant="xyz", channels_mhz=(41.0,)),)}, 'no participant "xyz"'),
        ({"allotments": (Allotment(participant="xar-batt", channels_mhz=(100.0,)),)}, "100.0 lies in no band"),
        ({"allotments": (Allotment(participant="xar-batt", channels_mhz=(46.6,)),)}, "46.6 is kept for medical"),
        ({"rules": replace(MISSION.rules, rest_s=30000.0)}, "rules.rest_s: is longer than travel_within_s"),
    ],
)
def test_what_cannot_be_meant_is_found(tables: dict[str, Any], says: str) -> None:
    def lint(mission: Mission) -> list[str]:
        return [str(f) for check_ in lint_means.CHECKS for f in check_(mission)]

    assert lint(MISSION) == []
    assert any(says in said_ for said_ in lint(replace(MISSION, **tables)))


def test_the_mission_reader_asks_for_it() -> None:
    assert set(lint_means.CHECKS) <= set(config._CHECKS)
