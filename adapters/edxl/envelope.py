"""EDXL-DE 1.0 and 2.0: what is in the envelope, handed on to whichever format knows it.

The envelope says whether its content is an exercise and how it is marked, where the content does not say so itself; the
content of an exercise is an exercise whatever it says. What no format knows is listed, never dropped. Names are read
with the first letter in either case: three dialects of 2.0 occur. An envelope in an envelope stays shut.
Source: OASIS EDXL-DE 1.0 (2006), 2.0 (2013); reference formats.md §6.2.
"""

import base64
import binascii
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple
from xml.etree.ElementTree import Comment, Element, ProcessingInstruction, tostring  # writes only, parses nothing

import msgspec

from adapters import markings
from adapters.base import Context, Loss, Rejected, Translation
from adapters.branches import Branch
from adapters.edxl.parts import Document, Made, each, needed, sent, translation, within, word
from adapters.xml import NS
from schemas.envelope import Envelope, Reality, Reference, Source, Warning
from schemas.label import Label
from schemas.reports import TextMessage
from schemas.time import TimeValue

Open = Callable[[bytes, Context], Translation]

_REALITY: Final[dict[str, Reality]] = {
    "actual": "real", "exercise": "exercise", "system": "test", "test": "test",
}  # fmt: skip
_STRICTER: Final[dict[Reality, int]] = {"real": 0, "exercise": 1, "test": 2}
_MAX_CONTENTS: Final = 200
_OBJECTS: Final = (("contentObject",), ("content", "contentObject"))
_XML: Final = (("xmlContent", "embeddedXMLContent"), ("contentXML", "embeddedXMLContent"))
_BYTES: Final = (("nonXMLContent", "contentData"), ("otherContent", "contentData"))


class _Content(NamedTuple):
    """Embedded bytes, and the element that holds them."""

    holder: Branch
    data: bytes


def read(of: Document, inside: dict[str, Element], open_: Open, origin: Source) -> Translation:
    """Translate an envelope: each content by its own format; one without any is words.

    ``inside`` is the first element in each element, by the path of that.

    Raises:
        Rejected: it has no id, sender, time or status, or a content is refused by the format that knows it.
    """
    root = of.root
    identity = f"{needed(root, 'senderID')},{needed(root, 'distributionID')}"[:190]
    created = sent(needed(root, "dateTimeSent"), f"{root.path}/dateTimeSent", of)
    status = needed(root, "distributionStatus")
    reality = _REALITY.get(status.lower())
    if reality is None:
        hint = "write one of: Actual, Exercise, System, Test"
        raise Rejected(f"{root.path}/distributionStatus", f'"{status[:40]}" is none of its values', hint)
    context = msgspec.structs.replace(of.context, reality=reality)
    marking = word(root, "combinedConfidentiality") or _described(root)
    label = markings.read(marking) if marking else None
    found = list(_contents(of, inside))
    if len(found) > _MAX_CONTENTS:
        raise Rejected(root.path, f"it has {len(found)} contents", f"put at most {_MAX_CONTENTS} into an envelope")
    inner = [(c, t) for c in found if (t := _opened(c, context, of, open_)) is not None]
    dialect = "DE 2.0" if "2.0" in origin.dialect else "DE 1.0"
    if not inner:
        text = "\n".join(
            said for path in _OBJECTS for b in within(root, *path) if (said := word(b, "contentDescription"))
        )
        fields = {"reality": reality, **({"label": label} if label else {})}
        return translation(of, [Made(TextMessage(text=text, at=created), identity, fields)], created, origin, dialect)
    return _together(of, inner, _Cover(identity, reality, label, created, origin, dialect))


class _Cover(NamedTuple):
    """What the envelope adds to each message in it."""

    identity: str
    reality: Reality
    label: Label | None
    created: TimeValue
    origin: Source
    dialect: str


