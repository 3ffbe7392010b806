"""The first vignette, as each participant gets it: who sees what, and what comes first when the link is back."""

import pytest
from msgspec.structs import replace

from schemas.acknowledgements import Acknowledgement
from schemas.directives import Directive, OrderChange, Vehicles
from schemas.envelope import Contact
from schemas.findings import Evidence, Finding, Party
from schemas.geo import Route
from schemas.notices import MovementNotice, RouteState
from schemas.time import TimeWindow
from tests.support.desk import z
from tests.support.released import Office, make_card, make_finding, ref, unit

CLOSURE = Party(id="SN-FRAGO-03-017", kind="directive", issuer="sn-hq", units=("xar-batt",), what="closure")
CONVOY = Party(id="HNS-0314-07", kind="movement", issuer="ocha-cmc", units=("ocha-cmc",), what="humanitarian movement")
ESCORT = Party(id="SC-FRAGO-03-022", kind="directive", issuer="sc-hq", units=("xbl-batt",), what="escort")
WATER = Party(id="XBL-MOV-0314-3", kind="movement", issuer="xbl-batt", units=("xbl-batt",), what="logistics movement")

NORTH, CENTRE = ("sn-hq", "xar-batt"), ("sc-hq", "xbl-batt")
C1 = make_finding("c1", CLOSURE, ESCORT, told=(*NORTH, *CENTRE, "fhq-u3"))
C2 = make_finding("c2", CLOSURE, CONVOY, told=(*NORTH, "ocha-cmc", "fhq-u3"))
C3 = make_finding("c3", ESCORT, CONVOY, told=(*CENTRE, "ocha-cmc", "fhq-u3"))
C4 = make_finding(
    "c4", ESCORT, told=(*CENTRE, "fhq-u3"), finding_kind="route-capacity",
    evidence=Evidence(rule="load-class", place="KESSA", required_class=40, load_class=30, cites=("XCO-BR-11:1",)),
)  # fmt: skip
C5 = make_finding("c5", CLOSURE, WATER, told=(*NORTH, "xbl-batt", "fhq-u3"), severity="MEDIUM")
EVERYBODY = (*NORTH, *CENTRE, "ocha-cmc", "fhq-u3")
SECRETS = (b"Relief Abroad", b"J. Driver", b"rice", b"4711", b"4712")


def window(start: str, end: str) -> tuple[TimeWindow, ...]:
    return (TimeWindow.exact(z(start), z(end)),)


def convoy() -> MovementNotice:
    return MovementNotice(
        movement_kind="humanitarian",
        route=Route(name="LIME"),
        windows=window("141000", "141045"),
        organisation="Relief Abroad",
        drivers="J. Driver",
        cargo="rice",
        purpose="Relief Abroad brings rice",
        contact=Contact(role="CMCoord hotline"),
    )


def until_0405(office: Office) -> None:
    office.record(convoy(), "HNS-0314-07", "ocha-cmc", "120900", summary="Relief Abroad, 8 trucks")
    bridge = RouteState(section="KESSA", load_class=30, lanes=1)
    office.record(bridge, "XCO-BR-11", "xco-eng", "121430")
    patrol = MovementNotice(
        movement_kind="patrol", strength=4711, purpose="4711 men", windows=window("140700", "140720")
    )
    office.record(patrol, "XAR-PTL-0314-1", "xar-batt", "131700", to=("sn-hq",))
    closure = Directive(
        directive_kind="frago", action="block", exclusive=True, task="4711 men close KESSA", strength=4711,
        performers=(unit("xar-batt"),), windows=window("140900", "141300"),
    )  # fmt: skip
    office.record(closure, "SN-FRAGO-03-017", "sn-hq", "140405", to=("xar-batt",))
    office.find(C2)
    office.alert(make_card("card", C2, told=(*NORTH, "ocha-cmc", "fhq-u3")))


def until_0540(office: Office) -> None:
    until_0405(office)
    escort = Directive(
        directive_kind="frago", action="escort", performers=(unit("xbl-batt"),), windows=window("141000", "141100"),
        vehicles=(Vehicles(type="bridging", count=4712, load_class=40),),
    )  # fmt: skip
    office.record(escort, "SC-FRAGO-03-022", "sc-hq", "140510", to=("xbl-batt",))
    for finding in (C1, C3, C4):
        office.find(finding)
    office.alert(make_card("card", C1, C2, C3, C4, told=EVERYBODY, rev=2, material_rev=2))
    water = MovementNotice(movement_kind="logistics", windows=window("141200", "141220"))
    office.record(water, "XBL-MOV-0314-3", "xbl-batt", "140530", to=("sc-hq",))
    office.find(C5)
    office.alert(make_card("card", C1, C2, C3, C4, C5, told=EVERYBODY, rev=3, material_rev=3))


