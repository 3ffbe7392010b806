"""What readers see of officers' acts: who did what and why, as far as each may know, and what they hear of again."""

from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.core.mission import Participant
from schemas.acknowledgements import Action
from schemas.alerts import Alert, Deed, Handover, Shelved, Told
from schemas.findings import Party
from schemas.label import Label
from tests.support.desk import z
from tests.support.released import MISSION, Office, make_card, make_finding, order, to, unit

BOTH = (Party(id="a", issuer="sn-hq"), Party(id="b", issuer="sc-hq"))
SHELF = Shelved(until=z("141200"), by="sn-hq", why="waits for reconnaissance", officer="watch officer")
DEED = Deed(by="sn-hq", officer="watch officer", why="end of shift", at=z("140500"))


@pytest.fixture
def office() -> Office:
    """Two orders that the other side may not see, and a finding between them."""
    office = Office()
    office.record(order(performers=(unit("xar-batt"),)), "a", "sn-hq")
    office.record(order(performers=(unit("xbl-batt"),)), "b", "sc-hq")
    office.find(make_finding("f", *BOTH, told=("sn-hq", "sc-hq", "fhq-u3")))
    return office


def card(**changes: Any) -> Alert:
    return make_card("c", make_finding("f", *BOTH, told=()), told=("sn-hq", "sc-hq", "fhq-u3"), **changes)


def shown(office: Office, reader: str, alert: Alert) -> Alert:
    office.alert(alert)
    item = office.on_board(reader, "alert", alert.id)
    assert item is not None
    body = item.body
    assert isinstance(body, Alert)
    return body


def test_whoever_may_know_all_reads_who_put_it_aside_and_why_and_what_happens_next(office: Office) -> None:
    seen = shown(office, "fhq-u3", card(shelved=SHELF))
    assert seen.shelved == SHELF
    assert seen.next_step == "Put aside until 141200ZMAR27; it comes back then, or when something changes"


def test_others_read_until_when_and_neither_who_nor_why(office: Office) -> None:
    seen = shown(office, "sc-hq", card(shelved=SHELF, owner="sn-hq", closing=(DEED,), escalated=DEED))
    assert seen.shelved == Shelved(until=SHELF.until, by="", why="")
    assert (seen.owner, seen.closing, seen.escalated) == ("", (Deed(by="", at=DEED.at),), Deed(by="", at=DEED.at))
    assert b"reconnaissance" not in office.got("sc-hq")
    assert b"sn-hq" not in office.got("sc-hq")
    assert b"end of shift" not in office.got("sc-hq")


def test_a_typist_is_named_to_whom_it_may_be_named(office: Office) -> None:
    said = Told(participant="sc-hq", since=0, acknowledged_at=1, acknowledged_rev=1, typed_by="sn-hq")
    assert (
        shown(office, "fhq-u3", replace(card(), told=(said, Told(participant="fhq-u3", since=0)))).told[0].typed_by
        == "sn-hq"
    )
    assert b"sn-hq" not in office.got("sc-hq")


@pytest.mark.parametrize(
    ("reader", "says"),
    [
        ("fhq-u3", "Offered to you by SN-HQ: acknowledge to take it, or decline"),
        ("sn-hq", "Offered to FHQ-U3: you have it until it is acknowledged there"),
    ],
)
def test_both_sides_of_an_offer_read_what_to_do(office: Office, reader: str, says: str) -> None:
    offer = Handover(to="fhq-u3", until=z("140515"), offer=DEED)
    assert shown(office, reader, card(handover=offer, owner="sn-hq")).next_step == says


def test_the_second_person_reads_that_it_is_needed(office: Office) -> None:
    assert shown(office, "fhq-u3", card(closing=(DEED,))).next_step == (
        "SN-HQ has closed it: a second person has to close it too"
    )


# -- what they hear of again -------------------------------------------------------------------------------------------


def test_what_is_put_aside_is_news_once_and_again_when_it_comes_back(office: Office) -> None:
    assert to(office.alert(card())) == {"fhq-u3", "sc-hq", "sn-hq"}
    assert to(office.alert(card(rev=2, shelved=SHELF, why="shelved"))) == {"fhq-u3", "sc-hq", "sn-hq"}
    assert to(office.alert(card(rev=3, shelved=SHELF, why="urgency"))) == set()
    assert to(office.alert(card(rev=4, why="shelf-ended"))) == {"fhq-u3", "sc-hq", "sn-hq"}


