"""Law 6 for cards without findings: whoever may not read a message gets the same with it and without it.

One story each: what everybody knows, one message with a label, and whom it may not reach. Compared is everything that
release sends, but the names of its envelopes, which are hashes.
"""

import json
import re
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from coordinator.core.afteraction.facts import Facts
from coordinator.core.afteraction.report import report
from coordinator.core.alerting import Alerting
from coordinator.core.deconfliction import Engine
from coordinator.core.expected import Return, Trunk
from coordinator.core.mission import Mission
from coordinator.core.step import Logged
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement, Action
from schemas.alerts import Alert
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope, Reference, UnitRef
from schemas.geo import Position
from schemas.label import Label
from schemas.liaison import LiaisonRequest, LiaisonResponse
from schemas.notices import Cancellation, RouteState
from schemas.operations import Config
from schemas.reports import (
    BearerLine,
    IncidentReport,
    LogisticsStatus,
    MedevacRequest,
    Section,
    SituationReport,
)
from schemas.time import TimeValue, TimeWindow
from tests.core.test_leak_caveats import MISSION as CAVEATS
from tests.core.test_leak_caveats import convoy, order
from tests.support.relay import Relay
from tests.support.released import Office
from tests.support.v1 import said, z

MISSION: Final = replace(CAVEATS, bearers=(Trunk(name="VSAT", behind=("xar-batt", "xbl-batt")),))
HERE: Final = Position(lat=2.25, lon=-27.15)
FAR: Final = (10**18, -(10**18), 10**40, -(10**40), 253_402_300_800_000_000)
OWN: Final = re.compile(rb'"id":"(release|alerting)-[0-9a-f]+"')


class Hall(Relay):
    """A log in which everything is read by alerting as well, from the day before on."""

    def __init__(self, mission: Mission = MISSION) -> None:
        self.office = Office(mission)
        self.engine, self.alerting = Engine(), Alerting()
        self.findings, self.alerts = [], []
        self.now, self.seq = z("141200"), 0
        self.facts = Facts()
        body = Config(mission_hash="", code="", mission=msgspec.Raw(msgspec.json.encode(mission)))
        self._log(registry.pack(body, id="config", originator="coord"), subjects.CONFIG, "config")

    def _after(self, logged: Logged) -> None:
        self.facts.take(logged)
        for core, name, kept in (
            (self.engine, "deconfliction", self.findings),
            (self.alerting, "alerting", self.alerts),
        ):
            for effect in core.handle(logged):
                self._effect(effect, name, kept)  # type: ignore[arg-type]

    def got(self, reader: str) -> list[Any]:
        """Return everything that somebody got, in its order, without the names of release's own envelopes."""
        items = self.office.sent.get(reader, ())
        return [(i.subject, json.loads(OWN.sub(b"", b"{}") and OWN.sub(b'"id":""', i.data))) for i in items]

    def cards(self, kind: str) -> list[Alert]:
        """Return the newest of each card of a kind."""
        return [a for a in {a.id: a for a in self.alerts}.values() if a.alert_kind == kind]


def message(body: Message, identity: str, by: str, at: str, *to: str, only: tuple[str, ...] | None = None,
            revision: int = 1, **fields: Any) -> Envelope:  # fmt: skip
    return said(body, identity, by, at, revision, to, label=Label(releasable_to=only), **fields)


def play(
    *messages: Envelope, lost: str = "", until: str = "150500", mission: Mission = MISSION, restarts: bool = False
) -> Hall:
    """Let messages be logged in their order; with ``restarts``, alerting dies after each of them."""
    hall = Hall(mission)
    for envelope in sorted(messages, key=lambda e: (e.created and e.created.utc) or 0):
        hall.said(envelope)
        if restarts:
            state, hall.alerting = hall.alerting.snapshot(), Alerting()
            hall.alerting.restore(state)
    if lost:
        hall.presence("xbl-batt", "lost", z(lost))
    hall.until(z(until))
    return hall


