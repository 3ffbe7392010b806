"""A feature of a map becomes a message: its geometry and its properties, whatever the format they came in.

1. Which kind: what it says itself (``bus:entity``, ``kind``, or a field such as ``site_kind``), else a word of
   `adapters.feature_words`; without any it is an observation of a place or an area. Nothing is guessed to be an order.
2. Properties are the message's own fields (`adapters.dotted`) under the short names of `ALIASES`; those of the envelope
   begin with ``bus:``. Every other property is unmapped.
3. A feature of several geometries becomes several messages, unless one message has a place for each of them.

Source: reference formats.md §2.3, §2.4, §3.3, §7.2-7.4.
"""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from adapters.base import Loss, Rejected, content_id
from adapters.dotted import Fields
from adapters.shapes import Form, Shape
from schemas.envelope import Source, Warning

Reference = Literal["", "HAE", "MSL", "AGL"]  # what heights are above; "" where the format says that they do not count

KINDS: Final = frozenset(
    {"movement", "hazard", "protected-site", "route-state", "observation", "position", "directive"}
)
MAX_MESSAGES: Final = 5_000  # of one file, positions of tracks aside
AROUND: Final = (  # fields of the envelope that travel as properties
    "id", "revision", "status", "reality", "precedence", "created", "unit", "addressees", "in_reply_to", "references",
    "label", "lang", "summary", "texts", "ack_required",
)  # fmt: skip


class Slots(NamedTuple):
    """The fields of a kind that take a point, a line and a polygon, and those for a name and for words."""

    point: str
    line: str
    polygon: str
    name: str
    words: str


SLOTS: Final = {
    "movement": Slots("route", "route", "area", "route.name", "purpose"),
    "hazard": Slots("area", "area", "area", "area.name", "remarks"),
    "protected-site": Slots("position", "footprint", "footprint", "name", ""),
    "route-state": Slots("position", "", "", "section", "remarks"),
    "observation": Slots("position", "area", "area", "", "activity"),
    "position": Slots("position", "", "", "subject.name", "remarks"),
    "directive": Slots("area", "route", "area", "", "task"),
}
ALIASES: Final = {  # property -> field, for every kind that has the field
    "start": "windows.0.start",
    "end": "windows.0.end",
    "lower_m": "altitude.lower.value_m",
    "lower_ref": "altitude.lower.reference",
    "upper_m": "altitude.upper.value_m",
    "upper_ref": "altitude.upper.reference",
    "time": "bus:created",
}
_ALIASES_OF: Final[dict[str, dict[str, str]]] = {  # before those for every kind
    "observation": {"time": "observed", "start": "observed", "sidc": "symbol"},
    "position": {
        "time": "at",
        "start": "at",
        "end": "stale_at",
        "sidc": "subject.sidc",
        "callsign": "subject.callsign",
    },
}
ASSUMED: Final = {  # what a kind cannot do without and a map often leaves out
    "movement": ("movement_kind", "admin"),
    "hazard": ("hazard_kind", "other"),
    "protected-site": ("site_kind", "other"),
    "route-state": ("trafficable", "unknown"),
}
HEIGHT: Final = {"position": "hae_m", "observation": "altitude_m"}


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """What one feature of a map says. ``kind`` is set where the format itself tells it (a route of GPX)."""

    locator: str
    fields: Fields
    shapes: tuple[Shape, ...] = ()
    reference: Reference = ""
    kind: str = ""
    hints: tuple[str, ...] = ()  # names of the folders around it
    losses: tuple[Loss, ...] = ()
    warnings: tuple[Warning, ...] = ()


def aliases(kind: str, forms: Sequence[Form]) -> dict[str, str]:
    """Return which field a short name stands for; that of a route or an area is there if there is a geometry."""
    slots = SLOTS[kind]
    inside = slots.name.startswith(("route.", "area."))
    drawn_there = any(getattr(slots, form) == slots.name.partition(".")[0] for form in forms)
    name = slots.name if slots.name and (drawn_there or not inside) else "bus:summary"
    words = slots.words or "bus:texts.0.text"
    own = _ALIASES_OF.get(kind, {})  # first, because a field is written under the first of its names
    return {**own, **{k: v for k, v in ALIASES.items() if k not in own}, "name": name, "description": words}


def text(value: object) -> str:
    """Return a value of JSON or XML as text."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def identity(origin: Source, locator: str, bearer_id: str) -> str:
    """Return the id of a message whose originator gave none, out of the hash of the whole input.

    It is `base.content_id` of that hash and not of the bytes: a file holds thousands of features.
    """
    return content_id(origin.sha256.encode(), locator, bearer_id)


def check_number(messages: Sequence[object], path: str) -> None:
    """Raise `Rejected` if a file gives too many messages."""
    if len(messages) > MAX_MESSAGES:
        raise Rejected(path, f"it gives more than {MAX_MESSAGES} messages", "split the file")
