"""Writing GPX 1.1: waypoints, routes, lines (tracks without times), then a track for each subject that moved.

Source: GPX 1.1 schema (order of elements); reference formats.md §7.4.
"""

from collections.abc import Sequence
from typing import Final

from adapters.base import Loss
from adapters.dotted import Scalar
from adapters.feature_writer import Written, feature, put_back
from adapters.shapes import Vertex
from adapters.trees import BUS
from adapters.xml import element, escaped
from schemas.envelope import Envelope

_OPEN: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="contingent-coordinator" '
    f'xmlns="http://www.topografix.com/GPX/1/1" xmlns:bus="{BUS}">\n'
)
_ELEMENTS: Final = {"time": "time", "name": "name", "description": "desc"}  # in the order of the schema
_ROUTES: Final = ("movement", "directive")


def document(messages: Sequence[Envelope]) -> tuple[bytes, Sequence[Envelope], list[Loss]]:
    """Return one document, the messages in the order in which they stand there, and those with an area only."""
    losses: list[Loss] = []
    waypoints: list[Written] = []
    routes: list[Written] = []
    drawn: list[Written] = []
    tracks: dict[str, list[Written]] = {}
    for plain in (feature(m, "MSL", polygons=False) for m in messages):
        properties, lost = put_back(plain, "gpx", "/extensions/bus:p")
        written = plain._replace(properties=properties)
        losses += lost
        forms = [s.form for s in written.shapes]
        is_route = written.message.kind in _ROUTES and any(k.startswith("route.") for k in written.properties)
        if written.message.kind == "position" and forms:
            tracks.setdefault(str(written.properties.get("name", "")), []).append(written)
        elif written.message.kind in _ROUTES and ("line" in forms or is_route or not forms):
            routes.append(written)
        elif "point" in forms:
            waypoints.append(written)
        elif forms == ["line"]:
            drawn.append(written)
        else:
            why = "GPX has no areas, and nothing without a place"
            losses.append(Loss(path=written.message.key, value=written.message.kind, why=why))
    parts = [_waypoint(w) for w in waypoints] + [_route(w) for w in routes]
    parts += [_line(w) for w in drawn] + [_track(name, held) for name, held in tracks.items()]
    order = [w.message for w in (*waypoints, *routes, *drawn, *(w for held in tracks.values() for w in held))]
    return (_OPEN + "".join(parts) + "</gpx>\n").encode(), order, losses


def _waypoint(written: Written) -> str:
    spot = next(s for s in written.shapes if s.form == "point").rings[0][0]
    return _point("wpt", spot, _inside(written.properties, tuple(_ELEMENTS))) + "\n"


def _route(written: Written) -> str:
    lines = [s for s in written.shapes if s.form != "polygon"]
    points = "".join("\n" + _point("rtept", v, "") for v in (lines[0].rings[0] if lines else ()))
    return element("rte", {}, _inside(written.properties, ("name", "description")) + points) + "\n"


def _line(written: Written) -> str:
    """Return a line that nobody went along: a track without times."""
    points = "".join("\n" + _point("trkpt", v, "") for v in written.shapes[0].rings[0])
    inner = _inside(written.properties, ("name", "description"))
    return element("trk", {}, inner + element("trkseg", {}, points)) + "\n"


def _track(name: str, held: Sequence[Written]) -> str:
    points = []
    for written in held:
        properties = {k: v for k, v in written.properties.items() if k != "name"}
        points.append("\n" + _point("trkpt", written.shapes[0].rings[0][0], _inside(properties, ("time",))))
    named = f"<name>{escaped(name)}</name>" if name else ""
    return element("trk", {}, named + element("trkseg", {}, "".join(points))) + "\n"


def _point(name: str, at: Vertex, inner: str) -> str:
    height = "" if at.height_m is None else f"<ele>{at.height_m!r}</ele>"
    return element(name, {"lat": repr(at.lat), "lon": repr(at.lon)}, height + inner)


def _inside(properties: dict[str, Scalar], elements: tuple[str, ...]) -> str:
    """Return the elements of a point or route in the schema's order, our own last."""
    found = "".join(
        f"<{tag}>{escaped(str(properties[key]))}</{tag}>"
        for key, tag in _ELEMENTS.items()
        if key in elements and key in properties
    )
    own = "".join(
        f'<bus:p name="{escaped(key)}">{escaped(_text(value))}</bus:p>'
        for key, value in properties.items()
        if key not in elements or key not in _ELEMENTS
    )
    return found + (f"<extensions>{own}</extensions>" if own else "")


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
