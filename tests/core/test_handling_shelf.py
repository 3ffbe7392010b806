"""What is put aside: it does not ring, it counts on, and comes back at its end, at a change, or when it is urgent."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from coordinator.core.measures import Handling
from schemas import subjects
from schemas.alerts import Alert
from schemas.operations import Tick
from tests.support.desk import HOUR, MINUTE, make_finding, z
from tests.support.happenings import PEOPLE, SHOTS, Room, only_happenings

REASON = {"note": "patrol on its way"}


@pytest.fixture(autouse=True, scope="module")
def happenings() -> Iterator[None]:
    with only_happenings():
        yield


def shelved(until: str = "140450", by: str = "sn-hq") -> Room:
    """A room in which shots were heard at 0405 and put aside at 0406."""
    room = Room()
    room.happen("140405")
    assert room.do("140406", by, "shelve", until=z(until), officer="watch officer", **REASON) == []
    return room


def test_what_is_put_aside_says_by_whom_until_when_and_why_and_rings_nobody() -> None:
    room = shelved()
    shelf = room.shots.shelved
    assert shelf is not None
    assert (shelf.until, shelf.by, shelf.officer, shelf.why) == (
        z("140450"), "sn-hq", "watch officer", "patrol on its way",
    )  # fmt: skip
    assert (room.shots.work, room.shots.owner, room.shots.why) == ("raised", "sn-hq", "shelved")
    assert {t.due for t in room.shots.told} == {None}
    assert room.until(z("140445") - 1) == []


def test_its_end_is_announced_and_then_everybody_is_asked_again() -> None:
    room = shelved()
    (soon,) = room.until("140445")
    assert (soon.why, bool(soon.shelved and soon.shelved.ends_soon)) == ("shelf-ends-soon", True)
    (back,) = room.until("140450")
    assert (back.why, back.shelved, back.work, back.owner) == ("shelf-ended", None, "raised", "sn-hq")
    assert back.material_rev == back.rev
    assert {t.due for t in back.told} == {z("140505")}


def test_what_was_acknowledged_before_is_asked_for_again_after_it() -> None:
    room = Room()
    room.happen("140405")
    room.do("140406", "sn-hq", "take")
    room.do("140407", "sn-hq", "shelve", until=z("140437"), **REASON)
    assert room.shots.work == "in-progress"
    room.until("140437")
    assert (room.shots.work, {t.acknowledged_at for t in room.shots.told}) == ("raised", {None})


def test_a_short_shelf_ends_without_an_announcement() -> None:
    room = shelved("140410")
    assert [a.why for a in room.until("140410")] == ["shelf-ended"]


@pytest.mark.parametrize("until", [None, z("140400"), z("140406"), z("140506") + 1])
def test_a_shelf_without_an_end_or_with_one_that_is_too_late_is_no_shelf(until: int | None) -> None:
    room = Room()
    room.happen("140405")
    room.until("140406")
    (answer,) = room.act("140406", "sn-hq", room.shots, "shelve", until=until, **REASON)
    assert (answer.text_key, answer.args) == ("not-accepted-until", {"latest_at": z("140506")})


def test_a_shelf_needs_a_reason() -> None:
    room = Room()
    room.happen("140405")
    assert room.do("140406", "sn-hq", "shelve", until=z("140450"), note="  ") == ["reason"]


def test_what_is_extreme_is_never_put_aside() -> None:
    room = Room()
    room.happen("140405", replace(SHOTS, severity="Extreme"))
    assert room.do("140406", "sn-hq", "shelve", until=z("140407"), **REASON) == ["extreme"]


def test_a_group_of_new_cards_is_not_put_aside_as_a_whole() -> None:
    room = Room()
    room.happen("140405", replace(SHOTS, kind="flood", severity="Moderate"))
    assert room.do("140406", "sn-hq", "shelve", until=z("140407"), **REASON) == ["unsupported"]


def test_how_long_is_mission_data_and_none_is_not_at_all() -> None:
    room = Room(replace(PEOPLE, handling=Handling(shelve_immediate_s=0, shelve_priority_s=86_400)))
    room.happen("140405")
    assert room.do("140406", "sn-hq", "shelve", until=z("140407"), **REASON) == ["extreme"]
    room.happen("140406", replace(SHOTS, severity="Moderate"))
    assert room.do("140406", "sn-hq", "shelve", until=z("150406"), **REASON) == []


@pytest.mark.parametrize("news", [{"severity": "Extreme"}, {"parties": ("xar-batt", "xbl-batt")}, {"at": (-27.0, 2.0)}])
def test_a_change_that_matters_brings_it_back_at_once(news: dict[str, object]) -> None:
    room = shelved()
    card = room.happen("140410", replace(SHOTS, **news))
    assert (card.shelved, card.work, "shelf-ended" in card.why.split()) == (None, "raised", True)
    assert all(t.due for t in card.told)
    assert not any("shelf" in a.why for a in room.until("140500"))


def test_a_change_that_does_not_matter_leaves_it_aside() -> None:
    room = shelved()
    card = room.happen("140410", replace(SHOTS, severity="Moderate"))
    assert (card.why, card.shelved is not None) == ("severity-fell", True)


def test_it_comes_back_when_it_becomes_urgent() -> None:
    room = Room()
    room.finding("140405", make_finding("f1", severity="LOW"))
    room.do("140406", "fhq-u3", "shelve", room.card, until=z("141600"), **REASON)
    room.until("140945")
    assert (room.card.urgency, room.card.shelved) == ("Immediate", None)


def test_somebody_can_bring_it_back_before_its_end() -> None:
    room = shelved()
    assert room.do("140410", "fhq-u3", "reopen") == []
    assert (room.shots.shelved, room.shots.why) == (None, "shelf-ended")
    assert room.do("140411", "fhq-u3", "reopen") == ["open"]


def test_only_whoever_has_it_puts_it_aside() -> None:
    room = Room()
    room.happen("140405")
    assert room.do("140406", "xar-batt", "shelve", until=z("140450"), **REASON) == ["not-yours"]
    room.do("140406", "fhq-u3", "take")
    assert room.do("140407", "sn-hq", "shelve", until=z("140450"), **REASON) == ["taken"]


def test_who_is_called_above_brings_it_back() -> None:
    room = shelved()
    room.do("140410", "sn-hq", "escalate")
    assert room.shots.shelved is None


def test_what_is_over_is_not_put_aside_any_more() -> None:
    room = shelved()
    assert room.happen("140410", replace(SHOTS, over=True)).shelved is None
    assert room.until("140500") == []


def test_a_conflict_whose_cards_merge_is_not_put_aside_any_more() -> None:
    room = Room()
    room.finding("140405", make_finding("f2", severity="HIGH"))
    room.do("140406", "fhq-u3", "shelve", room.card, until=z("140450"), **REASON)
    room.finding("140410", make_finding("f1", severity="HIGH"))
    assert (room.card.shelved, room.card.owner) == (None, "fhq-u3")
    gone = next(a for a in room.board.values() if a.work == "superseded")
    assert gone.shelved is None


@pytest.mark.parametrize("minutes", [1, 42, 44, 47, 60])
def test_a_restart_at_any_moment_forgets_no_shelf_and_no_end(minutes: int) -> None:
    room, other = shelved(), shelved()
    room.until(z("140406") + minutes * MINUTE)
    room.restart()
    room.until(z("140406") + 2 * HOUR)
    other.until(z("140406") + 2 * HOUR)
    assert room.ids == other.ids


def test_a_late_tick_still_ends_it() -> None:
    room = shelved()
    tick = room.logged(Tick(service="alerting", due=z("140445")), subjects.tick("alerting"))
    (effect,) = room.core.wake(z("140520"), tick._replace(at=z("140520")))
    assert isinstance(effect.body, Alert)
    assert effect.body.why == "shelf-ended"
    assert room.core.next_wake() == z("140520") + 15 * MINUTE
