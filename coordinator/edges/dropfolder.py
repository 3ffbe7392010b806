"""One participant's drop folder on the disk: what is ready in it, and what is put into it. Everything here blocks.

::

    in/        whoever owns the folder puts files here
    done/      what was taken, under its name, with <name>.answer.txt and <name>.answer.json beside it
    refused/   what was refused, likewise
    out/       what is delivered; the reader deletes it
    README.txt says so

1. A file is ready when nobody has changed it for `SETTLE_S`, by size, mtime and ctime, and nobody holds it open for
   writing, where the kernel says so. Temporary names (`TEMPORARY`, a leading dot) are never ready.
2. The folder belongs to somebody who may be hostile. The four folders are opened without following links, and files
   relative to them; only plain files with one name are read. The participant's folder itself may be a link: its place
   is the operator's.
3. What is written appears whole.
4. Nothing is deleted and nothing is replaced, but a file by itself: where a name is taken, the hash of the content is
   put into it. So a second try after a crash ends at the same names.

Every `OSError` leaves here as it is: the folder cannot be used now.
"""

import errno
import fcntl
import hashlib
import heapq
import itertools
import os
import signal
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from coordinator import topology
from coordinator.edges import folders

IN: Final = "in"
OUT: Final = "out"
DONE: Final = "done"
REFUSED: Final = "refused"
README: Final = "README.txt"
ANSWERS: Final = (".answer.txt", ".answer.json")
TEMPORARY: Final = (".part", ".tmp", ".filepart", ".partial", ".crdownload")
NEVER: Final = ("thumbs.db", "desktop.ini")  # Explorer's own

SETTLE_S: Final = 2.0
EMPTY_S: Final = 60.0  # an empty file waits longer: over a slow link a copy begins with one
BATCH: Final = 256  # files of one look
SCAN: Final = 20_000  # entries of one look
LIMIT: Final = topology.MAX_PAYLOAD  # bytes that are read of a file; more than any input may have

_SECOND: Final = 1_000_000
_DIGITS: Final = 12  # of the hash in a name


class Stamp(NamedTuple):
    """What changes when somebody writes a file. Nobody can set ``changed``; it also changes when a file is renamed.

    No inode: FAT and network drives make up another one for the same file.
    """

    size: int
    modified: int  # nanoseconds
    changed: int


class Found(NamedTuple):
    """Something in ``in/`` that is ready: its name as the disk has it, and why it cannot be taken (a key of texts)."""

    name: str
    stamp: Stamp
    unfit: str = ""


class Unreadable(Exception):
    """Raised when a file may not be read."""


class DropFolder:
    """One participant's folder. `look` and what follows from it are for one caller; `put` for another."""

    def __init__(self, root: Path, readme: str) -> None:
        self.root = root
        self._readme = readme.encode()
        self._since: dict[str, tuple[Stamp, int]] = {}  # how each name looked, and since when
        self._told: dict[str, Stamp] = {}  # what stays in `in/` because it cannot be taken
        self._late: set[str] = set()

    def prepare(self) -> None:
        """Make what is missing in the folder; the folder itself must be there."""
        with self._open() as root:
            for name in (IN, OUT, DONE, REFUSED):
                with suppress(FileExistsError):
                    os.mkdir(name, 0o770, dir_fd=root)
                os.close(folders.inside(root, name))
            if folders.content(root, README, LIMIT) != self._readme:
                folders.write(root, README, self._readme)

    def look(self, now: int) -> list[Found]:
        """Return what is ready at a time (microseconds UTC), at most `BATCH`: the oldest first, what is late last."""
        with self._open(IN) as folder:
            found = list(_scan(folder))
        before = self._since
        self._since = {f.name: (f.stamp, _since(before.get(f.name), f.stamp, now)) for f in found}
        self._late &= self._since.keys()
        self._told = {name: stamp for name, stamp in self._told.items() if name in self._since}
        ready = (f for f in found if self._told.get(f.name) != f.stamp and self._settled(f, now))
        return heapq.nsmallest(BATCH, ready, key=lambda f: (f.name in self._late, f.stamp.modified, f.name))

    def _settled(self, found: Found, now: int) -> bool:
        wait_s = SETTLE_S if found.stamp.size or found.unfit else EMPTY_S
        return now - self._since[found.name][1] >= wait_s * _SECOND

    def postpone(self, name: str) -> None:
        """Look at this behind everything else until `settle` has dealt with it."""
        self._late.add(name)

    def read(self, found: Found) -> bytes | None:
        """Return what a file holds, at most `LIMIT` bytes; None if it is gone or not ready any more.

        Raises:
            Unreadable: it may not be read.
        """
        with self._open(IN) as folder:
            try:
                descriptor = folders.reading(folder, found.name)
            except FileNotFoundError:
                return None
            except PermissionError:
                raise Unreadable from None
            except OSError as error:
                if error.errno in (errno.ELOOP, errno.ENXIO):  # it became a link or a socket
                    return None
                raise
            with open(descriptor, "rb") as file:
                if _stamp(os.fstat(descriptor)) != found.stamp or _being_written(descriptor):
                    return None
                data = file.read(LIMIT)
                return data if _stamp(os.fstat(descriptor)) == found.stamp else None

    def settle(self, found: Found, data: bytes, accepted: bool, answers: tuple[bytes, bytes]) -> None:
        """Put a file that was taken away, with its answers (for a person, for a program; an empty one is left out).

        If it is not the one in ``in/`` any more, that one stays, and what was read of it is put away.
        """
        with self._open(IN) as source, self._open(DONE if accepted else REFUSED) as target:
            place = _free(target, found, data)
            _write_answers(target, place, answers)
            if not _moved(source, target, found, place) and len(data) < LIMIT:
                folders.write(target, place, data)
            folders.sync(target)
        self._late.discard(found.name)

    def tell(self, found: Found, answers: tuple[bytes, bytes]) -> None:
        """Say in ``refused/`` why something stays where it is, and do not look at it again before it changes."""
        with self._open(REFUSED) as target:
            _write_answers(target, _free(target, found, b""), answers)
        self._told[found.name] = found.stamp

    def put(self, name: str, data: bytes) -> None:
        """Put a file into ``out/``; a second time replaces the first."""
        with self._open(OUT) as folder:
            folders.write(folder, folders.plain(name), data)

    @contextmanager
    def _open(self, name: str = "") -> Iterator[int]:
        """Open the folder, or one in it, without following a link out of it."""
        root = folder = folders.root(self.root)
        try:
            if name:
                folder = folders.inside(root, name)
            yield folder
        finally:
            for descriptor in {root, folder}:
                os.close(descriptor)


