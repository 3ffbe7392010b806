"""What a message looks like as rows of a table: the field of each column and its text, in the order of the columns.

Source: reference formats.md §3.3, §10.4 (output), §10.5.
"""

from collections.abc import Iterator
from typing import Final

from adapters.base import Rejected
from adapters.sheet import columns
from adapters.vocabulary import word
from adapters.written import dtg, position
from schemas.envelope import Contact, Envelope
from schemas.notices import Cancellation, MovementNotice, ProtectedSite, RouteState
from schemas.registry import body
from schemas.reports import IncidentReport, LogisticsStatus, SituationReport, StockLine, StrengthLine
from schemas.time import TimeValue, TimeWindow

Row = list[tuple[str, str]]  # field and text; places repeat
ALWAYS: Final = frozenset({"id", "section", "place", "category", "item", "name", "on_hand", "effective"})
"""Columns that stand even if no row fills them: without them nobody would know what the table is."""

_CANCELLED: Final = {  # the columns by which a table of withdrawals alone is known
    "route-state": ("section", "status"),
    "movement": ("place", "status"),
    "protected-site": ("name", "place", "organisation", "status"),
    "incident": ("category", "time", "place", "status"),
    "logistics": ("item", "on_hand", "status"),
    "sitrep": ("category", "effective", "status"),
}
PROFILES: Final = {p.kind: p for p in columns.PROFILES}


def rows(message: Envelope, language: str) -> list[Row]:
    """Return the rows of a message: one, or one a line of a return.

    Raises:
        Rejected: no table holds such a message.
    """
    what = body(message)
    named: Row = [("id", message.id), ("revision", str(message.revision) if message.revision > 1 else "")]
    if message.status == "update":
        named.append(("status", word("status", "update", language)))
    if message.reality != "real":
        named.append(("reality", word("reality", message.reality, language)))
    unit: Row = [("unit", message.unit.name)] if message.unit is not None else []
    match what:
        case Cancellation():
            status = word("status", "cancel", language)
            said = [(key, status if key == "status" else "") for key in _CANCELLED.get(message.kind, ())]
            return [[*named, *said, *unit, ("remarks", what.reason)]]
        case RouteState():
            return [[*named, *_route_state(what, language), *unit]]
        case MovementNotice():
            return [[*named, *_movement(what, language), *unit, *_state(what, language)]]
        case ProtectedSite():
            return [[*named, *_site(what), *unit]]
        case IncidentReport():
            return [[*named, *_incident(what), *unit]]
        case LogisticsStatus():
            unit = [("unit", what.unit.name)] if what.unit else []
            first: Row = [*named, *unit, ("as_of", dtg(what.as_of))]
            return [[*first, *_stock(line), *_remarks(what.remarks, i)] for i, line in enumerate(what.lines)]
        case SituationReport() if what.strength:
            first = [*named, *unit, ("report_no", what.report_no), ("period", _period(what.period))]
            return [[*first, *_strength(line)] for line in what.strength]
        case _:
            raise Rejected(message.key, f"no table holds this {message.kind}", "write it in another format")


def holds(message: Envelope) -> bool:
    """Say whether a table can hold a message."""
    if message.kind not in PROFILES:
        return False
    if message.status == "cancel":
        return True
    what = body(message)
    if isinstance(what, SituationReport):
        return bool(what.strength)
    return not isinstance(what, LogisticsStatus) or bool(what.lines)


def _remarks(text: str, line: int) -> Row:
    return [("remarks", "" if line else text)]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"


def _yes_no(value: bool | None, language: str) -> str:
    return "" if value is None else word("yes_no", "yes" if value else "no", language)


def _times(windows: tuple[TimeWindow, ...]) -> Row:
    return [pair for w in windows[:1] for pair in (("from", _bound(w.start, w.start_earliest)),
                                                   ("to", _bound(w.end, w.end_latest)))]  # fmt: skip


def _bound(said: TimeValue | None, utc: int | None) -> str:
    """Return a bound of a window as it was said, or as it was meant: a day ends when the next begins."""
    return dtg(said) if utc is None or said is None or said.utc == utc else dtg(TimeValue(utc=utc))


def _contact(contact: Contact | None) -> Row:
    return [("contact", contact.name), ("phone", contact.phone), ("email", contact.email)] if contact else []


