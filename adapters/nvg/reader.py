"""Reading NVG: items with their groups, times, extended data and shapes.

Source: NVG 1.5 and 2.0 (NATO TIDE); reference formats.md §7.1.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from adapters.base import MAX_DEPTH, Context, Loss, Rejected, Translation
from adapters.dotted import Fields, Leaf
from adapters.feature_reader import read
from adapters.features import Feature
from adapters.nvg.drawings import DRAWINGS, Drawing
from adapters.nvg.symbols import symbol
from adapters.trees import BUS, XSI, Branch, parse
from schemas.envelope import Envelope, Source, Warning

NVG_2: Final = "https://tide.act.nato.int/schemas/2012/10/nvg"
_VERSIONS: Final = {
    "http://tide.act.nato.int/schemas/2008/10/nvg": "1.4",
    "http://tide.act.nato.int/schemas/2009/10/nvg": "1.5",
    NVG_2: "2.0",
    "http://tide.act.nato.int/schemas/2012/10/nvg": "2.0 (http)",
    "": "no namespace",
}
PREFIXES: Final = {
    **dict.fromkeys(_VERSIONS, ""),
    XSI: "xsi:",
    BUS: "bus:",
    "http://www.w3.org/1999/xlink": "xlink:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}

_CONTAINERS: Final = ("nvg", "g", "a", "composite")
_WHY: Final = {
    "style": "it says how it is drawn",
    "rotation": "it says how it is drawn",
    "href": "it is never fetched",
    "uri": "it names the item within its document",
    "speed": "its unit is not reliable: one writer means km/h",
    "z": "metres above what, NVG does not say",
    "modifiers": "of the modifiers only the unique designation (T) has a field",
}


def read_nvg(data: bytes, origin: Source, context: Context) -> Translation:
    """Return the message of each item in document order.

    Raises:
        Rejected: it is no NVG, says something impossible, or holds no item with a shape.
    """
    root, uri, mended = parse(data, "nvg", PREFIXES)
    dialect = _VERSIONS[uri]
    origin = msgspec.structs.replace(origin, dialect=dialect)
    marking = root.path + "/@classification"
    label = Leaf(marking, said) if (said := root.attribute("classification")) else None
    messages: list[Envelope] = []
    for branch, hints in _items(root):
        feature = _feature(branch, hints, label)
        messages += read(feature, origin, context)
    if not messages:
        raise Rejected("nvg", "it holds no item with a shape", "send at least one point, line or area")
    losses = [Loss(path=path, value=value, why=_why(path)) for path, value in root.leaves.items()]
    losses += (leaf for m in messages for leaf in m.unmapped)
    warnings = (*mended, *(w for m in messages for w in m.warnings))
    return Translation(messages=tuple(messages), losses=tuple(losses), warnings=warnings, dialect=dialect)


def _items(root: Branch) -> Iterator[tuple[Branch, tuple[str, ...]]]:
    """Yield the items that have a shape, with the labels of the groups around them, the nearest first."""
    waiting: list[tuple[Branch, tuple[str, ...]]] = [(root, ())]
    while waiting:
        branch, hints = waiting.pop()
        if branch.name in DRAWINGS:
            yield branch, hints
        elif branch.name in _CONTAINERS and len(hints) < MAX_DEPTH:
            label = branch.leaves.get(f"{branch.path}/@label", "")
            inner = ((label, *hints) if label else hints)[:8]
            waiting += reversed([(child, inner) for child in branch])


def _feature(branch: Branch, hints: tuple[str, ...], label: Leaf | None) -> Feature:
    warnings: list[Warning] = []
    fields = _fields(branch)
    drawn = DRAWINGS[branch.name](Drawing(branch, fields, warnings))
    kind = _symbol(branch, fields)
    if label is not None:
        fields.setdefault("bus:label.classification", label)
    losses = tuple(Loss(path=path, value=value, why=_why(path)) for path, value in branch.rest())
    return Feature(
        locator=branch.path,
        fields=fields,
        shapes=drawn,
        kind=kind,
        hints=hints,
        losses=losses,
        warnings=tuple(warnings),
    )


def _why(path: str) -> str:
    step = path.rpartition("/")[2]
    return _WHY.get(step[1:], "") if step.startswith("@") else ""


def _fields(branch: Branch) -> Fields:
    """Take label, words, times and extended data."""
    fields: Fields = {}
    extended = branch.child("ExtendedData")
    for simple in extended or ():
        key = simple.leaves.get(f"{simple.path}/@key", "")
        if simple.name == "SimpleData" and key and key not in fields and simple.path in simple.leaves:
            simple.attribute("key")
            fields[key] = Leaf(f"{simple.path} ({key})", simple.leaves.pop(simple.path))
    if f"{branch.path}/@label" in branch.leaves:
        fields.setdefault("name", Leaf(f"{branch.path}/@label", branch.attribute("label")))
    for name in ("textInfo", "content"):
        _put(fields, "description", branch.child(name))
    if (stamp := branch.child("TimeStamp")) is not None:
        _put(fields, "time", stamp.child("when") or stamp)
    span = branch.child("TimeSpan")
    for name, key in (("begin", "start"), ("end", "end")) if span else ():
        _put(fields, key, span.child(name) if span else None)
    return fields


def _put(fields: Fields, key: str, branch: Branch | None) -> None:
    if branch is not None and key not in fields and branch.leaves.get(branch.path, "").strip():
        fields[key] = Leaf(branch.path, branch.text())


def _symbol(branch: Branch, fields: Fields) -> str:
    """Take the symbol; return the kind that it tells: somebody at a point and at a time is a position."""
    path = f"{branch.path}/@symbol"
    raw = branch.leaves.get(path, "")
    found = symbol(raw)
    if found is None:
        return ""
    fields.setdefault("symbol", Leaf(path, branch.attribute("symbol")))
    if found.exercise:
        fields.setdefault("bus:reality", Leaf(path, "exercise"))
    timed = "time" in fields or "start" in fields
    said = str(fields["bus:entity"].value) if "bus:entity" in fields else ""
    if said not in ("", "position") or not (timed and found.somebody and found.affiliation and branch.name == "point"):
        return ""
    fields.setdefault("sidc", Leaf(path, found.sidc))
    fields.setdefault("affiliation", Leaf(path, found.affiliation))
    _designation(branch, fields)
    return "position"


def _designation(branch: Branch, fields: Fields) -> None:
    """Take what tells who it is: the item's own name, its course, and the unique designation among the modifiers."""
    path = f"{branch.path}/@modifiers"
    parts = [part.partition(":") for part in branch.leaves.get(path, "").split(";")]
    named = next((value.strip() for key, _, value in parts if key.strip() == "T" and value.strip()), "")
    if named and "callsign" not in fields and "subject.callsign" not in fields:
        fields["callsign"] = Leaf(path, named)
        rest = ";".join(f"{key}{colon}{value}" for key, colon, value in parts if key.strip() != "T")
        branch.attribute("modifiers")
        if rest:
            branch.leaves[path] = rest
    if (uri := branch.leaves.get(f"{branch.path}/@uri", "")) and "subject.id" not in fields and len(uri) <= 200:
        fields["subject.id"] = Leaf(f"{branch.path}/@uri", branch.attribute("uri"))
    if f"{branch.path}/@course" in branch.leaves:
        fields.setdefault("course_deg", Leaf(f"{branch.path}/@course", branch.attribute("course")))
