"""Cards over time: who is asked, how long, who is called, what an officer is answered."""

import pytest
from msgspec.structs import replace

from coordinator.core import routing
from coordinator.core.alerting import Alerting
from coordinator.core.mission import Acknowledge, Cards
from schemas.alerts import Alert
from schemas.findings import Party
from tests.support.desk import HOUR, MINUTE, MISSION, Desk, make_evidence, make_finding, z

F1 = make_finding("f1")
EVERYBODY = ("sn-hq", "xar-batt", "xbl-batt", "fhq-u3")


def opened(**changes: object) -> Desk:
    """A desk with one card, raised at 0405."""
    desk = Desk()
    desk.finding("140405", replace(F1, **changes))
    return desk


def raised(alerts: list[Alert], kind: str = "late-acknowledgement") -> list[str]:
    """Whom new alerts of a kind are about."""
    new = {"raised", "reopened"}
    return [a.about for a in alerts if a.alert_kind == kind and a.work == "raised" and new & {*a.why.split()}]


# -- clocks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "minutes"), [("CRITICAL", 2), ("HIGH", 15), ("MEDIUM", 60)], ids=["flash", "immediate", "priority"]
)
def test_each_precedence_has_its_deadline(severity: str, minutes: int) -> None:
    desk = opened(severity=severity)
    assert {t.due for t in desk.card.told} == {z("140405") + minutes * MINUTE}
    assert raised(desk.until(z("140405") + minutes * MINUTE - 1)) == []
    assert sorted(raised(desk.until(z("140405") + minutes * MINUTE))) == sorted(EVERYBODY)
    assert desk.card.escalation == 4


def test_routine_asks_for_nothing() -> None:
    desk = opened(severity="LOW")
    assert {t.due for t in desk.card.told} == {None}
    desk.until("140900")
    assert not desk.of_kind("late-acknowledgement")
    assert desk.card.work == "raised"
    desk.act("140900", "sn-hq", desk.card)
    assert desk.card.work == "acknowledged"


def test_the_clock_stands_still_while_contact_is_lost() -> None:
    desk = opened(told=("xbl-batt",))
    desk.presence("140410", "xbl-batt", "lost")
    assert (desk.told("xbl-batt").due, desk.told("xbl-batt").unreachable) == (None, True)
    assert "xbl-batt" not in raised(desk.until("140500"))
    desk.presence("140500", "xbl-batt", "regained")
    assert (desk.told("xbl-batt").due, desk.told("xbl-batt").unreachable) == (z("140510"), False)
    assert raised(desk.until(z("140510") - 1)) == []
    assert raised(desk.until("140510")) == ["xbl-batt"]


def test_whoever_is_told_while_unreachable_has_all_its_time_afterwards() -> None:
    desk = Desk()
    desk.presence("140400", "xbl-batt", "lost")
    desk.finding("140405", F1)
    assert desk.told("xbl-batt").due is None
    desk.presence("140600", "xbl-batt", "regained")
    assert desk.told("xbl-batt").due == z("140615")


def test_a_deadline_that_passed_before_contact_was_lost_still_rings() -> None:
    desk = opened()
    desk.now = z("140421")  # the tick is late: the loss is logged before it
    desk.contact("xbl-batt", "lost", desk.now)
    assert "xbl-batt" in raised(desk.until("140421"))


def test_a_new_party_does_not_restart_the_clocks_of_others() -> None:
    desk = opened(told=("sn-hq",))
    desk.act("140406", "fhq-u3", desk.card)
    desk.finding("140410", make_finding("f2", parties=F1.parties, told=("sc-hq",)))
    assert desk.told("sn-hq").due == z("140420")
    assert desk.told("fhq-u3").acknowledged_at == z("140406")
    assert desk.told("sc-hq").due == z("140425")


def test_a_rise_in_severity_asks_everybody_again() -> None:
    desk = opened(severity="MEDIUM")
    for p in EVERYBODY:
        desk.act("140406", p, desk.card)
    assert desk.card.work == "acknowledged"
    desk.finding("140410", replace(F1, severity="CRITICAL"))
    assert desk.card.work == "raised"
    assert desk.card.material_rev == desk.card.rev
    assert {(t.due, t.acknowledged_at) for t in desk.card.told} == {(z("140412"), None)}


def test_a_fall_in_severity_leaves_deadlines_and_acknowledgements_alone() -> None:
    desk = opened()
    desk.act("140406", "sn-hq", desk.card)
    desk.finding("140410", replace(F1, severity="MEDIUM"))
    assert desk.told("sn-hq").acknowledged_at == z("140406")
    assert desk.told("xbl-batt").due == z("140420")


