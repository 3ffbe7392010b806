"""What a benchmark says: a figure, beside a baseline that was measured in the same run."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Sequence

import msgspec


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement and what it is compared with; ``ratio`` is value over baseline."""

    name: str
    value: float
    unit: str
    baseline: float | None = None
    against: str = ""  # what the baseline is
    low: float | None = None  # the ratio must not be lower
    high: float | None = None  # the value must not be higher
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The value as a multiple of the baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def bar(self) -> str:
        """What is asked for, and whether it is reached; nothing if nothing is asked for."""
        if self.low is not None and self.ratio is not None:
            return f"{'reaches' if self.ratio >= self.low else 'MISSES'} >= {self.low:g} of it"
        if self.high is not None:
            return f"{'reaches' if self.value <= self.high else 'MISSES'} <= {self.high:g} {self.unit}"
        return ""


def line(figure: Figure) -> str:
    """Return a figure in one line: its name, its value, its ratio to the baseline."""
    ratio = "" if figure.ratio is None else f", {_short(figure.ratio)} x {figure.against}"
    base = "" if figure.baseline is None else f" ({_short(figure.baseline)} {figure.unit})"
    extra = "".join(f"; {text}" for text in (figure.bar, figure.note) if text)
    return f"{figure.name}: {_short(figure.value)} {figure.unit}{ratio}{base}{extra}"


def table(figures: Sequence[Figure]) -> str:
    """Return all figures, one a row."""
    head = ("what", "value", "ratio", "baseline", "bar")
    rows = [
        (
            f.name,
            f"{_short(f.value)} {f.unit}",
            "" if f.ratio is None else _short(f.ratio),
            "" if f.baseline is None else f"{_short(f.baseline)} {f.unit}, {f.against}",
            f.bar,
        )
        for f in figures
    ]
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)]
    return "\n".join(text.rstrip() for text in (lines[0], "-" * len(lines[0]), *lines[1:]))


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def median(values: Iterable[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that ``share`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return how long a piece of work takes, with the garbage of what came before out of the way."""
    gc.collect()
    began = clock()
    work()
    return clock() - began


def alternately(
    rounds: int, *works: Callable[[], object], clock: Callable[[], float] = time.perf_counter
) -> list[float]:  # fmt: skip
    """Return the median duration of each piece of work, taken in turn, so that all meet the same machine.

    Work that waits for nothing is better measured by ``time.process_time``: what others do meanwhile counts less.
    """
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(rounds):
        order = range(len(works)) if turn % 2 == 0 else reversed(range(len(works)))
        for index in order:
            taken[index].append(seconds(works[index], clock))
    return [median(one) for one in taken]
