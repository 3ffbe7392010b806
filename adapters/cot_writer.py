"""Writing Cursor on Target: fields first, then every unmapped leaf at the place it came from.

A leaf whose path the fields have filled already is not written twice; what no event can hold is a loss.
Source: CoT event base schema 2.0 (MITRE); reference formats.md §4.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received
from adapters.compare import not_carried
from adapters.xml import element, escaped
from schemas.base import Message
from schemas.envelope import Envelope, UnitRef
from schemas.geo import Position
from schemas.registry import body
from schemas.reports import MedevacRequest, Observation, PositionReport, TextMessage
from schemas.time import TimeValue

Decode = Callable[[bytes, Context], Translation]
Leaves = dict[str, str]

_UNKNOWN: Final = "9999999.0"
_STALE_S: Final = 300  # for what says nothing of its age
_STEP: Final = re.compile(r"(?P<name>[^/\[\]@]+)(?:\[(?P<n>\d+)\])?\Z")
_PRODUCER: Final = "event/detail/link/@"
_TYPE: Final = {"position": "a-u-G", "observation": "b-m-p-s-m", "message": "b-t-f", "medevac": "b-r-f-h-c"}


def write(messages: Sequence[Envelope], originals: Mapping[str, bytes], decode: Decode) -> Encoded:
    """Return the events of these messages, back to back.

    Raises:
        Rejected: none of them can be an event.
    """
    parts: list[bytes] = []
    losses: list[Loss] = []
    if messages and (whole := as_received(messages, originals, decode)) is not None:
        return Encoded(data=whole)
    for message in messages:
        if message.kind not in _TYPE or message.status == "cancel":
            why = "no event of this format"
            losses.append(Loss(path=message.key, value=message.kind, why=why))
        elif (whole := as_received((message,), originals, decode)) is not None:
            parts.append(whole)
        else:
            data, lost = _event(message)
            parts.append(data)
            losses += (*lost, *not_carried((message,), data, decode))
    if not parts:
        raise Rejected("messages", "none of them can be a CoT event", f"kinds that can: {', '.join(_TYPE)}")
    return Encoded(data=b"\n".join(parts), losses=tuple(losses))


def _event(message: Envelope) -> tuple[bytes, list[Loss]]:
    leaves = _leaves(message, body(message))
    lost: list[Loss] = []
    for leaf in message.unmapped:
        if not leaf.path.startswith("event/"):
            lost.append(Loss(path=f"{message.key}: {leaf.path}", value=leaf.value, why="it came from another format"))
        else:
            leaves[leaf.path] = leaf.value
    tree = _Node()
    for path, value in leaves.items():
        if not tree.put(path, value):
            lost.append(Loss(path=f"{message.key}: {path}", value=value, why="it has no place in an event"))
    return ('<?xml version="1.0" encoding="UTF-8"?>' + tree.children["event"][0].text("event")).encode(), lost


class _Node:
    """An element while it is being put together."""

    def __init__(self) -> None:
        self.attributes: Leaves = {}
        self.children: dict[str, list[_Node]] = {}
        self.own = ""

    def put(self, path: str, value: str) -> bool:
        """Put a leaf at its path; return whether there is such a place."""
        *steps, last = path.split("/")
        if not last.startswith("@"):
            steps.append(last)
        node = self
        for step in steps:
            match = _STEP.match(step)
            if match is None or not match["name"].replace("-", "").replace(".", "").replace(":", "").isidentifier():
                return False
            siblings = node.children.setdefault(match["name"], [])
            while len(siblings) < min(int(match["n"] or 1), 1000):
                siblings.append(_Node())
            node = siblings[-1 if match["n"] else 0]
        if last.startswith("@"):
            node.attributes[last[1:]] = value
        else:
            node.own = value
        return True

    def text(self, name: str) -> str:
        """Return the element as XML."""
        inner = "".join(child.text(tag) for tag, nodes in self.children.items() for child in nodes)
        return element(name, self.attributes, escaped(self.own) + inner)


def _leaves(message: Envelope, what: Message) -> Leaves:
    """Return the leaves of an event that the fields of a message fill."""
    at, stale = _times(message, what)
    uid, kind = _identity(message, what)
    leaves = {
        "event/@version": "2.0", "event/@uid": uid, "event/@type": kind, "event/@how": "h-g-i-g-o",
        "event/@time": at, "event/@start": at, "event/@stale": stale,
    }  # fmt: skip
    match what:
        case PositionReport():
            leaves |= _point(what.position, what.hae_m, what.le_m) | _thing(what)
        case Observation():
            leaves |= _point(what.position, what.altitude_m) | _said("event/detail/remarks", what.activity)
            leaves |= _said("event/detail/contact/@callsign", message.summary)
        case TextMessage():
            leaves |= _point(what.position) | _chat(what)
        case MedevacRequest():
            leaves |= _point(what.pickup) | _medevac(message, what)
        case _:
            raise Rejected(message.key, f"a {message.kind} is no event", "write it in another format")
    if message.unit is not None and message.unit.scheme == "cot_uid":
        leaves |= _producer(message.unit)
    leaves |= _said("event/@access", message.label.classification) | _said("event/@caveat", message.label.privacy_mark)
    if message.label.releasable_to is not None:
        leaves["event/@releasableTo"] = message.label.raw or ",".join(message.label.releasable_to)
    if message.reality != "real":
        leaves["event/@opex"] = "e-" + message.reality
    return leaves


def _identity(message: Envelope, what: Message) -> tuple[str, str]:
    """Return uid and type, out of the id if this adapter made it."""
    kind = getattr(what, "symbol", "") or _TYPE[message.kind]
    uid, _, rest = message.id.rpartition(f"/{kind}/")
    if isinstance(what, PositionReport):
        uid = what.subject.id or what.subject.name
    return (uid if uid and (rest or isinstance(what, PositionReport)) else message.id), kind


def _times(message: Envelope, what: Message) -> tuple[str, str]:
    said = next((t for n in ("at", "observed", "requested_at") if (t := getattr(what, n, None))), message.created)
    at = _iso(said) or _stamp(message.received_at or 0)
    stale = _iso(getattr(what, "stale_at", None))
    utc = said.utc if said is not None and said.utc is not None else message.received_at or 0
    return at, stale or _stamp(utc + _STALE_S * 1_000_000)


def _iso(value: TimeValue | None) -> str:
    if value is None or value.utc is None:
        return ""
    return value.raw if value.raw[4:5] == "-" and value.raw.endswith("Z") else _stamp(value.utc)


def _stamp(utc: int) -> str:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=utc)
    return at.isoformat(timespec="milliseconds" if utc % 1000 == 0 else "microseconds").replace("+00:00", "Z")


def _said(path: str, value: str) -> Leaves:
    return {path: value} if value else {}


def _point(at: Position | None, hae_m: float | None = None, le_m: float | None = None) -> Leaves:
    lat, _, lon = at.raw.partition(",") if at and at.form == "decimal" else ("", "", "")
    if at is not None and not _same(lat, lon, at):
        lat, lon = repr(at.lat), repr(at.lon)
    return {
        "event/point/@lat": lat or "0.0",
        "event/point/@lon": lon or "0.0",
        "event/point/@hae": _number(hae_m),
        "event/point/@ce": _number(at.ce_m if at else None),
        "event/point/@le": _number(le_m),
    }


def _same(lat: str, lon: str, at: Position) -> bool:
    """Say whether what was written, in decimal degrees, is where the position is."""
    try:
        return float(lat) == at.lat and float(lon) == at.lon
    except ValueError:
        return False


def _number(value: float | None) -> str:
    return _UNKNOWN if value is None else repr(value)


def _thing(what: PositionReport) -> Leaves:
    leaves = _said("event/@how", what.how) | _said("event/detail/contact/@callsign", what.subject.callsign)
    leaves |= _said("event/detail/remarks", what.remarks)
    for path, value in (
        ("event/detail/track/@course", what.course_deg),
        ("event/detail/track/@speed", what.speed_mps),
        ("event/detail/status/@battery", what.battery_pct),
    ):
        if value is not None:
            leaves[path] = repr(value) if "battery" not in path else f"{value:g}"
    return leaves


def _producer(unit: UnitRef) -> Leaves:
    callsign = _said(_PRODUCER + "parent_callsign", unit.callsign)
    return {_PRODUCER + "uid": unit.id, _PRODUCER + "relation": "p-p", **callsign}


def _chat(what: TextMessage) -> Leaves:
    sender = what.sender or UnitRef()
    return {
        **_said("event/detail/__chat/@senderCallsign", sender.callsign),
        **_said("event/detail/__chat/@chatroom", what.room),
        **_said("event/detail/__chat/chatgrp/@uid0", sender.id),
        "event/detail/remarks": what.text,
    }


def _medevac(message: Envelope, what: MedevacRequest) -> Leaves:
    return (
        {f"event/detail/_medevac_/@{name}": value for name, value in _lines(what) if value}
        | _said("event/detail/contact/@callsign", what.callsign)
        | _said("event/detail/remarks", "\n".join(t.text for t in message.texts))
    )


def _lines(what: MedevacRequest) -> Iterator[tuple[str, str]]:
    yield "casevac", "true" if what.mission_kind == "casevac" else "false"
    yield "freq", what.frequency
    for name in ("urgent", "urgent_surgical", "priority", "routine", "convenience"):
        yield name, str(getattr(what.precedences, name) or "")
    yield from ((name, "true") for name in what.equipment)
    yield from (("litter", str(what.patients.litter or "")), ("ambulatory", str(what.patients.ambulatory or "")))
    yield from (("security", what.security), ("hlz_marking", what.marking))
    for pair in filter(None, what.nationality.split(", ")):
        name, _, number = pair.rpartition(" ")
        yield name.replace(" ", "_"), number
    yield from ((f"terrain_{word}", "true") for word in filter(None, what.terrain.split(", ")))
