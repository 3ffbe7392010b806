"""The routing tree: which row matches, who is told besides, what is proved of it, and what everybody is owed."""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator import config
from coordinator.core import escalate, roster
from coordinator.core.alerting import Alerting
from coordinator.core.duties import Ladder, Row, Step, Watch
from coordinator.core.measures import Boundary, Ground
from coordinator.core.mission import Mission, Place
from coordinator.core.routetree import Tree, may_be_told
from coordinator.core.routing import climb, report
from coordinator.core.trial import Example, tried
from schemas.alerts import AlertKind, CapSeverity
from tests.core.test_alerting_laws import Step as DayStep
from tests.core.test_alerting_laws import days
from tests.core.test_ladders import CHAIN, callers, minutes
from tests.support.desk import HOUR, KESSA, Desk, make_evidence, make_finding, z
from tests.support.released import Office

PLACES = (
    Place(name="KESSA", lat=KESSA[1], lon=KESSA[0], aliases=("Kessa bridge",)),
    Place(name="FORD", lat=3.0, lon=-27.0),
)
SQUARE = Boundary(
    name="SECTOR SOUTH", owner="sc-hq", ground=Ground(ring=("1.9,-27.1", "1.9,-26.9", "2.1,-26.9", "2.1,-27.1"))
)
DUTY = Watch(role="duty-officer", participant="joc")
PEOPLE = tuple(replace(p, operator=p.id == "joc", nation=p.id[:3].upper()) for p in CHAIN.participants)
ALL = Row(name="all")


def mission(*rows: Row, **more: Any) -> Mission:
    """Return a mission with a routing tree and a roster."""
    facts = {"participants": PEOPLE, "places": PLACES, "boundaries": (SQUARE,), "roster": (DUTY,), "routing": rows}
    return replace(CHAIN, **(facts | more))


def raised(of: Mission, **changes: Any) -> Desk:
    """Return a desk with one card between the two battalions, raised at 0405."""
    desk = Desk(of)
    facts = {"told": ("xar-batt", "xbl-batt"), "arbiter": ""} | changes
    desk.finding("140405", replace(make_finding("f1"), **facts))
    return desk


def told(desk: Desk) -> set[str]:
    """Return who was told of the card."""
    return callers(desk.card)


PARTIES = {"xar-batt", "xbl-batt"}


# -- which rows match -------------------------------------------------------------------------------------------------


def test_without_a_tree_those_are_told_whom_it_concerns() -> None:
    assert told(raised(mission())) == PARTIES


@pytest.mark.parametrize(
    ("row", "matches"),
    [
        (Row(to=("joc",)), True),
        (Row(to=("joc",), kinds=("conflict",)), True),
        (Row(to=("joc",), kinds=("medical",)), False),
        (Row(to=("joc",), severities=("Severe", "Extreme")), True),
        (Row(to=("joc",), severities=("Minor",)), False),
        (Row(to=("joc",), findings=("incompatible-activities",)), True),
        (Row(to=("joc",), findings=("stale-order",)), False),
        (Row(to=("joc",), areas=("KESSA",)), True),
        (Row(to=("joc",), areas=("kessa BRIDGE",)), True),
        (Row(to=("joc",), areas=("SECTOR SOUTH",)), True),
        (Row(to=("joc",), areas=("FORD",)), False),
        (Row(to=("joc",), parties=("sc-hq",)), True),
        (Row(to=("joc",), parties=("SC-",)), True),
        (Row(to=("joc",), parties=("fhq-u3",)), False),
        (Row(to=("joc",), languages=("en",)), True),
        (Row(to=("joc",), languages=("fr",)), False),
    ],
)  # fmt: skip
def test_a_row_adds_somebody_if_every_test_of_it_holds(row: Row, matches: bool) -> None:
    assert told(raised(mission(row, ALL))) == PARTIES | ({"joc"} if matches else set())


