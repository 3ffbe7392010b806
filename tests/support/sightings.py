"""A post that a unit is to hold, a convoy that relies on it, and where the unit is seen."""

from collections.abc import Iterable

from coordinator.core.deconfliction import Engine
from coordinator.core.measures import Coverage
from coordinator.core.mission import Activity, MatrixRow, Mission, NamedRoute, Participant, Place, Rules, Speed
from coordinator.core.step import Logged
from schemas import registry, subjects
from schemas.directives import Directive
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.geo import Named, Route
from schemas.notices import MovementNotice
from schemas.operations import Whereabouts
from tests.support.v1 import during, logged, said, z

START, END = "150700", "151200"
MISSION = Mission(
    name="test",
    participants=(
        Participant(id="fhq", name="FHQ", role="hq"),
        Participant(id="sc", name="SC", role="hq", superior="fhq"),
        Participant(id="xbl", name="XBL-BATT", nation="XBL", superior="sc", units=("Section 2",)),
        Participant(id="xar", name="XAR-BATT", nation="XAR", superior="fhq"),
        Participant(id="ocha", role="guest"),
        Participant(id="unmo", superior="fhq"),
    ),
    places=(Place(name="OP 4-7", lat=2.25, lon=-27.15), Place(name="TOWER", lat=2.5, lon=-27.15)),
    routes=(NamedRoute(name="IRIS", points=("2.33,-27.18", "2.29,-27.16", "OP 4-7", "2.2,-27.14")),),
    coverage=(Coverage(place="OP 4-7", dependants=("xar",)),),
    activities=(
        Activity(classes=("humanitarian",), kind="movement", movement=("humanitarian",)),
        Activity(classes=("danger",), kind="incident", incident=("mortar",)),
        Activity(classes=("danger",), kind="hazard", hazard=("demolition",)),
    ),
    matrix=(MatrixRow(name="danger/humanitarian", a="danger", b="humanitarian", severity="HIGH"),),
    protected=("humanitarian",),
    speeds=(Speed(method="vehicle", min_mps=4.0, max_mps=16.0),),
    rules=Rules(notice_s=0, deviation_m=500, deviation_lead_s=14_400, coverage_grace_s=1200),
)  # fmt: skip


def hold(**fields: object) -> Directive:
    given = {"action": "hold", "area": Named(name="OP 4-7"), "windows": (during(START, END),),
             "performers": (UnitRef(participant="xbl"),)}  # fmt: skip
    return Directive(directive_kind="frago", **(given | fields))


def order(identity: str = "O-1", at: str = "150300", by: str = "fhq", revision: int = 1, **fields: object) -> Envelope:
    return said(hold(**fields), identity, by, at, revision)


def convoy(identity: str = "HNS", **fields: object) -> Envelope:
    given = {"route": Route(name="IRIS", method="vehicle"), "windows": (during("150800", "151200"),),
             "relies_on": ("OP 4-7",)}  # fmt: skip
    return said(MovementNotice(movement_kind="humanitarian", **(given | fields)), identity, "ocha", "141500")


def seen(state: str, at: str, seq: int = 1, *, by: str = "xbl", unit: str = "carriers", place: str = "OP 4-7",
         doubtful: bool = False, reality: str = "real", plus: int = 0) -> Logged:  # fmt: skip
    """A word on a unit and a place; ``plus`` microseconds after that time."""
    body = Whereabouts(
        participant=by, unit=UnitRef(id=unit, callsign=unit), place=place, state=state, seen=z(at) + plus, position=seq,
        distance_m=0.0 if state == "at" else 670.0, limit_m=500.0, doubtful=doubtful,
    )  # fmt: skip
    thing = subjects.opaque(f"{by} {unit} {place}")
    envelope = registry.pack(body, id=thing, originator="coord", revision=seq, reality=reality)
    return Logged(seq, subjects.whereabouts(by), f"w{seq}", z(at), envelope, body)


def told(*messages: Envelope | Logged, mission: Mission = MISSION) -> dict[str, Finding]:
    """Return what is found and not closed, K19 by its rule, others by their kind; but for answers that are missing."""
    engine = fold(messages, mission)
    found = [f for f in engine.findings() if f.state != "closed" and f.finding_kind != "not-acknowledged"]
    names = [f.evidence.rule if f.finding_kind == "task-deviation" else f.finding_kind for f in found]
    assert len(set(names)) == len(names)
    return dict(zip(names, found, strict=True))


def fold(messages: Iterable[Envelope | Logged], mission: Mission = MISSION) -> Engine:
    engine = Engine(mission)
    for number, message in enumerate(messages, 1):
        engine.handle(message if isinstance(message, Logged) else logged(message, number))
    return engine
