"""K19 to the microsecond: when a sighting contradicts a task, whom it is said of, and who stands in for whom.

Source: design §4 K19; examples of it are in `test_deconfliction_tracks`.
"""

from typing import Any, Final

import pytest
from msgspec.structs import replace

from coordinator.core.deconfliction.building import finding_id
from coordinator.core.mission import Activity, Mission
from coordinator.core.step import Logged
from schemas import registry
from schemas.directives import Agreement, Dependency, Directive, OrderChange
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding, Option
from schemas.geo import Named
from schemas.notices import Cancellation
from schemas.time import TimeWindow
from tests.support.sightings import END, MISSION, START, convoy, fold, order, seen
from tests.support.v1 import during, ref, said, z

COVERAGE: Final = "coverage-not-assured"
XBL, XAR = UnitRef(participant="xbl"), UnitRef(participant="xar")
PART: Final[dict[str, Any]] = {"performers": (UnitRef(name="Section 2", participant="xbl"),)}
"""What an order says that tasks one section by name."""
BOTH: Final[dict[str, Any]] = {"performers": (XAR, XBL)}
TOWER: Final = Named(name="TOWER")


def deviations(*messages: Envelope | Logged, mission: Mission = MISSION) -> list[Finding]:
    """The findings of K19 that are not over, with those that only wait for an answer."""
    found = fold(messages, mission).findings()
    return [f for f in found if f.finding_kind == "task-deviation" and f.state != "closed"]


def gone(*messages: Envelope | Logged, mission: Mission = MISSION) -> list[Finding]:
    """What is found of those who were to be there by order O-1."""
    found = deviations(*messages, mission=mission)
    return [f for f in found if f.evidence.rule != COVERAGE and f.parties[0].id == "O-1"]


def uncovered(*messages: Envelope | Logged) -> Finding:
    """The one finding that the place is not assured."""
    [found] = [f for f in deviations(*messages) if f.evidence.rule == COVERAGE]
    return found


def amended(at: str, **fields: Any) -> Envelope:
    change = OrderChange(order=ref("O-1"), **fields)
    return said(Directive(directive_kind="frago", amends=(change,)), "O-2", "fhq", at)


# -- when -------------------------------------------------------------------------------------------------------------

LOOSE: Final = TimeWindow(start_earliest=z(START), start_latest=z("151000"), end_earliest=z("151100"),
                          end_latest=z(END))  # fmt: skip


@pytest.mark.parametrize(
    ("task", "state", "at", "certainty"),
    [
        ({"at": "150100"}, "left", "150300", "definite"),  # four hours before the start
        ({"at": "150400"}, "left", "150400", "definite"),  # as it is issued
        ({"at": "150900"}, "left", "150900", "definite"),  # while it runs
        ({"at": "150900"}, "away", "150920", "definite"),  # twenty minutes to arrive
        ({"at": "150400"}, "away", START, "definite"),
        ({"at": "150100", "windows": (LOOSE,)}, "left", "150300", "possible"),
        ({"at": "150100", "windows": (LOOSE,)}, "left", "150600", "definite"),
        ({"at": "150100", "windows": (LOOSE,)}, "away", "151000", "definite"),
    ],
)
def test_a_sighting_contradicts_a_task_from_one_microsecond_on(
    task: dict[str, Any], state: str, at: str, certainty: str
) -> None:
    found = [gone(order(**PART, **task), seen(state, at, unit="Section 2", plus=plus)) for plus in (-1, 0)]
    assert [f.certainty for f in found[0]] != [certainty]
    assert [(f.certainty, f.evidence.because) for f in found[1]] == [
        (certainty, ("times",) if certainty == "possible" else ())
    ]


@pytest.mark.parametrize(
    ("task", "state", "at"),
    [
        ({}, "left", END),
        ({}, "away", END),
        ({"windows": (LOOSE,)}, "left", END),
        ({"windows": (LOOSE,)}, "away", "151100"),
        ({"windows": (TimeWindow.exact(z(END), z(START)),)}, "left", "150800"),  # nobody can read when it is
    ],
)
def test_a_sighting_contradicts_no_task_that_may_be_over(task: dict[str, Any], state: str, at: str) -> None:
    assert gone(order(**PART, **task), seen(state, at, unit="Section 2")) == []


