"""A call for help that nobody has, that all have declined, or that stays a promise: one card a request, till it ends.

A request has one owner at every moment (`core.orders.requests`). It is a card when it stays too long as it is, and when
everybody who was asked has declined (`core.orders.waiting`). Whoever arbitrates has it from then on, and the clock is
on the card; so it is with the rest of a request of which only a part was promised.

Whoever may not read the request knows of no card. An answer whose label excludes the asker is no answer to it; one
whose label excludes others makes a card that they know nothing of, and theirs goes on as it would without it.

Source: reference domain.md R-07, R-08, §2 (F1, F3, F17).
"""

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush
from typing import ClassVar, Final, get_args

import msgspec

from coordinator.core.correlate import SECOND
from coordinator.core.deconfliction.ledger import Item
from coordinator.core.liaison.sessions import sessions
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.orders.calls import KINDS, Calls, heard
from coordinator.core.orders.requests import OVER
from coordinator.core.orders.waiting import Cause, Seen, Stage, asked, asks, divided, precedence, seen, stages
from coordinator.core.step import Logged
from schemas import registry, subjects
from schemas.alerts import CAP_SEVERITY, PRECEDENCE, CapSeverity, Line
from schemas.liaison import LiaisonRequest
from schemas.subjects import Precedence, opaque

SEVERITY: Final[dict[Precedence, CapSeverity]] = {PRECEDENCE[s]: s for s in CAP_SEVERITY.values()}
SHOWN: Final = 120  # characters of what is asked for that a card tells again
LINES: Final = 20  # refusals, or items that are still open, that a card lists
SWEEP: Final = 3600 * SECOND  # how often it is looked for what may be forgotten
_VALUES: Final = ("request", "who_asker", "who_owner", "subject", "since_at", "due_at")


class _Kept(msgspec.Struct):
    at: int
    envelope: msgspec.Raw


class _State(msgspec.Struct):
    messages: list[_Kept] = []
    said: dict[str, Occasion] = {}  # cards that are not over, by id
    due: dict[str, int] = {}  # when to look again, by request id
    ended: dict[str, int] = {}  # since when all requests of an id are over
    swept_at: int = 0


