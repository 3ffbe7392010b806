"""``routes test`` and ``roster``: what a duty officer reads when he asks who is told and who is on watch."""

import json
from pathlib import Path

import pytest

from coordinator import config
from coordinator.cli import cards
from schemas.alerts import Told
from tests.cli.cases import at, card
from tests.cli.conftest import Golden, Run

ROSTER = """
[[roster]]
role = "duty-officer"
participant = "joc"
area = "BRIDGE"
daily = ["0600A", "1815A"]
languages = ["en", "fr"]

[[roster]]
role = "duty-officer"
participant = "fhq"
area = "BRIDGE"
daily = ["1800A", "0615A"]

[[roster]]
role = "air"
participant = "joc"
end = 2027-03-14T12:00:00Z

[[ladders]]
name = "bridge"
deadline_s = "10m"
steps = [
  { do = "second-bearer", after_s = "3m" },
  { do = "superior" },
  { do = "superior", after_s = "15m", to = ["duty-officer"] },
  { do = "voice", after_s = "20m" },
]

[[routing]]
name = "bridge"
kinds = ["conflict"]
areas = ["BRIDGE"]
to = ["duty-officer"]
ladder = "bridge"
continue = true

[[routing]]
name = "medical"
kinds = ["medical"]
to = ["air"]

[[routing]]
name = "all"
"""


@pytest.fixture
def mission(tmp_path: Path) -> Path:
    """A mission file with a roster, a ladder and a routing tree."""
    file = tmp_path / "mission.toml"
    file.write_text(config.starter() + ROSTER, encoding="utf-8")
    return file


def test_the_mission_is_right(mission: Path, run: Run) -> None:
    ran = run("mission", "lint", mission)
    assert (ran.code, ran.out) == (0, "")


def test_the_example_in_the_starter_mission_is_right(tmp_path: Path, run: Run) -> None:
    file, text = tmp_path / "mission.toml", config.starter()
    _, _, behind = text.partition("# A role of the roster")
    example = behind.partition("\n\n")[0].splitlines()[1:]
    file.write_text("\n".join([text, *(line.removeprefix("#").strip() for line in example)]), encoding="utf-8")
    ran = run("routes", "test", "area=BRIDGE", "severity=Extreme", "--mission", file)
    assert (ran.code, ran.err) == (0, "")
    assert "matches, tells duty-officer, ladder quick" in ran.out


def test_who_is_told_is_explained_with_every_step(mission: Path, run: Run, golden: Golden) -> None:
    sample = ("severity=HIGH", "area=bridge", "party=xar,xbl", "at=140405ZMAR27")
    ran = run("routes", "test", *sample, "--mission", mission)
    assert (ran.code, ran.err) == (0, "")
    golden("routes-test", ran.out)


def test_a_role_that_nobody_has_then_is_said(mission: Path, run: Run) -> None:
    ran = run("routes", "test", "kind=medical", "severity=Extreme", "at=141300ZMAR27", "--mission", mission)
    assert '"air" means nobody then who may be told' in ran.out


def test_a_program_reads_the_same(mission: Path, run: Run) -> None:
    ran = run("routes", "test", "area=BRIDGE", "party=xbl", "at=140405ZMAR27", "--mission", mission, "--json")
    [row] = [json.loads(line) for line in ran.out.splitlines()]
    assert [(r["name"], r["fails"]) for r in row["rows"]] == [("bridge", ""), ("medical", "kinds"), ("all", "")]
    assert (row["ladder"], row["due"] - row["at"]) == ("bridge", 600_000_000)
    assert {t["participant"]: t["reason"] for t in row["told"]} == {"xbl": "party", "fhq": "duty-officer"}
    assert [s["do"] for s in row["steps"] if s["silent"] == "xbl"][:4] == [
        "second-bearer", "superior", "superior", "voice",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("severity", '"severity" is no KEY=VALUE'),
        ("severity=", '"severity=" is no KEY=VALUE'),
        ("sevrity=Severe", 'no key "sevrity"; did you mean "severity"?'),
        ("severity=Sever", 'no severity "Sever"; did you mean "Severe"?'),
        ("kind=konflict", 'no kind of card "konflict"; did you mean "conflict"?'),
        ("finding=stale", 'no kind of finding "stale"'),
        ("area=NOWHERE", 'no place or boundary "NOWHERE"'),
        ("party=nobody", 'no participant "nobody"'),
        ("severity=Severe,Minor", "severity is given 2 times"),
        ("party=,", '"party=," is no KEY=VALUE'),
        ("language=de", 'no language of the mission "de"'),
        ("at=never", '"never" is no time'),
    ],
)
def test_a_word_that_cannot_be_meant_is_refused_with_the_mend(
    word: str, said: str, mission: Path, run: Run
) -> None:  # fmt: skip
    ran = run("routes", "test", word, "--mission", mission)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_who_is_on_watch_and_who_follows(mission: Path, run: Run, golden: Golden) -> None:
    ran = run("roster", "--mission", mission, "--at", "141301ZMAR27")
    assert (ran.code, ran.err) == (0, "")
    golden("roster", ran.out)
    rows = [
        json.loads(line)
        for line in run("roster", "--mission", mission, "--at", "140459ZMAR27", "--json").out.splitlines()
    ]
    assert [(r["role"], r["on_watch"], r["next"], len(r["gaps"])) for r in rows] == [
        ("duty-officer", ["fhq"], ["joc", "fhq"], 0),
        ("air", ["joc"], [], 1),
    ]


def test_a_mission_without_roster_says_so(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "mission.toml"
    file.write_text(config.starter(), encoding="utf-8")
    assert run("roster", "--mission", file).out == "the mission has no roster\n"
    assert run("roster", "--mission", file, "--json").out == ""
    assert "the mission has no [[routing]] rows" in run("routes", "test", "--mission", file).out


def test_a_file_that_is_not_there_is_said(tmp_path: Path, run: Run) -> None:
    ran = run("roster", "--mission", tmp_path / "none.toml")
    assert (ran.code, "no such file" in ran.err) == (2, True)


def test_a_card_says_who_is_to_be_called_by_voice() -> None:
    told = Told(participant="xbl", since=at(0), due=at(2), late=True, second_at=at(1), voice_at=at(3))
    assert (
        "xbl: late since 14040000ZMAR27, due 140402ZMAR27, by another bearer as well since 14040100ZMAR27, "
        "CALL BY VOICE since 14040300ZMAR27"
    ) in " ".join(cards.block(card(told=(told,)), at(4)).split())
