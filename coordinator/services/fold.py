"""Runs a service that folds streams: what it owes, its timer, when it keeps a snapshot.

The three promises of a fold (design §2, §7): live equals replay; a restart is a re-read; `now` is the time stamped on
the input and never runs backwards. A timer that falls due is written to the log (``tick.<service>``) and acted on when
it is read back, so replay finds it where it was.
"""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

import anyio
from anyio.abc import TaskStatus

from coordinator import log
from coordinator.core.step import Effect, Logged
from coordinator.errors import BusError
from coordinator.ports import HASH, ID, WRITTEN_BY, Bus, Clock, Delivery, Outgoing, Reader
from coordinator.services import base, ledgers
from coordinator.services.base import Service, Setting, Status
from coordinator.services.snapshots import Snapshots
from coordinator.topology import LOG, MAX_PAYLOAD, RAW
from schemas import subjects

MAX_EFFECT: Final = MAX_PAYLOAD - 16 * 1024  # the server counts headers as well


class Fold:
    """A running fold."""

    def __init__(self, service: Service, bus: Bus, clock: Clock, setting: Setting) -> None:
        self.service, self.bus, self.clock, self.setting = service, bus, clock, setting
        self.core = service.build(setting)
        self._log = log.get(service.name)
        self._snapshots = Snapshots(service.name, bus, setting)
        self._readers: dict[str, Reader] = {}
        self._positions: dict[str, int] = dict.fromkeys(service.reads, 0)
        self._owed: dict[str, Outgoing] = {}
        self._now = 0
        self._last_hash = ""
        self._handled = self._failed = self._since_snapshot = self._written_cause = self._epoch = 0
        self._warning = ""  # what the core found wrong with itself last
        self._busy = 0
        self._current = False  # up to date: timers may be written
        self._changed = anyio.Event()
        self._ticked = -1
        self._tick = subjects.tick(service.name)
        self._delivered: dict[str, int] = {}
        self._latest: set[str] = set()  # ids of what stands in each ledger for its last cause

    # -- running ------------------------------------------------------------------------------------------------------

    async def run(self, *, task_status: TaskStatus[None]) -> None:
        """Catch up, pay what is owed, then follow the streams until cancelled."""
        await self._restore()
        async with AsyncExitStack() as stack:
            for stream in self.service.reads:
                reading = self.bus.read(stream, self._patterns(stream), after=self._positions[stream])
                self._readers[stream] = await stack.enter_async_context(reading)
            for stream, reader in self._readers.items():
                await self._catch_up(stream, reader)
            self._report_differences()
            await self._pay()
            self._current = True
            try:
                async with anyio.create_task_group() as group:
                    for stream, reader in self._readers.items():
                        group.start_soon(self._follow, stream, reader)
                    group.start_soon(self._timer)
                    if self.service.observe:
                        group.start_soon(self.service.observe, self)
                    if self.service.beside:
                        group.start_soon(self.service.beside, self)
                    task_status.started()
            except anyio.get_cancelled_exc_class():  # a clean stop; whoever fails may be in the middle of something
                await self._last_snapshot()
                raise

    def _patterns(self, stream: str) -> Sequence[str]:
        wanted = list(self.service.reads[stream])
        if stream == LOG:
            own = (p for p in self.service.writes if p in subjects.ALL_LOG)
            for pattern in (*own, self._tick, subjects.CONFIG):
                if not any(subjects.matches(known, pattern) for known in wanted):  # overlapping filters are refused
                    wanted.append(pattern)
        return wanted

    async def _catch_up(self, stream: str, reader: Reader) -> None:
        while await reader.pending():
            for delivery in await reader.batch():
                self._take(stream, delivery)
            await anyio.lowlevel.checkpoint()
        self._log.info("caught up", stream=stream, position=self._positions[stream], owed=len(self._owed))

    async def _follow(self, stream: str, reader: Reader) -> None:
        while True:
            batch = await reader.batch()
            self._busy += 1
            for delivery in batch:
                self._take(stream, delivery)
            await self._pay()
            self._busy -= 1
            self._changed.set()
            if self._since_snapshot >= base.SNAPSHOT_EVERY and not self._owed:
                await self._snapshot()

    def _report_differences(self) -> None:
        """Drop what other rules than those of its time would have written; report it.

        A difference is owed by an input from before the mission or code that is in force, although later effects
        were written since. What a crash left unwritten is behind every written effect, and is paid.
        """
        differences = [
            m for m in self._owed.values() if ledgers.cause(m.headers) < min(self._epoch, self._written_cause)
        ]
        for message in differences:
            del self._owed[message.id]
            self._log.warning("difference found", id=message.id, subject=message.subject)

    # -- folding ------------------------------------------------------------------------------------------------------

    def _take(self, stream: str, delivery: Delivery) -> None:
        if delivery.seq <= self._positions[stream]:
            return
        self._positions[stream] = delivery.seq
        if stream != RAW:  # what participants say of the time is not ours
            self._now = max(self._now, base.logged_at(delivery))
        self._handled += 1
        self._since_snapshot += 1
        if stream == LOG:
            self._last_hash = delivery.headers.get(HASH, "")
        if delivery.subject == subjects.CONFIG:
            self._epoch = delivery.seq
        if not self.service.opens:
            self._remember(self._add(stream, delivery))
        try:
            if delivery.subject == self._tick:
                self._remember(self._woken(delivery))
            elif self.service.opens:
                self._handle(stream, delivery)
        except Exception:  # or one message would stop the bus for everybody, now and after every restart
            self._failed += 1
            self._log.exception("message broke a core", stream=stream, seq=delivery.seq, id=delivery.headers.get(ID))
        if (warning := getattr(self.core, "warning", "")) != self._warning:
            self._warning = warning
            self._log.error("self-check", what=warning or "passed again", stream=stream, seq=delivery.seq)

    def _add(self, stream: str, delivery: Delivery) -> Sequence[Effect]:
        _, seq, subject, data, headers, *_ = delivery
        effects: Sequence[Effect] = self.core.add(stream, seq, subject, headers, data, self._now)
        return effects

    def _handle(self, stream: str, delivery: Delivery) -> None:
        own = delivery.headers.get(WRITTEN_BY) == self.service.name and not self.service.observe
        if own and stream == LOG:
            self._strike(delivery)
        if not own or stream != LOG or self.service.recalls:
            self._remember(self.core.handle(base.opened(delivery, self._now)))

    def _woken(self, delivery: Delivery) -> Sequence[Effect]:
        self._owed.pop(delivery.headers.get(ID, ""), None)
        self._ticked = -1
        message: Logged = base.opened(delivery, self._now)
        effects: Sequence[Effect] = self.core.wake(self._now, message)
        return effects

    def _strike(self, delivery: Delivery) -> None:
        self._owed.pop(delivery.headers.get(ID, ""), None)
        self._written_cause = max(self._written_cause, ledgers.cause(delivery.headers))

    def _remember(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if self._already_delivered(effect):
                continue
            message = base.outgoing(effect, self.service.name, self._now)
            if message.id in self._latest:
                continue
            if len(message.data) > MAX_EFFECT:  # the server would never take it, and nothing behind it would go out
                self._failed += 1
                self._log.error("effect too large", subject=message.subject, bytes=len(message.data))
                continue
            self._owed[message.id] = message

    def _already_delivered(self, effect: Effect) -> bool:
        """Say whether a stream outside the log holds effects of later causes, or is of somebody who has left."""
        if not self.service.ledgers:
            return False
        name = ledgers.ledger(effect.subject)
        if name not in self._delivered:
            return name != effect.subject  # somebody's stream, and nobody of the mission's
        return effect.cause_seq < self._delivered[name]

    async def _pay(self) -> None:
        """Publish everything that is owed."""
        while self._owed:
            due = list(self._owed.values())
            await base.publish_all(self.bus, ledgers.current(due), self._log)
            for message in due:
                self._owed.pop(message.id, None)

    # -- time ---------------------------------------------------------------------------------------------------------

    async def _timer(self) -> None:
        """Write a tick whenever the core's next timer falls due; it is acted on when it is read back."""
        while True:
            self._changed = anyio.Event()
            due = self.core.next_wake()
            if due is None or due <= self._ticked:
                await self._changed.wait()
            elif await self._reached(due):
                self._ticked = due
                effect = base.tick_effect(self.service.name, due)
                tick = base.outgoing(effect, self.service.name, self.clock.now())
                await base.publish_all(self.bus, [tick], self._log)

    async def _reached(self, due: int) -> bool:
        """Wait until ``due``; return False when the core changed meanwhile and may want another time."""
        reached = False
        async with anyio.create_task_group() as group:
            group.start_soon(self._cancel_on_change, group.cancel_scope)
            await self.clock.sleep_until(due)
            reached = True
            group.cancel_scope.cancel()
        return reached

    async def _cancel_on_change(self, scope: anyio.CancelScope) -> None:
        await self._changed.wait()
        scope.cancel()

    # -- snapshots ----------------------------------------------------------------------------------------------------

    async def _restore(self) -> None:
        if snapshot := await self._snapshots.load():
            self.core.restore(snapshot.core)
            self._positions |= snapshot.positions
            self._now, self._last_hash = snapshot.now, snapshot.log_hash
            self._log.info("snapshot restored", positions=snapshot.positions)
        if self.service.ledgers:
            for name, (stream, pattern) in self.service.ledgers(self.setting).items():
                self._delivered[name], latest = await ledgers.last_cause(self.bus, stream, pattern)
                self._latest |= latest

    async def _snapshot(self) -> None:
        self._since_snapshot = 0
        await self._snapshots.save(self.core.snapshot(), self._positions, self._last_hash, self._now)

    async def _last_snapshot(self) -> None:
        """Keep the state on a clean stop, if nothing is owed; a failure here only costs time at the next start."""
        if self._owed or not self._since_snapshot:
            return
        with anyio.move_on_after(5, shield=True):
            try:
                await self._snapshot()
            except BusError as error:
                self._log.warning("snapshot not kept", why=str(error))

    # -- how it is doing ----------------------------------------------------------------------------------------------

    async def settled(self) -> bool:
        """Say whether everything is read, paid and woken."""
        due: int | None = self.core.next_wake()
        idle = self._current and not self._busy and not self._owed
        return idle and (due is None or due > self.clock.now()) and await self._pending() == 0 and not self._busy

    async def _pending(self) -> int:
        return sum([await reader.pending() for reader in self._readers.values()])

    async def status(self) -> Status:
        """Say how it is doing."""
        return Status(
            service=self.service.name,
            position=dict(self._positions),
            pending=await self._pending(),
            owed=len(self._owed),
            handled=self._handled,
            failed=self._failed,
            warning=getattr(self.core, "warning", ""),
            next_wake=self.core.next_wake(),
        )
