"""The clock of a CASEVAC: 10-1-2 from the injury, who decides, launch states, and what is late. domain.md §1.6, V2."""

import itertools
import random
from typing import Any

import pytest
from msgspec.structs import replace

from coordinator import config
from coordinator.core.measures import Casevac
from coordinator.core.mission import Mission
from coordinator.demo.vignette import moment
from coordinator.texts import say
from schemas import registry
from schemas.alerts import Alert
from schemas.label import Label
from schemas.reports import MedevacRequest
from schemas.time import TimeValue
from tests.scenarios.test_v2 import read
from tests.support.desk import MINUTE, z
from tests.support.medical import ID, MISSION, VIGNETTE, Ward, airtask, asked, at, status

CLOCK, LATE, UNDECIDED = "casevac-clock", "casevac-launch-late", "casevac-undecided"


def played(*steps: int, until: str = "") -> Ward:
    """Return the log of V2 behind some of its steps."""
    ward = Ward()
    for number in steps:
        for envelope in read(VIGNETTE, number):
            ward.say(replace(envelope, created=None), VIGNETTE.step(number).time, stamped=False)
    if until:
        ward.until(until)
    return ward


def card(ward: Ward) -> Alert:
    """Return the one card of the evacuation."""
    [found] = [a for a in ward.board.values() if a.alert_kind == "medical" and not a.card]
    return found


def owing(alert: Alert) -> set[str]:
    return {t.participant for t in alert.told if t.due is not None}


# -- V2 ----------------------------------------------------------------------------------------------------------------


def test_a_casevac_is_one_flash_card_that_each_who_must_act_owes_an_answer_to_in_two_minutes():
    ward = played(8)
    found = card(ward)
    assert (found.severity, found.text_key, found.args["start_at"]) == ("Extreme", CLOCK, z("142008"))
    assert owing(found) == {"se-hq", "fhq-maoc", "xhu-l2"}
    assert {t.due for t in found.told if t.due} == {z("142014")}
    assert {t.participant for t in found.told} - owing(found) == {"xar-batt", "sn-hq"}  # who asked, and who is above it
    assert [x.args["mark_at"] for x in found.lines if x.text_key == "casevac-mark"] == [
        z("142018"), z("142108"), z("142208"),
    ]  # fmt: skip


def test_the_whole_of_v2_ends_39_minutes_after_the_injury_and_10_1_2_is_met():
    ward = played(8, 9, 91, 16, 17, 19, until="150000")
    found = card(ward)
    assert (found.text_key, found.work) == ("casevac-received", "resolved")
    assert (found.args["minutes"], found.args["verdict"], found.args["done_at"]) == ("39", "met", z("142047"))
    assert ward.marks() == dict.fromkeys(("first-aid", "resuscitation", "surgery"), "met")
    assert [a for a in ward.board.values() if a.card and a.text_key in (LATE, UNDECIDED)] == []


def test_a_promise_an_order_and_a_launch_are_said_as_they_are_said():
    ward, states = Ward(), []
    for number in (8, 9, 16, 17, 19):
        for envelope in read(VIGNETTE, number):
            ward.say(replace(envelope, created=None), VIGNETTE.step(number).time, stamped=False)
        states.append(card(ward).args.get("state", "done"))
    assert states == ["asked", "planned", "ordered", "in-motion", "done"]
    said = {say(CLOCK, "en", what="CASEVAC", request=ID, basis="injury", start_at="x", state=s) for s in states}
    assert len(said) == 5


def test_an_order_to_fly_is_a_plan_until_somebody_says_ordered():
    ward = Ward()
    ward.say(asked())
    ward.say(airtask())
    assert card(ward).args["state"] == "planned"


