"""``coordinator findings``: the contradictions that concern a participant, as its board shows them."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from coordinator.cli import common, exits, out

if TYPE_CHECKING:
    from coordinator.client import Client
    from schemas.findings import Finding


def list_(
    *,
    as_: common.As,
    every: Annotated[bool, Parameter(name="--all", help="Also those that are closed or waived.")] = False,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print findings, worst first."""
    return common.connected(bus.target(as_), lambda client: _list(client, every=every, json=json))


def show(
    identity: Annotated[str, Parameter(name="ID", help="A finding's id, or the beginning of it.")],
    /,
    *,
    as_: common.As,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print one finding in full."""
    return common.connected(bus.target(as_), lambda client: _show(client, identity, json=json))


async def known(client: "Client") -> "list[Finding]":
    """Return the findings of a board, worst first."""
    from schemas import registry
    from schemas.findings import SEVERITIES, Finding

    bodies = [registry.body(envelope) for envelope in await client.board(Finding.KIND)]
    found = [body for body in bodies if isinstance(body, Finding)]
    return sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.first_at, f.id))


async def _list(client: "Client", *, every: bool, json: bool) -> int:
    from coordinator.cli import render

    everything = await known(client)
    shown = [f for f in everything if every or f.state not in ("closed", "waived")]
    for finding in shown:
        out.whole(finding) if json else out.line(render.finding_line(finding))
    if not json:
        hidden = len(everything) - len(shown)
        out.note(f"{len(shown)} that concern {client.participant}" + (f", {hidden} closed (--all)" if hidden else ""))
    return exits.FINE


async def _show(client: "Client", identity: str, *, json: bool) -> int:
    from coordinator.cli import render

    found = {f.id: f for f in await known(client)}
    where = f"coordinator findings list --as {client.participant}"
    finding = found[common.pick(identity, list(found), "finding", where)]
    out.whole(finding) if json else out.line(render.finding_block(finding))
    return exits.FINE
