"""Ways out of zones, areas and caveats: elsewhere, with a smaller effect, at another time. Nothing is verified here.

Source: reference deconfliction.md §2.3 K05-K08 (options), §3.6.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Final

import shapely

from coordinator.core.deconfliction.building import finding_id
from coordinator.core.deconfliction.declared import declared, doubts
from coordinator.core.deconfliction.displacement import shortest
from coordinator.core.deconfliction.geometry import Shape, apart_m, separation
from coordinator.core.deconfliction.layers import Plot
from coordinator.core.deconfliction.meeting import heights
from coordinator.core.deconfliction.picture import Picture
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.verdicts.caveats import holding
from coordinator.core.deconfliction.verdicts.zones import bare, meant
from coordinator.core.deconfliction.windows import FAR, Span
from coordinator.core.measures import Boundary, Zone
from schemas.directives import Directive
from schemas.findings import Finding, Option

MOST_CORNERS: Final = 500
"""Around a larger zone no shortest way out is looked for: it takes too long."""
AnyPlot = Plot[Zone] | Plot[Boundary]


def asides(finding: Finding, of: Side, picture: Picture, now: int) -> Iterator[Option]:
    """Yield the shortest move of what stays at one place out of the zone or area that a finding is about."""
    read, plot = of.reading, _plot(finding, of, picture)
    if read is None or plot is None or read.fields.area is None or any(p.moving for p in read.parts):
        return
    if shapely.get_num_coordinates(plot.shape.geometry) > MOST_CORNERS:
        return
    standoff = plot.measure.standoff_m if isinstance(plot.measure, Zone) else 0.0
    effect = read.fields.reach_m if isinstance(plot.measure, Boundary) else 0.0
    shapes = _shapes(bare(p, effect) for p in read.parts)
    for spare in (1.0, 10.0):  # metres, for numbers that are rounded and for an earth that is not flat
        move = shortest(shapes, plot.shape, standoff + spare)
        bearing = round(math.degrees(math.atan2(move.east_m, move.north_m)) % 360.0, 2) % 360.0
        yield Option(option="move-out", party=of.key[1], distance_m=round(move.distance_m, 1), bearing_deg=bearing)


def smaller(finding: Finding, of: Side, picture: Picture, now: int) -> Iterator[Option]:
    """Yield by how much a danger area must be smaller to keep off a zone, if that is enough."""
    read, plot = of.reading, _plot(finding, of, picture)
    if read is None or plot is None or not isinstance(plot.measure, Zone) or not isinstance(read.body, Directive):
        return
    effect = read.body.buffer_m or 0.0
    near = min((apart_m(bare(p, effect).shape, plot.shape) for p in read.parts), default=0.0)
    by = math.ceil(plot.measure.standoff_m + effect - near + 0.01)
    if 0 < by <= effect:
        yield Option(option="reduce", party=of.key[1], distance_m=float(by))


def _plot(finding: Finding, of: Side, picture: Picture) -> AnyPlot | None:
    """Return what on the ground a finding is about."""
    layers, read = picture.setting.layers, of.reading
    if read is None:
        return None
    near: list[AnyPlot] = [*layers.zones_near(read.boxes, picture.ledger), *layers.boundaries.near(read.boxes)]
    return next((p for p in near if finding_id(finding.finding_kind, [of.key], p.key) == finding.id), None)


def _shapes(parts: Iterable[Part]) -> list[Shape]:
    unique = {(p.shape.geometry.wkb, p.shape.reach_m): p.shape for p in parts}
    return [unique[k] for k in sorted(unique)]


# -- other times ------------------------------------------------------------------------------------------------------


def fenced(of: Side, read: Reading, finding: Finding, picture: Picture, slack: int) -> Iterator[tuple[Span, Span]]:
    """Yield when parts of an order are where something holds, and when that is: times it must not be moved into.

    ``slack`` is how far it may be moved, microseconds. What a permission settles is left to the verdicts, and so is a
    caveat unless the finding is about it: a way out must not tell of one.
    """
    setting = picture.setting
    for plot in setting.layers.zones_near(read.boxes, picture.ledger):
        if meant(plot, of, setting) and not picture.ledger.agreed.get(of.key[1]):
            yield from ((p.span, z) for p in read.parts if _in_reach(p, plot) for z in plot.spans)
    if finding.finding_kind == "caveat":
        yield from _restricted(of, read, finding, picture, slack)


def _in_reach(part: Part, plot: Plot[Zone]) -> bool:
    if heights(part.altitude, plot.band, 0.0).apart:
        return False
    return separation(part.shape, plot.shape, plot.measure.standoff_m, touch=plot.measure.touch) is not None


def _restricted(of: Side, read: Reading, finding: Finding, picture: Picture, slack: int) -> Iterator[tuple[Span, Span]]:
    ledger = picture.ledger
    for item in ledger.current("caveat", set(ledger.threads["caveat"])):
        caveat = declared(item, picture.setting)
        about = caveat is not None and doubts(of, read, caveat, picture.setting) is not None
        if caveat and about and finding_id("caveat", [of.key], caveat.name) == finding.id:
            for part in read.occupied:
                if caveat.place is None or separation(part.shape, caveat.place, 0.0) is not None:
                    yield from ((part.span, z) for z in holding(part._replace(span=_wide(part.span, slack)), caveat))


def _wide(of: Span, slack: int) -> Span:
    return Span(max(-FAR, of.se - slack), max(-FAR, of.sl - slack), min(FAR, of.ee + slack), min(FAR, of.el + slack))
