"""What of handling cards cannot be meant is said at once, with the mend."""

import pytest
from msgspec.structs import replace

from coordinator import config
from coordinator.core.measures import Handling
from coordinator.core.mission import Acknowledge, Mission
from coordinator.lint_handling import CHECKS


def found(mission: Mission) -> dict[str, str]:
    return {f.path: f.what for check in CHECKS for f in check(mission)}


def test_what_a_mission_says_by_default_is_fine() -> None:
    assert found(Mission(name="m")) == {}


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"shelve_priority_s": -1.0}, "handling.shelve_priority_s"),
        ({"warn_s": -1.0}, "handling.warn_s"),
        ({"offer_s": 0.0}, "handling.offer_s"),
        ({"warn_s": 43_200.0}, "handling.warn_s"),
    ],
)
def test_what_cannot_be_meant_of_shelves_and_offers_is_named(said: dict[str, float], path: str) -> None:
    assert path in found(Mission(name="m", handling=replace(Handling(), **said)))


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"flash_valid_s": -1.0}, "acknowledge.flash_valid_s"),
        ({"routine_valid_s": 600.0}, "acknowledge.routine_valid_s"),
        ({"immediate_valid_s": 60.0}, "acknowledge.immediate_valid_s"),
    ],
)
def test_an_acknowledgement_does_not_run_out_before_it_can_be_asked_for(said: dict[str, float], path: str) -> None:
    assert path in found(Mission(name="m", acknowledge=replace(Acknowledge(), **said)))


def test_where_nobody_may_put_anything_aside_nothing_is_said_of_its_end() -> None:
    nothing = Handling(shelve_immediate_s=0.0, shelve_priority_s=0.0, shelve_routine_s=0.0)
    assert found(Mission(name="m", handling=nothing)) == {}


def test_times_are_written_as_everywhere() -> None:
    text = '[handling]\nshelve_immediate_s = "30m"\ntwo_person = true\n[acknowledge]\nflash_valid_s = "1h"'
    mission = config.parse(f'name = "m"\n{text}')
    assert (mission.handling.shelve_immediate_s, mission.acknowledge.flash_valid_s) == (1800.0, 3600.0)
    assert mission.handling.two_person
