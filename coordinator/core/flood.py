"""Floods: above a number of new cards in a while, a desk gets further ones as a group. What is EXTREME goes by itself.

The group has a card of its own (kind ``flood``), which is asked about instead of its members: a member's clock stands
still while the group's one runs, and that never runs out later than any of theirs would have. So somebody is late with
the group, and called about it, once. Members stay on the board and say in which group they are; whoever acknowledges
the group acknowledges those that the revision it saw had counted. A card leaves the group when it is answered or over,
and when it becomes EXTREME; then it is asked about by itself.

Whom a card is shown to without being told (operators) has a group of its own, which asks for nothing. What only some
may know of is grouped apart.

Source: reference console.md §6 (flood); how many are too many is mission data (`Cards`).
"""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from coordinator.core import escalate
from coordinator.core.cards import OVER, OWNERS, Card, Clock, told, worse, worst
from coordinator.core.comings import Flood, Grouped
from coordinator.core.correlate import SECOND
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.pages import Pages
from schemas.alerts import Alert, CapUrgency
from schemas.subjects import opaque

ALONE: Final = frozenset({"flood", "not-accepted"})  # kinds that are never grouped
SOONEST_FIRST: Final[tuple[CapUrgency, ...]] = ("Immediate", "Expected", "Future", "Past", "Unknown")
SAY_EVERY: Final = 60 * SECOND  # how often a group's card is brought up to date with numbers alone


