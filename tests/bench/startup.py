"""How long `coordinator up` takes to its ready line, on an empty store and on one with 100,000 messages.

The baseline is what nobody can avoid: an interpreter that does nothing, and a bare nats-server on such a store.
"""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from coordinator.edges.server import find_binary
from tests.bench.hub import MESSAGES, a_folder, full_store
from tests.bench.measure import Figure, median

ROUNDS: Final = 5
_PATIENCE_S: Final = 60.0


def figures() -> list[Figure]:
    """Return the seconds to the ready line."""
    store = full_store()
    full = f"start-up, {MESSAGES:,} messages"
    return [
        _figure("start-up, empty store", _on_nothing, _bare_on_nothing, 1.5),
        _figure(full, lambda: _up(store), lambda: _bare(store), 3.0),
        _figure(f"{full}, after kill -9", lambda: _after_kill(store), lambda: _bare(store), None),
    ]


def _figure(name: str, ours: Callable[[], float], bare: Callable[[], float], high: float | None) -> Figure:
    taken, baseline = [], []
    for _ in range(ROUNDS):
        taken.append(ours())
        baseline.append(_interpreter() + bare())
    note = f"{min(taken):.2f} to {max(taken):.2f} s"
    return Figure(
        name=name, value=median(taken), unit="s", baseline=median(baseline),
        against="python -c pass + bare nats-server", high=high, note=note,
    )  # fmt: skip


def _on_nothing() -> float:
    with a_folder() as store:
        return _up(store / "store")


def _up(store: Path, end: int = signal.SIGTERM) -> float:
    command = [sys.executable, "-m", "coordinator", "up", "--store", str(store)]
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - began
        process.send_signal(end)
    assert line.startswith(b"ready"), line
    return taken


def _after_kill(store: Path) -> float:
    _up(store, signal.SIGKILL)
    return _up(store)


# -- the baseline -----------------------------------------------------------------------------------------------------


def _interpreter() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - began


def _bare_on_nothing() -> float:
    with a_folder() as store:
        return _server("-js", "-sd", str(store), "-p", "-1")


def _bare(store: Path) -> float:
    return _server("-c", str(store / "server.conf"))


def _server(*arguments: str) -> float:
    """Start a server, and return the seconds until it greets."""
    with tempfile.TemporaryDirectory() as ports:
        command = [str(find_binary(None)), *arguments, "--ports_file_dir", ports]
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while not _greets(Path(ports)) and time.perf_counter() - began < _PATIENCE_S:
                time.sleep(0.002)
            taken = time.perf_counter() - began
            process.terminate()
    return taken


def _greets(ports: Path) -> bool:
    """Say whether a server wrote where it listens, and answers there."""
    for file in ports.glob("*.ports"):
        with contextlib.suppress(ValueError, OSError):
            address = urlsplit(json.loads(file.read_bytes())["nats"][0])
            with socket.create_connection((address.hostname, address.port or 0), timeout=_PATIENCE_S) as connection:
                return connection.recv(4) == b"INFO"
    return False
