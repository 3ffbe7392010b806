"""What the templates say of situation reports, incidents, orders and stocks: field and text, in order.

Source: reference formats.md §10.1, §10.3.
"""

from typing import Any, Final

import msgspec

from adapters.text.pages import Pairs, contact_pairs, point_text, site, vehicle_pairs, yes_no
from adapters.text.stocks import COLUMNS
from adapters.vocabulary import meaning, word
from adapters.written import dtg, position, span
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Reference
from schemas.geo import Area, Circle, Named, Polygon
from schemas.reports import Casualties, Confidence, IncidentReport, LogisticsStatus, PatrolLine, SituationReport
from schemas.time import TimeWindow

_OWN_TITLE: Final = frozenset({"daily", "weekly", "flash", "intsum", "patrol"})
_NOTHING_SAID: Final = frozenset({"general", "operations", "security", "incidents", "patrols"})


def report_pairs(what: Message, template: str, language: str) -> Pairs:
    """Yield the fields of a report or an order, each with its text."""
    match what:
        case SituationReport() if template == "patrol-report":
            yield from _patrol_report(what)
            yield "remarks", _nothing(what, language)
        case SituationReport():
            yield from _situation(what, language)
        case IncidentReport():
            yield from _incident(what, template, language)
        case Directive():
            yield from _order(what, language)
        case LogisticsStatus():
            yield from _stocks(what, language)
        case _:
            return


def _situation(what: SituationReport, language: str) -> Pairs:
    yield "report_no", what.report_no
    if what.report_type not in _OWN_TITLE:
        yield "report_type", word("report_type", what.report_type, language)
    yield "window", span(what.period)
    yield "place", site(what.place_name, what.location)
    yield "incident_refs", ", ".join(what.incidents)
    yield "remarks", _nothing(what, language)
    yield "next_contact", dtg(what.next_contact)
    yield from (("patrol", _patrol(line)) for line in what.patrols)


def _nothing(what: SituationReport, language: str) -> str:
    """Return the words for "nothing to report" where no section says it."""
    said = [s.text for s in what.sections if s.key in _NOTHING_SAID and s.text]
    known = bool(said) and all(meaning("nothing", text, language) for text in said)
    return word("nothing", "nothing", language) if what.nothing_to_report and not known else ""


def _patrol(line: PatrolLine) -> str:
    kilometres = "" if line.distance_km is None else f"{line.distance_km:g} km"
    return "; ".join(filter(None, (line.id, ", ".join(line.places), span(line.window), kilometres, line.note)))


def _patrol_report(what: SituationReport) -> Pairs:
    yield "report_no", what.report_no
    for line in what.patrols[:1]:
        yield "patrol_no", line.id
        yield "route", line.note
        yield from (("place", name) for name in line.places)
        yield "strength", "" if line.strength is None else str(line.strength)
        yield "vehicles", line.vehicles
        yield "distance_km", "" if line.distance_km is None else f"{line.distance_km:g}"
    yield "from", dtg(what.period.start)
    yield "to", dtg(what.period.end)
    yield "position", position(what.location)
    yield "next_contact", dtg(what.next_contact)


def _incident(what: IncidentReport, template: str, language: str) -> Pairs:
    if template == "methane":
        yield "major", yes_no(True, language)
        yield "category", what.subcategory
    elif not (template == "violation" and what.category == "violation"):
        yield "category", word("category", what.category, language)
        yield "subcategory", what.subcategory
    if what.stage != ("flash" if template == "flash" else "initial"):
        yield "stage", word("stage", what.stage, language)
    yield "time", dtg(what.occurred)
    yield from (("ended", dtg(what.ended)), ("observed", dtg(what.observed)), ("reported", dtg(what.reported)))
    yield "place", what.place_name
    yield "position", position(what.position)
    yield from (("party" if a.role == "party" else "who", a.description) for a in what.actors)
    yield "activity", what.activity
    yield from _seen(what, language)
    yield "casualties", _casualties(what.casualties, language)
    for name in ("damage", "hazards", "access", "action_taken", "action_requested", "intention", "assessment",
                 "media_interest"):  # fmt: skip
        yield name, getattr(what, name)
    yield "safety_radius", "" if what.safety_radius_m is None else f"{what.safety_radius_m:g} m"
    yield "danger", word("danger", what.danger, language) if what.danger else ""
    yield from _confidence(what.confidence, language)
    if what.violation is not None:
        yield "agreement", what.violation.agreement
        yield "article", what.violation.article
        yield "attribution", "" if what.violation.attribution == "undetermined" else what.violation.attribution
        yield "corroboration", ", ".join(what.violation.sources)
        yield "verifier", what.violation.verifier
        yield "protest", yes_no(what.violation.protest_lodged, language)


