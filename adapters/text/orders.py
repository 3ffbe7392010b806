"""Orders in five paragraphs: FRAGO, TASKORD, WARNO, OPORD. Only what stands under a label becomes a field.

1. Prose never becomes an order: the five paragraphs are kept as text beside the fields, word for word.
2. An order says who and what under labels of their own, or which order it changes, replaces or cancels; any other is
   refused.
3. Several "Task to" blocks are several directives; what stands above the first belongs to all of them.

Source: reference formats.md §3.3, §5.5, §10.2; design §3 (an effective order is its base plus complete fields).
"""

import re
from typing import Any, Final, Literal

import msgspec

from adapters import places, vocabulary, words
from adapters.base import Rejected
from adapters.fields import Cell, Fields
from adapters.plans import contact, points_of, vehicles, yes_or_no
from adapters.text.values import distance
from schemas.directives import Action, Directive, OrderChange
from schemas.envelope import Reference, UnitRef
from schemas.geo import Area, Circle, Named, Polygon, Route
from schemas.time import TimeWindow

OrderKind = Literal["opord", "warno", "frago", "taskord"]

_TASKS: Final = frozenset({"task", "action"})
_CHANGED: Final = (
    "action", "exclusive", "windows", "area", "route", "vehicles", "permitted", "coordinated_with", "task",
    "frequencies_mhz",
)  # fmt: skip
_LIST: Final = re.compile(r"[,;\u060c\u3001\uff0c\uff1b]")


def order(fields: Fields, kind: OrderKind) -> Directive:
    """Take an order, or one task of it.

    Raises:
        Rejected: it does not say under labels who does what, or something that cannot be read.
    """
    performers = _units(fields, "performers")
    action, code = _action(fields)
    task = fields.text("task")
    named = {name: _references(fields, name) for name in ("amends", "supersedes", "cancels")}
    if not any(named.values()) and not (performers and (task or code)):
        raise Rejected(
            "execution", "no label says who does what, and prose is never read as an order",
            'write "Task to: A Coy", "Task: ..." and, if it has a place and a time, "Place:", "From:", "Until:"',
        )  # fmt: skip
    windows = (when,) if (when := fields.window()) else ()
    route, area = _where(fields, windows)
    read = Directive(
        directive_kind=kind,
        action=action or "other",
        action_code="" if action else code,
        task=task,
        serial=fields.text("serial"),
        plan_ref=fields.text("plan_ref"),
        on_order_of=fields.text("on_order_of"),
        performers=performers,
        supporting=_units(fields, "supporting"),
        windows=windows,
        area=area,
        route=route,
        exclusive=yes_or_no(fields, "exclusive") or False,
        vehicles=vehicles(fields),
        strength=fields.count("strength"),
        supersedes=named["supersedes"],
        cancels=named["cancels"],
        permitted=_references(fields, "permitted"),
        coordinated_with=_references(fields, "coordinated_with"),
        frequencies_mhz=_frequencies(fields),
        constraints=fields.text("constraints"),
        contact=contact(fields),
        draft=yes_or_no(fields, "draft") or False,
        relies_on=tuple(p.strip() for p in _LIST.split(fields.text("relies_on")) if p.strip()),
    )
    return _amending(read, named["amends"]) if named["amends"] else read


def blocks(cells: list[Cell]) -> list[list[Cell]]:
    """Return the cells of each task, with those above the first; one list where there is but one task."""
    starts = [n for n, cell in enumerate(cells) if cell.key == "performers"]
    if len(starts) < 2 or sum(cell.key in _TASKS for cell in cells) < 2:
        return [cells]
    ends = [*starts[1:], len(cells)]
    return [cells[: starts[0]] + cells[start:end] for start, end in zip(starts, ends, strict=True)]


