"""Mission files: every mistake is found at once, where it is, in words that say how to mend it."""

from pathlib import Path

import pytest

from coordinator import config
from coordinator.errors import ConfigError

GOOD = config.starter()


def found(text: str) -> list[str]:
    """What is wrong with a mission file, structure first."""
    try:
        return [str(finding) for finding in config.lint(config.parse(text))]
    except ConfigError as error:
        return [str(finding) for finding in error.findings]


def test_the_mission_to_begin_with_has_no_findings() -> None:
    assert found(GOOD) == []


def test_every_vignette_s_mission_has_no_findings() -> None:
    folder = Path(config.__file__).parent / "demo"
    for file in folder.glob("*/mission.toml"):
        assert found(file.read_text(encoding="utf-8")) == []


def test_all_unknown_and_wrong_words_are_named_at_once() -> None:
    text = GOOD.replace('superior = "fhq"', 'superiors = "fhq"', 1).replace("distance_m = 500", 'distance_m = "far"')
    said = found('colour = "blue"\n' + text)
    assert len(said) == 3
    assert said[0].startswith("colour: is no word of a mission file here")
    assert 'participants[1] "joc".superiors: is no word of a mission file here; did you mean "superior"?' in said
    assert any(s.startswith('matrix[3] "armed/humanitarian".distance_m: Expected `float`') for s in said)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('superior = "fhq"', 'superior = "fhp"', 'participants[1].superior: no participant "fhp"'),
        ('id = "xbl"', 'id = "xar"', 'participants: "xar" is there twice'),
        ("operator = true", "operator = false", "participants: nobody may read the log"),
        ('language = "fr"', 'language = "tlh"', 'participants[3].language: "tlh" is not one of'),
        ('place = "BRIDGE"', 'place = "BRIGDE"', 'sections[0].place: no place "BRIGDE"'),
        ('a = "closure"', 'a = "closing"', 'can never fire: no activity is of class "closing"'),
        ('kind = "hazard"\nto', 'kind = "hazards"\nto', 'release[1].kind: no kind "hazards"'),
        ('field = "directive.strength"', 'field = "orders.strength"', '"orders.strength" begins with no known kind'),
        ('zone = ""', 'zone = "J"', 'zone: "J" is no zone letter'),
        ('types_for = ["*"]', 'types_for = ["xzz"]', 'participants[1].types_for: no participant "xzz"'),
        (
            'a = "closure"',
            f'advice = "{"word " * 21}"\na = "closure"',
            "matrix[0].advice: its advice is longer than 20",
        ),
        ("[rules]", "[rules]\nchecks_per_hour = 0", "rules.checks_per_hour: nobody could ask"),
        ("[rules]", "[rules]\nrest_s = -1", "rules.rest_s: is less than nothing"),
        (
            'kind = "hazard"\n',
            'kind = "hazard"\nmethod = ["foot"]\n',
            "activities[8]: can never fire: a hazard does not move",
        ),
        (
            'movement = ["patrol"]',
            'movement = ["patrol"]\nmethod = ["hoof"]',
            'activities[5].method: no method "hoof"; known: foot, vehicle, air, boat',
        ),
        (
            'movement = ["patrol"]',
            'movement = ["patrol"]\nvehicle = ["tank"]',
            'activities[5].vehicle: no type or class of vehicle "tank"; add it to a [[vehicles]] table',
        ),
    ],
)
def test_what_cannot_be_meant_is_found(old: str, new: str, says: str) -> None:
    assert old in GOOD
    assert any(says in finding for finding in found(GOOD.replace(old, new, 1)))


def test_an_unreadable_file_says_so() -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        config.read(Path("no-such-file.toml"))
    assert found("= broken")[0].startswith("mission: is not TOML")


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("15m", 900), ("1.5h", 5400), ("2d", 172_800)])
def test_durations_have_units(text: str, seconds: float) -> None:
    mission = config.parse(GOOD.replace('notice_s = "1h"', f'notice_s = "{text}"'))
    assert mission.rules.notice_s == seconds


def test_a_mission_survives_the_way_through_the_log() -> None:
    """The hash is of what travels, and what travels is read back as it was."""
    mission = config.parse(GOOD)
    assert config.fingerprint(mission) == config.fingerprint(config.parse(GOOD))
    assert config.fingerprint(mission) != config.fingerprint(config.parse(GOOD.replace('"sample"', '"other"', 1)))
