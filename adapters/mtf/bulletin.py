"""One message on its way into the common schema: its sets, each field taken once; what is left over is a loss.

Fields are asked for by the name that the catalogue gives them, so a position is data. A descriptor of its own
(``TO:061800Z``) is found by `described`. Source: reference formats.md §1.2, §5.2.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from adapters import places, times, words
from adapters.base import Context, Loss
from adapters.fields import WITHHELD
from adapters.mtf.catalogue import Catalogue, SetRow
from adapters.mtf.grammar import MAX_FREE, Field, Set
from schemas.envelope import LangText, Warning
from schemas.geo import Position
from schemas.time import TimeValue

_W84: Final = frozenset({"w84", "wge", "wgs84", "wgs-84", "wgs 84", "w-84"})
_COMPACT: Final = re.compile(r"(?:YMD:)?([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})Z)?")
_NO_ROW: Final = SetRow()


class Bulletin:
    """The sets of one message (or of one segment of it), and what nobody took yet."""

    def __init__(self, sets: Iterable[Set], context: Context, catalogue: Catalogue) -> None:
        self.sets = tuple(sets)
        self.context = context
        self.catalogue = catalogue
        self.warnings: list[Warning] = []
        self.losses: list[Loss] = []
        self.texts: list[LangText] = []
        self.datum = "WGS84"
        self._left: dict[int, Field] = {}
        for each in self.sets:
            self._enter(each)

    def _enter(self, each: Set) -> None:
        fields = [f for cells in (each.fields, *each.rows) for f in cells if f is not None]
        row = self.row(each)
        if row.withheld:
            self.losses += (Loss(path=f.path, value=WITHHELD, why="names are never carried") for f in fields)
            return
        self._left |= {id(f): f for f in fields}
        if not fields and not row.empty:
            self.losses.append(Loss(path=each.path, value=each.name, why="it says nothing"))
        if each.unterminated:
            self.warn("unterminated", each.path, 'its "//" is missing; it was read up to the next set')
        if each.cut:
            self.warn("text-cut", each.path, f"of its text {MAX_FREE} characters were read")
            self.losses.append(Loss(path=each.path, value=each.cut, why="the text is too long"))
        for cells in each.rows:
            if each.titles and len(cells) != len(each.titles):
                path = next((f.path for f in cells if f is not None), each.path)
                text = f"the row has {len(cells)} cells, the header {len(each.titles)}"
                self.warn("row-length", path.partition("/")[0], text)

    def row(self, each: Set) -> SetRow:
        """Return what the catalogue says of a set."""
        return self.catalogue.sets.get(each.name, _NO_ROW)

    def all(self, *names: str) -> Iterator[Set]:
        """Yield the sets of these names, in order."""
        return (each for each in self.sets if each.name in names)

    def first(self, *names: str) -> Set | None:
        """Return the first set of these names."""
        return next(self.all(*names), None)

    def peek(self, each: Set | None, name: str) -> Field | None:
        """Return a field of a set by its name, if it says something and nobody took it."""
        if each is None or name not in (row := self.row(each)).fields:
            return None
        at = row.fields.index(name)
        field = each.fields[at] if at < len(each.fields) else None
        return field if field is not None and id(field) in self._left else None

    def take(self, each: Set | None, name: str) -> str:
        """Take a field of a set by its name, "" if it says nothing."""
        return self.taken(self.peek(each, name))

    def taken(self, field: Field | None) -> str:
        """Take a field, as it stands."""
        if field is None or self._left.pop(id(field), None) is None:
            return ""
        return words.printable(field.text)

    def rest(self, each: Set, name: str) -> list[Field]:
        """Return what nobody took of the fields from the named one on: the last one may repeat."""
        fields = self.row(each).fields
        start = fields.index(name) if name in fields else len(fields)
        return [f for f in each.fields[start:] if f is not None and id(f) in self._left]

    def described(self, each: Set | None, *descriptors: str) -> Field | None:
        """Return the field with one of these descriptors, wherever it stands."""
        found = (f for f in (each.fields if each else ()) if f is not None and f.descriptor in descriptors)
        return next((f for f in found if id(f) in self._left), None)

    def open_fields(self, each: Set) -> list[Field]:
        """Return the fields of a set, or of the rows of one, that nobody took."""
        return [f for cells in (each.fields, *each.rows) for f in cells if f is not None and id(f) in self._left]

    def drop(self, *fields: Field | None) -> None:
        """Take fields whose value was read otherwise."""
        for field in fields:
            if field is not None:
                self._left.pop(id(field), None)

    def lose(self, field: Field, why: str) -> None:
        """List a field as a loss, with a reason of its own."""
        if self._left.pop(id(field), None) is not None:
            self.losses.append(Loss(path=field.path, value=field.text, why=why))

    def lose_text(self, field: Field, text: str, why: str) -> None:
        """List a part of a free text as a loss."""
        self.losses.append(Loss(path=field.path, value=text.strip(), why=why))

    def give_back(self, fields: Iterable[Field], why: str) -> None:
        """List fields as losses after all: what was made of them came to nothing."""
        listed = {loss.path for loss in self.losses}
        for field in fields:
            if id(field) not in self._left and field.path not in listed:
                self.losses.append(Loss(path=field.path, value=field.text, why=why))

    def warn(self, code: str, path: str, text: str) -> None:
        """Note something that should be looked at."""
        self.warnings.append(Warning(code=code, path=path, text=text))

    def instant(self, field: Field | None) -> TimeValue | None:
        """Take a time; one that names no instant is kept as it was written, with a warning."""
        if field is None:
            return None
        self.drop(field)
        return self.time(field.value, field.path)

    def time(self, raw: str, path: str) -> TimeValue:
        """Read a time; one that names no instant keeps what was written, with a warning."""
        value = times.read(raw.strip(), self.context.received_at, self.context.zone)
        if value.utc is None:
            value = compact(raw.strip()) or value
        if value.utc is None and value.raw and value.quality not in ("exact", "open"):
            self.warn("time-unreadable", path, times.why_not(raw.strip(), self.context)[0])
        else:
            self.warnings += times.warnings(value, path)
        return value

    def position(self, field: Field) -> Position | None:
        """Take a position. One that cannot be read is a loss with its reason; the message stays."""
        try:
            at = places.read(field.text.strip(), self.context.mgrs_square)
        except places.Unreadable as error:
            self.warn("bad-point", field.path, str(error))
            self.lose(field, "it is no position")
            return None
        self.drop(field)
        self.warnings += places.warnings(at, field.path)
        return at if self.datum == "WGS84" else msgspec.structs.replace(at, datum=self.datum)

    def looks_placed(self, field: Field) -> Position | None:
        """Return the position that a field gives, without taking it; None if it is none."""
        try:
            return places.read(field.text.strip(), self.context.mgrs_square)
        except places.Unreadable:
            return None

    def set_datum(self) -> None:
        """Note the datum that positions are given in; anything but WGS 84 is kept and flagged, never converted."""
        field = self.peek(self.first("GEODATUM"), "datum")
        if field is None or words.fold(self.taken(field)) in _W84:
            return
        self.datum = field.text[:40]
        text = f'positions are in datum "{self.datum}"; they were kept as they are and may be off by 200 m'
        self.warn("datum", field.path, text)

    def share_datum(self, above: "Bulletin") -> None:
        """Take over the datum of the message that this is a segment of."""
        self.datum = above.datum
        self.warnings += (w for w in above.warnings if w.code == "datum")

    def left(self) -> tuple[Loss, ...]:
        """Return every leaf that nobody took."""
        return (*self.losses, *(Loss(path=f.path, value=f.text) for f in self._left.values()))


def is_timed(fields: Iterable[Field | None]) -> bool:
    """Say whether one of the fields has a date-time group."""
    return any(times.groups(f.value) for f in fields if f is not None)


def title_of(field: Field) -> str:
    """Return the title of the column that a cell stands in."""
    return field.path.rpartition("/")[2]


def compact(raw: str) -> TimeValue | None:
    """Read the times of newer USMTF: ``20200421T184722Z``, ``YMD:20240413``; None if it is neither."""
    match = _COMPACT.fullmatch(words.plain(raw).upper())
    if match is None:
        return None
    day, clock = f"{match[1]}-{match[2]}-{match[3]}", f"T{match[4]}:{match[5]}:{match[6]}Z" if match[4] else ""
    value = times.iso(day + (clock or "T00:00Z"))
    if value.utc is None:
        return None
    return TimeValue(utc=value.utc, raw=raw, precision="second" if clock else "day")
