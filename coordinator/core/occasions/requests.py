"""A call for help that nobody has, that all have declined, or that stays a promise: one card a request, till it ends.

A request has one owner at every moment (`core.orders.requests`). It is a card when that is not enough:

* nobody has taken it by the time that it names, or that its precedence gives;
* everybody who was asked has declined: whoever arbitrates has it from then on, and the clock is on the card;
* what was promised is neither ordered nor moving by the time that was promised, or that its precedence gives;
* what was ordered is not moving when it is needed.

Whoever may not read the request knows of no card. An answer whose label excludes the asker is no answer to it; one
whose label excludes others makes a card that they know nothing of.

Source: reference domain.md R-07, R-08, §2 (F1, F3, F17).
"""

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush
from typing import ClassVar, Final, Literal, NamedTuple

import msgspec

from coordinator.core.correlate import SECOND
from coordinator.core.deconfliction.ledger import Item
from coordinator.core.liaison.sessions import sessions
from coordinator.core.measures import Requests as Allowed
from coordinator.core.mission import Acknowledge, Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.orders.calls import KINDS, Calls, Heard, heard
from coordinator.core.orders.requests import OVER, Request, Word, ledger
from coordinator.core.step import Logged
from schemas import registry, subjects
from schemas.alerts import CAP_SEVERITY, PRECEDENCE, CapSeverity, Line
from schemas.liaison import MEETING, LiaisonRequest, LiaisonResponse
from schemas.subjects import Precedence, opaque

Cause = Literal["untaken", "declined", "promised", "ordered"]
UNSAID: Final[Precedence] = "priority"
"""How urgent a request is that does not say it: nobody calls for help as a matter of routine."""
SEVERITY: Final[dict[Precedence, CapSeverity]] = {PRECEDENCE[s]: s for s in CAP_SEVERITY.values()}
SHOWN: Final = 120  # characters of what is asked for that a card tells again
LINES: Final = 20  # refusals that a card lists
SWEEP: Final = 3600 * SECOND  # how often it is looked for what may be forgotten


class _Kept(msgspec.Struct):
    at: int
    envelope: msgspec.Raw


class _State(msgspec.Struct):
    messages: list[_Kept] = []
    said: dict[str, Occasion] = {}  # cards that are not over, by id
    due: dict[str, int] = {}  # when to look again, by request id
    ended: dict[str, int] = {}  # since when all requests of an id are over
    swept_at: int = 0


class Seen(NamedTuple):
    """A request with the message that asks for it, as far as some participants know of it."""

    request: Request
    asks: Item
    said: dict[str, Heard]  # what counts for its asker, by name
    only: frozenset[str]  # who may know how far it is
    plain: bool  # whether everybody who may read the request may read all of it


