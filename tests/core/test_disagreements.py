"""Reports that do not agree: about the same thing, at the same time, and only then. On virtual time."""

from typing import Any

import msgspec
import pytest

from coordinator.core.mission import Mission, Participant, Place
from coordinator.core.returns.statements import total_of
from schemas.alerts import Alert
from schemas.base import Message
from schemas.geo import Circle, Position
from schemas.label import Label
from schemas.notices import HazardNotice, ProtectedSite, RouteState
from schemas.reports import Casualties, IncidentReport, StrengthLine
from schemas.time import TimeValue, TimeWindow
from tests.support.desk import z
from tests.support.reports import Reports, sitrep

MISSION = Mission(
    name="m",
    participants=(
        Participant(id="fhq", role="hq"),
        Participant(id="joc", role="desk", superior="fhq"),
        Participant(id="sn", role="hq", superior="fhq"),
        Participant(id="sc", role="hq", superior="fhq"),
        Participant(id="xar", superior="sn", units=("ARVBATT",)),
        Participant(id="xdr", superior="sn"),
        Participant(id="xbl", superior="sc"),
    ),
    places=(Place(name="KESSA", lat=2.0, lon=-27.0),),
)
HERE, ACROSS, AWAY = (2.0, -27.0), (2.0005, -27.0), (2.01, -27.0)


def desk() -> Reports:
    return Reports(MISSION)


def route(state: Any = "open", **fields: Any) -> RouteState:
    return RouteState(section="KESSA", trafficable=state, **fields)


def incident(at: tuple[float, float] = HERE, *, occurred: str = "140500", **fields: Any) -> IncidentReport:
    where = Position(lat=at[0], lon=at[1])
    return IncidentReport(category="MORTAR", occurred=TimeValue(utc=z(occurred)), position=where, **fields)


def hurt(injured: int, **fields: Any) -> IncidentReport:
    return incident(casualties=Casualties(injured=injured), **fields)


def hazard(state: Any, at: tuple[float, float] = HERE) -> HazardNotice:
    centre = Position(lat=at[0], lon=at[1])
    return HazardNotice(hazard_kind="uxo", area=Circle(centre=centre, radius_m=50), state=state)


def strong(*numbers: int | None, category: str = "all ranks") -> Message:
    return sitrep(
        strength=tuple(StrengthLine(category=f"{category}{n or ''}", effective=x) for n, x in enumerate(numbers))
    )


def both(a: Message, b: Message, at: str = "140510", by: tuple[str, str] = ("xar", "xbl"), **fields: Any) -> Reports:
    """A desk to which two participants have reported, the second one a few minutes later."""
    found = desk()
    found.report("140505", by[0], a, "A-1", **fields)
    found.report(at, by[1], b, "B-1")
    return found


def card(found: Reports) -> Alert:
    (one,) = found.open("disagreement")
    return one


# -- what disagrees ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "headline", "lines"),
    [
        (route("open"), route("closed"), "Reports do not agree whether KESSA can be used: not confirmed",
         ["XAR: open (A-1)", "XBL: closed (B-1)"]),
        (route(load_class=30), route(load_class=60), "Reports do not agree on the load class of KESSA: not confirmed",
         ["XAR: load class 30 (A-1)", "XBL: load class 60 (B-1)"]),
        (hurt(2), hurt(9), "Reports do not agree on the number of people hurt at 2.0000N 27.0000W: not confirmed",
         ["XAR: 2 injured (A-1)", "XBL: 9 injured (B-1)"]),
        (hazard("hot"), hazard("lifted"),
         "Reports do not agree whether there is still a danger at 2.0000N 27.0000W: not confirmed",
         ["XAR: danger (A-1)", "XBL: no danger any more (B-1)"]),
        (incident(danger="present"), incident(danger="lifted"),
         "Reports do not agree whether there is still a danger at 2.0000N 27.0000W: not confirmed",
         ["XAR: danger (A-1)", "XBL: no danger any more (B-1)"]),
        (ProtectedSite(name="Clinic", site_kind="hospital"),
         ProtectedSite(name="CLINIC", site_kind="hospital", removed=True),
         "Reports do not agree whether Clinic is still in use: not confirmed",
         ["XAR: in use (A-1)", "XBL: not in use any more (B-1)"]),
    ],
    ids=["route", "load class", "casualties", "hazard", "incident", "site"],
)  # fmt: skip
def test_both_statements_stand_on_one_card_with_their_sources_and_ages(
    a: Message, b: Message, headline: str, lines: list[str]
) -> None:
    found = both(a, b)
    shown = card(found)
    said = found.read(shown, "fhq")
    assert said[0] == headline
    assert said[1] == "Ask both for a new report"
    assert said[2:] == [f"{lines[0]} (valid as of 140505ZMAR27)", f"{lines[1]} (valid as of 140510ZMAR27)"]
    assert [t.participant for t in shown.told] == ["fhq"]  # the lowest common superior
    assert (shown.certainty, shown.refers) == ("Unknown", ("A-1", "B-1"))


