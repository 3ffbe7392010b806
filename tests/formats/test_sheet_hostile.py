"""Workbooks that mean harm, or are none: refused at once, with where, why and how to mend it, in bounded memory."""

import time
import tracemalloc
import zipfile

import pytest

from adapters.base import Rejected
from adapters.sheet import workbook
from tests.formats import workbooks
from tests.formats.cases import read
from tests.formats.workbooks import MAIN, packed, parts, sheet

HEAD = ["id", "section", "load class", "state"]
ROW = ["A-1", "KESSA", 30, "open"]
GOOD = parts({"Bridges": sheet([HEAD, ROW])})
RELATIONS = str(GOOD["xl/_rels/workbook.xml.rels"])
STRING = '<c r="{at}" t="s"><v>0</v></c>'
SHEET_1 = "xl/worksheets/sheet1.xml"


def refused(data: bytes) -> Rejected:
    began = time.process_time()
    found = read("sheet", data)
    assert time.process_time() - began < 1.0
    assert isinstance(found, Rejected)
    assert found.path
    assert found.why
    assert found.hint
    return found


def related(relations: str) -> bytes:
    return packed({**GOOD, "xl/_rels/workbook.xml.rels": relations})


def bomb(size: int) -> bytes:
    return packed({**GOOD, "xl/media/image1.bin": bytes(size)})


