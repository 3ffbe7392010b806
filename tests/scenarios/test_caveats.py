"""A caveat on a running bus: who asks, who replays and who is delivered to learns of it only if its label admits him.

Source: reference deconfliction.md §5 (6); design §7, law 6; domain.md §5.3 N2.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, Final, NamedTuple

import msgspec
import pytest

from coordinator import app, topology
from coordinator.cli.replay import _seen, _Span
from coordinator.client import Client
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.services.catalogue import chosen
from coordinator.topology import BOARD, COORD, INBOX
from schemas import registry, subjects
from schemas.envelope import Envelope
from tests.core.test_leak_caveats import INSIDERS, LABEL, MISSION, OUTSIDERS, SECRET, caveat, convoy, order
from tests.support.settling import drained
from tests.support.v1 import z

SOON: Final = z("150400")


class Bus(NamedTuple):
    """A running bus in memory, with a client for everybody."""

    clients: dict[str, Client]
    runners: Any

    async def said(self, *messages: Envelope) -> None:
        for message in messages:
            outcome = await self.clients[message.originator].publish(message)
            assert outcome.accepted, outcome
        await drained(self.runners)

    async def got(self, participant: str) -> bytes:
        """Return all that stands in somebody's INBOX and on its BOARD, headers and subjects too."""
        found = []
        for stream in (INBOX, BOARD):
            async with self.clients[participant].bus.read(stream, subjects.EVERYTHING) as reader:
                while await reader.pending():
                    found += [f"{d.subject} {d.headers}".encode() + d.data for d in await reader.batch()]
        return b"\n".join(found)

    async def replayed(self, participant: str) -> bytes:
        """Return what `coordinator replay --as-seen-by` prints."""
        rows = [row async for row in _seen(self.clients[participant], _Span(0, z("160000"), ""))]
        return msgspec.json.encode(rows)

    async def asked(self, participant: str, message: Envelope) -> bytes:
        """Return the answer to a blind question."""
        question = msgspec.Raw(registry.encode(message))
        rows = [r async for r in self.clients[participant].rows("deconfliction", "check", question)]
        await drained(self.runners)
        return msgspec.json.encode(rows)


@asynccontextmanager
async def running() -> AsyncIterator[Bus]:
    clock = ManualClock(SOON)
    broker = MemoryBroker(topology.build(p.id for p in MISSION.participants), clock)
    setting = app.setting_of(MISSION, "live", app.new_seed())
    services = [s for s in chosen() if s.name in ("intake", "deconfliction", "alerting", "release")]
    async with AsyncExitStack() as stack:
        runners = await stack.enter_async_context(
            app.running(partial(broker.connect, COORD), clock, setting, services)
        )  # fmt: skip
        clients = {
            p.id: Client(await stack.enter_async_context(broker.connect(p.id)), p.id, clock)
            for p in MISSION.participants
        }
        yield Bus(clients, runners)


async def test_deliveries_boards_and_replays_hold_no_byte_of_it_for_who_may_not_know() -> None:
    async with running() as bus:
        await bus.said(convoy(), order(), caveat())
        for reader in ("fc", "fhq-u3", "xbl-batt"):
            assert b"declared restriction" in await bus.got(reader), reader
            assert b"declared restriction" in await bus.replayed(reader), reader
        for reader in OUTSIDERS:
            got, replayed = await bus.got(reader), await bus.replayed(reader)
            assert [w for w in SECRET if w in got + replayed] == [], reader
        assert b"HNS-02" in await bus.got("ocha-cmc")


@pytest.mark.parametrize("asker", ["sc-hq", "fhq-u3"])
async def test_a_blind_question_is_answered_as_if_there_was_none_to_who_may_not_know(asker: str) -> None:
    async with running() as bus:
        without_it = await bus.asked(asker, order(asker, identity="TRY-1"))
        await bus.said(caveat())
        with_it = await bus.asked(asker, order(asker, identity="TRY-1"))
        assert (b'"caveat"' in with_it or b'"infeasible"' in with_it) is (asker in INSIDERS)
        if asker in OUTSIDERS:
            assert _rows(with_it) == _rows(without_it)


def _rows(answer: bytes) -> list[Any]:
    """Return an answer without its scope, which counts the questions and the messages of everybody."""
    return [row for row in msgspec.json.decode(answer) if "scope" not in row]


async def test_the_caveat_itself_goes_to_whom_its_label_admits() -> None:
    async with running() as bus:
        await bus.said(caveat(label=LABEL))
        for reader in ("fc", "fhq-u3", "xbl-batt"):
            assert b"CAV-XBL-03" in await bus.got(reader), reader
        for reader in OUTSIDERS:
            assert b"CAV-" not in await bus.got(reader), reader
