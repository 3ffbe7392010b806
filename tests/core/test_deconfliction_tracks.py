"""K19: a unit is not where it is to be; who relies on the place learns the effect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine, sentence
from coordinator.core.deconfliction.explain import recompute
from coordinator.core.mission import Mission
from coordinator.core.step import Logged
from coordinator.texts import say
from schemas import registry
from schemas.directives import Agreement, Dependency, Directive, OrderChange
from schemas.envelope import Envelope, UnitRef
from schemas.geo import Circle, Position
from schemas.time import TimeWindow
from tests.support.sightings import END, MISSION, START, convoy, fold, order, seen, told
from tests.support.v1 import during, logged, ref, said, wilco, z

# -- a unit leaves ----------------------------------------------------------------------------------------------------


def test_a_unit_that_leaves_before_its_task_deviates_and_the_place_is_not_assured() -> None:
    found = told(order(), convoy(), seen("at", "150405", 1), seen("left", "150410", 2))
    assert set(found) == {"left", "coverage-not-assured"}
    left, effect = found["left"], found["coverage-not-assured"]
    assert (left.certainty, left.severity, left.told) == ("definite", "MEDIUM", ("fhq", "sc", "xbl"))
    assert [p.id for p in left.parties] == ["O-1"]
    assert (left.evidence.observed, left.evidence.distance_m, left.evidence.required_m) == (z("150410"), 670.0, 500.0)
    assert [p.id for p in effect.parties] == ["HNS"]
    assert set(effect.told) == {"ocha", "xar", "fhq"}
    assert effect.evidence.overlap == TimeWindow(start_earliest=z("150430"), start_latest=z("150430"))


def test_the_effect_says_nothing_of_who_or_why() -> None:
    """Everything in it is of the message that relies on the place, of the place, and of who can decide."""
    effect = told(order(), convoy(), seen("at", "150405", 1), seen("left", "150410", 2))["coverage-not-assured"]
    told_ = registry.encode(replace(effect, told=(), sentence=sentence(effect, say))).decode()
    for word in ("O-1", "xbl", "XBL", "carriers", "left", "670", str(z("150410") // 60_000_000)):
        assert word not in told_.replace(f'"first_at":{z("150410")}', ""), word
    assert effect.evidence.units == ()


def test_every_sentence_can_be_computed_again() -> None:
    for f in told(order(), convoy(), seen("at", "150405", 1), seen("left", "150410", 2)).values():
        assert recompute(f, sentence(f, say), say)
    doubtful = told(order(), seen("left", "150410", 2, doubtful=True))["left"]
    assert "not exact" in sentence(doubtful, say)
    assert recompute(doubtful, sentence(doubtful, say), say)


@pytest.mark.parametrize(
    ("state", "at", "found"),
    [
        ("left", "150301", True),  # within four hours of the start
        ("left", "150259", False),  # before the order was issued
        ("left", "150700", True),
        ("left", "151159", True),
        ("left", "151200", False),  # the task is over
        ("away", "150659", False),  # nobody has to be there yet
        ("away", "150700", True),
        ("away", "151200", False),
        ("at", "150800", False),
    ],
)
def test_when_a_sighting_contradicts_the_task(state: str, at: str, found: bool) -> None:
    rule = "left" if state == "left" else "outside"
    assert (rule in told(order(), seen(state, at))) is found


@pytest.mark.parametrize(("at", "found"), [("150259", False), ("150300", True)])
def test_leaving_long_before_the_start_is_no_deviation(at: str, found: bool) -> None:
    """Four hours before, by this mission's rules."""
    assert ("left" in told(order(at="150100"), seen("left", at))) is found


def test_a_task_that_runs_when_it_is_issued_leaves_the_grace_to_arrive() -> None:
    late = order(at="150900")
    assert told(late, seen("away", "150919")) == {}
    assert set(told(late, seen("away", "150920"))) == {"outside", "coverage-not-assured"}


@pytest.mark.parametrize("action", ["patrol", "move", "escort", "other"])
def test_only_tasks_that_bind_to_a_place_can_be_left(action: str) -> None:
    assert told(order(action=action), seen("left", "150410")) == {}


def test_an_order_without_a_known_place_binds_nobody() -> None:
    assert "left" not in told(
        order(area=Circle(centre=Position(lat=1.0, lon=1.0), radius_m=50)), seen("left", "150410")
    )
    around = Circle(centre=Position(lat=2.25, lon=-27.15), radius_m=50)
    assert "left" in told(order(area=around), seen("left", "150410"))


