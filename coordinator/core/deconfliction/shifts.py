"""By how much an order must be sooner or later to be clear of every other one, by the intervals of §3.6.

Every order that it may meet within the mission's limit forbids an interval for each two parts that meet in place (K01)
and each two uses of a section (K04); what the finding itself is about forbids the times of its parties. An order that
has begun is not moved, and none is moved to where its units would learn of it too late. Source: reference
deconfliction.md §3.6, §2.3.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from coordinator.core.deconfliction.candidates import candidates
from coordinator.core.deconfliction.changes import MOVABLE
from coordinator.core.deconfliction.fences import fenced
from coordinator.core.deconfliction.meeting import Needs
from coordinator.core.deconfliction.picture import Picture, pair
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.sides import Accord, Side, accord
from coordinator.core.deconfliction.slots import ENDLESS, Block, Interval, Slots, forbidden, meeting_blocks
from coordinator.core.deconfliction.verdicts.activities import lifted
from coordinator.core.deconfliction.verdicts.base import Passing
from coordinator.core.deconfliction.verdicts.capacity import over_capacity, spacing
from coordinator.core.deconfliction.windows import FAR, micros
from schemas.findings import Finding
from schemas.notices import HazardNotice, MovementNotice

NEVER: Final = Interval(-ENDLESS, ENDLESS)
BY_PARTS: Final = frozenset(("incompatible-activities", "route-capacity"))
"""Kinds whose own intervals are those of parts and sections."""


class Limits(NamedTuple):
    """How far an order may be moved, microseconds: first <= 0 <= last."""

    first: int
    last: int


class Obstacle(NamedTuple):
    """A forbidden interval; ``stands`` if the order is part of another finding with who forbids it already."""

    block: Block
    stands: bool


def limits(side: Side, picture: Picture, now: int) -> Limits | None:
    """Return how far an order may be moved, or None if it may not be moved in time at all."""
    body, of, rules = side.version.body, side.reading, picture.setting.rules
    if of is None or not isinstance(body, MOVABLE) or not of.fields.active or not _planned(body):
        return None
    start, end = of.extent.se, of.extent.el
    if (start <= -FAR and end >= FAR) or start <= now:
        return None
    reach = micros(rules.shift_s)
    return Limits(max(-reach, min(0, now + micros(rules.notice_s) - start)), reach)


def _planned(body: object) -> bool:
    return not isinstance(body, HazardNotice | MovementNotice) or body.state == "planned"


def obstacles(side: Side, finding: Finding, picture: Picture, within: Limits) -> list[Obstacle]:
    """Return everything that may stand in the way of an order within its limits."""
    found = [] if side.reading is None else _obstacles(side, side.reading, finding, picture, within)
    return [o for o in found if o.block.interval.low < within.last and within.first < o.block.interval.high]


def slots(found: Iterable[Obstacle], picture: Picture, *, clear: bool) -> Slots:
    """Return what forbids an order to be moved.

    Without ``clear`` other findings that it is part of already may stay: then those orders forbid nothing.
    """
    free = Slots(picture.step)
    for obstacle in found:
        if clear or not obstacle.stands:
            free.forbid(obstacle.block)
    return free


def _obstacles(side: Side, of: Reading, finding: Finding, picture: Picture, within: Limits) -> Iterator[Obstacle]:
    parties = {(p.issuer, p.id) for p in finding.parties}
    for key in sorted(picture.neighbours(side.key, max(-within.first, within.last))):
        other = picture.sides[key][-1]
        if other.reading is None or other.reality != side.reality:
            continue
        stands = key not in parties and bool(picture.rulings.get(pair(side.key, key)))
        yield from (Obstacle(b, stands) for b in _activities(side, of, other, other.reading, picture))
        yield from (Obstacle(b, stands) for b in _crossings(of, other.reading, picture))
    slack = max(-within.first, within.last)
    yield from (Obstacle(Block(forbidden(x, y, 0)), False) for x, y in fenced(side, of, finding, picture, slack))
    own = finding.finding_kind == "route-capacity" and len(parties) == 1
    yield from (Obstacle(b, not own and b.interval == NEVER) for b in _ratings(of, picture))
    if finding.finding_kind not in BY_PARTS:
        yield from (Obstacle(b, False) for b in _parties(side, of, finding, picture))


def _activities(side: Side, of: Reading, other: Side, read: Reading, picture: Picture) -> Iterator[Block]:
    """Yield what K01 forbids between two orders."""
    rules = picture.setting.rows(of.classes, read.classes)
    between = accord(picture.ledger, side, other, picture.setting) if rules else Accord()
    for rule in rules:
        if lifted(rule, of, read, between):
            continue
        row = rule.row
        near = candidates(of, read, row.distance_m, None)
        needs = Needs(row.distance_m, row.gap_s, row.vertical_m, row.touch)
        yield from (meeting_blocks(of.parts[i], read.parts[j], needs) for i, j in near.pairs)
        if not near.complete:
            yield Block(NEVER)


def _crossings(of: Reading, read: Reading, picture: Picture) -> Iterator[Block]:
    """Yield what two uses of one section forbid (K04)."""
    own, others = picture.passings(of), picture.passings(read)
    for name in own.keys() & others.keys():
        spot, uses, rated = own[name]
        for use in uses:
            for met in others[name][1]:
                apart = spacing(Passing(spot, use, rated[-1]), Passing(spot, met, rated[-1]))
                if apart is not None:
                    yield Block(forbidden(use.span, met.span, apart))


def _ratings(of: Reading, picture: Picture) -> Iterator[Block]:
    """Yield when a section carries too little for an order (K04)."""
    for spot, uses, rated in picture.passings(of).values():
        always = rated[-1]._replace(spans=())
        for use in uses:
            if over_capacity(of, Passing(spot, use, always), picture.setting):
                yield from (Block(forbidden(use.span, s, 0)) for s in rated[-1].spans)
                yield from () if rated[-1].spans else (Block(NEVER),)


def _parties(side: Side, of: Reading, finding: Finding, picture: Picture) -> Iterator[Block]:
    """Yield the times of the other parties, and what the finding asks for in between."""
    e = finding.evidence
    asset = picture.setting.asset(e.asset)
    gap = micros(max(e.required_gap_s or 0.0, e.travel_s or 0.0, asset.turnaround_s if asset else 0.0))
    for party in finding.parties:
        other = picture.sides.get((party.issuer, party.id), ())
        if other and other[-1].reading is not None and other[-1].key != side.key:
            yield from (Block(forbidden(x, y, gap)) for x in of.spans for y in other[-1].reading.spans)
