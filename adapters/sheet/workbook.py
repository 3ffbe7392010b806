"""Workbooks (.xlsx) as grids of texts: bounded, nothing evaluated, nothing followed.

Read in one pass per sheet through the guarded XML reader, because openpyxl's read-only mode knows neither merged cells
nor hidden rows nor a formula together with its value, and parses with libxml2 (see `adapters.xml`). What a number
format means is openpyxl's knowledge; its reader checks ours in the tests.
Source: ECMA-376-1 §18.2 (workbook), §18.4 (shared strings), §18.8 (styles).
"""

from typing import Final

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from adapters.base import MAX_LEAVES, Loss, Rejected
from adapters.sheet.archive import Archive
from adapters.sheet.cells import Grid
from adapters.sheet.worksheet import LOCAL, Reader, Shared, Sheet, text_of

MAX_SHEETS: Final = 50
_MAX_FORMAT: Final = 255

_RELATION: Final = "http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def grids(data: bytes) -> tuple[list[Grid], list[Loss]]:
    """Return the worksheets in their order, and the parts of the workbook that are none.

    Raises:
        Rejected: it is no workbook, damaged, too large, hostile, or a formula has no stored value.
    """
    archive = Archive(data)
    book = _Book(archive)
    found = [Reader(sheet, book.shared).read(archive) for sheet in book.sheets]
    return found, archive.others()


class _Book:
    """Which worksheets there are, in which parts, and what they share."""

    def __init__(self, archive: Archive) -> None:
        self.shared = Shared()
        self._listed: list[tuple[str, str, bool]] = []
        targets = _targets(archive)
        archive.parse("xl/workbook.xml", self._workbook)
        if len(self._listed) > MAX_SHEETS:
            raise Rejected("workbook", f"it has more than {MAX_SHEETS} sheets", "split it")
        if lost := [name for name, key, _ in self._listed if key not in targets]:
            raise Rejected("workbook", f'sheet "{lost[0]}" has no part', "open the workbook, save it again as .xlsx")
        kept = [(name, targets[key], hidden) for name, key, hidden in self._listed]
        self.sheets = [Sheet(name, part, hidden) for name, (kind, part), hidden in kept if kind == "worksheet"]
        others = dict(targets.values())
        if "sharedStrings" in others:
            self.shared.strings = _strings(archive, others["sharedStrings"])
        if "styles" in others:
            self.shared.dates = _dates(archive, others["styles"])

    def _workbook(self, name: str, attributes: dict[str, str]) -> None:
        match LOCAL.get(name):
            case "workbookPr":
                self.shared.epoch = 1904 if attributes.get("date1904", "0") in ("1", "true") else 1900
            case "externalReference":
                raise Rejected("workbook", "it takes values from other workbooks", "paste values, and save it again")
            case "sheet":
                key = next((v for k, v in attributes.items() if k.endswith("}id")), "")
                shown = attributes.get("state", "visible") == "visible"
                name = attributes.get("name", "")[:80] or f"sheet {len(self._listed) + 1}"
                self._listed.append((name, key, not shown))


def _targets(archive: Archive) -> dict[str, tuple[str, str]]:
    """Return the kind and the part of each relation of the workbook; those that lead outside are refused."""
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == _RELATION:
            kind, target = attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")
            if attributes.get("TargetMode") == "External" or kind.startswith("external"):
                raise Rejected("workbook", "it is linked to something outside", "paste values, and save it again")
            if "macro" in kind.lower() or "vba" in kind.lower():
                raise Rejected("workbook", "it holds macros", "save it as a workbook without macros (.xlsx)")
            found[attributes.get("Id", "")] = kind, target[1:] if target.startswith("/") else f"xl/{target}"

    archive.parse("xl/_rels/workbook.xml.rels", start)
    return found


def _strings(archive: Archive, part: str) -> list[str]:
    """Return the shared strings; of a rich text the runs, without phonetic hints."""
    found: list[str] = []
    parts: list[str] = []
    phonetic = taking = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal phonetic, taking
        match LOCAL.get(name):
            case "si":
                parts.clear()
            case "rPh":
                phonetic = True
            case "t":
                taking = not phonetic

    def end(name: str) -> None:
        nonlocal phonetic, taking
        match LOCAL.get(name):
            case "rPh":
                phonetic = False
            case "t":
                taking = False
            case "si":
                if len(found) >= MAX_LEAVES:
                    raise Rejected(f"part {part}", f"it has more than {MAX_LEAVES} strings", "split the workbook")
                found.append(text_of("".join(parts), f"part {part}, string {len(found) + 1}"))

    def text(value: str) -> None:
        if taking:
            parts.append(value)

    archive.parse(part, start, end, text)
    return found


def _dates(archive: Archive, part: str) -> list[bool]:
    """Return of each cell style whether its numbers are dates."""
    formats: dict[str, str] = {str(k): v for k, v in BUILTIN_FORMATS.items()}
    formats |= {str(n): "yyyy-mm-dd" for n in (*range(27, 37), *range(50, 59))}  # of East Asian programs
    found: list[bool] = []
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        match LOCAL.get(name):
            case "numFmt" if len(formats) < 2_000:
                formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")[:_MAX_FORMAT]
            case "cellXfs":
                inside = True
            case "xf" if inside:
                found.append(is_date_format(formats.get(attributes.get("numFmtId", "0"))))

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and LOCAL.get(name) != "cellXfs"

    archive.parse(part, start, end)
    return found
