"""What alerting remembers of all cards: its snapshot is just this."""

from typing import Literal

import msgspec

from coordinator.core.cards import Card
from coordinator.core.comings import Flap, Flood, Print
from coordinator.core.mission import Mission
from schemas.findings import Finding


class Contact(msgspec.Struct, kw_only=True):
    """Whether a participant can be reached, and when that is worth a notice."""

    lost: bool
    at: int  # of the loss or the return, as observed
    spell: str  # losses that follow one another within the notice period are one spell, with one notice
    due: int | None = None  # when the notice is raised
    noticed: bool = False
    times: int = 0  # losses of this spell


class Down(msgspec.Struct, frozen=True, kw_only=True):
    """A bearer that several contacts hang on and that is down. ``group`` are those whose loss it covers."""

    at: int
    group: list[str]
    declared: bool = False  # somebody said so
    back_at: int | None = None  # since when anybody behind it is back


class State(msgspec.Struct, kw_only=True):
    """Everything that alerting remembers."""

    mission: Mission
    format: Literal["alerting 4"] = "alerting 4"
    findings: dict[str, Finding] = {}
    home: dict[str, str] = {}  # finding -> card
    cards: dict[str, Card] = {}
    contacts: dict[str, Contact] = {}
    bearers: dict[str, Down] = {}
    sources: dict[str, str] = {}  # what each source of occasions remembers, as it says it
    revs: dict[str, int] = {}  # of what was forgotten: a name goes on counting
    floods: dict[str, Flood] = {}  # what came lately, by participant and by who may know of it
    flaps: dict[str, Flap] = {}  # findings and occasions that come and go, by id
    prints: dict[str, Print] = {}  # of occasions, by fingerprint
    swept_at: int = 0  # when it was last looked for what may be forgotten
