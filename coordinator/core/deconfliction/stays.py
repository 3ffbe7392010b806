"""How a party stands to a measure on the ground: whether it surely or possibly is there, from when to when, and where.

A way passes over all of a leg within the leg's window, whatever its progress: if the measure holds for all of that
window, being there is certain. Legs are cut until their pieces are cells of 50 m, so that a leg that only comes near
the measure while it does not hold is no hit, and times are those of entering and leaving. Source: reference
deconfliction.md §2.1 (Time, Contact, Movement), §2.3 K05-K08, §3.5.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from shapely import Point

from coordinator.core.deconfliction.geometry import Shape, firmly_near, separation, surely_near
from coordinator.core.deconfliction.meeting import heights
from coordinator.core.deconfliction.reading import Part
from coordinator.core.deconfliction.ways import crossed, earthly
from coordinator.core.deconfliction.windows import FAR, Span, definite, overlap, possible
from schemas.findings import Certainty
from schemas.geo import AltitudeBand, Pair


class Where(NamedTuple):
    """What a party is held against: a shape (None is everywhere), a standoff, whether a border counts, heights."""

    shape: Shape | None
    standoff_m: float = 0.0
    touch: bool = True
    band: AltitudeBand | None = None

    @property
    def barrier(self) -> bool:
        """Whether it is a mere line, which is crossed and not entered."""
        return bool(self.shape and self.shape.geometry.geom_type == "LineString") and not self._width

    @property
    def _width(self) -> float:
        return self.standoff_m + (self.shape.reach_m if self.shape else 0.0)


class Hit(NamedTuple):
    """One part that is there. ``when`` is the time that it and the measure may have in common; ``first`` its order."""

    certainty: Certainty
    distance_m: float
    when: Span
    at: Pair | None
    because: tuple[str, ...]
    part: Part
    first: int = 0


class Stay(NamedTuple):
    """Hits that follow on each other: what is shown of them."""

    certainty: Certainty
    distance_m: float
    when: Span
    at: Pair | None
    because: tuple[str, ...]
    hits: tuple[Hit, ...]


Times = Callable[[Part], Iterable[Span]]
"""When a measure holds at the place of a part."""


def hits(parts: Sequence[Part], where: Where, times: Times) -> Iterator[Hit]:
    """Yield every part that surely or possibly is at a place while a measure holds there, in their order."""
    points = crossed(parts, where.shape) if where.barrier and where.shape else {}
    for i, part in enumerate(parts):
        if where.barrier and part.moving and not part.shape.reach_m:
            met = (_crossing(part, where, z, points[i]) for z in times(part)) if i in points else ()
            yield from (h._replace(first=i) for h in met if h)
            continue
        within = where._replace(touch=False) if where.barrier else where
        yield from (h._replace(first=i) for z in times(part) if (h := _hit(part, within, z)))


def best(found: Iterable[Hit]) -> Stay | None:
    """Return the hits to show as one stay: certain before possible, then nearest, then earliest; None for none."""
    return min(_stays(found), key=_rank, default=None)


def _rank(stay: Stay) -> tuple[object, ...]:
    return stay.certainty != "definite", round(stay.distance_m), stay.when, stay.at or (), stay.because


def _stays(found: Iterable[Hit]) -> Iterator[Stay]:
    """Yield hits that have no time between them as one (§0, point 8: merged in time)."""
    together: list[Hit] = []
    end = -FAR
    for hit in sorted(found, key=lambda h: (h.when, h.first)):
        if together and hit.when.se > end:
            yield _stay(together)
            together = []
        end = max(end, hit.when.el) if together else hit.when.el
        together.append(hit)
    if together:
        yield _stay(together)


def _stay(together: Sequence[Hit]) -> Stay:
    first = min(together, key=lambda h: (h.certainty != "definite", round(h.distance_m), h.when, h.at or ()))
    return Stay(first.certainty, first.distance_m, _hull([h.when for h in together]), first.at, first.because,
                tuple(together))  # fmt: skip


def _hull(spans: Sequence[Span]) -> Span:
    return Span(min(s.se for s in spans), min(s.sl for s in spans), max(s.ee for s in spans), max(s.el for s in spans))


# -- one part ---------------------------------------------------------------------------------------------------------


def _hit(part: Part, where: Where, holds: Span) -> Hit | None:
    """Return the hit of one part, its halves searched as far as they are not alike."""
    here = _near(part, where, holds)
    if here is None or _throughout(part, where, holds):
        return here
    halves = part.halves()
    if not halves:
        return here
    found = [h for half in halves if (h := _hit(half, where, holds))]
    if not found:
        return None
    whole = _stay(found)
    sure = here.certainty == "definite" or whole.certainty == "definite"
    because = () if sure else whole.because
    return Hit("definite" if sure else "possible", whole.distance_m, whole.when, whole.at, because, part)


def _near(part: Part, where: Where, holds: Span) -> Hit | None:
    when = overlap(part.span, holds) if possible(part.span, holds, 0) else None
    height = heights(part.altitude, where.band, 0.0)
    if when is None or height.apart:
        return None
    apart, at = 0.0, None
    if where.shape is not None:
        met = separation(part.shape, where.shape, where.standoff_m, touch=where.touch)
        if met is None:
            return None
        apart, at = met
    because = tuple(_doubts(part, where, holds, height.proven))
    return Hit("possible" if because else "definite", apart, when, at, because, part)


def _crossing(part: Part, where: Where, holds: Span, at: Pair) -> Hit | None:
    """Return the hit of the cell of a leg on which it comes to the other side of a line."""
    point = Point(at)
    while halves := part.halves():
        part = min(halves, key=lambda h: float(h.shape.geometry.distance(point)))
    hit = _near(part, where, holds)
    if hit is None:
        return None
    because = tuple(b for b in hit.because if b != "progress")
    if not _covers(part.span, holds) and not (part.timed and definite(part.span, holds, 0)):
        because = (*because, "progress")  # it is on this leg then, perhaps not at the line
    return hit._replace(at=earthly(at), because=because, certainty="possible" if because else "definite")


def _doubts(part: Part, where: Where, holds: Span, proven: bool) -> Iterator[str]:
    """Yield what keeps a hit from being certain."""
    covered = _covers(part.span, holds)
    if not covered and not definite(part.span, holds, 0):
        yield "times"
    if not proven:
        yield "heights"
    if where.shape is None:
        return
    firm_m = where.standoff_m - 2 * part.blur_m
    if part.blur_m and not firmly_near(part.shape, where.shape, firm_m, touch=where.touch):
        yield "positions"
    if not covered and (not part.timed or (part.moving and not _wherever(part, where.shape, firm_m))):
        yield "progress"


def _throughout(part: Part, where: Where, holds: Span) -> bool:
    """Say whether no piece of a part can differ from the whole: always there, not moving, or timed as a whole only."""
    if not (part.moving and part.timed) or where.shape is None:
        return True
    return _covers(part.span, holds) and _wherever(part, where.shape, where.standoff_m - 2 * part.blur_m)


def _wherever(part: Part, there: Shape, limit_m: float) -> bool:
    return surely_near(part.shape, there, limit_m, both_move=False)


def _covers(span: Span, holds: Span) -> bool:
    """Say whether a measure surely holds for all the time that something may take."""
    return holds.sl <= span.se and span.el <= holds.ee
