"""Who is told, and why: tables that are walked, so that every answer comes with its reason.

A finding concerns the participants that it names, and whoever can decide it. A participant that does not answer, or
cannot be reached, is reported to whoever arbitrates its cards, else to its superior, else to the duty desks.

Source: design §4, §5; domain.md §6.5 ("escalates to").
"""

from collections.abc import Callable, Collection, Iterable, Sequence
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
    mission: Mission,
    about: str,
    arbiters: Sequence[str],
    only: Sequence[str] | None = None,
    *,
    to: Sequence[str] = (),
    unreachable: Collection[str] = (),
) -> tuple[Route, ...]:
    """Return who is told that a participant is silent: of those who may, the first that there are.

    ``to`` are those whom a step of its ladder names, ``only`` those who may know at all what it is silent about. If
    nobody of them can be reached, those behind them are told as well.
    """
    rows = (("ladder", to), ("arbiter", arbiters), *_above(mission, about), *_desks(mission), *_headquarters(mission))
    return _first(mission, rows, {about}, only, unreachable)


def climb(
    mission: Mission,
    silent: str,
    told: Collection[str],
    only: Sequence[str] | None = None,
    *,
    to: Sequence[str] = (),
    unreachable: Collection[str] = (),
) -> tuple[Route, ...]:
    """Return who is told next if one of those who were ``told`` of something stays silent: up its chain, then desks.

    Nobody, if all of these were told: then it stays with the top of the chain.
    """
    rows = (("ladder", to), *_above(mission, silent), *_desks(mission))
    return _first(mission, rows, {silent, *told}, only, unreachable)


def further(
    mission: Mission,
    silent: str,
    arbiters: Sequence[str],
    told: Collection[str],
    only: Sequence[str] | None = None,
    *,
    to: Sequence[str] = (),
    unreachable: Collection[str] = (),
) -> tuple[Route, ...]:
    """Return who is told next that a participant is silent: as `report`, or as `climb` if somebody was ``told``."""
    if told:
        return climb(mission, silent, told, only, to=to, unreachable=unreachable)
    return report(mission, silent, arbiters, only, to=to, unreachable=unreachable)


_Rows = Iterable[tuple[str, Iterable[str]]]


def _above(mission: Mission, participant: str) -> _Rows:
    return (("superior", (one,)) for one in mission.superiors(participant))


def _desks(mission: Mission) -> _Rows:
    return (("duty desk", [p.id for p in mission.participants if p.role == "desk"]),)


def _headquarters(mission: Mission) -> _Rows:
    return (("headquarters", [p.id for p in mission.participants if p.role == "hq"]),)


def _first(
    mission: Mission, rows: _Rows, known: Collection[str], only: Sequence[str] | None, unreachable: Collection[str]
) -> tuple[Route, ...]:
    """Return the first row that names somebody else, and those behind it until somebody can be reached."""
    found: dict[str, str] = {}
    for reason, who in rows:
        found |= {p: reason for p in who if p and p not in known and p not in found and admits(only, p)}
        if any(p not in unreachable for p in found):
            break
    return tuple(Route(p, (found[p],)) for p in in_order(mission, found))


def in_order(mission: Mission, participants: Iterable[str]) -> tuple[str, ...]:
    """Return participants in the order of the mission, so that no name counts; whoever is not in it comes last."""
    place = {p.id: i for i, p in enumerate(mission.participants)}
    return tuple(sorted(participants, key=lambda p: (place.get(p, len(place)), p)))
