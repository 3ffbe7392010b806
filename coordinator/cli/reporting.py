"""An after-action report as people read it, on one screen; and as a table for a spreadsheet. Pure but for `write`."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from coordinator.cli.text import clean, dtg, short, span, table
from coordinator.core.afteraction.figures import Figure, Value
from coordinator.core.afteraction.measures import Unit
from coordinator.core.afteraction.report import Line, Load, Report
from coordinator.errors import UsageError
from coordinator.texts import say

SECOND: Final = 1_000_000
NONE: Final = "-"
COLUMNS: Final = ("measure", "count", "median", "p90", "worst", "no-link", "late", "open")
FIELDS: Final = (
    "section", "measure", "unit", "whose", "count", "median", "p90", "worst", "link_down", "late", "open", "withheld",
    "seqs",
)  # fmt: skip
"""Columns of the table: times in seconds, ``seqs`` the log sequences of all values."""


def shown(report: Report, lang: str) -> str:
    """Return the whole report as text."""
    parts = [_head(report, lang), *_sections(report, lang)]
    if report.repeats:
        rows = [
            (say(f"after-by-{r.by}", lang), short(", ".join(r.what), 60), str(r.count), _seqs(r.seqs))
            for r in report.repeats
        ]
        heads = [say(f"after-{name}", lang) for name in ("repeats", "what", "count", "log")]
        parts.append(table(heads, rows))
    if report.replies:
        written = [(r.by, r.card[:12], short(r.note, 80), str(r.seq)) for r in report.replies]
        heads = [say(f"after-{name}", lang) for name in ("replies", "on-card", "what", "log")]
        parts.append(table(heads, written))
    return "\n\n".join((*parts, *_notes(report, lang)))


def _head(report: Report, lang: str) -> str:
    names = {"mission": clean(report.mission), "reader": report.reader}
    title = say(f"after-title-{report.scope}", lang, **names)
    first, last = dtg(report.since), dtg(report.until)
    return f"{title}\n" + say(
        "after-period", lang, first=first, last=last, messages=str(report.messages), seq=str(report.last_seq)
    )


def _sections(report: Report, lang: str) -> Iterator[str]:
    total = report.scope == "total"
    last = ("log",) if total else ("others", "others-median", "others-p90", "log")
    heads = [say(f"after-{name}", lang) for name in (*COLUMNS, *last)]
    rows = []
    for line in report.lines:
        mine = line.total if total else line.own
        others = () if total else _others(line, lang)
        where = _seqs(mine.worst.seqs) if mine and mine.worst else NONE
        rows.append((say(f"after-{line.measure}", lang), *_figure(mine, line.unit), *others, where))
    if rows:
        yield table(heads, rows)


def _figure(figure: Figure | None, unit: Unit) -> tuple[str, ...]:
    if figure is None:
        return (NONE,) * 7
    down = span(figure.worst.link_down) if figure.worst and figure.worst.link_down else NONE
    return (
        str(figure.count), _value(figure.median, unit), _value(figure.p90, unit), _value(figure.worst, unit), down,
        str(figure.late) if figure.late else NONE, str(figure.open) if figure.open else NONE,
    )  # fmt: skip


def _others(line: Line, lang: str) -> tuple[str, str, str]:
    if line.others is None:
        return (say("after-withheld", lang) if line.withheld else NONE, NONE, NONE)
    return str(line.others.count), _value(line.others.median, line.unit), _value(line.others.p90, line.unit)


def _value(value: Value | None, unit: Unit) -> str:
    if value is None:
        return NONE
    return span(value.value) if unit == "time" else f"{value.value} %" if unit == "percent" else str(value.value)


def _seqs(seqs: tuple[int, ...]) -> str:
    named = " ".join(map(str, seqs[:6]))
    return f"{named} …" if len(seqs) > 6 else named or NONE


def _notes(report: Report, lang: str) -> Iterator[str]:
    notes = [_load(report.load, lang)] if report.load else []
    if any(line.withheld for line in report.lines):
        notes.append(say("after-withheld-why", lang))
    notes.append(say("after-drill", lang))
    yield "\n".join(notes)


def _load(load: Load, lang: str) -> str:
    numbers = {"rate": load.per_hour, "budget": load.budget, "crisis": load.crisis_budget}
    hours = {"hours": load.hours, "over": load.hours_over, "far": load.hours_over_crisis}
    return say("after-load", lang, **{name: f"{number:g}" for name, number in (numbers | hours).items()})


# -- table ------------------------------------------------------------------------------------------------------------


def rows(report: Report) -> Iterable[tuple[str, ...]]:
    """Yield the figures as rows of `FIELDS`."""
    for line in report.lines:
        for whose, figure in (("own", line.own), ("others", line.others), ("total", line.total)):
            if figure is not None:
                yield _row(line, whose, figure)
        if line.withheld:
            yield (line.section, line.measure, line.unit, "others", *[""] * 7, "yes", "")


def _row(line: Line, whose: str, figure: Figure) -> tuple[str, ...]:
    seqs = sorted({seq for value in figure.values for seq in value.seqs})
    numbers = (_number(v, line.unit) for v in (figure.median, figure.p90, figure.worst))
    counts = (str(figure.link_down // SECOND), str(figure.late), str(figure.open))
    named = (line.section, line.measure, line.unit, whose, str(figure.count))
    return (*named, *numbers, *counts, "", " ".join(map(str, seqs)))


def _number(value: Value | None, unit: Unit) -> str:
    if value is None:
        return ""
    return f"{value.value / SECOND:g}" if unit == "time" else str(value.value)


def write(report: Report, path: Path) -> None:
    """Write the figures to a file.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(FIELDS)
            writer.writerows(rows(report))
    except OSError as error:
        raise UsageError(f"{path}: {(error.strerror or 'cannot be written').lower()}") from None
