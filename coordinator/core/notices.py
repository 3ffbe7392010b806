"""Notices to one desk: somebody did not acknowledge, somebody cannot be reached, your action was not accepted.

They are occasions with cards of their own, so that each has its owner, its clocks and its end; they are named by
content, so that the same occasion is one card.
"""

from collections.abc import Iterable
from typing import Final, Literal

from coordinator.core import routing
from coordinator.core.cards import Card, worst
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from schemas.alerts import CAP_SEVERITY, CapSeverity
from schemas.findings import Severity
from schemas.subjects import opaque

UNREACHABLE: Final[CapSeverity] = "Moderate"  # a lost contact that holds nothing back
WORD: Final[dict[CapSeverity, Severity]] = {cap: severity for severity, cap in CAP_SEVERITY.items()}

TEXTS: Final = (
    "late-acknowledgement-call", "card-contact-lost", "not-accepted-stale", "not-accepted-merged",
    "not-accepted-settled", "not-accepted-unknown", "not-accepted-unsupported",
)  # fmt: skip

NotAccepted = Literal["stale", "merged", "settled", "unknown", "unsupported"]
"""Why an action changed nothing: an older revision than must have been seen; the card went into another one; nothing is
left to do; no card of this id was shown to this participant; nothing here carries out this verb."""


def late(card: Card, about: str, mission: Mission) -> Occasion:
    """Return the call to whoever arbitrates a card that a participant has let its deadline pass."""
    of = card.alert
    return Occasion(
        id=opaque(f"late {of.id} {about} {card.clocks[about].level}"),
        kind="late-acknowledgement",
        severity=of.severity,
        urgency=of.urgency,
        parties=(about,),
        told=_told(mission, about, [of.arbiter], of.only),
        arbiter=of.arbiter,
        only=of.only,
        place=of.place,
        at=of.at,
        event_from=of.event_from,
        event_to=of.event_to,
        about=about,
        card=of.id,
        text_key="late-acknowledgement-call",
    )


def loss_id(spell: str) -> str:
    """Return the id of the notice about a spell of losses."""
    return opaque(f"contact-lost {spell}")


def contact_lost(spell: str, about: str, cards: Iterable[Card], mission: Mission) -> Occasion:
    """Return the notice that a participant cannot be reached, and what it does not know.

    What only some may know of is not counted: the number would tell whoever reads the notice.
    """
    owed = [c.alert for c in cards if c.alert.only is None and _owes(c, about)]
    severity = worst([a.severity for a in owed]) if owed else UNREACHABLE
    return Occasion(
        id=loss_id(spell),
        kind="contact-lost",
        severity=severity,
        urgency="Immediate",
        parties=(about,),
        told=_told(mission, about, [a.arbiter for a in owed]),
        about=about,
        undelivered=len(owed),
        undelivered_severity=WORD[severity] if owed else "",
        text_key="card-contact-lost",
    )


def not_accepted(action: str, by: str, why: NotAccepted, card: str, *, hidden: bool = False) -> Occasion:
    """Return the answer to an officer whose action changed nothing.

    If the card is ``hidden`` from some, the answer is for the officer alone: not for its desk, nor for operators.
    """
    return Occasion(
        id=opaque(f"not-accepted {action}"),
        kind="not-accepted",
        severity="Minor",
        urgency="Unknown",
        informed=(by,),
        owner=by,
        card=card,
        answers=action,
        text_key=f"not-accepted-{why}",
        only=(by,) if hidden else None,
        over=True,
    )


def _owes(card: Card, participant: str) -> bool:
    clock = card.clocks.get(participant)
    return card.open and card.occasion is None and clock is not None and clock.acknowledged_at is None


def _told(
    mission: Mission, about: str, arbiters: Iterable[str], only: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    return tuple(r.participant for r in routing.report(mission, about, sorted({a for a in arbiters if a}), only))
