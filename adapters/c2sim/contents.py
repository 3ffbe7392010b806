"""What the fields of a message fill in a C2SIM document, as paths below the element that stands for the message.

Source: SISO-STD-019-2020, SISO-STD-020-2020; reference formats.md §8.1, §8.5.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from adapters.c2sim import moments, tables
from adapters.c2sim.frame import MADE
from adapters.documents import Leaves
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope, UnitRef
from schemas.geo import AltitudeBand, AltitudeLimit, Circle, Named, Position
from schemas.liaison import LiaisonResponse
from schemas.reports import Observation, PositionReport
from schemas.time import TimeValue, TimeWindow

_NOBODY: Final = "00000000-0000-0000-0000-000000000000"
_INSTANT: Final = "DateTime/IsoDateTime"
_PLACEHOLDER: Final = "0000-00-00T00:00:00Z"
_POINT: Final = "GeodeticCoordinate/"
_RULES: Final = frozenset({"ROEFree", "ROEHold", "ROETight"})
_RULE: Final = "MipWeaponUseROE/WeaponROECode/WeaponRuleOfEngagementCode"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DATED: Final = (-62_135_596_800_000_000, 253_402_300_800_000_000)  # years 1 to 9999


def document_id(message: Envelope) -> str:
    """Return the MessageID: the originator's, out of an id that this format made, or the id itself."""
    return made[1] if (made := MADE.fullmatch(message.id)) else message.id


def uuid(identity: str) -> str:
    """Return the UUID of a task, out of an id that this format made, or the id itself."""
    return made[2] or identity if (made := MADE.fullmatch(identity)) else identity


def header(message: Envelope, what: Message) -> Leaves:
    """Return the header of a document whose first message this is."""
    unit = message.unit or UnitRef()
    answered = what.of.id if isinstance(what, Acknowledgement) else ""
    answered = what.request.id if isinstance(what, LiaisonResponse) else answered
    reply = answered or (message.in_reply_to.id if message.in_reply_to else "")
    leaves = {
        "CommunicativeActTypeCode": "Propose" if isinstance(what, Directive) and what.draft else "Inform",
        "ConversationID": document_id(message),
        "FromSendingSystem": unit.raw or message.originator,
        "MessageID": document_id(message),
        "Protocol": "SISO-STD-C2SIM",
        "ProtocolVersion": "1.0.0",
        "ToReceivingSystem": "ALL",
        **({"InReplyToMessageID": reply} if reply and not _status(what) else {}),
    }
    if message.label.classification:
        leaves["SecurityClassificationCode"] = message.label.classification
    if message.created is not None and message.created.utc is not None:
        leaves |= {"SendingTime/IsoDateTime": at} if (at := _stamp(message.created.utc)) else {}
    return leaves


def said(message: Envelope, what: Message, name: str) -> Leaves:
    """Return what stands at the head of a body of that name, whose first message this is."""
    identity = document_id(message)
    sender = message.unit.id if message.unit and message.unit.id else message.originator
    leaves = {"FromSender": sender, "ToReceiver": _NOBODY}
    if name == "OrderBody":
        issued = moment(message.created).get(_INSTANT) if message.created else None
        plan = what.plan_ref if isinstance(what, Directive) else ""
        leaves |= {"IssuedTime/IsoDateTime": issued or _PLACEHOLDER, "OrderID": plan or identity}
    if name == "ReportBody":
        by = what.by.id if isinstance(what, Acknowledgement) and what.by else ""
        leaves |= {"ReportID": identity, "ReportingEntity": by or sender}
    return leaves


def task(message: Envelope, what: Message) -> Leaves:
    """Return the task that a directive is."""
    if not isinstance(what, Directive):
        return {}
    leaves = {"UUID": uuid(message.id)}
    leaves |= {"Name": what.serial} if what.serial else {}
    code = what.action_code if tables.ACTIONS.get(what.action_code.upper(), "other") == what.action else ""
    if code := code or tables.CODES.get(what.action, ""):
        leaves["TaskActionCode"] = code
    for n, unit in enumerate(what.performers, 1):
        leaves[_nth("PerformingEntity", n)] = unit.id or unit.name or unit.callsign or unit.raw
    leaves |= _where(what)
    if what.windows:
        leaves |= _window(what.windows[0])
    rules = what.constraints.split(", ")
    if _RULES.issuperset(rules):
        leaves |= {f"{_nth('RuleOfEngagement', n)}/{_RULE}": rule for n, rule in enumerate(rules, 1)}
    return leaves | dict(_relations(what))


def _where(what: Directive) -> Leaves:
    leaves: Leaves = {}
    if isinstance(what.area, Named):
        leaves["MapGraphicID"] = what.area.name
    points = [(p.position, p.altitude) for p in what.route.points if p.position] if what.route else []
    if not points and isinstance(what.area, Circle):
        points = [(what.area.centre, what.altitude)]
    for n, (at, altitude) in enumerate(points, 1):
        leaves |= {f"{_nth('Location', n)}/{path}": value for path, value in spot(at, _level(altitude)).items()}
    return leaves


def _level(altitude: AltitudeBand | None) -> AltitudeLimit | None:
    return altitude.lower if altitude and altitude.lower == altitude.upper else None


