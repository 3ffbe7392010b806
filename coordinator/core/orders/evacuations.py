"""How far the evacuation of casualties is, and its clock: 10-1-2, counted from the injury.

A case is a MEDEVAC request with everything that is said of it. How far it is follows from `requests`, with one
difference: an order to fly is no launch. Until somebody says "ordered", an order for it is a plan, and its time counts
as the time of the launch.

The clock of a CASEVAC (from the injury to the first treatment) runs from the time of injury, or from the request where
nobody has said that time so that it can be used. A MEDEVAC (between facilities) has no clock, but the same states.
A mark is *met* if a message says so in time, *missed* if time or a message says the contrary; whether first aid was
given is known to whoever is there alone, so without a report that mark is *unreported*, and never missed.

A function of a set of messages and the time. Source: reference domain.md §1.6, R-07, R-21; V2 of §5.2.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Literal

import msgspec

from coordinator.core.correlate import SECOND
from coordinator.core.deconfliction.ledger import Item, Key
from coordinator.core.measures import Casevac
from coordinator.core.mission import Mission
from coordinator.core.orders import requests
from coordinator.core.orders.requests import LADDER, OVER, Request, State, Word
from schemas.directives import Directive
from schemas.geo import Pair
from schemas.reports import MedevacRequest
from schemas.time import TimeValue, TimeWindow

MINUTE: Final = 60 * SECOND
Care = Literal["first-aid", "resuscitation", "surgery"]
Basis = Literal["injury", "about", "request"]
Reached = Literal["open", "met", "missed", "unreported", "stopped"]
Verdict = Literal["", "met", "missed", "unreported"]
Precedence = Literal["", "urgent", "priority", "routine"]
CARES: Final[tuple[tuple[Care, str], ...]] = (
    ("first-aid", "first_aid_s"), ("resuscitation", "resuscitation_s"), ("surgery", "surgery_s"),
)  # fmt: skip
"""The three marks, and where the mission says how soon each is."""
_SURE: Final = frozenset({"exact"})
_ABOUT: Final = frozenset({"zone_inferred", "year_inferred", "month_inferred"})
_FINE: Final = frozenset({"second", "minute", "hour"})  # a day is no time of injury


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One mark of the clock; ``by`` is the message that met or missed it, ``told_at`` when that message was issued."""

    care: Care
    at: int
    state: Reached
    by: str = ""
    told_at: int | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An evacuation as it is now. Instants are microseconds UTC; None is "not so far", or nothing to wait for.

    ``basis`` says what ``start_at`` is: the time of injury, that time with something in it inferred, or the request.
    ``decide_by`` is when whoever decides on the launch is late, ``launch_by`` when a launch is. ``who_decides`` and
    ``owner`` are participants.
    """

    request: str
    originator: str
    mission_kind: Literal["casevac", "medevac"]
    state: State
    asked_at: int
    start_at: int
    basis: Basis
    owner: str = ""
    since: int = 0
    who_decides: str = ""
    decide_by: int | None = None
    decided_at: int | None = None
    launch_at: int | None = None  # what was planned or ordered
    launch_by: int | None = None
    moving_at: int | None = None
    done_at: int | None = None
    marks: tuple[Mark, ...] = ()
    words: tuple[Word, ...] = ()
    declined: tuple[str, ...] = ()
    acting: tuple[str, ...] = ()  # who performs the orders for it
    precedence: Precedence = ""  # of the most urgent patient
    place: str = ""
    at: Pair | None = None  # of the pick-up

    @property
    def open(self) -> bool:
        """Whether anybody still waits for it."""
        return self.state not in OVER

    @property
    def verdict(self) -> Verdict:
        """Whether 10-1-2 was met, once the patients are received; "" is too early, or no CASEVAC."""
        states = {m.state for m in self.marks}
        if self.done_at is None or not states:
            return ""
        return "missed" if "missed" in states else "unreported" if "unreported" in states else "met"

    @property
    def minutes(self) -> int | None:
        """How many whole minutes the patients took until they were received."""
        return None if self.done_at is None else max(0, self.done_at - self.start_at) // MINUTE

    def late_decision(self, now: int) -> bool:
        """Say whether the decision on the launch is due and was not taken."""
        return self.open and self.decided_at is None and self.decide_by is not None and self.decide_by <= now

    def late_launch(self, now: int) -> bool:
        """Say whether something was to be in motion by now and is not."""
        return self.open and self.moving_at is None and self.launch_by is not None and self.launch_by <= now

    def next(self, now: int) -> int | None:
        """Return when the case changes by itself next, or None."""
        if not self.open:
            return None
        waits = (self.decide_by if self.decided_at is None else None, None if self.moving_at else self.launch_by)
        later = (*waits, *(m.at for m in self.marks if m.state == "open"))
        return min((at for at in later if at is not None and at > now), default=None)


def case(key: Key, items: Iterable[Item], mission: Mission, now: int) -> Case | None:
    """Return the case of a request among messages about it, or None if they hold no such request."""
    kept = tuple(items)
    found = next((r for r in requests.ledger(kept, mission) if _is(r, key)), None)
    if found is None:
        return None
    asked = [i for i in kept if i.key == key and i.envelope.kind == MedevacRequest.KIND]
    return _case(found, sorted(asked, key=_age), kept, mission, now)


def _is(request: Request, key: Key) -> bool:
    return (request.originator, request.id) == key and request.kind == MedevacRequest.KIND


def _age(item: Item) -> tuple[bool, int, int, bytes]:
    return item.cancelled, item.revision, item.issued, item.digest


def _case(found: Request, asked: list[Item], kept: tuple[Item, ...], mission: Mission, now: int) -> Case:
    words = _words(found, kept)
    reached = {step: _since(step, found.originator, words) for step in LADDER}
    over = found.state in OVER and found.state != "done"
    state = found.state if over else _furthest(reached)
    start, basis = _clock(asked, found.asked_at)
    newest = _newest(asked)
    kind = newest.mission_kind
    clock, orders = mission.casevac, _orders(kept, mission)
    launch = _launch(orders, reached["ordered"])
    until = found.since if over else now
    return Case(
        request=found.id,
        originator=found.originator,
        mission_kind=kind,
        state=state,
        asked_at=found.asked_at,
        start_at=start,
        basis=basis,
        owner=found.owner,
        since=_stood(state, reached, found),
        who_decides=_decides(asked, found, mission),
        decide_by=found.asked_at + int(clock.approval_s * SECOND) if clock.approval_s else None,
        decided_at=reached["ordered"],
        launch_at=launch,
        launch_by=launch + int(clock.launch_s * SECOND) if launch is not None and clock.launch_s else None,
        moving_at=reached["in-motion"],
        done_at=reached["done"],
        marks=_marks(asked, start, words, reached["done"], clock, until, over) if kind == "casevac" else (),
        words=words,
        declined=found.declined,
        acting=tuple(sorted({p for i in orders for p in _performers(i, mission)})),
        precedence=_precedence(newest),
        place=newest.pickup_name,
        at=(newest.pickup.lon, newest.pickup.lat) if newest.pickup else None,
    )


def _words(found: Request, kept: tuple[Item, ...]) -> tuple[Word, ...]:
    """Return what was said, an order for it as no more than a plan."""
    statuses = {(i.key[0], i.name) for i in kept if i.envelope.kind == MedevacRequest.KIND}
    return tuple(
        msgspec.structs.replace(w, state="planned") if w.state == "ordered" and (w.by, w.message) not in statuses else w
        for w in found.words
    )


def _since(step: str, asker: str, words: tuple[Word, ...]) -> int | None:
    """Return since when a step stands: the earliest word of somebody who has not taken it back since."""
    level, standing = LADDER.index(step), dict[str, int]()
    for w in words:
        if LADDER.index(w.state) < level or (w.by == asker and w.state != "done"):
            standing.pop(w.by, None)
        else:
            standing.setdefault(w.by, w.at)
    return min(standing.values(), default=None)


def _furthest(reached: dict[str, int | None]) -> State:
    steps: tuple[State, ...] = ("done", "in-motion", "ordered", "planned")
    return next((s for s in steps if reached[s] is not None), "asked")


def _stood(state: State, reached: dict[str, int | None], found: Request) -> int:
    """Return since when a case is in its state."""
    if state == "asked":
        return found.asked_at
    at = reached.get(state)
    return found.since if at is None else at


def _newest(asked: list[Item]) -> MedevacRequest:
    """Return the request as it stands, or as it stood before it was withdrawn."""
    bodies = [b for i in asked if not i.cancelled and isinstance(b := i.body, MedevacRequest)]
    return bodies[-1] if bodies else MedevacRequest()


def _precedence(body: MedevacRequest) -> Precedence:
    count = body.precedences
    counts: tuple[tuple[Precedence, int], ...] = (
        ("urgent", count.urgent + count.urgent_surgical), ("priority", count.priority),
        ("routine", count.routine + count.convenience),
    )  # fmt: skip
    return next((name for name, many in counts if many), "")


def _decides(asked: list[Item], found: Request, mission: Mission) -> str:
    """Return who decides on a launch: whom the mission names, else whoever is above all who were asked."""
    if mission.casevac.approves:
        return mission.casevac.approves
    among = (a.to for i in asked for a in i.envelope.addressees if a.role == "action" and a.to in mission.by_id)
    named = tuple(p for p in dict.fromkeys(among) if p != found.originator)
    above = mission.superiors(found.originator)
    return mission.arbiter(named) or next(iter(named), "") or next(iter(above), "")


# -- the clock --------------------------------------------------------------------------------------------------------


def _clock(asked: list[Item], asked_at: int) -> tuple[int, Basis]:
    """Return from when the clock runs: the newest revision that says a time of injury counts."""
    for item in reversed(asked):
        for said in _injuries(item):
            basis = _usable(said)
            if basis and said.utc is not None and said.utc <= item.issued:  # nobody is hurt after he was reported
                return said.utc, basis
    said_at = (b.requested_at for i in asked if isinstance(b := i.body, MedevacRequest) and b.requested_at)
    written = [t.utc for t in said_at if t.utc is not None and _usable(t)]
    return min((asked_at, *written)), "request"


def _injuries(item: Item) -> Iterator[TimeValue]:
    body = item.body
    if isinstance(body, MedevacRequest) and not item.cancelled:
        if body.injured_at:
            yield body.injured_at
        of_each = [d.injured_at for d in body.details if d.injured_at and d.injured_at.utc is not None]
        yield from sorted(of_each, key=lambda t: t.utc or 0)


def _usable(time: TimeValue) -> Literal["", "injury", "about"]:
    """Say whether a clock may run from a time, and how sure it is."""
    if time.utc is None or time.precision not in _FINE:
        return ""
    exact = time.quality in _SURE and time.precision != "hour"
    return "injury" if exact else "about" if time.quality in _SURE | _ABOUT else ""


def _marks(
    asked: list[Item], start: int, words: tuple[Word, ...], done: int | None, clock: Casevac, now: int, over: bool
) -> tuple[Mark, ...]:
    aided = _aid(asked)
    received = next(((w.message, w.at) for w in words if w.state == "done" and w.at == done), None)
    found = []
    for care, field in CARES:
        at = start + int(getattr(clock, field) * SECOND)
        said = min((e for e in (aided, received) if e), key=lambda e: e[1], default=None)
        found.append(_mark(care, at, said if care == "first-aid" else received, now, over))
    return tuple(found)


def _aid(asked: list[Item]) -> tuple[str, int] | None:
    """Return the first message of whoever asked that says how the patients are treated."""
    told = [i for i in asked if isinstance(b := i.body, MedevacRequest) and any(d.treatment for d in b.details)]
    first = min(told, key=lambda i: (i.issued, i.revision), default=None)
    return (first.name, first.issued) if first else None


def _mark(care: Care, at: int, said: tuple[str, int] | None, now: int, over: bool) -> Mark:
    by, told_at = said or ("", None)
    in_time = told_at is not None and told_at <= at
    late: Reached = "unreported" if care == "first-aid" else "missed"
    state: Reached = "met" if in_time else late if told_at is not None or now >= at else "stopped" if over else "open"
    return Mark(care=care, at=at, state=state, by=by, told_at=told_at)


# -- the launch -------------------------------------------------------------------------------------------------------


def _orders(items: tuple[Item, ...], mission: Mission) -> list[Item]:
    """Return the orders for a case that stand: not withdrawn, not ended by who may end them; newest revisions."""
    orders = [i for i in items if i.envelope.kind == Directive.KIND]
    ended = {(i.key, i.revision) for i in orders if i.cancelled}
    newest: dict[Key, Item] = {}
    for i in sorted((i for i in orders if not i.cancelled), key=_age):
        newest[i.key] = i
    gone = {k for i in newest.values() for k in _ends(i, mission, newest)} | {k for k, _ in ended}
    return [i for k, i in sorted(newest.items()) if k not in gone and not _draft(i)]


def _draft(item: Item) -> bool:
    return not isinstance(item.body, Directive) or item.body.draft


def _ends(item: Item, mission: Mission, known: dict[Key, Item]) -> Iterator[Key]:
    """Yield the orders that an order supersedes or cancels with the right to."""
    body = item.body
    for ref in (*body.supersedes, *body.cancels) if isinstance(body, Directive) and not body.draft else ():
        meant = (k for k in known if k[1] == ref.id and ref.originator in ("", k[0]) and k != item.key)
        yield from (k for k in meant if item.key[0] in (k[0], *mission.superiors(k[0])))


def _launch(orders: list[Item], ordered: int | None) -> int | None:
    """Return when something was to move: the start in the newest order, and not before it was ordered to."""
    tasks = [i for i in orders if isinstance(i.body, Directive) and (i.body.windows or i.body.route or i.body.task)]
    newest = max(tasks, key=lambda i: (i.issued, i.key), default=None)
    planned = None if newest is None else _start(newest)
    return max((at for at in (planned, ordered) if at is not None), default=None)


def _start(order: Item) -> int:
    """Return when an order begins, or when it was issued if it does not say."""
    body = order.body
    windows: list[TimeWindow] = []
    if isinstance(body, Directive):
        windows += body.windows
        windows += [leg.window for leg in body.route.legs] if body.route else []
    starts = (w.start_earliest if w.start_latest is None else w.start_latest for w in windows)
    return min((at for at in starts if at is not None), default=order.issued)


def _performers(order: Item, mission: Mission) -> Iterator[str]:
    body = order.body
    for unit in body.performers if isinstance(body, Directive) else ():
        known = unit.participant or next(
            (p for n in (unit.id, unit.name, unit.callsign) if n and (p := mission.participant_of(n))), ""
        )
        if known in mission.by_id:
            yield known