def test_without_wheels_up_the_launch_is_late_at_2027z_and_also_for_who_was_ordered():
    ward = played(8, 9, 91, 16, until="142026")
    assert ward.text(LATE) is None
    ward.until("142027")
    late = ward.text(LATE)
    assert late is not None
    assert (late.raised_at, late.severity, late.card) == (z("142027"), "Extreme", card(ward).id)
    assert owing(late) == {"se-hq", "fhq-maoc", "xhu-l2", "xdr-avn"}
    ward.say(status("in-motion", "xdr-avn", "142031"))
    assert ward.text(LATE) is None
    assert ward.board[late.id].work == "resolved"


def test_a_launch_that_was_said_in_time_and_heard_late_ends_the_alert():
    ward = played(8, 9, 91, 16, until="142030")
    assert ward.text(LATE)
    ward.say(status("in-motion", "xdr-avn", "142023"), "142033")
    assert ward.text(LATE) is None


def test_an_update_of_the_request_and_its_copies_are_no_second_card():
    ward = played(8, 9, 11, 11, 11)
    assert len(ward.of_kind("medical")) == 1
    assert card(ward).args["start_at"] == z("142008")


# -- the clock ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("injured", "basis", "start"),
    [
        (at("142008"), "injury", "142008"),
        (None, "request", "142012"),
        (TimeValue(raw="unknown", quality="unknown"), "request", "142012"),
        (replace(at("142008"), quality="placeholder"), "request", "142012"),
        (replace(at("142000"), precision="day"), "request", "142012"),
        (replace(at("142008"), quality="zone_inferred"), "about", "142008"),
        (replace(at("142000"), precision="hour"), "about", "142000"),
        (at("142058"), "request", "142012"),  # after it was reported: nobody can know that
    ],
)
def test_the_clock_runs_from_the_injury_or_says_that_it_does_not(injured: TimeValue | None, basis: str, start: str):
    ward = Ward()
    ward.say(asked(injured_at=injured))
    assert (card(ward).args["basis"], card(ward).args["start_at"]) == (basis, z(start))
    assert card(ward).lines[0].args["mark_at"] == z(start) + 10 * MINUTE


def test_the_time_of_injury_may_come_later():
    ward = Ward()
    ward.say(asked(injured_at=None))
    ward.say(asked("142014", envelope={"revision": 2, "status": "update"}))
    assert (card(ward).args["basis"], card(ward).args["start_at"]) == ("injury", z("142008"))
    ward.say(asked("142015", injured_at=None, envelope={"revision": 3, "status": "update"}))
    assert card(ward).args["basis"] == "injury"  # what was known is not forgotten


def test_first_aid_that_nobody_reported_is_not_called_missed():
    ward = Ward()
    ward.say(asked(details=()))
    assert ward.marks()["first-aid"] == "open"
    ward.until("142018")
    assert ward.marks()["first-aid"] == "unreported"
    ward.say(status("in-motion", "xdr-avn", "142021"))
    ward.say(status("done", "xhu-l2", "142047"))
    assert card(ward).args["verdict"] == "unreported"


def test_each_mark_that_is_missed_calls_one_more_headquarters():
    ward = Ward()
    ward.say(asked())
    ward.say(status("in-motion", "xdr-avn", "142020"))
    ward.until("142107")
    before = card(ward)
    assert not {"fhq-u3", "sn-hq"} & owing(before)
    for time, mark, called in (("142108", "resuscitation", {"fhq-u3"}), ("142208", "surgery", {"fhq-u3", "sn-hq"})):
        ward.until(time)
        assert ward.marks()[mark] == "missed"
        assert called <= owing(card(ward))
    assert card(ward).material_rev > before.material_rev  # an older acknowledgement has not seen it
    ward.say(status("done", "xhu-l2", "142230"))
    assert (card(ward).args["verdict"], card(ward).work) == ("missed", "resolved")


def test_the_marks_are_the_missions():
    ward = Ward(replace(MISSION, casevac=Casevac(first_aid_s=300, resuscitation_s=1800, surgery_s=3600)))
    ward.say(asked())
    assert [x.args["mark_at"] for x in card(ward).lines[:3]] == [z("142013"), z("142038"), z("142108")]


