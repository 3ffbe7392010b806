"""Live messages: answering requests, and listening to subjects that nobody stores."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream
from nats.aio.msg import Msg

from coordinator import log, ports
from coordinator.edges.limits import check, header_block
from coordinator.edges.nats import wire
from coordinator.edges.nats.link import Link
from coordinator.edges.tasks import beside
from coordinator.errors import CoordinatorError, Forbidden, spelled
from coordinator.ports import Answer, OnMessage

_BACKLOG = 10_000  # messages that wait for a slow listener; more are lost, as on any live feed
_ROUND_TRIP_S = 10.0
_REQUEST_INFO = "Nats-Request-Info"  # added by the server where a message crosses into another account

_Work = Callable[[MemoryObjectReceiveStream[Msg]], Coroutine[None, None, None]]
_log = log.get("nats")


@asynccontextmanager
async def listen(link: Link, subject: str, queue: str, work: _Work) -> AsyncIterator[None]:
    """Run ``work`` over what is heard while the context is open.

    Raises:
        Forbidden: the server does not let this identity listen there.
    """
    send, receive = anyio.create_memory_object_stream[Msg](_BACKLOG)
    dropped = 0

    def take(message: Msg) -> None:
        nonlocal dropped
        try:
            send.send_nowait(message)
        except anyio.WouldBlock:
            dropped += 1
            if dropped & (dropped - 1) == 0:  # the 1st, 2nd, 4th, 8th, …
                _log.warning("live messages dropped", subject=subject, dropped=dropped)

    with send, receive:
        listening = link.listen(subject, take, queue)
        try:
            await _permitted(link, subject)
            async with beside(lambda: work(receive)):
                yield
        finally:
            link.deafen(listening)


async def _permitted(link: Link, subject: str) -> None:
    denied = False

    def deny() -> None:
        nonlocal denied
        denied = True

    stop = link.denials.expect("subscribe", subject, deny)
    try:
        with anyio.move_on_after(_ROUND_TRIP_S):  # an answer that never comes is not a denial
            await link.round_trip()
    finally:
        stop()
    if denied:
        raise Forbidden("subscribe", subject)


def handing(on_message: OnMessage) -> _Work:
    """Return the work of somebody who takes live messages one after the other."""

    async def work(receive: MemoryObjectReceiveStream[Msg]) -> None:
        async for message in receive:
            await on_message(message.subject, message.data, _headers(message))

    return work


def answering(link: Link, answer: Answer) -> _Work:
    """Return the work of somebody who answers requests, many at a time."""

    async def one(message: Msg) -> None:
        end = "ok"
        try:
            async for part in answer(message.subject, message.data, _headers(message)):
                check(message.reply, b"", part, link.max_payload)
                await link.wait_room()
                link.write(wire.publication(message.reply, "", b"", part))
        except CoordinatorError as error:
            end = spelled(error)
        except Exception:  # one question that we cannot answer must not silence the others
            _log.exception("answer failed", subject=message.subject)
            end = "internal error"
        block = header_block({ports.END: end})
        link.write(wire.publication(message.reply, "", block, b""))

    async def work(receive: MemoryObjectReceiveStream[Msg]) -> None:
        async with anyio.create_task_group() as tasks:
            async for message in receive:
                if message.reply:
                    tasks.start_soon(one, message)

    return work


def _headers(message: Msg) -> dict[str, str]:
    headers = message.headers or {}
    headers.pop(_REQUEST_INFO, None)
    return headers
