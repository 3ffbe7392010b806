"""Who shares something with whom apart from place: a unit, a frequency band, means. Proposes pairs, a superset.

An order has tags and asks for tags; it is compared with every order that has one it asks for, near enough in time and
not over. A verdict on one order that looks at who has a tag (`Scene.tagged`) needs ties that stir.
Source: reference deconfliction.md §3.7 (dicts for unit, asset, section, frequency).
"""

from collections.abc import Callable, Container, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from coordinator.core.deconfliction import posts, units
from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.register import Bools, Ints, Register, Ticket
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.verdicts.duplicates import strip
from coordinator.core.deconfliction.verdicts.frequencies import hertz, inside, used
from coordinator.core.deconfliction.windows import FAR, micros

_TAIL: Final = 4096
_BLOCK: Final = 1024  # orders that are compared at once


class Ties(NamedTuple):
    """What an order has, what it is compared with, and how far apart in time that still matters, microseconds."""

    has: frozenset[str] = frozenset()
    meets: frozenset[str] = frozenset()
    slack: int = 0
    stirs: frozenset[str] = frozenset()  # whoever has one of these is judged again by itself when this order changes


def _posts(side: Side, setting: Setting) -> Ties:
    """Tie whoever holds a place to whoever else holds it, or relies on it (K19)."""
    body = side.version.body
    held, relied = posts.post(body, setting), posts.relied_on(body, setting)
    own = {posts.manned(held.name)} if held else set[str]()
    return Ties(
        has=frozenset(own | {posts.needed(p) for p in relied}),
        stirs=frozenset(own | {posts.manned(p) for p in relied}),
    )


def _units(side: Side, setting: Setting) -> Ties:
    """Tie orders that task one unit, or a unit and a part of it, at a time (K02, K11) or one after the other (K15)."""
    tasked = side.reading.units if side.reading else ()
    slack = micros(setting.rules.travel_within_s) if tasked else 0
    return Ties(frozenset(units.tags(tasked, setting)), frozenset(units.wanted(tasked, setting)), slack)


def _duplicates(side: Side, setting: Setting) -> Ties:
    """Tie orders of one action whose places begin in the same or in neighbouring strips of latitude (K17)."""
    own = strip(side.reading, setting) if side.reading else None
    if own is None:
        return Ties()
    what, row = own
    return Ties(frozenset((f"task {what}/{row}",)), frozenset(f"task {what}/{row + by}" for by in (-1, 0, 1)))


