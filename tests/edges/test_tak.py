"""What TAK clients send, on real sockets: every event is taken, and no peer harms another."""

import anyio
import pytest
from structlog.testing import capture_logs

from adapters.cot import link
from coordinator.edges.clock import ManualClock
from coordinator.edges.tak import inputs
from coordinator.edges.tak import link as links
from coordinator.edges.tak.net import MOST_LINKS
from coordinator.edges.tak.words import US, Event
from coordinator.errors import BusError
from coordinator.ports import Answered
from tests.support.gates import ACCEPTED, REFUSED, FakeGate, departure
from tests.support.tak import Client, broken, event, said, served, xar

SECOND = 1_000_000
NOON = 1_800_000_000 * SECOND


# -- in ---------------------------------------------------------------------------------------------------------------


async def test_each_event_is_an_input_and_those_of_one_uid_stay_in_order() -> None:
    gate = xar()
    async with served(gate) as at:
        client = await at.client()
        await client.send(*(event(uid, n) for n in range(50) for uid in ("one", "two")))
        await gate.until(lambda: len(gate.taken) == 100)
    for uid in ("one", "two"):
        assert [t.data for t in gate.taken if f'uid="{uid}"'.encode() in t.data] == [event(uid, n) for n in range(50)]
    assert {t.format for t in gate.taken} == {"cot"}


async def test_the_same_event_again_is_the_same_input() -> None:
    gate = xar()
    async with served(gate) as at:
        await (await at.client()).send(event("one", 1), event("one", 1), event("one", 2))
        await gate.until(lambda: len(gate.taken) == 3)
    assert gate.taken[0].name == gate.taken[1].name != gate.taken[2].name
    assert gate.taken[0].name.startswith("one-") and gate.taken[0].name.endswith(".cot")


async def test_a_malformed_event_between_two_good_ones_loses_neither_and_is_answered_by_a_chat() -> None:
    gate = xar()
    gate.answer = lambda taken: REFUSED if b"<<" in taken.data else ACCEPTED
    async with served(gate) as at:
        client = await at.client()
        await client.send(event("tablet", detail='<takv os="1"/>'), broken("tablet"), event("tablet", 2))
        await gate.until(lambda: len(gate.taken) == 3)
        chat = await client.until("b-t-f")
        await client.send(event("tablet", 3))
        await gate.until(lambda: len(gate.taken) == 4)
    assert said(chat.data) == REFUSED.text
    assert chat.leaves["event/detail/__chat/chatgrp/@uid0"] == US
    assert chat.leaves["event/detail/__chat/chatgrp/@uid1"] == "tablet"
    assert {event("tablet", 2), event("tablet", 3), broken("tablet")} < {t.data for t in gate.taken}


async def test_a_refusal_is_written_to_the_device_that_made_the_event() -> None:
    gate = xar()
    gate.answers = [REFUSED]
    async with served(gate) as at:
        client = await at.client()
        await client.send(event("marker", kind="b-m-p-s-m", detail='<link uid="tablet" relation="p-p" type="a-f-G"/>'))
        chat = await client.until("b-t-f")
    assert chat.leaves["event/detail/__chat/@id"] == "tablet"


async def test_accepted_events_give_no_noise() -> None:
    gate = xar()
    async with served(gate) as at:
        client = await at.client()
        assert Event(await client.next()).kind == "t-x-takp-v"
        await client.send(event("one"))
        await gate.until(lambda: gate.taken)
        await client.send(event("me-ping", kind="t-x-c-t"))
        assert Event(await client.next()).kind == "t-x-c-t-r"


async def test_a_broken_client_is_told_once_a_second_and_how_many_more_there_were() -> None:
    gate, clock = xar(), ManualClock(NOON)
    gate.answer = lambda taken: Answered(False, taken.data[-30:].decode(), b"")
    async with served(gate, clock=clock) as at:
        client = await at.client()
        await client.send(*(event("one", n) for n in range(20)))
        await gate.until(lambda: len(gate.taken) == 20)
        await client.until("b-t-f")
        await client.send(event("me-ping", kind="t-x-c-t"))
        assert Event(await client.next()).kind == "t-x-c-t-r"  # nothing but the first refusal came before
        await clock.advance(NOON + SECOND)
        assert said((await client.until("b-t-f")).data).endswith("(+18)")


