"""A WILCO whose read-back contradicts the order does not count: the finding stays, the unit and its issuer are told.

Source: reference domain.md R-04; design §5 (read-back of time, place, task).
"""

from typing import Any

import pytest

from adapters import places
from coordinator.core.deconfliction import Engine
from coordinator.core.deconfliction.explain import sentence
from coordinator.core.orders.readback import Frame
from coordinator.core.orders.standing import OrderState, order_state
from coordinator.texts import say
from schemas.acknowledgements import Acknowledgement, ReadBack
from schemas.directives import Directive, OrderChange
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.geo import Position
from schemas.label import Label
from tests.support.v1 import MESSAGES, MISSION, during, logged, ref, said, z

CLOSURE, CONVOY = MESSAGES[7], MESSAGES[1]
ORDER = ("sn-hq", "SN-FRAGO-03-017")
FRAGO = said(
    Directive(
        directive_kind="frago",
        amends=(OrderChange(order=ref("SN-FRAGO-03-017"), permitted=(ref("HNS-0314-07"),)),),
    ),
    "F", "sn-hq", "140500",
)  # fmt: skip
RIGHT, WRONG = ReadBack(window=during("140900", "141300")), ReadBack(window=during("140600", "141300"))


def locate(text: str, square: str) -> Position | None:
    try:
        return places.read(text, square)
    except places.Unreadable:
        return None


def ack(step: Any, at: str, read: ReadBack | None = None, by: str = "xar-batt", of: str = "F", **f: Any) -> Envelope:
    code = "UNSAFE" if step == "cannot-comply" else ""
    return said(Acknowledgement(of=ref(of), step=step, read_back=read, code=code), f"{by}-{at}-{step}", by, at, **f)


def engine(*more: Envelope, at: str = "140600") -> Engine:
    found = Engine(MISSION, locate)
    for i, e in enumerate((CLOSURE, CONVOY, FRAGO, *more)):
        found.handle(logged(e, i, z(at)))
    return found


def clash(*more: Envelope) -> str:
    [found] = [f for f in engine(*more).findings() if f.finding_kind == "incompatible-activities"]
    return found.state


def told(*more: Envelope, at: str = "140600") -> list[Finding]:
    """The findings that a read-back is wrong."""
    found = (f for f in engine(*more, at=at).findings() if f.state != "closed")
    return [f for f in found if f.evidence.rule == "read-back"]


def shown(*more: Envelope) -> OrderState:
    known = engine(*more)
    frame = Frame(MISSION, lambda text: locate(text, MISSION.mgrs_square))
    found = order_state(known.ledger, ORDER, known._setting, frame)
    assert found
    return found


def test_a_wilco_with_the_right_read_back_or_with_none_closes_the_finding() -> None:
    assert clash() == "resolved-if-acknowledged"
    assert clash(ack("wilco", "140510")) == "closed"
    assert clash(ack("wilco", "140510", RIGHT)) == "closed"


def test_a_wilco_with_a_wrong_read_back_closes_nothing_and_the_order_shows_it() -> None:
    wrong = ack("wilco", "140510", WRONG)
    assert clash(wrong) == "resolved-if-acknowledged"
    assert [s.state for s in shown(wrong).performers] == ["misread"]
    assert not shown(wrong).coordinated


@pytest.mark.parametrize("step", ["understood", "wilco"])
def test_a_wrong_read_back_takes_the_wilco_before_it_back(step: Any) -> None:
    assert clash(ack("wilco", "140510"), ack(step, "140520", WRONG)) == "resolved-if-acknowledged"


def test_reading_it_back_right_makes_the_wilco_count() -> None:
    wrong = ack("wilco", "140510", WRONG)
    assert clash(wrong, ack("understood", "140515", RIGHT)) == "closed"
    assert clash(wrong, ack("wilco", "140515", RIGHT)) == "closed"
    assert clash(wrong, ack("wilco", "140515")) == "resolved-if-acknowledged"  # it says nothing of what was wrong


