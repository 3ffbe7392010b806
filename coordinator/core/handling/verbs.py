"""What each verb does to a card. `refusing` has been asked before; the card is refreshed and published afterwards."""

from collections.abc import Callable
from typing import Final, NamedTuple

from msgspec.structs import replace

from coordinator.core import escalate, routing
from coordinator.core.cards import OWNERS, Card, Clock
from coordinator.core.correlate import SECOND
from coordinator.core.handling import course
from coordinator.core.handling.hands import Doing, Hands
from coordinator.core.handling.refusing import answers_for, is_offered, needs_two
from coordinator.core.mission import Acknowledge
from schemas.alerts import PRECEDENCE, CapSeverity, Handover, Shelved
from schemas.subjects import Precedence

VALID: Final[dict[Precedence, Callable[[Acknowledge], float]]] = {
    "flash": lambda a: a.flash_valid_s,
    "immediate": lambda a: a.immediate_valid_s,
    "priority": lambda a: a.priority_valid_s,
    "routine": lambda a: a.routine_valid_s,
}


class Done(NamedTuple):
    """What an action amounts to beside what it did to the card: levels of escalation, and whether it is open again."""

    levels: int = 0
    reopened: bool = False


def carry_out(card: Card, doing: Doing) -> Done | None:
    """Do what an officer wants with a card; return None if all of it was so already."""
    return _VERBS[doing.action.verb](card, doing)


def _acknowledge(card: Card, doing: Doing) -> Done | None:
    clock, accepts = card.clocks[doing.by], is_offered(card, doing)
    if _says_so(clock, card) and not accepts:
        return None
    _note(clock, card, doing)
    if accepts:
        _accept(card, doing)
    elif _may_own(doing):
        card.taken_by = card.taken_by or doing.officer
    return Done()


def _take(card: Card, doing: Doing) -> Done | None:
    clock, accepts = card.clocks[doing.by], is_offered(card, doing)
    mine = card.taken_by == doing.officer and card.hands.worked_by == doing.by
    if mine and _says_so(clock, card) and not accepts and not card.hands.pending:
        return None
    _note(clock, card, doing)
    if accepts:
        _accept(card, doing)
    elif offer := card.hands.pending:
        card.hands = _answered(card.hands, replace(offer, state="withdrawn", answer=doing.deed))
    card.taken_by = doing.officer
    card.hands = replace(card.hands, worked_by=doing.by)
    return Done()


def _escalate(card: Card, doing: Doing) -> Done:
    called = tuple(dict.fromkeys((*card.hands.called, *next_above(card, doing))))
    card.hands = replace(card.hands, escalated=doing.deed, called=called)
    return Done(levels=1)


def _resolve(card: Card, doing: Doing) -> Done:
    _own(card, doing)
    two = needs_two(card, doing.mission.handling)
    closing = (*card.hands.closing, doing.deed) if two else (doing.deed,)
    card.hands = replace(card.hands, closing=closing, closed=not two or len(closing) > 1)
    return Done()


def _shelve(card: Card, doing: Doing) -> Done:
    _own(card, doing)
    until = doing.action.until or doing.now
    warn_at = until - int(doing.mission.handling.warn_s * SECOND)
    shelf = Shelved(until=until, by=doing.officer, why=doing.action.note, officer=doing.action.officer)
    card.hands = replace(card.hands, shelf=shelf, warn_at=warn_at if warn_at > doing.now else None)
    return Done()


def _handover(card: Card, doing: Doing) -> Done:
    _own(card, doing)
    to, until = doing.action.to, doing.now + int(doing.mission.handling.offer_s * SECOND)
    known = {to, doing.mission.stands_for(to)} & card.clocks.keys()
    offered = card.hands.offered if known else (*card.hands.offered, to)
    card.hands = replace(
        card.hands,
        offer=Handover(to=to, until=max(until, doing.now + 1), offer=doing.deed),
        offered_rev=card.alert.rev,
        offered=offered,
    )
    return Done()


def _decline(card: Card, doing: Doing) -> Done:
    if offer := card.hands.pending:
        card.hands = _answered(card.hands, replace(offer, state="declined", answer=doing.deed))
    return Done()


def _reopen(card: Card, doing: Doing) -> Done:
    if not card.hands.closed:
        course.unshelve(card)
        return Done()
    return Done(reopened=True)


_VERBS: Final[dict[str, Callable[[Card, Doing], Done | None]]] = {
    "acknowledge": _acknowledge,
    "take": _take,
    "escalate": _escalate,
    "resolve": _resolve,
    "shelve": _shelve,
    "handover": _handover,
    "decline": _decline,
    "reopen": _reopen,
}


# -- what they share --------------------------------------------------------------------------------------------------


def valid_for(severity: CapSeverity, acknowledge: Acknowledge) -> int | None:
    """Return how long an acknowledgement holds, microseconds, or None for as long as the card does."""
    return int(VALID[PRECEDENCE[severity]](acknowledge) * SECOND) or None


def next_above(card: Card, doing: Doing) -> tuple[str, ...]:
    """Return who is told by an escalation: the first above the officer, the owner or the arbiter who are not yet."""
    alert, mission = card.alert, doing.mission
    told = {*card.clocks, *mission.desks(card.clocks), doing.officer, alert.about}
    rows = (routing.climb(mission, p, told, alert.only) for p in (doing.by, alert.owner, alert.arbiter) if p)
    return next((tuple(r.participant for r in found) for found in rows if found), ())


def _says_so(clock: Clock, card: Card) -> bool:
    return clock.acknowledged_at is not None and (clock.acknowledged_rev or 0) >= card.alert.material_rev


def _note(clock: Clock, card: Card, doing: Doing) -> None:
    escalate.acknowledge(clock, doing.action.seen_rev, doing.now)
    holds = valid_for(card.alert.severity, doing.mission.acknowledge)
    clock.valid_until = None if holds is None else doing.now + max(holds, 1)
    clock.typed_by, clock.lapsed_at = doing.typed_by, None


def _accept(card: Card, doing: Doing) -> None:
    card.taken_by = doing.officer
    if offer := card.hands.pending:
        card.hands = replace(_answered(card.hands, replace(offer, state="accepted", answer=doing.deed)), worked_by="")


def _answered(hands: Hands, offer: Handover) -> Hands:
    return replace(hands, offer=offer)


def _may_own(doing: Doing) -> bool:
    known = doing.mission.by_id.get(doing.officer)
    return known is not None and known.role in OWNERS


def _own(card: Card, doing: Doing) -> None:
    """Give a card that nobody answers for to whoever does something with it."""
    if not answers_for(card, doing) and _may_own(doing):
        card.taken_by = doing.officer
