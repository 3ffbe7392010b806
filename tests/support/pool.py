"""Ready-made messages for random operations: made once a run, so that the time goes into what is tested.

All are around the bridge of V1, on a grid of about 300 m, in half a day; every field that some kind of finding reads
is filled now and then.
"""

import random
from typing import Any, Final, TypeVar

from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import (
    Agreement,
    AssetDemand,
    Caveat,
    Dependency,
    Directive,
    OrderChange,
    Vehicles,
)  # fmt: skip
from schemas.envelope import Envelope, Reference, UnitRef
from schemas.geo import (
    AltitudeBand,
    AltitudeLimit,
    Area,
    Circle,
    Corridor,
    Named,
    Polygon,
    Position,
    Route,
    RoutePoint,
)  # fmt: skip
from schemas.notices import Cancellation, HazardNotice, MovementNotice, ProtectedSite, RouteState
from schemas.reports import IncidentReport, PositionReport
from schemas.time import TimeValue, TimeWindow
from tests.support.full import STEP
from tests.support.v1 import MINUTE, z

T = TypeVar("T")

UNITS: Final = ("xar-batt", "xbl-batt", "xco-eng", "xga-fpu")
PARTICIPANTS: Final = (*UNITS, "sn-hq", "sc-hq", "ocha-cmc")
HOMES: Final = ("sn-hq", "sc-hq", "fhq-u3", "xar-batt", "xbl-batt", "ocha-cmc")
IDS: Final = tuple(f"o{i}" for i in range(15))
VARIANTS: Final = 8
REPORTS: Final = 120


