"""Reading a stream of COORD in sequence: an ephemeral consumer that is made anew whenever in doubt.

Nothing is acknowledged, so what is lost with a connection shows as a gap in the consumer's own count; the reader
then drops the consumer and makes another behind the last message it has.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio
import msgspec
from nats.aio.msg import Msg

from coordinator.edges.nats import wire
from coordinator.edges.nats.consumer import Api, Info
from coordinator.edges.nats.link import Link
from coordinator.edges.nats.puller import Puller
from coordinator.edges.nats.requests import Requests
from coordinator.errors import Disconnected, NoAnswer
from coordinator.ports import Delivery

_INACTIVE_S = 60  # the server forgets a reader that was cut off for so long; it is made anew anyway


class NatsReader:
    """Implements `ports.Reader`."""

    def __init__(self, link: Link, requests: Requests, prefix: str, stream: str, subjects: Sequence[str], after: int):
        self._link, self._requests, self._prefix = link, requests, prefix
        self._stream, self._subjects = stream, list(subjects)
        self._seq = after
        self._taken = 0  # how many of the consumer's messages were handed out
        self._api = Api(requests, prefix, stream, "")
        self._puller: Puller | None = None
        self._doubt = False
        link.on_up.append(self._doubted)

    def _doubted(self) -> None:
        self._doubt = True
        if self._puller is not None:
            self._puller.resume()  # wakes `batch`

    async def batch(self) -> list[Delivery]:
        """See `ports.Reader.batch`."""
        while True:
            if self._puller is None or self._doubt:
                await self.renew()
                continue
            found = self._in_sequence(await self._puller.batch())
            if found:
                self._seq = found[-1].seq
                return found
            if self._puller.gone:
                self._doubt = True
                await anyio.sleep(0.1)

    def _in_sequence(self, messages: list[Msg]) -> list[Delivery]:
        for index, message in enumerate(messages):
            if wire.consumer_seq(message) != self._taken + 1:
                self._doubt = True
                messages = messages[:index]
                break
            self._taken += 1
        return [wire.delivery(message, self._stream) for message in messages]

    async def renew(self) -> None:
        """Make a consumer behind the last message handed out; wait for as long as there is no connection."""
        self.close_consumer()
        while True:
            await self._link.wait_up()
            try:
                self._api = await self._create()
            except (Disconnected, NoAnswer):
                await anyio.sleep(0.1)
            else:
                break
        self._doubt, self._taken = False, 0
        self._puller = Puller(self._link, self._api.next)

    async def _create(self) -> Api:
        name = self._link.name().replace(".", "-")
        config: dict[str, Any] = {
            "name": name,
            "ack_policy": "none",
            "deliver_policy": "by_start_sequence",
            "opt_start_seq": self._seq + 1,
            "inactive_threshold": _INACTIVE_S * 1_000_000_000,
            "mem_storage": True,
            "num_replicas": 1,
        }
        if self._subjects:
            config["filter_subjects"] = self._subjects
        subject = f"{self._prefix}.CONSUMER.CREATE.{self._stream}.{name}"
        await self._requests.api(subject, {"stream_name": self._stream, "config": config}, Info)
        return Api(self._requests, self._prefix, self._stream, name)

    async def pending(self) -> int:
        """See `ports.Reader.pending`."""
        if self._puller is None or self._doubt:
            await self.renew()
        info = await self._api.info()
        return info.num_pending + info.delivered.consumer_seq - self._taken

    def close_consumer(self) -> None:
        """Drop the consumer; the server forgets it."""
        if self._puller is not None:
            self._puller.close()
            self._puller = None
            subject = f"{self._prefix}.CONSUMER.DELETE.{self._stream}.{self._api.name}"
            self._link.write(wire.publication(subject, "", b"", b""))

    def close(self) -> None:
        """Stop reading."""
        self._link.on_up.remove(self._doubted)
        self.close_consumer()


@asynccontextmanager
async def open_reader(
    link: Link, requests: Requests, prefix: str, stream: str, subjects: Sequence[str], after: int
) -> AsyncIterator[NatsReader]:
    """Open a reader behind a sequence."""
    reader = NatsReader(link, requests, prefix, stream, subjects, after)
    try:
        await reader.renew()
        yield reader
    finally:
        reader.close()


class StateInfo(msgspec.Struct):
    """How much a stream holds, in JetStream's words."""

    messages: int = 0
    bytes: int = 0
    first_seq: int = 0
    last_seq: int = 0
