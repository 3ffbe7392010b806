"""The short way through the client library: whatever the server sends, cut anywhere, arrives whole and in order."""

import asyncio
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from coordinator.edges.nats.quick import QuickClient, parsed

SID = 7


class Listener:
    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []

    def put_nowait(self, message: Msg) -> None:
        self.heard.append((message.subject, message.reply, message.data, message.headers or {}))

    def qsize(self) -> int:
        return 0


def heard(client: Client, chunks: list[bytes]) -> list[tuple[Any, ...]]:
    listener = Listener()
    subscription = Subscription(client, SID, "x", pending_bytes_limit=0)
    subscription._pending_queue = listener  # type: ignore[assignment]
    client._subs[SID] = subscription

    async def read() -> None:
        for chunk in chunks:
            await client._ps.parse(chunk)

    asyncio.run(read())
    return listener.heard


def message(subject: str, reply: str, data: bytes, sid: int = SID) -> bytes:
    return f"MSG {subject} {sid} {reply + ' ' if reply else ''}{len(data)}\r\n".encode() + data + b"\r\n"


def with_headers(subject: str, reply: str, block: bytes, data: bytes) -> bytes:
    sizes = f"{len(block)} {len(block) + len(data)}"
    return f"HMSG {subject} {SID} {reply + ' ' if reply else ''}{sizes}\r\n".encode() + block + data + b"\r\n"


bodies = st.one_of(st.binary(max_size=40), st.sampled_from((b"MSG a 7 2\r\nxx\r\n", b"\r\n", b"PING\r\n")))
replies = st.sampled_from(("", "_INBOX.a.1", "$JS.ACK.RAW.intake.1.2.3.4.5"))
blocks = st.sampled_from(
    (
        b"NATS/1.0\r\nNats-Msg-Id: a\r\nLogged-At:5\r\n\r\n",
        "NATS/1.0\r\nBearer-Id: überall: hier\r\nA: 1\r\nA: 2\r\n\r\n".encode(),
        b"NATS/1.0 503\r\n\r\n",
        b"NATS/1.0 409 Consumer Deleted\r\nNats-Pending-Messages: 3\r\n\r\n",
        b"NATS/1.0 100 Idle Heartbeat\r\n\r\n",
    )
)
frames = st.one_of(
    st.builds(message, st.sampled_from(("a", "a.b")), replies, bodies),
    st.builds(message, st.just("not.ours"), replies, bodies, st.just(8)),
    st.builds(with_headers, st.just("a"), replies, blocks, bodies),
    st.just(b"+OK\r\n"),
)


@given(st.lists(frames, max_size=8).map(b"".join), st.data())
def test_messages_are_those_that_the_library_reads(sent: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=6)))
    chunks = [sent[i:j] for i, j in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    assert heard(QuickClient(), chunks) == heard(Client(), [sent])


def test_of_a_header_that_comes_twice_the_last_counts() -> None:
    assert parsed(b"NATS/1.0\r\nA: 1\r\nA:2\r\n\r\n") == {"A": "2"}


def test_a_status_is_named_as_the_library_names_it() -> None:
    block = b"NATS/1.0 409 Consumer Deleted\r\nNats-Pending-Messages: 3\r\n\r\n"
    expected = {"Status": "409", "Description": "Consumer Deleted", "Nats-Pending-Messages": "3"}
    assert parsed(block) == expected
