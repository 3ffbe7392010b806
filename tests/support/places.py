"""Zones, areas of responsibility, and who is near them: around 10 N, 20 E, where nothing else is."""

from datetime import UTC, datetime
from typing import Any, Final

from msgspec.structs import replace

from coordinator.core.deconfliction import Engine, check, geometry
from coordinator.core.measures import Boundary, Ground, Zone
from coordinator.core.mission import Mission
from schemas.directives import Agreement, Directive
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.geo import Area, Circle, Position, Route, RoutePoint
from schemas.notices import MovementNotice
from tests.support.laws import recomputed
from tests.support.v1 import MISSION, during, ref, said, z

NOW: Final = z("140000")
WINDOW: Final = ("141000", "141100")
M_LAT: Final = geometry.metric(10.0)[1]
AT: Final = Position(lat=10.0, lon=20.0)
PLAIN: Final = replace(MISSION, matrix=(), sections=())
"""The mission of V1 without what could clash by itself."""


def moment(dtg: str) -> datetime:
    return datetime.fromtimestamp(z(dtg) / 1e6, UTC)


def square(size: float = 0.02, north: float = 10.0, east: float = 20.0) -> Ground:
    """A square with its south-west corner there, in degrees."""
    corners = ((north, east), (north, east + size), (north + size, east + size), (north + size, east))
    return Ground(ring=tuple(f"{lat},{lon}" for lat, lon in corners))


def zone(kind: Any = "prohibited", **fields: Any) -> Zone:
    return Zone(**({"name": "Z", "kind": kind, "ground": square(), "authority": "fhq-u3"} | fields))


def within(*measures: Zone | Boundary, **fields: Any) -> Mission:
    zones = tuple(m for m in measures if isinstance(m, Zone))
    return replace(PLAIN, zones=zones, boundaries=tuple(m for m in measures if isinstance(m, Boundary)), **fields)


def spot(metres_south: float, radius_m: float = 1.0) -> Circle:
    """A circle whose edge ends so many metres south of the square."""
    return Circle(centre=Position(lat=10.0 - (metres_south + radius_m) / M_LAT, lon=20.01), radius_m=radius_m)


INSIDE: Final = Circle(centre=Position(lat=10.01, lon=20.01), radius_m=10)


def patrol(identity: str = "P", by: str = "xar-batt", area: Area | None = INSIDE, **fields: Any) -> Envelope:
    window = fields.pop("window", WINDOW)
    body = MovementNotice(movement_kind="patrol", area=area, windows=(during(*window),), **fields)
    return said(body, identity, by, "130000")


def on_the_way(*points: tuple[float, float], by: str = "xar-batt", window: tuple[str, str] = WINDOW) -> Envelope:
    """A patrol along points given as latitude and longitude."""
    route = Route(method="vehicle", points=tuple(RoutePoint(position=Position(lat=a, lon=o)) for a, o in points))
    return patrol(area=None, route=route, by=by, window=window)


def found(mission: Mission, *envelopes: Envelope, now: int = NOW) -> list[Finding]:
    return check(envelopes, mission, now)


def kinds(mission: Mission, *envelopes: Envelope) -> list[str]:
    return [f.finding_kind for f in found(mission, *envelopes)]


def only(mission: Mission, *envelopes: Envelope) -> Finding:
    [finding] = found(mission, *envelopes)
    recomputed(finding)
    return finding


def order(identity: str = "D", area: Area | None = INSIDE, by: str = "sn-hq", **fields: Any) -> Envelope:
    given = {"directive_kind": "frago", "action": "patrol", "area": area, "windows": (during(*WINDOW),),
             "performers": (UnitRef(participant="xar-batt"),)}  # fmt: skip
    return said(Directive(**(given | fields)), identity, by, "130000")


def restricted(**fields: Any) -> Zone:
    return zone("restricted", **fields)


def permission(by: str = "fhq-u3", order: str = "P", revision: int = 0, **fields: Any) -> Envelope:
    body = Agreement(agreement_kind="coordination", orders=(ref(order, revision),), **fields)
    return said(body, f"A-{by}", by, "130030")


def ceasefire(revision: int = 1, at: str = "130000", **fields: Any) -> Envelope:
    given = {"agreement_kind": "ceasefire", "area": replace(INSIDE, radius_m=100), "windows": (during(*WINDOW),)}
    return said(Agreement(**(given | fields)), "CFA", "ocha-cmc", at, revision=revision)


def area(owner: str = "sc-hq", **fields: Any) -> Boundary:
    return Boundary(**({"name": "CENTRE", "owner": owner, "ground": square()} | fields))


FOLLOWS: Final = within(restricted(ground=None, agreement="ceasefire"))
"""A zone that follows the ceasefires."""


def check_all(mission: Mission, messages: list[Envelope], now: int) -> list[Finding]:
    engine = Engine(mission)
    engine.collect([(m, now) for m in messages])
    return engine.findings()
