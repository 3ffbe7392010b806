"""The folder of an embedded server: its lock, its keys, its realm, and where it listens now.

::

    lock            held (flock) by `coordinator up` and by its nats-server; two servers on one folder lose messages
    realm           live or exercise; a folder has one for ever
    creds/<user>.nk NKey seeds, made once, readable by the owner only
    server.conf     nats-server's configuration        nats-server.log   its log
    run.json        url, pid, realm and participants while it runs
    jetstream/      the streams
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import anyio
import msgspec
import nkeys

from coordinator.errors import ConfigError, ConfigFinding
from coordinator.topology import Realm, Topology

_PATIENCE_S = 3.0  # a server whose `up` was killed needs a moment to end


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """An embedded server that runs on this host."""

    url: str
    pid: int  # of `coordinator up`
    server_pid: int
    monitor: str  # nats-server's own HTTP
    realm: Realm
    participants: tuple[str, ...]


def refuse(path: Path, what: str, hint: str) -> ConfigError:
    """Return the error for a folder that cannot be used."""
    return ConfigError([ConfigFinding(path=str(path), what=what, hint=hint)])


def credentials(store: Path, user: str) -> Path:
    """Return where a user's seed stands."""
    return store / "creds" / f"{user}.nk"


def find(store: Path) -> Running | None:
    """Return the server that runs on a folder now, or None; what a killed one left behind does not count."""
    try:
        text = (store / "run.json").read_bytes()
        lock = os.open(store / "lock", os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        if _try_lock(lock):  # nobody holds it
            return None
    finally:
        os.close(lock)
    with suppress(msgspec.MsgspecError):
        running = msgspec.json.decode(text, type=Running)
        return running if _alive(running.pid) else None  # else its nats-server is just ending
    return None


def publish(store: Path, running: Running) -> None:
    """Say where the server listens."""
    _replace(store / "run.json", msgspec.json.encode(running))


def withdraw(store: Path) -> None:
    """Say that no server runs."""
    (store / "run.json").unlink(missing_ok=True)


def prepare(store: Path, declared: Topology) -> dict[str, str]:
    """Make the folder and the keys that are missing; return every user's public key.

    Raises:
        ConfigError: the folder belongs to the other realm or cannot be written.
    """
    try:
        (store / "creds").mkdir(parents=True, exist_ok=True, mode=0o700)
        _claim_realm(store, declared.realm)
        return {user.name: _key(credentials(store, user.name)) for user in declared.users}
    except OSError as error:
        raise refuse(store, f"cannot be used: {error.strerror}", "choose another folder") from error


def write_config(store: Path, text: str) -> Path:
    """Write nats-server's configuration; return where."""
    path = store / "server.conf"
    _replace(path, text.encode())
    return path


@contextmanager
def locked(store: Path, descriptor: int) -> Iterator[None]:
    """Name this process as the holder of a lock that `lock` took, and let it go at the end."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    try:
        yield
    finally:
        os.close(descriptor)


async def lock(store: Path) -> int:
    """Take the folder; return the descriptor that holds it for as long as anybody has it open.

    Raises:
        ConfigError: another process has it.
    """
    descriptor = _open_lock(store)
    with anyio.move_on_after(_PATIENCE_S):
        while not _try_lock(descriptor):
            if _alive(holder := _holder(descriptor)):
                os.close(descriptor)
                raise refuse(store, f"is in use by process {holder}", "stop it or choose another folder")
            await anyio.sleep(0.02)
        return descriptor
    os.close(descriptor)
    raise refuse(store, "is in use by a server whose parent is gone", "stop that nats-server or choose another folder")


def _open_lock(store: Path) -> int:
    try:
        store.mkdir(parents=True, exist_ok=True)
        return os.open(store / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise refuse(store, f"cannot be used: {error.strerror}", "choose another folder") from error


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(descriptor: int) -> int:
    text = os.pread(descriptor, 20, 0)
    return int(text) if text.isdigit() else 0


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return pid > 0


def _claim_realm(store: Path, realm: Realm) -> None:
    path = store / "realm"
    if not path.exists():
        _replace(path, realm.encode())
    elif (have := path.read_text().strip()) != realm:
        raise refuse(store, f'holds the realm "{have}"', f'choose another folder for "{realm}"')


def _key(path: Path) -> str:
    if not path.exists():
        _replace(path, nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER))
    pair = nkeys.from_seed(bytearray(path.read_bytes().strip()))
    return str(pair.public_key.decode())


def _replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
