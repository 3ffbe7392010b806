"""A unit cannot comply with an order: its answer and the reason go to whoever issued the order, and to who is above.

A normal state and no error: the unit has answered in time, and somebody has to find another way. The card ends when the
order is withdrawn, cancelled or superseded by who may do so, or when the unit says wilco after all, to the order or to
an amendment of it; else a person ends it. Of what a unit said its latest word counts.

Only those who may read the answer know of the card, as release decides it (`core.audience`), and only if all who are
told may read the code does it stand there. Whatever else the answer says stays in it. An answer with a label of its own
has a card of its own, and what is said later under a label changes no card of anybody who may not read that.

Source: reference domain.md R-04, V3 of §5.3 (step 9); design §5, §7 (law 6).
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
from coordinator.core.orders.viewing import unlabelled, view
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
STRAYS: Final = 20  # refusals of one unit, of orders that nobody here knows, that become cards
WILCOS: Final = 50_000  # other answers that are held at a time; the oldest goes first


class Change(msgspec.Struct, frozen=True, array_like=True):
    """An order ends another (``amended_by`` is "") or amends it; ``of`` is whose order was meant, "" anybody's."""

    by: str
    of: str
    amended_by: str
    at: int
    to: frozenset[str] | None = None  # whom its label admits; None is everybody who knows of the refusal


class Later(msgspec.Struct, frozen=True, array_like=True):
    """A later word of a unit: when the last was issued and logged, and ``to`` as in `Change`."""

    issued: int
    at: int
    to: frozenset[str] | None = None


