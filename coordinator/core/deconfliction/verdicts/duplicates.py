"""K17: one task given to two contingents that do not know of each other. Source: reference deconfliction.md §2.3."""

import math
from typing import Final
from zlib import crc32

from coordinator.core.deconfliction.geometry import LATITUDE_M
from coordinator.core.deconfliction.places import alike
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Accord, Side
from coordinator.core.deconfliction.verdicts.base import Verdict
from coordinator.core.deconfliction.verdicts.tasks import DOUBT, action, each, overlaps, shown, sure
from coordinator.core.deconfliction.windows import overlap, relation, window
from schemas.directives import Directive
from schemas.findings import Evidence

_LONGITUDE_M: Final = 111_300.0  # metres per degree at the equator, never more than the true value
_NEAR_POLE: Final = 89.0
_ROWS: Final = 0x9E3779B1  # odd, and far from any simple ratio: neighbours get numbers far apart
_COLUMNS: Final = 0x85EBCA6B
_32_BITS: Final = 0xFFFFFFFF


def duplicated(a: Side, b: Side, accord: Accord, setting: Setting) -> Verdict | None:
    """K17: two contingents have the same task at the same place and time, and neither order names the other."""
    if a.reading is None or b.reading is None or accord.amends or accord.agreed or accord.aware:
        return None
    if not _same_task(a.reading, b.reading) or not _two_contingents(a, b, setting):
        return None
    met = [*overlaps(a.reading, b.reading)]
    same = alike(a.reading, b.reading, setting.rules.duplicate_m) if met else None
    if same is None:
        return None
    when = shown(met)
    both = overlap(*when)
    evidence = Evidence(
        rule="duplicate-task", place=setting.place_at(same.at), at=same.at, overlap=window(both) if both else None,
        relation=relation(*when), distance_m=same.distance_m, required_m=setting.rules.duplicate_m,
        actions=(action(a.reading), action(b.reading)), because=DOUBT[sure(when)],
        units=tuple(sorted({u.said for r in (a.reading, b.reading) for u in r.units})),
    )  # fmt: skip
    severity = setting.severity(setting.default("duplicate-task", "INFO"), sure(when), frozenset())
    what = a.reading.fields.what, b.reading.fields.what
    return Verdict("duplicate-task", sure(when), severity, evidence, what, when, offers=each("merge", a, b))


def corner(of: Reading) -> tuple[str, float, float] | None:
    """Return an order's action and where its place begins: longitude and latitude; None if it is no such task."""
    if not of.tasking or not of.parts:
        return None
    boxes = [p.shape.box for p in of.parts]
    return action(of), min(b[0] for b in boxes), min(b[1] for b in boxes)


def cells(what: str, west: float, south: float, setting: Setting) -> tuple[int, ...]:
    """Return the tags of every cell in which the same place can begin, as numbers; the own one is in the middle.

    Cells are at least as wide as places may differ, so it begins in the same cell or in one beside it.
    """
    row = _row(south, setting)
    task = crc32(what.encode())
    found: list[int] = []
    for r in (row - 1, row, row + 1):
        column, count = _column(west, r, setting)
        found += (_tag(task, r, column - 1, count), _tag(task, r, column, count), _tag(task, r, column + 1, count))
    return tuple(found)


def _row(south: float, setting: Setting) -> int:
    return math.floor(south * LATITUDE_M / (setting.rules.duplicate_m + 1.0))


def _column(west: float, row: int, setting: Setting) -> tuple[int, int]:
    """Return which cell of a row a longitude is in, and how many there are around the earth."""
    count = _count(row, setting)
    return int(west % 360.0 / 360.0 * count), count


def _tag(task: int, row: int, column: int, count: int) -> int:
    """Return 32 bits; where two cells have one number, more is proposed than needed, and the verdict decides."""
    return (task + row * _ROWS + column % count * _COLUMNS) & _32_BITS


def _count(row: int, setting: Setting) -> int:
    """Return how many cells of a row there are around the earth, each at least as wide as places may differ.

    Near a pole there is one: there longitudes separate nothing.
    """
    asked = _count, row
    if asked not in setting.memo:
        step = setting.rules.duplicate_m + 1.0
        far = max(abs(row), abs(row + 1)) * step / LATITUDE_M
        around_m = 360.0 * _LONGITUDE_M * math.cos(math.radians(far)) if far < _NEAR_POLE else 0.0
        setting.memo[asked] = max(1, math.floor(around_m / step))
    found: int = setting.memo[asked]
    return found


def _same_task(a: Reading, b: Reading) -> bool:
    """Say whether both order the same; what the bus has no word for is the same only in the senders' words."""
    x, y = a.body, b.body
    if not (a.tasking and b.tasking and isinstance(x, Directive) and isinstance(y, Directive)) or x.action != y.action:
        return False
    return x.action != "other" or (bool(x.action_code) and x.action_code == y.action_code)


def _two_contingents(a: Side, b: Side, setting: Setting) -> bool:
    """Say whether different contingents perform the two, none of them in the other's chain."""
    x, y = a.version.performers, b.version.performers
    known = setting.mission.by_id
    both = all(any(p in known and known[p].role == "contingent" for p in of) for of in (x, y))
    return both and not any(setting.chain(p, q) for p in x for q in y)
