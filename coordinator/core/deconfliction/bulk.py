"""All pairs of very many orders at once: the same superset as asking the index for each, in a few sweeps over columns.

Rows are taken in order of their start. Each block of them is compared with itself and with what began before and still
goes on, by a tree over the boxes, for each set of marks apart. Source: reference deconfliction.md §3.3, §3.7.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import shapely

from coordinator.core.deconfliction.geometry import Box, widen
from coordinator.core.deconfliction.index import Floats, Rows, whole
from coordinator.core.deconfliction.marks import Reach
from coordinator.core.deconfliction.register import Ints, Ticket
from coordinator.core.deconfliction.windows import Span

BLOCK: Final = 32_768
_TURNS: Final = (-360.0, 0.0, 360.0)
_CELL: Final = 0.1  # degrees: pairs are told by where they are, so that what is read for one serves the next


class _Taken(NamedTuple):
    """How many rows one reading has, what they share, and the number of its reach."""

    rows: int
    marks: int
    ticket: Ticket
    reach: int


class Gathered:
    """Rows of many orders before they are indexed."""

    def __init__(self) -> None:
        self._taken: list[_Taken] = []
        self._boxes, self._times = array("d"), array("q")  # of what was taken, row by row
        self._parts: list[tuple[Rows, Ints]] = []
        self._reaches: dict[Reach, int] = {}

    def add(self, ticket: Ticket, parts: Sequence[tuple[Box, Span]], marks: int, reach: Reach) -> None:
        """Take the rows of one reading, one a part: its box, and when it is."""
        for box, span in parts:
            self._boxes.extend(box)
            self._times.extend((span.se, span.el))
        number = self._reaches.setdefault(reach, len(self._reaches))
        self._taken.append(_Taken(len(parts), marks, ticket, number))
        if len(self._taken) >= BLOCK:
            self._pack()

    def rows(self) -> Rows:
        """Return all rows as the index takes them."""
        self._pack()
        return self._parts[0][0]

    def pairs(self) -> Iterator[Ints]:
        """Yield pairs of numbers of orders that may meet, a block at a time: n x 2, the smaller number first."""
        rows, kinds = self.rows(), self._parts[0][1]
        reaches = list(self._reaches)
        order = np.argsort(rows.times[0] - np.array([r.gap for r in reaches], dtype=np.int64)[kinds], kind="stable")
        rows, kinds = rows.part(order), kinds[order]
        gap = max(r.gap for r in reaches) if reaches else 0
        going = np.empty(0, dtype=np.int64)
        for begin in range(0, len(order), BLOCK):
            block = np.arange(begin, min(begin + BLOCK, len(order)))
            first = int(rows.times[0][block].min())
            going = going[rows.times[1][going] + 2 * gap >= first]
            going = np.concatenate((going, block))
            yield _met(rows, kinds, reaches, block, going)

    def _pack(self) -> None:
        """Put what was taken into columns; once asked for, into one piece."""
        taken, self._taken = self._taken, []
        counts = [t.rows for t in taken]
        if taken:
            boxes, times = np.frombuffer(self._boxes), np.frombuffer(self._times, dtype=np.int64)
            self._boxes, self._times = array("d"), array("q")
            made = Rows(
                boxes.reshape(-1, 4).T.copy(),
                times.reshape(-1, 2).T.copy(),
                _each([t.marks for t in taken], counts, np.uint64),
                _each([t.ticket[0] for t in taken], counts, np.int32),
                _each([t.ticket[1] for t in taken], counts, np.uint32),
            )
            self._parts.append((made, _each([t.reach for t in taken], counts, np.int32)))
        if len(taken) < BLOCK:
            rows, kinds = zip(*self._parts, strict=True) if self._parts else ((Rows.room(0),), (np.empty(0, np.int32),))
            one = Rows(*(np.concatenate(columns, axis=-1) for columns in zip(*rows, strict=True)))
            self._parts = [(one, np.concatenate(kinds))]


def _each(values: list[int], counts: list[int], kind: Any) -> Ints:
    return np.repeat(np.array(values, dtype=kind), counts)


def _met(rows: Rows, kinds: Ints, reaches: list[Reach], block: Ints, going: Ints) -> Ints:
    """Return the pairs of a block with what goes on while it does."""
    found = [
        _near(rows, reaches[kind], block[kinds[block] == kind], going) for kind in np.unique(kinds[block]).tolist()
    ]
    both = np.concatenate([np.empty((0, 2), dtype=np.int64), *found])
    at = rows.boxes[:, both[:, 0]]
    owners = np.sort(rows.owners[both].astype(np.int64), axis=1)
    where = np.lexsort((np.floor(at[0] / _CELL), np.floor(at[1] / _CELL)))
    codes = (owners[where, 0] << 32) + owners[where, 1]
    _, once = np.unique(codes, return_index=True)
    pairs: Ints = owners[where][np.sort(once)]
    others: Ints = pairs[pairs[:, 0] != pairs[:, 1]]
    return others


def _near(rows: Rows, reach: Reach, ours: Ints, going: Ints) -> Ints:
    """Return the pairs of rows of one reach with rows that it is compared with."""
    theirs = going[(rows.marks[going] & np.uint64(reach.marks)) != 0]
    if not len(ours) or not len(theirs):
        return np.empty((0, 2), dtype=np.int64)
    here, there = whole(widened(rows.boxes[:, ours].T, reach.metres)), whole(rows.boxes[:, theirs].T)
    there_: Any = shapely.box(*there.T)
    tree = shapely.STRtree(there_)
    found = [np.empty((2, 0), dtype=np.int64)]
    found += (
        tree.query(shapely.box(here[:, 0] + turn, here[:, 1], here[:, 2] + turn, here[:, 3]))
        for turn in _TURNS
        if here[:, 0].min() + turn <= there[:, 2].max() and here[:, 2].max() + turn >= there[:, 0].min()
    )
    a, b = np.concatenate(found, axis=1)
    a, b = ours[a], theirs[b]
    start, end = rows.times
    at_once = (start[a] - reach.gap <= end[b]) & (start[b] - reach.gap <= end[a])
    return np.stack((a[at_once], b[at_once]), axis=1)


def widened(boxes: Floats, metres: float) -> Floats:
    """Return boxes that hold everything within so many metres of them; each by what the hull of all needs."""
    if not metres or not len(boxes):
        return boxes
    hull: Box = (
        float(boxes[:, 0].min()), float(boxes[:, 1].min()), float(boxes[:, 2].max()), float(boxes[:, 3].max())
    )  # fmt: skip
    grown: Floats = boxes + (np.array(widen(hull, metres)) - np.array(hull))
    return grown
