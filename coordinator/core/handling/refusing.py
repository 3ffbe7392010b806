"""Why an officer's action changes nothing: the first reason that holds, with the values of its text.

Whatever cannot be mended by trying again comes first. A card that was not shown to somebody does not exist for him, and
nobody is named in a reason whom the officer may not know.
"""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

from coordinator.core.cards import OVER, OWNERS, Card
from coordinator.core.correlate import SECOND
from coordinator.core.handling.hands import Doing
from coordinator.core.measures import Handling
from schemas.alerts import PRECEDENCE, AlertKind, CapSeverity, Deed
from schemas.subjects import Precedence

NotAccepted = Literal[
    "stale", "merged", "settled", "unknown", "unsupported", "taken", "not-yours", "findings", "lasting", "reason",
    "long", "person", "second", "extreme", "until", "nobody", "no-offer", "open",
]  # fmt: skip
"""Why an action changed nothing: an older revision than must have been seen; the card went into another one; nothing is
left to do; no card of this id was shown to this participant; nothing here carries out this verb; another one has it; it
is for whoever has it, or a headquarters or desk; findings stand, or another cause does; a reason is missing, or longer
than a card takes; nobody is named who decides; the second person is the first one; nobody may put it aside; its end is
missing or too late; it cannot be handed to that participant; it was not offered; it is open."""

Args = dict[str, str | int]
MAX_NOTE: Final = 1_000  # characters that stand on a card, in each of its revisions, for each of its readers
DECIDE: Final = frozenset({"acknowledge", "take", "resolve", "shelve", "handover", "decline", "reopen"})
"""Verbs that need the revision that an officer must have seen; a call for help and a note do not."""
LASTING: Final[frozenset[AlertKind]] = frozenset(
    {"contact-lost", "bearer-down", "late-acknowledgement", "undelivered", "unwatched", "flood", "request", "liaison"}
)
"""Occasions that end when their cause does: the log shows it, and no person can say otherwise. A request is done,
refused or withdrawn; until then somebody has it."""
SHELF: Final[dict[Precedence, Callable[[Handling], float]]] = {
    "flash": lambda h: 0.0,
    "immediate": lambda h: h.shelve_immediate_s,
    "priority": lambda h: h.shelve_priority_s,
    "routine": lambda h: h.shelve_routine_s,
}


class Why(NamedTuple):
    """A reason, and the values of its text."""

    reason: NotAccepted
    args: Args = {}  # noqa: RUF012 - never mutated


def against(card: Card, doing: Doing) -> Why | None:
    """Return why an action cannot be carried out on a card that its officer was shown, or None."""
    alert, action = card.alert, doing.action
    if alert.work == "superseded":
        return Why("merged")
    if alert.work in OVER and not (action.verb == "reopen" and card.hands.closed):
        return Why("settled")
    if action.verb in DECIDE and action.seen_rev < alert.material_rev:
        return Why("stale")
    checks = CHECKS.get(action.verb)
    if checks is None:
        return Why("unsupported")
    if len(action.note) > MAX_NOTE or len(action.officer) > MAX_NOTE:
        return Why("long", {"limit": str(MAX_NOTE)})
    return next((why for check in checks if (why := check(card, doing))), None)


def longest(severity: CapSeverity, handling: Handling) -> int:
    """Return how long a card may be put aside, microseconds; 0 is not at all."""
    return int(SHELF[PRECEDENCE[severity]](handling) * SECOND)


def needs_two(card: Card, handling: Handling) -> bool:
    """Say whether one person is not enough to close a card."""
    return handling.two_person and card.alert.severity == "Extreme"


def answers_for(card: Card, doing: Doing) -> str:
    """Return who took a card and answers for it now; "" if nobody did, or does any more."""
    who = card.taken_by
    clock = card.clocks.get(who) or card.clocks.get(doing.mission.stands_for(who))
    here = who in doing.mission.by_id and who not in doing.unreachable
    return who if here and clock and clock.acknowledged_at is not None else ""


def is_offered(card: Card, doing: Doing) -> bool:
    """Say whether a card was offered to an officer, and it has seen the offer."""
    offer = card.hands.pending
    if offer is None or doing.officer == offer.offer.by or doing.action.seen_rev <= card.hands.offered_rev:
        return False
    return offer.to in (doing.officer, doing.by)


# -- one reason each --------------------------------------------------------------------------------------------------


def _not_yours(card: Card, doing: Doing) -> Why | None:
    known = doing.mission.by_id.get(doing.officer)
    mine = (known is not None and known.role in OWNERS) or card.alert.owner in (doing.officer, doing.by)
    return None if mine or is_offered(card, doing) else Why("not-yours")


