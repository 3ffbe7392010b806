"""Who gets a request, its answers, and what is said in a session: members and nobody else, whatever a label says."""

from typing import Any

import pytest

from coordinator.core.mission import Release as Row
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Reference
from schemas.label import Label
from schemas.liaison import LiaisonRequest, LiaisonResponse
from schemas.notices import Cancellation
from tests.support.released import MISSION, Item, Office, ref, unit

WORDS = "the foot section stays"
MEETING = LiaisonRequest(request_kind="meeting", subject=WORDS)
ASK = LiaisonRequest(request_kind="assistance", subject="water")
MEMBERS = {"xar-batt", "xbl-batt", "ocha-cmc"}
WIDE = Label(releasable_to=("all",))


@pytest.fixture
def office() -> Office:
    return Office()


def to(items: list[Item]) -> set[str]:
    return {i.subject.split(".")[1] for i in items if i.subject.startswith("to.")}


def word(decision: Any = "propose", **fields: Any) -> LiaisonResponse:
    return LiaisonResponse(request=ref("LN-1"), decision=decision, proposal="P1", version=1, reason=WORDS, **fields)


def opened(office: Office, body: Message = MEETING, by: str = "xar-batt", **fields: Any) -> list[Item]:
    return office.record(body, "LN-1", by, to=("xbl-batt", "ocha-cmc"), **fields)


def outside(office: Office) -> list[str]:
    """Who is no member and has a byte of it."""
    named = (WORDS.encode(), b"LN-1")
    others = {p.id for p in MISSION.participants} - MEMBERS
    return [p for p in sorted(others) if any(n in i.data for i in office.sent.get(p, ()) for n in named)]


# -- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_goes_to_its_members_and_not_to_those_above_them(office: Office) -> None:
    assert to(opened(office)) == MEMBERS - {"xar-batt"}
    assert outside(office) == []


@pytest.mark.parametrize("decision", ["propose", "agree", "object", "clarify", "accept", "decline"])
def test_whatever_is_said_in_a_session_goes_to_its_members_and_to_nobody_else(office: Office, decision: Any) -> None:
    opened(office)
    assert to(office.record(word(decision), "w", "xbl-batt")) == MEMBERS - {"xbl-batt"}
    assert outside(office) == []


def test_neither_a_label_nor_an_address_opens_a_session(office: Office) -> None:
    opened(office, label=WIDE)
    office.record(word(), "w", "xbl-batt", to=("sn-hq",), label=WIDE)
    office.record(word("agree"), "v", "sc-hq", to=("sc-hq",), label=WIDE)
    assert outside(office) == ["sc-hq"]  # who spoke without being a member has its own words, and nothing else
    assert [i.envelope.id for i in office.sent["sc-hq"]] == ["v"]


def test_a_mission_that_releases_requests_to_all_releases_no_session() -> None:
    rows = (Row(kind="liaison-request", to="all"), Row(kind="liaison-response", to="all"))
    office = Office(mission=type(MISSION)(name="m", participants=MISSION.participants, release=rows))
    opened(office)
    office.record(word(), "w", "xbl-batt")
    assert outside(office) == []


def test_a_narrower_label_is_kept(office: Office) -> None:
    opened(office)
    assert to(office.record(word(), "w", "xbl-batt", label=Label(releasable_to=("xar-batt",)))) == {"xar-batt"}


def test_a_session_that_is_closed_or_changed_stays_among_its_members(office: Office) -> None:
    opened(office)
    open_now = LiaisonRequest(request_kind="assistance", subject=WORDS)
    office.record(open_now, "LN-1", "xar-batt", revision=2, to=("xbl-batt",))
    office.record(Cancellation(), "LN-1", "xar-batt", kind="liaison-request", status="cancel", revision=3)
    assert outside(office) == []
    assert office.on_board("xbl-batt", "liaison-request", "LN-1") is not None


def test_who_is_a_member_no_more_gets_nothing_more(office: Office) -> None:
    opened(office)
    office.record(MEETING, "LN-1", "xar-batt", revision=2, to=("xbl-batt",))
    assert to(office.record(word(), "w", "xbl-batt")) == {"xar-batt"}
    first = word()
    named = LiaisonResponse(
        request=Reference(id="LN-1", revision=1), decision="agree", proposal=first.proposal, version=1
    )
    assert to(office.record(named, "v", "xbl-batt")) == {"xar-batt"}


def test_a_word_that_is_taken_back_is_told_to_whoever_had_it(office: Office) -> None:
    opened(office)
    office.record(word(), "w", "xbl-batt")
    gone = office.record(Cancellation(), "w", "xbl-batt", kind="liaison-response", status="cancel")
    assert to(gone) == MEMBERS - {"xbl-batt"}
    assert outside(office) == []


def test_a_word_in_a_session_that_nobody_knows_goes_to_whoever_opened_it(office: Office) -> None:
    body = LiaisonResponse(
        request=Reference(id="LN-9", originator="xar-batt"), decision="propose", proposal="P1", version=1
    )
    assert to(office.record(body, "w", "xbl-batt", to=("sn-hq",))) == {"xar-batt"}


# -- requests ---------------------------------------------------------------------------------------------------------


def test_an_answer_goes_to_the_asker_those_asked_and_whoever_else_reads_the_request(office: Office) -> None:
    asked = opened(office, ASK)
    answer = office.record(word("decline"), "w", "xbl-batt")
    assert to(answer) | {"xbl-batt"} == to(asked) | {"xar-batt"}
    assert {"xar-batt", "ocha-cmc", "sn-hq"} <= to(answer)


def test_an_answer_goes_to_nobody_who_may_not_read_the_request(office: Office) -> None:
    opened(office, ASK, label=Label(releasable_to=("xbl-batt",)))
    assert to(office.record(word("accept"), "w", "xbl-batt", to=("sc-hq", "xco-eng"))) == {"xar-batt"}


def test_an_answer_to_a_request_that_nobody_knows_goes_to_whom_it_names(office: Office) -> None:
    assert to(office.record(word("accept"), "w", "xbl-batt", to=("xar-batt",))) == {"xar-batt"}


def test_an_acknowledgement_goes_where_it_went_before(office: Office) -> None:
    office.record(Directive(directive_kind="frago", performers=(unit("xar-batt"),)), "o", "sn-hq")
    assert to(office.record(Acknowledgement(of=ref("o"), step="wilco"), "a", "xar-batt")) == {"sn-hq", "fhq-u3"}


def test_a_draft_of_an_order_goes_to_whom_it_is_addressed_and_orders_nobody(office: Office) -> None:
    body = Directive(directive_kind="frago", performers=(unit("xar-batt"),), task=WORDS, draft=True)
    assert to(office.record(body, "o", "sn-hq", to=("xbl-batt",))) == {"xbl-batt"}
