"""Writing KML 2.2: a folder for each kind, a placemark for each message.

Source: OGC KML 2.2 (07-147r2) §9 (order of elements), §10; reference formats.md §7.2.
"""

from collections.abc import Sequence
from typing import Final

from adapters.base import Loss
from adapters.feature_writer import Properties, Written, feature, put_back
from adapters.shapes import Shape, Vertex
from adapters.xml import element, escaped
from schemas.envelope import Envelope

_OPEN: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
_ELEMENTS: Final = ("name", "description", "time", "start", "end")
_FORMS: Final = {"point": "Point", "line": "LineString", "polygon": "Polygon"}


def document(messages: Sequence[Envelope]) -> tuple[bytes, Sequence[Envelope], list[Loss]]:
    """Return one document and the messages in the order in which they stand there."""
    folders: dict[str, list[Envelope]] = {}
    for message in messages:
        folders.setdefault(message.kind, []).append(message)
    parts = []
    losses: list[Loss] = []
    for kind, held in folders.items():
        placemarks = "".join("\n" + _placemark(feature(m, "MSL"), losses) for m in held)
        parts.append(element("Folder", {}, f"<name>{escaped(kind)}</name>{placemarks}\n") + "\n")
    order = [m for held in folders.values() for m in held]
    return (_OPEN + "".join(parts) + "</Document></kml>\n").encode(), order, losses


def _placemark(written: Written, losses: list[Loss]) -> str:
    properties, lost = put_back(written, "kml", "/ExtendedData/")
    losses += lost
    inner = "".join(_text(name, properties) for name in ("name", "description"))
    if "time" in properties and not {"start", "end"} & properties.keys():
        inner += element("TimeStamp", {}, f"<when>{escaped(str(properties['time']))}</when>")
    elif {"start", "end"} & properties.keys():
        inner += element("TimeSpan", {}, _text("start", properties, "begin") + _text("end", properties))
    in_span = {"start", "end"} & properties.keys()
    shown = {*_ELEMENTS} - ({"time"} if in_span else set())
    data = "".join(_data(key, value) for key, value in properties.items() if key not in shown)
    return element("Placemark", {}, inner + element("ExtendedData", {}, data) + _geometry(written.shapes))


def _text(name: str, properties: Properties, tag: str = "") -> str:
    return f"<{tag or name}>{escaped(str(properties[name]))}</{tag or name}>" if name in properties else ""


def _data(key: str, value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return element("Data", {"name": key}, f"<value>{escaped(text)}</value>")


def _geometry(shapes: Sequence[Shape]) -> str:
    if len(shapes) > 1:
        return element("MultiGeometry", {}, "".join(_one(s) for s in shapes))
    return "".join(_one(s) for s in shapes)


def _one(shape: Shape) -> str:
    high = all(v.height_m is not None for v in shape.vertices)
    mode = "<altitudeMode>absolute</altitudeMode>" if high else ""
    if shape.form != "polygon":
        return element(_FORMS[shape.form], {}, mode + _coordinates(shape.rings[0]))
    rings = [element("LinearRing", {}, _coordinates(ring)) for ring in shape.rings]
    boundaries = [element("outerBoundaryIs" if not i else "innerBoundaryIs", {}, r) for i, r in enumerate(rings)]
    return element("Polygon", {}, mode + "".join(boundaries))


def _coordinates(vertices: Sequence[Vertex]) -> str:
    return f"<coordinates>{' '.join(_numbers(v) for v in vertices)}</coordinates>"


def _numbers(at: Vertex) -> str:
    return f"{at.lon!r},{at.lat!r}" + ("" if at.height_m is None else f",{at.height_m!r}")
