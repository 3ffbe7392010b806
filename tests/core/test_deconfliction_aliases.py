"""Answers that name an order as its originator's system does: by the id of its task, its order or its document."""

import itertools
from typing import Any

import pytest
from msgspec.structs import replace

import adapters
from adapters.base import Context
from coordinator.core.deconfliction import Engine, check
from coordinator.core.deconfliction.aliases import Aliases
from coordinator.core.deconfliction.ledger import Ledger, item
from coordinator.services.judge import Accepted, Input, judge
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Directive
from schemas.envelope import Envelope, Reference, Source, UnitRef
from schemas.findings import Finding
from schemas.geo import Named
from schemas.label import Label
from tests.formats.cases import FOLDER
from tests.support.released import Office, unit
from tests.support.v1 import DAY, MISSION, during, logged, said, z

ORDER = "ORDER-4711"
LATE = "140930"  # the tasks begin at 1000Z


@pytest.fixture
def office() -> Office:
    return Office()


def task(number: int, document: str = "d", by: str = "sn-hq", **fields: Any) -> Envelope:
    """Return one task of an order that a C2SIM system sent."""
    body = Directive(
        directive_kind="opord",
        action="observe",
        performers=(UnitRef(participant="xar-batt"),),
        area=Named(name="KESSA"),
        windows=(during("141000", "141100"),),
        plan_ref=ORDER,
    )
    envelope = said(body, f"{document}/{number}", by, "140500")
    fields = {"aliases": (f"T{number}", ORDER), **fields}
    return replace(envelope, source=Source(format="c2sim", sha256=document), **fields)


def wilco(of: str, originator: str = "", at: str = "140600", by: str = "xar-batt") -> Envelope:
    body = Acknowledgement(of=Reference(id=of, originator=originator), step="wilco")
    return said(body, f"ack-{of}-{at}", by, at)


def found(*messages: Envelope) -> list[Finding]:
    return check(messages, MISSION, z(LATE))


def silent(*messages: Envelope) -> set[str]:
    """Return the orders that are found not to be acknowledged."""
    return {p.id for f in found(*messages) if f.finding_kind == "not-acknowledged" for p in f.parties}


def unclear(*messages: Envelope) -> set[str]:
    """Return the orders whose answers could mean others."""
    kinds = [f for f in found(*messages) if f.finding_kind == "undecidable" and f.evidence.rule == "ambiguous"]
    assert all(f.evidence.field == "acknowledgement" for f in kinds)
    return {p.id for f in kinds for p in f.parties}


def test_an_answer_to_an_order_is_one_to_each_of_its_tasks() -> None:
    assert silent(task(1), task(2)) == {"d/1", "d/2"}
    assert silent(task(1), task(2), wilco(ORDER)) == set()


def test_an_answer_to_a_task_is_one_to_that_task_only() -> None:
    assert silent(task(1), task(2), wilco("T2")) == {"d/1"}


def test_an_answer_to_an_order_that_was_sent_in_two_documents_means_neither_and_says_so() -> None:
    messages = (task(1), task(1, document="e", aliases=("U1", ORDER)), wilco(ORDER))
    assert silent(*messages) == {"d/1", "e/1"}
    assert unclear(*messages) == {"d/1", "e/1"}
    assert unclear(*messages[:2]) == set()
    assert silent(*messages, wilco("T1", at="140700")) == {"e/1"}


def test_the_originator_tells_the_orders_of_two_apart() -> None:
    messages = (task(1), task(1, document="e", by="sc-hq", aliases=("U1", ORDER)), wilco(ORDER, "sc-hq"))
    assert silent(*messages) == {"d/1"}
    assert unclear(*messages) == set()


def test_an_id_of_the_bus_comes_before_an_alias() -> None:
    plain = said(registry.body(task(1)), ORDER, "fhq-u3", "140500")
    assert silent(task(1), plain, wilco(ORDER)) == {"d/1"}


