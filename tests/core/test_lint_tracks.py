"""A mission file says what it cannot mean about covered places, tolerances and incidents."""

import pytest
from msgspec.structs import replace

from coordinator import config
from coordinator.core.measures import Coverage
from coordinator.core.mission import Activity, Mission, Participant, Place, Rules

SOUND = Mission(
    name="test",
    participants=(Participant(id="xar", operator=True),),
    places=(Place(name="OP 4-7", lat=2.25, lon=-27.15),),
    coverage=(Coverage(place="op 4-7", dependants=("xar",)),),
    activities=(Activity(classes=("danger",), kind="incident", incident=("mortar",)),),
)


def test_what_is_sound_passes() -> None:
    assert config.lint(SOUND) == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("coverage[0].place", {"coverage": (Coverage(place="OP 4-9"),)}),
        ("coverage[0].dependants", {"coverage": (Coverage(place="OP 4-7", dependants=("xbl",)),)}),
        ("coverage[0].radius_m", {"coverage": (Coverage(place="OP 4-7", radius_m=0),)}),
        ("rules.deviation_m", {"rules": Rules(deviation_m=-1)}),
        ("rules.deviation_lead_s", {"rules": Rules(deviation_lead_s=-1)}),
        ("rules.coverage_grace_s", {"rules": Rules(coverage_grace_s=-1)}),
        ("activities[0].incident", {"activities": (Activity(classes=("x",), kind="hazard", incident=("mortar",)),)}),
    ],
)
def test_what_can_not_be_meant_is_named(path: str, fields: dict[str, object]) -> None:
    assert [f.path for f in config.lint(replace(SOUND, **fields))] == [path]
