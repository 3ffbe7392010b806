"""A unit that cannot comply is heard: by the issuer and who is above, until it is settled. V3, R-04."""

import itertools
from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.demo.vignette import load
from coordinator.texts import say
from schemas.acknowledgements import CODES, Acknowledgement
from schemas.alerts import Alert
from schemas.directives import Directive, OrderChange
from schemas.envelope import Envelope, Reference, UnitRef
from schemas.label import Label
from schemas.notices import Cancellation
from tests.scenarios.test_v2 import read
from tests.support.desk import z
from tests.support.medical import Ward, said

V3 = load("v3")
XBL = UnitRef(name="BELBATT", participant="xbl-batt")


def order(identity: str = "FRAGO-1", by: str = "fhq-u3", time: str = "150300", **fields: Any) -> Envelope:
    """Return an order to the battalion."""
    around = {k: fields.pop(k) for k in ("label", "revision", "aliases") if k in fields}
    body = Directive(directive_kind="frago", action="hold", task="Hold OP 4-7", performers=(XBL,), **fields)
    return said(body, identity, by, time, "xbl-batt", **around)


def answer(step: Any, time: str, of: str = "FRAGO-1", **fields: Any) -> Envelope:
    """Return what the battalion says to an order."""
    around = {k: fields.pop(k) for k in ("label", "field_labels", "status", "revision") if k in fields}
    body = Acknowledgement(of=Reference(id=of), step=step, **fields)
    return said(body, around.pop("id", f"ACK-{time}"), "xbl-batt", time, "fhq-u3", **around)


def refusal(time: str = "150427", code: str = "NATIONAL-RESTRICTION", **fields: Any) -> Envelope:
    return answer("cannot-comply", time, code=code, **fields)


def withdrawn(kind: str, identity: str, by: str, time: str) -> Envelope:
    """Return what takes a message back."""
    gone = said(Cancellation(reason="sent twice"), identity, by, time, "fhq-u3", revision=2, status="cancel")
    return replace(gone, kind=kind)


def cards(*messages: Envelope, at: str = "") -> list[Alert]:
    """Return the cards behind some messages, as they came."""
    ward = Ward(V3.mission)
    for m in messages:
        ward.say(m, at)
    return [a for a in ward.board.values() if a.alert_kind == "cannot-comply"]


def the_card(*messages: Envelope) -> Alert:
    [card] = cards(*messages)
    return card


def told(alert: Alert) -> set[str]:
    return {t.participant for t in alert.told if t.due is not None}


def test_in_v3_it_is_raised_to_the_force_commander_and_ends_when_the_order_is_superseded():
    ward = Ward(V3.mission)
    for number in (3, 4, 5, 9):
        for envelope in read(V3, number):
            ward.say(replace(envelope, created=None), V3.step(number).time)
    [card] = ward.of_kind("cannot-comply")
    assert told(card) == {"fc", "fhq-u3"}
    assert (card.about, card.owner, card.text_key) == ("xbl-batt", "fhq-u3", "refusing-order")
    assert card.args == {"code": "NATIONAL-RESTRICTION", "order": "FHQ-FRAGO-03-110", "who_unit": "xbl-batt"}
    for envelope in read(V3, 15):
        ward.say(replace(envelope, created=None), V3.step(15).time)
    assert ward.of_kind("cannot-comply") == []
    assert ward.board[card.id].changed_at == z("150525")


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_shown_as_it_is_and_no_word_of_it_blames(code: str):
    args = the_card(order(), refusal(code=code)).args
    text = say("refusing-order", "en", **{**args, "who_unit": "XBL-BATT"})
    assert text == f"XBL-BATT cannot comply with FRAGO-1: {code}"
    assert not [w for w in ("refuse", "fail", "error", "disobey", "must") if w in text.lower()]


def test_who_cannot_comply_is_told_that_it_was_heard_and_owes_nothing():
    card = the_card(order(), refusal())
    assert {t.participant for t in card.told} - told(card) == {"xbl-batt"}


def test_whoever_issued_the_order_and_the_next_above_are_asked():
    card = the_card(order(by="sc-hq"), replace(refusal(), addressees=()))
    assert told(card) == {"sc-hq", "fhq-u3"}
    assert (card.owner, card.arbiter) == ("sc-hq", "fhq-u3")


