"""The book of all cards: which finding is on which, what was published of each, what is still to be published.

It is the state of alerting. `alerting` decides what a message means; here it is carried out, and whatever differs from
what was last published goes out, once a step.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec
from msgspec.structs import replace

from coordinator.core import correlate, escalate
from coordinator.core.cards import DONE, OVER, Card, members, told, urgency, view, work
from coordinator.core.correlate import SECOND, Group, Links, Spot
from coordinator.core.mission import Mission
from coordinator.core.revisions import blank, revised
from schemas.alerts import Alert
from schemas.findings import Finding


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
    format: Literal["alerting 1"] = "alerting 1"
    findings: dict[str, Finding] = {}
    links: Links = {}
    home: dict[str, str] = {}  # finding -> card
    cards: dict[str, Card] = {}
    notices: dict[str, Alert] = {}
    contacts: dict[str, Contact] = {}
    revs: dict[str, int] = {}  # of what was forgotten: a name goes on counting


class Cardbook:
    """The cards of a mission, and what of them is not published yet."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._out: dict[str, Alert] = {}
        self._before: dict[str, Alert] = {}  # as it stood before this step
        self._spots: dict[str, Spot] = {}
        self._locate()

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
            self.state.links.clear()
            self._locate()
            for identity in self._spots:
                self._relink(identity)

    # -- findings -----------------------------------------------------------------------------------------------------

    def take(self, finding: Finding, now: int) -> None:
        """Bring the cards up to date with a finding; what is known already, or older, changes nothing."""
        held = self.state.findings.get(finding.id)
        if held is not None and (finding.at < held.at or finding == held):
            return
        before = self.state.links.get(finding.id, set())
        self.state.findings[finding.id] = finding
        self._place(finding)
        self._relink(finding.id)
        self._regroup(self._region({finding.id, *before}), now)
        self._forget(now)

    def _locate(self) -> None:
        self._spots = {}
        for finding in self.state.findings.values():
            self._place(finding)

    def _place(self, finding: Finding) -> None:
        self._spots.pop(finding.id, None)
        if correlate.on_a_card(finding):
            self._spots[finding.id] = correlate.spot(finding)

    def _relink(self, identity: str) -> None:
        correlate.relink(self.state.links, self._spots, identity, self.state.mission.cards)

    def _region(self, seeds: set[str]) -> set[str]:
        """Return everything that links or shared cards lead to."""
        found = correlate.reach(seeds, self.state.links)
        cards = {self.state.home[f] for f in found if f in self.state.home}
        beyond = {m.finding for c in cards for m in self.state.cards[c].alert.members} - found
        return self._region(found | beyond) if beyond else found

    def _regroup(self, region: set[str], now: int) -> None:
        state = self.state
        homes = {f: state.home.pop(f) for f in region if f in state.home}
        groups = [g for g in correlate.groups(state.findings, region, state.links) if self._matters(g, homes)]
        state.home |= {f: g.card for g in groups for f in g.members}
        old = {c: _copy(state.cards[c]) for c in homes.values()}
        after = {g.card for g in groups}
        for group in groups:
            parents = {homes[f]: old[homes[f]] for f in group.members if f in homes}
            self._take_over(group, parents, after, now)
        for gone in sorted(old.keys() - after):
            heirs = (state.home.get(m.finding, "") for m in old[gone].alert.members)
            same = (h for h in heirs if h and state.cards[h].alert.only == old[gone].alert.only)
            self._end(state.cards[gone], next(same, ""), now)  # whoever saw it may see where it went, or it just ends

    def _matters(self, group: Group, homes: dict[str, str]) -> bool:
        """Say whether a group is a card already, or has to become one."""
        return any(f in homes or self.state.findings[f].state not in DONE for f in group.members)

    def _take_over(self, group: Group, parents: dict[str, Card], after: set[str], now: int) -> None:
        """Make a group a card, with what was done on the cards that its findings come from."""
        rev = self.state.revs.get(group.card, 0)
        card = self.state.cards.setdefault(group.card, Card(alert=blank(group.card, "conflict", rev)))
        own = {group.card}.intersection(parents)
        absorbed = sorted(parents.keys() - after)
        leaving = sorted(parents.keys() & after - {group.card})
        if set(parents) != own or not own:
            merged, split = [parents[p] for p in (*own, *absorbed)], [parents[p] for p in leaving]
            card.clocks = escalate.inherit(merged, split, card.alert.rev, now)
            card.taken_by = next((c.taken_by for c in (*merged, *split) if c.taken_by), "")
        known = [c.alert for c in parents.values()]
        fields = {
            "merged_into": "",
            "merged_from": tuple(sorted({*card.alert.merged_from, *absorbed} - after)),
            "escalation": max((a.escalation for a in known), default=0),
            "raised_at": min((a.raised_at for a in known), default=card.alert.raised_at),
        }
        reopened = not any(c.open for c in parents.values())
        self.refresh(card, now, reopened=reopened, findings=group.members, **fields)

    def _end(self, card: Card, heir: str, now: int) -> None:
        """Close a card whose findings went to another one, or are on none any more."""
        stopped = tuple(replace(t, due=None) for t in card.alert.told)
        state: Literal["superseded", "resolved"] = "superseded" if heir else "resolved"
        listed = [self.state.findings[m.finding] for m in card.alert.members if m.finding in self.state.findings]
        ended = replace(card.alert, work=state, merged_into=heir, told=stopped, members=members(listed))
        card.clocks = {}
        self._publish_card(card, ended, now)
        for notice in list(self.state.notices.values()):
            if heir and notice.card == card.alert.id and notice.work not in OVER:
                self.publish(replace(notice, card=heir), now)

    # -- publishing ---------------------------------------------------------------------------------------------------

    def refresh(
        self, card: Card, now: int, *, reopened: bool = False, findings: Iterable[str] | None = None, **fields: object
    ) -> None:
        """Compute a card again from its findings and clocks; publish it if it differs. ``fields`` are set as given."""
        chosen = findings if findings is not None else [m.finding for m in card.alert.members]
        mission = self.state.mission
        seen = view([self.state.findings[f] for f in chosen], mission)
        face, reopened = seen.face, reopened and seen.active
        allowed = escalate.deadline(face.severity, mission.acknowledge)
        escalate.ask(card, seen.told, face.severity, allowed, now, self.unreachable, reopened=reopened)
        card.taken_by = "" if reopened else card.taken_by
        derived = {
            "urgency": urgency(face.event_from, face.event_to, now, mission.cards),
            "told": told(card, self.unreachable),
            "work": work(seen.active, card.clocks),
            "owner": card.taken_by or face.arbiter,
            "text_key": "conflict",
        }
        moved = bool(seen.places - card.shown)
        card.shown |= seen.places
        card.looked_at = now
        self._publish_card(card, replace(card.alert, **(face._asdict() | derived | fields)), now, moved=moved)

    def _publish_card(self, card: Card, alert: Alert, now: int, *, moved: bool = False) -> None:
        card.alert = self._revise(card.alert, alert, now, moved=moved)

    def publish(self, notice: Alert, now: int) -> None:
        """Publish a notice if it differs from what was published of it."""
        held = self.state.notices.get(notice.id)
        held = held or blank(notice.id, notice.alert_kind, self.state.revs.get(notice.id, 0))
        self.state.notices[notice.id] = self._revise(held, notice, now)

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
        out, self._out, self._before = self._out, {}, {}
        return sorted(out.values(), key=lambda a: (a.alert_kind != "conflict", a.id))

    # -- forgetting ---------------------------------------------------------------------------------------------------

    def _forget(self, now: int) -> None:
        """Forget what was over for as long as the mission keeps things."""
        state, keep = self.state, int(self.state.mission.rules.keep_s * SECOND)
        for identity, card in list(state.cards.items()):
            if card.alert.changed_at + keep <= now and not card.open and self._settled(card):
                state.revs[identity] = state.cards.pop(identity).alert.rev
                for member in [f for f, home in state.home.items() if home == identity]:
                    del state.home[member]
        for identity, notice in list(state.notices.items()):
            if notice.changed_at + keep <= now and notice.work in OVER:
                state.revs[identity] = state.notices.pop(identity).rev
        for identity, finding in list(state.findings.items()):
            if finding.at + keep <= now and identity not in state.home and not _asks(finding):
                del state.findings[identity]
                self._spots.pop(identity, None)
                self._relink(identity)

    def _settled(self, card: Card) -> bool:
        held = [self.state.findings[f] for f, home in self.state.home.items() if home == card.alert.id]
        return all(f.state == "closed" for f in held)


def _asks(finding: Finding) -> bool:
    """Say whether a finding may be put on a card by what comes later."""
    return finding.state != "closed" and correlate.on_a_card(finding)


def _copy(card: Card) -> Card:
    return replace(card, clocks={p: replace(clock) for p, clock in card.clocks.items()})
