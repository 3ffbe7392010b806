"""The archive around a workbook, judged by its directory before anything in it is unpacked, and read piece by piece.

1. Bounded: number of parts, inflated size, ratio of sizes; parts that overlap or repeat are refused.
2. Macros, links to other workbooks, embedded programs and encryption are refused; nothing is ever followed or run.
3. Every XML part passes the guard of `adapters.xml`, also those that nobody reads.

Source: APPNOTE.TXT 6.3.9 §4.3-4.4 (ZIP); ECMA-376-2 (Open Packaging Conventions); reference formats.md §10.4.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Final

from adapters import xml
from adapters.base import Loss, Rejected

MAX_PARTS: Final = 500
MAX_INFLATED: Final = 20_000_000  # bytes of all parts together
MAX_RATIO: Final = 100  # of an archive whose content is larger than a megabyte
MAX_ELEMENTS: Final = 400_000  # XML elements of all parts together

_CHUNK: Final = 65_536
_RATIO_FROM: Final = 1_000_000
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_XML: Final = (".xml", ".rels", ".vml")
_PLAIN: Final = ("[Content_Types].xml", "_rels/", "xl/_rels/", "xl/theme/", "xl/worksheets/_rels/", "xl/calcChain.xml")
_UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError, RuntimeError, OverflowError,
    IndexError,
)  # fmt: skip
"""What `zipfile` raises for archives that are none: its documentation names few of them."""

_REFUSED: Final = (  # in the name of a part, in lower case: why, and how to mend it
    ("vbaproject", "it holds macros", "save it as a workbook without macros (.xlsx)"),
    ("macrosheets/", "it holds macro sheets", "save it as a workbook without macros (.xlsx)"),
    ("activex/", "it holds ActiveX controls", "copy the values into a new workbook"),
    ("embeddings/", "it holds embedded objects", "send them as files of their own"),
    ("externallinks/", "it takes values from other workbooks", "break the links, or paste values, and save it again"),
    ("encryptedpackage", "it is encrypted", "save it without a password"),
)
_OTHERS: Final = (  # a part that says that the archive is something else
    ("word/document.xml", "it is a text document", "send the tables in it as a workbook or as CSV"),
    ("ppt/presentation.xml", "it is a presentation", "send the tables in it as a workbook or as CSV"),
    ("content.xml", "it is an OpenDocument file", "save it as .xlsx or as CSV"),
    ("xl/workbook.bin", "it is a binary workbook", "save it as .xlsx or as CSV"),
    ("doc.kml", "it is a map in KMZ", "name the format kml"),
)


class Archive:
    """A workbook's archive whose directory has been judged.

    Raises:
        Rejected: it is no workbook, or hostile.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _UNREADABLE as error:
            raise Rejected("input", f"its archive cannot be read: {error}", "send the workbook again, whole") from None
        self._parts = {info.filename: info for info in self._zip.infolist()}
        self._elements = MAX_ELEMENTS
        self._read: set[str] = set()
        self._judge(len(data))

    def _judge(self, size: int) -> None:
        listed = self._zip.infolist()
        if len(listed) > MAX_PARTS:
            raise Rejected("archive", f"it has more than {MAX_PARTS} parts", "save it with fewer sheets and pictures")
        inflated = sum(info.file_size for info in listed)
        if inflated > MAX_INFLATED or (inflated > _RATIO_FROM and inflated > MAX_RATIO * size):
            why = f"it holds {inflated} bytes in {size}: more than {MAX_INFLATED}, or than {MAX_RATIO} to 1"
            raise Rejected("archive", why, "split the workbook, and delete empty rows and formats")
        if len(self._parts) != len(listed) or sum(info.compress_size for info in listed) > size:
            raise Rejected("archive", "its parts repeat or overlap", "save the workbook again")
        for info in listed:
            self._judge_part(info)
        if "xl/workbook.xml" not in self._parts:
            self._refuse_others()

    def _judge_part(self, info: zipfile.ZipInfo) -> None:
        path, folded = f"part {info.filename[:200]}", info.filename.lower()
        for mark, why, hint in _REFUSED:
            if mark in folded:
                raise Rejected(path, why, hint)
        if info.flag_bits & 1:
            raise Rejected(path, "it is encrypted", "save it without a password")
        if info.compress_type not in _METHODS:
            raise Rejected(path, f"compression {info.compress_type} is not known", "save the workbook again as .xlsx")

    def _refuse_others(self) -> None:
        for name, why, hint in _OTHERS:
            if name in self._parts:
                raise Rejected(f"part {name}", why, hint)
        inside = next((n for n in self._parts if n.lower().endswith((".csv", ".tsv", ".txt", ".xlsx"))), "")
        why = f'it is an archive with "{inside[:80]}" in it' if inside else "it is an archive, and no workbook"
        raise Rejected("archive", why, "unpack it, and send the file in it")

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def parse(
        self,
        name: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] = lambda name: None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Read one XML part through the guard, piece by piece.

        Raises:
            Rejected: it is missing, damaged or hostile.
        """
        self._read.add(name)
        try:
            self._elements -= xml.events(self._chunks(name), start, end, text, most=self._elements)
        except Rejected as error:
            if error.path.startswith(("line ", "input")):
                raise Rejected(f"part {name[:200]}: {error.path}", error.why, error.hint) from None
            raise

    def _chunks(self, name: str) -> Iterator[bytes]:
        if name not in self._parts:
            raise Rejected(f"part {name[:200]}", "it is missing", "save the workbook again")
        try:
            with self._zip.open(self._parts[name]) as part:
                while chunk := part.read(_CHUNK):
                    yield chunk
        except _UNREADABLE as error:
            why = f"it cannot be unpacked: {error}"
            raise Rejected(f"part {name[:200]}", why, "send the workbook again, whole") from None

    def others(self) -> list[Loss]:
        """Pass every XML part that nobody read through the guard; return the parts that hold something, as losses.

        Raises:
            Rejected: one of them is damaged or hostile.
        """
        losses = []
        for name in sorted(self._parts.keys() - self._read):
            if name.lower().endswith(_XML):
                self.parse(name, lambda name, attributes: None)
            if not name.endswith("/") and not name.startswith(_PLAIN):
                size, digest = 0, hashlib.sha256()
                for chunk in self._chunks(name):
                    size += len(chunk)
                    digest.update(chunk)
                value = f"{size} bytes, sha256 {digest.hexdigest()}"
                losses.append(Loss(path=f"part {name}", value=value, why="it is no worksheet"))
        return losses
