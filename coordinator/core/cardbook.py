"""The book of all cards: which finding is on which, what was published of each, what is still to be published.

It is the state of alerting. `alerting` decides what a message means; here it is carried out, and whatever differs from
what was last published goes out, once a step. One exception: of a card with more findings than it lists, a change that
is in the list or in the counts alone waits for others, a minute at most; whatever an officer must know never waits.

What follows from the findings (`clusters`, `tally`) is in no snapshot: it is made again.
"""

from collections.abc import Iterable
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from coordinator.core import correlate, escalate
from coordinator.core.cards import DONE, Card, View, occasion_view, told, urgency, work
from coordinator.core.cardtimes import CardTimes
from coordinator.core.clusters import Clusters, Group
from coordinator.core.correlate import SECOND
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.revisions import blank, revised
from coordinator.core.tally import Tally
from schemas.alerts import Alert, Member
from schemas.findings import Finding
from schemas.subjects import opaque

QUIET: Final = 60 * SECOND  # how long a change waits for others that is in the list or the counts of a crowd alone
UNSAID: Final = 256  # findings that came or left: so many are said at once
SAID: Final = (
    "about", "card", "undelivered", "undelivered_severity", "answers", "text_key", "next_key", "args", "refers",
)  # fmt: skip
"""What a card says in the words of its occasion."""
SWEEP: Final = 3600 * SECOND  # how often it is looked for what may be forgotten


class Contact(msgspec.Struct, kw_only=True):
    """Whether a participant can be reached, and when that is worth a notice."""

    lost: bool
    at: int  # of the loss or the return, as observed
    spell: str  # losses that follow one another within the notice period are one spell, with one notice
    due: int | None = None  # when the notice is raised
    noticed: bool = False


class State(msgspec.Struct, kw_only=True):
    """Everything that alerting remembers."""

    mission: Mission
    format: Literal["alerting 3"] = "alerting 3"
    findings: dict[str, Finding] = {}
    home: dict[str, str] = {}  # finding -> card
    cards: dict[str, Card] = {}
    contacts: dict[str, Contact] = {}
    sources: dict[str, str] = {}  # what each source of occasions remembers, as it says it
    revs: dict[str, int] = {}  # of what was forgotten: a name goes on counting
    swept_at: int = 0  # when it was last looked for what may be forgotten


