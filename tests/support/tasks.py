"""Orders to units, for the kinds of finding that are about who orders what: a mission, messages, what is found."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from coordinator.core.deconfliction import check
from coordinator.core.measures import Ground, MandateRow, Period
from coordinator.core.mission import Mission, Participant
from schemas.directives import Directive
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.geo import Circle, Named, Position
from tests.support.laws import recomputed
from tests.support.v1 import MISSION as V1
from tests.support.v1 import during, said, z

NOW: Final = z("140000")
MISSION: Final = replace(
    V1, activities=(), matrix=(), protected=(),
    participants=(*V1.participants, Participant(id="xfa-batt", name="XFA-BATT", nation="XFA", superior="sn-hq")),
)  # fmt: skip
COMMAND: Final = frozenset(("contradictory-orders", "mandate", "authority", "command-fork", "duplicate-task"))


def unit(name: str) -> UnitRef:
    """A participant by its id, or a part of one: "xar-batt/A Coy"."""
    whose, _, part = name.partition("/")
    return UnitRef(participant=whose, name=part)


def order(identity: str, action: Any = "hold", by: str = "sn-hq", to: str = "xar-batt", **fields: Any) -> Envelope:
    """An order to a unit of Sector North at the bridge, 0900Z to 1300Z."""
    given = {"area": Named(name="KESSA"), "windows": (during("140900", "141300"),), "performers": (unit(to),)}
    return said(Directive(directive_kind="frago", action=action, **(given | fields)), identity, by, "130000")


def findings(*envelopes: Envelope, mission: Mission = MISSION) -> list[Finding]:
    """What is found among some messages, of the kinds that this file is about; every sentence is recomputed."""
    found = check(envelopes, mission, NOW)
    for f in found:
        recomputed(f)
    return [f for f in found if f.finding_kind in COMMAND]


def kinds(*envelopes: Envelope, mission: Mission = MISSION) -> list[str]:
    return sorted(f.finding_kind for f in findings(*envelopes, mission=mission))


def instant(dtg: str) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=z(dtg))


def from_to(start: str, end: str) -> tuple[Period, ...]:
    return (Period(start=instant(start), end=instant(end)),)


BOX: Final = ("1.9,-27.1", "2.1,-27.1", "2.1,-26.9", "1.9,-26.9")
CLAUSE: Final = MandateRow(clause="OP 7", actions=("hold", "patrol"), ground=Ground(ring=BOX))
FORD: Final = Named(name="FORD")


def north(metres: float, radius_m: float = 150.0) -> Circle:
    """A circle so many metres north of the bridge."""
    return Circle(centre=Position(lat=2.0 + metres / 110_576.0, lon=-27.0), radius_m=radius_m)
