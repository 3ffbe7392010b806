"""Who wants which asset when: proposes the groups that K03 is judged in, and says which to judge again.

A group is one order among those who want the same asset near it in time. An order with more than `MOST` of them is
swamped: its combinations are not compared any more, which is itself a finding as soon as they could be too much. So one
more order costs a few steps for each that it is near to, however many there are. A draft counts for its issuer only.
Source: reference deconfliction.md §2.3 K03, §5 (2): capacity limits answer "unknown", never truncate silently.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from coordinator.core.deconfliction.claims import Claim, Claims
from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.verdicts.assets import wanted
from coordinator.core.deconfliction.windows import micros

MOST: Final = 64
"""How many other orders may want an asset near one order before it is swamped."""
GROUP: Final = "\x1fgroup"
"""Stands first in a group's case, where other cases have an originator: no originator begins like this."""

Case = tuple[Key, ...]


class Pool(NamedTuple):
    """Orders of one reality that want one asset."""

    asset: str
    reality: str


class Holdings:
    """Claims by asset, with what is near each."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._pools: dict[Pool, Claims] = {}
        self._of: dict[Key, dict[Pool, Claim]] = {}

    def put(self, key: Key, sides: Sequence[Side]) -> set[Case]:
        """Note what an order wants, instead of what stood there; return the groups to judge again."""
        new = claims(sides, self._setting)
        old = self._of.get(key, {})
        if not new and not old:
            return set()
        cases: set[Case] = set()
        for pool in new.keys() | old.keys():
            cases |= self._change(pool, key, new.get(pool))
        self._of[key] = new
        if not new:
            del self._of[key]
        return cases

    def claim(self, pool: Pool, key: Key) -> Claim | None:
        """Return what an order wants of an asset, or None."""
        return self._pools[pool].of.get(key) if pool in self._pools else None

    def level(self, pool: Pool, key: Key) -> tuple[bool, bool]:
        """Return whether an order is swamped, and if so whether those near it could be too much."""
        return self._pools[pool].level(key)

    def near(self, pool: Pool, key: Key) -> list[Key]:
        """Return the other orders that count for one."""
        return self._pools[pool].near(key)

    def touching(self, key: Key) -> set[Case]:
        """Return the groups whose findings an order may be part of: not those of others that are swamped."""
        pools = self._of.get(key, ())
        return {case(pool, k) for pool in pools for k in (key, *self._pools[pool].around(key))}

    def cases(self) -> Iterator[Case]:
        """Yield every group."""
        for pool, members in self._pools.items():
            yield from (case(pool, k) for k in members)

    def _change(self, pool: Pool, key: Key, new: Claim | None) -> set[Case]:
        """Put a claim in the place of an order's old one; return the groups that this touches."""
        if pool not in self._pools:
            self._pools[pool] = Claims(self._capacity(pool), MOST)
        members = self._pools[pool]
        change = members.put(key, new)
        around = {n for k in change.flipped for n in members.around(k)}
        return {case(pool, k) for k in {key, *change.small, *change.flipped, *around}}

    def _capacity(self, pool: Pool) -> int:
        asset = self._setting.asset(pool.asset)
        return round(asset.capacity * 1_000_000) if asset else 0


def case(pool: Pool, key: Key) -> Case:
    """Return the case of one order among those who want an asset."""
    return (GROUP, "\x1f".join(pool)), key


def pool_of(marker: Key) -> Pool:
    """Return the pool that a group's case is about."""
    asset, _, reality = marker[1].rpartition("\x1f")
    return Pool(asset, reality)


def claims(sides: Sequence[Side], setting: Setting) -> dict[Pool, Claim]:
    """Return what an order wants over all its versions, by asset."""
    found: dict[Pool, Claim] = {}
    for side in sides:
        if side.reading is None:
            continue
        for name, amount in wanted(side.reading, setting).items():
            pool = Pool(name, sides[0].reality)
            claim = _claim(side, amount, name, setting)
            if claim is not None:
                found[pool] = _both(found[pool], claim) if pool in found else claim
    return found


def _claim(side: Side, amount: int, name: str, setting: Setting) -> Claim | None:
    asset = setting.asset(name)
    spans = side.reading.spans if side.reading else ()
    if asset is None or not spans:
        return None
    end = max(s.el for s in spans) + micros(asset.turnaround_s)
    drafter = side.issuer if side.draft else ""
    return Claim(min(s.se for s in spans), end, amount, not side.draft, drafter)


def _both(a: Claim, b: Claim) -> Claim:
    return Claim(min(a.start, b.start), max(a.end, b.end), max(a.amount, b.amount), a.issued or b.issued,
                 a.drafter or b.drafter)  # fmt: skip
