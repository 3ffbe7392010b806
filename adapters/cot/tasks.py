"""Taskings, replies to them, and what withdraws something. A link names who performs, what is meant, what it is for.

Source: CoT event base schema 2.0 (MITRE), its link relations; reference formats.md §4.1, §4.5, §8.5.
"""

from typing import Any, Final

from adapters.base import Rejected
from adapters.cot import extension, shapes
from adapters.cot.fields import (
    LINK,
    MAX_ID,
    Event,
    Leaves,
    Read,
    drop_unknown,
    instant,
    keep,
    links,
    place,
    producer,
    related,
    words,
)
from adapters.cot.tables import ACTIONS, KINDS, OTHERWISE, REPLIES, REPLY_TYPES, longest
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Directive
from schemas.envelope import Reference, UnitRef
from schemas.liaison import LiaisonRequest
from schemas.notices import Cancellation
from schemas.reports import IncidentReport, PositionReport
from schemas.time import TimeWindow

_REMARKS: Final = "event/detail/remarks"
_CALLSIGN: Final = "event/detail/contact/@callsign"


def directive(event: Event) -> Read:
    """Read a tasking. It lasts from its start until it is stale, for a tasking says its window so (§4.1)."""
    leaves, warnings = event.leaves, event.warnings
    said = extension.read(leaves, warnings)
    unit, performers = producer(leaves), _performers(leaves)
    where = place(leaves)
    drop_unknown(leaves, "event/point/@hae", "event/point/@le")
    windows = said.windows
    if windows is None:
        windows = (TimeWindow.between(instant(leaves, "event/@start") or event.at, instant(leaves, "event/@stale")),)
    way = shapes.route(leaves, named=False) if shapes.has_route(leaves) else None
    anchor = shapes.centre_of(way)
    at_anchor = where is not None and anchor is not None and (where.lat, where.lon) == (anchor.lat, anchor.lon)
    around = None if at_anchor else shapes.around(where)
    drawn = extension.area(said, shapes.area(leaves, event.kind, where) or around)
    keep(leaves, where, anchor if at_anchor else shapes.centre_of(drawn))
    body = Directive(
        directive_kind="taskord",
        action=ACTIONS[longest(ACTIONS, event.kind)],
        action_code=event.kind,
        task=words(leaves, _REMARKS) or words(leaves, "event/detail/task/@note"),
        performers=performers,
        windows=windows,
        area=drawn,
        route=way,
    )
    filled = extension.filled(leaves, body, warnings)
    return Read(filled, unit, words(leaves, _CALLSIGN), more=said.of_envelope())


def _performers(leaves: Leaves) -> tuple[UnitRef, ...]:
    """Take who a tasking is for: its links ``t-s``, and the one who is named in the element ``task``."""
    found = []
    for base in links(leaves):
        if leaves.get(base + "/@relation") == "t-s" and (unit := related(leaves, base)) is not None:
            extra = {n: v for n in ("name", "participant", "nation") if (v := words(leaves, f"{base}/@{n}"))}
            if unit.id in (extra.get("participant"), extra.get("name")):
                unit = UnitRef(callsign=unit.callsign)
            found.append(UnitRef(id=unit.id, callsign=unit.callsign, scheme=unit.scheme, **extra))
    if assignee := words(leaves, "event/detail/task/@assignee"):
        found.append(UnitRef(callsign=assignee))
    return tuple(found)


def query(event: Event) -> Read:
    """Read a question for the state of a task."""
    leaves = event.leaves
    said, unit, where = extension.read(leaves, event.warnings), producer(leaves), place(leaves)
    about = next((words(leaves, base + "/@uid") for base in links(leaves) if leaves.get(base + "/@uid")), "")
    subject = words(leaves, _REMARKS) or f"status of {about or event.uid}"
    drop_unknown(leaves, "event/point/@hae", "event/point/@le")
    more: dict[str, Any] = {"references": (Reference(id=about),)} if 0 < len(about) <= MAX_ID else {}
    body = LiaisonRequest(request_kind="information", subject=subject, position=where)
    return Read(body, unit, more={**more, **said.of_envelope()})


