"""Vignette V1, "KESSA bridge": two contingents, one bridge, one humanitarian convoy. Source: domain.md §5.1."""

import random
from contextlib import asynccontextmanager
from functools import partial

import pytest

from coordinator import app, demo, topology
from coordinator.client import Client, Item
from coordinator.demo.play import play
from coordinator.demo.vignette import Vignette, load, moment
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.services.catalogue import chosen
from coordinator.services.log import walk
from coordinator.topology import COORD, LOG
from schemas import registry, subjects
from schemas.alerts import Alert
from schemas.findings import Finding
from tests.support.settling import drained

SHUFFLED = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11)
FROZEN = moment("140530ZMAR27")


def broker(vignette: Vignette, clock: ManualClock) -> MemoryBroker:
    return MemoryBroker(topology.build(p.id for p in vignette.mission.participants), clock)


async def scored_in_memory(vignette: Vignette):
    """Play it on a bus in memory; its own clock only measures duplicate windows."""
    world = broker(vignette, ManualClock(FROZEN))
    return await play(vignette, speed=None, show=lambda _: None, open_bus=world.connect)


def unmet(score) -> list[str]:
    return [f"{row.check}: {row.detail}" for row in score.rows if not row.met]


async def test_v1_scores_exactly_in_memory():
    """One card, five findings, one late acknowledgement, one unreachable notice; nothing else, nothing left open."""
    assert unmet(await scored_in_memory(load("v1"))) == []


@pytest.mark.nats
async def test_v1_scores_exactly_on_a_server():
    """The same on a real nats-server, as `make demo` plays it."""
    assert unmet(await demo.score(load("v1"))) == []


async def test_v1_is_the_same_with_the_two_contingents_swapped():
    """Impartial (law 4): XAR and XBL exchange their names everywhere, and nothing changes but names."""
    swapped = {"xar": "xbl", "arvbatt": "belbatt"}
    assert unmet(await scored_in_memory(load("v1", swapped))) == []


@asynccontextmanager
async def frozen_world(vignette: Vignette):
    clock = ManualClock(FROZEN)
    world = broker(vignette, clock)
    setting = app.setting_of(vignette.mission, "live", app.new_seed())
    services = [s for s in chosen() if s.name != "presence"]
    async with app.running(partial(world.connect, COORD), clock, setting, services) as runners:
        yield world, runners, clock


async def outcome(vignette: Vignette, order) -> tuple[set, set]:
    """Send the steps in an order, all at one moment; return what findings and cards there are in the end."""
    async with frozen_world(vignette) as (world, runners, clock):
        for number in order:
            step = vignette.step(number)
            async with world.connect(step.sender) as bus:
                item = Item(data=vignette.files[step.file], format=step.format, name=step.name or step.file)
                outcomes = [o async for o in Client(bus, step.sender, clock).send([item], channel=step.channel)]
                assert [o.accepted for o in outcomes] == [True]
        await drained(runners)
        findings: dict[str, Finding] = {}
        cards: dict[str, Alert] = {}
        async with world.connect(COORD) as bus:
            async for delivery in walk(bus, LOG, (subjects.ALL_FINDINGS, subjects.ALL_ALERTS)):
                body = registry.body(registry.envelope(delivery.data))
                (findings if isinstance(body, Finding) else cards)[body.id] = body
        shown = {
            (f.id, f.finding_kind, tuple(p.id for p in f.parties), f.severity, f.state, f.evidence.overlap)
            for f in findings.values()
            if f.state != "closed"
        }
        open_cards = {
            (a.id, a.severity, a.work, tuple(m.finding for m in a.members), tuple(t.participant for t in a.told))
            for a in cards.values()
            if not a.merged_into and a.members
        }
        return shown, open_cards


async def test_the_order_of_arrival_does_not_matter():
    """Law 3: inputs 1-9 and 11 in any of 50 random orders, at a frozen 140530Z, end in the same findings and card."""
    vignette = load("v1")
    wanted = await outcome(vignette, SHUFFLED)
    assert len(wanted[0]) == 5
    assert len(wanted[1]) == 1
    for seed in range(50):
        order = list(SHUFFLED)
        random.Random(seed).shuffle(order)
        assert await outcome(vignette, order) == wanted, f"seed {seed}: {order}"
