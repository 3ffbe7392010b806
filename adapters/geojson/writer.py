"""Writing GeoJSON: one collection, a feature a line, so that two exports can be compared line by line.

Source: RFC 7946 §3, §3.1.6 (rings), §3.2; reference formats.md §7.3.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from adapters.base import Loss
from adapters.feature_writer import Written, feature
from adapters.shapes import Shape, Vertex
from schemas.envelope import Envelope

_PROPERTY: Final = re.compile(r"(?:[^.]{1,80}\.|[a-z]{4,6} \d{1,9}: )?properties\.(.+)", re.DOTALL)


def collection(messages: Sequence[Envelope]) -> tuple[bytes, Sequence[Envelope], list[Loss]]:
    """Return one FeatureCollection of all messages; unmapped properties go back to where they were."""
    losses: list[Loss] = []
    lines = [msgspec.json.encode(_feature(feature(m, "HAE"), losses)).decode() for m in messages]
    whole = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    return whole.encode(), messages, losses


def _feature(written: Written, losses: list[Loss]) -> dict[str, Any]:
    properties: dict[str, Any] = dict(written.properties)
    message = written.message
    for leaf in message.unmapped:
        place = _PROPERTY.fullmatch(leaf.path) if _is_ours(message) else None
        if place is not None and place[1] not in properties:
            properties[place[1]] = leaf.value
        else:
            why = "it has no place in a feature" if _is_ours(message) else "it came from another format"
            losses.append(Loss(path=f"{message.key}: {leaf.path}", value=leaf.value, why=why))
    return {"type": "Feature", "geometry": _geometry(written.shapes), "properties": properties}


def _is_ours(message: Envelope) -> bool:
    return message.source is not None and message.source.format == "geojson"


def _geometry(shapes: Sequence[Shape]) -> dict[str, Any] | None:
    if not shapes:
        return None
    if len(shapes) == 1:
        return _one(shapes[0])
    if all(s.form == "polygon" for s in shapes):
        return {"type": "MultiPolygon", "coordinates": [_one(s)["coordinates"] for s in shapes]}
    return {"type": "GeometryCollection", "geometries": [_one(s) for s in shapes]}


def _one(shape: Shape) -> dict[str, Any]:
    rings = [[_numbers(v) for v in ring] for ring in shape.rings]
    match shape.form:
        case "point":
            return {"type": "Point", "coordinates": rings[0][0]}
        case "line":
            return {"type": "LineString", "coordinates": rings[0]}
        case _:
            return {"type": "Polygon", "coordinates": rings}


def _numbers(at: Vertex) -> list[float]:
    return [at.lon, at.lat] if at.height_m is None else [at.lon, at.lat, at.height_m]
