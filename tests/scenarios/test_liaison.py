"""V3's session on a bus in memory, from its opening to the draft of the order; who is no member sees no byte of it.

Source: reference domain.md §5.3, steps 10-15, R-42.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, NamedTuple

import msgspec
import pytest

from coordinator import app
from coordinator.cli import asking
from coordinator.client import Client
from coordinator.core.liaison import drafts
from coordinator.core.liaison.sessions import Session
from coordinator.core.liaison.views import View
from coordinator.demo.vignette import load, moment
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.services.catalogue import chosen
from coordinator.topology import BOARD, COORD, INBOX
from schemas import registry, subjects
from schemas.alerts import Alert
from schemas.directives import Directive
from schemas.envelope import Envelope, LangText
from schemas.liaison import MEETING, LiaisonRequest
from tests.support.playing import broker
from tests.support.settling import drained

VIGNETTE = load("v3")
MEMBERS = ("fhq-u3", "xbl-lo", "xar-lo", "sc-hq", "ocha-cmc")
P1 = LangText(text="XBL stays on foot, no carriers in the zone of separation", lang="en")
FR = LangText(text="La section à pied reste jusqu'à la relève par XAR à 0630Z", lang="fr")
EN = LangText(text="The foot section stays until relieved by XAR at 0630Z", lang="en")
FR2 = LangText(text="La section à pied reste jusqu'à la relève à 0630Z ; véhicules à 2.2700N 27.1200W", lang="fr")
EN2 = LangText(text="The foot section stays until relieved at 0630Z; carriers at 2.2700N 27.1200W", lang="en")
NEVER_OUTSIDE = (b"LN-0315-1", b"Relief and observation", *(t.text.encode()[:20] for t in (P1, FR, EN, FR2, EN2)))


class World(NamedTuple):
    """A bus with all services, at a time that only the test moves."""

    broker: MemoryBroker
    clock: ManualClock
    runners: Any

    async def publish(self, envelope: Envelope, *, accepted: bool = True) -> None:
        """Send a message as its originator does, and let everything settle."""
        async with self.broker.connect(envelope.originator) as bus:
            outcome = await Client(bus, envelope.originator, self.clock).publish(envelope)
        assert outcome.accepted is accepted, outcome.why
        await drained(self.runners)

    async def views(self, reader: str) -> list[View]:
        """Ask what requests and sessions somebody may know of."""
        async with self.broker.connect(reader) as bus:
            client = Client(bus, reader, self.clock)
            return [msgspec.convert(row, View) async for row in client.rows("alerting", "liaison")]

    async def session(self, reader: str = "fhq-u3") -> Session:
        """Return the one session as somebody sees it."""
        [view] = await self.views(reader)
        assert view.session
        return view.session

    async def say(
        self, by: str, at: str, *, propose: tuple[LangText, ...] = (), word: str = "", reason: str = ""
    ) -> None:
        """Say something in the session as a member's command line does."""
        await self.clock.advance(moment(at))
        known = await self.session(by)
        body = (
            asking.proposal(known, "P2" if by != "fhq-u3" or known.version("P2") else "P1", propose)
            if propose
            else asking.word(known, asking.version(known, "P2", 0), word, reason)
        )
        await self.publish(asking.reply(known, body, by, self.clock.now()))

    async def everything(self, participant: str) -> bytes:
        """Return all that a participant was ever given: subjects, headers and bytes."""
        found = []
        async with self.broker.connect(participant) as bus:
            for stream in (INBOX, BOARD):
                async with bus.read(stream, subjects.EVERYTHING) as reader:
                    while await reader.pending():
                        found += [repr((d.subject, d.headers)).encode() + d.data for d in await reader.batch()]
        return b"\n".join(found)


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    clock = ManualClock(moment("150430ZMAR27"))
    bus = broker(VIGNETTE, clock)
    setting = app.setting_of(VIGNETTE.mission, "live", app.new_seed())
    services = [s for s in chosen() if s.name not in ("presence", "log")]
    async with app.running(partial(bus.connect, COORD), clock, setting, services) as runners:
        yield World(bus, clock, runners)


async def opened(here: World) -> None:
    await here.clock.advance(moment("150435ZMAR27"))
    body = LiaisonRequest(request_kind=MEETING, subject="Relief and observation at OP 4-7", findings=("N2", "N4", "N5"))
    to = asking.addressees(("xbl-lo", "xar-lo"), ("sc-hq", "ocha-cmc"))
    title = (LangText(text="Relève et observation au poste 4-7", lang="fr"),)
    await here.publish(asking.pack(body, "fhq-u3", here.clock.now(), "LN-0315-1", addressees=to, texts=title))


