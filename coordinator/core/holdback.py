"""Deliveries to a participant that cannot be reached: kept back, and sent when contact is regained.

Only the newest state of a thing is kept. What goes out is ordered by precedence, then orders before cards before the
rest, then as it was logged. A participant that stays away long gets the least urgent of what is kept at once rather
than never: order suffers, nothing is lost.
"""

from typing import Final

import msgspec

from schemas.subjects import PRECEDENCES, Precedence

MAX_HELD: Final = 5_000
FIRST: Final = {"directive": 0, "alert": 1}
"""What goes first within a precedence; everything else follows."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader was told of a finding or card: whether it was live, how severe, with which members."""

    live: bool
    rank: int  # index of the precedence: lower is more severe
    members: frozenset[str] = frozenset()
    grouped: bool = False  # it was told of it in a group of new cards only: that it ends is no news either

    again: bool = False  # an officer has to hear of it once more, though it is none of these

    def is_news(self, before: "Told | None") -> bool:
        """Say whether a reader that knows the state before must be told: raised, worse, more of it, or over."""
        if self.again:
            return True
        if before is None or not before.live:
            return self.live
        if not self.live:
            return not before.grouped
        return self.rank < before.rank or not self.members <= before.members

    def after(self, before: "Told | None") -> "Told":
        """Return what a reader knows once it is told, so that what comes and goes is told once."""
        if before is None or not before.live:
            return self
        return Told(live=self.live, rank=min(self.rank, before.rank), members=self.members | before.members)


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that waits. ``data`` is a whole envelope to forward; otherwise ``body`` is a body of ours."""

    precedence: Precedence
    kind: str
    slot: str  # the thing that it is the state of
    seq: int  # LOG sequence that it shows
    data: str = ""
    body: str = ""
    told: Told | None = None  # for findings and cards: what the reader knows once this is delivered

    @property
    def rank(self) -> tuple[int, int]:
        """When it goes, before log order counts."""
        return (PRECEDENCES.index(self.precedence), FIRST.get(self.kind, len(FIRST)))


class Holdback:
    """What waits, by participant and thing; a participant that is away has an entry, even if nothing waits."""

    def __init__(self, waiting: dict[str, dict[str, Held]] | None = None) -> None:
        self.waiting = waiting or {}

    def lost(self, participant: str) -> None:
        """Keep back what is for this participant from here on."""
        self.waiting.setdefault(participant, {})

    def regained(self, participant: str) -> list[Held]:
        """Return what waited, in the order in which it goes."""
        return sorted(self.waiting.pop(participant, {}).values(), key=lambda h: (h.rank, h.seq))

    def away(self, participant: str) -> bool:
        """Say whether a participant cannot be reached."""
        return participant in self.waiting

    def keep(self, participant: str, held: Held) -> list[Held]:
        """Keep the newest state of a thing; return what must go now because too much waits."""
        waiting = self.waiting[participant]
        waiting[held.slot] = held
        if len(waiting) <= MAX_HELD:
            return []
        least = max(waiting, key=lambda s: (waiting[s].rank, -waiting[s].seq))
        return [waiting.pop(least)]

    def drop(self, participant: str, slot: str) -> None:
        """Let go of what was superseded meanwhile."""
        self.waiting.get(participant, {}).pop(slot, None)