def _together(of: Document, inner: list[tuple[_Content, Translation]], cover: _Cover) -> Translation:
    """Return the messages of all contents; the losses of each stand below the element that held it."""
    losses = [Loss(path=path, value=value) for path, value in of.leaves.items()]
    messages: list[Envelope] = []
    warnings = list(of.warnings)
    for content, found in inner:
        path = content.holder.path
        losses += (Loss(path=f"{path}/{loss.path}", value=loss.value, why=loss.why) for loss in found.losses)
        warnings += (Warning(code=w.code, path=f"{path}/{w.path}", text=w.text) for w in found.warnings)
        for message in found.messages:
            inside = message.source.format if message.source else ""
            place = ", ".join(filter(None, (path, message.source.locator if message.source else "")))
            origin = msgspec.structs.replace(cover.origin, locator=place, dialect=f"{cover.dialect}: {inside}")
            fields: dict[str, Any] = {
                "source": origin,
                "reality": max(cover.reality, message.reality, key=lambda r: _STRICTER[r]),
                "references": (*message.references, Reference(id=cover.identity, note="distribution")),
            }
            if cover.label is not None and not _says(message.label):
                fields["label"] = cover.label
            messages.append(msgspec.structs.replace(message, **fields))
    return Translation(
        messages=tuple(messages), losses=tuple(losses), warnings=tuple(warnings), dialect=cover.dialect
    )  # fmt: skip


def _says(label: Label) -> bool:
    return label.releasable_to is not None or bool(label.classification or label.privacy_mark)


def _described(root: Branch) -> str:
    """Take the marking of 2.0, which stands in the descriptor."""
    return next((t for b in each(root, "descriptor") if (t := word(b, "combinedConfidentiality"))), "")


def _opened(content: _Content, context: Context, of: Document, open_: Open) -> Translation | None:
    """Return what a content says; None, and a warning, if no format knows it: then its leaves stay."""
    path = content.holder.path
    try:
        found = open_(content.data, context)
    except Rejected as error:
        if error.path == "input":
            text = f"no format opens this content: {error.why}"
            of.warnings.append(Warning(code="content-shut", path=path, text=text))
            return None
        raise Rejected(f"{path}/{error.path}", error.why, error.hint) from None
    for leaf in [p for p in of.leaves if p == path or p.startswith(f"{path}/")]:
        del of.leaves[leaf]
    return found


def _contents(of: Document, inside: dict[str, Element]) -> Iterator[_Content]:
    """Yield every embedded document: XML as it stands, other content out of its base64."""
    for holder in (h for path in _OBJECTS for obj in within(of.root, *path) for p in _XML for h in within(obj, *p)):
        if holder.path in inside:
            yield _Content(holder, serialised(inside[holder.path]))
    for holder in (h for path in _OBJECTS for obj in within(of.root, *path) for p in _BYTES for h in within(obj, *p)):
        text = of.leaves.get(holder.path, "")
        try:
            data = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            of.warnings.append(Warning(code="content-shut", path=holder.path, text="it is no base64"))
            continue
        yield _Content(holder, data)


def serialised(node: Element) -> bytes:
    """Return an element, parsed with its namespaces, as a document of its own."""
    return bytes(tostring(node, encoding="utf-8", xml_declaration=True))


def originals(root: Element) -> dict[int, Element]:
    """Return, by the identity of each element, its copy under the names that a writer of XML knows."""
    found: dict[int, Element] = {}
    for node in root.iter():
        tag: Any = node.tag
        new: Any
        if tag.__class__ is not str:
            new = Comment(node.text) if tag is Comment else ProcessingInstruction("p")
        else:
            new = Element(_clark(tag), {_clark(k): v for k, v in node.attrib.items()})
            new.text = node.text
        new.tail = None
        found[id(node)] = new
    for node in root.iter():
        for child in node:
            found[id(child)].tail = child.tail
            if child.tag.__class__ is str:
                found[id(node)].append(found[id(child)])
    for node in found.values():
        node.tail = node.tail if node.tail and node.tail.strip() else None
    return found


def contents(root: Element, copies: dict[int, Element]) -> dict[str, Element]:
    """Return the copy of the first child of each element that has one, by the element's path."""
    found: dict[str, Element] = {}
    waiting = [(root, root.tag)]
    while waiting:
        node, path = waiting.pop()
        seen: dict[str, int] = {}
        for child in node:
            if child.tag.__class__ is not str:
                continue
            if not seen:
                found[path] = copies[id(child)]
            count = seen[child.tag] = seen.get(child.tag, 0) + 1
            waiting.append((child, f"{path}/{child.tag}" + (f"[{count}]" if count > 1 else "")))
    return found


def _clark(name: str) -> str:
    return "{" + name if NS in name else name
