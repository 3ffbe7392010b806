"""Orders by ids that their originators' systems use and the bus does not: of a task, or of the document it stood in.

1. An answer may name an order by such an alias. An id of the bus comes first: an alias never outshines one.
2. Several orders of one document share its alias, and an answer to it means all of them.
3. An alias that several documents use means none of them: nothing is guessed, and K18 says so.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from schemas.envelope import Envelope, Reference

Key = tuple[str, str]


class Aliases:
    """The aliases of the orders of a set. Few orders have any: whoever asks about the others pays for one look."""

    def __init__(self) -> None:
        self.of: dict[Key, dict[str, Key]] = {}  # order -> alias -> the document that says so
        self._named: defaultdict[str, defaultdict[Key, set[Key]]] = defaultdict(lambda: defaultdict(set))
        self._turned: set[Key] = set()

    def note(self, key: Key, messages: Iterable[Envelope]) -> None:
        """Take what the messages of one order say of its aliases, in place of what they said before."""
        new = {alias: _document(key, m) for m in messages for alias in m.aliases}
        old = self.of.pop(key, {})
        if new:
            self.of[key] = new
        for alias in sorted(a for a in old.keys() | new.keys() if old.get(a) != new.get(a)):
            before = self.clear(alias)
            self._leave(alias, old.get(alias), key)
            if alias in new:
                self._named[alias][new[alias]].add(key)
            if self.clear(alias) != before:
                self.turn(alias)

    def _leave(self, alias: str, document: Key | None, key: Key) -> None:
        if document is None:
            return
        documents = self._named[alias]
        documents[document].discard(key)
        if not documents[document]:
            del documents[document]
        if not documents:
            del self._named[alias]

    def named(self, alias: str, originator: str = "") -> set[Key]:
        """Return the orders that an alias can mean, of one originator or of all."""
        keys = chain.from_iterable(self._named[alias].values()) if alias in self._named else ()
        return {k for k in keys if originator in ("", k[0])}

    def clear(self, alias: str, originator: str = "") -> bool:
        """Say whether an alias is that of one document at most, of one originator or of all."""
        documents = self._named.get(alias, ())
        return sum(originator in ("", d[0]) for d in documents) < 2

    def means(self, ref: Reference, key: Key) -> bool:
        """Say whether a reference that is nobody's id means an order, and that is clear."""
        return self.can_mean(ref, key) and self.clear(ref.id, ref.originator)

    def can_mean(self, ref: Reference, key: Key) -> bool:
        """Say whether a reference that is nobody's id can mean an order."""
        return ref.originator in ("", key[0]) and ref.id in self.of.get(key, ())

    def turn(self, alias: str) -> None:
        """Note that answers which name an alias mean something else from now on."""
        if alias in self._named:
            self._turned |= self.named(alias)

    def turned(self) -> set[Key]:
        """Return the orders whose answers have changed their meaning since this was asked last."""
        found, self._turned = self._turned, set()
        return found


def _document(key: Key, message: Envelope) -> Key:
    """Return the document that a message stood in; one that came by itself is its own."""
    return key[0], (message.source.sha256 if message.source else "") or key[1]
