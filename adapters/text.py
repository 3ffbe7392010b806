"""Reports as labelled text, plain or in an e-mail, in English, French or Spanish.

1. The first line names the template; a label line is ``[number] LABEL: value``, and its value runs to the next one.
2. Labels and words are data (`adapters.vocabulary`); what they do not know is listed as a loss, never guessed.
3. Times need a zone letter, unless the mission agreed on one; then the reading is marked and warned of.

Source: reference formats.md §10.1-10.3; UN observers' report formats as described there.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from adapters import fields, mail, plans, vocabulary, words
from adapters.base import Context, Encoded, Loss, Rejected, Translation, bounded, content_id, source
from adapters.fields import Cell, Fields
from adapters.mail import Line, Mail
from adapters.reports import READERS
from adapters.text_writer import write
from schemas.base import Message
from schemas.envelope import Envelope
from schemas.registry import pack

MAX_LINES: Final = 5_000

_LABEL: Final = re.compile(
    r"\s*(?:(?:line\s*)?(?:\d{1,2}|[a-z])\s*[.)-]\s+)?(?P<label>[^\W\d][^:=]{0,59}?)\s*[:=](?P<value>.*)", re.IGNORECASE
)
_LETTER: Final = re.compile(r"\s*(?P<label>[SALUTE])\s*[:.)-]\s*(?P<value>.*)", re.IGNORECASE)
_NUMBERED: Final = re.compile(
    r"\s*(?:(?:line|ligne|linea|l)\s*)?(?P<label>[1-9])(?:\s*[:.)-]\s*|\s+)(?P<value>.*)", re.IGNORECASE
)
_SALUTE: Final = {"s": "size", "a": "activity", "l": "place", "u": "unit", "t": "time", "e": "equipment"}
_LINES_OF_NINE: Final = 5  # with this many numbered lines a text without title is a 9-line
_HINT: Final = "begin with a title"


class Text:
    """The adapter."""

    name = "text"
    title = "Labelled text and e-mail"
    spec = "UN report templates as labelled text (en, fr, es); RFC 5322; 9-line MEDEVAC; SALUTE"
    suffixes = (".txt", ".eml")
    reads = frozenset({"movement", "acknowledgement", "observation", "medevac", "message"})
    writes = reads

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return how sure it is: a known title, or several known labels."""
        try:
            opened = mail.opened(head.rsplit(b"\n", 1)[0] if len(head) > 4000 else head)
            lines, _ = mail.top(opened.text)
        except Rejected:
            return 0.0
        if any(vocabulary.title(line.text)[0] for line in _first(lines)) or vocabulary.title(opened.subject)[0]:
            return 0.9
        known = sum(bool(vocabulary.meaning("labels", m["label"])) for x in lines if (m := _LABEL.match(x.text)))
        if known >= 3 or _is_nine_line(lines):
            return 0.7
        return 0.5 if mail.is_mail(head) else 0.2 if suffix in self.suffixes else 0.0

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate one report."""
        opened = mail.opened(bounded(data))
        if opened.text.count("\n") > MAX_LINES:
            raise Rejected(f"line {MAX_LINES}", f"it has more than {MAX_LINES} lines", "send a report, not a log")
        lines, below = mail.top(opened.text)
        if opened.message_id and not context.bearer_id:
            context = msgspec.structs.replace(context, bearer_id=opened.message_id[:200])
        report = _read(lines, opened.subject, context.lang)
        message, loose = _message(report, opened, data, context)
        losses = (*loose, *report.loose, *below, *opened.losses)
        return Translation(
            messages=(msgspec.structs.replace(message, unmapped=losses),),
            losses=losses,
            warnings=message.warnings,
            dialect=f"{report.template}/{report.language}",
        )

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write one report a message, one after the other; what was read and not edited leaves byte for byte."""
        return write(messages, originals, self.decode)


TEXT: Final = Text()


class _Report(NamedTuple):
    template: str
    language: str
    cells: list[Cell]
    loose: list[Loss]


def _first(lines: Sequence[Line]) -> list[Line]:
    """Return the first lines that say something; a title may follow a classification or a greeting."""
    return [line for line in lines if line.text][:4]


