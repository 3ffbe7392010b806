"""Who wants which asset when: proposes the groups that K03 is judged in, and says which to judge again.

A group is one order among those who want the same asset near it in time. An order with more than `MOST` of them is
swamped: its combinations are not compared any more, which is itself a finding as soon as they could be too much. So one
more order costs a few steps for each that it is near to, however many there are. A draft counts for its issuer only.
Source: reference deconfliction.md §2.3 K03, §5 (2): capacity limits answer "unknown", never truncate silently.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

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


class Claim(NamedTuple):
    """What one order wants over all its versions: from the first start to the last end with turnaround."""

    start: int
    end: int
    amount: int
    issued: bool
    drafter: str  # its issuer, if some version is a draft

    def near(self, other: "Claim") -> bool:
        """Say whether the two may meet in time."""
        return self.start < other.end and other.start < self.end

    def sees(self, other: "Claim") -> bool:
        """Say whether another order counts for this one."""
        return other.issued or (bool(self.drafter) and self.drafter == other.drafter)


class _Load:
    """How many others count for an order, and how much they want."""

    __slots__ = ("amount", "others")

    def __init__(self) -> None:
        self.others = 0
        self.amount = 0

    def take(self, claim: Claim | None, times: int, of: Claim | None) -> None:
        """Count a claim in (1) or out (-1) for another one, if it counts for that."""
        if claim is not None and of is not None and of.sees(claim):
            self.others += times
            self.amount += times * claim.amount

    def level(self, own: int, capacity: int) -> tuple[bool, bool]:
        """Return whether an order is swamped, and if so whether it could all be too much."""
        swamped = self.others > MOST
        return swamped, swamped and self.amount + own > capacity


class Holdings:
    """Claims by asset, with what is near each."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._pools: defaultdict[Pool, dict[Key, Claim]] = defaultdict(dict)
        self._loads: defaultdict[Pool, dict[Key, _Load]] = defaultdict(dict)
        self._of: dict[Key, dict[Pool, Claim]] = {}

    def put(self, key: Key, sides: Sequence[Side]) -> set[Case]:
        """Note what an order wants, instead of what stood there; return the groups to judge again."""
        new = claims(sides, self._setting)
        old = self._of.get(key, {})
        if not new and not old:
            return set()
        cases: set[Case] = set()
        for pool in new.keys() | old.keys():
            cases |= self._change(pool, key, old.get(pool), new.get(pool))
        self._of[key] = new
        if not new:
            del self._of[key]
        return cases

    def claim(self, pool: Pool, key: Key) -> Claim | None:
        """Return what an order wants of an asset, or None."""
        return self._pools[pool].get(key) if pool in self._pools else None

    def level(self, pool: Pool, key: Key) -> tuple[bool, bool]:
        """Return whether an order is swamped, and if so whether those near it could be too much."""
        return self._loads[pool][key].level(self._pools[pool][key].amount, self._capacity(pool))

    def near(self, pool: Pool, key: Key) -> list[Key]:
        """Return the other orders that count for one."""
        own = self._pools[pool][key]
        return [k for k, c in self._pools[pool].items() if k != key and own.near(c) and own.sees(c)]

    def touching(self, key: Key) -> set[Case]:
        """Return the groups that an order is in."""
        return {case(pool, k) for pool in self._of.get(key, ()) for k in (key, *self.near(pool, key))}

    def cases(self) -> Iterator[Case]:
        """Yield every group."""
        for pool, members in self._pools.items():
            yield from (case(pool, k) for k in members)

    def _change(self, pool: Pool, key: Key, old: Claim | None, new: Claim | None) -> set[Case]:
        """Put one claim in the place of another; return the groups that this touches."""
        members, loads = self._pools[pool], self._loads[pool]
        capacity, own = self._capacity(pool), _Load()
        flipped, touched = [], {key}
        for k, claim in members.items():
            was, will = old is not None and claim.near(old), new is not None and claim.near(new)
            if k == key or not (was or will):
                continue
            load = loads[k]
            before = load.level(claim.amount, capacity)
            load.take(old if was else None, -1, claim)
            load.take(new if will else None, 1, claim)
            own.take(claim if will else None, 1, new)
            level = load.level(claim.amount, capacity)
            if level != before:
                flipped.append(k)
            if not level[0]:
                touched.add(k)
        self._set(pool, key, new, own)
        for k in flipped:
            touched |= {n for n in self._around(pool, k) if not self.level(pool, n)[0]}
        return {case(pool, k) for k in (*flipped, *touched)}

    def _set(self, pool: Pool, key: Key, claim: Claim | None, load: _Load) -> None:
        if claim is None:
            del self._pools[pool][key], self._loads[pool][key]
        else:
            self._pools[pool][key], self._loads[pool][key] = claim, load

    def _around(self, pool: Pool, key: Key) -> list[Key]:
        """Return every order near one, whether it counts or not."""
        own = self._pools[pool][key]
        return [k for k, c in self._pools[pool].items() if k != key and own.near(c)]

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
