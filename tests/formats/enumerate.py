"""The leaves of each format, found in another way than the adapters do, and how to change one of them.

A leaf is accounted for if it is listed as a loss, or if changing it changes what is read (or makes it refused): then
something of the message depends on it.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from email import policy
from email.parser import BytesParser
from typing import Any, NamedTuple

from lxml import etree

from adapters.base import Rejected, Translation
from adapters.fields import WITHHELD
from tests.formats import enumerate_maps, enumerate_short, enumerate_slant, takmessages
from tests.formats.cases import Case, read, said
from tests.formats.workbooks import HEADS, workbook_leaves


class Leaf(NamedTuple):
    """Where a leaf stands (the beginning of its path in a loss), its value, and the input with another value."""

    at: str
    value: str
    changed: bytes


def unaccounted(case: Case, found: Translation) -> list[str]:
    """Return the leaves of a case that are neither a loss nor matter to what was read."""
    missing = []
    for leaf in LEAVES[case.adapter](case.data):
        if any(_lists(loss.path, loss.value, leaf) for loss in found.losses):
            continue
        again = read(case.adapter, leaf.changed, case.context)
        if isinstance(again, Rejected) or [said(m) for m in again.messages] != [said(m) for m in found.messages]:
            continue
        missing.append(f"{leaf.at} = {leaf.value!r}")
    return missing


def _lists(path: str, value: str, leaf: Leaf) -> bool:
    if value == WITHHELD:
        return path.startswith(leaf.at)
    return path.startswith(leaf.at) and (leaf.value in value or value in leaf.value)


# -- XML: by lxml's tree and its own paths ----------------------------------------------------------------------------


def xml(data: bytes) -> Iterator[Leaf]:
    parts = data.replace(b"</event>", b"</event>\0").split(b"\0") if data.count(b"</event>") > 1 else [data]
    parts = [p for p in parts if p.strip()] if len(parts) > 1 else parts
    for n, part in enumerate(parts, 1):
        for path, value, changed in _xml(part):
            prefix = f"event {n}: " if len(parts) > 1 else ""
            yield Leaf(prefix + path, value, b"".join((*parts[: n - 1], changed, *parts[n:])))


def cot(data: bytes) -> Iterator[Leaf]:
    """Yield the leaves of events: of XML, or of TAK protobuf, taken apart by hand."""
    if data.lstrip(b"\0")[:1] == b"\xbf":
        yield from (Leaf(*leaf) for leaf in takmessages.leaves(data))
    else:
        yield from xml(data)


def _xml(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    def tree() -> etree._Element:
        return etree.fromstring(data.strip())

    for i, element in enumerate(tree().iter()):
        path = element.getroottree().getpath(element).lstrip("/").replace("[1]", "")
        for key, value in element.attrib.items():
            yield f"{path}/@{key}", value, _edited(tree(), i, lambda e, k=key: e.set(k, "zz9"))
        if element.text and element.text.strip():
            yield path, element.text, _edited(tree(), i, lambda e: setattr(e, "text", "zz9"))
        elif not len(element) and not element.attrib:
            yield path, "", _edited(tree(), i, lambda e: setattr(e, "text", "zz9"))
        if element.tail and element.tail.strip():
            yield path, element.tail, _edited(tree(), i, lambda e: setattr(e, "tail", "zz9"))


def _edited(root: etree._Element, index: int, edit: Callable[[Any], None]) -> bytes:
    edit(list(root.iter())[index])
    return etree.tostring(root)


def local_names(data: bytes) -> Iterator[Leaf]:
    """Yield the leaves of a document whose format matches by namespace, by local names."""
    count = len(list(etree.fromstring(data).iter()))
    for i in range(count):
        root = etree.fromstring(data)
        element = list(root.iter())[i]
        path = _local_path(element)
        for key, value in element.attrib.items():
            changed = _edited(etree.fromstring(data), i, lambda e, k=key: e.set(k, "zz9"))
            name = str(key).replace("{http://www.w3.org/2001/XMLSchema-instance}", "xsi:").lstrip("{")
            yield Leaf(f"{path}/@{name}", value, changed)
        if (element.text and element.text.strip()) or not (len(element) or element.attrib):
            changed = _edited(etree.fromstring(data), i, lambda e: setattr(e, "text", "zz9"))
            yield Leaf(path, (element.text or "").strip(), changed)
        if element.tail and element.tail.strip():
            changed = _edited(etree.fromstring(data), i, lambda e: setattr(e, "tail", "zz9"))
            yield Leaf(path, element.tail.strip(), changed)


def _local_path(element: etree._Element) -> str:
    steps = []
    for node in (element, *element.iterancestors()):
        name = _local(node)
        before = sum(_local(sibling) == name for sibling in node.itersiblings(preceding=True))
        steps.append(f"{name}[{before + 1}]" if before and node.getparent() is not None else name)
    return "/".join(reversed(steps))


def _local(node: Any) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else "comment()"


ALERTS = frozenset(f"urn:oasis:names:tc:emergency:cap:1.{n}" for n in (1, 2)) | {"http://www.incident.com/cap/1.0"}
_PREFIX = {"http://www.w3.org/2000/09/xmldsig#": "ds:"}


def alerts(data: bytes) -> Iterator[Leaf]:
    """Yield the leaves of alerts, by the names of their namespace; those of others have a prefix."""
    parts = [p for p in re.split(rb"(?<=</alert>)", data) if p.strip()]
    for n, part in enumerate(parts, 1):
        for leaf in marked_leaves(part.strip(), ALERTS):
            whole = b"".join((*parts[: n - 1], leaf.changed, *parts[n:]))
            yield Leaf(f"alert {n}: {leaf.at}" if len(parts) > 1 else leaf.at, leaf.value, whole)


def envelopes(data: bytes) -> Iterator[Leaf]:
    """Yield the leaves of EDXL and of the alerts in it; names count by their local part."""
    spaces = {etree.QName(e).namespace for e in etree.fromstring(data).iter() if isinstance(e.tag, str)}
    yield from marked_leaves(data, frozenset(s for s in spaces if s and not s.startswith("urn:example")))


def marked_leaves(data: bytes, own: frozenset[str]) -> Iterator[Leaf]:
    """Yield the leaves of a document by the names of its own namespaces; those of others have a prefix."""
    for i, element in enumerate(etree.fromstring(data).iter()):
        path = _marked_path(element, own)
        for at, value, edit in _texts_of(element, path):
            yield Leaf(at, value, _edited(etree.fromstring(data), i, edit))


def _texts_of(element: etree._Element, path: str) -> Iterator[tuple[str, str, Callable[[Any], None]]]:
    for key, value in element.attrib.items():
        yield f"{path}/@{str(key).lstrip('{')}", str(value), lambda e, k=key: e.set(k, "zz9")
    if (element.text and element.text.strip()) or not (len(element) or element.attrib):
        yield path, (element.text or "").strip(), lambda e: setattr(e, "text", "zz9")
    if element.tail and element.tail.strip():
        yield path, element.tail.strip(), lambda e: setattr(e, "tail", "zz9")


def _marked_path(element: etree._Element, own: frozenset[str]) -> str:
    steps = []
    for node in (element, *element.iterancestors()):
        name = _marked(node, own)
        before = sum(_marked(sibling, own) == name for sibling in node.itersiblings(preceding=True))
        steps.append(f"{name}[{before + 1}]" if before and node.getparent() is not None else name)
    return "/".join(reversed(steps))


def _marked(node: Any, own: frozenset[str]) -> str:
    if not isinstance(node.tag, str):
        return "comment()"
    name = etree.QName(node)
    return name.localname if name.namespace in own else _PREFIX.get(name.namespace or "", "other:") + name.localname


# -- text: by lines; of an e-mail, its headers and the lines of its text ----------------------------------------------


def text(data: bytes) -> Iterator[Leaf]:
    message = BytesParser(policy=policy.default).parsebytes(data)
    is_mail = any(name in message for name in ("Subject", "Message-ID"))
    body = message.get_content() if is_mail else _decoded(data)
    if is_mail:
        for n, (name, value) in enumerate(message.items(), 1):
            if name.lower() not in ("message-id", "content-transfer-encoding"):
                changed = data.replace(f"{name}: ".encode(), f"{name}: zz9 ".encode(), 1)
                yield Leaf(f"header {n}: {name}", str(value).split()[0], changed)
    lines = body.splitlines()
    for n, line in enumerate(lines):
        if line.strip():
            label, colon, value = line.partition(":")
            edited = f"{label}{colon} zz9" if colon and value.strip() else f"zz9 {line}"
            whole = "\n".join((*lines[:n], edited, *lines[n + 1 :]))
            yield Leaf(f"line {n + 1}", (value if colon and value.strip() else line).strip(), whole.encode())


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


# -- tables: by the csv module ----------------------------------------------------------------------------------------


def table(data: bytes) -> Iterator[Leaf]:
    if data.startswith(b"PK"):
        yield from (Leaf(*leaf) for leaf in workbook_leaves(data))
        return
    content = _decoded(data)
    delimiter = max(";,\t|", key=content.count)
    rows = list(csv.reader(io.StringIO(content), delimiter=delimiter))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell.strip() and cell.strip().lower() not in ("-", "n/a") and not _is_header(row):
                edited = [[*x] for x in rows]
                edited[r][c] = "zz9"
                out = io.StringIO()
                csv.writer(out, delimiter=delimiter).writerows(edited)
                yield Leaf(f"row {r + 1}", cell.strip(), out.getvalue().encode())


def _is_header(row: list[str]) -> bool:
    return row[0].strip("\ufeff").lower() in HEADS


# -- native: by the json module ---------------------------------------------------------------------------------------


def native(data: bytes) -> Iterator[Leaf]:
    try:
        documents = [json.loads(data)]
    except ValueError:
        documents = [json.loads(line) for line in data.splitlines() if line.strip()]
    for n, document in enumerate(documents):
        for path in _json(document):
            changed = [json.loads(json.dumps(d)) for d in documents]
            value = _change(changed[n], path)
            shown = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).lstrip(".")
            whole = "\n".join(json.dumps(d) for d in changed).encode()
            yield Leaf(
                f"line {n + 1}: {shown.split('[')[0]}", value if isinstance(value, str) else json.dumps(value), whole
            )


def _json(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _json(inner, (*path, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _json(inner, (*path, i))
    else:
        yield path


def _change(document: Any, path: tuple[Any, ...]) -> Any:
    """Change the leaf at a path in place, and return what it was."""
    for step in path[:-1]:
        document = document[step]
    old = document[path[-1]]
    document[path[-1]] = not old if isinstance(old, bool) else old + 7 if isinstance(old, int | float) else "zz9"
    return old


LEAVES: dict[str, Callable[[bytes], Iterator[Leaf]]] = {"cot": cot, "text": text, "sheet": table, "native": native}
LEAVES |= {"c2sim": local_names, "nvg": local_names}
LEAVES["cap"] = alerts
LEAVES["mtf"] = lambda data: (Leaf(*found) for found in enumerate_slant.slant(data))
LEAVES |= {
    "geojson": lambda data: (Leaf(*found) for found in enumerate_maps.geojson(data)),
    "kml": lambda data: (Leaf(*found) for found in enumerate_maps.document(data)),
    "gpx": lambda data: (Leaf(*found) for found in enumerate_maps.document(data)),
}
LEAVES["edxl"] = envelopes
LEAVES["short"] = lambda data: (Leaf(*found) for found in enumerate_short.fields(data))
