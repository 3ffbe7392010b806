"""How often somebody has asked blind questions lately, and whose plans they met: counted from the log.

Source: reference domain.md §5.4 (3); deconfliction.md §5 (6): a dry run is an oracle that can be probed.
"""

from collections import defaultdict
from typing import Final

import msgspec

from schemas.operations import Inquiry

HOUR: Final = 3_600_000_000


class Asked(msgspec.Struct, frozen=True):
    """A question that was answered: when, microseconds UTC, and the owners of what it met."""

    at: int
    owners: tuple[str, ...]
    digest: str


class Inquiries:
    """The questions of the last hour, by who asked."""

    def __init__(self, asked: dict[str, list[Asked]] | None = None) -> None:
        self._asked: defaultdict[str, list[Asked]] = defaultdict(list, asked or {})
        self._reported: dict[str, int] = {}  # when somebody who asked too much was reported last

    def note(self, body: Inquiry) -> None:
        """Count a question that was answered, once, and take note of who was reported."""
        if body.role == "throttled":
            self._reported[body.asker] = max(body.at, self._reported.get(body.asker, body.at))
        new = Asked(body.at, body.owners, body.question_sha256)
        kept = [a for a in self._asked[body.asker] if a.at > body.at - HOUR and a != new]
        if body.role == "asked":
            self._asked[body.asker] = sorted([*kept, new], key=lambda a: (a.at, a.digest))

    def recent(self, asker: str, now: int) -> list[Asked]:
        """Return what somebody was answered in the hour before ``now``."""
        return [a for a in self._asked.get(asker, ()) if now - HOUR < a.at]

    def reported(self, asker: str, now: int) -> bool:
        """Say whether somebody was reported in the hour before ``now``: once is enough."""
        return asker in self._reported and now - HOUR < self._reported[asker]

    def owners(self, asker: str, now: int) -> tuple[str, ...]:
        """Return whose plans somebody's questions met in that hour."""
        return tuple(sorted({o for a in self.recent(asker, now) for o in a.owners}))

    def state(self, now: int) -> dict[str, list[Asked]]:
        """Return what is still counted, for a snapshot."""
        return {asker: kept for asker in sorted(self._asked) if (kept := self.recent(asker, now))}
