"""What gates do beside carrying: what they log of it, tests of a channel, a card that rings again, emergencies on maps,
and a FLASH that is seen however much waits.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import anyio
import msgspec
import pytest
from anyio.lowlevel import checkpoint

from coordinator import topology
from coordinator.client import Client
from coordinator.core.mission import Channel, Mission, Participant
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.edges.owed import Owing
from coordinator.errors import BusError, Forbidden, NotFound, Undelivered
from coordinator.gates import gathering
from coordinator.gates.answers import Answers
from coordinator.gates.following import Following
from coordinator.gates.gate import Gate
from coordinator.gates.journal import Entry, Journal
from coordinator.gates.testing import PATIENCE_S, Trials
from coordinator.ports import Bus, Departure, Outgoing
from coordinator.topology import COORD, LOG
from schemas import registry, subjects
from schemas.alerts import Alert, Told
from schemas.deliveries import Delivery, Handover
from tests.support.gated import SECOND, T0, XAR, delivery, settle

JOC = "joc"
CHANNELS = (
    Channel(name="mail", kind="smtp", address="duty@xar.example", format="text"),
    Channel(name="sms", kind="files", format="text"),
    Channel(name="atak", kind="tak"),
)


def mission(*channels: Channel) -> Mission:
    people = (
        Participant(id=JOC, role="desk", operator=True),
        Participant(id=XAR, format="text", channels=channels or CHANNELS),
        Participant(id="xbl"),
    )
    return Mission(name="m", participants=people)


class Bearer:
    """Keeps what it is given, or says why it does not take it."""

    def __init__(self) -> None:
        self.got: list[Departure] = []
        self.why: Undelivered | None = None
        self.tried = 0

    async def carry(self, departure: Departure) -> None:
        self.tried += 1
        await checkpoint()
        if self.why:
            raise self.why
        self.got.append(departure)

    @property
    def kinds(self) -> list[str]:
        return [str(event.kind) for d in self.got for event in _events(d)]


def _events(departure: Departure) -> Any:
    from coordinator.edges.tak.words import parcels

    return parcels(departure, T0) if departure.format == "cot" else ()


class House:
    """Everything that runs for one participant's channels, on a bus in memory and a clock that a test moves."""

    def __init__(self, coord: Bus, clock: ManualClock, gates: list[Gate], bearers: dict[str, Bearer]) -> None:
        self.coord, self.clock, self.gates, self.bearers = coord, clock, gates, bearers

    async def wait(self, seconds: float) -> None:
        await self.clock.advance(self.clock.now() + int(seconds * SECOND), settle=40)
        await settle()

    async def board(self, card: Alert) -> None:
        """Let release show a card as it is now."""
        envelope = registry.pack(card, id=f"c-{card.rev}", originator=COORD, received_at=self.clock.now())
        subject = subjects.board(XAR, Alert.KIND, card.id)
        await self.coord.publish([Outgoing(subject, registry.encode(envelope), f"{card.id}-{card.rev}", {})])
        await settle()

    async def deliver(self, *messages: Outgoing) -> None:
        await self.coord.publish(list(messages))
        await settle(200)

    async def logged(self) -> list[tuple[str, Handover]]:
        await self.wait(2)
        async with self.coord.read(LOG, (subjects.ALL_PRESENCE,)) as reader:
            batch = await reader.batch() if await reader.pending() else []
        found = [registry.body(registry.envelope(d.data)) for d in batch]
        return [(body.channel, step) for body in found if isinstance(body, Delivery) for step in body.steps]


@asynccontextmanager
async def house(
    *channels: Channel, broker: MemoryBroker | None = None, clock: ManualClock | None = None
) -> AsyncIterator[House]:
    clock, world = clock or ManualClock(T0), mission(*channels)
    own = world.by_id[XAR].channels
    names = {XAR: tuple(c.name for c in own)}
    broker = broker or MemoryBroker(topology.build((p.id for p in world.participants), channels=names), clock)
    async with AsyncExitStack() as stack:
        coord = await stack.enter_async_context(broker.connect(COORD))
        client = Client(await stack.enter_async_context(broker.connect(XAR, name="gate")), XAR, clock)
        answers, journal = Answers(client, clock, Owing()), Journal(clock)
        gates = [Gate(client, world, channel, answers, journal) for channel in own]
        bearers = {channel.name: Bearer() for channel in own}
        trials = Trials(gates, world, clock)
        await stack.enter_async_context(coord.serve(subjects.questions("channels"), "channels", trials.answer))
        async with anyio.create_task_group() as group:
            await group.start(answers.run)
            group.start_soon(journal.run, coord)
            group.start_soon(Following(client, world, gates, coord).run)
            for gate in gates:
                group.start_soon(gate.dispatch, bearers[gate.channel.name].carry)
            yield House(coord, clock, gates, bearers)
            group.cancel_scope.cancel()


