"""The one reader of XML: guarded, bounded, and with a name for every leaf.

1. DOCTYPE and entities are refused as soon as they begin; nothing is ever fetched.
2. Size, depth, number of leaves and length of one value are bounded.
3. Whatever is refused says the line and the column.

Built on expat, not on libxml2: lxml keeps the names of all documents of a thread in one dictionary of bounded size, so
somebody who sends enough made-up names makes it refuse everybody else's (measured: after 350 MB, for good).
Source: reference formats.md §2.1; XML 1.0 5th ed. §2.8, §4.3.3.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder  # the builder only: its parser would accept a DOCTYPE
from xml.parsers import expat

from adapters.base import MAX_DEPTH, MAX_LEAVES, Rejected, bounded

MAX_PATH: Final = 2_000  # characters of the names from the root to an element
MAX_VALUE: Final = 65_536  # characters of one attribute or text
NS: Final = "}"  # between a namespace's URI and the local name, where namespaces are asked for

_MAX_TAGS: Final = 2 * MAX_LEAVES
_SMALL: Final = 50_000  # fewer bytes than this hold neither too many tags nor too long a value
_BOM: Final = b"\xef\xbb\xbf"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")  # UTF-16

_ENCODINGS: Final = re.compile(
    rb"(?i)utf-?8|utf-16(le|be)?|us-ascii|ascii|iso-8859-\d{1,2}|windows-125\d|cp125\d|koi8-r"
)
_PLAIN: Final = frozenset({"utf-8", "us-ascii", "iso-8859-1"})
_USUAL: Final = (b"<?xml version='1.0' encoding='UTF-8'", b'<?xml version="1.0" encoding="UTF-8"')
_DECLARED: Final = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([^\"'>]{0,40})")


def parse(data: bytes, *, namespaces: bool = False, longest: int = MAX_VALUE) -> Element:
    """Return the root of an XML document; what stands outside of the root is not read.

    With ``namespaces`` a name is ``uri}local``. No attribute or text is longer than ``longest`` characters.

    Raises:
        Rejected: it is empty, too large, hostile, in an encoding that nobody uses, or not well-formed.
    """
    if len(data) > _SMALL or data[:1] != b"<":
        data = bounded(data)
        data = data if data[:2] in _WIDE else data.removeprefix(_BOM).lstrip()
        if data.count(b"<") > _MAX_TAGS:
            raise Rejected("input", f"it has more than {MAX_LEAVES} elements", "split it into several messages")
    parser = expat.ParserCreate(None, NS if namespaces else None)
    tree = TreeBuilder(insert_comments=True, insert_pis=True)
    parser.buffer_text = True
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.data
    parser.CommentHandler = tree.comment
    parser.ProcessingInstructionHandler = tree.pi
    _judge(parser, [data])
    root = tree.close()
    if len(data) > longest:
        _refuse_long(root, longest)
    return root


def plain(data: bytes) -> str | None:
    """Return a document as text, if it begins at once and is in one of the plainest encodings; else None."""
    encoding = "utf-8"
    if data[:2] == b"<?" and not data.startswith(_USUAL) and (declared := _DECLARED.match(data)):
        encoding = declared[1].decode("ascii", "replace").lower()
    try:
        return data.decode(encoding) if data[:1] == b"<" and encoding in _PLAIN else None
    except UnicodeDecodeError:
        return None


def check(data: bytes, *, namespaces: bool = False) -> None:
    """Judge a document of a few kilobytes without reading it.

    Raises:
        Rejected: it has a DOCTYPE, or is not well-formed.
    """
    _judge(expat.ParserCreate(None, NS if namespaces else None), [data])


def events(
    chunks: Iterable[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] = lambda name: None,
    text: Callable[[str], None] | None = None,
    *,
    most: int = _MAX_TAGS,
) -> int:
    """Read a document piece by piece, for parts too large for a tree; return how many elements it has, up to ``most``.

    Names are ``uri}local``. The caller bounds the bytes; memory is that of one chunk.

    Raises:
        Rejected: it is hostile, too deep, has too many elements, or is not well-formed.
    """
    parser = expat.ParserCreate(None, NS)
    parser.buffer_text = True
    depth = count = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MAX_DEPTH or count > most:
            raise Rejected("input", f"it has more than {most} elements, or {MAX_DEPTH} in one another", "split it")
        start(name, attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    _judge(parser, chunks)
    return count


Below = dict[str, dict[str, list[str]]]
"""The paths of an element's children of each name, in document order, by its own path. Nobody changes it."""


