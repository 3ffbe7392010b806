"""What a participant may not do, tried with the bare client library: the server refuses each at once, and goes on."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import nats
import pytest
from nats.aio.client import Client

from coordinator import topology
from coordinator.edges.nats import apply, connect
from coordinator.edges.server import Server, run_server
from coordinator.errors import Forbidden
from coordinator.ports import Bus, Outgoing
from coordinator.topology import BOARD, COORD, INBOX, LOG, OBSERVER, READER, SERVICES, of
from schemas import subjects
from tests.support.buses import connected

pytestmark = pytest.mark.nats

API = "JS.xar.API"  # what $JS.API of its streams is called by a participant


@asynccontextmanager
async def a_bus(store: Path) -> AsyncIterator[tuple[Server, Bus]]:
    declared = topology.build(["xar", "ylu"])
    async with run_server(store, declared, sync_always=False) as server, connected(server) as bus:
        coord = await bus(COORD)
        await apply(coord, declared)  # type: ignore[arg-type]
        yield server, coord


class Participant:
    """A bare connection that notes what the server said."""

    def __init__(self, nc: Client, errors: list[str]) -> None:
        self.nc = nc
        self.errors = errors

    async def refused(self, what: str) -> bool:
        """Say whether the server refused something; it has dealt with everything when this returns."""
        await self.nc.flush()  # the library's ping overtakes what waits to be sent: the second one counts
        await self.nc.flush()
        return any("permissions violation" in e and what.lower() in e for e in self.errors)


@asynccontextmanager
async def bare(server: Server, user: str = "xar") -> AsyncIterator[Participant]:
    errors: list[str] = []

    async def on_error(error: Exception) -> None:
        errors.append(str(error))

    seed = server.credentials(user).read_text()
    nc = await nats.connect(
        server.url, nkeys_seed_str=seed, error_cb=on_error, inbox_prefix=f"_INBOX_{user}", allow_reconnect=False
    )
    try:
        yield Participant(nc, errors)
    finally:
        await nc.close()


FORBIDDEN_PUBLISHES = (
    # as another, or as a service
    "from.ylu.msg.sitrep", "ask.ylu.log.show", "record.sitrep.xar", "refusal.xar", "finding.prohibited-zone.a",
    "alert.a", "tick.alerting", "config.mission", "presence.xar", "position.xar", "seal.log", "replay.r1.record.a.b",
    # deliveries to itself, or to others
    "to.xar.flash.alert", "board.xar.finding.a", "to.ylu.flash.alert", "board.ylu.finding.a", "wake.INBOX.to.xar.a",
    # JetStream: of its streams only what reading needs, of everybody else's nothing
    *(f"{API}.STREAM.{verb}.INBOX" for verb in ("CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE", "MSG.GET",
      "SNAPSHOT", "RESTORE", "LEADER.STEPDOWN")),
    *(f"{API}.CONSUMER.{verb}" for verb in ("CREATE.INBOX", "CREATE.INBOX.mine", "CREATE.BOARD.mine.board.xar.a",
      "DURABLE.CREATE.INBOX.mine", "DELETE.INBOX.reader", "NAMES.INBOX", "LIST.INBOX", "MSG.NEXT.BOARD.mine",
      "PAUSE.INBOX.reader", "RESET.INBOX.reader")),
    f"{API}.STREAM.NAMES", f"{API}.STREAM.LIST", f"{API}.INFO",
    *(f"$JS.API.{request}" for request in ("INFO", "STREAM.NAMES", "STREAM.LIST", "STREAM.CREATE.MINE",
      "STREAM.INFO.LOG", "STREAM.DELETE.LOG", "STREAM.PURGE.LOG", "STREAM.UPDATE.LOG", "STREAM.MSG.GET.LOG",
      "DIRECT.GET.LOG", "DIRECT.GET.INBOX", "STREAM.INFO.INBOX", "CONSUMER.CREATE.RAW.mine",
      "CONSUMER.MSG.NEXT.RAW.intake", "CONSUMER.INFO.RAW.intake", "STREAM.DELETE.INBOX")),
    "JS.ylu.API.STREAM.INFO.INBOX", "JS.ylu.API.DIRECT.GET.BOARD", "JS.ylu.API.CONSUMER.MSG.NEXT.INBOX.reader",
    "$JS.ACK.RAW.intake.1.1.1.1.0", "$O.snapshots.M.x", "$KV.any.key",
    # the system, and answers to what others asked
    "$SYS.REQ.SERVER.PING", "$SYS.REQ.SERVER.PING.CONNZ", "$SYS.REQ.ACCOUNT.PING.STATZ", topology.CONTACTS,
    topology.CONNECTIONS, "_INBOX.x.1", "_INBOX_ylu.x.1",
    "_R_.x", "$G.x", ">",
)  # fmt: skip


@pytest.mark.parametrize("subject", FORBIDDEN_PUBLISHES)
def test_the_allow_list_knows_no_such_subject(subject: str) -> None:
    assert not topology.permitted("xar", "publish", subject)


async def test_every_forbidden_publish_is_refused_by_the_server(tmp_path: Path) -> None:
    async with a_bus(tmp_path) as (server, coord), bare(server) as xar:
        with anyio.fail_after(10):
            for subject in FORBIDDEN_PUBLISHES:
                if "*" not in subject and subject != ">":
                    await xar.nc.publish(subject, b"{}")
                    assert await xar.refused(f'publish to "{subject}"'), subject
        assert xar.nc.is_connected
        for stream in (LOG, of("xar", INBOX), of("xar", BOARD), of("ylu", INBOX)):
            assert (await coord.state(stream)).messages == 0


@pytest.mark.parametrize("queue", ["", "intake"])
async def test_every_foreign_subscription_is_refused_by_the_server(tmp_path: Path, queue: str) -> None:
    foreign = (
        ">", "from.>", "from.xar.>", "from.*.msg.*", "ask.>", "ask.xar.>", "ask.*.log.*", "record.>", "to.>",
        "to.xar.>", "board.xar.>", "wake.>", "_INBOX.>", "_INBOX_ylu.>", "_INBOX_ylu.wake.>", "*.>", "$JS.>", "$SYS.>",
        "JS.>", "*", "_R_.>",
    )  # fmt: skip

    async def on_message(_: Any) -> None: ...

    async with a_bus(tmp_path) as (server, _), bare(server) as xar:
        for subject in foreign:
            await xar.nc.subscribe(subject, queue=queue, cb=on_message)
            assert await xar.refused(f'subscription to "{subject}"'), subject
        assert xar.nc.is_connected


async def _forge_by_reply(xar: Participant, request: str, body: bytes, target: str) -> None:
    await xar.nc.publish(request, body, reply=target)
    await xar.refused("")  # waits until the server has dealt with it


REPLY_TARGETS: tuple[str, ...] = (
    subjects.delivery("xar", "flash", "alert"), subjects.board("xar", "alert", "forged"), "record.sitrep.xar",
    "to.ylu.flash.alert", "board.ylu.alert.forged", "wake.INBOX.to.xar.x",
    f"{API}.STREAM.DELETE.INBOX", "$JS.API.STREAM.DELETE.INBOX", "$JS.API.STREAM.PURGE.LOG",
    "$JS.API.STREAM.DELETE.LOG",
)  # fmt: skip


async def test_an_answer_cannot_be_aimed_at_a_stream(tmp_path: Path) -> None:
    """The server checks the subject of a request but not its reply subject: streams must stand out of its reach."""
    async with a_bus(tmp_path) as (server, coord), bare(server) as xar:
        await coord.publish([Outgoing(subjects.delivery("xar", "flash", "alert"), b"true", "1", {})])
        requests: tuple[tuple[str, bytes], ...] = (
            (f"{API}.STREAM.INFO.INBOX", b""),
            (f"{API}.DIRECT.GET.INBOX", b'{"seq":1}'),
            (f"{API}.CONSUMER.INFO.INBOX.reader", b""),
            (f"{API}.CONSUMER.MSG.NEXT.INBOX.reader", b'{"batch":1,"no_wait":true}'),
            (subjects.native("xar", "sitrep"), b"{}"),
            (subjects.ask("xar", "log", "show"), b"{}"),
        )

        async def answer(subject: str, data: bytes, headers: dict[str, str]) -> AsyncIterator[bytes]:
            yield data

        async with coord.serve(subjects.questions("log"), "log", answer):
            for request, body in requests:
                for target in REPLY_TARGETS:
                    await _forge_by_reply(xar, request, body, target)
            assert [part.data async for part in coord.ask(subjects.ask("xar", "log", "x"), b"end")] == [b"end"]
        assert (await coord.state(of("xar", INBOX))).messages == 1
        for stream in (LOG, of("xar", BOARD), of("ylu", INBOX), of("ylu", BOARD)):
            assert (await coord.state(stream)).messages == 0


async def test_a_reserved_reply_is_refused(tmp_path: Path) -> None:
    async with a_bus(tmp_path) as (server, _), bare(server) as xar:
        await xar.nc.publish(subjects.native("xar", "sitrep"), b"{}", reply="$JS.ACK.INBOX.reader.1.1.1.1.0")
        assert await xar.refused("reply of")
        assert xar.nc.is_connected


async def test_a_participant_can_do_what_it_needs_with_the_bare_library(tmp_path: Path) -> None:
    async with a_bus(tmp_path) as (server, coord), bare(server) as xar:
        await coord.publish([Outgoing(subjects.delivery("xar", "flash", "alert"), b"true", "1", {})])
        ack = await xar.nc.request(subjects.native("xar", "sitrep"), b"{}", timeout=2)
        assert json.loads(ack.data)["stream"] == "RAW"
        info = json.loads((await xar.nc.request(f"{API}.STREAM.INFO.INBOX", timeout=2)).data)
        assert info["state"]["messages"] == 1
        inbox = await xar.nc.subscribe(reply := xar.nc.new_inbox())
        await xar.nc.publish(f"{API}.CONSUMER.MSG.NEXT.INBOX.reader", b"1", reply=reply)
        got = await inbox.next_msg(timeout=2)
        assert (got.subject, got.data) == (subjects.delivery("xar", "flash", "alert"), b"true")
        await got.ack_sync(timeout=2)
        assert await coord.progress(of("xar", INBOX), READER) == 1
        assert xar.errors == []


async def test_keys_of_one_realm_mean_nothing_in_the_other(tmp_path: Path) -> None:
    live, exercise = topology.build(["xar"]), topology.build(["xar"], "exercise")
    assert not {live.account(a) for a in live.accounts} & {exercise.account(a) for a in exercise.accounts}
    async with run_server(tmp_path / "l", live) as one, run_server(tmp_path / "x", exercise) as other:
        for user, identity in (("xar", "xar"), (SERVICES, COORD)):
            with anyio.fail_after(2), pytest.raises(Forbidden, match="connect"):
                async with connect(other.url, one.credentials(user), identity, "exercise"):
                    pass


async def test_the_observer_looks_and_touches_nothing(tmp_path: Path) -> None:
    async with a_bus(tmp_path) as (server, _), bare(server, OBSERVER) as observer:
        seen = await observer.nc.request("$SYS.REQ.SERVER.PING.VARZ", timeout=2)
        assert json.loads(seen.data)["data"]["jetstream"]["config"]
        for subject in ("$SYS.REQ.SERVER.ANY.KICK", "$SYS.REQ.CLAIMS.UPDATE", "record.sitrep.xar"):
            await observer.nc.publish(subject, b"{}")
            assert await observer.refused(f'publish to "{subject}"')


async def test_a_refusal_reaches_the_caller_at_once_and_the_connection_stays(tmp_path: Path) -> None:
    async with a_bus(tmp_path) as (server, _), connect(server.url, server.credentials("xar"), "xar") as xar:
        for n in range(20):
            with anyio.fail_after(1), pytest.raises(Forbidden):
                await xar.publish([Outgoing("from.ylu.msg.sitrep", b"", f"{n}", {})])
            with anyio.fail_after(1), pytest.raises(Forbidden):
                await xar.requests.api("$JS.API.STREAM.INFO.LOG", {}, dict)
        assert (await xar.publish([Outgoing("from.xar.msg.sitrep", b"", "1", {})]))[0].seq == 1


@pytest.mark.parametrize(
    "api", ["STREAM.DELETE.LOG", "STREAM.MSG.DELETE.LOG", "STREAM.PURGE.RAW", "STREAM.PURGE.SEALS"]
)
async def test_not_even_the_services_delete_from_the_log(api: str, tmp_path: Path) -> None:
    """The user of the services is refused at the door, before the stream's own `deny_delete` is asked."""
    async with a_bus(tmp_path) as (_, coord):
        with anyio.fail_after(5), pytest.raises(Forbidden):
            [part async for part in coord.ask(f"$JS.API.{api}", b"{}")]
