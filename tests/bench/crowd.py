"""Very many orders in one mission area, as reference deconfliction.md §3 describes them, from a seed.

Six degrees by six, thirty days, half of the orders around twenty-five towns. 62 % are small sites, 22 % routes of three
to twelve legs of at most a kilometre, 12 % areas of 4 to 15 km, 4 % of 20 to 60 km. They last from half an hour to a
day; 2 % several days, 0.3 % have no end. 12 % of the pairs of activities do not go together; as the frequent ones
(to move, to patrol) go with all, that is one in a hundred pairs of orders. A unit has one task at a time and rests in
between, so there are as many units as the orders need.
"""

import heapq
import math
import random
from collections.abc import Iterator
from itertools import combinations_with_replacement
from typing import Any, Final, NamedTuple, get_args

import msgspec

from coordinator.core.mission import Activity, MatrixRow, Mission, Participant, Rules, Speed, VehicleType
from schemas import registry
from schemas.directives import Action, Directive, Vehicles
from schemas.envelope import Envelope, UnitRef
from schemas.geo import Area, Circle, Polygon, Position, Route, RoutePoint
from schemas.time import TimeValue, TimeWindow

MINUTE: Final = 60_000_000
DAY: Final = 1440 * MINUTE
BEGIN: Final = 1_803_859_200_000_000  # 2027-03-01
DAYS: Final = 30
SPREAD: Final = (-27.0, 2.0, 6.0)  # west, south, side in degrees
HOT: Final = (-24.3, 4.7, 0.6)
TOWNS: Final = 25
HQS: Final = ("fhq", "sn", "sc")
CONTINGENTS: Final = tuple(f"x{i:02}" for i in range(40))
ACTIONS: Final = get_args(Action)[:16]
_WEIGHTS: Final = tuple((i + 1) ** -1.5 for i in range(len(ACTIONS)))  # how frequent each is, beside the others
_FREQUENT: Final = 5
_INCOMPATIBLE: Final = 0.12
_RESERVE: Final = 10_000_000  # units from here on are in reserve
_REST: Final = 12 * 60 * MINUTE  # of a unit between two tasks, at least
_DEGREE_M: Final = 111_000.0


class Field(NamedTuple):
    """Where orders are: towns in a square."""

    west: float
    south: float
    side: float
    towns: tuple[tuple[float, float], ...]


class Times(NamedTuple):
    """When an order is: the end None if it has none."""

    start: int
    end: int | None


def mission(capacity: int = 1_000_000) -> Mission:
    """Return a mission with sixteen classes of activity, of whose pairs 12 % do not go together."""
    return Mission(
        name="crowd",
        participants=(
            Participant(id="fhq", role="hq", operator=True),
            *(Participant(id=hq, role="hq", superior="fhq") for hq in HQS[1:]),
            *(Participant(id=c, superior=_hq(c)) for c in CONTINGENTS),
        ),
        activities=tuple(Activity(classes=(a,), kind="directive", action=(a,)) for a in ACTIONS),
        matrix=tuple(_rows()),
        speeds=(Speed(method="vehicle", min_mps=5.0, max_mps=15.0),),
        vehicles=(VehicleType(type="truck", load_class=16),),
        rules=Rules(capacity_orders=capacity, checks_per_hour=100_000),
    )


def toml() -> str:
    """Return the mission as a file."""
    written = []
    for name, value in msgspec.json.decode(msgspec.json.encode(mission())).items():
        if isinstance(value, list):
            written += [f"[[{name}]]\n{_keys(row)}" for row in value]
        elif isinstance(value, str):
            written.insert(0, _keys({name: value}))
    return "\n".join(written)


def _keys(of: dict[str, Any]) -> str:
    """Return keys and values; TOML writes numbers, texts and lists of them as JSON does."""
    return "".join(f"{key} = {msgspec.json.encode(value).decode()}\n" for key, value in of.items())


def _rows() -> Iterator[MatrixRow]:
    random_ = random.Random(5)
    pairs = list(combinations_with_replacement(ACTIONS, 2))
    random_.shuffle(pairs)
    left = round(_INCOMPATIBLE * len(ACTIONS) ** 2)
    for a, b in pairs:
        if {a, b} & {*ACTIONS[:_FREQUENT]}:
            continue
        left -= 1 if a == b else 2
        if left < 0:
            return
        yield MatrixRow(
            name=f"{a}/{b}", a=a, b=b, severity=random_.choice(("CRITICAL", "HIGH", "MEDIUM")),
            distance_m=random_.choice((0.0, 100.0, 500.0)), gap_s=random_.choice((0.0, 900.0, 1800.0)),
        )  # fmt: skip


def field(square: tuple[float, float, float] = SPREAD) -> Field:
    """Return a square with its towns; the hot spot is one town."""
    west, south, side = square
    random_ = random.Random(3)
    towns = [(west + random_.random() * side, south + random_.random() * side) for _ in range(TOWNS)]
    return Field(west, south, side, tuple(towns) if side > 1 else ())


