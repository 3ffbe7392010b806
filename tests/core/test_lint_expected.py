"""A mission that expects what cannot come is told so, with where and how to mend it."""

import pytest

from coordinator import config

BASE = """
name = "m"
[[participants]]
id = "sn"
role = "hq"
operator = true
[[participants]]
id = "xar"
superior = "sn"
watched = true
[[participants]]
id = "xbl"
superior = "sn"
watched = true
[[participants]]
id = "office"
superior = "sn"
"""
RETURN = '[[returns]]\nname = "daily SITREP"\nof = ["xar"]\n'
BEARER = '[[bearers]]\nname = "VSAT-1"\n'


def wrong(text: str) -> list[tuple[str, str]]:
    return [(f.path, f.what) for f in config.lint(config.parse(BASE + text))]


@pytest.mark.parametrize(
    ("text", "path", "what"),
    [
        ('due = "1800J"', "returns[0].due", "clock on the wall"),
        ('due = "1800"', "returns[0].due", "no clock time with a zone letter"),
        ('due = "2460Z"', "returns[0].due", "no clock time with a zone letter"),
        ('due = "18:00Z"', "returns[0].due", "no clock time with a zone letter"),
        ('on = "FRIDAY"', "returns[0].on", "no day of the week or month"),
        ('on = "31"', "returns[0].on", "no day of the week or month"),
        ('every_s = "5h"', "returns[0].every_s", "does not divide a day"),
        ('every_s = "36h"', "returns[0].every_s", "does not divide a day"),
        ('every_s = "1m"\ngrace_s = 1.0', "returns[0].every_s", "shorter than ten minutes"),
        ('every_s = "6h"\non = "MON"', "returns[0].every_s", "so does on"),
        ('grace_s = "25h"', "returns[0].grace_s", "as long as the period itself"),
        ('to = "nobody"', "returns[0].to", 'no participant "nobody"'),
        ('report_type = "hourly"', "returns[0].report_type", 'no sitrep is of type "hourly"'),
        ('kind = "logistics"\nreport_type = "daily"', "returns[0].report_type", "no logistics is of type"),
    ],
)
def test_a_return_that_cannot_be_meant_is_found(text: str, path: str, what: str) -> None:
    [(where, said)] = wrong(f"{RETURN}{text}\n")
    assert where == path
    assert what in said


@pytest.mark.parametrize(
    ("text", "path", "what"),
    [
        ('[[returns]]\nname = "r"\n', "returns[0].of", "nobody owes it"),
        ('[[returns]]\nname = "r"\nof = ["xyz"]\n', "returns[0].of", 'no participant, nation or group "xyz"'),
        ('[[returns]]\nname = "r"\nof = ["sn"]\n', "returns[0].to", 'nobody collects the one of "sn"'),
        (f"{RETURN}{RETURN}", "returns[1].name", 'two returns "daily SITREP"'),
        (f'{BEARER}behind = ["xar"]\n', "bearers[0].behind", "fewer than two watched participants"),
        (f'{BEARER}behind = ["xar", "office"]\n', "bearers[0].behind", "fewer than two watched participants"),
        (f'{BEARER}behind = ["xar", "xbl", "xyz"]\n', "bearers[0].behind", 'no participant, nation or group "xyz"'),
        (f'{BEARER}behind = ["xar", "xbl"]\nowner = "xyz"\n', "bearers[0].owner", 'no participant "xyz"'),
        ("[presence]\nflash_after_s = -1.0\n", "presence.flash_after_s", "less than nothing"),
        ("[reports]\nwithin_s = -1.0\n", "reports.within_s", "less than nothing"),
    ],
)
def test_what_nobody_owes_collects_or_hangs_on_is_found(text: str, path: str, what: str) -> None:
    [(where, said)] = wrong(text)
    assert where == path
    assert what in said


def test_returns_and_bearers_that_can_be_meant_pass() -> None:
    text = (
        f'{RETURN}due = "1800B"\nreport_type = "daily"\n'
        '[[returns]]\nname = "LOGSITREP"\nkind = "logistics"\nof = ["xar", "xbl"]\nto = "sn"\n'
        'due = "0600Z"\non = "MON"\n'
        '[[returns]]\nname = "position"\nof = ["xar"]\nevery_s = "6h"\n'
        f'{BEARER}behind = ["xar", "xbl"]\nowner = "sn"\n'
    )
    assert wrong(text) == []


def test_a_mission_without_any_of_it_expects_nothing() -> None:
    mission = config.parse(BASE)
    assert (mission.returns, mission.bearers) == ((), ())
    assert (mission.presence.flash_after_s, mission.presence.notice_after_s) == (300.0, 600.0)
