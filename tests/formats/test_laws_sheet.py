"""Laws 7 and 8 for tables: sites, incidents, stocks and strengths as nobody has written them, in CSV and workbooks."""

import io
import time
import zipfile
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Context, Rejected, Translation
from adapters.sheet import SHEET, workbook
from schemas import registry
from schemas.base import Message
from schemas.envelope import Contact, Envelope, Source, UnitRef
from schemas.geo import Position
from schemas.notices import ProtectedSite
from schemas.reports import (
    Actor,
    Casualties,
    Confidence,
    IncidentReport,
    LogisticsStatus,
    SituationReport,
    StockLine,
    StrengthLine,
)
from schemas.time import TimeValue, TimeWindow
from tests.formats.cases import FOLDER, RECEIVED_AT, Case, good_cases, read
from tests.formats.workbooks import packed
from tests.support.examples import times


def decoded(data: bytes, **more: Any) -> list[Envelope]:
    found = read("sheet", data, Context(participant="xar-batt", received_at=RECEIVED_AT, bearer_id="t", **more))
    assert isinstance(found, Translation), found
    return list(found.messages)


words = st.text("abcdefghij éñKLM", min_size=1, max_size=30).map(lambda t: " ".join(t.split())).filter(bool)
names = st.from_regex(r"[A-Z]{3,8}", fullmatch=True)
maybe = st.just("") | words
minutes = st.integers(-10_000, 15_000).map(lambda n: RECEIVED_AT + n * 60_000_000)
instants = minutes.map(lambda utc: TimeValue(utc=utc))
counts = st.none() | st.integers(0, 9_999)
amounts = st.none() | st.integers(0, 10**7).map(lambda n: n / 100)
positions = st.none() | st.tuples(st.integers(1, 8_999_999), st.integers(1, 17_999_999)).map(
    lambda p: Position(lat=p[0] / 1e5, lon=p[1] / 1e5)
)
windows = st.tuples(minutes, st.integers(1, 900)).map(
    lambda p: TimeWindow.between(TimeValue(utc=p[0]), TimeValue(utc=p[0] + p[1] * 60_000_000))
)
sites = st.builds(
    ProtectedSite, name=names, site_kind=st.sampled_from(("hospital", "school", "water", "idp-site", "radio mast")),
    position=positions, buffer_m=amounts, windows=st.just(()) | windows.map(lambda w: (w,)), organisation=words,
    contact=st.none() | words.map(lambda w: Contact(name=w, email="desk@relief.example")), removed=st.booleans(),
)  # fmt: skip
casualties = st.builds(Casualties, killed=st.integers(0, 99), injured=counts, missing=counts, displaced=counts)
confidences = st.builds(
    Confidence, reliability=st.sampled_from("ABCDEF"), credibility=st.integers(1, 6),
    verified=st.none() | st.booleans(),
)  # fmt: skip
incidents = st.builds(
    IncidentReport, category=words, occurred=instants, reported=st.none() | instants, subcategory=maybe,
    stage=st.sampled_from(("flash", "initial", "follow-up", "final")), position=positions, place_name=maybe,
    actors=st.just(()) | words.map(lambda w: (Actor(role="party", description=w),)), activity=maybe,
    casualties=st.none() | casualties, damage=maybe, hazards=maybe, access=maybe, action_taken=maybe,
    action_requested=maybe, assessment=maybe, confidence=st.none() | confidences,
)  # fmt: skip
stocks = st.builds(
    StockLine, item=words, supply_class=maybe, unit=maybe, authorised=amounts, on_hand=amounts, serviceable=amounts,
    required=amounts, days_of_supply=amounts,
)  # fmt: skip
units = words.map(lambda w: UnitRef(name=w, scheme="text", raw=w))
returns = st.builds(
    LogisticsStatus, as_of=instants, unit=st.none() | units, lines=st.lists(stocks, min_size=1, max_size=4).map(tuple),
    remarks=maybe,
)  # fmt: skip
ranks = st.builds(StrengthLine, category=words, authorised=counts, effective=counts, absent=counts, note=maybe)
strengths = st.builds(
    SituationReport, period=windows, report_no=maybe, strength=st.lists(ranks, min_size=1, max_size=4).map(tuple)
)
CARRIED = {"protected-site": sites, "incident": incidents, "logistics": returns, "sitrep": strengths}


def sent(body: Message, language: str, carrier: str, name: str = "XAR-1", revision: int = 1) -> Envelope:
    origin = Source(format="sheet", dialect="xlsx movement") if carrier == "xlsx" else None
    return registry.pack(
        body, id=name, originator="xar-batt", revision=revision, lang=language, received_at=RECEIVED_AT, source=origin
    )


@pytest.mark.parametrize("kind", CARRIED)
@given(
    data=st.data(), language=st.sampled_from(("", "en", "fr", "es")), carrier=st.sampled_from(("csv", "xlsx")),
    revision=st.integers(1, 9),
)  # fmt: skip
def test_what_was_written_is_read_back(
    kind: str, data: st.DataObject, language: str, carrier: str, revision: int
) -> None:
    body: Message = data.draw(CARRIED[kind])
    encoded = SHEET.encode([sent(body, language, carrier, revision=revision)], {})
    assert encoded.data.startswith(b"PK") == (carrier == "xlsx")
    assert not encoded.losses
    (back,) = decoded(encoded.data)
    assert (back.kind, back.key, back.unmapped) == (kind, f"XAR-1:{revision}", ())
    assert bare(registry.body(back)) == bare(body)


