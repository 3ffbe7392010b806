"""Flap control: what begins and ends again and again stays on its card until it is quiet, and changes it seldom.

A finding or an occasion that began or ended more often than the mission allows within a while *flaps*. Its card says
since when. While it flaps, an end of it is not taken until it was quiet for long enough, so its clocks go on and nobody
answers the same thing twice; what is worse than before is taken at once, anything else once in a while. Every coming is
counted (``count``). It ends by itself.

What follows from cards, a call about somebody silent or the card of a group, is no item of the world and never flaps.

Source: reference console.md §6 (flap control); domain.md R-54; the numbers are mission data (`Cards`).
"""

from collections.abc import Iterator
from typing import Final

from coordinator.core.cards import Card, worse
from coordinator.core.cardstate import State
from coordinator.core.comings import Flap
from coordinator.core.correlate import SECOND
from coordinator.core.flood import Floods
from coordinator.core.occasions.occasion import Occasion
from schemas.alerts import CAP_SEVERITY
from schemas.findings import Finding

DERIVED: Final = frozenset({"late-acknowledgement", "not-accepted", "flood"})  # kinds that follow from cards
Item = Finding | Occasion


class Flaps(Floods):
    """Cards, and what of their findings and occasions waits because it comes and goes."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._flapping = {key for key, flap in state.flaps.items() if flap.since is not None}

    def occur(self, occasion: Occasion, now: int) -> None:
        """Give an occasion its card, or bring its card up to date; if it flaps, not always at once."""
        card = self.state.cards.get(occasion.id)
        held = card.occasion if card and occasion.kind not in DERIVED else None
        if held is None or not self._put_off(occasion, held, card, now, now):
            super().occur(occasion, now)

    def _pass(self, item: Item, now: int) -> None:
        """Take what waited."""
        if isinstance(item, Occasion):
            super().occur(item, now)

    def _card_of(self, key: str) -> Card | None:
        """Return the card that an item is on."""
        return self.state.cards.get(self.state.home.get(key, key))

    # -- what comes and goes ------------------------------------------------------------------------------------------

    def _put_off(self, item: Item, held: Item, card: Card | None, at: int, now: int) -> bool:
        """Note an item that differs from what its card says of it; say whether it is not taken now."""
        flap = self._turned(item.id, _is_open(item), _is_open(held), card, at)
        if flap is None or flap.since is None:
            return False
        if item.id not in self._flapping:
            self._flapping.add(item.id)
            flap.said_at = now
            if card:
                card.flapping.add(item.id)
                self.refresh(card, now)
        cards = self.state.mission.cards
        quiet = flap.turns[-1] + int(cards.flap_quiet_s * SECOND) <= now
        due = _is_open(item) and (not _is_open(held) or _worse(item, held))
        if quiet or due:
            flap.item, flap.said_at = None, now
            return False
        flap.item = item
        return True

    def _turned(self, key: str, is_open: bool, was_open: bool, card: Card | None, at: int) -> Flap | None:
        """Note that an item began or ended, if it did; return what is known of it."""
        flap, cards = self.state.flaps.get(key), self.state.mission.cards
        if flap is None and is_open == was_open:
            return None
        flap = self.state.flaps.setdefault(key, Flap(open=was_open))
        if is_open == flap.open:
            return flap
        flap.open = is_open
        if is_open and card:
            card.count, card.seen_at = card.count + 1, at
        recent = [t for t in flap.turns if t > at - int(cards.flap_window_s * SECOND)]
        flap.turns = [*recent[-cards.flap_changes :], at] if cards.flap_changes else [at]
        if flap.since is None and 0 < cards.flap_changes < len(flap.turns):
            flap.since = at
        return flap

    def _flaps_since(self, card: Card) -> int | None:
        """Return since when something on a card comes and goes."""
        card.flapping &= self._flapping
        return min((s for key in card.flapping if (s := self.state.flaps[key].since) is not None), default=None)

    # -- time ---------------------------------------------------------------------------------------------------------

    def next(self) -> int | None:
        """Return when the first card, group or flap has to be looked at."""
        flaps = (at for key in self._flapping for at in self._due(self.state.flaps[key]))
        return min((at for at in (super().next(), *flaps) if at is not None), default=None)

    def _due(self, flap: Flap) -> Iterator[int]:
        cards = self.state.mission.cards
        yield flap.turns[-1] + int(cards.flap_quiet_s * SECOND)
        if flap.item is not None:
            yield flap.said_at + int(cards.flap_every_s * SECOND)

    def wake(self, now: int) -> None:
        """Let what has calmed down be as it is, and say once in a while how what flaps stands."""
        super().wake(now)
        for key in sorted(self._flapping):
            flap = self.state.flaps[key]
            calm, *every = self._due(flap)
            if calm <= now:
                self._flapping.discard(key)
                del self.state.flaps[key]
                self._catch_up(key, flap.item, now)
            elif every and every[0] <= now:
                taken = flap.item if flap.item is not None and _is_open(flap.item) else None
                flap.item, flap.said_at = (None if taken else flap.item), now
                self._catch_up(key, taken, now)

    def _catch_up(self, key: str, item: Item | None, now: int) -> None:
        if item is not None:
            self._pass(item, now)
        if card := self._card_of(key):
            self.refresh(card, now)

    def _calm(self, now: int) -> None:
        super()._calm(now)
        window = int(self.state.mission.cards.flap_window_s * SECOND)
        for key in [k for k, f in self.state.flaps.items() if f.since is None and f.turns[-1] + window <= now]:
            del self.state.flaps[key]
        keep = int(self.state.mission.rules.keep_s * SECOND)
        for mark in [m for m, p in self.state.prints.items() if p.last_seen + keep <= now]:
            del self.state.prints[mark]


def _is_open(item: Item) -> bool:
    return not item.over if isinstance(item, Occasion) else item.state != "closed"


def _worse(item: Item, held: Item) -> bool:
    """Say whether an officer must know at once how an item differs: it is more severe, or concerns more."""
    if isinstance(item, Occasion) and isinstance(held, Occasion):
        more = {*item.told, *item.parties} - {*held.told, *held.parties}
        return worse(item.severity, held.severity) or bool(more) or item.at != held.at
    if isinstance(item, Finding) and isinstance(held, Finding):
        more = {*item.told, *(p.id for p in item.parties)} - {*held.told, *(p.id for p in held.parties)}
        rank = CAP_SEVERITY.get(item.severity, "Unknown"), CAP_SEVERITY.get(held.severity, "Unknown")
        return worse(*rank) or bool(more) or item.evidence.at != held.evidence.at
    return True
