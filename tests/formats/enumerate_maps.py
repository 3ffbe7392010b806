"""The leaves of map formats, found in another way than the adapters do: by the json module, by lxml, by zipfile."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

Found = tuple[str, str, bytes]  # where a leaf stands, its value, and the input with another value

_OWN = (
    "http://www.opengis.net/kml/2.2",
    *(f"http://earth.google.com/kml/2.{n}" for n in (0, 1, 2)),
    "http://www.topografix.com/GPX/1/0",
    "http://www.topografix.com/GPX/1/1",
)
_CUSTOMARY = {
    "http://www.google.com/kml/ext/2.2": "gx",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    "http://www.w3.org/2005/Atom": "atom",
    "http://www.garmin.com/xmlschemas/TrackPointExtension/v1": "gpxtpx",
    "http://www.garmin.com/xmlschemas/GpxExtensions/v3": "gpxx",
    "urn:coordinator:bus": "bus",
}


def geojson(data: bytes) -> Iterator[Found]:
    """Yield every string, number, truth value and null of one document, of a sequence or of lines."""
    content = data.decode("utf-8-sig")
    separator, name = ("\x1e", "record") if "\x1e" in content else ("\n", "line")
    parts = [p for p in content.split(separator) if p.strip()]
    try:
        documents = [json.loads(p) for p in parts]
    except ValueError:
        documents, separator = [json.loads(content)], ""
    several = separator == "\x1e" or len(documents) > 1
    for n, document in enumerate(documents):
        for path in _json(document):
            changed = json.loads(json.dumps(documents))
            value = _change(changed[n], path)
            at = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).lstrip(".")
            whole = separator.join(("" if separator == "\n" else separator) + json.dumps(d) for d in changed)
            whole = whole.replace("\x1e\x1e", "\x1e")
            yield (f"{name} {n + 1}: " if several else "") + at, value, whole.encode()


def _json(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield path
    for key, inner in items or ():
        yield from _json(inner, (*path, key))


def _change(document: Any, path: tuple[Any, ...]) -> str:
    for step in path[:-1]:
        document = document[step]
    old = document[path[-1]]
    document[path[-1]] = not old if isinstance(old, bool) else old + 7 if isinstance(old, int | float) else "zz9"
    return old if isinstance(old, str) else json.dumps(old)


def document(data: bytes) -> Iterator[Found]:
    """Yield every attribute, text and empty element of a document, or of the one in an archive, and other entries."""
    if not data.startswith(b"PK"):
        yield from _xml(data)
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {e.filename: archive.read(e) for e in archive.infolist() if not e.is_dir()}
    chosen = min(entries, key=lambda name: ("/" in name, not name.endswith(".kml"), name != "doc.kml"))
    for name, content in entries.items():
        if name != chosen:
            yield f"archive: {name}", f"{len(content)} bytes", data
    for at, value, changed in _xml(entries[chosen]):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in entries.items():
                archive.writestr(name, changed if name == chosen else content)
        yield at, value, out.getvalue()


def _xml(data: bytes) -> Iterator[Found]:
    parser = etree.XMLParser(recover=True)  # a case leaves a prefix undeclared, which the adapter mends
    elements = list(etree.fromstring(data.strip(), parser).iter())
    for i, element in enumerate(elements):
        path = _path(element)
        for key, value in element.attrib.items():
            yield f"{path}/@{_name(key)}", value, _edited(data, i, key, "zz9")
        if element.text and element.text.strip():
            yield path, element.text.strip(), _edited(data, i, "text", "zz9")
        elif not len(element) and not element.attrib:
            yield path, "", _edited(data, i, "text", "zz9")
        if element.tail and element.tail.strip():
            yield path, element.tail.strip(), _edited(data, i, "tail", "zz9")


def _edited(data: bytes, index: int, where: str, value: str) -> bytes:
    parser = etree.XMLParser(recover=True)
    root = etree.fromstring(data.strip(), parser)
    element = list(root.iter())[index]
    if where in ("text", "tail"):
        setattr(element, where, value)
    else:
        element.set(where, value)
    return etree.tostring(root)


def _path(element: etree._Element) -> str:
    steps = []
    for node in (element, *element.iterancestors()):
        before = sum(1 for s in node.itersiblings(preceding=True) if _tag(s) == _tag(node))
        steps.append(_tag(node) + (f"[{before + 1}]" if before else ""))
    return "/".join(reversed(steps))


def _tag(element: etree._Element) -> str:
    return _name(element.tag) if isinstance(element.tag, str) else "comment()"


def _name(name: str) -> str:
    uri, end, local = name.lstrip("{").rpartition("}")
    if not end or uri in _OWN:
        return local
    return f"{_CUSTOMARY[uri]}:{local}" if uri in _CUSTOMARY else f"{uri}}}{local}"
