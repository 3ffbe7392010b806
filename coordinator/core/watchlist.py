"""Which places matter for whose units, and when: those that the mission covers, and those of orders to be somewhere.

What orders and amendments say is only ever added up, so it is the same in whatever order they come: a superset of what
is in force. The verdict on an order (K19) is deconfliction's, this only decides what is worth a word.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

import msgspec

from coordinator.core.deconfliction import posts
from coordinator.core.deconfliction.active import participant
from coordinator.core.deconfliction.posts import Post
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import fault, micros, span
from schemas.directives import Directive, OrderChange

FORGET: Final = 1_000  # orders beyond which it is looked for what is over


class Task(msgspec.Struct):
    """Everything that an order and its amendments ever said of who is to be where and when."""

    since: int
    held: bool = False  # whether it binds anybody to a place
    limits: dict[str, float] = {}  # by place
    performers: list[str] = []
    runs: list[tuple[int, int]] = []  # certain windows, microseconds


class Watched(NamedTuple):
    """A place that matters for a participant: how far from it a unit still is there, and when it must be."""

    post: Post
    runs: tuple[tuple[int, int], ...] = ()


class Watchlist:
    """The places that matter. ``tasks`` are orders by id; they are what has to be kept."""

    def __init__(self, setting: Setting, tasks: dict[str, Task]) -> None:
        self.tasks, self._setting = tasks, setting
        mission = setting.mission
        covered = (mission.place(c.place) for c in mission.coverage)
        self._covered = [Post(p, posts.around_m(p, mission)) for p in covered if p]
        self._index()

    def of(self, whose: str) -> tuple[Watched, ...]:
        """Return the places that matter for a participant's units, by name."""
        if whose not in self._places:
            found = {p.name: Watched(p) for p in self._covered}
            for identity in sorted(self._orders.get(whose, ())):
                self._join(found, self.tasks[identity])
            self._places[whose] = tuple(found[n] for n in sorted(found))
        return self._places[whose]

    def add(self, identity: str, body: Directive, issued: int, now: int) -> None:
        """Note where an order, or an amendment, has somebody be; times are microseconds."""
        parts: list[tuple[str, Directive | OrderChange]] = [(identity, body)]
        for name, part in (*parts, *((c.order.id, c) for c in body.amends)):
            task = self.tasks.setdefault(name, Task(issued, limits={}, performers=[], runs=[]))
            self._note(task, part, issued)
            for performer in task.performers:
                self._orders[performer].add(name)
                self._places.pop(performer, None)
        if len(self.tasks) > self._full:
            self._forget(now)

    def _note(self, task: Task, part: Directive | OrderChange, issued: int) -> None:
        task.since = min(task.since, issued)
        task.held |= part.action in posts.HELD
        found = posts.post_at(part.area, self._setting)
        if found:
            task.limits[found.name] = max(task.limits.get(found.name, 0.0), found.limit_m)
        named = {p for u in part.performers or () if (p := participant(u, self._setting))}
        task.performers = sorted({*task.performers, *named})
        spans = [span(w) for w in part.windows or () if not fault(w)]
        task.runs = sorted({*task.runs, *((s.sl, s.ee) for s in spans if s.sl < s.ee)})

    def _join(self, found: dict[str, Watched], task: Task) -> None:
        """Add the places of one order to those that matter."""
        places = ((self._setting.mission.place(n), limit) for n, limit in task.limits.items() if task.held)
        for place, limit in places:
            if place:
                known = found.get(place.name, Watched(Post(place, limit)))
                runs = tuple(sorted({*known.runs, *self._runs(task)}))
                found[place.name] = Watched(Post(place, max(limit, known.post.limit_m)), runs)

    def _runs(self, task: Task) -> Iterable[tuple[int, int]]:
        """Return when a unit must be there: a task that already runs when it is issued leaves the grace to arrive."""
        first = task.since + micros(self._setting.rules.coverage_grace_s)
        return ((max(start, first), end) for start, end in task.runs)

    def _forget(self, now: int) -> None:
        """Forget what is over long enough; what has no end stays."""
        keep = micros(self._setting.rules.keep_s)
        for identity in [i for i, t in self.tasks.items() if t.runs and max(end for _, end in t.runs) + keep < now]:
            del self.tasks[identity]
        self._index()

    def _index(self) -> None:
        """Find orders by who performs them."""
        self._places: dict[str, tuple[Watched, ...]] = {}
        self._orders: defaultdict[str, set[str]] = defaultdict(set)
        self._full = max(FORGET, 2 * len(self.tasks))
        for identity, task in self.tasks.items():
            for performer in task.performers:
                self._orders[performer].add(identity)
