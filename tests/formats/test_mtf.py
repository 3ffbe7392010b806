"""Slant text: the vectors of formats.md §13, the catalogue that a mission can extend, and what is written."""

import re
import time
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from adapters.base import Context, Rejected
from adapters.mail import Line
from adapters.mtf import MTF, Mtf
from adapters.mtf.catalogue import builtin, extended, load
from adapters.mtf.grammar import Slant, parse
from schemas import registry
from schemas.directives import Directive
from schemas.geo import Corridor
from schemas.reports import SituationReport
from tests.formats.cases import FOLDER, RECEIVED_AT

HOUR = 3_600_000_000
DAY = 24 * HOUR
CONTEXT = Context(participant="xar-batt", received_at=RECEIVED_AT, bearer_id="case")
MEASURE = (
    "MSGID/ACO/AIR CELL/0007/MAR//\nACMID/ACM:ROZ/NAME:HELI NORTH/CORRIDOR/USE:UAV//\n"
    "CORRIDOR/4NM/LATM:1325N00210E/LATS:133030N0021515E//\nEFFLEVEL/RARA:005AGL-030AMSL//\n"
    "APERIOD/INTERVAL/140400ZMAR/140800ZMAR/{rule}//\n"
)


def slant(text: str) -> Slant:
    return parse([Line(n, line) for n, line in enumerate(text.splitlines(), 1)], builtin())


def bodies(text: str) -> list[Any]:
    return [registry.body(m) for m in MTF.decode(text.encode(), CONTEXT).messages]


def case(name: str) -> str:
    return (FOLDER / "mtf" / name).read_text(encoding="utf-8")


def test_the_sitrep_of_the_reference_has_nine_sets() -> None:
    sets = slant(case("sitrep_of_every_oddity.mtf")).sets
    assert [s.name for s in sets] == ["EXER", "MSGID", "REF", "AMPN", "PERIOD", "GENTEXT", "5PATROL", "AKNLDG", "POC"]
    assert [s.name for s in sets if s.unterminated] == ["AKNLDG"]
    assert len(sets[6].rows) == 2
    (report,) = bodies(case("sitrep_of_every_oddity.mtf"))
    assert isinstance(report, SituationReport)
    assert "HTTP://BUS.EXAMPLE/P/61" in report.sections[0].text
    assert [p.id for p in report.patrols] == ["N1", "N2"]


