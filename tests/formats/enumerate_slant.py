"""The leaves of slant text, by lines and slashes only: no catalogue, no grammar of sets.

A line at the margin that begins with a word in capitals and a slash begins a set; under a word alone that starts with a
digit, lines that begin with a slash are rows, the first one titles. All other lines go on with what is above them.
"""

import re
from collections.abc import Iterator

_BEGINS = re.compile(r"[0-9]?[A-Z][A-Z0-9]*[ ]?/")
_TABLE = re.compile(r"[0-9][A-Z][A-Z0-9]*\s*$")
_HEADER = re.compile(r"([A-Za-z][A-Za-z-]*): ")
_EMPTY = ("", "-", "\u2013", "\u2212")


def slant(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Yield where each leaf stands, its value, and the input with another value."""
    text = data.decode()
    head, body = text.split("\n\n", 1) if re.match("(?:From|Subject|Date): ", text) else ("", text)
    glue = "\n\n" if head else ""
    for n, line in enumerate(head.splitlines(), 1):
        if (match := _HEADER.match(line)) and match[1] not in ("Message-ID", "Content-Type"):
            changed = text.replace(line, f"{match[0]}zz9 {line[match.end() :]}", 1)
            yield f"header {n}: {match[1]}", line[match.end() :].split()[0], changed.encode()
    lines = body.split("\n")
    for at, number, start, end in _pieces(lines):
        value = lines[number][start:end]
        edited = lines[number][:start] + _other(value) + lines[number][end:]
        whole = "\n".join((*lines[:number], edited, *lines[number + 1 :]))
        yield at, value, (head + glue + whole).encode()


def _other(value: str) -> str:
    descriptor = re.match(r"[A-Z]{2,10}:", value)
    return (descriptor[0] if descriptor else "") + "zz9"


def _pieces(lines: list[str]) -> Iterator[tuple[str, int, int, int]]:
    """Yield path, line (from 0), and where in it a piece between slashes stands."""
    started, is_open, rows = 0, False, -1
    for n, line in enumerate(lines):
        begins = _BEGINS.match(line) and not line.startswith("UNCLAS")
        if _TABLE.match(line):
            started, is_open, rows = n, True, 0
            continue
        if begins:
            started, is_open, rows = n, True, -1
        is_row = rows >= 0 and line.startswith("/")
        rows += is_row
        if is_row and rows == 1:
            continue  # the titles
        at = f"line {(n if is_row or not is_open else started) + 1}"
        first = line.index("/") + 1 if begins else 0
        if begins and line[first:].strip(" /") == "" and not line.startswith(("NTR", "EXER")):
            yield at, n, 0, line.index("/")
        yield from ((at, n, start, end) for start, end in _between(line, first, is_open))
        if line.rstrip().endswith("//") and not line.rstrip().endswith("://"):
            is_open = False


def _between(line: str, first: int, is_open: bool) -> Iterator[tuple[int, int]]:
    """Yield the bounds of what stands between slashes; a line outside of any set is one piece."""
    for match in re.finditer(r"[^/]+" if is_open else r".+", line[first:]):
        piece = match[0]
        start = first + match.start() + len(piece) - len(piece.lstrip())
        end = first + match.end() - (len(piece) - len(piece.rstrip()))
        if line[start:end] not in _EMPTY and start < end:
            yield start, end
