"""Repeats: the same thing coming again is the same card, counted; of what came under another name, how often it came.

Source: reference console.md §6 (fingerprint, count, first and last seen).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from coordinator.core.comings import Print
from schemas.subjects import opaque

if TYPE_CHECKING:
    from coordinator.core.cards import Card


def fingerprint(
    kind: str, parties: Iterable[str], place: str, documents: Iterable[str], only: Iterable[str] | None
) -> str:
    """Return what is the same whenever the same comes again: kind, parties, place and documents, in any order.

    What only some may know of is never the same as what others may: a count would tell of it.
    """
    eyes = "all" if only is None else " ".join(sorted(only))
    return opaque("\0".join((kind, eyes, " ".join(sorted({p for p in parties if p})), place, *sorted(documents))))


def noted(card: "Card", mark: str, prints: dict[str, Print], now: int) -> dict[str, int]:
    """Return how often and when what a card is about was seen, as fields of its alert; note it if it is new.

    An occasion under a new name with a fingerprint that was there before goes on counting.
    """
    first = card.founder[0] or card.alert.first_seen or now
    if not card.count:
        before = prints.get(mark) if card.occasion else None
        card.count, card.seen_at = (before.count if before else 0) + 1, now
        first = before.first_seen if before else first
    if card.joined:
        card.seen_at = max(card.seen_at, now)
    if card.occasion and (mark not in prints or prints[mark].count <= card.count):
        prints[mark] = Print(count=card.count, first_seen=first, last_seen=card.seen_at)
    return {"count": card.count, "first_seen": first, "last_seen": card.seen_at}
