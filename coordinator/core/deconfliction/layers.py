"""The measures of a mission on the earth: zones and areas of responsibility, laid out once and found by box.

A tree proposes, exact geometry decides. What follows an agreement is laid out when the agreement is known. A mission
without such measures pays nothing. Source: reference deconfliction.md §3.7 (STRtree for context layers), §1.2 (FSCM).
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final, Generic, NamedTuple, TypeVar

import numpy as np
import shapely

from coordinator.core.deconfliction.areas import Problem, region
from coordinator.core.deconfliction.geometry import Shape, widen
from coordinator.core.deconfliction.grounds import shape_of
from coordinator.core.deconfliction.ledger import Item, Ledger
from coordinator.core.deconfliction.periods import intervals
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import ALWAYS, MOST_WINDOWS, UNKNOWN, Span, fault, merged, span
from coordinator.core.measures import Boundary, Period, Zone
from schemas.directives import Agreement
from schemas.findings import SEVERITIES, Severity
from schemas.geo import AltitudeBand, AltitudeLimit
from schemas.time import TimeWindow

Floats = np.ndarray[Any, np.dtype[np.float64]]
Measure = TypeVar("Measure", Zone, Boundary)
_POLAR: Final = 89.9  # beyond it longitudes separate nothing
_TURNS: Final = (-360.0, 0.0, 360.0)


class Plot(NamedTuple, Generic[Measure]):
    """A measure on the earth, when it holds and between which heights; ``source`` is the agreement that it follows."""

    measure: Measure
    shape: Shape
    spans: tuple[Span, ...]
    band: AltitudeBand | None = None
    source: Item | None = None

    @property
    def key(self) -> str:
        """What tells it from other plots, whatever the revision of its agreement."""
        return "/".join((self.measure.name, *(self.source.key if self.source else ())))


class Layer(Generic[Measure]):
    """Plots, found by box."""

    def __init__(self, plots: Iterable[Plot[Measure]], reach_m: float = 0.0) -> None:
        self.plots: tuple[Plot[Measure], ...] = tuple(plots)
        boxes = np.array([widen(p.shape.box, reach_m + _standoff(p)) for p in self.plots]).reshape(-1, 4)
        self._tree = shapely.STRtree(_rectangles(boxes)) if self.plots else None

    def near(self, boxes: Floats) -> list[Plot[Measure]]:
        """Return the plots that touch one of some boxes (west, south, east, north; degrees), in the mission's order."""
        if self._tree is None or not len(boxes):
            return []
        turned = np.concatenate([boxes + np.array((turn, 0.0, turn, 0.0)) for turn in _TURNS])
        found = self._tree.query(_rectangles(turned))[1]
        return [self.plots[i] for i in np.unique(found)]


class Layers:
    """The layers of one mission. A ground that cannot be found is left out: the lint refuses such a mission."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        mission = setting.mission
        self.zones = Layer(p for z in mission.zones if (p := _zone(z, setting)))
        self.boundaries = Layer(q for b in mission.boundaries if (q := _boundary(b, setting)))
        self.following = tuple(z for z in mission.zones if z.agreement)
        self._followed: dict[tuple[str, bytes], Plot[Zone] | None] = {}

    def zones_near(self, boxes: Floats, ledger: Ledger) -> list[Plot[Zone]]:
        """Return the zones near some boxes, also those that follow an agreement in force."""
        near = self.zones.near(boxes)
        if not self.following:
            return near
        return near + [p for z in self.following for p in self.follow(z, ledger)]

    def follow(self, zone: Zone, ledger: Ledger) -> list[Plot[Zone]]:
        """Return a zone as the agreements of its kind that are in force lay it out."""
        held = ledger.current("agreement", ledger.framing.get(zone.agreement, set()))
        return [p for item in held if (p := self.plot(zone, item))]

    def plot(self, zone: Zone, item: Item) -> Plot[Zone] | None:
        """Return a zone as one agreement lays it out, or None if that has no area or does not hold at any time."""
        name = zone.name, item.digest
        if name not in self._followed:
            self._followed[name] = _following(zone, item, self._setting)
        return self._followed[name]

    def at_stake(self, classes: frozenset[str]) -> list[Severity]:
        """Return the severities of what cannot be ruled out for activities of some classes whose place is not known."""
        zones = [(z.classes, zone_severity(z, self._setting)) for z in self._setting.mission.zones]
        areas = [(b.classes, area_severity(b, classes, self._setting)) for b in self._setting.mission.boundaries]
        return [severity for wanted, severity in (*zones, *areas) if concerns(wanted, classes)]


def concerns(wanted: Sequence[str], classes: frozenset[str]) -> bool:
    """Say whether a measure's list of classes means an activity; ``*`` is every activity."""
    return "*" in wanted or not classes.isdisjoint(wanted)


