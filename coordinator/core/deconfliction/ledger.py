"""The set of messages seen, by originator, id and revision. It only ever depends on what is in it, not on the order.

The highest revision counts; two contents under one revision are settled by their hash (and K18 says so); a cancellation
stays. Identical copies are one message, issued when the first copy was. Source: reference deconfliction.md §2.4.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action
from schemas.base import Message
from schemas.directives import Agreement, Directive
from schemas.envelope import Envelope, Reference
from schemas.notices import MovementNotice, RouteState

Key = tuple[str, str]
"""Originator and id of a message."""

FAMILIES: Final[dict[str, str]] = {
    "directive": "act", "movement": "act", "hazard": "act", "protected-site": "act",
    "route-state": "route-state", "agreement": "agreement",
    "acknowledgement": "acknowledgement", "action": "action",
}  # fmt: skip
"""Kinds that are folded. Acts share one name space, so that whatever cites an id finds it."""


class Item(NamedTuple):
    """One message of the set. ``issued`` is its issue time, or when it was first logged if it does not say."""

    key: Key
    revision: int
    digest: str
    issued: int
    at: int
    envelope: Envelope
    body: Message

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Item) and self[:5] == other[:5]

    def __hash__(self) -> int:
        return hash(self[:3])

    @property
    def name(self) -> str:
        """The identity as people write it."""
        return f"{self.key[1]}:{self.revision}"

    @property
    def cancelled(self) -> bool:
        """Whether it withdraws the thing of its key."""
        return self.envelope.status == "cancel"


class Link(NamedTuple):
    """A reference of one message to another, by the field that holds it."""

    field: str
    ref: Reference


def item(envelope: Envelope, body: Message, at: int) -> Item:
    """Return a message as a member of the set."""
    said = envelope.created.utc if envelope.created else None
    content = (envelope.kind, envelope.status, envelope.reality, registry.encode(body))
    digest = hashlib.sha256(repr(content).encode()).hexdigest()
    issued = at if said is None else said
    return Item((envelope.originator, envelope.id), envelope.revision, digest, issued, at, envelope, body)


def links(body: Message) -> Iterator[Link]:
    """Yield every reference that a message makes to orders and notices."""
    if isinstance(body, Directive):
        yield from (Link("amends", c.order) for c in body.amends)
        yield from (Link("supersedes", r) for r in body.supersedes)
        yield from (Link("cancels", r) for r in body.cancels)
        yield from (Link("permitted", r) for r in body.permitted)
        yield from (Link("permitted", r) for c in body.amends for r in c.permitted or ())
        yield from (Link("coordinated_with", r) for c in body.amends for r in c.coordinated_with or ())
        yield from (Link("dependencies", Reference(id=d.task)) for d in body.dependencies)
    if isinstance(body, Directive | MovementNotice):
        yield from (Link("coordinated_with", r) for r in body.coordinated_with)
    if isinstance(body, Agreement):
        yield from (Link("orders", r) for r in body.orders)


class Thread:
    """All revisions of one message, and what withdraws it."""

    def __init__(self) -> None:
        self.items: dict[tuple[int, str], Item] = {}
        self.cancels: dict[tuple[int, str], Item] = {}

    def add(self, new: Item) -> bool:
        """Take a message; say whether that changed anything."""
        slot = self.cancels if new.cancelled else self.items
        place = new.revision, new.digest
        old = slot.get(place)
        if old and (old.issued, old.at) <= (new.issued, new.at):
            return False
        slot[place] = new
        return True

    def at(self, time: int | None = None) -> Item | None:
        """Return the revision that was current at a time, or is now."""
        known = [i for i in self.items.values() if time is None or i.issued <= time]
        return min(known, key=lambda i: (-i.revision, i.digest), default=None)

    def chosen(self) -> list[Item]:
        """Return one message a revision, in their order."""
        best: dict[int, Item] = {}
        for i in self.items.values():
            if i.revision not in best or i.digest < best[i.revision].digest:
                best[i.revision] = i
        return [best[r] for r in sorted(best)]

    def withdrawn(self) -> Item | None:
        """Return the first message that withdraws it."""
        return min(self.cancels.values(), key=lambda i: (i.issued, i.revision, i.digest), default=None)

    def doubled(self) -> list[int]:
        """Return the revisions that came with two contents."""
        return sorted({r for r, d in self.items for r2, d2 in self.items if r == r2 and d != d2})


class Ledger:
    """The set of messages, with what cites what."""

    def __init__(self) -> None:
        self.threads: dict[str, dict[Key, Thread]] = {f: {} for f in FAMILIES.values()}
        self.by_id: defaultdict[str, set[Key]] = defaultdict(set)
        self.citing: defaultdict[str, set[Key]] = defaultdict(set)  # acts, by the ids that they cite
        self.agreed: defaultdict[str, set[Key]] = defaultdict(set)  # agreements, by the ids that they name
        self.said: defaultdict[str, set[Key]] = defaultdict(set)  # acknowledgements, by the ids that they are of
        self.done: defaultdict[str, set[Key]] = defaultdict(set)  # actions, by the findings that they list
        self.stated: defaultdict[str, set[Key]] = defaultdict(set)  # route states, by section

    @property
    def acts(self) -> dict[Key, Thread]:
        """Orders and notices."""
        return self.threads["act"]

    def add(self, new: Item) -> bool:
        """Take a message; say whether that changed the set."""
        family = FAMILIES[new.envelope.kind]
        thread = self.threads[family].setdefault(new.key, Thread())
        if family == "act":
            self.by_id[new.key[1]].add(new.key)
        self._cite(new)
        return thread.add(new)

    def remove(self, old: Item, instead: Item | None) -> None:
        """Take a message out again, leaving in its place what stood there before (for dry runs)."""
        family = FAMILIES[old.envelope.kind]
        thread = self.threads[family][old.key]
        slot = thread.cancels if old.cancelled else thread.items
        del slot[old.revision, old.digest]
        if instead:
            slot[old.revision, old.digest] = instead
        if not thread.items and not thread.cancels:
            del self.threads[family][old.key]
            self.by_id[old.key[1]].discard(old.key)

    def holds(self, like: Item) -> Item | None:
        """Return the message of the set with the same content, or None."""
        thread = self.threads[FAMILIES[like.envelope.kind]].get(like.key)
        if thread is None:
            return None
        return (thread.cancels if like.cancelled else thread.items).get((like.revision, like.digest))

    def items(self) -> Iterator[Item]:
        """Yield every message of the set."""
        for family in self.threads.values():
            for thread in family.values():
                yield from thread.items.values()
                yield from thread.cancels.values()

    def resolve(self, ref: Reference) -> list[Key]:
        """Return the orders and notices that a reference can mean."""
        known = self.by_id.get(ref.id, ())
        return sorted(k for k in known if ref.originator in ("", k[0]) and self.acts[k].items)

    def one(self, ref: Reference) -> Key | None:
        """Return the order or notice that a reference means, if that is clear."""
        found = self.resolve(ref)
        return found[0] if len(found) == 1 else None

    def current(self, family: str, keys: set[Key]) -> list[Item]:
        """Return the newest revisions of some messages that are not withdrawn, in the order of their content."""
        threads = (self.threads[family].get(k) for k in sorted(keys))
        found = (t.at() for t in threads if t and not t.cancels)
        return [i for i in found if i is not None]

    def all_of(self, family: str, keys: set[Key]) -> list[Item]:
        """Return every revision of some messages that are not withdrawn."""
        threads = (self.threads[family].get(k) for k in sorted(keys))
        return [i for t in threads if t and not t.cancels for i in t.chosen()]

    def _cite(self, new: Item) -> None:
        match new.body:
            case Acknowledgement():
                self.said[new.body.of.id].add(new.key)
            case Action():
                for finding in new.body.findings:
                    self.done[finding].add(new.key)
            case RouteState():
                self.stated[new.body.section.casefold()].add(new.key)
            case Agreement():
                for link in links(new.body):
                    self.agreed[link.ref.id].add(new.key)
            case _:
                for link in links(new.body):
                    self.citing[link.ref.id].add(new.key)
