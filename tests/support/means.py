"""Orders that share means, for the kinds of finding that are about these: a mission, messages, what is found."""

from typing import Any, Final

from msgspec.structs import replace

from coordinator.core.deconfliction import check, geometry
from coordinator.core.measures import Asset, Band, Guarded
from coordinator.core.mission import Mission
from schemas.directives import AssetDemand, Directive
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.geo import Circle, Position
from schemas.time import TimeWindow
from tests.support.laws import blind, recomputed
from tests.support.v1 import MISSION as V1
from tests.support.v1 import during, said, z

NOW: Final = z("140000")
MEANS: Final = frozenset(("asset-overbooked", "frequency", "broken-dependency", "infeasible", "undecidable"))
VHF: Final = Band(name="VHF", lower_mhz=30, upper_mhz=88, separation_mhz=0.025, distance_m=5000)
MISSION: Final = replace(
    V1, activities=(), matrix=(), protected=(),
    assets=(
        Asset(name="crane", aliases=("grue",), turnaround_s=1800, owner="xco-eng"),
        Asset(name="litters", capacity=3),
        Asset(name="fuel", capacity=0.3),
    ),
    bands=(VHF,),
    guarded=(
        Guarded(name="medical", frequency_mhz=46.6, kind="PROTECTED", separation_mhz=0.05, holders=("ocha-cmc", "XBL")),
        Guarded(name="distress", frequency_mhz=121.5, kind="TABOO"),
        Guarded(name="relay", frequency_mhz=60.0, kind="GUARDED"),
    ),
    rules=replace(V1.rules, rest_s=600),
)  # fmt: skip


def order(identity: str, by: str = "sn-hq", start: str = "140900", end: str = "141300", at: str = "130000",
          **fields: Any) -> Envelope:  # fmt: skip
    """An order, 0900Z to 1300Z unless told otherwise."""
    given = {"windows": (during(start, end),)}
    return said(Directive(directive_kind="frago", **(given | fields)), identity, by, at)


def want(identity: str, by: str = "sn-hq", start: str = "140900", end: str = "141300", amount: float = 1.0,
         name: str = "crane", **fields: Any) -> Envelope:  # fmt: skip
    """An order that wants the crane."""
    return order(identity, by, start, end, assets=(AssetDemand(name=name, amount=amount),), **fields)


def findings(*envelopes: Envelope, mission: Mission = MISSION, now: int = NOW) -> list[Finding]:
    """What is found among some messages about means; every sentence is recomputed."""
    found = check(envelopes, mission, now)
    for f in found:
        recomputed(f)
    return [f for f in found if f.finding_kind in MEANS]


def sets(*envelopes: Envelope, mission: Mission = MISSION) -> set[str]:
    """The parties of each finding, as one word."""
    return {"".join(sorted(p.id for p in f.parties)) for f in findings(*envelopes, mission=mission)}


def rules(*envelopes: Envelope, mission: Mission = MISSION) -> list[tuple[str, str, str]]:
    return [(f.evidence.rule, f.certainty, f.severity) for f in findings(*envelopes, mission=mission)]


def loose(start: str, latest: str, earliest: str, end: str) -> TimeWindow:
    """A window whose start and end are not exact."""
    s, sl, ee, e = map(z, (start, latest, earliest, end))
    return TimeWindow(start_earliest=s, start_latest=sl, end_earliest=ee, end_latest=e)


def north(metres: float) -> Circle:
    """A circle of 100 m so far north of the bridge, from centre to centre."""
    return Circle(centre=Position(lat=2.0 + metres / geometry.metric(2.0)[1], lon=-27.0), radius_m=100)


SWAP: Final = {"sn-hq": "sc-hq", "sc-hq": "sn-hq", "xar-batt": "xbl-batt", "xbl-batt": "xar-batt"}


def unordered(f: Finding) -> str:
    """Return what a finding says, apart from its id and from which party comes first."""
    e = f.evidence
    numbers = {"demands": tuple(sorted(e.demands)), "frequencies_mhz": tuple(sorted(e.frequencies_mhz))}
    return blind(replace(f, evidence=replace(e, **numbers)))
