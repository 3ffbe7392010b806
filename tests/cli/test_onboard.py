"""A pass sheet tries everything that a contingent will send and get, before its first day and without a server."""

import json
from pathlib import Path
from typing import Any

import pytest

import adapters
from coordinator import config
from coordinator.cli import passing
from coordinator.core.mission import Channel, Mission, Participant
from coordinator.demo import samples
from schemas import registry
from tests.cli.conftest import INPUTS, Run
from tests.support.memory import NOW

MISSION = """
name = "test"
[[participants]]
id = "joc"
role = "desk"
operator = true
[[participants]]
id = "xar"
superior = "joc"
format = "text"
units = ["A Coy"]
[[participants.channels]]
name = "mail"
kind = "smtp"
address = "ops@xar.example"
language = "fr"
[[participants.channels]]
name = "tak"
kind = "tak"
carries = ["alert", "position", "hazard"]
[[places]]
name = "BRIDGE"
lat = 2.0
lon = -27.0
"""
SITREP = "DAILY SITREP\nReport: 1\nUnit: A Coy\nPeriod: 130400ZMAR27-140400ZMAR27\nOwn situation: calm\n"


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    """A mission file with a contingent that has two channels."""
    path = tmp_path / "mission.toml"
    path.write_text(MISSION)
    return path


def sheet(**profile: Any) -> passing.Sheet:
    """Return the pass sheet of somebody with a profile."""
    participant = Participant(id="xar", **profile)
    mission = Mission(name="test", participants=(Participant(id="joc", operator=True), participant))
    return passing.Sheet(participant, mission, "live", NOW)


def test_there_is_a_sample_of_every_kind_that_a_contingent_sends_or_gets() -> None:
    assert samples.kinds() == registry.PARTICIPANT_KINDS | samples.ONLY_RECEIVED


@pytest.mark.parametrize("name", adapters.names())
def test_no_format_fails_with_the_samples(name: str) -> None:
    here = sheet(format=name)
    rows = [*passing.sends(here, name, ()), *passing.receives(here)]
    assert [row for row in rows if row.ok is False] == []
    assert {row.kind for row in rows if row.what == "sends"} == adapters.adapter(
        name
    ).reads & registry.PARTICIPANT_KINDS
    assert {row.kind for row in rows if row.what == "receives"} == passing.DELIVERED
    assert sum(row.ok is True for row in rows if row.what == "sends")


def test_a_contingent_passes_with_its_channels(run: Run, mission: Path) -> None:
    ran = run("mission", "onboard", "--as", "xar", "--mission", mission, "--received", "140700ZMAR27")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "pass sheet of xar for mission test, live"
    assert "  ok    movement         text     sample  translated as XAR-SAMPLE-MOVEMENT:1" in lines
    assert lines.index("sends") < lines.index("gets by mail") < lines.index("gets by tak")
    assert "smtp  text  fr  ops@xar.example  routine" in ran.out.replace("   ", "  ") or "ops@xar.example" in ran.out
    tak = lines[lines.index("gets by tak") :]
    assert [x.split()[1] for x in tak if x.startswith("  ok") and "sample" in x] == ["alert", "hazard", "position"]
    assert any("alert" in x and "plain words" in x for x in tak)
    assert lines[-1].startswith("PASS: ")