def _seen(what: IncidentReport, language: str) -> Pairs:
    yield "sensed", word("sensed", what.method, language) if what.method else ""
    yield "seen_from", position(what.seen_from)
    yield "direction", "" if what.direction_deg is None else f"{what.direction_deg:g}"
    yield "distance", "" if what.range_m is None else f"{what.range_m:g} m"
    yield "weapons", what.weapons
    yield "rounds", "" if what.rounds is None else str(what.rounds)


def _casualties(counts: Casualties | None, language: str) -> str:
    if counts is None:
        return ""
    said = {k: n for k, n in msgspec.structs.asdict(counts).items() if n is not None}
    if said == {"killed": 0, "injured": 0}:
        return "0"
    return ", ".join(f"{n} {word('casualties', name, language)}" for name, n in said.items())


def _confidence(value: Confidence | None, language: str) -> Pairs:
    if value is not None:
        yield "grading", f"{value.reliability}{value.credibility}" if value.reliability and value.credibility else ""
        yield "verified", yes_no(value.verified, language)


def _order(what: Directive, language: str) -> Pairs:
    change = what.amends[0] if len(what.amends) == 1 else None

    def effective(name: str) -> Any:
        changed = getattr(change, name, None)
        return getattr(what, name) if changed is None else changed

    yield "serial", what.serial
    yield "plan_ref", what.plan_ref
    yield "amends", _references((change.order,) if change else ())
    yield "supersedes", _references(what.supersedes)
    yield "cancels", _references(what.cancels)
    yield "on_order_of", what.on_order_of
    yield "performers", ", ".join(u.name for u in effective("performers"))
    yield "supporting", ", ".join(u.name for u in what.supporting)
    action = effective("action")
    yield "action", what.action_code or ("" if action == "other" else word("action", action, language))
    yield "task", effective("task")
    route, area, windows = effective("route"), effective("area"), effective("windows")
    yield from _windows(windows)
    if route is not None:
        yield "route", route.name
        yield from (
            ("place", point_text(p, "" if (p.window,) == windows[:1] and len(route.points) == 1 else span(p.window)))
            for p in route.points
        )
    yield from _area(area)
    yield "exclusive", yes_no(True, language) if effective("exclusive") else ""
    yield from vehicle_pairs(effective("vehicles"), language)
    yield "strength", "" if what.strength is None else str(what.strength)
    yield "permitted", _references(effective("permitted"))
    yield "coordinated_with", _references(effective("coordinated_with"))
    yield "frequencies", "; ".join(f"{f:g} MHz" for f in effective("frequencies_mhz"))
    yield "constraints", what.constraints
    yield "relies_on", ", ".join(what.relies_on)
    yield from contact_pairs(what.contact)
    yield "draft", yes_no(True, language) if what.draft else ""


def _windows(windows: tuple[TimeWindow, ...]) -> Pairs:
    for window in windows[:1]:
        yield "from", dtg(window.start)
        yield "to", dtg(window.end)


def _area(area: Area | None) -> Pairs:
    match area:
        case Named():
            yield "place", area.name
            yield "radius", "" if area.radius_m is None else f"{area.radius_m:g} m"
        case Circle():
            yield "place", site(area.name, area.centre)
            yield "radius", f"{area.radius_m:g} m" if area.radius_m else ""
        case Polygon():
            yield "area", "; ".join(f"{lat:.8f}, {lon:.8f}" for lon, lat in area.rings[0])
        case _:
            return


def _references(listed: tuple[Reference, ...]) -> str:
    return ", ".join(r.id + (f" v{r.revision}" if r.revision else "") for r in listed)


def _stocks(what: LogisticsStatus, language: str) -> Pairs:
    if what.unit is not None:
        yield "unit", what.unit.name
    yield "as_of", dtg(what.as_of)
    for line in what.lines:
        parts = ((key, getattr(line, field)) for key, field in COLUMNS.items() if key != "item")
        said = (f"{word('stock', key, language)}: {value if isinstance(value, str) else f'{value:g}'}"
                for key, value in parts if value not in (None, ""))  # fmt: skip
        yield "item", "; ".join((line.item, *said))
    yield "remarks", what.remarks
