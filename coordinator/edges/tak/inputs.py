"""What came in on the links of one participant, on its way to the bus.

1. The events of one uid are taken one after the other, those of different uids side by side, at most `IN_FLIGHT`.
2. What waits is bounded by the link's `Room`: a link whose room is full is not read.
3. What the bus does not keep is offered again until it does. An input outlives its link; when the bearer is stopped,
   what was read gets a moment to be taken.
"""

from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

import anyio
from anyio.abc import TaskGroup, TaskStatus

from coordinator import log
from coordinator.edges.tak.words import name_of
from coordinator.errors import BusError
from coordinator.ports import Answered, Clock, Gate

IN_FLIGHT: Final = 64
MOST: Final = 1_024  # events of one link that wait
MOST_BYTES: Final = 1_048_576
GRACE_S: Final = 3.0
RETRY_US: Final = 1_000_000
_RETRY_MOST_US: Final = 30_000_000

_log = log.get("tak")


class Room:
    """How much of one link waits to be taken."""

    def __init__(self) -> None:
        self._many = self._bytes = 0
        self._left = anyio.Event()

    async def enter(self, size: int) -> None:
        """Wait until there is room for one more event."""
        while self._many >= MOST or (self._many and self._bytes + size > MOST_BYTES):
            await self._left.wait()
        self._many += 1
        self._bytes += size

    def leave(self, size: int) -> None:
        """Say that one was taken."""
        self._many -= 1
        self._bytes -= size
        self._left.set()
        self._left = anyio.Event()


class Input(NamedTuple):
    """One event, the room it stands in, and who is told what became of it."""

    data: bytes
    room: Room
    answered: Callable[[Answered], None]


class Inputs:
    """The inputs of one participant, each in the lane of its uid."""

    def __init__(self, gate: Gate, clock: Clock) -> None:
        self._gate = gate
        self._clock = clock
        self._lanes: dict[str, deque[Input]] = {}
        self._limit = anyio.Semaphore(IN_FLIGHT)
        self._away = False  # the bus, as far as the last input showed
        self._stop = anyio.Event()
        self._idle = anyio.Event()
        self._idle.set()
        self._group: TaskGroup | None = None

    def put(self, uid: str, given: Input) -> None:
        """Let an input wait behind those of the same uid; its sender has room for it."""
        if self._group is None:
            raise RuntimeError("inputs are put before they are taken")
        if uid in self._lanes:
            self._lanes[uid].append(given)
            return
        self._lanes[uid] = deque([given])
        if self._idle.is_set():
            self._idle = anyio.Event()
        self._group.start_soon(self._lane, uid)

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Take inputs until cancelled; then what was read before has `GRACE_S` to be taken."""
        async with anyio.create_task_group() as group:
            await group.start(self._shielded)
            task_status.started()
            try:
                await anyio.sleep_forever()
            finally:
                self._stop.set()

    async def _shielded(self, *, task_status: TaskStatus[None]) -> None:
        with anyio.CancelScope(shield=True):
            async with anyio.create_task_group() as self._group:
                task_status.started()
                await self._stop.wait()
                with anyio.move_on_after(GRACE_S):
                    await self._idle.wait()
                if left := sum(map(len, self._lanes.values())):
                    _log.warning("inputs not kept: stopped", participant=self._gate.participant, inputs=left)
                self._group.cancel_scope.cancel()

    async def _lane(self, uid: str) -> None:
        lane = self._lanes[uid]
        while lane:
            given = lane[0]
            async with self._limit:
                answer = await self._taken(given.data, name_of(given.data, uid))
            lane.popleft()
            given.room.leave(len(given.data))
            given.answered(answer)
        del self._lanes[uid]
        if not self._lanes:
            self._idle.set()

    async def _taken(self, data: bytes, name: str) -> Answered:
        """Offer an input until the bus keeps it; what it never will keep is refused with the bus's own reason."""
        wait_us = RETRY_US
        while True:
            try:
                answer = await self._gate.take(data, name, "cot")
            except BusError as error:
                if not error.retry:
                    _log.error("input not kept", participant=self._gate.participant, input=name, why=str(error))
                    return Answered(False, str(error), b"")
                self._note(str(error))
            else:
                self._note("")
                return answer
            await self._clock.sleep(wait_us / 1_000_000)
            wait_us = min(2 * wait_us, _RETRY_MOST_US)

    def _note(self, why: str) -> None:
        """Log that the bus keeps nothing, and that it does again: once each, not for every input."""
        if bool(why) != self._away:
            self._away = bool(why)
            say = _log.warning if why else _log.info
            say("bus keeps no inputs" if why else "bus keeps inputs again", participant=self._gate.participant, why=why)