def test_a_severity_that_fell_and_rises_again_asks_again() -> None:
    desk = opened()
    desk.act("140406", "sn-hq", desk.card)
    desk.finding("140410", replace(F1, severity="MEDIUM"))
    desk.finding("140500", replace(F1, severity="HIGH"))
    assert (desk.told("sn-hq").acknowledged_at, desk.told("sn-hq").due) == (None, z("140515"))


def test_whoever_has_nothing_to_do_with_it_any_more_is_left_alone_until_it_has_again() -> None:
    desk = opened(told=("sn-hq",))
    second = make_finding("f2", parties=F1.parties, told=("xbl-batt",))
    desk.finding("140405", second)
    assert "xbl-batt" in raised(desk.until("140420"))
    desk.finding("140430", replace(second, state="closed"))
    assert "xbl-batt" not in [a.about for a in desk.of_kind("late-acknowledgement")]
    assert desk.told("xbl-batt").due is None
    desk.finding("140440", second)
    assert (desk.told("xbl-batt").due, desk.told("xbl-batt").late) == (z("140455"), False)
    assert raised(desk.until("140455")) == ["xbl-batt"]


def test_somebody_is_called_once_for_each_severity() -> None:
    desk = opened(told=("xbl-batt",), severity="MEDIUM")
    assert "xbl-batt" in raised(desk.until("140505"))
    assert raised(desk.until("140800")) == []
    changed = desk.finding("140800", replace(F1, told=("xbl-batt",), severity="CRITICAL"))
    assert [a.work for a in changed if a.about == "xbl-batt"] == ["resolved"]
    assert "xbl-batt" in raised(desk.until("140802"))
    assert len([a for a in desk.of_kind("late-acknowledgement") if a.about == "xbl-batt"]) == 1
    desk.finding("140803", replace(F1, told=("xbl-batt",), severity="MEDIUM"))
    desk.finding("140804", replace(F1, told=("xbl-batt",), severity="CRITICAL"))
    assert raised(desk.until("140900")) == []


def test_a_late_acknowledgement_ends_the_call() -> None:
    desk = opened()
    desk.until("140420")
    desk.act("140430", "xbl-batt", desk.card)
    assert "xbl-batt" not in [a.about for a in desk.of_kind("late-acknowledgement")]
    assert desk.told("xbl-batt").late
    assert desk.told("xbl-batt").acknowledged_at == z("140430")


def test_the_arbiter_itself_is_reported_to_somebody_else() -> None:
    desk = opened()
    desk.until("140420")
    (call,) = [a for a in desk.of_kind("late-acknowledgement") if a.about == "fhq-u3"]
    assert [t.participant for t in call.told] == ["sc-hq", "sn-hq"]


def test_a_call_can_be_acknowledged_itself() -> None:
    desk = opened()
    desk.until("140420")
    call = next(a for a in desk.of_kind("late-acknowledgement") if a.about == "xbl-batt")
    (taken,) = desk.act("140421", "fhq-u3", call)
    assert (taken.work, taken.owner, taken.told[0].acknowledged_at) == ("acknowledged", "fhq-u3", z("140421"))
    assert desk.act("140422", "fhq-u3", taken) == []


def test_deadlines_are_mission_data() -> None:
    desk = Desk()
    desk.config(replace(MISSION, acknowledge=Acknowledge(immediate_s=60)))
    desk.finding("140405", F1)
    assert desk.told("xbl-batt").due == z("140406")


# -- what an officer does ---------------------------------------------------------------------------------------------


def test_an_acknowledgement_of_an_old_revision_is_answered_and_not_accepted() -> None:
    desk = opened(severity="MEDIUM")
    seen = desk.card
    desk.finding("140410", replace(F1, severity="HIGH"))
    before = desk.card
    (answer,) = desk.act("140411", "sn-hq", seen)
    assert desk.card == before
    assert (answer.alert_kind, answer.text_key, answer.work) == ("not-accepted", "not-accepted-stale", "resolved")
    assert ([t.participant for t in answer.told], answer.card) == (["sn-hq"], before.id)
    assert answer.answers.startswith("act-")


def test_a_change_that_is_not_material_does_not_refuse_an_acknowledgement() -> None:
    desk = opened()
    seen = desk.card
    desk.act("140406", "xar-batt", seen)
    desk.act("140407", "sn-hq", seen)
    assert desk.told("sn-hq").acknowledged_rev == seen.rev


