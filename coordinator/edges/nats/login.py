"""Where to connect, as whom."""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from nats.aio.client import RawCredentials

from coordinator.errors import Forbidden
from coordinator.topology import Realm


class Login(NamedTuple):
    """Where to connect, as whom."""

    url: str
    identity: str
    credentials: Path | str  # a file with an NKey seed or a JWT, or the seed itself
    realm: Realm = "live"
    name: str = ""  # of the connection, for whoever looks at the server

    def options(self) -> dict[str, Any]:
        """Return how the client library wants the credentials.

        Raises:
            Forbidden: the file cannot be read.
        """
        text = self._text()
        if "BEGIN NATS USER JWT" in text:
            return {"user_credentials": RawCredentials(text)}
        return {"nkeys_seed_str": text}

    @property
    def secret(self) -> bytes:
        """32 bytes that only the owner of the credentials can know."""
        return hashlib.blake2b(self._text().encode(), digest_size=32, person=b"message-ids").digest()

    def _text(self) -> str:
        if isinstance(self.credentials, str):
            return self.credentials.strip()
        try:
            return self.credentials.read_text().strip()
        except OSError as error:
            raise Forbidden("connect", f"{self.identity} with {self.credentials} ({error.strerror})") from None
