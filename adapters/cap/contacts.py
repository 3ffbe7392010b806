"""How to reach somebody, in one line: ``JOC watch; role duty officer; tel +999 555 0100; mail joc@xar.example``.

Source: OASIS CAP 1.2 §3.2.2 (contact: text for follow-up and confirmation).
"""

from typing import Final

from schemas.envelope import Contact

_WORDS: Final = {"role": "role", "tel": "phone", "mail": "email", "radio": "radio"}


def read(text: str) -> Contact | None:
    """Return who can be reached; what has no known word in front is the name."""
    if not text:
        return None
    found: dict[str, str] = {}
    for part in text.split("; "):
        word, _, rest = part.partition(" ")
        field = _WORDS.get(word, "name")
        value = rest.strip() if field != "name" else part.strip()
        if field in found or not value:
            return Contact(name=text)
        found[field] = value
    return Contact(**found)


def write(contact: Contact) -> str:
    """Return a contact in one line."""
    parts = [contact.name, *(f"{w} {v}" for w, f in _WORDS.items() if (v := getattr(contact, f)))]
    return "; ".join(p for p in parts if p)
