"""XML by the paths of its leaves: taking values out of a document, and putting a document together from them.

The paths are those of `adapters.xml.leaves`, with the namespace of the format left out and every other one marked, so
that a format matches by namespace and never by prefix. Shared by the XML formats whose elements have a fixed order.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from adapters.documents import Leaves
from adapters.xml import Below, escaped

_STEP: Final = re.compile(r"(?P<name>(?:[a-z0-9]{1,9}:)?[A-Za-z_][A-Za-z0-9_.-]*)(?:\[(?P<n>[1-9]\d{0,3})\])?\Z")

Order = Mapping[str, tuple[str, ...]]
"""The order in which an element's children stand, by the element's name."""


def root_tag(head: bytes) -> bytes:
    """Return the start tag of the first element of a document from its head, up to its end; b"" if there is none."""
    rest = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not rest.startswith(b"<"):
        return b""
    while rest.startswith((b"<?", b"<!")):
        rest = rest[max(1, rest.find(b">")) :]
        rest = rest[rest.find(b"<") :] if b"<" in rest else b""
    return rest.partition(b">")[0]


_NOTHING: Final[dict[str, list[str]]] = {}


class Branch:
    """An element by its path, and the values below it, each of which is taken once."""

    __slots__ = ("_below", "leaves", "names", "path")

    def __init__(self, path: str, leaves: Leaves, below: Below) -> None:
        self.path = path
        self.leaves = leaves
        self.names = below.get(path, _NOTHING)  # the paths of the children of each name; nobody changes it
        self._below = below

    def each(self, name: str) -> "list[Branch]":
        """Return the children of a name, in order."""
        return [Branch(path, self.leaves, self._below) for path in self.names.get(name, ())]

    def said(self, name: str) -> list[str]:
        """Return the texts of the children of a name, in order, without taking them."""
        return [self.leaves.get(path, "").strip() for path in self.names.get(name, ())]

    def peek(self, name: str) -> str:
        """Return the text of the first child of a name, without taking it."""
        return self.leaves.get(self.names[name][0], "").strip() if name in self.names else ""

    def text(self, name: str) -> str:
        """Take the text of the first child of a name; "" if it is missing or empty."""
        return self.leaves.pop(self.names[name][0], "").strip() if name in self.names else ""

    def own(self) -> str:
        """Take the text of the element itself."""
        return self.leaves.pop(self.path, "").strip()

    def put_back(self, name: str, value: str) -> None:
        """Leave a value where it was found."""
        self.leaves[f"{self.path}/{name}"] = value


class Tree:
    """A document while it is being put together."""

    def __init__(self) -> None:
        self.attributes: Leaves = {}
        self.children: dict[str, list[Tree]] = {}
        self.own = ""
        self.said = False  # whether it, or anything in it, was put here

    def put(self, path: str, value: str) -> bool:
        """Put a leaf at its path, below the root; return whether there is such a place."""
        steps, attribute = _steps(path)
        found = _named(steps)
        if found is None:
            return False
        node = self
        for name, n in found:
            same = node.children.setdefault(name, [])
            while len(same) < n:
                same.append(Tree())
            node = same[n - 1]
            node.said = True
        if attribute:
            node.attributes[attribute] = value
        else:
            node.own = value
        return True

    def holds(self, path: str) -> bool:
        """Say whether the element at a path is there."""
        node = self
        for name, n in _named(_steps(path)[0]) or ():
            same = node.children.get(name, [])
            if len(same) < n:
                return False
            node = same[n - 1]
        return node.said

    def text(self, name: str, order: Order) -> str:
        """Return the element as XML, its children in their order; what the order does not name comes last."""
        inner = escaped(self.own) + "".join(self._inner(name, order))
        listed = "".join(f' {key}="{escaped(value)}"' for key, value in self.attributes.items())
        return f"<{name}{listed}>{inner}</{name}>"

    def _inner(self, name: str, order: Order) -> Iterator[str]:
        known = order.get(name, ())
        for tag in sorted(self.children, key=lambda tag: known.index(tag) if tag in known else len(known)):
            yield from (child.text(tag, order) for child in self.children[tag] if child.said)


def _named(steps: list[str]) -> list[tuple[str, int]] | None:
    """Return the name and the number of each step; None if one is no plain element."""
    found = [_STEP.match(step) for step in steps]
    return None if None in found else [(m["name"], int(m["n"] or 1)) for m in found if m is not None]


def _steps(path: str) -> tuple[list[str], str]:
    *steps, last = path.split("/")
    return (steps, last[1:]) if last.startswith("@") else ([*steps, last], "")
