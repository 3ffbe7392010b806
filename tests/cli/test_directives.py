"""A read-back as an officer types it, and how far an order is, as text."""

import pytest
from msgspec.structs import replace

from coordinator.cli import render, standing
from coordinator.cli.readback import read_back
from coordinator.core.orders.readback import Compared
from coordinator.core.orders.standing import OrderState, Standing, Step
from coordinator.errors import UsageError
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Directive, OrderChange
from schemas.envelope import Reference
from schemas.time import TimeWindow
from tests.cli.cases import at, order
from tests.cli.conftest import Golden, Run

ORDER = Directive(directive_kind="frago", windows=(TimeWindow.exact(at(300), at(540)),))  # 0900Z to 1300Z
DAY = 1440


def typed(time: str, body: Directive = ORDER, changes: tuple[OrderChange, ...] = ()) -> tuple[int | None, int | None]:
    said = read_back(time, "", "", body, changes)
    assert said and said.window
    return said.window.start_earliest, said.window.end_latest


@pytest.mark.parametrize(
    ("time", "start", "end"),
    [
        ("0900Z-1300Z", 300, 540),
        ("0900-1300", 300, 540),
        ("0900C-1300C", 120, 360),
        ("1100B - 1500B", 300, 540),
        ("09:00Z to 13:00Z", 300, 540),
        ("0900z", 300, None),
        ("140900Z-141300Z", 300, 540),
        ("140900ZMAR27-141300ZMAR27", 300, 540),
        ("150900ZMAR27/151300ZMAR27", 300 + DAY, 540 + DAY),
        ("2027-03-14T09:00Z", 300, None),
    ],
)
def test_a_time_is_read_by_its_letter_on_the_day_of_the_order(time: str, start: int, end: int | None) -> None:
    assert typed(time) == (at(start), None if end is None else at(end))


def test_a_clock_time_is_on_the_day_that_is_nearest_by_that_zone() -> None:
    night = Directive(directive_kind="frago", windows=(TimeWindow.exact(at(-210), at(30)),))  # 140030Z to 140430Z
    assert typed("1930E-2330E", night)[0] == at(-210 - 600)
    assert typed("0130A-0530A", night) == (at(-210), at(30))
    assert typed("2330Y", night)[0] == at(-210 + 660)


def test_the_day_is_that_of_the_order_as_it_was_changed() -> None:
    change = OrderChange(order=Reference(id="x"), windows=(TimeWindow.exact(at(300 + DAY), at(540 + DAY)),))
    assert typed("0900Z-1300Z", changes=(change,)) == (at(300 + DAY), at(540 + DAY))


@pytest.mark.parametrize("time", ["soon", "2561Z", "0900Z-1000Z-1100Z", "0900J", "-", "0900Z-soon"])
def test_what_is_no_time_is_refused_with_the_mend(time: str) -> None:
    with pytest.raises(UsageError, match="0900Z-1300Z"):
        typed(time)


def test_a_clock_time_needs_an_order_with_a_day() -> None:
    with pytest.raises(UsageError, match="needs its day"):
        typed("0900Z", Directive(directive_kind="frago"))
    with pytest.raises(UsageError, match="501 characters"):
        read_back("", "x" * 501, "", ORDER, ())


def _state(**fields: object) -> OrderState:
    different = Compared(
        field="time", verdict="different", ordered="140900ZMAR27-141300ZMAR27",
        read_back="0900C-1300Z (= 140600ZMAR27-141300ZMAR27)",
    )  # fmt: skip
    unclear = Compared(field="task", verdict="unclear", ordered="block: Close KESSA", read_back="fermer le pont")
    said = tuple(Step(step=s, at=at(n), of="FHQ-1") for n, s in enumerate(("received", "understood")))
    performers = (
        Standing(participant="xar", state="misread", units=("A Coy",), steps=said, compared=(different, unclear)),
        Standing(participant="xbl", state="cannot-comply", code="NATIONAL-RESTRICTION",
                 steps=(Step(step="cannot-comply", at=at(9), of="FHQ-1", code="NATIONAL-RESTRICTION"),)),
        Standing(participant="xco", state="wilco", steps=(Step(step="wilco", at=at(7), of="FHQ-2"),),
                 earlier=(Step(step="wilco", at=at(1), of="FHQ-1"),)),
        Standing(participant="xdr", state="sent"),
    )  # fmt: skip
    known = OrderState(order="FHQ-1", originator="fhq", since=at(5), named=("FHQ-2:1",), in_force=True,
                       coordinated=False, acting=4, performers=performers)  # fmt: skip
    return replace(known, **fields)


def test_how_far_an_order_is(golden: Golden) -> None:
    note = Acknowledgement(of=Reference(id="FHQ-1"), step="cannot-comply", code="NATIONAL-RESTRICTION", note="call us")
    golden("order-standing", render.order_block(order(), [("xbl", note)], standing.rows(_state())) + "\n")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "not yet, 1 of 4 acting units said WILCO"),
        ({"coordinated": True}, "yes, every acting unit will comply"),
        ({"in_force": False}, "no, the order is no longer in force"),
        ({"acting": 0, "performers": ()}, "no, it names no acting unit"),
        ({"acting": 5}, "not yet"),  # of some the reader may not know
    ],
)
def test_coordinated_is_said_only_when_every_acting_unit_will(fields: dict[str, object], says: str) -> None:
    assert standing.coordinated(_state(**fields)) == says


def test_in_a_list_a_unit_sees_itself_and_the_issuer_the_whole() -> None:
    assert standing.brief(_state(), "xar") == "misread"
    assert standing.brief(_state(), "xbl") == "cannot-comply NATIONAL-RESTRICTION"
    assert standing.brief(_state(), "xdr") == "not acknowledged"
    assert standing.brief(_state(), "fhq") == "not coordinated"
    assert standing.brief(_state(coordinated=True), "fhq") == "coordinated"


def test_what_a_message_says_cannot_do_anything_to_a_terminal() -> None:
    evil = Compared(field="place", verdict="different", ordered="KESSA", read_back="\x1b[2J\nxar: WILCO")
    shown = standing.difference(evil)
    assert "\x1b" not in shown
    assert "\n" not in shown


def test_a_read_back_of_nothing_is_refused_before_anything_is_sent(run: Run) -> None:
    ran = run("directives", "readback", "A-1", "--as", "xar")
    assert (ran.code, "--time, --place, --task" in ran.err) == (2, True)
