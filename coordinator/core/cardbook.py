"""The book of all cards: which finding is on which, what was published of each, what is still to be published.

It is the state of alerting. `alerting` decides what a message means; here it is carried out, and whatever differs from
what was last published goes out, once a step (`pages`).

What follows from the findings (`clusters`, `tally`) is in no snapshot: it is made again.
"""

from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from coordinator.core import correlate, escalate
from coordinator.core.cards import DONE, Card
from coordinator.core.cardstate import State
from coordinator.core.cardtimes import CardTimes
from coordinator.core.clusters import Clusters, Group
from coordinator.core.correlate import SECOND
from coordinator.core.flapping import Flaps, Item
from coordinator.core.handling import course
from coordinator.core.mission import Mission
from coordinator.core.revisions import blank
from coordinator.core.tally import Tally
from schemas.alerts import Alert, Member
from schemas.findings import Finding
from schemas.subjects import opaque

SWEEP: Final = 3600 * SECOND  # how often it is looked for what may be forgotten


class Cardbook(Flaps):
    """The cards of a mission, and what of them is not published yet."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self._clusters = Clusters(state.mission.cards)
        self._doubtful: set[int] = set()  # clusters whose cards may be of other tolerances, or of a snapshot
        self._cluster()

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
        if held is None or not self._put_off(finding, held, self._card_of(finding.id), finding.at, now):
            self._pass(finding, now)

    def _pass(self, item: Item, now: int) -> None:
        if not isinstance(item, Finding):
            super()._pass(item, now)
            return
        finding = item
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
        before = {c: self._tallies.take(c) for c in old}
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
            course.inherit(card, [*merged, *split])
            card.routed = tuple(dict.fromkeys(p for c in (*merged, *split) for p in c.routed))
        known = [c.alert for c in parents.values()]
        fields = {
            "merged_into": "",
            "merged_from": tuple(sorted({*card.alert.merged_from, *absorbed} - after)),
            "split_from": card.alert.split_from if own else self._origin(group, {p: parents[p] for p in leaving}),
            "escalation": max((a.escalation for a in known), default=0),
            "raised_at": min((a.raised_at for a in known), default=card.alert.raised_at),
        }
        card.count = max(c.count for c in (card, *parents.values()))
        card.flapping = card.flapping.union(*(c.flapping for c in parents.values()))
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
        ended, card.hands = replace(ended, shelved=None, handover=None), course.FRESH
        card.clocks, card.say_at = {}, None
        card.joined, card.left = set(), set()
        self._publish_card(card, ended, now)
        for notice in self.occasions_on([card.alert.id]) if heir else ():
            self.occur(msgspec.structs.replace(notice, card=heir), now)

    def _as_now(self, member: Member) -> Member:
        """Return a finding on a list with the state that it has now."""
        held = self.state.findings.get(member.finding)
        return replace(member, severity=held.severity, state=held.state) if held else member

    def flush(self, now: int) -> list[Alert]:
        """Return what has to be published after a step, and forget what was over long ago."""
        self._forget(now)
        return super().flush(now)

    # -- forgetting ---------------------------------------------------------------------------------------------------

    def _forget(self, now: int) -> None:
        """Forget what was over for as long as the mission keeps things; it is looked for once an hour."""
        state, keep = self.state, int(self.state.mission.rules.keep_s * SECOND)
        if now < state.swept_at + SWEEP:
            return
        state.swept_at = now
        self._calm(now)
        for identity, card in list(state.cards.items()):
            if card.alert.changed_at + keep <= now and not card.open and not self._is_open(identity):
                state.revs[identity] = state.cards.pop(identity).alert.rev
                for member in self._tallies.take(identity).rows:
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
