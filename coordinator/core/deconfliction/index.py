"""Who may be near whom: columns of boxes in place and time, sorted by start within classes of duration.

It may only propose a superset: comparisons of whole boxes, nothing rounded inwards. New rows wait in a short unsorted
tail; a row of an older edition is dead (`register`). A row's duration class bounds how far back a search must look, so
an order that has been running for days is found without looking at everything else. Each row has marks, bits for what
it is; a search names the marks that it is compared with. Below some thousand rows one class is faster than several:
then, and when the classes are not trusted (`flat`), all rows are looked at. Source: reference deconfliction.md §3.7.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from coordinator.core.deconfliction.geometry import Box
from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.register import Bools, Ints, Register, Ticket
from coordinator.core.deconfliction.windows import FAR

Floats = np.ndarray[Any, np.dtype[np.float64]]

_HOUR: Final = 3_600_000_000
_HOURS: Final = (0.25, 1, 2, 4, 8, 12, 18, 24, 72, 168)
CLASSES: Final = (*(int(h * _HOUR) for h in _HOURS), 3 * FAR)
"""Upper bounds of the durations in each class; the last holds what has no end."""
_FLAT: Final = (3 * FAR,)
_LONGEST: Final = np.array(CLASSES, dtype=np.int64)
TAIL: Final = 1024
_ROWS: Final = 200_000
"""Fewer rows than these are one class."""
ALL: Final = (1 << 64) - 1
"""Every mark."""
_POLAR: Final = 89.9  # beyond it longitudes separate nothing
_TURNS: Final = (-360.0, 0.0, 360.0)
_AT_ONCE: Final = 4_000_000  # comparisons of boxes


class Query(NamedTuple):
    """What to look for: boxes in degrees, each with its time in microseconds, and the marks that are compared."""

    boxes: Floats  # west, south, east, north
    times: Ints  # from, until
    marks: int = ALL


class Rows(NamedTuple):
    """Boxes, times, marks, owners and editions, side by side; each column in one piece."""

    boxes: Floats  # 4 x n
    times: Ints  # 2 x n
    marks: Ints
    owners: Ints
    editions: Ints

    @classmethod
    def room(cls, size: int) -> "Rows":
        return cls(
            np.empty((4, size)), np.empty((2, size), dtype=np.int64), np.empty(size, dtype=np.uint64),
            np.empty(size, dtype=np.int32), np.empty(size, dtype=np.uint32),
        )  # fmt: skip

    @classmethod
    def in_one_piece(cls, columns: Iterable[Any]) -> "Rows":
        """Return columns laid out so that a search in one of them copies nothing."""
        return cls(*map(np.ascontiguousarray, columns))

    def part(self, rows: Any) -> "Rows":
        return Rows.in_one_piece(column[..., rows] for column in self)

    def joined(self, other: "Rows") -> "Rows":
        return Rows.in_one_piece(np.concatenate(both, axis=-1) for both in zip(self, other, strict=True))

    def inserted(self, at: Ints, more: "Rows") -> "Rows":
        return Rows.in_one_piece(np.insert(a, at, b, axis=-1) for a, b in zip(self, more, strict=True))

    def put(self, at: int, more: "Rows") -> None:
        for column, new in zip(self, more, strict=True):
            column[..., at : at + new.shape[-1]] = new

    def hits(self, low: int, high: int, hull: Box, start: int, end: int, marks: int) -> Ints:
        """Return those of some rows that touch a box and a stretch of time and have one of the marks."""
        times = self.times[:, low:high]
        hit = (times[1] >= start) & (times[0] <= end)
        if marks != ALL:
            hit &= (self.marks[low:high] & np.uint64(marks)) != 0
        found = np.flatnonzero(hit) + low
        if not len(found):
            return found
        west, south, east, north = hull
        boxes = self.boxes
        found = found[(boxes[1][found] <= north) & (boxes[3][found] >= south)]
        w, e = boxes[0][found], boxes[2][found]
        sides = np.zeros(len(found), dtype=bool)
        for turn in _TURNS:
            sides |= (w <= east - turn) & (e >= west - turn)
        at: Ints = found[sides]
        return at


class Index:
    """Boxes in place and time by order; an order is replaced as a whole."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._bounds: tuple[int, ...] = _FLAT
        self._classes = [Rows.room(0)]  # each sorted by earliest start
        self._tail = Rows.room(2 * TAIL)
        self._used = 0  # rows of the tail
        self._stale = 0  # rows put in since dead ones were swept out
        self.flat = False

    def __len__(self) -> int:
        return self._used + sum(len(rows.owners) for rows in self._classes)

    def put(self, ticket: Ticket, boxes: Floats, times: Ints, marks: int) -> None:
        """Index an edition of an order under these boxes and times, one row each, all with the same marks."""
        if not len(boxes):
            return
        count = len(boxes)
        owners, editions = np.full(count, ticket[0], dtype=np.int32), np.full(count, ticket[1], dtype=np.uint32)
        self.fill(Rows(boxes.T, times.T, np.full(count, marks, dtype=np.uint64), owners, editions))

    def fill(self, rows: Rows) -> None:
        """Take many rows at once."""
        self._trim()
        count = len(rows.owners)
        if self._used + count > len(self._tail.owners):
            self._settle(rows)
            return
        self._tail.put(self._used, rows)
        self._used += count

    def near(self, query: Query) -> set[Key]:
        """Return every order that has a box near one of these at its time, and perhaps some more."""
        if not len(query.boxes):
            return set()
        query = query._replace(boxes=whole(query.boxes))
        boxes, times = query.boxes, query.times
        hull: Box = (
            float(boxes[:, 0].min()), float(boxes[:, 1].min()), float(boxes[:, 2].max()), float(boxes[:, 3].max())
        )  # fmt: skip
        start, end = int(times[:, 0].min()), int(times[:, 1].max())
        marks = ALL if self.flat else query.marks
        found = [
            rows.owners[self._precise(rows, at, query)]
            for rows, low, high in self._slices(start, end)
            if len(at := rows.hits(low, high, hull, start, end, marks))
        ]
        return self._register.keys(np.concatenate(found)) if found else set()

    def everything(self, query: Query) -> set[Key]:
        """Return what `near` returns, looking at every row, at no marks and at the hull of the query only."""
        trusted, self.flat = self.flat, True
        try:
            return self.near(query)
        finally:
            self.flat = trusted

    def _precise(self, rows: Rows, found: Ints, query: Query) -> Ints:
        """Return those of the rows found that count, and that touch some box of the query at its time."""
        found = found[self._counting(rows, found)]
        if self.flat or len(query.boxes) == 1 or not len(found):
            return found
        step = max(1, _AT_ONCE // len(query.boxes))
        parts = [found[i : i + step] for i in range(0, len(found), step)]
        return np.concatenate([part[_touching(rows.part(part), query)] for part in parts])

    def _slices(self, start: int, end: int) -> Iterator[tuple[Rows, int, int]]:
        """Yield where rows may be within a time: in each class those that start early enough and not too early."""
        for longest, rows in zip(self._bounds, self._classes, strict=True):
            low, high = 0, len(rows.owners)
            if not self.flat:
                starts = rows.times[0]
                low = int(np.searchsorted(starts, max(start - longest, -2 * FAR), side="left"))
                high = int(np.searchsorted(starts, end, side="right"))
            if low < high:
                yield rows, low, high
        if self._used:
            yield self._tail, 0, self._used

    def _trim(self) -> None:
        """Take dead rows off the end of the tail, as after a dry run."""
        tail = self._tail
        while self._used:
            last = slice(self._used - 1, self._used)
            if self._register.current(tail.owners[last], tail.editions[last])[0]:
                return
            self._used -= 1

    def _settle(self, more: Rows) -> None:
        """Sort the tail and more rows into their classes; now and then, leave out what is dead."""
        waiting = self._tail.part(slice(0, self._used)).joined(more)
        self._used = 0
        self._stale += len(waiting.owners)
        total = len(self) + len(waiting.owners)
        if self._stale * 4 > total:
            self._stale = 0
            self._classes = [self._living(rows) for rows in self._classes]
        if len(self._bounds) == 1 and total >= _ROWS:
            waiting = self._classes[0].joined(waiting)
            self._bounds, self._classes = CLASSES, [Rows.room(0) for _ in CLASSES]
        waiting = self._living(waiting)
        waiting = waiting.part(np.argsort(waiting.times[0], kind="stable"))
        durations = waiting.times[1] - waiting.times[0]
        longest = np.searchsorted(np.array(self._bounds, dtype=np.int64), durations, side="left")
        for c, rows in enumerate(self._classes):
            new = waiting.part(longest == c)
            if len(new.owners):
                self._classes[c] = rows.inserted(np.searchsorted(rows.times[0], new.times[0], side="right"), new)
        wanted = max(2 * TAIL, total // 500)
        if len(self._tail.owners) < wanted:
            self._tail = Rows.room(2 * wanted)

    def _living(self, rows: Rows) -> Rows:
        return rows.part(self._counting(rows, slice(None)))

    def _counting(self, rows: Rows, at: Any) -> Bools:
        """Say which of some rows are of an edition that counts and of an order that is not over."""
        owners, register = rows.owners[at], self._register
        return register.current(owners, rows.editions[at]) & register.compared(owners)


def whole(boxes: Floats) -> Floats:
    """Return boxes that reach all around where they come near a pole."""
    polar = (boxes[:, 3] >= _POLAR) | (boxes[:, 1] <= -_POLAR)
    if not polar.any():
        return boxes
    boxes = boxes.copy()
    boxes[polar, 0], boxes[polar, 2] = -1000.0, 1000.0
    return boxes


def _touching(found: Rows, query: Query) -> Bools:
    """Say which rows touch some box of a query at its time."""
    boxes, times = query.boxes[:, :, None], query.times[:, :, None]
    hit = (found.times[0] <= times[:, 1]) & (found.times[1] >= times[:, 0])
    hit &= (found.boxes[1] <= boxes[:, 3]) & (found.boxes[3] >= boxes[:, 1])
    sides = np.zeros_like(hit)
    for turn in _TURNS:
        sides |= (found.boxes[0] + turn <= boxes[:, 2]) & (found.boxes[2] + turn >= boxes[:, 0])
    any_: Bools = (hit & sides).any(axis=0)
    return any_
