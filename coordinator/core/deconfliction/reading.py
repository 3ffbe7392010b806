"""What one version of a message occupies: parts in place, height and time; and what could not be read (K18).

A reading is a pure function of the message and the mission. Nothing is guessed: what cannot be placed or timed becomes
a problem, and the other parts still count. Source: reference deconfliction.md §2.1, §2.3 (eff(), K18).
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from coordinator.core.deconfliction.areas import Problem, Region, region
from coordinator.core.deconfliction.geometry import Shape, shape
from coordinator.core.deconfliction.legs import Stretch
from coordinator.core.deconfliction.routes import stretches
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import ALWAYS, Span, fault, span
from schemas.base import Message
from schemas.directives import Directive, Vehicles
from schemas.geo import AltitudeBand, Area, Circle, Pair, Route
from schemas.notices import HazardNotice, MovementNotice, ProtectedSite
from schemas.time import TimeWindow

Acting = Directive | MovementNotice | HazardNotice | ProtectedSite


class Part(NamedTuple):
    """One piece of the occupied space. ``moving``: somewhere on it, not all of it; ``timed``: its own window."""

    shape: Shape
    span: Span
    altitude: AltitudeBand | None
    moving: bool
    timed: bool
    course: Pair | None
    name: str


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
    return Fields(body.area, None, body.windows, body.altitude, body.error_m or 0.0, "", (),
                  active=body.state in ("planned", "hot"), always=body.state == "hot",
                  what=f"{body.hazard_kind} hazard")  # fmt: skip


def _site(body: ProtectedSite) -> Fields:
    area = body.footprint or (Circle(centre=body.position, radius_m=0.0) if body.position else None)
    return Fields(area, None, body.windows, None, body.buffer_m or 0.0, "", (),
                  active=not body.removed, always=True, what="protected site")  # fmt: skip


_FIELDS: Final[dict[type, Any]] = {
    Directive: _directive, MovementNotice: _movement, HazardNotice: _hazard, ProtectedSite: _site,
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
        self.classes = setting.classes(body)
        self.uses: dict[str, Any] = {}  # section -> its uses, kept here by whoever works them out
        self._setting = setting
        problems: list[Problem] = []
        self.parts: tuple[Part, ...] = tuple(self._parts(problems)) if self.matters else ()
        self.problems = tuple(problems)

    @property
    def vehicles(self) -> bool:
        """Whether vehicles move: listed, or the method says so."""
        method = self.fields.method or (self.fields.route.method if self.fields.route else "")
        return bool(self.fields.vehicles) or method == "vehicle"

    @property
    def compared(self) -> bool:
        """Whether some matrix row speaks of it."""
        return bool(self.classes & self._setting.named_classes)

    @property
    def matters(self) -> bool:
        """Whether any verdict looks at where and when it is."""
        return self.fields.active and (self.compared or self.vehicles)

    @cached_property
    def extent(self) -> Span:
        """From the first start to the last end, over all windows and parts."""
        spans = [p.span for p in self.parts] or [span(w) for w in self.fields.windows if not fault(w)]
        if not spans:
            return ALWAYS
        return Span(min(s.se for s in spans), min(s.sl for s in spans), max(s.ee for s in spans),
                    max(s.el for s in spans))  # fmt: skip

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
        if f.area is None and f.route is None:
            problems.append(Problem("area", "missing"))
        if f.area is not None:
            yield from self._area(f.area, spans, problems)
        if f.route is not None:
            yield from self._route(f.route, spans, problems)

    def _spans(self, problems: list[Problem]) -> list[Span]:
        """Return the usable windows of the message."""
        windows, f = self.fields.windows, self.fields
        wrong = [(i, w) for i, x in enumerate(windows) if (w := fault(x))]
        problems += [Problem(f"windows[{i}]", w) for i, w in wrong]
        usable = [span(w) for w in windows if not fault(w)]
        if windows or not f.always:
            return usable
        return [ALWAYS]

    def _area(self, area: Area, spans: list[Span], problems: list[Problem]) -> Iterator[Part]:
        try:
            where: Region = region(area, self._setting, "area", self.fields.reach_m)
        except Problem as problem:
            problems.append(problem)
            return
        if not spans and not self.fields.windows:
            problems.append(Problem("windows", "missing"))
        for when in spans:
            yield Part(where.shape, when, self.fields.altitude, False, True, None, where.name)

    def _route(self, route: Route, spans: list[Span], problems: list[Problem]) -> Iterator[Part]:
        try:
            found = stretches(route, self._setting, self.fields.method or _assumed(self.fields), "route")
        except Problem as problem:
            problems.append(problem)
            return
        if not spans and not self.fields.windows and any(s.span is None for s in found):
            problems.append(Problem("windows" if all(s.span is None for s in found) else "route.speed", "missing"))
        reach = self.fields.reach_m + (route.width_m or 0.0) / 2
        for s in found:
            where = shape(s.geometry, reach)
            for when in [s.span] if s.span else spans:
                yield _part(s, where, when, self.fields.altitude)


def _part(s: Stretch, where: Shape, when: Span, altitude: AltitudeBand | None) -> Part:
    moving = s.geometry.geom_type != "Point"
    return Part(where, when, s.altitude or altitude, moving, s.span is not None or not moving, s.course, s.name)


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
