"""Bridges, fords and narrow stretches: what they carry now, and who uses them when (K04).

The newest report of a section counts, by issue time; of two issued together the one that carries less. Where nobody
has reported, the mission file speaks. Source: reference deconfliction.md §2.3 K04.
"""

from typing import NamedTuple

from coordinator.core.deconfliction.geometry import separation
from coordinator.core.deconfliction.ledger import Item, Ledger
from coordinator.core.deconfliction.passages import passage
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.setting import Setting, Spot, spot
from coordinator.core.deconfliction.windows import FAR, Span, fault, merged, possible, span
from coordinator.core.mission import Place, Section
from schemas.geo import Pair
from schemas.notices import RouteState


class Rating(NamedTuple):
    """What a section carries from an instant on, and who says so."""

    since: int
    item: Item | None
    load_class: int | None
    lanes: int | None
    headway_s: float | None
    closed: bool = False
    spans: tuple[Span, ...] = ()  # when it holds; empty is always

    @property
    def name(self) -> tuple[str, ...]:
        """The report that says so, as evidence."""
        return (self.item.name,) if self.item else ()

    @property
    def news(self) -> str:
        """What a finding says that this rating put an end to."""
        return f"re-rated by {self.item.name}" if self.item else ""


class Use(NamedTuple):
    """When something is on a section; ``certain`` if it must pass there, ``course`` in which direction."""

    span: Span
    certain: bool
    course: Pair | None


def ratings(ledger: Ledger, of: Spot) -> tuple[Rating, ...]:
    """Return how a section was rated, oldest first; the last rating is in force."""
    own = Rating(-FAR, None, of.section.load_class, of.section.lanes, of.section.headway_s)
    names = {n.casefold() for n in (of.section.name, of.section.place, of.place.name, *of.place.aliases)}
    keys = {k for n in names for k in ledger.stated.get(n, ())}
    reports = [i for i in ledger.all_of("route-state", keys) if isinstance(i.body, RouteState)]
    reports = [i for i in reports if i.body.section.casefold() in names]  # type: ignore[attr-defined]
    times = sorted({i.issued for i in reports})
    return (own, *(_rating(_newest(reports, t), t, own) for t in times))


def _newest(reports: list[Item], time: int) -> Item:
    """Return the report that counts at a time: of each message the highest revision, of those the latest issued."""
    heads: dict[object, Item] = {}
    for i in reports:
        if i.issued <= time and (i.key not in heads or heads[i.key].revision < i.revision):
            heads[i.key] = i
    return min(heads.values(), key=lambda i: (-i.issued, _carries(i), i.digest))


def _carries(item: Item) -> float:
    body = item.body
    assert isinstance(body, RouteState)  # noqa: S101 - chosen by kind
    if body.trafficable == "closed":
        return -1.0
    return float("inf") if body.load_class is None else float(body.load_class)


def _rating(item: Item, since: int, own: Rating) -> Rating:
    body = item.body
    assert isinstance(body, RouteState)  # noqa: S101 - chosen by kind
    return Rating(
        since,
        item,
        own.load_class if body.load_class is None else body.load_class,
        own.lanes if body.lanes is None else body.lanes,
        own.headway_s if body.headway_s is None else max(0.0, body.headway_s),
        body.trafficable == "closed",
        merged([span(w) for w in body.windows if not fault(w)]),
    )


def in_force(rating: Rating, use: Use) -> bool:
    """Say whether a rating speaks about the time of a use."""
    return not rating.spans or any(possible(s, use.span, 0) for s in rating.spans)


def uses(reading: Reading, of: Spot) -> tuple[Use, ...]:
    """Return when a reading uses a section: its stated times there, else from its first cell there to its last."""
    hits = [(i, p) for i, p in enumerate(reading.parts) if _touches(p, of)]
    course = next((p.course for _, p in hits if p.course), None)
    still = tuple(Use(p.span, _must(p, reading, of), course) for _, p in hits if not p.moving)
    if still or not hits:
        return tuple(dict.fromkeys(still))
    if not all(p.timed for _, p in hits):
        return tuple(dict.fromkeys(Use(p.span, True, course) for _, p in hits))
    starts = [i for i, _ in hits if i - 1 not in dict(hits)]
    passed = [(i, s) for i in starts if (s := passage(reading, i, lambda p: _touches(p, of)))]
    return tuple(dict.fromkeys(Use(s, True, reading.parts[i].course) for i, s in passed))


def _touches(part: Part, of: Spot) -> bool:
    (w, s, e, n), (w2, s2, e2, n2) = part.shape.box, of.shape.box
    if s > n2 or s2 > n or not any(w + t <= e2 and w2 <= e + t for t in (-360.0, 0.0, 360.0)):
        return False
    return separation(part.shape, of.shape, 0.0) is not None


def _must(part: Part, reading: Reading, of: Spot) -> bool:
    """Say whether being on a part that does not move means being on the section: a point of a route, or that place."""
    return reading.fields.route is not None or part.name in (of.place.name, of.section.name)


def named(state: RouteState, setting: Setting) -> Spot | None:
    """Return the section that a report is about: of the mission, or a place that becomes one."""
    found = setting.spot_named(state.section)
    place = setting.mission.place(state.section)
    if place is None and state.position is not None:
        place = Place(name=state.section, lat=state.position.lat, lon=state.position.lon)
    if found is None and place is not None:
        found = spot(Section(name=place.name, place=place.name), place)
    return found
