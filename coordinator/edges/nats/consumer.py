"""A share of a durable consumer."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import anyio
import msgspec
from anyio.lowlevel import checkpoint

from coordinator.edges.nats import wire
from coordinator.edges.nats.link import Link
from coordinator.edges.nats.puller import Puller
from coordinator.edges.nats.requests import Requests
from coordinator.ports import Delivery


class Floor(msgspec.Struct):
    """A place in a consumer's work: sequences of the consumer and of the stream."""

    consumer_seq: int = 0
    stream_seq: int = 0


class Info(msgspec.Struct):
    """What JetStream says about a consumer."""

    delivered: Floor
    ack_floor: Floor
    num_ack_pending: int = 0
    num_pending: int = 0


class Api(msgspec.Struct, frozen=True):
    """How one consumer is reached."""

    requests: Requests
    prefix: str  # of the JetStream API
    stream: str
    name: str

    async def info(self) -> Info:
        """Return what JetStream says about it; NotFound if there is none."""
        subject = f"{self.prefix}.CONSUMER.INFO.{self.stream}.{self.name}"
        return await self.requests.api(subject, {}, Info)

    @property
    def next(self) -> str:
        """Where to ask for messages."""
        return f"{self.prefix}.CONSUMER.MSG.NEXT.{self.stream}.{self.name}"


class NatsConsumer:
    """Implements `ports.Consumer`."""

    def __init__(self, link: Link, api: Api, stream: str, puller: Puller) -> None:
        self._link = link
        self._api = api
        self._stream = stream  # as the caller calls it
        self._puller = puller

    async def batch(self) -> list[Delivery]:
        """See `ports.Consumer.batch`."""
        while True:
            if found := await self._puller.batch():
                return [wire.delivery(message, self._stream) for message in found]
            await self._api.info()  # raises NotFound if it was deleted; else it is only starting
            await anyio.sleep(_PAUSE_S)
            self._puller.resume()

    async def ack(self, deliveries: Sequence[Delivery]) -> None:
        """See `ports.Consumer.ack`."""
        await self._answer(deliveries, wire.ACK)

    async def nak(self, deliveries: Sequence[Delivery], delay_s: float = 0.0) -> None:
        """See `ports.Consumer.nak`."""
        word = b'-NAK {"delay": %d}' % round(delay_s * 1e9) if delay_s > 0 else wire.NAK
        await self._answer(deliveries, word)

    async def _answer(self, deliveries: Sequence[Delivery], word: bytes) -> None:
        await checkpoint()
        await self._link.wait_room()
        self._link.write(b"".join([wire.acknowledgement(d.token, word) for d in deliveries]))

    async def pending(self) -> int:
        """See `ports.Consumer.pending`."""
        info = await self._api.info()
        return info.num_pending + info.num_ack_pending


_PAUSE_S: Final = 0.1


@asynccontextmanager
async def open_consumer(link: Link, api: Api, stream: str) -> AsyncIterator[NatsConsumer]:
    """Open a share; on closing, what was delivered here and not handed out goes back at once."""
    await api.info()
    puller = Puller(link, api.next)
    try:
        yield NatsConsumer(link, api, stream, puller)
    finally:
        for message in await puller.finish():
            link.write(wire.acknowledgement(message.reply, wire.NAK))
