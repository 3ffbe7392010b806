"""Which kind is which Struct, and how an old version becomes the current one.

Readers know current versions only; what is older passes through pure upcasters first. A kind that nobody registered is
data that a newer release may know: it can be stored and forwarded, never read here.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from schemas import acknowledgements, alerts, deliveries, directives, findings, liaison, notices, operations, reports
from schemas.base import Message
from schemas.envelope import Envelope

FROM_PARTICIPANTS: Final[tuple[type[Message], ...]] = (
    reports.SituationReport,
    reports.IncidentReport,
    reports.MedevacRequest,
    reports.LogisticsStatus,
    notices.HazardNotice,
    notices.MovementNotice,
    notices.ProtectedSite,
    notices.RouteState,
    reports.Observation,
    reports.TextMessage,
    reports.PositionReport,
    directives.Directive,
    directives.Caveat,
    directives.Agreement,
    liaison.LiaisonRequest,
    liaison.LiaisonResponse,
    acknowledgements.Acknowledgement,
    acknowledgements.Action,
)
FROM_SERVICES: Final[tuple[type[Message], ...]] = (
    acknowledgements.Receipt,
    acknowledgements.Refusal,
    findings.Finding,
    alerts.Alert,
    operations.Presence,
    deliveries.Delivery,
    deliveries.Heartbeat,
    operations.Whereabouts,
    operations.Inquiry,
    operations.Tick,
    operations.Config,
    operations.Seal,
)
KINDS: Final[dict[str, type[Message]]] = {t.KIND: t for t in (*FROM_PARTICIPANTS, *FROM_SERVICES)}
PARTICIPANT_KINDS: Final = frozenset(t.KIND for t in FROM_PARTICIPANTS)

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: Final[dict[tuple[str, int], Upcaster]] = {}
"""``(kind, version) -> body of the next version``. Empty until a kind breaks; old entries are never removed."""

_envelope: Final = msgspec.json.Decoder(Envelope)
_bodies: Final[dict[str, msgspec.json.Decoder[Any]]] = {k: msgspec.json.Decoder(t) for k, t in KINDS.items()}
_cancellation: Final = msgspec.json.Decoder(notices.Cancellation)
_encoder: Final = msgspec.json.Encoder()


class UnknownKind(ValueError):
    """Raised when a body is asked for whose kind, or newer version, is not registered here."""

    def __init__(self, kind: str, version: int) -> None:
        super().__init__(f'kind "{kind}" version {version} is not registered here; known: {", ".join(sorted(KINDS))}')
        self.kind = kind
        self.version = version


def encode(value: object) -> bytes:
    """Return any struct as JSON, the only codec of the wire."""
    return _encoder.encode(value)


def envelope(data: bytes) -> Envelope:
    """Decode an envelope; its body stays raw.

    Raises:
        msgspec.ValidationError, msgspec.DecodeError: the bytes are no envelope; the text names the path.
    """
    return _envelope.decode(data)


def body(of: Envelope) -> Message:
    """Decode the body of an envelope as the current version of its kind.

    Raises:
        UnknownKind: the kind is not registered, or its version is newer than this release.
        msgspec.ValidationError: the body is not one of that kind.
    """
    if of.status == "cancel":
        return _cancellation.decode(of.body)
    decoder = _bodies.get(of.kind)
    if decoder is None or of.version > KINDS[of.kind].VERSION:
        raise UnknownKind(of.kind, of.version)
    current: Message = decoder.decode(_upcast(of) if of.version < KINDS[of.kind].VERSION else of.body)
    return current


def _upcast(of: Envelope) -> bytes:
    value = msgspec.json.decode(of.body)
    for version in range(of.version, KINDS[of.kind].VERSION):
        value = UPCASTERS[of.kind, version](value)
    return _encoder.encode(value)


def pack(
    message: Message, *, id: str, originator: str, revision: int = 1, kind: str = "", content: bytes = b"",
    **fields: Any,
) -> Envelope:  # fmt: skip
    """Return the envelope around a message, encoded already or not; ``fields`` are further fields of `Envelope`."""
    return Envelope(
        id=id,
        kind=kind or message.KIND,
        originator=originator,
        revision=revision,
        version=message.VERSION,
        body=msgspec.Raw(content or _encoder.encode(message)),
        **fields,
    )
