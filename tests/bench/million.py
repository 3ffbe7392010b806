"""A million active orders: what a check costs, how much that grows from a hundred thousand, and the memory of it all.

It takes minutes, so it is run by name: ``make bench ARGS=million``. Memory is that of the whole process, with Python
and its libraries, after loading; the orders themselves have gone by then (`crowd.orders` yields one at a time).
"""

import gc
import resource
import time
from pathlib import Path
from typing import Final

from coordinator.core.deconfliction import Engine
from tests.bench import crowd
from tests.bench.measure import Figure
from tests.bench.scale import NOW, ask, candidates

SIZES: Final = (100_000, 1_000_000)
_GB: Final = 1e9


def figures(sizes: tuple[int, int] = SIZES) -> list[Figure]:
    """Return the cost of a check at both sizes, its growth, memory and loading."""
    where, found, means = crowd.field(), [], []
    for size in sizes:
        began, engine = time.perf_counter(), Engine(crowd.mission(2 * size))
        engine.collect((message, NOW) for message in crowd.orders(size, where))
        loaded, findings = time.perf_counter() - began, len(engine._picture.where)
        gc.collect()
        gc.freeze()  # or each look for garbage goes through all of it
        taken = ask(engine, where)
        means.append(taken.mean)
        found.append(
            Figure(name=f"check among {size:,}, p99", value=taken.quantile(0.99), unit="ms", high=10.0, note=taken.note)
        )
        if size == sizes[-1]:
            found += [*candidates(engine, size, naive=5), _growth(means), _memory(size, findings), _load(size, loaded)]
        gc.unfreeze()
    return found


def _growth(means: list[float]) -> Figure:
    return Figure(
        name="check, mean, ten times as many", value=means[-1], unit="ms", baseline=means[0], against="a tenth of them",
        high=3 * means[0],
    )  # fmt: skip


def _memory(size: int, findings: int) -> Figure:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    now = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    note = f"{now / size:,.0f} bytes an order; at most {peak / _GB:.2f} GB while loading; {findings:,} findings"
    return Figure(name=f"memory with {size:,}", value=now / _GB, unit="GB", high=3.0, note=note)


def _load(size: int, seconds: float) -> Figure:
    return Figure(name=f"loading {size:,}", value=seconds, unit="s", note=f"{seconds / size * 1e6:,.0f} µs an order")
