"""What an event becomes: one reader a family of types. Each takes its leaves; what it leaves is unmapped.

Source: CoT event base schema 2.0 (MITRE); reference formats.md §3.3, §4.1, §4.3, §4.5.
"""

from collections.abc import Callable
from typing import Final

from adapters.cot import extension, shapes, tasks
from adapters.cot.fields import (
    Event,
    Read,
    drop_unknown,
    height,
    instant,
    keep,
    number,
    place,
    position,
    producer,
    words,
)
from adapters.cot.medevac import medevac
from adapters.cot.tables import (
    AFFILIATION,
    CANCELS_EMERGENCY,
    CANCELS_TASK,
    DELETE,
    EMERGENCIES,
    EMERGENCY_TYPES,
    INCIDENTS,
    KINDS,
    MARKER,
    MOVES_BY,
    OTHERWISE,
    longest,
)
from schemas.envelope import UnitRef, Warning
from schemas.notices import HazardNotice, MovementNotice
from schemas.reports import Actor, IncidentReport, Observation, PositionReport, TextMessage

Reader = Callable[[Event], Read]
_REMARKS: Final = "event/detail/remarks"
_CALLSIGN: Final = "event/detail/contact/@callsign"


def reader(kind: str) -> Reader:
    """Return the reader of a type."""
    if kind[:2] == "a-":
        return thing
    return _EXACT.get(kind) or _READERS[KINDS.get(longest(KINDS, kind), OTHERWISE)]


def thing(event: Event) -> Read:
    """Read something that is somewhere: ``a-*``."""
    leaves, kind = event.leaves, event.kind
    report = PositionReport(
        subject=UnitRef(id=event.uid, callsign=words(leaves, _CALLSIGN), scheme="cot_uid"),
        position=position(leaves),
        at=event.at,
        stale_at=instant(leaves, "event/@stale"),
        hae_m=height(leaves),
        le_m=number(leaves, "event/point/@le", 0, 1e9),
        course_deg=number(leaves, "event/detail/track/@course", 0, 360),
        speed_mps=number(leaves, "event/detail/track/@speed", 0, 1e6, "-1"),
        affiliation=AFFILIATION.get(kind[2:3], ""),  # type: ignore[arg-type]  # a value of the table
        symbol=kind,
        how=words(leaves, "event/@how"),
        battery_pct=number(leaves, "event/detail/status/@battery", 0, 100),
        remarks=words(leaves, _REMARKS),
    )
    if extension.REVISION not in leaves and extension.PRECEDENCE not in leaves:
        return Read(report, producer(leaves))
    return Read(report, producer(leaves), more=extension.read(leaves, event.warnings).of_envelope())


def _observation(event: Event) -> Read:
    """Read a marker or a drawing; one that says it is a hazard becomes one."""
    leaves = event.leaves
    said = extension.read(leaves, event.warnings)
    where = place(leaves)
    drawn = extension.area(said, shapes.area(leaves, event.kind, where))
    summary, unit = words(leaves, _CALLSIGN), producer(leaves)
    more = said.of_envelope()
    if said.kind == HazardNotice.KIND and (around := drawn or shapes.around(where)) is not None:
        drop_unknown(leaves, "event/point/@hae", "event/point/@le")
        keep(leaves, where, shapes.centre_of(around))
        if event.kind != (shapes.type_of(around) or MARKER):
            leaves["event/@type"] = event.kind
        notice = HazardNotice(
            hazard_kind="other", area=around, windows=said.windows or (), remarks=words(leaves, _REMARKS)
        )
        return Read(extension.filled(leaves, notice, event.warnings), unit, summary, more=more)
    seen = Observation(
        observed=event.at,
        position=where,
        altitude_m=height(leaves),
        activity=words(leaves, _REMARKS),
        symbol=event.kind,
        area=drawn,
    )
    drop_unknown(leaves, "event/point/@le")
    return Read(extension.filled(leaves, seen, event.warnings), unit, summary, more=more)


