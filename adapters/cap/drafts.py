"""What a message says in the words of an alert, before it is put together: one function a kind.

Cards and findings go to those who are no part of the force: they say what clashes, where and when, and whom to ask, in
the words that release has rendered for this reader. Source: OASIS CAP 1.2 §3.2; reference formats.md §6.1 (b).
"""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import msgspec

from adapters.cap import contacts, tables
from adapters.cap.identity import written
from adapters.times import stamped as stamp
from schemas.acknowledgements import Acknowledgement
from schemas.alerts import CAP_SEVERITY, Alert
from schemas.base import Message
from schemas.envelope import Envelope, LangText, Reference
from schemas.findings import Finding
from schemas.geo import AltitudeBand, Area, Circle, Position
from schemas.notices import HazardNotice
from schemas.registry import body
from schemas.reports import Appraisal, IncidentReport, TextMessage
from schemas.time import TimeWindow

Times = tuple[str, str]
"""Onset and expiry as CAP writes them; "" where there is none."""

_EVENT_LENGTH: Final = 80  # of a remark that is short enough to be the event


class Draft(NamedTuple):
    """An alert without its head."""

    message_type: str = "Alert"
    of: tuple[Reference, ...] = ()  # what it acknowledges
    note: str = ""
    codes: tuple[str, ...] = ()
    category: str = ""  # "" for an alert without info
    event: str = ""
    response: str = ""
    appraisal: Appraisal = Appraisal()
    periods: tuple[Times, ...] = (("", ""),)
    texts: tuple[LangText, ...] = ()
    contact: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    area: Area | None = None
    altitude: AltitudeBand | None = None
    place: str = ""
    only: tuple[str, ...] | None = None
    lost: tuple[str, ...] = ()  # fields of the body that it does not say


def draft(message: Envelope) -> Draft | None:
    """Return what an alert can say of a message; None if it is no alert."""
    if message.status == "cancel" and message.kind in _KINDS:
        codes = (f"{tables.WITHDRAWN_CODE}{message.kind}",) if message.kind in ("incident", "message") else ()
        return Draft(message_type="Cancel", codes=codes)
    make = _KINDS.get(message.kind)
    return make(message, body(message)) if make else None


def _hazard(message: Envelope, what: HazardNotice) -> Draft:
    short = 0 < len(what.remarks) <= _EVENT_LENGTH and what.remarks.isprintable()
    category = tables.HAZARD_CATEGORY.get(what.hazard_kind, "Safety")
    return Draft(
        category=category,
        event=what.remarks if short else tables.HAZARD_EVENT[what.hazard_kind],
        response=tables.ALL_CLEAR if what.state == "lifted" else "",
        appraisal=what.appraisal or Appraisal(),
        periods=tuple(map(_period, what.windows)) or (("", ""),),
        contact=contacts.write(what.contact) if what.contact else "",
        parameters=(
            (tables.KIND_PARAMETER, "hazard"),
            *(p for p in _said(what, tables.HAZARD_PARAMETERS) if p[0] != "remarks" or not short),
        ),
        area=what.area,
        altitude=what.altitude,
    )


def _incident(message: Envelope, what: IncidentReport) -> Draft:
    known = {c.lower(): c for c in tables.KIND}.get(what.category)
    area = Circle(centre=what.position, radius_m=0.0) if what.position and not what.area else what.area
    names = [n for n in tables.INCIDENT_PARAMETERS if n != "subcategory" and not (n == "category" and known)]
    if what.area is None:
        names.remove("place_name")
    return Draft(
        category=known or "Other",
        event=what.subcategory or what.category or "Incident",
        response=tables.ALL_CLEAR if what.danger == "lifted" else "",
        appraisal=what.appraisal or Appraisal(),
        periods=((written(what.occurred), ""),),
        parameters=((tables.KIND_PARAMETER, "incident"), *_said(what, tuple(names))),
        area=area,
        place=what.place_name,
    )


def _acknowledgement(message: Envelope, what: Acknowledgement) -> Draft:
    refused = what.step == "cannot-comply"
    codes = (f"{tables.REPLY_CODE}{what.code}",) if refused and what.code else ()
    if not refused and what.step != "received":
        codes = (f"{tables.STEP_CODE}{what.step}",)
    kind = "Error" if refused else "Ack"
    return Draft(message_type=kind, of=(what.of,), note=what.note, codes=codes)


