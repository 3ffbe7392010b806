"""``coordinator receive``: what was delivered and not read yet. A line that was printed is acknowledged after it."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from coordinator.cli import common, exits, out

if TYPE_CHECKING:
    from coordinator.client import Client


def receive(
    *,
    as_: common.As,
    follow: Annotated[bool, Parameter(help="Go on until you stop it.")] = False,
    peek: Annotated[bool, Parameter(help="Leave everything as not yet read.")] = False,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print deliveries as release ordered them."""
    return common.connected(bus.target(as_), lambda client: _receive(client, follow=follow, peek=peek, json=json))


async def _receive(client: "Client", *, follow: bool, peek: bool, json: bool) -> int:
    from coordinator.cli import render

    count = 0
    async for received in client.receive(follow=follow, acknowledge=not peek):
        out.row(received) if json else out.line(render.delivered(received.envelope, received.precedence))
        count += 1
        if follow:
            out.flush()
    if not count:
        out.note("nothing new")
    return exits.FINE