def test_a_clock_that_the_mission_changes_counts_at_once():
    ward = Ward()
    ward.say(asked())
    ward.until("142014")
    ward.config(replace(MISSION, casevac=Casevac(approves="fhq-maoc", approval_s=60)))
    assert ward.text(UNDECIDED)


# -- the decision ------------------------------------------------------------------------------------------------------


def test_a_decision_that_takes_longer_than_ten_minutes_is_a_card_for_who_decides_and_climbs():
    ward = Ward()
    ward.say(asked())
    ward.say(status("planned", "fhq-maoc", "142013"))  # a promise is no decision
    ward.until("142021")
    assert ward.text(UNDECIDED) is None
    ward.until("142022")
    late = ward.text(UNDECIDED)
    assert late is not None
    assert (late.owner, late.args["asked_at"]) == ("fhq-maoc", z("142012"))
    assert {t.participant for t in late.told} == {"fhq-maoc", "fhq-u3"}
    ward.until("142032")
    again = ward.text(UNDECIDED)
    assert again is not None
    assert {t.participant for t in again.told} == {"fhq-maoc", "fhq-u3", "sn-hq"}
    ward.say(status("ordered", "fhq-maoc", "142033"))
    assert ward.text(UNDECIDED) is None


def test_without_a_name_in_the_mission_whoever_is_above_all_who_were_asked_decides():
    ward = Ward(replace(MISSION, casevac=Casevac()))
    ward.say(asked())
    assert card(ward).args["who_decides"] == "fhq-u3"
    assert "fhq-u3" in owing(card(ward))  # and knows that it does


def test_who_may_not_know_of_a_request_does_not_decide_on_it():
    ward = Ward()
    ward.say(asked(to=("se-hq",), envelope={"label": Label(releasable_to=("se-hq",))}))
    assert (card(ward).args["who_decides"], card(ward).owner) == ("se-hq", "se-hq")


def test_the_board_names_who_decides_as_the_card_does_and_never_who_may_not_know_of_it():
    ward = Ward()
    ward.say(asked(to=("se-hq",), envelope={"label": Label(releasable_to=("se-hq",))}))
    source: Any = ward.core.source("casevac")
    [shown] = source.cases("se-hq", ward.now)
    assert (shown.who_decides, shown.owner) == ("se-hq", "se-hq")


def test_whoever_decides_on_launches_is_told_of_a_request_that_nobody_sent_to_it():
    ward = Ward()
    ward.say(asked(to=()))
    assert "fhq-maoc" in owing(card(ward))
    assert card(ward).args["who_decides"] == "fhq-maoc"


def test_a_promise_that_is_taken_back_leaves_the_decision_open():
    ward = Ward()
    ward.say(asked())
    ward.say(status("ordered", "fhq-maoc", "142014"))
    ward.say(status("refused", "fhq-maoc", "142016"))
    assert card(ward).args["state"] == "asked"
    ward.until("142022")
    assert ward.text(UNDECIDED)


def test_what_is_refused_by_who_commands_or_withdrawn_stops_every_clock():
    for end in (
        status("refused", "fhq-u3", "142020"),
        asked("142020", envelope={"revision": 2, "status": "cancel"}),
    ):
        ward = Ward()
        ward.say(asked())
        ward.say(end)
        ward.until("150000")
        assert (card(ward).text_key, card(ward).work) == ("casevac-state", "resolved")
        assert ward.marks()["surgery"] == "stopped"
        assert ward.text(LATE) is None
        assert ward.text(UNDECIDED) is None


def test_an_order_that_was_cancelled_lets_nobody_wait_for_a_launch():
    ward = Ward()
    ward.say(asked())
    ward.say(airtask())
    ward.say(replace(airtask(time="142015"), revision=2, status="cancel"))
    ward.until("142027")
    assert ward.text(LATE) is None