@pytest.mark.parametrize("alert", ["nothing-of-that-name", "f1"])
def test_a_card_that_was_not_shown_to_somebody_does_not_exist_for_him(alert: str) -> None:
    desk = opened(told=("xbl-batt",))
    card = replace(desk.card, id=desk.card.id if alert == "f1" else alert)
    (answer,) = desk.act("140406", "ocha-cmc", card)
    assert (answer.text_key, answer.card) == ("not-accepted-unknown", card.id)
    assert [t.participant for t in answer.told] == ["ocha-cmc"]


def test_an_action_on_a_card_that_went_into_another_one_says_where_it_is_now() -> None:
    desk = Desk()
    desk.finding("140405", make_finding("f2"))
    seen = desk.card
    desk.finding("140406", make_finding("f1"))
    (answer,) = desk.act("140407", "sn-hq", seen)
    assert (answer.text_key, answer.card) == ("not-accepted-merged", desk.card.id)


def test_nothing_is_left_to_do_on_a_settled_card() -> None:
    desk = opened()
    card = desk.card
    desk.finding("140410", replace(F1, state="closed"))
    (answer,) = desk.act("140411", "sn-hq", desk.board[card.id])
    assert answer.text_key == "not-accepted-settled"


@pytest.mark.parametrize("verb", ["note", "waive"])
def test_verbs_that_alerting_does_not_carry_out(verb: str) -> None:
    desk = opened()
    assert desk.act("140406", "sn-hq", desk.card, verb) == []


def test_an_officer_can_escalate_whatever_he_has_seen() -> None:
    desk = opened(severity="MEDIUM")
    seen = desk.card
    desk.finding("140406", F1)
    (card,) = desk.act("140407", "sn-hq", seen, "escalate", seen=seen.rev)
    assert (card.escalation, card.why) == (1, "escalated")


def test_acknowledging_twice_says_nothing_new() -> None:
    desk = opened()
    desk.act("140406", "sn-hq", desk.card)
    assert desk.act("140407", "sn-hq", desk.card) == []


def test_a_contingent_that_acknowledges_does_not_take_the_card_from_its_arbiter() -> None:
    desk = opened()
    desk.act("140406", "xbl-batt", desk.card)
    assert desk.card.owner == "fhq-u3"
    desk.act("140407", "sn-hq", desk.card)
    assert desk.card.owner == "sn-hq"


# -- the life of a card -----------------------------------------------------------------------------------------------


def test_info_is_on_no_card() -> None:
    assert opened(severity="INFO").published == []


def test_a_card_whose_only_finding_became_info_is_resolved() -> None:
    desk = opened()
    card = desk.card
    desk.finding("140410", replace(F1, severity="INFO"))
    assert desk.board[card.id].work == "resolved"
    desk.finding("140411", F1)
    assert (desk.card.id, desk.card.work) == (card.id, "raised")


def test_a_waived_finding_needs_nobody() -> None:
    desk = opened()
    card = desk.card
    desk.finding("140410", replace(F1, state="waived"))
    assert desk.board[card.id].work == "resolved"
    assert desk.until("140600") == []


def test_a_card_that_is_reopened_is_asked_about_again() -> None:
    desk = opened()
    for p in EVERYBODY:
        desk.act("140406", p, desk.card)
    desk.finding("140410", replace(F1, state="closed"))
    assert desk.of_kind("conflict") == []
    desk.finding("140500", F1)
    assert (desk.card.work, desk.card.owner, desk.card.why.split()[0]) == ("raised", "fhq-u3", "reopened")
    assert {(t.acknowledged_at, t.due) for t in desk.card.told} == {(None, z("140515"))}


def test_a_later_problem_at_the_same_place_is_another_card() -> None:
    desk = opened()
    desk.finding("140410", replace(F1, state="closed"))
    desk.finding("140500", make_finding("f0", first_at=z("140500")))
    assert [m.finding for m in desk.card.members] == ["f0"]


def test_when_cards_merge_the_others_say_into_which_and_nobody_is_asked_again() -> None:
    desk = Desk()
    far = make_evidence(at=(-27.03, 2.0))
    desk.finding("140405", make_finding("f2"))
    desk.finding("140405", make_finding("f3", evidence=far, told=("sc-hq",)))
    first, second = sorted(desk.of_kind("conflict"), key=lambda a: a.members[0].finding)
    desk.act("140406", "sn-hq", first)
    desk.until("140420")
    calls = {a.about for a in desk.of_kind("late-acknowledgement")}
    desk.finding("140430", make_finding("f1", evidence=make_evidence(at=(-27.015, 2.0))))
    assert len(desk.card.members) == 3
    assert set(desk.card.merged_from) == {first.id, second.id}
    assert {desk.board[c.id].merged_into for c in (first, second)} == {desk.card.id}
    assert {desk.board[c.id].work for c in (first, second)} == {"superseded"}
    assert desk.told("sn-hq").acknowledged_at == z("140406")
    assert {a.about for a in desk.of_kind("late-acknowledgement")} == calls
    assert {a.card for a in desk.of_kind("late-acknowledgement")} == {desk.card.id}
    assert raised(desk.until("140600")) == []


