"""Waiting, without sleeping for a guess, until services have nothing left to do."""

from collections.abc import Sequence

import anyio

from coordinator import app
from coordinator.services.base import Runner


async def drained(runners: Sequence[Runner], within_s: float = 20.0) -> None:
    """Return when every service is idle, twice in a row: one's last effect may be another's input."""
    quiet = 0
    with anyio.fail_after(within_s):
        while quiet < 2:
            quiet = quiet + 1 if await app.settled(runners) else 0
            await anyio.lowlevel.checkpoint()
