"""Who shares something with whom apart from place: a unit, a frequency band, means. Proposes pairs, a superset.

An order has tags and asks for tags; it is compared with every order that has one it asks for, near enough in time.
Source: reference deconfliction.md §3.7 (dicts for unit, asset, section, frequency).
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from typing import Final, NamedTuple

from coordinator.core.deconfliction import posts, units
from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.verdicts.frequencies import hertz, inside, used
from coordinator.core.deconfliction.windows import micros


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
TYING: Final[tuple[Tying, ...]] = (_posts, _units, _frequencies)
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


class Bonds:
    """Orders by tag, with when they are."""

    def __init__(self) -> None:
        self._by_tag: defaultdict[str, dict[Key, tuple[int, int]]] = defaultdict(dict)
        self._ties: dict[Key, tuple[Ties, int, int]] = {}

    def put(self, key: Key, of: Iterable[Ties], start: int, end: int) -> None:
        """Note the ties of an order, over all its versions, instead of what stood there."""
        self.drop(key)
        both = _all(list(of))
        if both.has or both.meets:
            self._ties[key] = both, start, end
            for tag in both.has:
                self._by_tag[tag][key] = start, end

    def drop(self, key: Key) -> None:
        """Forget an order."""
        known = self._ties.pop(key, None)
        for tag in known[0].has if known else ():
            del self._by_tag[tag][key]

    def near(self, key: Key) -> set[Key]:
        """Return every order that shares something with one."""
        if key not in self._ties:
            return set()
        of, start, end = self._ties[key]
        first, last = start - of.slack, end + of.slack
        return {k for tag in of.meets for k, (s, e) in self._by_tag.get(tag, {}).items() if s <= last and first <= e}

    def tagged(self, tag: str) -> set[Key]:
        """Return every order that has a tag."""
        return set(self._by_tag.get(tag, ()))

    def stirred(self, key: Key, by: Container[str]) -> set[Key]:
        """Return every order to be judged again by itself because of this one, through tags that matter now."""
        known = self._ties.get(key)
        tags = (t for t in known[0].stirs if t in by) if known else ()
        return {k for tag in tags for k in self._by_tag.get(tag, ())}
