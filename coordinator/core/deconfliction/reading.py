"""What one version of a message occupies: parts in place, height and time; and what could not be read (K18).

A reading is a pure function of the message and the mission. Nothing is guessed: what cannot be placed or timed becomes
a problem, and the other parts still count. Source: reference deconfliction.md §2.1, §2.3 (eff(), K18).
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from coordinator.core.deconfliction.areas import Problem, Region, region
from coordinator.core.deconfliction.bands import upside_down
from coordinator.core.deconfliction.geometry import Shape, shape
from coordinator.core.deconfliction.legs import Leg, Stretch
from coordinator.core.deconfliction.routes import Mover, column_m, stretches
from coordinator.core.deconfliction.setting import CROSSABLE, HAZARD, Setting
from coordinator.core.deconfliction.units import Unit, units
from coordinator.core.deconfliction.windows import ALWAYS, UNKNOWN, Span, fault, merged, span
from schemas.base import Message
from schemas.directives import Directive, Vehicles
from schemas.geo import AltitudeBand, Area, Circle, Pair, Route
from schemas.notices import HazardNotice, MovementNotice, ProtectedSite
from schemas.reports import IncidentReport
from schemas.time import TimeWindow

MAX_PARTS: Final = 20_000
"""Legs times windows of one route; more are not checked, and said so."""

Acting = Directive | MovementNotice | HazardNotice | ProtectedSite | IncidentReport


class Part(NamedTuple):
    """One piece of the occupied space. ``moving``: somewhere on it, not all of it; ``timed``: its own window.

    A ``leg`` can be cut into smaller pieces. ``blur_m`` is the part of its reach that is only the circular error of a
    position: what depends on it is possible, not certain.
    """

    shape: Shape
    span: Span
    altitude: AltitudeBand | None
    moving: bool
    timed: bool
    course: Pair | None
    name: str
    leg: Leg | None = None
    blur_m: float = 0.0

    def halves(self) -> "tuple[Part, ...]":
        """Return the two halves of a leg, each with its own window; nothing for a cell or what does not move."""
        return tuple(
            self._replace(shape=shape(h.line, self.shape.reach_m), span=(h.span if self.timed else None) or self.span,
                          leg=h)
            for h in (self.leg.halves() if self.leg else ())
        )  # fmt: skip


class Fields(NamedTuple):
    """The fields that the four kinds of occupation share, under one name each."""

    area: Area | None
    route: Route | None
    windows: tuple[TimeWindow, ...]
    altitude: AltitudeBand | None
    reach_m: float
    method: str
    vehicles: tuple[Vehicles, ...]
    active: bool = True
    always: bool = False  # no window means that it always is there
    what: str = ""


def _directive(body: Directive) -> Fields:
    return Fields(body.area, body.route, body.windows, body.altitude, body.buffer_m or 0.0, "", body.vehicles,
                  what=_order(body))  # fmt: skip


def _order(body: Directive) -> str:
    kind = "exclusive order" if body.exclusive else "order"
    return f"{kind} to {body.action}" if body.action != "other" else kind


def _movement(body: MovementNotice) -> Fields:
    return Fields(body.area, body.route, body.windows, body.altitude, 0.0, body.method, body.vehicles,
                  active=body.state != "completed", what=f"{body.movement_kind} movement")  # fmt: skip


def _hazard(body: HazardNotice) -> Fields:
    reach = (body.safety_radius_m or 0.0) + (body.error_m or 0.0)
    return Fields(body.area, None, body.windows, body.altitude, reach, "", (),
                  active=body.state in ("planned", "hot"), always=body.state == "hot",
                  what=f"{body.hazard_kind} hazard")  # fmt: skip


def _site(body: ProtectedSite) -> Fields:
    area = body.footprint or (Circle(centre=body.position, radius_m=0.0) if body.position else None)
    return Fields(area, None, body.windows, None, body.buffer_m or 0.0, "", (),
                  active=not body.removed, always=True, what="protected site")  # fmt: skip


def _incident(body: IncidentReport) -> Fields:
    """Return what a danger occupies from when it occurred until it is lifted; other incidents occupy nothing."""
    radius, since = body.safety_radius_m or 0.0, body.occurred.utc if body.occurred else None
    around = Circle(centre=body.position, radius_m=radius) if body.position and radius else None
    when = (TimeWindow(start_earliest=since, start_latest=since),) if since is not None else ()
    return Fields(around or body.area, None, when, None, 0.0 if around else radius, "", (),
                  active=body.danger == "present", always=True, what=f"{body.category} incident")  # fmt: skip


_FIELDS: Final[dict[type, Any]] = {
    Directive: _directive, MovementNotice: _movement, HazardNotice: _hazard, ProtectedSite: _site,
    IncidentReport: _incident,
}  # fmt: skip


def fields(body: Acting) -> Fields:
    """Return the shared fields of a message that occupies something."""
    found: Fields = _FIELDS[type(body)](body)
    return found


class Reading:
    """One version of a message, read with the eyes of one mission."""

    def __init__(self, body: Acting, setting: Setting) -> None:
        self.body = body
        self.fields = fields(body)
        self.classes = setting.classes(body, self.method, self.fields.vehicles)
        self.uses: dict[str, Any] = {}  # section -> its uses, kept here by whoever works them out
        self._setting = setting
        self._faults = tuple(map(fault, self.fields.windows))
        problems: list[Problem] = []
        self.parts: tuple[Part, ...] = tuple(self._parts(problems)) if self.matters else ()
        warned = HAZARD in self.classes  # whoever plans may leave out where; who warns may not
        self.problems = tuple(problems) if self._asked or warned or setting.placed else ()

    @property
    def vehicles(self) -> bool:
        """Whether vehicles move: listed, or the method says so."""
        return bool(self.fields.vehicles) or self.method == "vehicle"

    @property
    def compared(self) -> bool:
        """Whether some matrix row speaks of it."""
        return bool(self.classes & self._setting.named_classes)

    @property
    def crossable(self) -> bool:
        """Whether it is a hazard, or a plan that a hazard reaches if they meet."""
        return not self.classes.isdisjoint(CROSSABLE)

    @property
    def judged(self) -> bool:
        """Whether two such are held against each other (K01)."""
        return self.compared or self.crossable

    @property
    def tasking(self) -> bool:
        """Whether it is an order that tasks units by itself (K02, K10, K11, K17)."""
        return isinstance(self.body, Directive) and bool(self.body.performers) and not self.pure_amendment

    @property
    def bound(self) -> bool:
        """Whether it is an order that must keep within a mandate that the mission has recorded (K09)."""
        return bool(self._setting.mission.mandate) and isinstance(self.body, Directive) and not self.pure_amendment

    @property
    def means(self) -> bool:
        """Whether it uses shared means or frequencies, or hangs on another task (K03, K13, K14)."""
        body = self.body
        if isinstance(body, Directive) and body.dependencies:
            return True
        return isinstance(body, Directive | MovementNotice) and bool(body.assets or body.frequencies_mhz)

    @property
    def matters(self) -> bool:
        """Whether any verdict looks at where and when it is."""
        return self.fields.active and (self._asked or self._setting.placed or self.crossable)

    @property
    def _asked(self) -> bool:
        """Whether something else than hazards looks at it."""
        return self.compared or self.vehicles or self.tasking or self.bound or self.means

    @cached_property
    def occupied(self) -> tuple[Part, ...]:
        """Its parts, also where no verdict asks for them of every order (K08 asks for those of a caveat's units)."""
        return self.parts if self.matters or not self.fields.active else tuple(self._parts([]))

    @cached_property
    def extent(self) -> Span:
        """From the first start to the last end, over all windows and parts."""
        spans = [p.span for p in self.parts] or self._stated
        if not spans:
            return ALWAYS
        if len(spans) == 1:
            return spans[0]
        return Span(min(s.se for s in spans), min(s.sl for s in spans), max(s.ee for s in spans),
                    max(s.el for s in spans))  # fmt: skip

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """When it is to be done as a whole: its windows, or else from first to last timed part; any time if none."""
        if self.fields.windows:
            return merged(self._stated)
        return (self.extent if any(p.timed for p in self.parts) else UNKNOWN,)

    @property
    def _stated(self) -> list[Span]:
        """The windows of the message that can be used."""
        return [span(w) for w, wrong in zip(self.fields.windows, self._faults, strict=True) if not wrong]

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The units that it tasks."""
        return units(self.body, self._setting) if self.tasking else ()

    @property
    def method(self) -> str:
        """How it moves: as it says, by vehicle if it lists some, or "" if nobody knows."""
        f = self.fields
        return f.method or (f.route.method if f.route else "") or _assumed(f)

    @cached_property
    def boxes(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """West, south, east, north of every part, in degrees."""
        return np.array([p.shape.box for p in self.parts], dtype=np.float64).reshape(-1, 4)

    @cached_property
    def times(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Earliest start and latest end of every part."""
        return np.array([(p.span.se, p.span.el) for p in self.parts], dtype=np.int64).reshape(-1, 2)

    @property
    def pure_amendment(self) -> bool:
        """Whether it only changes other orders and occupies nothing itself, though it may name who acts on it."""
        body = self.body
        if not isinstance(body, Directive):
            return False
        return bool(body.amends or body.cancels) and not (body.area or body.route)

    def _parts(self, problems: list[Problem]) -> Iterator[Part]:
        f = self.fields
        if self.pure_amendment:
            return
        spans = self._spans(problems)
        problems += _bands(f)
        if f.area is None and f.route is None and (self.compared or self.vehicles):
            problems.append(Problem("area", "missing"))  # else it makes no claim to any place
        if f.area is not None:
            yield from self._area(f.area, spans, problems)
        if f.route is not None:
            yield from self._route(f.route, spans, problems)

    def _spans(self, problems: list[Problem]) -> list[Span]:
        """Return the usable windows of the message."""
        windows, f = self.fields.windows, self.fields
        problems += [Problem(f"windows[{i}]", wrong) for i, wrong in enumerate(self._faults) if wrong]
        return list(merged(self._stated)) if windows or not f.always else [ALWAYS]

    def _area(self, area: Area, spans: list[Span], problems: list[Problem]) -> Iterator[Part]:
        try:
            where: Region = region(area, self._setting, "area", self.fields.reach_m)
        except Problem as problem:
            problems.append(problem)
            return
        if not spans and not self.fields.windows:
            problems.append(Problem("windows", "missing"))
        for when in spans:
            yield Part(where.shape, when, self.fields.altitude, False, True, None, where.name, None, where.blur_m)

    def _route(self, route: Route, spans: list[Span], problems: list[Problem]) -> Iterator[Part]:
        try:
            mover = Mover(self.fields.method or _assumed(self.fields),
                          column_m(route, self.fields.vehicles, self._setting))  # fmt: skip
            found = stretches(route, self._setting, mover, "route")
            if sum(1 if s.span else len(spans) for s in found) > MAX_PARTS:
                raise Problem("route", "too-long", route.name)
        except Problem as problem:
            problems.append(problem)
            return
        if not spans and not self.fields.windows and any(s.span is None for s in found):
            problems.append(Problem("windows" if all(s.span is None for s in found) else "route.speed", "missing"))
        reach = self.fields.reach_m + (route.width_m or 0.0) / 2
        for s in found:
            where = shape(s.geometry, reach + s.blur_m, s.bounds)
            for when in [s.span] if s.span else spans:
                yield _part(s, where, when, self.fields.altitude)


def _part(s: Stretch, where: Shape, when: Span, altitude: AltitudeBand | None) -> Part:
    moving = s.geometry.geom_type != "Point"
    timed = s.span is not None or not moving
    return Part(where, when, s.altitude or altitude, moving, timed, s.course, s.name, s.leg, s.blur_m)


def _bands(f: Fields) -> Iterator[Problem]:
    """Yield the bands of heights that are upside down; they count as the whole column."""
    if upside_down(f.altitude):
        yield Problem("altitude", "upside-down")
    for i, point in enumerate(f.route.points if f.route else ()):
        if upside_down(point.altitude):
            yield Problem(f"route.points[{i}].altitude", "upside-down")
            return


def _assumed(f: Fields) -> str:
    return "vehicle" if f.vehicles else ""


def load_class(vehicles: tuple[Vehicles, ...], setting: Setting) -> tuple[int | None, str]:
    """Return the highest load class, and the first type whose class neither message nor mission gives."""
    table = {n.casefold(): v.load_class for v in setting.mission.vehicles for n in (v.type, *v.aliases)}
    classes = [v.load_class if v.load_class is not None else table.get(v.type.casefold()) for v in vehicles]
    unknown = sorted(v.type for v, c in zip(vehicles, classes, strict=True) if c is None)
    known = [c for c in classes if c is not None]
    return max(known, default=None), unknown[0] if unknown else ""


def reading(body: Message, setting: Setting) -> Reading | None:
    """Return the reading of a message that occupies something, or None for other kinds."""
    return Reading(body, setting) if isinstance(body, Acting) else None
