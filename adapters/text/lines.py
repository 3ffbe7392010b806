"""Lines of a report: its title, its labels, its sections. What a label means is data (`adapters.vocabulary`).

1. A label line is ``[number] LABEL: value``; the value runs on to the next label line, up to a blank line.
2. Templates of numbered or lettered lines (9-line, SPOTREP, SALUTE, METHANE) are read by number or letter as well.
3. Templates of sections keep everything below a heading as it stands; an indented line never begins another section.

Source: reference formats.md §10.2, §10.3.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from adapters import vocabulary, words
from adapters.base import Loss, Rejected
from adapters.fields import Cell
from adapters.mail import Line
from schemas.reports import Section

_NUMBER: Final = (
    r"(?:(?:line\s*)?[(\uff08]?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[^\W\d_]|[ivx]{1,4})\s*[.)\uff09-](?=\s)|"
    r"[(\uff08]?\d{1,2}(?:\.\d{1,2}){0,3}[.)\uff09]|[(\uff08]?[一二三四五六七八九十]{1,3}[、.\uff0e)\uff09])?"
)
_LABEL: Final = re.compile(
    rf"(?P<number>{_NUMBER})\s*(?P<label>[^\W\d][^:=\uff1a]{{0,59}}?)\s*[:=\uff1a]", re.IGNORECASE
)
_SIGN: Final = re.compile("[:=\uff1a]")  # no line without one has a label
_HEADING: Final = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<label>[^\W\d][^:=\uff1a]{{0,59}})", re.IGNORECASE)
_LETTER: Final = re.compile(r"\s*(?P<label>[a-z])\s*(?:[:.)\uff1a]|-(?=\s))\s*(?P<value>.*)", re.IGNORECASE)
_NUMBERED: Final = re.compile(
    r"\s*(?:(?:line|ligne|linea|linha|строка|l)\s*)?(?P<label>1[01]|[1-9])(?:\s*[:.)-]\s*|\s+)(?P<value>.*)",
    re.IGNORECASE,
)
_MARKS: Final = dict.fromkeys(
    map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)
_ROW: Final = re.compile(r"[^|\t]*[|\t][^|\t]*[|\t].*")
_LABEL_WITHIN: Final = 160  # characters of a line
_LINES_OF_NINE: Final = 5  # with this many numbered lines a text without title is a 9-line
_HINT: Final = "begin with a title"


class Form(NamedTuple):
    """How the lines of a template are read: which tables know its labels, and what its numbers and letters stand for.

    ``sections`` names the table of its headings. ``ends`` are the fields that end a section. ``free`` keeps lines
    without a label as text of the message instead of losing them; with ``rows`` those that look like rows of a table
    never go on with a value above them.
    """

    tables: tuple[str, ...] = ("labels",)
    numbers: tuple[str, ...] = ()
    letters: tuple[tuple[str, str], ...] = ()
    sections: str = ""
    ends: frozenset[str] = frozenset()
    free: bool = False
    rows: bool = False


class _Labelled(NamedTuple):
    """A line with a label, or a heading: its number, its label and what stands behind it."""

    number: str
    label: str
    value: str = ""


def _labelled(line: str) -> _Labelled | None:
    """Return the parts of a line with a label; its label stands at the beginning, however long the line is."""
    text = _flat(line).strip()
    match = _LABEL.match(text, 0, _LABEL_WITHIN) if _SIGN.search(text, 0, _LABEL_WITHIN) else None
    return _Labelled(match["number"], match["label"].strip(), text[match.end() :].strip()) if match else None


def _heading(line: str) -> _Labelled | None:
    """Return the parts of a line that may be a heading without a text behind it."""
    text = _flat(line).strip()
    match = _HEADING.fullmatch(text) if len(text) <= _LABEL_WITHIN else None
    return _Labelled(match["number"], match["label"].strip()) if match else None


class Report(NamedTuple):
    """A text taken apart, before anything is made of it."""

    template: str
    language: str
    cells: list[Cell]
    sections: list[Section]
    free: str
    loose: list[Loss]


def read(lines: list[Line], subject: str, language: str, forms: dict[str, Form]) -> Report:
    """Find the template of a text, and its labelled values and sections.

    Raises:
        Rejected: it names no template that is known.
    """
    start, template, spoken = 0, "", ""
    cells: list[Cell] = []
    for line in first(lines):
        found = vocabulary.titled(_flat(line.text))
        if found.template:
            template, spoken, start = found.template, found.language, line.number
            cells = [Cell("title", f"{line.path}: title", found.rest)]
            break
    if not template:
        template, spoken, _ = vocabulary.titled(subject)
    if not template:
        template, spoken = _by_labels(lines), ""
    form = forms[template]
    spoken = spoken or _spoken(lines, form) or language or "en"
    for line in lines:
        if line.text and line.number < start:
            cell = _cell(line, _labelled(line.text), form, spoken)
            if cell is not None and cell.key in BEFORE:
                cells.append(cell)
            else:
                cells.append(Cell("banner", line.path, line.text.strip()))
    body = [x for x in lines if x.number > start]
    if template == "message":
        cells.append(Cell("text", body[0].path if body else "line 1", "\n".join(x.text for x in body).strip()))
        return Report(template, spoken, cells, [], "", [])
    split = _Split(form, spoken, template == "medevac")
    for line in body:
        split.add(line)
    return Report(template, spoken, cells + split.cells, split.sections(), split.free(), split.left())


BEFORE: Final = frozenset({"urgency", "classification", "reality", "id"})  # labels that may stand above a title


def first(lines: Sequence[Line]) -> list[Line]:
    """Return the first lines that say something; a title may follow a classification or a greeting."""
    return [line for line in lines if line.text][:6]


def names_template(lines: Sequence[Line], subject: str) -> bool:
    """Say whether one of the first lines, or the subject of an e-mail, is the title of a template."""
    return any(vocabulary.titled(_flat(x.text)).template for x in first(lines)) or bool(
        vocabulary.titled(subject).template
    )


def has_label(lines: Sequence[Line]) -> bool:
    """Say whether some line has a label with a value that some language knows."""
    found = (_labelled(x.text) for x in lines)
    return any(m and m.value and vocabulary.meaning("labels", m.label) for m in found)


def knows_labels(lines: Sequence[Line]) -> bool:
    """Say whether several lines have labels that some language knows, or the numbers of a 9-line."""
    found = (_labelled(x.text) for x in lines)
    known = sum(bool(m and vocabulary.meaning("labels", m.label)) for m in found)
    return known >= 3 or _is_nine_line(lines)


def _flat(text: str) -> str:
    """Return a line without the marks that turn the direction of writing."""
    return text if text.isascii() else text.translate(_MARKS)


def _by_labels(lines: list[Line]) -> str:
    """Tell a template by its labels, where there is no title.

    Raises:
        Rejected: they name none.
    """
    keys = {vocabulary.meaning("labels", m.label) for x in lines if (m := _labelled(x.text))}
    if _is_nine_line(lines):
        return "medevac"
    if {"size", "activity"} <= keys:
        return "salute"
    if {"of", "step"} <= keys:
        return "acknowledgement"
    at = next((x.path for x in lines if x.text), "line 1")
    raise Rejected(at, "it names no known report", f"{_HINT}: {vocabulary.titles()}")


def _is_nine_line(lines: Sequence[Line]) -> bool:
    return len({m["label"] for x in lines if (m := _NUMBERED.match(words.plain(x.text).strip()))}) >= _LINES_OF_NINE


def _spoken(lines: Sequence[Line], form: Form) -> str:
    """Return the language that knows most of the labels, where no title says it; "" where all are numbers."""
    labels = [m.label for x in lines if (m := _labelled(x.text))]
    speakers = [vocabulary.speakers(form.tables, each) for each in labels]
    known = {language: sum(language in each for each in speakers) for language in vocabulary.LANGUAGES}
    best = max(known, key=lambda language: known[language])
    return best if known[best] else ""


def key_of(label: str, form: Form, language: str) -> str:
    """Return the field of a label: in the report's language before the others, in the template's own table first."""
    return vocabulary.among(form.tables, label, language)


def _cell(line: Line, found: _Labelled | None, form: Form, language: str, seen: Sequence[Cell] = ()) -> Cell | None:
    """Return the labelled value of a line, or None; a label that no table knows has no field."""
    text = _flat(line.text).strip()
    label, value = (found.label, found.value) if found else ("", "")
    key = key_of(label, form, language) if label and (not form.letters or len(words.fold(label)) > 1) else ""
    if found and key and not form.numbers:
        return Cell(key, f"{line.path}: {label}", value)
    if form.letters and (letter := _LETTER.match(text)):
        choice = [k for a, k in form.letters if a == letter["label"].lower()]
        if choice:
            again = sum(cell.key in choice for cell in seen)
            said = _without_label(letter["value"].strip(), choice, form, language)
            return Cell(choice[min(again, len(choice) - 1)], f"{line.path}: {letter['label']}", said)
    if form.numbers and (number := _NUMBERED.match(words.plain(text))) and int(number["label"]) <= len(form.numbers):
        key = form.numbers[int(number["label"]) - 1]
        said = _without_label(number["value"].strip(), [key], form, language)
        return Cell(key, f"{line.path}: {number['label']}", said)
    return Cell(key, f"{line.path}: {label}", value) if found else None


def _without_label(value: str, keys: Sequence[str], form: Form, language: str) -> str:
    """Return a value without the label that stands between its number and it, where that says the same."""
    inner = _labelled(value)
    return inner.value if inner and key_of(inner.label, form, language) in keys else value


class _Split:
    """Takes lines one after the other: labelled values, sections, and what is neither."""

    def __init__(self, form: Form, language: str, strict: bool) -> None:
        self.form, self.language = form, language
        self.strict = strict  # a 9-line: a remark below it must not spoil a count, so that only indented lines go on
        self.cells: list[Cell] = []
        self.loose: list[Loss] = []
        self._headings: list[tuple[str, str, int]] = []  # key, title, indent
        self._texts: list[list[str]] = []
        self._unlabelled: list[str] = []
        self._goes_on = False

    def add(self, line: Line) -> None:
        """Take one line."""
        if not line.text:
            self._goes_on = False
            if self._texts:
                self._texts[-1].append("")
        elif self.form.rows and _ROW.fullmatch(line.text):
            self._unlabelled.append(line.text.strip())
            self._goes_on = False
        else:
            self._add(line, _labelled(line.text))

    def _add(self, line: Line, found: _Labelled | None) -> None:
        """Take a line that says something: a heading, a labelled value, or what goes on with the one above it."""
        if self._heading(line, found) or self._labelled(line, found):
            return
        if self._goes_on and self.cells and (not self.strict or line.text[0].isspace() or not self.cells[-1].text):
            last = self.cells[-1]
            self.cells[-1] = Cell(last.key, last.path, f"{last.text}\n{line.text.strip()}".strip())
        elif self._texts:
            self._texts[-1].append(line.text.strip())
        elif self.form.free:
            self._unlabelled.append(line.text.strip())
        else:
            self.loose.append(Loss(path=line.path, value=line.text.strip(), why="it has no label"))

    def _heading(self, line: Line, labelled: _Labelled | None) -> bool:
        """Begin a section, if this is the heading of one."""
        text = _flat(line.text)
        found = (labelled or _heading(text)) if self.form.sections else None
        indent = len(text) - len(text.lstrip())
        if found is None or (self._headings and indent > self._headings[-1][2]):
            return False
        label, value = found.label, found.value
        if value and not found.number and self._own(label):
            return False
        key = vocabulary.meaning(self.form.sections, label, self.language)
        own = bool(found.number) and (label.isupper() or ":" in text or "\uff1a" in text) and not value
        if not key and not (own and not key_of(label, self.form, self.language)):
            return False
        self._headings.append((key, label, indent))
        self._texts.append([value] if value else [])
        self._goes_on = False
        return True

    def _own(self, label: str) -> bool:
        """Say whether a label is the template's own, or one that ends a section; a heading may be written alike."""
        if key_of(label, self.form, self.language) in self.form.ends:
            return True
        return not self._headings and bool(vocabulary.meaning(self.form.tables[0], label, self.language, only=True))

    def _labelled(self, line: Line, found: _Labelled | None) -> bool:
        """Take a labelled value; below a heading only of fields that end a section."""
        cell = _cell(line, found, self.form, self.language, self.cells)
        if cell is None or (self._texts and cell.key not in self.form.ends):
            return False
        if not cell.key and self._goes_on and line.text[0].isspace():
            return False  # folded text in which a colon happens to stand
        self.cells.append(cell)
        self._goes_on = True
        return True

    def sections(self) -> list[Section]:
        """Return the sections, each with its text as it stands."""
        pairs = zip(self._headings, self._texts, strict=True)
        return [Section(key=key, title=title, text="\n".join(text).strip()) for (key, title, _), text in pairs]

    def left(self) -> list[Loss]:
        """Return what is lost already: lines without a label, and labels without a value."""
        blank = (
            Loss(path=c.path, value=c.path.partition(": ")[2], why="it has no value") for c in self.cells if not c.text
        )
        return [*self.loose, *blank]

    def free(self) -> str:
        """Return the lines that have no label, where the template keeps them."""
        return "\n".join(self._unlabelled)
