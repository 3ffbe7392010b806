"""The head of a message and the fields that any message may have: whose it is, how urgent, for whom, how old.

A head is ``[EXER|TEST] [CNL] WORD id[:revision]``. An id that has blanks stands in field XN instead, and what an
acknowledgement or an action points at in field XQ; the head then has ``-``.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from adapters.base import Context, Loss, Rejected, content_id
from adapters.short.bodies import Taken, take
from adapters.short.tables import ALSO, HEADS, OURS, POINTS_AT, Slot
from adapters.short.values import EXACT, REFERENCE, TIME, UNIT, WORDS, YES, Codec, identified, identity, listed, one_of
from adapters.short.wire import Field
from schemas.envelope import Addressee, Envelope, LangText, Reference
from schemas.label import Label
from schemas.subjects import PRECEDENCES

_STATUS: Final = ("new", "update", "cancel")
_IDS: Final = listed(EXACT)
_PARTICIPANTS: Final = listed(Codec(EXACT.write, lambda text, at: EXACT.read(text, at).lower(), strict=True))
_TEXT: Final = {"XV": "body", "XW": "remarks", "XO": "instruction", "XH": "title"}
_NOBODY: Final = "-"


def _labelled(text: str, at: Any) -> tuple[str, ...]:
    return () if text.strip() in ("", _NOBODY) else tuple(_IDS.read(text, at))


SLOTS: Final = (
    Slot("XN", "own", REFERENCE),
    Slot("XQ", "points_at", REFERENCE),
    Slot("XP", "precedence", one_of(PRECEDENCES)),
    Slot("XS", "status", one_of(_STATUS)),
    Slot("XA", "action", _PARTICIPANTS),
    Slot("XB", "info", _PARTICIPANTS),
    Slot("XC", "classification", WORDS),
    Slot("XL", "releasable_to", Codec(lambda to: _IDS.write(to) or _NOBODY, _labelled, strict=True), many=True),
    Slot("XI", "in_reply_to", REFERENCE),
    Slot("XR", "references", listed(REFERENCE)),
    Slot("XK", "ack_required", YES),
    Slot("XT", "created", TIME),
    Slot("XU", "unit", UNIT),
    Slot("XG", "lang", EXACT),
    Slot("XM", "summary", WORDS),
    *(Slot(code, code, WORDS, many=True) for code in _TEXT),
)
"""Fields that any message may have."""

_MARKS: Final = {"EXER": "exercise", "EXERCISE": "exercise", "TEST": "test"}
_CANCELS: Final = ("CNL", "CANCEL")
_WORDS: Final = "|".join(sorted((*HEADS, *ALSO, *OURS), key=len, reverse=True))
BEGINS: Final = re.compile(
    rf"\s*(?:(?:EXER(?:CISE)?|TEST)\s+)?(?:(?:CNL|CANCEL)\s+)?(?:{_WORDS})(?:\s*/|\s+-\s*/|\s+\S*\d)",
    re.IGNORECASE,
)
"""A line, in ASCII digits, that begins a message: a head word, then an id with a figure, or a field."""

STATUS: Final = "STATUS"
_CARD: Final = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)


class Head(NamedTuple):
    """What the first words say; ``words`` is what else stands in front of the first field."""

    word: str
    id: str = ""
    revision: int | None = None
    reality: str = ""
    withdrawn: bool = False
    words: str = ""


def head(text: str, where: str) -> Head:
    """Return what stands in front of the first field.

    Raises:
        Rejected: its first word is none that is known, or one that only the bus writes.
    """
    tokens = text.split()
    reality = _MARKS[tokens.pop(0).upper()] if tokens and tokens[0].upper() in _MARKS else ""
    withdrawn = bool(tokens and tokens[0].upper() in _CANCELS)
    tokens = tokens[withdrawn:]
    first = tokens[0].upper().rstrip(":,.") if tokens else ""
    word = ALSO.get(first, first)
    if word in OURS:
        raise Rejected(f"{where}head", f'"{word}" is written by the bus only', "to answer a card, send ACK and its id")
    if word not in HEADS:
        hint = f"begin with one of {', '.join(HEADS)}, then the id"
        raise Rejected(f"{where}head", f'"{text[:40]}" does not begin with a word of the short form', hint)
    named, revision = identified(tokens[1].rstrip(",;.")) if len(tokens) > 1 else ("", None)
    if HEADS[word].kind == "action" and word == "ACK":
        named, word = (named.lower(), word) if _CARD.fullmatch(named) else (named, "RCVD")
    return Head(word, "" if named == _NOBODY else named, revision, reality, withdrawn, " ".join(tokens[2:]))


class Named(NamedTuple):
    """What a message is called, and what it points at."""

    id: str
    revision: int
    points_at: Reference | None


def named(of: Head, values: dict[str, Any], data: bytes, where: str, context: Context) -> Named:
    """Return the id of a message: its own, or that of its content where nobody gave it one.

    Raises:
        Rejected: it points at something and does not say what, or withdraws something and does not say what.
    """
    own: Reference | None = values.get("own")
    here = Reference(id=of.id, revision=of.revision or 0) if of.id else None
    points_at = None
    if HEADS[of.word].kind in POINTS_AT and not of.withdrawn:
        points_at, here = values.get("points_at") or here, None
        if points_at is None:
            raise Rejected(f"{where}head", f'"{of.word}" does not say what it is about', f"write {of.word} and its id")
    known = own or (None if of.word == STATUS and not of.withdrawn else here)
    if known is None and of.withdrawn:
        raise Rejected(
            f"{where}head", "it withdraws something and does not say what", f"write CNL {of.word} and its id"
        )
    if known is None:
        return Named(content_id(data, where, context.bearer_id), 1, points_at)
    return Named(known.id, max(1, known.revision), points_at)


def read(fields: Sequence[Field], context: Context, where: str) -> tuple[Taken, list[Field]]:
    """Read the fields that any message may have, and return the others.

    Raises:
        Rejected: one that decides cannot be read.
    """
    mine = [field for field in fields if field.code.startswith("X")]
    return take(SLOTS, mine, context, where), [field for field in fields if not field.code.startswith("X")]


def attributes(values: dict[str, Any], kind: str, revision: int, withdrawn: bool, context: Context) -> dict[str, Any]:
    """Return the fields of the envelope that were read."""
    lang = values.get("lang") or context.lang
    usual = _usual(kind, revision)
    to = [Addressee(to=p, role=role) for role in ("action", "info") for p in values.get(role) or ()]
    texts = [LangText(text=t, lang=lang, role=role) for code, role in _TEXT.items() for t in values.get(code) or ()]  # type: ignore[arg-type]
    release = values.get("releasable_to")
    label = Label(classification=values.get("classification") or "", releasable_to=release[0] if release else None)
    said = {k: v for k in ("precedence", "in_reply_to", "references", "ack_required", "created", "unit", "summary")
            if (v := values.get(k)) is not None}  # fmt: skip
    status = "cancel" if withdrawn else values.get("status") or usual
    return {**said, "status": status, "addressees": tuple(to), "texts": tuple(texts), "label": label, "lang": lang}


def _usual(kind: str, revision: int) -> str:
    """Return the status that a revision says by itself; those of positions count time."""
    return "new" if revision == 1 or kind == "position" else "update"


# -- writing ----------------------------------------------------------------------------------------------------------


def line(message: Envelope, word: str, points_at: Reference | None) -> tuple[str, list[tuple[str, str]]]:
    """Return the head of a message, and the fields in which ids stand that the head cannot hold."""
    marks = {"exercise": "EXER ", "test": "TEST "}
    front = marks.get(message.reality, "") + ("CNL " if message.status == "cancel" else "")
    own = identity(message.id, message.revision)
    if message.revision == 1 and message.kind != "position" and identified(message.id)[1] is None:
        own = identity(message.id, None)
    if points_at is None:
        return (f"{front}{word} {own}", []) if _fits(own) else (f"{front}{word} -", [("XN", own)])
    of = REFERENCE.write(points_at)
    rest = [("XN", own)]
    return (f"{front}{word} {of}", rest) if _fits(of) else (f"{front}{word} -", [("XQ", of), *rest])


def _fits(identity_: str) -> bool:
    """Say whether an id can stand in a head: one word that is not taken for anything else."""
    return not re.search(r"\s", identity_) and identity_ != _NOBODY and not identity_.endswith((",", ";", "."))


def fields(message: Envelope) -> Iterator[tuple[str, str]]:
    """Yield the fields of an envelope that its head and its body do not say."""
    if message.precedence:
        yield "XP", message.precedence[0].upper()
    if message.status not in ("cancel", _usual(message.kind, message.revision)):
        yield "XS", message.status.upper()
    for code, role in (("XA", "action"), ("XB", "info")):
        if to := [a.to for a in message.addressees if a.role == role]:
            yield code, _IDS.write(to)
    if message.label.releasable_to is not None:
        yield "XL", _IDS.write(message.label.releasable_to) or _NOBODY
    plain = {
        "XC": WORDS.write(message.label.classification), "XM": WORDS.write(message.summary),
        "XI": REFERENCE.write(message.in_reply_to) if message.in_reply_to else "",
        "XR": listed(REFERENCE).write(message.references), "XK": "Y" if message.ack_required else "",
        "XT": TIME.write(message.created) if message.created else "",
        "XU": UNIT.write(message.unit) if message.unit else "",
        "XG": "" if message.lang in ("", "en") else EXACT.write(message.lang),
    }  # fmt: skip
    yield from ((code, value) for code, value in plain.items() if value)
    codes = {role: code for code, role in _TEXT.items()}
    yield from ((codes[text.role], WORDS.write(text.text)) for text in message.texts if text.text.strip())


def not_carried(message: Envelope) -> Iterator[Loss]:
    """Yield what is said beside the body that has no field here and that nobody else would miss."""
    for category in message.label.categories:
        value = f"{category.tag}: {', '.join(category.values)}"
        yield Loss(path=f"{message.key}: label.categories", value=value, why="the format has no place for it")
