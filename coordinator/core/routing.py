"""Who is told, and why: tables that are walked, so that every answer comes with its reason.

A finding concerns the participants that it names, and whoever can decide it. A participant that does not answer, or
cannot be reached, is reported to whoever arbitrates its cards, else to its superior, else to the duty desks.

Source: design §4, §5; domain.md §6.5 ("escalates to").
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from coordinator.core.mission import Mission
from schemas.findings import Finding


class Route(NamedTuple):
    """One participant that is told, and every reason for it."""

    participant: str
    reasons: tuple[str, ...]


REASONS: Final[tuple[tuple[str, Callable[[Finding], Sequence[str]]], ...]] = (
    ("issuer", lambda f: [p.issuer for p in f.parties]),
    ("performer", lambda f: [u for p in f.parties for u in p.units]),
    ("arbiter", lambda f: [f.arbiter]),
    ("named", lambda f: f.told),
)

REPORTS_TO: Final[tuple[tuple[str, Callable[[Mission, str, Sequence[str]], Sequence[str]]], ...]] = (
    ("arbiter", lambda mission, about, arbiters: arbiters),
    ("superior", lambda mission, about, arbiters: mission.superiors(about)[:1]),
    ("duty desk", lambda mission, about, arbiters: [p.id for p in mission.participants if p.role == "desk"]),
    ("headquarters", lambda mission, about, arbiters: [p.id for p in mission.participants if p.role == "hq"]),
)


def told(finding: Finding) -> set[str]:
    """Return who is told of a finding, as `explain` says, without the reasons."""
    named = finding.told or [p for _, who in REASONS[:2] for p in who(finding)]
    return {p for p in (*named, finding.arbiter) if p and admits(finding.only, p)}


def admits(only: Sequence[str] | None, participant: str) -> bool:
    """Say whether a participant may know of something that only some may know of; None is everybody."""
    return only is None or participant in only


def explain(finding: Finding) -> tuple[Route, ...]:
    """Return who is told of a finding, sorted, with the reasons.

    The finding's own list decides, because it knows what may be shown; without one, issuers and performers are told.
    Its arbiter is told in any case, and in no case anybody who may not know that it exists.
    """
    by_reason = {reason: {p for p in who(finding) if p} for reason, who in REASONS}
    return tuple(Route(p, tuple(r for r, who in by_reason.items() if p in who)) for p in sorted(told(finding)))


def decides(mission: Mission, arbiters: Iterable[str], only: Sequence[str] | None) -> str:
    """Return who can decide several findings for the same eyes: the lowest common superior of their arbiters, or ""."""
    named = tuple(sorted({a for a in arbiters if a}))
    found = named[0] if len(named) == 1 else mission.arbiter(named)
    return found if admits(only, found) else ""


def report(
    mission: Mission, about: str, arbiters: Sequence[str], only: Sequence[str] | None = None
) -> tuple[Route, ...]:
    """Return who is told that a participant is silent: the first row of the table that names somebody else.

    ``only`` are those who may know at all what it is silent about.
    """
    for reason, who in REPORTS_TO:
        if told := sorted({p for p in who(mission, about, arbiters) if p and p != about and admits(only, p)}):
            return tuple(Route(p, (reason,)) for p in told)
    return ()