def test_which_of_two_comes_first_makes_no_difference() -> None:
    one, other = both(route("open"), route("closed")), both(route("closed"), route("open"), by=("xbl", "xar"))
    assert card(one).parties == card(other).parties
    assert [line.text_key for line in card(one).lines] == [line.text_key for line in card(other).lines]


FUTURE = TimeWindow.exact(z("141400"), z("141600"))
NOW = TimeWindow.exact(z("140500"), z("140700"))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (route("open"), RouteState(section="FALCON", trafficable="closed")),
        (route("open"), route("caution")),
        (route("open"), route("unknown")),
        (route("open", windows=(NOW,)), route("closed", windows=(FUTURE,))),
        (route(load_class=30), route(load_class=None)),
        (hurt(2), hurt(2)),
        (hurt(2), hurt(9, at=AWAY)),
        (hurt(2), hurt(9, occurred="140300")),
        (hurt(2), incident(casualties=Casualties(killed=9))),
        (hurt(2), IncidentReport(category="MORTAR", casualties=Casualties(injured=9))),
        (hurt(2), IncidentReport(category="AMBUSH", casualties=Casualties(injured=9), place_name="KESSA",
                                 occurred=TimeValue(utc=z("140500")))),
        (hazard("hot"), hazard("planned")),
        (hazard("hot"), hazard("lifted", AWAY)),
        (incident(danger="present"), incident()),
    ],
)  # fmt: skip
def test_what_may_both_be_so_is_no_disagreement(a: Message, b: Message) -> None:
    assert both(a, b).of_kind("disagreement", open_only=False) == []


def test_two_reports_far_apart_in_time_may_both_have_been_true() -> None:
    assert both(route("open"), route("closed"), at="140536").open("disagreement") == []
    assert len(both(route("open"), route("closed"), at="140535").open("disagreement")) == 1


def test_a_participant_that_corrects_itself_does_not_disagree_with_itself() -> None:
    found = desk()
    found.report("140505", "xar", hurt(2), "A-1")
    found.report("140507", "xar", hurt(9), "A-1", revision=2)
    found.report("140509", "xar", hurt(11), "A-2")
    assert found.of_kind("disagreement", open_only=False) == []


def test_the_same_incident_seen_from_a_little_apart_is_one() -> None:
    assert len(both(hurt(2), hurt(9, at=ACROSS)).open("disagreement")) == 1


# -- how it ends ------------------------------------------------------------------------------------------------------


def test_a_later_report_that_agrees_ends_the_card() -> None:
    found = both(route("open"), route("closed"))
    found.report("140600", "xbl", route("closed"), "B-2")
    assert len(found.open("disagreement")) == 1
    found.report("140700", "xar", route("closed"), "A-1", revision=2)
    assert found.open("disagreement") == []


def test_a_withdrawn_report_disagrees_with_nobody() -> None:
    found = both(route("open"), route("closed"))
    found.withdraw("140600", "xbl", "route-state", "B-1")
    assert found.open("disagreement") == []


def test_a_later_report_of_whoever_is_above_both_settles_it() -> None:
    found = both(route("open"), route("closed"))
    found.report("140600", "fhq", route("closed"), "F-1")
    assert found.open("disagreement") == []


def test_a_superior_that_reports_at_once_settles_it_too_and_a_later_unit_may_contradict_it() -> None:
    found = both(route("open"), route("closed"))
    found.report("140512", "fhq", route("closed"), "F-1")
    assert found.open("disagreement") == []
    found.report("140515", "xdr", route("open"), "D-1")
    assert card(found).parties == ("fhq", "xbl", "xdr")