def _frequencies(side: Side, setting: Setting) -> Ties:
    """Tie orders whose frequencies are in the same or in neighbouring steps of a band's separation (K13)."""
    own = used(side.reading) if side.reading else ()
    steps = {(i, f // step) for i, band in enumerate(setting.mission.bands if own else ())
             if (step := hertz(band.separation_mhz)) > 0 for f in inside(own, band)}  # fmt: skip
    return Ties(
        frozenset(f"band {i}/{step}" for i, step in steps),
        frozenset(f"band {i}/{step + by}" for i, step in steps for by in (-1, 0, 1)),
    )


Tying = Callable[[Side, Setting], Ties]
TYING: Final[tuple[Tying, ...]] = (_posts, _units, _duplicates, _frequencies)
"""One function a thing that orders can share; `meets` must be symmetric: if a meets b, b meets a."""


def ties(side: Side, setting: Setting) -> Ties:
    """Return all ties of one version."""
    return _all([tie(side, setting) for tie in TYING])


def _all(found: Sequence[Ties]) -> Ties:
    return Ties(
        frozenset[str]().union(*(t.has for t in found)),
        frozenset[str]().union(*(t.meets for t in found)),
        max((t.slack for t in found), default=0),
        frozenset[str]().union(*(t.stirs for t in found)),
    )


class Tied(NamedTuple):
    """The ties of an order over all its versions, and from when until when it is, microseconds UTC."""

    ties: Ties
    start: int = 0
    end: int = 0


def tied(sides: Sequence[Side], setting: Setting) -> Tied:
    """Return the ties of an order, given its versions."""
    held = [s for s in sides if s.reading is not None]
    extents = [e for s in held if s.reading is not None for e in (s.reading.extent, *s.reading.spans)]
    if not extents:
        return Tied(Ties())
    found = [ties(s, setting) for s in held]
    both = found[0] if len(found) == 1 else _all(found)
    return Tied(both, min(e.se for e in extents), max(e.el for e in extents))


class _Rows(NamedTuple):
    """One row an order and tag."""

    tags: Ints
    starts: Ints
    ends: Ints
    owners: Ints
    editions: Ints

    @classmethod
    def room(cls, size: int) -> "_Rows":
        return cls(*(np.zeros(size, dtype=t) for t in (np.int32, np.int64, np.int64, np.int32, np.uint32)))

    def part(self, rows: Any) -> "_Rows":
        return _Rows(*(column[rows] for column in self))

    def inserted(self, at: Ints, more: "_Rows") -> "_Rows":
        return _Rows(*(np.insert(a, at, b) for a, b in zip(self, more, strict=True)))


class Bonds:
    """Orders by tag, with when they are: columns sorted by tag, and an unsorted tail of what is new."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._tags: dict[str, int] = {}
        self._stirs: dict[Key, frozenset[str]] = {}
        self._rows = _Rows.room(0)
        self._tail = _Rows.room(2 * _TAIL)
        self._used = 0
        self._stale = 0
        self._settled = 0  # how often
        self.flat = False  # look at every row

    def put(self, key: Key, ticket: Ticket, of: Tied) -> None:
        """Note the ties of an edition of an order, instead of what stood there."""
        self._stirs.pop(key, None)
        if of.ties.stirs:
            self._stirs[key] = of.ties.stirs
        count = len(of.ties.has)
        if not count:
            return
        self._trim()
        if self._used + count > len(self._tail.tags):
            self._settle(max(_TAIL, count))
        begin, end = self._used, self._used + count
        tags = [self._tags.setdefault(tag, len(self._tags)) for tag in of.ties.has]
        for column, value in zip(self._tail, (tags, of.start, of.end, *ticket), strict=True):
            column[begin:end] = value
        self._used = end

    def drop(self, key: Key) -> None:
        """Forget an order."""
        self._stirs.pop(key, None)

    def mark(self) -> tuple[int, int]:
        """Return where the columns end, to go `back` to."""
        return self._settled, self._used

    def back(self, mark: tuple[int, int], key: Key, stirs: frozenset[str]) -> None:
        """Take out what was put last, ties of one order."""
        self._used = mark[1] if mark[0] == self._settled else 0
        self._stirs.pop(key, None)
        if stirs:
            self._stirs[key] = stirs

    def stirs(self, key: Key) -> frozenset[str]:
        """Return the tags through which an order stirs others."""
        return self._stirs.get(key, frozenset())

    def near(self, of: Tied) -> set[Key]:
        """Return every order that has something another one meets, near enough in time and not over."""
        tags = [t for name in of.ties.meets if (t := self._tags.get(name)) is not None]
        if not tags:
            return set()
        first, last = of.start - of.ties.slack, of.end + of.ties.slack
        found = [r.owners[(r.starts <= last) & (r.ends >= first) & self._counts(r)] for r in self._of(tags)]
        owners = np.concatenate(found)
        return self._register.keys(owners[self._register.compared(owners)])

    def tagged(self, tag: str) -> set[Key]:
        """Return every order that has a tag."""
        number = self._tags.get(tag)
        found = [] if number is None else [r.owners[self._counts(r)] for r in self._of([number])]
        return self._register.keys(np.concatenate(found)) if found else set()

    def stirred(self, key: Key, by: Container[str]) -> set[Key]:
        """Return every order to be judged again by itself because of this one, through tags that matter now."""
        tags = (t for t in self._stirs.get(key, ()) if t in by)
        return {k for tag in tags for k in self.tagged(tag)}

    def pairs(self, asked: Sequence[tuple[int, Tied]]) -> Iterator[Ints]:
        """Yield pairs of numbers of orders for many orders at once, n x 2: what `near` says of each."""
        asks = [(self._tags[m], t.start - t.ties.slack, t.end + t.ties.slack, n)
                for n, t in asked for m in t.ties.meets if m in self._tags]  # fmt: skip
        self._settle(_TAIL)
        if not asks:
            return
        tags, first, last, numbers = np.array(sorted(asks), dtype=np.int64).T
        for tag in np.unique(tags).tolist():
            low, high = np.searchsorted(tags, (tag, tag + 1))
            [rows, _] = self._of([tag])
            yield from _met(rows, first[low:high], last[low:high], numbers[low:high])

    def _of(self, tags: Sequence[int]) -> Iterator[_Rows]:
        """Yield the rows of tags."""
        tail = self._tail.part(slice(0, self._used))
        for tag in tags:
            low, high = np.searchsorted(self._rows.tags, (tag, tag + 1))
            yield self._rows.part(self._rows.tags == tag if self.flat else slice(int(low), int(high)))
            yield tail.part(tail.tags == tag)

    def _counts(self, rows: _Rows) -> Bools:
        return self._register.current(rows.owners, rows.editions)

    def _trim(self) -> None:
        """Take dead rows off the end of the tail, as after a dry run."""
        while self._used and not self._counts(self._tail.part(slice(self._used - 1, self._used)))[0]:
            self._used -= 1

    def _settle(self, room: int) -> None:
        """Sort the tail into the columns; now and then, leave out what is dead."""
        new = self._tail.part(slice(0, self._used))
        self._used = 0
        self._settled += 1
        self._stale += len(new.tags)
        if self._stale * 4 > len(self._rows.tags):
            self._stale = 0
            self._rows = self._rows.part(self._counts(self._rows))
        new = new.part(self._counts(new))
        new = new.part(np.argsort(new.tags, kind="stable"))
        self._rows = self._rows.inserted(np.searchsorted(self._rows.tags, new.tags, side="right"), new)
        self._tail = _Rows.room(max(2 * room, 2 * _TAIL, len(self._rows.tags) // 250))


def _met(rows: _Rows, first: Ints, last: Ints, numbers: Ints) -> Iterator[Ints]:
    """Yield the pairs of those who ask with the rows of one tag; asks are sorted by when they begin."""
    rows = rows.part(np.argsort(rows.starts, kind="stable"))
    longest = int((rows.ends - rows.starts).max(initial=0))
    for begin in range(0, len(first), _BLOCK):
        f, t, n = (column[begin : begin + _BLOCK, None] for column in (first, last, numbers))
        low, high = np.searchsorted(rows.starts, (max(int(f.min()) - longest, -2 * FAR), int(t.max()) + 1))
        near = rows.part(slice(int(low), int(high)))
        ask, row = np.nonzero((near.starts <= t) & (near.ends >= f) & (near.owners != n))
        pairs = np.stack((n[ask, 0], near.owners[row].astype(np.int64)), axis=1)
        yield np.unique(np.sort(pairs, axis=1), axis=0)
