"""What still has to be said to senders: answers wait in a folder until the relay has taken them.

An answer is written before its mail is acknowledged, so a coordinator that is killed in between still answers. The
folder holds one file an answer, named after the mail it answers: the same mail twice has one answer.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import anyio
import msgspec

from coordinator import log
from coordinator.edges import spool
from coordinator.edges.smtp.mail_out import Relay, Unreachable
from coordinator.edges.store import refuse
from coordinator.errors import Undelivered
from coordinator.ports import Clock

FOLDER: Final = Path("channels") / "mail"
_MAX_WAITING: Final = 10_000
_PAUSES_S: Final = (5, 15, 60, 300)  # between rounds, while something still waits

_log = log.get("smtp")


class _Waiting(msgspec.Struct, frozen=True):
    """An answer and whom it goes to."""

    to: str
    mail: bytes


class Answers:
    """Answers that wait, oldest first."""

    def __init__(self, store: Path, relay: Relay, clock: Clock) -> None:
        """Make the folder.

        Raises:
            ConfigError: it cannot be written.
        """
        self._folder = store / FOLDER
        self._relay = relay
        self._clock = clock
        self._more = anyio.Event()
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._count = sum(1 for _ in self._folder.glob("*.json"))
        except OSError as error:
            raise refuse(self._folder, f"cannot be used: {error.strerror}", "choose another store") from error

    def add(self, to: str, key: str, mail: bytes) -> bool:
        """Keep an answer until it is out, one for each key; False if it cannot be kept."""
        if self._count >= _MAX_WAITING:
            return False
        name = hashlib.sha256(f"{to}\0{key}".encode()).hexdigest()[:32]
        try:
            spool.write(self._folder / f"{name}.json", msgspec.json.encode(_Waiting(to, mail)))
        except OSError as error:
            _log.error("answer not kept", to=hashed(to), why=error.strerror)
            return False
        self._count += 1
        self._more.set()
        return True

    async def send(self) -> None:
        """Send what waits, for ever; what the relay does not take is tried again, a little later each time."""
        failed = 0
        while True:
            self._more = anyio.Event()
            if await self._round():
                failed = 0
                await self._more.wait()
            else:
                await self._pause(_PAUSES_S[min(failed, len(_PAUSES_S) - 1)])
                failed += 1

    async def _pause(self, seconds: int) -> None:
        """Wait, but not longer than until there is a new answer."""
        async with anyio.create_task_group() as tasks:

            async def more() -> None:
                await self._more.wait()
                tasks.cancel_scope.cancel()

            tasks.start_soon(more)
            await self._clock.sleep(seconds)
            tasks.cancel_scope.cancel()

    async def _round(self) -> bool:
        """Try everything that waits once, oldest first; return whether nothing is left."""
        left = False
        for path in self._waiting():
            try:
                await self._one(path)
            except Unreachable as error:
                _log.warning("answers wait", why=str(error))
                return False
            except Undelivered as error:
                _log.warning("answer waits", answer=path.stem, why=str(error))
                left = True
        self._count = sum(1 for _ in self._folder.glob("*.json"))
        return not left

    def _waiting(self) -> Iterator[Path]:
        entries = [(entry.stat().st_mtime_ns, entry.name) for entry in os.scandir(self._folder)]
        return (self._folder / name for _, name in sorted(entries) if name.endswith(".json"))

    async def _one(self, path: Path) -> None:
        waiting = _read(path)
        if waiting is None:
            return
        try:
            await self._relay.send(waiting.mail, waiting.to)
        except Undelivered as error:
            if error.retry:
                raise
            _log.error("answer not delivered", answer=path.stem, to=hashed(waiting.to), why=str(error))
        _done(path)


def hashed(address: str) -> str:
    """Return what stands in the log for an address: the same for the same one, and no name."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:12]


def _read(path: Path) -> _Waiting | None:
    """Return a kept answer; one that the disk has spoilt is put aside."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Waiting)
    except (OSError, msgspec.MsgspecError) as error:
        _log.error("answer lost", answer=path.stem, why=str(error))
        path.replace(path.with_suffix(".broken"))
        return None


def _done(path: Path) -> None:
    path.unlink(missing_ok=True)
