"""What the documents of EDXL share: their namespaces, elements that are text or hold a Value, times, and documents.

Namespaces of several drafts occur, so names count by their local part within the family of EDXL and of the standards
that it builds on. Source: reference formats.md §6.2-6.4.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from xml.etree.ElementTree import Element

from adapters import times
from adapters.base import Context, Loss, Rejected, Translation
from adapters.branches import Branch
from adapters.documents import Leaves, split
from schemas.envelope import Envelope, Source, Unmapped, Warning
from schemas.registry import pack
from schemas.time import TimeValue

FAMILY: Final = "urn:oasis:names:tc:emergency:edxl:"
_BUILT_ON: Final = ("http://www.opengis.net/gml", "urn:oasis:names:tc:ciq", "urn:oasis:names:tc:emergency:edxl")
_CHOICES: Final = 4
_MEND: Final = "write the time with its offset and without a fraction: 2027-03-14T07:00:00-00:00"


class Made(NamedTuple):
    """A message before its envelope: a body, its identity and what else it says."""

    body: Any
    id: str
    fields: dict[str, Any]


class Document(NamedTuple):
    """An EDXL document that is being read."""

    root: Branch
    leaves: Leaves
    warnings: list[Warning]
    context: Context


def own(root: Element) -> frozenset[str]:
    """Return the namespaces of a document that count as its own."""
    found = {split(str(n.tag))[0] for n in root.iter() if n.tag.__class__ is str}
    return frozenset(ns for ns in found if ns.casefold().startswith(_BUILT_ON))


def word(branch: Branch, name: str) -> str:
    """Take the text of a child, or of the Value in it; its first letter may be of either case."""
    for child in each(branch, name)[:1]:
        return child.own() or next((v for v in map(Branch.own, _values(child)) if v), "")
    return ""


def _values(branch: Branch) -> list[Branch]:
    """Return what may hold the text of an element that draws on a list: its Value, or that of a choice in it."""
    names = (name for name in branch.names if name != "comment()")
    choices = [c for name in names for c in branch.each(name)]
    return [v for b in (branch, *choices[:_CHOICES]) for v in each(b, "Value")]


def each(branch: Branch, name: str) -> list[Branch]:
    """Return the children of a name, whichever case its first letter has."""
    return [*branch.each(name), *branch.each(name[:1].swapcase() + name[1:])]


def within(branch: Branch, *names: str) -> Iterator[Branch]:
    """Yield the elements at the end of a path of names."""
    if not names:
        yield branch
    else:
        for child in each(branch, names[0]):
            yield from within(child, *names[1:])


def needed(branch: Branch, name: str) -> str:
    """Take a text that must be there.

    Raises:
        Rejected: it is missing or empty.
    """
    value = word(branch, name)
    if not value:
        raise Rejected(f"{branch.path}/{name}", "it is missing", f"a document of this kind has a {name}")
    return value


def instant(raw: str, path: str, of: Document) -> TimeValue | None:
    """Read a time; one that names no instant keeps its words, with a warning."""
    if not raw:
        return None
    value = times.iso(raw, of.context.zone)
    if value.utc is None:
        of.warnings.append(Warning(code="time-unread", path=path, text=f'"{raw[:40]}" names no instant'))
    elif raw[-1:] in "Zz" or "." in raw:
        text = f'"{raw[:40]}": a Z or a fraction is not allowed there'
        of.warnings.append(Warning(code="utc-as-z", path=path, text=text))
    of.warnings.extend(times.warnings(value, path) if value.utc is not None else ())
    return value


def sent(raw: str, path: str, of: Document) -> TimeValue:
    """Read the time at which a document was sent.

    Raises:
        Rejected: it names no instant.
    """
    value = instant(raw, path, of)
    if value is None or value.utc is None:
        raise Rejected(path, f'"{raw[:40]}" names no instant', _MEND)
    return value


def translation(of: Document, made: list[Made], created: TimeValue, origin: Source, dialect: str) -> Translation:
    """Return the messages of one document; what no field took travels with the first of them."""
    unmapped = tuple([Unmapped(path=path, value=value) for path, value in of.leaves.items()])
    messages: list[Envelope] = []
    for n, (body, identity, fields) in enumerate(made):
        besides = {} if n else {"unmapped": unmapped, "warnings": tuple(of.warnings)}
        common = {"reality": of.context.reality, "created": created, "source": origin, **besides, **fields}
        messages.append(
            pack(body, id=identity, originator=of.context.participant, received_at=of.context.received_at or None,
                 **common)
        )  # fmt: skip
    losses = tuple(Loss(path=u.path, value=u.value, why=u.why) for u in unmapped)
    return Translation(messages=tuple(messages), losses=losses, warnings=tuple(of.warnings), dialect=dialect)
