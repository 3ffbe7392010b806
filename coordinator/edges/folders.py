"""Files in an open folder that belongs to somebody who may be hostile. Everything here blocks and raises `OSError`.

Folders are opened once and files are reached relative to them, never by a path and never through a link, so that
nobody can lead us elsewhere while we work. What is written appears whole: under a hidden name, synchronized, renamed.
"""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

NAME: Final = 200  # bytes of a name that we write, so that what is put around it fits into the 255 of a disk

_SUFFIX: Final = 20  # bytes of what counts as the suffix of a name
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def root(path: Path) -> int:
    """Open a folder by its path, which is the operator's and may be a link; close it with `os.close`."""
    return os.open(path, _FOLDER)


def inside(folder: int, name: str) -> int:
    """Open a folder in a folder."""
    return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)


def reading(folder: int, name: str) -> int:
    """Open something for reading; who opens a pipe or a device must find out and not read it."""
    return os.open(name, _READ, dir_fd=folder)


def content(folder: int, name: str, limit: int) -> bytes | None:
    """Return what a file holds, at most ``limit`` bytes; None if there is none."""
    try:
        descriptor = reading(folder, name)
    except FileNotFoundError:
        return None
    with open(descriptor, "rb") as file:
        return file.read(limit)


def there(folder: int, name: str) -> bool:
    """Say whether a name is taken, by whatever."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def write(folder: int, name: str, data: bytes) -> None:
    """Put a whole file there, on the disk when this returns; one of that name is replaced.

    It can be read by whoever may list the folder, whatever the umask is.
    """
    draft = f".{name}.part"
    with suppress(FileNotFoundError):
        os.unlink(draft, dir_fd=folder)
    descriptor = os.open(draft, _WRITE, 0o600, dir_fd=folder)
    try:
        with open(descriptor, "wb") as file:
            with suppress(PermissionError):  # a FAT stick knows no modes, and lets everybody read
                os.fchmod(descriptor, stat.S_IMODE(os.fstat(folder).st_mode) & 0o666)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        with suppress(OSError):  # the first error is the one to tell
            os.unlink(draft, dir_fd=folder)
        raise
    sync(folder)


def sync(folder: int) -> None:
    """Make the names in a folder last."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # network drives do not know it for folders
            raise


def plain(name: str) -> str:
    """Return a name that can stand in any folder, log or message; ``%0A`` and the like for what cannot.

    Names of the disk that are no UTF-8 keep their bytes as such escapes. At most `NAME` bytes.
    """
    escaped = "".join(c if c.isprintable() and c not in '/\\"' else _escape(c) for c in name).lstrip(".")
    stem, suffix = os.path.splitext(escaped)
    suffix = suffix if len(suffix.encode()) <= _SUFFIX else ""
    kept = stem if suffix else escaped
    return kept.encode()[: NAME - len(suffix.encode())].decode(errors="ignore") + suffix or "file"


def _escape(char: str) -> str:
    of_the_disk = "\udc80" <= char <= "\udcff"  # a byte that is no UTF-8, as Python writes it
    return "".join(f"%{byte:02X}" for byte in char.encode(errors="surrogateescape" if of_the_disk else "surrogatepass"))
