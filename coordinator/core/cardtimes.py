"""When each card has to be looked at next: asked for after every message, so it must not go through all cards."""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from coordinator.core import escalate
from coordinator.core.cards import Card, next_urgency
from coordinator.core.handling import course
from coordinator.core.mission import Cards


class CardTimes:
    """The next time of each open card, microseconds. An entry of the heap that is not the time of its card is stale."""

    def __init__(self, cards: Iterable[Card], tolerances: Cards) -> None:
        self._tolerances = tolerances
        self._due = {c.alert.id: at for c in cards if (at := self._next(c)) is not None}
        self._heap = [(at, identity) for identity, at in self._due.items()]
        heapify(self._heap)

    def note(self, card: Card) -> None:
        """Note that a card or one of its clocks changed."""
        at, identity = self._next(card), card.alert.id
        if at is None:
            self._due.pop(identity, None)
        elif self._due.get(identity) != at:
            self._due[identity] = at
            heappush(self._heap, (at, identity))

    def next(self) -> int | None:
        """Return when the first card has to be looked at."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def take(self, now: int) -> list[str]:
        """Return the cards that have to be looked at by now, sorted; each has to be noted again."""
        found = set[str]()
        while (at := self.next()) is not None and at <= now:
            _, identity = heappop(self._heap)
            del self._due[identity]
            found.add(identity)
        return sorted(found)

    def _next(self, card: Card) -> int | None:
        if not card.open:
            return None
        times = (
            escalate.next_ring(card.clocks.values()),
            next_urgency(card, self._tolerances),
            card.say_at,
            course.next_wake(card),
        )
        return min((t for t in times if t is not None), default=None)
