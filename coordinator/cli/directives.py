"""``coordinator directives``: the orders that concern a participant, and its word on each."""

from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client
    from schemas.acknowledgements import Acknowledgement
    from schemas.envelope import Envelope

Step = Literal["delivered", "received", "understood", "wilco", "cannot-comply"]
OrderId = Annotated[str, Parameter(name="ID", help="An order's id, or the beginning of it.")]
CODES: Final = ("NATIONAL-RESTRICTION", "NO-CAPACITY", "UNSAFE", "NOT-UNDERSTOOD", "OTHER")


def list_(*, as_: common.As, json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print the orders of a board, oldest change first."""
    return common.connected(bus.target(as_), lambda client: _list(client, json=json))


def show(identity: OrderId, /, *, as_: common.As, json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print one order in full."""
    return common.connected(bus.target(as_), lambda client: _show(client, identity, json=json))


def ack(
    identity: OrderId,
    /,
    *,
    as_: common.As,
    step: Annotated[Step, Parameter(help="How far you are with it.")],
    code: Annotated[
        str, Parameter(metavar="CODE", show_default=False, help=f"Why you cannot comply: {', '.join(CODES)}.")
    ] = "",
    note: Annotated[str, Parameter(metavar="TEXT", show_default=False, help="A remark for the issuer.")] = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Acknowledge an order in its current revision."""
    if step == "cannot-comply" and code.upper() not in CODES:
        raise UsageError(f"--step cannot-comply needs --code, one of: {', '.join(CODES)}")
    if step != "cannot-comply" and code:
        raise UsageError("--code belongs to --step cannot-comply")
    return common.connected(bus.target(as_), lambda client: _ack(client, identity, step, code.upper(), note, json=json))


async def known(client: "Client") -> "dict[str, Envelope]":
    """Return the orders of a board by id, each in its newest revision."""
    from schemas.directives import Directive

    found: dict[str, Envelope] = {}
    for envelope in await client.board(Directive.KIND):
        if envelope.id not in found or envelope.revision >= found[envelope.id].revision:
            found[envelope.id] = envelope
    return found


async def said(client: "Client") -> "list[tuple[str, Acknowledgement]]":
    """Return the acknowledgements of a board: by whom, and what."""
    from schemas import registry
    from schemas.acknowledgements import Acknowledgement

    envelopes = await client.board(Acknowledgement.KIND)
    bodies = [(envelope.originator, registry.body(envelope)) for envelope in envelopes if envelope.status != "cancel"]
    return [(who, body) for who, body in bodies if isinstance(body, Acknowledgement)]


async def _list(client: "Client", *, json: bool) -> int:
    from coordinator.cli import render

    orders, words = await known(client), await said(client)
    for envelope in orders.values():
        mine = [a.step for who, a in words if a.of.id == envelope.id and who == client.participant]
        out.row(envelope) if json else out.line(render.order_line(envelope, mine[-1] if mine else ""))
    if not json and not orders:
        out.note(f"no orders that concern {client.participant}")
    return exits.FINE


async def _one(client: "Client", identity: str) -> "Envelope":
    orders = await known(client)
    where = f"coordinator directives list --as {client.participant}"
    return orders[common.pick(identity, list(orders), "order", where)]


async def _show(client: "Client", identity: str, *, json: bool) -> int:
    from coordinator.cli import render

    order = await _one(client, identity)
    words = [(who, a) for who, a in await said(client) if a.of.id == order.id]
    out.row(order) if json else out.line(render.order_block(order, words))
    return exits.FINE


async def _ack(client: "Client", identity: str, step: Step, code: str, note: str, *, json: bool) -> int:
    from coordinator.cli.send import report
    from schemas.envelope import Reference

    order = await _one(client, identity)
    reference = Reference(id=order.id, revision=order.revision, originator=order.originator)
    return report(await client.acknowledge(reference, step, code=code, note=note), json=json)
