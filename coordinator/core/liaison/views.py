"""What one reader may know of requests and sessions: folded from the messages that it may read, and from nothing else.

How far a call for help is and who has it (`core.orders.requests`) is said to everybody who may read the request: it is
the effect, not the cause. Source: design §7 (law 6).
"""

from collections.abc import Iterable, Iterator

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


def views(source: Requests, reader: str, now: int, among: Iterable[str] = ()) -> Iterator[View]:
    """Yield what a reader may know of some requests and sessions, of all for none named, oldest first."""
    found: list[tuple[int, str, View]] = []
    for identity in dict.fromkeys(among) or source.ids():
        items = source.legible(reader, identity)
        if not items:
            continue
        has = {s.request.originator: s.request for s in source.known_to(reader, [identity])}
        known = (View(life=r, request=has.get(r.originator)) for r in lives(items, now) if r.id == identity)
        found += [(v.life.asked_at, identity, v) for v in known if v.life]
        found += [(s.opened_at, identity, View(session=s)) for s in sessions(items, now) if s.id == identity]
    yield from (view for *_, view in sorted(found, key=lambda f: f[:2]))
