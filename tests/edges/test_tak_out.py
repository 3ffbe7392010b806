"""What TAK clients are told, on real sockets: departures, each other's events; and where the bearer listens."""

from pathlib import Path
from typing import Any

import anyio
import pytest
from structlog.testing import capture_logs

from adapters.base import Context
from adapters.cot import COT, protobuf
from coordinator.edges import endpoints
from coordinator.edges.clock import ManualClock, SystemClock
from coordinator.edges.tak import link as links
from coordinator.edges.tak import serve
from coordinator.edges.tak.words import Event, parcels
from coordinator.errors import ConfigError, Undelivered
from coordinator.ports import Departure
from tests.support.gates import FakeGate, departure
from tests.support.tak import event, eventually, said, served, xar

SECOND = 1_000_000
NOON = 1_800_000_000 * SECOND


# -- to others --------------------------------------------------------------------------------------------------------


async def test_an_event_reaches_the_other_links_of_its_participant_byte_for_byte_and_nobody_elses() -> None:
    ours, theirs = xar(), FakeGate("yel", "tak")
    async with served(ours, theirs) as at:
        one, two, other = await at.client(), await at.client(), await at.client(at.ports[1])
        await two.answers()
        await other.answers()
        declared = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n" + event("one", 1)
        await one.send(declared, event("one", 2))
        assert [await two.next(), await two.next()] == [declared, event("one", 2)]
        await ours.until(lambda: len(ours.taken) == 2)
        await other.send(event("me-ping", kind="t-x-c-t"))
        assert Event(await other.next()).kind == "t-x-c-t-r"  # and nothing before it
    assert not theirs.taken


async def test_a_departure_goes_to_all_links_that_are_there() -> None:
    gate = xar()
    async with served(gate) as at:
        one, two = await at.client(), await at.client()
        await one.answers()
        await two.answers()
        gate.put(departure(1, event("hq"), format="cot"))
        assert await one.next() == await two.next() == event("hq")
        await gate.until(lambda: gate.carried)


async def test_without_a_link_departures_wait_and_the_most_urgent_goes_first_when_one_comes() -> None:
    gate = xar()
    async with served(gate) as at:
        gate.put(departure(1, event("routine"), format="cot"))
        await eventually(lambda: gate.dispatching)
        gate.put(departure(2, event("flash"), format="cot", precedence="flash"))
        client = await at.client()
        await client.send(event("one"))
        await gate.until(lambda: gate.failed)
        assert gate.failed[0][1].retry
        gate.try_again.set()
        assert [(await client.until("a-")).uid, (await client.until("a-")).uid] == ["flash", "routine"]
        await gate.until(lambda: len(gate.carried) == 2)


async def test_a_probe_of_a_plain_port_swallows_no_departure() -> None:
    gate = xar()
    async with served(gate) as at:
        probe = await at.client()
        await probe.until("t-x-takp-v")
        gate.put(departure(1, event("hq"), format="cot"))
        await anyio.wait_all_tasks_blocked()
        await probe.stream.aclose()
        assert not gate.carried
        client = await at.client()
        await client.send(event("one"))
        await gate.until(lambda: gate.failed)
        gate.try_again.set()
        assert (await client.until("a-")).uid == "hq"


async def test_a_reader_that_is_too_slow_is_closed_and_the_departure_stays() -> None:
    gate, clock = xar(), ManualClock(NOON)
    big = event("hq", detail="<remarks>" + "x" * 50_000 + "</remarks>") * 8
    async with served(gate, clock=clock) as at:
        slow = await at.client(buffer=4096)
        await slow.answers()
        gate.put(departure(1, big, format="cot"))
        with capture_logs() as logs:
            for n in range(1, 7):
                await clock.advance(NOON + n * links.LOOK_US)
            await eventually(lambda: logs)
        assert "too slowly" in logs[0]["why"]
        assert not gate.carried
        quick = await at.client()
        await quick.send(event("one"))
        await gate.until(lambda: gate.failed)
        gate.try_again.set()
        for _ in range(8):
            assert (await quick.until("a-")).uid == "hq"
        await gate.until(lambda: gate.carried)


