"""From publishing a directive that clashes with an active one to the alert in the duty desk's hands.

On the way: RAW, intake, LOG, deconfliction, LOG, alerting, LOG, release, the desk's INBOX: five writes that are on disk
before anybody goes on. The baseline is one bare publish-subscribe hop through the same server, which stores nothing.
"""

import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Final

import anyio
from msgspec.structs import replace
from nats.aio.client import Client as Plain
from nats.aio.msg import Msg

from coordinator.client import Client
from coordinator.core.mission import Cards
from coordinator.edges.clock import SystemClock
from coordinator.topology import COORD
from schemas import registry
from schemas.alerts import Alert
from schemas.directives import Action, Directive
from schemas.envelope import Addressee, Envelope, UnitRef
from schemas.geo import Circle, Position
from schemas.time import TimeValue, TimeWindow
from tests.bench.hub import a_folder, all_services, hub, idle
from tests.bench.measure import Figure, quantile
from tests.bench.traffic import MINUTE, mission

ALERTS: Final = 100
HOPS: Final = 2_000
WARM_UP: Final = 5
DESK: Final = "joc"
_PATIENCE_S: Final = 30.0


def figures() -> list[Figure]:
    """Return the median and the 99th percentile."""
    waits, hops = anyio.run(_measured)
    return [
        Figure(
            name=f"report to alert, p{share * 100:.0f}", value=quantile(waits, share) * 1000, unit="ms",
            baseline=quantile(hops, share) * 1000, against=f"bare hop, p{share * 100:.0f}",
            note=f"{len(waits)} alerts, {len(hops):,} hops, sync always",
        )
        for share in (0.5, 0.99)
    ]  # fmt: skip


async def _measured() -> tuple[list[float], list[float]]:
    with a_folder() as store:
        async with (
            hub(store, mission=replace(mission(), cards=Cards(flood_cards=0))) as at,  # each card by itself
            all_services(at) as runners,
            at.open("fhq") as hq,
            at.open(DESK) as desk,
            at.plain(COORD) as here,
            at.plain(COORD) as there,
        ):
            sender, reader = Client(hq, "fhq", SystemClock()), Client(desk, DESK, SystemClock())
            cards = _cards(reader)
            hops = await bare_hops(here, there)
            waits = []
            for number in range(ALERTS + WARM_UP):
                await sender.publish(_order(number, "block", "xar"), wait=False)
                await idle(runners)
                began = time.perf_counter()
                await sender.publish(_order(number, "move", "xbl"), wait=False)
                with anyio.fail_after(_PATIENCE_S):
                    await _named(cards, _identity(number, "move"))
                waits.append(time.perf_counter() - began)
            hops += await bare_hops(here, there)
            await cards.aclose()
            return waits[WARM_UP:], hops


async def _cards(reader: Client) -> AsyncGenerator[Alert, None]:
    async for received in reader.receive(follow=True):
        if received.envelope.kind == Alert.KIND:
            body = registry.body(received.envelope)
            assert isinstance(body, Alert)
            yield body


async def _named(cards: AsyncIterator[Alert], order: str) -> Alert:
    """Return the first card that names an order."""
    async for card in cards:
        if order in repr(card):
            return card
    raise AssertionError(order)


def _identity(number: int, action: Action) -> str:
    return f"frago-{number}-{action}"


def _order(number: int, action: Action, unit: str) -> Envelope:
    """Return an order; two of one number clash, those of different numbers are far from each other."""
    now = time.time_ns() // 1000
    where = Position(lat=2.0 + number // 20 * 0.2, lon=-27.0 + number % 20 * 0.2)
    body = Directive(
        directive_kind="frago",
        action=action,
        task="as discussed",
        exclusive=action == "block",
        performers=(UnitRef(participant=unit),),
        windows=(TimeWindow.exact(now + 120 * MINUTE, now + 240 * MINUTE),),
        area=Circle(centre=where, radius_m=500.0),
    )
    created = TimeValue(utc=now)
    return registry.pack(
        body, id=_identity(number, action), originator="fhq", created=created, addressees=(Addressee(to=unit),)
    )


async def bare_hops(here: Plain, there: Plain) -> list[float]:
    """Return how long single messages take from one connection to another."""
    taken: list[float] = []
    arrived = anyio.Event()

    async def take(_: Msg) -> None:
        arrived.set()

    subscription = await there.subscribe("hop", cb=take)
    await there.flush()
    for _ in range(HOPS // 2):
        arrived = anyio.Event()
        began = time.perf_counter()
        await here.publish("hop", b"x" * 600)
        await arrived.wait()
        taken.append(time.perf_counter() - began)
    await subscription.unsubscribe()
    return taken