def test_exercise_sightings_and_real_orders_do_not_meet() -> None:
    assert told(order(), seen("left", "150410", reality="exercise")) == {}


# -- how certain ------------------------------------------------------------------------------------------------------


def possible(*messages: Envelope | Logged) -> tuple[str, tuple[str, ...], str]:
    [found] = [f for rule, f in told(*messages).items() if rule in ("left", "outside")]
    return found.certainty, found.evidence.because, found.severity


def test_it_is_only_possible_while_another_part_of_the_unit_is_there() -> None:
    part = (order(), seen("at", "150405", 1, unit="section"), seen("left", "150410", 2))
    assert possible(*part) == ("possible", ("unit",), "LOW")
    assert possible(*part, seen("left", "150415", 3, unit="section")) == ("definite", (), "MEDIUM")


def test_another_part_that_never_was_there_is_no_deviation_while_one_part_is() -> None:
    assert told(order(), seen("at", "150405", 1, unit="section"), seen("away", "150705", 2)) == {}


def test_a_part_that_never_was_there_deviates_for_certain_only_if_the_order_names_it() -> None:
    assert possible(order(), seen("away", "150705"))[:2] == ("possible", ("unit",))
    named = order(performers=(UnitRef(name="Section 2", participant="xbl"),))
    assert possible(named, seen("away", "150705", unit="Section 2"))[0] == "definite"


def test_what_other_parts_do_does_not_matter_if_the_order_names_the_part() -> None:
    named = order(performers=(UnitRef(name="Section 2", participant="xbl"),))
    there = seen("at", "150405", 1, unit="Section 2")
    assert told(named, there, seen("left", "150410", 2, unit="carriers")) == {}


def test_it_is_only_possible_where_position_or_time_is_not_exact() -> None:
    assert possible(order(), seen("left", "150410", doubtful=True))[1] == ("position",)
    open_start = TimeWindow(start_earliest=z(START), start_latest=z("151100"), end_earliest=z(END), end_latest=z(END))
    assert possible(order(windows=(open_start,)), seen("left", "150610"))[1] == ("times",)


# -- how it ends ------------------------------------------------------------------------------------------------------

GONE = (order(), convoy(), seen("at", "150405", 1), seen("left", "150410", 2))


def test_it_is_over_when_the_unit_is_back() -> None:
    assert told(*GONE, seen("at", "150420", 3)) == {}


def test_an_older_word_does_not_bring_a_unit_back() -> None:
    assert set(told(*GONE, seen("at", "150409", 1))) == {"left", "coverage-not-assured"}


def test_a_changed_order_ends_it_when_those_who_perform_it_have_said_wilco() -> None:
    """Both findings, although the message that relies on the place never changed."""
    withdrawn = said(Directive(directive_kind="frago", cancels=(ref("O-1"),)), "O-2", "fhq", "150525")
    waiting = told(*GONE, withdrawn)
    assert {f.state for f in waiting.values()} == {"resolved-if-acknowledged"}
    assert {f.waits_for for f in waiting.values()} == {("xbl",)}
    assert told(*GONE, withdrawn, wilco("O-2", "xbl", "150529")) == {}


def test_an_amendment_that_keeps_the_place_changes_nothing() -> None:
    change = OrderChange(order=ref("O-1"), windows=(during("150730", END),))
    later = said(Directive(directive_kind="frago", amends=(change,)), "O-2", "fhq", "150525")
    assert {f.state for f in told(*GONE, later).values()} == {"open"}


def relief(at: str = "150405", **fields: object) -> Envelope:
    given = {
        "performers": (UnitRef(participant="xar"),),
        "dependencies": (Dependency(task="O-1", relation="relief-of"),),
    }
    return order("O-R", at, **(given | fields))


def test_a_declared_relief_in_place_ends_it() -> None:
    assert told(*GONE, relief()) == {}


def test_two_orders_side_by_side_are_a_relief_if_both_sides_agreed() -> None:
    other = order("O-R", "150405", performers=(UnitRef(participant="xar"),))
    agreed = said(Agreement(agreement_kind="relief", parties=("xbl", "xar"), orders=(ref("O-1"), ref("O-R"))),
                  "A-1", "fhq", "150406")  # fmt: skip
    assert set(told(*GONE, other)) >= {"left", "coverage-not-assured"}
    assert "left" not in told(*GONE, other, agreed)


def test_a_relief_by_the_same_unit_is_none() -> None:
    """Then it is gone from both tasks."""
    found = fold((*GONE, relief(performers=(UnitRef(participant="xbl"),)))).findings()
    assert [f.parties[0].id for f in found if f.evidence.rule == "left"].count("O-1") == 1


