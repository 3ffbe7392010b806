"""``coordinator alerts``: the cards of a duty desk. Acknowledging names the revision that was seen."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client
    from schemas.alerts import Alert

CardId = Annotated[str, Parameter(name="ID", help="A card's id, or the beginning of it.")]


def list_(
    *,
    as_: common.As,
    every: Annotated[bool, Parameter(name="--all", help="Also those that are over.")] = False,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print cards in the order in which they should be worked on."""
    return common.connected(bus.target(as_), lambda client: _list(client, every=every, json=json))


def show(identity: CardId, /, *, as_: common.As, json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print one card in full."""
    return common.connected(bus.target(as_), lambda client: _show(client, identity, json=json))


def ack(
    identity: CardId,
    /,
    *,
    as_: common.As,
    seen_rev: Annotated[
        int | None, Parameter(metavar="N", help="The revision that you saw; the one shown now if left out.")
    ] = None,
    note: Annotated[str, Parameter(metavar="TEXT", show_default=False, help="A remark for the log.")] = "",
    officer: Annotated[str, Parameter(metavar="ROLE", show_default=False, help="Your role on the desk.")] = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Acknowledge a card and every finding on it."""
    if seen_rev is not None and seen_rev < 1:
        raise UsageError("--seen-rev counts from 1")
    return common.connected(bus.target(as_), lambda client: _ack(client, identity, seen_rev, note, officer, json=json))


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


async def _list(client: "Client", *, every: bool, json: bool) -> int:
    from coordinator.cli import cards

    now = common.now()
    everything = await known(client)
    for card in everything:
        if every or not cards.is_over(card):
            out.whole(card) if json else out.line(cards.line(card, now))
    if not json:
        out.note(cards.summary(everything))
    return exits.FINE


async def _check(client: "Client", area: str, severity: str, *, json: bool) -> int:
    from coordinator.cli import cards

    now = common.now()
    waiting = [
        c for c in await known(client) if c.work == "raised" and not cards.is_over(c) and cards.fits(c, area, severity)
    ]
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
    from coordinator.cli import cards

    card = await one(client, identity)
    out.whole(card) if json else out.line(cards.block(card, common.now()))
    return exits.FINE


async def _ack(client: "Client", identity: str, seen: int | None, note: str, officer: str, *, json: bool) -> int:
    from coordinator.cli.send import report
    from schemas.acknowledgements import Action

    card = await one(client, identity)
    action = Action(
        alert=card.id,
        verb="acknowledge",
        seen_rev=card.rev if seen is None else seen,
        findings=tuple(member.finding for member in card.members),
        officer=officer,
        note=note,
    )
    return report(await client.act(action), json=json)
