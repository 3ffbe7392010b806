"""Somebody's name was used by another: what intake refused for that, one card a source, with a count.

A refusal says in one word why it is more than a slip (`RefusalCode`); the table says how grave that is. What is not in
it is for the sender alone: a wrong realm, a wrong word. The bytes stay in RAW as evidence and are on no card, nor is
anything that stands in them. Only a person ends the card: that nothing came since proves nothing.

Source: reference domain.md §5.3 (message 12), R-34; design §1 (no message is dropped silently).
"""

from collections.abc import Iterable
from typing import ClassVar, Final

import msgspec

from coordinator.core.correlate import SECOND
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.step import Logged
from schemas import subjects
from schemas.acknowledgements import Action, Refusal, RefusalCode
from schemas.alerts import CapSeverity
from schemas.subjects import opaque

GRAVE: Final[dict[RefusalCode, CapSeverity]] = {"claimed-author": "Severe", "unknown-author": "Moderate"}
"""What of a refusal is a matter of security. ``may-not-type`` is none: who types in openly hides nothing."""
QUIET: Final = 60 * SECOND  # repeats of one source are said once in so long
ONE, MANY, NOBODY, NEXT = "security-claimed", "security-claimed-many", "security-unknown", "security-next"


class Held(msgspec.Struct, kw_only=True):
    """What came from one source since ``first_at``; ``said`` of ``count`` stand on the card."""

    raw: int  # sequence in RAW of the first one
    first_at: int
    last_at: int
    count: int = 0
    said: int = 0
    said_at: int = 0
    names: set[str] = set()  # participants whose names were used
    severity: CapSeverity = "Moderate"


class Security:
    """The source (see `coordinator.core.occasions.occasion.Source`)."""

    NAME: ClassVar[str] = "security"
    READS: ClassVar[tuple[str, ...]] = (subjects.ALL_REFUSALS, subjects.records(Action.KIND))
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = {
        ONE: ("who", "whom", "count"), MANY: ("who", "count", "others"), NOBODY: ("who", "count"),
        NEXT: ("raw", "first_at"),
    }  # fmt: skip

    def __init__(self) -> None:
        self._mission = Mission(name="")
        self._held: dict[str, Held] = {}

    def adopt(self, mission: Mission) -> None:
        """Take another mission."""
        self._mission = mission

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Count a refusal that is a matter of security; say it at once if it is the first, or uses another name."""
        match message.body:
            case Action(verb="resolve", alert=card):
                self._ended(card, message.at)
            case Refusal() as refusal if refusal.code in GRAVE:
                return self._refused(refusal, message)
        return ()

    def _refused(self, refusal: Refusal, message: Logged) -> Iterable[Occasion]:
        source = subjects.parse(message.subject).participant
        held = self._held.get(source)
        if held is None or held.last_at + int(self._mission.rules.keep_s * SECOND) <= message.at:
            held = self._held[source] = Held(raw=refusal.raw_seq, first_at=message.at, last_at=message.at)
        news = self._count(held, refusal, message.at)
        return self._said(source, held, message.at) if news else ()

    def _ended(self, card: str, now: int) -> None:
        """Say the next one at once: whoever ended the card has seen what was said on it."""
        for source, held in self._held.items():
            if _card(source) == card:
                held.said_at = min(held.said_at, now - QUIET)

    def _count(self, held: Held, refusal: Refusal, now: int) -> bool:
        """Count one more; say whether that must be said at once."""
        held.count, held.last_at = held.count + 1, now
        name = {refusal.claims} & self._mission.by_id.keys()
        fresh = not name <= held.names
        held.names = held.names | name
        if GRAVE[refusal.code] == "Severe" and held.severity != "Severe":
            held.severity, fresh = "Severe", True
        return fresh or held.count == 1 or held.said_at + QUIET <= now

    def wake(self, now: int) -> Iterable[Occasion]:
        """Say what was counted since a card was last said."""
        due = [s for s, held in sorted(self._held.items()) if held.said < held.count and held.said_at + QUIET <= now]
        return [occasion for source in due for occasion in self._said(source, self._held[source], now)]

    def next_wake(self) -> int | None:
        """Return when repeats are said next, or None."""
        waiting = (held.said_at + QUIET for held in self._held.values() if held.said < held.count)
        return min(waiting, default=None)

    def snapshot(self) -> bytes:
        """Return the whole state, without the mission, as JSON."""
        return msgspec.json.encode(self._held, order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        try:
            self._held = msgspec.json.decode(data, type=dict[str, Held])
        except msgspec.MsgspecError as error:
            raise ValueError(f"no snapshot of {self.NAME}: {error}") from error

    def _said(self, source: str, held: Held, now: int) -> tuple[Occasion, ...]:
        held.said, held.said_at = held.count, now
        names, watch = sorted(held.names - {source}), self._watch(source)
        key = {0: NOBODY, 1: ONE}.get(len(names), MANY)
        alone = names[0] if len(names) == 1 else ""
        args: dict[str, str | int] = {
            "who": source, "count": held.count, "others": str(len(names)), "whom": alone, "raw": str(held.raw),
            "first_at": held.first_at,
        }  # fmt: skip
        return (
            Occasion(
                id=_card(source),
                kind="security",
                severity=held.severity,
                urgency="Immediate",
                text_key=key,
                next_key=NEXT,
                args=args,
                about=source,
                parties=tuple(names),
                told=tuple(dict.fromkeys((*names, *watch))),
                owner=alone or next(iter(watch), ""),
            ),
        )

    def _watch(self, source: str) -> list[str]:
        """Return who is told besides those whose names were used: whom the mission names, else desks, else HQs."""
        mission = self._mission
        named = {p for word in mission.security.tell for p in mission.members(word)}
        desks, hqs = ({p.id for p in mission.participants if p.role == role} for role in ("desk", "hq"))
        return sorted(next((found for who in (named, desks, hqs) if (found := who - {source})), set()))


def _card(source: str) -> str:
    return opaque(f"security {source}")