def test_an_acknowledgement_that_expired_is_news_to_everybody(office: Office) -> None:
    office.alert(card())
    assert to(office.alert(card(rev=2, why="acknowledged"))) == set()
    assert to(office.alert(card(rev=3, why="acknowledgement-expired"))) == {"fhq-u3", "sc-hq", "sn-hq"}


def test_an_offer_is_news_to_whom_it_is_made_and_a_refusal_to_whoever_made_it(office: Office) -> None:
    offer = Handover(to="fhq-u3", until=z("140515"), offer=DEED)
    office.alert(card())
    assert to(office.alert(card(rev=2, why="handover-offered", handover=offer))) == {"fhq-u3"}
    declined = replace(offer, state="declined", answer=Deed(by="fhq-u3"))
    assert to(office.alert(card(rev=3, why="handover-declined", handover=declined))) == {"sn-hq"}


def test_who_is_called_above_is_shown_the_findings_that_it_may_see() -> None:
    office = Office()
    office.record(order(performers=(unit("xar-batt"),)), "a", "sn-hq")
    office.record(order(performers=(unit("xar-batt"),)), "b", "sn-hq", label=Label(releasable_to=("sn-hq",)))
    finding = make_finding("f", Party(id="a", issuer="sn-hq"), Party(id="b", issuer="sn-hq"), told=("sn-hq",))
    office.find(replace(finding, arbiter="sn-hq"))
    raised = make_card("c", finding, told=("sn-hq",), arbiter="sn-hq")
    office.alert(raised)
    assert office.got("fhq-u3").count(b'"id":"f"') == 0
    called = (*raised.told, Told(participant="fhq-u3", since=0))
    seen = shown(office, "fhq-u3", replace(raised, rev=2, told=called, called=("fhq-u3",), why="told escalated"))
    assert [m.finding for m in seen.members] == ["f"]
    assert seen.headline == "Affected at KESSA 141000Z-141045Z: a"
    assert office.on_board("fhq-u3", "finding", "f") is not None
    assert b'"b"' not in office.got("fhq-u3")


def test_who_may_not_know_of_a_finding_is_not_shown_it_by_being_called() -> None:
    office = Office()
    office.record(order(), "a", "sn-hq")
    finding = make_finding("f", Party(id="a", issuer="sn-hq"), told=("sn-hq",), only=("sn-hq",))
    office.find(finding)
    raised = make_card("c", finding, told=("sn-hq", "fhq-u3"), called=("fhq-u3",), only=("sn-hq",))
    office.alert(raised)
    assert b'"f"' not in office.got("fhq-u3")


def test_an_offer_is_no_word_to_whoever_may_not_know_of_both_sides(office: Office) -> None:
    office.alert(card())
    office.record(Action(alert="c", verb="handover", seen_rev=1, to="fhq-u3"), "h", "sn-hq")
    office.record(Action(alert="c", verb="note", seen_rev=1, note="for sc"), "n", "fhq-u3")
    office.record(Action(alert="c", verb="handover", seen_rev=1, to="sn-hq"), "b", "fhq-u3")
    assert b'"handover"' not in office.got("sc-hq")
    assert b"for sc" in office.got("sc-hq")
    assert office.got("fhq-u3").count(b'"handover"') == 2


def test_a_desk_and_its_headquarters_read_what_either_wrote() -> None:
    desks = (
        Participant(id="joc", role="desk", superior="fhq-u3"),
        Participant(id="night", role="desk", superior="fhq-u3"),
    )
    office = Office(replace(MISSION, participants=(*MISSION.participants, *desks)))
    office.record(order(performers=(unit("xar-batt"),)), "a", "sn-hq")
    finding = make_finding("f", Party(id="a", issuer="sn-hq"), told=("sn-hq", "fhq-u3"))
    office.find(finding)
    shelf = replace(SHELF, by="joc")
    office.alert(make_card("c", finding, told=("sn-hq", "fhq-u3"), owner="joc", shelved=shelf))
    office.record(Action(alert="c", verb="note", seen_rev=1, note="called"), "n", "joc")
    for reader in ("joc", "night", "fhq-u3"):
        seen = office.on_board(reader, "alert", "c")
        assert seen is not None
        assert (seen.body.owner, seen.body.shelved) == ("joc", shelf)
        assert b'"called"' in office.got(reader)
    contingent = office.on_board("sn-hq", "alert", "c")
    assert contingent is not None
    assert (contingent.body.owner, contingent.body.shelved.by) == ("fhq-u3", "fhq-u3")
    assert b'"called"' not in office.got("sn-hq")
