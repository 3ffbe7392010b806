"""Notices to one desk: somebody did not acknowledge, somebody cannot be reached, your action was not accepted.

They are occasions with cards of their own, so that each has its owner, its clocks and its end; they are named by
content, so that the same occasion is one card.
"""

from collections.abc import Iterable
from typing import Final, get_args

from coordinator.core import routing
from coordinator.core.cards import Card
from coordinator.core.handling.refusing import NotAccepted, Why
from coordinator.core.holders import Owed
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from schemas.alerts import CAP_SEVERITY, CapSeverity
from schemas.findings import Severity
from schemas.subjects import opaque

UNREACHABLE: Final[CapSeverity] = "Moderate"  # a lost contact that holds nothing back
WORD: Final[dict[CapSeverity, Severity]] = {cap: severity for severity, cap in CAP_SEVERITY.items()}

TEXTS: Final = (
    "late-acknowledgement-call", "card-late-acknowledgement", "card-contact-lost",
    *(f"not-accepted-{why}" for why in get_args(NotAccepted)),
)  # fmt: skip


def late(card: Card, about: str, told: tuple[str, ...]) -> Occasion:
    """Return the call that a participant has not acknowledged a card: by voice from the step on that says so."""
    of, clock = card.alert, card.clocks[about]
    by_voice = clock.voice_at is not None or not any(rung.do == "voice" for rung in clock.ladder)
    return Occasion(
        id=opaque(f"late {of.id} {about} {clock.level}"),
        kind="late-acknowledgement",
        severity=of.severity,
        urgency=of.urgency,
        parties=(about,),
        told=told,
        arbiter=of.arbiter,
        only=of.only,
        place=of.place,
        at=of.at,
        event_from=of.event_from,
        event_to=of.event_to,
        about=about,
        card=of.id,
        text_key="late-acknowledgement-call" if by_voice else "card-late-acknowledgement",
    )


def loss_id(spell: str) -> str:
    """Return the id of the notice about a spell of losses."""
    return opaque(f"contact-lost {spell}")


def contact_lost(spell: str, about: str, owed: Owed, mission: Mission) -> Occasion:
    """Return the notice that a participant cannot be reached, and what it does not know.

    What only some may know of is not counted: the number would tell whoever reads the notice.
    """
    severity = owed.severity if owed.cards else UNREACHABLE
    return Occasion(
        id=loss_id(spell),
        kind="contact-lost",
        severity=severity,
        urgency="Immediate",
        parties=(about,),
        told=_told(mission, about, owed.arbiters),
        about=about,
        undelivered=owed.cards,
        undelivered_severity=WORD[severity] if owed.cards else "",
        text_key="card-contact-lost",
    )


def not_accepted(action: str, to: tuple[str, ...], why: Why, card: str, *, hidden: bool = False) -> Occasion:
    """Return the answer to an officer whose action changed nothing, and to whoever typed it in for him.

    If the card is ``hidden`` from some, the answer is for these alone: not for their desks, nor for operators.
    """
    return Occasion(
        id=opaque(f"not-accepted {action}"),
        kind="not-accepted",
        severity="Minor",
        urgency="Unknown",
        informed=to,
        owner=to[0],
        card=card,
        answers=action,
        text_key=f"not-accepted-{why.reason}",
        args=why.args,
        only=to if hidden else None,
        over=True,
    )


def _told(mission: Mission, about: str, arbiters: Iterable[str]) -> tuple[str, ...]:
    return tuple(r.participant for r in routing.report(mission, about, sorted({a for a in arbiters if a})))
