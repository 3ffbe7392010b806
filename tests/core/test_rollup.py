"""The sum of many reports: what each number comes from, what is not stated, what is missing."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from coordinator.core.returns.rollup import Figure, Report, roll_up
from schemas.reports import (
    Casualties,
    IncidentReport,
    LogisticsStatus,
    PatrolLine,
    SituationReport,
    StockLine,
    StrengthLine,
)
from schemas.time import TimeValue
from tests.support.reports import sitrep

UNITS = ("xar", "xbl", "xco", "xdr", "xes")


def strong(effective: int | None, category: str = "All ranks") -> SituationReport:
    return sitrep(strength=(StrengthLine(category=category, effective=effective),))


def figure(figures: tuple[Figure, ...], name: str) -> Figure:
    (found,) = [f for f in figures if f.name == name]
    return found


def test_a_missing_report_is_missing_and_never_zero() -> None:
    reports = [Report(u, f"{u}-1", strong(n)) for u, n in (("xar", 400), ("xbl", 0), ("xco", 210), ("xdr", 99))]
    found = figure(roll_up(UNITS, reports), "all ranks effective")
    assert (found.value, found.missing, found.not_stated, found.expected) == (709, ("xes",), (), 5)
    assert [(p.report, p.value) for p in found.parts] == [
        ("xar-1", 400), ("xbl-1", 0), ("xco-1", 210), ("xdr-1", 99),
    ]  # fmt: skip


def test_a_number_that_a_report_leaves_out_is_not_stated() -> None:
    reports = [Report("xar", "a", strong(400)), Report("xbl", "b", strong(None)), Report("xco", "c", sitrep())]
    found = figure(roll_up(UNITS[:3], reports), "all ranks effective")
    assert (found.value, found.not_stated, found.missing) == (400, ("xbl", "xco"), ())


def test_nothing_to_report_is_a_number_and_silence_about_it_is_none() -> None:
    reports = [
        Report("xar", "a", sitrep(nothing_to_report=True)),
        Report("xbl", "b", sitrep(incidents=("shots", "theft"), patrols=(PatrolLine(id="P-1"),))),
        Report("xco", "c", sitrep()),
    ]
    figures = roll_up(UNITS[:3], reports)
    assert figure(figures, "incidents").value == 2
    assert figure(figures, "incidents").not_stated == ("xco",)
    assert figure(figures, "patrols").value == 1


def test_stocks_are_added_by_item_and_unit_and_days_of_supply_are_the_least() -> None:
    def stock(litres: float, days: float) -> LogisticsStatus:
        lines = (
            StockLine(item="Diesel", unit="l", on_hand=litres, days_of_supply=days),
            StockLine(item="Diesel", unit="t", on_hand=1),
        )
        return LogisticsStatus(as_of=TimeValue(utc=1), lines=lines)

    figures = roll_up(UNITS[:2], [Report("xar", "a", stock(1000.5, 4)), Report("xbl", "b", stock(500, 2.5))])
    litres, tonnes = (f for f in figures if f.name == "diesel on hand")
    assert (litres.unit, litres.value, tonnes.unit, tonnes.value) == ("l", 1500.5, "t", 2)
    assert figure(figures, "diesel days of supply").value == 2.5


def test_casualties_are_those_of_the_incidents_and_each_says_which() -> None:
    def hurt(injured: int | None, killed: int | None = None) -> IncidentReport:
        return IncidentReport(category="MORTAR", casualties=Casualties(injured=injured, killed=killed))

    reports = [
        Report("xar", "a", sitrep()), Report("xar", "i-1", hurt(2, 1)), Report("xar", "i-2", hurt(3)),
        Report("xbl", "b", sitrep()),
    ]  # fmt: skip
    figures = roll_up(UNITS[:3], reports)
    injured = figure(figures, "injured")
    assert (injured.value, [p.report for p in injured.parts]) == (5, ["i-1", "i-2"])
    assert (injured.not_stated, injured.missing, injured.expected) == (("xbl",), ("xco",), 3)
    assert figure(figures, "killed").value == 1


numbers = st.dictionaries(st.sampled_from(UNITS), st.none() | st.integers(0, 2000))


@given(numbers)
def test_the_sum_is_that_of_its_parts_and_everybody_expected_is_somewhere(stated: dict[str, int | None]) -> None:
    figures = roll_up(UNITS, [Report(u, f"{u}-1", strong(n)) for u, n in stated.items()])
    known = {u: n for u, n in stated.items() if n is not None}
    assert bool(figures) == bool(known)
    for found in figures:
        assert found.value == sum(p.value for p in found.parts) == sum(known.values())
        assert {p.participant for p in found.parts} == set(known)
        assert set(found.not_stated) == set(stated) - set(known)
        assert set(found.missing) == set(UNITS) - set(stated)
        assert found.expected == len(UNITS)


@given(numbers, st.randoms())
def test_the_order_of_reports_does_not_matter(stated: dict[str, int | None], random: Random) -> None:
    reports = [Report(u, f"{u}-1", strong(n)) for u, n in stated.items()]
    shuffled = random.sample(reports, len(reports))
    assert roll_up(UNITS, reports) == roll_up(UNITS, shuffled)
