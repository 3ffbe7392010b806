"""The text of a mail, whatever its charset and form: plain, format=flowed or HTML. Bounded, and never an error.

Sources: RFC 2046 §4.1 (text), RFC 3676 (format=flowed).
"""

import re
from html.parser import HTMLParser
from typing import Final, NamedTuple

from coordinator.edges.smtp.headers import codec, line

MAX_HTML: Final = 200_000  # characters; a SITREP in HTML has some 20,000
_MAX_TAGS: Final = 20_000


class Note(NamedTuple):
    """Something to tell the sender: a text of the catalogue and its values."""

    key: str
    args: dict[str, str | int] = {}  # noqa: RUF012 - a NamedTuple's field, never changed


class Unreadable(ValueError):
    """Raised for a text that is not read at all; ``note`` says why."""

    def __init__(self, note: Note) -> None:
        super().__init__(note.key)
        self.note = note


# -- bytes to text ----------------------------------------------------------------------------------------------------


def decoded(data: bytes, charset: str) -> tuple[str, tuple[Note, ...]]:
    """Return a body as text; what its charset cannot read is read as UTF-8, or else replaced, with a note."""
    known = codec(charset)
    for name in (known, "utf-8"):
        try:
            if name:
                text = data.decode(name)
                return text, () if name == known else (Note("mail-charset", {"charset": line(charset, 40)}),)
        except UnicodeDecodeError:
            continue
    said = Note("mail-charset-replaced", {"charset": line(charset, 40)})
    return data.decode(known if known not in ("", "ascii") else "cp1252", "replace"), (said,)


def flowed(text: str, *, delete_space: bool) -> str:
    """Return a format=flowed text with its soft line breaks taken out (RFC 3676 §4)."""
    out: list[str] = []
    soft = False
    for raw in text.split("\n"):
        row = raw.removeprefix(" ")  # space-stuffing
        quoted = row.startswith(">")
        if soft and not quoted and row != "-- ":
            out[-1] += row
        else:
            out.append(row)
        soft = row.endswith(" ") and row != "-- " and not quoted
        if soft and delete_space:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


# -- HTML -------------------------------------------------------------------------------------------------------------

_BLOCKS: Final = re.compile(r"p|div|br|tr|li|h[1-6]|table|ul|ol|pre|hr|section|article|header|footer|blockquote")
_SILENT: Final = ("script", "style", "head", "title", "template", "noscript")


_NAME: Final = r"</?[a-zA-Z][a-zA-Z0-9]*(?=[\s/>])"
_MARKUP: Final = re.compile(rf"""({_NAME})(?:[^<>"']|"[^"<]*"|'[^'<]*')*>|({_NAME})[^<>]*>|<[!?/][^<>]*>|<""")


def _clean(page: str) -> str:
    """Return a page whose markup is nothing but tags without attributes.

    Each "<" is looked at once: `html.parser` alone takes minutes for 200 kB of "<a <a <a".
    """
    first, *others = page.split("<!--")
    shown = first + "".join(piece.partition("-->")[2] for piece in others)
    return _MARKUP.sub(_bare, shown)


def _bare(found: re.Match[str]) -> str:
    tag = found.group(1) or found.group(2)
    return f"{tag}>" if tag else "&lt;" if found.group() == "<" else ""


class _Reader(HTMLParser):
    """Collects the text of a page: a line for each block, cells of a row side by side, quotes marked with "> "."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[str] = [""]
        self._silent = 0
        self._quoted = 0
        self._kept = 0  # inside <pre>, where line breaks count
        self._tags = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a cell or a quote."""
        self._tags += 1
        if self._tags > _MAX_TAGS:
            raise Unreadable(Note("mail-html-large"))
        self._silent += tag in _SILENT
        self._kept += tag == "pre"
        if _BLOCKS.fullmatch(tag):
            self.rows.append("")
        if tag in ("td", "th") and self.rows[-1]:
            self.rows[-1] += " "
        self._quoted += tag == "blockquote"

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._kept = max(0, self._kept - (tag == "pre"))
        self._quoted = max(0, self._quoted - (tag == "blockquote"))
        if _BLOCKS.fullmatch(tag):
            self.rows.append("")

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        first, *others = data.split("\n") if self._kept else [re.sub(r"\s+", " ", data)]
        self._add(first)
        for other in others:
            self.rows.append("")
            self._add(other)

    def _add(self, text: str) -> None:
        if self._quoted and text.strip() and not self.rows[-1]:
            text = "> " + text
        self.rows[-1] += text if self._kept or self.rows[-1] else text.lstrip()


def of_html(page: str) -> str:
    """Return the text of an HTML page, a line for each of its blocks.

    Raises:
        Unreadable: it is larger than a report can be.
    """
    if len(page) > MAX_HTML:
        raise Unreadable(Note("mail-html-large"))
    reader = _Reader()
    reader.feed(_clean(page))
    reader.close()
    text = "\n".join(row.rstrip() for row in reader.rows)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")
