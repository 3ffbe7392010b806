"""Distances between shapes for the second oracle: Vincenty's formula and plain segments, no geometry library.

A shape is corners in longitude and latitude, whether they enclose something, and how far its effect reaches. Edges are
straight in longitude and latitude (RFC 7946). Enclosing shapes are convex: where two of them overlap is found by
clipping with fractions, so that a shared border is told from an overlap exactly.
Source: T. Vincenty, Survey Review 176 (1975); reference deconfliction.md §2.1 (Place, Distance, Contact).
"""

import math
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

Pair = tuple[float, float]

MAJOR: Final = 6_378_137.0
FLAT: Final = 1 / 298.257_223_563
MINOR: Final = MAJOR * (1 - FLAT)


class Figure(NamedTuple):
    """Corners, whether the last is joined to the first and the inside counts, and metres of reach beyond them."""

    corners: tuple[Pair, ...]
    filled: bool = False
    reach: float = 0.0


class Relation(NamedTuple):
    """Metres between two effects, negative by how far their reaches overlap; and whether their insides meet."""

    metres: float
    inside: bool


def between(a: Figure, b: Figure) -> Relation:
    """Return how two figures lie to each other, wherever on the earth they are."""
    b = _beside(a, b)
    apart = _apart(a, b)
    reach = a.reach + b.reach
    inside = apart < reach if reach else apart == 0 and _share(a, b)
    return Relation(apart - reach, inside)


def _beside(a: Figure, b: Figure) -> Figure:
    """Return the second figure with longitudes counted from the first, so that 180° is no border."""
    origin = a.corners[0][0]
    turn = -360.0 * round((b.corners[0][0] - origin) / 360.0)
    return b._replace(corners=tuple((x + turn, y) for x, y in b.corners)) if turn else b


