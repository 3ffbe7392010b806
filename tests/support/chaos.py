"""A mixed flow of inputs, something that kills what it flows through, and what must hold afterwards (laws 1 and 2).

The flow is a function of its seed. Everything in it is planned for days ahead, so that no finding changes by time alone
while a test runs, and an undisturbed run ends in the same findings and cards, whenever it is made.
"""

import ctypes
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import anyio
import msgspec

from coordinator import app
from coordinator.client import Client, Item, Outcome, input_id
from coordinator.core.mission import Mission
from coordinator.demo.vignette import load
from coordinator.edges.clock import SystemClock, monotonic
from coordinator.edges.memory import MemoryBroker
from coordinator.edges.nats import connect
from coordinator.edges.server import Server
from coordinator.errors import BusError
from coordinator.ports import CAUSE_SEQ, ID, WRITTEN_BY, Bus, Delivery, Outgoing
from coordinator.services import base
from coordinator.services.base import Service, Setting
from coordinator.services.catalogue import chosen
from coordinator.services.fold import Fold
from coordinator.services.intake import Intake
from coordinator.services.log import verify, walk
from coordinator.topology import BOARD, COORD, INBOX, LOG, RAW, TRACKS, build, of
from schemas import registry, subjects
from schemas.acknowledgements import Receipt, Refusal
from schemas.alerts import Alert
from schemas.deliveries import Heartbeat
from schemas.findings import Finding
from schemas.time import TimeValue, TimeWindow

MISSION = load("v1").mission
DAY = 86_400
OpenClient = Callable[[str], AbstractAsyncContextManager[Client]]


# -- the flow ---------------------------------------------------------------------------------------------------------


class Sending(NamedTuple):
    """One input of the flow."""

    by: str
    item: Item
    good: bool = True