def card(rev: int = 1, **more: Any) -> Alert:
    told = Told(**{"participant": XAR, "since": T0, **more.pop("told", {})})
    plain = {"id": "k1", "alert_kind": "conflict", "rev": rev, "material_rev": 1, "severity": "Extreme"}
    return Alert(**{**plain, "urgency": "Immediate", "certainty": "Observed", "at": (27.0, 2.0), "headline": "CLASH",
                    "next_step": "Acknowledge", "told": (told, *more.pop("others", ())), **more})  # fmt: skip


def alert(body: Alert) -> Outgoing:
    envelope = registry.pack(body, id=f"d-{body.rev}", originator=COORD, received_at=T0)
    return Outgoing(subjects.delivery(XAR, "flash", Alert.KIND), registry.encode(envelope), f"a-{body.rev}", {})


# -- what is logged ---------------------------------------------------------------------------------------------------


async def test_each_channel_logs_what_its_bearer_can_know_of_a_card() -> None:
    async with house() as here:
        await here.deliver(alert(card()))
        logged = [(c, s.kind, s.id, s.revision, s.state, s.precedence) for c, s in await here.logged()]
    assert sorted(logged) == [
        ("atak", "alert", "k1", 1, "delivered", "flash"),
        ("mail", "alert", "k1", 1, "sent", "flash"),
        ("sms", "alert", "k1", 1, "sent", "flash"),
    ]


async def test_a_failure_for_good_is_logged_at_once_with_the_bearers_words() -> None:
    async with house(CHANNELS[0]) as here:
        here.bearers["mail"].why = Undelivered("550 no such mailbox", retry=False)
        await here.deliver(alert(card()))
        async with here.coord.read(LOG, (subjects.ALL_PRESENCE,)) as reader:
            assert await reader.pending() == 1
        [(_, step)] = await here.logged()
    assert (step.state, step.why) == ("failed", "550 no such mailbox")


async def test_a_channel_that_is_down_leaves_a_card_queued_with_the_reason_and_says_so_once() -> None:
    async with house(CHANNELS[0]) as here:
        here.bearers["mail"].why = Undelivered("no relay")
        await here.deliver(alert(card()))
        await here.wait(300)
        assert here.bearers["mail"].tried > 5
        assert here.gates[0].row.down_since == T0
        assert [(s.state, s.why) for _, s in await here.logged()] == [("queued", "no relay")]
        here.bearers["mail"].why = None
        await here.wait(61)
        assert [s.state for _, s in await here.logged()] == ["queued", "sent"]
        assert here.gates[0].row.down_since == 0


async def test_what_is_neither_card_nor_order_is_carried_and_not_logged() -> None:
    async with house(CHANNELS[0]) as here:
        await here.deliver(delivery("hello"))
        assert here.bearers["mail"].got
        assert await here.logged() == []


class Deaf:
    """A bus that takes nothing for a while."""

    def __init__(self) -> None:
        self.down, self.took = True, []

    async def publish(self, messages: list[Outgoing], **_: Any) -> None:
        if self.down:
            raise BusError("no connection")
        self.took += messages


async def test_what_cannot_be_logged_now_is_logged_later_and_the_rest_at_the_end() -> None:
    clock, bus = ManualClock(T0), Deaf()
    journal = Journal(clock)
    async with anyio.create_task_group() as group:
        group.start_soon(journal.run, bus)
        journal.note(Entry(XAR, CHANNELS[0], Handover(kind="alert", id="a", seq=1, state="sent", at=T0)))
        await clock.advance(T0 + 2 * SECOND, settle=20)
        assert journal.waiting
        bus.down = False
        await clock.advance(T0 + 20 * SECOND, settle=20)
        assert len(bus.took) == 1
        journal.note(Entry(XAR, CHANNELS[0], Handover(kind="alert", id="b", seq=2, state="sent", at=T0)))
        group.cancel_scope.cancel()
    assert len(bus.took) == 2


# -- tests of a channel -----------------------------------------------------------------------------------------------


async def tried(here: House, by: str, channel: str, participant: str = "") -> dict[str, Any]:
    question = msgspec.json.encode({"channel": channel, "participant": participant})
    answers = here.coord.ask(subjects.ask(by, "channels", "test"), question, timeout_s=5)
    [part] = [part.data async for part in answers if part.data]
    return dict(msgspec.json.decode(part))


