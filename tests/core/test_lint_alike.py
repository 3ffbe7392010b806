"""What cannot be right in the tables of security, symmetry and the budget of a duty officer."""

import pytest

from coordinator import config
from coordinator.demo.vignette import NAMES, load

MISSION = """
name = "m"
[[participants]]
id = "fhq"
role = "hq"
operator = true
[[participants]]
id = "one"
groups = ["parties"]
[[participants]]
id = "two"
groups = ["parties"]
"""


def found(text: str) -> list[str]:
    return [f.path for f in config.lint(config.parse(MISSION + text, "m.toml"))]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('[security]\ntell = ["nobody"]', "security.tell"),
        ("[symmetry]\nwithin_s = 0", "symmetry.within_s"),
        ('[[symmetry.notices]]\nkind = "rumour"\nparties = ["parties"]', "symmetry.notices[0].kind"),
        ('[[symmetry.notices]]\nkind = "incident"\nparties = ["one"]', "symmetry.notices[0].parties"),
        ('[[symmetry.notices]]\nkind = "incident"\nparties = ["parties", "x"]', "symmetry.notices[0].parties"),
        ("[budget]\ncards_per_hour = 20", "budget.crisis_per_hour"),
        ("[budget]\ncards_per_hour = -1", "budget.cards_per_hour"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, path: str) -> None:
    assert found(text) == [path]


def test_a_mission_without_these_tables_and_a_right_one_are_fine() -> None:
    assert found("") == []
    assert found('[security]\ntell = ["fhq"]\n[symmetry]\nwithin_s = "2m"\n[[symmetry.notices]]\nkind = "incident"\n'
                 'parties = ["parties"]\n[budget]\ncards_per_hour = 3') == []  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_missions_of_the_vignettes_are_right(name: str) -> None:
    assert config.lint(load(name).mission) == []
