"""Snapshots in COORD's object store, in the layout that the `nats object` command reads (ADR-20)."""

import base64
import hashlib
import secrets
from typing import Final

import msgspec

from coordinator import topology
from coordinator.edges.nats.direct import Source
from coordinator.edges.nats.publisher import Publisher
from coordinator.edges.nats.requests import Requests
from coordinator.errors import BusError
from coordinator.ports import Delivery, Outgoing

_CHUNK: Final = 128 * 1024
_BUCKET: Final = "snapshots"
_ATTEMPTS: Final = 3  # a snapshot that is replaced while it is read is read again


class _Meta(msgspec.Struct, kw_only=True):
    name: str
    bucket: str = _BUCKET
    nuid: str
    size: int
    chunks: int
    digest: str
    deleted: bool = False


class Objects:
    """The object store."""

    def __init__(self, requests: Requests, publisher: Publisher) -> None:
        self._requests = requests
        self._publisher = publisher
        self._source = Source(requests, topology.api_prefix(topology.COORD), topology.SNAPSHOTS, topology.SNAPSHOTS)

    async def save(self, name: str, data: bytes) -> None:
        """See `ports.Bus.save`. Whoever loads meanwhile gets the old snapshot or the new one."""
        before = await self._meta(name)
        token = secrets.token_hex(11)
        chunks = [data[i : i + _CHUNK] for i in range(0, len(data), _CHUNK)]
        meta = _Meta(name=name, nuid=token, size=len(data), chunks=len(chunks), digest=_digest(data))
        where = f"{topology.SNAPSHOT_CHUNKS}.{token}"
        parts = [Outgoing(where, chunk, f"{token}/{i}", {}) for i, chunk in enumerate(chunks)]
        rollup = {"Nats-Rollup": "sub"}
        named = Outgoing(_named(name), msgspec.json.encode(meta), token, rollup)
        await self._publisher.publish([*parts, named], 60.0)
        if before is not None and before.nuid != token:
            await self._purge(f"{topology.SNAPSHOT_CHUNKS}.{before.nuid}")

    async def load(self, name: str) -> bytes | None:
        """See `ports.Bus.load`."""
        for _ in range(_ATTEMPTS):
            meta = await self._meta(name)
            if meta is None:
                return None
            data = b"".join([d.data for d in await self._chunks(meta)])
            if _digest(data) == meta.digest:
                return data
        raise BusError(f'snapshot "{name}" does not have the digest it was saved with')

    async def _meta(self, name: str) -> _Meta | None:
        found = await self._source.one({"last_by_subj": _named(name)})
        meta = msgspec.json.decode(found.data, type=_Meta) if found else None
        return meta if meta and not meta.deleted else None

    async def _chunks(self, meta: _Meta) -> list[Delivery]:
        pattern = f"{topology.SNAPSHOT_CHUNKS}.{meta.nuid}"
        chunks: list[Delivery] = []
        while len(chunks) < meta.chunks:
            found, _ = await self._source.many(chunks[-1].seq if chunks else 0, pattern)
            if not found:
                break
            chunks += found
        return chunks

    async def _purge(self, subject: str) -> None:
        purge = f"{topology.api_prefix(topology.COORD)}.STREAM.PURGE.{topology.SNAPSHOTS}"
        await self._requests.api(purge, {"filter": subject}, dict[str, object])


def _named(name: str) -> str:
    return f"{topology.SNAPSHOT_NAMES}.{base64.urlsafe_b64encode(name.encode()).decode()}"


def _digest(data: bytes) -> str:
    return "SHA-256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode()
