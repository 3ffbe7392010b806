"""Cards at a desk: from a finding in the log to its card in a subscriber's hands, how many a second, and how many open.

* finding to card: alerting and release alone, through a server that writes to disk; beside a bare hop, which does not;
* cards a second: processor time of alerting and release, beside encoding the same alerts alone;
* many open cards: what a new one costs among 100,000, and what it costs to load them, beside 1,000; a contact is lost
  and noticed meanwhile, and rows of the routing tree are asked;
* a flood: what stands before the EXTREME one of 10,000 alerts within a minute.
"""

import gc
import time
from collections.abc import AsyncGenerator, Iterable
from functools import partial
from typing import Final, NamedTuple

import anyio
import msgspec
from msgspec.structs import replace

from coordinator import app, texts
from coordinator.client import Client
from coordinator.core.alerting import Alerting
from coordinator.core.duties import Row
from coordinator.core.mission import Cards, Mission
from coordinator.core.release import Release
from coordinator.core.step import Effect, Logged, render
from coordinator.edges.clock import SystemClock
from coordinator.ports import Bus
from coordinator.services import base
from coordinator.services.catalogue import chosen
from coordinator.topology import COORD
from schemas import registry, subjects
from schemas.alerts import Alert
from schemas.base import Message
from schemas.findings import Evidence, Finding, Party, Severity
from schemas.operations import Config, Presence
from schemas.time import TimeWindow
from tests.bench.alert import bare_hops
from tests.bench.cards import BEGIN, CONTINGENTS, MINUTE, logged, mission
from tests.bench.hub import a_folder, hub, idle
from tests.bench.measure import Figure, quantile

FINDINGS: Final = 60
WARM_UP: Final = 5
FEW, MANY, PROBED = 1_000, 100_000, 100
TURNS: Final = 5  # the quickest of so many met the least of what others do on this machine
FLOOD: Final = 10_000
EXTREME_AT: Final = 7_000
BURST: Final = 2_000
GROWTH: Final = 1.5
DESK: Final = "fhq"
_PATIENCE_S: Final = 30.0


def figures() -> list[Figure]:
    """Return all figures."""
    return [*_to_card(), _per_second(), *_open(), _flood()]


