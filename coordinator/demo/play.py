"""Plays a vignette on an embedded bus of its own, and scores it."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import anyio
import msgspec

from coordinator import app, topology
from coordinator.core.mission import Mission
from coordinator.demo import afterwards
from coordinator.demo.score import Cards, Histories, Score, evaluate
from coordinator.demo.vignette import Step, Vignette
from coordinator.demo.world import OpenBus, World, inhabited
from coordinator.edges.clock import ManualClock
from coordinator.edges.nats import apply, connect
from coordinator.edges.server import run_server
from coordinator.services.catalogue import chosen
from coordinator.services.log import Range
from coordinator.topology import COORD
from schemas import registry
from schemas.alerts import Alert
from schemas.base import Message
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
        async with run_server(Path(folder), declared, sync_always=False) as server:  # nothing outlives the context

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
            moment, seen = await _moment(world, step, seen)
            show(moment)
        return await _score(world)


async def _wait(now: int, then: int, speed: float | None) -> None:
    if speed is not None:
        await anyio.sleep(min((then - now) / 1_000_000 / speed, 5.0))  # nobody watches an empty night


async def _moment(world: World, step: Step, seen: int) -> tuple[Moment, int]:
    news = await _said(world, seen)
    findings = [body for *_, body in news if isinstance(body, Finding)]
    cards = [body for *_, body in news if isinstance(body, Alert)]
    answers = [f"{o.name}: {o.path}: {o.why}" for s, o in world.outcomes if s is step and not o.accepted]
    return Moment(world.clock.now(), step, findings, cards, answers), max([seen, *(seq for seq, *_ in news)])


async def _said(world: World, seen: int = 0) -> list[tuple[int, int, Message]]:
    """Ask the log service, as an operator would, for findings and cards behind a sequence: sequence, time and body."""
    rows = [
        row
        for kind in (Finding.KIND, Alert.KIND)
        async for row in world.operator.rows("log", "show", Range(first=seen + 1, kind=kind))
    ]
    bodies = [registry.body(registry.envelope(registry.encode(row["data"]))) for row in rows]
    said = [(row["seq"], row["at"], body) for row, body in zip(rows, bodies, strict=True)]
    return sorted(said, key=lambda one: one[0])


async def _score(world: World) -> Score:
    findings: Histories = {}
    cards: Cards = {}
    for _, at, body in await _said(world):
        if isinstance(body, Finding):
            findings.setdefault(body.id, []).append((at, body))
        elif isinstance(body, Alert):
            cards.setdefault(body.id, []).append((at, body))
    for link in world.links.values():
        await link.collect()
    refused = [(s.step, o) for s, o in world.outcomes if not o.accepted]
    score = evaluate(world.vignette, findings, cards, list(world.links.values()), refused)
    return msgspec.structs.replace(score, rows=(*score.rows, *await afterwards.rows(world)))
