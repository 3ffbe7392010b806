"""Writing C2SIM as its first edition has it: one order with its tasks, or one report, acknowledgement or request.

An id that is no UUID is written as it is: what answers it then names it, though a strict receiver may refuse it.
What was read and has no field is put back to its place. Credentials never leave, not even in an unedited document.
Source: SISO-STD-019-2020, SISO-STD-020-2020; reference formats.md §1.2, §3.2, §8.1, §8.5.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received
from adapters.branches import Order, Tree
from adapters.c2sim import tables, tree
from adapters.c2sim.contents import answer, contents, header, said, task
from adapters.c2sim.frame import HASH
from adapters.compare import not_carried
from adapters.documents import Leaves
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.envelope import Envelope
from schemas.liaison import LiaisonRequest, LiaisonResponse
from schemas.registry import body as body_of

Decode = Callable[[bytes, Context], Translation]

_NAMESPACE: Final = "http://www.sisostds.org/schemas/C2SIM/1.1"
_DOMAIN: Final = "MessageBody/DomainMessageBody/"
_HEADER: Final = "C2SIMHeader/"
_BODIES: Final = {
    "directive": "OrderBody", "position": "ReportBody", "observation": "ReportBody",
    "acknowledgement": "AcknowledgementBody", "liaison-response": "AcknowledgementBody",
    "liaison-request": "RequestBody",
}  # fmt: skip
_STEP: Final = re.compile(r"@?[A-Za-z_][A-Za-z0-9_.-]{0,60}(?:\[[2-9]\])?")
_MOST_STEPS: Final = 8  # of a leaf that is put back, below its message
_MOST_BACK: Final = 1_000  # leaves of one message that are put back
_ORDER: Final[Order] = {  # as the schema of the standard has it
    "C2SIMHeader": (
        "CommunicativeActTypeCode", "ConversationID", "FromSendingSystem", "InReplyToMessageID", "MessageID",
        "Protocol", "ProtocolVersion", "ReplyToSystem", "SecurityClassificationCode", "SendingTime",
        "ToReceivingSystem",
    ),
    "OrderBody": (
        "FromSender", "ToReceiver", "Entity", "IssuedTime", "OrderID", "RequestingEntity", "Task", "TaskReference",
    ),
    "ReportBody": ("FromSender", "ToReceiver", "ReportContent", "ReportID", "ReportingEntity"),
    "RequestBody": ("FromSender", "ToReceiver", "RequestContent", "RequestingEntity"),
    "AcknowledgementBody": ("FromSender", "ToReceiver", "AcknowledgeTypeCode"),
    "ManeuverWarfareTask": (
        "ActionTemporalRelationship", "Location", "MapGraphicID", "Name", "UUID", "AffectedEntity",
        "DesiredEffectCode", "Duration", "EndTime", "PerformingEntity", "StartTime", "TaskActionCode",
        "RuleOfEngagement", "TaskFunctionalRelation",
    ),
    "PositionReportContent": (
        "TimeOfObservation", "Duration", "EntityHealthStatus", "Location", "SubjectEntity",
    ),
    "GeodeticCoordinate": ("AltitudeAGL", "AltitudeMSL", "Latitude", "Longitude"),
    "RelativeTime": ("DelayTimeAmount", "EventReference", "TimeReferenceCode"),
    "ActionTemporalRelationship": (
        "ActionTemporalAssociationCode", "Duration", "TemporalAssociationWithAction",
    ),
}  # fmt: skip


def write(messages: Sequence[Envelope], originals: Mapping[str, bytes], decode: Decode) -> Encoded:
    """Return one document with these messages.

    Raises:
        Rejected: none of them has a place in one.
    """
    whole = as_received(messages, {key: d for key, d in originals.items() if _free(d)}, decode) if messages else None
    if whole is not None:
        return Encoded(data=whole)
    chosen: list[tuple[Envelope, Message]] = []
    losses: list[Loss] = []
    for message in messages:
        what = body_of(message) if message.kind in _BODIES and message.status != "cancel" else None
        if what is None or not _fits(message, what, chosen):
            why = "a document holds one order, report or answer: write it by itself" if what else "C2SIM has none"
            losses.append(Loss(path=message.key, value=message.kind, why=why))
        else:
            chosen.append((message, what))
    if not chosen:
        raise Rejected("messages", "none of them can be written in C2SIM", f"kinds that can: {', '.join(_BODIES)}")
    data, lost = _document(chosen, _MOST_BACK)
    if not _readable(data, decode):
        data, lost = _document(chosen, 0)
    return Encoded(data=data, losses=(*losses, *lost, *_missing([m for m, _ in chosen], data, decode)))


def _readable(data: bytes, decode: Decode) -> bool:
    """Say whether a document can be read: a leaf that was odd where it came from may be in the way here."""
    try:
        decode(data, Context())
    except Rejected:
        return False
    return True


def _free(data: bytes) -> bool:
    """Say whether a document may leave as it is: it holds no credentials."""
    try:
        return not tree.read(data).withheld
    except Rejected:
        return False


def _missing(messages: list[Envelope], data: bytes, decode: Decode) -> Iterator[Loss]:
    """Yield what reading again does not give back, but for the hash in ids, which is of what was written."""

    def read(again: bytes, context: Context) -> Translation:
        return Translation(messages=tuple(_unhashed(m) for m in decode(again, context).messages))

    keys = {_unhashed(m).key: m.key for m in messages}
    for loss in not_carried([_unhashed(m) for m in messages], data, read):
        key, colon, path = loss.path.partition(": ")
        yield Loss(path=f"{keys.get(key, key)}{colon}{path}", value=loss.value, why=loss.why)


def _unhashed(message: Envelope) -> Envelope:
    """Return a message with the ids of this format, its own and those in its body, without their hashes."""
    body = msgspec.Raw(HASH.sub("~", bytes(message.body).decode()).encode())
    return msgspec.structs.replace(message, id=HASH.sub("~", message.id), body=body)


def _fits(message: Envelope, what: Message, chosen: list[tuple[Envelope, Message]]) -> bool:
    """Say whether a message can stand in a document beside those that were chosen already."""
    if isinstance(what, LiaisonResponse) and what.decision not in tables.ANSWERED.values():
        return False
    name = _place(message, what)
    return not chosen or (name == _place(*chosen[0]) and name != "AcknowledgementBody")


def _place(message: Envelope, what: Message) -> str:
    if isinstance(what, Acknowledgement) and what.note in tables.TASK_STATUS:
        return "ReportBody"
    return _BODIES[message.kind]


def _document(chosen: list[tuple[Envelope, Message]], most: int) -> tuple[bytes, list[Loss]]:
    """Return the document, and what it leaves out; at most so many leaves of each message are put back."""
    name = _place(*chosen[0])
    at = _DOMAIN + name
    leaves: Leaves = {"@xmlns": _NAMESPACE}
    leaves |= {_HEADER + path: value for path, value in header(*chosen[0]).items()}
    leaves |= {f"{at}/{path}": value for path, value in said(*chosen[0], name).items()}
    lost: list[Loss] = []
    for number, (message, what) in enumerate(chosen, 1):
        place = _branch(name, what, at, number)
        leaves |= {place + path: value for path, value in _content(message, what).items()}
        for path, value, back in _unmapped(message, at, place.rstrip("/"), most):
            if back is None:
                why = "it came from another format" if not _own(message) else "it has no place here"
                lost.append(Loss(path=f"{message.key}: {path}", value=value, why=why))
            else:
                leaves = {p: v for p, v in leaves.items() if not p.startswith(back + "/")} if back in _BARE else leaves
                leaves[back] = value
    root = Tree()
    for path, value in leaves.items():
        if not root.put(path, value):
            lost.append(Loss(path=path, value=value, why="it has no place here"))
    return ('<?xml version="1.0" encoding="UTF-8"?>' + root.text("Message", _ORDER)).encode(), lost


_BARE: Final = frozenset({_HEADER + "SendingTime", _DOMAIN + "OrderBody/IssuedTime"})
"""Times that older dialects write without an element around them."""


def _branch(name: str, what: Message, at: str, number: int) -> str:
    """Return where a message stands, with a slash at the end."""
    n = f"[{number}]" if number > 1 else ""
    match name:
        case "OrderBody":
            return f"{at}/Task{n}/ManeuverWarfareTask/"
        case "ReportBody":
            return f"{at}/ReportContent{n}/{contents(what)}/"
        case "RequestBody":
            return f"{at}/RequestContent{n}/"
    return f"{at}/"


def _content(message: Envelope, what: Message) -> Leaves:
    if message.kind == "directive":
        return task(message, what)
    return (
        {"MIPRequestContent/MIPRequestCategoryCode": what.subject} if isinstance(what, LiaisonRequest) else answer(what)
    )


def _own(message: Envelope) -> bool:
    return message.source is not None and message.source.format == "c2sim"


def _unmapped(message: Envelope, at: str, branch: str, most: int) -> Iterator[tuple[str, str, str | None]]:
    """Yield each leaf that had no field: its path, its value, and where it belongs here, if anywhere."""
    origin = message.source.locator if message.source and _own(message) else ""
    for number, leaf in enumerate(message.unmapped):
        known = origin and number < most
        yield leaf.path, leaf.value, _back(leaf.path, origin, at, branch) if known else None


def _back(path: str, origin: str, at: str, branch: str) -> str | None:
    """Return where a leaf belongs: below its message, in the header, or at the head of the body."""
    name = at.rpartition("/")[2]
    if path.startswith(f"{origin}/"):
        place, tail = branch, path[len(origin) + 1 :]
    elif f"/{_HEADER}" in path:
        place, tail = _HEADER.rstrip("/"), path.partition(f"/{_HEADER}")[2]
    else:
        place, tail = at, f"/{path}".partition(f"/{name}/")[2]
    steps = tail.split("/")
    fits = len(steps) <= _MOST_STEPS and all(_STEP.fullmatch(step) for step in steps)
    return f"{place}/{tail}" if fits and not any(step.startswith("@") for step in steps[:-1]) else None
