"""Alerting: findings and occasions become cards, cards are asked about until somebody answers, silence is one as well.

The fold reads findings, presence, officers' actions, its own ticks, the mission and whatever the sources of occasions
read, and writes one message for each card that changed. Whatever depends on time happens in `wake`, when the tick is
read back.

Source: design §5; reference console.md §6.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from coordinator.core import escalate, notices, routing
from coordinator.core.cardbook import Cardbook, Contact, State
from coordinator.core.cards import OVER, OWNERS, Card, next_urgency
from coordinator.core.correlate import SECOND
from coordinator.core.mission import Mission
from coordinator.core.notices import NotAccepted
from coordinator.core.occasions import SOURCES
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.step import Effect, Logged
from schemas import subjects
from schemas.acknowledgements import Action
from schemas.alerts import PRECEDENCE, Alert
from schemas.findings import Finding
from schemas.operations import Config, Presence, Tick

NAME: Final = "alerting"
ELSEWHERE: Final = frozenset({"note", "waive"})  # kept by the log; carried out by deconfliction


class Alerting:
    """The core of alerting (see `coordinator.core.step.Core`)."""

    def __init__(self, mission: Mission | None = None) -> None:
        self._become(State(mission=mission or Mission(name="")))

    def handle(self, message: Logged) -> Sequence[Effect]:
        """Take one message of the log."""
        if isinstance(message.body, Tick):
            return self.wake(message.at, message) if message.body.service == NAME else ()
        self._take(message)
        return self._effects(message)

    def wake(self, now: int, cause: Logged) -> Sequence[Effect]:
        """Ring for every clock that ran out, and raise every notice that is due."""
        for identity in self._book.times.take(now):
            card = self._book.state.cards[identity]
            self._look_at(card, now)
            self._book.times.note(card)
        for participant, contact in sorted(self._book.state.contacts.items()):
            if contact.due is not None and contact.due <= now:
                contact.due, contact.noticed = None, True
                self._notice_loss(participant, contact, now)
        for source in self._sources:
            for occasion in source.wake(now):
                self._book.occur(occasion, now)
        return self._effects(cause)

    def next_wake(self) -> int | None:
        """Return when the next clock runs out, occasion falls due or urgency changes, or None."""
        contacts = (c.due for c in self._book.state.contacts.values())
        sources = (source.next_wake() for source in self._sources)
        return min((at for at in (self._book.times.next(), *contacts, *sources) if at is not None), default=None)

    def snapshot(self) -> bytes:
        """Return the whole state as JSON."""
        self._book.state.sources = {source.NAME: source.snapshot().decode() for source in self._sources}
        return msgspec.json.encode(self._book.state, order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        self._become(msgspec.json.decode(data, type=State))

    def _become(self, state: State) -> None:
        self._book = Cardbook(state)
        self._sources = tuple(source() for source in SOURCES)
        for source in self._sources:
            source.adopt(state.mission)
            if source.NAME in state.sources:
                source.restore(state.sources[source.NAME].encode())

    # -- what messages mean -------------------------------------------------------------------------------------------

    def _take(self, message: Logged) -> None:
        match message.body:
            case Config() as config:
                self._adopt(msgspec.json.decode(config.mission, type=Mission))
            case Finding() as finding:
                self._book.take(finding, message.at)
            case Presence() as presence:
                self._on_presence(presence, message.at)
            case Action() as action if action.verb not in ELSEWHERE:
                self._on_action(action, message)
        for source in self._sources:
            for occasion in source.take(message):
                self._book.occur(occasion, message.at)

    def _adopt(self, mission: Mission) -> None:
        self._book.adopt(mission)
        for source in self._sources:
            source.adopt(mission)

    def _on_presence(self, presence: Presence, now: int) -> None:
        held = self._book.state.contacts.get(presence.participant)
        lost = presence.state == "lost"
        known = held.lost if held else False
        if presence.state == "read" or lost == known or (held and presence.at < held.at):
            return
        self._book.state.contacts[presence.participant] = self._contact(presence, held, now)
        change = escalate.lose if lost else escalate.regain
        for card in self._book.open_cards():
            if clock := card.clocks.get(presence.participant):
                change(clock, now)
                self._book.refresh(card, now)

    def _contact(self, presence: Presence, held: Contact | None, now: int) -> Contact:
        """Return what is known of a contact that was lost or regained; only a loss starts the time to a notice."""
        if held and presence.state == "regained":
            return Contact(lost=False, at=presence.at, spell=held.spell)
        period = int(self._book.state.mission.presence.notice_after_s * SECOND)
        again = held is not None and presence.at - held.at < period
        spell = held.spell if held and again else f"{presence.participant} {presence.at}"
        return Contact(lost=True, at=presence.at, spell=spell, due=max(presence.at + period, now + 1))

    def _on_action(self, action: Action, message: Logged) -> None:
        officer, now = message.envelope.originator, message.at
        card = self._book.state.cards.get(action.alert)
        alert = card.alert if card else None
        by = self._acting(alert, officer)
        why = _against(alert, action, by)
        if why or card is None:
            where, name = self._went_to(action.alert, by), message.envelope.id
            hidden = alert is not None and alert.only is not None
            self._book.occur(notices.not_accepted(name, officer, why or "unknown", where, hidden=hidden), now)
        else:
            self._on_card(card, action, by, officer, now)

    def _acting(self, alert: Alert | None, officer: str) -> str:
        """Return whose action it is: the officer's own, or, by a duty desk, that of the HQ it serves."""
        if alert is None or _is_told(alert, officer):
            return officer
        return self._book.state.mission.stands_for(officer)

    def _on_card(self, card: Card, action: Action, by: str, officer: str, now: int) -> None:
        if action.verb == "escalate":
            self._book.refresh(card, now, escalation=card.alert.escalation + 1)
            return
        clock = card.clocks[by]
        if clock.acknowledged_at is not None and (clock.acknowledged_rev or 0) >= card.alert.material_rev:
            return  # it says so already
        escalate.acknowledge(clock, action.seen_rev, now)
        participant = self._book.state.mission.by_id.get(officer)
        if participant and participant.role in OWNERS:
            card.taken_by = card.taken_by or officer
        self._book.refresh(card, now)

    def _went_to(self, identity: str, by: str) -> str:
        """Return the card of that id, or the one it went into, as far as the officer may know it."""
        cards = self._book.state.cards
        card = cards.get(identity)
        while card and card.alert.merged_into in cards:
            card = cards[card.alert.merged_into]
        return card.alert.id if card and _is_told(card.alert, by) else identity

    # -- time ---------------------------------------------------------------------------------------------------------

    def _look_at(self, card: Card, now: int) -> None:
        """Ring a card's clocks, and say how urgent it is now."""
        ran_out = [p for p, clock in sorted(card.clocks.items()) if (due := clock.due) is not None and due <= now]
        called = [p for p in ran_out if escalate.ring(card.clocks[p], now)]
        turned = next_urgency(card, self._book.state.mission.cards)
        if ran_out or (turned is not None and turned <= now):
            self._book.refresh(card, now, escalation=card.alert.escalation + len(called))
        self._book.say(card, now)
        for p in called:
            if card.occasion and card.occasion.scope == "any":
                self._climb(card.occasion, p, now)
                continue
            call = notices.late(card, p, self._book.state.mission)
            if call.told:  # there may be nobody who may know of it
                self._book.occur(call, now)

    def _climb(self, occasion: Occasion, silent: str, now: int) -> None:
        """Tell whoever is above a participant that was told of an occasion and does not answer."""
        routes = routing.report(self._book.state.mission, silent, (), occasion.only)
        above = tuple(r.participant for r in routes if r.participant not in occasion.told)
        if above:
            self._book.occur(msgspec.structs.replace(occasion, told=(*occasion.told, *above)), now)

    def _notice_loss(self, participant: str, contact: Contact, now: int) -> None:
        state = self._book.state
        self._book.occur(notices.contact_lost(contact.spell, participant, state.cards.values(), state.mission), now)

    # -- effects ------------------------------------------------------------------------------------------------------

    def _effects(self, cause: Logged) -> Sequence[Effect]:
        """Bring the notices up to date and return everything that changed."""
        self._settle(cause.at)
        return tuple(_effect(alert, cause) for alert in self._book.flush())

    def _settle(self, now: int) -> None:
        state = self._book.state
        for participant, contact in sorted(state.contacts.items()):
            if contact.lost and contact.noticed:
                self._notice_loss(participant, contact, now)
        for occasion in self._book.occasions_on({"", *self._book.touched}):
            if self._has_ended(occasion):
                self._book.occur(msgspec.structs.replace(occasion, over=True), now)

    def _has_ended(self, occasion: Occasion) -> bool:
        """Say whether a silence is over; sources say themselves when theirs are."""
        cards = self._book.state.cards
        if occasion.kind == "late-acknowledgement":
            card = cards.get(occasion.card)
            clock = card.clocks.get(occasion.about) if card and card.open else None
            return clock is None or not (clock.late and clock.asked)
        if occasion.kind != "contact-lost":
            return False
        contact = self._book.state.contacts.get(occasion.about)
        if contact and contact.lost and notices.loss_id(contact.spell) == occasion.id:
            return False
        return occasion.severity != "Extreme" or cards[occasion.id].alert.work != "raised"  # what was extreme is seen


_VERBS: Final = frozenset({"acknowledge", "escalate"})


def _against(alert: Alert | None, action: Action, by: str) -> NotAccepted | None:
    """Return why an action cannot be accepted; a card that was not shown to somebody does not exist."""
    if alert is None or not _is_told(alert, by):
        return "unknown"
    checks: tuple[tuple[bool, NotAccepted], ...] = (
        (alert.work == "superseded", "merged"),
        (alert.work in OVER, "settled"),
        (action.verb == "acknowledge" and action.seen_rev < alert.material_rev, "stale"),
        (action.verb not in _VERBS or (action.verb != "acknowledge" and alert.alert_kind != "conflict"), "unsupported"),
    )
    return next((why for fails, why in checks if fails), None)


def _is_told(alert: Alert, participant: str) -> bool:
    return any(t.participant == participant for t in alert.told)


def _effect(alert: Alert, cause: Logged) -> Effect:
    return Effect(
        subject=subjects.alert(alert.id),
        body=alert,
        entity=alert.id,
        cause=cause.id,
        cause_seq=cause.seq,
        fields={"precedence": PRECEDENCE[alert.severity]},
    )