async def test_a_test_goes_out_marked_as_one_by_one_channel_only_and_its_result_is_logged() -> None:
    async with house() as here:
        said = await tried(here, XAR, "mail")
        assert (said["state"], said["channel"]) == ("sent", "mail")
        [departure] = here.bearers["mail"].got
        assert b"TEST" in departure.data
        assert here.bearers["sms"].got == here.bearers["atak"].got == []
        [(channel, step)] = await here.logged()
        assert (channel, step.state, step.id) == ("mail", "sent", said["id"])
        last = await here.coord.last(LOG, subjects.presence(XAR))
        assert last is not None and b'"by":"xar"' in last.data


async def test_a_test_that_nobody_takes_says_so_and_does_not_go_out_later() -> None:
    async with house(CHANNELS[0]) as here:
        here.bearers["mail"].why = Undelivered("no relay")
        found: dict[str, Any] = {}

        async def ask() -> None:
            found.update(await tried(here, JOC, "mail", XAR))

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            await settle()
            await here.wait(PATIENCE_S + 1)
        assert (found["state"], found["why"]) == ("queued", "no relay")
        here.bearers["mail"].why = None
        await here.wait(120)
        assert here.bearers["mail"].got == []


async def test_a_channel_is_not_tried_again_at_once_nor_by_just_anybody() -> None:
    async with house() as here:
        await tried(here, XAR, "mail")
        with pytest.raises(BusError, match="try again in 10 s"):
            await tried(here, XAR, "mail")
        with pytest.raises(Forbidden, match="try the channels of"):
            await tried(here, "xbl", "sms", XAR)
        with pytest.raises(NotFound, match="it has: mail, sms, atak"):
            await tried(here, XAR, "fax")


# -- the second bearer ------------------------------------------------------------------------------------------------


async def test_a_card_that_rings_again_goes_out_once_by_the_next_channel_marked_as_repeated() -> None:
    async with house() as here:
        await here.board(card(1))
        assert here.bearers["sms"].got == []
        await here.board(card(2, told={"second_at": T0 + 1}))
        await here.board(card(3, told={"second_at": T0 + 1, "late": True}))
        [again] = here.bearers["sms"].got
        assert here.bearers["mail"].got == []
        assert again.data.decode().splitlines()[0].startswith("REPEATED")
        assert "k1:2" in again.subject
        [(channel, step)] = await here.logged()
        assert (channel, step.repeated, step.state) == ("sms", True, "sent")


async def test_a_next_channel_that_is_down_is_passed_over_for_one_that_works() -> None:
    async with house() as here:
        here.bearers["sms"].why = Undelivered("no gateway")
        await here.deliver(alert(card(1)))
        await here.board(card(2, told={"second_at": T0 + 1}))
        repeated = {name: [d for d in b.got if "REPEATED" in d.subject] for name, b in here.bearers.items()}
        assert {name: len(found) for name, found in repeated.items()} == {"mail": 0, "sms": 0, "atak": 1}


async def test_it_does_not_ring_again_once_somebody_has_acknowledged() -> None:
    async with house() as here:
        here.bearers["sms"].why = Undelivered("no gateway")
        await here.board(card(2, told={"second_at": T0 + 1}))
        await here.board(card(3, told={"second_at": T0 + 1, "acknowledged_at": T0 + 2}))
        here.bearers["sms"].why = None
        await here.wait(120)
        assert here.bearers["sms"].got == []


async def test_a_card_that_has_not_gone_out_yet_by_that_channel_rings_by_itself() -> None:
    async with house(CHANNELS[0]) as here:
        bearer = here.bearers["mail"]
        bearer.why = Undelivered("no relay")
        await here.deliver(alert(card(1)))
        await here.board(card(2, told={"second_at": T0 + 1}))
        bearer.why = None
        await here.wait(61)
        assert ["REPEATED" in d.subject for d in bearer.got] == [False]


async def test_with_one_channel_only_that_one_rings_again() -> None:
    async with house(CHANNELS[0]) as here:
        await here.board(card(2, told={"second_at": T0 + 1}))
        assert len(here.bearers["mail"].got) == 1


async def test_a_restart_does_not_ring_again_what_rang_and_rings_what_did_not() -> None:
    clock = ManualClock(T0)
    names = {XAR: tuple(c.name for c in CHANNELS)}
    broker = MemoryBroker(topology.build((JOC, XAR, "xbl"), channels=names), clock)
    async with house(broker=broker, clock=clock) as here:
        await here.board(card(2, told={"second_at": T0 + 1}))
        assert len(here.bearers["sms"].got) == 1
    async with broker.connect(COORD) as coord:
        late = registry.pack(card(2, id="k2", told={"second_at": T0 + 2}), id="c", originator=COORD)
        await coord.publish([Outgoing(subjects.board(XAR, "alert", "k2"), registry.encode(late), "k2", {})])
    await clock.advance(T0 + 60 * SECOND)
    async with house(broker=broker, clock=clock) as here:
        await settle(200)
        assert ["k2" in d.subject for d in here.bearers["sms"].got] == [True]


