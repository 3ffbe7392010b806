"""Workbooks for tests: built part by part, and taken apart by another route than the adapter's (zipfile, lxml)."""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_N = {"m": MAIN}
HEADS = frozenset(
    {"id", "ref", "réf", "referencia", "event id", "item", "code", "#meta+id", "rank", "patrol no", "grade"}
)
"""What stands first in the header rows of the cases: heads are layout, what stands below them is said."""


def packed(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return an archive with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2027, 3, 14, 7, 0, 0)), content, method)
    return out.getvalue()


def cell(at: str, value: Any) -> str:
    """Return a cell: text inline, numbers as such, ``(formula, value)``, or XML that begins with ``<``."""
    match value:
        case tuple():
            stored = f"<v>{value[1]}</v>" if value[1] is not None else ""
            return f'<c r="{at}"><f>{value[0]}</f>{stored}</c>'
        case int() | float():
            return f'<c r="{at}"><v>{value}</v></c>'
        case _:
            return (
                value.format(at=at)
                if value.startswith("<c")
                else f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'
            )


def sheet(rows: Sequence[Sequence[Any]], merged: Sequence[str] = (), extra: str = "") -> str:
    """Return the XML of a worksheet; None leaves a cell out, an empty row is left out."""
    listed = "".join(
        f'<row r="{n}">{"".join(cell(f"{chr(65 + i)}{n}", v) for i, v in enumerate(row) if v is not None)}</row>'
        for n, row in enumerate(rows, 1)
        if row
    )
    cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    merges = f"<mergeCells>{cells}</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{MAIN}">{extra}<sheetData>{listed}</sheetData>{merges}</worksheet>'


def parts(sheets: Mapping[str, str], *, strings: str = "") -> dict[str, str | bytes]:
    """Return the parts of a workbook with these worksheets, and with these items as its shared strings."""
    listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    if strings:
        relations += f'<Relationship Id="r9" Type="{RELATION}/sharedStrings" Target="sharedStrings.xml"/>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    named = {"workbook.xml": "sheet.main"} | ({"sharedStrings.xml": "sharedStrings"} if strings else {})
    named |= {f"worksheets/sheet{n}.xml": "worksheet" for n in range(1, len(sheets) + 1)}
    types = "".join(f'<Override PartName="/xl/{p}" ContentType="{kind}.{t}+xml"/>' for p, t in named.items())
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{types}</Types>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
    }
    if strings:
        found["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    return found | {f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)}


def workbook(sheets: Mapping[str, str], **more: Any) -> bytes:
    """Return a workbook with these worksheets."""
    return packed(parts(sheets, **more))


def workbook_leaves(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Yield each cell and formula, and each part beside the worksheets: where, what, and the workbook with another."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    worksheets = dict(_worksheets(content))
    for name, part in worksheets.items():
        root = etree.fromstring(content[part])
        for i, found in enumerate(root.iterfind(".//m:c", _N)):
            if _text(found.getparent()[0], content).lower() not in HEADS:
                yield from _cell_leaves(name, part, i, found, content)
    beside = content.keys() - set(worksheets.values()) - {"xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"}
    for part in sorted(beside):
        if not part.startswith(("[Content_Types]", "_rels/", "xl/_rels/", "xl/theme/", "xl/worksheets/_rels/")):
            yield f"part {part}", f"{len(content[part])} bytes", packed({**content, part: b"<zz9/>"})


def _worksheets(content: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    targets = {r.get("Id"): r.get("Target", "") for r in etree.fromstring(content["xl/_rels/workbook.xml.rels"])}
    for each in etree.fromstring(content["xl/workbook.xml"]).iterfind(".//m:sheet", _N):
        target = targets[each.get(f"{{{RELATION}}}id")]
        yield each.get("name", ""), target[1:] if target.startswith("/") else f"xl/{target}"


def _cell_leaves(
    name: str, part: str, i: int, found: Any, content: Mapping[str, bytes]
) -> Iterator[tuple[str, str, bytes]]:
    row = found.getparent().get("r")
    value = _text(found, content)
    if value.strip() and value.strip().lower() not in ("-", "n/a", "#n/a"):
        yield f"{name}!row {row}", value.strip(), _changed(content, part, i, "zz9", found.get("r"))
    if (formula := found.findtext("m:f", None, _N)) is not None:
        yield f"{name}!row {row}", formula, _changed(content, part, i, "zz9", found.get("r"))


def _text(found: Any, content: Mapping[str, bytes]) -> str:
    value = found.findtext("m:v", None, _N) or "".join(found.itertext(f"{{{MAIN}}}t"))
    if found.get("t") != "s":
        return str(value)
    strings = etree.fromstring(content["xl/sharedStrings.xml"]).findall("m:si", _N)
    return "".join(t.text or "" for t in strings[int(value)].iterfind("m:t", _N)) + "".join(
        t.text or "" for t in strings[int(value)].iterfind("m:r/m:t", _N)
    )


def _changed(content: Mapping[str, bytes], part: str, i: int, value: str, at: str) -> bytes:
    root = etree.fromstring(content[part])
    old = list(root.iterfind(".//m:c", _N))[i]
    new = etree.fromstring(f'<c xmlns="{MAIN}" r="{at}" t="inlineStr"><is><t>{value}</t></is></c>')
    old.getparent().replace(old, new)
    return packed({**content, part: etree.tostring(root)})
