"""A message becomes a feature of a map: its geometry, and all its other fields as properties.

What is read from them again is the same message; what a format cannot hold is found by `adapters.compare`.
Source: reference formats.md §7.2-7.4; `adapters.features` for the names.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received
from adapters.compare import not_carried
from adapters.dotted import Scalar, flat, named
from adapters.features import AROUND, ASSUMED, HEIGHT, KINDS, SLOTS, Reference, aliases
from adapters.shapes import Shape, Vertex, drawn, of_pairs, of_position
from schemas.base import Message
from schemas.envelope import Envelope
from schemas.geo import AltitudeBand, Area, Circle, Corridor, Line, MultiPolygon, Polygon, Position, Route
from schemas.registry import body, pack

Properties = dict[str, Scalar]

_HIDDEN: Final = ("id", "kind", "revision")  # of the envelope: written first, or at once


class Written(NamedTuple):
    """A message as a feature."""

    message: Envelope
    properties: Properties
    shapes: tuple[Shape, ...]


def write(
    messages: Sequence[Envelope],
    originals: Mapping[str, bytes],
    decode: Callable[[bytes, Context], Translation],
    put: Callable[[Sequence[Envelope]], tuple[bytes, Sequence[Envelope], Sequence[Loss]]],
    title: str,
) -> Encoded:
    """Write messages by ``put``, which returns the file, the messages in it in their order, and what it left out.

    Raises:
        Rejected: the format can hold none of them.
    """
    if messages and (whole := as_received(messages, originals, decode)) is not None:
        return Encoded(data=whole)
    held = [m for m in messages if m.kind in KINDS]
    losses = [Loss(path=m.key, value=m.kind, why=f"{title} has no such kind") for m in messages if m.kind not in KINDS]
    data, there, left_out = put(held) if held else (b"", (), ())
    if not there:
        raise Rejected("messages", f"{title} can hold none of them", f"kinds that it can: {', '.join(sorted(KINDS))}")
    losses += left_out
    losses += not_carried([_wound(m) for m in there], data, decode)
    return Encoded(data=data, losses=tuple(losses))


def feature(message: Envelope, reference: Reference, *, polygons: bool = True) -> Written:
    """Return a message as a feature of a format whose heights are above ``reference``.

    A format without polygons gets a circle as its centre, with ``radius_m`` beside it.
    """
    what = body(message)
    properties = flat(what)
    if message.kind in ASSUMED and message.status != "cancel":
        name = ASSUMED[message.kind][0]
        properties.setdefault(name, getattr(what, name))  # a default that reading does not assume
    shapes = () if message.status == "cancel" else _shapes(message.kind, what, properties, reference, polygons)
    around = _around(message)
    short = aliases(message.kind, [s.form for s in shapes])
    everything = {**properties, **around}
    for alias, name in short.items():
        if name in everything and alias not in everything and _first(short, alias, name):
            everything[alias] = everything.pop(name)
    head: Properties = {"bus:id": message.id, "bus:revision": message.revision, "bus:entity": message.kind}
    if message.revision == 1:
        del head["bus:revision"]
    return Written(message, head | dict(sorted(everything.items(), key=_order)), shapes)


def put_back(written: Written, format_: str, place: str) -> tuple[Properties, list[Loss]]:
    """Return the properties with those back that nobody mapped, and what has no place.

    In XML a property's path ends with its name, ``.../Data[2]/value (beds)``; ``place`` stands in such a path.
    """
    message, properties = written.message, dict(written.properties)
    ours = message.source is not None and message.source.format == format_
    why = "it has no place in what is written" if ours else "it came from another format"
    losses = []
    for leaf in message.unmapped:
        _, there, key = leaf.path.partition(" (")
        if ours and there and place in leaf.path and key[:-1] and properties.get(key[:-1]) is None:
            properties[key[:-1]] = leaf.value
        else:
            losses.append(Loss(path=f"{message.key}: {leaf.path}", value=leaf.value, why=why))
    return properties, losses


def _first(short: dict[str, str], alias: str, name: str) -> bool:
    """Say whether a field goes by this short name, where it has several."""
    return next(a for a, n in short.items() if n == name) == alias


_FIRST: Final = ("name", "description", "start", "end", "lower_m", "lower_ref", "upper_m", "upper_ref")


def _order(item: tuple[str, Scalar]) -> tuple[int, str, list[tuple[int, str]]]:
    """Sort the common names first, then by name, numbers by value."""
    key = item[0]
    place = _FIRST.index(key) if key in _FIRST else len(_FIRST) + key.startswith("bus:")
    return place, "", [(int(s), "") if s.isdigit() else (-1, s) for s in key.split(".")]


def _around(message: Envelope) -> Properties:
    found: Properties = {}
    defaults = {f.name: f.default for f in msgspec.structs.fields(Envelope)}
    for name in AROUND:
        value = getattr(message, name)
        if name not in _HIDDEN and value != defaults[name]:
            found.update(named(value, f"bus:{name}"))
    return found


def _shapes(
    kind: str, what: Message, properties: Properties, reference: Reference, polygons: bool
) -> tuple[Shape, ...]:
    """Return the geometry of a message, and take out of its properties what the geometry says."""
    slots = SLOTS[kind]
    found: list[Shape] = []
    for slot in dict.fromkeys((slots.point, slots.line, slots.polygon)):
        match getattr(what, slot, None) if slot else None:
            case Position() as at:
                found.append(_spot(kind, what, at, properties, reference))
            case Route() as route:
                found += _route(route, properties, reference)
            case None:
                pass
            case Circle() as area if not polygons and slots.point == slot:
                _drop(slot, properties, ())
                found.append(of_position(area.centre))
                properties.update({"radius_m": area.radius_m} if area.radius_m else {})
            case area:
                found += _area(slot, area, slots.line != slot, properties)
    return tuple(found)


def _spot(kind: str, what: Message, at: Position, properties: Properties, reference: Reference) -> Shape:
    del properties["position.lat"], properties["position.lon"]
    height = HEIGHT.get(kind, "")
    limit = getattr(what, "altitude", None) if height else None
    if height and reference == "HAE" and getattr(what, height) is not None:
        return of_position(at, float(properties.pop(height)))
    if limit is not None and limit.reference == reference != "HAE" and limit.value_m is not None:
        del properties["altitude.reference"], properties["altitude.value_m"]
        return of_position(at, limit.value_m)
    return of_position(at)


def _route(route: Route, properties: Properties, reference: Reference) -> list[Shape]:
    placed = [p.position for p in route.points if p.position is not None]
    if not placed:
        return []
    heights = [_height(p.altitude, reference) for p in route.points if p.position is not None]
    with_heights = all(h is not None for h in heights)
    for i, point in enumerate(route.points):
        at = f"route.points.{i}."
        if point.position is None:
            properties[at + "position"] = "none"
            continue
        del properties[at + "position.lat"], properties[at + "position.lon"]
        if with_heights:
            for bound in ("lower", "upper"):
                del properties[f"{at}altitude.{bound}.reference"], properties[f"{at}altitude.{bound}.value_m"]
    vertices = tuple(Vertex(p.lon, p.lat, h if with_heights else None) for p, h in zip(placed, heights, strict=True))
    return [Shape("line" if len(vertices) > 1 else "point", (vertices,))]


def _height(band: AltitudeBand | None, reference: Reference) -> float | None:
    """Return the one height of a point, if it is above what the format's heights are above."""
    if band is None or band.lower is None or band.upper is None:
        return None
    same = (band.lower.reference, band.lower.value_m) == (band.upper.reference, band.upper.value_m)
    return band.lower.value_m if same and band.lower.reference == reference else None


