"""What orders claim of one asset, in columns: who is near whom in time, and how much of it is wanted there.

One more claim among ten thousand costs a few passes over columns. Amounts are kept in steps that fit 64 bits, claims
rounded up and the capacity down: so "could be too much" is never said too late. Source: reference deconfliction.md
§3.7 (dicts and sorted lists for assets).
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.windows import FAR

Flags = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]

_STEPS: Final = 1 << 40
"""An amount is at most this many steps and one: a million of them still add up within 64 bits."""


class Claim(NamedTuple):
    """What one order wants over all its versions: from the first start to the last end with turnaround."""

    start: int
    end: int
    amount: int
    issued: bool
    drafter: str  # its issuer, if some version is a draft


class Change(NamedTuple):
    """What a claim that came, went or changed does to those near it."""

    small: list[Key]  # not swamped (now)
    flipped: list[Key]  # swamped, or not any more, or now that it could be too much


class Claims:
    """Claims on one asset, with how many others count for each and how much these want."""

    def __init__(self, capacity: int, most: int) -> None:
        """``capacity`` in the unit of amounts; more than ``most`` others are too many."""
        self._step = max(1, capacity // _STEPS)
        self._capacity = max(0, capacity) // self._step
        self._most = most
        self._keys: list[Key] = []
        self._rows: dict[Key, int] = {}
        self._codes: dict[str, int] = {"": 0}
        self._table = np.zeros((7, 16), dtype=np.int64)
        self.of: dict[Key, Claim] = {}

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def put(self, key: Key, new: Claim | None) -> Change:
        """Put a claim in the place of an order's old one, or take that out."""
        old = self.of.get(key)
        apart = self._others(key)
        near = apart & ((self._near(old) if old else False) | (self._near(new) if new else False))
        if old == new:
            return Change(self._chosen(near & ~self._swamped), [])
        before = self._level()
        for claim, times in ((old, -1), (new, 1)):
            if claim is not None:
                self._count(claim, apart, times)
        changed = near & (self._level() != before)
        small = near & ~self._swamped
        found = Change(self._chosen(small), self._chosen(changed))
        self._drop(key)
        if new is not None:
            self._add(key, new)
        return found

    def near(self, key: Key) -> list[Key]:
        """Return the others that count for an order."""
        own = self.of[key]
        return self._chosen(self._others(key) & self._near(own) & self._counting(own))

    def around(self, key: Key) -> list[Key]:
        """Return every order near one that is not swamped, whether it counts or not."""
        return self._chosen(self._others(key) & self._near(self.of[key]) & ~self._swamped)

    def level(self, key: Key) -> tuple[bool, bool]:
        """Return whether an order is swamped, and if so whether it could all be too much."""
        level = int(self._level()[self._rows[key]])
        return level > 0, level > 1

    # -- columns --------------------------------------------------------------------------------------------------

    @property
    def _columns(self) -> Numbers:
        """First to last: start, end, amount, whether issued, drafter, others, amount of these."""
        return self._table[:, : len(self._keys)]

    @property
    def _swamped(self) -> Flags:
        found: Flags = self._columns[5] > self._most
        return found

    def _level(self) -> Numbers:
        c = self._columns
        over = self._swamped & (c[6] + c[2] > self._capacity)
        found: Numbers = self._swamped.astype(np.int64) + over
        return found

    def _near(self, claim: Claim) -> Flags:
        c = self._columns
        found: Flags = (c[0] < _bounded(claim.end)) & (_bounded(claim.start) < c[1])
        return found

    def _counting(self, of: Claim) -> Flags:
        """Say which claims count for one."""
        c = self._columns
        own = self._code(of.drafter)
        found: Flags = (c[3] > 0) | ((c[4] == own) & (own > 0))
        return found

    def _counted_by(self, claim: Claim) -> Flags:
        """Say for which claims one counts."""
        own = self._code(claim.drafter)
        found: Flags = (self._columns[4] == own) & (own > 0)
        return np.ones_like(found) if claim.issued else found

    def _count(self, claim: Claim, apart: Flags, times: int) -> None:
        rows = apart & self._near(claim) & self._counted_by(claim)
        self._columns[5][rows] += times
        self._columns[6][rows] += times * self._steps(claim.amount)

    def _others(self, key: Key) -> Flags:
        found = np.ones(len(self._keys), dtype=np.bool_)
        if key in self._rows:
            found[self._rows[key]] = False
        return found

    def _chosen(self, rows: Flags) -> list[Key]:
        return [self._keys[int(i)] for i in np.flatnonzero(rows)]

    def _add(self, key: Key, claim: Claim) -> None:
        rows = self._near(claim) & self._counting(claim)
        own = (int(rows.sum()), int(self._columns[2][rows].sum()))
        if len(self._keys) == self._table.shape[1]:
            self._table = np.concatenate([self._table, np.zeros_like(self._table)], axis=1)
        self._rows[key] = len(self._keys)
        self._keys.append(key)
        self._columns[:, -1] = (
            _bounded(claim.start), _bounded(claim.end), self._steps(claim.amount), claim.issued,
            self._code(claim.drafter), *own,
        )  # fmt: skip
        self.of[key] = claim

    def _drop(self, key: Key) -> None:
        if self.of.pop(key, None) is None:
            return
        row, last = self._rows.pop(key), len(self._keys) - 1
        moved = self._keys.pop()
        if row != last:
            self._table[:, row] = self._table[:, last]
            self._keys[row] = moved
            self._rows[moved] = row

    def _steps(self, amount: int) -> int:
        return min(-(-amount // self._step), self._capacity + 1)

    def _code(self, drafter: str) -> int:
        return self._codes.setdefault(drafter, len(self._codes))


def _bounded(at: int) -> int:
    return max(-2 * FAR, min(2 * FAR - 1, at))
