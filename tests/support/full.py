"""A mission in which every kind of finding can occur, around the bridge of vignette V1.

Everything lies within 2 km of KESSA (2.0 N, 27.0 W), where the messages of `worlds` and `operations` meet. Numbers are
chosen so that the grid of those worlds (steps of 0.0027 degrees, about 300 m) falls on both sides of each limit.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from coordinator.core.measures import (
    Allotment,
    Asset,
    Band,
    Boundary,
    CommandRow,
    Contradiction,
    Coverage,
    Ground,
    Guarded,
    MandateRow,
    Period,
    Precedence,
    Zone,
)  # fmt: skip
from coordinator.core.mission import Activity, Mission
from tests.support.v1 import MISSION, z

STEP: Final = 0.0027
"""Degrees between two points of the grid; about 300 m."""


def at(east: int, north: int) -> str:
    """Return a point of the grid around the bridge as a mission file writes it."""
    return f"{2.0 + STEP * north:.6f},{-27.0 + STEP * east:.6f}"


def box(west: int, south: int, east: int, north: int) -> Ground:
    """Return the ground between four lines of the grid."""
    return Ground(ring=(at(west, south), at(east, south), at(east, north), at(west, north)))


def period(start: str, end: str) -> Period:
    """Return the time between two DTGs of March 2027."""
    begun, over = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=z(t)) for t in (start, end))
    return Period(start=begun, end=over)


ZONES: Final = (
    Zone(name="SCHOOL", kind="prohibited", ground=Ground(place="KESSA SCHOOL", radius_m=200.0), standoff_m=150.0,
         classes=("armed", "closure"), authority="fhq-u3", basis="AP I art. 52", exempt=("o1:1",)),
    Zone(name="NO FLIGHT", kind="prohibited", ground=box(1, -3, 3, -1), floor_m=150.0, ceiling_m=400.0, reference="MSL",
         periods=(period("140100", "140600"),), authority="sn-hq"),
    Zone(name="BUFFER", kind="restricted", ground=box(-4, -4, -2, -2), classes=("armed",), authority="fhq-u3",
         touch=False, periods=(period("140100", "141500"),), severity="CRITICAL"),
    Zone(name="BLUE LINE", kind="restricted", ground=Ground(line=(at(-4, 3), at(4, 3))), authority="fhq-u3"),
    Zone(name="TRUCE", kind="restricted", agreement="ceasefire", classes=("armed", "closure"), authority="fhq-u3"),
)  # fmt: skip
BOUNDARIES: Final = (
    Boundary(name="WEST", owner="sn-hq", ground=box(-5, -5, 0, 5), classes=("armed", "use", "closure"),
             severities={"armed": "HIGH"}),
    Boundary(name="EAST", owner="sc-hq", ground=box(0, -5, 5, 5), periods=(period("140200", "150000"),),
             open_to=("ocha-cmc",)),
)  # fmt: skip
COMMAND: Final = (
    CommandRow(unit="xar-batt", superior="sc-hq", relation="TACON", actions=("escort",),
               periods=(period("140000", "140500"),)),
    CommandRow(unit="xbl-batt", superior="sn-hq", relation="TACOM", periods=(period("140300", "140700"),),
               instead=True),
    CommandRow(unit="xco-eng", superior="sn-hq", relation="LOGCON"),
)  # fmt: skip
MANDATE: Final = (
    MandateRow(clause="8 (a)", actions=("block", "escort", "hold", "move", "patrol")),
    MandateRow(clause="8 (b)", actions=("observe",), ground=box(-5, -5, 5, 5), periods=(period("140000", "141000"),)),
    MandateRow(clause="8 (c)", actions=("search",), reference=True),
)
CONTRADICTIONS: Final = (
    Contradiction(a="block", b="escort"),
    Contradiction(a="observe", b="search", severity="CRITICAL"),
    Contradiction(a="hold", b="observe", elsewhere=True),
)
ASSETS: Final = (
    Asset(name="crane", aliases=("grue",), type="lift", capacity=1.0, turnaround_s=900.0, owner="fhq-u3"),
    Asset(name="crane 2", type="lift", capacity=1.0, owner="sc-hq"),
    Asset(name="water", capacity=100.0, severity="MEDIUM"),
)
BANDS: Final = (
    Band(name="VHF", lower_mhz=30.0, upper_mhz=88.0, separation_mhz=0.025, distance_m=900.0),
    Band(name="UHF", lower_mhz=225.0, upper_mhz=400.0, separation_mhz=0.1, distance_m=300.0, severity="HIGH"),
)
GUARDED: Final = (
    Guarded(name="medical", frequency_mhz=40.5, kind="PROTECTED", separation_mhz=0.05, holders=("ocha-cmc",)),
    Guarded(name="distress", frequency_mhz=243.0, kind="TABOO"),
)
ALLOTMENTS: Final = (
    Allotment(participant="xar-batt", channels_mhz=(31.0, 31.025, 31.05)),
    Allotment(participant="xbl-batt", channels_mhz=(31.0, 31.1)),
)
COVERAGE: Final = (Coverage(place="KESSA", dependants=("ocha-cmc",), radius_m=400.0),)
PRECEDENCE: Final = (Precedence(over="humanitarian", under="logistics", rule="SOP 4.2"),)

SCHOOL: Final = replace(MISSION.places[1], name="KESSA SCHOOL", lat=2.0 + 3 * STEP, lon=-27.0 + 3 * STEP, aliases=())
FLIGHTS: Final = Activity(classes=("air", "use"), kind="movement", movement=("flight",))
HAZARDS: Final = Activity(classes=("explosive",), kind="hazard", hazard=("range", "demolition"))
SITES: Final = Activity(classes=("protected",), kind="protected-site")
MORE_ROWS: Final = (
    replace(MISSION.matrix[2], name="hazard/protected", a="explosive", b="protected", severity="CRITICAL",
            distance_m=300.0, gap_s=0.0),
    replace(MISSION.matrix[0], name="hazard/use", a="explosive", b="use", distance_m=100.0, touch=False),
    replace(MISSION.matrix[0], name="air/air", a="air", b="air", vertical_m=150.0, permit="either"),
)  # fmt: skip

FULL: Final[Mission] = replace(
    MISSION,
    places=(*MISSION.places, SCHOOL),
    activities=(*MISSION.activities, FLIGHTS, HAZARDS, SITES),
    matrix=(*MISSION.matrix, *MORE_ROWS),
    protected=("humanitarian", "protected"),
    vehicles=tuple(replace(v, classes=("wheeled",)) for v in MISSION.vehicles),
    rules=replace(MISSION.rules, rest_s=1800.0),
    zones=ZONES,
    boundaries=BOUNDARIES,
    command=COMMAND,
    mandate=MANDATE,
    contradictions=CONTRADICTIONS,
    assets=ASSETS,
    bands=BANDS,
    guarded=GUARDED,
    allotments=ALLOTMENTS,
    coverage=COVERAGE,
    precedence=PRECEDENCE,
)