def test_a_place_is_in_an_area_by_where_it_lies_as_well() -> None:
    near = replace(make_evidence(at=(-27.001, 2.0)), place="")
    assert "joc" in told(raised(mission(Row(areas=("KESSA",), to=("joc",)), ALL), evidence=near))
    far = replace(make_evidence(at=(-27.05, 2.0)), place="")
    assert "joc" not in told(raised(mission(Row(areas=("KESSA",), to=("joc",)), ALL), evidence=far))
    assert "joc" in told(raised(mission(Row(areas=("SECTOR SOUTH",), to=("joc",)), ALL), evidence=far))


def test_an_area_that_is_named_as_the_place_is_that_area() -> None:
    where = Tree(mission(Row(areas=("SECTOR SOUTH",)))).where
    assert where.areas("sector south", None) == {"SECTOR SOUTH"}
    assert where.areas("", None) == where.areas("NOWHERE", None) == frozenset()


def test_the_first_row_that_matches_is_the_last_unless_it_says_so() -> None:
    first, second = Row(kinds=("conflict",), to=("sc-hq",)), Row(to=("joc",))
    assert told(raised(mission(first, second))) == PARTIES | {"sc-hq"}
    assert told(raised(mission(replace(first, goes_on=True), second))) == PARTIES | {"sc-hq", "joc"}


def test_a_role_is_whoever_has_it_when_the_card_is_raised_and_when_it_is_raised_again() -> None:
    shifts = (
        Watch(role="duty-officer", participant="joc", daily=("0400Z", "0500Z")),
        Watch(role="duty-officer", participant="night", daily=("0500Z", "0400Z")),
    )
    desk = raised(mission(Row(to=("duty-officer",)), roster=shifts))
    assert told(desk) == PARTIES | {"joc"}
    desk.until("140600")
    assert told(desk) == PARTIES | {"joc"}  # a change of shift alone asks nobody again
    desk.finding("140601", replace(make_finding("f1"), severity="CRITICAL", told=tuple(PARTIES), arbiter=""))
    assert told(desk) == PARTIES | {"joc", "night"}


def test_whoever_is_told_by_a_row_owes_an_answer_and_is_called_about() -> None:
    desk = raised(mission(Row(to=("joc",))))
    assert {t.due for t in desk.card.told} == {minutes(15)}
    desk.until(minutes(15))
    assert "joc" in {a.about for a in desk.of_kind("late-acknowledgement")}


def test_a_row_chooses_the_ladder() -> None:
    quick = Ladder(name="quick", deadline_s=60, steps=(Step(do="superior"),))
    desk = raised(mission(Row(areas=("KESSA",), ladder="quick"), ALL, ladders=(quick,)))
    assert {t.due for t in desk.card.told} == {minutes(1)}


def test_a_card_that_is_hidden_from_somebody_is_not_shown_to_him_by_a_row() -> None:
    """Law 6."""
    desk = raised(mission(Row(to=("joc", "sc-hq"))), only=("xar-batt", "xbl-batt", "sc-hq"))
    assert told(desk) == PARTIES | {"sc-hq"}


def test_whoever_a_row_had_told_knows_no_more_of_it_once_it_is_hidden() -> None:
    """Law 6: the finding is hidden later, because it is amended."""
    desk = raised(mission(Row(to=("joc",))))
    assert "joc" in told(desk)
    desk.finding("140406", replace(make_finding("f1"), told=tuple(PARTIES), arbiter="", only=tuple(PARTIES)))
    assert (told(desk), desk.card.called) == (PARTIES, ())


def test_whoever_a_row_had_told_stays_told_when_cards_merge() -> None:
    desk = raised(mission(Row(areas=("KESSA",), to=("joc",)), ALL))
    beside = make_finding("f2", evidence=replace(make_evidence(at=(-27.01, 2.0)), place="FORD"), told=tuple(PARTIES))
    desk.finding("140406", replace(beside, first_at=z("140404"), arbiter="", severity="CRITICAL"))
    assert len(desk.card.members) == 2
    assert "joc" in told(desk)


