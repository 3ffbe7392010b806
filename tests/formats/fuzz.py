"""``python -m tests.formats.fuzz FORMAT --inputs N | --seconds N``: broken inputs, led by the lines that they reach.

Seeds are the cases of a format. Each input is a seed after a few accidents: bits, pieces between separators, tokens,
parts of other seeds, members of an archive. One input in a few is traced; if it reaches a line of the adapters that
none before did, it becomes a seed. What is no `Translation` and no `Rejected`, what takes more than two seconds or
does not end (it is ended after thirty), what cannot be written and read again, and memory that grows and stays, is a
failure; its input is kept in a file.

Standard library only, one process, the same inputs for the same ``--seed``: so a finding can be had again.
"""

import argparse
import gc
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final, NamedTuple

import adapters
from adapters.base import Rejected, sha256
from schemas import registry
from tests.formats.accidents import Accidents
from tests.formats.cases import all_cases

LIMIT_S: Final = 2.0  # one decode
HANG_S: Final = 30.0  # then it is ended; a traced one is many times slower
GROWTH_MB: Final = 64.0  # between the end of the warm-up and the end of the run
TRACED: Final = 16  # one input in so many is traced
_LARGEST: Final = 64_000  # bytes of a seed
_MOST: Final = 2_000  # seeds
_WARM: Final = 0.2  # of a run: caches fill
_PAGE_MB: Final = 4_096 / 1_048_576
_FOLDER: Final = str(Path(adapters.__file__).parent)


class Failure(NamedTuple):
    """What went wrong, and the file that holds the input."""

    why: str
    path: Path


class Report(NamedTuple):
    """What a run saw."""

    format: str
    inputs: int
    seconds: float
    translated: int
    seeds: int
    lines: int
    slowest_s: float
    peak_mb: float
    grown_mb: float
    failures: tuple[Failure, ...]

    def __str__(self) -> str:
        said = (
            f"{self.format}: {self.inputs:,} inputs in {self.seconds:.0f} s ({self.translated:,} translated, the rest "
            f"refused), {self.lines:,} lines reached, {self.seeds:,} seeds, slowest {self.slowest_s * 1000:.0f} ms, "
            f"peak {self.peak_mb:.0f} MB, grown by {self.grown_mb:.1f} MB, {len(self.failures)} failures"
        )
        return "\n".join((said, *(f"  {failure.why}: {failure.path}" for failure in self.failures)))


class _Hangs(BaseException):
    """Raised in what does not end; no adapter catches it."""


def _end(number: int, frame: FrameType | None) -> None:
    raise _Hangs