class State(msgspec.Struct, kw_only=True):
    """Everything that the source remembers."""

    orders: list[Kept] = []
    refusals: list[tuple[bytes, int]] = []
    wilcos: dict[str, list[Later]] = {}  # "xbl-batt FHQ-FRAGO-03-110" -> the last for each that it was for
    changes: dict[str, list[Change]] = {}  # by the id of the order that is changed
    withdrawn: dict[str, list[Later]] = {}  # answers that were taken back, "xbl-batt XBL-ACK-1"
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
        state.wilcos = dict(sorted(state.wilcos.items(), key=lambda one: _logged(one[1])))  # a snapshot sorts by name
        self._refusals: dict[tuple[str, str], list[Item]] = {}  # by the unit and the id that it answers
        self._units: dict[str, set[str]] = {}  # who refuses, by the id that is answered
        self._amended = _amended(state)  # the ids of orders that an order amends, by its id
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
        to = None if unlabelled(envelope) else decision.readers
        if envelope.status == "cancel":
            self._change(envelope.id, Change(by, by, "", message.at, to))
        if isinstance(order, Directive) and not order.draft:
            for ref in (*order.supersedes, *order.cancels):
                self._change(ref.id, Change(by, ref.originator, "", message.at, to))
            for amended in order.amends:
                self._change(amended.order.id, Change(by, amended.order.originator, envelope.id, message.at, to))
        changed |= {r.id for r in audience.changed(order)}
        return {(who, i) for i in self._also_called(changed) for who in self._units.get(i, ())}

    def _also_called(self, ids: set[str]) -> set[str]:
        """Return ids with every other id of the same orders."""
        found = {k for i in ids for k in self._orders.answered(i)}
        return {*ids, *(k.id for k in found), *(a for k in found for a in k.aliases)}

    def _change(self, of: str, change: Change) -> None:
        known = self._state.changes.setdefault(of, [])
        self._amended.setdefault(change.amended_by, set()).add(of)
        if not any(
            (c.by, c.of, c.amended_by, c.to) == (change.by, change.of, change.amended_by, change.to) for c in known
        ):
            known.append(change)

    def _take_answer(self, message: Logged) -> set[tuple[str, str]]:
        who, answer = message.envelope.originator, message.body
        new = item(message.envelope, answer, message.at)
        if not isinstance(answer, Acknowledgement):
            _later(self._state.withdrawn, " ".join(new.key), self._heard(message, new))
            return {pair for pair, said in self._refusals.items() if any(s.key == new.key for s in said)}
        if answer.step == "cannot-comply" and self._is_one_too_many(who, answer):
            return set()  # it stands on the boards of its readers; a card for each would bury all others
        if answer.step == "cannot-comply":
            return {self._note(new)}
        if answer.step != "wilco":
            return set()
        _later(self._state.wilcos, f"{who} {answer.of.id}", self._heard(message, new))
        if len(self._state.wilcos) > WILCOS:
            del self._state.wilcos[next(iter(self._state.wilcos))]
        ids = self._also_called({answer.of.id} | self._amended.get(answer.of.id, set()))
        return {(unit, i) for i in ids for unit in self._units.get(i, ()) if _who(unit) == who}

    def _is_one_too_many(self, who: str, answer: Acknowledgement) -> bool:
        """Say whether a unit refuses yet another order that nobody knows."""
        if self._orders.answered(answer.of.id) or answer.of.id in self._units:
            return False
        strays = (i for unit, i in self._refusals if _who(unit) == who and not self._orders.answered(i))
        return sum(1 for _ in strays) >= STRAYS

    def _heard(self, message: Logged, new: Item) -> Later:
        """Return when something was said, and who may know of it."""
        decision = audience.decide(message.envelope, message.body, self._mission, self._orders)
        return Later(new.issued, message.at, None if unlabelled(message.envelope) else decision.readers)

    def _note(self, new: Item) -> tuple[str, str]:
        """Keep a refusal; one with a label of its own stands apart, so that it changes nothing for anybody else."""
        label = (new.envelope.label, sorted(new.envelope.field_labels.items()))
        apart = "" if unlabelled(new.envelope) else f" {opaque(repr(label))}"
        pair = (new.key[0] + apart, _body(new).of.id)
        known = self._refusals.get(pair, [])
        first = min((new, *(i for i in known if _same(i) == _same(new))), key=lambda i: (i.issued, i.at))
        others = [i for i in known if _same(i) != _same(new)]
        self._units.setdefault(pair[1], set()).add(pair[0])
        self._refusals[pair] = sorted((*others, first), key=_age)[-MOST_OF_ONE:]
        return pair

    # -- one refusal --------------------------------------------------------------------------------------------------

    def _look(self, pair: tuple[str, str]) -> Iterator[Occasion]:
        """Yield the card of a unit's refusal of an order, if it changed."""
        standing = [i for i in self._refusals[pair] if not self._is_withdrawn(i)]
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

    def _is_withdrawn(self, refusal: Item) -> bool:
        readers = audience.decide(refusal.envelope, refusal.body, self._mission, self._orders).readers
        said = self._state.withdrawn.get(" ".join(refusal.key), ())
        return any(one.to is None or readers <= one.to for one in said)

    def _over(self, pair: tuple[str, str], latest: Item, issuers: Iterable[str], readers: frozenset[str]) -> bool:
        ids, who = self._ids(pair), _who(pair[0])
        may = {p for issuer in issuers for p in (issuer, *self._mission.superiors(issuer))}
        changes = [
            c for i in ids for c in self._state.changes.get(i, ()) if c.by in may and (c.to is None or readers <= c.to)
        ]
        if any(not c.amended_by for c in changes):
            return True
        said = (
            one for i in {*ids, *(c.amended_by for c in changes)} for one in self._state.wilcos.get(f"{who} {i}", ())
        )
        return any(one.issued > latest.issued and (one.to is None or readers <= one.to) for one in said)

    def _occasion(self, pair: tuple[str, str], latest: Item, *, withdrawn: bool) -> Occasion:
        who, body = _who(pair[0]), _body(latest)
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
            over=withdrawn or self._over(pair, latest, issuers, decision.readers),
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
                if not self._units[pair[1]]:
                    del self._units[pair[1]]
                state.said.pop(_name(pair), None)
        state.withdrawn = {n: said for n, said in state.withdrawn.items() if _logged(said) + keep > now}
        live = {i for pair in self._refusals for i in self._ids(pair)}
        state.wilcos = {
            n: said for n, said in state.wilcos.items() if _logged(said) + keep > now or n.partition(" ")[2] in live
        }
        left = {of: [c for c in cs if c.at + keep > now or of in live] for of, cs in state.changes.items()}
        state.changes = {of: changes for of, changes in left.items() if changes}
        self._amended = _amended(state)


def _amended(state: State) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for of, changes in state.changes.items():
        for change in changes:
            found.setdefault(change.amended_by, set()).add(of)
    return found


def _later(known: dict[str, list[Later]], name: str, new: Later) -> None:
    """Note a later word; for each audience the last one counts. What was said last stands last."""
    said = known.pop(name, [])
    same = [one for one in said if one.to == new.to]
    last = Later(max(one.issued for one in (*same, new)), max(one.at for one in (*same, new)), new.to)
    known[name] = [*(one for one in said if one.to != new.to), last][-MOST_OF_ONE:]


def _logged(said: Iterable[Later]) -> int:
    return max(one.at for one in said)


def _who(unit: str) -> str:
    """Return the participant of a refusal; what stands apart has more behind a blank."""
    return unit.partition(" ")[0]


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
