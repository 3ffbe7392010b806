"""Runs a service that folds streams: its ledger, its timer, its snapshots.

What is written outside the log (deliveries, seals) is not read back; there the last `Cause-Seq` that stands in the
stream says how far the fold had come: its ledger.

The three promises of a fold (design §2, §7): live equals replay; a restart is a re-read; `now` is the time stamped on
the input and never runs backwards. A timer that falls due is written to the log (``tick.<service>``) and acted on when
it is read back, so replay finds it where it was.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Final

import anyio
import msgspec
from anyio.abc import TaskStatus

from coordinator import log
from coordinator.core.step import Effect, Logged
from coordinator.errors import BusError, NotFound
from coordinator.ports import CAUSE_SEQ, HASH, ID, WRITTEN_BY, Bus, Clock, Delivery, Outgoing, Reader
from coordinator.services import base
from coordinator.services.base import Service, Setting, Status
from coordinator.topology import BOARD, INBOX, LOG, MAX_PAYLOAD, RAW, of
from schemas import subjects

MAX_EFFECT: Final = MAX_PAYLOAD - 16 * 1024  # the server counts headers as well


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A fold's state behind a sequence of each stream, every effect up to there acknowledged.

    ``log_hash`` is the hash of the last message handled: a log that says otherwise is another log.
    """

    service: str
    code: str
    mission: str
    positions: dict[str, int]
    log_hash: str
    now: int
    digest: str
    core: bytes


class Fold:
    """A running fold."""

    def __init__(self, service: Service, bus: Bus, clock: Clock, setting: Setting) -> None:
        self.service, self.bus, self.clock, self.setting = service, bus, clock, setting
        self.core = service.build(setting)
        self._log = log.get(service.name)
        self._readers: dict[str, Reader] = {}
        self._positions: dict[str, int] = dict.fromkeys(service.reads, 0)
        self._owed: dict[str, Outgoing] = {}
        self._now = 0
        self._last_hash = ""
        self._handled = self._failed = self._since_snapshot = self._written_cause = self._epoch = 0
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
        differences = [m for m in self._owed.values() if _cause(m.headers) < min(self._epoch, self._written_cause)]
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

    def _add(self, stream: str, delivery: Delivery) -> Sequence[Effect]:
        _, seq, subject, data, headers, *_ = delivery
        effects: Sequence[Effect] = self.core.add(stream, seq, subject, headers, data, self._now)
        return effects

    def _handle(self, stream: str, delivery: Delivery) -> None:
        own = delivery.headers.get(WRITTEN_BY) == self.service.name and not self.service.observe
        if own and stream == LOG:
            self._strike(delivery)
        else:
            self._remember(self.core.handle(base.opened(delivery, self._now)))

    def _woken(self, delivery: Delivery) -> Sequence[Effect]:
        self._owed.pop(delivery.headers.get(ID, ""), None)
        self._ticked = -1
        message: Logged = base.opened(delivery, self._now)
        effects: Sequence[Effect] = self.core.wake(self._now, message)
        return effects

    def _strike(self, delivery: Delivery) -> None:
        self._owed.pop(delivery.headers.get(ID, ""), None)
        self._written_cause = max(self._written_cause, _cause(delivery.headers))

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
        """Say whether a stream outside the log already holds effects of later causes than this one's."""
        return bool(self._delivered) and effect.cause_seq < self._delivered.get(ledger(effect.subject), 0)

    async def _pay(self) -> None:
        """Publish everything that is owed."""
        while self._owed:
            due = list(self._owed.values())
            await base.publish_all(self.bus, _current(due), self._log)
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
        kept = await self.bus.load(self.service.name)
        if kept is not None and (snapshot := await self._usable(kept)) is not None:
            self.core.restore(snapshot.core)
            self._positions |= snapshot.positions
            self._now, self._last_hash = snapshot.now, snapshot.log_hash
            self._log.info("snapshot restored", positions=snapshot.positions)
        if self.service.ledgers:
            for name, (stream, pattern) in self.service.ledgers(self.setting).items():
                self._delivered[name] = await self._last_cause(stream, pattern)

    async def _usable(self, kept: bytes) -> Snapshot | None:
        """Return the snapshot if it is whole, of this code and of this log; else None, and the fold reads it all."""
        try:
            snapshot = msgspec.msgpack.decode(kept, type=Snapshot)
        except msgspec.MsgspecError:
            self._log.warning("snapshot ignored", why="it cannot be read")
            return None
        why = await self._reason_against(snapshot)
        if why:
            self._log.info("snapshot ignored", why=why)
            return None
        return snapshot

    async def _reason_against(self, snapshot: Snapshot) -> str:
        if snapshot.code != self.setting.code:
            return f"it is of code {snapshot.code}, this is {self.setting.code}"
        if hashlib.sha256(snapshot.core).hexdigest() != snapshot.digest:
            return "it was damaged"
        if not (position := snapshot.positions.get(LOG, 0)):
            return ""
        message = await self.bus.get(LOG, position)
        if message is None or message.headers.get(HASH, "") != snapshot.log_hash:
            return f"the log does not hold its message {position}"
        return ""

    async def _snapshot(self) -> None:
        self._since_snapshot = 0
        core = self.core.snapshot()
        snapshot = Snapshot(
            service=self.service.name,
            code=self.setting.code,
            mission=self.setting.mission.name,
            positions=dict(self._positions),
            log_hash=self._last_hash,
            now=self._now,
            digest=hashlib.sha256(core).hexdigest(),
            core=core,
        )
        await self.bus.save(self.service.name, msgspec.msgpack.encode(snapshot))

    async def _last_snapshot(self) -> None:
        """Keep the state on a clean stop, if nothing is owed; a failure here only costs time at the next start."""
        if self._owed or not self._since_snapshot:
            return
        with anyio.move_on_after(5, shield=True):
            try:
                await self._snapshot()
            except BusError as error:
                self._log.warning("snapshot not kept", why=str(error))

    async def _last_cause(self, stream: str, pattern: str) -> int:
        """Return the last cause in a ledger; note what it was the cause of, which the stream may have forgotten."""
        try:
            last = found = await self.bus.last(stream, pattern)
        except NotFound:
            return 0
        while found is not None and last is not None and _cause(found.headers) == _cause(last.headers):
            self._latest.add(found.headers.get(ID, ""))
            found = await self.bus.get(stream, found.seq - 1) if found.seq > 1 else None
        return _cause(last.headers) if last else 0

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
            next_wake=self.core.next_wake(),
        )


def _cause(headers: Mapping[str, str]) -> int:
    value = headers.get(CAUSE_SEQ, "")
    return int(value) if value.isdigit() else 0


def _current(due: Sequence[Outgoing]) -> list[Outgoing]:
    """Return what is still worth publishing: of several states of one thing on a board the newest, in its own place.

    Two of them must not be on their way together: one that is sent again after a reconnect would end up on top.
    """
    current: dict[str, Outgoing] = {}
    for message in due:
        key = message.subject if subjects.matches(subjects.ALL_BOARDS, message.subject) else message.id
        current.pop(key, None)
        current[key] = message
    return list(current.values())


def ledger(subject: str) -> str:
    """Return the name of the ledger that a subject outside the log is written to: its stream, or the seal's own."""
    parsed = subjects.parse(subject)
    streams = {"to": INBOX, "board": BOARD}
    return of(parsed.participant, streams[parsed.family]) if parsed.family in streams else subject
