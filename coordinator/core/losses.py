"""Lost contact: when it is worth a notice, what that says, and which bearer covers it.

A loss becomes a notice after a while, sooner if the participant had just reported an emergency, and never as long as it
had said that it would be silent; an emergency of its own ends a silence that was planned before it. The notice says
what was going on: everything in it stands in a message that its reader may read, or is not there for that reader.

Source: domain.md §4.1 (R-03, R-22); reference console.md §6 (inhibition, flap control).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar

from msgspec.structs import replace

from coordinator.core import bearers, notices
from coordinator.core.cards import worse, worst
from coordinator.core.cardstate import Contact, State
from coordinator.core.correlate import SECOND
from coordinator.core.holders import Owed
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.occasions.trail import Known, Place, Said, Silence, Trail
from schemas.alerts import CapSeverity, Line
from schemas.operations import Presence
from schemas.reports import IncidentReport, MedevacRequest

EMERGENCY: Final[CapSeverity] = "Severe"  # silence after an emergency is at least so bad
FLAPPING: Final = 3  # losses of one spell from which on their number is said
REPORTED: Final = {IncidentReport.KIND: "lost-after-incident", MedevacRequest.KIND: "lost-after-medevac"}


class Losses:
    """Who cannot be reached. ``state`` holds contacts and bearers; ``trail`` knows what was said before."""

    def __init__(self, state: State, trail: Trail) -> None:
        self.state, self.trail = state, trail
        self._made: dict[str, tuple[object, Occasion]] = {}  # notices as they were made, with what they were made from

    def note(self, presence: Presence, now: int) -> bool:
        """Take what was observed; return whether a contact was lost or regained."""
        held, lost = self.state.contacts.get(presence.participant), presence.state == "lost"
        known = held.lost if held else False
        if presence.state == "read" or lost == known or (held and presence.at < held.at):
            return False
        self.state.contacts[presence.participant] = self._contact(presence, held, now)
        return True

    def _contact(self, presence: Presence, held: Contact | None, now: int) -> Contact:
        if held and presence.state == "regained":
            return Contact(lost=False, at=presence.at, spell=held.spell, times=held.times)
        again = held is not None and presence.at - held.at < _period(self.state.mission.presence.notice_after_s)
        spell = held.spell if held and again else f"{presence.participant} {presence.at}"
        contact = Contact(lost=True, at=presence.at, spell=spell, times=held.times + 1 if held and again else 1)
        contact.due = self._due(presence.participant, contact, now)
        return contact

    # -- time ---------------------------------------------------------------------------------------------------------

    def next(self) -> int | None:
        """Return when the next notice is due, or a bearer counts as up."""
        dues = (c.due for c in self.state.contacts.values() if c.due is not None)
        return min((*dues, *bearers.up_again(self.state.bearers, self.state.mission)), default=None)

    def look(self, now: int) -> None:
        """Bring everything up to date: what was planned since, which bearers are down."""
        for participant, contact in sorted(self.state.contacts.items()):
            if contact.lost:
                self._plan(participant, contact, now)
        bearers.look(self.state.bearers, self.state.mission, self.state.contacts, self.trail.state.bearers, now)

    def wake(self, now: int) -> None:
        """Let every notice be raised that is due."""
        for contact in self.state.contacts.values():
            if contact.due is not None and contact.due <= now:
                contact.due, contact.noticed = None, True

    def _plan(self, participant: str, contact: Contact, now: int) -> None:
        """Move a notice, or end it, if silence was planned or an emergency reported meanwhile."""
        due = self._due(participant, contact, now)
        if due > now + 1:
            contact.due, contact.noticed = due, False
        elif not contact.noticed and (contact.due is None or contact.due > due):
            contact.due = due

    def _due(self, participant: str, contact: Contact, now: int) -> int:
        """Return when a loss is worth a notice; what is over already is a moment away."""
        due, _ = self._reckoned(participant, contact, now)
        return max(due, now + 1)

    def _reckoned(self, participant: str, contact: Contact, now: int) -> tuple[int, Silence | None]:
        """Return when a loss is worth a notice, and the planned silence that it waits for, if any.

        An emergency makes it sooner only if all who would be told may read of it: the time of the notice tells of it.
        A planned silence never alarms, whoever may read of it: that is the effect, and its end is for its readers.
        """
        settings, audience = self.state.mission.presence, self._audience(participant)
        silences = self.trail.of(participant).silences
        emergency, waits_for = self._emergency(participant, contact, audience), None
        due = contact.at + _period(settings.flash_after_s if emergency else settings.notice_after_s)
        for planned in sorted(silences, key=lambda s: (s.start, s.end)):
            broken = emergency is not None and emergency.at > planned.said_at
            if planned.start <= max(due, now) and due < planned.end and not broken:
                due, waits_for = planned.end + _period(settings.grace_s), planned
        return due, waits_for

    def _emergency(self, participant: str, contact: Contact, audience: frozenset[str]) -> Said | None:
        """Return the emergency that a participant reported last, as far as all of an audience may know of it."""
        return next((said for said in self._emergencies(participant, contact) if audience <= said.readers), None)

    def _emergencies(self, participant: str, contact: Contact) -> list[Said]:
        """Return the emergencies that a participant reported shortly before it was lost, or since."""
        within = _period(self.state.mission.presence.flash_within_s)
        return [said for said in self.trail.of(participant).emergencies if said.at >= contact.at - within]

    def _audience(self, participant: str) -> frozenset[str]:
        """Return who reads a notice about a participant, whoever arbitrates its cards."""
        return self._reading(self.state.mission.superiors(participant)) & self.state.mission.by_id.keys()

    # -- notices ------------------------------------------------------------------------------------------------------

    def occasions(self, owed: Callable[[str], Owed], now: int) -> Iterator[Occasion]:
        """Yield every notice there is, and the bearers that cover some of them."""
        found = {
            p: self._notice(p, contact, owed(p), now)
            for p, contact in sorted(self.state.contacts.items())
            if contact.lost and contact.noticed
        }
        covered: dict[str, list[str]] = {}
        for participant, notice in found.items():
            name = bearers.covering(self.state.bearers, participant)
            if name and notice.severity != "Extreme":  # that is never hidden
                covered.setdefault(name, []).append(participant)
        for name, group in covered.items():
            card = bearers.card(name, self.state.bearers[name])
            children = [found.pop(p) for p in group]
            yield self._bearer(name, card, children)
            for child in children:
                yield replace(child, told=(), informed=child.told, owner=child.holder, inhibited_by=card)
        yield from found.values()

    def has_ended(self, occasion: Occasion) -> bool:
        """Say whether a notice of this sort is about what is over."""
        if occasion.kind == "bearer-down":
            return occasion.id not in {bearers.card(n, d) for n, d in self.state.bearers.items()}
        contact = self.state.contacts.get(occasion.about)
        return not (contact and contact.lost and contact.noticed and notices.loss_id(contact.spell) == occasion.id)

    def _notice(self, participant: str, contact: Contact, owed: Owed, now: int) -> Occasion:
        """Return the notice of a loss; it is made anew only if anything that it rests on is new."""
        _, silent = self._reckoned(participant, contact, now)
        version = self.trail.versions.get(participant, 0)
        rests_on = (self.state.mission, version, contact.spell, contact.at, contact.times, owed, silent)
        made = self._made.get(participant)
        if made is None or made[0] != rests_on:
            made = self._made[participant] = rests_on, self._made_anew(participant, contact, owed, silent)
        return made[1]

    def _made_anew(self, participant: str, contact: Contact, owed: Owed, silent: Silence | None) -> Occasion:
        notice = notices.contact_lost(contact.spell, participant, owed, self.state.mission)
        known = self.trail.of(participant)
        lines = _lines(known, self._emergencies(participant, contact), contact, silent)
        notice = replace(
            notice,
            lines=tuple(self._scoped(lines)),
            next_key="contact-lost-next",
            args={"who": participant},
        )
        above = {*notice.told, *self.state.mission.superiors(participant)}  # to whom it may climb
        if self._emergency(participant, contact, self._reading(above)) is None:
            return notice
        severity = notice.severity if worse(notice.severity, EMERGENCY) else EMERGENCY
        return replace(notice, severity=severity, text_key="contact-lost-emergency")

    def _bearer(self, name: str, card: str, children: list[Occasion]) -> Occasion:
        told = tuple(sorted({p for child in children for p in child.told}))
        down = self.state.bearers[name]
        return Occasion(
            id=card,
            kind="bearer-down",
            severity=worst([child.severity for child in children]),
            urgency="Immediate",
            text_key="bearer-down",
            next_key="bearer-next",
            args={"bearer": name, "down_at": down.at},
            told=told,
            arbiter=self.state.mission.arbiter(tuple(down.group)),
            children=tuple(child.id for child in children),
            lines=tuple(self._child(child) for child in children),
        )

    def _child(self, child: Occasion) -> Line:
        at = self.state.contacts[child.about].at
        args: dict[str, str | int] = {"who": child.about, "lost_at": at, "count": child.undelivered}
        readers = self._reading({*child.told, *self.state.mission.superiors(child.about)})
        return Line(text_key="bearer-child", args=args, card=child.id, only=tuple(sorted(readers)))

    def _scoped(self, lines: "Iterable[_Scoped]") -> Iterator[Line]:
        """Yield lines, each for those who may read what it is from; a card may still go to anybody."""
        everybody = self.state.mission.by_id.keys()
        for readers, line in lines:
            only = everybody - readers.some if isinstance(readers, But) else readers or frozenset()
            only = frozenset(everybody) if readers is None else only & everybody
            if only:
                yield line if everybody <= only else replace(line, only=tuple(sorted(only)))

    def _reading(self, told: Iterable[str]) -> frozenset[str]:
        """Return who reads what some are told: they, their duty desks and the operators."""
        mission: Mission = self.state.mission
        concerned = frozenset(told)
        return concerned | mission.desks(concerned) | {p.id for p in mission.participants if p.operator}


def _period(seconds: float) -> int:
    return int(seconds * SECOND)


class But(NamedTuple):
    """Everybody but some."""

    some: frozenset[str]


_Scoped = tuple[frozenset[str] | But | None, Line]


def _lines(known: Known, emergencies: Sequence[Said], contact: Contact, silent: Silence | None) -> Iterator[_Scoped]:
    """Yield what was going on, each with those who may read what it is from; None is everybody.

    Everybody has the newest that he may read: what he may not read leaves no gap.
    """
    yield from _newest(emergencies, _after)
    yield from _newest(known.requests, _asked)
    yield from _newest(known.reports, lambda r: Line(text_key="lost-last-report", args={"id": r.id}, valid_at=r.at))
    yield _unread(known.reports), Line(text_key="lost-no-report")
    yield from _newest(known.places, _where)
    yield _unread(known.places), Line(text_key="lost-no-position")
    yield from _orders(known)
    if silent is not None:
        yield silent.readers, Line(text_key="lost-silence", args={"end_at": silent.end})
    if contact.times >= FLAPPING:
        yield None, Line(text_key="lost-again", args={"count": contact.times})


_Read = TypeVar("_Read", Said, Place)


def _newest(things: Iterable[_Read], line: Callable[[_Read], Line]) -> Iterator[_Scoped]:
    """Yield a line for each of some things, the newest first, for those who read none before it."""
    covered = frozenset[str]()
    for one in things:
        yield one.readers - covered, line(one)
        covered |= one.readers


def _unread(things: Iterable[Said | Place]) -> But:
    return But(frozenset[str]().union(*(one.readers for one in things)))


def _after(said: Said) -> Line:
    key = REPORTED.get(said.kind, "lost-after-flash")
    return Line(text_key=key, args={"id": said.id}, valid_at=said.at)


def _asked(said: Said) -> Line:
    return Line(text_key="lost-last-request", args={"id": said.id, "asked": said.what, "said_at": said.at})


def _where(place: Place) -> Line:
    return Line(text_key="lost-last-position", args={"place": _spelled(*place.where)}, valid_at=place.at)


def _orders(known: Known) -> Iterator[_Scoped]:
    """Yield how many orders wait for an answer: to everybody, of those that he may read."""
    readers = frozenset[str]().union(*(o.readers for o in known.orders))
    counts = {p: sum(p in o.readers for o in known.orders) for p in readers}
    for count in sorted({*counts.values()}):
        to = frozenset(p for p, n in counts.items() if n == count)
        yield to, Line(text_key="lost-orders", args={"count": count})


def _spelled(lon: float, lat: float) -> str:
    return f"{abs(lat):.4f}{'N' if lat >= 0 else 'S'} {abs(lon):.4f}{'E' if lon >= 0 else 'W'}"
