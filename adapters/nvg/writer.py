"""Writing NVG 2.0: one item a message, its fields in the extended data where NVG has no place of its own.

Source: NVG 2.0 (NATO TIDE); reference formats.md §7.1.
"""

from collections.abc import Sequence
from typing import Final

from adapters.base import Loss
from adapters.dotted import Scalar
from adapters.feature_writer import feature, put_back
from adapters.nvg.symbols import symbol
from adapters.shapes import Shape, Vertices
from adapters.xml import element, escaped
from schemas.envelope import Envelope

_OPEN: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<nvg version="2.0" xmlns="https://tide.act.nato.int/schemas/2012/10/nvg">\n'
)
_POINT: Final = "point"
_NUMBERS: Final = {  # field of an area -> attribute
    "ellipse": {
        "centre.lon": "cx", "centre.lat": "cy", "major_m": "rx", "minor_m": "ry", "angle_deg": "rotation",
    },
    "arcband": {
        "centre.lon": "cx", "centre.lat": "cy", "r_min_m": "minr", "r_max_m": "maxr", "start_deg": "startangle",
        "end_deg": "endangle",
    },
}  # fmt: skip
_ELEMENTS: Final = {"line": "polyline", "polygon": "polygon"}


def document(messages: Sequence[Envelope]) -> tuple[bytes, Sequence[Envelope], list[Loss]]:
    """Return one document, the messages that are in it, and what NVG has no place for."""
    losses: list[Loss] = []
    parts: list[str] = []
    there: list[Envelope] = []
    for written in (feature(m, "") for m in messages):
        message = written.message
        if not written.shapes:
            losses.append(Loss(path=message.key, value=message.kind, why="it has no place that NVG could show"))
            continue
        properties, lost = put_back(written, "nvg", "/SimpleData")
        losses += lost
        parts.append(_item(message, written.shapes[0], properties))
        there.append(message)
    return (_OPEN + "".join(parts) + "</nvg>\n").encode(), there, losses


def _item(message: Envelope, shape: Shape, properties: dict[str, Scalar]) -> str:
    """Return the item of the first shape; NVG has one shape an item, and what others say is found missing."""
    attributes: dict[str, str] = {}
    if "name" in properties:
        attributes["label"] = str(properties.pop("name"))
    key = "sidc" if message.kind == "observation" else "symbol"  # of an observation it is the same field
    if symbol(str(properties.get(key, ""))) is not None:
        attributes["symbol"] = str(properties.pop(key))
    name = _shape(shape, properties, attributes)
    inner = f"<textInfo>{escaped(str(properties.pop('description')))}</textInfo>" if "description" in properties else ""
    inner += _times(properties) + _holes(shape) + _extended(properties)
    return element(name, attributes, inner) + "\n"


def _shape(shape: Shape, properties: dict[str, Scalar], attributes: dict[str, str]) -> str:
    """Put a shape into attributes, a circle and a corridor as such; return the name of the element."""
    ring = shape.rings[0]
    if shape.form == _POINT:
        attributes |= {"x": repr(ring[0].lon), "y": repr(ring[0].lat)}
        return _POINT
    if shape.form == "polygon" and {"radius_m", "centre"} <= properties.keys():
        lon, _, lat = str(properties.pop("centre")).partition(",")
        attributes |= {"cx": lon, "cy": lat, "r": repr(properties.pop("radius_m"))}
        return "circle"
    if properties.get("area.type") == "corridor":
        del properties["area.type"]
        attributes |= {"points": _points(ring), "width": repr(properties.pop("area.width_m"))}
        return "corridor"
    for slot in ("area", "footprint"):
        if (name := str(properties.get(f"{slot}.type", ""))) in _NUMBERS and _numbers(
            slot, name, properties, attributes
        ):
            return name
    attributes["points"] = _points(ring)
    return _ELEMENTS[shape.form]


def _numbers(slot: str, name: str, properties: dict[str, Scalar], attributes: dict[str, str]) -> bool:
    """Put an ellipse or a part of a ring into attributes, if its numbers come back as they are."""
    said = {key: float(properties.get(f"{slot}.{key}", 0.0)) for key in _NUMBERS[name]}
    if name == "ellipse":
        if said["major_m"] <= said["minor_m"]:
            return False
        said["angle_deg"] = (said["angle_deg"] - 90) % 360  # NVG turns the axis that points east
    attributes |= {attribute: repr(said[key]) for key, attribute in _NUMBERS[name].items()}
    for key in ("type", *_NUMBERS[name]):
        properties.pop(f"{slot}.{key}", None)
    return True


def _points(ring: Vertices) -> str:
    return " ".join(f"{v.lon!r},{v.lat!r}" for v in ring)


def _times(properties: dict[str, Scalar]) -> str:
    """Return the times; one that names no instant stays among the extended data, in its own words."""
    stamp = str(properties.pop("time")) if "time" in properties else ""
    found = f"<TimeStamp>{escaped(stamp)}</TimeStamp>" if stamp else ""
    span = "".join(
        f"<{tag}>{escaped(str(properties.pop(key)))}</{tag}>"
        for key, tag in (("start", "begin"), ("end", "end"))
        if key in properties
    )
    return found + (f"<TimeSpan>{span}</TimeSpan>" if span else "")


def _holes(shape: Shape) -> str:
    rings = "".join(element("linear-ring", {"points": _points(ring)}) for ring in shape.rings[1:])
    return f"<exclude>{rings}</exclude>" if rings and shape.form == "polygon" else ""


def _extended(properties: dict[str, Scalar]) -> str:
    own = "".join(
        element("SimpleData", {"key": key}, escaped(str(value).lower() if isinstance(value, bool) else str(value)))
        for key, value in properties.items()
    )
    return f"<ExtendedData>{own}</ExtendedData>" if own else ""
