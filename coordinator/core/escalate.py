"""The clocks of acknowledgement: when they start, stand still, are taken over, and ring.

Each participant that is told of a card has one clock for it. It starts when the participant is first told and starts
again only if the severity rises or the card is reopened; it stands still while the participant is unreachable, from the
moment that is logged. When it runs out, somebody is called, once for each severity.

Source: design §5; domain.md §6.5.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from msgspec.structs import replace

from coordinator.core.cards import Card, Clock, worse
from coordinator.core.correlate import SECOND
from coordinator.core.mission import Acknowledge
from schemas.alerts import PRECEDENCE, CapSeverity
from schemas.subjects import Precedence

DEADLINES: Final[dict[Precedence, Callable[[Acknowledge], float]]] = {
    "flash": lambda a: a.flash_s,
    "immediate": lambda a: a.immediate_s,
    "priority": lambda a: a.priority_s,
    "routine": lambda a: a.routine_s,
}


def deadline(severity: CapSeverity, acknowledge: Acknowledge) -> int | None:
    """Return how long a participant has to acknowledge, in microseconds, or None if it need not."""
    return int(DEADLINES[PRECEDENCE[severity]](acknowledge) * SECOND) or None


def ask(
    card: Card,
    told: Mapping[str, bool],
    severity: CapSeverity,
    allowed: int | None,
    now: int,
    unreachable: frozenset[str],
    *,
    reopened: bool,
) -> None:
    """Bring a card's clocks up to date with who is told (and owes an answer) at a severity."""
    for gone in card.clocks.keys() - told.keys():
        del card.clocks[gone]
    for p, owes in told.items():
        clock = card.clocks.setdefault(p, Clock(since=now))
        if reopened:
            clock.rung = set()
        if reopened or worse(severity, clock.level):
            clock.acknowledged_at = clock.acknowledged_rev = None
            clock.due = clock.left = None
            clock.late = False
        clock.level = severity
        if not owes:
            clock.due = clock.left = None
            clock.rung = set()
        elif allowed is not None and clock.acknowledged_at is None and not clock.asked:
            _start(clock, allowed, now, p in unreachable)


def _start(clock: Clock, left: int, now: int, unreachable: bool) -> None:
    clock.late = False
    clock.due, clock.left = (None, left) if unreachable else (now + max(left, 1), None)


def acknowledge(clock: Clock, rev: int, now: int) -> None:
    """Note that a participant has acknowledged a revision; nothing rings any more."""
    clock.acknowledged_at, clock.acknowledged_rev = now, rev
    clock.due = clock.left = None


def lose(clock: Clock, now: int) -> None:
    """Let a running clock stand still; one that has run out already goes on to ring."""
    if clock.due is not None and clock.due > now:
        clock.left, clock.due = clock.due - now, None


def regain(clock: Clock, now: int) -> None:
    """Let a clock that stands still run on."""
    if clock.left is not None:
        _start(clock, clock.left, now, unreachable=False)


def ring(clock: Clock, now: int) -> bool:
    """Mark a clock that ran out as late; return whether somebody has to be called about it."""
    if clock.due is None or clock.due > now or clock.late:
        return False
    clock.late = True
    first = clock.level not in clock.rung
    clock.rung = clock.rung | {clock.level}
    return first


def next_ring(clocks: Iterable[Clock]) -> int | None:
    """Return when the next clock runs out, or None."""
    return min((c.due for c in clocks if c.due is not None and not c.late), default=None)


# -- when cards become one, or fall apart -----------------------------------------------------------------------------


def inherit(merged: Iterable[Card], split: Iterable[Card], rev: int, now: int) -> dict[str, Clock]:
    """Return the clocks of a card that takes over from others.

    From cards that are merged into it, what was done counts: the earliest start, and an acknowledgement if every one of
    them has it. From a card that goes on without it, deadlines count, but lateness starts anew, since it is another
    card that somebody must be called about.
    """
    gathered: dict[str, list[Clock]] = {}
    for card in merged:
        for p, clock in card.clocks.items():
            gathered.setdefault(p, []).append(clock)
    for card in split:
        for p, clock in card.clocks.items():
            gathered.setdefault(p, []).append(_anew(clock, now))
    return {p: _joined(clocks, rev) for p, clocks in gathered.items()}


def _anew(clock: Clock, now: int) -> Clock:
    due = None if clock.due is None else max(clock.due, now + 1)
    return replace(clock, late=False, rung=set(), due=due)


def _joined(clocks: list[Clock], rev: int) -> Clock:
    counted = [c for c in clocks if c.asked] or [c for c in clocks if c.acknowledged_at is not None] or clocks
    first = min(counted, key=_pressing)
    return replace(
        first,
        since=min(c.since for c in clocks),
        acknowledged_rev=None if first.acknowledged_at is None else rev,
        late=any(c.late for c in counted),
        rung={level for c in clocks for level in c.rung},
    )


def _pressing(clock: Clock) -> tuple[float, float, int]:
    """Sort clocks: what runs out first, then what stands still with the least left, then the oldest acknowledgement."""
    due = float("inf") if clock.due is None else clock.due
    left = float("inf") if clock.left is None else clock.left
    return due, left, clock.acknowledged_at or 0