def _route_state(what: RouteState, language: str) -> Row:
    speed = "" if what.speed_limit_mps is None else f"{what.speed_limit_mps * 3.6:.4g} km/h"
    return [
        ("section", what.section),
        ("position", position(what.position)),
        ("load_class", _number(what.load_class)),
        ("width", _number(what.width_m)),
        ("lanes", _number(what.lanes)),
        ("state", word("state", what.trafficable, language)),
        ("speed_limit", speed),
        ("one_at_a_time", word("yes_no", "yes", language) if what.one_at_a_time else ""),
        ("remarks", what.remarks),
        *_times(what.windows),
    ]


def _movement(what: MovementNotice, language: str) -> Iterator[tuple[str, str]]:
    yield "movement_kind", word("movement_kind", what.movement_kind, language)
    yield "route", what.route.name if what.route else ""
    for point in what.route.points if what.route else ():
        site = position(point.position)
        yield "place", f"{point.name} ({site})" if point.name and site else point.name or site
    yield from _times(what.windows)
    yield "method", word("method", what.method, language) if what.method else ""
    if len(what.vehicles) == 1:
        (one,) = what.vehicles
        yield from (("vehicle_type", one.type), ("count", _number(one.count)), ("load_class", _number(one.load_class)))
    else:
        yield "vehicles", ", ".join(f"{v.count or ''} {v.type}".strip() for v in what.vehicles)
        classes = {v.load_class for v in what.vehicles}
        yield "load_class", _number(classes.pop()) if len(classes) == 1 else ""
    yield "strength", _number(what.strength)
    yield from (("armed", _yes_no(what.armed, language)), ("escort", _yes_no(what.escorted, language)))
    yield from ((key, getattr(what, key)) for key in ("purpose", "organisation", "drivers", "cargo"))
    yield "relies_on", ", ".join(what.relies_on)
    yield from _contact(what.contact)


def _state(what: MovementNotice, language: str) -> Row:
    return [("status", word("status", what.state, language))] if what.state != "planned" else []


def _site(what: ProtectedSite) -> Row:
    return [
        ("name", what.name),
        ("site_kind", what.site_kind),
        ("position", position(what.position)),
        ("place", ""),
        ("buffer", _number(what.buffer_m)),
        *_times(what.windows),
        ("organisation", what.organisation),
        *_contact(what.contact),
        ("status", "removed" if what.removed else ""),
    ]


def _incident(what: IncidentReport) -> Iterator[tuple[str, str]]:
    yield from (("category", what.category), ("subcategory", what.subcategory), ("time", dtg(what.occurred)))
    yield from (("reported", dtg(what.reported)), ("stage", "" if what.stage == "initial" else what.stage))
    yield from (("position", position(what.position)), ("place", what.place_name))
    yield "actors", "; ".join(a.description for a in what.actors)
    yield "activity", what.activity
    for key in ("killed", "injured", "missing", "detained", "displaced"):
        yield key, _number(getattr(what.casualties, key)) if what.casualties else ""
    for key in ("damage", "hazards", "access", "action_taken", "action_requested", "assessment"):
        yield key, getattr(what, key)
    if (sure := what.confidence) is not None:
        yield from (("reliability", sure.reliability), ("credibility", _number(sure.credibility or None)))
        yield "verified", "" if sure.verified is None else "verified" if sure.verified else "unverified"


def _stock(line: StockLine) -> Row:
    counted = ("authorised", "on_hand", "serviceable", "required", "days_of_supply")
    said = [("item", line.item), ("supply_class", line.supply_class), ("measure", line.unit)]
    return [*said, *((key, _number(getattr(line, key))) for key in counted)]


def _strength(line: StrengthLine) -> Row:
    counted = ("authorised", "effective", "absent")
    return [("category", line.category), *((k, _number(getattr(line, k))) for k in counted), ("remarks", line.note)]


def _period(period: TimeWindow) -> str:
    if period.start is not None and period.start == period.end and period.start_earliest == period.end_latest:
        return dtg(period.start)
    start, end = _bound(period.start, period.start_earliest), _bound(period.end, period.end_latest)
    return start if period.start == period.end and period.end_latest is None else f"{start}-{end}"
