"""What caveats declare, and whether an order asks for it: apart from where and when.

An order asks for what it says: where it leaves the unit free to comply, it asks for nothing that is forbidden. A caveat
whose fields say nothing may forbid anything: that is possible. Its words are never read. Source: reference
deconfliction.md §2.3 K08; domain.md R-11, R-13.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from coordinator.core import audience
from coordinator.core.deconfliction.areas import Problem, region
from coordinator.core.deconfliction.geometry import Shape
from coordinator.core.deconfliction.layers import holding
from coordinator.core.deconfliction.ledger import Item
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.units import Unit, unit_of
from coordinator.core.deconfliction.windows import Span
from coordinator.core.mission import Mission
from coordinator.core.recall import Records
from schemas.base import Message
from schemas.directives import Caveat, Directive
from schemas.notices import MovementNotice

Doubts = tuple[str, ...]
"""What keeps a condition from being certain; none of it, and it holds."""

_MOVES: Final[dict[str, tuple[str, ...]]] = {
    "patrol": ("patrol", "move"), "convoy": ("move",), "logistics": ("resupply", "move"),
    "humanitarian": ("aid", "move"), "flight": ("air-mission", "move"), "vessel": ("move",),
    "recce": ("patrol", "move"), "admin": ("move",),
}  # fmt: skip
"""The actions that a movement is, in the words of orders."""

_CARRIES: Final[dict[str, Doubts]] = {
    "escort": (), "medevac": (), "aid": ("transport",), "air-mission": ("transport",), "resupply": ("transport",),
}  # fmt: skip
"""Actions that carry or escort others, surely or perhaps."""


class Declared(NamedTuple):
    """A caveat as it is held against orders: whom it binds, where, when, and who may know of it."""

    item: Item
    body: Caveat
    binds: frozenset[str]  # participants
    units: tuple[Unit, ...]  # none is all of theirs
    place: Shape | None
    lost: bool  # it names a place that nobody can find
    spans: tuple[Span, ...]
    admits: tuple[str, ...]

    @property
    def name(self) -> str:
        """What tells it from other caveats, whatever its revision."""
        return "/".join(self.item.key)


def concerned(of: Side, item: Item, setting: Setting) -> bool:
    """Say whether one revision of a caveat is about what an order asks, wherever and whenever: a superset of K08."""
    caveat = declared(item, setting)
    return caveat is not None and of.reading is not None and doubts(of, of.reading, caveat, setting) is not None


@lru_cache(maxsize=4096)
def declared(item: Item, setting: Setting) -> Declared | None:
    """Return a caveat as it is held against orders, or None for another message."""
    body = item.body
    if not isinstance(body, Caveat):
        return None
    own = _nation(item.key[0], setting.mission)
    named = [u for ref in body.units if (u := unit_of(ref, setting))]
    units = tuple(u for u in named if u.participant in own)
    place, lost = None, False
    try:
        place = region(body.area, setting, "area").shape if body.area else None
    except Problem:
        lost = True
    binds = frozenset(u.participant for u in units) if body.units else own
    return Declared(item, body, binds, units, place, lost, holding(body.windows), admitted(item, setting.mission))


def _nation(originator: str, mission: Mission) -> frozenset[str]:
    """Return the participants of the nation that somebody speaks for; nobody restricts another nation's units."""
    known = mission.by_id.get(originator)
    same = {p.id for p in mission.participants if known and known.nation and p.nation == known.nation}
    return frozenset({originator, *same})


def admitted(item: Item, mission: Mission) -> tuple[str, ...]:
    """Return who may know of a caveat at all: as release decides about the message, sorted."""
    return tuple(sorted(audience.decide(item.envelope, item.body, mission, Records()).readers))


def doubts(of: Side, read: Reading, caveat: Declared, setting: Setting) -> Doubts | None:
    """Return what keeps the caveat from surely being about the order; None if it is not about it."""
    found: list[str] = []
    for test in _TESTS:
        open_ = test(of, read, caveat, setting)
        if open_ is None:
            return None
        found += open_
    return tuple(dict.fromkeys(found))


def _units(of: Side, read: Reading, caveat: Declared, setting: Setting) -> Doubts | None:
    if caveat.binds.isdisjoint(of.version.performers):
        return None
    if not caveat.units:
        return ()
    tasked = [unit_of(ref, setting) for ref in read.body.performers] if isinstance(read.body, Directive) else []
    asked = [u for u in tasked if u] or [Unit(p, frozenset(), p) for p in of.version.performers]
    pairs = [(u, c) for u in asked for c in caveat.units if u.participant == c.participant]
    if any(c.whole or u.names & c.names for u, c in pairs):
        return ()
    return ("units",) if any(u.whole for u, _ in pairs) else None


def _actions(of: Side, read: Reading, caveat: Declared, setting: Setting) -> Doubts | None:
    return () if not caveat.body.actions or not set(actions(read.body)).isdisjoint(caveat.body.actions) else None


def actions(body: Message) -> tuple[str, ...]:
    """Return what a message asks for, in the words of orders, the closest first."""
    if isinstance(body, Directive):
        return (body.action,)
    return _MOVES[body.movement_kind] if isinstance(body, MovementNotice) else ()


def _vehicles(of: Side, read: Reading, caveat: Declared, setting: Setting) -> Doubts | None:
    wanted = {w.casefold() for w in caveat.body.vehicles}
    if not wanted:
        return ()
    known = [setting.vehicle_words(v.type) for v in read.fields.vehicles]
    if any(words and not wanted.isdisjoint(words) for words in known):
        return ()
    unsaid = not known and read.method == "vehicle"
    return ("vehicles",) if unsaid or any(not words for words in known) else None


def _methods(of: Side, read: Reading, caveat: Declared, setting: Setting) -> Doubts | None:
    wanted = caveat.body.methods
    method = read.method or ("air" if "air-mission" in actions(read.body) else "")
    return () if not wanted or method in wanted else None


def _transport(of: Side, read: Reading, caveat: Declared, setting: Setting) -> Doubts | None:
    if not caveat.body.transport_of_others:
        return ()
    return next((_CARRIES[a] for a in actions(read.body) if a in _CARRIES), None)


def _scope(of: Side, read: Reading, caveat: Declared, setting: Setting) -> Doubts | None:
    body = caveat.body
    said = (body.actions, body.vehicles, body.methods, body.windows, body.area, body.night, body.transport_of_others)
    return () if any(said) else ("scope",)


_TESTS: Final[tuple[Callable[[Side, Reading, Declared, Setting], Doubts | None], ...]] = (
    _units, _actions, _vehicles, _methods, _transport, _scope,
)  # fmt: skip
