"""K03 by example, one axis at a time; and its laws, for assets are judged in groups.

Source: reference deconfliction.md §2.3 K03.
"""

import random
from collections.abc import Iterator
from itertools import combinations
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine, check, explain, holdings
from coordinator.core.deconfliction.picture import Picture
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.verdicts import assets
from coordinator.core.mission import Mission
from coordinator.texts import say
from schemas.directives import Agreement, AssetDemand, Directive, OrderChange
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.notices import Cancellation, MovementNotice
from schemas.time import TimeWindow
from tests.support.means import MISSION, NOW, SWAP, findings, loose, order, rules, sets, unordered, want
from tests.support.v1 import HOUR, MINUTE, during, logged, ref, said, wilco, z
from tests.support.worlds import renamed

# -- K03 --------------------------------------------------------------------------------------------------------------


def test_two_want_one_crane_at_a_time() -> None:
    [f] = findings(want("A"), want("B", "sc-hq", "141200", "141400"))
    e = f.evidence
    assert (f.finding_kind, f.severity, f.certainty) == ("asset-overbooked", "HIGH", "definite")
    assert (e.rule, e.asset, e.capacity, e.demands, e.authority) == ("capacity", "crane", 1.0, (1.0, 1.0), "xco-eng")
    assert e.overlap == during("141200", "141300")
    assert {"sn-hq", "sc-hq", "xco-eng"} <= set(f.told)
    assert {(o.option, o.party, o.who) for o in f.options} == {("refer", "", "xco-eng")}


@pytest.mark.parametrize(
    ("start", "end", "rule"),
    [
        ("141259", "141400", "capacity"),
        ("141300", "141400", "turnaround"),
        ("141329", "141400", "turnaround"),
        ("141330", "141400", ""),  # the turnaround is over
        ("140800", "140830", ""),
        ("140800", "140831", "turnaround"),
        ("150900", "151300", ""),
    ],
)
def test_an_asset_is_not_ready_before_its_turnaround_is_over(start: str, end: str, rule: str) -> None:
    found = findings(want("A"), want("B", "sc-hq", start, end))
    assert [f.evidence.rule for f in found] == ([rule] if rule else [])
    assert all((f.evidence.required_gap_s == 1800) is (rule == "turnaround") for f in found)


@pytest.mark.parametrize(
    ("window", "certainty"),
    [
        (loose("140930", "141000", "141100", "141200"), "definite"),
        (loose("140700", "141000", "140800", "141200"), "possible"),
        (loose("140700", "141400", "140800", "141500"), "possible"),
        (TimeWindow(start_earliest=z("140930"), trigger="on order"), "possible"),
        (TimeWindow(trigger="on order"), "possible"),
        (loose("141331", "141400", "141500", "141600"), ""),
    ],
)
def test_uncertain_times_make_an_overload_possible(window: TimeWindow, certainty: str) -> None:
    found = findings(want("A"), want("B", "sc-hq", windows=(window,)))
    assert [f.certainty for f in found] == ([certainty] if certainty else [])
    assert [f.severity for f in found] == {"definite": ["HIGH"], "possible": ["MEDIUM"], "": []}[certainty]


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ((1, 1, 1), set()),
        ((1, 1, 1, 1), {"ABCD"}),
        ((2, 2), {"AB"}),
        ((3, 1), {"AB"}),
        ((2, 1, 1), {"ABC"}),
        ((3, 3, 1), {"AB", "AC", "BC"}),
        ((2, 2, 2), {"AB", "AC", "BC"}),
        ((4,), {"A"}),
        ((4, 1, 1), {"A"}),
        ((4, 2, 2), {"A", "BC"}),
    ],
)
def test_minimal_sets_are_reported_and_no_larger_ones(amounts: tuple[int, ...], expected: set[str]) -> None:
    wants = [want(n, amount=a, name="litters") for n, a in zip("ABCD", amounts, strict=False)]
    assert sets(*wants) == expected


