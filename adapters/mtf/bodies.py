"""What each kind of message says, as sets. Source: reference formats.md §5.3, §5.5; the sets of `catalogue.toml`."""

from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from adapters.mtf import lines
from adapters.mtf.catalogue import Catalogue
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Directive, Vehicles
from schemas.envelope import Contact, Envelope, Reference, UnitRef
from schemas.geo import ArcBand, Area, Circle, Corridor, Line, Named, Polygon, Route, RoutePoint
from schemas.notices import MovementNotice
from schemas.reports import LogisticsStatus, MedevacRequest, SituationReport, TextMessage
from schemas.time import TimeWindow

Lines = Iterator[str]
_PRECEDENCES: Final = ("urgent", "urgent_surgical", "priority", "routine", "convenience")
_YES_NO: Final = {True: "YES", False: "NO", None: ""}


def situation(of: Envelope, what: Message, catalogue: Catalogue) -> Lines:
    """Yield period, place, sections and patrols of a report."""
    report = cast(SituationReport, what)
    yield from lines.linear("PERIOD", *lines.sides(report.period))
    yield from lines.linear("POSITION", lines.position(report.location), report.place_name)
    if report.nothing_to_report:
        yield "NTR//"
    for section in report.sections:
        words = catalogue.headings.get(section.key, (section.key.upper(),))
        yield from lines.free("GENTEXT", section.title or words[0], section.text)
    rows = [(p.id, *_times(p.window), *(*p.places, "", "")[:2], p.note) for p in report.patrols]
    yield from lines.table("5PATROL", [("PTL", "START", "END", "PLACE", "LOCATION", "TEXT"), *rows])


def logistics(of: Envelope, what: Message, catalogue: Catalogue) -> Lines:
    """Yield as of when, and the lines of stock as one table."""
    status = cast(LogisticsStatus, what)
    yield from lines.linear("TIMEFRAM", f"ASOF:{lines.dtg(status.as_of)}")
    columns = ("item", "supply_class", "unit", "authorised", "on_hand", "serviceable", "required", "days_of_supply")
    rows = [[_cell(getattr(line, column)) for column in columns] for line in status.lines]
    yield from lines.table("5STORES", [("ITEM", "CLASS", "UNIT", "AUTH", "ONHAND", "SERV", "REQ", "DOS"), *rows])
    yield from lines.free("RMKS", status.remarks)


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else lines.number(value)


def medevac(of: Envelope, what: Message, catalogue: Catalogue) -> Lines:
    """Yield the nine lines, each as a set."""
    request = cast(MedevacRequest, what)
    site = lines.position(request.pickup)
    counts = zip("ABCDE", _PRECEDENCES, strict=True)
    carried = zip("LAE", ("litter", "ambulatory", "escort"), strict=True)
    nine = (
        f"{request.pickup_name} ({site})" if request.pickup_name and site else request.pickup_name or site,
        " ".join(filter(None, (request.frequency, request.callsign))),
        " ".join(f"{n}{x}" for x, name in counts if (n := getattr(request.precedences, name))) or "0A",
        ", ".join(request.equipment),
        " ".join(f"{n}{x}" for x, name in carried if (n := getattr(request.patients, name))),
        request.security,
        request.marking,
        request.nationality,
        request.cbrn or request.terrain,
    )
    for number, text in enumerate(nine, 1):
        yield from lines.linear(f"LINE{number}", text)
    yield from lines.linear("INJURED", lines.dtg(request.injured_at))
    yield from lines.linear("REQUESTED", lines.dtg(request.requested_at))
    yield from _contact(request.contact)


def order(of: Envelope, what: Message, catalogue: Catalogue) -> Lines:
    """Yield a directive: who, what, when, where, in sets; the task in words."""
    said = cast(Directive, what)
    flags = ("YES" if said.exclusive else "", "YES" if said.draft else "")
    yield from lines.linear("ACTION", said.action.upper() if said.action != "other" else "", said.action_code, *flags)
    yield from lines.linear("SERIAL", said.serial)
    for role, units in (("PERFORM", said.performers), ("SUPPORT", said.supporting)):
        yield from lines.joined(_unit(role, unit) for unit in units)
    yield from lines.joined(_aperiod(window) for window in said.windows)
    yield from _area(said.area)
    yield from lines.linear("EFFLEVEL", lines.levels(said.altitude))
    yield from _route(said.route)
    yield from lines.linear("BUFFER", lines.length(said.buffer_m))
    yield from _vehicles(said.vehicles, said.strength)
    yield from lines.joined(lines.linear("FREQ", f"{lines.number(f)}MHZ") for f in said.frequencies_mhz)
    for relation in ("supersedes", "cancels", "permitted", "coordinated_with"):
        yield from lines.joined(reference(relation, r) for r in getattr(said, relation))
    yield from lines.free("GENTEXT", "TASK", said.task)
    yield from lines.free("GENTEXT", "CONSTRAINTS", said.constraints)
    yield from _contact(said.contact)


def reference(relation: str, to: Reference) -> list[str]:
    """Return the set that names another order by its id."""
    return lines.linear("BUSREF", relation.replace("_", " ").upper(), str(to.revision), *to.id.split("/"))


