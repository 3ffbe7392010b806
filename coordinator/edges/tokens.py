"""Passwords of participants on HTTP and SMTP: one file each in the store, made once, readable by the owner only."""

import hashlib
import os
import secrets
from collections.abc import Iterable
from hmac import compare_digest
from pathlib import Path
from typing import Final

from coordinator.edges.store import refuse

SHORTEST: Final = 20  # letters of a token


def path_of(store: Path, participant: str) -> Path:
    """Return where a participant's token stands."""
    return store / "creds" / f"{participant}.token"


def token(store: Path, participant: str) -> str:
    """Return a participant's token; it is made when it is first asked for.

    Raises:
        ConfigError: the store cannot be written, or the file holds no token that we made.
    """
    path = path_of(store, participant)
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make(path)
        found = path.read_bytes().strip().decode("ascii", "replace")
    except OSError as error:
        raise refuse(path, f"cannot be used: {error.strerror}", "choose another store") from error
    if len(found) < SHORTEST or not found.isascii():  # a disk was full, or somebody wrote one by hand
        raise refuse(path, f"holds no token of at least {SHORTEST} letters", "delete the file: the start makes another")
    return found


def _make(path: Path) -> None:
    """Write a new token; the file is there whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


class Tokens:
    """Who a token belongs to. Compared by hash and in constant time."""

    def __init__(self, store: Path, participants: Iterable[str]) -> None:
        """Read or make the tokens of these participants.

        Raises:
            ConfigError: the store cannot be written.
        """
        self._known = {p: _digest(token(store, p)) for p in participants}

    def owner(self, said: str) -> str:
        """Return whose token this is, or ""; nobody's is empty."""
        digest = _digest(said)
        return "" if not said else next((p for p, known in self._known.items() if compare_digest(known, digest)), "")


def _digest(said: str) -> bytes:
    return hashlib.sha256(said.encode()).digest()
