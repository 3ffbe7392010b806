"""Writing labelled text: fixed templates, at most 70 columns, labels in the language of the message.

What the template has no label for is a loss. Reading it again gives the same fields.
Source: reference formats.md §10.2 (writers).
"""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received
from adapters.compare import not_carried
from adapters.vocabulary import word
from adapters.words import printable
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Vehicles
from schemas.envelope import Contact, Envelope
from schemas.geo import Position, RoutePoint
from schemas.notices import Cancellation, MovementNotice
from schemas.registry import body
from schemas.reports import MedevacRequest, Observation, TextMessage
from schemas.time import TimeValue, TimeWindow

COLUMNS: Final = 70
_MONTHS: Final = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"
_TEMPLATE: Final = {
    "acknowledgement": "acknowledgement", "observation": "salute", "medevac": "medevac", "message": "message",
}  # fmt: skip
_MOVEMENT: Final = {"patrol": "patrol", "humanitarian": "humanitarian"}
_PRECEDENCES: Final = ("urgent", "urgent_surgical", "priority", "routine", "convenience")
Pairs = Iterator[tuple[str, str]]


def write(
    messages: Sequence[Envelope], originals: Mapping[str, bytes], decode: Callable[[bytes, Context], Translation]
) -> Encoded:
    """Return the reports of these messages, a blank line between two.

    Raises:
        Rejected: none of them has a template.
    """
    if messages and (whole := as_received(messages, originals, decode)) is not None:
        return Encoded(data=whole)
    parts: list[str] = []
    losses: list[Loss] = []
    for message in messages:
        if message.kind != "movement" and message.kind not in _TEMPLATE:
            losses.append(Loss(path=message.key, value=message.kind, why="no template for this kind"))
            continue
        text = _report(message)
        parts.append(text)
        losses += not_carried((message,), text.encode(), decode)
    if not parts:
        known = ", ".join(("movement", *_TEMPLATE))
        raise Rejected("messages", "there is no template for any of them", f"kinds that have one: {known}")
    return Encoded(data="\n".join(parts).encode(), losses=tuple(losses))


def _report(message: Envelope) -> str:
    language, what = message.lang, body(message)
    lines = [word("titles", _title(message, what), language).upper()]
    lines += _line(word("labels", "id", language), message.id)
    if message.revision > 1:
        lines += _line(word("labels", "revision", language), str(message.revision))
    for key, value in _pairs(message, what):
        label = key.removeprefix("line ") if key.startswith("line ") else word("labels", key, language)
        lines += _line(label, value)
    if isinstance(what, TextMessage):
        lines = [lines[0], *printable(what.text).splitlines()]
    return "\n".join(lines) + "\n"


def _title(message: Envelope, what: Message) -> str:
    if message.kind != "movement":
        return _TEMPLATE[message.kind]
    return _MOVEMENT.get(what.movement_kind, "movement") if isinstance(what, MovementNotice) else "movement"


def _line(label: str, value: str) -> list[str]:
    """Return a label line, folded; the lines below it are indented and have no label."""
    if not value.strip():
        return []
    first = label[:1].upper() + label[1:] + ": "
    flat = " ".join(printable(value).split())
    return textwrap.wrap(first + flat, COLUMNS, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _pairs(message: Envelope, what: Message) -> Pairs:
    language = message.lang
    if message.unit is not None:
        yield "unit", message.unit.name
        yield "callsign", message.unit.callsign
    match what:
        case Cancellation():
            yield "status", word("status", "cancel", language)
            yield "remarks", what.reason
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
    yield from (("place", _point(point, "" if alone else span(point.window))) for point in points)
    if alone or what.windows != tuple(p.window for p in points if p.window):
        for window in what.windows[:1]:
            yield "from", dtg(window.start)
            yield "to", dtg(window.end)
    yield "purpose", what.purpose
    yield "method", word("method", what.method, language) if what.method else ""
    yield "vehicles", ", ".join(map(_vehicle, what.vehicles))
    if len(classes := {v.load_class for v in what.vehicles}) == 1 and (one := classes.pop()) is not None:
        yield "load_class", str(one)
    yield "strength", "" if what.strength is None else str(what.strength)
    yield "armed", _yes_no(what.armed, language)
    yield "escort", _yes_no(what.escorted, language)
    yield "relies_on", ", ".join(what.relies_on)
    for name in ("organisation", "drivers", "cargo"):
        yield name, getattr(what, name)
    yield from _contact(what.contact)
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
    site = position(what.pickup)
    yield "line 1", f"{what.pickup_name} ({site})" if what.pickup_name and site else what.pickup_name or site
    yield "line 2", " ".join(filter(None, (what.frequency, what.callsign)))
    yield "line 3", " ".join(f"{n}{x}" for x, name in counts if (n := getattr(what.precedences, name))) or "0A"
    yield "line 4", ", ".join(what.equipment)
    yield "line 5", " ".join(f"{n}{x}" for x, name in carried if (n := getattr(what.patients, name)))
    yield from (("line 6", what.security), ("line 7", what.marking), ("line 8", what.nationality))
    yield "line 9", what.cbrn or what.terrain
    yield "injured", dtg(what.injured_at)
    yield "time", dtg(what.requested_at)


def _contact(contact: Contact | None) -> Pairs:
    if contact is not None:
        yield from (("contact", contact.name), ("phone", contact.phone), ("email", contact.email))


def _point(point: RoutePoint, when: str) -> str:
    site = position(point.position)
    return " ".join(filter(None, (f"{point.name} ({site})" if point.name and site else point.name or site, when)))


def position(at: Position | None) -> str:
    """Return a position as it was written, or in decimal degrees where that would not be read alike."""
    if at is None:
        return ""
    return at.raw if at.raw and at.quality == "exact" else f"{at.lat:.8f}, {at.lon:.8f}"


def _vehicle(vehicle: Vehicles) -> str:
    return f"{vehicle.count} {vehicle.type}" if vehicle.count is not None else vehicle.type


def _yes_no(value: bool | None, language: str) -> str:
    return "" if value is None else word("yes_no", "yes" if value else "no", language)


def span(window: TimeWindow | None) -> str:
    """Return a window as two date-time groups."""
    return f"{dtg(window.start)}-{dtg(window.end)}" if window and window.start and window.end else ""


def dtg(value: TimeValue | None) -> str:
    """Return a time as a date-time group in UTC, to the minute or second; an open end as it was said."""
    if value is None:
        return ""
    if value.utc is None:
        return value.raw
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value.utc)
    return f"{at:%d%H%M}{f'{at.second:02d}' if at.second else ''}Z{_MONTHS.split()[at.month - 1]}{at:%Y}"
