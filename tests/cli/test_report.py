"""After action of V1: from the bus and from a file the same numbers; what a nation sees, what it never sees; rubbish.

Source: domain.md §5.1 ("Measured"), R-45, §7.1 (6); issue 5 item 10.
"""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import anyio
import pytest

from coordinator.cli.reporting import FIELDS
from coordinator.core.afteraction.parts import joined
from coordinator.core.mission import Mission
from coordinator.demo.play import play
from coordinator.demo.vignette import load
from coordinator.edges.clock import ManualClock
from coordinator.services import afteraction
from coordinator.services.base import Question
from coordinator.services.log import entry, walk
from coordinator.texts import languages
from coordinator.topology import COORD, LOG
from schemas import registry, subjects
from tests.cli.conftest import Run
from tests.support.playing import broker

VIGNETTE = load("v1")
MISSION: Mission = VIGNETTE.mission
MINUTE = 60_000_000
NATIONS = ("xar-batt", "xbl-batt", "xco-eng", "xga-fpu")


class Day(NamedTuple):
    """A log as a file holds it, and what the log service answered each participant."""

    log: bytes
    answers: Mapping[str, Any]


@pytest.fixture(scope="module")
def day() -> Day:
    """Play the vignette once."""
    return anyio.run(_played)


async def _played() -> Day:
    world = broker(VIGNETTE, ManualClock(VIGNETTE.script.steps[-1].time))
    await play(VIGNETTE, speed=None, show=lambda _: None, open_bus=world.connect)
    async with world.connect(COORD) as bus:
        rows = [registry.encode(entry(d)) async for d in walk(bus, LOG, subjects.EVERYTHING)]
        runner: Any = SimpleNamespace(bus=bus)
        answers = {p: await _answer(runner, p, b"{}") for p in MISSION.by_id}
    return Day(b"\n".join(rows) + b"\n", answers)


async def _answer(runner: Any, who: str, body: bytes) -> Any:
    rows = [row async for row in afteraction.answer(runner, Question(who, "after-action", body))]
    return json.loads(registry.encode(joined(rows)))


@pytest.fixture
def file(day: Day, tmp_path: Path) -> Path:
    """The log as `coordinator log show --json` prints it."""
    path = tmp_path / "log.ndjson"
    path.write_bytes(day.log)
    return path


def line(report: Any, measure: str) -> Any:
    return next((one for one in report["lines"] if one["measure"] == measure), {})


@pytest.mark.parametrize("who", ["joc", "xar-batt", "xbl-batt", "ocha-cmc"])
def test_a_file_and_the_running_bus_give_the_same_numbers(who: str, run: Run, day: Day, file: Path) -> None:
    ran = run("report", "after-action", "--log", file, "--as", who, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out) == day.answers[who]


def test_the_numbers_of_the_vignette(day: Day) -> None:
    """Found at 0510 and over at 0816, 2 h 31 min of it without a link; the two battalions' answers."""
    named = {v["what"]: v for v in line(day.answers["joc"], "resolve")["total"]["values"]}
    clash = named["SC-FRAGO-03-022 x SN-FRAGO-03-017"]
    assert (clash["value"], clash["link_down"]) == (186 * MINUTE, 151 * MINUTE)
    for who, took, down in (("xar-batt", 15, 0), ("xbl-batt", 96, 91)):
        last = line(day.answers[who], "decide")["own"]["values"][-1]
        assert (last["value"], last.get("link_down", 0)) == (took * MINUTE, down * MINUTE)


def test_each_value_leads_to_messages_that_stand_in_the_log(day: Day) -> None:
    stored = {row["seq"]: row for row in map(json.loads, day.log.splitlines())}
    for one in day.answers["joc"]["lines"]:
        for value in one["total"].get("values", ()):
            seqs = value.get("seqs", ())
            assert {*seqs} <= stored.keys()
            if one["unit"] == "time" and len(seqs) == 2 and one["measure"] in ("decide", "resolve", "answer"):
                assert stored[seqs[1]]["at"] - stored[seqs[0]]["at"] == value["value"]


def test_how_far_each_connection_has_read_stands_in_the_log_as_a_sequence_of_the_log(day: Day) -> None:
    """By this the receipts of parties are compared (`core.occasions.symmetry`)."""
    rows = [json.loads(row) for row in day.log.splitlines()]
    reports = [(r["seq"], r["data"]["body"]) for r in rows if r["data"]["kind"] == "delivery"]
    read: dict[str, list[int]] = {}
    for seq, body in reports:
        if body.get("read_up_to"):
            read.setdefault(body["participant"], []).append(body["read_to"])
            assert 0 < body["read_to"] < seq
    assert read
    assert all(to == sorted(to) for to in read.values())
    closed = next(r["seq"] for r in rows if r["data"]["id"] == "FHQ-FRAGO-03-101")
    assert read["xbl-batt"][-1] > closed


@pytest.mark.parametrize("who", NATIONS)
def test_no_nation_finds_another_one_in_its_report(who: str, day: Day) -> None:
    text = json.dumps(day.answers[who])
    assert not [p for p in NATIONS if p != who and p in text]


