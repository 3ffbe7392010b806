"""What comes and goes: seldom said, never hidden, counted; and what the same thing coming again is."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.mission import Cards
from coordinator.core.occasions.occasion import Occasion
from schemas.alerts import Alert
from tests.support.desk import HOUR, MINUTE, MISSION, Desk, make_finding, z

START = z("140405")
F1 = make_finding("f1")


def flap(desk: Desk, times: int, every: int = 2 * MINUTE, **changes: Any) -> list[Alert]:
    """Let a finding open and close in turn; return what was published."""
    before = len(desk.published)
    for turn in range(times):
        state = "closed" if turn % 2 else "open"
        desk.finding(START + turn * every, replace(F1, state=state, **changes))
    return desk.published[before:]


def card(desk: Desk) -> Alert:
    (found,) = desk.of_kind("conflict", open_only=False)
    return found


def test_what_opens_and_closes_as_often_as_is_usual_is_said_each_time() -> None:
    desk = Desk()
    assert [a.work for a in flap(desk, 5)] == ["raised", "resolved", "raised", "resolved", "raised"]
    assert card(desk).flapping is None


def test_once_more_and_its_card_says_that_it_flaps_and_stays() -> None:
    desk = Desk()
    flap(desk, 6)
    assert (card(desk).flapping, card(desk).work, card(desk).why) == (desk.now, "raised", "flapping")


def test_a_card_that_flaps_changes_no_more_than_once_in_ten_minutes() -> None:
    desk = Desk()
    said = flap(desk, 60, MINUTE)
    flapping = [a.changed_at for a in said if a.alert_kind == "conflict" and a.flapping]
    calls = {a.changed_at for a in said if {"late", "escalated"} & {*a.why.split()}}
    gaps = [b - a for a, b in pairwise(flapping) if not {a, b} & calls]
    assert len(flapping) > 3
    assert min(gaps) >= 10 * MINUTE


def test_it_is_over_when_it_was_quiet_for_ten_minutes() -> None:
    desk = Desk()
    flap(desk, 6)
    last = desk.now
    assert desk.until(last + 10 * MINUTE - 1) == []
    (said,) = desk.until(last + 10 * MINUTE)
    assert (said.work, said.flapping, said.why) == ("resolved", None, "calm members resolved")


def test_what_is_there_at_the_end_stays_and_does_not_flap_any_more() -> None:
    desk = Desk()
    flap(desk, 7)
    desk.until(desk.now + 10 * MINUTE)
    assert (card(desk).work, card(desk).flapping, card(desk).count) == ("raised", None, 4)


def test_what_becomes_extreme_while_it_flaps_is_said_at_once() -> None:
    desk = Desk()
    flap(desk, 6)
    (said,) = desk.finding(desk.now + 1, replace(F1, severity="CRITICAL"))
    assert (said.severity, said.material_rev == said.rev, said.flapping is not None) == ("Extreme", True, True)


def test_the_clock_goes_on_while_it_flaps_and_nobody_answers_twice() -> None:
    desk = Desk()
    flap(desk, 6)
    due = desk.told("xbl-batt").due
    desk.act(desk.now, "sn-hq", desk.card)
    for turn in range(8):
        desk.finding(desk.now + MINUTE, replace(F1, state="closed" if turn % 2 else "open"))
    assert desk.told("sn-hq").acknowledged_at is not None
    assert desk.told("xbl-batt").due == due
    desk.until(due)
    assert desk.told("xbl-batt").late


def test_each_coming_is_counted_with_when_it_was_first_and_last() -> None:
    desk = Desk()
    flap(desk, 5)
    assert (card(desk).count, card(desk).first_seen, card(desk).last_seen) == (3, F1.first_at, desk.now)


def test_one_finding_that_flaps_beside_one_that_stays_asks_nobody_again() -> None:
    desk = Desk()
    desk.finding(START, make_finding("f2", severity="MEDIUM"))
    flap(desk, 6)
    for p in ("sn-hq", "xar-batt", "xbl-batt", "fhq-u3"):
        desk.act(desk.now, p, desk.card)
    for turn in range(8):
        desk.finding(desk.now + MINUTE, replace(F1, state="closed" if turn % 2 else "open"))
    assert {t.due for t in desk.card.told} == {None}
    assert desk.card.work == "acknowledged"


def test_an_officer_may_waive_what_flaps() -> None:
    desk = Desk()
    flap(desk, 7)
    desk.finding(desk.now + 11 * MINUTE, replace(F1, state="waived"))
    assert card(desk).work == "resolved"


def test_a_mission_may_want_to_hear_of_every_change() -> None:
    desk = Desk(replace(MISSION, cards=Cards(flap_changes=0)))
    assert [a.work for a in flap(desk, 12)] == ["raised", "resolved"] * 6


# -- occasions --------------------------------------------------------------------------------------------------------

DARK = Occasion(id="dark", kind="unwatched", severity="Moderate", text_key="card-unwatched", told=("fhq-u3",))


def occur(desk: Desk, at: int, **changes: Any) -> list[Alert]:
    """Let a source say an occasion."""
    desk.until(at)
    desk.core._book.occur(replace(DARK, **changes), desk.now)
    return desk._take(desk.logged(F1, "finding.none.none")._replace(body=MISSION.participants[0]))


def test_an_occasion_flaps_as_a_finding_does() -> None:
    desk = Desk()
    for turn in range(6):
        occur(desk, START + turn * MINUTE, over=bool(turn % 2))
    (held,) = desk.of_kind("unwatched")
    assert (held.flapping, held.work, held.count) == (desk.now, "raised", 3)
    assert occur(desk, desk.now + MINUTE) == []
    assert occur(desk, desk.now + MINUTE, over=True) == []
    assert [a.severity for a in occur(desk, desk.now + MINUTE, severity="Extreme")] == ["Extreme"]
    occur(desk, desk.now + MINUTE, over=True)
    *_, said = [a for a in desk.until(desk.now + 10 * MINUTE) if a.alert_kind == "unwatched"]
    assert (said.work, said.count) == ("resolved", 5)


def test_the_same_under_another_name_goes_on_counting() -> None:
    desk = Desk()
    occur(desk, START, id="one", parties=("xar-batt",))
    occur(desk, START + HOUR, id="one", parties=("xar-batt",), over=True)
    (again,) = occur(desk, START + 2 * HOUR, id="two", parties=("xar-batt",))
    assert (again.count, again.first_seen, again.last_seen) == (2, START, desk.now)
    (other,) = occur(desk, START + 3 * HOUR, id="three", parties=("xbl-batt",))
    assert other.count == 1
    assert len({a.fingerprint for a in desk.board.values()}) == 2


@pytest.mark.parametrize(
    "changes", [{"parties": ("xar-batt",)}, {"place": "KESSA"}, {"refers": ("SN-1",)}, {"kind": "overdue"}]
)
def test_kind_parties_place_and_documents_make_a_fingerprint_and_nothing_else_does(changes: dict[str, Any]) -> None:
    desk = Desk()
    (one,) = occur(desk, START, id="one")
    (two,) = occur(desk, START, id="two", severity="Minor", told=("sn-hq",))
    (three,) = occur(desk, START, id="three", **changes)
    assert one.fingerprint == two.fingerprint != three.fingerprint


# -- laws -------------------------------------------------------------------------------------------------------------

turns = st.lists(st.tuples(st.booleans(), st.integers(1, 9), st.sampled_from(["HIGH", "MEDIUM"])), max_size=30)


def lived(day: list[tuple[bool, int, str]], restart_at: int = -1) -> Desk:
    desk = Desk(replace(MISSION, cards=Cards(flap_changes=2)))
    desk.now = START
    for i, (is_open, minutes, severity) in enumerate(day):
        if i == restart_at:
            desk.restart()
        finding = replace(F1, state="open" if is_open else "closed", severity=severity)
        desk.finding(desk.now + minutes * MINUTE, finding)
    return desk


@given(turns)
def test_after_a_quiet_while_every_card_is_as_its_findings_are(day: list[tuple[bool, int, str]]) -> None:
    desk = lived(day)
    desk.until(desk.now + 10 * MINUTE)
    open_cards = desk.of_kind("conflict")
    assert bool(open_cards) is bool(day and day[-1][0])
    assert all(a.flapping is None for a in open_cards)
    if open_cards:
        assert open_cards[0].severity == {"HIGH": "Severe", "MEDIUM": "Moderate"}[day[-1][2]]


@given(turns)
def test_what_is_there_is_never_shown_as_over(day: list[tuple[bool, int, str]]) -> None:
    desk = lived([])
    for is_open, minutes, severity in day:
        finding = replace(F1, state="open" if is_open else "closed", severity=severity)
        desk.finding(desk.now + minutes * MINUTE, finding)
        assert not is_open or desk.of_kind("conflict")


@given(turns, st.integers(0, 29))
def test_a_kill_while_it_flaps_changes_nothing(day: list[tuple[bool, int, str]], killed_at: int) -> None:
    straight, killed = lived(day), lived(day, killed_at)
    for desk in (straight, killed):
        desk.until(desk.now + HOUR)
    assert straight.ids == killed.ids
    assert straight.core.snapshot() == killed.core.snapshot()
