"""One way to run a service: deliver a batch, decide, publish, await every acknowledgement, then take the next.

A service is a value. Two sources exist: a *fold* reads streams in sequence and keeps a core's state; a *worker* takes a
share of a durable and keeps none. What a fold owes, and has not found written yet, is in its ledger: after a crash it
reads again, from a snapshot or from the beginning, strikes out what stands in the log and publishes the rest. So it
does not matter where it was killed, and two instances may run side by side: they owe the same ids.

Delivery: at least once from the log, exactly once in effect, because every effect's id follows from content.
"""

import re
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

import anyio
import msgspec
from anyio.abc import TaskStatus

from coordinator import log
from coordinator.core.chain import content_hash
from coordinator.core.mission import Mission
from coordinator.core.step import Effect, Logged, render
from coordinator.errors import BusError
from coordinator.ports import (
    CAUSE_SEQ,
    HASH,
    ID,
    LOG_SEQ,
    LOGGED_AT,
    TTL,
    WRITTEN_BY,
    Bus,
    Clock,
    Consumer,
    Delivery,
    Outgoing,
)
from schemas import registry, subjects
from schemas.base import Message
from schemas.operations import Tick

DEADLINE_S: Final = 30.0
PAUSE_S: Final = 0.5  # before a publish that failed for a passing reason is tried again
PART: Final = 2_000  # messages that one deadline is for
SNAPSHOT_EVERY: Final = 5_000
_MICROS: Final = re.compile(r"[0-9]{1,16}\Z")
HANDS: Final = 2  # batches a worker has in hand: one is decided while another's acknowledgements are on their way


class Setting(NamedTuple):
    """What a service is built from."""

    mission: Mission
    realm: str
    code: str  # the version of the rules: snapshots of another are not used
    sign: Callable[[bytes], str] = lambda _: ""  # signs seals
    key: str = ""  # the public key that goes with it
    heartbeat_s: float = 0.0  # how often release writes a heartbeat on every board; 0 is never


class Question(NamedTuple):
    """A request to a service: by whom, in which words."""

    participant: str
    verb: str
    body: bytes


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How a running service is doing."""

    service: str
    position: dict[str, int]
    pending: int
    owed: int
    handled: int
    failed: int = 0  # messages at which the core failed: our bugs
    warning: str = ""  # what the core found wrong with itself, without names: anybody may ask for this
    next_wake: int | None = None


class Runner(Protocol):
    """A running service, as its answers and the composition root see it."""

    service: "Service"
    core: Any
    bus: Bus
    clock: Clock
    setting: Setting

    async def run(self, *, task_status: TaskStatus[None]) -> None:
        """Run until cancelled."""
        ...

    async def settled(self) -> bool:
        """Say whether there is nothing left to do until time moves or a message comes."""
        ...

    async def status(self) -> Status:
        """Say how it is doing."""
        ...


Answerer = Callable[[Runner, Question], AsyncIterator[bytes]]


class Service(NamedTuple):
    """A service as a value. ``reads`` maps streams to subject patterns; ``durable`` makes it a worker instead."""

    name: str
    about: str
    reads: Mapping[str, Sequence[str]]
    writes: Sequence[str]
    build: Callable[[Setting], Any]
    durable: str = ""
    answers: Mapping[str, Answerer] = {}
    opens: bool = True  # its core takes decoded messages; otherwise deliveries as they are
    ledgers: Callable[[Setting], Mapping[str, tuple[str, str]]] | None = None  # where else it writes: see `fold`
    recalls: bool = False  # what it wrote to the log is its memory: its core is given that as well
    observe: Callable[[Runner], Coroutine[Any, Any, None]] | None = None  # watches the outside instead of folding
    beside: Callable[[Runner], Coroutine[Any, Any, None]] | None = None  # runs beside the fold and writes no effect


def outgoing(effect: Effect, service: str, now: int) -> Outgoing:
    """Return the message that an effect becomes."""
    identity, data = render(effect, service, now)
    headers = {LOGGED_AT: str(now), WRITTEN_BY: service, CAUSE_SEQ: str(effect.cause_seq)}
    if effect.log_seq:
        headers[LOG_SEQ] = str(effect.log_seq)
    if effect.ttl_s:
        headers[TTL] = str(effect.ttl_s)
    return stamped(effect.subject, data, identity, headers)


def stamped(subject: str, data: bytes, identity: str, headers: dict[str, str]) -> Outgoing:
    """Return a message that carries its own hash."""
    headers[HASH] = content_hash(subject, identity, headers[LOGGED_AT], data)
    return Outgoing(subject, data, identity, headers)


def opened(delivery: Delivery, now: int) -> Logged:
    """Return a delivery of the log as cores read it; a kind that is not registered here has an empty body."""
    envelope = registry.envelope(delivery.data)
    try:
        body = registry.body(envelope)
    except registry.UnknownKind:
        body = Message()
    return Logged(delivery.seq, delivery.subject, delivery.headers.get(ID, ""), now, envelope, body, delivery.data)


def logged_at(delivery: Delivery) -> int:
    """Return when a message was logged, by the clock of whoever wrote it; else by the stream's."""
    value = delivery.headers.get(LOGGED_AT, "")
    return int(value) if _MICROS.match(value) else delivery.time