def alone(number: int, at: int, severity: Severity = "HIGH") -> Finding:
    """Return a finding that is near no other one."""
    who = [CONTINGENTS[number % 20], CONTINGENTS[(number + 7) % 20]]
    where = (-27 + number % 400 * 0.05, -60 + number // 400 * 0.05)
    return Finding(
        id=subjects.opaque(f"alone {number}"),
        finding_kind="incompatible-activities",
        severity=severity,
        certainty="definite",
        state="open",
        parties=tuple(Party(id=f"o{number}-{i}", issuer=w, units=(w,)) for i, w in enumerate(who)),
        evidence=Evidence(place=f"P{number}", at=where, overlap=TimeWindow.exact(at + 300 * MINUTE, at + 400 * MINUTE)),
        arbiter=DESK,
        told=tuple(sorted({*who, DESK})),
        first_at=at,
        at=at,
    )


def one_by_one() -> Mission:
    """Return the mission of crowds, in which nothing is grouped and rows of a routing tree are asked."""
    rows = (
        Row(name="medical", kinds=("medical",), to=(DESK,)),
        Row(name="north", areas=("KESSA",), to=(DESK,)),
        Row(name="all", severities=("Extreme", "Severe"), to=(DESK,)),
    )
    return replace(mission(), cards=Cards(flood_cards=0), routing=rows)


# -- through a server -------------------------------------------------------------------------------------------------


def _to_card() -> list[Figure]:
    waits, hops = anyio.run(_measured)
    return [
        Figure(
            name=f"finding to card, p{share * 100:.0f}", value=quantile(waits, share) * 1000, unit="ms",
            baseline=quantile(hops, share) * 1000, against=f"bare hop, p{share * 100:.0f}",
            note=f"{len(waits)} cards, {len(hops):,} hops, sync always: two writes to disk on the way",
        )
        for share in (0.5, 0.99)
    ]  # fmt: skip


async def _measured() -> tuple[list[float], list[float]]:
    with a_folder() as store:
        async with (
            hub(store, mission=one_by_one()) as at,
            app.running(partial(at.open, COORD), SystemClock(), at.setting, chosen(("alerting", "release"))) as runners,
            at.open(COORD) as bus,
            at.open(DESK) as desk,
            at.plain(COORD) as here,
            at.plain(COORD) as there,
        ):
            cards = _cards(Client(desk, DESK, SystemClock()))
            hops, waits = await bare_hops(here, there), list[float]()
            for number in range(FINDINGS + WARM_UP):
                await idle(runners)
                waits.append(await _one(bus, cards, alone(number, time.time_ns() // 1000)))
            hops += await bare_hops(here, there)
            await cards.aclose()
            return waits[WARM_UP:], hops


async def _one(bus: Bus, cards: AsyncGenerator[Alert, None], finding: Finding) -> float:
    """Return how long it takes from a finding that is published to its card at the desk."""
    effect = Effect(subjects.finding(finding.finding_kind, finding.id), finding, finding.id, "", 0)
    message = base.outgoing(effect, "deconfliction", finding.at)
    began = time.perf_counter()
    await bus.publish([message])
    with anyio.fail_after(_PATIENCE_S):
        async for card in cards:
            if finding.id in (m.finding for m in card.members):
                return time.perf_counter() - began
    raise AssertionError(finding.id)


async def _cards(reader: Client) -> AsyncGenerator[Alert, None]:
    async for received in reader.receive(follow=True):
        body = registry.body(received.envelope)
        if isinstance(body, Alert):
            yield body


# -- in one process ---------------------------------------------------------------------------------------------------


class Both(NamedTuple):
    """Alerting, and release behind it."""

    alerting: Alerting
    release: Release


def _both(of: Mission) -> Both:
    both = Both(Alerting(of), Release(texts.say))
    body = Config(mission_hash="", code="", mission=msgspec.Raw(registry.encode(of)))
    both.release.handle(_logged(body, subjects.CONFIG, 0))
    return both


def _logged(body: Message, subject: str, seq: int) -> Logged:
    return Logged(seq, subject, f"x{seq}", BEGIN, registry.pack(body, id=f"x{seq}", originator="coord"), body)


def _passed(both: Both, findings: Iterable[Finding]) -> list[Effect]:
    """Pass findings through both, as they stand in the log; return what release delivers and posts."""
    out: list[Effect] = []
    for seq, finding in enumerate(findings, start=1):
        message = logged(finding, seq)
        out += both.release.handle(message)
        for effect in both.alerting.handle(message):
            identity, _ = render(effect, "alerting", finding.at)
            envelope = registry.pack(effect.body, id=identity, originator="coord")
            alert = Logged(seq, effect.subject, identity, finding.at, envelope, effect.body)
            for shown in both.release.handle(alert):
                render(shown, "release", finding.at)
                out.append(shown)
    return out


def _per_second() -> Figure:
    both, findings = _both(one_by_one()), [alone(n, BEGIN + n * 30_000) for n in range(BURST)]
    gc.collect()
    began = time.process_time()
    shown = _passed(both, findings)
    spent = time.process_time() - began
    bodies = [e for e in shown if isinstance(e.body, Alert)]
    began = time.process_time()
    for effect in bodies:
        render(effect, "release", BEGIN)
    encoded = time.process_time() - began
    return Figure(
        name="cards a second, alerting and release", value=BURST / spent, unit="/s", baseline=BURST / encoded,
        against="encoding them alone", note=f"each for {len(bodies) / BURST / 2:.0f} readers, processor time",
    )  # fmt: skip


class Load(NamedTuple):
    """What so many open cards cost: a new one, and loading one of them; seconds of processor time."""

    new_s: float
    load_s: float


def _loaded(count: int, of: Mission) -> Load:
    core, seq = Alerting(of), 0
    gc.disable()  # as the services run: what is loaded stays
    try:
        lost = Presence(participant=CONTINGENTS[3], state="lost", at=BEGIN - 20 * MINUTE)
        core.handle(_logged(lost, subjects.presence(lost.participant), 0)._replace(at=BEGIN - 20 * MINUTE))
        core.wake(BEGIN - 10 * MINUTE, _logged(lost, subjects.presence(lost.participant), 0))
        for seq in range(count):
            core.handle(logged(alone(seq, BEGIN + seq * 100), seq + 1))
        snapshot, core = core.snapshot(), Alerting()
        gc.collect()
        began = time.process_time()
        core.restore(snapshot)
        load_s = (time.process_time() - began) / count
        return Load(min(_new(core, count + turn * PROBED) for turn in range(TURNS)), load_s)
    finally:
        gc.enable()


def _new(core: Alerting, first: int) -> float:
    """Return what each of some new cards costs."""
    messages = [logged(alone(n, BEGIN + n * 100), n + 1) for n in range(first, first + PROBED)]
    began = time.process_time()
    for message in messages:
        core.handle(message)
        core.next_wake()
    return (time.process_time() - began) / PROBED


def _open() -> list[Figure]:
    few = [_loaded(FEW, one_by_one()) for _ in range(TURNS)]
    many = _loaded(MANY, one_by_one())
    found: list[Figure] = []
    for name, value, base_s in (
        ("a new card", many.new_s, min(f.new_s for f in few)),
        ("loading a card", many.load_s, min(f.load_s for f in few)),
    ):
        found.append(
            Figure(
                name=f"{name}, of {MANY:,} open", value=value * 1e6, unit="µs", baseline=base_s * 1e6,
                against=f"of {FEW:,}", high=GROWTH * base_s * 1e6, note="processor time, with a lost contact noticed",
            )
        )  # fmt: skip
    return found


def _flood() -> Figure:
    """Return how many deliveries of cards a desk gets before the EXTREME one of a flood."""
    step = MINUTE // FLOOD
    findings = [alone(n, BEGIN + n * step, "CRITICAL" if n == EXTREME_AT else "MEDIUM") for n in range(FLOOD)]
    began = time.process_time()
    shown = _passed(_both(mission()), findings)
    spent = time.process_time() - began
    got = [e for e in shown if e.subject.startswith(f"to.{DESK}.") and isinstance(e.body, Alert)]
    before = next(i for i, e in enumerate(got) if e.subject.startswith(f"to.{DESK}.flash."))
    return Figure(
        name=f"cards delivered before the EXTREME one of {FLOOD:,} in a minute", value=before, unit="cards",
        high=Cards().flood_cards + 1, note=f"it came after {EXTREME_AT:,}; {spent:.1f} s of processor time for all",
    )  # fmt: skip
