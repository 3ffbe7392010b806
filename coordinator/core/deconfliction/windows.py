"""Time as the verdicts see it: integer microseconds, four bounds, half-open occupation.

``POSS(a, b, c)``: some choice of times overlaps; ``DEF(a, b, c)``: every choice does; ``c`` is a required gap.
Source: reference deconfliction.md §2.1 (Time, Allen).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from schemas.time import TimeValue, TimeWindow

FAR: Final = 1 << 61
"""Stands for unbounded; sums with gaps stay inside 64 bits, so that index columns can hold it."""
MICROS: Final = 1_000_000
CALENDAR: Final = (-62_135_596_800_000_000, 253_402_300_799_999_999)
"""The first and the last instant that have a date, years 1 to 9999; what lies beyond is no time that anybody means."""

MOST_WINDOWS: Final = 64
"""Windows of one message that are compared one by one."""


class Span(NamedTuple):
    """A window without unknowns: earliest and latest start, earliest and latest end; ``±FAR`` is unbounded."""

    se: int
    sl: int
    ee: int
    el: int

    @property
    def certain(self) -> bool:
        """Whether there is an instant at which every choice of times is inside."""
        return self.sl < self.ee


ALWAYS: Final = Span(-FAR, -FAR, FAR, FAR)
UNKNOWN: Final = Span(-FAR, FAR, -FAR, FAR)
"""Some time or other: what says nothing of when it is."""


def micros(seconds: float) -> int:
    """Return seconds as whole microseconds, at most `FAR` either way."""
    exact = seconds * MICROS
    return round(exact) if -FAR < exact < FAR else FAR if exact > 0 else -FAR


def bounded(at: int) -> int:
    """Return an instant, at most `FAR` either way: larger numbers do not fit into the columns of an index."""
    return at if -FAR <= at <= FAR else FAR if at > 0 else -FAR


def dated(at: int) -> bool:
    """Say whether an instant has a date."""
    return CALENDAR[0] <= at <= CALENDAR[1]


def span(window: TimeWindow) -> Span:
    """Return the four bounds of a window; an unknown latest start or earliest end makes nothing certain."""
    se = -FAR if window.start_earliest is None else bounded(window.start_earliest)
    sl = FAR if window.start_latest is None else bounded(window.start_latest)
    ee = -FAR if window.end_earliest is None else bounded(window.end_earliest)
    el = FAR if window.end_latest is None else bounded(window.end_latest)
    return Span(se, sl, ee, el)


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return different windows, at most `MOST_WINDOWS`; of more, the later ones as one in which nothing is sure.

    So nothing is left out, and two orders with thousands of windows are still compared at once.
    """
    unique = tuple(dict.fromkeys(spans))
    if len(unique) <= MOST_WINDOWS:
        return unique
    ordered = sorted(unique)
    rest = ordered[MOST_WINDOWS - 1 :]
    first, last = min(s.se for s in rest), max(s.el for s in rest)
    return *ordered[: MOST_WINDOWS - 1], Span(first, last, first, last)


def window(of: Span) -> TimeWindow:
    """Return a span as a window of a message."""
    se, sl, ee, el = (None if abs(v) >= FAR else v for v in of)
    return TimeWindow(start_earliest=se, start_latest=sl, end_earliest=ee, end_latest=el)


def fault(of: TimeWindow) -> str:
    """Say what makes a window unusable: ``missing``, ``reversed``, ``empty``, ``unreadable``; "" if nothing does."""
    known = [b for b in (of.start_earliest, of.start_latest, of.end_earliest, of.end_latest) if b is not None]
    if _unread(of.start) or _unread(of.end) or (known and not (dated(min(known)) and dated(max(known)))):
        return "unreadable"
    if not known:
        return "" if of.trigger else "missing"
    s = span(of)
    if _reversed(of.start_earliest, of.start_latest) or _reversed(of.end_earliest, of.end_latest):
        return "reversed"
    if s.el < s.se or _reversed(of.start_earliest, of.end_earliest) or _reversed(of.start_latest, of.end_latest):
        return "reversed"
    return "empty" if s.el == s.se else ""


def _unread(side: TimeValue | None) -> bool:
    """Say whether somebody said a time that nobody could read; "until further notice" was read: it has no end."""
    if side is None or side.quality == "open":
        return False
    return side.utc is None and side.relative is None and bool(side.raw)


def _reversed(first: int | None, second: int | None) -> bool:
    return first is not None and second is not None and first > second


def possible(a: Span, b: Span, gap: int) -> bool:
    """Say whether some choice of times overlaps or leaves less than ``gap`` between (POSS)."""
    return a.se < b.el + gap and b.se < a.el + gap and a.se < a.el and b.se < b.el


def definite(a: Span, b: Span, gap: int) -> bool:
    """Say whether every choice of times overlaps or leaves less than ``gap`` between (DEF)."""
    return a.certain and b.certain and a.sl < b.ee + gap and b.sl < a.ee + gap


def overlap(a: Span, b: Span) -> Span | None:
    """Return when both may be there, or None if they cannot be at once."""
    se, el = max(a.se, b.se), min(a.el, b.el)
    if se >= el:
        return None
    return Span(se, min(max(a.sl, b.sl), el), max(min(a.ee, b.ee), se), el)


def between(a: Span, b: Span) -> int:
    """Return the smallest gap that some choice of times leaves; 0 if they can overlap or meet."""
    return max(a.se - b.el, b.se - a.el, 0)


RELATIONS: Final[dict[tuple[int, int], str]] = {
    (0, 0): "equals", (0, -1): "starts", (0, 1): "started-by", (1, 0): "finishes", (-1, 0): "finished-by",
    (1, -1): "during", (-1, 1): "contains", (-1, -1): "overlaps", (1, 1): "overlapped-by",
}  # fmt: skip
"""Allen's relations of two spans that overlap: by how their starts and their ends compare."""
INVERSE: Final[dict[str, str]] = {
    "equals": "equals", "starts": "started-by", "finishes": "finished-by", "during": "contains",
    "overlaps": "overlapped-by", "before": "after", "meets": "met-by",
}  # fmt: skip


def relation(a: Span, b: Span) -> str:
    """Return Allen's relation of the outer bounds, as seen from the first."""
    if a.el <= b.se:
        return "meets" if a.el == b.se else "before"
    if b.el <= a.se:
        return "met-by" if b.el == a.se else "after"
    return RELATIONS[_sign(a.se, b.se), _sign(a.el, b.el)]


def inverse(name: str) -> str:
    """Return the relation as seen from the other one."""
    return INVERSE.get(name) or next(k for k, v in INVERSE.items() if v == name)


def _sign(a: int, b: int) -> int:
    return (a > b) - (a < b)
