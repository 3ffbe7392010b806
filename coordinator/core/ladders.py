"""Ladders: how long somebody has to acknowledge a card, and what is done at which time if it does not.

Without a ladder of the mission: FLASH goes out once more by another way at half its deadline, whoever decides or is
above is told at the deadline, and asked to call by voice half a deadline later. At any other precedence who decides is
told at the deadline and asked to call by voice at once.

Source: domain.md §6.5.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from coordinator.core.correlate import SECOND
from coordinator.core.duties import Do, Ladder, Step
from coordinator.core.mission import Acknowledge, Mission
from schemas.alerts import PRECEDENCE, CapSeverity
from schemas.subjects import Precedence

DEADLINES: Final[dict[Precedence, Callable[[Acknowledge], float]]] = {
    "flash": lambda a: a.flash_s,
    "immediate": lambda a: a.immediate_s,
    "priority": lambda a: a.priority_s,
    "routine": lambda a: a.routine_s,
}


class Rung(msgspec.Struct, frozen=True, omit_defaults=True):
    """A step of the ladder that a participant is on, in microseconds from its deadline; before it is less than 0."""

    at: int
    do: Do
    to: tuple[str, ...] = ()  # participants or roles


class Plan(NamedTuple):
    """How long somebody has, in microseconds, or None if it need not answer; and what happens if it does not."""

    allowed: int | None
    rungs: tuple[Rung, ...] = ()


CALL: Final = (Rung(0, "superior"),)
"""What happens without a ladder; that somebody is to call by voice is said at once where no step says it later."""


def deadline(severity: CapSeverity, acknowledge: Acknowledge) -> int | None:
    """Return how long a participant has to acknowledge, in microseconds, or None if it need not."""
    return int(DEADLINES[PRECEDENCE[severity]](acknowledge) * SECOND) or None


def ladder(mission: Mission, severity: CapSeverity, name: str = "") -> Ladder | None:
    """Return the ladder of that name, else that of the precedence of a severity, else None."""
    if name:
        return next((x for x in mission.ladders if x.name == name), None) or ladder(mission, severity)
    return next((x for x in mission.ladders if x.precedence == PRECEDENCE[severity]), None)


def plan(mission: Mission, severity: CapSeverity, name: str = "") -> Plan:
    """Return what somebody is asked, and what follows; ``name`` is a ladder that a row of the routing tree names."""
    found = ladder(mission, severity, name)
    own = int(found.deadline_s * SECOND) if found else 0
    allowed = own or deadline(severity, mission.acknowledge)
    if allowed is None:
        return Plan(None)
    if found is None:
        return Plan(allowed, _flash(allowed) if PRECEDENCE[severity] == "flash" else CALL)
    rungs = sorted((_rung(step, allowed) for step in found.steps), key=lambda r: r.at)  # stable: as they stand
    return Plan(allowed, tuple(rungs))


def _rung(step: Step, allowed: int) -> Rung:
    return Rung(0 if step.after_s is None else int(step.after_s * SECOND) - allowed, step.do, step.to)


def _flash(allowed: int) -> tuple[Rung, ...]:
    half = allowed // 2
    return (Rung(half - allowed, "second-bearer"), *CALL, Rung(half, "voice"))
