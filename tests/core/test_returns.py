"""Reports that come again and again: when they are due, who is missing, what ends a card. All on virtual time."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.core.expected import Return
from coordinator.core.mission import Mission, Participant
from coordinator.core.returns import periods
from schemas.alerts import Alert
from schemas.label import Label
from schemas.reports import LogisticsStatus
from schemas.time import TimeValue
from tests.support.desk import z
from tests.support.reports import Reports, sitrep

UNITS = ("xar", "xbl", "xco", "xdr", "xes")
DAILY = Return(name="daily SITREP", report_type="daily", of=UNITS, due="1800B", grace_s=1800.0)


def mission(*rows: Return) -> Mission:
    return Mission(
        name="m",
        participants=(
            Participant(id="fhq", role="hq"),
            Participant(id="joc", role="desk", superior="fhq", operator=True),
            Participant(id="sn", role="hq", superior="fhq"),
            *(Participant(id=u, superior="sn") for u in UNITS),
        ),
        returns=rows,
    )


def desk(*rows: Return) -> Reports:
    """A desk that knows its returns since noon of the 13th."""
    found = Reports(mission(*(rows or (DAILY,))))
    found.report("131200", "fhq", sitrep())
    return found


def said(at: str) -> int:
    day, month, year = int(at[:2]), at[7:10], 2000 + int(at[10:])
    months = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
    moment = datetime(year, months.index(month) + 1, day, int(at[2:4]), int(at[4:6]), tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000


# -- when it is due ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "now", "due"),
    [
        (Return(name="r", due="1800Z"), "141759ZMAR27", "141800ZMAR27"),
        (Return(name="r", due="1800Z"), "141800ZMAR27", "151800ZMAR27"),
        (Return(name="r", due="1800B"), "141530ZMAR27", "141600ZMAR27"),
        (Return(name="r", due="0030B"), "142229ZMAR27", "142230ZMAR27"),  # by the clock of B it is the 15th
        (Return(name="r", due="0600M"), "141759ZMAR27", "141800ZMAR27"),
        (Return(name="r", due="1800Y"), "150559ZMAR27", "150600ZMAR27"),
        (Return(name="r", due="0000Z"), "312359ZDEC27", "010000ZJAN28"),
        (Return(name="r", due="0800B", on="MON"), "140000ZMAR27", "150600ZMAR27"),
        (Return(name="r", due="0100B", on="MON"), "140000ZMAR27", "142300ZMAR27"),  # still Sunday in Z
        (Return(name="r", due="0000Z", every_s=21600), "140601ZMAR27", "141200ZMAR27"),
        (Return(name="r", due="0100A", every_s=21600), "141801ZMAR27", "150000ZMAR27"),
        (Return(name="r", due="1200Z", on="last"), "010000ZFEB28", "291200ZFEB28"),
        (Return(name="r", due="1200Z", on="last"), "291200ZFEB28", "311200ZMAR28"),
        (Return(name="r", due="0030B", on="1"), "280000ZFEB27", "282230ZFEB27"),  # 1 March by the clock of B
        (Return(name="r", due="1200Z", on="28"), "281200ZDEC27", "281200ZJAN28"),
    ],
)
def test_a_return_is_due_by_the_clock_of_its_zone_letter(row: Return, now: str, due: str) -> None:
    assert periods.following(row, said(now)) == said(due)


@given(
    row=st.builds(
        Return,
        name=st.just("r"),
        due=st.builds(
            lambda h, m, z: f"{h:02}{m:02}{z}",
            st.integers(0, 23),
            st.integers(0, 59),
            st.sampled_from([*periods.OFFSETS]),
        ),
        on=st.sampled_from(["", *periods.WEEKDAYS, "1", "28", "last"]),
    ),
    at=st.integers(0, 4_000_000_000_000_000),
)
def test_due_times_follow_one_another_without_a_gap_in_every_zone(row: Return, at: int) -> None:
    due = periods.following(row, at)
    assert periods.latest(row, at) <= at < due
    assert periods.before(row, due) == periods.latest(row, at)
    assert periods.latest(row, due) == due


def test_there_is_no_zone_letter_j() -> None:
    assert "J" not in periods.OFFSETS
    assert len(periods.OFFSETS) == 25
    assert not periods.CLOCK.fullmatch("1800J")


# -- who is missing ---------------------------------------------------------------------------------------------------


def overdue(found: Reports) -> Alert:
    (card,) = found.open("overdue")
    return card


def test_five_missing_reports_are_one_card_with_five_names_after_the_grace() -> None:
    found = desk()
    assert found.until(z("131630") - 1) == []
    found.until("131630")
    card = overdue(found)
    assert (card.parties, card.owner, card.severity) == (UNITS, "sn", "Minor")
    headline, next_step, *lines = found.read(card, "sn")
    assert headline.startswith("daily SITREP, due 131600ZMAR27: nothing received from XAR")
    assert all(u.upper() in headline for u in UNITS)
    assert next_step == "Ask for the report by voice"
    assert len(lines) == 5
    assert lines[0] == "XAR: none received so far; 1 in a row is missing"


def test_of_very_many_the_headline_counts_and_the_lines_name_each() -> None:
    many = tuple(f"u{n}" for n in range(9))
    base = mission()
    wide = Mission(
        name="m",
        participants=(*base.participants, *(Participant(id=u, superior="sn") for u in many)),
        returns=(Return(name="daily SITREP", of=many, due="1800B"),),
    )
    found = Reports(wide)
    found.report("131200", "fhq", sitrep())
    found.until("131700")
    headline, _, *lines = found.read(overdue(found), "sn")
    assert headline == "daily SITREP, due 131600ZMAR27: nothing received from 9 participants"
    assert len(lines) == 9


def test_whoever_reports_leaves_the_card_and_the_last_one_ends_it() -> None:
    found = desk()
    for unit in UNITS[:4]:
        found.report("131550", unit, sitrep())
    found.until("131630")
    assert overdue(found).parties == ("xes",)
    found.report("131715", "xes", sitrep())
    assert found.open("overdue") == []


def test_a_report_within_the_grace_is_no_card() -> None:
    found = desk()
    for unit in UNITS:
        found.report("131629", unit, sitrep())
    found.until("140000")
    assert found.of_kind("overdue", open_only=False) == []


def test_each_superior_has_its_own_card() -> None:
    base = mission(DAILY)
    split = Mission(
        name="m",
        participants=tuple(
            p if p.id not in ("xdr", "xes") else Participant(id=p.id, superior="fhq") for p in base.participants
        ),
        returns=(DAILY,),
    )
    found = Reports(split)
    found.report("131200", "fhq", sitrep())
    found.until("131630")
    assert {c.owner: c.parties for c in found.open("overdue")} == {"sn": UNITS[:3], "fhq": UNITS[3:]}


def test_the_next_period_takes_the_place_of_the_one_before_and_what_was_missing_stays_counted() -> None:
    found = desk()
    found.until("131630")
    first = overdue(found)
    found.report("141500", "xar", sitrep("131600", "141500"))
    found.until("141630")
    second = overdue(found)
    assert second.id != first.id
    assert found.board[first.id].work == "resolved"
    assert second.parties == UNITS[1:]
    assert found.read(second, "sn")[2] == "XBL: none received so far; 2 in a row are missing"
    found.report("141800", "xbl", sitrep("131600", "141600"))
    found.until("151630")
    assert "XBL: last one received at 141800ZMAR27; 1 in a row is missing" in found.read(overdue(found), "sn")


def test_a_late_report_is_for_the_period_that_it_is_about_and_the_next_one_is_due_all_the_same() -> None:
    found = desk(Return(name="daily SITREP", of=("xar",), due="1800B"))
    found.report("140100", "xar", sitrep("121600", "131600"))  # nine hours late
    assert found.open("overdue") == []
    found.until("141630")
    assert overdue(found).parties == ("xar",)


def test_an_early_report_counts_for_the_period_in_which_it_ends() -> None:
    found = desk(Return(name="daily SITREP", of=("xar",), due="1800B"))
    found.report("131500", "xar", sitrep("121600", "131500"))
    found.report("140405", "xar", sitrep("131600", "140400"))
    found.until("141700")
    assert found.of_kind("overdue", open_only=False) == []


def test_a_report_that_its_collector_may_not_read_has_not_come() -> None:
    found = desk(Return(name="daily SITREP", of=("xar",), due="1800B"))
    found.report("131500", "xar", sitrep(), label=Label(releasable_to=("xbl",)))
    found.until("131630")
    assert overdue(found).parties == ("xar",)


def test_a_report_of_another_sort_or_by_another_hand_is_not_the_one_that_is_due() -> None:
    found = desk(
        Return(name="daily SITREP", report_type="daily", of=("xar",), due="1800B"),
        Return(name="LOGSITREP", kind="logistics", of=("xar",), due="1800B"),
    )
    found.report("131500", "xar", sitrep(report_type="weekly"))
    found.report("131500", "xbl", sitrep())
    found.until("131630")
    assert len(found.open("overdue")) == 2
    found.report("131700", "xar", LogisticsStatus(as_of=TimeValue(utc=z("131500"))))
    assert [c.args["report"] for c in found.open("overdue")] == ["daily SITREP"]


def test_a_withdrawn_report_is_missing_again() -> None:
    found = desk(Return(name="daily SITREP", of=("xar",), due="1800B"))
    found.report("131500", "xar", sitrep(), "S-1")
    found.until("131700")
    found.withdraw("131701", "xar", "sitrep", "S-1")
    assert overdue(found).parties == ("xar",)


def test_a_restart_in_the_middle_changes_nothing() -> None:
    def day(restarts: bool) -> list[Alert]:
        found = desk()
        for at, unit in (("131550", "xar"), ("131640", "xbl"), ("140900", "xar"), ("141601", "xco")):
            if restarts:
                found.restart()
            found.report(at, unit, sitrep())
        if restarts:
            found.restart()
        found.until("161200")
        return found.published

    assert day(restarts=True) == day(restarts=False)


def test_a_return_that_the_mission_drops_or_changes_leaves_no_card_behind() -> None:
    found = desk()
    found.until("131630")
    assert len(found.open("overdue")) == 1
    found.config(mission(Return(name="daily SITREP", of=UNITS, due="2000B")))
    assert found.open("overdue") == []
    found.until("131829")
    assert found.open("overdue") == []
    found.until("131830")
    assert len(found.open("overdue")) == 1


def test_a_return_every_six_hours_is_asked_for_every_six_hours() -> None:
    found = desk(Return(name="position", of=("xar",), due="0000Z", every_s=21600, grace_s=600))
    found.until("141200")
    dues = sorted(int(a.args["due_at"]) for a in found.of_kind("overdue", open_only=False))
    assert dues == [z("131800"), z("140000"), z("140600")]


def test_a_severity_that_asks_for_an_answer_climbs_and_stays_with_whom_it_climbed_to() -> None:
    found = desk(Return(name="daily SITREP", of=("xar", "xbl"), due="1800B", severity="HIGH"))
    found.until("131646")  # fifteen minutes without an answer of sn
    assert {t.participant for t in overdue(found).told} == {"sn", "fhq"}
    found.report("131655", "xar", sitrep())
    assert {t.participant for t in overdue(found).told} == {"sn", "fhq"}
