"""Release, rule by rule: answers, urgency, memory."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from coordinator import texts
from coordinator.core import recall, receipts
from coordinator.core.mission import Channel, Participant
from coordinator.core.release import Release
from schemas.acknowledgements import Refusal
from schemas.directives import OrderChange
from schemas.findings import Party
from schemas.label import Label
from schemas.notices import Cancellation
from schemas.operations import Config
from schemas.reports import TextMessage
from tests.support.released import MISSION, Office, make_card, make_finding, order, ref, to, unit


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_refusal_stands_where_the_receipt_would(office: Office) -> None:
    office.refuse("xar-batt", "in-1")
    item = office.on_board("xar-batt", "receipt", "in-1")
    assert item is not None
    assert item.body.why == "no time"
    assert isinstance(office.core.answer_of("xar-batt", "in-1"), Refusal)
    assert office.core.answer_of("xbl-batt", "in-1") is None


def test_answers_of_a_batch_stand_together(office: Office) -> None:
    office.receipt("xar-batt", "a", "b", batch="morning")
    office.receipt("xar-batt", "c", batch="morning")
    office.receipt("xbl-batt", "d", batch="morning")
    item = office.on_board("xar-batt", "receipt", "morning")
    assert item is not None
    assert [a.input for a in item.body.answers] == ["a", "b", "c"]
    assert office.on_board("xar-batt", "receipt", "a") is None


def test_a_batch_too_large_for_one_message_loses_no_answer(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "MAX_BATCH_BYTES", 200)
    names = [f"input-{i}" for i in range(20)]
    for name in names:
        office.receipt("xar-batt", name, batch="all")
    bodies = [i.body for i in office.board["xar-batt"].values()]
    assert {a.input for b in bodies for a in b.answers} == set(names)
    assert max(len(i.data) for i in office.board["xar-batt"].values()) < 800


def test_batches_and_answers_are_forgotten_in_time(office: Office) -> None:
    office.receipt("xar-batt", "a", batch="morning")
    office.wake()
    office.receipt("xar-batt", "b", batch="morning")
    item = office.on_board("xar-batt", "receipt", "morning")
    assert item is not None
    assert [a.input for a in item.body.answers] == ["b"]
    while office.core.next_wake() is not None:
        office.wake()
    assert office.core.answer_of("xar-batt", "b") is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({}, "priority"), ({"precedence": "flash"}, "flash"), ({"precedence": "routine"}, "routine")],
)
def test_an_order_travels_at_its_own_precedence(office: Office, fields: dict[str, Any], expected: str) -> None:
    office.record(order(), "o", "fhq-u3", to=("sn-hq",), **fields)
    assert office.inbox["sn-hq"][0].precedence == expected


@pytest.mark.parametrize("change", ["amends", "supersedes", "cancels"])
def test_an_order_that_lifts_a_danger_travels_at_the_dangers_precedence(office: Office, change: str) -> None:
    office.record(order(performers=(unit("xar-batt"),)), "o", "sn-hq")
    finding = make_finding("f", Party(id="o", issuer="sn-hq"), told=("sn-hq", "xar-batt"), severity="CRITICAL")
    office.find(finding)
    value = (OrderChange(order=ref("o")),) if change == "amends" else (ref("o"),)
    office.record(order(**{change: value}), "x", "fhq-u3", to=("ocha-cmc",))
    assert office.inbox["ocha-cmc"][-1].precedence == "priority"  # it does not know of the danger
    office.find(replace(finding, state="closed"))
    office.record(order(**{change: value}), "y", "fhq-u3")
    assert [i.precedence for i in office.inbox["xar-batt"] if i.envelope.id in "xy"] == ["flash", "priority"]


def test_a_withdrawal_that_lifts_a_danger_travels_at_its_precedence(office: Office) -> None:
    office.record(order(), "o", "sn-hq", to=("xar-batt",))
    office.find(make_finding("f", Party(id="o", issuer="sn-hq"), told=("xar-batt",)))
    office.record(Cancellation(), "o", "sn-hq", kind="directive", status="cancel", revision=2)
    assert office.inbox["xar-batt"][-1].precedence == "immediate"


def test_a_finding_is_news_when_it_opens_worsens_and_ends(office: Office) -> None:
    office.record(order(), "o", "sn-hq")
    finding = make_finding("f", Party(id="o", issuer="sn-hq"), told=("sn-hq",), severity="MEDIUM")
    news = []
    for state, severity in [
        ("open", "MEDIUM"), ("acknowledged", "MEDIUM"), ("open", "HIGH"), ("open", "MEDIUM"), ("open", "HIGH"),
        ("closed", "HIGH"), ("closed", "HIGH"), ("open", "LOW"),
    ]:  # fmt: skip
        items = office.find(replace(finding, state=state, severity=severity, at=len(news)))
        news.append(bool(to(items)))
    assert news == [True, False, True, False, False, True, False, True]


def test_a_restored_release_goes_on_as_if_nothing_had_happened(office: Office) -> None:
    other = Office()
    for o in (office, other):
        o.record(order(performers=(unit("xar-batt"),)), "o", "sn-hq")
        o.find(make_finding("f", Party(id="o", issuer="sn-hq"), told=("sn-hq", "xar-batt", "ocha-cmc")))
        o.receipt("xar-batt", "a", batch="all")
        o.presence("xar-batt", "lost")
        o.record(TextMessage(text="x"), "m", "sn-hq", to=("xar-batt",))
        o.alert(make_card("k", told=("xar-batt",)))
    state = other.core.snapshot()
    other.core = Release(texts.say)
    other.core.restore(state)
    assert other.core.snapshot() == state
    for o in (office, other):
        o.receipt("xar-batt", "b", batch="all")
        o.presence("xar-batt", "regained")
        o.record(order(cancels=(ref("o"),)), "p", "fhq-u3")
        o.find(make_finding("f", Party(id="o", issuer="sn-hq"), told=(), state="closed"))
    assert office.inbox == other.inbox
    assert office.board == other.board


def test_who_is_away_and_has_a_channel_is_delivered_to_by_it() -> None:
    people = tuple(
        replace(p, channels=(Channel(name="sms", kind="short", address="+1"),)) if p.id == "xar-batt" else p
        for p in MISSION.participants
    )
    for mission, expected in ((MISSION, 0), (replace(MISSION, participants=people), 1)):
        office = Office(mission)
        office.presence("xar-batt", "lost")
        office.record(TextMessage(text="x"), "m", "sn-hq", to=("xar-batt",))
        assert len(office.inbox.get("xar-batt", ())) == expected


def test_what_is_no_snapshot_is_refused() -> None:
    with pytest.raises(ValueError, match="no snapshot"):
        Release(texts.say).restore(b"[]")


def test_a_forgotten_record_counts_as_not_to_be_seen(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recall, "MAX_PER_KIND", 1)
    everybody = Label(releasable_to=("all",))
    office.record(order(), "a", "sn-hq", label=everybody)
    office.record(order(), "b", "sn-hq", label=everybody)
    for name in ("a", "b"):
        office.find(make_finding(name, Party(id=name, issuer="sn-hq"), told=("ocha-cmc",)))
    seen = [office.on_board("ocha-cmc", "finding", name) for name in ("a", "b")]
    assert [i.body.parties[0].id for i in seen if i] == ["", "b"]


def test_what_is_over_is_forgotten_after_three_days(office: Office) -> None:
    office.record(order(), "a", "sn-hq")
    finding = make_finding("f", Party(id="a", issuer="sn-hq"), told=("sn-hq",))
    for state in ("open", "closed"):
        office.find(replace(finding, state=state))
    office.alert(make_card("k", finding, told=("sn-hq",)))
    office.alert(make_card("k", finding, told=("sn-hq",), work="resolved", rev=2))
    office.wake()
    assert office.core.next_wake() is None
    assert b'"f"' not in office.core.snapshot()


def test_a_new_mission_decides_about_what_comes_after_it(office: Office) -> None:
    office.record(order(), "a", "sn-hq")
    wider = replace(MISSION, participants=(*MISSION.participants, Participant(id="new-hq", superior="sn-hq")))
    body = Config(mission_hash="", code="", mission=msgspec.Raw(msgspec.json.encode(wider)))
    office.log(body, "config.mission")
    office.record(TextMessage(text="x"), "m", "sn-hq", to=("new-hq",))
    assert [i.envelope.id for i in office.inbox["new-hq"]] == ["m"]
