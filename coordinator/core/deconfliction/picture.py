"""Everything that is known, and every finding that follows: a pure function of ledger, mission and time.

Work is done in cases: one order alone, or two together. When a message arrives only the cases that it can touch are
judged again; judging all of them gives the same. Source: reference deconfliction.md §2.4 (insert = re-query and diff).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Final

import numpy as np

from coordinator.core.deconfliction.active import Version, versions
from coordinator.core.deconfliction.bonds import Bonds, ties
from coordinator.core.deconfliction.geometry import widen
from coordinator.core.deconfliction.index import Index
from coordinator.core.deconfliction.judging import Judge, Ruling
from coordinator.core.deconfliction.ledger import Key, Ledger
from coordinator.core.deconfliction.reading import Reading, reading
from coordinator.core.deconfliction.sections import Rating, Use, named, ratings, uses
from coordinator.core.deconfliction.setting import Setting, Spot
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.windows import FAR, micros
from schemas.notices import RouteState

Case = tuple[Key, ...]
"""One or two orders, sorted."""
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
        self._readings: dict[tuple[str, ...], Reading | None] = {}
        self._partners: defaultdict[Key, set[Key]] = defaultdict(set)
        self._users: defaultdict[str, set[Key]] = defaultdict(set)
        self._using: dict[Key, frozenset[str]] = {}
        self._ratings: dict[str, tuple[Rating, ...]] = {}
        self._spots: dict[str, Spot] = dict(setting.spots)
        self._judge = Judge(ledger, setting, self.passings)

    def update(self, keys: Iterable[Key]) -> set[Case]:
        """Read some orders again; return every case that they are or were part of."""
        touched = sorted(set(keys))
        for key in touched:
            self._read(key)
        cases: set[Case] = set()
        for key in touched:
            cases.add((key,))
            cases |= {self._pair(key, other) for other in self._partners[key] | self._near(key)}
        return cases

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
            if len(case) == 2:
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
        self.sides[key] = sides
        readings = [s.reading for s in sides if s.reading is not None and s.reading.parts]
        boxes, times = [r.boxes for r in readings], [r.times for r in readings]
        self._index.put(key, np.concatenate([NO_BOXES, *boxes]), np.concatenate([NO_TIMES, *times]))
        self._use(key, frozenset(name for r in readings for name in self.passings(r)))
        held = [s for s in sides if s.reading is not None]
        extents = [s.reading.extent for s in held if s.reading is not None]
        start, end = min((e.se for e in extents), default=0), max((e.el for e in extents), default=0)
        self.bonds.put(key, (ties(s, self.setting) for s in held), start, end)

    def _forget(self, key: Key) -> None:
        """Forget an order that is not in the set any more (after a dry run)."""
        self.sides.pop(key, None)
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
        return (found | self.bonds.near(key)) - {key}

    def _pair(self, a: Key, b: Key) -> Case:
        return (a, b) if a < b else (b, a)

    def _join(self, case: Case, together: bool) -> None:
        a, b = case
        act: Callable[[set[Key], Key], None] = set.add if together else set.discard
        act(self._partners[a], b)
        act(self._partners[b], a)

    def _ruled(self, case: Case, now: int) -> tuple[Ruling, ...]:
        sides = [self.sides.get(k, ()) for k in case]
        if not all(sides):
            return ()
        if len(case) == 1:
            return tuple(self._judge.alone(sides[0], self.sides, now))
        return tuple(self._judge.together(sides[0], sides[1], now))

    def everything(self) -> Iterator[Case]:
        """Yield every case there is, index or not: brute force, for tests and for shadow checks."""
        keys = sorted(self.sides)
        yield from ((k,) for k in keys)
        yield from ((a, b) for a, b in product(keys, keys) if a < b)
