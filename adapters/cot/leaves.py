"""The leaves of an event that a message fills, around those of its body.

``usual`` stands where nothing else does (an unmapped leaf of the source takes its place); ``said`` is what the message
says. Source: CoT event base schema 2.0 (MITRE); reference formats.md §4.
"""

from typing import Final, NamedTuple

from adapters.cot import extension
from adapters.cot.bodies import Body, body_of, free_links, linked, producer_first
from adapters.cot.fields import DEST, LINK, Leaves
from adapters.cot.tables import DELETE, TEST, UNKNOWN_TEXT
from adapters.cot.texts import said, stamp, written
from schemas.base import Message
from schemas.envelope import Envelope
from schemas.geo import Position
from schemas.label import Label
from schemas.notices import Cancellation
from schemas.reports import PositionReport, TextMessage
from schemas.time import TimeValue

_STALE_US: Final = 300_000_000  # for what says nothing of its age


class Event(NamedTuple):
    """An event that is being written."""

    usual: Leaves
    said: Leaves


def event_of(message: Envelope, what: Message) -> Event:
    """Return the leaves of an event.

    Raises:
        Rejected: a message of this kind, or one with such an area, is no event.
    """
    found = body_of(message, what)
    at, utc = _when(message, what)
    usual = {
        "event/@version": "2.0", "event/@uid": _uid(message, what, found.kind), "event/@type": found.kind,
        "event/@how": "h-g-i-g-o", "event/@time": at, "event/@start": found.start or at,
        "event/@stale": found.stale or stamp(utc + _STALE_US),
    }  # fmt: skip
    usual |= {"event/point/@lat": "0.0", "event/point/@lon": "0.0"}
    usual |= {f"event/point/@{name}": UNKNOWN_TEXT for name in ("hae", "ce", "le")}
    if message.reality != "real":
        usual["event/@opex"] = TEST if message.reality == "test" else "e-" + message.reality
    revision = 1 if isinstance(what, PositionReport) else max(1, utc // 1000)
    own = extension.leaves_of(message, what, {"revision": revision, **found.told})
    fixed = {path: usual[path] for path in ("event/@type", "event/@time")}
    leaves = {**fixed, **_point(found), **found.leaves, **own}
    return Event(usual, leaves | _producer(message, what, leaves) | _marking(message.label) | _addressed(message))


def _producer(message: Envelope, what: Message, leaves: Leaves) -> Leaves:
    unit = message.unit
    if unit is None or unit.scheme != "cot_uid" or not unit.id or isinstance(what, TextMessage):
        return {}
    base = LINK if producer_first(message) else next(free_links(message, leaves, 1))
    return linked(base, unit.id, "p-p") | said(f"{base}/@parent_callsign", unit.callsign)


def _marking(label: Label) -> Leaves:
    found = said("event/@access", label.classification) | said("event/@caveat", label.privacy_mark)
    if label.releasable_to is None:
        return found
    same = tuple(label.raw.replace(",", " ").split()) == label.releasable_to
    return found | {"event/@releasableTo": label.raw if same else ",".join(label.releasable_to)}


def _addressed(message: Envelope) -> Leaves:
    found: Leaves = {}
    for n, addressee in enumerate(message.addressees, 1):
        base = DEST if n == 1 else f"{DEST}[{n}]"
        found[base + "/@callsign"] = addressee.to
        if addressee.role == "info":
            found[base + "/@role"] = "info"
    return found


# -- the identity, the time, the point, links -------------------------------------------------------------------------


def _uid(message: Envelope, what: Message, kind: str) -> str:
    if isinstance(what, PositionReport):
        return what.subject.id or what.subject.callsign or what.subject.name or message.id
    if isinstance(what, Cancellation) and kind == DELETE:
        return f"{message.id}.delete"[:200]
    return message.id


def _when(message: Envelope, what: Message) -> tuple[str, int]:
    """Return when an event was made: as it is written, and in microseconds UTC."""
    own = next((t for n in ("at", "reported", "observed", "requested_at") if (t := getattr(what, n, None))), None)
    value: TimeValue | None = own or message.created
    utc = value.utc if value is not None and value.utc is not None else message.received_at or 0
    return written(value) or stamp(utc), utc


def _point(found: Body) -> Leaves:
    """Return what is known of a point; the rest is unknown, or stands among the unmapped."""
    at = found.at
    if at is None:
        return {}
    lat, _, lon = (part.strip() for part in (at.raw if at.form == "decimal" else "").partition(","))
    if not _same(lat, lon, at):
        lat, lon = repr(at.lat), repr(at.lon)
    numbers = {"hae": found.hae_m, "ce": at.ce_m, "le": found.le_m}
    known = {f"event/point/@{name}": repr(value) for name, value in numbers.items() if value is not None}
    return {"event/point/@lat": lat, "event/point/@lon": lon, **known}


def _same(lat: str, lon: str, at: Position) -> bool:
    """Say whether what was written, in decimal degrees, is where the position is."""
    try:
        return float(lat) == at.lat and float(lon) == at.lon
    except ValueError:
        return False
