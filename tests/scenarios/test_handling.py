"""Services are killed while a card is shelved, offered or acknowledged for a time: each end comes once, and is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from msgspec.structs import replace

from coordinator.client import Client
from coordinator.core.mission import Acknowledge
from coordinator.core.step import Effect
from coordinator.edges.memory import MemoryBroker
from coordinator.services.base import outgoing
from coordinator.topology import COORD, INBOX, LOG
from schemas import registry, subjects
from schemas.acknowledgements import Action
from schemas.alerts import Alert
from tests.support.desk import MINUTE, MISSION, make_finding
from tests.support.memory import NOW, Small, running
from tests.support.settling import drained

HOLDS = replace(MISSION, acknowledge=Acknowledge(immediate_valid_s=1800.0))
NAMES = ("intake", "alerting", "release")
TOLD = ("sn-hq", "fhq-u3")


@asynccontextmanager
async def room(broker: MemoryBroker | None = None) -> AsyncIterator[Small]:
    """A bus with one card on it, or one that goes on after everything was killed."""
    async with running(HOLDS, NAMES, broker=broker, code="one") as small:
        if broker is None:
            finding = make_finding("f1", told=TOLD, first_at=NOW, at=NOW)
            effect = Effect(subjects.finding(finding.finding_kind, finding.id), finding, finding.id, "cause", 0)
            async with small.broker.connect(COORD) as bus:
                await bus.publish([outgoing(effect, "deconfliction", NOW)])
        await drained(small.runners)
        yield small


async def cards(small: Small, who: str, stream: str, pattern: str) -> list[Alert]:
    """Return every revision of the one card that stands in a stream."""
    found: list[Alert] = []
    async with small.broker.connect(who) as bus, bus.read(stream, (pattern,)) as reader:
        while await reader.pending():
            bodies = [registry.body(registry.envelope(d.data)) for d in await reader.batch()]
            found += [b for b in bodies if isinstance(b, Alert) and b.alert_kind == "conflict"]
    return found


async def logged(small: Small) -> list[Alert]:
    return await cards(small, COORD, LOG, subjects.ALL_ALERTS)


async def act(small: Small, by: str, verb: Any, **fields: Any) -> None:
    """Let somebody do something with the card as it is."""
    card = (await logged(small))[-1]
    async with small.client(by) as client:
        await _act(client, Action(alert=card.id, verb=verb, seen_rev=card.rev, **fields))
    await drained(small.runners)


async def _act(client: Client, action: Action) -> None:
    assert (await client.act(action)).accepted


async def later(small: Small, minutes: int) -> None:
    """Let time pass, a minute at a time, and everybody work."""
    for _ in range(minutes):
        await small.clock.advance(small.clock.now() + MINUTE)
        await drained(small.runners)


async def done(small: Small) -> None:
    """A day on which much ends by itself."""
    await act(small, "sn-hq", "take")
    await act(small, "sn-hq", "handover", to="fhq-u3")
    await act(small, "sn-hq", "shelve", until=small.clock.now() + 22 * MINUTE, note="waits for engineers")


ENDS = ["handover-lapsed", "shelf-ends-soon", "shelf-ended"]


@pytest.mark.parametrize("killed_after", [[], [1], [16], [19], [23], [1, 16, 19, 23]], ids=str)
async def test_every_end_comes_once_whenever_everything_is_killed(killed_after: list[int]) -> None:
    async with room() as small:
        await done(small)
        passed = 0
    for minute in (*killed_after, 25):
        async with room(small.broker) as small:
            await later(small, minute - passed)
            passed = minute
    async with room(small.broker) as small:
        said = [word for a in await logged(small) for word in a.why.split()]
        assert [word for word in said if word in ENDS] == ENDS
        assert [a.rev for a in await logged(small)] == list(range(1, len(await logged(small)) + 1))
        heard = {who: [a.rev for a in await cards(small, who, INBOX, "to.>")] for who in TOLD}
        assert heard == {"sn-hq": [1, 4, 5, 6, 7], "fhq-u3": [1, 3, 4, 6, 7]}  # 3 is the offer, 5 says that it lapsed


async def test_what_ended_while_nothing_ran_ends_when_it_runs_again() -> None:
    async with room() as small:
        await done(small)
    await small.clock.advance(NOW + 40 * MINUTE)
    async with room(small.broker) as small:
        last = (await logged(small))[-1]
        assert (last.shelved, last.work, last.owner) == (None, "raised", "sn-hq")
        assert "shelf-ended" in last.why.split()


async def test_an_acknowledgement_that_expires_is_asked_for_again_after_a_kill() -> None:
    async with room() as small:
        await act(small, "sn-hq", "acknowledge")
        await later(small, 10)
    async with room(small.broker) as small:
        await later(small, 20)
        said = [a.why for a in await logged(small)]
        assert sum("acknowledgement-expired" in why.split() for why in said) == 1
        assert (await logged(small))[-1].work == "raised"