class Requests:
    """The source (see `coordinator.core.occasions.occasion.Source`)."""

    NAME: ClassVar[str] = "requests"
    READS: ClassVar[tuple[str, ...]] = tuple(subjects.records(kind) for kind in KINDS)
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = {
        **{f"call-{cause}": ("request", "who_asker", "who_owner", "subject", "since_at", "due_at", "count")
           for cause in ("untaken", "declined", "promised", "ordered")},
        **{f"call-{cause}-next": ("request", "who_asker", "who_owner", "subject", "since_at", "due_at", "count")
           for cause in ("untaken", "declined", "promised", "ordered")},
        "call-line-declined": ("who", "reason", "declined_at"),
    }  # fmt: skip

    def __init__(self) -> None:
        self._mission = Mission(name="")
        self._calls = Calls()
        self._become(_State())

    def _become(self, state: _State) -> None:
        self._state = state
        self._heap = [(at, identity) for identity, at in state.due.items()]
        heapify(self._heap)

    def adopt(self, mission: Mission) -> None:
        """Take another mission; requests follow it from the next change on."""
        self._mission = mission

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Take one message; only the requests that it is about are looked at."""
        found = self._calls.take(message.envelope, message.body, message.at)
        changed = [o for identity in found for o in self._look(identity, message.at)]
        self._forget(message.at)
        return changed

    def wake(self, now: int) -> Iterable[Occasion]:
        """Look at every request whose time has come."""
        due = set[str]()
        while self._heap and self._heap[0][0] <= now:
            at, identity = heappop(self._heap)
            if self._state.due.get(identity) == at:
                due.add(identity)
        return [o for identity in sorted(due) for o in self._look(identity, now)]

    def next_wake(self) -> int | None:
        """Return when the next request has to be looked at, or None."""
        while self._heap and self._state.due.get(self._heap[0][1]) != self._heap[0][0]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def legible(self, reader: str, identity: str) -> list[Item]:
        """Return what a reader may read of the requests and sessions of an id; nothing if it may not read those."""
        found = [h.item for h in heard(self._calls.about(identity), self._mission) if reader in h.readers]
        return found if any(isinstance(i.body, LiaisonRequest) for i in found) else []

    def ids(self) -> list[str]:
        """Return the ids of all requests and sessions, sorted."""
        return self._calls.ids()

    def known_to(self, reader: str, among: Iterable[str] = ()) -> Iterator[Seen]:
        """Yield the requests that a reader may read, how far they are, and what it may read of what was said."""
        for identity in sorted(among) or self._calls.ids():
            about = heard(self._calls.about(identity), self._mission)
            mine = [h for h in about if (reader in h.readers if _asks(h.item) else h.counts_for(reader))]
            legible = {h.item.name for h in about if reader in h.readers}
            for seen in _seen(identity, mine, self._mission):
                words = tuple(w for w in seen.request.words if w.message in legible)
                declined = tuple(p for p in seen.request.declined if p in {w.by for w in words})
                yield seen._replace(request=msgspec.structs.replace(seen.request, words=words, declined=declined))

    def snapshot(self) -> bytes:
        """Return the whole state, without the mission, as JSON."""
        kept = [_Kept(i.at, msgspec.Raw(i.data)) for i in self._calls.items()]
        state = msgspec.structs.replace(self._state, messages=kept)
        return msgspec.json.encode(state, order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        try:
            state = msgspec.json.decode(data, type=_State)
            messages = [(registry.envelope(bytes(kept.envelope)), kept.at) for kept in state.messages]
        except msgspec.MsgspecError as error:
            raise ValueError(f"no snapshot of {self.NAME}: {error}") from error
        self._calls = Calls()
        for envelope, at in messages:
            self._calls.take(envelope, registry.body(envelope), at)
        self._become(msgspec.structs.replace(state, messages=[]))

    # -- looking ------------------------------------------------------------------------------------------------------

    def _look(self, identity: str, now: int) -> Iterator[Occasion]:
        """Look at the requests of an id; yield each card that changed."""
        about = self._calls.about(identity)
        dues, over = [], all(s.state != "open" for s in sessions(about, now))
        for seen in _seen(identity, heard(about, self._mission), self._mission):
            cause, due = self._cause(seen, now)
            over &= seen.request.state in OVER
            if due is not None and cause is None:
                dues.append(due)
            yield from self._say(seen, cause, due)
        self._note(identity, min(dues, default=None))
        self._state.ended.pop(identity, None)
        if over:
            self._state.ended[identity] = now

    def _note(self, identity: str, due: int | None) -> None:
        self._state.due.pop(identity, None)
        if due is not None:
            self._state.due[identity] = due
            heappush(self._heap, (due, identity))

    def _cause(self, seen: Seen, now: int) -> tuple[Cause | None, int | None]:
        """Return why a request is a card, if it is one, and when it is or was due."""
        request, (cause, due) = seen.request, self._due(seen)
        if request.state == "asked" and (asked := _asked(seen.asks, self._mission)) and asked <= {*request.declined}:
            return "declined", due
        return (cause if due is not None and due <= now else None), due

    def _due(self, seen: Seen) -> tuple[Cause | None, int | None]:
        """Return until when a request may stay as far as it is, and what it is called if it stays longer."""
        request, body = seen.request, seen.asks.body
        if not isinstance(body, LiaisonRequest) or request.state in OVER:
            return None, None
        need_by = body.need_by.utc if body.need_by else None
        match request.state:
            case "asked":
                reply_by = body.reply_by.utc if body.reply_by else None
                return "untaken", reply_by if reply_by is not None else self._from(seen, request.asked_at, taken=True)
            case "planned":
                named = _promised_at(seen)
                until = named if named is not None else self._from(seen, request.since, taken=False)
                return "promised", min((t for t in (until, need_by) if t is not None), default=None)
            case "ordered":
                return "ordered", need_by
        return None, None

    def _from(self, seen: Seen, since: int, *, taken: bool) -> int | None:
        """Return when the time ends that a request's precedence gives, for taking it or for keeping a promise."""
        allowed = _allowed(self._mission.acknowledge if taken else self._mission.requests, _precedence(seen.asks))
        return None if allowed is None else since + allowed

    # -- saying -------------------------------------------------------------------------------------------------------

    def _say(self, seen: Seen, cause: Cause | None, due: int | None) -> Iterator[Occasion]:
        """Yield a request's card if it is not as it was said last."""
        identity = opaque(f"request {seen.request.originator} {seen.request.id}")
        held = self._state.said.get(identity)
        if cause is None:
            if held is not None:
                del self._state.said[identity]
                yield msgspec.structs.replace(held, over=True)
            return
        new = self._occasion(identity, seen, cause, due)
        if new != held:
            self._state.said[identity] = new
            yield new

    def _occasion(self, identity: str, seen: Seen, cause: Cause, due: int | None) -> Occasion:
        request, envelope, body = seen.request, seen.asks.envelope, seen.asks.body
        asked = _asked(seen.asks, self._mission)
        left = sorted(asked & seen.only - {*request.declined}) if cause == "untaken" else []
        everybody = seen.only >= frozenset(self._mission.by_id)
        whole = body if seen.plain and isinstance(body, LiaisonRequest) else None
        need_by = body.need_by.utc if isinstance(body, LiaisonRequest) and body.need_by else None
        subject, spot = (_short(whole.subject), whole.position) if whole else ("-", None)
        return Occasion(
            id=identity,
            kind="request",
            severity=SEVERITY[_precedence(seen.asks)],
            urgency=None if need_by is not None else "Immediate",
            text_key=f"call-{cause}",
            next_key=f"call-{cause}-next",
            args={  # by name, as a snapshot has them: the same bytes before and after a restart
                "count": len(request.declined), "due_at": _minute(due if due is not None else request.since),
                "request": request.id, "since_at": _minute(request.since), "subject": subject,
                "who_asker": request.originator, "who_owner": request.owner,
            },
            about=request.originator,
            parties=tuple(sorted({request.originator, *asked} & seen.only)),
            told=tuple(dict.fromkeys((request.owner, *left))),
            informed=() if request.owner == request.originator else (request.originator,),
            arbiter=request.owner,
            owner=request.owner,
            place=whole.area.name if whole and whole.area else "",
            at=(spot.lon, spot.lat) if spot else None,
            event_from=need_by,
            lines=tuple(_refusals(seen))[:LINES],
            refers=(envelope.id,),
            only=None if everybody else tuple(sorted(seen.only)),
        )  # fmt: skip

    # -- forgetting ---------------------------------------------------------------------------------------------------

    def _forget(self, now: int) -> None:
        """Forget requests that were over for as long as the mission keeps things; it is looked for once an hour."""
        if now < self._state.swept_at + SWEEP:
            return
        self._state.swept_at = now
        keep = int(self._mission.rules.keep_s * SECOND)
        for identity in [i for i, since in self._state.ended.items() if since + keep <= now]:
            del self._state.ended[identity]
            self._calls.forget(identity)


