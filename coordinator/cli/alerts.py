"""``coordinator alerts``: the cards of a duty desk. What an officer does with one is in `handling`."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.cli.handling import CardId, ack, decline, escalate, handover, note, reopen, resolve, shelve, take
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client
    from schemas.alerts import Alert

__all__ = [
    "ack", "check", "decline", "escalate", "handover", "list_", "note", "reopen", "resolve", "shelve", "show", "take",
]  # fmt: skip


def list_(
    *,
    as_: common.As,
    every: Annotated[bool, Parameter(name="--all", help="Also those that are over, put aside or covered.")] = False,
    shelved: Annotated[
        bool, Parameter(help="Only those that are put aside, with until when, by whom and why.")
    ] = False,
    group: Annotated[str, Parameter(metavar="ID", help="Only the cards of this group of new cards.")] = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print cards in the order in which they should be worked on; a group of very many new ones is one line."""
    if every + shelved + bool(group) > 1:
        raise UsageError("--all, --shelved and --group exclude each other")
    if group:
        return common.connected(bus.target(as_), lambda client: _list_group(client, group, json=json))
    return common.connected(bus.target(as_), lambda client: _list(client, every=every, shelved=shelved, json=json))


def show(identity: CardId, /, *, as_: common.As, json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print one card in full."""
    return common.connected(bus.target(as_), lambda client: _show(client, identity, json=json))


def check(
    *,
    as_: common.As,
    area: common.Area = "",
    severity: common.DownTo = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print the cards that wait for somebody's acknowledgement."""
    known_severity(severity)
    return common.connected(bus.target(as_), lambda client: _check(client, area, severity, json=json))


def known_severity(word: str) -> None:
    """Check that a severity is one.

    Raises:
        UsageError: it is none.
    """
    from coordinator.cli import cards

    if word and word.casefold() not in cards.SEVERITIES:
        raise UsageError(f'--severity "{word}" is none of: Extreme, Severe, Moderate, Minor')


async def known(client: "Client") -> "list[Alert]":
    """Return the cards of a board, the most pressing first."""
    from coordinator.cli import cards
    from schemas import registry
    from schemas.alerts import Alert

    bodies = [registry.body(envelope) for envelope in await client.board(Alert.KIND)]
    return cards.queue(body for body in bodies if isinstance(body, Alert))


async def _list(client: "Client", *, every: bool, shelved: bool, json: bool) -> int:
    from coordinator.cli import cards

    now = common.now()
    everything = await known(client)
    found = everything if every else [*filter(cards.is_shelved if shelved else cards.is_shown, everything)]
    whole = every or shelved or json
    for card in found if whole else cards.one_by_one(everything):
        out.whole(card) if json else out.line(cards.line(card, now))
    if not json:
        out.note(cards.summary(everything))
    if not whole:
        for group, members in ((g, m) for g, m in cards.groups(everything).items() if m):
            list_it = f"coordinator alerts list --as {client.participant} --group {group[:12]}"
            out.note(f"{len(members)} of them in one group, not listed: {list_it}")
    return exits.FINE


async def _list_group(client: "Client", group: str, *, json: bool) -> int:
    """Print the cards of one group."""
    from coordinator.cli import cards

    everything, now = await known(client), common.now()
    groups = cards.groups(everything)
    found = groups[common.pick(group, list(groups), "group", f"coordinator alerts list --as {client.participant}")]
    for card in found:
        out.whole(card) if json else out.line(cards.line(card, now))
    if not json:
        out.note(cards.summary(found))
    return exits.FINE


async def _check(client: "Client", area: str, severity: str, *, json: bool) -> int:
    from coordinator.cli import cards

    now = common.now()
    waiting = [c for c in await known(client) if cards.waits(c) and cards.is_shown(c) and cards.fits(c, area, severity)]
    for card in waiting:
        out.whole(card) if json else out.line(cards.line(card, now))
    return exits.CONDITION_MET if waiting else exits.FINE


async def one(client: "Client", identity: str) -> "Alert":
    """Return the card that is meant.

    Raises:
        NotFound: there is none.
    """
    found = {card.id: card for card in await known(client)}
    return found[common.pick(identity, list(found), "card", f"coordinator alerts list --as {client.participant}")]


async def _show(client: "Client", identity: str, *, json: bool) -> int:
    from contextlib import suppress

    from coordinator.cli import cards, deeds, deliveries, text
    from coordinator.errors import BusError
    from schemas.acknowledgements import Action

    card = await one(client, identity)
    if json:
        out.whole(card)
        return exits.FINE
    out.line(cards.block(card, common.now()))
    if said := list(deeds.history(card, await client.board(Action.KIND))):
        out.line(text.fields(said))
    with suppress(BusError):  # presence does not run: the card is what was asked for
        if rows := await deliveries.asked(client, {"card": card.id}):
            out.line(f"\n{deliveries.table(rows)}")
    return exits.FINE
