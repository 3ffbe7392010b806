"""Presence and release on a bus in memory: what a participant's own client has received, who may ask, the heartbeat."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import msgspec
import pytest

from coordinator.core.mission import Channel, Mission, Participant
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.errors import BusError, NotFound
from coordinator.ports import CAUSE_SEQ, Outgoing
from coordinator.services import presence, release
from coordinator.services.base import Runner, Service, Setting, run
from coordinator.services.presence import Watch
from coordinator.topology import BOARD, COORD, INBOX, LOG, READER, build, of
from schemas import registry, subjects
from schemas.acknowledgements import Action
from schemas.alerts import Alert, Told
from schemas.deliveries import Delivery, Handover, Heartbeat
from schemas.operations import Presence
from tests.support.folds import setting
from tests.support.gated import settle

T0 = 1_800_000_000_000_000
SECOND = 1_000_000
MISSION = Mission(
    name="m",
    participants=(
        Participant(id="fhq", role="hq"),
        Participant(id="joc", role="desk", superior="fhq"),
        Participant(id="xar", superior="fhq", channels=(Channel(name="mail", kind="smtp", address="d@x"),)),
        Participant(id="xbl", superior="fhq"),
        Participant(id="far"),
    ),
)


class World:
    """A bus in memory, services on it, a clock that a test moves."""

    def __init__(self, broker: MemoryBroker, coord: Any, clock: ManualClock) -> None:
        self.broker, self.coord, self.clock = broker, coord, clock

    async def wait(self, seconds: float) -> None:
        await self.clock.advance(self.clock.now() + int(seconds * SECOND), settle=60)
        await settle()

    async def show(self, reader: str, *told: str, deliver: bool = True) -> None:
        """Let release show a card to a reader."""
        card = Alert(
            id="k1", alert_kind="conflict", rev=1, material_rev=1, severity="Extreme", urgency="Immediate",
            certainty="Observed", headline="CLASH", told=tuple(Told(participant=p, since=T0) for p in told),
        )  # fmt: skip
        envelope = registry.pack(card, id=f"r-{reader}", originator=COORD, received_at=T0, precedence="flash")
        places = [subjects.board(reader, "alert", "k1"), *([subjects.delivery(reader, "flash", "alert")] * deliver)]
        await self.coord.publish([Outgoing(p, registry.encode(envelope), f"{p}-1", {}) for p in places])
        await settle()

    async def log(self, body: Any, who: str, subject: str = "") -> None:
        envelope = registry.pack(body, id=f"{body.KIND}-{who}", originator=who)
        place = subject or subjects.presence(who)
        await self.coord.publish([Outgoing(place, registry.encode(envelope), envelope.id, {"Logged-At": str(T0)})])
        await settle()

    async def ask(self, who: str, verb: str = "deliveries", **question: Any) -> list[dict[str, Any]]:
        subject, data = subjects.ask(who, "presence", verb), msgspec.json.encode(question)
        return [msgspec.json.decode(part.data) async for part in self.coord.ask(subject, data) if part.data]

    async def steps(self) -> list[tuple[str, str, str]]:
        async with self.coord.read(LOG, (subjects.ALL_PRESENCE,)) as reader:
            batch = await reader.batch() if await reader.pending() else []
        bodies = [registry.body(registry.envelope(d.data)) for d in batch]
        return [(b.participant, s.id, s.state) for b in bodies if isinstance(b, Delivery) for s in b.steps]


@asynccontextmanager
async def world(
    *services: Service, broker: MemoryBroker | None = None, clock: ManualClock | None = None, **more: Any
) -> AsyncIterator[World]:
    clock = clock or ManualClock(T0)
    names = {p.id: tuple(c.name for c in p.channels) for p in MISSION.participants}
    broker = broker or MemoryBroker(build((p.id for p in MISSION.participants), channels=names), clock)
    used: Setting = setting(MISSION, "test")._replace(**more)
    async with broker.connect(COORD) as coord, anyio.create_task_group() as group:
        runners: list[Runner] = [await group.start(run, service, coord, clock, used) for service in services]
        assert len(runners) == len(services)
        yield World(broker, coord, clock)
        group.cancel_scope.cancel()


async def test_what_its_own_client_has_acknowledged_is_delivered_and_logged_once() -> None:
    async with world(presence.SERVICE) as here:
        await here.show("xar", "xar")
        await here.wait(16)
        assert await here.steps() == []
        async with here.broker.connect("xar") as bus, bus.consume(INBOX, READER) as consumer:
            await consumer.ack(await consumer.batch())
        await here.wait(60)
        assert await here.steps() == [("xar", "k1", "delivered")]
        rows = await here.ask("xar", card="k1")
        assert [(r["participant"], r["bearer"], r["state"]) for r in rows] == [
            ("xar", "own", "delivered"),
            ("xar", "smtp", "queued"),
        ]


async def test_a_restart_neither_repeats_nor_forgets_what_was_read() -> None:
    async with world(presence.SERVICE) as here:
        await here.show("xbl", "xbl")
        async with here.broker.connect("xbl") as bus, bus.consume(INBOX, READER) as consumer:
            await consumer.ack(await consumer.batch())
        await here.wait(16)
    async with world(presence.SERVICE, broker=here.broker, clock=here.clock) as again:
        await again.wait(60)
        assert await again.steps() == [("xbl", "k1", "delivered")]
        assert [r["state"] for r in await again.ask("xbl", card="k1")] == ["delivered"]


async def test_others_on_the_card_see_how_far_it_is_and_not_by_which_way_nor_why() -> None:
    async with world(presence.SERVICE) as here:
        await here.show("xbl", "xar", "xbl", deliver=False)
        await here.show("joc", "xar", "xbl", deliver=False)
        failed = Handover(kind="alert", id="k1", seq=1, state="failed", at=T0, precedence="flash", why="550 d@x")
        await here.log(Delivery(participant="xar", channel="mail", bearer="smtp", steps=(failed,)), "xar")
        [row] = [r for r in await here.ask("xbl", card="k1") if r["participant"] == "xar"]
        assert (row["state"], row.get("channel"), row.get("why")) == ("failed", None, None)
        [row] = [r for r in await here.ask("joc", card="k1") if r["participant"] == "xar"]
        assert (row["state"], row["channel"], row["why"]) == ("failed", "mail", "550 d@x")
        assert [r["why"] for r in await here.ask("joc", "failures")] == ["550 d@x"]
        assert await here.ask("xbl", "failures") == await here.ask("far", "failures") == []


async def test_who_has_no_such_card_on_its_board_learns_nothing_of_it() -> None:
    async with world(presence.SERVICE) as here:
        await here.show("xar", "xar")
        with pytest.raises(NotFound):
            await here.ask("far", card="k1")
        assert await here.ask("far") == []
        with pytest.raises(BusError, match="cannot be read"):
            await here.ask("far", what="?")


async def test_seen_is_listed_only_when_everything_is_asked_for() -> None:
    async with world(presence.SERVICE) as here:
        await here.show("xbl", "xbl", deliver=False)
        action = Action(alert="k1", verb="acknowledge", seen_rev=1)
        await here.log(action, "xbl", subjects.record("action", "xbl"))
        assert await here.ask("xbl") == []
        assert [r["state"] for r in await here.ask("xbl", every=True)] == ["seen"]


def test_a_snapshot_of_the_observer_remembers_who_was_lost() -> None:
    watch, again = Watch(MISSION), Watch(MISSION)
    from coordinator.core.contact import remember

    watch.contacts |= remember([Presence(participant="xar", state="lost", at=T0)])
    again.restore(watch.snapshot())
    assert again.contacts == watch.contacts


# -- the heartbeat ----------------------------------------------------------------------------------------------------


async def beats(here: World, who: str) -> list[int]:
    async with here.broker.connect(who) as bus:
        found = await bus.last(BOARD, subjects.board_of(who, Heartbeat.KIND))
    body = registry.body(registry.envelope(found.data)) if found else None
    return [body.at] if isinstance(body, Heartbeat) else []


async def test_a_heartbeat_stands_on_each_board_and_is_replaced_every_few_seconds() -> None:
    async with world(release.SERVICE, heartbeat_s=5.0) as here:
        await settle()
        assert await beats(here, "xar") == await beats(here, "far") == [T0]
        await here.wait(5)
        assert await beats(here, "xar") == [T0 + 5 * SECOND]
        assert (await here.coord.state(of("xar", BOARD))).messages == 1


async def test_without_being_asked_for_there_is_none() -> None:
    async with world(release.SERVICE) as here:
        await here.wait(60)
        assert (await here.coord.state(of("xar", BOARD))).messages == 0


async def test_a_restart_behind_heartbeats_writes_what_is_missing_and_nothing_twice() -> None:
    card = Alert(
        id="k1", alert_kind="conflict", rev=1, material_rev=1, severity="Extreme", urgency="Immediate",
        certainty="Observed", headline="CLASH", told=(Told(participant="xar", since=T0),),
    )  # fmt: skip
    later = msgspec.structs.replace(card, id="k2")
    async with world(release.SERVICE, heartbeat_s=5.0) as here:
        await here.log(_config(), COORD, subjects.CONFIG)
        await here.log(card, "a", subjects.alert("k1"))
        await here.wait(12)
        assert (await here.coord.state(of("xar", INBOX))).messages == 1
        last = await here.coord.last(of("xar", BOARD), subjects.board_of("xar", Heartbeat.KIND))
        assert last is not None and last.headers[CAUSE_SEQ] == "3"
        before = await here.coord.last(of("xar", BOARD), subjects.board("xar", "alert", "k1"))
    here.broker.snapshots.clear()
    async with here.broker.connect(COORD) as coord:
        envelope = registry.pack(later, id="b", originator=COORD)
        await coord.publish([Outgoing(subjects.alert("k2"), registry.encode(envelope), "b", {})])
    async with world(release.SERVICE, broker=here.broker, clock=here.clock, heartbeat_s=5.0) as again:
        await again.wait(12)
        assert (await again.coord.state(of("xar", INBOX))).messages == 2
        assert await again.coord.last(of("xar", BOARD), subjects.board("xar", "alert", "k2")) is not None
        assert await again.coord.last(of("xar", BOARD), subjects.board("xar", "alert", "k1")) == before is not None


def _config() -> Any:
    from schemas.operations import Config

    return Config(mission_hash="h", code="test", mission=msgspec.Raw(msgspec.json.encode(MISSION)), at=T0)
