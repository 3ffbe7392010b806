"""The values of one row on their way into a message, with what only tables do: dates apart from times, latitude apart
from longitude, a place beside its coordinates. The whole column decides the order of day and month, and how many
decimals coordinates have, because spreadsheet programs drop the zeros at the end.

What is put together keeps both texts as ``raw``. Source: reference formats.md §2.2, §10.4.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from adapters import places, times, words
from adapters.base import Context, Rejected
from adapters.fields import Cell, Fields
from adapters.sheet import days
from adapters.sheet.header import Table
from schemas.geo import Position
from schemas.time import TimeValue, TimeWindow

TIMES: Final = frozenset({"from", "to", "time", "date", "occurred", "reported", "as_of", "period"})
_NUMBER: Final = re.compile(r"([+-]?\d{1,3})(?:[.,](\d{0,15}))?")
_DAY_US: Final = 86_400_000_000
_NO_ZONE: Final = 'name the zone in the header, "From (Z)" or "From (zone B)", or write 140700ZMAR27'
_MIXED: Final = "write the month in letters (14 MAR 2027) or the date as 2027-03-14"


class Habits(NamedTuple):
    """How a table writes dates and coordinates: by field the order of day and month and the zone; the epoch of serials;
    the decimals of latitudes and longitudes.
    """

    orders: Mapping[str, days.Order]
    zones: Mapping[str, str]
    epoch: int
    decimals: int

    def written(self, key: str, text: str) -> days.Written:
        """Return a date or time of a column as `adapters.times` reads it; a date is in the zone of its times."""
        zone = self.zones.get(key, "")
        if key == "date" and not zone:
            zone = next((z for z in self.zones.values() if z), "")
        return days.written(text, self.orders.get(key, ""), self.epoch, zone)

    def joined(self, date: str, key: str, clock: str) -> days.Written:
        """Return a date and a time of day of another column as one."""
        day, time = (days.from_serial(text, self.epoch) or text for text in (date, clock))
        zone = self.zones.get(key, "") or self.zones.get("date", "")
        return days.written(f"{day} {time}", self.orders.get("date", ""), self.epoch, zone)


def habits(table: Table, zones: Mapping[str, str]) -> Habits:
    """Return how the columns of a table write dates and coordinates; ``zones`` are those stated above it, by field."""
    orders: dict[str, days.Order] = {}
    stated = dict(zones)
    decimals = 0
    for column, key in enumerate(table.keys):
        texts = [row.cells[column] for row in table.below if column < len(row.cells)]
        if key in TIMES:
            orders[key] = days.order(texts)
            stated[key] = table.zones[column]
        elif key in ("lat", "lon"):
            decimals = max((decimals, *(len(m[2] or "") for t in texts if (m := _NUMBER.fullmatch(t)))))
    return Habits(orders, stated, table.grid.epoch, min(decimals, 6))


class Values(Fields):
    """The labelled values of one row."""

    def __init__(self, cells: Sequence[Cell], context: Context, language: str, habits: Habits) -> None:
        super().__init__(cells, context, language)
        self.habits = habits
        self._forms: dict[str, days.Written] = {}  # by path: what was put together
        self._degrees: dict[str, str] = {}  # by path: plain numbers, as they are read
        self._together("position", "lat", "lon")
        for end in ("departure", "arrival"):
            self._place_with_position(f"{end}_place", f"{end}_position")

    def _replace(self, old: Cell, new: Cell) -> None:
        self._cells[self._cells.index(old)] = new

    def _together(self, key: str, first: str, second: str) -> None:
        """Put latitude and longitude together; plain numbers get the zeros that were dropped, and their letters."""
        lat, lon = self.peek(first), self.peek(second)
        if lat is None or lon is None or key in self:
            return
        north, east = (_NUMBER.fullmatch(cell.text.strip()) for cell in (lat, lon))
        if north and east:
            n, e = (f"{m[1]}.{(m[2] or '').ljust(self.habits.decimals, '0')}".rstrip(".") for m in (north, east))
            self._degrees[lat.path] = f"{n}N {e}E"
        self.drop(lon)
        self._replace(lat, Cell(key, lat.path, f"{lat.text} {lon.text}"))

    def _place_with_position(self, place: str, position: str) -> None:
        """Make the place at an end of a movement one of its places, with the coordinates beside it in brackets."""
        name, at = self.peek(place), self.peek(position)
        if at is not None:
            places.place(at.text, at.path, self.context)  # refused there, and not at its name
            self.drop(at)
            first = name or at
            text = f"{name.text} ({at.text})" if name else at.text
            self._cells.insert(0, Cell("place", first.path, text))
        elif name is not None:
            self._cells.insert(0, Cell("place", name.path, name.text))
        if name is not None:
            self.drop(name)
        if place == "arrival_place" and (name or at):
            self._cells.append(self._cells.pop(0))  # the last place, behind the stops

    # -- times --------------------------------------------------------------------------------------------------------

    def with_date(self, *keys: str) -> None:
        """Put the date of a row before each of these that is only a time of day; without any it is the first."""
        date = self.peek("date")
        if date is None:
            return
        clocks = [c for key in keys if (c := self.peek(key)) and self.habits.written(key, c.text).clock]
        if clocks:
            self.drop(date)
        elif self.peek(keys[0]) is None:
            self._forms[date.path] = self.habits.written("date", date.text)
            self._replace(date, Cell(keys[0], date.path, date.text))
            return
        for clock in clocks:
            self._forms[clock.path] = self.habits.joined(date.text, clock.key, clock.text)
            self._replace(clock, Cell(clock.key, clock.path, f"{date.text} {clock.text}"))

    def _written(self, cell: Cell) -> days.Written:
        return self._forms.get(cell.path) or self.habits.written(cell.key, cell.text)

    def _read(self, cell: Cell) -> tuple[TimeValue, days.Written]:
        form = self._written(cell)
        if form.wrong or form.clock:
            return TimeValue(raw=cell.text, quality="unknown"), form
        value = times.read(form.text, self.context.received_at, self.context.zone)
        precision = "day" if form.day else value.precision
        return msgspec.structs.replace(value, raw=cell.text, precision=precision), form

    def _refused(self, cell: Cell, form: days.Written) -> Rejected:
        if form.wrong:
            return Rejected(cell.path, form.wrong, _MIXED)
        if form.clock:
            return Rejected(cell.path, f'"{cell.text[:40]}" has no date', "add a column with the date")
        if (form.text != cell.text or cell.text[4:5] == "-") and times.read(
            form.text, self.context.received_at, "Z"
        ).utc is not None:
            return Rejected(cell.path, f'"{cell.text[:40]}" does not say its zone', _NO_ZONE)
        return Rejected(cell.path, *times.why_not(cell.text, self.context))

    def instant(self, key: str) -> TimeValue | None:
        """Take a time that must name an instant.

        Raises:
            Rejected: it names none.
        """
        cell = self.peek(key)
        if cell is None:
            return None
        self.drop(cell)
        value, form = self._read(cell)
        if value.utc is None:
            raise self._refused(cell, form)
        self.warnings += times.warnings(value, cell.path)
        return value

    def when(self, key: str) -> TimeValue | None:
        """Take a time that may name no instant: then it has none, and a warning says why."""
        cell = self.peek(key)
        if cell is None:
            return None
        self.drop(cell)
        value, form = self._read(cell)
        if value.utc is None:
            self.warn("time-unknown", cell.path, self._refused(cell, form).why)
        else:
            self.warnings += times.warnings(value, cell.path)
        return value

    def window(self) -> TimeWindow | None:
        """Take when something happens; a day alone lasts until the next.

        Raises:
            Rejected: as `Fields.window` does.
        """
        start, end = self.peek("from"), self.peek("to")
        if not any(cell and self._is_sheet_time(cell) for cell in (start, end)):
            return super().window()
        first, form = self._read(start) if start else (None, days.Written(""))
        if start is not None and end is None and form.day and first:
            self.drop(start)
            if first.utc is None:
                raise self._refused(start, form)
            return self.looked_at(lasting(first), start.path)
        if start is None or end is None:
            return super().window()  # refused there
        return self._between(start, end)

    def _is_sheet_time(self, cell: Cell) -> bool:
        form = self._written(cell)
        return form.text != cell.text or bool(form.wrong)

    def _between(self, start: Cell, end: Cell) -> TimeWindow:
        if words.fold(end.text) in times.OPEN:
            first = self.instant("from")
            self.drop(end)
            return TimeWindow.between(first, TimeValue(raw=end.text, quality="open"))
        day = self._read(end)[1].day
        first, last = self.instant("from"), self.instant("to")
        until = lasting(last).end_latest if day and last else last.utc if last else None
        if first and last and until is not None and first.utc is not None and until < first.utc:
            raise Rejected(end.path, f'it ends ("{end.text}") before it starts ("{start.text}")', "check both times")
        window = TimeWindow.between(first, last)
        return msgspec.structs.replace(window, end_earliest=until, end_latest=until)

    def period(self, key: str) -> TimeWindow | None:
        """Take a period, or the day or week that a report speaks of; an instant is both its start and its end.

        Raises:
            Rejected: it is a span that ends before it starts.
        """
        cell = self.peek(key)
        if cell is None:
            return None
        if len(times.groups(cell.text)) > 1:
            self.drop(cell)
            return self.looked_at(times.span(cell.text, cell.path, self.context), cell.path)
        form = self._written(cell)
        found = self.when(key)
        if found is None or found.utc is None or not form.day:
            return TimeWindow.between(found, found)
        return lasting(found, 7 if form.week else 1)

    # -- places -------------------------------------------------------------------------------------------------------

    def position(self, key: str = "position") -> Position | None:
        """Take a position.

        Raises:
            Rejected: it is none.
        """
        cell = self.peek(key)
        if cell is None or cell.path not in self._degrees:
            return super().position(key)
        self.drop(cell)
        return self._place(cell)

    def _place(self, cell: Cell) -> Position:
        at = places.place(self._degrees.get(cell.path, cell.text), cell.path, self.context)
        return msgspec.structs.replace(at, raw=cell.text)

    def where(self) -> Position | None:
        """Take a position; 0, 0 stands for "nowhere" in exports, and stays with a warning.

        Raises:
            Rejected: it is none.
        """
        cell = self.peek("position")
        if cell is None:
            return None
        at = self._place(cell)
        if at.lat == 0 and at.lon == 0:
            self.warn("sentinel", cell.path, f'"{cell.text}" stands for an unknown place')
            return None
        self.drop(cell)
        self.warnings += places.warnings(at, cell.path)
        return at


def lasting(day: TimeValue, count: int = 1) -> TimeWindow:
    """Return the days that end with this one, from its first to its last moment."""
    if day.utc is None:
        return TimeWindow.between(day, day)
    start, end = day.utc - (count - 1) * _DAY_US, day.utc + _DAY_US
    return msgspec.structs.replace(TimeWindow.exact(start, end), start=day, end=day)
