"""An XML tree whose branches know their paths, so that each leaf is taken once and what is left can be listed.

Names are matched by namespace, never by prefix; in paths a known namespace stands under its customary prefix.
Source: Namespaces in XML 1.0 §5; reference formats.md §2.1.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element  # the type only: parsing is the business of adapters.xml

from adapters import xml
from adapters.base import Rejected
from schemas.envelope import Warning

Leaves = dict[str, str]

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
BUS: Final = "urn:coordinator:bus"  # of our own elements


_UNBOUND: Final = "unbound prefix"


class Branch:
    """An element with its path; `text` and `attribute` take leaves."""

    __slots__ = ("_branches", "element", "leaves", "path")

    def __init__(self, element: Element, path: str, leaves: Leaves) -> None:
        self.element = element
        self.path = path
        self.leaves = leaves
        self._branches: list[Branch] | None = None

    @property
    def name(self) -> str:
        """The name, or "" of a comment."""
        return _own(self.element) or ""

    def __iter__(self) -> Iterator["Branch"]:
        """Yield the children, with the paths that `xml.leaves` gives them."""
        if self._branches is None:
            self._branches = []
            seen: dict[str, int] = {}
            for child in self.element:
                name = _own(child) or "comment()"
                n = seen[name] = seen.get(name, 0) + 1
                path = f"{self.path}/{name}[{n}]" if n > 1 else f"{self.path}/{name}"
                self._branches.append(Branch(child, path, self.leaves))
        return iter(self._branches)

    def child(self, name: str) -> "Branch | None":
        """Return the first child of that name."""
        return next((b for b in self if b.name == name), None)

    def text(self, name: str = "") -> str:
        """Take the text of the first child of that name, or one's own; "" if there is none."""
        branch = self.child(name) if name else self
        return "" if branch is None else (branch.leaves.pop(branch.path, "") or "").strip()

    def attribute(self, name: str) -> str:
        """Take an attribute; "" if there is none."""
        return self.leaves.pop(f"{self.path}/@{name}", "")

    def rest(self) -> Iterator[tuple[str, str]]:
        """Take every leaf that is left in this branch, with its path."""
        waiting = [self]
        while waiting:
            branch = waiting.pop()
            paths = (branch.path, *(f"{branch.path}/@{key}" for key in branch.element.attrib))
            for path in (*paths, f"{branch.path}/following::text()"):
                if (value := self.leaves.pop(path, None)) is not None:
                    yield path, value
            waiting += reversed(list(branch))


def _own(element: Element) -> str | None:
    """Return the name of an element; of a comment, whose tag is a function, None."""
    tag: object = element.tag
    return tag if isinstance(tag, str) else None


def parse(data: bytes, root: str, prefixes: Mapping[str, str]) -> tuple[Branch, str, tuple[Warning, ...]]:
    """Return the root of a document, its namespace and what was mended.

    ``prefixes`` maps a namespace to what stands before its names here: "" for the format's own. A prefix that
    nobody declared is declared, once, if it is a customary one.

    Raises:
        Rejected: it cannot be read, or its root is another.
    """
    warnings: tuple[Warning, ...] = ()
    try:
        tree = xml.parse(data, namespaces=True)
    except Rejected as error:
        if _UNBOUND not in error.why or (mended := _declared(data, root, prefixes)) is None:
            raise
        tree = xml.parse(mended, namespaces=True)
        text = "a prefix is used that the document does not declare; read with its customary meaning"
        warnings = (Warning(code="prefix-undeclared", path=root, text=text),)
    uri, _, local = str(tree.tag).rpartition(xml.NS)
    if local != root or prefixes.get(uri, "other"):
        raise Rejected(str(tree.tag)[:200], f"it is no <{root}>", "name the format that it is in")
    _rename(tree, prefixes)
    return Branch(tree, root, xml.leaves(tree)), uri, warnings


def _declared(data: bytes, root: str, prefixes: Mapping[str, str]) -> bytes | None:
    """Return the document with the customary prefixes declared at its root, if it is in an ASCII-like encoding."""
    start = re.search(rb"<(?:[A-Za-z]{1,20}:)?%s(?=[\s>/])" % root.encode(), data[:4096])
    if start is None:
        return None
    known = {prefix.rstrip(":"): uri for uri, prefix in prefixes.items() if prefix}
    missing = [(p, uri) for p, uri in known.items() if f"xmlns:{p}=".encode() not in data]
    added = "".join(f' xmlns:{p}="{uri}"' for p, uri in missing).encode()
    return data[: start.end()] + added + data[start.end() :]


def _rename(tree: Element, prefixes: Mapping[str, str]) -> None:
    """Give every name its customary prefix; refuse names that would make the paths of all leaves below them long."""
    waiting = [(tree, 0)]
    while waiting:
        node, length = waiting.pop()
        if name := _own(node):
            node.tag = _name(name, prefixes)
            length += len(node.tag) + 1
        if length + max(map(len, node.attrib), default=0) > xml.MAX_PATH:
            why = f"the names down to an element have more than {xml.MAX_PATH} characters"
            raise Rejected(str(tree.tag)[:200], why, "send it with shorter names, or less nested")
        if any(xml.NS in key for key in node.attrib):
            renamed = {_name(key, prefixes): value for key, value in node.attrib.items()}
            node.attrib.clear()
            node.attrib.update(renamed)
        waiting += [(child, length) for child in node]


def _name(name: str, prefixes: Mapping[str, str]) -> str:
    uri, end, local = name.rpartition(xml.NS)
    return prefixes[uri] + local if end and uri in prefixes else name
