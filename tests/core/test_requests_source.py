"""A call for help becomes a card when nobody has it, when all have declined, and when a promise stays one.

Source: reference domain.md R-07, R-08, §2 F1 (Juba), F3 (Semuliki), F17 (Srebrenica).
"""

from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.core.measures import Requests as Allowed
from coordinator.services.judge import Input, judge
from coordinator.texts import languages, say
from schemas.acknowledgements import Refusal
from schemas.envelope import Envelope
from schemas.label import Label
from schemas.liaison import Item, LiaisonRequest
from schemas.notices import Cancellation
from schemas.time import TimeValue, TimeWindow
from tests.support.calls import ASK, FIVE, MISSION, Line, answer, ask, line, moving, order, said, wilco
from tests.support.desk import MINUTE
from tests.support.v1 import z


def at(dtg: str) -> TimeValue:
    return TimeValue(utc=z(dtg), raw=f"{dtg}ZMAR27")


# -- nobody has it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("precedence", "minutes"), [("flash", 2), ("immediate", 15), ("priority", 60), (None, 60)])
def test_nobody_took_it_within_the_time_of_its_precedence(precedence: Any, minutes: int) -> None:
    desk = line(ask(precedence=precedence))
    desk.until(z("140400") + minutes * MINUTE - 1)
    assert desk.of_kind("request") == []
    desk.until(z("140400") + minutes * MINUTE)
    assert (desk.call.text_key, desk.call.owner, desk.call.about) == ("call-untaken", "sc-hq", "xar-batt")
    assert desk.owes() == {"sc-hq": True, "xbl-batt": True, "xco-eng": True, "xar-batt": False}


def test_the_time_that_it_names_goes_before_its_precedence() -> None:
    desk = line(ask(precedence="flash", body=replace(ASK, reply_by=at("140500"))), until="140459")
    assert desk.of_kind("request") == []
    assert desk.until("140500")[0].text_key == "call-untaken"


def test_a_routine_request_without_a_deadline_never_rings() -> None:
    assert line(ask(precedence="routine"), until="150400").published == []


def test_whoever_takes_it_in_time_keeps_it_silent() -> None:
    body = replace(ASK, reply_by=at("140500"))
    assert line(ask(body=body), answer("xco-eng", "accept", "140430"), until="140530").published == []


def test_somebody_who_takes_it_ends_the_card() -> None:
    desk = line(ask(precedence="immediate"), until="140420")
    [over] = desk.take(answer("xco-eng", "accept", "140421"))
    assert (over.work, desk.of_kind("request")) == ("resolved", [])


@pytest.mark.parametrize("state", ["answered", "withdrawn"])
def test_whoever_asked_ends_it_by_a_word(state: Any) -> None:
    desk = line(ask(precedence="immediate"), until="140420")
    [over] = desk.take(said(replace(ASK, state=state), "R-1", "xar-batt", "140421", revision=2))
    assert over.work == "resolved"
    assert desk.until("160400") == []


def test_a_withdrawal_ends_it_as_well() -> None:
    desk = line(ask(precedence="immediate"), until="140420")
    gone = said(Cancellation(), "R-1", "xar-batt", "140421", kind="liaison-request", status="cancel")
    assert [a.work for a in desk.take(gone)] == ["resolved"]


def test_a_session_is_no_call_for_help() -> None:
    meeting = LiaisonRequest(request_kind="meeting", subject="Relief at OP 4-7", reply_by=at("140405"))
    assert line(ask(body=meeting, precedence="flash"), until="150400").published == []


def test_who_is_silent_about_the_card_is_followed_by_whoever_is_above() -> None:
    desk = line(ask(precedence="immediate", to=("xbl-batt",)), until="140415")
    assert desk.owes() == {"xbl-batt": True, "xar-batt": False}
    desk.until("140430")
    assert desk.owes()["sc-hq"]


# -- Juba: everybody is fully committed -------------------------------------------------------------------------------


def all_decline(*more: Envelope, **fields: Any) -> Line:
    no = [answer(p, "decline", f"14041{n}", reason="fully committed", **fields) for n, p in enumerate(FIVE)]
    return line(ask(to=FIVE, precedence="immediate"), *no, *more)


