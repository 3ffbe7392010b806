"""Orders and movements in slant text: our profiles of formats.md §5.5.

Structured sets become fields. What stands in prose stays prose: times and grids in the text of an order are listed as
candidates, for a person to confirm, and never become fields. Source: reference formats.md §5.5.
"""

import re
from collections.abc import Iterator
from typing import Any, Final, cast, get_args

import msgspec

from adapters import times, words
from adapters.base import Rejected
from adapters.mtf import shapes, windows
from adapters.mtf.air import Piece
from adapters.mtf.bulletin import Bulletin, is_timed, title_of
from adapters.mtf.grammar import Field, Set
from adapters.mtf.header import Header, contact, links
from schemas.directives import Action, Directive, Vehicles
from schemas.envelope import LangText, UnitRef
from schemas.geo import Route, RoutePoint
from schemas.notices import MovementNotice
from schemas.time import TimeWindow

_TASKS: Final = re.compile(
    r"(?m)^[ \t]{0,20}(?:[0-9a-z]{1,4}[.)][ \t]{0,5})?TASKS? TO ([^\n:.]{1,120})[:.]?[ \t]*", re.I
)
_GRID: Final = re.compile(r"\b[0-9]{1,2}[C-HJ-NP-X] ?[A-HJ-NP-Z]{2} ?[0-9]{2,5} ?[0-9]{2,5}\b")
_ACTIONS: Final = get_args(Action)
_STATES: Final = ("planned", "under-way", "completed")
_KINDS: Final = ("patrol", "convoy", "logistics", "humanitarian", "flight", "vessel", "recce", "admin")
_METHODS: Final = ("foot", "vehicle", "air", "boat")
_ROLES: Final = ("start", "checkpoint", "halt", "release", "waypoint", "end")
_MATTER: Final = ("task", "area", "route", "windows", "performers", "supersedes", "cancels", "constraints")
_RELATIONS: Final = ("supersedes", "cancels", "permitted", "coordinated_with")


def order(bulletin: Bulletin, above: Header) -> list[Piece]:
    """Take an order: one directive, or one a "TASKS TO <unit>" of its text.

    Raises:
        Rejected: it says nothing that anybody could do, or a window ends before it starts.
    """
    base = _order(bulletin, above)
    tasks = list(_tasks(bulletin))
    if not tasks:
        if not any(getattr(base, name) for name in _MATTER) and base.action == "other":
            hint = "write GENTEXT/MISSION/... or GENTEXT/EXECUTION/TASKS TO <unit>: ...//"
            raise Rejected("GENTEXT", "the order says nothing that anybody could do", hint)
        return [Piece(base, "")]
    pieces = []
    for n, (unit, text) in enumerate(tasks, 1):
        performer = UnitRef(name=unit, scheme="mtf_unit", raw=unit)
        pieces.append(Piece(msgspec.structs.replace(base, task=text, performers=(performer,)), f"T{n}"))
    return pieces


def _order(bulletin: Bulletin, above: Header) -> Directive:
    listed = windows.measured(bulletin)
    if not listed and (period := windows.period(bulletin)) is not None:
        listed = (period,)
    act = bulletin.first("ACTION")
    units = {role: tuple(_units(bulletin, role)) for role in ("PERFORM", "SUPPORT")}
    linked = {name: tuple(links(bulletin, name)) for name in _RELATIONS}
    return Directive(
        directive_kind=cast(Any, above.variant),
        action=cast(Any, _word(bulletin, act, "action", _ACTIONS) or "other"),
        action_code=bulletin.take(act, "code"),
        exclusive=_flag(bulletin, act, "exclusive"),
        draft=_flag(bulletin, act, "draft"),
        task=_text_of(bulletin, "TASK", "MISSION"),
        serial=bulletin.take(bulletin.first("SERIAL"), "serial"),
        constraints=_text_of(bulletin, "CONSTRAINTS", "COORDINATING INSTRUCTIONS"),
        plan_ref=above.plan,
        performers=units["PERFORM"],
        supporting=units["SUPPORT"],
        windows=listed,
        area=shapes.area(bulletin),
        altitude=shapes.band(bulletin),
        route=_route(bulletin),
        buffer_m=shapes.metres(bulletin, bulletin.peek(bulletin.first("BUFFER"), "length")),
        vehicles=tuple(_vehicles(bulletin)),
        strength=_count(bulletin, bulletin.first("STRENGTH"), "count"),
        frequencies_mhz=tuple(_frequencies(bulletin)),
        contact=contact(bulletin),
        **cast(Any, linked),
    )