def _area(slot: str, area: Area, lines_are_routes: bool, properties: Properties) -> tuple[Shape, ...]:
    shapes = drawn(area)
    match area:
        case Polygon():
            _drop(slot, properties, ())
        case MultiPolygon():
            _drop(slot, properties, ("type",) if len(area.polygons) == 1 else ())
        case Line():
            _drop(slot, properties, ("type",) if lines_are_routes else ())
        case Corridor():
            _drop(slot, properties, ("type", "width_m"))
        case Circle() if area.radius_m or slot != "area":
            _drop(slot, properties, ())
            properties["radius_m"] = area.radius_m
            properties["centre"] = f"{area.centre.lon!r},{area.centre.lat!r}"
        case Circle():
            _drop(slot, properties, ())
    return shapes


def _drop(slot: str, properties: Properties, but: tuple[str, ...]) -> None:
    """Take out of the properties what the drawing says."""
    kept = {f"{slot}.{name}" for name in ("name", *but)}
    for key in [k for k in properties if k.startswith(slot + ".") and k not in kept]:
        del properties[key]


def _wound(message: Envelope) -> Envelope:
    """Return a message with its rings as every map format winds them, so that only real differences are losses."""
    what: Any = body(message)
    changed = {
        name: _wound_area(area) for name in ("area", "footprint")
        if isinstance(area := getattr(what, name, None), Polygon | MultiPolygon)
    }  # fmt: skip
    if not changed:
        return message
    again = pack(msgspec.structs.replace(what, **changed), id=message.id, originator=message.originator)
    return msgspec.structs.replace(message, body=again.body)


def _wound_area(area: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    if isinstance(area, Polygon):
        return msgspec.structs.replace(area, rings=of_pairs("polygon", area.rings).pairs)
    return msgspec.structs.replace(area, polygons=tuple(of_pairs("polygon", r).pairs for r in area.polygons))
