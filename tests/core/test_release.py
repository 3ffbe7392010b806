"""Release, rule by rule: answers, audiences, redaction, urgency, gaps, memory."""

import json
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from coordinator import texts
from coordinator.core import holdback, receipts, recall
from coordinator.core.mission import Classification, Participant
from coordinator.core.mission import Release as Row
from coordinator.core.redact import redact
from coordinator.core.release import Release
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action, Refusal
from schemas.base import Message
from schemas.directives import Caveat, Directive, OrderChange, Vehicles
from schemas.envelope import Envelope
from schemas.findings import Evidence, Option, Party
from schemas.label import Category, Label
from schemas.notices import Cancellation, MovementNotice
from schemas.operations import Config
from schemas.reports import TextMessage
from tests.support.released import MISSION, Office, make_card, make_finding, ref, unit

EVERYBODY = {p.id for p in MISSION.participants}


@pytest.fixture
def office() -> Office:
    return Office()


def order(**fields: Any) -> Directive:
    return Directive(directive_kind="frago", **fields)


def to(items: list[Any]) -> set[str]:
    """Who got something into its inbox."""
    return {i.subject.split(".")[1] for i in items if i.subject.startswith("to.")}


# -- answers ----------------------------------------------------------------------------------------------------------


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


# -- audiences --------------------------------------------------------------------------------------------------------


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


# -- redaction --------------------------------------------------------------------------------------------------------


def redacted(message: Message, *labelled: str, withheld: tuple[tuple[str, ...], ...] = (), **fields: Any) -> Any:
    """What is left for a reader that is cleared for none of these fields, as JSON."""
    labels = {p: Label(releasable_to=()) for p in labelled}
    data = registry.encode(registry.pack(message, id="m", originator="sn-hq", field_labels=labels, **fields))
    result = redact(data, dict.fromkeys(labelled, False), withheld)
    return json.loads(result) if result else None


TWO = order(vehicles=(Vehicles(type="truck", count=7), Vehicles(type="crane", count=9, load_class=60)), task="7 trucks")


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("vehicles[*].count", [{"type": "truck"}, {"type": "crane", "load_class": 60}]),
        ("vehicles.count", [{"type": "truck"}, {"type": "crane", "load_class": 60}]),
        ("$.body.vehicles[0].count", [{"type": "truck"}, {"type": "crane", "count": 9, "load_class": 60}]),
        ("vehicles[0]", [{"type": "crane", "count": 9, "load_class": 60}]),
        ("/vehicles/1", [{"type": "truck", "count": 7}]),
        ("vehicles", None),
        ("vehicles[*]", None),
    ],
)
def test_a_path_takes_out_what_it_leads_to(path: str, left: object) -> None:
    result = redacted(TWO, path)
    assert result["body"].get("vehicles") == left
    assert "field_labels" not in result
    assert "task" not in result["body"]


def test_what_may_repeat_a_field_goes_with_it_and_what_is_unknown_stays() -> None:
    data = msgspec.json.encode(
        {
            "id": "m", "kind": "directive", "originator": "sn-hq", "summary": "70 men", "new": 1,
            "texts": [{"text": "70 men"}], "unmapped": [{"path": "p", "value": "70"}],
            "warnings": [{"code": "c", "path": "strength", "text": "70"}], "source": {"locator": "70"},
            "label": {"raw": "70 men"}, "references": [{"id": "r", "note": "70 men"}],
            "body": {"directive_kind": "frago", "strength": 70, "task": "70 men", "newer": {"x": 1}},
        }
    )  # fmt: skip
    left = json.loads(redact(data, {}, [("strength",)]) or b"")
    assert left == {
        "id": "m", "kind": "directive", "originator": "sn-hq", "new": 1, "references": [{"id": "r"}], "label": {},
        "body": {"directive_kind": "frago", "newer": {"x": 1}},
    }  # fmt: skip


