"""What participants let others know: movements, hazards, protected sites, the state of routes; and withdrawals.

A notice is never a request for permission, and the lack of one never means that a place is free (design §1).
Source: reference formats.md §3.3, §10.5; domain.md §1.5, §1.7.
"""

from typing import ClassVar, Literal

from schemas.base import Message
from schemas.directives import AssetDemand, Vehicles
from schemas.envelope import Contact, Reference
from schemas.geo import AltitudeBand, Area, Position, Route
from schemas.reports import Appraisal
from schemas.time import TimeWindow
from schemas.units import Count, Length, LoadClass, MetresPerSecond, Seconds


class MovementNotice(Message):
    """Somebody will move: a patrol, a convoy, a humanitarian movement, a flight."""

    KIND: ClassVar[str] = "movement"

    movement_kind: Literal["patrol", "convoy", "logistics", "humanitarian", "flight", "vessel", "recce", "admin"]
    route: Route | None = None
    area: Area | None = None  # where it stays, for a patrol or a recce without a route
    windows: tuple[TimeWindow, ...] = ()
    altitude: AltitudeBand | None = None
    purpose: str = ""
    method: Literal["", "foot", "vehicle", "air", "boat"] = ""
    armed: bool | None = None
    escorted: bool | None = None
    vehicles: tuple[Vehicles, ...] = ()
    strength: Count | None = None
    organisation: str = ""
    drivers: str = ""
    cargo: str = ""
    contact: Contact | None = None
    coordinated_with: tuple[Reference, ...] = ()
    state: Literal["planned", "under-way", "completed"] = "planned"
    assets: tuple[AssetDemand, ...] = ()
    relies_on: tuple[str, ...] = ()  # places that it needs observed or held by others
    frequencies_mhz: tuple[float, ...] = ()


class HazardNotice(Message):
    """A safety notice: where and when it is dangerous. It names no target and no wanted effect."""

    KIND: ClassVar[str] = "hazard"

    hazard_kind: Literal["range", "demolition", "illumination", "fire", "spray", "uxo", "mine", "impact", "other"]
    area: Area
    windows: tuple[TimeWindow, ...] = ()
    altitude: AltitudeBand | None = None
    state: Literal["planned", "hot", "check-fire", "cold", "lifted"] = "planned"
    error_m: Length | None = None
    safety_radius_m: Length | None = None
    contact: Contact | None = None
    remarks: str = ""
    appraisal: Appraisal | None = None


class ProtectedSite(Message):
    """A hospital, a school, a water point, a camp. Protection never depends on being listed."""

    KIND: ClassVar[str] = "protected-site"

    name: str
    site_kind: str
    position: Position | None = None
    footprint: Area | None = None
    buffer_m: Length | None = None
    windows: tuple[TimeWindow, ...] = ()
    organisation: str = ""
    contact: Contact | None = None
    removed: bool = False


class RouteState(Message):
    """What a bridge, ford or stretch of road carries now. The newest revision counts."""

    KIND: ClassVar[str] = "route-state"

    section: str  # the gazetteer's name of the section
    position: Position | None = None
    load_class: LoadClass | None = None
    width_m: Length | None = None
    lanes: Count | None = None
    trafficable: Literal["open", "caution", "closed", "unknown"] = "open"
    speed_limit_mps: MetresPerSecond | None = None
    one_at_a_time: bool = False
    headway_s: Seconds | None = None
    windows: tuple[TimeWindow, ...] = ()
    remarks: str = ""


class Cancellation(Message):
    """The body of any message with status "cancel": the thing with this id is withdrawn, and stays so."""

    KIND: ClassVar[str] = "cancellation"

    reason: str = ""
