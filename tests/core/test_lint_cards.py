"""What a mission says of cards that come too often is checked before anything runs."""

import pytest

from coordinator import config
from coordinator.core.mission import Mission


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("flood_cards = -1", "cards.flood_cards"),
        ("flood_cards = 100000", "cards.flood_cards"),
        ("flap_changes = -4", "cards.flap_changes"),
        ('flood_window_s = "0s"', "cards.flood_window_s"),
        ("flap_window_s = nan", "cards.flap_window_s"),
        ("flap_every_s = inf", "cards.flap_every_s"),
        ('flap_quiet_s = "3h"', "cards.flap_quiet_s"),
    ],
)
def test_numbers_that_nobody_can_mean_are_found(line: str, path: str) -> None:
    mission = config.parse(f'name = "m"\n[cards]\n{line}\n')
    assert path in [f.path for f in config.lint(mission)]


def test_a_mission_that_says_nothing_of_it_is_fine() -> None:
    assert not [f for f in config.lint(Mission(name="m")) if f.path.startswith("cards")]