SITREP: Final = SituationReport(period=TimeWindow(), sections=(Section(text="zq"),), location=HERE)
SILENT: Final = replace(SITREP, silence=TimeWindow.exact(z("150300"), z("150600")))
AID: Final = LiaisonRequest(request_kind="assistance", subject="zqwater")
MEETING: Final = LiaisonRequest(request_kind="meeting", subject="zq")
FIRE: Final = IncidentReport(category="fire", position=HERE, danger="present")
DOWN: Final = replace(SITREP, bearers=(BearerLine(name="VSAT", state="down"),))
REFUSED: Final = Acknowledgement(of=Reference(id="FRAGO-110"), step="cannot-comply", code="UNSAFE")
CASE: Final = message(MedevacRequest(pickup=HERE), "M-1", "xbl-batt", "150310", "sc-hq")
OF_CASE: Final = (Reference(id="M-1", originator="xbl-batt"),)
ASKED: Final = message(AID, "LN-1", "xbl-batt", "150300", "xar-batt")
KNOWN: Final = message(SITREP, "S-1", "xbl-batt", "150310", "sc-hq")


def route(state: Any) -> RouteState:
    return RouteState(section="KESSA", trafficable=state)


ROUTES: Final = (
    message(route("open"), "RS-1", "xbl-batt", "150310", "joc"),
    message(route("closed"), "RS-2", "xar-batt", "150312", "joc"),
)

YES: Final = LiaisonResponse(request=Reference(id="LN-1", originator="xbl-batt"), decision="accept", reason="zqr")
NO: Final = (order(), message(REFUSED, "A-1", "xbl-batt", "150400", "fhq-u3"))

