"""The bus as one AsyncAPI 3.0 document: every subject, what travels there, who writes and who reads it.

The application that it describes is a participant: its operations are what a participant may do. What services write
for each other is listed too, without operations, because nobody else can reach it. Addresses come from
`schemas.subjects`, payloads from the structs.

Source: AsyncAPI 3.0.0; design §2 (table of subjects), §9 (accounts).
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, get_args

import msgspec

from schemas import registry, subjects
from schemas.acknowledgements import Receipt, Refusal
from schemas.alerts import Alert
from schemas.deliveries import Delivery, Heartbeat
from schemas.envelope import Envelope
from schemas.findings import Finding, FindingKind
from schemas.operations import Config, Inquiry, Presence, Seal, Tick, Whereabouts
from schemas.published import Schema, plain, rewritten
from schemas.reports import PositionReport

FREE: Final = "bytes"  # what travels is not ours to describe: a format's own bytes, a question, part of an answer
PARTICIPANT: Final = "participant"
SERVICES: Final = "services"

_EVERY: Final = tuple(sorted(registry.KINDS))
_SENT: Final = tuple(sorted(registry.PARTICIPANT_KINDS))
_KEPT: Final = tuple(kind for kind in _SENT if kind != PositionReport.KIND)  # positions are never fanned out
_SHOWN: Final = (*_KEPT, Alert.KIND, Finding.KIND, Inquiry.KIND, Receipt.KIND, Refusal.KIND)

_PARAMETERS: Final[dict[str, Schema]] = {
    "participant": {"description": "an id of the mission file"},
    "format": {"description": f'a format of the adapters; "{subjects.UNDECLARED}" if the sender does not know it'},
    "kind": {"description": "the kind of the message", "enum": list(_EVERY)},
    "finding-kind": {"description": "what clashes", "enum": sorted(get_args(FindingKind))},
    "unit": {"description": "opaque: 128 bits of the SHA-256 of the unit's id"},
    "service": {"description": "the service that answers"},
    "verb": {"description": "what is asked"},
    "id": {"description": "opaque: 128 bits of the SHA-256 of the id"},
    "precedence": {"description": "how urgent", "enum": list(subjects.PRECEDENCES)},
    "stream": {"description": "the stream that is sealed, in lower case"},
    "run": {"description": "the name of the replay"},
    "subject": {"description": "the subject as it was, with all its tokens"},
}
_HEADERS: Final[dict[str, str]] = {
    "Nats-Msg-Id": "sent twice, it counts once; all share one memory, so make it of Sent-Id and a secret of yours",
    "Sent-Id": "the id of the input, from its content: its answer stands on the board under it",
    "Channel": "how the bytes came: nats, file, or the name of a channel of the mission",
    "Bearer-Id": "the bearer's own name for them: a file name, a Message-ID",
    "Batch": "the sender's name for inputs that want one receipt",
    "On-Behalf-Of": "the participant that said it, if this one only typed it in",
    "Spoken-By": "then: the function of whoever said it by voice, percent-encoded UTF-8; no private name",
    "Logged-At": "microseconds UTC when a service wrote it",
    "Log-Seq": "the sequence in LOG that this shows",
}


class Channel(NamedTuple):
    """A family of subjects: what stands there, in which stream, and who writes and reads it."""

    address: str
    about: str
    carries: tuple[str, ...]  # kinds, or `FREE`
    writes: str
    reads: str
    stream: str = ""  # "" is not stored
    account: str = "COORD"


def _address(build: Callable[..., str], *names: str) -> str:
    """Return the address of a subject that is built from stand-ins, each of them a parameter."""
    known = {stand_in: f"{{{name}}}" for name in names for stand_in in (name, subjects.opaque(name))}
    return ".".join(known.get(token, token) for token in build(*names).split("."))


CHANNELS: Final[dict[str, Channel]] = {
    "raw": Channel(
        _address(subjects.raw, "participant", "format"),
        "bytes as received, in any format that an adapter reads",
        (FREE,), PARTICIPANT, "intake", "RAW",
    ),
    "native": Channel(
        _address(subjects.native, "participant", "kind"),
        "a message that is already in the common schema",
        _SENT, PARTICIPANT, "intake", "RAW",
    ),
    "track": Channel(
        _address(subjects.track, "participant", "unit"),
        "a live position feed: lossy, the latest wins",
        (FREE,), PARTICIPANT, SERVICES,
    ),
    "ask": Channel(
        _address(subjects.ask, "participant", "service", "verb"),
        "a request that a service answers, with labels applied; an answer may have several parts",
        (FREE,), PARTICIPANT, SERVICES,
    ),
    "record": Channel(
        _address(subjects.record, "kind", "participant"),
        "what was accepted, validated and labelled, and receipts",
        (*_KEPT, Receipt.KIND), "intake", SERVICES, "LOG",
    ),
    "refusal": Channel(
        _address(subjects.refusal, "participant"),
        "what was refused: where in it, why, and how to mend it",
        (Refusal.KIND,), "intake", SERVICES, "LOG",
    ),
    "finding": Channel(
        _address(subjects.finding, "finding-kind", "id"),
        "a conflict and each change of its state",
        (Finding.KIND,), "deconfliction", SERVICES, "LOG",
    ),
    "alert": Channel(
        _address(subjects.alert, "id"),
        "a card and each change of its state",
        (Alert.KIND,), "alerting", SERVICES, "LOG",
    ),
    "tick": Channel(
        _address(subjects.tick, "service"),
        "a timer of a service that fell due",
        (Tick.KIND,), SERVICES, SERVICES, "LOG",
    ),
    "config": Channel(
        subjects.CONFIG,
        "a new mission file or code version, in force from here on",
        (Config.KIND,), SERVICES, SERVICES, "LOG",
    ),
    "presence": Channel(
        _address(subjects.presence, "participant"),
        "contact lost and regained, how far deliveries were read, and what became of them on each channel",
        (Presence.KIND, Delivery.KIND), "presence, channels", SERVICES, "LOG",
    ),
    "inquiry": Channel(
        _address(subjects.inquiry, "participant"),
        "a blind question that the participant asked, or that met what it owns",
        (Inquiry.KIND,), "deconfliction", SERVICES, "LOG",
    ),
    "whereabouts": Channel(
        _address(subjects.whereabouts, "participant"),
        "where a unit was seen, against a place that somebody is to hold or relies on; one a change",
        (Whereabouts.KIND,), "tracks", SERVICES, "LOG",
    ),
    "position": Channel(
        _address(subjects.position, "participant"),
        "accepted positions",
        (PositionReport.KIND,), "intake", SERVICES, "TRACKS",
    ),
    "delivery": Channel(
        _address(subjects.delivery, "participant", "precedence", "kind"),
        "what concerns the participant, after labels and tear-lines",
        _SHOWN, "release", PARTICIPANT, "INBOX", PARTICIPANT,
    ),
    "board": Channel(
        _address(subjects.board, "participant", "kind", "id"),
        "what the participant may see, as it is now: one message a subject; answers to its inputs stand here too, and"
        " a heartbeat every few seconds: a reader that misses it is deaf, and silence means nothing",
        (*_SHOWN, Heartbeat.KIND), "release", PARTICIPANT, "BOARD", PARTICIPANT,
    ),
    "seal": Channel(
        _address(subjects.seal, "stream"),
        "the signed head of a stream's hash chain",
        (Seal.KIND,), "log", SERVICES, "SEALS",
    ),
    "replay": Channel(
        _address(subjects.replay, "run", "subject"),
        "the log as it was, in a sandbox of its own",
        _EVERY, "log", SERVICES,
    ),
}  # fmt: skip
"""The table of subjects of design §2, as data."""


def document(release: str) -> Schema:
    """Return the AsyncAPI document of the bus; ``release`` is the version of this software."""
    types = (Envelope, *(registry.KINDS[kind] for kind in _EVERY))
    (envelope, *bodies), defs = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    messages = {kind: _message(kind, envelope, body) for kind, body in zip(_EVERY, bodies, strict=True)}
    messages[FREE] = {"name": FREE, "summary": "a format's bytes, a question, part of an answer", "headers": _headers()}
    described = {
        "asyncapi": "3.0.0",
        "info": {"title": "Contingent coordinator", "version": release, "description": _line(__doc__)},
        "defaultContentType": "application/json",
        "channels": {name: _channel(channel) for name, channel in CHANNELS.items()},
        "operations": dict(_operations()),
        "components": {
            "messages": messages,
            "schemas": {name: rewritten(schema, _draft_07) for name, schema in defs.items()},
        },
    }
    return plain(described)


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _message(kind: str, envelope: Schema, body: Schema) -> Schema:
    said = {"properties": {"kind": {"const": kind}, "body": body}}
    about = _line(registry.KINDS[kind].__doc__)
    return {"name": kind, "summary": about, "headers": _headers(), "payload": {"allOf": [envelope, said]}}


def _headers() -> Schema:
    return {"type": "object", "properties": {k: {"type": "string", "description": v} for k, v in _HEADERS.items()}}


def _channel(channel: Channel) -> Schema:
    used = [token[1:-1] for token in channel.address.split(".") if token.startswith("{")]
    kinds = [kind for kind in channel.carries if kind != FREE]
    parameters = {name: dict(_PARAMETERS[name]) for name in used}
    if "kind" in parameters:
        parameters["kind"]["enum"] = kinds
    stored = {"x-stream": channel.stream, "x-account": channel.account} if channel.stream else {}
    return {
        "address": channel.address,
        "description": channel.about,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in channel.carries},
        "parameters": parameters,
        "x-written-by": channel.writes,
        "x-read-by": channel.reads,
        **stored,
    }


def _operations() -> Iterable[tuple[str, Schema]]:
    for name, channel in CHANNELS.items():
        here: dict[str, Any] = {"channel": {"$ref": f"#/channels/{name}"}, "summary": channel.about}
        if channel.writes == PARTICIPANT:
            replied = {"reply": _reply(name)} if name == "ask" else {}
            yield f"send-{name}", {"action": "send", **here, **replied}
        if channel.reads == PARTICIPANT:
            yield f"receive-{name}", {"action": "receive", **here}


def _reply(name: str) -> Schema:
    where = {"description": "the reply subject of the request", "location": "$message.header#/reply"}
    return {"address": where, "messages": [{"$ref": f"#/channels/{name}/messages/{FREE}"}]}


def _draft_07(schema: Schema) -> Schema:
    """Return a schema in the words of draft 07, on which AsyncAPI builds: tuples are spelled otherwise there."""
    plain = {key: value for key, value in schema.items() if key not in ("discriminator", "prefixItems")}
    if "prefixItems" in schema:
        plain |= {"items": schema["prefixItems"], "additionalItems": False}
    return plain
