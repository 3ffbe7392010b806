"""What follows from positions: where a unit was seen, against the places that matter; a word a change, never a feed.

Places matter that the mission covers, and for the participants that are tasked there the places of their orders. Of
each unit and place it is said that the unit is *at* it, has *left* it, or, while a task of its participant runs, is
*away* from it without ever having been there. Rules:

* a position that is not newer than the unit's last one says nothing: late and repeated ones cannot turn anything back;
* one that is stamped further ahead than the mission tolerates is not believed, nor what one says of another's unit;
* leaving needs a tenth more distance than arriving, and a return counts a minute after the departure at the earliest,
  so an unsteady position writes at most two words a minute;
* what it once said stands in the log and is its memory: after a restart it says nothing twice.

It is no fold in the strict sense: when a position is read beside an order is not fixed. Two instances may each say a
change by the position that they saw first; whoever reads that takes the later sequence. Source: design §2, §4 (K19).
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from coordinator.core.deconfliction.active import participant
from coordinator.core.deconfliction.geometry import length_m
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import FAR, micros
from coordinator.core.mission import Mission
from coordinator.core.step import Effect, Logged
from coordinator.core.watchlist import Task, Watched, Watchlist
from schemas import registry, subjects
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.operations import Config, Whereabouts
from schemas.reports import PositionReport

NAME: Final = "tracks"
UNITS: Final = 20_000  # whose last position is remembered: the least recently seen are forgotten first
STEADY: Final = 1.1  # times the limit: a unit that is there has left only beyond that
RETURN: Final = 60_000_000  # microseconds between a departure and a return
_OWN: Final = frozenset(("", "friend"))  # affiliations that a participant's own units have


class Spell(msgspec.Struct, frozen=True):
    """The last word on a unit and a place."""

    state: str
    seen: int
    doubtful: bool = False


class State(msgspec.Struct, kw_only=True):
    """Everything remembered: when each unit was seen last, by participant and name, and its spells by place."""

    units: dict[str, int] = {}
    spells: dict[str, dict[str, Spell]] = {}
    tasks: dict[str, Task] = {}


class Tracks:
    """The core; see `coordinator.core.step.Core`."""

    def __init__(self, mission: Mission) -> None:
        self._state = State()
        self._adopt(mission)

    def handle(self, message: Logged) -> Sequence[Effect]:
        """Take an order, a position, the mission, or one's own word of before."""
        match message.body:
            case PositionReport() as body:
                return self._position(message, body)
            case Directive() as body:
                said = message.envelope.created.utc if message.envelope.created else None
                self._watchlist.add(message.envelope.id, body, message.at if said is None else said, message.at)
            case Whereabouts() as body:
                self._recall(body)
            case Config() as body:
                self._adopt(msgspec.json.decode(body.mission, type=Mission))
        return ()

    def wake(self, now: int, cause: Logged) -> Sequence[Effect]:
        """Do nothing: it has no timer."""
        return ()

    def next_wake(self) -> int | None:
        """Return None."""
        return None

    def snapshot(self) -> bytes:
        """Return the whole state as bytes."""
        return msgspec.json.encode(self._state)

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        try:
            self._state = msgspec.json.decode(data, type=State)
        except msgspec.MsgspecError as error:
            raise ValueError(f"no snapshot of tracks: {error}") from error
        self._adopt(self._setting.mission)

    def _adopt(self, mission: Mission) -> None:
        self._setting = Setting(mission)
        self._watchlist = Watchlist(self._setting, self._state.tasks)

    # -- positions ----------------------------------------------------------------------------------------------------

    def _position(self, message: Logged, body: PositionReport) -> Sequence[Effect]:
        whose, unit = message.envelope.originator, _name(body)
        watched = self._watchlist.of(whose)
        seen = body.at.utc
        if not watched or seen is None or not self._believed(message, body, seen):
            return ()
        key = f"{whose}\x1f{unit}"
        if seen <= self._state.units.get(key, -FAR):
            return ()
        self._seen(key, seen)
        found = (self._compared(message, body, seen, key, w) for w in watched)
        return [_effect(message, said) for said in found if said]

    def _believed(self, message: Logged, body: PositionReport, seen: int) -> bool:
        """Say whether it is a position of one of the sender's own units, at a time that can be."""
        named = participant(body.subject, self._setting)
        ahead = seen > message.at + micros(self._setting.rules.clock_tolerance_s)
        own = named in ("", message.envelope.originator) and body.affiliation in _OWN
        return own and not ahead and body.position.quality != "unknown"

    def _seen(self, key: str, seen: int) -> None:
        units = self._state.units
        units.pop(key, None)
        units[key] = seen
        while len(units) > UNITS:
            gone = next(iter(units))
            del units[gone]
            self._state.spells.pop(gone, None)

    def _compared(self, message: Logged, body: PositionReport, seen: int, key: str, at: Watched) -> Whereabouts | None:
        """Return the word on a unit and a place, if there is a new one."""
        place, limit, here = at.post.place, at.post.limit_m, body.position
        old = self._state.spells.get(key, {}).get(place.name)
        distance = length_m((here.lon, here.lat), (place.lon, place.lat))
        doubtful = abs(distance - limit) <= (here.ce_m or 0.0) or here.quality != "exact"
        state = _state(old, distance, limit, seen, at.runs)
        if state is None or (old and old.state == state and not _renews(old, seen, at.runs, doubtful)):
            return None
        self._state.spells.setdefault(key, {})[place.name] = Spell(state, seen, doubtful)
        return Whereabouts(
            participant=message.envelope.originator, unit=body.subject, place=place.name,
            state=state,  # type: ignore[arg-type] # one of the three words
            seen=seen, position=message.seq, distance_m=round(distance, 1), limit_m=limit, doubtful=doubtful,
        )  # fmt: skip

    def _recall(self, body: Whereabouts) -> None:
        key = f"{body.participant}\x1f{_called(body)}"
        spells = self._state.spells.setdefault(key, {})
        old = spells.get(body.place)
        if old is None or old.seen < body.seen:
            spells[body.place] = Spell(body.state, body.seen, body.doubtful)
        if self._state.units.get(key, -FAR) < body.seen:
            self._seen(key, body.seen)


