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
from itertools import pairwise
from typing import Any, Final, cast

import msgspec

from adapters.base import Context, Loss, Rejected, Translation, bounded, source
from adapters.branches import Branch
from adapters.cap import info, tables
from adapters.cap.head import QUOTED, Head
from adapters.cap.head import read as read_head
from adapters.documents import Reader
from adapters.outlines import MAX_CORNERS
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.envelope import LangText, Reference, Source, Status, UnitRef, Unmapped, Warning
from schemas.notices import Cancellation, HazardNotice
from schemas.registry import pack
from schemas.reports import TextMessage

_LONGEST: Final = MAX_CORNERS * 32  # characters of one polygon
_CUT: Final = 1_000  # characters of an unmapped value that travel with a message
_MAX_ALERTS: Final = 500
_END: Final = re.compile(rb"</(?:[\w.-]{1,40}:)?alert\s{0,40}>")
_OWN: Final = frozenset(tables.NAMESPACES)
_WITHDRAWN: Final = Cancellation()
ALERTS: Final = Reader(_OWN, _LONGEST)
_WHY: Final = {
    "/ds:": "a signature holds for the bytes as received, and is not checked here",
    "/derefUri": "content inside of an alert is never opened",
}


def read(data: bytes, context: Context) -> Translation:
    """Translate one alert, or several that follow each other.

    Raises:
        Rejected: one of them is no alert, or cannot be read.
    """
    several = data.count(b"<alert") + data.count(b":alert") > 1  # nearly always there is one
    ends = [m.end() for m in _END.finditer(data)] if several else []
    if len(ends) < 2:
        return _read(data, context, source(data, "cap", context))
    data = bounded(data)
    if len(ends) > _MAX_ALERTS:
        raise Rejected("input", f"it has {len(ends)} alerts", f"send at most {_MAX_ALERTS} at once")
    ends[-1] = len(data)
    found: list[Translation] = []
    for n, (start, end) in enumerate(pairwise([0, *ends]), 1):
        origin = source(data, "cap", context, locator=f"alert {n}")
        try:
            found.append(_read(data[start:end].lstrip(), context, origin))
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


def _read(data: bytes, context: Context, origin: Source) -> Translation:
    """Translate one alert.

    Raises:
        Rejected: it is no alert, or a part that must be there is missing or cannot be read.
    """
    root, namespace, leaves, counts = ALERTS.read(data)
    if root != "alert" or namespace not in _OWN:
        hint = f"send an <alert> of the namespace {tables.NAMESPACE}, or name the format that it is in"
        raise Rejected(root[:200], "it is no CAP alert", hint)
    warnings: list[Warning] = []
    head = read_head(Branch(root, leaves, counts), context, warnings)
    made = _FAMILY[head.message_type](head, warnings)
    _expired(made[0]["message"], context, warnings)
    made[0] |= {"texts": (*made[0].get("texts", ()), *_note(head))}
    unmapped = _unmapped(leaves)
    made[0] |= {"unmapped": unmapped, "warnings": tuple(warnings)}
    version = tables.NAMESPACES[namespace]
    if context.received_at and head.sent.utc is not None:
        offset = (context.received_at - head.sent.utc) / 1e6
        origin = msgspec.structs.replace(origin, dialect=version, clock_offset_s=offset)
    else:
        origin = msgspec.structs.replace(origin, dialect=version)
    made[0]["unit"] = UnitRef(id=head.sender, name=made[0].pop("sender_name", ""), scheme="text")
    common = _common(head, context)
    messages = tuple([pack(**{**common, "source": _part(origin, n), **fields}) for n, fields in enumerate(made)])
    return Translation(messages=messages, losses=unmapped, warnings=tuple(warnings), dialect=version)


def _part(origin: Source, n: int) -> Source:
    """Return where the n-th message of an alert came from."""
    if not n:
        return origin
    return msgspec.structs.replace(origin, locator=", ".join(filter(None, (origin.locator, f"message {n + 1}"))))


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
    for quoted, word in QUOTED.findall(head.alert.peek("incidents")):
        if 0 < len(quoted or word) <= 200:
            yield Reference(id=quoted or word, note="incident")
    if all(len(a or b) <= 200 for a, b in QUOTED.findall(head.alert.peek("incidents"))):
        head.alert.text("incidents")


def _note(head: Head) -> tuple[LangText, ...]:
    """Return the note, if no field of the first message holds it."""
    alone = head.message_type in ("Alert", "Update") and not head.alert.each("info")
    if not head.note or alone or head.message_type in ("Ack", "Error"):
        return ()
    return (LangText(text=head.note, role="remarks"),)


def _unmapped(leaves: dict[str, str]) -> tuple[Unmapped, ...]:
    return tuple([
        _odd(path, value) if len(value) > _CUT or "/ds:" in path or "/derefUri" in path
        else Unmapped(path=path, value=value)
        for path, value in leaves.items()
    ])  # fmt: skip


def _odd(path: str, value: str) -> Unmapped:
    """Return a leaf that does not travel whole, or does not go out again."""
    why = next((text for part, text in _WHY.items() if part in path), "")
    if len(value) > _CUT:
        why = f"{why or 'it is long'}; the first {_CUT} of {len(value)} characters, all stand in the input"
    return Unmapped(path=path, value=value[:_CUT], why=why)


# -- what it becomes --------------------------------------------------------------------------------------------------


def _alert(head: Head, warnings: list[Warning]) -> list[dict[str, Any]]:
    """Return an alert, and for an update the withdrawal of what it supersedes."""
    blocks = head.alert.each("info")
    if head.message_type == "Update" and not head.references:
        text = "an update that names no alert: nothing was replaced"
        warnings.append(Warning(code="no-references", path="alert/references", text=text))
    fields = _words(head, warnings) if not blocks or head.system else info.read(blocks, head.sent, warnings, head.zone)
    others = [r for r in head.references if r.id != head.identity.id]
    first = {"status": _status(head), "references": (*head.references, *_incidents(head)), **fields}
    replaced = others if head.message_type == "Update" else []
    kind = fields["message"].KIND
    return [first, *(_cancellation(head, r, kind if kind != "message" else "hazard") for r in replaced)]


def _status(head: Head) -> Status:
    return "update" if head.identity.revision > 1 else "new"


def _words(head: Head, warnings: list[Warning]) -> dict[str, Any]:
    """Return an alert that says of no event what it is."""
    text = "\n".join(b.peek("headline") or b.peek("event") for b in head.alert.each("info")).strip()
    for block in head.alert.each("info"):
        block.text("headline" if block.peek("headline") else "event")
    text = text or ("" if head.alert.each("info") else head.note)
    if not text and not head.note:
        warnings.append(Warning(code="empty", path="alert/info", text="the alert says nothing"))
    return {"message": TextMessage(text=text, at=head.sent)}


def _cancel(head: Head, warnings: list[Warning]) -> list[dict[str, Any]]:
    """Return the withdrawal of each alert that is named; what it says of why stands with the first."""
    _must_name(head)
    blocks = head.alert.each("info")
    kind = head.codes.get(tables.WITHDRAWN_CODE) or (info.kind(blocks) if blocks else "hazard")
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