def test_order_and_finding_say_the_same_of_every_history() -> None:
    histories = [
        (), (ack("wilco", "140510"),), (ack("wilco", "140510", WRONG),), (ack("understood", "140510", WRONG),),
        (ack("wilco", "140510", WRONG), ack("wilco", "140511", RIGHT)), (ack("wilco", "140510", RIGHT),),
        (ack("wilco", "140510"), ack("understood", "140511", WRONG)), (ack("cannot-comply", "140510", WRONG),),
    ]  # fmt: skip
    for said_ in histories:
        [unit] = shown(*said_).performers
        assert (clash(*said_) == "closed") is (unit.state == "wilco"), said_
        assert bool(told(*said_)) is (unit.state == "misread"), said_


@pytest.mark.parametrize(
    ("read", "wrong"),
    [
        (ReadBack(place="KESSA"), False),
        (ReadBack(place="2.0000N 27.0000W"), False),
        (ReadBack(place="2.5000N 27.0000W"), True),
        (ReadBack(text="0900Z-1300Z, close KESSA"), False),
        (ReadBack(task="open the bridge"), True),
    ],
)
def test_time_place_and_task_all_count(read: ReadBack, wrong: bool) -> None:
    assert bool(told(ack("wilco", "140510", read))) is wrong


def test_without_a_reader_of_grids_a_grid_is_unclear_and_nobody_is_called_wrong() -> None:
    known = Engine(MISSION)
    for i, e in enumerate((CLOSURE, FRAGO, ack("wilco", "140510", ReadBack(place="26N MH 0000 2109")))):
        known.handle(logged(e, i, z("140600")))
    assert [f for f in known.findings() if f.evidence.rule == "read-back"] == []


# -- who is told ------------------------------------------------------------------------------------------------------


def test_the_unit_and_its_issuer_are_told_at_once_and_not_only_near_the_start() -> None:
    [found] = told(ack("wilco", "140510", WRONG), at="140512")
    assert (found.finding_kind, found.severity, found.evidence.missing) == ("not-acknowledged", "HIGH", ("xar-batt",))
    assert {"xar-batt", "sn-hq"} <= set(found.told)
    text = sentence(found, say)
    assert "back as something else" in text
    assert "WILCO does not count" in text


def test_nobody_is_told_who_may_not_know_what_the_unit_answered() -> None:
    [found] = told(ack("wilco", "140510", WRONG))
    assert found.only is not None
    assert {"xbl-batt", "ocha-cmc"}.isdisjoint(found.only)
    [closed] = told(ack("wilco", "140510", WRONG, label=Label(releasable_to=("sn-hq",))))
    assert closed.only == ("xar-batt",)


def test_who_read_it_back_wrong_is_not_asked_a_second_time_for_a_missing_answer() -> None:
    def rules(*more: Envelope) -> list[str]:
        found = engine(*more, at="140830").findings()
        return sorted(f.evidence.rule for f in found if f.finding_kind == "not-acknowledged" and f.state != "closed")

    assert rules() == ["notice"]
    assert rules(ack("wilco", "140510", WRONG)) == ["read-back"]
    assert rules(ack("wilco", "140510", RIGHT)) == []


def test_a_new_version_of_the_order_asks_anew_and_the_old_read_back_is_forgotten() -> None:
    wrong = ack("wilco", "140510", WRONG)
    earlier = OrderChange(order=ref("SN-FRAGO-03-017"), windows=(during("140600", "141300"),))
    change = said(Directive(directive_kind="frago", amends=(earlier,)), "G", "sn-hq", "140530")
    assert told(wrong, change) == []
    assert told(wrong, change, ack("wilco", "140535", RIGHT, of="G")) != []


def test_a_fold_says_it_again_after_a_restart_and_in_any_order() -> None:
    messages = [ack("wilco", "140510", WRONG), ack("understood", "140512", RIGHT), ack("understood", "140514", WRONG)]
    assert [f.id for f in told(*messages)] == [f.id for f in told(*reversed(messages))]
    known = engine(*messages)
    again = Engine(locate=locate)
    again.restore(known.snapshot())
    assert again.findings() == known.findings()
