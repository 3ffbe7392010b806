"""What is remembered of what comes too often: floods of cards at one desk, and items that begin and end again."""

import msgspec

from coordinator.core.occasions.occasion import Occasion
from schemas.alerts import CapSeverity, CapUrgency
from schemas.findings import Finding


class Grouped(msgspec.Struct, kw_only=True):
    """A card in a group: how severe and urgent, its deadline, and the revision of the group's card that counted it."""

    severity: CapSeverity
    urgency: CapUrgency = "Unknown"
    due: int | None = None
    rev: int = 0  # 0: none yet


class Flood(msgspec.Struct, kw_only=True):
    """What came for one participant lately, and what of it is told together. ``only`` as in `Alert`."""

    participant: str
    only: tuple[str, ...] | None = None
    arrivals: list[int] = []  # when the last cards came, one more than are told one by one
    on: bool = False  # new cards are told together
    name: str = ""  # the group's card
    since: int = 0
    owed: bool = False  # whether any of it asks the participant for an answer
    members: dict[str, Grouped] = {}  # cards that it has not answered
    severity: CapSeverity = "Unknown"  # the worst, as it was said last
    count: int = 0  # as it was said last
    latest: int = 0  # when something came that an officer must see
    anew: bool = False  # what was answered was not all: it is asked again
    said_at: int = 0
    say_at: int | None = None  # when the group's card is brought up to date


class Flap(msgspec.Struct, kw_only=True):
    """When an item began or ended lately, since when it flaps, and what of it is not taken yet."""

    turns: list[int] = []
    open: bool = True
    since: int | None = None
    said_at: int = 0  # when a change of it was taken last
    finding: Finding | None = None
    occasion: Occasion | None = None

    @property
    def item(self) -> Finding | Occasion | None:
        """What is not taken yet."""
        return self.finding or self.occasion

    @item.setter
    def item(self, item: Finding | Occasion | None) -> None:
        self.finding = item if isinstance(item, Finding) else None
        self.occasion = item if isinstance(item, Occasion) else None


class Print(msgspec.Struct, kw_only=True):
    """How often something with one fingerprint came, since when, and when last."""

    count: int
    first_seen: int
    last_seen: int