def _read(lines: list[Line], subject: str, language: str) -> _Report:
    """Find the template, and the labels of the lines below its title."""
    start, template, spoken = 0, "", ""
    for line in _first(lines):
        found = vocabulary.title(line.text.split(":")[0] if line.text.rstrip().endswith(":") else line.text)
        if found[0]:
            (template, spoken), start = found, line.number
            break
    if not template:
        template, spoken = vocabulary.title(subject)
    if not template:
        template, spoken = _by_labels(lines), language
    spoken = spoken or language or "en"
    before = [Loss(path=x.path, value=x.text.strip()) for x in lines if x.text and x.number < start]
    body = [x for x in lines if x.number > start]
    if template == "message":
        return _Report(template, spoken, _words(body), before)
    cells, loose = _cells(body, template, spoken)
    return _Report(template, spoken, cells, before + loose)


def _by_labels(lines: list[Line]) -> str:
    """Tell a template by its labels, where there is no title.

    Raises:
        Rejected: they name none.
    """
    keys = {vocabulary.meaning("labels", m["label"]) for x in lines if (m := _LABEL.match(x.text))}
    if _is_nine_line(lines):
        return "medevac"
    if {"size", "activity"} <= keys:
        return "salute"
    if {"of", "step"} <= keys:
        return "acknowledgement"
    at = next((x.path for x in lines if x.text), "line 1")
    raise Rejected(at, "it names no known report", f"{_HINT}: {vocabulary.titles()}")


def _is_nine_line(lines: Sequence[Line]) -> bool:
    return len({m["label"] for x in lines if (m := _NUMBERED.match(x.text))}) >= _LINES_OF_NINE


def _words(lines: list[Line]) -> list[Cell]:
    text = "\n".join(x.text for x in lines).strip()
    return [Cell("text", lines[0].path if lines else "line 1", text)]


def _cells(lines: list[Line], template: str, language: str) -> tuple[list[Cell], list[Loss]]:
    """Split lines into labelled values; a line without label continues the value above it, up to a blank line.

    In a 9-line it must be indented for that: a remark below it must not spoil a count.
    """
    cells: list[Cell] = []
    loose: list[Loss] = []
    goes_on = False
    for line in lines:
        key, label, value = _label(line, template, language)
        if not line.text:
            goes_on = False
        elif label:
            cells.append(Cell(key, f"{line.path}: {label}", value))
            goes_on = True
        elif goes_on and cells and (template != "medevac" or line.text[0].isspace()):
            last = cells[-1]
            cells[-1] = Cell(last.key, last.path, f"{last.text}\n{line.text.strip()}".strip())
        else:
            loose.append(Loss(path=line.path, value=line.text.strip(), why="it has no label"))
    return cells, loose


def _label(line: Line, template: str, language: str) -> tuple[str, str, str]:
    """Return field, label and value of a line; a label that no table knows has no field."""
    if template == "medevac" and (match := _NUMBERED.match(words.plain(line.text))):
        return f"line {match['label']}", match["label"], match["value"].strip()
    if template == "salute" and (match := _LETTER.match(line.text)):
        return _SALUTE[match["label"].lower()], match["label"], match["value"].strip()
    if match := _LABEL.match(words.plain(line.text) if ":" not in line.text else line.text):
        label = match["label"].strip()
        return vocabulary.meaning("labels", label, language), label, match["value"].strip()
    return "", "", ""


def _message(report: _Report, opened: Mail, data: bytes, context: Context) -> tuple[Envelope, tuple[Loss, ...]]:
    values = Fields(report.cells, context, report.language)
    named = fields.identity(values)
    kind, reader = READERS[report.template]
    body: Message = plans.cancellation(values) if named.status == "cancel" else reader(values)
    if named.status == "cancel" and not named.id:
        raise Rejected("line 1", "it withdraws something and does not say what", 'write its id: "Reference: ..."')
    message = pack(
        body,
        kind=kind,
        id=named.id or content_id(data, "", context.bearer_id),
        revision=named.revision,
        status=named.status,
        originator=context.participant,
        reality=context.reality,
        received_at=context.received_at or None,
        created=opened.date,
        unit=plans.unit(values),
        lang=report.language,
        summary=opened.subject[:500],
        field_labels=plans.withheld(body),
        source=source(data, "text", context, dialect=report.template, encoding=opened.encoding),
        warnings=(*opened.warnings, *values.warnings),
    )
    return message, values.left()