def test_who_is_asked_to_come_was_not_gone_before() -> None:
    """The order was for another place until 0400."""
    moved = order(area=TOWER), amended("150400", area=Named(name="OP 4-7"))
    assert gone(*moved, seen("left", "150400", plus=-1)) == []
    assert len(gone(*moved, seen("left", "150400"))) == 1


# -- what is said -----------------------------------------------------------------------------------------------------

LEFT: Final = seen("left", "150410", 2)


def test_a_finding_says_what_was_ordered_and_whom_to_ask() -> None:
    [f] = gone(order(), LEFT)
    assert f.id == finding_id("task-deviation", [("fhq", "O-1")], "deviation/OP 4-7/xbl")
    assert [(p.id, p.what, p.units) for p in f.parties] == [("O-1", "order to hold", ("xbl",))]
    assert (f.evidence.rule, f.evidence.place, f.evidence.units) == ("left", "OP 4-7", ("xbl",))
    assert (f.evidence.at, f.evidence.overlap, f.first_at) == ((-27.15, 2.25), during(START, END), z("150410"))
    assert set(f.options) == {
        Option(option="liaison", party="", who="xbl"), Option(option="cover", party="O-1"),
        Option(option="re-issue", party="O-1"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("mission", "severities"),
    [
        ({}, ("MEDIUM", "LOW")),
        ({"severities": {"task-deviation": "CRITICAL"}}, ("CRITICAL", "HIGH")),
        ({"protected": ("watch",)}, ("MEDIUM", "MEDIUM")),  # what protects is not lowered because it is only possible
    ],
)
def test_how_bad_it_is_is_for_the_mission_to_say(mission: dict[str, Any], severities: tuple[str, str]) -> None:
    watch = Activity(classes=("watch",), kind="directive", action=("hold",))
    of = replace(MISSION, activities=(*MISSION.activities, watch), **mission)
    for doubtful, severity in zip((False, True), severities, strict=True):
        found = deviations(order(), seen("left", "150410", doubtful=doubtful), mission=of)
        assert [f.severity for f in found] == [severity] * 2


# -- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("called", "certainty"),
    [
        ("Section 2", "definite"),
        ("SECTION 2", "definite"),
        ("XBL-BATT Section 2", "definite"),  # with the name of the whole, as others write it
        ("Section 2, XBL-BATT", "definite"),
        ("Section 3", "possible"),
        ("XBL-BATT", "possible"),
    ],
)
def test_the_section_that_the_order_names_is_known_by_its_name(called: str, certainty: str) -> None:
    [f] = gone(order(**PART), seen("away", "150800", unit=called))
    assert (f.certainty, f.evidence.because) == (certainty, ("unit",) if certainty == "possible" else ())


def test_a_section_is_known_by_its_call_sign_also_where_its_id_is_that_of_the_whole() -> None:
    word = seen("away", "150800")
    body = replace(word.body, unit=UnitRef(id="xbl", callsign="Section 2"))
    word = word._replace(body=body, envelope=registry.pack(body, id="w", originator="coord"))
    assert [f.certainty for f in gone(order(**PART), word)] == ["definite"]


def test_who_is_above_the_unit_and_below_the_issuer_is_told() -> None:
    told = {by: gone(order(by=by), seen("left", "150410"))[0].told for by in ("fhq", "sc", "xar")}
    assert told == {"fhq": ("fhq", "sc", "xbl"), "sc": ("sc", "xbl"), "xar": ("xar", "xbl")}


def test_a_section_of_one_nation_is_not_one_of_another_that_goes_by_the_same_name() -> None:
    named = UnitRef(name="Section 2", participant="xar")
    [f] = gone(order(performers=(named, XBL)), seen("away", "150800", unit="Section 2"))
    assert (f.certainty, f.evidence.because) == ("possible", ("unit",))