def test_bytes_stay_as_they_are_if_nothing_is_taken_out() -> None:
    data = b'{ "id":"m","kind":"directive","originator":"x",  "body":{"directive_kind":"frago", "task":"7.0"}}'
    assert redact(data, {}, [("strength",)]) is data
    assert redact(data, {"task": True}, []) is data


def test_a_labelled_field_leaves_the_same_whether_it_was_there_or_not() -> None:
    there, absent = redacted(order(strength=9, task="9"), "strength"), redacted(order(), "strength", summary="none")
    assert there == absent


def test_a_message_that_says_nothing_without_a_field_is_not_shown() -> None:
    assert redacted(order(), "directive_kind") is None
    assert redacted(order(), "") is None


def test_a_required_text_becomes_empty() -> None:
    assert redacted(TextMessage(text="x", room="r"), "room")["body"] == {"text": ""}


def test_who_moves_is_not_left_in_the_envelope() -> None:
    assert "unit" not in redacted(MovementNotice(movement_kind="convoy"), "organisation", unit=unit("xar-batt"))


def test_what_is_nested_too_deep_is_not_shown() -> None:
    deep = b"[" * 600 + b"]" * 600
    data = b'{"id":"m","kind":"weather","originator":"x","body":{"a":1,"b":' + deep + b"}}"
    assert redact(data, {"a": False}, []) is None


def test_a_field_label_replaces_the_missions_default(office: Office) -> None:
    labels = {"strength": Label(releasable_to=("ocha-cmc",))}
    everybody = Label(releasable_to=("all",))
    office.record(order(strength=4711), "o", "sn-hq", to=("xar-batt",), label=everybody, field_labels=labels)
    assert b"4711" in office.got("ocha-cmc")
    assert b"4711" not in office.got("xar-batt")


# -- tear-lines -------------------------------------------------------------------------------------------------------


def test_a_national_restriction_is_called_by_its_effect(office: Office) -> None:
    office.record(Caveat(text="never", units=(unit("xbl-batt"),)), "cav", "xbl-batt", label=Label(releasable_to=()))
    office.record(order(performers=(unit("xbl-batt"),)), "o", "sc-hq")
    finding = make_finding(
        "f", Party(id="o", kind="directive", issuer="sc-hq", units=("xbl-batt",)), told=("sc-hq", "xbl-batt"),
        finding_kind="caveat", sentence="XBL never searches", why="caveat cav:1",
        evidence=Evidence(place="KESSA", cites=("cav:1",), rule="never"),
        options=(Option(option="liaison", party="o", note="ask XBL"),),
    )  # fmt: skip
    office.find(finding)
    item = office.on_board("sc-hq", "finding", "f")
    assert item is not None
    assert item.body.finding_kind == "infeasible"
    assert item.body.sentence == "Your order o at KESSA cannot be carried out as it stands; call FHQ-U3"
    assert not any(word in item.data for word in (b"caveat", b"never", b"cav:", b"ask XBL"))
    owner = office.on_board("xbl-batt", "finding", "f")
    assert owner is not None
    assert owner.body.sentence == "XBL never searches"


def test_who_may_see_no_party_learns_neither_where_nor_when_nor_how_many(office: Office) -> None:
    for name in ("a", "b", "c"):
        office.record(order(), name, "sn-hq", label=Label(releasable_to=()))
    parties = [Party(id=name, issuer="sn-hq") for name in ("a", "b", "c")]
    office.find(make_finding("f", *parties, told=("ocha-cmc", "xbl-batt")))
    item = office.on_board("ocha-cmc", "finding", "f")
    assert item is not None
    assert item.body.parties == (Party(id="", what="another activity"),)
    assert item.body.evidence == Evidence()
    assert item.body.sentence == "A coordination problem concerns you; call FHQ-U3"