def _amending(read: Directive, orders: tuple[Reference, ...]) -> Directive:
    """Return an order with what it changes in another one; each label that was given replaces that field.

    Raises:
        Rejected: it changes several orders at once, and nobody can tell what in which.
    """
    if len(orders) > 1:
        raise Rejected("amends", "it changes several orders at once", "send one change for each order")
    given: dict[str, Any] = {
        name: value for name in _CHANGED if (value := getattr(read, name)) not in (None, (), "", False, "other")
    }
    if read.performers:
        given["performers"] = read.performers
    change = OrderChange(order=orders[0], **given)
    emptied: dict[str, Any] = dict.fromkeys(("performers", "windows", "vehicles", "permitted", "coordinated_with"), ())
    return msgspec.structs.replace(
        read, amends=(change,), area=None, route=None, exclusive=False, frequencies_mhz=(), **emptied
    )


def _action(fields: Fields) -> tuple[Action | None, str]:
    """Take what is to be done: a word of the taxonomy, or the sender's own as its code."""
    cell = fields.peek("action")
    if cell is None:
        return None, ""
    fields.drop(cell)
    known = vocabulary.meaning("action", cell.text, fields.language)
    if not known:
        fields.warn("unknown-action", cell.path, f'"{cell.text[:80]}" is kept as the order\'s own word')
    return known or None, cell.text.strip()  # type: ignore[return-value]  # a meaning of the table


def _units(fields: Fields, key: str) -> tuple[UnitRef, ...]:
    names = [name.strip() for cell in fields.every(key) for name in _LIST.split(cell.text)]
    return tuple(UnitRef(name=name, scheme="text", raw=name) for name in names if name)


def _references(fields: Fields, key: str) -> tuple[Reference, ...]:
    """Take the orders that a label names, each with its revision if it has one."""
    found = []
    for cell in fields.every(key):
        for each in filter(None, (p.strip() for p in _LIST.split(cell.text))):
            name, revision = words.revision_of(each)
            if not 0 < len(name) <= 200:
                raise Rejected(cell.path, "it names no order", "write the order's own id")
            found.append(Reference(id=name, revision=0 if name == each else revision))
    return tuple(found)


def _where(fields: Fields, windows: tuple[TimeWindow, ...]) -> tuple[Route | None, Area | None]:
    """Take the way, or the place. Two places or a route name make a way; one place with its radius is an area."""
    if "area" in fields:
        return None, _polygon(fields)
    radius = distance(fields, "radius")
    name = fields.text("route")
    points = points_of(fields, windows[0] if windows else None)
    if name or len(points) > 1:
        return Route(name=name, points=points), None
    if not points:
        return None, None
    (point,) = points
    if point.position is not None:
        return None, Circle(centre=point.position, radius_m=radius or 0.0, name=point.name)
    return None, Named(name=point.name, radius_m=radius)


def _polygon(fields: Fields) -> Area:
    """Take an area by its name, or by three corners and more, closed.

    Raises:
        Rejected: a corner is no position, or there are two.
    """
    cell = fields.required("area", "write the corners, or a name")
    between = r"[;\uff1b]" if re.search(r"[;\uff1b]", cell.text) else r"\n"
    corners = [c for c in re.split(between, cell.text) if c.strip()]
    if len(corners) == 1:
        found = places.named(corners[0], cell.path, fields.context)
        return Named(name=found) if isinstance(found, str) else Circle(centre=found, radius_m=0.0)
    if len(corners) == 2:
        raise Rejected(cell.path, "an area has three corners or more", "write each corner, with a semicolon between")
    ring = [(at.lon, at.lat) for c in corners for at in (places.place(c, cell.path, fields.context),)]
    return Polygon(rings=((*ring, ring[0]) if ring[0] != ring[-1] else tuple(ring),))


def _frequencies(fields: Fields) -> tuple[float, ...]:
    cell = fields.peek("frequencies")
    parts = [p.lower().replace("mhz", "").strip() for p in re.split(r"[;/]|,\s", cell.text)] if cell else []
    values = [words.number(p) for p in parts if p]
    if cell is None or not values or None in values:
        return ()
    fields.drop(cell)
    return tuple(v for v in values if v is not None)