def test_of_very_many_things_those_spoken_of_least_lately_are_forgotten_and_a_card_never_is() -> None:
    found = both(route("open"), route("closed"))
    for n in range(2_100):
        found.report("140600", "xdr", RouteState(section=f"S-{n}"), f"D-{n}")
    assert len(found.open("disagreement")) == 1
    source = found.core.source("disagreements")
    assert len(msgspec.json.decode(source.snapshot())["things"]) == 2_000
    found.report("140601", "xar", route("closed"), "A-2")
    assert found.open("disagreement") == []


def test_a_third_report_joins_the_card_and_does_not_settle_it() -> None:
    found = both(route("open"), route("closed"))
    first = card(found)
    found.report("140515", "xdr", route("closed"), "D-1")
    assert card(found).id == first.id
    assert card(found).parties == ("xar", "xbl", "xdr")


def test_what_nobody_settled_is_too_old_after_a_day() -> None:
    found = both(route("open"), route("closed"))
    found.until(z("150510") - 1)
    assert len(found.open("disagreement")) == 1
    found.until("150510")
    assert found.open("disagreement") == []


def test_a_restart_in_the_middle_changes_nothing() -> None:
    def story(restarts: bool) -> list[Alert]:
        found = desk()
        steps: tuple[tuple[str, str, Message, str], ...] = (
            ("140505", "xar", route("open"), "A-1"), ("140507", "xar", hurt(2), "A-2"),
            ("140510", "xbl", route("closed"), "B-1"), ("140511", "xbl", hurt(9), "B-2"),
            ("140700", "xar", route("closed"), "A-3"),
        )  # fmt: skip
        for at, by, body, identity in steps:
            if restarts:
                found.restart()
            found.report(at, by, body, identity)
        if restarts:
            found.restart()
        found.until("160600")
        return found.published

    assert story(restarts=True) == story(restarts=False)


# -- who may know -----------------------------------------------------------------------------------------------------


def test_the_card_goes_to_the_lowest_that_may_read_both() -> None:
    found = both(route("open"), route("closed"), by=("xar", "xdr"))
    assert [t.participant for t in card(found).told] == ["sn"]
    found = both(route("open"), route("closed"), by=("xar", "xdr"), label=Label(releasable_to=("fhq",)))
    shown = card(found)
    assert [t.participant for t in shown.told] == ["fhq"]
    assert shown.only is not None
    assert "sn" not in shown.only


def test_there_is_no_card_where_nobody_may_read_both() -> None:
    found = both(route("open"), route("closed"), label=Label(releasable_to=("xdr",)))
    assert found.of_kind("disagreement", open_only=False) == []


# -- strength ---------------------------------------------------------------------------------------------------------


def roll_up(effective: int, unit: str = "XAR") -> Message:
    return sitrep(strength=(StrengthLine(category=unit, effective=effective),))


@pytest.mark.parametrize("unit", ["xar", "ARVBATT"])
def test_a_roll_up_that_differs_from_the_return_of_a_unit_is_shown_to_the_headquarters_that_wrote_it(unit: str) -> None:
    found = both(strong(400, 212), roll_up(700, unit), at="141000", by=("xar", "sn"))
    shown = card(found)
    assert (shown.severity, [t.participant for t in shown.told]) == ("Minor", ["sn"])
    assert found.read(shown, "sn")[0] == "Reports do not agree on the strength of XAR: not confirmed"
    found.report("141100", "sn", roll_up(612), "B-2")
    assert found.open("disagreement") == []


@pytest.mark.parametrize(
    ("return_", "above"),
    [(strong(400, 212), roll_up(612)), (strong(400, None), roll_up(700)), (strong(400, 212), roll_up(50, "XBL"))],
    ids=["the same", "not all stated", "of another unit"],
)
def test_a_roll_up_that_may_be_right_is_no_disagreement(return_: Message, above: Message) -> None:
    assert both(return_, above, at="141000", by=("xar", "sn")).open("disagreement") == []


def test_a_newer_return_is_no_contradiction_of_an_older_roll_up() -> None:
    assert both(roll_up(700), strong(612), by=("sn", "xar")).open("disagreement") == []


def test_a_line_that_is_the_sum_of_the_others_is_not_counted_twice() -> None:
    lines = [StrengthLine(category=c, effective=n) for c, n in (("officers", 40), ("others", 572), ("total", 612))]
    assert total_of(tuple(lines)) == 612
    assert total_of(tuple(lines[:2])) == 612
    assert total_of(()) is None