@pytest.mark.parametrize("who", [p for p in MISSION.by_id if not MISSION.by_id[p].operator])
def test_own_and_others_together_are_what_the_operator_sees(who: str, day: Day) -> None:
    """But for what only some may know of: in V1 there is nothing like that."""
    assert day.answers[who]["scope"] == "own"
    for one in day.answers[who]["lines"]:
        total = line(day.answers["joc"], one["measure"])["total"]
        own, others = one.get("own", {"count": 0}), one.get("others")
        assert (others is None) is one.get("withheld", False)
        if others:
            assert own["count"] + others["count"] == total["count"]


def test_swapped_names_give_the_same_report_with_swapped_names(run: Run, day: Day, tmp_path: Path) -> None:
    """Law 4: a nation's report does not follow from what it is called, nor does the operator's."""
    one, other, mark = b"xar-batt", b"xbl-batt", b"x--batt-"
    swapped = day.log.replace(one, mark).replace(other, one).replace(mark, other)
    path = tmp_path / "swapped.ndjson"
    path.write_bytes(swapped)
    for who, as_ in (("xar-batt", "xbl-batt"), ("joc", "joc")):
        found = run("report", "after-action", "--log", path, "--as", as_, "--json").out.encode()
        found = found.replace(one, mark).replace(other, one).replace(mark, other)
        assert json.loads(found) == day.answers[who]


# -- on the terminal, and as a table ----------------------------------------------------------------------------------


def test_it_fits_on_a_screen_and_says_what_is_withheld(run: Run, file: Path) -> None:
    ran = run("report", "after-action", "--log", file, "--as", "xbl-batt")
    lines = ran.out.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 160
    assert lines[0] == "After action, unmital: as xbl-batt may see it"
    [row] = [one for one in lines if one.startswith("Order to WILCO or refusal")]
    assert row.split("  ")[1:2] == ["1"]
    assert "96 min" in row
    assert "91 min" in row
    assert "withheld" in row


@pytest.mark.parametrize("language", [lang for lang in languages() if lang != "pt"])
def test_it_is_there_in_six_languages(language: str, run: Run, file: Path) -> None:
    ran = run("report", "after-action", "--log", file, "--as", "joc", "--language", language)
    assert ran.code == 0
    assert "KESSA" in ran.out
    assert ("After action" in ran.out) is (language == "en")


def test_the_table_has_a_row_for_each_figure(run: Run, file: Path, tmp_path: Path) -> None:
    table = tmp_path / "day.csv"
    assert run("report", "after-action", "--log", file, "--as", "xar-batt", "--csv", table).code == 0
    with table.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert tuple(rows[0]) == FIELDS
    [own] = [r for r in rows if (r["measure"], r["whose"]) == ("decide", "own")]
    assert (own["count"], own["median"], own["worst"]) == ("2", "420", "900")
    [others] = [r for r in rows if (r["measure"], r["whose"]) == ("decide", "others")]
    assert (others["withheld"], others["count"], others["seqs"]) == ("yes", "", "")
    assert run("report", "after-action", "--log", file, "--csv", tmp_path / "no" / "day.csv").code == 2


def test_a_period_counts_what_began_in_it(run: Run, file: Path) -> None:
    ran = run("report", "after-action", "--log", file, "--as", "joc", "--from", "140600ZMAR27", "--json")
    found = json.loads(ran.out)
    assert {v["what"] for v in line(found, "decide")["total"]["values"]} == {"FHQ-FRAGO-03-101:1"}
    assert "detect" not in {one["measure"] for one in found["lines"]}


# -- rubbish ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda log: b"", "holds no message of a log"),
        (lambda log: b"not json\n" + log, "line 1: JSON is malformed"),
        (lambda log: log + b'{"stream": "LOG"}\n', "missing required field `seq`"),
        (lambda log: log + log.splitlines()[3], "message 4 stands behind message"),
        (lambda log: b"\n".join(log.splitlines()[:3] + log.splitlines()[4:]), "message 5 stands behind message 3"),
        (lambda log: log.replace(b'"LOG"', b'"RAW"', 1), 'is of "RAW"'),
        (lambda log: b"\n".join(log.splitlines()[1:]), "no mission was announced in it"),
        (lambda log: b"\xff\xfe" * 1000, "line 1: "),
    ],
)
def test_a_file_that_is_no_log_is_refused_with_its_line(change: Any, says: str, run: Run, file: Path) -> None:
    file.write_bytes(change(file.read_bytes()))
    ran = run("report", "after-action", "--log", file, "--as", "xar-batt")
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_a_reader_that_the_mission_does_not_have_is_refused_with_those_that_it_has(run: Run, file: Path) -> None:
    ran = run("report", "after-action", "--log", file, "--as", "nobody")
    assert ran.code == 2
    assert "xar-batt" in ran.err


def test_a_language_that_there_is_not_is_refused(run: Run, file: Path) -> None:
    assert run("report", "after-action", "--log", file, "--language", "tlh").code == 2


def test_without_a_bus_and_without_a_file_it_says_where_it_looked(run: Run) -> None:
    assert run("report", "after-action").code == 3
