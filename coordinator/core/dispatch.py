"""In what order what waits for a participant goes out through a channel, and what need not go out any more.

While a channel is down, deliveries pile up. When it is back, the most urgent goes first, and of one message only the
newest revision: an order that was replaced meanwhile would only confuse who reads it late. The order is that in which
release delivers after a gap (`holdback`). Source: design §2 (A gap); issue 4, item 4.
"""

import heapq
from collections import Counter
from typing import NamedTuple

from coordinator.core.holdback import FIRST
from schemas.envelope import Envelope
from schemas.subjects import PRECEDENCES, Precedence

_About = tuple[str, str, str]  # kind, originator, id


class Waiting(NamedTuple):
    """A delivery that has not gone out: its place in the INBOX, how urgent it is, and what it says."""

    seq: int
    precedence: Precedence
    envelope: Envelope

    @property
    def about(self) -> _About:
        """What it is a revision of."""
        return self.envelope.kind, self.envelope.originator, self.envelope.id

    @property
    def rank(self) -> tuple[int, int, int]:
        """When it goes: by precedence, orders before cards before the rest, then as it came."""
        return PRECEDENCES.index(self.precedence), FIRST.get(self.envelope.kind, len(FIRST)), self.seq


class Dispatch:
    """Deliveries that wait, most urgent first."""

    def __init__(self) -> None:
        self._heap: list[tuple[tuple[int, int, int], Waiting]] = []
        self._newest: dict[_About, int] = {}
        self._many: Counter[_About] = Counter()  # that wait about the same thing

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, waiting: Waiting) -> None:
        """Let a delivery wait. A later one about the same thing replaces it, whatever its precedence."""
        heapq.heappush(self._heap, (waiting.rank, waiting))
        self._newest[waiting.about] = max(waiting.seq, self._newest.get(waiting.about, 0))
        self._many[waiting.about] += 1

    def next(self) -> tuple[Waiting, bool] | None:
        """Take out what goes next, and say whether it still counts; None if nothing waits.

        What was replaced comes out as well, so that it can be acknowledged and named.
        """
        if not self._heap:
            return None
        waiting = heapq.heappop(self._heap)[1]
        counts = waiting.seq == self._newest[waiting.about]
        self._many[waiting.about] -= 1
        if not self._many[waiting.about]:
            del self._many[waiting.about], self._newest[waiting.about]
        return waiting, counts
