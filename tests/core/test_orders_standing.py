"""How far an order is with each performer, and when it is coordinated."""

from itertools import permutations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.core.deconfliction import Engine
from coordinator.core.deconfliction.ledger import FAMILIES, Ledger, item
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.mission import Mission
from coordinator.core.orders.sight import state_for
from coordinator.core.orders.standing import OrderState, Standing, order_state
from schemas.acknowledgements import Acknowledgement, ReadBack
from schemas.directives import Directive, OrderChange
from schemas.envelope import Envelope, UnitRef
from schemas.geo import Named
from schemas.label import Label
from schemas.notices import Cancellation
from schemas.time import TimeValue, TimeWindow
from tests.core.test_orders_readback import FRAME
from tests.support.v1 import MESSAGES, MISSION, during, logged, ref, said, z

KEY = ("fhq-u3", "F-1")


def order(**fields: Any) -> Envelope:
    body = Directive(
        directive_kind="frago", action="block", task="close KESSA", area=Named(name="KESSA"),
        windows=(during("140900", "141300"),),
        performers=(UnitRef(name="A Coy", participant="xar-batt"), UnitRef(participant="xbl-batt")),
    )  # fmt: skip
    return said(body, "F-1", "fhq-u3", "140400", to=("xar-batt", "xbl-batt"), **fields)


def ack(by: str, step: Any, at: str, of: str = "F-1", revision: int = 0, **fields: Any) -> Envelope:
    envelope = {k: fields.pop(k) for k in ("label", "status", "kind") if k in fields}
    body = Acknowledgement(of=ref(of, revision), step=step, **fields)
    return said(body, f"a-{by}-{step}-{at}", by, at, **envelope)


def change(at: str = "140500", by: str = "fhq-u3", **fields: Any) -> Envelope:
    changed = OrderChange(order=ref("F-1"), **(fields or {"windows": (during("141000", "141300"),)}))
    return said(Directive(directive_kind="frago", amends=(changed,)), "F-2", by, at, to=("xar-batt", "xbl-batt"))


def times(start: str, raw: str = "") -> ReadBack:
    return ReadBack(window=TimeWindow.between(TimeValue(utc=z(start), raw=raw), None))


def state(*messages: Envelope, key: tuple[str, str] = KEY, mission: Mission = MISSION) -> OrderState:
    found = order_state(known(*messages), key, Setting(mission), FRAME)
    assert found is not None
    return found


def known(*messages: Envelope) -> Ledger:
    """The set of these messages, each logged when it was issued."""
    found = Ledger()
    for message in messages:
        if message.kind in FAMILIES:
            found.add(item(message, logged(message, 1).body, logged(message, 1).at))
    return found


def of(found: OrderState, who: str = "xar-batt") -> Standing:
    return next(s for s in found.performers if s.participant == who)


# -- steps ------------------------------------------------------------------------------------------------------------


def test_it_climbs_from_sent_to_wilco_and_each_step_has_its_time() -> None:
    steps = [
        ack("xar-batt", "delivered", "140401"),
        ack("xar-batt", "received", "140402"),
        ack("xar-batt", "understood", "140403", read_back=times("140900")),
        ack("xar-batt", "wilco", "140404"),
    ]
    climbed = [of(state(order(), *steps[:n])).state for n in range(5)]
    assert climbed == ["sent", "delivered", "received", "understood", "wilco"]
    last = of(state(order(), *steps))
    assert [(s.step, s.at) for s in last.steps][0::3] == [("delivered", z("140401")), ("wilco", z("140404"))]
    assert last.units == ("A Coy",)


def test_understood_without_a_read_back_is_only_received() -> None:
    assert of(state(order(), ack("xar-batt", "understood", "140403"))).state == "received"
    vague = ReadBack(task="as discussed")
    assert of(state(order(), ack("xar-batt", "understood", "140403", read_back=vague))).state == "received"


def test_a_wrong_time_is_refused_and_shown_and_a_later_right_one_mends_it() -> None:
    wrong = ack("xar-batt", "understood", "140403", read_back=times("140600", "0900C"))
    wilco = ack("xar-batt", "wilco", "140404")
    found = of(state(order(), wrong, wilco))
    assert found.state == "misread"
    assert [(c.field, c.read_back) for c in found.compared] == [("time", "0900C (= 140600ZMAR27)")]
    right = ack("xar-batt", "understood", "140405", read_back=times("140900"))
    assert of(state(order(), wrong, wilco, right)).state == "wilco"


def test_a_wilco_with_a_wrong_read_back_does_not_coordinate() -> None:
    both = [ack("xbl-batt", "wilco", "140403"), ack("xar-batt", "wilco", "140403", read_back=ReadBack(place="FORD"))]
    found = state(order(), *both)
    assert (found.coordinated, of(found).state, of(found, "xbl-batt").state) == (False, "misread", "wilco")


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("NATIONAL-RESTRICTION", "NATIONAL-RESTRICTION"),
        ("no capacity", "NO-CAPACITY"),
        ("tired", "OTHER"),
        ("", "OTHER"),
    ],
)
def test_cannot_comply_has_a_code_of_a_closed_list(code: str, shown: str) -> None:
    found = of(state(order(), ack("xar-batt", "cannot-comply", "140403", code=code)))
    assert (found.state, found.code) == ("cannot-comply", shown)


