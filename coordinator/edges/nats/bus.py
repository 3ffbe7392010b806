"""The bus over NATS."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import msgspec
from anyio.lowlevel import checkpoint

from coordinator import ports, topology
from coordinator.edges.limits import check, header_block
from coordinator.edges.nats import wire
from coordinator.edges.nats.consumer import Api, NatsConsumer, open_consumer
from coordinator.edges.nats.direct import Source, open_direct_reader
from coordinator.edges.nats.link import Link
from coordinator.edges.nats.live import answering, handing, listen
from coordinator.edges.nats.login import Login
from coordinator.edges.nats.objects import Objects
from coordinator.edges.nats.publisher import Publisher
from coordinator.edges.nats.reader import StateInfo, open_reader
from coordinator.edges.nats.requests import Requests
from coordinator.edges.nats.supervisor import open_link
from coordinator.edges.tasks import beside
from coordinator.errors import Disconnected, Forbidden, NotFound, understood
from coordinator.ports import Answer, Delivery, OnMessage, Outgoing, Reader, Reply, Stored, StreamState
from coordinator.topology import BOARD, COORD, INBOX, Realm

_CONNECTIONS = 256  # of one account are looked at


class NatsBus:
    """A connection under one identity; implements `ports.Bus`. Open one with `connect`."""

    def __init__(self, link: Link, identity: str, realm: Realm) -> None:
        self._link = link
        self._identity = identity
        self._realm = realm
        self.requests = Requests(link)
        self.publisher = Publisher(link, wire.Ids(None if identity == COORD else link.login.secret))
        self._objects = Objects(self.requests, self.publisher)

    async def publish(self, messages: Sequence[Outgoing], *, deadline_s: float = 30.0) -> list[Stored]:
        """See `ports.Bus.publish`."""
        return await self.publisher.publish(messages, deadline_s)

    async def emit(self, subject: str, data: bytes, headers: dict[str, str] | None = None) -> None:
        """See `ports.Bus.emit`; raises Disconnected when there is no connection, rather than send it late."""
        await checkpoint()
        block = header_block(headers or {})
        check(subject, block, data, self._link.max_payload)
        if not topology.permitted(self._identity, "publish", subject):  # the server would not tell us in time
            raise Forbidden("publish", subject)
        if not self._link.up:
            raise Disconnected(f'no connection to emit "{subject}"')
        await self._link.wait_room()
        self._link.write(wire.publication(subject, "", block, data))

    @asynccontextmanager
    async def read(self, stream: str, subjects: Sequence[str], *, after: int = 0) -> AsyncIterator[Reader]:
        """See `ports.Bus.read`."""
        owner, plain = self._named(stream)
        await self.state(stream)  # a name that nobody knows is found out here
        if owner == COORD:
            prefix = topology.api_prefix(owner)
            async with open_reader(self._link, self.requests, prefix, plain, subjects, after) as reader:
                yield reader
        else:
            wakes = f"{topology.wake_prefix(self._identity, owner)}.{plain}.>"
            async with open_direct_reader(self._link, self._source(stream), wakes, subjects, after) as direct:
                yield direct

    @asynccontextmanager
    async def consume(self, stream: str, durable: str) -> AsyncIterator[NatsConsumer]:
        """See `ports.Bus.consume`."""
        if "/" in stream:  # COORD may look how far a participant has read, not read for it
            raise Forbidden("consume", stream)
        async with open_consumer(self._link, self._api(stream, durable), stream) as consumer:
            yield consumer

    async def get(self, stream: str, seq: int) -> Delivery | None:
        """See `ports.Bus.get`."""
        return await self._source(stream).one({"seq": seq})

    async def last(self, stream: str, subject: str) -> Delivery | None:
        """See `ports.Bus.last`."""
        return await self._source(stream).one({"last_by_subj": subject})

    async def state(self, stream: str) -> StreamState:
        """See `ports.Bus.state`."""
        owner, plain = self._named(stream)
        subject = f"{topology.api_prefix(owner)}.STREAM.INFO.{plain}"
        found = (await self.requests.api(subject, {}, _StreamInfo)).state
        return StreamState(found.messages, found.bytes, found.first_seq, found.last_seq)

    async def progress(self, stream: str, durable: str) -> int:
        """See `ports.Bus.progress`."""
        return (await self._api(stream, durable).info()).ack_floor.stream_seq

    async def save(self, name: str, data: bytes) -> None:
        """See `ports.Bus.save`."""
        self._only_coord("save", name)
        await self._objects.save(name, data)

    async def load(self, name: str) -> bytes | None:
        """See `ports.Bus.load`."""
        self._only_coord("load", name)
        return await self._objects.load(name)

    async def ask(
        self, subject: str, data: bytes, headers: dict[str, str] | None = None, *, timeout_s: float = 5.0
    ) -> AsyncIterator[Reply]:
        """See `ports.Bus.ask`."""
        await checkpoint()
        with self.requests.send(subject, data, headers or {}) as parts:
            while True:
                part = await parts.next(timeout_s)
                found = dict(part.headers or {})
                end = found.get(ports.END)
                if end is None:
                    yield Reply(part.data, found)
                elif end == "ok":
                    return
                else:
                    raise understood(end)

    def serve(self, subject: str, queue: str, answer: Answer) -> AbstractAsyncContextManager[None]:
        """See `ports.Bus.serve`."""
        return listen(self._link, subject, queue, answering(self._link, answer))

    def subscribe(self, subject: str, on_message: OnMessage) -> AbstractAsyncContextManager[None]:
        """See `ports.Bus.subscribe`."""
        return listen(self._link, subject, "", handing(on_message))

    async def contacts(self) -> dict[str, int]:
        """See `ports.Bus.contacts`; in a cluster, as the server sees it that answers first."""
        self._only_coord("publish", topology.CONTACTS)
        message = await self.requests.one(topology.CONTACTS, b'{"include_unused":true}', 5.0)
        prefix, found = f"{self._realm}-", msgspec.json.decode(message.data, type=_Contacts).data.account_statz
        own = {a.acc.removeprefix(prefix): a for a in found if a.acc.startswith(prefix)}
        return {p: await self._contacts_of(a) for p, a in own.items() if p.islower() and "." not in p}

    async def colleagues(self) -> tuple[str, ...]:
        """See `ports.Bus.colleagues`; in a cluster, as the server sees it that answers first."""
        self._only_coord("publish", topology.CONNECTIONS)
        page = await self._connections(f"{self._realm}-{COORD.upper()}")
        return tuple(c.name for c in page.connections or ())  # the server lists them as they came

    async def _contacts_of(self, account: "_Account") -> int:
        """Return how many connections of an account are no gate's; gates behind the first few hundred count as well."""
        if not account.conns:
            return account.leafnodes
        found = await self._connections(account.acc)
        gates = sum(c.name.startswith(topology.GATE_CONNECTION) for c in found.connections or ())
        return found.total - gates + account.leafnodes

    async def _connections(self, account: str) -> "_Page":
        request = msgspec.json.encode({"acc": account, "limit": _CONNECTIONS})
        message = await self.requests.one(topology.CONNECTIONS, request, 5.0)
        return msgspec.json.decode(message.data, type=_Connections).data

    @property
    def last_round_trip(self) -> float:
        """See `ports.Bus.last_round_trip`."""
        return self._link.seen

    def _only_coord(self, operation: str, name: str) -> None:
        if self._identity != COORD:
            raise Forbidden(operation, name)

    def _named(self, stream: str) -> tuple[str, str]:
        """Return a stream's owner and plain name."""
        owner, slash, plain = stream.rpartition("/")
        if self._identity != COORD and (slash or plain not in (INBOX, BOARD)):
            raise NotFound(f'no stream "{stream}" for "{self._identity}"')
        return owner or self._identity, plain

    def _source(self, stream: str) -> Source:
        owner, plain = self._named(stream)
        return Source(self.requests, topology.api_prefix(owner), plain, stream)

    def _api(self, stream: str, durable: str) -> Api:
        owner, plain = self._named(stream)
        return Api(self.requests, topology.api_prefix(owner), plain, durable)


