"""When there was no link to whom: from the losses and returns of contact that stand in the log."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from schemas.operations import Presence

Interval = tuple[int, int]


class Links:
    """Intervals without a link, by participant; a loss that has not ended lasts until whenever is asked about."""

    def __init__(self) -> None:
        self._lost: dict[str, list[Interval]] = {}
        self._since: dict[str, int] = {}
        self.known: set[str] = set()  # participants whose link is watched

    def take(self, presence: Presence, at: int) -> None:
        """Take a word on presence, logged at a time; a loss counts from its own time."""
        who = presence.participant
        self.known.add(who)
        if presence.state == "lost":
            self._since.setdefault(who, presence.at)
        elif presence.state == "regained" and who in self._since:
            since = self._since.pop(who)
            self._lost.setdefault(who, []).append((since, max(since, at)))

    def down(self, who: Iterable[str], start: int, end: int) -> int:
        """Return for how long, between two times, at least one of several participants had no link."""
        total, reached = 0, start
        for since, until in sorted(i for p in who for i in self._between(p, start, end)):
            begin, stop = max(since, reached), min(until, end)
            total += max(0, stop - begin)
            reached = max(reached, stop)
        return total

    def apart(self, who: Iterable[str], start: int, end: int) -> tuple[tuple[str, int], ...]:
        """Return for how long, between two times, each of several participants had no link; who had one is left out."""
        found = ((p, self.down((p,), start, end)) for p in sorted(who))
        return tuple((p, down) for p, down in found if down)

    def back(self, who: str, at: int) -> int | None:
        """Return when a participant could be reached again from a time on: that time itself if it could; else None."""
        if who in self._since and self._since[who] <= at:
            return None
        after = self._lost.get(who, [])
        at_hand = after[bisect_right(after, at, key=_end) :][:1]
        return next((until for since, until in at_hand if since <= at), at)

    def _between(self, who: str, start: int, end: int) -> Iterator[Interval]:
        """Yield the intervals of a participant that reach into a time; they follow one another."""
        ended = self._lost.get(who, [])
        for i in range(bisect_right(ended, start, key=_end), len(ended)):
            if ended[i][0] >= end:
                return
            yield ended[i]
        if self._since.get(who, end) < end:
            yield self._since[who], end


def _end(interval: Interval) -> int:
    return interval[1]
