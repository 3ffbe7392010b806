"""A request with items: promised whole or in part, under conditions, asked back about, declined, withdrawn, expired.

Source: EDXL-RM 1.0 as read in reference formats.md §6.4.
"""

from itertools import permutations
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction.ledger import item
from coordinator.core.liaison import life
from coordinator.core.liaison.life import Life, Line, lives
from coordinator.texts import languages, say
from schemas import registry
from schemas.envelope import Envelope
from schemas.liaison import Item, LiaisonRequest
from schemas.notices import Cancellation
from schemas.time import TimeValue
from tests.support.calls import ASK, answer, ask, said
from tests.support.v1 import ref, z

WATER = Item(ref="1", name="water tankers", quantity=3.0)
FUEL = Item(ref="2", name="diesel", quantity=500.0, unit="l")
BODY = replace(ASK, items=(WATER, FUEL), reply_by=TimeValue(utc=z("140600")))
REQUEST = ask(body=BODY)
LATER = z("140500")


def standing(*messages: Envelope, now: int = LATER) -> Life:
    [found] = lives([item(m, registry.body(m), m.created.utc or 0) for m in messages if m.created], now)
    return found


def promised(*messages: Envelope, body: LiaisonRequest = BODY) -> list[tuple[str, float | None]]:
    return [(entry.state, entry.left) for entry in standing(ask(body=body), *messages).lines]


def part(by: str, at: str, decision: Any = "accept", **amounts: float) -> Envelope:
    offered = tuple(Item(ref=ref_.removeprefix("i"), quantity=q) for ref_, q in amounts.items())
    return answer(by, decision, at, offered=offered)


def only(line: Line) -> list[tuple[str, str]]:
    return [(share.by, share.decision) for share in line.shares]


# -- items ------------------------------------------------------------------------------------------------------------


def test_all_of_it_or_an_item_or_a_part_of_one() -> None:
    assert promised(answer("xbl-batt", "accept", "140410")) == [("accepted", 0.0), ("accepted", 0.0)]
    assert promised(answer("xbl-batt", "accept", "140410", items=("2",))) == [("open", 3.0), ("accepted", 0.0)]
    assert promised(part("xbl-batt", "140410", i1=2.0)) == [("partially", 1.0), ("open", 500.0)]


def test_parts_of_two_add_up_and_more_than_was_asked_leaves_nothing() -> None:
    two, three = part("xbl-batt", "140410", i1=2.0), part("xco-eng", "140411", i1=3.0)
    assert promised(two, part("xco-eng", "140411", i1=1.0))[0] == ("accepted", 0.0)
    assert promised(two, three)[0] == ("accepted", 0.0)


def test_a_part_and_a_refusal_of_the_rest_leave_the_rest_open() -> None:
    found = standing(REQUEST, part("xbl-batt", "140410", i1=2.0), answer("xco-eng", "decline", "140411", reason="no"))
    assert [(entry.state, entry.left) for entry in found.lines] == [("partially", 1.0), ("open", 500.0)]
    assert found.state == "partially"
    assert only(found.lines[0]) == [("xbl-batt", "accept"), ("xco-eng", "decline")]


def test_who_says_something_else_of_an_item_takes_back_what_it_said_of_that_one_alone() -> None:
    yes, no = answer("xbl-batt", "accept", "140410"), answer("xbl-batt", "decline", "140420", items=("1",), reason="x")
    assert promised(yes, no) == [("open", 3.0), ("accepted", 0.0)]
    taken_back = said(Cancellation(), yes.id, "xbl-batt", "140430", kind="liaison-response", status="cancel")
    assert promised(yes, taken_back) == [("open", 3.0), ("open", 500.0)]


def test_whoever_asks_for_more_is_promised_no_more() -> None:
    more = ask("140420", body=replace(BODY, items=(replace(WATER, quantity=10.0), FUEL)), revision=2)
    found = standing(REQUEST, answer("xbl-batt", "accept", "140410"), more)
    assert (found.lines[0].promised, found.lines[0].left, found.state) == (3.0, 7.0, "partially")
    again = answer("xbl-batt", "accept", "140425")
    assert standing(REQUEST, answer("xbl-batt", "accept", "140410"), more, again).lines[0].left == 0.0


