"""How far cards and orders are on their way: what a step says, what overtakes what, and who may know the channel."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.core import deliveries
from coordinator.core.deliveries import Book, Slot, best, later
from coordinator.core.mission import Channel, Mission, Participant
from coordinator.core.occasions.undelivered import Undelivered
from coordinator.core.step import Logged
from coordinator.services.delivering import cleared, recipients
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement, Action
from schemas.alerts import Alert, Told
from schemas.base import Message
from schemas.deliveries import Delivery, Handover
from schemas.directives import Directive
from schemas.envelope import Addressee, Reference, Source, UnitRef

T0 = 1_800_000_000_000_000
MAIL = Channel(name="mail", kind="smtp", address="d@x")
SMS = Channel(name="sms", kind="short", address="+1")
MISSION = Mission(
    name="m",
    participants=(
        Participant(id="fhq", role="hq"),
        Participant(id="joc", role="desk", superior="fhq"),
        Participant(id="ops", role="desk", operator=True),
        Participant(id="xar", superior="fhq", channels=(MAIL, SMS)),
        Participant(id="xbl", superior="fhq"),
    ),
)


class Log:
    """Messages as they stand in the log, one after the other."""

    def __init__(self) -> None:
        self.seq = 0

    def message(self, body: Message, by: str, channel: str = "") -> Logged:
        self.seq += 1
        source = Source(channel=channel) if channel else None
        envelope = registry.pack(body, id=f"{body.KIND}-{self.seq}", originator=by, source=source)
        return Logged(self.seq, "", envelope.id, T0 + self.seq, envelope, body)

    def report(self, channel: str, *steps: Handover, who: str = "xar", **more: Any) -> Logged:
        body = Delivery(participant=who, channel=channel, bearer="smtp", steps=steps, **more)
        return self.message(body, "coord")

    def act(self, by: str, rev: int = 1, channel: str = "nats") -> Logged:
        return self.message(Action(alert="k1", verb="acknowledge", seen_rev=rev), by, channel)


def step(state: Any, at: int = 1, **more: Any) -> Handover:
    return Handover(**{"kind": "alert", "id": "k1", "seq": 7, "state": state, "at": T0 + at, **more})


def states(book: Book, kind: str = "alert", identity: str = "k1") -> dict[str, dict[str, str]]:
    return {who: {c: s.state for c, s in ways.items()} for who, ways in book.of(kind, identity).items()}


def fed(*messages: Logged) -> Book:
    book = Book()
    for message in messages:
        book.take(message)
    return book


def test_each_channel_of_each_recipient_is_as_far_as_its_bearer_said() -> None:
    log = Log()
    book = fed(
        log.report("mail", step("sent")),
        log.report("sms", step("queued", why="no gateway")),
        log.report("", step("delivered"), who="xbl", read_up_to=7),
    )
    assert states(book) == {"xar": {"mail": "sent", "sms": "queued"}, "xbl": {"": "delivered"}}
    assert book.read_up_to("xbl") == 7


def test_of_one_revision_a_step_only_leads_on_and_a_newer_revision_begins_anew() -> None:
    log = Log()
    book = fed(log.report("mail", step("sent"), step("queued", 2)))
    assert states(book)["xar"] == {"mail": "sent"}
    book.take(log.report("mail", step("queued", 3, revision=2)))
    assert states(book)["xar"] == {"mail": "queued"}
    book.take(log.report("mail", step("sent", 4, revision=1)))
    assert states(book)["xar"] == {"mail": "queued"}


def test_who_acts_on_a_card_has_seen_it_by_the_channel_that_the_action_came_by() -> None:
    log = Log()
    book = fed(log.report("mail", step("sent")), log.report("sms", step("sent")), log.act("xar", channel="sms"))
    assert states(book)["xar"] == {"mail": "sent", "sms": "seen"}
    assert states(fed(log.act("xbl")))["xbl"] == {"": "seen"}


def test_who_acknowledges_an_order_has_seen_it() -> None:
    log = Log()
    acknowledged = log.message(Acknowledgement(of=Reference(id="O-1", revision=2), step="received"), "xar", "mail")
    order = step("sent", kind="directive", id="O-1", revision=2)
    assert states(fed(log.report("mail", order), acknowledged), "directive", "O-1") == {"xar": {"mail": "seen"}}


def test_a_test_message_is_no_delivery() -> None:
    log = Log()
    assert states(fed(log.report("mail", step("sent"), test=True))) == {}


def test_failures_for_good_of_anything_are_listed_once() -> None:
    log = Log()
    failed = log.report("mail", step("failed", why="550"), step("failed", 5, kind="message", id="m1", why="552"))
    book = fed(failed, failed)
    assert [(f.kind, f.id, f.why) for f in book.failures(0)] == [("alert", "k1", "550"), ("message", "m1", "552")]
    assert [f.id for f in book.failures(T0 + 2)] == ["m1"]


def test_a_snapshot_is_the_whole_of_it() -> None:
    import msgspec

    log = Log()
    book = fed(log.report("mail", step("sent"), step("failed", kind="message", id="m", why="no")), log.act("xbl"))
    again = Book(msgspec.json.decode(msgspec.json.encode(book.state), type=deliveries.State))
    assert states(again) == states(book)
    assert list(again.failures(0)) == list(book.failures(0))


def test_what_changed_last_is_remembered_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coordinator.core.deliveries.THINGS", 3)
    log = Log()
    book = fed(*(log.report("mail", step("queued", id=name)) for name in ("a", "b", "c")))
    book.take(log.report("mail", step("sent", id="a")))
    book.take(log.report("mail", step("queued", id="d")))
    assert [name for name in "abcd" if book.of("alert", name)] == ["a", "c", "d"]


slots = st.builds(
    Slot, state=st.sampled_from(("queued", "failed", "sent", "delivered", "seen")), at=st.integers(0, 9),
    revision=st.integers(1, 3),
)  # fmt: skip


@given(st.lists(slots, min_size=1, max_size=6), st.randoms())
def test_how_far_it_is_does_not_depend_on_the_order_in_which_steps_are_read(found: list[Slot], random: Any) -> None:
    def state(order: list[Slot]) -> tuple[int, str]:
        held: Slot | None = None
        for slot in order:
            held = later(held, slot)
        assert held is not None
        return held.revision, held.state

    shuffled = list(found)
    random.shuffle(shuffled)
    assert state(found) == state(shuffled)


def test_the_furthest_of_several_channels_counts_and_a_failure_is_better_than_nothing_known() -> None:
    ways = [Slot(state="failed", at=1), Slot(state="sent", at=3), Slot(state="sent", at=2), Slot(state="queued", at=0)]
    assert best(ways) == Slot(state="sent", at=2)
    assert best([]) is None


# -- who may know -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asker", "may"), [("xar", True), ("fhq", True), ("joc", True), ("ops", True), ("xbl", False), ("nobody", False)]
)
def test_by_which_channel_is_told_to_itself_its_headquarters_their_desks_and_operators(asker: str, may: bool) -> None:
    assert cleared(asker, "xar", MISSION) is may


def test_recipients_are_those_whom_the_askers_own_copy_names() -> None:
    card = Alert(
        id="k1", alert_kind="conflict", rev=1, material_rev=1, severity="Extreme", urgency="Immediate",
        certainty="Observed", told=(Told(participant="xar", since=5),),
    )  # fmt: skip
    assert recipients(registry.pack(card, id="c", originator="coord"), "joc") == {"xar": 5, "joc": 0}
    order = Directive(directive_kind="frago", action="hold", task="hold", performers=(UnitRef(participant="xbl"),))
    envelope = registry.pack(order, id="o", originator="fhq", addressees=(Addressee(to="xar"),), received_at=9)
    assert recipients(envelope, "fhq") == {"xar": 9, "xbl": 9}


# -- a FLASH that never arrives ---------------------------------------------------------------------------------------


def source() -> Undelivered:
    found = Undelivered()
    found.adopt(MISSION)
    return found


def test_a_flash_that_a_channel_never_takes_is_a_card_for_the_desk_above_until_it_arrives_otherwise() -> None:
    log, watch = Log(), source()
    [raised] = watch.take(log.report("mail", step("failed", precedence="flash", why="550 duty@xar.example unknown")))
    assert (raised.kind, raised.about, raised.told, raised.over) == ("undelivered", "xar", ("joc",), False)
    assert "k1" not in str(raised.args) and "550" not in str(raised)
    assert not list(watch.take(log.report("mail", step("failed", precedence="flash", id="k2"))))
    again = source()
    again.restore(watch.snapshot())
    assert not list(again.take(log.report("sms", step("delivered", precedence="flash"))))
    [over] = again.take(log.report("sms", step("delivered", precedence="flash", id="k2")))
    assert (over.id, over.over) == (raised.id, True)


def test_who_acted_on_the_card_has_it_so_nobody_needs_to_call() -> None:
    log, watch = Log(), source()
    assert list(watch.take(log.report("mail", step("failed", precedence="flash"))))
    [over] = watch.take(log.act("xar"))
    assert over.over


@pytest.mark.parametrize("more", [{"state": "queued", "precedence": "flash"}, {"state": "failed"}])
def test_what_waits_or_is_less_urgent_than_flash_is_no_card(more: dict[str, Any]) -> None:
    assert not list(source().take(Log().report("mail", step(**more))))


def test_what_another_channel_has_brought_already_is_no_card() -> None:
    log, watch = Log(), source()
    assert not list(watch.take(log.report("sms", step("delivered", precedence="flash"))))
    assert not list(watch.take(log.report("mail", step("failed", precedence="flash"))))


def test_it_is_said_to_the_operators_where_nobody_is_above() -> None:
    [raised] = source().take(Log().report("mail", step("failed", precedence="flash"), who="fhq"))
    assert raised.told == ("ops",)


def test_the_source_reads_what_it_takes() -> None:
    assert set(Undelivered.READS) == {"presence.*", subjects.records("action"), subjects.records("acknowledgement")}
