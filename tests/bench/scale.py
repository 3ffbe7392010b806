"""Checks among 10^3 to 10^5 active orders, in one town, over the bus, and the loading of 10^5 by the command line.

Asked is whether one more order would clash (`Engine.check`): the code that judges for good, without the write. The
baselines are what there is without columns: a loop over all boxes in plain Python and a flat scan of NumPy arrays, both
without verdicts. Data: `tests.bench.crowd`. The million is `tests.bench.million`.
"""

import gc
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import anyio
import msgspec
import numpy as np

from coordinator.client import Client
from coordinator.core.deconfliction import Engine
from coordinator.core.deconfliction.index import Query
from coordinator.core.deconfliction.picture import Picture
from coordinator.edges.clock import SystemClock
from coordinator.services.base import run
from coordinator.services.catalogue import chosen
from coordinator.topology import COORD
from schemas import registry
from tests.bench import crowd
from tests.bench.alert import bare_hops
from tests.bench.hub import a_folder, hub
from tests.bench.measure import Figure, median, quantile

SIZES: Final = (1_000, 10_000, 100_000)
QUESTIONS: Final = 1_000
WARM_UP: Final = 100
OVER_THE_BUS: Final = 400
ASKER: Final = "fhq"
NOW: Final = crowd.BEGIN - 5 * crowd.DAY
_LOAD_S: Final = 30.0
_PART: Final = 90_000  # orders in one file


class Taken(NamedTuple):
    """Seconds that questions took, and how many findings they had."""

    seconds: list[float]
    findings: int

    @property
    def mean(self) -> float:
        """The mean in milliseconds."""
        return sum(self.seconds) / len(self.seconds) * 1000

    def quantile(self, share: float) -> float:
        """Return a quantile in milliseconds."""
        return quantile(self.seconds, share) * 1000

    @property
    def note(self) -> str:
        """What a reader wants to know besides."""
        per = self.findings / len(self.seconds)
        return f"mean {self.mean:.2f}, median {self.quantile(0.5):.2f} ms, {per:.2f} findings a question"


def figures() -> list[Figure]:
    """Return the cost of a check by size and in a hot spot, over the bus, and of loading."""
    spread = {size: _engine(size, crowd.field()) for size in SIZES}
    taken = {size: ask(engine, crowd.field()) for size, engine in spread.items()}
    found = [_check(size, taken[size], 5.0 if size == SIZES[-1] else None) for size in SIZES]
    found += candidates(spread[SIZES[-1]], SIZES[-1])
    del spread
    found += [_hot(taken[SIZES[-1]]), *anyio.run(_over_the_bus), _loading()]
    return found


def _engine(size: int, where: crowd.Field) -> Engine:
    engine = Engine(crowd.mission())
    engine.collect((message, NOW) for message in crowd.orders(size, where))
    gc.collect()
    return engine


def ask(engine: Engine, where: crowd.Field) -> Taken:
    """Return how long questions take, each by itself."""
    asked = list(crowd.questions(QUESTIONS + WARM_UP, where))
    for message in asked[:WARM_UP]:
        engine.check([message])
    seconds, findings = [], 0
    for message in asked[WARM_UP:]:
        began = time.perf_counter()
        findings += len(engine.check([message]))
        seconds.append(time.perf_counter() - began)
    return Taken(seconds, findings)


def _check(size: int, taken: Taken, high: float | None) -> Figure:
    return Figure(
        name=f"check among {size:,}, p99", value=taken.quantile(0.99), unit="ms", high=high,
        baseline=taken.quantile(0.5), against="its median", note=taken.note,
    )  # fmt: skip


def _hot(spread: Taken) -> Figure:
    where = crowd.field(crowd.HOT)
    engine = _engine(SIZES[-1], where)
    taken = ask(engine, where)
    return Figure(
        name=f"check among {SIZES[-1]:,} in one town, median", value=taken.quantile(0.5), unit="ms",
        baseline=spread.quantile(0.5), against="spread", high=2 * spread.quantile(0.5),
        note=f"{taken.note}; p99 {taken.quantile(0.99):.1f} ms",
    )  # fmt: skip


# -- the stage that proposes, against what there is without it --------------------------------------------------------


def candidates(engine: Engine, size: int, naive: int = 40) -> list[Figure]:
    """Return what proposing costs, against a loop over all boxes and a flat scan; all must propose the same."""
    picture = engine._picture
    queries = list(_queries(picture, 300))
    boxes, times, owners = _columns(picture)
    rows = list(zip(*boxes.tolist(), *times.tolist(), owners.tolist(), strict=True))
    ours = _each(queries, lambda q: picture.index.near(q._replace(marks=(1 << 64) - 1)))
    marked = _each(queries, picture.index.near)
    flat = _each(queries, lambda q: _flat(boxes, times, owners, q))
    looped = _each(queries[:naive], lambda q: _loop(rows, q))
    for query in queries[:naive]:
        hull = picture.index.everything(query)
        assert hull == picture.register.keys(_flat(boxes, times, owners, query))
        assert hull == picture.register.keys(np.array(_loop(rows, query), dtype=np.int64))
    note = f"{len(rows):,} boxes; with marks {marked * 1e6:,.0f} µs"
    named = f"candidates among {size:,}"
    return [
        Figure(name=named, value=ours * 1e6, unit="µs", baseline=flat * 1e6, against="flat NumPy scan", note=note),
        Figure(name=named, value=ours * 1e6, unit="µs", baseline=looped * 1e6, against="loop over all", note=note),
    ]


