"""Reports and orders as labelled text, plain or in an e-mail, in the six languages of the UN and in Portuguese.

1. The first line names the template; a label line is ``[number] LABEL: value``, and its value runs to the next one.
2. Titles, labels and words are data (`adapters.vocabulary`); what they do not know is listed as a loss, never guessed.
3. Times need a zone letter, unless the mission agreed on one; then the reading is marked and warned of.
4. Nothing in prose becomes an order, a time or a place: only what stands under a label does.

Rooms: `lines` takes a text apart, `templates` lists who reads what, `writer` writes.
Source: reference formats.md §2.5, §10.1-10.3; UN observers' report formats as described there.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from adapters import fields, mail, plans, vocabulary
from adapters.base import Context, Encoded, Loss, Rejected, Translation, bounded, content_id, source
from adapters.fields import Cell, Fields
from adapters.mail import Mail
from adapters.text import lines, orders
from adapters.text.lines import Report
from adapters.text.templates import FORMS, KINDS, TEMPLATES
from adapters.text.writer import write
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope, LangText, UnitRef
from schemas.label import Label
from schemas.registry import pack

MAX_LINES: Final = 5_000
_REMARKS: Final = frozenset({"sitrep", "incident", "directive", "medevac"})
"""Kinds whose body has no field for remarks: they go beside it."""


class Text:
    """The adapter."""

    name = "text"
    title = "Labelled text and e-mail"
    spec = (
        "UN report and order templates as labelled text (ar, en, es, fr, pt, ru, zh); RFC 5322; 9-line; SALUTE; METHANE"
    )
    suffixes = (".txt", ".eml")
    reads = KINDS
    writes = KINDS

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return how sure it is: a known title, or several known labels."""
        try:
            opened = mail.opened(head.rsplit(b"\n", 1)[0] if len(head) > 4000 else head)
            found, _ = mail.top(opened.text)
        except Rejected:
            return 0.0
        if lines.names_template(found, opened.subject):
            return 0.94 if lines.has_label(found) else 0.9  # a table may have a title as well, but no labels
        if lines.knows_labels(found):
            return 0.7
        return 0.5 if mail.is_mail(head) else 0.2 if suffix in self.suffixes else 0.0

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate one report, or one order with its tasks."""
        opened = mail.opened(bounded(data))
        if opened.text.count("\n") > MAX_LINES:
            raise Rejected(f"line {MAX_LINES}", f"it has more than {MAX_LINES} lines", "send a report, not a log")
        found, below = mail.top(opened.text)
        if opened.message_id and not context.bearer_id:
            context = msgspec.structs.replace(context, bearer_id=opened.message_id[:200])
        report = lines.read(found, opened.subject, context.lang, FORMS)
        read = _messages(report, opened, data, context)
        common = (*report.loose, *below, *opened.losses)
        messages = tuple(msgspec.structs.replace(m, unmapped=(*left, *common)) for m, left in read)
        return Translation(
            messages=messages,
            losses=tuple(dict.fromkeys(loss for m in messages for loss in m.unmapped)),
            warnings=tuple(dict.fromkeys(w for m in messages for w in m.warnings)),
            dialect=f"{report.template}/{report.language}",
        )

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write one report a message, one after the other; what was read and not edited leaves byte for byte."""
        return write(messages, originals, self.decode)


TEXT: Final = Text()


class _Part(NamedTuple):
    """One of the tasks of an order: its cells and what comes behind the order's id."""

    cells: list[Cell]
    suffix: str = ""


def _messages(report: Report, opened: Mail, data: bytes, context: Context) -> list[tuple[Envelope, tuple[Loss, ...]]]:
    """Make the messages of a text, each with what no field of it took."""
    parts = [_Part(report.cells)]
    if TEMPLATES[report.template].kind == "directive":
        blocks = orders.blocks(report.cells)
        parts = [_Part(cells, f"/{n}" if len(blocks) > 1 else "") for n, cells in enumerate(blocks, 1)]
    return [_message(part, report, opened, data, context) for part in parts]


def _message(
    part: _Part, report: Report, opened: Mail, data: bytes, context: Context
) -> tuple[Envelope, tuple[Loss, ...]]:
    template = TEMPLATES[report.template]
    values = Fields(part.cells, context, report.language)
    values.sections, values.free = list(report.sections), report.free
    reality = _reality(values, opened.subject, context)
    named = fields.identity(values)
    head = _head(values)
    body: Message = plans.cancellation(values) if named.status == "cancel" else template.reader(values)
    if named.status == "cancel" and not named.id:
        raise Rejected("line 1", "it withdraws something and does not say what", 'write its id: "Reference: ..."')
    given = f"{named.id}{part.suffix}" if named.id else content_id(data, part.suffix, context.bearer_id)
    message = pack(
        body,
        kind=template.kind,
        id=given,
        revision=named.revision,
        status=named.status,
        originator=context.participant,
        reality=reality,
        received_at=context.received_at or None,
        created=opened.date or values.instant("reported"),
        unit=plans.unit(values) or _sender(values),
        lang=report.language,
        summary=opened.subject[:500],
        texts=_texts(values, body),
        field_labels=plans.withheld(body),
        source=source(data, "text", context, dialect=report.template, encoding=opened.encoding, locator=part.suffix),
        warnings=(*opened.warnings, *values.warnings),
        **head,
    )
    return message, values.left()


def _head(values: Fields) -> dict[str, Any]:
    """Take what a report says of itself: urgency, classification, whether an answer is wanted."""
    head: dict[str, Any] = {}
    if urgency := values.meaning("urgency", "urgency"):
        head["precedence"] = urgency
    if marking := values.text("classification"):
        head["label"] = Label(classification=marking, raw=marking)
    if "acknowledge" in values and values.meaning("acknowledge", "yes_no") == "yes":
        head["ack_required"] = True
    return head


def _reality(values: Fields, subject: str, context: Context) -> Any:
    """Return whether this is real: a mark of exercise or test, above the title or under a label, is never ignored."""
    found = ""
    for cell in (*values.cells("reality"), *values.cells("banner"), *values.cells("status"), *values.cells("title")):
        said = vocabulary.meaning("reality", cell.text, values.language)
        if not said and cell.key == "reality":
            said = "exercise"  # "Exercise: BLUE LATCH"
            values.warn("exercise", cell.path, f'"{cell.text[:80]}" was read as the name of an exercise')
        if said in ("exercise", "test") or (said and cell.key == "reality"):
            values.drop(cell)
            found = found or said
    subject_says = vocabulary.meaning("reality", subject, values.language)
    found = found or (subject_says if subject_says != "real" else "")
    return context.reality if found in ("", "real") else found


def _sender(values: Fields) -> UnitRef | None:
    name = values.text("sender")
    return UnitRef(name=name, scheme="text", raw=name) if name else None


def _texts(values: Fields, body: Message) -> tuple[LangText, ...]:
    """Return the words that stay words: the paragraphs of an order, lines without a label, remarks, a narrative."""
    texts = [LangText(text=values.free.strip(), lang=values.language)] if values.free.strip() else []
    if isinstance(body, Directive):
        texts += (
            LangText(text=f"{s.title}\n{s.text}".strip(), lang=values.language, role="instruction")
            for s in values.sections
        )
    elif "narrative" in values:
        texts.append(LangText(text=values.text("narrative"), lang=values.language))
    if type(body).KIND in _REMARKS:
        texts += (LangText(text=c.text.strip(), lang=values.language, role="remarks") for c in values.every("remarks"))
    return tuple(texts)
