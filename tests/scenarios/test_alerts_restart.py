"""Alerting and release are killed in the middle of a ladder and of a flood: no alert lost, doubled or silently late."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from coordinator import app, topology
from coordinator.core.mission import Acknowledge
from coordinator.core.step import Effect
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.ports import Outgoing
from coordinator.services import base, fold
from coordinator.services.base import Service
from coordinator.services.catalogue import chosen
from coordinator.topology import COORD, INBOX, LOG
from schemas import registry, subjects
from schemas.acknowledgements import Action
from schemas.alerts import Alert
from schemas.findings import Finding
from tests.core.test_alerting_flood import LIMIT, far
from tests.support.desk import MINUTE, MISSION, z
from tests.support.settling import drained

NOW = z("140405")
READER = "xar-batt"
QUICK = replace(MISSION, acknowledge=Acknowledge(immediate_s=240.0))  # so that a ladder is short
Blow = Callable[["World"], AsyncIterator[None]]


class Written(NamedTuple):
    """What is on the bus in the end: alerts in the log, and what the battalion got."""

    alerts: list[tuple[str, bytes]]
    inbox: list[tuple[str, bytes]]

    @property
    def cards(self) -> list[Alert]:
        """The cards that it got, in order."""
        bodies = [registry.body(registry.envelope(data)) for _, data in self.inbox]
        return [body for body in bodies if isinstance(body, Alert)]


class World:
    """A bus in memory, and the services that run on it for a while."""

    def __init__(self, copies: int = 1) -> None:
        self.clock = ManualClock(NOW)
        self.broker = MemoryBroker(topology.build(p.id for p in QUICK.participants), self.clock)
        self._setting = app.setting_of(QUICK, "live", app.new_seed())._replace(code="one")
        self._services: Sequence[Service] = chosen(("alerting", "release")) * copies
        self._count = 0

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Sequence[base.Runner]]:
        """Run the services."""
        async with app.running(partial(self.broker.connect, COORD), self.clock, self._setting, self._services) as all_:
            yield all_

    async def say(self, *findings: Finding) -> None:
        """Let findings be logged now."""
        made = [Effect(subjects.finding(f.finding_kind, f.id), f, f.id, f"c{f.at}", 0) for f in findings]
        await self._log([base.outgoing(effect, "deconfliction", self.clock.now()) for effect in made])

    async def act(self, card: Alert, seen: int) -> None:
        """Let the battalion acknowledge a card."""
        body = Action(alert=card.id, verb="acknowledge", seen_rev=seen)
        self._count += 1
        data = registry.encode(registry.pack(body, id=f"a{self._count}", originator=READER))
        subject, headers = subjects.record(Action.KIND, READER), {base.LOGGED_AT: str(self.clock.now())}
        await self._log([base.stamped(subject, data, f"a{self._count}", headers)])

    async def _log(self, messages: list[Outgoing]) -> None:
        async with self.broker.connect(COORD) as bus:
            await bus.publish(messages)

    async def written(self) -> Written:
        """Return what is on the bus now."""
        return Written(await self._all(COORD, LOG, subjects.ALL_ALERTS), await self._all(READER, INBOX, "to.>"))

    async def _all(self, who: str, stream: str, pattern: str) -> list[tuple[str, bytes]]:
        found: list[tuple[str, bytes]] = []
        async with self.broker.connect(who) as bus, bus.read(stream, (pattern,)) as reader:
            while await reader.pending():
                found += [(d.subject, d.data) for d in await reader.batch()]
        return found


def alone(number: int, severity: str = "HIGH") -> Finding:
    """A finding for the battalion alone, as it is now."""
    return replace(far(number), severity=severity, at=NOW)


async def _group(world: World) -> Alert:
    """The card of the group, as it stands in the log."""
    bodies = [registry.body(registry.envelope(d)) for _, d in (await world.written()).alerts]
    return [b for b in bodies if isinstance(b, Alert) and b.alert_kind == "flood" and b.about == READER][-1]


async def _flood(world: World) -> None:
    await world.say(
        *(alone(n) for n in range(LIMIT + 20)), alone(900, "CRITICAL"), *(alone(n) for n in range(100, 110))
    )


async def _minute(world: World) -> None:
    await world.clock.advance(world.clock.now() + MINUTE)


async def _answer(world: World) -> None:
    card = await _group(world)
    await world.act(card, card.rev)


STEPS = (_flood, *[_minute] * 5, _answer, _minute)
"""An EXTREME card in a flood: by another bearer, then to whoever is above, then by voice; and the group is late."""


async def straight(copies: int = 1) -> Written:
    """The bus after all steps, with services that nobody stops."""
    world = World(copies)
    async with world.running() as runners:
        for step in STEPS:
            await step(world)
            await drained(runners)
    return await world.written()


async def killed(*, at_once: bool) -> Written:
    """The same with services that are stopped and started behind each step: settled, or in the middle of it."""
    world = World()
    for step in STEPS:
        async with world.running() as runners:
            await drained(runners)
            await step(world)
            if not at_once:
                await drained(runners)
    async with world.running() as runners:
        await drained(runners)
    return await world.written()


async def test_the_extreme_one_is_there_before_whatever_came_after_it_and_the_flood_is_one_group() -> None:
    cards = (await straight()).cards
    first = [c.alert_kind for c in cards[: LIMIT + 2]]
    assert sorted(first) == ["conflict"] * (LIMIT + 1) + ["flood"]
    assert [c.severity for c in cards if c.alert_kind == "conflict"].count("Extreme") == 1
    assert {c.severity for c in cards[: LIMIT + 2]} == {"Severe", "Extreme"}


async def test_stopped_and_started_behind_each_step_it_writes_the_same() -> None:
    assert await killed(at_once=False) == await straight()


@pytest.mark.parametrize("every", [3, 1000], ids=["snapshots", "from-the-beginning"])
async def test_killed_in_the_middle_of_each_step_it_writes_the_same(
    every: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_: fold.Fold) -> None:
        """Whoever is killed keeps nothing."""

    expected = await straight()
    monkeypatch.setattr(fold.Fold, "_last_snapshot", nothing)
    monkeypatch.setattr(base, "SNAPSHOT_EVERY", every)
    assert await killed(at_once=True) == expected


async def test_two_of_them_side_by_side_write_what_one_writes() -> None:
    both, one = await straight(copies=2), await straight()
    assert sorted(both.alerts) == sorted(one.alerts)  # what follows from one message may come in either's order
    assert both.inbox == one.inbox


async def test_what_fell_due_while_it_was_down_is_said_when_it_is_back() -> None:
    world = World()
    async with world.running() as runners:
        await world.say(alone(1, "CRITICAL"))
        await drained(runners)
    await world.clock.advance(NOW + 5 * MINUTE)
    async with world.running() as runners:
        await drained(runners)
    bodies = [registry.body(registry.envelope(d)) for _, d in (await world.written()).alerts]
    calls = [b for b in bodies if isinstance(b, Alert) and b.alert_kind == "late-acknowledgement"]
    assert [(c.about, c.why, c.changed_at) for c in calls] == [(READER, "raised", NOW + 5 * MINUTE)]
