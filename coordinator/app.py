"""The composition root: a store, a mission and a server become running services; a store becomes a client.

What a store holds::

    mission.toml    the mission in force here
    creds/<id>.nk   an NKey seed for each participant, the services and the observer (0600)
    seal.nk         the key that signs seals
    channels.toml   where channels listen and what they relay through
    channels/       what channels keep: drop folders, spools, answers that are owed
    run.json        where the server listens, while `coordinator up` runs
    ...             what nats-server keeps
"""

import base64
import gc
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import anyio
import msgspec
import nkeys

from coordinator import config, topology
from coordinator.client import Client
from coordinator.core.mission import Mission
from coordinator.edges import store
from coordinator.edges.clock import SystemClock, monotonic
from coordinator.edges.nats import apply, connect
from coordinator.edges.server import run_server
from coordinator.errors import ConfigError, ConfigFinding, Disconnected
from coordinator.gates import running as gates
from coordinator.gates.alone import alone
from coordinator.ports import LOGGED_AT, WRITTEN_BY, Bus, Clock
from coordinator.services.base import Runner, Service, Setting, run, stamped
from coordinator.services.beating import EVERY_S
from coordinator.services.catalogue import CHANNELS, check, chosen
from coordinator.topology import COORD, LOG, Realm
from schemas import registry, subjects
from schemas.operations import Config

OpenBus = Callable[[], AbstractAsyncContextManager[Bus]]
MISSION_FILE: Final = "mission.toml"
SEAL_FILE: Final = "seal.nk"


class Up(NamedTuple):
    """How `coordinator up` was called."""

    store: Path
    mission: Path | None = None
    services: tuple[str, ...] = ()
    realm: Realm = "live"
    server: str = ""
    creds: Path | None = None
    sync: bool = True


class Target(NamedTuple):
    """Which bus a command means, and as whom."""

    store: Path
    participant: str = ""
    server: str = ""
    creds: Path | None = None
    realm: Realm = "live"


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """What the ready line says."""

    url: str
    realm: str
    store: str
    mission: str
    participants: tuple[str, ...]
    services: tuple[str, ...]
    acknowledged: str
    changes: tuple[str, ...]
    seconds: float
    channels: dict[str, tuple[str, ...]] = {}  # by kind of bearer, where it takes inputs


# -- services ---------------------------------------------------------------------------------------------------------


async def announce(bus: Bus, clock: Clock, mission: Mission, code: str) -> None:
    """Write into the log which mission and code are in force from here on, unless the last announcement says so."""
    digest = config.fingerprint(mission)
    last = await bus.last(LOG, subjects.CONFIG)
    if last is not None:
        before = registry.body(registry.envelope(last.data))
        if isinstance(before, Config) and (before.mission_hash, before.code) == (digest, code):
            return
    at = clock.now()
    body = Config(mission_hash=digest, code=code, mission=msgspec.Raw(config.as_json(mission)), at=at)
    identity = f"config-{digest[:16]}-{code}-{at}"
    envelope = registry.pack(body, id=identity, originator=COORD, received_at=at)
    headers = {LOGGED_AT: str(at), WRITTEN_BY: "app"}
    await bus.publish([stamped(subjects.CONFIG, registry.encode(envelope), identity, headers)])


@asynccontextmanager
async def running(
    open_bus: OpenBus, clock: Clock, setting: Setting, services: Sequence[Service]
) -> AsyncIterator[list[Runner]]:
    """Run services, each on a connection of its own, until the context is left; entered when all are up to date."""
    async with AsyncExitStack() as stack:
        buses = [await stack.enter_async_context(open_bus()) for _ in services]
        if buses:
            await announce(buses[0], clock, setting.mission, setting.code)
        async with anyio.create_task_group() as group:
            runners: list[Runner] = []
            for service, bus in zip(services, buses, strict=True):
                runners.append(await group.start(run, service, bus, clock, setting))
            yield runners
            group.cancel_scope.cancel()


async def settled(runners: Sequence[Runner]) -> bool:
    """Say whether no service has anything left to do until time moves or a message comes."""
    return all([await runner.settled() for runner in runners])


def setting_of(mission: Mission, realm: Realm, seed: bytes) -> Setting:
    """Return what services are built from."""
    pair = nkeys.from_seed(seed)

    def sign(text: bytes) -> str:
        return base64.b64encode(pair.sign(text)).decode()

    return Setting(mission=mission, realm=realm, code=config.code_version(), sign=sign, key=pair.public_key.decode())


# -- up ---------------------------------------------------------------------------------------------------------------


