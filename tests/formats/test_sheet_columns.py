"""Heads that only one sender uses: the mission says what they mean; tables that are too long say how to split them."""

import re
from pathlib import Path

import pytest

import adapters
from adapters.base import Context, Head, Rejected
from adapters.sheet.excel import workbook
from coordinator import config
from coordinator.core.mission import Mission
from coordinator.services.judge import Accepted, Input, judge
from schemas import registry, subjects
from schemas.acknowledgements import Refusal
from schemas.notices import MovementNotice, RouteState
from schemas.operations import Oversize
from tests.formats.cases import RECEIVED_AT

TABLE = "Lfd;Bauwerk;MLC-Stufe;Zustand heute\nB-7;KESSA;30;open\nB-8;LOPE;60;open\n"
OWN = (
    Head(head="Lfd", field="id"),
    Head(head="Bauwerk", field="section", lang="en"),
    Head(head="mlc-stufe", field="load_class"),
    Head(head="zustand  HEUTE", field="state"),
)
MISSION = """
name = "m"
[[participants]]
id = "xar"
{columns}
[[participants]]
id = "xbl"
operator = true
"""
COLUMNS = """
    [[participants.columns]]
    head = "Bauwerk"
    field = "section"
    [[participants.columns]]
    head = "MLC-Stufe"
    field = "load_class"
"""


def context(*columns: Head) -> Context:
    return Context(participant="xar", received_at=RECEIVED_AT, columns=columns)


def test_a_table_with_heads_of_its_own_is_read_by_the_mission() -> None:
    sheet = adapters.adapter("sheet")
    with pytest.raises(Rejected, match="no header is known"):
        sheet.decode(TABLE.encode(), context())
    read = sheet.decode(TABLE.encode(), context(*OWN))
    bodies = [registry.body(m) for m in read.messages]
    assert [m.id for m in read.messages] == ["B-7", "B-8"]
    assert [(b.section, b.load_class) for b in bodies if isinstance(b, RouteState)] == [("KESSA", 30), ("LOPE", 60)]
    assert read.losses == ()


def test_a_workbook_is_read_by_them_as_well() -> None:
    rows = [line.split(";") for line in TABLE.splitlines()]
    read = adapters.adapter("sheet").decode(workbook({"Brücken": rows}), context(*OWN))
    assert [m.id for m in read.messages] == ["B-7", "B-8"]


def test_an_own_head_comes_before_what_everybody_means_by_it() -> None:
    table = b"id;movement;route;from;to;place\nM-1;patrol;LIME;140900ZMAR27;141000ZMAR27;KESSA\n"
    turned = (Head(head="place", field="route"), Head(head="route", field="place"))
    [read] = adapters.adapter("sheet").decode(table, context(*turned)).messages
    body = registry.body(read)
    assert isinstance(body, MovementNotice)
    assert body.route is not None
    assert body.route.name == "KESSA"


def test_intake_knows_the_heads_of_each_participant(tmp_path: Path) -> None:
    mission = load(tmp_path, COLUMNS)
    data = b"Bauwerk;MLC-Stufe\nKESSA;30\n"
    for sender, accepted in (("xar", True), ("xbl", False)):
        judged = judge(Input("i", subjects.raw(sender, "sheet"), data, 1), mission, "live", RECEIVED_AT)
        assert isinstance(judged, Accepted) is accepted


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (COLUMNS.replace('"section"', '"bridge"'), r'columns\[0\].field: no table has a field "bridge"'),
        (COLUMNS.replace('"MLC-Stufe"', '"BAUWERK"'), r'columns\[1\].head: "xar" has two heads'),
        (COLUMNS.replace('"MLC-Stufe"', '""'), r"columns\[1\].head: a head has 1 to 80 characters, this one 0"),
        (COLUMNS + '    language = "de"\n', r'columns\[1\].language: tables are not read in "de"; known: en, fr, es'),
    ],
)
def test_what_is_wrong_with_heads_is_said_before_the_mission_starts(columns: str, said: str, tmp_path: Path) -> None:
    mission = load(tmp_path, columns)
    assert any(re.match(r"participants\[0\]\." + said, str(f)) for f in config.lint(mission)), [*config.lint(mission)]
    assert not [f for f in config.lint(load(tmp_path, COLUMNS)) if ".columns" in f.path]


def load(folder: Path, columns: str) -> Mission:
    path = folder / "mission.toml"
    path.write_text(MISSION.format(columns=columns))
    return config.read(path)


def test_a_table_that_is_too_long_says_how_many_rows_go_into_a_file() -> None:
    short = b"id;section;state\n" + b"B;K;open\n" * 20_000
    long = b"id;section;state;remarks\n" + b"B;K;open;%s\n" % (b"x" * 990) * 10_000
    wide = workbook({"s": [["id", "section", "state"], *(["B", "K", "open"] for _ in range(6_000))]})
    for data, hint in ((short, "5 files of 5000 rows"), (long, "12 files of 900 rows"), (wide, "2 files of 5000 rows")):
        with pytest.raises(Rejected) as refused:
            adapters.adapter("sheet").decode(data, context())
        assert refused.value.hint == f"split it by rows into {hint}, each below the same header"


def test_what_is_too_large_for_one_input_is_told_by_its_head(tmp_path: Path) -> None:
    """Ten million bytes of rows of 100 bytes each: 100,000 rows."""
    head = b"id;section;state;remarks\n" + (b"B;K;open;" + b"x" * 90 + b"\n") * 40
    notice = Oversize(sha256="0" * 64, size=10_000_000, head=head, format="", limit=1_000_000)
    data = registry.encode(notice)
    item = Input("i", subjects.raw("xar", subjects.OVERSIZE), data, 1, bearer_id="routes.csv")
    refused = judge(item, load(tmp_path, ""), "live", RECEIVED_AT)
    assert isinstance(refused, Refusal)
    assert re.match(r"split it by rows into 21 files of 5000 rows, each below the same header, or send", refused.hint)
