"""What release decided about each message, remembered for whatever speaks of it later: findings, cards, answers.

The memory is bounded: the oldest of a kind is forgotten first, and what is forgotten counts as not to be seen.
A message that came twice under one identity, with other content or another label, keeps the stricter decision.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from coordinator.core.redact import Path, overlaps

MAX_PER_KIND: Final = 20_000


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The decision about one message. ``closed`` are fields that only some of its readers may see."""

    id: str
    revision: int
    originator: str
    kind: str
    readers: frozenset[str]
    acting: frozenset[str] = frozenset()
    closed: tuple[tuple[Path, frozenset[str]], ...] = ()
    cancelled: bool = False
    aliases: tuple[str, ...] = ()
    session: bool = False  # a liaison session: nobody but its members may know of it

    @property
    def key(self) -> str:
        """One name for originator, id and revision; a participant's id holds no blank."""
        return f"{self.originator} {self.id}:{self.revision}"

    @property
    def age(self) -> tuple[int, bool]:
        """What replaces what: the higher revision, and a withdrawal whatever has its revision."""
        return (self.revision, self.cancelled)

    def closed_to(self, reader: str) -> tuple[Path, ...]:
        """Return the fields that a reader may not see."""
        return tuple(p for p, to in self.closed if reader not in to)

    def shows(self, reader: str, *fields: Path) -> bool:
        """Say whether a reader may see the message and, in it, these fields entirely."""
        if reader not in self.readers:
            return False
        return not any(overlaps(closed, field) for closed in self.closed_to(reader) for field in fields)


class Records:
    """Decisions by message."""

    def __init__(self, kept: Iterable[Kept] = ()) -> None:
        self._kept: dict[str, Kept] = {}
        self._by_id: dict[str, dict[str, None]] = {}
        self._by_alias: dict[str, dict[str, None]] = {}
        self._order: dict[str, dict[str, None]] = {}
        for one in kept:
            self.keep(one)

    def __iter__(self) -> Iterator[Kept]:
        return iter(self._kept.values())

    def keep(self, kept: Kept) -> None:
        """Remember a decision; beside an earlier one about the same identity, the stricter of both."""
        before = self._kept.get(kept.key)
        self._kept[kept.key] = kept if before is None else _stricter(before, kept)
        self._by_id.setdefault(kept.id, {})[kept.key] = None
        for alias in kept.aliases:
            self._by_alias.setdefault(alias, {})[kept.key] = None
        order = self._order.setdefault(kept.kind, {})
        order[kept.key] = None
        if len(order) > MAX_PER_KIND:
            self._forget(order)

    def _forget(self, order: dict[str, None]) -> None:
        oldest = next(iter(order))
        del order[oldest]
        gone = self._kept.pop(oldest, None)
        if gone is not None:
            _drop(self._by_id, gone.id, oldest)
            for alias in gone.aliases:
                _drop(self._by_alias, alias, oldest)

    def find(self, identity: str, revision: int = 0, originator: str = "") -> tuple[Kept, ...]:
        """Return what is known under an id: of one originator or of all; revision 0 is each one's newest."""
        return self._newest(self._by_id.get(identity, ()), revision, originator)

    def answered(self, identity: str, revision: int = 0, originator: str = "") -> tuple[Kept, ...]:
        """Return what an answer can mean: by an id or, where nothing is known under that, by an alias."""
        found = self.find(identity, revision, originator)
        return found or self._newest(self._by_alias.get(identity, ()), revision, originator)

    def _newest(self, keys: Iterable[str], revision: int, originator: str) -> tuple[Kept, ...]:
        named = [k for key in keys if originator in ("", (k := self._kept[key]).originator)]
        if revision:
            return tuple(k for k in named if k.revision == revision)
        newest: dict[tuple[str, str], Kept] = {}
        for k in sorted(named, key=lambda k: k.age):
            newest[k.originator, k.id] = k
        return tuple(newest.values())

    def cited(self, text: str) -> tuple[Kept, ...]:
        """Return what a text of the form ``<id>:<revision>`` (or an id alone) names."""
        identity, _, revision = text.rpartition(":")
        if identity and revision.isdigit() and (found := self.find(identity, int(revision))):
            return found
        return self.find(text)

    def visible(self, reader: str, found: tuple[Kept, ...]) -> bool:
        """Say whether a reader may see every message of these, and there is one."""
        return bool(found) and all(reader in k.readers for k in found)

    def shown(self, originator: str, identity: str) -> frozenset[str]:
        """Return who may see the newest message of an id."""
        return frozenset(p for k in self.find(identity, 0, originator) for p in k.readers)

    def replaced(self, reader: str, kept: Kept) -> bool:
        """Say whether a reader may see something newer under the same identity."""
        named = (self._kept[key] for key in self._by_id.get(kept.id, ()))
        return any(k.originator == kept.originator and reader in k.readers and k.age > kept.age for k in named)

    def place(self, reader: str, kept: Kept) -> str:
        """Return the name under which a message stands on a reader's board.

        It is the id; if another originator's message has that id there already, it is ``<originator> <id>``.
        """
        named = (self._kept[key] for key in self._by_id.get(kept.id, ()))
        first = next((k.originator for k in named if reader in k.readers), kept.originator)
        return kept.id if first == kept.originator else f"{kept.originator} {kept.id}"


def _drop(index: dict[str, dict[str, None]], name: str, key: str) -> None:
    named = index.get(name, {})
    named.pop(key, None)
    if not named:
        index.pop(name, None)


def _stricter(one: Kept, other: Kept) -> Kept:
    return msgspec.structs.replace(
        other,
        readers=one.readers & other.readers,
        acting=one.acting & other.acting,
        closed=(*one.closed, *(c for c in other.closed if c not in one.closed)),
        cancelled=one.cancelled or other.cancelled,
        aliases=tuple(dict.fromkeys((*one.aliases, *other.aliases))),
        session=one.session or other.session,
    )
