"""What the cards of an evacuation say, and to whom: see `casevac`."""

from collections.abc import Iterable, Iterator
from typing import Final

from coordinator.core import routing
from coordinator.core.audience import Decision, Readers
from coordinator.core.correlate import SECOND
from coordinator.core.deconfliction.ledger import Item, Key
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.orders.evacuations import Case, Precedence
from coordinator.core.orders.threads import cited
from coordinator.core.orders.viewing import decisions, unlabelled, view
from schemas.alerts import CapSeverity, Line
from schemas.directives import Directive
from schemas.reports import MedevacRequest
from schemas.subjects import opaque

CLOCK, RECEIVED, STATE = "casevac-clock", "casevac-received", "casevac-state"
MARK, DECISION, LAUNCH = "casevac-mark", "casevac-decision", "casevac-launch"
UNDECIDED, LATE = "casevac-undecided", "casevac-launch-late"
NEXT, FOLLOW = "casevac-next", "casevac-follow"
UNDECIDED_NEXT, LATE_NEXT = "casevac-undecided-next", "casevac-launch-late-next"


Decided = list[tuple[Item, Decision]]
GRAVE: Final[dict[Precedence, CapSeverity]] = {
    "urgent": "Extreme", "priority": "Severe", "routine": "Moderate", "": "Severe",
}  # fmt: skip
"""How grave an evacuation between facilities is, by its most urgent patient."""


TEXTS: Final[dict[str, tuple[str, ...]]] = {
    CLOCK: ("what", "request", "state", "basis", "start_at"),
    RECEIVED: ("what", "request", "done_at", "minutes", "basis", "verdict"),
    STATE: ("what", "request", "state"),
    MARK: ("care", "mark_at", "reached"), DECISION: ("who_decides", "due_at"), LAUNCH: ("launch_at", "due_at"),
    UNDECIDED: ("what", "request", "asked_at", "who_decides"), UNDECIDED_NEXT: ("who_decides",),
    LATE: ("what", "request", "launch_at"), LATE_NEXT: (), NEXT: ("who_decides",),
}  # fmt: skip
"""Every text, with the names of the values that it is given."""


class Audience:
    """Some participants who are told of a request by one card, and what all of them may read of it."""

    def __init__(self, key: Key, decided: Decided, mission: Mission, among: Readers, suffix: str = "") -> None:
        self.asker, self.suffix, self.among = key[0], suffix, among
        self._key, self._mission, self._decided = key, mission, decided
        own = _revisions(key, decided)
        self.told = self._told(own)
        around = (self.asker, *mission.superiors(self.asker)[:1])
        self.informed = tuple(p for p in around if p in among and p not in self.told)
        self.everybody = frozenset((*self.told, *self.informed))
        seen = [d.readers for i, d in own if view(i, d, self.everybody)]
        self.stands = bool(seen)
        self.readers = frozenset(mission.by_id).intersection(*seen)

    @property
    def only(self) -> tuple[str, ...] | None:
        """Those who may know at all of the card; None if that is everybody."""
        return None if self.readers >= self._mission.by_id.keys() else tuple(sorted(self.readers))

    def _told(self, own: Decided) -> tuple[str, ...]:
        """Return who must act: addressees, whom the mission names, and a headquarters if none of them is one.

        A revision that one of those told before may not read adds nobody: they would see that it came.
        """
        told: list[str] = []
        for i, d in own:
            if view(i, d, frozenset(told)):
                named = (*(a.to for a in i.envelope.addressees if a.role == "action"), *self._mission.casevac.tell)
                told += [p for p in named if p in self.among & d.readers and p != self.asker and p not in told]
        if not any(self._mission.by_id[p].role in ("hq", "desk") for p in told):
            told += [r.participant for r in routing.report(self._mission, self.asker, (), tuple(self.among))]
        return tuple(dict.fromkeys(told))

    def common(self) -> Iterator[Item]:
        """Yield what counts on a card that everybody reads: what all may read, and the effect of what has no label.

        The card goes to duty desks, to operators and up the chain: to anybody who may read the request.
        """
        for i, d in self._decided:
            reading = self.everybody if _is_of(i, self._key) else self.everybody | self.readers
            if (seen := view(i, d, reading)) is not None:
                yield seen
            elif is_effect(i, self._key):
                yield i

    def acting(self, found: Case) -> Iterator[str]:
        """Yield who performs an order for it, may read that order, and may know of the request."""
        for i, d in self._decided:
            if i.envelope.kind == Directive.KIND and found.request in cited(i):
                mine = (p for p in found.acting if p in d.acting and p in d.readers)
                yield from (p for p in mine if not self.suffix or p in self.readers)