def _text_of(bulletin: Bulletin, *headings: str) -> str:
    """Take the text under the first of these headings; what it names is listed as candidates."""
    for heading in headings:
        for each in bulletin.all("GENTEXT"):
            titled = bulletin.peek(each, "heading")
            text = bulletin.peek(each, "text")
            if titled and text and words.fold(titled.value) == heading.lower() and not _TASKS.search(text.value):
                bulletin.drop(titled)
                _candidates(bulletin, text)
                return " ".join(bulletin.taken(text).split())
    return ""


def _tasks(bulletin: Bulletin) -> Iterator[tuple[str, str]]:
    """Yield unit and text of every "TASKS TO <unit>"; what stands before the first one stays in the text above."""
    for each in bulletin.all("GENTEXT"):
        field = bulletin.peek(each, "text")
        found = list(_TASKS.finditer(field.value)) if field else []
        if field is None or not found:
            continue
        ends = [m.start() for m in found[1:]] + [len(field.value)]
        title = bulletin.take(each, "heading")
        _candidates(bulletin, field)
        before = bulletin.taken(field)[: found[0].start()].strip()
        if before or title:
            bulletin.texts.append(LangText(text=f"{title}: {before}" if before else title))
        for match, end in zip(found, ends, strict=True):
            yield match[1].strip(), " ".join(words.printable(field.value[match.end() : end]).split())


def _candidates(bulletin: Bulletin, field: Field) -> None:
    """List the date-time groups and grids of a prose text: for a person to confirm."""
    listed = [*times.groups(field.value), *(m[0] for m in _GRID.finditer(field.value))]
    for said in listed[:50]:
        bulletin.warn("candidate", field.path, f'"{said}" stands in the text; nobody has confirmed what it is')


def _flag(bulletin: Bulletin, each: Set | None, name: str) -> bool:
    field = bulletin.peek(each, name)
    if field is None or words.fold(field.text) not in ("yes", "no"):
        return False
    return words.fold(bulletin.taken(field)) == "yes"


def _units(bulletin: Bulletin, role: str) -> Iterator[UnitRef]:
    for each in bulletin.sets:
        field = bulletin.peek(each, "role") if each.name == "TASKORG" else None
        if (field is not None and field.value == role) or (each.name == "TASKUNIT" and role == "PERFORM"):
            bulletin.drop(field)
            name = bulletin.take(each, "name") or bulletin.take(each, "unit")
            callsign, owner = bulletin.take(each, "callsign"), bulletin.take(each, "participant")
            if name or callsign or owner:
                yield UnitRef(name=name, callsign=callsign, participant=owner, scheme="mtf_unit", raw=name)


def _vehicles(bulletin: Bulletin) -> Iterator[Vehicles]:
    for each in bulletin.all("VEH"):
        kind = bulletin.take(each, "type")
        if kind:
            load_class = _count(bulletin, each, "load_class", 150)
            yield Vehicles(type=kind, count=_count(bulletin, each, "count"), load_class=load_class)


def _count(bulletin: Bulletin, each: Set | None, name: str, most: int = 1_000_000) -> int | None:
    field = bulletin.peek(each, name)
    value = words.count(field.value) if field else None
    if field is None or value is None or value > most:
        return None
    bulletin.drop(field)
    return value


def _frequencies(bulletin: Bulletin) -> Iterator[float]:
    for each in bulletin.all("FREQ"):
        field = bulletin.peek(each, "frequency")
        value = words.number(words.fold(field.value).removesuffix("mhz")) if field else None
        if value is not None and value > 0:
            bulletin.drop(field)
            yield value