def leaves(root: Element, below: Below | None = None) -> dict[str, str]:
    """Return every leaf in document order, by its path: attributes, texts, comments, and elements that hold nothing.

    ``event/detail/link[2]/@uid`` is an attribute of the second link, ``event/detail/remarks`` a text; a text after a
    child is ``.../text()[n]``, with the number of children before it. Blank texts are no leaves.
    ``below`` is filled with the paths of the elements.

    Raises:
        Rejected: there are too many, or they lie too deep.
    """
    found: dict[str, str] = {}
    name = root.tag
    for key, value in root.attrib.items():
        found[f"{name}/@{key}"] = value
    if (text := root.text) and not text.isspace():
        found[name] = text
    _walk(root, name, found, {} if below is None else below, MAX_DEPTH)
    if len(found) > MAX_LEAVES:
        raise Rejected(name, f"it has more than {MAX_LEAVES} values", "split it into several messages")
    return found


def _walk(parent: Element, above: str, found: dict[str, str], below: Below, depth: int) -> None:
    if not depth:
        raise Rejected(above[:200].rstrip("/"), f"it is nested deeper than {MAX_DEPTH}", "send it less nested")
    names: dict[str, list[str]] = {}
    below[above] = names
    base = above + "/"
    for child in parent:
        name = tag if (tag := child.tag).__class__ is str else "comment()"
        path = base + name
        if len(path) > MAX_PATH:  # every leaf below would keep it
            raise Rejected(path[:200], f"its path is longer than {MAX_PATH} characters", "use shorter names")
        if name in names:
            same = names[name]
            path = f"{path}[{len(same) + 1}]"
            same.append(path)
        else:
            names[name] = [path]
        inner = len(child)
        if items := child.attrib:
            prefix = path + "/@"
            for key, value in items.items():
                found[prefix + key] = value
        if (text := child.text) and not text.isspace():
            found[path] = text
        elif not items and not inner:
            found[path] = ""
        if (tail := child.tail) and not tail.isspace():
            found[f"{path}/following::text()"] = tail
        if inner:
            _walk(child, path, found, below, depth - 1)


def _judge(parser: expat.XMLParserType, chunks: Iterable[bytes]) -> None:
    """Feed a parser, the encoding first looked at; what is refused says the line and the column."""
    parser.StartDoctypeDeclHandler = _refuse_doctype
    head = b""
    try:
        for chunk in chunks:
            if not head:
                _check_encoding(chunk.removeprefix(_BOM))
            head = head or chunk
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        _not_well_formed(error, head)
    except _Doctype:
        where = f"line {parser.CurrentLineNumber}, column {parser.CurrentColumnNumber + 1}"
        raise Rejected(where, "DOCTYPE is refused", "send the document without a DOCTYPE and entities") from None
    except (LookupError, ValueError) as error:
        raise Rejected("line 1, column 1", f"its encoding cannot be read: {error}", "save it as UTF-8") from None


def _refuse_long(root: Element, longest: int) -> None:
    for node in root.iter():
        for value in (node.text or "", node.tail or "", *node.attrib.values()):
            if len(value) > longest:
                name = str(node.tag)[:200]
                raise Rejected(name, f"it is longer than {longest} characters", "shorten it, or send it as a file")


def _check_encoding(data: bytes) -> None:
    if data[:2] != b"<?" or data.startswith(_USUAL):
        return
    if (declared := _DECLARED.match(data)) and not _ENCODINGS.fullmatch(declared[1]):
        name = declared[1].decode("ascii", "replace")
        raise Rejected("line 1, column 1", f'the encoding "{name}" is not accepted', "save it as UTF-8")


class _Doctype(Exception):
    """Raised out of the parser when a DOCTYPE begins."""


def _refuse_doctype(*_: object) -> NoReturn:
    raise _Doctype


def _not_well_formed(error: expat.ExpatError, data: bytes) -> NoReturn:
    why = expat.errors.messages.get(error.code, "not well-formed")
    cut_off = data.lstrip().startswith(b"<") and error.code in _CUT_OFF
    hint = "it seems cut off: send it again whole" if cut_off else "mend it there and send it again"
    raise Rejected(
        f"line {error.lineno}, column {error.offset + 1}", f"it is no well-formed XML: {why}", hint
    ) from None


_CUT_OFF: Final = frozenset(
    expat.errors.codes[name]
    for name in (expat.errors.XML_ERROR_NO_ELEMENTS, expat.errors.XML_ERROR_UNCLOSED_TOKEN)
)  # fmt: skip


def element(name: str, attributes: dict[str, str], inner: str = "") -> str:
    """Return one element as text; ``inner`` is XML already."""
    listed = "".join(f' {key}="{escaped(value)}"' for key, value in attributes.items())
    return f"<{name}{listed}>{inner}</{name}>" if inner else f"<{name}{listed}/>"


def escaped(text: str) -> str:
    """Return text as it may stand in an element or attribute, without characters that XML does not know."""
    return _ILLEGAL.sub("", text).translate(_ESCAPES)


_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES: Final = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)
