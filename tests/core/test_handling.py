"""What officers do with a card: take it, close it, call for somebody above, hand it over, open it again."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from coordinator.core.measures import Handling
from coordinator.core.mission import Acknowledge
from coordinator.core.occasions.occasion import Occasion
from schemas.alerts import Alert
from tests.support.desk import MINUTE, make_finding, z
from tests.support.happenings import PEOPLE, SHOTS, Room, only_happenings

REASON = {"note": "spoke to both"}
SAID = REASON | {"officer": "watch officer"}


@pytest.fixture(autouse=True, scope="module")
def happenings() -> Iterator[None]:
    with only_happenings():
        yield


def at_work(occasion: Occasion = SHOTS, **mission: object) -> Room:
    """A room in which shots were heard at 0405."""
    room = Room(replace(PEOPLE, **mission))
    room.happen("140405", occasion)
    return room


def conflict(room: Room, severity: str = "HIGH") -> Alert:
    room.finding("140405", make_finding("f1", severity=severity))
    return room.card


# -- taking -----------------------------------------------------------------------------------------------------------


def test_whoever_takes_a_card_has_acknowledged_it_and_works_on_it() -> None:
    room = at_work()
    assert room.do("140406", "sn-hq", "take") == []
    assert (room.shots.work, room.shots.owner, room.shots.why) == ("in-progress", "sn-hq", "acknowledged taken")
    assert room.do("140407", "sn-hq", "take") == []
    assert room.shots.rev == 2


def test_of_two_who_take_it_at_once_one_has_it_and_the_other_is_told() -> None:
    room = at_work()
    seen = room.shots
    room.act("140406", "fhq-u3", seen, "take")
    (answer,) = room.act("140406", "sn-hq", seen, "take")
    assert (answer.text_key, answer.args) == ("not-accepted-taken", {"who": "fhq-u3", "known": "yes"})
    assert room.shots.owner == "fhq-u3"


def test_who_has_it_is_named_only_to_whom_the_bus_may_name_it() -> None:
    room = at_work(replace(SHOTS, told=("fhq-u3", "sn-hq", "sc-hq")))
    room.do("140406", "sc-hq", "take")
    (answer,) = room.act("140407", "sn-hq", room.shots, "take")
    assert answer.args == {"who": "", "known": "no"}


def test_whoever_commands_the_owner_can_take_the_card_from_it() -> None:
    room = at_work()
    room.do("140406", "sn-hq", "take")
    assert room.do("140407", "fhq-u3", "take") == []
    assert room.shots.owner == "fhq-u3"


def test_a_card_of_an_owner_that_cannot_be_reached_can_be_taken() -> None:
    room = at_work(replace(SHOTS, told=("sc-hq", "sn-hq")))
    room.do("140406", "sc-hq", "take")
    assert room.do("140407", "sn-hq", "take") == ["taken"]
    room.presence("140408", "sc-hq", "lost")
    assert room.do("140409", "sn-hq", "take") == []
    assert room.shots.owner == "sn-hq"


def test_a_contingent_cannot_take_what_a_headquarters_has() -> None:
    room = at_work()
    assert room.do("140406", "xar-batt", "take") == ["not-yours"]
    mine = at_work(replace(SHOTS, told=("xar-batt",), owner="xar-batt"))
    assert mine.do("140406", "xar-batt", "take") == []


def test_work_on_a_card_is_not_acknowledged_once_it_is_worse() -> None:
    room = at_work()
    room.do("140406", "sn-hq", "take")
    room.happen("140410", replace(SHOTS, severity="Extreme"))
    assert (room.shots.work, room.shots.owner) == ("raised", "sn-hq")
    room.do("140411", "sn-hq", "acknowledge")
    assert room.shots.work == "in-progress"


def test_a_conflict_is_in_progress_while_others_still_have_to_acknowledge() -> None:
    room = Room()
    card = conflict(room)
    room.do("140406", "fhq-u3", "take", card)
    assert room.card.work == "in-progress"
    assert "xar-batt" in {a.about for a in room.until("140420") if a.alert_kind == "late-acknowledgement"}


# -- closing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["security", "medical", "cannot-comply", "imbalance", "overdue"])
def test_what_only_a_person_can_end_is_closed_with_a_reason_and_a_name(kind: str) -> None:
    room = at_work(replace(SHOTS, kind=kind))
    assert room.do("140406", "sn-hq", "resolve") == ["reason"]
    assert room.do("140407", "sn-hq", "resolve", **REASON) == ["person"]
    assert room.do("140407", "sn-hq", "resolve", **SAID) == []
    (deed,) = room.shots.closing
    assert (room.shots.work, deed.by, deed.officer, deed.why, deed.at) == (
        "resolved", "sn-hq", "watch officer", "spoke to both", z("140407"),
    )  # fmt: skip
    assert room.until("140600") == []


def test_nothing_is_closed_while_its_findings_stand() -> None:
    room = Room()
    card = conflict(room)
    assert room.do("140406", "fhq-u3", "resolve", card, **SAID) == ["findings"]
    assert room.card.work == "raised"


@pytest.mark.parametrize("kind", ["unwatched", "liaison", "request", "undelivered"])
def test_what_lasts_is_not_over_because_somebody_says_so(kind: str) -> None:
    room = at_work(replace(SHOTS, kind=kind))
    assert room.do("140406", "sn-hq", "resolve", **SAID) == ["lasting"]


def test_what_was_closed_by_hand_stays_closed_while_nothing_new_is_said() -> None:
    room = at_work()
    room.do("140406", "sn-hq", "resolve", **SAID)
    assert room.happen("140407").work == "resolved"
    assert room.happen("140408", replace(SHOTS, severity="Moderate")).work == "resolved"


@pytest.mark.parametrize(
    "news",
    [
        {"severity": "Extreme"},
        {"told": (*SHOTS.told, "sc-hq")},
        {"parties": ("xbl-batt",)},
        {"args": {"count": 2}},
        {"refers": ("INC-2",)},
    ],
    ids=["worse", "told", "parties", "said", "refers"],
)
def test_what_was_closed_by_hand_comes_back_if_it_is_worse_or_more_is_said(news: dict[str, object]) -> None:
    room = at_work()
    room.do("140406", "sn-hq", "resolve", **SAID)
    card = room.happen("140407", replace(SHOTS, **news))
    assert (card.work, card.closing, card.why.split()[0]) == ("raised", (), "reopened")
    assert all(t.due for t in card.told)


def test_after_its_end_the_same_occasion_is_open_again() -> None:
    room = at_work()
    room.do("140406", "sn-hq", "resolve", **SAID)
    assert room.happen("140407", replace(SHOTS, over=True)).work == "resolved"
    assert room.happen("140500").work == "raised"


def test_a_second_person_has_to_close_an_extreme_card_where_the_mission_wants_two() -> None:
    room = at_work(replace(SHOTS, severity="Extreme"), handling=Handling(two_person=True))
    room.do("140406", "sn-hq", "resolve", officer="watch officer", **REASON)
    assert (room.shots.work, room.shots.why) == ("raised", "closing")
    assert room.do("140406", "sn-hq", "resolve", officer="Watch Officer ", **REASON) == ["second"]
    assert room.do("140406", "sn-hq", "resolve", **REASON) == ["person"]
    assert room.do("140408", "fhq-u3", "resolve", **SAID) == []
    assert (room.shots.work, [d.by for d in room.shots.closing]) == ("resolved", ["sn-hq", "fhq-u3"])


def test_two_functions_of_one_desk_are_two_persons_but_one_hand_that_types_is_one() -> None:
    room = at_work(replace(SHOTS, severity="Extreme"), handling=Handling(two_person=True))
    room.do("140406", "sn-desk", "resolve", officer="watch officer", **REASON)
    (answer,) = room.typed("140406", "sn-hq", "sn-desk", "resolve", "chief of staff", officer="watch officer", **REASON)
    assert answer.text_key == "not-accepted-second"
    assert room.do("140408", "sn-desk", "resolve", officer="legal officer", **REASON) == []
    assert room.shots.work == "resolved"


def test_what_the_first_person_said_counts_no_more_once_it_concerns_more() -> None:
    extreme = replace(SHOTS, severity="Extreme")
    room = at_work(extreme, handling=Handling(two_person=True))
    room.do("140406", "sn-hq", "resolve", **SAID)
    room.happen("140407", replace(extreme, parties=("xar-batt", "xbl-batt")))
    assert room.shots.closing == ()
    room.do("140408", "fhq-u3", "resolve", **SAID)
    assert room.shots.work == "raised"


# -- opening again ----------------------------------------------------------------------------------------------------


def test_what_was_closed_by_hand_can_be_opened_again() -> None:
    room = at_work()
    room.do("140406", "sn-hq", "resolve", **SAID)
    assert room.do("140410", "fhq-u3", "reopen") == []
    assert (room.shots.work, room.shots.closing, room.shots.why) == ("raised", (), "reopened")
    assert {t.due for t in room.shots.told} == {z("140425")}


def test_what_is_open_or_settled_by_facts_cannot_be_opened() -> None:
    room = at_work()
    assert room.do("140406", "sn-hq", "reopen") == ["open"]
    room.happen("140407", replace(SHOTS, over=True))
    assert room.do("140408", "sn-hq", "reopen") == ["settled"]


# -- calling for somebody above ---------------------------------------------------------------------------------------


def test_who_is_above_is_told_and_has_to_acknowledge() -> None:
    room = at_work(replace(SHOTS, told=("sn-hq",)))
    room.do("140406", "sn-hq", "acknowledge")
    room.do("140407", "sn-hq", "escalate", note="beyond us", officer="watch officer")
    assert room.shots.escalation == 1
    assert room.shots.escalated is not None
    assert (room.shots.escalated.by, room.shots.escalated.why) == ("sn-hq", "beyond us")
    assert {t.participant: t.due for t in room.shots.told} == {"sn-hq": None, "fhq-u3": z("140422")}
    room.do("140408", "sn-hq", "escalate")
    assert (room.shots.escalation, room.shots.called) == (2, ("fhq-u3", "force"))


def test_who_may_not_know_of_it_is_not_called() -> None:
    room = at_work(replace(SHOTS, told=("sn-hq",), owner="sn-hq", only=("sn-hq", "sn-desk")))
    room.do("140406", "sn-hq", "escalate")
    assert (room.shots.escalation, {t.participant for t in room.shots.told} - {"sn-desk"}) == (1, {"sn-hq"})


def test_a_conflict_is_escalated_to_whoever_is_above_its_arbiter() -> None:
    room = Room()
    card = conflict(room)
    room.do("140406", "sn-hq", "escalate", card)
    assert (room.card.called, "force" in {t.participant for t in room.card.told}) == (("force",), True)
    assert room.card.owner == "fhq-u3"


# -- handing over -----------------------------------------------------------------------------------------------------


def offered() -> Room:
    """A room in which the card of SN HQ was offered to the force's operations desk at 0407."""
    room = at_work(replace(SHOTS, told=("sn-hq",), owner="sn-hq"))
    room.do("140406", "sn-hq", "take")
    assert room.do("140407", "sn-hq", "handover", to="fhq-u3", note="end of shift") == []
    return room


