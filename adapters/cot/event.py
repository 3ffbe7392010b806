"""The leaves of one event become one message, or none if they only steer the link.

Ids: a position is ``uid/type/time``, for each is a report of its own. Everything else keeps its uid, and its revision
is the time of the event in milliseconds, because the same uid with a newer time replaces what was said before; so an
end of an emergency, a cancelled task or a "delete" meets what it ends (reference formats.md §2.7, §4.1).
"""

from typing import Any, Final

import msgspec

from adapters import times
from adapters.base import Context, Loss, Rejected, content_id
from adapters.cot.fields import FIRST_DEST, MAX_ID, Event, Leaves, addressees
from adapters.cot.readers import reader
from adapters.cot.tables import CONTROL, REALITY, TEST
from schemas.envelope import Envelope, Reality, Source, Unmapped, Warning
from schemas.label import Label
from schemas.registry import pack
from schemas.reports import PositionReport
from schemas.time import TimeValue

_CLOCK_US: Final = 300_000_000  # five minutes (§2.2)
_WHY_CONTROL: Final = "it steers the link: it is answered there and never published"


def is_control(kind: str) -> bool:
    """Say whether an event of this type only steers the link."""
    return kind.startswith(CONTROL) and any(kind == c or kind.startswith(c + "-") for c in CONTROL)


def unpublished(leaves: Leaves) -> tuple[Loss, ...]:
    """Return the leaves of an event that is never published."""
    return tuple(Loss(path=path, value=value, why=_WHY_CONTROL) for path, value in leaves.items())


def message(leaves: Leaves, part: bytes, context: Context, origin: Source) -> Envelope:
    """Return the message of an event; ``part`` is its bytes.

    Raises:
        Rejected: it lacks what every event has, or says something impossible.
    """
    take = leaves.pop
    try:
        uid, kind, sent = take("event/@uid"), take("event/@type"), take("event/@time")
    except KeyError as error:
        raise Rejected(str(error.args[0]), "it is missing", "an event has a uid, a type and a time") from None
    if not uid or not kind:
        raise Rejected("event/@uid" if kind else "event/@type", "it is empty", "an event has a uid, a type and a time")
    at = _instant(sent)
    if leaves.get("event/@start") == sent:
        take("event/@start")
    if leaves.get("event/@version") == "2.0":
        take("event/@version")
    warnings: list[Warning] = []
    reality = _reality(leaves, kind, context)
    label = _label(leaves)
    named = addressees(leaves) if FIRST_DEST[0] in leaves or FIRST_DEST[1] in leaves else ()
    read = reader(kind)(Event(leaves, uid, kind, at, warnings))
    offset = _clock(at, context, warnings)
    more: dict[str, Any]
    if type(read.body) is PositionReport:
        more = {"id": f"{uid}/{kind}/{sent}", **read.more}
    else:
        more = {"id": uid, "revision": max(1, (at.utc or 0) // 1000), **read.more}
    identity = more["id"]
    if len(identity) > MAX_ID or not identity.isprintable():
        leaves["event/@uid"] = uid
        more["id"] = content_id(part, origin.locator, "")
    elif read.more.get("id", uid) != uid:
        leaves["event/@uid"] = uid  # the event's own, where it speaks of another
    return pack(
        read.body,
        originator=context.participant,
        reality=reality,
        received_at=context.received_at or None,
        created=at,
        unit=read.unit,
        summary=read.summary,
        texts=read.texts,
        addressees=named,
        label=label,
        source=origin if offset is None else msgspec.structs.replace(origin, clock_offset_s=offset),
        unmapped=tuple(map(Unmapped, leaves, leaves.values())),
        warnings=tuple(warnings),
        **more,
    )


def _instant(text: str) -> TimeValue:
    value = times.iso(text)
    if value.utc is None:
        hint = "write the time in UTC, e.g. 2027-03-14T07:00:00Z"
        why = "names no instant"
        if text.startswith("0000"):
            why = "is a placeholder: there is no year 0000"
        elif value.quality == "unknown" and len(text) > 15:
            why = "has no zone"
        raise Rejected("event/@time", f'"{text[:40]}" {why}', hint)
    return value


def _clock(at: TimeValue, context: Context, warnings: list[Warning]) -> float | None:
    """Return receipt minus sending; more than five minutes is worth a look, and never rewritten."""
    if not context.received_at or at.utc is None:
        return None
    offset = context.received_at - at.utc
    if abs(offset) > _CLOCK_US:
        text = f"sent {offset / 1e6:.0f} s before it was received: a wrong clock, or an old event"
        warnings.append(Warning(code="clock", path="event/@time", text=text))
    return offset / 1e6


def _reality(leaves: Leaves, kind: str, context: Context) -> Reality:
    """Return what is stated, by opex, by a simulated origin or by an exercise identity; else the channel's."""
    opex = leaves.get("event/@opex")
    if opex == TEST:
        return "test"
    if opex is not None and opex[:1] in REALITY:
        return REALITY[opex[:1]]
    if leaves.get("event/@how") == "m-s" or kind[:3] in ("a-j", "a-k"):
        return "exercise"
    return context.reality


_NO_LABEL: Final[Label] = next(f.default for f in msgspec.structs.fields(Envelope) if f.name == "label")  # left out


def _label(leaves: Leaves) -> Label:
    """Take the marking; without one the mission's default holds.

    XML says releasableTo, the other encoding releaseableTo: whoever says both means those who stand in both.
    """
    take = leaves.pop
    raw, other = take("event/@releasableTo", None), take("event/@releaseableTo", None)
    access, caveat = (take(p) if leaves.get(p) else "" for p in ("event/@access", "event/@caveat"))
    if raw is None and other is None and not access and not caveat:
        return _NO_LABEL
    lists = [text.replace(",", " ").split() for text in (raw, other) if text is not None]
    listed = tuple(n for n in lists[0] if n in lists[-1]) if lists else None
    both = raw is not None and other is not None
    text = ",".join(listed or ()) if both else raw or other or ""
    return Label(releasable_to=listed, classification=access, privacy_mark=caveat, raw=text)
