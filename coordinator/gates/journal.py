"""What became of deliveries, written to the log: for whoever is responsible, for replay and for the day after.

Steps are collected for `COLLECT_S` and written together; a failure, and whatever is FLASH, is written at once, but not
more than a few times a second. They are written after the bearer had its say and beside the cursor: a coordinator that
is killed in between may leave a step out, and then says less than happened, never more.
"""

import hashlib
from collections import deque
from collections.abc import Iterable
from typing import Final, NamedTuple

import anyio

from coordinator import log
from coordinator.core.mission import Channel
from coordinator.errors import BusError
from coordinator.gates.racing import first
from coordinator.ports import LOGGED_AT, WRITTEN_BY, Bus, Clock, Outgoing
from coordinator.services.base import stamped
from coordinator.topology import COORD
from schemas import registry, subjects
from schemas.deliveries import Delivery, Handover

NAME: Final = "channels"
COLLECT_S: Final = 1.0
APART_US: Final = 250_000  # between two writes: in a flood of FLASH not each has one of its own
PAUSE_S: Final = 5.0  # before what could not be written is tried again
MOST: Final = 20_000  # steps that wait; of more, the oldest are let go and counted
AT_ONCE: Final = 500  # steps of one message
FAREWELL_S: Final = 2.0
_log = log.get("channels")


class Entry(NamedTuple):
    """A step, by whose channel, and who asked for it if it is of a test message."""

    participant: str
    channel: Channel
    step: Handover
    tested_by: str = ""


class Journal:
    """Collects steps; `run` writes them. One that does not run keeps the last ones, and nobody reads them."""

    def __init__(self, clock: Clock) -> None:
        self.waiting: deque[Entry] = deque()
        self._clock = clock
        self._let_go = self._wrote_at = 0
        self._more, self._urgent = anyio.Event(), anyio.Event()

    def note(self, entry: Entry) -> None:
        """Let a step be written."""
        if len(self.waiting) >= MOST:
            self.waiting.popleft()
            self._let_go += 1
        self.waiting.append(entry)
        self._more.set()
        if entry.step.state == "failed" or entry.step.precedence == "flash":
            self._urgent.set()

    async def run(self, bus: Bus) -> None:
        """Write for ever, as the services; when it ends, what waits gets a moment."""
        try:
            while True:
                await self._more.wait()
                await first(self._urgent.wait, lambda: self._clock.sleep(COLLECT_S))
                if (left := APART_US - abs(self._clock.now() - self._wrote_at)) > 0:
                    await self._clock.sleep(left / 1_000_000)
                try:
                    await self._write(bus)
                except BusError as error:
                    _log.warning("deliveries not logged yet", why=str(error), waiting=len(self.waiting))
                    await self._clock.sleep(PAUSE_S)
        finally:
            with anyio.move_on_after(FAREWELL_S, shield=True):
                await self._last(bus)

    async def _last(self, bus: Bus) -> None:
        try:
            await self._write(bus)
        except BusError as error:
            _log.warning("deliveries not logged", why=str(error), steps=len(self.waiting))

    async def _write(self, bus: Bus) -> None:
        if self._let_go:
            _log.error("deliveries not logged: too many waited", steps=self._let_go)
            self._let_go = 0
        entries, self.waiting, self._wrote_at = self.waiting, deque(), self._clock.now()
        self._more, self._urgent = anyio.Event(), anyio.Event()
        try:
            if entries:
                await bus.publish([_outgoing(body, self._clock.now()) for body in bodies(entries)])
        except BaseException:
            self.waiting = entries + self.waiting
            self._more.set()
            raise


def bodies(entries: Iterable[Entry]) -> list[Delivery]:
    """Return steps as messages: those of one channel together, in their order, at most `AT_ONCE` in one."""
    by_channel: dict[tuple[str, Channel, str], list[Handover]] = {}
    for entry in entries:
        by_channel.setdefault((entry.participant, entry.channel, entry.tested_by), []).append(entry.step)
    return [
        Delivery(
            participant=participant,
            channel=channel.name,
            bearer=channel.kind,
            steps=tuple(steps[start : start + AT_ONCE]),
            test=bool(by),
            by=by,
        )
        for (participant, channel, by), steps in by_channel.items()
        for start in range(0, len(steps), AT_ONCE)
    ]


def _outgoing(body: Delivery, now: int) -> Outgoing:
    """Return a message as it goes to the log; the same steps have the same id."""
    subject = subjects.presence(body.participant)
    identity = f"delivery-{hashlib.sha256(registry.encode(body)).hexdigest()[:32]}"
    data = registry.encode(registry.pack(body, id=identity, originator=COORD, received_at=now))
    return stamped(subject, data, identity, {LOGGED_AT: str(now), WRITTEN_BY: NAME})
