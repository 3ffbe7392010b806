"""Rows on who may order what that cannot be meant are told, with what to do about them."""

from typing import Final

import pytest

from coordinator import config

BASE: Final = """
name = "test"
[[participants]]
id = "hq"
role = "hq"
operator = true
[[participants]]
id = "north"
role = "hq"
superior = "hq"
[[participants]]
id = "batt"
name = "BATT"
superior = "north"
units = ["A Coy"]
[[participants]]
id = "other"
superior = "hq"
[[places]]
name = "BRIDGE"
lat = 2.0
lon = -27.0
"""
RELATION: Final = '[[command]]\nunit = "batt"\nsuperior = "other"\nrelation = "TACON"\n'
CLAUSE: Final = '[[mandate]]\nclause = "OP 7"\n'
FIRST: Final = """
[[activities]]
kind = "directive"
action = ["medevac"]
classes = ["medical"]
[[activities]]
kind = "movement"
classes = ["movement"]
[[precedence]]
over = "medical"
under = "movement"
rule = "casualties first"
"""
PAIR: Final = '[[contradictions]]\na = "hold"\nb = "move"\n'


def told(text: str) -> list[str]:
    return [str(finding) for finding in config.lint(config.parse(BASE + text))]


@pytest.mark.parametrize(
    "text",
    [
        "",
        RELATION,
        RELATION.replace("TACON", "ADCON") + "instead = true\n",
        RELATION.replace('"other"', '"hq"') + 'actions = ["hold"]\n',
        CLAUSE + 'actions = ["*"]\nground = { place = "BRIDGE", radius_m = 1000 }\n',
        CLAUSE + 'ground = { ring = ["1,1", "1,2", "2,2"] }\n',
        CLAUSE + 'ground = { line = ["BRIDGE", "1,1"], width_m = 50 }\n',
        CLAUSE + "periods = [{ start = 2027-03-14T06:00:00Z }, { end = 2027-03-14T06:00:00Z }]\n",
        PAIR,
        PAIR + "elsewhere = true\n",
        FIRST,
    ],
)
def test_what_can_be_meant_is_not_told(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (RELATION.replace('"batt"', '"nobody"'), 'no participant "nobody"'),
        (RELATION.replace('"other"', '"nobody"'), 'no participant "nobody"'),
        (RELATION.replace('"other"', '"batt"'), "its own superior"),
        (RELATION.replace('"batt"', '"hq"'), '"hq" already directs "other"'),
        (RELATION.replace("TACON", "COORD"), "lets nobody task a unit"),
        (RELATION.replace('"other"', '"hq"'), 'directs "batt" already'),
        (RELATION + "periods = [{ start = 2027-03-14T06:00:00Z, end = 2027-03-14T06:00:00Z }]\n", "never is"),
        (CLAUSE + 'actions = ["march"]\n', 'no action "march"'),
        (CLAUSE + "actions = []\n", "covers no action"),
        (CLAUSE + "ground = {}\n", "gives nothing"),
        (CLAUSE + 'ground = { place = "BRIDGE", ring = ["1,1", "1,2", "2,2"] }\n', "gives place and ring"),
        (CLAUSE + 'ground = { place = "FORD" }\n', 'no place "FORD"'),
        (CLAUSE + 'ground = { ring = ["1,1", "1,2", "1,1"] }\n', "needs 3 different points"),
        (CLAUSE + 'ground = { line = ["1,1"] }\n', "needs 2 different points"),
        (CLAUSE + 'ground = { place = "BRIDGE", radius_m = -1 }\n', "negative"),
        (CLAUSE.replace("OP 7", "OP 7."), "full stop"),
        (CLAUSE.replace("OP 7", " ".join(["word"] * 21)), "longer than 20 words"),
        (PAIR + PAIR.replace('"hold"', '"x"').replace('"move"', '"hold"').replace('"x"', '"move"'), "there twice"),
        (PAIR.replace('"move"', '"airspace"') + "elsewhere = true\n", "can never fire"),
        (FIRST.replace('under = "movement"', 'under = "moving"'), 'no activity is of class "moving"'),
        (FIRST.replace('under = "movement"', 'under = "medical"'), "each go before the other"),
        (FIRST.replace("casualties first", ""), "is empty"),
        ('[[participants]]\nid = "fourth"\nunits = ["a coy"]\n', '"a coy" means "batt" as well'),
        ('[[participants]]\nid = "fourth"\naliases = ["Batt"]\n', '"Batt" means "batt" as well'),
    ],
)
def test_what_cannot_be_meant_is_told(text: str, words: str) -> None:
    [said] = told(text)
    assert words in said


@pytest.mark.parametrize("kind", ["incompatible-activities", "route-capacity", "stale-order", "undecidable"])
def test_a_severity_that_stands_elsewhere_is_told(kind: str) -> None:
    [said] = [str(f) for f in config.lint(config.parse(f'severities = {{ {kind} = "LOW" }}\n' + BASE))]
    assert kind in said
    assert config.lint(config.parse('severities = { authority = "MEDIUM" }\n' + BASE)) == []