# -- emergencies on maps ----------------------------------------------------------------------------------------------

CONFIRMED = Told(participant=JOC, since=T0, acknowledged_at=T0 + 5)


async def test_only_what_a_desk_or_headquarters_confirmed_is_an_emergency_on_the_map_and_it_ends() -> None:
    async with house(CHANNELS[2]) as here:
        bearer = here.bearers["atak"]
        await here.board(card(1))
        await here.board(card(2, told={"acknowledged_at": T0 + 1}))
        assert bearer.kinds == []
        await here.board(card(3, others=(CONFIRMED,)))
        assert bearer.kinds == ["b-a-o-c"]
        await here.board(card(4, others=(CONFIRMED,), escalation=1))
        assert bearer.kinds == ["b-a-o-c"], "nothing on the map has changed"
        await here.board(card(5, others=(CONFIRMED,), work="resolved"))
        assert bearer.kinds == ["b-a-o-c", "b-a-o-can", "t-x-d-d"]


async def test_an_emergency_is_shown_again_before_it_is_stale() -> None:
    async with house(CHANNELS[2]) as here:
        await here.board(card(3, others=(CONFIRMED,)))
        await here.wait(601)
        assert here.bearers["atak"].kinds == ["b-a-o-c", "b-a-o-c"]


@pytest.mark.parametrize("more", [{"severity": "Severe"}, {"at": None}, {"work": "resolved"}])
async def test_what_is_less_than_flash_or_nowhere_or_over_is_no_emergency(more: dict[str, Any]) -> None:
    async with house(CHANNELS[2]) as here:
        await here.board(card(3, others=(CONFIRMED,), **more))
        assert here.bearers["atak"].kinds == []


async def test_a_casualty_evacuation_is_an_emergency_whatever_its_severity() -> None:
    async with house(CHANNELS[2]) as here:
        await here.board(card(3, others=(CONFIRMED,), alert_kind="medical", severity="Severe"))
        assert here.bearers["atak"].kinds == ["b-a-o-tbl"]


async def test_after_a_restart_what_ended_meanwhile_is_taken_off_the_map() -> None:
    clock = ManualClock(T0)
    broker = MemoryBroker(topology.build((JOC, XAR, "xbl"), channels={XAR: ("atak",)}), clock)
    async with house(CHANNELS[2], broker=broker, clock=clock) as here:
        await here.board(card(3, others=(CONFIRMED,)))
    async with broker.connect(COORD) as coord:
        over = card(4, others=(CONFIRMED,), work="resolved", changed_at=T0 + 30 * SECOND)
        envelope = registry.pack(over, id="c", originator=COORD)
        await coord.publish([Outgoing(subjects.board(XAR, "alert", "k1"), registry.encode(envelope), "x", {})])
    await clock.advance(T0 + 60 * SECOND)
    async with house(CHANNELS[2], broker=broker, clock=clock) as here:
        await settle(200)
        assert here.bearers["atak"].kinds == ["b-a-o-can", "t-x-d-d"]


# -- a FLASH behind a crowd -------------------------------------------------------------------------------------------


async def test_a_flash_is_seen_behind_more_than_the_server_hands_out_and_goes_out_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gathering, "CROWD", 10)
    monkeypatch.setattr(gathering, "_ENOUGH", 5)
    declared = topology.build((JOC, XAR, "xbl"), channels={XAR: ("mail",)})
    narrow = tuple(msgspec.structs.replace(c, max_ack_pending=20) for c in declared.consumers)
    clock = ManualClock(T0)
    broker = MemoryBroker(msgspec.structs.replace(declared, consumers=narrow), clock)
    async with house(CHANNELS[0], broker=broker, clock=clock) as here:
        bearer = here.bearers["mail"]
        bearer.why = Undelivered("no relay")
        await here.deliver(*(delivery(f"n{n:03}") for n in range(100)))
        await here.deliver(delivery("urgent", "flash"), delivery("soon", "immediate"))
        bearer.why = None
        for _ in range(12):
            await here.wait(61)
        texts = [d.data.decode().splitlines()[1] for d in bearer.got]
        assert texts[:2] == ["urgent", "soon"]
        assert sorted(texts) == sorted({*texts}), "nothing goes out twice"
        assert len(texts) == 102
        assert await here.gates[0]._client.bus.progress("INBOX", "gate-mail") == 102
