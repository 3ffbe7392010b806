"""Crowds: a card of very many findings costs no more than one of some, keeps its name, and loses nothing."""

import string
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core import clusters, correlate, tally
from coordinator.core.clusters import Clusters
from coordinator.core.mission import Cards
from schemas import registry
from schemas.alerts import Alert
from schemas.findings import Finding, Party
from tests.bench import cards as bench
from tests.support.desk import HOUR, MINUTE, Desk, make_evidence, make_finding, z

LAST = bench.BEGIN + HOUR * 5


@pytest.fixture
def short_lists(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cards that list two findings, so that a handful is a crowd."""
    monkeypatch.setattr(tally, "LISTED", 2)
    yield


def crowded(orders: int, findings: Iterable[Finding] = ()) -> Desk:
    """A desk after a crowd, a minute later."""
    desk = Desk(bench.mission())
    for finding in findings or bench.crowd(orders):
        desk.finding(finding.at, finding)
    desk.until(desk.now + MINUTE)
    return desk


def followed(published: Iterable[Alert]) -> dict[str, set[str]]:
    """The findings of every card, as whoever reads its revisions one after the other knows them."""
    known: dict[str, set[str]] = {}
    for alert in (a for a in published if a.alert_kind == "conflict"):
        listed, before = {m.finding for m in alert.members}, known.get(alert.id, set())
        if alert.merged_into:
            known.pop(alert.id, None)
        else:
            known[alert.id] = (before - {*alert.left}) | {*alert.joined} | listed if alert.rest else listed
    return known


def compared(monkeypatch: pytest.MonkeyPatch, orders: int) -> float:
    """How many findings each finding of a crowd is compared with."""
    calls = Counter[str]()

    def counted(a: Any, b: Any, tolerances: Cards) -> bool:
        calls["linked"] += 1
        return correlate.linked(a, b, tolerances)

    monkeypatch.setattr(clusters, "linked", counted)
    findings = bench.crowd(orders)
    crowded(orders, findings)
    return calls["linked"] / len(findings)


# -- size -------------------------------------------------------------------------------------------------------------


def test_what_a_finding_costs_does_not_follow_the_size_of_its_card(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = compared(monkeypatch, 12), compared(monkeypatch, 36)
    assert large < small * 1.5
    assert large < 8


def test_a_card_lists_what_matters_most_and_counts_the_rest_exactly() -> None:
    findings = bench.crowd(20)
    desk = crowded(20, findings)
    card = desk.card
    assert card.rest is not None
    assert (len(card.members), card.rest.count) == (tally.LISTED, len(findings) - tally.LISTED)
    worst = sorted(findings, key=tally.turn)
    assert [m.finding for m in card.members] == sorted(f.id for f in worst[: tally.LISTED])
    assert card.rest.severities == dict(Counter(f.severity for f in worst[tally.LISTED :]))
    assert card.rest.states == {"open": card.rest.count}
    assert max(len(registry.encode(a)) for a in desk.published) < 16_000


def test_every_finding_of_a_crowd_can_be_followed_to_its_card() -> None:
    desk = crowded(20)
    assert followed(desk.published) == {desk.card.id: {f.id for f in bench.crowd(20)}}


def test_a_crowd_that_is_settled_ends_its_card() -> None:
    findings = bench.crowd(12)
    desk = crowded(12, findings)
    name = desk.card.id
    for finding in findings:
        desk.finding(desk.now + MINUTE // 10, replace(finding, state="closed"))
    assert desk.of_kind("conflict") == []
    assert (desk.board[name].work, len(desk.of_kind("conflict", open_only=False))) == ("resolved", 1)


# -- what waits, and what does not ------------------------------------------------------------------------------------


def crowd_of(count: int, desk: Desk, at: str = "140405") -> None:
    for i in range(count):
        desk.finding(at, make_finding(f"g{i:03}", severity="MEDIUM"))


def test_one_more_of_a_crowd_waits_for_others_a_minute_and_no_longer() -> None:
    desk = Desk()
    crowd_of(40, desk)
    desk.until("140410")
    before = desk.card
    assert desk.finding("140410", make_finding("h1", severity="MEDIUM", first_at=z("140410"))) == []
    assert desk.until(z("140411") - 1) == []
    desk.restart()
    (said,) = desk.until("140411")
    assert (said.id, said.joined, said.why) == (before.id, ("h1",), "members")
    assert said.material_rev == before.material_rev
    assert desk.core.next_wake() != z("140411")


def test_what_comes_and_goes_while_it_waits_is_not_said_and_rings_for_nothing() -> None:
    desk = Desk()
    crowd_of(40, desk)
    desk.until("140410")
    listed = {m.finding for m in desk.card.members}
    other = next(f"g{i:03}" for i in range(40) if f"g{i:03}" not in listed)
    for state in ("acknowledged", "open"):
        assert desk.finding("140410", make_finding(other, severity="MEDIUM", state=state)) == []
    assert desk.until("140412") == []  # and time goes on: `Desk.until` sees that no timer rings again and again


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"severity": "CRITICAL"}, "severity-rose"),
        ({"told": ("ocha-cmc",)}, "told"),
        ({"evidence": make_evidence("140900", "141045")}, "moved"),
        ({"evidence": make_evidence(at=(-27.01, 2.0))}, "moved"),
    ],
    ids=["severity", "told", "window", "place"],
)
def test_what_an_officer_must_know_does_not_wait(changes: dict[str, Any], why: str) -> None:
    desk = Desk()
    crowd_of(40, desk)
    (said,) = [a for a in desk.finding("140410", make_finding("h1", **({"severity": "MEDIUM"} | changes))) if a.members]
    assert why in said.why.split()
    assert said.material_rev == said.rev
    assert "h1" in said.joined


def test_very_many_are_said_at_once() -> None:
    desk = Desk()
    crowd_of(400, desk)
    assert followed(desk.published)[desk.card.id] >= {f"g{i:03}" for i in range(256)}
    assert all(len(a.joined) <= 256 for a in desk.published)


# -- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("later", ["a", "z"])
def test_what_comes_later_does_not_rename_a_card_whatever_it_is_called(later: str) -> None:
    desk = Desk()
    desk.finding("140405", make_finding("m"))
    name = desk.card.id
    desk.finding("140406", make_finding(later, first_at=z("140406")))
    assert (desk.card.id, len(desk.card.members)) == (name, 2)
    assert not [a for a in desk.published if a.merged_into]


def test_of_two_cards_that_merge_the_older_keeps_its_name_and_an_acknowledgement_of_both_stands() -> None:
    desk = Desk()
    desk.finding("140405", make_finding("z"))
    old = desk.card
    desk.finding("140407", make_finding("b", first_at=z("140407"), evidence=make_evidence(at=(-27.03, 2.0))))
    (young,) = [a for a in desk.of_kind("conflict") if a.id != old.id]
    for card in (old, young):
        desk.act("140408", "sn-hq", card)
    desk.act("140408", "xar-batt", young)
    desk.finding("140409", make_finding("a", first_at=z("140409"), evidence=make_evidence(at=(-27.015, 2.0))))
    assert (desk.card.id, desk.card.merged_from, desk.board[young.id].merged_into) == (old.id, (young.id,), old.id)
    assert desk.told("sn-hq").acknowledged_at == z("140408")
    assert desk.told("xar-batt").acknowledged_at is None  # it acknowledged one of them only
    assert desk.told("xar-batt").due == z("140420")


def test_a_part_that_breaks_away_says_from_which_card() -> None:
    desk = Desk()
    for name, lon in (("f1", -27.0), ("f2", -27.015), ("f3", -27.03)):
        desk.finding("140405", make_finding(name, evidence=make_evidence(at=(lon, 2.0))))
    whole = desk.card
    desk.finding("140410", make_finding("f2", evidence=make_evidence(at=(-27.015, 2.0)), state="closed"))
    (part,) = [a for a in desk.of_kind("conflict") if a.id != whole.id]
    assert (part.split_from, desk.board[whole.id].split_from) == (whole.id, "")


# -- laws -------------------------------------------------------------------------------------------------------------

PLACES = [None, (-27.0, 2.0), (-27.015, 2.0), (-27.03, 2.0), (179.995, 0.0), (-179.995, 0.0), (10.0, 89.995)]
words = st.builds(
    make_finding,
    st.sampled_from(string.ascii_lowercase[:10]),
    state=st.sampled_from(["open", "open", "closed"]),
    severity=st.sampled_from(["HIGH", "HIGH", "LOW", "INFO"]),
    parties=st.lists(st.sampled_from("pqrstu").map(lambda p: Party(id=p)), min_size=1, max_size=2).map(tuple),
    evidence=st.builds(
        lambda h, at: make_evidence(f"14{h:02}00", f"14{h + 1:02}00", at),
        st.sampled_from([4, 5, 8, 9, 12]), st.sampled_from(PLACES),
    ),
    first_at=st.integers(0, 2).map(lambda m: z("140400") + m * MINUTE),
)  # fmt: skip
days = st.lists(words, max_size=30)


def by_hand(newest: dict[str, Finding]) -> set[frozenset[str]]:
    """The cards of some findings, by comparing each with each."""
    spots = {i: correlate.spot(f) for i, f in newest.items() if correlate.on_a_card(f)}
    near = {i: {i} for i in spots}
    for a, b in combinations(spots, 2):
        if correlate.linked(spots[a], spots[b], Cards()):
            near[a].add(b)
            near[b].add(a)
    active = {i for i, s in spots.items() if s.active}
    found, left = list[set[str]](), set(spots)
    for among in (active, left):  # first the unsettled; what was closed goes to the oldest that it hangs on
        for seed in sorted(among & left, key=lambda i: (spots[i].born, i)):
            if seed in left:
                group = _reach({seed}, near, among & left)
                found.append(group)
                left -= group
        if among is active:
            for group in found:
                group |= _reach(group, near, left)
                left -= group
    return {frozenset(g) for g in found}


def _reach(seeds: set[str], near: dict[str, set[str]], among: set[str]) -> set[str]:
    found, fresh = set(seeds), set(seeds)
    while fresh:
        fresh = {b for a in fresh for b in near[a]} & among - found
        found |= fresh
    return found


@given(days)
def test_one_by_one_gives_the_groups_of_comparing_each_with_each(day: list[Finding]) -> None:
    kept, newest = Clusters(Cards()), dict[str, Finding]()
    groups: dict[str, frozenset[str]] = {}
    for i, word in enumerate(day):
        finding = newest[word.id] = replace(word, at=z("140400") + i * MINUTE)
        reach = kept.take(finding.id, correlate.spot(finding) if correlate.on_a_card(finding) else None)
        if reach is None:
            label = kept.label(finding.id)
            region = set() if label is None else kept.members[label]
            groups |= dict.fromkeys(region, frozenset(region))
        else:
            groups = {i: g for i, g in groups.items() if i not in reach}
            groups |= {i: g.members for g in kept.rebuild(reach) for i in g.members}
        assert set(groups.values()) == by_hand(newest)


@pytest.mark.usefixtures("short_lists")
class TestShortLists:
    """The same laws where two findings are a list and three a crowd."""

    @given(days, st.randoms(use_true_random=False))
    def test_any_order_of_the_same_findings_gives_the_same_cards(self, day: list[Finding], random: Any) -> None:
        dated = [replace(f, at=z("140400") + i * MINUTE) for i, f in enumerate(day)]
        shuffled = random.sample(dated, len(dated))
        assert end_of(dated) == end_of(shuffled)

    @given(days)
    def test_what_the_revisions_say_is_what_is_on_the_card(self, day: list[Finding]) -> None:
        desk = Desk()
        for i, word in enumerate(day):
            desk.finding(z("140400") + i * MINUTE // 4, word)
        desk.until(desk.now + MINUTE)
        open_cards = {a.id for a in desk.of_kind("conflict")}
        state = desk.core._book.state
        held = {c: {f for f, home in state.home.items() if home == c} for c in open_cards}
        assert {c: f for c, f in followed(desk.published).items() if c in open_cards} == held

    @given(days, st.sets(st.integers(0, 29), max_size=4))
    def test_a_kill_in_the_middle_of_a_crowd_changes_nothing(self, day: list[Finding], killed_at: set[int]) -> None:
        straight, killed = Desk(), Desk()
        for i, word in enumerate(day):
            if i in killed_at:
                killed.restart()
            for desk in (straight, killed):
                desk.finding(z("140400") + i * MINUTE // 4, word)
        for desk in (straight, killed):
            desk.until(desk.now + MINUTE)
        assert straight.ids == killed.ids
        assert straight.core.snapshot() == killed.core.snapshot()

    @given(days)
    def test_a_new_finding_founds_a_card_only_by_itself(self, day: list[Finding]) -> None:
        desk = Desk()
        born: dict[str, int] = {}
        for i, word in enumerate(day):
            now, new = z("140400") + i * MINUTE, word.id not in born
            said = desk.finding(now, replace(word, first_at=born.setdefault(word.id, now)))
            if new:
                assert {m.finding for a in said if a.why == "raised" for m in a.members} <= {word.id}


def end_of(day: Iterable[Finding]) -> dict[str, Any]:
    """The open cards after a day, at one and the same time."""
    desk = Desk()
    desk.now = LAST
    for finding in day:
        desk.take(finding)
    desk.until(desk.now + MINUTE)
    return {
        a.id: (a.members, a.rest, a.severity, a.parties, a.event_from, a.event_to, [t.participant for t in a.told])
        for a in desk.of_kind("conflict")
    }
