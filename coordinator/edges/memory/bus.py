"""The broker and its connections."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from anyio.lowlevel import checkpoint

from coordinator import ports, topology
from coordinator.edges.clock import monotonic
from coordinator.edges.limits import check, header_block
from coordinator.edges.memory.desk import Desk, MemoryConsumer
from coordinator.edges.memory.live import Air, Live, answering, handing
from coordinator.edges.memory.store import Held, MemoryReader
from coordinator.errors import Forbidden, NotFound
from coordinator.ports import Answer, Clock, Delivery, OnMessage, Outgoing, Reply, Stored, StreamState
from coordinator.topology import COORD, Topology


class MemoryBroker:
    """What all connections share; it outlives them, as a server and its disk do."""

    def __init__(self, declared: Topology, clock: Clock) -> None:
        self.topology = declared
        self.clock = clock
        self.streams = {(s.owner, s.name): Held(s, clock) for s in declared.streams}
        self.desks = {
            (c.owner, c.stream, c.name): Desk(c, self.streams[c.owner, c.stream], clock) for c in declared.consumers
        }
        self.snapshots: dict[str, bytes] = {}
        self.connections = dict.fromkeys((*declared.participants, COORD), 0)
        self.colleagues: list[str] = []  # COORD's connections, by name
        self.air = Air()

    @asynccontextmanager
    async def connect(self, identity: str, *, name: str = "") -> "AsyncIterator[MemoryBus]":
        """Open a bus for an identity; while it is open it counts as a contact, unless its name says it is a gate's."""
        bus = MemoryBus(self, identity)
        contact = not name.startswith(topology.GATE_CONNECTION)
        self.connections[identity] += contact
        if identity == COORD:
            self.colleagues.append(name)
        try:
            yield bus
        finally:
            self.connections[identity] -= contact
            if identity == COORD:
                self.colleagues.remove(name)


