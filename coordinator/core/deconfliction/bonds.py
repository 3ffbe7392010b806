"""Who shares something with whom apart from place: a unit, a frequency band, means. Proposes pairs, a superset.

An order has tags and asks for tags; it is compared with every order that has one it asks for, near enough in time.
Source: reference deconfliction.md §3.7 (dicts for unit, asset, section, frequency).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side


class Ties(NamedTuple):
    """What an order has, what it is compared with, and how far apart in time that still matters, microseconds."""

    has: frozenset[str] = frozenset()
    meets: frozenset[str] = frozenset()
    slack: int = 0


Tying = Callable[[Side, Setting], Ties]
TYING: Final[tuple[Tying, ...]] = ()
"""One function a thing that orders can share; `meets` must be symmetric: if a meets b, b meets a."""


def ties(side: Side, setting: Setting) -> Ties:
    """Return all ties of one version."""
    found = [tie(side, setting) for tie in TYING]
    return Ties(
        frozenset[str]().union(*(t.has for t in found)),
        frozenset[str]().union(*(t.meets for t in found)),
        max((t.slack for t in found), default=0),
    )


class Bonds:
    """Orders by tag, with when they are."""

    def __init__(self) -> None:
        self._by_tag: defaultdict[str, dict[Key, tuple[int, int]]] = defaultdict(dict)
        self._ties: dict[Key, tuple[Ties, int, int]] = {}

    def put(self, key: Key, of: Iterable[Ties], start: int, end: int) -> None:
        """Note the ties of an order, over all its versions, instead of what stood there."""
        self.drop(key)
        all_ = list(of)
        both = Ties(
            frozenset[str]().union(*(t.has for t in all_)),
            frozenset[str]().union(*(t.meets for t in all_)),
            max((t.slack for t in all_), default=0),
        )
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