def test_juba_when_the_fifth_declines_the_arbiter_has_it_at_once_with_a_visible_clock() -> None:
    desk = all_decline()
    card = desk.call
    assert (card.text_key, card.owner, card.raised_at) == ("call-declined", "sc-hq", z("140414"))
    clock = next(t for t in card.told if t.participant == "sc-hq")
    assert (clock.since, clock.due) == (z("140414"), z("140429"))
    assert desk.owes() == {"sc-hq": True, "xar-batt": False}
    assert [(entry.args["who"], entry.args["reason"]) for entry in card.lines] == [(p, "fully committed") for p in FIVE]


def test_juba_four_of_five_leave_it_with_the_fifth() -> None:
    no = [answer(p, "decline", "140410", reason="fully committed") for p in FIVE[:4]]
    desk = line(ask(to=FIVE, precedence="immediate"), *no, until="140414")
    assert desk.of_kind("request") == []
    assert (desk.seen("xar-batt").state, desk.seen("xar-batt").owner) == ("asked", FIVE[4])


def test_juba_it_does_not_end_before_somebody_has_it_and_who_declined_may_think_again() -> None:
    desk = all_decline()
    desk.until("140500")
    assert {p for p, owes in desk.owes().items() if owes} >= {"sc-hq", "fhq-u3"}  # who was silent, and who is above
    assert desk.take(answer(FIVE[2], "accept", "140501"))[-1].work == "resolved"
    assert desk.seen("xar-batt").owner == FIVE[2]


def test_juba_only_who_commands_the_asker_refuses_it_for_good_and_then_nobody_has_it() -> None:
    desk = all_decline(answer("sn-hq", "decline", "140420", reason="withdraw instead"))
    assert desk.of_kind("request") == []
    assert (desk.seen("xar-batt").state, desk.seen("xar-batt").owner) == ("refused", "")


# -- Semuliki: a promise is not a helicopter --------------------------------------------------------------------------


def semuliki(*more: Envelope) -> Line:
    return line(ask("140405", to=("fhq-u3",), precedence="flash"), answer("fhq-u3", "accept", "140406"), *more)


def test_semuliki_a_promise_that_nothing_follows_is_a_card_in_five_minutes() -> None:
    desk = semuliki()
    desk.until(z("140411") - 1)
    assert desk.of_kind("request") == []
    desk.until("140411")
    card = desk.call
    assert (card.text_key, card.severity, card.owner) == ("call-promised", "Extreme", "fhq-u3")
    assert card.args["since_at"] == z("140406")
    desk.until("141800")  # the relief came fourteen hours later: the card is still there, and everybody above knows
    assert desk.call.work == "raised"


def test_semuliki_the_base_reads_a_promise_and_never_that_it_moves() -> None:
    desk = semuliki()
    states = [desk.seen("xar-batt").state]
    desk.take(order("fhq-u3", "xbl-batt", "140420"))
    states.append(desk.seen("xar-batt").state)
    desk.take(wilco("xbl-batt", "140425"))
    states.append(desk.seen("xar-batt").state)
    desk.take(moving("xbl-batt", "140430"))
    states.append(desk.seen("xar-batt").state)
    assert states == ["planned", "ordered", "ordered", "in-motion"]
    for lang in languages():
        assert len({say(f"request-{state}", lang) for state in states}) == 3


def test_semuliki_an_order_ends_the_card_and_one_that_does_not_move_in_time_raises_it_again() -> None:
    body = replace(ASK, need_by=at("140500"))
    desk = line(
        ask("140405", to=("fhq-u3",), precedence="flash", body=body), answer("fhq-u3", "accept", "140406"),
    )  # fmt: skip
    assert desk.until("140411")[-1].text_key == "call-promised"
    assert desk.take(order("fhq-u3", "xbl-batt", "140420"))[-1].work == "resolved"
    assert desk.of_kind("request") == []
    assert desk.until("140500")[-1].work == "raised"
    assert (desk.call.text_key, desk.call.owner) == ("call-ordered", "xbl-batt")
    assert desk.take(moving("xbl-batt", "140510"))[-1].work == "resolved"


