"""The continuous puller: always enough asked for, resumes at once after a reconnect, safe to cancel.

The library's `fetch` waits out its timeout after a reconnect, and a cancelled one leaves a request behind into which
messages vanish until they are delivered again.
"""

from collections import deque

import anyio
import msgspec
from anyio.lowlevel import checkpoint
from nats.aio.msg import Msg

from coordinator.edges.clock import monotonic
from coordinator.edges.nats import wire
from coordinator.edges.nats.link import Link

CAPACITY = 1000  # messages asked for or waiting here
BATCH = 256
_BYTES = 16 * 1024 * 1024
_EXPIRES_S = 30.0
_HEARTBEAT_S = 2.0  # also how soon the server notices across an account border that nobody hears a request any more
_SILENCE_S = 2 * _HEARTBEAT_S + 0.5
_FAREWELL_S = 0.3
_PAUSE_S = 0.1


class Puller:
    """Pulls from one consumer while it is open."""

    def __init__(self, link: Link, subject: str) -> None:
        """``subject`` is the consumer's ``…CONSUMER.MSG.NEXT.…``."""
        self._link = link
        self._subject = subject
        self._waiting: deque[Msg] = deque()
        self._asked = 0
        self._heard = monotonic()
        self._event = anyio.Event()
        self._refused = False  # a request ended before its time: the next one waits a moment
        self.gone = ""  # why the consumer does not answer
        self._reply = link.name()
        self._listening = link.listen(self._reply, self._take)
        link.on_up.append(self.resume)

    async def finish(self) -> list[Msg]:
        """Stop; return what was delivered to us and not handed out, also what was on its way."""
        self._link.on_up.remove(self.resume)
        self._link.hush(self._listening)  # the server drops our requests with it
        with anyio.move_on_after(_FAREWELL_S, shield=True):
            if self._link.up:
                await self._link.round_trip()
        return self._drop()

    def close(self) -> None:
        """Stop, and let go what was delivered."""
        self._link.on_up.remove(self.resume)
        self._drop()

    def _drop(self) -> list[Msg]:
        self._link.deafen(self._listening)
        left, self._waiting = list(self._waiting), deque()
        return left

    async def batch(self) -> list[Msg]:
        """Wait until something is there and return it; returns nothing when `gone` was set."""
        await checkpoint()
        self._ask()
        while not self._waiting and not self.gone:
            self._event = anyio.Event()
            with anyio.move_on_after(_SILENCE_S):
                await self._event.wait()
            if self._refused:
                await anyio.sleep(_PAUSE_S)
                self._refused = False
                self._ask()
            elif monotonic() - self._heard > _SILENCE_S and self._link.up:
                self.resume()
        take = self._waiting.popleft
        found = [take() for _ in range(min(len(self._waiting), BATCH))]
        self._ask()
        return found

    def _ask(self) -> None:
        want = CAPACITY - self._asked - len(self._waiting)
        if want < CAPACITY // 2 or not self._link.up:
            return
        self._asked += want
        request = {
            "batch": want,
            "max_bytes": _BYTES,
            "expires": int(_EXPIRES_S * 1e9),
            "idle_heartbeat": int(_HEARTBEAT_S * 1e9),
        }
        self._link.write(wire.publication(self._subject, self._reply, b"", msgspec.json.encode(request)))

    def resume(self) -> None:
        """Ask anew, after a reconnect or a silence. If old requests are still known we get more than we asked for."""
        self.gone = ""
        self._asked = 0
        self._heard = monotonic()
        self._ask()
        self._event.set()

    # -- in the read loop

    def _take(self, message: Msg) -> None:
        self._heard = self._link.seen = monotonic()
        if message.reply.startswith(wire.ACK_PREFIX):
            self._waiting.append(message)
            self._asked = max(0, self._asked - 1)
            self._event.set()
        elif (code := wire.status(message)) != "100":
            self._stopped(code, message.headers or {})

    def _stopped(self, code: str, headers: dict[str, str]) -> None:
        """A request of ours ended."""
        self._asked = max(0, self._asked - int(headers.get("Nats-Pending-Messages", self._asked)))
        why = headers.get("Description", "").lower()
        if code == "408":  # it expired: the usual end of an idle one
            self._ask()
            return
        if code in ("404", "503") or (code == "409" and "deleted" in why):
            self.gone = why or "no such consumer"
        self._refused = True
        self._event.set()
