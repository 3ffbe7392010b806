"""When there was no link to whom: from the losses and returns of contact that stand in the log."""

from collections.abc import Iterable

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
        for since, until in sorted(i for p in who for i in self._of(p, end)):
            begin, stop = max(since, reached), min(until, end)
            total += max(0, stop - begin)
            reached = max(reached, stop)
        return total

    def back(self, who: str, at: int) -> int | None:
        """Return when a participant could be reached again from a time on: that time itself if it could; else None."""
        if who in self._since and self._since[who] <= at:
            return None
        return next((until for since, until in self._lost.get(who, ()) if since <= at < until), at)

    def _of(self, who: str, end: int) -> list[Interval]:
        ended = self._lost.get(who, [])
        return [*ended, (self._since[who], end)] if who in self._since else ended
