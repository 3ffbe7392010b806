"""The embedded nats-server: one per folder, gone with its parent, back on its port."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from anyio.lowlevel import checkpoint

from coordinator import topology
from coordinator.edges import store
from coordinator.edges.clock import monotonic
from coordinator.edges.nats import apply, connect, diff
from coordinator.edges.server import Server, find_binary, run_server
from coordinator.errors import ConfigError
from coordinator.ports import Outgoing
from coordinator.topology import COORD, LOG, OBSERVER, RAW, SERVICES
from schemas import subjects

pytestmark = pytest.mark.nats

DECLARED = topology.build(["xar", "ylu"])

HOLDER = """
import anyio, pathlib, sys
from coordinator import log, topology
from coordinator.edges.server import run_server
async def main():
    log.configure(level="error")  # standard output is for the pid
    async with run_server(pathlib.Path(sys.argv[1]), topology.build(["xar", "ylu"])) as server:
        print(server.pid, flush=True)
        await anyio.sleep_forever()
anyio.run(main)
"""


def gone(pid: int) -> bool:
    """Say whether a process has ended; one whose parent did not look counts as ended."""
    try:
        return ") Z " in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True


async def has_gone(pid: int) -> None:
    with anyio.fail_after(5):
        while not gone(pid):
            await checkpoint()  # nobody tells us about a process that is not our child


def coord(server: Server):  # type: ignore[no-untyped-def]
    return connect(server.url, server.credentials(SERVICES), COORD)


async def test_it_is_ready_at_once_and_says_where(tmp_path: Path) -> None:
    began = monotonic()
    async with run_server(tmp_path, DECLARED) as server:
        assert monotonic() - began < 0.5
        running = store.find(tmp_path)
        assert running is not None
        assert (running.url, running.server_pid, running.pid) == (server.url, server.pid, os.getpid())
        assert (running.realm, running.participants) == ("live", ("xar", "ylu"))
        async with coord(server) as bus:
            assert len(await apply(bus, DECLARED)) == 12
    assert store.find(tmp_path) is None
    assert gone(running.server_pid)


async def test_secrets_are_for_the_owner_only(tmp_path: Path) -> None:
    async with run_server(tmp_path, DECLARED) as server:
        for user in ("xar", "ylu", SERVICES, OBSERVER):
            assert stat.S_IMODE(server.credentials(user).stat().st_mode) == 0o600
            assert server.credentials(user).read_text().startswith("SU")
        for name in ("server.conf", "run.json", "lock"):
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "creds").stat().st_mode) == 0o700
        assert "SU" + "A" not in (tmp_path / "server.conf").read_text()


async def test_a_folder_has_one_server(tmp_path: Path) -> None:
    async with run_server(tmp_path, DECLARED) as server:
        with pytest.raises(ConfigError, match=f"in use by process {os.getpid()}"):
            async with run_server(tmp_path, DECLARED):
                pass
        assert store.find(tmp_path) is not None
        async with coord(server):
            pass


async def test_a_folder_has_one_realm(tmp_path: Path) -> None:
    async with run_server(tmp_path, DECLARED):
        pass
    with pytest.raises(ConfigError, match='realm "live"'):
        async with run_server(tmp_path, topology.build(["xar"], "exercise")):
            pass


async def test_it_keeps_keys_and_messages_over_a_restart(tmp_path: Path) -> None:
    async with run_server(tmp_path, DECLARED) as server, coord(server) as bus:
        await apply(bus, DECLARED)
        await bus.publish([Outgoing(subjects.record("sitrep", "xar"), b"{}", "1", {})])
        seed = server.credentials("xar").read_text()
    async with run_server(tmp_path, DECLARED) as server, coord(server) as bus:
        assert server.credentials("xar").read_text() == seed
        assert await diff(bus, DECLARED) == []
        assert (await bus.state(LOG)).messages == 1
        (again,) = await bus.publish([Outgoing(subjects.record("sitrep", "xar"), b"{}", "1", {})])
        assert again.duplicate


async def test_it_comes_back_on_its_port_when_it_is_killed(tmp_path: Path) -> None:
    async with run_server(tmp_path, DECLARED) as server, coord(server) as bus:
        await apply(bus, DECLARED)
        url, pid = server.url, server.pid
        for n in range(2):
            os.kill(server.pid, signal.SIGKILL)
            with anyio.fail_after(5):
                await bus.publish([Outgoing(subjects.record("sitrep", "xar"), b"{}", f"{n}", {})])
        assert server.url == url
        assert server.pid != pid
        running = store.find(tmp_path)
        assert running is not None
        assert running.server_pid == server.pid


async def test_it_dies_with_its_parent_and_frees_the_folder(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE, text=True) as parent:  # noqa: ASYNC220
        assert parent.stdout is not None
        pid = int(await anyio.to_thread.run_sync(parent.stdout.readline))
        with pytest.raises(ConfigError, match=f"in use by process {parent.pid}"):
            async with run_server(tmp_path, DECLARED):
                pass
        parent.kill()
        await anyio.to_thread.run_sync(parent.wait)
    async with run_server(tmp_path, DECLARED):  # waits for the orphan to end
        assert gone(pid)
    await has_gone(pid)


async def test_what_a_killed_parent_left_does_not_count_as_running(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, tmp_path], stdout=subprocess.PIPE, text=True) as parent:  # noqa: ASYNC220
        assert parent.stdout is not None
        pid = int(await anyio.to_thread.run_sync(parent.stdout.readline))
        assert store.find(tmp_path) is not None
        parent.kill()
        await anyio.to_thread.run_sync(parent.wait)
    await has_gone(pid)
    assert (tmp_path / "run.json").exists()
    assert store.find(tmp_path) is None


async def test_new_participants_join_without_disturbing_the_others(tmp_path: Path) -> None:
    more = topology.build(["xar", "ylu", "zed"])
    async with run_server(tmp_path, DECLARED) as server, coord(server) as bus:
        await apply(bus, DECLARED)
        async with connect(server.url, server.credentials("xar"), "xar") as xar:
            await server.reload(more)
            changes = await apply(bus, more)
            assert {c.what for c in changes} == {"stream zed/INBOX", "stream zed/BOARD", "consumer zed/INBOX/reader"}
            async with connect(server.url, server.credentials("zed"), "zed") as zed:
                for bus_of, name in ((xar, "xar"), (zed, "zed")):
                    await bus_of.publish([Outgoing(subjects.native(name, "sitrep"), b"{}", "1", {})])
                await bus.publish([Outgoing(subjects.delivery("zed", "flash", "alert"), b"{}", "1", {})])
                async with zed.consume("INBOX", "reader") as share:
                    assert len(await share.batch()) == 1
            assert (await bus.state(RAW)).messages == 2
            running = store.find(tmp_path)
            assert running is not None
            assert running.participants == ("xar", "ylu", "zed")


async def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    async with run_server(tmp_path / "one", DECLARED) as server:
        port = int(server.url.rpartition(":")[2])
        with anyio.fail_after(10), pytest.raises(ConfigError, match=r"did not start.*address already in use"):
            async with run_server(tmp_path / "two", DECLARED, port=port):
                pass
    assert store.find(tmp_path / "two") is None


def test_a_missing_binary_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NATS_SERVER", str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match=r"nowhere.*NATS_SERVER"):
        find_binary()
    monkeypatch.delenv("NATS_SERVER")
    assert find_binary().name == "nats-server"


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be used"):
        async with run_server(tmp_path / "file" / "store", DECLARED):
            pass


async def test_a_participant_that_left_the_mission_does_not_keep_the_server_from_starting(tmp_path: Path) -> None:
    both, one = topology.build(("xar", "ylu")), topology.build(("xar",))
    for declared in (both, one, both):
        async with (
            run_server(tmp_path, declared) as server,
            connect(server.url, server.credentials(SERVICES), COORD) as coord,
        ):
            await apply(coord, declared)
            for participant in declared.participants:
                assert (await coord.state(topology.of(participant, topology.INBOX))).last == 0