@pytest.mark.parametrize("clash", ["another document", "an order of that id"])
def test_the_order_of_arrival_does_not_matter(clash: str) -> None:
    other = task(1, document="e", by="sc-hq") if clash == "another document" else replace(task(9), id="T1", aliases=())
    messages = (task(1), task(2), other, wilco("T1"), wilco(ORDER, at="140601"))
    expected = {f.id: f for f in found(*messages)}
    for arrived in itertools.permutations(messages):
        engine = Engine(MISSION)
        for seq, envelope in enumerate(arrived):
            engine.handle(logged(envelope, seq, z(LATE)))
        assert {f.id: replace(f, at=0) for f in engine.findings()} == {i: replace(f, at=0) for i, f in expected.items()}


def test_a_dry_run_leaves_no_alias_behind() -> None:
    engine = Engine(MISSION)
    for seq, envelope in enumerate((task(1), wilco(ORDER))):
        engine.handle(logged(envelope, seq, z(LATE)))
    before = engine.findings()
    asked = [(task(2, document="e"), z(LATE))]
    assert any(f.finding_kind == "undecidable" for f in engine.check([m for m, _ in asked]))
    assert engine.findings() == before


def test_what_is_turned_is_told_once_and_only_at_the_second_document() -> None:
    names = Aliases()
    for number in range(3):
        names.note(("a", f"d/{number}"), [task(number)])
    assert names.turned() == set()
    names.note(("a", "e/1"), [task(1, document="e")])
    assert names.turned() == {("a", "d/0"), ("a", "d/1"), ("a", "d/2"), ("a", "e/1")}
    names.note(("a", "f/1"), [task(1, document="f")])
    assert names.turned() == set()


def test_an_answer_by_an_alias_goes_to_whoever_issued_the_order(office: Office) -> None:
    fields = {"aliases": ("T1", ORDER)}
    order = Directive(directive_kind="frago", performers=(unit("xar-batt"),))
    office.record(order, "d/1", "sn-hq", **fields)
    items = office.record(Acknowledgement(of=Reference(id=ORDER), step="wilco"), "a", "xar-batt")
    assert "sn-hq" in {i.subject.split(".")[1] for i in items if i.subject.startswith("to.")}


def test_an_alias_does_not_repeat_a_field_that_a_reader_may_not_see(office: Office) -> None:
    order = Directive(directive_kind="frago", performers=(unit("xar-batt"),), plan_ref=ORDER)
    label = {"plan_ref": Label(releasable_to=("sn-hq",))}
    office.record(order, "d/1", "sn-hq", aliases=("T1", ORDER), field_labels=label)
    assert b"d/1" in office.got("xar-batt")
    assert ORDER.encode() not in office.got("xar-batt")


@pytest.mark.parametrize(
    ("format_", "named"), [("text", "0800"), ("text", "0700"), ("native", "0800"), ("native", "0900")]
)
def test_an_order_that_was_read_from_c2sim_is_answered_in_any_format(format_: str, named: str) -> None:
    """By OrderID (0800), by the UUID of its first task (0700), by MessageID (0900)."""
    data = (FOLDER / "c2sim/one_task_waits_for_another.xml").read_bytes()
    orders = adapters.adapter("c2sim").decode(data, Context(participant="sn-hq", received_at=DAY)).messages
    identity = f"00000000-0007-{named}-1000-000000000001"
    text = f"ACKNOWLEDGEMENT\nOf: {identity}\nStep: WILCO\n"
    json = f'{{"id":"a","kind":"acknowledgement","body":{{"of":{{"id":"{identity}"}},"step":"wilco"}}}}'
    sent = (text if format_ == "text" else json).encode()
    judged = judge(Input("i", subjects.raw("xar-batt", format_), sent, 1), MISSION, "live", z("140600"))
    assert isinstance(judged, Accepted), judged
    answer = registry.envelope(judged.messages[0][2])
    ledger = Ledger()
    for envelope in orders:
        ledger.add(item(envelope, registry.body(envelope), z("140500")))
    body = registry.body(answer)
    assert isinstance(body, Acknowledgement)
    said_of = {identity[-2:] for _, identity in ledger.answered(body.of)}
    assert said_of == ({"01"} if named == "0700" else {"01", "02", "03"})
