"""Plays a vignette on an embedded bus of its own, and scores it."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import anyio

from coordinator import app, topology
from coordinator.core.mission import Mission
from coordinator.demo.score import Cards, Histories, Score, evaluate
from coordinator.demo.vignette import Step, Vignette
from coordinator.demo.world import OpenBus, World, inhabited
from coordinator.edges.clock import ManualClock
from coordinator.edges.nats import apply, connect
from coordinator.edges.server import run_server
from coordinator.services.base import logged_at
from coordinator.services.catalogue import chosen
from coordinator.services.log import walk
from coordinator.topology import BOARD, COORD, INBOX, LOG, of
from schemas import registry, subjects
from schemas.alerts import Alert
from schemas.findings import Finding


class Moment(NamedTuple):
    """What a viewer is shown after a step: the time, the step, and what the log has said since."""

    now: int
    step: Step
    findings: list[Finding]
    cards: list[Alert]
    answers: list[str]


Show = Callable[[Moment], None]


@asynccontextmanager
async def embedded(mission: Mission) -> AsyncIterator[OpenBus]:
    """Open a bus of its own on a nats-server that ends with the context; gives a connection per identity."""
    with tempfile.TemporaryDirectory(prefix="coordinator-") as folder:
        declared = topology.build(p.id for p in mission.participants)
        async with run_server(Path(folder), declared) as server:

            def open_bus(identity: str):  # type: ignore[no-untyped-def] # the context manager that `connect` returns
                user = topology.SERVICES if identity == COORD else identity
                return connect(server.url, server.credentials(user), identity)

            async with open_bus(COORD) as bus:
                await apply(bus, declared)
            yield open_bus


async def play(vignette: Vignette, *, speed: float | None, show: Show, open_bus: OpenBus) -> Score:
    """Play every step in virtual time and return the score; ``speed`` None is as fast as everything drains."""
    clock = ManualClock(vignette.step(vignette.script.steps[0].step).time - 300_000_000)
    setting = app.setting_of(vignette.mission, "live", app.new_seed())
    async with (
        app.running(partial(open_bus, COORD), clock, setting, chosen()) as runners,
        inhabited(vignette, clock, runners, open_bus) as world,
    ):
        seen = 0
        for step in vignette.script.steps:
            await _wait(clock.now(), step.time, speed)
            await world.pass_time(step.time)
            await world.act(step)
            moment, seen = await _moment(world, step, open_bus, seen)
            show(moment)
        return await _score(world, open_bus)


async def _wait(now: int, then: int, speed: float | None) -> None:
    if speed is not None:
        await anyio.sleep(min((then - now) / 1_000_000 / speed, 5.0))  # nobody watches an empty night


async def _moment(world: World, step: Step, open_bus: OpenBus, seen: int) -> tuple[Moment, int]:
    findings: list[Finding] = []
    cards: list[Alert] = []
    async with open_bus(COORD) as bus:
        async for delivery in walk(bus, LOG, (subjects.ALL_FINDINGS, subjects.ALL_ALERTS), seen):
            seen = delivery.seq
            body = registry.body(registry.envelope(delivery.data))
            if isinstance(body, Finding):
                findings.append(body)
            elif isinstance(body, Alert):
                cards.append(body)
    answers = [f"{o.name}: {o.path}: {o.why}" for s, o in world.outcomes if s is step and not o.accepted]
    return Moment(world.clock.now(), step, findings, cards, answers), seen


async def _score(world: World, open_bus: OpenBus) -> Score:
    findings: Histories = {}
    cards: Cards = {}
    async with open_bus(COORD) as bus:
        async for delivery in walk(bus, LOG, (subjects.ALL_FINDINGS, subjects.ALL_ALERTS)):
            body = registry.body(registry.envelope(delivery.data))
            if isinstance(body, Finding):
                findings.setdefault(body.id, []).append((logged_at(delivery), body))
            elif isinstance(body, Alert):
                cards.setdefault(body.id, []).append((logged_at(delivery), body))
        for link in world.links.values():
            for stream in (INBOX, BOARD):
                everything = [d.data async for d in walk(bus, of(link.participant, stream), subjects.EVERYTHING)]
                link.everything += b"\n".join(everything)
    refused = [f"step {s.step}: {o.path}: {o.why}" for s, o in world.outcomes if not o.accepted]
    return evaluate(world.vignette, findings, cards, list(world.links.values()), refused)