class Requests:
    """The source (see `coordinator.core.occasions.occasion.Source`)."""

    NAME: ClassVar[str] = "requests"
    READS: ClassVar[tuple[str, ...]] = tuple(subjects.records(kind) for kind in KINDS)
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = {
        **{f"call-{cause}{end}": _VALUES for cause in get_args(Cause) for end in ("", "-next")},
        "call-line-declined": ("who", "reason", "declined_at"),
        "call-line-open": ("item",),
    }

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
            mine = [h for h in about if (reader in h.readers if asks(h.item) else h.counts_for(reader))]
            for found in seen(identity, mine, self._mission):
                words = tuple(w for w in found.request.words if reader in found.heard(w).readers)
                declined = tuple(p for p in found.request.declined if p in {w.by for w in words})
                yield found._replace(request=msgspec.structs.replace(found.request, words=words, declined=declined))

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
        later, over = [], all(s.state != "open" for s in sessions(about, now))
        for known, whole in divided(identity, heard(about, self._mission), self._mission):
            if known.request.originator in self._mission.by_id:  # else it has left the mission
                over &= known.request.state in OVER and (whole is None or whole.request.state in OVER)
                for found, apart in ((known, False), (whole or known, True)):
                    due = stages(found, self._mission) if whole or not apart else []
                    later += [stage.due for stage in due if stage.due > now]
                    yield from self._say(found, next((s for s in due if s.due <= now), None), apart=apart)
        self._note(identity, min(later, default=None))
        self._state.ended.pop(identity, None)
        if over:
            self._state.ended[identity] = now

    def _note(self, identity: str, due: int | None) -> None:
        self._state.due.pop(identity, None)
        if due is not None:
            self._state.due[identity] = due
            heappush(self._heap, (due, identity))

    # -- saying -------------------------------------------------------------------------------------------------------

    def _say(self, found: Seen, stage: Stage | None, *, apart: bool) -> Iterator[Occasion]:
        """Yield a request's card if it is not as it was said last; ``apart`` is that of those who know more of it."""
        name = f"request {found.request.originator} {found.request.id}"
        identity = opaque(f"{name} apart" if apart else name)
        held = self._state.said.get(identity)
        if stage is None:
            if held is not None:
                del self._state.said[identity]
                yield msgspec.structs.replace(held, over=True)
            return
        new = self._occasion(identity, found, stage)
        if new != held:
            self._state.said[identity] = new
            yield new

    def _occasion(self, identity: str, found: Seen, stage: Stage) -> Occasion:
        request, body = found.request, found.asks.body
        to, owner = asked(found.asks, self._mission), self._owner(found, stage.cause)
        whole = body if found.plain and isinstance(body, LiaisonRequest) else None
        need_by = body.need_by.utc if isinstance(body, LiaisonRequest) and body.need_by else None
        subject, spot = (_short(whole.subject), whole.position) if whole else ("-", None)
        return Occasion(
            id=identity,
            kind="request",
            severity=SEVERITY[precedence(found.asks)],
            urgency=None if need_by is not None else "Immediate",
            text_key=f"call-{stage.cause}",
            next_key=f"call-{stage.cause}-next",
            args={
                "request": request.id, "who_asker": request.originator, "who_owner": owner, "subject": subject,
                "since_at": _minute(request.since), "due_at": _minute(stage.due),
            },
            about=request.originator,
            parties=tuple(sorted({request.originator, *to} & found.only)),
            told=tuple(dict.fromkeys((owner, *_silent(found, stage.cause, to)))),
            informed=() if owner == request.originator else (request.originator,),
            arbiter=owner,
            owner=owner,
            place=whole.area.name if whole and whole.area else "",
            at=(spot.lon, spot.lat) if spot else None,
            event_from=need_by,
            lines=tuple(_open(found) if stage.cause == "partly" and whole else _refusals(found))[:LINES],
            refers=(request.id,),
            only=None if found.only >= self._mission.by_id.keys() else tuple(sorted(found.only)),
        )  # fmt: skip

    def _owner(self, found: Seen, cause: Cause) -> str:
        """Return who has a request; of the rest of one of which a part is promised, whoever arbitrates."""
        if cause != "partly":
            return found.request.owner
        among = self._mission.arbiter(tuple(sorted(asked(found.asks, self._mission))))
        above = (among, *self._mission.superiors(among), *self._mission.superiors(found.request.originator))
        return next((p for p in above if p in found.only), found.request.originator)

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


def _silent(found: Seen, cause: Cause, to: frozenset[str]) -> list[str]:
    """Return who was asked, may know of it, and could still take it, or what is left of it."""
    if cause == "untaken":
        return sorted(to & found.only - {*found.request.declined})
    return sorted(to & found.only & {*found.life.silent}) if cause == "partly" else []


def _refusals(found: Seen) -> Iterator[Line]:
    """Yield who declined and why, each for whoever may read that answer."""
    for word in found.latest:
        if word.state == "refused":
            args: dict[str, str | int] = {
                "who": word.by, "reason": _short(word.reason) or "-", "declined_at": _minute(word.at),
            }  # fmt: skip
            yield Line(text_key="call-line-declined", args=args, only=tuple(sorted(found.heard(word).readers)))


def _open(found: Seen) -> Iterator[Line]:
    """Yield what of a request is not promised."""
    for item in found.life.lines:
        if item.state != "accepted":
            left = "" if item.left is None else f"{item.left:g}"
            text = " ".join(x for x in (left, item.unit, item.name or item.ref) if x)
            yield Line(text_key="call-line-open", args={"item": _short(text)})


def _minute(at: int) -> int:
    """Return an instant as people say it, to the minute."""
    return at - at % (60 * SECOND)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
