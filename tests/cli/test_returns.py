"""Returns, feeds and sums as text and as rows; and planned silence as it is typed."""

from typing import Any

import msgspec
import pytest

from coordinator.cli import reckoning
from coordinator.cli.returns import _collected, _last
from coordinator.core.returns.rollup import Report, roll_up
from schemas.reports import SituationReport, StrengthLine
from schemas.time import TimeWindow
from tests.cli.cases import at
from tests.cli.conftest import Golden, Run

DAY = 1440


def owed(participant: str, state: str, **fields: Any) -> dict[str, Any]:
    said = {"name": "daily SITREP", "kind": "sitrep", "participant": participant, "to": "sn", "start": at(-DAY),
            "due": at(0), "next_due": at(DAY), "state": state}  # fmt: skip
    return said | fields


ROWS = [
    owed("xar", "received", came_at=at(-30), report="XAR-SIT-1"),
    owed("xbl", "late", came_at=at(45), report="XBL-SIT-7"),
    owed("xco", "missing", in_a_row=2, altogether=5),
]
FEEDS = [
    {"participant": "xar", "watched": True, "reachable": True, "since": None, "position_at": at(58),
     "kinds": {"sitrep": at(-30)}},
    {"participant": "xbl", "watched": True, "reachable": False, "since": at(50), "position_at": None,
     "kinds": {"sitrep": at(45), "incident": at(49)}},
    {"participant": "xco", "watched": True, "reachable": None, "since": None, "position_at": None, "kinds": {}},
    {"participant": "ngo", "watched": False, "reachable": None, "since": None, "position_at": None, "kinds": {}},
]  # fmt: skip


def strong(number: int) -> SituationReport:
    return SituationReport(period=TimeWindow(), strength=(StrengthLine(category="All ranks", effective=number),))


FIGURES = roll_up(
    ["xar", "xbl", "xco"],
    [Report("xar", "XAR-SIT-1", strong(400)), Report("xbl", "XBL-SIT-7", SituationReport(period=TimeWindow()))],
)


def test_what_is_owed_and_how_old_each_feed_is(golden: Golden) -> None:
    golden("returns_list", reckoning.listed(ROWS, FEEDS, at(60)) + "\n")


def test_a_sum_shows_what_it_is_from_and_who_is_missing(golden: Golden) -> None:
    golden("returns_roll_up", reckoning.rolled_up("daily SITREP", ROWS, FIGURES) + "\n")


def test_a_sum_of_no_reports_is_no_number() -> None:
    text = reckoning.rolled_up("daily SITREP", ROWS[2:], ())
    assert text.splitlines()[1:] == ["xco: no information (missing)"]
    assert "0 of 1 reports" in text


def test_a_program_gets_every_field_of_a_figure() -> None:
    row = msgspec.to_builtins(reckoning.as_row("daily SITREP", ROWS[0], FIGURES[0]))
    assert row["value"] == 400
    assert list(row["parts"]) == [{"participant": "xar", "report": "XAR-SIT-1", "value": 400.0}]
    assert (row["of"], row["expected"], *row["not_stated"], *row["missing"]) == (1, 3, "xbl", "xco")


def test_what_is_not_known_of_anybody_is_said_to_be_no_information() -> None:
    assert reckoning.listed([], [], at(0)) == "no information"


class Me:
    """A client as far as its name goes."""

    def __init__(self, participant: str) -> None:
        self.participant = participant


def test_whoever_collects_adds_up_its_own_and_whoever_is_above_or_beside_gets_each_apart() -> None:
    both = [*ROWS, owed("xdr", "missing", to="sc")]
    own = {("daily SITREP", "sn"): ROWS}
    assert _collected(Me("sn"), both) == own  # type: ignore[arg-type]
    assert _collected(Me("sn-desk"), ROWS) == own  # type: ignore[arg-type]
    assert list(_collected(Me("joc"), both)) == [("daily SITREP", "sc"), ("daily SITREP", "sn")]  # type: ignore[arg-type]
    assert _collected(Me("xar"), ROWS[:1]) == {}  # type: ignore[arg-type]


def test_the_period_that_was_due_last_is_added_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coordinator.cli.returns.common.now", lambda: at(60))
    coming = [owed(r["participant"], "awaited", due=at(DAY)) for r in ROWS]
    assert _last([*coming, *ROWS]) == ROWS
    assert _last(coming) == coming


@pytest.mark.parametrize("arguments", [("--until", "-2h"), ("--until", "+1h", "--from", "+2h")])
def test_silence_that_is_over_before_it_begins_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run("returns", "silence", "--as", "xar", *arguments)
    assert ran.code == 2
    assert "over before it begins" in ran.err
