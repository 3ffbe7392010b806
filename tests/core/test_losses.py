"""Lost contact: what was going on, planned silence, and the bearer behind which several were lost. On virtual time."""

from typing import Any

import pytest

from coordinator.core.expected import Trunk
from coordinator.core.mission import Mission, Participant, Withheld
from schemas import subjects
from schemas.alerts import Alert
from schemas.directives import Directive
from schemas.envelope import Addressee, UnitRef
from schemas.geo import Position
from schemas.label import Label
from schemas.liaison import LiaisonRequest
from schemas.operations import Presence
from schemas.reports import BearerLine, IncidentReport, MedevacRequest
from schemas.time import TimeValue, TimeWindow
from tests.support.desk import MINUTE, make_finding, z
from tests.support.released import Office
from tests.support.reports import Reports, sitrep

SITE = Position(lat=2.0, lon=-27.0)


def mission(**changes: Any) -> Mission:
    facts: dict[str, Any] = {
        "participants": (
            Participant(id="fhq", role="hq"),
            Participant(id="joc", role="desk", superior="fhq", operator=True),
            Participant(id="sn", role="hq", superior="fhq"),
            Participant(id="sc", role="hq", superior="fhq"),
            Participant(id="xar", superior="sn", watched=True),
            Participant(id="xbl", superior="sc", watched=True),
            Participant(id="xco", superior="sc", watched=True),
            Participant(id="xdr", superior="sn", watched=True),
        )
    }
    return Mission(name="m", **(facts | changes))


def desk(**changes: Any) -> Reports:
    return Reports(mission(**changes))


def lost(found: Reports, about: str = "xar") -> Alert:
    (card,) = [a for a in found.open("contact-lost") if a.about == about]
    return card


def spoken(at: str) -> TimeValue:
    return TimeValue(utc=z(at))


# -- what was going on ------------------------------------------------------------------------------------------------


def test_the_notice_says_what_was_reported_asked_and_ordered_before_and_where_that_was() -> None:
    found = desk()
    found.report("140500", "xar", sitrep(location=SITE), "SIT-1")
    found.report("140510", "xar", LiaisonRequest(request_kind="assistance", subject="air support"), "REQ-1",
                 addressees=(Addressee(to="sn"),))  # fmt: skip
    order = Directive(directive_kind="frago", performers=(UnitRef(participant="xar"),))
    found.report("140515", "sn", order, "SN-1")
    found.presence("140530", "xar", "lost")
    found.until("140540")
    headline, next_step, *lines = found.read(lost(found), "sn")
    assert headline == "XAR unreachable"
    assert next_step == "Call XAR by voice, or ask who can reach it"
    assert lines == [
        "It last asked at 140510ZMAR27 for: air support (REQ-1)",
        "Last report: SIT-1 (valid as of 140500ZMAR27)",
        "Last position: 2.0000N 27.0000W (valid as of 140500ZMAR27)",
        "1 order not acknowledged",
    ]


def test_what_is_not_known_is_said_to_be_no_information() -> None:
    found = desk()
    found.presence("140530", "xar", "lost")
    found.until("140540")
    assert found.read(lost(found), "sn")[2:] == ["Last report: no information", "Last position: no information"]


def test_the_position_that_the_observer_found_stands_on_the_notice_for_those_who_may_know_it() -> None:
    found = desk()
    seen = Presence(participant="xar", state="lost", at=z("140530"), position=(-27.0, 2.0), position_at=z("140529"),
                    position_label=Label(releasable_to=("fhq",)))  # fmt: skip
    found.until("140530")
    found._take(found.logged(seen, subjects.presence("xar")))
    found.until("140540")
    assert any("2.0000N" in line for line in found.read(lost(found), "fhq"))
    assert not any("2.0000N" in line for line in found.read(lost(found), "sn"))
    assert not any("2.0000N" in line for line in found.read(lost(found), "joc"))