class _StreamInfo(msgspec.Struct):
    state: StateInfo


class _Account(msgspec.Struct):
    acc: str
    conns: int = 0
    leafnodes: int = 0


class _Accounts(msgspec.Struct):
    account_statz: list[_Account] = []


class _Contacts(msgspec.Struct):
    data: _Accounts


class _Connection(msgspec.Struct):
    name: str = ""


class _Page(msgspec.Struct):
    total: int
    connections: list[_Connection] | None = None


class _Connections(msgspec.Struct):
    data: _Page


@asynccontextmanager
async def connect(
    url: str,
    credentials: Path | str,
    identity: str,
    realm: Realm = "live",
    *,
    name: str = "",
    patience_s: float = 10.0,
) -> AsyncIterator[NatsBus]:
    """Connect as a participant or as COORD; the connection heals itself until the context closes.

    Args:
        url: of the server, or several with commas between.
        credentials: a file with an NKey seed or a JWT and seed, or the seed itself.
        identity: a participant id or `topology.COORD`.
        realm: names the accounts of this bus.
        name: of the connection; one that begins with `topology.GATE_CONNECTION` does not count as a contact.
        patience_s: how long to wait for a server to answer.

    Raises:
        Forbidden: the server does not know these credentials.
        Disconnected: no server answered.
    """
    async with open_link(Login(url, identity, credentials, realm, name), patience_s=patience_s) as link:
        bus = NatsBus(link, identity, realm)
        async with beside(bus.publisher.patrol):
            yield bus


def as_port(bus: NatsBus) -> ports.Bus:
    """Show the type checker that the promises are kept."""
    return bus
