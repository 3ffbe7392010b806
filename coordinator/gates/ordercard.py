"""An order as a card: who does what, where, when, with whom, and what to answer, each a short line in one's language.

What the issuer wrote stays in the issuer's words; the card is beside it and never instead of it. Pure.

Source: reference domain.md R-09, §1.4 (the paragraphs of an order).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from coordinator.gates.visible import clean, lines
from coordinator.gates.when_where import band, position, window
from coordinator.texts import say
from schemas.directives import Dependency, Directive, OrderChange, Vehicles
from schemas.envelope import Contact, Envelope, Reference, UnitRef
from schemas.geo import Area, Circle, Ellipse, Named, Route

Row = tuple[str, str]
Part = Directive | OrderChange
MOST: Final = 12  # of one sort on a card; the rest is counted, and stands in full below

_FIELDS: Final[tuple[tuple[str, Callable[[Part, str], Iterable[str]]], ...]] = (
    ("who", lambda part, lang: map(_unit, part.performers or ())),
    ("task", lambda part, lang: [lines(part.task or "")]),
    ("where", lambda part, lang: [_area(part.area, lang)]),
    ("way", lambda part, lang: [_route(part.route)]),
    ("when", lambda part, lang: map(window, part.windows or ())),
    ("height", lambda part, lang: [band(part.altitude)] if part.altitude else ()),
    ("with", lambda part, lang: map(_vehicles, part.vehicles or ())),
    ("needs", lambda part, lang: (clean(f"{a.name} {a.amount:g}") for a in part.assets or ())),
    ("frequencies", lambda part, lang: (f"{f:g} MHz" for f in part.frequencies_mhz or ())),
    ("permitted", lambda part, lang: map(_reference, part.permitted or ())),
    ("agreed", lambda part, lang: map(_reference, part.coordinated_with or ())),
    ("depends", lambda part, lang: (_dependency(d, lang) for d in part.dependencies or ())),
)
"""What an order and a change of it have in common, in the order of reading."""


def rows(envelope: Envelope, order: Directive, lang: str) -> Iterator[Row]:
    """Yield the lines of a card: what the line is about, and what it says."""
    yield _label("what", lang), _what(order, lang)
    yield _label("from", lang), clean(" / ".join(x for x in (envelope.originator, order.on_order_of) if x))
    yield from _part(order, lang)
    yield _label("supporting", lang), _listed(map(_unit, order.supporting), lang)
    yield _label("relies", lang), _listed(map(clean, order.relies_on), lang)
    for key, references in (("replaces", order.supersedes), ("cancels", order.cancels)):
        yield _label(key, lang), _listed(map(_reference, references), lang)
    for change in order.amends[:MOST]:
        said = "; ".join(f"{label} {value}" for label, value in _part(change, lang) if value)
        yield _label("changes", lang), f"{_reference(change.order)}: {said}" if said else _reference(change.order)
    yield _label("limits", lang), lines(order.constraints)
    yield _label("call", lang), _contact(order.contact) if order.contact else ""
    yield _label("answer", lang), _answer(order, lang)


def card(envelope: Envelope, order: Directive, lang: str) -> str:
    """Return an order as a card of its own: its id, then one line each."""
    said = (f"{label}: {value}" for label, value in rows(envelope, order, lang) if value)
    return "\n".join((clean(envelope.key), *said)) + "\n"


def _part(part: Part, lang: str) -> Iterator[Row]:
    for key, values in _FIELDS:
        yield _label(key, lang), _listed(values(part, lang), lang)


def _what(order: Directive, lang: str) -> str:
    if not order.performers and order.amends:
        return say("order-card-change", lang)
    key = "what-order" if order.action == "other" else f"what-order-to-{order.action}"
    named = say(key, lang)
    return say("what-exclusive", lang, what=named) if order.exclusive else named


def _answer(order: Directive, lang: str) -> str:
    if order.draft:
        return say("order-card-draft", lang)
    return say("order-card-answer-text", lang, cannot=say("order-cannot-comply", lang))


def _label(key: str, lang: str) -> str:
    return say(f"order-card-{key}", lang)


def _listed(values: Iterable[str], lang: str) -> str:
    known = [v for v in values if v]
    more = len(known) - MOST
    rest = [say("answer-more", lang, count=str(more))] if more > 0 else []
    return ", ".join((*known[:MOST], *rest))


def _unit(unit: UnitRef) -> str:
    return clean(unit.callsign or unit.name or unit.id or unit.participant)


def _reference(reference: Reference) -> str:
    return clean(reference.id)


def _area(area: Area | None, lang: str) -> str:
    match area:
        case None:
            return ""
        case Named():
            around = f" (+-{area.radius_m:g} m)" if area.radius_m else ""
            return clean(area.name) + around
        case Circle():
            return f"{clean(area.name)} {position(area.centre)}, {area.radius_m:g} m".strip()
        case Ellipse():
            return f"{clean(area.name)} {position(area.centre)}".strip()
        case _:
            return clean(area.name) or say("order-card-shape", lang)


def _route(route: Route | None) -> str:
    if route is None:
        return ""
    names = [clean(p.name) for p in route.points if p.name][:MOST]
    return ": ".join(x for x in (clean(route.name), " > ".join(names)) if x)


def _vehicles(vehicles: Vehicles) -> str:
    count = f"{vehicles.count} x " if vehicles.count is not None else ""
    classed = f" (MLC {vehicles.load_class:g})" if vehicles.load_class is not None else ""
    return count + clean(vehicles.type) + classed


def _dependency(dependency: Dependency, lang: str) -> str:
    return say(f"order-card-{dependency.relation}", lang, task=clean(dependency.task))


def _contact(contact: Contact) -> str:
    return clean(", ".join(x for x in (contact.role, contact.name, contact.radio, contact.phone, contact.email) if x))