def words(messages: Sequence[Envelope], mission: Mission, now: int) -> list[Envelope]:
    """Return what positions among messages lead to, oldest first, as the log would have it; orders come first."""
    core, found = Tracks(mission), list[Envelope]()
    if not any(m.kind == PositionReport.KIND for m in messages):
        return found
    read = [(m, registry.body(m)) for m in messages if m.kind in (Directive.KIND, PositionReport.KIND)]
    for m, order in read:
        if isinstance(order, Directive):
            core.handle(Logged(0, subjects.record(m.kind, m.originator), m.key, now, m, order))
    timed = [(b.at.utc, m.originator, m.key, m, b) for m, b in read if isinstance(b, PositionReport) and b.at.utc]
    for seq, (at, by, key, m, b) in enumerate(sorted(timed, key=lambda t: t[:3]), 1):
        said = core.handle(Logged(seq, subjects.position(by), key, at, m, b))
        found += [registry.pack(e.body, originator="coord", received_at=at, **e.fields) for e in said]
    return found


def _state(old: Spell | None, distance: float, limit: float, seen: int, runs: Iterable[tuple[int, int]]) -> str | None:
    """Return where a unit is against a place, or None if nothing is to be said of it."""
    there = old is not None and old.state == "at"
    if distance <= limit * (STEADY if there else 1.0):
        early = old is not None and old.state == "left" and seen - old.seen < RETURN
        return None if early else "at"
    if there:
        return "left"
    if old is None and not any(start <= seen < end for start, end in runs):
        return None
    return old.state if old else "away"


def _renews(old: Spell, seen: int, runs: Iterable[tuple[int, int]], doubtful: bool) -> bool:
    """Say whether a word must be said again: it was doubtful, or a task has begun since."""
    if old.doubtful and not doubtful:
        return True
    return old.state != "at" and any(old.seen < start <= seen < end for start, end in runs)


def _name(body: PositionReport) -> str:
    return body.subject.id or body.subject.callsign or body.subject.name


def _called(body: Whereabouts) -> str:
    return body.unit.id or body.unit.callsign or body.unit.name


def _effect(message: Logged, said: Whereabouts) -> Effect:
    """Return a word as an effect: the same thing has the same id, and its sequence in TRACKS is its revision."""
    thing = subjects.opaque(f"{said.participant} {_called(said)} {said.place}")
    fields = {"id": thing, "revision": said.position, "reality": message.envelope.reality}
    return Effect(subjects.whereabouts(said.participant), said, thing, message.id, 0, fields)
