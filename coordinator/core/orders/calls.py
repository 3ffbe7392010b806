"""Messages about requests and sessions, found by what they are about: a new one leads to its request alone.

Kept are requests, and what refers to them or to an order that was given for them. What refers to something that is not
known waits, in case its request comes later. Of what waits the newest `MOST_WAITING` are kept; of what is said of one
id the newest `MOST_SAID` are looked at, of one message the last `MOST_ALIKE` that came under its id.
MEDEVAC requests have a clock of their own and are not in here.

Who may read each message is release's decision, taken again here (`core.audience`).
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final, NamedTuple

from coordinator.core import audience
from coordinator.core.deconfliction.ledger import Item, item
from coordinator.core.mission import Mission
from coordinator.core.orders.requests import refs
from coordinator.core.recall import Records
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.liaison import LiaisonRequest, LiaisonResponse
from schemas.reports import Observation

KINDS: Final = tuple(
    b.KIND for b in (LiaisonRequest, Directive, LiaisonResponse, Acknowledgement, Observation)
)  # in the order in which release has to know of them
MOST_WAITING: Final = 2_000
MOST_SAID: Final = 200
MOST_ALIKE: Final = 20
Slot = tuple[str, str, str, int, bool, bytes]
"""Kind, originator, id, revision, whether it withdraws, and content."""
Family = tuple[str, str, str]


class Calls:
    """The messages, and four ways to find them."""

    def __init__(self) -> None:
        self._items: dict[Slot, Item] = {}
        self._asks: dict[str, dict[Slot, None]] = {}  # requests, by id
        self._said: dict[str, dict[Slot, None]] = {}  # what refers to an id
        self._orders: dict[str, dict[Slot, None]] = {}  # orders that refer to something, by id
        self._family: dict[Family, dict[Slot, None]] = {}  # revisions of one message, and what withdraws it
        self._waiting: dict[Slot, None] = {}

    def take(self, envelope: Envelope, body: Message, at: int) -> list[str]:
        """Take a message; return the ids of the requests that it may change, sorted."""
        if not _is_of_use(envelope, body):
            return []
        new = item(envelope, body, at)
        slot = _slot(new)
        old = self._items.get(slot)
        if old and (old.issued, old.at) <= (new.issued, new.at):
            return []
        self._keep(slot, new)
        found = self._requests(slot)
        if found:
            for identity in found:
                for known in self._slots(identity):
                    self._waiting.pop(known, None)
        else:
            self._wait(slot)
        return sorted(found)

    def about(self, identity: str) -> list[Item]:
        """Return the requests of an id and everything that was said of them and of orders given for them."""
        return [self._items[s] for s in self._slots(identity)]

    def ids(self) -> list[str]:
        """Return the ids of all requests, sorted."""
        return sorted(self._asks)

    def items(self) -> Iterator[Item]:
        """Yield every message, in the order in which it came."""
        yield from self._items.values()

    def forget(self, identity: str) -> None:
        """Forget the requests of an id and what was said of them."""
        while slots := self._slots(identity):  # of very many, each turn finds others
            for slot in slots:
                self._drop(slot)

    # -- finding ------------------------------------------------------------------------------------------------------

    def _slots(self, identity: str) -> list[Slot]:
        found = dict.fromkeys(self._asks.get(identity, ()))
        said = self._newest(identity)
        for slot in (*said, *(s for order in said if order[0] == Directive.KIND for s in self._newest(order[2]))):
            found[slot] = None
        families = dict.fromkeys(s[:3] for s in found)
        return list(dict.fromkeys(s for f in families for s in self._alike(f)))

    def _alike(self, family: Family) -> Iterator[Slot]:
        return islice(reversed(self._family.get(family, {})), MOST_ALIKE)

    def _newest(self, identity: str) -> list[Slot]:
        said = self._said.get(identity, {})
        if len(said) <= MOST_SAID:
            return list(said)
        return sorted(said, key=lambda s: (self._items[s].issued, s))[-MOST_SAID:]

    def _requests(self, slot: Slot) -> set[str]:
        """Return the ids of the requests that a message is about, itself or by an order."""
        named: set[str] = set()
        for known in self._alike(slot[:3]):
            named |= {known[2]} | {r.id for r in refs(self._items[known])}
        for order in [s for n in named for s in self._orders.get(n, ())]:
            named |= {r.id for r in refs(self._items[order])}
        return named & self._asks.keys()

    # -- keeping ------------------------------------------------------------------------------------------------------

    def _keep(self, slot: Slot, new: Item) -> None:
        self._items[slot] = new
        self._family.setdefault(slot[:3], {})[slot] = None
        if slot[0] == LiaisonRequest.KIND and not slot[4]:
            self._asks.setdefault(slot[2], {})[slot] = None
        ids = {r.id for r in refs(new)}
        for identity in ids:
            self._said.setdefault(identity, {})[slot] = None
        if slot[0] == Directive.KIND and ids:
            self._orders.setdefault(slot[2], {})[slot] = None

    def _wait(self, slot: Slot) -> None:
        self._waiting[slot] = None
        if len(self._waiting) > MOST_WAITING:
            self._drop(next(iter(self._waiting)))

    def _drop(self, slot: Slot) -> None:
        gone = self._items.pop(slot, None)
        if gone is None:
            return
        self._waiting.pop(slot, None)
        for index, name in ((self._asks, slot[2]), (self._orders, slot[2]), *((self._said, r.id) for r in refs(gone))):
            _take_out(index, name, slot)
        _take_out(self._family, slot[:3], slot)


def _take_out(index: dict[Any, dict[Slot, None]], name: object, slot: Slot) -> None:
    named = index.get(name, {})
    named.pop(slot, None)
    if not named:
        index.pop(name, None)


def _is_of_use(envelope: Envelope, body: Message) -> bool:
    """Say whether a message can be about a request: no order or report that refers to nothing."""
    if envelope.kind not in KINDS:
        return False
    if envelope.status == "cancel" or not isinstance(body, Directive | Observation):
        return True
    return bool(envelope.references or envelope.in_reply_to or getattr(body, "about", ""))


def _slot(of: Item) -> Slot:
    return (of.envelope.kind, *of.key, of.revision, of.cancelled, of.digest)


# -- who may read what ------------------------------------------------------------------------------------------------


class Heard(NamedTuple):
    """A message, who may read it, and who may know what follows from it.

    Where its label is silent, what follows from it (how far a request is, and who has it) is for everybody who may read
    the request: it is the effect, not the cause. ``plain`` says that each of its readers may read all of it.
    """

    item: Item
    readers: frozenset[str]
    silent: bool
    plain: bool

    def counts_for(self, participant: str) -> bool:
        """Say whether a participant that may read the request may know what follows from this."""
        return self.silent or participant in self.readers


def heard(about: Iterable[Item], mission: Mission) -> list[Heard]:
    """Return messages about a request with who may read them."""
    records = Records()
    found = []
    for i in sorted(about, key=lambda i: (i.cancelled, KINDS.index(i.envelope.kind), i.issued, i.key, i.revision)):
        decision = audience.decide(i.envelope, i.body, mission, records)
        records.keep(audience.kept(i.envelope, i.body, decision, records))
        label, plain = i.envelope.label, all(decision.readers <= c.to for c in decision.closed)
        silent = label.releasable_to is None and not (label.classification or label.categories)
        found.append(Heard(i, decision.readers, silent and not i.envelope.field_labels, plain))
    return found
