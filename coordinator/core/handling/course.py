"""What follows from officers' acts as time passes and facts change: how a card looks, and when it comes back.

What is put aside does not ring; it comes back at its end, at a material change, and when it becomes urgent: then
everybody is asked again. What was closed by hand comes back if it becomes worse, or more is said. An acknowledgement
that holds for a time only is asked for again after it.
"""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from coordinator.core.cards import OWNERS, Card, Clock, Face, View, worse
from coordinator.core.handling.hands import Hands
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from schemas.alerts import Alert

FRESH: Final = Hands()


# -- how it looks -----------------------------------------------------------------------------------------------------


def seen(card: Card, view: View) -> View:
    """Return what a card shows and asks for, after what officers did with it."""
    hands = card.hands
    active = view.active and not hands.closed
    told = dict.fromkeys(hands.offered, False) | view.told | dict.fromkeys(hands.called, True)
    if hands.shelf or not active:
        told = dict.fromkeys(told, False)
    return view._replace(active=active, told=told)


def owner(card: Card, face: Face, mission: Mission) -> str:
    """Return who has a card: who took it; else who holds it by what it is; else a headquarters that was told."""
    if found := card.taken_by or (card.occasion.holder if card.occasion else face.arbiter):
        return found
    told = sorted(card.clocks)
    owners = (p for p in told if (known := mission.by_id.get(p)) and known.role in OWNERS)
    return next(iter((*owners, *told)), "")


def is_worked(card: Card) -> bool:
    """Say whether somebody works on a card and has acknowledged it as it is."""
    clock = card.clocks.get(card.hands.worked_by)
    return clock is not None and clock.acknowledged_at is not None


def fields(card: Card) -> dict[str, object]:
    """Return what a card says of officers' acts."""
    hands = card.hands
    return {
        "shelved": hands.shelf,
        "handover": hands.offer,
        "closing": hands.closing,
        "escalated": hands.escalated,
        "called": tuple(dict.fromkeys((*hands.called, *hands.offered, *card.routed))),
    }


# -- when it comes back -----------------------------------------------------------------------------------------------


def is_held(card: Card) -> bool:
    """Say whether something was done with a card that a change may undo."""
    return bool(card.hands.shelf or card.hands.closing)


def stirs(card: Card, before: Alert, alert: Alert, changes: Mapping[str, bool]) -> bool:
    """Let a change that matters undo what was done before it was known; say whether anything was undone."""
    material = any(counts for name, counts in changes.items() if name != "told" or card.hands.shelf)
    urgent = alert.urgency == "Immediate" != before.urgency
    if card.hands.shelf and (material or urgent):
        unshelve(card)
        return True
    if card.hands.closing and not card.hands.closed and material:
        card.hands = replace(card.hands, closing=())
        return True
    return False


def comes_back(card: Card, now: Occasion) -> bool:
    """Say whether an occasion that was closed by hand is another one now: it says more, is worse, or had ended."""
    before = card.occasion
    if not card.hands.closed or before is None or before.over:
        return True
    more = not {*now.told, *now.parties, *now.refers} <= {*before.told, *before.parties, *before.refers, *card.clocks}
    said = (now.text_key, now.args) != (before.text_key, before.args)
    return worse(now.severity, before.severity) or more or said


def afresh(card: Card) -> None:
    """Forget what was done with a card that is open again; who was called for knows of it still."""
    card.hands = replace(FRESH, called=card.hands.called, offered=card.hands.offered)


def settle(card: Card) -> None:
    """Forget what was going on with a card that is over; who closed it stays on it."""
    card.hands = replace(card.hands, shelf=None, warn_at=None, offer=None, worked_by="")


def inherit(card: Card, parents: list[Card]) -> None:
    """Take over from the cards that a card is made of: whoever has it works on; nothing stays put aside."""
    first = next((c for c in parents if c.taken_by), None)
    called = {p for c in parents for p in (*c.hands.called, *c.hands.offered)}
    card.taken_by = first.taken_by if first else ""
    escalated = next((c.hands.escalated for c in parents if c.hands.escalated), None)
    card.hands = replace(
        FRESH, worked_by=first.hands.worked_by if first else "", escalated=escalated, offered=tuple(sorted(called))
    )


def unshelve(card: Card) -> None:
    """Bring back what was put aside: everybody is asked again."""
    card.hands = replace(card.hands, shelf=None, warn_at=None)
    for p in card.clocks:
        _ask_again(card, p)


# -- time -------------------------------------------------------------------------------------------------------------


def next_wake(card: Card) -> int | None:
    """Return when an announcement, an end of a shelf, an offer or an acknowledgement is due, or None."""
    hands = card.hands
    times = [hands.warn_at, hands.shelf.until if hands.shelf else None, hands.pending.until if hands.pending else None]
    if not hands.shelf:
        times += [c.valid_until for c in card.clocks.values() if c.acknowledged_at is not None]
    return min((at for at in times if at is not None), default=None)


def pass_time(card: Card, now: int) -> bool:
    """Do what is due with a card by now; return whether anything was."""
    if not card.open:
        return False
    return any([_shelf(card, now), _offer(card, now), _acknowledgements(card, now)])


def _shelf(card: Card, now: int) -> bool:
    hands = card.hands
    if hands.shelf and hands.shelf.until <= now:
        unshelve(card)
        return True
    if hands.shelf and hands.warn_at is not None and hands.warn_at <= now:
        card.hands = replace(hands, shelf=replace(hands.shelf, ends_soon=True), warn_at=None)
        return True
    return False


def _offer(card: Card, now: int) -> bool:
    offer = card.hands.pending
    if offer is None or offer.until > now:
        return False
    card.hands = replace(card.hands, offer=replace(offer, state="lapsed"))
    return True


def _acknowledgements(card: Card, now: int) -> bool:
    if card.hands.shelf:
        return False
    ran_out = [p for p, clock in card.clocks.items() if _has_lapsed(clock, now)]
    for p in ran_out:
        _ask_again(card, p).lapsed_at = now
    return bool(ran_out)


def _has_lapsed(clock: Clock, now: int) -> bool:
    return clock.acknowledged_at is not None and clock.valid_until is not None and clock.valid_until <= now


def _ask_again(card: Card, participant: str) -> Clock:
    """Let a clock start anew: what was acknowledged, or late, counts no more."""
    old = card.clocks[participant]
    card.clocks[participant] = fresh = Clock(since=old.since, level=old.level)
    return fresh