def zone_severity(zone: Zone, setting: Setting) -> Severity:
    """Return how bad it is to be in a zone: its own word, the mission's for the kind, or §2.3."""
    if zone.severity:
        return zone.severity
    if zone.kind == "prohibited":
        return setting.default("prohibited-zone", "CRITICAL")
    return setting.default("restricted-zone", "HIGH")


def area_severity(boundary: Boundary, classes: frozenset[str], setting: Setting) -> Severity:
    """Return how bad it is to enter an area uncoordinated: the worst that it says of a class, or §2.3."""
    said = [severity for name, severity in boundary.severities.items() if name in classes]
    return min(said, key=SEVERITIES.index, default=setting.default("uncoordinated-entry", "MEDIUM"))


def spans_of(periods: Iterable[Period]) -> tuple[Span, ...]:
    """Return the periods of a measure as exact windows; none is always."""
    return tuple(Span(start, start, end, end) for start, end in intervals(periods))


def usable(windows: Sequence[TimeWindow]) -> tuple[Span, ...]:
    """Return the windows of a consent that can be used, the first of very many; none at all is always."""
    known = sorted({span(w) for w in windows if not fault(w)})
    return tuple(known[:MOST_WINDOWS]) if windows else (ALWAYS,)


def holding(windows: Sequence[TimeWindow]) -> tuple[Span, ...]:
    """Return when a restriction holds; none at all is always, and one that cannot be used is some time or other."""
    return merged([UNKNOWN if fault(w) else span(w) for w in windows]) if windows else (ALWAYS,)


def band_of(zone: Zone) -> AltitudeBand | None:
    """Return the heights that a zone spans; None is the whole column."""
    if zone.floor_m is None and zone.ceiling_m is None:
        return None
    lower, upper = (
        None if v is None else AltitudeLimit(reference=zone.reference, value_m=v)
        for v in (zone.floor_m, zone.ceiling_m)
    )
    return AltitudeBand(lower=lower, upper=upper)


def _zone(zone: Zone, setting: Setting) -> Plot[Zone] | None:
    if zone.ground is None:
        return None
    try:
        return Plot(zone, shape_of(zone.ground, setting), spans_of(zone.periods), band_of(zone))
    except Problem:
        return None


def _boundary(boundary: Boundary, setting: Setting) -> Plot[Boundary] | None:
    try:
        return Plot(boundary, shape_of(boundary.ground, setting), spans_of(boundary.periods))
    except Problem:
        return None


def _following(zone: Zone, item: Item, setting: Setting) -> Plot[Zone] | None:
    body = item.body
    if not isinstance(body, Agreement) or body.agreement_kind != zone.agreement or body.area is None:
        return None
    try:
        where = region(body.area, setting, "area")
    except Problem:
        return None
    return Plot(zone, where.shape, holding(body.windows), band_of(zone), item)


def _standoff(plot: Plot[Zone] | Plot[Boundary]) -> float:
    return plot.measure.standoff_m if isinstance(plot.measure, Zone) else 0.0


def _rectangles(boxes: Floats) -> Any:
    """Return boxes as an array of geometries."""
    return shapely.box(*_whole(boxes).T)


def _whole(boxes: Floats) -> Floats:
    """Return boxes, those that come near a pole all around the earth."""
    polar = np.abs(boxes[:, [1, 3]]).max(axis=1, initial=0.0) >= _POLAR
    boxes = boxes.copy()
    boxes[polar, 0], boxes[polar, 2] = -540.0, 540.0
    return boxes
