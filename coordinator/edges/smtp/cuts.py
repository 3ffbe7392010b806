"""What of a mail's text is no report: quotes, signatures, older mails, footers of lists, and covering notes.

What is left out is never left out silently: each cut is a `Note` for the answer, with how many lines and the first.
Sources: RFC 3676 §4.3 ("-- "); what mail programs write above the mail that is answered, in their languages.
"""

import re
from typing import Final

from coordinator.edges.smtp.body import Note
from coordinator.edges.smtp.headers import line

_ORIGINAL: Final = (
    r"Original Message|Original Appointment|Ursprüngliche Nachricht|Message d'origine|Message original|"
    r"Mensaje original|Mensagem original|Исходное сообщение|原始邮件|الرسالة الأصلية"
)
_FROM: Final = r"From|Von|De|От|发件人|من"
_DEVICE: Final = r"Sent from my|Envoyé de mon|Enviado desde mi|Отправлено с"  # noqa: RUF001 - as the devices write it
_COLON: Final = r" ?(?::|\uff1a)"  # Chinese mail programs write a wide one
_TAILS: Final = (  # what begins like this is left out to its end: (text of the catalogue, how it begins)
    ("mail-cut-original", re.compile(rf"^-{{3,}} ?(?:{_ORIGINAL}) ?-{{3,}}[ \t]*$", re.MULTILINE | re.IGNORECASE)),
    ("mail-cut-original", re.compile(rf"^_{{20,}}[ \t]*\n(?:{_FROM}){_COLON}", re.MULTILINE)),
    ("mail-cut-list", re.compile(r"^_{20,}[ \t]*\n(?=[^\n]{0,200}(?:mailing list|unsubscribe))", re.MULTILINE | re.I)),
    ("mail-cut-signature", re.compile(r"^-- $", re.MULTILINE)),
    ("mail-cut-device", re.compile(rf"^(?:{_DEVICE}) [^\n]{{1,60}}\n*\Z", re.MULTILINE)),
)
_QUOTED: Final = re.compile(r">(?:[> ]|$)")
_SAID: Final = r"wrote|schrieb|a écrit|escribió|escreveu|пишет|написал[^ ]{0,3}|写道|كتب"
_WROTE: Final = re.compile(rf".{{0,200}}(?:{_SAID}){_COLON}")


def cut(text: str) -> tuple[str, tuple[Note, ...]]:
    """Return a body without quotes, signature, older mails and list footers, and a note for each thing left out."""
    notes: list[Note] = []
    starts = [(found.start(), key) for key, begin in _TAILS if (found := begin.search(text))]
    if starts:
        at, key = min(starts)
        notes.append(_note(key, text[at:].split("\n")))
        text = text[:at]
    rows = text.split("\n")
    gone = {i for i, row in enumerate(rows) if _QUOTED.match(row)}
    gone |= {i for i, row in enumerate(rows) if _next_row(rows, i) in gone and _WROTE.fullmatch(row.strip())}
    if gone:
        notes.append(_note("mail-cut-quote", [rows[i] for i in sorted(gone)]))
    return "\n".join(row for i, row in enumerate(rows) if i not in gone).strip("\n"), tuple(notes)


def _next_row(rows: list[str], here: int) -> int:
    return next((i for i in range(here + 1, min(here + 3, len(rows))) if rows[i].strip()), -1)


def _note(key: str, rows: list[str]) -> Note:
    said = [row for row in rows if row.strip(" >_-")]
    return Note(key, {"count": len([r for r in rows if r.strip()]), "first": line((said or rows)[0], 80)})


_OPENING: Final = re.compile(
    r"(?:(?:dear|hello|hi|good (?:morning|afternoon|evening|day)|bonjour|bonsoir|buenos días|buenas (?:tardes|noches)|"
    r"estimad[oa]s?|bom dia|boa tarde|здравствуйте|добрый (?:день|вечер)|уважаем\w{2,3}|您好|السلام عليكم)"
    r"\b[\w .'/-]{0,30}|sir|ma'?am|madam|all|gentlemen|colleagues|team)[ ,.!]*",
    re.IGNORECASE,
)
_REGARDS: Final = (
    r"(?:many )?thanks|thank you|(?:with )?(?:kind |best |warm )?regards|(?:yours )?sincerely|respectfully|v/r|br|"
    r"cheers|cordialement|merci|(?:cordiales )?saludos|atentamente|gracias|obrigad[oa]|спасибо|с уважением|谢谢|此致|"  # noqa: RUF001 - as it is written
    r"مع التحية|شكرا"
)
_CLOSING: Final = re.compile(rf"(?:{_REGARDS})(?:[ ,.!]+(?:and|in advance|{_REGARDS}))*[ ,.!]*", re.IGNORECASE)
_ATTACHED: Final = re.compile(
    r"\b(?:attach(?:ed|ment)|enclosed|ci-joint|pièces? jointes?|adjunt[oa]s?|em anexo|(?:во )?вложени|прилаг|прилож)|"
    r"附件|مرفق",
    re.IGNORECASE,
)
_POINTS: Final = re.compile(
    r"(?:please|pls|kindly|see|find|herewith|attached|enclosed|veuillez|ci-joint|adjunto|sírvase|segue|во вложении|"
    r"прилаг|请|附件|مرفق|تجدون)",
    re.IGNORECASE,
)
_MAX_WORDS: Final = 5  # "SITREP 14 is attached"


def is_covering_note(text: str) -> bool:
    """Return whether a body only greets and points at its attachments.

    Strict, because a report that is taken for a greeting is not heard: each line must greet, or point at what is
    attached and carry no label ("TYPE: ..."); behind a closing, up to four short lines name the writer.
    """
    named = 0
    for row in filter(None, map(str.strip, text.split("\n"))):
        if _CLOSING.fullmatch(row):
            named = 4
        elif named and len(row) <= 60 and not re.search(r"[\d:/]", row):
            named -= 1
        elif not _OPENING.fullmatch(row) and not _points(row):
            return False
    return True


def _points(row: str) -> bool:
    short = len(row.split()) <= _MAX_WORDS or (_POINTS.match(row) is not None and len(row) <= 120)
    return short and _ATTACHED.search(row) is not None and not re.search(r":.|/", row)
