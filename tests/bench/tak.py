"""A burst of CoT events from one TAK client to a second one of the same participant, against PyPI's ``taky``.

Both servers run in a process of their own and meet the same two clients in turn: one writes all events at once, the
other reads until it has them all, or no more comes; the time is from the first byte written to the last event read.
Nothing may be lost by ours. ``taky`` gives a chat to its addressee only: of the real events it passes on all but one.
Behind our bearer stands a gate of the tests that keeps what it takes: the way over the bus is not in the figure, and
runs beside it anyway. ``taky`` is started from the environment; without it there is a figure and no ratio.
"""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import anyio

from coordinator import log
from coordinator.edges import endpoints
from coordinator.edges.clock import SystemClock
from coordinator.edges.tak import serve
from tests.bench import corpus
from tests.bench.measure import Figure, median
from tests.support.gates import FakeGate

ROUNDS: Final = 31
PATIENCE_S: Final = 10.0
SILENCE_S: Final = 1.0  # after which no more comes

_WHO: Final = "xar"
_END: Final = b"</event>"
_CONTROL: Final = re.compile(rb"type=\"t-x-[^\"]*\"")


def figures() -> list[Figure]:
    """Return how fast the burst arrives."""
    events = corpus.events()
    with ExitStack() as stack:
        servers = [_Pair(stack.enter_context(_ours()), events)]
        taky = _program()
        if taky:
            servers.append(_Pair(stack.enter_context(_theirs(taky)), events))
        for turn in range(ROUNDS):
            for server in servers if turn % 2 == 0 else reversed(servers):
                server.burst()
        return [_figure(servers, events)]


def _figure(servers: list["_Pair"], events: list[bytes]) -> Figure:
    rates = [len(events) / median(server.taken) for server in servers]
    lost = [server.lost for server in servers]
    note = f"{len(events)} {corpus.origin()}, {ROUNDS} rounds, a test's gate behind it; lost: {lost[0]}"
    note += (
        f", taky {lost[1]} (a chat each round, whose addressee is not there)"
        if len(lost) > 1
        else "; taky is not installed: nothing to compare with"
    )
    baseline = rates[1] if len(rates) > 1 else None
    return Figure(
        name="TAK burst to a second client", value=rates[0], unit="events/s", baseline=baseline, against="taky",
        low=1.0 if baseline else None, note=note,
    )  # fmt: skip


class _Pair:
    """Two clients of one server, and what their bursts took."""

    def __init__(self, port: int, events: list[bytes]) -> None:
        self.taken: list[float] = []
        self.lost = 0
        self._count = len(events)
        self._data = b"".join(events)
        self._from, self._to = (socket.create_connection(("127.0.0.1", port)) for _ in range(2))
        self._last = 0.0  # when the last event came
        self._meet(events[0])

    def _meet(self, hello: bytes) -> None:
        """Return when both clients are known to the server: an event came through."""
        deadline = time.monotonic() + PATIENCE_S
        self._to.settimeout(0.2)
        while time.monotonic() < deadline:
            self._from.sendall(hello)
            if self._read(1) == 1:
                break
        self._to.settimeout(SILENCE_S)

    def burst(self) -> None:
        """Send everything once."""
        writing = threading.Thread(target=self._from.sendall, args=(self._data,))
        began = time.perf_counter()
        writing.start()
        got = self._read(self._count)
        self.taken.append(self._last - began)
        writing.join()
        self.lost += self._count - got

    def _read(self, count: int) -> int:
        """Return how many events came, at most so many; what steers the link does not count."""
        got, rest = 0, b""
        while got < count:
            try:
                data = self._to.recv(262_144)
            except TimeoutError:
                break
            if not data:
                break
            *whole, rest = (rest + data).split(_END)
            got += sum(_CONTROL.search(event) is None for event in whole)
            self._last = time.perf_counter()
        return got


# -- the servers ------------------------------------------------------------------------------------------------------


@contextmanager
def _ours() -> Iterator[int]:
    """Run our bearer in a process of its own; gives its port."""
    with subprocess.Popen([sys.executable, "-m", "tests.bench.tak"], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline())  # type: ignore[union-attr] - it is a pipe
        finally:
            process.kill()


async def _serve() -> None:
    at = endpoints.Tak(plain={_WHO: "127.0.0.1:0"})
    async with anyio.create_task_group() as group:
        [where] = await group.start(partial(serve, [FakeGate(_WHO, "tak")], at, Path(), SystemClock()))
        print(where.split()[0].rpartition(":")[2], flush=True)


def _program() -> str:
    """Return taky's program, or ""."""
    return shutil.which("taky") or shutil.which("taky", path=str(Path(sys.executable).parent)) or ""


@contextmanager
def _theirs(program: str) -> Iterator[int]:
    """Run taky with its own defaults, but for where it listens; gives its port."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        free.close()
        settings = Path(folder) / "taky.conf"
        settings.write_text(f"[taky]\nroot_dir = {folder}\nbind_ip = 127.0.0.1\n[cot_server]\nport = {port}\n")
        with subprocess.Popen([program, "-c", str(settings), "-l", "error"]) as process:
            try:
                _wait_for(port)
                yield port
            finally:
                process.kill()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    log.configure(level="warning")
    anyio.run(_serve)