def audiences(key: Key, items: Iterable[Item], mission: Mission) -> list[Audience]:
    """Return the audiences of a request, each with a card of its own; nearly always that is one.

    Whoever may read the oldest revision belongs together. Who may read only a later one joins them if all of them may
    read that as well; else it is none of their business, and has a card apart.
    """
    decided = decisions(items, mission)
    found: list[Audience] = []
    placed = frozenset[str]()
    for i, d in _revisions(key, decided):
        fresh = (d.readers & frozenset(mission.by_id)) - placed
        if not fresh:
            continue
        placed |= fresh
        wider = [(n, Audience(key, decided, mission, of.among | fresh, of.suffix))
                 for n, of in enumerate(found) if view(i, d, of.everybody)]  # fmt: skip
        if host := next((one for one in wider if one[1].stands), None):
            found[host[0]] = host[1]
        else:
            suffix = _suffix(i, {of.suffix for of in found})
            found.append(Audience(key, decided, mission, fresh | {key[0]}, suffix))
    return [audience for audience in found if audience.stands]


def _suffix(base: Item, taken: set[str]) -> str:
    """Return what tells a card from others of one request: nothing of a label stands in the name of another's card."""
    label = (base.envelope.label, sorted(base.envelope.field_labels.items()))
    suffix = "" if unlabelled(base.envelope) else f" {opaque(repr(label))}"
    return suffix if suffix not in taken else f"{suffix} {base.revision}"


def _revisions(key: Key, decided: Decided) -> Decided:
    """Return the revisions of a request that were not withdrawn, the oldest first."""
    return sorted(((i, d) for i, d in decided if _is_of(i, key)), key=lambda one: (one[0].revision, one[0].digest))


def is_effect(item: Item, key: Key) -> bool:
    """Say whether what a message says of a request's progress is for all who read the request, labels being silent."""
    return not _is_of(item, key) and unlabelled(item.envelope)


def _is_of(item: Item, key: Key) -> bool:
    return item.key == key and item.envelope.kind == MedevacRequest.KIND and not item.cancelled


