"""A unit cannot comply with an order: its answer and the reason go to whoever issued the order, and to who is above.

A normal state and no error: the unit has answered in time, and somebody has to find another way. The card ends when the
order is withdrawn, cancelled or superseded by who may do so, or when the unit says wilco after all, to the order or to
an amendment of it; else a person ends it. Of what a unit said its latest word counts.

Only those who may read the answer know of the card, as release decides it (`core.audience`), and only if all who are
told may read the code does it stand there. Whatever else the answer says stays in it. Source: reference domain.md
R-04, V3 of §5.3 (step 9); design §5, §7 (law 6).
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

import msgspec

from coordinator.core import audience, routing
from coordinator.core.audience import Decision
from coordinator.core.correlate import SECOND
from coordinator.core.deconfliction.ledger import Item, item
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.orders.standing import known_code
from coordinator.core.orders.viewing import view
from coordinator.core.recall import Kept, Records
from coordinator.core.step import Logged
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Directive
from schemas.subjects import opaque

SAID, UNSAID, NEXT = "refusing-order", "refusing-order-unsaid", "refusing-next"
SWEEP: Final = 3600 * SECOND  # how often it is looked for what may be forgotten
MOST: Final = 2_000  # refusals that are held at a time; beyond, the oldest that is over goes first
MOST_OF_ONE: Final = 20  # refusals of one order by one unit; the oldest goes first
WILCOS: Final = 50_000  # other answers that are held at a time; the oldest goes first


class Change(msgspec.Struct, frozen=True, array_like=True):
    """An order ends another (``amended_by`` is "") or amends it; ``of`` is whose order was meant, "" anybody's."""

    by: str
    of: str
    amended_by: str
    at: int


class State(msgspec.Struct, kw_only=True):
    """Everything that the source remembers."""

    orders: list[Kept] = []
    refusals: list[tuple[bytes, int]] = []
    wilcos: dict[str, tuple[int, int]] = {}  # "xbl-batt FHQ-FRAGO-03-110" -> when the last was issued, and logged
    changes: dict[str, list[Change]] = {}  # by the id of the order that is changed
    withdrawn: dict[str, int] = {}  # answers that were taken back, "xbl-batt XBL-ACK-1", and when that was logged
    said: dict[str, Occasion] = {}
    swept_at: int = 0


