"""Intake of CoT events, raw to log, against a null relay: plain nats-py that parses nothing.

Both empty RAW through a durable of their own, the same messages in the same rounds, one after the other. The relay
fetches 500, publishes the same bytes to a stream like TRACKS with `publish_async`, awaits the acks and acknowledges.
Intake translates, checks, hashes, and is done when every event stands in TRACKS or LOG and every input is acknowledged.
"""

import asyncio
import gc
import time
from pathlib import Path
from typing import Any, Final

import anyio
import msgspec
from nats.aio.client import Client as Plain

from coordinator.client import Item, input_id
from coordinator.core.chain import content_hash
from coordinator.edges.clock import SystemClock
from coordinator.edges.nats.apply import consumer_config, stream_config
from coordinator.ports import BEARER_ID, CHANNEL, HASH, LOGGED_AT, Bus, Outgoing
from coordinator.services import intake
from coordinator.services.base import run
from coordinator.topology import COORD, LOG, RAW, TRACKS
from schemas import subjects
from tests.bench import corpus
from tests.bench.hub import Hub, a_folder, hub
from tests.bench.measure import Figure, median

EVENTS: Final = 20_000
EVENTS_ON_DISK: Final = 4_000
ROUNDS: Final = 7
ROUNDS_ON_DISK: Final = 3
SENDER: Final = "xar"
RELAYED: Final = "RELAYED"
FETCH: Final = 500


def figures() -> list[Figure]:
    """Return intake's rate on a server with default sync, where a bar holds, and on one that syncs always."""
    with a_folder() as lazy, a_folder() as always:
        return [
            anyio.run(_on, lazy, False, EVENTS, ROUNDS),
            anyio.run(_on, always, True, EVENTS_ON_DISK, ROUNDS_ON_DISK),
        ]


async def _on(store: Path, sync_always: bool, events: int, rounds: int) -> Figure:
    ours: list[float] = []
    relayed: list[float] = []
    async with hub(store, sync_always=sync_always) as at, at.open(COORD) as bus, at.plain(COORD) as plain:
        await _declare_relay(plain, at)
        for turn in range(rounds):
            await _fill(bus, events, f"t{turn}")
            works = [(ours, _intake(at, bus, events)), (relayed, _relay(plain, events))]
            for taken, work in works if turn % 2 == 0 else reversed(works):
                gc.collect()
                taken.append(await work)
    name = "intake, sync always" if sync_always else "intake"
    rate, base = events / median(ours), events / median(relayed)
    ratios = [theirs / own for own, theirs in zip(ours, relayed, strict=True)]
    note = f"{events:,} {corpus.origin()}, {rounds} rounds, ratios {min(ratios):.2f} to {max(ratios):.2f}"
    low = None if sync_always else 0.7
    return Figure(name=name, value=rate, unit="events/s", baseline=base, against="null relay", low=low, note=note)


async def _fill(bus: Bus, events: int, mark: str) -> None:
    """Put events into RAW as a participant's client does."""
    messages = [_raw(data, f"{mark}-{n}.xml") for n, data in enumerate(corpus.repeated(events, mark))]
    for start in range(0, events, 1000):
        await bus.publish(messages[start : start + 1000])


def _raw(data: bytes, name: str) -> Outgoing:
    identity, subject, at = input_id(Item(data=data, format="cot", name=name)), subjects.raw(SENDER, "cot"), "1"
    headers = {LOGGED_AT: at, CHANNEL: "nats", BEARER_ID: name, HASH: content_hash(subject, identity, at, data)}
    return Outgoing(subject, data, identity, headers)


async def _intake(at: Hub, bus: Bus, events: int) -> float:
    """Run intake until RAW is dealt with; return the seconds, and make sure that everything arrived."""
    before = await _stored(bus)
    async with at.open(COORD) as own, anyio.create_task_group() as group:
        began = time.perf_counter()
        runner = await group.start(run, intake.SERVICE, own, SystemClock(), at.setting)
        while not await runner.settled():  # noqa: ASYNC110 - nobody tells when a durable is empty
            await anyio.sleep(0.005)
        taken = time.perf_counter() - began
        group.cancel_scope.cancel()
    arrived = await _stored(bus) - before
    assert events < arrived <= events + events // 10, f"{arrived} messages for {events} events"
    return taken


async def _stored(bus: Bus) -> int:
    return (await bus.state(TRACKS)).messages + (await bus.state(LOG)).messages


# -- the relay --------------------------------------------------------------------------------------------------------


async def _declare_relay(plain: Plain, at: Hub) -> None:
    tracks = next(s for s in at.declared.streams if s.name == TRACKS)
    durable = next(c for c in at.declared.consumers if c.stream == RAW)
    stream = {**stream_config(tracks), "name": RELAYED, "subjects": ["relayed"]}
    consumer = {**consumer_config(durable), "name": "relay", "durable_name": "relay"}
    await _api(plain, f"STREAM.CREATE.{RELAYED}", stream)
    await _api(plain, f"CONSUMER.CREATE.{RAW}.relay", {"stream_name": RAW, "config": consumer, "action": "create"})


async def _api(plain: Plain, what: str, request: dict[str, Any]) -> None:
    answer = await plain.request(f"$JS.API.{what}", msgspec.json.encode(request))
    assert "error" not in msgspec.json.decode(answer.data), answer.data


async def _relay(plain: Plain, events: int) -> float:
    js = plain.jetstream(publish_async_max_pending=1000)
    began = time.perf_counter()
    shares = await js.pull_subscribe_bind("relay", RAW)
    done = 0
    while done < events:
        batch = await shares.fetch(FETCH, timeout=5)
        acks = [await js.publish_async("relayed", message.data) for message in batch]
        await asyncio.gather(*acks)
        for message in batch:
            await message.ack()
        done += len(batch)
    await plain.flush()
    taken = time.perf_counter() - began
    await shares.unsubscribe()
    return taken