STORIES: Final = {
    "a report before silence": ((KNOWN,), message(SITREP, "S-2", "xbl-batt", "150330", "sc-hq", only=("sc-hq",))),
    "the only report": ((), message(SITREP, "S-2", "xbl-batt", "150330", "sc-hq", only=("sc-hq",))),
    "an emergency": ((KNOWN,), message(FIRE, "I-1", "xbl-batt", "150355", "sc-hq", only=("sc-hq",))),
    "a word on a bearer": ((KNOWN,), message(DOWN, "S-3", "fc", "150345", "sc-hq", only=("sc-hq",))),
    "what was asked last": ((ASKED,), message(AID, "LN-2", "xbl-batt", "150355", "sc-hq", only=("sc-hq",))),
    "an evacuation": ((), replace(CASE, label=Label(releasable_to=("sc-hq", "XBL")))),
    "a status of an evacuation": (
        (CASE,),
        message(MedevacRequest(state="in-motion"), "M-2", "fhq-u3", "150320", "sc-hq", references=OF_CASE,
                only=("sc-hq", "XBL")),
    ),
    "a report that agrees": (ROUTES, message(route("closed"), "RS-3", "xbl-batt", "150320", "joc", only=("fhq-u3",))),
    "a report that does not agree": (
        ROUTES[:1], message(route("closed"), "RS-3", "xar-batt", "150320", only=("fhq-u3",)),
    ),
    "a report before others": (ROUTES, message(route("closed"), "RS-3", "ocha-cmc", "150305", only=("fhq-u3",))),
    "a report that is changed": (
        ROUTES, message(route("open"), "RS-2", "xar-batt", "150320", "joc", only=("fhq-u3",), revision=2),
    ),
    "a report that is withdrawn": (
        ROUTES,
        message(Cancellation(), "RS-2", "xar-batt", "150320", "joc", only=("fhq-u3",), revision=2, kind="route-state",
                status="cancel"),
    ),
    "another refusal": (
        NO, message(replace(REFUSED, code="NO-CAPACITY"), "A-2", "xbl-batt", "150410", "fhq-u3", only=("fhq-u3",)),
    ),
    "a change of mind": (
        NO, message(replace(REFUSED, step="wilco", code=""), "A-2", "xbl-batt", "150410", "fhq-u3", only=("fhq-u3",)),
    ),
    "an answer that declines": (
        (ASKED,),
        message(replace(YES, decision="decline"), "R-1", "xar-batt", "150401", "xbl-batt", only=("xbl-batt",)),
    ),
    "an answer that accepts": (
        (ASKED,), message(YES, "R-1", "xar-batt", "150301", "xbl-batt", only=("xbl-batt",)),
    ),
    "a request that is changed": (
        (ASKED,), message(replace(AID, state="withdrawn"), "LN-1", "xbl-batt", "150401", "xar-batt", only=("xar-batt",),
                          revision=2),
    ),
    "a request that is withdrawn": (
        (ASKED,),
        message(Cancellation(), "LN-1", "xbl-batt", "150401", "xar-batt", only=("xar-batt",), revision=2,
                kind="liaison-request", status="cancel"),
    ),
    "a session": ((), message(MEETING, "LN-9", "xbl-batt", "150300", "xar-batt")),
    "a session under the id of a request": ((ASKED,), message(MEETING, "LN-1", "xar-batt", "150301", "xbl-nse")),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_who_may_not_read_a_message_gets_the_same_without_it(story: str) -> None:
    known, secret = STORIES[story]
    with_it, without_it = play(*known, secret, lost="150415"), play(*known, lost="150415")
    kept = [k for k in with_it.office.core._records if (k.originator, k.id) == (secret.originator, secret.id)]
    readers = frozenset[str]().union(*(k.readers for k in kept))
    assert readers < MISSION.by_id.keys()
    for reader in sorted(MISSION.by_id.keys() - readers):
        assert with_it.got(reader) == without_it.got(reader), reader


@pytest.mark.parametrize("story", STORIES)
def test_a_restart_behind_any_message_changes_no_card(story: str) -> None:
    known, secret = STORIES[story]
    once, often = (play(*known, secret, lost="150415", restarts=restarts).alerts for restarts in (False, True))
    assert once == often


def test_a_notice_of_loss_says_to_each_the_newest_that_he_may_read() -> None:
    secret = message(replace(SITREP, location=Position(lat=1.0, lon=-27.0)), "S-2", "xbl-batt", "150330", "sc-hq",
                     only=("sc-hq",))  # fmt: skip
    hall = play(KNOWN, secret, lost="150400")
    [notice] = hall.cards("contact-lost")
    says = {
        reader: [line.text for line in shown[-1].lines]
        for reader in ("sc-hq", "fhq-u3")
        if (shown := [i.body for i in hall.office.sent[reader] if isinstance(i.body, Alert) and i.body.id == notice.id])
    }
    assert any("S-2" in text for text in says["sc-hq"])
    assert not any("S-1" in text for text in says["sc-hq"])
    if "fhq-u3" in says:
        assert any("S-1" in text for text in says["fhq-u3"])
        assert not any("S-2" in text or "1.0000N" in text for text in says["fhq-u3"])


def test_the_end_of_a_planned_silence_is_said_to_its_readers_only() -> None:
    secret = message(SILENT, "S-2", "xbl-batt", "150330", "sc-hq", only=("sc-hq",))
    hall = play(KNOWN, secret, lost="150400", until="150800")
    [notice] = hall.cards("contact-lost")
    assert notice.raised_at > z("150600")
    [line] = [line for line in notice.lines if line.text_key == "lost-silence"]
    assert line.only is not None
    assert {*line.only} <= {"sc-hq", "xbl-batt"}
    for reader in MISSION.by_id.keys() - {"sc-hq", "xbl-batt"}:
        assert b"lost-silence" not in hall.office.got(reader)


def test_when_somebody_reported_last_is_said_to_those_who_may_read_that_report() -> None:
    mission = replace(MISSION, returns=(Return(name="HOURLY", of=("xbl-batt",), every_s=3600, severity="HIGH"),))
    secret = message(SITREP, "S-2", "xbl-batt", "150130", "sc-hq", only=("sc-hq",))
    hall = play(secret, until="150430", mission=mission)
    lines = [line for card in hall.cards("overdue") for line in card.lines]
    dated = [line for line in lines if line.text_key == "overdue-last"]
    assert dated
    assert all(line.only is not None and {*line.only} <= {"sc-hq", "xbl-batt"} for line in dated)


def test_a_report_with_a_label_still_contradicts_others_before_those_who_may_read_both() -> None:
    secret = message(route("closed"), "RS-3", "xar-batt", "150320", "fhq-u3", only=("fhq-u3", "fc"))
    [card] = play(ROUTES[0], secret).cards("disagreement")
    assert card.only is not None
    assert {"fhq-u3", "fc"} >= {*card.only}
    assert {*card.refers} == {"RS-1", "RS-3"}


# -- answers to officers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typist", ["", "joc", "sn-hq", "fhq-u3"])
def test_a_card_that_one_may_not_know_and_one_that_does_not_exist_are_answered_alike(typist: str) -> None:
    secret = replace(CASE, label=Label(releasable_to=("sc-hq", "XBL")))
    hall, without = play(secret, until="150315"), play(until="150315")
    [card] = hall.cards("medical")
    assert card.only is not None
    act = said(Action(alert=card.id, verb="take", seen_rev=1), "a-1", "sn-hq", "150315")
    for each in (hall, without):
        each.said(replace(act, typed_by=typist))
    for reader in MISSION.by_id.keys() - {"sc-hq", "xbl-batt", "xbl-nse"}:
        assert hall.got(reader) == without.got(reader), reader
    assert [a for a in hall.cards("not-accepted") if a.owner == (typist or "sn-hq")]


# -- after action -----------------------------------------------------------------------------------------------------


def test_an_operator_s_report_counts_no_danger_evacuation_or_card_that_a_label_keeps_from_it() -> None:
    secrets = (
        message(FIRE, "I-1", "xbl-batt", "150305", "sc-hq", only=("sc-hq",)),
        replace(CASE, label=Label(releasable_to=("sc-hq", "XBL"))),
    )
    hall, without = play(*secrets), play()
    measures = {"danger", "casevac", "casevac-first-aid", "casevac-surgery", "cards-per-hour", "acknowledge"}
    for of in (hall, without):
        assert not measures & {line.measure for line in report(of.facts, "joc").lines}
    assert measures & {line.measure for line in report(hall.facts, "sc-hq").lines}


# -- hostile input ----------------------------------------------------------------------------------------------------


def hostile(far: int) -> list[Message]:
    """Return messages that name times which no calendar has."""
    never, window = TimeValue(utc=far), TimeWindow.exact(far, far)
    return [
        replace(AID, need_by=never), replace(AID, reply_by=never), replace(SITREP, period=window),
        replace(SITREP, silence=window), replace(SITREP, next_contact=never), LogisticsStatus(as_of=never),
        MedevacRequest(pickup=HERE, injured_at=never, requested_at=never), replace(FIRE, occurred=never),
        RouteState(section="KESSA", trafficable="open", windows=(window,)),
        Directive(directive_kind="frago", action="medevac", windows=(window,),
                  performers=(UnitRef(participant="xar-batt"),)),
        Action(alert="x", verb="shelve", seen_rev=0, until=far, note="n" * 5_000),
    ]  # fmt: skip


@pytest.mark.parametrize("far", FAR)
def test_a_time_that_no_calendar_has_stops_neither_alerting_nor_release(far: int) -> None:
    rows = (Return(name="MONTHLY", of=("xbl-batt",), on="1"), Return(name="STOCKS", kind="logistics", of=("xbl-batt",)))
    for body in hostile(far):
        sent = message(body, "X-1", "xbl-batt", "150300", "xar-batt", "sc-hq")
        hall = play(convoy(), order(), sent, lost="150302", until="150600", mission=replace(MISSION, returns=rows))
        state, again = hall.alerting.snapshot(), Alerting()
        again.restore(state)
        assert again.snapshot() == state
        assert any(a.alert_kind == "contact-lost" for a in hall.alerts) or isinstance(body, SituationReport)


def test_refusals_of_orders_that_nobody_knows_become_no_flood_of_cards() -> None:
    made_up = [
        message(replace(REFUSED, of=Reference(id=f"NO-{n}")), f"A-{n}", "xbl-batt", "150400", "fhq-u3")
        for n in range(60)
    ]
    hall = play(order(), *made_up, message(REFUSED, "A-110", "xbl-batt", "150401", "fhq-u3"), until="150402")
    refused = {card.refers[0] for card in hall.cards("cannot-comply")}
    assert "FRAGO-110" in refused
    assert len(refused) <= 21