def test_amounts_are_counted_exactly() -> None:
    """0.1 + 0.2 is 0.3, whatever binary fractions say."""
    assert sets(want("A", amount=0.1, name="fuel"), want("B", amount=0.2, name="fuel")) == set()
    assert sets(want("A", amount=0.1, name="fuel"), want("B", amount=0.200001, name="fuel")) == {"AB"}


def test_not_only_pairs_overlap_but_all_at_one_moment() -> None:
    a = want("A", start="140900", end="141000", amount=2, name="litters")
    b = want("B", start="140930", end="141100", amount=1, name="litters")
    c = want("C", start="141030", end="141200", amount=2, name="litters")
    assert sets(a, b, c) == set()
    assert sets(a, b, c, want("D", start="140930", end="141100", amount=1, name="litters")) == {"ABD", "BCD"}


def test_several_windows_of_one_order_are_not_several_holders() -> None:
    twice = want("A", windows=(during("140900", "141000"), during("140930", "141030")))
    assert sets(twice) == set()
    assert sets(twice, want("B", start="141010", end="141020")) == {"AB"}


def test_demands_of_one_order_add_up_whatever_they_are_called() -> None:
    both = (AssetDemand(name="GRUE", amount=0.5), AssetDemand(name="crane", amount=0.6))
    [f] = findings(order("A", assets=both))
    assert (f.evidence.demands, len(f.parties)) == ((1.1,), 1)


def test_movements_want_assets_too() -> None:
    plan = MovementNotice(
        movement_kind="convoy", assets=(AssetDemand(name="crane"),), windows=(during("140900", "141000"),)
    )
    assert sets(want("A"), said(plan, "M", "xbl-batt", "130000")) == {"AM"}
    done = replace(plan, state="completed")
    assert sets(want("A"), said(done, "M", "xbl-batt", "130000")) == set()


@pytest.mark.parametrize(
    ("name", "amount", "rule"),
    [("winch", 1.0, "unknown-asset"), ("crane", 0.0, "no-amount"), ("crane", -1.0, "no-amount")],
)
def test_a_demand_that_cannot_be_counted_is_said_to_be(name: str, amount: float, rule: str) -> None:
    assert rules(want("A", amount=amount, name=name)) == [(rule, "unknown", "HIGH")]


def test_what_lifts_an_overload() -> None:
    a, b = want("A"), want("B", "sc-hq")
    both = (ref("A"), ref("B"))
    shared = Agreement(agreement_kind="coordination", parties=("sn-hq", "sc-hq"), orders=both)
    assert sets(a, b) == {"AB"}
    assert sets(a, b, said(shared, "G", "fhq-u3", "130000")) == set()
    assert sets(want("A", coordinated_with=(ref("B"),)), b) == {"AB"}
    assert sets(want("A", coordinated_with=(ref("B"),)), want("B", "sc-hq", coordinated_with=(ref("A"),))) == set()
    assert sets(want("A", permitted=(ref("B"),)), b) == set()
    assert sets(a, want("B", supersedes=(ref("A"),))) == set()
    assert sets(a, replace(b, reality="exercise")) == set()


def test_an_agreement_of_two_does_not_lift_what_three_want() -> None:
    both = (ref("A"), ref("B"))
    shared = said(
        Agreement(agreement_kind="coordination", parties=("sn-hq", "sc-hq"), orders=both), "G", "fhq-u3", "130000"
    )
    wants = [want(n, by, amount=2, name="litters") for n, by in (("A", "sn-hq"), ("B", "sc-hq"), ("C", "xbl-batt"))]
    assert sets(*wants, shared) == {"AC", "BC"}


def test_the_order_and_the_plan_of_the_unit_that_does_it_are_one_demand() -> None:
    task = want("A", performers=(UnitRef(participant="xar-batt"),))
    plan = MovementNotice(
        movement_kind="convoy", assets=(AssetDemand(name="crane"),), windows=(during("140900", "141000"),)
    )
    assert sets(task, said(plan, "M", "xar-batt", "130000")) == {"AM"}
    assert sets(task, said(replace(plan, coordinated_with=(ref("A"),)), "M", "xar-batt", "130000")) == set()


