"""A call for help: how far it is, in words of its own for each step, and who has it until it is over."""

import re
from importlib import resources
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction.ledger import item
from coordinator.core.orders.requests import Request, ledger
from coordinator.texts import say
from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Directive
from schemas.envelope import Envelope, UnitRef
from schemas.liaison import LiaisonRequest, LiaisonResponse
from schemas.notices import Cancellation
from schemas.reports import MedevacRequest, Observation
from tests.support.v1 import MISSION, ref, said, z

ASKED = ("xbl-batt", "xco-eng")


def request(to: tuple[str, ...] = ASKED, by: str = "xar-batt", **fields: Any) -> Envelope:
    return said(
        LiaisonRequest(request_kind="assistance", subject="recovery vehicle"), "R-1", by, "140400", to=to, **fields
    )


def answer(by: str, decision: Any, at: str, **fields: Any) -> Envelope:
    return said(LiaisonResponse(request=ref("R-1"), decision=decision, **fields), f"r-{by}-{at}", by, at)


def ordered(by: str = "sc-hq", at: str = "140420", who: str = "xco-eng") -> Envelope:
    body = Directive(directive_kind="frago", action="engineer", performers=(UnitRef(participant=who),))
    return said(body, "O-1", by, at, in_reply_to=ref("R-1"))


def report(by: str, about: str, at: str) -> Envelope:
    return said(Observation(about=about), f"o-{by}-{at}", by, at)


def status(state: Any, by: str, at: str) -> Envelope:
    return said(MedevacRequest(state=state), f"C-1-{state}-{at}", by, at, references=(ref("C-1"),))


def casevac() -> Envelope:
    return said(MedevacRequest(), "C-1", "xar-batt", "140400", to=("sn-hq",))


def requests(*messages: Envelope) -> tuple[Request, ...]:
    return ledger([item(m, registry.body(m), m.created.utc or 0) for m in messages if m.created], MISSION)


def one(*messages: Envelope) -> Request:
    [found] = requests(*messages)
    return found


# -- how far ----------------------------------------------------------------------------------------------------------


def test_it_climbs_by_what_is_said_and_by_nothing_else() -> None:
    told = [
        request(),
        answer("xco-eng", "accept", "140410"),
        ordered(),
        said(Acknowledgement(of=ref("O-1"), step="wilco"), "a", "xco-eng", "140425"),
        report("xco-eng", "O-1", "140430"),
        said(
            LiaisonRequest(request_kind="assistance", subject="recovery vehicle", state="answered"),
            "R-1", "xar-batt", "140500", revision=2,
        ),
    ]  # fmt: skip
    climbed = [one(*told[: n + 1]).state for n in range(len(told))]
    assert climbed == ["asked", "planned", "ordered", "ordered", "in-motion", "done"]


def test_a_casevac_climbs_by_the_statuses_of_whoever_has_it() -> None:
    told = [
        casevac(),
        status("planned", "fhq-u3", "140401"),
        status("ordered", "fhq-u3", "140409"),
        status("in-motion", "xga-fpu", "140411"),
        status("done", "xco-eng", "140435"),
    ]
    found = [one(*told[: n + 1]) for n in range(len(told))]
    assert [f.state for f in found] == ["asked", "planned", "ordered", "in-motion", "done"]
    assert [f.owner for f in found] == ["sn-hq", "fhq-u3", "fhq-u3", "xga-fpu", ""]
    assert [f.since for f in found[:2]] == [z("140400"), z("140401")]


def test_a_promise_that_is_taken_back_is_gone() -> None:
    promise = answer("xco-eng", "accept", "140410")
    assert one(request(), promise, answer("xco-eng", "decline", "140415", reason="broke down")).state == "asked"
    gone = said(Cancellation(), promise.id, "xco-eng", "140412", kind="liaison-response", status="cancel")
    assert one(request(), promise, gone).state == "asked"


def test_a_bystander_that_saw_something_moves_nothing() -> None:
    assert one(request(), report("xga-fpu", "R-1", "140430")).state == "asked"
    assert one(request(), answer("xco-eng", "accept", "140410"), report("xga-fpu", "R-1", "140430")).state == "planned"


def test_a_draft_orders_nothing() -> None:
    body = Directive(directive_kind="frago", draft=True, performers=(UnitRef(participant="xco-eng"),))
    assert one(request(), said(body, "O-1", "sc-hq", "140420", in_reply_to=ref("R-1"))).state == "asked"


def test_whoever_asks_cannot_promise_it_to_itself() -> None:
    assert one(request(), answer("xar-batt", "accept", "140410")).state == "asked"


# -- who has it -------------------------------------------------------------------------------------------------------


def test_there_is_always_one_owner_and_it_is_named() -> None:
    assert one(request(to=("xbl-batt",))).owner == "xbl-batt"
    assert one(request()).owner == "sc-hq"  # both were asked: whoever directs both
    assert one(request(to=())).owner == "sn-hq"
    assert one(request(), answer("xco-eng", "accept", "140410")).owner == "xco-eng"
    assert one(request(), ordered(who="xbl-batt")).owner == "xbl-batt"