class MemoryBus:
    """A connection under one identity; implements `ports.Bus`."""

    def __init__(self, broker: MemoryBroker, identity: str) -> None:
        if identity not in broker.connections:
            raise Forbidden("connect", identity)
        self._broker = broker
        self._identity = identity
        self._topology = broker.topology
        self._last = monotonic()

    async def publish(self, messages: Sequence[Outgoing], *, deadline_s: float = 30.0) -> list[Stored]:
        """Publish in order; see `ports.Bus.publish`."""
        for m in messages:
            _check_size(m.subject, m.data, {**m.headers, ports.ID: m.id})
        await self._turn()
        return [self._store(m) for m in messages]

    def _store(self, m: Outgoing) -> Stored:
        self._check("publish", m.subject)
        stream = self._topology.storing(self._identity, m.subject)
        if stream is None:
            raise NotFound(f'no stream keeps "{m.subject}"')
        headers = {**m.headers, ports.ID: m.id}
        stored = self._broker.streams[stream.owner, stream.name].append(m.subject, m.data, headers, self._identity)
        self._broker.air.send(stream.account, Live(m.subject, m.data, headers))
        return stored

    async def emit(self, subject: str, data: bytes, headers: dict[str, str] | None = None) -> None:
        """Publish without storage; see `ports.Bus.emit`."""
        _check_size(subject, data, headers or {})
        await self._turn()
        self._check("publish", subject)
        owner = self._topology.reach(self._identity, subject)
        self._broker.air.send(owner, Live(subject, data, dict(headers or {})))

    @asynccontextmanager
    async def read(self, stream: str, subjects: Sequence[str], *, after: int = 0) -> AsyncIterator[MemoryReader]:
        """Read a stream in sequence; see `ports.Bus.read`."""
        await self._turn()
        yield MemoryReader(self._held(stream), subjects, after)

    @asynccontextmanager
    async def consume(self, stream: str, durable: str) -> AsyncIterator[MemoryConsumer]:
        """Take a share of a durable consumer; see `ports.Bus.consume`."""
        await self._turn()
        desk = self._desk(stream, durable)
        if "/" in stream:  # COORD may look how far a participant has read, not read for it
            raise Forbidden("consume", stream)
        yield MemoryConsumer(desk)

    async def get(self, stream: str, seq: int) -> Delivery | None:
        """Return one message; see `ports.Bus.get`."""
        await self._turn()
        return self._held(stream).get(seq)

    async def last(self, stream: str, subject: str) -> Delivery | None:
        """Return the newest message of a subject; see `ports.Bus.last`."""
        await self._turn()
        return self._held(stream).last(subject)

    async def state(self, stream: str) -> StreamState:
        """Return what a stream holds; see `ports.Bus.state`."""
        await self._turn()
        return self._held(stream).state()

    async def progress(self, stream: str, durable: str) -> int:
        """Return how far a durable consumer is acknowledged; see `ports.Bus.progress`."""
        await self._turn()
        return self._desk(stream, durable).floor

    async def save(self, name: str, data: bytes) -> None:
        """Keep a snapshot; see `ports.Bus.save`."""
        await self._turn()
        self._only_coord("save", name)
        self._broker.snapshots[name] = bytes(data)

    async def load(self, name: str) -> bytes | None:
        """Return a snapshot; see `ports.Bus.load`."""
        await self._turn()
        self._only_coord("load", name)
        return self._broker.snapshots.get(name)

    async def contacts(self) -> dict[str, int]:
        """Count connections per participant; see `ports.Bus.contacts`."""
        await self._turn()
        self._only_coord("publish", topology.CONTACTS)
        return {p: self._broker.connections[p] for p in self._topology.participants}

    async def colleagues(self) -> tuple[str, ...]:
        """Name COORD's connections; see `ports.Bus.colleagues`."""
        await self._turn()
        self._only_coord("publish", topology.CONNECTIONS)
        return tuple(self._broker.colleagues)

    @property
    def last_round_trip(self) -> float:
        """Monotonic seconds of the last operation."""
        return self._last

    async def ask(
        self, subject: str, data: bytes, headers: dict[str, str] | None = None, *, timeout_s: float = 5.0
    ) -> AsyncIterator[Reply]:
        """Send a request and yield the parts of its answer; see `ports.Bus.ask`."""
        _check_size(subject, data, headers or {})
        await self._turn()
        self._check("publish", subject)
        owner = self._topology.reach(self._identity, subject)
        async for part in self._broker.air.ask(owner, Live(subject, data, dict(headers or {})), timeout_s):
            self._last = monotonic()
            yield part

    @asynccontextmanager
    async def serve(self, subject: str, queue: str, answer: Answer) -> AsyncIterator[None]:
        """Answer requests, many at a time; see `ports.Bus.serve`."""
        await self._turn()
        self._check("subscribe", subject)
        async with self._broker.air.listen(self._identity, subject, queue, answering(answer)):
            yield

    @asynccontextmanager
    async def subscribe(self, subject: str, on_message: OnMessage) -> AsyncIterator[None]:
        """Hand over live messages, one after the other; see `ports.Bus.subscribe`."""
        await self._turn()
        self._check("subscribe", subject)
        async with self._broker.air.listen(self._identity, subject, "", handing(on_message)):
            yield

    async def _turn(self) -> None:
        await checkpoint()
        self._last = monotonic()

    def _check(self, operation: topology.Operation, subject: str) -> None:
        if not self._topology.permits(self._identity, operation, subject):
            raise Forbidden(operation, subject)

    def _only_coord(self, operation: str, name: str) -> None:
        if self._identity != COORD:
            raise Forbidden(operation, name)

    def _held(self, name: str) -> Held:
        stream = self._topology.stream(self._identity, name)
        if stream is None:
            raise NotFound(f'no stream "{name}" for "{self._identity}"')
        return self._broker.streams[stream.owner, stream.name]

    def _desk(self, stream: str, durable: str) -> Desk:
        consumer = self._topology.consumer(self._identity, stream, durable)
        if consumer is None:
            raise NotFound(f'no consumer "{durable}" of "{stream}" for "{self._identity}"')
        return self._broker.desks[consumer.owner, consumer.stream, consumer.name]


def _check_size(subject: str, data: bytes, headers: dict[str, str]) -> None:
    check(subject, header_block(headers), data, topology.MAX_PAYLOAD)


def as_port(bus: MemoryBus) -> ports.Bus:
    """Show the type checker that the promises are kept."""
    return bus