def overlapping() -> bytes:
    """Return an archive whose directory names one part five times."""
    data = bytearray(packed({**GOOD, "docProps/a.xml": "<a/>"}))
    at = data.index(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    again = bytes(data[at:end]) * 5
    tail = bytearray(data[end:])
    count = again.count(b"PK\x01\x02")
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = len(again).to_bytes(4, "little")
    return bytes(data[:at]) + again + bytes(tail)


ENTITIES = '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;&b;">]>'
HOSTILE = {
    "a bomb": lambda: bomb(90_000_000),
    "a bomb under the limit of bytes": lambda: bomb(15_000_000),
    "parts that overlap": overlapping,
    "too many parts": lambda: packed({**GOOD, **{f"xl/media/{i}.png": b"x" for i in range(600)}}),
    "macros": lambda: packed({**GOOD, "xl/vbaProject.bin": b"x"}),
    "macros under another name": lambda: packed(
        {**GOOD, "xl/_rels/workbook.xml.rels": RELATIONS.replace("/worksheet", "/xlMacrosheet")}
    ),
    "an external link": lambda: packed({**GOOD, "xl/externalLinks/externalLink1.xml": "<a/>"}),
    "an external relation": lambda: packed(
        {**GOOD, "xl/_rels/workbook.xml.rels": RELATIONS.replace("/>", ' TargetMode="External"/>')}
    ),
    "an embedded object": lambda: packed({**GOOD, "xl/embeddings/oleObject1.bin": b"x"}),
    "entities in the sheet": lambda: packed({**GOOD, SHEET_1: ENTITIES + "<a>&c;</a>"}),
    "entities in the styles": lambda: packed({**GOOD, "xl/styles.xml": ENTITIES + "<a>&c;</a>"}),
    "an entity that nobody declared": lambda: packed({**GOOD, "xl/theme/theme1.xml": "<a>&b;</a>"}),
    "a sheet in UTF-7": lambda: packed({**GOOD, SHEET_1: '<?xml version="1.0" encoding="UTF-7"?><a/>'}),
    "a sheet cut off": lambda: packed({**GOOD, SHEET_1: sheet([HEAD, ROW])[:-30]}),
    "nested as deep as it gets": lambda: packed({**GOOD, SHEET_1: "<a>" * 200_000}),
    "too many elements": lambda: packed({**GOOD, SHEET_1: f'<a xmlns="{MAIN}">' + "<b/>" * 900_000}),
    "a sheet that is missing": lambda: packed({k: v for k, v in GOOD.items() if "sheet1" not in k}),
    "a sheet without a relation": lambda: related(RELATIONS.replace('"rId1"', '"rId2"')),
    "no relations": lambda: packed({k: v for k, v in GOOD.items() if "_rels" not in k}),
    "too many sheets": lambda: workbooks.workbook({f"S{i}": sheet([HEAD, ROW]) for i in range(60)}),
    "too many rows": lambda: workbooks.workbook({"S": sheet([HEAD, *([ROW] * 5_100)])}),
    "too many cells": lambda: workbooks.workbook({"S": sheet([HEAD, *([ROW] * 13_000)])}),
    "too many columns": lambda: packed(
        {**GOOD, SHEET_1: sheet([HEAD]).replace("</row>", '<c r="XFD1"><v>1</v></c></row>')}
    ),
    "a string that does not exist": lambda: workbooks.workbook({"S": sheet([HEAD, [STRING]])}),
    "rows that go back": lambda: packed({**GOOD, SHEET_1: sheet([HEAD, ROW]).replace('r="2"', 'r="1"')}),
    "cells that go back": lambda: packed({**GOOD, SHEET_1: sheet([HEAD, ROW]).replace('"C2"', '"A2"')}),
    "a cell too long": lambda: workbooks.workbook({"S": sheet([HEAD, ["x" * 40_000]])}),
    "one long string in many cells": lambda: workbooks.workbook(
        {"S": sheet([HEAD, *([[STRING] * 4] * 2_000)])}, strings=f"<si><t>{'x' * 30_000}</t></si>"
    ),
    "a formula without a value": lambda: workbooks.workbook({"S": sheet([HEAD, ["A", "B", ("WEBSERVICE(1)", None)]])}),
    "a formula as text": lambda: workbooks.workbook({"S": sheet([HEAD, ["A", '=HYPERLINK("x")']])}),
    "merged all over": lambda: workbooks.workbook(
        {"S": sheet([HEAD, *([ROW] * 4_000)], merged=[f"A2:A{n}" for n in range(2_000, 4_000)])}
    ),
    "a damaged part": lambda: packed(GOOD, zipfile.ZIP_STORED).replace(b"KESSA", b"KESSO"),
    "half an archive": lambda: packed(GOOD)[:900],
    "a directory only": lambda: b"PK\x03\x04" + bytes(60),
    "LZMA": lambda: packed(GOOD, zipfile.ZIP_LZMA),
    "a Word document": lambda: packed({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}),
    "a KMZ": lambda: packed({"doc.kml": "<kml/>"}),
    "a PDF": lambda: b"%PDF-1.7\n" + bytes(100),
    "gzip": lambda: b"\x1f\x8b\x08\x00" + bytes(100),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_workbook_is_refused_at_once_with_a_hint(what: str) -> None:
    refused(HOSTILE[what]())


def test_an_encrypted_part_is_refused() -> None:
    data = bytearray(packed(GOOD))
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "password" in refused(bytes(data)).hint


def test_memory_stays_bounded_while_a_bomb_is_refused() -> None:
    data = [HOSTILE[what]() for what in ("a bomb", "a bomb under the limit of bytes", "too many elements")]
    read("sheet", packed(GOOD))  # imports what it needs
    tracemalloc.start()
    try:
        for each in data:
            refused_anyhow(each)
            _, peak = tracemalloc.get_traced_memory()
            assert peak < 4 * 1_000_000, f"{peak} bytes for {len(each)}"
            tracemalloc.reset_peak()
    finally:
        tracemalloc.stop()


def refused_anyhow(data: bytes) -> None:
    assert isinstance(read("sheet", data), Rejected)  # tracing makes it slow


def test_memory_of_a_large_good_workbook_is_a_small_multiple_of_its_cells() -> None:
    data = workbooks.workbook({"S": sheet([HEAD, *([[f"A-{n}", "KESSA", 30, "open"] for n in range(4_900)])])})
    workbook.grids(packed(GOOD))
    tracemalloc.start()
    try:
        (grid,), _ = workbook.grids(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(grid.rows) == 4_901
    assert peak < 12_000_000, peak