def test_cannot_comply_is_said_whatever_was_read_back_and_the_latest_answer_counts() -> None:
    wrong = ack("xar-batt", "understood", "140403", read_back=ReadBack(place="FORD"))
    cannot = ack("xar-batt", "cannot-comply", "140404", code="UNSAFE")
    assert of(state(order(), wrong, cannot)).state == "cannot-comply"
    later = of(state(order(), cannot, ack("xar-batt", "wilco", "140405")))
    assert (later.state, later.code) == ("wilco", "")


# -- coordinated ------------------------------------------------------------------------------------------------------


def test_it_is_coordinated_only_when_every_acting_unit_said_wilco() -> None:
    first, second = ack("xar-batt", "wilco", "140410"), ack("xbl-batt", "wilco", "140411")
    assert [state(order(), *said).coordinated for said in ((), (first,), (first, second))] == [False, False, True]


def test_the_headquarters_between_does_not_answer_for_the_unit() -> None:
    between = [ack(hq, "wilco", "140410") for hq in ("sn-hq", "sc-hq", "joc")]
    found = state(order(), *between)
    assert (found.coordinated, {s.state for s in found.performers}) == (False, {"sent"})


def test_an_order_that_names_no_acting_unit_is_never_coordinated() -> None:
    assert state(change(), key=("fhq-u3", "F-2")).coordinated is False


def test_a_change_asks_again_and_what_was_said_before_is_shown_as_earlier() -> None:
    answers = [ack(who, "wilco", "140410") for who in ("xar-batt", "xbl-batt")]
    found = state(order(), *answers, change("140500"))
    assert (found.coordinated, found.named) == (False, ("F-2:1",))
    assert [(s.step, s.at) for s in of(found).earlier] == [("wilco", z("140410"))]
    assert of(found).state == "sent"
    again = [ack("xar-batt", "wilco", "140510", of="F-2"), ack("xbl-batt", "wilco", "140510")]
    assert state(order(), *answers, change("140500"), *again).coordinated is True


def test_the_read_back_is_held_against_the_order_as_it_is_in_force() -> None:
    old, new = (ack("xar-batt", "wilco", "140510", read_back=times(t)) for t in ("140900", "141000"))
    assert of(state(order(), change("140500"), old)).state == "misread"
    assert of(state(order(), change("140500"), new)).state == "wilco"


def test_whoever_issued_the_change_has_agreed_to_it_by_that() -> None:
    mine = said(
        Directive(directive_kind="frago", performers=(UnitRef(participant="xar-batt"),)), "X-1", "xar-batt", "140400"
    )
    found = state(mine, key=("xar-batt", "X-1"))
    assert (of(found).state, found.coordinated) == ("own", True)


def test_an_order_that_was_withdrawn_is_not_coordinated_whoever_said_wilco() -> None:
    end = said(Cancellation(), "F-1", "fhq-u3", "140600", revision=2, kind="directive", status="cancel")
    found = state(order(), *(ack(w, "wilco", "140410") for w in ("xar-batt", "xbl-batt")), end)
    assert (found.in_force, found.coordinated) == (False, False)


def test_an_answer_that_was_withdrawn_counts_no_more() -> None:
    given_ = ack("xar-batt", "wilco", "140410")
    gone = said(Cancellation(), given_.id, "xar-batt", "140411", kind="acknowledgement", status="cancel")
    assert of(state(order(), given_, gone)).state == "sent"


def test_one_message_that_changes_two_orders_of_a_unit_may_be_read_back_for_either() -> None:
    two = [
        said(
            Directive(directive_kind="frago", performers=(UnitRef(participant="xar-batt"),),
                      windows=(during("140900", "141300"),), area=Named(name=place)),
            name, "fhq-u3", "140400",
        )
        for name, place in (("A", "KESSA"), ("B", "FORD"))
    ]  # fmt: skip
    moved = Directive(
        directive_kind="frago",
        amends=(
            OrderChange(order=ref("A"), windows=(during("141000", "141100"),)),
            OrderChange(order=ref("B"), windows=(during("141500", "141600"),)),
        ),
    )
    frago = said(moved, "C", "fhq-u3", "140500")
    for start, fits in (("141000", "wilco"), ("141500", "wilco"), ("141200", "misread")):
        answer = ack("xar-batt", "wilco", "140600", of="C", read_back=times(start))
        assert [of(state(*two, frago, answer, key=("fhq-u3", k))).state for k in "AB"] == [fits, fits]