class Cardbook:
    """The cards of a mission, and what of them is not published yet."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._out: dict[str, Alert] = {}
        self._before: dict[str, Alert] = {}  # as it stood before this step
        self._clusters = Clusters(state.mission.cards)
        self._doubtful: set[int] = set()  # clusters whose cards may be of other tolerances, or of a snapshot
        self._tallies: dict[str, Tally] = {}
        self._cluster()
        for identity, card in state.home.items():
            self._tallies.setdefault(card, Tally()).put(state.findings[identity])
        self.times = CardTimes(state.cards.values(), state.mission.cards)
        self.touched: set[str] = set()  # cards that were looked at in this step
        self._said: dict[str, set[str]] = {}  # open cards of occasions by the card that they are about
        for known in state.cards.values():
            self._file(known)

    @property
    def unreachable(self) -> frozenset[str]:
        """Participants that cannot be reached now."""
        return frozenset(p for p, contact in self.state.contacts.items() if contact.lost)

    def open_cards(self) -> list[Card]:
        """Return the cards that somebody has still to look at, by id."""
        return [card for _, card in sorted(self.state.cards.items()) if card.open]

    def adopt(self, mission: Mission) -> None:
        """Take another mission; cards follow its tolerances from their next change on."""
        tolerances = self.state.mission.cards
        self.state.mission = mission
        if mission.cards != tolerances:
            self._cluster()
            self.times = CardTimes(self.state.cards.values(), mission.cards)

    # -- findings -----------------------------------------------------------------------------------------------------

    def take(self, finding: Finding, now: int) -> None:
        """Bring the cards up to date with a finding; what is known already, or older, changes nothing."""
        held = self.state.findings.get(finding.id)
        if held is not None and (finding.at < held.at or finding == held):
            return
        self.state.findings[finding.id] = finding
        reach = self._clusters.take(finding.id, self._spot(finding))
        label = self._clusters.label(finding.id)
        if reach is None and label is not None:
            if label not in self._doubtful and self._stays(finding, label, now):
                reach = set()
            else:
                reach = set(self._clusters.members[label])
        if reach:
            self._regroup(self._region(reach), now)
        self._forget(now)

    def _spot(self, finding: Finding) -> correlate.Spot | None:
        return correlate.spot(finding) if correlate.on_a_card(finding) else None

    def _cluster(self) -> None:
        """Build all clusters from the findings."""
        self._clusters = Clusters(self.state.mission.cards)
        for finding in self.state.findings.values():
            if (reach := self._clusters.take(finding.id, self._spot(finding))) is not None:
                self._clusters.rebuild(reach)
        self._doubtful = set(self._clusters.members)

    def _stays(self, finding: Finding, label: int, now: int) -> bool:
        """Take a finding on the card of its cluster if that is all that changes; say whether it is."""
        home = self.state.home.get(self._clusters.beside(finding.id))
        if home is None or self.state.home.get(finding.id, home) != home:
            return False
        card = self.state.cards[home]
        age = (finding.first_at, finding.id)
        if age < card.founder or (finding.id == card.founder[1] and age != card.founder):
            return False
        if finding.id not in self.state.home:
            self.state.home[finding.id] = home
            self._note(card, {finding.id}, set())
        self._tallies[home].put(finding)
        self.refresh(card, now, reopened=not card.open)
        return True

    def _region(self, seeds: set[str]) -> set[str]:
        """Return everything that edges or shared cards lead to."""
        found, fresh = set[str](), seeds
        while fresh:
            found |= fresh
            labels = {label for f in fresh if (label := self._clusters.label(f)) is not None}
            cards = {self.state.home[f] for f in fresh if f in self.state.home}
            beyond = [self._clusters.members[c] for c in labels]
            fresh = set[str]().union(*beyond, *(self._tallies[c].rows for c in cards)) - found
        return found

    def _regroup(self, region: set[str], now: int) -> None:
        state = self.state
        self._doubtful -= {label for f in region if (label := self._clusters.label(f)) is not None}
        homes = {f: state.home.pop(f) for f in region if f in state.home}
        groups = [g for g in self._clusters.rebuild(region) if self._matters(g, homes)]
        groups.sort(key=lambda g: g.founder)
        state.home |= {f: _name(g) for g in groups for f in g.members}
        old = {c: _copy(state.cards[c]) for c in homes.values()}
        before = {c: self._tallies.pop(c) for c in old}
        after = {_name(g) for g in groups}
        for group in groups:
            parents = {homes[f]: old[homes[f]] for f in group.members if f in homes}
            known = before.get(_name(group))
            self._take_over(group, parents, after, set(known.rows) if known else set(), now)
        for gone in sorted(old.keys() - after):
            heirs = (state.home.get(f, "") for f in sorted(before[gone].rows))
            same = (h for h in heirs if h and state.cards[h].alert.only == old[gone].alert.only)
            self._end(state.cards[gone], next(same, ""), now)  # whoever saw it may see where it went, or it just ends

    def _matters(self, group: Group, homes: dict[str, str]) -> bool:
        """Say whether a group is a card already, or has to become one."""
        return any(f in homes or self.state.findings[f].state not in DONE for f in group.members)

    def _take_over(self, group: Group, parents: dict[str, Card], after: set[str], before: set[str], now: int) -> None:
        """Make a group a card, with what was done on the cards that its findings come from."""
        name = _name(group)
        rev = self.state.revs.get(name, 0)
        card = self.state.cards.setdefault(name, Card(alert=blank(name, "conflict", rev)))
        card.founder = (self.state.findings[group.founder].first_at, group.founder)
        self._tallies[name] = Tally(self.state.findings[f] for f in group.members)
        self._note(card, set(group.members - before), before - group.members)
        own = {name}.intersection(parents)
        absorbed = sorted(parents.keys() - after)
        leaving = sorted(parents.keys() & after - {name})
        if set(parents) != own or not own:
            merged, split = [parents[p] for p in (*own, *absorbed)], [parents[p] for p in leaving]
            card.clocks = escalate.inherit(merged, split, card.alert.rev, now)
            card.taken_by = next((c.taken_by for c in (*merged, *split) if c.taken_by), "")
        known = [c.alert for c in parents.values()]
        fields = {
            "merged_into": "",
            "merged_from": tuple(sorted({*card.alert.merged_from, *absorbed} - after)),
            "split_from": card.alert.split_from if own else self._origin(group, {p: parents[p] for p in leaving}),
            "escalation": max((a.escalation for a in known), default=0),
            "raised_at": min((a.raised_at for a in known), default=card.alert.raised_at),
        }
        reopened = not any(c.open for c in parents.values())
        self.refresh(card, now, reopened=reopened, **fields)

    def _origin(self, group: Group, leaving: dict[str, Card]) -> str:
        """Return the card that a new one broke away from, if whoever sees the one may know of the other."""
        only = self.state.findings[group.founder].only
        return next((p for p, card in leaving.items() if card.alert.only == only), "")

    def _note(self, card: Card, came: set[str], went: set[str]) -> None:
        """Note what came to a card and left it since it was last published; what did both did neither."""
        back, gone = came & card.left, went & card.joined
        card.joined, card.left = (card.joined | came - back) - gone, (card.left | went - gone) - back

    def _end(self, card: Card, heir: str, now: int) -> None:
        """Close a card whose findings went to another one, or are on none any more."""
        stopped = tuple(replace(t, due=None) for t in card.alert.told)
        state: Literal["superseded", "resolved"] = "superseded" if heir else "resolved"
        listed = tuple(self._as_now(m) for m in card.alert.members)
        ended = replace(card.alert, work=state, merged_into=heir, told=stopped, members=listed, joined=(), left=())
        card.clocks, card.say_at = {}, None
        card.joined, card.left = set(), set()
        self._publish_card(card, ended, now)
        for notice in self.occasions_on([card.alert.id]) if heir else ():
            self.occur(msgspec.structs.replace(notice, card=heir), now)

    def _as_now(self, member: Member) -> Member:
        """Return a finding on a list with the state that it has now."""
        held = self.state.findings.get(member.finding)
        return replace(member, severity=held.severity, state=held.state) if held else member

    # -- publishing ---------------------------------------------------------------------------------------------------

    def refresh(self, card: Card, now: int, *, reopened: bool = False, **fields: object) -> None:
        """Compute a card again from its findings and clocks; publish it if it differs. ``fields`` are set as given."""
        mission, occasion = self.state.mission, card.occasion
        seen = self._view(card, reopened=reopened)
        face, reopened = seen.face, reopened and seen.active
        allowed = escalate.deadline(face.severity, mission.acknowledge)
        escalate.ask(card, seen.told, face.severity, allowed, now, self.unreachable, reopened=reopened)
        card.taken_by = "" if reopened else card.taken_by
        derived = {
            "urgency": (occasion and occasion.urgency) or urgency(face.event_from, face.event_to, now, mission.cards),
            "told": told(card, self.unreachable),
            "work": work(seen.active, card.clocks),
            "owner": card.taken_by or (occasion.holder if occasion else face.arbiter),
            "text_key": "conflict",
            "joined": tuple(sorted(card.joined)) if face.rest else (),
            "left": tuple(sorted(card.left)) if face.rest else (),
        }
        if occasion:
            derived |= {field: getattr(occasion, field) for field in SAID}
        moved = not seen.places <= card.shown
        card.shown |= seen.places
        card.looked_at = now
        self._publish_card(card, replace(card.alert, **(face._asdict() | derived | fields)), now, moved=moved)

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

    def _can_wait(self, card: Card, before: Alert, alert: Alert, now: int) -> bool:
        """Say whether a card of very many findings differs in its list and counts alone, and not for long."""
        same = replace(
            alert, members=before.members, rest=before.rest, joined=before.joined, left=before.left,
            place=before.place, at=before.at, fingerprint=before.fingerprint,
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
        reopened = not card.open and not occasion.over
        if card.occasion:
            self._said.get(card.occasion.card, set()).discard(name)
        card.occasion = occasion
        self._file(card)
        self.refresh(card, now, reopened=reopened)
        self._forget(now)

    def _file(self, card: Card) -> None:
        if card.occasion and not card.occasion.over:
            self._said.setdefault(card.occasion.card, set()).add(card.alert.id)

    def occasions_on(self, cards: Iterable[str]) -> list[Occasion]:
        """Return the occasions about some cards that are not over; those about none are on ""."""
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

    def flush(self) -> list[Alert]:
        """Return what has to be published after a step: cards before what is said about them, by id."""
        out, self._out, self._before, self.touched = self._out, {}, {}, set()
        for identity in out:
            card = self.state.cards[identity]
            card.joined, card.left, card.say_at = set(), set(), None
            self.times.note(card)
        return sorted(out.values(), key=lambda a: (a.alert_kind != "conflict", a.id))

    # -- forgetting ---------------------------------------------------------------------------------------------------

    def _forget(self, now: int) -> None:
        """Forget what was over for as long as the mission keeps things; it is looked for once an hour."""
        state, keep = self.state, int(self.state.mission.rules.keep_s * SECOND)
        if now < state.swept_at + SWEEP:
            return
        state.swept_at = now
        for identity, card in list(state.cards.items()):
            if card.alert.changed_at + keep <= now and not card.open and not self._is_open(identity):
                state.revs[identity] = state.cards.pop(identity).alert.rev
                for member in self._tallies.pop(identity, Tally()).rows:
                    del state.home[member]
        old = [f for f in state.findings.values() if f.at + keep <= now and f.id not in state.home and not _asks(f)]
        self._drop({f.id for f in old})

    def _drop(self, gone: set[str]) -> None:
        """Forget findings; their clusters are built anew without them."""
        around = self._region(gone) if gone else set()
        for identity in gone:
            del self.state.findings[identity]
            self._clusters.take(identity, None)
        if left := around - gone:
            self._clusters.rebuild(left)
            self._doubtful |= {label for f in left if (label := self._clusters.label(f)) is not None}

    def _is_open(self, card: str) -> bool:
        """Say whether any finding of a card is not closed yet."""
        return card in self._tallies and self._tallies[card].open


def _name(group: Group) -> str:
    """Return a card's id: it follows from the finding that was known first, and what comes later does not change it."""
    return opaque(f"card {group.founder}")


def _asks(finding: Finding) -> bool:
    """Say whether a finding may be put on a card by what comes later."""
    return finding.state != "closed" and correlate.on_a_card(finding)


def _copy(card: Card) -> Card:
    return replace(card, clocks={p: replace(clock) for p, clock in card.clocks.items()})
