"""Spool folders of a gateway's host: files that have settled, read whole, put away without overwriting anything.

A file is taken when two looks in a row found it unchanged; hidden and temporary names are left alone. Only plain files
count: no links, no pipes, no folders. Everything here blocks and raises `OSError` as it comes; call it in a thread.
What is written to such folders is written by `coordinator.edges.folders`.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from coordinator.edges import folders

MAX_LOOK: Final = 10_000  # entries of a folder that one look sees
_TEMPORARY: Final = (".tmp", ".part", ".partial", ".swp", "~", ".lock")


class Seen(NamedTuple):
    """A file as one look found it; the same twice means that nobody is writing it."""

    size: int
    changed_ns: int
    inode: int


class Settled(NamedTuple):
    """A file that was unchanged between two looks, and when it was written (microseconds UTC)."""

    path: Path
    written_at: int


class Looks:
    """Finds the files of a folder that have settled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before: dict[str, Seen] = {}

    def settled(self) -> list[Settled]:
        """Look once, and return what is unchanged since the look before, the oldest first.

        Raises:
            OSError: the folder cannot be read, for one because it is gone.
        """
        now = dict(_plain_files(self.folder))
        ready = [name for name, seen in now.items() if self._before.get(name) == seen]
        self._before = now
        in_order = sorted(ready, key=lambda name: (now[name].changed_ns, name))
        return [Settled(self.folder / name, now[name].changed_ns // 1000) for name in in_order]


def _plain_files(folder: Path) -> Iterator[tuple[str, Seen]]:
    with os.scandir(folder) as entries:
        for _, entry in zip(range(MAX_LOOK), entries, strict=False):
            if entry.name.startswith(".") or entry.name.lower().endswith(_TEMPORARY):
                continue
            with contextlib.suppress(FileNotFoundError):  # gone between the listing and now: not there
                found = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(found.st_mode):
                    yield entry.name, Seen(found.st_size, found.st_mtime_ns, found.st_ino)


def read(path: Path, limit: int) -> bytes:
    """Return what a plain file holds, at most ``limit`` bytes and one more, which says that it is larger.

    Raises:
        OSError: it cannot be read, is no plain file, or became a link meanwhile.
    """
    with _open(path.parent) as folder, open(folders.reading(folder, path.name), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{path.name} is no plain file")
        return file.read(limit + 1)


def write(path: Path, data: bytes) -> None:
    """Put a whole file at its place; it is on the disk when this returns, and one of that name is replaced.

    Raises:
        OSError: it cannot be written; nothing is left behind.
    """
    with _open(path.parent) as folder:
        folders.write(folder, path.name, data)


def move(path: Path, to: Path) -> Path:
    """Move a file into another folder of the same disk, and return where it is; nothing there is overwritten.

    Raises:
        OSError: it is gone, or the folder cannot be written.
    """
    to.mkdir(parents=True, exist_ok=True)
    for n in range(1, MAX_LOOK):
        place = to / (path.name if n == 1 else f"{n}-{path.name}")
        if not os.path.lexists(place):  # we alone write there
            os.rename(path, place)
            return place
    raise OSError(f"{to} holds too many files named like {path.name}")


def count(folder: Path) -> int:
    """Return how many entries a folder has; 0 if there is none."""
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        return sum(1 for _ in entries)
    return 0


@contextlib.contextmanager
def _open(folder: Path) -> Iterator[int]:
    descriptor = folders.root(folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
