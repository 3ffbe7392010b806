"""What the rows of a table become: routes and movements as texts bring them, sites, incidents, stocks, strengths.

Names of casualties, sources and detainees never come this far (`rows`, design §1).
Source: reference formats.md §3.3, §10.4, §10.5.
"""

import re
from collections.abc import Sequence
from typing import Final

from adapters import plans, words
from adapters.base import Rejected
from adapters.sheet import columns
from adapters.sheet.values import Values, lasting
from schemas.envelope import Contact
from schemas.label import Label
from schemas.notices import MovementNotice, ProtectedSite, RouteState
from schemas.reports import (
    Actor,
    Casualties,
    Confidence,
    IncidentReport,
    LogisticsStatus,
    SituationReport,
    StockLine,
    StrengthLine,
)
from schemas.time import TimeWindow

_CASUALTIES: Final = ("killed", "injured", "missing", "detained", "displaced")
_ADMIRALTY: Final = re.compile(r"([A-F])?\s*-?\s*([1-6])?")
_SITE_WITHHELD: Final = ("organisation", "contact")
_STOCK: Final = ("authorised", "on_hand", "serviceable", "required", "days_of_supply")


def route_state(values: Values, kind: str) -> RouteState:
    """Take the state of a section.

    Raises:
        Rejected: as `plans.route_state` does.
    """
    return plans.route_state(values)


def movement(values: Values, kind: str) -> MovementNotice:
    """Take a movement or a line of a patrol plan; ``kind`` is what moves where the row does not say.

    Raises:
        Rejected: as `plans.movement` does.
    """
    values.with_date("from", "to")
    return plans.movement(values, kind)


def protected_site(values: Values, kind: str) -> ProtectedSite:
    """Take a protected site. One without coordinates is still protected: it is kept by its name.

    Raises:
        Rejected: it has no name, or its place or times cannot be read.
    """
    name = values.required("name", "write the name of the site in its column").text.strip()
    said = values.peek("site_kind")
    place = "" if "position" in values else values.text("place")
    status = values.peek("status")
    removal = columns.value("removals", status.text) if status else ""
    if status and removal:
        values.drop(status)
    return ProtectedSite(
        name=f"{name}, {place}" if place else name,
        site_kind=_site_kind(values.text("site_kind")) if said else "other",
        position=values.where(),
        buffer_m=values.number("buffer"),
        windows=(when,) if (when := _active(values)) else (),
        organisation=values.text("organisation"),
        contact=_contact(values),
        removed=removal == "removed",
    )


def _site_kind(text: str) -> str:
    return columns.value("sites", text) or words.fold(text) or "other"


def _active(values: Values) -> TimeWindow | None:
    """Take from when until when a site is active; either may be left open."""
    start, end = values.peek("from"), values.peek("to")
    if start and end:
        return values.window()
    if start:
        return TimeWindow.between(values.instant("from"), None)
    if end and (last := values.instant("to")):
        return TimeWindow.between(None, last)
    return None


def _contact(values: Values) -> Contact | None:
    name, phone, email = values.text("contact"), values.text("phone"), values.text("email")
    return Contact(name=name, phone=phone, email=email) if name or phone or email else None


def incident(values: Values, kind: str) -> IncidentReport:
    """Take an incident of an event list. A time without zone or a place unknown stays so, with a warning.

    Raises:
        Rejected: it has no category, or its coordinates are none.
    """
    category = values.required("category", "say in its column what kind of incident it is").text.strip()
    values.with_date("time")
    occurred = values.when("occurred") or values.when("time")
    stage = values.peek("stage")
    if stage and (known := columns.value("stages", stage.text)):
        values.drop(stage)
    actors = values.text("actors")
    return IncidentReport(
        category=category,
        subcategory=values.text("subcategory"),
        occurred=occurred,
        reported=values.when("reported"),
        stage=(known or "initial") if stage else "initial",  # type: ignore[arg-type]  # a value of the table
        position=values.where(),
        place_name=values.text("place"),
        actors=(Actor(role="party", description=actors),) if actors else (),
        activity=values.text("activity"),
        casualties=_casualties(values),
        damage=values.text("damage"),
        hazards=values.text("hazards"),
        access=values.text("access"),
        action_taken=values.text("action_taken"),
        action_requested=values.text("action_requested"),
        assessment=values.text("assessment"),
        confidence=_confidence(values),
    )


