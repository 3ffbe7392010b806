"""Ladders on virtual time: each step at its minute, once, whatever is killed in between; and none behind an answer."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import permutations

import msgspec
import pytest
from msgspec.structs import replace

from coordinator.core.alerting import Alerting
from coordinator.core.duties import Ladder, Step, Watch
from coordinator.core.mission import Acknowledge, Mission, Participant
from schemas.alerts import Alert, Told
from tests.support.desk import MINUTE, MISSION, Desk, make_finding, z

SECOND = 1_000_000
F1 = make_finding("f1", told=("xbl-batt",), arbiter="", severity="CRITICAL")
CHAIN = replace(
    MISSION,
    participants=(
        Participant(id="fhq-u3", role="hq"),
        Participant(id="joc", role="desk", superior="fhq-u3"),
        Participant(id="night", role="desk", superior="fhq-u3"),
        Participant(id="sc-hq", role="hq", superior="fhq-u3"),
        Participant(id="sn-hq", role="hq", superior="fhq-u3"),
        Participant(id="xbl-batt", superior="sc-hq", watched=True),
        Participant(id="xar-batt", superior="sn-hq", watched=True),
    ),
)


def asked(mission: Mission = CHAIN, **changes: object) -> Desk:
    """A desk with one card that XBL-BATT alone was asked to acknowledge, at 0405."""
    desk = Desk(mission)
    desk.finding("140405", replace(F1, **changes))
    return desk


def minutes(number: float) -> int:
    """Return an instant so many minutes after the card was raised."""
    return z("140405") + int(number * MINUTE)


def call(desk: Desk, about: str = "xbl-batt") -> Alert:
    """Return the one open call about a participant."""
    (found,) = [a for a in desk.of_kind("late-acknowledgement") if a.about == about]
    return found


def callers(alert: Alert) -> set[str]:
    """Return who was told."""
    return {t.participant for t in alert.told}


def of(alert: Alert, participant: str) -> Told:
    """Return what a card says of a participant."""
    return next(t for t in alert.told if t.participant == participant)


# -- each step at its time --------------------------------------------------------------------------------------------


def test_flash_goes_out_again_at_one_minute_above_at_two_and_by_voice_at_three() -> None:
    desk = asked()
    desk.until(minutes(1) - 1)
    assert of(desk.card, "xbl-batt") == Told(participant="xbl-batt", since=minutes(0), due=minutes(2))
    desk.until(minutes(1))
    told = of(desk.card, "xbl-batt")
    assert (told.second_at, told.step, told.late, desk.card.why) == (minutes(1), 1, False, "second-bearer")
    assert (desk.card.escalation, desk.card.material_rev) == (0, 1)
    assert not desk.of_kind("late-acknowledgement")
    desk.until(minutes(2))
    assert (of(desk.card, "xbl-batt").step, of(desk.card, "xbl-batt").late, desk.card.escalation) == (2, True, 1)
    assert (callers(call(desk)), call(desk).text_key) == ({"sc-hq"}, "card-late-acknowledgement")
    assert of(desk.card, "xbl-batt").voice_at is None
    desk.until(minutes(3))
    assert of(desk.card, "xbl-batt").voice_at == minutes(3)
    assert (callers(call(desk)), call(desk).text_key) == ({"sc-hq"}, "late-acknowledgement-call")
    assert desk.card.why == "voice"


@pytest.mark.parametrize(("severity", "deadline"), [("HIGH", 15), ("MEDIUM", 60)], ids=["immediate", "priority"])
def test_below_flash_who_is_above_is_asked_to_call_by_voice_at_the_deadline(severity: str, deadline: int) -> None:
    desk = asked(severity=severity)
    assert desk.until(minutes(deadline) - 1) == []
    desk.until(minutes(deadline))
    assert (callers(call(desk)), call(desk).text_key) == ({"sc-hq"}, "late-acknowledgement-call")
    assert of(desk.card, "xbl-batt").second_at is None


def test_priority_is_reported_to_who_can_decide_and_routine_to_nobody() -> None:
    desk = asked(severity="MEDIUM", arbiter="sn-hq")
    desk.act("140406", "sn-hq", desk.card)
    desk.until(minutes(60))
    assert callers(call(desk)) == {"sn-hq"}
    quiet = asked(severity="LOW")
    quiet.until(minutes(600))
    assert {a.alert_kind for a in quiet.published} == {"conflict"}


@pytest.mark.parametrize("answered", [0.5, 1.5, 2.5, 3.5])
def test_an_acknowledgement_ends_the_ladder_wherever_it_is(answered: float) -> None:
    desk = asked()
    desk.until(minutes(answered))
    desk.act(minutes(answered), "xbl-batt", desk.card)
    before = of(desk.card, "xbl-batt")
    desk.until(minutes(60))
    assert of(desk.card, "xbl-batt") == before
    assert before.step == int(answered)
    assert not desk.of_kind("late-acknowledgement")


def test_an_acknowledgement_that_is_logged_before_a_late_tick_ends_the_ladder() -> None:
    desk = asked()
    desk.now = minutes(5)  # the tick of one minute has not come yet
    desk._take(desk.logged(_ack(desk), "action", "xbl-batt"))
    desk.until(minutes(60))
    assert (of(desk.card, "xbl-batt").step, desk.of_kind("late-acknowledgement")) == (0, [])


def _ack(desk: Desk) -> msgspec.Struct:
    from schemas.acknowledgements import Action

    return Action(alert=desk.card.id, verb="acknowledge", seen_rev=desk.card.rev)


def test_a_late_tick_takes_every_step_that_is_due_at_once_and_each_once() -> None:
    desk = asked()
    desk.now = minutes(10)
    desk.until(minutes(10))
    assert (of(desk.card, "xbl-batt").step, desk.card.escalation) == (3, 1)
    assert call(desk).text_key == "late-acknowledgement-call"
    assert len([a for a in desk.published if a.alert_kind == "late-acknowledgement"]) == 1


def test_the_steps_of_flash_follow_a_mission_that_gives_another_deadline() -> None:
    desk = asked(replace(CHAIN, acknowledge=Acknowledge(flash_s=600)))
    desk.until(minutes(5))
    assert of(desk.card, "xbl-batt").second_at == minutes(5)
    desk.until(minutes(15))
    assert of(desk.card, "xbl-batt").voice_at == minutes(15)


# -- links ------------------------------------------------------------------------------------------------------------


def test_the_ladder_stands_still_while_contact_is_lost_and_another_bearer_is_used_at_once() -> None:
    desk = asked()
    desk.presence(minutes(0.5), "xbl-batt", "lost")
    told = of(desk.card, "xbl-batt")
    assert (told.due, told.second_at, told.step) == (None, minutes(0.5), 0)
    desk.until(minutes(9))
    assert (of(desk.card, "xbl-batt").step, desk.of_kind("late-acknowledgement")) == (0, [])
    desk.presence(minutes(10), "xbl-batt", "regained")
    assert of(desk.card, "xbl-batt").due == minutes(11.5)
    desk.until(minutes(11.5))
    assert (of(desk.card, "xbl-batt").second_at, callers(call(desk))) == (minutes(0.5), {"sc-hq"})


def test_whoever_is_unreachable_when_it_is_asked_gets_it_by_another_bearer_at_once() -> None:
    desk = Desk(CHAIN)
    desk.presence("140400", "xbl-batt", "lost")
    desk.finding("140405", F1)
    assert (of(desk.card, "xbl-batt").second_at, of(desk.card, "xbl-batt").due) == (minutes(0), None)


def test_whoever_is_late_already_is_called_by_voice_though_its_link_is_down() -> None:
    desk = asked()
    desk.until(minutes(2))
    desk.presence(minutes(2.5), "xbl-batt", "lost")
    desk.until(minutes(3))
    assert call(desk).text_key == "late-acknowledgement-call"


def test_a_superior_that_cannot_be_reached_is_passed_over() -> None:
    desk = asked()
    desk.presence(minutes(1), "sc-hq", "lost")
    desk.until(minutes(2))
    assert callers(call(desk)) == {"sc-hq", "fhq-u3"}


def test_a_flash_call_to_one_whose_link_goes_down_climbs_at_once() -> None:
    desk = asked()
    desk.until(minutes(2))
    desk.presence(minutes(2.5), "sc-hq", "lost")
    assert callers(call(desk)) == {"sc-hq", "fhq-u3"}
    assert of(call(desk), "fhq-u3").due == minutes(4.5)
    desk.presence(minutes(3.5), "sc-hq", "regained")
    assert callers(call(desk)) == {"sc-hq", "fhq-u3"}


def test_a_less_urgent_call_waits_for_the_notice_that_its_reader_was_lost() -> None:
    desk = asked(severity="HIGH")
    desk.until(minutes(15))
    desk.presence(minutes(16), "sc-hq", "lost")
    assert callers(call(desk)) == {"sc-hq"}


# -- nobody answers ---------------------------------------------------------------------------------------------------


def test_a_call_that_nobody_answers_climbs_to_the_top_then_to_all_desks_and_stays_one_call() -> None:
    desk = asked()
    reached = []
    for at in (2, 4, 6, 8, 30):
        desk.until(minutes(at))
        reached.append(callers(call(desk)))
    assert reached == [
        {"sc-hq"},
        {"sc-hq", "fhq-u3"},
        {"sc-hq", "fhq-u3", "joc", "night"},
        {"sc-hq", "fhq-u3", "joc", "night"},
        {"sc-hq", "fhq-u3", "joc", "night"},
    ]
    assert len(desk.of_kind("late-acknowledgement", open_only=False)) == 1
    assert (call(desk).escalation, call(desk).work, call(desk).owner) == (4, "raised", "fhq-u3")
    assert all(t.late for t in call(desk).told)
    assert desk.core.next_wake() is None or desk.core.next_wake() >= z("140900")


def test_one_who_answers_a_call_stops_it_from_climbing() -> None:
    desk = asked()
    desk.until(minutes(3))
    desk.act(minutes(3), "sc-hq", call(desk))
    assert {t.due for t in call(desk).told} == {None}
    desk.until(minutes(60))
    assert (callers(call(desk)), call(desk).owner) == ({"sc-hq"}, "sc-hq")


def test_a_call_is_never_told_to_whom_it_is_about() -> None:
    desk = Desk(CHAIN)
    desk.finding("140405", replace(F1, told=("xbl-batt", "fhq-u3"), arbiter="fhq-u3"))
    desk.until(minutes(60))
    for alert in desk.of_kind("late-acknowledgement"):
        assert alert.about not in callers(alert)


# -- ladders of the mission -------------------------------------------------------------------------------------------

LONG = Ladder(
    name="long",
    precedence="immediate",
    deadline_s=600,
    steps=(
        Step(do="second-bearer", after_s=120),
        Step(do="superior"),
        Step(do="superior", after_s=900, to=("duty-officer",)),
        Step(do="voice", after_s=1200),
    ),
)


def at(text: str) -> datetime:
    """Return an instant of 14 March 2027, as the mission file has it."""
    return datetime(2027, 3, 14, int(text[:2]), int(text[2:]), tzinfo=UTC)


ROSTER = (
    Watch(role="duty-officer", participant="joc", end=at("0415")),
    Watch(role="duty-officer", participant="night", start=at("0415")),
)


def test_a_ladder_is_mission_data_and_its_roles_are_those_on_watch_when_a_step_fires() -> None:
    """The card was raised on the day watch; the step of 15 minutes falls into the next one."""
    desk = asked(replace(CHAIN, ladders=(LONG,), roster=ROSTER), severity="HIGH")
    assert of(desk.card, "xbl-batt").due == minutes(10)
    desk.until(minutes(2))
    assert of(desk.card, "xbl-batt").second_at == minutes(2)
    desk.until(minutes(10))
    assert callers(call(desk)) == {"sc-hq"}
    desk.act(minutes(11), "sc-hq", call(desk))
    desk.until(minutes(15))
    assert callers(call(desk)) == {"sc-hq", "night"}
    desk.until(minutes(20))
    assert (call(desk).text_key, desk.card.escalation) == ("late-acknowledgement-call", 2)


def test_who_a_call_climbed_to_has_it_also_when_a_later_step_is_taken() -> None:
    slow = replace(LONG, steps=(Step(do="superior"), Step(do="voice", after_s=1800.0)))
    desk = asked(replace(CHAIN, ladders=(slow,)), severity="HIGH")
    desk.until(minutes(29))
    before = call(desk)
    desk.until(minutes(30))
    assert (before.owner, call(desk).owner, call(desk).text_key) == ("fhq-u3", "fhq-u3", "late-acknowledgement-call")


def test_a_step_tells_nobody_whom_the_card_is_hidden_from() -> None:
    """Law 6."""
    mission = replace(CHAIN, ladders=(LONG,), roster=(Watch(role="duty-officer", participant="joc"),))
    desk = asked(mission, severity="HIGH", only=("xbl-batt", "fhq-u3"))
    desk.until(minutes(25))
    assert callers(call(desk)) == {"fhq-u3"}


def test_a_card_that_is_hidden_later_is_called_about_to_somebody_who_may_know_of_it() -> None:
    desk = asked()
    desk.until(minutes(2))
    desk.finding(minutes(2.5), replace(F1, only=("xbl-batt", "fhq-u3")))
    desk.until(minutes(3))
    assert "fhq-u3" in callers(call(desk))


def test_the_roster_may_change_in_the_middle_of_a_ladder() -> None:
    desk = asked(replace(CHAIN, ladders=(LONG,), roster=ROSTER), severity="HIGH")
    desk.until(minutes(12))
    swapped = (Watch(role="duty-officer", participant="xar-batt"), Watch(role="duty-officer", participant="joc"))
    desk.config(replace(CHAIN, ladders=(LONG,), roster=swapped))
    desk.until(minutes(15))
    assert {"xar-batt", "joc"} & callers(call(desk)) == {"joc"}  # XAR-BATT neither directs XBL-BATT nor reads the log


def test_a_role_that_nobody_has_is_answered_by_who_is_above() -> None:
    only = Ladder(name="x", precedence="immediate", steps=(Step(do="superior", to=("duty-officer",)),))
    desk = asked(replace(CHAIN, ladders=(only,), roster=(Watch(role="other", participant="joc"),)), severity="HIGH")
    desk.until(minutes(15))
    assert callers(call(desk)) == {"sc-hq"}


def test_a_card_keeps_the_ladder_that_it_was_asked_with() -> None:
    desk = asked()
    desk.config(replace(CHAIN, ladders=(Ladder(name="x", precedence="flash", steps=(Step(do="superior"),)),)))
    desk.until(minutes(3))
    assert of(desk.card, "xbl-batt").step == 3


def test_a_fall_in_severity_leaves_the_ladder_alone_and_a_rise_begins_a_new_one() -> None:
    desk = asked()
    desk.finding(minutes(1.5), replace(F1, severity="HIGH"))
    desk.until(minutes(2))
    assert callers(call(desk)) == {"sc-hq"}
    risen = asked(severity="HIGH")
    risen.finding(minutes(10), F1)
    assert (of(risen.card, "xbl-batt").step, of(risen.card, "xbl-batt").due) == (0, minutes(12))
    risen.until(minutes(13))
    assert of(risen.card, "xbl-batt").voice_at == minutes(13)


def test_whoever_acknowledged_once_and_is_silent_when_asked_again_is_called_about_again() -> None:
    desk = asked()
    desk.until(minutes(2))
    desk.act(minutes(3), "xbl-batt", desk.card)
    assert not desk.of_kind("late-acknowledgement")
    desk.finding(minutes(60), replace(F1, severity="HIGH"))
    desk.finding(minutes(90), F1)
    desk.until(minutes(92))
    assert callers(call(desk)) == {"sc-hq"}


def test_a_call_goes_on_while_the_severity_comes_and_goes() -> None:
    desk = asked()
    desk.until(minutes(3))
    before = call(desk)
    for at, severity in ((4, "HIGH"), (5, "CRITICAL"), (6, "MEDIUM"), (7, "CRITICAL")):
        desk.finding(minutes(at), replace(F1, severity=severity))
        assert (call(desk).id, of(desk.card, "xbl-batt").late) == (before.id, True)
    assert {a.work for a in desk.published if a.id == before.id} == {"raised"}


# -- killed in the middle ---------------------------------------------------------------------------------------------


def from_snapshot(desk: Desk) -> None:
    """Kill alerting and start it from its last snapshot."""
    desk.restart()


def from_the_beginning(desk: Desk) -> None:
    """Kill alerting and let it read the whole log again; what it says is there already."""
    again = Alerting(desk.first)
    for message in desk.log:
        again.handle(message)
    desk.core = again


class Recorded(Desk):
    """A desk that keeps its log."""

    def __init__(self, mission: Mission) -> None:
        super().__init__(mission)
        self.first, self.log = mission, []

    def logged(self, *args: object, **named: object) -> object:
        """Return a message as it stands in the log next, and keep it."""
        message = super().logged(*args, **named)  # type: ignore[arg-type]  # as it is called
        self.log.append(message)
        return message


@pytest.mark.parametrize("kill", [from_snapshot, from_the_beginning])
@pytest.mark.parametrize("when", [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7])
def test_killed_at_any_step_no_step_is_lost_doubled_or_late(when: float, kill: Callable[[Desk], None]) -> None:
    straight, killed = (Recorded(CHAIN) for _ in "ab")
    for desk in (straight, killed):
        desk.finding("140405", F1)
        desk.until(minutes(when))
        if desk is killed:
            kill(desk)
        desk.until(minutes(60))
    assert straight.published == killed.published
    assert straight.ids == killed.ids
    assert straight.core.snapshot() == killed.core.snapshot()


@pytest.mark.parametrize("order", list(permutations(("xar-batt", "xbl-batt", "sn-hq", "sc-hq")))[::5])
@pytest.mark.parametrize("mission", [CHAIN, MISSION], ids=["two desks", "one desk"])
def test_no_name_of_a_nation_counts_on_any_step(order: tuple[str, ...], mission: Mission) -> None:
    """Law 4: nations exchange their names, and who is called when is the same, renamed."""
    named = dict(zip(("xar-batt", "xbl-batt", "sn-hq", "sc-hq"), order, strict=True))

    def name(p: str) -> str:
        return named.get(p, p)

    people = tuple(replace(p, id=name(p.id), superior=name(p.superior)) for p in mission.participants)
    ours, theirs = Desk(mission), Desk(replace(mission, participants=people))
    told = ("xbl-batt", "xar-batt", "sc-hq")
    ours.finding("140405", replace(F1, told=told, arbiter="fhq-u3"))
    theirs.finding("140405", replace(F1, told=tuple(map(name, told)), arbiter="fhq-u3"))
    for desk in (ours, theirs):
        desk.until(minutes(60))

    def calls(desk: Desk, rename: Callable[[str], str]) -> set[tuple[object, ...]]:
        return {
            (rename(a.about), rename(a.owner), frozenset(map(rename, callers(a))), a.escalation, a.raised_at)
            for a in desk.of_kind("late-acknowledgement")
        }

    assert calls(ours, name) == calls(theirs, lambda p: p)