def test_its_own_files_are_tried_as_intake_would_take_them(run: Run, mission: Path, tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(SITREP)
    (tmp_path / "bad.txt").write_text(SITREP.replace("130400ZMAR27", "130400MAR27"))
    files = (tmp_path / "good.txt", tmp_path / "bad.txt", INPUTS / "event.xml")
    ran = run("mission", "onboard", *files, "--as", "xar", "--mission", mission, "--received", "140700ZMAR27")
    assert ran.code == 1
    sends = ran.out[ran.out.index("sends") : ran.out.index("gets by")]
    assert "ok    sitrep" in sends
    assert "ok    position" in sends  # the format was found out
    assert "FAIL" in sends
    assert "REFUSED line 4: Period" in sends
    assert any(line.startswith("mend  bad.txt: line 4: Period") for line in ran.out.splitlines())
    assert ran.out.splitlines()[-1].startswith("FAIL: 1 of ")


def test_what_intake_checks_counts_as_well(run: Run, mission: Path, tmp_path: Path) -> None:
    # Somebody else's name inside, and traffic of an exercise.
    note = {"id": "A-1", "originator": "joc", "kind": "message", "body": {"text": "x"}}
    (tmp_path / "forged.ndjson").write_text(json.dumps(note))
    (tmp_path / "exercise.ndjson").write_text(json.dumps(note | {"originator": "xar", "reality": "exercise"}))
    forged = run("mission", "onboard", tmp_path / "forged.ndjson", "--as", "xar", "--mission", mission)
    assert (forged.code, 'says "joc", but it came from "xar"' in forged.out) == (1, True)
    exercise = (tmp_path / "exercise.ndjson", "--as", "xar", "--mission", mission)
    assert run("mission", "onboard", *exercise).code == 1
    assert run("mission", "onboard", *exercise, "--realm", "exercise").code == 0


def test_as_json_each_row_is_one_object_and_the_last_says_whether_it_passed(run: Run, mission: Path) -> None:
    ran = run("mission", "onboard", "--as", "xar", "--mission", mission, "--json")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert rows[-1] == {"passed": True, "participant": "xar", "mend": []}
    assert {row["what"] for row in rows[:-1]} == {"sends", "receives", "channel"}
    losses = [loss for row in rows[:-1] for loss in row["losses"]]
    assert all(loss["path"] for loss in losses)
    assert losses  # CoT has no field for everything that a hazard says


WRONG = {
    "no address": (Channel(name="mail", kind="smtp"), "address is missing: write the mail address"),
    "no mail address": (Channel(name="mail", kind="smtp", address="ops"), '"ops" is no mail address'),
    "no number": (Channel(name="sms", kind="short"), "address is missing: write the number"),
    "no URL": (Channel(name="hook", kind="webhook"), "address is missing: write the URL"),
    "a URL without TLS": (Channel(name="hook", kind="webhook", address="http://xar.example/"), "is no https URL"),
    "a format that is none": (Channel(name="in", kind="files", format="telex"), '"telex" is no known format'),
    "a language without texts": (Channel(name="in", kind="files", language="tlh"), 'there are no texts in "tlh"'),
    "a name that is no token": (Channel(name="My Mail", kind="files"), "its name"),
    "a kind that nobody sends": (Channel(name="in", kind="files", carries=("gossip",)), 'no kind "gossip"'),
}


@pytest.mark.parametrize(("channel", "said"), WRONG.values(), ids=WRONG)
def test_a_channel_that_cannot_work_fails_and_says_what_to_mend(channel: Channel, said: str) -> None:
    rows = [row for row in passing.receives(sheet(channels=(channel,))) if row.what == "channel"]
    assert [row.ok for row in rows] == [False]
    assert said in rows[0].mend


def test_what_is_too_long_for_a_channel_is_said() -> None:
    narrow = Channel(name="narrow", kind="files", format="cap", carries=("hazard",), max_bytes=300)
    [row] = [row for row in passing.receives(sheet(channels=(narrow,))) if row.what == "receives"]
    assert row.ok
    assert "more than 300: a notice goes out instead" in row.result


def test_a_channel_that_cannot_even_carry_a_notice_fails() -> None:
    tiny = Channel(name="tiny", kind="files", format="cap", carries=("hazard",), max_bytes=5)
    [row] = [row for row in passing.receives(sheet(channels=(tiny,))) if row.what == "receives"]
    assert row.ok is False
    assert row.mend.startswith("channel tiny: hazard: not even ")


@pytest.mark.parametrize("kind", ["files", "http", "tak"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_channel_of_each_kind_carries_everything(kind: Any, language: str) -> None:
    rows = list(passing.receives(sheet(channels=(Channel(name="here", kind=kind, language=language),))))
    assert [row.mend for row in rows if not row.ok] == []


def test_a_kind_that_is_read_as_another_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(samples._BODIES, "incident", samples._BODIES["message"])
    here = sheet(format="native")
    wrong = [row for row in passing.sends(here, "native", ()) if row.ok is False]
    assert [row.mend for row in wrong] == ["incident: it is read as message"]


def test_whoever_is_not_in_the_mission_is_told_who_is(run: Run, mission: Path) -> None:
    ran = run("mission", "onboard", "--as", "xra", "--mission", mission)
    assert (ran.code, "it has: joc, xar" in ran.err) == (2, True)
    assert run("mission", "onboard", "--as", "xar").code == 2  # no store, and no mission was named


def test_everybody_in_the_starter_mission_passes(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mission.toml"
    path.write_text(config.starter())
    for participant in config.parse(config.starter()).participants:
        assert run("mission", "onboard", "--as", participant.id, "--mission", path).code == 0
