"""What the templates say of movements, acknowledgements, observations and MEDEVAC requests: field and text, in order.

Source: reference formats.md §10.3.
"""

from collections.abc import Iterator
from typing import Final

from adapters.vocabulary import word
from adapters.written import dtg, position, span
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Vehicles
from schemas.envelope import Contact
from schemas.geo import Position, RoutePoint
from schemas.notices import MovementNotice
from schemas.reports import MedevacRequest, Observation

Pairs = Iterator[tuple[str, str]]

_MOVEMENT: Final = frozenset({"patrol", "humanitarian"})  # they have titles of their own
_PRECEDENCES: Final = ("urgent", "urgent_surgical", "priority", "routine", "convenience")
_MIST: Final = ("age", "mechanism", "injuries", "signs", "treatment")


def pairs_of(what: Message, language: str) -> Pairs:
    """Yield the fields of a message, each with its text."""
    match what:
        case MovementNotice():
            yield from _movement(what, language)
        case Acknowledgement():
            yield from _acknowledgement(what, language)
        case Observation():
            yield from _observation(what)
        case MedevacRequest():
            yield from _nine_lines(what)
        case _:
            return


def _movement(what: MovementNotice, language: str) -> Pairs:
    if what.movement_kind not in _MOVEMENT:
        yield "movement_kind", word("movement_kind", what.movement_kind, language)
    points = what.route.points if what.route else ()
    alone = len(points) == 1 and (points[0].window,) == what.windows
    yield "route", what.route.name if what.route else ""
    yield from (("place", point_text(point, "" if alone else span(point.window))) for point in points)
    if alone or what.windows != tuple(p.window for p in points if p.window):
        for window in what.windows[:1]:
            yield "from", dtg(window.start)
            yield "to", dtg(window.end)
    yield "purpose", what.purpose
    yield "method", word("method", what.method, language) if what.method else ""
    yield from vehicle_pairs(what.vehicles, language)
    yield "strength", "" if what.strength is None else str(what.strength)
    yield "armed", yes_no(what.armed, language)
    yield "escort", yes_no(what.escorted, language)
    yield "relies_on", ", ".join(what.relies_on)
    for name in ("organisation", "drivers", "cargo"):
        yield name, getattr(what, name)
    yield from contact_pairs(what.contact)
    if what.state != "planned":
        yield "status", word("status", what.state, language)


def _acknowledgement(what: Acknowledgement, language: str) -> Pairs:
    yield "of", what.of.id + (f" v{what.of.revision}" if what.of.revision else "")
    yield "step", word("step", what.step, language).upper()
    if what.read_back is not None:
        yield "read_back", what.read_back.text
        yield "place", what.read_back.place
        yield "window", span(what.read_back.window)
    yield "code", what.code
    yield "remarks", what.note
    yield "time", dtg(what.at)


def _observation(what: Observation) -> Pairs:
    yield "size", what.size
    yield "activity", what.activity
    yield "place", what.place_name or ""
    yield "position", position(what.position)
    yield "unit", what.unit
    yield "time", dtg(what.observed)
    yield "equipment", what.equipment
    yield "assessment", what.assessment
    yield "of", what.about


def _nine_lines(what: MedevacRequest) -> Pairs:
    counts = zip("ABCDE", _PRECEDENCES, strict=True)
    carried = zip("LAE", ("litter", "ambulatory", "escort"), strict=True)
    urgent = " ".join(f"{n}{x}" for x, name in counts if (n := getattr(what.precedences, name)))
    yield "line 1", site(what.pickup_name, what.pickup)
    yield "line 2", " ".join(filter(None, (what.frequency, what.callsign)))
    yield "line 3", urgent or ("" if what.casualties is not None or what.details else "0A")
    yield "line 4", ", ".join(what.equipment)
    yield "line 5", " ".join(f"{n}{x}" for x, name in carried if (n := getattr(what.patients, name)))
    yield from (("line 6", what.security), ("line 7", what.marking), ("line 8", what.nationality))
    yield "line 9", what.cbrn or what.terrain
    yield "patients", "" if what.casualties is None else str(what.casualties)
    yield from (("hazards", what.hazards), ("landing_site", what.landing_site), ("destination", what.destination))
    yield from contact_pairs(what.contact)
    yield "injured", dtg(what.injured_at)
    yield "time", dtg(what.requested_at)
    for detail in what.details:
        yield "patient", detail.label
        yield "patient_time", dtg(detail.injured_at)
        yield from ((name, getattr(detail, name)) for name in _MIST)


def contact_pairs(contact: Contact | None) -> Pairs:
    """Yield how to reach somebody."""
    if contact is not None:
        yield from (("contact", contact.name), ("phone", contact.phone), ("email", contact.email))


def vehicle_pairs(vehicles: tuple[Vehicles, ...], language: str) -> Pairs:
    """Yield what moves, and its load class where all have the same."""
    yield "vehicles", ", ".join(_vehicle(vehicle, language) for vehicle in vehicles)
    if len(classes := {v.load_class for v in vehicles}) == 1 and (one := classes.pop()) is not None:
        yield "load_class", str(one)


def site(name: str, at: Position | None) -> str:
    """Return a name, a position, or a name with its position in brackets."""
    where = position(at)
    return f"{name} ({where})" if name and where else name or where


def point_text(point: RoutePoint, when: str) -> str:
    """Return a point of a route, with its window behind it."""
    return " ".join(filter(None, (site(point.name, point.position), when)))


def _vehicle(vehicle: Vehicles, language: str) -> str:
    kind = word("vehicle_type", vehicle.type, language)
    return f"{vehicle.count} {kind}" if vehicle.count is not None else kind


def yes_no(value: bool | None, language: str) -> str:
    """Return an answer in a language, "" if there is none."""
    return "" if value is None else word("yes_no", "yes" if value else "no", language)
