"""The library's client, with a short way from its read loop to whoever listens.

Its own way tests every character of every header name and keeps statistics, flow control and limits for subscriptions
of a kind that `Link` never makes: a third of what receiving a message costs.
"""

from typing import Final

from nats.aio.client import Client
from nats.aio.msg import Msg

_PREAMBLE: Final = len("NATS/1.0")


class QuickClient(Client):
    """A client all of whose subscriptions are `Link`'s. `tests/edges/test_nats.py` notices if the library moves on."""

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes | None) -> None:
        """Hand a message over inside the read loop."""
        subscription = self._subs.get(sid)
        if subscription is not None:
            found = parsed(headers) if headers else None
            subscription._pending_queue.put_nowait(Msg(self, subject.decode(), reply.decode(), data, found))


def parsed(block: bytes) -> dict[str, str]:
    """Return the headers of a block; of a name that is there twice the last; a status as the library names it."""
    first, *lines = block.decode("utf-8", "replace").split("\r\n")
    found: dict[str, str] = {}
    if status := first[_PREAMBLE:]:
        found["Status"], _, found["Description"] = status.strip().partition(" ")
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            found[name] = value.strip()
    return found
