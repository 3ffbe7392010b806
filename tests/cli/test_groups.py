"""Very many cards on a duty desk: one line for a group, nothing hidden without a number, no slip of the hand."""

import pytest

from coordinator.cli import cards
from coordinator.cli.handling import _meant
from coordinator.errors import UsageError
from schemas.alerts import Line
from tests.cli.cases import at, card

GROUP = card(id="9c01" * 4, alert_kind="flood", headline="Group of new cards for XAR: 3 in all", members=(), place="",
             lines=(Line(text_key="flood-severity", text="Severe: 3"),))  # fmt: skip
MEMBERS = [card(id=f"{i}" * 16, severity="Severe", grouped={"fhq": GROUP.id}) for i in (1, 2, 3)]


def test_members_of_an_open_group_are_found_by_their_group() -> None:
    alone = card()
    assert cards.groups([alone, GROUP, *MEMBERS]) == {GROUP.id: MEMBERS}


def test_members_of_a_group_that_is_over_stand_for_themselves() -> None:
    over = card(id=GROUP.id, alert_kind="flood", work="resolved")
    assert cards.groups([over, *MEMBERS]) == {}


def test_what_is_over_or_put_aside_is_not_counted_in_its_group() -> None:
    settled = card(id="4" * 16, work="resolved", grouped={"fhq": GROUP.id})
    covered = card(id="5" * 16, inhibited_by="x", grouped={"fhq": GROUP.id})
    assert cards.groups([GROUP, *MEMBERS, settled, covered]) == {GROUP.id: MEMBERS}


def test_a_group_says_what_is_in_it_and_a_member_in_which_group_it_is() -> None:
    assert "Severe: 3" in cards.block(GROUP, at(1))
    assert "in group" in cards.block(MEMBERS[0], at(1))
    assert "9c019c019c01" in cards.block(MEMBERS[0], at(1))


def test_what_comes_and_goes_says_since_when_and_how_often_it_came() -> None:
    said = cards.block(card(flapping=at(1), count=4, first_seen=at(0), last_seen=at(1)), at(2))
    assert "comes and goes" in said
    assert "4 times, first 140400ZMAR27, last 140401ZMAR27" in said


def test_all_cards_of_a_group_are_acknowledged_by_whoever_says_so_alone() -> None:
    with pytest.raises(UsageError, match="group of cards: look at them"):
        _meant(GROUP, "acknowledge", "joc", group=False)
    with pytest.raises(UsageError, match="one card, no group"):
        _meant(MEMBERS[0], "acknowledge", "joc", group=True)
    _meant(GROUP, "acknowledge", "joc", group=True)
    _meant(GROUP, "escalate", "joc", group=False)
