"""Who is on watch: which desk has a role, somewhere, at an instant. Roles are resolved when something fires.

Times are microseconds UTC. A shift says its zone letter itself (nautical zones; J, local time, is none). Source:
reference console.md §6.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from coordinator.core.duties import Watch
from coordinator.core.mission import Mission
from coordinator.core.table import Instant

MINUTE: Final = 60_000_000
DAY: Final = 24 * 60 * MINUTE
YEAR: Final = 366 * DAY
_LETTERS: Final = "YXWVUTSRQPONZABCDEFGHIKLM"  # from UTC-12 to UTC+12
_TIME: Final = re.compile(rf"([01][0-9]|2[0-3])([0-5][0-9])([{_LETTERS}])")


class Post(NamedTuple):
    """A role at an area that the roster fills at some time; the area is "" for everywhere else."""

    role: str
    area: str


def minute(text: str) -> int | None:
    """Return the minute of the UTC day of a time like ``0600A``, or None if it is none."""
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    return (int(found[1]) * 60 + int(found[2]) - 60 * (_LETTERS.index(found[3]) - 12)) % 1440


def on(row: Watch, now: int) -> bool:
    """Say whether a row of the roster is on watch."""
    if (row.start and now < micros(row.start)) or (row.end and now >= micros(row.end)):
        return False
    shift = _shift(row)
    return shift is None or (now - shift[0]) % DAY < shift[1]


def changes(row: Watch, now: int) -> int | None:
    """Return when a row goes on or off watch next, later than now; None if never."""
    edges = [micros(t) for t in (row.start, row.end) if t]
    if shift := _shift(row):
        edges += [now + (first - now - 1) % DAY + 1 for first in (shift[0], sum(shift))]
    last = micros(row.end) if row.end else None
    return min((t for t in edges if t > now and (last is None or t <= last)), default=None)


def next_change(mission: Mission, now: int) -> int | None:
    """Return when any row of the roster goes on or off watch next."""
    return min((t for row in mission.roster if (t := changes(row, now)) is not None), default=None)


def posts(mission: Mission) -> tuple[Post, ...]:
    """Return every role and area that the roster fills at some time, as the mission names them first."""
    return tuple(dict.fromkeys(Post(row.role, row.area) for row in mission.roster))


def filled(mission: Mission, post: Post, now: int) -> tuple[Watch, ...]:
    """Return the rows that are on watch for a post."""
    return tuple(r for r in mission.roster if (r.role, r.area) == post and on(r, now))


def roles(mission: Mission) -> frozenset[str]:
    """Return every role of the roster."""
    return frozenset(row.role for row in mission.roster)


def resolve(
    mission: Mission, names: Iterable[str], now: int, areas: Collection[str] = (), languages: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the participants that participants and roles mean now, as they are named.

    Of a role, the rows of an area are asked first, then those for everywhere else. Where several desks have it at once,
    those that speak one of the languages have it, if any does. A role that nobody has is nobody.
    """
    found: dict[str, None] = {}
    for name in names:
        who = (name,) if name in mission.by_id else _having(mission, name, now, areas, languages)
        found |= dict.fromkeys(who)
    return tuple(p for p in found if p in mission.by_id)


def _having(mission: Mission, role: str, now: int, areas: Collection[str], languages: Collection[str]) -> Sequence[str]:
    rows = [r for r in mission.roster if r.role == role and on(r, now)]
    here = [r for r in rows if r.area and r.area in areas] or [r for r in rows if not r.area]
    spoken = [r for r in here if not set(languages).isdisjoint(r.languages)]
    return [r.participant for r in spoken or here]


def gaps(mission: Mission, post: Post, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield when nobody has a post between two instants."""
    since = None if filled(mission, post, start) else start
    for at in edges(mission, post, start, end):
        here = bool(filled(mission, post, at))
        if since is not None and here:
            yield since, at
        since = None if here else at if since is None else since
    if since is not None:
        yield since, end


def edges(mission: Mission, post: Post, start: int, end: int = 0) -> Iterator[int]:
    """Yield when any row of a post goes on or off watch, later than the start and before the end, else for a year."""
    rows = [r for r in mission.roster if (r.role, r.area) == post]
    at, end = start, end or start + YEAR
    while later := [t for row in rows if (t := changes(row, at)) is not None and t < end]:
        at = min(later)
        yield at


def next_filled(mission: Mission, post: Post, now: int) -> int | None:
    """Return when a post that nobody has is filled again, or None if not within a year."""
    return next((at for at in edges(mission, post, now) if filled(mission, post, at)), None)


def micros(at: Instant) -> int:
    """Return an instant of the mission file in microseconds UTC."""
    return int(at.timestamp()) * 1_000_000 + at.microsecond


def _shift(row: Watch) -> tuple[int, int] | None:
    """Return when in the UTC day a shift begins and how long it is, microseconds; None if it is all day."""
    return _daily(row.daily)


@lru_cache(maxsize=1024)
def _daily(daily: tuple[str, ...]) -> tuple[int, int] | None:
    times = [at for text in daily[:2] if (at := minute(text)) is not None]
    if len(times) < 2:
        return None
    first, last = times
    return first * MINUTE, ((last - first) % 1440 or 1440) * MINUTE