def bare(value: Any) -> Any:
    """Return what a body says, without how it was written."""
    if isinstance(value, msgspec.Struct):
        hidden = {"raw", "form", "precision", "quality", "ce_m", "scheme"}
        return {f: bare(getattr(value, f)) for f in value.__struct_fields__ if f not in hidden}
    if isinstance(value, tuple):
        return [bare(v) for v in value]
    return round(value, 6) if isinstance(value, float) else value


@given(st.data())
def test_a_workbook_holds_several_kinds_and_equal_messages_give_equal_bytes(data: st.DataObject) -> None:
    bodies = [data.draw(CARRIED[kind]) for kind in data.draw(st.permutations(sorted(CARRIED)))]
    messages = [sent(body, "en", "xlsx", f"M-{i}") for i, body in enumerate(bodies)]
    first, second = (SHEET.encode(messages, {}) for _ in range(2))
    assert first == second
    assert [(m.kind, bare(registry.body(m))) for m in decoded(first.data)] == [(m.KIND, bare(m)) for m in bodies]


def test_csv_holds_the_first_kind_only_and_says_which_messages_it_leaves_out() -> None:
    site = sent(ProtectedSite(name="KESSA", site_kind="school", organisation="x"), "en", "csv", "P-1")
    other = sent(
        SituationReport(period=TimeWindow(), strength=(StrengthLine(category="all", effective=1),)), "en", "csv"
    )
    losses = SHEET.encode([site, other], {}).losses
    assert ("XAR-1:1", "sitrep") in {(loss.path, loss.value) for loss in losses}


def test_what_looks_like_a_formula_leaves_with_an_apostrophe_and_comes_back_without() -> None:
    for carrier in ("csv", "xlsx"):
        for text in ("=1+1", "@SUM(A1)", "+cmd", "-cmd|x", " =x"):
            site = ProtectedSite(name=text, site_kind="school", organisation="x")
            data = SHEET.encode([sent(site, "en", carrier)], {}).data
            cells = _cells(data) if carrier == "xlsx" else data.decode().replace("\r\n", ";").split(";")
            assert not [c for c in cells if c.startswith(("=", "+", "-", "@"))]
            (back,) = decoded(data)
            body = registry.body(back)
            assert isinstance(body, ProtectedSite)
            assert body.name == text.strip()


def _cells(data: bytes) -> list[str]:
    return [cell for grid in workbook.grids(data)[0] for row in grid.rows for cell in row.cells]


WORKBOOKS = [path.read_bytes() for path in sorted((FOLDER / "sheet").glob("*.xlsx")) if path.read_bytes()[:2] == b"PK"]
ACCIDENTS = (
    b"&#0;", b"<!DOCTYPE a>", b'r="9999999"', b'r="ZZZ1"', b't="s"', b't="e"', b"<v>1e999</v>", b"<v>NaN</v>", b"<f/>",
    b'<c r="A1"/>', b"</row>", b'ref="A1:XFD1048576"', b"-1", b"99999999999999999999", b"_xD800_",
    b"_x0000_", b'"', b"<si>",
    b'state="veryHidden"', b'date1904="1"', b"\xff", b"]]>", b"#geo+lat", b"0.0000000001", b"46460", b"=1",
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a workbook after accidents inside one of its parts, whose archive is whole again."""
    with zipfile.ZipFile(io.BytesIO(draw(st.sampled_from(WORKBOOKS)))) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    name = draw(st.sampled_from(sorted(content)))
    part = bytearray(content[name])
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, max(0, len(part) - 1))), draw(st.integers(0, 12))
        part[at : at + length] = draw(st.sampled_from(ACCIDENTS))
    return packed({**content, name: bytes(part)})


@times(5)
@given(damaged())
def test_a_workbook_after_accidents_inside_it_is_read_or_refused(data: bytes) -> None:
    began = time.process_time()
    found = read("sheet", data)
    assert time.process_time() - began < 2.0
    assert isinstance(found, Translation | Rejected)
    for message in found.messages if isinstance(found, Translation) else ():
        registry.body(registry.envelope(registry.encode(message)))


@pytest.mark.parametrize("case", [c for c in good_cases() if c.adapter == "sheet"], ids=lambda c: c.path.name)
def test_a_workbook_carries_what_csv_carries(case: Case) -> None:
    found = case.read()
    assert isinstance(found, Translation)
    origin = Source(format="sheet", dialect="xlsx")
    messages = [msgspec.structs.replace(m, source=origin) for m in found.messages]
    first = [m for m in messages if m.kind == messages[0].kind]
    as_csv = SHEET.encode([msgspec.structs.replace(m, source=None) for m in first], {})
    as_xlsx = SHEET.encode(first, {})
    bodies = [[bare(registry.body(m)) for m in decoded(each.data)] for each in (as_csv, as_xlsx)]
    assert bodies[0] == bodies[1]
    assert as_csv.losses == as_xlsx.losses
