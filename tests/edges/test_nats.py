"""The bus over NATS when things go wrong: the server stops, dies, forgets; the client library wedges."""

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import msgspec
import pytest
from anyio.lowlevel import checkpoint
from nats.aio.client import Client
from nats.aio.subscription import Subscription

from coordinator import topology
from coordinator.edges.clock import monotonic
from coordinator.edges.nats import NatsBus, apply, connect, diff, puller, supervisor
from coordinator.edges.server import Server, run_server
from coordinator.errors import BusError, Disconnected, NoAnswer
from coordinator.ports import ID, TTL, Delivery, Outgoing
from coordinator.topology import BOARD, COORD, INBOX, INTAKE, LOG, RAW, READER, SERVICES, of
from schemas import subjects
from tests.support.blows import kill

pytestmark = pytest.mark.nats

DECLARED = topology.build(["xar", "ylu"])


@asynccontextmanager
async def a_bus(store: Path) -> AsyncIterator[tuple[Server, NatsBus]]:
    async with (
        run_server(store, DECLARED) as server,
        connect(server.url, server.credentials(SERVICES), COORD) as coord,
    ):
        await apply(coord, DECLARED)
        yield server, coord


def as_xar(server: Server):  # type: ignore[no-untyped-def]
    return connect(server.url, server.credentials("xar"), "xar")


def record(number: int) -> Outgoing:
    return Outgoing(subjects.record("sitrep", "xar"), b"%d" % number, f"{number}", {})


def delivery(number: int) -> Outgoing:
    return Outgoing(subjects.delivery("xar", "flash", "alert"), b"%d" % number, f"{number}", {})


def client(bus: NatsBus) -> Client:
    return bus._link._nc


def _is_still(pid: int) -> bool:
    return all(") T " in stat.read_text() for stat in Path(f"/proc/{pid}/task").glob("*/stat"))


@asynccontextmanager
async def stopped(server: Server) -> AsyncIterator[None]:
    """The server is frozen while the context is open."""
    os.kill(server.pid, signal.SIGSTOP)
    try:
        while not _is_still(server.pid):
            await checkpoint()
        yield
    finally:
        os.kill(server.pid, signal.SIGCONT)


# -- the server dies or freezes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("stream", [LOG, of("xar", INBOX)])
async def test_nothing_is_lost_or_doubled_or_reordered_when_the_server_is_killed(tmp_path: Path, stream: str) -> None:
    message = record if stream == LOG else delivery
    total, marks = 1500, [300, 700, 1100]
    seen: list[Delivery] = []

    async def read(server: Server, bus: NatsBus) -> None:
        async with bus.read(stream, ()) as reader:
            while len(seen) < total:
                seen.extend(await reader.batch())
                if marks and len(seen) >= marks[0]:
                    marks.pop(0)
                    kill(server)

    async with a_bus(tmp_path) as (server, bus):
        with anyio.fail_after(40):
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(read, server, bus)
                for start in range(0, total, 500):
                    await bus.publish([message(n) for n in range(start, start + 500)])
        assert not marks
        assert (await bus.state(stream)).messages == total
        assert [d.seq for d in seen] == list(range(1, total + 1))
        assert [d.data for d in seen] == [b"%d" % n for n in range(total)]


async def test_a_share_goes_on_after_the_server_was_killed(tmp_path: Path) -> None:
    done: set[str] = set()
    async with a_bus(tmp_path) as (server, coord), as_xar(server) as xar:
        async with coord.consume(RAW, INTAKE) as share:
            with anyio.fail_after(20):
                for round_ in range(2):
                    ids = {f"{round_}-{n}" for n in range(300)}
                    await xar.publish([Outgoing(subjects.native("xar", "sitrep"), b"{}", i, {}) for i in sorted(ids)])
                    while not ids <= done:
                        batch = await share.batch()
                        done |= {d.headers[ID] for d in batch}
                        await share.ack(batch)
                    kill(server)
        assert len(done) == 600


async def test_an_idle_share_goes_on_asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(puller, "_EXPIRES_S", 0.2)
    monkeypatch.setattr(puller, "_HEARTBEAT_S", 0.1)
    async with a_bus(tmp_path) as (server, coord), as_xar(server) as xar, coord.consume(RAW, INTAKE) as share:
        for n in range(2):
            with anyio.move_on_after(0.5):
                await share.batch()
            await xar.publish([Outgoing(subjects.native("xar", "sitrep"), b"{}", f"{n}", {})])
            with anyio.fail_after(1):
                await share.ack(await share.batch())


