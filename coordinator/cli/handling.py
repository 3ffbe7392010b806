"""``coordinator alerts ack|take|escalate|...``: what an officer does with a card, and at once what became of it.

Every verb names the revision that was seen. What is typed in for another participant names who said it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from coordinator.cli import common, exits, out, times
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client, Outcome
    from schemas.alerts import Alert

CardId = Annotated[str, Parameter(name="ID", help="A card's id, or the beginning of it.")]
Why = Annotated[str, Parameter(name="--note", metavar="TEXT", help="Why; it stands on the card and in the log.")]
Remark = Annotated[str, Parameter(name="--note", metavar="TEXT", show_default=False, help="A remark for the log.")]
PATIENCE_S: Final = 3.0  # how long to wait for what alerting makes of it


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Officer(common.Voice):
    """Who acts, and on what was seen."""

    officer: Annotated[str, Parameter(metavar="ROLE", show_default=False, help="Your function on the desk.")] = ""
    seen_rev: Annotated[
        int | None, Parameter(metavar="N", help="The revision that you saw; the one shown now if left out.")
    ] = None


ME: Final = Officer()


def ack(
    identity: CardId,
    /,
    *,
    as_: common.As,
    group: Annotated[bool, Parameter(help="The card is that of a group: acknowledge all that it counts.")] = False,
    note: Remark = "",
    me: Officer = ME,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Acknowledge a card and every finding on it; a card that was offered to you is yours by that."""
    return _do(identity, as_, bus, me, "acknowledge", json=json, group=group, note=note)


def take(
    identity: CardId, /, *, as_: common.As, note: Remark = "", me: Officer = ME, json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:  # fmt: skip
    """Take a card and work on it; it is acknowledged by that."""
    return _do(identity, as_, bus, me, "take", json=json, note=note)


def escalate(
    identity: CardId, /, *, as_: common.As, note: Why, me: Officer = ME, json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:  # fmt: skip
    """Call for whoever is above."""
    return _do(identity, as_, bus, me, "escalate", json=json, note=_reason(note))


def resolve(
    identity: CardId, /, *, as_: common.As, note: Why, me: Officer = ME, json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:  # fmt: skip
    """Close a card that only a person can end; one of findings is closed by what settles them."""
    if not (me.officer or me.speaker).strip():
        raise UsageError("say who decides, by function: --officer ROLE")
    return _do(identity, as_, bus, me, "resolve", json=json, note=_reason(note))


def shelve(
    identity: CardId,
    /,
    *,
    as_: common.As,
    until: Annotated[common.When, Parameter(help="When it comes back by itself.")],
    note: Why,
    me: Officer = ME,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Put a card aside until a time: it does not ring, and comes back at once if it changes."""
    end = times.parse(until, common.now())
    if end <= common.now():
        raise UsageError("it would come back before it is put aside; give a later --until")
    return _do(identity, as_, bus, me, "shelve", json=json, note=_reason(note), until=end)


def handover(
    identity: CardId,
    /,
    *,
    as_: common.As,
    to: Annotated[str, Parameter(metavar="P", help="Whom you offer it to; you have it until it is acknowledged.")],
    note: Remark = "",
    me: Officer = ME,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Offer a card to another desk or headquarters."""
    return _do(identity, as_, bus, me, "handover", json=json, note=note, to=to)


def decline(
    identity: CardId, /, *, as_: common.As, note: Remark = "", me: Officer = ME, json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:  # fmt: skip
    """Decline a card that was offered to you."""
    return _do(identity, as_, bus, me, "decline", json=json, note=note)


def reopen(
    identity: CardId, /, *, as_: common.As, note: Remark = "", me: Officer = ME, json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:  # fmt: skip
    """Open a card again that was closed by hand, or bring back one that was put aside."""
    return _do(identity, as_, bus, me, "reopen", json=json, note=note)


def note(
    identity: CardId, /, *, as_: common.As, note: Why, me: Officer = ME, json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:  # fmt: skip
    """Write a remark on a card."""
    return _do(identity, as_, bus, me, "note", json=json, note=_reason(note))


def _reason(text: str) -> str:
    if not text.strip():
        raise UsageError("say why: --note TEXT")
    return text


def _do(
    identity: str, as_: str, bus: common.Bus, me: Officer, verb: Any, *, json: bool, group: bool = False, **fields: Any
) -> int:  # fmt: skip
    if me.seen_rev is not None and me.seen_rev < 1:
        raise UsageError("--seen-rev counts from 1")
    heard = me.heard()
    return common.connected(
        bus.target(as_), lambda client: _act(client, identity, me, verb, fields, heard, json=json, group=group)
    )


def _meant(card: "Alert", verb: str, desk: str, *, group: bool) -> None:
    """Check that whoever acknowledges all cards of a group says so.

    Raises:
        UsageError: the card is that of a group, and that was not said; or it was, and it is none.
    """
    is_group = card.alert_kind == "flood"
    if group and not is_group:
        raise UsageError(f"{card.id[:12]} is one card, no group; leave --group out")
    if is_group and not group and verb in ("acknowledge", "take"):
        look = f"coordinator alerts list --as {desk} --group {card.id[:12]}"
        raise UsageError(f"{card.id[:12]} is a group of cards: look at them ({look}), then alerts ack --group")


async def _act(
    client: "Client",
    identity: str,
    me: Officer,
    verb: Any,
    fields: dict[str, Any],
    heard: dict[str, str],
    *,
    json: bool,
    group: bool = False,
) -> int:
    from coordinator.cli.alerts import one
    from coordinator.cli.send import report
    from coordinator.topology import BOARD
    from schemas.acknowledgements import Action

    card = await one(client, identity)
    _meant(card, verb, client.participant, group=group)
    seen = card.rev if me.seen_rev is None else me.seen_rev
    findings = tuple(member.finding for member in card.members) if verb in ("acknowledge", "take") else ()
    before = (await client.bus.state(BOARD)).last
    action = Action(alert=card.id, verb=verb, seen_rev=seen, findings=findings, officer=me.officer, **fields)
    outcome = await client.act(action, **heard)
    code = report(outcome, json=json)
    if not outcome.accepted or outcome.duplicate or verb == "note":
        return code
    return max(code, await _became(client, card, outcome, before, json=json))


async def _became(client: "Client", card: "Alert", outcome: "Outcome", before: int, *, json: bool) -> int:
    """Print what alerting made of an action: the card as it is now, or why nothing changed."""
    import anyio

    from coordinator.cli import cards
    from schemas import registry
    from schemas.alerts import Alert

    own = {name.rpartition(":")[0] for name in outcome.ids}
    with anyio.move_on_after(PATIENCE_S):
        async for _, envelope in client.follow_board((Alert.KIND,), before):
            body = registry.body(envelope)
            if isinstance(body, Alert) and (body.answers in own or (body.id == card.id and body.rev > card.rev)):
                out.whole(body) if json else out.line(cards.line(body, common.now()))
                return exits.FAILED if body.answers else exits.FINE
    if not json:
        out.note("nothing on the card has changed yet: it says so already, or alerting is busy; `alerts show` tells")
    return exits.FINE
