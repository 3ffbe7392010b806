"""What the verdicts on two orders that task units have in common: which units, when, and who can settle it."""

from collections.abc import Iterator
from typing import Final

from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Accord, Side
from coordinator.core.deconfliction.units import Unit, lesser, shared
from coordinator.core.deconfliction.windows import Span, definite, overlap, possible, relation, window
from schemas.directives import Directive
from schemas.findings import Certainty, Evidence, Option

When = tuple[Span, Span]
"""A window of each of two orders."""
Pairs = tuple[tuple[Unit, Unit], ...]
"""Units of two orders that are one, or part of one another."""
DOUBT: Final[dict[Certainty, tuple[str, ...]]] = {"definite": (), "possible": ("times",), "unknown": ()}


def wanted_twice(a: Side, b: Side, accord: Accord, setting: Setting) -> Pairs:
    """Return the units that two orders both task; none if something between the orders lifts that."""
    x, y = a.reading, b.reading
    if x is None or y is None or not x.tasking or not y.tasking or accord.amends or accord.agreed:
        return ()
    if any(isinstance(r.body, Directive) and r.body.partial for r in (x, y)):
        return ()
    return shared(x.units, y.units, setting)


def overlaps(a: Reading, b: Reading) -> Iterator[When]:
    """Yield the windows of two orders that may overlap."""
    yield from ((x, y) for x in a.spans for y in b.spans if possible(x, y, 0))


def sure(when: When) -> Certainty:
    """Return how certain it is that two windows overlap, if they may."""
    return "definite" if definite(*when, 0) else "possible"


def shown(met: list[When]) -> When:
    """Return the windows to show: certain before possible, then the earliest overlap, whoever comes first."""
    return min(met, key=lambda w: (sure(w), overlap(*w) or w))


def action(of: Reading) -> str:
    """Return what an order orders."""
    return of.body.action if isinstance(of.body, Directive) else ""


def evidence(a: Reading, b: Reading, when: When, units: Pairs, setting: Setting) -> Evidence:
    """Return what every finding on two orders to one unit shows: the unit, both actions, and when they overlap."""
    both = overlap(*when)
    return Evidence(
        overlap=window(both) if both else None,
        relation=relation(*when),
        actions=(action(a), action(b)),
        units=tuple(sorted({lesser(pair, setting).said for pair in units})),
    )


def each(option: str, a: Side, b: Side) -> tuple[Option, ...]:
    """Return a way out for both parties alike."""
    return tuple(Option(option=option, party=key) for key in sorted((a.key[1], b.key[1])))  # type: ignore[arg-type]


def referred(setting: Setting, *issuers: str) -> tuple[Option, ...]:
    """Return the way to whoever stands above all issuers, if there is one."""
    arbiter = setting.arbiter(tuple(sorted(set(issuers))))
    return (Option(option="refer", party="", who=arbiter),) if arbiter else ()