def _casualties(values: Values) -> Casualties | None:
    counted = {name: values.count(name) for name in _CASUALTIES}
    return Casualties(**counted) if any(v is not None for v in counted.values()) else None


def _confidence(values: Values) -> Confidence | None:
    """Take how far it can be trusted: "B", "2" or "B2" by the Admiralty code, and whether it was verified."""
    reliability, credibility = "", 0
    for key in ("reliability", "credibility"):
        cell = values.peek(key)
        match = _ADMIRALTY.fullmatch(words.plain(cell.text).strip().upper()) if cell else None
        if cell and match and (match[1] or match[2]):
            values.drop(cell)
            reliability, credibility = match[1] or reliability, int(match[2] or credibility)
    said = values.peek("verified")
    answer = columns.value("verified", said.text) if said else ""
    if said and answer:
        values.drop(said)
    if not (reliability or credibility or answer):
        return None
    verified = {"yes": True, "no": False}.get(answer)
    return Confidence(reliability=reliability, credibility=credibility, verified=verified)  # type: ignore[arg-type]  # A-F


def logistics(rows: Sequence[Values]) -> LogisticsStatus:
    """Take a return of stocks: one line a row, as of the time that the first row or the title states.

    Raises:
        Rejected: it states no time, or a line names no item.
    """
    first = rows[0]
    first.with_date("as_of")
    when = first.when("as_of") or first.when("time")
    if when is None:
        raise Rejected("as of", "it does not say of when it is", 'write "As of: 140600ZMAR27" above the table')
    return LogisticsStatus(
        as_of=when, unit=plans.unit(first), lines=tuple(map(_stock, rows)), remarks=first.text("remarks")
    )


def _stock(values: Values) -> StockLine:
    item = values.required("item", "name the item in its column").text.strip()
    counted = {name: values.number(name) for name in _STOCK}
    return StockLine(item=item, supply_class=values.text("supply_class"), unit=values.text("measure"), **counted)


def strength(rows: Sequence[Values]) -> SituationReport:
    """Take a return of personnel as a situation report with nothing but its strength.

    Raises:
        Rejected: it states no period or time, or a line names no category.
    """
    first = rows[0]
    period = first.period("period") or first.period("as_of") or first.period("time") or first.window()
    if period is None:
        raise Rejected("as of", "it does not say of when it is", 'write "As of: 140600ZMAR27" above the table')
    weekly = bool(period.start and period.start.utc and period == lasting(period.start, 7))
    return SituationReport(
        period=period,
        report_type="weekly" if weekly else "daily",
        report_no=first.text("report_no"),
        strength=tuple(map(_strength, rows)),
    )


def _strength(values: Values) -> StrengthLine:
    return StrengthLine(
        category=values.required("category", "name the category in its column").text.strip(),
        authorised=values.count("authorised"),
        effective=values.count("effective"),
        absent=values.count("absent"),
        note=values.text("remarks"),
    )


def withheld(body: object) -> dict[str, Label]:
    """Return the labels of what stays with the originator until it decides otherwise (reference formats.md §10.5)."""
    if isinstance(body, ProtectedSite):
        return {name: Label(releasable_to=()) for name in _SITE_WITHHELD if getattr(body, name)}
    if not isinstance(body, MovementNotice):
        return {}
    drivers = {"drivers": Label(releasable_to=())} if body.drivers else {}  # names, whoever moves
    return {**plans.withheld(body), **drivers}


SINGLE: Final = {
    "route-state": route_state,
    "movement": movement,
    "protected-site": protected_site,
    "incident": incident,
}
"""Tables of which each row is a message."""

RETURNS: Final = {"logistics": logistics, "strength": strength}
"""Tables of which the rows of one unit and time are the lines of one message."""
