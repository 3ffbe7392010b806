"""Lines of the log about peers that are refused: at most one a minute each, with how many there were..

Somebody who knocks a thousand times a second must not fill the disk, nor push out of sight what somebody else did. Of
very many peers at once, those behind the first are counted together.
"""

from typing import Final

from coordinator.ports import Clock

EVERY_US: Final = 60_000_000
MOST: Final = 1_000
OTHERS: Final = "others"


class Quiet:
    """Counts what is refused, by peer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._held: dict[str, tuple[int, int]] = {}  # when a peer was told of last, and how many came since

    def count(self, peer: str) -> tuple[str, int]:
        """Count one more of a peer; return whom to tell of and how many, 0 for nothing to tell now."""
        now = self._clock.now()
        name = peer if peer in self._held or len(self._held) < MOST else self._make_room(peer, now)
        told_at, many = self._held.pop(name, (0, 0))
        due = not told_at or not told_at <= now < told_at + EVERY_US
        self._held[name] = (now, 0) if due else (told_at, many + 1)
        return name, many + 1 if due else 0

    def _make_room(self, peer: str, now: int) -> str:
        """Forget peers of whom nothing is left to tell; with none such, this one is counted with the others."""
        for known, (told_at, many) in list(self._held.items()):
            if not many and now >= told_at + EVERY_US:
                del self._held[known]
        return peer if len(self._held) < MOST else OTHERS


def host(peer: str) -> str:
    """Return an address without its port."""
    return peer.rpartition(":")[0] or peer