def test_when_everybody_declined_the_arbiter_has_it_with_a_clock_and_the_reasons() -> None:
    no = [answer(p, "decline", f"14041{n}", reason="fully committed") for n, p in enumerate(ASKED)]
    first = one(request(), no[0])
    assert (first.owner, first.declined) == ("xco-eng", ("xbl-batt",))
    both = one(request(), *no)
    assert (both.state, both.owner, both.since) == ("asked", "sc-hq", z("140411"))
    assert [w.reason for w in both.words if w.state == "refused"] == ["fully committed"] * 2


def test_cannot_comply_is_a_refusal_with_its_code() -> None:
    no = said(Acknowledgement(of=ref("R-1"), step="cannot-comply", code="NO-CAPACITY"), "a", "xbl-batt", "140410")
    found = one(request(), no)
    assert (found.owner, found.declined, found.words[-1].reason) == ("xco-eng", ("xbl-batt",), "NO-CAPACITY")


def test_only_who_commands_the_asker_refuses_it_for_good() -> None:
    no = [answer(p, "decline", "140410") for p in ASKED]
    assert one(request(), *no, answer("sc-hq", "decline", "140420")).owner == "fhq-u3"
    refused = one(request(), *no, answer("sn-hq", "decline", "140420", reason="not tonight"))
    assert (refused.state, refused.owner) == ("refused", "")
    assert (
        one(request(), *no, answer("sn-hq", "decline", "140420"), answer("xga-fpu", "accept", "140430")).owner
        == "xga-fpu"
    )


def test_a_withdrawn_request_is_over_and_still_told() -> None:
    gone = said(Cancellation(), "R-1", "xar-batt", "140430", revision=2, kind="liaison-request", status="cancel")
    found = one(request(), answer("xco-eng", "accept", "140410"), gone)
    assert (found.state, found.owner) == ("withdrawn", "")
    body = LiaisonRequest(request_kind="assistance", subject="x", state="withdrawn")
    assert one(request(), said(body, "R-1", "xar-batt", "140430", revision=2)).state == "withdrawn"


def test_two_requests_under_one_id_are_kept_apart() -> None:
    other = replace(request(by="xga-fpu"), originator="xga-fpu")
    found = requests(request(), other, answer("xco-eng", "accept", "140410"))
    assert [(r.originator, r.state) for r in found] == [("xar-batt", "asked"), ("xga-fpu", "asked")]
    body = LiaisonResponse(request=replace(ref("R-1"), originator="xga-fpu"), decision="accept")
    named = requests(request(), other, said(body, "r", "xco-eng", "140410"))
    assert [r.state for r in named] == ["asked", "planned"]


# -- laws -------------------------------------------------------------------------------------------------------------

WORDS = [
    request(), casevac(), answer("xco-eng", "accept", "140410"), answer("xco-eng", "decline", "140415"),
    answer("xbl-batt", "decline", "140410"), ordered(), report("xco-eng", "O-1", "140430"),
    status("planned", "fhq-u3", "140401"), status("in-motion", "xga-fpu", "140411"),
    status("refused", "sn-hq", "140412"),
    said(Cancellation(), "R-1", "xar-batt", "140500", revision=2, kind="liaison-request", status="cancel"),
]  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_same_messages_in_any_order_and_number_end_the_same(messages: list[Envelope], random: Any) -> None:
    shuffled = [*messages, *messages[:3]]
    random.shuffle(shuffled)
    assert requests(*messages) == requests(*shuffled)


@given(st.sets(st.integers(0, len(WORDS) - 1)))
def test_whatever_is_not_over_has_exactly_one_owner(chosen: set[int]) -> None:
    for found in requests(*(WORDS[i] for i in chosen)):
        assert (found.owner == "") is (found.state in ("done", "refused", "withdrawn"))
        assert found.owner in {"", *MISSION.by_id}


def test_those_who_answer_in_one_minute_are_settled_alike_in_every_order() -> None:
    both = [answer(p, "accept", "140410") for p in ASKED]
    assert len({one(request(), *p).owner for p in permutations(both)}) == 1


# -- words ------------------------------------------------------------------------------------------------------------

STEPS = ("asked", "planned", "ordered", "in-motion", "done", "refused", "withdrawn")


def test_no_two_steps_are_worded_alike() -> None:
    said_ = [say(f"request-{step}") for step in STEPS]
    assert len({text.split(",")[0] for text in said_}) == len(STEPS)
    for step, text in zip(STEPS, said_, strict=True):
        shouted = re.findall(r"[A-Z]{2,}", text)
        assert " ".join(shouted) == step.replace("-", " ").upper()


@pytest.mark.parametrize("state", ["sent", "delivered", "received", "misread", "understood", "wilco", "cannot-comply"])
def test_every_step_of_an_order_has_a_text_of_its_own(state: str) -> None:
    catalogue = resources.files("coordinator").joinpath("texts", "en", "orders.ftl").read_text(encoding="utf-8")
    lines = [line.partition(" = ")[2] for line in catalogue.splitlines() if line.startswith("order-")]
    assert lines.count(say(f"order-{state}")) == 1