async def test_a_participant_goes_on_reading_after_the_server_was_killed(tmp_path: Path) -> None:
    async with (
        a_bus(tmp_path) as (server, coord),
        as_xar(server) as xar,
        xar.read(BOARD, ()) as board,
        xar.consume(INBOX, READER) as inbox,
    ):
        with anyio.fail_after(20):
            for n in range(3):
                shown = Outgoing(subjects.board("xar", "finding", f"{n}"), b"", f"b{n}", {})
                delivered = Outgoing(subjects.delivery("xar", "flash", "alert"), b"", f"{n}", {})
                await coord.publish([shown, delivered])
                assert [d.headers[ID] for d in await board.batch()] == [f"b{n}"]
                found = await inbox.batch()
                assert found[-1].headers[ID] == f"{n}"
                await inbox.ack(found)
                kill(server)


async def test_a_receipt_leaves_the_board_at_the_end_of_its_life(tmp_path: Path) -> None:
    receipt = Outgoing(subjects.board("xar", "receipt", "i"), b"", "1", {TTL: "1"})
    stays = Outgoing(subjects.board("xar", "alert", "a"), b"", "2", {})
    async with a_bus(tmp_path) as (_, coord):
        await coord.publish([receipt, stays])
        assert (await coord.state(of("xar", BOARD))).messages == 2
        with anyio.fail_after(10):
            while (await coord.state(of("xar", BOARD))).messages != 1:  # noqa: ASYNC110 - the server tells nobody
                await anyio.sleep(0.02)


async def test_a_frozen_server_delays_and_does_not_lose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_LOOK_S", 0.1)  # it is looked at several times while it stands still
    async with a_bus(tmp_path) as (server, bus), bus.read(LOG, ()) as reader:
        async with anyio.create_task_group() as tasks:
            async with stopped(server):
                tasks.start_soon(bus.publish, [record(n) for n in range(500)])
                await anyio.sleep(0.5)
            with anyio.fail_after(10):
                seen: list[Delivery] = []
                while len(seen) < 500:
                    seen += await reader.batch()
        assert [d.data for d in seen] == [b"%d" % n for n in range(500)]
        assert (await bus.state(LOG)).messages == 500


AT_ONCE_S = 2.5  # on a busy machine too; whatever waits for the server itself takes 5 s or more
PUBLIC: tuple[Callable[[NatsBus], Awaitable[object]], ...] = (
    lambda bus: bus.publish([record(1)]),
    lambda bus: bus.publish([record(n) for n in range(5000)]),
    lambda bus: bus.emit(subjects.replay("r1", "x"), b""),
    lambda bus: bus.get(LOG, 1),
    lambda bus: bus.last(LOG, subjects.ALL_RECORDS),
    lambda bus: bus.state(LOG),
    lambda bus: bus.progress(RAW, INTAKE),
    lambda bus: bus.save("alerting", bytes(1_000_000)),
    lambda bus: bus.load("alerting"),
    lambda bus: bus.contacts(),
    lambda bus: anext(bus.ask(subjects.ask("xar", "log", "show"), b"")),
    lambda bus: apply(bus, DECLARED),
)


async def _open_and_wait(bus: NatsBus, kind: str) -> None:
    async def answer(subject: str, data: bytes, headers: dict[str, str]) -> AsyncIterator[bytes]:
        yield b""

    async def on_message(subject: str, data: bytes, headers: dict[str, str]) -> None: ...

    match kind:
        case "read":
            async with bus.read(LOG, ()) as reader:
                await reader.batch()
        case "read a board":
            async with bus.read(of("xar", BOARD), ()) as reader:
                await reader.batch()
        case "consume":
            async with bus.consume(RAW, INTAKE) as share:
                await share.batch()
        case "serve":
            async with bus.serve(subjects.questions("log"), "log", answer):
                await anyio.sleep_forever()
        case _:
            async with bus.subscribe(subjects.ALL_TRACKS, on_message):
                await anyio.sleep_forever()


async def test_everything_can_be_cancelled_while_the_server_is_frozen(tmp_path: Path) -> None:
    waits = [
        lambda bus, kind=kind: _open_and_wait(bus, kind) for kind in ("read", "read a board", "consume", "serve", "")
    ]
    async with a_bus(tmp_path) as (server, bus):
        async with stopped(server):
            for operation in (*PUBLIC, *waits):
                began = monotonic()
                with anyio.move_on_after(0.05):
                    await operation(bus)
                assert monotonic() - began < AT_ONCE_S
        with anyio.fail_after(10):
            await bus.publish([record(1)])


