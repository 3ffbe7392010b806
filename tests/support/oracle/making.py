"""What the cases of the second oracle are made of: times, places, shapes and messages near the limits, from a seed.

Nothing is on a grid: two shapes are drawn at a wanted distance of each other, in any direction, so that about half of
them are nearer than a rule allows. Seeded; the same seed makes the same cases.
"""

import math
import random
from typing import Any, Final, TypeVar

from schemas import registry
from schemas.base import Message
from schemas.directives import Agreement, Directive
from schemas.envelope import Envelope, Reference, UnitRef
from schemas.geo import (
    AltitudeBand,
    AltitudeLimit,
    Area,
    Circle,
    Corridor,
    Line,
    Pair,
    Polygon,
    Position,
)  # fmt: skip
from schemas.notices import Cancellation, HazardNotice, MovementNotice, ProtectedSite
from schemas.time import TimeValue, TimeWindow
from tests.support.v1 import DAY, HOUR, MINUTE, z

T = TypeVar("T")

NOW: Final = z("140000")
EARLY: Final = NOW - 2 * DAY
ANCHORS: Final = ((20.0, 60.0), (179.9997, 10.0), (-179.9995, -42.0), (-70.0, -35.0), (3.0, 0.0), (100.0, 70.0))
"""Longitude and latitude of the middles of cases away from the mission's own places; two are on the seam."""
HQS: Final = ("sn-hq", "sc-hq", "fhq-u3")
UNITS: Final = ("xar-batt", "xbl-batt", "xco-eng", "xga-fpu")
CLASSES: Final = {
    "closure": lambda **f: Directive(directive_kind="frago", action="block", exclusive=True, **f),
    "use": lambda **f: MovementNotice(movement_kind="recce", **f),
    "armed": lambda **f: MovementNotice(movement_kind="patrol", **f),
    "logistics": lambda **f: MovementNotice(movement_kind="logistics", **f),
    "humanitarian": lambda **f: MovementNotice(movement_kind="humanitarian", **f),
    "escort": lambda **f: Directive(directive_kind="frago", action="escort", **f),
    "explosive": lambda **f: HazardNotice(hazard_kind="range", **f),
    "air": lambda **f: MovementNotice(movement_kind="flight", **f),
    "protected": lambda **f: ProtectedSite(
        name="clinic", site_kind="medical", footprint=f.pop("area"), windows=f.pop("windows", ())
    ),
}  # fmt: skip


