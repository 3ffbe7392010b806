"""Reading a stream statelessly by direct get: single messages, and the INBOX and BOARD of participants.

A participant may create no consumer (see `coordinator.topology`), so its reader asks for batches behind the last
sequence it has. When there is nothing more it waits for the stream's wake-up, which the server sends for every
message that it stored, or looks again after a while.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio
import msgspec
from anyio.lowlevel import checkpoint
from nats.aio.msg import Msg

from coordinator.edges.nats import wire
from coordinator.edges.nats.link import Link
from coordinator.edges.nats.requests import Requests
from coordinator.errors import BusError, Disconnected, NoAnswer
from coordinator.ports import Delivery
from schemas.subjects import matches

_BATCH = 256
_BYTES = 8 * 1024 * 1024
_TIMEOUT_S = 5.0
_LOOK_AGAIN_S = 10.0  # without a wake-up, which can be lost like any live message


class Source:
    """One stream, read by direct get; ``name`` is what the caller calls it."""

    def __init__(self, requests: Requests, prefix: str, stream: str, name: str) -> None:
        self._requests = requests
        self._subject = f"{prefix}.DIRECT.GET.{stream}"
        self._name = name

    async def one(self, request: dict[str, Any]) -> Delivery | None:
        """Return one message, or None."""
        message = await self._requests.one(self._subject, msgspec.json.encode(request), _TIMEOUT_S)
        return wire.direct(message, self._name) if self._holds(message) else None

    async def many(self, after: int, pattern: str) -> tuple[list[Delivery], int]:
        """Return a batch of messages behind a sequence, and how many matching ones stand behind the batch."""
        request = {"batch": _BATCH, "max_bytes": _BYTES, "seq": after + 1, "next_by_subj": pattern}
        found: list[Delivery] = []
        await checkpoint()
        with self._requests.send(self._subject, msgspec.json.encode(request), {}) as parts:
            while self._holds(message := await parts.next(_TIMEOUT_S)):
                found.append(wire.direct(message, self._name))
        return found, int((message.headers or {}).get("Nats-Num-Pending", 0))

    def _holds(self, message: Msg) -> bool:
        match wire.status(message):
            case "":
                return True
            case "404" | "204":  # not there; end of batch
                return False
            case code:
                raise BusError(f"{self._subject}: status {code} {(message.headers or {}).get('Description', '')}")


class DirectReader:
    """Implements `ports.Reader`."""

    def __init__(self, link: Link, source: Source, subjects: Sequence[str], after: int) -> None:
        self._link = link
        self._source = source
        self._subjects = subjects
        self._pattern = subjects[0] if len(subjects) == 1 else ">"
        self._seq = after
        self._news = anyio.Event()

    def wake(self, _: Msg | None = None) -> None:
        """Look again; called in the read loop."""
        self._news.set()

    async def batch(self) -> list[Delivery]:
        """See `ports.Reader.batch`."""
        while True:
            self._news = anyio.Event()
            await self._link.wait_up()
            try:
                found, _ = await self._source.many(self._seq, self._pattern)
            except (Disconnected, NoAnswer):
                await anyio.sleep(0.1)
                continue
            if found:
                self._seq = found[-1].seq
                if wanted := [d for d in found if self._wants(d.subject)]:
                    return wanted
            else:
                with anyio.move_on_after(_LOOK_AGAIN_S):
                    await self._news.wait()

    def _wants(self, subject: str) -> bool:
        return len(self._subjects) <= 1 or any(matches(p, subject) for p in self._subjects)

    async def pending(self) -> int:
        """See `ports.Reader.pending`."""
        total = 0
        for pattern in self._subjects or (">",):
            found, behind = await self._source.many(self._seq, pattern)
            total += len(found) + behind
        return total


@asynccontextmanager
async def open_direct_reader(
    link: Link, source: Source, wakes: str, subjects: Sequence[str], after: int
) -> AsyncIterator[DirectReader]:
    """Open a reader; ``wakes`` is where the wake-ups of its stream are heard."""
    reader = DirectReader(link, source, subjects, after)
    listening = link.listen(wakes, reader.wake)
    link.on_up.append(reader.wake)
    try:
        yield reader
    finally:
        link.on_up.remove(reader.wake)
        link.deafen(listening)
