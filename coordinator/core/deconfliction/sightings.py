"""Where units were seen last, by place: of each unit and place only the newest word is kept.

Which one is newest follows from the sequence in TRACKS that it names, so it does not matter in which order they came.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from coordinator.core.deconfliction import posts
from schemas.operations import Whereabouts

if TYPE_CHECKING:
    from coordinator.core.deconfliction.ledger import Item, Key


class Sightings:
    """The newest word on each unit and place."""

    def __init__(self) -> None:
        self._by_tag: defaultdict[str, dict[Key, Item]] = defaultdict(dict)

    def add(self, new: "Item") -> bool:
        """Take a word; say whether it is the newest."""
        said = new.body
        if not isinstance(said, Whereabouts):
            return False
        known = self._by_tag[posts.manned(said.place)]
        old = known.get(new.key)
        if old and (-old.revision, old.digest) <= (-new.revision, new.digest):
            return False
        known[new.key] = new
        return True

    def __contains__(self, tag: object) -> bool:
        """Say whether anybody was ever seen at, or away from, the place of a tag."""
        return tag in self._by_tag

    def of(self, place: str, reality: str) -> list[Whereabouts]:
        """Return where the units of a place were seen last, in traffic of one reality, by unit."""
        known = self._by_tag.get(posts.manned(place), {})
        items = (known[k] for k in sorted(known))
        return [i.body for i in items if i.envelope.reality == reality and isinstance(i.body, Whereabouts)]

    def items(self) -> "Iterator[Item]":
        """Yield every message that is kept."""
        for known in self._by_tag.values():
            yield from known.values()
