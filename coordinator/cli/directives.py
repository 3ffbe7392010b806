"""``coordinator directives``: the orders that concern a participant, its word on each, and how far each unit is."""

from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.errors import UsageError
from schemas.acknowledgements import CODES

if TYPE_CHECKING:
    from coordinator.client import Client
    from schemas.acknowledgements import Acknowledgement, ReadBack
    from schemas.envelope import Envelope

Step = Literal["delivered", "received", "understood", "wilco", "cannot-comply"]
OrderId = Annotated[str, Parameter(name="ID", help="An order's id, or the beginning of it.")]
Time = Annotated[
    str, Parameter(metavar="TIME", show_default=False, help="When, as you understood it: 0900Z-1300Z, or with days.")
]
Place = Annotated[
    str, Parameter(metavar="PLACE", show_default=False, help="Where, as you understood it: a name, MGRS or lat lon.")
]
Task = Annotated[str, Parameter(metavar="TEXT", show_default=False, help="What, as you understood it.")]
Note = Annotated[str, Parameter(metavar="TEXT", show_default=False, help="A remark for the issuer.")]


def list_(*, as_: common.As, json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print the orders of a board, oldest change first."""
    return common.connected(bus.target(as_), lambda client: _list(client, json=json))


def show(identity: OrderId, /, *, as_: common.As, json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print one order in full."""
    return common.connected(bus.target(as_), lambda client: _show(client, identity, json=json))


def card(
    identity: OrderId,
    /,
    *,
    as_: common.As,
    language: Annotated[
        Literal["ar", "en", "es", "fr", "ru", "zh"], Parameter(help="The language of the card.")
    ] = "en",
    bus: common.Bus = common.HERE,
) -> int:
    """Print one order as a card in plain language, to be read out or printed."""
    return common.connected(bus.target(as_), lambda client: _card(client, identity, language))


def ack(
    identity: OrderId,
    /,
    *,
    as_: common.As,
    step: Annotated[Step, Parameter(help="How far you are with it.")],
    code: Annotated[
        str, Parameter(metavar="CODE", show_default=False, help=f"Why you cannot comply: {', '.join(CODES)}.")
    ] = "",
    time: Time = "",
    place: Place = "",
    task: Task = "",
    note: Note = "",
    voice: common.Voice = common.OWN,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Acknowledge an order in its current revision; with what was understood, it is held against the order."""
    if step == "cannot-comply" and code.upper() not in CODES:
        raise UsageError(f"--step cannot-comply needs --code, one of: {', '.join(CODES)}")
    if step != "cannot-comply" and code:
        raise UsageError("--code belongs to --step cannot-comply")
    fields = {"code": code.upper(), "note": note}
    read, heard = (time, place, task), voice.heard()
    work = lambda client: _ack(client, identity, step, fields, read, heard, json=json)  # noqa: E731 - read aloud
    return common.connected(bus.target(as_), work)


def readback(
    identity: OrderId,
    /,
    *,
    as_: common.As,
    time: Time = "",
    place: Place = "",
    task: Task = "",
    note: Note = "",
    voice: common.Voice = common.OWN,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Read an order back: the step "understood", with what was understood."""
    if not (time or place or task):
        raise UsageError("say what you understood: --time, --place, --task, as many of them as the order has")
    fields, read, heard = {"note": note}, (time, place, task), voice.heard()
    work = lambda client: _ack(client, identity, "understood", fields, read, heard, json=json)  # noqa: E731 - as above
    return common.connected(bus.target(as_), work)


async def known(client: "Client") -> "dict[str, Envelope]":
    """Return the orders of a board by id, each in its newest revision."""
    from schemas.directives import Directive

    found: dict[str, Envelope] = {}
    for envelope in await client.board(Directive.KIND):
        if envelope.id not in found or envelope.revision >= found[envelope.id].revision:
            found[envelope.id] = envelope
    return found


async def said(client: "Client") -> "list[tuple[Envelope, Acknowledgement]]":
    """Return the acknowledgements of a board, in their envelopes."""
    from schemas import registry
    from schemas.acknowledgements import Acknowledgement

    envelopes = await client.board(Acknowledgement.KIND)
    bodies = [(envelope, registry.body(envelope)) for envelope in envelopes if envelope.status != "cancel"]
    return [(envelope, body) for envelope, body in bodies if isinstance(body, Acknowledgement)]


async def _list(client: "Client", *, json: bool) -> int:
    from coordinator.cli import render, standing
    from coordinator.cli.progress import states

    orders, words = await known(client), await said(client)
    far = {} if json else await states(client, orders.values())
    for envelope in orders.values():
        mine = [a.step for by, a in words if a.of.id == envelope.id and by.originator == client.participant]
        state = far.get((envelope.originator, envelope.id))
        brief = standing.brief(state, client.participant) if state else mine[-1] if mine else ""
        out.row(envelope) if json else out.line(render.order_line(envelope, brief))
    if not json and not orders:
        out.note(f"no orders that concern {client.participant}")
    return exits.FINE


async def _one(client: "Client", identity: str) -> "Envelope":
    orders = await known(client)
    where = f"coordinator directives list --as {client.participant}"
    return orders[common.pick(identity, list(orders), "order", where)]


async def _show(client: "Client", identity: str, *, json: bool) -> int:
    from coordinator.cli import render, standing
    from coordinator.cli.progress import states
    from coordinator.cli.saying import author

    order = await _one(client, identity)
    state = (await states(client, [order])).get((order.originator, order.id))
    heard = [(by, a) for by, a in await said(client) if a.of.id == order.id and (a.note or by.typed_by or not state)]
    words = [(author(by), a) for by, a in heard]
    if json:
        out.row(order)
        if state:
            out.row(state)
        return exits.FINE
    out.line(render.order_block(order, words, standing.rows(state) if state else ()))
    if state is None:
        out.note("how far it is, nobody says: deconfliction does not run, or has not read it yet")
    return exits.FINE


async def _card(client: "Client", identity: str, language: str) -> int:
    from coordinator.cli.saying import body_of
    from coordinator.gates import ordercard
    from schemas.directives import Directive

    order = await _one(client, identity)
    body = body_of(order)
    if not isinstance(body, Directive):
        out.note(f"{order.id} is of a newer release: it cannot be shown as a card")
        return exits.FAILED
    out.line(ordercard.card(order, body, language).rstrip("\n"))
    return exits.FINE


async def _ack(
    client: "Client",
    identity: str,
    step: Step,
    fields: dict[str, str],
    read: tuple[str, str, str],
    heard: dict[str, str],
    *,
    json: bool,
) -> int:
    from coordinator.cli.progress import compare
    from coordinator.cli.send import report
    from schemas.envelope import Reference

    order = await _one(client, identity)
    read_back = await _read_back(client, order, read)
    reference = Reference(id=order.id, revision=order.revision, originator=order.originator)
    outcome = await client.acknowledge(reference, step, read_back=read_back, **fields, **heard)
    code = report(outcome, json=json)
    if not outcome.accepted or (read_back is None and step not in ("understood", "wilco")):
        return code
    return max(code, await compare(client, order, outcome.ids, told=read_back is not None, json=json))


async def _read_back(client: "Client", order: "Envelope", read: tuple[str, str, str]) -> "ReadBack | None":
    from coordinator.cli.readback import changes_of, read_back
    from coordinator.cli.saying import body_of
    from schemas.directives import Directive

    body = body_of(order)
    if not any(read) or not isinstance(body, Directive):
        return None
    others = sorted((await known(client)).values(), key=lambda o: o.received_at or 0)
    return read_back(*read, body, changes_of(order, map(body_of, others)))
