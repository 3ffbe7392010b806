"""Where time comes from: the machine's clock, and one that a test moves by hand. Microseconds UTC."""

import heapq
import itertools
import time

import anyio
from anyio.lowlevel import checkpoint


def monotonic() -> float:
    """Return seconds that only ever grow, from a start that means nothing: for ages and deadlines of connections."""
    return time.monotonic()


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """Return the time."""
        return time.time_ns() // 1000

    async def sleep_until(self, when: int) -> None:
        """Return when the time is at or behind ``when``; a clock that is set meanwhile is followed within a minute."""
        while (left := when - self.now()) > 0:  # noqa: ASYNC110 - the machine's clock tells nobody when it is set
            await anyio.sleep(min(left / 1_000_000, 60.0))
        await checkpoint()

    async def sleep(self, seconds: float) -> None:
        """Return after so long, also if the clock is set meanwhile."""
        await anyio.sleep(seconds)


class ManualClock:
    """A clock that stands still until it is moved; it never runs backwards."""

    def __init__(self, start: int = 0) -> None:
        self._now = start
        self._order = itertools.count()
        self._sleepers: list[tuple[int, int, anyio.Event]] = []

    def now(self) -> int:
        """Return the time."""
        return self._now

    async def sleep_until(self, when: int) -> None:
        """Return when the clock was moved to ``when`` or behind it."""
        if when <= self._now:
            await checkpoint()
            return
        entry = (when, next(self._order), anyio.Event())
        heapq.heappush(self._sleepers, entry)
        try:
            await entry[2].wait()
        finally:
            if entry in self._sleepers:
                self._sleepers.remove(entry)
                heapq.heapify(self._sleepers)

    async def sleep(self, seconds: float) -> None:
        """Return when the clock was moved by so much."""
        await self.sleep_until(self.now() + int(seconds * 1_000_000))

    def next_sleeper(self) -> int | None:
        """Return the earliest time that somebody waits for, or None."""
        return self._sleepers[0][0] if self._sleepers else None

    async def advance(self, to: int, *, settle: int = 10) -> None:
        """Move the clock to ``to``, waking sleepers in order, each at the time it waited for.

        Every sleeper gets ``settle`` turns of the event loop before the next one wakes, so one that goes back to
        sleep for a time on the way is woken again on the same way.
        """
        while self._sleepers and self._sleepers[0][0] <= to:
            when, _, woken = heapq.heappop(self._sleepers)
            self._now = max(self._now, when)
            woken.set()
            await _turns(settle)
        self._now = max(self._now, to)
        await _turns(settle)


async def _turns(count: int) -> None:
    for _ in range(count):
        await checkpoint()
