"""What orders can share apart from place: a unit, a frequency band, means. A kind of tie is a function in `TYING`.

An order has tags and asks for tags; it is compared with every order that has one it asks for, near enough in time and
not over. A verdict on one order that looks at who has a tag (`Scene.tagged`) needs ties that stir.
Source: reference deconfliction.md §3.7 (dicts for unit, asset, section, frequency).
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from coordinator.core.deconfliction import posts, units
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.verdicts.duplicates import cells, corner
from coordinator.core.deconfliction.verdicts.frequencies import hertz, inside, used

Tag = str | int
"""A word, or a number of 32 bits where very many tags are made and nobody reads them."""


class Ties(NamedTuple):
    """What an order has, what it is compared with, and how far apart in time that still matters, microseconds."""

    has: frozenset[Tag] = frozenset()
    meets: frozenset[Tag] = frozenset()
    slack: int = 0
    stirs: frozenset[str] = frozenset()  # whoever has one of these is judged again by itself when this order changes


NOTHING: Final = Ties()


def _posts(side: Side, setting: Setting) -> Ties:
    """Tie whoever holds a place to whoever else holds it, or relies on it (K19)."""
    body = side.version.body
    held, relied = posts.post(body, setting), posts.relied_on(body, setting)
    if held is None and not relied:
        return NOTHING
    own = {posts.manned(held.name)} if held else set[str]()
    return Ties(
        has=frozenset(own | {posts.needed(p) for p in relied}),
        stirs=frozenset(own | {posts.manned(p) for p in relied}),
    )


def _units(side: Side, setting: Setting) -> Ties:
    """Tie orders that task one unit, or a unit and a part of it, at a time (K02, K11) or one after the other (K15)."""
    tasked = side.reading.units if side.reading else ()
    slack = setting.travel_within if tasked else 0
    return Ties(frozenset(units.tags(tasked, setting)), frozenset(units.wanted(tasked, setting)), slack)


def performed(participant: str) -> str:
    """Return the tag of orders that a participant performs."""
    return f"by {participant}"


def _performers(side: Side, setting: Setting) -> Ties:
    """Let a nation's caveat find the orders to its units (K08)."""
    return Ties(frozenset(map(performed, side.version.performers)))


def _duplicates(side: Side, setting: Setting) -> Ties:
    """Tie orders of one action whose places begin in the same cell or in neighbouring ones (K17)."""
    own = corner(side.reading) if side.reading else None
    if own is None:
        return NOTHING
    near = cells(*own, setting)
    return Ties(frozenset((near[len(near) // 2],)), frozenset(near))


def _frequencies(side: Side, setting: Setting) -> Ties:
    """Tie orders whose frequencies are in the same or in neighbouring steps of a band's separation (K13)."""
    own = used(side.reading) if side.reading else ()
    if not own or not setting.mission.bands:
        return NOTHING
    steps = {(i, f // step) for i, band in enumerate(setting.mission.bands)
             if (step := hertz(band.separation_mhz)) > 0 for f in inside(own, band)}  # fmt: skip
    return Ties(
        frozenset(f"band {i}/{step}" for i, step in steps),
        frozenset(f"band {i}/{step + by}" for i, step in steps for by in (-1, 0, 1)),
    )


Tying = Callable[[Side, Setting], Ties]
TYING: Final[tuple[Tying, ...]] = (_posts, _units, _performers, _duplicates, _frequencies)
"""One function a thing that orders can share; `meets` must be symmetric: if a meets b, b meets a."""


def ties(side: Side, setting: Setting) -> Ties:
    """Return all ties of one version."""
    return _all([tie(side, setting) for tie in TYING])


def _all(found: Sequence[Ties]) -> Ties:
    has, meets, slacks, stirs = zip(*found, strict=True)
    none = frozenset[Any]()
    return Ties(none.union(*has), none.union(*meets), max(slacks), none.union(*stirs))


class Tied(NamedTuple):
    """The ties of an order over all its versions, and from when until when it is, microseconds UTC."""

    ties: Ties
    start: int = 0
    end: int = 0


def tied(sides: Sequence[Side], setting: Setting) -> Tied:
    """Return the ties of an order, given its versions."""
    held = [s for s in sides if s.reading is not None]
    extents = [e for s in held if s.reading is not None for e in (s.reading.extent, *s.reading.spans)]
    if not extents:
        return Tied(Ties())
    found = [ties(s, setting) for s in held]
    both = found[0] if len(found) == 1 else _all(found)
    return Tied(both, min(e.se for e in extents), max(e.el for e in extents))
