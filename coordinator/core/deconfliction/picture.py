"""Everything that is known, and every finding that follows: a pure function of ledger, mission and time.

Work is done in cases: one order alone, two together, or one among those who want the same asset. When a message arrives
only the cases that it can touch are judged again; judging all of them gives the same. Source: reference
deconfliction.md §2.4 (insert = re-query and diff).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Final

import numpy as np

from coordinator.core.deconfliction.active import Version, versions
from coordinator.core.deconfliction.bonds import Bonds, ties
from coordinator.core.deconfliction.geometry import Box, widen
from coordinator.core.deconfliction.grouping import Group
from coordinator.core.deconfliction.holdings import GROUP, Holdings, pool_of
from coordinator.core.deconfliction.index import Index
from coordinator.core.deconfliction.judging import Judge, Ruling
from coordinator.core.deconfliction.ledger import Key, Ledger
from coordinator.core.deconfliction.posts import manned
from coordinator.core.deconfliction.reading import Reading, reading
from coordinator.core.deconfliction.sections import Rating, Use, named, ratings, uses
from coordinator.core.deconfliction.setting import Setting, Spot
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.windows import FAR, micros
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Reference
from schemas.findings import Finding
from schemas.notices import RouteState
from schemas.operations import Whereabouts

Case = tuple[Key, ...]
"""One or two orders, sorted; or the marker of a group (`holdings`) and the order that it is about."""
NO_BOXES: Final = np.empty((0, 4))
NO_TIMES: Final = np.empty((0, 2), dtype=np.int64)


class Picture:
    """The derived state. `update` judges what changed, `due` says when time alone changes something."""

    def __init__(self, ledger: Ledger, setting: Setting) -> None:
        self.ledger = ledger
        self.setting = setting
        self.sides: dict[Key, tuple[Side, ...]] = {}
        self.rulings: dict[Case, tuple[Ruling, ...]] = {}
        self.where: dict[str, Case] = {}  # finding -> the case it belongs to
        self._index: Index[Key] = Index()
        self.bonds = Bonds()
        self.holdings = Holdings(setting)
        self._groups: set[Case] = set()  # that `_read` has touched
        self._readings: dict[tuple[bytes, ...], Reading | None] = {}
        self._partners: defaultdict[Key, set[Key]] = defaultdict(set)
        self._users: defaultdict[str, set[Key]] = defaultdict(set)
        self._using: dict[Key, frozenset[str]] = {}
        self._ratings: dict[str, tuple[Rating, ...]] = {}
        self._spots: dict[str, Spot] = dict(setting.spots)
        self._judge = Judge(ledger, setting, self.passings, self.bonds.tagged)

    def update(self, keys: Iterable[Key]) -> set[Case]:
        """Read some orders again; return every case that they are or were part of."""
        touched = sorted(k for k in set(keys) if k[0] != GROUP)
        stirred = self._stirred(touched)
        for key in touched:
            self._read(key)
        cases, self._groups = self._groups, set()
        cases |= {(k,) for k in stirred | self._stirred(touched)}
        for key in touched:
            cases.add((key,))
            cases |= {self._pair(key, other) for other in self._partners[key] | self._near(key)}
        return cases

    def _stirred(self, touched: Iterable[Key]) -> set[Key]:
        """Return the orders that are to be judged again by themselves because of others, as these are known now."""
        return {k for key in touched for k in self.bonds.stirred(key, self.ledger.seen)}

    def watching(self, body: Message) -> set[Case]:
        """Return the cases that a unit's whereabouts may change: each order by itself that has somebody be there."""
        return {(k,) for k in self.bonds.tagged(manned(body.place))} if isinstance(body, Whereabouts) else set()

    def judge(self, cases: Iterable[Case], now: int) -> set[str]:
        """Judge cases; return the findings that they have or had."""
        changed: set[str] = set()
        for case in sorted(set(cases)):
            before = {r.finding.id for r in self.rulings.pop(case, ())}
            for gone in before:
                self.where.pop(gone, None)
            rulings = self._ruled(case, now)
            if rulings:
                self.rulings[case] = rulings
            if len(case) == 2 and case[0][0] != GROUP:
                self._join(case, bool(rulings))
            changed |= before | {r.finding.id for r in rulings}
            self.where |= {r.finding.id: case for r in rulings}
        return changed

    def due(self, case: Case, now: int) -> int | None:
        """Return when time alone changes a case next, or None."""
        times = [r.due for r in self.rulings.get(case, ()) if r.due is not None]
        sides = self.sides.get(case[0], ())
        if len(case) == 1 and sides and (pending := self._judge.pending(sides, now)) is not None:
            times.append(pending)
        return min(times, default=None)

    def found(self, finding: str) -> Ruling | None:
        """Return how a finding stands, or None if nothing gives rise to it."""
        rulings = self.rulings.get(self.where.get(finding, ()), ())
        return next((r for r in rulings if r.finding.id == finding), None)

    def rate_all(self) -> None:
        """Take note of every section that was ever rated."""
        for key, thread in sorted(self.ledger.threads["route-state"].items()):
            for state in sorted(thread.items.values(), key=lambda i: (key, i.revision, i.digest)):
                if isinstance(state.body, RouteState):
                    self.rate(state.body)

    def rate(self, state: RouteState) -> set[Key]:
        """Take note that a section was rated anew; return the orders that may use it."""
        spot = named(state, self.setting)
        if spot is None:
            return set()
        name = spot.section.name
        self._spots.setdefault(name.casefold(), spot)
        self._ratings.pop(name, None)
        times = np.array([(-FAR, FAR)], dtype=np.int64)
        return self._index.near(np.array([spot.shape.box]), times) | self._users[name]

    def around(self, box: Box, start: int, end: int) -> set[Key]:
        """Return the orders that may be in a box (degrees) at some time between two instants: a superset."""
        return self._index.near(np.array([box]), np.array([(start, end)], dtype=np.int64))

    def passings(self, of: Reading) -> dict[str, tuple[Spot, tuple[Use, ...], tuple[Rating, ...]]]:
        """Return the sections that vehicles of a reading use, when, and how each was rated."""
        if not of.vehicles or not of.parts:
            return {}
        found = {}
        for spot in self._spots.values():
            name = spot.section.name
            if name not in of.uses:
                of.uses[name] = uses(of, spot)
            if of.uses[name]:
                found[name] = (spot, of.uses[name], self._rated(spot))
        return found

    def _rated(self, spot: Spot) -> tuple[Rating, ...]:
        name = spot.section.name
        if name not in self._ratings:
            self._ratings[name] = ratings(self.ledger, spot)
        return self._ratings[name]

    def _read(self, key: Key) -> None:
        made = versions(self.ledger, key, self.setting)
        if not made:
            self._forget(key)
            return
        ends = [*(v.since for v in made[1:]), FAR]
        sides = tuple(Side(v, self._reading(v), end) for v, end in zip(made, ends, strict=True))
        self._groups |= self._lay(key, sides)
        readings = [s.reading for s in sides if s.reading is not None and s.reading.parts]
        boxes, times = [r.boxes for r in readings], [r.times for r in readings]
        self._index.put(key, np.concatenate([NO_BOXES, *boxes]), np.concatenate([NO_TIMES, *times]))

    def _lay(self, key: Key, sides: tuple[Side, ...]) -> set[Case]:
        """Note what an order is and shares, everywhere but in the index; return the groups to judge again."""
        self.sides[key] = sides
        held = [s for s in sides if s.reading is not None]
        readings = [s.reading for s in held if s.reading is not None]
        self._use(key, frozenset(name for r in readings if r.parts for name in self.passings(r)))
        extents = [e for r in readings for e in (r.extent, *r.spans)]
        start, end = min((e.se for e in extents), default=0), max((e.el for e in extents), default=0)
        self.bonds.put(key, (ties(s, self.setting) for s in held), start, end)
        return self.holdings.put(key, sides)

    def _forget(self, key: Key) -> None:
        """Forget an order that is not in the set any more (after a dry run)."""
        self.sides.pop(key, None)
        self._groups |= self.holdings.put(key, ())
        self._index.drop(key)
        self.bonds.drop(key)
        self._use(key, frozenset())

    def _use(self, key: Key, used: frozenset[str]) -> None:
        for name in self._using.get(key, frozenset()) - used:
            self._users[name].discard(key)
        for name in used:
            self._users[name].add(key)
        self._using[key] = used

    def _reading(self, version: Version) -> Reading | None:
        if version.body is None:
            return None
        if version.stamp not in self._readings:
            self._readings[version.stamp] = reading(version.body, self.setting)
        return self._readings[version.stamp]

    def _near(self, key: Key) -> set[Key]:
        """Return every order that may meet one, over all its versions: a superset."""
        found: set[Key] = set()
        gap = micros(self.setting.longest_gap_s)
        for side in self.sides.get(key, ()):
            if side.reading is None or not side.reading.parts:
                continue
            boxes = side.reading.boxes
            hull = (boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max())
            wide = np.array([widen(tuple(map(float, hull)), self.setting.widest_m)])  # type: ignore[arg-type]
            times = side.reading.times
            span = np.array([(times[:, 0].min() - gap, times[:, 1].max() + gap)], dtype=np.int64)
            found |= self._index.near(wide, span)
        for name in self._using.get(key, ()):
            if any(r.lanes == 1 or r.headway_s for r in self._rated(self._spots[name.casefold()])):
                found |= self._users[name]
        return (found | self.bonds.near(key) | self._needed(key)) - {key}

    def _needed(self, key: Key) -> set[Key]:
        """Return the tasks that an order hangs on; whoever hangs on this one is read again with it (`affected`)."""
        bodies = [s.version.body for s in self.sides.get(key, ())]
        tasks = {d.task for b in bodies if isinstance(b, Directive) for d in b.dependencies}
        return {k for task in tasks for k in self.ledger.resolve(Reference(id=task))}

    def _pair(self, a: Key, b: Key) -> Case:
        return (a, b) if a < b else (b, a)

    def _join(self, case: Case, together: bool) -> None:
        a, b = case
        act: Callable[[set[Key], Key], None] = set.add if together else set.discard
        act(self._partners[a], b)
        act(self._partners[b], a)

    def _ruled(self, case: Case, now: int) -> tuple[Ruling, ...]:
        if case[0][0] == GROUP:
            group = Group(self.ledger, self.setting, self.holdings, self.sides, pool_of(case[0]), case[1])
            return tuple(self._judge.crowd(group.verdicts(), self.sides, now))
        sides = [self.sides.get(k, ()) for k in case]
        if not all(sides):
            return ()
        if len(case) == 1:
            return tuple(self._judge.alone(sides[0], self.sides, now))
        return tuple(self._judge.together(sides[0], sides[1], now))

    # -- what if ------------------------------------------------------------------------------------------------------

    def trial(self, key: Key, body: Message, now: int) -> tuple[dict[str, Finding], dict[str, Finding]]:
        """Return the findings in force that an order is part of, and those it would be part of with another body.

        The other body counts as if it had stood in the version in force: same revisions, same answers. Drafts of
        others do not count. Nothing is kept. Source: reference deconfliction.md §2.3, standing rule 1.
        """
        sides = self.sides[key]
        last = sides[-1]
        made = reading(body, self.setting)
        tried = last._replace(version=last.version._replace(body=body), reading=made)
        cases = self._about(key)
        before = self._present(cases, self.rulings.get)
        try:
            cases |= self._lay(key, (*sides[:-1], tried)) | self._about(key)
            return before, self._present(cases, lambda case, _: self._ruled(case, now))
        finally:
            self._lay(key, sides)

    def _about(self, key: Key) -> set[Case]:
        """Return the cases of an order as it is known now, those of others' drafts left out."""
        near = {k for k in self._partners[key] | self._near(key) if not self._hidden(k, key)}
        alone = {(k,) for k in {key, *self._stirred([key])}}
        return alone | {self._pair(key, k) for k in near} | self.holdings.touching(key)

    def _hidden(self, key: Key, of: Key) -> bool:
        sides = self.sides.get(key, ())
        return bool(sides) and sides[-1].draft and key[0] != of[0]

    def _present(
        self, cases: Iterable[Case], ruled: Callable[[Case, tuple[Ruling, ...]], Iterable[Ruling]]
    ) -> dict[str, Finding]:
        found = (r.finding for case in sorted(cases) for r in ruled(case, ()))
        return {f.id: f for f in found if f.state in ("open", "acknowledged", "waived")}

    def everything(self) -> Iterator[Case]:
        """Yield every case there is, index or not: brute force, for tests and for shadow checks."""
        keys = sorted(self.sides)
        yield from ((k,) for k in keys)
        yield from ((a, b) for a, b in product(keys, keys) if a < b)
        yield from self.holdings.cases()
