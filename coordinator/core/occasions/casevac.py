"""Evacuations of casualties: one card each with its clock, one more where a decision or a launch is late.

The card is for those who must act: the addressees of the request and whom the mission names, with the headquarters
above; whoever asked and the next headquarters above it are informed. All of them may read the request, and the card
says no more than all of them may read in it. How far the help is, is said to all of them: the effect, not the cause.
A status with a label of its own counts on the card only if all of them may read it.

* A mark that is missed calls the next headquarters above.
* A decision on the launch that is late is a card of its own, for whoever decides; above it one more each time that the
  same time passes.
* Nothing in motion some time behind the planned or ordered launch is a card of its own, also for who was ordered.

Numbers only, never a name. Source: reference domain.md §1.6, R-07, R-21, V2 of §5.2; design §7 (law 6).
"""

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush
from typing import ClassVar

import msgspec

from coordinator.core.audience import Readers
from coordinator.core.correlate import SECOND
from coordinator.core.deconfliction.ledger import Key
from coordinator.core.mission import Mission
from coordinator.core.occasions.evacuation_cards import TEXTS, Cards, audiences, is_effect, name
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.orders.evacuations import Case, case, told_as
from coordinator.core.orders.threads import Saved, Threads
from coordinator.core.orders.viewing import decisions, view
from coordinator.core.step import Logged
from schemas import subjects
from schemas.directives import Directive
from schemas.operations import Config
from schemas.reports import MedevacRequest


class Said(msgspec.Struct, kw_only=True):
    """What was said of one request: its cards, by id, when it changes by itself next, and whether it is over."""

    occasions: dict[str, Occasion] = {}
    due: int | None = None
    over: bool = False


class State(msgspec.Struct, kw_only=True):
    """Everything that the source remembers."""

    threads: Saved = msgspec.field(default_factory=Saved)
    said: dict[str, Said] = {}  # "xar-batt CASEVAC-0314-1"


class Evacuations:
    """The source (see `coordinator.core.occasions.occasion.Source`)."""

    NAME: ClassVar[str] = "casevac"
    READS: ClassVar[tuple[str, ...]] = (subjects.records(MedevacRequest.KIND), subjects.records(Directive.KIND))
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = TEXTS

    def __init__(self) -> None:
        self._mission = Mission(name="")
        self._threads = Threads()
        self._become({})

    def _become(self, said: dict[str, Said]) -> None:
        self._said = said
        self._heap = [(one.due, known) for known, one in said.items() if one.due is not None]
        heapify(self._heap)

    def adopt(self, mission: Mission) -> None:
        """Take another mission."""
        self._mission = mission

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Take a request, a status of one, or an order for one; or another mission, which may count otherwise."""
        if isinstance(message.body, Config):
            touched = [key for key in self._threads.requests() if not self._is_over(key)]
        else:
            touched = self._threads.take(message)
        found = [o for key in touched for o in self._look(key, message.at)]
        for key in self._threads.forget(message.at, int(self._mission.rules.keep_s * SECOND), self._is_over):
            self._said.pop(name(key), None)
        return found

    def _is_over(self, key: Key) -> bool:
        return name(key) not in self._said or self._said[name(key)].over

    def wake(self, now: int) -> Iterable[Occasion]:
        """Look at every case whose time has come."""
        due = set[str]()
        while self._heap and self._heap[0][0] <= now:
            at, known = heappop(self._heap)
            if known in self._said and self._said[known].due == at:
                due.add(known)
        return [o for known in sorted(due) for o in self._look(_key(known), now)]

    def next_wake(self) -> int | None:
        """Return when a mark passes, or a decision or a launch is late, or None."""
        while self._heap and ((said := self._said.get(self._heap[0][1])) is None or said.due != self._heap[0][0]):
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def snapshot(self) -> bytes:
        """Return the whole state, without the mission, as JSON."""
        return msgspec.json.encode(State(threads=self._threads.saved(), said=self._said), order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        try:
            state = msgspec.json.decode(data, type=State)
        except msgspec.MsgspecError as error:
            raise ValueError(f"no snapshot of {self.NAME}: {error}") from error
        self._threads = Threads(state.threads)
        self._become(state.said)

    def cases(self, reader: str, now: int) -> list[Case]:
        """Return every evacuation that a reader may know of, as far as it may, the oldest first."""
        found = (self._case_for(key, frozenset({reader}), now) for key in self._threads.requests())
        return sorted((c for c in found if c), key=lambda c: (c.asked_at, c.request, c.originator))

    def _case_for(self, key: Key, reader: Readers, now: int) -> Case | None:
        """Return a case as somebody may know it: how far it is, as on the card; who said what, as far as it may read.

        How far the help is, is said also by a status without a label that the reader does not get: the effect.
        """
        decided = decisions(self._threads.about(key), self._mission)
        mine = [v for i, d in decided if (v := view(i, d, reader))]
        told = [v or i for i, d in decided if (v := view(i, d, reader)) or is_effect(i, key)]
        known, full = (case(key, items, self._mission, now) for items in (mine, told))
        if known is None or full is None:
            return None
        shown = told_as(full, known)
        group = next((g for g in audiences(key, self._threads.about(key), self._mission) if reader <= g.readers), None)
        if group is None:
            return shown
        decides = Cards(key, full, group, self._mission, now).decides  # as the card says: never who may not know of it
        owner = decides if shown.owner == shown.who_decides else shown.owner
        return msgspec.structs.replace(shown, who_decides=decides, owner=owner)

    # -- one case -----------------------------------------------------------------------------------------------------

    def _look(self, key: Key, now: int) -> Iterator[Occasion]:
        """Yield what changed of a case; a card that is no longer true is over, and says so once."""
        items = self._threads.about(key)
        groups = audiences(key, items, self._mission)
        found = [(g, c) for g in groups if (c := case(key, g.common(), self._mission, now))]
        if not found:
            return
        known = self._said.setdefault(name(key), Said())
        cards = [Cards(key, c, group, self._mission, now) for group, c in found]
        made = {o.id: o for card in cards for o in (card.main(), *card.late())}
        dues = (at for card, (_, c) in zip(cards, found, strict=True) for at in (c.next(now), card.next_call()))
        before, known.due = known.due, min((at for at in dues if at is not None), default=None)
        if known.due is not None and known.due != before:
            heappush(self._heap, (known.due, name(key)))
        known.over = all(not c.open for _, c in found)
        gone = (o for i, o in known.occasions.items() if i not in made and not o.over)
        for new in (*made.values(), *(msgspec.structs.replace(o, over=True) for o in gone)):
            held = known.occasions.get(new.id)
            o = new if held is None else _still_informed(new, held)
            if o != held:
                known.occasions[o.id] = o
                yield o


def _still_informed(new: Occasion, before: Occasion) -> Occasion:
    """Keep whoever was informed so: who is told once stays told, and must not come to owe an answer by that."""
    left = tuple(p for p in before.informed if p not in new.told and p not in new.informed)
    return msgspec.structs.replace(new, informed=(*new.informed, *left)) if left else new


def _key(name: str) -> Key:
    originator, _, identity = name.partition(" ")
    return originator, identity
