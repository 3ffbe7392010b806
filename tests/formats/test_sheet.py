"""What tables promise beyond their cases: dates, words, secrets, and cells as openpyxl reads them."""

import datetime as dt
import io
import time
from typing import Any

import msgspec
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Context, Rejected, Translation
from adapters.sheet import SHEET, Sheet, columns, days, workbook
from adapters.sheet.columns import PROFILES, heading, meaning
from adapters.sheet.excel import letters
from adapters.sheet.excel import workbook as written
from schemas import registry
from schemas.envelope import Envelope
from schemas.reports import LogisticsStatus
from tests.formats import workbooks
from tests.formats.cases import FOLDER, RECEIVED_AT, read, shown
from tests.formats.workbooks import packed, parts, sheet

HEAD = ["id", "section", "load class", "state"]
GOOD = parts({"Bridges": sheet([HEAD, ["A-1", "KESSA", 30, "open"]])})
SHEETS = sorted((FOLDER / "sheet").glob("*.xlsx"))


def decoded(data: bytes, **more: Any) -> list[Envelope]:
    found = read("sheet", data, Context(participant="xar-batt", received_at=RECEIVED_AT, bearer_id="t", **more))
    assert isinstance(found, Translation), found
    return list(found.messages)


# -- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "order", "epoch", "zone", "iso"),
    [
        ("46460", "", 1900, "Z", "2027-03-14T00:00:00Z"),
        ("46460.375", "", 1900, "Z", "2027-03-14T09:00:00Z"),
        ("46460,375", "", 1900, "", "2027-03-14T09:00:00"),
        ("44998", "", 1904, "Z", "2027-03-14T00:00:00Z"),
        ("14/03/2027", "dmy", 1900, "B", "2027-03-14T00:00:00+02:00"),
        ("3/14/27 7:05", "mdy", 1900, "Z", "2027-03-14T07:05:00Z"),
        ("14.03.2027 0705Z", "dmy", 1900, "B", "2027-03-14T07:05:00Z"),
        ("14/03/2027 07h05", "dmy", 1900, "Z", "2027-03-14T07:05:00Z"),
        ("14-Mar-27", "", 1900, "Z", "2027-03-14T00:00:00Z"),
        ("14 mars 2027", "", 1900, "Z", "2027-03-14T00:00:00Z"),
        ("WE 24-Mar", "", 1900, "Z", "240000ZMAR"),
        ("2027-03-14 07:05", "", 1900, "R", "2027-03-14T07:05:00-05:00"),
        ("2027-03-14", "", 1900, "", "2027-03-14T00:00:00"),
        ("0730 hrs", "", 1900, "Z", "07:30:00Z"),
        ("7:30B", "", 1900, "Z", "07:30:00+02:00"),
        ("0.3125", "", 1900, "Z", "07:30:00Z"),
        ("140700ZMAR27", "", 1900, "B", "140700ZMAR27"),
        ("UFN", "", 1900, "Z", "UFN"),
        ("12", "", 1900, "Z", "12"),
        ("KESSA", "", 1900, "Z", "KESSA"),
    ],
)
def test_a_date_of_a_table_becomes_one_that_is_read(text: str, order: Any, epoch: int, zone: str, iso: str) -> None:
    form = days.written(text, order, epoch, zone)
    assert (form.text, form.wrong) == (iso, "")


@pytest.mark.parametrize(
    ("text", "order"), [("03/04/2027", "ambiguous"), ("31/02/2027", "dmy"), ("14/03/2027", "mixed"), ("25:00", "dmy")]
)
def test_a_date_that_cannot_be_told_says_why(text: str, order: Any) -> None:
    assert days.written(text, order).wrong


def test_the_whole_column_decides_which_is_the_day() -> None:
    assert days.order(["03/04/2027", "14/03/2027"]) == "dmy"
    assert days.order(["03/04/2027", "3/14/27"]) == "mdy"
    assert days.order(["03/04/2027"]) == "ambiguous"
    assert days.order(["13/04/2027", "04/13/2027"]) == "mixed"
    assert days.order(["soon", "46460"]) == ""


