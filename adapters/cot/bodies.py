"""What a body is in an event: its type and its leaves, one function a kind.

Only a call for help is written as an emergency, because it makes telephones ring; no order is written as a strike.
Source: CoT event base schema 2.0 (MITRE); reference formats.md §4.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any, Final, NamedTuple

from adapters.base import Rejected
from adapters.cot import extension, medevac, shapes
from adapters.cot.fields import LINK, Leaves
from adapters.cot.tables import (
    ACTIONS,
    ANY_REPLY,
    ASKS_TASK,
    CANCELS_EMERGENCY,
    CANCELS_TASK,
    DELETE,
    EMERGENCIES,
    EMERGENCY_TYPES,
    MARKER,
    MOVES_BY,
    OTHER_TASK,
    REPLIES,
    REPLY_TYPES,
    TASK_TYPES,
    longest,
)
from adapters.cot.texts import said, stamp, written
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope, UnitRef
from schemas.geo import Area, Circle, Ellipse, Position
from schemas.liaison import LiaisonRequest
from schemas.notices import Cancellation, HazardNotice, MovementNotice
from schemas.reports import IncidentReport, MedevacRequest, Observation, PositionReport, TextMessage
from schemas.time import TimeWindow

_REMARKS: Final = "event/detail/remarks"
_CALLSIGN: Final = "event/detail/contact/@callsign"
_OF_PRODUCERS: Final = frozenset({"production_time", "type"})  # of a link, beside uid and relation


class Body(NamedTuple):
    """What a body adds: type, leaves, point, when it starts and is stale, and which fields the type says (``told``)."""

    kind: str
    leaves: Leaves
    at: Position | None = None
    hae_m: float | None = None
    le_m: float | None = None
    start: str = ""
    stale: str = ""
    told: dict[str, Any] = {}  # noqa: RUF012 - never changed


def body_of(message: Envelope, what: Message) -> Body:
    """Return the type and the leaves of a body.

    Raises:
        Rejected: a message of this kind, or one with such an area, is no event.
    """
    first = 2 if producer_first(message) else 1
    match what:
        case PositionReport():
            return _thing(what)
        case Observation():
            return _observation(message, what, first)
        case HazardNotice():
            return _hazard(message, what, first)
        case TextMessage():
            return Body("b-t-f", _chat(what), what.position)
        case MedevacRequest():
            return Body("b-r-f-h-c", medevac.lines_of(message, what), what.pickup)
        case IncidentReport():
            return _incident(message, what, first)
        case MovementNotice():
            return _movement(what, first)
        case Directive():
            return _directive(message, what, first)
        case Acknowledgement():
            return _reply(message, what, first)
        case LiaisonRequest():
            return _query(message, what, first)
        case Cancellation():
            return _cancellation(message, what, first)
        case _:
            raise Rejected("kind", f"a {message.kind} is no event", "write it in another format")


# -- links ------------------------------------------------------------------------------------------------------------


def producer_first(message: Envelope) -> bool:
    """Say whether the first link is that of the producer, as far as what is left of it shows."""
    first = LINK + "/@"
    left = {u.path[len(first) :] for u in message.unmapped if u.path.startswith(first)}
    return message.unit is not None and "uid" not in left and bool(left & _OF_PRODUCERS)


def free_links(message: Envelope, leaves: Leaves, first: int) -> Iterator[str]:
    """Yield the links from number ``first`` on that neither these leaves nor an unmapped one has named."""
    taken = {u.path for u in message.unmapped if u.path.startswith(LINK) and u.path.endswith("/@uid")}
    taken |= {path for path in leaves if path.startswith(LINK) and path.endswith(("/@uid", "/@point", "/@callsign"))}
    names = ("uid", "point", "callsign")
    return (b for b in map(shapes.link, count(first)) if not any(f"{b}/@{name}" in taken for name in names))


def linked(base: str, uid: str, relation: str) -> Leaves:
    """Return a link."""
    return {f"{base}/@uid": uid, f"{base}/@relation": relation}


# -- one kind each ----------------------------------------------------------------------------------------------------


def _thing(what: PositionReport) -> Body:
    leaves = said("event/@how", what.how) | said(_CALLSIGN, what.subject.callsign) | said(_REMARKS, what.remarks)
    for path, value in (
        ("event/detail/track/@course", what.course_deg),
        ("event/detail/track/@speed", what.speed_mps),
    ):
        leaves |= {} if value is None else {path: repr(value)}
    if what.battery_pct is not None:
        leaves["event/detail/status/@battery"] = f"{what.battery_pct:g}"
    kind = what.symbol if what.symbol[:2] == "a-" else "a-u-G"
    return Body(kind, leaves, what.position, what.hae_m, what.le_m, stale=written(what.stale_at))


def _observation(message: Envelope, what: Observation, first: int) -> Body:
    leaves = said(_REMARKS, what.activity) | said(_CALLSIGN, message.summary) | shapes.drawn(what.area, first)
    at = what.position or _centre(what.area)
    kind = what.symbol if what.symbol and what.symbol[:2] != "a-" else shapes.type_of(what.area) or MARKER
    return Body(kind, leaves, at, what.altitude_m)


def _hazard(message: Envelope, what: HazardNotice, first: int) -> Body:
    drawn = _drawn(what.area, first)
    leaves = said(_REMARKS, what.remarks) | said(_CALLSIGN, message.summary) | drawn
    leaves[f"{extension.ELEMENT}/@kind"] = HazardNotice.KIND
    if what.windows:
        leaves |= extension.windows_of(what.windows)
    return Body(shapes.type_of(what.area) or MARKER, leaves, shapes.centre_of(what.area), told={"hazard_kind": "other"})


def _incident(message: Envelope, what: IncidentReport, first: int) -> Body:
    """Only a call for help is written as an emergency: it makes telephones ring. All else is a detection."""
    leaves = said(_REMARKS, what.activity) | said(_CALLSIGN, message.summary) | shapes.drawn(what.area, first)
    told: dict[str, Any] = {"category": "detection", "stage": "initial", "subcategory": ""}
    kind = "b-d"
    if what.category == "emergency":
        word = what.subcategory or EMERGENCIES["b-a-o-c"]
        kind = EMERGENCY_TYPES.get(word.lower(), "b-a-o-c")
        told = {"category": "emergency", "stage": "flash", "subcategory": word, "precedence": "flash"}
        leaves["event/detail/emergency/@type"] = word
        raised = next((a.unit.callsign for a in what.actors if a.unit and a.role == "observer"), "")
        leaves |= said("event/detail/emergency", raised)
    elif what.category == "alarm":
        kind, told = "b-l", {"category": "alarm", "stage": "flash", "subcategory": ""}
    if what.subcategory.startswith(kind + "-"):
        kind, told = what.subcategory, {**told, "subcategory": what.subcategory}
    at = what.position or _centre(what.area)
    return Body(kind, leaves, at, start=written(what.occurred), told=told)


def _movement(what: MovementNotice, first: int) -> Body:
    leaves = said(_REMARKS, what.purpose)
    at = None
    if what.route is not None:
        leaves |= shapes.way(what.route, first) | said(_CALLSIGN, what.route.name)
        at = shapes.centre_of(what.route)
    elif what.area is not None:
        raise Rejected("body.area", "a movement within an area is no route", "write it in another format")
    told = {"movement_kind": MOVES_BY.get(what.route.method if what.route else "", "admin")}
    return Body("b-m-r", leaves | extension.windows_of(what.windows), at, told=told)


def _directive(message: Envelope, what: Directive, first: int) -> Body:
    written_as = what.action_code if what.action_code.startswith("t-") and not _strike(what.action_code) else ""
    kind = written_as or TASK_TYPES.get(what.action, OTHER_TASK)
    told: dict[str, Any] = {"directive_kind": "taskord", "action_code": kind, "action": ACTIONS[longest(ACTIONS, kind)]}
    leaves = said(_REMARKS, what.task) | said(_CALLSIGN, message.summary)
    leaves |= shapes.drawn(what.area, first) if what.route is None else shapes.way(what.route, first)
    for base, unit in zip(free_links(message, dict(leaves), first), what.performers, strict=False):
        leaves |= _performer(base, unit)
    start, stale = _exact(what.windows)
    if not (start and stale):
        leaves |= extension.windows_of(what.windows)
    at = shapes.centre_of(what.area) or shapes.centre_of(what.route)
    return Body(kind, leaves, at, start=start, stale=stale, told=told)


def _strike(kind: str) -> bool:
    return kind == "t-k" or kind.startswith("t-k-")


def _performer(base: str, unit: UnitRef) -> Leaves:
    extra = {n: v for n in ("callsign", "name", "participant", "nation") if (v := getattr(unit, n))}
    uid = unit.id or unit.participant or unit.name or unit.callsign or "unknown"
    return linked(base, uid, "t-s") | {f"{base}/@{name}": value for name, value in extra.items()}


def _exact(windows: tuple[TimeWindow, ...]) -> tuple[str, str]:
    """Return start and end of the only window, if both are exact."""
    if len(windows) != 1:
        return "", ""
    (window,) = windows
    start, end = window.start_earliest, window.end_earliest
    if start is None or end is None or start != window.start_latest or end != window.end_latest:
        return "", ""
    return written(window.start) or stamp(start), written(window.end) or stamp(end)


def _reply(message: Envelope, what: Acknowledgement, first: int) -> Body:
    kind = REPLY_TYPES.get((what.step, what.code)) or ANY_REPLY[what.step]
    kept = next((u.value for u in message.unmapped if u.path == "event/@type"), "")
    if REPLIES.get(longest(REPLIES, kept)) == (what.step, what.code):
        kind = kept
    step, code = REPLIES[longest(REPLIES, kind)]
    leaves = linked(next(free_links(message, {}, first)), what.of.id, "p-t") | said(_REMARKS, what.note)
    return Body(kind, leaves, told={"step": step, "code": code})


def _query(message: Envelope, what: LiaisonRequest, first: int) -> Body:
    if what.request_kind != "information" or len(message.references) != 1:
        raise Rejected("body.request_kind", "only a question for the state of a task is an event", "write it as text")
    leaves = linked(next(free_links(message, {}, first)), message.references[0].id, "p-t") | said(
        _REMARKS, what.subject
    )
    return Body(ASKS_TASK, leaves, what.position)


def _cancellation(message: Envelope, what: Cancellation, first: int) -> Body:
    kind = {"incident": CANCELS_EMERGENCY, "directive": CANCELS_TASK}.get(message.kind, DELETE)
    leaves = said(_REMARKS, what.reason) | said(_CALLSIGN, message.summary)
    leaves |= linked(next(free_links(message, {}, first)), message.id, "none" if kind == DELETE else "p-t")
    if kind == CANCELS_EMERGENCY:
        leaves["event/detail/emergency/@cancel"] = "true"
    if kind == DELETE:
        leaves |= {"event/detail/__forcedelete": "", f"{extension.ELEMENT}/@kind": message.kind}
    return Body(kind, leaves)


def _chat(what: TextMessage) -> Leaves:
    sender = what.sender or UnitRef()
    return {
        **said("event/detail/__chat/@senderCallsign", sender.callsign),
        **said("event/detail/__chat/@chatroom", what.room),
        **said("event/detail/__chat/chatgrp/@uid0", sender.id),
        _REMARKS: what.text,
    }


def _drawn(area: Area, first: int) -> Leaves:
    """Return the drawing of an area that a message cannot do without.

    Raises:
        Rejected: it is none that an event can draw.
    """
    if not shapes.type_of(area) and type(area).__name__ != "Named":
        raise Rejected("body.area", f"a {type(area).__name__} is no drawing of an event", "write it in another format")
    return shapes.drawn(area, first)


def _centre(area: Area | None) -> Position | None:
    return area.centre if isinstance(area, Circle | Ellipse) else None
