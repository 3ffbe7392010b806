"""One webhook: a delivery as a signed POST, tried several times, and what each answer means.

| answer | what it means |
|---|---|
| 2xx | delivered |
| 408, 425, 429, 5xx, none | tried again, then it waits for its next turn |
| 3xx | not followed: whoever could redirect us could read everything; it waits until the URL is mended |
| 410 | nobody wants this any more: nothing goes there until the next start |
| any other 4xx | never, in this form: it failed for good |
"""

import base64
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network
from typing import Final

import anyio
import httpx
import msgspec

from coordinator import __version__
from coordinator.edges.webhook import addresses
from coordinator.edges.webhook.signing import SIGNATURE, TIMESTAMP, signature
from coordinator.errors import Undelivered
from coordinator.ports import Clock, Departure
from schemas import registry
from schemas.subjects import Precedence, opaque

TRIES: Final = 4  # of one turn
FIRST_S: Final = 0.5  # before the second try; doubles, and each by half up or down
WHOLE_S: Final = 20.0  # for one try
_TIMEOUT: Final = httpx.Timeout(10.0)
_AGAIN: Final = frozenset({408, 425, 429})
_GONE: Final = 410
_SECOND: Final = 1_000_000


class Post(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of a request. A second try has the same ``id``; ``text`` or ``base64`` is what is delivered."""

    id: str
    name: str
    subject: str
    precedence: Precedence
    format: str
    text: str | None = None
    base64: str | None = None


def post(departure: Departure) -> Post:
    """Return a departure as the body of a request."""
    text: str | None = None
    with suppress(UnicodeDecodeError):
        text = departure.data.decode()
    return Post(
        id=opaque(departure.id),
        name=departure.name,
        subject=departure.subject,
        precedence=departure.precedence,
        format=departure.format,
        text=text,
        base64=None if text is not None else base64.b64encode(departure.data).decode(),
    )


class Hook:
    """One URL. ``jitter`` gives numbers from 0 to 1."""

    def __init__(
        self,
        url: str,
        secret: bytes,
        tls: ssl.SSLContext,
        private: Sequence[IPv4Network | IPv6Network],
        clock: Clock,
        jitter: Callable[[], float],
    ) -> None:
        self._place = addresses.place(url)
        self._secret, self._tls, self._private = secret, tls, private
        self._clock, self._jitter = clock, jitter
        self._gone = False

    async def carry(self, departure: Departure) -> None:
        """Deliver something.

        Raises:
            Undelivered: the server did not take it.
        """
        if self._gone:
            raise Undelivered(f"{self._place.host} said 410: it wants nothing more; mend or remove the channel")
        body = registry.encode(post(departure))
        pause_s = FIRST_S
        for left in reversed(range(TRIES)):
            try:
                await self._once(body)
            except Undelivered as error:
                if not error.retry or not left or self._gone:
                    raise
            else:
                return
            await self._clock.sleep(pause_s * (0.5 + self._jitter()))
            pause_s *= 2

    async def _once(self, body: bytes) -> None:
        found = await addresses.looked_up(self._place, self._private)
        try:
            with anyio.fail_after(WHOLE_S):
                status = await self._first(found, body)
        except TimeoutError:
            raise Undelivered(f"{self._place.host} did not answer within {WHOLE_S:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            raise Undelivered(f"{self._place.host} cannot be reached: {_words(error)}") from error
        self._judge(status)

    async def _first(self, found: Sequence[str], body: bytes) -> int:
        """Ask at the first address that lets us in: behind a connection that failed, nothing was sent."""
        for address in found[:-1]:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._status(address, body)
        return await self._status(found[-1], body)

    async def _status(self, address: str, body: bytes) -> int:
        """Send a request to an address that was checked; nothing of the answer is read but its status."""
        now = self._clock.now() // _SECOND
        headers = {
            "Host": self._place.host if self._place.port == 443 else f"{self._place.host}:{self._place.port}",
            "User-Agent": f"contingent-coordinator/{__version__}",
            "Content-Type": "application/json",
            TIMESTAMP: str(now),
            SIGNATURE: signature(self._secret, now, body),
        }
        host = f"[{address}]" if ":" in address else address
        url = f"https://{host}:{self._place.port}{self._place.target}"
        transport = httpx.AsyncHTTPTransport(verify=self._tls, trust_env=False)
        async with httpx.AsyncClient(transport=transport, timeout=_TIMEOUT, follow_redirects=False) as client:
            named = {"sni_hostname": self._place.host}
            async with client.stream("POST", url, headers=headers, content=body, extensions=named) as answer:
                return answer.status_code

    def _judge(self, status: int) -> None:
        said = f"{self._place.host} answered {status}"
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            raise Undelivered(f"{said}: redirects are not followed; write the URL where it leads into the mission file")
        if status == _GONE:
            self._gone = True
            raise Undelivered(f"{said}: it wants nothing more", retry=False)
        raise Undelivered(said, retry=status in _AGAIN or not 400 <= status < 500)


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
