"""TAK clients: streams of CoT events over TCP and TLS, in XML and in TAK protobuf version 1.

Each event is an input of format ``cot``; what is delivered goes to every link of the participant. A refusal comes back
as a chat; that something was accepted is no news. An event of one link goes to the participant's own other links at
once, as on any TAK server; other participants get only what release delivers.

With TLS the common name of the client's certificate is the participant's id, and `authority` must have signed it.
Without TLS the port says who it is: only where the network is trusted. There a link is given departures only after its
first whole event, so that a probe of the port swallows nothing.

TAK knows no acknowledgement. A departure is carried when the kernel of the peer's host has confirmed all of it; what a
client sent counts from when it was read here.

Source: reference formats.md §4.1, §4.2; issue 4, item 3.
"""

from collections.abc import Sequence
from pathlib import Path

import anyio
from anyio.abc import TaskStatus

from coordinator import log
from coordinator.edges import endpoints
from coordinator.edges.tak.doors import opened
from coordinator.edges.tak.net import Net
from coordinator.ports import Clock, Gate

__all__ = ["serve"]

_log = log.get("tak")


async def serve(
    gates: Sequence[Gate],
    at: endpoints.Tak,
    store: Path,
    clock: Clock,
    *,
    task_status: TaskStatus[tuple[str, ...]] = anyio.TASK_STATUS_IGNORED,
) -> None:
    """Serve the TAK channels of these participants until cancelled; started with an address for each port.

    Raises:
        ConfigError: a port or a certificate cannot be used, or a plain port is for somebody without a TAK channel.
        BusError: the connection failed for good.
    """
    by_participant: dict[str, list[Gate]] = {}
    for gate in gates:
        by_participant.setdefault(gate.participant, []).append(gate)
    nets = {participant: Net(own, clock) for participant, own in by_participant.items()}
    doors = await opened(at, store, frozenset(nets))
    for participant in nets.keys() - {p for door in doors for p in door.participants}:
        _log.warning("tak channel has no port", participant=participant, mend="[tak] in channels.toml")
    async with anyio.create_task_group() as group:
        for net in nets.values():
            await group.start(net.run)
        for door in doors:
            group.start_soon(door.serve, nets, clock)
        task_status.started(tuple(door.address for door in doors))
