"""Slant text as sets and fields: ``//`` ends a set, ``/`` parts fields, free text runs to ``//`` whatever it holds.

1. A line belongs to the open set until its ``//``; a line that begins with a known set ends an unterminated one.
2. ``//`` behind a colon is part of an address (``http://``), unless a known set follows on a new line.
3. Whatever stands outside of sets is kept as stray lines. Each line is looked at once: time is linear in the input.

Source: reference formats.md §5.1 (own wording of the grammar of ADatP-3 and USMTF), §5.6 (pitfalls).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from adapters.base import MAX_LEAVES, Rejected
from adapters.mail import Line
from adapters.mtf.catalogue import Catalogue
from adapters.words import plain

MAX_SETS_A_LINE: Final = 50
MAX_FREE: Final = 20_000  # characters of one free text; what is beyond is cut, with a warning

_NAME: Final = r"[0-9]?[A-Z][A-Z0-9]{1,9}"
_START: Final = re.compile(rf"[ \t]{{0,8}}({_NAME})[ ]?(?=/)")
_TABLE: Final = re.compile(r"[ \t]{0,8}([0-9][A-Z][A-Z0-9]{1,8})[ \t]*\Z")
_DESCRIPTOR: Final = re.compile(r"[A-Z]{2,10}:(?!//)")
_BLANK: Final = re.compile(r"\s*\Z")
_MARKINGS: Final = ("UNCLAS", "RESTRICT", "CONFIDENT", "SECRET", "HTTP")
_EMPTY: Final = frozenset({"", "-"})


class Field(NamedTuple):
    """One field: its path for losses, its descriptor ("" if it has none), and what it says behind it."""

    path: str
    descriptor: str
    value: str

    @property
    def text(self) -> str:
        """The field as it stands, with its descriptor."""
        return f"{self.descriptor}:{self.value}" if self.descriptor else self.value


class Set(NamedTuple):
    """One set. Empty fields are None. A columnar set has the titles of its columns and rows, but no fields."""

    name: str
    path: str
    fields: tuple[Field | None, ...] = ()
    titles: tuple[str, ...] = ()
    rows: tuple[tuple[Field | None, ...], ...] = ()
    free: bool = False
    unterminated: bool = False
    cut: str = ""  # of a free text that was too long


class Slant(NamedTuple):
    """What a text holds, in order: sets, and lines outside of any."""

    sets: tuple[Set, ...]
    stray: tuple[Line, ...]


def parse(lines: Iterable[Line], catalogue: Catalogue) -> Slant:
    """Return the sets of a text.

    Raises:
        Rejected: it has more fields than one operational message holds.
    """
    sets: list[Set] = []
    stray: list[Line] = []
    leaves = 0
    for item in _gathered(lines, catalogue):
        if isinstance(item, Line):
            stray.append(item)
            continue
        if (leaves := leaves + item.count()) > MAX_LEAVES:
            raise Rejected(item.path, f"it has more than {MAX_LEAVES} fields", "split it into several messages")
        sets.append(item.done(catalogue))
    return Slant(tuple(sets), tuple(stray))


def dialect_mark(text: str) -> bool:
    """Say whether a text has the set that no slant text can do without."""
    return re.search(r"(?m)^[ \t]{0,8}MSGID[ ]?/", text) is not None


class _Open:
    """A set while its lines come in."""

    def __init__(self, name: str, number: int, columnar: bool, free: bool) -> None:
        self.name = name
        self.number = number
        self.columnar = columnar
        self.free = free
        self.unterminated = False
        self.parts: list[tuple[int, list[str]]] = []  # of a columnar set one a row, of a free text one a line

    @property
    def path(self) -> str:
        return f"line {self.number}: {self.name}"

    def add(self, number: int, text: str) -> None:
        """Add a line: a row of its own, or the rest of the part above it without its indent."""
        starts_row = self.columnar and text.lstrip().startswith("/")
        if starts_row or not self.parts or self.free:
            self.parts.append((number, [text]))
        else:
            self.parts[-1][1].append(text.lstrip())

    def count(self) -> int:
        """Return how many fields there are at most."""
        return 1 if self.free else sum(text.count("/") for _, texts in self.parts for text in texts) + 1

    def done(self, catalogue: Catalogue) -> Set:
        """Return the set."""
        if self.free:
            return self._free(catalogue)
        if not self.columnar:
            text = "".join(self.parts[0][1]) if self.parts else ""
            return Set(self.name, self.path, self._fields(text, self.path), unterminated=self.unterminated)
        joined = ((number, "".join(texts).strip()) for number, texts in self.parts)
        rows = [(number, text) for number, text in joined if text.strip(" /")]
        titled = bool(rows) and rows[0][0] != self.number
        titles = tuple(cell.strip() for cell in rows[0][1].removeprefix("/").split("/")) if titled else ()
        cells = tuple(
            self._fields(text.removeprefix("/"), f"line {number}: {self.name}", titles)
            for number, text in rows[titled:]
        )
        return Set(self.name, self.path, titles=titles, rows=cells, unterminated=self.unterminated)

    def _fields(self, text: str, path: str, titles: Sequence[str] = ()) -> tuple[Field | None, ...]:
        parts = [part.strip() for part in text.split("/")]
        named = (titles[n] if n < len(titles) and titles[n] else str(n + 1) for n in range(len(parts)))
        return tuple(_field(part, f"{path}/{name}") for part, name in zip(parts, named, strict=True))

    def _free(self, catalogue: Catalogue) -> Set:
        """Return a free text, behind the fields that the catalogue puts before it; folded lines stay lines."""
        text = "\n".join(text.strip() for _, texts in self.parts for text in texts).strip()
        before = len(catalogue.sets[self.name].fields) - 1
        parts = text.split("/", before) if before > 0 else [text]
        cut = parts[-1][MAX_FREE:]
        parts[-1] = parts[-1][:MAX_FREE]
        fields = tuple(
            Field(f"{self.path}/{n}", "", part.strip()) if plain(part).strip() not in _EMPTY else None
            for n, part in enumerate(parts, 1)
        )
        return Set(self.name, self.path, fields, free=True, unterminated=self.unterminated, cut=cut)


def _field(text: str, path: str) -> Field | None:
    """Return a field, or None where it holds no data: blank, a hyphen, a dash or a minus."""
    if plain(text).strip() in _EMPTY:
        return None
    if match := _DESCRIPTOR.match(text):
        return Field(path, match[0][:-1], text[match.end() :].strip())
    return Field(path, "", text)


def _gathered(lines: Iterable[Line], catalogue: Catalogue) -> Iterator[Line | _Open]:
    """Yield sets and stray lines as they end."""
    waiting = _Waiting(lines)
    current: _Open | None = None
    for line in waiting:
        started = _started(line, catalogue, known_only=current is not None)
        if started is not None and current is not None:
            current.unterminated = True
            yield current
        elif started is None and current is None:
            if line.text.strip():
                yield line
            continue
        if started is not None:
            current, rest = started
        else:
            rest = line.text
        if current is None:
            continue
        end = _end(rest, current, waiting, catalogue)
        current.add(line.number, rest if end < 0 else rest[:end])
        if end >= 0:
            yield current
            current = None
            waiting.back(Line(line.number, rest[end + 2 :].strip()))
    if current is not None:
        current.unterminated = True
        yield current


class _Waiting:
    """Lines to come; what stands behind the end of a set comes next."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = list(lines)
        self._at = 0
        self._rest: Line | None = None
        self._again = 0

    def __iter__(self) -> Iterator[Line]:
        while self._rest is not None or self._at < len(self._lines):
            if self._rest is not None:
                line, self._rest = self._rest, None
            else:
                line = self._lines[self._at]
                self._at += 1
            yield line

    def back(self, line: Line) -> None:
        """Put what is left of a line in front.

        Raises:
            Rejected: that happens too often in one line.
        """
        self._again = self._again + 1 if line.text else 0
        if self._again > MAX_SETS_A_LINE:
            hint = "begin each set on a line of its own"
            raise Rejected(line.path, f"it has more than {MAX_SETS_A_LINE} sets in one line", hint)
        self._rest = line if line.text else None

    def following(self) -> Line | None:
        """Return the next line that says something (of the next few)."""
        return next((x for x in self._lines[self._at : self._at + 5] if x.text.strip()), None)


