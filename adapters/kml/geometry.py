"""The geometries of a placemark.

Source: OGC KML 2.2 §10 (geometry), §11 (altitudeMode); KML 2.3 §10 (gx:Track); reference formats.md §7.2.
"""

from typing import Final

from adapters.base import Loss, Rejected
from adapters.features import Reference
from adapters.shapes import Shape, Vertex, line, number, polygon, vertex
from adapters.tracks import Fix, Track
from adapters.trees import Branch
from schemas.envelope import Warning

_ABOVE: Final[dict[str, Reference]] = {"absolute": "MSL", "relativeToGround": "AGL"}
_NONE: Final = ("", "clampToGround", "clampToSeaFloor")
_MANY: Final = ("MultiGeometry", "gx:MultiTrack")
_MEND: Final = "write longitude,latitude[,height], with blanks between the points and none within them"


class Geometries:
    """Shapes and tracks of a placemark, what their heights are above, and what has no place."""

    def __init__(self, placemark: Branch, title: str) -> None:
        self.shapes: list[Shape] = []
        self.tracks: list[Track] = []
        self.reference: Reference = ""
        self.losses: list[Loss] = []
        self.warnings: list[Warning] = []
        self._title = title
        waiting = list(placemark)[::-1]
        while waiting:
            branch = waiting.pop()
            if branch.name in _MANY:
                waiting += list(branch)[::-1]
            elif (shape := self._shape(branch)) is not None:
                self._add(shape, _mode(branch), branch.path)
            elif branch.name == "gx:Track":
                self.tracks.append(self._track(branch))

    def _shape(self, branch: Branch) -> Shape | None:
        match branch.name:
            case "Point":
                at = _coordinates(branch)
                if len(at) != 1:
                    raise Rejected(f"{branch.path}/coordinates", f"a point has one place, not {len(at)}", _MEND)
                return Shape("point", (at,), branch.path)
            case "LineString" | "LinearRing":
                return line(_coordinates(branch), branch.path, self.warnings)
            case "Polygon":
                return polygon(_rings(branch), branch.path, self.warnings)
            case _:
                return None

    def _add(self, shape: Shape, above: Reference, path: str) -> None:
        """Add a shape; one placemark has heights above one thing, those above another are lost."""
        heights = [v.height_m for v in shape.vertices if v.height_m is not None]
        if any(heights) and any(v.height_m for s in self.shapes for v in s.vertices) and above != self.reference:
            value = " ".join(f"{h:.10g}" for h in heights)
            why = "another geometry of the placemark has heights above something else"
            self.losses.append(Loss(path=path, value=value, why=why))
            shape = shape._replace(rings=tuple(tuple(v._replace(height_m=None) for v in r) for r in shape.rings))
        elif any(heights) or not self.shapes:
            self.reference = above
        self.shapes.append(shape)

    def _track(self, branch: Branch) -> Track:
        """Take the times and places of a track, which stand in two lists of the same length."""
        above = _mode(branch)
        whens = [b for b in branch if b.name == "when"]
        spots = [b for b in branch if b.name == "gx:coord"]
        if len(whens) != len(spots):
            why = f"it has {len(whens)} times and {len(spots)} places"
            raise Rejected(branch.path, why, "a gx:Track has one gx:coord for each when")
        fixes = []
        for when, spot in zip(whens, spots, strict=True):
            at, written = when.text(), spot.text()
            if not written:
                why = "the device had no place at this time"
                self.losses.append(Loss(path=when.path, value=at, why=why))
                continue
            fixes.append(Fix(_vertex(written.split(), spot.path, at, written), spot.path, {}))
        return Track(self._title, branch.path, fixes, above)


def _mode(branch: Branch) -> Reference:
    """Take what heights are above; a word that KML does not know says nothing, and stays."""
    for name in ("altitudeMode", "gx:altitudeMode"):
        child = branch.child(name)
        word = child.leaves.get(child.path, "").strip() if child else ""
        if child and (word in _ABOVE or (word and word in _NONE)):
            return _ABOVE.get(child.text(), "")
    return ""


def _rings(branch: Branch) -> list[tuple[Vertex, ...]]:
    """Return the outer ring, then the holes; each hole has a boundary of its own, or shares one."""
    found = []
    for name in ("outerBoundaryIs", "innerBoundaryIs"):
        for boundary in [b for b in branch if b.name == name]:
            found += [_coordinates(ring) for ring in boundary if ring.name == "LinearRing"]
    if not any(b.name == "outerBoundaryIs" for b in branch):
        raise Rejected(branch.path, "it has no outer boundary", "write an outerBoundaryIs with a LinearRing")
    return found


def _coordinates(branch: Branch) -> tuple[Vertex, ...]:
    child = branch.child("coordinates")
    if child is None:
        raise Rejected(branch.path, "it has no coordinates", _MEND)
    flat = ",".join(part.strip() for part in child.text().split(","))  # blanks after commas are seen
    points = flat.split()
    single = len(points) == 1
    return tuple(_vertex(p.split(","), child.path, "", p if single else "") for p in points)


def _vertex(numbers: list[str], path: str, at: str, raw: str) -> Vertex:
    if not 2 <= len(numbers) <= 3:
        raise Rejected(path, f'"{",".join(numbers)[:60]}" is no place', _MEND)
    lon, lat, *height = (number(n, path) for n in numbers)
    return vertex(lon, lat, path, height[0] if height else None, at, raw)
