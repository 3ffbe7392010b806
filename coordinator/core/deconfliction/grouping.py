"""K03 for one order among those who want an asset near it: which sets are too much, now and by earlier versions.

What was in force together is looked at now, and just before each time at which a version ended; a set that only stood
there is resolved if acknowledged, like any other finding. Each set is found by many of its members and told by one: the
smallest key among those that are not swamped. That is bookkeeping only, nothing in the finding follows from it.
Source: reference deconfliction.md §2.3 K03, §2.4.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from coordinator.core.deconfliction.holdings import Holdings, Pool
from coordinator.core.deconfliction.ledger import Key, Ledger
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side, accord
from coordinator.core.deconfliction.verdicts.assets import Holder, Overload, overbooked, overloads, uncounted, wanted
from coordinator.core.deconfliction.verdicts.base import Verdict
from coordinator.core.deconfliction.windows import FAR
from coordinator.core.measures import Asset

Sides = tuple[Side, ...]
Told = tuple[Verdict, Sides, bool]
"""A verdict, the versions that it is about by key, and whether all of them are in force."""


class Group:
    """One order among those who want an asset near it."""

    def __init__(
        self, ledger: Ledger, setting: Setting, holdings: Holdings, everyone: Mapping[Key, Sides], pool: Pool, key: Key
    ) -> None:
        self._ledger = ledger
        self._setting = setting
        self._holdings = holdings
        self._everyone = everyone
        self._pool = pool
        self._key = key

    def verdicts(self) -> Iterator[Told]:
        """Yield what is too much, each finding once."""
        asset = self._setting.asset(self._pool.asset)
        if asset is None or self._holdings.claim(self._pool, self._key) is None:
            return
        swamped, over = self._holdings.level(self._pool, self._key)
        if swamped:
            yield from self._uncounted(asset) if over else ()
            return
        keys = [self._key, *self._holdings.near(self._pool, self._key)]
        ends = {s.until for k in keys for s in self._everyone[k]}
        for end in sorted(ends | {FAR}):
            yield from self._at(end, keys, asset)

    def _uncounted(self, asset: Asset) -> Iterator[Told]:
        side = self._everyone[self._key][-1]
        held = self._holder(side, asset)
        if held:
            yield uncounted(held, asset, self._setting), (side,), True

    def _at(self, end: int, keys: Sequence[Key], asset: Asset) -> Iterator[Told]:
        """Yield what was too much among the versions in force just before an instant; before `FAR` is now."""
        held = [h for k in keys for s in self._everyone[k]
                if s.version.since < end <= s.until and (h := self._holder(s, asset))]  # fmt: skip
        own = next((h for h in held if h.side.key == self._key), None)
        if own is None:
            return
        draft = own.side.draft
        rest = [h for h in held if h is not own and (not h.side.draft or (draft and h.side.issuer == own.side.issuer))]
        for overload in overloads(own, rest, asset, partial(_lifted, self._ledger, self._setting)):
            sides = tuple(h.side for h in overload.members)
            ended = end == FAR or any(s.until == end for s in sides)
            if ended and self._tells(overload):
                yield overbooked(overload, asset, self._setting), sides, end == FAR

    def _tells(self, overload: Overload) -> bool:
        """Say whether this order is the one to tell of a set; one with drafts is told by a draft."""
        drafts = [h for h in overload.members if h.side.draft]
        able = [h.side.key for h in drafts or overload.members if not self._swamped(h.side.key)]
        return min(able) == self._key

    def _swamped(self, key: Key) -> bool:
        return self._holdings.level(self._pool, key)[0]

    def _holder(self, side: Side, asset: Asset) -> Holder | None:
        """Return a version as a holder of the asset, or None if it wants none of it."""
        amount = wanted(side.reading, self._setting).get(asset.name) if side.reading else None
        return Holder(side, amount, side.reading.spans) if amount and side.reading and side.reading.spans else None


def _lifted(ledger: Ledger, setting: Setting, a: Side, b: Side) -> bool:
    """Say whether two may want the same: one replaces or permits the other, they agreed, or they are one task."""
    between = accord(ledger, a, b, setting)
    permits = between.a_permits or between.b_permits
    return between.amends or between.agreed or permits or (between.one_unit and between.cited)
