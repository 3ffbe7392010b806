"""Lint of shared means: assets that nobody can have, bands and allotments that can never matter, rest that is not kept.

Source: reference deconfliction.md §2.3 (K03, K13, K15); §1.2 (Cedar: can this rule ever fire?).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from coordinator.core.mission import Mission
from coordinator.errors import ConfigFinding


def _assets(mission: Mission) -> Iterator[ConfigFinding]:
    names = Counter(n.casefold() for a in mission.assets for n in (a.name, *a.aliases))
    for name in sorted(n for n, times in names.items() if times > 1):
        yield ConfigFinding(path="assets", what=f'"{name}" is there twice', hint="give each its own name")
    for i, asset in enumerate(mission.assets):
        if asset.capacity <= 0:
            what = "there is none of it, so every order that wants it is one too many"
            yield ConfigFinding(path=f"assets[{i}].capacity", what=what, hint="write how much there is")
        if asset.turnaround_s < 0:
            yield ConfigFinding(path=f"assets[{i}].turnaround_s", what="is less than nothing")
        if asset.owner:
            yield from _known(mission, asset.owner, f"assets[{i}].owner")


def _known(mission: Mission, name: str, path: str) -> Iterator[ConfigFinding]:
    if name not in mission.by_id:
        known = ", ".join(sorted(mission.by_id))
        yield ConfigFinding(path=path, what=f'no participant "{name}"; known: {known}', hint="correct the id or add it")


def _bands(mission: Mission) -> Iterator[ConfigFinding]:
    names = Counter(b.name for b in mission.bands)
    for name in sorted(n for n, times in names.items() if times > 1):
        yield ConfigFinding(path="bands", what=f'"{name}" is there twice', hint="give each its own name")
    for i, band in enumerate(mission.bands):
        if band.lower_mhz > band.upper_mhz:
            what = "can never fire: it ends below where it begins"
            yield ConfigFinding(path=f"bands[{i}]", what=what, hint="exchange lower_mhz and upper_mhz")
        if band.separation_mhz <= 0:
            what = "can never fire: no two frequencies are closer than that"
            yield ConfigFinding(path=f"bands[{i}].separation_mhz", what=what, hint="write the spacing of channels")
        if band.distance_m < 0:
            yield ConfigFinding(path=f"bands[{i}].distance_m", what="can never fire: nobody is that near")


def _guarded(mission: Mission) -> Iterator[ConfigFinding]:
    for i, row in enumerate(mission.guarded):
        if row.frequency_mhz <= 0 or row.separation_mhz < 0:
            yield ConfigFinding(path=f"guarded[{i}]", what="can never fire: that is no frequency, or no spacing")
        for name in row.holders:
            if not mission.members(name):
                what = f'no participant, nation or group "{name}"'
                yield ConfigFinding(path=f"guarded[{i}].holders", what=what, hint="correct it or leave it out")


def _allotments(mission: Mission) -> Iterator[ConfigFinding]:
    for i, row in enumerate(mission.allotments):
        yield from _known(mission, row.participant, f"allotments[{i}].participant")
        for channel in row.channels_mhz:
            path = f"allotments[{i}].channels_mhz"
            if mission.bands and not any(b.lower_mhz <= channel <= b.upper_mhz for b in mission.bands):
                yield ConfigFinding(path=path, what=f"{channel} lies in no band", hint="add a [[bands]] table")
            for kept in mission.guarded:
                near = channel == kept.frequency_mhz or abs(channel - kept.frequency_mhz) < kept.separation_mhz
                if near and not any(row.participant in mission.members(h) for h in kept.holders):
                    yield ConfigFinding(path=path, what=f"{channel} is kept for {kept.name}", hint="take it out")


def _rest(mission: Mission) -> Iterator[ConfigFinding]:
    rules = mission.rules
    if rules.rest_s > rules.travel_within_s:
        what = "is longer than travel_within_s, and tasks further apart than that are not compared"
        yield ConfigFinding(path="rules.rest_s", what=what, hint="make travel_within_s longer")


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (
    _assets, _bands, _guarded, _allotments, _rest,
)  # fmt: skip
