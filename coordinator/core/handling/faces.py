"""What one reader is shown of officers' acts on a card, what it is told to do next, and what is news to it again.

Whoever a reader may not know of is left out. A reason is free text: it is for those who may know all of the card.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from coordinator.core.mission import Mission
from schemas.alerts import Alert, Deed, Handover, Shelved, Told

ANEW: Final = frozenset({"acknowledgement-expired", "shelf-ends-soon", "closing"})
"""Changes of a card, in the words of `revisions.CHANGES`, that everybody who was told of it hears of again."""


TEXTS: Final = ("next-take-over", "next-shelved", "next-offered", "next-second")


class Sight(NamedTuple):
    """Whom a reader may know of, and whether it may know all of the card."""

    reader: str
    known: frozenset[str]
    full: bool
    mission: Mission

    def one(self, participant: str) -> str:
        """Return somebody, or instead of a duty desk that the reader may not know its headquarters, or nobody.

        Desks of one headquarters know each other.
        """
        house = self.mission.stands_for(participant)
        if participant in self.known or house == self.mission.stands_for(self.reader):
            return participant
        return house if house in self.known else ""


class Next(NamedTuple):
    """A text that says what to do next, and its values; those that begin with ``who`` are participants."""

    key: str
    args: Mapping[str, str | int]


def handled(alert: Alert, sight: Sight) -> dict[str, Any]:
    """Return the fields of a card that say what officers did, as a reader may know them."""
    return {
        "shelved": _shelved(alert.shelved, sight),
        "handover": _handover(alert.handover, sight),
        "closing": tuple(_deed(deed, sight) for deed in alert.closing),
        "escalated": _deed(alert.escalated, sight) if alert.escalated else None,
        "called": tuple(p for p in alert.called if p in sight.known),
    }


def told(one: Told, sight: Sight) -> Told:
    """Return what somebody did who was told, without a typist whom the reader may not know of."""
    return replace(one, typed_by=sight.one(one.typed_by)) if one.typed_by else one


def next_step(shown: Alert, reader: str, acts_for: str) -> Next | None:
    """Return what a reader does next with a card that something was done with, or None if that follows from its work.

    ``acts_for`` is the headquarters of a desk, else the reader itself.
    """
    own, offer = {reader, acts_for} - {""}, shown.handover
    if offer and offer.state == "offered" and offer.to in own and offer.offer.by not in ("", reader):
        return Next("next-take-over", {"who": offer.offer.by})
    if shown.shelved:
        return Next("next-shelved", {"until_at": shown.shelved.until})
    if offer and offer.state == "offered" and offer.to and shown.owner in own:
        return Next("next-offered", {"who": offer.to})
    if shown.closing and shown.closing[0].by:
        return Next("next-second", {"who": shown.closing[0].by})
    return None


def is_news(alert: Alert, reader: str, acts_for: str) -> bool:
    """Say whether a reader has to hear of a card once more, though it is neither new, nor worse, nor over."""
    said, own, offer = frozenset(alert.why.split()), {reader, acts_for}, alert.handover
    if said & ANEW:
        return True
    if offer is None:
        return False
    return ("handover-offered" in said and offer.to in own) or (
        bool(said & {"handover-declined", "handover-lapsed"}) and offer.offer.by in own
    )


def _shelved(shelved: Shelved | None, sight: Sight) -> Shelved | None:
    if shelved is None:
        return None
    by = sight.one(shelved.by)
    if sight.full and by:
        return replace(shelved, by=by)
    return Shelved(until=shelved.until, by=by, why="", ends_soon=shelved.ends_soon)


def _handover(offer: Handover | None, sight: Sight) -> Handover | None:
    if offer is None:
        return None
    answer = _deed(offer.answer, sight) if offer.answer else None
    return replace(offer, to=sight.one(offer.to), offer=_deed(offer.offer, sight), answer=answer)


def _deed(deed: Deed, sight: Sight) -> Deed:
    by = sight.one(deed.by)
    if sight.full and by:
        return replace(deed, by=by, typed_by=sight.one(deed.typed_by))
    return Deed(by=by, at=deed.at)
