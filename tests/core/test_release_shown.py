"""Findings and cards as one reader may know them, and what waits while it is away."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from coordinator.core import holdback
from schemas.directives import Caveat
from schemas.findings import Evidence, Option, Party
from schemas.label import Label
from schemas.reports import TextMessage
from schemas.time import TimeWindow
from tests.support.released import Office, make_card, make_finding, order, ref, unit


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_national_restriction_is_called_by_its_effect(office: Office) -> None:
    office.record(Caveat(text="never", units=(unit("xbl-batt"),)), "cav", "xbl-batt", label=Label(releasable_to=()))
    office.record(order(performers=(unit("xbl-batt"),)), "o", "sc-hq")
    finding = make_finding(
        "f", Party(id="o", kind="directive", issuer="sc-hq", units=("xbl-batt",)), told=("sc-hq", "xbl-batt"),
        finding_kind="caveat", why="caveat cav:1",
        evidence=Evidence(place="KESSA", cites=("cav:1",), rule="never", authority="xbl-batt"),
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
    said = "Une restriction déclarée de xbl-batt, never, n’est pas compatible avec o."
    assert owner.body.sentence.startswith(said)


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


def test_a_sentence_that_names_what_a_reader_may_not_know_is_not_given(office: Office) -> None:
    office.record(order(), "a", "sn-hq", to=("xar-batt",))
    finding = make_finding(
        "f", Party(id="a", issuer="sn-hq"), told=("xar-batt", "fhq-u3"), finding_kind="not-acknowledged",
        evidence=Evidence(rule="notice", missing=("xbl-batt",)),
    )  # fmt: skip
    for changes in ({}, {"evidence": Evidence(rule="notice"), "waits_for": ("xbl-batt",)}, {"why": "said by xbl-batt"}):
        office.find(replace(finding, **changes))
        item = office.on_board("xar-batt", "finding", "f")
        assert item is not None
        assert item.body.sentence == "a: not acknowledged, and the start is near; call FHQ-U3"
        assert b"xbl-batt" not in item.data


def test_an_order_that_cites_what_nobody_sent_is_shown_as_it_is(office: Office) -> None:
    office.record(order(), "a", "sn-hq")
    office.record(order(), "x", "fhq-u3", label=Label(releasable_to=()))
    party = Party(id="a", kind="directive", issuer="sn-hq")
    torn = "Your order a cannot be carried out as it stands"
    for cited, sentence in (("nothing", "a cites nothing, which is not known."), ("x:7", torn)):
        evidence = Evidence(rule="missing", cites=(cited,))
        finding = make_finding("f", party, told=("sn-hq",), finding_kind="stale-order", evidence=evidence)
        office.find(finding)
        item = office.on_board("sn-hq", "finding", "f")
        assert item is not None
        assert item.body.sentence.startswith(sentence)


def test_a_place_or_time_that_is_closed_is_not_told_by_a_finding(office: Office) -> None:
    closed = {"windows": Label(releasable_to=()), "performers": Label(releasable_to=())}
    office.record(order(), "a", "sn-hq", to=("xar-batt",), field_labels=closed)
    party = Party(id="a", issuer="sn-hq", units=("xbl-batt",), what="closure", window=TimeWindow.exact(1, 2))
    office.find(make_finding("f", party, told=("xar-batt",)))
    item = office.on_board("xar-batt", "finding", "f")
    assert item is not None
    assert item.body.parties == (Party(id="a", issuer="sn-hq"),)
    assert (item.body.evidence.place, item.body.evidence.overlap) == ("KESSA", None)


def test_a_finding_of_every_kind_has_a_sentence(office: Office) -> None:
    office.record(order(), "a", "sn-hq")
    kinds = msgspec.json.schema(type(make_finding("f", Party(id="a"), told=())))["$defs"]["Finding"]["properties"]
    for kind in kinds["finding_kind"]["enum"]:
        for told in ("sn-hq", "ocha-cmc"):
            facts: dict[str, Any] = {"told": (told,), "finding_kind": kind, "evidence": Evidence(place="KESSA")}
            office.find(make_finding(f"{kind}-{told}", Party(id="a", issuer="sn-hq"), **facts))
            item = office.on_board(told, "finding", f"{kind}-{told}")
            assert item is not None
            assert item.body.sentence.endswith("; call FHQ-U3")


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
