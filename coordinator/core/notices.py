"""Notices to one desk: somebody did not acknowledge, somebody cannot be reached, your action was not accepted.

They are alerts with ids of their own, so that each has its owner and its end; they are named by content, so that the
same occasion is one notice.
"""

from collections.abc import Iterable
from typing import Final, Literal

from msgspec.structs import replace

from coordinator.core import routing
from coordinator.core.cards import OVER, Card, worst
from coordinator.core.mission import Mission
from schemas.alerts import CAP_SEVERITY, Alert, CapSeverity, Told
from schemas.findings import Severity
from schemas.subjects import opaque

UNREACHABLE: Final[CapSeverity] = "Moderate"  # a lost contact that holds nothing back
WORD: Final[dict[CapSeverity, Severity]] = {cap: severity for severity, cap in CAP_SEVERITY.items()}

NotAccepted = Literal["stale", "merged", "settled", "unknown", "unsupported"]
"""Why an action changed nothing: an older revision than must have been seen; the card went into another one; nothing is
left to do; no card of this id was shown to this participant; nothing here carries out this verb."""


def late(card: Card, about: str, mission: Mission, now: int) -> Alert:
    """Return the call to whoever arbitrates a card that a participant has let its deadline pass."""
    of = card.alert
    return Alert(
        id=opaque(f"late {of.id} {about} {card.clocks[about].level}"),
        alert_kind="late-acknowledgement",
        rev=0,
        material_rev=0,
        severity=of.severity,
        urgency=of.urgency,
        certainty="Observed",
        parties=(about,),
        told=_told(mission, about, [of.arbiter], now, of.only),
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


def contact_lost(spell: str, about: str, cards: Iterable[Card], mission: Mission, now: int) -> Alert:
    """Return the notice that a participant cannot be reached, and what it does not know.

    What only some may know of is not counted: the number would tell whoever reads the notice.
    """
    owed = [c.alert for c in cards if c.alert.only is None and _owes(c, about)]
    severity = worst([a.severity for a in owed]) if owed else UNREACHABLE
    return Alert(
        id=loss_id(spell),
        alert_kind="contact-lost",
        rev=0,
        material_rev=0,
        severity=severity,
        urgency="Immediate",
        certainty="Observed",
        parties=(about,),
        told=_told(mission, about, [a.arbiter for a in owed], now),
        about=about,
        undelivered=len(owed),
        undelivered_severity=WORD[severity] if owed else "",
        text_key="contact-lost",
    )


def not_accepted(action: str, by: str, why: NotAccepted, card: str, now: int, *, hidden: bool = False) -> Alert:
    """Return the answer to an officer whose action changed nothing.

    If the card is ``hidden`` from some, the answer is for the officer alone: not for its desk, nor for operators.
    """
    return Alert(
        id=opaque(f"not-accepted {action}"),
        alert_kind="not-accepted",
        rev=0,
        material_rev=0,
        severity="Minor",
        urgency="Unknown",
        certainty="Observed",
        work="resolved",
        told=(Told(participant=by, since=now),),
        owner=by,
        card=card,
        answers=action,
        text_key=f"not-accepted-{why}",
        only=(by,) if hidden else None,
    )


def again(old: Alert | None, new: Alert) -> Alert:
    """Return a notice as it is now: whoever was told stays told, with what it did, unless the notice had ended."""
    if old is None or old.work in OVER:
        return new
    known = {t.participant: t for t in (*new.told, *old.told)}
    told = tuple(known[p] for p in sorted(known))
    return replace(new, work=old.work, told=told, owner=old.owner, raised_at=old.raised_at)


def acknowledged(notice: Alert, by: str, rev: int, now: int) -> Alert:
    """Return a notice that a participant has acknowledged; who does it first has it."""
    told = tuple(
        replace(t, acknowledged_at=now, acknowledged_rev=rev) if t.participant == by and not t.acknowledged_at else t
        for t in notice.told
    )
    return replace(notice, told=told, work="acknowledged", owner=notice.owner or by)


def _owes(card: Card, participant: str) -> bool:
    clock = card.clocks.get(participant)
    return card.open and clock is not None and clock.acknowledged_at is None


def _told(
    mission: Mission, about: str, arbiters: Iterable[str], now: int, only: tuple[str, ...] | None = None
) -> tuple[Told, ...]:
    routes = routing.report(mission, about, sorted({a for a in arbiters if a}), only)
    return tuple(Told(participant=r.participant, since=now) for r in routes)
