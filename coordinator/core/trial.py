"""An example of a card, tried on a mission: which rows match, who is told, and what happens when nobody answers.

The same code as alerting's; nothing is asked of a running bus. Times are microseconds UTC.
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from coordinator.core import ladders, routing
from coordinator.core.duties import Do
from coordinator.core.mission import Mission
from coordinator.core.routetree import Policy, Sample, Tree
from schemas.alerts import AlertKind, CapSeverity
from schemas.findings import FindingKind


class Example(NamedTuple):
    """What a card would be about; ``place`` is a place or a boundary of the mission, ``parties`` are participants."""

    kind: AlertKind = "conflict"
    severity: CapSeverity = "Severe"
    findings: tuple[FindingKind, ...] = ()
    place: str = ""
    parties: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  # none given are those of the parties
    at: int = 0


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the tree and the first test that fails: "" if none does, "earlier" if it was not asked any more."""

    row: int
    name: str
    fails: str
    to: tuple[str, ...]
    ladder: str


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is told, and as what."""

    participant: str
    reason: str  # "party", "arbiter", "named", or the role of the roster


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A step that is taken about one who does not acknowledge, and who is told then, by the roster of that time."""

    silent: str
    at: int
    do: Do | str  # "climb": the call itself was not answered
    told: tuple[str, ...] = ()
    reason: str = ""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen. ``due`` is None where nobody owes an acknowledgement."""

    rows: tuple[Tried, ...]
    told: tuple[Reached, ...]
    unfilled: tuple[str, ...]  # names that rows give and that mean nobody who may be told
    ladder: str
    due: int | None
    steps: tuple[Taken, ...]


def tried(mission: Mission, example: Example) -> Trial:
    """Return what would happen to a card."""
    tree = Tree(mission)
    sample = Sample(
        example.kind, example.severity, frozenset(example.findings), tree.where.areas(example.place, None),
        frozenset(example.parties), frozenset(example.languages) or tree.languages(example.parties),
    )  # fmt: skip
    asked, policy = tree.asked(sample), tree.policy(sample)
    plan = ladders.plan(mission, example.severity, policy.ladder)
    ladder = ladders.ladder(mission, example.severity, policy.ladder)
    told = _told(tree, example, policy.to)
    held = {p for r in told for p in (r.participant,)}
    missing = (n for n in policy.to if not held.intersection(_who(tree, example, (n,), example.at)))
    return Trial(
        rows=tuple(
            Tried(row=i, name=a.row.name, fails=a.fails, to=a.row.to, ladder=a.row.ladder) for i, a in enumerate(asked)
        ),
        told=tuple(told),
        unfilled=tuple(missing),
        ladder=ladder.name if ladder else "",
        due=None if plan.allowed is None else example.at + plan.allowed,
        steps=tuple(s for r in told for s in _steps(tree, example, r.participant, plan)),
    )


def _told(tree: Tree, example: Example, to: tuple[str, ...]) -> list[Reached]:
    found = dict.fromkeys(example.parties, "party")
    if arbiter := _arbiter(tree.mission, example):
        found.setdefault(arbiter, "arbiter")
    for name in to:
        for p in _who(tree, example, (name,), example.at):
            found.setdefault(p, "named" if p == name else name)
    return [Reached(participant=p, reason=reason) for p, reason in found.items()]


def _arbiter(mission: Mission, example: Example) -> str:
    """Return who can decide between the parties of a conflict."""
    return mission.arbiter(example.parties) if example.kind == "conflict" else ""


def _who(tree: Tree, example: Example, names: tuple[str, ...], at: int) -> tuple[str, ...]:
    return tree.resolve(names, at, example.place, None, example.parties)


def _steps(tree: Tree, example: Example, silent: str, plan: ladders.Plan) -> Iterator[Taken]:
    """Yield the steps about one who stays silent, then those about whoever was told of that and stays silent too."""
    if plan.allowed is None:
        return
    due, told = example.at + plan.allowed, list[str]()
    arbiters = [a for a in (_arbiter(tree.mission, example),) if a]
    for rung in plan.rungs:
        at, further = due + rung.at, tuple[routing.Route, ...]()
        to = _who(tree, example, rung.to, at)
        if rung.do == "superior" or to or (rung.do == "voice" and not told):
            further = routing.further(tree.mission, silent, arbiters, told, to=to)
        fresh = [r.participant for r in further]
        if fresh and not told:  # the call is a card as well, and rows have it told to others
            fresh += _besides(tree, example, silent, fresh, at)
        told += fresh
        named = tuple(told if rung.do == "voice" else fresh)
        yield Taken(silent=silent, at=at, do=rung.do, told=named, reason=further[0].reasons[0] if further else "")
    yield from _climbs(tree, example, silent, told, due)


def _climbs(tree: Tree, example: Example, silent: str, told: list[str], since: int) -> Iterator[Taken]:
    plan = ladders.plan(tree.mission, example.severity, _call_policy(tree, example, silent).ladder)
    calls = [r for r in plan.rungs if r.do == "superior"]
    if plan.allowed is None or not calls:
        return
    fresh, at = tuple(told), since + plan.allowed + calls[0].at
    while fresh:
        to = _who(tree, example, calls[0].to, at)
        above = {r.participant: r.reasons[0] for p in fresh for r in _above(tree, p, (silent, *told), to)}
        if not above:
            return
        fresh = routing.in_order(tree.mission, above)
        told += fresh
        yield Taken(silent=silent, at=at, do="climb", told=fresh, reason=above[fresh[0]])
        at += plan.allowed + calls[0].at


def _above(tree: Tree, silent: str, told: tuple[str, ...], to: tuple[str, ...]) -> tuple[routing.Route, ...]:
    return routing.climb(tree.mission, silent, told, to=to)


def _besides(tree: Tree, example: Example, silent: str, told: list[str], at: int) -> list[str]:
    """Return who is told of the call about a silent participant because a row says so."""
    to = _call_policy(tree, example, silent).to
    found = tree.resolve(to, at, example.place, None, {silent, *told})
    return [p for p in found if p != silent and p not in told]


def _call_policy(tree: Tree, example: Example, silent: str) -> Policy:
    """Return what the rows say of the call about a silent participant."""
    call = Sample(
        "late-acknowledgement", example.severity, frozenset(), tree.where.areas(example.place, None),
        frozenset({silent}), tree.languages((silent,)),
    )  # fmt: skip
    return tree.policy(call)
