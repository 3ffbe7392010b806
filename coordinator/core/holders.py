"""Who has which cards, kept as cards change: asked for whenever contact is lost, it must not go through all cards."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from coordinator.core.cards import Card, worst
from schemas.alerts import CapSeverity


class Owed(NamedTuple):
    """What a participant has not acknowledged: how many cards, the worst severity, and who can decide them."""

    cards: int
    severity: CapSeverity
    arbiters: tuple[str, ...]


class _Entry(NamedTuple):
    """What is known of one card."""

    told: frozenset[str]
    owing: frozenset[str]
    sort: tuple[CapSeverity, str]


class Holders:
    """Open cards by who was told of them. ``changed`` are those whose `owed` may differ since it was cleared."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self.changed: set[str] = set()
        self._entries: dict[str, _Entry] = {}
        self._cards: dict[str, set[str]] = {}
        self._owed: dict[str, Counter[tuple[CapSeverity, str]]] = {}
        for card in cards:
            self.note(card)

    def note(self, card: Card) -> None:
        """Note that a card or one of its clocks changed."""
        identity = card.alert.id
        before, now = self._entries.get(identity), _entry(card)
        if before == now:
            return
        self._entries.pop(identity, None)
        for p in before.told - now.told if before else ():
            self._cards[p].discard(identity)
        for p in now.told:
            self._cards.setdefault(p, set()).add(identity)
        if now.told:
            self._entries[identity] = now
        for entry, step in ((before, -1), (now, 1)):
            for p in entry.owing if entry else ():
                self._count(p, entry.sort if entry else now.sort, step)

    def _count(self, participant: str, sort: tuple[CapSeverity, str], step: int) -> None:
        counter = self._owed.setdefault(participant, Counter())
        counter[sort] += step
        if not counter[sort]:
            del counter[sort]
        self.changed.add(participant)

    def cards(self, participant: str) -> list[str]:
        """Return the open cards that a participant was told of, sorted."""
        return sorted(self._cards.get(participant, ()))

    def owed(self, participant: str) -> Owed:
        """Return what a participant has not acknowledged, of what everybody may know of."""
        counter = self._owed.get(participant, Counter[tuple[CapSeverity, str]]())
        return Owed(counter.total(), worst([s for s, _ in counter]), tuple(sorted({a for _, a in counter if a})))


def _entry(card: Card) -> _Entry:
    told = frozenset(card.clocks) if card.open else frozenset[str]()
    counts = card.open and card.occasion is None and card.alert.only is None
    owing = frozenset(p for p, c in card.clocks.items() if c.acknowledged_at is None) if counts else frozenset[str]()
    return _Entry(told, owing, (card.alert.severity, card.alert.arbiter))
