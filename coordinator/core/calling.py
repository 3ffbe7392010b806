"""What a step of a ladder does beyond its clock: who is told that somebody does not answer, and who has it then.

About one who has to acknowledge for itself there is one call, which more are told of as its ladder goes on. Where one
answer is enough, and a call is such a thing itself, the thing climbs: to whoever is above those who are silent, then to
all duty desks; then it stays with the top of the chain. So calls about calls never multiply.

Source: reference console.md §6 ("Escalation policy"); domain.md §6.5.
"""

from typing import Final

from msgspec.structs import replace

from coordinator.core import notices, routing
from coordinator.core.cardbook import Cardbook
from coordinator.core.cards import Card
from coordinator.core.ladders import Rung
from coordinator.core.occasions.occasion import Occasion

UP: Final = Rung(0, "superior")


def take(book: Cardbook, card: Card, silent: str, rung: Rung, now: int) -> None:
    """Do what a step says about a participant that has not acknowledged a card."""
    if card.occasion and card.occasion.scope == "any":
        if rung.do == "superior":
            _climb(book, card, card.occasion, silent, rung, now)
    else:
        _call(book, card, silent, rung, now)


def stranded(book: Cardbook, card: Card, now: int) -> None:
    """Let what is most urgent climb at once while none of those who were asked can be reached: nobody would ring."""
    occasion = card.occasion
    if not (card.open and occasion and occasion.scope == "any" and card.alert.severity == "Extreme"):
        return
    asked = {p: clock for p, clock in card.clocks.items() if clock.asked}
    for silent in routing.in_order(book.state.mission, asked):
        if card.occasion and all(clock.due is None for clock in card.clocks.values()):
            _climb(book, card, card.occasion, silent, UP, now)


def _call(book: Cardbook, card: Card, silent: str, rung: Rung, now: int) -> None:
    call = notices.late(card, silent, ())
    held = book.state.cards.get(call.id)
    known = held.occasion if held and held.open else None
    told = tuple(p for p in (known.told if known else ()) if routing.admits(call.only, p))
    to = book.resolve(card, rung.to, now)
    if rung.do == "superior" or to or not told:
        arbiters = [call.arbiter] if call.arbiter else []
        further = routing.further(
            book.state.mission, silent, arbiters, told, call.only, to=to, unreachable=book.unreachable
        )  # fmt: skip
        told = (*told, *(r.participant for r in further))
    if told:  # there may be nobody who may know of it
        first = told[0] if call.arbiter == silent else ""  # who decides does not have the call about itself
        book.occur(replace(call, told=told, owner=known.owner if known else first), now)


def _climb(book: Cardbook, card: Card, occasion: Occasion, silent: str, rung: Rung, now: int) -> None:
    mission, to = book.state.mission, book.resolve(card, rung.to, now)
    known = {*card.clocks, *occasion.told, *occasion.informed, occasion.about}
    above = routing.climb(mission, silent, known, occasion.only, to=to, unreachable=book.unreachable)
    if not above:
        return
    tops = [r.participant for r in above if "superior" in r.reasons and occasion.kind == "late-acknowledgement"]
    owner = min(tops, key=lambda p: len(mission.superiors(p)), default=occasion.owner)
    told = (*occasion.told, *(r.participant for r in above))
    book.occur(replace(occasion, told=told, owner=owner), now)