LEFT, BRIDGE, RIGHT = (
    make_finding(name, evidence=make_evidence(at=(lon, 2.0)), told=told)
    for name, lon, told in (("f1", -27.0, EVERYBODY), ("f2", -27.015, EVERYBODY), ("f3", -27.03, ("sc-hq", "sn-hq")))
)


def fallen_apart(at: str) -> Desk:
    """A desk with a card of three findings in a row, the middle one closed at that time."""
    desk = Desk()
    for finding in (LEFT, BRIDGE, RIGHT):
        desk.finding("140405", finding)
    for p in ("sc-hq", "sn-hq"):
        desk.act("140406", p, desk.card)
    desk.finding(at, replace(BRIDGE, state="closed"))
    return desk


def parts(desk: Desk) -> dict[tuple[str, ...], Alert]:
    """Open cards, by their findings."""
    return {tuple(m.finding for m in a.members): a for a in desk.of_kind("conflict")}


def test_a_card_that_falls_apart_keeps_its_name_where_its_smallest_member_is() -> None:
    desk = fallen_apart("140410")
    whole = desk.published[0]
    assert set(parts(desk)) == {("f1", "f2"), ("f3",)}
    assert parts(desk)["f1", "f2"].id == whole.id


def test_what_was_acknowledged_on_the_whole_is_acknowledged_on_each_part() -> None:
    desk = fallen_apart("140410")
    told = {t.participant: t for t in parts(desk)[("f3",)].told}
    assert (told["sc-hq"].acknowledged_at, told["sn-hq"].acknowledged_at) == (z("140406"), z("140406"))
    assert told["fhq-u3"].due == z("140420")


def test_lateness_on_the_whole_is_called_about_on_each_part() -> None:
    desk = fallen_apart("140430")
    assert raised(desk.until("140431")) == ["fhq-u3"]
    assert {a.card for a in desk.of_kind("late-acknowledgement") if a.about == "fhq-u3"} == {
        a.id for a in desk.of_kind("conflict")
    }


def test_a_card_that_went_into_another_one_can_come_back() -> None:
    desk = Desk()
    desk.finding("140405", LEFT)
    desk.finding("140405", RIGHT)
    before = {a.id for a in desk.of_kind("conflict")}
    desk.finding("140406", BRIDGE)
    assert len(desk.card.merged_from) == 1
    desk.finding("140410", replace(BRIDGE, state="closed"))
    assert {a.id for a in desk.of_kind("conflict")} == before
    assert {(a.merged_from, a.merged_into) for a in desk.of_kind("conflict")} == {((), "")}


def test_a_new_name_does_not_call_about_the_same_severity_again() -> None:
    desk = Desk()
    desk.finding("140405", BRIDGE)
    desk.until("140420")
    desk.finding("140421", LEFT)
    for severity in ("MEDIUM", "HIGH"):
        desk.finding("140422", replace(LEFT, severity=severity))
        desk.finding("140422", replace(BRIDGE, severity=severity))
    assert raised(desk.until("140500")) == []


def test_narrower_tolerances_take_a_card_apart_at_its_next_change() -> None:
    desk = Desk()
    for finding in (LEFT, BRIDGE, RIGHT):
        desk.finding("140405", finding)
    desk.config(replace(MISSION, cards=Cards(distance_m=100)))
    desk.finding("140410", replace(LEFT, state="acknowledged"))
    assert set(parts(desk)) == {("f1",), ("f2",), ("f3",)}


def test_a_window_that_moves_out_is_material_and_one_that_shrinks_is_not() -> None:
    desk = opened()
    desk.finding("140406", replace(F1, evidence=make_evidence("141010", "141040")))
    assert (desk.card.rev, desk.card.material_rev) == (2, 1)
    desk.finding("140407", replace(F1, evidence=make_evidence("141010", "141130")))
    assert (desk.card.material_rev, desk.card.why) == (3, "moved")
    desk.finding("140408", replace(F1, evidence=make_evidence("141010", "141130", at=(-27.001, 2.0))))
    assert (desk.card.material_rev, desk.card.why) == (4, "moved")