def test_in_an_order_that_is_a_relief_one_unit_may_leave_when_the_other_is_there() -> None:
    """V3, message 19: two units at one post, then one."""
    both = order(
        "O-2", "150525", windows=(during("150635", END),), supersedes=(ref("O-1"),),
        performers=(UnitRef(participant="xbl"), UnitRef(participant="xar")),
        dependencies=(Dependency(task="O-1", relation="relief-of"),),
    )  # fmt: skip
    answers = (wilco("O-2", "xbl", "150529"), wilco("O-2", "xar", "150531"))
    arrived = (seen("at", "150625", 3, unit="section"), seen("at", "150625", 4, by="xar", unit="a coy"))
    assert told(*GONE, both, *answers, *arrived, seen("left", "150645", 5, unit="section")) == {}
    alone = told(*GONE, both, *answers, arrived[0], seen("left", "150645", 5, unit="section"))
    assert set(alone) == {"left", "coverage-not-assured"}


def test_a_place_is_covered_while_another_unit_that_is_tasked_there_is_present() -> None:
    """The one who left deviates all the same."""
    other = order("O-R", "150405", performers=(UnitRef(participant="xar"),), action="observe")
    present = seen("at", "150406", 9, by="xar", unit="a coy")
    assert "coverage-not-assured" not in told(*GONE, other, present)
    assert "left" in told(*GONE, other, present)
    assert "coverage-not-assured" in told(*GONE, present)  # nobody has tasked it: who knows how long it stays


# -- who relies on it -------------------------------------------------------------------------------------------------


def test_whoever_relied_on_the_place_only_before_is_not_concerned() -> None:
    earlier = convoy("HNS-0", windows=(during("150330", "150425"),))
    effect = told(order(), earlier, convoy(), seen("left", "150410"))["coverage-not-assured"]
    assert [p.id for p in effect.parties] == ["HNS"]


def test_those_who_depend_on_a_place_by_the_mission_are_told_without_any_message_of_theirs() -> None:
    effect = told(order(), seen("left", "150410"))["coverage-not-assured"]
    assert "xar" in effect.told


def test_nobody_is_told_of_a_place_that_nobody_relies_on() -> None:
    assert set(told(order(), seen("left", "150410"), mission=replace_coverage())) == {"left"}


def replace_coverage() -> Mission:
    return Mission(**{f: getattr(MISSION, f) for f in MISSION.__struct_fields__} | {"coverage": ()})


def test_a_message_that_comes_to_rely_on_the_place_is_concerned_from_then_on() -> None:
    engine = fold((order(), seen("left", "150410", 2), convoy("HNS", relies_on=())))
    later = engine.handle(logged(convoy("HNS-2"), 9))
    assert [p.id for e in later for p in e.body.parties if e.body.state == "open"] == ["HNS-2"]  # type: ignore[attr-defined]


WORLD = (
    order(), order("O-2", "150310", performers=(UnitRef(participant="xar"),), action="observe"), relief("150320"),
    convoy(), convoy("HNS-2"), wilco("O-1", "xbl", "150330"),
    seen("at", "150405", 1), seen("left", "150410", 2), seen("at", "150411", 3, by="xar", unit="a coy"),
    seen("left", "150412", 4, by="xar", unit="a coy"), seen("away", "150705", 5, unit="section"),
)  # fmt: skip


@given(st.lists(st.sampled_from(range(len(WORLD))), unique=True, min_size=4), st.randoms(use_true_random=False))
def test_any_order_of_arrival_ends_in_the_same_findings_as_everything_at_once(chosen: list[int], shuffle) -> None:
    """Law 3 and 5: incremental equals from the beginning, whichever orders, messages and sightings there are."""
    at_once = Engine(MISSION)
    mixed = [WORLD[i] for i in chosen]
    at_once.collect((m.envelope if isinstance(m, Logged) else m, z("150800")) for m in mixed)
    shuffle.shuffle(mixed)
    engine = Engine(MISSION)
    for number, m in enumerate(mixed, 1):
        envelope = m.envelope if isinstance(m, Logged) else m
        engine.handle(Logged(number, m.subject if isinstance(m, Logged) else logged(m, 1).subject, f"m{number}",
                             z("150800"), envelope, registry.body(envelope)))  # fmt: skip
    assert engine.findings() == at_once.findings()
    restored = Engine()
    restored.restore(engine.snapshot())
    assert restored.findings() == engine.findings()