def test_a_card_stays_with_its_owner_until_the_other_acknowledges() -> None:
    room = offered()
    assert (room.shots.owner, room.shots.why) == ("sn-hq", "told handover-offered")
    assert {t.participant: t.due for t in room.shots.told} == {"sn-hq": None, "fhq-u3": None}
    room.do("140408", "fhq-u3", "acknowledge")
    assert room.shots.handover is not None
    assert (room.shots.owner, room.shots.handover.state, room.shots.work) == ("fhq-u3", "accepted", "acknowledged")


def test_an_acknowledgement_of_what_was_there_before_the_offer_takes_nothing_over() -> None:
    room = at_work()
    seen = room.shots
    room.do("140406", "sn-hq", "take")
    room.do("140407", "sn-hq", "handover", to="fhq-u3")
    room.act("140408", "fhq-u3", seen, seen=seen.rev)
    assert room.shots.owner == "sn-hq"
    room.do("140409", "fhq-u3", "acknowledge")
    assert room.shots.owner == "fhq-u3"


def test_a_refusal_leaves_the_card_where_it_is() -> None:
    room = offered()
    assert room.do("140408", "xar-batt", "decline") == ["unknown"]
    assert room.do("140408", "sn-hq", "decline") == ["no-offer"]
    room.do("140408", "fhq-u3", "decline", note="no one free")
    assert room.shots.handover is not None
    assert room.shots.handover.answer is not None
    assert (room.shots.owner, room.shots.work, room.shots.why) == ("sn-hq", "in-progress", "handover-declined")
    assert room.shots.handover.answer.why == "no one free"
    room.do("140409", "fhq-u3", "acknowledge")
    assert room.shots.owner == "sn-hq"


