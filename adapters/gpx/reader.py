"""Reading GPX, element by element.

Source: GPX 1.1 schema (wptType, rteType, trkType), GPX 1.0 schema (``speed`` and ``course`` of a fix); Garmin's
TrackPointExtension; reference formats.md §7.4.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from adapters.base import Context, Loss, Rejected, Translation
from adapters.dotted import Fields, Leaf
from adapters.feature_reader import read
from adapters.features import Feature, check_number
from adapters.shapes import Shape, Vertex, line, number, vertex
from adapters.tracks import Fix, Track, positions
from adapters.trees import BUS, XSI, Branch, parse
from schemas.envelope import Envelope, Source, Warning

GPX_1_1: Final = "http://www.topografix.com/GPX/1/1"
PREFIXES: Final = {
    "": "", GPX_1_1: "", "http://www.topografix.com/GPX/1/0": "", BUS: "bus:", XSI: "xsi:",
    "http://www.garmin.com/xmlschemas/GpxExtensions/v3": "gpxx:",
    "http://www.garmin.com/xmlschemas/TrackPointExtension/v1": "gpxtpx:",
    "http://www.garmin.com/xmlschemas/TrackPointExtension/v2": "gpxtpx:",
    "http://www.garmin.com/xmlschemas/WaypointExtension/v1": "wptx1:",
}  # fmt: skip

_WORDS: Final = {
    "name": "name",
    "desc": "description",
    "cmt": "description",
    "time": "time",
    "type": "type",
    "sym": "sym",
}
_MOTION: Final = {"speed": "speed_mps", "course": "course_deg"}  # metres per second, degrees from north
_FIX_EXTENSION: Final = "gpxtpx:TrackPointExtension"
_NO_HEIGHT: Final = "a height of 0 stands for an unknown one in GPX"
_IGNORED: Final = {"xsi:schemaLocation": "schemas are never fetched", "creator": "the program that wrote it"}


def read_gpx(data: bytes, origin: Source, context: Context) -> Translation:
    """Return the messages of a document in its order: waypoints, routes, fixes.

    Raises:
        Rejected: it is no GPX, says something impossible, or holds nothing.
    """
    root, uri, warnings = parse(data, "gpx", PREFIXES)
    dialect = "1.0" if uri.endswith("/1/0") else "1.1"
    if said := root.attribute("version"):
        if said not in ("1.0", "1.1"):
            raise Rejected("gpx/@version", f'"{said[:20]}" is not known', "export it as GPX 1.1")
        dialect = said
    origin = msgspec.structs.replace(origin, dialect=dialect)
    messages: list[Envelope] = []
    losses: list[Loss] = []
    more = list(warnings)
    features = [b for b in root if b.name in ("wpt", "rte")]
    check_number(features, "gpx")
    for branch in root:
        if branch.name == "wpt":
            messages += read(_waypoint(branch), origin, context)
        elif branch.name == "rte":
            messages += read(_route(branch), origin, context)
        elif branch.name == "trk":
            found, lost, odd = _track(branch, origin, context)
            messages += found
            losses += lost
            more += odd
    if not messages:
        raise Rejected("gpx", "it holds no waypoint, route or track", "export it again with at least one of them")
    losses += (Loss(path=p, value=v, why=_IGNORED.get(p.rpartition("@")[2], "")) for p, v in root.leaves.items())
    losses += (u for m in messages for u in m.unmapped)
    more += (w for m in messages for w in m.warnings)
    return Translation(messages=tuple(messages), losses=tuple(losses), warnings=tuple(more), dialect=dialect)


def _left(branch: Branch) -> Iterator[Loss]:
    return (Loss(path=path, value=value) for path, value in branch.rest())


def _spot(branch: Branch, losses: list[Loss], at: str = "") -> Vertex:
    """Take where a point is, and how high."""
    path = branch.path
    lat, lon = branch.attribute("lat"), branch.attribute("lon")
    if not lat or not lon:
        missing = "lon" if lat else "lat"
        raise Rejected(f"{path}/@{missing}", "it is missing", "a point has a lat and a lon, in degrees of WGS 84")
    height, raw = None, branch.text("ele")
    if raw and (height := number(raw, f"{path}/ele")) == 0:
        losses.append(Loss(path=f"{path}/ele", value=raw, why=_NO_HEIGHT))
        height = None
    return vertex(number(lon, f"{path}/@lon"), number(lat, f"{path}/@lat"), path, height, at, f"{lat},{lon}")


def _properties(branch: Branch, words: dict[str, str]) -> Fields:
    """Take the elements that are properties, and our own in the extensions; of two for one property the first."""
    fields: Fields = {}
    for name, key in words.items():
        child = branch.child(name)
        if child is not None and key not in fields and child.leaves.get(child.path, "").strip():
            fields[key] = Leaf(child.path, child.text())
    extensions = branch.child("extensions")
    for child in extensions or ():
        if child.name == "bus:p" and f"{child.path}/@name" in child.leaves:
            key = child.attribute("name")
            leaf = Leaf(f"{child.path} ({key})", child.leaves.pop(child.path, ""))
            fields[key if key not in fields else leaf.path] = leaf
    return fields


def _waypoint(branch: Branch) -> Feature:
    losses: list[Loss] = []
    fields = _properties(branch, _WORDS)
    shape = Shape("point", ((_spot(branch, losses),),), branch.path)
    losses += _left(branch)
    return Feature(locator=branch.path, fields=fields, shapes=(shape,), reference="MSL", losses=tuple(losses))


def _route(branch: Branch) -> Feature:
    losses: list[Loss] = []
    warnings: list[Warning] = []
    fields = _properties(branch, _WORDS)
    vertices: list[Vertex] = []
    for point in [b for b in branch if b.name == "rtept"]:
        if name := point.child("name"):
            fields.setdefault(f"route.points.{len(vertices)}.name", Leaf(name.path, name.text()))
        vertices.append(_spot(point, losses, point.text("time")))
    shapes = (line(vertices, branch.path, warnings),) if vertices else ()
    losses += _left(branch)
    return Feature(
        locator=branch.path, fields=fields, shapes=shapes, reference="MSL", kind="movement", losses=tuple(losses),
        warnings=tuple(warnings),
    )  # fmt: skip


def _track(branch: Branch, origin: Source, context: Context) -> tuple[list[Envelope], list[Loss], list[Warning]]:
    """Return the positions of a track; without any time it is a line that was drawn."""
    losses: list[Loss] = []
    warnings: list[Warning] = []
    segments = [_segment(b) for b in branch if b.name == "trkseg"]
    fixes = [fix for segment in segments for fix in segment]
    name = branch.child("name")
    if fixes and not any(fix.vertex.at or fix.fields for fix in fixes):
        fields = _properties(branch, _WORDS)
        shapes = tuple(line([f.vertex for f in s], branch.path, warnings) for s in segments if s)
        losses += (*(loss for fix in fixes for loss in fix.losses), *_left(branch))
        feature = Feature(
            locator=branch.path, fields=fields, shapes=shapes, reference="MSL", losses=tuple(losses),
            warnings=tuple(warnings),
        )  # fmt: skip
        return read(feature, origin, context), [], []
    track = Track(name.text() if name else "", branch.path, fixes, "MSL")
    found, repeated, odd = positions(track, origin, context)
    return found, [*repeated, *_left(branch)], odd


def _segment(branch: Branch) -> list[Fix]:
    return [_fix(point) for point in branch if point.name == "trkpt"]


def _fix(branch: Branch) -> Fix:
    losses: list[Loss] = []
    fields = _properties(branch, {})
    extensions = branch.child("extensions")
    for place in (branch, extensions.child(_FIX_EXTENSION) if extensions else None):
        for child in place or ():
            if (key := _MOTION.get(child.name.removeprefix("gpxtpx:"))) and key not in fields:
                fields[key] = Leaf(child.path, child.text())
    spot = _spot(branch, losses, branch.text("time"))
    losses += _left(branch)
    return Fix(spot, branch.path, fields, tuple(losses))