def _seen(identity: str, about: list[Heard], mission: Mission) -> Iterator[Seen]:
    """Yield the requests of an id, by what counts for their askers."""
    for asker in sorted({h.item.key[0] for h in about if h.item.key[1] == identity and _asks(h.item)}):
        said = {h.item.name: h for h in about if h.counts_for(asker)}
        items = [h.item for h in about if h.counts_for(asker)]
        of = [h for h in about if h.item.key == (asker, identity) and _asks(h.item)]
        asks = max(of, key=lambda h: h.item.revision)
        latest = (said[w.message] for w in _latest(_one(ledger(items, mission), asker, identity)))
        only = asks.readers.intersection(*(h.readers for h in latest if not h.silent))
        yield Seen(_one(ledger(items, mission, only), asker, identity), asks.item, said, only, asks.plain)


def _asks(of: Item) -> bool:
    return isinstance(of.body, LiaisonRequest) and of.body.request_kind != MEETING


def _one(found: Iterable[Request], asker: str, identity: str) -> Request:
    return next(r for r in found if (r.originator, r.id) == (asker, identity))


def _latest(request: Request) -> list[Word]:
    return list({w.by: w for w in request.words}.values())


def _asked(asks: Item, mission: Mission) -> frozenset[str]:
    """Return who was asked to act."""
    named = {a.to for a in asks.envelope.addressees if a.role == "action"}
    return frozenset(named & mission.by_id.keys()) - {asks.key[0]}


def _precedence(asks: Item) -> Precedence:
    return asks.envelope.precedence or UNSAID


def _allowed(table: Acknowledge | Allowed, precedence: Precedence) -> int | None:
    """Return what a table with a duration a precedence gives one, microseconds; None if that is no limit."""
    seconds: float = getattr(table, f"{precedence}_s")
    return int(seconds * SECOND) or None


def _promised_at(seen: Seen) -> int | None:
    """Return the time that whoever has the request named for its promise, the earliest at which that can be late."""
    for word in reversed(seen.request.words):
        said = seen.said.get(word.message)
        if word.state == "planned" and word.holder == seen.request.owner and said:
            schedule = said.item.body.schedule if isinstance(said.item.body, LiaisonResponse) else None
            starts = (schedule.start_latest, schedule.start_earliest) if schedule else ()
            return next((t for t in starts if t is not None), None)
    return None


def _refusals(seen: Seen) -> Iterator[Line]:
    """Yield who declined and why, each for whoever may read that answer."""
    for word in _latest(seen.request):
        if word.state == "refused":
            args: dict[str, str | int] = {
                "declined_at": _minute(word.at), "reason": _short(word.reason) or "-", "who": word.by,
            }  # fmt: skip
            yield Line(text_key="call-line-declined", args=args, only=tuple(sorted(seen.said[word.message].readers)))


def _minute(at: int) -> int:
    """Return an instant as people say it, to the minute."""
    return at - at % (60 * SECOND)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
