"""What a fold keeps so that a restart need not read the whole log; used only if it is whole, of this code and log."""

import hashlib
from collections.abc import Mapping

import msgspec

from coordinator import log
from coordinator.ports import HASH, Bus
from coordinator.services.base import Setting
from coordinator.topology import LOG


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A fold's state behind a sequence of each stream, every effect up to there acknowledged.

    ``log_hash`` is the hash of the last message handled: a log that says otherwise is another log.
    """

    service: str
    code: str
    mission: str
    positions: dict[str, int]
    log_hash: str
    now: int
    digest: str
    core: bytes


class Snapshots:
    """A service's snapshot in COORD's object store."""

    def __init__(self, service: str, bus: Bus, setting: Setting) -> None:
        self._service, self._bus, self._setting = service, bus, setting
        self._log = log.get(service)

    async def load(self) -> Snapshot | None:
        """Return the snapshot if it can be used; without it, the fold reads everything."""
        kept = await self._bus.load(self._service)
        if kept is None:
            return None
        try:
            snapshot = msgspec.msgpack.decode(kept, type=Snapshot)
        except msgspec.MsgspecError:
            self._log.warning("snapshot ignored", why="it cannot be read")
            return None
        if why := await self._reason_against(snapshot):
            self._log.info("snapshot ignored", why=why)
            return None
        return snapshot

    async def _reason_against(self, snapshot: Snapshot) -> str:
        if snapshot.code != self._setting.code:
            return f"it is of code {snapshot.code}, this is {self._setting.code}"
        if hashlib.sha256(snapshot.core).hexdigest() != snapshot.digest:
            return "it was damaged"
        if not (position := snapshot.positions.get(LOG, 0)):
            return ""
        message = await self._bus.get(LOG, position)
        if message is None or message.headers.get(HASH, "") != snapshot.log_hash:
            return f"the log does not hold its message {position}"
        return ""

    async def save(self, core: bytes, positions: Mapping[str, int], log_hash: str, now: int) -> None:
        """Keep a state; every effect of what it covers must be acknowledged."""
        snapshot = Snapshot(
            service=self._service,
            code=self._setting.code,
            mission=self._setting.mission.name,
            positions=dict(positions),
            log_hash=log_hash,
            now=now,
            digest=hashlib.sha256(core).hexdigest(),
            core=core,
        )
        await self._bus.save(self._service, msgspec.msgpack.encode(snapshot))