def unrolled(corners: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """Return a path whose edges take the short way round the earth."""
    found = [corners[0]]
    for x, y in corners[1:]:
        found.append((x - 360.0 * round((x - found[-1][0]) / 360.0), y))
    return tuple(found)


def held(a: Figure, ground: Figure) -> int:
    """Return how much of a figure lies in a ground: 2 all that it reaches, 1 what it is itself, 0 not even that."""
    ground = _beside(a, ground)
    if ground.filled:
        if not all(_holds(ground, c) for c in a.corners):
            return 0
        border = min(_to_edge(c, p, q) for c in a.corners for p, q in _edges(ground))
        return 2 if border >= a.reach else 1
    far = max(_apart(Figure((c,)), ground) for c in a.corners)
    return 0 if far > ground.reach else 2 if far + a.reach <= ground.reach else 1


def differ(a: Figure, b: Figure) -> float | None:
    """Return by how many metres two circles differ, outline from outline; None for other figures."""
    if len(a.corners) > 1 or len(b.corners) > 1:
        return None
    return metres(a.corners[0], _beside(a, b).corners[0]) + abs(a.reach - b.reach)


# -- points -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=100_000)
def metres(p: Pair, q: Pair) -> float:
    """Return the distance between two points on the ellipsoid (Vincenty's inverse formula)."""
    if p == q:
        return 0.0
    u, v = (math.atan((1 - FLAT) * math.tan(math.radians(at[1]))) for at in (p, q))
    su, cu, sv, cv = math.sin(u), math.cos(u), math.sin(v), math.cos(v)
    east = turn = math.radians(q[0] - p[0])
    for _ in range(100):
        sl, cl = math.sin(turn), math.cos(turn)
        sin_s = math.hypot(cv * sl, cu * sv - su * cv * cl)
        cos_s = su * sv + cu * cv * cl
        sigma = math.atan2(sin_s, cos_s)
        sin_a = cu * cv * sl / sin_s
        cos2_a = 1 - sin_a * sin_a
        mid = cos_s - 2 * su * sv / cos2_a if cos2_a else 0.0
        c = FLAT / 16 * cos2_a * (4 + FLAT * (4 - 3 * cos2_a))
        before = turn
        turn = east + (1 - c) * FLAT * sin_a * (sigma + c * sin_s * (mid + c * cos_s * (2 * mid * mid - 1)))
        if abs(turn - before) < 1e-14:
            break
    w = cos2_a * (MAJOR * MAJOR - MINOR * MINOR) / (MINOR * MINOR)
    big = 1 + w / 16384 * (4096 + w * (-768 + w * (320 - 175 * w)))
    small = w / 1024 * (256 + w * (-128 + w * (74 - 47 * w)))
    last = small / 6 * mid * (4 * sin_s * sin_s - 3) * (4 * mid * mid - 3)
    more = small * sin_s * (mid + small / 4 * (cos_s * (2 * mid * mid - 1) - last))
    return MINOR * big * (sigma - more)


# -- figures ----------------------------------------------------------------------------------------------------------


def _apart(a: Figure, b: Figure) -> float:
    """Return the metres between two figures without their reach."""
    if _holds(a, b.corners[0]) or _holds(b, a.corners[0]):
        return 0.0
    return min(_segments(p, q, r, s) for p, q in _edges(a) for r, s in _edges(b))


def _edges(of: Figure) -> tuple[tuple[Pair, Pair], ...]:
    corners = of.corners
    if len(corners) == 1:
        return ((corners[0], corners[0]),)
    return tuple(pairwise((*corners, corners[0]) if of.filled else corners))


def _holds(of: Figure, p: Pair) -> bool:
    """Say whether a point lies in a figure or on its border: on the same side of every edge."""
    if not of.filled:
        return False
    turns = [_turn(a, b, p) for a, b in _edges(of)]
    return all(t >= 0 for t in turns) or all(t <= 0 for t in turns)


def _turn(a: Pair, b: Pair, p: Pair) -> int:
    """Return on which side of a line a point lies: 1 left, -1 right, 0 on it; exactly."""
    rough = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
    if abs(rough) > 1e-12:
        return 1 if rough > 0 else -1
    (ax, ay), (bx, by), (px, py) = ((Fraction(x), Fraction(y)) for x, y in (a, b, p))
    exact = (bx - ax) * (py - ay) - (by - ay) * (px - ax)
    return (exact > 0) - (exact < 0)


def _segments(p: Pair, q: Pair, r: Pair, s: Pair) -> float:
    """Return the metres between two edges: 0 if they meet, else from an end of one to the other."""
    if _meet(p, q, r, s):
        return 0.0
    return min(_to_edge(p, r, s), _to_edge(q, r, s), _to_edge(r, p, q), _to_edge(s, p, q))


def _meet(p: Pair, q: Pair, r: Pair, s: Pair) -> bool:
    if max(p[0], q[0]) < min(r[0], s[0]) or max(r[0], s[0]) < min(p[0], q[0]):
        return False
    if max(p[1], q[1]) < min(r[1], s[1]) or max(r[1], s[1]) < min(p[1], q[1]):
        return False
    return _turn(p, q, r) * _turn(p, q, s) <= 0 and _turn(r, s, p) * _turn(r, s, q) <= 0


def _to_edge(p: Pair, a: Pair, b: Pair) -> float:
    """Return the metres from a point to an edge: its foot is found on the plane that touches the earth there."""
    if a == b:
        return metres(p, a)
    x, y = _plane(p[1])
    ax, ay, bx, by = (a[0] - p[0]) * x, (a[1] - p[1]) * y, (b[0] - p[0]) * x, (b[1] - p[1]) * y
    dx, dy = bx - ax, by - ay
    along = min(1.0, max(0.0, -(ax * dx + ay * dy) / (dx * dx + dy * dy)))
    foot = a[0] + (b[0] - a[0]) * along, a[1] + (b[1] - a[1]) * along
    return metres(p, foot)


@lru_cache(maxsize=10_000)
def _plane(lat: float) -> Pair:
    """Return metres per degree east and north at a latitude, from the ellipsoid's series (no closed form)."""
    r = math.radians(lat)
    east = 111_412.84 * math.cos(r) - 93.5 * math.cos(3 * r) + 0.118 * math.cos(5 * r)
    north = 111_132.92 - 559.82 * math.cos(2 * r) + 1.175 * math.cos(4 * r) - 0.0023 * math.cos(6 * r)
    return east, north


# -- insides ----------------------------------------------------------------------------------------------------------


def _share(a: Figure, b: Figure) -> bool:
    """Say whether two figures that meet share inside: an area of both, or a line or point within a filled one."""
    if a.filled and b.filled:
        return _area(_clipped(_exact(a), _exact(b))) != 0
    if not (a.filled or b.filled):
        return True
    filled, other = (a, b) if a.filled else (b, a)
    return any(_within(filled, p, q) for p, q in _edges(other))


Corners = list[tuple[Fraction, Fraction]]


def _exact(of: Figure) -> Corners:
    corners = [(Fraction(x), Fraction(y)) for x, y in of.corners]
    return corners if _area(corners) > 0 else corners[::-1]


def _area(corners: Corners) -> Fraction:
    ends = zip(corners, corners[1:] + corners[:1], strict=True)
    return sum((p[0] * q[1] - q[0] * p[1] for p, q in ends), Fraction(0))


def _clipped(subject: Corners, by: Corners) -> Corners:
    """Return what is left of one convex figure within another (Sutherland and Hodgman)."""
    for a, b in zip(by, by[1:] + by[:1], strict=True):
        subject = _half(subject, a, b)
    return subject


def _half(corners: Corners, a: tuple[Fraction, Fraction], b: tuple[Fraction, Fraction]) -> Corners:
    found: Corners = []
    for p, q in zip(corners, corners[1:] + corners[:1], strict=True):
        dp, dq = ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) for c in (p, q))
        if dp >= 0:
            found.append(p)
        if dp * dq < 0:
            t = dp / (dp - dq)
            found.append((p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t))
    return found


def _within(filled: Figure, p: Pair, q: Pair) -> bool:
    """Say whether some point of an edge lies strictly inside a filled figure: the middle of the clipped edge does."""
    corners = _exact(filled)
    a, b = (Fraction(p[0]), Fraction(p[1])), (Fraction(q[0]), Fraction(q[1]))
    low, high = Fraction(0), Fraction(1)
    for c, d in zip(corners, corners[1:] + corners[:1], strict=True):
        da, db = ((d[0] - c[0]) * (e[1] - c[1]) - (d[1] - c[1]) * (e[0] - c[0]) for e in (a, b))
        if da <= 0 and db <= 0:
            return False
        if da * db < 0:
            t = da / (da - db)
            low, high = (max(low, t), high) if da < 0 else (low, min(high, t))
    return low < high or a == b