def test_an_amount_in_another_unit_is_for_the_asker_to_judge() -> None:
    offer = answer("xbl-batt", "accept", "140410", offered=(Item(ref="2", quantity=3.0, unit="drum"),))
    assert promised(offer)[1] == ("provisional", 500.0)
    yes = answer("xar-batt", "accept", "140415", in_reply_to=ref(offer.id))
    assert promised(offer, yes)[1][0] == "partially"


def test_what_nobody_asked_for_is_shown_beside_it() -> None:
    offer = answer("xbl-batt", "accept", "140410", offered=(Item(ref="9", name="ferry", quantity=1.0),))
    found = standing(REQUEST, offer)
    assert [(share.by, share.quantity) for share in found.besides] == [("xbl-batt", 1.0)]
    assert found.state == "open"


@pytest.mark.parametrize("amount", [-5.0, 0.0])
def test_nothing_and_less_than_nothing_are_no_promise_of_anything(amount: float) -> None:
    assert promised(part("xbl-batt", "140410", i1=amount))[0] == ("partially", 3.0)


def test_a_request_without_items_is_one_of_its_own() -> None:
    assert [entry.state for entry in standing(ask()).lines] == ["open"]
    assert standing(ask(), answer("xbl-batt", "accept", "140410")).state == "answered"


def test_two_items_under_one_number_are_the_first_of_them() -> None:
    twice = replace(BODY, items=(WATER, replace(WATER, quantity=99.0)))
    assert [entry.asked for entry in standing(ask(body=twice)).lines] == [3.0]


def test_of_very_many_items_the_first_are_followed_and_the_others_counted() -> None:
    many = replace(BODY, items=tuple(Item(ref=str(n), quantity=1.0) for n in range(life.MOST_ITEMS + 5)))
    found = standing(ask(body=many), answer("xbl-batt", "accept", "140410"))
    assert (len(found.lines), found.more, found.state) == (life.MOST_ITEMS, 5, "partially")


# -- conditions and questions -----------------------------------------------------------------------------------------


def test_a_condition_is_no_promise_until_the_asker_accepts_it() -> None:
    offer = answer("xbl-batt", "provisional", "140410", conditions="an escort by XAR")
    assert promised(offer) == [("provisional", 3.0), ("provisional", 500.0)]
    yes = answer("xar-batt", "accept", "140415", in_reply_to=ref(offer.id))
    assert promised(offer, yes) == [("accepted", 0.0), ("accepted", 0.0)]
    no = answer("xar-batt", "decline", "140415", in_reply_to=ref(offer.id), reason="no escort")
    assert standing(REQUEST, offer, no).lines[0].state == "open"
    assert standing(REQUEST, offer).lines[0].shares[0].conditions == "an escort by XAR"


def test_a_question_stands_until_the_asker_answers_that_one() -> None:
    which = answer("xco-eng", "clarify", "140410", reason="Which road?")
    other = answer("xbl-batt", "clarify", "140411", reason="For how long?")
    lime = answer("xar-batt", "clarify", "140415", in_reply_to=ref(which.id), reason="LIME")
    [first, second] = standing(REQUEST, which, other, lime).questions
    assert (first.text, first.answer, first.answered_at) == ("Which road?", "LIME", z("140415"))
    assert (second.text, second.answer) == ("For how long?", "")


def test_a_question_is_no_answer_and_its_sender_is_silent_no_more() -> None:
    found = standing(REQUEST, answer("xco-eng", "clarify", "140410", reason="Which road?"))
    assert (found.state, found.silent) == ("open", ("xbl-batt",))


# -- how it ends ------------------------------------------------------------------------------------------------------


