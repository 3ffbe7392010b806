"""What an event has no word for, said in an element of our own: ``detail/_coordination_``, both ways.

TAK clients keep and pass on elements that they do not know; another bus reads it. Each attribute is one field of the
message, by its own name; a value that the field cannot hold stays unmapped, with a warning. Nothing is written here
that CoT itself can say.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec

from adapters.cot.fields import Leaves, instant, words
from adapters.cot.texts import stamp, written
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope, Warning
from schemas.geo import Area, Circle, Corridor, Line, Named
from schemas.notices import HazardNotice, MovementNotice
from schemas.reports import IncidentReport, MedevacRequest, Observation
from schemas.subjects import PRECEDENCES
from schemas.time import TimeWindow

ELEMENT: Final = "event/detail/_coordination_"
REVISION: Final = f"{ELEMENT}/@revision"
PRECEDENCE: Final = f"{ELEMENT}/@precedence"
_MAX_REVISION: Final = 2**53  # what every reader of JSON can hold
_MAX_WINDOWS: Final = 200

_FIELDS: Final[dict[type[Message], tuple[str, ...]]] = {  # scalar fields, each an attribute of the same name
    Directive: (
        "directive_kind", "action", "action_code", "serial", "plan_ref", "on_order_of", "buffer_m", "exclusive",
        "strength", "constraints", "draft", "partial",
    ),
    MovementNotice: (
        "movement_kind", "armed", "escorted", "strength", "organisation", "cargo", "state",
    ),
    HazardNotice: ("hazard_kind", "state", "error_m", "safety_radius_m"),
    IncidentReport: (
        "category", "subcategory", "stage", "place_name", "damage", "hazards", "access", "action_taken",
        "action_requested", "assessment", "safety_radius_m", "danger",
    ),
    Observation: ("size", "place_name", "unit", "equipment", "assessment", "about"),
    MedevacRequest: ("pickup_name", "cbrn", "destination", "state"),
    Acknowledgement: ("step", "code"),
}  # fmt: skip
_READ: Final = {  # what such a field can hold, as its Struct declares it
    (kind, field.name): field.type
    for kind, names in _FIELDS.items()
    for field in msgspec.structs.fields(kind)
    if field.name in names
}


class Said(NamedTuple):
    """What the element says beside the fields of a body."""

    kind: str = ""
    revision: int = 0
    precedence: str = ""
    windows: tuple[TimeWindow, ...] | None = None  # None: it says nothing of them
    width_m: float | None = None
    place: str = ""

    def of_envelope(self) -> dict[str, Any]:
        """Return the fields of an envelope that it says."""
        return {name: value for name in ("revision", "precedence") if (value := getattr(self, name))}


def read(leaves: Leaves, warnings: list[Warning]) -> Said:
    """Take what the element says of the message as a whole; `filled` takes the fields."""
    revision = _take(leaves, "revision", int, warnings)
    width = _take(leaves, "width_m", float, warnings)
    precedence = leaves.get(PRECEDENCE, "")
    if precedence in PRECEDENCES:
        del leaves[PRECEDENCE]
    return Said(
        kind=words(leaves, f"{ELEMENT}/@kind"),
        revision=revision if revision and 0 < revision < _MAX_REVISION else 0,
        precedence=precedence if precedence in PRECEDENCES else "",
        windows=_windows(leaves),
        width_m=width,
        place=words(leaves, f"{ELEMENT}/@place"),
    )


def filled(leaves: Leaves, body: Message, warnings: list[Warning]) -> Message:
    """Return a body with the fields that the element says."""
    found = {}
    for name in _FIELDS.get(type(body), ()):
        value = _take(leaves, name, _READ[type(body), name], warnings)
        if value is not None:
            found[name] = value
    return msgspec.structs.replace(body, **found) if found else body


def area(said: Said, found: Area | None) -> Area | None:
    """Return an area with what a drawing cannot say of it: the width of a corridor, the name of a place."""
    if said.place and (found is None or (isinstance(found, Circle) and not found.radius_m)):
        return Named(name=said.place)
    if said.width_m is not None and said.width_m >= 0 and isinstance(found, Line):
        return Corridor(points=found.points, width_m=said.width_m)
    return found


def _take(leaves: Leaves, name: str, kind: Any, warnings: list[Warning]) -> Any:
    path = f"{ELEMENT}/@{name}"
    text = leaves.get(path)
    if not text:
        return None
    try:
        value = msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError as error:
        warnings.append(Warning(code="unknown-value", path=path, text=f'"{text[:40]}" is not accepted: {error}'))
        return None
    del leaves[path]
    return value


def _windows(leaves: Leaves) -> tuple[TimeWindow, ...] | None:
    if leaves.get(f"{ELEMENT}/@untimed") == "true":
        del leaves[f"{ELEMENT}/@untimed"]
        return ()
    found: list[TimeWindow] = []
    base = f"{ELEMENT}/window"
    while len(found) < _MAX_WINDOWS and (f"{base}/@from" in leaves or f"{base}/@to" in leaves):
        found.append(TimeWindow.between(instant(leaves, f"{base}/@from"), instant(leaves, f"{base}/@to")))
        base = f"{ELEMENT}/window[{len(found) + 1}]"
    return tuple(found) or None


# -- written ----------------------------------------------------------------------------------------------------------


def leaves_of(message: Envelope, body: Message, said: dict[str, Any]) -> Leaves:
    """Return the element: the fields of a body that differ from ``said``, which the event says in its own words."""
    found: Leaves = {}
    for field in msgspec.structs.fields(body):
        value = getattr(body, field.name)
        if field.name not in _FIELDS.get(type(body), ()) or value in (None, ""):
            continue
        if value != said.get(field.name, None if field.default is msgspec.NODEFAULT else field.default):
            found[f"{ELEMENT}/@{field.name}"] = str(value).lower() if isinstance(value, bool) else str(value)
    if message.precedence is not None and message.precedence != said.get("precedence"):
        found[PRECEDENCE] = message.precedence
    if message.revision != said.get("revision"):
        found[REVISION] = str(message.revision)
    what = getattr(body, "area", None)
    if isinstance(what, Corridor):
        found[f"{ELEMENT}/@width_m"] = repr(what.width_m)
    if isinstance(what, Named):
        found[f"{ELEMENT}/@place"] = what.name
    return found


def windows_of(windows: tuple[TimeWindow, ...]) -> Leaves:
    """Return windows as children of the element; a bound that is a span of its own cannot be said."""
    if not windows:
        return {f"{ELEMENT}/@untimed": "true"}
    found: Leaves = {}
    for n, window in enumerate(windows, 1):
        base = f"{ELEMENT}/window" + (f"[{n}]" if n > 1 else "")
        found |= {f"{base}/@{name}": text for name, text in _bounds(window) if text}
    return found


def _bounds(window: TimeWindow) -> Iterator[tuple[str, str]]:
    yield "from", _bound(window.start_earliest, window.start_latest, written(window.start))
    yield "to", _bound(window.end_earliest, window.end_latest, written(window.end))


def _bound(first: int | None, last: int | None, text: str) -> str:
    return "" if first is None or first != last else text or stamp(first)
