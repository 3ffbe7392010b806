"""What texts and tables alike bring: movements, the state of routes, withdrawals; and who sends them.

A movement needs a way (a route or places) and a time; the state of a route needs its section. The rest may be left out.
Source: reference formats.md §3.3, §10.5; domain.md §1.5.
"""

import re
from typing import Final

from adapters import places, times, vocabulary, words
from adapters.base import Rejected
from adapters.fields import Cell, Fields
from schemas.base import Message
from schemas.directives import Vehicles
from schemas.envelope import Contact, UnitRef
from schemas.geo import Route, RoutePoint
from schemas.label import Label
from schemas.notices import Cancellation, MovementNotice, RouteState
from schemas.time import TimeWindow

WITHHELD: Final = ("organisation", "drivers", "cargo")  # of a humanitarian movement: for nobody but the originator
_KMH: Final = 1 / 3.6
_COUNTED: Final = re.compile(r"(?P<n>\d{1,4})\s*(?:x\s*)?(?P<what>[^\d].*)")
_CLASS: Final = re.compile(
    r"[\s,;(]*(?:load class|mlc|classe de charge|classe|clase de carga|clase|class)\s*:?\s*(\d{1,3})\)?", re.IGNORECASE
)
_AND: Final = re.compile(r"[,;+]| and | et | y ")
_SPEED: Final = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*(?:km/h|kmh|kph|kmph)?", re.I)
_PHONE: Final = re.compile(r"[+(]?\d[\d ()./-]{5,20}\d")


def cancellation(fields: Fields) -> Cancellation:
    """Take why something is withdrawn."""
    return Cancellation(reason=fields.text("remarks"))


def movement(fields: Fields, kind: str) -> MovementNotice:
    """Take a movement. With one place and one window, the window is when the mover is at that place.

    Raises:
        Rejected: it says neither where nor when, or something that cannot be read.
    """
    stated = fields.meaning("movement_kind", "movement_kind")
    method = fields.meaning("method", "method")
    when = fields.window()
    points = points_of(fields, when)
    name = fields.text("route")
    if not points and not name:
        raise Rejected("route", "it says neither a route nor a place", 'write "Route: LIME" or "Place: KESSA"')
    if when is None and not any(p.window for p in points):
        raise Rejected("from", "it says no time", 'write "From: 140900ZMAR27" and "To: 141300ZMAR27"')
    state = fields.meaning("status", "status")
    return MovementNotice(
        movement_kind=stated or kind,  # type: ignore[arg-type]  # a meaning of the table
        route=Route(name=name, points=points, method=method),  # type: ignore[arg-type]
        windows=(when,) if when else tuple(p.window for p in points if p.window),
        purpose=fields.text("purpose"),
        method=method,  # type: ignore[arg-type]
        armed=yes_or_no(fields, "armed"),
        escorted=yes_or_no(fields, "escort"),
        vehicles=vehicles(fields),
        strength=fields.count("strength"),
        organisation=fields.text("organisation"),
        drivers=fields.text("drivers"),
        cargo=fields.text("cargo"),
        contact=contact(fields),
        state=state if state in ("planned", "under-way", "completed") else "planned",  # type: ignore[arg-type]
        relies_on=tuple(p.strip() for p in fields.text("relies_on").split(",") if p.strip()),
    )


def withheld(body: Message) -> dict[str, Label]:
    """Return the labels of what an organisation tells of itself: kept from all but the originator."""
    if not isinstance(body, MovementNotice) or body.movement_kind != "humanitarian":
        return {}
    return {name: Label(releasable_to=()) for name in WITHHELD if getattr(body, name)}


def route_state(fields: Fields) -> RouteState:
    """Take the state of a bridge, ford or road.

    Raises:
        Rejected: it does not say which, or says something that cannot be read.
    """
    section = fields.required("section", 'name the section, e.g. in a column "section"').text.strip()
    state = fields.meaning("state", "state")
    if not state and (cell := fields.peek("state")) is not None:
        raise Rejected(cell.path, f'"{cell.text[:40]}" is no known state', "write open, caution, closed or unknown")
    speed = fields.peek("speed_limit")
    match = _SPEED.fullmatch(words.plain(speed.text).strip()) if speed else None
    if speed and match:
        fields.drop(speed)
    return RouteState(
        section=section,
        position=fields.position(),
        load_class=fields.count("load_class", 150),
        width_m=fields.number("width"),
        lanes=fields.count("lanes", 100),
        trafficable=state or "unknown",  # type: ignore[arg-type]
        speed_limit_mps=round((words.number(match[1]) or 0.0) * _KMH, 3) if match else None,
        one_at_a_time=yes_or_no(fields, "one_at_a_time") or False,
        windows=(when,) if (when := fields.window()) else (),
        remarks=fields.text("remarks"),
    )