class Fuzzer:
    """The fuzzer of one format; ``folder`` gets the inputs that failed. Processor time, in the main thread only."""

    def __init__(
        self, name: str, folder: Path, seed: int = 1, limit_s: float = LIMIT_S, hang_s: float = HANG_S
    ) -> None:
        self.name = name
        self._adapter = adapters.adapter(name)
        self._contexts = [case.context for case in all_cases() if case.adapter == name]
        self._seeds = [case.data for case in all_cases() if case.adapter == name and len(case.data) <= _LARGEST]
        self._dice = random.Random(seed)
        self._accidents = Accidents(self._dice, self._seeds)
        self._folder = folder
        self._limit_s = limit_s
        self._hang_s = hang_s
        signal.signal(signal.SIGPROF, _end)
        self._lines = Lines()
        self._failures: list[Failure] = []
        self._translated = 0
        self._slowest_s = 0.0

    def run(self, inputs: int, seconds: float) -> Report:
        """Read so many inputs, or for so long, whichever ends first."""
        began = time.monotonic()
        warm_mb = peak_mb = _memory_mb()
        done = 0
        for done, data in enumerate(self._inputs(inputs), 1):
            self.one(data, traced=done % TRACED == 0 or done <= len(self._contexts))
            if done % 200 == 0:
                peak_mb = max(peak_mb, _memory_mb())
                part = max(done / inputs, (time.monotonic() - began) / seconds)
                warm_mb = _memory_mb() if part <= _WARM else warm_mb
            if time.monotonic() - began > seconds or len(self._failures) >= 20:
                break
        gc.collect()
        grown_mb = _memory_mb() - warm_mb if done >= 10_000 else 0.0  # less is only the warm-up
        if grown_mb > GROWTH_MB:
            self._fail(f"memory grew by {grown_mb:.0f} MB", b"")
        return Report(
            self.name, done, time.monotonic() - began, self._translated, len(self._seeds), self._lines.count,
            self._slowest_s, max(peak_mb, _memory_mb()), grown_mb, tuple(self._failures),
        )  # fmt: skip

    def one(self, data: bytes, *, traced: bool = False) -> None:
        """Read one input and judge what came of it."""
        before = self._lines.count
        began = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, self._hang_s)
        if traced:
            sys.settrace(self._lines.called)
        try:
            self._read(data)
        except Rejected:
            pass
        except _Hangs:
            return self._fail(f"it did not end within {self._hang_s:g} s", data)
        except Exception as error:  # a finding, and kept
            self._fail(f"{type(error).__name__}: {str(error)[:200]}", data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            sys.settrace(None)
        taken = time.process_time() - began
        if taken > self._limit_s and traced:  # tracing is slow: judge it without
            return self.one(data)
        if not traced:
            self._slowest_s = max(self._slowest_s, taken)
            if taken > self._limit_s:
                self._fail(f"it took {taken:.1f} s", data)
        elif self._lines.count > before and len(data) <= _LARGEST and len(self._seeds) < _MOST:
            self._seeds.append(data)
        return None

    def _inputs(self, count: int) -> Iterator[bytes]:
        """Yield the seeds themselves, then what becomes of them."""
        first = self._seeds[:count]
        yield from first
        for _ in range(count - len(first)):
            yield self._accidents.happen(self._dice.choice(self._seeds))

    def _read(self, data: bytes) -> None:
        context = self._dice.choice(self._contexts)
        self._adapter.sniff(data[:4096], ".txt")
        found = self._adapter.decode(data, context)
        self._translated += 1
        for message in found.messages:
            again = registry.envelope(registry.encode(message))
            if again.kind in registry.KINDS and again.version == 1:
                registry.body(again)

    def _fail(self, why: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self.name}-{sha256(data)[:12]}"
        path.write_bytes(data)
        self._failures.append(Failure(why, path))


class Lines:
    """The lines of the adapters that were reached. A function of which no line is left to reach is not followed."""

    def __init__(self) -> None:
        self.count = 0
        self._left: dict[CodeType, set[int]] = {}

    def called(self, frame: FrameType, event: str, arg: Any) -> Any:
        """Follow a frame that belongs to the adapters, as `sys.settrace` wants it."""
        code = frame.f_code
        left = self._left.get(code)
        if left is None:
            ours = code.co_filename.startswith(_FOLDER)
            left = self._left[code] = {line for _, _, line in code.co_lines() if line is not None} if ours else set()
            if len(left) > 1:
                left.discard(code.co_firstlineno)  # "def" itself is no line that is reached
        return self._line if left else None

    def _line(self, frame: FrameType, event: str, arg: Any) -> Any:
        left = self._left[frame.f_code]
        if frame.f_lineno in left:
            left.discard(frame.f_lineno)
            self.count += 1
        return self._line


def _memory_mb() -> float:
    """Return what this process holds now; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_MB
    except OSError:
        return 0.0


def main(arguments: list[str]) -> int:
    """Run the fuzzer; 1 if it found something."""
    parser = argparse.ArgumentParser(prog="python -m tests.formats.fuzz", description="Fuzz the adapters.")
    parser.add_argument("formats", nargs="*", metavar="FORMAT", help=f"one of {', '.join(adapters.BUILTIN)}; all")
    parser.add_argument("--inputs", type=int, default=sys.maxsize, help="for each format")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each format; without --inputs 60")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path, default=Path(tempfile.gettempdir()) / "fuzz", help="where failures go")
    given = parser.parse_args(arguments)
    seconds = given.seconds if given.inputs == sys.maxsize or "--seconds" in arguments else 1e9
    failed = 0
    for name in given.formats or adapters.BUILTIN:
        report = Fuzzer(name, given.save, given.seed).run(given.inputs, seconds)
        sys.stdout.write(f"{report}\n")
        sys.stdout.flush()
        failed += len(report.failures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