def test_silence_leaves_the_card_where_it_is() -> None:
    room = offered()
    assert room.until(z("140422") - 1) == []
    (card,) = room.until("140422")
    assert (card.owner, card.why) == ("sn-hq", "handover-lapsed")
    assert room.until("140600") == []


def test_who_takes_a_card_back_withdraws_the_offer() -> None:
    room = offered()
    room.do("140408", "sn-hq", "take")
    assert room.shots.handover is not None
    assert room.shots.handover.state == "withdrawn"


@pytest.mark.parametrize("to", ["", "nobody", "sn-hq", "ocha-cmc", "sc-hq"])
def test_a_card_is_handed_only_to_whom_it_may_be_shown(to: str) -> None:
    room = at_work(replace(SHOTS, told=("sn-hq",), owner="sn-hq"))
    assert room.do("140406", "sn-hq", "handover", to=to) == ["nobody"]


def test_one_desk_hands_to_another_of_the_same_headquarters() -> None:
    room = at_work()
    room.do("140406", "sn-desk", "take")
    assert room.do("140407", "sn-night", "take") == ["taken"]
    assert room.do("140408", "sn-desk", "handover", to="sn-night") == []
    room.do("140409", "sn-night", "acknowledge")
    assert room.shots.owner == "sn-night"


