"""A participant's own software, written badly or with bad intent: it speaks to the server without any library."""

import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import anyio
import nkeys
from anyio.streams.buffered import BufferedByteReceiveStream

from coordinator.edges.server import Server


class Wire:
    """A raw connection under a participant's own credentials."""

    def __init__(self, stream: anyio.abc.SocketStream) -> None:
        self._stream = stream
        self._reading = BufferedByteReceiveStream(stream)

    async def login(self, seed: bytes) -> None:
        """Log in with an NKey."""
        info = json.loads((await self._line()).removeprefix(b"INFO "))
        pair = nkeys.from_seed(seed)
        signature = base64.b64encode(pair.sign(info["nonce"].encode())).decode()
        options = {"verbose": False, "pedantic": False, "headers": True, "lang": "x", "version": "0", "protocol": 1,
                   "nkey": pair.public_key.decode(), "sig": signature}  # fmt: skip
        await self._stream.send(b"CONNECT %b\r\n" % json.dumps(options).encode())
        assert await self.heard() == []

    async def publish(self, subject: str, headers: bytes, data: bytes) -> list[str]:
        """Publish with a header block of any bytes; return what the server says about it."""
        block = b"NATS/1.0\r\n" + headers + b"\r\n"
        size = len(block) + len(data)
        await self._stream.send(b"HPUB %b %d %d\r\n%b%b\r\n" % (subject.encode(), len(block), size, block, data))
        return await self.heard()

    async def heard(self) -> list[str]:
        """Return what the server said until it has dealt with everything."""
        await self._stream.send(b"PING\r\n")
        said = []
        while (line := await self._line()) != b"PONG":
            if line == b"PING":
                await self._stream.send(b"PONG\r\n")
            elif not line.startswith(b"INFO"):
                said.append(line.decode())
        return said

    async def _line(self) -> bytes:
        return await self._reading.receive_until(b"\r\n", 1 << 20)


@asynccontextmanager
async def wire(server: Server, participant: str) -> AsyncIterator[Wire]:
    """Open a raw connection as a participant."""
    seed = server.credentials(participant).read_bytes().strip()
    async with await anyio.connect_tcp("127.0.0.1", urlsplit(server.url).port or 0) as stream:
        opened = Wire(stream)
        await opened.login(seed)
        yield opened