class Pool:
    """Messages by what they do to a world."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._serial = 0
        self.first = [self._acting(i, 1) for i in IDS for _ in range(VARIANTS)]
        self.revised = [self._acting(i, r) for i in IDS for r in (2, 3) for _ in range(2)]
        self.superseding = [self._acting(i, 1, chain=True) for i in IDS for _ in range(2)]
        self.amendments = [self._amendment() for _ in range(VARIANTS * 8)]
        self.cancellations = [self._cancelled(i) for i in IDS]
        self.reports = [self._report() for _ in range(REPORTS)]
        self.answers = [self._answer() for _ in range(REPORTS)]
        self.any = self.first[0]

    # -- envelopes ------------------------------------------------------------------------------------------------

    def said(self, body: Message, by: str, at: int, identity: str = "", revision: int = 1, **fields: Any) -> Envelope:
        """Return a message as it was sent; without an identity under a new one."""
        self._serial += 1
        named = identity or f"x{self._serial}"
        return registry.pack(body, id=named, originator=by, revision=revision, created=TimeValue(utc=at), **fields)

    def frago(self, change: OrderChange, by: str, at: int) -> Envelope:
        """Return an amendment of one order."""
        return self.said(Directive(directive_kind="frago", amends=(change,)), by, at)

    def withdrawn(self, of: Envelope, at: int) -> Envelope:
        """Return what withdraws a message."""
        return self.said(Cancellation(), of.originator, at, of.id, kind=of.kind, status="cancel")

    # -- parts ----------------------------------------------------------------------------------------------------

    def one(self, *of: T) -> T:
        """Return one of these."""
        return self.random.choice(of)

    def some(self, chance: float, *of: T) -> tuple[T, ...]:
        """Return one of these with a chance, else nothing."""
        return (self.random.choice(of),) if self.random.random() < chance else ()

    def window(self) -> TimeWindow:
        """Return a window of half an hour to four hours, mostly exact, in the first half of the day."""
        start = z("140000") + self.random.randrange(48) * 15 * MINUTE
        end = start + self.random.randrange(2, 16) * 15 * MINUTE
        match self.random.randrange(12):
            case 0:
                later, sooner = start + 30 * MINUTE, end - 15 * MINUTE
                return TimeWindow(start_earliest=start, start_latest=later, end_earliest=sooner, end_latest=end)
            case 1:
                return TimeWindow(start_earliest=start, start_latest=start)
            case 2 if self.random.random() < 0.3:
                return TimeWindow.exact(end, start)
        return TimeWindow.exact(start, end)

    def pair(self) -> tuple[float, float]:
        """Return a point of the grid as longitude and latitude."""
        east, north = self.random.randint(-4, 4), self.random.randint(-4, 4)
        return round(-27.0 + STEP * east, 6), round(2.0 + STEP * north, 6)

    def position(self) -> Position:
        """Return a point of the grid."""
        lon, lat = self.pair()
        return Position(lat=lat, lon=lon)

    def area(self) -> Area:
        """Return a small area."""
        match self.random.randrange(6):
            case 0:
                return Named(name=self.one("KESSA", "KESSA", "FORD", "KESSA SCHOOL", "nowhere"))
            case 1:
                (w, s), size = self.pair(), self.one(STEP, 2 * STEP)
                return Polygon(rings=(((w, s), (w + size, s), (w + size, s + size), (w, s + size), (w, s)),))
            case 2:
                return Corridor(points=(self.pair(), self.pair()), width_m=self.one(0.0, 100.0))
        return Circle(centre=self.position(), radius_m=self.one(0.0, 50.0, 150.0, 300.0))

    def route(self) -> Route:
        """Return a way over the bridge, or between two points."""
        when = self.window() if self.random.random() < 0.6 else None
        if self.random.random() < 0.5:
            return Route(
                name=self.one("LIME", "PLUM"), points=(RoutePoint(name="KESSA", window=when),), method="vehicle"
            )
        ends = (RoutePoint(position=self.position(), window=when), RoutePoint(position=self.position()))
        return Route(points=ends, method=self.one("vehicle", "foot", ""))

    def band(self) -> AltitudeBand | None:
        """Return a band of heights, seldom."""
        if self.random.random() < 0.8:
            return None
        low, reference = self.one(0.0, 100.0, 300.0), self.one("AGL", "MSL")
        upper = AltitudeLimit(reference=reference, value_m=low + 100.0)  # type: ignore[arg-type]
        return AltitudeBand(lower=AltitudeLimit(reference=reference, value_m=low), upper=upper)  # type: ignore[arg-type]

    def ref(self) -> Reference:
        """Return a reference to some order."""
        return Reference(id=self.one(*IDS, "never"), revision=self.one(0, 0, 0, 1))

    # -- messages -------------------------------------------------------------------------------------------------

    def _acting(self, identity: str, revision: int, chain: bool = False) -> Envelope:
        number = int(identity[1:])
        home = HOMES[number % len(HOMES)]
        makers = (self._directive, self._directive, self._directive, self._movement, self._movement, self._other)
        body = self._directive(chain) if chain or home.endswith(("hq", "u3")) else makers[number % len(makers)]()
        at = z("132000") + self.random.randrange(600) * MINUTE
        by = home if self.random.random() < 0.97 else self.one(*HOMES)
        return self.said(body, by, at, identity, revision, reality=self.one(*("real",) * 19, "exercise"))

    def _directive(self, chain: bool = False) -> Directive:
        actions = ("block", "escort", "observe", "hold", "search", "move", "patrol")
        named = self.random.random() < 0.25
        return Directive(
            directive_kind="frago", action=self.one(*actions), exclusive=self.random.random() < 0.3,
            performers=self.some(0.8, *(UnitRef(participant=u) for u in UNITS), UnitRef(name="A Coy")),
            windows=tuple(self.window() for _ in range(self.one(1, 1, 1, 2))),
            area=None if named else self.area(), route=self.route() if named else None, altitude=self.band(),
            supersedes=(self.ref(),) if chain else (), cancels=self.some(0.03, self.ref()),
            permitted=self.some(0.1, self.ref()), coordinated_with=self.some(0.1, self.ref()),
            vehicles=self.vehicles(), frequencies_mhz=self.some(0.25, 31.0, 31.02, 31.1, 40.5, 243.0, 300.0),
            dependencies=self.dependencies(), draft=self.random.random() < 0.04, assets=self.demands(),
            relies_on=self.some(0.1, "KESSA"), partial=self.random.random() < 0.1, on_order_of=self.one("", "", "FHQ"),
        )  # fmt: skip

    def _movement(self) -> MovementNotice:
        kinds = ("patrol", "convoy", "logistics", "humanitarian", "flight")
        named = self.random.random() < 0.5
        return MovementNotice(
            movement_kind=self.one(*kinds), area=None if named else self.area(),  # type: ignore[arg-type]
            route=self.route() if named else None, windows=(self.window(),), altitude=self.band(),
            vehicles=self.vehicles(), armed=self.one(None, True, False), coordinated_with=self.some(0.1, self.ref()),
            assets=self.demands(), relies_on=self.some(0.1, "KESSA"), frequencies_mhz=self.some(0.2, 31.0, 31.02, 40.5),
            state=self.one("planned", "planned", "under-way", "completed"),  # type: ignore[arg-type]
        )  # fmt: skip

    def _other(self) -> Message:
        if self.random.random() < 0.5:
            return ProtectedSite(
                name="clinic", site_kind="medical", position=self.position(), buffer_m=self.one(0.0, 200.0)
            )
        windows = self.some(0.7, self.window())
        state: Any = self.one("planned", "hot", "cold")
        return HazardNotice(hazard_kind="range", area=self.area(), windows=windows, state=state)

    def vehicles(self) -> tuple[Vehicles, ...]:
        """Return what moves, now and then without a known class."""
        return self.some(
            0.3, *(Vehicles(type=t, load_class=c) for t in ("truck", "unheard-of") for c in (None, 20, 40))
        )

    def demands(self) -> tuple[AssetDemand, ...]:
        """Return what of shared means is wanted, mostly nothing."""
        return self.some(
            0.2, AssetDemand(name="crane"), AssetDemand(name="grue"), AssetDemand(name="water", amount=60.0)
        )

    def dependencies(self) -> tuple[Dependency, ...]:
        """Return what a task hangs on, mostly nothing."""
        relations: Any = ("after-start", "after-end", "before-start", "covered-by", "relief-of")
        return self.some(0.12, *(Dependency(task=self.one(*IDS), relation=r) for r in relations))

    def _amendment(self) -> Envelope:
        change = OrderChange(
            order=self.ref(), exclusive=self.one(None, True, False), action=self.one(None, None, "observe", "block"),
            windows=self.one(None, (self.window(),)), area=self.one(None, None, self.area()),
            permitted=self.one(None, (self.ref(), self.ref())), frequencies_mhz=self.one(None, None, (31.1,)),
            coordinated_with=self.one(None, None, (self.ref(),)),
        )  # fmt: skip
        body = Directive(directive_kind="frago", amends=(change,), draft=self.random.random() < 0.05)
        at = z("140000") + self.random.randrange(300) * MINUTE
        return self.said(body, self.one("fhq-u3", "fhq-u3", "sn-hq", "sc-hq"), at, f"f{self.random.randrange(12)}",
                         self.one(1, 1, 2))  # fmt: skip

    def _cancelled(self, identity: str) -> Envelope:
        like = next(e for e in self.first if e.id == identity)
        return self.withdrawn(like, z("140000") + self.random.randrange(400) * MINUTE)

    def _answer(self) -> Envelope:
        step: Any = self.one("wilco", "wilco", "cannot-comply", "received")
        of = Reference(id=self.one(*IDS), revision=self.one(0, 0, 1, 2))
        at = z("132000") + self.random.randrange(600) * MINUTE
        return self.said(Acknowledgement(of=of, step=step), self.one(*UNITS), at)

    def _report(self) -> Envelope:
        at = z("132200") + self.random.randrange(480) * MINUTE
        body, by = self._context()
        identity = f"r{self.random.randrange(20)}" if not isinstance(body, PositionReport) else ""
        return self.said(body, by, at, identity and f"{body.KIND}-{identity}", self.one(1, 1, 2))

    def _context(self) -> tuple[Message, str]:
        match self.random.randrange(10):
            case 0 | 1 | 2:
                return self._route_state(), "xco-eng"
            case 3 | 4 | 5:
                return self._agreement(), self.one("sn-hq", "sc-hq", "fhq-u3")
            case 6 | 7:
                return self._caveat(), self.one("xar-batt", "xbl-batt")
            case 8:
                danger: Any = self.one("", "present", "lifted")
                where = self.position()
                return IncidentReport(category="uxo", position=where, danger=danger, safety_radius_m=200.0), "xar-batt"
        unit = self.one(*UNITS)
        when = TimeValue(utc=z("140000") + self.random.randrange(300) * MINUTE)
        return PositionReport(subject=UnitRef(participant=unit), position=self.position(), at=when), unit

    def _route_state(self) -> RouteState:
        state: Any = self.one("open", "open", "closed")
        return RouteState(
            section=self.one("KESSA", "FORD"), load_class=self.one(None, 10, 30, 60), lanes=self.one(None, 1, 2),
            trafficable=state, headway_s=self.one(None, 600.0),
        )  # fmt: skip

    def _agreement(self) -> Agreement:
        kind: Any = self.one("coordination", "coordination", "ceasefire", "silence", "relief")
        return Agreement(
            agreement_kind=kind, parties=("sn-hq", "sc-hq"), orders=(self.ref(), self.ref()),
            area=self.one(None, self.area()), windows=self.some(0.7, self.window()),
        )  # fmt: skip

    def _caveat(self) -> Caveat:
        return Caveat(
            units=self.some(0.7, UnitRef(participant="xar-batt")), actions=self.some(0.6, "escort", "search"),
            area=self.one(None, self.area()), night=self.random.random() < 0.01, methods=self.some(0.2, "vehicle"),
            text="not for others",
        )  # fmt: skip
