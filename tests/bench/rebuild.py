"""Rebuilding a fold's state from a log of 100,000 messages, from the beginning and from its snapshot.

The baseline of a rebuild is decoding the same messages with bare msgspec, envelope and body.
"""

import time
from pathlib import Path
from typing import Any, Final

import anyio

from coordinator.edges.clock import SystemClock
from coordinator.ports import Bus
from coordinator.services.base import Service, run
from coordinator.services.catalogue import chosen
from coordinator.services.log import walk
from coordinator.topology import COORD, LOG
from schemas import registry
from tests.bench.hub import MESSAGES, Hub, full_store, hub
from tests.bench.measure import Figure, median, seconds

SERVICES: Final = ("deconfliction", "alerting", "release")
ROUNDS: Final = 3


def figures() -> list[Figure]:
    """Return, per service, the rate of a rebuild and what a snapshot saves of it."""
    return anyio.run(_measured, full_store())


async def _measured(store: Path) -> list[Figure]:
    found: list[Figure] = []
    async with hub(store, sync_always=False) as at, at.open(COORD) as bus:
        for service in chosen(SERVICES):
            decoded, decode_s = await _decoding(bus, service)
            takes = [await _starts(at, service, snapshots) for _ in range(ROUNDS) for snapshots in (False, True)]
            read, full_s, kept_s = takes[0][1], median(t for t, _ in takes[::2]), median(t for t, _ in takes[1::2])
            rebuild = Figure(
                name=f"rebuild, {service.name}", value=read / full_s, unit="messages/s", baseline=decoded / decode_s,
                against="bare decode", note=f"{read:,} messages read of {MESSAGES:,} and more",
            )  # fmt: skip
            snapshot = Figure(
                name=f"rebuild with snapshot, {service.name}", value=kept_s, unit="s", baseline=full_s,
                against="without",
            )  # fmt: skip
            found += [rebuild, snapshot]
    return found


async def _decoding(bus: Bus, service: Service) -> tuple[int, float]:
    """Return how many messages a service reads, and the seconds to decode them."""
    data = [delivery.data async for delivery in walk(bus, LOG, service.reads[LOG])]

    def decode() -> None:
        for one in data:
            registry.body(registry.envelope(one))

    return len(data), seconds(decode)


async def _starts(at: Hub, service: Service, snapshots: bool) -> tuple[float, int]:
    """Return the seconds until a service is up to date, and how many messages it read."""
    async with at.open(COORD) as bus, anyio.create_task_group() as group:
        began = time.perf_counter()
        runner = await group.start(run, service, _Forgetful(bus, snapshots), SystemClock(), at.setting)
        taken = time.perf_counter() - began
        read = (await runner.status()).handled
        group.cancel_scope.cancel()
    return taken, read


class _Forgetful:
    """A bus that keeps no snapshot, and may pretend that it never did."""

    def __init__(self, bus: Bus, snapshots: bool) -> None:
        self._bus, self._snapshots = bus, snapshots

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)

    async def load(self, name: str) -> bytes | None:
        return await self._bus.load(name) if self._snapshots else None

    async def save(self, name: str, data: bytes) -> None:
        pass
