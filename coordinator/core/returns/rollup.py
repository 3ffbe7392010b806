"""The sum of many reports, with what each number comes from: a missing report is missing, never zero.

A number is the sum of what the reports state; beside it stand the reports that it comes from, the participants whose
report does not state it, and those whose report is missing. Pure: whoever asks gives the reports that it may read.

Source: domain.md §4.1 (R-24: roll-up equals the sum of the leaf reports; missing is shown as missing, not zero).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from coordinator.core.returns.statements import COUNTED
from schemas.base import Message
from schemas.reports import IncidentReport, LogisticsStatus, SituationReport

LEAST: Final = "days of supply"
"""Not a sum: the least that anybody states."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What one report states."""

    participant: str
    report: str
    value: float


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One number, and what it comes from. ``value`` is None if nobody states it."""

    section: str  # strength, patrols, incidents, casualties, stocks
    name: str
    value: float | None
    parts: tuple[Part, ...]
    not_stated: tuple[str, ...] = ()  # participants whose report does not say
    missing: tuple[str, ...] = ()  # participants without a report
    unit: str = ""

    @property
    def expected(self) -> int:
        """How many reports there should be."""
        return len({p.participant for p in self.parts}) + len(self.not_stated) + len(self.missing)


class Report(NamedTuple):
    """A report that stands for one participant."""

    participant: str
    id: str
    body: Message


_Key = tuple[str, str, str]  # section, name, unit


def roll_up(expected: Sequence[str], reports: Iterable[Report]) -> tuple[Figure, ...]:
    """Return every number that any of the reports states, by section and name.

    Besides the report of each participant for the period, its incident reports may be among ``reports``: they add to
    the casualties, and whoever has none there has not stated any.
    """
    found: dict[_Key, list[Part]] = {}
    reporting: set[str] = set()
    for report in reports:
        if not isinstance(report.body, IncidentReport):
            reporting.add(report.participant)
        for key, value in _stated(report.body):
            found.setdefault(key, []).append(Part(participant=report.participant, report=report.id, value=value))
    missing = tuple(sorted({*expected} - reporting))
    return tuple(_figure(key, parts, reporting, missing) for key, parts in sorted(found.items()))


def _figure(key: _Key, parts: list[Part], reporting: set[str], missing: tuple[str, ...]) -> Figure:
    section, name, unit = key
    stating = {p.participant for p in parts}
    values = [p.value for p in parts]
    return Figure(
        section=section,
        name=name,
        unit=unit,
        value=min(values) if name.endswith(LEAST) else _whole(sum(values)),
        parts=tuple(sorted(parts, key=lambda p: (p.participant, p.report))),
        not_stated=tuple(sorted(reporting - stating)),
        missing=tuple(p for p in missing if p not in stating),
    )


def _whole(value: float) -> float:
    return round(value, 6)


def _stated(body: Message) -> Iterator[tuple[_Key, float]]:
    """Yield every number that a report states; the same one twice is added up."""
    match body:
        case SituationReport():
            yield from _situation(body)
        case LogisticsStatus():
            yield from _added(_stocks(body))
        case IncidentReport(casualties=hurt) if hurt is not None:
            for name in COUNTED:
                if (number := getattr(hurt, name)) is not None:
                    yield ("casualties", name, ""), number


def _situation(body: SituationReport) -> Iterator[tuple[_Key, float]]:
    lines = [
        (("strength", f"{line.category.casefold()} {field}", ""), number)
        for line in body.strength
        for field in ("authorised", "effective", "absent")
        if (number := getattr(line, field)) is not None
    ]
    yield from _added(lines)
    if body.patrols or body.nothing_to_report:
        yield ("patrols", "patrols", ""), len(body.patrols)
    if body.incidents or body.nothing_to_report:
        yield ("incidents", "incidents", ""), len(body.incidents)


def _stocks(body: LogisticsStatus) -> Iterator[tuple[_Key, float]]:
    for line in body.lines:
        item = line.item.casefold()
        for field in ("authorised", "on_hand", "serviceable", "required"):
            if (number := getattr(line, field)) is not None:
                yield ("stocks", f"{item} {field.replace('_', ' ')}", line.unit), number
        if line.days_of_supply is not None:
            yield ("stocks", f"{item} {LEAST}", ""), line.days_of_supply


def _added(stated: Iterable[tuple[_Key, float]]) -> Iterator[tuple[_Key, float]]:
    sums: dict[_Key, float] = {}
    for key, number in stated:
        least = key[1].endswith(LEAST) and key in sums
        sums[key] = min(sums[key], number) if least else sums.get(key, 0.0) + number
    yield from sums.items()


def sections(figures: Iterable[Figure]) -> Mapping[str, tuple[Figure, ...]]:
    """Return figures by section."""
    found: dict[str, tuple[Figure, ...]] = {}
    for figure in figures:
        found[figure.section] = (*found.get(figure.section, ()), figure)
    return found