async def test_a_slow_reader_does_not_hold_up_the_others_and_is_let_go() -> None:
    gate = xar()
    async with served(gate) as at:
        slow, quick, sender = await at.client(buffer=4096), await at.client(), await at.client()
        await slow.answers()
        await quick.answers()
        big = [event("one", n, detail="<remarks>" + "x" * 60_000 + "</remarks>") for n in range(130)]
        with capture_logs() as logs:
            async with anyio.create_task_group() as group:
                group.start_soon(sender.send, *big)
                for one in big:
                    assert await quick.next() == one
    assert [one["why"] for one in logs if one["event"] == "tak link closed"] == [
        "it reads too slowly: too much waits for it"
    ]


async def test_a_departure_whose_writing_is_cut_short_is_carried_again() -> None:
    gate = xar()
    big = event("hq", detail="<remarks>" + "x" * 50_000 + "</remarks>") * 8
    async with served(gate) as at:
        client = await at.client(buffer=4096)
        await client.answers()
        gate.put(departure(1, big, format="cot"))
        await client.next()
    assert not gate.carried
    async with served(gate) as at:
        client = await at.client()
        await client.send(event("one"))
        await eventually(lambda: gate.failed)
        gate.try_again.set()
        for _ in range(8):
            assert (await client.until("a-")).uid == "hq"
        await gate.until(lambda: gate.carried)


# -- what goes out ----------------------------------------------------------------------------------------------------


def test_a_text_goes_out_as_a_chat_to_everyone() -> None:
    [chat] = parcels(departure(1, b"Route RED closed <now> & until 1400Z"), NOON)
    [message] = COT.decode(chat.data, Context()).messages
    assert message.kind == "message"
    assert said(chat.data) == "Route RED closed <now> & until 1400Z"
    assert chat.leaves["event/detail/__chat/@chatroom"] == "All Chat Rooms"


@pytest.mark.parametrize(("format", "data"), [("kml", b"<kml/>"), ("cot", b"<event"), ("cot", b"")])
def test_what_no_tak_client_reads_will_never_go_out_and_says_why(format: str, data: bytes) -> None:
    with pytest.raises(Undelivered, match="no event that a TAK client reads") as error:
        parcels(Departure("m1", "n", "s", data, format, "routine"), NOON)
    assert not error.value.retry


def test_an_event_in_the_other_form_says_the_same() -> None:
    plain = Event(event("one", 3, detail='<status battery="80"/><__group name="Red" role="HQ"/><takv os="1"/>'))
    frame = Event(plain.other[0])
    back = Event(frame.other[0])
    assert frame.binary and not plain.other[1] and not frame.other[1]
    assert back.leaves.keys() == plain.leaves.keys()
    for mine, theirs in ((plain, frame), (plain, back)):
        [a], [b] = (COT.decode(one.data, Context()).messages for one in (mine, theirs))
        assert (a.kind, bytes(a.body)) == (b.kind, bytes(b.body))
    assert next(protobuf.frames(frame.data)).dialect == "protobuf-stream"


# -- where it listens -------------------------------------------------------------------------------------------------


async def refused(*gates: FakeGate, store: Path = Path(), **at: Any) -> str:
    with pytest.raises(ConfigError) as error:
        await serve(list(gates), endpoints.Tak(**at), store, SystemClock())
    return str(error.value)


async def test_a_place_that_cannot_be_used_is_refused_with_the_line_to_mend(tmp_path: Path) -> None:
    async with served(xar()) as at:
        taken = f"127.0.0.1:{at.ports[0]}"
        assert "cannot be listened on" in await refused(xar(), plain={"xar": taken})
    assert '"zed" has no tak channel' in await refused(xar(), plain={"zed": "127.0.0.1:0"})
    assert "no address" in await refused(xar(), plain={"xar": "here"})
    assert "certificate: is missing" in await refused(xar(), listen="127.0.0.1:0")
    paths = {"certificate": "a.pem", "key": "b.pem", "authority": "c.pem"}
    assert "cannot be used" in await refused(xar(), store=tmp_path, listen="127.0.0.1:0", **paths)