def spot(at: Position, level: AltitudeLimit | None) -> Leaves:
    """Return a location; a height only where C2SIM has one by that reference."""
    leaves = {_POINT + "Latitude": repr(at.lat), _POINT + "Longitude": repr(at.lon)}
    if level is not None and level.reference in ("MSL", "AGL") and level.value_m is not None:
        leaves[f"{_POINT}Altitude{level.reference}"] = repr(level.value_m)
    return leaves


def _window(when: TimeWindow) -> Leaves:
    start = when.start or (TimeValue(utc=when.start_earliest) if when.start_earliest is not None else None)
    end = when.end or (TimeValue(utc=when.end_latest) if when.end_latest is not None else None)
    return {f"{name}/{p}": v for name, t in (("StartTime", start), ("EndTime", end)) if t for p, v in moment(t).items()}


def moment(value: TimeValue) -> Leaves:
    """Return a time: an instant, a delay, or the placeholder that was there; nothing for any other words."""
    relative = value.relative
    if value.utc is not None:
        return {_INSTANT: at} if (at := _stamp(value.utc)) else {}
    if value.quality == "placeholder" and value.raw.startswith("0000"):
        return {_INSTANT: value.raw}
    if relative is None:
        return {}
    length = value.raw if moments.seconds(value.raw) == relative.offset_s else moments.written(relative.offset_s)
    delay = {"DelayTimeAmount/IsoTimeDuration": length} if length else {}
    if relative.event == moments.SIMULATION:
        return {f"SimulationTime/{path}": text for path, text in delay.items()}
    anchor = "IntervalEndTime" if relative.anchor == "end" else "IntervalStartTime"
    delay |= {"EventReference": uuid(relative.event), "TimeReferenceCode": anchor}
    return {f"RelativeTime/{path}": text for path, text in delay.items()}


def _relations(what: Directive) -> Iterator[tuple[str, str]]:
    """Yield the relations to other tasks that the start does not say already."""
    said = {*moments.waits(what.windows[0], "")} if what.windows else set()
    kept = [need for need in what.dependencies if need.relation in tables.ASSOCIATIONS and need not in said]
    for n, need in enumerate(kept, 1):
        path = _nth("ActionTemporalRelationship", n)
        yield f"{path}/ActionTemporalAssociationCode", tables.ASSOCIATIONS[need.relation]
        yield f"{path}/TemporalAssociationWithAction", uuid(need.task)
        if need.offset_s and (length := moments.written(need.offset_s)):
            yield f"{path}/Duration/IsoTimeDuration", length


def contents(what: Message) -> str:
    """Return the element of a report that a message is."""
    if isinstance(what, Acknowledgement):
        return "TaskStatus"
    return "PositionReportContent" if isinstance(what, PositionReport) else "ObservationReportContent"


def answer(what: Message) -> Leaves:
    """Return what a report or an answer says."""
    match what:
        case PositionReport():
            leaves = {"SubjectEntity": what.subject.id or what.subject.name or what.subject.callsign}
            leaves |= _seen(what.at) | {f"Location/{p}": v for p, v in spot(what.position, what.altitude).items()}
            return leaves
        case Observation():
            return _seen(what.observed) | {f"Observation/{p}": v for p, v in _observation(what).items()}
        case Acknowledgement() if _status(what):
            return {"CurrentTask": uuid(what.of.id), "TaskStatusCode": what.note} | _seen(what.at)
        case Acknowledgement():
            known = what.note if tables.ACKNOWLEDGED.get(what.note, ("",))[0] == what.step else ""
            return {"AcknowledgeTypeCode": known or _code(what)}
        case LiaisonResponse():
            return {"AcknowledgeTypeCode": "ACKREQGRT" if what.decision == "accept" else "ACKREQDEN"}
    return {}


def _status(what: Message) -> bool:
    return isinstance(what, Acknowledgement) and what.note in tables.TASK_STATUS


def _code(what: Acknowledgement) -> str:
    return "ACKNOTUNDSTD" if what.code == "NOT-UNDERSTOOD" else tables.STEP_CODES[what.step]


def _seen(at: TimeValue | None) -> Leaves:
    return {f"TimeOfObservation/{path}": value for path, value in moment(at).items()} if at else {}


def _observation(what: Observation) -> Leaves:
    """Return the first of what is said; a document has an element of its own for each side of a thing."""
    who = {"ActorReference": what.unit} if what.unit else {}
    if what.position is not None:
        at = spot(what.position, what.altitude)
        return {f"LocationObservation/{p}": v for p, v in (who | {f"Location/{q}": w for q, w in at.items()}).items()}
    if what.activity:
        return {f"ActivityObservation/{p}": v for p, v in (who | {"ActionCode/TaskActionCode": what.activity}).items()}
    status = {"EntityHealthStatus/OperationalStatus/OperationalStatusCode": what.assessment} if what.assessment else {}
    return {f"HealthObservation/{p}": v for p, v in (who | status).items()}


def _stamp(utc: int) -> str:
    """Return an instant in whole seconds, as the standard's pattern asks for; "" if it has no date."""
    if not _DATED[0] <= utc < _DATED[1]:
        return ""
    return (_EPOCH + timedelta(microseconds=utc)).isoformat(timespec="seconds").replace("+00:00", "Z")


def _nth(name: str, n: int) -> str:
    return name if n == 1 else f"{name}[{n}]"
