"""A real gate with a bearer that does as it is told, for tests of what gates promise."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import anyio
from anyio.lowlevel import checkpoint

from coordinator.client import Client
from coordinator.core.mission import Channel, Mission, Participant
from coordinator.edges.clock import ManualClock
from coordinator.edges.owed import Owing
from coordinator.errors import Undelivered
from coordinator.gates.answers import Answers
from coordinator.gates.gate import Gate
from coordinator.ports import Bus, Clock, Departure, Outgoing
from coordinator.topology import COORD, RAW
from schemas import registry, subjects
from schemas.acknowledgements import Receipt, Refusal
from schemas.reports import TextMessage
from schemas.subjects import Precedence
from tests.support.buses import open_memory

XAR = "xar"
T0 = 1_800_000_000_000_000
SECOND = 1_000_000


def mission(**profile: Any) -> Mission:
    channel = Channel(**{"name": "smtp", "kind": "smtp", "address": "duty@xar.example", **profile})
    return Mission(name="m", participants=(Participant(id=XAR, language="fr", format="text", channels=(channel,)),))


class Bearer:
    """Keeps what it is given; fails as it is told, by the id of a message."""

    def __init__(self) -> None:
        self.got: list[Departure] = []
        self.tried: list[str] = []
        self.down: Undelivered | None = None
        self.refused: dict[str, Undelivered] = {}
        self.stuck: set[str] = set()
        self.changed = anyio.Event()

    async def carry(self, departure: Departure) -> None:
        self.tried.append(text_of(departure))
        self._notify()
        if text_of(departure) in self.stuck:
            await anyio.sleep_forever()
        if error := self.refused.get(text_of(departure)) or self.down:
            raise error
        self.got.append(departure)
        self._notify()

    @property
    def texts(self) -> list[str]:
        return [text_of(d) for d in self.got]

    def _notify(self) -> None:
        self.changed.set()
        self.changed = anyio.Event()

    async def until(self, condition: Callable[[], object]) -> None:
        with anyio.fail_after(5):
            while not condition():
                await self.changed.wait()


def text_of(departure: Departure) -> str:
    return departure.data.decode().splitlines()[1]


def delivery(text: str, precedence: Precedence = "routine", id_: str = "", revision: int = 1) -> Outgoing:
    envelope = registry.pack(
        TextMessage(text=text), id=id_ or text, originator="xbl", revision=revision, received_at=T0
    )
    subject = subjects.delivery(XAR, precedence, TextMessage.KIND)
    return Outgoing(subject, registry.encode(envelope), f"d-{text}", {})


async def deliver(coord: Bus, *texts: str | Outgoing) -> None:
    await coord.publish([t if isinstance(t, Outgoing) else delivery(t) for t in texts])


async def answer(coord: Bus, body: Receipt | Refusal, identity: str) -> None:
    """Put an answer where release puts it."""
    envelope = registry.pack(body, id=f"a-{identity}", originator=COORD)
    subject = subjects.board(XAR, Receipt.KIND, identity)
    await coord.publish([Outgoing(subject, registry.encode(envelope), f"a-{identity}", {})])


@asynccontextmanager
async def gate_of(
    bus: Bus, clock: Clock, *, owing: Owing | None = None, patience_s: float = 20.0, **profile: Any
) -> AsyncIterator[Gate]:
    client, world = Client(bus, XAR, clock), mission(**profile)
    answers = Answers(client, clock, owing or Owing())
    async with anyio.create_task_group() as group:
        await group.start(answers.run)
        yield Gate(client, world, world.participants[0].channels[0], answers, patience_s=patience_s)
        group.cancel_scope.cancel()


@asynccontextmanager
async def dispatching(gate: Gate, bearer: Bearer) -> AsyncIterator[anyio.CancelScope]:
    async with anyio.create_task_group() as group:
        group.start_soon(gate.dispatch, bearer.carry)
        yield group.cancel_scope
        group.cancel_scope.cancel()


async def settle(turns: int = 60) -> None:
    for _ in range(turns):
        await checkpoint()


async def stored(coord: Bus) -> Outgoing:
    """Return the newest input once it stands in RAW."""
    with anyio.fail_after(5):
        while (found := await coord.last(RAW, subjects.raw(XAR, "text"))) is None:
            await checkpoint()
    return Outgoing(found.subject, found.data, found.headers["Nats-Msg-Id"], found.headers)


class Office:
    """A gate on a bus in memory, whose clock a test moves."""

    def __init__(self, coord: Bus, gate: Gate, clock: ManualClock, bearer: Bearer) -> None:
        self.coord, self.gate, self.clock, self.bearer = coord, gate, clock, bearer

    async def deliver(self, *texts: str | Outgoing) -> None:
        await deliver(self.coord, *texts)
        await settle()

    async def wait(self, seconds: float) -> None:
        await self.clock.advance(self.clock.now() + int(seconds * SECOND), settle=40)
        await settle()


@asynccontextmanager
async def office(**profile: Any) -> AsyncIterator[Office]:
    clock, bearer = ManualClock(T0), Bearer()
    async with open_memory((XAR,), clock=clock) as buses:
        xar, coord = await buses(XAR), await buses(COORD)
        async with gate_of(xar, clock, **profile) as gate, dispatching(gate, bearer):
            yield Office(coord, gate, clock, bearer)
