"""An alert as messages: what it is about, what it replaces or withdraws, or what it acknowledges.

| msgType | becomes |
|---|---|
| Alert, Update | a hazard or an incident (`info.kind`); words, if it has no info or is between systems |
| Update | besides, a cancellation of each alert that it names: it supersedes them |
| Cancel | a cancellation of each alert that it names |
| Ack, Error | an acknowledgement of each alert that it names: received, or cannot-comply |

Source: OASIS CAP 1.2 §3.2.1; reference formats.md §6.1.
"""

import re
from collections.abc import Iterator
from itertools import pairwise, repeat
from typing import Any, Final, cast

import msgspec

from adapters.base import Context, Loss, Rejected, Translation, bounded, source
from adapters.branches import Branch
from adapters.cap import info, parameters, tables
from adapters.cap.head import QUOTED, Head
from adapters.cap.head import read as read_head
from adapters.documents import Document, Reader
from adapters.outlines import MAX_CORNERS
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.envelope import Envelope, LangText, Reference, Source, Status, UnitRef, Unmapped, Warning
from schemas.notices import Cancellation, HazardNotice
from schemas.registry import pack
from schemas.reports import TextMessage

_LONGEST: Final = MAX_CORNERS * 32  # characters of one polygon
_CUT: Final = 1_000  # characters of an unmapped value that travel with a message
_MAX_ALERTS: Final = 500
_END: Final = re.compile(rb"</(?:[\w.-]{1,40}:)?alert\s{0,40}>")
_OWN: Final = frozenset(tables.NAMESPACES)
_WITHDRAWN: Final = Cancellation()
_WHY: Final = {
    "/ds:": "a signature holds for the bytes as received, and is not checked here",
    "/derefUri": "content inside of an alert is never opened",
}
ALERTS: Final = Reader(_OWN, _LONGEST, _WHY)


def read(data: bytes, context: Context) -> Translation:
    """Translate one alert, or several that follow each other.

    Raises:
        Rejected: one of them is no alert, or cannot be read.
    """
    try:
        document = ALERTS.read(data)
    except Rejected:
        ends = [m.end() for m in _END.finditer(data)]
        if len(ends) < 2:
            raise
    else:
        return _read(document, data, context)
    data = bounded(data)
    if len(ends) > _MAX_ALERTS:
        raise Rejected("input", f"it has {len(ends)} alerts", f"send at most {_MAX_ALERTS} at once")
    ends[-1] = len(data)
    found: list[Translation] = []
    for n, (start, end) in enumerate(pairwise([0, *ends]), 1):
        try:
            found.append(_read(ALERTS.read(data[start:end].lstrip()), data, context, f"alert {n}"))
        except Rejected as error:
            raise Rejected(f"alert {n}: {error.path}", error.why, error.hint) from None
    losses = (
        Loss(path=f"alert {n}: {loss.path}", value=loss.value, why=loss.why)
        for n, t in enumerate(found, 1)
        for loss in t.losses
    )
    return Translation(
        messages=tuple([m for t in found for m in t.messages]), losses=tuple(losses), dialect=found[0].dialect,
        warnings=tuple([w for t in found for w in t.warnings]),
    )  # fmt: skip


def _read(document: Document, data: bytes, context: Context, locator: str = "") -> Translation:
    """Translate one alert, which stands in these bytes at this place.

    Raises:
        Rejected: it is no alert, or a part that must be there is missing or cannot be read.
    """
    root, namespace, leaves, below, whys = document
    if root != "alert" or namespace not in _OWN:
        hint = f"send an <alert> of the namespace {tables.NAMESPACE}, or name the format that it is in"
        raise Rejected(root[:200], "it is no CAP alert", hint)
    warnings: list[Warning] = []
    head = read_head(Branch(root, leaves, below), context, warnings)
    made = _FAMILY[head.message_type](head, warnings)
    _expired(made[0]["message"], context, warnings)
    first = made[0]
    if note := _note(head):
        first["texts"] = (*first.get("texts", ()), *note)
    first["unmapped"] = unmapped = _unmapped(leaves, whys)
    first["warnings"] = tuple(warnings)
    first["unit"] = UnitRef(id=head.sender, name=first.pop("sender_name", ""), scheme="text")
    version = tables.NAMESPACES[namespace]
    at = head.sent.utc if context.received_at else None
    offset = None if at is None else (context.received_at - at) / 1e6
    origin = source(data, "cap", context, locator=locator, dialect=version, clock_offset_s=offset)
    messages = _packed(made, _common(head, context), origin)
    return Translation(messages=messages, losses=unmapped, warnings=first["warnings"], dialect=version)


def _packed(made: list[dict[str, Any]], common: dict[str, Any], origin: Source) -> tuple[Envelope, ...]:
    """Return the messages of an alert; those that say the same of several others differ in a few fields."""
    found = [pack(**(common | made[0]), source=origin)]
    said: Message | None = None
    for n, fields in enumerate(made[1:], 2):
        place = f"{origin.locator}, message {n}" if origin.locator else f"message {n}"
        where = msgspec.structs.replace(origin, locator=place)
        body = fields.pop("message")
        if body is said:
            found.append(msgspec.structs.replace(found[-1], source=where, **fields))
        else:
            found.append(pack(body, **(common | fields), source=where))
            said = body
    return tuple(found)


def _common(head: Head, context: Context) -> dict[str, Any]:
    """Return what all messages of an alert say, as long as they say nothing else."""
    return {
        "id": head.identity.id, "revision": head.identity.revision, "originator": context.participant,
        "reality": head.reality, "created": head.sent, "label": head.label, "received_at": context.received_at or None,
        "unit": UnitRef(id=head.sender, scheme="text"), "precedence": head.codes.get(tables.PRECEDENCE_CODE),
    }  # fmt: skip