async def publish_all(bus: Bus, messages: Sequence[Outgoing], logger: Any) -> None:
    """Publish until every message is acknowledged; only the pause between two tries can be cancelled.

    Raises:
        BusError: trying again cannot help.
    """
    for start in range(0, len(messages), PART):
        await _publish_part(bus, messages[start : start + PART], logger)


async def _publish_part(bus: Bus, messages: Sequence[Outgoing], logger: Any) -> None:
    while True:
        try:
            with anyio.CancelScope(shield=True):
                await bus.publish(messages, deadline_s=DEADLINE_S)
        except BusError as error:
            if not error.retry:
                raise
            logger.warning("publish delayed", messages=len(messages), why=str(error))
            await anyio.sleep(PAUSE_S)
        else:
            return


async def run(
    service: Service,
    bus: Bus,
    clock: Clock,
    setting: Setting,
    *,
    task_status: TaskStatus["Runner"] = anyio.TASK_STATUS_IGNORED,
) -> None:
    """Run a service until it is cancelled; started, with its runner, once it is up to date."""
    from coordinator.services.fold import Fold  # the two runners build on this module

    runner: Runner = Worker(service, bus, clock, setting) if service.durable else Fold(service, bus, clock, setting)
    answering = bus.serve(
        subjects.questions(service.name), service.name, lambda subject, data, _: _answer(runner, subject, data)
    )
    async with answering, anyio.create_task_group() as group:
        await group.start(runner.run)
        task_status.started(runner)


async def _answer(runner: Runner, subject: str, body: bytes) -> AsyncIterator[bytes]:
    parts = subjects.parse(subject)
    question = Question(parts.participant, parts.rest[-1], body)
    if question.verb == "status":
        yield registry.encode(await runner.status())
        return
    answerer = runner.service.answers.get(question.verb)
    if answerer is None:
        known = ", ".join(sorted({*runner.service.answers, "status"}))
        raise BusError(f'"{question.verb}" is not asked of {runner.service.name}; it answers: {known}')
    async for part in answerer(runner, question):
        yield part


class Worker:
    """Runs a service that keeps no state: its share of a durable, in batches."""

    def __init__(self, service: Service, bus: Bus, clock: Clock, setting: Setting) -> None:
        self.service, self.bus, self.clock, self.setting = service, bus, clock, setting
        self.core = service.build(setting)
        self._consumer: Consumer | None = None
        self._turn = anyio.Lock()
        self._busy = 0
        self._handled = 0
        self._log = log.get(service.name)

    async def run(self, *, task_status: TaskStatus[None]) -> None:
        """Take batches until cancelled."""
        [stream] = self.service.reads
        async with self.bus.consume(stream, self.service.durable) as consumer:
            self._consumer = consumer
            task_status.started()
            async with anyio.create_task_group() as group:
                for _ in range(HANDS):
                    group.start_soon(self._work, consumer)

    async def _work(self, consumer: Consumer) -> None:
        while True:
            async with self._turn:
                batch = await consumer.batch()
                self._busy += 1
            await self._deal(consumer, batch)
            self._busy -= 1

    async def _deal(self, consumer: Consumer, batch: Sequence[Delivery]) -> None:
        for wave in self.core.decide(batch, self.clock.now()):
            if wave:
                await publish_all(self.bus, wave, self._log)
        with anyio.CancelScope(shield=True):
            await consumer.ack(batch)
        self._handled += len(batch)
        self._log.debug("batch handled", messages=len(batch))

    async def settled(self) -> bool:
        """Say whether every input is dealt with and acknowledged."""
        return self._consumer is not None and not self._busy and await self._consumer.pending() == 0

    async def status(self) -> Status:
        """Say how it is doing."""
        pending = await self._consumer.pending() if self._consumer else 0
        return Status(service=self.service.name, position={}, pending=pending, owed=0, handled=self._handled)


def tick_effect(service: str, due: int) -> Effect:
    """Return the timer of a service that fell due; its id is the same whoever writes it."""
    return Effect(subjects.tick(service), Tick(service=service, due=due), str(due), f"due:{due}", 0)
