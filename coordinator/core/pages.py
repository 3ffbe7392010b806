"""Cards as they are published: what follows from findings, occasions and clocks goes out once a step, if it differs.

One exception: of a card with more findings than it lists, a change that is in the list or in the counts alone waits for
others, a minute at most; whatever an officer must know never waits. `cardbook` says which finding is on which card.
"""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from coordinator.core import escalate, ladders, repeats
from coordinator.core.cards import Card, Face, View, occasion_view, told, urgency, work
from coordinator.core.cardstate import State
from coordinator.core.cardtimes import CardTimes
from coordinator.core.correlate import SECOND
from coordinator.core.handling import course
from coordinator.core.holders import Holders, Owed
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.revisions import blank, changes, revised
from coordinator.core.routetree import NOBODY_ELSE, Policy, Tree
from coordinator.core.routing import admits
from coordinator.core.tally import Tallies
from schemas.alerts import Alert

QUIET: Final = 60 * SECOND  # how long a change waits for others that is in the list or the counts of a crowd alone
SILENCES: Final = frozenset({"contact-lost", "bearer-down"})  # occasions whose end alerting sees itself
UNSAID: Final = 256  # findings that came or left: so many are said at once
SAID: Final = (
    "about", "card", "undelivered", "undelivered_severity", "answers", "text_key", "next_key", "args", "refers",
    "lines", "inhibited_by", "children",
)  # fmt: skip
"""What a card says in the words of its occasion."""