def _chat(event: Event) -> Read:
    leaves = event.leaves
    text = words(leaves, _REMARKS)
    if not text:
        event.warnings.append(Warning(code="empty", path=_REMARKS, text="the chat has no words"))
    uid0 = words(leaves, "event/detail/__chat/chatgrp/@uid0")
    callsign = words(leaves, "event/detail/__chat/@senderCallsign")
    sender = UnitRef(id=uid0, callsign=callsign, scheme="cot_uid") if uid0 or callsign else None
    room = words(leaves, "event/detail/__chat/@chatroom") or words(leaves, "event/detail/__chat/@chatRoom")
    where = place(leaves)
    drop_unknown(leaves, "event/point/@hae", "event/point/@le")
    said = extension.read(leaves, event.warnings)
    body = TextMessage(text=text, room=room, at=event.at, sender=sender, position=where)
    return Read(body, more=said.of_envelope())


def _incident(event: Event) -> Read:
    """Read an emergency, an alarm or a detection. Which of them it is says how early the report is, no more."""
    leaves, warnings = event.leaves, event.warnings
    said = extension.read(leaves, warnings)
    where = place(leaves)
    category, stage = INCIDENTS[longest(INCIDENTS, event.kind)]
    shown, raised = words(leaves, _CALLSIGN), words(leaves, "event/detail/emergency")
    kind = leaves.get("event/detail/emergency/@type", "")
    if kind:
        del leaves["event/detail/emergency/@type"]
        if EMERGENCY_TYPES.get(kind.lower(), event.kind) != event.kind:
            text = f'the type {event.kind} is "{EMERGENCIES.get(event.kind, "no known emergency")}", it says "{kind}"'
            warnings.append(Warning(code="two-readings", path="event/detail/emergency/@type", text=text[:300]))
            leaves["event/@type"] = event.kind
    body = IncidentReport(
        category=category,
        subcategory=kind or EMERGENCIES.get(event.kind, "" if event.kind in INCIDENTS else event.kind),
        stage=stage,  # type: ignore[arg-type]  # a value of the table
        occurred=instant(leaves, "event/@start") or event.at,
        reported=event.at,
        position=where,
        area=extension.area(said, shapes.area(leaves, event.kind, where)),
        activity=words(leaves, _REMARKS),
        actors=(Actor(role="observer", unit=UnitRef(callsign=raised)),) if raised else (),
    )
    drop_unknown(leaves, "event/point/@hae", "event/point/@le")
    more = {"precedence": "flash"} if category == "emergency" else {}
    return Read(extension.filled(leaves, body, warnings), producer(leaves), shown, more={**more, **said.of_envelope()})


def _movement(event: Event) -> Read:
    """Read a route. It says where, by what means, and perhaps when; who drew it may mean it as a plan only."""
    leaves, warnings = event.leaves, event.warnings
    said = extension.read(leaves, warnings)
    unit = producer(leaves)
    way = shapes.route(leaves)
    keep(leaves, place(leaves), shapes.centre_of(way))
    drop_unknown(leaves, "event/point/@hae", "event/point/@le")
    body = MovementNotice(
        movement_kind=MOVES_BY.get(way.method, "admin"),  # type: ignore[arg-type]  # a value of the table
        route=way if way != type(way)() else None,
        area=extension.area(said, None),
        windows=said.windows or (),
        purpose=words(leaves, _REMARKS),
        method=way.method,
    )
    filled = extension.filled(leaves, body, warnings)
    if said.windows is None:
        text = "a route says where, not what moves on it and when: ask, or send a movement with its window"
        warnings.append(Warning(code="kind-inferred", path="event/@type", text=text))
    return Read(filled, unit, more=said.of_envelope())


_EXACT: Final[dict[str, Reader]] = {
    CANCELS_EMERGENCY: tasks.cancel_emergency,
    CANCELS_TASK: tasks.cancel_task,
    DELETE: tasks.delete,
}
_READERS: Final[dict[str, Reader]] = {
    "position": thing,
    "observation": _observation,
    "message": _chat,
    "medevac": medevac,
    "incident": _incident,
    "movement": _movement,
    "directive": tasks.directive,
    "liaison-request": tasks.query,
    "acknowledgement": tasks.reply,
}
