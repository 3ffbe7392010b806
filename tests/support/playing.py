"""Plays a vignette in memory: as its script says, and in any order at one frozen moment."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from coordinator import app, topology
from coordinator.client import Client, Item
from coordinator.demo.play import play
from coordinator.demo.score import Score
from coordinator.demo.vignette import Vignette
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.services.catalogue import chosen
from coordinator.services.log import walk
from coordinator.topology import COORD, LOG, RAW
from schemas import registry, subjects
from schemas.alerts import Alert
from schemas.findings import Finding
from tests.support.settling import drained

Outcome = tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]


def broker(vignette: Vignette, clock: ManualClock) -> MemoryBroker:
    """Return a bus in memory with everybody's accounts."""
    return MemoryBroker(topology.build(p.id for p in vignette.mission.participants), clock)


async def scored_in_memory(vignette: Vignette) -> Score:
    """Play it on a bus in memory; its own clock only measures duplicate windows."""
    world = broker(vignette, ManualClock(vignette.script.steps[-1].time))
    return await play(vignette, speed=None, show=lambda _: None, open_bus=world.connect)


def unmet(score: Score) -> list[str]:
    """Return what was expected and did not come, or came and was not expected."""
    return [f"{row.check}: {row.detail}" for row in score.rows if not row.met]


@asynccontextmanager
async def frozen_world(vignette: Vignette, frozen: int) -> AsyncIterator[tuple[MemoryBroker, Any, ManualClock]]:
    """Run all services but presence at a moment that does not pass."""
    clock = ManualClock(frozen)
    world = broker(vignette, clock)
    setting = app.setting_of(vignette.mission, "live", app.new_seed())
    services = [s for s in chosen() if s.name != "presence"]
    async with app.running(partial(world.connect, COORD), clock, setting, services) as runners:
        yield world, runners, clock


async def outcome(vignette: Vignette, order: Iterable[int], frozen: int) -> Outcome:
    """Send the steps in an order, all at one moment; return what findings and cards there are in the end."""
    async with frozen_world(vignette, frozen) as (world, runners, clock):
        for number in order:
            await send(vignette, number, world, clock)
        await drained(runners)
        findings: dict[str, Finding] = {}
        cards: dict[str, Alert] = {}
        async with world.connect(COORD) as bus:
            async for delivery in walk(bus, LOG, (subjects.ALL_FINDINGS, subjects.ALL_ALERTS)):
                body = registry.body(registry.envelope(delivery.data))
                if isinstance(body, Finding):
                    findings[body.id] = body
                elif isinstance(body, Alert):
                    cards[body.id] = body
        return _shown(findings), _open(cards)


async def kept(vignette: Vignette, number: int, secret: bytes, frozen: int) -> tuple[str, dict[str, list[str]]]:
    """Send a step that is refused; return where it is wrong, and under which subjects some bytes of it are kept."""
    step = vignette.step(number)
    async with frozen_world(vignette, frozen) as (world, runners, clock):
        async with world.connect(step.sender) as bus:
            item = Item(data=vignette.files[step.file], format=step.format, name=step.file)
            [answer] = [o async for o in Client(bus, step.sender, clock).send([item], channel=step.channel)]
        assert not answer.accepted
        await drained(runners)
        async with world.connect(COORD) as bus:
            return answer.path, {
                stream: [d.subject async for d in walk(bus, stream, subjects.EVERYTHING) if secret in d.data]
                for stream in (RAW, LOG)
            }


async def send(vignette: Vignette, number: int, world: MemoryBroker, clock: ManualClock) -> None:
    """Send the files of a step; every one is accepted."""
    step = vignette.step(number)
    async with world.connect(step.sender) as bus:
        client = Client(bus, step.sender, clock)
        for file in step.sends:
            item = Item(data=vignette.files[file], format=step.format, name=step.name or file)
            sent = client.send([item], channel=step.channel, on_behalf_of=step.behalf)
            assert [o.accepted async for o in sent] == [True]


def _shown(findings: dict[str, Finding]) -> set[tuple[Any, ...]]:
    return {
        (f.id, f.finding_kind, tuple(p.id for p in f.parties), f.severity, f.state, f.evidence.overlap)
        for f in findings.values()
        if f.state != "closed"
    }


def _open(cards: dict[str, Alert]) -> set[tuple[Any, ...]]:
    return {
        (a.id, a.severity, a.work, tuple(m.finding for m in a.members), tuple(t.participant for t in a.told))
        for a in cards.values()
        if not a.merged_into and a.members
    }
