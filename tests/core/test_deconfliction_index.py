"""The columns behind deconfliction: whatever is put in, merged, dropped and asked, nothing near is left out.

The oracle is a list and a loop. Source: reference deconfliction.md §3.7 (verified under random insert, merge, remove).
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from shapely import Point

from coordinator.core.deconfliction import candidates as pairing
from coordinator.core.deconfliction import index as columns
from coordinator.core.deconfliction.bonds import Asks, Bonds
from coordinator.core.deconfliction.bulk import Gathered, widened
from coordinator.core.deconfliction.geometry import shape
from coordinator.core.deconfliction.index import ALL, Index, Query
from coordinator.core.deconfliction.ledger import Key
from coordinator.core.deconfliction.marks import Marks, Reach
from coordinator.core.deconfliction.reading import Part
from coordinator.core.deconfliction.register import Register
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.ties import Tied, Ties
from coordinator.core.deconfliction.windows import FAR, Span
from coordinator.core.mission import MatrixRow, Mission

HOUR = 3_600_000_000
Box = tuple[float, float, float, float]
Row = tuple[Box, tuple[int, int], int]


class Plain:
    """What an index is for, as a loop over everything."""

    def __init__(self) -> None:
        self.rows: dict[Key, list[Row]] = {}

    def near(self, boxes: list[Box], times: list[tuple[int, int]], marks: int) -> set[Key]:
        asked = list(zip(boxes, times, strict=True))
        return {k for k, rows in self.rows.items() if any(meets(r, b, t, marks) for r in rows for b, t in asked)}


def meets(row: Row, box: Box, time: tuple[int, int], marks: int) -> bool:
    (w, s, e, n), (start, end), own = row
    if start > time[1] or end < time[0] or s > box[3] or n < box[1] or not own & marks:
        return False
    polar = box[3] >= 89.9 or box[1] <= -89.9
    return polar or any(w + t <= box[2] and e + t >= box[0] for t in (-360.0, 0.0, 360.0))


class Both:
    """An index and its oracle, told the same."""

    def __init__(self, seed: int, longitudes: tuple[float, float], latitudes: tuple[float, float]) -> None:
        self.random = random.Random(seed)
        self.register = Register()
        self.index = Index(self.register)
        self.plain = Plain()
        self.longitudes = longitudes
        self.latitudes = latitudes

    def put(self) -> None:
        key = "x", f"o{self.random.randrange(400)}"
        rows = [self.row() for _ in range(self.random.randint(1, 9))]
        ticket = self.register.renew(key, FAR)
        self.plain.rows[key] = rows
        for box, time, marks in rows:
            self.index.put(ticket, np.array([box]), np.array([time]), marks)

    def drop(self) -> None:
        if self.plain.rows:
            key = self.random.choice(sorted(self.plain.rows))
            del self.plain.rows[key]
            self.register.drop(key)

    def ask(self) -> None:
        boxes, times = zip(*((self.box(), self.time()) for _ in range(self.random.randint(1, 4))), strict=True)
        marks = self.random.choice((ALL, 1, 6, 1 << 63))
        found = self.index.near(Query(np.array(boxes), np.array(times), marks))
        assert found == self.plain.near(list(boxes), list(times), marks)
        assert found <= self.index.everything(Query(np.array(boxes), np.array(times), marks))

    def row(self) -> Row:
        return self.box(), self.time(), self.random.choice((1, 2, 4, 1 << 63, 3))

    def box(self) -> Box:
        west, south = self.random.uniform(*self.longitudes), self.random.uniform(*self.latitudes)
        size = self.random.choice((0.0, 0.01, 0.3))
        return west, south, west + size, min(90.0, south + size)

    def time(self) -> tuple[int, int]:
        start = self.random.randrange(0, 700) * HOUR
        if self.random.random() < 0.03:
            return self.random.choice(((-FAR, FAR), (start, FAR), (-FAR, start)))
        return start, start + round(self.random.choice((0.2, 1.0, 3.0, 11.0, 30.0, 400.0)) * HOUR)


def operations(both: Both, count: int) -> Iterator[None]:
    for _ in range(count):
        yield both.random.choices((both.put, both.drop, both.ask), (5, 2, 2))[0]()


@pytest.mark.parametrize(
    ("longitudes", "latitudes"),
    [((20.0, 21.0), (1.0, 2.0)), ((179.5, 180.5), (-1.0, 0.0)), ((-180.0, 180.0), (89.0, 90.0)),
     ((-180.4, -179.6), (-90.0, -89.5))],
    ids=["a town", "the seam", "the north pole", "the seam at the south pole"],
)  # fmt: skip
@pytest.mark.parametrize("rows", [0, 200_000], ids=["classes", "flat"])
def test_the_index_finds_what_a_loop_finds(
    monkeypatch: pytest.MonkeyPatch, rows: int, longitudes: tuple[float, float], latitudes: tuple[float, float]
) -> None:
    """After any puts, merges and drops; ``rows`` is how few are kept in one class."""
    monkeypatch.setattr(columns, "_ROWS", rows)
    monkeypatch.setattr(columns, "TAIL", 16)
    both = Both(rows + len(str(longitudes)), longitudes, latitudes)
    assert sum(1 for _ in operations(both, 700)) == 700
    assert len(both.index) > 200


def test_an_order_that_has_no_end_is_found_years_later() -> None:
    register = Register()
    index = Index(register)
    index.put(register.renew(("a", "b"), FAR), np.array([(1.0, 1.0, 2.0, 2.0)]), np.array([(0, FAR)]), 1)
    for n in range(3 * columns.TAIL):
        index.put(register.renew(("x", str(n)), FAR), np.array([(5.0, 5.0, 6.0, 6.0)]), np.array([(n, n + HOUR)]), 1)
    late = np.array([(90_000 * HOUR, 90_001 * HOUR)])
    assert index.near(Query(np.array([(1.5, 1.5, 1.6, 1.6)]), late)) == {("a", "b")}


def test_an_order_that_is_over_is_not_proposed_and_leaves_at_the_next_merge() -> None:
    register = Register()
    index = Index(register)
    here, now = np.array([(1.0, 1.0, 2.0, 2.0)]), np.array([(0, HOUR)])
    for n in range(5000):
        index.put(register.renew(("x", str(n)), HOUR if n % 2 else 9 * HOUR), here, now, 1)
    assert len(index.near(Query(here, now))) == 5000
    register.now = HOUR
    assert len(index.near(Query(here, now))) == 2500
    for n in range(5000):
        index.put(register.renew(("y", str(n)), 9 * HOUR), here, now, 1)
    assert len(index) < 10_000


def test_a_dry_run_leaves_no_row() -> None:
    register = Register()
    index = Index(register)
    here, now = np.array([(1.0, 1.0, 2.0, 2.0)]), np.array([(0, HOUR)])
    for _ in range(9 * columns.TAIL):
        index.put(register.renew(("x", "tried"), FAR), here, now, 1)
        register.drop(("x", "tried"))
    assert len(index) <= 1
    assert len(register) == 0


# -- many at once -----------------------------------------------------------------------------------------------------


REACHES = {1: Reach(3, 2000.0, HOUR), 2: Reach(1, 2000.0, HOUR), 4: Reach(0)}


@pytest.mark.parametrize("longitudes", [(20.0, 21.0), (179.5, 180.5)], ids=["a town", "the seam"])
def test_all_pairs_at_once_are_the_pairs_one_by_one(
    monkeypatch: pytest.MonkeyPatch, longitudes: tuple[float, float]
) -> None:
    """Blocks and trees propose what the index proposes for each order, and no order with itself."""
    monkeypatch.setattr("coordinator.core.deconfliction.bulk.BLOCK", 64)
    both, gathered, queries = Both(5, longitudes, (1.0, 2.0)), Gathered(), []
    for n in range(400):
        (box, time, _), mark = both.row(), both.random.choice((1, 2, 4))
        ticket, reach = both.register.renew(("x", f"o{n}"), FAR), REACHES[mark]
        gathered.add(ticket, [(box, Span(time[0], time[0], time[1], time[1]))], mark, reach)
        queries.append(
            (ticket[0], Query(np.array([box]), np.array([(time[0] - reach.gap, time[1] + reach.gap)])), reach)
        )
    both.index.fill(gathered.rows())
    found = {(int(a), int(b)) for block in gathered.pairs() for a, b in block}
    assert len(found) > 100
    assert all(a < b for a, b in found)
    assert one_by_one(both, queries, 1.0) <= found <= one_by_one(both, queries, 1.001)


def one_by_one(both: Both, queries: list[tuple[int, Query, Reach]], more: float) -> set[tuple[int, int]]:
    """Return the pairs that the index proposes, its boxes grown a little more than needed."""
    found = set()
    for number, query, reach in queries:
        asked = query._replace(boxes=widened(query.boxes, reach.metres * more), marks=reach.marks)
        near = (both.register.number(k) for k in both.index.near(asked))
        found |= {(min(number, n), max(number, n)) for n in near if n != number}
    return found


def test_the_orders_of_one_tag_are_found_by_their_time_one_by_one_and_all_at_once() -> None:
    random_, register = random.Random(3), Register()
    bonds, known = Bonds(register), {}
    for n in range(3000):
        key, start = ("x", f"o{n}"), random_.randrange(10_000)
        tags = frozenset(random_.sample(["common", "a", "b", "c", "d"], 2))
        of = Tied(Ties(tags, tags, slack=5), start, start + random_.choice((1, 50, 3000)))
        bonds.put(key, register.renew(key, FAR), of)
        known[key] = of
    for key in random_.sample(sorted(known), 700):
        register.drop(key)
        bonds.drop(key)
        del known[key]
    wanted = {key: _tied_to(known, key) for key in random_.sample(sorted(known), 60)}
    assert {key: bonds.near(known[key]) - {key} for key in wanted} == wanted
    asked = Asks()
    for key in wanted:
        asked.add(known[key].ties.meets, register.number(key), known[key].ties.slack)
    pairs = {frozenset((register.key(int(a)), register.key(int(b)))) for block in bonds.pairs(asked) for a, b in block}
    assert pairs == {frozenset((key, other)) for key, others in wanted.items() for other in others}
    assert bonds.tagged("a") == {k for k, of in known.items() if "a" in of.ties.has}


def _tied_to(known: dict[Key, Tied], key: Key) -> set[Key]:
    own = known[key]
    first, last = own.start - own.ties.slack, own.end + own.ties.slack
    return {
        k
        for k, of in known.items()
        if k != key and of.ties.has & own.ties.meets and of.start <= last and of.end >= first
    }


def test_more_classes_than_bits_share_them_and_hide_nobody() -> None:
    rows = tuple(MatrixRow(name=f"r{n}", a=f"a{n}", b=f"b{n}", severity="HIGH", distance_m=n) for n in range(90))
    marks = Marks(Setting(Mission(name="m", matrix=rows)))
    for row in rows:
        reach = marks.reach(frozenset((row.a,)))
        assert reach.marks & marks.of(frozenset((row.b,)))
        assert reach.metres >= row.distance_m
    assert marks.reach(frozenset(("unheard of",))).marks == 0


class Parts(NamedTuple):
    """What `candidates` looks at of a reading."""

    parts: tuple[Part, ...]

    @property
    def boxes(self) -> np.ndarray:
        return np.array([p.shape.box for p in self.parts], dtype=np.float64).reshape(-1, 4)

    @property
    def times(self) -> np.ndarray:
        return np.array([(p.span.se, p.span.el) for p in self.parts], dtype=np.int64).reshape(-1, 2)


def some_parts(chance: random.Random, longitudes: tuple[float, float], latitudes: tuple[float, float]) -> Parts:
    made = []
    for _ in range(chance.randrange(0, 7)):
        start, (lon, lat) = chance.randrange(10) * HOUR, (chance.uniform(*longitudes), chance.uniform(*latitudes))
        end = chance.choice((start + HOUR, FAR))
        place = shape(Point(lon, lat), chance.choice((0.0, 100.0, 30_000.0)))
        made.append(Part(place, Span(start, start, end, end), None, False, True, None, ""))
    return Parts(tuple(made))


@pytest.mark.parametrize("latitudes", [(1.0, 1.5), (89.7, 90.0), (-90.0, -89.7)])
@pytest.mark.parametrize("longitudes", [(10.0, 10.5), (179.7, 180.3), (-180.3, -179.7), (-0.2, 0.2)])
def test_a_handful_of_parts_meet_as_many_do(
    monkeypatch: pytest.MonkeyPatch, longitudes: tuple[float, float], latitudes: tuple[float, float]
) -> None:
    """One by one, all with all, and by a tree: the same pairs, across ±180° and around a pole."""
    chance, found = random.Random(3), 0
    for _ in range(60):
        a, b = (some_parts(chance, longitudes, latitudes) for _ in range(2))
        asked = chance.choice((0.0, 500.0, 20_000.0)), chance.choice((None, 0, HOUR))
        ways = set()
        for handful, few in ((100, 100), (0, 100), (0, 0)):
            monkeypatch.setattr(pairing, "HANDFUL", handful)
            monkeypatch.setattr(pairing, "ALL_WITH_ALL", few)
            ways.add(tuple(sorted(pairing.candidates(a, b, *asked).pairs)))  # type: ignore[arg-type]
        assert len(ways) == 1
        found += len(ways.pop())
    assert found > 20