def test_nobody_learns_from_a_notice_what_a_label_or_the_mission_keeps_from_him() -> None:
    found = desk(withheld=(Withheld(field="incident.action_requested", to="originator"),))
    found.report("140525", "xar", IncidentReport(category="attack", position=SITE, action_requested="helicopters"),
                 "INC-1", label=Label(releasable_to=("fhq",)))  # fmt: skip
    found.presence("140526", "xar", "lost")
    found.until("140531")
    assert found.open("contact-lost") == []  # a notice that comes sooner would tell of it
    found.until("140536")
    told = found.read(lost(found), "sn")
    assert "Last report: no information" in told
    assert not any(word in line for line in told for word in ("INC-1", "2.0000N", "helicopters", "emergency"))
    assert not any("helicopters" in line for line in found.read(lost(found), "fhq"))
    assert any("INC-1" in line for line in found.read(lost(found), "fhq"))


def test_silence_after_an_emergency_is_a_notice_after_five_minutes_and_graver() -> None:
    found = desk()
    found.report("140525", "xar", IncidentReport(category="attack"), "INC-1")
    found.presence("140526", "xar", "lost")
    assert found.until(z("140531") - 1) == []
    found.until("140531")
    card = lost(found)
    assert card.severity == "Severe"
    assert found.read(card, "sn")[0] == "XAR unreachable after it reported an emergency"
    assert "It had reported an incident: INC-1 (valid as of 140525ZMAR27)" in found.read(card, "sn")
    found.until("140547")  # nobody answered for a quarter of an hour
    assert "fhq" in {t.participant for t in lost(found).told}


@pytest.mark.parametrize(
    ("body", "fields", "minutes"),
    [
        (MedevacRequest(), {}, 5),
        (sitrep(), {"precedence": "flash"}, 5),
        (sitrep(), {"precedence": "immediate"}, 10),
    ],
    ids=["casevac", "flash", "immediate"],
)
def test_what_counts_as_an_emergency(body: Any, fields: Any, minutes: int) -> None:
    found = desk()
    found.report("140525", "xar", body, **fields)
    found.presence("140526", "xar", "lost")
    found.until(z("140526") + minutes * MINUTE - 1)
    assert found.open("contact-lost") == []
    found.until(z("140526") + minutes * MINUTE)
    assert len(found.open("contact-lost")) == 1


def test_an_emergency_of_long_ago_changes_nothing() -> None:
    found = desk()
    found.report("140425", "xar", IncidentReport(category="attack"))
    found.presence("140526", "xar", "lost")
    found.until("140535")
    assert found.open("contact-lost") == []
    found.until("140536")
    assert lost(found).severity == "Moderate"


# -- planned silence --------------------------------------------------------------------------------------------------


def silent(start: str, end: str) -> Any:
    return sitrep(silence=TimeWindow.exact(z(start), z(end)))


@pytest.mark.parametrize(
    "body",
    [silent("140530", "140900"), sitrep(next_contact=TimeValue(utc=z("140900")))],
    ids=["window", "next contact"],
)
def test_planned_silence_never_alarms_while_it_lasts_and_its_end_does_if_nobody_is_back(body: Any) -> None:
    found = desk()
    found.report("140500", "xar", body, "SIT-1")
    found.presence("140531", "xar", "lost")
    found.until("140900")
    assert found.of_kind("contact-lost", open_only=False) == []
    found.until("140901")
    assert "Its planned silence ended at 140900ZMAR27" in found.read(lost(found), "sn")


def test_whoever_is_back_from_planned_silence_in_time_was_never_lost() -> None:
    found = desk()
    found.report("140500", "xar", silent("140530", "140900"))
    found.presence("140531", "xar", "lost")
    found.presence("140859", "xar", "regained")
    found.until("141200")
    assert found.of_kind("contact-lost", open_only=False) == []


def test_silence_that_is_said_to_be_planned_once_the_notice_is_there_ends_it() -> None:
    found = desk()
    found.presence("140500", "xar", "lost")
    found.until("140511")
    assert len(found.open("contact-lost")) == 1
    found.report("140512", "xar", silent("140500", "140900"))  # by mail
    assert found.open("contact-lost") == []
    found.until("140901")
    assert found.read(lost(found), "sn")[0] == "XAR unreachable"


def test_one_planned_silence_may_follow_another_whatever_is_reported_meanwhile() -> None:
    found = desk()
    found.presence("140500", "xar", "lost")
    found.report("140501", "xar", silent("140501", "140520"))
    found.report("140512", "xar", silent("140512", "140540"))
    found.report("140525", "xar", sitrep(nothing_to_report=True))
    found.until("140540")
    assert found.of_kind("contact-lost", open_only=False) == []
    found.until("140541")
    assert "Its planned silence ended at 140540ZMAR27" in found.read(lost(found), "sn")


