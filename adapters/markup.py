"""The plan of a document's markup: where each of its leaves stands, and what its path is.

A document is cut into cells: the texts behind its tags, an empty one, and the values of its attributes. Two documents
of the same markup have the same plan. Names, paths and limits are those of `adapters.xml.leaves`.
"""

import re
from collections.abc import Callable, Collection, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from adapters import xml
from adapters.base import MAX_DEPTH

LARGEST: Final = 32_768  # characters of all paths of a plan

Called = Callable[[str, str], str]
"""How an element is called in paths, by its namespace and its local name."""
Pick = Callable[[list[str]], Sequence[str]]
Attributes = list[tuple[str, str]]

_NAME: Final = re.compile(r"[^\s/]+")
_ATTRIBUTE: Final = re.compile(r"([^\s=]+)\s*=\s*([\"'])(.*?)\2", re.DOTALL)
_BLANKS: Final = str.maketrans("\t\n", "  ")  # in the value of an attribute: XML 1.0 §3.3.3
_BOUND: Final = {"": "", "xml": "http://www.w3.org/XML/1998/namespace"}


class Plan(NamedTuple):
    """How to pick the leaves out of the cells of a document."""

    root: str
    namespace: str
    below: xml.Below
    whys: dict[str, str]
    paths: tuple[str, ...]
    leaves: Pick
    blank: Pick  # texts that must be blank
    whole: Pick  # texts that must not be blanks only: they are leaves, empty ones too
    said: Pick  # texts that must say something
    values: list[str]  # of the attributes of the document that it was made from


def plan_of(tags: list[str], called: Called | None, whys: dict[str, str], *, filled: bool) -> Plan | None:
    """Return the plan of markup that is well-formed, from what stands in its angle brackets.

    ``called`` names elements; without it they are called as written. ``whys`` are those of `reasons`.
    Where an element has attributes and no children, its text is a leaf if ``filled``, else it must be blank. None: such
    a document has to be read as a tree.
    """
    maker = _Maker(len(tags) + 1, called)
    for cell, tag in enumerate(tags, 1):
        if tag[0] == "/":
            maker.close(cell)
        elif tag[0] in "!?":
            maker.comment(cell, tag)
        else:
            alone = tag[-1] == "/"
            maker.open(cell, tag, alone=alone, childless=alone or tags[cell][0] == "/", filled=filled)
        if maker.room < 0:
            return None
    return maker.plan(whys)


def reasons(paths: Collection[str], whys: dict[str, str]) -> dict[str, str]:
    """Return why leaves never go out again, by their paths; ``whys`` are the reasons by what stands in a path."""
    return {path: why for part, why in reversed(whys.items()) for path in paths if part in path}


class _Maker:
    """What is known of markup while its tags are read in order; ``empty`` is the number of the empty cell."""

    def __init__(self, empty: int, called: Called | None) -> None:
        self.room = LARGEST
        self._empty = empty
        self._called = called
        self._below: xml.Below = {}
        self._leaves: list[tuple[str, int]] = []
        self._blank: list[int] = [0]
        self._whole: list[int] = []
        self._said: list[int] = []
        self._values: list[str] = []
        self._above: list[str] = []
        self._bound = [_BOUND]
        self._root = self._namespace = ""

    def close(self, cell: int) -> None:
        """End an element."""
        self._above.pop()
        self._bound.pop()
        self._blank.append(cell)

    def comment(self, cell: int, tag: str) -> None:
        """Take a comment, if nothing in it looks like a tag."""
        if self._called is None or not self._above or tag[:3] != "!--" or tag[-2:] != "--" or len(tag) < 5:
            self.room = -1
            return
        text = tag[3:-2]
        self._values.append("" if text.isspace() else text)
        self._leaves.append((self._path("comment()"), self._empty + len(self._values)))
        self._blank.append(cell)

    def open(self, cell: int, tag: str, *, alone: bool, childless: bool, filled: bool) -> None:
        """Begin an element, or take one that stands alone."""
        name = _NAME.match(tag)
        local = name[0] if name else ""
        given = _ATTRIBUTE.findall(tag, len(local)) if "=" in tag else ()
        attributes = [(key, value.translate(_BLANKS)) for key, _, value in given]
        self._bound.append(self._bound[-1])
        if self._called is not None:
            local, attributes = self._named(local, attributes)
        path = self._path(local)
        self.room -= (1 + len(attributes)) * len(path) + len(tag)
        if len(path) > xml.MAX_PATH or len(self._above) >= MAX_DEPTH or (childless and not self._above):
            self.room = -1
        for key, value in attributes:
            self._values.append(value)
            self._leaves.append((f"{path}/@{key}", self._empty + len(self._values)))
        if alone:
            self._alone(path, cell, bool(attributes))
        else:
            self._above.append(path)
            self._text(path, cell, bool(attributes), childless, filled)

    def plan(self, whys: dict[str, str]) -> Plan:
        """Return the plan of the tags so far."""
        paths = tuple([path for path, _ in self._leaves])
        return Plan(
            self._root, self._namespace, self._below, reasons(paths, whys), paths,
            _pick([cell for _, cell in self._leaves]), _pick(self._blank), _pick(self._whole), _pick(self._said),
            self._values,
        )  # fmt: skip

    def _alone(self, path: str, cell: int, attributed: bool) -> None:
        self._bound.pop()
        self._blank.append(cell)
        if not attributed:
            self._leaves.append((path, self._empty))

    def _text(self, path: str, cell: int, attributed: bool, childless: bool, filled: bool) -> None:
        if not childless or (attributed and not filled):
            self._blank.append(cell)
            return
        (self._said if attributed else self._whole).append(cell)
        self._leaves.append((path, cell))

    def _path(self, name: str) -> str:
        if not self._above:
            self._root = name
            return name
        path = f"{self._above[-1]}/{name}"
        same = self._below.setdefault(self._above[-1], {}).setdefault(name, [])
        same.append(f"{path}[{len(same) + 1}]" if same else path)
        return same[-1]

    def _named(self, name: str, attributes: Attributes) -> tuple[str, Attributes]:
        """Return what an element is called, and its attributes by their namespaces, without declarations of any."""
        declared = {key[6:]: value for key, value in attributes if key.partition(":")[0] == "xmlns"}
        known = self._bound[-1] = self._bound[-1] | declared
        prefix, _, local = name.rpartition(":")
        if not self._above:
            self._namespace = known[prefix]
        named = [(self._attribute(key), value) for key, value in attributes if key.partition(":")[0] != "xmlns"]
        return (self._called(known[prefix], local) if self._called else name), named

    def _attribute(self, key: str) -> str:
        prefix, colon, local = key.partition(":")
        return f"{self._bound[-1][prefix]}{xml.NS}{local}" if colon else key


def _pick(cells: list[int]) -> Pick:
    """Return what takes the cells of these numbers, in this order."""
    if len(cells) > 1:
        return itemgetter(*cells)
    first = cells[0] if cells else 0
    return itemgetter(slice(first, first + len(cells)))
