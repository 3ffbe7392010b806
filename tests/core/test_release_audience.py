"""Who gets a message, and on whose board it stands."""

import msgspec
import pytest
from msgspec.structs import replace

from coordinator.core.mission import Classification
from coordinator.core.mission import Release as Row
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action
from schemas.directives import Caveat, OrderChange
from schemas.envelope import Envelope
from schemas.findings import Party
from schemas.label import Category, Label
from schemas.notices import Cancellation, MovementNotice
from schemas.reports import TextMessage
from tests.support.released import MISSION, Office, make_card, make_finding, order, ref, to, unit

EVERYBODY = {p.id for p in MISSION.participants}


@pytest.fixture
def office() -> Office:
    return Office()


def test_an_order_goes_to_its_chain(office: Office) -> None:
    items = office.record(order(performers=(unit("xar-batt"),)), "o", "sn-hq")
    assert to(items) == {"xar-batt", "fhq-u3"}
    assert office.on_board("sn-hq", "directive", "o") is not None


def test_a_unit_is_known_by_its_name(office: Office) -> None:
    performer = msgspec.structs.replace(unit(""), id="", participant="", name="a coy xar-batt")
    assert "xar-batt" in to(office.record(order(performers=(performer,)), "o", "fhq-u3"))


def test_an_amendment_reaches_whoever_performs_the_order(office: Office) -> None:
    office.record(order(performers=(unit("xar-batt"),)), "o", "sn-hq")
    items = office.record(order(amends=(OrderChange(order=ref("o")),)), "a", "fhq-u3")
    assert to(items) == {"sn-hq", "xar-batt"}


def test_an_addressee_outside_the_label_gets_nothing(office: Office) -> None:
    label = Label(releasable_to=("XBL", "humanitarian"))
    items = office.record(TextMessage(text="x"), "m", "fhq-u3", to=("xar-batt",), label=label)
    assert to(items) == {"xbl-batt", "ocha-cmc"}


def test_an_empty_label_is_for_the_originator_alone(office: Office) -> None:
    office.record(TextMessage(text="x"), "m", "fhq-u3", to=("xar-batt",), label=Label(releasable_to=()))
    assert set(office.board) == {"fhq-u3"}


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        (Category(tag="for", type="PERMISSIVE", values=("XAR", "XBL")), {"xar-batt", "xbl-batt"}),
        (Category(tag="all of", type="RESTRICTIVE", values=("XAR", "XBL")), set()),
        (Category(tag="all of", type="RESTRICTIVE", values=("humanitarian",)), {"ocha-cmc"}),
        (Category(tag="shown", type="INFORMATIVE", values=("XAR",)), EVERYBODY - {"fhq-u3"}),
        (Category(tag="for", type="PERMISSIVE", values=("nobody knows",)), set()),
    ],
)
def test_categories_narrow_a_label(office: Office, category: Category, expected: set[str]) -> None:
    label = Label(releasable_to=("all",), categories=(category,))
    assert to(office.record(TextMessage(text="x"), "m", "fhq-u3", label=label)) == expected


def test_a_classification_admits_its_holders_and_an_unknown_one_the_chain() -> None:
    held = Classification(name="CONFIDENTIAL", to=("XBL",))
    office = Office(replace(MISSION, classifications=(held,)))
    move = MovementNotice(movement_kind="patrol")
    for name, expected in [
        ("confidential", {"xbl-batt"}),
        ("COSMIC", {"sn-hq", "fhq-u3"}),
        ("UN UNCLASSIFIED", EVERYBODY - {"xar-batt"}),
    ]:
        assert to(office.record(move, name, "xar-batt", label=Label(classification=name))) == expected


def test_a_caveat_text_stays_in_its_chain_whatever_the_mission_releases() -> None:
    office = Office(replace(MISSION, release=(Row(kind="caveat", to="all"),)))
    office.record(Caveat(text="secret words", actions=("search",)), "c", "xar-batt")
    assert b"secret words" in office.got("sn-hq")
    assert b"search" in office.got("xbl-batt")
    assert b"secret words" not in office.got("xbl-batt")