def until_0700(office: Office) -> None:
    until_0540(office)
    office.presence("xbl-batt", "lost", "140550")
    order = Directive(
        directive_kind="frago",
        amends=(
            OrderChange(order=ref("SN-FRAGO-03-017"), exclusive=False, permitted=(ref("HNS-0314-07"),)),
            OrderChange(order=ref("SC-FRAGO-03-022"), windows=window("141130", "141230")),
        ),
    )
    office.record(order, "FHQ-FRAGO-03-101", "fhq-u3", "140640", to=(*NORTH, *CENTRE), info=("ocha-cmc",))
    moved = tuple(replace(f, state="resolved-if-acknowledged", waits_for=("xbl-batt",)) for f in (C1, C2, C3))
    for finding in moved:
        office.find(finding)
    office.alert(make_card("card", *moved, C4, C5, told=EVERYBODY, rev=4, material_rev=3))
    office.record(RouteState(section="KESSA", load_class=40), "XCO-BR-11", "xco-eng", "140700", revision=2)
    ended = replace(C4, state="closed", why="re-rated by XCO-BR-11:2")
    office.find(ended)
    office.alert(make_card("card", *moved, ended, C5, told=EVERYBODY, rev=5, material_rev=3))


@pytest.fixture
def office() -> Office:
    return Office()


def test_the_sender_of_a_notice_twice_reads_that_it_was_received_both_times(office: Office) -> None:
    office.receipt("ocha-cmc", "mail-1")
    office.receipt("ocha-cmc", "mail-2")
    for input_id in ("mail-1", "mail-2"):
        item = office.on_board("ocha-cmc", "receipt", input_id)
        assert item is not None
        assert item.body.answers[0].input == input_id
        assert b"approved" not in item.data
    assert set(office.board) == {"ocha-cmc"}


def test_contingents_see_a_movement_without_who_and_what(office: Office) -> None:
    office.record(convoy(), "HNS-0314-07", "ocha-cmc", summary="Relief Abroad, 8 trucks")
    [item] = office.inbox["xar-batt"]
    assert item.body.movement_kind == "humanitarian"
    assert item.body.route.name == "LIME"
    assert item.body.contact.role == "CMCoord hotline"
    assert item.body.windows == convoy().windows
    assert not any(s in office.got("xar-batt") for s in SECRETS)
    own = office.on_board("ocha-cmc", "movement", "HNS-0314-07")
    assert own is not None
    assert own.body.organisation == "Relief Abroad"
    assert "ocha-cmc" not in office.inbox


def test_the_notifier_sees_that_something_clashes_and_its_effect(office: Office) -> None:
    until_0405(office)
    item = office.on_board("ocha-cmc", "finding", "c2")
    assert item is not None
    seen: Finding = item.body
    assert seen.sentence == (
        "Your movement HNS-0314-07 at KESSA 141000Z-141045Z is affected by another activity; call FHQ-U3"
    )
    assert [p.id for p in seen.parties] == ["HNS-0314-07", ""]
    assert seen.evidence.rule == ""
    assert seen.told == ("ocha-cmc", "fhq-u3")
    [card] = [i for i in office.inbox["ocha-cmc"] if i.envelope.kind == "alert"]
    assert card.precedence == "immediate"
    assert card.body.headline == "Affected at KESSA 141000Z-141045Z: HNS-0314-07"
    assert {t.participant for t in card.body.told} == {"ocha-cmc", "fhq-u3"}


def test_nobody_gets_what_belongs_to_another(office: Office) -> None:
    until_0700(office)
    office.presence("xbl-batt", "regained", "140811")
    cleared = {
        b"4711": {"sn-hq", "xar-batt", "fhq-u3"},
        b"4712": {"sc-hq", "xbl-batt", "fhq-u3"},
    }
    for secret in SECRETS:
        for participant in set(office.board) - cleared.get(secret, {"ocha-cmc"}):
            assert secret not in office.got(participant), (secret, participant)
    assert b"SN-FRAGO-03-017" not in office.got("xco-eng")


