"""The verdicts: one pure function per kind, symmetric in the parties, blind to the issuer, without clock or I/O.

`PAIR` judges where and when two parties are, `ORDERS` two orders as such, `PASSING` one party's use of a section and
`CROSSING` two uses of one, `ALONE` one order in its setting. A kind is added by writing its function and a line in one
of the tables. What K12, K16 and K18 need is found in `judging`. Source: reference deconfliction.md §2.2, §2.3.
"""

from collections.abc import Callable, Iterable
from typing import Final

from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Accord, Side
from coordinator.core.deconfliction.verdicts.activities import incompatible
from coordinator.core.deconfliction.verdicts.authority import authority
from coordinator.core.deconfliction.verdicts.base import Passing, Scene, Verdict
from coordinator.core.deconfliction.verdicts.capacity import crowded, over_capacity, unrated
from coordinator.core.deconfliction.verdicts.caveats import restricted
from coordinator.core.deconfliction.verdicts.command import contradictory, forked
from coordinator.core.deconfliction.verdicts.dependencies import broken, unissued
from coordinator.core.deconfliction.verdicts.duplicates import duplicated
from coordinator.core.deconfliction.verdicts.folding import folded
from coordinator.core.deconfliction.verdicts.frequencies import disturbing, kept
from coordinator.core.deconfliction.verdicts.mandate import mandate
from coordinator.core.deconfliction.verdicts.orders import misread, outdated, stale, unanswered, undecidable
from coordinator.core.deconfliction.verdicts.tracks import deviation
from coordinator.core.deconfliction.verdicts.travel import rushed, too_fast
from coordinator.core.deconfliction.verdicts.zones import entering, zoned

PairVerdict = Callable[[Reading, Reading, Accord, Setting], Verdict | None]
OrdersVerdict = Callable[[Side, Side, Accord, Setting], Verdict | None]
PassingVerdict = Callable[[Reading, Passing, Setting], Verdict | None]
CrossingVerdict = Callable[[Passing, Passing, Setting], Verdict | None]
AloneVerdict = Callable[[Side, Scene], Iterable[Verdict]]

PAIR: Final[tuple[PairVerdict, ...]] = (incompatible,)
ORDERS: Final[tuple[OrdersVerdict, ...]] = (contradictory, forked, duplicated, disturbing, broken, rushed)
CROSSING: Final[tuple[CrossingVerdict, ...]] = (crowded,)
PASSING: Final[tuple[PassingVerdict, ...]] = (over_capacity,)
ALONE: Final[tuple[AloneVerdict, ...]] = (
    deviation,
    authority,
    mandate,
    entering,
    zoned,
    restricted,
    kept,
    unissued,
    too_fast,
)

__all__ = [
    "ALONE", "CROSSING", "ORDERS", "PAIR", "PASSING", "Passing", "Scene", "Verdict", "folded", "incompatible",
    "misread", "outdated", "stale", "unanswered", "undecidable", "unrated",
]  # fmt: skip
