"""Running a mission's channels: a connection for each participant that has some, its gates, and every kind of bearer.

A bearer that cannot start ends everything, with the reason; one that fails later is started again and again, and harms
no other. Each is imported when the mission has a channel of its kind.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import anyio
from anyio.abc import TaskGroup, TaskStatus

from coordinator import log
from coordinator.client import Client
from coordinator.core.mission import Mission
from coordinator.edges import endpoints
from coordinator.edges.endpoints import Endpoints
from coordinator.edges.owed import Owing
from coordinator.gates.answers import Answers
from coordinator.gates.journal import Journal
from coordinator.ports import Bus, Clock
from coordinator.services.catalogue import CHANNELS
from coordinator.topology import GATE_CONNECTION
from schemas import subjects

if TYPE_CHECKING:
    from coordinator.gates.gate import Gate

Serve = Callable[..., Awaitable[None]]
Connect = Callable[[str, str], AbstractAsyncContextManager[Bus]]
"""``(participant, name of the connection) -> bus``."""

BEARERS: Final[dict[str, str]] = {
    "files": "coordinator.edges.files:serve",
    "http": "coordinator.edges.http:serve",
    "smtp": "coordinator.edges.smtp:serve",
    "tak": "coordinator.edges.tak:serve",
    "short": "coordinator.edges.short:serve",
    "webhook": "coordinator.edges.webhook:serve",
}
OWED: Final = "channels/owed"  # in the store: a file for each participant
PAUSE_S: Final = 1.0  # before a bearer that failed is started again; doubled each time
LONGEST_S: Final = 60.0
STEADY_S: Final = 300.0  # a bearer that ran for so long has recovered
SECOND: Final = 1_000_000
_log = log.get("channels")


def names(mission: Mission) -> dict[str, tuple[str, ...]]:
    """Return the names of the channels of each participant that has some."""
    return {p.id: tuple(c.name for c in p.channels) for p in mission.participants if p.channels}


@asynccontextmanager
async def running(
    mission: Mission,
    connect: Connect,
    store: Path,
    clock: Clock,
    bearers: Mapping[str, str] = BEARERS,
    office: Bus | None = None,
) -> AsyncIterator[dict[str, tuple[str, ...]]]:
    """Run all channels of a mission while the context is open; gives where each kind listens.

    ``office`` is a connection as the services: by it the log learns what became of deliveries, and questions about
    channels are answered.

    Raises:
        ConfigError: a place of ``channels.toml`` cannot be used.
        BusError: a participant's connection cannot be opened.
    """
    at = endpoints.load(store)
    async with AsyncExitStack() as stack:
        clients = [
            Client(await stack.enter_async_context(connect(p.id, f"{GATE_CONNECTION}-{p.id}")), p.id, clock)
            for p in mission.participants
            if p.channels
        ]
        async with anyio.create_task_group() as group:
            journal = Journal(clock)
            gates = [gate for client in clients for gate in await _gates(client, mission, store, group, journal)]
            if office is not None and gates:
                group.start_soon(journal.run, office)
                for client in clients:
                    _follow(client, mission, gates, office, group)
                await stack.enter_async_context(_asked(office, gates, mission, clock))
            found: dict[str, tuple[str, ...]] = {}
            for kind, path in bearers.items():
                if mine := [g for g in gates if g.channel.kind == kind]:
                    found[kind] = await group.start(_keep, kind, mine, at, store, clock, path)
            yield found
            group.cancel_scope.cancel()


async def _gates(client: Client, mission: Mission, store: Path, group: TaskGroup, journal: Journal) -> "list[Gate]":
    """Return the gates of a participant; its answers are followed from here on."""
    from coordinator.gates.gate import Gate  # brings every text and format with it: for missions with channels only

    answers = Answers(client, client.clock, _owing(mission, client.participant, store))
    await group.start(answers.run)
    return [Gate(client, mission, channel, answers, journal) for channel in mission.by_id[client.participant].channels]


def _follow(client: Client, mission: Mission, gates: "Sequence[Gate]", office: Bus, group: TaskGroup) -> None:
    """Follow the cards of a participant: they ring again, and go to maps."""
    from coordinator.gates.following import Following

    own = [gate for gate in gates if gate.participant == client.participant]
    group.start_soon(Following(client, mission, own, office).run)


@asynccontextmanager
async def _asked(office: Bus, gates: "Sequence[Gate]", mission: Mission, clock: Clock) -> AsyncIterator[None]:
    """Answer questions about channels while the context is open."""
    from coordinator.gates.testing import Trials

    async with office.serve(subjects.questions(CHANNELS), CHANNELS, Trials(gates, mission, clock).answer):
        yield


def _owing(mission: Mission, participant: str, store: Path) -> Owing:
    """Return what is owed to a participant; of a channel that is no more, by the first that it has."""
    owing = Owing(store / OWED / participant)
    known = [channel.name for channel in mission.by_id[participant].channels]
    for identity, owed in list(owing.kept.items()):
        if owed.channel not in known:
            _log.info("owed answer goes by another channel", participant=participant, input=identity, channel=known[0])
            owing.move(identity, known[0])
    return owing


async def _keep(
    kind: str,
    gates: "Sequence[Gate]",
    at: Endpoints,
    store: Path,
    clock: Clock,
    path: str,
    *,
    task_status: TaskStatus[tuple[str, ...]],
) -> None:
    """Serve one kind for ever. What fails before it has started is raised; what fails later is started again."""
    module, _, name = path.partition(":")
    serve = cast(Serve, getattr(import_module(module), name))
    first = _First(task_status)
    pause = PAUSE_S
    while True:
        began = clock.now()
        try:
            await serve(gates, getattr(at, kind), store, clock, task_status=first)
            if not first.done:
                raise RuntimeError(f'"{kind}" ended before it took inputs')
            why = "it ended"
        except Exception as error:
            if not first.done:
                raise
            _log.exception("bearer failed", kind=kind)
            why = str(error)
        pause = PAUSE_S if clock.now() - began > STEADY_S * SECOND else pause
        _log.error("bearer starts again", kind=kind, why=why, in_s=pause)
        await clock.sleep(pause)
        pause = min(LONGEST_S, 2 * pause)


class _First:
    """Hands on what a bearer says when it has started, the first time only."""

    def __init__(self, task_status: TaskStatus[tuple[str, ...]]) -> None:
        self._task_status, self.done = task_status, False

    def started(self, value: Any = ()) -> None:
        """Note that the bearer takes inputs."""
        if not self.done:
            self.done = True
            self._task_status.started(tuple(value))