def _message(message: Envelope, what: TextMessage) -> Draft:
    return Draft(note=what.text)


def _card(message: Envelope, what: Alert) -> Draft:
    """Return a card; one that is over gives the all-clear, one that was taken back is cancelled."""
    category, event = tables.EVENTS[what.alert_kind]
    at = Circle(centre=Position(lat=what.at[1], lon=what.at[0]), radius_m=0.0) if what.at else None
    carried = (
        "id", "alert_kind", "rev", "severity", "urgency", "certainty", "work", "place", "at", "event_from", "event_to",
        "headline", "why", "next_step", "only",
    )  # fmt: skip
    return Draft(
        message_type="Cancel" if what.work in ("cancelled", "superseded") else "Alert",
        category=category,
        event=event,
        response=tables.ALL_CLEAR if what.work == "resolved" else "Assess",
        appraisal=Appraisal(urgency=what.urgency, severity=what.severity, certainty=what.certainty),
        periods=((_instant(what.event_from), _instant(what.event_to)),),
        texts=_texts(message, what.headline, "\n".join(m.sentence for m in what.members if m.sentence), what.next_step),
        parameters=(
            ("alert_id", what.id), ("alert_kind", what.alert_kind), ("work", what.work),
            *((("why", what.why),) if what.why else ()),
            *(("conflict_id", m.finding) for m in what.members if m.finding),
        ),
        area=at,
        place=what.place,
        only=what.only,
        lost=tuple(_besides(what, carried)),
    )  # fmt: skip


def _finding(message: Envelope, what: Finding) -> Draft:
    evidence, over = what.evidence, what.state == "closed"
    certainty = tables.FINDING_CERTAINTY[what.certainty]
    at = Circle(centre=Position(lat=evidence.at[1], lon=evidence.at[0]), radius_m=0.0) if evidence.at else None
    severity = CAP_SEVERITY.get(what.severity, "Minor")
    carried = ("id", "finding_kind", "severity", "certainty", "state", "sentence", "why", "only")
    return Draft(
        category="Safety",
        event="Directive conflict",
        response=tables.ALL_CLEAR if over else "Assess",
        appraisal=Appraisal(urgency="Past" if over else "Unknown", severity=severity, certainty=certainty),
        periods=((_period(evidence.overlap) if evidence.overlap else ("", "")),),
        texts=_texts(message, what.finding_kind.replace("-", " "), what.sentence, ""),
        parameters=(
            ("conflict_id", what.id), ("conflict_kind", what.finding_kind), ("conflict_severity", what.severity),
            ("state", what.state), *((("why", what.why),) if what.why else ()),
            *(("directive_id", p.id) for p in what.parties if p.id),
        ),
        area=at,
        place=evidence.place,
        only=what.only,
        lost=tuple(_besides(what, carried)),
    )  # fmt: skip


_KINDS: Final[dict[str, Callable[[Envelope, Any], Draft]]] = {
    "hazard": _hazard, "incident": _incident, "acknowledgement": _acknowledgement, "message": _message,
    "alert": _card, "finding": _finding,
}  # fmt: skip
KINDS: Final = frozenset(_KINDS)


def _texts(message: Envelope, title: str, text: str, instruction: str) -> tuple[LangText, ...]:
    """Return the texts of a card, unless its envelope has some of its own."""
    roles: tuple[tuple[str, Any], ...] = ((title, "title"), (text, "body"), (instruction, "instruction"))
    return message.texts or tuple(LangText(text=t, lang=message.lang, role=r) for t, r in roles if t)


def _besides(what: Message, carried: tuple[str, ...]) -> Iterator[str]:
    for field in msgspec.structs.fields(what):
        value = getattr(what, field.name)
        if field.name not in carried and value not in (field.default, {}):
            yield field.name


def _said(what: Message, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the fields that travel as parameters, if they say something."""
    for name in names:
        value: Any = what
        for step in name.split("."):
            value = getattr(value, step, None)
        if value is not None and value != "":
            yield name, repr(value) if isinstance(value, float) else str(value)


def _period(window: TimeWindow) -> Times:
    start = written(window.start) or _instant(window.start_earliest)
    return start, written(window.end) or _instant(window.end_latest)


def _instant(utc: int | None) -> str:
    return "" if utc is None else stamp(utc)
