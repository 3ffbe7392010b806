"""Reading KML: placemarks with their folders, times, properties and geometries.

Source: OGC KML 2.2 (07-147r2) §9 (features), §10 (geometry), §11 (altitudeMode), §13 (time); reference formats.md §7.2.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from adapters.base import MAX_DEPTH, Context, Loss, Rejected, Translation
from adapters.dotted import Fields, Leaf
from adapters.feature_reader import read
from adapters.features import Feature, check_number
from adapters.kml.geometry import Geometries
from adapters.tracks import positions
from adapters.trees import BUS, XSI, Branch, parse
from schemas.envelope import Envelope, Source, Warning

GX: Final = "http://www.google.com/kml/ext/2.2"
KML_2_2: Final = "http://www.opengis.net/kml/2.2"
PREFIXES: Final = {
    "": "", KML_2_2: "", "http://earth.google.com/kml/2.0": "", "http://earth.google.com/kml/2.1": "",
    "http://earth.google.com/kml/2.2": "", GX: "gx:", XSI: "xsi:", BUS: "bus:",
    "http://www.w3.org/2005/Atom": "atom:", "urn:oasis:names:tc:ciq:xsdschema:xAL:2.0": "xal:",
}  # fmt: skip

_CONTAINERS: Final = ("kml", "Document", "Folder")
_WHY: Final = (  # a step of a path -> why what lies below it is no field
    ("/NetworkLink", "it is never fetched"),
    ("/Style", "it says how it is drawn"),
    ("/styleUrl", "it says how it is drawn"),
    ("/@xsi:schemaLocation", "schemas are never fetched"),
    ("/LookAt", "it says how it is looked at"),
    ("/Camera", "it says how it is looked at"),
    ("/@id", "it names the feature within its file"),
    ("Overlay", "a picture is no message"),
    ("/extrude", "it says how it is drawn"),
    ("/tessellate", "it says how it is drawn"),
    ("/visibility", "it says how it is drawn"),
    ("/open", "it says how it is drawn"),
)


def read_kml(data: bytes, origin: Source, context: Context, beside: tuple[Loss, ...] = ()) -> Translation:
    """Return the messages of a document; ``beside`` is what an archive holds besides it.

    Raises:
        Rejected: it is no KML, says something impossible, or holds no placemark.
    """
    root, uri, mended = parse(data, "kml", PREFIXES)
    dialect = uri.rpartition("/")[2] or "no namespace"
    origin = msgspec.structs.replace(origin, dialect=dialect)
    messages: list[Envelope] = []
    losses: list[Loss] = []
    warnings = list(mended)
    for branch, hints in _placemarks(root):
        reading = _Placemark(branch, hints)
        messages += reading.messages(origin, context)
        check_number(messages, branch.path)
        losses += reading.losses
        warnings += reading.warnings
    if any("/NetworkLink" in path for path in root.leaves):
        warnings.append(Warning(code="network-link", path="kml", text="what it links to is never fetched"))
    if not messages:
        raise Rejected("kml", "it holds no placemark with a place", "send the placemarks themselves, not links to them")
    losses += (*(Loss(path=p, value=v, why=_why(p)) for p, v in root.leaves.items()), *beside)
    losses += (u for m in messages for u in m.unmapped)
    warnings += (w for m in messages for w in m.warnings)
    return Translation(messages=tuple(messages), losses=tuple(losses), warnings=tuple(warnings), dialect=dialect)


def _placemarks(root: Branch) -> Iterator[tuple[Branch, tuple[str, ...]]]:
    """Yield the placemarks in document order, with the names of the folders around them, the nearest first."""
    waiting: list[tuple[Branch, tuple[str, ...]]] = [(root, ())]
    while waiting:
        branch, hints = waiting.pop()
        if branch.name == "Placemark":
            yield branch, hints
        elif branch.name in _CONTAINERS and len(hints) < MAX_DEPTH:
            name = branch.child("name") if branch.name == "Folder" else None
            inner = ((branch.leaves.get(name.path, ""), *hints) if name else hints)[:8]
            waiting += reversed([(child, inner) for child in branch])


def _why(path: str) -> str:
    return next((why for step, why in _WHY if step in path), "")


class _Placemark:
    """One placemark while it is read."""

    def __init__(self, branch: Branch, hints: tuple[str, ...]) -> None:
        self._branch = branch
        self._hints = hints
        self.losses: list[Loss] = []
        self.warnings: list[Warning] = []

    def messages(self, origin: Source, context: Context) -> list[Envelope]:
        """Return the message of each geometry, and the positions of each track."""
        branch = self._branch
        name = branch.child("name")
        fields = self._fields()
        title = str(fields["name"].value) if "name" in fields and name else ""
        geometries = Geometries(branch, title)
        found: list[Envelope] = []
        for track in geometries.tracks:
            some, repeated, odd = positions(track, origin, context)
            found += some
            self.losses += repeated
            self.warnings += odd
        left = [Loss(path=path, value=value, why=_why(path)) for path, value in branch.rest()]
        if geometries.tracks and not geometries.shapes:
            rest = (leaf for key, leaf in fields.items() if key != "name" or not title)
            self.losses += (*geometries.losses, *left, *(Loss(path=x.path, value=str(x.value)) for x in rest))
            self.warnings += geometries.warnings
            return found
        feature = Feature(
            locator=branch.path, fields=fields, shapes=tuple(geometries.shapes), reference=geometries.reference,
            hints=self._hints, losses=(*geometries.losses, *left), warnings=tuple(geometries.warnings),
        )  # fmt: skip
        return [*read(feature, origin, context), *found]

    def _fields(self) -> Fields:
        """Take name, description, times and extended data."""
        branch = self._branch
        fields: Fields = {}
        for element, key in (("name", "name"), ("description", "description")):
            _put(fields, key, branch.child(element))
        for element, inner in (("TimeSpan", ("begin", "end")), ("TimeStamp", ("when",))):
            parent = branch.child(element) or branch.child(f"gx:{element}")
            for step in inner if parent else ():
                key = {"begin": "start", "when": "time"}.get(step, step)
                _put(fields, key, parent.child(step) if parent else None)
        for data in branch.child("ExtendedData") or ():
            if data.name == "Data":
                _named(fields, data, data.child("value"))
            elif data.name == "SchemaData":
                for simple in data:
                    _named(fields, simple, simple)
        return fields


def _put(fields: Fields, key: str, branch: Branch | None) -> None:
    if branch is not None and branch.leaves.get(branch.path, "").strip():
        fields[key] = Leaf(branch.path, branch.text())


def _named(fields: Fields, branch: Branch, value: Branch | None) -> None:
    """Take a value under the name that an attribute gives it; a name that is taken keeps its path."""
    if value is None or f"{branch.path}/@name" not in branch.leaves or value.path not in value.leaves:
        return
    key = branch.attribute("name")
    leaf = Leaf(f"{value.path} ({key})", value.leaves.pop(value.path))
    fields[key if key not in fields else leaf.path] = leaf