def orders(count: int, where: Field, seed: int = 17, mark: str = "o") -> Iterator[Envelope]:
    """Yield so many orders, in the order of their start."""
    random_ = random.Random(seed)
    free: list[tuple[int, int]] = []  # from when on which unit
    for number, when in enumerate(sorted((_times(random_) for _ in range(count)), key=lambda t: t.start)):
        unit = heapq.heappop(free)[1] if free and free[0][0] <= when.start else number
        yield order(random_, f"{mark}-{number}", where, when, unit)
        end = BEGIN + 2 * DAYS * DAY if when.end is None else when.end
        heapq.heappush(free, (end + max(_REST, end - when.start), unit))


def questions(count: int, where: Field, seed: int = 23) -> Iterator[Envelope]:
    """Yield orders that somebody asks about, at any time; nine in ten for a unit that has nothing else to do."""
    random_ = random.Random(seed)
    for number in range(count):
        unit = random_.randrange(1000) if random_.random() < 0.1 else _RESERVE + number
        yield order(random_, f"q-{number}", where, _times(random_), unit)


def order(random_: random.Random, identity: str, where: Field, when: Times, unit: int) -> Envelope:
    """Return one order."""
    area, route, windows = _place(random_, where, when.start, when.end)
    contingent = CONTINGENTS[unit % len(CONTINGENTS)]
    body = Directive(
        directive_kind="frago",
        action=random_.choices(ACTIONS, _WEIGHTS)[0],
        task="as discussed",
        performers=(UnitRef(participant=contingent, name=f"company {unit}"),),
        windows=windows,
        area=area,
        route=route,
        vehicles=(Vehicles(type="truck", count=random_.randint(1, 6)),),
    )
    issued = TimeValue(utc=BEGIN - random_.randint(1, 2880) * MINUTE)
    hq = random_.choice(("fhq", _hq(contingent)))
    return registry.pack(body, id=identity, originator=hq, created=issued, received_at=issued.utc)


def _hq(contingent: str) -> str:
    return HQS[1 + CONTINGENTS.index(contingent) % 2]


def _times(random_: random.Random) -> Times:
    start = BEGIN + random_.randrange(DAYS * 1440) * MINUTE
    kind = random_.random()
    if kind < 0.003:
        return Times(start, None)
    if kind < 0.023:
        return Times(start, start + random_.randint(2, 10) * DAY)
    return Times(start, start + random_.randint(30, 1440) * MINUTE)


def _place(
    random_: random.Random, where: Field, start: int, end: int | None
) -> tuple[Area | None, Route | None, tuple[TimeWindow, ...]]:
    at, kind = _near(random_, where), random_.random()
    window = TimeWindow(start_earliest=start, start_latest=start, end_earliest=end, end_latest=end)
    if kind < 0.22:
        return None, _route(random_, at, start), ()
    if kind < 0.34:
        return _blob(random_, at, random_.uniform(4_000, 15_000)), None, (window,)
    if kind < 0.38:
        return _blob(random_, at, random_.uniform(20_000, 60_000)), None, (window,)
    if kind < 0.69:
        return _circle(at, random_.uniform(25, 250)), None, (window,)
    return _blob(random_, at, random_.uniform(50, 500)), None, (window,)


def _near(random_: random.Random, where: Field) -> tuple[float, float]:
    """Return a place: half are around a town, by a bell curve of six kilometres."""
    if where.towns and random_.random() < 0.5:
        lon, lat = random_.choice(where.towns)
        return round(random_.gauss(lon, 0.055), 6), round(random_.gauss(lat, 0.055), 6)
    west, south, side, _ = where
    return round(west + random_.random() * side, 6), round(south + random_.random() * side, 6)


def _circle(at: tuple[float, float], radius_m: float) -> Circle:
    return Circle(centre=Position(lat=at[1], lon=at[0]), radius_m=round(radius_m, 1))


def _blob(random_: random.Random, at: tuple[float, float], across_m: float) -> Polygon:
    """Return an octagon that is not regular."""
    corners = []
    for i in range(8):
        reach = across_m / 2 / _DEGREE_M * random_.uniform(0.7, 1.0)
        turn = 2 * math.pi * i / 8
        corners.append((round(at[0] + reach * math.cos(turn), 6), round(at[1] + reach * math.sin(turn), 6)))
    return Polygon(rings=((*corners, corners[0]),))


def _route(random_: random.Random, at: tuple[float, float], start: int) -> Route:
    """Return a way with three to twelve legs that is left at a time and driven at the usual speed."""
    lon, lat = at
    course = random_.uniform(0, 2 * math.pi)
    points = [RoutePoint(position=Position(lat=lat, lon=lon), window=TimeWindow.exact(start, start + 10 * MINUTE))]
    for _ in range(random_.randint(3, 12)):
        course += random_.uniform(-0.6, 0.6)
        reach = random_.uniform(500, 950) / _DEGREE_M
        lon, lat = round(lon + reach * math.cos(course), 6), round(lat + reach * math.sin(course), 6)
        points.append(RoutePoint(position=Position(lat=lat, lon=lon)))
    return Route(points=tuple(points), method="vehicle")
