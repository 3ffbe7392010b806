"""XML documents as their leaves by path, read by the plan of their markup.

Senders repeat their markup and change what stands in it. So markup that comes again is read, without its values, into a
plan (`adapters.markup`); from the next document of the same markup only the values are picked out. Three rules
keep that as safe as reading every document as a tree:

1. A plan is made only from a document that expat has judged whole. Another of the same markup, to the letter, differs
   between tags or between quotes only; if nothing there is markup or forbidden, it is as well-formed as the first.
2. What is not plain (numbers of characters, CDATA, DOCTYPE, text between elements) is read as a tree, always.
3. Plans are few and small, and made for what comes again: made-up markup fills neither memory nor time.

Both ways give the same (tests/formats/test_xml.py). Source: XML 1.0 5th ed.; Namespaces in XML 1.0 §5.
"""

import re
from functools import partial
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element  # the type only: parsing is the business of adapters.xml
from xml.sax.saxutils import unescape

from adapters import xml
from adapters.markup import LARGEST, Plan, plan_of, reasons

XMLDSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
MAX_PLANS: Final = 256
_MAX_SEEN: Final = 4_096

_PREFIXES: Final = {XMLDSIG: "ds:", "http://www.w3.org/2001/XMLSchema-instance": "xsi:"}
_PROLOG: Final = re.compile(r"\s*(?:<(?:\?[^<>]*\?|!--[^<>]*--)>\s*)*(?=<)")
_USUAL: Final = bytes(n for n in range(256) if (n >= 32 or n in b"\t\n") and n not in b"<>&")
_REFERENCE: Final = re.compile(rb"&(?:amp|lt|gt|quot|apos);")
_QUOTES: Final = {"&quot;": '"', "&apos;": "'"}
_BEYOND: Final = b"\xef\xbf"  # where the last characters of a plane begin, of which XML forbids two

_NONE: Final[dict[str, str]] = {}

Leaves = dict[str, str]


class Document(NamedTuple):
    """What stands in a document; ``namespace`` is that of its root, "" if there is none."""

    root: str
    namespace: str
    leaves: Leaves
    below: xml.Below
    whys: dict[str, str]  # why a leaf never goes out again, by its path