async def test_open_readers_can_be_cancelled_while_the_server_is_frozen(tmp_path: Path) -> None:
    async with (
        a_bus(tmp_path) as (server, bus),
        bus.read(LOG, ()) as log,
        bus.consume(RAW, INTAKE) as share,
        bus.read(of("xar", INBOX), ()) as inbox,
        stopped(server),
    ):
        for operation in (log.batch, log.pending, share.batch, share.pending, inbox.batch, inbox.pending):
            began = monotonic()
            with anyio.move_on_after(0.05):
                await operation()
            assert monotonic() - began < AT_ONCE_S


async def test_closing_does_not_wait_for_a_frozen_server(tmp_path: Path) -> None:
    async with a_bus(tmp_path) as (server, _):
        async with as_xar(server) as xar:
            os.kill(server.pid, signal.SIGSTOP)
            with anyio.move_on_after(0.05):
                await xar.publish([Outgoing(subjects.native("xar", "sitrep"), bytes(1_000_000), "1", {})] * 20)
            began = monotonic()
        assert monotonic() - began < 2
        os.kill(server.pid, signal.SIGCONT)


async def test_a_deadline_is_kept_and_what_was_late_may_be_repeated(tmp_path: Path) -> None:
    async with a_bus(tmp_path) as (server, bus):
        async with stopped(server):
            began = monotonic()
            with pytest.raises(BusError, match="1 messages not acknowledged"):
                await bus.publish([record(1)], deadline_s=0.2)
            assert monotonic() - began < 1
        await bus.publish([record(1)])
        assert (await bus.state(LOG)).messages == 1


async def test_what_was_written_last_is_sent_before_closing(tmp_path: Path) -> None:
    async with a_bus(tmp_path) as (server, coord):
        await coord.publish([Outgoing(subjects.delivery("xar", "flash", "alert"), b"", "1", {})])
        async with as_xar(server) as xar, xar.consume(INBOX, READER) as share:
            await share.ack(await share.batch())
        assert await coord.progress(of("xar", INBOX), READER) == 1


# -- the client library wedges ----------------------------------------------------------------------------------------


async def _lose_read_loop(nc: Client) -> None:
    """What a cancelled flush does: its future is still queued, and the next PONG raises in the read loop."""
    import asyncio

    cancelled: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    cancelled.cancel()
    nc._pongs.insert(0, cancelled)
    nc._pending.append(b"PING\r\n")
    await nc._flush_pending()


async def _server_error(nc: Client) -> None:
    """What an expired JWT does: the server says so, and the library closes for good."""
    await nc._process_err("'user authentication expired'")


async def _close(nc: Client) -> None:
    await nc.close()


async def _cancel_read_loop(nc: Client) -> None:
    assert nc._reading_task is not None
    nc._reading_task.cancel()


@pytest.mark.parametrize("wedge", [_lose_read_loop, _server_error, _close, _cancel_read_loop])
async def test_a_dead_client_is_rebuilt(tmp_path: Path, wedge: Callable[[Client], Awaitable[None]]) -> None:
    async def answer(subject: str, data: bytes, headers: dict[str, str]) -> AsyncIterator[bytes]:
        yield b"here"

    async with (
        a_bus(tmp_path) as (server, bus),
        as_xar(server) as xar,
        bus.read(LOG, ()) as reader,
        bus.serve(subjects.questions("log"), "log", answer),
    ):
        await bus.publish([record(0)])
        before = client(bus)
        await wedge(before)
        with anyio.fail_after(5):
            while client(bus) is before:
                await checkpoint()  # the bus tells nobody that it healed itself
            await bus.publish([record(1)])
            assert [d.data for d in await reader.batch()] in ([b"0"], [b"0", b"1"])
            parts = xar.ask(subjects.ask("xar", "log", "show"), b"")
            assert [p.data async for p in parts] == [b"here"]


async def test_a_broken_connection_ends_a_request_at_once(tmp_path: Path) -> None:
    async def silent(subject: str, data: bytes, headers: dict[str, str]) -> AsyncIterator[bytes]:
        yield b"one"
        await anyio.sleep_forever()

    async with (
        a_bus(tmp_path) as (server, bus),
        as_xar(server) as xar,
        bus.serve(subjects.questions("log"), "log", silent),
    ):
        parts = xar.ask(subjects.ask("xar", "log", "show"), b"", timeout_s=30)
        assert (await anext(parts)).data == b"one"
        kill(server)
        with anyio.fail_after(5), pytest.raises(Disconnected):
            await anext(parts)