def test_a_promise_that_names_its_time_is_late_then_and_not_before() -> None:
    schedule = TimeWindow.exact(z("140900"), z("141000"))
    desk = line(ask(precedence="flash"), answer("xco-eng", "accept", "140401", schedule=schedule), until="140859")
    assert desk.of_kind("request") == []
    assert desk.until("140900")[0].text_key == "call-promised"


def test_a_promise_behind_the_time_at_which_it_is_needed_is_late_then() -> None:
    schedule = TimeWindow.exact(z("140900"), z("141000"))
    body = replace(ASK, need_by=at("140600"))
    desk = line(ask(body=body), answer("xco-eng", "accept", "140401", schedule=schedule))
    assert desk.until("140600")[0].text_key == "call-promised"


def test_a_mission_sets_how_long_a_promise_may_stay_one() -> None:
    mission = replace(MISSION, requests=Allowed(flash_s=60.0, immediate_s=0.0))
    desk = line(ask(precedence="flash"), answer("xco-eng", "accept", "140401"), mission=mission)
    assert desk.until("140402")[0].text_key == "call-promised"
    never = line(ask(precedence="immediate"), answer("xco-eng", "accept", "140401"), mission=mission, until="150401")
    assert never.published == []


def test_a_promise_that_is_taken_back_is_nobodys_again() -> None:
    desk = line(ask(precedence="immediate"), answer("xco-eng", "accept", "140401"), until="140420")
    desk.take(answer("xco-eng", "decline", "140421", reason="broke down"))
    assert (desk.seen("xar-batt").state, desk.call.text_key) == ("asked", "call-untaken")


# -- Srebrenica: who believes to have asked ---------------------------------------------------------------------------


def test_srebrenica_a_malformed_request_is_refused_at_once_with_the_place_and_the_reason() -> None:
    data = (
        b'{"id": "R-1", "kind": "liaison-request", "addressees": [{"to": "sn-hq"}], "body": {"subject": "air support"}}'
    )
    found = judge(Input("i", "from.xar-batt.msg.liaison-request", data, 1), MISSION, "live", z("140400"))
    assert isinstance(found, Refusal)
    assert "request_kind" in found.why


@pytest.mark.parametrize(
    ("kind", "body", "path"),
    [
        ("liaison-request", '{"request_kind": "assistance", "subject": " "}', "body.subject"),
        ("liaison-response", '{"request": {"id": "LN-1"}, "decision": "agree", "proposal": "P2"}', "body.version"),
        ("liaison-response", '{"request": {"id": "LN-1"}, "decision": "object", "version": 1}', "body.proposal"),
        ("liaison-response", '{"request": {"id": "LN-1"}, "decision": "propose", "proposal": "P", "version": -1}',
         "body.version"),
        ("liaison-response", '{"request": {"id": "LN-1"}, "decision": "propose", "proposal": "P", "version": 1}',
         "body.texts"),
    ],
)  # fmt: skip
def test_what_asks_for_nothing_or_says_nothing_of_which_text_is_refused_at_once(
    kind: str, body: str, path: str
) -> None:
    data = f'{{"id": "X-1", "kind": "{kind}", "body": {body}}}'.encode()
    found = judge(Input("i", f"from.xar-batt.msg.{kind}", data, 1), MISSION, "live", z("140400"))
    assert isinstance(found, Refusal)
    assert (found.path, found.why) == (path, "it is missing")


def test_srebrenica_the_asker_reads_that_nobody_has_promised_anything() -> None:
    desk = line(ask())
    assert (desk.seen("xar-batt").state, desk.seen("xar-batt").owner) == ("asked", "sc-hq")
    assert "nobody" in say("request-asked")


def test_srebrenica_asking_again_is_the_same_request_and_its_clock_runs_on() -> None:
    desk = line(ask(precedence="immediate"), ask("140410", precedence="immediate", revision=2), until="140415")
    assert desk.call.text_key == "call-untaken"
    assert desk.seen("xar-batt").asked_at == z("140400")