# -- looking ----------------------------------------------------------------------------------------------------------


def _scan(folder: int) -> Iterator[Found]:
    with os.scandir(folder) as entries:
        for entry in itertools.islice(entries, SCAN):
            if not _temporary(entry.name):
                with suppress(FileNotFoundError):  # it was there a moment ago
                    seen = entry.stat(follow_symlinks=False)
                    yield Found(entry.name, _stamp(seen), _unfit(seen))


def _temporary(name: str) -> bool:
    low = name.lower()
    return low.startswith((".", "~$")) or low.endswith(TEMPORARY) or low in NEVER


def _unfit(seen: os.stat_result) -> str:
    kinds = ((stat.S_ISDIR, "drop-folder"), (stat.S_ISLNK, "drop-link"))
    if stat.S_ISREG(seen.st_mode):
        return "drop-hard-link" if seen.st_nlink > 1 else ""
    return next((key for kind, key in kinds if kind(seen.st_mode)), "drop-special")


def _stamp(seen: os.stat_result) -> Stamp:
    return Stamp(seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)


def _since(before: tuple[Stamp, int] | None, stamp: Stamp, now: int) -> int:
    return min(before[1], now) if before and before[0] == stamp else now


def _being_written(descriptor: int) -> bool:
    """Say whether anybody on this host holds a file open for writing, as a copy over a link that stalls does.

    The kernel lends a file for reading only while nobody writes it. It tells owners and root, and on local disks;
    elsewhere the answer is no. While it is lent, a writer makes it send a signal: one that does nothing.
    """
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    return False


# -- putting ----------------------------------------------------------------------------------------------------------


def _free(folder: int, found: Found, data: bytes) -> str:
    """Return the name under which something is put away: its own, or with a hash in it if that one is taken."""
    name = folders.plain(found.name)
    if not name.lower().endswith(ANSWERS) and not folders.there(folder, name):
        return name
    sort = f"{found.stamp.size} {found.stamp.modified}".encode()
    stem, suffix = os.path.splitext(name)
    return f"{stem}.{hashlib.sha256(sort + data).hexdigest()[:_DIGITS]}{suffix}"


def _moved(source: int, target: int, found: Found, place: str) -> bool:
    """Move a file; False if it is gone, or another one stands there now, which is left there."""
    try:
        os.rename(found.name, place, src_dir_fd=source, dst_dir_fd=target)
    except FileNotFoundError:
        return False
    now = _stamp(os.stat(place, dir_fd=target, follow_symlinks=False))
    if now[:2] == found.stamp[:2]:
        return True
    os.rename(place, _free(source, found._replace(stamp=now), b""), src_dir_fd=target, dst_dir_fd=source)
    return False


def _write_answers(folder: int, place: str, answers: Iterable[bytes]) -> None:
    for ending, answer in zip(ANSWERS, answers, strict=True):
        if answer:
            folders.write(folder, place + ending, answer)
