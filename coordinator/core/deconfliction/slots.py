"""The nearest free time, height or channel: a union of forbidden intervals, and the point next to zero outside it.

Two parts that meet in place forbid one open interval of shifts, ``(b.se - a.el - c, b.el - a.se + c)``. Legs are cut
into their cells only where their interval stands in the way, so that the answer is that of the cells and the work that
of the legs. Everything is in whole numbers: microseconds or millimetres. Source: reference deconfliction.md §3.6.
"""

import heapq
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final, NamedTuple

from coordinator.core.deconfliction.geometry import separation
from coordinator.core.deconfliction.meeting import Needs, heights, pieces
from coordinator.core.deconfliction.reading import Part
from coordinator.core.deconfliction.windows import FAR, Span, micros

ENDLESS: Final = 1 << 62
MAX_LOOKS: Final = 4_000
"""Pieces looked at for one answer; beyond them legs count as they are, which forbids more and never less."""


class Interval(NamedTuple):
    """An open interval of whole numbers."""

    low: int
    high: int


def forbidden(moved: Span, other: Span, gap: int) -> Interval:
    """Return the shifts of one window for which it may come nearer to another than a gap."""
    low = -ENDLESS if other.se <= -FAR or moved.el >= FAR else other.se - moved.el - gap
    high = ENDLESS if other.el >= FAR or moved.se <= -FAR else other.el - moved.se + gap
    return Interval(low, high)


class Block:
    """An interval that is forbidden as a whole, or unless what forbids it turns out not to be."""

    __slots__ = ("_cut", "_looked", "_pieces", "interval")

    def __init__(self, interval: Interval, cut: "Callable[[], Iterator[Block] | None] | None" = None) -> None:
        self.interval = interval
        self._cut = cut
        self._looked = cut is None
        self._pieces: tuple[Block, ...] | None = ()

    def open(self) -> "tuple[Block, ...] | None":
        """Return what it consists of; nothing if it forbids as it is, None if it forbids nothing after all."""
        if not self._looked and self._cut is not None:
            found = self._cut()
            self._pieces = None if found is None else tuple(found)
            self._looked = True
        return self._pieces


def meeting_blocks(moved: Part, other: Part, needs: Needs) -> Block:
    """Return what two parts forbid: if they meet in place and height at all, cell by cell."""

    def cut() -> Iterator[Block] | None:
        if needs.heights and heights(moved.altitude, other.altitude, needs.vertical_m).apart:
            return None
        if separation(moved.shape, other.shape, needs.distance_m, touch=needs.touch) is None:
            return None
        return (meeting_blocks(p, q, needs) for p, q in pieces(moved, other))

    return Block(forbidden(moved.span, other.span, micros(needs.gap_s)), cut)


class Slots:
    """Forbidden intervals, and the free points nearest to zero, in whole steps."""

    def __init__(self, step: int) -> None:
        self._step = max(1, step)
        self._blocks: list[Block] = []

    def forbid(self, block: Block) -> None:
        """Take note of one."""
        self._blocks.append(block)

    def later(self, first: int, last: int) -> int | None:
        """Return the smallest free multiple of a step from ``first`` to ``last``, or None."""
        at, looks = self._up(first), count()
        while at <= last:
            end = self._end(at, looks)
            if end is None:
                return at
            at = self._up(end)
        return None

    def earlier(self, first: int, last: int) -> int | None:
        """Return the largest free multiple of a step from ``first`` down to ``last``, or None."""
        at, looks = -self._up(-first), count()
        while at >= last:
            start = self._start(at, looks)
            if start is None:
                return at
            at = -self._up(-start)
        return None

    def _up(self, value: int) -> int:
        return -(-value // self._step) * self._step

    def _end(self, at: int, looks: "count[int]") -> int | None:
        return self._reach(at, looks, lambda i: i.high)

    def _start(self, at: int, looks: "count[int]") -> int | None:
        found = self._reach(at, looks, lambda i: -i.low)
        return None if found is None else -found

    def _reach(self, at: int, looks: "count[int]", far: Callable[[Interval], int]) -> int | None:
        """Return how far the intervals around a point reach to one side, or None if it is free."""
        turns = count()
        heap = [(-far(b.interval), next(turns), b) for b in self._blocks if b.interval.low < at < b.interval.high]
        heapq.heapify(heap)
        while heap:
            reach, _, block = heapq.heappop(heap)
            found = block.open() if next(looks) < MAX_LOOKS else ()
            if found is not None and not found:
                return -reach
            for b in found or ():
                if b.interval.low < at < b.interval.high:
                    heapq.heappush(heap, (-far(b.interval), next(turns), b))
        return None
