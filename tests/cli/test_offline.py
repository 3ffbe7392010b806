"""The verbs that need no server: translate, formats, schema, deconflict, mission."""

import json
from pathlib import Path
from typing import Any

import pytest

import adapters
from adapters.base import Encoded
from coordinator.cli.translate import Written, _files
from schemas import registry
from tests.cli.conftest import INPUTS, Golden, Run
from tests.formats.workbooks import sheet, workbook

EVENT = INPUTS / "event.xml"
ORDERS = INPUTS / "orders.ndjson"
APART = INPUTS / "apart.ndjson"
SAMPLES = Path(__file__).parents[2].parent / "shared" / "data" / "cot"


def rows(text: str) -> list[dict[str, Any]]:
    """The objects of NDJSON."""
    return [json.loads(line) for line in text.splitlines()]


# -- translate --------------------------------------------------------------------------------------------------------


def test_a_translation_with_its_losses(run: Run, golden: Golden) -> None:
    ran = run("translate", EVENT, "--to", "native", "--losses")
    assert ran.code == 0
    golden("translate-native", ran.out)
    golden("translate-losses", ran.err)


def test_a_translation_is_the_same_every_time(run: Run) -> None:
    assert run("translate", EVENT, "--to", "native") == run("translate", EVENT, "--to", "native")