async def agreed(here: World) -> None:
    await opened(here)
    await here.say("fhq-u3", "150441ZMAR27", propose=(P1,))
    await here.say("xbl-lo", "150455ZMAR27", propose=(FR, EN))
    await here.say("xar-lo", "150500ZMAR27", word="object", reason="the carriers are not in it")
    await here.say("xbl-lo", "150510ZMAR27", propose=(FR2, EN2))
    await here.say("ocha-cmc", "150515ZMAR27", word="agree", reason="no objection")
    await here.say("xar-lo", "150518ZMAR27", word="agree")
    assert (await here.session()).agreed == ""
    await here.say("fhq-u3", "150520ZMAR27", word="agree")


async def test_the_session_ends_with_a_text_that_all_agreed_to_in_both_languages() -> None:
    async with world() as here:
        await agreed(here)
        found = await here.session("xbl-lo")
    assert (found.state, found.agreed, found.agreed_at) == ("agreed", "P2 v2", moment("150520ZMAR27"))
    assert (found.agreed_at or 0) - found.opened_at == 45 * 60_000_000
    assert found.text
    assert found.text.texts == (FR2, EN2)
    assert {v.by for v in found.text.voices} == {"xbl-lo", "ocha-cmc", "xar-lo", "fhq-u3"}


async def test_every_member_sees_the_same_session_and_who_is_none_not_a_byte() -> None:
    async with world() as here:
        await agreed(here)
        seen = {p: await here.views(p) for p in VIGNETTE.mission.by_id}
        given = {p: await here.everything(p) for p in VIGNETTE.mission.by_id}
    assert {p for p, views in seen.items() if views} == set(MEMBERS)
    assert len({msgspec.json.encode(seen[p]) for p in MEMBERS}) == 1
    outside = set(VIGNETTE.mission.by_id) - set(MEMBERS)
    assert outside >= {"joc", "fc", "xbl-batt", "xar-batt", "sn-hq", "xbl-nse"}
    assert [(p, word) for p in outside for word in NEVER_OUTSIDE if word in given[p]] == []
    assert all(FR2.text.encode()[:20] in given[p] for p in MEMBERS)


async def test_who_is_no_member_can_say_nothing_in_it() -> None:
    async with world() as here:
        await agreed(here)
        before = await here.session()
        stranger = asking.word(before, before.versions[-1], "object", "we want to join")
        await here.publish(asking.reply(before, stranger, "jmc-sec", here.clock.now()))
        assert await here.session() == before
        assert await here.views("jmc-sec") == []


async def test_nobody_gets_a_card_because_people_talk() -> None:
    async with world() as here:
        await agreed(here)
        async with here.broker.connect("fhq-u3") as bus:
            assert await Client(bus, "fhq-u3", here.clock).board(Alert.KIND) == []


async def test_the_agreed_text_as_a_draft_orders_nobody_and_stays_among_the_members() -> None:
    async with world() as here:
        await agreed(here)
        found = await here.session()
        assert found.text
        draft = drafts.draft(found, found.text, "fhq-u3")
        body = registry.body(draft)
        assert isinstance(body, Directive)
        assert (body.draft, body.task) == (True, EN2.text)
        await here.publish(draft)
        given = {p: await here.everything(p) for p in VIGNETTE.mission.by_id}
    has = {p for p, content in given.items() if draft.id.encode() in content}
    assert has == set(MEMBERS)


async def test_what_is_agreed_outlives_a_restart_of_every_service() -> None:
    clock = ManualClock(moment("150430ZMAR27"))
    bus = broker(VIGNETTE, clock)
    setting = app.setting_of(VIGNETTE.mission, "live", app.new_seed())
    services = [s for s in chosen() if s.name not in ("presence", "log")]
    connect = partial(bus.connect, COORD)
    async with app.running(connect, clock, setting, services) as runners:
        await agreed(World(bus, clock, runners))
    async with app.running(connect, clock, setting, services) as runners:
        again = World(bus, clock, runners)
        assert (await again.session()).agreed == "P2 v2"
        await again.say("xar-lo", "150521ZMAR27", word="object", reason="the hour is wrong")
        assert (await again.session()).agreed == ""


@pytest.mark.parametrize("reader", ["xar-batt", "joc"])
async def test_asking_by_its_id_tells_nothing_to_who_is_no_member(reader: str) -> None:
    async with world() as here:
        await agreed(here)
        async with here.broker.connect(reader) as bus:
            client = Client(bus, reader, here.clock)
            for ids in ([], ["LN-0315-1"], ["LN-9"]):
                assert [row async for row in client.rows("alerting", "liaison", {"ids": ids})] == []
