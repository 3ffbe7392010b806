"""By how much an order must be sooner or later to be clear of every other one, by the intervals of §3.6.

Every order that it may meet within the mission's limit forbids an interval for each two parts that meet in place (K01)
and each two uses of a section (K04); what the finding itself is about forbids the times of its parties. An order that
has begun is not moved, and none is moved to where its units would learn of it too late. Source: reference
deconfliction.md §3.6, §2.3.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from coordinator.core.deconfliction.candidates import candidates
from coordinator.core.deconfliction.changes import MOVABLE
from coordinator.core.deconfliction.meeting import Needs
from coordinator.core.deconfliction.picture import Picture, pair
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.sides import Side, accord
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


def slots(side: Side, finding: Finding, picture: Picture, within: Limits, *, clear: bool = True) -> Slots:
    """Return what forbids an order to be moved, all that may stand in the way within its limits.

    Without ``clear`` other findings that it is part of already may stay: then those orders forbid nothing.
    """
    found = Slots(micros(picture.setting.rules.shift_step_s))
    assert side.reading is not None  # noqa: S101 - `limits` has seen it
    for block in _blocks(side, side.reading, finding, picture, within, clear):
        if block.interval.low < within.last and within.first < block.interval.high:
            found.forbid(block)
    return found


def _blocks(
    side: Side, of: Reading, finding: Finding, picture: Picture, within: Limits, clear: bool
) -> Iterator[Block]:
    parties = {(p.issuer, p.id) for p in finding.parties}
    for key in sorted(picture.neighbours(side.key, max(-within.first, within.last))):
        other = picture.sides[key][-1]
        if other.reading is None or other.reality != side.reality:
            continue
        if clear or key in parties or not picture.rulings.get(pair(side.key, key)):
            yield from _activities(side, of, other, other.reading, picture)
            yield from _crossings(of, other.reading, picture)
    own = finding.finding_kind == "route-capacity" and len(parties) == 1
    yield from (b for b in _ratings(of, picture) if clear or own or b.interval != NEVER)
    if finding.finding_kind not in BY_PARTS:
        yield from _parties(side, of, finding, picture)


def _activities(side: Side, of: Reading, other: Side, read: Reading, picture: Picture) -> Iterator[Block]:
    """Yield what K01 forbids between two orders."""
    between = accord(picture.ledger, side, other, picture.setting)
    for rule in picture.setting.rows(of.classes, read.classes):
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