def reply(event: Event) -> Read:
    """Read what is said to a tasking or a chat: received, wilco, done, or that it cannot be done and why."""
    leaves = event.leaves
    said = extension.read(leaves, event.warnings)
    step, code = REPLIES[longest(REPLIES, event.kind)]
    if REPLY_TYPES.get((step, code)) != event.kind:
        leaves["event/@type"] = event.kind  # it says more than step and code
    of = _target(leaves, ("p-t", "", "t-o", "r-u"), event)
    unit, at = producer(leaves), place(leaves)
    keep(leaves, at)  # an acknowledgement has no place
    drop_unknown(leaves, "event/point/@hae", "event/point/@le")
    body = Acknowledgement(
        of=Reference(id=of), step=step, by=unit, code=code, note=words(leaves, _REMARKS), at=event.at
    )
    return Read(extension.filled(leaves, body, event.warnings), unit, more=said.of_envelope())


def cancel_emergency(event: Event) -> Read:
    """Read the end of an emergency: its own uid, or that of a second link, names which."""
    leaves = event.leaves
    said, unit = extension.read(leaves, event.warnings), producer(leaves)
    of = next((words(leaves, base + "/@uid") for base in links(leaves) if leaves.get(base + "/@uid")), event.uid)
    if leaves.get("event/detail/emergency/@cancel", "").lower() == "true":
        del leaves["event/detail/emergency/@cancel"]
    return _cancelled(event, said, unit, of, IncidentReport.KIND)


def cancel_task(event: Event) -> Read:
    """Read the end of a tasking: a link names which, or it has the tasking's own uid."""
    said = extension.read(event.leaves, event.warnings)
    of = _target(event.leaves, ("p-t", "t-o", "r-u"), event, event.uid)
    return _cancelled(event, said, producer(event.leaves), of, Directive.KIND)


def delete(event: Event) -> Read:
    """Read "delete": a link names what. Its type says what it was; a thing's own position cannot be withdrawn."""
    leaves = event.leaves
    said = extension.read(leaves, event.warnings)
    base = next((b for b in links(leaves) if leaves.get(b + "/@uid") and leaves.get(b + "/@relation") != "p-p"), "")
    named = leaves.get(base + "/@type", "")
    of = _target(leaves, (), event)
    kind = said.kind or KINDS.get(longest(KINDS, named), OTHERWISE)
    return _cancelled(event, said, producer(leaves), of, OTHERWISE if kind == PositionReport.KIND else kind)


def _cancelled(event: Event, said: extension.Said, unit: UnitRef | None, of: str, kind: str) -> Read:
    drop_unknown(event.leaves, "event/point/@hae", "event/point/@ce", "event/point/@le")
    more = {**said.of_envelope(), "kind": kind, "status": "cancel", "id": of}
    return Read(Cancellation(reason=words(event.leaves, _REMARKS)), unit, words(event.leaves, _CALLSIGN), more=more)


def _target(leaves: Leaves, relations: tuple[str, ...], event: Event, otherwise: str = "") -> str:
    """Take the uid of what an event is about: the link with the first of these relations, else any but its producer.

    Raises:
        Rejected: nothing is named, or by too long a name.
    """
    found = {leaves.get(base + "/@relation", ""): base for base in reversed(list(links(leaves)))}
    base = next((found[r] for r in relations if r in found), "") or next(
        (b for r, b in found.items() if not _produced(leaves, b) and leaves.get(b + "/@uid")), ""
    )
    uid = words(leaves, base + "/@uid") or words(leaves, "event/detail/__chatreceipt/@messageId")
    if not (uid or otherwise):
        raise Rejected(LINK, "it names nothing", f"a {event.kind} has a link with the uid of what it is about")
    if len(uid) > MAX_ID:
        raise Rejected(LINK, f"its uid has {len(uid)} characters", f"name what it is about by at most {MAX_ID}")
    return uid or otherwise


def _produced(leaves: Leaves, base: str) -> bool:
    return leaves.get(base + "/@relation") == "p-p" and not leaves.get(base + "/@type", "").startswith("b-t-f")
