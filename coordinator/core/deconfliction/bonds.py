"""Who shares something with whom apart from place (`ties`): columns of orders by tag. Proposes pairs, a superset.

Source: reference deconfliction.md §3.7 (sorted lists for unit, asset, section, frequency).
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.register import Ints, Register, Ticket
from coordinator.core.deconfliction.ties import Tied
from coordinator.core.deconfliction.windows import FAR

_TAIL: Final = 4096
_AT_ONCE: Final = 2_000_000  # pairs that are looked at together


class _Row(NamedTuple):
    """An order under one of its tags."""

    start: int
    end: int
    number: int
    edition: int


class _Rows(NamedTuple):
    """Orders by tag, side by side, sorted by tag."""

    tags: Ints
    starts: Ints
    ends: Ints
    owners: Ints
    editions: Ints

    @classmethod
    def of(cls, rows: Sequence[tuple[int, ...]]) -> "_Rows":
        made = np.array(rows, dtype=np.int64).reshape(-1, 5).T
        columns = zip(made, (np.int32, np.int64, np.int64, np.int32, np.uint32), strict=True)
        return cls(*(column.astype(kind) for column, kind in columns))

    def part(self, rows: Any) -> "_Rows":
        return _Rows(*(column[rows] for column in self))

    def inserted(self, at: Ints, more: "_Rows") -> "_Rows":
        return _Rows(*(np.insert(a, at, b) for a, b in zip(self, more, strict=True)))


class Bonds:
    """Orders by tag, with when they are: columns sorted by tag, and a short tail of what is new."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._tags: dict[str, int] = {}
        self._stirs: dict[Key, frozenset[str]] = {}
        self._rows = _Rows.of(())
        self._tail: dict[int, list[_Row]] = {}
        self._waiting = 0  # rows of the tail
        self._stale = 0  # rows put in since dead ones were swept out
        self._last: tuple[Ticket, list[int]] = (-1, 0), []  # what was put last, and under which tags
        self.flat = False  # look at every row

    def put(self, key: Key, ticket: Ticket, of: Tied) -> None:
        """Note the ties of an edition of an order, instead of what stood there."""
        self._set_stirs(key, of.ties.stirs)
        if not self._counts(self._last[0]):
            self._pop(self._last[1])  # as after a dry run
        if self._waiting >= max(_TAIL, len(self._rows.tags) // 250):
            self._settle()
        tags = [self._tags.setdefault(tag, len(self._tags)) for tag in of.ties.has]
        row = _Row(of.start, of.end, *ticket)
        for tag in tags:
            self._tail.setdefault(tag, []).append(row)
        self._waiting += len(tags)
        self._last = ticket, tags

    def take_back(self, key: Key, stirs: frozenset[str]) -> None:
        """Take out the ties that were put last; those of before still stand."""
        self._pop(self._last[1])
        self._last = (-1, 0), []
        self._set_stirs(key, stirs)

    def drop(self, key: Key) -> None:
        """Forget an order."""
        self._set_stirs(key, frozenset())

    def stirs(self, key: Key) -> frozenset[str]:
        """Return the tags through which an order stirs others."""
        return self._stirs.get(key, frozenset())

    def near(self, of: Tied) -> set[Key]:
        """Return every order that has something another one meets, near enough in time and not over."""
        first, last = of.start - of.ties.slack, of.end + of.ties.slack
        tags = [t for name in of.ties.meets if (t := self._tags.get(name)) is not None]
        found = [r.owners[(r.starts <= last) & (r.ends >= first)] for r in self._of(tags)]
        new = (r for t in tags for r in self._tail.get(t, ()) if r.start <= last and r.end >= first)
        return self._keys([*found, *([r.number] for r in new if self._counts(r[2:]))], over=False)

    def tagged(self, tag: str) -> set[Key]:
        """Return every order that has a tag."""
        tags = [t] if (t := self._tags.get(tag)) is not None else []
        new = (r for t in tags for r in self._tail.get(t, ()))
        return self._keys([*(r.owners for r in self._of(tags)), *([r.number] for r in new if self._counts(r[2:]))])

    def stirred(self, key: Key, by: Container[str]) -> set[Key]:
        """Return every order to be judged again by itself because of this one, through tags that matter now."""
        tags = (t for t in self._stirs.get(key, ()) if t in by)
        return {k for tag in tags for k in self.tagged(tag)}

    def pairs(self, asked: Sequence[tuple[int, Tied]]) -> Iterator[Ints]:
        """Yield pairs of numbers of orders for many orders at once, n x 2: what `near` says of each."""
        self._settle()
        asks = [(self._tags[m], t.start - t.ties.slack, t.end + t.ties.slack, n)
                for n, t in asked for m in t.ties.meets if m in self._tags]  # fmt: skip
        rows = self._rows.part(self._register.current(self._rows.owners, self._rows.editions))
        yield from _met(rows, np.array(asks, dtype=np.int64).reshape(-1, 4).T)

    def _of(self, tags: Sequence[int]) -> Iterator[_Rows]:
        """Yield the rows of tags that count."""
        if not tags or not len(self._rows.tags):
            return
        begin, end = np.searchsorted(self._rows.tags, tags), np.searchsorted(self._rows.tags, tags, side="right")
        for tag, low, high in zip(tags, begin.tolist(), end.tolist(), strict=True):
            if low < high or self.flat:
                rows = self._rows.part(self._rows.tags == tag if self.flat else slice(low, high))
                yield rows.part(self._register.current(rows.owners, rows.editions))

    def _keys(self, numbers: Sequence[Sequence[int] | Ints], *, over: bool = True) -> set[Key]:
        if not numbers:
            return set()
        all_ = np.concatenate(numbers).astype(np.int64)
        return self._register.keys(all_ if over else all_[self._register.compared(all_)])

    def _counts(self, ticket: tuple[int, ...]) -> bool:
        return ticket[0] >= 0 and self._register.is_current(ticket[0], ticket[1])

    def _set_stirs(self, key: Key, stirs: frozenset[str]) -> None:
        self._stirs.pop(key, None)
        if stirs:
            self._stirs[key] = stirs

    def _pop(self, tags: Iterable[int]) -> None:
        for tag in tags:
            self._tail[tag].pop()
            self._waiting -= 1

    def _settle(self) -> None:
        """Sort the tail into the columns; now and then, leave out what is dead."""
        new = _Rows.of([(tag, *row) for tag, rows in sorted(self._tail.items()) for row in rows])
        self._tail, self._waiting, self._last = {}, 0, ((-1, 0), [])
        self._stale += len(new.tags)
        if self._stale * 4 > len(self._rows.tags):
            self._stale = 0
            self._rows = self._rows.part(self._register.current(self._rows.owners, self._rows.editions))
        self._rows = self._rows.inserted(np.searchsorted(self._rows.tags, new.tags, side="right"), new)


def _met(rows: _Rows, asks: Ints) -> Iterator[Ints]:
    """Yield the pairs of those who ask, as columns of tag, first, last and number, with the rows of their tags.

    Tag and start are one number each, so that a search finds where the rows of a tag begin and end that start early
    enough, and not longer ago than any of the tag lasts.
    """
    if not len(rows.tags):
        return
    starts = np.sort(rows.starts)
    width = len(starts) + 1
    rows = rows.part(np.lexsort((rows.starts, rows.tags)))
    places = rows.tags * np.int64(width) + np.searchsorted(starts, rows.starts)
    longest = np.zeros(int(rows.tags.max()) + 1, dtype=np.int64)
    np.maximum.at(longest, rows.tags, rows.ends - rows.starts)
    tags, first, last, numbers = asks
    base = tags * np.int64(width)
    low = np.searchsorted(places, base + np.searchsorted(starts, np.maximum(first - longest[tags], -2 * FAR)))
    high = np.searchsorted(places, base + np.searchsorted(starts, last, side="right"))
    counts = np.maximum(high - low, 0)
    for part in _portions(counts):
        ask = np.repeat(part, counts[part])
        row = np.arange(len(ask)) - np.repeat(np.cumsum(counts[part]) - counts[part], counts[part]) + low[ask]
        near = (rows.starts[row] <= last[ask]) & (rows.ends[row] >= first[ask]) & (rows.owners[row] != numbers[ask])
        pairs = np.stack((numbers[ask[near]], rows.owners[row[near]].astype(np.int64)), axis=1)
        yield np.unique(np.sort(pairs, axis=1), axis=0)


def _portions(counts: Ints) -> Iterator[Ints]:
    """Yield positions in portions that together count a few millions, or one."""
    at = np.flatnonzero(counts)
    portion = np.cumsum(counts[at]) // _AT_ONCE
    yield from np.split(at, np.flatnonzero(np.diff(portion)) + 1) if len(at) else ()