async def test_what_the_bus_does_not_keep_is_offered_again_in_its_order() -> None:
    gate, clock = xar(), ManualClock(NOON)
    gate.answers = [BusError("no connection"), BusError("no connection")]
    async with served(gate, clock=clock) as at:
        client = await at.client()
        with capture_logs() as logs:
            await client.send(event("one", 1), event("one", 2))
            for n in (1, 2):
                await gate.until(lambda n=n: len(gate.taken) == n)  # type: ignore[misc]
                await clock.advance(clock.now() + n * inputs.RETRY_US)
            await gate.until(lambda: len(gate.taken) == 4)
    assert [one["event"] for one in logs if "inputs" in one["event"]] == [
        "bus keeps no inputs",
        "bus keeps inputs again",
    ]
    assert [t.data for t in gate.taken] == [event("one", 1)] * 3 + [event("one", 2)]


async def test_what_was_read_before_the_client_left_is_taken_after_it_left() -> None:
    gate, clock = xar(), ManualClock(NOON)
    gate.answers = [BusError("no connection")]
    async with served(gate, clock=clock) as at:
        client = await at.client()
        await client.send(event("one"))
        await gate.until(lambda: gate.taken)
        await client.stream.aclose()
        await clock.advance(NOON + inputs.RETRY_US)
        await gate.until(lambda: len(gate.taken) == 2)


async def test_what_was_read_is_taken_even_if_the_bearer_is_stopped_meanwhile() -> None:
    class Slow(FakeGate):
        begun, go, kept = anyio.Event(), anyio.Event(), False

        async def take(self, data: bytes, name: str, format: str = "") -> Answered:
            self.begun.set()
            await self.go.wait()
            self.kept = True
            return await super().take(data, name, format)

    async def release() -> None:
        await anyio.wait_all_tasks_blocked()  # everything that a stop ends has ended
        gate.go.set()

    gate = Slow("xar", "tak")
    async with anyio.create_task_group() as outside, served(gate) as at:
        await (await at.client()).send(event("one"))
        await gate.begun.wait()
        outside.start_soon(release)
    assert gate.kept


async def test_ten_megabytes_without_an_end_are_refused_in_bounded_pieces_and_the_next_event_is_taken() -> None:
    gate = xar()
    async with served(gate) as at:
        client = await at.client()
        async with anyio.create_task_group() as group:
            group.start_soon(client.send, b"<event uid='x' " + b"a" * 10_000_000, event("one"))
            await gate.until(lambda: any(t.data == event("one") for t in gate.taken))
    assert max(len(t.data) for t in gate.taken) <= 262_144
    assert sum(len(t.data) for t in gate.taken) >= 10_000_000  # nothing vanished: the bus was given every byte


async def test_a_client_that_sends_faster_than_the_bus_takes_is_not_read_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inputs, "GRACE_S", 0.0)  # the bus will not come back
    gate, clock = xar(), ManualClock(NOON)
    gate.answers = [BusError("no connection")] * 10_000
    burst = [event(f"u{n}", detail="<remarks>" + "x" * 5000 + "</remarks>") for n in range(64)]

    async def held_up(client: Client) -> bool:
        with anyio.move_on_after(0.1) as patience:
            await client.send(*burst)
        await anyio.wait_all_tasks_blocked()  # the bearer has read all that it reads
        return patience.cancelled_caught

    async with served(gate, clock=clock) as at:
        client = await at.client()
        await client.answers()
        with anyio.fail_after(5):
            while not (await held_up(client) and await held_up(client)):
                continue
        assert len(gate.taken) == inputs.IN_FLIGHT
        with capture_logs() as logs:
            for n in range(1, 40):
                await clock.advance(NOON + n * links.LOOK_US)
        assert "silent" not in str(logs)  # it was we who kept it waiting
        assert len({t.data for t in gate.taken}) == inputs.IN_FLIGHT
        gate.answers.clear()
        offered = len(gate.taken)
        await clock.advance(clock.now() + 31 * SECOND)
        await gate.until(lambda: len(gate.taken) > offered + inputs.IN_FLIGHT)


# -- the link ---------------------------------------------------------------------------------------------------------


async def test_a_ping_is_answered_and_neither_taken_nor_passed_on() -> None:
    gate = xar()
    async with served(gate) as at:
        one, two = await at.client(), await at.client()
        await two.answers()
        await one.answers()
        await one.send(event("one"))
        assert (await two.until("a-")).uid == "one"
        await gate.until(lambda: gate.taken)
    assert [t.data for t in gate.taken] == [event("one")]


async def test_a_client_that_asks_for_protobuf_gets_it_and_its_frames_reach_others_as_xml() -> None:
    gate = xar()
    async with served(gate) as at:
        binary, plain = await at.client(), await at.client()
        await plain.answers()
        await binary.send(link.request("tablet", NOON))
        assert link.negotiation((await binary.until("t-x-takp-r")).data).step == "accepted"
        frame = Event(event("tablet", 7)).other[0]
        await binary.send(frame)
        shown = await plain.until("a-f-G")
        await plain.send(event("phone", 8))
        heard = await binary.until("a-f-G")
        gate.put(departure(1, event("hq", 9), format="cot"))
        carried = await binary.until("a-f-G")
        await binary.send(Event(event("tablet-ping", kind="t-x-c-t")).other[0])
        pong = await binary.until("t-x-c-t-r")
        await gate.until(lambda: any(t.data == frame for t in gate.taken))
    assert shown.data.startswith(b"<?xml")
    assert (shown.uid, heard.uid, carried.uid) == ("tablet", "phone", "hq")
    assert heard.binary and carried.binary and pong.binary
    assert shown.leaves["event/point/@lat"] == "10.5"