def test_a_draft_is_counted_for_its_issuer_only() -> None:
    draft = want("D", "sc-hq", draft=True)
    [f] = findings(want("A"), draft)
    assert (f.severity, f.told) == ("INFO", ("sc-hq",))
    assert sets(draft, want("E", "sn-hq", draft=True)) == set()
    assert sets(want("A"), want("B"), draft, want("E", "sn-hq", draft=True)) == {"AB", "AD", "BD", "AE", "BE"}


def amended(**change: Any) -> Envelope:
    return said(
        Directive(directive_kind="frago", amends=(OrderChange(order=ref("A"), **change),)), "F", "sn-hq", "130100"
    )


@pytest.mark.parametrize(
    "change",
    [amended(windows=(during("141500", "141600"),)), amended(assets=()), amended(assets=(AssetDemand(name="litters"),)),
     said(Cancellation(), "A", "sn-hq", "130100", kind="directive", status="cancel")],
)  # fmt: skip
def test_an_overload_that_a_change_removes_waits_for_the_unit_that_changed(change: Envelope) -> None:
    a, b = want("A", performers=(UnitRef(participant="xar-batt"),)), want("B", "sc-hq")
    [f] = findings(a, b, change)
    assert (f.state, f.waits_for) == ("resolved-if-acknowledged", ("xar-batt",))
    answer = "A" if change.status == "cancel" else "F"
    assert findings(a, b, change, wilco(answer, "xar-batt", "130101")) == []


def test_an_amendment_can_bring_an_overload_about() -> None:
    moved = amended(windows=(during("141200", "141300"),))
    a, b = want("A", start="140900", end="141000"), want("B", start="141100", end="141300")
    assert [f.state for f in findings(a, b, moved)] == ["open"]


def test_more_sets_than_are_listed_are_one_finding_of_all_who_want_it_then() -> None:
    wants = [want(f"o{i:02}", amount=1, name="litters") for i in range(7)]
    [f] = findings(*wants)  # 35 sets of four
    assert (f.evidence.rule, len(f.parties), f.certainty) == ("crowd", 7, "definite")
    assert "all 7 who want it" in explain.sentence(f, say)
    assert len(findings(*wants[:5])) == 5
    assert {len(f.parties) for f in findings(*wants[:5])} == {4}


def test_who_is_swamped_is_told_that_not_everything_was_compared() -> None:
    wants = [want(f"o{i:03}", amount=0.1, name="litters") for i in range(holdings.MOST + 2)]
    found = findings(*wants)
    assert [len(f.parties) for f in found] == [1] * len(wants)
    assert {(f.evidence.rule, f.certainty, f.severity) for f in found} == {("uncounted", "unknown", "HIGH")}
    assert {f.evidence.rule for f in findings(*wants[: holdings.MOST + 1])} == {"crowd"}


def test_many_small_demands_that_fit_together_are_no_finding() -> None:
    assert findings(*(want(f"o{i:03}", amount=0.01, name="litters") for i in range(holdings.MOST + 30))) == []


# -- K03: laws --------------------------------------------------------------------------------------------------------

