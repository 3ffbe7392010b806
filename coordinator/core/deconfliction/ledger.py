"""The set of messages seen, by originator, id and revision. It only ever depends on what is in it, not on the order.

The highest revision counts; two contents under one revision are settled by their hash (and K18 says so); a cancellation
stays. Identical copies are one message, issued when the first copy was. Source: reference deconfliction.md §2.4.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from sys import intern
from typing import Final, NamedTuple

from coordinator.core.deconfliction.aliases import Aliases
from coordinator.core.deconfliction.sightings import Sightings
from coordinator.core.deconfliction.windows import dated
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action
from schemas.base import Message
from schemas.directives import Agreement, Directive
from schemas.envelope import Envelope, Reference
from schemas.notices import MovementNotice, RouteState

Key = tuple[str, str]
"""Originator and id of a message."""

FAMILIES: Final[dict[str, str]] = {
    "directive": "act", "movement": "act", "hazard": "act", "protected-site": "act", "incident": "act",
    "route-state": "route-state", "agreement": "agreement", "caveat": "caveat",
    "acknowledgement": "acknowledgement", "action": "action", "whereabouts": "whereabouts",
}  # fmt: skip
"""Kinds that are folded. Acts share one name space, so that whatever cites an id finds it."""


_OPEN: Final = 8192
_opened: dict[bytes, tuple[Envelope, Message]] = {}
"""What was decoded lately, by its bytes: a memory of work, never of facts."""


class Item:
    """One message of the set. ``issued`` is its issue time, or when it was first logged if it does not say.

    Nothing is issued after it was received: an order from a clock that is ahead would outdate every answer to it.

    It holds the bytes of the message and not what is in them: a million decoded orders would not fit into memory.
    """

    __slots__ = ("at", "cancelled", "data", "digest", "issued", "key", "revision")

    def __init__(
        self, key: Key, revision: int, digest: bytes, issued: int, at: int, data: bytes, cancelled: bool
    ) -> None:
        self.key = key
        self.revision = revision
        self.digest = digest
        self.issued = issued
        self.at = at
        self.data = data
        self.cancelled = cancelled  # whether it withdraws the thing of its key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Item) and self._content == other._content

    def __hash__(self) -> int:
        return hash((self.key, self.revision, self.digest))

    @property
    def _content(self) -> tuple[object, ...]:
        return self.key, self.revision, self.digest, self.issued, self.at

    @property
    def name(self) -> str:
        """The identity as people write it."""
        return f"{self.key[1]}:{self.revision}"

    @property
    def envelope(self) -> Envelope:
        """What it says of itself."""
        return _open(self.data)[0]

    @property
    def body(self) -> Message:
        """What it says."""
        return _open(self.data)[1]


def _open(data: bytes) -> tuple[Envelope, Message]:
    found = _opened.get(data)
    if found is None:
        envelope = registry.envelope(data)
        found = envelope, registry.body(envelope)
        _note(data, found)
    return found


def _note(data: bytes, content: tuple[Envelope, Message]) -> None:
    if len(_opened) >= _OPEN:
        for old in list(islice(_opened, _OPEN // 4)):
            _opened.pop(old, None)
    _opened[data] = content


class Link(NamedTuple):
    """A reference of one message to another, by the field that holds it."""

    field: str
    ref: Reference


def item(envelope: Envelope, body: Message, at: int) -> Item:
    """Return a message as a member of the set."""
    said = envelope.created.utc if envelope.created else None
    content = (envelope.kind, envelope.status, envelope.reality, registry.encode(body))
    digest = hashlib.sha256(repr(content).encode()).digest()
    data = registry.encode(envelope)
    _note(data, (envelope, body))
    key = intern(envelope.originator), envelope.id
    if said is not None and not dated(said):
        said = None
    if said is not None and envelope.received_at:
        said = min(said, envelope.received_at)
    issued = at if said is None or said == at else said
    return Item(key, envelope.revision, digest, issued, at, data, envelope.status == "cancel")


def links(body: Message) -> Iterator[Link]:
    """Yield every reference that a message makes to orders and notices."""
    if isinstance(body, Directive) and (
        body.amends or body.supersedes or body.cancels or body.permitted or body.dependencies
    ):
        yield from _links(body)
    if isinstance(body, Directive | MovementNotice):
        yield from (Link("coordinated_with", r) for r in body.coordinated_with)
    if isinstance(body, Agreement):
        yield from (Link("orders", r) for r in body.orders)


def _links(body: Directive) -> Iterator[Link]:
    yield from (Link("amends", c.order) for c in body.amends)
    yield from (Link("supersedes", r) for r in body.supersedes)
    yield from (Link("cancels", r) for r in body.cancels)
    yield from (Link("permitted", r) for r in body.permitted)
    yield from (Link("permitted", r) for c in body.amends for r in c.permitted or ())
    yield from (Link("coordinated_with", r) for c in body.amends for r in c.coordinated_with or ())
    yield from (Link("dependencies", Reference(id=d.task)) for d in body.dependencies)
    yield from (Link("dependencies", Reference(id=d.task)) for c in body.amends for d in c.dependencies or ())


class Thread:
    """All revisions of one message, and what withdraws it. Nearly always that is one item: a tuple is enough."""

    __slots__ = ("_cancels", "_items")

    def __init__(self) -> None:
        self._items: tuple[Item, ...] = ()
        self._cancels: tuple[Item, ...] = ()

    @property
    def items(self) -> dict[tuple[int, bytes], Item]:
        """The revisions, by number and content."""
        return {(i.revision, i.digest): i for i in self._items}

    @property
    def cancels(self) -> dict[tuple[int, bytes], Item]:
        """What withdraws it, by number and content."""
        return {(i.revision, i.digest): i for i in self._cancels}

    @property
    def plain(self) -> Item | None:
        """The only revision of a message that was never withdrawn; None if there is more to it."""
        return self._items[0] if len(self._items) == 1 and not self._cancels else None

    def add(self, new: Item) -> bool:
        """Take a message; say whether that changed anything."""
        old = self.like(new)
        if old and (old.issued, old.at) <= (new.issued, new.at):
            return False
        slot = [i for i in (self._cancels if new.cancelled else self._items) if i is not old]
        self._set(new.cancelled, (*slot, new))
        return True

    def like(self, item: Item) -> Item | None:
        """Return what has the same number and content as a message, or None."""
        slot = self._cancels if item.cancelled else self._items
        return next((i for i in slot if i.revision == item.revision and i.digest == item.digest), None)

    def remove(self, old: Item, instead: Item | None) -> None:
        """Take a message out, and put another in its place."""
        slot = self._cancels if old.cancelled else self._items
        kept = (instead if i == old else i for i in slot)
        self._set(old.cancelled, tuple(i for i in kept if i is not None))

    def _set(self, cancels: bool, items: tuple[Item, ...]) -> None:
        if cancels:
            self._cancels = items
        else:
            self._items = items

    def at(self, time: int | None = None) -> Item | None:
        """Return the revision that was current at a time, or is now."""
        known = [i for i in self._items if time is None or i.issued <= time]
        return min(known, key=lambda i: (-i.revision, i.digest), default=None)

    def chosen(self) -> list[Item]:
        """Return one message a revision, in their order."""
        best: dict[int, Item] = {}
        for i in self._items:
            if i.revision not in best or i.digest < best[i.revision].digest:
                best[i.revision] = i
        return [best[r] for r in sorted(best)]

    def withdrawn(self) -> Item | None:
        """Return the first message that withdraws it."""
        return min(self._cancels, key=lambda i: (i.issued, i.revision, i.digest), default=None)

    def doubled(self) -> list[int]:
        """Return the revisions that came with two contents."""
        counts = Counter(i.revision for i in self._items) if len(self._items) > 1 else {}
        return sorted(r for r, n in counts.items() if n > 1)


class Ledger:
    """The set of messages, with what cites what."""

    def __init__(self) -> None:
        self.threads: dict[str, dict[Key, Thread]] = {f: {} for f in FAMILIES.values()}
        self._originators: set[str] = set()  # of acts; they are few
        self.citing: defaultdict[str, set[Key]] = defaultdict(set)  # acts, by the ids that they cite
        self.agreed: defaultdict[str, set[Key]] = defaultdict(set)  # agreements, by the ids that they name
        self.framing: defaultdict[str, set[Key]] = defaultdict(set)  # agreements, by their kind
        self.said: defaultdict[str, set[Key]] = defaultdict(set)  # acknowledgements, by the ids that they are of
        self.done: defaultdict[str, set[Key]] = defaultdict(set)  # actions, by the findings that they list
        self.stated: defaultdict[str, set[Key]] = defaultdict(set)  # route states, by section
        self.aliases = Aliases()
        self.seen = Sightings()  # whereabouts: of each unit and place only the newest
        self.reach: dict[tuple[Key, object], frozenset[Key]] = {}  # what each supersedes for a setting, since a change
        self.ends: dict[tuple[Key, object], Item | None] = {}  # what ended each order for a setting, likewise

    @property
    def acts(self) -> dict[Key, Thread]:
        """Orders and notices."""
        return self.threads["act"]

    def add(self, new: Item) -> bool:
        """Take a message; say whether that changed the set."""
        family = FAMILIES[new.envelope.kind]
        if family == "whereabouts":
            return self.seen.add(new)
        self._forget()
        thread = self.threads[family].setdefault(new.key, Thread())
        if family == "act":
            self._originators.add(new.key[0])
        self._cite(new)
        changed = thread.add(new)
        if family == "act" and changed:
            self._name(new, thread)
        return changed

    def remove(self, old: Item, instead: Item | None) -> None:
        """Take a message out again, leaving in its place what stood there before (for dry runs)."""
        self._forget()
        family = FAMILIES[old.envelope.kind]
        thread = self.threads[family][old.key]
        thread.remove(old, instead)
        if not thread.items and not thread.cancels:
            del self.threads[family][old.key]
        if family == "act":
            self._name(old, thread)

    def holds(self, like: Item) -> Item | None:
        """Return the message of the set with the same content, or None."""
        thread = self.threads[FAMILIES[like.envelope.kind]].get(like.key)
        return thread.like(like) if thread else None

    def items(self) -> Iterator[Item]:
        """Yield every message of the set."""
        yield from self.seen.items()
        for family in self.threads.values():
            for thread in family.values():
                yield from (*thread.items.values(), *thread.cancels.values())

    def resolve(self, ref: Reference) -> list[Key]:
        """Return the orders and notices that a reference can mean."""
        by = (ref.originator,) if ref.originator else self._originators
        return sorted(k for o in by if (k := (o, ref.id)) in self.acts and self.acts[k].items)

    def one(self, ref: Reference) -> Key | None:
        """Return the order or notice that a reference means, if that is clear."""
        found = self.resolve(ref)
        return found[0] if len(found) == 1 else None

    def answered(self, ref: Reference) -> list[Key]:
        """Return the orders and notices that an answer can mean: by their id or, where it is nobody's, by an alias."""
        return self.resolve(ref) or sorted(self.aliases.named(ref.id, ref.originator))

    def current(self, family: str, keys: set[Key]) -> list[Item]:
        """Return the newest revisions of some messages that are not withdrawn, in the order of their content."""
        threads = (self.threads[family].get(k) for k in sorted(keys))
        found = (t.at() for t in threads if t and not t.cancels)
        return [i for i in found if i is not None]

    def all_of(self, family: str, keys: set[Key]) -> list[Item]:
        """Return every revision of some messages that are not withdrawn."""
        threads = (self.threads[family].get(k) for k in sorted(keys))
        return [i for t in threads if t and not t.cancels for i in t.chosen()]

    def _forget(self) -> None:
        """Forget what was worked out: the set changes."""
        self.reach.clear()
        self.ends.clear()

    def _name(self, of: Item, thread: Thread) -> None:
        """Take or forget the aliases of an order; a new id that is an alias of others is theirs no more."""
        if of.envelope.aliases or of.key in self.aliases.of:
            self.aliases.note(of.key, (i.envelope for i in thread.chosen()))
        self.aliases.turn(of.key[1])

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
                self.framing[new.body.agreement_kind].add(new.key)
                for link in links(new.body):
                    self.agreed[link.ref.id].add(new.key)
            case _:
                for link in links(new.body):
                    self.citing[link.ref.id].add(new.key)