def movement(bulletin: Bulletin, above: Header) -> MovementNotice:
    """Take a movement: its points from a table or from sets, each with a place and a time.

    Raises:
        Rejected: it says neither where nor when.
    """
    route = _route(bulletin)
    when = windows.period(bulletin)
    area = shapes.area(bulletin)
    timed = tuple(p.window for p in route.points if p.window) if route else ()
    if route is None and area is None:
        raise Rejected("5ROUTE", "it says neither a route nor a place", "write a 5ROUTE table: /POINT/FROM/TO")
    if when is None and not timed:
        raise Rejected("PERIOD", "it says no time", "write PERIOD/start/stop//, or a time for each point")
    kind = bulletin.first("MOVEKIND")
    method = _word(bulletin, kind, "method", _METHODS)
    escort = bulletin.first("ESCORT")
    return MovementNotice(
        movement_kind=cast(Any, _word(bulletin, kind, "kind", _KINDS) or above.variant),
        method=cast(Any, method),
        state=cast(Any, _word(bulletin, kind, "state", _STATES) or "planned"),
        route=_by(route, method),
        area=area,
        windows=(when,) if when else timed,
        altitude=shapes.band(bulletin),
        purpose=_text_of(bulletin, "PURPOSE"),
        armed=_yes_no(bulletin, escort, "armed"),
        escorted=_yes_no(bulletin, escort, "escorted"),
        vehicles=tuple(_vehicles(bulletin)),
        strength=_count(bulletin, bulletin.first("STRENGTH"), "count"),
        organisation=bulletin.take(bulletin.first("ORGAN"), "text"),
        cargo=bulletin.take(bulletin.first("CARGO"), "text"),
        contact=contact(bulletin),
        frequencies_mhz=tuple(_frequencies(bulletin)),
    )


def _word(bulletin: Bulletin, each: Set | None, name: str, known: tuple[str, ...]) -> str:
    field = bulletin.peek(each, name)
    if field is None or field.text.lower() not in known:
        return ""
    return bulletin.taken(field).lower()


def _yes_no(bulletin: Bulletin, each: Set | None, name: str) -> bool | None:
    field = bulletin.peek(each, name)
    return None if field is None or words.fold(field.text) not in ("yes", "no") else _flag(bulletin, each, name)


def _route(bulletin: Bulletin) -> Route | None:
    """Take the points of a route: the rows of tables, or sets that have a time and a place."""
    points: list[RoutePoint] = []
    name = method = ""
    for each in bulletin.sets:
        if each.titles and any(bulletin.catalogue.meaning("columns", t) in ("name", "position") for t in each.titles):
            points += (p for row in each.rows if (p := _point(bulletin, row)) is not None)
        elif each.name == "ROUTENAM":
            name = bulletin.take(each, "name")
            method = _word(bulletin, each, "method", _METHODS)
        elif not bulletin.row(each).fields and each.fields and is_timed(each.fields):
            points += filter(None, (_point_of(bulletin, each),))
    return Route(name=name, points=tuple(points), method=cast(Any, method)) if points or name else None


def _point(bulletin: Bulletin, row: tuple[Field | None, ...]) -> RoutePoint | None:
    cells = {bulletin.catalogue.meaning("columns", title_of(f)): f for f in row if f is not None}
    where = cells.get("position")
    at = bulletin.position(where) if where is not None and bulletin.looks_placed(where) else None
    name = bulletin.taken(cells.get("name")) or (bulletin.taken(where) if at is None else "")
    first, last = cells.get("start") or cells.get("time"), cells.get("end")
    window = windows.between(bulletin, [f for f in (first, last or None) if f], without_start=first is None)
    if window is not None and last is None:
        window = TimeWindow.between(window.start, window.start)
    role = _role(bulletin, cells.get("role"))
    height = cells.get("level")
    altitude = shapes.levels(bulletin, height) if height is not None else None
    if not name and at is None:
        bulletin.give_back((f for f in row if f is not None), "the point has no place")
        return None
    return RoutePoint(name=name, position=at, window=window, role=cast(Any, role), altitude=altitude)


def _by(route: Route | None, method: str) -> Route | None:
    """Return a route with the means of its movement, where it does not name its own."""
    if route is None or route.method or not method:
        return route
    return msgspec.structs.replace(route, method=cast(Any, method))


def _role(bulletin: Bulletin, field: Field | None) -> str:
    if field is None or field.text.lower() not in _ROLES:
        return "waypoint"
    return bulletin.taken(field).lower()


def _point_of(bulletin: Bulletin, each: Set) -> RoutePoint | None:
    """Take a set such as ``SP/KESSA/31PDR12346789/140900ZMAR27//``: a place and one or two times."""
    listed = bulletin.open_fields(each)
    at = next((f for f in listed if bulletin.looks_placed(f) and not times.groups(f.value)), None)
    timed = [f for f in listed if times.groups(f.value)][:2]
    called = next((f for f in listed if f is not at and f not in timed), None)
    if at is None and called is None:
        return None
    position = bulletin.position(at) if at else None
    window = windows.between(bulletin, timed)
    if window is not None and len(timed) == 1:
        window = TimeWindow.between(window.start, window.start)
    return RoutePoint(name=bulletin.taken(called), position=position, window=window)