class Floods(Pages):
    """Cards that are published, and what of them is told in groups."""

    def flush(self, now: int) -> list[Alert]:
        """Return what has to be published after a step, as `Pages.flush`; groups and their cards are in it."""
        for flood in [f for f in self.state.floods.values() if f.members and f.name in self.touched]:
            self._answer(flood, now)
        for identity in sorted(self._out):
            self._group(self.state.cards[identity], now)
        for flood in [f for f in self.state.floods.values() if f.say_at is not None and f.say_at <= now]:
            self._say(flood, now)
        return super().flush(now)

    # -- what comes ---------------------------------------------------------------------------------------------------

    def _group(self, card: Card, now: int) -> None:
        """Put a card that changed into the groups that it belongs to, and take it out of others."""
        alert, before = card.alert, self._before[card.alert.id]
        if alert.alert_kind in ALONE:
            return
        comes, knew = _comes(before, alert), self._readers(before)
        grouped: dict[str, str] = {}
        for p in sorted(self._readers(alert) | before.grouped.keys()):
            key = _key(p, alert.only)
            if _counts(alert) and (comes or p not in knew):
                self._arrive(self.state.floods.setdefault(key, Flood(participant=p, only=alert.only)), card, now)
            flood, clock = self.state.floods.get(key), card.clocks.get(p)
            if flood and alert.id in flood.members and self._waits(card, flood, now):
                grouped[p] = flood.name
                flood.members[alert.id].urgency = alert.urgency
                if clock:
                    _hold(clock, flood, alert.id, now)
                if alert.material_rev != before.material_rev:  # whoever answers must have seen it
                    flood.members[alert.id].rev, flood.latest = 0, now
                    flood.say_at = _next(flood, now)
            elif clock and clock.group:
                self._release(p, clock, now)
        asked = told(card, self.unreachable) if card.clocks else alert.told  # a card that ended keeps whom it had told
        self._out[alert.id] = card.alert = replace(alert, grouped=grouped, told=asked)
        self.times.note(card)

    def _release(self, participant: str, clock: Clock, now: int) -> None:
        """Let a clock run on that is in no group any more, with no more time than its group's had left."""
        group = self.state.cards.get(clock.group)
        asked = group.clocks.get(participant) if group else None
        clock.group = ""
        if clock.left is not None and asked and asked.due is not None:
            clock.left = max(min(clock.left, asked.due - now), 1)
        if participant not in self.unreachable:
            escalate.regain(clock, now)

    def _readers(self, alert: Alert) -> set[str]:
        """Return who is told of a card, and the operators that read it although nobody of theirs is."""
        asked = {t.participant for t in alert.told}
        operators = (p.id for p in self.state.mission.participants if p.operator)
        others = (o for o in operators if self.state.mission.stands_for(o) not in asked)
        return asked.union(o for o in others if alert.only is None or o in alert.only)

    def _arrive(self, flood: Flood, card: Card, now: int) -> None:
        """Count a new card for a participant, and say whether it goes into the group."""
        cards = self.state.mission.cards
        flood.arrivals = [*flood.arrivals[-cards.flood_cards :], now] if cards.flood_cards else []
        window = int(cards.flood_window_s * SECOND)
        if not flood.on and len(flood.arrivals) > cards.flood_cards > 0 and flood.arrivals[0] > now - window:
            flood.on = True
            if not flood.members:
                flood.name, flood.since = opaque(f"flood {_key(flood.participant, flood.only)} {now}"), now
        severity, identity = card.alert.severity, card.alert.id
        if flood.on and severity != "Extreme":
            flood.owed = flood.owed or flood.participant in card.clocks
            rings = not flood.members or worse(severity, flood.severity)
            flood.members[identity], flood.latest = Grouped(severity=severity), now
            twice = len(flood.members) >= 2 * flood.count  # so a number is never far from what it was said to be
            flood.say_at = now if rings or twice else _next(flood, now)

    def _waits(self, card: Card, flood: Flood, now: int) -> bool:
        """Say whether a member still is one; take it out if not."""
        clock = card.clocks.get(flood.participant)
        answered = clock is not None and clock.acknowledged_at is not None
        waits = flood.on or (clock is not None and clock.asked)
        if card.open and card.alert.severity != "Extreme" and waits and not answered:
            return True
        del flood.members[card.alert.id]
        flood.say_at = _next(flood, now) if flood.members else now
        return False

    # -- the group's card ---------------------------------------------------------------------------------------------

    def _say(self, flood: Flood, now: int) -> None:
        """Bring a group's card up to date: how many, how severe, and by when somebody must answer."""
        flood.said_at, flood.say_at = now, None
        if not flood.members and flood.name not in self.state.cards:
            return  # all of them went as they came
        flood.severity = worst([g.severity for g in flood.members.values()]) if flood.members else flood.severity
        flood.count = len(flood.members) or flood.count
        if flood.anew:
            flood.anew = False
            self.occur(_occasion(flood, over=True), now)
        self.occur(_occasion(flood, over=not flood.members), now)
        card = self.state.cards[flood.name]
        if _bind(card.clocks.get(flood.participant), flood, now):
            self.refresh(card, now)
        for member in flood.members.values():
            member.rev = member.rev or card.alert.rev

    def _answer(self, flood: Flood, now: int) -> None:
        """Acknowledge the members that a participant has seen, if it just acknowledged the group."""
        said = self.state.cards[flood.name].clocks.get(flood.participant)
        if said is None or said.acknowledged_at is None:
            return
        known = self.state.mission.by_id.get(flood.participant)
        for identity, member in [*flood.members.items()]:
            if 0 < member.rev <= (said.acknowledged_rev or 0):
                del flood.members[identity]
                card = self.state.cards[identity]
                if clock := card.clocks.get(flood.participant):
                    escalate.acknowledge(clock, card.alert.rev, now)
                    clock.typed_by, clock.valid_until, clock.group = said.typed_by, said.valid_until, ""
                if known and known.role in OWNERS:
                    card.taken_by = card.taken_by or flood.participant
                self.refresh(card, now)
        flood.anew, flood.say_at = bool(flood.members), now

    # -- time ---------------------------------------------------------------------------------------------------------

    def next(self) -> int | None:
        """Return when the first card, or group, has to be looked at."""
        groups = (at for f in self.state.floods.values() for at in self._times(f))
        return min((at for at in (self.times.next(), *groups) if at is not None), default=None)

    def _times(self, flood: Flood) -> Iterator[int]:
        if flood.say_at is not None:
            yield flood.say_at
        if flood.on:
            yield self._calms_at(flood)

    def _calms_at(self, flood: Flood) -> int:
        """Return when no more than half of what makes a flood came within the last while."""
        cards = self.state.mission.cards
        recent = flood.arrivals[-(cards.flood_cards // 2 + 1) :]
        return recent[0] + int(cards.flood_window_s * SECOND)

    def wake(self, now: int) -> None:
        """End the floods that have calmed down; what nobody owes an answer to leaves the group."""
        for flood in self.state.floods.values():
            if flood.on and self._calms_at(flood) <= now:
                flood.on, before = False, len(flood.members)
                cards = ((i, self.state.cards[i].clocks.get(flood.participant)) for i in flood.members)
                owing = {i for i, clock in cards if clock and clock.asked}
                flood.members = {i: g for i, g in flood.members.items() if i in owing}
                flood.say_at = now if len(owing) < before else flood.say_at

    def _calm(self, now: int) -> None:
        """Forget those to whom nothing came for a while."""
        window = int(self.state.mission.cards.flood_window_s * SECOND)
        for key, flood in [*self.state.floods.items()]:
            idle = not flood.on and not flood.members and flood.say_at is None
            if idle and (not flood.arrivals or flood.arrivals[-1] + window <= now):
                del self.state.floods[key]


def _key(participant: str, only: tuple[str, ...] | None) -> str:
    return participant if only is None else " ".join((participant, "|", *only))


def _counts(alert: Alert) -> bool:
    """Say whether a card asks to be looked at by itself."""
    return alert.work not in OVER and not alert.inhibited_by


def _comes(before: Alert, alert: Alert) -> bool:
    """Say whether a card is new to everybody: raised, reopened or more severe."""
    return before.material_rev == 0 or before.work in OVER or worse(alert.severity, before.severity)


def _hold(clock: Clock, flood: Flood, identity: str, now: int) -> None:
    """Let a clock stand still while its group is asked about."""
    if clock.due is not None:
        flood.members[identity].due = clock.due
        clock.left, clock.due = max(clock.due - now, 1), None
    clock.group = flood.name


def _bind(clock: Clock | None, flood: Flood, now: int) -> bool:
    """Let a group's clock run out no later than any of its members' would have; say whether that changes it."""
    dues = [g.due for g in flood.members.values() if g.due is not None]
    if clock is None or clock.due is None or clock.due <= now or not dues or min(dues) >= clock.due:
        return False
    clock.due = max(min(dues), now + 1)
    return True


def _next(flood: Flood, now: int) -> int:
    """Return when a group's card is brought up to date with numbers alone."""
    due = max(flood.said_at + SAY_EVERY, now)
    return due if flood.say_at is None else min(due, flood.say_at)


def _occasion(flood: Flood, *, over: bool) -> Occasion:
    asked = (flood.participant,)
    return Occasion(
        id=flood.name,
        kind="flood",
        severity=flood.severity,
        urgency=min((g.urgency for g in flood.members.values()), key=SOONEST_FIRST.index, default="Unknown"),
        about=flood.participant,
        told=asked if flood.owed else (),
        informed=() if flood.owed else asked,
        scope="each",
        owner=flood.participant,
        text_key="flood-group",
        next_key="flood-next",
        args={"count": flood.count, "since_at": flood.since, "latest_at": flood.latest},
        only=flood.only,
        over=over,
    )
