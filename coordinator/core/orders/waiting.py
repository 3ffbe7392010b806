"""What calls for help wait for: who has each, who may know how far it is, and until when it may stay as it is.

A request is more than a line in a ledger when it stays too long as it is (`stages`):

* ``untaken``: nobody has taken it by the time that it names, or that its precedence gives;
* ``declined``: everybody who was asked has declined;
* ``promised``: what was promised is neither ordered nor moving by the time that was promised, or its precedence gives;
* ``ordered``: what was ordered is not moving when it is needed;
* ``partly``: only part of what it asks for is promised by the time by which somebody must have taken it.

Source: reference domain.md R-07, R-08, §2 (F1, F3, F17).
"""

from collections.abc import Iterable, Iterator
from typing import Final, Literal, NamedTuple

from coordinator.core.correlate import SECOND
from coordinator.core.deconfliction.ledger import Item
from coordinator.core.liaison.life import Life, lives
from coordinator.core.measures import Requests as Allowed
from coordinator.core.mission import Acknowledge, Mission
from coordinator.core.orders.calls import Heard
from coordinator.core.orders.requests import OVER, Request, Word, ledger
from schemas.liaison import MEETING, LiaisonRequest, LiaisonResponse
from schemas.subjects import Precedence

Cause = Literal["declined", "untaken", "promised", "ordered", "partly"]
UNSAID: Final[Precedence] = "priority"
"""How urgent a request is that does not say it: nobody calls for help as a matter of routine."""


class Stage(NamedTuple):
    """Why a request would be a card, and from when on (microseconds UTC)."""

    cause: Cause
    due: int


class Seen(NamedTuple):
    """A request with the message that asks for it, as far as its asker may know of it."""

    request: Request
    asks: Item
    said: dict[tuple[str, str], Heard]  # what counts for its asker, by originator and name
    only: frozenset[str]  # who may know how far it is
    plain: bool  # whether everybody who may read the request may read all of it

    @property
    def latest(self) -> list[Word]:
        """The latest word of everybody."""
        return latest(self.request)

    def heard(self, word: Word) -> Heard:
        """Return the message that a word stands in."""
        return self.said[word.by, word.message]

    @property
    def items(self) -> list[Item]:
        """All messages that count for its asker."""
        return [h.item for h in self.said.values()]

    @property
    def life(self) -> Life:
        """What of it is promised."""
        key = self.request.originator, self.request.id
        return next(r for r in lives(self.items, 0) if (r.originator, r.id) == key)


def seen(identity: str, about: list[Heard], mission: Mission) -> Iterator[Seen]:
    """Yield the requests of an id, by what counts for their askers."""
    for asker in sorted({h.item.key[0] for h in about if h.item.key[1] == identity and asks(h.item)}):
        said = {(h.item.key[0], h.item.name): h for h in about if h.counts_for(asker)}
        items = [h.item for h in about if h.counts_for(asker)]
        of = max((h for h in about if h.item.key == (asker, identity) and asks(h.item)), key=lambda h: h.item.revision)
        words = _one(ledger(items, mission), asker, identity).words
        behind = (said[w.by, w.message] for w in words)  # what was said before counts as well: for other items of it
        only = of.readers.intersection(*(h.readers for h in behind if not h.silent))
        yield Seen(_one(ledger(items, mission, only), asker, identity), of.item, said, only, of.plain)


def divided(identity: str, about: list[Heard], mission: Mission) -> Iterator[tuple[Seen, Seen | None]]:
    """Yield the requests of an id as everybody who may read them knows them, and as they are, where that differs.

    What not everybody may read who reads a request's first revision makes no difference before the others.
    """
    for whole in seen(identity, about, mission):
        key = whole.request.originator, identity
        own = [h for h in about if h.item.key == key and asks(h.item)]
        first = min(own, key=lambda h: h.item.revision)
        plain = [h for h in about if h.silent or h.item is first.item or first.readers <= h.readers]
        if len(plain) == len(about):
            yield whole, None
            continue
        known = next(s for s in seen(identity, plain, mission) if s.request.originator == key[0])
        alike = (known.request, known.asks) == (whole.request, whole.asks)
        yield known, None if alike else whole


