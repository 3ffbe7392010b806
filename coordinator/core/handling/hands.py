"""What officers did with a card, as far as it still counts."""

import msgspec

from coordinator.core.mission import Mission
from schemas.acknowledgements import Action
from schemas.alerts import Deed, Handover, Shelved


class Hands(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Four things that do not depend on one another: put aside, offered, closed, worked on."""

    shelf: Shelved | None = None
    warn_at: int | None = None  # when the end of the shelf is announced; None once it is, or if it is too short
    offer: Handover | None = None  # the last one, whatever became of it
    offered_rev: int = 0  # revision before the offer: who acknowledges a later one has seen it
    closing: tuple[Deed, ...] = ()
    closed: bool = False  # by hand, while its cause stands
    escalated: Deed | None = None
    called: tuple[str, ...] = ()  # above, by an officer: they owe an acknowledgement
    offered: tuple[str, ...] = ()  # told because it was offered to them: they owe nothing
    worked_by: str = ""  # whose acknowledgement says that it is worked on

    @property
    def pending(self) -> Handover | None:
        """The offer that waits for an answer."""
        return self.offer if self.offer and self.offer.state == "offered" else None


class Doing(msgspec.Struct, frozen=True, kw_only=True):
    """An action with everything that it is judged by. ``by`` is whose clock it answers: a desk acts for its HQ."""

    action: Action
    officer: str  # the participant whose action it is
    by: str
    now: int
    mission: Mission
    unreachable: frozenset[str]
    typed_by: str = ""
    spoken_by: str = ""

    @property
    def deed(self) -> Deed:
        """What is kept of it."""
        return Deed(
            by=self.officer,
            officer=self.action.officer,
            why=self.action.note,
            at=self.now,
            typed_by=self.typed_by,
            spoken_by=self.spoken_by,
        )