def test_a_file_is_named_after_what_is_in_it(tmp_path: Path) -> None:
    book = Encoded(data=workbook({"A": sheet([["id", "section"], ["X-1", "KESSA"]])}))
    _files([Written("", Encoded(data=b"id;section\n")), Written("", book)], "sheet", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0001.csv", "0002.xlsx"]


def test_what_nobody_edited_goes_back_byte_for_byte(run: Run) -> None:
    native = run("translate", EVENT, "--to", "native").out.encode()
    back = run("translate", "-", "--from", "native", "--to", "cot", stdin=native)
    assert back.out.encode() == EVENT.read_bytes()


def test_several_sources_go_back_one_after_the_other(run: Run, tmp_path: Path) -> None:
    second = tmp_path / "second.xml"
    second.write_bytes(EVENT.read_bytes().replace(b"TEST-1", b"TEST-2"))
    native = run("translate", EVENT, second, EVENT, "--to", "native").out.encode()
    back = run("translate", "-", "--to", "cot", stdin=native)
    assert back.out.encode() == EVENT.read_bytes() + second.read_bytes() + EVENT.read_bytes()
    folder = tmp_path / "out"
    assert run("translate", "-", "--to", "cot", "--out", folder, stdin=native).code == 0
    assert (folder / "second.xml").read_bytes() == second.read_bytes()
    assert sorted(path.name for path in folder.iterdir()) == ["0003-event.xml", "event.xml", "second.xml"]


def test_losses_as_json_follow_the_messages(run: Run) -> None:
    found = rows(run("translate", EVENT, "--to", "native", "--losses", "--json").out)
    losses = [row["loss"] for row in found if "loss" in row]
    assert any("made_up" in loss["path"] and loss["value"] == "1" for loss in losses)
    assert all(set(loss) == {"name", "when", "path", "value", "why"} for loss in losses)
    assert [row["kind"] for row in found if "kind" in row] == ["position"]


def test_json_wraps_what_is_no_json(run: Run) -> None:
    [row] = rows(run("translate", EVENT, "--to", "cot", "--json").out)
    assert row["encoded"]["text"].encode() == EVENT.read_bytes()


def test_a_refused_file_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.xml"
    bad.write_text("<event")
    ran = run("translate", bad, EVENT, "--from", "cot", "--to", "native")
    assert ran.code == 1
    assert "REFUSED  bad.xml" in ran.err
    assert '"TEST-1' in ran.out
    [refused] = rows(run("translate", bad, "--from", "cot", "--to", "native", "--json").out)
    assert set(refused["refused"]) == {"name", "path", "why", "hint"}


def test_what_a_format_cannot_carry_is_an_error_and_no_silence(run: Run) -> None:
    bridge = b'{"kind":"route-state","body":{"section":"KESSA"}}'
    ran = run("translate", "-", "--from", "native", "--to", "cot", stdin=bridge)
    assert (ran.code, ran.out) == (1, "")
    assert "route-state" in ran.err or "CoT" in ran.err


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
def test_every_sample_goes_through_native_and_back(run: Run) -> None:
    files = sorted(SAMPLES.glob("*.xml"))[::10]
    native = run("translate", *files, "--to", "native").out.encode()
    back = run("translate", "-", "--to", "cot", stdin=native)
    assert back.out.encode() == b"".join(file.read_bytes() for file in files)


# -- formats and schemas ----------------------------------------------------------------------------------------------


def test_every_format_is_listed_with_its_specification(run: Run) -> None:
    ran = run("formats")
    assert ran.code == 0
    for name in adapters.names():
        assert f"{name}  {adapters.adapter(name).title}" in ran.out
    listed = rows(run("formats", "--json").out)
    assert [row["name"] for row in listed] == list(adapters.names())
    assert all(row["spec"] and row["suffixes"] for row in listed)


@pytest.mark.parametrize("kind", sorted(registry.KINDS))
def test_every_kind_has_a_schema(kind: str, run: Run) -> None:
    assert json.loads(run("schema", kind).out)["$schema"].endswith("2020-12/schema")


def test_whole_messages_and_the_whole_bus_are_described(run: Run) -> None:
    assert "allOf" in json.loads(run("schema").out)
    assert "allOf" in json.loads(run("schema", "directive", "--message").out)
    api = run("schema", "--asyncapi", "--json")
    assert api.out.count("\n") == 1
    assert json.loads(api.out)["asyncapi"].startswith("3.")


# -- deconflict -------------------------------------------------------------------------------------------------------


def test_a_clash_is_shown_with_its_proof(run: Run, golden: Golden) -> None:
    ran = run("deconflict", ORDERS)
    assert (ran.code, ran.err) == (1, "")
    golden("deconflict", ran.out)


def test_findings_as_json_are_nothing_but_findings(run: Run) -> None:
    ran = run("deconflict", ORDERS, "--json")
    assert ran.code == 1
    found = rows(ran.out)
    assert [f["finding_kind"] for f in found] == ["incompatible-activities"]
    assert found[0]["sentence"]
    assert "1 finding among 1 order and 1 other message, as of 140300ZMAR27" in ran.err


def test_one_finding_is_explained_by_the_beginning_of_its_id(run: Run) -> None:
    [found] = rows(run("deconflict", ORDERS, "--json").out)
    ran = run("deconflict", ORDERS, "--explain", found["id"][:6])
    assert ran.code == 1
    assert found["id"] in ran.out
    assert "rule" in ran.out
    assert run("deconflict", ORDERS, "--explain", "zzz").code == 5


def test_nothing_found_says_among_what(run: Run) -> None:
    ran = run("deconflict", APART)
    assert ran.code == 0
    assert ran.out == "none found among 1 order, as of 140300ZMAR27; by the rules of the sample mission\n"


def test_a_file_that_cannot_be_read_is_never_silence(run: Run, tmp_path: Path) -> None:
    bad = tmp_path / "bad.ndjson"
    bad.write_text('{"kind": "directive"}\n')
    ran = run("deconflict", APART, bad)
    assert ran.code == 1
    assert "1 file could not be read and is not in this" in ran.out
    assert "REFUSED  bad.ndjson" in ran.err


# -- mission ----------------------------------------------------------------------------------------------------------


def test_a_new_mission_is_right_and_is_never_replaced_unasked(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mission.toml"
    assert run("mission", "new", path).code == 0
    assert run("mission", "lint", path).code == 0
    path.write_text("mine")
    ran = run("mission", "new", path)
    assert (ran.code, path.read_text()) == (2, "mine")
    assert "--yes" in ran.err
    assert run("mission", "new", path, "--yes").code == 0
    assert path.read_text() != "mine"


def test_everything_wrong_in_a_mission_is_found_at_once(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mission.toml"
    path.write_text(
        'name = "x"\nzone = "J"\n[[participants]]\nid = "xar"\nsuperior = "nobody"\n'
        '[[matrix]]\nname = "a/b"\na = "a"\nb = "b"\nseverity = "HIGH"\n'
    )
    ran = run("mission", "lint", path)
    assert ran.code == 1
    assert {"zone", "participants[0].superior", "matrix[0]"} <= {line.split(":")[0] for line in ran.out.splitlines()}
    assert len(rows(run("mission", "lint", path, "--json").out)) == len(ran.out.splitlines())
    path.write_text("name = ")
    assert "is not TOML" in run("mission", "lint", path).out
