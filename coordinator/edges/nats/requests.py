"""Asking: one part from JetStream, many from a service."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio
import msgspec
from anyio.lowlevel import checkpoint
from nats.aio.msg import Msg

from coordinator.edges.clock import monotonic
from coordinator.edges.limits import check, header_block
from coordinator.edges.nats import wire
from coordinator.edges.nats.link import Link
from coordinator.errors import BusError, Disconnected, Forbidden, NoAnswer

_T = TypeVar("_T")


class Parts:
    """What comes back for one request, in order."""

    def __init__(self, subject: str) -> None:
        self._subject = subject
        self._send, self._receive = anyio.create_memory_object_stream[Msg | BusError](float("inf"))

    def put(self, part: Msg | BusError) -> None:
        """Take a part; called in the read loop."""
        self._send.send_nowait(part)

    async def next(self, timeout_s: float) -> Msg:
        """Return the next part.

        Raises:
            NoAnswer: nobody serves the subject, or nothing came in time.
            Forbidden: the server refused the request.
            Disconnected: the connection broke, so the rest of the answer is lost.
        """
        try:
            with anyio.fail_after(timeout_s):
                part = await self._receive.receive()
        except TimeoutError:
            raise NoAnswer(f'no answer to "{self._subject}" for {timeout_s:g} s') from None
        if isinstance(part, BusError):
            raise part
        if not part.data and wire.status(part) == "503":
            raise NoAnswer(f'nobody answers "{self._subject}"')
        return part

    def close(self) -> None:
        """Give up the parts that were not taken."""
        self._send.close()
        self._receive.close()


class Requests:
    """The requests of one connection: one reply subject, one token a request."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._reply = link.name()
        self._count = 0
        self._open: dict[str, Parts] = {}
        link.listen(f"{self._reply}.*", self._take)
        link.on_up.append(self._lost)

    def _take(self, message: Msg) -> None:
        self._link.seen = monotonic()
        if parts := self._open.get(message.subject.rpartition(".")[2]):
            parts.put(message)

    def _lost(self) -> None:
        for parts in self._open.values():
            parts.put(Disconnected("the connection broke during a request"))

    @contextmanager
    def send(self, subject: str, data: bytes, headers: Mapping[str, str]) -> Iterator[Parts]:
        """Send a request and hear its answer while the context is open.

        Raises:
            Disconnected: there is no connection now.
            TooLarge: the request is larger than the server takes.
        """
        block = header_block(headers)
        check(subject, block, data, self._link.max_payload)
        if not self._link.up:
            raise Disconnected(f'no connection to ask "{subject}"')
        self._count += 1
        token, parts = str(self._count), Parts(subject)
        stop = self._link.denials.expect("publish", subject, lambda: parts.put(Forbidden("publish", subject)))
        self._open[token] = parts
        try:
            self._link.write(wire.publication(subject, f"{self._reply}.{token}", block, data))
            yield parts
        finally:
            stop()
            del self._open[token]
            parts.close()

    async def one(self, subject: str, data: bytes, timeout_s: float) -> Msg:
        """Return the only part of an answer; a broken connection is waited for, within ``timeout_s``."""
        await checkpoint()
        give_up = monotonic() + timeout_s
        while True:
            with anyio.move_on_at(anyio.current_time() + give_up - monotonic()):
                await self._link.wait_up()
            try:
                with self.send(subject, data, {}) as parts:
                    return await parts.next(max(give_up - monotonic(), 0))
            except Disconnected:
                if monotonic() >= give_up or not self._link.up:
                    raise

    async def api(self, subject: str, request: Mapping[str, Any], answer: type[_T], *, timeout_s: float = 5.0) -> _T:
        """Ask JetStream; an answer that it does not have yet, because it is still starting, is waited for.

        Raises:
            NotFound, Forbidden, Full, BusError: as JetStream says.
            NoAnswer: there is no JetStream for this identity.
        """
        body = msgspec.json.encode(request) if request else b""
        give_up = monotonic() + timeout_s
        while True:
            try:
                message = await self.one(subject, body, timeout_s)
            except NoAnswer:
                if monotonic() >= give_up:
                    raise
                await anyio.sleep(0.1)
                continue
            result = msgspec.json.decode(message.data, type=_Result)
            if result.error is None:
                return msgspec.json.decode(message.data, type=answer)
            if not wire.passing(result.error) or monotonic() >= give_up:
                raise wire.problem(result.error, subject)
            await anyio.sleep(0.1)


class _Result(msgspec.Struct):
    error: wire.Failure | None = None
