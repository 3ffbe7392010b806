"""Ways as a whole: where they come to the other side of a line, and how they pass through an area.

Source: reference deconfliction.md §2.3 K05 (entry and exit, length inside), K07 (properly crosses).
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import shapely
from shapely import Point
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from coordinator.core.deconfliction.crossings import crossings
from coordinator.core.deconfliction.geometry import Shape, flat, length_m, metric
from coordinator.core.deconfliction.reading import Part
from schemas.geo import Pair

_TURNS: Final = (-360.0, 0.0, 360.0)


def crossed(parts: Sequence[Part], line: Shape) -> dict[int, Pair]:
    """Return the parts on which ways get to the other side of a line, and where (longitudes as the way has them)."""
    found: dict[int, Pair] = {}
    for numbers in _ways(parts):
        path, edges = _path(parts, numbers)
        for turn in _TURNS:
            bar = [(x + turn, y) for x, y in line.geometry.coords]
            for edge, (x, y) in crossings(path, bar):
                for number in edges[edge]:
                    found.setdefault(number, (x, y))
    return found


def _ways(parts: Sequence[Part]) -> Iterator[list[int]]:
    """Yield the numbers of parts that continue each other; legs without times of their own recur for each window."""
    way: list[int] = []
    for i, part in enumerate(parts):
        if not part.moving:
            continue
        if way and not _continues(parts[way[-1]], part):
            yield way
            way = []
        way.append(i)
    if way:
        yield way


def _continues(one: Part, other: Part) -> bool:
    same = other.shape.geometry.equals(one.shape.geometry)
    return same or tuple(other.shape.geometry.coords[0]) == tuple(one.shape.geometry.coords[-1])


def _path(parts: Sequence[Part], numbers: Sequence[int]) -> tuple[list[Pair], list[list[int]]]:
    """Return a way as points, and for each of its edges the parts that go over it."""
    path: list[Pair] = []
    edges: list[list[int]] = []
    last: BaseGeometry | None = None
    for n in numbers:
        geometry = parts[n].shape.geometry
        if last is not None and geometry.equals(last):
            edges[-1].append(n)
            continue
        points = [(x, y) for x, y, *_ in geometry.coords]
        fresh = [b for a, b in pairwise(path[-1:] + points) if a != b] if path else points
        edges += [[n] for _ in range(len(fresh) - (not path))]
        path += fresh
        last = geometry
    return path, edges


class Passage(NamedTuple):
    """Where a way comes in and goes out again, and how far it goes inside."""

    entry: Pair
    exit: Pair
    inside_m: float


def passage(parts: Sequence[Part], area: Shape) -> Passage | None:
    """Return how moving parts, in the order of travel, pass through an area; None if nothing moves inside."""
    pieces = [p for part in parts if part.moving for p in _inside(part, area)]
    unique = list(dict.fromkeys(tuple(p) for p in pieces))
    if not unique:
        return None
    inside = sum(length_m(a, b) for p in unique for a, b in pairwise(p))
    return Passage(earthly(unique[0][0]), earthly(unique[-1][-1]), round(inside, 1))


def _inside(part: Part, area: Shape) -> list[list[Pair]]:
    """Return the pieces of a leg that lie inside an area, in the direction of travel."""
    way = part.shape.geometry
    ground = solid(area)
    found = []
    for turn in _TURNS:
        common = way.intersection(translate(ground, turn) if turn else ground)
        for piece in getattr(common, "geoms", [common]):
            if piece.geom_type == "LineString" and piece.length:
                points = [(float(x), float(y)) for x, y, *_ in piece.coords]
                found.append(sorted(points, key=lambda p: _along(way, p)))
    return sorted(found, key=lambda points: _along(way, points[0]))


def solid(of: Shape) -> BaseGeometry:
    """Return a shape in degrees with its reach filled in; for measuring, not for deciding."""
    if not of.reach_m:
        return of.geometry
    lat = (of.geometry.bounds[1] + of.geometry.bounds[3]) / 2
    grown = flat(of.geometry, lat).buffer(of.reach_m, quad_segs=32)
    scale = np.array(metric(lat))
    back: BaseGeometry = shapely.transform(grown, lambda c: c / scale)
    return back


def _along(way: BaseGeometry, point: Pair) -> float:
    return float(way.project(Point(point)))


def earthly(point: Pair) -> Pair:
    """Return a point with its longitude within ±180°, to a tenth of a metre."""
    return round((point[0] + 180.0) % 360.0 - 180.0, 6), round(point[1], 6)