def _taken(card: Card, doing: Doing) -> Why | None:
    who = answers_for(card, doing)
    above = doing.mission.superiors(who) if who else ()
    if not who or who in (doing.officer, doing.by) or doing.officer in above or is_offered(card, doing):
        return None
    named = _may_name(who, card, doing)
    return Why("taken", {"who": who if named else "", "known": "yes" if named else "no"})


def _may_name(who: str, card: Card, doing: Doing) -> bool:
    """Say whether an officer knows of somebody anyhow: its own, those above it, whoever can decide, and their desks."""
    known = {doing.by, card.alert.arbiter, *doing.mission.superiors(doing.officer)} - {""}
    return bool(known.intersection((who, doing.mission.stands_for(who))))


def _findings(card: Card, doing: Doing) -> Why | None:
    return Why("findings") if card.alert.alert_kind == "conflict" else None


def _lasting(card: Card, doing: Doing) -> Why | None:
    return Why("lasting") if card.alert.alert_kind in LASTING else None


def _reason(card: Card, doing: Doing) -> Why | None:
    return None if doing.action.note.strip() else Why("reason")


def _person(card: Card, doing: Doing) -> Why | None:
    """What a person ends names the person, by function (domain.md R-33)."""
    return None if (doing.action.officer + doing.spoken_by).strip() else Why("person")


def _second(card: Card, doing: Doing) -> Why | None:
    first = card.hands.closing[:1] if needs_two(card, doing.mission.handling) else ()
    return Why("second") if any(not differ(d, doing.deed) for d in first) else None


def _not_taken_or_second(card: Card, doing: Doing) -> Why | None:
    """Whoever is asked to be the second person does not have the card."""
    return None if card.hands.closing and needs_two(card, doing.mission.handling) else _taken(card, doing)


def _group(card: Card, doing: Doing) -> Why | None:
    """A group of new cards is not put aside as a whole: each of its cards may be."""
    return Why("unsupported") if card.alert.alert_kind == "flood" else None


def _extreme(card: Card, doing: Doing) -> Why | None:
    return None if longest(card.alert.severity, doing.mission.handling) else Why("extreme")


def _until(card: Card, doing: Doing) -> Why | None:
    latest = doing.now + longest(card.alert.severity, doing.mission.handling)
    until = doing.action.until
    return None if until is not None and doing.now < until <= latest else Why("until", {"latest_at": latest})


def _nobody(card: Card, doing: Doing) -> Why | None:
    """A card goes to whoever was told of it, commands somebody who was, or is a desk of these."""
    mission, to = doing.mission, doing.action.to
    told = {t.participant for t in card.alert.told}
    chain = told.union(*(mission.superiors(p) for p in told))
    known = mission.by_id.get(to)
    fit = known is not None and (known.role in OWNERS or to in told) and to in chain | mission.desks(chain)
    hidden = card.alert.only is not None and to not in card.alert.only
    return None if fit and not hidden and to != doing.officer else Why("nobody")


def _no_offer(card: Card, doing: Doing) -> Why | None:
    return None if is_offered(card, doing) else Why("no-offer")


def _open(card: Card, doing: Doing) -> Why | None:
    return None if card.hands.closed or card.hands.shelf else Why("open")


Check = Callable[[Card, Doing], Why | None]
CHECKS: Final[dict[str, tuple[Check, ...]]] = {
    "acknowledge": (),
    "escalate": (),
    "take": (_not_yours, _taken),
    "resolve": (_findings, _lasting, _not_yours, _not_taken_or_second, _reason, _person, _second),
    "shelve": (_group, _extreme, _not_yours, _taken, _until, _reason),
    "handover": (_not_yours, _taken, _nobody),
    "decline": (_no_offer,),
    "reopen": (_open, _not_yours),
}


# -- two persons ------------------------------------------------------------------------------------------------------


def differ(a: Deed, b: Deed) -> bool:
    """Say whether two acts are of two people, and typed by two: another participant, or another named function."""
    return _others(_decided(a), _decided(b)) and _others(_typed(a), _typed(b))


def _decided(deed: Deed) -> tuple[str, str]:
    return deed.by, deed.spoken_by if deed.typed_by else deed.officer


def _typed(deed: Deed) -> tuple[str, str]:
    return deed.typed_by or deed.by, deed.officer


def _others(a: tuple[str, str], b: tuple[str, str]) -> bool:
    (here, one), (there, other) = a, b
    named = bool(one.strip() and other.strip())
    return here != there or (named and one.strip().casefold() != other.strip().casefold())
