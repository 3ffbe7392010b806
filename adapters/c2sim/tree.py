"""A C2SIM document as branches that are read by local names; each leaf is taken once, what is left is a loss.

Elements are matched by namespace and never by prefix or order. Credentials are taken out before anything else is read.
Source: SISO-STD-019-2020; reference formats.md §2.1, §3.2 (secrets), §8.1, §8.2.
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from adapters import xml
from adapters.base import Loss, Rejected
from adapters.fields import WITHHELD

Leaves = dict[str, str]

NAMESPACE: Final = re.compile(r"(?i)https?://www\.sisostds\.org/schemas/c2sim/([^/]{1,60})/?\Z")
ROOTS: Final = frozenset(
    {"Message", "MessageBody", "DomainMessageBody", "OrderBody", "ReportBody", "AcknowledgementBody", "RequestBody",
     "PlanBody"}
)  # fmt: skip

_XSI: Final = f"http://www.w3.org/2001/XMLSchema-instance{xml.NS}"
_OLD: Final = "netlab.gmu.edu/IBML"
_SECRET: Final = re.compile(r"(?i)authorization|credential|password|token")
_SUSPECT: Final = ("authorization", "credential", "password", "token", "bearer", "basic", "digest")
_BEARER: Final = re.compile(r"(?i)\b(?:bearer|basic|digest)\s{1,9}[a-z0-9+/=._~-]{16}")
_DRAFT: Final = frozenset({"TaskNameCode", "Coordinate", "RouteLocation"})  # names that only the draft of 2019 has


class Branch:
    """An element with its path; children are made when they are asked for."""

    def __init__(self, element: Element, path: str, leaves: Leaves) -> None:
        self.name = _name(element)
        self.path = path
        self._element = element
        self._leaves = leaves

    @cached_property
    def kids(self) -> tuple["Branch", ...]:
        """The children in document order, with the paths that `adapters.xml.leaves` gives them."""
        seen: dict[str, int] = {}
        found = []
        for child in self._element:
            path = f"{self.path}/{_name(child) or 'comment()'}"
            seen[path] = seen.get(path, 0) + 1
            found.append(Branch(child, path if seen[path] == 1 else f"{path}[{seen[path]}]", self._leaves))
        return tuple(found)

    def all(self, *names: str) -> tuple["Branch", ...]:
        """Return the children of these names."""
        return tuple(kid for kid in self.kids if kid.name in names)

    def one(self, *names: str) -> "Branch | None":
        """Return the first child of these names."""
        return next((kid for kid in self.kids if kid.name in names), None)

    def walk(self) -> Iterator["Branch"]:
        """Yield this branch and everything below it, in document order."""
        waiting = [self]
        while waiting:
            branch = waiting.pop()
            yield branch
            waiting.extend(reversed(branch.kids))

    def find(self, *names: str) -> "Branch | None":
        """Return the first branch below this one that has one of these names, however deep a dialect puts it."""
        return next((b for b in self.walk() if b.name in names and b is not self), None)

    @property
    def text(self) -> str:
        """Its own text if nobody has taken it yet, without blanks around it."""
        return self._leaves.get(self.path, "").strip()

    def take(self) -> str:
        """Take its own text; one that is empty says nothing, and stays."""
        return self._leaves.pop(self.path).strip() if self.text else ""

    def put_back(self, value: str) -> None:
        """Give a leaf back that was taken and not used."""
        self._leaves[self.path] = value

    def word(self, *names: str) -> str:
        """Take the text of the first branch below that has one of these names."""
        found = self.find(*names)
        return found.take() if found else ""

    def said(self, *names: str) -> str:
        """Take the text of the first child of these names."""
        found = self.one(*names)
        return found.take() if found else ""

    def left(self) -> Iterator[tuple[str, str]]:
        """Take and yield every leaf below, and of its own, that nobody has taken."""
        for branch in self.walk():
            own = (f"{branch.path}/@{key}" for key in branch._element.attrib)
            for path in (branch.path, *own, f"{branch.path}/following::text()"):
                if path in self._leaves:
                    yield path, self._leaves.pop(path)


def _name(element: Element) -> str:
    """Return the name of an element, or "" of a comment, whose tag is no text."""
    return element.tag if element.tag.__class__ is str else ""


class Document(NamedTuple):
    """What was read of a document: its root, the leaves that are still there, and what was withheld of it."""

    root: Branch
    leaves: Leaves
    dialect: str
    namespace: bool
    withheld: tuple[Loss, ...]

    @property
    def body(self) -> Branch | None:
        """The one body that says something, whichever elements stand around it."""
        below = (branch for kid in self.root.kids if kid.name != "C2SIMHeader" for branch in kid.walk())
        return self.root if self.root.name in _BODIES else next((b for b in below if b.name in _BODIES), None)

    @property
    def header(self) -> Branch | None:
        """The C2SIM header, if there is one."""
        return self.root.one("C2SIMHeader")


_BODIES: Final = (
    "OrderBody", "ReportBody", "AcknowledgementBody", "RequestBody", "PlanBody", "C2SIMInitializationBody",
    "ObjectInitializationBody", "SystemCommandBody", "SystemAcknowledgementBody",
)  # fmt: skip


def read(data: bytes) -> Document:
    """Read the tree of a document.

    Raises:
        Rejected: it is no XML, or hostile, or no C2SIM document.
    """
    root = _parsed(data)
    uri, _, name = str(root.tag).rpartition(xml.NS)
    if _OLD in uri:
        raise Rejected(name[:200], "it is an order or report of the older BML", "send it as C2SIM (SISO-STD-019)")
    if name not in ROOTS or (uri and not NAMESPACE.match(uri)):
        why = f'"{uri[:100]}" is no namespace of C2SIM' if name in ROOTS else "it is no C2SIM document"
        raise Rejected(name[:200], why, "send a Message of http://www.sisostds.org/schemas/C2SIM/1.1")
    names = set()
    for element in root.iter():
        if name := _name(element):
            element.tag = _local(name)
            for key in [k for k in element.attrib if k.startswith(_XSI)]:
                element.attrib["xsi:" + key.removeprefix(_XSI)] = element.attrib.pop(key)
            names.add(element.tag)
    leaves = xml.leaves(root)
    withheld = tuple(_withhold(leaves))
    version = match[1] if (match := NAMESPACE.match(uri)) else ""
    dialect = f"{version or '1.1'} draft 2019" if names & _DRAFT else version or "1.1"
    return Document(Branch(root, str(root.tag), leaves), leaves, dialect, bool(uri), withheld)


def _parsed(data: bytes) -> Element:
    try:
        return xml.parse(data, namespaces=True)
    except Rejected as error:
        if "junk after document element" not in error.why:
            raise
        hint = "send each document by itself"
        raise Rejected(error.path, "another document follows the first, or something that is none", hint) from None


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    """Return the local name of an element of C2SIM; another's keeps its namespace."""
    uri, _, name = tag.rpartition(xml.NS)
    return name if not uri or NAMESPACE.match(uri) else tag


def _withhold(leaves: Leaves) -> Iterator[Loss]:
    """Take out whatever may be a credential; nothing reads it, nothing repeats it."""
    everything = "\0".join((*leaves, *leaves.values())).lower()
    if not any(word in everything for word in _SUSPECT):
        return
    for path in [p for p, value in leaves.items() if _SECRET.search(p) or _BEARER.search(value)]:
        del leaves[path]
        yield Loss(path=path, value=WITHHELD, why="credentials are not carried")
