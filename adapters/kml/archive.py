"""Opening a KMZ: the one document in it, within bounds; everything else in it is a loss.

A small archive can unpack to gigabytes, or hold archives that do, so sizes are counted while unpacking, never believed.
Source: OGC KML 2.2 annex C (KMZ); PKWARE APPNOTE 6.3; reference formats.md §7.2.
"""

import io
import struct
import zipfile
import zlib
from typing import Final

from adapters.base import MAX_BYTES, Loss, Rejected

MAX_ENTRIES: Final = 200
MAX_RATIO: Final = 200  # text of coordinates shrinks to a tenth; a bomb to a thousandth
MAX_TOTAL: Final = 20_000_000  # bytes of all entries, as the archive declares them

_ARCHIVES: Final = (".zip", ".kmz", ".7z", ".rar", ".gz", ".tar", ".jar")
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_MEND: Final = "send the doc.kml of it, unpacked"
_BROKEN: Final = (  # what zipfile raises
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, IndexError, NotImplementedError, RuntimeError, ValueError,
    OSError,
)  # fmt: skip


def is_archive(head: bytes) -> bool:
    """Say whether bytes begin like a zip archive."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def unpacked(data: bytes) -> tuple[bytes, tuple[Loss, ...]]:
    """Return the document of an archive, and its other entries as losses.

    Raises:
        Rejected: it is broken, encrypted, too large, or holds another archive or no document.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [e for e in archive.infolist() if not e.filename.endswith("/")]
            _check(entries, len(data))
            chosen = _document(entries)
            with archive.open(chosen) as stream:
                content = stream.read(MAX_BYTES + 1)
    except _BROKEN as error:
        raise Rejected("archive", f"it cannot be unpacked: {str(error)[:120]}", _MEND) from None
    if len(content) > MAX_BYTES:
        raise Rejected(_named(chosen), f"it is more than {MAX_BYTES} bytes", "split it, or send only what matters")
    others = (e for e in entries if e is not chosen)
    return content, tuple(Loss(path=_named(e), value=f"{e.file_size} bytes", why=_why(e)) for e in others)


def _check(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Rejected("archive", f"it has more than {MAX_ENTRIES} entries", _MEND)
    total = sum(e.file_size for e in entries)
    if total > MAX_TOTAL or total > MAX_RATIO * max(size, 1_000):
        raise Rejected("archive", f"{size} bytes would unpack to {total}", _MEND)
    for entry in entries:
        if entry.filename.lower().endswith(_ARCHIVES):
            raise Rejected(_named(entry), "it is an archive within the archive", _MEND)


def _document(entries: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """Return doc.kml, or the first document at the root."""
    found = [e for e in entries if e.filename.lower().endswith(".kml") and not _leaves_root(e)]
    found.sort(key=lambda e: e.filename.lower() != "doc.kml")
    if not found:
        raise Rejected("archive", "it has no document (*.kml) at its root", _MEND)
    if found[0].flag_bits & 1:
        raise Rejected(_named(found[0]), "it is encrypted", _MEND)
    if found[0].compress_type not in _METHODS:
        raise Rejected(_named(found[0]), f"compression {found[0].compress_type} is not accepted", _MEND)
    return found[0]


def _leaves_root(entry: zipfile.ZipInfo) -> bool:
    return "/" in entry.filename or "\\" in entry.filename


def _named(entry: zipfile.ZipInfo) -> str:
    name = entry.filename.encode("utf-8", "replace").decode()
    return f"archive: {name[:200]}"


def _why(entry: zipfile.ZipInfo) -> str:
    if ".." in entry.filename or entry.filename.startswith(("/", "\\")):
        return "its path leaves the archive"
    return "only the document at the root is read"
