"""Who shares something with whom apart from place (`ties`): columns of orders by tag. Proposes pairs, a superset.

Source: reference deconfliction.md §3.7 (sorted lists for unit, asset, section, frequency).
"""

from array import array
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple
from zlib import crc32

import numpy as np

from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.register import Ints, Register, Ticket
from coordinator.core.deconfliction.ties import Tag, Tied
from coordinator.core.deconfliction.windows import FAR

_TAIL: Final = 4096
_AT_ONCE: Final = 2_000_000  # pairs that are looked at together


class _Rows(NamedTuple):
    """Orders by tag, side by side, sorted by tag."""

    tags: Ints
    owners: Ints
    editions: Ints

    @classmethod
    def of(cls, rows: Sequence[tuple[int, ...]]) -> "_Rows":
        made = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return cls(*(column.astype(kind) for column, kind in zip(made, (np.uint32, np.int32, np.uint32), strict=True)))

    def part(self, rows: Any) -> "_Rows":
        return _Rows(*(column[rows] for column in self))

    def inserted(self, at: Ints, more: "_Rows") -> "_Rows":
        return _Rows(*(np.insert(a, at, b) for a, b in zip(self, more, strict=True)))


class Asks:
    """Tags of very many orders, with two numbers for each order."""

    def __init__(self) -> None:
        self._tags, self._counts, self._firsts, self._seconds = array("I"), array("i"), array("i"), array("q")

    def add(self, tags: Collection[Tag], first: int, second: int) -> None:
        """Take the tags of an order, and its numbers."""
        self._tags.extend([_number(tag) for tag in tags])
        self._counts.append(len(tags))
        self._firsts.append(first)
        self._seconds.append(second)

    def columns(self) -> tuple[Ints, Ints, Ints]:
        """Return the tags, and for each the two numbers of its order."""
        counts = np.frombuffer(self._counts, dtype=np.int32)
        first, second = np.frombuffer(self._firsts, dtype=np.int32), np.frombuffer(self._seconds, dtype=np.int64)
        return np.frombuffer(self._tags, dtype=np.uint32), np.repeat(first, counts), np.repeat(second, counts)