class Reader:
    """Reads the documents of one format.

    ``own`` are the format's namespaces: elements of theirs are called by their local names, others behind a prefix;
    None takes each name as it is written. ``longest`` is the most characters of one value. ``whys`` are the reasons
    why a leaf never goes out again, by what stands in its path.
    """

    def __init__(
        self, own: frozenset[str] | None = None, longest: int = xml.MAX_VALUE, whys: dict[str, str] = _NONE
    ) -> None:
        self._own = own
        self._whys = whys
        self._called = None if own is None else partial(called, own)
        self._longest = longest
        self._plans: dict[str, Plan] = {}
        self._seen: dict[int, bool] = {}  # by hash

    def read(self, data: bytes) -> Document:
        """Return what stands in a document.

        Raises:
            Rejected: it is hostile, too large, too deep, or not well-formed.
        """
        if len(data) <= LARGEST:
            lines = data.replace(b"\r\n", b"\n") if b"\r" in data else data
            if (plain := xml.plain(lines)) is not None and (found := self._planned(plain, lines)) is not None:
                return found
        root = xml.parse(data, namespaces=self._own is not None, longest=self._longest)
        return of_element(root, self._own, self._whys)

    def forget(self) -> None:
        """Forget all plans."""
        self._plans.clear()
        self._seen.clear()

    def _planned(self, text: str, data: bytes) -> Document | None:
        """Return what a document says by the plan of its markup; None if it has to be read as a tree."""
        prolog = _PROLOG.match(text)
        signs = data.translate(None, _USUAL)
        referring = b"&" in signs
        if referring:
            if b"<!" in data or len(_REFERENCE.findall(data)) != signs.count(b"&"):
                return None
            signs = signs.replace(b"&", b"")
        if b"\xef" in data and _BEYOND in data:
            return None
        if prolog is None or signs != b"<>" * (len(signs) // 2):
            return None
        cells = text[prolog.end() :].replace(">", "<").split("<")
        texts, tags = cells[::2], cells[1::2]
        if texts[-1].strip(" \t\n"):  # behind the root only what XML calls blank
            return None
        key, values = "<".join(tags), None
        if self._called is None:
            quote = "'" if "'" in key else '"'
            if quote == "'" and '"' in key:
                return None
            parts = key.split(quote)
            key, values = quote.join(parts[::2]), parts[1::2]
            joined = "".join(values)
            if "<" in joined or "\n" in joined or "\t" in joined:  # a tag that ends in a value; blanks for XML
                return None
        if referring and "&" in key:  # in a namespace perhaps
            return None
        for filled in (False, True):
            plan = self._plan(f"{prolog[0]}{'<<' if filled else '<'}{key}", tags, data, filled=filled)
            if plan is not None and (found := _picked(plan, texts, values)) is not None:
                return _resolved(found) if referring else found
        return None

    def _plan(self, key: str, tags: list[str], data: bytes, *, filled: bool) -> Plan | None:
        """Return the plan of a markup that comes at least the second time; without a plan it is judged first."""
        if (plan := self._plans.get(key)) is not None:
            return plan
        if self._first(hash(key)):
            return None
        xml.check(data, namespaces=self._called is not None)
        if (plan := plan_of(tags, self._called, self._whys, filled=filled)) is not None:
            self._plans[key] = plan
            if len(self._plans) > MAX_PLANS:
                self._plans.pop(next(iter(self._plans)), None)
        return plan

    def _first(self, mark: int) -> bool:
        """Say whether a markup comes for the first time, for all that is remembered: a plan costs more than a tree."""
        if self._seen.pop(mark, False):
            return False
        self._seen[mark] = True
        if len(self._seen) > _MAX_SEEN:
            self._seen.pop(next(iter(self._seen)), None)
        return True


def _picked(plan: Plan, texts: list[str], values: list[str] | None) -> Document | None:
    """Return what stands in the cells of a document; None if a text stands, or is missing, where no plan knows it."""
    if values is None:
        values = plan.values
    elif len(values) != len(plan.values):
        return None
    cells = [*texts, "", *values]
    if "".join(plan.blank(cells)).strip() or any(map(str.isspace, plan.whole(cells))):
        return None
    if not all(map(str.strip, plan.said(cells))):
        return None
    leaves = dict(zip(plan.paths, plan.leaves(cells), strict=True))
    return Document(plan.root, plan.namespace, leaves, plan.below, plan.whys)


def _resolved(document: Document) -> Document:
    """Return a document with the characters that its references mean."""
    leaves = {path: unescape(value, _QUOTES) if "&" in value else value for path, value in document.leaves.items()}
    return document._replace(leaves=leaves)


def of_element(root: Element, own: frozenset[str] | None, whys: dict[str, str] = _NONE) -> Document:
    """Return what stands in an element; if ``own`` are given, it and all below it are renamed.

    Raises:
        Rejected: there are too many leaves, or they lie too deep.
    """
    namespace, _ = split(root.tag)
    if own is not None:
        rename(root, own)
    below: xml.Below = {}
    leaves = xml.leaves(root, below)
    return Document(root.tag, namespace, leaves, below, reasons(leaves, whys))


def rename(root: Element, own: frozenset[str]) -> None:
    """Rename the elements of a document: those of ``own`` namespaces by their local name, others behind a prefix."""
    known: dict[str, str] = {}
    for node in root.iter():
        tag = node.tag
        if tag in known:
            node.tag = known[tag]
        elif tag.__class__ is str and xml.NS in tag:
            known[tag] = node.tag = called(own, *split(tag))


def split(tag: str) -> tuple[str, str]:
    """Return the namespace ("" if there is none) and the local name of an element or attribute."""
    namespace, _, local = tag.rpartition(xml.NS)
    return namespace, local


def called(own: frozenset[str], namespace: str, local: str) -> str:
    """Return what an element is called in paths."""
    return local if not namespace or namespace in own else _PREFIXES.get(namespace, "other:") + local