def test_a_reason_that_names_what_a_reader_may_not_see_is_not_given(office: Office) -> None:
    office.record(order(), "a", "sn-hq", to=("xar-batt",))
    office.record(order(), "x", "fhq-u3", label=Label(releasable_to=("sn-hq",)))
    office.find(make_finding("f", Party(id="a", issuer="sn-hq"), told=("sn-hq", "xar-batt"), why="amended by x:1"))
    seen = {p: office.on_board(p, "finding", "f") for p in ("sn-hq", "xar-batt")}
    assert {p: i.body.why for p, i in seen.items() if i} == {"sn-hq": "amended by x:1", "xar-batt": ""}


def test_a_finding_of_every_kind_has_a_sentence(office: Office) -> None:
    office.record(order(), "a", "sn-hq")
    kinds = msgspec.json.schema(type(make_finding("f", Party(id="a"), told=())))["$defs"]["Finding"]["properties"]
    for kind in kinds["finding_kind"]["enum"]:
        for told in ("sn-hq", "ocha-cmc"):
            office.find(make_finding(f"{kind}-{told}", Party(id="a", issuer="sn-hq"), told=(told,), finding_kind=kind))
            item = office.on_board(told, "finding", f"{kind}-{told}")
            assert item is not None
            assert item.body.sentence.endswith("; call FHQ-U3")


# -- urgency ----------------------------------------------------------------------------------------------------------


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


# -- gaps -------------------------------------------------------------------------------------------------------------


def test_what_waited_comes_by_precedence_then_orders_then_cards_then_by_log(office: Office) -> None:
    office.presence("sn-hq", "lost")
    office.record(TextMessage(text="1"), "m1", "xar-batt", precedence="immediate")
    office.alert(make_card("k", told=("sn-hq",)))
    office.record(TextMessage(text="2"), "m2", "xar-batt", precedence="flash")
    office.record(order(), "o1", "fhq-u3", to=("sn-hq",), precedence="immediate")
    office.record(order(), "o2", "fhq-u3", to=("sn-hq",), precedence="immediate")
    office.record(TextMessage(text="3"), "m3", "xar-batt")
    assert "sn-hq" not in office.inbox
    office.presence("sn-hq", "regained")
    assert [i.envelope.id for i in office.inbox["sn-hq"] if i.envelope.kind != "alert"] == [
        "m2",
        "o1",
        "o2",
        "m1",
        "m3",
    ]
    assert [i.envelope.kind for i in office.inbox["sn-hq"]].index("alert") == 3
    assert [i.seq for i in office.inbox["sn-hq"]] == [5, 6, 7, 4, 3, 8]


def test_what_was_superseded_meanwhile_is_not_delivered(office: Office) -> None:
    office.presence("sn-hq", "lost")
    office.record(order(), "o", "fhq-u3", to=("sn-hq",))
    office.record(order(task="new"), "o", "fhq-u3", to=("sn-hq",), revision=2)
    office.record(order(), "p", "fhq-u3", to=("sn-hq",))
    office.record(order(supersedes=(ref("p"),)), "q", "fhq-u3", to=("sn-hq",))
    office.presence("sn-hq", "regained")
    assert [i.envelope.key for i in office.inbox["sn-hq"]] == ["o:2", "q:1"]


def test_who_has_no_authority_over_an_order_cannot_make_it_disappear(office: Office) -> None:
    office.presence("sn-hq", "lost")
    office.record(order(), "p", "fhq-u3", to=("sn-hq",))
    office.record(order(supersedes=(ref("p"),)), "q", "xbl-batt", to=("sn-hq",))
    office.presence("sn-hq", "regained")
    assert [i.envelope.id for i in office.inbox["sn-hq"]] == ["p", "q"]


def test_a_card_that_came_and_went_in_a_gap_is_not_delivered_unless_it_was_known(office: Office) -> None:
    office.alert(make_card("known", told=("sn-hq",)))
    office.presence("sn-hq", "lost")
    office.alert(make_card("new", told=("sn-hq",)))
    for name in ("new", "known"):
        office.alert(make_card(name, told=("sn-hq",), work="resolved", rev=2))
    office.presence("sn-hq", "regained")
    assert [(i.body.id, i.body.work) for i in office.inbox["sn-hq"]] == [("known", "raised"), ("known", "resolved")]


