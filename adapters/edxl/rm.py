"""EDXL-RM: asking for resources or information, and answering per item.

Requests become liaison requests; replies become one liaison response a decision, which names the items that it is
about; other steps (offer, release, status reports) are kept as words. A recall withdraws the message that it names.
Source: OASIS EDXL-RM 1.0 with errata (22 December 2009); reference formats.md §6.4.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal, cast

from adapters import words
from adapters.base import Rejected, Translation
from adapters.branches import Branch, Tree
from adapters.edxl.parts import Document, Made, each, instant, needed, sent, translation, within, word
from adapters.times import stamped
from schemas.envelope import Contact, Envelope, Reference, Source, Warning
from schemas.liaison import Item, LiaisonRequest, LiaisonResponse
from schemas.notices import Cancellation
from schemas.reports import TextMessage
from schemas.time import TimeValue

SPACE: Final = "urn:oasis:names:tc:emergency:EDXL:RM:1.0"
REQUESTS: Final[dict[str, Literal["resource", "information"]]] = {
    "RequestResource": "resource", "RequisitionResource": "resource", "RequestReturn": "resource",
    "RequestQuote": "resource", "RequestExtendedDeploymentDuration": "resource",
    "RequestInformation": "information", "RequestResourceDeploymentStatus": "information",
}  # fmt: skip
RESPONSES: Final = (
    "ResponseToRequestResource", "ResponseToRequestInformation", "ResponseToRequestReturn", "ResponseToRequestQuote",
    "ResponseToRequestExtendedDeploymentDuration", "CommitResource",
)  # fmt: skip
OTHERS: Final = ("OfferUnsolicitedResource", "ReleaseResource", "ReportResourceDeploymentStatus")
TYPES: Final = (*REQUESTS, *RESPONSES, *OTHERS)

_DECISIONS: Final[dict[str, Literal["accept", "decline", "provisional"]]] = {
    "accept": "accept", "decline": "decline", "provisional": "provisional", "conditional": "provisional",
}  # fmt: skip
_WRITTEN: Final = {"accept": "Accept", "decline": "Decline", "provisional": "Provisional", "clarify": "Provisional"}
_INFORMATION: Final = frozenset({"information", "passage", "access", "deconfliction", "meeting"})
_ORDER: Final = {
    **dict.fromkeys(TYPES, (
        "MessageID", "SentDateTime", "MessageContentType", "MessageDescription", "OriginatingMessageID",
        "PrecedingMessageID", "IncidentInformation", "MessageRecall", "Funding", "ContactInformation",
        "ResourceInformation",
    )),
    "ResourceInformation": (
        "ResourceInfoElementID", "ResponseInformation", "Resource", "AssignmentInformation", "ScheduleInformation",
    ),
}  # fmt: skip


def read(of: Document, origin: Source) -> Translation:
    """Translate one message.

    Raises:
        Rejected: it has no id or time, or a reply does not say what it decides.
    """
    root = of.root
    name = root.path
    identity = needed(root, "MessageID")
    if len(identity) > 190 or not identity.isprintable():
        raise Rejected(f"{name}/MessageID", f'"{identity[:40]}" is no id', "use at most 190 printable characters")
    created = sent(needed(root, "SentDateTime"), f"{name}/SentDateTime", of)
    said = word(root, "MessageContentType")
    if said and said != name:
        text = f'it says "{said[:60]}" and is a {name}: the element counts'
        of.warnings.append(Warning(code="content-type", path=f"{name}/MessageContentType", text=text))
        root.put_back("MessageContentType", said)
    recalled = list(_recalled(name, of))
    if any(how == "Cancel" for how, _ in recalled):
        made = [m for _, m in recalled]
        made[0].fields.update(_chained(identity, of))
        made[0].fields["summary"] = word(root, "MessageDescription")
        made[0].fields["references"] += (Reference(id=identity, note="recall"),)
    else:
        made = [*_made(name, identity, of), *(m for _, m in recalled)]
    return translation(of, made, created, origin, "RM 1.0")


def _recalled(name: str, of: Document) -> Iterator[tuple[str, Made]]:
    """Yield the withdrawal of each message that is recalled, and whether this one takes its place."""
    for recall in of.root.each("MessageRecall"):
        recalled, how = word(recall, "RecalledMessageID"), word(recall, "RecallType")
        if not 0 < len(recalled) <= 190:
            why = "it does not name the message that is recalled"
            raise Rejected(f"{recall.path}/RecalledMessageID", why, "write the id of that message")
        if how not in ("Cancel", "Update"):
            recall.put_back("RecallType", how)
            text = f'"{how[:40]}" is neither Cancel nor Update: the message takes the place of the recalled one'
            of.warnings.append(Warning(code="unknown-word", path=f"{recall.path}/RecallType", text=text))
        kind = "liaison-response" if name in RESPONSES else "liaison-request"
        yield how, Made(Cancellation(), recalled, {"kind": kind, "status": "cancel", "revision": 2})


def _chained(identity: str, of: Document) -> dict[str, Any]:
    """Take which messages this one follows, and the incidents that it is about."""
    before, first = word(of.root, "PrecedingMessageID"), word(of.root, "OriginatingMessageID")
    incidents = (word(b, "IncidentID") for b in of.root.each("IncidentInformation"))
    references = [Reference(id=i[:200], note="incident") for i in incidents if i]
    if not before and first != identity:
        before = first
    if first and first not in (identity, before):
        references.append(Reference(id=first[:200], note="originating"))
    reply = {"in_reply_to": Reference(id=before[:200])} if before and before != identity else {}
    return {"references": tuple(references), **reply}


def _made(name: str, identity: str, of: Document) -> list[Made]:
    description = word(of.root, "MessageDescription")
    fields = _chained(identity, of)
    before = fields["in_reply_to"].id if "in_reply_to" in fields else ""
    if name in REQUESTS:
        return [Made(_request(name, description, of), identity, fields)]
    if name in RESPONSES:
        return _responses(name, identity, before, description, of, fields)
    return [Made(TextMessage(text=f"{name}: {description}".strip(": ")), identity, fields)]


# -- requests ---------------------------------------------------------------------------------------------------------


def _request(name: str, description: str, of: Document) -> LiaisonRequest:
    blocks = of.root.each("ResourceInformation")
    if any(b.each("ResponseInformation") for b in blocks):
        text = "a request carries no answers: it is kept, and not acted on"
        of.warnings.append(Warning(code="unexpected", path=f"{blocks[0].path}/ResponseInformation", text=text))
    items = tuple([_item(b) for b in blocks])
    assignments = [a for b in blocks for a in b.each("AssignmentInformation")]
    purpose = next((said for a in assignments if (said := word(a, "AnticipatedFunction"))), "")
    subject = description or ", ".join(i.name for i in items if i.name) or name
    return LiaisonRequest(
        request_kind=REQUESTS[name], subject=subject, purpose=purpose, need_by=_need_by(blocks, of), items=items,
        contact=_contact(of.root),
    )  # fmt: skip


def _item(block: Branch) -> Item:
    ref = word(block, "ResourceInfoElementID")
    name = next((n for r in block.each("Resource") if (n := word(r, "Name"))), "")
    quantity, unit, restrictions = None, "", ""
    for assignment in block.each("AssignmentInformation")[:1]:
        restrictions = word(assignment, "Restrictions")
        for measured in within(assignment, "Quantity", "MeasuredQuantity"):
            raw = word(measured, "Amount")
            quantity = words.number(raw)
            if quantity is None and raw:
                measured.put_back("Amount", raw)
            unit = word(measured, "UnitOfMeasure")
            break
    return Item(ref=ref, name=name, quantity=quantity, unit=unit, restrictions=restrictions)


def _need_by(blocks: list[Branch], of: Document) -> TimeValue | None:
    """Take when the first item that says so is wanted."""
    for schedule in (s for b in blocks for s in b.each("ScheduleInformation")):
        if schedule.peek("ScheduleType") in ("RequestedArrival", "EstimatedArrival"):
            word(schedule, "ScheduleType")
            return instant(word(schedule, "DateTime"), f"{schedule.path}/DateTime", of)
    return None


def _contact(root: Branch) -> Contact | None:
    """Take the function that can be reached; the names of persons stay where they are."""
    for block in root.each("ContactInformation")[:1]:
        radio = next((c for r in block.each("Radio") if (c := word(r, "RadioChannel"))), "")
        role = word(block, "ContactDescription")
        return Contact(role=role, radio=radio) if role or radio else None
    return None


# -- responses --------------------------------------------------------------------------------------------------------


def _responses(
    name: str, identity: str, before: str, description: str, of: Document, fields: dict[str, Any]
) -> list[Made]:  # fmt: skip
    """Return one response a decision, in the order in which the decisions come."""
    if not before:
        raise Rejected(f"{name}/PrecedingMessageID", "it is missing", "a reply names the message that it answers")
    decided: dict[str, list[tuple[Item, str, str]]] = {}
    for block in of.root.each("ResourceInformation"):
        decision, ref, reason = _decision(block, name)
        item = _item(block)
        if ref and not item.name and item.quantity is None and item.ref:
            block.put_back("ResourceInfoElementID", item.ref)  # the answer is about that of the request
        decided.setdefault(decision, []).append((item, ref or item.ref, reason))
    if not decided:
        raise Rejected(f"{name}/ResourceInformation", "it is missing", "a reply says for each item what it decides")
    made: list[Made] = []
    for n, (decision, parts) in enumerate(decided.items(), 1):
        body = LiaisonResponse(
            request=Reference(id=before[:200]), decision=cast(Any, decision), items=tuple(ref for _, ref, _ in parts),
            reason="; ".join(dict.fromkeys(r for _, _, r in parts if r)),
            offered=tuple(item for item, _, _ in parts if item.name or item.quantity is not None),
        )  # fmt: skip
        texts = {"summary": description} if description else {}
        made.append(Made(body, f"{identity}#{n}" if n > 1 else identity, {**fields, **texts}))
    return made


def _decision(block: Branch, name: str) -> tuple[str, str, str]:
    if name == "CommitResource" and not block.each("ResponseInformation"):
        return "accept", "", ""
    for answer in block.each("ResponseInformation")[:1]:
        said = word(answer, "ResponseType")
        if said.lower() in _DECISIONS:
            ref = word(answer, "PrecedingResourceInfoElementID")
            reason = ": ".join(filter(None, (word(answer, "ReasonCode"), word(answer, "ResponseReason"))))
            return _DECISIONS[said.lower()], ref, reason
    path = f"{block.path}/ResponseInformation/ResponseType"
    raise Rejected(path, "it does not say what is decided", "write Accept, Decline or Provisional")


# -- writing ----------------------------------------------------------------------------------------------------------


def write(message: Envelope, what: LiaisonRequest | LiaisonResponse | Cancellation) -> str:
    """Return a request, a response or the recall of one as a document, without the declaration of XML."""
    asks = message.kind == "liaison-request"
    name = "RequestResource" if asks else "ResponseToRequestResource"
    if isinstance(what, LiaisonRequest) and what.request_kind in _INFORMATION:
        name = "RequestInformation"
    identity = message.id
    if isinstance(what, Cancellation):
        identity = next((r.id for r in message.references if r.note == "recall"), f"{message.id}-R{message.revision}")
    tree = Tree()
    tree.attributes["xmlns"] = f"{SPACE}:{name}"
    at = message.created.utc if message.created and message.created.utc is not None else message.received_at or 0
    leaves = {
        "MessageID": identity, "SentDateTime": stamped(at), "MessageContentType": name,
        "MessageDescription": what.subject if isinstance(what, LiaisonRequest) else message.summary,
        "OriginatingMessageID": next((r.id for r in message.references if r.note == "originating"), identity),
        "PrecedingMessageID": what.request.id if isinstance(what, LiaisonResponse) else "",
    }  # fmt: skip
    if isinstance(what, Cancellation):
        leaves |= {"MessageRecall/RecalledMessageID": message.id, "MessageRecall/RecallType": "Cancel"}
    for n, reference in enumerate((r for r in message.references if r.note == "incident"), 1):
        leaves[f"IncidentInformation[{n}]/IncidentID"] = reference.id
    if isinstance(what, LiaisonRequest):
        leaves |= dict(_asked(what))
    elif isinstance(what, LiaisonResponse):
        leaves |= dict(_answered(what))
    for path, value in leaves.items():
        if value:
            tree.put(path, words.printable(value))
    return tree.text(name, _ORDER)


def _asked(what: LiaisonRequest) -> Iterator[tuple[str, str]]:
    if what.contact is not None:
        yield "ContactInformation/ContactDescription", what.contact.role
        yield "ContactInformation/Radio/RadioChannel", what.contact.radio
    for n, item in enumerate(what.items, 1):
        yield from _written(f"ResourceInformation[{n}]", item)
    if what.purpose and what.items:
        yield "ResourceInformation[1]/AssignmentInformation/AnticipatedFunction", what.purpose
    if what.need_by is not None and what.need_by.utc is not None:
        if not what.items:
            yield "ResourceInformation[1]/ResourceInfoElementID", "1"
        yield "ResourceInformation[1]/ScheduleInformation/ScheduleType", "RequestedArrival"
        yield "ResourceInformation[1]/ScheduleInformation/DateTime", stamped(what.need_by.utc)


def _answered(what: LiaisonResponse) -> Iterator[tuple[str, str]]:
    offered = {item.ref: item for item in what.offered}
    refs = what.items or tuple(offered) or ("1",)
    for n, ref in enumerate(refs, 1):
        path = f"ResourceInformation[{n}]"
        yield from _written(path, offered.get(ref, Item(ref=ref)))
        answer = f"{path}/ResponseInformation"
        yield f"{answer}/PrecedingResourceInfoElementID", ref
        yield f"{answer}/ResponseType", _WRITTEN[what.decision]
        if n == 1:
            yield f"{answer}/ResponseReason", what.reason


def _written(path: str, item: Item) -> Iterator[tuple[str, str]]:
    yield f"{path}/ResourceInfoElementID", item.ref
    yield f"{path}/Resource/Name", item.name
    quantity = f"{path}/AssignmentInformation/Quantity/MeasuredQuantity"
    yield f"{quantity}/Amount", "" if item.quantity is None else f"{item.quantity:.6f}".rstrip("0").rstrip(".")
    yield f"{quantity}/UnitOfMeasure", item.unit
    yield f"{path}/AssignmentInformation/Restrictions", item.restrictions


def is_message(root: Branch) -> bool:
    """Say whether a document is one of the messages of this standard."""
    return root.path in TYPES and bool(each(root, "MessageID"))
