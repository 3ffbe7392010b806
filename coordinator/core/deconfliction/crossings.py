"""Where a path gets from one side of a line to the other: exactly, in rational arithmetic.

To touch a line and turn back, to run along it and leave on the side one came from, and to pass beyond its end is not
to cross it. Edges are straight in longitude and latitude. Source: reference deconfliction.md §2.3 K07 ("properly
crosses").
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

from schemas.geo import Pair

Point = tuple[Fraction, Fraction]
Spot = tuple[int, Fraction]
"""An edge of the line and how far along it, from 0 to 1."""


class Contact(NamedTuple):
    """Where path and line share points: from where to where on the path (edge and fraction), and there on the line."""

    start: Fraction
    end: Fraction
    first: Spot
    last: Spot


def crossings(path: Sequence[Pair], line: Sequence[Pair]) -> Iterator[tuple[int, Pair]]:
    """Yield the edge of the path (by its number) and the point at which it comes to the other side of a line."""
    way, bar = _exact(path), _exact(line)
    contacts = _joined(c for k in range(len(way) - 1) for j in range(len(bar) - 1) for c in _contact(way, k, bar, j))
    edges = [Fraction(0), *(c.end for c in contacts)], [*(c.start for c in contacts[1:]), Fraction(len(way) - 1)]
    for contact, before, after in zip(contacts, edges[0], edges[1], strict=False):
        came, went = _came(way, bar, contact, before), _went(way, bar, contact, after)
        if came and went and came != went:
            x, y = _at(way, contact.start)
            yield ceil(contact.start) - 1, (float(x), float(y))


def _exact(points: Sequence[Pair]) -> list[Point]:
    kept = [points[0], *(b for a, b in pairwise(points) if a != b)]
    return [(Fraction(x), Fraction(y)) for x, y in kept]


def _contact(way: Sequence[Point], k: int, bar: Sequence[Point], j: int) -> Iterator[Contact]:
    """Yield what two edges share: nothing, a point or a stretch."""
    a, b, c, d = way[k], way[k + 1], bar[j], bar[j + 1]
    if any(max(a[i], b[i]) < min(c[i], d[i]) or max(c[i], d[i]) < min(a[i], b[i]) for i in (0, 1)):
        return
    u, v, w = _minus(b, a), _minus(d, c), _minus(c, a)
    turn = _cross(u, v)
    if turn:
        t, s = _cross(w, v) / turn, _cross(w, u) / turn
        if 0 <= t <= 1 and 0 <= s <= 1:
            yield Contact(k + t, k + t, (j, s), (j, s))
    elif not _cross(w, u):
        yield from _along(k, j, u, w, v)


def _along(k: int, j: int, u: Point, w: Point, v: Point) -> Iterator[Contact]:
    """Yield the stretch that two edges on one straight line share."""
    size = _dot(u, u)
    t0, t1 = _dot(w, u) / size, _dot((w[0] + v[0], w[1] + v[1]), u) / size
    low, high = max(min(t0, t1), Fraction(0)), min(max(t0, t1), Fraction(1))
    if low <= high:
        first, last = ((t - t0) / (t1 - t0) for t in (low, high))
        yield Contact(k + low, k + high, (j, first), (j, last))


def _joined(found: Iterator[Contact]) -> list[Contact]:
    """Return contacts in the order of the path, those that follow on each other as one."""
    joined: list[Contact] = []
    for c in sorted(found):
        if joined and c.start <= joined[-1].end:
            last = max(joined[-1], c, key=lambda x: x.end)
            joined[-1] = joined[-1]._replace(end=last.end, last=last.last)
        else:
            joined.append(c)
    return joined


def _came(way: Sequence[Point], bar: Sequence[Point], contact: Contact, since: Fraction) -> int:
    edge = ceil(contact.start) - 1
    return 0 if edge < 0 else _side(bar, contact.first, _at(way, (max(since, Fraction(edge)) + contact.start) / 2))


def _went(way: Sequence[Point], bar: Sequence[Point], contact: Contact, until: Fraction) -> int:
    edge = floor(contact.end)
    if edge >= len(way) - 1:
        return 0
    return _side(bar, contact.last, _at(way, (contact.end + min(until, Fraction(edge + 1))) / 2))


def _side(bar: Sequence[Point], at: Spot, q: Point) -> int:
    """Return 1 for left of the line where it is met, -1 for right, 0 at its end."""
    j, s = (at[0] + 1, Fraction(0)) if at[1] == 1 else at
    if s:
        return _sign(_turn(bar[j], bar[j + 1], q))
    closed = bar[0] == bar[-1]
    if j in (0, len(bar) - 1):
        if not closed:
            return 0
        j = len(bar) - 1
    before, here, after = bar[j - 1], bar[j], bar[1] if j == len(bar) - 1 else bar[j + 1]
    one, two = _turn(before, here, q), _turn(here, after, q)
    if _turn(before, here, after) >= 0:
        return 1 if one > 0 and two > 0 else -1
    return -1 if one < 0 and two < 0 else 1


def _at(way: Sequence[Point], u: Fraction) -> Point:
    k = min(floor(u), len(way) - 2)
    (ax, ay), (bx, by) = way[k], way[k + 1]
    t = u - k
    return ax + (bx - ax) * t, ay + (by - ay) * t


def _minus(a: Point, b: Point) -> Point:
    return a[0] - b[0], a[1] - b[1]


def _cross(a: Point, b: Point) -> Fraction:
    return a[0] * b[1] - a[1] * b[0]


def _dot(a: Point, b: Point) -> Fraction:
    return a[0] * b[0] + a[1] * b[1]


def _turn(a: Point, b: Point, q: Point) -> Fraction:
    return _cross(_minus(b, a), _minus(q, a))


def _sign(of: Fraction) -> int:
    return (of > 0) - (of < 0)