few = settings(max_examples=settings.default.max_examples // 5)  # type: ignore[union-attr]  # of what the profile asks
HOMES: Final = ("sn-hq", "sc-hq", "xar-batt", "xbl-batt")
instants = st.integers(0, 6).map(lambda i: NOW + i * 20 * MINUTE)


@st.composite
def bookings(draw: st.DrawFn) -> list[Envelope]:
    """Some who want a crane or litters, with amendments and withdrawals."""
    made: list[Envelope] = []
    for i in range(draw(st.integers(2, 7))):
        a, b, c, d = sorted(draw(st.lists(instants, min_size=4, max_size=4)))
        exact = draw(st.booleans())
        window = TimeWindow.exact(a, d + MINUTE) if exact else TimeWindow(
            start_earliest=a, start_latest=b, end_earliest=c, end_latest=d + MINUTE)  # fmt: skip
        name, amount = draw(st.sampled_from((("crane", 1.0), ("litters", 1.0), ("litters", 2.0), ("litters", 4.0))))
        by = HOMES[i % 4]
        cited = draw(st.sampled_from(((), (), (ref("o0"),), (ref("o1"),))))
        body = Directive(
            directive_kind="frago", assets=(AssetDemand(name=name, amount=amount),), windows=(window,),
            coordinated_with=cited, draft=draw(st.integers(0, 5)) == 0,
            performers=(UnitRef(participant=HOMES[2 + i % 2]),),
        )  # fmt: skip
        made.append(said(body, f"o{i}", by, "130000"))
        if draw(st.integers(0, 3)) == 0:
            made.append(
                said(replace(body, windows=(TimeWindow.exact(a, b + MINUTE),)), f"o{i}", by, "130100", revision=2)
            )
        if draw(st.integers(0, 5)) == 0:
            made.append(said(Cancellation(), f"o{i}", by, "130200", kind="directive", status="cancel"))
    return made


def overbooked(found: list[Finding]) -> list[Finding]:
    return [f for f in found if f.finding_kind == "asset-overbooked"]


def folded_in(envelopes: list[Envelope], mission: Mission = MISSION) -> list[Finding]:
    engine = Engine(mission)
    for i, e in enumerate(envelopes):
        engine.handle(logged(e, i + 1, NOW))
    return overbooked(engine.findings())


@pytest.fixture(params=[(64, 12), (1, 12), (2, 1), (64, 0)], ids=str)
def bounds(request: pytest.FixtureRequest) -> Iterator[None]:
    """Also with bounds so low that they are reached."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(holdings, "MOST", request.param[0])
        patch.setattr(assets, "MOST_SETS", request.param[1])
        yield


@pytest.mark.usefixtures("bounds")
@few
@given(bookings(), st.randoms(use_true_random=False))
def test_bookings_are_found_alike_in_any_order_one_by_one_or_all_at_once(
    world: list[Envelope], dice: random.Random
) -> None:
    shuffled = dice.sample([*world, *world[:2]], len(world) + min(2, len(world)))
    found = folded_in(world)
    assert folded_in(shuffled) == found
    kept = Engine(MISSION)
    kept.collect([(e, NOW) for e in shuffled])
    brute = Picture(kept._ledger, Setting(MISSION))
    brute.update(kept._ledger.acts)
    rulings = [r.finding for case in brute.everything() for r in brute._ruled(case, NOW)]
    assert sorted(overbooked(rulings), key=lambda f: f.id) == found
    assert overbooked(kept.findings()) == found


@pytest.mark.usefixtures("bounds")
@few
@given(bookings())
def test_bookings_are_judgedunordered_to_who_made_them(world: list[Envelope]) -> None:
    here = [renamed(f, SWAP) for f in overbooked(check(world, MISSION, NOW))]
    there = overbooked(check([renamed(e, SWAP) for e in world], renamed(MISSION, SWAP), NOW))
    assert sorted(map(unordered, here)) == sorted(map(unordered, there))


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6), st.sampled_from((1, 1, 2, 3, 4))), max_size=7))
def test_the_sets_are_exactly_the_minimal_ones(claims: list[tuple[int, int, int]]) -> None:
    """Against trying every subset at every minute."""
    made = [order(f"o{i}", windows=(TimeWindow.exact(NOW + s * HOUR, NOW + (s + n) * HOUR),),
                  assets=(AssetDemand(name="litters", amount=a),)) for i, (s, n, a) in enumerate(claims)]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assets, "MOST_SETS", 10_000)
        found = {frozenset(int(p.id[1:]) for p in f.parties) for f in findings(*made)}
    over = {frozenset(group) for n in range(1, len(claims) + 1) for group in combinations(range(len(claims)), n)
            if sum(claims[i][2] for i in group) > 3 and _at_once([claims[i] for i in group])}  # fmt: skip
    assert found == {g for g in over if not any(h < g for h in over)}


def _at_once(claims: list[tuple[int, int, int]]) -> bool:
    return max(s for s, _, _ in claims) < min(s + n for s, n, _ in claims)