def test_an_acknowledgement_goes_to_nobody_who_may_not_see_the_order(office: Office) -> None:
    label = Label(releasable_to=("sn-hq", "xar-batt"))
    office.record(order(performers=(unit("xar-batt"),)), "o", "sn-hq", label=label)
    ack = Acknowledgement(of=ref("o"), step="wilco")
    assert to(office.record(ack, "a", "xar-batt", to=("xbl-batt",), label=Label(releasable_to=("all",)))) == {"sn-hq"}
    assert to(office.record(Acknowledgement(of=ref("unknown"), step="wilco"), "b", "xar-batt")) == set()


def test_a_withdrawal_reaches_whoever_saw_the_thing(office: Office) -> None:
    office.record(order(), "o", "fhq-u3", label=Label(releasable_to=("ocha-cmc",)))
    items = office.record(Cancellation(), "o", "fhq-u3", kind="directive", status="cancel", revision=2)
    assert to(items) == {"ocha-cmc"}


def test_an_older_revision_that_comes_late_changes_nothing(office: Office) -> None:
    office.record(TextMessage(text="new"), "m", "fhq-u3", to=("sn-hq",), revision=2)
    assert office.record(TextMessage(text="old"), "m", "fhq-u3", to=("sn-hq",), revision=1) == []


def test_one_cannot_hide_or_open_anothers_message_by_taking_its_id(office: Office) -> None:
    office.record(order(task="true"), "o", "sn-hq", to=("xar-batt",))
    office.record(order(task="false"), "o", "xbl-batt", label=Label(releasable_to=("all",)))
    item = office.on_board("xar-batt", "directive", "o")
    assert item is not None
    assert item.body.task == "true"
    office.find(make_finding("f", Party(id="o", issuer="sn-hq"), told=("ocha-cmc",)))
    torn = office.on_board("ocha-cmc", "finding", "f")
    assert torn is not None
    assert torn.body.parties[0].id == ""


def test_two_messages_under_one_identity_keep_the_stricter_decision(office: Office) -> None:
    office.record(TextMessage(text="1"), "m", "sn-hq", label=Label(releasable_to=("xar-batt",)))
    office.record(TextMessage(text="2"), "m", "sn-hq", label=Label(releasable_to=("all",)))
    office.find(make_finding("f", Party(id="m", issuer="sn-hq"), told=("ocha-cmc", "xar-batt")))
    item = office.on_board("ocha-cmc", "finding", "f")
    assert item is not None
    assert item.body.parties[0].id == ""


def test_a_kind_of_a_newer_release_is_forwarded_as_it_is(office: Office) -> None:
    body = msgspec.Raw(b'{"new":{"field":1}}')
    envelope = Envelope(id="n", kind="weather", originator="sn-hq", body=body, label=Label(releasable_to=("all",)))
    items = office.take(envelope, "record.weather.sn-hq")
    assert to(items) == EVERYBODY - {"sn-hq"}
    assert all(i.data == registry.encode(envelope) for i in items)


def test_an_action_is_on_the_boards_of_those_who_may_know_of_its_author(office: Office) -> None:
    office.record(order(), "a", "sn-hq", to=("xar-batt",))
    office.record(order(), "b", "sc-hq", to=("xbl-batt",))
    told = ("sn-hq", "xar-batt", "sc-hq", "fhq-u3")
    finding = make_finding("f", Party(id="a", issuer="sn-hq"), Party(id="b", issuer="sc-hq"), told=told)
    office.find(finding)
    office.alert(make_card("k", finding, told=told))
    items = office.record(Action(alert="k", verb="acknowledge", seen_rev=1), "act", "sn-hq")
    assert {i.subject.split(".")[1] for i in items} == {"sn-hq", "xar-batt", "fhq-u3"}
    assert to(items) == set()
