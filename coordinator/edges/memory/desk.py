"""Durable consumers in memory."""

from collections.abc import Sequence

import anyio
from anyio.lowlevel import checkpoint

from coordinator.edges.memory.store import Filter, Held
from coordinator.ports import Clock, Delivery
from coordinator.topology import Consumer

_BATCH = 256
_EVERYTHING = Filter(())


class Desk:
    """A durable consumer: what of its stream is delivered, due again, and dealt with."""

    def __init__(self, declared: Consumer, held: Held, clock: Clock) -> None:
        self._declared = declared
        self._held = held
        self._clock = clock
        self._seq = 0
        self._due: dict[int, int] = {}  # sequence -> when it is delivered again
        self._times: dict[int, int] = {}  # sequence -> how often it was delivered
        self._changed = anyio.Event()

    @property
    def floor(self) -> int:
        """The sequence up to which everything is dealt with."""
        return min(self._due, default=self._seq + 1) - 1

    def take(self, limit: int) -> list[Delivery]:
        """Return what is due now, redeliveries first."""
        now = self._clock.now()
        due = sorted(seq for seq, when in self._due.items() if when <= now)[:limit]
        again = [m for seq in due if (m := self._present(seq))]
        room = min(limit - len(again), self._declared.max_ack_pending - len(self._due))
        fresh, self._seq = self._held.after(self._seq, _EVERYTHING, max(room, 0))
        found = [m._replace(token=f"{m.seq}") for m in (*again, *fresh)]
        for message in found:
            self._deliver(message.seq, now)
        return found

    def _present(self, seq: int) -> Delivery | None:
        message = self._held.get(seq)
        if message is None:  # replaced or expired meanwhile
            self.done(seq)
        return message

    def _deliver(self, seq: int, now: int) -> None:
        times = self._times[seq] = self._times.get(seq, 0) + 1
        waits = self._declared.backoff_s
        self._due[seq] = now + waits[min(times, len(waits)) - 1] * 1_000_000

    def done(self, seq: int) -> None:
        """Never deliver this again."""
        self._due.pop(seq, None)
        self._times.pop(seq, None)
        self._wake()

    def again(self, seq: int, delay_s: float) -> None:
        """Deliver this again after a delay."""
        if seq in self._due:
            self._due[seq] = self._clock.now() + int(delay_s * 1_000_000)
            self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    async def wait(self) -> None:
        """Return when something may be due."""
        changed, grown = self._changed, self._held.grown  # as of now: a task starts later, and must not miss a change
        async with anyio.create_task_group() as tasks:

            async def look() -> None:
                await self._held.wait(min(self._due.values(), default=None), grown)
                tasks.cancel_scope.cancel()

            tasks.start_soon(look)
            await changed.wait()
            tasks.cancel_scope.cancel()

    def pending(self) -> int:
        """Return how many messages are not dealt with."""
        return len(self._due) + len(self._held.after(self._seq, _EVERYTHING, self._held.last_seq)[0])


class MemoryConsumer:
    """A share of a durable consumer; implements `ports.Consumer`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def batch(self) -> list[Delivery]:
        """Wait until something is due and return it."""
        await checkpoint()
        while not (found := self._desk.take(_BATCH)):
            await self._desk.wait()
        return found

    async def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Say that these are dealt with."""
        await checkpoint()
        for delivery in deliveries:
            self._desk.done(delivery.seq)

    async def nak(self, deliveries: Sequence[Delivery], delay_s: float = 0.0) -> None:
        """Ask for these again after a delay."""
        await checkpoint()
        for delivery in deliveries:
            self._desk.again(delivery.seq, delay_s)

    async def pending(self) -> int:
        """Return how many messages are not acknowledged."""
        await checkpoint()
        return self._desk.pending()
