"""``coordinator casevac``: the board of evacuations: clock, marks, who decides, how far each is, what is next."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from coordinator.cli import common, exits, out

if TYPE_CHECKING:
    from coordinator.client import Client
    from coordinator.core.orders.evacuations import Case


def list_(
    *,
    as_: common.As,
    every: Annotated[bool, Parameter(name="--all", help="Also those that are done, refused or withdrawn.")] = False,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print evacuations, the longest running first."""
    return common.connected(bus.target(as_), lambda client: _list(client, every=every, json=json))


def show(
    identity: Annotated[str, Parameter(name="ID", help="The id of a request, or the beginning of it.")],
    /,
    *,
    as_: common.As,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print one evacuation in full."""
    return common.connected(bus.target(as_), lambda client: _show(client, identity, json=json))


async def _known(client: "Client") -> "list[Case]":
    """Return the evacuations that this participant may know of."""
    import msgspec

    from coordinator.core.orders.evacuations import Case

    return [msgspec.convert(row, Case) async for row in client.rows("alerting", "casevac", {})]


async def _list(client: "Client", *, every: bool, json: bool) -> int:
    from coordinator.cli import evacuations

    now = common.now()
    shown = [case for case in await _known(client) if every or case.open]
    for case in shown:
        out.row(evacuations.row(case)) if json else out.line(evacuations.line(case, now))
    if not json and not shown:
        out.note(f"no evacuation that concerns {client.participant}")
    return exits.FINE


async def _show(client: "Client", identity: str, *, json: bool) -> int:
    from coordinator.cli import evacuations

    cases = {case.request: case for case in await _known(client)}
    where = f"coordinator casevac list --all --as {client.participant}"
    case = cases[common.pick(identity, list(cases), "evacuation", where)]
    out.row(evacuations.row(case)) if json else out.line(evacuations.block(case, common.now()))
    return exits.FINE