def test_who_has_left_the_mission_holds_up_nobody() -> None:
    room = at_work()
    room.do("140406", "fhq-u3", "take")
    room.config(replace(PEOPLE, participants=tuple(p for p in PEOPLE.participants if p.id != "fhq-u3")))
    assert room.do("140407", "sn-hq", "take") == []
    assert room.shots.owner == "sn-hq"


@pytest.mark.parametrize("said", [{"note": "x" * 1001}, {"officer": "x" * 1001}])
@pytest.mark.parametrize("verb", ["escalate", "acknowledge", "resolve"])
def test_what_is_too_long_for_a_card_is_not_put_on_it(verb: str, said: dict[str, str]) -> None:
    room = at_work()
    assert room.do("140406", "sn-hq", verb, **said) == ["long"]
    assert room.shots.rev == 1


# -- what was seen ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["acknowledge", "take", "resolve", "shelve", "handover", "decline"])
def test_nobody_decides_on_what_has_changed_since(verb: str) -> None:
    room = at_work()
    seen = room.shots
    room.happen("140406", replace(SHOTS, severity="Extreme"))
    assert room.do("140407", "sn-hq", verb, seen=seen.rev, **REASON) == ["stale"]


def test_an_old_sight_of_a_card_does_not_open_it_again() -> None:
    room = at_work()
    seen = room.shots
    room.happen("140406", replace(SHOTS, severity="Extreme"))
    room.do("140407", "sn-hq", "resolve", **SAID)
    assert room.do("140408", "sn-hq", "reopen", seen=seen.rev) == ["stale"]


# -- an acknowledgement that holds for a time --------------------------------------------------------------------------


def test_an_acknowledgement_expires_where_the_mission_says_so_and_the_card_rings_again() -> None:
    room = at_work(acknowledge=Acknowledge(immediate_valid_s=3600))
    room.do("140406", "sn-hq", "take")
    assert room.until(z("140506") - 1) == []
    (card,) = room.until("140506")
    assert (card.work, card.owner, card.why) == ("raised", "sn-hq", "acknowledgement-expired")
    assert card.material_rev == card.rev
    assert {t.due for t in card.told} == {z("140521")}
    room.do("140507", "sn-hq", "acknowledge")
    assert (room.shots.work, room.shots.why) == ("in-progress", "acknowledged taken")
    assert [a.why for a in room.until("140607")] == ["acknowledgement-expired"]


def test_by_default_an_acknowledgement_holds() -> None:
    room = at_work()
    room.do("140406", "sn-hq", "acknowledge")
    assert room.until("170406") == []


def test_only_the_acknowledgement_that_ran_out_is_asked_for_again() -> None:
    room = Room(replace(PEOPLE, acknowledge=Acknowledge(immediate_valid_s=3600)))
    card = conflict(room)
    for minute, who in enumerate(("sn-hq", "xar-batt", "xbl-batt", "fhq-u3")):
        room.do(z("140406") + minute * MINUTE, who, "acknowledge", card)
    room.until("140506")
    assert {t.participant for t in room.card.told if t.acknowledged_at is None} == {"sn-hq"}


# -- somebody types in what was said -----------------------------------------------------------------------------------


def test_what_was_said_by_voice_counts_for_who_said_it_and_names_who_typed_it() -> None:
    room = at_work()
    room.typed("140406", "xar-batt", "sn-desk", "acknowledge", "company commander", officer="watch officer")
    (told,) = (t for t in room.shots.told if t.participant == "xar-batt")
    assert (told.acknowledged_at, told.typed_by) == (z("140406"), "sn-desk")
    room.typed("140407", "sn-hq", "sn-desk", "resolve", "chief of staff", **REASON)
    (deed,) = room.shots.closing
    assert (deed.by, deed.spoken_by, deed.typed_by) == ("sn-hq", "chief of staff", "sn-desk")


def test_both_are_answered_if_it_changed_nothing_and_a_typist_who_was_not_shown_the_card_alone() -> None:
    room = at_work(replace(SHOTS, told=("sn-hq", "xar-batt")))
    (answer,) = room.typed("140406", "sn-hq", "sn-desk", "resolve")
    assert ([t.participant for t in answer.told], answer.text_key) == (["sn-desk", "sn-hq"], "not-accepted-reason")
    (alone,) = room.typed("140407", "xar-batt", "sc-hq", "acknowledge")
    assert ([t.participant for t in alone.told], alone.text_key) == (["sc-hq"], "not-accepted-unknown")
    assert all(t.acknowledged_at is None for t in room.shots.told)