ENDS = {
    "wilco to the order": [answer("wilco", "150430")],
    "an order that supersedes it": [order("FRAGO-2", supersedes=(Reference(id="FRAGO-1"),))],
    "an order from above that cancels it": [order("FRAGO-3", cancels=(Reference(id="FRAGO-1"),))],
    "its withdrawal": [withdrawn("directive", "FRAGO-1", "fhq-u3", "150500")],
    "wilco to an amendment of it": [
        order("FRAGO-4", amends=(OrderChange(order=Reference(id="FRAGO-1"), task="on foot"),)),
        answer("wilco", "150530", of="FRAGO-4"),
    ],
    "the unit takes its answer back": [withdrawn("acknowledgement", "ACK-150427", "xbl-batt", "150430")],
}
STAYS = {
    "an amendment alone": [order("FRAGO-4", amends=(OrderChange(order=Reference(id="FRAGO-1"), task="on foot"),))],
    "a word from before": [answer("wilco", "150426")],
    "received": [answer("received", "150430")],
    "an order of a neighbour": [order("FRAGO-2", by="sn-hq", supersedes=(Reference(id="FRAGO-1"),))],
    "a draft": [order("FRAGO-2", supersedes=(Reference(id="FRAGO-1"),), draft=True)],
    "wilco, and then again not": [answer("wilco", "150428"), refusal("150429")],
}


@pytest.mark.parametrize("name", ENDS)
def test_it_ends_with(name: str):
    assert the_card(order(), refusal(), *ENDS[name]).work == "resolved"


@pytest.mark.parametrize("name", STAYS)
def test_it_does_not_end_with(name: str):
    assert the_card(order(), refusal(), *STAYS[name]).work == "raised"


@pytest.mark.parametrize("name", [*ENDS, *STAYS])
def test_the_order_of_arrival_does_not_matter(name: str):
    """Law 3: whatever comes first, the same card, or the same nothing."""
    messages = (order(), refusal(), *{**ENDS, **STAYS}[name])
    for arrival in itertools.permutations(messages):
        open_ = [(a.text_key, a.args, told(a)) for a in cards(*arrival, at="150600") if a.work != "resolved"]
        assert [args for _, args, _ in open_] == ([] if name in ENDS else [
            {"code": "NATIONAL-RESTRICTION", "order": "FRAGO-1", "who_unit": "xbl-batt"}])  # fmt: skip


def test_an_answer_to_an_order_that_nobody_here_knows_is_not_lost():
    lone = said(Acknowledgement(of=Reference(id="OLD-1", originator="fhq-u3"), step="cannot-comply"), "A", "xbl-batt",
                "150427")  # fmt: skip
    assert told(the_card(lone)) == {"fhq-u3"}


def test_an_order_may_be_named_by_its_other_name():
    card = the_card(order(aliases=("T-7",)), refusal(of="T-7"), answer("wilco", "150430"))
    assert card.work == "resolved"


# -- who may know ------------------------------------------------------------------------------------------------------


def test_only_who_may_read_the_answer_knows_of_the_card():
    """Law 6: a refusal for some eyes only makes no card for others, not even for the issuer's superior."""
    card = the_card(order(by="sc-hq"), refusal(label=Label(releasable_to=("sc-hq",))))
    assert told(card) == {"sc-hq"}
    assert card.only == ("sc-hq", "xbl-batt")
    assert card.arbiter == ""


def test_a_code_that_one_of_them_may_not_read_stands_on_no_card():
    card = the_card(order(), refusal(field_labels={"code": Label(releasable_to=("fc",))}))
    assert (card.text_key, "code" in card.args) == ("refusing-order-unsaid", False)


def test_a_note_stays_in_the_answer():
    card = the_card(order(), refusal(note="the capital says no"))
    assert "capital" not in repr(card)


# -- restart -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ENDS)
def test_a_restart_in_the_middle_changes_nothing(name: str):
    plain, killed = Ward(V3.mission), Ward(V3.mission)
    for message in (order(), refusal(), *ENDS[name]):
        for ward in (plain, killed):
            ward.say(message)
        killed.restart()
    assert killed.ids == plain.ids


def test_what_is_over_is_forgotten_and_what_is_open_is_not():
    ward = Ward(V3.mission)
    for message in (order(), refusal(), order("FRAGO-9"), refusal("150428", of="FRAGO-9"), answer("wilco", "150430")):
        ward.say(message)
    for day in ("160600", "170600"):
        ward.say(order(f"LATER-{day}", time=day))
    source: Any = ward.core.source("refusing")
    assert {o.args["order"] for o in source._state.said.values()} == {"FRAGO-9"}
