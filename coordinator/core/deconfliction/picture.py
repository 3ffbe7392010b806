"""Everything that is known, and every finding that follows: a pure function of ledger, mission and time.

Work is done in cases: one order alone, two together, or one among those who want the same asset. When a message arrives
only the cases that it can touch are judged again; judging all of them gives the same, and so does `build`, which reads
everything at once. Source: reference deconfliction.md §2.4 (insert = re-query and diff).
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, product
from typing import Final

import numpy as np

from coordinator.core.deconfliction.bonds import Asks, Bonds
from coordinator.core.deconfliction.bulk import Gathered, widened
from coordinator.core.deconfliction.geometry import Box
from coordinator.core.deconfliction.grouping import Group
from coordinator.core.deconfliction.holdings import GROUP, Holdings, pool_of
from coordinator.core.deconfliction.index import Index, Query
from coordinator.core.deconfliction.judging import Judge, Passings, Ruling
from coordinator.core.deconfliction.ledger import Key, Ledger
from coordinator.core.deconfliction.limits import Limits
from coordinator.core.deconfliction.marks import Marks, Reach
from coordinator.core.deconfliction.posts import manned
from coordinator.core.deconfliction.reading import Reading, reading
from coordinator.core.deconfliction.register import Register, Ticket
from coordinator.core.deconfliction.roll import Roll, Sides
from coordinator.core.deconfliction.rulings import Case, Packed, Rulings, pack, unpack
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.ties import Tied, tied
from coordinator.core.deconfliction.users import Users
from coordinator.core.deconfliction.windows import FAR, micros
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Reference
from schemas.findings import Finding
from schemas.notices import RouteState
from schemas.operations import Whereabouts

Journal = dict[Case, tuple[Packed, ...]]
"""What stood before a dry run, by case."""
_ANY_TIME: Final = np.array([(-FAR, FAR)], dtype=np.int64)


class Picture:
    """The derived state. `update` says what to judge again, `judge` does, `due` says when time changes something."""

    def __init__(self, ledger: Ledger, setting: Setting) -> None:
        self.ledger = ledger
        self.setting = setting
        self.sides = Roll(ledger, setting)
        self.rulings = Rulings()
        self.register = Register()
        self.index = Index(self.register)
        self.bonds = Bonds(self.register)
        self.holdings = Holdings(setting)
        self.users = Users(ledger, setting)
        self._marks = Marks(setting)
        self.limits = Limits(self.register, setting.rules.capacity_orders)
        self.step = micros(setting.rules.shift_step_s) or 1  # in which other times are looked for
        self._groups: set[Case] = set()  # that `_read` has touched
        self._partners: dict[Key, tuple[Key, ...]] = {}
        self._judge = Judge(ledger, setting, self.users.passings, self.bonds.tagged)

    @property
    def where(self) -> Mapping[str, Case]:
        """The case that a finding belongs to."""
        return self.rulings.where

    def at(self, now: int) -> "Picture":
        """Let time go on; orders that are over are compared no more."""
        self.register.now = max(self.register.now, now)
        return self

    def update(self, keys: Iterable[Key]) -> set[Case]:
        """Read some orders again; return every case that they are or were part of."""
        touched = sorted(k for k in set(keys) if k[0] != GROUP)
        stirred = self._stirred(touched)
        ties = {key: self._read(key) for key in touched}
        touched = [*touched, *sorted(self.limits.renew() - {*touched})]
        cases, self._groups = self._groups, set()
        cases |= {(k,) for k in stirred | self._stirred(touched)}
        for key in touched:
            cases.add((key,))
            others = {*self._partners.get(key, ()), *self.near(key, ties.get(key))}
            cases |= {pair(key, other) for other in others}
        return cases

    def build(self, now: int) -> Iterator[list[Case]]:
        """Read and judge everything, block by block; yield the cases that were judged."""
        self.register.now = now
        rows, asks, later = Gathered(), Asks(), list[Key]()
        needing: list[Case] = []
        many = len(self.ledger.acts) > self.setting.rules.capacity_orders
        for key in sorted(self.ledger.acts):
            of = self._read(key, rows)
            needing += [pair(key, k) for k in sorted(self._needed(key) - {key})]
            if of is not None:
                asks.add(of.ties.meets, self.register.number(key), of.ties.slack)
            if many or (of is not None and of.ties.stirs):
                later.append(key)  # it looks at others that have a tag: they must all be there
            else:
                yield self._judged([(key,)], now)
        self.index.fill(rows.rows())
        self.bonds.settle()
        self.limits.renew()
        self._groups = set()
        yield self._judged([*((k,) for k in later), *sorted(self.holdings.cases())], now)
        yield from self._judged_together(rows, asks, needing, now)

    def _judged_together(self, rows: Gathered, asks: Asks, others: list[Case], now: int) -> Iterator[list[Case]]:
        """Judge every two orders that something brings together; yield the cases."""
        key = self.register.key
        seen: set[Case] = set()
        for block in chain(rows.pairs(), self.bonds.pairs(asks)):
            cases = [pair(key(a), key(b)) for a, b in block.tolist()]
            seen |= set(cases)
            yield self._judged(cases, now)
        others += ((k, other) for k in self.users.using() for other in self.users.near(k) if k < other)
        yield self._judged(sorted({*others} - seen), now)

    def judge(self, cases: Iterable[Case], now: int, journal: Journal | None = None) -> set[str]:
        """Judge cases; return the findings that they have or had. A journal takes what stood there before."""
        self.at(now)
        changed: set[str] = set()
        for case in sorted(set(cases)):
            rulings = tuple(map(pack, self._ruled(case, now)))
            before = self._put(case, rulings)
            changed |= {r[0] for r in (*before, *rulings)}
            if journal is not None:
                journal.setdefault(case, before)
        return changed

    def revert(self, keys: Iterable[Key], journal: Journal) -> None:
        """Become what was before a dry run: read orders again as the ledger has them, put rulings back."""
        for key in sorted(k for k in set(keys) if k[0] != GROUP):
            self._read(key)
        self.limits.renew()
        self._groups = set()
        for case, before in journal.items():
            self._put(case, before)

    def put_back(self, case: Case, rulings: tuple[Ruling, ...]) -> None:
        """Take rulings as they stood, as long as nobody has judged the case again."""
        self._put(case, tuple(map(pack, rulings)))

    def watching(self, body: Message) -> set[Case]:
        """Return the cases that a unit's whereabouts may change: each order by itself that has somebody be there."""
        return {(k,) for k in self.bonds.tagged(manned(body.place))} if isinstance(body, Whereabouts) else set()

    def due(self, case: Case, now: int) -> int | None:
        """Return when time alone changes a case next, or None."""
        times = [due for _, _, due, _, _ in self.rulings.packed(case) if due is not None]
        sides = self.sides.of(case[0]) if len(case) == 1 else ()
        if sides and (pending := self._judge.pending(sides, now)) is not None:
            times.append(pending)
        return min(times, default=None)

    def found(self, finding: str) -> Ruling | None:
        """Return how a finding stands, or None if nothing gives rise to it."""
        packed = self.rulings.found(finding)
        return unpack(packed) if packed else None

    def rate_all(self) -> None:
        """Take note of every section that was ever rated."""
        for key, thread in sorted(self.ledger.threads["route-state"].items()):
            for state in sorted(thread.items.values(), key=lambda i: (key, i.revision, i.digest)):
                if isinstance(state.body, RouteState):
                    self.rate(state.body)

    def rate(self, state: RouteState) -> set[Key]:
        """Take note that a section was rated anew; return the orders that may use it."""
        spot = self.users.rate(state)
        if spot is None:
            return set()
        return self.index.near(Query(np.array([spot.shape.box]), _ANY_TIME)) | self.users.of(spot.section.name)

    def around(self, box: Box, start: int, end: int) -> set[Key]:
        """Return the orders that may be in a box (degrees) at some time between two instants: a superset."""
        return self.index.near(Query(np.array([box]), np.array([(start, end)], dtype=np.int64)))

    def near(self, key: Key, of: Tied | None = None) -> set[Key]:
        """Return every order that may meet one, over all its versions: a superset."""
        found = {k for query in self.queries(key) for k in self.index.near(query)}
        found |= self.users.near(key) | self.bonds.near(of or self._tied(key)) | self._needed(key)
        return found - {key}

    def _needed(self, key: Key) -> set[Key]:
        """Return the tasks that an order hangs on; whoever hangs on this one is read again with it (`affected`)."""
        bodies = [s.version.body for s in self.sides.of(key)]
        tasks = {d.task for b in bodies if isinstance(b, Directive) for d in b.dependencies}
        return {k for task in tasks for k in self.ledger.resolve(Reference(id=task))}

    def neighbours(self, key: Key, shift: int) -> set[Key]:
        """Return every order that may meet one if that is moved in time by up to so many microseconds: a superset.

        Drafts of others are left out.
        """
        of = self._tied(key)
        moved = of._replace(start=of.start - shift, end=of.end + shift)
        found = {k for query in self.queries(key, shift) for k in self.index.near(query)}
        found |= self.users.near(key) | self.bonds.near(moved) | self._needed(key)
        return {k for k in found if k != key and not self._hidden(k, key)}

    @property
    def passings(self) -> Passings:
        """What returns the sections that vehicles of a reading use, when, and how each was rated."""
        return self.users.passings

    def queries(self, key: Key, shift: int = 0) -> Iterator[Query]:
        """Yield what the index is asked for one order: its parts, grown by what the rows of the matrix ask for."""
        for side in self.sides.of(key):
            if side.reading is not None and side.reading.parts:
                reach = self._marks.reach(side.reading.classes)
                yield _grown(side.reading, reach._replace(gap=reach.gap + shift))

    def everything(self) -> Iterator[Case]:
        """Yield every case there is, index or not: brute force, for tests and for shadow checks."""
        keys = sorted(self.sides)
        yield from ((k,) for k in keys)
        yield from ((a, b) for a, b in product(keys, keys) if a < b)
        yield from self.holdings.cases()

    # -- what if --------------------------------------------------------------------------------------------------

    def trial(self, key: Key, body: Message, now: int) -> tuple[dict[str, Finding], dict[str, Finding]]:
        """Return the findings in force that an order is part of, and those it would be part of with another body.

        The other body counts as if it had stood in the version in force: same revisions, same answers. Drafts of
        others do not count. Nothing is kept. Source: reference deconfliction.md §2.3, standing rule 1.
        """
        sides = self.sides[key]
        last = sides[-1]
        tried = last._replace(version=last.version._replace(body=body), reading=reading(body, self.setting))
        cases = self._about(key)
        before = self._present(r for case in cases for r in self.rulings.get(case))
        with self._instead(key, sides, (*sides[:-1], tried)) as groups:
            cases |= groups | self._about(key)
            return before, self._present(r for case in cases for r in self._ruled(case, now))

    @contextmanager
    def _instead(self, key: Key, sides: Sides, others: Sides) -> Iterator[set[Case]]:
        """Let an order have other versions; the index keeps the rows that it has."""
        ticket = self.register.ticket(key)
        self.sides.instead[key] = others
        try:
            self.bonds.put(key, ticket, tied(others, self.setting))
            yield self._lay(key, others)
        finally:
            del self.sides.instead[key]
            self.bonds.take_back(key, tied(sides, self.setting))
            self._lay(key, sides)

    def _about(self, key: Key) -> set[Case]:
        """Return the cases of an order as it is known now, those of others' drafts left out."""
        hang_on = self.ledger.citing.get(key[1], set()) & self.ledger.acts.keys()
        known = {*self._partners.get(key, ()), *self.near(key), *hang_on} - {key}
        near = {k for k in known if not self._hidden(k, key)}
        alone = {(k,) for k in {key, *self._stirred([key])}}
        return alone | {pair(key, k) for k in near} | self.holdings.touching(key)

    def _hidden(self, key: Key, of: Key) -> bool:
        sides = self.sides.of(key)
        return bool(sides) and sides[-1].draft and key[0] != of[0]

    def _present(self, rulings: Iterable[Ruling]) -> dict[str, Finding]:
        return {r.finding.id: r.finding for r in rulings if r.finding.state in ("open", "acknowledged", "waived")}

    def rule(self, case: Case, now: int) -> tuple[Packed, ...]:
        """Return what holds for a case, without keeping it."""
        return tuple(map(pack, self._ruled(case, now)))

    # -- inside ---------------------------------------------------------------------------------------------------

    def _judged(self, cases: list[Case], now: int) -> list[Case]:
        for case in cases:
            self._put(case, tuple(map(pack, self._ruled(case, now))))
        return cases

    def _put(self, case: Case, rulings: tuple[Packed, ...]) -> tuple[Packed, ...]:
        before = self.rulings.put(case, rulings)
        if len(case) == 2 and case[0][0] != GROUP and bool(before) != bool(rulings):
            for one, other in (case, case[::-1]):
                rest = tuple(k for k in self._partners.pop(one, ()) if k != other)
                if rest or rulings:
                    self._partners[one] = (*rest, other) if rulings else rest
        return before

    def _stirred(self, touched: Iterable[Key]) -> set[Key]:
        """Return the orders that are to be judged again by themselves because of others, as these are known now."""
        return {k for key in touched for k in self.bonds.stirred(key, self.ledger.seen)}

    def _read(self, key: Key, rows: Gathered | None = None) -> Tied | None:
        """Read an order again; its rows go into the index, or where many of them are gathered."""
        sides = self.sides.read(key)
        self._groups |= self._lay(key, sides)
        if not sides:
            self.register.drop(key)
            self.bonds.drop(key)
            return None
        ticket = self.register.renew(key, self._judge.end(sides), sides[0].version.item.issued)
        self._index(ticket, _placed(sides), rows)
        of = tied(sides, self.setting)
        (self.bonds.put if rows is None else self.bonds.gather)(key, ticket, of)
        return of

    def _lay(self, key: Key, sides: Sides) -> set[Case]:
        """Note which sections and assets an order uses; return the groups to judge again."""
        self.users.put(key, _placed(sides))
        return self.holdings.put(key, sides)

    def _index(self, ticket: Ticket, readings: list[Reading], rows: Gathered | None) -> None:
        for r in readings:
            marks = self._marks.of(r.classes)
            if rows is not None:
                rows.add(ticket, [(p.shape.box, p.span) for p in r.parts], marks, self._marks.reach(r.classes))
            else:
                self.index.put(ticket, r.boxes, r.times, marks)

    def _tied(self, key: Key) -> Tied:
        return tied(self.sides.of(key), self.setting)

    def _ruled(self, case: Case, now: int) -> Iterator[Ruling]:
        if case[0][0] == GROUP:
            group = Group(self.ledger, self.setting, self.holdings, self.sides, pool_of(case[0]), case[1])
            yield from self._judge.crowd(group.verdicts(), self.sides, now)
            return
        sides = [self.sides.of(k) for k in case]
        if not all(sides):
            return
        if not self.limits.beyond.isdisjoint(case):
            yield from self._judge.beyond(sides[0], now) if len(case) == 1 else ()
            return
        if len(case) == 1:
            yield from self._judge.alone(sides[0], self.sides, now)
        else:
            yield from self._judge.together(sides[0], sides[1], now)


def _placed(sides: Sides) -> list[Reading]:
    """Return the readings that occupy something."""
    return [s.reading for s in sides if s.reading is not None and s.reading.parts]


def pair(a: Key, b: Key) -> Case:
    """Return the case of two orders."""
    return (a, b) if a < b else (b, a)


def _grown(of: Reading, reach: Reach) -> Query:
    """Return what meets a reading: its boxes and times, grown by a reach."""
    grown = np.array([(-reach.gap, reach.gap)], dtype=np.int64)
    return Query(widened(of.boxes, reach.metres), of.times + grown, reach.marks)
