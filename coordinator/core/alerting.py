"""Alerting: findings and occasions become cards, cards are asked about until somebody answers, silence is one as well.

The fold reads findings, presence, officers' actions, its own ticks, the mission and whatever the sources of occasions
read, and writes one message for each card that changed. Whatever depends on time happens in `wake`, when the tick is
read back.

Source: design §5; reference console.md §6.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from coordinator.core import calling, escalate, notices, routing
from coordinator.core.cardbook import Cardbook
from coordinator.core.cards import Card, next_urgency
from coordinator.core.cardstate import Contact, State
from coordinator.core.handling import course, refusing, verbs
from coordinator.core.handling.hands import Doing
from coordinator.core.handling.refusing import Why
from coordinator.core.losses import Losses
from coordinator.core.mission import Mission
from coordinator.core.occasions import SOURCES
from coordinator.core.occasions.occasion import Occasion, Source
from coordinator.core.occasions.trail import Trail
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
        self._book.wake(now)
        self._losses.wake(now)
        for source in self._sources:
            for occasion in source.wake(now):
                self._occur(occasion, now)
        return self._effects(cause)

    def next_wake(self) -> int | None:
        """Return when the next clock runs out, occasion falls due or urgency changes, or None."""
        sources = (source.next_wake() for source in self._sources)
        return min((at for at in (self._book.next(), self._losses.next(), *sources) if at is not None), default=None)

    def source(self, name: str) -> Source:
        """Return a source of occasions, for questions about what it knows; only the fold changes it."""
        return {source.NAME: source for source in self._sources}[name]

    def contact(self, participant: str) -> Contact | None:
        """Return whether a participant can be reached, or None if its contact was never lost."""
        return self._book.state.contacts.get(participant)

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
        trail = next(source for source in self._sources if isinstance(source, Trail))
        self._losses = Losses(state, trail)

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
                self._occur(occasion, message.at)

    def _adopt(self, mission: Mission) -> None:
        self._book.adopt(mission)
        for source in self._sources:
            source.adopt(mission)

    def _on_presence(self, presence: Presence, now: int) -> None:
        if not self._losses.note(presence, now):
            return
        change = escalate.lose if presence.state == "lost" else escalate.regain
        for card in self._book.open_cards(presence.participant):
            change(card.clocks[presence.participant], now)
            self._book.refresh(card, now)
            calling.stranded(self._book, card, now)

    def _on_action(self, action: Action, message: Logged) -> None:
        card, now = self._book.state.cards.get(action.alert), message.at
        doing = self._doing(action, card.alert if card else None, message)
        if card is None:
            self._refuse(None, doing, Why("unknown"), message.envelope.id)
        elif why := self._unknown(card.alert, doing) or refusing.against(card, doing):
            self._refuse(card.alert, doing, why, message.envelope.id)
        elif done := verbs.carry_out(card, doing):
            level = card.alert.escalation + done.levels
            self._book.refresh(card, now, reopened=done.reopened, escalation=level)

    def _doing(self, action: Action, alert: Alert | None, message: Logged) -> Doing:
        """Return an action with whose it is: the officer's own, or, by a duty desk, that of the HQ it serves."""
        mission, officer = self._book.state.mission, message.envelope.originator
        return Doing(
            action=action,
            officer=officer,
            by=officer if alert is None or _is_told(alert, officer) else mission.stands_for(officer),
            now=message.at,
            mission=mission,
            unreachable=self._book.unreachable,
            typed_by=message.envelope.typed_by,
            spoken_by=message.envelope.spoken_by,
        )

    def _unknown(self, alert: Alert, doing: Doing) -> Why | None:
        """A card that was not shown to somebody does not exist for him: neither for an officer, nor for a typist."""
        shown = _is_told(alert, doing.by) and self._is_shown(alert, doing.typed_by)
        return None if shown else Why("unknown")

    def _is_shown(self, alert: Alert, typist: str) -> bool:
        mission = self._book.state.mission
        known = mission.by_id.get(typist)
        told = _is_told(alert, typist) or _is_told(alert, mission.stands_for(typist)) or (known and known.operator)
        return not typist or bool(told and routing.admits(alert.only, typist))

    def _refuse(self, alert: Alert | None, doing: Doing, why: Why, action: str) -> None:
        """Answer the officer and whoever typed for him.

        To whom a card was not shown, it does not exist: whoever sent the action is answered alone, in the same words
        and before the same eyes whether there is such a card or not.
        """
        alone = why.reason == "unknown"
        sender = doing.typed_by or doing.officer
        to = (sender,) if alone or sender == doing.officer else (doing.officer, sender)
        where = doing.action.alert if alone else self._went_to(doing.action.alert, doing.by)
        hidden = alone or (alert is not None and alert.only is not None)
        self._book.occur(notices.not_accepted(action, to, why, where, hidden=hidden), doing.now)

    def _went_to(self, identity: str, by: str) -> str:
        """Return the card of that id, or the one it went into, as far as the officer may know it."""
        cards = self._book.state.cards
        card = cards.get(identity)
        while card and card.alert.merged_into in cards:
            card = cards[card.alert.merged_into]
        return card.alert.id if card and _is_told(card.alert, by) else identity

    # -- time ---------------------------------------------------------------------------------------------------------

    def _look_at(self, card: Card, now: int) -> None:
        """Take the rungs of a card's ladders that are due, and say how urgent it is now."""
        passed = course.pass_time(card, now)
        reached = [p for p, clock in sorted(card.clocks.items()) if (at := escalate.next_ring([clock])) and at <= now]
        taken = [(p, rung) for p in reached for rung in escalate.ring(card.clocks[p], now)]
        turned = next_urgency(card, self._book.state.mission.cards)
        if passed or reached or (turned is not None and turned <= now):
            higher = sum(rung.do == "superior" for _, rung in taken)
            self._book.refresh(card, now, escalation=card.alert.escalation + higher)
        self._book.say(card, now)
        for participant, rung in taken:
            calling.take(self._book, card, participant, rung, now)

    # -- effects ------------------------------------------------------------------------------------------------------

    def _effects(self, cause: Logged) -> Sequence[Effect]:
        """Bring the notices up to date and return everything that changed."""
        self._settle(cause.at)
        return tuple(_effect(alert, cause) for alert in self._book.flush(cause.at))

    def _settle(self, now: int) -> None:
        self._losses.look(now)
        for occasion in self._losses.occasions(self._book.owed, now):
            self._occur(occasion, now)
        for occasion in self._book.occasions_on({"", *self._book.touched}):
            if self._has_ended(occasion):
                self._book.occur(msgspec.structs.replace(occasion, over=True), now)

    def _occur(self, occasion: Occasion, now: int) -> None:
        """Give an occasion its card as it is now, unless it is so already; whoever it climbed to stays told."""
        card = self._book.state.cards.get(occasion.id)
        held = card.occasion if card and card.open else None
        if held and not occasion.over:
            named = {*occasion.told, *occasion.informed}
            more = tuple(p for p in (*held.told, *held.informed) if p not in named)
            field = "informed" if occasion.inhibited_by else "told"
            if more:
                occasion = msgspec.structs.replace(occasion, **{field: (*getattr(occasion, field), *more)})
        if occasion is not held and occasion != held:
            self._book.occur(occasion, now)
            calling.stranded(self._book, self._book.state.cards[occasion.id], now)

    def _has_ended(self, occasion: Occasion) -> bool:
        """Say whether a silence is over; sources say themselves when theirs are."""
        cards = self._book.state.cards
        if occasion.kind == "late-acknowledgement":
            card = cards.get(occasion.card)
            clock = card.clocks.get(occasion.about) if card and card.open else None
            return clock is None or not (clock.called and clock.asked)
        if occasion.kind not in ("contact-lost", "bearer-down") or not self._losses.has_ended(occasion):
            return False
        return occasion.severity != "Extreme" or cards[occasion.id].alert.work != "raised"  # what was extreme is seen


def _is_told(alert: Alert, participant: str) -> bool:
    return any(t.participant == participant for t in alert.told)


def _effect(alert: Alert, cause: Logged) -> Effect:
    return Effect(
        subject=subjects.alert(alert.id),
        body=_in_order(alert),
        entity=alert.id,
        cause=cause.id,
        cause_seq=cause.seq,
        fields={"precedence": PRECEDENCE[alert.severity]},
    )


def _in_order(alert: Alert) -> Alert:
    """Return an alert with its values by name, as a snapshot keeps them: its bytes make the id of what is published."""
    if not (alert.args or alert.lines):
        return alert
    lines = tuple(msgspec.structs.replace(line, args=dict(sorted(line.args.items()))) for line in alert.lines)
    return msgspec.structs.replace(alert, args=dict(sorted(alert.args.items())), lines=lines)
