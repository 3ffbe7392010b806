"""Notices that several parties must read alike: who they are, and what none of them may see that another may not.

A party is named by the notice: an agreement to stop or to keep silence names its parties, any message may name them
among its addressees, and the mission may say that a kind goes to some alike. Release gives all of them the same bytes:
what one may not see is left out for all. Source: reference domain.md R-19, §5.3 (messages 1, 18).
"""

from typing import Final, NamedTuple

from coordinator.core.audience import Decision, Readers
from coordinator.core.mission import Mission
from schemas.base import Message
from schemas.directives import Agreement
from schemas.envelope import Envelope

BETWEEN_PARTIES: Final = frozenset({"ceasefire", "silence"})
"""Agreements whose parties stand on two sides; the others coordinate orders."""
ANSWERS: Final = frozenset({"acknowledgement", "action", "receipt", "liaison-response"})
"""Kinds that are no notice."""


class Levelled(NamedTuple):
    """A decision that shows every party the same; ``left_out`` are parties that its label keeps it from.

    ``cut`` says that something was left out for all because one of them may not see it.
    """

    decision: Decision
    left_out: Readers
    cut: bool


def parties(envelope: Envelope, body: Message, mission: Mission) -> Readers:
    """Return the participants that must read a notice alike, without its originator; fewer than two are none."""
    if envelope.kind in ANSWERS:
        return frozenset()
    found = {a.to for a in envelope.addressees if a.role == "party"}
    if isinstance(body, Agreement) and body.agreement_kind in BETWEEN_PARTIES:
        found |= {*body.parties}
    for row in mission.symmetry.notices:
        if row.kind == envelope.kind:
            found |= {p for word in row.parties for p in mission.members(word)}
    named = frozenset(found & mission.by_id.keys()) - {envelope.originator}
    return named if len(named) > 1 else frozenset()


def level(decision: Decision, among: Readers) -> Levelled:
    """Return a decision that closes to every party what it closes to one of them."""
    reading = among & decision.readers
    closed = tuple(c if reading <= c.to else c._replace(to=c.to - reading) for c in decision.closed)
    cut = any(reading & before.to != reading & after.to for before, after in zip(decision.closed, closed, strict=True))
    return Levelled(decision._replace(closed=closed), among - decision.readers, cut)
