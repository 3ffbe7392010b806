"""A card as an emergency on TAK maps: only what a duty desk or an HQ has confirmed, then taken away. Pure.

An emergency makes telephones ring and stays on the map, so no finding becomes one by itself: somebody who answers for
it has acknowledged the card. It has a stale time, so that a device that hears no more of it forgets it.

Source: reference console.md §6 (delivery: CoT to TAK); formats.md §4.5.
"""

from collections.abc import Callable
from typing import Final

import adapters
from adapters.cot.texts import stamp
from coordinator.core.faces import OVER
from coordinator.core.mission import Mission
from coordinator.gates.readable import identity
from coordinator.gates.visible import clean, short
from coordinator.ports import Departure
from coordinator.texts import say
from coordinator.topology import COORD
from schemas import registry
from schemas.alerts import PRECEDENCE, Alert
from schemas.base import Message
from schemas.envelope import Envelope, Reality, Unmapped
from schemas.geo import Position
from schemas.notices import Cancellation
from schemas.reports import IncidentReport, Observation
from schemas.time import TimeValue

Write = Callable[[Alert, int, str, Reality], Departure]
"""``(card, at, language, reality) -> departure``."""
FORMAT: Final = "cot"
STALE_US: Final = 1_800_000_000  # a device that hears nothing for so long forgets it
REFRESH_S: Final = 600.0
_CONFIRMING: Final = frozenset({"desk", "hq"})
_WORDS: Final = {"medical": "911 Alert"}
_OTHER: Final = "Custom"


def shown(card: Alert, mission: Mission) -> bool:
    """Say whether a card belongs on the map as an emergency: grave, somewhere, going on, and confirmed."""
    return is_grave(card) and card.at is not None and not is_over(card) and confirmed(card, mission)


def is_grave(card: Alert) -> bool:
    """Say whether a card is about casualties, or goes out as FLASH."""
    return card.alert_kind == "medical" or card.severity == "Extreme"


def differs(card: Alert, before: Message) -> bool:
    """Say whether a card says something else on a map than before: else telephones need not ring again."""
    return not isinstance(before, Alert) or (card.at, card.headline, card.severity) != (
        before.at,
        before.headline,
        before.severity,
    )


def is_over(card: Alert) -> bool:
    """Say whether a card asks for nothing any more."""
    return card.work in OVER or bool(card.merged_into)


def confirmed(card: Alert, mission: Mission) -> bool:
    """Say whether a duty desk or an HQ has acknowledged a card, and holds it still."""
    roles = {p.id: p.role for p in mission.participants}
    return any(
        told.acknowledged_at is not None and told.lapsed_at is None and roles.get(told.participant) in _CONFIRMING
        for told in card.told
    )


def emergency(card: Alert, at: int, language: str, reality: Reality = "real") -> Departure:
    """Return a card as an emergency. The same card has the same uid: a newer one replaces what is on the map."""
    if card.at is None:
        raise ValueError("an emergency is somewhere")
    lon, lat = card.at
    body = IncidentReport(
        category="emergency",
        subcategory=_WORDS.get(card.alert_kind, _OTHER),
        stage="flash",
        position=Position(lat=lat, lon=lon),
        activity=clean(f"{card.headline} {card.next_step}".strip()),
        reported=TimeValue(utc=at),
    )
    return _departure(card, at, "show", (_envelope(card, body, at, language, reality),))


def ended(card: Alert, at: int, language: str, reality: Reality = "real") -> Departure:
    """Return the end of an emergency: its cancel, and the order to take it off the map."""
    over = Cancellation(reason=say("emergency-over", language))
    cancel = _envelope(card, over, at, language, reality, IncidentReport.KIND)
    delete = _envelope(card, over, at, language, reality, Observation.KIND)
    return _departure(card, at, "end", (cancel, delete))


def _envelope(card: Alert, body: Message, at: int, language: str, reality: Reality, ends: str = "") -> Envelope:
    """Return one event of a card; with ``ends``, the end of one of that kind."""
    stale = Unmapped("event/@stale", stamp(at // 1000 * 1000 + STALE_US))
    return registry.pack(
        body, id=f"card-{card.id}", kind=ends, originator=COORD, received_at=at, created=TimeValue(utc=at),
        lang=language, summary=short(card.headline, 80), unmapped=(stale,), reality=reality,
        status="cancel" if ends else "new",
    )  # fmt: skip


def _departure(card: Alert, at: int, what: str, messages: tuple[Envelope, ...]) -> Departure:
    data = adapters.adapter(FORMAT).encode(messages, {}).data
    precedence = PRECEDENCE[card.severity]
    subject = short(f"{precedence.upper()} {card.headline}", 120)
    name = f"emergency-{what}-{identity(messages[0])}.cot"
    return Departure(f"emergency-{what}-{card.id}-{card.rev}-{at}", name, subject, data, FORMAT, precedence)