async def test_a_raising_handler_does_not_end_the_connection(tmp_path: Path) -> None:
    async with a_bus(tmp_path) as (_, bus):

        def broken(_: object) -> None:
            raise ValueError("a bug of ours")

        bus._link.listen("replay.r1.>", broken)
        await bus.emit("replay.r1.a", b"")
        await bus.publish([record(1)])
        reading = client(bus)._reading_task
        assert reading is not None
        assert not reading.done()


async def test_no_server_is_said_in_time() -> None:
    began = monotonic()
    with pytest.raises(Disconnected, match="no server answered"):
        async with connect(
            "nats://127.0.0.1:9", "SUAOGZZE3WPOTP6CPJDFLRX7WTUVJP3XUKQZ5BEEAURP7YJTB6I2B2BWAY", "xar", patience_s=0.5
        ):
            pass
    assert monotonic() - began < 2


def test_the_library_still_has_what_we_use_of_it() -> None:
    nc = Client()
    for name in (
        "_pending",
        "_pending_data_size",
        "_flush_queue",
        "_pongs",
        "_subs",
        "_sid",
        "_reading_task",
        "_transport",
        "_process_msg",
        "_ps",
    ):
        assert hasattr(nc, name)
    assert hasattr(Subscription(nc), "_pending_queue")


# -- applying the topology --------------------------------------------------------------------------------------------


def changed(name: str, **fields: object) -> topology.Topology:
    streams = tuple(msgspec.structs.replace(s, **fields) if s.name == name else s for s in DECLARED.streams)
    return msgspec.structs.replace(DECLARED, streams=streams)


async def test_applying_twice_changes_nothing(tmp_path: Path) -> None:
    async with (
        run_server(tmp_path, DECLARED) as server,
        connect(server.url, server.credentials(SERVICES), COORD) as bus,
    ):
        planned = await diff(bus, DECLARED)
        assert {c.action for c in planned} == {"create"}
        with pytest.raises(BusError):
            await bus.state(LOG)
        assert await apply(bus, DECLARED) == planned
        assert await diff(bus, DECLARED) == await apply(bus, DECLARED) == []


async def test_a_harmless_edit_is_made(tmp_path: Path) -> None:
    async with a_bus(tmp_path) as (_, bus):
        wider = changed(RAW, duplicate_window_s=1200)
        (change,) = await apply(bus, wider)
        assert (change.what, change.action) == ("stream COORD/RAW", "update")
        assert change.detail == "duplicate_window 600000000000 -> 1200000000000"
        assert await diff(bus, wider) == []


async def test_a_consumer_is_edited(tmp_path: Path) -> None:
    consumers = tuple(msgspec.structs.replace(c, backoff_s=(5, 30)) for c in DECLARED.consumers)
    other = msgspec.structs.replace(DECLARED, consumers=consumers)
    async with a_bus(tmp_path) as (_, bus):
        what = {c.what for c in await apply(bus, other) if c.action == "update"}
        assert what == {"consumer COORD/RAW/intake", "consumer xar/INBOX/reader", "consumer ylu/INBOX/reader"}
        assert await diff(bus, other) == []


@pytest.mark.parametrize(
    "fields",
    [{"max_bytes": 1000}, {"duplicate_window_s": 60}, {"subjects": ("record.*.*",)}, {"newest_only": True},
     {"replaceable": True}],
)  # fmt: skip
async def test_an_edit_that_could_lose_something_is_refused(tmp_path: Path, fields: dict[str, object]) -> None:
    async with a_bus(tmp_path) as (_, bus):
        narrower = changed(LOG, **fields)
        changes = await apply(bus, narrower)
        assert changes
        assert {(c.what, c.action) for c in changes} == {("stream COORD/LOG", "refuse")}
        assert await diff(bus, narrower) == changes
        assert await diff(bus, DECLARED) == []


async def test_a_server_without_the_streams_says_so(tmp_path: Path) -> None:
    async with (
        run_server(tmp_path, DECLARED) as server,
        connect(server.url, server.credentials("xar"), "xar") as xar,
    ):
        with anyio.fail_after(5), pytest.raises((BusError, NoAnswer)):
            await xar.publish([Outgoing(subjects.native("xar", "sitrep"), b"", "1", {})], deadline_s=3)
