"""An event put together again out of its leaves, by their paths."""

import re
from typing import Final

from adapters.xml import element, escaped

_STEP: Final = re.compile(r"(?P<name>[^/\[\]@]+)(?:\[(?P<n>\d{1,5})\])?\Z")
_MOST: Final = 25_000  # elements of one event


class Node:
    """An element while it is being put together."""

    def __init__(self) -> None:
        self.attributes: dict[str, str] = {}
        self.children: dict[str, list[Node]] = {}
        self.own = ""

    def text(self, name: str) -> str:
        """Return the element as XML."""
        return element(name, self.attributes, escaped(self.own) + self.inner())

    def inner(self) -> str:
        """Return its children as XML."""
        return "".join(child.text(tag) for tag, nodes in self.children.items() for child in nodes)


class Tree:
    """The elements of one event."""

    def __init__(self) -> None:
        self.root = Node()
        self._count = 0

    def put(self, path: str, value: str) -> bool:
        """Put a leaf at its path; return whether there is such a place."""
        *steps, last = path.split("/")
        if not last.startswith("@"):
            steps.append(last)
        node = self.root
        for step in steps:
            match = _STEP.match(step)
            if match is None or not _name(match["name"]):
                return False
            found = self._child(node, match["name"], int(match["n"] or 1))
            if found is None:
                return False
            node = found
        if last.startswith("@"):
            if not _name(last[1:]):
                return False
            node.attributes[last[1:]] = value
        else:
            node.own = value
        return True

    def _child(self, node: Node, name: str, n: int) -> Node | None:
        siblings = node.children.setdefault(name, [])
        missing = n - len(siblings)
        if not n or self._count + missing > _MOST:
            return None
        if missing > 0:
            siblings.extend(Node() for _ in range(missing))
            self._count += missing
        return siblings[n - 1]


def _name(text: str) -> bool:
    return text.replace("-", "").replace(".", "").replace(":", "").isidentifier()
