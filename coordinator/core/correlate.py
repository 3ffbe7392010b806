"""Which findings are one problem: a card is a connected component of findings near in place and time.

Four rules, kept by `clusters`, so that the same set of findings gives the same cards in whatever order they came:

* two findings are linked if their windows are near, and they share a message or a place, and both were unsettled at one
  time (a problem of the afternoon does not open the card of the morning again);
* components are made of findings that are not closed; what was closed stays on the card of the component it is linked
  to, the oldest if there are several, and on a card of its own if there is none;
* findings of severity INFO are on no card;
* what only some may know of shares a card only with what the same may know of: else the card's number, severity, place
  or very existence would tell the others (law 6).

A card is named by its founder, the finding that was known first (`clusters.Group`). What comes later never renames it;
where two cards become one, the older name stays. No name that follows from a set alone can do more: of two cards that
merge, one must give up its own.

Source: design §4; tolerances are mission data (`Cards`).
"""

from math import asin, cos, inf, radians, sin, sqrt
from typing import Final, NamedTuple

from coordinator.core.mission import Cards
from schemas.findings import Finding
from schemas.geo import Pair

EARTH_M: Final = 6_371_008.8  # mean radius (IUGG): tolerances of kilometres need no ellipsoid
NORTH_M: Final = radians(EARTH_M)  # one degree of latitude
SECOND: Final = 1_000_000


class Spot(NamedTuple):
    """Where and when a finding is, and when it was unsettled; microseconds, infinite where unknown."""

    parties: frozenset[str]
    at: Pair | None
    start: float
    end: float
    born: float
    died: float
    only: frozenset[str] | None = None  # nobody else may know that it exists

    @property
    def active(self) -> bool:
        """Whether it is unsettled."""
        return self.died == inf


def on_a_card(finding: Finding) -> bool:
    """Say whether a finding belongs on a card at all."""
    return finding.severity != "INFO"


def window(finding: Finding) -> tuple[float, float]:
    """Return when a conflict takes place: its overlap, or all of its parties' windows; infinite where unknown."""
    overlap = finding.evidence.overlap
    windows = [overlap] if overlap else [p.window for p in finding.parties if p.window]
    starts = [_first(w.start_earliest, w.start_latest, -inf) for w in windows]
    ends = [_first(w.end_latest, w.end_earliest, inf) for w in windows]
    return min(starts, default=-inf), max(ends, default=inf)


def spot(finding: Finding) -> Spot:
    """Return what nearness is judged by."""
    start, end = window(finding)
    return Spot(
        parties=frozenset(p.id for p in finding.parties if p.id),
        at=finding.evidence.at,
        start=start,
        end=end,
        born=finding.first_at,
        died=finding.at if finding.state == "closed" else inf,
        only=None if finding.only is None else frozenset(finding.only),
    )


def linked(a: Spot, b: Spot, cards: Cards) -> bool:
    """Say whether two findings are one problem; symmetric."""
    gap = cards.gap_s * SECOND
    if a.only != b.only:
        return False
    if a.born > b.died or b.born > a.died or a.start - gap > b.end or b.start - gap > a.end:
        return False
    if not a.parties.isdisjoint(b.parties):
        return True
    return a.at is not None and b.at is not None and _within(a.at, b.at, cards.distance_m)


def _within(a: Pair, b: Pair, limit_m: float) -> bool:
    """Compare latitudes first: most pairs are far apart, and this is asked for every pair."""
    return abs(a[1] - b[1]) * NORTH_M <= limit_m * 1.001 and distance_m(a, b) <= limit_m


def distance_m(a: Pair, b: Pair) -> float:
    """Return the great-circle distance in metres between two (longitude, latitude) in degrees."""
    east, north = radians(b[0] - a[0]), radians(b[1] - a[1])
    h = sin(north / 2) ** 2 + cos(radians(a[1])) * cos(radians(b[1])) * sin(east / 2) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(h)))


def _first(*values: float | None) -> float:
    return next(v for v in values if v is not None)
