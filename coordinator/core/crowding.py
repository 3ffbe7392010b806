"""What each reader was shown in groups of new cards, so that a group's card says of it what the reader may know.

A group (see `flood`) is one of a participant, and its cards are shown to each reader as it may know them. So how many
there are, how severe, of what kind and where is counted for each reader from what was shown to it, not by alerting.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import msgspec

from coordinator.core.cards import worst
from coordinator.core.mission import Mission
from schemas.alerts import Alert, AlertKind, CapSeverity, Line

PLACES: Final = 5  # places that are named; the others are counted
KINDS: Final = frozenset({
    "conflict", "contact-lost", "late-acknowledgement", "overdue", "medical", "security", "cannot-comply", "request",
    "liaison",
})  # fmt: skip
"""Kinds that are counted by name; see the text ``flood-kind``."""
TEXTS: Final[dict[str, tuple[str, ...]]] = {
    "flood-group": ("about", "count"), "flood-next": (), "flood-severity": ("severity", "count"),
    "flood-kind": ("kind", "count"), "flood-place": ("place", "count"), "flood-places": ("count",),
}  # fmt: skip


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """A card in a group as a reader was shown it."""

    severity: CapSeverity
    kind: AlertKind
    place: str


Kept = dict[str, dict[str, dict[str, Seen]]]
"""Group -> reader -> card."""


class Groups:
    """What stands in groups, by group and reader."""

    def __init__(self, kept: Kept, mission: Mission) -> None:
        self._kept, self._mission = kept, mission
        self._where = {(r, c): g for g, readers in kept.items() for r, cards in readers.items() for c in cards}

    def note(self, shown: Alert, reader: str) -> bool:
        """Note a card as it is shown to a reader now; say whether the reader gets it in a group only."""
        group = self.of(shown.grouped, reader)
        before = self._where.pop((reader, shown.id), "")
        if before and before != group:
            self._kept[before][reader].pop(shown.id, None)
        if group:
            self._where[reader, shown.id] = group
            seen = Seen(shown.severity, shown.alert_kind, shown.place)
            self._kept.setdefault(group, {}).setdefault(reader, {})[shown.id] = seen
        return bool(group)

    def of(self, grouped: dict[str, str], reader: str) -> str:
        """Return the group in which a reader gets a card: its own, or that of whom it acts for."""
        return grouped.get(reader) or grouped.get(self._mission.stands_for(reader), "")

    def worded(self, group: Alert, reader: str, before: CapSeverity) -> Alert:
        """Return a group's card with what it holds for a reader; ``before`` is how severe it was if it is empty."""
        cards = list(self._kept.get(group.id, {}).get(reader, {}).values())
        return msgspec.structs.replace(
            group,
            severity=worst([c.severity for c in cards]) if cards else before,
            args={"count": len(cards) or group.args.get("count", 0)},  # how many there were, once it is over
            lines=tuple(_lines(cards)),
        )

    def forget(self, group: str) -> None:
        """Forget a group that was over long ago."""
        for reader, cards in self._kept.pop(group, {}).items():
            for card in cards:
                self._where.pop((reader, card), None)


def _lines(cards: list[Seen]) -> Iterator[Line]:
    severities = Counter(c.severity if c.severity != "Unknown" else "Minor" for c in cards)
    kinds = Counter(c.kind if c.kind in KINDS else "other" for c in cards)
    places = Counter(c.place for c in cards)
    named = sorted((p for p in places if p), key=lambda p: (-places[p], p))[:PLACES]
    yield from (
        Line(text_key="flood-severity", args={"severity": s, "count": severities[s]})
        for s in ("Severe", "Moderate", "Minor")
        if severities[s]
    )
    yield from (Line(text_key="flood-kind", args={"kind": k, "count": n}) for k, n in sorted(kinds.items()))
    yield from (Line(text_key="flood-place", args={"place": p, "count": places[p]}) for p in named)
    if others := len(cards) - sum(places[p] for p in named):
        yield Line(text_key="flood-places", args={"count": others})