def test_the_measure_of_the_reference_is_a_corridor_with_heights_on_five_days() -> None:
    (measure,) = bodies(MEASURE.format(rule="DAILY/5DAYS"))
    assert isinstance(measure, Directive)
    assert isinstance(measure.area, Corridor)
    assert measure.area.width_m == 7408
    assert measure.altitude is not None
    lower, upper = measure.altitude.lower, measure.altitude.upper
    assert lower is not None and upper is not None
    assert (lower.reference, lower.value_m) == ("AGL", pytest.approx(500 * 0.3048))
    assert (upper.reference, upper.value_m) == ("MSL", pytest.approx(3000 * 0.3048))
    first = RECEIVED_AT - 3 * HOUR
    assert [w.start_earliest for w in measure.windows] == [first + n * DAY for n in range(5)]
    assert {(w.end_latest or 0) - (w.start_earliest or 0) for w in measure.windows} == {4 * HOUR}


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("DAILY/3DAYS", [0, 1, 2]),
        ("WEEKDAYS/1WEEK", [1, 2, 3, 4, 5]),  # 14 March 2027 is a Sunday
        ("WEEKENDS/8DAYS", [0, 6, 7]),
        ("BIWEEKLY/30DAYS", [0, 14, 28]),
        ("MON WED FRI/1WEEK", [1, 3, 5]),
        ("TUE THUR/1WEEK", [2, 4]),
        ("MONTHLY BY DATE/2MONTHS", [0, 31]),
        ("MONTHLY BY WEEKDAY/2MONTHS", [0, 28, 56]),
        ("YEARLY/2YEARS", [0, 366]),
    ],
)
def test_what_repeats_becomes_one_window_each(rule: str, days: list[int]) -> None:
    (measure,) = bodies(MEASURE.format(rule=rule))
    first = RECEIVED_AT - 3 * HOUR
    assert [((w.start_earliest or 0) - first) // DAY for w in measure.windows] == days


def test_no_time_is_free_where_too_much_repeats() -> None:
    (measure,) = bodies(MEASURE.format(rule="DAILY/400DAYS"))
    assert len(measure.windows) == 100
    last, rest = measure.windows[-2:]
    assert rest.start_earliest == last.start_earliest + DAY
    assert rest.end_latest == RECEIVED_AT - 3 * HOUR + 400 * DAY + 4 * HOUR
    (endless,) = bodies(MEASURE.format(rule="DAILY/UFN"))
    assert endless.windows[-1].end_latest is None


def test_an_order_with_more_windows_than_anybody_reads_is_refused() -> None:
    measure = MEASURE.format(rule="DAILY/UFN").partition("\n")[2]
    with pytest.raises(Rejected, match="windows"):
        bodies("MSGID/ACO/AIR CELL/0007/MAR//\n" + measure * 300)


@pytest.mark.parametrize("name", sorted(p.name for p in (FOLDER / "mtf").glob("*.mtf")))
def test_no_line_that_is_written_is_longer_than_69_characters(name: str) -> None:
    data = (FOLDER / "mtf" / name).read_bytes()
    try:
        messages = MTF.decode(data, CONTEXT).messages
    except Rejected:
        return
    written = MTF.encode(messages, {})
    assert all(len(line) <= 69 for line in written.data.decode().splitlines())
    assert MTF.encode(messages, {}) == written


def test_the_measures_of_one_order_go_out_as_one_order() -> None:
    found = MTF.decode(case("aco_every_shape.mtf").encode(), CONTEXT).messages
    written = MTF.encode(found, {}).data.decode()
    assert (written.count("MSGID/"), written.count("ACMID/")) == (1, len(found))


def test_a_name_that_may_not_be_carried_stands_nowhere() -> None:
    found = MTF.decode(case("medevac_in_numbered_lines.mtf").encode(), CONTEXT)
    assert "A NAME" not in str([registry.encode(m) for m in found.messages])
    assert "A NAME" not in str(found.losses)


def test_an_unmarked_exercise_never_follows_from_a_marked_one() -> None:
    exercise, real = "EXER/BLUE LATCH 27//\n" + MEASURE, MEASURE
    for text, reality in ((exercise, "exercise"), (real, "real")):
        (message,) = MTF.decode(text.format(rule="DAILY/1DAY").encode(), CONTEXT).messages
        assert message.reality == reality


def test_times_and_grids_of_prose_are_candidates_only() -> None:
    found = MTF.decode(case("frago_with_tasks_in_prose.mtf").encode(), CONTEXT)
    assert [w.code for w in found.warnings].count("candidate") == 2
    assert all(registry.body(m).area is None for m in found.messages)  # type: ignore[attr-defined]  # directives


@pytest.mark.parametrize(
    ("what", "data"),
    {
        "fields without end": b"MSGID/" + b"A/" * 200_000,
        "sets in one line": b"MSGID/SITREP/A/1/MAR//" + b"REF/A//" * 120_000,
        "measures without end": b"MSGID/ACO/A/1/MAR//\n" + b"ACMID/ACM:ROZ/NAME:A//\n" * 9_000,
        "windows without end": MEASURE.format(rule="DAILY/UFN").encode()
        + b"APERIOD/INTERVAL/140400ZMAR2027/140800ZMAR2027/DAILY/UFN//\n" * 9_000,
        "tasks without end": b"MSGID/FRAGO/A/1/MAR//\n" + b"GENTEXT/A/TASKS TO X: b//\n" * 19_000,
        "messages without end": b"MSGID/GENADMIN/A/1/MAR//\nRMKS/x//\n" * 9_000,
        "lines without end": b"MSGID/SITREP/A/1/MAR//\n" + b"\n" * 30_000,
    }.items(),
)
def test_what_has_no_end_is_refused_at_once(what: str, data: bytes) -> None:
    began = time.process_time()
    with pytest.raises(Rejected) as refused:
        MTF.decode(data, CONTEXT)
    assert time.process_time() - began < 3, what
    assert all((refused.value.path, refused.value.why, refused.value.hint))


@pytest.mark.parametrize(
    "data",
    [
        b"GENTEXT/A/" + b"http://x " * 90_000 + b"//",
        b"GENTEXT/A/" + b"://" * 300_000 + b"//",
        b"FM " + b" " * 900_000 + b"x",
        b"RMKS/" + b"/" * 900_000,
        b"POC/" + (b"a" * 40 + b"\n") * 19_000,
    ],
    ids=["addresses", "colons", "blanks", "slashes", "folds"],
)
def test_time_is_linear_in_the_input(data: bytes) -> None:
    began = time.process_time()
    MTF.decode(b"MSGID/SITREP/A/1/MAR//\nPERIOD/130600ZMAR2027/140600ZMAR2027//\n" + data, CONTEXT)
    assert time.process_time() - began < 3


def test_a_very_long_cell_does_not_keep_the_writer() -> None:
    rows = "/KESSA/140900ZMAR2027\n/" + "A" * 300 + "/141000ZMAR2027//\n"
    data = f"MSGID/CONVOY/XAR BATT/1/MAR//\n5ROUTE\n/POINT/FROM\n{rows}".encode()
    written = MTF.encode(MTF.decode(data, CONTEXT).messages, {})
    assert not written.losses
    assert all(len(line) <= 69 for line in written.data.decode().splitlines())


# -- the catalogue ----------------------------------------------------------------------------------------------------


def test_a_mission_can_load_sets_and_types_of_its_own() -> None:
    text = '[sets.ZZPOS]\nfields = ["a"]\nalso = ["ZZP"]\n[types.situation]\nweekly = ["WEEKREP"]\n'
    own = Mtf(extended(text), name="mtf-xar")
    data = b"MSGID/WEEKREP/XAR BATT/1/MAR//\nPERIOD/130600ZMAR2027/140600ZMAR2027\nZZP/KESSA//\n"
    (message,) = own.decode(data, CONTEXT).messages
    assert message.id == "WEEKREP/XAR BATT/1/MAR"
    assert [loss.path for loss in message.unmapped] == ["line 3: ZZPOS/1"]
    assert own.name == "mtf-xar"
    with pytest.raises(Rejected, match="WEEKREP"):
        MTF.decode(data, CONTEXT)


def test_a_field_is_found_where_the_catalogue_puts_it() -> None:
    own = Mtf(extended('[sets.PERIOD]\nfields = ["note", "start", "stop", "after"]\n'))
    data = b"MSGID/SITREP/XAR BATT/1/MAR//\nPERIOD/DAY/130600ZMAR2027/140600ZMAR2027//\n"
    report = registry.body(own.decode(data, CONTEXT).messages[0])
    assert isinstance(report, SituationReport)
    assert report.period.end_latest == RECEIVED_AT - HOUR


@pytest.mark.parametrize(
    ("text", "path", "why"),
    [
        ("[sets", "catalogue", "TOML"),
        ("[zones]\na = 1\n", "catalogue", "unknown field"),
        ('[sets.PERIOD]\nfield = ["a"]\n', r"sets", "unknown field"),
        ('[sets."lower case"]\nfields = ["a"]\n', "sets.lower case", "no name of a set"),
        ('[sets.ZZPOS]\nalso = ["PERIOD"]\n', "sets.ZZPOS", "a name of PERIOD"),
        ('[sets.ZZPOS]\nfields = ["a", "a"]\n', "sets.ZZPOS.fields", "name of its own"),
        ('[sets.ZZPOS]\nkind = "free"\n', "sets.ZZPOS.fields", "at least one field"),
        ('[headings]\nmedical = ["SITUATION"]\n', "headings.medical", "situation"),
        ('[types.order]\nopord = ["SITREP"]\n', "types.order.opord", "situation"),
        ('[types.situation]\nfortnightly = ["FORTREP"]\n', "types.situation.fortnightly", "no variant"),
        ('[missions]\nfly = ["X"]\n', "missions", "Invalid enum value"),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_refused_with_the_place(text: str, path: str, why: str) -> None:
    with pytest.raises(Rejected) as refused:
        extended(text)
    assert path in refused.value.path
    assert why in refused.value.why
    assert refused.value.hint


def test_a_profile_without_a_type_is_refused() -> None:
    with pytest.raises(Rejected, match="no type"):
        load("[types.aco]\naco = []\n")


def test_the_catalogue_says_that_it_is_not_the_one_of_nato() -> None:
    head = (files("adapters.mtf") / "catalogue.toml").read_text(encoding="utf-8")[:400]
    assert re.search("NOT THE NATO CATALOGUE", head)


def test_an_id_of_another_format_survives() -> None:
    (message,) = MTF.decode(MEASURE.format(rule="DAILY/1DAY").encode(), CONTEXT).messages
    renamed = msgspec.structs.replace(message, id="XCO-BR-11/7", revision=4)
    (back,) = MTF.decode(MTF.encode([renamed], {}).data, CONTEXT).messages
    assert (back.id, back.revision) == ("XCO-BR-11/7", 4)
