"""A workbook of texts and numbers as bytes: the least that every spreadsheet program opens, and always the same.

openpyxl stamps what it writes with the time of day; here the parts have the earliest date that ZIP knows.
Source: ECMA-376-1 §18.2, §18.3; ECMA-376-2 §10.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.xml import escaped

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
_NUMBER: Final = re.compile(r"0|[1-9]\d{0,13}|(?:0|[1-9]\d{0,7})\.\d{0,5}[1-9]")
_NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\']")


def workbook(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Return a workbook with these sheets, each by its name and rows; plain numbers stay numbers."""
    names = [_NOT_IN_A_NAME.sub("-", name)[:31] for name in sheets]
    parts = {
        "[Content_Types].xml": _types(len(names)),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _book(names),
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(names) + 1)}
        ),
    }
    parts |= {f"xl/worksheets/sheet{n}.xml": _sheet(rows) for n, rows in enumerate(sheets.values(), 1)}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            info = zipfile.ZipInfo(name, _EARLIEST)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 0
            archive.writestr(info, _HEAD + text, compresslevel=6)
    return out.getvalue()


def _types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in range(1, count + 1)
    )
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{sheets}</Types>'
    )


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    listed = (f'<Relationship Id="{k}" Type="{_DOCUMENT}/{kind}" Target="{t}"/>' for k, (kind, t) in targets.items())
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(listed)}</Relationships>'


def _book(names: Sequence[str]) -> str:
    listed = (f'<sheet name="{escaped(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{"".join(listed)}</sheets></workbook>'


def _sheet(rows: Sequence[Sequence[str]]) -> str:
    listed = "".join(f'<row r="{n}">{_cells(n, row)}</row>\n' for n, row in enumerate(rows, 1))
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{listed}</sheetData></worksheet>'


def _cells(number: int, row: Sequence[str]) -> str:
    return "".join(_cell(f"{letters(column)}{number}", text) for column, text in enumerate(row, 1) if text)


def _cell(at: str, text: str) -> str:
    if _NUMBER.fullmatch(text):
        return f'<c r="{at}"><v>{text}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escaped(text)}</t></is></c>'


def letters(column: int) -> str:
    """Return the letters of a column from 1: A, Z, AA."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found