def _queries(picture: Picture, count: int) -> Iterator[Query]:
    """Yield what is asked for orders that are known, some at random."""
    for key in random.Random(9).sample(sorted(picture.sides), count):
        yield from picture.queries(key)


def _columns(picture: Picture) -> tuple[Any, Any, Any]:
    index = picture.index
    rows = [*index._classes, index._tail.part(slice(0, index._used))]
    return tuple(np.concatenate([getattr(r, name) for r in rows], axis=-1) for name in ("boxes", "times", "owners"))  # type: ignore[return-value]


def _hull(query: Query) -> tuple[float, ...]:
    b, t = query.boxes, query.times
    return (*b[:, :2].min(axis=0).tolist(), *b[:, 2:].max(axis=0).tolist(), int(t[:, 0].min()), int(t[:, 1].max()))


def _flat(boxes: Any, times: Any, owners: Any, query: Query) -> Any:
    west, south, east, north, start, end = _hull(query)
    hit = (times[0] <= end) & (times[1] >= start) & (boxes[1] <= north) & (boxes[3] >= south)
    return owners[hit & (boxes[0] <= east) & (boxes[2] >= west)]


def _loop(rows: list[tuple[Any, ...]], query: Query) -> list[int]:
    west, south, east, north, start, end = _hull(query)
    return [
        o for w, s, e, n, first, last, o in rows
        if first <= end and last >= start and s <= north and n >= south and w <= east and e >= west
    ]  # fmt: skip


def _each(queries: list[Query], work: Callable[[Query], object]) -> float:
    taken = []
    for query in queries:
        began = time.perf_counter()
        work(query)
        taken.append(time.perf_counter() - began)
    return sum(taken) / len(taken)


# -- over the bus, and from files -------------------------------------------------------------------------------------


async def _over_the_bus() -> list[Figure]:
    """Return how long an HQ waits for an answer; what comes of a question is on disk before it is answered."""
    engine = _engine(SIZES[-1], crowd.field())
    [service] = chosen(("deconfliction",))
    service = service._replace(build=lambda _: engine)
    with a_folder() as store:
        async with hub(store, mission=crowd.mission()) as at, at.open(COORD) as bus, at.open(ASKER) as there:
            async with anyio.create_task_group() as group:
                await group.start(run, service, bus, SystemClock(), at.setting)
                waits = await _asked(Client(there, ASKER, SystemClock()))
                group.cancel_scope.cancel()
            here, other = at.plain(COORD), at.plain(COORD)
            async with here as a, other as b:
                hops = await bare_hops(a, b)
    return [
        Figure(
            name=f"check among {SIZES[-1]:,} over the bus, p99", value=quantile(waits, 0.99) * 1000, unit="ms",
            high=50.0, baseline=quantile(hops, 0.99) * 1000, against="bare hop, p99",
            note=f"median {median(waits) * 1000:.1f} ms, {len(waits)} questions, sync always",
        )
    ]  # fmt: skip


async def _asked(client: Client) -> list[float]:
    waits = []
    for message in crowd.questions(OVER_THE_BUS + WARM_UP, crowd.field()):
        began = time.perf_counter()
        rows = [row async for row in client.rows("deconfliction", "check", msgspec.Raw(registry.encode(message)))]
        waits.append(time.perf_counter() - began)
        assert "scope" in rows[-1]
    return waits[WARM_UP:]


def _loading() -> Figure:
    """Return how long the command line takes to find everything among orders in files."""
    size = SIZES[-1]
    with tempfile.TemporaryDirectory() as folder:
        files = list(_files(Path(folder), size))
        mission = Path(folder) / "crowd.toml"
        mission.write_text(crowd.toml())
        command = [
            sys.executable,
            "-m",
            "coordinator",
            "deconflict",
            *map(str, files),
            "--mission",
            str(mission),
            "--json",
        ]
        began = time.perf_counter()
        ran = subprocess.run(command, capture_output=True, check=False)
        taken = time.perf_counter() - began
        began = time.perf_counter()
        for file in files:
            for line in file.read_bytes().splitlines():
                registry.body(registry.envelope(line))
        bare = time.perf_counter() - began
    found = ran.stdout.count(b"\n")
    assert ran.returncode == 1, ran.stderr[-2000:]
    assert found
    return Figure(
        name=f"deconflict {size:,} from files", value=taken, unit="s", baseline=bare, against="bare decode",
        high=_LOAD_S, note=f"{found:,} findings, {len(files)} files",
    )  # fmt: skip


def _files(folder: Path, size: int) -> Iterator[Path]:
    lines = [registry.encode(message) for message in crowd.orders(size, crowd.field())]
    for begin in range(0, size, _PART):
        path = folder / f"{begin}.ndjson"
        path.write_bytes(b"\n".join(lines[begin : begin + _PART]) + b"\n")
        yield path
