"""The people of a vignette on a bus: participants whose links come and go, officers who read and acknowledge."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

import anyio
from anyio.abc import TaskGroup, TaskStatus

from coordinator import app
from coordinator.client import Client, Item, Outcome, Received
from coordinator.demo.vignette import Step, Vignette
from coordinator.edges.clock import ManualClock
from coordinator.errors import UsageError
from coordinator.ports import Bus
from coordinator.services.base import Runner
from coordinator.services.presence import Watch
from coordinator.topology import BOARD, INBOX
from schemas import registry, subjects
from schemas.acknowledgements import Action
from schemas.alerts import Alert

OpenBus = Callable[[str], AbstractAsyncContextManager[Bus]]
PATIENCE_S: Final = 60.0
NAP_S: Final = 0.002


class Link:
    """One participant's connection, which can be cut and restored, and what it received over it."""

    def __init__(self, participant: str, open_bus: OpenBus, clock: ManualClock, tasks: TaskGroup) -> None:
        self.participant, self._open, self._clock, self._tasks = participant, open_bus, clock, tasks
        self._cut, self._gone = anyio.Event(), anyio.Event()
        self.client: Client | None = None
        self.received: list[tuple[int, Received]] = []
        self.everything = b""  # every byte that ever reached this participant's streams
        self._read_to = 0

    async def up(self) -> None:
        """Connect."""
        self._cut, self._gone = anyio.Event(), anyio.Event()
        self.client = await self._tasks.start(self._hold)

    async def _hold(self, *, task_status: TaskStatus[Client]) -> None:
        """Keep the connection open in a task of its own: connections are cut in any order."""
        async with self._open(self.participant) as bus:
            task_status.started(Client(bus, self.participant, self._clock))
            await self._cut.wait()
        self._gone.set()

    async def down(self) -> None:
        """Lose the connection."""
        if self.client is not None:
            self.client = None
            self._cut.set()
            await self._gone.wait()

    async def read(self) -> list[Received]:
        """Return what was delivered and not read yet."""
        if self.client is None:
            return []
        if (last := (await self.client.bus.state(INBOX)).last) == self._read_to:
            return []
        self._read_to = last
        new = [received async for received in self.client.receive()]
        self.received += [(self._clock.now(), r) for r in new]
        return new

    async def collect(self) -> None:
        """Gather everything that stands in this participant's streams, as it may read them itself."""
        if self.client is None:
            return
        for stream in (INBOX, BOARD):
            async with self.client.bus.read(stream, subjects.EVERYTHING) as reader:
                while await reader.pending():
                    self.everything += b"\n".join(d.data for d in await reader.batch())


class World:
    """A running bus with everybody on it."""

    def __init__(self, vignette: Vignette, clock: ManualClock, runners: Sequence[Runner], links: list[Link]) -> None:
        self.vignette, self.clock, self.runners = vignette, clock, runners
        self.links = {link.participant: link for link in links}
        self.outcomes: list[tuple[Step, Outcome]] = []

    @property
    def operator(self) -> Client:
        """The client of whoever may read the whole log."""
        name = next(p.id for p in self.vignette.mission.participants if p.operator)
        client = self.links[name].client
        if client is None:
            raise UsageError(f'"{name}" reads the log and must stay connected')
        return client

    async def pass_time(self, to: int) -> None:
        """Move time on to an instant; before every timer on the way, everything is drained."""
        await self.drain()
        while (due := self.clock.next_sleeper()) is not None and due <= to:
            await self.clock.advance(due)
            await self.drain()
        await self.clock.advance(to)
        await self.drain()

    async def act(self, step: Step) -> None:
        """Let a step happen, and everything that follows from it at once."""
        if step.link:
            link = self.links[step.link]
            await (link.up() if step.up else link.down())
            await self.notice(step.link, up=step.up)
        for file in step.sends:
            await self._send(step, file)
        await self.drain()

    async def _send(self, step: Step, file: str) -> None:
        client = self.links[step.sender].client
        if client is None:
            raise UsageError(f'step {step.step}: "{step.sender}" is not connected')
        item = Item(data=self.vignette.files[file], format=step.format, name=step.name or file)
        async for outcome in client.send([item], channel=step.channel, on_behalf_of=step.behalf):
            self.outcomes.append((step, outcome))

    async def drain(self) -> None:
        """Wait until no service and no officer has anything left to do."""
        with anyio.fail_after(PATIENCE_S):
            await self._settle()
            while await self._officers():
                await self._settle()

    async def _settle(self) -> None:
        quiet = 0
        while quiet < 2:  # twice, because one service's last effect may be another's input
            quiet = quiet + 1 if await app.settled(self.runners) else 0
            await anyio.sleep(NAP_S if not quiet else 0)

    async def _officers(self) -> bool:
        """Let everybody read; those who owe an acknowledgement of a card give it. Return whether anybody did."""
        acted = False
        for link in self.links.values():
            for received in await link.read():
                if received.envelope.kind == Alert.KIND and link.participant not in self.vignette.script.silent:
                    acted |= await self._acknowledge(link, received)
        return acted

    async def _acknowledge(self, link: Link, received: Received) -> bool:
        card = registry.body(received.envelope)
        if not isinstance(card, Alert) or link.client is None or not _owes(card, link.participant):
            return False
        findings = tuple(m.finding for m in card.members if m.finding)
        action = Action(alert=card.id, verb="acknowledge", seen_rev=card.rev, findings=findings, officer="duty officer")
        await link.client.act(action)
        return True

    async def notice(self, participant: str, *, up: bool) -> None:
        """Let the presence observer look once the server itself has seen a link come or go."""
        presence = next(r for r in self.runners if isinstance(r.core, Watch))
        with anyio.fail_after(PATIENCE_S):
            while bool((await presence.bus.contacts()).get(participant)) is not up:  # noqa: ASYNC110 - it tells nobody
                await anyio.sleep(NAP_S)
        presence.core.nudge()


@asynccontextmanager
async def inhabited(
    vignette: Vignette, clock: ManualClock, runners: Sequence[Runner], open_bus: OpenBus
) -> AsyncIterator[World]:
    """Connect everybody to a running bus; they are gone when the context is left."""
    async with anyio.create_task_group() as tasks:
        links = [Link(p.id, open_bus, clock, tasks) for p in vignette.mission.participants]
        for link in links:
            await link.up()
        world = World(vignette, clock, runners, links)
        for link in links:
            await world.notice(link.participant, up=True)
        yield world
        for link in links:
            await link.down()


def _owes(card: Alert, participant: str) -> bool:
    mine = next((t for t in card.told if t.participant == participant), None)
    return mine is not None and mine.due is not None and mine.acknowledged_at is None and card.work != "resolved"
