"""What goes out by a channel and stands in no INBOX: owed answers, tests, cards that are repeated, emergencies on maps.

They wait among the deliveries, by precedence, and go before deliveries of the same; one that replaces another of the
same name goes instead of it. They live as long as the process: whoever put one puts it again after a restart.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from coordinator.core.dispatch import Waiting
from coordinator.gates.backlog import Backlog
from coordinator.ports import Delivery, Departure
from coordinator.topology import COORD, INBOX
from schemas import subjects
from schemas.deliveries import Progress
from schemas.envelope import Envelope
from schemas.subjects import Precedence

FIRST_PLACE: Final = -(1 << 53)  # of the first: they go as they came, before all deliveries


def _nobody(state: Progress, why: str) -> None:
    """Tell nobody."""


class Extra(NamedTuple):
    """Something to carry out. ``name`` is what it is the newest of; ``told`` hears what the bearer said, each time."""

    name: str
    kind: str
    precedence: Precedence
    write: Callable[[], Departure]  # raises `Undelivered`
    told: Callable[[Progress, str], None] = _nobody
    wanted: Callable[[], bool] = lambda: True  # False: it need not go any more


class Extras:
    """The extras of one channel. ``on_put`` is called when one comes."""

    def __init__(self, participant: str) -> None:
        self.on_put: Callable[[], None] = lambda: None
        self._participant = participant
        self._new: list[Extra] = []
        self._known: dict[int, Extra] = {}
        self._places = 0

    def put(self, extra: Extra) -> None:
        """Let something go out."""
        self._new.append(extra)
        self.on_put()

    def __getitem__(self, seq: int) -> Extra:
        """Return the extra of a place in the backlog."""
        return self._known[seq]

    def finish(self, seq: int) -> None:
        """Forget one that is dealt with."""
        self._known.pop(seq, None)

    def join(self, backlog: Backlog) -> None:
        """Let what came wait among the deliveries."""
        new, self._new = self._new, []
        for extra in new:
            self._places += 1
            seq = FIRST_PLACE + self._places
            self._known[seq] = extra
            subject = subjects.delivery(self._participant, extra.precedence, extra.kind)
            about = Envelope(id=extra.name[:512], kind=extra.kind, originator=COORD, body=msgspec.Raw(b"{}"))
            for old in backlog.put(Delivery(INBOX, seq, subject, b"", {}, 0), Waiting(seq, extra.precedence, about)):
                self.finish(old.seq)
