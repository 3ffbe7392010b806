"""Filling the backlog of one channel from its INBOX, so that the most urgent is seen however much waits.

The server hands out so many deliveries and no more until some are acknowledged. While a channel is down, that many pile
up, and a FLASH behind them would not be seen. So from `CROWD` on, what is urgent is read ahead, beside the cursor; when
the cursor comes to it, it is dealt with already.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

import anyio
import msgspec

from coordinator.client import Client
from coordinator.core.mission import Channel
from coordinator.gates.backlog import Backlog, wanted
from coordinator.gates.racing import first, together
from coordinator.ports import Consumer, Delivery
from coordinator.topology import INBOX
from schemas import registry, subjects

CROWD: Final = 5_000  # of 10,000 that the server hands out
_ENOUGH: Final = CROWD // 2


class Gathering:
    """What comes in for one channel. ``stir`` says that something came, ``note`` that something cannot be read."""

    def __init__(
        self,
        client: Client,
        channel: Channel,
        backlog: Backlog,
        stir: Callable[[], None],
        note: Callable[[str, str, str], None],
    ) -> None:
        self._client, self._channel, self._backlog = client, channel, backlog
        self._stir, self._note = stir, note
        self._surveyed = False
        self._come = 0  # the last sequence that the cursor has brought
        self._crowded, self._cleared = anyio.Event(), anyio.Event()

    async def survey(self, durable: str) -> None:
        """Look once at everything that may be delivered again: an older revision must not go behind a newer one.

        What went out before a restart is not remembered otherwise; what did not is delivered again, but later.
        """
        if self._surveyed:
            return
        done = await self._client.bus.progress(INBOX, durable)
        everything = (subjects.inbox_of(self._client.participant),)
        async with self._client.bus.read(INBOX, everything, after=done) as reader:
            while await reader.pending():
                for delivery in await reader.batch():
                    self._note_newest(delivery)
        self._surveyed = True

    def _note_newest(self, delivery: Delivery) -> None:
        with suppress(msgspec.MsgspecError):  # it is named when it is delivered
            if wanted(delivery, self._channel):
                self._backlog.note(delivery, registry.envelope(delivery.data))

    async def run(self, consumer: Consumer) -> None:
        """Take what comes, for ever."""
        await together(partial(self._follow, consumer), partial(self._ahead, consumer))

    async def _follow(self, consumer: Consumer) -> None:
        while True:
            batch = await consumer.batch()
            self._come = max(self._come, *(d.seq for d in batch))
            await self._sort(batch, consumer)

    async def _sort(self, batch: list[Delivery], consumer: Consumer) -> None:
        settled = [d for delivery in batch for d in self._sorted(delivery)]
        self.look()
        self._stir()
        await consumer.ack([d for d in settled if d.token])

    def _sorted(self, delivery: Delivery) -> list[Delivery]:
        """Let a delivery wait if it must; return what need not go out any more."""
        if self._backlog.knows(delivery.seq):
            self._backlog.update(delivery)
            return []
        if self._backlog.is_done(delivery.seq):  # its acknowledgement was lost or crossed this, or it was read ahead
            self._backlog.settled(delivery)
            return [delivery]
        try:
            envelope = registry.envelope(delivery.data)
        except msgspec.MsgspecError as error:
            self._note("delivery cannot be read", str(delivery.seq), str(error))
            self._backlog.pass_over(delivery)
            return [delivery]
        if not wanted(delivery, self._channel) and not self._backlog.replaces(delivery, envelope):
            self._backlog.pass_over(delivery)
            return [delivery]
        return self._backlog.add(delivery, envelope)

    # -- ahead --------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """See whether so much waits that what is urgent must be read ahead, or no more."""
        if len(self._backlog) >= CROWD:
            self._crowded.set()
        elif len(self._backlog) <= _ENOUGH:
            self._cleared.set()

    async def _ahead(self, consumer: Consumer) -> None:
        while True:
            await self._crowded.wait()
            self._cleared = anyio.Event()
            patterns = subjects.urgent_of(self._client.participant)
            await first(self._cleared.wait, *(partial(self._read_ahead, p, self._come, consumer) for p in patterns))
            self._crowded = anyio.Event()
            self.look()

    async def _read_ahead(self, pattern: str, after: int, consumer: Consumer) -> None:
        async with self._client.bus.read(INBOX, (pattern,), after=after) as reader:
            while True:
                batch = [d._replace(token="") for d in await reader.batch()]
                unseen = [d for d in batch if not (self._backlog.knows(d.seq) or self._backlog.is_done(d.seq))]
                await self._sort(unseen, consumer)