def test_each_side_knows_of_the_other_by_its_effect_only(office: Office) -> None:
    until_0540(office)
    north, centre = office.got("sn-hq"), office.got("sc-hq")
    assert b"SC-FRAGO-03-022" not in north
    assert b"SN-FRAGO-03-017" not in centre
    fhq = office.on_board("fhq-u3", "finding", "c1")
    assert fhq is not None
    assert [p.id for p in fhq.body.parties] == ["SN-FRAGO-03-017", "SC-FRAGO-03-022"]
    assert fhq.body.evidence.rule == "closure/use"


def test_a_full_reader_gets_the_explained_sentence_and_every_number(office: Office) -> None:
    until_0540(office)
    full = office.on_board("sc-hq", "finding", "c3")
    assert full is not None
    assert full.body.sentence == (
        "SC-FRAGO-03-022 (escort) and HNS-0314-07 (humanitarian movement) do not go together. Both are at KESSA from "
        "141000ZMAR27 to 141045ZMAR27, against the rule closure/use. fhq-u3 can decide."
    )
    capacity = office.on_board("xbl-batt", "finding", "c4")
    assert capacity is not None
    assert (capacity.body.evidence.required_class, capacity.body.evidence.load_class) == (40, 30)
    assert "Classe de charge de ses véhicules : 40. KESSA porte la classe 30." in capacity.body.sentence


def test_nobody_finds_a_member_on_a_card_that_does_not_concern_it(office: Office) -> None:
    until_0540(office)
    shown = {p: office.on_board(p, "alert", "card") for p in EVERYBODY}
    members = {p: {m.finding for m in item.body.members} for p, item in shown.items() if item}
    assert members == {
        "fhq-u3": {"c1", "c2", "c3", "c4", "c5"},
        "sn-hq": {"c1", "c2", "c5"},
        "xar-batt": {"c1", "c2", "c5"},
        "sc-hq": {"c1", "c3", "c4"},
        "xbl-batt": {"c1", "c3", "c4", "c5"},
        "ocha-cmc": {"c2", "c3"},
    }


def test_the_order_comes_first_when_the_link_is_back_then_one_current_card(office: Office) -> None:
    until_0700(office)
    before = len(office.inbox["xbl-batt"])
    office.presence("xbl-batt", "regained", "140811")
    drained = office.inbox["xbl-batt"][before:]
    assert drained[0].envelope.id == "FHQ-FRAGO-03-101"
    assert drained[0].precedence == "immediate"
    assert drained[1].body.KIND == "alert"
    assert drained[1].body.rev == 5
    assert [i.envelope.kind for i in drained].count("alert") == 1
    assert [i.envelope.id for i in drained if i.envelope.kind == "route-state"] == ["XCO-BR-11"]


def test_nothing_reaches_an_inbox_while_the_link_is_down_but_the_board_follows(office: Office) -> None:
    until_0540(office)
    office.presence("xbl-batt", "lost", "140550")
    before = len(office.inbox["xbl-batt"])
    office.record(RouteState(section="KESSA", load_class=40), "XCO-BR-11", "xco-eng", "140700", revision=2)
    assert len(office.inbox["xbl-batt"]) == before
    item = office.on_board("xbl-batt", "route-state", "XCO-BR-11")
    assert item is not None
    assert item.body.load_class == 40


def test_an_acknowledgement_goes_to_who_issued_the_order_and_to_those_above(office: Office) -> None:
    until_0405(office)
    ack = Acknowledgement(of=ref("SN-FRAGO-03-017"), step="wilco")
    items = office.record(ack, "ack-1", "xar-batt", "140412")
    assert {i.subject.split(".")[1] for i in items if i.subject.startswith("to.")} == {"sn-hq", "fhq-u3"}


def test_the_next_step_names_the_arbiter_and_never_who_gives_way(office: Office) -> None:
    until_0540(office)
    for participant in EVERYBODY:
        item = office.on_board(participant, "alert", "card")
        assert item is not None
        assert item.body.next_step == {
            "fhq-u3": "Acknowledge, then settle it: you can decide",
            "xbl-batt": "Accusez réception, puis réglez l’affaire avec FHQ-U3",
        }.get(participant, "Acknowledge, then settle it with FHQ-U3")


def test_pop_ups_are_few(office: Office) -> None:
    until_0700(office)
    cards = {p: [i.body.rev for i in items if i.envelope.kind == "alert"] for p, items in office.inbox.items()}
    assert cards["ocha-cmc"] == [1, 2]  # its convoy against the closure, then against the escort
    assert cards["sc-hq"] == [2]
    assert cards["sn-hq"] == [1, 2, 3]
