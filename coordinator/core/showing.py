"""Findings and cards, shown to each reader as it may know them, and what of them is still remembered.

Who was shown a finding or a card once is shown its end too, whoever is told by then. What is over is forgotten after
three days, by the time of the log.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from coordinator.core.crowding import Groups, Kept
from coordinator.core.faces import OVER, Faces, Shown
from coordinator.core.handling import faces as handling
from coordinator.core.holdback import Told
from coordinator.core.outbox import Outbox
from coordinator.core.receipts import HOUR
from coordinator.core.step import Effect, Logged
from coordinator.core.tearline import Tearline
from schemas.acknowledgements import Action
from schemas.alerts import CAP_SEVERITY, PRECEDENCE, Alert, CapSeverity
from schemas.findings import Finding
from schemas.subjects import PRECEDENCES, Precedence

ENDED_KEPT: Final = 72 * HOUR
AT_RANK: Final[tuple[CapSeverity, ...]] = ("Extreme", "Severe", "Moderate", "Minor")  # by index of its precedence


class Carded(msgspec.Struct, frozen=True):
    """A card as it is now, and everybody it was ever shown to."""

    alert: Alert
    readers: frozenset[str]


class State(msgspec.Struct):
    """Everything remembered; ``ended`` says, by slot and oldest first, since when something is over."""

    findings: dict[str, Shown] = {}
    cards: dict[str, Carded] = {}
    ended: dict[str, int] = {}
    crowds: dict[str, set[str]] = {}  # all findings of the cards that list only some
    groups: Kept = {}  # what stands in groups of new cards


class Showing:
    """Shows findings and cards."""

    def __init__(self, state: State, tearline: Tearline, outbox: Outbox) -> None:
        self.state, self._tearline, self._outbox = state, tearline, outbox
        state.ended = dict(sorted(state.ended.items(), key=lambda item: item[1]))  # a snapshot sorts by name
        self._mission = tearline.mission
        self._faces = Faces(tearline, state.findings, state.crowds)
        self._groups = Groups(state.groups, self._mission)
        self._by_party: dict[str, set[str]] = {}
        for shown in state.findings.values():
            self._index(shown.finding)

    # -- findings -----------------------------------------------------------------------------------------------------

    def finding(self, message: Logged, finding: Finding) -> list[Effect]:
        """Show a finding, or a change of it, to whoever it concerns."""
        before = self.state.findings.get(finding.id)
        earlier = self._present(before.readers) if before else frozenset[str]()
        readers = _admitted(self._readers(finding.told) | earlier, finding.only)
        self.state.findings[finding.id] = Shown(finding, readers)
        self._index(finding)
        self._note_end(f"{Finding.KIND} {finding.id}", message.at, live=finding.state != "closed")
        effects = [effect for reader in sorted(readers) for effect in self._show(message, finding, reader)]
        if before and before.finding.state != "closed":  # who may not know of it any more sees it end
            last = msgspec.structs.replace(before.finding, state="closed", at=finding.at, waits_for=(), why="")
            effects += [e for reader in sorted(earlier - readers) for e in self._show(message, last, reader)]
        return effects

    def _show(self, message: Logged, finding: Finding, reader: str) -> Iterator[Effect]:
        shown = self._tearline.finding(finding, self._tearline.sight(finding, reader))
        precedence = _urgency(finding)
        yield self._outbox.post(message, reader, precedence, finding.id, shown)
        if finding.severity != "INFO":
            told = Told(live=finding.state != "closed", rank=PRECEDENCES.index(precedence))
            yield from self._outbox.tell(message, reader, precedence, finding.id, shown, told)

    def dangers(self, reader: str, messages: Iterable[str]) -> Iterator[Precedence]:
        """Yield the precedence of every open finding that a reader knows of, between these messages and others."""
        for identity in {f for m in messages for f in self._by_party.get(m, ())}:
            shown = self.state.findings[identity]
            if reader in shown.readers and shown.finding.state != "closed":
                yield _urgency(shown.finding)

    def _index(self, finding: Finding) -> None:
        for party in finding.parties:
            self._by_party.setdefault(party.id, set()).add(finding.id)

    def _readers(self, told: Iterable[str]) -> frozenset[str]:
        """Return who is shown what these are told: they, their duty desks, and the operators."""
        concerned = frozenset(told)
        operators = frozenset(p.id for p in self._mission.participants if p.operator)
        return self._present(concerned | self._mission.desks(concerned) | operators)

    def _present(self, readers: frozenset[str]) -> frozenset[str]:
        """Leave out whoever has left the mission: it is shown no end of what it was shown, nor anything else."""
        return readers & frozenset(self._mission.by_id)

    # -- cards --------------------------------------------------------------------------------------------------------

    def alert(self, message: Logged, alert: Alert) -> list[Effect]:
        """Show a card, or a change of it, to whoever it is for."""
        before = self.state.cards.get(alert.id)
        earlier = self._present(before.readers) if before else frozenset[str]()
        readers = _admitted(self._readers(t.participant for t in alert.told) | earlier, alert.only)
        self.state.cards[alert.id] = Carded(alert, readers)
        self._crowd(alert, before)
        introduced = self._introduce(message, alert)
        self._note_end(f"{Alert.KIND} {alert.id}", message.at, live=alert.work not in OVER)
        effects = introduced + [e for reader in sorted(readers) for e in self._show_card(message, alert, reader)]
        if before and before.alert.work not in OVER:
            last = msgspec.structs.replace(before.alert, work="resolved", rev=alert.rev, changed_at=alert.changed_at)
            effects += [e for reader in sorted(earlier - readers) for e in self._show_card(message, last, reader)]
        return effects

    def _introduce(self, message: Logged, alert: Alert) -> list[Effect]:
        """Show the findings of a card to whom an officer called for, or offered it to: what it may know of them."""
        effects: list[Effect] = []
        listed = self.state.crowds.get(alert.id, {m.finding for m in alert.members}) if alert.called else ()
        for held in [f for i in sorted(listed) if (f := self.state.findings.get(i))]:
            new = _admitted(self._readers(alert.called), held.finding.only) - held.readers
            if new:
                self.state.findings[held.finding.id] = Shown(held.finding, held.readers | new)
                effects += [e for reader in sorted(new) for e in self._show(message, held.finding, reader)]
        return effects

    def _crowd(self, alert: Alert, before: Carded | None) -> None:
        """Keep which findings are on a card that lists only some: they came one revision after the other."""
        crowds, listed = self.state.crowds, {m.finding for m in alert.members}
        if alert.rest is None:
            crowds.pop(alert.id, None)
            return
        known = crowds.setdefault(alert.id, {m.finding for m in before.alert.members} if before else set())
        known.difference_update(alert.left)
        known.update(listed, alert.joined)

    def _show_card(self, message: Logged, alert: Alert, reader: str) -> Iterator[Effect]:
        shown = self._faces.card(self._worded(alert, reader), reader)
        grouped = self._groups.note(shown, reader)
        precedence = PRECEDENCE[shown.severity]
        yield self._outbox.post(message, reader, precedence, alert.id, shown)
        if alert.work == "superseded":
            self._outbox.merged(reader, f"{Alert.KIND} {alert.id}")
            return
        told = Told(
            # An answer to an officer's action is over when it is given, and still has to be given.
            # What is put aside asks for nothing, until it comes back.
            # So does what another card covers, as long as that one stands for it.
            live=(alert.work not in OVER and not alert.shelved and not alert.inhibited_by)
            or alert.alert_kind == "not-accepted",
            rank=PRECEDENCES.index(precedence),
            members=frozenset(m.finding for m in shown.members),
            grouped=grouped,
            again=handling.is_news(alert, reader, self._mission.stands_for(reader)),
        )
        yield from self._outbox.tell(message, reader, precedence, alert.id, shown, told)

    def _worded(self, alert: Alert, reader: str) -> Alert:
        """Return the card of a group with what the group holds for a reader; any other card as it is."""
        if alert.alert_kind != "flood":
            return alert
        told = self._outbox.told.get(f"{reader} {Alert.KIND} {alert.id}")
        return self._groups.worded(alert, reader, AT_RANK[told.rank] if told else "Minor")

    def actors(self, action: Action, author: str) -> frozenset[str]:
        """Return who may see an officer's action: those told of the card who may know of everybody that it names."""
        card = self.state.cards.get(action.alert)
        if card is None:
            return frozenset()
        named = {author, action.to} - {""}
        return frozenset(r for r in card.readers if self._faces.knows(card.alert, r, named))

    # -- memory -------------------------------------------------------------------------------------------------------

    def _note_end(self, slot: str, now: int, *, live: bool) -> None:
        self.state.ended.pop(slot, None)
        if not live:
            self.state.ended[slot] = now

    def next_wake(self) -> int | None:
        """Return the full hour at which the next thing may be forgotten."""
        oldest = next(iter(self.state.ended.values()), None)
        return None if oldest is None else -(-(oldest + ENDED_KEPT) // HOUR) * HOUR

    def forget(self, now: int) -> None:
        """Forget what has been over long enough."""
        gone = {slot for slot, at in self.state.ended.items() if at + ENDED_KEPT <= now}
        for slot in gone:
            del self.state.ended[slot]
            kind, _, identity = slot.partition(" ")
            if kind == Alert.KIND:
                del self.state.cards[identity]
                self.state.crowds.pop(identity, None)
                self._groups.forget(identity)
            else:
                self._drop(self.state.findings.pop(identity).finding)
        self._outbox.forget(gone)

    def _drop(self, finding: Finding) -> None:
        for party in finding.parties:
            self._by_party.get(party.id, set()).discard(finding.id)
            if not self._by_party.get(party.id):
                self._by_party.pop(party.id, None)


def _admitted(readers: frozenset[str], only: tuple[str, ...] | None) -> frozenset[str]:
    """Return those of some readers who may know that something exists."""
    return readers if only is None else readers.intersection(only)


def _urgency(finding: Finding) -> Precedence:
    return PRECEDENCE[CAP_SEVERITY.get(finding.severity, "Minor")]
