"""The library's client, with a short way from the socket to whoever listens.

Its own way matches two patterns a message, tests every character of every header name, and keeps statistics, flow
control and limits for subscriptions of a kind that `Link` never makes: two thirds of what receiving a message costs.
Anything but a whole message is still left to it.
"""

from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.protocol.parser import AWAITING_MSG_PAYLOAD, Parser

_PREAMBLE: Final = len("NATS/1.0")
_END: Final = b"\r\n"


class QuickClient(Client):
    """A client all of whose subscriptions are `Link`'s. `tests/edges/test_nats.py` notices if the library moves on."""

    def __init__(self) -> None:
        super().__init__()
        self._ps = _Parser(self)

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes | None) -> None:
        """Take a message that the library put together."""
        self.hand_over(sid, subject, reply, data, headers or b"")

    def hand_over(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        """Give a message to whoever listens, inside the read loop."""
        subscription = self._subs.get(sid)
        if subscription is not None:
            found = parsed(headers) if headers else None
            subscription._pending_queue.put_nowait(Msg(self, subject.decode(), reply.decode(), data, found))


class _Parser(Parser):
    """Takes whole messages from what was read; the library's parser gets the rest."""

    nc: QuickClient

    async def parse(self, data: bytes = b"") -> None:
        """Take what the server sent."""
        if self.state == AWAITING_MSG_PAYLOAD:
            missing = self.needed + len(_END) - len(self.buf)
            await super().parse(data[:missing])
            data = data[missing:]
        elif self.buf:
            data, self.buf = bytes(self.buf) + data, bytearray()
        taken = self._messages(data)
        if taken < len(data):
            await super().parse(data[taken:])

    def _messages(self, data: bytes) -> int:
        """Hand over the messages with which some bytes begin; return how many bytes they take."""
        start, length, hand_over = 0, len(data), self.nc.hand_over
        while data.startswith((b"MSG ", b"HMSG "), start):
            line = data.find(_END, start)
            words = data[start:line].split() if line > 0 else []
            if not 4 <= len(words) <= 6 or not words[-1].isdigit() or not words[2].isdigit():
                break
            begin = line + len(_END)
            end = begin + int(words[-1])
            if end + len(_END) > length:
                break
            body = begin
            if words[0] == b"HMSG":
                body += int(words.pop(-2))
            reply = words[3] if len(words) == 5 else b""
            hand_over(int(words[2]), words[1], reply, data[body:end], data[begin:body])
            start = end + len(_END)
        return start


def parsed(block: bytes) -> dict[str, str]:
    """Return the headers of a block; of a name that is there twice the last; a status as the library names it."""
    first, *lines = block.decode("utf-8", "replace").split("\r\n")
    found: dict[str, str] = {}
    if status := first[_PREAMBLE:]:
        found["Status"], _, why = status.strip().partition(" ")
        found |= {"Description": why} if why else {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            found[name] = value.strip()
    return found
