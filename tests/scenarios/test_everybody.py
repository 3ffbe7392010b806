"""The three vignettes for everybody: with any two nations exchanged, and in each of the six languages.

Source: design §7, law 4; domain.md R-26, R-29.
"""

from itertools import combinations

import pytest
from msgspec.structs import replace

from coordinator.demo.vignette import NAMES, Vignette, load
from coordinator.texts import RIGHT_TO_LEFT
from tests.support.playing import scored_in_memory, unmet

SIX = ("ar", "en", "es", "fr", "ru", "zh")


def speaking(vignette: Vignette, language: str) -> Vignette:
    """The same vignette, and everybody in it reads one language."""
    people = tuple(replace(p, language=language) for p in vignette.mission.participants)
    return replace(vignette, mission=replace(vignette.mission, participants=people))


def pairs(name: str) -> list[tuple[str, str]]:
    """Any two nations of a vignette, by their codes."""
    nations = sorted({p.nation.lower() for p in load(name).mission.participants if p.nation})
    return list(combinations(nations, 2))


EXCHANGED = [(name, *pair) for name in NAMES for pair in pairs(name)]
ALWAYS = {("v1", "zh"), ("v2", "ru"), ("v3", "ar")}
"""Tried in every run of the suite; the others in the slow one."""
OFTEN = 10
"""Every so many exchanges one is tried in every run of the suite."""


@pytest.mark.parametrize(
    ("name", "language"),
    [
        pytest.param(name, language, marks=() if (name, language) in ALWAYS else pytest.mark.slow)
        for name in NAMES
        for language in SIX
    ],
)
async def test_a_vignette_scores_exactly_in_every_language(name: str, language: str):
    assert unmet(await scored_in_memory(speaking(load(name), language))) == []


@pytest.mark.parametrize(
    ("name", "one", "other"),
    [pytest.param(*row, marks=() if i % OFTEN == 0 else pytest.mark.slow) for i, row in enumerate(EXCHANGED)],
)
async def test_a_vignette_scores_exactly_with_any_two_nations_exchanged(name: str, one: str, other: str):
    assert unmet(await scored_in_memory(load(name, {one: other}))) == []


def test_every_vignette_has_nations_to_exchange_and_one_language_runs_from_right_to_left():
    assert {name: len(pairs(name)) for name in NAMES} == {"v1": 6, "v2": 15, "v3": 1}
    assert set(SIX) >= RIGHT_TO_LEFT
