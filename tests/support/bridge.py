"""A closed bridge and a patrol over it, in vignette V1's mission, with fields to change one at a time."""

from typing import Any, Final

from coordinator.core.deconfliction import check
from coordinator.core.mission import Mission
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.findings import Finding
from schemas.geo import Named
from schemas.notices import MovementNotice
from tests.support.v1 import MISSION, during, said, z

NOW: Final = z("140000")
CLOSED: Final = ("140900", "141300")
ROW: Final = MISSION.matrix[0]


def closure(identity: str = "C", by: str = "sn-hq", **fields: Any) -> Envelope:
    """An exclusive order at the bridge, 0900Z to 1300Z, already acknowledged by nobody and due much later."""
    given = {"area": Named(name="KESSA"), "windows": (during(*CLOSED),), "exclusive": True}
    body = Directive(directive_kind="frago", action="block", **(given | fields))
    return said(body, identity, by, "130000")


def use(identity: str = "U", by: str = "xbl-batt", **fields: Any) -> Envelope:
    """A patrol at the bridge, 1000Z to 1045Z."""
    given = {"area": Named(name="KESSA"), "windows": (during("141000", "141045"),)}
    return said(MovementNotice(movement_kind="patrol", **(given | fields)), identity, by, "130000")


def findings(*envelopes: Envelope, mission: Mission = MISSION, now: int = NOW) -> list[Finding]:
    return check(envelopes, mission, now)


def kinds(*envelopes: Envelope, mission: Mission = MISSION, now: int = NOW) -> list[str]:
    return [f.finding_kind for f in findings(*envelopes, mission=mission, now=now)]


CLASH: Final = ["incompatible-activities"]
