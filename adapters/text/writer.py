"""Writing labelled text: fixed templates, at most 70 columns, labels in the language of the message.

What the template has no label for is a loss. Reading it again gives the same fields. Only a word that is longer than a
line, as Chinese has them, is not folded.
Source: reference formats.md §10.2 (writers).
"""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final

from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received
from adapters.compare import not_carried
from adapters.text.lines import key_of
from adapters.text.pages import Pairs, pairs_of
from adapters.text.report_pages import report_pairs
from adapters.text.templates import FORMS
from adapters.vocabulary import LANGUAGES, tables, word
from adapters.words import printable
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.notices import Cancellation, MovementNotice
from schemas.registry import body
from schemas.reports import IncidentReport, MedevacRequest, Observation, Section, SituationReport, TextMessage

COLUMNS: Final = 70
_TEMPLATE: Final = {
    "acknowledgement": "acknowledgement", "observation": "salute", "medevac": "medevac", "message": "message",
    "movement": "movement", "sitrep": "sitrep", "incident": "incident", "logistics": "logsitrep", "directive": "frago",
}  # fmt: skip
_MOVEMENT: Final = {"patrol": "patrol", "humanitarian": "humanitarian"}
_SITUATION: Final = {
    "weekly": "sitrep-weekly", "flash": "sitrep-flash", "intsum": "sitrep-intsum", "patrol": "patrol-report",
}  # fmt: skip
_ORDERS: Final = frozenset({"frago", "taskord", "warno", "opord"})


def write(
    messages: Sequence[Envelope], originals: Mapping[str, bytes], decode: Callable[[bytes, Context], Translation]
) -> Encoded:
    """Return the reports of these messages, a blank line between two.

    Raises:
        Rejected: none of them has a template.
    """
    if messages and (whole := as_received(messages, originals, decode)) is not None:
        return Encoded(data=whole)
    parts: list[str] = []
    losses: list[Loss] = []
    for message in messages:
        what = body(message) if message.kind in _TEMPLATE else None
        template = _template(message, what) if what is not None else ""
        if what is None or not template:
            losses.append(Loss(path=message.key, value=message.kind, why="no template for this kind"))
            continue
        text = _report(message, what, template)
        parts.append(text)
        losses += not_carried((message,), text.encode(), decode)
    if not parts:
        known = ", ".join(_TEMPLATE)
        raise Rejected("messages", "there is no template for any of them", f"kinds that have one: {known}")
    return Encoded(data="\n".join(parts).encode(), losses=tuple(losses))


def _template(message: Envelope, what: Message) -> str:
    """Return which template says a message; "" if none does."""
    match what:
        case MovementNotice():
            return _MOVEMENT.get(what.movement_kind, "movement")
        case SituationReport():
            return _SITUATION.get(what.report_type, "sitrep")
        case IncidentReport():
            if what.violation is not None:
                return "violation"
            return "methane" if what.category == "major-incident" else "flash" if what.stage == "flash" else "incident"
        case Directive():
            return what.directive_kind if what.directive_kind in _ORDERS else ""
        case MedevacRequest():
            return "casevac" if what.casualties is not None or what.details else "medevac"
        case _:
            return _TEMPLATE[message.kind]


def _report(message: Envelope, what: Message, template: str) -> str:
    """Return a message in its template."""
    language = message.lang if message.lang in LANGUAGES else "en"
    lines = [] if message.reality == "real" else [word("reality", message.reality, language).upper()]
    lines.append(word("titles", template, language).upper())
    if isinstance(what, TextMessage):
        return "\n".join([*lines, *printable(what.text).splitlines()]) + "\n"
    for key, value in _said(message, what, template, language):
        lines += _line(_label(key, template, language), value)
    lines += _sections(message, what, language)
    for text in message.texts:
        if text.role == "body":
            lines += ["", *printable(text.text).splitlines()]
    return "\n".join(lines) + "\n"


def _said(message: Envelope, what: Message, template: str, language: str) -> Pairs:
    yield "id", message.id
    yield "revision", str(message.revision) if message.revision > 1 else ""
    yield "urgency", word("urgency", message.precedence, language).upper() if message.precedence else ""
    yield "classification", message.label.classification
    yield from _sender(message, what, template)
    if isinstance(what, Cancellation):
        yield "status", word("status", "cancel", language)
        yield "remarks", what.reason
        return
    if isinstance(what, SituationReport | IncidentReport | Directive) or message.kind == "logistics":
        yield from report_pairs(what, template, language)
    else:
        yield from pairs_of(what, language)
    for text in message.texts:
        if text.role == "remarks":
            yield "remarks", text.text
    if message.ack_required and template in _ORDERS:
        yield "acknowledge", word("yes_no", "yes", language)


def _sender(message: Envelope, what: Message, template: str) -> Pairs:
    """Yield who sends: in reports of an HQ as their sender, elsewhere as the unit."""
    if message.unit is not None:
        by_header = FORMS[template].tables[0] == "header" or (isinstance(what, Observation) and bool(what.unit))
        yield "sender" if by_header else "unit", message.unit.name
        yield "callsign", message.unit.callsign


@cache
def _label(key: str, template: str, language: str) -> str:
    """Return the first word of a language that is read as this field in this template; a number for a numbered line."""
    form = FORMS[template]
    if key.startswith("line "):
        return key.removeprefix("line ")
    listed = (w for table in form.tables for w in tables(language).get(table, {}).get(key, ()))
    return next((w for w in listed if key_of(w, form, language) == key), key)


def _line(label: str, value: str) -> list[str]:
    """Return a label line, folded; the lines below it are indented and have no label."""
    if not value.strip():
        return []
    first = label[:1].upper() + label[1:] + ": "
    flat = " ".join(printable(value).split())
    return textwrap.wrap(first + flat, COLUMNS, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _sections(message: Envelope, what: Message, language: str) -> list[str]:
    """Return numbered headings, each with its text indented below it."""
    sections = list(what.sections) if isinstance(what, SituationReport) else []
    if isinstance(what, Directive):
        parts = (text.text.partition("\n") for text in message.texts if text.role == "instruction")
        sections = [Section(title=title, text=rest) for title, _, rest in parts]
    lines: list[str] = []
    for n, section in enumerate(sections, 1):
        title = section.title or word("sections", section.key, language)
        lines.append(f"{n}. {title}:")
        for line in printable(section.text).splitlines():
            lines += textwrap.wrap(
                line, COLUMNS, initial_indent="   ", subsequent_indent="   ", break_long_words=False,
                break_on_hyphens=False,
            ) or [""]  # fmt: skip
    return lines