async def test_an_event_that_protobuf_cannot_say_harms_no_link_that_speaks_it() -> None:
    gate = xar()
    async with served(gate) as at:
        binary, plain = await at.client(), await at.client()
        await binary.send(link.request("tablet", NOON))
        await binary.until("t-x-takp-r")
        deep = event("deep", detail="<a>" * 500 + "</a>" * 500)
        with capture_logs() as logs:
            await plain.send(deep, event("flat"))
            assert (await binary.until("a-")).uid == "flat"
        await gate.until(lambda: len(gate.taken) == 2)
    assert "tak event not passed on in the other form" in str(logs)
    assert gate.taken[0].data == deep  # the bus is given it, and says what is wrong


@pytest.mark.parametrize(
    "head", [b'uid="a&amp;b" type="a-f-G"', b"type='a-f-G' uid='a&#38;b'", 'uid="\u00e9" type="a-f-G"'.encode(),
             b'uid="a\nb" type="a-f-G"', b'x=">" uid="plain" type="a-f-G"']
)  # fmt: skip
def test_a_head_says_the_same_however_it_is_written(head: bytes) -> None:
    found = Event(b"<event " + head + b"><point/></event>")
    assert (found.kind, found.uid) == (found.leaves["event/@type"], found.leaves["event/@uid"])


async def test_an_offer_that_is_taken_too_late_or_for_another_version_leaves_the_link_in_xml() -> None:
    gate, clock = xar(), ManualClock(NOON)
    async with served(gate, clock=clock) as at:
        early, late = await at.client(), await at.client()
        await early.send(link.request("tablet", NOON).replace(b'TakRequest version="1"', b'TakRequest version="2"'))
        assert link.negotiation((await early.until("t-x-takp-r")).data).step == "refused"
        await late.answers()
        await clock.advance(NOON + 61 * SECOND)
        await late.send(link.request("tablet", NOON))
        assert link.negotiation((await late.until("t-x-takp-r")).data).step == "refused"
        gate.put(departure(1, event("hq"), format="cot"))
        assert not (await late.until("a-f-G")).binary


async def test_half_of_an_event_and_then_silence_ends_that_link_only() -> None:
    gate, clock = xar(), ManualClock(NOON)
    async with served(gate, clock=clock) as at:
        half, whole = await at.client(), await at.client()
        await half.answers()
        await half.send(event("one")[:100])
        with capture_logs() as logs:
            for n in range(1, 20):
                await whole.answers()
                await clock.advance(NOON + n * links.LOOK_US)
            await half.goodbye()
        await whole.send(event("two"))
        await gate.until(lambda: gate.taken)
    assert [t.data for t in gate.taken] == [event("two")]
    assert [(one["why"], one["unfinished_bytes"]) for one in logs if one["event"] == "tak link closed"] == [
        ("it was silent too long", 100)
    ]


async def test_a_silent_link_is_pinged_and_one_that_only_listens_is_kept_longer() -> None:
    gate, clock = xar(), ManualClock(NOON)
    async with served(gate, clock=clock) as at:
        listener = await at.client()
        await listener.until("t-x-takp-v")
        await clock.advance(NOON + links.PING_US)
        assert (await listener.until("t-x-c-t")).uid == US
        await clock.advance(NOON + links.SILENT_US + links.LOOK_US)
        await listener.answers()
        await clock.advance(clock.now() + links.SILENT_US + links.LOOK_US)
        await listener.goodbye()
        never = await at.client()
        await never.until("t-x-takp-v")
        await clock.advance(clock.now() + links.LISTENER_US + links.LOOK_US)
        await never.goodbye()


async def test_a_link_too_many_takes_the_place_of_the_one_that_was_silent_longest() -> None:
    gate, clock = xar(), ManualClock(NOON)
    async with served(gate, clock=clock) as at:
        clients = []
        for n in range(MOST_LINKS):
            clients.append(await at.client())
            await clients[-1].answers()
            await clock.advance(NOON + n)
        await clock.advance(NOON + SECOND)
        await clients[0].answers()
        newest = await at.client()
        await newest.answers()
        await clients[1].goodbye()
        await clients[0].answers()
