"""What might settle a finding besides another time: another height, channel, asset or way. Nothing is verified here.

Each proposal is for one party, the smallest change first; `options` asks the verdicts whether it helps and harms
nobody. Source: reference deconfliction.md §2.3 (options), §3.6 (one dimension each).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from coordinator.core.deconfliction.candidates import candidates
from coordinator.core.deconfliction.explain_options import OTHERS_REMAIN
from coordinator.core.deconfliction.fences import asides, smaller
from coordinator.core.deconfliction.geometry import separation
from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.meeting import Needs
from coordinator.core.deconfliction.picture import Picture
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.shifts import limits, obstacles, slots
from coordinator.core.deconfliction.sides import Accord, Side, accord
from coordinator.core.deconfliction.slots import ENDLESS, Block, Interval, Slots
from coordinator.core.deconfliction.verdicts.activities import lifted
from coordinator.core.deconfliction.windows import MICROS, micros, possible
from schemas.directives import Directive
from schemas.findings import Finding, FindingKind, Option
from schemas.geo import AltitudeBand, AltitudeLimit
from schemas.notices import MovementNotice

Proposal = Callable[[Finding, Side, Picture, int], Iterable[Option]]
HIGHEST_M: Final = 20_000.0
MOST: Final = 8
"""Channels, assets or ways that are tried for one party."""


def shifts(finding: Finding, of: Side, picture: Picture, now: int) -> Iterator[Option]:
    """Yield the nearest free times of an order, sooner or later, the smaller change first.

    First those at which it is clear of all others; then, for an order of which other findings may stay, of the rest.
    """
    within = limits(of, picture, now)
    if within is None:
        return
    step = picture.step
    word = "headway" if finding.evidence.rule in ("headway", "direction") else "shift"
    found = obstacles(of, finding, picture, within)
    for clear in (True, False):
        free = slots(found, picture, clear=clear)
        near = (free.later(step, within.last), free.earlier(-step, within.first))
        for by in sorted((s for s in near if s is not None), key=lambda s: (abs(s), s)):
            key = "" if clear else OTHERS_REMAIN
            yield Option(option=word, party=of.key[1], shift_s=by / MICROS, text_key=key)  # type: ignore[arg-type]


def altitudes(finding: Finding, of: Side, picture: Picture, now: int) -> Iterator[Option]:
    """Yield the nearest free heights of an order that has a band, its thickness and its datum kept."""
    band = of.reading.fields.altitude if of.reading else None
    if of.reading is None or band is None or not _finite(band) or _on_points(of.reading):
        return
    free = Slots(1)
    for block in _heights(of, of.reading, picture):
        free.forbid(block)
    lowest = -max(0, _mm(band.lower))  # not below the ground or the sea
    found = (free.later(1, round(HIGHEST_M * 1000) - _mm(band.upper)), free.earlier(-1, lowest))
    for by in sorted((z for z in found if z is not None), key=lambda z: (abs(z), z)):
        yield Option(option="altitude", party=of.key[1], altitude=_lifted_by(band, by))


def _finite(band: AltitudeBand) -> bool:
    ends = (band.lower, band.upper)
    known = all(e is not None and e.value_m is not None for e in ends)
    return known and len({e.reference for e in ends if e}) == 1


def _on_points(of: Reading) -> bool:
    """Say whether the way itself gives heights, which one band would not replace."""
    return of.fields.route is not None and any(p.altitude for p in of.fields.route.points)


def _mm(limit: AltitudeLimit | None) -> int:
    return round((limit.value_m or 0.0) * 1000) if limit else 0


def _lifted_by(band: AltitudeBand, by: int) -> AltitudeBand:
    lower, upper = (
        replace(e, value_m=round(_mm(e) + by) / 1000, raw="") if e else None for e in (band.lower, band.upper)
    )
    return AltitudeBand(lower=lower, upper=upper)


def _heights(of: Side, read: Reading, picture: Picture) -> Iterator[Block]:
    """Yield the changes of height that every order forbids that is there at the time (K01)."""
    for key in sorted(picture.neighbours(of.key, 0)):
        other = picture.sides[key][-1]
        if other.reading is None or other.reality != of.reality:
            continue
        rules = picture.setting.rows(read.classes, other.reading.classes)
        between = accord(picture.ledger, of, other, picture.setting) if rules else Accord()
        for rule in rules:
            if not lifted(rule, read, other.reading, between):
                row = rule.row
                yield from _columns(read, other.reading, Needs(row.distance_m, row.gap_s, row.vertical_m, row.touch))


def _columns(a: Reading, b: Reading, needs: Needs) -> Iterator[Block]:
    near = candidates(a, b, needs.distance_m, micros(needs.gap_s))
    if not near.complete:
        yield Block(Interval(-ENDLESS, ENDLESS))
    buffer = max(1, round(needs.vertical_m * 1000))
    for i, j in near.pairs:
        p, q = a.parts[i], b.parts[j]
        if possible(p.span, q.span, micros(needs.gap_s)) and _over(p, q, needs):
            yield Block(_column(p.altitude, q.altitude, buffer))


def _over(p: Part, q: Part, needs: Needs) -> bool:
    return separation(p.shape, q.shape, needs.distance_m, touch=needs.touch) is not None


def _column(moved: AltitudeBand | None, other: AltitudeBand | None, buffer: int) -> Interval:
    """Return the changes of height for which two bands are nearer than a buffer; unlike datums separate nothing."""
    if moved is None or other is None:
        return Interval(-ENDLESS, ENDLESS)
    return Interval(
        _level(other.lower, moved.upper, -1) - _mm(moved.upper) - buffer,
        _level(other.upper, moved.lower, 1) - _mm(moved.lower) + buffer,
    )


def _level(limit: AltitudeLimit | None, like: AltitudeLimit | None, side: int) -> int:
    """Return a limit in millimetres; endless where it is open or measured from something else."""
    if limit is not None and limit.reference == "SFC" and side > 0:
        limit = AltitudeLimit(reference="AGL", value_m=0.0)
    known = limit is not None and limit.value_m is not None and like is not None and limit.reference == like.reference
    return _mm(limit) if known else side * ENDLESS


def channels(finding: Finding, of: Side, picture: Picture, now: int) -> Iterator[Option]:
    """Yield the channels that everybody who performs an order may use, the nearest to its own first."""
    used = offending(finding, of)
    if used is None or not isinstance(of.version.body, Directive | MovementNotice):
        return
    rows = {a.participant: a.channels_mhz for a in picture.setting.mission.allotments}
    sets = [frozenset(rows.get(p, ())) for p in of.version.performers or (of.issuer,)]
    free = sets[0].intersection(*sets[1:]) - frozenset(of.version.body.frequencies_mhz)
    for channel in sorted(free, key=lambda f: (abs(f - used), f))[:MOST]:
        yield Option(option="channel", party=of.key[1], frequency_mhz=channel)


def offending(finding: Finding, of: Side) -> float | None:
    """Return the frequency of a party that a finding is about."""
    at = next((i for i, p in enumerate(finding.parties) if (p.issuer, p.id) == of.key), 0)
    return finding.evidence.frequencies_mhz[at] if at < len(finding.evidence.frequencies_mhz) else None


def assets(finding: Finding, of: Side, picture: Picture, now: int) -> Iterator[Option]:
    """Yield other assets of the same type."""
    own = picture.setting.asset(finding.evidence.asset)
    others = (a.name for a in picture.setting.mission.assets if own and own.type and a.type == own.type)
    yield from (
        Option(option="asset", party=of.key[1], asset=n) for n in sorted(others)[:MOST] if own and n != own.name
    )


def ways(finding: Finding, of: Side, picture: Picture, now: int) -> Iterator[Option]:
    """Yield the other routes that the mission names for the one that an order takes."""
    route = of.reading.fields.route if of.reading else None
    known = picture.setting.mission.route(route.name) if route and route.name else None
    for name in known.alternatives[:MOST] if known else ():
        yield Option(option="route", party=of.key[1], route=name)


PROPOSALS: Final[dict[FindingKind, tuple[Proposal, ...]]] = {
    "incompatible-activities": (shifts, altitudes, ways),
    "route-capacity": (shifts, ways),
    "contradictory-orders": (shifts,),
    "asset-overbooked": (shifts, assets),
    "frequency": (shifts, channels),
    "infeasible": (shifts,),
    "uncoordinated-entry": (asides, ways),
    "prohibited-zone": (asides, smaller, ways, shifts),
    "restricted-zone": (asides, smaller, ways, shifts),
    "caveat": (shifts,),
}
"""What can be computed for a kind; whom to talk to is offered for all."""


def instead(finding: Finding, of: Side) -> float | str:
    """Return what an option of a kind replaces: a frequency, or the name of an asset."""
    return finding.evidence.asset or offending(finding, of) or ""


def party_sides(finding: Finding, picture: Picture) -> list[Side]:
    """Return the parties of a finding as they are in force, by order id."""
    keys: list[Key] = [(p.issuer, p.id) for p in finding.parties]
    return [picture.sides[k][-1] for k in sorted(keys, key=lambda k: (k[1], k[0])) if picture.sides.get(k)]