class Bonds:
    """Orders by tag: columns sorted by tag, and a short tail of what is new; when an order is, the register knows.

    A tag is kept as a number that follows from its text; where two have one number, more is proposed than needed.
    """

    def __init__(self, register: Register) -> None:
        self._register = register
        self._stirs: dict[Key, frozenset[str]] = {}
        self._rows = _Rows.of(())
        self._tail: dict[int, list[Ticket]] = {}
        self._waiting = 0  # rows of the tail
        self._stale = 0  # rows put in since dead ones were swept out
        self._last: tuple[Ticket, list[int]] = (-1, 0), []  # what was put last, and under which tags
        self._gathered = Asks()  # what `gather` took: number and edition
        self.flat = False  # look at every row

    def put(self, key: Key, ticket: Ticket, of: Tied) -> None:
        """Note the ties of an edition of an order, instead of what stood there."""
        self._set_stirs(key, of.ties.stirs)
        self._register.set_times(ticket[0], of.start, of.end)
        if not self._counts(self._last[0]):
            self._pop(self._last[1])  # as after a dry run
        if self._waiting >= max(_TAIL, len(self._rows.tags) // 250):
            self._settle()
        tags = list(map(_number, of.ties.has))
        for tag in tags:
            self._tail.setdefault(tag, []).append(ticket)
        self._waiting += len(tags)
        self._last = ticket, tags

    def gather(self, key: Key, ticket: Ticket, of: Tied) -> None:
        """Note the ties of one of very many orders that are new; nobody finds them before `settle`."""
        self._set_stirs(key, of.ties.stirs)
        self._register.set_times(ticket[0], of.start, of.end)
        self._gathered.add(of.ties.has, *ticket)

    def settle(self) -> None:
        """Sort what was gathered into the columns."""
        tags, owners, editions = self._gathered.columns()
        self._gathered = Asks()
        order = np.argsort(tags, kind="stable")
        self._insert(_Rows(tags[order], owners[order], editions[order].astype(np.uint32)))

    def take_back(self, key: Key, of: Tied) -> None:
        """Take out the ties that were put last; those of before, which are given, still stand."""
        self._pop(self._last[1])
        self._last = (-1, 0), []
        self._set_stirs(key, of.ties.stirs)
        self._register.set_times(self._register.number(key), of.start, of.end)

    def drop(self, key: Key) -> None:
        """Forget an order."""
        self._set_stirs(key, frozenset())

    def near(self, of: Tied) -> set[Key]:
        """Return every order that has something another one meets, near enough in time and not over."""
        found = self._having(of.ties.meets)
        first, last = self._register.times(found)
        near = (first <= of.end + of.ties.slack) & (last >= of.start - of.ties.slack)
        return self._register.keys(found[near & self._register.compared(found)])

    def tagged(self, tag: str) -> set[Key]:
        """Return every order that has a tag."""
        return self._register.keys(self._having((tag,)))

    def stirred(self, key: Key, by: Container[str]) -> set[Key]:
        """Return every order to be judged again by itself because of this one, through tags that matter now."""
        tags = (t for t in self._stirs.get(key, ()) if t in by)
        return {k for tag in tags for k in self.tagged(tag)}

    def pairs(self, asks: Asks) -> Iterator[Ints]:
        """Yield pairs of numbers of orders for many orders at once, n x 2: what `near` says of each.

        ``asks`` has what each meets, its number and how far apart in time that still matters.
        """
        self._settle()
        rows = self._rows.part(self._register.current(self._rows.owners, self._rows.editions))
        tags, numbers, slacks = asks.columns()
        had = np.isin(tags, rows.tags)
        tags, numbers, slacks = tags[had], numbers[had], slacks[had]
        first, last = self._register.times(numbers)
        yield from _met(rows, self._register.times(rows.owners), (tags, first - slacks, last + slacks, numbers))

    def _having(self, tags: Iterable[Tag]) -> Ints:
        """Return the numbers of the orders that have one of some tags, in no order, some of them several times."""
        wanted = list(map(_number, tags))
        new = [n for tag in wanted for n, e in self._tail.get(tag, ()) if self._register.is_current(n, e)]
        found = [r.owners for r in self._of(wanted)]
        return np.concatenate([np.array(new, dtype=np.int32), *found])

    def _of(self, tags: Sequence[int]) -> Iterator[_Rows]:
        """Yield the rows of tags that count."""
        if not tags or not len(self._rows.tags):
            return
        asked = np.array(tags, dtype=self._rows.tags.dtype)  # of another type, all that is known would be converted
        begin, end = np.searchsorted(self._rows.tags, asked), np.searchsorted(self._rows.tags, asked, side="right")
        for tag, low, high in zip(tags, begin.tolist(), end.tolist(), strict=True):
            if low < high or self.flat:
                rows = self._rows.part(self._rows.tags == tag if self.flat else slice(low, high))
                yield rows.part(self._register.current(rows.owners, rows.editions))

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
        new = _Rows.of([(tag, *ticket) for tag, tickets in sorted(self._tail.items()) for ticket in tickets])
        self._tail, self._waiting, self._last = {}, 0, ((-1, 0), [])
        self._insert(new)

    def _insert(self, new: _Rows) -> None:
        self._stale += len(new.tags)
        if self._stale * 4 > len(self._rows.tags):
            self._stale = 0
            self._rows = self._rows.part(self._register.current(self._rows.owners, self._rows.editions))
        self._rows = self._rows.inserted(np.searchsorted(self._rows.tags, new.tags, side="right"), new)


def _number(tag: Tag) -> int:
    return tag if isinstance(tag, int) else crc32(tag.encode())


def _met(rows: _Rows, times: Ints, asks: tuple[Ints, Ints, Ints, Ints]) -> Iterator[Ints]:
    """Yield the pairs of those who ask, as columns of tag, first, last and number, with the rows of their tags.

    Tag and start are one number each, so that a search finds where the rows of a tag begin and end that start early
    enough, and not longer ago than any of the tag lasts.
    """
    if not len(rows.tags):
        return
    order = np.lexsort((times[0], rows.tags))
    rows, (begins, ends) = rows.part(order), times[:, order]
    starts, known = np.sort(begins), np.unique(rows.tags)
    width = len(starts) + 1
    place = np.searchsorted(known, rows.tags)
    places = place * width + np.searchsorted(starts, begins)
    longest = np.zeros(len(known), dtype=np.int64)
    np.maximum.at(longest, place, ends - begins)
    tags, first, last, numbers = np.searchsorted(known, asks[0]), *asks[1:]
    low = np.searchsorted(places, tags * width + np.searchsorted(starts, np.maximum(first - longest[tags], -2 * FAR)))
    high = np.searchsorted(places, tags * width + np.searchsorted(starts, last, side="right"))
    counts = np.maximum(high - low, 0)
    for part in _portions(counts):
        ask = np.repeat(part, counts[part])
        row = np.arange(len(ask)) - np.repeat(np.cumsum(counts[part]) - counts[part], counts[part]) + low[ask]
        near = (begins[row] <= last[ask]) & (ends[row] >= first[ask]) & (rows.owners[row] != numbers[ask])
        pairs = np.stack((numbers[ask[near]], rows.owners[row[near]]), axis=1)
        yield np.unique(np.sort(pairs, axis=1), axis=0)


def _portions(counts: Ints) -> Iterator[Ints]:
    """Yield positions in portions that together count a few millions, or one."""
    at = np.flatnonzero(counts)
    portion = np.cumsum(counts[at]) // _AT_ONCE
    yield from np.split(at, np.flatnonzero(np.diff(portion)) + 1) if len(at) else ()
