"""Who has said yes: agreements that name an order, and orders of the other side that accept it.

A consent holds for the place, the time and the activity that it speaks of, and no longer than it stands; what it leaves
out, it leaves open. Source: reference deconfliction.md §2.3 K05 (valid coordination record), K07 (matching permission);
design §4 (coordination reference accepted by the other party).
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from shapely.affinity import translate

from coordinator.core.deconfliction.areas import Problem, region
from coordinator.core.deconfliction.geometry import Shape, flat, separation
from coordinator.core.deconfliction.layers import usable
from coordinator.core.deconfliction.ledger import Item, Ledger
from coordinator.core.deconfliction.reading import Part, Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side, accord
from coordinator.core.deconfliction.stays import Hit
from coordinator.core.deconfliction.verdicts.base import Scene
from coordinator.core.deconfliction.windows import Span, possible
from schemas.directives import Agreement, Directive
from schemas.notices import MovementNotice

Signed = Callable[[Item, Agreement], bool]
"""Whether an agreement is by whom it has to be by."""


class Consent(NamedTuple):
    """What somebody agreed to: a place (None is anywhere), times, and for an order of theirs its own parts."""

    shape: Shape | None
    spans: tuple[Span, ...]
    parts: tuple[Part, ...] = ()

    def covers(self, hit: Hit) -> bool:
        """Say whether it speaks of all of a hit."""
        if not any(s.sl <= hit.when.se and hit.when.el <= s.ee for s in self.spans):
            return False
        if self.shape is not None and not _within(hit.part.shape, self.shape):
            return False
        return not self.parts or any(_met(hit.part, p) for p in self.parts)


def left(hits: Iterable[Hit], given: Iterable[Consent]) -> list[Hit]:
    """Return the hits that nobody has agreed to."""
    known = list(given)
    return [h for h in hits if not any(c.covers(h) for c in known)]


def agreements(of: Side, scene: Scene, signed: Signed, *, exact: bool = False) -> Iterator[Consent]:
    """Yield what the agreements on coordination that name an order say yes to.

    ``exact`` asks for those that name its revision, and whatever amends it, and dies with the next change (K06).
    """
    ledger, names = scene.ledger, {of.version.item.name, *(i.name for i in of.version.sources)}
    for item in ledger.current("agreement", ledger.agreed.get(of.key[1], set())):
        body = item.body
        if not isinstance(body, Agreement) or body.agreement_kind != "coordination" or item.issued >= of.until:
            continue
        named = {f"{r.id}:{r.revision}" for r in body.orders}
        meant = names <= named if exact else _named(ledger, body, of)
        if meant and signed(item, body) and permits(body, of, scene.setting):
            yield from _stated(body, scene.setting)


def _named(ledger: Ledger, body: Agreement, of: Side) -> bool:
    revision = of.version.item.revision
    return any(r.revision in (0, revision) and ledger.one(r) == of.key for r in body.orders)


def _stated(body: Agreement, setting: Setting) -> Iterator[Consent]:
    try:
        shape = region(body.area, setting, "area").shape if body.area else None
    except Problem:
        return  # a place that nobody can find is agreed to by nobody
    yield Consent(shape, usable(body.windows))


def permits(body: Agreement, of: Side, setting: Setting) -> bool:
    """Say whether an agreement's list of what is permitted means an order; without a list, everything is."""
    return not body.permitted or listed(body.permitted, of, setting)


def listed(words: Iterable[str], of: Side, setting: Setting) -> bool:
    """Say whether words mean an order: a class of its activity, or everybody who performs it."""
    given = tuple(words)
    classes = of.reading.classes if of.reading else frozenset[str]()
    if not classes.isdisjoint(given):
        return True
    meant = frozenset[str]().union(*(setting.mission.members(w) for w in given))
    who = frozenset(of.version.performers) or frozenset((of.issuer,))
    return who <= meant


def orders(of: Side, scene: Scene, owner: str) -> Iterator[Consent]:
    """Yield the orders of an owner that an order is coordinated with, and that accept it: for their time and place."""
    body = of.version.body
    for ref in body.coordinated_with if isinstance(body, Directive | MovementNotice) else ():
        key = scene.ledger.one(ref)
        other = scene.everyone[key][-1] if key and scene.everyone.get(key) else None
        if other is None or other.reading is None or owner not in (other.issuer, *other.version.performers):
            continue
        if accord(scene.ledger, of, other, scene.setting).agreed:
            yield Consent(None, _when(other.reading), other.reading.parts)


def _when(reading: Reading) -> tuple[Span, ...]:
    """Return the time of an order as if it was certain: it is agreed to as it stands."""
    e = reading.extent
    return (Span(e.se, e.se, e.el, e.el),)


def _met(part: Part, other: Part) -> bool:
    return possible(part.span, other.span, 0) and separation(part.shape, other.shape, 0.0) is not None


def _within(inner: Shape, outer: Shape) -> bool:
    """Say whether one effect lies within another; both with the same chords, so that a shape is within itself."""
    lat = (outer.geometry.bounds[1] + outer.geometry.bounds[3]) / 2
    whole = flat(outer.geometry, lat).buffer(outer.reach_m + 0.001)  # a millimetre for the arithmetic
    turned = (translate(inner.geometry, t) if t else inner.geometry for t in (0.0, -360.0, 360.0))
    return any(whole.covers(flat(g, lat).buffer(inner.reach_m) if inner.reach_m else flat(g, lat)) for g in turned)


def speaks(by: str, authority: str, setting: Setting) -> bool:
    """Say whether a participant may speak for an authority: itself, somebody above it, or the duty desk of these."""
    return bool(authority) and any(
        setting.speaks_for(by, who) for who in (authority, *setting.mission.superiors(authority))
    )
