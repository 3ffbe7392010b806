"""What stands in RAW, byte for byte, and the missions that were in force: read through the log service."""

import base64
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from coordinator.cli import common
from coordinator.core.mission import Mission
from coordinator.errors import Forbidden, NotFound
from coordinator.ports import Delivery
from coordinator.topology import RAW

if TYPE_CHECKING:
    from coordinator.client import Client
    from coordinator.services.judge import Realm

QUIET_S: Final = 60.0
"""How long the answer to a question for one page may be silent: the service may have to pass over a long log."""


class InForce(NamedTuple):
    """A mission and code, and the sequence of the LOG from which they hold."""

    log_seq: int
    mission: Mission
    code: str


async def inputs(client: "Client", *, since: int = 0, until: int = 0) -> AsyncIterator[Delivery]:
    """Yield inputs by when they were sent, page by page: one page of them is in memory, never more."""
    first, found = 1, True
    while found:
        page = [d async for d in _page(client, {"stream": RAW, "first": first, "since": since, "until": until})]
        found = bool(page)
        for delivery in page:
            yield delivery
            first = delivery.seq + 1


async def one(client: "Client", seq: int) -> Delivery:
    """Return one input.

    Raises:
        NotFound: it is not kept any more, or is somebody else's.
    """
    async for delivery in _page(client, {"stream": RAW, "first": seq, "last": seq}):
        return delivery
    raise NotFound(f"RAW {seq} is not kept any more, or is not yours to read")


async def _page(client: "Client", wanted: dict[str, Any]) -> AsyncIterator[Delivery]:
    data = b""
    async for piece in common.ask(client, "log", "inputs", wanted, timeout_s=QUIET_S):
        data = (data if piece["offset"] else b"") + base64.b64decode(piece["base64"])
        if len(data) == piece["size"]:
            headers = {**piece["headers"]}
            yield Delivery(RAW, piece["seq"], piece["subject"], data, headers, piece["stored"])


async def in_force(client: "Client") -> list[InForce]:
    """Return every mission that was announced, oldest first.

    Raises:
        Forbidden: somebody asks who may not read the whole log; whoever may finds at least one there.
    """
    found = [
        InForce(row["seq"], msgspec.convert(row["data"]["body"]["mission"], Mission), row["data"]["body"]["code"])
        async for row in common.ask(client, "log", "show", {"kind": "config"})
    ]
    if not found:
        raise Forbidden("read the whole log as", client.participant)
    return found


def realm_of(bus: common.Bus) -> "Realm":
    """Return the realm of a bus: a store knows its own."""
    from coordinator.edges import store

    running = None if bus.server else store.find(bus.folder)
    return "exercise" if (running.realm if running else bus.realm) == "exercise" else "live"