class Making:
    """A source of random parts and messages."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, *of: T) -> T:
        """Return one of these."""
        return self.random.choice(of)

    def chance(self, of: float) -> bool:
        """Say yes with a chance."""
        return self.random.random() < of

    # -- time -----------------------------------------------------------------------------------------------------

    def exact(self, start: int | None = None, longest: int = 240) -> TimeWindow:
        """Return an exact window in the second half of the day, or from a start."""
        begun = NOW + 12 * HOUR + self.random.randrange(0, 600) * MINUTE if start is None else start
        return TimeWindow.exact(begun, begun + self.random.randint(10, longest) * MINUTE)

    def loose(self, of: TimeWindow) -> TimeWindow:
        """Return a window that may begin later and end sooner, or is open at a side."""
        assert of.start_earliest is not None
        assert of.end_latest is not None
        start, end = of.start_earliest, of.end_latest
        soon, late = (3 * start + end) // 4, (start + 3 * end) // 4
        match self.random.randrange(5):
            case 0:
                return TimeWindow(start_earliest=start, start_latest=soon, end_earliest=late, end_latest=end)
            case 1:
                return TimeWindow(start_earliest=start, start_latest=late, end_earliest=soon, end_latest=end)
            case 2:
                return TimeWindow(start_earliest=start, start_latest=start)
            case 3:
                return TimeWindow(start_earliest=start, trigger="on order")
        return TimeWindow(end_earliest=end, end_latest=end)

    def beside(self, of: TimeWindow, gap_s: float) -> TimeWindow:
        """Return a window that overlaps one, touches it, or keeps about a gap to it."""
        assert of.start_earliest is not None
        assert of.end_latest is not None
        gap = int(gap_s * 1_000_000)
        away = self.one(-HOUR, -MINUTE, -1, 0, 0, 1, MINUTE, gap - 1, gap, gap + 1, gap + MINUTE)
        length = self.random.randint(10, 200) * MINUTE
        if self.chance(0.5):
            return TimeWindow.exact(of.end_latest + away, of.end_latest + away + length)
        return TimeWindow.exact(of.start_earliest - away - length, of.start_earliest - away)

    # -- place ----------------------------------------------------------------------------------------------------

    def off(self, at: Pair, metres: float, bearing: float | None = None) -> Pair:
        """Return the point so many metres from another, in any direction."""
        angle = self.random.uniform(0, 2 * math.pi) if bearing is None else bearing
        north = metres * math.cos(angle) / 111_200.0
        east = metres * math.sin(angle) / (111_300.0 * math.cos(math.radians(at[1])))
        lon = (at[0] + east + 180.0) % 360.0 - 180.0
        return round(lon, 7), round(at[1] + north, 7)

    def circle(self, at: Pair, radius: float | None = None) -> Circle:
        """Return a circle around a point."""
        size = round(self.random.uniform(20, 300), 1) if radius is None else radius
        return Circle(centre=Position(lon=at[0], lat=at[1]), radius_m=size)

    def shape(self, at: Pair) -> Area:
        """Return some shape with a point in or on it; only circles lie across the seam (RFC 7946 §3.1.9)."""
        kind = self.random.randrange(5)
        if kind in (0, 1):
            return self.circle(at)
        if kind == 2:
            far = self.off(at, self.random.uniform(50, 1500))
            if abs(far[0] - at[0]) > 180:
                return self.circle(at)
            return self.one(Line(points=(at, far)), Corridor(points=(at, far), width_m=self.one(20.0, 150.0)))
        corners = self._around(at, self.one(3, 4, 6), self.random.uniform(50, 500))
        crosses = max(c[0] for c in corners) - min(c[0] for c in corners) > 180
        return self.circle(at) if crosses else Polygon(rings=((*corners, corners[0]),))

    def _around(self, at: Pair, count: int, metres: float) -> list[Pair]:
        """Return the corners of a convex polygon: on a circle, in order, counter-clockwise."""
        first = self.random.uniform(0, 2 * math.pi)
        steps = [first - 2 * math.pi * (i + self.random.uniform(-0.3, 0.3)) / count for i in range(count)]
        return [self.off(at, metres, a) for a in steps]

    def rectangle(self, at: Pair, east: float, north: float) -> Polygon:
        """Return a rectangle from its south-western corner, in degrees."""
        w, s, e, n = at[0], at[1], round(at[0] + east, 7), round(at[1] + north, 7)
        return Polygon(rings=(((w, s), (e, s), (e, n), (w, n), (w, s)),))

    def band(self) -> AltitudeBand:
        """Return a band of heights; now and then open at a side or in another datum."""
        low = self.one(0.0, 50.0, 100.0, 200.0, 300.0)
        high = low + self.one(50.0, 100.0, 149.0)
        datum: Any = self.one("MSL", "MSL", "MSL", "AGL")
        lower = AltitudeLimit(reference=datum, value_m=low) if self.chance(0.9) else None
        upper = AltitudeLimit(reference=datum, value_m=high) if self.chance(0.9) else None
        return AltitudeBand(lower=lower, upper=upper)

    # -- messages -------------------------------------------------------------------------------------------------

    def said(self, body: Message, by: str, identity: str, at: int = EARLY, revision: int = 1, **f: Any) -> Envelope:
        """Return a message as it was sent."""
        created = TimeValue(utc=at)
        return registry.pack(body, id=identity, originator=by, revision=revision, created=created, **f)

    def cancelled(self, of: Envelope, at: int = EARLY + HOUR) -> Envelope:
        """Return what withdraws a message."""
        return self.said(Cancellation(), of.originator, of.id, at, kind=of.kind, status="cancel")

    def issuer(self, body: Message) -> str:
        """Return who could have issued something."""
        return self.one(*HQS) if isinstance(body, Directive) else self.one(*UNITS, "ocha-cmc")


def unit(name: str) -> UnitRef:
    """Return a unit by its participant."""
    return UnitRef(participant=name)


def ref(identity: str, revision: int = 0) -> Reference:
    """Return a reference."""
    return Reference(id=identity, revision=revision)


def two(m: Making, row: Any, one: Any, other: Any, when: TimeWindow, then: TimeWindow) -> tuple[Any, Any]:
    """Return the bodies of the two sides of a row, either one first."""
    a = CLASSES[row.a](area=one, windows=(when,))
    b = CLASSES[m.one("escort", row.b) if row.b == "use" else row.b](area=other, windows=(then,))
    return (a, b) if m.chance(0.5) else (b, a)


def sent(m: Making, a: Any, b: Any) -> list[Envelope]:
    """Return two bodies as messages "a" and "b"."""
    return [m.said(a, m.issuer(a), "a"), m.said(b, m.issuer(b), "b", EARLY + m.one(-1, 0, 1) * MINUTE)]


def pact(m: Making, messages: list[Envelope]) -> list[Envelope]:
    """Return an agreement on "a" and "b", by one of the parties or a third."""
    parties = tuple(e.originator for e in messages)
    body = Agreement(agreement_kind="coordination", parties=parties, orders=(ref("a"), ref("b")))
    return [m.said(body, m.one("joc", *parties), "pact")]
