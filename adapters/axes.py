"""Latitude and longitude in the wrong order: the most common defect of positions, whatever the format.

A place that lies far outside the mission's area, and within it if the two are swapped, is worth a warning with both
readings. It stays as it was written: nothing is swapped. Near the diagonal both readings may lie within, and nobody
can tell. Source: reference formats.md §2.3.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from adapters.base import Box, Translation
from schemas import registry
from schemas.envelope import Envelope, Warning
from schemas.geo import Corridor, Line, MultiPolygon, Pair, Polygon, Position, Route

_FAR_DEG: Final = 1.0  # beyond the box, which has a margin of its own
_MOST: Final = 5  # warnings of this kind in one message; what more there is has the same cause
Shape = tuple[str, Sequence[Pair]]


def checked(translation: Translation, box: Box) -> Translation:
    """Return a translation with a warning for each place that looks swapped."""
    found = [(message, tuple(_suspects(message, box))) for message in translation.messages]
    if not any(said for _, said in found):
        return translation
    messages = tuple(msgspec.structs.replace(m, warnings=m.warnings + said) if said else m for m, said in found)
    every = dict.fromkeys((*translation.warnings, *(warning for _, said in found for warning in said)))
    return msgspec.structs.replace(translation, messages=messages, warnings=tuple(every))


def _suspects(message: Envelope, box: Box) -> Iterator[Warning]:
    try:
        body = registry.body(message)
    except registry.UnknownKind:
        return
    at = f"{message.source.locator}: " if message.source and message.source.locator else ""
    suspect = [(path, points[0]) for path, points in _shapes(body, "body") if points and _swapped(points, box)]
    for path, (lon, lat) in suspect[:_MOST]:
        more = f" ({len(suspect) - _MOST} more places like it)" if len(suspect) > _MOST else ""
        text = (
            f"latitude {lat:.7g}, longitude {lon:.7g} lies far outside the mission's area, latitude {lon:.7g}, "
            f"longitude {lat:.7g} within it: were they swapped? It was read as written{more}"
        )
        yield Warning(code="axis-suspect", path=f"{at}{path}", text=text)


def _swapped(points: Sequence[Pair], box: Box) -> bool:
    """Say whether all points lie far outside a box, and all within it if longitude and latitude change places."""
    west, south, east, north = box
    for lon, lat in points:
        near = west - _FAR_DEG <= lon <= east + _FAR_DEG and south - _FAR_DEG <= lat <= north + _FAR_DEG
        if near or not (west <= lat <= east and south <= lon <= north):
            return False
    return True


def _shapes(value: object, path: str) -> Iterator[Shape]:
    """Yield every place in a body with its points; a way, or an area, is one."""
    match value:
        case Position():
            yield path, ((value.lon, value.lat),)
        case Polygon():
            yield path, [point for ring in value.rings for point in ring]
        case MultiPolygon():
            yield path, [point for rings in value.polygons for ring in rings for point in ring]
        case Corridor() | Line():
            yield path, value.points
        case Route():
            yield path, [(p.position.lon, p.position.lat) for p in value.points if p.position]
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from _shapes(getattr(value, name), f"{path}.{name}")
        case tuple():
            for number, inner in enumerate(value):
                yield from _shapes(inner, f"{path}[{number}]")