def measure(of: Envelope, what: Message, own_id: str, catalogue: Catalogue) -> Lines:
    """Yield one airspace measure; ``own_id`` is its id where that of the order does not give it."""
    said = what if isinstance(what, Directive) else None
    code, *uses = (said.action_code if said else "").split() or [""]
    name = said.serial if said else of.id.rpartition("/")[2]
    shape = _area(said.area) if said else []
    word = shape[0].partition("/")[0] if shape else ""
    described = (f"{d}:{lines.field(v)}" if v else "" for d, v in (("ACM", code), ("NAME", name)))
    yield from lines.linear("ACMID", *described, _WORDS.get(word, word), *(f"USE:{lines.field(u)}" for u in uses))
    if own_id:
        yield from lines.linear("BUSID", str(of.revision), *own_id.split("/"))
    if said is None:
        yield from lines.free("RMKS", getattr(what, "reason", ""))
        return
    yield from shape
    yield from lines.linear("EFFLEVEL", lines.levels(said.altitude))
    yield from lines.joined(_aperiod(window) for window in said.windows)


_WORDS: Final = {"GEOLINE": "LINE", "APOINT": "POINT", "NAMED": ""}


def _aperiod(window: TimeWindow) -> list[str]:
    return lines.linear("APERIOD", "DISCRETE", *lines.sides(window))


def _area(area: Area | None) -> list[str]:
    """Return the set of a shape; a shape that slant text has no set for gives none."""
    match area:
        case Polygon(rings=rings):
            return lines.linear("POLYGON", *(lines.point(*p) for p in rings[0]))
        case Circle(centre=centre, radius_m=radius):
            at = lines.position(centre)
            return lines.linear("CIRCLE", at, lines.length(radius)) if radius else lines.linear("APOINT", at)
        case Corridor(points=points, width_m=width):
            return lines.linear("CORRIDOR", lines.length(width), *(lines.point(*p) for p in points))
        case Line(points=points):
            return lines.linear("GEOLINE", *(lines.point(*p) for p in points))
        case ArcBand(centre=centre, start_deg=start, end_deg=end, r_min_m=near, r_max_m=far):
            bearings = (f"{lines.number(start)}T", f"{lines.number(end)}T")
            return lines.linear("RADARC", lines.position(centre), *bearings, *map(lines.length, (near, far)))
        case Named(name=name, radius_m=radius):
            return lines.linear("NAMED", name, lines.length(radius))
        case _:
            return []


def _unit(role: str, unit: UnitRef) -> list[str]:
    return lines.linear("TASKORG", role, unit.name, unit.callsign, unit.participant)


def _route(route: Route | None) -> Lines:
    if route is None:
        return
    yield from lines.linear("ROUTENAM", route.name, route.method.upper())
    rows = [(p.name, lines.position(p.position), *_times(p.window), _role(p), _level(p)) for p in route.points]
    yield from lines.table("5ROUTE", [("POINT", "LOCATION", "FROM", "TO", "ROLE", "LEVEL"), *rows])


def _times(window: TimeWindow | None) -> tuple[str, ...]:
    return lines.sides(window) if window else ("", "")


def _role(point: RoutePoint) -> str:
    return "" if point.role == "waypoint" else point.role.upper()


def _level(point: RoutePoint) -> str:
    return lines.levels(point.altitude)


def _vehicles(vehicles: tuple[Vehicles, ...], strength: int | None) -> Lines:
    for each in vehicles:
        counts = ("" if n is None else str(n) for n in (each.count, each.load_class))
        yield from lines.linear("VEH", each.type, *counts)
    yield from lines.linear("STRENGTH", "" if strength is None else str(strength))


def _contact(contact: Contact | None) -> Lines:
    if contact is not None:
        yield from lines.linear("POC", contact.name, contact.role, "", "", contact.phone, contact.email)


def movement(of: Envelope, what: Message, catalogue: Catalogue) -> Lines:
    """Yield a movement: kind, route with its points, means and people."""
    said = cast(MovementNotice, what)
    state = said.state.upper() if said.state != "planned" else ""
    yield from lines.linear("MOVEKIND", said.movement_kind.upper(), said.method.upper(), state)
    timed = tuple(p.window for p in said.route.points if p.window) if said.route else ()
    if said.windows and said.windows != timed:
        yield from lines.linear("PERIOD", *lines.sides(said.windows[0]))
    yield from _route(said.route)
    yield from _area(said.area)
    yield from lines.linear("EFFLEVEL", lines.levels(said.altitude))
    yield from lines.linear("ESCORT", _YES_NO[said.armed], _YES_NO[said.escorted])
    yield from _vehicles(said.vehicles, said.strength)
    yield from lines.linear("ORGAN", said.organisation)
    yield from lines.linear("CARGO", said.cargo)
    yield from lines.joined(lines.linear("FREQ", f"{lines.number(f)}MHZ") for f in said.frequencies_mhz)
    yield from lines.free("GENTEXT", "PURPOSE", said.purpose)
    yield from _contact(said.contact)


def acknowledgement(of: Envelope, what: Message, catalogue: Catalogue) -> Lines:
    """Yield which order is meant, and the step."""
    said = cast(Acknowledgement, what)
    yield from reference("of", said.of)
    yield from lines.linear("TIMEFRAM", f"ASOF:{lines.dtg(said.at)}" if said.at else "")
    yield from lines.linear("ACTION", "", said.code)
    yield from lines.linear("AKNLDG", "YES", catalogue.steps[said.step][0])
    yield from lines.free("RMKS", said.note)


def text(of: Envelope, what: Message, catalogue: Catalogue) -> Lines:
    """Yield words between people."""
    said = cast(TextMessage, what)
    yield from lines.linear("TIMEFRAM", f"ASOF:{lines.dtg(said.at)}" if said.at else "")
    yield from lines.free("GENTEXT", "", said.text)
    yield from _contact(said.contact)


BODIES: Final[dict[str, Callable[[Envelope, Message, Catalogue], Lines]]] = {
    "sitrep": situation, "logistics": logistics, "medevac": medevac, "directive": order, "movement": movement,
    "acknowledgement": acknowledgement, "message": text,
}  # fmt: skip