def _started(line: Line, catalogue: Catalogue, *, known_only: bool) -> tuple[_Open, str] | None:
    """Return the set that a line begins, and the rest of the line behind the slash."""
    if match := _TABLE.match(line.text):
        if known_only and match[1] not in catalogue.sets:
            return None
        return _Open(match[1], line.number, columnar=True, free=False), ""
    match = _START.match(line.text)
    if match is None or (known_only and (line.text[0] in " \t" or not catalogue.knows(match[1]))):
        return None  # an open set goes on in indented lines, whatever they begin with
    if not catalogue.knows(match[1]) and not _could_be(match[1]):
        return None
    name = catalogue.names.get(match[1], match[1])
    row = catalogue.sets.get(name)
    free = row is not None and row.kind == "free"
    columnar = name[0].isdigit() or (row is not None and row.kind == "columnar")
    return _Open(name, line.number, columnar, free), line.text[match.end() + 1 :]


def _could_be(name: str) -> bool:
    """Say whether an unknown word before a slash may be a set: no marking, no "TO/FROM"."""
    return len(name) > 2 and not name.startswith(_MARKINGS)


def _end(text: str, current: _Open, waiting: _Waiting, catalogue: Catalogue) -> int:
    """Return where the ``//`` stands that ends the set, or -1."""
    if text.startswith("/") and not current.columnar and not current.parts:
        return 0  # NAME// has no fields
    at = text.find("//")
    while at >= 0 and not _ends(text, at, current, waiting, catalogue):
        at = text.find("//", at + 2)
    return at


def _ends(text: str, at: int, current: _Open, waiting: _Waiting, catalogue: Catalogue) -> bool:
    """Say whether two slashes end a set, or are an address or an empty field."""
    started = _START.match(text, at + 2)
    if started is not None and catalogue.knows(started[1]):
        return True
    last = _BLANK.match(text, at + 2) is not None
    if at and text[at - 1] == ":":
        following = waiting.following() if last else None
        return last and (following is None or _begins(following.text, catalogue))
    if last or current.free:
        return True
    return text.find("//", at + 2) < 0  # A//B/C//: the field between the first two is blank; else the rest is stray


def _begins(text: str, catalogue: Catalogue) -> bool:
    match = _START.match(text)
    return match is not None and catalogue.knows(match[1])
