"""What one reader may know of requests and sessions: folded from the messages that it may read, and from nothing else.

How far a call for help is and who has it (`core.orders.requests`) is said to everybody who may read the request: it is
the effect, not the cause. Source: design §7 (law 6).
"""

from collections.abc import Iterator

import msgspec

from coordinator.core.liaison.life import Life, lives
from coordinator.core.liaison.sessions import Session, sessions
from coordinator.core.occasions.requests import Requests
from coordinator.core.orders.requests import Request


class View(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request with who has it, or a session."""

    life: Life | None = None
    request: Request | None = None
    session: Session | None = None

    @property
    def id(self) -> str:
        """The id of the request or session."""
        found = self.life or self.session
        return found.id if found else ""

    @property
    def since(self) -> int:
        """When it was asked or opened."""
        return self.life.asked_at if self.life else self.session.opened_at if self.session else 0


def views(source: Requests, reader: str, identity: str, now: int) -> Iterator[View]:
    """Yield what a reader may know of the requests and sessions of an id, the oldest first."""
    items = source.legible(reader, identity)
    if not items:
        return
    has = {s.request.originator: s.request for s in source.known_to(reader, [identity])}
    for life in lives(items, now):
        if life.id == identity:
            yield View(life=life, request=has.get(life.originator))
    yield from (View(session=s) for s in sessions(items, now) if s.id == identity)
