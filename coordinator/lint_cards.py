"""Lint of ``[cards]``: numbers that would group, hide or hold back what they are not meant to."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from coordinator.core.mission import Mission
from coordinator.errors import ConfigFinding

LONGEST_QUIET_S: Final = 3600.0
"""What is over may stand on the board no longer than this because it came and went before."""
LONGEST_S: Final = 86_400.0
COUNTS: Final = 1000
"""More than so many of anything is no number that somebody at a desk could mean."""


def _cards(mission: Mission) -> Iterator[ConfigFinding]:
    cards = mission.cards
    for name in ("flood_cards", "flap_changes"):
        value = getattr(cards, name)
        if not 0 <= value <= COUNTS:
            yield ConfigFinding(path=f"cards.{name}", what=f"is not from 0 to {COUNTS}", hint="0 turns it off")
    for name in ("flood_window_s", "flap_window_s", "flap_quiet_s", "flap_every_s"):
        if not 0 < getattr(cards, name) <= LONGEST_S:
            what = "is no time between a moment and a day"
            yield ConfigFinding(path=f"cards.{name}", what=what, hint='write it as "10m"')
    if cards.flap_quiet_s > LONGEST_QUIET_S:
        what = "would show what ended more than an hour ago as if it went on"
        yield ConfigFinding(path="cards.flap_quiet_s", what=what, hint='write "10m"')


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (_cards,)
