"""Requests for evacuation, with whatever is said of them and ordered for them, by the id of the request.

Messages come in any order: an order that cites something is kept for a while, since the request that it cites may still
come. What a participant says of a request counts by its latest words, so of each only so many are kept.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Final

import msgspec

from coordinator.core.deconfliction.ledger import Item, Key, item, links
from coordinator.core.step import Logged
from schemas import registry
from schemas.directives import Directive
from schemas.reports import MedevacRequest

LOOSE: Final = 2_000  # orders that cite something, but no request known here; the oldest goes first
WORDS: Final = 100  # messages of one participant about one id; the oldest goes first
SWEEP: Final = 600_000_000  # how often it is looked for what may be forgotten, microseconds
Slot = tuple[str, Key, int, bool, bytes]


class Saved(msgspec.Struct, kw_only=True):
    """What is remembered: messages with when they were logged first, when and at how many it is looked to forget."""

    messages: list[tuple[bytes, int]] = []
    swept_at: int = 0
    room: int = LOOSE


class Threads:
    """The messages, by the ids that they bear or cite."""

    def __init__(self, saved: Saved | None = None) -> None:
        self._items: dict[Slot, Item] = {}
        self._by_id: defaultdict[str, set[Slot]] = defaultdict(set)
        self._swept_at, self._room = (saved.swept_at, saved.room) if saved else (0, LOOSE)
        for data, at in saved.messages if saved else ():
            envelope = registry.envelope(data)
            self._add(item(envelope, registry.body(envelope), at))

    def saved(self) -> Saved:
        """Return everything, to be given back after a restart."""
        messages = [(registry.encode(i.envelope), i.at) for _, i in sorted(self._items.items())]
        return Saved(messages=messages, swept_at=self._swept_at, room=self._room)

    def take(self, message: Logged) -> list[Key]:
        """Take a message; return the requests that it may be about, in their order."""
        if not _is_of_use(message):
            return []
        new = item(message.envelope, message.body, message.at)
        self._add(new)
        names = set(_names(new))
        names |= {n for slot in self._slots(names) if slot[0] == Directive.KIND for n in _names(self._items[slot])}
        return sorted(set(self._asked(names)))

    def _add(self, new: Item) -> None:
        slot = (new.envelope.kind, new.key, new.revision, new.cancelled, new.digest)
        held = self._items.get(slot)
        if held is not None and (held.issued, held.at) <= (new.issued, new.at):
            return
        self._items[slot] = new
        for name in _names(new):
            self._by_id[name].add(slot)
            self._bound(name, new.key[0])

    def _bound(self, name: str, by: str) -> None:
        """Of one participant's words on one id keep the first, which starts clocks, and so many of the newest."""
        said = sorted((self._items[s].issued, s) for s in self._by_id[name] if s[1][0] == by)
        if len(said) > WORDS:
            self._drop(said[1][1])

    def _drop(self, slot: Slot) -> None:
        for name in _names(self._items.pop(slot)):
            self._by_id[name].discard(slot)
            if not self._by_id[name]:
                del self._by_id[name]

    def requests(self) -> list[Key]:
        """Return the originator and id of every request."""
        return sorted(set(self._asked(list(self._by_id))))

    def _asked(self, names: Iterable[str]) -> Iterator[Key]:
        for name in names:
            here = self._by_id.get(name, ())
            yield from (s[1] for s in here if s[0] == MedevacRequest.KIND and s[1][1] == name)

    def _slots(self, names: Iterable[str]) -> set[Slot]:
        return {s for n in names for s in self._by_id.get(n, ())}

    def about(self, key: Key) -> list[Item]:
        """Return a request, what cites it, and what is said of the orders for it."""
        first = self._slots((key[1],))
        orders = {s[1][1] for s in first if s[0] == Directive.KIND}
        return [self._items[s] for s in sorted(first | self._slots(orders))]

    def forget(self, now: int, keep: int, is_over: Callable[[Key], bool]) -> list[Key]:
        """Forget what was over for as long as the mission keeps things; return the requests among it."""
        if now < self._swept_at + SWEEP and len(self._items) < self._room:
            return []
        self._swept_at = now
        live = {k[1] for k in self.requests() if not is_over(k) or self._last(k) + keep > now}
        gone = [k for k in self.requests() if k[1] not in live]
        kept = {s for k in self.requests() if k[1] in live for s in self._slots((k[1],))}
        for slot in {s for k in gone for s in self._slots((k[1],))} - kept:
            self._drop(slot)
        loose = sorted((s for s in self._items if s not in kept), key=lambda s: (-self._items[s].at, s))
        for i, slot in enumerate(loose):
            if i >= LOOSE or self._items[slot].at + keep <= now:
                self._drop(slot)
        self._room = len(self._items) + LOOSE
        return gone

    def _last(self, key: Key) -> int:
        return max(i.at for i in self.about(key))


def _is_of_use(message: Logged) -> bool:
    """Say whether a message may be about an evacuation; of orders those that say so, or that cite something."""
    body, envelope = message.body, message.envelope
    if envelope.kind != Directive.KIND:
        return envelope.kind == MedevacRequest.KIND
    if not isinstance(body, Directive):
        return True  # it is withdrawn
    cites = envelope.references or envelope.in_reply_to or body.supersedes or body.cancels
    return body.action == "medevac" or bool(cites)


def cited(of: Item) -> set[str]:
    """Return the ids that a message bears or cites outside of its body: whoever may read it reads them."""
    envelope = of.envelope
    replied = {envelope.in_reply_to.id} if envelope.in_reply_to else set()
    return {of.key[1], *replied, *(r.id for r in envelope.references)}


def _names(of: Item) -> set[str]:
    """Return the ids that a message bears or cites."""
    return cited(of) | {link.ref.id for link in links(of.body)}
