"""Which unit a message means: a participant as a whole, or a part of it that goes by a name of its own.

Two companies of one battalion are different units; a company and its battalion, or a battalion and the sector above it,
are not: what is ordered to the larger one is ordered to the smaller one too, unless the order says that it takes only
part of it. Source: reference deconfliction.md §2.3 K02 ("ancestor/descendant in the ORBAT unless split explicitly").
"""

from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from coordinator.core.deconfliction.active import participant
from coordinator.core.deconfliction.setting import Setting
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import UnitRef


class Unit(NamedTuple):
    """A performing unit. ``names`` are empty for the whole participant, else what its part goes by, in lower case."""

    participant: str
    names: frozenset[str]
    said: str  # as the message names it

    @property
    def whole(self) -> bool:
        """Whether it is the participant itself."""
        return not self.names


Units = tuple[Unit, ...]


def units(body: Message, setting: Setting) -> Units:
    """Return the units that perform an order, those whose participant is known, sorted."""
    if not isinstance(body, Directive):
        return ()
    found = {unit for ref in body.performers if (unit := unit_of(ref, setting))}
    return tuple(sorted(found, key=lambda u: (u.participant, sorted(u.names), u.said)) if len(found) > 1 else found)


def unit_of(ref: UnitRef, setting: Setting) -> Unit | None:
    """Return the unit that a reference means, or None if nobody knows whose it is (that is K18)."""
    whose = participant(ref, setting)
    if not whose:
        return None
    words = [w for w in (ref.name, ref.callsign, ref.id) if w]
    parts = [_part(w, whose, setting) for w in words]
    return Unit(whose, frozenset(parts) if all(parts) else frozenset(), words[0] if words else whose)


def same(a: Unit, b: Unit, setting: Setting) -> bool:
    """Say whether two are one unit, or one is part of the other."""
    if a.participant == b.participant:
        return a.whole or b.whole or bool(a.names & b.names)
    above = setting.mission.superiors
    return (a.whole and a.participant in above(b.participant)) or (b.whole and b.participant in above(a.participant))


def shared(a: Units, b: Units, setting: Setting) -> tuple[tuple[Unit, Unit], ...]:
    """Return the pairs that are one unit, or part of one another, in the order of the parties."""
    return tuple((x, y) for x in a for y in b if same(x, y, setting))


def lesser(pair: tuple[Unit, Unit], setting: Setting) -> Unit:
    """Return the smaller unit of two that are one, or part of one another; of equals, the one that sorts first."""
    return min(pair, key=lambda u: (u.whole, -len(setting.mission.superiors(u.participant)), u.participant, u.said))


def tags(of: Units, setting: Setting) -> Iterator[int]:
    """Yield what an order to these units is found by: each unit, and everything that it is part of; as numbers."""
    for unit in of:
        under = _tagged("under", unit.participant, setting)
        yield from under[1:] if unit.whole else under
        yield from _own(unit, setting)


def wanted(of: Units, setting: Setting) -> Iterator[int]:
    """Yield the tags of every unit that `same` holds for with one of these; symmetric with `tags`."""
    for unit in of:
        yield from _tagged("unit", unit.participant, setting)
        yield from _tagged("under", unit.participant, setting)[:1] if unit.whole else _own(unit, setting)


def _tagged(word: str, whose: str, setting: Setting) -> tuple[int, ...]:
    """Return the tags of a participant and of everybody above it, itself first."""
    asked = _tagged, word, whose
    found: tuple[int, ...] | None = setting.memo.get(asked)
    if found is None:
        found = tuple(_number(f"{word} {p}") for p in (whose, *setting.mission.superiors(whose)))
        if whose in setting.mission.by_id:  # there is no end of strangers
            setting.memo[asked] = found
    return found


def _own(unit: Unit, setting: Setting) -> tuple[int, ...]:
    if unit.whole:
        return _tagged("unit", unit.participant, setting)[:1]
    return tuple([_number(f"unit {unit.participant}/{name}") for name in unit.names])


def _number(tag: str) -> int:
    return crc32(tag.encode())


def _part(word: str, whose: str, setting: Setting) -> str:
    """Return a name without the names of the whole: "A Coy XAR-BATT" is "a coy"; "" for the whole itself."""
    text = f" {_plain(word)} "
    for name in _names(whose, setting):
        text = text.replace(name, " ")
    return text.strip()


def _names(whose: str, setting: Setting) -> list[str]:
    """Return the names of a participant as they stand between other words, the longest first."""
    asked = _names, whose
    found: list[str] | None = setting.memo.get(asked)
    if found is None:
        known = setting.mission.by_id.get(whose)
        own = [_plain(n) for n in (whose, *((known.name, *known.aliases) if known else ())) if n]
        found = [f" {name} " for name in sorted(own, key=len, reverse=True)]
        if known:  # there is no end of strangers
            setting.memo[asked] = found
    return found


def _plain(word: str) -> str:
    return " ".join(word.casefold().replace("/", " ").replace(",", " ").split())
