"""Orders: one directive a task, with a reference to the order that it stood in.

One location is where a task takes place, several are its way, in order; a MapGraphicID is a place that was named when
the session began. Source: SISO-STD-019-2020, SISO-STD-020-2020; reference formats.md §8.1-8.3, §8.5.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from adapters.base import Context, Rejected
from adapters.c2sim import moments, tables
from adapters.c2sim.frame import Frame
from adapters.c2sim.spots import band, spot
from adapters.c2sim.tree import Branch
from schemas.directives import Dependency, Directive
from schemas.envelope import Envelope, Reference, UnitRef, Warning
from schemas.geo import AltitudeBand, Area, Circle, Named, Position, Route, RoutePoint
from schemas.time import TimeWindow

_MOST_POINTS: Final = 20_000
_MOST_TASKS: Final = 5_000
_LONGEST: Final = 200  # characters of an id
_TASKS: Final = ("ManeuverWarfareTask", "Task")
Place = tuple[Position, AltitudeBand | None]


def read(frame: Frame, body: Branch, warnings: list[Warning]) -> Iterator[Envelope]:
    """Yield the directives of an order.

    Raises:
        Rejected: it holds no task, or too many, or a task lies nowhere on earth.
    """
    tasks = [task.one(*_TASKS) or task for task in body.all("Task", "ManeuverWarfareTask")]
    if not tasks:
        raise Rejected(body.path, "it holds no task", "send the tasks themselves in the order, each as a Task")
    if len(tasks) > _MOST_TASKS:
        raise Rejected(body.path, f"it holds more than {_MOST_TASKS} tasks", "split it into several orders")
    parts = _parts(tasks, warnings)
    ids: dict[str, str] = {}
    for task, part in zip(tasks, parts, strict=True):
        if uuid := _uuid(task):
            ids.setdefault(uuid, f"{frame.id}/{part}")
    order = _order(frame, body)
    plan = body.said("OrderID")
    for task, part in zip(tasks, parts, strict=True):
        said = list(warnings)
        own, uuid = f"{frame.id}/{part}", _uuid(task)
        what = _directive(task, own, ids, plan, frame, said)
        aliases = _aliases(uuid if ids.get(uuid) == own else "", plan, frame.given)
        yield msgspec.structs.replace(frame.message(what, task, part, said, order), aliases=aliases)


def _uuid(task: Branch) -> str:
    leaf = task.one("UUID")
    return leaf.text if leaf else ""


def _parts(tasks: list[Branch], warnings: list[Warning]) -> list[str]:
    """Return what tells each task from the others: its UUID, unless that is missing or comes a second time."""
    seen: set[str] = set()
    parts = []
    for number, task in enumerate(tasks, 1):
        uuid = _uuid(task)
        if uuid and uuid in seen:
            text = f'"{uuid[:80]}" is the UUID of two tasks; what refers to it means the first'
            warnings.append(Warning(code="duplicate", path=task.path, text=text))
        usable = 0 < len(uuid) <= 80 and uuid.isascii() and uuid.isprintable() and uuid not in seen
        parts.append(uuid if usable else f"task-{number}")
        seen.add(uuid)
    return parts


def _aliases(*names: str) -> tuple[str, ...]:
    """Return the ids by which an answer may name a task: its own, its order's and its message's."""
    return tuple(dict.fromkeys(name for name in names if 0 < len(name) <= _LONGEST))


def _order(frame: Frame, body: Branch) -> tuple[Reference, ...]:
    """Return the reference by which the tasks of an order are known to belong together."""
    leaf = body.one("OrderID")
    return (Reference(id=frame.id, note=f"order {leaf.text}" if leaf and leaf.text else "order"),)


def _directive(
    task: Branch, own: str, ids: dict[str, str], plan: str, frame: Frame, warnings: list[Warning]
) -> Directive:
    if (uuid := task.one("UUID")) is not None and own.endswith(f"/{uuid.text}"):
        uuid.take()
    code = task.said("TaskActionCode", "TaskNameCode")
    when = moments.window(task, own, ids, frame.context, warnings)
    area, way, altitude = _where(task, frame.context, warnings)
    return Directive(
        directive_kind="opord",
        action=tables.ACTIONS.get(code.upper(), "other"),
        action_code=code,
        serial=task.said("Name"),
        plan_ref=plan,
        performers=tuple(UnitRef(id=unit, scheme="c2sim_uuid") for unit in _performers(task)),
        windows=() if when == TimeWindow() else (when,),
        area=area,
        route=way,
        altitude=altitude,
        dependencies=tuple(dict.fromkeys((*moments.waits(when, own), *_relations(task, ids, warnings)))),
        constraints=_rules(task),
        draft=bool(frame.act),
    )


def _performers(task: Branch) -> Iterator[str]:
    for leaf in task.all("PerformingEntity"):
        if leaf.text:
            yield leaf.take()


def _rules(task: Branch) -> str:
    """Take the rules of engagement, e.g. ``ROEHold``."""
    codes = (rule.word("WeaponRuleOfEngagementCode") for rule in task.all("RuleOfEngagement"))
    return ", ".join(code for code in codes if code)


def _relations(task: Branch, ids: dict[str, str], warnings: list[Warning]) -> Iterator[Dependency]:
    """Yield the relations to other tasks that the bus knows; the others stay where they are."""
    for relation in task.all("ActionTemporalRelationship"):
        code, other = relation.one("ActionTemporalAssociationCode"), relation.one("TemporalAssociationWithAction")
        known = tables.RELATIONS.get(code.text.upper()) if code else None
        lasts = relation.find("IsoTimeDuration") or relation.one("Duration")
        offset = moments.seconds(lasts.text) if lasts else 0.0
        if code is None or known is None or other is None or not 0 < len(other.text) <= 200 or offset is None:
            text = "its relation to another task is not one that the bus checks"
            warnings.append(Warning(code="relation", path=relation.path, text=text))
            continue
        _, uuid = code.take(), other.take()
        if lasts:
            lasts.take()
        yield Dependency(task=ids.get(uuid, uuid), relation=known, offset_s=offset)


def _where(
    task: Branch, context: Context, warnings: list[Warning]
) -> tuple[Area | None, Route | None, AltitudeBand | None]:
    """Take the place, the way and the height of a task: one location is a place, several are a way."""
    places = [*_places(task, warnings)]
    if len(places) > _MOST_POINTS:
        raise Rejected(task.path, f"it has more than {_MOST_POINTS} locations", "send the way with fewer points")
    named = next((Named(name=leaf.take()) for leaf in task.all("MapGraphicID") if leaf.text), None)
    if len(places) == 1 and named is None:
        at, height = places[0]
        return Circle(centre=at, radius_m=0.0), None, height
    return named, Route(points=tuple(_points(places))) if places else None, None


def _places(task: Branch, warnings: list[Warning]) -> Iterator[Place]:
    stops = (stop for way in task.all("Route") for stop in way.all("RouteLocation"))
    for location in (*task.all("Location"), *stops):
        at = spot(location)
        if at is not None:
            yield at, band(location)
        else:
            text = "it is given relative to something else: its place is not known"
            warnings.append(Warning(code="place-unknown", path=location.path, text=text))


def _points(places: list[Place]) -> Iterator[RoutePoint]:
    for number, (at, height) in enumerate(places, 1):
        if number == len(places):
            yield RoutePoint(position=at, altitude=height, role="end")
        else:
            yield RoutePoint(position=at, altitude=height, role="start" if number == 1 else "waypoint")
