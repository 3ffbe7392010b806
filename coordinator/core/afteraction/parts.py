"""A report in rows that fit into messages: the report without its lists, then pieces of the lists."""

from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeVar

import msgspec

from coordinator.core.afteraction.figures import Value
from coordinator.core.afteraction.report import Line, Repeat, Reply, Report

VALUES: Final = 500  # in one row
REPEATS: Final = 20
REPLIES: Final = 50
Entry = TypeVar("Entry")
Whose = Literal["own", "total"]
WHOSE: Final[tuple[Whose, ...]] = ("own", "total")


class More(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of a list: values of a measure, repeats, or replies."""

    measure: str = ""
    whose: Whose = "own"
    values: tuple[Value, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    replies: tuple[Reply, ...] = ()


def parts(report: Report) -> Iterator[Report | More]:
    """Yield a report in rows; `joined` makes it whole again."""
    replace = msgspec.structs.replace
    yield replace(report, lines=tuple(_bare(line) for line in report.lines), repeats=(), replies=())
    for line in report.lines:
        for whose in WHOSE:
            figure = getattr(line, whose)
            for piece in _pieces(figure.values if figure else (), VALUES):
                yield More(measure=line.measure, whose=whose, values=piece)
    for piece in _pieces(report.repeats, REPEATS):
        yield More(repeats=piece)
    for words in _pieces(report.replies, REPLIES):
        yield More(replies=words)


def _pieces(entries: tuple[Entry, ...], size: int) -> Iterator[tuple[Entry, ...]]:
    return (entries[i : i + size] for i in range(0, len(entries), size))


def _bare(line: Line) -> Line:
    bare = {whose: f and msgspec.structs.replace(f, values=()) for whose in WHOSE for f in (getattr(line, whose),)}
    return msgspec.structs.replace(line, **bare)


def joined(rows: Iterable[bytes]) -> Report:
    """Return the report that was handed out in these rows.

    Raises:
        msgspec.ValidationError: a row is none of a report.
    """
    first, *rest = rows
    report = msgspec.json.decode(first, type=Report)
    values: dict[tuple[str, str], list[Value]] = {}
    repeats: list[Repeat] = []
    replies: list[Reply] = []
    for row in rest:
        more = msgspec.json.decode(row, type=More)
        values.setdefault((more.measure, more.whose), []).extend(more.values)
        repeats.extend(more.repeats)
        replies.extend(more.replies)
    lines = tuple(_filled(line, values) for line in report.lines)
    return msgspec.structs.replace(report, lines=lines, repeats=tuple(repeats), replies=tuple(replies))


def _filled(line: Line, values: dict[tuple[str, str], list[Value]]) -> Line:
    full = {
        whose: msgspec.structs.replace(figure, values=tuple(values.get((line.measure, whose), ())))
        for whose in WHOSE
        for figure in (getattr(line, whose),)
        if figure
    }
    return msgspec.structs.replace(line, **full)
