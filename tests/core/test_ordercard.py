"""An order as a card: who, what, where, when and what to answer, in six languages, with nothing of it changed."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.gates import ordercard
from coordinator.gates.readable import readable
from coordinator.texts import say
from schemas import registry
from schemas.directives import AssetDemand, Dependency, Directive, OrderChange, Vehicles
from schemas.envelope import Contact, Envelope, Reference, UnitRef
from schemas.geo import AltitudeBand, AltitudeLimit, Circle, Line, Named, Position, Route, RoutePoint
from schemas.time import TimeWindow
from tests.support.desk import z

SIX = ("ar", "en", "es", "fr", "ru", "zh")
ISOLATES = re.compile("[\u2066-\u2069]")
WINDOW = TimeWindow.exact(z("140900"), z("141300"))
FULL = Directive(
    directive_kind="frago", action="block", exclusive=True, task="A Coy closes KESSA.", on_order_of="FHQ 12",
    performers=(UnitRef(id="xar-a", callsign="A COY"),), supporting=(UnitRef(name="XCO ENG"),),
    windows=(WINDOW,), area=Circle(centre=Position(lat=2.0, lon=-27.0, ce_m=10.0), radius_m=150.0, name="KESSA"),
    route=Route(name="PLUM", points=(RoutePoint(name="FORD"), RoutePoint(name="KESSA"))),
    altitude=AltitudeBand(upper=AltitudeLimit(reference="AGL", value_m=300.0)),
    vehicles=(Vehicles(type="truck", count=14, load_class=40),), assets=(AssetDemand(name="crane"),),
    frequencies_mhz=(45.5,), permitted=(Reference(id="HNS-0314-07"),), coordinated_with=(Reference(id="SC-022"),),
    dependencies=(Dependency(task="XAR-1", relation="relief-of"),), relies_on=("OP 4-7",),
    amends=(OrderChange(order=Reference(id="SN-017"), windows=(WINDOW,), task="control, not closure"),),
    supersedes=(Reference(id="OLD-1"),), cancels=(Reference(id="OLD-2"),), constraints="no searches of ambulances",
    contact=Contact(role="U3 duty", radio="VHF 4"),
)  # fmt: skip
SAID = (
    "sn-hq", "FHQ 12", "A COY", "XCO ENG", "A Coy closes KESSA.", "26N NH 00000 21060", "150 m", "PLUM", "FORD > KESSA",
    "140900Z", "141300Z", "300 m AGL", "14 x truck", "MLC 40", "crane", "45.5 MHz", "HNS-0314-07", "SC-022", "XAR-1",
    "OP 4-7", "SN-017", "control, not closure", "OLD-1", "OLD-2", "no searches of ambulances", "U3 duty", "VHF 4",
)  # fmt: skip


def envelope(order: Directive, **fields: Any) -> Envelope:
    return registry.pack(order, id="SN-FRAGO-03-017", originator="sn-hq", **fields)


def card(order: Directive, lang: str = "en") -> str:
    return ISOLATES.sub("", ordercard.card(envelope(order), order, lang))


@pytest.mark.parametrize("lang", SIX)
def test_a_card_says_every_value_of_an_order_as_it_was_given(lang: str) -> None:
    said = card(FULL, lang)
    assert [value for value in SAID if value not in said] == []


@pytest.mark.parametrize("lang", SIX)
def test_a_card_has_a_line_each_with_a_label_in_its_language(lang: str) -> None:
    labels = {key.partition(": ")[0] for key in card(FULL, lang).splitlines()[1:]}
    assert {say(f"order-card-{key}", lang) for key in ("what", "who", "where", "when", "answer")} <= labels
    assert len(labels) == 22


def test_a_card_ends_with_what_to_answer() -> None:
    assert card(FULL).splitlines()[-1].endswith("Then say WILCO, or CANNOT COMPLY with a code.")


def test_what_an_order_does_not_say_has_no_line() -> None:
    bare = card(Directive(directive_kind="opord", action="hold"))
    assert [row.partition(": ")[0] for row in bare.splitlines()[1:]] == ["ORDER", "FROM", "ANSWER"]


def test_a_draft_says_that_it_orders_nothing_and_asks_for_no_answer() -> None:
    said = card(Directive(directive_kind="frago", action="hold", draft=True))
    assert "orders nothing" in said
    assert "WILCO" not in said


def test_a_pure_amendment_is_called_a_change_and_says_what_changes() -> None:
    change = OrderChange(order=Reference(id="SN-017"), area=Named(name="FORD", radius_m=50.0))
    said = card(Directive(directive_kind="frago", amends=(change,)))
    assert "ORDER: change of orders" in said
    assert "CHANGES: SN-017: WHERE FORD (+-50 m)" in said


def test_a_shape_without_a_name_is_said_to_stand_below_and_stands_there() -> None:
    order = Directive(directive_kind="frago", area=Line(points=((-27.0, 2.0), (-27.1, 2.1))))
    text = readable(envelope(order), "immediate", "en")
    above, _, below = text.partition("IN FULL: ")
    assert "WHERE: the area drawn below" in above
    assert "area.points[1]" in below


def test_very_many_values_of_one_sort_are_counted_on_the_card() -> None:
    units = tuple(UnitRef(id=f"u{n}") for n in range(ordercard.MOST + 3))
    assert "u11, and 3 more" in card(Directive(directive_kind="frago", performers=units))


@given(st.text(max_size=60), st.sampled_from(SIX))
def test_no_value_can_make_a_line_of_its_own(text: str, lang: str) -> None:
    order = Directive(directive_kind="frago", performers=(UnitRef(id=text or "u"),), on_order_of=text)
    plain = ordercard.card(envelope(Directive(directive_kind="frago", performers=(UnitRef(id="u"),))), order, lang)
    assert len(plain.splitlines()) <= 5