@pytest.mark.parametrize(
    ("who", "may"),
    [("sc-hq", True), ("fhq-u3", True), ("joc", True), ("night", True), ("sn-hq", False), ("xar-batt", False)],
)
def test_a_row_reaches_those_who_take_part_or_direct_and_desks_and_operators(who: str, may: bool) -> None:
    assert may_be_told(mission(), who, {"xbl-batt"}) is may


def test_killed_after_a_change_of_shift_it_goes_on_as_if_nothing_was() -> None:
    rows = mission(Row(to=("duty-officer",)))
    straight, killed = raised(rows), raised(rows)
    for desk in (straight, killed):
        desk.config(replace(rows, roster=(replace(DUTY, participant="night"),)))
        if desk is killed:
            desk.restart()
        desk.finding("140500", replace(make_finding("f1"), severity="CRITICAL", told=tuple(PARTIES), arbiter=""))
        desk.until("141000")
    assert straight.published == killed.published
    assert straight.core.snapshot() == killed.core.snapshot()


def test_whoever_a_row_has_told_can_read_what_the_card_is_about() -> None:
    """The row adds FHQ-U3, which the finding does not name: it directs both, so it may know of both."""
    of = mission(Row(to=("fhq-u3",)))
    desk, office = Desk(of), Office(of)
    finding = replace(make_finding("f1"), told=("xar-batt", "xbl-batt"), arbiter="")
    (card,) = desk.finding("140405", finding)
    assert card.called == ("fhq-u3",)
    office.find(finding)
    assert office.on_board("fhq-u3", "finding", "f1") is None
    office.alert(card)
    shown = office.on_board("fhq-u3", "alert", card.id)
    assert shown is not None
    assert [m.finding for m in shown.body.members] == ["f1"]
    assert office.on_board("fhq-u3", "finding", "f1") is not None
    assert office.on_board("sc-hq", "finding", "f1") is None


# -- lint -------------------------------------------------------------------------------------------------------------


def wrong(of: Mission) -> list[str]:
    """Return what the lint says of who is told."""
    return [str(f) for f in config.lint(of) if f.path.startswith(("routing", "ladders", "roster"))]


def test_a_tree_that_ends_with_a_row_for_all_is_right() -> None:
    assert wrong(mission(Row(areas=("KESSA",), to=("duty-officer",)), ALL)) == []
    assert wrong(mission()) == []


def test_a_card_that_may_match_no_row_is_found() -> None:
    (said,) = wrong(mission(Row(areas=("KESSA",)), Row(severities=("Extreme", "Severe", "Moderate", "Minor"))))
    assert said.startswith("routing: every kind of Unknown may match no row; end with")
    (said,) = wrong(mission(Row(kinds=tuple(k for k in get_args(AlertKind) if k not in ("medical", "flood")))))
    assert said.startswith("routing: medical, flood of every severity may match no row")


