"""Live messages, requests and answers in memory."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import NamedTuple

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from coordinator import log, ports
from coordinator.edges.tasks import beside
from coordinator.errors import CoordinatorError, NoAnswer, spelled, understood
from coordinator.ports import Answer, OnMessage, Reply
from schemas import subjects

_log = log.get("memory")
_BACKLOG = 10_000  # live messages that wait for a slow listener; more are lost, as on any live feed


class Live(NamedTuple):
    """A live message, and where its answer goes if it is a request."""

    subject: str
    data: bytes
    headers: dict[str, str]
    reply: MemoryObjectSendStream[Reply] | None = None


Work = Callable[[MemoryObjectReceiveStream[Live]], Coroutine[None, None, None]]


class Listener(NamedTuple):
    """Somebody who listens in an account."""

    owner: str
    subject: str
    queue: str
    stream: MemoryObjectSendStream[Live]


class Air:
    """Who listens to what."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def send(self, owner: str, message: Live) -> int:
        """Give a message to every plain listener and to one of each queue group; return to how many."""
        chosen: dict[object, Listener] = {}
        for listener in self._listeners:
            if listener.owner == owner and subjects.matches(listener.subject, message.subject):
                chosen.setdefault(listener.queue or listener, listener)
        for listener in chosen.values():
            if listener.queue:  # to the end of the row: the next of its group has the next turn
                self._listeners.remove(listener)
                self._listeners.append(listener)
            with suppress(anyio.WouldBlock):
                listener.stream.send_nowait(message)
        return len(chosen)

    @asynccontextmanager
    async def listen(self, owner: str, subject: str, queue: str, work: Work) -> AsyncIterator[None]:
        """Run ``work`` over what is heard while the context is open."""
        send, receive = anyio.create_memory_object_stream[Live](_BACKLOG)
        listener = Listener(owner, subject, queue, send)
        with send, receive:
            self._listeners.append(listener)
            try:
                async with beside(lambda: work(receive)):
                    yield
            finally:
                self._listeners.remove(listener)

    async def ask(self, owner: str, message: Live, timeout_s: float) -> AsyncIterator[Reply]:
        """Send a request and yield the parts of the answer."""
        send, receive = anyio.create_memory_object_stream[Reply](_BACKLOG)
        with send, receive:
            if not self.send(owner, message._replace(reply=send)):
                raise NoAnswer(f'nobody answers "{message.subject}"')
            while True:
                try:
                    with anyio.fail_after(timeout_s):
                        part = await receive.receive()
                except TimeoutError:
                    raise NoAnswer(f'no answer to "{message.subject}" for {timeout_s:g} s') from None
                if (end := part.headers.get(ports.END)) is None:
                    yield part
                elif end == "ok":
                    return
                else:
                    raise understood(end)


def answering(answer: Answer) -> Work:
    """Return the work of somebody who answers requests, many at a time."""

    async def one(message: Live) -> None:
        if message.reply is None:
            return
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):  # who asked has gone
            try:
                async for part in answer(message.subject, message.data, dict(message.headers)):
                    await message.reply.send(Reply(part, {}))
                end = "ok"
            except CoordinatorError as error:
                end = spelled(error)
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                raise
            except Exception:  # one question that we cannot answer must not silence the others
                _log.exception("answer failed", subject=message.subject)
                end = "internal error"
            await message.reply.send(Reply(b"", {ports.END: end}))

    async def work(receive: MemoryObjectReceiveStream[Live]) -> None:
        async with anyio.create_task_group() as tasks:
            async for message in receive:
                tasks.start_soon(one, message)

    return work


def handing(on_message: OnMessage) -> Work:
    """Return the work of somebody who takes live messages one after the other."""

    async def work(receive: MemoryObjectReceiveStream[Live]) -> None:
        async for message in receive:
            await on_message(message.subject, message.data, dict(message.headers))

    return work
