"""Orders by number, so that columns can name them: which rows still count, and until when an order is compared.

A row of an index carries the number of its order and the edition of it. Reading an order again, or dropping it, begins
a new edition; rows of older ones are dead at once, wherever they are, and swept out when it suits. An order that is
over, `rules.keep_s` after its end, is compared no more.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from coordinator.core.deconfliction.ledger import Key

Ints = np.ndarray[Any, np.dtype[Any]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ticket = tuple[int, int]
"""Number and edition."""
_GONE: Final = -(1 << 62)


class Register:
    """Numbers for keys; those of forgotten keys are used again. ``now`` is when rows are looked at."""

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}
        self._keys: list[Key] = []
        self._free: list[int] = []
        self._editions: Ints = np.zeros(1024, dtype=np.uint32)
        self._ends: Ints = np.full(1024, _GONE, dtype=np.int64)
        self._codes: Ints = np.zeros(1024, dtype=np.uint64)
        self._ages: Ints = np.zeros(1024, dtype=np.int64)
        self._times: Ints = np.zeros((2, 1024), dtype=np.int64)
        self.now = _GONE

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, key: object) -> bool:
        return key in self._numbers

    def renew(self, key: Key, end: int, issued: int = 0) -> Ticket:
        """Begin a new edition of an order that is compared until ``end``, microseconds UTC."""
        number = self._numbers.get(key)
        if number is None:
            number = self._add(key)
        self._editions[number] += 1
        self._ends[number] = end
        self._ages[number] = issued
        return number, int(self._editions[number])

    def ticket(self, key: Key) -> Ticket:
        """Return the edition of an order that counts."""
        number = self._numbers[key]
        return number, int(self._editions[number])

    def drop(self, key: Key) -> None:
        """Forget an order."""
        number = self._numbers.pop(key, None)
        if number is not None:
            self._editions[number] += 1
            self._ends[number] = _GONE
            self._free.append(number)

    def set_times(self, number: int, first: int, last: int) -> None:
        """Note from when until when an order is, microseconds UTC."""
        self._times[0, number] = first
        self._times[1, number] = last

    def times(self, numbers: Ints) -> Ints:
        """Return from when until when orders are, 2 x n."""
        found: Ints = self._times[:, numbers]
        return found

    def current(self, numbers: Ints, editions: Ints) -> Bools:
        """Say which rows are of the edition that counts."""
        there: Bools = self._editions[numbers] == editions
        return there

    def is_current(self, number: int, edition: int) -> bool:
        """Say whether a row is of the edition that counts."""
        return bool(self._editions[number] == edition)

    def compared(self, numbers: Ints) -> Bools:
        """Say which orders are not over."""
        ahead: Bools = self._ends[numbers] > self.now
        return ahead

    def number(self, key: Key) -> int:
        """Return the number of an order."""
        return self._numbers[key]

    def key(self, number: int) -> Key:
        """Return the order behind a number."""
        return self._keys[number]

    def keys(self, numbers: Ints) -> set[Key]:
        """Return the orders behind numbers."""
        return {self._keys[n] for n in np.unique(numbers).tolist()}

    def beyond(self, capacity: int) -> list[Key]:
        """Return the orders that are not over and more than so many: those issued last, by name if issued at once."""
        if len(self._numbers) <= capacity:
            return []
        there = np.flatnonzero(self._ends > self.now)
        if len(there) <= capacity:
            return []
        ages = self._ages[there]
        last = np.partition(ages, capacity - 1)[capacity - 1] if capacity else ages.min() - 1
        room = capacity - int(np.count_nonzero(ages < last))
        tied = sorted(self._keys[n] for n in there[ages == last].tolist())
        return [*tied[room:], *(self._keys[n] for n in there[ages > last].tolist())]

    def sample(self, code: int, count: int, among: Iterable[Key] | None = None) -> list[Key]:
        """Return so many of the orders that are not over, or of some, chosen by a code and their names, sorted."""
        if among is None:
            there = np.flatnonzero(self._ends > self.now)
        else:
            there = np.array([self._numbers[k] for k in among], dtype=np.int64)
        if len(there) > count:
            far = self._codes[there] ^ np.uint64(code)
            there = there[np.argpartition(far, count)[:count]]
        return sorted(self.keys(there))

    def _add(self, key: Key) -> int:
        number = self._free.pop() if self._free else len(self._keys)
        if number == len(self._keys):
            self._keys.append(key)
            if number >= len(self._ends):
                self._grow()
        self._keys[number] = key
        self._numbers[key] = number
        self._codes[number] = code_of("\x1f".join(key).encode())
        return number

    def _grow(self) -> None:
        self._editions = np.concatenate((self._editions, np.zeros_like(self._editions)))
        self._ends = np.concatenate((self._ends, np.full_like(self._ends, _GONE)))
        self._codes = np.concatenate((self._codes, np.zeros_like(self._codes)))
        self._ages = np.concatenate((self._ages, np.zeros_like(self._ages)))
        self._times = np.concatenate((self._times, np.zeros_like(self._times)), axis=1)


def code_of(content: bytes) -> int:
    """Return 64 bits that follow from content and look like chance."""
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big")
