"""Law 1 under fire: services and server are killed, frozen and doubled while everybody sends.

Every test prints the seed of its flow and of its kills; ``CHAOS_SEED=<n>`` runs it again.
"""

import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import anyio
import pytest

from coordinator import app, config, topology
from coordinator.edges.nats import apply, connect, supervisor
from coordinator.edges.server import Server, run_server
from coordinator.ports import Outgoing
from coordinator.services.catalogue import NAMES
from coordinator.topology import COORD, SERVICES
from tests.support import chaos
from tests.support.blows import kill
from tests.support.chaos import MISSION, Sending, Services, until

pytestmark = pytest.mark.nats

SEED = int(os.environ.get("CHAOS_SEED", "0")) or random.randrange(1, 10**6)
V1_MISSION = Path(config.__file__).parent / "demo" / "v1" / "mission.toml"


class Site(NamedTuple):
    """A server in this process's care, and services in a process of their own."""

    server: Server
    services: Services


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[Site]:
    """Open a server on a folder and start the services."""
    declared = topology.build(p.id for p in MISSION.participants)
    async with run_server(folder, declared) as server:
        creds = str(server.credentials(SERVICES))
        services = Services(folder, "--server", server.url, "--creds", creds, "--store", str(folder))
        await services.start("--mission", str(V1_MISSION))
        try:
            yield Site(server, services)
        finally:
            services.kill()


async def survived(server: Server, folder: Path, sendings: list[Sending]) -> None:
    """Check every law, once nothing is left to do."""
    async with chaos.client_of(server, "joc") as joc:
        await until("the services have drained", lambda: chaos.drained(joc, NAMES), 60)
    setting = app.setting_of(MISSION, "live", (folder / app.SEAL_FILE).read_bytes().strip())
    async with connect(server.url, server.credentials(SERVICES), COORD) as bus:
        found = await chaos.facts(bus)
        assert await chaos.integrity(bus, setting.key) == []
    print(f"RAW {len(found.raw)}, LOG {len(found.log)}, TRACKS {len(found.tracks)}")  # noqa: T201 - shown when it fails
    assert list(chaos.law_1(sendings, found, setting)) == []
    assert list(chaos.law_2(found, setting)) == []
    quiet = await chaos.undisturbed(found.raw, setting)
    assert (differences := list(chaos.law_3(chaos.picture(found), chaos.picture(quiet)))) == [], "\n".join(differences)


class Fire:
    """What happens to a site, at moments that follow from a seed: when so many inputs have their answers."""

    def __init__(self, seed: int, site: Site, blows: list[str], total: int) -> None:
        self._rng = random.Random(f"fire {seed}")
        self._site, self._moments = site, sorted(self._rng.randrange(total) for _ in blows)
        self._blows = blows
        self._rng.shuffle(self._blows)
        self._answered = 0
        self._news = anyio.Event()
        self.struck: list[tuple[int, str]] = []

    def answered(self, count: int) -> None:
        """Hear how many inputs have their answers."""
        self._answered = count
        self._news.set()

    async def rage(self) -> None:
        """Strike at every moment."""
        for moment, blow in zip(self._moments, self._blows, strict=True):
            while self._answered < moment:
                self._news = anyio.Event()
                await self._news.wait()
            await anyio.sleep(self._rng.random() * 0.1)  # not always just behind an answer
            self.struck.append((self._answered, blow))
            await getattr(self, f"_{blow}")()

    async def _services(self) -> None:
        self._site.services.kill()
        await self._site.services.start()

    async def _server(self) -> None:
        kill(self._site.server)

    async def _both(self) -> None:
        kill(self._site.server)
        await self._services()

    async def _freeze(self) -> None:
        pid = self._site.server.pid
        chaos.freeze(pid)
        await anyio.sleep(5)
        chaos.thaw(pid)


async def under_fire(folder: Path, count: int, blows: list[str]) -> None:
    print(f"seed {SEED}: {count} inputs, {blows}")  # noqa: T201
    sendings = chaos.flow(SEED, count)
    async with site(folder) as place:
        fire = Fire(SEED, place, blows, len({(s.by, chaos.input_id(s.item)) for s in sendings}) * 9 // 10)
        async with anyio.create_task_group() as group:
            group.start_soon(fire.rage)
            await chaos.send_all(sendings, partial(chaos.client_of, place.server), SEED, fire.answered)
        print(f"struck at {fire.struck}")  # noqa: T201
        await survived(place.server, folder, sendings)


async def test_kills_while_everybody_sends_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """Each accepted input once, each refused one with its bytes, each with one answer; the same findings and cards."""
    await under_fire(tmp_path, 120, ["services", "both"])


@pytest.mark.slow
async def test_ten_kills_and_a_freeze_while_5000_messages_flow(tmp_path: Path) -> None:
    """The same at length: ten kills of services, server or both at once, and a server that stands still for 5 s."""
    blows = ["services"] * 4 + ["server"] * 4 + ["both"] * 2 + ["freeze"]
    await under_fire(tmp_path, 5000, blows)


async def test_a_link_that_is_looked_after_just_as_it_breaks_heals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client library cancels waits of its own when it is closed while it reconnects; that must end nobody else."""
    monkeypatch.setattr(supervisor, "_LOOK_S", 0.0)  # so that it always looks at that very moment
    declared = topology.build(["xar"])
    async with (
        run_server(tmp_path, declared) as server,
        connect(server.url, server.credentials(SERVICES), COORD) as bus,
    ):
        await apply(bus, declared)
        for n in range(4):
            kill(server)
            with anyio.fail_after(15):
                [stored] = await bus.publish([Outgoing("record.sitrep.xar", b"", f"id-{n}", {})])
            assert stored.seq == n + 1