def test_the_day_that_never_was_is_no_day_of_any_table() -> None:
    assert days.from_serial("60", 1900) == ""  # 29 February 1900, as serials count
    assert days.from_serial("99999999", 1900) == ""


@given(st.integers(-7_000 * 86_400, 229 * 365 * 86_400), st.sampled_from((1900, 1904)))
def test_serial_numbers_lead_back_to_the_moment_they_were_made_from(second: int, epoch: int) -> None:
    at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)
    zero = dt.datetime(1899, 12, 30, tzinfo=dt.UTC) if epoch == 1900 else dt.datetime(1904, 1, 1, tzinfo=dt.UTC)
    serial = (at - zero) / dt.timedelta(days=1)
    back = dt.datetime.fromisoformat(days.from_serial(f"{serial:.10f}", epoch))
    assert back.replace(tzinfo=dt.UTC) == at


@pytest.mark.parametrize(
    ("header", "letter"),
    [("From (UTC)", "Z"), ("De (fuseau B)", "B"), ("Out (+2)", "B"), ("Out (UTC-05:00)", "R"), ("Out (h)", ""),
     ("Departure (A)", ""), ("Width (m)", ""), ("Out", "")],
)  # fmt: skip
def test_a_header_may_state_a_zone(header: str, letter: str) -> None:
    assert days.zone_of(header) == letter


def test_dates_of_a_week_are_read_in_the_missions_zone() -> None:
    data = b"id;item;on hand;unit;as of\nL-1;Diesel;500;XBL COY;WE 24-Mar\n"
    (message,) = decoded(data, zone="Z")
    body = registry.body(message)
    assert isinstance(body, LogisticsStatus)
    assert (body.as_of.raw, body.as_of.precision, body.as_of.quality) == ("WE 24-Mar", "day", "zone_inferred")
    assert body.as_of.utc == 1_805_846_400_000_000  # 2027-03-24


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES, ids=lambda p: p.name)
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_what_the_writer_puts_over_a_column_is_read_as_that_column(profile: Any, language: str) -> None:
    keys = {*columns.fields(profile), *profile.labels} - {"lat", "lon"}
    wrong = {key: head for key in keys if meaning(profile, head := heading(profile, key, language), language) != key}
    assert not wrong


# -- the same as openpyxl ---------------------------------------------------------------------------------------------