def test_a_card_that_merged_makes_no_noise(office: Office) -> None:
    office.alert(make_card("k", told=("sn-hq",)))
    office.alert(make_card("k", told=("sn-hq",), work="superseded", merged_into="j", rev=2))
    assert len(office.inbox["sn-hq"]) == 1
    item = office.on_board("sn-hq", "alert", "k")
    assert item is not None
    assert item.body.merged_into == "j"


def test_when_too_much_waits_the_least_urgent_goes_at_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holdback, "MAX_HELD", 3)
    office.presence("sn-hq", "lost")
    for i in range(5):
        precedence = "routine" if i % 2 else "flash"
        office.record(TextMessage(text="x"), f"m{i}", "xar-batt", precedence=precedence)
    assert [i.envelope.id for i in office.inbox["sn-hq"]] == ["m1", "m3"]
    office.presence("sn-hq", "regained")
    assert [i.envelope.id for i in office.inbox["sn-hq"]] == ["m1", "m3", "m0", "m2", "m4"]


def test_who_was_told_is_told_of_the_end_though_it_is_not_told_any_more(office: Office) -> None:
    office.alert(make_card("k", told=("sn-hq",)))
    office.alert(make_card("k", told=(), work="resolved", rev=2))
    assert [i.body.work for i in office.inbox["sn-hq"]] == ["raised", "resolved"]


# -- cards ------------------------------------------------------------------------------------------------------------


def test_a_card_is_as_severe_as_what_its_reader_may_know(office: Office) -> None:
    office.record(order(), "a", "sn-hq", to=("xar-batt",))
    office.record(order(), "b", "sc-hq", to=("xbl-batt",))
    mild = make_finding("f", Party(id="a", issuer="sn-hq"), told=("sn-hq", "fhq-u3"), severity="LOW")
    bad = make_finding("g", Party(id="b", issuer="sc-hq"), told=("sc-hq", "fhq-u3"), severity="CRITICAL")
    office.find(mild)
    office.find(bad)
    office.alert(make_card("k", mild, bad, told=("sn-hq", "sc-hq", "fhq-u3"), severity="Extreme", owner="sc-hq"))
    seen = {p: office.on_board(p, "alert", "k") for p in ("sn-hq", "sc-hq", "fhq-u3")}
    assert {p: (i.body.severity, i.body.owner) for p, i in seen.items() if i} == {
        "sn-hq": ("Minor", ""),
        "sc-hq": ("Extreme", "sc-hq"),
        "fhq-u3": ("Extreme", "sc-hq"),
    }
    assert office.inbox["sn-hq"][-1].precedence == "routine"


def test_a_lost_contact_is_said_in_one_line(office: Office) -> None:
    office.alert(
        make_card("k", told=("fhq-u3",), alert_kind="contact-lost", about="xco-eng", place="",
                  event_from=None, event_to=None, undelivered=1, undelivered_severity="HIGH")
    )  # fmt: skip
    assert office.inbox["fhq-u3"][0].body.headline == "XCO-ENG unreachable, 1 HIGH card not delivered"


def test_the_answer_to_an_action_is_delivered_though_it_is_over(office: Office) -> None:
    facts = {"alert_kind": "not-accepted", "work": "resolved", "text_key": "not-accepted-stale"}
    office.alert(make_card("k", told=("sn-hq",), **facts))
    [item] = office.inbox["sn-hq"]
    assert item.body.headline == "Your action changed nothing: the card has changed since you saw it"


def test_what_others_did_with_a_card_is_shown_to_those_who_may_know_of_them(office: Office) -> None:
    office.alert(make_card("k", told=("xar-batt", "sn-hq", "xbl-batt")))
    item = office.on_board("xar-batt", "alert", "k")
    assert item is not None
    assert [t.participant for t in item.body.told] == ["xar-batt", "sn-hq"]


# -- memory -----------------------------------------------------------------------------------------------------------


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
