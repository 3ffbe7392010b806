"""Whether a place lies within the grounds of a mission's measures taken together, also if none of them holds it alone.

Source: reference deconfliction.md §2.3 K09 ("area outside mission area").
"""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final

import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from coordinator.core.deconfliction.areas import Problem
from coordinator.core.deconfliction.geometry import Shape, flat
from coordinator.core.deconfliction.grounds import shape_of
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.measures import Ground

_QUARTER: Final = 64  # corners of a quarter circle: a radius of 100 km is at most 8 m too short


class Held(Enum):
    """How much of a place is within: all that it reaches, what it is itself, or not even that."""

    WHOLLY = "wholly"
    ITSELF = "itself"
    NOT = "not"


def laid(ground: Ground, setting: Setting) -> Shape | None:
    """Return the shape of a ground, worked out once; None if it cannot be found: the lint refuses such a mission."""
    if ground not in setting.grounds:
        try:
            setting.grounds[ground] = shape_of(ground, setting)
        except Problem:
            setting.grounds[ground] = None
    return setting.grounds[ground]


def held(place: Shape, grounds: Iterable[Shape]) -> Held:
    """Return how far a place lies within some grounds taken together; a border counts as within.

    Exact in degrees where nothing reaches beyond its geometry, in metres at the place's latitude where something does.
    """
    own, near = place.geometry, [*_near(place, grounds)]
    plain = shapely.union_all([g.geometry for g in near if not g.reach_m])
    itself = bool(plain.covers(own))
    if itself and not place.reach_m:
        return Held.WHOLLY
    lat = (own.bounds[1] + own.bounds[3]) / 2
    ground = shapely.union_all([*_metres(near, lat)])
    itself = itself or bool(ground.covers(flat(own, lat)))
    if itself and ground.covers(flat(own, lat).buffer(place.reach_m, quad_segs=_QUARTER)):
        return Held.WHOLLY
    return Held.ITSELF if itself else Held.NOT


def _near(place: Shape, grounds: Iterable[Shape]) -> Iterator[Shape]:
    """Yield the grounds whose boxes touch that of a place, as they lie to it across ±180°."""
    west, south, east, north = place.box
    for ground in grounds:
        w, s, e, n = ground.box
        for turn in (-360.0, 0.0, 360.0):
            if w + turn <= east and west <= e + turn and s <= north and south <= n:
                yield ground._replace(geometry=translate(ground.geometry, turn)) if turn else ground


def _metres(grounds: Iterable[Shape], lat: float) -> Iterator[BaseGeometry]:
    yield from (flat(g.geometry, lat).buffer(g.reach_m, quad_segs=_QUARTER) for g in grounds)