def test_a_withdrawn_plan_is_none() -> None:
    found = desk()
    found.report("140500", "xar", silent("140530", "140900"), "SIT-1")
    found.presence("140531", "xar", "lost")
    found.withdraw("140550", "xar", "sitrep", "SIT-1")
    found.until("140551")
    assert len(found.open("contact-lost")) == 1


def test_an_emergency_ends_a_silence_that_was_planned_before_it_and_not_one_planned_with_it() -> None:
    found = desk()
    found.report("140500", "xar", silent("140530", "140900"))
    found.report("140532", "xar", IncidentReport(category="attack"))
    found.presence("140533", "xar", "lost")
    found.until("140538")
    assert lost(found).severity == "Severe"
    found.presence("140540", "xar", "regained")
    found.report("140541", "xar", silent("140541", "140900"))
    found.presence("140542", "xar", "lost")
    found.until("140900")
    assert found.open("contact-lost") == []


# -- bearers ----------------------------------------------------------------------------------------------------------

HUB = Trunk(name="VSAT-1", behind=("xar", "xbl", "xco"), within_s=120, hold_s=120)


def hub(*trunks: Trunk, **changes: Any) -> Reports:
    found = desk(bearers=trunks or (HUB,), **changes)
    found.report("140400", "fhq", sitrep())
    return found


def cut(found: Reports, *seconds: tuple[str, int]) -> None:
    """Let contacts be lost, so many seconds after 0500Z."""
    for about, after in seconds:
        found.until(z("140500") + after * 1_000_000)
        found.contact(about, "lost", found.now)


ALL = (("xar", 0), ("xbl", 20), ("xco", 40))


def test_contacts_that_are_lost_together_behind_one_bearer_are_one_card_that_counts_them() -> None:
    found = hub()
    cut(found, *ALL)
    found.until("140511")
    (card,) = found.open("bearer-down")
    children = found.open("contact-lost")
    assert {c.about for c in children} == {"xar", "xbl", "xco"}
    assert {c.inhibited_by for c in children} == {card.id}
    assert set(card.children) == {c.id for c in children}
    assert all(t.due is None for c in children for t in c.told)
    headline, next_step, *_ = found.read(card, "fhq")
    assert headline == "Bearer VSAT-1 down since 140500ZMAR27: nobody behind it can be reached by it"
    assert "VSAT-1" in next_step
    assert {t.participant for t in card.told} == {"sn", "sc"}
    assert found.read(card, "joc")[2:] == [
        "XAR unreachable since 140500ZMAR27",
        "XBL unreachable since 140500:20ZMAR27",
        "XCO unreachable since 140500:40ZMAR27",
    ]


def test_a_headquarters_reads_of_its_own_contacts_only() -> None:
    found = hub()
    cut(found, *ALL)
    found.until("140511")
    (card,) = found.open("bearer-down")
    assert [line.split()[0] for line in found.read(card, "sn")[2:]] == ["XAR"]
    assert [line.split()[0] for line in found.read(card, "sc")[2:]] == ["XBL", "XCO"]


@pytest.mark.parametrize(
    "losses", [(("xar", 0), ("xbl", 20)), (("xar", 0), ("xbl", 300), ("xco", 600))], ids=["one is left", "one by one"]
)
def test_contacts_that_are_not_lost_together_are_lost_by_themselves(losses: tuple[tuple[str, int], ...]) -> None:
    found = hub()
    cut(found, *losses)
    found.until("140530")
    assert found.open("bearer-down") == []
    assert len(found.open("contact-lost")) == len(losses)
    assert all(c.inhibited_by == "" for c in found.open("contact-lost"))


def test_who_was_lost_long_before_is_not_covered() -> None:
    found = hub()
    cut(found, ("xar", 0), ("xbl", 1800), ("xco", 1810))
    found.until("140550")
    assert {c.about: bool(c.inhibited_by) for c in found.open("contact-lost")} == {
        "xar": False, "xbl": True, "xco": True
    }  # fmt: skip