def asks(of: Item) -> bool:
    """Say whether a message is a call for help, and no session."""
    return isinstance(of.body, LiaisonRequest) and of.body.request_kind != MEETING


def latest(request: Request) -> list[Word]:
    """Return the latest word of everybody on a request."""
    return list({w.by: w for w in request.words}.values())


def asked(of: Item, mission: Mission) -> frozenset[str]:
    """Return who was asked to act."""
    named = {a.to for a in of.envelope.addressees if a.role == "action"}
    return frozenset(named & mission.by_id.keys()) - {of.key[0]}


def precedence(of: Item) -> Precedence:
    """Return how urgent a request is."""
    return of.envelope.precedence or UNSAID


def _one(found: Iterable[Request], asker: str, identity: str) -> Request:
    return next(r for r in found if (r.originator, r.id) == (asker, identity))


# -- until when -------------------------------------------------------------------------------------------------------


def stages(of: Seen, mission: Mission) -> list[Stage]:
    """Return why a request is a card, or will be one as it is, the gravest first."""
    request, body = of.request, of.asks.body
    if not isinstance(body, LiaisonRequest) or request.state in OVER:
        return []
    need_by = body.need_by.utc if body.need_by else None
    taken_by = _taken_by(of, body, mission)
    match request.state:
        case "asked":
            everybody = asked(of.asks, mission)
            declined = bool(everybody) and everybody <= {*request.declined}
            return _named(("declined", request.since if declined else None), ("untaken", taken_by))
        case "planned":
            return _named(("promised", _kept_by(of, need_by, mission)), ("partly", _rest_by(of, body, taken_by)))
        case "ordered":
            return _named(("ordered", need_by), ("partly", _rest_by(of, body, taken_by)))
    return _named(("partly", _rest_by(of, body, taken_by)))


def _named(*found: tuple[Cause, int | None]) -> list[Stage]:
    return [Stage(cause, due) for cause, due in found if due is not None]


def _taken_by(of: Seen, body: LiaisonRequest, mission: Mission) -> int | None:
    if body.reply_by and body.reply_by.utc is not None:
        return body.reply_by.utc
    return _behind(of.request.asked_at, mission.acknowledge, precedence(of.asks))


def _kept_by(of: Seen, need_by: int | None, mission: Mission) -> int | None:
    """Return by when a promise must have become more than that: its own time, else by precedence, or when needed."""
    named = _promised_at(of)
    until = named if named is not None else _behind(of.request.since, mission.requests, precedence(of.asks))
    return min((t for t in (until, need_by) if t is not None), default=None)


def _rest_by(of: Seen, body: LiaisonRequest, taken_by: int | None) -> int | None:
    """Return by when all of it must be promised, if something of it is not."""
    return taken_by if body.items and of.life.state == "partially" else None


def _behind(since: int, table: Acknowledge | Allowed, urgency: Precedence) -> int | None:
    """Return when the time ends that a table gives a precedence; None if that is no limit."""
    seconds: float = getattr(table, f"{urgency}_s")
    return since + int(seconds * SECOND) if seconds else None


def _promised_at(of: Seen) -> int | None:
    """Return the time that whoever has the request named for its promise, the latest at which it is not late yet."""
    for word in reversed(of.request.words):
        said = of.said.get((word.by, word.message))
        if word.state == "planned" and word.holder == of.request.owner and said:
            schedule = said.item.body.schedule if isinstance(said.item.body, LiaisonResponse) else None
            starts = (schedule.start_latest, schedule.start_earliest) if schedule else ()
            return next((t for t in starts if t is not None), None)
    return None
