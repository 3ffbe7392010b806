"""How far orders are, asked of deconfliction; and a read-back held against its order as soon as it was read."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

import anyio
import msgspec

from coordinator.cli import exits, out, standing
from coordinator.client import Client
from coordinator.core.orders.standing import OrderState, Standing
from coordinator.errors import NoAnswer
from schemas.envelope import Envelope, Reference

AT_ONCE: Final = 100  # orders in one question
HEARD_S: Final = 5.0  # within which deconfliction has read what intake accepted
AGAIN_S: Final = 0.1


async def states(client: Client, orders: Iterable[Envelope]) -> dict[tuple[str, str], OrderState]:
    """Return how far orders are, by originator and id, as far as deconfliction runs and tells this participant."""
    refs = [Reference(id=order.id, originator=order.originator) for order in orders]
    found: dict[tuple[str, str], OrderState] = {}
    with suppress(NoAnswer):
        for part in (refs[i : i + AT_ONCE] for i in range(0, len(refs), AT_ONCE)):
            async for row in client.rows("deconfliction", "orders", {"orders": part}):
                state = msgspec.convert(row, OrderState)
                found[state.originator, state.order] = state
    return found


async def compare(client: Client, order: Envelope, ids: tuple[str, ...], *, told: bool, json: bool) -> int:
    """Print what was read back otherwise than ordered, once deconfliction has read it; the issuer sees the same.

    ``told`` says that something was read back with it; without, an earlier read-back may still be wrong.
    """
    with anyio.move_on_after(HEARD_S):
        while True:
            state = (await states(client, [order])).get((order.originator, order.id))
            own = next((s for s in state.performers if s.participant == client.participant), None) if state else None
            if state and own is None:
                if told:
                    out.note(f"{client.participant} does not act on this order, so this is not held against it")
                return exits.FINE
            if own is None:
                break
            if set(ids) & set(own.heard):
                return _differences(own, json=json)
            await anyio.sleep(AGAIN_S)
    if told:
        where = f"coordinator directives show {order.id} --as {client.participant}"
        out.note(f"not compared with the order yet; see: {where}")
    return exits.FINE


def _differences(own: Standing, *, json: bool) -> int:
    wrong = [c for c in own.compared if c.verdict != "same"]
    for compared in own.compared if json else ():
        out.row(compared)
    for compared in wrong if not json else ():
        out.line(f"{compared.verdict.upper():<9} {standing.difference(compared)}")
    if not any(c.verdict == "different" for c in wrong):
        return exits.FINE
    out.note("your word does not count until it is read back as ordered; the issuer sees the difference as well")
    return exits.FAILED