def test_when_the_bearer_is_back_whoever_stays_lost_rings_by_itself() -> None:
    found = hub()
    cut(found, *ALL)
    found.until("140511")
    found.presence("140520", "xar", "regained")
    found.presence("140521", "xbl", "regained")
    found.until(z("140522") - 1)
    assert len(found.open("bearer-down")) == 1
    found.until("140522")
    assert found.open("bearer-down") == []
    left = lost(found, "xco")
    assert left.inhibited_by == ""
    assert [(t.participant, t.due) for t in left.told] == [("sc", z("140622"))]


def test_a_link_that_comes_and_goes_does_not_end_the_card_of_its_bearer() -> None:
    found = hub()
    cut(found, *ALL)
    found.until("140511")
    (card,) = found.open("bearer-down")
    found.presence("140520", "xar", "regained")
    found.presence("140521", "xar", "lost")
    found.until("140540")
    assert [c.id for c in found.open("bearer-down")] == [card.id]


def test_what_is_extreme_is_never_hidden_behind_a_bearer() -> None:
    found = hub()
    found.finding("140455", make_finding("f1", severity="CRITICAL", told=("xbl",), arbiter="fhq"))
    cut(found, *ALL)
    found.until("140511")
    assert lost(found, "xbl").severity == "Extreme"
    assert lost(found, "xbl").inhibited_by == ""
    assert any(t.due is not None for t in lost(found, "xbl").told)
    (card,) = found.open("bearer-down")
    assert len(card.children) == 2


def test_whoever_has_the_bearer_may_say_that_it_is_down_and_up() -> None:
    found = hub(Trunk(name="VSAT-1", behind=("xar", "xbl", "xco"), owner="fhq"))
    cut(found, ("xar", 0))
    found.until("140512")
    assert lost(found).inhibited_by == ""
    found.report("140513", "xdr", sitrep(bearers=(BearerLine(name="VSAT-1", state="down"),)))
    assert found.open("bearer-down") == []
    found.report("140514", "fhq", sitrep(bearers=(BearerLine(name="VSAT-1", state="down"),)))
    (card,) = found.open("bearer-down")
    assert lost(found).inhibited_by == card.id
    found.report("140530", "fhq", sitrep(bearers=(BearerLine(name="VSAT-1", state="up"),)))
    assert found.open("bearer-down") == []
    assert lost(found).inhibited_by == ""


def test_a_restart_in_the_middle_of_it_all_changes_nothing() -> None:
    def story(restarts: bool) -> list[Alert]:
        found = hub()

        def step() -> None:
            if restarts:
                found.restart()

        found.report("140455", "xbl", silent("140455", "140600"))
        step()
        for loss in ALL:
            cut(found, loss)
            step()
        found.until("140511")
        step()
        found.report("140515", "xar", IncidentReport(category="attack"))
        step()
        found.presence("140520", "xco", "regained")
        step()
        found.until("140700")
        return found.published

    assert story(restarts=True) == story(restarts=False)


def test_a_contact_that_is_lost_again_and_again_says_how_often() -> None:
    found = desk()
    for minute in (0, 2, 4):
        found.presence(f"1405{minute:02}", "xar", "lost")
        found.presence(f"1405{minute + 1:02}", "xar", "regained")
    found.presence("140506", "xar", "lost")
    found.until("140520")
    assert "Contact was lost 4 times lately" in found.read(lost(found), "sn")


# -- what reaches whom ------------------------------------------------------------------------------------------------


def test_a_covered_notice_stands_on_the_board_and_is_delivered_only_once_it_stands_for_itself() -> None:
    found, office = hub(), Office(mission(bearers=(HUB,)))
    cut(found, *ALL)
    found.until("140511")
    found.presence("140520", "xar", "regained")
    found.presence("140521", "xbl", "regained")
    covered = found.published[:]
    found.until("140530")

    def delivered(alerts: list[Alert]) -> list[str]:
        before = len(office.inbox.get("sc", ()))
        for alert in alerts:
            office.alert(alert)
        return [f"{i.body.alert_kind} {i.body.about}".strip() for i in office.inbox.get("sc", ())[before:]]

    assert delivered(covered) == ["bearer-down"]
    on_board = [i.body for i in office.board["sc"].values()]
    assert {a.about for a in on_board if a.inhibited_by} == {"xbl", "xco"}
    assert "contact-lost xco" in delivered(found.published[len(covered) :])
