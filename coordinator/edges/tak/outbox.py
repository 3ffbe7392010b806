"""What one TAK link is told: queued without waiting, written in order, all that waits in one go.

A departure has a `Ticket`: it went out when the kernel of the peer's host has confirmed every byte. What a half-open
link swallows has not gone out.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

import anyio
from anyio.abc import ByteStream

from coordinator.edges.tak.sockets import unconfirmed
from coordinator.ports import Clock

MOST_OUT: Final = 2_097_152  # bytes that may wait
_PIECE: Final = 65_536  # bytes that are written in one go: a slow line makes progress, a dead one does not
_CONFIRM_S: Final = (0.0005, 0.01)  # how soon the kernel is asked again, at first and at most


class Ticket:
    """Waits until one of several links took what was posted, or none of them can."""

    def __init__(self, links: int) -> None:
        self._open = links
        self._taken = False
        self._settled = anyio.Event()

    def settle(self, taken: bool) -> None:
        """Say what became of it on one link."""
        self._open -= 1
        self._taken |= taken
        if taken or not self._open:
            self._settled.set()

    async def wait(self) -> bool:
        """Return whether a link took it."""
        await self._settled.wait()
        return self._taken


class _Parcel(NamedTuple):
    data: bytes
    ticket: Ticket | None


class Outbox:
    """Everything that one link is still to be told."""

    def __init__(self, stream: ByteStream, clock: Clock) -> None:
        self.stuck_since = 0  # microseconds UTC: when writing last made progress; 0 while nothing is being written
        self._stream = stream
        self._clock = clock
        self._parcels: deque[_Parcel] = deque()
        self._bytes = 0
        self._more = anyio.Event()
        self._ended = False

    @property
    def full(self) -> bool:
        """Whether too much waits already."""
        return self._bytes > MOST_OUT

    def put(self, data: bytes, ticket: Ticket | None = None) -> None:
        """Queue bytes. The ticket learns what becomes of them; after the end, that they did not go out."""
        if self._ended:
            _settle([_Parcel(data, ticket)], False)
            return
        self._parcels.append(_Parcel(data, ticket))
        self._bytes += len(data)
        self._more.set()

    def end(self) -> None:
        """Say of everything that waits that it did not go out."""
        self._ended = True
        _settle(self._parcels, False)
        self._parcels.clear()

    async def write(self) -> None:
        """Write what is queued until cancelled, or until the connection breaks (its error comes out)."""
        while True:
            await self._more.wait()
            self._more = anyio.Event()
            batch = list(self._parcels)
            self._parcels.clear()
            await self._send(batch)

    async def _send(self, batch: Sequence[_Parcel]) -> None:
        data = b"".join(parcel.data for parcel in batch)
        went = False
        try:
            for start in range(0, len(data), _PIECE):
                self._progress()
                await self._stream.send(data[start : start + _PIECE])
            if any(parcel.ticket for parcel in batch):
                await self._confirmed()
            went = True
        finally:
            self.stuck_since = 0
            self._bytes -= len(data)
            _settle(batch, went)

    async def _confirmed(self) -> None:
        wait_s, most_s = _CONFIRM_S
        left = unconfirmed(self._stream)
        self._progress()
        while left:
            await anyio.sleep(wait_s)
            wait_s = min(2 * wait_s, most_s)
            if (now := unconfirmed(self._stream)) < left:
                left = now
                self._progress()

    def _progress(self) -> None:
        self.stuck_since = self._clock.now() or 1


def _settle(parcels: Sequence[_Parcel] | deque[_Parcel], taken: bool) -> None:
    for parcel in parcels:
        if parcel.ticket is not None:
            parcel.ticket.settle(taken)