def test_urgency_follows_the_clock() -> None:
    desk = opened()
    for at, urgency in (("140900", "Expected"), ("140945", "Immediate"), ("141045", "Past")):
        assert desk.card.urgency != urgency
        desk.until(at)
        assert desk.card.urgency == urgency
        assert desk.card.material_rev == 1


def test_what_was_over_long_enough_is_forgotten_and_its_name_goes_on_counting() -> None:
    desk = opened()
    card = desk.card
    desk.finding("140410", replace(F1, state="closed"))
    rev = desk.board[card.id].rev
    desk.finding(z("140410") + 25 * HOUR, make_finding("f9", parties=(Party(id="x"),), first_at=z("150500")))
    assert b'"f1"' not in desk.core.snapshot()
    desk.finding("160500", F1)
    assert desk.board[card.id].rev == rev + 1


def test_tolerances_are_mission_data() -> None:
    desk = opened()
    desk.config(replace(MISSION, cards=Cards(distance_m=10_000)))
    desk.finding("140555", make_finding("ford", evidence=make_evidence(at=(-27.045, 1.97))))
    assert len(desk.card.members) == 2


# -- contact ----------------------------------------------------------------------------------------------------------


def test_a_short_loss_is_no_notice() -> None:
    desk = Desk()
    desk.presence("140500", "xbl-batt", "lost")
    desk.presence("140509", "xbl-batt", "regained")
    assert desk.until("140600") == []


def test_a_link_that_flaps_gives_one_notice() -> None:
    desk = Desk()
    for lost, back in (("140500", "140503"), ("140505", "140507"), ("140510", "140525"), ("140530", "140531")):
        desk.presence(lost, "xbl-batt", "lost")
        desk.presence(lost, "xbl-batt", "lost")
        desk.presence(back, "xbl-batt", "regained")
    desk.presence("140535", "xbl-batt", "lost")
    desk.until("140600")
    assert len(desk.of_kind("contact-lost", open_only=False)) == 1
    (notice,) = desk.of_kind("contact-lost")
    assert notice.why == "reopened"


def test_a_loss_is_dated_by_the_observer_and_a_late_word_rings_at_once() -> None:
    desk = Desk()
    desk.presence("140500", "xbl-batt", "lost", since="140440")
    assert raised(desk.until(z("140500") + 1), "contact-lost") == ["xbl-batt"]


def test_whoever_holds_no_card_is_reported_to_its_superior() -> None:
    desk = Desk()
    desk.presence("140500", "xbl-batt", "lost")
    (notice,) = desk.until("140510")
    assert ([t.participant for t in notice.told], notice.undelivered, notice.severity) == (["sc-hq"], 0, "Moderate")
    assert notice.undelivered_severity == ""


def test_a_notice_follows_what_piles_up_behind_it() -> None:
    desk = Desk()
    desk.presence("140500", "xbl-batt", "lost")
    (notice,) = desk.until("140510")
    desk.finding("140515", replace(F1, first_at=z("140515")))
    now = desk.board[notice.id]
    assert (now.undelivered, now.undelivered_severity, now.severity) == (1, "HIGH", "Severe")
    assert [t.participant for t in now.told] == ["fhq-u3", "sc-hq"]
    assert len(desk.of_kind("contact-lost", open_only=False)) == 1


def test_an_extreme_loss_is_not_over_until_somebody_has_seen_it() -> None:
    desk = opened(severity="CRITICAL")
    desk.presence("140406", "xbl-batt", "lost")
    desk.until("140416")
    desk.presence("140420", "xbl-batt", "regained")
    (notice,) = desk.of_kind("contact-lost")
    desk.act("140421", "fhq-u3", notice)
    assert desk.of_kind("contact-lost") == []


# -- the rest ---------------------------------------------------------------------------------------------------------


def test_who_is_told_is_explained() -> None:
    finding = replace(F1, parties=(Party(id="a", issuer="sn-hq", units=("xar-batt",)),), told=())
    assert [(r.participant, r.reasons) for r in routing.explain(finding)] == [
        ("fhq-u3", ("arbiter",)),
        ("sn-hq", ("issuer",)),
        ("xar-batt", ("performer",)),
    ]
    named = routing.explain(replace(finding, told=("sn-hq", "ocha-cmc")))
    assert [(r.participant, r.reasons) for r in named] == [
        ("fhq-u3", ("arbiter",)),
        ("ocha-cmc", ("named",)),
        ("sn-hq", ("issuer", "named")),
    ]


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"mission":{"name":"m"},"format":"alerting 0"}'])
def test_what_is_no_snapshot_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        Alerting().restore(data)