def _expired(body: Message, context: Context, warnings: list[Warning]) -> None:
    ends = [w.end_latest for w in body.windows] if isinstance(body, HazardNotice) else []
    if ends and all(end is not None and end < context.received_at for end in ends):
        text = "it had expired when it was received"
        warnings.append(Warning(code="expired", path="alert/info/expires", text=text))


def _incidents(head: Head) -> Iterator[Reference]:
    if "incidents" not in head.alert.names:
        return
    names = [quoted or word for quoted, word in QUOTED.findall(head.alert.peek("incidents"))]
    yield from (Reference(id=name, note="incident") for name in names if 0 < len(name) <= 200)
    if all(len(name) <= 200 for name in names):
        head.alert.text("incidents")


def _note(head: Head) -> tuple[LangText, ...]:
    """Return the note, if no field of the first message holds it."""
    alone = head.message_type in ("Alert", "Update") and not head.blocks
    if not head.note or alone or head.message_type in ("Ack", "Error"):
        return ()
    return (LangText(text=head.note, role="remarks"),)


def _unmapped(leaves: dict[str, str], whys: dict[str, str]) -> tuple[Unmapped, ...]:
    reasons = map(whys.get, leaves, repeat("")) if whys else repeat("")
    found = tuple(map(Unmapped, leaves, leaves.values(), reasons))
    if max(map(len, leaves.values()), default=0) <= _CUT:
        return found
    return tuple([_cut(leaf) if len(leaf.value) > _CUT else leaf for leaf in found])


def _cut(leaf: Unmapped) -> Unmapped:
    """Return a leaf that does not travel whole."""
    why = f"{leaf.why or 'it is long'}; the first {_CUT} of {len(leaf.value)} characters, all stand in the input"
    return Unmapped(leaf.path, leaf.value[:_CUT], why)


# -- what it becomes --------------------------------------------------------------------------------------------------


def _alert(head: Head, warnings: list[Warning]) -> list[dict[str, Any]]:
    """Return an alert, and for an update the withdrawal of what it supersedes."""
    blocks = head.blocks
    if head.message_type == "Update" and not head.references:
        text = "an update that names no alert: nothing was replaced"
        warnings.append(Warning(code="no-references", path="alert/references", text=text))
    fields = _words(head, warnings) if not blocks or head.system else info.read(blocks, head.sent, warnings, head.zone)
    first = {"status": _status(head), "references": (*head.references, *_incidents(head)), **fields}
    if head.message_type == "Alert":
        return [first]
    kind = fields["message"].KIND
    others = [r for r in head.references if r.id != head.identity.id]
    return [first, *(_cancellation(head, r, kind if kind != "message" else "hazard") for r in others)]


def _status(head: Head) -> Status:
    return "update" if head.identity.revision > 1 else "new"


def _words(head: Head, warnings: list[Warning]) -> dict[str, Any]:
    """Return an alert that says of no event what it is."""
    text = "\n".join(b.peek("headline") or b.peek("event") for b in head.blocks).strip()
    for block in head.blocks:
        block.text("headline" if block.peek("headline") else "event")
    text = text or ("" if head.blocks else head.note)
    if not text and not head.note:
        warnings.append(Warning(code="empty", path="alert/info", text="the alert says nothing"))
    return {"message": TextMessage(text=text, at=head.sent)}


def _cancel(head: Head, warnings: list[Warning]) -> list[dict[str, Any]]:
    """Return the withdrawal of each alert that is named; what it says of why stands with the first."""
    _must_name(head)
    blocks = head.blocks
    inferred = info.kind(blocks, parameters.listed(blocks[0])) if blocks else "hazard"
    kind = head.codes.get(tables.WITHDRAWN_CODE) or inferred
    withdrawn = [_cancellation(head, r, kind) for r in head.references]
    head.alert.put_back("identifier", head.identifier)  # of the withdrawal, which has no message of its own
    withdrawn[0] |= info.texts(blocks) | {"references": (*_incidents(head),)}
    return withdrawn


def _cancellation(head: Head, of: Reference, kind: str) -> dict[str, Any]:
    """Return a withdrawal, in equal words whoever says it, so that two of one alert are no contradiction."""
    revision = head.identity.revision if of.id == head.identity.id else of.revision + 1
    return {"message": _WITHDRAWN, "kind": kind, "status": "cancel", "id": of.id, "revision": revision}


def _acknowledgement(head: Head, warnings: list[Warning]) -> list[dict[str, Any]]:
    """Return an acknowledgement of each alert that is named. An Error refuses it."""
    _must_name(head)
    refused = head.message_type == "Error"
    step = "cannot-comply" if refused else head.codes.get(tables.STEP_CODE, "received")
    code = head.codes.get(tables.REPLY_CODE, "OTHER") if refused else ""
    made: list[dict[str, Any]] = []
    for n, of in enumerate(head.references):
        body = Acknowledgement(of=of, step=cast(Any, step), code=code, note=head.note, at=head.sent)
        made.append({"message": body, "id": head.identity.id + (f"#{n + 1}" if n else ""), "status": _status(head)})
    return made


def _must_name(head: Head) -> None:
    if not head.references:
        why = f"{head.message_type} names no alert"
        hint = "write sender,identifier,sent of each alert that is meant, with blanks between them"
        raise Rejected("alert/references", why, hint)


_FAMILY: Final = {
    "Alert": _alert, "Update": _alert, "Cancel": _cancel, "Ack": _acknowledgement, "Error": _acknowledgement,
}  # fmt: skip
