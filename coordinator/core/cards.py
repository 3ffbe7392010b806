"""What a card says: severity, certainty, urgency and place from its findings; who was told, and what they did.

Severity is that of the worst finding that still asks for something. Everything here is pure; the clocks are run by
`escalate`, and `revisions` decides whether a card is worth publishing again.

Source: reference console.md §6; CAP 1.2 §3.2.2 for the words.
"""

from collections.abc import Mapping, Sequence, Set
from typing import Final, NamedTuple

import msgspec

from coordinator.core import correlate, repeats
from coordinator.core.handling.hands import Hands
from coordinator.core.ladders import Rung
from coordinator.core.mission import Cards
from coordinator.core.occasions.occasion import Occasion
from schemas.alerts import Alert, CapCertainty, CapSeverity, CapUrgency, Member, Rest, Told, Work
from schemas.findings import Certainty
from schemas.geo import Pair

WORST_FIRST: Final[tuple[CapSeverity, ...]] = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
DONE: Final = frozenset({"closed", "waived"})  # states of findings that ask for nothing
OVER: Final = frozenset({"resolved", "cancelled", "superseded"})  # states of cards that ask for nothing
OWNERS: Final = frozenset({"hq", "desk"})  # roles that have a card once they acknowledge it
CERTAINTY: Final[dict[Certainty, CapCertainty]] = {"definite": "Likely", "possible": "Possible", "unknown": "Unknown"}


