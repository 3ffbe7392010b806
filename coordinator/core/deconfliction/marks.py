"""Which orders can clash at all, as bits: each class of the matrix is a mark, and each order names those it meets.

Beyond sixty-four classes several share a mark: what is proposed is a superset, and the matrix decides.
"""

from typing import Final, NamedTuple

from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import micros

_BITS: Final = 64


class Reach(NamedTuple):
    """The marks that an order is compared with, and how far apart in metres and microseconds that still matters."""

    marks: int = 0
    metres: float = 0.0
    gap: int = 0


class Marks:
    """The classes of one mission as bits."""

    def __init__(self, setting: Setting) -> None:
        self._matrix = setting.matrix
        self._bits = {
            name: 1 << (i % _BITS)
            for i, name in enumerate(sorted({c for row in setting.matrix for c in (row.a, row.b)}))
        }
        self._reaches: dict[frozenset[str], Reach] = {}

    def of(self, classes: frozenset[str]) -> int:
        """Return the marks of an order."""
        found = 0
        for name in classes:
            found |= self._bits.get(name, 0)
        return found

    def reach(self, classes: frozenset[str]) -> Reach:
        """Return what an order of these classes is compared with: whatever a row of the matrix sets against one."""
        known = self._reaches.get(classes)
        if known is None:
            known = self._reaches[classes] = self._worked_out(classes)
        return known

    def _worked_out(self, classes: frozenset[str]) -> Reach:
        rows = [row for row in self._matrix if row.a in classes or row.b in classes]
        met = {row.b for row in rows if row.a in classes} | {row.a for row in rows if row.b in classes}
        return Reach(
            self.of(frozenset(met)),
            max((row.distance_m for row in rows), default=0.0),
            micros(max((row.gap_s for row in rows), default=0.0)),
        )
