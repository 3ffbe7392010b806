"""Answers how far orders are: who was told, who has understood, who will do it, and what was read back otherwise.

``ask.<p>.deconfliction.orders`` with ``{"orders": [{"id": ..., "originator": ...}, ...]}``, at most 100 references as
messages carry them. The answer is one `core.orders.standing.OrderState` a line, in that order, as ``<p>`` may know it
(`core.orders.sight`); an order that is not known, or not for ``<p>``, has no line. Nothing is written.

A unit that has said nothing yet is ``delivered`` once it has read that far in its INBOX, or a channel has carried that
far; this is looked up, because how far somebody has read is no message.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Final

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from adapters import places
from coordinator.core.deconfliction import Engine
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.orders.readback import Frame
from coordinator.core.orders.sight import state_for
from coordinator.core.orders.standing import OrderState, Standing
from coordinator.errors import BusError, NotFound
from coordinator.ports import Bus
from coordinator.services.base import Question, Runner
from coordinator.topology import GATE, INBOX, READER, of
from schemas import registry, subjects
from schemas.directives import Directive
from schemas.envelope import Reference
from schemas.geo import Position
from schemas.subjects import PRECEDENCES, Precedence

MAX_ORDERS: Final = 100
LOOKED_AT: Final = 2_000  # messages of an INBOX, the newest that were read; an order from before them counts as sent
MAX_TEXT: Final = 200  # characters of a place that somebody may have written as a grid


class Which(msgspec.Struct, frozen=True, kw_only=True):
    """The orders that somebody asks about."""

    orders: Annotated[tuple[Reference, ...], Meta(max_length=MAX_ORDERS)]


async def orders(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Answer how far some orders are."""
    try:
        wanted = msgspec.json.decode(question.body, type=Which)
    except msgspec.MsgspecError as error:
        raise BusError(f"this is no list of at most {MAX_ORDERS} orders: {error}") from None
    engine: Engine = runner.core
    setting = Setting(engine.mission)
    frame = Frame(engine.mission, lambda text: located(text, engine.mission.mgrs_square))
    for reference in wanted.orders:
        key = engine.ledger.one(reference)
        found = state_for(question.participant, engine.ledger, key, setting, frame) if key else None
        if found is not None:
            standing = [await _looked_up(runner, found, s) for s in found.performers]
            yield registry.encode(replace(found, performers=tuple(standing)))


async def _looked_up(runner: Runner, order: OrderState, standing: Standing) -> Standing:
    """Return how far a unit is, with what its INBOX says where it has said nothing itself."""
    if standing.state != "sent" or not await _has_read(runner, standing.participant, set(order.named)):
        return standing
    return replace(standing, state="delivered")


async def _has_read(runner: Runner, participant: str, named: set[str]) -> bool:
    """Say whether every message that brought an order about is among what a participant has read lately."""
    known = runner.core.mission.by_id.get(participant)
    if known is None:
        return False
    carrying = (c for c in known.channels if not c.carries or Directive.KIND in c.carries)
    ways = [
        (READER, PRECEDENCES),
        *((GATE + c.name, PRECEDENCES[: PRECEDENCES.index(c.precedence) + 1]) for c in carrying),
    ]
    for durable, precedences in ways:
        if await _has_passed(runner.bus, participant, durable, precedences, set(named)):
            return True
    return False


async def _has_passed(bus: Bus, who: str, durable: str, precedences: Sequence[Precedence], left: set[str]) -> bool:
    """Say whether all of some orders stand in an INBOX before the place up to which a durable has read it."""
    stream, seq = of(who, INBOX), 0
    try:
        read = await bus.progress(stream, durable)
    except NotFound:
        return False  # a channel that does not run here
    wanted = tuple(subjects.delivery(who, p, Directive.KIND) for p in precedences)
    async with bus.read(stream, wanted, after=max(0, read - LOOKED_AT)) as reader:
        while left and seq < read and await reader.pending():
            for delivery in await reader.batch():
                seq = delivery.seq
                if seq <= read:
                    left.discard(registry.envelope(delivery.data).key)
    return not left


def located(text: str, square: str) -> Position | None:
    """Return the position that somebody has read back as a grid or coordinates; None where it is none."""
    try:
        return places.read(text.strip(), square) if len(text) <= MAX_TEXT else None
    except places.Unreadable:
        return None
