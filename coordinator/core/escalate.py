"""The clocks of acknowledgement: when they start, stand still, are taken over, and what happens at which time.

Each participant that is told of a card has one clock for it, and the ladder that it was asked with. It starts when the
participant is first told and starts again only if the severity rises or the card is reopened; it stands still while the
participant is unreachable, from the moment that is logged, unless its deadline has passed. Each rung of the ladder is
taken once, and none behind an acknowledgement. Somebody is called about a participant once for each severity until it
acknowledges; one whose severity comes and goes meanwhile goes on being called about.

Whoever cannot be reached gets it by another bearer at once, where its ladder has that: there is nothing to wait for.

Source: design §5; domain.md §6.5.
"""

from collections.abc import Iterable, Mapping
from itertools import takewhile

from msgspec.structs import replace

from coordinator.core.cards import Card, Clock, worse
from coordinator.core.ladders import Plan, Rung
from schemas.alerts import CapSeverity


def ask(
    card: Card,
    told: Mapping[str, bool],
    severity: CapSeverity,
    plan: Plan,
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
        if reopened or (worse(severity, clock.level) and not _is_called(clock, severity)):
            clock.acknowledged_at = clock.acknowledged_rev = None
            clock.late = clock.called = False
            _stop(clock)
        clock.level = severity
        if not owes:
            _stop(clock)
            clock.rung = set()
        elif plan.allowed is not None and clock.acknowledged_at is None and not clock.asked:
            clock.ladder, clock.called = plan.rungs, False
            _start(clock, plan.allowed, now, p in unreachable)


def _is_called(clock: Clock, severity: CapSeverity) -> bool:
    """Say whether somebody is being called about a participant at a severity already: that call goes on."""
    return clock.asked and clock.called and severity in clock.rung


def _stop(clock: Clock) -> None:
    """Forget what was asked; whoever was late with it stays so until it is asked again or the severity rises."""
    clock.due = clock.left = clock.second_at = clock.voice_at = None
    clock.ladder, clock.step = (), 0


def _start(clock: Clock, left: int, now: int, unreachable: bool) -> None:
    clock.late = False
    clock.due, clock.left = (None, left) if unreachable else (now + max(left, 1), None)
    if unreachable:
        _send_again(clock, now)


def acknowledge(clock: Clock, rev: int, now: int) -> None:
    """Note that a participant has acknowledged a revision; nothing rings any more."""
    clock.acknowledged_at, clock.acknowledged_rev = now, rev
    clock.due = clock.left = None
    clock.ladder, clock.rung = (), set()


def lose(clock: Clock, now: int) -> None:
    """Let a running clock stand still; one that has run out already goes on to ring."""
    if clock.due is not None and clock.due > now:
        clock.left, clock.due = clock.due - now, None
        _send_again(clock, now)


def _send_again(clock: Clock, now: int) -> None:
    """Use another bearer now if the ladder has that ahead."""
    if clock.second_at is None and any(r.do == "second-bearer" for r in clock.ladder[clock.step :]):
        clock.second_at = now


def regain(clock: Clock, now: int) -> None:
    """Let a clock that stands still run on."""
    if clock.left is not None and not clock.group:
        _start(clock, clock.left, now, unreachable=False)


def ring(clock: Clock, now: int) -> list[Rung]:
    """Take every rung that is due, and mark a clock that ran out as late; return what somebody has to be told of."""
    if clock.due is None:
        return []
    clock.late = clock.late or clock.due <= now
    reached = [*takewhile(lambda r: _at(clock, r) <= now, clock.ladder[clock.step :])]
    clock.step += len(reached)
    return [rung for rung in reached if _take(clock, rung, now)]


def _at(clock: Clock, rung: Rung) -> int:
    return (clock.due or 0) + rung.at


def _take(clock: Clock, rung: Rung, now: int) -> bool:
    """Take a rung; return whether somebody has to be told of it."""
    if rung.do == "second-bearer":
        clock.second_at = clock.second_at or now
        return False
    if rung.do == "voice":
        clock.voice_at = clock.voice_at or now
    if clock.level in clock.rung and not clock.called:
        return False  # they were when it was asked at this severity before
    clock.rung, clock.called = clock.rung | {clock.level}, True
    return True


def next_ring(clocks: Iterable[Clock]) -> int | None:
    """Return when the next clock runs out or rung is due, or None."""
    return min((at for c in clocks if (at := _next(c)) is not None), default=None)


def _next(clock: Clock) -> int | None:
    if clock.due is None:
        return None
    ahead = [_at(clock, rung) for rung in clock.ladder[clock.step : clock.step + 1]]
    return min(ahead if clock.late else [clock.due, *ahead], default=None)


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
    """Return a clock as it is on another card: whom nobody was told about there is asked about anew."""
    due = None if clock.due is None else max(clock.due, now + 1)
    calls = (i for i, rung in enumerate(clock.ladder) if rung.do != "second-bearer")
    step = min(clock.step, next(calls, clock.step))
    return replace(clock, late=False, rung=set(), due=due, called=False, step=step, voice_at=None)


def _joined(clocks: list[Clock], rev: int) -> Clock:
    counted = [c for c in clocks if c.asked] or [c for c in clocks if c.acknowledged_at is not None] or clocks
    first = min(counted, key=_pressing)
    return replace(
        first,
        since=min(c.since for c in clocks),
        acknowledged_rev=None if first.acknowledged_at is None else rev,
        late=any(c.late for c in counted),
        called=any(c.called for c in counted),
        rung={level for c in clocks for level in c.rung},
    )


def _pressing(clock: Clock) -> tuple[float, float, int]:
    """Sort clocks: what runs out first, then what stands still with the least left, then the oldest acknowledgement."""
    due = float("inf") if clock.due is None else clock.due
    left = float("inf") if clock.left is None else clock.left
    return due, left, clock.acknowledged_at or 0