async def up(options: Up, ready: Callable[[Ready], None]) -> None:
    """Run a server (unless one is named) and services until cancelled; ``ready`` is called once everything is up.

    Raises:
        ConfigError: the store, the mission or a key cannot be used.
        BusError: the server named cannot be reached, or refuses.
    """
    began = monotonic()
    check(options.services)
    mission = _mission(options)
    declared = topology.build((p.id for p in mission.participants), options.realm, channels=gates.names(mission))
    async with AsyncExitStack() as stack:
        stack.callback(gc.enable)
        gc.disable()  # until all is up: it would search what was read from snapshots again and again, for nothing
        url, creds = options.server, options.creds or store.credentials(options.store, topology.SERVICES)
        if not url:
            loading = partial(chosen, options.services)  # geometry takes as long to import as a server to start
            running_server = run_server(options.store, declared, sync_always=options.sync, meanwhile=loading)
            url = (await stack.enter_async_context(running_server)).url
        services = chosen(options.services)
        setting = setting_of(mission, options.realm, _seal_seed(options.store))._replace(heartbeat_s=EVERY_S)
        first = await stack.enter_async_context(connect(url, creds, COORD, options.realm))
        changes = await apply(first, declared)
        opening = partial(connect, url, creds, COORD, options.realm)
        runners = await stack.enter_async_context(running(opening, SystemClock(), setting, services))
        channels: dict[str, tuple[str, ...]] = {}
        if not options.services or CHANNELS in options.services:
            joining = partial(_as_gate, url, creds.parent, options.realm)
            if gates.names(mission):
                naming = partial(_named, url, creds, options.realm)
                await stack.enter_async_context(alone(naming, SystemClock()))
            gated = gates.running(mission, joining, options.store, SystemClock(), office=first)
            channels = await stack.enter_async_context(gated)
        gc.freeze()
        gc.enable()
        ready(
            Ready(
                url=url,
                realm=options.realm,
                store=str(options.store),
                mission=mission.name,
                participants=declared.participants,
                services=tuple(r.service.name for r in runners),
                acknowledged=_acknowledged(options),
                changes=tuple(f"{c.action} {c.what}" for c in changes),
                seconds=round(monotonic() - began, 3),
                channels=channels,
            )
        )
        await anyio.sleep_forever()


def _named(url: str, creds: Path, realm: Realm, name: str) -> AbstractAsyncContextManager[Bus]:
    """Connect as the services, under a name that others of them see."""
    return connect(url, creds, COORD, realm, name=name)


def _as_gate(url: str, folder: Path, realm: Realm, participant: str, name: str) -> AbstractAsyncContextManager[Bus]:
    """Connect as a participant whose channels run here, with its own key from beside the services' key.

    Raises:
        ConfigError: there is no key of it.
    """
    path = folder / f"{participant}.nk"
    if not path.exists():
        what = f'is missing: "{participant}" has channels, and they connect with its key'
        raise ConfigError([ConfigFinding(path=str(path), what=what, hint="put it there, beside the services' key")])
    return connect(url, path, participant, realm, name=name)


def _acknowledged(options: Up) -> str:
    if options.server:
        return "stored by the server named; see its sync_interval"
    return "on disk" if options.sync else "stored; on disk within two minutes"


def _mission(options: Up) -> Mission:
    """Return the mission named, else the one in the store, else a sample; keep it in the store."""
    kept = options.store / MISSION_FILE
    if options.mission is not None:
        mission = config.load(options.mission)
        text = options.mission.read_text(encoding="utf-8")
    elif kept.exists():
        return config.load(kept)
    else:
        text = config.starter()
        mission = config.parse(text, "starter.toml")
    _write(kept, text.encode())
    return mission


def new_seed() -> bytes:
    """Return a fresh key pair's seed."""
    return bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER))


def _seal_seed(folder: Path) -> bytes:
    path = folder / SEAL_FILE
    if not path.exists():
        _write(path, new_seed())
    return path.read_bytes().strip()


def _write(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        finding = ConfigFinding(
            path=str(path), what=f"cannot be written: {error.strerror}", hint="choose another store"
        )
        raise ConfigError([finding]) from None


# -- clients ----------------------------------------------------------------------------------------------------------


def operator_of(folder: Path) -> str:
    """Return the participant of a store's mission that may read the log, or ""."""
    path = folder / MISSION_FILE
    if not path.exists():
        return ""
    return next((p.id for p in config.read(path).participants if p.operator), "")


@asynccontextmanager
async def open_client(target: Target) -> AsyncIterator[Client]:
    """Connect as a participant to the bus of a store on this host, or to a server by URL and credentials.

    Raises:
        Disconnected: nothing runs on that store, or no server answers.
        Forbidden: the server does not know these credentials.
        ConfigError: no participant was named and the mission names no operator, or has none of that name.
    """
    url, realm, creds = target.server, target.realm, target.creds
    participant = target.participant or operator_of(target.store)
    if not url:
        found = store.find(target.store)
        if found is None:
            raise Disconnected(
                f'nothing runs on "{target.store}": start it with `coordinator up --store {target.store}`'
            )
        url, realm = found.url, found.realm
        _known(participant, found.participants)
        creds = creds or store.credentials(target.store, participant)
    if creds is None:
        raise ConfigError([ConfigFinding(path="--creds", what="is missing", hint="name the file with your key")])
    async with connect(url, creds, participant, realm) as bus:
        yield Client(bus, participant, SystemClock())


def _known(participant: str, participants: Sequence[str]) -> None:
    if participant not in participants:
        what = f'"{participant}" is not a participant of this mission' if participant else "is missing"
        raise ConfigError([ConfigFinding(path="--as", what=what, hint=f"it is one of: {', '.join(participants)}")])
