"""In what order a gate carries out what waits, what it tries again and when, and what it lets go."""

from collections import Counter
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordinator import topology
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.errors import Undelivered
from coordinator.gates import rendering
from coordinator.gates.backlog import Backlog
from coordinator.gates.gate import Gate
from coordinator.gates.profiles import Profile
from coordinator.ports import Bus, Delivery, Departure, Outgoing
from coordinator.topology import COORD, INBOX
from schemas import registry, subjects
from schemas.alerts import Alert
from schemas.subjects import PRECEDENCES
from tests.support.buses import open_memory
from tests.support.gated import (
    SECOND,
    T0,
    XAR,
    Bearer,
    deliver,
    delivery,
    dispatching,
    gate_of,
    office,
    settle,
    text_of,
)


async def test_after_an_outage_the_most_urgent_goes_first_and_what_was_replaced_not_at_all() -> None:
    async with office() as desk:
        desk.bearer.down = Undelivered("no link")
        await desk.deliver("early", delivery("old", "immediate", "ORDER", 1), delivery("urgent", "flash"))
        await desk.deliver(delivery("new", "priority", "ORDER", 2), "late")
        await desk.wait(400)
        assert desk.bearer.got == []
        desk.bearer.down = None
        await desk.wait(61)
        assert desk.bearer.texts == ["urgent", "new", "early", "late"]


async def test_a_card_that_changed_while_it_waited_goes_out_once_as_it_is_now() -> None:
    def card(rev: int, work: Any) -> Outgoing:
        body = Alert(
            id="k1", alert_kind="conflict", rev=rev, material_rev=1, severity="Severe", urgency="Expected",
            certainty="Observed", work=work, headline=f"rev {rev}",
        )  # fmt: skip
        envelope = registry.pack(body, id=f"release-{rev}", originator=COORD, received_at=T0)
        return Outgoing(subjects.delivery(XAR, "immediate", "alert"), registry.encode(envelope), f"c-{rev}", {})

    async with office() as desk:
        desk.bearer.down = Undelivered("no link")
        await desk.deliver(card(1, "raised"), card(2, "acknowledged"))
        desk.bearer.down = None
        await desk.wait(61)
        [departure] = desk.bearer.got
        assert "k1:2" in departure.subject
        assert b"rev 2" in departure.data


async def test_nothing_goes_out_twice_because_the_server_delivers_again() -> None:
    async with office() as desk:
        desk.bearer.stuck = {"one"}
        await desk.deliver("one", "two")
        await desk.wait(3600)  # a slow link: far beyond every redelivery
        assert desk.bearer.tried == ["one"]
        desk.bearer.stuck = set()
    async with office() as desk:
        await desk.deliver("one", "two")
        await desk.wait(3600)
        assert desk.bearer.tried == ["one", "two"]


async def test_a_channel_that_is_down_is_tried_ever_more_seldom_up_to_once_a_minute() -> None:
    async with office() as desk:
        desk.bearer.down = Undelivered("no link")
        await desk.deliver("one")
        tries = []
        for _ in range(4):
            before = len(desk.bearer.tried)
            await desk.wait(60)
            tries.append(len(desk.bearer.tried) - before)
        assert tries[0] == 5  # after 1, 2, 4, 8, 16 seconds
        assert tries[1:] == [1, 1, 1]


async def test_what_is_more_urgent_overtakes_what_waits_for_its_next_try() -> None:
    async with office() as desk:
        desk.bearer.down = Undelivered("no link")
        await desk.deliver("slow")
        await desk.wait(1.5)
        before = len(desk.bearer.tried)
        await desk.deliver("as slow")  # no more urgent: it waits for its turn
        assert len(desk.bearer.tried) == before
        await desk.deliver(delivery("urgent", "flash"))
        assert desk.bearer.tried[before:] == ["urgent"]
        desk.bearer.down = None
        await desk.deliver(delivery("more", "flash"), delivery("urgent too", "flash"))
        await desk.wait(61)
        assert desk.bearer.texts == ["urgent", "more", "urgent too", "slow", "as slow"]


async def test_one_thing_that_never_goes_does_not_hold_up_the_rest_for_ever() -> None:
    async with office() as desk:
        desk.bearer.refused = {"poison": Undelivered("mailbox full")}
        await desk.deliver(delivery("poison", "flash"), "one", "two")
        await desk.wait(10)
        assert desk.bearer.texts == ["one", "two"]
        desk.bearer.refused = {}
        await desk.wait(61)
        assert desk.bearer.texts == ["one", "two", "poison"]


