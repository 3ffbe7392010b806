"""``coordinator up``: a server and all services on this host, until SIGINT (130) or SIGTERM (0)."""

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from coordinator.cli import common, exits, out

if TYPE_CHECKING:
    from anyio import CancelScope

    from coordinator.app import Ready, Up


def up(
    services: Annotated[
        tuple[str, ...], Parameter(name="SERVICE", help="Services to run; all, and the channels, if left out.")
    ] = (),
    /,
    *,
    mission: Annotated[
        Path | None,
        Parameter(metavar="FILE", help="The mission file; the one kept in the store, or a sample, if left out."),
    ] = None,
    lazy_sync: Annotated[
        bool, Parameter(help="Acknowledge before the disk has it: faster, and a power cut forgets up to two minutes.")
    ] = False,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Run the bus; one line says when it is ready."""
    from coordinator.app import Up

    options = Up(
        store=bus.folder,
        mission=mission,
        services=services,
        realm=bus.realm,
        server=bus.server,
        creds=bus.creds,
        sync=not lazy_sync,
    )
    return common.run(lambda: _up(options, json=json), level="info")


async def _up(options: "Up", *, json: bool) -> int:
    """Run until a signal comes; a second one ends the process at once."""
    import anyio

    from coordinator import app

    received: list[int] = []
    async with anyio.create_task_group() as group:
        group.start_soon(_await_signal, group.cancel_scope, received)
        await app.up(options, lambda ready: _announce(ready, json=json))
    out.note("stopped")
    return exits.INTERRUPTED if signal.SIGINT in received else exits.FINE


async def _await_signal(scope: "CancelScope", received: list[int]) -> None:
    import anyio

    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for number in signals:
            received.append(number)
            break
    scope.cancel()


def _announce(ready: "Ready", *, json: bool) -> None:
    if json:
        out.row(ready)
    else:
        out.line(ready_line(ready))
        if sys.stderr.isatty():
            out.note("stop it with Ctrl-C; in another terminal: coordinator status")
    out.flush()


def ready_line(ready: "Ready") -> str:
    """Return the one line that says that everything is up."""
    from coordinator.cli.text import count

    listening = "; ".join(f"{kind} {', '.join(places)}".strip() for kind, places in ready.channels.items())
    channels = f"channels: {listening}  " if ready.channels else ""
    return (
        f"ready  {ready.url}  {ready.realm}  mission {ready.mission}  store {ready.store}  "
        f"{count(len(ready.participants), 'participant')}  {count(len(ready.services), 'service')}  {channels}"
        f"acknowledged means: {ready.acknowledged}  {ready.seconds:.2f} s"
    )
