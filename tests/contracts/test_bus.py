"""What every bus promises, held against the one in memory and the one over NATS."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.lowlevel import checkpoint

from coordinator import topology
from coordinator.edges.memory import MemoryBus
from coordinator.edges.nats import NatsBus, publisher
from coordinator.errors import BusError, Forbidden, Full, NoAnswer, NotFound, TooLarge, UsageError
from coordinator.ports import ID, Bus, Consumer, Delivery, Outgoing, Reader
from coordinator.topology import (
    BOARD,
    COORD,
    GATE,
    GATE_CONNECTION,
    INBOX,
    INTAKE,
    LOG,
    MAX_PAYLOAD,
    RAW,
    READER,
    TRACKS,
    of,
)
from schemas import subjects
from tests.support.buses import Buses, open_memory, open_nats

OpenBus = Callable[..., AbstractAsyncContextManager[Buses]]
XAR, YLU = "xar", "ylu"
BOTH = (XAR, YLU)


@pytest.fixture(params=["memory", pytest.param("nats", marks=pytest.mark.nats)])
def open_bus(request: pytest.FixtureRequest, tmp_path: Path) -> OpenBus:
    """A way to open a bus; entered in the test, because it owns tasks."""

    def opened(**limits: Any) -> AbstractAsyncContextManager[Buses]:
        if request.param == "memory":
            return open_memory(BOTH, **limits)
        return open_nats(BOTH, tmp_path / "store", sync_always=False, **limits)

    return opened


def sitrep(number: int, by: str = XAR, data: bytes = b"{}", **headers: str) -> Outgoing:
    return Outgoing(subjects.native(by, "sitrep"), data, f"{number}", headers)


def record(number: int, kind: str = "sitrep", data: bytes = b"{}") -> Outgoing:
    return Outgoing(subjects.record(kind, XAR), data, f"record-{number}", {})


def on_board(identity: str, number: int, by: str = XAR, **headers: str) -> Outgoing:
    return Outgoing(subjects.board(by, "finding", identity), b"%d" % number, f"board-{number}", headers)


def delivery(number: int, by: str = XAR) -> Outgoing:
    return Outgoing(subjects.delivery(by, "flash", "alert"), b"%d" % number, f"delivery-{number}", {})


async def take(source: Reader | Consumer, count: int) -> list[Delivery]:
    """Read until there are ``count``."""
    found: list[Delivery] = []
    with anyio.fail_after(10):
        while len(found) < count:
            found += await source.batch()
    return found


async def nothing(source: Reader | Consumer) -> bool:
    """Say whether nothing more comes within a moment."""
    with anyio.move_on_after(0.2):
        await source.batch()
        return False
    return True


async def ask(bus: Bus, subject: str, data: bytes = b"") -> list[bytes]:
    with anyio.fail_after(10):
        return [part.data async for part in bus.ask(subject, data)]


# -- publishing -------------------------------------------------------------------------------------------------------


async def test_publishing_twice_is_publishing_once(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        first, second = await xar.publish([sitrep(1), sitrep(1)])
        assert (first.duplicate, second.duplicate) == (False, True)
        assert first.seq == second.seq
        assert (await coord.state(RAW)).messages == 1


async def test_a_published_message_is_stored_as_it_was_given(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        await xar.publish([sitrep(7, data=b"\x00\xff\r\n", Channel="file", Note="é · 中")])
        stored = await coord.get(RAW, 1)
        assert stored is not None
        assert stored[:4] == (RAW, 1, "from.xar.msg.sitrep", b"\x00\xff\r\n")
        assert stored.headers == {"Channel": "file", "Note": "é · 中", ID: "7"}
        assert stored.time > 1_600_000_000_000_000


async def test_many_messages_are_stored_in_order(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord = await bus(COORD)
        stored = await coord.publish([record(n) for n in range(2500)])
        assert [s.seq for s in stored] == list(range(1, 2501))


async def test_publishing_nothing_is_nothing(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        assert await (await bus(COORD)).publish([]) == []


async def test_nobody_can_use_up_the_id_of_another(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, ylu, coord = await bus(XAR), await bus(YLU), await bus(COORD)
        await xar.publish([sitrep(1)])
        (stored,) = await ylu.publish([sitrep(1, by=YLU)])
        assert not stored.duplicate
        assert (await coord.state(RAW)).messages == 2


@pytest.mark.parametrize(
    "subject",
    ["from.ylu.msg.sitrep", "record.sitrep.xar", "to.xar.flash.alert", "board.xar.finding.a", "to.ylu.flash.alert",
     "alert.a", "ask.ylu.log.show"],
)  # fmt: skip
async def test_a_participant_writes_only_under_its_own_name(open_bus: OpenBus, subject: str) -> None:
    async with open_bus() as bus:
        xar = await bus(XAR)
        with anyio.fail_after(1), pytest.raises(Forbidden, match=subject):
            await xar.publish([Outgoing(subject, b"", "1", {})])
        with pytest.raises(Forbidden):
            await xar.emit(subject, b"")
        assert await xar.publish([sitrep(1)])


async def test_one_forbidden_message_does_not_hold_up_a_window(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar = await bus(XAR)
        with anyio.fail_after(2), pytest.raises(Forbidden):
            await xar.publish([Outgoing("from.ylu.msg.sitrep", b"", f"{n}", {}) for n in range(3000)])
        assert await xar.publish([sitrep(1)])


async def test_a_subject_that_no_stream_keeps_is_an_error(open_bus: OpenBus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publisher, "_NOBODY_S", 0.1)
    async with open_bus() as bus:
        with anyio.fail_after(5), pytest.raises(NotFound, match="replay"):
            await (await bus(COORD)).publish([Outgoing("replay.r1.record", b"", "1", {})])


async def test_too_large_a_message_is_refused_before_anything_is_sent(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        with pytest.raises(TooLarge) as refused:
            await xar.publish([sitrep(1), sitrep(2, data=bytes(MAX_PAYLOAD))])
        assert refused.value.size > refused.value.limit == MAX_PAYLOAD
        assert (await coord.state(RAW)).messages == 0
        assert await xar.publish([sitrep(2, data=bytes(MAX_PAYLOAD - 200))])


@pytest.mark.parametrize("value", ["two\r\nlines", "two\nlines"])
async def test_a_header_cannot_smuggle_another(open_bus: OpenBus, value: str) -> None:
    async with open_bus() as bus:
        with pytest.raises(UsageError):
            await (await bus(XAR)).publish([sitrep(1, Channel=value)])


@pytest.mark.parametrize("subject", ["", "from.xar.msg.a b", "from.xar.msg.>", "from.xar.*.a", "from.xar\r\nPING"])
async def test_a_pattern_or_a_broken_subject_is_not_published_to(open_bus: OpenBus, subject: str) -> None:
    async with open_bus() as bus:
        with pytest.raises(UsageError):
            await (await bus(XAR)).publish([Outgoing(subject, b"", "1", {})])


async def test_a_full_stream_refuses_and_forgets_nothing(open_bus: OpenBus) -> None:
    async with open_bus(max_bytes={LOG: 3000}) as bus:
        coord = await bus(COORD)
        with anyio.fail_after(5), pytest.raises(Full):
            await coord.publish([record(n, data=bytes(500)) for n in range(20)])
        state = await coord.state(LOG)
        assert 1 <= state.messages <= 5
        assert (await coord.get(LOG, 1)) is not None


# -- reading ----------------------------------------------------------------------------------------------------------


async def test_a_reader_starts_behind_a_sequence_and_follows(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord = await bus(COORD)
        await coord.publish([record(n) for n in range(5)])
        async with coord.read(LOG, (), after=2) as reader:
            assert [d.seq for d in await take(reader, 3)] == [3, 4, 5]
            assert await nothing(reader)
            await coord.publish([record(5)])
            assert [d.seq for d in await take(reader, 1)] == [6]


async def test_a_reader_takes_only_what_matches(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord = await bus(COORD)
        await coord.publish([record(1), record(2, "directive"), Outgoing(subjects.tick("alerting"), b"", "t", {})])
        async with coord.read(LOG, (subjects.records("directive"), "tick.*")) as reader:
            assert [d.seq for d in await take(reader, 2)] == [2, 3]
        async with coord.read(LOG, (subjects.records("sitrep"),)) as reader:
            assert [d.seq for d in await take(reader, 1)] == [1]
            assert await nothing(reader)


async def test_a_reader_knows_how_much_is_ahead(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord = await bus(COORD)
        await coord.publish([record(n, "sitrep" if n % 2 else "directive") for n in range(1000)])
        async with coord.read(LOG, (subjects.records("sitrep"),)) as reader:
            assert await reader.pending() == 500
            count = len(await reader.batch())
            assert await reader.pending() == 500 - count
            await take(reader, 500 - count)
            assert await reader.pending() == 0


async def test_a_batch_is_at_most_a_few_hundred(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord = await bus(COORD)
        await coord.publish([record(n) for n in range(1500)])
        async with coord.read(LOG, ()) as reader:
            found: list[Delivery] = []
            while len(found) < 1500:
                found += (batch := await reader.batch())
                assert 1 <= len(batch) <= 500
            assert [d.seq for d in found] == list(range(1, 1501))


async def test_a_cancelled_batch_loses_nothing(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord = await bus(COORD)
        async with coord.read(LOG, ()) as reader:
            for _ in range(3):
                assert await nothing(reader)
            await coord.publish([record(1)])
            assert [d.seq for d in await take(reader, 1)] == [1]


async def test_readers_do_not_disturb_each_other(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord = await bus(COORD)
        async with coord.read(LOG, ()) as one, coord.read(LOG, ()) as two:
            await coord.publish([record(1), record(2)])
            assert len(await take(one, 2)) == len(await take(two, 2)) == 2


async def test_reading_a_stream_that_is_not_there_is_an_error(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        with pytest.raises(NotFound):
            async with (await bus(COORD)).read("NOWHERE", ()):
                pass


async def test_single_messages_are_found_by_sequence_and_by_subject(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord = await bus(COORD)
        await coord.publish([record(1), record(2, "directive"), record(3)])
        assert (found := await coord.get(LOG, 2)) is not None
        assert found.subject == subjects.record("directive", XAR)
        assert await coord.get(LOG, 9) is None
        assert (newest := await coord.last(LOG, subjects.record("sitrep", XAR))) is not None
        assert newest.seq == 3
        assert (newest := await coord.last(LOG, subjects.ALL_RECORDS)) is not None
        assert newest.seq == 3
        assert await coord.last(LOG, subjects.alert("none")) is None


async def test_a_state_counts_messages_and_sequences(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord = await bus(COORD)
        assert await coord.state(TRACKS) == (0, 0, 0, 0)
        await coord.publish([record(1), record(2)])
        state = await coord.state(LOG)
        assert (state.messages, state.first, state.last) == (2, 1, 2)
        assert state.bytes > 0


# -- durable consumers ------------------------------------------------------------------------------------------------


async def test_what_is_acknowledged_does_not_come_again(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        await xar.publish([sitrep(n) for n in range(3)])
        async with coord.consume(RAW, INTAKE) as share:
            found = await take(share, 3)
            assert await share.pending() == 3
            await share.ack(found)
        async with coord.consume(RAW, INTAKE) as share:
            assert await nothing(share)
            assert await share.pending() == 0


async def test_what_is_given_back_comes_again(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        await xar.publish([sitrep(1), sitrep(2)])
        async with coord.consume(RAW, INTAKE) as share:
            first, second = await take(share, 2)
            await share.ack([second])
            await share.nak([first])
            (again,) = await take(share, 1)
            assert again.seq == first.seq
            await share.ack([again])
            assert await nothing(share)


async def test_shares_divide_the_work(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord, other = await bus(XAR), await bus(COORD), await bus(COORD)
        async with coord.consume(RAW, INTAKE) as one, other.consume(RAW, INTAKE) as two:
            await xar.publish([sitrep(n) for n in range(700)])
            seen: list[int] = []

            async def work(share: Consumer) -> None:
                while len(seen) < 700:
                    batch = await share.batch()
                    seen.extend(d.seq for d in batch)
                    await share.ack(batch)
                    if len(seen) == 700:
                        tasks.cancel_scope.cancel()

            with anyio.fail_after(10):
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(work, one)
                    tasks.start_soon(work, two)
            assert sorted(seen) == list(range(1, 701))


async def test_a_closed_share_gives_back_at_once_what_it_did_not_hand_out(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        await xar.publish([sitrep(n) for n in range(600)])
        async with coord.consume(RAW, INTAKE) as share:
            first = await share.batch()
            await share.ack(first)
        async with coord.consume(RAW, INTAKE) as share:
            rest = await take(share, 600 - len(first))
        assert sorted(d.seq for d in (*first, *rest)) == list(range(1, 601))


async def test_how_far_a_participant_has_read_is_known_to_coord(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        await coord.publish([delivery(n) for n in range(3)])
        assert await coord.progress(of(XAR, INBOX), READER) == 0
        async with xar.consume(INBOX, READER) as share:
            found = await take(share, 3)
            await share.ack(found[:2])
            with anyio.fail_after(5):
                while await coord.progress(of(XAR, INBOX), READER) != 2:
                    await checkpoint()  # an acknowledgement is not acknowledged
            assert await xar.progress(INBOX, READER) == 2


async def test_a_channel_has_a_cursor_of_its_own(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        await coord.publish([delivery(n) for n in range(3)])
        async with xar.consume(INBOX, f"{GATE}smtp") as share:
            await share.ack(await take(share, 3))
        async with xar.consume(INBOX, READER) as share:
            assert len(await take(share, 3)) == 3
        with pytest.raises(NotFound):
            async with xar.consume(INBOX, f"{GATE}tak"):
                pass


async def test_a_consumer_that_is_not_declared_is_an_error(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        with pytest.raises(NotFound):
            async with (await bus(COORD)).consume(LOG, "nobody"):
                pass


async def test_coord_does_not_read_for_a_participant(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        with pytest.raises(Forbidden):
            async with (await bus(COORD)).consume(of(XAR, INBOX), READER):
                pass


# -- INBOX and BOARD --------------------------------------------------------------------------------------------------


async def test_a_board_keeps_the_newest_of_each(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        await coord.publish([on_board("a", 1), on_board("b", 2), on_board("a", 3)])
        async with xar.read(BOARD, ()) as reader:
            assert await reader.pending() == 2
            assert [d.data for d in await take(reader, 2)] == [b"2", b"3"]
            await coord.publish([on_board("b", 4)])
            assert [d.data for d in await take(reader, 1)] == [b"4"]
        assert (await xar.state(BOARD)).messages == 2
        newest = await coord.last(of(XAR, BOARD), subjects.board(XAR, "finding", "b"))
        assert newest is not None
        assert (newest.stream, newest.data) == ("xar/BOARD", b"4")


async def test_a_participant_reads_a_part_of_its_board(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        receipt = Outgoing(subjects.board(XAR, "receipt", "i1"), b"receipt", "r1", {})
        alert = Outgoing(subjects.board(XAR, "alert", "a1"), b"alert", "a1", {})
        await coord.publish([on_board("a", 1), receipt, alert])
        wanted = (subjects.board_of(XAR, "receipt"), subjects.board_of(XAR, "alert"))
        async with xar.read(BOARD, wanted) as reader:
            assert await reader.pending() == 2
            assert [d.data for d in await take(reader, 2)] == [b"receipt", b"alert"]
        async with xar.read(BOARD, wanted[:1]) as reader:
            assert [d.data for d in await take(reader, 1)] == [b"receipt"]


async def test_a_long_inbox_is_read_in_sequence(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        await coord.publish([delivery(n) for n in range(1000)])
        async with xar.read(INBOX, (subjects.inbox_of(XAR),), after=10) as reader:
            assert await reader.pending() == 990
            assert [d.seq for d in await take(reader, 990)] == list(range(11, 1001))
        async with coord.read(of(XAR, INBOX), ()) as reader:
            assert [d.seq for d in await take(reader, 1000)] == list(range(1, 1001))


async def test_a_participant_sees_its_own_only(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, ylu, coord = await bus(XAR), await bus(YLU), await bus(COORD)
        await coord.publish([delivery(1, by=YLU), on_board("a", 2, by=YLU)])
        assert (await ylu.state(INBOX)).messages == 1
        assert (await xar.state(INBOX)).messages == (await xar.state(BOARD)).messages == 0
        for stream in (LOG, RAW, TRACKS, of(YLU, INBOX)):
            with pytest.raises(NotFound):
                await xar.state(stream)
            with pytest.raises(NotFound):
                await xar.get(stream, 1)
            with pytest.raises(NotFound):
                async with xar.read(stream, ()):
                    pass
        with pytest.raises(NotFound):
            async with xar.consume(RAW, INTAKE):
                pass


# -- requests ---------------------------------------------------------------------------------------------------------


async def echo(subject: str, data: bytes, headers: dict[str, str]) -> AsyncIterator[bytes]:
    for n in range(int(data or b"1")):
        yield f"{subject} {n}".encode()


async def test_an_answer_has_any_number_of_parts(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        subject = subjects.ask(XAR, "log", "show")
        async with coord.serve(subjects.questions("log"), "log", echo):
            assert await ask(xar, subject, b"0") == []
            assert await ask(xar, subject, b"2") == [f"{subject} 0".encode(), f"{subject} 1".encode()]
            assert len(await ask(xar, subject, b"2000")) == 2000


async def test_nobody_to_answer_is_said_at_once(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        with anyio.fail_after(2), pytest.raises(NoAnswer):
            await ask(await bus(XAR), subjects.ask(XAR, "log", "show"))


async def test_a_silent_answer_is_given_up(open_bus: OpenBus) -> None:
    async def silent(subject: str, data: bytes, headers: dict[str, str]) -> AsyncIterator[bytes]:
        yield b"one"
        await anyio.sleep_forever()

    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        async with coord.serve(subjects.questions("log"), "log", silent):
            parts = xar.ask(subjects.ask(XAR, "log", "show"), b"", timeout_s=0.1)
            assert (await anext(parts)).data == b"one"
            with pytest.raises(NoAnswer):
                await anext(parts)


async def test_an_answer_can_end_with_an_error(open_bus: OpenBus) -> None:
    async def failing(subject: str, data: bytes, headers: dict[str, str]) -> AsyncIterator[bytes]:
        yield b"one"
        raise BusError("the log has a\nhole")

    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        async with coord.serve(subjects.questions("log"), "log", failing):
            for _ in range(2):  # and the next one is answered all the same
                with pytest.raises(BusError, match="hole"):
                    await ask(xar, subjects.ask(XAR, "log", "show"))


async def test_a_bug_in_an_answer_is_an_error_there_and_the_next_is_answered(open_bus: OpenBus) -> None:
    async def sometimes(subject: str, data: bytes, headers: dict[str, str]) -> AsyncIterator[bytes]:
        if data == b"bad":
            raise KeyError("a secret")
        yield data

    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        async with coord.serve(subjects.questions("log"), "log", sometimes):
            with pytest.raises(BusError, match="internal error"):
                await ask(xar, subjects.ask(XAR, "log", "show"), b"bad")
            assert await ask(xar, subjects.ask(XAR, "log", "show"), b"good") == [b"good"]


async def test_a_request_carries_headers(open_bus: OpenBus) -> None:
    async def headers_back(subject: str, data: bytes, headers: dict[str, str]) -> AsyncIterator[bytes]:
        yield headers["Lang"].encode()

    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        async with coord.serve(subjects.questions("log"), "log", headers_back):
            parts = xar.ask(subjects.ask(XAR, "log", "show"), b"", {"Lang": "fr"})
            assert [p.data async for p in parts] == [b"fr"]


async def test_one_of_a_queue_answers(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar, one, two = await bus(XAR), await bus(COORD), await bus(COORD)
        pattern, subject = subjects.questions("log"), subjects.ask(XAR, "log", "show")
        async with one.serve(pattern, "log", echo), two.serve(pattern, "log", echo):
            for _ in range(10):
                assert len(await ask(xar, subject, b"1")) == 1


async def test_a_slow_answer_does_not_hold_up_the_next(open_bus: OpenBus) -> None:
    may_go = anyio.Event()

    async def waiting(subject: str, data: bytes, headers: dict[str, str]) -> AsyncIterator[bytes]:
        if data == b"slow":
            await may_go.wait()
        yield data

    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        subject = subjects.ask(XAR, "log", "show")
        async with coord.serve(subjects.questions("log"), "log", waiting), anyio.create_task_group() as tasks:
            tasks.start_soon(ask, xar, subject, b"slow")
            assert await ask(xar, subject, b"fast") == [b"fast"]
            may_go.set()


async def test_a_participant_asks_in_its_own_name_and_answers_nobody(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar = await bus(XAR)
        with anyio.fail_after(1), pytest.raises(Forbidden):
            await ask(xar, subjects.ask(YLU, "log", "show"))
        for pattern in (subjects.questions("log"), subjects.asked_by(XAR)):
            with anyio.fail_after(1), pytest.raises(Forbidden):
                async with xar.serve(pattern, "log", echo):
                    pass
        assert await xar.publish([sitrep(1)])


# -- live -------------------------------------------------------------------------------------------------------------


async def test_a_live_message_reaches_who_listens(open_bus: OpenBus) -> None:
    heard: list[tuple[str, bytes, dict[str, str]]] = []
    enough = anyio.Event()

    async def on_message(subject: str, data: bytes, headers: dict[str, str]) -> None:
        heard.append((subject, data, headers))
        if len(heard) == 100:
            enough.set()

    async with open_bus() as bus:
        xar, coord = await bus(XAR), await bus(COORD)
        async with coord.subscribe(subjects.ALL_TRACKS, on_message):
            for n in range(100):
                await xar.emit(subjects.track(XAR, "unit"), b"%d" % n, {"Channel": "tak"})
            with anyio.fail_after(5):
                await enough.wait()
        assert [data for _, data, _ in heard] == [b"%d" % n for n in range(100)]
        assert heard[0][0] == subjects.track(XAR, "unit")
        assert heard[0][2] == {"Channel": "tak"}


@pytest.mark.parametrize("subject", [">", "from.>", "from.xar.>", "to.xar.>", "_INBOX_ylu.>", "record.*.*"])
async def test_a_participant_listens_to_nothing(open_bus: OpenBus, subject: str) -> None:
    async def on_message(subject: str, data: bytes, headers: dict[str, str]) -> None: ...

    async with open_bus() as bus:
        xar = await bus(XAR)
        with anyio.fail_after(1), pytest.raises(Forbidden, match=subject.replace("*", "[*]")):
            async with xar.subscribe(subject, on_message):
                pass
        assert await xar.publish([sitrep(1)])


# -- the rest ---------------------------------------------------------------------------------------------------------


async def test_snapshots_are_kept_whole_and_replaced(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord = await bus(COORD)
        assert await coord.load("deconfliction") is None
        await coord.save("deconfliction", bytes(range(256)) * 12_000)
        await coord.save("alerting", b"")
        assert await coord.load("deconfliction") == bytes(range(256)) * 12_000
        assert await coord.load("alerting") == b""
        await coord.save("deconfliction", b"newer")
        assert await coord.load("deconfliction") == b"newer"


async def test_snapshots_and_contacts_are_not_for_participants(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar = await bus(XAR)
        with pytest.raises(Forbidden):
            await xar.save("deconfliction", b"")
        with pytest.raises(Forbidden):
            await xar.load("deconfliction")
        with pytest.raises(Forbidden):
            await xar.contacts()


async def test_contacts_count_connections(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord, _, _ = await bus(COORD), await bus(XAR), await bus(XAR)
        assert await coord.contacts() == {XAR: 2, YLU: 0}


async def test_a_participants_gates_are_no_contacts(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        coord = await bus(COORD)
        await bus(YLU, GATE_CONNECTION)
        for number in range(3):
            await bus(XAR, f"{GATE_CONNECTION} {number}")
        assert await coord.contacts() == {XAR: 0, YLU: 0}
        await bus(XAR, f"a {GATE_CONNECTION}")
        await bus(XAR)
        assert await coord.contacts() == {XAR: 2, YLU: 0}


async def test_a_round_trip_leaves_its_time(open_bus: OpenBus) -> None:
    async with open_bus() as bus:
        xar = await bus(XAR)
        before = xar.last_round_trip
        await xar.publish([sitrep(1)])
        assert xar.last_round_trip > before


def test_both_are_buses() -> None:
    """The type checker holds this; it is here so that the imports are used."""
    kinds: tuple[type[Bus], ...] = (MemoryBus, NatsBus)
    assert len(kinds) == 2
    assert topology.COORD == COORD