async def test_what_the_bearer_will_never_take_is_let_go_and_stays_in_the_inbox(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with office() as desk:
        desk.bearer.refused = {"huge": Undelivered("too large", retry=False)}
        await desk.deliver("huge", "one")
        assert desk.bearer.tried == ["huge", "one"]
        await desk.wait(3600)
        assert desk.bearer.tried == ["huge", "one"]
        kept = await desk.coord.state(topology.of(XAR, INBOX))
        assert kept.messages == 2
    said = capsys.readouterr().err
    assert "not delivered by this channel" in said
    assert "message huge:1" in said
    assert "too large" in said


async def test_only_what_the_profile_carries_goes_out() -> None:
    async with office(precedence="immediate") as desk:
        await desk.deliver(
            "one", delivery("two", "immediate"), delivery("three", "flash"), delivery("four", "priority")
        )
        assert sorted(desk.bearer.texts) == ["three", "two"]
    async with office(carries=("alert",)) as desk:
        await desk.deliver("one")
        assert desk.bearer.got == []


async def test_a_waiting_order_that_a_less_urgent_one_replaced_does_not_go_out_as_if_it_stood() -> None:
    async with office(precedence="immediate") as desk:
        desk.bearer.down = Undelivered("no link")
        await desk.deliver(delivery("go", "flash", "ORDER", 1), delivery("do not go", "routine", "ORDER", 2))
        desk.bearer.down = None
        await desk.wait(61)
        assert desk.bearer.texts == ["do not go"]


async def test_a_delivery_that_cannot_be_read_is_named_and_holds_nobody_up(capsys: pytest.CaptureFixture[str]) -> None:
    async with office() as desk:
        await desk.deliver(Outgoing(subjects.delivery(XAR, "flash", "message"), b"{rubbish", "r", {}), "one")
        assert desk.bearer.texts == ["one"]
    assert "delivery cannot be read" in capsys.readouterr().err


async def test_much_that_waits_is_read_again_when_its_turn_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coordinator.gates.backlog.ROOM", 500)
    async with office() as desk:
        desk.bearer.down = Undelivered("no link")
        texts = [f"text {n} " + "x" * 100 for n in range(20)]
        await desk.deliver(*texts)
        desk.bearer.down = None
        await desk.wait(61)
        assert desk.bearer.texts == texts


async def test_patience_ends_by_the_clock() -> None:
    async with office() as desk, anyio.create_task_group() as group:
        found: list[Any] = []

        async def take() -> None:
            found.append(await desk.gate.take(b"SITREP", "a.txt"))

        group.start_soon(take)
        await settle()
        await desk.wait(19)
        assert found == []
        await desk.wait(2)
        assert [a.accepted for a in found] == [None]


async def test_two_dispatches_of_one_channel_are_a_mistake() -> None:
    async with office() as desk:
        await settle()
        with pytest.raises(RuntimeError, match="dispatched twice"):
            await desk.gate.dispatch(desk.bearer.carry)


async def test_a_bug_of_a_bearer_with_one_delivery_stops_no_other_delivery(capsys: pytest.CaptureFixture[str]) -> None:
    bearer = Bearer()

    async def broken(departure: Departure) -> None:
        if text_of(departure) == "poison":
            raise ConnectionResetError("peer went away")
        await bearer.carry(departure)

    clock = ManualClock(T0)
    async with open_memory((XAR,), clock=clock) as buses, gate_of(await buses(XAR), clock) as gate:
        await deliver(await buses(COORD), "poison", "one", "two")
        async with anyio.create_task_group() as group:
            group.start_soon(gate.dispatch, broken)
            for _ in range(10):
                await settle()
                await clock.advance(clock.now() + 30 * SECOND, settle=40)
            assert bearer.texts == ["one", "two"]
            group.cancel_scope.cancel()
    assert "peer went away" in capsys.readouterr().err


async def test_a_delivery_that_cannot_be_written_is_named_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write = rendering.departure

    def broken(delivery: Delivery, profile: Profile) -> Departure:
        if b"poison" in delivery.data:
            raise RecursionError("too deep")
        return write(delivery, profile)

    monkeypatch.setattr(rendering, "departure", broken)
    async with office() as desk:
        await desk.deliver(delivery("poison", "flash"), "one")
        assert desk.bearer.texts == ["one"]
        await desk.wait(600)
        assert desk.bearer.texts == ["one"]
    assert "it cannot be written: RecursionError" in capsys.readouterr().err


class WallClock(ManualClock):
    """A clock that can be set; pauses go on as if nothing had been."""

    set_by = 0

    def now(self) -> int:
        return super().now() + self.set_by

    async def sleep(self, seconds: float) -> None:
        await self.sleep_until(super().now() + int(seconds * SECOND))


async def test_a_clock_that_is_set_back_holds_nothing_up() -> None:
    clock, bearer = WallClock(T0), Bearer()
    async with open_memory((XAR,), clock=clock) as buses:
        xar, coord = await buses(XAR), await buses(COORD)
        async with gate_of(xar, clock) as gate, dispatching(gate, bearer):
            bearer.down = Undelivered("no link")
            await deliver(coord, "one", "two")
            await settle()
            clock.set_by = -3_600 * SECOND
            bearer.down = None
            await clock.advance(T0 + 61 * SECOND, settle=40)
            await settle()
            assert bearer.texts == ["one", "two"]


def test_what_went_out_is_remembered_for_as_long_as_it_may_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coordinator.gates.backlog.REMEMBERED", 10)
    backlog = Backlog()
    for seq in range(1, 30):
        backlog.pass_over(Delivery("INBOX", seq, "", b"", {}, 0, "token"))
    assert [seq for seq in range(1, 30) if backlog.is_done(seq)] == list(range(20, 30))
    assert not len(backlog)


def names(departures: Iterable[Departure]) -> list[str]:
    return [d.name for d in departures]


async def test_names_are_safe_and_stand_in_the_order_of_the_inbox() -> None:
    async with office() as desk:
        await desk.deliver(delivery("one", id_="../../etc/passwd"), delivery("two", id_="دورية"), "three")
        assert names(desk.bearer.got) == sorted(names(desk.bearer.got))
        assert all(n.isascii() and "/" not in n and n.endswith(".txt") for n in names(desk.bearer.got))
        assert (
            desk.bearer.got[2].name == "0000000003-routine-message-three_1-" + subjects.opaque("three:1")[:8] + ".txt"
        )


# -- whatever happens -------------------------------------------------------------------------------------------------

steps = st.one_of(
    st.tuples(st.just("deliver"), st.sampled_from(PRECEDENCES), st.sampled_from("abcd")),
    st.tuples(st.just("wait"), st.sampled_from((1, 9, 70, 400))),
    st.tuples(st.sampled_from(("down", "up", "poison", "kill", "kill while carrying", "restart"))),
)


@settings(max_examples=25)
@given(st.lists(steps, max_size=25))
async def test_whatever_happens_the_newest_of_everything_goes_out_and_never_an_older_one_after_it(
    script: list[tuple[Any, ...]],
) -> None:
    clock, bearer = ManualClock(T0), Bearer()
    world = MemoryBroker(topology.build((XAR,), channels={XAR: ("smtp",)}), clock)
    revisions: Counter[str] = Counter()
    kills = 0

    async def run(part: list[tuple[Any, ...]], gate: Gate, coord: Bus) -> None:
        async with dispatching(gate, bearer):
            for word, *args in part:
                match word:
                    case "deliver":
                        precedence, about = args
                        revisions[about] += 1
                        text = f"{about}{revisions[about]:03d}"
                        await deliver(coord, delivery(text, precedence, about, revisions[about]))
                    case "wait":
                        await clock.advance(clock.now() + args[0] * SECOND)
                    case "down":
                        bearer.down = Undelivered("no link")
                    case "up":
                        bearer.down, bearer.refused = None, {}
                    case "poison":
                        bearer.refused = {f"a{n:03d}": Undelivered("odd") for n in range(30)}
                    case "kill while carrying":
                        bearer.stuck = {f"{a}{n:03d}" for a in "abcd" for n in range(30)}
                await settle(20)
            bearer.stuck = set()

    async with world.connect(COORD) as coord:
        parts: list[list[tuple[Any, ...]]] = [[]]
        for step in script:
            parts[-1].append(step)
            if step[0] in ("kill", "restart"):
                parts.append([])
        parts.append([("up",), *[("wait", 400)] * 6])
        async with AsyncExitStack() as stack:
            gate: Gate | None = None
            for part in parts:
                if gate is None:
                    xar = await stack.enter_async_context(world.connect(XAR))
                    gate = await stack.enter_async_context(gate_of(xar, clock))
                await run(part, gate, coord)
                kills += 1
                if part and part[-1][0] == "restart":
                    gate = None
    for about, newest in revisions.items():
        out = [text for text in bearer.texts if text.startswith(about)]
        assert out[-1] == f"{about}{newest:03d}"
        assert out == sorted(out)
        assert all(n <= kills for n in Counter(out).values())
