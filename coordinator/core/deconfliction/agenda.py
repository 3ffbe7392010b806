"""When time alone changes a case: a heap for most, and a column for orders by themselves, which are very many.

Nearly every order that nobody has answered yet is due once, shortly before its start.
"""

import heapq
from typing import Final

import numpy as np

from coordinator.core.deconfliction.register import Ints, Register
from coordinator.core.deconfliction.rulings import Case

_NEVER: Final = (1 << 63) - 1


class Agenda:
    """Times by case, microseconds UTC."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._alone: Ints = np.full(1024, _NEVER, dtype=np.int64)  # by the number of the order
        self._first = _NEVER  # of those
        self._stale = False  # the first one has gone
        self._due: dict[Case, int] = {}
        self._heap: list[tuple[int, Case]] = []

    def note(self, case: Case, when: int | None) -> None:
        """Note when a case is due, instead of what was noted; None is never."""
        if len(case) == 1 and case[0] in self._register:
            self._note_alone(self._register.number(case[0]), _NEVER if when is None else when)
        elif when is None:
            self._due.pop(case, None)
        elif self._due.get(case) != when:
            self._due[case] = when
            heapq.heappush(self._heap, (when, case))

    def next(self) -> int | None:
        """Return when something is due next, or None."""
        if self._stale:
            self._first, self._stale = int(self._alone.min()), False
        first = min(self._first, self._top())
        return None if first == _NEVER else first

    def until(self, now: int) -> list[tuple[int, Case]]:
        """Return what is due until a time, sorted."""
        others = ((when, case) for case, when in self._due.items() if when <= now)
        return sorted([*self._alone_until(now), *others])

    def take(self, now: int) -> list[Case]:
        """Return the cases that are due until a time, and note them no more."""
        found = [case for _, case in self._alone_until(now)]
        while self._top() <= now:
            found.append(self._heap[0][1])
            del self._due[found[-1]]
        for case in found:
            self.note(case, None)
        return found

    def _top(self) -> int:
        """Return when the next case of the heap is due; what was noted anew since is taken off."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else _NEVER

    def _alone_until(self, now: int) -> list[tuple[int, Case]]:
        numbers = np.flatnonzero(self._alone <= now).tolist()
        return [(int(self._alone[n]), (self._register.key(n),)) for n in numbers]

    def _note_alone(self, number: int, when: int) -> None:
        if number >= len(self._alone):
            more = np.full(max(number + 1, 2 * len(self._alone)) - len(self._alone), _NEVER, dtype=np.int64)
            self._alone = np.concatenate((self._alone, more))
        self._stale |= bool(self._alone[number] == self._first) and when > self._first
        self._alone[number] = when
        self._first = min(self._first, when)
