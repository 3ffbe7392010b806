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
from typing import Literal

import msgspec

from coordinator.core.correlate import SECOND
from coordinator.core.deconfliction.ledger import Item, Key
from coordinator.core.mission import Mission
from coordinator.core.orders import requests
from coordinator.core.orders.injuries import MINUTE, Basis, Mark, Verdict, clock, marks
from coordinator.core.orders.requests import LADDER, OVER, Request, State, Word
from schemas.directives import Directive
from schemas.geo import Pair
from schemas.reports import MedevacRequest
from schemas.time import TimeWindow

Precedence = Literal["", "urgent", "priority", "routine"]


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


def told_as(full: Case, known: Case) -> Case:
    """Return how far a case is with no more of who said what, and who has it, than somebody knows."""
    names = {w.message for w in known.words}
    marks = tuple(m if m.by in names else msgspec.structs.replace(m, by="") for m in full.marks)
    owner = known.owner if known.state == full.state else full.who_decides if full.open else ""
    return msgspec.structs.replace(
        full, marks=marks, owner=owner, words=known.words, declined=known.declined, acting=known.acting
    )


def _is(request: Request, key: Key) -> bool:
    return (request.originator, request.id) == key and request.kind == MedevacRequest.KIND


def _age(item: Item) -> tuple[bool, int, int, bytes]:
    return item.cancelled, item.revision, item.issued, item.digest


def _case(found: Request, asked: list[Item], kept: tuple[Item, ...], mission: Mission, now: int) -> Case:
    words = _words(found, kept)
    reached = {step: _since(step, found.originator, words) for step in LADDER}
    over = found.state in OVER and found.state != "done"
    state = found.state if over else _furthest(reached)
    start, basis = clock(asked, found.asked_at)
    newest = _newest(asked)
    kind, decides = newest.mission_kind, _decides(asked, found, mission)
    allowed, orders = mission.casevac, _orders(kept, mission)
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
        owner=found.owner if state != "asked" else decides,
        since=_stood(state, reached, found),
        who_decides=decides,
        decide_by=found.asked_at + int(allowed.approval_s * SECOND) if allowed.approval_s else None,
        decided_at=reached["ordered"],
        launch_at=launch,
        launch_by=launch + int(allowed.launch_s * SECOND) if launch is not None and allowed.launch_s else None,
        moving_at=reached["in-motion"],
        done_at=reached["done"],
        marks=marks(asked, start, words, reached["done"], allowed, until, over) if kind == "casevac" else (),
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
