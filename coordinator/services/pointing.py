"""Where in an input its refusal points: the text around it, or the bytes. Pure.

A refusal names a line, a column, a byte, a row, an element or a field, and mostly quotes what stands there. What cannot
be found is not guessed: then there is no place.
"""

import re
from typing import Final, NamedTuple

_BOMS: Final = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
_QUOTED: Final = re.compile(r'"([^"\n]{1,200})"')
_LINE: Final = re.compile(r"\b(?:line|row) (\d{1,7})(?:, column (\d{1,7}))?")
_BYTE: Final = re.compile(r"\bbyte (\d{1,8})")
_NAME: Final = re.compile(r"[A-Za-z_][\w-]*")


class Text(NamedTuple):
    """Bytes as text, and the encoding in which they make it; ``encoding`` is "" where they are no clean text."""

    text: str
    encoding: str


class Place(NamedTuple):
    """A span of the text: offsets in characters, and where a reader finds it (both counted from 1)."""

    start: int
    end: int
    line: int
    column: int


def read(data: bytes) -> Text:
    """Return bytes as text; a byte that belongs to none is one character that stands for it."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return Text(data.decode(encoding), encoding)
            except UnicodeDecodeError:
                return Text(data.decode("utf-8", "surrogateescape"), "")
    try:
        return Text(data.decode(), "utf-8")
    except UnicodeDecodeError:
        return Text(data.decode("utf-8", "surrogateescape"), "")


def is_binary(data: bytes) -> bool:
    """Say whether bytes are to be shown as numbers: an archive, or something with zeros in it that has no mark."""
    marked = any(data.startswith(mark) for mark, _ in _BOMS)
    return not marked and (data.startswith(b"PK\x03\x04") or b"\0" in data[:4096])


def quoted(why: str) -> str:
    """Return what a refusal quotes first, or ""."""
    match = _QUOTED.search(why)
    return match[1] if match else ""


def byte(path: str) -> int | None:
    """Return the byte that a refusal names, counted from 0, if it names one and no line."""
    match = None if _LINE.search(path) else _BYTE.search(path)
    return int(match[1]) if match else None


def find(text: str, path: str, why: str) -> Place | None:
    """Return the place in a text that a refusal points at, or None."""
    said = quoted(why)
    if why.startswith("it is missing"):  # "line 3" is then one of nine, and not there
        return None
    if (line := _LINE.search(path)) and (begin := _begin(text, int(line[1]))) is not None:
        return _in_line(text, begin, int(line[2] or 0), said or _last_name(path[line.end() :]))
    name = _last_name(path)
    begin = _behind(text, name, said) if name else -1
    if said and (at := _whole(text, said, max(begin, 0), len(text))) >= 0:
        return span(text, at, at + len(said))
    return span(text, begin, begin + len(name)) if begin >= 0 else None


def _begin(text: str, line: int) -> int | None:
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
        if not at:
            return None
    return at


def _in_line(text: str, begin: int, column: int, said: str) -> Place:
    end = text.find("\n", begin)
    end = len(text) if end < 0 else end
    if column:
        at = min(begin + column - 1, len(text))
        return span(text, at, min(at + 1, end) if at < end else at)
    if said and (at := _whole(text, said, begin, end)) >= 0:
        return span(text, at, at + len(said))
    return span(text, begin, end)


def _last_name(path: str) -> str:
    """Return the innermost name of a path: the attribute, element or key."""
    names = _NAME.findall(path.rpartition(": ")[2])
    return names[-1] if names and names[-1] not in ("input", "body") else ""


def _behind(text: str, name: str, said: str) -> int:
    """Return where a name stands as an element, attribute, key or label, with what is quoted nearest behind it."""
    pattern = re.compile(rf"(?:<(?:\w+:)?|[\s{{,]|\"|^){re.escape(name)}(?=[\s>\":=/])", re.MULTILINE | re.IGNORECASE)
    best = -1
    for count, match in enumerate(pattern.finditer(text)):
        at = match.end() - len(name)
        best = at if best < 0 else best
        if not said or _whole(text, said, at, match.end() + len(said) + 40) >= 0 or count > _MOST:
            return at
    return best


_MOST: Final = 5_000  # places of one name that are looked at


def _whole(text: str, said: str, begin: int, end: int) -> int:
    """Return where a text stands by itself, not as a part of a longer word; -1 if nowhere.

    A refusal may have cut off what it quotes: something long may go on behind it.
    """
    at = text.find(said, begin, end)
    for _ in range(_MOST):
        if at < 0 or len(said) >= _CUT or not (_goes_on(text, at) or _goes_on(text, at + len(said))):
            return at
        at = text.find(said, at + 1, end)
    return -1


_CUT: Final = 40  # characters, from which on a quotation may have been cut off


def _goes_on(text: str, at: int) -> bool:
    """Say whether a word goes on across this place."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def span(text: str, start: int, end: int) -> Place:
    """Return a span of a text as a reader finds it."""
    return Place(start, end, text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start))