def test_the_first_vignette_ends_coordinated() -> None:
    for key, who in ((("sn-hq", "SN-FRAGO-03-017"), "xar-batt"), (("sc-hq", "SC-FRAGO-03-022"), "xbl-batt")):
        found = state(*MESSAGES.values(), key=key)
        assert (found.coordinated, of(found, who).state) == (True, "wilco")
    before = state(*(m for n, m in MESSAGES.items() if n < 18), key=("sc-hq", "SC-FRAGO-03-022"))
    assert before.coordinated is False


# -- what a reader may know -------------------------------------------------------------------------------------------


def seen(reader: str, *messages: Envelope, mission: Mission = MISSION) -> OrderState | None:
    return state_for(reader, known(*messages), KEY, Setting(mission), FRAME)


def test_both_sides_see_the_same_difference() -> None:
    wrong = ack("xar-batt", "understood", "140403", read_back=times("140600", "0900C"))
    views = [seen(reader, order(), wrong) for reader in ("fhq-u3", "xar-batt")]
    assert all(v and of(v).state == "misread" for v in views)
    assert len({msgspec.json.encode(of(v)) for v in views if v}) == 1


def test_a_unit_sees_itself_and_not_the_answers_of_another() -> None:
    found = seen("xbl-batt", order(), ack("xar-batt", "cannot-comply", "140403", code="NATIONAL-RESTRICTION"))
    assert found
    assert [(s.participant, s.state) for s in found.performers] == [("xbl-batt", "sent")]
    assert (found.coordinated, found.acting) == (False, 2)
    assert b"RESTRICTION" not in msgspec.json.encode(found)


def test_that_another_unit_is_silent_is_no_more_told_than_what_it_says() -> None:
    found = seen("xbl-batt", order())
    assert found
    assert [s.participant for s in found.performers] == ["xbl-batt"]
    whole = seen("joc", order())
    assert whole
    assert [s.participant for s in whole.performers] == ["xar-batt", "xbl-batt"]


def test_who_may_not_see_the_order_or_its_change_learns_nothing() -> None:
    assert seen("ocha-cmc", order()) is None
    closed = order(label=Label(releasable_to=("xar-batt",)))
    assert seen("xar-batt", closed)
    assert seen("xbl-batt", closed) is None
    hidden = msgspec.structs.replace(change(), label=Label(releasable_to=("xbl-batt",)))
    assert seen("xar-batt", order(), hidden) is None


def test_an_answer_that_is_closed_to_a_reader_is_withheld_and_not_called_missing() -> None:
    cannot = ack("xar-batt", "cannot-comply", "140403", code="UNSAFE", label=Label(releasable_to=("xar-batt",)))
    found = seen("fhq-u3", order(), ack("xar-batt", "wilco", "140402"), cannot)
    assert found
    assert of(found) == Standing(participant="xar-batt", state="withheld")
    assert found.coordinated is False


def test_a_field_that_is_closed_is_not_told_by_its_difference() -> None:
    closed = order(field_labels={"windows": Label(releasable_to=("xar-batt",))})
    wrong = ack("xbl-batt", "understood", "140403", read_back=times("140600"))
    found = seen("xbl-batt", closed, wrong)
    assert found
    assert of(found, "xbl-batt").compared == ()
    assert b"140900Z" not in msgspec.json.encode(found)


# -- laws -------------------------------------------------------------------------------------------------------------

WORDS = [
    order(),
    change("140500"),
    ack("xar-batt", "received", "140402"),
    ack("xar-batt", "understood", "140403", read_back=times("140600", "0900C")),
    ack("xar-batt", "wilco", "140510", of="F-2", read_back=times("141000")),
    ack("xbl-batt", "cannot-comply", "140404", code="UNSAFE"),
    ack("xbl-batt", "wilco", "140510"),
    ack("xbl-batt", "wilco", "140404", revision=1),
]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_same_messages_in_any_order_and_number_end_the_same(messages: list[Envelope], random: Any) -> None:
    shuffled = [*messages, *messages[:3]]
    random.shuffle(shuffled)
    one, other = (known(*m) for m in (messages, shuffled))
    assert order_state(one, KEY, Setting(MISSION), FRAME) == order_state(other, KEY, Setting(MISSION), FRAME)


def test_two_answers_of_one_minute_do_not_hang_on_who_came_first() -> None:
    pair = [ack("xar-batt", "wilco", "140404"), ack("xar-batt", "cannot-comply", "140404", code="UNSAFE")]
    assert {of(state(order(), *p)).state for p in permutations(pair)} == {"cannot-comply"}


def test_a_restart_from_a_snapshot_changes_nothing() -> None:
    engine = Engine(MISSION)
    for n, message in enumerate(WORDS):
        engine.handle(logged(message, n + 1))
    again = Engine()
    again.restore(engine.snapshot())
    assert order_state(again.ledger, KEY, Setting(MISSION), FRAME) == state(*WORDS)
