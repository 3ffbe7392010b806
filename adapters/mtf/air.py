"""Orders for the air: an airspace control order becomes a directive a measure, an air tasking order one a mission.

Measures are ``exclusive`` where the catalogue calls their type a restriction. Weapons and targets of a mission are not
carried, on purpose (design §1). Source: reference formats.md §5.3, §5.4.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from adapters import words
from adapters.mtf import shapes, windows
from adapters.mtf.bulletin import Bulletin
from adapters.mtf.grammar import Field, Set
from adapters.mtf.header import Header, bus_id
from schemas.directives import Directive, Vehicles
from schemas.envelope import UnitRef
from schemas.geo import AltitudeBand, Area, Circle, Named, Position, Route, RoutePoint
from schemas.time import TimeWindow

_NOT_CARRIED: Final = {
    "GTGTLOC": "targets and weapons are not carried",
    "MSNACFT": "loads and codes of aircraft are not carried",
}


class Piece(NamedTuple):
    """A message out of a part of the input: its body, what tells it from its sisters, and an id of its own if any."""

    body: Directive
    suffix: str
    id: str = ""
    revision: int = 0


def measure(bulletin: Bulletin, above: Header, period: TimeWindow | None) -> Piece:
    """Take one airspace measure; without windows of its own it is in force over the period of the order.

    Raises:
        Rejected: a window ends before it starts.
    """
    each = bulletin.first("ACMID")
    path = each.path if each else "ACMID"
    kind = bulletin.described(each, "ACM") or bulletin.peek(each, "type")
    named = bulletin.described(each, "NAME", "DESIG") or bulletin.peek(each, "name")
    code, name = (f.value.strip() if f else "" for f in (kind, named))
    bulletin.drop(kind, named)
    uses = _uses(bulletin, each)
    shape = bulletin.peek(each, "shape")
    if shape is not None and words.fold(shape.value) in _SHAPE_WORDS:
        bulletin.drop(shape)
    listed = windows.measured(bulletin)
    if not listed and period is not None:
        listed = (period,)
        bulletin.warn("window-from-period", path, "it has no APERIOD; it was read as in force over the whole PERIOD")
    meaning = bulletin.catalogue.meaning("measures", code)
    if code and not meaning:
        bulletin.warn("measure-unknown", path, f'type "{code[:40]}" is in no list; it was read as a restriction')
    own, revision = bus_id(bulletin, bulletin.first("BUSID"))
    body = Directive(
        directive_kind="airspace-measure",
        action="airspace",
        action_code=" ".join(filter(None, (code, *uses))),
        serial=name,
        plan_ref=above.plan,
        windows=listed,
        area=shapes.area(bulletin, name),
        altitude=shapes.band(bulletin),
        exclusive=meaning != "coordinate",
    )
    return Piece(body, name or path, own, revision if own else 0)


_SHAPE_WORDS: Final = frozenset(
    {"circle", "polygon", "corridor", "radarc", "polyarc", "orbit", "line", "point", "track", "aorbit", "geoline"}
)


def _uses(bulletin: Bulletin, each: Set | None) -> tuple[str, ...]:
    found = [f for f in bulletin.open_fields(each) if f.descriptor == "USE"] if each else []
    bulletin.drop(*found)
    return tuple(f.value.strip() for f in found)


def mission(bulletin: Bulletin, above: Header, unit: UnitRef | None, number: int) -> Piece:
    """Take one air mission: who, when, where and how high.

    Raises:
        Rejected: a window ends before it starts.
    """
    each = bulletin.first("AMSNDAT")
    code = bulletin.take(each, "number")
    kinds = [bulletin.take(each, name) for name in ("primary", "secondary") if _is_mission(bulletin, each, name)]
    craft = bulletin.first("MSNACFT")
    callsign = bulletin.take(craft, "callsign")
    points, places = _bases(bulletin, each), list(_places(bulletin))
    listed = tuple(p.window for p in (places or points) if p.window is not None)
    alone = places[0] if len(places) == 1 else None
    meaning = next((m for k in kinds if (m := bulletin.catalogue.meaning("missions", k))), "air-mission")
    route = Route(method="air", points=(*points[:1], *(places if len(places) > 1 else ()), *points[1:]))
    body = Directive(
        directive_kind="taskord",
        action=meaning,  # type: ignore[arg-type]  # a key of the catalogue, which is typed
        action_code=" ".join(kinds),
        serial=code,
        plan_ref=above.plan,
        performers=(_performer(unit, callsign),) if unit or callsign else (),
        windows=listed,
        vehicles=tuple(_aircraft(bulletin, craft)),
        area=_area(alone),
        altitude=alone.altitude if alone else None,
        route=route if route.points else None,
    )
    _leave_targets(bulletin)
    return Piece(body, code or str(number))


def unit_of(bulletin: Bulletin) -> UnitRef | None:
    """Take the unit that the missions below it are for."""
    name = bulletin.take(bulletin.first("TASKUNIT"), "unit")
    return UnitRef(name=name, scheme="mtf_unit", raw=name) if name else None


def _performer(unit: UnitRef | None, callsign: str) -> UnitRef:
    name = unit.name if unit else ""
    return UnitRef(name=name, callsign=callsign, scheme="mtf_unit", raw=name)


def _is_mission(bulletin: Bulletin, each: Set | None, name: str) -> bool:
    """Say whether a field has the type of a mission; by baseline, others stand in its place."""
    field = bulletin.peek(each, name)
    return field is not None and not field.descriptor


def _bases(bulletin: Bulletin, each: Set | None) -> list[RoutePoint]:
    """Take where it leaves from and where it arrives; the time stands in the field behind each."""
    found = []
    for descriptor, role in (("DEPLOC", "start"), ("ARRLOC", "end")):
        field = bulletin.described(each, descriptor)
        if field is None or each is None:
            continue
        at = each.fields.index(field) + 1
        behind = each.fields[at] if at < len(each.fields) else None
        time = bulletin.instant(behind) if behind is not None and _is_time(behind) else None
        bulletin.drop(field)
        when = TimeWindow.between(time, time) if time else None
        found.append(RoutePoint(name=field.value.strip(), role=role, window=when))  # type: ignore[arg-type]  # above
    return found


def _is_time(field: Field) -> bool:
    return not field.descriptor and field.value[:6].isdigit()


def _places(bulletin: Bulletin) -> Iterator[RoutePoint]:
    """Yield where the mission is at work, from each AMSNLOC, or each GTGTLOC by its times only."""
    for each in bulletin.all("AMSNLOC"):
        times = [f for n in ("start", "stop") if (f := bulletin.peek(each, n)) is not None]
        where = bulletin.peek(each, "place")
        position, name = _where(bulletin, where)
        yield RoutePoint(
            name=name, position=position, window=windows.between(bulletin, times), altitude=_height(bulletin, each)
        )
    for each in bulletin.all("GTGTLOC"):
        first = bulletin.described(each, "TOT", "NET")
        last = bulletin.described(each, "NLT")
        when = windows.between(bulletin, [f for f in (first, last or first) if f is not None])
        placed = next((f for f in bulletin.open_fields(each) if bulletin.looks_placed(f)), None)
        position, _ = _where(bulletin, placed)
        if when is not None or position is not None:
            yield RoutePoint(position=position, window=when)


def _where(bulletin: Bulletin, field: Field | None) -> tuple[Position | None, str]:
    if field is None:
        return None, ""
    if bulletin.looks_placed(field):
        return bulletin.position(field), ""
    return None, bulletin.taken(field)


def _height(bulletin: Bulletin, each: Set) -> AltitudeBand | None:
    """Take the height of a mission in hundreds of feet; without a reference it is read as above mean sea level."""
    field = bulletin.peek(each, "altitude")
    if field is None:
        return None
    limit = shapes.level(field.value)
    if limit is None and (limit := shapes.level(f"{field.value}AMSL")) is not None:
        bulletin.warn("height-reference-inferred", field.path, f'"{field.value}" was read as above mean sea level')
    if limit is None:
        bulletin.warn("no-height", field.path, f'"{field.value[:40]}" is no height in hundreds of feet')
        return None
    bulletin.drop(field)
    return AltitudeBand(lower=limit, upper=limit)


def _area(point: RoutePoint | None) -> Area | None:
    if point is None:
        return None
    if point.position is not None:
        return Circle(centre=point.position, radius_m=0.0)
    return Named(name=point.name) if point.name else None


def _leave_targets(bulletin: Bulletin) -> None:
    for each in bulletin.all(*_NOT_CARRIED):
        for field in bulletin.open_fields(each):
            bulletin.lose(field, _NOT_CARRIED[each.name])


def _aircraft(bulletin: Bulletin, each: Set | None) -> Iterator[Vehicles]:
    """Take how many aircraft of which type."""
    kind = bulletin.described(each, "ACTYP")
    if kind is None:
        return
    number = bulletin.peek(each, "number")
    count = words.count(number.value) if number else None
    bulletin.drop(kind, number if count is not None else None)
    yield Vehicles(type=kind.value, count=count)