class Refusing:
    """The source (see `coordinator.core.occasions.occasion.Source`)."""

    NAME: ClassVar[str] = "refusing"
    READS: ClassVar[tuple[str, ...]] = (subjects.records(Acknowledgement.KIND), subjects.records(Directive.KIND))
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = {
        SAID: ("who_unit", "order", "code"), UNSAID: ("who_unit", "order"), NEXT: ("who_unit",),
    }  # fmt: skip

    def __init__(self) -> None:
        self._mission = Mission(name="")
        self._become(State())

    def _become(self, state: State) -> None:
        self._state, self._orders = state, Records(state.orders)
        self._refusals: dict[tuple[str, str], list[Item]] = {}  # by the unit and the id that it answers
        self._units: dict[str, set[str]] = {}  # who refuses, by the id that is answered
        self._amended: dict[str, set[str]] = {}  # the ids of orders that an order amends, by its id
        for of, changes in state.changes.items():
            for change in changes:
                self._amended.setdefault(change.amended_by, set()).add(of)
        for data, at in state.refusals:
            envelope = registry.envelope(data)
            self._note(item(envelope, registry.body(envelope), at))

    def adopt(self, mission: Mission) -> None:
        """Take another mission."""
        self._mission = mission

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Take an order, or an answer to one."""
        self._forget(message.at)
        if message.envelope.kind == Directive.KIND:
            touched = self._take_order(message)
        elif message.envelope.kind == Acknowledgement.KIND:
            touched = self._take_answer(message)
        else:
            return ()
        return [o for pair in sorted(touched) for o in self._look(pair)]

    def wake(self, now: int) -> Iterable[Occasion]:
        """Return nothing: a refusal waits for people, not for a time."""
        return ()

    def next_wake(self) -> int | None:
        """Return None: nothing changes by itself."""
        return None

    def snapshot(self) -> bytes:
        """Return the whole state, without the mission, as JSON."""
        held = [i for _, items in sorted(self._refusals.items()) for i in items]
        self._state.refusals = [(registry.encode(i.envelope), i.at) for i in held]
        self._state.orders = list(self._orders)
        return msgspec.json.encode(self._state, order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        try:
            self._become(msgspec.json.decode(data, type=State))
        except msgspec.MsgspecError as error:
            raise ValueError(f"no snapshot of {self.NAME}: {error}") from error

    # -- what messages mean -------------------------------------------------------------------------------------------

    def _take_order(self, message: Logged) -> set[tuple[str, str]]:
        envelope, order = message.envelope, message.body
        decision = audience.decide(envelope, order, self._mission, self._orders)
        self._orders.keep(audience.kept(envelope, order, decision, self._orders))
        by, changed = envelope.originator, {envelope.id, *envelope.aliases}
        if envelope.status == "cancel":
            self._change(envelope.id, Change(by, by, "", message.at))
        if isinstance(order, Directive) and not order.draft:
            for ref in (*order.supersedes, *order.cancels):
                self._change(ref.id, Change(by, ref.originator, "", message.at))
            for amended in order.amends:
                self._change(amended.order.id, Change(by, amended.order.originator, envelope.id, message.at))
        changed |= {r.id for r in audience.changed(order)}
        return {(who, i) for i in self._also_called(changed) for who in self._units.get(i, ())}

    def _also_called(self, ids: set[str]) -> set[str]:
        """Return ids with every other id of the same orders."""
        found = {k for i in ids for k in self._orders.answered(i)}
        return {*ids, *(k.id for k in found), *(a for k in found for a in k.aliases)}

    def _change(self, of: str, change: Change) -> None:
        known = self._state.changes.setdefault(of, [])
        self._amended.setdefault(change.amended_by, set()).add(of)
        if (change.by, change.of, change.amended_by) not in [(c.by, c.of, c.amended_by) for c in known]:
            known.append(change)

    def _take_answer(self, message: Logged) -> set[tuple[str, str]]:
        who, answer = message.envelope.originator, message.body
        new = item(message.envelope, answer, message.at)
        if not isinstance(answer, Acknowledgement):
            self._state.withdrawn[" ".join(new.key)] = message.at
            mine = (i for i, units in self._units.items() if who in units)
            return {(who, i) for i in mine if any(said.key == new.key for said in self._refusals[who, i])}
        if answer.step == "cannot-comply":
            self._note(new)
            return {(who, answer.of.id)}
        if answer.step != "wilco":
            return set()
        name = f"{who} {answer.of.id}"
        issued, at = self._state.wilcos.pop(name, (new.issued, message.at))
        self._state.wilcos[name] = (max(issued, new.issued), max(at, message.at))
        if len(self._state.wilcos) > WILCOS:
            del self._state.wilcos[next(iter(self._state.wilcos))]
        ids = self._also_called({answer.of.id} | self._amended.get(answer.of.id, set()))
        return {(who, i) for i in ids if (who, i) in self._refusals}

    def _note(self, new: Item) -> None:
        pair = (new.key[0], _body(new).of.id)
        known = self._refusals.get(pair, [])
        first = min((new, *(i for i in known if _same(i) == _same(new))), key=lambda i: (i.issued, i.at))
        others = [i for i in known if _same(i) != _same(new)]
        self._units.setdefault(pair[1], set()).add(pair[0])
        self._refusals[pair] = sorted((*others, first), key=_age)[-MOST_OF_ONE:]

    # -- one refusal --------------------------------------------------------------------------------------------------

    def _look(self, pair: tuple[str, str]) -> Iterator[Occasion]:
        """Yield the card of a unit's refusal of an order, if it changed."""
        standing = [i for i in self._refusals[pair] if " ".join(i.key) not in self._state.withdrawn]
        occasion = self._occasion(pair, (standing or self._refusals[pair])[-1], withdrawn=not standing)
        known = self._state.said.get(occasion.id)
        if occasion != known and not (known is None and occasion.over):
            self._state.said[occasion.id] = occasion
            yield occasion

    def _ids(self, pair: tuple[str, str]) -> set[str]:
        """Return every id of the order that a unit refuses."""
        of = _body(self._refusals[pair][-1]).of
        known = self._orders.answered(of.id, 0, of.originator)
        return {of.id, *(k.id for k in known), *(a for k in known for a in k.aliases)}

    def _over(self, pair: tuple[str, str], latest: Item, issuers: Iterable[str]) -> bool:
        ids, who = self._ids(pair), pair[0]
        may = {p for issuer in issuers for p in (issuer, *self._mission.superiors(issuer))}
        changes = [c for i in ids for c in self._state.changes.get(i, ()) if c.by in may]
        if any(not c.amended_by for c in changes):
            return True
        said = (self._state.wilcos.get(f"{who} {i}") for i in {*ids, *(c.amended_by for c in changes)})
        return any(one is not None and one[0] > latest.issued for one in said)

    def _occasion(self, pair: tuple[str, str], latest: Item, *, withdrawn: bool) -> Occasion:
        who, body = pair[0], _body(latest)
        found = self._orders.answered(body.of.id, 0, body.of.originator)
        issuers = sorted({k.originator for k in found} or {body.of.originator} - {""})
        decision = audience.decide(latest.envelope, body, self._mission, self._orders)
        told = self._told(who, issuers, latest, decision)
        code = self._code(latest, decision, frozenset((*told, who)))
        args: dict[str, str | int] = {"who_unit": who, "order": body.of.id}
        above = self._mission.superiors(issuers[0])[:1] if issuers else ()
        return Occasion(
            id=_name(pair),
            kind="cannot-comply",
            severity="Severe",
            urgency="Immediate",
            text_key=SAID if code else UNSAID,
            next_key=NEXT,
            args={**args, "code": code} if code else args,
            about=who,
            parties=(who,),
            told=told,
            informed=(who,),
            scope="each",
            arbiter=next((p for p in above if p in decision.readers), ""),
            owner=next((p for p in issuers if p in told), ""),
            refers=(body.of.id,),
            only=None if decision.readers >= self._mission.by_id.keys() else tuple(sorted(decision.readers)),
            over=withdrawn or self._over(pair, latest, issuers),
        )

    def _told(self, who: str, issuers: list[str], latest: Item, decision: Decision) -> tuple[str, ...]:
        """Return the issuers, the next above each, and whom the answer was sent to; if that is nobody, who is above."""
        wanted = [p for issuer in issuers for p in (issuer, *self._mission.superiors(issuer)[:1])]
        named = [a.to for a in latest.envelope.addressees if a.role == "action"]
        report = [r.participant for r in routing.report(self._mission, who, (), tuple(decision.readers))]
        for some in ((*wanted, *named), report):
            if told := tuple(dict.fromkeys(p for p in some if p in decision.readers and p != who)):
                return told
        return ()

    def _code(self, latest: Item, decision: Decision, readers: frozenset[str]) -> str:
        """Return the code, if all of some readers may read it; what is not in the list is OTHER."""
        seen = view(latest, decision, readers)
        return known_code(_body(seen)) if seen is not None and _body(seen).code else ""

    # -- forgetting ---------------------------------------------------------------------------------------------------

    def _forget(self, now: int) -> None:
        """Forget what was over for as long as the mission keeps things; it is looked for once an hour."""
        state, keep = self._state, int(self._mission.rules.keep_s * SECOND)
        if now < state.swept_at + SWEEP:
            return
        state.swept_at = now
        for pair, items in list(self._refusals.items()):
            said = state.said.get(_name(pair))
            if items[-1].at + keep <= now and (said is None or said.over or len(self._refusals) > MOST):
                del self._refusals[pair]
                self._units[pair[1]].discard(pair[0])
                state.said.pop(_name(pair), None)
        state.withdrawn = {n: at for n, at in state.withdrawn.items() if at + keep > now}
        live = {i for pair in self._refusals for i in self._ids(pair)}
        state.wilcos = {n: w for n, w in state.wilcos.items() if w[1] + keep > now or n.partition(" ")[2] in live}
        left = {of: [c for c in cs if c.at + keep > now or of in live] for of, cs in state.changes.items()}
        state.changes = {of: changes for of, changes in left.items() if changes}


def _name(pair: tuple[str, str]) -> str:
    return opaque(f"cannot-comply {pair[0]} {pair[1]}")


def _same(of: Item) -> tuple[object, int, bytes]:
    return of.key, of.revision, of.digest


def _age(of: Item) -> tuple[int, int, bytes]:
    return of.issued, of.revision, of.digest


def _body(of: Item) -> Acknowledgement:
    body = of.body
    if not isinstance(body, Acknowledgement):
        raise TypeError(f"{of.name} is no acknowledgement")  # nothing else is kept here
    return body