# -- MEDEVAC -----------------------------------------------------------------------------------------------------------


def test_a_medevac_between_facilities_has_states_and_a_decision_and_no_10_1_2():
    ward = Ward()
    ward.say(asked(mission_kind="medevac"))
    found = card(ward)
    assert (found.text_key, found.args["what"], ward.marks()) == ("casevac-state", "MEDEVAC", {})
    assert found.severity == "Extreme"  # one of its patients is urgent
    ward.until("142022")
    assert ward.text(UNDECIDED)
    ward.say(status("ordered", "fhq-maoc", "142024"))
    ward.say(status("done", "xhu-l2", "142300"))
    assert card(ward).work == "resolved"


# -- who may know ------------------------------------------------------------------------------------------------------


def test_a_status_for_some_eyes_only_moves_nothing_on_a_card_for_all():
    secret = Label(releasable_to=("fhq-u3",))
    ward = Ward()
    ward.say(asked())
    ward.say(status("ordered", "fhq-maoc", "142014", label=secret))
    assert card(ward).args["state"] == "asked"
    assert secret.releasable_to == ("fhq-u3",)
    source: Any = ward.core.source("casevac")
    assert [c.state for c in source.cases("fhq-u3", ward.now)] == ["ordered"]
    assert [c.state for c in source.cases("se-hq", ward.now)] == ["asked"]


def test_a_board_says_how_far_it_is_as_the_card_does_and_names_nobody_whose_word_the_reader_does_not_get():
    """The hospital is sent no status: it learns that there is a promise, not by whom."""
    ward = played(8, 9)
    source: Any = ward.core.source("casevac")
    [here], [there] = source.cases("xhu-l2", ward.now), source.cases("fhq-maoc", ward.now)
    assert here.state == there.state == card(ward).args["state"] == "planned"
    assert {w.by for w in here.words} == {"xar-batt"}
    assert {w.by for w in there.words} == {"xar-batt", "fhq-maoc"}
    assert (here.acting, there.acting) == ((), ("xdr-avn",))


def test_a_request_for_some_eyes_only_is_known_to_nobody_else():
    ward = Ward()
    ward.say(asked(envelope={"label": Label(releasable_to=("fhq-maoc", "xhu-l2"))}))
    found = card(ward)
    assert {t.participant for t in found.told} <= {"xar-batt", "fhq-maoc", "xhu-l2"}
    assert found.only is not None
    assert "se-hq" not in found.only
    ward.until("142022")
    late = ward.text(UNDECIDED)
    assert late is not None
    assert {t.participant for t in late.told} == {"fhq-maoc"}


def test_a_time_of_injury_that_one_of_them_may_not_read_starts_no_clock_that_all_read():
    hidden = {"injured_at": Label(releasable_to=("fhq-maoc",)), "requested_at": Label(releasable_to=("fhq-maoc",))}
    ward = Ward()
    ward.say(asked(envelope={"field_labels": hidden}))
    assert card(ward).args["basis"] == "request"


def test_two_revisions_without_a_common_reader_are_two_cards_and_none_is_mute():
    one, other = Label(releasable_to=("se-hq",)), Label(releasable_to=("fhq-maoc",))
    ward = Ward(replace(MISSION, casevac=Casevac()))
    ward.say(asked(to=("se-hq",), envelope={"label": one}))
    ward.say(asked("142014", to=("fhq-maoc",), envelope={"label": other, "revision": 2}))
    by_card = [owing(a) for a in ward.of_kind("medical")]
    assert sorted(by_card, key=sorted) == [{"fhq-maoc"}, {"se-hq"}]


def test_who_is_told_if_nobody_was_asked_is_the_headquarters_above():
    ward = Ward(replace(MISSION, casevac=Casevac()))
    ward.say(asked(to=()))
    assert owing(card(ward)) == {"sn-hq"}


