"""What it means to touch: closed sets share a point, or come so near that coordinates as they are written cannot tell.

Coordinates are rounded to six decimals; moved by some degrees, two shapes that touch are an ulp apart or overlap by
one. So there is a tolerance, and it is part of the definition. Source: reference deconfliction.md §2.1 (Contact).
"""

from collections.abc import Iterator
from typing import Final

from shapely.geometry.base import BaseGeometry

TOUCH_DEG: Final = 1e-9
"""A tenth of a millimetre: shapes closer than this touch, and shapes that share less only touch."""


def shallow(g: BaseGeometry, h: BaseGeometry, common: BaseGeometry) -> bool:
    """Say whether two geometries only share a border: nothing of what they share lies deeper inside either."""
    borders = [x.boundary for x in (g, h) if not x.boundary.is_empty]
    return not side_by_side(g, h) and all(
        any(x.distance(inner) <= TOUCH_DEG for x in borders) for inner in _inner(common)
    )


def side_by_side(g: BaseGeometry, h: BaseGeometry) -> bool:
    """Say whether two lines run along each other for more than a crossing takes."""
    if g.area > 0 or h.area > 0 or not (g.length and h.length):
        return False
    return bool(h.intersection(g.buffer(TOUCH_DEG)).length > 1000 * TOUCH_DEG)


def _inner(of: BaseGeometry) -> Iterator[BaseGeometry]:
    """Yield a point in the middle of each piece."""
    for one in getattr(of, "geoms", (of,)):
        if one.area > 0:
            yield one.representative_point()
        elif not one.is_empty:
            yield one.interpolate(0.5, normalized=True) if one.length > 0 else one
