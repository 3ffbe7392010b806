"""From when to when a mover is where a test holds, over all legs in a row, to the cell.

Source: reference deconfliction.md §2.1 (Movement), §3.5 (flagged pairs bisected to 50 m).
"""

from collections.abc import Callable

from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.windows import Span


def passage(of: Reading, index: int, meets: Callable[[Part], bool]) -> Span | None:
    """Return from when to when a mover is where a test holds: over all legs in a row around one of its parts.

    A leg without a time of its own has only the message's; there is nothing to restore then.
    """
    if not of.parts[index].timed:
        return None
    first = last = index
    while first > 0 and _in_a_row(of.parts[first - 1]) and meets(of.parts[first - 1]):
        first -= 1
    while last + 1 < len(of.parts) and _in_a_row(of.parts[last + 1]) and meets(of.parts[last + 1]):
        last += 1
    start = next((c for i in range(first, index + 1) if (c := _outermost(of.parts[i], meets, 0))), None)
    end = next((c for i in range(last, index - 1, -1) if (c := _outermost(of.parts[i], meets, -1))), None)
    if start is None or end is None:
        return None
    return Span(start.span.se, start.span.sl, end.span.ee, end.span.el)


def _in_a_row(part: Part) -> bool:
    return part.moving and part.timed


def _outermost(part: Part, meets: Callable[[Part], bool], side: int) -> Part | None:
    """Return the first (0) or last (-1) cell of a leg for which a test holds."""
    if not meets(part):
        return None
    halves = part.halves()
    ordered = halves if side == 0 else halves[::-1]
    return next((c for h in ordered if (c := _outermost(h, meets, side))), None) if halves else part