def test_whom_the_mission_names_must_act_on_every_request():
    ward = Ward(replace(MISSION, casevac=Casevac(tell=("fhq-u3",))))
    ward.say(asked())
    assert "fhq-u3" in owing(card(ward))


# -- laws --------------------------------------------------------------------------------------------------------------

DAY = (
    asked(), airtask(), status("planned", "fhq-maoc", "142013"), status("refused", "xhu-l2", "142014"),
    asked("142015", envelope={"revision": 2, "status": "update"}), status("ordered", "fhq-maoc", "142021"),
)  # fmt: skip


def state_of(ward: Ward) -> list[tuple[Any, ...]]:
    open_ = sorted(
        (a for a in ward.board.values() if a.alert_kind == "medical" and a.work == "raised"), key=lambda a: a.id
    )
    return [(a.id, a.text_key, a.args, a.lines, a.severity, {t.participant for t in a.told}, a.only) for a in open_]


def arrived(order: tuple[Any, ...], until: str, mission: Mission = MISSION) -> Ward:
    ward = Ward(mission)
    for envelope in order:
        ward.say(envelope, "142025")
    ward.until(until)
    return ward


@pytest.mark.parametrize("until", ["142025", "142027", "142109"])
def test_the_order_of_arrival_does_not_matter(until: str):
    wanted = state_of(arrived(DAY, until))
    assert len(wanted) >= 1
    some = list(itertools.permutations(DAY))
    for order in random.Random(7).sample(some, 12):
        assert state_of(arrived((*order, order[0]), until)) == wanted


def test_a_restart_in_the_middle_of_each_clock_changes_nothing():
    steps: list[Any] = [*DAY, "142019", "142023", "142028", status("in-motion", "xdr-avn", "142029"), "142110",
                        status("done", "xhu-l2", "142112")]  # fmt: skip
    plain, killed = Ward(), Ward()
    for step in steps:
        for ward in (plain, killed):
            ward.until(step) if isinstance(step, str) else ward.say(step)
        killed.restart()
    assert killed.ids == plain.ids
    assert [a.rev for a in killed.published] == [a.rev for a in plain.published]


def test_what_is_over_is_forgotten_and_what_is_open_is_not():
    ward = Ward()
    ward.say(asked())
    ward.say(replace(asked(), id="OTHER-1"), "142013")
    ward.say(status("done", "xhu-l2", "142047"))
    for hour in (150100, 160000, 170000):
        ward.say(replace(airtask(), id=f"AIRTASK-{hour}", references=()), str(hour))
    source: Any = ward.core.source("casevac")
    assert [c.request for c in source.cases("fhq-u3", ward.now)] == ["OTHER-1"]


def test_a_thousand_words_of_one_participant_cost_no_more_than_a_hundred():
    ward = Ward()
    ward.say(asked())
    for n in range(120):
        ward.say(replace(status("planned", "fhq-maoc", "142013"), id=f"S-{n}"))
    source: Any = ward.core.source("casevac")
    [found] = source.cases("fhq-u3", ward.now)
    assert len(found.words) <= 102


def test_no_text_of_a_card_can_hold_a_name_of_a_patient():
    ward = Ward()
    ward.say(asked())
    held = registry.encode(card(ward))
    assert b"tourniquet" not in held
    assert not {f for f in MedevacRequest.__struct_fields__ if "name" in f} - {"pickup_name"}
    assert moment("142008ZMAR27") == z("142008")


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        (Casevac(approves="nobody"), "casevac.approves"),
        (Casevac(tell=("se-hq", "nobody")), "casevac.tell[1]"),
        (Casevac(first_aid_s=0), "casevac"),
        (Casevac(surgery_s=60), "casevac"),
        (Casevac(launch_s=-1), "casevac.launch_s"),
    ],
)
def test_a_mission_whose_clock_cannot_be_meant_is_refused(rows: Casevac, path: str):
    assert [f.path for f in config.lint(replace(MISSION, casevac=rows))] == [path]
    assert config.lint(MISSION) == []
