"""A card that nobody has acknowledged in time, once more by the next channel: short, and marked as repeated. Pure."""

from collections.abc import Sequence

from coordinator.gates import readable, rendering
from coordinator.gates.gate import Gate
from coordinator.gates.profiles import Profile
from coordinator.gates.visible import clean, short
from coordinator.ports import Departure
from coordinator.texts import say
from schemas.alerts import PRECEDENCE, Alert
from schemas.envelope import Envelope


def next_channel(gates: Sequence[Gate]) -> Gate | None:
    """Return the channel behind the first of those that carry cards, in the mission's order; one that is down is passed
    over if another works. The only one, if it is.
    """
    carrying = [gate for gate in gates if not gate.channel.carries or Alert.KIND in gate.channel.carries]
    in_turn = [*carrying[1:], *carrying[:1]]
    return next((gate for gate in in_turn if not gate.row.down_since), next(iter(in_turn), None))


def departure(card: Alert, envelope: Envelope, at: int, profile: Profile) -> Departure:
    """Return a card as it rings again: what it is, what to do next, and by which id to acknowledge it.

    Raises:
        Undelivered: the channel takes less than that.
    """
    precedence, mark = PRECEDENCE[card.severity], say("repeat-head", profile.language)
    head = f"{mark}\n{readable.head(envelope, precedence)}"
    headline, following = clean(card.headline or card.alert_kind), clean(card.next_step)
    texts = (f"{head}\n{headline}\n{following}\n", f"{head}\n{headline}\n", f"{head}\n")
    identity = f"repeat-{card.id}-{card.rev}"
    written = rendering.words_of(texts, identity, at, profile)
    name = f"repeated-{precedence}-{card.id[:64]}_{card.rev}{written.suffix}"
    subject = short(f"{mark}: {readable.subject(envelope, precedence)}", readable.WIDTH)
    return Departure(identity, name, subject, written.data, written.format, precedence)