def test_it_is_declined_when_everybody_who_was_asked_declined_all_of_it() -> None:
    no = [answer(p, "decline", "140410", reason="fully committed") for p in ("xbl-batt", "xco-eng")]
    assert standing(REQUEST, no[0]).state == "open"
    assert standing(REQUEST, *no).state == "declined"
    assert [share.reason for share in standing(REQUEST, *no).lines[0].shares] == ["fully committed"] * 2


def test_it_expires_when_nobody_promised_anything_in_time_and_not_before() -> None:
    assert standing(REQUEST, now=z("140600") - 1).state == "open"
    assert standing(REQUEST, now=z("140600")).state == "expired"
    assert standing(REQUEST, part("xbl-batt", "140410", i1=1.0), now=z("140700")).state == "partially"
    needed = ask(body=replace(ASK, need_by=TimeValue(utc=z("140430"))))
    assert standing(needed, now=z("140430")).state == "expired"


def test_a_request_without_a_deadline_never_expires() -> None:
    assert standing(ask(), now=z("300000")).state == "open"


@pytest.mark.parametrize("word", ["answered", "declined", "withdrawn", "expired"])
def test_the_askers_own_word_ends_it(word: Any) -> None:
    assert standing(REQUEST, ask("140420", body=replace(BODY, state=word), revision=2)).state == word


def test_a_withdrawn_request_still_says_what_it_was() -> None:
    gone = said(Cancellation(), "R-1", "xar-batt", "140430", kind="liaison-request", status="cancel")
    found = standing(REQUEST, gone)
    assert (found.state, found.subject) == ("withdrawn", "Rescue at the compound")


def test_two_requests_of_one_id_need_the_asker_named() -> None:
    other = ask(by="xga-fpu")
    messages = [REQUEST, other, answer("xbl-batt", "accept", "140410")]
    found = lives([item(m, registry.body(m), 0) for m in messages], LATER)
    assert [(f.originator, f.state) for f in found] == [("xar-batt", "open"), ("xga-fpu", "open")]


# -- laws and words ---------------------------------------------------------------------------------------------------

WORDS = (
    REQUEST, ask("140420", body=replace(BODY, items=(replace(WATER, quantity=10.0), FUEL)), revision=2),
    answer("xbl-batt", "accept", "140410"), part("xbl-batt", "140425", i1=2.0), part("xco-eng", "140425", i1=1.0),
    answer("xco-eng", "provisional", "140412", conditions="x"), answer("xco-eng", "decline", "140430", reason="y"),
    answer("xar-batt", "accept", "140413", in_reply_to=ref("r-xco-eng-140412-provisional")),
    answer("xbl-batt", "clarify", "140411", reason="?"),
)  # fmt: skip


@given(st.sets(st.integers(1, len(WORDS) - 1)), st.randoms(use_true_random=False))
def test_any_order_and_number_of_the_same_messages_end_the_same(chosen: set[int], random: Any) -> None:
    messages = [REQUEST, *(WORDS[i] for i in sorted(chosen))]
    shuffled = [*messages, *messages[:2]]
    random.shuffle(shuffled)
    assert standing(*messages) == standing(*shuffled)


@given(st.sets(st.integers(1, len(WORDS) - 1)))
def test_what_is_left_is_never_less_than_nothing_and_never_more_than_was_asked(chosen: set[int]) -> None:
    for entry in standing(REQUEST, *(WORDS[i] for i in chosen)).lines:
        assert entry.asked is not None
        assert entry.left is not None
        assert 0.0 <= entry.left <= entry.asked
        assert (entry.state == "accepted") is (entry.left == 0.0)


def test_those_who_answer_in_one_minute_are_settled_alike_in_every_order() -> None:
    both = [answer("xbl-batt", d, "140410", reason="x") for d in ("accept", "decline")]
    assert len({standing(REQUEST, *p).state for p in permutations(both)}) == 1


@pytest.mark.parametrize("lang", languages())
def test_no_two_states_are_worded_alike(lang: str) -> None:
    for prefix, kind in (("liaison", life.State), ("item", life.LineState)):
        said_ = [say(f"{prefix}-{state}", lang) for state in get_args(kind)]
        assert len(set(said_)) == len(get_args(kind))