def unit(fields: Fields) -> UnitRef | None:
    """Take who acts or writes."""
    name = fields.text("unit")
    callsign = fields.text("callsign")
    return UnitRef(name=name, callsign=callsign, scheme="text", raw=name) if name or callsign else None


def points_of(fields: Fields, when: TimeWindow | None) -> tuple[RoutePoint, ...]:
    """Take places in order; one may have its own window behind its name (``KESSA 141000Z-141045Z``)."""
    points = [_point(cell, fields) for cell in fields.every("place")]
    position = fields.position()
    if position is not None and len(points) == 1 and points[0].position is None:
        points = [RoutePoint(name=points[0].name, position=position, window=points[0].window)]
    elif position is not None:
        points.append(RoutePoint(position=position))
    if len(points) == 1 and points[0].window is None and when is not None:
        return (RoutePoint(name=points[0].name, position=points[0].position, window=when),)
    return tuple(points)


def _point(cell: Cell, fields: Fields) -> RoutePoint:
    name, group = times.apart(cell.text)
    if not group:
        return _where(cell.text, cell.path, fields, None)
    span = fields.looked_at(times.span(group.rstrip(" .;)"), cell.path, fields.context), cell.path)
    return _where(name.rstrip(" ,;:("), cell.path, fields, span)


def _where(text: str, path: str, fields: Fields, window: TimeWindow | None) -> RoutePoint:
    """Read a name, a position, or a name with its position in brackets."""
    name, bracket, inner = text.strip().partition("(")
    if bracket and name.strip():
        at = places.place(inner.rstrip(" )"), path, fields.context)
        fields.warnings += places.warnings(at, path)
        return RoutePoint(name=name.strip(), position=at, window=window)
    found = places.named(text, path, fields.context)
    if isinstance(found, str):
        return RoutePoint(name=found, window=window)
    fields.warnings += places.warnings(found, path)
    return RoutePoint(position=found, window=window)


def vehicles(fields: Fields) -> tuple[Vehicles, ...]:
    """Take vehicles: "8 trucks, 2 light vehicles", or a type with a count and a class of their own."""
    listed: list[Vehicles] = []
    if (cell := fields.peek("vehicles")) is not None:
        text = words.plain(cell.text)
        classes = _CLASS.search(text)
        parts = [_COUNTED.fullmatch(p.strip()) for p in _AND.split(_CLASS.sub("", text)) if p.strip()]
        if parts and all(parts):
            fields.drop(cell)
            one = int(classes[1]) if classes and int(classes[1]) <= 150 else None
            listed = [_vehicle(m["what"], int(m["n"]), one, fields) for m in parts if m]
    kind = fields.text("vehicle_type")
    if kind:
        match = _COUNTED.fullmatch(words.plain(kind).strip())
        number = int(match["n"]) if match else fields.count("count", 100_000)
        listed.append(_vehicle(match["what"] if match else kind, number, fields.count("load_class", 150), fields))
    elif listed and all(v.load_class is None for v in listed) and "load_class" in fields:
        heaviest = fields.count("load_class", 150)  # of the whole movement: for each of them, to be on the safe side
        listed = [Vehicles(type=v.type, count=v.count, load_class=heaviest) for v in listed]
    return tuple(listed)


def _vehicle(what: str, number: int | None, load_class: int | None, fields: Fields) -> Vehicles:
    known = vocabulary.meaning("vehicle_type", what, fields.language)
    return Vehicles(type=known or what.strip(" ."), count=number, load_class=load_class)


def yes_or_no(fields: Fields, key: str) -> bool | None:
    """Take an answer; another word stays."""
    answer = fields.meaning(key, "yes_no")
    return {"yes": True, "no": False}.get(answer)


def contact(fields: Fields) -> Contact | None:
    """Take how to reach somebody; a number behind the name is the phone."""
    name, phone, email = fields.text("contact"), fields.text("phone"), fields.text("email")
    if name and not phone and (match := _PHONE.search(words.plain(name))) is not None and name.isascii():
        name, phone = name[: match.start()].rstrip(" ,;:("), name[match.start() :].rstrip(" )")
    return Contact(name=name, phone=phone, email=email) if name or phone or email else None