class Cards:
    """The cards of one case."""

    def __init__(self, key: Key, found: Case, audience: Audience, mission: Mission, now: int) -> None:
        self._case, self._audience, self._mission, self._now = found, audience, mission, now
        self._name = name(key) + audience.suffix
        self._what = found.mission_kind.upper()
        self.decides = found.who_decides
        if self.decides not in audience.readers:  # it cannot decide on what it may not know
            self.decides = self._arbiter(audience.told) or next(iter(audience.told), audience.asker)
        own = (self.decides,) if self.decides != audience.asker else ()
        self._told = tuple(dict.fromkeys((*audience.told, *own)))  # whoever decides must know that it does
        self._above = tuple(p for p in self._chain() if p in audience.readers)

    def _chain(self) -> tuple[str, ...]:
        """Return who is called where something is late, the nearest first."""
        above = (*self._mission.superiors(self.decides), *self._mission.superiors(self._audience.asker))
        return tuple(p for p in dict.fromkeys(above) if p not in (self.decides, self._audience.asker))

    def main(self) -> Occasion:
        """Return the card of the case."""
        case_, told = self._case, self._told
        missed = sum(m.state == "missed" for m in case_.marks) if case_.open else 0
        told = (*told, *[p for p in self._above if p not in told][:missed])
        return Occasion(
            id=opaque(f"medical {self._name}"),
            kind="medical",
            severity=self._severity(),
            urgency="Immediate" if case_.open else "Past",
            text_key=self._headline(),
            next_key=NEXT if case_.decided_at is None else FOLLOW,
            args=self._args(),
            parties=(case_.originator,),
            told=told,
            informed=tuple(p for p in self._audience.informed if p not in told),
            scope="each",
            arbiter=self._arbiter(told),
            owner=self._owner(told),
            place=case_.place,
            at=case_.at,
            lines=tuple(self._lines()),
            refers=(case_.request,),
            only=self._audience.only,
            over=not case_.open,
        )

    def _severity(self) -> CapSeverity:
        """Return how grave it is: an evacuation between facilities is as grave as its patients are said to be."""
        return "Extreme" if self._case.mission_kind == "casevac" else GRAVE[self._case.precedence]

    def _arbiter(self, told: tuple[str, ...]) -> str:
        found = self._mission.arbiter(told)
        return found if found in self._audience.readers else ""

    def _owner(self, told: tuple[str, ...]) -> str:
        return self.decides if self.decides in told else self._arbiter(told) or next(iter(told), "")

    def _headline(self) -> str:
        case_ = self._case
        if case_.mission_kind == "medevac":
            return STATE
        return RECEIVED if case_.done_at is not None else CLOCK if case_.open else STATE

    def _args(self) -> dict[str, str | int]:
        case_ = self._case
        all_: dict[str, str | int] = {
            "what": self._what, "request": case_.request, "state": case_.state, "basis": case_.basis,
            "start_at": case_.start_at, "done_at": case_.done_at or 0, "minutes": str(case_.minutes or 0),
            "verdict": case_.verdict, "who_decides": self.decides,
        }  # fmt: skip
        wanted = {*TEXTS[self._headline()], *TEXTS[NEXT]}
        return {name: value for name, value in all_.items() if name in wanted}

    def _lines(self) -> Iterator[Line]:
        case_ = self._case
        for m in case_.marks:
            yield Line(text_key=MARK, args={"care": m.care, "mark_at": m.at, "reached": m.state})
        if case_.open and case_.decided_at is None and case_.decide_by is not None:
            yield Line(text_key=DECISION, args={"who_decides": self.decides, "due_at": case_.decide_by})
        if case_.open and case_.moving_at is None and case_.launch_at is not None and case_.launch_by is not None:
            yield Line(text_key=LAUNCH, args={"launch_at": case_.launch_at, "due_at": case_.launch_by})

    # -- what is late -------------------------------------------------------------------------------------------------

    def late(self) -> Iterator[Occasion]:
        """Yield a card for each thing that is late."""
        case_ = self._case
        if case_.late_decision(self._now):
            args: dict[str, str | int] = {"what": self._what, "request": case_.request, "asked_at": case_.asked_at,
                    "who_decides": self.decides}  # fmt: skip
            yield self._of_its_own("undecided", UNDECIDED, UNDECIDED_NEXT, args, self._deciders(), self._audience.only)
        if case_.late_launch(self._now):
            args = {"what": self._what, "request": case_.request, "launch_at": case_.launch_at or 0}
            acting = tuple(self._audience.acting(case_))
            only = None if self._audience.only is None else tuple(sorted({*self._audience.only, *acting}))
            told = tuple(dict.fromkeys((*self._told, *acting)))
            yield self._of_its_own("launch-late", LATE, LATE_NEXT, args, told, only)

    def _of_its_own(
        self, what: str, text: str, next_: str, args: dict[str, str | int], told: tuple[str, ...],
        only: tuple[str, ...] | None,
    ) -> Occasion:  # fmt: skip
        return Occasion(
            id=opaque(f"{what} {self._name}"),
            kind="medical",
            severity=self._severity(),
            urgency="Immediate",
            text_key=text,
            next_key=next_,
            args=args,
            told=told,
            scope="each",
            arbiter=self._arbiter(told),
            owner=self._owner(told),
            card=opaque(f"medical {self._name}"),
            refers=(self._case.request,),
            only=only,
        )

    def _deciders(self) -> tuple[str, ...]:
        """Return who decides and, each time that the time for it has passed once more, one more above it."""
        due, period = self._case.decide_by, self._period()
        calls = 1 + (self._now - due) // period if due is not None and period else 0
        first = [p for p in (self.decides,) if p in self._audience.readers]
        return tuple(dict.fromkeys((*first, *self._above[:calls]))) or self._told

    def next_call(self) -> int | None:
        """Return when the next one above is called about the decision, or None."""
        due, period = self._case.decide_by, self._period()
        if due is None or not period or not self._case.late_decision(self._now):
            return None
        calls = 1 + (self._now - due) // period
        return due + calls * period if calls < len(self._above) else None

    def _period(self) -> int:
        return int(self._mission.casevac.approval_s * SECOND)


def name(key: Key) -> str:
    """Return a request by one name; a participant's id holds no blank."""
    return f"{key[0]} {key[1]}"