def test_srebrenica_a_request_that_stands_unanswered_never_becomes_done_by_itself() -> None:
    desk = line(ask(precedence="immediate"), until="160400")
    assert (desk.seen("xar-batt").state, desk.call.work) == ("asked", "raised")


# -- part of it -------------------------------------------------------------------------------------------------------

PARTS = replace(ASK, items=(Item(ref="1", name="tankers", quantity=3.0), Item(ref="2", name="diesel", quantity=500.0)))


def part(by: str, when: str, **fields: Any) -> Envelope:
    return answer(by, "accept", when, offered=(Item(ref="1", quantity=2.0),), **fields)


def test_the_rest_of_a_request_of_which_a_part_is_promised_has_an_owner_as_well() -> None:
    desk = line(ask(precedence="immediate", body=PARTS), part("xbl-batt", "140405"))
    assert desk.until("140414") == []
    [card] = desk.until("140415")
    assert (card.text_key, card.owner) == ("call-partly", "sc-hq")
    assert [entry.args["item"] for entry in card.lines] == ["1 tankers", "500 diesel"]
    assert desk.owes() == {"sc-hq": True, "xco-eng": True, "xar-batt": False}
    assert desk.seen("xar-batt").owner == "xbl-batt"


def test_who_promises_the_rest_ends_the_card() -> None:
    desk = line(ask(precedence="immediate", body=PARTS), part("xbl-batt", "140405"), until="140415")
    assert desk.take(answer("xco-eng", "accept", "140416"))[-1].work == "resolved"


def test_a_promise_that_is_late_is_graver_than_a_rest_that_nobody_promised() -> None:
    desk = line(ask(precedence="flash", body=PARTS), part("xbl-batt", "140401"))
    assert [a.text_key for a in desk.until("140402")] == ["call-partly"]
    assert desk.until("140406")[-1].text_key == "call-promised"


def test_a_part_that_was_promised_to_the_asker_alone_is_on_no_card_of_others() -> None:
    hidden = part("xbl-batt", "140405", only=("xar-batt",))
    more = answer("xbl-batt", "accept", "140406", items=("2",))
    desk = line(ask(precedence="immediate", body=PARTS), hidden, more, until="140416")
    items = {card.only: [entry.args["item"] for entry in card.lines] for card in desk.of_kind("request")}
    assert items.pop(("xar-batt", "xbl-batt")) == ["1 tankers"]
    assert [*items.values()] == [["3 tankers"]]  # for whoever else reads the request, that promise is not there


# -- who may know -----------------------------------------------------------------------------------------------------


def test_nobody_outside_the_label_is_told_owns_it_or_reads_of_it() -> None:
    desk = line(ask(precedence="flash", only=("xbl-batt", "xar-batt")), until="140500")
    card = desk.call
    assert card.only == ("xar-batt", "xbl-batt")
    assert {t.participant for t in card.told} <= {"xar-batt", "xbl-batt"}
    assert card.owner in ("xar-batt", "xbl-batt")
    assert [*desk.requests.known_to("sc-hq")] == []


def test_an_answer_that_the_asker_may_not_read_is_no_answer_to_it() -> None:
    desk = line(ask(to=("xbl-batt",), precedence="immediate"), answer("xbl-batt", "accept", "140405", only=("sc-hq",)))
    assert desk.seen("xar-batt").state == "asked"
    assert desk.until("140415")[0].text_key == "call-untaken"


def test_a_refusal_for_the_asker_alone_makes_a_card_for_those_two_alone() -> None:
    desk = line(ask(to=("xbl-batt",), precedence="flash"), answer("xbl-batt", "decline", "140401", only=("xar-batt",)))
    assert (desk.call.only, desk.call.owner) == (("xar-batt", "xbl-batt"), "xar-batt")


def test_what_only_some_readers_may_see_of_a_request_is_on_no_card() -> None:
    hidden = {"subject": Label(releasable_to=("xbl-batt",))}
    desk = line(ask(precedence="flash", field_labels=hidden), until="140402")
    assert desk.call.args["subject"] == "-"
    assert "Rescue" not in repr(desk.published)
