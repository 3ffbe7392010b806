"""Bearers that several contacts hang on: when one counts as down, who is covered by it, when it is up again.

One is down if all that are watched behind it are lost, two or more of them close together, or if somebody entitled to
says so. It is up again once somebody behind it has been back for a while, or is said to be back up; whoever is still
lost then is lost by itself.

Source: reference console.md §6 (inhibition, hysteresis); domain.md §4.1 (R-03).
"""

from collections.abc import Iterator, Mapping

import msgspec

from coordinator.core.cardstate import Contact, Down
from coordinator.core.correlate import SECOND
from coordinator.core.expected import Trunk
from coordinator.core.mission import Mission
from coordinator.core.occasions.trail import Declared
from schemas.subjects import opaque

Contacts = Mapping[str, Contact]
Heard = Mapping[str, Mapping[str, Declared]]


def behind(trunk: Trunk, mission: Mission) -> tuple[str, ...]:
    """Return the participants behind a bearer whose contact is watched, sorted."""
    named = frozenset[str]().union(*(mission.members(name) for name in trunk.behind))
    return tuple(p for p in sorted(named) if mission.by_id[p].watched)


def card(name: str, down: Down) -> str:
    """Return the id of the card of a bearer that is down."""
    return opaque(f"bearer-down {name} {down.at}")


def said(trunk: Trunk, mission: Mission, heard: Heard) -> Declared | None:
    """Return the newest word on a bearer of somebody who may say so: its owner, or an HQ above all behind it."""
    above = [frozenset(mission.superiors(p)) for p in behind(trunk, mission)]
    entitled = {trunk.owner} | (frozenset.intersection(*above) if above else frozenset[str]())
    words = (d for by, d in heard.get(trunk.name, {}).items() if mission.stands_for(by) in entitled or by in entitled)
    return max(words, key=lambda d: (d.at, d.by), default=None)


def look(known: dict[str, Down], mission: Mission, contacts: Contacts, heard: Heard, now: int) -> None:
    """Bring what is known of every bearer up to date with contacts and words."""
    for gone in known.keys() - {t.name for t in mission.bearers}:
        del known[gone]
    for trunk in mission.bearers:
        word = said(trunk, mission, heard)
        here = {p: contacts[p] for p in behind(trunk, mission) if p in contacts}
        held = known.pop(trunk.name, None)
        if held is not None and (_is_up(held, trunk, now) or (word and not word.down and word.at > held.at)):
            held = None
        if down := held or _fell(trunk, mission, here, word):
            known[trunk.name] = _still(down, here, now)


def up_again(known: Mapping[str, Down], mission: Mission) -> Iterator[int]:
    """Yield when bearers behind which somebody is back count as up."""
    holds = {t.name: int(t.hold_s * SECOND) for t in mission.bearers}
    yield from (d.back_at + holds[n] for n, d in known.items() if d.back_at is not None and n in holds)


def covering(known: Mapping[str, Down], participant: str) -> str:
    """Return the bearer that covers a participant that is lost, or ""."""
    return next((name for name, down in sorted(known.items()) if participant in down.group), "")


def _is_up(down: Down, trunk: Trunk, now: int) -> bool:
    return down.back_at is not None and down.back_at + int(trunk.hold_s * SECOND) <= now


def _fell(trunk: Trunk, mission: Mission, here: Contacts, word: Declared | None) -> Down | None:
    """Return a bearer that has just gone down, or None; a word counts until what comes later says otherwise."""
    lost = {p: c for p, c in here.items() if c.lost}
    latest = max((c.at for c in here.values() if word and (word.down is not c.lost)), default=0)
    if word and word.at >= latest and (lost or not word.down):
        return Down(at=word.at, group=sorted(lost), declared=True) if word.down else None
    if not lost or len(lost) < len(behind(trunk, mission)):
        return None
    newest = max(c.at for c in lost.values())
    group = sorted(p for p, c in lost.items() if newest - c.at <= int(trunk.within_s * SECOND))
    return Down(at=min(lost[p].at for p in group), group=group) if len(group) > 1 else None


def _still(down: Down, here: Contacts, now: int) -> Down:
    """Return a bearer that is down with whoever was lost since, and since when anybody behind it is back."""
    lost = {p for p, c in here.items() if c.lost}
    group = sorted({*down.group, *lost}) if down.declared else down.group
    since = down.back_at if down.back_at is not None else now
    return msgspec.structs.replace(down, group=group, back_at=None if lost.issuperset(group) else since)
