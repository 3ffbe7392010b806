"""How many orders are compared: beyond `rules.capacity_orders` the answer is "unknown", never a silent part of it.

Which orders those are follows from the set of messages: the ones issued last, of those issued together the ones whose
names sort last. They get a finding of their own that says so; nothing else is said of them until others are over.
Source: reference deconfliction.md §5 (2).
"""

from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.register import Register

RULE = "over-capacity"


class Limits:
    """The orders that are too many."""

    def __init__(self, register: Register, capacity: int) -> None:
        self._register = register
        self._capacity = capacity
        self.beyond: frozenset[Key] = frozenset()

    def renew(self) -> set[Key]:
        """Work out again which orders are too many; return those for which that changed."""
        now = frozenset(self._register.beyond(self._capacity))
        changed = now ^ self.beyond
        self.beyond = now
        return set(changed)