def flow(seed: int, count: int) -> list[Sending]:
    """Return ``count`` inputs of every sort: plans that clash and do not, reports, positions, rubbish, repetitions."""
    return list(_Flow(random.Random(seed), SystemClock().now() // 1_000_000 // DAY * DAY).make(count))


class _Flow:
    def __init__(self, rng: random.Random, today: int) -> None:
        self._rng, self._today, self._n, self._said = rng, today, 0, 0
        self._sent: list[Sending] = []

    def make(self, count: int) -> Iterator[Sending]:
        makers = (self._clash, self._clash, self._sitrep, self._movement, self._position, self._rubbish, self._again)
        while len(self._sent) < count:
            self._sent += self._rng.choice(makers)()
        yield from self._sent[:count]

    def _native(self, by: str, identity: str, kind: str, body: dict[str, object], **fields: object) -> Sending:
        self._said += 1  # said before it is sent: what counts is not when it arrives
        created = TimeValue(utc=(self._today - DAY + self._said) * 1_000_000)
        line = msgspec.json.encode({"id": identity, "kind": kind, "created": created, "body": body, **fields})
        return Sending(by, Item(data=line, format="native", name=f"{identity}.ndjson"))

    def _place(self) -> dict[str, object]:
        """Return a place of its own for each clash, far from the others."""
        lat, lon = divmod(self._n, 60)
        return {"type": "circle", "centre": {"lat": round(1 + lat * 0.2, 4), "lon": round(-29 + lon * 0.05, 4)},
                "radius_m": 200}  # fmt: skip

    def _window(self) -> TimeWindow:
        start = self._today + self._rng.randint(3, 9) * DAY + self._rng.randrange(20) * 3600
        return TimeWindow.exact(start * 1_000_000, (start + 7200) * 1_000_000)

    def _clash(self) -> list[Sending]:
        """A closure, those who want to pass, and now and then the order that solves it."""
        self._n += 1
        n, area, windows = self._n, self._place(), [self._window()]
        order = {"directive_kind": "frago", "action": "block", "exclusive": True, "task": f"closes {n}", "area": area,
                 "windows": windows, "performers": [{"name": "A Coy", "participant": "xar-batt"}]}  # fmt: skip
        found = [
            self._native("sn-hq", f"SN-{n}", "directive", order, addressees=[{"to": "xar-batt"}]),
            self._native("xbl-batt", f"XBL-{n}", "movement", _move("logistics", area, windows)),
            self._native("ocha-cmc", f"HNS-{n}", "movement", _move("humanitarian", area, windows)),
            self._native("xar-batt", f"ACK-{n}", "acknowledgement", {"of": {"id": f"SN-{n}"}, "step": "wilco"}),
        ]
        if n % 3 == 0:
            change = {"order": {"id": f"SN-{n}"}, "permitted": [{"id": f"HNS-{n}"}, {"id": f"XBL-{n}"}]}
            body = {"directive_kind": "frago", "task": "let them pass", "amends": [change]}
            found.append(self._native("fhq-u3", f"FHQ-{n}", "directive", body, addressees=[{"to": "xar-batt"}]))
        if n % 4 == 0:
            gone = {"reason": "called off"}
            found.append(self._native("xbl-batt", f"XBL-{n}", "movement", gone, revision=2, status="cancel"))
        self._rng.shuffle(found)
        return found

    def _movement(self) -> list[Sending]:
        self._n += 1
        return [self._native("xga-fpu", f"XGA-{self._n}", "movement", _move("patrol", self._place(), [self._window()]))]

    def _sitrep(self) -> list[Sending]:
        self._n += 1
        by = self._rng.choice(("xar-batt", "xbl-batt", "xco-eng", "xga-fpu"))
        body = {"period": self._window(), "sections": [{"title": "G2", "text": f"all quiet {self._n}"}]}
        return [self._native(by, f"SITREP-{self._n}", "sitrep", body)]

    def _position(self) -> list[Sending]:
        self._n += 1
        by, lat = self._rng.choice(("xar-batt", "xco-eng")), round(1 + self._rng.random(), 5)
        at = "2027-03-14T11:31:00Z"
        event = (
            f'<event version="2.0" uid="{by}-{self._n % 7}" type="a-f-G-U-C" how="m-g" time="{at}" start="{at}" '
            f'stale="{at}"><point lat="{lat}" lon="-27.0" hae="12.0" ce="15.0" le="9999999.0"/></event>'
        )
        return [Sending(by, Item(data=event.encode(), format="cot", name=f"{self._n}.xml"))]

    def _rubbish(self) -> list[Sending]:
        self._n += 1
        bad = self._rng.choice((b"", b"{", b'{"kind": "order-66", "body": {}}', b"<event", b"\xff\xfe\x00rubbish"))
        by, format_ = self._rng.choice(("xco-eng", "xbl-batt")), self._rng.choice(("native", "cot", "text"))
        return [Sending(by, Item(data=bad, format=format_, name=f"bad-{self._n}"), good=False)]

    def _again(self) -> list[Sending]:
        """The same once more: as it was, or by another way that calls it by another name."""
        if not self._sent:
            return []
        old = self._rng.choice(self._sent)
        other = msgspec.structs.replace(old.item, name=f"{old.item.name}@second-gateway")
        return [old] if self._rng.random() < 0.5 or old.item.format == "cot" else [old._replace(item=other)]


def _move(kind: str, area: object, windows: object) -> dict[str, object]:
    return {"movement_kind": kind, "method": "vehicle", "area": area, "windows": windows}


async def send_all(
    sendings: Sequence[Sending], open_client: OpenClient, seed: int, answered: Callable[[int], None] = lambda _: None
) -> dict[str, Outcome]:
    """Let every participant send its share in batches, again and again until each input has its answer."""
    outcomes: dict[str, Outcome] = {}

    async def one(participant: str) -> None:
        rng = random.Random(f"{seed} {participant}")
        mine = [s.item for s in sendings if s.by == participant]
        while mine:
            try:
                async with open_client(participant) as client:
                    while mine:
                        batch = mine[: rng.randint(1, 20)]
                        found = [o async for o in client.send(batch, timeout_s=10)]
                        outcomes.update({o.input: o for o in found if o.accepted is not None})
                        mine = [i for i in mine if input_id(i) not in outcomes]
                        answered(len(outcomes))
            except BusError:
                await anyio.sleep(0.1)  # as any gateway: again, a moment later

    async with anyio.create_task_group() as group:
        for participant in sorted({s.by for s in sendings}):
            group.start_soon(one, participant)
    return outcomes


# -- what is killed ---------------------------------------------------------------------------------------------------

_libc = ctypes.CDLL(None)


def _die_with_us() -> None:
    _libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Services:
    """``coordinator up`` in a process of its own, which can be killed and started again."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._folder, self._arguments = folder, arguments
        self._process: subprocess.Popen[bytes] | None = None
        self._starts = 0

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def said(self) -> str:
        """The last words of each start."""
        files = sorted(self._folder.glob("up-*.log"), key=lambda f: f.stat().st_mtime)
        return "\n".join(f"{f.name}: {f.read_text()[-2000:]}" for f in files)

    async def start(self, *more: str) -> bytes:
        """Start, and return the ready line when everything is up."""
        process = self._spawn(more)
        assert process.stdout is not None
        line = await anyio.to_thread.run_sync(process.stdout.readline, abandon_on_cancel=True)
        assert line, f"services did not start: {self.said}"
        return line

    def _spawn(self, more: Sequence[str]) -> "subprocess.Popen[bytes]":
        self._starts += 1
        command = [sys.executable, "-m", "coordinator", "up", "--json", *self._arguments, *more]
        with (self._folder / f"up-{self._starts}.log").open("wb") as errors:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, preexec_fn=_die_with_us
            )
        return self._process

    def kill(self) -> None:
        """``kill -9``."""
        assert self._process is not None
        assert self._process.poll() is None, f"services ended by themselves: {self.said}"
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    async def stop(self) -> int:
        """Ask them to stop, as an operator does; return the exit status."""
        process = self._process
        assert process is not None
        process.terminate()
        status = await anyio.to_thread.run_sync(process.wait)
        if process.stdout:
            process.stdout.close()
        return status

    def memory_kb(self) -> int:
        """Return the resident memory."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def freeze(pid: int) -> None:
    """Stop a process without ending it."""
    os.kill(pid, signal.SIGSTOP)


def thaw(pid: int) -> None:
    """Let a stopped process go on."""
    os.kill(pid, signal.SIGCONT)


async def until(what: str, condition: Callable[[], object], within_s: float) -> None:
    """Wait until a condition (a function, or a coroutine function) holds."""
    give_up = monotonic() + within_s
    while True:
        found = condition()
        if found is True or (hasattr(found, "__await__") and await found):
            return
        assert monotonic() < give_up, f"not within {within_s:g} s: {what}"
        await anyio.sleep(0.05)


async def drained(client: Client, services: Sequence[str]) -> bool:
    """Say whether every service has read and paid everything; ``client`` may ask."""
    try:
        for service in services:
            [status] = [row async for row in client.rows(service, "status")]
            if status["pending"] or status["owed"]:
                return False
    except BusError:
        return False
    return True


# -- what must hold afterwards ----------------------------------------------------------------------------------------


class Facts(NamedTuple):
    """What the streams hold, in their order."""

    raw: list[Delivery]
    log: list[Delivery]
    tracks: list[Delivery]
    inboxes: dict[str, list[Delivery]]
    boards: dict[str, list[Delivery]]

    def bodies(self, kind: type[msgspec.Struct], family: str) -> list[msgspec.Struct]:
        """Return the bodies of a family of the log that are of a kind."""
        found = (registry.body(registry.envelope(d.data)) for d in self.log if d.subject.startswith(f"{family}."))
        return [b for b in found if isinstance(b, kind)]


async def facts(bus: Bus, mission: Mission = MISSION) -> Facts:
    """Read everything, as COORD."""

    async def all_of(stream: str) -> list[Delivery]:
        return [d async for d in walk(bus, stream, subjects.EVERYTHING)]

    ids = [p.id for p in mission.participants]
    return Facts(
        await all_of(RAW),
        await all_of(LOG),
        await all_of(TRACKS),
        {p: await all_of(of(p, INBOX)) for p in ids},
        {p: await all_of(of(p, BOARD)) for p in ids},
    )


def law_1(sendings: Sequence[Sending], found: Facts, setting: Setting) -> Iterator[str]:
    """Say what was lost, counted twice or not answered."""
    yield from _kept(sendings, found)
    yield from (f"twice in {n}: {i}" for n, s in (("LOG", found.log), ("TRACKS", found.tracks)) for i in twice(s))
    yield from (f"delivered twice to {p}: {i}" for p, s in found.inboxes.items() for i in twice(s))
    yield from _judged(found, setting)
    yield from _answered(sendings, found)


def twice(stream: Iterable[Delivery]) -> list[str]:
    """Return the ids that a stream holds more than once."""
    return [i for i, n in Counter(d.headers.get(ID, "") for d in stream).items() if n > 1]


def _kept(sendings: Sequence[Sending], found: Facts) -> Iterator[str]:
    raw = {(d.subject.split(".")[1], d.headers.get(ID, "")): d.data for d in found.raw}
    for s in sendings:
        if raw.get((s.by, input_id(s.item))) != s.item.data:
            yield f"RAW does not hold what {s.by} sent as {s.item.name}"


def _judged(found: Facts, setting: Setting) -> Iterator[str]:
    """Put every input through intake again: all that it becomes must stand in LOG or TRACKS, and nothing else."""
    first, _ = Intake(setting).decide(found.raw, 0)
    records = {m.id for m in first if not m.subject.startswith("refusal.")}
    refused = {_refused(m.data) for m in first if m.subject.startswith("refusal.")}
    intake = [d for d in (*found.log, *found.tracks) if d.headers.get(WRITTEN_BY) == "intake"]
    have = {d.headers[ID] for d in intake if registry.envelope(d.data).kind not in (Receipt.KIND, Refusal.KIND)}
    denied = [_refused(d.data) for d in intake if d.subject.startswith("refusal.")]
    yield from (f"accepted and lost: {i}" for i in records - have)
    yield from (f"from nowhere: {i}" for i in have - records)
    yield from (f"refused and lost, or refused twice: {i}" for i in refused if denied.count(i) != 1)
    yield from (f"refused without reason: {i}" for i in set(denied) - refused)


def _refused(data: bytes) -> str:
    body = registry.body(registry.envelope(data))
    assert isinstance(body, Refusal)
    return body.input


def _answered(sendings: Sequence[Sending], found: Facts) -> Iterator[str]:
    answers: Counter[tuple[str, str, bool]] = Counter()
    for participant, board in found.boards.items():
        for d in board:
            body = registry.body(registry.envelope(d.data)) if ".receipt." in d.subject else None
            if isinstance(body, Receipt):
                answers.update((participant, a.input, True) for a in body.answers)
            elif isinstance(body, Refusal):
                answers[participant, body.input, False] += 1
    for s in sendings:
        right, wrong = (answers[s.by, input_id(s.item), good] for good in (s.good, not s.good))
        if (right, wrong) != (1, 0):
            yield f"{s.by} has {right} right and {wrong} wrong answers to {s.item.name}"


def law_2(found: Facts, setting: Setting, mission: Mission = MISSION) -> Iterator[str]:
    """Fold the log again with fresh cores and say what differs from what stands there."""
    for service in chosen(("deconfliction", "alerting")):
        have = [d.headers[ID] for d in found.log if _is_by(d, service)]
        yield from _differences(service.name, [m.id for m in refold(service, found.log, setting)], have)
    [release] = chosen(("release",))
    again = refold(release, found.log, setting)
    for p in (p.id for p in mission.participants):
        sent = [m.id for m in again if m.subject.startswith(f"to.{p}.")]
        yield from _differences(f"INBOX of {p}", sent, [d.headers[ID] for d in found.inboxes[p]])
        shown = {m.subject: m.id for m in again if m.subject.startswith(f"board.{p}.")}
        beat = subjects.board(p, Heartbeat.KIND, Heartbeat.KIND)  # it follows from the time alone
        have = {d.subject: d.headers[ID] for d in found.boards[p] if d.subject != beat}
        yield from _differences(f"BOARD of {p}", sorted(shown.items()), sorted(have.items()))


def _is_by(d: Delivery, service: Service) -> bool:
    return d.headers.get(WRITTEN_BY) == service.name and not d.subject.startswith("tick.")


def _differences(what: str, want: Sequence[object], have: Sequence[object]) -> Iterator[str]:
    if missing := Counter(want) - Counter(have):
        yield f"{what}: {missing.total()} of {len(want)} are missing: {list(missing)[:3]}"
    if extra := Counter(have) - Counter(want):
        yield f"{what}: {extra.total()} of {len(have)} are not concluded again: {list(extra)[:3]}"
    if not missing and not extra and list(want) != list(have):
        first = next(i for i, (a, b) in enumerate(zip(want, have, strict=True)) if a != b)
        yield f"{what}: the order differs from the {first}. on"


def refold(service: Service, log: Iterable[Delivery], setting: Setting, *, restore_every: int = 0) -> list[Outgoing]:
    """Return what a fresh core concludes from the log, and one that is restored from a snapshot every few messages."""
    core, now, concluded = service.build(setting), 0, []
    patterns = Fold(service, None, SystemClock(), setting)._patterns(LOG)  # type: ignore[arg-type]
    for n, d in enumerate(d for d in log if any(subjects.matches(p, d.subject) for p in patterns)):
        if restore_every and n % restore_every == 0:
            snapshot, core = core.snapshot(), service.build(setting)
            core.restore(snapshot)
        now = max(now, base.logged_at(d))
        message = base.opened(d, now)
        if d.subject == subjects.tick(service.name):
            effects = core.wake(now, message)
        else:
            effects = () if _is_by(d, service) else core.handle(message)
        concluded += [base.outgoing(e, service.name, now) for e in effects]
    return concluded


async def integrity(bus: Bus, trusted: str) -> list[str]:
    """Say what `log verify` finds."""
    results = [await verify(bus, stream, trusted) for stream in (RAW, LOG, TRACKS)]
    return [f"{m.stream} {m.first}-{m.last}: {m.what}" for _, mismatches in results for m in mismatches]


class Picture(NamedTuple):
    """Which findings and cards are live at the end, without times and counts of changes.

    What is over is not in it: an order known before the one that it amends may be found stale for a moment. A card that
    had such a finding may be named after it, so cards are told apart by what is live on them.
    """

    findings: frozenset[object]
    cards: frozenset[object]


def picture(found: Facts) -> Picture:
    """Return how the log's findings and conflict cards stand at its end."""
    findings = {f.id: f for f in found.bodies(Finding, "finding")}
    cards = {c.id: c for c in found.bodies(Alert, "alert") if c.alert_kind == "conflict"}
    return Picture(
        frozenset((f.id, f.finding_kind, f.severity, f.state, tuple(p.id for p in f.parties))
                  for f in findings.values() if f.state != "closed"),
        frozenset((c.severity, c.work, frozenset((m.finding, m.state) for m in c.members if m.state != "closed"))
                  for c in cards.values() if c.work not in ("resolved", "superseded")),
    )  # fmt: skip


def law_3(have: Picture, want: Picture) -> Iterator[str]:
    """Say what differs between two ends of the same set of inputs."""
    for what, mine, other in (("finding", have.findings, want.findings), ("card", have.cards, want.cards)):
        yield from (f"{what} only here: {x}" for x in sorted(map(str, mine - other)))
        yield from (f"{what} only there: {x}" for x in sorted(map(str, other - mine)))


async def undisturbed(raw: Sequence[Delivery], setting: Setting) -> Facts:
    """Return what the same inputs, in the order of RAW, lead to where nothing is ever killed."""
    clock = SystemClock()
    broker = MemoryBroker(build(p.id for p in setting.mission.participants), clock)
    async with broker.connect(COORD) as bus:
        async with app.running(partial(broker.connect, COORD), clock, setting, chosen()) as runners:
            await bus.publish([Outgoing(d.subject, d.data, d.headers[ID], _as_sent(d)) for d in raw])
            await until("the undisturbed run is over", lambda: app.settled(runners), 120)
        return await facts(bus, setting.mission)


def _as_sent(d: Delivery) -> dict[str, str]:
    return {k: v for k, v in d.headers.items() if k not in (ID, CAUSE_SEQ)}


@asynccontextmanager
async def client_of(server: Server, participant: str) -> AsyncIterator[Client]:
    """Connect as a participant to a server."""
    async with connect(server.url, server.credentials(participant), participant) as bus:
        yield Client(bus, participant, SystemClock())
