"""Mails put together: what is delivered, and answers to what came in. Pure; the same thing is the same mail.

No id, name or subject can add a header: each is one line before it is set. All bytes are ASCII, so that any mail server
takes them. Sources: RFC 5322, RFC 3834 §3 (automatic answers), RFC 2156 §5.3.6 (Importance).
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from coordinator import texts
from coordinator.edges.smtp import kinds
from coordinator.edges.smtp.body import Note
from coordinator.edges.smtp.headers import line
from coordinator.edges.smtp.parts import Mail, Part
from coordinator.ports import Answered, Departure

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_URGENT: Final = ("flash", "immediate")
_OURS: Final = "bus"  # stands in our Message-IDs, so that they are recognised when they come back
_ADDRESS: Final = re.compile(r"[!-;=?A-~]{1,64}@[A-Za-z0-9.\[\]:-]{1,190}")


def is_address(text: str) -> bool:
    """Return whether a text is a plain mail address, and nothing that ends a header or a command."""
    return _ADDRESS.fullmatch(text) is not None


def domain(sender: str) -> str:
    """Return the domain of a mail address."""
    return sender.rpartition("@")[2].strip("[]") or "localhost"


def own(sender: str) -> re.Pattern[str]:
    """Return what the Message-IDs of our own mails look like."""
    return re.compile(rf"<[0-9a-f]{{40}}\.{_OURS}@{re.escape(domain(sender))}>")


def message_id(kind: str, id: str, sender: str) -> str:
    """Return a Message-ID that follows from what the mail says: every try has the same."""
    return f"<{hashlib.sha256(f'{kind}:{id}'.encode()).hexdigest()[:40]}.{_OURS}@{domain(sender)}>"


def delivery(departure: Departure, sender: str, to: str, now: int) -> bytes:
    """Return the mail that carries a departure: as its text, or as an attachment behind a line that says what it is."""
    mail = _mail(sender, to, now, departure.subject, message_id("to " + to, departure.id, sender))
    mail["Auto-Submitted"] = "auto-generated"
    urgent = departure.precedence in _URGENT
    mail["X-Priority"] = "1" if urgent else "3"
    mail["Importance"] = "high" if urgent else "normal"
    text = _as_text(departure)
    if text is not None:
        _write(mail, text)
        return mail.as_bytes()
    _write(mail, line(departure.subject, 400) + "\n")
    main, sub = kinds.media_type(departure.name, departure.format)
    name = line(departure.name.replace("/", "_").replace("\\", "_"), 200)
    mail.add_attachment(departure.data, maintype=main, subtype=sub, cte="base64", filename=name)
    return mail.as_bytes()


def _as_text(departure: Departure) -> str | None:
    if departure.format != "text" and kinds.suffix(departure.name) != ".txt":
        return None
    try:
        return departure.data.decode()
    except UnicodeDecodeError:
        return None


def answer(
    mail: Mail, answered: Sequence[tuple[Part, Answered | None]], sender: str, to: str, now: int, lang: str
) -> bytes:
    """Return the mail that answers one that came in: a paragraph for each part, and what was left out of it.

    ``answered`` has None for a part that is refused here; its refusal says why.
    """
    subject = texts.say(
        "mail-subject",
        lang,
        verdict=verdict(answered, lang),
        subject=re.sub(r"^(?:re: ?)+", "", mail.subject, flags=re.IGNORECASE) or texts.say("mail-no-subject", lang),
    )
    letter = _mail(sender, to, now, subject, message_id("re " + to, mail.key, sender))
    letter["Auto-Submitted"] = "auto-replied"
    paragraphs = [texts.say("mail-head", lang, all=len(answered))]
    paragraphs += [_paragraph(part, said, lang) for part, said in answered]
    if mail.notes:
        left = [f"- {_said(note, lang)}" for note in mail.notes]
        paragraphs.append("\n".join((texts.say("mail-notes", lang), *left)))
    _write(letter, "\n\n".join((*paragraphs, texts.say("mail-foot", lang))) + "\n")
    return _thread(mail) + letter.as_bytes()


def _thread(mail: Mail) -> bytes:
    """Return the headers that put an answer behind its mail, a line an id: `email` would encode an id that is long."""
    if not mail.message_id:
        return b""
    before = "\r\n ".join((*mail.references, mail.message_id))
    return f"In-Reply-To: {mail.message_id}\r\nReferences: {before}\r\n".encode("ascii")


def verdict(answered: Sequence[tuple[Part, Answered | None]], lang: str) -> str:
    """Return in a word or two what became of a mail."""
    refused = sum(said is None or said.accepted is False for _, said in answered)
    if 0 < refused < len(answered):
        return texts.say("mail-partly", lang, count=refused, all=len(answered))
    if refused:
        return texts.say("mail-refused", lang)
    later = any(said is not None and said.accepted is None for _, said in answered)
    return texts.say("mail-kept" if later else "mail-accepted", lang)


def _paragraph(part: Part, said: Answered | None, lang: str) -> str:
    head = texts.say("mail-part", lang, number=part.number, file=part.file, bytes=str(len(part.data)))
    text = said.text if said is not None else _said(part.refusal, lang)
    return f"{head}\n{text.strip()}"


def _said(note: Note | None, lang: str) -> str:
    return texts.say(note.key, lang, **note.args) if note else ""


def _mail(sender: str, to: str, now: int, subject: str, id: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(addr_spec=sender)
    mail["To"] = Address(addr_spec=to)
    mail["Date"] = format_datetime(_EPOCH + timedelta(microseconds=now))
    mail["Message-ID"] = id
    mail["Subject"] = line(subject, 400)
    return mail


def _write(mail: EmailMessage, text: str) -> None:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    rare = sum(c > "~" for c in plain) * 5 > len(plain)
    mail.set_content(plain, charset="utf-8", cte="base64" if rare else "quoted-printable")
