"""Occasions that a test says itself, through a source like any other, and officers who do things with their cards."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import msgspec
import pytest
from msgspec.structs import replace

from coordinator.core import alerting
from coordinator.core.mission import Mission, Participant
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.occasions.trail import Trail
from coordinator.core.step import Logged
from schemas import subjects
from schemas.acknowledgements import Action
from schemas.alerts import Alert
from schemas.reports import TextMessage
from tests.support.desk import MISSION, Desk

PEOPLE = replace(
    MISSION,
    participants=(
        Participant(id="force", role="hq"),
        *(replace(p, superior="force") if p.id == "fhq-u3" else p for p in MISSION.participants),
        Participant(id="sn-desk", role="desk", superior="sn-hq", types_for=("*",)),
        Participant(id="sn-night", role="desk", superior="sn-hq"),
    ),
)
SHOTS = Occasion(
    id="shots", kind="security", severity="Severe", text_key="card-security", told=("fhq-u3", "sn-hq", "xar-batt"),
    parties=("xar-batt",), place="KESSA", owner="fhq-u3",
)  # fmt: skip


class Happenings:
    """A source that says what text messages say."""

    NAME: ClassVar[str] = "happenings"
    READS: ClassVar[tuple[str, ...]] = ()
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = {}

    def adopt(self, mission: Mission) -> None:
        """Need nothing of it."""

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Return the occasion that a message is."""
        body = message.body
        return (msgspec.json.decode(body.text, type=Occasion),) if isinstance(body, TextMessage) else ()

    def wake(self, now: int) -> Iterable[Occasion]:
        """Nothing comes with time."""
        return ()

    def next_wake(self) -> int | None:
        """Nothing comes with time."""
        return None

    def snapshot(self) -> bytes:
        """Return nothing: it remembers nothing."""
        return b"{}"

    def restore(self, data: bytes) -> None:
        """Take nothing back."""


@contextmanager
def only_happenings() -> Iterator[None]:
    """Let alerting have this source, and of the others only the one that it cannot do without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alerting, "SOURCES", (Trail, Happenings))
        yield


class Room(Desk):
    """A desk at which anything can happen; use it within `only_happenings`."""

    def __init__(self, mission: Mission = PEOPLE) -> None:
        super().__init__(mission)

    def happen(self, at: str | int, occasion: Occasion = SHOTS) -> Alert:
        """Let something be said, and return its card."""
        self.until(at)
        body = TextMessage(text=msgspec.json.encode(occasion).decode())
        self._take(self.logged(body, subjects.record("message", "fhq-u3")))
        return self.board[occasion.id]

    def do(self, at: str | int, by: str, verb: Any, card: Alert | None = None, **more: Any) -> list[str]:
        """Let an officer do something with a card, by default the shots; return the texts of his answers."""
        self.until(at)
        shown = self.board[card.id if card else "shots"]
        published = self.act(at, by, shown, verb, **({"seen": shown.rev} | more))
        return [a.text_key.removeprefix("not-accepted-") for a in published if a.alert_kind == "not-accepted"]

    def typed(self, at: str | int, by: str, typist: str, verb: Any, speaker: str = "", **more: Any) -> list[Alert]:
        """Let somebody type in what a participant said about the shots."""
        self.until(at)
        card = self.board["shots"]
        body = Action(alert=card.id, verb=verb, seen_rev=card.rev, **more)
        logged = self.logged(body, subjects.record("action", by), by, f"typed-{self.seq}")
        envelope = replace(logged.envelope, typed_by=typist, spoken_by=speaker)
        return self._take(logged._replace(envelope=envelope))

    @property
    def shots(self) -> Alert:
        """The card of the shots."""
        return self.board["shots"]