class Pages:
    """What of all cards is not published yet, and where to find those that somebody was told of."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.touched: set[str] = set()  # cards that were looked at in this step
        self._out: dict[str, Alert] = {}
        self._before: dict[str, Alert] = {}  # as it stood before this step
        self._tallies = Tallies(state.home, state.findings)
        self._said: dict[str, set[str]] = {}  # open cards of occasions by the card that they are about
        self._tree = Tree(state.mission)
        self._holders = Holders(state.cards.values())
        self.times = CardTimes(state.cards.values(), state.mission.cards)
        for known in state.cards.values():
            self._file(known)

    @property
    def unreachable(self) -> frozenset[str]:
        """Participants that cannot be reached now."""
        return frozenset(p for p, contact in self.state.contacts.items() if contact.lost)

    def open_cards(self, participant: str) -> list[Card]:
        """Return the open cards on which a participant has a clock, by id."""
        return [self.state.cards[identity] for identity in self._holders.cards(participant)]

    def owed(self, participant: str) -> Owed:
        """Return what a participant has not acknowledged, without what only some may know of."""
        return self._holders.owed(participant)

    # -- publishing ---------------------------------------------------------------------------------------------------

    def refresh(self, card: Card, now: int, *, reopened: bool = False, **fields: object) -> None:
        """Compute a card again from its findings and clocks; publish it if it differs. ``fields`` are set as given."""
        mission, occasion = self.state.mission, card.occasion
        if reopened:
            course.afresh(card)
        seen = course.seen(card, self._view(card, reopened=reopened))
        face, reopened = seen.face, reopened and seen.active
        policy = self.policy(card, face)
        plan = ladders.plan(mission, face.severity, policy.ladder)
        asked = self._routed(card, seen, policy, now, reopened=reopened)
        escalate.ask(card, asked, face.severity, plan, now, self.unreachable, reopened=reopened)
        card.taken_by = "" if reopened else card.taken_by
        if not seen.active:
            course.settle(card)
        derived = {
            "urgency": (occasion and occasion.urgency) or urgency(face.event_from, face.event_to, now, mission.cards),
            "told": told(card, self.unreachable),
            "work": work(seen.active, card.clocks, worked=course.is_worked(card)),
            "owner": course.owner(card, face, mission),
            "text_key": "conflict",
            "joined": tuple(sorted(card.joined)) if face.rest else (),
            "left": tuple(sorted(card.left)) if face.rest else (),
            "flapping": self._flaps_since(card),
            **repeats.noted(card, face.fingerprint, self.state.prints, now),
        }
        if occasion:
            derived |= {field: getattr(occasion, field) for field in SAID}
        alert = replace(card.alert, **(face._asdict() | derived | course.fields(card) | fields))
        moved, before = not seen.places <= card.shown, self._before.get(alert.id, card.alert)
        if course.is_held(card) and course.stirs(card, before, alert, changes(before, alert, moved=moved)):
            self.refresh(card, now, reopened=reopened, **fields)
            return
        card.shown |= seen.places
        card.looked_at = now
        self._publish_card(card, alert, now, moved=moved)

    def _flaps_since(self, card: Card) -> int | None:
        """Return since when something on a card comes and goes."""
        return None

    def policy(self, card: Card, face: Face) -> Policy:
        """Return what the rows of the routing tree that match a card say."""
        if not self.state.mission.routing:
            return NOBODY_ELSE
        return self.tree.policy(
            self.tree.sample(card.alert.alert_kind, face, card.occasion.about if card.occasion else "")
        )

    def _routed(self, card: Card, seen: View, policy: Policy, now: int, *, reopened: bool) -> dict[str, bool]:
        """Return who is asked: those whom it concerns, and whom the rows say; roles are resolved when it fires.

        It fires when it is raised or reopened, when its severity changes, or other rows match, or it is elsewhere.
        """
        here = self.tree.where.areas(seen.face.place, seen.face.at) if policy.to else ()
        fired = " ".join((seen.face.severity, *policy.to, *sorted(here)))
        if seen.active and (reopened or card.routed_by != fired):
            kept = () if reopened else card.routed
            about = card.occasion.about if card.occasion else ""
            found = self._resolve(seen.face, about, (*seen.told, *seen.face.parties), policy.to, now)
            card.routed = tuple(p for p in dict.fromkeys((*kept, *found)) if p != about)
            card.routed_by = fired
        card.routed = tuple(p for p in card.routed if admits(seen.face.only, p))
        owes = seen.active and any(seen.told.values())
        return seen.told | dict.fromkeys(card.routed, owes)

    def resolve(self, card: Card, names: tuple[str, ...], now: int) -> tuple[str, ...]:
        """Return the participants that the names of a step mean now, of those who may be told of a card."""
        alert = card.alert
        told = (*card.clocks, *alert.parties, alert.about)
        return self._resolve(alert, alert.about, told, names, now)

    def _resolve(
        self, of: Face | Alert, about: str, concerned: Iterable[str], names: tuple[str, ...], now: int
    ) -> tuple[str, ...]:
        known = {self.state.mission.participant_of(name) for name in (*concerned, about)} - {""}
        return self.tree.resolve(names, now, of.place, of.at, known)

    @property
    def tree(self) -> Tree:
        """The routing tree of the mission."""
        if self._tree.mission is not self.state.mission:
            self._tree = Tree(self.state.mission)
        return self._tree

    def _view(self, card: Card, *, reopened: bool) -> View:
        if card.occasion:
            return occasion_view(card.occasion, card, reopened=reopened)
        return self._tallies[card.alert.id].view(self.state.mission)

    def say(self, card: Card, now: int) -> None:
        """Publish what was held back of a card, once its time has come."""
        if card.say_at is not None and card.say_at <= now:
            self.refresh(card, now)
            card.say_at = None  # also if meanwhile all is as it was said last

    def _publish_card(self, card: Card, alert: Alert, now: int, *, moved: bool = False) -> None:
        before = self._before.get(alert.id, card.alert)
        if not moved and alert.rest and before.rest and self._can_wait(card, before, alert, now):
            card.alert = before
            self._out.pop(alert.id, None)
        else:
            card.alert = self._revise(card.alert, alert, now, moved=moved)
        self.touched.add(alert.id)
        self.times.note(card)
        self._holders.note(card)

    def _can_wait(self, card: Card, before: Alert, alert: Alert, now: int) -> bool:
        """Say whether a card of very many findings differs in its list and counts alone, and not for long."""
        same = replace(
            alert, members=before.members, rest=before.rest, joined=before.joined, left=before.left,
            place=before.place, at=before.at, fingerprint=before.fingerprint, count=before.count,
            last_seen=before.last_seen,
        )  # fmt: skip
        if same != before or (alert.members, alert.rest) == (before.members, before.rest):
            return False
        card.say_at = now + QUIET if card.say_at is None else card.say_at
        return card.say_at > now and len(card.joined) + len(card.left) < UNSAID

    # -- occasions ----------------------------------------------------------------------------------------------------

    def occur(self, occasion: Occasion, now: int) -> None:
        """Give an occasion its card, or bring its card up to date."""
        name = occasion.id
        card = self.state.cards.get(name)
        if card is None:
            card = self.state.cards[name] = Card(alert=blank(name, occasion.kind, self.state.revs.get(name, 0)))
        reopened = not card.open and not occasion.over and course.comes_back(card, occasion)
        if card.occasion:
            self._said.get(card.occasion.card, set()).discard(name)
        card.occasion = occasion
        self._file(card)
        self.refresh(card, now, reopened=reopened)

    def _file(self, card: Card) -> None:
        about = card.occasion
        if about and not about.over and (about.card or about.kind in SILENCES):
            self._said.setdefault(about.card, set()).add(card.alert.id)

    def occasions_on(self, cards: Iterable[str]) -> list[Occasion]:
        """Return the occasions about some cards that are not over; silences, which are about none, are on ""."""
        named = sorted(set[str]().union(*(self._said.get(c, ()) for c in cards)))
        return [o for n in named if (o := self.state.cards[n].occasion)]

    def _revise(self, held: Alert, alert: Alert, now: int, *, moved: bool = False) -> Alert:
        """Return an alert as it is held from here on; several changes in one step are one revision."""
        before = self._before.setdefault(alert.id, held)
        published = revised(before, alert, now, moved=moved)
        if published is None:
            self._out.pop(alert.id, None)
            return before
        self._out[alert.id] = published
        return published

    def flush(self, now: int) -> list[Alert]:
        """Return what has to be published after a step: EXTREME first, cards before what is said about them, by id."""
        out, self._out, self._before, self.touched = self._out, {}, {}, set()
        for identity in out:
            card = self.state.cards[identity]
            card.joined, card.left, card.say_at = set(), set(), None
            self.times.note(card)
        return sorted(
            out.values(),
            key=lambda a: (a.severity != "Extreme", a.alert_kind != "conflict", a.alert_kind == "flood", a.id),
        )