@pytest.mark.parametrize(("xar", "xbl"), [("150410", "150415"), ("150415", "150410")])
def test_a_place_is_covered_until_the_last_one_has_left(xar: str, xbl: str) -> None:
    messages = order(**BOTH), convoy(), seen("left", xar, 2, by="xar", unit="a"), seen("left", xbl, 3)
    assert {f.evidence.observed for f in gone(*messages)} == {z("150410"), z("150415")}
    assert uncovered(*messages).evidence.overlap == TimeWindow(start_earliest=z("150435"), start_latest=z("150435"))


@pytest.mark.parametrize("doubtful", ["xar", "xbl"])
def test_of_two_that_leave_together_the_doubtful_one_counts(doubtful: str) -> None:
    words = (seen("left", "150410", i, by=by, unit=by, doubtful=by == doubtful) for i, by in enumerate(("xar", "xbl")))
    assert uncovered(order(**BOTH), convoy(), *words).certainty == "possible"


# -- who stands in for whom -------------------------------------------------------------------------------------------


def relief(at: str = "150405", **fields: Any) -> Envelope:
    """Another order to the place, for XAR-BATT, that is declared as the relief of the first."""
    given = {"performers": (XAR,), "dependencies": (Dependency(task="O-1", relation="relief-of"),)}
    return order("O-R", at, **(given | fields))


def cancelled(at: str) -> Envelope:
    return said(Cancellation(), "O-R", "fhq", at, kind="directive", status="cancel")


@pytest.mark.parametrize(
    ("others", "relieved"),
    [
        ((relief(),), True),
        ((relief(draft=True),), False),
        ((replace(relief(), reality="exercise"),), False),
        ((relief(area=TOWER),), False),
        ((relief("150200"), cancelled("150301")), True),  # in force for a minute
        ((relief("150200"), cancelled("150300")), False),  # as the first was issued
        ((relief("150200"), cancelled("150259")), False),
        ((order("O-R", **BOTH),), False),  # nobody called it a relief
    ],
)
def test_only_a_relief_in_force_at_the_same_time_relieves(others: tuple[Envelope, ...], relieved: bool) -> None:
    assert (gone(order(), *others, LEFT) == []) is relieved


@pytest.mark.parametrize(("at", "relieved"), [("150420", True), ("150421", False), ("150422", False)])
def test_a_relief_that_begins_when_the_order_has_gone_elsewhere_comes_too_late(at: str, relieved: bool) -> None:
    """The order holds another place from 0421 on; who performs it has not said yet that it knows."""
    found = gone(order(), LEFT, amended("150421", area=TOWER), relief(at))
    assert [f.state for f in found] == ([] if relieved else ["resolved-if-acknowledged"])


def test_an_agreement_on_one_order_alone_relieves_nobody() -> None:
    alone = said(Agreement(agreement_kind="relief", parties=("xbl", "xar"), orders=(ref("O-1"),)), "A", "fhq", "150401")
    assert len(gone(order(**BOTH), alone, LEFT)) == 1


def test_who_stays_covers_the_place_and_relieves_only_if_that_was_ordered() -> None:
    there = seen("at", "150405", 3, by="xar", unit="a")
    assert [f.evidence.rule for f in deviations(order(**BOTH), convoy(), LEFT, there)] == ["left"]
    declared = order(**BOTH, dependencies=(Dependency(task="O-0", relation="relief-of"),))
    assert deviations(declared, convoy(), LEFT, there) == []
    assert len(gone(declared, LEFT)) == 1


# -- who relies on it -------------------------------------------------------------------------------------------------


def test_an_exercise_relies_on_nothing_real() -> None:
    messages = order(), replace(convoy(), reality="exercise"), convoy("HNS-2"), convoy("HNS-3", relies_on=("TOWER",))
    assert [p.id for p in uncovered(*messages, LEFT).parties] == ["HNS-2"]


@pytest.mark.parametrize(("end", "parties"), [("150430", ["O-1"]), ("150431", ["HNS"])])
def test_who_has_passed_by_the_time_it_is_open_does_not_rely_on_it(end: str, parties: list[str]) -> None:
    """It is open twenty minutes after they left; without anybody else, those are told whom the mission names."""
    passing = convoy(route=None, area=Named(name="OP 4-7"), windows=(during("150330", end),))
    assert [p.id for p in uncovered(order(), passing, LEFT).parties] == parties
