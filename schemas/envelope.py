"""What every message says of itself, around a body that travels untouched.

The body is kept as raw bytes, so that whoever stores, forwards or replays a message carries kinds and fields that it
does not know. Source: reference formats.md §3.2; design §2 (ids, realm).
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.base import Value
from schemas.label import Label
from schemas.subjects import Precedence
from schemas.time import TimeValue
from schemas.units import Identity, Micros, ParticipantId

Reality = Literal["real", "exercise", "test"]
Status = Literal["new", "update", "cancel"]


class LangText(Value, gc=False):
    """A text in one language (BCP 47)."""

    text: str
    lang: str = ""
    role: Literal["title", "body", "remarks", "instruction"] = "body"


class UnitRef(Value):
    """A unit as it was named; ``participant`` is set where the mission file knows whose it is."""

    id: str = ""
    name: str = ""
    callsign: str = ""
    nation: str = ""
    participant: str = ""
    sidc: str = ""
    scheme: Literal["", "cot_uid", "c2sim_uuid", "mtf_unit", "icao24", "mmsi", "un_unit", "text"] = ""
    raw: str = ""


class Contact(Value):
    """How to reach somebody; a role, not a person, wherever possible."""

    name: str = ""
    role: str = ""
    phone: str = ""
    email: str = ""
    radio: str = ""


class Reference(Value):
    """Another message that this one speaks of, by its originator's id; ``revision`` 0 means whichever is current."""

    id: Identity
    revision: int = 0
    originator: str = ""
    note: str = ""


class Addressee(Value):
    """A participant that should act on a message or merely know of it; ``party``: all of them read the same bytes."""

    to: ParticipantId
    role: Literal["action", "info", "party"] = "action"


class Unmapped(Value, gc=False, kw_only=False):
    """A leaf of the source that no field took: its path there, and its value; there may be many, so in this order."""

    path: str
    value: str
    why: str = ""


class Warning(Value, gc=False):
    """Something that was read, but should be looked at."""

    code: str
    path: str
    text: str


class Source(Value):
    """Where a message came from: the format, the bytes (by hash) and the place in them."""

    format: str = ""
    dialect: str = ""
    adapter_version: str = ""
    channel: str = ""
    bearer_id: str = ""
    message_id: str = ""  # the input's id in RAW: the receipt stands under it
    sha256: str = ""
    raw_seq: int = 0
    encoding: str = ""
    locator: str = ""
    clock_offset_s: float | None = None  # receipt minus sent, by the sender's clock


class Envelope(Value):
    """One message. ``id`` and ``revision`` are its originator's; together they are its identity."""

    id: Identity
    kind: Annotated[str, Meta(pattern="^[a-z0-9-]{1,64}$")]
    originator: ParticipantId
    body: msgspec.Raw
    revision: Annotated[int, Meta(ge=1)] = 1
    version: Annotated[int, Meta(ge=1)] = 1
    status: Status = "new"
    reality: Reality = "real"
    precedence: Precedence | None = None
    created: TimeValue | None = None
    received_at: Micros | None = None
    unit: UnitRef | None = None
    typed_by: str = ""  # the participant that typed it in on the originator's behalf
    spoken_by: Annotated[str, Meta(max_length=200)] = ""  # then: the function of whoever said it, no private name
    addressees: tuple[Addressee, ...] = ()
    in_reply_to: Reference | None = None
    references: tuple[Reference, ...] = ()
    aliases: Annotated[tuple[Identity, ...], Meta(max_length=8)] = ()  # ids of its task and order where it was written
    label: Label = Label()
    field_labels: dict[str, Label] = {}  # dotted path in the body -> who may see that field
    lang: str = ""
    summary: str = ""
    texts: tuple[LangText, ...] = ()
    ack_required: bool = False
    cause: str = ""  # id of the message that this one follows from (services' messages)
    source: Source | None = None
    unmapped: tuple[Unmapped, ...] = ()
    warnings: tuple[Warning, ...] = ()

    @property
    def key(self) -> str:
        """The identity: ``<id>:<revision>``."""
        return f"{self.id}:{self.revision}"
