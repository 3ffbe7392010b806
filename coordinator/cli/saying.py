"""What a message says in a few words, and by which id a reader can ask for more. Pure; one row a kind."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from coordinator.cli.text import clean, count, dtg, short
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action, Receipt, Refusal
from schemas.alerts import Alert
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.notices import HazardNotice, MovementNotice, ProtectedSite, RouteState
from schemas.operations import Config, Inquiry, Presence, Seal, Tick, Whereabouts
from schemas.reports import IncidentReport, PositionReport, SituationReport, TextMessage
from schemas.time import TimeWindow

WIDTH: Final = 110  # characters of a sentence in a list
SHAPES: Final[dict[str, str]] = {
    "CRITICAL": "◆", "HIGH": "▲", "MEDIUM": "●", "LOW": "○", "INFO": "·",
    "Extreme": "◆", "Severe": "▲", "Moderate": "●", "Minor": "○", "Unknown": "?",
}  # fmt: skip


def severity(word: str) -> str:
    """Return a severity as a shape and a word, never a colour alone."""
    return f"{SHAPES.get(word, '?')} {word.upper()}"


def window(of: TimeWindow | None) -> str:
    """Return a window as two groups; an open side is empty, or as it was written."""
    if of is None:
        return ""
    start, end = of.start_earliest, of.end_latest
    left = dtg(start) if start is not None else (of.start.raw if of.start else "")
    right = dtg(end) if end is not None else (of.end.raw if of.end else "")
    return clean(f"{left}-{right}") if left or right else ""


def body_of(envelope: Envelope) -> Message:
    """Return the body of an envelope; an empty one if this release cannot read it."""
    try:
        return registry.body(envelope)
    except (registry.UnknownKind, msgspec.ValidationError):
        return Message()


def identity(envelope: Envelope) -> str:
    """Return the id under which the command line finds a message again."""
    body = body_of(envelope)
    return clean(body.id[:12] if isinstance(body, Finding | Alert) else envelope.key)


def voice(envelope: Envelope) -> str:
    """Return whose word a message is, with the function of who said it."""
    return clean(envelope.originator) + (f" ({clean(envelope.spoken_by)})" if envelope.spoken_by else "")


def author(envelope: Envelope) -> str:
    """Return whose word a message is, and who typed it in."""
    return voice(envelope) + (f", typed by {clean(envelope.typed_by)}" if envelope.typed_by else "")


def saying(envelope: Envelope) -> str:
    """Return what a message says, in a few words: its own summary, or what its kind makes of it."""
    typed = f" [typed by {clean(envelope.typed_by)} for {voice(envelope)}]" if envelope.typed_by else ""
    return _saying(envelope) + typed


def _saying(envelope: Envelope) -> str:
    if envelope.status == "cancel":
        return f"cancelled {clean(envelope.key)}"
    body = body_of(envelope)
    told = _TOLD.get(type(body))
    said = told(body) if told else ""
    if envelope.summary and not isinstance(body, Finding | Alert):
        said = envelope.summary
    return short(said.strip() or next((text.text for text in envelope.texts), "") or envelope.id, WIDTH)


def _windows(windows: tuple[TimeWindow, ...]) -> str:
    return window(windows[0]) if windows else ""


def _route_state(state: RouteState) -> str:
    load = f", load class {state.load_class}" if state.load_class is not None else ""
    return f"{state.section}: {state.trafficable}{load}"


def told(finding: Finding) -> str:
    """Return what a finding says: as release wrote it, or, as the log has it, all of it in English."""
    from coordinator.core.deconfliction.explain import sentence
    from coordinator.texts import say

    return finding.sentence or sentence(finding, say) or finding.finding_kind


def _unless(usual: str, state: str) -> str:
    """Return a state that changes what a line means: the end of a thing must not read like its beginning."""
    return "" if state == usual else f"{state}: "


def _position(report: PositionReport) -> str:
    who = report.subject.callsign or report.subject.name or report.subject.id
    return f"{who} at {report.position.lat:.5f}, {report.position.lon:.5f}"


def _inquiry(body: Inquiry) -> str:
    if body.role == "throttled":
        return f"{body.asker} asked what plans would clash with {count(body.asked, 'time')} in an hour; refused"
    met = f": met {', '.join(body.parties)}" if body.parties else ""
    return f"{body.asker} asked what a plan would clash with{met}"


def _whereabouts(body: Whereabouts) -> str:
    unit = body.unit.name or body.unit.callsign or body.unit.id or body.participant
    return f"{unit} {'away from' if body.state == 'away' else body.state} {body.place}, seen {dtg(body.seen)}"


_TOLD: Final[dict[type[Message], Callable[[Any], str]]] = {
    Alert: lambda b: f"{severity(b.severity)} {_unless('raised', b.work)}{b.headline or b.alert_kind}",
    Finding: lambda b: f"{severity(b.severity)} {_unless('open', b.state)}{told(b)}",
    Receipt: lambda b: f"received {count(len(b.answers), 'input')}",
    Refusal: lambda b: f"refused: {b.path}: {b.why}",
    Acknowledgement: lambda b: f"{b.step} {b.of.id}" + (f" ({b.code})" if b.code else ""),
    Action: lambda b: f"{b.verb} {b.alert[:12]} rev {b.seen_rev}",
    Inquiry: _inquiry,
    Whereabouts: _whereabouts,
    Presence: lambda b: f"{b.participant} {b.state}",
    Tick: lambda b: f"{b.service}: due {dtg(b.due, seconds=True)}",
    Config: lambda b: f"mission {b.mission_hash[:12]}, code {b.code}",
    Seal: lambda b: f"{b.stream} sealed up to {b.last}",
    Directive: lambda b: b.task or f"{b.directive_kind} {b.action} {_windows(b.windows)}",
    MovementNotice: lambda b: f"{b.movement_kind} movement {_windows(b.windows)} {b.purpose}",
    HazardNotice: lambda b: f"{b.hazard_kind} {_windows(b.windows)} {b.state} {b.remarks}",
    ProtectedSite: lambda b: f"{b.site_kind} {b.name}",
    RouteState: _route_state,
    PositionReport: _position,
    IncidentReport: lambda b: f"{b.category} {b.place_name} {b.activity}",
    SituationReport: lambda b: f"{b.report_type} report {window(b.period)}",
    TextMessage: lambda b: b.text,
}
