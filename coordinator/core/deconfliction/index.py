"""Who may be near whom: columns of boxes in place and time, sorted by start within classes of duration.

It may only propose a superset: comparisons of whole boxes, nothing rounded inwards. Removal is a flag; new rows wait in
a short unsorted tail. A row's duration class bounds how far back a search must look, so an order that has been running
for days is found without looking at everything else. Source: reference deconfliction.md §3.7.
"""

from collections.abc import Iterator
from typing import Any, Final, Generic, TypeVar

import numpy as np

from coordinator.core.deconfliction.geometry import Box
from coordinator.core.deconfliction.windows import FAR

Owner = TypeVar("Owner")
Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

_MINUTE: Final = 60_000_000
CLASSES: Final = (15 * _MINUTE, 60 * _MINUTE, 240 * _MINUTE, 1440 * _MINUTE, 10_080 * _MINUTE, 3 * FAR)
"""Upper bounds of the durations in each class; the last holds what has no end."""
TAIL: Final = 1024
_LONGEST: Final = np.array(CLASSES, dtype=np.int64)
_NOBODY: Final[Ints] = np.empty(0, dtype=np.int64)
_POLAR: Final = 89.9  # beyond it longitudes separate nothing
_TURNS: Final = (-360.0, 0.0, 360.0)


class _Rows:
    """Boxes, times and owners, side by side."""

    def __init__(self, boxes: Floats, times: Ints, owners: Ints) -> None:
        self.boxes = boxes
        self.times = times
        self.owners = owners

    @classmethod
    def room(cls, size: int) -> "_Rows":
        return cls(np.empty((size, 4)), np.empty((size, 2), dtype=np.int64), np.empty(size, dtype=np.int64))

    def part(self, rows: Any) -> "_Rows":
        return _Rows(self.boxes[rows], self.times[rows], self.owners[rows])

    def joined(self, other: "_Rows") -> "_Rows":
        return _Rows(
            np.concatenate((self.boxes, other.boxes)),
            np.concatenate((self.times, other.times)),
            np.concatenate((self.owners, other.owners)),
        )

    def within(self, box: Box, start: int, end: int) -> Ints:
        """Return the owners of rows that touch a box and a stretch of time."""
        times, boxes = self.times, self.boxes
        if not len(times):
            return _NOBODY
        west, south, east, north = box
        hit = (times[:, 0] <= end) & (times[:, 1] >= start) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
        sides = np.zeros(len(hit), dtype=bool)
        for turn in _TURNS:
            sides |= (boxes[:, 0] + turn <= east) & (boxes[:, 2] + turn >= west)
        found: Ints = self.owners[hit & sides]
        return found


class Index(Generic[Owner]):
    """Boxes in place and time by owner; an owner is replaced as a whole."""

    def __init__(self) -> None:
        self._classes = [_Rows.room(0) for _ in CLASSES]  # each sorted by earliest start
        self._tail = _Rows.room(2 * TAIL)
        self._used = 0  # rows of the tail
        self._last: tuple[int, int] = (-1, 0)  # whose rows end the tail, and where they begin
        self._numbers: dict[Owner, int] = {}
        self._owners: list[Owner] = []
        self._alive: Ints = np.zeros(1024, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._numbers)

    def put(self, owner: Owner, boxes: Floats, times: Ints) -> None:
        """Index an owner under these boxes, instead of what stood there."""
        self.drop(owner)
        if not len(boxes):
            return
        number = self._number(owner)
        rows = _Rows(boxes, times, np.full(len(boxes), number, dtype=np.int64))
        if self._used + len(boxes) > len(self._tail.owners):
            self._settle(rows)
            return
        self._last = (number, self._used)
        end = self._used + len(boxes)
        self._tail.boxes[self._used : end] = boxes
        self._tail.times[self._used : end] = times
        self._tail.owners[self._used : end] = rows.owners
        self._used = end

    def drop(self, owner: Owner) -> None:
        """Forget an owner."""
        number = self._numbers.pop(owner, None)
        if number is None:
            return
        self._alive[number] = 0
        if self._last[0] == number:  # as after a dry run: the rows are still the last ones
            self._used = self._last[1]
            self._last = (-1, 0)

    def near(self, boxes: Floats, times: Ints) -> set[Owner]:
        """Return every owner that has a box in the hull of these, and some more."""
        if not len(boxes):
            return set()
        hull: Box = (
            float(boxes[:, 0].min()), float(boxes[:, 1].min()), float(boxes[:, 2].max()), float(boxes[:, 3].max())
        )  # fmt: skip
        if hull[3] >= _POLAR or hull[1] <= -_POLAR:
            hull = (-1000.0, hull[1], 1000.0, hull[3])
        start, end = int(times[:, 0].min()), int(times[:, 1].max())
        found = np.unique(np.concatenate(list(self._hits(hull, start, end))))
        return {self._owners[n] for n in found if self._alive[n]}

    def _hits(self, box: Box, start: int, end: int) -> Iterator[Ints]:
        for longest, rows in zip(CLASSES, self._classes, strict=True):
            starts = rows.times[:, 0]
            low = int(np.searchsorted(starts, max(start - longest, -2 * FAR), side="left"))
            high = int(np.searchsorted(starts, end, side="right"))
            yield rows.part(slice(low, high)).within(box, start, end)
        yield self._tail.part(slice(0, self._used)).within(box, start, end)

    def _number(self, owner: Owner) -> int:
        number = len(self._owners)
        self._owners.append(owner)
        self._numbers[owner] = number
        if number >= len(self._alive):
            self._alive = np.concatenate((self._alive, np.zeros_like(self._alive)))
        self._alive[number] = 1
        return number

    def _settle(self, more: _Rows) -> None:
        """Sort the tail and more rows into their classes, and leave out what was dropped."""
        waiting = self._tail.part(slice(0, self._used)).joined(more)
        longest = np.searchsorted(_LONGEST, waiting.times[:, 1] - waiting.times[:, 0], side="left")
        for c, rows in enumerate(self._classes):
            both = rows.joined(waiting.part(longest == c))
            both = both.part(self._alive[both.owners] != 0)
            self._classes[c] = both.part(np.argsort(both.times[:, 0], kind="stable"))
        self._used, self._last = 0, (-1, 0)