class Clock(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What one participant was asked, and what it did; it runs (``due``), stands still (``left``) or is off."""

    since: int
    due: int | None = None
    left: int | None = None  # microseconds that were left when contact was lost
    level: CapSeverity = "Unknown"  # the severity that it was last asked at
    acknowledged_at: int | None = None
    acknowledged_rev: int | None = None
    valid_until: int | None = None  # how long that acknowledgement holds; None is as long as the card
    typed_by: str = ""  # who typed it in for the participant
    lapsed_at: int | None = None  # when an acknowledgement held no longer, until there is another one
    late: bool = False
    rung: set[CapSeverity] = set()  # severities at which somebody was already called about it
    called: bool = False  # whether somebody was, since it was asked last
    ladder: tuple[Rung, ...] = ()  # as it was when it was asked
    step: int = 0  # rungs of it that were passed
    second_at: int | None = None  # since when it goes out by another bearer as well
    voice_at: int | None = None
    group: str = (
        ""  # the card of the group that is asked about instead: it stands still (``left``) until it leaves that
    )

    @property
    def asked(self) -> bool:
        """Whether it still owes an acknowledgement."""
        return self.due is not None or self.left is not None


class Card(msgspec.Struct, kw_only=True):
    """A card as it was last published, and what stands behind it."""

    alert: Alert
    clocks: dict[str, Clock] = {}
    shown: set[Pair] = set()  # positions that were on it, as `tally` rounds them
    looked_at: int = 0  # when its urgency was last computed
    routed: tuple[str, ...] = ()  # who was told because rows of the routing tree say so
    routed_by: str = ""  # the severity and the names of those rows
    taken_by: str = ""  # the first headquarters or desk that acknowledged it
    founder: tuple[int, str] = (0, "")  # when the finding that it is named by was first known, and its id
    joined: set[str] = set()  # findings that came since it was last published, or that left it
    left: set[str] = set()
    say_at: int | None = None  # when what was held back of it is published
    flapping: set[str] = set()  # findings on it that come and go, or its occasion
    seen_at: int = 0  # when it came last: raised, come again, or more of it
    count: int = 0  # how often it came
    occasion: Occasion | None = None  # what it is about, if not findings
    hands: Hands = Hands()  # what officers did with it

    @property
    def open(self) -> bool:
        """Whether anybody has still to look at it."""
        return self.alert.work not in OVER


class Face(NamedTuple):
    """What follows from a card's findings alone; names as in `Alert`."""

    members: tuple[Member, ...]
    rest: Rest | None
    severity: CapSeverity
    certainty: CapCertainty
    place: str
    at: Pair | None
    event_from: int | None
    event_to: int | None
    parties: tuple[str, ...]
    arbiter: str
    fingerprint: str
    only: tuple[str, ...] | None


class View(NamedTuple):
    """A card's face, and what its clocks need."""

    face: Face
    active: bool  # whether any finding asks for something
    places: Set[Pair]
    told: dict[str, bool]  # participant -> whether it owes an acknowledgement


def worse(a: CapSeverity, b: CapSeverity) -> bool:
    """Say whether a severity is worse than another."""
    return WORST_FIRST.index(a) < WORST_FIRST.index(b)


def worst(severities: Sequence[CapSeverity]) -> CapSeverity:
    """Return the worst severity."""
    return min(severities, key=WORST_FIRST.index, default="Unknown")


def occasion_view(occasion: Occasion, card: Card, *, reopened: bool) -> View:
    """Return what an occasion's card shows, and who owes an acknowledgement of it."""
    before = frozenset[str]() if reopened else card.clocks.keys()
    answered = not reopened and any(c.acknowledged_at is not None for c in card.clocks.values())
    owing = not occasion.over and not (answered and occasion.scope == "any")
    asked = sorted({*occasion.told, *before} - {*occasion.informed})
    face = Face(
        members=(),
        rest=None,
        severity=occasion.severity,
        certainty=occasion.certainty,
        place=occasion.place,
        at=occasion.at,
        event_from=occasion.event_from,
        event_to=occasion.event_to,
        parties=occasion.parties,
        arbiter=occasion.arbiter,
        fingerprint=repeats.fingerprint(
            occasion.kind, (*occasion.parties, occasion.about), occasion.place, occasion.refers, occasion.only
        ),
        only=occasion.only,
    )
    places = frozenset({occasion.at}) if occasion.at else frozenset[Pair]()
    return View(face, not occasion.over, places, dict.fromkeys(asked, owing) | dict.fromkeys(occasion.informed, False))


# -- urgency ----------------------------------------------------------------------------------------------------------


def urgency(event_from: int | None, event_to: int | None, now: int, cards: Cards) -> CapUrgency:
    """Return how soon something has to be done about an event."""
    reached = [u for at, u in _stages(event_from, event_to, cards) if at <= now]
    return reached[-1] if reached else ("Future" if event_from is not None else "Unknown")


def next_urgency(card: Card, cards: Cards) -> int | None:
    """Return when an open card's urgency changes next, or None."""
    start, end, here = card.alert.event_from, card.alert.event_to, card.alert.urgency
    later = (
        at for at, _ in _stages(start, end, cards) if at > card.looked_at and urgency(start, end, at, cards) != here
    )
    return min(later, default=None) if card.open else None


def _stages(event_from: int | None, event_to: int | None, cards: Cards) -> list[tuple[int, CapUrgency]]:
    second = correlate.SECOND
    stages: list[tuple[int, CapUrgency]] = []
    if event_from is not None:
        stages.append((event_from - int(cards.expected_s * second), "Expected"))
        stages.append((event_from - int(cards.immediate_s * second), "Immediate"))
    if event_to is not None:
        stages.append((event_to, "Past"))
    return stages


# -- the card ---------------------------------------------------------------------------------------------------------


def told(card: Card, unreachable: frozenset[str]) -> tuple[Told, ...]:
    """Return the acknowledgement axis, sorted by participant."""
    return tuple(
        Told(
            participant=p,
            since=clock.since,
            due=clock.due,
            acknowledged_at=clock.acknowledged_at,
            acknowledged_rev=clock.acknowledged_rev,
            late=clock.late,
            unreachable=p in unreachable,
            typed_by=clock.typed_by if clock.acknowledged_at is not None else "",
            lapsed_at=clock.lapsed_at,
            step=clock.step,
            second_at=clock.second_at,
            voice_at=clock.voice_at,
        )
        for p, clock in sorted(card.clocks.items())
    )


def work(active: bool, clocks: Mapping[str, Clock], *, worked: bool = False) -> Work:
    """Return a card's work state: acknowledged when somebody has, and everybody that must.

    It is in progress while its owner, who has acknowledged it, works on it (``worked``), whoever else still has to.
    """
    if not active:
        return "resolved"
    if worked:
        return "in-progress"
    asked = any(c.asked for c in clocks.values())
    answered = any(c.acknowledged_at is not None for c in clocks.values())
    return "acknowledged" if answered and not asked else "raised"
