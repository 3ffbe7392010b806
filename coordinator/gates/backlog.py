"""What waits for one channel, and what has gone out by it: the memory behind `gate.Dispatcher`. No I/O.

Waiting things are kept small: an envelope without its body, and the whole delivery only while there is room; what did
not fit is read again when its turn comes. What is dealt with is remembered for as long as the server may still deliver
it again, so that nothing goes out twice because of that.
"""

from typing import Final, TypeVar

import msgspec

from coordinator.core.deliveries import about
from coordinator.core.dispatch import Dispatch, Waiting
from coordinator.core.mission import Channel
from coordinator.ports import Delivery
from schemas import subjects
from schemas.envelope import Envelope
from schemas.subjects import PRECEDENCES, Precedence

ROOM: Final = 16 * 1024 * 1024  # bytes of deliveries that are kept whole
REMEMBERED: Final = 50_000  # things that went out; five times what may wait for an acknowledgement
_FIRST_S: Final = 1.0
LONGEST_S: Final = 60.0
_NOTHING: Final = msgspec.Raw(b"{}")
_About = tuple[str, str, str]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Backlog:
    """Deliveries by their sequence in the INBOX."""

    def __init__(self) -> None:
        self._queue = Dispatch()
        self._held: dict[int, Delivery] = {}  # everything that waits or is being carried
        self._bytes = 0
        self._newest: dict[_About, int] = {}  # of what waits or went out
        self._older: dict[_About, list[int]] = {}  # waiting
        self._done: dict[int, None] = {}
        self._early: set[int] = set()  # dealt with before the server has delivered them

    def __len__(self) -> int:
        return len(self._held)

    def knows(self, seq: int) -> bool:
        """Say whether a delivery waits or is being carried."""
        return seq in self._held

    def is_done(self, seq: int) -> bool:
        """Say whether a delivery is dealt with."""
        return seq in self._done or seq in self._early

    def settled(self, delivery: Delivery) -> None:
        """Note that the server has delivered what is dealt with, and that it is acknowledged now."""
        if delivery.token:
            self._early.discard(delivery.seq)
            self._remember(delivery)

    def add(self, delivery: Delivery, envelope: Envelope) -> list[Delivery]:
        """Let a new delivery wait; return those that are dealt with now because it replaced them, or it itself."""
        return self.put(delivery, waiting_of(delivery, envelope))

    def put(self, delivery: Delivery, waiting: Waiting) -> list[Delivery]:
        """Do the same with what decides when it goes."""
        if delivery.seq < self._newest.get(waiting.about, delivery.seq):
            self._remember(delivery)
            return [delivery]
        replaced = [self._held[seq] for seq in self._older.pop(waiting.about, [])]
        self._hold(delivery)
        self._newest.pop(waiting.about, None)
        self._newest[waiting.about] = delivery.seq
        self._older[waiting.about] = [delivery.seq]
        self._queue.add(waiting)
        for old in replaced:
            self._let_go(old)
        _trim(self._newest)
        return replaced

    def note(self, delivery: Delivery, envelope: Envelope) -> None:
        """Note that this is the newest of what it is about, without letting it wait."""
        self._newest[waiting_of(delivery, envelope).about] = delivery.seq
        _trim(self._newest)

    def replaces(self, delivery: Delivery, envelope: Envelope) -> bool:
        """Say whether a delivery is about something that waits."""
        return self.waits(waiting_of(delivery, envelope).about)

    def waits(self, about: _About) -> bool:
        """Say whether something of that kind, originator and id waits or is being carried."""
        return about in self._older

    def update(self, delivery: Delivery) -> None:
        """Note that the server delivered again what waits: the newest token counts."""
        self._held[delivery.seq] = self._held[delivery.seq]._replace(token=delivery.token)

    def next(self) -> Waiting | None:
        """Take out what goes next."""
        while (taken := self._queue.next()) is not None:
            if taken[0].seq in self._held:  # else it was replaced meanwhile
                return taken[0]
        return None

    @property
    def rank(self) -> tuple[int, int, int] | None:
        """How urgent the next one is, as `Waiting.rank`; None if nothing waits."""
        waiting = self.next()
        if waiting is None:
            return None
        self._queue.add(waiting)
        return waiting.rank

    def delivery(self, seq: int) -> Delivery:
        """Return a delivery that waits or is carried; without its data if there was no room for them."""
        return self._held[seq]

    def again(self, waiting: Waiting) -> None:
        """Let wait again what was taken out and did not go; unless it was replaced meanwhile."""
        if waiting.seq in self._held:
            self._queue.add(waiting)

    def finish(self, waiting: Waiting) -> Delivery | None:
        """Note that something is dealt with; return the delivery if it has to be acknowledged still."""
        held = self._held.get(waiting.seq)
        if held is not None:
            self._let_go(held)
            if self._older.get(waiting.about) == [waiting.seq]:
                del self._older[waiting.about]
        return held

    def pass_over(self, delivery: Delivery) -> None:
        """Note that a delivery is dealt with without ever having waited."""
        self._remember(delivery)

    def _hold(self, delivery: Delivery) -> None:
        if self._bytes + len(delivery.data) > ROOM:
            delivery = delivery._replace(data=b"")
        self._bytes += len(delivery.data)
        self._held[delivery.seq] = delivery

    def _let_go(self, held: Delivery) -> None:
        self._bytes -= len(self._held.pop(held.seq).data)
        self._remember(held)

    def _remember(self, delivery: Delivery) -> None:
        if delivery.token or delivery.seq < 0:
            self._done[delivery.seq] = None
            _trim(self._done)
        else:
            self._early.add(delivery.seq)


def urgency(delivery: Delivery) -> Precedence:
    """Return the precedence at which something was delivered."""
    said = subjects.parse(delivery.subject).rest[0]
    return next(p for p in PRECEDENCES if p == said)


def wanted(delivery: Delivery, channel: Channel) -> bool:
    """Say whether a channel carries a delivery: by its kind and by how urgent it is."""
    kind = subjects.parse(delivery.subject).rest[1]
    urgent = PRECEDENCES.index(urgency(delivery)) <= PRECEDENCES.index(channel.precedence)
    return urgent and (not channel.carries or kind in channel.carries)


def pause_s(failures: int) -> float:
    """Return how long to wait after so many failures in a row."""
    return min(LONGEST_S, _FIRST_S * float(1 << min(failures - 1, 10)))


def waiting_of(delivery: Delivery, envelope: Envelope) -> Waiting:
    """Return what decides when a delivery goes; a finding and a card are revisions of themselves by their own id."""
    identity, revision = about(envelope)
    small = Envelope(id=identity, kind=envelope.kind, originator=envelope.originator, revision=revision, body=_NOTHING)
    return Waiting(delivery.seq, urgency(delivery), small)


def _trim(remembered: dict[_Key, _Value]) -> None:
    if len(remembered) > REMEMBERED:
        del remembered[next(iter(remembered))]