def by_openpyxl(data: bytes) -> dict[str, list[list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    found = {}
    for page in book.worksheets:
        rows = [[_as_text(cell) for cell in row] for row in page.iter_rows(values_only=True)]
        found[page.title] = [row[: max(i for i, c in enumerate(row) if c) + 1] for row in rows if any(row)]
    return found


def _as_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case dt.datetime():
            return value.isoformat() if value.time() != dt.time() else value.date().isoformat()
        case dt.time():
            return value.isoformat()
        case float() if value == int(value):
            return str(int(value))
    return str(value)


@pytest.mark.parametrize("path", SHEETS, ids=lambda p: p.name)
def test_the_cells_are_those_that_openpyxl_reads(path: Any) -> None:
    try:
        grids, _ = workbook.grids(path.read_bytes())
    except Rejected:
        return  # openpyxl is not as careful
    assert {g.name: [row.cells for row in g.rows] for g in grids} == by_openpyxl(path.read_bytes())


texts = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co"))).map(str.strip)
pages = st.lists(st.lists(texts | st.integers(0, 10**12).map(str), max_size=6), max_size=6)


@given(st.dictionaries(st.sampled_from(("movement", "route-state", "_raw")), pages, min_size=1))
def test_what_is_written_openpyxl_reads_back_and_so_do_we(sheets: dict[str, list[list[str]]]) -> None:
    data = written(sheets)
    expected = {
        name: [row[: max(i for i, c in enumerate(row) if c) + 1] for row in rows if any(row)]
        for name, rows in sheets.items()
    }
    assert by_openpyxl(data) == expected
    grids, losses = workbook.grids(data)
    assert {g.name: [row.cells for row in g.rows] for g in grids} == expected
    assert not losses


def test_letters_name_columns_as_openpyxl_does() -> None:
    assert [letters(n) for n in range(1, 800)] == [openpyxl.utils.get_column_letter(n) for n in range(1, 800)]


# -- secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["new", "cancelled", ""])
def test_names_of_victims_and_sources_reach_no_message_and_no_loss(status: str) -> None:
    head = "id;date;category;place;source;victim name;names;status\n"
    table = f"{head}E-1;140700ZMAR27;theft;KESSA;Xylo;Yara;Zeno;{status}\n"
    found = read("sheet", table.encode())
    assert isinstance(found, Translation)
    everything = str([shown(m) for m in found.messages]) + str(found.losses) + str(found.warnings)
    assert not any(name in everything for name in ("Xylo", "Yara", "Zeno"))
    assert everything.count("(withheld)") == 6  # three in the message, three in the list of all losses


def test_an_exercise_stays_one() -> None:
    assert {m.reality for m in decoded(packed(GOOD), reality="exercise")} == {"exercise"}


def test_a_workbook_leaves_byte_for_byte_unless_somebody_edits_it() -> None:
    data = (FOLDER / "sheet" / "several_sheets_one_hidden.xlsx").read_bytes()
    messages = decoded(data)
    originals = {m.source.sha256: data for m in messages if m.source}
    assert SHEET.encode(messages, originals).data == data
    edited = [msgspec.structs.replace(messages[0], revision=2), *messages[1:]]
    assert SHEET.encode(edited, originals).data != data


def test_a_workbook_of_five_thousand_rows_is_read_within_two_seconds() -> None:
    data = workbooks.workbook({"S": sheet([HEAD, *([[f"A-{n}", "KESSA", 30, "open"] for n in range(4_999)])])})
    began = time.process_time()
    assert len(decoded(data)) == 4_999
    assert time.process_time() - began < 2.0


def test_a_reader_may_ask_for_a_workbook_or_for_csv_whatever_came() -> None:
    data = (FOLDER / "sheet" / "v1_02_bridge.csv").read_bytes()
    messages = decoded(data)
    originals = {m.source.sha256: data for m in messages if m.source}
    assert Sheet("csv").encode(messages, originals).data == data
    as_workbook = Sheet("xlsx").encode(messages, originals).data
    (back,) = decoded(as_workbook)
    assert registry.body(back) == registry.body(messages[0])
    assert (
        not Sheet("csv").encode([back], {back.source.sha256: as_workbook} if back.source else {}).data.startswith(b"PK")
    )


@pytest.mark.parametrize(
    ("table", "reality"),
    [
        ("EXERCISE BLUE LATCH;;\nid;section;state\nA-1;KESSA;open\n", "exercise"),
        ("Exercice;;\nréf;pont;état\nA-1;KESSA;ouvert\n", "exercise"),
        ("test;;\nid;section;state\nA-1;KESSA;open\n", "test"),
        ("Test of the bridges;;\nid;section;state\nA-1;KESSA;open\n", "real"),
        ("id;section;state;exercise\nA-1;KESSA;open;yes\n", "exercise"),
        ("id;section;state;exercise\nA-1;KESSA;open;no\n", "real"),
        ("id;section;state;reality\nA-1;KESSA;open;BLUE LATCH\n", "exercise"),
    ],
)
def test_a_mark_of_exercise_is_never_ignored(table: str, reality: str) -> None:
    assert [m.reality for m in decoded(table.encode())] == [reality]


def test_a_mark_on_any_sheet_marks_the_whole_workbook() -> None:
    data = workbooks.workbook(
        {"Cover": sheet([["EXERCISE BLUE LATCH"]]), "S": sheet([HEAD, ["A-1", "KESSA", 30, "open"]])}
    )
    assert [m.reality for m in decoded(data)] == ["exercise"]


def test_an_exercise_leaves_with_its_mark() -> None:
    for dialect in ("csv", "xlsx"):
        messages = decoded(packed(GOOD), reality="exercise")
        assert [m.reality for m in decoded(Sheet(dialect).encode(messages, {}).data)] == ["exercise"]  # type: ignore[arg-type]