SUPERIOR = (Step(do="superior"),)


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (mission(Row(to=("joc-night",)), ALL), '"joc-night" is no participant and no role'),
        (mission(Row(kinds=("medical",), to=("xar-batt",)), ALL), '"xar-batt" is told of what it takes part in'),
        (mission(Row(areas=("KESA",)), ALL), 'no place or boundary "KESA"'),
        (mission(Row(parties=("XYZ",)), ALL), '"XYZ" is no participant, nation or group'),
        (mission(Row(languages=("de",)), ALL), '"de" is not one of ar en es fr ru zh'),
        (mission(Row(kinds=("medical",), ladder="quick"), ALL), 'no ladder "quick"; known: none'),
        (mission(ALL, Row(areas=("KESSA",))), 'routing[1]: can never fire: "all" takes all that it matches'),
        (mission(Row(kinds=("medical", "flood"), areas=("KESSA",)), Row(kinds=("medical",), areas=("KESSA",)), ALL),
         "routing[1]: can never fire: routing[0] takes all"),
        (mission(ladders=(Ladder(name="a", steps=SUPERIOR),)), "can never be used"),
        (mission(ladders=(Ladder(name="a", precedence="flash", steps=(Step(do="voice"),)),)), "tells nobody"),
        (mission(ladders=(Ladder(name="a", precedence="routine", steps=SUPERIOR),)), "no acknowledgement is owed"),
        (mission(ladders=(Ladder(name="A b", precedence="flash", steps=SUPERIOR),)), '"A b" is no name'),
        (mission(ladders=(Ladder(name="a", precedence="flash", steps=SUPERIOR),) * 2), "is there twice"),
        (mission(ladders=(Ladder(name="a", precedence="flash", steps=(Step(do="superior", after_s=0),)),)),
         "is not later"),
        (mission(ladders=(Ladder(name="a", precedence="flash", steps=(*SUPERIOR, Step(do="voice", to=("x",)))),)),
         '"x" is no participant and no role'),
        (mission(roster=(Watch(role="joc", participant="joc"),)), "is a participant as well"),
        (mission(roster=(Watch(role="Major Smith", participant="joc"),)), "never the name of a person"),
        (mission(roster=(Watch(role="a", participant="x"),)), 'no participant "x"'),
        (mission(roster=(Watch(role="a", participant="joc", daily=("0600",)),)), "needs two times"),
        (mission(roster=(Watch(role="a", participant="joc", daily=("0600J", "1200A")),)), '"0600J" is no time'),
        (mission(roster=(Watch(role="a", participant="joc", area="X"),)), 'no place or boundary "X"'),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_found(of: Mission, said: str) -> None:
    assert [line for line in wrong(of) if said in line]


def test_a_row_is_written_with_the_word_continue() -> None:
    text = '[[routing]]\nname = "a"\ncontinue = true\n'
    parsed = config.parse(f'name = "m"\n{text}')
    assert parsed.routing == (Row(name="a", goes_on=True),)
    assert msgspec.json.decode(msgspec.json.encode(parsed), type=Mission) == parsed
    with pytest.raises(Exception, match=r'did you mean "continue"'):
        config.parse(f'name = "m"\n{text}continu = true\n')


rows = st.builds(
    Row,
    kinds=st.lists(st.sampled_from(get_args(AlertKind)), max_size=14, unique=True).map(tuple),
    severities=st.lists(st.sampled_from(get_args(CapSeverity)), max_size=5, unique=True).map(tuple),
    areas=st.sampled_from([(), (), (), ("KESSA",)]),
    goes_on=st.booleans(),
)


@given(st.lists(rows, min_size=1, max_size=6))
def test_what_the_proof_lets_pass_never_falls_through(tree: list[Row]) -> None:
    of = mission(*tree)
    example = [
        Example(kind=k, severity=s) for k in get_args(AlertKind) if k != "not-accepted" for s in get_args(CapSeverity)
    ]
    through = any(all(row.fails for row in tried(of, e).rows) for e in example)
    assert through == any("may match no row" in line for line in wrong(of))


# -- tried ------------------------------------------------------------------------------------------------------------


def test_a_trial_says_what_alerting_does() -> None:
    of = mission(Row(areas=("KESSA",), to=("duty-officer",)), ALL)
    example = Example("conflict", "Extreme", place="KESSA", parties=("sc-hq", "sn-hq"), at=minutes(0))
    desk = raised(of, severity="CRITICAL", told=("sc-hq", "sn-hq"), arbiter="fhq-u3")
    trial = tried(of, example)
    assert {r.participant for r in trial.told} == callers(desk.card)
    assert trial.due == minutes(2)
    desk.until(minutes(30))
    for silent in ("sc-hq", "sn-hq", "fhq-u3", "joc"):
        (call,) = [a for a in desk.of_kind("late-acknowledgement") if a.about == silent]
        expected = {p for step in trial.steps if step.silent == silent for p in step.told}
        assert callers(call) == expected


def test_a_trial_knows_whom_rows_have_told_of_the_call_itself() -> None:
    of = mission(Row(kinds=("late-acknowledgement",), to=("fhq-u3",)), ALL)
    first = tried(of, Example(parties=("xbl-batt",), at=minutes(0))).steps[0]
    desk = raised(of, told=("xbl-batt",))
    desk.until(minutes(15))
    (call,) = desk.of_kind("late-acknowledgement")
    assert set(first.told) == callers(call) == {"sc-hq", "fhq-u3"}


