"""One participant's place at the HTTP server: how many requests it has open, what it was shown, what it confirmed.

What goes out is shown to whoever polls and counts as delivered when it is confirmed. One departure is shown at a
time; while it is not confirmed, it is hidden from further polls for a while and then goes back to wait, so that what
has become more urgent meanwhile goes first. A confirmation that comes too late for that still counts.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Literal, NamedTuple

import anyio

from coordinator import log
from coordinator.edges.http.problems import Trouble, away
from coordinator.errors import BusError, Disconnected, Undelivered
from coordinator.ports import Clock, Departure, Gate
from schemas.subjects import opaque

_log = log.get("http")

_REMEMBERED: Final = 1_000  # ids of a participant that were shown: they may be confirmed late, or twice
_KEPT_INPUTS: Final = 64  # inputs of a participant that can be asked about again, and their bytes together
_KEPT_BYTES: Final = 4_000_000
_PAUSE_S: Final = 1.0  # before a gate that failed is tried again; doubles
_LONGEST_PAUSE_S: Final = 60.0


_Word = Literal["shown", "confirmed", "late"]  # late: confirmed after it had gone back to wait


class Limits(NamedTuple):
    """How much of everything one participant, or one peer, may have."""

    body_bytes: int = 1_000_000  # of one request, and of one file
    body_s: float = 30.0  # how long a body may take, and a second more for each `body_rate` bytes that came
    body_rate: int = 256  # bytes a second: slower than the slowest radio in use
    requests: int = 16  # of one participant at once
    queue_s: float = 5.0  # how long one more waits for its turn
    take_s: float = 60.0  # how long the bus may take with an input
    visible_s: float = 30.0  # how long a departure that was shown is hidden until it is shown again
    settle_s: float = 0.5  # how long a poll waits at least: the gate needs a moment to come with what is next
    wrong_token_s: float = 0.5  # how long a wrong token waits for its answer
    wrong_tokens: int = 64  # that wait at once; others are told at once
    connections: int = 512
    peer_connections: int = 256  # of one address
    stale_s: float = 1.0  # what has waited so long for a poll may have been overtaken by something more urgent
    silent_s: float = 15.0  # how long a connection may go without a request
    grace_s: float = 3.0  # how long open requests have when the server stops


ORDINARY: Final = Limits()


class Input(NamedTuple):
    """An input that was kept and had no answer yet."""

    data: bytes
    name: str
    format: str


class _Here(NamedTuple):
    departure: Departure
    since: float  # seconds of the event loop
    taken: anyio.Event  # by a poll
    confirmed: anyio.Event


class Desk:
    """One participant's place."""

    def __init__(self, gate: Gate, clock: Clock, limits: Limits) -> None:
        self.gate = gate
        self.limits = limits
        self.seats = anyio.Semaphore(limits.requests)
        self._clock = clock
        self._here: _Here | None = None
        self._round = anyio.CancelScope()
        self._changed = anyio.Event()
        self._poll: anyio.CancelScope | None = None
        self._known: OrderedDict[str, _Word] = OrderedDict()  # by opaque id
        self._inputs: OrderedDict[str, Input] = OrderedDict()
        self._failure: BusError | None = None
        self._pause = _PAUSE_S

    # -- out ----------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Take what goes out, for ever; a gate that fails is tried again, and polls are told meanwhile."""
        while True:
            try:
                with anyio.CancelScope() as self._round:
                    await self.gate.dispatch(self._carry)
                if self._round.cancelled_caught:  # by a poll: the most urgent is to come first
                    continue
            except BusError as error:
                _log.error("deliveries stopped", participant=self.gate.participant, why=str(error), again_s=self._pause)
                self._failure = error
                self._notify()
            await anyio.sleep(self._pause)
            self._failure = None
            self._pause = min(2 * self._pause, _LONGEST_PAUSE_S)

    async def poll(self, wait_s: float) -> Departure | None:
        """Return what is next to go out, at once or when it comes within ``wait_s``; it counts as shown.

        Raises:
            Trouble: a newer poll took its place (409), or nothing can be delivered now (503).
        """
        if self._poll is not None:
            self._poll.cancel()
        self._freshen()
        with anyio.CancelScope() as scope:
            self._poll = scope
            try:
                with anyio.move_on_after(max(wait_s, self.limits.settle_s)):
                    await self._until(lambda: self._ready() or self._failure)
            finally:
                if self._poll is scope:
                    self._poll = None
        if scope.cancelled_caught:
            raise Trouble(409, "the poll", "a newer poll of yours took its place", "let one client poll at a time")
        return self._show()

    def put_back(self) -> None:
        """Let what is shown wait again at once: its reader left before it could be sent."""
        self._here = None
        self._round.cancel()

    def find(self, identity: str) -> Departure | None:
        """Return the departure of that opaque id if it is shown now."""
        here = self._here
        return here.departure if here and here.taken.is_set() and opaque(here.departure.id) == identity else None

    def confirm(self, identity: str) -> bool:
        """Take the word that a departure was received; False if none of that id was ever shown."""
        if (word := self._known.get(identity)) is None:
            return False
        here = self._here
        if here and opaque(here.departure.id) == identity:
            self._known[identity] = "confirmed"
            here.confirmed.set()
            here.taken.set()
        elif word == "shown":
            self._known[identity] = "late"
        return True

    def stop(self) -> None:
        """Let polls end: the server stops."""
        self._failure = Disconnected("this server stops")
        self._notify()

    def _freshen(self) -> None:
        """Let the gate choose again what goes first, if what is here came long before anybody asked."""
        here = self._here
        if here and not here.taken.is_set() and anyio.current_time() - here.since >= self.limits.stale_s:
            self.put_back()

    def _ready(self) -> bool:
        return self._here is not None and not self._here.taken.is_set()

    def _show(self) -> Departure | None:
        if self._failure is not None:
            raise away(self._failure)
        if self._here is None or self._here.taken.is_set():
            return None
        self._here.taken.set()
        identity = opaque(self._here.departure.id)
        self._known[identity] = "shown"
        self._known.move_to_end(identity)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return self._here.departure

    async def _carry(self, departure: Departure) -> None:
        if self._known.get(opaque(departure.id)) == "late":
            self._known[opaque(departure.id)] = "confirmed"
            return
        here = self._here = _Here(departure, anyio.current_time(), anyio.Event(), anyio.Event())
        self._notify()
        try:
            await here.taken.wait()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._expire, tasks.cancel_scope)
                await here.confirmed.wait()
                tasks.cancel_scope.cancel()
        finally:
            if self._here is here:
                self._here = None
        self._pause = _PAUSE_S
        if not here.confirmed.is_set():
            raise Undelivered(f"it was fetched and not confirmed within {self.limits.visible_s:g} s")

    async def _expire(self, scope: anyio.CancelScope) -> None:
        await self._clock.sleep(self.limits.visible_s)
        scope.cancel()

    async def _until(self, true: Callable[[], object]) -> None:
        while not true():
            await self._changed.wait()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    # -- in -----------------------------------------------------------------------------------------------------------

    def keep(self, identity: str, one: Input) -> None:
        """Remember an input without an answer, so that it can be asked about; the oldest are forgotten first."""
        self._inputs[identity] = one
        self._inputs.move_to_end(identity)
        while len(self._inputs) > _KEPT_INPUTS or sum(len(i.data) for i in self._inputs.values()) > _KEPT_BYTES:
            self._inputs.popitem(last=False)

    def kept(self, identity: str) -> Input | None:
        """Return an input that had no answer yet."""
        return self._inputs.get(identity)
