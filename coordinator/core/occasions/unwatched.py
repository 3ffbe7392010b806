"""Nobody is watching: by the roster nobody has a role at an area now, or whoever has it cannot be reached.

Told are the headquarters above the desks of that role, and the desks that are on watch elsewhere: of all these, those
that can be reached. It ends when somebody has the watch again. A mission without a roster knows nothing of this.

Whoever cannot be reached is missed after the time that makes a lost contact worth a notice. Source: reference
console.md §6 ("Roster/shift"), §1.2 (an area without anybody is an alert of its own).
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

import msgspec
from msgspec.structs import replace

from coordinator.core import roster, routing
from coordinator.core.correlate import SECOND
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.roster import Post
from coordinator.core.step import Logged
from schemas import subjects
from schemas.alerts import CapSeverity
from schemas.operations import Presence

SEVERITY: Final[CapSeverity] = "Severe"  # what happens there is told to somebody else, who has to know that


class State(msgspec.Struct, kw_only=True):
    """Everything remembered."""

    at: int | None = None  # when it was looked last
    heard: dict[str, int] = {}  # when each participant was lost or regained last
    lost: dict[str, int] = {}  # participants that cannot be reached, and since when
    said: dict[str, Occasion] = {}  # what is open, by post


class Unwatched:
    """The source of ``unwatched`` (see `coordinator.core.occasions.occasion.Source`)."""

    NAME: ClassVar[str] = "unwatched"
    READS: ClassVar[tuple[str, ...]] = (subjects.ALL_PRESENCE, subjects.CONFIG)
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = {
        "unwatched-until": ("post", "next_at"),
        "unwatched-open": ("post",),
        "unwatched-unreachable": ("post", "whom", "since_at"),
        "unwatched-next": (),
    }

    def __init__(self) -> None:
        self._mission = Mission(name="")
        self._state = State()
        self._posts: tuple[Post, ...] = ()
        self._fresh = False
        self._due: int | None = None  # asked for after every message, so it is worked out only when it changes

    def adopt(self, mission: Mission) -> None:
        """Take another mission; it is looked at with the next message."""
        self._mission, self._posts, self._fresh = mission, roster.posts(mission), True
        self._due = self._next()

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Note who can be reached, and look at the roster if that or the mission has changed."""
        if isinstance(message.body, Presence):
            self._note(message.body)
        elif not self._fresh:
            return ()
        return self._look(message.at)

    def wake(self, now: int) -> Iterable[Occasion]:
        """Look at the roster if a shift changes, or somebody is missed."""
        return self._look(now) if self._due is not None and self._due <= now else ()

    def next_wake(self) -> int | None:
        """Return when a shift changes next, or somebody has not been reached for long enough."""
        return self._due

    def _next(self) -> int | None:
        at = self._state.at
        if at is None or not self._posts:
            return None
        missed = (since + self._patience for since in self._state.lost.values())
        times = (*(t for t in missed if t > at), roster.next_change(self._mission, at))
        return min((t for t in times if t is not None), default=None)

    def snapshot(self) -> bytes:
        """Return the whole state, without the mission, as JSON."""
        return msgspec.json.encode(self._state, order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        self._state = msgspec.json.decode(data, type=State)
        self._fresh = self._state.at is None
        self._due = self._next()

    # -- what there is ------------------------------------------------------------------------------------------------

    @property
    def _patience(self) -> int:
        return int(self._mission.presence.notice_after_s * SECOND)

    def _note(self, presence: Presence) -> None:
        state, who = self._state, presence.participant
        if presence.state == "read" or presence.at < state.heard.get(who, 0):
            return
        state.heard[who] = presence.at
        if presence.state == "lost":
            state.lost.setdefault(who, presence.at)
        else:
            state.lost.pop(who, None)

    def _look(self, now: int) -> list[Occasion]:
        return [*self._changed(now)]

    def _changed(self, now: int) -> Iterator[Occasion]:
        state, self._fresh = self._state, False
        state.at = now
        self._due = self._next()
        missing = {f"{p.role} {p.area}".strip(): p for p in self._posts if not self._reachable(p, now)}
        for name in [n for n in state.said if n not in missing]:
            yield replace(state.said.pop(name), over=True)
        for name, post in missing.items():
            occasion = self._occasion(name, post, now)
            if state.said.get(name) != occasion:
                state.said[name] = occasion
                yield occasion

    def _is_missed(self, participant: str, now: int) -> bool:
        since = self._state.lost.get(participant)
        return since is not None and since + self._patience <= now

    def _reachable(self, post: Post, now: int) -> list[str]:
        return [p for p in _names(self._mission, post, now) if not self._is_missed(p, now)]

    def _occasion(self, name: str, post: Post, now: int) -> Occasion:
        held, watching = self._state.said.get(name), _names(self._mission, post, now)
        text, args = self._words(name, post, watching, now)
        place = self._mission.place(post.area)
        return Occasion(
            id=held.id if held else subjects.opaque(f"unwatched {name} {now}"),
            kind="unwatched",
            severity=SEVERITY,
            urgency="Immediate",
            text_key=text,
            next_key="unwatched-next",
            args=args,
            parties=tuple(watching),
            told=self._told(post, now),
            place=post.area,
            at=(place.lon, place.lat) if place else None,
        )

    def _words(self, name: str, post: Post, watching: list[str], now: int) -> tuple[str, dict[str, str | int]]:
        if watching:
            since = max(self._state.lost[p] for p in watching)
            return "unwatched-unreachable", {"post": name, "whom": " ".join(watching), "since_at": since}
        follows = roster.next_filled(self._mission, post, now)
        if follows is None:
            return "unwatched-open", {"post": name}
        return "unwatched-until", {"post": name, "next_at": follows}

    def _told(self, post: Post, now: int) -> tuple[str, ...]:
        """Return the nearest above each desk of a role that can be reached, and the desks that are on watch."""
        mission = self._mission
        rostered = [r.participant for r in mission.roster if (r.role, r.area) == post]
        above = {next((s for s in mission.superiors(p) if not self._is_missed(s, now)), "") for p in rostered}
        there = {r.participant for r in mission.roster if roster.on(r, now)}
        desks = {p for p in there if not self._is_missed(p, now)}
        found = (above | desks) - {""} or {p.id for p in mission.participants if p.role in ("desk", "hq")}
        return routing.in_order(mission, found & mission.by_id.keys())


def _names(mission: Mission, post: Post, now: int) -> list[str]:
    return list(dict.fromkeys(r.participant for r in roster.filled(mission, post, now)))