# -- whatever happens -------------------------------------------------------------------------------------------------

FULL = mission(
    Row(severities=("Extreme",), to=("duty-officer", "air"), goes_on=True),
    Row(areas=("KESSA",), to=("duty-officer",), ladder="quick"),
    ALL,
    roster=(
        Watch(role="duty-officer", participant="joc", daily=("0300Z", "0530Z")),
        Watch(role="duty-officer", participant="night", daily=("0515Z", "0300Z"), area="KESSA"),
        Watch(role="air", participant="sc-hq", daily=("0700Z", "0900Z")),
    ),
    ladders=(
        Ladder(
            name="quick",
            deadline_s=600.0,
            steps=(
                Step(do="second-bearer", after_s=60.0),
                Step(do="superior"),
                Step(do="voice", after_s=900.0, to=("air",)),
            ),
        ),
    ),
)


def callable_about(desk: Desk, participant: str, only: tuple[str, ...] | None) -> bool:
    """Say whether anybody else may know of a card, so that somebody can be called about a participant."""
    return bool(report(desk.core._book.state.mission, participant, (), only))


@pytest.mark.parametrize("full", [False, True], ids=["no tree", "tree, roster and ladders"])
@given(day=days)
def test_whoever_owes_an_answer_has_a_next_time_or_has_been_called_about_to_the_end(
    full: bool, day: list[DayStep]
) -> None:
    """Every open card that owes: a next time, or acknowledged, unreachable, put aside; or all there are were told."""
    desk = Desk(FULL) if full else Desk()
    desk.now = z("140400")
    for step in day:
        step(desk)
        for card in desk.core._book.state.cards.values():
            owing = {p: clock for p, clock in card.clocks.items() if clock.due is not None}
            if not card.open or not owing:
                continue
            following = escalate.next_ring(owing.values())
            if following is not None:
                assert desk.core.next_wake() <= following
            elif card.occasion and card.occasion.scope == "any":
                known = {*card.clocks, card.occasion.about}
                mission = desk.core._book.state.mission
                assert not [p for p in owing if climb(mission, p, known, card.occasion.only)]
            else:
                calls = {a.about for a in desk.of_kind("late-acknowledgement") if a.card == card.alert.id}
                assert owing.keys() <= calls | {p for p in owing if not callable_about(desk, p, card.alert.only)}


def lived(day: list[DayStep], restart_at: set[int]) -> Desk:
    """Return a desk with a tree, a roster and ladders after a day, killed and started again before some steps."""
    desk = Desk(FULL)
    desk.now = z("140400")
    for i, step in enumerate(day):
        if i in restart_at:
            desk.restart()
        step(desk)
    desk.until(desk.now + 5 * HOUR)
    return desk


@given(days, st.sets(st.integers(0, 29), max_size=5))
def test_with_tree_roster_and_ladders_a_restart_changes_nothing(day: list[DayStep], restart_at: set[int]) -> None:
    straight, killed = lived(day, set()), lived(day, restart_at)
    assert straight.ids == killed.ids
    assert straight.published == killed.published
    assert straight.core.snapshot() == killed.core.snapshot()


def test_a_role_that_nobody_fills_is_shown_by_a_trial() -> None:
    of = mission(Row(to=("duty-officer", "air")), roster=(replace(DUTY, role="air"), replace(DUTY, end=None)))
    assert tried(of, Example(at=z("140405"))).unfilled == ()
    empty = mission(Row(to=("duty-officer",)), roster=(replace(DUTY, daily=("0600Z", "0700Z")),))
    assert tried(empty, Example(at=z("140405"))).unfilled == ("duty-officer",)
    assert roster.roles(of) == {"air", "duty-officer"}
    assert isinstance(Tree(of).mission, Mission)
    assert Alerting(of).next_wake() is None or HOUR
